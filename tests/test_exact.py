"""Counts are exact: killed at random moments, the bot has counted what was sent, and answered everybody."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path

import pytest

from bot.tally.file import counted
from tests.books import GOOD
from tests.botapi import Telegram
from tests.botapi.markup import Button as Shown
from tests.botapi.updates import Update
from tests.program import program as a_program

PLACES = ("lo:costs.fees", "lo:about.sources", "lo:home", "en:brokers.check", "en:trouble.now")
ASKED = ("ລາຄາວີຊາ", "how much is the visa", "ກ ຂ ຄ")


def program(tg: Telegram, data: Path) -> AbstractAsyncContextManager[asyncio.subprocess.Process]:
    """The bot as a process, with the tiny book, so that it starts at once."""
    return a_program(tg, asyncio.subprocess.DEVNULL, KHUA_CONTENT=str(GOOD), KHUA_DATA=str(data))


async def _send(tg: Telegram, number: int, chance: random.Random) -> Update:
    """One thing that somebody does: nine taps to one question."""
    person = tg.person(100 + number % 300, "lo")
    if chance.random() < 0.1:
        return await person.says(chance.choice(ASKED))
    return await person.presses(chance.choice(PLACES))


def _handed_out(tg: Telegram) -> int:
    return sum(update.handed_out > 0 for update in tg.updates)


def _more_handed_out(tg: Telegram, before: int) -> bool:
    return _handed_out(tg) > before


async def _kills(data: Path, kills: int, updates: int) -> tuple[list[Update], int]:
    """All that was sent, and how many of them were handed out more than once."""
    chance = random.Random(kills)
    sent: list[Update] = []
    async with Telegram() as tg:
        for number in range(300):
            tg.person(100 + number, "lo").keeps("...", [[Shown("x", data="lo:home")]], days_ago=0.1)
        for kill in range(kills):
            if kill == kills // 2:
                async with program(
                    tg, data
                ) as process:  # a week goes by: all is answered, the ids begin anew
                    await tg.all_answered(60)
                    await tg.all_confirmed()
                tg.world.queue.restart(None)
            async with program(tg, data) as process:
                before = _handed_out(tg)
                share = updates // kills
                sent += [await _send(tg, len(sent) + n, chance) for n in range(share // 2)]
                await tg.world.pulse.until(partial(_more_handed_out, tg, before), 30)
                sent += [await _send(tg, len(sent) + n, chance) for n in range(share - share // 2)]
                await asyncio.sleep(chance.random() * 0.15)
                assert process.returncode is None
                process.kill()
                await process.wait()
        async with program(tg, data):
            await tg.all_answered(60)
            await tg.all_confirmed()  # and then it is killed once more
        return sent, sum(update.handed_out > 1 for update in sent)


def _exact(data: Path, kills: int, updates: int) -> None:
    sent, repeated = asyncio.run(_kills(data, kills, updates))
    assert len(sent) >= updates * 9 // 10
    assert repeated > kills, "no update was repeated: nothing was tested"
    assert all(update.is_answered for update in sent)
    taps = Counter(
        str(update.body["data"]).partition(":")[2] for update in sent if update.kind == "callback_query"
    )
    screens, answered = Counter[str](), 0
    for cell, n in counted(data / "tally.db").items():
        if cell.kind == "screen":
            screens[cell.key] += n
        answered += n * (cell.kind in ("answered", "unanswered"))
    assert screens == taps
    assert answered == sum(update.kind == "message" for update in sent)


def test_five_kills_count_nothing_twice_and_lose_nothing(tmp_path):
    _exact(tmp_path, kills=5, updates=250)


@pytest.mark.proof
def test_a_hundred_kills_count_nothing_twice_and_lose_nothing(tmp_path):
    _exact(tmp_path, kills=100, updates=5000)
