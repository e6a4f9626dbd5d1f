"""Phrases to show to somebody: a choice of needs, then one phrase a screen, Thai letters first and large.

State: the key of a phrase, such as h3. Without a state it is the choice of needs.
"""

from __future__ import annotations

from bot.address import Address
from bot.book import Book, Button, Need, Page, Part, Phrases, Run
from bot.talk.lines import line
from bot.talk.step import Step, onward, what_next

THAI = "th"


def step(book: Book, page: Page, at: Address, lang: str, seed: int) -> Step | None:
    """The screen for the state in `at`, None where it is the key of no phrase (any more)."""
    tool = _tool(page)
    if not at.state:
        parts = (page.words[lang].parts[0], what_next(book, lang, Part(page.words[lang].next)))
        rows = (*_needs(tool, at, lang, tool.needs), *onward(book, page, at, lang))
        return Step(parts, rows, first=True)
    need = next((need for need in tool.needs if at.state in need.keys), None)
    return None if need is None else _phrase(book, page, at, lang, need)


def _tool(page: Page) -> Phrases:
    if not isinstance(page.tool, Phrases):
        raise TypeError(f"{page.id} holds no phrases")
    return page.tool


def _phrase(book: Book, page: Page, at: Address, lang: str, need: Need) -> Step:
    tool, place = _tool(page), need.keys.index(at.state)
    phrase = tool.words[lang][at.state]
    said = Part(
        (Run(phrase.say + "\n\n", "bold", THAI), Run(f"{phrase.sound}\n\n", "", lang), *phrase.means.body)
    )
    told = Part(said.body, phrase.means.small, phrase.means.facts)
    where = Part((Run(f"{tool.labels[lang][need.name]} · {place + 1}/{len(need.keys)}", "small", lang),))
    others = tuple(each for each in tool.needs if each != need)
    return Step(
        (told, where, what_next(book, lang, Part(page.words[lang].next))),
        (_beside(book, at, lang, need, place), *_needs(tool, at, lang, others)),
        back=str(at.go(page.id)),
        titled=False,
    )


def _beside(book: Book, at: Address, lang: str, need: Need, place: int) -> tuple[Button, ...]:
    """Buttons to the phrase before and to the one behind, where there are such."""
    beside = {"preceding": need.keys[:place][-1:], "following": need.keys[place + 1 :][:1]}
    return tuple(
        Button(line(book, lang, name), str(at.go(at.page, key)))
        for name, keys in beside.items()
        for key in keys
    )


def _needs(tool: Phrases, at: Address, lang: str, needs: tuple[Need, ...]) -> tuple[tuple[Button, ...], ...]:
    """Buttons to the first phrase of each need, two in a row."""
    keys = [
        Button(tool.labels[lang][need.name], str(at.go(at.page, need.keys[0]))) for need in needs if need.keys
    ]
    return tuple(tuple(keys[first : first + 2]) for first in range(0, len(keys), 2))
