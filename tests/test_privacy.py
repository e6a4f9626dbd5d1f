"""What docs/privacy.md and the page about.privacy promise: each names the tests that back it.

Below that, the promises that no other test holds.
"""

from __future__ import annotations

import ast
import asyncio
import gc
import os
import re
import sqlite3
import weakref
from contextlib import closing
from functools import cache
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from bot.book import Event
from bot.limits import DELETE_HOURS
from bot.players.telegram import hide
from bot.players.telegram.hide import Hide
from bot.players.telegram.lanes import Lanes
from bot.players.telegram.pages import Pages
from bot.players.telegram.sending import Sender
from bot.settings import settings
from bot.talk.reply import reply
from bot.tally import file
from bot.tally.file import TallyFile
from bot.tally.names import Cell, is_sensitive
from tests.books import CONTENT, ROOT, real
from tests.botapi import Telegram
from tests.botapi.people import media
from tests.test_telegram import Bot, tell
from tests.test_web import Chat, with_chat

DOC = ROOT / "docs" / "privacy.md"
HERE = Path(__file__).name
HOME = Cell("2027-01-31", "telegram", "lo", "screen", "home")

BACKED = {
    "Khua does not keep your name, your phone number or what you write.": [
        "test_canary.py::test_nothing_of_a_person_is_kept",
        "test_tally.py::test_nothing_else_is_in_the_file",
    ],
    "You can ask without telling your name.": [
        "test_privacy.py::test_a_name_leads_to_no_other_page",
    ],
    "It counts only how often, such as how often a page is opened or a question answered right, "
    "never by whom.": [
        "test_talk.py::test_what_is_counted_are_names_of_the_book",
        "test_tally.py::test_what_is_no_name_of_the_book_is_not_counted",
        "test_tally.py::test_the_schema_itself_refuses_other_values",
    ],
    "Dangers are counted by the month, not by the day.": [
        "test_tally.py::test_coarse_where_it_hurts",
        "test_privacy.py::test_trouble_and_help_numbers_are_counted_by_the_month",
    ],
    "Telegram itself keeps who wrote, what and when.": [
        "test_privacy.py::test_what_nobody_deletes_stays_in_telegram",
    ],
    "Whoever holds your phone may see this chat and its notifications.": [
        "test_privacy.py::test_what_nobody_deletes_stays_in_telegram",
    ],
    'To delete, write /hide or press "Hide this chat".': [
        "test_telegram.py::test_hide_leaves_one_line",
        "test_web_browser.py::test_hide_empties_the_page_even_when_the_program_is_gone",
    ],
    "It deletes only messages not older than {delete_hours}.": [
        "test_privacy.py::test_the_page_tells_the_hours_that_telegram_allows",
        "test_telegram.py::test_hide_goes_around_what_telegram_does_not_delete",
    ],
    "For older ones, delete this chat in Telegram; forwarded ones stay.": [
        "test_telegram.py::test_hide_after_a_restart_reaches_back",
    ],
    "On the internet (such as in Chrome), the device may remember the page.": [
        "test_web_browser.py::test_a_walk_keeps_its_place_in_the_address_alone",
    ],
    "If you share the phone with others, delete this chat after reading.": [
        "test_telegram.py::test_hide_leaves_one_line",
    ],
}
"""Each sentence of the English page, and the tests that back it. What Telegram does is backed where the bot
leaves it to Telegram: it deletes nothing by itself, and says what it cannot delete."""


def sentences(lang: str) -> list[str]:
    """All that the page says in a language, but for its title and button."""
    page = yaml.safe_load((CONTENT / lang / "about.yaml").read_text("utf-8"))["about.privacy"]
    assert set(page) == {"title", "button", "text", "next"}
    return re.split(r"(?<=[.?!])\s+", f"{page['text'].strip()}\n{page['next']}".strip())


@cache
def _tests_in(name: str) -> set[str]:
    """The tests in a file below tests/."""
    tree = ast.parse((ROOT / "tests" / name).read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_"}


def missing(named: list[str]) -> list[str]:
    """Those of the tests named that do not exist."""
    return [each for each in named if each.partition("::")[2] not in _tests_in(each.partition("::")[0])]


def test_every_sentence_of_the_page_is_backed_by_tests_that_exist():
    assert sentences("en") == list(BACKED), "write into BACKED which tests hold what the page says"
    for sentence, named in BACKED.items():
        assert named, sentence
        assert not missing(named), sentence


def test_the_page_says_as_much_in_lao():
    assert len(sentences("lo")) == len(sentences("en"))
    for each in ("/hide", "{delete_hours}", "Telegram", "Chrome"):
        assert each in " ".join(sentences("lo"))


def test_the_tests_that_the_docs_name_exist():
    text = DOC.read_text("utf-8")
    named = re.findall(r"`(test_[a-z_]+\.py::[a-z_0-9]+)`", text)
    assert len(named) == text.count("::") > 20
    assert not missing(named)


def test_the_docs_are_short_and_linked():
    lines = DOC.read_text("utf-8").splitlines()
    assert len(lines) < 150
    assert max(map(len, lines)) <= 120
    readme = (ROOT / "README.md").read_text("utf-8")
    for name in ("docs/privacy.md", "docs/statistics.md"):
        assert f"]({name})" in readme


# ------------------------------------------------------------------ in the chat


@pytest.mark.parametrize(
    ("plain", "named"),
    [
        ("ນາຍຈ້າງຍຶດພາສປອດ", "ຂ້ອຍຊື່ ນາງແກ້ວ ເບີ 020 5555 5555. ນາຍຈ້າງຍຶດພາສປອດ"),
        ("who pays for the visa", "My name is Somphone, 020 5555 5555. who pays for the visa"),
        ("they locked me in a house", "I am Somphone, they locked me in a house"),
    ],
)
def test_a_name_leads_to_no_other_page(plain, named):
    told = reply(real(), Event("ask", plain))
    assert told.counts[-1].kind == "answered"
    assert reply(real(), Event("ask", named)).screen.page == told.screen.page


ASKED = {
    "getMe", "getUpdates", "sendMessage", "sendPhoto", "editMessageText", "editMessageMedia",
    "answerCallbackQuery", "getMyCommands", "setMyCommands", "getMyDescription", "setMyDescription",
    "getMyShortDescription", "setMyShortDescription",
}  # fmt: skip
"""What the bot asks Telegram for where nobody hides a chat: no file, no profile, no picture of anybody."""


def test_what_nobody_deletes_stays_in_telegram():
    """The bot deletes nothing by itself, and fetches nothing that people send or show of themselves."""

    async def story(tg: Telegram, bot: Bot) -> None:
        ana = tg.person(7, "lo")
        await (await ana.says("/start")).answered()
        await (await ana.says("ຄ່າວີຊາເທົ່າໃດ")).answered()
        for kind in ("voice", "photo", "contact", "location", "document"):
            assert media(kind)
            await (await ana.sends(kind)).answered()
        await (await ana.presses("lo:trouble.now")).answered()
        tg.passes(hours=1000)
        mine = [message for message in ana.screen if not message.from_bot]
        assert [message.text for message in mine[:2]] == ["/start", "ຄ່າວີຊາເທົ່າໃດ"]
        assert len(mine) == 7
        assert all(message.sender["id"] == 7 and message.date for message in mine)
        assert {call.method for call in tg.calls} <= ASKED

    tell(story)


def test_the_page_tells_the_hours_that_telegram_allows():
    (value,) = real().facts["delete_hours"].values
    assert str(DELETE_HOURS) in str(value)


# ------------------------------------------------------------------ in memory


def test_of_chats_the_bot_remembers_numbers_alone_and_a_bounded_many(monkeypatch):
    monkeypatch.setattr(hide, "CHATS", 5)
    monkeypatch.setattr(hide, "IN_A_CHAT", 3)
    memory = Hide(cast(Pages, None), cast(Sender, None))
    for chat in range(20):
        for message in range(10):
            memory.saw(chat, message)
    assert {chat: list(one.ids) for chat, one in memory._chats.items()} == dict.fromkeys(
        range(15, 20), [7, 8, 9]
    )


def test_an_update_is_let_go_when_it_is_answered():
    class Kept(dict[str, Any]):
        """A dict that can be watched."""

    async def whole() -> None:
        answered: list[int] = []

        async def work(update: dict[str, Any]) -> None:
            answered.append(update["update_id"])

        lanes = Lanes(work, answered.append)
        update = Kept(update_id=1, text="secret")
        watched = weakref.ref(update)
        await lanes.put(7, update)
        del update
        await lanes.drain(1)
        gc.collect()
        assert answered == [1, 1]
        assert watched() is None

    asyncio.run(whole())


# ------------------------------------------------------------------ on the disk


def test_trouble_and_help_numbers_are_counted_by_the_month():
    pages = [id for id in real().pages if id.startswith(("trouble.", "hotlines."))]
    assert len(pages) > 10
    assert [id for id in pages if not is_sensitive(real(), "screen", id)] == []
    assert [id for id, page in real().pages.items() if page.danger and not page.sensitive] == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_what_lies_beside_the_tally_is_its_owners_alone_too(tmp_path):
    tally = TallyFile(tmp_path / "tally.db")
    tally.add([(1, {HOME: 1})])
    files = {path.name: path.stat().st_mode & 0o077 for path in tmp_path.iterdir()}
    tally.close()
    assert files == {"tally.db": 0, "tally.db-wal": 0, "tally.db-shm": 0}


def test_ids_that_are_wiped_are_not_in_the_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(file, "REMEMBERED", 3)
    tally = TallyFile(tmp_path / "tally.db")
    ids = [0x5AFE_0000_0000 + n for n in range(0x11, 0x31)]
    for id in ids:
        tally.add([(id, {HOME: 1})])
    tally.close()
    with closing(sqlite3.connect(tmp_path / "tally.db")) as link:
        assert [id for (id,) in link.execute("SELECT id FROM _counted")] == ids[-3:]
    (path,) = tmp_path.iterdir()
    whole = path.read_bytes()
    assert [id for id in ids if id.to_bytes(6, "big") in whole] == ids[-3:]


# ------------------------------------------------------------------ on the network


def test_the_browser_chat_is_on_this_machine_alone():
    async def look(one: Chat) -> None:
        port = int(one.url.rpartition(":")[2])
        # Another address of this very machine: whoever listens on all of them would answer there.
        with pytest.raises(OSError):
            await asyncio.wait_for(asyncio.open_connection("127.0.0.2", port), 2)

    with_chat(look)


def test_the_way_to_telegram_is_encrypted():
    assert settings({}).api_url.startswith("https://")
