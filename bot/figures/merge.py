"""Counts of other files come into one: of laptops that toured villages, each file once.

    merge(book, files, into) -> lines that say what came in

Each count knows the file that counted it first (its origin). Of each origin the later state holds, wherever
it comes from: so a file may come twice, and files in any order.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from bot.book import Book
from bot.problems import BadSetting, KhuaError
from bot.tally.file import TallyFile, rows
from bot.tally.names import Cell, strange

Row = tuple[Cell, int, int]

MOST_NAMES = 5
"""Strange names that a line lists."""


def merge(book: Book, files: Sequence[Path], into: Path) -> list[str]:
    """Takes the counts of `files` into the file `into`, made where it is missing; all of them or nothing.

    Returns lines for a person. Raises BadTally where a file cannot be used, BadSetting where one is `into`
    itself, and KhuaError where two copies of one file went on counting apart.
    """
    for path in files:
        if path.exists() and into.exists() and path.samefile(into):
            raise BadSetting(
                f"{path} is the file that takes in; name the others, or another file with --into"
            )
    read = {path: rows(path) for path in files}
    before = rows(into) if into.exists() else []
    _refuse_apart({into: before, **read})
    tally = TallyFile(into)
    try:
        tally.take(row for found in read.values() for row in found)
    finally:
        tally.close()
    return list(_lines(book, read, into, before))


def _refuse_apart(read: Mapping[Path, Sequence[Row]]) -> None:
    """Raises KhuaError where each of two files has counts of one origin that the other lacks."""
    states: dict[int, dict[Path, dict[Cell, int]]] = {}
    for path, found in read.items():
        for at, origin, n in found:
            states.setdefault(origin, {}).setdefault(path, {})[at] = n
    for copies in states.values():
        for (one, some), (other, others) in combinations(copies.items(), 2):
            if _has_more(some, others) and _has_more(others, some):
                raise KhuaError(
                    f"{one} and {other} are copies of one file, and both counted on: each has counts that "
                    "the other lacks, and nothing tells which of them are the same; nothing was taken in; "
                    "keep the one that counted more, and leave the other out"
                )


def _has_more(some: Mapping[Cell, int], others: Mapping[Cell, int]) -> bool:
    return any(n > others.get(at, 0) for at, n in some.items())


def _lines(
    book: Book, read: Mapping[Path, Sequence[Row]], into: Path, before: Sequence[Row]
) -> Iterator[str]:
    known = {row[:2]: row[2] for row in before}
    for path, found in read.items():
        new = 0
        for at, origin, n in found:
            new += max(0, n - known.get((at, origin), 0))
            known[at, origin] = max(n, known.get((at, origin), 0))
        yield (
            f"{path}: {new} of its {sum(row[2] for row in found)} counts are new"
            if new
            else f"{path}: nothing new"
        )
    unknown = strange(book, (at for found in read.values() for at, *_ in found))
    names = sorted({" ".join(filter(None, (at.kind, at.key, at.campaign))) for at in unknown})
    if names:
        more = ", …" if len(names) > MOST_NAMES else ""
        yield f"kept, but not in this book: {', '.join(names[:MOST_NAMES])}{more}"
    yield f"{into} has {sum(known.values())} counts now"
