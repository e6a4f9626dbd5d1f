"""Fetching updates, so that none is lost to a kill.

Telegram forgets an update when the next getUpdates asks for a higher one. We ask for the first that is not
*finished*: its answer is sent, refused for good, or put off (see lanes.py). Until then Telegram gives the
same updates again, at most a hundred; those that are known are skipped. While nothing moves we wait rather
than ask again, for Telegram punishes asking in a circle.

A kill therefore repeats at most the answers of some updates, and loses none but those that were put off.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import orjson
from aiohttp import ClientTimeout
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.limits import UPDATES_A_CALL
from bot.players.telegram.lanes import Json, Lanes
from bot.players.telegram.transport import CALL, TooMany
from bot.problems import KhuaError

LONG_POLL_SECONDS = 50
"""How long Telegram holds the question open while nothing happens; its own limit."""

ANSWER_SECONDS = 15
"""How much longer we wait for the answer."""

ASK_AGAIN_SECONDS = 1.0
"""After so long we ask again though nothing moved, so that new people pass one whose answer hangs.

To the same question within half a second Telegram gives one update only.
"""

FULL_SECONDS = 3.0
"""After so long we ask again though most of a full batch is in work: behind it new people wait anyway."""

LINGER_SECONDS = 0.05
"""A few answers more, and Telegram need not send those updates again."""

FEW = 32
"""With so few left of a full batch we ask for more: the next come just in time."""

KNOWN = 1000
"""Ids of finished updates that are remembered, should Telegram repeat one."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds before asking again after a failure; they double each time."""

KINDS = ("message", "edited_message", "channel_post", "callback_query")
"""Updates that we want. Telegram remembers the list."""

REFUSED_TOKEN = "Telegram refuses the bot's token. Ask @BotFather for the right one."

log = logging.getLogger(__name__)


class Call(Protocol):
    """Posts ready JSON to a method; see transport.py."""

    async def __call__(
        self, method: str, body: bytes, chat: int = 0, timeout: ClientTimeout = CALL
    ) -> Any: ...


class Window:
    """The updates that Telegram has not forgotten, in the order in which they came, finished or not.

    `offset` is what to ask for next, 0 for the oldest there is. It follows the order, not the numbers:
    after a week without updates Telegram begins anywhere, also further down.
    """

    def __init__(self) -> None:
        self.offset = 0
        self._order: deque[int] = deque()
        self._open: set[int] = set()
        self._finished: dict[int, None] = {}
        self._ready: Callable[[], bool] = bool
        self._waiter: asyncio.Future[None] | None = None

    @property
    def open(self) -> int:
        """How many are not finished."""
        return len(self._open)

    @property
    def head(self) -> int:
        """The first that is not finished, 0 if all are."""
        return next((each for each in self._order if each in self._open), 0)

    @property
    def moved(self) -> bool:
        """Whether a higher offset can be asked for."""
        return bool(self._order) and self._order[0] not in self._open

    def take(self, update_id: int) -> bool:
        """Notes an update that came. False if it is known."""
        if update_id in self._open or update_id in self._finished:
            return False
        self._order.append(update_id)
        self._open.add(update_id)
        return True

    def finish(self, update_id: int) -> None:
        """Nothing is lost any more if Telegram forgets this one."""
        self._open.discard(update_id)
        self._finished[update_id] = None
        if self._waiter is not None and not self._waiter.done() and self._ready():
            self._waiter.set_result(None)

    def advance(self) -> int:
        """The offset behind the longest row of finished updates."""
        while self.moved:
            self.offset = self._order.popleft() + 1
        while len(self._finished) > KNOWN + len(self._order):
            del self._finished[next(iter(self._finished))]
        return self.offset

    async def until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Waits till `ready` holds, at most so long. Updates that finish make it look again."""
        if ready():
            return
        self._ready, self._waiter = ready, asyncio.get_running_loop().create_future()
        await asyncio.wait((self._waiter,), timeout=seconds)
        self._waiter = None


async def _nothing() -> bool:
    """Keeps no counts."""
    return True


class Poller:
    """Asks for updates and puts them into lanes. `run` ends only by being cancelled, or with KhuaError.

    `keep` puts what finished updates counted where a kill cannot reach it. It says whether all is there.
    """

    def __init__(
        self, call: Call, lanes: Lanes, window: Window, keep: Callable[[], Awaitable[bool]] = _nothing
    ) -> None:
        self._call = call
        self._keep = keep
        self._lanes = lanes
        self._window = window
        self._trouble = ""
        self._pause = FIRST_PAUSE
        self._timeout = ClientTimeout(total=LONG_POLL_SECONDS + ANSWER_SECONDS)

    async def run(self) -> None:
        """Fetches and hands over, for ever. Raises KhuaError when Telegram refuses the token."""
        while True:
            batch = await self._next()
            full = len(batch) == UPDATES_A_CALL
            fresh = [update for update in batch if self._window.take(update["update_id"])]
            for update in fresh:
                await self._lanes.put(chat_of(update), update)
            if full and not fresh:
                # Telegram gives no more than these: whoever comes now would have to wait for the first.
                self._lanes.put_off(self._window.head)
            await self._settle(full)

    async def confirm(self, seconds: float) -> None:
        """Tells Telegram how far we came. Quiet if that fails: the updates come again at the next start."""
        offset = self._window.advance()
        # Counts that could not be kept come again with their updates, at the next start.
        if await self._keep() and offset:
            try:
                question = _question(offset, limit=1, timeout=0)
                await self._call("getUpdates", question, timeout=ClientTimeout(total=seconds))
            except TelegramError as error:
                log.info("the last updates could not be confirmed: %s", type(error).__name__)

    async def _settle(self, full: bool) -> None:
        """Waits till it is worth asking again."""
        window = self._window
        if window.open:
            await window.until(lambda: window.moved, ASK_AGAIN_SECONDS)
        if full:
            await window.until(lambda: window.open <= FEW, FULL_SECONDS)
        else:
            await window.until(lambda: not window.open, LINGER_SECONDS)

    async def _next(self) -> list[Json]:
        """The next updates, perhaps none. Waits out what goes wrong. Raises KhuaError."""
        offset = self._window.advance()
        # What these counted is kept before Telegram forgets them.
        await self._keep()
        question = _question(offset, UPDATES_A_CALL, LONG_POLL_SECONDS)
        try:
            answer = await self._call("getUpdates", question, timeout=self._timeout)
        except InvalidToken:
            raise KhuaError(REFUSED_TOKEN) from None
        except TelegramError as error:
            await self._wait_out(error)
            return []
        self._all_is_well()
        batch = sorted(answer, key=lambda update: int(update["update_id"]))
        if not batch:
            # All is forgotten there, and ids may start again further down.
            self._window.offset = 0
        return batch

    async def _wait_out(self, error: TelegramError) -> None:
        """One line for a time of trouble, however long, and a pause that grows."""
        if isinstance(error, Conflict) and "webhook" in error.message:
            await self._delete_webhook()
        elif isinstance(error, Conflict):
            self._say(
                "rival", "Another program fetches this bot's updates with the same token. Trying again."
            )
        else:
            self._say("silence", f"No connection to Telegram ({type(error).__name__}). Trying again.")
        pause = self._pause
        self._pause = min(2 * pause, LONGEST_PAUSE)
        await asyncio.sleep(error.seconds if isinstance(error, TooMany) else pause)

    async def _delete_webhook(self) -> None:
        """A webhook is set, by some earlier program: while it is, nobody can fetch updates."""
        log.warning("Telegram has a webhook for this bot, which keeps updates from us. Deleting it.")
        try:
            await self._call("deleteWebhook", b"{}")
        except TelegramError as error:
            log.info("deleteWebhook failed: %s", type(error).__name__)

    def _say(self, trouble: str, words: str) -> None:
        if self._trouble != trouble:
            log.warning(words)
        self._trouble = trouble

    def _all_is_well(self) -> None:
        if self._trouble:
            log.warning("Telegram answers again.")
        self._trouble, self._pause = "", FIRST_PAUSE


def chat_of(update: Json) -> int:
    """The chat that an update belongs to: its lane. 0 for kinds that need no answer, and for nonsense."""
    query = update.get("callback_query")
    message = (
        query.get("message") if query else next((update[kind] for kind in KINDS if kind in update), None)
    )
    try:
        return int(message["chat"]["id"] if message else query["from"]["id"] if query else 0)
    except (KeyError, TypeError, ValueError):
        return 0


def _question(offset: int, limit: int, timeout: int) -> bytes:
    parameters: Json = {"limit": limit, "timeout": timeout, "allowed_updates": KINDS}
    return orjson.dumps(parameters | ({"offset": offset} if offset else {}))
