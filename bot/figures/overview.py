"""The report of what was counted for a terminal, and for a program."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from bot.figures.sections import Cell, Report, Section, Table
from bot.figures.sums import Share

MOST_ROWS = 5
"""Rows of a table in the terminal; the HTML report has all."""


def text(report: Report) -> str:
    """A short overview: the first table of each section, and of that the rows that say most."""
    return "\n".join(_lines(report))


def _lines(report: Report) -> Iterator[str]:
    yield report.title
    yield from report.notes
    for section in report.sections:
        yield ""
        yield section.title if section.total is None else f"{section.title}: {report.number(section.total)}"
        yield from _section(report, section)


def _section(report: Report, section: Section) -> Iterator[str]:
    if not section.tables:
        yield from (f"  {note}" for note in section.notes)
        return
    table = section.tables[0]
    width = table.narrow or len(table.heads)
    yield f"  {' | '.join(table.heads[:width])}"
    rows = table.alike[-MOST_ROWS:] if table.latest else table.alike[:MOST_ROWS]
    left = len(table.alike) - len(rows)
    yield from (f"  {_row(report, row[:width])}" for row in rows)
    if left:
        yield f"  {report.say('more', n=left)}"
    yield from (f"  {_row(report, row[:width])}" for row in table.rows[len(table.alike) :])


def _row(report: Report, row: Iterable[Cell]) -> str:
    return " | ".join(report.written(cell) or "-" for cell in row)


def as_json(report: Report) -> str:
    """All of it, numbers as numbers; a share as {right, of, low, high}, the latter two in percent."""
    told = {
        "title": report.title,
        "from": str(report.first) if report.first else None,
        "to": str(report.last) if report.last else None,
        "campaign": report.campaign or None,
        "notes": report.notes,
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "notes": section.notes,
                "total": section.total,
                "tables": [_table(table) for table in section.tables],
            }
            for section in report.sections
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def _table(table: Table) -> dict[str, Any]:
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    return {"title": table.title, "heads": table.heads, "rows": rows}


def _cell(cell: Cell) -> Any:
    if not isinstance(cell, Share):
        return cell
    low, high = cell.interval
    return {"right": cell.right, "of": cell.of, "low": round(low, 1), "high": round(high, 1)}
