"""What the compiler has in hand while it works: nodes sorted by what they say, and the parts made so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.book import Fact, Page
from bot.compiler.language import Speech
from bot.compiler.source import Node, Report

EMPTY = Node({}, "", 0, 0)


@dataclass(slots=True)
class Draft:
    """The content folder, sorted. Dictionaries of a language are by its code, then by page or fact id.

    `unread` are the folders (tree, facts, or a language's) of files that are no YAML.
    """

    day: date
    report: Report
    files: dict[str, Node] = field(default_factory=dict)
    tree: dict[str, Node] = field(default_factory=dict)
    tools: dict[str, Node] = field(default_factory=dict)
    fact_nodes: dict[str, Node] = field(default_factory=dict)
    words: dict[str, dict[str, Node]] = field(default_factory=dict)
    fact_words: dict[str, dict[str, Node]] = field(default_factory=dict)
    speech: list[Speech] = field(default_factory=list)
    facts: dict[str, Fact] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)
    known_lines: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    unread: set[str] = field(default_factory=set)

    def language_file(self, lang: str, name: str) -> Node:
        return self.files.get(f"{lang}/{name}.yaml", EMPTY)


def listed(node: Node, key: str) -> list[Node]:
    """The items of the list under `key`; none where it is not a list."""
    below = node.get(key)
    return below.items if below is not None else []
