"""How a language writes numbers: the sign between thousands, its unit words, and sums in its own scale."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

MONEY = ("THB", "LAK", "USD")
IN_WORDS_FROM = 10_000
"""From here on a sum of money is also said in words: noughts are hard to count."""

EACH = 1000
"""Interest a day is told for so many baht: "1 baht a day for each 1,000"."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a language needs to write a number, and the writing of it. Figures come as text: 1600000, 0.5.

    thousands   the sign between thousands
    scale       figures and their words, largest first: (10000, "ໝື່ນ")
    units       unit -> plural form -> its word
    forms       the plural form of 0 to 199; a larger number has that of its last two figures
    in_words    the line that joins a sum and its words: "{value} ({words})"
    """

    thousands: str = ","
    scale: tuple[tuple[int, str], ...] = ()
    units: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    forms: tuple[str, ...] = ()
    in_words: str = "{value} ({words})"

    def number(self, figure: str) -> str:
        """`1600000` as `1,600,000`; a decimal part stays."""
        whole, point, part = figure.partition(".")
        grouped = re.sub(r"(?<=\d)(?=(\d{3})+$)", lambda _: self.thousands, whole)
        return grouped + point + part

    def percent(self, hundredths: int) -> str:
        """Hundredths of a percent as percent: 250 as `2.5`."""
        return self.number(f"{hundredths // 100}.{hundredths % 100:02d}".rstrip("0").rstrip("."))

    def scaled(self, figure: str) -> str:
        """A figure in the language's own scale: `1 ລ້ານ 6 ແສນ`; as a number where it has a decimal part."""
        if not self.scale or "." in figure:
            return self.number(figure)
        rest, said = int(figure), []
        for size, word in self.scale:
            many, rest = divmod(rest, size)
            if many:
                said.append(f"{many} {word}")
        if rest or not said:
            said.append(str(rest))
        return " ".join(said)

    def amount(self, value: str, to: str, unit: str) -> str:
        """A figure, or a range up to `to`, with its unit word."""
        figure = self.number(value) + (f"–{self.number(to)}" if to else "")
        forms = self.units.get(unit, {})
        return f"{figure} {forms.get(self._form(to or value), forms.get('other', unit))}"

    def quantity(self, value: str, to: str, unit: str) -> str:
        """The same, and a sum of money that is large also in words, at both ends of a range."""
        said, last = self.amount(value, to, unit), to or value
        if unit not in MONEY or not self.scale or "." in last or int(last) < IN_WORDS_FROM:
            return said
        words = self.scaled(value) + (f"–{self.scaled(to)}" if to else "")
        return self.in_words.replace("{value}", said).replace("{words}", words)

    def _form(self, figure: str) -> str:
        """The plural form of a figure; one with a decimal part has the form of most of them."""
        if "." in figure or not self.forms:
            return "other"
        number = int(figure)
        return self.forms[number if number < 200 else 100 + number % 100]
