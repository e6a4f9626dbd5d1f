"""The tools inside the book, one module each: a state of the address in, one screen out."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.address import Address
from bot.book import Book, Page
from bot.talk.step import Step
from bot.talk.tools import calculator, check, checklist, phrases, quiz

_STEPS: dict[str, Callable[[Book, Page, Address, str, int], Step | None]] = {
    "check": check.step,
    "calculator": calculator.step,
    "phrases": phrases.step,
    "checklist": checklist.step,
    "quiz": quiz.step,
}
_RESULTS: dict[str, Callable[[Page, str], tuple[str, ...]]] = {
    "check": check.results,
    "calculator": calculator.results,
    "quiz": quiz.results,
}
_NAMES: dict[str, Callable[[Page], Iterable[str]]] = {
    "check": check.names,
    "calculator": calculator.names,
    "quiz": quiz.names,
}


def step_of(book: Book, page: Page, at: Address, lang: str, seed: int) -> Step | None:
    """The screen of a page's tool at an address, None where its state is none that the tool knows."""
    return _STEPS[page.kind](book, page, at, lang, seed)


def results_of(page: Page, state: str) -> tuple[str, ...]:
    """Names to count when a tool has come to a result at `state`; none on the way there."""
    return _RESULTS[page.kind](page, state) if page.kind in _RESULTS else ()


def names_of(page: Page) -> frozenset[str]:
    """All names that `results_of` can ever give for a page."""
    return frozenset(_NAMES[page.kind](page)) if page.kind in _NAMES else frozenset()
