"""Merging: each count once, whatever comes twice, late or in another order; all of it or nothing."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cli import main
from bot.figures.merge import merge
from bot.problems import BadSetting, KhuaError
from bot.tally.file import BadTally, TallyFile, counted, migrations, rows
from bot.tally.names import Cell
from tests.books import GOOD, good

HOME, FEES, CHECK = (
    Cell("2027-01-31", "telegram", "lo", "screen", page) for page in ("home", "costs.fees", "brokers.check")
)
CELLS = (HOME, FEES, CHECK)


def tally(path, *counts):
    """Counts into the file, which is made where it is missing."""
    open_ = TallyFile(path)
    open_.add([(None, cells) for cells in counts])
    open_.close()
    return path


@pytest.fixture
def laptops(tmp_path):
    """Two laptops that counted."""
    one = tally(tmp_path / "one.db", {HOME: 3, FEES: 1})
    return one, tally(tmp_path / "two.db", {HOME: 4, CHECK: 2})


def test_counts_of_all_files_come_together(laptops, tmp_path):
    into = tmp_path / "data" / "tally.db"
    lines = merge(good(), laptops, into)
    assert counted(into) == {HOME: 7, FEES: 1, CHECK: 2}
    assert len({origin for _, origin, _ in rows(into)}) == 2
    assert lines == [
        f"{laptops[0]}: 4 of its 4 counts are new",
        f"{laptops[1]}: 6 of its 6 counts are new",
        f"{into} has 10 counts now",
    ]


def test_a_file_that_comes_twice_counts_once(laptops, tmp_path):
    into = tally(tmp_path / "tally.db", {HOME: 1})
    merge(good(), [*laptops, laptops[0]], into)
    copy = shutil.copy(laptops[0], tmp_path / "copy.db")
    assert merge(good(), [copy], into)[0] == f"{copy}: nothing new"
    assert counted(into) == {HOME: 8, FEES: 1, CHECK: 2}


def test_of_an_older_and_a_newer_state_the_newer_counts(laptops, tmp_path):
    one, _ = laptops
    older = shutil.copy(one, tmp_path / "older.db")
    tally(one, {HOME: 5, CHECK: 1})
    for number, order in enumerate([(older, one), (one, older)]):
        into = tmp_path / f"into{number}.db"
        for path in order:
            merge(good(), [path], into)
        assert counted(into) == {HOME: 8, FEES: 1, CHECK: 1}


def test_counts_that_came_by_another_file_are_known(laptops, tmp_path):
    hub, far = tmp_path / "hub.db", tmp_path / "far.db"
    merge(good(), laptops, hub)
    merge(good(), [laptops[1], hub, laptops[0]], far)
    assert counted(far) == counted(hub)


def test_what_is_counted_afterwards_adds_up(laptops, tmp_path):
    into = tally(tmp_path / "tally.db", {HOME: 1})
    merge(good(), laptops, into)
    tally(into, {HOME: 2})
    merge(good(), laptops, into)
    assert counted(into)[HOME] == 10


steps = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(CELLS), st.integers(1, 9)), min_size=1, max_size=5
)
number = count()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps, data=st.data())
def test_neither_order_nor_repetition_matters(tmp_path, steps, data):
    """Three laptops count; each state that one ever had may come, as long as the last comes at all."""
    here = tmp_path / str(next(number))
    here.mkdir()
    states = []
    for step, (laptop, at, n) in enumerate(steps):
        states.append(shutil.copy(tally(here / f"{laptop}.db", {at: n}), here / f"state{step}.db"))
    into = here / "into.db"
    groups = data.draw(st.permutations([*states, *states[:2]]))
    cut = data.draw(st.integers(0, len(groups)))
    for group in filter(None, (groups[:cut], groups[cut:])):
        merge(good(), group, into)
    wanted: dict[Cell, int] = {}
    for _, at, n in steps:
        wanted[at] = wanted.get(at, 0) + n
    assert counted(into) == wanted


def apart(one, tmp_path):
    """A copy that counted on, as its first did."""
    copy = shutil.copy(one, tmp_path / "copy.db")
    tally(one, {HOME: 1})
    return tally(copy, {CHECK: 1})


@pytest.mark.parametrize("together", [True, False])
def test_copies_that_both_counted_on_are_told(laptops, tmp_path, together):
    one, two = laptops
    copy, into = apart(one, tmp_path), tmp_path / "into.db"
    if not together:
        merge(good(), [one], into)
    before = counted(into) if into.exists() else None
    with pytest.raises(KhuaError, match=r"copies of one file, and both counted on.*leave the other out"):
        merge(good(), [two, one, copy] if together else [two, copy], into)
    assert (counted(into) if into.exists() else None) == before


def bad(kind, path):
    if kind == "corrupt":
        path.write_bytes(b"no file of counts at all " * 400)
    elif kind == "newer":
        tally(path, {HOME: 1})
        with closing(sqlite3.connect(path)) as link:
            table = migrations.migrations_table
            link.execute(
                f"INSERT INTO {table} (migration_set, name, applied_at) VALUES ('tally', 'later', '')"
            )
            link.commit()
    return path


@pytest.mark.parametrize(
    ("kind", "said"), [("missing", "there is no"), ("corrupt", "is damaged"), ("newer", "newer Khua")]
)
def test_one_bad_file_stops_all(laptops, tmp_path, kind, said):
    into = tally(tmp_path / "tally.db", {HOME: 1})
    with pytest.raises(BadTally, match=said):
        merge(good(), [*laptops, bad(kind, tmp_path / "bad.db")], into)
    assert counted(into) == {HOME: 1}


def test_what_the_table_refuses_takes_nothing_in(laptops, tmp_path):
    into = tally(tmp_path / "tally.db", {HOME: 1})
    with closing(sqlite3.connect(laptops[1])) as link:
        link.execute("PRAGMA ignore_check_constraints = ON")
        link.execute("UPDATE counts SET key = 'somebody said this' WHERE key = 'home'")
        link.commit()
    with pytest.raises(BadTally):
        merge(good(), laptops, into)
    assert counted(into) == {HOME: 1}


def test_a_file_does_not_come_into_itself(laptops, tmp_path):
    one, two = laptops
    link = tmp_path / "link.db"
    link.symlink_to(one)
    with pytest.raises(BadSetting, match="is the file that takes in"):
        merge(good(), [two, link], one)
    assert counted(one) == {HOME: 3, FEES: 1}


def test_names_of_another_book_are_kept_and_told(laptops, tmp_path):
    old = Cell("2027-01-31", "telegram", "lo", "screen", "costs.gone")
    into = tmp_path / "tally.db"
    lines = merge(good(), [tally(laptops[0], {old: 2})], into)
    assert "kept, but not in this book: screen costs.gone" in lines
    assert counted(into)[old] == 2


def test_the_command_merges_into_the_file_of_the_settings(laptops, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KHUA_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("KHUA_CONTENT", str(GOOD))
    assert main(["stats", "merge", *map(str, laptops)]) == 0
    assert counted(tmp_path / "data" / "tally.db")[HOME] == 7
    assert main(["stats", "merge", str(laptops[0]), "--into", str(laptops[0])]) == 2
    assert main(["stats", "merge", str(tmp_path / "none.db")]) == 1
    said = capsys.readouterr()
    assert "has 10 counts now" in said.out
    assert said.err.count("\n") == 2
