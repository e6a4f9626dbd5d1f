"""The Bot API server of the tests, tested itself: a net with holes would let everything else pass."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot as PtbBot
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, Update
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter

from tests.botapi import STRICTER, TOKEN, Button, Limits, Telegram, parse_html, utf16

QUIET = {"disable_notification": True, "link_preview_options": {"is_disabled": True}}
GO = {"inline_keyboard": [[{"text": "ໄປ", "callback_data": "lo:home"}]]}


class Caller:
    """A bot without a brain: calls a method, gives Telegram's whole answer."""

    def __init__(self, tg: Telegram, session: aiohttp.ClientSession) -> None:
        self.tg = tg
        self.session = session

    async def __call__(self, method: str, **params: Any) -> dict[str, Any]:
        url = f"{self.tg.url}/bot{self.tg.token}/{method}"
        async with self.session.post(url, json=params) as response:
            answer: dict[str, Any] = await response.json()
            if "error_code" in answer:
                assert response.status == answer["error_code"]
            return answer

    async def ok(self, method: str, **params: Any) -> Any:
        answer = await self(method, **params)
        assert answer["ok"], answer
        return answer["result"]

    async def no(self, method: str, **params: Any) -> str:
        answer = await self(method, **params)
        assert not answer["ok"], answer
        return str(answer["description"])

    async def updates(self, **params: Any) -> list[dict[str, Any]]:
        updates = await self.ok("getUpdates", **params)
        assert isinstance(updates, list)
        return updates

    async def says(self, chat: int, text: str = "ສະບາຍດີ", **more: Any) -> int:
        message = await self.ok("sendMessage", chat_id=chat, text=text, **QUIET, **more)
        assert isinstance(message, dict)
        return int(message["message_id"])


def run(story: Callable[[Telegram, Caller], Awaitable[None]], **how: Any) -> None:
    """Tells a story in which the bot is a Caller."""

    async def tell() -> None:
        async with Telegram(**how) as tg, aiohttp.ClientSession() as session:
            await story(tg, Caller(tg, session))

    asyncio.run(tell())


def test_a_person_starts_reads_and_taps():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7, "lo", "Ana")
        start = await ana.says("/start brokers-check__vte26a")
        [update] = await bot.updates()
        assert update["update_id"] == start.id
        message = update["message"]
        assert message == {
            "message_id": 1,
            "from": {"id": 7, "is_bot": False, "first_name": "Ana", "language_code": "lo"},
            "chat": {"id": 7, "first_name": "Ana", "type": "private"},
            "date": message["date"],
            "text": "/start brokers-check__vte26a",
            "entities": [{"offset": 0, "length": 6, "type": "bot_command"}],
        }
        assert await bot.says(7, "<b>ຂົວ</b> &amp; ທາງ", parse_mode="HTML", reply_markup=GO) == 2
        assert ana.last.text == "ຂົວ & ທາງ"
        assert ana.last.labels == ["ໄປ"]
        assert [shown.from_bot for shown in ana.screen] == [False, True]
        assert start.is_answered

        tap = await ana.taps("ໄປ")
        [update] = await bot.updates(offset=start.id + 1)
        query = update["callback_query"]
        assert query["data"] == "lo:home"
        assert query["from"]["id"] == 7
        assert query["message"]["reply_markup"] == GO
        assert query["message"]["from"]["is_bot"]
        assert query["message"]["entities"] == [{"offset": 0, "length": 3, "type": "bold"}]
        assert query["chat_instance"] and int(query["id"])
        await bot.ok("answerCallbackQuery", callback_query_id=query["id"], text="ໄດ້")
        assert not tap.is_answered
        await bot.ok(
            "editMessageText", chat_id=7, message_id=2, text="ບ້ານ", link_preview_options={"is_disabled": True}
        )
        await tap.answered()
        assert (await ana.sees("ບ້ານ")).labels == []
        assert [alert.text for alert in ana.alerts] == ["ໄດ້"]
        assert not tg.violations and not tg.unanswered and not tg.confirmed_early

    run(story)


def test_what_is_not_confirmed_comes_again():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7)
        sent = [await ana.says(str(n)) for n in range(5)]
        ids = [update.id for update in sent]
        assert [u["update_id"] for u in await bot.updates(limit=3)] == ids[:3]
        assert [u["update_id"] for u in await bot.updates()] == ids
        assert [u["update_id"] for u in await bot.updates(offset=ids[1])] == ids[1:]
        assert [u["update_id"] for u in await bot.updates()] == ids[1:]
        assert tg.confirmed_early == sent[:1]
        assert [u["update_id"] for u in await bot.updates(offset=-2)] == ids[3:]
        assert [u["update_id"] for u in await bot.updates(offset=ids[-1] + 1000)] == ids[3:]
        assert await bot.updates(offset=ids[-1] + 1) == []
        assert sent[4].handed_out == 5

    run(story, brake=False)


def test_update_ids_start_again_elsewhere():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7)
        before = await ana.says("1")
        await bot.updates(offset=before.id + 1)
        tg.restart_update_ids(1000)
        assert (await ana.says("2")).id == 1000
        assert [u["update_id"] for u in await bot.updates(offset=before.id + 1)] == [1000]

    run(story)


def test_asking_in_a_circle_gives_one_update():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7)
        for n in range(3):
            await ana.says(str(n))
        assert [len(await bot.updates()) for _ in range(3)] == [3, 1, 1]

    run(story)


def test_a_long_poll_waits_and_wakes():
    async def story(tg: Telegram, bot: Caller) -> None:
        began = time.monotonic()
        assert await bot.updates(timeout=0) == []
        poll = asyncio.create_task(bot.updates(timeout=20, offset=1))
        await tg.polled(2)
        assert not poll.done()
        await tg.person(7).says("ສະບາຍດີ")
        assert len(await poll) == 1
        assert time.monotonic() - began < 2

    run(story)


def test_of_two_polls_the_older_one_ends():
    async def story(tg: Telegram, bot: Caller) -> None:
        older = asyncio.create_task(bot("getUpdates", timeout=20))
        await asyncio.sleep(0.05)
        newer = asyncio.create_task(bot("getUpdates", timeout=20))
        answer = await older
        assert answer["error_code"] == 409
        assert "make sure that only one bot instance is running" in str(answer["description"])
        await tg.person(7).says("1")
        assert (await newer)["ok"]

    run(story)


def test_only_allowed_updates_arise():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana, club = tg.person(7), tg.group(-50)
        await club.adds_bot(ana)
        await ana.joins(club)
        assert _kinds(await bot.updates()) == ["my_chat_member", "message", "message"]
        await bot.updates(offset=-1, allowed_updates=["chat_member"])
        await ana.leaves(club)
        await ana.says("1")
        assert _kinds(await bot.updates()) == ["message", "chat_member"]

    run(story, brake=False)


def _kinds(updates: list[dict[str, Any]]) -> list[str]:
    return [key for update in updates for key in update if key != "update_id"]


def test_ids_run_over_all_chats_but_supergroups():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana, bo = tg.person(7), tg.person(8)
        small, big = tg.group(-50), tg.group(-1_001_234_567_890)
        numbers = [(await ana.says("1")).message_id, (await bo.says("1")).message_id]
        numbers.append((await small.adds_bot(ana))[1].message_id)
        numbers.append((await big.adds_bot(ana))[1].message_id)
        numbers.append(await bot.says(8))
        assert numbers == [1, 2, 3, 1, 4]

    run(story)


def test_groups():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana, club = tg.person(7), tg.group(-50, "Club")
        assert (await ana.says("1", club)).id == 0
        assert "Forbidden: bot is not a member of the group chat" in await _no(bot, -50)
        await club.adds_bot(ana)
        await ana.says("/start@khua_test_bot", club)
        member, added, said = await bot.updates()
        assert member["my_chat_member"]["new_chat_member"]["status"] == "member"
        assert added["message"]["new_chat_members"][0]["is_bot"]
        assert said["message"]["chat"] == {"id": -50, "title": "Club", "type": "group"}
        await bot.says(-50, reply_markup=GO)
        await ana.taps("ໄປ", club)
        assert club.last.labels == ["ໄປ"] and not ana.screen
        await club.removes_bot(ana)
        assert "Forbidden: bot was kicked from the group chat" in await _no(bot, -50)

    run(story)


async def _no(bot: Caller, chat: int) -> str:
    return await bot.no("sendMessage", chat_id=chat, text="1", **QUIET)


def test_who_can_be_written_to():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7)
        assert await _no(bot, 99) == "Bad Request: chat not found"
        assert await _no(bot, 7) == "Forbidden: bot can't initiate conversation with a user"
        await ana.says("/start")
        await bot.says(7)
        await ana.blocks()
        assert await _no(bot, 7) == "Forbidden: bot was blocked by the user"
        await ana.joins()
        await bot.says(7)
        statuses = [u["my_chat_member"]["new_chat_member"]["status"] for u in (await bot.updates())[1:]]
        assert statuses == ["kicked", "member"]

    run(story)


def test_all_that_people_send():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7)
        kinds = ["voice", "photo", "sticker", "location", "contact", "poll", "video", "video_note", "audio"]
        kinds += ["document", "animation", "venue", "dice"]
        for kind in kinds:
            await ana.sends(kind)
        for kind, update in zip(kinds, await bot.updates(), strict=True):
            assert kind in update["message"] and "text" not in update["message"]
        async with PtbBot(tg.token, base_url=f"{tg.url}/bot") as library:
            attachments = [
                update.message and update.message.effective_attachment for update in await _all(library)
            ]
        assert len(attachments) == len(kinds) and all(attachments)

    run(story, brake=False)


async def _all(library: PtbBot) -> tuple[Update, ...]:
    return await library.get_updates(timeout=0, allowed_updates=Update.ALL_TYPES)


def test_the_library_reads_every_kind_of_update():
    async def story(tg: Telegram, _: Caller) -> None:
        ana, club = tg.person(7, username="ana"), tg.group(-50)
        async with PtbBot(tg.token, base_url=f"{tg.url}/bot") as library:
            await _all(library)
            first = await ana.says("/start")
            await ana.edits(first.message_id, "/help")
            await ana.presses("lo:home", message_id=99)
            await ana.blocks()
            await ana.joins()
            await club.adds_bot(ana)
            await ana.joins(club)
            await ana.leaves(club)
            await club.removes_bot(ana)
            kinds = [next(iter(update.to_dict().keys() - {"update_id"})) for update in await _all(library)]
        private = ["message", "edited_message", "callback_query", "my_chat_member", "my_chat_member"]
        group = ["my_chat_member", "message", *["chat_member", "message"] * 2, "my_chat_member"]
        assert kinds == private + group

    run(story, brake=False)


def test_replies():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7)
        await ana.says("1")
        await bot.says(7, "2")
        await ana.says("3", reply_to=ana.last)
        message = (await bot.updates())[1]["message"]
        assert message["text"] == "3"
        assert message["reply_to_message"]["text"] == "2"

    run(story)


def test_edits_of_people():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7)
        first = await ana.says("ສະບາຍດ")
        await ana.edits(first.message_id, "ສະບາຍດີ")
        update = (await bot.updates())[1]["edited_message"]
        assert update["message_id"] == first.message_id
        assert update["text"] == "ສະບາຍດີ" and update["edit_date"] >= update["date"]

    run(story)


def test_what_can_be_edited():
    async def story(tg: Telegram, bot: Caller) -> None:
        async def edit(message_id: int, text: str = "ໃໝ່", **more: Any) -> str:
            answer = await bot("editMessageText", chat_id=7, message_id=message_id, text=text, **more)
            return str(answer.get("description", "ok"))

        ana = tg.person(7)
        theirs = (await ana.says("/start")).message_id
        own = await bot.says(7, "ເກົ່າ", reply_markup=GO)
        same = await edit(own, "ເກົ່າ", reply_markup=GO)
        assert same.startswith(
            "Bad Request: message is not modified: specified new message content and reply"
        )
        assert await edit(own, "ເກົ່າ ", reply_markup=json.dumps(GO)) == same
        assert await edit(own, "ເກົ່າ") == "ok"
        assert await edit(own, "<b>ເກົ່າ</b>", parse_mode="HTML") == "ok"
        assert await edit(theirs) == "Bad Request: message can't be edited"
        assert await edit(99) == "Bad Request: message to edit not found"
        await bot.ok("deleteMessage", chat_id=7, message_id=own)
        assert await edit(own) == "Bad Request: message to edit not found"
        markup = await bot.no("editMessageReplyMarkup", chat_id=7, message_id=99, reply_markup=GO)
        assert markup == "Bad Request: message to edit not found"

    run(story)


def test_an_old_button_still_works():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7)
        old = ana.keeps("ໜ້າເກົ່າ", [[Button("ໄປ", data="lo:gone")]], days_ago=300)
        await ana.taps("ໄປ")
        await ana.presses("\u0000'; drop table", message_id=4711)
        first, second = (update["callback_query"] for update in await bot.updates())
        assert first["message"]["message_id"] == old.message_id
        assert second["message"] == {"chat": ana.chat.to_json(), "message_id": 4711, "date": 0}
        await bot.ok("editMessageText", chat_id=7, message_id=old.message_id, text="ໃໝ່")

    run(story)


def test_a_tap_is_answered_once_and_in_time():
    async def story(tg: Telegram, bot: Caller) -> None:
        async def answer(query: str) -> object:
            return (await bot("answerCallbackQuery", callback_query_id=query)).get("description", "ok")

        late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
        ana = tg.person(7)
        ana.keeps("1", [[Button("ໄປ", data="lo:home")]])
        await ana.taps("ໄປ")
        await ana.taps("ໄປ")
        one, two = (update["callback_query"]["id"] for update in await bot.updates())
        assert [await answer(one), await answer(one), await answer("1")] == ["ok", late, late]
        tg.passes(hours=1)
        assert await answer(two) == late

    run(story)


def test_deleting():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana, bo = tg.person(7), tg.person(8)
        for person in (ana, bo):
            await person.says("/start")
        own, other = await bot.says(7), await bot.says(8)
        old = ana.keeps("ເກົ່າ", days_ago=3).message_id
        assert "can't be deleted" in await bot.no("deleteMessage", chat_id=7, message_id=old)
        assert "message to delete not found" in await bot.no("deleteMessage", chat_id=7, message_id=other)
        ids = [1, own, other, 500]
        assert "can't be deleted" in await bot.no("deleteMessages", chat_id=7, message_ids=[*ids, old])
        assert len(ana.screen) == 3
        assert await bot.ok("deleteMessages", chat_id=7, message_ids=ids) is True
        assert [shown.message_id for shown in ana.screen] == [old]
        assert [shown.message_id for shown in bo.screen] == [2, other]
        tg.passes(hours=49)
        assert "can't be deleted" in await bot.no("deleteMessages", chat_id=8, message_ids=[other])
        many = list(range(1, 102))
        assert "too many message identifiers" in await bot.no("deleteMessages", chat_id=7, message_ids=many)
        assert "are not specified" in await bot.no("deleteMessages", chat_id=7, message_ids=[])

    run(story)


TEXTS = {
    "": "Bad Request: message text is empty",
    "  \n": "Bad Request: text must be non-empty",
    "ກ" * 4097: "Bad Request: message is too long",
    "😀" * 2049: "Bad Request: message is too long",
    "<b>ກ": "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
    "<b>ກ</i>": 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"',
    "ກ</b>": "Unexpected end tag at byte offset 3",
    "<p>ກ</p>": 'Unsupported start tag "p" at byte offset 0',
    "1 < 2": 'Unsupported start tag "" at byte offset 2',
    "<b": "Unclosed start tag at byte offset 0",
    "1 > 2": f"{STRICTER}raw > at byte offset 2",
    "ກ & ຂ": f"{STRICTER}raw & at byte offset 4",
    "&nbsp;": f"{STRICTER}raw &",
    "<a>ກ</a>": f"{STRICTER}<a> without href",
    '<a href="tel:1300">ກ</a>': f"{STRICTER}link 'tel:1300'",
    '<b class="x">ກ</b>': f"{STRICTER}<b class=",
    '<span class="x">ກ</span>': 'Tag "span" must have class "tg-spoiler"',
    "<b><b>ກ</b></b>": f"{STRICTER}<b> inside another of its kind",
    "<code><b>ກ</b></code>": f"{STRICTER}<b> inside <code>",
    "<b></b>": f"{STRICTER}empty <b>",
    "ກ\u0000": f"{STRICTER}text holds the control character",
}


def test_texts_that_are_refused():
    async def story(tg: Telegram, bot: Caller) -> None:
        await tg.person(7).says("/start")
        for text, words in TEXTS.items():
            refused = await bot.no("sendMessage", chat_id=7, text=text, parse_mode="HTML", **QUIET)
            assert words in refused, (text, refused)
        await bot.says(7, "😀" * 2048)
        await bot.says(7, "<b>" + "ກ" * 4096 + "</b>", parse_mode="HTML")
        await bot.says(7, "1 < 2 & 3")
        refused = await bot.no("sendMessage", chat_id=7, text="1", parse_mode="Markdown", **QUIET)
        assert refused == "Bad Request: unsupported parse_mode"

    run(story)


def test_html():
    parsed = parse_html(
        '😀 <b>ກ <i>ຂ</i></b> <a href="https://example.org/?a=1&amp;b=2">ຄ</a> <tg-spoiler>ງ</tg-spoiler> '
        '<pre><code class="language-python">x</code></pre> <blockquote expandable>ຈ</blockquote> &lt;&#3713;'
    )
    assert parsed.text == "😀 ກ ຂ ຄ ງ x ຈ <ກ"
    found = [(entity["type"], entity["offset"], entity["length"]) for entity in parsed.entities]
    assert found[:4] == [("bold", 3, 3), ("italic", 5, 1), ("text_link", 7, 1), ("spoiler", 9, 1)]
    assert found[4:] == [("code", 11, 1), ("pre", 11, 1), ("expandable_blockquote", 13, 1)]
    assert parsed.entities[2]["url"] == "https://example.org/?a=1&b=2"
    assert utf16("😀ກ") == 3


ROW = [{"text": "ໄປ", "callback_data": "lo:home"}]
MARKUPS: list[tuple[object, str]] = [
    ("[]", "Bad Request: object expected as reply markup"),
    ("{", "Bad Request: can't parse reply keyboard markup JSON object"),
    ({"keyboard": [["ໄປ"]]}, f"{STRICTER}reply_markup of ['keyboard']"),
    ({"inline_keyboard": ROW}, "must be an Array of Arrays"),
    ({"inline_keyboard": [ROW, []]}, f"{STRICTER}a row without buttons"),
    ({"inline_keyboard": [ROW * 9]}, f"{STRICTER}more than 8 buttons in a row"),
    ({"inline_keyboard": [ROW] * 101}, "Bad Request: reply markup is too long"),
]
BUTTONS: list[tuple[object, str]] = [
    ("ໄປ", "InlineKeyboardButton must be an Object"),
    ({"callback_data": "lo:home"}, 'Can\'t find field "text"'),
    ({"text": " ", "callback_data": "lo:home"}, "inline keyboard button text must be non-empty"),
    ({"text": "ໄປ"}, "Text buttons are unallowed in the inline keyboard"),
    ({"text": "ໄປ", "callback_data": ""}, "Text buttons are unallowed in the inline keyboard"),
    ({"text": "ໄປ", "callback_data": "ກ" * 22}, "Bad Request: BUTTON_DATA_INVALID"),
    ({"text": "ໄປ", "url": "tel:1300"}, "inline keyboard button URL 'tel:1300' is invalid: Wrong HTTP URL"),
    ({"text": "ໄປ", "url": "https://localhost"}, "is invalid: Wrong HTTP URL"),
    ({"text": "ໄປ", "copy_text": {"text": ""}}, "Bad Request: BUTTON_COPY_TEXT_INVALID"),
    ({"text": "ໄປ", "copy_text": {"text": "1" * 257}}, "Bad Request: BUTTON_COPY_TEXT_INVALID"),
    ({"text": "ໄປ", "copy_text": {"text": "1"}, "callback_data": "x"}, "callback_data and copy_text"),
    ({"text": "ໄປ", "callback_data": "x", "pay": True}, f"{STRICTER}an inline button with ['pay']"),
]


def test_keyboards_that_are_refused():
    async def story(tg: Telegram, bot: Caller) -> None:
        await tg.person(7).says("/start")
        for markup, words in MARKUPS + [
            ({"inline_keyboard": [[button]]}, words) for button, words in BUTTONS
        ]:
            refused = await bot.no("sendMessage", chat_id=7, text="1", reply_markup=markup, **QUIET)
            assert words in refused, (markup, refused)
        good = [
            {"text": "ໄປ", "callback_data": "x" * 64},
            {"text": "ໄປ", "url": "https://example.org/a?b"},
            {"text": "ໄປ", "url": "tg://resolve?domain=x"},
            {"text": "ໂທ", "copy_text": {"text": "+856 21 1300"}},
        ]
        await bot.says(7, reply_markup={"inline_keyboard": [[button] for button in good]})
        assert [button.to_json() for button in tg.person(7).last.buttons] == good
        await bot.says(7, reply_markup={"inline_keyboard": [ROW] * 100})

    run(story)


PARAMETERS: list[tuple[str, dict[str, Any], str]] = [
    (
        "sendMessage",
        {"chat_id": 7, "text": "1", "disable_web_page_preview": True},
        "['disable_web_page_preview']",
    ),
    ("sendMessage", {"text": "1"}, "chat_id is empty"),
    ("sendMessage", {"chat_id": "ana", "text": "1"}, "an Integer expected"),
    ("sendMessage", {"chat_id": 7, "text": 1}, "a String expected"),
    ("sendMessage", {"chat_id": 7, "text": "1", "disable_notification": "yes"}, "a Boolean expected"),
    ("editMessageText", {"chat_id": 7, "text": "1"}, "message identifier is not specified"),
    ("getUpdates", {"limit": 101}, "limit 101"),
    ("sendChatAction", {"chat_id": 7, "action": "dancing"}, "wrong parameter action in request"),
    ("setMyCommands", {"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    (
        "setMyCommands",
        {"commands": [{"command": "help", "description": ""}]},
        "description must be non-empty",
    ),
    ("setMyCommands", {"commands": [], "language_code": "lao"}, "invalid language code specified"),
    ("setMyDescription", {"description": "x" * 513}, "BOT_DESCRIPTION_TOO_LONG"),
    ("setMyShortDescription", {"short_description": "x" * 121}, "BOT_SHORT_DESCRIPTION_TOO_LONG"),
    ("logOut", {}, "logs out"),
]


def test_parameters_that_are_refused():
    async def story(tg: Telegram, bot: Caller) -> None:
        await tg.person(7).says("/start")
        for method, params, words in PARAMETERS:
            refused = await bot.no(method, **params)
            assert words in refused, (method, refused)

    run(story)


def test_the_bot_about_itself():
    async def story(tg: Telegram, bot: Caller) -> None:
        commands = [{"command": "start", "description": "ເລີ່ມ"}]
        await bot.ok(
            "setMyCommands", commands=commands, scope={"type": "all_private_chats"}, language_code="lo"
        )
        assert await bot.ok("getMyCommands") == []
        private = {"scope": {"type": "all_private_chats"}, "language_code": "lo"}
        assert await bot.ok("getMyCommands", **private) == commands
        await bot.ok("deleteMyCommands", **private)
        assert await bot.ok("getMyCommands", **private) == []
        await bot.ok("setMyDescription", description="ຂົວ")
        assert await bot.ok("getMyDescription", language_code="en") == {"description": "ຂົວ"}
        assert await bot.ok("getMyShortDescription") == {"short_description": ""}
        assert await bot.ok("getMyName") == {"name": "Khua"}
        assert await bot.ok("deleteWebhook") is True

    run(story)


def test_addresses_and_tokens():
    async def story(tg: Telegram, bot: Caller) -> None:
        async def get(path: str) -> tuple[int, str]:
            async with bot.session.get(tg.url + path) as response:
                return response.status, (await response.json()).get("description", "ok")

        assert await get("/") == (404, "Not Found")
        assert await get("/botnonsense/getMe") == (404, "Not Found")
        assert await get("/bot123456:wrong/getMe") == (401, "Unauthorized")
        assert await get(f"/bot{TOKEN}/getMoney") == (404, "Not Found: method not found")
        assert await get(f"/bot{TOKEN}/GETME") == (200, "ok")
        assert await get(f"/bot{TOKEN}/getUpdates?timeout=0&limit=5") == (200, "ok")

    run(story)


def test_limits():
    async def story(tg: Telegram, bot: Caller) -> None:
        people = [tg.person(n) for n in range(1, 40)]
        for person in people:
            await person.says("/start")
        answers = [await bot("sendMessage", chat_id=person.id, text="1", **QUIET) for person in people]
        assert [answer["ok"] for answer in answers] == [True] * 30 + [False] * 9
        assert answers[30] == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 1",
            "parameters": {"retry_after": 1},
        }

    run(story, limits=Limits())


def test_limits_of_one_chat():
    now = [100.0]
    limits = Limits(overall=1000, chat_burst=3, clock=lambda: now[0])
    taken = []
    for step in (0, 0, 0, 0, 0.5, 0.6, 0.8, 60, 0, 0, 0):
        now[0] += step
        try:
            limits.take("sendMessage", 7)
            taken.append(True)
        except Exception:
            taken.append(False)
    assert taken == [True, True, True, False, False, True, False, True, True, True, False]
    limits.take("sendMessage", 8)
    limits.take("answerCallbackQuery", None)
    for _ in range(2000):
        limits.take("getUpdates", None)


def test_faults():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7)
        await ana.says("/start")
        tg.fault("429", method="sendMessage", retry_after=3)
        assert (await bot("sendMessage", chat_id=7, text="1", **QUIET))["parameters"] == {"retry_after": 3}
        tg.fault("500", chat=8)
        tg.fault("500", chat=7)
        assert (await bot("sendMessage", chat_id=7, text="1", **QUIET))["error_code"] == 500
        assert not [shown for shown in ana.screen if shown.from_bot]
        for kind, error in (("502 html", aiohttp.ContentTypeError), ("not json", json.JSONDecodeError)):
            fault = tg.fault(kind, method="getMe")
            with pytest.raises(error):
                await bot("getMe")
            assert fault.used == 1 and await bot.ok("getMe")
        for kind in ("drop", "timeout"):
            tg.fault(kind, method="sendMessage", seconds=0.05)
            with pytest.raises(aiohttp.ClientError):
                await bot.says(7, kind)
        tg.fault("drop", method="sendMessage", after=True)
        with pytest.raises(aiohttp.ClientError):
            await bot.says(7, "ມາແລ້ວ")
        assert ana.last.text == "ມາແລ້ວ"
        slow = tg.fault("slow", seconds=0.1, times=None)
        began = time.monotonic()
        await bot.says(7)
        assert time.monotonic() - began >= 0.1
        slow.off()
        statuses = [call.status for call in tg.called("sendMessage", 7)]
        assert statuses == [429, 500, 0, 0, 0, 200]
        assert {call.fault for call in tg.calls} == {
            "429",
            "500",
            "502 html",
            "not json",
            "drop",
            "timeout",
            "slow",
            "",
        }

    run(story)


def test_promises_are_watched():
    async def story(tg: Telegram, bot: Caller) -> None:
        await tg.person(7).says("/start")
        await bot.ok("sendMessage", chat_id=7, text="1")
        await bot.ok("editMessageText", chat_id=7, message_id=2, text="2")
        found = [(violation.method, violation.what) for violation in tg.violations]
        assert found == [
            ("sendMessage", "a message that makes the phone ring"),
            ("sendMessage", "link previews are on"),
            ("editMessageText", "link previews are on"),
        ]

    run(story)


def test_what_a_test_is_told():
    async def story(tg: Telegram, bot: Caller) -> None:
        ana = tg.person(7)
        owed = await ana.says("1")
        with pytest.raises(AssertionError, match=r"owed \['screen'\]"):
            await owed.answered(0.01)
        with pytest.raises(AssertionError, match="1 updates are unanswered"):
            await tg.all_answered(0.01)
        with pytest.raises(AssertionError, match="1 updates are unconfirmed"):
            await tg.all_confirmed(0.01)
        await bot.updates()
        await bot.says(7, reply_markup={"inline_keyboard": [ROW, [{"text": "ໄປບ້ານ", "callback_data": "x"}]]})
        await tg.all_answered(0.01)
        with pytest.raises(AssertionError, match="not seen"):
            await ana.sees("ບໍ່ມີ", 0.01)
        with pytest.raises(AssertionError, match="0 buttons with 'ມາ'"):
            await ana.taps("ມາ")
        await ana.taps("ໄປ")
        await bot.updates(offset=owed.id + 1)
        await tg.calls_to("getUpdates", at_least=2)

    run(story)


@pytest.mark.filterwarnings("ignore:.*retry_after")
def test_python_telegram_bot_agrees():
    """Form bodies, files, and our errors as the library's own exceptions."""

    async def story(tg: Telegram, other: Caller) -> None:
        ana = tg.person(7, username="ana")
        async with PtbBot(tg.token, base_url=f"{tg.url}/bot") as bot:
            assert bot.username == "khua_test_bot"
            await ana.says("/start")
            [update] = await bot.get_updates(timeout=0, allowed_updates=["message", "callback_query"])
            assert update.effective_user and update.effective_user.language_code == "lo"
            keys = InlineKeyboardMarkup([[InlineKeyboardButton("ໄປ", callback_data="lo:home")]])
            off = LinkPreviewOptions(is_disabled=True)
            quiet: dict[str, Any] = {"disable_notification": True, "link_preview_options": off}
            sent = await bot.send_message(7, "<b>ກ</b>", "HTML", reply_markup=keys, **quiet)
            assert sent.text_html == "<b>ກ</b>"
            with pytest.raises(BadRequest, match="Message is not modified"):
                await sent.edit_reply_markup(keys)
            await ana.taps("ໄປ")
            [update] = await bot.get_updates(offset=update.update_id + 1, timeout=0)
            assert update.callback_query
            await update.callback_query.answer()
            await update.callback_query.edit_message_text("ໃໝ່", link_preview_options=off)
            photo = await bot.send_photo(7, b"\x89PNG", caption="ຮູບ", disable_notification=True)
            assert photo.photo and ana.last.text == "ຮູບ"
            with pytest.raises(BadRequest, match="There is no text in the message to edit"):
                await photo.edit_text("1", link_preview_options=off)
            await bot.delete_messages(7, [sent.message_id, photo.message_id])
            await bot.set_my_commands([("start", "ເລີ່ມ")], language_code="lo")
            tg.fault("429", retry_after=5)
            with pytest.raises(RetryAfter):
                await bot.send_message(7, "1", **quiet)
            tg.fault("502 html")
            with pytest.raises(NetworkError):
                await bot.send_message(7, "1", **quiet)
            await ana.blocks()
            with pytest.raises(Forbidden):
                await bot.send_message(7, "1", **quiet)
            await tg.all_answered()
            poll = asyncio.create_task(bot.get_updates(offset=update.update_id + 5, timeout=20))
            await asyncio.sleep(0.05)
            await other.updates()
            with pytest.raises(Conflict):
                await poll
        assert not tg.violations

    run(story)
