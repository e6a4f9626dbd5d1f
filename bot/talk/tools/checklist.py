"""The checklist: what is open, at most six a screen, to be ticked by buttons; what is ticked; a message home.

State: the edition's letter, a dot, and the ticks as a hexadecimal number (item 1 is its lowest bit). A second
dot leads to another screen than the first one of what is open: 2, 3 … further ones, t, t2 … what is ticked,
m the message, s the start. Without a state it is the start, and nothing is ticked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.address import Address
from bot.book import Book, Button, Checklist, Page, Part, Run, Sheet
from bot.talk.lines import line
from bot.talk.step import Step, onward, what_next

ITEMS_A_SCREEN = 6
_STATE = r"(?P<edition>[a-z])\.(?P<ticks>0|[1-9a-f][0-9a-f]*)(?:\.(?P<view>[mst])?(?P<number>[2-9])?)?"


@dataclass(frozen=True, slots=True)
class State:
    """Ticks (bit n for item n), a kind of screen ("" open, t ticked, m message, s start), and its number."""

    ticks: int = 0
    view: str = "s"
    number: int = 1


def read(tool: Checklist, written: str) -> State | None:
    """The state behind `written`, None where it is of another edition, or none that `write` writes."""
    if not written:
        return State()
    match = re.fullmatch(_STATE, written)
    if match is None or match["edition"] != tool.edition:
        return None
    state = State(int(match["ticks"], 16), match["view"] or "", int(match["number"] or 1))
    known = state.ticks < 1 << len(tool.items) and state.number <= _screens(tool, state)
    return state if known and write(tool, state) == written else None


def write(tool: Checklist, state: State) -> str:
    """The state as it stands in an address."""
    if state == State():
        return ""
    screen = state.view + (str(state.number) if state.number > 1 else "")
    return f"{tool.edition}.{state.ticks:x}" + (f".{screen}" if screen else "")


def toggle(tool: Checklist, state: State, item: int) -> State:
    """The state after a press on an item: ticked or open again, and still in the same list.

    With the last tick goes the list of what is ticked; then it is the list of what is open.
    """
    changed = replace(state, ticks=state.ticks ^ (1 << item))
    screens = _screens(tool, changed)
    return replace(changed, number=min(state.number, screens)) if screens else State(changed.ticks, "")


def states(tool: Checklist, ticks: int) -> Iterator[str]:
    """All screens that these ticks have."""
    for view in ("s", "", "t", "m"):
        for number in range(1, _screens(tool, State(ticks, view)) + 1):
            yield write(tool, State(ticks, view, number))


def listed(tool: Checklist, state: State) -> list[int]:
    """Numbers of the items of a list: those that are ticked, or those that are not."""
    wanted = state.view == "t"
    return [item for item in range(len(tool.items)) if bool(state.ticks >> item & 1) is wanted]


def _screens(tool: Checklist, state: State) -> int:
    """How many screens there are of a kind; none of what is ticked where nothing is."""
    if state.view in ("s", "m"):
        return 1
    screens = -(-len(listed(tool, state)) // ITEMS_A_SCREEN)
    return screens if state.view == "t" else max(1, screens)


# ------------------------------------------------------------------ screens


def step(book: Book, page: Page, at: Address, lang: str, seed: int) -> Step | None:
    """The screen for the state in `at`, None where the state is none of this edition."""
    state = read(_tool(page), at.state)
    if state is None:
        return None
    here = _Here(book, page, at, lang, state)
    if state.view == "s":
        return _start(here)
    if state.view == "m":
        return _message(here)
    return _list(here) if listed(here.tool, state) else _all(here)


def _tool(page: Page) -> Checklist:
    if not isinstance(page.tool, Checklist):
        raise TypeError(f"{page.id} holds no checklist")
    return page.tool


@dataclass(frozen=True, slots=True)
class _Here:
    """Where one is, and in which language."""

    book: Book
    page: Page
    at: Address
    lang: str
    state: State

    @property
    def tool(self) -> Checklist:
        return _tool(self.page)

    def sheet(self, name: str) -> Sheet:
        return self.tool.sheets[self.lang][name]

    def to(self, view: str, number: int = 1) -> str:
        """The address of another screen with the same ticks."""
        return self.with_state(replace(self.state, view=view, number=number))

    def with_state(self, state: State) -> str:
        return str(self.at.go(self.page.id, write(self.tool, state)))

    def button(self, sheet: str, view: str) -> tuple[Button, ...]:
        return (Button(self.sheet(sheet).button, self.to(view)),)

    def pages(self) -> tuple[tuple[Button, ...], ...]:
        return onward(self.book, self.page, self.at, self.lang)

    def count(self) -> Part:
        """How many things are ticked, of how many."""
        ticked, items = self.state.ticks.bit_count(), len(self.tool.items)
        return Part((Run(line(self.book, self.lang, "ticked", n=ticked, all=items), "small", self.lang),))


def _start(here: _Here) -> Step:
    words = here.page.words[here.lang]
    parts = (words.parts[0], here.count(), what_next(here.book, here.lang, Part(words.next)))
    rows = (here.button("open", ""), here.button("message", "m"), *here.pages())
    return Step(parts, rows, first=True)


def _message(here: _Here) -> Step:
    """The message alone, to be sent on as it is; no title stands above it."""
    sheet = here.sheet("message")
    parts = (sheet.text, what_next(here.book, here.lang, sheet.next))
    return Step(parts, (), back=here.to("" if here.state.ticks else "s"), titled=False)


def _list(here: _Here) -> Step:
    """What is open, or what is ticked: a press moves a thing to the other list."""
    state, items = here.state, listed(here.tool, here.state)
    first = (state.number - 1) * ITEMS_A_SCREEN
    shown = items[first : first + ITEMS_A_SCREEN]
    sheet = here.sheet("ticked" if state.view else "open")
    rows: list[tuple[Button, ...]] = [(_press(here, item),) for item in shown]
    if first + ITEMS_A_SCREEN < len(items):
        rows.append((Button(line(here.book, here.lang, "more"), here.to(state.view, state.number + 1)),))
    if state.view:
        rows.append(here.button("message", "m"))
    elif state.ticks:
        rows.append(here.button("ticked", "t"))
    above = "" if state.view else "s"
    back = here.to(state.view, state.number - 1) if state.number > 1 else here.to(above)
    parts = (here.count(), sheet.text, _bullets(here, shown), what_next(here.book, here.lang, sheet.next))
    return Step(parts, tuple(rows), back)


def _press(here: _Here, item: int) -> Button:
    """The button that ticks an item, or takes its tick away."""
    to = here.with_state(toggle(here.tool, here.state, item))
    return Button(here.tool.words[here.lang][item].button, to)


def _bullets(here: _Here, items: list[int]) -> Part:
    texts = [here.tool.words[here.lang][item].text for item in items]
    body = [run for text in texts for run in (Run("• ", "", here.lang), *text.body, Run("\n", "", here.lang))]
    small = tuple(run for text in texts for run in text.small)
    return Part(tuple(body), small, tuple(fact for text in texts for fact in text.facts))


def _all(here: _Here) -> Step:
    sheet = here.sheet("all")
    rows = (here.button("message", "m"), here.button("ticked", "t"), *here.pages())
    parts = (here.count(), sheet.text, what_next(here.book, here.lang, sheet.next))
    return Step(parts, rows, back=here.to("s"))
