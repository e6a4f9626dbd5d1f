"""Phrases to show: Thai before all else, one a screen, all in reach, and marked as Thai in the browser."""

from __future__ import annotations

import re

import pytest

from bot.address import Address
from bot.book import Phrases, Screen
from bot.compiler import compile_book
from bot.crawl import open_at
from bot.limits import CALLBACK_DATA_BYTES
from bot.players.web.draw import draw
from bot.talk.lines import line
from bot.talk.screens import HELP
from tests.books import DAY, changed, real, real_files

PAGE = "prepare.thai_phrases"
THAI = re.compile("[\u0e01-\u0e5b]")


def tool() -> Phrases:
    found = real().pages[PAGE].tool
    assert isinstance(found, Phrases)
    return found


def keys() -> list[str]:
    return [key for need in tool().needs for key in need.keys]


def at(key: str, lang: str = "lo") -> Screen:
    return open_at(real(), Address(PAGE, lang, key))


def leads(screen: Screen, label: str) -> list[str]:
    return [button.to for row in screen.rows for button in row if button.label == label]


def test_there_are_phrases_for_every_need():
    assert len(keys()) >= 40
    assert {"help", "work", "doctor", "police"} <= {need.name for need in tool().needs}


@pytest.mark.parametrize("lang", ["lo", "en", ""])
def test_thai_comes_first_and_nowhere_else(lang):
    for key in keys():
        first, *rest = at(key, lang).text
        assert (first.text.strip(), first.style, first.lang) == (tool().words["lo"][key].say, "bold", "th")
        for run in rest:
            assert (run.lang == "th") == bool(THAI.search(run.text)), (key, run)


def test_a_phrase_is_said_the_same_in_every_language():
    for key in keys():
        assert len({words[key].say for words in tool().words.values()}) == 1, key


def test_sounds_are_written_in_letters_of_the_reader():
    for key in keys():
        assert re.fullmatch(r"[\u0e81-\u0edd ,-]+", tool().words["lo"][key].sound), key
        assert re.fullmatch(r"[a-z ,-]+", tool().words["en"][key].sound), key


@pytest.mark.parametrize("lang", ["lo", "en"])
def test_the_buttons_walk_through_every_need_there_and_back(lang):
    """From the choice of needs, by following and preceding; on each the other needs, and not its own."""
    following, preceding = line(real(), lang, "following"), line(real(), lang, "preceding")
    labels = tool().labels[lang]
    for need in tool().needs:
        to, seen = leads(at("", lang), labels[need.name]), list[str]()
        while to:
            screen = open_at(real(), to[0])
            here = to[0].partition("/")[2]
            assert leads(screen, preceding) == [str(Address(PAGE, lang, key)) for key in seen[-1:]]
            others = [each for each in labels.values() if leads(screen, each)]
            assert others == [labels[each.name] for each in tool().needs if each != need]
            seen.append(here)
            to = leads(screen, following)
        assert tuple(seen) == need.keys


@pytest.mark.parametrize("state", ["h0", "h", "H1", "h1.2", "h99", "x1", "2"])
def test_a_key_that_is_no_phrase_is_an_old_button(state):
    screen = at(state, "en")
    assert screen.at == f"en:{PAGE}"
    assert line(real(), "en", "old_button") in screen.plain


def test_every_address_fits_a_button():
    for key in keys():
        for address in (Address(PAGE, "lao", key), Address(HELP, "lao", f"{PAGE}/{key}")):
            assert len(f"{address}~abcdefgh".encode()) <= CALLBACK_DATA_BYTES


@pytest.mark.parametrize("lang", ["lo", "en", ""])
def test_the_browser_is_told_what_is_thai(lang):
    for key in keys():
        blocks = draw(real(), at(key, lang))["blocks"]
        assert (blocks[0]["is"], blocks[0]["lang"]) == ("title", "th")
        for block in blocks:
            for piece in (piece for pieces in block["lines"] for piece in pieces):
                assert (piece.get("lang", block["lang"]) == "th") == bool(THAI.search(piece["text"])), key


def test_the_order_may_change_and_the_buttons_hold():
    """A key stands for its phrase, wherever that stands."""
    files = changed(
        dict(real_files()),
        f"tree/{PAGE}.yaml",
        "      h1: help\n      h2: help_me\n",
        "      h2: help_me\n      h1: help\n",
    )
    moved = compile_book(files, DAY)
    for key in ("h1", "h2"):
        assert open_at(moved, f"lo:{PAGE}/{key}").text[0] == at(key).text[0]
