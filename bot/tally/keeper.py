"""Counts wait here for the file, so that no trouble with it ever stops a conversation.

Telegram's updates are told with their ids. What waits is written in one transaction before the next updates
are asked for; where that fails, one line is logged, the counts wait on in memory, and are written once they
can be. What waits is bounded; what falls out of the bound is itself a number (the kind "lost").
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot.book import Book, Count
from bot.problems import KhuaError
from bot.tally.names import Cell, cell

if TYPE_CHECKING:
    from bot.tally.file import TallyFile, Update

MOST_UPDATES = 10_000
"""Updates that wait one by one, each with its id; those before them wait as sums."""

MOST_CELLS = 50_000
"""Cells of these sums: some 20 MB. A year of a busy bot has about three times as many."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds till the file is tried again after it failed; they double each time."""

LAST_SECONDS = 3.0
"""How long the end waits for a file that another program holds."""

SOON_SECONDS = 0.5
"""How long a channel without updates may let counts wait, so that a burst is one transaction."""

log = logging.getLogger("khua")


@dataclass(slots=True)
class _Waiting:
    """What is not in the file yet: the newest one by one, older ones as sums."""

    updates: list[Update] = field(default_factory=list)
    sums: Counter[Cell] = field(default_factory=Counter)
    lost: Counter[Cell] = field(default_factory=Counter)

    def __bool__(self) -> bool:
        return bool(self.updates or self.sums or self.lost)

    def all(self) -> list[Update]:
        """Everything, as the file takes it."""
        rest: list[Update] = [(None, those) for those in (self.sums, self.lost) if those]
        return rest + self.updates

    def before(self, later: _Waiting) -> _Waiting:
        """All that waits here and what came later, within the bounds."""
        whole = _Waiting(self.updates + later.updates, self.sums + later.sums, self.lost + later.lost)
        whole.shrink()
        return whole

    @property
    def many(self) -> int:
        """How many counts wait."""
        return sum(sum(cells.values()) for _, cells in self.all())

    def shrink(self) -> None:
        """Keeps to the bounds: what was there first becomes a sum, then a number of what is lost."""
        for _, cells in self.updates[:-MOST_UPDATES]:
            self.sums.update(cells)
        del self.updates[:-MOST_UPDATES]
        while len(self.sums) > MOST_CELLS:
            at, n = self.sums.popitem()  # the newest: those before it go on counting
            self.lost[Cell(at.day[:7], at.channel, "", "lost")] += n


class Keeper:
    """Takes counts at any time, and writes them to `path` when it is told to. Nothing here raises.

    book, today   the book and the day to count by      channels   those that are counted at all
    """

    def __init__(
        self, path: Path, book: Callable[[], Book], today: Callable[[], date], channels: Sequence[str]
    ) -> None:
        self._path, self._book, self._today = path, book, today
        self._channels = frozenset(channels)
        self._waiting = _Waiting()
        self._lock, self._writing = Lock(), Lock()
        self._file: TallyFile | None = None
        self._writer = ThreadPoolExecutor(1, "tally")
        self._soon: asyncio.Task[None] | None = None
        self._known: dict[tuple[str, Count], Cell | None] = {}
        self._known_by: tuple[str, date] | None = None
        self._trouble, self._pause, self._again = "", FIRST_PAUSE, 0.0

    def count(self, channel: str, counts: Sequence[Count], update: int | None = None) -> None:
        """Counts what was asked and decided. An update that was counted before is counted no more."""
        if channel not in self._channels:
            return
        cells = Counter(at for each in counts if (at := self._cell(channel, each)) is not None)
        if not cells:
            return
        with self._lock:
            self._waiting.updates.append((update, cells))
            if len(self._waiting.updates) > 2 * MOST_UPDATES:
                self._waiting.shrink()

    def _cell(self, channel: str, count: Count) -> Cell | None:
        book, today = self._book(), self._today()
        if self._known_by != (book.version, today):
            self._known.clear()
            self._known_by = book.version, today
        key = channel, count
        if key not in self._known:
            if len(self._known) >= MOST_CELLS:
                self._known.clear()
            self._known[key] = cell(book, today, channel, count)
        return self._known[key]

    def write(self) -> None:
        """Writes what waits, unless the file failed a moment ago. At trouble all of it waits on."""
        with self._writing:  # the file is no place for two threads
            self._write()

    def _write(self) -> None:
        if time.monotonic() < self._again:
            return
        with self._lock:
            taken, self._waiting = self._waiting, _Waiting()
        if not taken:
            if self._file is not None:
                self._file.tidy()
            return
        try:
            file = self._open()
            file.add(taken.all())
        except BaseException as error:
            with self._lock:
                self._waiting = taken.before(self._waiting)
            if not isinstance(error, Exception):
                raise
            self._failed(error)
        else:
            self._well()
            file.tidy()

    async def keep(self) -> bool:
        """The same beside the event loop: it is over when the file has them, or has failed.

        Returns whether nothing waits any more.
        """
        loop = asyncio.get_running_loop()
        await asyncio.shield(loop.run_in_executor(self._writer, self.write))
        return not self._waiting

    def soon(self) -> None:
        """Lets a channel that has no updates write by and by, from within an event loop."""
        if self._soon is None or self._soon.done():
            self._soon = asyncio.create_task(self._keep_soon())

    async def _keep_soon(self) -> None:
        while True:
            await asyncio.sleep(max(SOON_SECONDS, self._again - time.monotonic()))
            if await self.keep():
                return

    def close(self) -> None:
        """Writes what waits, trying for some seconds, and lets go of the file."""
        if self._soon is not None:
            self._soon.cancel()
        self._writer.shutdown(wait=True)
        end = time.monotonic() + LAST_SECONDS
        while True:
            self._again = 0.0
            self.write()
            if not self._waiting or time.monotonic() > end:
                break
            time.sleep(FIRST_PAUSE / 4)
        if self._waiting:
            log.error(
                "%d counts were not written. Those that Telegram sends again count then, the rest is lost.",
                self._waiting.many,
            )
        if self._file is not None:
            self._file.close()

    def _open(self) -> TallyFile:
        """The file; opened anew where somebody moved it away."""
        from bot.tally.file import TallyFile  # here: a start needs no database, and is faster without

        if self._file is not None and not self._file.is_there():
            self._file.close()
            self._file = None
        if self._file is None:
            self._file = TallyFile(self._path)
        return self._file

    def _failed(self, error: Exception) -> None:
        from bot.tally.file import why

        said = str(error) if isinstance(error, KhuaError) else why(self._path, error)
        if said != self._trouble:
            log.error("Counts wait in memory: %s.", said)
        self._trouble = said
        self._again = time.monotonic() + self._pause
        self._pause = min(2 * self._pause, LONGEST_PAUSE)
        if self._file is not None:
            self._file.close()
            self._file = None

    def _well(self) -> None:
        if self._trouble:
            log.warning("Counts are written again.")
        self._trouble, self._pause, self._again = "", FIRST_PAUSE, 0.0
