"""What counting costs: our bot with and without it, side by side in turns; and a year of counts.

    python -m bench.tally [--rounds N]

Figures of two runs do not compare: only the ratios within one round are worth keeping.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench.race import Figures, Load, run
from bench.run import DATA, OURS
from bot.compiler import compile_book
from bot.figures.page import page
from bot.figures.sections import report
from bot.figures.sums import read
from bot.shelf import read_files
from bot.tally.file import TallyFile
from tests.tallies import made_up, touring
from tests.tallies import year as days_of_a_year

ROOT = Path(__file__).parent.parent
LOAD = Load(5_000, 10)
A_DAY, CAMPAIGNS = 10_000, 300


async def counting(rounds: int) -> list[tuple[Figures, Figures]]:
    """The figures of each round: without counting, with it."""
    pairs = []
    with tempfile.TemporaryDirectory() as folder:
        await run(OURS, DATA, Load(1, 10), Path(folder))  # compiles the book
        for number in range(rounds):
            without, _ = await run(("env", "KHUA_COUNT=none", *OURS), DATA, LOAD, Path(folder))
            with_it, _ = await run(OURS, DATA, LOAD, Path(folder))
            pairs.append((without, with_it))
            say = f"round {number + 1}: without {without.rate:,.0f}/s, with {with_it.rate:,.0f}/s"
            print(say, file=sys.stderr, flush=True)
    return pairs


def year() -> list[str]:
    """A year at 10,000 counted events a day: how large the file is, how long its report takes."""
    book = touring(compile_book(read_files(ROOT / "content"), date(2027, 1, 1)), CAMPAIGNS)
    cells = made_up(book, days_of_a_year(), A_DAY, tuple(book.campaigns), seed=1)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tally.db"
        tally = TallyFile(path)
        tally.add([(None, cells)])
        tally.close()
        began = time.process_time()
        told = page(report(book, "lo", read(path, None, None, "")))
        took = time.process_time() - began
        return [
            f"| events, cells in a year | {sum(cells.values()):,}, {len(cells):,} |",
            f"| the file, MB | {path.stat().st_size / 1e6:.1f} |",
            f"| its report, s of CPU; KB | {took:.2f}; {len(told.encode()) / 1000:,.0f} |",
        ]


def table(pairs: Sequence[tuple[Figures, Figures]]) -> list[str]:
    """As lines of Markdown: medians, and the median and range of the ratios."""
    ratios = sorted(after.rate / before.rate for before, after in pairs)
    cpu = sorted(after.cpu_us / before.cpu_us for before, after in pairs)
    middle = statistics.median
    rates, cpus = (f"{middle(r):.2f} ({r[0]:.2f} to {r[-1]:.2f})" for r in (ratios, cpu))
    return [
        "| | without | with | ratio (range) |",
        "|---|---:|---:|---:|",
        f"| updates a second | {middle(a.rate for a, _ in pairs):,.0f} "
        f"| {middle(b.rate for _, b in pairs):,.0f} | {rates} |",
        f"| CPU µs an update | {middle(a.cpu_us for a, _ in pairs):,.0f} "
        f"| {middle(b.cpu_us for _, b in pairs):,.0f} | {cpus} |",
    ]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.tally", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    lines = ["# Counting", "", *table(asyncio.run(counting(rounds))), "", "| | |", "|---|---:|", *year()]
    print("\n".join(lines))


if __name__ == "__main__":
    main()
