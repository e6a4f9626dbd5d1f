"""How fast people's own words are understood, and how much room that takes: `python -m bench.understand`.

Beside each time stands a yardstick that is measured in the same rounds: to read a fixed JSON text; and the
same questions asked of a book of ten times the pages. Only such ratios compare between two machines or days.
Writes its part of results.md, behind what bench.run wrote there. Nothing here is asserted in a test.
"""

from __future__ import annotations

import argparse
import gzip
import json
import pickle
import random
import statistics
import sys
import tempfile
import time
import tracemalloc
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from bench.questions import ROOT, sets
from bot import cache
from bot.book import Book, Index
from bot.compiler import compile_book, words
from bot.compiler.compile import uncollected
from bot.compiler.learning import Lessons, learn
from bot.shelf import read_files
from bot.talk.twin import packed
from bot.talk.understand import understand
from bot.writing import syllables

HEADING = "# Understanding"
ROUNDS = 5
TIMES = 10
LONG = 4096
RARE = 0.1
"""A word that stands on fewer of the pages is a rare one."""

YARDSTICK = json.dumps([{"number": n, "text": f"ຂໍ້ {n}: ຖາມຕໍ່", "of": [n, n / 7, None]} for n in range(100)])


def lessons_of(book: Callable[[], Book]) -> tuple[Book, Lessons]:
    """A book, and what its index was learned from."""
    given: list[Lessons] = []

    def listen(lessons: Lessons) -> Index:
        given.append(lessons)
        return learn(lessons)

    words.learn = listen
    made = book()
    words.learn = learn
    return made, given[0]


# ------------------------------------------------------------------ a book of ten times the pages


def grown(lessons: Lessons, times: int) -> Lessons:
    """`times` as many pages with as many questions: words go on being as frequent as they are, and each new
    page has rare words of its own in the place of those that are rare already."""
    chance = random.Random(1)
    asks = [(lang, page, _words(text)) for lang, page, text in lessons.asks]
    pages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for lang, page, said in asks:
        for word in said:
            pages[lang, word].add(page)
    rare = {key for key, those in pages.items() if len(those) < RARE * len(lessons.pages)}
    more = list(lessons.asks)
    for number in range(1, times):
        own: dict[tuple[str, str, str], str] = {}
        for lang, page, said in asks:
            new = [
                own.setdefault((lang, page, word), _new_word(word, chance)) if (lang, word) in rare else word
                for word in said
            ]
            more.append((lang, f"{page}.{number}", "".join(new)))
    names = tuple(dict.fromkeys([*lessons.pages, *(page for _, page, _ in more)]))
    return replace(lessons, pages=names, asks=tuple(more))


def _words(text: str) -> list[str]:
    """The words of a text, of Lao its syllables; joined they give the text."""
    return [part for each in syllables(text) for part in (each.rstrip(), each[len(each.rstrip()) :]) if part]


def _new_word(word: str, chance: random.Random) -> str:
    """A word that looks like Lao, or like one in Latin letters; of each, two syllables."""
    if any("ກ" <= sign <= "ໝ" for sign in word):
        return "".join(
            chance.choice("ກຂຄງຈສຊຍດຕຖທນບປພຟມລວຫອຮ") + chance.choice("າີູັິຸື") + chance.choice("ກງຍດນບມວ")
            for _ in range(2)
        )
    return "".join(
        chance.choice("bdfghklmnprstvw") + chance.choice("aeiou") + chance.choice("bdgklmnprst")
        for _ in range(2)
    )


# ------------------------------------------------------------------ measuring


def each_us(work: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    """Microseconds of CPU that the work takes for each text: others on the machine do not count."""
    found = []
    for text in texts:
        began = time.process_time_ns()
        work(text)
        found.append((time.process_time_ns() - began) / 1000)
    return found


def took_ms(work: Callable[[], object], times: int = 5) -> float:
    """Milliseconds of the work: of some tries the median."""
    return statistics.median(each_us(lambda _: work(), [""] * times)) / 1000


def memory_mb(index: Index) -> float:
    """MB (of 2**20 bytes) of an index as it is loaded."""
    kept = pickle.dumps(index)
    tracemalloc.start()
    loaded = pickle.loads(kept)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del loaded
    return held / 2**20


def load_ms(book: Book) -> float:
    """Milliseconds of loading a kept book."""
    with tempfile.TemporaryDirectory() as folder:
        cache.save(Path(folder), "key", book)
        return took_ms(lambda: cache.load(Path(folder), "key"))


def speed(index: Index, large: Index, texts: Sequence[str], rounds: int) -> Iterator[str]:
    """Times and ratios as lines of Markdown."""
    long = "ຂ້ອຍຖືກຍຶດພາສປອດ. ".join(texts)[:LONG]
    kinds: dict[str, tuple[Callable[[str], object], Sequence[str]]] = {
        f"reading {len(YARDSTICK.encode()) / 1000:.0f} KB of JSON": (json.loads, [YARDSTICK] * 200),
        "a question": (lambda text: understand(index, text), texts),
        f"a question, of {TIMES} times the pages": (lambda text: understand(large, text), texts),
        f"a text of {LONG:,} characters": (lambda text: understand(index, text), [long] * 20),
    }
    taken: dict[str, list[float]] = {name: [] for name in kinds}
    ratios: dict[str, list[float]] = {name: [] for name in kinds}
    for number in range(rounds):
        for name, (work, those) in kinds.items():
            times = each_us(work, those)
            taken[name] += times
            ratios[name].append(statistics.median(times))
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    yardstick, question = list(ratios.values())[:2]
    yield "| | median µs | 99 of 100 below, µs | times the JSON (range) | times a question |"
    yield "|---|---:|---:|---:|---:|"
    for name, times in taken.items():
        to_json = sorted(one / other for one, other in zip(ratios[name], yardstick, strict=True))
        to_question = statistics.median(
            one / other for one, other in zip(ratios[name], question, strict=True)
        )
        most = statistics.quantiles(times, n=100)[98]
        json_ratio = f"{statistics.median(to_json):.1f} ({to_json[0]:.1f} to {to_json[-1]:.1f})"
        yield f"| {name} | {statistics.median(times):,.0f} | {most:,.0f} | {json_ratio} | {to_question:.2f} |"


def room(book: Book, lessons: Lessons) -> Iterator[str]:
    """What the index takes, as lines of Markdown."""
    index, kept = book.index, pickle.dumps(book.index)
    text = packed(index).encode()
    yield "| | |"
    yield "|---|---:|"
    yield f"| pages, questions learned from | {len(index.pages)}, {len(lessons.asks):,} |"
    yield f"| index for a browser, KB | {len(text) / 1000:.0f} |"
    yield f"| the same, gzipped, KB | {len(gzip.compress(text, 9, mtime=0)) / 1000:.1f} |"
    yield f"| index in memory, MB | {memory_mb(index):.1f} |"
    yield f"| learning it, ms | {took_ms(uncollected()(lambda: learn.__wrapped__(lessons)), 3):,.0f} |"
    yield f"| loading it, ms | {took_ms(lambda: pickle.loads(kept)):,.0f} |"
    yield f"| loading the whole kept book, ms | {load_ms(book):,.0f} |"


def bench(rounds: int) -> list[str]:
    """Everything, as lines of Markdown."""
    files = read_files(ROOT / "content")
    book, lessons = lessons_of(lambda: compile_book(files, date.today()))
    print(f"learning {TIMES} times the pages …", file=sys.stderr, flush=True)
    large = learn.__wrapped__(grown(lessons, TIMES))
    texts = [row.text for rows in sets().values() for row in rows]
    what = (
        f"{len(texts):,} questions of tests/questions, {rounds} rounds, CPU time. The larger book has "
        f"{len(large.pages)} pages: common words are as common there, rare ones are each page's own."
    )
    return [HEADING, "", what, "", *speed(book.index, large, texts, rounds), "", *room(book, lessons), ""]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.understand", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"how many times all is measured ({ROUNDS})"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "bench" / "results.md", help="where to write")
    options = parser.parse_args()
    text = "\n".join(bench(options.rounds))
    before = options.out.read_text("utf-8").split(HEADING)[0].rstrip() if options.out.exists() else ""
    options.out.write_text(f"{before}\n\n{text}".lstrip(), "utf-8")
    print(text)


if __name__ == "__main__":
    main()
