"""The walk through every address: the real book has no fault, and planted faults are found."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from bot import crawl
from bot.address import Address
from bot.book import Book, Button, Run, Screen
from bot.compiler import compile_book
from bot.crawl import open_at
from bot.talk.lines import line
from bot.talk.screens import HIDE
from tests.books import DAY, ROOT, changed, good, real, real_files

LONGEST = "abcdefgh"
"""A campaign code as long as one may be."""


@cache
def book(languages: int = 2) -> Book:
    """The real book with a campaign; with a third language, whose code is as long as one may be."""
    files = {**real_files(), "campaigns.yaml": f"{LONGEST}: {{label: a poster, place: wider}}"}
    if languages == 3:
        files |= {
            path.replace("en/", "eng/", 1): text for path, text in files.items() if path.startswith("en/")
        }
        files = changed(files, "eng/language.yaml", "name: English", "name: Englis")
        files = changed(files, "eng/language.yaml", "order: 2", "order: 3")
    return compile_book(files, DAY)


# ------------------------------------------------------------------ the real book


def test_the_real_book_has_no_fault():
    seen, found = crawl.crawl(book(), many=0, campaign=LONGEST)
    assert found == []
    assert seen > 1000


@pytest.mark.proof
def test_a_third_language_brings_no_fault():
    """Its own screens, and those in the first two languages, which offer all three."""
    known = [each for each in crawl.addresses(book(3), many=0, campaign=LONGEST) if each.lang in ("", "eng")]
    assert len(known) > 1000
    for address in known:
        screen = open_at(book(3), address)
        assert screen.at == str(address)
        assert list(crawl.findings(book(3), screen)) == []


def test_the_tiny_book_has_no_fault():
    assert crawl.crawl(good(), many=100)[1] == []


@pytest.mark.proof
def test_ten_thousand_random_addresses_have_no_fault(monkeypatch):
    """Writes build/proof/crawl.txt: how many screens were seen, in which languages, and what was found."""
    told, all_found = [], []
    for languages in (2, 3):
        seen: Counter[str] = Counter()

        def counting(book: Book, address: Address | str, seen: Counter[str] = seen) -> Screen:
            screen = open_at(book, address)
            seen["+".join(screen.langs)] += 1
            return screen

        monkeypatch.setattr(crawl, "open_at", counting)
        addresses, found = crawl.crawl(book(languages), seed=2026, many=10_000, campaign=LONGEST)
        told.append(f"A book in {languages} languages: {addresses} addresses, {len(found)} findings.")
        told += [f"  {langs:8}{many:8} screens" for langs, many in sorted(seen.items())]
        told += [f"  {finding}" for finding in found]
        all_found += found
        assert addresses > 10_000 * languages
    path = ROOT / "build/proof/crawl.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(told) + "\n", "utf-8")
    assert all_found == []


def test_every_page_is_three_taps_from_home_and_one_from_help():
    for page, taps in crawl.taps(real()).items():
        assert taps.from_home <= 3, page
        assert taps.to_help == (0 if page == "hotlines.emergency" else 1), page


def test_addresses_hold_every_screen_of_every_page():
    known = {str(address) for address in crawl.addresses(real(), many=0)}
    assert {"home", "lo:home", "en:home"} <= known
    for lang, prefix in (("", ""), ("lo", "lo:"), ("en", "en:")):
        for id, page in real().pages.items():
            assert f"{prefix}{id}" in known
            parts = page.words[lang or "lo"].parts
            assert {f"{prefix}{id}/{number}" for number in range(2, len(parts) + 1)} <= known
    assert "lo:brokers.check/a.nnnnn" in known
    assert "en:brokers.check/a.yyyyyyyyyyyy" in known
    assert "en:about.sources/costs.who_pays/2" in known
    assert "lo:about.sources/brokers.check" in known


def test_random_states_come_from_the_seed():
    check = real().pages["brokers.check"].tool
    assert check is not None
    once = list(crawl.states(check, seed=1, many=50))
    assert once == list(crawl.states(check, seed=1, many=50))
    assert once != list(crawl.states(check, seed=2, many=50))
    assert len(once) - len(list(crawl.states(check, seed=1, many=0))) == 50
    assert list(crawl.crafted(real(), seed=1, many=50)) == list(crawl.crafted(real(), seed=1, many=50))


# ------------------------------------------------------------------ planted faults


def text(said: str) -> Callable[[Screen], Screen]:
    return lambda screen: replace(screen, text=(Run(said),))


def without(name: str) -> Callable[[Screen], Screen]:
    """Without a line of the program."""

    def spoil(screen: Screen) -> Screen:
        said = line(real(), screen.langs[0], name)
        return replace(
            screen, text=tuple(replace(run, text=run.text.replace(said, "")) for run in screen.text)
        )

    return spoil


def beside(said: str) -> Callable[[Screen], Screen]:
    return lambda screen: replace(screen, text=(*screen.text, Run(said)))


def button(label: str, to: str) -> Callable[[Screen], Screen]:
    return lambda screen: replace(screen, rows=((Button(label, to),), *screen.rows))


def no_button(*where: str) -> Callable[[Screen], Screen]:
    return lambda screen: replace(
        screen,
        rows=tuple(
            tuple(button for button in row if button.label not in where and button.to not in where)
            for row in screen.rows
        ),
    )


FAULTS: dict[str, tuple[str, Callable[[Screen], Screen]]] = {
    "no text": ("en:home", text(" \n")),
    "4097 UTF-16 units": ("en:home", text("😀" * 2048 + "a")),
    "1025 UTF-16 units under a picture": ("en:legal.documents", text("😀" * 512 + "a")),
    "unfilled or untidy text": ("en:home", beside("{visa_fee}")),
    "2 buttons read 'Back'": ("en:legal.overview", button("Back", "en:home~abcdefgh")),
    "is too long for a button": ("en:home", button("More", "en:about.sources/" + "a" * 60)),
    "the button legal.oveview leads nowhere": ("en:home", button("More", "legal.oveview")),
    "help is not one tap away": ("en:legal.overview", no_button("Help numbers")),
    "home is not one tap away": ("en:legal.overview", no_button("en:home")),
    "no way back": ("en:legal.overview", no_button("Back")),
    "a language is missing": ("en:legal.overview", no_button("lo:legal.overview")),
    "cannot be hidden": ("en:trouble.now", no_button(HIDE)),
    "no next step in en": ("en:legal.overview", without("next")),
    "no trial line in en": ("en:legal.overview", without("trial")),
    "does not say in en that nobody has read it": ("en:legal.overview", without("draft")),
    "does not say in en that no person reads it": ("en:trouble.now", without("no_person")),
    "does not open with the neutral sentence": ("en:brokers.signs", without("neutral")),
    "the numbers do not come at once": (
        "en:trouble.now",
        lambda screen: replace(screen, text=tuple(replace(run, style="") for run in screen.text)),
    ),
}
"""What is found -> an address, and what is done to the screen that stands there."""


@pytest.mark.parametrize("found", FAULTS)
def test_a_planted_fault_is_found(found):
    address, spoil = FAULTS[found]
    screen = crawl.open_at(real(), address)
    assert list(crawl.findings(real(), screen)) == []
    assert any(found in finding for finding in crawl.findings(real(), spoil(screen)))


def test_a_choice_of_languages_must_hold_all_where_none_is_known():
    screen = no_button("lo:home")(crawl.open_at(real(), "home"))
    assert list(crawl.findings(real(), screen)) == ["home: a language is missing"]


def test_a_button_that_leads_elsewhere_is_found_by_walking(monkeypatch):
    astray = button("More", "en:costs.fees/9")
    monkeypatch.setattr(
        crawl, "open_at", lambda *at: astray(open_at(*at)) if str(at[1]) == "en:home" else open_at(*at)
    )
    assert crawl.crawl(good(), many=10)[1] == ["en:costs.fees/9: leads to en:costs.fees"]


def test_every_kind_of_finding_is_planted_here():
    """Each text that the source of the crawl yields is provoked by one of the faults above."""
    provoked = [
        finding
        for address, spoil in FAULTS.values()
        for finding in crawl.findings(real(), spoil(crawl.open_at(real(), address)))
    ]
    source = ast.parse((ROOT / "bot/crawl.py").read_text("utf-8"))
    rooms = {"findings", "_leads", "_standing", "_said"}
    functions = [node for node in source.body if isinstance(node, ast.FunctionDef) and node.name in rooms]
    said = [node.value for room in functions for node in ast.walk(room) if isinstance(node, ast.Yield)]
    texts = [text for text in said if isinstance(text, ast.JoinedStr)]
    kinds = [[str(part.value) for part in text.values if isinstance(part, ast.Constant)] for text in texts]
    assert len(kinds) == len(FAULTS)
    for kind in kinds:
        assert any(all(part in finding for part in kind) for finding in provoked), kind


def test_a_long_campaign_and_language_fit_every_button():
    """The longest state of the check, in the longest language, for the longest campaign."""
    longest = Address("brokers.check", "eng", f"a.{'y' * 12}.2", LONGEST)
    screen = crawl.open_at(book(languages=3), longest)
    assert screen.at == str(longest)
    assert max(len(button.to.encode()) for row in screen.rows for button in row) <= 64
