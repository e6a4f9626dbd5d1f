"""Help numbers of which people said that they did not answer: somebody should call them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.book import Book, Fact
from bot.compiler import source
from bot.compiler.source import Report
from bot.problems import Problem
from bot.tally.names import Cell

TASK = "launch-no-answer"


def silent(book: Book, cells: Mapping[Cell, int]) -> dict[str, dict[str, int]]:
    """Fact -> month -> how often, the most often first; months up to that of a call that was answered since
    are left out."""
    found: dict[str, dict[str, int]] = {}
    for at, n in sorted(cells.items()):
        fact = book.facts.get(at.key) if at.kind == "no_answer" else None
        if fact is not None and at.day > _answered(fact):
            months = found.setdefault(fact.id, {})
            months[at.day] = months.get(at.day, 0) + n
    return dict(sorted(found.items(), key=lambda each: -sum(each[1].values())))


def _answered(fact: Fact) -> str:
    """The month of the last test call, where the right office answered it; else "", before all months."""
    return fact.last_call[:7] if fact.last_call != "never" and fact.state != "failed" else ""


def tasks(book: Book, cells: Mapping[Cell, int], files: Mapping[str, str]) -> Iterator[Problem]:
    """An open task for each such number, at its place in `files`, the content folder."""
    nodes = [source.read(path, text, Report()) for path, text in files.items() if path.startswith("facts/")]
    places = {id: node.key(id) for node in nodes if node is not None for id in node.map}
    for id, months in silent(book, cells).items():
        at = places[id]
        said = f"people said {sum(months.values())} times since {next(iter(months))} that {id} did not answer"
        cure = "call it and write down how it went: khua facts verify"
        yield Problem(at.file, at.line, at.column, TASK, said, cure, "task")
