"""What was counted as open data: tables for anybody, without small numbers.

    tables(book, cells, k, since, until) -> name of a table -> its rows
    write(book, made, k, folder)            the tables as CSV and JSON, and a description of them

A number below `k` could be one family, so it is not told, and must not follow from what is told. The rule:

- Each month stands alone, and is told when it is over. No sum goes over months, so that two folders of
  different months give nothing away between them.
- A sum of at least k is split into its parts: a month into branches, a branch that is told into its pages.
  Parts below k go together into the row (other). Where that row would still tell too much of them, those a
  quarter above k go there too, and so on in steps (`split`).
- The row is enough when its sum could be made up, from as many parts, of ones and of numbers that only the
  last step took in. Each of its parts could then be a 1, and each could be k-1 or more; and had it been so,
  the same steps would have led to the same rows. To know k, the rule, and which parts are zero helps nobody.
  Where no part is left to tell, the row is the sum itself, and how many parts it has is not told either.
- A month is split by branch and by channel, with the same sum. As the sum is told, neither narrows the other.
- What people did on one page (signs, quiz, numbers that did not answer) is never more than its taps, and
  would tell something of a page in (other). So it is told where its page is told and has room for it, and
  for k-1 more. Each stands alone, without a sum. Danger likewise, with the branches of help numbers.
- Each quiz asks equally many questions, so answers to one could follow from those to the others. Right and
  wrong answers to a question are told where both are at least k: else either could be the few.

What was held back are the rows (other): how many parts, and their sum. Both are told; the rule reckons with
that. Publishing a month twice, with another k or with counts that came later, tells the difference.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.book import DANGER_BRANCHES, Book
from bot.problems import BadSetting, KhuaError
from bot.tally.names import Cell, strange

SMALLEST = 3
"""The smallest k: with 2 a row (other) of two parts would tell both."""

OTHER, NONE, TWO = "(other)", "(none)", "(two)"
"""No names of the book: parts that are told together; no campaign or idea; two languages at once."""

UNTOLD = ""
"""The number of parts where it is not told: a missing value."""

TAPS = "Counts are taps and messages, not people: one person who taps ten times is ten."
FOLDED = f"Small numbers stand together in the row {OTHER}; what is zero has no row."
ALONE = "What has no row was below k, or zero, or would tell something of a small number. There is no sum."

Name = str | tuple[str, ...]
Row = tuple[str | int, ...]
"""The values of a row, in the order of the table's columns."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what it is called and tells, and its columns between month and n, with what stands in them.

    folded   whether small numbers stand together in a row, with which the table has the whole sum
    """

    name: str
    title: str
    about: str
    columns: Mapping[str, str]
    folded: bool = True

    @property
    def all_columns(self) -> dict[str, str]:
        """All columns, in order, with what stands in them."""
        parts = (
            f"how many parts the row tells: 1, or those that stand together as {OTHER}; missing where all do"
        )
        return {
            "month": "month, by the bot's time zone",
            **self.columns,
            **({"parts": parts} if self.folded else {}),
            "n": "how often: taps and messages, not people",
        }

    @property
    def key(self) -> list[str]:
        """The columns of which no two rows have the same values."""
        return ["month", *self.columns]


ASKED = "Pages opened and questions answered."

TABLES = (
    Table("asked-by-branch", "What was asked, by branch", ASKED,
          {"branch": f"branch of the book, or {OTHER}"}),
    Table("asked-by-page", "What was asked, by page", f"{ASKED} In the branches that are told.",
          {"branch": "branch of the book", "page": f"page of the book, or {OTHER}"}),
    Table("asked-by-channel", "What was asked, by channel and language", ASKED,
          {"channel": f"telegram, browser, terminal, presenter, or {OTHER}",
           "language": f"language of the screen, {TWO} for two at once, or {OTHER}"}),
    Table("starts", "Conversations begun, by campaign", "Somebody began, by a link or without one.",
          {"campaign": f"campaign of the link, {NONE}, or {OTHER}"}),
    Table("unanswered", "Questions not understood", "By the ideas of the book that were in them.",
          {"ideas": f"at most three ideas joined by +, {NONE}, or {OTHER}"}),
    Table("danger", "Messages that sounded like danger", "Help numbers came first.", {}, folded=False),
    Table("signs", "Signs found by the offer check", "Offers checked to the end; one may have several signs.",
          {"sign": "page and sign; none: no sign was found"}, folded=False),
    Table("quiz", "Answers in the quiz",
          "Questions with at least k right and k wrong answers. Those before and after a visit are answers, "
          "not the same people.",
          {"question": "question of the quiz", "mode": f"of the campaign: plain, before, after; or {NONE}",
           "answer": "right or wrong"}, folded=False),
    Table("no-answer", "Numbers that did not answer", "Somebody said that a telephone number did not answer.",
          {"number": "the number's name among the facts"}, folded=False),
)  # fmt: skip


# ------------------------------------------------------------------ the rule


def split(counts: Mapping[Any, int], k: int) -> tuple[dict[Any, int], Row]:
    """What is told of a sum that is told: parts with their numbers; how many others there are, and their sum.

    The second is () where there are no others, and their number UNTOLD where nothing else is told.

    counts   parts that are not zero, of at least `k` together      k   at least SMALLEST
    """
    before, edge = 1, k
    while True:
        rest = [n for n in counts.values() if n < edge]
        # Were all of them ones, this would be over; to take it, so many would have to be as large as can be.
        over = sum(rest) - len(rest)
        large = -(-over // (edge - 2))
        if not rest:
            return dict(counts), ()
        if len(rest) == len(counts):
            return {}, (UNTOLD, sum(rest))
        if large < len(rest) and over >= max(k - 2, large * (before - 1)):
            return {name: n for name, n in counts.items() if n >= edge}, (len(rest), sum(rest))
        before, edge = edge, edge + max(1, edge // 4)


def _whole(counts: Mapping[Any, int], k: int) -> tuple[dict[Any, int], Row]:
    """The same for a sum that is told where it is at least `k`: else nothing is."""
    return split(counts, k) if sum(counts.values()) >= k else ({}, ())


def tables(
    book: Book, cells: Mapping[Cell, int], k: int, since: date | None = None, until: date | None = None
) -> dict[str, list[Row]]:
    """The rows of all TABLES, of the months wholly between `since` and `until` and before the book's day.

    Names that the book does not have are left out. Raises BadSetting where `k` is too small.
    """
    if k < SMALLEST:
        raise BadSetting(f"--k {k} hides nothing; it is at least {SMALLEST}, and 10 is usual")
    months: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    for at, n in cells.items():
        months[at.day[:7]][at.channel, at.lang, at.kind, at.key, at.campaign] += n
    made: dict[str, list[Row]] = {table.name: [] for table in TABLES}
    end = until + timedelta(days=1) if until and until < book.day else book.day
    for month, counts in sorted(months.items()):
        if (since is None or since.isoformat() <= f"{month}-01") and month < end.isoformat()[:7]:
            there = {Cell(month, *values): n for values, n in counts.items()}
            left_out = strange(book, there)
            for name, row in _month(book, {at: n for at, n in there.items() if at not in left_out}, k):
                made[name].append((month, *row))
    return made


def _month(book: Book, counts: Mapping[Cell, int], k: int) -> Iterator[tuple[str, Row]]:
    """Names of tables, each with a row but for its month."""
    pages, channels, starts, unanswered = (Counter[Any]() for _ in range(4))
    parts: defaultdict[str, Counter[tuple[str, ...]]] = defaultdict(Counter)
    danger = 0
    for at, n in counts.items():
        if at.kind in ("screen", "answered"):
            pages[at.key] += n
            channels[at.channel, at.lang or TWO] += n
        elif at.kind == "start":
            starts[at.campaign or NONE] += n
        elif at.kind == "unanswered":
            unanswered[at.key or NONE] += n
        elif at.kind == "danger":
            danger += n
        elif part := _part(book, at):
            parts[part[0]][part[1:]] += n
    of_branch: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for page, n in pages.items():
        of_branch[_branch(page)][page] = n
    branches, others = _whole({branch: sum(each.values()) for branch, each in of_branch.items()}, k)
    yield from _rows("asked-by-branch", branches, others)
    told: dict[str, int] = {}
    for branch in sorted(branches):
        listed, others = split(of_branch[branch], k)
        told |= listed
        yield from _rows("asked-by-page", listed, others, (branch,))
    yield from _rows("asked-by-channel", *_whole(channels, k), width=2)
    yield from _rows("starts", *_whole(starts, k))
    yield from _rows("unanswered", *_whole(unanswered, k))
    if k <= danger <= sum(branches.get(branch, 0) for branch in DANGER_BRANCHES):
        yield "danger", (danger,)
    yield from sorted(_parts(book, parts, told, k))


def _rows(
    table: str, listed: Mapping[Any, int], others: Row, before: Row = (), width: int = 1
) -> Iterator[tuple[str, Row]]:
    """Rows of parts in the order of their names, then that of the others."""
    for name, n in sorted(listed.items()):
        yield table, (*before, *(name if isinstance(name, tuple) else (name,)), 1, n)
    if others:
        yield table, (*before, *(OTHER,) * width, *others)


def _branch(page: str) -> str:
    return page.split(".")[0]


# ------------------------------------------------------------------ what people did on a page


def _part(book: Book, at: Cell) -> tuple[str, ...]:
    """The table of what people did on a page, and its key there; () for what is not published."""
    page = at.key.partition("/")[0]
    if at.kind == "result" and book.pages[page].kind == "check":
        return "signs", at.key
    if at.kind == "quiz":
        question, _, answer = at.key.rpartition("-")
        campaign = book.campaigns.get(at.campaign)
        return "quiz", question, campaign.mode if campaign else NONE, answer
    return ("no-answer", at.key) if at.kind == "no_answer" else ()


_OPPOSITE = {"right": "wrong", "wrong": "right"}


def _parts(
    book: Book, parts: Mapping[str, Mapping[tuple[str, ...], int]], told: Mapping[str, int], k: int
) -> Iterator[tuple[str, Row]]:
    """Rows of at least `k` of each page that is told, where it has room for all of them and k-1 more."""
    on: defaultdict[str, list[tuple[str, Row]]] = defaultdict(list)
    for table, counts in parts.items():
        for key, n in counts.items():
            least = min(n, counts.get((*key[:-1], _OPPOSITE[key[-1]]), 0)) if table == "quiz" else n
            page = max(
                _pages(book, table, key[0]) & told.keys(), key=lambda each: (told[each], each), default=""
            )
            if page and least >= k:
                on[page].append((table, (*key, n)))
    for page, rows in on.items():
        if sum(int(row[-1]) for _, row in rows) + k - 1 <= told[page]:
            yield from rows


def _pages(book: Book, table: str, name: str) -> set[str]:
    """The pages on which a sign, a question or a number can be counted."""
    if table == "signs":
        return {name.partition("/")[0]}
    if table == "quiz":
        return {page.id for page in book.pages.values() if page.kind == "quiz"}
    return {page.id for page in book.pages.values() if name in page.facts}


# ------------------------------------------------------------------ files


def write(book: Book, made: Mapping[str, list[Row]], k: int, folder: Path) -> list[Path]:
    """Writes each table as CSV, all as JSON, and datapackage.json into the folder. Returns what it wrote.

    Raises KhuaError where it cannot.
    """
    files = {f"{table.name}.csv": _csv(table, made[table.name]) for table in TABLES}
    files["statistics.json"] = _json({table.name: _told(table, made[table.name]) for table in TABLES})
    files["datapackage.json"] = _json(_package(book, made, k))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            (folder / name).write_text(text, "utf-8", newline="")
    except OSError as error:
        raise KhuaError(f"{folder} cannot be written: {error.strerror or 'no access'}") from None
    return [folder / name for name in files]


def held_back(rows: Iterable[Row]) -> tuple[int, int]:
    """Of a table with rows (other): how many parts stand in them, as far as that is told, and their sum."""
    folded = [(int(row[-2] or 0), int(row[-1])) for row in rows if OTHER in row]
    return sum(many for many, _ in folded), sum(n for _, n in folded)


def summary(made: Mapping[str, list[Row]]) -> Iterator[str]:
    """Lines that say what was published and what was held back; they tell no more than the tables."""
    months = sorted({str(row[0]) for rows in made.values() for row in rows})
    if not months:
        yield "no month that is over has enough counts to be told: the tables are empty"
        return
    yield f"months that are told: {', '.join(months)}; those that are not over are left out"
    for table in TABLES:
        rows = made[table.name]
        many, n = sum(OTHER in row for row in rows), held_back(rows)[1]
        held = f"; held back: {n} in {many} row{'s' if many > 1 else ''} {OTHER}" if many else ""
        yield f"{table.name}: rows {len(rows)}{held}"


def _csv(table: Table, rows: Iterable[Row]) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([tuple(table.all_columns), *rows])
    return file.getvalue()


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _about(table: Table) -> str:
    return f"{table.about} {TAPS} {FOLDED if table.folded else ALONE}"


def _told(table: Table, rows: Iterable[Row]) -> dict[str, Any]:
    return {"about": _about(table), "rows": [dict(zip(table.all_columns, row, strict=True)) for row in rows]}


def _package(book: Book, made: Mapping[str, list[Row]], k: int) -> dict[str, Any]:
    """A Data Package, version 1: https://specs.frictionlessdata.io/data-package/"""
    who = book.organisation.name or "Khua"
    return {
        "profile": "data-package",
        "name": "khua-statistics",
        "title": f"{who}: what a chatbot about safe work abroad was asked",
        "description": f"{TAPS} Each month stands alone. Numbers below {k} are not told.",
        "k": k,
        "sources": [{"title": who}],
        "resources": [
            *(_resource(table, made[table.name]) for table in TABLES),
            {
                "profile": "data-resource", "name": "statistics", "path": "statistics.json",
                "title": "All tables", "description": TAPS, "format": "json",
                "mediatype": "application/json", "encoding": "utf-8",
            },
        ],
    }  # fmt: skip


def _resource(table: Table, rows: list[Row]) -> dict[str, Any]:
    parts, n = held_back(rows)
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "title": table.title,
        "description": _about(table),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **({"heldBack": {"parts": parts, "n": n}} if table.folded else {}),
        "schema": {
            "fields": [_field(name, what) for name, what in table.all_columns.items()],
            "primaryKey": table.key,
        },
    }


def _field(name: str, what: str) -> dict[str, Any]:
    kind = {"month": "yearmonth", "parts": "integer", "n": "integer"}.get(name, "string")
    limits = {"required": name != "parts", **({"minimum": 1} if kind == "integer" else {})}
    return {"name": name, "type": kind, "description": what, "constraints": limits}
