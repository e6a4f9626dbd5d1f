"""Walks every address of a book as a person could, and says what a person would stumble over.

The walk is in memory, over `reply()`. A finding is a line of text; no finding is the proof.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, product
from typing import Any

from bot.address import Address, parse
from bot.book import Book, Calculator, Check, Checklist, Event, Phrases, Quiz, Screen, Tool
from bot.limits import CALLBACK_DATA_BYTES, CAPTION_UTF16_UNITS, MESSAGE_UTF16_UNITS, utf16_units
from bot.talk import no_answer
from bot.talk.lines import line
from bot.talk.reply import reply
from bot.talk.screens import FACTS_A_SCREEN, HELP, HIDE, facts_of, languages
from bot.talk.tools import calculator, checklist


@dataclass(frozen=True, slots=True)
class Taps:
    """Fewest taps from home to a page, and from it to the help numbers (0 where they stand on it)."""

    from_home: int
    to_help: int


def open_at(book: Book, address: Address | str) -> Screen:
    """The screen at an address."""
    return reply(book, Event("open", str(address))).screen


def taps(book: Book) -> dict[str, Taps]:
    """Taps for every page, walking real buttons in the book's first language."""
    lang = next(iter(book.languages))
    found = {"home": 0}
    edge = ["home"]
    while edge:
        following = []
        for id in edge:
            for page in _pages_behind(book, Address(id, lang)):
                if page not in found:
                    found[page] = found[id] + 1
                    following.append(page)
        edge = following
    # The language page is reached by a command, not by a button: one step from anywhere.
    return {id: Taps(found.get(id, 1), _to_help(open_at(book, Address(id, lang)))) for id in book.pages}


def _pages_behind(book: Book, at: Address) -> Iterator[str]:
    page = book.pages[at.page]
    screens = [open_at(book, at)]
    if page.tool is not None:
        screens += [open_at(book, at.go(at.page, state)) for state in states(page.tool, 1, 0, pairs=False)]
    for screen in screens:
        for row in screen.rows:
            for button in row:
                to = parse(button.to)
                if to is not None and to.page in book.pages:
                    yield to.page


def _to_help(screen: Screen) -> int:
    if screen.page == HELP:
        return 0
    return (
        1
        if any((to := parse(b.to)) is not None and to.page == HELP for row in screen.rows for b in row)
        else 99
    )


# ------------------------------------------------------------------ addresses


def alone(check: Check) -> Iterator[str]:
    """States of a check in which one rule alone is given its answers, all else being no."""
    for sign in check.signs:
        for needs in sign.when:
            wanted = dict(needs)
            yield f"{check.edition}." + "".join(wanted.get(i, "n") for i in range(len(check.questions)))


def states(tool: Tool, seed: int, many: int, pairs: bool = True) -> Iterator[str]:
    """Every kind of state of a tool, each rule alone, all `pairs` of answers, and `many` at random."""
    yield from _STATES[type(tool)](tool, seed, many, pairs)


def _check_states(check: Check, seed: int, many: int, pairs: bool) -> Iterator[str]:
    size = len(check.questions)
    yield from (f"{check.edition}.{'n' * place}" for place in range(1, size + 1))
    yield from (f"{check.edition}.{sign * size}" for sign in "ynd")
    yield from alone(check)
    for one, two in combinations(range(size), 2) if pairs else ():
        for first, second in product("ynd", repeat=2):
            answers = ["n"] * size
            answers[one], answers[two] = first, second
            yield f"{check.edition}.{''.join(answers)}"
    chance = random.Random(seed)
    for _ in range(many):
        length = chance.randint(1, size)
        yield f"{check.edition}." + "".join(chance.choice("ynd") for _ in range(length))


def _quiz_states(quiz: Quiz, seed: int, many: int, pairs: bool) -> Iterator[str]:
    """Each question asked first, its answers told, and ends: all, none, one or two wrong, each pair once."""
    bank, take = quiz.questions, quiz.take
    rounds = [[bank[(first + place) % len(bank)] for place in range(take)] for first in range(len(bank))]
    for drawn in rounds:
        keys = "".join(question.key for question in drawn)
        right = "".join(question.right for question in drawn)
        yield from (f"{keys}.{answers}" for answers in ("", "y", "n", right, right.translate(_OTHER)))
    yield from (f"{keys}.{right[:place]}" for place in range(take))
    for wrong in [*combinations(range(take), 1), *(combinations(range(take), 2) if pairs else ())]:
        given = [sign.translate(_OTHER) if place in wrong else sign for place, sign in enumerate(right)]
        yield f"{keys}.{''.join(given)}"
    chance = random.Random(seed)
    for _ in range(many):
        keys = "".join(question.key for question in chance.sample(bank, take))
        yield f"{keys}." + "".join(chance.choice("yn") for _ in range(chance.randint(0, take)))


_OTHER = str.maketrans("yn", "ny")


def _phrases_states(phrases: Phrases, seed: int, many: int, pairs: bool) -> Iterator[str]:
    yield from (key for need in phrases.needs for key in need.keys)


def _checklist_states(tool: Checklist, seed: int, many: int, pairs: bool) -> Iterator[str]:
    size, chance = len(tool.items), random.Random(seed)
    alone = [1 << item for item in range(size)]
    for ticks in (0, *alone, (1 << size) - 1, *((1 << size) - 1 - each for each in alone)):
        yield from checklist.states(tool, ticks)
    for one, two in combinations(alone, 2) if pairs else ():
        yield checklist.write(tool, checklist.State(one | two, ""))
    for _ in range(many):
        yield chance.choice(list(checklist.states(tool, chance.getrandbits(size))))


def _calculator_states(tool: Calculator, seed: int, many: int, pairs: bool) -> Iterator[str]:
    """Each choice alone, question by question and on all screens of its result; then all pairs of choices."""
    sizes = [len(question.choices) for question in tool.questions]
    choices = [(place, choice) for place, size in enumerate(sizes) for choice in range(size)]
    for given in choices:
        whole = _answered(tool, dict([given]))
        for end in range(1, len(whole) + 1):
            yield f"{tool.edition}.{calculator.onward(tool, whole[:end])}"
        further = range(2, calculator.screens(tool, whole) + 1)
        yield from (f"{tool.edition}.{whole}.{number}" for number in further)
    for one, two in combinations(choices, 2) if pairs else ():
        if one[0] != two[0]:
            yield f"{tool.edition}.{_answered(tool, dict([one, two]))}"
    chance = random.Random(seed)
    for _ in range(many):
        whole = _answered(tool, {place: chance.randrange(size) for place, size in enumerate(sizes)})
        yield f"{tool.edition}.{whole}.{chance.randint(2, calculator.screens(tool, whole))}"


def _answered(tool: Calculator, given: dict[int, int]) -> str:
    """All answers, those in `given` where they may be given; else the third choice, or the first that may."""
    answers = calculator.onward(tool, "")
    while len(answers) < len(tool.questions):
        choices = range(len(tool.questions[len(answers)].choices))
        wanted = given.get(len(answers), 2)
        places = [place for place in (wanted, *choices) if place in choices]
        choice = next(place for place in places if calculator.fits(tool, answers, place))
        answers = calculator.onward(tool, answers + chr(ord("a") + choice))
    return answers


_STATES: dict[type, Callable[[Any, int, int, bool], Iterator[str]]] = {
    Check: _check_states,
    Calculator: _calculator_states,
    Phrases: _phrases_states,
    Checklist: _checklist_states,
    Quiz: _quiz_states,
}


def addresses(book: Book, seed: int = 1, many: int = 10_000, campaign: str = "") -> Iterator[Address]:
    """Every page in each language and in both, with further screens, sources, and states of tools."""
    for lang in ("", *book.languages):
        for page in book.pages.values():
            at = Address(page.id, lang, "", campaign)
            yield at
            yield at.go(HELP, page.id) if page.id != HELP else at
            if any(page.words[code].withheld for code in languages(book, lang)):
                continue
            for number in range(
                2, 2 + max((len(words.parts) for words in page.words.values()), default=1) - 1
            ):
                yield at.go(page.id, str(number))
            for number in range(1, -(-len(facts_of(page)) // FACTS_A_SCREEN) + 1):
                yield at.go("about.sources", page.id if number == 1 else f"{page.id}/{number}")
            if page.tool is not None:
                yield from (
                    at.go(page.id, state)
                    # In both languages a screen is those of each, one below the other: pairs add nothing.
                    for state in states(page.tool, seed, many if lang else many // 10, pairs=bool(lang))
                )


_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789.:/~_-ABCXYZ ກຂຄ%<&\x00\u200b😀"


def crafted(book: Book, seed: int = 1, many: int = 10_000) -> Iterator[str]:
    """Random addresses: mended ones, bent ones, and noise."""
    chance = random.Random(seed)
    pages = [*book.pages, *sorted(book.known), "nothing.here"]
    for _ in range(many):
        kind = chance.randrange(3)
        if kind == 0:
            yield "".join(chance.choice(_ALPHABET) for _ in range(chance.randint(0, 64)))
            continue
        address = Address(
            chance.choice(pages),
            chance.choice(["", "lo", "en", "th", "xxx"]),
            chance.choice(
                ["", "2", "99", "a.", "a.yn", "a.ynynynynynyn", "z.y", "a.y.9", "home", "home/2", "0"]
            ),
            chance.choice(["", "", "abc", "vte26a"]),
        )
        said = str(address)
        if kind == 2 and said:
            place = chance.randrange(len(said))
            said = said[:place] + chance.choice(_ALPHABET) + said[place + 1 :]
        yield said


# ------------------------------------------------------------------ findings


def findings(book: Book, screen: Screen) -> Iterator[str]:
    """What is wrong with one screen, as a person or Telegram would see it."""
    where = screen.at
    buttons = [button for row in screen.rows for button in row]
    text = screen.plain
    if not text.strip():
        yield f"{where}: no text"
    if utf16_units(text) > MESSAGE_UTF16_UNITS:
        yield f"{where}: {utf16_units(text)} UTF-16 units"
    if screen.picture and utf16_units(text) > CAPTION_UTF16_UNITS:
        yield f"{where}: {utf16_units(text)} UTF-16 units under a picture"
    if "{" in text or "\n\n\n" in text:
        yield f"{where}: unfilled or untidy text"
    labels = [button.label for button in buttons]
    for label in dict.fromkeys(labels) if len(set(labels)) < len(labels) else ():
        if labels.count(label) > 1:
            yield f"{where}: {labels.count(label)} buttons read {label!r}"
    ways = {button.to: parse(button.to) for button in buttons}
    for to, address in ways.items():
        if len(to.encode()) > CALLBACK_DATA_BYTES and not to.startswith("https:"):
            yield f"{where}: {to} is too long for a button"
        yield from _leads(book, screen, to, address)
    yield from _standing(book, screen, ways)
    yield from _said(book, screen, text)


def _leads(book: Book, screen: Screen, to: str, address: Address | None) -> Iterator[str]:
    """A button's address is whole: the screen behind it is the one that it names."""
    if to == HIDE or to.startswith(("https:", "tel:")):
        return
    if address is None or address.page not in book.pages:
        yield f"{screen.at}: the button {to} leads nowhere"


def _standing(book: Book, screen: Screen, ways: Mapping[str, Address | None]) -> Iterator[str]:
    """Help, home, back and the other languages in one tap; hide where it matters."""
    places = [address for address in ways.values() if address is not None]
    pages, langs = {address.page for address in places}, {address.lang for address in places}
    if HELP not in pages and screen.page != HELP:
        yield f"{screen.at}: help is not one tap away"
    if "home" not in pages and screen.page != "home":
        yield f"{screen.at}: home is not one tap away"
    labels = {button.label for row in screen.rows for button in row}
    back = " · ".join(line(book, lang, "back") for lang in screen.langs)
    if screen.page != "home" and back not in labels:
        yield f"{screen.at}: no way back"
    own = parse(screen.at)
    if not set(book.languages) - {own.lang if own else ""} <= langs:
        yield f"{screen.at}: a language is missing"
    if screen.danger and HIDE not in ways:
        yield f"{screen.at}: cannot be hidden"


def _said(book: Book, screen: Screen, text: str) -> Iterator[str]:
    """The next step, how sure it is, that no person reads it, and the neutral sentence where they must be."""
    for lang in screen.langs:
        tool = book.pages[screen.page].tool is not None
        asks = tool and line(book, lang, "question_of").split("{")[0] in text
        if line(book, lang, "next") not in text and not asks:
            yield f"{screen.at}: no next step in {lang}"
        if book.trial and line(book, lang, "trial") not in text:
            yield f"{screen.at}: no trial line in {lang}"
        words = book.pages[screen.page].words[lang]
        draft = "draft_changed" if words.reading.changed else "draft"
        if not words.reading.native and not words.withheld and line(book, lang, draft) not in text:
            yield f"{screen.at}: does not say in {lang} that nobody has read it"
        if screen.danger and line(book, lang, "no_person") not in text:
            yield f"{screen.at}: does not say in {lang} that no person reads it"
    if book.pages[screen.page].quiet and not text.startswith(line(book, screen.langs[0], "neutral")):
        yield f"{screen.at}: does not open with the neutral sentence"
    if screen.danger and not screen.opens_with_numbers:
        yield f"{screen.at}: the numbers do not come at once"


def crawl(book: Book, seed: int = 1, many: int = 10_000, campaign: str = "") -> tuple[int, list[str]]:
    """Walks everything, and from each screen one tap further.

    Returns how many screens were seen, and all findings, each once.
    """
    seen: set[str] = set()
    found: dict[str, None] = {}

    def visit(text: str) -> Screen:
        seen.add(text)
        screen = open_at(book, text)
        if screen.at != text:
            found[f"{text}: leads to {screen.at}"] = None
        found.update(dict.fromkeys(findings(book, screen)))
        return screen

    known = dict.fromkeys(map(str, addresses(book, seed, many, campaign)))
    further: dict[str, None] = {}
    for text in known:
        for row in visit(text).rows:
            further.update((button.to, None) for button in row if button.to not in known)
    for text in further:
        if text == HIDE or parse(text) is None:
            continue
        for row in visit(text).rows:
            for to in (button.to for button in row if button.to not in seen):
                place = parse(to)
                if place and no_answer.read(place.state):  # a tap behind: which number did not answer
                    visit(to)
    for text in crafted(book, seed, many):
        if text not in seen and text != HIDE:
            seen.add(text)
            found.update(dict.fromkeys(findings(book, open_at(book, text))))
    return len(seen), list(found)
