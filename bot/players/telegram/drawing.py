"""A screen as Telegram is told it: ready bytes. The only place where a text is escaped.

Bold runs and telephone numbers are <b>: on a small screen a number is what is looked for first, and phones
still offer to call it. Small print stays plain: Telegram has nothing smaller, and slanted Lao reads badly.
"""

from __future__ import annotations

from html import escape
from typing import Any

import orjson

from bot.book import Button, Run, Screen

BOLD = ("bold", "phone")


def draw(screen: Screen) -> bytes:
    """The parameters of sendMessage or editMessageText that make `screen`, without the opening brace."""
    parameters = {
        "text": _words(screen),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": _keyboard(screen),
    }
    return orjson.dumps(parameters)[1:]


def draw_under(screen: Screen) -> dict[str, Any]:
    """The parameters that make `screen` the caption of a picture."""
    return {"caption": _words(screen), "parse_mode": "HTML", "reply_markup": _keyboard(screen)}


def _words(screen: Screen) -> str:
    return "".join(_html(run) for run in screen.text)


def _keyboard(screen: Screen) -> dict[str, object]:
    return {"inline_keyboard": [[_button(button) for button in row] for row in screen.rows]}


def _html(run: Run) -> str:
    """The run in Telegram's HTML, white space outside the tags: Telegram would move it there anyway."""
    text = escape(run.text, quote=False)
    words = text.strip()
    if run.style not in BOLD or not words:
        return text
    start = text.index(words)
    return f"{text[:start]}<b>{words}</b>{text[start + len(words) :]}"


def _button(button: Button) -> dict[str, object]:
    scheme, _, rest = button.to.partition(":")
    if scheme == "https":
        return {"text": button.label, "url": button.to}
    if scheme == "tel":
        # Telegram takes no tel: link; a tap puts the number on the clipboard.
        return {"text": button.label, "copy_text": {"text": rest}}
    return {"text": button.label, "callback_data": button.to}
