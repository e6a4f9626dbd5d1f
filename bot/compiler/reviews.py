"""Who has read what: the fingerprint of words, and which reviews of reviewed.yaml still hold.

A review holds as long as the words that were read, and those of each other language that stood beside them,
are the same, or have changed in spelling alone: then an entry of kind `spelling` says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from hashlib import sha256

from bot.book import Reading
from bot.compiler import markup
from bot.compiler.draft import EMPTY, Draft
from bot.compiler.source import Node

LINES = "lines"
"""Stands for a page in reviews of the program's own lines."""


def fingerprint(said: Node, named: Mapping[str, Node]) -> str:
    """Twelve hex figures of a page's words in one language: another word, another fingerprint.

    said    the words of the page and of its tool; notes are no words
    named   the words of facts in that language

    Facts stand in it as placeholders, so that a new price leaves it as it is. What a law says is words.
    """
    texts = [node.text for node in said.walk("note") if isinstance(node.value, str)]
    told = dict.fromkeys(id for text in texts for id in markup.placeholders(text))
    return _mark([*texts, *(law for id in told if (law := named.get(id, EMPTY).say("says")))])


def readings(draft: Draft) -> dict[tuple[str, str], Reading]:
    """(page, language) -> who has read its words; those of the program are page `lines`."""
    items = draft.files.get("reviewed.yaml", EMPTY).items
    marks = {
        (page, lang): fingerprint(said, draft.fact_words[lang])
        for lang, pages in draft.words.items()
        for page, said in pages.items()
    }
    for each in draft.speech:
        marks[LINES, each.code] = _mark(f"{name}: {each.lines[name]}" for name in sorted(each.lines))
    alike = _Spelling(item for item in items if item.say("kind") == "spelling")
    for item in items:
        if item.say("kind") == "spelling" and item.get("from") is None:
            said = "from is missing here (a change of spelling)"
            draft.report(item, "missing-field", said, "add from: and the fingerprint before")
    of: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for item in items:
        of[item.say("page"), item.say("lang")].append(item)
    return {key: _reading(marks, of[key], alike, *key) for key in marks}


def _mark(texts: Iterable[str]) -> str:
    return sha256("\x1f".join(texts).encode()).hexdigest()[:12]


class _Spelling:
    """Fingerprints that differ in spelling alone count as one."""

    def __init__(self, items: Iterable[Node]) -> None:
        self._same: dict[tuple[str, str, str], str] = {}
        for item in items:
            page, lang = item.say("page"), item.say("lang")
            one, two = (self.of(page, lang, item.say(key)) for key in ("from", "fingerprint"))
            if one != two:
                self._same[page, lang, one] = two

    def of(self, page: str, lang: str, mark: str) -> str:
        """The fingerprint that stands for all that are like `mark`."""
        while (page, lang, mark) in self._same:
            mark = self._same[page, lang, mark]
        return mark


def _reading(
    marks: Mapping[tuple[str, str], str], items: Iterable[Node], alike: _Spelling, page: str, lang: str
) -> Reading:
    def still(code: str, mark: str) -> bool:
        """Whether the words of the page in a language are those with this fingerprint."""
        now = marks.get((page, code))
        return now is None or alike.of(page, code, mark) == alike.of(page, code, now)

    read, kinds = False, set()
    for item in items:
        beside = {code: mark.text for code, mark in (item.get("beside") or EMPTY).map.items()}
        read = read or item.say("kind") == "native"
        same = still(lang, item.say("fingerprint")) and all(still(*each) for each in beside.items())
        if same and item.say("kind") != "spelling":
            kinds.add(item.say("kind"))
    return Reading(marks[page, lang], frozenset(kinds), read and "native" not in kinds)
