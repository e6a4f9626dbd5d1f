"""How the facts of a book stand: counts, the facts of every page, and the pages of every fact."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator

from bot.book import Fact
from bot.desk.folder import Folder

STATES = ("verified", "unverified", "late", "failed")


def text(folder: Folder) -> str:
    """The report for a terminal, one line a page and one line a fact."""
    return "\n".join(_lines(folder))


def _lines(folder: Folder) -> Iterator[str]:
    facts, told = folder.book.facts, folder.told()
    pages = _pages(told)
    yield f"{len(facts)} facts on {folder.today}, on {len(told)} of {len(folder.book.pages)} pages"
    yield _counted("kind", Counter(fact.kind for fact in facts.values()))
    yield _counted("grade", Counter(_grade(fact) for fact in facts.values()))
    yield _counted("state", Counter(fact.state for fact in facts.values()), STATES)
    yield _named("disputed", (fact.id for fact in facts.values() if fact.disputed))
    yield _named("past their time", (fact.id for fact in facts.values() if fact.ended))
    yield _named("on no page", (id for id in facts if id not in pages))
    yield ""
    yield "The facts of every page:"
    for page, ids in told.items():
        yield f"  {page}: {', '.join(ids)}"
    yield ""
    yield "The pages of every fact:"
    for fact in facts.values():
        said = [fact.kind, _grade(fact), fact.state]
        said += ["disputed"] * fact.disputed + ["past its time"] * fact.ended
        yield f"  {fact.id} ({', '.join(said)}): {', '.join(pages.get(fact.id, ['no page']))}"


def _counted(what: str, counts: Counter[str], order: Iterable[str] = ()) -> str:
    names = order or sorted(counts)
    return f"  {what}: {', '.join(f'{name} {counts[name]}' for name in names)}"


def _named(what: str, ids: Iterable[str]) -> str:
    found = list(ids)
    return f"  {what}: {len(found)}{' (' + ', '.join(found) + ')' if found else ''}"


def _grade(fact: Fact) -> str:
    """The weakest grade of what is told now."""
    return max(value.grade for value in fact.now)


def _pages(told: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for page, ids in told.items():
        for id in ids:
            found.setdefault(id, []).append(page)
    return found


def table(folder: Folder) -> bytes:
    """The same for a spreadsheet, one row a fact. The BOM tells spreadsheets that it is UTF-8."""
    file = io.StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow([
        "id", "kind", "value", "unit", "grade", "state", "disputed", "past its time", "source", "year",
        "pages",
    ])  # fmt: skip
    pages = _pages(folder.told())
    for fact in folder.book.facts.values():
        values = ["–".join(filter(None, (value.value, value.to))) for value in fact.now]
        rows.writerow([
            fact.id, fact.kind, _joined(values), fact.unit, _grade(fact), fact.state,
            "yes" if fact.disputed else "no", "yes" if fact.ended else "no",
            _joined(value.source for value in fact.now), _joined(value.year for value in fact.now),
            " ".join(pages.get(fact.id, ())),
        ])  # fmt: skip
    return file.getvalue().encode("utf-8-sig")


def _joined(texts: Iterable[str]) -> str:
    return " / ".join(dict.fromkeys(texts))
