"""What leads to what: an event to drawn bytes, and a message's buttons back to the place that it shows.

The screens behind buttons are remembered as bytes for as long as the book stays the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Protocol

from bot.address import parse
from bot.book import Book, Count, Event, Picture, Reply, Run
from bot.limits import CALLBACK_DATA_BYTES, CAPTION_UTF16_UNITS, DELETE_HOURS, utf16_units
from bot.players.telegram.drawing import draw, draw_under
from bot.players.telegram.lanes import Json, decided
from bot.talk.lines import line
from bot.talk.screens import HIDE

REMEMBERED = 2000
"""Screens: a book of 100 pages in three languages and its tools as far as people go; some megabytes."""

Answer = Callable[[Book, Event], Reply]
Tally = Callable[[Sequence[Count]], None]


class Shelf(Protocol):
    """What the player needs of the shelf: the book of the day, and to be told of a new one."""

    listeners: list[Callable[[], None]]

    @property
    def book(self) -> Book: ...

    async def keep_fresh(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """A screen as bytes (see drawing.py), and what was counted for it; as a caption too, under a picture."""

    body: bytes
    counts: Sequence[Count]
    varies: bool = False
    picture: Picture | None = None
    under: Json = field(default_factory=dict)


class Decided(BaseException):
    """An update that is only to be counted has told its counts: nothing else of its answer shall happen.

    No Exception, so that nobody on the way takes it for a failure.
    """


_deciding: ContextVar[bool] = ContextVar("deciding", default=False)


def deciding() -> bool:
    """Whether the update in work is only to be counted: then nothing is sent."""
    return _deciding.get()


@contextmanager
def only_counted() -> Iterator[None]:
    """Within it an update is answered as far as its counts go, and no further."""
    before = _deciding.set(True)
    try:
        yield
    except Decided:
        pass
    finally:
        _deciding.reset(before)


class Pages:
    """The screens of the book of the day. `answer` is the conversation's `reply`.

    `count` is told the names to count for each: what was asked and decided counts, sent or not.
    """

    def __init__(self, shelf: Shelf, answer: Answer, count: Tally) -> None:
        self._tally = count
        self._shelf = shelf
        self._answer = answer
        self._opened: dict[tuple[str, str], Drawn] = {}
        shelf.listeners.append(self._opened.clear)

    @property
    def book(self) -> Book:
        """The book of the day."""
        return self._shelf.book

    def _count(self, counts: Sequence[Count]) -> None:
        if deciding():
            self._tally(counts)
            raise Decided
        if not decided.get():
            self._tally(counts)

    def draw(self, event: Event) -> Drawn:
        """The screen for any event."""
        drawn = self._drawn(event)
        self._count(drawn.counts)
        return drawn

    def _drawn(self, event: Event) -> Drawn:
        book = self._shelf.book
        reply = self._answer(book, event)
        screen = reply.screen
        drawn = Drawn(draw(screen), reply.counts, screen.varies)
        picture = book.pictures.get(screen.picture)
        if picture is None or utf16_units(screen.plain) > CAPTION_UTF16_UNITS:
            return drawn
        return replace(drawn, picture=picture, under=draw_under(screen))

    def hidden(self, lang: str, place: str) -> Drawn:
        """What stays of a chat that is hidden: one neutral line, and what could not be removed."""
        reply = self._answer(self._shelf.book, Event("open", HIDE, lang, page=place))
        self._count(reply.counts)
        rest = "\n".join(
            line(self.book, each, "hidden_rest", hours=DELETE_HOURS) for each in reply.screen.langs
        )
        screen = replace(reply.screen, text=(*reply.screen.text, Run(f"\n{rest}")))
        return Drawn(draw(screen), reply.counts)

    def open(self, to: str, lang: str, seed: int) -> Drawn:
        """The screen behind a button, from memory if it can be: not where it depends on the seed."""
        drawn = self._opened.get((to, lang))
        if drawn is None:
            drawn = self._drawn(Event("open", to, lang, seed=seed))
            if len(self._opened) >= REMEMBERED:
                self._opened.clear()
            if len(to) <= CALLBACK_DATA_BYTES and not drawn.varies:
                self._opened[to, lang] = drawn
        self._count(drawn.counts)
        return drawn

    def place(self, buttons: Iterable[tuple[str, str]]) -> str:
        """The address of the screen with these buttons (label, callback data); "" where they do not tell.

        One of the buttons that stand on every screen leads to the same place in another language.
        """
        book = self._shelf.book
        parsed = [(label, parse(to)) for label, to in buttons]
        places = [(label, at) for label, at in parsed if at and at.page in book.pages]
        names = {language.name: code for code, language in book.languages.items()}
        spoken = {at.lang for label, at in places if label not in names}
        for label, at in reversed(places):
            if at.lang == names.get(label) and len(spoken) == 1:
                return str(at.speak(spoken.pop()))
        return ""
