"""The four things that the bot does in a chat, as ready bytes: send, change, answer a tap, delete.

Screens come drawn (see drawing.py). Nothing is sent from anywhere else, so every message is silent.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

import orjson
from telegram.error import BadRequest

from bot.limits import DELETE_MESSAGES_IDS

NOT_MODIFIED = "message is not modified"


class Call(Protocol):
    """Posts ready JSON to a method; see transport.py."""

    async def __call__(self, method: str, body: bytes, chat: int = 0) -> Any: ...


class Sender:
    """Writes into chats. All methods raise TelegramError for what Telegram refuses."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def send(self, chat: int, body: bytes) -> int:
        """A new message; gives its id."""
        told = b'{"chat_id":%d,"disable_notification":true,%b' % (chat, body)
        message = await self._call("sendMessage", told, chat)
        return int(message["message_id"])

    async def edit(self, chat: int, message: int, body: bytes) -> bool:
        """Changes a message. False where it cannot be changed: too old, gone, a picture, not ours."""
        told = b'{"chat_id":%d,"message_id":%d,%b' % (chat, message, body)
        try:
            await self._call("editMessageText", told, chat)
        except BadRequest as refusal:
            return NOT_MODIFIED in refusal.message.lower()
        return True

    async def answer(self, query: str) -> None:
        """Tells a tapped button that it may stop blinking."""
        await self._call("answerCallbackQuery", b'{"callback_query_id":%b}' % orjson.dumps(query))

    async def delete(self, chat: int, messages: Iterable[int]) -> None:
        """Deletes at most 100 messages. BadRequest where one of them is too old: then all of them stay."""
        ids = list(messages)[:DELETE_MESSAGES_IDS]
        body = b'{"chat_id":%d,"message_ids":%b}' % (chat, orjson.dumps(ids))
        await self._call("deleteMessages", body, chat)
