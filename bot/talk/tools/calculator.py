"""The calculator: what a broker asks, one question a screen; then what it costs, and for how long.

State: the edition's letter, a dot, and one letter for each question so far: a for its first choice, b for its
second, - for a question that is not asked; `.2`, `.3` … are the further screens of a result.

All arithmetic is in whole baht and hundredths of a percent. Costs, interest and months are rounded up, so
that nothing looks better than it is. A result goes from the best that the answers allow to the worst.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.address import Address
from bot.book import Book, Button, Calculator, Choice, Page, Part, Run, Text
from bot.numbers import EACH
from bot.talk.lines import line
from bot.talk.step import Step, answered, question_before, what_next

SOURCES = "about.sources"

# ------------------------------------------------------------------ arithmetic


@dataclass(frozen=True, slots=True)
class Span:
    """From `low` to `high`, whole numbers; `high` is None where nobody knows how much."""

    low: int = 0
    high: int | None = 0


def up(value: int, by: int) -> int:
    """`value / by`, rounded up to a whole number."""
    return -(-value // by)


def month(debt: int, own: int, rate: int, aside: int) -> tuple[int, int, int]:
    """One month on: debt, own money that is not back, and the month's interest.

    Interest is on all that is owed, and rounded up. What is put aside goes to the debt first.
    """
    interest = up(debt * rate, 10_000)
    paid = min(aside, debt + interest)
    return debt + interest - paid, max(0, own - (aside - paid)), interest


@dataclass(frozen=True, slots=True)
class Case:
    """Baht borrowed, baht of one's own, interest (hundredths of a percent) and baht put aside a month."""

    debt: int
    own: int
    rate: int
    aside: int

    def payback(self, most: int) -> tuple[int, int] | None:
        """Months until debt and own money are back, and all interest; None where `most` months do not do."""
        debt, own, months, interests = self.debt, self.own, 0, 0
        while debt or own:
            if months == most:
                return None
            debt, own, interest = month(debt, own, self.rate, self.aside)
            months, interests = months + 1, interests + interest
        return months, interests

    def left(self, months: int, aside: int) -> int:
        """What is owed after so many months."""
        debt = self.debt
        for _ in range(months):
            debt, _, _ = month(debt, 0, self.rate, aside)
        return debt


@dataclass(frozen=True, slots=True)
class Result:
    """What comes of the answers: baht, and times in months. `never` and `may_never`: not even at best, not at
    worst. `rate` is in hundredths of a percent a month, `worth` in months of whole pay. `paid` and `unpaid`
    are still owed when the job fails, after something was put aside each month or after no pay came;
    where nothing was borrowed, the own money that is not back then.
    """

    asked: Span
    service: Span
    borrowed: Span
    rate: Span
    wage: Span
    aside: Span
    interest: Span
    total: Span
    worth: Span
    months: Span
    never: bool
    may_never: bool
    paid: Span
    unpaid: Span


def calculate(tool: Calculator, answers: str) -> Result:
    """What comes of the answers to all questions."""
    given = chosen(tool, answers)
    asked = _span(given.get("asked"))
    service, borrowed = (_part(given.get(name), asked) for name in ("service", "borrowed"))
    rate = _rate(tool, given)
    wage = _monthly(tool, given.get("wage"))
    aside = _aside(_monthly(tool, given.get("aside")), wage)
    best = _best(asked, borrowed, rate, aside)
    worst = _worst(asked, borrowed, rate, aside)
    good = best.payback(tool.most)
    bad = worst.payback(tool.most) if worst and known(given, "aside") else None
    interest = Span(good[1] if good else 0, bad[1] if bad else None)
    total = Span(
        best.debt + best.own + interest.low,
        worst.debt + worst.own + interest.high if worst and interest.high is not None else None,
    )
    return Result(
        asked, service, borrowed, rate, wage, aside, interest, total,
        worth=Span(up(total.low, wage.high) if wage.high else 0,
                   up(total.high, wage.low) if wage.low and total.high is not None else None),
        months=Span(good[0] if good and aside.high is not None else 0, bad[0] if bad else None),
        never=good is None,
        may_never=worst is not None and known(given, "aside") and bad is None,
        paid=_failed(tool, best, worst, borrowed, pay=True),
        unpaid=_failed(tool, best, worst, borrowed, pay=False),
    )  # fmt: skip


def chosen(tool: Calculator, answers: str) -> dict[str, Choice]:
    """The choice at each question that was asked."""
    return {
        question.name: question.choices[ord(letter) - ord("a")]
        for question, letter in zip(tool.questions, answers, strict=False)
        if letter != "-"
    }


def known(given: dict[str, Choice], name: str) -> bool:
    """Whether the answer is more than that it is not known."""
    return name in given and given[name].name != "unknown"


def _span(choice: Choice | None) -> Span:
    return Span(choice.low, choice.high) if choice else Span()


def _part(choice: Choice | None, whole: Span) -> Span:
    """A part is never more than the whole."""
    if choice is not None and choice.name == "all":
        return whole
    span = _span(choice)
    if whole.high is None:
        return span
    return Span(min(span.low, whole.high), whole.high if span.high is None else min(span.high, whole.high))


def _rate(tool: Calculator, given: dict[str, Choice]) -> Span:
    """Hundredths of a percent a month. A baht a day for each thousand is counted on every day of a month."""
    by_day = given.get("interest_by_day")
    return _times(_span(by_day), 10_000 * tool.month_days // EACH) if by_day else _span(given.get("interest"))


def _monthly(tool: Calculator, choice: Choice | None) -> Span:
    """Baht a month; a wage by the day is paid for the days of work alone."""
    return _times(_span(choice), tool.work_days if choice is not None and choice.unit == "day" else 1)


def _times(span: Span, by: int) -> Span:
    return Span(span.low * by, None if span.high is None else span.high * by)


def _aside(aside: Span, wage: Span) -> Span:
    """Nobody puts aside more than the whole pay."""
    low = min(aside.low, wage.low) if wage.low else aside.low
    highs = [high for high in (aside.high, wage.high) if high is not None]
    return Span(low, min(highs) if highs else None)


def _best(asked: Span, borrowed: Span, rate: Span, aside: Span) -> Case:
    """Where it is not known what can be put aside, at best it is all that is owed, in one month."""
    own = max(0, asked.low - borrowed.low)
    all_at_once = borrowed.low + up(borrowed.low * rate.low, 10_000) + own
    return Case(borrowed.low, own, rate.low, all_at_once if aside.high is None else aside.high)


def _worst(asked: Span, borrowed: Span, rate: Span, aside: Span) -> Case | None:
    """None where something is not known that makes it dearer without end."""
    if asked.high is None or borrowed.high is None or rate.high is None:
        return None
    return Case(borrowed.high, max(0, asked.high - borrowed.high), rate.high, aside.low)


def _failed(tool: Calculator, best: Case, worst: Case | None, borrowed: Span, pay: bool) -> Span:
    """What is not back when the job fails: the debt, or one's own money, which brings no interest."""

    def end(case: Case) -> int:
        counted = case if borrowed.high != 0 else Case(case.own, 0, 0, case.aside)
        return counted.left(tool.fails, case.aside if pay else 0)

    return Span(end(best), end(worst) if worst else None)


# ------------------------------------------------------------------ states


def skipped(tool: Calculator, answers: str) -> bool:
    """Whether the question behind `answers` is not asked."""
    question = tool.questions[len(answers)]
    return _given(answers, question.skip) or bool(question.only and not _given(answers, question.only))


def _given(answers: str, choices: frozenset[tuple[int, int]]) -> bool:
    """Whether one of these choices (place of its question, place among its choices) is among the answers."""
    return any(answers[place : place + 1] == chr(ord("a") + choice) for place, choice in choices)


def onward(tool: Calculator, answers: str) -> str:
    """`answers` with a - for each question that they leave out, up to the next one that is asked."""
    while len(answers) < len(tool.questions) and skipped(tool, answers):
        answers += "-"
    return answers


def fits(tool: Calculator, answers: str, place: int) -> bool:
    """Whether a choice may be given: a part cannot begin where the whole has ended."""
    question = tool.questions[len(answers)]
    choice = question.choices[place]
    if not question.part or choice.name:
        return True
    whole = _span(chosen(tool, answers).get("asked")).high
    return whole is None or choice.low < whole or choice.low == choice.high == whole


_FURTHER = frozenset(str(number) for number in range(2, 100))


def _read(tool: Calculator, state: str) -> tuple[str, int] | None:
    """Answers and number of the screen behind a state, None where it is none of this edition."""
    edition, _, rest = state.partition(".")
    answers, dot, screen = rest.partition(".")
    further = screen in _FURTHER
    if (dot and not further) or (state and edition != tool.edition) or not _whole(tool, answers):
        return None
    return answers, int(screen) if further else 1


def _whole(tool: Calculator, answers: str) -> bool:
    """Whether these are answers that buttons give: none left out that is asked, none given that is not."""
    if len(answers) > len(tool.questions) or answers != onward(tool, answers):
        return False
    for place, letter in enumerate(answers):
        if (letter == "-") != skipped(tool, answers[:place]):
            return False
        if letter != "-" and not (
            0 <= ord(letter) - ord("a") < len(tool.questions[place].choices)
            and fits(tool, answers[:place], ord(letter) - ord("a"))
        ):
            return False
    return True


def results(page: Page, state: str) -> tuple[str, ...]:
    """The name to count when a result is reached: how the money comes back."""
    tool = _tool(page)
    read = _read(tool, state)
    if read is None or read[1] > 1 or not tool.questions or len(read[0]) < len(tool.questions):
        return ()
    return (_ending(calculate(tool, read[0])),)


ENDINGS = ("nothing", "months", "not_known", "may_never", "never")
"""Names of results: nothing is asked; so many months; nobody knows; at worst never; never."""


def names(page: Page) -> tuple[str, ...]:
    """All names of results."""
    return ENDINGS


def _ending(result: Result) -> str:
    if result.asked.high == 0:
        return "nothing"
    if result.never or result.may_never:
        return "never" if result.never else "may_never"
    return "not_known" if result.months.high is None else "months"


def _tool(page: Page) -> Calculator:
    if not isinstance(page.tool, Calculator):
        raise TypeError(f"{page.id} holds no calculator")
    return page.tool


# ------------------------------------------------------------------ screens


def step(book: Book, page: Page, at: Address, lang: str, seed: int) -> Step | None:
    """The screen for the state in `at`, None where the state is none of this edition."""
    tool = _tool(page)
    read = _read(tool, at.state)
    if read is None:
        return None
    answers, number = read
    if len(answers) < len(tool.questions):
        return _question(book, page, tool, at, lang, answers) if number == 1 else None
    if number > screens(tool, answers):
        return None
    return _result(book, page, tool, at, lang, answers, number)


def _question(book: Book, page: Page, tool: Calculator, at: Address, lang: str, answers: str) -> Step:
    place = len(answers)
    words = tool.words[lang][place]
    count = Run(line(book, lang, "question_of", n=place + 1, all=len(tool.questions)), "small", lang)
    intro = (page.words[lang].parts[0],) if place == 0 else ()
    rows = tuple(
        (Button(label, answered(tool.edition, at, onward(tool, answers + chr(ord("a") + choice)))),)
        for choice, label in enumerate(words.labels)
        if fits(tool, answers, choice)
    )
    return Step(
        (*intro, Part((count,)), words.ask), rows, question_before(tool.edition, at, answers), place == 0
    )


def screens(tool: Calculator, answers: str) -> int:
    """How many screens the result of all answers has."""
    asked = chosen(tool, answers).get("asked")
    money = 2 if asked and asked.high != 0 else 1
    return money + len(next(iter(tool.items.values()))) + len(next(iter(tool.legal.values())))


def _result(
    book: Book, page: Page, tool: Calculator, at: Address, lang: str, answers: str, number: int
) -> Step:
    last = screens(tool, answers)
    rows: list[tuple[Button, ...]] = []
    if number < last:
        rows.append((Button(line(book, lang, "more"), answered(tool.edition, at, answers, number + 1)),))
    if number in (1, last):
        pages = [book.pages[id] for id in page.go if id in book.pages]
        rows += [(Button(each.words[lang].button, str(at.go(each.id))),) for each in pages]
    if tool.facts and SOURCES in book.pages:
        rows.append((Button(line(book, lang, "sources"), str(at.go(SOURCES, page.id))),))
    rows.append((Button(line(book, lang, "again"), str(at.go(page.id))),))
    back = (
        answered(tool.edition, at, answers, number - 1)
        if number > 1
        else question_before(tool.edition, at, answers)
    )
    following = what_next(book, lang, Part(page.words[lang].next))
    return Step((*_screen(book, tool, lang, answers, number), following), tuple(rows), back)


def _screen(book: Book, tool: Calculator, lang: str, answers: str, number: int) -> tuple[Part, ...]:
    """A screen of a result: the sum, the debt where there is a sum, who must pay what, the legal way."""
    told, items, legal = _Told(book, tool, lang, answers), tool.items[lang], tool.legal[lang]
    if number == 1:
        return told.sum()
    place = number - 1 - (screens(tool, answers) - len(items) - len(legal))
    if place < 0:
        return told.debt()
    if place < len(items):
        return (_bold(tool.said[lang]["who"], lang), *items[place])
    return (legal[place - len(items)],)


def _bold(part: Part, lang: str) -> Part:
    return Part((Run("".join(run.text for run in part.body), "bold", lang),), part.small, part.facts)


class _Told:
    """A result in one language: lines of a label and what the program has counted."""

    def __init__(self, book: Book, tool: Calculator, lang: str, answers: str) -> None:
        self.book, self.tool, self.lang = book, tool, lang
        self.given, self.result = chosen(tool, answers), calculate(tool, answers)
        self.said, self.numbers = tool.said[lang], book.languages[lang].numbers

    def sum(self) -> tuple[Part, ...]:
        """What is asked, what comes to it, how long it takes, and what of it is not the reader's to pay."""
        result, said = self.result, self.said
        parts = [_bold(said["heading"], self.lang)]
        if result.asked.high == 0:
            return (*parts, said["nothing"])
        aside = result.aside if known(self.given, "aside") else Span(0, None)
        lines = [
            self.row("asked", result.asked, self.baht),
            self.row("interest", result.interest, self.baht),
            self.row("total", result.total, self.baht),
            self.row("wage", result.wage, self.monthly),
            self.row("worth", result.worth, self.months),
            self.row("aside", aside, self.monthly),
            self.row("months", result.months, self.months),
        ]
        if result.never:
            # There is no end that these could be told of.
            lines = [lines[0], lines[3], lines[5]]
        parts.append(_lines(lines))
        if result.never or result.may_never:
            parts.append(_bold(said["never" if result.never else "may_never"], self.lang))
        if result.service.high != 0:
            shown = result.service if known(self.given, "service") else Span(0, None)
            parts += [_lines([self.row("service", shown, self.baht)]), said["not_yours"]]
        if any(choice.name == "unknown" for choice in self.given.values()):
            parts.append(said["ask_more"])
        return tuple(parts)

    def debt(self) -> tuple[Part, ...]:
        """What is borrowed, and what is still owed when the job fails; how all this is counted."""
        result, said = self.result, self.said
        name = "owed" if result.borrowed.high != 0 else "lost"
        lines = []
        if name == "owed":
            shown = result.borrowed if known(self.given, "borrowed") else Span(0, None)
            lines += [self.row("borrowed", shown, self.baht), self.row("rate", result.rate, self.percent)]
        lines += [
            self.row("fails", Span(self.tool.fails, self.tool.fails), self.months),
            self.row(f"{name}_paid", result.paid, self.baht),
            self.row(f"{name}_unpaid", result.unpaid, self.baht),
        ]
        days = []
        if any(choice.unit == "day" for choice in self.given.values()):
            days.append(self.row("work_days", Span(self.tool.work_days, self.tool.work_days), self.days))
        if "interest_by_day" in self.given:
            days.append(self.row("month_days", Span(self.tool.month_days, self.tool.month_days), self.days))
        parts = (_bold(said["debt"], self.lang), _lines(lines), _lines(days), said["counted"])
        return tuple(part for part in parts if part.body)

    def row(self, name: str, span: Span, write: Callable[[int, int], str]) -> Text:
        """A line of the result: its label, and a span written in the language."""
        value = Run(self.span(span, write) + "\n", "bold", self.lang)
        return (*self.said[name].body, Run(": ", "", self.lang), value)

    def span(self, span: Span, write: Callable[[int, int], str]) -> str:
        if span.high is None:
            if not span.low:
                return "".join(run.text for run in self.said["not_known"].body)
            return line(self.book, self.lang, "or_more", value=write(span.low, span.low))
        if not span.low and span.high:
            return line(self.book, self.lang, "up_to", value=write(span.high, span.high))
        return write(span.low, span.high)

    def baht(self, low: int, high: int) -> str:
        return self.numbers.quantity(str(low), "" if low == high else str(high), "THB")

    def monthly(self, low: int, high: int) -> str:
        return line(self.book, self.lang, "a_month", value=self.baht(low, high))

    def months(self, low: int, high: int) -> str:
        return self.numbers.quantity(str(low), "" if low == high else str(high), "month")

    def days(self, low: int, high: int) -> str:
        return self.numbers.quantity(str(low), "" if low == high else str(high), "day")

    def percent(self, low: int, high: int) -> str:
        both = dict.fromkeys((self.numbers.percent(low), self.numbers.percent(high)))
        return line(self.book, self.lang, "percent_a_month", n="–".join(both))


def _lines(lines: list[Text]) -> Part:
    return Part(tuple(run for each in lines for run in each))
