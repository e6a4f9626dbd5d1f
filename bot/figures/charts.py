"""Charts as SVG inside a page: drawn by pygal, without script, without a font or a style from elsewhere.

pygal is small, is Python alone, and leaves words as words, so that the browser itself shapes Lao.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pygal  # type: ignore[import-untyped]
from pygal.style import Style  # type: ignore[import-untyped]

from bot.figures.sections import Cell, Chart, Table
from bot.figures.sums import Share
from bot.writing import cut

WIDTH = 400
"""Units across a chart: on a phone of 360 pixels its words are still large enough to read."""

BAR = 14
"""Units for a bar that lies; between rows of bars there is some room."""

LABEL = 28
"""Columns of a label beside a bar that lies; the table has the whole name."""

COLOURS = ("#0e5a63", "#d08a1d", "#8a8f98", "#7b3f61")

SVG = "http://www.w3.org/2000/svg"
_FOR_SCRIPTS = {f"{{{SVG}}}{tag}" for tag in ("script", "desc", "title")}

_STYLE = Style(
    background="transparent", plot_background="transparent", colors=COLOURS, font_family="inherit",
    foreground="#1d2b2c", foreground_strong="#1d2b2c", foreground_subtle="#4c5a5a", opacity=".95",
    label_font_size=13, major_label_font_size=13, legend_font_size=13,
    guide_stroke_color="#e0d8c8", major_guide_stroke_color="#c9c0ae", ci_color="#1d2b2c",
)  # fmt: skip


FEW = 5
"""Below it each whole number stands on the axis."""


def drawn(table: Table, id: str, title: str, number: Callable[[int], str]) -> str:
    """The chart of a table as an SVG element with the given id; "" where there is hardly anything to draw."""
    chart = table.chart
    if chart is None or len(table.alike) < 2:
        return ""
    rows = table.alike[: chart.most or len(table.alike)]
    made = _graph(chart, len(rows))
    made.uuid = id
    made.value_formatter = lambda value: number(round(value))
    made.x_labels = [cut(str(row[0]), LABEL) for row in rows]
    # From top to bottom, as the table has them: bars that lie are drawn from the bottom.
    if _lies(chart):
        rows = rows[::-1]
        made.x_labels = made.x_labels[::-1]
    else:
        made.x_labels_major_every = max(1, -(-len(rows) // 4))
        made.show_minor_x_labels = False
    most = max((cell for row in rows for cell in row if isinstance(cell, int)), default=0)
    if most < FEW:  # else the axis would have halves, written as whole numbers
        made.y_labels = list(range(most + 1))
    for column in chart.of:
        made.add(table.heads[column], [_value(row[column]) for row in rows])
    return _inline(made.render(), title)


def _lies(chart: Chart) -> bool:
    return chart.kind in ("bars", "stacked")


def _graph(chart: Chart, rows: int) -> pygal.Graph:
    many = len(chart.of)
    beside = many if chart.kind == "bars" else 1
    height = 70 + rows * (10 + BAR * beside) if _lies(chart) else 240
    kinds = {
        "bars": pygal.HorizontalBar, "stacked": pygal.HorizontalStackedBar, "columns": pygal.Bar,
        "lines": pygal.Line,
    }  # fmt: skip
    return kinds[chart.kind](
        width=WIDTH, height=height + (25 if many > 1 else 0), style=_STYLE, js=(), margin=6, spacing=8,
        show_legend=many > 1, legend_at_bottom=True, legend_at_bottom_columns=many, legend_box_size=12,
        truncate_legend=-1, truncate_label=-1, show_dots=False, include_x_axis=True, min_scale=3, max_scale=5,
    )  # fmt: skip


def _value(cell: Cell) -> object:
    if isinstance(cell, Share):
        low, high = cell.interval
        return {"value": cell.percent, "ci": {"low": low, "high": high}}
    return cell


def _inline(drawing: bytes, title: str) -> str:
    """The drawing as it may stand in a page: without script, and without what a script would need."""
    tree = ElementTree.fromstring(drawing)
    for above in list(tree.iter()):
        for below in list(above):
            below.attrib.pop("id", None)
            if below.tag in _FOR_SCRIPTS:
                above.remove(below)
    tree.set("role", "img")
    tree.set("aria-label", title)
    ElementTree.register_namespace("", SVG)
    return ElementTree.tostring(tree, encoding="unicode")
