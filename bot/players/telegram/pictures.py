"""Pictures above screens: drawn once, uploaded once, and how a message gets one or loses it.

A text can be turned into a picture with a caption, a picture never into a text: then the text is sent anew,
and the picture deleted. Where a picture cannot be shown, for whatever reason, its screen is shown as text.

What Telegram called an uploaded file stands in memory only. Taps from text to text never come here.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from contextlib import suppress
from functools import partial
from typing import Any, Protocol

import aiohttp
import orjson
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.book import Picture
from bot.players.telegram.lanes import Json
from bot.players.telegram.pages import Drawn
from bot.players.telegram.render import CannotDraw, render
from bot.players.telegram.sending import NOT_MODIFIED, Sender
from bot.players.telegram.transport import CALL, FILE_CALL, Body

PATIENCE_SECONDS = 10.0
"""How long a picture is tried. The words of its screen are what people wait for."""

LEFT = 1000
"""Pictures remembered that gave way to a text: a tap that was on its way comes from one of them."""

log = logging.getLogger(__name__)


class Post(Protocol):
    """Posts to a method; see transport.py."""

    async def __call__(
        self,
        method: str,
        body: Body,
        chat: int = 0,
        timeout: aiohttp.ClientTimeout = CALL,
        patience: float = PATIENCE_SECONDS,
    ) -> Any: ...


class Pictures:
    """Shows screens with a picture, and screens in the place of one."""

    def __init__(self, sender: Sender, post: Post) -> None:
        self._sender = sender
        self._post = post
        self._ids: dict[str, str] = {}
        self._drawings: dict[str, asyncio.Task[bytes]] = {}
        self._refused: set[str] = set()
        self._left: OrderedDict[tuple[int, int], int] = OrderedDict()

    async def send(self, chat: int, drawn: Drawn) -> int:
        """A new message; gives its id."""
        return await self._show(chat, 0, drawn, is_picture=False)

    async def change(self, chat: int, message: int, drawn: Drawn, is_picture: bool) -> int:
        """Makes a message show `drawn`; `is_picture` tells what it was. Gives the id of what shows it now."""
        text = self._left.get((chat, message))
        if text is not None:
            message, is_picture = text, False
        return await self._show(chat, message, drawn, is_picture)

    async def _show(self, chat: int, message: int, drawn: Drawn, is_picture: bool) -> int:
        picture = drawn.picture
        refused = False
        if picture is not None and picture.mark not in self._refused:
            try:
                return await self._show_picture(chat, message, drawn, picture)
            except (Forbidden, ChatMigrated):
                raise
            except (TelegramError, CannotDraw) as error:
                log.warning("a picture could not be shown, its words are: %s", type(error).__name__)
                refused = isinstance(error, BadRequest | CannotDraw)
        shown = await self._show_text(chat, message, drawn.body, is_picture)
        if picture is not None and refused:
            # The words went through: it was the picture, and would be the next time.
            self._refused.add(picture.mark)
        return shown

    async def _show_text(self, chat: int, message: int, body: bytes, is_picture: bool) -> int:
        if message and not is_picture and await self._sender.edit(chat, message, body):
            return message
        new = await self._sender.send(chat, body)
        if is_picture:
            self._left[chat, message] = new
            if len(self._left) > LEFT:
                self._left.popitem(last=False)
            # It may be too old, or gone already: then two screens stand there, and the newer one is right.
            with suppress(TelegramError):
                await self._sender.delete(chat, [message])
        return new

    async def _show_picture(self, chat: int, message: int, drawn: Drawn, picture: Picture) -> int:
        """Raises TelegramError and CannotDraw."""
        under: Json = dict(drawn.under)
        keyboard = {"reply_markup": under.pop("reply_markup")}
        if message:
            place: Json = {"chat_id": chat, "message_id": message, **keyboard}
            try:
                await self._put("editMessageMedia", place, picture, {"type": "photo", **under})
                return message
            except BadRequest as refusal:
                if NOT_MODIFIED in refusal.message.lower():
                    return message
                # Too old, gone, not ours: a new one, as of a text.
        place = {"chat_id": chat, "disable_notification": True, **keyboard, **under}
        sent = await self._put("sendPhoto", place, picture)
        return int(sent["message_id"])

    async def _put(self, method: str, place: Json, picture: Picture, media: Json | None = None) -> Json:
        """Posts a picture by the name that Telegram gave it; without one, or where that is wrong, as a file.

        With `media`, the picture stands in it, as editMessageMedia wants it.
        """

        def body(file: str) -> Json:
            return {**place, "photo": file} if media is None else {**place, "media": {**media, "media": file}}

        chat, mark = place["chat_id"], picture.mark
        known = self._ids.get(mark)
        if known is not None:
            try:
                told = orjson.dumps(body(known))
                return dict(await self._post(method, told, chat, patience=PATIENCE_SECONDS))
            except BadRequest as refusal:
                if not _wrong_file(refusal):
                    raise
                self._ids.pop(mark, None)
        form = partial(_form, body("attach://photo"), await self._file(picture), picture)
        message = dict(await self._post(method, form, chat, FILE_CALL, PATIENCE_SECONDS))
        for size in (message.get("photo") or ())[-1:]:
            self._ids[mark] = size["file_id"]
        return message

    async def _file(self, picture: Picture) -> bytes:
        """What is uploaded: a drawing as PNG, drawn once and beside the event loop; all else as it is."""
        if picture.kind != "svg":
            return picture.data
        if picture.mark not in self._drawings:
            drawing = asyncio.to_thread(render, picture.data)
            self._drawings[picture.mark] = asyncio.create_task(drawing)
        return await asyncio.shield(self._drawings[picture.mark])


def _wrong_file(refusal: BadRequest) -> bool:
    """Whether Telegram no longer knows a file by the name that it gave: "wrong file identifier", and more."""
    said = refusal.message.lower()
    return "file" in said or "media_empty" in said


def _form(parameters: Json, file: bytes, picture: Picture) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in parameters.items():
        if name != "photo":
            form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    kind = "jpeg" if picture.kind == "jpeg" else "png"
    form.add_field("photo", file, filename=f"picture.{kind}", content_type=f"image/{kind}")
    return form
