"""Conversations as transcripts: tests/walks/*.txt, each played through reply() with the real content.

The first line is the language that the player is sure of: a code such as `lo`, or `both` for none.
Then what a person does, and below each what must be seen. Empty lines, and lines with # in front, are notes.

    > start [value]       begins, by a link with this value where one is given: > start brokers-check__poster1
    > open address        opens an address, as an old button or a command does: > open lo:brokers.check/a.yn
    > press label         presses the button that reads so: its first letters are enough; its number as in a
                          terminal, or the page that it leads to, do as well
    > say words           writes something
    > send what           sends what is not text: voice, photo, sticker

    = page                this page is seen
    < words               the text holds these words
    << words              they stand in its first three lines: what is seen at once
    ! words               the text does not hold these words
    [label]               a button reads so; its first letters are enough
    ![label]              no button reads so

The program's own lines may be named instead of written: {back}, {neutral} and all others of language.yaml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from bot.address import from_start, parse
from bot.book import Book, Button, Event, EventKind, Screen
from bot.talk.reply import reply
from tests.books import ROOT, good, real

WALKS = sorted((ROOT / "tests/walks").glob("*.txt"))


@pytest.mark.parametrize("file", WALKS, ids=lambda file: file.stem)
def test_walk(file):
    problem = next(Walk(real(), file.name, file.read_text("utf-8")).problems(), None)
    if problem is not None:
        pytest.fail(problem, pytrace=False)


def test_the_walks_see_every_page_in_every_language():
    seen: set[tuple[str, str]] = set()
    for file in WALKS:
        walk = Walk(real(), file.name, file.read_text("utf-8"))
        list(walk.problems())
        seen |= walk.seen
    book = real()
    missing = {(page, lang) for page in book.pages for lang in book.languages} - seen
    assert not missing, "no walk has a line `= page` for: " + ", ".join(map(str, sorted(missing)))


@pytest.mark.parametrize(
    ("walk", "said"),
    [
        ("", "w.txt:1: the first line must be a language (lo, en) or both"),
        ("lao\n> start", "w.txt:1: the first line must be a language (lo, en) or both"),
        ("en\n< Hello", "w.txt:2: nothing was done yet; begin with a line such as: > start"),
        ("en\n> press Fees", "w.txt:2: nothing was done yet; begin with a line such as: > start"),
        ("en\n> start\n? Hello", "w.txt:3: a line begins with none of > = < << ! [ ![ #"),
        ("en\n> dance", "w.txt:2: > dance: known are > start, > open, > press, > say, > send"),
        ("en\n> start what?", "w.txt:2: 'what?' is no value of a link"),
        ("en\n> start\n= costs.fees", "w.txt:3: expected the page costs.fees, but this is home"),
        ("en\n\n# talk\n> start\n< Bonjour", "w.txt:5: expected the text to hold 'Bonjour'"),
        (
            "en\n> open trouble.now\n<< {next}",
            "w.txt:3: expected 'What you can do:' in the first three lines",
        ),
        ("en\n> start\n! Hello", "w.txt:3: expected the text not to hold 'Hello'"),
        ("en\n> start\n[Dance]", "w.txt:3: expected a button 'Dance'"),
        ("en\n> start\n[Fees", "w.txt:3: a button is written as [label]"),
        ("en\n> start\n![Fe]", "w.txt:3: expected no button 'Fe'"),
        ("en\n> start\n< {bonjour}", "w.txt:3: language.yaml has no line {bonjour}"),
        ("en\n> start\n> press Dance", "w.txt:3: there is no button 'Dance'"),
        ("en\n> start\n> press 40", "w.txt:3: there is no button '40'"),
        ("en\n> start\n> press about.sources", "w.txt:3: there is no button 'about.sources'"),
        ("en\n> start\n> press H", "w.txt:3: several buttons begin with 'H'"),
        ("en\n> open trouble.now\n> press 📞 191", "w.txt:3: the button leads out of the talk: tel:191"),
    ],
)
def test_a_walk_that_goes_wrong_says_where_and_why(walk, said):
    assert next(Walk(good(), "w.txt", walk).problems()).startswith(said)


def test_a_walk_that_goes_wrong_shows_the_screen():
    problem = next(Walk(good(), "w.txt", "en\n> start\n< Bonjour").problems())
    assert "The screen says: (en:home)\n\nHello\nRead about fees and offers.\n" in problem
    assert "\n[Fees]\n[Check an offer]\n[Help now]\n" in problem


@dataclass
class Walk:
    """One transcript being played. `seen` are the pages that it names, with the language they were in."""

    book: Book
    name: str
    text: str
    lang: str = ""
    screen: Screen | None = None
    seen: set[tuple[str, str]] = field(default_factory=set)

    def problems(self) -> Iterator[str]:
        """What is not as the transcript says: file:line, what was expected, and the screen."""
        first, *rest = self.text.splitlines() or [""]
        if first.strip() not in (*self.book.languages, "both"):
            known = ", ".join(self.book.languages)
            yield f"{self.name}:1: the first line must be a language ({known}) or both"
            return
        self.lang = "" if first.strip() == "both" else first.strip()
        for number, line in enumerate(rest, 2):
            if line.strip() and not line.startswith("#"):
                try:
                    self.step(line.strip())
                except Wrong as problem:
                    yield f"{self.name}:{number}: {problem}"

    def step(self, line: str) -> None:
        """Does or looks for what one line says."""
        if line.startswith("> "):
            verb, _, value = line[2:].partition(" ")
            self.screen = reply(self.book, self.event(verb, value.strip())).screen
            return
        sign = next((sign for sign in LOOKS if line.startswith(sign)), None)
        expect(sign is not None, "a line begins with none of > = < << ! [ ![ #")
        LOOKS[sign or ""](self.shown(), self.filled(line.removeprefix(sign or "")))
        if sign == "= ":
            self.seen |= {(self.shown().page, lang) for lang in self.shown().langs}

    def filled(self, said: str) -> str:
        """`said` with the program's own lines in the screen's language, each up to its first brace."""
        lines = self.book.languages[self.shown().langs[0]].lines
        for name in re.findall(r"\{(\w+)\}", said):
            expect(name in lines, f"language.yaml has no line {{{name}}}")
            said = said.replace(f"{{{name}}}", lines[name].partition("{")[0].strip())
        return said

    def shown(self) -> Screen:
        if self.screen is None:
            raise Wrong("nothing was done yet; begin with a line such as: > start")
        return self.screen

    def event(self, verb: str, value: str) -> Event:
        """What the person does."""
        if verb == "start":
            address = from_start(value) if value else None
            expect(address is not None or not value, f"{value!r} is no value of a link")
            return Event("open", str(address or "home"), self.lang, start=True)
        kinds: dict[str, EventKind] = {"open": "open", "press": "open", "say": "ask", "send": "other"}
        expect(verb in kinds, f"> {verb}: known are > start, > open, > press, > say, > send")
        value = pressed(self.shown(), self.filled(value)) if verb == "press" else value
        return Event(kinds[verb], value, self.lang, page=self.screen.at if self.screen else "")


class Wrong(Exception):
    """What is not as the transcript says."""


def expect(fine: bool, said: str, screen: Screen | None = None) -> None:
    """Says what is wrong, and under it the screen as a person sees it."""
    if fine:
        return
    if screen is not None:
        rows = ["   ".join(f"[{button.label}]" for button in row) for row in screen.rows]
        said = "\n".join([said, f"The screen says: ({screen.at})", "", screen.plain, "", *rows])
    raise Wrong(said)


def pressed(screen: Screen, label: str) -> str:
    """Where the button leads that reads `label`, or begins so, has this number, or leads to this page."""
    leads = [button.to for row in screen.rows for button in row]
    found = {button.to for button in named(screen, label)}
    if not found and label.isdigit():
        found = set(leads[int(label) - 1 : int(label)])
    found = found or {to for to in leads if (there := parse(to)) and there.page == label}
    expect(bool(found), f"there is no button {label!r}", screen)
    expect(len(found) == 1, f"several buttons begin with {label!r}", screen)
    to = found.pop()
    expect(not to.startswith(("tel:", "https:")), f"the button leads out of the talk: {to}", screen)
    return to


def named(screen: Screen, label: str) -> list[Button]:
    """Buttons that read `label`, or else those that begin so."""
    buttons = [button for row in screen.rows for button in row]
    same = [button for button in buttons if button.label == label]
    return same or [button for button in buttons if button.label.startswith(label)]


def page(screen: Screen, said: str) -> None:
    expect(screen.page == said, f"expected the page {said}, but this is {screen.page}", screen)


def holds(screen: Screen, said: str) -> None:
    expect(said in screen.plain, f"expected the text to hold {said!r}", screen)


def holds_at_once(screen: Screen, said: str) -> None:
    lines = [line for line in screen.plain.splitlines() if line.strip()][:3]
    expect(any(said in line for line in lines), f"expected {said!r} in the first three lines", screen)


def lacks(screen: Screen, said: str) -> None:
    expect(said not in screen.plain, f"expected the text not to hold {said!r}", screen)


def has_button(screen: Screen, said: str) -> None:
    expect(bool(named(screen, bracketed(said))), f"expected a button {bracketed(said)!r}", screen)


def has_no_button(screen: Screen, said: str) -> None:
    expect(not named(screen, bracketed(said)), f"expected no button {bracketed(said)!r}", screen)


def bracketed(said: str) -> str:
    expect(said.endswith("]"), "a button is written as [label]")
    return said[:-1]


LOOKS: dict[str, Callable[[Screen, str], None]] = {
    "= ": page, "< ": holds, "<< ": holds_at_once, "! ": lacks, "[": has_button, "![": has_no_button,
}  # fmt: skip
