"""The hot path: somebody tapped a button. Raw dict in, ready bytes out; nothing of it becomes an object.

Nearly all that people do is this, and it is more than ten times faster than the library's own way. All
other updates go that way: see handlers.py.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

from telegram.error import TelegramError

from bot.players.telegram.hide import Hide
from bot.players.telegram.lanes import Json
from bot.players.telegram.pages import Pages, deciding
from bot.players.telegram.pictures import Pictures
from bot.players.telegram.sending import Sender
from bot.talk.screens import HIDE


class Taps:
    """Answers taps."""

    def __init__(self, pages: Pages, sender: Sender, pictures: Pictures, hide: Hide) -> None:
        self._pages = pages
        self._sender = sender
        self._pictures = pictures
        self._hide = hide

    async def answer(self, query: Json) -> None:
        """Shows what a button leads to, and lets it stop blinking, both at once."""
        if deciding():
            await self._show(query)
            return
        blinking = asyncio.create_task(self._sender.answer(query["id"]))
        try:
            await self._show(query)
        except asyncio.CancelledError:
            blinking.cancel()
            raise
        finally:
            # A tap can be answered for some seconds only. If that is over, nobody waits for it.
            with suppress(TelegramError):
                await blinking

    async def _show(self, query: Json) -> None:
        message = query.get("message")
        if not message or message["chat"]["type"] != "private":
            return  # not from a message of ours: inline, or in a group
        chat, number = message["chat"]["id"], message["message_id"]
        lang, to = sure_language(query["from"].get("language_code")), query.get("data") or ""
        self._hide.saw(chat, number)
        if to == HIDE:
            await self._hide.hide(chat, lang, self._pages.place(_buttons(message)))
            return
        # The id is digits so far; whatever it is, another tap has another one.
        drawn = self._pages.open(to, lang, seed=int.from_bytes(query["id"].encode()))
        if drawn.picture is not None or "photo" in message:
            seen = number if message.get("date") else 0
            self._hide.saw(chat, await self._pictures.change(chat, seen, drawn, "photo" in message))
            return
        # date 0: Telegram does not let us see that message any more
        if not message.get("date") or not await self._sender.edit(chat, number, drawn.body):
            self._hide.saw(chat, await self._sender.send(chat, drawn.body))


def sure_language(code: str | None) -> str:
    """Lao where Telegram says Lao. Many Lao people's phones speak Thai or English: those do not tell."""
    return "lo" if code and code.partition("-")[0] == "lo" else ""


def _buttons(message: Json) -> list[tuple[str, str]]:
    """Label and data of a message's buttons."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    return [(button["text"], button.get("callback_data", "")) for row in rows for button in row]
