"""parse_mode HTML, read as https://core.telegram.org/bots/api#html-style has it, and nothing more.

Telegram repairs a few mistakes without a word (a raw `&`, a raw `>`, a link it does not like, one quotation
inside another). Here they are refused: each means that somewhere a text was not escaped or not checked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .refused import Refused, bad_request, stricter

Entity = dict[str, object]

TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "code": "code", "pre": "pre", "a": "text_link", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
ATTRIBUTES = {
    "a": "href",
    "code": "class",
    "span": "class",
    "blockquote": "expandable",
    "tg-emoji": "emoji-id",
}
LITERALS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
ENTITIES_A_MESSAGE = 100  # Telegram drops the rest without a word

_TOKEN = re.compile(
    r"<(?P<end>/?)(?P<tag>[^\s<>]*)(?P<rest>[^<>]*)>"
    r"|&(?P<entity>lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});"
    r"|(?P<raw>[<>&])"
    r"|(?P<text>[^<>&]+)"
)
_ATTRIBUTE = re.compile(r"\s+(?P<name>[a-z-]+)(?:=(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'))?")
_LINK = re.compile(r"(https?://[^\s/]+\.[^\s]+|https?://[0-9.]+(:\d+)?(/\S*)?|tg://\S+)", re.IGNORECASE)


@dataclass(frozen=True)
class Parsed:
    """A text as the reader sees it, and its entities with offsets in UTF-16 code units."""

    text: str
    entities: tuple[Entity, ...] = ()


@dataclass(frozen=True)
class _Open:
    tag: str
    argument: str
    offset: int


def utf16(text: str) -> int:
    """Length in UTF-16 code units, the unit in which Telegram counts."""
    return len(text.encode("utf-16-le")) // 2


def is_link(url: str) -> bool:
    """Whether Telegram takes `url` behind a button or a link: http, https and tg, and a host with a dot."""
    return _LINK.fullmatch(url) is not None


def parse(source: str) -> Parsed:
    """`source` without its tags. Raises Refused at the first thing that is not Telegram's HTML."""
    text: list[str] = []
    length = 0
    opened: list[_Open] = []
    entities: list[Entity] = []
    for token in _TOKEN.finditer(source):
        byte = len(source[: token.start()].encode())
        if token["raw"]:
            raise _raw(source, token.start(), byte)
        if token["tag"] is not None:
            if token["end"]:
                entities += _close(opened, token, byte, length)
            else:
                opened.append(_open(opened, token, byte, length))
            continue
        piece = token["text"] or _character(token["entity"])
        text.append(piece)
        length += utf16(piece)
    if opened:
        raise _entities(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    if len(entities) > ENTITIES_A_MESSAGE:
        raise stricter(f"{len(entities)} entities in a message, Telegram keeps {ENTITIES_A_MESSAGE}")
    # Sorted as Telegram sorts them, so that equal texts compare equal.
    entities.sort(key=lambda entity: (entity["offset"], -int(str(entity["length"])), str(entity["type"])))
    return Parsed("".join(text), tuple(entities))


def _entities(message: str) -> Refused:
    return bad_request(f"can't parse entities: {message}")


def _raw(source: str, at: int, byte: int) -> Refused:
    if source[at] == "<":
        name = re.match(r"<([^\s<>]*)", source[at:])
        if name and name[1]:
            return _entities(f"Unclosed start tag at byte offset {byte}")
        return _entities(f'Unsupported start tag "" at byte offset {byte}')
    return stricter(f"raw {source[at]} at byte offset {byte}, it must be written as an entity")


def _character(entity: str) -> str:
    if not entity.startswith("#"):
        return LITERALS[entity]
    code = int(entity[2:], 16) if entity[1] == "x" else int(entity[1:])
    if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        raise stricter(f"&{entity}; is no character")
    return chr(code)


def _open(opened: list[_Open], token: re.Match[str], byte: int, offset: int) -> _Open:
    tag = token["tag"].lower()
    if tag not in TYPES:
        raise _entities(f'Unsupported start tag "{tag}" at byte offset {byte}')
    fixed = any(outer.tag in ("pre", "code") for outer in opened)
    if fixed and (tag, opened[-1].tag) != ("code", "pre"):
        raise stricter(f"<{tag}> inside <{opened[-1].tag}> at byte offset {byte}")
    if any(TYPES[outer.tag] == TYPES[tag] for outer in opened):
        raise stricter(f"<{tag}> inside another of its kind at byte offset {byte}")
    return _Open(tag, _argument(tag, token["rest"], byte), offset)


def _argument(tag: str, rest: str, byte: int) -> str:
    """The one attribute that a tag may have, checked; "" where it has none."""
    rest = rest.rstrip()
    if not rest:
        if tag in ("a", "span", "tg-emoji"):
            raise stricter(f"<{tag}> without {ATTRIBUTES[tag]} at byte offset {byte}")
        return ""
    attribute = _ATTRIBUTE.fullmatch(rest)
    if attribute is None or attribute["name"] != ATTRIBUTES.get(tag):
        raise stricter(f"<{tag}{rest}> at byte offset {byte} has an attribute that Telegram does not know")
    value = attribute["double"] if attribute["double"] is not None else attribute["single"] or ""
    value = re.sub(r"&([#\w]+);", lambda entity: _character(entity[1]), value)
    _check_argument(tag, value, byte)
    return value or attribute["name"]


def _check_argument(tag: str, value: str, byte: int) -> None:
    if tag == "a" and not is_link(value):
        raise stricter(f"link {value!r} at byte offset {byte}, Telegram would drop it without a word")
    if tag == "span" and value != "tg-spoiler":
        raise _entities(f'Tag "span" must have class "tg-spoiler" at byte offset {byte}')
    if tag == "code" and not value.startswith("language-"):
        raise stricter(f"<code> of class {value!r} at byte offset {byte}")
    if tag == "tg-emoji" and not value.isdecimal():
        raise bad_request("Invalid custom emoji identifier specified")


def _close(opened: list[_Open], token: re.Match[str], byte: int, length: int) -> list[Entity]:
    tag = token["tag"].lower()
    if not opened:
        raise _entities(f"Unexpected end tag at byte offset {byte}")
    start = opened.pop()
    if tag != start.tag:
        raise _entities(
            f'Unmatched end tag at byte offset {byte}, expected "</{start.tag}>", found "</{tag}>"',
        )
    if length == start.offset:
        raise stricter(f"empty <{tag}> at byte offset {byte}")
    entity: Entity = {"offset": start.offset, "length": length - start.offset, "type": TYPES[tag]}
    if tag == "a":
        entity["url"] = start.argument
    if tag == "tg-emoji":
        entity["custom_emoji_id"] = start.argument
    if tag == "blockquote" and start.argument:
        entity["type"] = "expandable_blockquote"
    return [entity]
