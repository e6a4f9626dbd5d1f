"""One confirmation of one fact: somebody called, read the rule's text, or asked at an office."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal

from bot.book import Fact, Value
from bot.compiler.fields import is_date
from bot.desk.folder import Folder
from bot.problems import did_you_mean

How = Literal["call", "text", "office"]

_LONGEST_ROLE = 40


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What somebody found out about a fact. `by` is a role, never a name."""

    id: str
    on: date
    how: How
    by: str
    answered: bool = True


class Unfit(Exception):
    """A confirmation that cannot be written, in one line for whoever gave it."""


def role(text: str) -> str:
    """A role as it is kept. Raises Unfit for what is none, or looks like a name."""
    # Lao keyboards write invisible spaces, which the compiler refuses.
    said = " ".join(unicodedata.normalize("NFC", text.replace("\u200b", "")).split())
    letters = all(unicodedata.category(sign)[0] in "LM" for sign in re.sub("[ '/-]", "", said))
    if not said[:1].isalpha() or not letters or len(said) > _LONGEST_ROLE:
        raise Unfit(f"{said!r} is no role; write one in a few words, such as field officer")
    if all(word.istitle() for word in said.split()):
        raise Unfit(
            f"{said!r} looks like a name; write a role in small letters, such as field officer, never a name"
        )
    return said


def day(text: str, today: date) -> date:
    """A day that is not to come. Raises Unfit."""
    if not is_date(text):
        raise Unfit(f"{text!r} is no day; write it as 2027-01-31")
    found = date.fromisoformat(text)
    if found > today:
        raise Unfit(f"{found} is still to come; today is {today}")
    return found


def known(folder: Folder, id: str) -> Fact:
    """The fact of that id. Raises Unfit."""
    fact = folder.book.facts.get(id)
    if fact is None:
        raise Unfit(
            f"there is no fact {id}; {did_you_mean(id, folder.book.facts) or 'khua facts lists them'}"
        )
    return fact


def verify(folder: Folder, said: Confirmation) -> str:
    """Notes a confirmation in the fact's file (folder.save() writes it). Returns what was noted, in one line.

    A test call of a telephone number goes to last_call; where the right office answered, its value is
    verified too. Any other fact has its values of that day verified. Raises Unfit.
    """
    fact = known(folder, said.id)
    values = _values_on(fact, said.on)
    phone = fact.kind == "phone"
    numbers = list(dict.fromkeys(value.value for _, value in values))
    pencil = folder.pencil_of(fact.id)
    at = f"{pencil.file}, line {pencil.root.key(fact.id).line}"
    if phone and said.how != "call":
        raise Unfit(f"{fact.id} is a telephone number: call it, and say --how call")
    if not phone and not said.answered:
        raise Unfit(f"{fact.id} is no telephone number: correct its value in {at}")
    if not values:
        raise Unfit(f"{fact.id} has no value that holds on {said.on}")
    if phone and said.answered and len(numbers) > 1:
        raise Unfit(
            f"{fact.id} tells {len(numbers)} numbers, {' and '.join(numbers)}: first give the wrong one"
            f" an until: and write disputed: no, in {at}"
        )
    _not_older(fact, values, said.on)
    on = said.on.isoformat()
    if phone:
        answered = "yes" if said.answered else "no"
        pencil.put((fact.id, "last_call"), {"on": on, "answered": answered, "by": said.by})
    if said.answered:
        for place, _ in values:
            pencil.put(
                (fact.id, "values", place, "verified"), {"on": on, "how": said.how, "by": said.by}
            )  # fmt: skip
    told = " and ".join(dict.fromkeys("–".join(filter(None, (each.value, each.to))) for _, each in values))
    if not said.answered:
        return f"{fact.id}: {told} did not answer on {on}; it leaves first place and its pages say so"
    return f"{fact.id}: {told} confirmed on {on} ({said.how}, {said.by})"


def _values_on(fact: Fact, day: date) -> list[tuple[int, Value]]:
    """The values that hold on `day`, with their place in the file."""
    return [
        (place, value)
        for place, value in enumerate(fact.values)
        if (value.since or date.min) <= day <= (value.until or date.max)
    ]


def _not_older(fact: Fact, values: list[tuple[int, Value]], on: date) -> None:
    """Something found out later is not overwritten."""
    days = [value.verified_on for _, value in values if value.verified_on]
    if fact.last_call != "never":
        days.append(date.fromisoformat(fact.last_call))
    if days and max(days) > on:
        raise Unfit(f"{fact.id} was confirmed or called later already, on {max(days)}")
