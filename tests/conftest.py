"""For all tests: a book is compiled once for the same files and day, however many tests and commands read it.

Compiling is pure, so nobody can tell; tests of the compiler itself call `examine`, which is not remembered.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

import pytest

from bot.asks import astray
from bot.book import Book
from bot.compiler import examine, learning
from bot.compiler.words import Asked
from bot.problems import Problem


@lru_cache(maxsize=64)
def _examined(files: tuple[tuple[str, str], ...], today: date) -> tuple[Book | None, tuple[Problem, ...]]:
    return examine(dict(files), today)


def _remembered(files: Mapping[str, str], today: date) -> tuple[Book | None, tuple[Problem, ...]]:
    return _examined(tuple(sorted(files.items())), today)


for who in ("bot.compiler.compile.examine", "bot.desk.folder.examine"):
    pytest.MonkeyPatch().setattr(who, _remembered)

_strayed: dict[tuple[str, tuple[Asked, ...]], list[Problem]] = {}


def _astray(book: Book, asked: Sequence[Asked]) -> list[Problem]:
    """Where the same questions of the same book lead to is looked at once."""
    key = book.version, tuple(asked)
    if key not in _strayed:
        _strayed[key] = astray(book, asked)
    return _strayed[key]


pytest.MonkeyPatch().setattr("bot.asks.astray", _astray)
# The program remembers the lessons of one book; the tests read many, and come back to the real one.
pytest.MonkeyPatch().setattr("bot.compiler.words.learn", lru_cache(maxsize=32)(learning.learn.__wrapped__))


def pytest_collection_finish() -> None:
    """What importing made stays: no test need look through it for garbage."""
    gc.collect()
    gc.freeze()
