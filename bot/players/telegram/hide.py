"""Hiding a chat: deletes what the bot and the person wrote, as far as Telegram lets it, and leaves one line.

Which messages there are stands in memory only, bounded, and for 48 hours at most. At the first hiding in a
chat, or where more came than are remembered, the last 500 ids below the newest are tried as well: ids run
over all private chats of a bot, so older ones may be missed. What is older than 48 hours stays in any case.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram.error import BadRequest

from bot.limits import DELETE_HOURS, DELETE_MESSAGES_IDS
from bot.players.telegram.pages import Pages
from bot.players.telegram.sending import Sender

BEHIND = 500
"""Ids below the newest that are tried where the memory does not reach."""

IN_A_CHAT = 100
CHATS = 2_000
"""Messages remembered in a chat, and chats: in the worst case some 15 MB, in life a few messages a chat."""

CALLS = 20
"""deleteMessages at one hiding: it refuses a hundred where one is too old, and we halve till it does not."""


@dataclass(slots=True)
class _Memory:
    """Ids of one chat, oldest first, the last of them from `at`.

    whole: it has no others that Telegram would delete.
    """

    ids: dict[int, None] = field(default_factory=dict)
    whole: bool = False
    at: float = 0.0


class Hide:
    """The memory of message ids, and the deleting."""

    def __init__(self, pages: Pages, sender: Sender) -> None:
        self._pages = pages
        self._sender = sender
        self._chats: OrderedDict[int, _Memory] = OrderedDict()

    def saw(self, chat: int, message: int) -> None:
        """There is a message in a private chat, from whomever."""
        memory = self._chats.get(chat)
        now = time.monotonic()
        if memory is None:
            self._forget(now)
            memory = self._chats[chat] = _Memory()
            if len(self._chats) > CHATS:
                self._chats.popitem(last=False)
        else:
            self._chats.move_to_end(chat)
        memory.at = now
        memory.ids[message] = None
        if len(memory.ids) > IN_A_CHAT:
            del memory.ids[next(iter(memory.ids))]
            memory.whole = False

    def _forget(self, now: float) -> None:
        """Chats in which nothing came for so long that Telegram would delete nothing any more."""
        while self._chats and next(iter(self._chats.values())).at < now - DELETE_HOURS * 3600:
            self._chats.popitem(last=False)

    async def hide(self, chat: int, lang: str, place: str = "") -> None:
        """Deletes what is known at once, leaves the line, and deletes what may lie behind it.

        `saw` has just told of the message or button that wants it.
        """
        drawn = self._pages.hidden(lang, place)
        memory = self._chats[chat]
        known = sorted(memory.ids, reverse=True)
        await self._delete(chat, known)
        for message in known:
            memory.ids.pop(message, None)
        newest = await self._sender.send(chat, drawn.body)
        if not memory.whole:
            behind = set(range(max(1, newest - BEHIND), newest))
            await self._delete(chat, sorted(behind.difference(known), reverse=True))
            memory.whole = True
        self.saw(chat, newest)

    async def _delete(self, chat: int, newest_first: Sequence[int]) -> None:
        """Deletes in hundreds, newest first. A hundred that is refused is tried in halves."""
        step = DELETE_MESSAGES_IDS
        waiting = deque(newest_first[start : start + step] for start in range(0, len(newest_first), step))
        for _ in range(CALLS):
            if not waiting:
                return
            ids = waiting.popleft()
            try:
                await self._sender.delete(chat, ids)
            except BadRequest:
                half = len(ids) // 2
                waiting.extendleft(part for part in (ids[half:], ids[:half]) if part and half)
