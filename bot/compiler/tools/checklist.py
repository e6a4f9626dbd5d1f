"""The checklist: things to tick by position, and the words of its screens."""

from __future__ import annotations

from bot.book import Checklist, Item, Sheet
from bot.compiler.draft import EMPTY, Draft, listed
from bot.compiler.language import Speech
from bot.compiler.pages import part
from bot.compiler.source import Node
from bot.compiler.tools.edition import check_edition
from bot.compiler.tools.names import other_labels, same_names

SHEETS = ("open", "ticked", "all", "message")


def longest_state(node: Node) -> str:
    """The longest state that an address of this checklist may hold: all ticked, a further screen."""
    full = (1 << len(listed(node, "items"))) - 1
    return f"{node.say('edition')}.{full:x}.t9"


def build(draft: Draft, id: str, node: Node) -> Checklist:
    """The checklist of a page from its tree; its words from those of each language."""
    check_edition(draft, node, "items")
    names = tuple(item.text for item in listed(node, "items"))
    words: dict[str, tuple[Item, ...]] = {}
    sheets: dict[str, dict[str, Sheet]] = {}
    for speech in draft.speech:
        said = draft.words[speech.code].get(id)
        if said is None:
            continue
        words[speech.code] = _items(draft, said, names, speech)
        sheets[speech.code] = {name: _sheet(draft, said.get(name) or EMPTY, speech) for name in SHEETS}
    return Checklist(node.say("edition"), names, words, sheets, _facts(words, sheets))


def _items(draft: Draft, said: Node, names: tuple[str, ...], speech: Speech) -> tuple[Item, ...]:
    given = said.get("items") or EMPTY
    same_names(draft, given, names, "item")
    other_labels(draft, [*(said.get(name) or EMPTY for name in SHEETS), *given.map.values()])
    return tuple(
        Item(node.say("button"), part(draft, node.say("text"), speech))
        for name in names
        for node in [given.get(name) or EMPTY]
    )


def _sheet(draft: Draft, node: Node, speech: Speech) -> Sheet:
    return Sheet(
        node.say("button"), part(draft, node.say("text"), speech), part(draft, node.say("next"), speech)
    )


def _facts(words: dict[str, tuple[Item, ...]], sheets: dict[str, dict[str, Sheet]]) -> tuple[str, ...]:
    """All facts that the checklist tells, in order."""
    parts = [item.text for item in next(iter(words.values()), ())]
    parts += [p for sheet in next(iter(sheets.values()), {}).values() for p in (sheet.text, sheet.next)]
    return tuple(dict.fromkeys(fact for p in parts for fact in p.facts))
