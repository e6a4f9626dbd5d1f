"""`make bench`: how fast our bot is beside a stock one, both measured here and now, in turns.

Figures of two days or two machines do not compare, and on a shared machine two minutes do not either: only
the ratios within one round are worth keeping. Nothing here is asserted in a test.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import shlex
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.race import Figures, Load, run

DATA = (
    "lo:home", "lo:legal.overview", "lo:legal.limits", "lo:costs.who_pays", "lo:brokers.signs",
    "lo:hotlines.thailand",
)  # fmt: skip
OURS = (sys.executable, "-m", "bot", "bot", "--telegram")
STOCK = (sys.executable, "-m", "bench.stock", "--url", "{url}", "--token", "{token}", "--screens")
FLOOD = Load(20_000, 60)
WHAT = (
    "A fake Bot API server on loopback hands out taps of 1,000 people, 100 at a time. A tap counts as "
    "answered when its answerCallbackQuery and its new screen have both come. Both bots show the same "
    "screens. Stock is python-telegram-bot as its examples use it. Telegram's own limits (30 messages a "
    "second) bind long before either bot does: what speed buys is that nobody waits behind others."
)
PACKAGES = ("python-telegram-bot", "httpx", "aiohttp", "uvloop", "orjson")

Pairs = list[tuple[Figures, Figures]]  # one (stock, ours) a round


@dataclass(frozen=True)
class Scene:
    """One way of loading both bots."""

    name: str
    stock: Load
    ours: Load


SCENES = (
    Scene("at saturation", Load(1_000, 10), Load(5_000, 10)),
    Scene("with 50 ms added to every reply", Load(50, 10, 50), Load(3_000, 10, 50)),
)
# What is measured, how it is read, and how it is written.
ROWS: tuple[tuple[str, Callable[[Figures], float], str], ...] = (
    ("updates a second", lambda figures: figures.rate, ",.0f"),
    ("CPU µs an update", lambda figures: figures.cpu_us, ",.0f"),
    ("peak memory, MB", lambda figures: figures.peak_mb, ".0f"),
    ("memory when idle, MB", lambda figures: figures.idle_mb, ".0f"),
    ("start to first poll, s", lambda figures: figures.start_s, ".2f"),
)


def table(scene: Scene, pairs: Pairs) -> list[str]:
    """One scene as lines of Markdown: medians, and the median and range of the ratios."""
    lines = [f"## {scene.name[0].upper()}{scene.name[1:]}", "", "| | stock | Khua | Khua / stock (range) |"]
    lines.append("|---|---:|---:|---:|")
    for name, read, form in ROWS:
        stock, ours = ([read(pair[n]) for pair in pairs] for n in (0, 1))
        ratios = sorted(o / s for s, o in zip(stock, ours, strict=True))
        middle = statistics.median
        text = f"{middle(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
        lines.append(f"| {name} | {middle(stock):{form}} | {middle(ours):{form}} | {text} |")
    return [*lines, "", *_warnings(pairs), ""]


def _warnings(pairs: Pairs) -> list[str]:
    """What must be nothing: taps lost, or answered in another order than they came."""
    counts = [
        f"{name}: {sum(pair[n].lost for pair in pairs)} lost, "
        f"{sum(pair[n].out_of_order for pair in pairs)} out of order, "
        f"{sum(pair[n].answered for pair in pairs):,} answered"
        for n, name in ((0, "stock"), (1, "Khua"))
    ]
    return ["; ".join(counts) + "."]


def flood_lines(figures: Figures) -> list[str]:
    """How a flood went, in words."""
    return [
        f"## A flood of {FLOOD.updates:,} taps at once",
        "",
        f"Khua answered {figures.answered:,} at {figures.rate:,.0f} a second, {figures.lost} lost, "
        f"{figures.out_of_order} out of order; memory {figures.idle_mb:.0f} MB before, "
        f"{figures.peak_mb:.0f} MB at its peak.",
        "",
    ]


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"no {package}"


def about(rounds: int, seconds: float) -> list[str]:
    """When, where and with what."""
    model = next(
        (line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
         if line.startswith("model name")),
        platform.machine(),
    )  # fmt: skip
    packages = ", ".join(map(_version, PACKAGES))
    where = f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}"
    with_what = f"Python {platform.python_version()}, {packages}"
    how = f"{rounds} rounds in {seconds / 60:.0f} minutes; medians. Written by `make bench`."
    return ["# Speed", "", f"{time.strftime('%Y-%m-%d')}, {where}, {with_what}. {how}", "", WHAT, ""]


async def compare(
    ours: Sequence[str], scenes: Sequence[Scene], rounds: int, folder: Path
) -> tuple[list[Pairs], float]:
    """The figures of each scene, stock and ours in turns, and the seconds of a start that had to compile."""
    first, screens = await run(ours, DATA, Load(1, 10), folder)
    if missing := set(DATA) - set(screens):
        raise SystemExit(f"bench: no screen came for {sorted(missing)}")
    (folder / "screens.json").write_text(json.dumps(screens), "utf-8")
    stock = (*STOCK, str(folder / "screens.json"))
    results: list[Pairs] = [[] for _ in scenes]
    for number in range(rounds):
        for scene, pairs in zip(scenes, results, strict=True):
            theirs, _ = await run(stock, DATA, scene.stock, folder)
            own, _ = await run(ours, DATA, scene.ours, folder)
            pairs.append((theirs, own))
            say = f"round {number + 1}, {scene.name}: stock {theirs.rate:,.0f}/s, Khua {own.rate:,.0f}/s"
            print(say, file=sys.stderr, flush=True)
    return results, first.start_s


def _share(scenes: Sequence[Scene], part: float) -> list[Scene]:
    def less(load: Load) -> Load:
        return replace(load, updates=max(30, int(load.updates * part)), seconds=load.seconds * part)

    return [Scene(scene.name, less(scene.stock), less(scene.ours)) for scene in scenes]


async def bench(options: argparse.Namespace) -> list[str]:
    """Everything, as lines of Markdown."""
    began = time.monotonic()
    scenes = _share(SCENES, options.part)
    with tempfile.TemporaryDirectory() as folder:
        results, compiling = await compare(options.ours, scenes, options.rounds, Path(folder))
        flood, _ = await run(options.ours, DATA, FLOOD, Path(folder))
    lines = about(options.rounds, time.monotonic() - began)
    for scene, pairs in zip(scenes, results, strict=True):
        lines += table(scene, pairs)
    lines += [
        f"A start without a kept book, which must compile first: {compiling:.2f} s to the first poll.",
        "",
    ]
    return lines + flood_lines(flood)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5, help="how many times both bots run (5)")
    parser.add_argument(
        "--part", type=float, default=1.0, help="this part of the load only, for a quick look (1.0)"
    )
    parser.add_argument(
        "--ours", type=shlex.split, default=OURS, metavar="CMD", help="another bot in place of ours"
    )
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parent / "results.md", help="where to write"
    )
    options = parser.parse_args()
    text = "\n".join(asyncio.run(bench(options)))
    options.out.write_text(text, "utf-8")
    print(text)


if __name__ == "__main__":
    main()
