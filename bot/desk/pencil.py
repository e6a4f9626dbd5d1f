"""Changes in one place of a YAML file: comments, notes, order and layout stay as the editor made them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from bot.compiler import source
from bot.compiler.source import Node, Report
from bot.problems import KhuaError

Plain = str | list[Any] | dict[str, Any]
"""A value of a file without its places: text, a list, or a mapping."""

_SIMPLE = re.compile(r"[^\W_](?:[\w\u0e80-\u0eff +./()'-]*[\w\u0e80-\u0eff.)])?")
"""Text that needs no quotes anywhere in a YAML file. The sign for letters knows no vowels of Lao."""


class Pencil:
    """One file in hand. `put` notes a change; `text` is the file with all of them."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self._text = file, text
        self._changes: list[tuple[int, int, str]] = []
        self._break = "\r\n" if "\r\n" in text else "\n"
        root = source.read(file, text, Report())
        self.root = root or Node({}, file, 1, 1)
        self._wanted = plain(self.root)

    def put(self, path: Sequence[str | int], value: Plain) -> None:
        """Writes `value` at `path` (keys and places in lists). Keys of a mapping that it lacks stay."""
        node, wanted = self.root, self._wanted
        for step in path[:-1]:
            node, wanted = _below(node, step), wanted[step]  # type: ignore[index]
        self._put(node, wanted, path[-1], value)

    def _put(self, parent: Node, wanted: Any, step: str | int, value: Plain) -> None:
        if isinstance(step, str) and step not in parent.map:
            self._insert(parent, step, value)
            wanted[step] = value
            return
        node = _below(parent, step)
        if isinstance(value, dict) and node.map:
            for key, each in value.items():
                self._put(node, wanted[step], key, each)
        elif plain(node) != value:
            self._replace(node, value)
            wanted[step] = value

    def append(self, item: Mapping[str, Plain]) -> None:
        """Adds `item` at the end of the list that the file is, on a line of its own."""
        root = self.root
        line = "- " + written(dict(item))
        if root.items and not self._in_one_line(root):
            at = self._line_end(_end(root.items[-1], self._text))
            self._changes.append((at, at, self._break + " " * (root.column - 1) + line))
        elif root.items:
            at = _end(root.items[-1], self._text)
            self._changes.append((at, at, ", " + written(dict(item))))
        else:
            self._begin(line)
        if not isinstance(self._wanted, list):
            self._wanted = []
        self._wanted.append(dict(item))

    def _begin(self, line: str) -> None:
        """Writes an entry into a file that has none: `[]`, `{}`, or nothing but comments.

        Later ones of one go come behind the first.
        """
        whole = len(self._text)
        start, end = self.root.span if self.root.span[1] else (whole, whole)
        fresh = not any(change[:2] == (start, end) for change in self._changes)
        before = self._break if start and self._text[start - 1] != "\n" else ""
        self._changes.append((start, end, (before if fresh else self._break) + line))

    def text(self) -> str:
        """The file with all changes. Raises KhuaError where the layout is one that cannot be changed so."""
        pieces, at = [], 0
        for start, end, new in sorted(self._changes, key=lambda change: change[:2]):
            pieces += [self._text[at:start], new]
            at = max(at, end)
        text = "".join((*pieces, self._text[at:]))
        if text and not text.endswith("\n"):
            text += self._break
        found = source.read(self.file, text, Report())
        if found is None or plain(found) != self._wanted:
            raise KhuaError(f"{self.file} is laid out in a way that cannot be changed here; write it by hand")
        return text

    def _replace(self, node: Node, value: Plain) -> None:
        start, end = node.span[0], _end(node, self._text)
        for one, two in pairwise(node.items):
            if "#" in self._text[_end(one, self._text) : two.span[0]]:
                raise KhuaError(
                    f"{self.file}:{two.line}: a comment stands inside this list; write it by hand"
                )
        if isinstance(value, list) and node.items and not self._in_one_line(node):
            new = (self._break + " " * (node.column - 1)).join(f"- {written(each)}" for each in value)
        else:
            new = written(value)
        space = " " if start == end and self._text[start - 1 : start] == ":" else ""
        self._changes.append((start, end, space + new))

    def _insert(self, parent: Node, key: str, value: Plain) -> None:
        new = f"{key}: {written(value)}"
        if parent is self.root and not parent.map:
            self._begin(new)
            return
        if self._in_one_line(parent):
            at = _end(next(reversed(parent.map.values())), self._text) if parent.map else parent.span[0] + 1
            self._changes.append((at, at, f", {new}" if parent.map else new))
            return
        at = self._line_end(_end(parent, self._text))
        self._changes.append((at, at, self._break + " " * (parent.column - 1) + new))

    def _in_one_line(self, node: Node) -> bool:
        """Whether a list or mapping is written in brackets."""
        return self._text[node.span[0]] in "[{"

    def _line_end(self, at: int) -> int:
        """Where the line of `at` ends, its comment included."""
        found = re.compile(r"\r?\n").search(self._text, at)
        return found.start() if found else len(self._text)


def plain(node: Node) -> Plain:
    """What a node says, without places."""
    if isinstance(node.value, str):
        return node.value
    if isinstance(node.value, list):
        return [plain(item) for item in node.value]
    return {key: plain(value) for key, value in node.value.items()}


def written(value: Plain) -> str:
    """A value as YAML in one line; text has quotes where it needs them."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {written(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return value if _SIMPLE.fullmatch(value) else json.dumps(value, ensure_ascii=False)


def _below(node: Node, step: str | int) -> Node:
    return node.map[step] if isinstance(step, str) else node.items[step]


def _end(node: Node, text: str) -> int:
    """Where a node's last sign stands. That of a list or mapping one a line is the end of its last value."""
    below = node.items or list(node.map.values())
    if not below or text[node.span[0]] in "[{":
        return node.span[1]
    return max(_end(each, text) for each in below)
