"""The report of what was counted as one HTML file: no script, nothing from elsewhere, made to print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from bot.figures.charts import drawn
from bot.figures.sections import Cell, Report, Section, Table
from bot.figures.sums import Share

SHORT, LONG = 10, 30
"""Signs up to which a cell stays on one line, and from which on it needs room."""


def page(report: Report) -> str:
    """The whole file."""
    template = (Path(__file__).parent / "report.html").read_text("utf-8")
    values = {
        "lang": escape(report.lang),
        "title": escape(report.title),
        "notes": _notes(report.notes),
        "sections": "\n".join(_section(report, section) for section in report.sections),
    }
    for name, value in values.items():
        template = template.replace(f"<!--{name}-->", value)
    return template


def _notes(notes: Iterable[str]) -> str:
    return "\n".join(f"<p>{escape(note)}</p>" for note in notes)


def _section(report: Report, section: Section) -> str:
    total = "" if section.total is None else f" <b>{report.number(section.total)}</b>"
    return "\n".join([
        f'<section id="{section.id}">',
        f"<h2>{escape(section.title)}{total}</h2>",
        _notes(section.notes),
        *_tables(report, section),
        "</section>",
    ])  # fmt: skip


def _tables(report: Report, section: Section) -> Iterator[str]:
    for place, table in enumerate(section.tables):
        if table.title:
            yield f"<h3>{escape(table.title)}</h3>"
        chart = drawn(table, f"{section.id}-{place}", table.title or section.title, report.number)
        figure = f"<figure>{chart}</figure>\n" if chart else ""
        rows = f'<div class="wide"><table>{_table(report, table)}</table></div>'
        yield f'<div class="pair">{figure}{rows}</div>'


def _table(report: Report, table: Table) -> str:
    classes = map(_class, table.rows[0])
    heads = "".join(f"<th{each}>{escape(head)}</th>" for head, each in zip(table.heads, classes, strict=True))
    rows = "".join(f"<tr>{_row(report, row)}</tr>\n" for row in table.rows)
    return f"<thead><tr>{heads}</tr></thead>\n<tbody>{rows}</tbody>"


def _row(report: Report, row: Iterable[Cell]) -> str:
    return "".join(f"<td{_class(cell)}>{escape(report.written(cell))}</td>" for cell in row)


def _class(cell: Cell) -> str:
    """Numbers stand on the right, a cell of many words has room, and a month stays on one line."""
    if isinstance(cell, int | Share):
        return ' class="n"'
    long = len(cell or "")
    return ' class="long"' if long > LONG else ' class="short"' if long <= SHORT else ""
