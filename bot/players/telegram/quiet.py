"""No word of a person, no token and no address in a log, at any level: libraries may tell types of errors."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

LIBRARIES = ("telegram", "httpx", "httpcore", "aiohttp", "asyncio")

log = logging.getLogger(__name__)


class _TypeOnly(logging.Handler):
    """Passes on that a library had something to say, and of which error; what it said stays unsaid."""

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[0] if record.exc_info else None
        log.log(record.levelno, "%s: %s", record.name, error.__name__ if error else record.levelname.lower())


def quiet_libraries() -> None:
    """Their warnings lose their words; all below a warning is not even made."""
    for name in LIBRARIES:
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        logger.handlers = [_TypeOnly()]
        logger.propagate = False


def quiet_loop(loop: asyncio.AbstractEventLoop) -> None:
    """What goes wrong in a task that nobody waits for is told by its type."""

    def tell(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        log.error("in the event loop: %s", type(context.get("exception")).__name__)

    loop.set_exception_handler(tell)
