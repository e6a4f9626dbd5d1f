"""What editors see of the understanding: which questions go astray, how new ones would fare, and why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.asks import answer, astray, explained, left_out, table, why
from bot.compiler import compile_book
from bot.compiler.words import Asked, hints, questions
from bot.talk.understand import POINT, read
from tests.books import DAY, good, good_files, real, real_files

EDITED = questions(good_files())


def test_a_question_of_other_words_than_its_page_is_named_with_the_page_that_won():
    asked = Asked("en", "trouble.now", "how much is the visa", "en/asks/trouble.now.yaml", 7, 3)
    problems = astray(good(), [asked, *EDITED])
    assert len(problems) == 1
    assert (problems[0].rule, problems[0].level) == ("astray", "hint")
    assert str(problems[0]).startswith(
        "en/asks/trouble.now.yaml:7:3: astray: 'how much is the visa' leads to costs.fees, not to trouble.now"
    )


@pytest.mark.parametrize("asked", EDITED[::3], ids=lambda asked: f"{asked.file}:{asked.line}")
def test_a_question_that_is_left_out_is_as_if_it_had_never_been_written(asked):
    """Counts are taken away from what was learned: learning anew without it comes to the same."""
    row = next(row for row in left_out(good(), EDITED, hints(good_files())) if row.asked == asked)
    lines = good_files()[asked.file].splitlines(keepends=True)
    del lines[asked.line - 1]
    anew = compile_book({**good_files(), asked.file: "".join(lines)}, DAY).index
    # In its own language: what is left may not be enough to tell which one it is.
    points = read(replace(anew, ways={asked.lang: anew.ways[asked.lang]}), asked.text).points
    assert row.best == tuple(page for page, _ in points[:4])
    own = dict(points).get(asked.page, 0)
    assert row.behind == pytest.approx((points[0][1] - own) / POINT if points else 0)


def test_the_real_questions_lead_to_their_own_pages():
    """A few may stray, and an editor is told of them."""
    asked = questions(real_files())
    assert len(asked) > 4000
    assert len(astray(real(), asked)) < len(asked) / 100


def test_the_table_begins_with_the_page_that_needs_most():
    rows = left_out(good(), EDITED)
    lines = table(rows).splitlines()
    shares = [int(line.split()[2].rstrip("%")) for line in lines[1 : lines.index("") - 1]]
    assert shares == sorted(shares)
    assert len(shares) == 7


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ຈ່າຍຄ່າວີຊາເທົ່າໃດ", {("visa", "ວີຊາ"), ("price", "ເທາໄດ")}),
        ("วีซ่าราคา", {("visa", "ວີຊາ"), ("price", "ລາຄາ")}),
        ("wisa lakha", {("visa", "wi-sa"), ("price", "la-ka")}),
        ("what is the visa price", {("visa", "visa"), ("price", "price")}),
    ],
)
def test_why_shows_the_words_of_each_idea(text, words):
    assert set(why(good(), text).ideas) == words


@pytest.mark.parametrize("text", ["", "?", "😀", "xyzzy", "1234", "ຖືກຂັງ", "how much is the visa", "ຫ a ກ"])
def test_whatever_is_asked_is_explained_and_told_as_it_is_answered(text):
    what, told = why(good(), text), answer(good(), text)
    assert (what.page, what.others, what.emergency) == (told.page, told.others, told.emergency)
    assert "decided" in explained(what)
