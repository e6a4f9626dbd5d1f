"""The sheet of telephone numbers: a CSV file for somebody with a phone and a spreadsheet, out and in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.address import LANGUAGE
from bot.book import Book, Fact
from bot.desk.folder import Folder, read
from bot.desk.verify import Confirmation, Unfit, day, known, role, verify
from bot.problems import BadSheet, KhuaError, Problem

ASKED = {
    "hours": ("always", "office", "unknown"),
    "cost from a Lao SIM": ("free", "normal", "impossible", "unknown"),
    "cost from a Thai SIM": ("free", "normal", "impossible", "unknown"),
}
"""Columns with a choice of words. The content has the same words: the compiler would refuse others."""
_SIMS = {"cost from a Lao SIM": "LA", "cost from a Thai SIM": "TH"}
_READ = ("id", "number", *ASKED, "languages", "on", "answered?", "by", "remark")
"""Columns that are read when the sheet comes back; the others are for people."""
_SAVE = 'in the spreadsheet, save it as "CSV UTF-8"'


# ------------------------------------------------------------------ out


def sheet(book: Book) -> bytes:
    """The sheet with all telephone numbers of the book. The BOM tells spreadsheets that it is UTF-8."""
    file = io.StringIO(newline="")
    rows = csv.writer(file)
    rows.writerow([
        "id", "number", "country", *(f"name ({lang})" for lang in book.languages), "what to ask", "hours",
        "languages", *_SIMS, "on", "answered?", "by", "remark",
    ])  # fmt: skip
    for fact in book.facts.values():
        if fact.kind == "phone":
            names = [_name(fact, lang) for lang in book.languages]
            costs = [fact.cost.get(country, "unknown") for country in _SIMS.values()]
            rows.writerow([
                fact.id, " / ".join(_numbers(fact)), fact.country, *names, _ask(fact), fact.hours,
                _spoken(fact), *costs, "", "", "", "",
            ])  # fmt: skip
    return file.getvalue().encode("utf-8-sig")


def _name(fact: Fact, lang: str) -> str:
    """What the number is called: the first run of its line in the list of sources."""
    line = fact.lines.get(lang, ())
    return line[0].text.strip().removesuffix(":") if line else ""


def _numbers(fact: Fact) -> list[str]:
    return list(dict.fromkeys(value.value for value in fact.now))


def _spoken(fact: Fact) -> str:
    return " ".join(fact.languages) or "unknown"


def _ask(fact: Fact) -> str:
    many = len(_numbers(fact)) > 1
    two = "Sources disagree about the number: call each, and write into the remark which one is right. "
    return (
        "Say first: this is a test, nobody is in danger. "
        f"{two if many else ''}Is it this office (answered? yes or no)? "
        "Always open, or in office hours? (always, office, unknown) "
        "Which languages? (codes: lo th en) What does the call cost? (free, normal, impossible, unknown) "
        "on: the day as 2027-01-31. by: your role, such as field officer, not your name."
    )


# ------------------------------------------------------------------ in


def take_in(folder: Folder, path: Path) -> tuple[str, ...]:
    """Notes all filled rows in the files of the facts (folder.save() writes them). Returns a line for each.

    Raises BadSheet with all that is wrong, and then nothing may be saved.
    """
    problems: list[Problem] = []
    lines: list[str] = []
    seen: dict[str, int] = {}
    for number, row in _rows(path):
        try:
            lines += _row(folder, row, seen, number)
        except Unfit as wrong:
            problems.append(Problem(str(path), number, 1, "sheet-row", str(wrong)))
    if problems:
        raise BadSheet(str(path), problems)
    return tuple(lines)


def _rows(path: Path) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The rows that are not empty, each with its line; a spreadsheet may have written ; or tabs."""
    text = read(path, _SAVE)
    head = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count), strict=True)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        missing = [name for name in _READ if name.lower() not in columns]
        if missing:
            said = f"the columns {', '.join(missing)} are not here; the first line must be as khua wrote it"
            raise BadSheet(str(path), [Problem(str(path), 1, 1, "sheet-columns", said)])
        before = reader.line_num
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, dict(zip(columns, (cell.strip() for cell in cells), strict=False))
            before = reader.line_num
    except csv.Error as error:
        raise KhuaError(f"{path} is no table (line {reader.line_num}: {error}); {_SAVE}") from None


def _row(folder: Folder, row: Mapping[str, str], seen: dict[str, int], number: int) -> Iterator[str]:
    """Notes one row. A row without a call is left, but for a remark."""
    fact = known(folder, row.get("id", ""))
    if fact.kind != "phone":
        raise Unfit(f"{fact.id} is no telephone number")
    if fact.id in seen:
        raise Unfit(f"{fact.id} stands also in line {seen[fact.id]}; keep one of the two")
    seen[fact.id] = number
    wrong: list[str] = []
    reach = _reach(fact, row, wrong)
    on, answered = row.get("on", ""), row.get("answered?", "").lower()
    if on or answered:
        said = _call(folder, fact, row, wrong)
        if not wrong and said:
            yield verify(folder, said)
    elif reach:
        wrong.append(f"{', '.join(reach)} changed, but on and answered? are empty")
    if wrong:
        raise Unfit(f"{fact.id}: {'; '.join(wrong)}")
    yield from _note(folder, fact, reach)
    if row.get("remark"):
        yield f"{fact.id}: remark: {_shown(row['remark'])}"


def _call(folder: Folder, fact: Fact, row: Mapping[str, str], wrong: list[str]) -> Confirmation | None:
    """The test call that a row tells; what is wrong with it goes into `wrong`."""
    answered = row.get("answered?", "").lower()
    if answered not in ("yes", "no"):
        wrong.append(f"answered? is {answered!r}; write yes or no" if answered else "answered? is empty")
    if _figures(row.get("number", "")) != _figures(" / ".join(_numbers(fact))):
        wrong.append(
            f"the sheet has the number {row.get('number')}, the content {' / '.join(_numbers(fact))}"
        )
    on, by = None, ""
    try:
        on = day(_iso(row.get("on", "")), folder.today) if row.get("on") else None
        if on is None:
            wrong.append("on is empty")
    except Unfit as error:
        wrong.append(f"on: {error}")
    try:
        by = role(row.get("by", ""))
    except Unfit as error:
        wrong.append(f"by: {error}" if row.get("by") else "by is empty; write a role, such as field officer")
    return None if on is None or wrong else Confirmation(fact.id, on, "call", by, answered == "yes")


def _reach(fact: Fact, row: Mapping[str, str], wrong: list[str]) -> dict[str, str]:
    """What the row says of hours, languages and cost that the fact does not; an empty cell says nothing.

    What cannot be a value goes into `wrong`.
    """
    before = {"hours": fact.hours, **{name: fact.cost.get(sim, "unknown") for name, sim in _SIMS.items()}}
    found = {}
    for name, allowed in ASKED.items():
        said = row.get(name.lower(), "").lower() or before[name]
        if said not in allowed:
            wrong.append(f"{name} is {said!r}; write {', '.join(allowed[:-1])} or {allowed[-1]}")
        elif said != before[name]:
            found[name] = said
    spoken = re.findall(r"[^\s,;/]+", row.get("languages", "").lower())
    for code in spoken:
        if code != "unknown" and not LANGUAGE.fullmatch(code):
            wrong.append(f"languages has {code!r}; write codes, such as lo th en, or unknown")
    if "unknown" in spoken and len(spoken) > 1:
        wrong.append("languages has both unknown and a code; write one of the two")
    told = " ".join(dict.fromkeys(spoken)) or _spoken(fact)
    if set(told.split()) != set(_spoken(fact).split()):
        found["languages"] = told
    return found


def _note(folder: Folder, fact: Fact, reach: Mapping[str, str]) -> Iterator[str]:
    pencil = folder.pencil_of(fact.id)
    for name, said in reach.items():
        if name in _SIMS:
            pencil.put((fact.id, "cost"), {_SIMS[name]: said})
        elif name == "languages":
            pencil.put((fact.id, name), said if said == "unknown" else list(said.split()))
        else:
            pencil.put((fact.id, name), said)
        yield f"{fact.id}: {name}: {said}"


def _iso(text: str) -> str:
    """A day as a spreadsheet may have written it, as 2027-01-31, where it can be one day only."""
    year_first = re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text)
    if year_first:
        return f"{year_first[1]}-{year_first[2]:0>2}-{year_first[3]:0>2}"
    year_last = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text)
    if not year_last:
        return text
    one, two = int(year_last[1]), int(year_last[2])
    if one <= 12 and two <= 12 and one != two:
        raise Unfit(f"{text!r} can be two days; write it as 2027-01-31")
    month, day_of_month = (two, one) if one > 12 else (one, two)
    return f"{year_last[3]}-{month:02}-{day_of_month:02}"


def _figures(text: str) -> str:
    """The figures of a number without those zeros that a spreadsheet drops."""
    return re.sub(r"\D", "", text).lstrip("0")


def _shown(text: str) -> str:
    """Somebody's words in one line, without signs that a terminal obeys."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
