"""What was counted, added up as a report needs it, and the share of right answers with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from pathlib import Path

from bot.tally import file
from bot.tally.names import MONTHLY

MONTH = len("2027-01")
"""Signs of a month; a day has more."""


@dataclass(frozen=True, slots=True)
class Sums:
    """How often, in three ways.

    since, until   the days that were asked for, None for no end       campaign   the one, "" for all
    by_day         day (or month, where it is counted by that), channel, lang, kind
    by_name        kind, key, campaign
    by_month       month, kind, key, of the kinds that are counted by month alone
    """

    since: date | None
    until: date | None
    campaign: str
    by_day: Mapping[tuple[str, ...], int]
    by_name: Mapping[tuple[str, ...], int]
    by_month: Mapping[tuple[str, ...], int]

    @property
    def first(self) -> date | None:
        """The first day that was asked for, else the first on which something was counted."""
        return self.since or min(map(_first_day, self._days()), default=None)

    @property
    def last(self) -> date | None:
        """The last day, likewise."""
        return self.until or max(map(_last_day, self._days()), default=None)

    def _days(self) -> set[str]:
        """The days of the counts, and the months without a day."""
        found = {day for day, *_ in self.by_day}
        with_days = {day[:MONTH] for day in found if len(day) > MONTH}
        return found - with_days

    @property
    def partial(self) -> tuple[str, ...]:
        """Months in which something was counted by month, and which lie partly outside the days asked for."""
        months = sorted({day for day, *_ in self.by_day if len(day) == MONTH})
        return tuple(
            month
            for month in months
            if (self.since and _first_day(month) < self.since)
            or (self.until and _last_day(month) > self.until)
        )


def read(path: Path, since: date | None, until: date | None, campaign: str) -> Sums:
    """The sums of a file of counts. Raises BadTally."""

    def sums(by: tuple[str, ...], kinds: frozenset[str] = frozenset()) -> dict[tuple[str, ...], int]:
        first, last = (day.isoformat() if day else "" for day in (since, until))
        return file.sums(path, by, since=first, until=last, campaign=campaign, kinds=kinds)

    # In this order what tells rows apart comes first, and the year of a busy bot is sorted a quarter faster.
    by_name = sums(("key", "campaign", "kind"))
    return Sums(
        since,
        until,
        campaign,
        by_day=sums(("day", "channel", "lang", "kind")),
        by_name={(kind, key, campaign): n for (key, campaign, kind), n in by_name.items()},
        by_month=sums(("day", "kind", "key"), MONTHLY),
    )


def _first_day(day: str) -> date:
    return date.fromisoformat(day if len(day) > MONTH else day + "-01")


def _last_day(day: str) -> date:
    first = _first_day(day)
    if len(day) > MONTH:
        return first
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def monday(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())


def weeks(first: date, last: date) -> list[date]:
    """The Mondays of all weeks from that of `first` to that of `last`."""
    begin = monday(first)
    return [begin + timedelta(weeks=each) for each in range((last - begin).days // 7 + 1)]


def months(first: date, last: date) -> list[str]:
    """All months from that of `first` to that of `last`, such as 2027-01."""
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [f"{each // 12:04}-{each % 12 + 1:02}" for each in numbers]


@dataclass(frozen=True, slots=True)
class Share:
    """So many right answers of so many, at least one."""

    right: int
    of: int

    @property
    def percent(self) -> float:
        return 100 * self.right / self.of

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval in percent: E. B. Wilson, Probable inference, the law of succession, and
        statistical inference, Journal of the American Statistical Association 22 (1927), 209-212.

        It holds for few answers too, and never leaves 0 to 100.
        """
        z = 1.959964  # 95 % of a normal distribution lie within so many standard deviations
        share, weight = self.right / self.of, z * z / self.of
        middle = share + weight / 2
        reach = z * sqrt((share * (1 - share) + weight / 4) / self.of)
        low, high = ((middle + side * reach) / (1 + weight) for side in (-1, 1))
        return max(0.0, 100 * low), min(100.0, 100 * high)
