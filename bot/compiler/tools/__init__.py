"""Tools inside the book, one module each: from the tree and the words of a tool to the tool itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.book import Tool
from bot.compiler.draft import Draft
from bot.compiler.source import Node
from bot.compiler.tools import calculator, check, checklist, phrases, quiz

_BUILDERS: dict[str, Callable[[Draft, str, Node], Tool]] = {
    "check": check.build,
    "calculator": calculator.build,
    "quiz": quiz.build,
    "phrases": phrases.build,
    "checklist": checklist.build,
}
_LONGEST: dict[str, Callable[[Node], str]] = {
    "check": check.longest_state,
    "calculator": calculator.longest_state,
    "quiz": quiz.longest_state,
    "phrases": phrases.longest_state,
    "checklist": checklist.longest_state,
}


def longest_state(kind: str, node: Node) -> str:
    """The longest state that an address of a tool may hold; "" where the kind of page has none."""
    return _LONGEST[kind](node) if kind in _LONGEST else ""


def tools(draft: Draft) -> None:
    """Gives every page that is a tool its tool; reports what does not hold together."""
    for id, page in draft.pages.items():
        if page.kind not in _BUILDERS:
            continue
        node = draft.tools.get(id)
        if node is None:
            draft.report(draft.tree[id], "no-tool", f"{id} has no {page.kind}", f"add tree/{id}.yaml")
            continue
        draft.pages[id] = replace(page, tool=_BUILDERS[page.kind](draft, id, node))
