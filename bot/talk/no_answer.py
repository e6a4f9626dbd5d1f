"""Help numbers that did not answer: how a person says so, and which state of an address that is.

    x           which of the numbers on this screen?         x-3fa9c1      this one, which is counted
    x/2         the same, for the screen at the state 2      x-3fa9c1/2    likewise

The name behind x- is made of the fact's id: it stays when other numbers come and go, and is short enough for
a button.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import blake2s

from bot.book import Book

_STATE = re.compile(r"x(?:-([0-9a-f]{6}))?(?:/(.+))?")


def read(state: str) -> tuple[str, str] | None:
    """The short name ("" while it is asked which) and the state of the screen with the numbers, or None."""
    match = _STATE.fullmatch(state)
    return (match[1] or "", match[2] or "") if match else None


def write(state: str, id: str = "") -> str:
    """The state in which the fact `id` is counted; without one, in which it is asked which number it was."""
    return "x" + (f"-{_short(id)}" if id else "") + (f"/{state}" if state else "")


def phones(book: Book, facts: Iterable[str]) -> tuple[str, ...]:
    """Those of `facts` that are telephone numbers."""
    return tuple(id for id in facts if id in book.facts and book.facts[id].kind == "phone")


def meant(ids: Iterable[str], short: str) -> str:
    """Which of the facts a short name means, "" for none."""
    return next((id for id in ids if _short(id) == short), "")


def _short(id: str) -> str:
    return blake2s(id.encode(), digest_size=3).hexdigest()
