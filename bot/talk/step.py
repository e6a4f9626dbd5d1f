"""One screen of a tool: what it says and where its buttons lead. Its state stands in the address alone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.book import Button, Part


@dataclass(frozen=True, slots=True)
class Step:
    """A screen of a tool in one language.

    parts    its words, in order           rows    its buttons
    back     address that back leads to, "" for the page above
    first    whether it is the tool's first screen
    varies   whether it depends on the event's seed, and must not be remembered by its address
    """

    parts: tuple[Part, ...]
    rows: tuple[tuple[Button, ...], ...]
    back: str = ""
    first: bool = False
    varies: bool = False
