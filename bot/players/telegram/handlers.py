"""All that is not a tap, as ordinary handlers of python-telegram-bot: commands, texts, the rest, groups."""

from __future__ import annotations

from collections import deque
from typing import Any

from telegram import Message, Update
from telegram.ext import Application, CallbackContext, CommandHandler, MessageHandler, filters

from bot.address import Address, from_start, start_link
from bot.book import Button, Event, Run, Screen
from bot.players.telegram.drawing import draw
from bot.players.telegram.hide import Hide
from bot.players.telegram.hot import sure_language
from bot.players.telegram.lanes import Json
from bot.players.telegram.pages import Pages, deciding
from bot.players.telegram.pictures import Pictures
from bot.players.telegram.sending import Sender
from bot.talk.lines import line
from bot.talk.screens import HIDE

HOME = Address("home")
PAGES = {"help": Address("hotlines.emergency"), "language": Address("language")}
COMMANDS = ("start", *PAGES, HIDE)

OTHER = (
    "voice", "photo", "sticker", "animation", "video", "video_note", "audio", "document", "venue", "location",
    "contact", "poll", "dice", "story", "game", "paid_media", "checklist", "invoice", "giveaway",
)  # fmt: skip
"""What people send that is no text. All else without a text is Telegram's own: joined, pinned, and so on."""

ALBUMS = 100
"""Albums remembered: each picture of one is a message of its own, and one answer is enough."""

Context = CallbackContext[Any, Any, Any, Any]


class Handlers:
    """Answers what comes as objects of the library."""

    def __init__(self, pages: Pages, sender: Sender, pictures: Pictures, hide: Hide) -> None:
        self._pages = pages
        self._sender = sender
        self._pictures = pictures
        self._hide = hide
        self._albums: deque[str] = deque(maxlen=ALBUMS)
        self._counted: deque[str] = deque(maxlen=ALBUMS)

    def join(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """Puts the handlers into an application; the first that fits an update answers it."""
        private = filters.ChatType.PRIVATE
        application.add_handler(CommandHandler("start", self.start, private))
        application.add_handler(CommandHandler(tuple(PAGES), self.page, private))
        application.add_handler(CommandHandler(HIDE, self.hide, private))
        application.add_handler(MessageHandler(private & filters.TEXT, self.ask))
        application.add_handler(MessageHandler(private, self.other))
        application.add_handler(CommandHandler(COMMANDS, self.group, ~private))

    async def start(self, update: Update, context: Context) -> None:
        """/start, with or without what a link brought along."""
        message = self._seen(update)
        at = from_start(context.args[0]) if context.args else None
        seed = message.message_id
        await self._show(
            message.chat_id, Event("open", str(at or HOME), _language(message), seed=seed, start=True)
        )

    async def page(self, update: Update, context: Context) -> None:
        """/help and /language, each with or without the code of a language behind it."""
        message = self._seen(update)
        at = PAGES[_command(message)]
        lang = context.args[0].lower() if context.args else ""
        if lang in self._pages.book.languages:
            at = at.speak(lang)
        event = Event("open", str(at), _language(message), seed=message.message_id)
        await self._show(message.chat_id, event)

    async def hide(self, update: Update, context: Context) -> None:
        """/hide."""
        message = self._seen(update)
        await self._hide.hide(message.chat_id, _language(message))

    async def ask(self, update: Update, context: Context) -> None:
        """A text in words, perhaps as an answer to one of our screens."""
        message = self._seen(update)
        place = self._pages.place(_buttons(message.reply_to_message))
        event = Event("ask", message.text or "", _language(message), place, seed=message.message_id)
        await self._show(message.chat_id, event)

    async def other(self, update: Update, context: Context) -> None:
        """What is no text: an answer to what people send, none to what Telegram itself notes in a chat."""
        message = self._seen(update)
        kind = next((kind for kind in OTHER if getattr(message, kind, None)), "")
        if not kind or (kind == "location" and message.edit_date):
            return  # the second: a location that is shared live comes again at every step
        if message.media_group_id:
            albums = self._counted if deciding() else self._albums
            if message.media_group_id in albums:
                return
            albums.append(message.media_group_id)
        await self._show(message.chat_id, Event("other", kind, _language(message), seed=message.message_id))

    async def unreadable(self, update: Json) -> None:
        """What the library cannot read, being older than Telegram: told as what is no text."""
        message = update.get("message") or update.get("edited_message") or {}
        kind = next((kind for kind in OTHER if kind in message), "")
        if kind and message["chat"]["type"] == "private":
            chat, lang = message["chat"]["id"], sure_language(message["from"].get("language_code"))
            self._hide.saw(chat, message["message_id"])
            await self._show(chat, Event("other", kind, lang))

    async def group(self, update: Update, context: Context) -> None:
        """A command among others: one line, and the way to a chat of one's own."""
        if deciding():
            return
        message = _message(update)
        book = self._pages.book
        lang = _language(message)
        langs = (lang,) if lang in book.languages else tuple(book.languages)[:2]
        text = "\n".join(line(book, each, "group") for each in langs)
        label = " · ".join(line(book, each, "group_button") for each in langs)
        link = start_link(context.bot.username, HOME.page)
        rows = ((Button(label, link),),)
        screen = Screen("", "", langs, (Run(text),), rows)
        await self._sender.send(message.chat_id, draw(screen))

    async def _show(self, chat: int, event: Event) -> None:
        drawn = self._pages.draw(event)
        self._hide.saw(chat, await self._pictures.send(chat, drawn))

    def _seen(self, update: Update) -> Message:
        """The message of an update in a private chat, remembered for the day when it shall be hidden."""
        message = _message(update)
        self._hide.saw(message.chat_id, message.message_id)
        return message


def _message(update: Update) -> Message:
    message = update.effective_message
    assert message is not None  # the handlers' filters let nothing else through
    return message


def _language(message: Message) -> str:
    return sure_language(message.from_user.language_code if message.from_user else None)


def _command(message: Message) -> str:
    """The command that a message begins with, without the slash and the bot's name."""
    return (message.text or "").split()[0][1:].partition("@")[0].lower()


def _buttons(message: Message | None) -> list[tuple[str, str]]:
    """Label and data of a message's buttons."""
    markup = message.reply_markup if message else None
    rows = markup.inline_keyboard if markup else ()
    return [(button.text, str(button.callback_data or "")) for row in rows for button in row]
