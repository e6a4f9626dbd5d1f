"""What the compiler has in hand while it works: nodes sorted by what they say, and the parts made so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from bot.book import Fact, Page, Picture, Reading
from bot.compiler.language import Speech
from bot.compiler.source import Node, Report

EMPTY = Node({}, "", 0, 0)

NOT_READ = ("glossary.yaml", "danger.yaml", "not_ours.yaml", "thai.yaml")
"""Files of a language that people do not read: they are for the checks and for understanding."""
NO_PAGES = ("language.yaml", "report.yaml", *NOT_READ)
"""Files of a language that hold neither pages nor facts."""


@dataclass(slots=True)
class Draft:
    """The content folder, sorted. Dictionaries of a language are by its code, then by page or fact id.

    `unread` are the folders (tree, facts, or a language's) of files that are no YAML. Of `pictures`, a broken
    one is None. `readings` are by page and language; `hidden` are the pages that the organisation leaves out,
    each with the page that stands for it.
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
    readings: dict[tuple[str, str], Reading] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    known_lines: tuple[str, ...] = ()
    known: frozenset[str] = frozenset()
    unread: set[str] = field(default_factory=set)
    pictures: dict[str, Picture | None] = field(default_factory=dict)
    _sayings: list[tuple[str, str, Node]] = field(default_factory=list)

    @property
    def organisation(self) -> Node:
        """What organisation.yaml says."""
        return self.files.get("organisation.yaml", EMPTY)

    def sayings(self) -> list[tuple[str, str, Node]]:
        """Every text for people on pages and in tools, as the editors wrote it: language, page, node."""
        if not self._sayings:
            for lang, pages in self.words.items():
                for id, said in pages.items():
                    self._sayings += [(lang, id, each) for each in said.walk(but="note") if each.text]
        return self._sayings

    def language_file(self, lang: str, name: str) -> Node:
        return self.files.get(f"{lang}/{name}.yaml", EMPTY)

    def picture_of(self, page: Node) -> Node | None:
        """What names the picture above a page of the tree; above the one about the bot, the logo if any."""
        logo = self.files.get("organisation.yaml", EMPTY).get("logo")
        about = page.say("kind") == "about" and logo is not None and logo.text.strip()
        return logo if about else page.get("picture")


def listed(node: Node, key: str) -> list[Node]:
    """The items of the list under `key`; none where it is not a list."""
    below = node.get(key)
    return below.items if below is not None else []
