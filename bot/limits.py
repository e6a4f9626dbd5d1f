"""Limits of Telegram's Bot API, each in its own unit, and the counting of that unit.

Source of every number: https://core.telegram.org/bots/api (read 2026) and
https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.
"""

CALLBACK_DATA_BYTES = 64
"""callback_data of an inline button: 1 to 64 bytes of UTF-8."""

MESSAGE_UTF16_UNITS = 4096
"""Text of a message after entities are parsed: 1 to 4,096 UTF-16 code units."""

CAPTION_UTF16_UNITS = 1024
"""Caption of a picture after entities are parsed."""

START_PARAMETER_CHARACTERS = 64
"""Value behind https://t.me/<bot>?start=: up to 64 of A-Z a-z 0-9 _ -."""

COPY_TEXT_CHARACTERS = 256
"""Text that a copy button puts on the clipboard."""

UPDATES_A_CALL = 100
"""getUpdates gives at most this many unconfirmed updates."""

DELETE_MESSAGES_IDS = 100
"""deleteMessages takes at most this many ids a call."""

DELETE_HOURS = 48
"""A bot can delete a message of a private chat for this long."""

MESSAGES_A_SECOND = 30
"""All chats together."""

CHAT_MESSAGES_A_SECOND = 1
"""One chat, with short bursts above it."""


def utf16_units(text: str) -> int:
    """Length of `text` in UTF-16 code units, the unit in which Telegram counts a message."""
    return len(text.encode("utf-16-le")) // 2
