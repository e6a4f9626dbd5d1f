"""The checklist: ticks live in the address, whatever they are, and a press never loses one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.address import Address, parse
from bot.book import Button, Checklist, Screen
from bot.crawl import open_at
from bot.limits import CALLBACK_DATA_BYTES
from bot.talk.lines import line
from bot.talk.screens import HELP
from bot.talk.tools.checklist import ITEMS_A_SCREEN, State, listed, read, states, toggle, write
from tests.books import real

PAGE = "prepare.checklist"
quick = settings(max_examples=200, deadline=None, derandomize=True)


def tool() -> Checklist:
    found = real().pages[PAGE].tool
    assert isinstance(found, Checklist)
    return found


def of_size(size: int) -> Checklist:
    """A checklist of so many things, without words."""
    return replace(tool(), items=tuple(f"item_{number}" for number in range(size)))


@st.composite
def ticked(draw: st.DrawFn) -> tuple[Checklist, str]:
    """A checklist of any size, and one of its states."""
    checklist = of_size(draw(st.integers(1, 24)))
    ticks = draw(st.integers(0, (1 << len(checklist.items)) - 1))
    return checklist, draw(st.sampled_from(list(states(checklist, ticks))))


# ------------------------------------------------------------------ the address


@quick
@given(ticked())
def test_any_ticks_survive_the_way_through_an_address(made):
    checklist, written = made
    state = read(checklist, written)
    assert state is not None
    assert write(checklist, state) == written
    address = Address(PAGE, "lo", written, "abcdefgh")
    assert parse(str(address)) == address


@quick
@given(ticked(), st.text(st.sampled_from("0123456789abcdefmstz.-"), max_size=12))
def test_what_is_no_state_is_not_read_as_one(made, noise):
    """There is one way to write a state, so that no two addresses are one screen."""
    checklist, _ = made
    for written in (noise, f"{checklist.edition}.{noise}"):
        state = read(checklist, written)
        assert state is None or write(checklist, state) == written


@pytest.mark.parametrize(
    "written",
    ["a", "a.", "a.00", "a.01", "a.F", "a.1.", "a.1.1", "a.1.s2", "a.1.t2", "a.0.s", "a.0.t", "b.1",
     "a.fffff.2", "a.100000", "a.1.x", "a.1.9", "x", "a.١"],
)  # fmt: skip
def test_states_of_another_edition_and_crafted_ones_are_old(written):
    assert read(replace(of_size(20), edition="a"), written) is None


@quick
@given(ticked())
def test_the_longest_address_fits_a_button(made):
    checklist, written = made
    for address in (
        Address(PAGE, "lao", written, "abcdefgh"),
        Address(HELP, "lao", f"{PAGE}/{written}", "abcdefgh"),
    ):
        assert len(str(address).encode()) <= CALLBACK_DATA_BYTES


# ------------------------------------------------------------------ ticking


@quick
@given(ticked(), st.integers(0, 23))
def test_a_press_changes_one_thing_and_a_second_press_changes_it_back(made, number):
    checklist, written = made
    state = read(checklist, written)
    assert state is not None
    item = number % len(checklist.items)
    once = toggle(checklist, state, item)
    assert once.ticks ^ state.ticks == 1 << item
    assert toggle(checklist, once, item).ticks == state.ticks
    assert read(checklist, write(checklist, once)) == once


@quick
@given(ticked())
def test_each_thing_is_open_or_ticked_in_its_order(made):
    checklist, written = made
    state = read(checklist, written)
    assert state is not None
    still, done = listed(checklist, replace(state, view="")), listed(checklist, replace(state, view="t"))
    assert still == sorted(still)
    assert done == sorted(done)
    assert sorted(still + done) == list(range(len(checklist.items)))
    assert len(done) == state.ticks.bit_count()


# ------------------------------------------------------------------ screens


TICKS = st.deferred(lambda: st.integers(0, everything()))
LANGS = st.sampled_from(["lo", "en"])


def everything() -> int:
    """The ticks when all is ticked."""
    return (1 << len(tool().items)) - 1


def screen(lang: str, state: State) -> Screen:
    return open_at(real(), Address(PAGE, lang, write(tool(), state)))


def own(shown: Screen) -> list[Button]:
    return [button for row in shown.rows[: len(shown.rows) - shown.standing] for button in row]


def pressed(shown: Screen, label: str) -> Screen:
    return open_at(real(), next(button.to for button in own(shown) if button.label == label))


def test_there_are_as_many_things_as_a_person_can_do():
    assert 12 <= len(tool().items) <= 24


@quick
@given(LANGS, TICKS)
def test_all_screens_together_hold_each_thing_once(lang, ticks):
    """Further screens hold what the first one does not; what is ticked stands in a list of its own."""
    labels = [item.button for item in tool().words[lang]]
    for view, wanted in (("", 0), ("t", 1)):
        items = listed(tool(), State(ticks, view))
        assert all((ticks >> item & 1) == wanted for item in items)
        shown, seen = screen(lang, State(ticks, view)) if items else None, []
        while shown is not None:
            here = [button.label for button in own(shown) if button.label in labels]
            assert 1 <= len(here) <= ITEMS_A_SCREEN
            seen += here
            more = [button.to for button in own(shown) if button.label == line(real(), lang, "more")]
            shown = open_at(real(), more[0]) if more else None
        assert seen == [labels[item] for item in items]


@quick
@given(LANGS, TICKS, st.data())
def test_what_is_pressed_goes_to_the_other_list(lang, ticks, data):
    items = listed(tool(), State(ticks, ""))
    if not items:
        return
    item = data.draw(st.sampled_from(items[:ITEMS_A_SCREEN]))
    label = tool().words[lang][item].button
    after = pressed(screen(lang, State(ticks, "")), label)
    assert after.at == str(Address(PAGE, lang, f"{tool().edition}.{ticks | 1 << item:x}"))
    count = line(real(), lang, "ticked", n=ticks.bit_count() + 1, all=len(tool().items))
    assert count in after.plain
    assert label not in [button.label for button in own(after)]


@pytest.mark.parametrize("lang", ["lo", "en"])
def test_a_screen_is_short_and_has_few_buttons(lang):
    """Also where the longest things stand together, open or ticked."""
    items = sorted(range(len(tool().items)), key=lambda item: len(tool().words[lang][item].text.body[0].text))
    longest = sum(1 << item for item in items[-ITEMS_A_SCREEN:])
    for ticks in (0, 1, longest, everything() ^ longest, everything()):
        for written in states(tool(), ticks):
            shown = open_at(real(), Address(PAGE, lang, written))
            small = sum(len(run.text) for run in shown.text if run.style == "small")
            assert len(shown.plain) - small <= {"lo": 600, "en": 700}[lang], written
            assert len(own(shown)) <= 8, written


def test_back_leads_step_by_step_to_the_start_and_keeps_the_ticks():
    shown = screen("en", State(0b101, "", 3))
    ways = []
    for _ in range(3):
        to = next(b.to for row in shown.rows for b in row if b.label == line(real(), "en", "back"))
        ways.append(to.partition("/")[2])
        shown = open_at(real(), to)
    assert ways == [f"{tool().edition}.{rest}" for rest in ("5.2", "5", "5.s")]


@pytest.mark.parametrize("lang", ["lo", "en"])
def test_the_message_stands_alone_with_blanks_to_fill_in(lang):
    text = screen(lang, State(1, "m")).plain
    first = tool().sheets[lang]["message"].text.body[0].text.partition("\n")[0]
    assert text.startswith(first)
    assert real().pages[PAGE].words[lang].title not in text
    assert text.count("……") >= 5
