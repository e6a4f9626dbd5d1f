"""Other ways to find the page, measured side by side on tests/questions: what was tried, and what it brought.

    python -m bench.ways

Every way sees the same pieces, pairs and ideas. `odds` is the one in use; the others were tried and left:
they gain nothing beyond chance, cost more to learn or to carry, or both. Without danger and without "none
of ours": the share of questions whose page comes first, and is among the first four.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from datetime import date

from bench.questions import ROOT, Row, sets
from bot.book import Index
from bot.compiler import compile_book
from bot.compiler.learning import STEPS
from bot.compiler.words import questions
from bot.shelf import read_files
from bot.talk.understand import Reading, read

Vector = list[tuple[tuple[str, str | int], float]]
Points = dict[int, float]
Way = Callable[[Vector], Points]
NEAREST = 60
"""Phrasings that the nearest ways look at."""


def main() -> None:
    """Prints a line for each way."""
    files = read_files(ROOT / "content")
    index = compile_book(files, date.today()).index
    phrasings = [(index.pages.index(each.page), _vector(read(index, each.text))) for each in questions(files)]
    asked = [row for rows in sets().values() for row in rows if row.kind == "question"]
    rows = [(row, _vector(read(index, row.text))) for row in asked]
    odds = _odds(index)
    nearest = _nearest(phrasings, 1)
    three = _nearest(phrasings, 3)
    ways: dict[str, Way] = {
        "odds": odds,
        "nearest phrasing": nearest,
        "three nearest phrasings": three,
        "odds + 6 x three nearest": lambda what: _sum(odds(what), three(what), 6),
        "odds, then mended by a perceptron": _mended(index, phrasings),
    }
    print("| way | first | among four |\n|---|---:|---:|")
    for name, way in ways.items():
        first, four = _shares(index, way, rows)
        print(f"| {name} | {first:.3f} | {four:.3f} |")


def _vector(what: Reading) -> Vector:
    seen = what.what
    found: Vector = []
    for kind, features in ((what.lang + "1", seen.ones), (what.lang + "2", seen.pairs), ("i", seen.ideas)):
        found += [((kind, each), len(features) ** -0.5) for each in features]
    return found


def _shares(index: Index, way: Way, rows: Sequence[tuple[Row, Vector]]) -> tuple[float, float]:
    first = four = 0
    for row, what in rows:
        points = way(what)
        best = [index.pages[page] for page in sorted(points, key=lambda page: (-points[page], page))[:4]]
        first += bool(best) and best[0] in row.expect
        four += bool(row.expect.intersection(best))
    return first / len(rows), four / len(rows)


def _tables(index: Index) -> dict[tuple[str, str | int], Points]:
    return {
        (kind, each): {flat[at]: flat[at + 1] / STEPS for at in range(0, len(flat), 2)}
        for kind, weights in index.weights.items()
        for each, flat in weights.items()
    }


def _scored(tables: dict[tuple[str, str | int], Points], what: Vector) -> Points:
    points: Points = defaultdict(float)
    for each, share in what:
        for page, weight in tables.get(each, {}).items():
            points[page] += weight * share
    return points


def _odds(index: Index) -> Way:
    tables = _tables(index)
    return lambda what: _scored(tables, what)


def _nearest(phrasings: Sequence[tuple[int, Vector]], count: int) -> Way:
    """Cosine to the phrasings, rare features weighing more; a page has the sum of its `count` nearest."""
    often = Counter(each for _, what in phrasings for each, _ in what)
    rare = {each: math.log(len(phrasings) / times) for each, times in often.items()}
    on: dict[tuple[str, str | int], list[tuple[int, float]]] = defaultdict(list)
    for place, (_, what) in enumerate(phrasings):
        size = math.sqrt(sum((share * rare[each]) ** 2 for each, share in what)) or 1
        for each, share in what:
            on[each].append((place, share * rare[each] / size))

    def way(what: Vector) -> Points:
        like: Counter[int] = Counter()
        size = math.sqrt(sum((share * rare.get(each, 0)) ** 2 for each, share in what)) or 1
        for each, share in what:
            for place, value in on.get(each, ()):
                like[place] += share * rare[each] / size * value  # type: ignore[assignment]
        best: dict[int, list[float]] = defaultdict(list)
        for place, value in like.most_common(NEAREST):
            best[phrasings[place][0]].append(value)
        return {page: sum(values[:count]) for page, values in best.items()}

    return way


def _mended(index: Index, phrasings: Sequence[tuple[int, Vector]], rate: float = 0.3, turns: int = 2) -> Way:
    """The odds, moved wherever a phrasing's own page does not lead by a point."""
    tables = {each: dict(points) for each, points in _tables(index).items()}
    for _ in range(turns):
        for page, what in phrasings:
            points = _scored(tables, what)
            own = points.pop(page, 0.0)
            rival = max(points, key=lambda other: points[other], default=page)
            if own - points.get(rival, 0.0) < 1:
                for each, share in what:
                    if each in tables:
                        tables[each][page] = tables[each].get(page, 0) + rate * share
                        tables[each][rival] = tables[each].get(rival, 0) - rate * share
    return lambda what: _scored(tables, what)


def _sum(one: Points, other: Points, weight: float) -> Points:
    return {page: one.get(page, 0) + weight * other.get(page, 0) for page in {*one, *other}}


if __name__ == "__main__":
    main()
