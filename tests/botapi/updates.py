"""The queue behind getUpdates, and for each update whether the bot took care of it.

The rules are those of Telegram's own server: an offset confirms everything below it; what is not confirmed
comes again; a negative offset keeps that many from the end; an offset far in the future is no offset at all;
`allowed_updates` holds for updates that arise after the call, and until another list comes.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

ASKED_FOR_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
UPDATES_A_CALL = 100
FUTURE = 10  # an offset further beyond the newest update than this is taken as none
BIGGEST_ID = 2**31 - 2**20


class Pulse:
    """Wakes everybody who waits for the world to change."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def beat(self) -> None:
        """Something changed."""
        self._event.set()
        self._event = asyncio.Event()

    async def until(self, condition: Callable[[], bool], timeout: float) -> bool:
        """Waits till `condition` holds, at most `timeout` seconds. Says whether it holds."""
        end = time.monotonic() + timeout
        while not condition():
            left = end - time.monotonic()
            if left <= 0:
                return False
            try:
                await asyncio.wait_for(self._event.wait(), left)
            except TimeoutError:
                return condition()
        return True


@dataclass(eq=False)
class Update:
    """One update and what became of it.

    `waits` holds what the bot still owes: "answer" (answerCallbackQuery) and "screen" (an edit or a message).
    `early` says that the bot confirmed it to Telegram before it had paid: a kill would have lost it.
    """

    id: int
    kind: str
    body: dict[str, object]
    chat_id: int
    message_id: int
    waits: set[str]
    pulse: Pulse
    at: float = field(default_factory=time.monotonic)
    handed_out: int = 0
    confirmed: bool = False
    early: bool = False
    answered_at: float | None = None

    @property
    def is_answered(self) -> bool:
        """Whether nothing is owed any more."""
        return not self.waits

    def pay(self, what: str) -> None:
        """The bot did `what` for this update."""
        self.waits.discard(what)
        if not self.waits and self.answered_at is None:
            self.answered_at = time.monotonic()
        self.pulse.beat()

    async def answered(self, timeout: float = 5.0) -> None:
        """Waits till the bot has taken care of this update. Raises AssertionError after `timeout` seconds."""
        if not await self.pulse.until(lambda: self.is_answered, timeout):
            raise AssertionError(
                f"update {self.id} ({self.kind}) after {timeout} s: owed {sorted(self.waits)}"
            )

    def to_json(self) -> dict[str, object]:
        """As getUpdates gives it."""
        return {"update_id": self.id, self.kind: self.body}


class Queue:
    """All updates that arose, and those that are not confirmed yet."""

    def __init__(self, pulse: Pulse) -> None:
        self.all: list[Update] = []
        self._pulse = pulse
        self._waiting: list[Update] = []
        self._allowed: frozenset[str] | None = None
        self._next = random.randrange(10**8, BIGGEST_ID)

    def allow(self, kinds: Iterable[str]) -> None:
        """Which kinds to queue from now on; an empty list: all but those that one has to ask for."""
        self._allowed = frozenset(kinds) or None

    def push(
        self, kind: str, body: dict[str, object], chat_id: int, message_id: int, waits: set[str]
    ) -> Update:
        """Queues an update. One that is not allowed gets id 0 and is never handed out."""
        refused = kind in ASKED_FOR_ONLY if self._allowed is None else kind not in self._allowed
        update = Update(0 if refused else self._next, kind, body, chat_id, message_id, waits, self._pulse)
        if not refused:
            self._next += 1
            self.all.append(update)
            self._waiting.append(update)
            self._pulse.beat()
        return update

    def confirm(self, offset: int) -> int:
        """Forgets what `offset` confirms; gives the id from which to hand out (0: from the oldest)."""
        if offset < 0:
            self._forget(self._waiting[: max(0, len(self._waiting) + offset)])
        if offset <= 0 or offset > self._next + FUTURE:
            return 0
        self._forget([update for update in self._waiting if update.id < offset])
        return offset

    def give(self, start: int, limit: int) -> list[Update]:
        """At most `limit` unconfirmed updates from id `start` on; counted as handed out."""
        given = [update for update in self._waiting if update.id >= start][:limit]
        for update in given:
            update.handed_out += 1
        return given

    def has(self, start: int) -> bool:
        """Whether there is anything to give."""
        return bool(self._waiting) and self._waiting[-1].id >= start

    def restart(self, at: int | None) -> None:
        """Numbers from `at` on, or from a random number, as Telegram does after a week without updates.

        By then it has forgotten all that was not confirmed (it keeps updates for 24 hours), and so does this.
        """
        self._waiting.clear()
        self._next = random.randrange(10**8, BIGGEST_ID) if at is None else at

    @property
    def pending(self) -> int:
        """How many are not confirmed."""
        return len(self._waiting)

    def _forget(self, updates: list[Update]) -> None:
        for update in updates:
            update.confirmed = True
            update.early = not update.is_answered
        gone = {update.id for update in updates}
        self._waiting = [update for update in self._waiting if update.id not in gone]
