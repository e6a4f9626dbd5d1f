"""Where a running bot keeps its book: reads the content folder, and again after local midnight."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot import cache
from bot.book import Book
from bot.problems import BadSetting, KhuaError

log = logging.getLogger("khua")

_LONGEST_SLEEP = 3600.0
"""Seconds: a laptop that slept, or a clock that was put right, is noticed within the hour."""


def read_files(content: Path) -> dict[str, str]:
    """Path below the folder -> text, for every file that the compiler reads. Raises KhuaError.

    A picture is no text: each of its bytes stands as one sign (Latin-1), which loses nothing.
    """
    files = {}
    words = [*content.rglob("*.yaml"), *content.rglob("*.yml"), *content.rglob("known_pages.txt")]
    drawn = {path for path in (content / "pictures").rglob("*") if path.is_file() and not _unseen(path)}
    for path in sorted({*words, *drawn}):
        name = path.relative_to(content).as_posix()
        try:
            files[name] = path.read_bytes().decode("latin-1") if path in drawn else path.read_text("utf-8")
        except UnicodeDecodeError as error:
            raise KhuaError(f"{path}: byte {error.start} is not UTF-8; save the file as UTF-8") from None
        except OSError as error:
            raise KhuaError(f"{path} cannot be read: {error.strerror or 'no access'}") from None
    if not files:
        raise BadSetting(f"the folder {content} holds no content; set KHUA_CONTENT to the folder that does")
    return files


def _unseen(path: Path) -> bool:
    """Whether a system put the file into the folder, where people do not see it."""
    return path.name.startswith(".") or path.name.lower() in ("thumbs.db", "desktop.ini")


def _compiled(files: Mapping[str, str], day: date) -> Book:
    # Imported here: a start with a kept book needs no compiler, and is twice as fast without.
    from bot.compiler import compile_book

    return compile_book(files, day)


class Shelf:
    """Holds the book of the day. `as_of` fixes the day; otherwise it is today in `zone`.

    `keep` is a folder where the compiled book may be kept for the next start.
    """

    def __init__(
        self, content: Path, zone: ZoneInfo, as_of: date | None = None, keep: Path | None = None
    ) -> None:
        self.listeners: list[Callable[[], None]] = []
        self._content, self._zone, self._as_of, self._keep = content, zone, as_of, keep
        self._files = read_files(content)
        self.book: Book = self._first()

    def _first(self) -> Book:
        """The kept book where its key fits, else a new one."""
        day = self.today()
        if self._keep is None:
            return _compiled(self._files, day)
        key = cache.key(self._files, day)
        book = cache.load(self._keep, key)
        if book is None:
            book = _compiled(self._files, day)
            cache.save(self._keep, key, book)
        return book

    def today(self) -> date:
        """The day that the book is for."""
        return self._as_of or datetime.now(self._zone).date()

    def refresh(self) -> bool:
        """Makes the book of today from the folder; where the folder is broken, from the last good words.

        Returns whether the folder's words are in use. Tells the listeners when the book changed.
        """
        good = True
        try:
            files = read_files(self._content)
            book = _compiled(files, self.today())
            self._files = files
        except KhuaError as error:
            log.error(
                "The content folder cannot be used (%s); the last good words stay. Run: khua check", error
            )
            book, good = _compiled(self._files, self.today()), False
        if book.version != self.book.version:
            self.book = book
            for listener in self.listeners:
                listener()
        return good

    async def keep_fresh(self) -> None:
        """Sleeps until each local midnight and makes the book anew. Runs until it is cancelled."""
        import asyncio  # here: most commands only read a book, and start in half the time without

        while True:
            await asyncio.sleep(min(self._until_midnight(), _LONGEST_SLEEP))
            if self.today() == self.book.day:
                continue
            try:
                self.refresh()
            except Exception as error:
                # Yesterday's book is better than none: people go on being answered.
                log.error("The book of the new day could not be made (%s).", type(error).__name__)

    def _until_midnight(self) -> float:
        now = datetime.now(self._zone)
        midnight = datetime.combine(now.date() + timedelta(days=1), time(0, 0, 1), self._zone)
        return max(
            1.0, (midnight.astimezone(ZoneInfo("UTC")) - now.astimezone(ZoneInfo("UTC"))).total_seconds()
        )
