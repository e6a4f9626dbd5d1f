"""The methods of the Bot API that our bot may use, each with the parameters that are understood here.

A parameter that is not in a method's row of METHODS is refused, though Telegram ignores strange ones and
knows more than these: what this server does not act out, no test of ours should rely on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from . import html
from .html import Parsed
from .markup import Keyboard
from .parameters import Uploaded, read
from .refused import bad_request, stricter
from .world import QUERY_SECONDS, Alert, Chat, Json, Message, World

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
IMAGES = (b"\x89PNG", b"\xff\xd8")
TOAST_CHARACTERS = 200
DAY_SECONDS = 86_400
DELETE_SECONDS = 2 * DAY_SECONDS
COMMANDS = 100
SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
    "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
)  # fmt: skip
PROFILE = {"name": 64, "description": 512, "short_description": 120}  # setMyName and its sisters: characters

Args = Mapping[str, object]


# Messages.


def _formatted(args: Args, name: str, most: int, too_long: str) -> Parsed:
    """The text under `name`, parsed, without white space at its end, and no longer than Telegram takes."""
    source = str(args.get(name, ""))
    if name == "text" and not source:
        raise bad_request("Message text is empty")
    parsed = html.parse(source) if args.get("parse_mode") else Parsed(source)
    text = parsed.text.rstrip()
    if name == "text" and not text:
        raise bad_request("Text must be non-empty")
    if html.utf16(text) > most:
        raise bad_request(too_long)
    return Parsed(text, parsed.entities)


def _keyboard(args: Args) -> Keyboard:
    keyboard = args.get("reply_markup", ())
    assert isinstance(keyboard, tuple)
    return keyboard


def _new(world: World, chat: Chat, content: Parsed, keyboard: Keyboard, media: Json) -> Json:
    now = int(world.now())
    number = world.number(chat)
    message = Message(number, chat, world.bot, now, content.text, content.entities, keyboard, media)
    return world.put(message).to_json()


def send_message(world: World, args: Args) -> object:
    """sendMessage."""
    content = _formatted(args, "text", TEXT_UNITS, "Message is too long")
    return _new(world, world.open(_number(args, "chat_id")), content, _keyboard(args), {})


def _send_file(kind: str) -> Callable[[World, Args], object]:
    def send(world: World, args: Args) -> object:
        content = _formatted(args, "caption", CAPTION_UNITS, "message caption is too long")
        chat = world.open(_number(args, "chat_id"))
        return _new(world, chat, content, _keyboard(args), _media(world, kind, args[kind]))

    return send


def _media(world: World, kind: str, sent: object) -> Json:
    """What a message holds for a file that comes along, or that Telegram has already."""
    if not isinstance(sent, Uploaded):
        if kind not in world.files.get(str(sent), {}):
            raise bad_request("wrong file identifier/HTTP URL specified")
        return world.files[str(sent)]
    if kind == "photo" and not sent.content.startswith(IMAGES):
        raise bad_request("IMAGE_PROCESS_FAILED")
    # Telegram keeps smaller ones of a photo beside it, under names of their own.
    sizes: list[Json] = []
    for width in (320, 640) if kind == "photo" else (0,):
        file: Json = {"file_id": f"A{kind}-{len(world.files)}", "file_size": sent.size}
        file["file_unique_id"] = f"AQAD{len(world.files)}"
        sizes.append(file | ({"width": width, "height": width * 3 // 4} if width else {}))
        world.files[str(file["file_id"])] = {kind: sizes if kind == "photo" else file}
    return {kind: sizes if kind == "photo" else sizes[0]}


def _own(world: World, args: Args) -> Message:
    """The message that an edit names, if it is the bot's."""
    chat = world.open(_number(args, "chat_id"))
    message = world.find(chat, _number(args, "message_id"), "edit")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return message


def _change(world: World, old: Message, new: Message) -> Json:
    if replace(new, edit_date=old.edit_date) == old:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as "
            "a current content and reply markup of the message"
        )
    return world.put(replace(new, edit_date=int(world.now()))).to_json()


def edit_message_text(world: World, args: Args) -> object:
    """editMessageText. Without reply_markup the buttons go, as with Telegram."""
    content = _formatted(args, "text", TEXT_UNITS, "MESSAGE_TOO_LONG")
    old = _own(world, args)
    if old.media:
        raise bad_request("there is no text in the message to edit")
    new = replace(old, text=content.text, entities=content.entities, keyboard=_keyboard(args))
    return _change(world, old, new)


def edit_message_media(world: World, args: Args) -> object:
    """editMessageMedia, of photos alone: also turns a text into a photo, with a caption of its own."""
    media = args["media"]
    if not isinstance(media, dict) or media.get("type") != "photo":
        raise stricter(f"media {media!r}, an InputMediaPhoto expected")
    if strange := set(media) - {"type", "media", "caption", "parse_mode"}:
        raise stricter(f"media with {sorted(strange)}")
    content = _formatted(media, "caption", CAPTION_UNITS, "message caption is too long")
    old = _own(world, args)
    file = media.get("media")
    if file == "attach://photo" and isinstance(args.get("photo"), Uploaded):
        file = args["photo"]
    elif "photo" in args:
        raise stricter("a file that the media does not name")
    new = replace(old, text=content.text, entities=content.entities, keyboard=_keyboard(args))
    return _change(world, old, replace(new, media=_media(world, "photo", file)))


def edit_message_reply_markup(world: World, args: Args) -> object:
    """editMessageReplyMarkup."""
    old = _own(world, args)
    return _change(world, old, replace(old, keyboard=_keyboard(args)))


def _delete(world: World, messages: list[Message]) -> bool:
    """All or, with Telegram's words, nothing: one message that has to stay keeps the others too.

    Telegram lets a bot delete for 48 hours: of a private chat any message but dice of the last day, of a
    group its own.
    """
    for message in messages:
        age = world.now() - message.date
        private = message.chat.kind == "private"
        dice = private and "dice" in message.media and age < DAY_SECONDS
        if age > DELETE_SECONDS or dice or not (private or message.from_bot):
            raise bad_request("Message can't be deleted for everyone")
    for message in messages:
        world.remove(message)
    return True


def delete_message(world: World, args: Args) -> object:
    """deleteMessage."""
    chat = world.open(_number(args, "chat_id"))
    return _delete(world, [world.find(chat, _number(args, "message_id"), "delete")])


def delete_messages(world: World, args: Args) -> object:
    """deleteMessages: passes over ids that are not there, also those of other chats."""
    chat = world.open(_number(args, "chat_id"))
    ids = args["message_ids"]
    assert isinstance(ids, list)
    return _delete(world, [chat.messages[number] for number in set(ids) & set(chat.messages)])


def answer_callback_query(world: World, args: Args) -> object:
    """answerCallbackQuery: once, and not too late."""
    query = world.queries.get(str(args["callback_query_id"]))
    if query is None or query.answered or world.now() - query.at > QUERY_SECONDS:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = str(args.get("text", ""))
    if len(text) > TOAST_CHARACTERS:
        raise bad_request("MESSAGE_TOO_LONG")
    if args.get("url"):
        raise bad_request("URL_INVALID")
    query.answered = True
    if text:
        sender = query.update.body["from"]
        assert isinstance(sender, dict)
        world.alerts.append(Alert(text, bool(args.get("show_alert")), sender["id"]))
    return True


def send_chat_action(world: World, args: Args) -> object:
    """sendChatAction."""
    if args["action"] not in ACTIONS:
        raise bad_request("Wrong parameter action in request")
    chat = world.open(_number(args, "chat_id"))
    world.actions.append((chat.id, str(args["action"])))
    return True


def _number(args: Args, name: str) -> int:
    value = args[name]
    assert isinstance(value, int)
    return value


# The bot about itself.


def get_me(world: World, args: Args) -> object:
    """getMe."""
    rights = {"can_join_groups": True, "can_read_all_group_messages": True, "supports_inline_queries": False}
    return world.bot | rights | {"can_connect_to_business": False, "has_main_web_app": False}


def _language(args: Args) -> str:
    code = str(args.get("language_code", ""))
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise bad_request("Invalid language code specified")
    return code


def _scope(args: Args) -> str:
    scope = args.get("scope", {"type": "default"})
    if not isinstance(scope, dict):
        raise bad_request("Can't parse BotCommandScope: BotCommandScope must be an Object")
    if scope.get("type") not in SCOPES or len(scope) > 1:
        raise bad_request("Can't parse BotCommandScope: Unsupported type specified")
    return str(scope["type"])


def _command(value: object) -> Json:
    if not isinstance(value, dict) or set(value) != {"command", "description"}:
        raise bad_request("Can't parse BotCommand: expected an Object")
    command, words = value["command"], value["description"]
    if not isinstance(command, str) or not re.fullmatch(r"[a-z0-9_]{1,32}", command):
        raise bad_request("BOT_COMMAND_INVALID")
    if not isinstance(words, str) or not words.strip():
        raise bad_request("Command description must be non-empty")
    if len(words) > 256:
        raise bad_request("Command description length must not exceed 256")
    return {"command": command, "description": words}


def set_my_commands(world: World, args: Args) -> object:
    """setMyCommands."""
    commands = args["commands"]
    if not isinstance(commands, list):
        raise bad_request("Expected an Array of BotCommand")
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    read_commands = [_command(command) for command in commands]
    if len({command["command"] for command in read_commands}) < len(read_commands):
        raise stricter("a command twice")
    world.settings.commands[_scope(args), _language(args)] = read_commands
    return True


def get_my_commands(world: World, args: Args) -> object:
    """getMyCommands: of exactly this scope and language, empty if never set."""
    return world.settings.commands.get((_scope(args), _language(args)), [])


def delete_my_commands(world: World, args: Args) -> object:
    """deleteMyCommands."""
    world.settings.commands.pop((_scope(args), _language(args)), None)
    return True


def _set_profile(what: str) -> Callable[[World, Args], object]:
    def set_text(world: World, args: Args) -> object:
        text = str(args.get(what, ""))
        if len(text) > PROFILE[what]:
            raise bad_request(f"BOT_{what.upper()}_TOO_LONG")
        world.settings.texts[what, _language(args)] = text
        return True

    return set_text


def _get_profile(what: str) -> Callable[[World, Args], object]:
    def get_text(world: World, args: Args) -> object:
        texts = world.settings.texts
        fallback = str(world.bot["first_name"]) if what == "name" else ""
        text = texts.get((what, _language(args))) or texts.get((what, "")) or fallback
        return {what: text}

    return get_text


def delete_webhook(world: World, args: Args) -> object:
    """deleteWebhook: there is none, which is fine."""
    if args.get("drop_pending_updates"):
        raise stricter("drop_pending_updates: people wait for an answer")
    return True


def refuse(world: World, args: Args) -> object:
    """logOut and close: they would cut the bot off for ten minutes."""
    raise stricter("no bot of ours logs out or closes")


@dataclass(frozen=True)
class Method:
    """What runs, which parameters it needs, and which it may have besides."""

    run: Callable[[World, Args], object]
    needs: frozenset[str]
    may: frozenset[str]

    def read(self, given: Args) -> dict[str, object]:
        """The parameters of a call, typed. Raises Refused for a missing, unknown or malformed one."""
        return read(given, self.needs, self.may)


def _method(run: Callable[[World, Args], object], needs: str = "", may: str = "") -> Method:
    return Method(run, frozenset(needs.split()), frozenset(may.split()))


_STYLE = "parse_mode reply_markup"
_QUIET = "disable_notification protect_content"

METHODS: dict[str, Method] = {
    "getMe": _method(get_me),
    "getUpdates": _method(refuse, "", "offset limit timeout allowed_updates"),  # served by the server itself
    "sendMessage": _method(send_message, "chat_id text", f"{_STYLE} {_QUIET} link_preview_options"),
    "sendPhoto": _method(_send_file("photo"), "chat_id photo", f"{_STYLE} {_QUIET} caption"),
    "sendDocument": _method(_send_file("document"), "chat_id document", f"{_STYLE} {_QUIET} caption"),
    "sendChatAction": _method(send_chat_action, "chat_id action"),
    "editMessageText": _method(
        edit_message_text, "chat_id message_id text", f"{_STYLE} link_preview_options"
    ),
    "editMessageMedia": _method(edit_message_media, "chat_id message_id media", "reply_markup photo"),
    "editMessageReplyMarkup": _method(edit_message_reply_markup, "chat_id message_id", "reply_markup"),
    "deleteMessage": _method(delete_message, "chat_id message_id"),
    "deleteMessages": _method(delete_messages, "chat_id message_ids"),
    "answerCallbackQuery": _method(
        answer_callback_query, "callback_query_id", "text show_alert cache_time url"
    ),
    "setMyCommands": _method(set_my_commands, "commands", "scope language_code"),
    "getMyCommands": _method(get_my_commands, "", "scope language_code"),
    "deleteMyCommands": _method(delete_my_commands, "", "scope language_code"),
    "setMyName": _method(_set_profile("name"), "", "name language_code"),
    "getMyName": _method(_get_profile("name"), "", "language_code"),
    "setMyDescription": _method(_set_profile("description"), "", "description language_code"),
    "getMyDescription": _method(_get_profile("description"), "", "language_code"),
    "setMyShortDescription": _method(
        _set_profile("short_description"), "", "short_description language_code"
    ),
    "getMyShortDescription": _method(_get_profile("short_description"), "", "language_code"),
    "deleteWebhook": _method(delete_webhook, "", "drop_pending_updates"),
    "logOut": _method(refuse),
    "close": _method(refuse),
}
BY_LOWER_NAME = {name.lower(): name for name in METHODS}
