"""What somebody's own words ask for: plain matching of listed words, and no guessing.

The words come from the book's index, so that an editor can read and extend them. Lao needs no spaces: a
form matches a row of syllables, never a part of one.
"""

from __future__ import annotations

from bot.book import Index, Understanding
from bot.writing import script, units

ALONE_SHARE = 0.3
"""A single idea answers when its words are this share of the text."""

MOST_UNITS = 3000
"""Telegram's longest message has 4,096 units; longer texts are read up to here."""


def understand(index: Index, text: str, page: str | None = None) -> Understanding:
    """Reads `text`. `page` is the page being looked at; it only decides between equals."""
    pieces = units(text)[:MOST_UNITS]
    lang = _language(index, text, pieces)
    title = index.titles.get(" ".join(pieces))
    ideas, emergency = _ideas(index, pieces)
    scored = _pages(index, ideas)
    if title is not None:
        others = tuple(id for id, _ in scored if id != title)[:3]
        return Understanding(title, others, emergency, lang, tuple(sorted(ideas)))
    best = [id for id, points in scored if points == scored[0][1]]
    if page in best:
        best = [page, *(id for id in best if id != page)]
    alone = bool(best) and (len(best) == 1 or page == best[0])
    sure = alone and (best[0] in index.urgent or _carries(scored[0][1], ideas, len(pieces)))
    ordered = [*best, *(id for id, _ in scored if id not in best)]
    if sure:
        return Understanding(ordered[0], tuple(ordered[1:4]), emergency, lang, tuple(sorted(ideas)))
    return Understanding(None, tuple(ordered[:3]), emergency, lang, tuple(sorted(ideas)))


def _carries(points: int, ideas: dict[str, int], size: int) -> bool:
    """Whether what was recognised is enough to answer: two ideas together, or one that is most of the text.

    One known word in a long story says what it is about, not what is asked: the page is offered, not given.
    """
    return points > 1 or sum(ideas.values()) / size >= ALONE_SHARE


def _ideas(index: Index, pieces: list[str]) -> tuple[dict[str, int], bool]:
    """Ideas of the text with the size of their longest form, and whether there is danger.

    A longer form hides those inside it.
    """
    ideas: dict[str, int] = {}
    danger = False
    covered = -1
    for start in range(len(pieces)):
        for size in range(min(index.longest, len(pieces) - start), 0, -1):
            form = " ".join(pieces[start : start + size])
            danger = danger or form in index.danger
            if form in index.forms and start + size - 1 > covered:
                for idea in index.forms[form]:
                    ideas[idea] = max(ideas.get(idea, 0), size)
                covered = start + size - 1
    return ideas, danger


def _pages(index: Index, ideas: dict[str, int]) -> list[tuple[str, int]]:
    """Pages one of whose hints is whole in the text, with the ideas of the largest such hint, best first."""
    found = []
    for id, hints in index.hints.items():
        points = max((len(hint) for hint in hints if hint <= ideas.keys()), default=0)
        if points:
            found.append((id, points))
    return sorted(found, key=lambda item: -item[1])


def _language(index: Index, text: str, pieces: list[str]) -> str:
    """Lao for Lao and Thai script; for Latin letters the language whose small words stand in the text."""
    written = script(text)
    if written in ("lao", "thai"):
        return "lo" if "lo" in index.words else ""
    if written != "latin":
        return ""
    known = {lang: sum(piece in words for piece in pieces) for lang, words in index.words.items()}
    best = max(known, key=lambda lang: known[lang], default="")
    return best if best and known[best] and list(known.values()).count(known[best]) == 1 else ""
