"""What the bot says about itself in Telegram: its commands and its descriptions, in each language.

Asked for first and set only where it differs, at the start and beside everything else.
"""

from __future__ import annotations

import logging
from typing import Any

from telegram import BotCommand
from telegram.ext import ExtBot

from bot.book import Book
from bot.players.telegram.handlers import COMMANDS
from bot.talk.lines import line

DESCRIPTION_CHARACTERS = 512
SHORT_DESCRIPTION_CHARACTERS = 120
COMMAND_CHARACTERS = 256

log = logging.getLogger(__name__)


async def introduce(bot: ExtBot[Any], book: Book) -> None:
    """Sets what has changed. Whatever goes wrong is one quiet line: the bot works without."""
    try:
        await _introduce(bot, book, "", tuple(book.languages)[:2])
        for code in book.languages:
            if len(code) == 2:  # Telegram knows no others
                await _introduce(bot, book, code, (code,))
    except Exception as error:
        log.info("commands and descriptions were not set: %s", type(error).__name__)


async def _introduce(bot: ExtBot[Any], book: Book, code: str, langs: tuple[str, ...]) -> None:
    """For people whose Telegram speaks `code`; "" for all whose language is none of ours."""
    words = {name: _joined(book, langs, f"command_{name}", " · ", COMMAND_CHARACTERS) for name in COMMANDS}
    commands = tuple(BotCommand(name, said) for name, said in words.items())
    if await bot.get_my_commands(language_code=code) != commands:
        await bot.set_my_commands(commands, language_code=code)
    about = _joined(book, langs, "about_long", "\n\n", DESCRIPTION_CHARACTERS)
    if (await bot.get_my_description(language_code=code)).description != about:
        await bot.set_my_description(about, language_code=code)
    about = _joined(book, langs, "about_short", " · ", SHORT_DESCRIPTION_CHARACTERS)
    if (await bot.get_my_short_description(language_code=code)).short_description != about:
        await bot.set_my_short_description(about, language_code=code)


def _joined(book: Book, langs: tuple[str, ...], name: str, between: str, most: int) -> str:
    """A line in all `langs`, or in the first alone where they do not fit."""
    said = [line(book, lang, name) for lang in langs]
    together = between.join(said)
    return together if len(together) <= most else said[0][:most]
