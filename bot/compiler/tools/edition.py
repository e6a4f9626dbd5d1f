"""Editions: what stands by position in people's buttons keeps its order for as long as its letter lives."""

from __future__ import annotations

from collections.abc import Sequence

from bot.compiler.draft import EMPTY, Draft, listed
from bot.compiler.source import Node


def check_edition(draft: Draft, node: Node, what: str, now: Sequence[str] | None = None) -> None:
    """Reports an edition whose order is not written down, or not that of the list under `what`.

    now   today's order, where what stands under `what` is no plain list
    """
    edition, order = node.say("edition"), node.get("order") or EMPTY
    kept = order.get(edition)
    if kept is None:
        draft.report(
            node, "edition", f"order has no edition {edition}", f"add {edition}: with today's {what}"
        )
    elif [item.text for item in kept.items] != list(
        now if now is not None else (item.text for item in listed(node, what))
    ):
        cure = "people hold buttons of it: begin a new edition letter, and add its order"
        draft.report(node.get(what) or node, "edition", f"edition {edition} has other {what}", cure)
