"""Reading the parameters of a call: JSON bodies give typed values, forms give strings with JSON inside."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping

from . import markup
from .markup import Keyboard
from .refused import bad_request, stricter

DELETE_IDS = 100


class Uploaded(str):
    """A file that came in a multipart body: its name, where a file_id would be a plain string."""

    content: bytes = b""

    @property
    def size(self) -> int:
        return len(self.content)


def _int(name: str, value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise stricter(f"{name} is {value!r}, an Integer expected")


def _chat(name: str, value: object) -> int:
    if value == "":
        raise bad_request("chat_id is empty")
    return _int(name, value)


def _bool(name: str, value: object) -> bool:
    known = {"true": True, "false": False, "1": True, "0": False}
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in known:
        return known[value.lower()]
    raise stricter(f"{name} is {value!r}, a Boolean expected")


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise stricter(f"{name} is {value!r}, a String expected")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise bad_request("strings must be encoded in UTF-8") from None
    if control := re.search(r"[\x00-\x08\x0b-\x1f\x7f]", value):
        raise stricter(f"{name} holds the control character {control[0]!r}")
    return value


def _json(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"Can't parse {name} JSON object") from None


def _markup(_: str, value: object) -> Keyboard:
    return markup.read(_json("reply keyboard markup", value))


def _parse_mode(name: str, value: object) -> str:
    if value != "HTML":
        raise bad_request("Unsupported parse_mode")
    return "HTML"


def _ids(name: str, value: object) -> list[int]:
    ids = _json(name, value)
    if not isinstance(ids, list):
        raise bad_request("Expected an Array of message identifiers")
    if not ids:
        raise bad_request("Message identifiers are not specified")
    if len(ids) > DELETE_IDS:
        raise bad_request("Too many message identifiers specified")
    numbers = [_int(name, number) for number in ids]
    if min(numbers) <= 0:
        raise bad_request("Invalid message identifier specified")
    return numbers


def _file(name: str, value: object) -> str:
    if isinstance(value, Uploaded) and not value.size:
        raise bad_request("file must be non-empty")
    return _text(name, value)


READERS: dict[str, Callable[[str, object], object]] = {
    "chat_id": _chat,
    "message_ids": _ids,
    "parse_mode": _parse_mode,
    "reply_markup": _markup,
    **dict.fromkeys(("document", "photo"), _file),
    **dict.fromkeys(("cache_time", "limit", "message_id", "offset", "timeout"), _int),
    **dict.fromkeys(("allowed_updates", "commands", "link_preview_options", "media", "scope"), _json),
    **dict.fromkeys(("disable_notification", "drop_pending_updates", "protect_content", "show_alert"), _bool),
    **dict.fromkeys(("action", "callback_query_id", "caption", "text", "url"), _text),
    **dict.fromkeys(("description", "language_code", "name", "short_description"), _text),
}


def read(given: Mapping[str, object], needs: frozenset[str], may: frozenset[str]) -> dict[str, object]:
    """The parameters of a call, typed. Raises Refused for a missing, unknown or malformed one."""
    if strange := sorted(set(given) - needs - may):
        raise stricter(f"parameters {strange}")
    values = {name: READERS[name](name, value) for name, value in given.items()}
    for name in sorted(needs - set(values)):
        raise bad_request(_MISSING.get(name, f'Parameter "{name}" is required'))
    return values


_MISSING = {
    "text": "Message text is empty",
    "chat_id": "chat_id is empty",
    "message_id": "Message identifier is not specified",
    "message_ids": "Message identifiers are not specified",
}
