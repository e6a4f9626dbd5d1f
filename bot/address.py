"""Addresses: a whole place in the book, small enough for a button, and Telegram's start values.

    lo:brokers.check/a.yn-dy~vte26a
    |  |             |       +-- campaign: 3 to 8 of a-z 0-9
    |  |             +---------- state: what a tool, a further screen or a way back needs
    |  +------------------------ page id
    +--------------------------- language: 2 or 3 letters; without it a screen is in the first two languages

A start value allows A-Z a-z 0-9 _ - only, so there a page is `brokers-check` and a campaign follows two
underscores: `brokers-check__vte26a`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

LANGUAGE = re.compile(r"[a-z]{2,3}")
PAGE = re.compile(r"[a-z]+(\.[a-z_]+)?")
CAMPAIGN = re.compile(r"[a-z0-9]{3,8}")

_ADDRESS = re.compile(
    r"(?:(?P<lang>[a-z]{2,3}):)?"
    r"(?P<page>[a-z]+(?:\.[a-z_]+)?)"
    r"(?:/(?P<state>[A-Za-z0-9._/-]+))?"
    r"(?:~(?P<campaign>[a-z0-9]{3,8}))?",
    re.ASCII,
)
_START = re.compile(r"(?P<page>[a-z]+(?:-[a-z_]+?)?)(?:__(?P<campaign>[a-z0-9]{3,8}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """A place in the book. All fields are plain text; nothing here says that the place exists."""

    page: str
    lang: str = ""
    state: str = ""
    campaign: str = ""

    def __str__(self) -> str:
        lang = f"{self.lang}:" if self.lang else ""
        state = f"/{self.state}" if self.state else ""
        campaign = f"~{self.campaign}" if self.campaign else ""
        return f"{lang}{self.page}{state}{campaign}"

    def go(self, page: str, state: str = "") -> Address:
        """The same language and campaign, at another page."""
        return Address(page, self.lang, state, self.campaign)

    def speak(self, lang: str) -> Address:
        """The same place in another language."""
        return Address(self.page, lang, self.state, self.campaign)


def parse(text: str) -> Address | None:
    """The address written as `text`, or None where it is not one."""
    match = _ADDRESS.fullmatch(text)
    if match is None:
        return None
    return Address(match["page"], match["lang"] or "", match["state"] or "", match["campaign"] or "")


def from_start(value: str) -> Address | None:
    """The address behind the value of a deep link (`brokers-check__vte26a`), or None."""
    match = _START.fullmatch(value)
    if match is None:
        return None
    return Address(match["page"].replace("-", "."), campaign=match["campaign"] or "")


def to_start(page: str, campaign: str = "") -> str:
    """The start value that leads to `page`, counted for `campaign`."""
    return page.replace(".", "-") + (f"__{campaign}" if campaign else "")


def start_link(bot: str, page: str, campaign: str = "") -> str:
    """The link that opens the chat of a bot of Telegram at `page`, counted for `campaign`."""
    return f"https://t.me/{bot}?start={to_start(page, campaign)}"
