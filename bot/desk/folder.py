"""The content folder in an editor's hand: read once, written whole and right, or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from bot.book import Book
from bot.compiler import compile_book, examine, fields, markup, source
from bot.compiler.draft import listed
from bot.compiler.source import Node, Report
from bot.desk.pencil import Pencil
from bot.problems import KhuaError
from bot.shelf import read_files


class Folder:
    """A content folder that is in order. Raises BrokenContent where it is not: mend it first."""

    def __init__(self, content: Path, today: date) -> None:
        self.content, self.today = content, today
        self._files = read_files(content)
        self.book: Book = compile_book(self._files, today)
        self._pencils: dict[str, Pencil] = {}
        self._before: dict[str, bytes] = {}
        self._facts = {
            id: path
            for path in self._files
            if path.startswith("facts/")
            for id in self._node(path).map
        }  # fmt: skip

    def _node(self, path: str) -> Node:
        return source.read(path, self._files[path], Report()) or Node({}, path, 1, 1)

    def pencil_of(self, id: str) -> Pencil:
        """The file that a fact stands in, ready to be changed."""
        return self.pencil(self._facts[id])

    def pencil(self, path: str) -> Pencil:
        """The file at `path` below the folder, ready to be changed; an empty one where there is none."""
        if path not in self._pencils:
            file = self.content / path
            self._before[path] = file.read_bytes() if file.exists() else b""
            text = self._before[path].decode()
            if _lines(text) != self._files.get(path, ""):
                raise KhuaError(f"somebody else is changing {file}; do it again")
            self._pencils[path] = Pencil(path, text)
        return self._pencils[path]

    def words(self) -> dict[tuple[str, str], Node]:
        """(language, page) -> the words of each page of the book as written, facts as placeholders."""
        found: dict[tuple[str, str], Node] = {}
        for path in self._files:
            lang, kind = path.partition("/")[0], fields.type_of(path)
            if lang in self.book.languages and isinstance(kind, fields.MapOf) and kind.keys is fields.page_id:
                found |= {(lang, page): said for page, said in self._node(path).map.items()}
        order = {page: place for place, page in enumerate(self.book.pages)}
        shown = [key for key in found if key[1] in order]
        return {key: found[key] for key in sorted(shown, key=lambda key: order[key[1]])}

    def told(self) -> dict[str, tuple[str, ...]]:
        """Page -> the facts that its words tell in any language, its help numbers and call buttons first."""
        found: dict[str, dict[str, None]] = {page: {} for page in self.book.pages}
        for path in self._files:
            if path.startswith("tree/"):
                for page, node in self._node(path).map.items():
                    numbers = [*listed(node, "numbers"), *listed(node, "call")]
                    found.setdefault(page, {}).update({item.text: None for item in numbers})
        for (_, page), said in self.words().items():
            for node in said.walk("note"):
                found[page].update(dict.fromkeys(markup.placeholders(node.text)))
        return {page: tuple(id for id in ids if id in self.book.facts) for page, ids in found.items() if ids}

    def laws(self, lang: str) -> dict[str, str]:
        """Fact -> what a law says in a language, as it is written."""
        found: dict[str, str] = {}
        for path in self._files:
            if path.startswith(f"{lang}/facts"):
                found |= {id: law for id, said in self._node(path).map.items() if (law := said.say("says"))}
        return found

    def save(self, beside: Mapping[Path, bytes] = MappingProxyType({})) -> tuple[str, ...]:
        """Writes what the pencils changed, if the compiler takes it, and says which files these are.

        Files elsewhere that belong to the change are written `beside` it.
        """
        changed: dict[str, bytes] = {}
        texts = dict(self._files)
        for path, pencil in self._pencils.items():
            text = pencil.text()
            if text.encode() != self._before[path]:
                changed[path] = text.encode()
                texts[path] = _lines(text)
        _, problems = examine(texts, self.today)
        wrong = [problem for problem in problems if problem.level == "error"]
        if wrong:
            raise KhuaError(f"nothing was written, since it would break the content: {wrong[0]}")
        for path in changed:
            file = self.content / path
            if (file.read_bytes() if file.exists() else b"") != self._before[path]:
                raise KhuaError(f"nothing was written: somebody else changed {file} meanwhile; do it again")
        write({**{self.content / path: body for path, body in changed.items()}, **beside})
        return tuple(changed)


def _lines(text: str) -> str:
    """The text as the shelf reads it: every line ends in the same sign."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def write(files: Mapping[Path, bytes]) -> None:
    """Writes files whole: each is made beside its place first, and all are moved there when all are made."""
    made: dict[Path, Path] = {}
    try:
        for path, body in files.items():
            place = path.resolve()
            handle, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
            made[place] = Path(name)
            with os.fdopen(handle, "wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            made[place].chmod(place.stat().st_mode & 0o777 if place.exists() else 0o644)
        for place, new in made.items():
            new.replace(place)
    except OSError as error:
        raise KhuaError(f"{path} cannot be written: {error.strerror or 'no access'}") from None
    finally:
        for new in made.values():
            with contextlib.suppress(OSError):
                new.unlink()


def read(path: Path, cure: str) -> str:
    """The text of a file that came back. `cure` says how to save it where it is not UTF-8."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise KhuaError(f"{path} is not UTF-8; {cure}") from None
    except OSError as error:
        raise KhuaError(f"{path} cannot be read: {error.strerror or 'no access'}") from None
