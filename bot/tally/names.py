"""Which names may be counted, and how coarsely: every value of a cell is one of the book's own names.

    cell(book, day, channel, count) -> Cell, or None for what is not counted

Where it could hurt somebody a day is a month and no campaign stands beside it: pages marked sensitive,
danger, hiding, numbers that did not answer, what was not understood. A campaign of one village keeps starts,
shares and the quiz alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from typing import get_args

from bot.book import CHANNELS, Book, Count, CountKind, Page
from bot.talk.tools import names_of

KINDS: tuple[str, ...] = (*get_args(CountKind), "lost")
"""lost: counts that could not be kept; the number of them is all that is known."""

MONTHLY = frozenset({"danger", "hide", "no_answer", "unanswered"})
"""Kinds that are counted by month, without a campaign, whatever the page."""

VILLAGE = frozenset({"start", "share", "quiz"})
"""Kinds that a campaign of a village keeps."""

LONGEST_KEY = 120
"""Signs of the longest key that the file takes."""

MOST_IDEAS = 3
"""Ideas of a question that was not understood: more would be a sentence."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """What is counted together.

    day       2027-01-31, or 2027-01 where it is coarse        channel   one of CHANNELS
    lang      language of the screen, "" for two at once       kind      one of KINDS
    key       page id; page id/result of a tool; question-right or question-wrong; names of ideas joined by +;
              id of a fact; "" for the rest                    campaign  id of a campaign, or ""
    """

    day: str
    channel: str
    lang: str
    kind: str
    key: str = ""
    campaign: str = ""


def cell(book: Book, day: date, channel: str, count: Count) -> Cell | None:
    """Where `count` belongs, None where it holds anything but the book's own names (see `own`)."""
    at = Cell(day.isoformat(), channel, count.lang, count.kind, count.key, count.campaign)
    if at.campaign and at.campaign not in book.campaigns:
        at = replace(at, campaign="")
    if at.kind == "unanswered":
        ideas = sorted(dict.fromkeys(name for name in at.key.split("+") if name))[:MOST_IDEAS]
        while len("+".join(ideas)) > LONGEST_KEY:
            ideas.pop()
        at = replace(at, key="+".join(ideas))
    if not own(book, at):
        return None
    if at.kind in MONTHLY or is_sensitive(book, at.kind, at.key):
        return replace(at, day=at.day[:7], campaign="")
    if at.campaign and book.campaigns[at.campaign].place == "village" and at.kind not in VILLAGE:
        return replace(at, campaign="")
    return at


def is_sensitive(book: Book, kind: str, key: str) -> bool:
    """Whether a key is a page that is marked sensitive, or a result or a question on one."""
    if kind == "quiz":
        return any(page.sensitive and key in names_of(page) for page in _quizzes(book))
    page = book.pages.get(key.partition("/")[0])
    return page is not None and page.sensitive


def _quizzes(book: Book) -> Iterator[Page]:
    return (page for page in book.pages.values() if page.kind == "quiz")


def own(book: Book, at: Cell) -> bool:
    """Whether every value is one of the book's own names, and fits into the file."""
    return len(at.key) <= LONGEST_KEY and _are_names(book, at) and _is_key(book, at.kind, at.key)


def strange(book: Book, cells: Iterable[Cell]) -> set[Cell]:
    """Those of many cells that have a value which is none of the book's own names."""
    is_key = cache(partial(_is_key, book))
    return {at for at in cells if not (_are_names(book, at) and is_key(at.kind, at.key))}


def _are_names(book: Book, at: Cell) -> bool:
    """Whether the values beside kind and key are the book's own."""
    return (
        at.channel in CHANNELS
        and (at.lang == "" or at.lang in book.languages)
        and (at.campaign == "" or at.campaign in book.campaigns)
    )


def _is_key(book: Book, kind: str, key: str) -> bool:
    if kind in ("start", "screen", "answered", "danger"):
        return key in book.pages
    if kind == "result":
        page, _, name = key.partition("/")
        return page in book.pages and book.pages[page].kind != "quiz" and name in names_of(book.pages[page])
    if kind == "quiz":
        return any(key in names_of(page) for page in _quizzes(book))
    if kind == "unanswered":
        ideas = key.split("+") if key else []
        return len(ideas) <= MOST_IDEAS and all(name in book.index.ideas for name in ideas)
    if kind == "no_answer":
        return key in book.facts and book.facts[key].kind == "phone"
    return kind in KINDS and key == ""
