"""The page that tells others: near, short, with the bot's own link where its name is known, and counted."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.address import from_start
from bot.book import Book, Campaign, Count, Event, Screen
from bot.compiler import examine
from bot.crawl import findings, open_at, taps
from bot.players.telegram.drawing import draw
from bot.talk.lines import line
from bot.talk.reply import reply
from bot.tally.names import cell
from tests.books import DAY, good_files, real


@cache
def named() -> Book:
    """The real book of a bot with a name in Telegram, and a campaign of one village."""
    run = replace(real().organisation, telegram="khua_lao_bot")
    return replace(real(), organisation=run, campaigns={"ban1": Campaign("ban1", "a visit", "village")})


def shared(screen: Screen) -> list[str]:
    """The links that ask Telegram whom to send it to."""
    leads = [button.to for row in screen.rows for button in row]
    return [to for to in leads if to.startswith("https://t.me/share/url?")]


def test_it_is_three_taps_away_and_the_village_pages_offer_it():
    assert taps(real())["about.share"].from_home <= 3
    for page in ("about.bot", "village.parents", "village.leaders", "village.teach"):
        leads = [button.to for row in open_at(real(), f"lo:{page}~ban1").rows for button in row]
        assert "lo:about.share" in leads


@pytest.mark.parametrize("lang", ["lo", "en"])
@pytest.mark.parametrize(("campaign", "start"), [("", "home"), ("~ban1", "home__ban1")])
def test_the_link_is_the_bots_own_and_carries_the_campaign(lang, campaign, start):
    screen = open_at(named(), f"{lang}:about.share{campaign}")
    (to,) = shared(screen)
    asked = parse_qs(urlsplit(to).query)
    assert asked["url"] == [f"https://t.me/khua_lao_bot?start={start}"]
    assert asked["text"] == [line(named(), lang, "about_short")]
    assert from_start(start) is not None
    assert "@khua_lao_bot" in screen.plain
    assert list(findings(named(), screen)) == []
    assert b'"url":"https://t.me/share/url?' in draw(screen)


def test_without_a_name_it_says_how_in_words():
    for lang in real().languages:
        screen = open_at(real(), f"{lang}:about.share")
        assert not shared(screen)
        assert line(real(), lang, "share_how") in screen.plain


def test_opening_it_counts_with_the_campaign_even_of_a_village():
    counts = reply(named(), Event("open", "lo:about.share~ban1")).counts
    assert counts == (Count("screen", "about.share", "lo", "ban1"), Count("share", "", "lo", "ban1"))
    kept = [cell(named(), DAY, "telegram", count) for count in counts]
    assert [(at.kind, at.campaign) for at in kept if at] == [("screen", ""), ("share", "ban1")]
    assert not [each for each in reply(named(), Event("open", "lo:about.bot")).counts if each.kind == "share"]


@pytest.mark.parametrize(
    ("name", "fine"),
    [("khua_lao_bot", True), ("KhuaBot", True), ("a1bot", True), ("a" * 29 + "bot", True),
     ("@khua_bot", False), ("khua", False), ("bot", False), ("xbot", False), ("1khuabot", False),
     ("a" * 30 + "bot", False), ("khua-bot", False), ("", False)],
)  # fmt: skip
def test_a_name_that_telegram_would_not_have_is_refused(name, fine):
    said = f'{good_files()["organisation.yaml"]}telegram: "{name}"\n'
    book, problems = examine({**good_files(), "organisation.yaml": said}, DAY)
    wrong = [problem for problem in problems if problem.level == "error"]
    assert [problem.rule for problem in wrong] == ([] if fine else ["wrong-value"])
    if fine:
        assert book is not None and book.organisation.telegram == name
