"""The only reader of YAML: text to nodes that remember where they stand.

Every scalar is read as the text that the editor wrote (no `no` as false, no `012` as ten), a double key
is refused, and so are anchors, which editors do not need.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import yaml

from bot.problems import Level, Problem

try:
    from yaml import CBaseLoader as _Base
except ImportError:  # PyYAML built without libyaml: slower, the same result
    from yaml import BaseLoader as _Base  # type: ignore[assignment]


class AsText:
    """For a YAML loader: everything is text, and nothing is looked for that tells what else it may be."""

    def resolve(self, kind: object, value: object, implicit: object) -> str:
        return ""

    def descend_resolver(self, current_node: object, current_index: object) -> None:
        pass

    def ascend_resolver(self) -> None:
        pass


class _Loader(AsText, _Base):
    pass


@dataclass(slots=True)  # nobody changes one; but to freeze each of so many takes longer than to make it
class Node:
    """A value of a file and its place. `value` is text, a list of nodes, or a mapping of nodes.

    `span` is where it is written, counted in signs of the file from 0: for who changes it there. The end
    of a list or mapping that is written one a line lies somewhere behind its last line. `block` says
    that a text stands below its key, line by line, behind a |.
    """

    value: str | list[Node] | dict[str, Node]
    file: str
    line: int
    column: int
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)
    span: tuple[int, int] = (0, 0)
    block: bool = False

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else ""

    @property
    def items(self) -> list[Node]:
        return self.value if isinstance(self.value, list) else []

    @property
    def map(self) -> dict[str, Node]:
        return self.value if isinstance(self.value, dict) else {}

    def get(self, key: str) -> Node | None:
        return self.map.get(key)

    def say(self, key: str, default: str = "") -> str:
        """The text under `key`."""
        node = self.map.get(key)
        return node.text if node is not None else default

    def key(self, key: str) -> Node:
        """A node that stands where the key itself is written, for a problem about the key."""
        line, column = self.keys.get(key, (self.line, self.column))
        return Node(key, self.file, line, column)

    def at(self, place: int) -> Node:
        """A node that stands where sign `place` of the text is written, as far as the line can be told."""
        if not self.block:
            return self
        return Node(self.value, self.file, self.line + 1 + self.text[:place].count("\n"), 1)

    def walk(self, but: str = "") -> Iterator[Node]:
        """This node and all below it, but for what stands under the key `but`."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            yield node
            if isinstance(node.value, list):
                waiting.extend(reversed(node.value))
            elif isinstance(node.value, dict):
                waiting.extend(reversed([below for key, below in node.value.items() if key != but]))


class Report:
    """Collects problems while the compiler goes on."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def __call__(self, at: Node, rule: str, message: str, cure: str = "", level: Level = "error") -> None:
        self.problems.append(Problem(at.file, at.line, at.column, rule, message, cure, level))

    def hint(self, at: Node, rule: str, message: str, cure: str = "") -> None:
        self(at, rule, message, cure, "hint")


def whole(file: str) -> Node:
    """A node for a problem about a whole file."""
    return Node("", file, 0, 0)


_ZERO_WIDTH = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad]")
_LIKE_AN_ANCHOR = re.compile(r"[&*](?<![^\s\[{,:-].)[A-Za-z0-9_]+(?!\S)")


_CURES = (
    ("tab character", "use spaces, not a tab"),
    ("cannot start any token", "put the sentence in double quotes"),
    (
        "mapping values are not allowed",
        "indent it as the line above, or put a sentence with : in double quotes",
    ),
    ("did not find expected key", "begin under the line above, or put the whole sentence in double quotes"),
    ("could not find expected", "write name: with a colon, and begin under the line above"),
    ("undefined alias", "put a sentence that begins with * in double quotes"),
    ("unexpected end of stream", "a quote is opened above and not closed"),
    ("expected <block end>", "begin under the line above"),
)
"""A part of what the YAML library says -> what an editor can do."""


def _letters(file: str, text: str, report: Report) -> None:
    """Problems of the letters themselves, line by line."""
    if not _ZERO_WIDTH.search(text) and unicodedata.is_normalized("NFC", text):
        return
    for number, line in enumerate(text.split("\n"), 1):
        found = _ZERO_WIDTH.search(line)
        if found:
            at = Node("", file, number, found.start() + 1)
            report(at, "zero-width", f"an invisible sign U+{ord(found[0]):04X} stands here", "delete it")
        if not unicodedata.is_normalized("NFC", line):
            normal = unicodedata.normalize("NFC", line)
            column = next((i for i, (a, b) in enumerate(zip(line, normal, strict=False), 1) if a != b), 1)
            report(
                Node("", file, number, column),
                "not-nfc",
                "letters are not in normal form NFC",
                "retype the word",
            )


def read(file: str, text: str, report: Report) -> Node | None:
    """The nodes of one YAML file, or None where it cannot be read. An empty file is an empty mapping."""
    # Some editors put a mark before the first letter; it says nothing and nobody sees it.
    text = text.removeprefix("\ufeff")
    _letters(file, text, report)
    try:
        root = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        said = str(getattr(error, "problem", None) or "this is not YAML")
        cure = next((cure for part, cure in _CURES if part in said), "look at the signs : - and quotes here")
        report(Node("", file, line, column), "yaml-syntax", said, cure)
        return None
    if root is None:
        return Node({}, file, 1, 1)
    anchor = _anchor(text) if _LIKE_AN_ANCHOR.search(text) else None
    if anchor is not None:
        at = Node("", file, anchor[0] + 1, anchor[1] + 1)
        report(at, "yaml-anchor", "anchors (& and *) are not used here", "write the words out")
        return None
    return _convert(root, file, report)


def _anchor(text: str) -> tuple[int, int] | None:
    """Line and column of the first anchor or alias of `text`, counted from 0."""
    for event in yaml.parse(text, Loader=_Loader):
        if getattr(event, "anchor", None) and event.start_mark:
            return event.start_mark.line, event.start_mark.column
    return None


def _convert(node: yaml.Node, file: str, report: Report) -> Node:
    start = node.start_mark
    line, column, span = start.line + 1, start.column + 1, (start.index, node.end_mark.index)
    if isinstance(node, yaml.ScalarNode):
        return Node(node.value, file, line, column, span=span, block=node.style == "|")
    if isinstance(node, yaml.SequenceNode):
        return Node([_convert(item, file, report) for item in node.value], file, line, column, span=span)
    found: dict[str, Node] = {}
    keys: dict[str, tuple[int, int]] = {}
    for key, value in node.value:
        name = key.value if isinstance(key, yaml.ScalarNode) else "?"
        place = (key.start_mark.line + 1, key.start_mark.column + 1)
        if name in found:
            at = Node(name, file, *place)
            report(at, "double-key", f"{name} stands here a second time (first in line {keys[name][0]})",
                   "keep one of the two")  # fmt: skip
            continue
        found[name], keys[name] = _convert(value, file, report), place
    return Node(found, file, line, column, keys=keys, span=span)


Files = dict[str, Node]
Reader = Callable[[str, str, Report], Node | None]
