"""The index that the conversation matches people's words against."""

from __future__ import annotations

from collections import defaultdict

from bot.book import Index
from bot.compiler.draft import EMPTY, Draft, listed
from bot.problems import did_you_mean


def index(draft: Draft) -> Index:
    """Folded forms of all languages in one table, and the ideas that lead to each page."""
    forms: dict[str, set[str]] = defaultdict(set)
    danger: set[str] = set()
    common: dict[str, frozenset[str]] = {}
    titles: dict[str, str] = {}
    for speech in draft.speech:
        node = draft.language_file(speech.code, "words")
        for idea, listing in (node.get("ideas") or EMPTY).map.items():
            for form in listing.items:
                forms[draft.key(form.text)].add(idea)
        danger.update(draft.key(form.text) for form in listed(node, "danger"))
        said = [item.text for item in listed(node, "common")]
        said += [form.text for idea in (node.get("ideas") or EMPTY).map.values() for form in idea.items]
        pieces = (unit for form in said for unit in draft.key(form).split())
        common[speech.code] = frozenset(unit for unit in pieces if unit.isascii())
        for id, page in draft.pages.items():
            words = page.words.get(speech.code)
            for title in (words.title, words.button) if words else ():
                titles.setdefault(draft.key(title), id)
    forms.pop("", None)
    longest = max((key.count(" ") + 1 for key in (*forms, *danger, *titles)), default=1)
    return Index(
        forms={key: tuple(sorted(ideas)) for key, ideas in forms.items()},
        danger=frozenset(danger - {""}),
        hints=_hints(draft, {idea for ideas in forms.values() for idea in ideas}),
        titles=titles,
        words=common,
        urgent=frozenset(id for id in draft.pages if id.split(".")[0] == "trouble"),
        longest=longest,
    )


def _hints(draft: Draft, ideas: set[str]) -> dict[str, tuple[frozenset[str], ...]]:
    found = {}
    for id, said in draft.files.get("tree/ask.yaml", EMPTY).map.items():
        hints = []
        for item in said.items:
            names = item.text.split(" + ")
            for name in names:
                if name not in ideas:
                    draft.report(item, "unknown-idea", f"no language has words for the idea {name}",
                                 did_you_mean(name, ideas))  # fmt: skip
            hints.append(frozenset(names))
        if id not in draft.hidden:
            found[id] = tuple(hints)
    return found
