"""What Telegram keeps: chats, their messages, the bot's settings. No HTTP and no method of the Bot API."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from . import markup
from .html import Entity
from .markup import Button, Keyboard
from .refused import Refused, bad_request
from .updates import Pulse, Queue, Update

Json = dict[str, object]

BESIDE = frozenset({"reply_to_message", "quote", "forward_origin", "via_bot", "media_group_id"})
QUERY_SECONDS = 150  # how long a tap can be answered; Telegram names no number


@dataclass(frozen=True)
class Message:
    """One message as it stands now; an edit puts a new one in its place.

    `media` is what it has instead of a text, `beside` what may stand next to either.
    """

    message_id: int
    chat: Chat
    sender: Json
    date: int
    text: str = ""
    entities: tuple[Entity, ...] = ()
    keyboard: Keyboard = ()
    media: Json = field(default_factory=dict)
    beside: Json = field(default_factory=dict)
    edit_date: int = 0

    @property
    def from_bot(self) -> bool:
        """Whether the bot wrote it."""
        return bool(self.sender["is_bot"])

    @property
    def buttons(self) -> list[Button]:
        """All buttons in reading order."""
        return [button for row in self.keyboard for button in row]

    @property
    def labels(self) -> list[str]:
        """The words on the buttons."""
        return [button.text for button in self.buttons]

    def to_json(self) -> Json:
        """As Telegram hands it out."""
        body: Json = {"message_id": self.message_id, "from": self.sender, "chat": self.chat.to_json()}
        body["date"] = self.date
        if self.edit_date:
            body["edit_date"] = self.edit_date
        body |= self.beside
        if self.media:
            body |= self.media | ({"caption": self.text} if self.text else {})
        else:
            body["text"] = self.text
        if self.entities:
            body["caption_entities" if self.media else "entities"] = list(self.entities)
        if self.from_bot and not self.media:
            body["link_preview_options"] = {"is_disabled": True}
        if self.keyboard:
            body["reply_markup"] = markup.to_json(self.keyboard)
        return body


@dataclass(eq=False)
class Chat:
    """A private chat, a group or a supergroup, with its visible messages by id."""

    id: int
    kind: str
    names: Json
    started: bool = False  # the bot may write
    closed: str = ""  # why it may not: Telegram's words behind "Forbidden: "
    messages: dict[int, Message] = field(default_factory=dict)
    owed: list[Update] = field(default_factory=list)
    last_own_id: int = 0  # only a supergroup numbers its own messages
    instance: str = field(default_factory=lambda: str(random.randrange(-(2**63), 2**63)))

    def to_json(self) -> Json:
        """The chat object inside messages."""
        return {"id": self.id, **self.names, "type": self.kind}

    @property
    def screen(self) -> list[Message]:
        """Visible messages, oldest first."""
        return [self.messages[key] for key in sorted(self.messages)]


@dataclass
class Query:
    """A tap that waits for answerCallbackQuery."""

    update: Update
    at: float
    answered: bool = False


@dataclass(frozen=True)
class Alert:
    """What answerCallbackQuery showed to the person who tapped: a line, or a box to close."""

    text: str
    show_alert: bool
    user_id: int


@dataclass
class Settings:
    """What the bot told Telegram about itself; keys are language codes, "" for all others."""

    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)


class World:
    """Everything behind the methods. `pulse` beats at each change."""

    def __init__(self, bot_id: int, username: str, first_name: str) -> None:
        self.bot: Json = {"id": bot_id, "is_bot": True, "first_name": first_name, "username": username}
        self.pulse = Pulse()
        self.queue = Queue(self.pulse)
        self.chats: dict[int, Chat] = {}
        self.queries: dict[str, Query] = {}
        self.alerts: list[Alert] = []
        self.actions: list[tuple[int, str]] = []
        self.settings = Settings()
        self.files: dict[str, Json] = {}  # by file_id: the media of a message
        self.later = 0.0
        self._last_message_id = 0

    def now(self) -> float:
        """Unix time here; a test can move it on with `later`."""
        return time.time() + self.later

    def number(self, chat: Chat) -> int:
        """The next message id: one row of numbers for all private chats and small groups of a bot."""
        if chat.kind == "supergroup":
            chat.last_own_id += 1
            return chat.last_own_id
        self._last_message_id += 1
        return self._last_message_id

    def put(self, message: Message) -> Message:
        """Shows a message, new or edited."""
        message.chat.messages[message.message_id] = message
        self.pulse.beat()
        return message

    def remove(self, message: Message) -> None:
        """Takes a message from everybody's screen."""
        del message.chat.messages[message.message_id]
        self.pulse.beat()

    def open(self, chat_id: int) -> Chat:
        """The chat, if the bot may write there. Raises Refused as Telegram does."""
        chat = self.chats.get(chat_id)
        if chat is None:
            raise bad_request("Chat not found")
        if chat.closed:
            raise Refused(403, f"Forbidden: {chat.closed}")
        if not chat.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def find(self, chat: Chat, message_id: int, what: str) -> Message:
        """The message, or Telegram's "message to <what> not found"."""
        if message_id not in chat.messages:
            raise bad_request(f"message to {what} not found")
        return chat.messages[message_id]

    def owes(self, update: Update) -> Update:
        """Notes what the bot owes for an update, in the chat's order."""
        if update.waits and update.id:
            chat = self.chats[update.chat_id]
            chat.owed = [known for known in chat.owed if known.waits]
            chat.owed.append(update)
        return update

    def showed(self, chat_id: int, message_id: int | None) -> None:
        """The bot changed message `message_id` or sent a new one: that pays the oldest update it fits."""
        chat = self.chats.get(chat_id)
        if chat is None:
            return
        for update in chat.owed:
            # Under a message that is gone by now, any other one will do.
            gone = update.message_id not in chat.messages
            fits = message_id is None or update.message_id == message_id or gone
            if update.handed_out and "screen" in update.waits and fits:
                update.pay("screen")
                return


def user(user_id: int, first_name: str, language_code: str | None, username: str | None) -> Json:
    """The user object of a person. Telegram leaves out what is not there."""
    person: Json = {"id": user_id, "is_bot": False, "first_name": first_name}
    if username:
        person["username"] = username
    if language_code:
        person["language_code"] = language_code
    return person


def command_entities(text: str) -> tuple[Entity, ...]:
    """The bot_command entity of a text that begins with one. (Telegram finds them anywhere.)"""
    word = text.split(maxsplit=1)[0] if text.strip() else ""
    name = word[1:].partition("@")[0]
    if word.startswith("/") and text.startswith("/") and name.replace("_", "a").isalnum() and name.isascii():
        return ({"offset": 0, "length": len(word), "type": "bot_command"},)
    return ()
