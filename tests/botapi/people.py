"""People and groups as actors: what they say, tap and see. Every act becomes the update Telegram sends."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import replace

from .markup import Button, Keyboard
from .updates import Update
from .world import BESIDE, Alert, Chat, Json, Message, Query, World, command_entities, user

DAY = 86_400


def _file(letter: str, size: int = 12_345) -> Json:
    unique = f"{random.getrandbits(64):x}"
    return {"file_id": f"{letter}gADAgAD{unique}", "file_unique_id": f"AgAD{unique}", "file_size": size}


def media(kind: str) -> Json:
    """What a message holds beside its frame when somebody sends a `kind`. Raises KeyError for another."""
    return _MEDIA[kind]()


def _poll() -> Json:
    options = [{"persistent_id": text, "text": text, "voter_count": 0} for text in ("1", "2")]
    poll: Json = {"id": str(random.getrandbits(62)), "question": "?", "options": options, "type": "regular"}
    flags = {"is_closed": False, "is_anonymous": True, "allows_multiple_answers": False}
    flags |= {"allows_revoting": True, "members_only": False}
    return {"poll": poll | flags | {"total_voter_count": 0}}


def _sticker() -> Json:
    kind = {"type": "regular", "is_animated": True, "is_video": False}
    return {
        "sticker": _file("C") | kind | {"width": 512, "height": 512, "emoji": "👍", "set_name": "HotCherry"}
    }


def _animation() -> Json:
    file = _file("C") | {"file_name": "giphy.mp4", "mime_type": "video/mp4"}
    return {"animation": file | {"duration": 2, "width": 320, "height": 240}, "document": file}


def _photo() -> Json:
    sizes = ((90, 67, 1_200), (1280, 960, 90_000))
    return {"photo": [_file("A", size) | {"width": width, "height": height} for width, height, size in sizes]}


_PLACE: Json = {"latitude": 17.966, "longitude": 102.613}

_MEDIA: dict[str, Callable[[], Json]] = {
    "animation": _animation,
    "audio": lambda: {"audio": _file("C") | {"duration": 201, "mime_type": "audio/mpeg", "title": "ລຳ"}},
    "contact": lambda: {"contact": {"phone_number": "+8562055550000", "first_name": "ນາງ ຄຳ"}},
    "dice": lambda: {"dice": {"emoji": "🎲", "value": random.randint(1, 6)}},
    "document": lambda: {"document": _file("B") | {"file_name": "a.pdf", "mime_type": "application/pdf"}},
    "location": lambda: {"location": _PLACE},
    "photo": _photo,
    "poll": _poll,
    "sticker": _sticker,
    "venue": lambda: {"location": _PLACE, "venue": {"location": _PLACE, "title": "ປະຕູໄຊ", "address": "-"}},
    "video": lambda: {"video": _file("B") | {"duration": 9, "width": 848, "height": 480}},
    "video_note": lambda: {"video_note": _file("D") | {"duration": 5, "length": 240}},
    "voice": lambda: {"voice": _file("Aw") | {"duration": 4, "mime_type": "audio/ogg"}},
}


class Place:
    """A chat as somebody who sits in it sees it."""

    def __init__(self, world: World, chat: Chat) -> None:
        self._world = world
        self.chat = chat
        world.chats[chat.id] = chat

    @property
    def id(self) -> int:
        """The chat's id; a person's private chat has the id of the person."""
        return self.chat.id

    @property
    def screen(self) -> list[Message]:
        """Visible messages, oldest first."""
        return self.chat.screen

    @property
    def last(self) -> Message:
        """The newest visible message of the bot. Raises AssertionError if there is none."""
        for message in reversed(self.screen):
            if message.from_bot:
                return message
        raise AssertionError(f"the bot shows nothing in chat {self.id}")

    async def sees(self, what: str | Callable[[Message], bool], timeout: float = 5.0) -> Message:
        """Waits till a visible message of the bot holds these words, or satisfies this; gives the newest."""
        fits = what if callable(what) else lambda message: what in message.text

        def found() -> list[Message]:
            return [message for message in self.screen if message.from_bot and fits(message)]

        if not await self._world.pulse.until(lambda: bool(found()), timeout):
            shown = [message.text[:200] for message in self.screen if message.from_bot]
            raise AssertionError(f"not seen in {timeout} s: {what!r}; on the screen: {shown}")
        return found()[-1]

    def keeps(self, text: str, buttons: Sequence[Sequence[Button]] = (), days_ago: float = 30) -> Message:
        """Puts here an old message of the bot, as one that came `days_ago` and was never deleted."""
        keyboard: Keyboard = tuple(tuple(row) for row in buttons)
        date = int(self._world.now() - days_ago * DAY)
        self.chat.started = True
        message_id = self._world.number(self.chat)
        return self._world.put(Message(message_id, self.chat, self._world.bot, date, text, keyboard=keyboard))


class Group(Place):
    """A group. Ids below -1,000,000,000,000 are supergroups, as with Telegram."""

    def __init__(self, world: World, group_id: int, title: str) -> None:
        kind = "supergroup" if group_id < -(10**12) else "group"
        chat = Chat(group_id, kind, {"title": title}, closed=f"bot is not a member of the {kind} chat")
        super().__init__(world, chat)

    async def adds_bot(self, by: Person) -> list[Update]:
        """`by` brings the bot into the group: my_chat_member, then the message that says so."""
        self.chat.closed, self.chat.started = "", True
        first = by.member_update(self, "left", "member")
        second = by.put_message(self, {"new_chat_members": [self._world.bot]})
        await asyncio.sleep(0)
        return [first, second]

    async def removes_bot(self, by: Person) -> Update:
        """`by` throws the bot out; from now on every send there is refused."""
        update = by.member_update(self, "member", "kicked")
        self.chat.closed = f"bot was kicked from the {self.chat.kind} chat"
        await asyncio.sleep(0)
        return update


class Person(Place):
    """Somebody with a phone. Without a group named, everything happens in the private chat with the bot.

    Acts give the Update they caused, so a test can say `await (await ana.says("ສະບາຍດີ")).answered()`.
    """

    def __init__(
        self, world: World, user_id: int, first_name: str, language_code: str | None, username: str | None
    ) -> None:
        names: Json = {"first_name": first_name, **({"username": username} if username else {})}
        super().__init__(world, Chat(user_id, "private", names))
        self.user = user(user_id, first_name, language_code, username)

    @property
    def alerts(self) -> list[Alert]:
        """What answers to this person's taps said."""
        return [alert for alert in self._world.alerts if alert.user_id == self.id]

    async def says(self, text: str, group: Group | None = None, reply_to: Message | None = None) -> Update:
        """Sends a text, perhaps as a reply. The first one starts the bot, as pressing Start would."""
        beside: Json = {"reply_to_message": reply_to.to_json()} if reply_to else {}
        update = self.put_message(group or self, beside, text)
        await asyncio.sleep(0)
        return update

    async def sends(self, kind: str, group: Group | None = None, caption: str = "") -> Update:
        """Sends a voice, photo, sticker, location, contact, poll, video and so on: see `media`."""
        update = self.put_message(group or self, media(kind), caption)
        await asyncio.sleep(0)
        return update

    async def edits(self, message_id: int, text: str, group: Group | None = None) -> Update:
        """Changes a message that this person wrote."""
        place = group or self
        old = place.chat.messages[message_id]
        assert old.sender == self.user, "only one's own messages can be edited"
        date = int(self._world.now())
        new = replace(old, text=text, entities=command_entities(text), edit_date=date)
        self._world.put(new)
        update = self._push("edited_message", new.to_json(), place.chat, message_id, set())
        await asyncio.sleep(0)
        return update

    async def taps(self, what: str | Button, group: Group | None = None) -> Update:
        """Taps a button of the newest message with buttons: by label, by a part of one label only, or it."""
        place = group or self
        message = next((shown for shown in reversed(place.screen) if shown.buttons), None)
        if message is None:
            raise AssertionError(f"no buttons in chat {place.id}")
        button = what if isinstance(what, Button) else _find(message, what)
        assert button in message.buttons, f"{button} is not among {message.labels}"
        assert button.data, f"{button} opens a link or copies: no update comes from it"
        return await self.presses(button.data, message.message_id, group)

    async def presses(self, data: str, message_id: int | None = None, group: Group | None = None) -> Update:
        """Sends any callback data, as an old message or a hostile program does.

        Without `message_id` it comes from the newest message of the bot. An id of no visible message makes
        what Telegram calls an inaccessible message.
        """
        place = group or self
        if message_id is None:
            message_id = place.last.message_id
        shown = place.chat.messages.get(message_id)
        chat = place.chat.to_json()
        message = shown.to_json() if shown else {"chat": chat, "message_id": message_id, "date": 0}
        query_id = str(self.id << 32 | random.getrandbits(32))
        body: Json = {"id": query_id, "from": self.user, "message": message}
        body |= {"chat_instance": place.chat.instance, "data": data}
        update = self._push("callback_query", body, place.chat, message_id, {"answer", "screen"})
        self._world.queries[query_id] = Query(update, self._world.now())
        await asyncio.sleep(0)
        return update

    async def deletes(self, message_id: int) -> None:
        """Clears one message from the private chat, for both sides. The bot is told nothing."""
        self._world.remove(self.chat.messages[message_id])

    async def blocks(self) -> Update:
        """Stops the bot: my_chat_member, and from now on every send is refused."""
        update = self.member_update(self, "member", "kicked")
        self.chat.closed = "bot was blocked by the user"
        await asyncio.sleep(0)
        return update

    async def joins(self, group: Group | None = None) -> Update:
        """Comes back to the bot after `blocks` (my_chat_member), or enters a group."""
        if group is None:
            self.chat.closed, self.chat.started = "", True
            update = self.member_update(self, "kicked", "member")
        else:
            self.member_update(group, "left", "member", "chat_member")
            update = self.put_message(group, {"new_chat_members": [self.user]})
        await asyncio.sleep(0)
        return update

    async def leaves(self, group: Group) -> Update:
        """Leaves a group."""
        self.member_update(group, "member", "left", "chat_member")
        update = self.put_message(group, {"left_chat_member": self.user})
        await asyncio.sleep(0)
        return update

    def put_message(self, place: Place, extra: Json, text: str = "") -> Update:
        """Puts a message of this person into a chat and queues its update. `extra`: media, and BESIDE."""
        chat = place.chat
        assert not chat.closed.startswith("bot was blocked"), "blocked the bot: `joins` first"
        if place is self:
            chat.started = True
        number, now = self._world.number(chat), int(self._world.now())
        beside = {key: value for key, value in extra.items() if key in BESIDE}
        content = {key: value for key, value in extra.items() if key not in BESIDE}
        message = Message(number, chat, self.user, now, text, command_entities(text), (), content, beside)
        body = self._world.put(message).to_json()
        if chat.closed:  # a group the bot is not in
            return Update(0, "message", body, chat.id, number, set(), self._world.pulse)
        service = {"new_chat_members", "left_chat_member"} & set(extra)
        return self._push("message", body, chat, number, set() if service else {"screen"})

    def member_update(self, place: Place, old: str, new: str, kind: str = "my_chat_member") -> Update:
        """Queues that the bot (or, in chat_member, this person) changed from one status to another."""
        who = self._world.bot if kind == "my_chat_member" else self.user
        body: Json = {"chat": place.chat.to_json(), "from": self.user, "date": int(self._world.now())}
        body["old_chat_member"] = _member(who, old)
        body["new_chat_member"] = _member(who, new)
        return self._push(kind, body, place.chat, 0, set())

    def _push(self, kind: str, body: Json, chat: Chat, message_id: int, waits: set[str]) -> Update:
        return self._world.owes(self._world.queue.push(kind, body, chat.id, message_id, waits))


def _member(who: Json, status: str) -> Json:
    return {"user": who, "status": status} | ({"until_date": 0} if status == "kicked" else {})


def _find(message: Message, label: str) -> Button:
    exact = [button for button in message.buttons if button.text == label]
    found = exact or [button for button in message.buttons if label in button.text]
    if len(found) != 1:
        raise AssertionError(f"{len(found)} buttons with {label!r} among {message.labels}")
    return found[0]
