"""The one gate that every call to Telegram passes: its limits, and how many calls may be under way.

    https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this

30 calls in any one second, over all chats; in one chat one a second, with bursts that a person who taps
fast does not exhaust. Telegram says no more than that, so what it refuses all the same (429) is tried again
when it says: see transport.py.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from aiolimiter import AsyncLimiter

from bot.limits import CHAT_MESSAGES_A_SECOND, MESSAGES_A_SECOND
from bot.players.telegram.lanes import current

SLOTS = 64
"""Calls under way at once. A round trip of 50 ms then allows 1,280 calls a second, far above the limits."""

BURST = 6
"""Calls at once over all. A bucket lets out its size and its rate in one second: the two are 30 together."""

CHAT_BURST = 20
"""Calls at once in one chat, and seconds till that many are free again."""


class Gate:
    """Every call enters with its chat (0 for none) and leaves. Without `limits` only slots count."""

    def __init__(self, limits: bool, slots: int = SLOTS) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._limits = limits
        self._all = AsyncLimiter(BURST, BURST / (MESSAGES_A_SECOND - BURST))
        self._chats: OrderedDict[int, AsyncLimiter] = OrderedDict()

    async def enter(self, chat: int) -> None:
        """Waits till a call may go out. What enters must leave."""
        if self._limits:
            if chat:
                await self._wait_in_chat(chat)
            await self._all.acquire()
        await self._slots.acquire()

    def leave(self) -> None:
        """The call is over."""
        self._slots.release()

    async def _wait_in_chat(self, chat: int) -> None:
        limiter = self._chats.pop(chat, None)
        self._forget_the_idle()
        if limiter is None:
            limiter = AsyncLimiter(CHAT_BURST, CHAT_BURST / CHAT_MESSAGES_A_SECOND)
        self._chats[chat] = limiter
        lane = current.get()
        if lane is not None and not limiter.has_capacity():
            lane.hold()
        await limiter.acquire()

    def _forget_the_idle(self) -> None:
        """Drops chats whose whole burst is free again; the longest unused stands first."""
        while self._chats:
            chat, limiter = next(iter(self._chats.items()))
            if not limiter.has_capacity(CHAT_BURST):
                return
            del self._chats[chat]
