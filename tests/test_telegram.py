"""The bot on Telegram: real updates through the real library, to a strict Bot API server on loopback.

The first half tells stories with people in them; the second takes single parts and a clock that jumps.
"""

from __future__ import annotations

import asyncio
import json
import logging
import signal
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from telegram import InputFile
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import ExtBot

from bot.book import Book, Button, Count, Event, Quiz, Reply, Run, Screen
from bot.limits import DELETE_HOURS
from bot.players import Uncounted, telegram
from bot.players.telegram import gate, lanes, pictures, polling, render, transport
from bot.players.telegram.drawing import draw
from bot.players.telegram.gate import Gate
from bot.players.telegram.hide import Hide
from bot.players.telegram.lanes import Lanes
from bot.players.telegram.pages import Pages
from bot.players.telegram.polling import Poller, Window, chat_of
from bot.players.telegram.sending import Sender
from bot.players.telegram.transport import Transport
from bot.problems import KhuaError
from bot.shelf import Shelf
from bot.talk.lines import line
from bot.talk.reply import reply
from tests.botapi import TOKEN, Limits, Message, Person, Telegram, Update
from tests.botapi import Button as Shown
from tests.botapi.parameters import Uploaded
from tests.botapi.people import media
from tests.botapi.world import Chat, Query, command_entities
from tests.program import program as a_program

ROOT = Path(__file__).parent.parent
DAY = date(2026, 12, 1)


@cache
def shelf() -> Shelf:
    """The content as it is, on a fixed day."""
    return Shelf(ROOT / "content", ZoneInfo("Asia/Vientiane"), as_of=DAY)


def book() -> Book:
    return shelf().book


def said(lang: str, name: str) -> str:
    return line(book(), lang, name)


@dataclass(frozen=True)
class Given:
    """The settings that the player looks at."""

    api_url: str
    token: str | None = TOKEN
    limits: bool = False


@dataclass
class Bot:
    """The running bot."""

    task: asyncio.Task[None]
    counts: list[Count] = field(default_factory=list)


@dataclass
class Told(Uncounted):
    """Takes the counts, and keeps none."""

    counts: list[Count]

    def count(self, channel: str, counts: Sequence[Count], update: int | None = None) -> None:
        assert channel == "telegram"
        assert update is not None
        self.counts.extend(counts)


@asynccontextmanager
async def khua(tg: Telegram, limits: bool = False) -> AsyncIterator[Bot]:
    """The bot on this server, from its first poll till it ended in order."""
    polls = len(tg.called("getUpdates"))
    counts: list[Count] = []
    bot = Bot(
        asyncio.create_task(telegram.run(Given(tg.url, limits=limits), shelf(), keeper=Told(counts))), counts
    )
    try:
        # The server writes a poll down when it is over; that it hangs shows in its world.
        await tg.world.pulse.until(lambda: tg._poll is not None or len(tg.called("getUpdates")) > polls, 5)
        yield bot
    finally:
        bot.task.cancel()
        await asyncio.wait({bot.task})


def tell(story: Callable[[Telegram, Bot], Awaitable[None]], **how: Any) -> None:
    """Tells a story in which the bot runs, and looks afterwards that it kept its promises."""

    async def whole() -> None:
        async with Telegram(**how) as tg, khua(tg, limits="limits" in how) as bot:
            await story(tg, bot)
            await tg.all_answered()
            await tg.all_confirmed()
            assert not tg.violations
            assert not tg.confirmed_early

    asyncio.run(whole())


# ------------------------------------------------------------------ people


def test_a_person_starts_walks_and_changes_the_language():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start brokers-check__vte26a")).answered()
        screen = ana.last
        assert {button.data for button in screen.buttons} >= {"lo:home", "en:brokers.check"}
        await (await ana.taps("English")).answered()
        assert ana.last.message_id == screen.message_id, "a tap changes the message in place"
        await (await ana.taps(said("en", "home"))).answered()
        assert book().pages["home"].words["en"].title in ana.last.text
        assert len([message for message in ana.screen if message.from_bot]) == 1
        assert [count.kind for count in bot.counts] == ["start", "screen", "screen", "screen"]

    tell(story)


def test_who_does_not_speak_lao_for_sure_gets_two_languages():
    async def story(tg: Telegram, bot: Bot) -> None:
        for number, code in enumerate((None, "th", "en", "lo-LA"), 7):
            ana = tg.person(number, code)
            await (await ana.says("/start")).answered()
            both = [said(lang, "home") in " ".join(ana.last.labels) for lang in ("lo", "en")]
            titles = [book().pages["home"].words[lang].title in ana.last.text for lang in ("lo", "en")]
            assert titles == ([True, False] if code == "lo-LA" else [True, True])
            assert not any(both), "home needs no way home"

    tell(story)


@pytest.mark.parametrize(
    ("command", "page", "lang"),
    [
        ("/start", "home", "lo"),
        ("/start@khua_test_bot", "home", "lo"),
        ("/start ../../etc", "home", "lo"),
        ("/start legal-overview", "legal.overview", "lo"),
        ("/help", "hotlines.emergency", "lo"),
        ("/help en", "hotlines.emergency", "en"),
        ("/help xx", "hotlines.emergency", "lo"),
        ("/language", "language", "lo"),
    ],
)
def test_commands(command, page, lang):
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says(command)).answered()
        assert book().pages[page].words[lang].title in ana.last.text

    tell(story)


def test_a_question_is_answered_and_answered_anew_when_it_is_edited():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "th")
        asked = await ana.says("help numbers")
        await asked.answered()
        await ana.edits(asked.message_id, "/start legal-overview")
        await ana.sees(book().pages["legal.overview"].words["lo"].title)
        assert len([message for message in ana.screen if message.from_bot]) == 2

    tell(story)


@pytest.mark.parametrize("text", ["\ud800 \udfff", "\x00", "\u202e", "ກ" * 4096, "<b>&amp;", "/", "//start"])
def test_any_text_gets_an_answer(text):
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says(text)).answered()
        assert ana.last.buttons

    tell(story)


def test_a_question_that_replies_to_a_screen_is_asked_from_that_place():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "th")
        await (await ana.says("/help en")).answered()
        question = {"message_id": 99, "from": ana.user, "chat": ana.chat.to_json(), "date": 1, "text": "?"}
        question["reply_to_message"] = ana.last.to_json()
        await tg.world.owes(tg.world.queue.push("message", question, ana.id, 99, {"screen"})).answered()
        assert (
            said("en", "not_understood") in ana.last.text
            or said("en", "not_understood_again") in ana.last.text
        )
        assert said("lo", "home") not in " ".join(ana.last.labels), "the screen spoke English: so do we"

    tell(story)


@pytest.mark.parametrize("address", ["lo:home", "en:legal.overview", "lo:hotlines.emergency", "home"])
def test_a_place_can_be_read_off_its_buttons(address):
    pages = Pages(shelf(), reply, lambda counts: None)
    screen = reply(book(), Event("open", address)).screen
    assert pages.place((button.label, button.to) for row in screen.rows for button in row) == address


def test_what_is_drawn_is_drawn_anew_for_each_tap_and_command():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        drawn = []
        for _ in range(3):
            await (await ana.says("/start learn-quiz")).answered()
            drawn.append(ana.last.buttons[0].data)
            await (await ana.presses("lo:learn.quiz")).answered()
            drawn.append(ana.last.buttons[0].data)
        assert len(set(drawn)) == 6
        await (await ana.presses(drawn[-1] or "")).answered()
        asks = {"".join(run.text for run in words.ask.body) for words in quiz().words["lo"].values()}
        assert any(ask in ana.last.text for ask in asks)

    tell(story)


def test_a_screen_is_remembered_unless_it_depends_on_the_seed():
    asked: list[str] = []

    def answer(book: Book, event: Event) -> Reply:
        asked.append(event.value)
        return reply(book, event)

    pages = Pages(shelf(), answer, lambda counts: None)
    question = quiz_address(1)
    for to in ("lo:home", "lo:learn.quiz", question):
        first, second = pages.open(to, "lo", seed=1), pages.open(to, "lo", seed=2)
        assert (first.body == second.body) is (to != "lo:learn.quiz")
        assert asked.count(to) == (2 if to == "lo:learn.quiz" else 1)


def quiz() -> Quiz:
    tool = book().pages["learn.quiz"].tool
    assert isinstance(tool, Quiz)
    return tool


def quiz_address(seed: int) -> str:
    """The address of the first question that a seed draws."""
    screen = reply(book(), Event("open", "lo:learn.quiz", seed=seed)).screen
    return screen.rows[0][0].to


@pytest.mark.parametrize(
    "kind", ["voice", "photo", "sticker", "location", "contact", "poll", "video", "document", "dice", "venue"]
)
def test_what_is_no_text_gets_a_kind_answer(kind):
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.sends(kind)).answered()
        assert said("lo", "not_text") in ana.last.text

    tell(story)


def test_an_album_is_answered_once_and_a_moving_place_not_again():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await ana.sends("location")
        await ana.sees(said("lo", "not_text"))
        for _ in range(3):
            ana.put_message(ana, {"photo": [], "media_group_id": "12"} | media("photo")).waits.clear()
        live = ana.put_message(ana, {"location": {"latitude": 1.0, "longitude": 2.0}, "edit_date": 5})
        live.waits.clear()
        await tg.all_confirmed()
        await (await ana.says("/start")).answered()
        assert len([message for message in ana.screen if message.from_bot]) == 3

    tell(story)


def test_service_messages_joins_and_blocks_are_quiet():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start")).answered()
        sent = len(tg.called("sendMessage"))
        ana.put_message(ana, {"pinned_message": ana.last.to_json()}).waits.clear()
        ana.put_message(ana, {"message_auto_delete_timer_changed": {}}).waits.clear()
        await ana.blocks()
        await ana.joins()
        await tg.all_confirmed()
        assert len(tg.called("sendMessage")) == sent

    tell(story)


def test_who_blocks_the_bot_stops_nobody():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana, bo = tg.person(7), tg.person(8)
        await (await ana.says("/start")).answered()
        tap = await ana.presses("lo:home")
        ana.chat.closed = "bot was blocked by the user"
        await (await bo.says("/start")).answered()
        await tap.answered()

    tell(story)


def test_in_a_group_commands_alone_get_one_line_and_a_link():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        for group in (tg.group(-40, "ບ້ານ"), tg.group(-1_000_000_000_040, "ເມືອງ")):
            await group.adds_bot(ana)
            (await ana.says("ສະບາຍດີ", group)).waits.clear()
            (await ana.sends("voice", group)).waits.clear()
            (await ana.says("/start@another_bot", group)).waits.clear()
            (await ana.says("/weather", group)).waits.clear()
            await (await ana.says("/help@khua_test_bot", group)).answered()
            [message] = [message for message in group.screen if message.from_bot]
            assert message.text == said("lo", "group")
            assert message.buttons == [
                Shown(said("lo", "group_button"), url="https://t.me/khua_test_bot?start=home")
            ]
            tap = await ana.presses("lo:home", group=group)
            tap.waits.discard("screen")
            await tap.answered()
            assert group.last == message

    tell(story)


def test_a_channel_gets_the_same_line():
    async def story(tg: Telegram, bot: Bot) -> None:
        channel = Chat(-1_000_000_000_077, "channel", {"title": "ຊ່ອງ"}, started=True)
        tg.world.chats[channel.id] = channel
        for text in ("ສະບາຍດີ", "/help"):
            post = {"message_id": 1, "date": 1, "chat": channel.to_json(), "text": text}
            post["entities"] = list(command_entities(text))
            tg.world.queue.push("channel_post", post, channel.id, 1, set())
        await tg.all_confirmed()
        [message] = channel.screen
        assert message.text == said("lo", "group") + "\n" + said("en", "group")

    tell(story)


def test_an_old_button_works_and_one_of_a_page_that_is_gone_says_so():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        old = ana.keeps("...", [[Shown("x", data="lo:legal.overview"), Shown("y", data="lo:legal.nowhere")]])
        await (await ana.taps("x")).answered()
        assert ana.last.message_id == old.message_id
        assert book().pages["legal.overview"].words["lo"].title in ana.last.text
        await (await ana.presses("lo:legal.nowhere")).answered()
        assert said("lo", "no_page") in ana.last.text

    tell(story)


@pytest.mark.parametrize(
    "data",
    [
        "",
        "x" * 64,
        "\x00\n",
        "ກ" * 21,
        "lo:",
        "../..",
        "hide ",
        "zz:home",
        '"}{',
        "<b>&",
        "lo:brokers.check/a.",
    ],
)
def test_hostile_callback_data_gets_a_screen(data):
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start legal-overview")).answered()
        await (await ana.presses(data)).answered()
        assert ana.last.buttons

    tell(story)


def test_a_message_that_cannot_be_changed_is_followed_by_a_new_one():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start")).answered()
        picture = ana.put_message(ana, media("photo"))
        picture.waits.clear()
        await tg.all_confirmed()
        for message_id in (9_999, picture.message_id):  # Telegram shows us the first no more
            before = ana.last.message_id
            await (await ana.presses("lo:legal.overview", message_id)).answered()
            assert ana.last.message_id > before
            assert book().pages["legal.overview"].words["lo"].title in ana.last.text

    tell(story)


def test_the_same_button_twice_is_fine():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start")).answered()
        for _ in range(2):
            await (await ana.presses("lo:legal.overview")).answered()
        assert len([message for message in ana.screen if message.from_bot]) == 1

    tell(story)


def test_a_tap_under_an_inline_message_is_answered_and_no_more():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start")).answered()
        await _query(tg, ana, {"answer"}, inline_message_id="AAAA", data="lo:legal.overview").answered()
        assert book().pages["home"].words["lo"].title in ana.last.text

    tell(story)


def test_a_tap_without_data_gets_a_screen():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start legal-overview")).answered()
        shown = {"message": ana.last.to_json(), "game_short_name": "chess"}
        await _query(tg, ana, {"answer", "screen"}, **shown).answered()
        assert ana.last.buttons

    tell(story)


def _query(tg: Telegram, ana: Person, waits: set[str], **what: object) -> Update:
    """A callback query of any shape."""
    number = str(len(tg.updates))
    body = {"id": number, "from": ana.user, "chat_instance": "1", **what}
    update = tg.world.queue.push("callback_query", body, ana.id, ana.last.message_id, waits)
    tg.world.queries[number] = Query(update, tg.world.now())
    return tg.world.owes(update)


# ------------------------------------------------------------------ pictures


def own(ana: Person) -> list[Message]:
    """What the bot shows."""
    return [message for message in ana.screen if message.from_bot]


def uploads(tg: Telegram) -> int:
    """Calls that brought a file along."""
    return sum(isinstance(call.params.get("photo"), Uploaded) for call in tg.calls)


def title(page: str) -> str:
    return book().pages[page].words["lo"].title


def test_a_picture_comes_changes_and_goes_and_is_uploaded_once():
    async def story(tg: Telegram, bot: Bot) -> None:
        for number in (7, 8):
            ana = tg.person(number, "lo")
            await (await ana.says("/start legal-documents")).answered()
            [first] = own(ana)
            assert first.media["photo"] and title("legal.documents") in first.text
            assert "lo:legal.steps" in {button.data for button in first.buttons}
            await (await ana.presses("lo:legal.contract")).answered()
            [second] = own(ana)
            assert second.message_id == first.message_id and title("legal.contract") in second.text
            assert second.media["photo"] != first.media["photo"]
            await (await ana.presses("lo:legal.overview")).answered()
            await tg.all_confirmed()
            [words] = own(ana)
            assert not words.media and title("legal.overview") in words.text
            await (await ana.taps(pages_button("legal.documents"))).answered()
            [again] = own(ana)
            assert again.message_id == words.message_id and again.media == first.media
            await (await ana.presses("lo:legal.documents")).answered()
            assert own(ana) == [again], "the same button twice"
        assert uploads(tg) == 2
        assert all(call.status == 200 for call in tg.called("sendPhoto"))

    tell(story)


def pages_button(page: str) -> str:
    return book().pages[page].words["lo"].button


def test_a_picture_that_telegram_forgot_is_uploaded_again():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start legal-documents")).answered()
        tg.forgets_files()
        await (await ana.says("/start legal-documents")).answered()
        await (await ana.presses("lo:legal.overview")).answered()
        tg.forgets_files()
        await (await ana.presses("lo:legal.documents")).answered()
        await tg.all_confirmed()
        assert len(own(ana)) == 2 and all(message.media for message in own(ana))
        assert uploads(tg) == 3

    tell(story)


@pytest.mark.parametrize("how", ["refused", "not drawn", "no answer"])
def test_where_a_picture_cannot_be_shown_its_words_are(how, monkeypatch, caplog):
    if how == "refused":
        monkeypatch.setattr("tests.botapi.methods.IMAGES", ())
    if how == "not drawn":
        monkeypatch.setattr(render, "__file__", str(ROOT / "nowhere.py"))
    if how == "no answer":
        monkeypatch.setattr(pictures, "PATIENCE_SECONDS", 0.0)

    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        if how == "no answer":
            tg.fault("500", method="sendPhoto")
            tg.fault("500", method="editMessageMedia")
        await (await ana.says("/start legal-documents")).answered()
        await (await ana.presses("lo:legal.overview")).answered()
        await (await ana.presses("lo:legal.documents")).answered()
        [words] = own(ana)
        assert not words.media and title("legal.documents") in words.text
        lines = [record.getMessage() for record in caplog.records if "picture" in record.getMessage()]
        assert len(lines) == (2 if how == "no answer" else 1), "what Telegram refuses is not tried again"
        if how == "no answer":
            await (await ana.presses("lo:legal.documents")).answered()
            [words] = own(ana)
            assert words.media, "what only failed is"

    tell(story)


def test_a_picture_that_must_stay_and_one_that_went_keep_no_answer_back():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start legal-documents")).answered()
        tg.passes(hours=50)
        await (await ana.presses("lo:legal.overview")).answered()
        await tg.calls_to("deleteMessages")
        assert [bool(message.media) for message in own(ana)] == [True, False], "too old to be deleted"
        await (await ana.says("/start legal-documents")).answered()
        # Two taps in a row: when the second is looked at, the picture that it came from is gone.
        quick = [await ana.presses(to) for to in ("lo:legal.overview", "lo:legal.steps")]
        for tap in quick:
            await tap.answered()
        await tg.all_confirmed()
        assert len(own(ana)) == 3 and title("legal.steps") in own(ana)[-1].text

    tell(story)


def test_hide_takes_pictures_along():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start legal-documents")).answered()
        await (await ana.says("/start costs-receipts")).answered()
        await (await ana.presses("hide")).answered()
        await tg.all_confirmed()
        [line_only] = ana.screen
        assert said("lo", "hidden") in line_only.text

    tell(story)


def test_a_drawing_is_light_to_load():
    drawings = [picture for picture in book().pictures.values() if picture.kind == "svg"]
    assert len(drawings) >= 8
    for drawing in drawings:
        png = render.render(drawing.data)
        assert png.startswith(b"\x89PNG") and len(png) < 20_000
        assert int.from_bytes(png[16:20]) == render.WIDTH


# ------------------------------------------------------------------ hiding


async def _some_screens(ana: Person) -> None:
    await (await ana.says("/start")).answered()
    await (await ana.says("?")).answered()
    await (await ana.sends("voice")).answered()


@pytest.mark.parametrize("how", ["command", "button"])
def test_hide_leaves_one_line(how):
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "th")
        await _some_screens(ana)
        if how == "command":
            await (await ana.says("/hide")).answered()
        else:
            await (await ana.says("/help en")).answered()
            await (await ana.taps(said("en", "hide"))).answered()
        line_only = await ana.sees(lambda message: said("en", "hidden") in message.text)
        await tg.all_confirmed()
        assert ana.screen == [line_only]
        assert (said("lo", "hidden") in line_only.text) == (how == "command"), (
            "the button's screen was English"
        )
        assert line_only.buttons
        assert bot.counts[-1].kind == "hide"

    tell(story)


def test_hide_after_a_restart_reaches_back():
    async def whole() -> None:
        async with Telegram() as tg:
            ana, bo = tg.person(7, "lo"), tg.person(8, "lo")
            async with khua(tg):
                await _some_screens(ana)
                await _some_screens(bo)
                for _ in range(5):
                    await _some_screens(ana)
                await tg.all_confirmed()
            async with khua(tg):
                await (await ana.says("/hide")).answered()
                await tg.all_confirmed()
                rest = said("lo", "hidden_rest").replace("{hours}", str(DELETE_HOURS))
                assert [message.text for message in ana.screen] == [f"{said('lo', 'hidden')}\n\n{rest}"]
                assert len(bo.screen) == 6

    asyncio.run(whole())


def test_hide_goes_around_what_telegram_does_not_delete():
    """Telegram refuses a whole call where one message of it is too old."""

    class Strict:
        def __init__(self) -> None:
            self.there = set(range(1, 500, 7))
            self.old = {number for number in self.there if number < 420}

        async def delete(self, chat: int, ids: list[int]) -> None:
            if self.old & set(ids):
                raise BadRequest("message can't be deleted for everyone")
            self.there -= set(ids)

        async def send(self, chat: int, body: bytes) -> int:
            return 500

    async def whole() -> None:
        strict = Strict()
        hide = Hide(Pages(shelf(), reply, lambda counts: None), cast(Sender, strict))
        hide.saw(7, 498)
        await hide.hide(7, "lo")
        assert strict.there == strict.old

    asyncio.run(whole())


def test_chats_are_forgotten_when_telegram_would_delete_nothing_any_more(monkeypatch):
    hours = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: hours[0] * 3600)
    hide = Hide(Pages(shelf(), reply, lambda counts: None), cast(Sender, None))
    for hours[0], chat in ((0, 1), (1, 2), (40, 1), (48.5, 3)):
        hide.saw(chat, 10)
    assert list(hide._chats) == [2, 1, 3]
    hours[0] = 49.5
    hide.saw(4, 10)
    assert list(hide._chats) == [1, 3, 4]


# ------------------------------------------------------------------ what goes wrong


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "429", "retry_after": 1},
        {"kind": "500", "times": 2},
        {"kind": "502 html", "times": 2},
        {"kind": "timeout", "seconds": 0.05},
        {"kind": "drop", "times": 2},
        {"kind": "not json"},
    ],
    ids=lambda fault: fault["kind"],
)
def test_what_fails_for_a_time_is_tried_again_in_order(fault, monkeypatch):
    monkeypatch.setattr(transport, "FIRST_PAUSE", 0.02)

    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start")).answered()
        faults = [
            tg.fault(method=method, **fault)
            for method in ("editMessageText", "answerCallbackQuery", "sendMessage")
        ]
        tap = await ana.presses("lo:legal.overview")
        asked = await ana.says("?")
        await asked.answered()
        await tap.answered()
        assert all(fault.used == fault.times for fault in faults)
        edit, message = tg.called("editMessageText")[-1], tg.called("sendMessage")[-1]
        assert edit.status == message.status == 200 and edit.at < message.at

    tell(story)


def test_one_chat_that_telegram_makes_wait_stops_nobody(monkeypatch):
    monkeypatch.setattr(telegram, "STOP_SECONDS", 0.1)

    async def whole() -> None:
        async with Telegram() as tg, khua(tg) as bot:
            ana = tg.person(7, "lo")
            await (await ana.says("/start")).answered()
            tg.fault("429", chat=7, times=None, retry_after=30)
            put_off = [await ana.presses("lo:legal.overview") for _ in range(2)]
            put_off += [await ana.says("who reads this"), await ana.says("/hide"), await ana.sends("voice")]
            for act in [await tg.person(100 + n % 50, "lo").says("/start") for n in range(300)]:
                await act.answered(20)
            await tg.all_confirmed()
            assert not any(each.is_answered for each in put_off)
            assert tg.confirmed_early == put_off, "these wait in memory"
            # What they ask is counted before Telegram forgets it. The first was decided for its answer, too.
            told = Counter(f"{count.kind} {count.key}" for count in bot.counts if count.key != "home")
            wanted = {"screen legal.overview": 3, "answered about.privacy": 1, "hide ": 1, "voice ": 1}
            assert told == wanted

    asyncio.run(whole())


def test_one_chat_whose_answers_fail_stops_nobody(monkeypatch):
    """Nobody is put off for that, till Telegram's hundred are full."""
    monkeypatch.setattr(lanes, "PUT_OFF_SECONDS", 0.2)
    monkeypatch.setattr(polling, "ASK_AGAIN_SECONDS", 0.5)

    async def whole() -> None:
        async with Telegram() as tg, khua(tg):
            ana = tg.person(7, "lo")
            await (await ana.says("/start")).answered()
            fault = tg.fault("500", chat=7, times=None)
            tap = await ana.presses("lo:legal.overview")
            for act in [await tg.person(100 + n, "lo").says("/start") for n in range(99)]:
                await act.answered(20)
            assert not tap.confirmed
            for act in [await tg.person(100 + n, "lo").says("/start") for n in range(150)]:
                await act.answered(20)
            assert tap.confirmed and not tap.is_answered
            fault.off()
            await tap.answered(10)

    asyncio.run(whole())


@pytest.mark.proof
def test_one_chat_waits_half_a_minute_and_is_answered_in_order():
    async def whole() -> None:
        async with Telegram() as tg, khua(tg):
            ana = tg.person(7, "lo")
            await (await ana.says("/start")).answered()
            tg.fault("429", chat=7, times=1, retry_after=30)
            taps = [await ana.presses(f"lo:{page}") for page in ("legal.overview", "legal.limits", "home")]
            for act in [await tg.person(100 + n % 50, "lo").says("/start") for n in range(1000)]:
                await act.answered(25)
            for tap in taps:
                await tap.answered(40)
            edits = [call for call in tg.called("editMessageText", 7) if call.status == 200]
            assert edits[0].at > taps[0].at + 30
            assert book().pages["home"].words["lo"].title in ana.last.text

    asyncio.run(whole())


@pytest.mark.parametrize("kind", ["500", "drop", "not json", "429", "502 html"])
def test_trouble_with_fetching_is_one_line(kind, caplog, monkeypatch):
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.05)
    monkeypatch.setattr(polling, "LONGEST_PAUSE", 0.1)
    caplog.set_level(logging.INFO)

    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        tg.fault(kind, method="getUpdates", times=3 if kind != "429" else 1)
        for _ in range(3):
            await (await ana.says("/start")).answered()

    tell(story)
    words = [record.getMessage() for record in caplog.records]
    assert sum("No connection" in each for each in words) == 1, words
    assert words.count("Telegram answers again.") == 1, words


def test_another_bot_with_the_same_token_is_told_in_one_line(caplog, monkeypatch):
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.05)

    async def story(tg: Telegram, bot: Bot) -> None:
        rival = ExtBot(TOKEN, base_url=f"{tg.url}/bot")
        async with rival:
            await rival.get_updates(timeout=0)
            await (await tg.person(7).says("/start")).answered()

    tell(story)
    assert [record.getMessage() for record in caplog.records if "same token" in record.getMessage()]


def test_a_webhook_of_an_earlier_program_is_deleted(monkeypatch):
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.0)
    asked: list[str] = []

    async def call(method: str, body: bytes, chat: int = 0, timeout: object = None) -> Any:
        asked.append(method)
        if asked == ["getUpdates"]:
            raise Conflict("can't use getUpdates method while webhook is active; use deleteWebhook first")
        if len(asked) == 3:
            raise InvalidToken
        return True

    async def main() -> None:
        window = Window()
        with pytest.raises(KhuaError):
            await Poller(call, Lanes(_never, window.finish), window).run()

    jump(main())
    assert asked == ["getUpdates", "deleteWebhook", "getUpdates"]


async def _never(update: dict[str, Any]) -> None:
    raise AssertionError


def test_a_wrong_token_or_address_is_one_clear_line():
    async def whole(url: str, token: str) -> str:
        with pytest.raises(KhuaError) as error:
            await telegram.run(Given(url, token), shelf())
        assert token not in str(error.value) and error.value.__cause__ is None
        return str(error.value)

    async def both() -> None:
        async with Telegram() as tg:
            assert "token" in await whole(tg.url, "123456:wrong-wrong-wrong")
            url = tg.url
        assert "KHUA_API_URL" in await whole(url, TOKEN)

    asyncio.run(both())


def test_a_token_that_is_revoked_ends_the_bot():
    async def whole() -> None:
        async with Telegram() as tg, khua(tg) as bot:
            await (await tg.person(7).says("/start")).answered()
            tg.token = "123456:another-another"
            await tg.person(7).says("/start")
            with pytest.raises(KhuaError, match="token"):
                await bot.task

    asyncio.run(whole())


def test_update_ids_may_start_again_further_down(monkeypatch):
    monkeypatch.setattr(polling, "LONG_POLL_SECONDS", 1)

    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start")).answered()
        await tg.all_confirmed()
        polls = len(tg.called("getUpdates"))
        await tg.calls_to("getUpdates", polls + 1)
        tg.restart_update_ids(1_000)
        assert (await ana.says("/start")).id == 1_000

    tell(story)


def test_telegrams_limits_are_kept():
    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start")).answered()
        taps = [await ana.presses(f"lo:{page}") for page in ("legal.overview", "home") * 4]
        for act in [*taps, *[await tg.person(100 + n).says("/start") for n in range(20)]]:
            await act.answered(10)
        assert {call.status for call in tg.calls} == {200}

    tell(story, limits=Limits())


def test_commands_and_descriptions_are_set_once():
    async def whole() -> None:
        async with Telegram() as tg:
            async with khua(tg):
                await tg.calls_to("getMyShortDescription", 3)
                await tg.world.pulse.until(lambda: ("short_description", "en") in tg.world.settings.texts, 5)
            settings = tg.world.settings
            assert [command["command"] for command in settings.commands["default", ""]] == [
                "start", "help", "language", "hide"
            ]  # fmt: skip
            for lang in ("lo", "en"):
                words = [command["description"] for command in settings.commands["default", lang]]
                assert words[0] == said(lang, "command_start")
                assert settings.texts["description", lang] == said(lang, "about_long")
                assert said(lang, "command_help") in str(settings.commands["default", ""][1]["description"])
            sets = len([call for call in tg.calls if call.method.startswith("setMy")])
            async with khua(tg):
                await tg.calls_to("getMyShortDescription", 6)
            assert len([call for call in tg.calls if call.method.startswith("setMy")]) == sets

    asyncio.run(whole())


def test_a_new_book_is_shown_at_once():
    async def whole() -> None:
        other = Shelf(ROOT / "content", ZoneInfo("Asia/Vientiane"), as_of=DAY)
        async with Telegram() as tg:
            task = asyncio.create_task(telegram.run(Given(tg.url), other))
            ana = tg.person(7, "lo")
            await (await ana.says("/start")).answered()
            await (await ana.presses("lo:legal.overview")).answered()
            old = other.book.pages["legal.overview"]
            new = replace(old, words={**old.words, "lo": replace(old.words["lo"], title="ໃໝ່")})
            other.book = replace(other.book, pages={**other.book.pages, "legal.overview": new})
            for listener in other.listeners:
                listener()
            await (await ana.presses("lo:home")).answered()
            await (await ana.presses("lo:legal.overview")).answered()
            assert "ໃໝ່" in ana.last.text
            task.cancel()
            await asyncio.wait({task})

    asyncio.run(whole())


# ------------------------------------------------------------------ kills and logs


def program(tg: Telegram, log: str = "info") -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """The bot as a process, whose words can be read; it counts nothing."""
    return a_program(tg, asyncio.subprocess.PIPE, KHUA_LOG=log, KHUA_COUNT="none")


async def _words(process: asyncio.subprocess.Process) -> str:
    """All that a program said until its end."""
    assert process.stdout is not None
    return (await process.stdout.read()).decode()


async def _killed_while_answering(tg: Telegram, people: int, wait: float) -> None:
    """Everybody taps, answers are slow, and the bot is killed in the middle of it."""
    slow = tg.fault("slow", method="editMessageText", times=None, seconds=0.3)
    before = sum(update.handed_out > 0 for update in tg.updates)
    async with program(tg) as process:
        taps = [await tg.person(100 + n, "lo").presses("lo:legal.overview") for n in range(people)]
        await tg.world.pulse.until(lambda: sum(update.handed_out > 0 for update in tg.updates) > before, 20)
        await asyncio.sleep(wait)
        assert process.returncode is None, await _words(process)
        process.kill()
        await process.wait()
    assert not all(tap.is_answered for tap in taps)
    slow.off()


def _kills(waits: list[float], people: int) -> None:
    async def whole() -> None:
        async with Telegram() as tg:
            for n in range(people):
                tg.person(100 + n, "lo").keeps("...", [[Shown("x", data="lo:home")]], days_ago=0.1)
            for wait in waits:
                await _killed_while_answering(tg, people, wait)
            async with program(tg) as process:
                await tg.all_answered(30)
                await tg.all_confirmed()
                process.send_signal(signal.SIGTERM)
                assert await process.wait() == 0
            assert not tg.confirmed_early

    asyncio.run(whole())


def test_a_kill_loses_nobody():
    _kills([0.05], people=30)


@pytest.mark.proof
def test_twenty_kills_lose_nobody():
    _kills([n * 0.04 for n in range(20)], people=150)


def test_told_to_stop_it_finishes_and_confirms():
    async def whole() -> None:
        async with Telegram() as tg, program(tg, log="debug") as process:
            ana = tg.person(7, "lo", first_name="Somphone")
            await (await ana.says("/start")).answered(20)
            tg.fault("slow", method="editMessageText", seconds=0.3)
            tap = await ana.presses("lo:legal.overview")
            await tg.world.pulse.until(lambda: tap.handed_out > 0, 5)
            process.send_signal(signal.SIGTERM)
            told = await _words(process)
            assert await process.wait() == 0
            assert tap.is_answered and tap.confirmed and not tap.early
            assert told.count("On Telegram as @khua_test_bot.") == 1
            assert not any(each in told for each in (TOKEN, "http", "Somphone", "/start", "lo:legal"))

    asyncio.run(whole())


def test_nothing_of_a_person_is_logged(caplog, monkeypatch):
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.05)
    caplog.set_level(logging.DEBUG)
    secret = "ຄວາມລັບ-secret"

    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(777_000_777, "lo", first_name="Somphone", username="somphone_k")
        bo = tg.person(888_000_888, "lo", first_name="Bounmy")
        await (await bo.says("/start")).answered()
        for kind in ("500", "drop", "502 html", "not json"):
            tg.fault(kind, chat=ana.id)
            tg.fault(kind, method="getUpdates")
            await (await ana.says(secret)).answered(10)
        await (await ana.presses("lo:home")).answered()
        await (await ana.presses(secret)).answered()
        await _query(tg, ana, set(), message={"chat": secret}, data=secret).answered()
        tg.world.queue.push("message", {"text": secret}, ana.id, 1, set())
        tap = await bo.presses("lo:home")
        bo.chat.closed = "bot was blocked by the user"
        await tap.answered()
        await (await ana.says("/hide")).answered()

    tell(story)
    words = "\n".join(f"{record.getMessage()} {record.exc_info} {record.args}" for record in caplog.records)
    assert "On Telegram as" in words and "could not be answered: " in words
    for each in (
        secret,
        "777",
        "888",
        "Somphone",
        "somphone",
        "Bounmy",
        TOKEN,
        TOKEN[7:],
        "http:",
        "127.0.0.1",
    ):
        assert each not in words


# ------------------------------------------------------------------ single parts


class JumpingLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock jumps to the next timer, so that a minute of waiting takes no time."""

    _skipped = 0.0

    def time(self) -> float:
        return super().time() + self._skipped

    def _run_once(self) -> None:
        timers: Any = self._scheduled  # type: ignore[attr-defined]
        if not self._ready and timers:  # type: ignore[attr-defined]
            self._skipped += max(0.0, timers[0].when() - self.time())
        super()._run_once()  # type: ignore[misc]


def jump(main: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        runner.run(main)


def test_the_gate_lets_thirty_through_in_any_second():
    async def main() -> None:
        loop, gate_ = asyncio.get_running_loop(), Gate(limits=True)
        times: list[float] = []

        async def call(chat: int) -> None:
            await gate_.enter(chat)
            times.append(loop.time())
            gate_.leave()

        await asyncio.gather(*(call(chat) for chat in range(1, 301)))
        assert max(sum(at <= other < at + 1 for other in times) for at in times) <= 30
        assert times[-1] - times[0] < 15

    jump(main())


def test_a_burst_in_one_chat_waits_for_that_chat_alone():
    async def main() -> None:
        loop, gate_ = asyncio.get_running_loop(), Gate(limits=True)
        done: dict[int, list[float]] = {1: [], 2: []}

        async def call(chat: int) -> None:
            await gate_.enter(chat)
            done[chat].append(loop.time())
            gate_.leave()

        start = loop.time()
        fast = asyncio.gather(*(call(1) for _ in range(60)))
        await asyncio.sleep(5)
        await call(2)
        await fast
        assert done[1][gate.CHAT_BURST - 1] - start < 1
        assert done[1][-1] - start > 35
        assert done[2][0] - start < 6
        await asyncio.sleep(30)
        await call(2)
        assert list(gate_._chats) == [2], "an idle chat is forgotten"

    jump(main())


def test_lanes_keep_a_chats_order_and_run_side_by_side():
    async def main() -> None:
        began: list[tuple[int, int]] = []
        ended: list[int] = []
        chats: dict[int, list[int]] = {1: [], 2: []}

        async def work(update: dict[str, Any]) -> None:
            began.append((update["chat"], update["update_id"]))
            await asyncio.sleep(1)
            chats[update["chat"]].append(update["update_id"])
            if update["update_id"] % 3 == 0:
                raise RuntimeError("not to be told")

        lanes_ = Lanes(work, ended.append, room=3)
        start = asyncio.get_running_loop().time()
        for number in range(10):
            await lanes_.put(1 + number % 2, {"update_id": number, "chat": 1 + number % 2})
        await lanes_.drain(60)
        assert chats == {1: [0, 2, 4, 6, 8], 2: [1, 3, 5, 7, 9]}
        assert sorted(ended) == list(range(10))
        assert asyncio.get_running_loop().time() - start < 6
        await asyncio.wait_for(lanes_.put(1, {"update_id": 10, "chat": 1}), 1)

    jump(main())


def test_a_lane_that_is_put_off_frees_the_others_and_drops_what_it_cannot_hold():
    async def main() -> None:
        ended: list[int] = []
        worked: list[int] = []

        async def work(update: dict[str, Any]) -> None:
            lane = lanes.current.get()
            assert lane is not None
            if update["update_id"] == 0:
                lane.hold(2.0)
                assert not ended
                await asyncio.sleep(2)
                lane.hold(30)
                assert ended == [0, 1, 2]
                await asyncio.sleep(30)
            worked.append(update["update_id"])

        lanes_ = Lanes(work, ended.append)
        for number in range(3):
            await lanes_.put(1, {"update_id": number})
        await asyncio.sleep(10)
        for number in range(3, 100):
            await lanes_.put(1, {"update_id": number})
        assert ended == list(range(100))
        await lanes_.drain(60)
        assert worked == [0, *range(101 - lanes.DEEP, 100)]

    jump(main())


def test_the_offset_passes_the_longest_finished_row_only():
    window = Window()
    assert [window.take(number) for number in (5, 6, 7, 6)] == [True, True, True, False]
    assert (window.advance(), window.open, window.head) == (0, 3, 5)
    window.finish(6)
    assert (window.advance(), window.moved) == (0, False)
    window.finish(5)
    assert (window.moved, window.advance(), window.open, window.head) == (True, 7, 1, 7)
    assert not window.take(6), "Telegram repeats itself"
    window.finish(7)
    assert window.advance() == 8
    assert window.take(3)
    window.finish(3)
    assert window.advance() == 4, "ids began again further down"


def test_an_update_finds_its_lane():
    assert chat_of({"update_id": 1, "edited_message": {"chat": {"id": -5}}}) == -5
    assert (
        chat_of({"update_id": 1, "callback_query": {"from": {"id": 3}, "message": {"chat": {"id": 4}}}}) == 4
    )
    assert chat_of({"update_id": 1, "callback_query": {"from": {"id": 3}}}) == 3
    assert chat_of({"update_id": 1, "poll": {}}) == 0


def test_a_screen_is_escaped_and_drawn():
    text = (
        Run('<ກ> & "ຂ"\n', "bold"),
        Run(" "),
        Run("1300 ", "phone"),
        Run("* <", "small"),
        Run("\n", "bold"),
    )
    links = Button("x", "https://example.org/?a=1&b"), Button("y", "tel:+6621234567")
    screen = Screen("lo:home", "home", ("lo",), text, ((Button("&", "lo:home"), links[0]), (links[1],)))
    assert json.loads(b"{" + draw(screen)) == {
        "text": '<b>&lt;ກ&gt; &amp; "ຂ"</b>\n <b>1300</b> * &lt;\n',
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
        "reply_markup": {
            "inline_keyboard": [
                [
                    {"text": "&", "callback_data": "lo:home"},
                    {"text": "x", "url": "https://example.org/?a=1&b"},
                ],
                [{"text": "y", "copy_text": {"text": "+6621234567"}}],
            ]
        },
    }


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_the_library_sends_files_and_hears_errors_through_our_transport():
    async def whole() -> None:
        async with Telegram() as tg:
            calls = Transport(f"{tg.url}/bot{TOKEN}", Gate(limits=True), connections=4)
            polls = Transport(f"{tg.url}/bot{TOKEN}", None, connections=1)
            bot: ExtBot[None] = ExtBot(
                TOKEN, base_url=f"{tg.url}/bot", request=calls, get_updates_request=polls
            )
            async with bot:
                await tg.person(7).says("/start")
                sent = await bot.send_document(7, InputFile(b"123", "a.txt"), disable_notification=True)
                assert sent.document is not None and sent.document.file_size == 3
                assert len(await bot.get_updates()) == 1
                for fault, error in (
                    ({"kind": "429", "retry_after": 9}, RetryAfter),
                    ({"kind": "500"}, NetworkError),
                    ({"kind": "drop"}, NetworkError),
                    ({"kind": "not json"}, NetworkError),
                ):
                    tg.fault(**fault)
                    with pytest.raises(error) as raised:
                        await bot.send_message(7, "x")
                    assert TOKEN not in repr(raised.value) and "http" not in repr(raised.value)
                with pytest.raises(BadRequest):
                    await bot.send_message(7, "")
                tg.fault("timeout", seconds=0.5)
                with pytest.raises(TimedOut):
                    await calls.call("sendMessage", b"{}", timeout=aiohttp.ClientTimeout(total=0.05))

    asyncio.run(whole())
