"""The browser chat: the same conversation in a page that this machine serves to itself, without a network.

server.py   routes and who may use them        draw.py   a screen as the page is told it
page/       the page: HTML, CSS, one script    fonts/    Lao letters, and how they were cut
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import Protocol

from aiohttp import web

from bot.book import Count
from bot.players import Counting, Uncounted
from bot.players.web.server import HOST, Answer, Chat, HasBook
from bot.talk.reply import reply

SECONDS_TO_FINISH = 1.0
"""Answers take milliseconds: nobody waits longer for the end."""


class Port(Protocol):
    """What the chat needs of the settings."""

    @property
    def port(self) -> int: ...


class Shelf(HasBook, Protocol):
    """What the chat needs of the shelf."""

    async def keep_fresh(self) -> None: ...


async def run(
    settings: Port,
    shelf: Shelf,
    announce: Callable[[str], None],
    reply: Answer = reply,
    keeper: Counting | None = None,
) -> None:
    """Serves the chat until it is cancelled. `announce` is told in one line where it is."""
    kept = keeper or Uncounted()

    def count(counts: Sequence[Count]) -> None:
        kept.count("browser", counts)
        kept.soon()

    runner = web.AppRunner(
        Chat(shelf, reply, count).application(),
        access_log=None,
        logger=_silent(),
        shutdown_timeout=SECONDS_TO_FINISH,
    )
    await runner.setup()
    try:
        port = await _listen(runner, settings.port)
        taken = f" (port {settings.port} is taken)" if settings.port not in (0, port) else ""
        announce(f"Chat in the browser: http://{HOST}:{port}/{taken}")
        await shelf.keep_fresh()
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, wanted: int) -> int:
    """Listens on this machine alone; where the port cannot be had, on one that is free. Gives the port."""
    try:
        await web.TCPSite(runner, HOST, wanted).start()
    except OSError:
        await web.TCPSite(runner, HOST, 0).start()
    return int(runner.addresses[0][1])


def _silent() -> logging.Logger:
    """A log that nobody reads: aiohttp logs what it cannot parse, and that may be a piece of a question."""
    logger = logging.Logger("bot.players.web.silent")
    logger.addHandler(logging.NullHandler())
    return logger
