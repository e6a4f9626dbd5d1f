"""Phrases to show to somebody: needs and their phrases from the tree, words from each language."""

from __future__ import annotations

from bot.book import Need, Phrase, Phrases
from bot.compiler.draft import EMPTY, Draft
from bot.compiler.language import Speech
from bot.compiler.pages import part
from bot.compiler.source import Node
from bot.compiler.tools.names import other_labels, same_names


def longest_state(node: Node) -> str:
    """The longest state that an address of these phrases may hold."""
    return max((key for need in _needs(node).values() for key in need.map), key=len, default="")


def build(draft: Draft, id: str, node: Node) -> Phrases:
    """The phrases of a page from its tree; their words from those of each language."""
    names = _names(draft, node)
    words: dict[str, dict[str, Phrase]] = {}
    labels: dict[str, dict[str, str]] = {}
    said_first: dict[str, str] = {}
    for speech in draft.speech:
        said = draft.words[speech.code].get(id)
        if said is None:
            continue
        labels[speech.code] = _labels(draft, said, node)
        words[speech.code] = _words(draft, said, names, speech)
        _same_thai(draft, said, said_first)
    return Phrases(
        needs=tuple(Need(name, tuple(need.map)) for name, need in _needs(node).items()),
        words=words,
        labels=labels,
        facts=tuple(
            dict.fromkeys(fact for each in words.values() for p in each.values() for fact in p.means.facts)
        ),
    )


def _needs(node: Node) -> dict[str, Node]:
    return (node.get("needs") or EMPTY).map


def _names(draft: Draft, node: Node) -> dict[str, str]:
    """Key -> name of every phrase. Two phrases have neither the same key nor the same name."""
    names: dict[str, str] = {}
    for need in _needs(node).values():
        for key, named in need.map.items():
            if key in names or named.text in names.values():
                again = key if key in names else named.text
                cure = "give it another one, and use no old key"
                draft.report(need.key(key), "double-key", f"{again} stands here a second time", cure)
            names.setdefault(key, named.text)
    return names


def _labels(draft: Draft, said: Node, node: Node) -> dict[str, str]:
    given = said.get("needs") or EMPTY
    same_names(draft, given, list(_needs(node)), "need")
    other_labels(draft, given.map.values())
    return {name: (given.get(name) or EMPTY).say("button") for name in _needs(node)}


def _words(draft: Draft, said: Node, names: dict[str, str], speech: Speech) -> dict[str, Phrase]:
    given = said.get("phrases") or EMPTY
    same_names(draft, given, list(names.values()), "phrase")
    return {
        key: Phrase(node.say("say"), node.say("sound"), part(draft, node.say("means"), speech))
        for key, name in names.items()
        for node in [given.get(name) or EMPTY]
    }


def _same_thai(draft: Draft, said: Node, first: dict[str, str]) -> None:
    """What is shown to a Thai does not depend on the language of the one who shows it."""
    for name, phrase in (said.get("phrases") or EMPTY).map.items():
        at = phrase.get("say")
        if at is not None and first.setdefault(name, at.text) != at.text:
            draft.report(
                at, "not-the-same", f"{name} is said otherwise in another language", "make them equal"
            )
