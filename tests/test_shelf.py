"""Where a bot keeps its book: a new one each local midnight, the last good words of a broken folder."""

from __future__ import annotations

import asyncio
import logging
import shutil
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.compiler import compile_book
from bot.crawl import open_at
from bot.problems import BrokenContent, KhuaError
from bot.shelf import Shelf, read_files
from tests.books import DAY, GOOD, good_files

VIENTIANE = ZoneInfo("Asia/Vientiane")
FEES = "en:costs.fees"


class Clock(datetime):
    """A clock that is put by hand."""

    utc = datetime(2026, 11, 26, 12, tzinfo=UTC)

    @classmethod
    def now(cls, tz=None):
        return Clock.utc.astimezone(tz)


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    monkeypatch.setattr("bot.shelf.datetime", Clock)
    monkeypatch.setattr(Clock, "utc", datetime(2026, 11, 26, 12, tzinfo=UTC))
    return Clock


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(GOOD, tmp_path / "content")


@pytest.fixture
def shelf(folder):
    return Shelf(folder, VIENTIANE)


def spoil(folder):
    (folder / "en/pages.yaml").write_text("home: [")


# ------------------------------------------------------------------ the folder


def test_all_files_that_the_compiler_reads(folder):
    (folder / "notes.txt").write_text("not read")
    (folder / "en/more.yml").write_text("a: b")
    files = read_files(folder)
    assert set(files) == {*good_files(), "en/more.yml"}
    assert files["lo/pages.yaml"].startswith("home:\n  title: ສະບາຍດີ")


def test_a_folder_without_content(tmp_path):
    with pytest.raises(KhuaError, match="holds no content; set KHUA_CONTENT"):
        read_files(tmp_path)
    with pytest.raises(KhuaError, match="holds no content"):
        read_files(tmp_path / "nowhere")


def test_a_file_that_is_not_utf8(folder):
    (folder / "en/pages.yaml").write_bytes(b"home: caf\xe9")
    with pytest.raises(KhuaError, match=r"pages.yaml: byte 9 is not UTF-8; save the file as UTF-8"):
        read_files(folder)


def test_a_broken_folder_at_the_start_gives_no_shelf(folder):
    spoil(folder)
    with pytest.raises(BrokenContent):
        Shelf(folder, VIENTIANE)


# ------------------------------------------------------------------ the day


def test_the_day_is_that_of_the_zone(folder, clock):
    clock.utc = datetime(2026, 11, 26, 16, 59, tzinfo=UTC)
    assert Shelf(folder, VIENTIANE).book.day == date(2026, 11, 26)
    clock.utc = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)
    assert Shelf(folder, VIENTIANE).book.day == date(2026, 11, 27)
    assert Shelf(folder, ZoneInfo("UTC")).book.day == date(2026, 11, 26)
    assert Shelf(folder, VIENTIANE, as_of=date(2023, 1, 1)).book.day == date(2023, 1, 1)


def test_a_new_day_is_a_new_book_that_tells_other_words(shelf, clock):
    assert "500 baht (2023)." in open_at(shelf.book, FEES).plain
    clock.utc += timedelta(days=365)
    assert shelf.refresh()
    assert shelf.book.day == date(2027, 11, 26)
    assert "500 baht (2023)**" in open_at(shelf.book, FEES).plain


def test_another_word_is_in_use_after_a_refresh(shelf, folder):
    path = folder / "en/pages.yaml"
    path.write_text(path.read_text("utf-8").replace("title: Hello", "title: Good day"), "utf-8")
    assert open_at(shelf.book, "en:home").plain.startswith("Hello")
    assert shelf.refresh()
    assert open_at(shelf.book, "en:home").plain.startswith("Good day")


def test_listeners_hear_of_a_change_and_of_nothing_else(shelf, folder, clock):
    heard: list[str] = []
    shelf.listeners.append(lambda: heard.append(shelf.book.version))
    shelf.listeners.append(lambda: heard.append("second"))
    assert shelf.refresh()
    assert heard == []
    clock.utc += timedelta(days=1)
    assert shelf.refresh()
    assert heard == [shelf.book.version, "second"], "the new book is in place before they hear"
    spoil(folder)
    assert not shelf.refresh()
    assert len(heard) == 2
    clock.utc += timedelta(days=1)
    assert not shelf.refresh()
    assert len(heard) == 4, "the last good words of a new day are another book"


# ------------------------------------------------------------------ broken while it runs


def test_a_broken_folder_keeps_the_last_good_words_for_the_new_day(shelf, folder, clock, caplog):
    spoil(folder)
    clock.utc += timedelta(days=365)
    with caplog.at_level(logging.INFO):
        assert not shelf.refresh()
    assert shelf.book.day == date(2027, 11, 26)
    assert open_at(shelf.book, "en:home").plain.startswith("Hello")
    assert "500 baht (2023)**" in open_at(shelf.book, FEES).plain
    assert [record.getMessage() for record in caplog.records] == [
        "The content folder cannot be used (the content has 1 error);"
        " the last good words stay. Run: khua check"
    ]


def test_a_folder_that_is_gone_keeps_the_last_good_words(shelf, folder, caplog):
    shutil.rmtree(folder)
    assert not shelf.refresh()
    assert open_at(shelf.book, "en:home").plain.startswith("Hello")
    assert len(caplog.records) == 1
    assert "holds no content" in caplog.text


def test_a_mended_folder_is_in_use_again(shelf, folder):
    whole = (folder / "en/pages.yaml").read_text("utf-8")
    spoil(folder)
    assert not shelf.refresh()
    (folder / "en/pages.yaml").write_text(whole.replace("title: Hello", "title: Again"), "utf-8")
    assert shelf.refresh()
    assert open_at(shelf.book, "en:home").plain.startswith("Again")


# ------------------------------------------------------------------ midnight


class Enough(Exception):
    """The clock has gone on for long enough."""


def sleep_through(monkeypatch, clock, until: datetime) -> list[float]:
    """Makes sleeping put the clock forward; ends at `until`. The list holds how long each sleep was."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        clock.utc += timedelta(seconds=seconds)
        if clock.utc > until:
            raise Enough

    monkeypatch.setattr("asyncio.sleep", sleep)
    return slept


def test_at_local_midnight_the_book_is_made_anew(shelf, clock, monkeypatch):
    """Midnight in Vientiane is 17:00 UTC."""
    changes: list[datetime] = []
    shelf.listeners.append(lambda: changes.append(clock.utc))
    slept = sleep_through(monkeypatch, clock, datetime(2026, 11, 29, tzinfo=UTC))
    with pytest.raises(Enough):
        asyncio.run(shelf.keep_fresh())
    midnights = [datetime(2026, 11, day, 17, tzinfo=UTC) for day in (26, 27, 28)]
    assert len(changes) == 3
    for changed, midnight in zip(changes, midnights, strict=True):
        assert timedelta(0) <= changed - midnight <= timedelta(seconds=2)
    assert shelf.book.day == date(2026, 11, 29)
    assert max(slept) <= 3600, "a laptop that slept is noticed within the hour"
    assert min(slept) >= 1, "it never spins"


def test_a_clock_that_was_put_back_is_noticed(shelf, clock, monkeypatch):
    days: list[date] = []
    shelf.listeners.append(lambda: days.append(shelf.book.day))
    clock.utc -= timedelta(days=3)
    sleep_through(monkeypatch, clock, clock.utc + timedelta(hours=2))
    with pytest.raises(Enough):
        asyncio.run(shelf.keep_fresh())
    assert days == [date(2026, 11, 23)]


def test_midnight_with_a_broken_folder_goes_on(shelf, folder, clock, monkeypatch, caplog):
    spoil(folder)
    sleep_through(monkeypatch, clock, datetime(2026, 11, 28, tzinfo=UTC))
    with pytest.raises(Enough):
        asyncio.run(shelf.keep_fresh())
    assert shelf.book.day == date(2026, 11, 28)
    assert len(caplog.records) == 2, "one line a night"


def test_a_night_without_an_hour(folder, clock, monkeypatch):
    """Where clocks change, a day has 23 or 25 hours."""
    clock.utc = datetime(2027, 3, 27, 23, 0, tzinfo=UTC)
    shelf = Shelf(folder, ZoneInfo("Europe/Berlin"))
    assert shelf.book.day == date(2027, 3, 28)
    sleep_through(monkeypatch, clock, datetime(2027, 3, 28, 22, 30, tzinfo=UTC))
    with pytest.raises(Enough):
        asyncio.run(shelf.keep_fresh())
    assert shelf.book.day == date(2027, 3, 29)


def test_the_shelf_holds_what_the_compiler_gives(shelf):
    assert shelf.book == compile_book(good_files(), DAY)
