"""One screen of a tool: what it says and where its buttons lead. Its state stands in the address alone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.address import Address
from bot.book import Book, Button, Page, Part, Run
from bot.talk.lines import line


@dataclass(frozen=True, slots=True)
class Step:
    """A screen of a tool in one language.

    parts    its words, in order           rows    its buttons
    back     address that back leads to, "" for the page above
    first    whether it is the tool's first screen
    varies   whether it depends on the event's seed, and must not be remembered by its address
    titled   whether the page's title stands above; not above what is shown to somebody, or sent on
    """

    parts: tuple[Part, ...]
    rows: tuple[tuple[Button, ...], ...]
    back: str = ""
    first: bool = False
    varies: bool = False
    titled: bool = True


def onward(book: Book, page: Page, at: Address, lang: str) -> tuple[tuple[Button, ...], ...]:
    """Buttons to the pages that the tree names below a page, one a row."""
    pages = [(id, book.pages[id]) for id in page.go if id in book.pages]
    return tuple((Button(to.words[lang].button, str(at.go(id))),) for id, to in pages)


def answered(edition: str, at: Address, answers: str, screen: int = 1) -> str:
    """The address of a tool with these answers: `<edition>.<answers>`, and `.<screen>` from the second on."""
    state = f"{edition}.{answers}" if answers else ""
    return str(at.go(at.page, f"{state}.{screen}" if screen > 1 else state))


def question_before(edition: str, at: Address, answers: str) -> str:
    """The question before, "" at the first; from an early result, the last question that was answered."""
    return answered(edition, at, answers.rstrip("-")[:-1]) if answers else ""


def what_next(book: Book, lang: str, said: Part) -> Part:
    """What one can do now, as it stands at the end of a screen."""
    return Part((Run(line(book, lang, "next") + " ", "bold", lang), *said.body), said.small, said.facts)
