"""Nothing of a person is kept: people with unmistakable names use every player, every byte is searched."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.book import CHANNELS
from bot.figures import overview, publish
from bot.figures.page import page
from bot.figures.sections import report
from bot.figures.sums import read
from bot.players import telegram, web
from bot.players.telegram import polling
from bot.players.terminal import chat
from bot.shelf import Shelf
from bot.tally import NAME
from bot.tally.file import counted
from bot.tally.keeper import Keeper
from tests.books import CONTENT, DAY
from tests.botapi import Telegram
from tests.botapi.server import TOKEN

MARK = "zqxkanari"
LAO, THAI = "ຊຽງກົບຂຽດຂາວ", "เซียงกบเขียดขาว"
NUMBER = 7_390_518_264
PHONE = "020 9753 1864"
PLACES = (
    "lo:home",
    "lo:trouble.now",
    "en:brokers.check/a.ynynnyyynyyn",
    "lo:hotlines.emergency",
    "lo:nowhere",
)


def told(n: int) -> tuple[str, ...]:
    """What the person of this number says: names, numbers and places in words that nobody else has."""
    return (
        f"my name is {MARK}{n}, call me {PHONE}",
        f"ຂ້ອຍຊື່ {LAO}{n} ຢູ່ບ້ານ{LAO} ເບີ {PHONE}",
        f"ข้อยชื่อ{THAI}{n} เขาขังข้อยไว้",
        f"I am locked in a house in {MARK}, passport {MARK.upper()}{n}",
        MARK,
    )


def marks() -> Iterator[bytes]:
    """What must be nowhere: as text in two encodings and in JSON, as figures, as the bytes of a number."""
    for text in (
        MARK,
        MARK.upper(),
        MARK.title(),
        LAO,
        THAI,
        PHONE,
        PHONE.replace(" ", ""),
        TOKEN,
        str(NUMBER),
    ):
        yield from (text.encode(), text.encode("utf-16-le"), json.dumps(text)[1:-1].encode())
    yield from (NUMBER.to_bytes(8, "big"), NUMBER.to_bytes(8, "little"))


async def _on_telegram(shelf: Shelf, keeper: Keeper, people: int) -> None:
    given = SimpleNamespace(token=TOKEN, limits=False, api_url="")
    async with Telegram() as tg:
        given.api_url = tg.url
        running = asyncio.create_task(telegram.run(given, shelf, keeper=keeper))
        chance = random.Random(1)
        for n in range(people):
            person = tg.person(NUMBER + n, "lo", first_name=f"{MARK}{n} {LAO}", username=f"{MARK}{n}")
            await (await person.says(f"/start {MARK}{n}")).answered(30)
            await person.says(chance.choice(told(n)))
            await person.presses(chance.choice((*PLACES, f"{MARK}:{MARK}", f"lo:home~{MARK[:8]}")))
            if n % 7 == 0:
                tg.fault(chance.choice(("500", "drop", "not json", "502 html")), chat=person.id)
            await person.sends(chance.choice(("voice", "photo", "contact", "location")))
            if n % 5 == 0:
                await person.says("/hide")
            if n % 50 == 49:
                await tg.all_answered(60)
        await tg.all_answered(60)
        await tg.all_confirmed()
        running.cancel()
        await asyncio.wait({running})


async def _in_the_browser(shelf: Shelf, keeper: Keeper, people: int) -> None:
    where: list[str] = []
    running = asyncio.create_task(web.run(SimpleNamespace(port=0), shelf, where.append, keeper=keeper))
    while not where:
        await asyncio.sleep(0)
    url = where[0].split(": ", 1)[1].split("/ ")[0].rstrip("/")
    origin = {"Origin": url, "User-Agent": MARK, "Cookie": f"{MARK}={MARK}", "Referer": f"http://{MARK}/"}
    chance = random.Random(2)
    async with aiohttp.ClientSession(headers=origin) as client:
        for n in range(people):
            for path, body in (
                ("/open", {"to": "home", "start": True}),
                ("/ask", {"text": chance.choice(told(n)), "page": f"lo:{MARK}", "seed": n}),
                ("/open", {"to": chance.choice((*PLACES, MARK))}),
            ):
                async with client.post(url + path, json=body) as answer:
                    assert answer.status == 200
    running.cancel()
    await asyncio.wait({running})


def _talk(folder: Path, telegram_people: int, browser_people: int, terminal_people: int) -> Shelf:
    """All conversations, counted; the shelf that they were held over."""
    shelf = Shelf(CONTENT, ZoneInfo("Asia/Vientiane"), as_of=DAY, keep=folder)
    keeper = Keeper(folder / NAME, lambda: shelf.book, shelf.today, CHANNELS)
    asyncio.run(_on_telegram(shelf, keeper, telegram_people))
    asyncio.run(_in_the_browser(shelf, keeper, browser_people))
    for n in range(terminal_people):
        talk = io.StringIO("\n".join((*told(n), "1", MARK, "2")))
        chat(shelf, "lo", talk, io.StringIO(), partial(keeper.count, "terminal"))
        keeper.write()
    # While the file is open its write-ahead log lies beside it.
    _search(folder)
    keeper.close()
    return shelf


def _search(folder: Path) -> None:
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    for path in files:
        whole = path.read_bytes()
        for mark in marks():
            assert mark not in whole, f"{path.name} holds {mark!r}"


def _nothing_is_kept(tmp_path: Path, caplog: pytest.LogCaptureFixture, people: tuple[int, int, int]) -> None:
    caplog.set_level(logging.DEBUG)
    folder = tmp_path / "data"
    shelf = _talk(folder, *people)
    cells = counted(folder / NAME)
    assert {at.channel for at in cells} == {"telegram", "browser", "terminal"}
    assert sum(n for at, n in cells.items() if at.kind == "start") == sum(people)
    with closing(sqlite3.connect(folder / NAME)) as link:
        assert link.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    for lang in ("lo", "en"):
        told = report(shelf.book, lang, read(folder / NAME, None, None, ""))
        (folder / f"report-{lang}.html").write_text(page(told), "utf-8")
        (folder / f"overview-{lang}.txt").write_text(overview.text(told), "utf-8")
    made = publish.tables(shelf.book, cells, 3, None, None)
    publish.write(shelf.book, made, 3, folder / "published")
    _search(folder)
    log = "\n".join(
        f"{record.getMessage()} {record.args} {record.exc_info} {record.exc_text} {record.stack_info}"
        for record in caplog.records
    ).encode()
    assert b"On Telegram as" in log
    for mark in marks():
        assert mark not in log, f"the log holds {mark!r}"


def test_nothing_of_a_person_is_kept(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.05)
    _nothing_is_kept(tmp_path, caplog, (20, 15, 5))


@pytest.mark.proof
def test_nothing_of_two_thousand_people_is_kept(tmp_path, caplog, monkeypatch):
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.05)
    _nothing_is_kept(tmp_path, caplog, (1_000, 900, 100))
