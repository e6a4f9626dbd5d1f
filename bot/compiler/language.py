"""How a language speaks: its file turned into one object that writes numbers, dates, and program lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from bot.compiler.source import Node, Report
from bot.numbers import Numbers
from bot.problems import did_you_mean

LINES: dict[str, tuple[str, ...]] = {
    "neutral": (), "next": (), "no_person": (), "trial": (), "draft": (), "draft_changed": (), "withheld": (),
    "unverified": (), "late": ("date",), "failed": ("date",), "verified": ("date",),
    "disputed": ("one", "two"), "ended": ("value", "date"), "in_year": ("value", "year"),
    "phone": ("number", "country"), "in_words": ("value", "words"),
    "home": (), "back": (), "help": (), "hide": (), "more": (), "sources": (), "choose_language": (),
    "old_button": (), "no_page": (), "not_text": (), "not_understood": (), "not_understood_again": (),
    "nearest": (), "person": (),
    "no_answer": (), "no_answer_which": (), "no_answer_noted": (),
    "share_button": (), "share_find": ("name",), "share_how": (),
    "hidden": (), "hidden_rest": ("hours",), "hidden_web": (), "hidden_text": (),
    "group": (), "group_button": (),
    "question_of": ("n", "all"), "answers_right": ("n", "all"), "enough": (), "again": (),
    "more_signs": ("n",),
    "sign_why": ("text",), "sign_do": ("text",),
    "following": (), "preceding": (), "ticked": ("n", "all"),
    "up_to": ("value",), "or_more": ("value",), "a_day": ("value",), "a_month": ("value",),
    "percent_a_month": ("n",), "a_day_each": ("value", "each"),
    "sources_none": (), "source": ("value", "source", "year"), "grade_a": (), "grade_b": (),
    "never_verified": (), "verified_by": ("date", "how", "by"),
    "hours": ("hours",), "hours_always": (), "hours_office": (), "hours_unknown": (),
    "speaks": ("languages",), "speaks_unknown": (),
    "cost": ("lao", "thai"), "cost_free": (), "cost_normal": (), "cost_unknown": (), "cost_impossible": (),
    "test_call": ("when",), "test_call_never": (), "facts_count": ("all", "verified"),
    "retry": (), "too_long": (), "no_script": (),
    "run_by": ("name",), "reach": ("contact",), "run_by_nobody": (),
    "office": ("name", "place"), "office_hours": ("hours",), "read_by": ("all", "native", "legal", "cleared"),
    "sheet_title": ("name",), "sheet_how": (), "sheet_marked": (), "sheet_keep": (), "sheet_paper": (),
    "sheet_role": (), "sheet_kind": (), "sheet_native": (), "sheet_legal": (), "sheet_cleared": (),
    "sheet_day": (), "sheet_pages": (), "sheet_lines": (),
    "sheet_read": (), "sheet_changed": (), "sheet_must": (), "sheet_unread": (), "sheet_facts": (),
    "sheet_yes": (), "sheet_remark": (), "sheet_save": (), "sheet_copy": (), "sheet_answers": (),
    "sheet_nothing": (), "sheet_no_role": (), "sheet_no_day": (), "sheet_count": ("yes", "remarks"),
    "ask_here": (), "send": (), "you": (), "conversation": (), "offline": (), "terminal": (),
    "command_start": (), "command_help": (), "command_language": (), "command_hide": (),
    "about_short": (), "about_long": (),
}  # fmt: skip
"""The program's own lines -> the braces that the program fills in each."""


@dataclass(frozen=True, slots=True)
class Speech:
    """A language of the book, ready to write. Quantities are written as a reader of the language expects."""

    code: str
    name: str
    order: int
    locale: Locale
    numbers: Numbers
    countries: dict[str, str]
    lines: dict[str, str]
    whole: tuple[str, ...] = ()

    def line(self, name: str, /, **values: str) -> str:
        """A program line with its braces filled; the name itself where the language lacks the line."""
        said = self.lines.get(name, name)
        for key, value in values.items():
            said = said.replace("{" + key + "}", value)
        return said

    def quantity(self, value: str, to: str, unit: str) -> str:
        """A figure or a range with its unit, and a large sum of money also in words."""
        return self.numbers.quantity(value, to, unit)

    def date(self, day: date) -> str:
        return str(format_date(day, format="d MMMM y", locale=self.locale))

    def country(self, code: str) -> str:
        return self.countries.get(code, code)


def speech(code: str, node: Node, report: Report) -> Speech | None:
    """The language of one `language.yaml`, or None where the file is too broken to go on."""
    try:
        locale = Locale.parse(node.say("locale"))
    except (UnknownLocaleError, ValueError):
        at = node.get("locale") or node
        report(
            at,
            "unknown-locale",
            f"Babel knows no locale {node.say('locale')!r}",
            "borrow a near one, such as en",
        )
        return None
    lines = node.get("lines") or Node({}, node.file, node.line, node.column)
    _check_lines(lines, report)
    scale = []
    for pair in (node.get("scale") or Node([], node.file, 0, 0)).items:
        figure = pair.items[0].text if len(pair.items) == 2 else ""
        if not figure.isdigit() or int(figure) < 1:
            report(pair, "wrong-value", "a line of scale must be a figure and its word", "[10000, ໝື່ນ]")
            continue
        scale.append((int(figure), pair.items[1].text))
    units = node.get("units") or Node({}, node.file, 0, 0)
    countries = node.get("countries") or Node({}, node.file, 0, 0)
    return Speech(
        code=code,
        name=node.say("name"),
        order=int(node.say("order")) if node.say("order").isdigit() else 99,
        locale=locale,
        numbers=Numbers(
            thousands=node.say("thousands"),
            scale=tuple(sorted(scale, reverse=True)),
            units={
                unit: {form: word.text for form, word in forms.map.items()}
                for unit, forms in units.map.items()
            },
            forms=tuple(str(locale.plural_form(number)) for number in range(200)),
            in_words=(lines.say("in_words") or "{value} ({words})").strip(),
        ),
        countries={country: word.text for country, word in countries.map.items()},
        lines={name: said.text.strip() for name, said in lines.map.items()},
        whole=tuple(word.text for word in (node.get("whole") or Node([], node.file, 0, 0)).items),
    )


def _check_lines(lines: Node, report: Report) -> None:
    for name in LINES:
        if name not in lines.map:
            report(lines, "missing-line", f"the program's line {name} is missing", f"add {name} under lines")
    for name, said in lines.map.items():
        if name not in LINES:
            report(
                lines.key(name), "unknown-line", f"the program has no line {name}", did_you_mean(name, LINES)
            )
            continue
        check_braces(said, name, LINES[name], report)


def check_braces(said: Node, name: str, wanted: Sequence[str], report: Report) -> None:
    """Reports a line that has not just the braces that the program fills in."""
    if set(re.findall(r"\{([^}]*)\}", said.text)) != set(wanted):
        braces = ", ".join("{" + each + "}" for each in sorted(wanted)) or "no braces"
        report(
            said,
            "line-braces",
            f"the line {name} must have {braces}",
            "keep the braces as in another language",
        )
