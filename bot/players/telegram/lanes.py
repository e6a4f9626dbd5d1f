"""Lanes: what one chat does is answered in order, and different chats are answered side by side.

A chat's first update opens a lane, later ones queue in it, and the lane ends with its last. `room` bounds
all that is accepted and not yet done: whoever puts something in waits for room.

A lane that Telegram makes wait for long is *put off*: its updates count as finished, so that Telegram may
forget them and go on with other people's, while the lane itself waits on in memory. What they count is
decided first. A kill at that very time loses those screens, and no others. At most `DEEP` updates wait in
such a lane; older ones give way.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from telegram.error import ChatMigrated, Forbidden

Json = dict[str, Any]

ROOM = 1000
"""Updates accepted and not yet done: about ten batches of getUpdates, a few megabytes."""

DEEP = 50
"""Updates that wait in one lane that is put off."""

PUT_OFF_SECONDS = 3.0
"""How long Telegram may make an update wait before the others go on without it."""

PATIENCE_SECONDS = 600.0
"""How long an answer is tried again. Whoever waited for that long has tapped again or gone."""

LAST_SECONDS = 1.0
"""How long what was cancelled may take to end."""

log = logging.getLogger(__name__)


def tell(error: BaseException | None) -> None:
    """One line about an update without an answer: the type of what went wrong, never its words."""
    gone = isinstance(error, Forbidden | ChatMigrated)  # blocked us, left: nothing that anybody could mend
    level = logging.DEBUG if gone else logging.ERROR
    log.log(level, "an update could not be answered: %s", type(error).__name__)


def _now() -> float:
    return asyncio.get_running_loop().time()


@dataclass(slots=True, eq=False)
class Job:
    """An update that waits for its answer, or just gets it. `at` is when it came, `finished` for Telegram.

    let_go: it will be finished as soon as its counts are decided.
    """

    update: Json
    at: float
    finished: bool = False
    let_go: bool = False


@dataclass(slots=True, eq=False)
class Lane:
    """The updates of one chat, the first of them in work."""

    finish: Callable[[Job], None]
    let_go: Callable[[Job], None]
    jobs: deque[Job] = field(default_factory=deque)
    late: bool = False
    _began: float = 0.0
    _waited: bool = False
    _held_since: float = 0.0

    def begins(self) -> Job:
        """The next job, which starts now."""
        self._began, self._waited = _now(), False
        return self.jobs[0]

    def ends(self) -> None:
        """The job at the head is done. One that never had to wait ends a time of waiting."""
        self.finish(self.jobs.popleft())
        if not self._waited:
            self._held_since, self.late = 0.0, False

    def hold(self, seconds: float = 0.0) -> None:
        """Telegram's limits make this lane wait, for `seconds` from now as far as is known."""
        now = _now()
        self._waited = True
        if not self._held_since:
            self._held_since = now
        if now + seconds - self._held_since > PUT_OFF_SECONDS:
            self.put_off()

    def put_off(self) -> None:
        """From now on, and till the waiting ends, nobody else waits for this lane."""
        self.late = True
        for job in self.jobs:
            self.let_go(job)

    def has_patience(self, seconds: float, patience: float = PATIENCE_SECONDS) -> bool:
        """Whether the job in work may wait for `seconds` more and be tried again."""
        return _now() + seconds - self._began < patience


current: ContextVar[Lane | None] = ContextVar("current", default=None)
"""The lane that a call belongs to; None for calls of the bot's own, such as setMyCommands."""

decided: ContextVar[bool] = ContextVar("decided", default=False)
"""Whether the counts of the update in work were decided before, when its lane was put off."""


class Lanes:
    """All lanes. `work` answers one update; `finished` is told the id of each, once.

    `decide` counts an update that is put off, without answering it.
    """

    def __init__(
        self,
        work: Callable[[Json], Awaitable[None]],
        finished: Callable[[int], None],
        room: int = ROOM,
        decide: Callable[[Json], Awaitable[None]] | None = None,
    ) -> None:
        self._work = work
        self._decide = decide
        self._finished = finished
        self._room = asyncio.Semaphore(room)
        self._lanes: dict[int, Lane] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._deciding: set[asyncio.Task[None]] = set()

    async def put(self, chat: int, update: Json) -> None:
        """Accepts an update of `chat`, as soon as there is room."""
        await self._room.acquire()
        lane = self._lanes.get(chat)
        job = Job(update, _now())
        if lane is not None:
            lane.jobs.append(job)
            if lane.late:
                self._join_late(lane, job)
            return
        lane = self._lanes[chat] = Lane(self._finish, self._let_go)
        lane.jobs.append(job)
        task = asyncio.create_task(self._run(chat, lane))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def put_off(self, update_id: int) -> None:
        """The lane in which this update waits is put off, unless the update has only just come."""
        before = _now() - PUT_OFF_SECONDS
        for lane in self._lanes.values():
            if any(job.update["update_id"] == update_id and job.at < before for job in lane.jobs):
                lane.put_off()

    async def drain(self, seconds: float) -> None:
        """Lets everything accepted come to its end for so long; then drops the rest."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)
        for task in self._tasks:
            task.cancel()
        rest = {*self._tasks, *self._deciding}
        if rest:
            await asyncio.wait(rest, timeout=LAST_SECONDS)

    async def _run(self, chat: int, lane: Lane) -> None:
        current.set(lane)
        while lane.jobs:
            job = lane.begins()
            decided.set(job.let_go)
            try:
                await self._work(job.update)
            except Exception as error:
                tell(error)
            self._room.release()
            lane.ends()
        del self._lanes[chat]

    def _join_late(self, lane: Lane, job: Job) -> None:
        self._let_go(job)
        if len(lane.jobs) > DEEP:
            del lane.jobs[1]  # the oldest that is not in work: its screen would be replaced at once
            self._room.release()
            log.warning("a chat that Telegram makes wait sent more than can wait: one update was dropped")

    def _let_go(self, job: Job) -> None:
        """Telegram may forget it, once it is decided what it counts."""
        if job.finished or job.let_go:
            return
        if self._decide is None:
            self._finish(job)
            return
        job.let_go = True
        task = asyncio.create_task(self._decided(self._decide, job))
        self._deciding.add(task)
        task.add_done_callback(self._deciding.discard)

    async def _decided(self, decide: Callable[[Json], Awaitable[None]], job: Job) -> None:
        try:
            await decide(job.update)
        except Exception as error:
            tell(error)
        self._finish(job)

    def _finish(self, job: Job) -> None:
        if not job.finished:
            job.finished = True
            self._finished(job.update["update_id"])
