"""How well people's own words are understood: shares of right replies to questions of tests/questions.

    python -m bench.questions                the shares, by style
    python -m bench.questions --wrong        also what went wrong, question by question
    python -m bench.questions --floor        lets no later program do worse: writes tests/questions/floor.json

The questions were written by people who did not write what the program learns from (content/*/asks), and
are kept out of it. A line is: kind, style, pages that answer, text. Styles: lo, Lao letters; la, Lao in Latin
letters; th, Thai letters; en, English.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from bot.asks import Answer, answer
from bot.book import Book
from bot.compiler import compile_book
from bot.shelf import read_files

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "tests" / "questions"
FLOOR = QUESTIONS / "floor.json"
STYLES = ("lo", "en", "la", "th")
MEASURES = ("top-1", "top-4", "out_of_scope", "emergency", "look-alike", "calm")
MUST = dict(zip(MEASURES, (0.8, 0.92, 0.8, 0.92, 0.8, 0.95), strict=True))
"""What each way of writing must reach: of a hundred questions or fewer a single one tells little."""

URGENT = ("trouble.", "hotlines.")

Shares = dict[str, dict[str, float]]
"""Measure -> style, or all -> share of right replies."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question, the pages that answer it, and its kind: question, none, emergency or look-alike."""

    kind: str
    style: str
    expect: frozenset[str]
    text: str


def sets() -> dict[str, tuple[Row, ...]]:
    """The questions by the name of their file."""
    return {path.stem: tuple(_rows(path)) for path in sorted(QUESTIONS.glob("*.tsv"))}


def _rows(path: Path) -> Iterator[Row]:
    for line in path.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, style, expect, text = line.split("\t")
            yield Row(kind, style, frozenset(filter(None, expect.split(","))), text)


def digest(rows: Iterable[Row]) -> str:
    """Another one for any other questions."""
    whole = sha256()
    for row in rows:
        whole.update(f"{row.kind}\t{row.style}\t{','.join(sorted(row.expect))}\t{row.text}\n".encode())
    return whole.hexdigest()[:12]


def marks(row: Row, told: Answer) -> dict[str, bool]:
    """Measure -> whether a reply is right in it.

    top-1 and top-4       the page answers; it is among what is offered
    calm                  no page about danger is asked for, and the help numbers do not come first
    out_of_scope          nothing of the book answers, and no page is shown as the answer
    emergency, look-alike the help numbers come first; they do not
    """
    if row.kind == "question":
        right = {
            "top-1": told.page in row.expect,
            "top-4": not row.expect.isdisjoint((told.page, *told.others)),
        }
        calm = not any(page.startswith(URGENT) for page in row.expect)
        return {**right, "calm": not told.emergency} if calm else right
    if row.kind == "none":
        return {"out_of_scope": told.page is None or told.page in row.expect}
    return {row.kind: told.emergency == (row.kind == "emergency")}


@dataclass(frozen=True, slots=True)
class Result:
    """The shares of one set, and what was wrong: measure, question, reply."""

    shares: Shares
    many: Counter[tuple[str, str]]
    wrong: list[tuple[str, Row, Answer]]


def measure(book: Book, rows: Iterable[Row]) -> Result:
    """Asks each question of the book, as a person would."""
    many: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    wrong = []
    for row in rows:
        told = answer(book, row.text)
        for what, well in marks(row, told).items():
            for style in (row.style, "all"):
                many[what, style] += 1
                right[what, style] += well
            if not well:
                wrong.append((what, row, told))
    shares: Shares = {what: {} for what in MEASURES}
    for what, style in many:
        shares[what][style] = round(right[what, style] / many[what, style], 4)
    return Result(shares, many, wrong)


def together() -> tuple[Row, ...]:
    """The questions of all sets: the floor is theirs, for in one set alone a question weighs too much."""
    return tuple(row for rows in sets().values() for row in rows)


def floor() -> tuple[str, Shares]:
    """The digest of all questions, and the shares that none may fall below."""
    if not FLOOR.exists():
        return "", {}
    kept = json.loads(FLOOR.read_text("utf-8"))
    return kept["questions"], kept["shares"]


def below(shares: Shares, least: Shares) -> list[str]:
    """What fell below the floor: of all questions below what it was, of one way of writing below MUST."""
    fell = [
        f"{what} {style}: {share:.4f}, must {MUST[what]}"
        for what, styles in shares.items()
        for style, share in styles.items()
        if style != "all" and share < MUST[what]
    ]
    return fell + [
        f"{what} all: {shares[what]['all']:.4f}, before {before['all']:.4f}"
        for what, before in least.items()
        if shares[what]["all"] < before["all"]
    ]


def raised(shares: Shares, least: Shares) -> Shares:
    """The floor after this: of the two shares the better."""
    return {
        what: {"all": max(styles["all"], least.get(what, {}).get("all", 0.0))}
        for what, styles in shares.items()
    }


def main(argv: Sequence[str]) -> int:
    """Prints the shares. Returns 1 where one is below the floor."""
    parser = argparse.ArgumentParser(prog="python -m bench.questions", description=__doc__.splitlines()[0])
    parser.add_argument("--wrong", action="store_true", help="print also what went wrong")
    parser.add_argument("--floor", action="store_true", help="write the shares as the floor; it only rises")
    options = parser.parse_args(argv)
    book = compile_book(read_files(ROOT / "content"), datetime.now().date())
    for name, rows in sets().items():
        result = measure(book, rows)
        print(table(name, result))
        for what, row, told in result.wrong if options.wrong else ():
            wanted = ",".join(sorted(row.expect)) or "-"
            got = f"{told.page} {' '.join(told.others)}{' (help numbers first)' if told.emergency else ''}"
            print(f"{what}\t{row.style}\t{row.text}\twanted {wanted}\tgot {got}")
    result = measure(book, together())
    print(table("together", result))
    known, least = floor()
    least = least if known == digest(together()) else {}
    fell = below(result.shares, least)
    if options.floor:
        after = {"questions": digest(together()), "shares": raised(result.shares, least)}
        FLOOR.write_text(json.dumps(after, indent=1) + "\n", "utf-8")
        print(f"{FLOOR.relative_to(ROOT)} is written")
    for each in fell:
        print(f"below the floor: {each}")
    return 1 if fell else 0


def table(name: str, result: Result) -> str:
    """The shares for a person."""
    lines = [f"{name:14}" + "".join(f"{style:>8}" for style in (*STYLES, "all")) + "       n"]
    for what, styles in result.shares.items():
        cells = "".join(
            f"{styles[style]:8.3f}" if style in styles else f"{'-':>8}" for style in (*STYLES, "all")
        )
        lines.append(f"{what:14}{cells}{result.many[what, 'all']:8}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
