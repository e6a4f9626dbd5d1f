"""Tallies that nobody counted: made up by a seed, lifelike, and of the book's own names alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import accumulate
from random import Random

from bot.book import Book, Campaign, Count
from bot.talk.tools import names_of
from bot.tally.names import Cell, cell


def year(first: date = date(2026, 1, 1)) -> list[date]:
    """365 days from `first` on."""
    return [first + timedelta(days=each) for each in range(365)]


def touring(book: Book, villages: int) -> Book:
    """The book with so many campaigns of villages, a third each plain, before and after, and one wider."""
    campaigns = {
        f"v{number:03}": Campaign(
            f"v{number:03}",
            f"Village {number}",
            "village",
            ("plain", "before", "after")[number % 3],
            "Savannakhet",
        )
        for number in range(villages)
    }
    poster = Campaign("poster", "The poster at the bus station", "wider")
    return replace(book, campaigns={**book.campaigns, **campaigns, poster.id: poster})


def made_up(
    book: Book, days: Sequence[date], events_a_day: int, campaigns: Sequence[str], seed: int
) -> dict[Cell, int]:
    """What would be counted on `days`, so many events a day: 40 % typed, 50 % tapped without a campaign,
    10 % starts, shares and quiz answers of `campaigns` (where there are any).
    """
    chance = Random(seed)
    kinds = [(0.4, list(_typed(book, chance))), (0.5, list(_tapped(book, chance)))]
    if campaigns:
        kinds.append((0.1, list(_of_campaigns(book, chance, campaigns))))
    drawn = [
        (round(events_a_day * share), [each for each, _ in weighted],
         list(accumulate(weight for _, weight in weighted)))
        for share, weighted in kinds
    ]  # fmt: skip
    cells: dict[Cell, int] = {}
    # What a count is counted as differs from day to day in the day alone.
    known: dict[tuple[str, Count], Cell] = {}
    for day in days:
        for many, counts, weights in drawn:
            for (channel, count), n in Counter(chance.choices(counts, cum_weights=weights, k=many)).items():
                like = known.get((channel, count)) or cell(book, day, channel, count)
                assert like is not None, count
                known[channel, count] = like
                at = replace(like, day=day.isoformat()[: len(like.day)])
                cells[at] = cells.get(at, 0) + n
    return cells


Weighted = tuple[tuple[str, Count], float]
"""A channel and a count, and how often it comes beside others."""


def _spread(book: Book, counts: Iterable[tuple[str, str, float]], campaign: str = "") -> Iterator[Weighted]:
    """Kinds, keys and weights over channels and languages: most on Telegram, most in the first language."""
    for kind, key, weight in counts:
        for channel, of_channel in (("telegram", 8), ("browser", 1)):
            for lang, of_lang in zip(book.languages, (8, 1), strict=False):
                yield (channel, Count(kind, key, lang, campaign)), weight * of_channel * of_lang  # type: ignore[arg-type]


def _typed(book: Book, chance: Random) -> Iterator[Weighted]:
    ideas = [*book.index.ideas]
    together = [chance.sample(ideas, chance.choice((1, 2, 2, 3))) for _ in range(min(150, len(ideas)))]
    yield from _spread(book, [("answered", page, _often(chance)) for page in book.pages])
    unknown = [("unanswered", "+".join(each), _often(chance) * 0.05) for each in together]
    yield from _spread(book, [("unanswered", "", 2), ("danger", "hotlines.emergency", 1), *unknown])
    yield from _spread(book, [("voice", "", 1), ("other", "", 0.5)])


def _tapped(book: Book, chance: Random) -> Iterator[Weighted]:
    phones = [id for id, fact in book.facts.items() if fact.kind == "phone"]
    yield from _spread(book, [("start", "home", 10), ("hide", "", 0.3), ("share", "", 0.5)])
    yield from _spread(book, [("screen", page, _often(chance)) for page in book.pages])
    yield from _spread(book, [("no_answer", id, _often(chance) * 0.02) for id in phones])
    for page in book.pages.values():
        kind = "quiz" if page.kind == "quiz" else "result"
        keys = [name if kind == "quiz" else f"{page.id}/{name}" for name in sorted(names_of(page))]
        yield from _spread(book, [(kind, key, _often(chance) * 0.2) for key in keys])


def _of_campaigns(book: Book, chance: Random, campaigns: Sequence[str]) -> Iterator[Weighted]:
    quiz = next((page for page in book.pages.values() if page.kind == "quiz"), None)
    for id in campaigns:
        counts = [("start", "home", 8.0), ("share", "", 0.5)]
        after = book.campaigns[id].mode == "after"
        for name in sorted(names_of(quiz)) if quiz else ():
            # After a visit more answers are right.
            counts.append(("quiz", name, 0.3 if name.endswith("wrong") else 0.8 if after else 0.4))
        yield from _spread(book, counts, id)


def _often(chance: Random) -> float:
    """A few things often, most seldom, as it is with people."""
    return chance.paretovariate(1.2)
