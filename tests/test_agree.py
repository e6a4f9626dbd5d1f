"""The twin of understanding in a browser: the same answers as Python, whatever is written, in little room."""

from __future__ import annotations

import asyncio
import gzip
import json
import random
import re
from dataclasses import asdict
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.questions import sets
from bot.book import Index
from bot.compiler import words
from bot.compiler.learning import Lessons, learn
from bot.reading import LAO, SPACES
from bot.spelling import tables
from bot.talk.twin import packed
from bot.talk.understand import understand
from tests.books import ROOT, real, real_files
from tests.chromium import chromium

dukpy = pytest.importorskip("dukpy")

SCRIPT = (ROOT / "bot/talk/understand.js").read_text("utf-8")
MOST = 150_000
"""Bytes that a phone on a slow line may have to load for the index, gzipped."""

Asked = tuple[str, str | None]
"""A text, and the page being looked at."""


@cache
def phrasings() -> tuple[str, ...]:
    """All that the editors wrote that people may ask."""
    return tuple(each.text for each in words.questions(real_files()))


def questions() -> list[Asked]:
    """The questions of tests/questions."""
    return [(row.text, None) for rows in sets().values() for row in rows]


def some_phrasings(step: int) -> list[Asked]:
    """Each of the phrasings by `step`, one without a page and the next one asked on some page."""
    pages = real().index.pages
    return [(text, pages[at % len(pages)] if at % 2 else None) for at, text in enumerate(phrasings()[::step])]


SIGNS = (
    [chr(code) for code in (*range(0x0E81, 0x0EE0), *range(0x0E01, 0x0E5C), *range(0x20, 0x7F))]
    + ["😀", "👩🏽‍🌾", "\u200b", "\u200f", "א", "ب", "é", "Ü", "ơ", "Σ", "ﬁ", "\u0301"]
    + ["中", "。", "\t", "\n", "\x00", "\ud83d", "\udc00", "\uffff", "\U0001f1f1\U0001f1e6"]
    + [" ", ".", "constructor", "__proto__", "7", "2026"] * 5
)  # fmt: skip


def random_texts(many: int, seed: int) -> list[Asked]:
    """Texts of all letters, marks alone, halves of signs; and phrasings cut, joined and misspelt."""
    chance = random.Random(seed)
    pages = (None, None, "", "no.page", *real().index.pages)
    found: list[Asked] = []
    for _ in range(many):
        if chance.random() < 0.4:
            text = "".join(chance.choices(SIGNS, k=chance.choice((0, 1, 2, 5, 20, 60))))
        else:
            said = chance.choices(phrasings(), k=chance.choice((1, 1, 1, 3)))
            text = chance.choice(("", " ", ". ")).join(each[chance.randrange(3) :] for each in said)
            for _ in range(chance.randrange(4)):
                at = chance.randrange(len(text) + 1)
                text = text[:at] + chance.choice(("", *SIGNS)) + text[at + chance.randrange(2) :]
        found.append((text, chance.choice(pages)))
    return found


def by_python(index: Index, asked: list[Asked]) -> list[dict[str, object]]:
    answers = [asdict(understand(index, text, page)) for text, page in asked]
    return [each | {"others": list(each["others"]), "ideas": list(each["ideas"])} for each in answers]


ASK_ALL = "asked.map(function (each) { return twin(each[0], each[1]); })"


def by_twin(index: Index, asked: list[Asked]) -> list[dict[str, object]]:
    """The twin's answers, in an engine that is also in small phones' browsers."""
    engine = dukpy.JSInterpreter()
    engine.evaljs(f"{SCRIPT}; var twin = khuaUnderstand(dukpy.packed); 1", packed=packed(index))
    answers: list[dict[str, object]] = engine.evaljs(f"var asked = dukpy.asked; {ASK_ALL}", asked=asked)
    return answers


def assert_agree(index: Index, asked: list[Asked], answers: list[dict[str, object]]) -> None:
    wanted = by_python(index, asked)
    wrong = [each for each in zip(asked, wanted, answers, strict=True) if each[1] != each[2]]
    assert not wrong, f"{len(wrong)} of {len(asked)}; " + "\n".join(map(repr, wrong[0]))


# ------------------------------------------------------------------ agreement


def test_the_twin_gives_the_same_answers():
    asked = questions() + some_phrasings(40) + random_texts(150, 1)
    assert_agree(real().index, asked, by_twin(real().index, asked))


def test_of_nothing_and_of_very_many_pages():
    asked = random_texts(10, 2)
    assert_agree(Index(), asked, by_twin(Index(), asked))
    chance = random.Random(3)
    pages = tuple(f"page.{number}" for number in range(900))
    asks = []
    for at, page in enumerate(pages):
        lang, letters = ("lo", "ກຂຄງຈຊຍດນມາິີຸແໂໄ") if at % 2 else ("en", "aeioubdghklmnprst")
        text = " ".join("".join(chance.choices(letters, k=chance.choice((1, 2, 4)))) for _ in range(6))
        asks.append((lang, page, text))
    index = learn(Lessons((("lo", LAO), ("en", SPACES)), pages, asks=tuple(asks)))
    again = [(text, chance.choice((None, page))) for _, page, text in asks[::20]]
    answers = by_twin(index, again)
    assert_agree(index, again, answers)
    assert {each["page"] for each in answers} > {page for _, page, _ in asks[100::200]}


def test_the_index_is_small():
    text = packed(real().index).encode()
    assert len(gzip.compress(text, 9, mtime=0)) <= MOST


def test_old_browsers_understand_the_script():
    code = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", SCRIPT, flags=re.S)
    newer = (
        r"\b(let|const|class|async|await|yield|import|export|of|Map|Set|Symbol|Promise|\w+Array|BigInt)\b|=>|`|\.\.\."
        r"|\.(includes|startsWith|endsWith|repeat|find|findIndex|fill|flat|normalize|codePointAt|at|entries|values)\("
    )
    assert [match[0] for match in re.finditer(newer, code)] == []
    patterns = json.dumps(tables(), ensure_ascii=False)
    assert re.findall(r"\(\?[^:=!]|\\\\[pAZ]", patterns) == []


@settings(max_examples=200)
@given(
    st.lists(st.one_of(st.text(), st.sampled_from(SIGNS)), max_size=60).map("".join),
    st.none() | st.text(max_size=9),
)
def test_any_text_has_an_answer(text, page):
    answered(text, page)


def answered(text: str, page: str | None) -> None:
    """Asks, and looks at the answer's shape."""
    index = real().index
    found = understand(index, text, page)
    pages = [each for each in (found.page, *found.others) if each is not None]
    assert len(found.others) <= 3
    assert len(set(pages)) == len(pages)
    assert set(pages) <= set(index.pages)
    assert set(found.ideas) <= set(index.ideas)
    assert found.lang in ("", *index.ways)
    assert not (found.emergency and found.doubt)


@pytest.mark.proof
def test_very_many_texts_have_an_answer():
    for text, page in random_texts(100_000, 6):
        answered(text, page)


@pytest.mark.proof
def test_the_twin_gives_the_same_answers_to_anything():
    asked = some_phrasings(1) + random_texts(10_000, 4)
    assert_agree(real().index, asked, by_twin(real().index, asked))


@pytest.mark.proof
def test_a_browser_gives_the_same_answers():
    asked = questions() + some_phrasings(3) + random_texts(1000, 5)

    async def go() -> list[dict[str, object]]:
        answers: list[dict[str, object]] = []
        async with chromium() as page:
            await page.evaluate(f"{SCRIPT}; var twin = khuaUnderstand({json.dumps(packed(real().index))}); 1")
            for at in range(0, len(asked), 500):
                answers += await page.evaluate(f"var asked = {json.dumps(asked[at : at + 500])}; {ASK_ALL}")
            assert page.console == []
        return answers

    assert_agree(real().index, asked, asyncio.run(go()))
