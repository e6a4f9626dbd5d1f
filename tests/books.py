"""The books that the tests read: the real content, and the tiny good one of tests/rules with changes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from bot.book import Book
from bot.compiler import compile_book
from bot.problems import BrokenContent
from bot.shelf import read_files

ROOT = Path(__file__).parent.parent
CONTENT = ROOT / "content"
GOOD = ROOT / "tests" / "rules" / "good"
DAY = date(2026, 11, 26)
"""The day on which the tests read the books: periods end, and a test must not end with them."""


@cache
def real_files() -> Mapping[str, str]:
    """The real content folder: path -> text."""
    return read_files(CONTENT)


@cache
def real(day: date = DAY) -> Book:
    """The book of the real content."""
    try:
        return compile_book(real_files(), day)
    except BrokenContent as broken:
        pytest.fail("\n".join(map(str, broken.problems)), pytrace=False)


@cache
def good_files() -> Mapping[str, str]:
    """The tiny good book's files: path -> text."""
    return read_files(GOOD)


@cache
def good(day: date = DAY) -> Book:
    """The tiny good book."""
    return compile_book(good_files(), day)


def changed(files: Mapping[str, str], path: str, old: str, new: str) -> dict[str, str]:
    """The files with `old`, which stands once in the file at `path`, replaced by `new`."""
    many = files[path].count(old)
    assert many == 1, f"{path}: {old!r} stands there {many} times, not once"
    return {**files, path: files[path].replace(old, new)}
