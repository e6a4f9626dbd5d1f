"""The report of what was counted, as plain values: sections, tables and which chart goes with a table.

What draws it (overview.py, page.py) knows nothing of what was counted. All words are the book's; a name that
the book no longer has is shown as it was counted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.book import Book, Calculator, Check, Quiz
from bot.figures.sums import MONTH, Share, Sums, monday, months, weeks

MOST_CAMPAIGNS = 12
"""Campaigns among the starts, those with most; all stand in a section of their own."""

MOST_MONTHS = 12
"""Columns of months beside ideas: as many as a sheet of paper has room for."""

SHOWN_FROM = 10
"""Ideas of questions that were not understood are shown from so many a month: fewer could be one person."""

Cell = str | int | Share | None
"""A cell of a table: words, a number, a share of right answers, or nothing."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart of a table: its first column against the columns `of`; the first `most` rows, 0 for all.

    bars lie, for what has a name (stacked: one behind the other); columns stand and lines run, for time.
    """

    kind: Literal["bars", "stacked", "columns", "lines"]
    of: tuple[int, ...]
    most: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells below heads.

    apart    so many rows at the end are of another kind than those above, such as a sum
    latest   the last rows are those of interest, where not all have room
    narrow   so many columns are enough there, 0 for all
    """

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    chart: Chart | None = None
    apart: int = 0
    latest: bool = False
    narrow: int = 0

    @property
    def alike(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows but for those that are apart."""
        return self.rows[: len(self.rows) - self.apart]


@dataclass(frozen=True, slots=True)
class Section:
    """One subject. `total` is how often in all, None where a sum would say nothing."""

    id: str
    title: str
    notes: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """All of it in one language of the book; `notes` say how to read it."""

    book: Book
    lang: str
    title: str
    notes: tuple[str, ...]
    sections: tuple[Section, ...]
    first: date | None
    last: date | None
    campaign: str

    def number(self, value: int) -> str:
        """A number as the language writes it."""
        return self.book.languages[self.lang].numbers.number(str(value))

    def say(self, name: str, **values: object) -> str:
        """A line of the language's report.yaml with its braces filled."""
        said = self.book.languages[self.lang].report[name]
        for key, value in values.items():
            said = said.replace("{" + key + "}", str(value))
        return said

    def written(self, cell: Cell) -> str:
        """A cell as it is read."""
        if isinstance(cell, Share):
            low, high = cell.interval
            values = {"share": round(cell.percent), "low": round(low), "high": round(high)}
            return self.say("share_of", n=self.number(cell.of), **values)
        return self.number(cell) if isinstance(cell, int) else cell or ""


def report(book: Book, lang: str, sums: Sums) -> Report:
    """What was counted, in a language that has a report.yaml."""
    return _Maker(book, lang, sums).report()


class _Maker:
    """Makes the sections one after the other, each from the sums and the names of the book."""

    def __init__(self, book: Book, lang: str, sums: Sums) -> None:
        self.book, self.lang, self.sums = book, lang, sums
        self.first, self.last = sums.first, sums.last
        self.months = months(self.first, self.last) if self.first and self.last else []
        self.told = Report(book, lang, "", (), (), self.first, self.last, sums.campaign)
        self.say = self.told.say

    def report(self) -> Report:
        sections: tuple[Section, ...] = ()
        if self.sums.by_day:
            made = (
                self.no_answer(), self.starts(), self.asked(), self.unanswered(), self.danger(), self.check(),
                self.calculator(), self.quiz(), self.campaigns(), self.weeks(), self.others(), self.lost(),
            )  # fmt: skip
            sections = tuple(section for section in made if section)
        return Report(
            self.book, self.lang, self.say("title"), tuple(self.notes()), sections, self.first, self.last,
            self.sums.campaign,
        )  # fmt: skip

    # -------------------------------------------------------------- what all sections use

    def notes(self) -> Iterable[str]:
        if self.first and self.last:
            yield self.say("made", day=self.book.day, first=self.first, last=self.last)
        if self.sums.campaign:
            yield self.say("of_campaign", campaign=self.campaign(self.sums.campaign))
        if not self.sums.by_day:
            yield self.say("nothing")
        yield self.say("taps")
        yield self.say("inside")
        yield from (self.say(f"{name}_note") for name in ("typed", "village", "month"))
        if self.sums.partial:
            yield self.say("partial", months=", ".join(self.sums.partial))

    def section(
        self, id: str, tables: Sequence[Table], total: int | None = None, notes: Sequence[str] = ()
    ) -> Section:
        """A section with its tables, or with one line that says why there are none."""
        filled = tuple(table for table in tables if table.rows)
        if not filled:
            by_month = id in ("no_answer", "unanswered", "danger")
            none = "none_campaign" if self.sums.campaign and by_month else "none"
            none = "no_answer_none" if id == "no_answer" and none == "none" else none
            return Section(id, self.say(id), (self.say(none),))
        return Section(id, self.say(id), tuple(notes), filled, total)

    def table(
        self,
        title: str,
        heads: Sequence[str],
        rows: Iterable[Sequence[Cell]],
        chart: Chart | None = None,
        apart: int = 0,
        latest: bool = False,
    ) -> Table:
        """A table; title and heads are names of lines, "" for none."""
        said = [self.say(name) if name else "" for name in (title, *heads)]
        return Table(said[0], tuple(said[1:]), tuple(map(tuple, rows)), chart, apart, latest)

    def named(self, kind: str) -> dict[str, int]:
        """Key -> how often, of one kind, the most frequent first."""
        return _most_first((key, n) for (each, key, _), n in self.sums.by_name.items() if each == kind)

    def on_days(self, kind: str, place: Callable[[str], str]) -> dict[str, int]:
        """What `place` makes of a day -> how often, of one kind."""
        found: defaultdict[str, int] = defaultdict(int)
        for (day, _, _, each), n in self.sums.by_day.items():
            if each == kind:
                found[place(day)] += n
        return found

    def page(self, id: str) -> str:
        page = self.book.pages.get(id)
        return page.words[self.lang].title if page else id

    def campaign(self, id: str) -> str:
        campaign = self.book.campaigns.get(id)
        return campaign.label if campaign else id

    # -------------------------------------------------------------- the sections

    def no_answer(self) -> Section:
        found = self.named("no_answer")
        last = {key: day for (day, kind, key) in sorted(self.sums.by_month) if kind == "no_answer"}
        rows = [(self.phone(id), n, last[id]) for id, n in found.items()]
        table = self.table("", ("number", "times", "last"), rows)
        return self.section("no_answer", [table], sum(found.values()), [self.say("no_answer_note")])

    def phone(self, id: str) -> str:
        """A telephone number and what it is called."""
        fact = self.book.facts.get(id)
        if fact is None:
            return id
        return f"{fact.number(self.lang)} {fact.names[self.lang]}"

    def starts(self) -> Section:
        found: defaultdict[str, int] = defaultdict(int)
        for (kind, _, campaign), n in self.sums.by_name.items():
            if kind == "start":
                found[campaign] += n
        total, without = sum(found.values()), found.pop("", 0)
        most = _most_first(found.items())
        shown = list(most.items())[:MOST_CAMPAIGNS]
        rows: list[tuple[Cell, ...]] = [(self.campaign(id), n) for id, n in shown]
        left = total - without - sum(n for _, n in shown)
        if left:
            rows.append((self.say("more", n=len(most) - len(shown)), left))
        if rows and without:
            rows.append((self.say("no_campaign"), without))
        chart, apart = Chart("bars", (1,)), len(rows) - len(shown)
        tables = [
            self.by_week("starts_week", {"starts": "start"}, "columns"),
            self.table("starts_campaign", ("campaign", "starts"), rows, chart, apart),
        ]
        return self.section("starts", tables, total)

    def by_week(self, title: str, kinds: Mapping[str, str], drawn: Literal["columns", "lines"]) -> Table:
        """Heads and their kinds of counts by week; what is counted by month stands in a last row."""
        found = [self.on_days(kind, _week) for kind in kinds.values()]
        if not self.first or not self.last or not any(found):
            return self.table(title, (), ())
        rows: list[tuple[Cell, ...]] = [
            (str(day), *(each.get(str(day), 0) for each in found)) for day in weeks(self.first, self.last)
        ]
        by_month = [each.get("", 0) for each in found]
        apart = 1 if any(by_month) else 0
        if apart:
            rows.append((self.say("by_month_only"), *by_month))
        chart = Chart(drawn, tuple(range(1, len(found) + 1)))
        return self.table(title, ("week", *kinds), rows, chart, apart, latest=True)

    def asked(self) -> Section:
        names = self.book.languages[self.lang].report
        branches = self.asked_by(
            lambda key: key.partition(".")[0], lambda branch: names.get(f"branch.{branch}", branch)
        )
        heads = ("typed", "tapped", "total")
        tables = [
            self.table("asked_branch", ("branch", *heads), branches, Chart("stacked", (1, 2))),
            self.table("asked_page", ("page", *heads), self.asked_by(str, self.page)),
        ]
        return self.section("asked", tables, sum(total for *_, total in branches), [self.say("asked_note")])

    def asked_by(
        self, place: Callable[[str], str], called: Callable[[str], str]
    ) -> list[tuple[str, int, int, int]]:
        """Page ids put where they belong, and what that is called: how often typed, tapped, and both."""
        typed, tapped = (
            _most_first((place(key), n) for key, n in self.named(kind).items())
            for kind in ("answered", "screen")
        )
        both = [(id, typed.get(id, 0), tapped.get(id, 0)) for id in {**typed, **tapped}]
        rows = [(called(id), one, other, one + other) for id, one, other in both]
        return sorted(rows, key=lambda row: (-row[3], row[0]))

    def unanswered(self) -> Section:
        found = {(day, key): n for (day, kind, key), n in self.sums.by_month.items() if kind == "unanswered"}
        shown = {at: n for at, n in found.items() if n >= SHOWN_FROM}
        months = self.months[-MOST_MONTHS:]
        rows: list[tuple[Cell, ...]] = [
            (_together(key) or self.say("no_idea"), n, *(shown.get((month, key)) for month in months))
            for key, n in _most_first((key, n) for (_, key), n in shown.items()).items()
        ]
        left = {at: n for at, n in found.items() if at not in shown}
        if left:
            by_month = _most_first((month, n) for (month, _), n in left.items())
            below = (by_month.get(month) for month in months)
            rows.append((self.say("rest", k=SHOWN_FROM), sum(left.values()), *below))
        heads = (self.say("ideas"), self.say("times"), *months)
        table = Table("", heads, tuple(rows), Chart("bars", (1,), most=12), apart=1 if left else 0, narrow=2)
        notes = [self.say("unanswered_note", k=SHOWN_FROM, months=MOST_MONTHS)]
        return self.section("unanswered", [table], sum(found.values()), notes)

    def danger(self) -> Section:
        found = self.on_days("danger", _month)
        rows = [(month, found.get(month, 0)) for month in self.months if found]
        table = self.table("", ("month", "times"), rows, Chart("columns", (1,)), latest=True)
        return self.section("danger", [table], sum(found.values()), [self.say("danger_note")])

    def results(self, of_calculator: bool) -> dict[str, int]:
        """Name of a result -> how often, of calculators or of all other tools."""
        found = []
        for key, n in self.named("result").items():
            id, _, name = key.partition("/")
            page = self.book.pages.get(id)
            if of_calculator == (page is not None and isinstance(page.tool, Calculator)):
                found.append((name if page else key, n))
        return _most_first(found)

    def check(self) -> Section:
        titles = {
            name: sign.title
            for page in self.book.pages.values()
            if isinstance(page.tool, Check)
            for name, sign in page.tool.sign_words[self.lang].items()
        }
        titles["none"] = self.say("no_sign")
        rows = [(titles.get(name, name), n) for name, n in self.results(of_calculator=False).items()]
        table = self.table("", ("sign", "times"), rows, Chart("bars", (1,)))
        return self.section("check", [table], notes=[self.say("check_note")])

    def calculator(self) -> Section:
        said = self.book.languages[self.lang].report
        found = self.results(of_calculator=True)
        rows = [(said.get(f"result_{name}", name), n) for name, n in found.items()]
        table = self.table("", ("result", "times"), rows, Chart("bars", (1,)))
        return self.section("calculator", [table], sum(found.values()))

    def quiz(self) -> Section:
        columns = ("before", "after", "elsewhere")
        answers: dict[str, dict[str, list[int]]] = {column: {} for column in columns}
        for (kind, key, campaign), n in self.sums.by_name.items():
            if kind == "quiz":
                question, _, ending = key.rpartition("-")
                known = self.book.campaigns.get(campaign)
                column = known.mode if known and known.mode in columns else "elsewhere"
                tally = answers[column].setdefault(question, [0, 0])
                tally[1] += n
                tally[0] += n if ending == "right" else 0
        used = [column for column in columns if answers[column]]
        asked = {question for column in used for question in answers[column]}
        questions = self.questions()
        rows: list[tuple[Cell, ...]] = [
            (str(place), questions.get(key, key), *(_share(answers[column].get(key)) for column in used))
            for place, key in enumerate(sorted(asked, key=[*questions, *sorted(asked)].index), 1)
        ]
        if rows:
            rows.append(
                ("", self.say("all_questions"), *(self.plain_share(answers[column]) for column in used))
            )
        compared = [column for column in used if column != "elsewhere"] or used
        chart = Chart("bars", tuple(range(2, len(compared) + 2)))
        table = self.table("", ("", "question", *used), rows, chart, apart=1 if rows else 0)
        notes = [self.say("quiz_note"), self.say("interval_note")]
        total = sum(of for column in used for _, of in answers[column].values())
        return self.section("quiz", [table], total, notes)

    def questions(self) -> dict[str, str]:
        """Key of a question -> its words, in the order of the quiz."""
        return {
            question.key: "".join(
                run.text for run in page.tool.words[self.lang][question.key].ask.body
            ).strip()
            for page in self.book.pages.values()
            if isinstance(page.tool, Quiz)
            for question in page.tool.questions
        }

    def plain_share(self, answers: Mapping[str, Sequence[int]]) -> str:
        """The share over all questions: people answer several, so chance has no simple interval here."""
        right, of = (sum(column) for column in zip(*answers.values(), strict=True))
        return self.say("plain_share", share=round(100 * right / of), n=self.told.number(of))

    def campaigns(self) -> Section:
        found: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
        for (kind, key, campaign), n in self.sums.by_name.items():
            if campaign:
                found[campaign][kind] += n
                found[campaign]["right"] += n if kind == "quiz" and key.endswith("-right") else 0
        rows: list[tuple[Cell, ...]] = [
            (
                self.campaign(id), self.kind(id), each["start"],
                # Of a village none are kept: that is no nought.
                each["screen"] or None, each["share"], each["quiz"],
                _percent(each["right"], each["quiz"]),
            )
            for id, each in sorted(found.items(), key=lambda item: (-item[1]["start"], item[0]))
        ]  # fmt: skip
        heads = ("campaign", "kind", "starts", "tapped", "shared", "answers", "right")
        return self.section("campaigns", [self.table("", heads, rows)])

    def kind(self, id: str) -> str:
        """Of a village or wider, where, and before or after a visit."""
        campaign = self.book.campaigns.get(id)
        if campaign is None:
            return ""
        mode = "" if campaign.mode == "plain" else self.say(campaign.mode)
        return ", ".join(filter(None, (self.say(campaign.place), campaign.province, mode)))

    def weeks(self) -> Section:
        kinds = {"starts": "start", "tapped": "screen", "typed": "answered", "answers": "quiz"}
        return self.section("weeks", [self.by_week("", kinds, "lines")], notes=[self.say("weeks_note")])

    def others(self) -> Section:
        kinds = {"hidden": "hide", "voice": "voice", "other": "other", "shared": "share"}
        found = [self.on_days(kind, _month) for kind in kinds.values()]
        rows: list[tuple[Cell, ...]] = [
            (month, *(each.get(month, 0) for each in found)) for month in self.months if any(found)
        ]
        return self.section("others", [self.table("", ("month", *kinds), rows, latest=True)])

    def lost(self) -> Section | None:
        lost = sum(self.on_days("lost", _month).values())
        if not lost:
            return None
        return Section("lost", self.say("lost"), (self.say("lost_note", n=self.told.number(lost)),))


def _month(day: str) -> str:
    return day[:MONTH]


def _week(day: str) -> str:
    """The Monday of a day, "" for a month."""
    return str(monday(date.fromisoformat(day))) if len(day) > MONTH else ""


def _most_first(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Added up by name, the most frequent first."""
    found: defaultdict[str, int] = defaultdict(int)
    for name, n in counts:
        found[name] += n
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def _together(key: str) -> str:
    """`loan+sick_child` as `loan + sick child`."""
    return " + ".join(key.split("+")).replace("_", " ")


def _share(answers: Sequence[int] | None) -> Share | None:
    return Share(*answers) if answers else None


def _percent(right: int, of: int) -> int | None:
    return round(100 * right / of) if of else None
