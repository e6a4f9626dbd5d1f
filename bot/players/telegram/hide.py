"""Hiding a chat: deletes what the bot and the person wrote, as far as Telegram lets it, and leaves one line.

Which messages there are stands in memory only, bounded. At the first hiding in a chat, or where more came
than are remembered, the last 500 ids below the newest are tried as well: ids run over all private chats of
a bot, so older ones may be missed. What is older than 48 hours stays in any case.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from telegram.error import BadRequest

from bot.limits import DELETE_MESSAGES_IDS
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
    """Ids of one chat, oldest first. `whole`: it has no others that Telegram would delete."""

    ids: dict[int, None] = field(default_factory=dict)
    whole: bool = False


class Hide:
    """The memory of message ids, and the deleting."""

    def __init__(self, pages: Pages, sender: Sender) -> None:
        self._pages = pages
        self._sender = sender
        self._chats: OrderedDict[int, _Memory] = OrderedDict()

    def saw(self, chat: int, message: int) -> None:
        """There is a message in a private chat, from whomever."""
        memory = self._chats.get(chat)
        if memory is None:
            memory = self._chats[chat] = _Memory()
            if len(self._chats) > CHATS:
                self._chats.popitem(last=False)
        else:
            self._chats.move_to_end(chat)
        memory.ids[message] = None
        if len(memory.ids) > IN_A_CHAT:
            del memory.ids[next(iter(memory.ids))]
            memory.whole = False

    async def hide(self, chat: int, lang: str, place: str = "") -> None:
        """Deletes what is known at once, leaves the line, and deletes what may lie behind it.

        `saw` has just told of the message or button that wants it.
        """
        memory = self._chats[chat]
        known = sorted(memory.ids, reverse=True)
        await self._delete(chat, known)
        for message in known:
            memory.ids.pop(message, None)
        drawn = self._pages.hidden(lang, place)
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
