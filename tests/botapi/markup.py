"""reply_markup, of which our bot uses one kind: the inline keyboard. Checked button by button."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .html import is_link
from .refused import Refused, bad_request, stricter

CALLBACK_DATA_BYTES = 64
COPY_TEXT_CHARACTERS = 256
BUTTONS_A_ROW = 8
BUTTONS_A_KEYBOARD = 100
KINDS = ("callback_data", "url", "copy_text")


@dataclass(frozen=True)
class Button:
    """One inline button: its label, and exactly one of `data`, `url` and `copy`."""

    text: str
    data: str = ""
    url: str = ""
    copy: str = ""

    def to_json(self) -> dict[str, object]:
        """As Telegram writes it."""
        if self.data:
            return {"text": self.text, "callback_data": self.data}
        if self.url:
            return {"text": self.text, "url": self.url}
        return {"text": self.text, "copy_text": {"text": self.copy}}


Keyboard = tuple[tuple[Button, ...], ...]


def read(value: object) -> Keyboard:
    """The keyboard in the JSON value of reply_markup. Raises Refused."""
    if not isinstance(value, Mapping):
        raise bad_request("Object expected as reply markup")
    if set(value) != {"inline_keyboard"}:
        raise stricter(f"reply_markup of {sorted(value)}, inline keyboard expected")
    rows = value["inline_keyboard"]
    if not _is_list(rows) or not all(_is_list(row) for row in rows):
        raise bad_request('Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if not all(rows):
        raise stricter("a row without buttons")
    if any(len(row) > BUTTONS_A_ROW for row in rows):
        raise stricter(f"more than {BUTTONS_A_ROW} buttons in a row")
    if sum(map(len, rows)) > BUTTONS_A_KEYBOARD:
        raise bad_request("reply markup is too long")
    return tuple(tuple(_button(button) for button in row) for row in rows)


def to_json(keyboard: Keyboard) -> dict[str, object]:
    """The object that stands as reply_markup in messages that Telegram hands out."""
    return {"inline_keyboard": [[button.to_json() for button in row] for row in keyboard]}


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _cannot(why: str) -> Refused:
    return bad_request(f"Can't parse inline keyboard button: {why}")


def _button(value: object) -> Button:
    if not isinstance(value, Mapping):
        raise _cannot("InlineKeyboardButton must be an Object")
    text = value.get("text")
    if not isinstance(text, str):
        raise _cannot('Can\'t find field "text"' if text is None else 'Field "text" must be of type String')
    if not text.strip():
        raise bad_request("Inline keyboard button text must be non-empty")
    if strange := set(value) - {"text", *KINDS}:
        raise stricter(f"an inline button with {sorted(strange)}")
    kinds = [kind for kind in KINDS if kind in value]
    if not kinds:
        raise _cannot("Text buttons are unallowed in the inline keyboard")
    if len(kinds) > 1:
        raise stricter(f"an inline button with {' and '.join(kinds)}")
    return _MAKERS[kinds[0]](text, value[kinds[0]])


def _callback(text: str, value: object) -> Button:
    if not isinstance(value, str) or not value:
        raise _cannot("Text buttons are unallowed in the inline keyboard")
    if len(value.encode()) > CALLBACK_DATA_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return Button(text, data=value)


def _url(text: str, value: object) -> Button:
    if not isinstance(value, str) or not is_link(value):
        raise bad_request(f"Inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    return Button(text, url=value)


def _copy(text: str, value: object) -> Button:
    copied = value.get("text") if isinstance(value, Mapping) and set(value) == {"text"} else None
    if not isinstance(copied, str) or not 1 <= len(copied) <= COPY_TEXT_CHARACTERS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")
    return Button(text, copy=copied)


_MAKERS = {"callback_data": _callback, "url": _url, "copy_text": _copy}
