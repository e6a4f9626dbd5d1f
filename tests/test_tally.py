"""The tally: own names alone, coarse where it hurts, each update once, and no trouble stops a talk."""

from __future__ import annotations

import asyncio
import logging
import os
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database, Migrations

from bot.book import CHANNELS, Book, Count, Event
from bot.compiler import compile_book
from bot.talk.reply import reply
from bot.talk.tools import names_of
from bot.tally import file, keeper
from bot.tally.file import BadTally, TallyFile, counted, migrations
from bot.tally.keeper import Keeper
from bot.tally.names import KINDS, Cell, cell, own
from tests.books import good_files, real

DAY = date(2027, 1, 31)
HOME = Cell("2027-01-31", "telegram", "lo", "screen", "home")
CAMPAIGNS = """
vte26a: {label: a poster, place: wider}
ban01: {label: one village, place: village}
"""


def book() -> Book:
    return compile_book({**good_files(), "campaigns.yaml": CAMPAIGNS}, DAY)


def at(count: Count, channel: str = "telegram") -> Cell | None:
    return cell(book(), DAY, channel, count)


# ------------------------------------------------------------------ names


@pytest.mark.parametrize(
    ("count", "wanted"),
    [
        (Count("screen", "costs.fees", "lo", "vte26a"), ("2027-01-31", "costs.fees", "vte26a")),
        (Count("screen", "costs.fees", "lo", "ban01"), ("2027-01-31", "costs.fees", "")),
        (Count("start", "home", "lo", "ban01"), ("2027-01-31", "home", "ban01")),
        (Count("share", "", "lo", "ban01"), ("2027-01-31", "", "ban01")),
        (Count("start", "home", "lo", "nobody"), ("2027-01-31", "home", "")),
        # Danger is told by the month, and by no campaign.
        (Count("screen", "trouble.now", "lo", "vte26a"), ("2027-01", "trouble.now", "")),
        (Count("start", "trouble.now", "lo", "vte26a"), ("2027-01", "trouble.now", "")),
        (Count("answered", "trouble.now", "lo"), ("2027-01", "trouble.now", "")),
        (Count("danger", "hotlines.emergency", "lo"), ("2027-01", "hotlines.emergency", "")),
        (Count("hide", "", "lo"), ("2027-01", "", "")),
        (Count("unanswered", "visa+price", "lo"), ("2027-01", "price+visa", "")),
        (Count("unanswered", "", "lo"), ("2027-01", "", "")),
    ],
)
def test_coarse_where_it_hurts(count, wanted):
    found = at(count)
    assert found is not None
    assert (found.day, found.key, found.campaign) == wanted


@pytest.mark.parametrize(
    "count",
    [
        Count("screen", "Somphone", "lo"),
        Count("screen", "costs.fees/x", "lo"),
        Count("screen", "costs.fees", "th"),
        Count("unanswered", "Somphone", "lo"),
        Count("unanswered", "visa+020 5555 5555", "lo"),
        Count("result", "costs.fees/none", "lo"),
        Count("result", "brokers.check/Somphone", "lo"),
        Count("quiz", "a-maybe", "lo"),
        Count("no_answer", "visa_fee", "lo"),
        Count("hide", "Somphone", "lo"),
        Count("voice", "voice", "lo"),
        Count("sold", "", "lo"),  # type: ignore[arg-type]
    ],
)
def test_what_is_no_name_of_the_book_is_not_counted(count):
    assert at(count) is None


def test_a_sensitive_quiz_is_counted_by_the_month():
    page = real().pages["learn.quiz"]
    book = replace(real(), pages={**real().pages, page.id: replace(page, sensitive=True)})
    name = next(iter(names_of(page)))
    for each, day in ((real(), "2027-01-31"), (book, "2027-01")):
        found = cell(each, DAY, "telegram", Count("quiz", name, "lo"))
        assert found is not None and found.day == day


def test_a_channel_that_nobody_knows_is_not_counted():
    assert at(Count("screen", "home", "lo"), "whatsapp") is None


def test_all_that_a_talk_counts_can_be_counted():
    """Every kind but those that need a state: no count of ours is lost to our own rule."""
    asked = ["lo:home", "lo:trouble.now", "hide", "en:brokers.check/a.ynynnyyynyyn", "lo:costs.calculator"]
    events = [Event("open", to, "lo", start=True) for to in asked]
    events += [Event("ask", said, "lo") for said in ("ວີຊາ", "locked in a house", "Somphone 020 55", "hello")]
    events += [Event("other", kind, "lo") for kind in ("voice", "photo")]
    counts = [count for event in events for count in reply(real(), event).counts]
    assert {"start", "screen", "answered", "danger", "hide", "voice", "other", "result"} <= {
        count.kind for count in counts
    }
    assert [count for count in counts if cell(real(), DAY, "browser", count) is None] == []


@given(st.text(), st.sampled_from(KINDS), st.text(), st.text())
def test_no_word_of_a_person_is_a_name(key, kind, lang, campaign):
    given = Cell("2027-01-31", "telegram", lang, kind, key, campaign)
    names = {"", "home", *good().pages, *good().index.ideas}
    assert not own(good(), given) or (lang in ("", "lo", "en") and campaign == "" and key in names)


def good() -> Book:
    return compile_book(good_files(), DAY)


# ------------------------------------------------------------------ the file


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "tally.db"


def test_an_update_counts_once_also_after_a_restart(path):
    tally = TallyFile(path)
    tally.add([(7, {HOME: 1}), (8, {HOME: 2}), (7, {HOME: 1}), (None, {HOME: 10}), (None, {HOME: 10})])
    tally.close()
    tally = TallyFile(path)
    tally.add([(8, {HOME: 2}), (9, {HOME: 1})])
    tally.close()
    assert counted(path) == {HOME: 24}


def test_the_last_ids_are_kept_and_older_ones_wiped(path, monkeypatch):
    monkeypatch.setattr(file, "REMEMBERED", 3)
    tally = TallyFile(path)
    for id in (50, 60, 5, 6, 7):  # numbers may begin again further down
        tally.add([(id, {HOME: 1})])
    tally.close()
    with closing(sqlite3.connect(path)) as link:
        assert [id for (id,) in link.execute("SELECT id FROM _counted ORDER BY place")] == [5, 6, 7]


def test_what_fails_half_way_counts_nothing(path):
    tally = TallyFile(path)
    with pytest.raises(sqlite3.IntegrityError):
        tally.add([(1, {HOME: 1}), (2, {replace(HOME, kind="sold"): 1})])
    tally.add([(1, {HOME: 1})])
    tally.close()
    assert counted(path) == {HOME: 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2027-1-31"}, {"day": "31.1.2027"}, {"day": "2027-01-31 10:15"}, {"channel": "whatsapp"},
        {"lang": "LO"}, {"lang": "lao!"}, {"kind": "person"}, {"key": "ສົມພອນ"}, {"key": "020 5555 5555"},
        {"key": "x" * 121}, {"campaign": "Ban 1"}, {"campaign": "x" * 9},
    ],
    ids=str,
)  # fmt: skip
def test_the_schema_itself_refuses_other_values(path, wrong):
    tally = TallyFile(path)
    with pytest.raises(sqlite3.IntegrityError):
        tally.add([(None, {replace(HOME, **wrong): 1})])
    with pytest.raises(sqlite3.IntegrityError):
        tally.add([(None, {HOME: 0})])
    tally.close()


def test_the_order_of_the_counts_does_not_lie_beside_the_file(path, monkeypatch):
    monkeypatch.setattr(file, "CHECKPOINT_SECONDS", 0.0)
    tally = kept(path)
    tally.count("telegram", [SCREEN], 1)
    tally.write()
    assert path.with_name("tally.db-wal").stat().st_size == 0
    tally.close()


def test_nothing_else_is_in_the_file(path):
    TallyFile(path).close()
    with closing(sqlite3.connect(path)) as link:
        db = Database(link)
        assert set(db.table_names()) == {"counts", "_counted", "_sqlite_migrations"}
        columns = [column.name for column in db["counts"].columns]
        assert columns == [*file.COLUMNS, "origin", "n"]
        assert [column.name for column in db["_counted"].columns] == ["place", "id"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has other rights")
def test_only_its_owner_may_read_it(path):
    TallyFile(path).close()
    assert path.stat().st_mode & 0o077 == 0


def test_every_file_has_a_number_of_its_own(tmp_path):
    tallies = [TallyFile(tmp_path / f"{n}.db") for n in range(3)]
    assert len({tally.origin for tally in tallies}) == 3
    for tally in tallies:
        tally.close()


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda path: path.unlink(), "there is no"),
        (lambda path: _bent(path, b"migration_set", b"migration_sat"), "is no tally, or is damaged"),
        (lambda path: path.write_bytes(b"SQLite format 3\0" + b"x" * 5000), "is no tally, or is damaged"),
        (lambda path: path.write_text("day,n\n"), "is no tally, or is damaged"),
        (lambda path: _newer(path), "newer Khua"),
        (lambda path: _other(path), "is no tally, or is damaged"),
    ],
    ids=["missing", "column", "bytes", "text", "newer", "other"],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(path, broken, said):
    tally = TallyFile(path)
    tally.add([(1, {HOME: 1})])
    tally.close()
    broken(path)
    with pytest.raises(BadTally, match=said) as error:
        counted(path)
    assert "\n" not in str(error.value) and "tally.db" in str(error.value)


def _bent(path: Path, old: bytes, new: bytes) -> None:
    whole = path.read_bytes()
    assert old in whole
    path.write_bytes(whole.replace(old, new))


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as link:
        row = {"migration_set": migrations.name, "name": "of_tomorrow", "applied_at": ""}
        Database(link)["_sqlite_migrations"].insert(row)  # type: ignore[union-attr]
        link.commit()


def _other(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as link:
        link.execute("CREATE TABLE people (name TEXT)")
        link.commit()


def test_it_can_be_read_while_it_is_counted_and_in_a_folder_where_nothing_may_be_written(path):
    tally = TallyFile(path)
    tally.add([(1, {HOME: 1})])
    assert counted(path) == {HOME: 1}
    tally.close()
    path.parent.chmod(0o500)
    try:
        assert counted(path) == {HOME: 1}
    finally:
        path.parent.chmod(0o700)


# ------------------------------------------------------------------ the keeper


def kept(path: Path, channels: tuple[str, ...] = CHANNELS) -> Keeper:
    return Keeper(path, good, lambda: DAY, channels)


SCREEN = Count("screen", "home", "lo")


def test_counts_are_in_the_file_when_it_is_told_to_write(path):
    tally = kept(path)
    tally.count("telegram", [SCREEN], 1)
    tally.count("telegram", [SCREEN], 1)
    tally.count("telegram", [SCREEN, Count("start", "home", "lo")], 2)
    assert not path.exists()
    tally.write()
    assert counted(path) == {HOME: 2, replace(HOME, kind="start"): 1}
    tally.close()


def test_a_channel_that_is_switched_off_is_not_counted(path):
    tally = kept(path, ("browser",))
    tally.count("telegram", [SCREEN], 1)
    tally.close()
    assert not path.exists()


@pytest.mark.parametrize("trouble", ["locked", "damaged", "read-only", "full"])
def test_no_trouble_with_the_file_stops_anybody_and_nothing_is_lost(path, trouble, caplog, monkeypatch):
    monkeypatch.setattr(keeper, "FIRST_PAUSE", 0.0)
    monkeypatch.setattr(file, "LOCK_SECONDS", 0.0)
    tally = kept(path)
    tally.count("telegram", [SCREEN], 1)
    tally.write()
    tally.close()
    tally = kept(path)
    end = _trouble(path, trouble, monkeypatch)
    for update in (1, 2, 3):
        tally.count("telegram", [SCREEN], update)
        tally.write()
    assert [record.getMessage().startswith("Counts wait in memory: ") for record in caplog.records] == [True]
    assert "tally.db" in caplog.text
    end()
    tally.write()
    assert counted(path) == {HOME: 2 if trouble == "damaged" else 3} or trouble == "damaged"
    if trouble == "damaged":  # a new file, which knows none of the old one's updates
        assert counted(path) == {HOME: 3}
    assert caplog.messages[-1] == "Counts are written again."
    tally.close()


def _trouble(path, trouble, monkeypatch):
    """Makes trouble, and gives what ends it."""
    if trouble == "locked":
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        return other.close
    if trouble == "damaged":
        path.write_bytes(b"no tally at all" * 500)
        return lambda: path.rename(path.with_suffix(".damaged"))
    said = "database or disk is full" if trouble == "full" else "attempt to write a readonly database"

    def fails(self, updates):
        raise sqlite3.OperationalError(said)

    monkeypatch.setattr(TallyFile, "add", fails)
    return monkeypatch.undo


def test_what_waits_is_bounded_and_what_is_lost_is_a_number(path, monkeypatch):
    monkeypatch.setattr(keeper, "MOST_UPDATES", 4)
    monkeypatch.setattr(keeper, "MOST_CELLS", 2)
    pages = ["home", "costs.fees", "brokers.check", "about.sources", "language"]
    tally = kept(path)
    for update in range(100):
        tally.count("telegram", [Count("screen", pages[update % 5], "lo")], update)
        assert len(tally._waiting.updates) <= 8
        assert len(tally._waiting.sums) <= 2
    tally.write()
    found = counted(path)
    assert sum(found.values()) == 100
    lost = found[Cell("2027-01", "telegram", "", "lost")]
    assert 0 < lost < 100 and found[HOME] == 20
    tally.close()


def test_a_file_that_is_moved_away_is_made_anew(path):
    tally = kept(path)
    tally.count("telegram", [SCREEN], 1)
    tally.write()
    january = path.with_name("january.db")
    path.rename(january)
    tally.count("telegram", [SCREEN], 2)
    tally.write()
    tally.close()
    assert counted(path) == {HOME: 1}
    assert counted(january) == {HOME: 1}, "what lay beside it went along"


def test_a_file_that_is_put_in_its_place_goes_on(path):
    backup = TallyFile(path.with_name("backup.db"))
    backup.add([(None, {HOME: 100})])
    backup.close()
    tally = kept(path)
    tally.count("browser", [SCREEN])
    tally.write()
    path.with_name("backup.db").replace(path)
    tally.count("telegram", [SCREEN], 2)
    tally.write()
    tally.close()
    assert counted(path) == {HOME: 101}


@pytest.mark.parametrize("new", [b"_c\xffunted", b"_cxunted"])
def test_a_damaged_file_stops_nobody_whatever_the_library_raises(path, new, caplog):
    TallyFile(path).close()
    _bent(path, b"_counted", new)
    tally = kept(path)
    tally.count("telegram", [SCREEN], 1)
    tally.write()
    assert "Counts wait in memory" in caplog.text or counted(path)
    path.unlink()
    tally._again = 0.0
    tally.write()
    assert counted(path) == {HOME: 1}
    tally.close()


def test_what_could_not_be_written_is_tried_again_by_itself(path, monkeypatch):
    monkeypatch.setattr(keeper, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(keeper, "SOON_SECONDS", 0.01)
    monkeypatch.setattr(file, "LOCK_SECONDS", 0.0)

    async def whole() -> None:
        TallyFile(path).close()
        tally = kept(path)
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        tally.count("browser", [SCREEN])
        tally.soon()
        assert not await tally.keep()
        other.close()
        while tally._waiting:
            await asyncio.sleep(0.01)
        tally.close()

    asyncio.run(asyncio.wait_for(whole(), 10))
    assert counted(path) == {replace(HOME, channel="browser"): 1}


def test_two_threads_may_tell_it_to_write(path):
    tally = kept(path)
    with ThreadPoolExecutor(4) as threads:
        for update in range(200):
            tally.count("telegram", [SCREEN], update)
            threads.submit(tally.write)
    tally.close()
    assert counted(path) == {HOME: 200}


def test_a_new_day_is_a_new_cell(path):
    days = [DAY, date(2027, 2, 1)]
    tally = Keeper(path, good, lambda: days[0], CHANNELS)
    tally.count("browser", [SCREEN])
    days.pop(0)
    tally.count("browser", [SCREEN])
    tally.close()
    assert [at.day for at in counted(path)] == ["2027-01-31", "2027-02-01"]


def test_what_waits_at_the_end_is_written_or_told(path, caplog, monkeypatch):
    caplog.set_level(logging.ERROR)
    tally = kept(path)
    tally.count("browser", [SCREEN])
    tally.close()
    assert counted(path) == {replace(HOME, channel="browser"): 1}
    path.write_text("broken")
    monkeypatch.setattr(keeper, "LAST_SECONDS", 0.0)
    tally = kept(path)
    tally.count("browser", [SCREEN])
    tally.close()
    assert caplog.messages[-1].startswith("1 counts were not written.")


def test_an_older_file_is_brought_up_to_date_and_keeps_its_counts(path, monkeypatch):
    tally = TallyFile(path)
    tally.add([(1, {HOME: 3})])
    tally.close()
    later = Migrations(migrations.name)
    later()(file.first)

    @later()
    def second(db: Database) -> None:
        db["_counted"].add_column("note", str)  # type: ignore[union-attr]

    monkeypatch.setattr(file, "migrations", later)
    TallyFile(path).close()
    with closing(sqlite3.connect(path)) as link:
        assert [column.name for column in Database(link)["_counted"].columns] == ["place", "id", "note"]
    assert counted(path) == {HOME: 3}
