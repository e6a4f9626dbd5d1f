"""Players: thin rooms that turn an event of their world into ours and draw a screen in their own way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.book import Count


class Counting(Protocol):
    """What players need of the tally: see Keeper in bot/tally/keeper.py."""

    def count(self, channel: str, counts: Sequence[Count], update: int | None = None) -> None: ...

    async def keep(self) -> bool: ...

    def soon(self) -> None: ...


class Uncounted:
    """Counts nothing."""

    def count(self, channel: str, counts: Sequence[Count], update: int | None = None) -> None:
        pass

    async def keep(self) -> bool:
        return True

    def soon(self) -> None:
        pass
