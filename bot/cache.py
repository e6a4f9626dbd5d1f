"""A compiled book on disk, so that a start need not compile: safe to delete, trusted by its key alone.

The key is a hash of all content, the program and the day. The file holds words and numbers of the content
alone, nothing of a person. It is read by an unpickler that knows the book's own classes and no others.
"""

from __future__ import annotations

import io
import logging
import os
import pickle
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot import __version__
from bot.book import Book

log = logging.getLogger("khua")

NAME = "book.cache"
_CLASSES = {"bot.book", "bot.numbers", "bot.problems", "bot.reading"}
_PROGRAM = ("book.py", "numbers.py", "problems.py", "writing.py", "spelling.py", "reading.py", "compiler")
"""Parts of the program that decide what a book looks like."""


def key(files: Mapping[str, str], day: date) -> str:
    """The key of a book: another one for any other content, program or day."""
    whole = sha256(f"{__version__}\x1f{day}\x1f{pickle.DEFAULT_PROTOCOL}".encode())
    here = Path(__file__).parent
    for part in _PROGRAM:
        path = here / part
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            whole.update(file.read_bytes())
    for name in sorted(files):
        whole.update(f"\x1f{name}\x1f{files[name]}".encode())
    return whole.hexdigest()


def load(folder: Path, wanted: str) -> Book | None:
    """The book kept in `folder` under the key `wanted`; None where there is none, or it cannot be read."""
    try:
        kept = (folder / NAME).read_bytes()
        head, _, body = kept.partition(b"\n")
        if head.decode("ascii") != f"{wanted} {sha256(body).hexdigest()}":
            return None
        values = _Reader(io.BytesIO(body)).load()
        return Book(**{name: _frozen(value) for name, value in values.items()})
    except FileNotFoundError:
        return None
    except Exception as error:  # whatever a broken file does to the unpickler, the book is compiled instead
        log.debug("The kept book cannot be used (%s).", type(error).__name__)
        return None


def save(folder: Path, wanted: str, book: Book) -> None:
    """Keeps `book` in `folder` under its key. Where it cannot be written, nothing is lost but time."""
    values = {field.name: _plain(getattr(book, field.name)) for field in fields(book)}
    body = pickle.dumps(values)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f"{NAME}.{os.getpid()}"
        new.write_bytes(f"{wanted} {sha256(body).hexdigest()}\n".encode("ascii") + body)
        new.replace(folder / NAME)
    except OSError as error:
        log.warning(
            "KHUA_DATA: the book cannot be kept in %s (%s); starts are slower.", folder, error.strerror
        )


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, MappingProxyType) else value


def _frozen(value: Any) -> Any:
    return MappingProxyType(value) if isinstance(value, dict) else value


class _Reader(pickle.Unpickler):
    """Reads the classes of a book and nothing else that could do something."""

    def find_class(self, module: str, name: str) -> Any:
        if module in _CLASSES or (module, name) in {("datetime", "date"), ("builtins", "frozenset")}:
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a book")
