"""Names: the words of a tool are those of the names in its tree, no more and no fewer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.compiler.draft import EMPTY, Draft
from bot.compiler.source import Node


def same_names(draft: Draft, given: Node, names: Sequence[str], what: str) -> None:
    """Reports names of the tree without words in `given`, and words of what the tree does not name."""
    for name in names:
        if name not in given.map and given is not EMPTY:
            draft.report(given, "missing-words", f"the {what} {name} has no words here", f"add {name}")
    for name in given.map:
        if name not in names:
            draft.report(
                given.key(name), "extra-words", f"the tree has no {what} {name}", "remove it, or add it there"
            )


def other_labels(draft: Draft, given: Iterable[Node]) -> None:
    """Reports buttons that may stand on one screen and read the same."""
    taken: set[str] = set()
    for node in given:
        label = node.get("button")
        if label is not None and label.text in taken:
            draft.report(label, "label-twice", f"another button reads {label.text!r}", "tell them apart")
        taken.add(node.say("button"))
