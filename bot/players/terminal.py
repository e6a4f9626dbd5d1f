"""The conversation in a terminal, or from a pipe: a number presses a button, anything else is a question."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import TextIO

from wcwidth import wcswidth

from bot.book import Book, Button, Count, Event, Screen, Text
from bot.shelf import Shelf
from bot.talk.lines import line
from bot.talk.reply import reply
from bot.talk.screens import HIDE
from bot.writing import syllables

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"
_CLEAR = "\x1b[H\x1b[2J\x1b[3J"


def chat(
    shelf: Shelf, lang: str, stdin: TextIO, stdout: TextIO, tally: Callable[[Sequence[Count]], None]
) -> int:
    """Talks until the input ends; returns the exit code. `lang` "" begins in both languages.

    `tally` is told what was decided.
    """

    def answered(event: Event) -> Screen:
        told = reply(shelf.book, event)
        tally(told.counts)
        return told.screen

    table = _Table(stdout, stdout.isatty())
    # A place that is opened again has another seed, and so has a talk that begins again.
    seeds = count(time.time_ns())
    screen = answered(Event("open", "home", lang, seed=next(seeds), start=True))
    table.show(shelf.book, screen)
    for each in screen.langs:
        table.write(line(shelf.book, each, "terminal") + "\n")
    for said in table.asked(stdin):
        if shelf.today() != shelf.book.day:
            shelf.refresh()
        event, button = _event(screen, said.strip(), lang, next(seeds))
        if button is not None and not _is_place(button.to):
            table.write(f"→ {button.to}\n\n")
            continue
        screen = answered(event)
        if screen.at == HIDE:
            table.clear()
            table.show(shelf.book, screen)
            table.write(line(shelf.book, screen.langs[0], "hidden_text") + "\n\n")
            continue
        table.show(shelf.book, screen)
    return 0


def _event(screen: Screen, said: str, lang: str, seed: int) -> tuple[Event, Button | None]:
    """What a line of input means on a screen; the button, where it pressed one.

    The wording of an answer comes from the question alone: the same talk reads the same again.
    """
    buttons = [button for row in screen.rows for button in row]
    if said.isascii() and said.isdigit() and len(said) < 4 and 1 <= int(said) <= len(buttons):
        button = buttons[int(said) - 1]
        return Event("open", button.to, lang, page=screen.at, seed=seed), button
    return Event("ask", said, lang, page=screen.at, seed=len(said)), None


def _is_place(to: str) -> bool:
    return not to.startswith(("https:", "tel:"))


@dataclass(frozen=True, slots=True)
class _Table:
    """Where screens are laid out. Colours, and asking for input, only where a person sits in front of it."""

    out: TextIO
    person: bool

    def write(self, text: str) -> None:
        self.out.write(text)
        self.out.flush()

    def clear(self) -> None:
        self.write(_CLEAR if self.person else "\n")

    def asked(self, stdin: TextIO) -> Iterator[str]:
        """Lines of input without empty ones; from a pipe each is echoed, so that a walk reads as a talk."""
        while True:
            self.write("> ")
            said = stdin.readline()
            if not said:
                self.write("\n")
                return
            if not self.person or not stdin.isatty():
                self.write(said if said.endswith("\n") else said + "\n")
            if said.strip():
                yield said

    def show(self, book: Book, screen: Screen) -> None:
        """The text in the width of the window, then the buttons with their numbers."""
        width = min(shutil.get_terminal_size((80, 24)).columns, 80)
        self.write("\n")
        for said in wrapped(self._styled(screen.text), width):
            self.write(said + "\n")
        self.write("\n")
        number = 0
        for row in screen.rows:
            cells = []
            for button in row:
                number += 1
                cells.append(f"[{number}] {button.label}")
            self.write("   ".join(cells) + "\n")
        self.write("\n")

    def _styled(self, text: Text) -> str:
        if not self.person:
            return "".join(run.text for run in text)
        marks = {"bold": _BOLD, "phone": _BOLD, "small": _DIM}
        return "".join(f"{marks[run.style]}{run.text}{_PLAIN}" if run.style else run.text for run in text)


def wrapped(text: str, width: int) -> Iterable[str]:
    """`text` in lines of at most `width` columns, cut at white space and between Lao syllables."""
    for paragraph in text.split("\n"):
        held, room = "", width
        for piece in syllables(paragraph):
            size = _size(piece.rstrip())
            if size > room and held:
                yield held.rstrip()
                held, room = "", width
            held += piece
            room -= _size(piece)
        yield held.rstrip()


def _size(text: str) -> int:
    """Columns of a piece; marks of style and signs without a width take none."""
    for mark in (_BOLD, _DIM, _PLAIN):
        text = text.replace(mark, "")
    return max(0, wcswidth(text))
