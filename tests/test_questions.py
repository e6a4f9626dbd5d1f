"""Questions that nobody taught it from: it understands them no worse than it did before."""

from __future__ import annotations

import re

import pytest

from bench import questions
from bot.spelling import clean
from tests.books import real, real_files


def test_people_are_understood_no_worse_than_before():
    rows = questions.together()
    known, least = questions.floor()
    assert known == questions.digest(rows), "other questions: python -m bench.questions --floor"
    assert questions.below(questions.measure(real(), rows).shares, least) == []


def test_every_question_names_pages_of_the_book():
    for rows in questions.sets().values():
        for row in rows:
            assert row.expect <= set(real().pages), row.text
            assert bool(row.expect) is (row.kind == "question"), row.text


def test_no_question_is_among_those_that_it_learns_from():
    """A greeting, or a word or two, may be the same by chance."""
    learned = "".join(map(plain, (text for path, text in real_files().items() if FOLDERS.search(path))))
    asked = [row.text for rows in questions.sets().values() for row in rows if len(row.text) > 25]
    assert [text for text in asked if plain(text) in learned] == []


FOLDERS = re.compile("/(asks/|danger|not_ours)")


def plain(text: str) -> str:
    return re.sub("[ |]", "", clean(text))


@pytest.mark.parametrize(
    ("before", "now", "fell"),
    [(0.5, 0.5, False), (0.5, 0.6, False), (0.5, 0.4999, True)],
)
def test_the_floor_is_the_floor_and_only_rises(before, now, fell):
    shares, least = {"top-1": {"lo": 0.9, "all": now}}, {"top-1": {"all": before}}
    assert bool(questions.below(shares, least)) is fell
    assert questions.raised(shares, least) == {"top-1": {"all": max(before, now)}}


def test_every_way_of_writing_must_be_understood():
    assert questions.below({"top-1": {"lo": 0.9, "la": 0.79, "all": 0.9}}, {}) == [
        "top-1 la: 0.7900, must 0.8"
    ]
