"""Facts: values by period, what holds on a day, how sure it is, and how it reads in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from types import MappingProxyType

from bot.book import Fact, Run, State, Value
from bot.compiler.fields import figure
from bot.compiler.language import Speech
from bot.compiler.source import Node, Report

TIME_TO_LIVE: dict[str, timedelta] = {
    "phone": timedelta(days=183),
    "contact": timedelta(days=365),
    "money": timedelta(days=365),
    "duration": timedelta(days=730),
    "count": timedelta(days=730),
    "share": timedelta(days=730),
    "law": timedelta(days=730),
}
"""How long a confirmation is worth something: numbers change owner faster than laws. Our own choice."""

MARKS: dict[State, str] = {"verified": "", "unverified": "*", "late": "**", "failed": "***"}
_EMPTY = Node({}, "", 0, 0)


def facts(
    nodes: Mapping[str, Node],
    words: Mapping[str, Mapping[str, Node]],
    speech: Sequence[Speech],
    day: date,
    report: Report,
    ours: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Fact]:
    """All facts by id, as of `day`. `words` are the fact words of each language.

    `ours` are telephones that are told with whose they are: id -> who.
    """
    found: dict[str, Fact] = {}
    for id, node in nodes.items():
        fact = _fact(id, node, day, report)
        if fact is None:
            continue
        told, lines, names, help = {}, {}, {}, {}
        for each in speech:
            named = words.get(each.code, {}).get(id)
            if named is None:
                continue
            told[each.code] = tuple(_told(fact, named, each))
            lines[each.code] = tuple(_line(fact, named, each))
            names[each.code] = named.say("name")
            if fact.kind == "phone":
                help[each.code] = (*told[each.code], _whose(fact, named, ours.get(id, ""), each))
        found[id] = replace(fact, words=told, lines=lines, names=names, help=help)
    return found


# ------------------------------------------------------------------ reading


def _day(node: Node, key: str) -> date | None:
    try:
        return date.fromisoformat(node.say(key))
    except ValueError:
        return None


def _known_day(node: Node, key: str, day: date, report: Report) -> date | None:
    """The day under `key`. One after `day` does not count: a day knows only what was known on it."""
    found = _day(node, key)
    if found is None or found <= day:
        return found
    report.hint(
        node, "future-date", f"confirmed on {found}, which is after {day}", "until then it does not count"
    )
    return None


def _value(node: Node, day: date, report: Report) -> Value:
    verified = node.get("verified") or _EMPTY
    return Value(
        value=node.say("value"),
        to=node.say("to"),
        since=_day(node, "from"),
        until=_day(node, "until"),
        source=node.say("source"),
        year=node.say("year"),
        grade=node.say("grade"),
        verified_on=_known_day(verified, "on", day, report),
        verified_how=verified.say("how"),
        verified_by=verified.say("by"),
    )


def _fact(id: str, node: Node, day: date, report: Report) -> Fact | None:
    kind = node.say("kind")
    listed = (node.get("values") or _EMPTY).items
    if kind not in TIME_TO_LIVE or not listed:
        return None
    if not _check_shape(kind, node, report):
        return None
    disputed = node.say("disputed") == "yes"
    values = tuple(_value(item, day, report) for item in listed)
    _check_periods(values, listed, disputed, report)
    now = tuple(v for v in values if (v.since or date.min) <= day <= (v.until or date.max))
    past = [v for v in values if (v.until or date.max) < day]
    ended = not now
    if ended:
        # Nothing is told about the day itself: tell the latest value that was, or the first that will be.
        now = (max(past, key=lambda v: v.until or date.min),) if past else values[:1]
    call = node.get("last_call") or _EMPTY
    languages = node.get("languages") or _EMPTY
    cost = node.get("cost") or _EMPTY
    called = _known_day(call, "on", day, report)
    return Fact(
        id=id,
        kind=kind,  # type: ignore[arg-type]
        unit=node.say("unit"),
        values=values,
        now=now if disputed else now[-1:],
        state=_state(kind, now, called, call.say("answered") == "no", day),
        ended=ended and bool(past),
        disputed=disputed,
        country=node.say("country"),
        hours=node.say("hours", "unknown"),
        languages=tuple(item.text for item in languages.items),
        cost={country: said.text for country, said in cost.map.items()},
        last_call=str(called) if called else "never",
    )


def _state(kind: str, now: Sequence[Value], called: date | None, in_vain: bool, day: date) -> State:
    if called and in_vain:
        return "failed"
    sure = _sure_since(now, called)
    if sure is None:
        return "unverified"
    return "late" if day - sure > TIME_TO_LIVE[kind] else "verified"


def _sure_since(now: Sequence[Value], called: date | None) -> date | None:
    """When the values were last confirmed, by whoever or by a test call; None where one of them never was."""
    days = [max((each for each in (value.verified_on, called) if each), default=None) for value in now]
    return None if None in days else min(each for each in days if each)


def _check_shape(kind: str, node: Node, report: Report) -> bool:
    """Reports what a fact of this kind lacks. Returns whether it can be told at all."""
    needed = {
        "phone": ("country", "hours", "languages", "cost", "last_call"),
        "contact": ("how",),
        "law": (),
    }.get(kind, ("unit",))
    for name in needed:
        if node.get(name) is None:
            report(
                node,
                "missing-field",
                f"a {kind} needs {name}",
                "unknown is allowed" if kind == "phone" else "",
            )
    if kind in ("phone", "contact", "law"):
        return True
    items = (node.get("values") or _EMPTY).items
    for value in filter(None, (item.get("value") for item in items)):
        if value.text and not figure.accepts(value.text):
            said = f"the value of a {kind} must be a figure, not {value.text!r}"
            report(value, "wrong-value", said, "12500, no comma")
    return all(figure.accepts(item.say("value")) and figure.accepts(item.say("to") or "0") for item in items)


def _check_periods(values: Sequence[Value], at: Sequence[Node], disputed: bool, report: Report) -> None:
    for value, node in zip(values, at, strict=True):
        if value.since and value.until and value.since > value.until:
            report(node, "period", "this period ends before it begins", "change from or until")
    for i, (one, node) in enumerate(zip(values, at, strict=True)):
        for two in values[:i]:
            apart = (one.until or date.max) < (two.since or date.min) or (two.until or date.max) < (
                one.since or date.min
            )
            if not apart and not disputed:
                report(node, "period-overlap", "two values hold on the same day",
                       "end one of them, or write disputed: yes where sources disagree")  # fmt: skip
                return
    if disputed and len(values) < 2:
        report(
            at[0], "disputed-alone", "a disputed fact needs the values of both sides", "add the other value"
        )


# ------------------------------------------------------------------ telling


def _figure(fact: Fact, value: Value, named: Node, speech: Speech) -> str:
    if fact.kind == "law":
        return named.say("says") or value.value
    if fact.kind in ("phone", "contact"):
        return value.value
    return speech.quantity(value.value, value.to, fact.unit)


def _told(fact: Fact, named: Node, speech: Speech) -> Iterator[Run]:
    """What a placeholder prints: the value, its year or country, and the mark of its state."""
    mark = MARKS[fact.state]
    if fact.kind == "phone":
        numbers = dict.fromkeys((v.value, v.until if fact.ended else None) for v in fact.now)
        for place, (number, until) in enumerate(numbers):
            whole = speech.line("phone", country=speech.country(fact.country))
            if until:
                whole = speech.line("ended", value=whole, date=speech.date(until))
            before, _, after = whole.partition("{number}")
            before = (" / " if place else "") + before
            if before:
                yield Run(before, "", speech.code)
            yield Run(number, "phone", speech.code)
            yield Run(after + mark, "", speech.code)
        return
    said = [_dated(fact, value, named, speech) for value in fact.now]
    whole = speech.line("disputed", one=", ".join(said[:-1]), two=said[-1]) if len(said) > 1 else said[0]
    yield Run(whole + mark, "", speech.code)


def _whose(fact: Fact, named: Node, owner: str, speech: Speech) -> Run:
    """Behind a help number: what it is, whose where that is told, and whether it always answers."""
    always = speech.line("hours_always") if fact.hours == "always" else ""
    return Run(f" {' · '.join(filter(None, (named.say('name'), owner, always)))}\n", "", speech.code)


def _dated(fact: Fact, value: Value, named: Node, speech: Speech) -> str:
    said = _figure(fact, value, named, speech)
    if fact.ended and value.until:
        return speech.line("ended", value=said, date=speech.date(value.until))
    year = re.search(r"\d{4}.*", value.year)
    if fact.kind == "contact" or not year:
        return said
    return speech.line("in_year", value=said, year=year[0])


def _line(fact: Fact, named: Node, speech: Speech) -> Iterator[Run]:
    """The fact in the list of sources: its name, value, source, year, grade, and who confirmed it."""
    code = speech.code
    yield Run(named.say("name") + ": ", "bold", code)
    for value in fact.now:
        said = _figure(fact, value, named, speech)
        if fact.kind == "phone":
            yield Run(value.value, "phone", code)
            said = f" ({speech.country(fact.country)})"
        before, _, after = speech.line("source", value=said, year=value.year, source="{source}").partition(
            "{source}"
        )
        grade = speech.line("grade_a" if value.grade == "A" else "grade_b")
        yield Run(before, "", code)
        yield Run(value.source, "", "en")
        yield Run(f"{after} {grade} {_confirmed(value, speech)} ", "", code)
    if fact.kind == "phone":
        yield Run(_reach(fact, speech), "", code)


def _confirmed(value: Value, speech: Speech) -> str:
    if value.verified_on is None:
        return speech.line("never_verified")
    return speech.line(
        "verified_by", date=speech.date(value.verified_on), how=value.verified_how, by=value.verified_by
    )


def _reach(fact: Fact, speech: Speech) -> str:
    languages = ", ".join(_language_names(fact.languages, speech)) or speech.line("speaks_unknown")
    cost = {country: speech.line(f"cost_{fact.cost.get(country, 'unknown')}") for country in ("LA", "TH")}
    when = speech.line("test_call_never")
    if fact.last_call != "never":
        when = speech.date(date.fromisoformat(fact.last_call))
    return " ".join((
        speech.line("hours", hours=speech.line(f"hours_{fact.hours}")),
        speech.line("speaks", languages=languages),
        speech.line("cost", lao=cost["LA"], thai=cost["TH"]),
        speech.line("test_call", when=when),
    ))  # fmt: skip


def _language_names(codes: Sequence[str], speech: Speech) -> list[str]:
    return [str(speech.locale.languages.get(code, code)) for code in codes]


def state_lines(told: Sequence[Fact], speech: Speech) -> list[str]:
    """The small print that explains the marks of the facts told on a screen, each mark once."""
    lines = []
    states = {fact.state for fact in told}
    if "failed" in states:
        day = max(fact.last_call for fact in told if fact.state == "failed")
        lines.append(speech.line("failed", date=speech.date(date.fromisoformat(day))))
    if "late" in states:
        lines.append(
            speech.line("late", date=speech.date(min(_confirmed_on(f) for f in told if f.state == "late")))
        )
    if "unverified" in states:
        lines.append(speech.line("unverified"))
    if states == {"verified"}:
        lines.append(speech.line("verified", date=speech.date(min(_confirmed_on(fact) for fact in told))))
    return lines


def _confirmed_on(fact: Fact) -> date:
    called = None if fact.last_call == "never" else date.fromisoformat(fact.last_call)
    return _sure_since(fact.now, called) or date.min
