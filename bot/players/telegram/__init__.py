"""Khua on Telegram.

polling.py    fetches updates, so that a kill loses none    lanes.py      a chat in order, chats side by side
hot.py        a tapped button, raw                          handlers.py   all else, by python-telegram-bot
pages.py      an event to ready bytes, remembered           drawing.py    a screen as bytes; escaping
sending.py    send, change, answer, delete                  hide.py       hiding a chat
pictures.py   screens with a picture, and after one         render.py     a drawing to PNG
transport.py  the way out, trying again                     gate.py       Telegram's limits
profile.py    commands and descriptions                     quiet.py      what may stand in a log
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, Protocol

from telegram import Update
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Application, ApplicationBuilder, CallbackContext

from bot.book import Count
from bot.players import Counting, Uncounted
from bot.players.telegram.gate import SLOTS, Gate
from bot.players.telegram.handlers import Handlers
from bot.players.telegram.hide import Hide
from bot.players.telegram.hot import Taps
from bot.players.telegram.lanes import Json, Lanes, tell
from bot.players.telegram.pages import Answer, Pages, Shelf, only_counted
from bot.players.telegram.pictures import Pictures
from bot.players.telegram.polling import REFUSED_TOKEN, Poller, Window
from bot.players.telegram.profile import introduce
from bot.players.telegram.quiet import quiet_libraries, quiet_loop
from bot.players.telegram.sending import Sender
from bot.players.telegram.transport import Transport
from bot.problems import BadSetting, KhuaError
from bot.talk.reply import reply

STOP_SECONDS = 5.0
"""How long answers in work may take after we are told to stop."""

CONFIRM_SECONDS = 3.0
"""How long the last word to Telegram may take after that. Many systems kill after ten seconds in all."""

App = Application[Any, Any, Any, Any, Any, Any]

_update: ContextVar[int] = ContextVar("update")
"""The id of the update in work."""

log = logging.getLogger(__name__)


class Settings(Protocol):
    """What the player needs of the settings."""

    @property
    def token(self) -> str | None: ...

    @property
    def api_url(self) -> str: ...

    @property
    def limits(self) -> bool: ...


def start(settings: Settings, shelf: Shelf, keeper: Counting) -> None:
    """Runs the player until it is told to stop, on the fastest event loop that is installed."""
    try:
        import uvloop
    except ImportError:
        factory = None
    else:
        factory = uvloop.new_event_loop
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(run(settings, shelf, keeper=keeper))


async def run(
    settings: Settings,
    shelf: Shelf,
    answer: Answer = reply,
    keeper: Counting | None = None,
) -> None:
    """Is on Telegram until SIGTERM, SIGINT or cancellation, then ends in order.

    `keeper` is told what was asked and decided, before it is shown, with the update's id: after a kill some
    are told twice. Raises KhuaError when the token or the address of the API is wrong.
    """
    quiet_libraries()
    quiet_loop(asyncio.get_running_loop())
    token = settings.token
    if not token:
        raise BadSetting("there is no token: @BotFather in Telegram gives one")
    base = f"{settings.api_url.rstrip('/')}/bot"
    transport = Transport(base + token, Gate(settings.limits), connections=SLOTS)
    polls = Transport(base + token, None, connections=2)
    application = _application(token, base, transport, polls)
    kept = keeper or Uncounted()

    def count(counts: Sequence[Count]) -> None:
        kept.count("telegram", counts, _update.get())

    pages, sender = Pages(shelf, answer, count), Sender(transport.call)
    hide, pictures = Hide(pages, sender), Pictures(sender, transport.call)
    taps = Taps(pages, sender, pictures, hide)
    handlers = Handlers(pages, sender, pictures, hide)
    handlers.join(application)

    async def decide(update: Json) -> None:
        with only_counted():
            await work(update)

    async def work(update: Json) -> None:
        _update.set(update["update_id"])
        query = update.get("callback_query")
        if query:
            await taps.answer(query)
            return
        try:
            read = Update.de_json(update, application.bot)
        except (TypeError, ValueError, KeyError, AttributeError):
            await handlers.unreadable(update)
        else:
            await application.process_update(read)

    window = Window()
    lanes = Lanes(work, window.finish, decide=decide)
    poller = Poller(polls.call, lanes, window, kept.keep)
    try:
        await _start(application)
        log.info("On Telegram as @%s.", application.bot.username)
        with _stop_signals() as stopped:
            try:
                await _side_by_side(
                    stopped, poller.run(), shelf.keep_fresh(), introduce(application.bot, pages.book)
                )
            finally:
                await lanes.drain(STOP_SECONDS)
                await poller.confirm(CONFIRM_SECONDS)
    finally:
        await application.shutdown()
        await transport.shutdown()
        await polls.shutdown()


def _application(token: str, base: str, transport: Transport, polls: Transport) -> App:
    """The library's application, without all that we do ourselves."""
    application = (
        ApplicationBuilder()
        .token(token)
        .base_url(base)
        .request(transport)
        .get_updates_request(polls)
        .updater(None)
        .job_queue(None)
        .build()
    )

    async def failed(update: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        tell(context.error)

    application.add_error_handler(failed)
    return application


async def _start(application: App) -> None:
    """Asks Telegram who we are. Raises KhuaError; the library's own words would tell the token."""
    try:
        await application.initialize()
    except InvalidToken:
        raise KhuaError(REFUSED_TOKEN) from None
    except TelegramError as error:
        why = "Is there a network, and is KHUA_API_URL right?"
        raise KhuaError(f"Telegram does not answer ({type(error).__name__}). {why}") from None


@contextmanager
def _stop_signals() -> Iterator[asyncio.Event]:
    """An event that SIGTERM and SIGINT set. Where the system has none, Ctrl-C cancels instead."""
    stopped, loop = asyncio.Event(), asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for each in signals:
        with suppress(NotImplementedError, ValueError, RuntimeError):
            loop.add_signal_handler(each, stopped.set)
    try:
        yield stopped
    finally:
        for each in signals:
            with suppress(NotImplementedError, ValueError, RuntimeError):
                loop.remove_signal_handler(each)


async def _side_by_side(stopped: asyncio.Event, *works: Coroutine[Any, Any, None]) -> None:
    """Runs all works until `stopped` is set. Raises the error of the first that fails."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(work) for work in works]
            await stopped.wait()
            for task in tasks:
                task.cancel()
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from None
