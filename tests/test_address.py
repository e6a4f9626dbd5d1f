"""Addresses: every place can be written and read back, in a button and behind a link."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.address import Address, from_start, parse, to_start
from bot.limits import CALLBACK_DATA_BYTES, START_PARAMETER_CHARACTERS

quick = settings(max_examples=60, deadline=None, derandomize=True)

LANGUAGES = st.just("") | st.from_regex(r"[a-z]{2,3}", fullmatch=True)
PAGES = st.from_regex(r"[a-z]{1,12}(\.[a-z]{1,8}(_[a-z]{1,8})?)?", fullmatch=True)
STATES = st.just("") | st.from_regex(r"[A-Za-z0-9._/-]{1,20}", fullmatch=True)
CAMPAIGNS = st.just("") | st.from_regex(r"[a-z0-9]{3,8}", fullmatch=True)
ADDRESSES = st.builds(Address, PAGES, LANGUAGES, STATES, CAMPAIGNS)


@quick
@given(ADDRESSES)
def test_what_is_written_is_read_back(address):
    assert parse(str(address)) == address


@quick
@given(st.text(max_size=40) | ADDRESSES.map(str))
def test_what_is_read_is_written_the_same(text):
    address = parse(text)
    assert address is None or str(address) == text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("home", Address("home")),
        ("lo:home", Address("home", "lo")),
        ("eng:brokers.check/a.yn-dy~vte26a", Address("brokers.check", "eng", "a.yn-dy", "vte26a")),
        (
            "lo:hotlines.emergency/brokers.check/a.yn",
            Address("hotlines.emergency", "lo", "brokers.check/a.yn"),
        ),
        ("about.sources/legal.limits/2~abc", Address("about.sources", "", "legal.limits/2", "abc")),
        ("legal.without_papers", Address("legal.without_papers")),
        ("hide", Address("hide")),
    ],
)
def test_parts(text, address):
    assert parse(text) == address
    assert str(address) == text


NO_ADDRESS = [
    "", ":", "lo:", ":home", "LO:home", "laos:home", "l:home", "Home", "home.", ".home", "a.b.c", "home/",
    "home//~", "home~", "home~ab", "home~abcdefghi", "home~ABC", "home/a b", "home/ກ", "ກ", "home\n", " home",
    "home?x=1", "https://example.org", "lo:lo:home", "home/é", "ⅼo:home",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_ADDRESS)
def test_what_is_no_address(text):
    assert parse(text) is None


def test_another_page_and_another_language_keep_the_rest():
    here = Address("brokers.check", "lo", "a.yn", "vte26a")
    assert here.go("home") == Address("home", "lo", "", "vte26a")
    assert here.go("brokers.check", "a.y") == Address("brokers.check", "lo", "a.y", "vte26a")
    assert here.speak("en") == Address("brokers.check", "en", "a.yn", "vte26a")


# ------------------------------------------------------------------ links


@quick
@given(PAGES, CAMPAIGNS)
def test_a_link_leads_to_its_page(page, campaign):
    value = to_start(page, campaign)
    assert re.fullmatch(r"[A-Za-z0-9_-]*", value)
    assert from_start(value) == Address(page, campaign=campaign)


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("home", Address("home")),
        ("brokers-check", Address("brokers.check")),
        ("brokers-check__vte26a", Address("brokers.check", campaign="vte26a")),
        ("legal-without_papers", Address("legal.without_papers")),
        ("legal-without_papers__abc", Address("legal.without_papers", campaign="abc")),
        ("home__abcdefgh", Address("home", campaign="abcdefgh")),
        ("", None),
        ("__abc", None),
        ("home__ab", None),
        ("home__abcdefghi", None),
        ("Home", None),
        ("home.page", None),
        ("lo:home", None),
        ("a-b-c", None),
        ("home\n", None),
        ("ກ", None),
    ],
)
def test_values_behind_links(value, address):
    assert from_start(value) == address


@quick
@given(st.text(max_size=30))
def test_any_value_is_read(value):
    address = from_start(value)
    assert address is None or to_start(address.page, address.campaign) == value


# ------------------------------------------------------------------ limits


@pytest.mark.parametrize(
    ("state", "size"),
    [
        ("a." + "y" * 12, "check of 12 questions"),
        ("a." + "-" * 12 + ".4", "its last result screen"),
    ],
)
def test_the_way_back_from_help_fits_a_button(state, size):
    """The longest address: help, with a way back to a tool, a long language and a long campaign."""
    address = Address("hotlines.emergency", "lao", f"brokers.check/{state}", "abcdefgh")
    assert len(str(address).encode()) <= CALLBACK_DATA_BYTES, size


@quick
@given(st.from_regex(r"[a-z]{1,10}\.[a-z_]{1,30}", fullmatch=True), CAMPAIGNS)
def test_a_link_fits_telegram(page, campaign):
    assert len(to_start(page, campaign)) <= START_PARAMETER_CHARACTERS
