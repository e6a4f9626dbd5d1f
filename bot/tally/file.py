"""The file of counts: one table that anybody can read, and the ids by which an update is counted once.

    counts      one row for each cell (see names.py) and origin: n, how often
    _counted    the last update ids
    _sqlite_migrations   which version the schema has (kept by sqlite-utils)

origin marks the file that counted: a random number, made with the file. By it files of several laptops
merge, each once: of two rows of one cell and origin the higher n is the later one.
"""

from __future__ import annotations

import secrets
import sqlite3
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sqlite_utils import Database, Migrations

from bot.book import CHANNELS
from bot.problems import KhuaError
from bot.tally.names import KINDS, LONGEST_KEY, Cell

REMEMBERED = 10_000
"""Update ids that are kept, so that an update that Telegram repeats is counted once."""

LOCK_SECONDS = 2.0
"""How long another program may hold the file."""

CHECKPOINT_SECONDS = 60.0
"""How long what was written may lie in the log beside the file."""

COLUMNS = ("day", "channel", "lang", "kind", "key", "campaign")

migrations = Migrations("tally")


@migrations()
def first(db: Database) -> None:
    """Counts, and the ids of the updates that were counted."""
    channels, kinds = (", ".join(f"'{each}'" for each in names) for names in (CHANNELS, KINDS))
    db.execute(f"""
        CREATE TABLE counts (
            day TEXT NOT NULL CHECK (
                day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]'
                OR day GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
            channel TEXT NOT NULL CHECK (channel IN ({channels})),
            lang TEXT NOT NULL CHECK (length(lang) IN (0, 2, 3) AND lang NOT GLOB '*[^a-z]*'),
            kind TEXT NOT NULL CHECK (kind IN ({kinds})),
            key TEXT NOT NULL CHECK (length(key) <= {LONGEST_KEY} AND key NOT GLOB '*[^a-zA-Z0-9_.+/-]*'),
            campaign TEXT NOT NULL CHECK (length(campaign) <= 8 AND campaign NOT GLOB '*[^a-z0-9]*'),
            origin INTEGER NOT NULL,
            n INTEGER NOT NULL CHECK (n > 0),
            PRIMARY KEY (day, channel, lang, kind, key, campaign, origin)
        ) STRICT, WITHOUT ROWID
    """)
    db.execute("CREATE TABLE _counted (place INTEGER PRIMARY KEY, id INTEGER NOT NULL UNIQUE) STRICT")
    # A number that says which file counted. The schema's version stands elsewhere: this is free for it.
    db.execute(f"PRAGMA user_version = {secrets.randbelow(2**31 - 1) + 1}")


class BadTally(KhuaError):
    """The file of counts cannot be used; the message says why and what to do."""


Update = tuple[int | None, Mapping[Cell, int]]
"""The id of an update (None where the channel has none), and what it counts."""


class TallyFile:
    """The file, open for counting. One thread at a time."""

    def __init__(self, path: Path) -> None:
        """Opens it, or makes it. Raises BadTally."""
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # Only the operator's own account may read it.
            path.touch(mode=0o600)
            link = sqlite3.connect(path, timeout=LOCK_SECONDS, check_same_thread=False, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise BadTally(why(path, error)) from None
        self._link = link
        self._checkpoint, self._beside = time.monotonic(), True
        try:
            link.execute("PRAGMA journal_mode = WAL")
            link.execute("PRAGMA synchronous = FULL")
            link.execute("PRAGMA secure_delete = ON")
            db = Database(link)
            _refuse_newer(db, path)
            migrations.apply(db)
            self._inode = path.stat().st_ino
            self.origin = int(link.execute("PRAGMA user_version").fetchone()[0])
        except BadTally:
            link.close()
            raise
        except Exception as error:  # a damaged file makes sqlite3 and the library raise almost anything
            link.close()
            raise BadTally(why(path, error)) from None

    def add(self, updates: Iterable[Update]) -> None:
        """Counts all of them in one transaction; an update whose id is known is passed over.

        Raises sqlite3.Error, and then nothing of it is counted.
        """
        with self._together() as link:
            for id, cells in updates:
                if id is not None and not self._is_new(id):
                    continue
                link.executemany(_ADD, [(*_values(at), self.origin, n) for at, n in cells.items()])
            link.execute(
                "DELETE FROM _counted WHERE place <= (SELECT max(place) FROM _counted) - ?", (REMEMBERED,)
            )

    def take(self, rows: Iterable[tuple[Cell, int, int]]) -> None:
        """Takes in rows of other files (see `rows`): of each cell and origin the higher n.

        All of them in one transaction. Raises BadTally, and then nothing of it is taken in.
        """
        try:
            with self._together() as link:
                link.executemany(_TAKE, [(*_values(at), origin, n) for at, origin, n in rows])
        except sqlite3.Error as error:
            raise BadTally(why(self.path, error)) from None

    @contextmanager
    def _together(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of what is done in it, or nothing."""
        link = self._link
        link.execute("BEGIN IMMEDIATE")
        try:
            yield link
            link.execute("COMMIT")
        except BaseException:
            if link.in_transaction:
                link.execute("ROLLBACK")
            raise
        self._beside = True

    def _is_new(self, id: int) -> bool:
        return self._link.execute("INSERT OR IGNORE INTO _counted (id) VALUES (?)", (id,)).rowcount == 1

    def is_there(self) -> bool:
        """Whether the file still stands where it was opened: somebody may have moved it away."""
        try:
            return self.path.stat().st_ino == self._inode
        except OSError:
            return False

    def tidy(self, now: bool = False) -> None:
        """Puts what lies in the log beside the file into it, from time to time, or now.

        In that log the order of the counts could be read, batch by batch. Waits for nobody, raises nothing.
        """
        if self._beside and (now or time.monotonic() > self._checkpoint + CHECKPOINT_SECONDS):
            with suppress(sqlite3.Error):
                self._link.execute("PRAGMA busy_timeout = 0")
                busy = self._link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                self._beside = bool(busy)
            with suppress(sqlite3.Error):
                self._link.execute(f"PRAGMA busy_timeout = {int(LOCK_SECONDS * 1000)}")
            self._checkpoint = time.monotonic()

    def close(self) -> None:
        """Writes all into the one file, and lets go of it, also where somebody has moved it away."""
        self.tidy(now=True)
        with suppress(sqlite3.Error):
            self._link.close()


_PUT = """
    INSERT INTO counts (day, channel, lang, kind, key, campaign, origin, n) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET n = """
_ADD = _PUT + "n + excluded.n"
_TAKE = _PUT + "max(n, excluded.n)"


def _values(at: Cell) -> tuple[str, ...]:
    return at.day, at.channel, at.lang, at.kind, at.key, at.campaign


def _refuse_newer(db: Database, path: Path) -> None:
    """Raises BadTally where a later program has changed the schema."""
    known = {each.name for each in migrations.pending(Database(memory=True))}
    newer = [each.name for each in migrations.applied(db) if each.name not in known]
    if newer:
        raise BadTally(f"{path} was written by a newer Khua; update this program, or move the file away")


# ------------------------------------------------------------------ reading


def counted(path: Path) -> dict[Cell, int]:
    """All cells of a file, of all origins together. Raises BadTally, also where there is no file."""
    cells: dict[Cell, int] = {}
    for at, _, n in rows(path):
        cells[at] = cells.get(at, 0) + n
    return cells


def sums(
    path: Path,
    by: tuple[str, ...],
    *,
    since: str = "",
    until: str = "",
    campaign: str = "",
    kinds: Collection[str] = (),
) -> dict[tuple[str, ...], int]:
    """How often, for each combination of values of the columns `by` (some of COLUMNS). Raises BadTally.

    since, until   first and last day, such as 2027-01-31, "" for no end. What is counted by the month is
                   told whole where a part of the month lies between them
    campaign       of it alone, "" for all            kinds   of these alone, all where there are none
    """
    only = [
        "day >= substr(:since, 1, length(day))" if since else "",
        "day <= substr(:until, 1, length(day))" if until else "",
        "campaign = :campaign" if campaign else "",
        f"kind IN ({', '.join(repr(kind) for kind in KINDS if kind in kinds)})" if kinds else "",
    ]
    where = " AND ".join(filter(None, only)) or "TRUE"
    columns = ", ".join(by)
    with _open(path) as link:
        found = link.execute(
            f"SELECT {columns}, sum(n) FROM counts WHERE {where} GROUP BY {columns}",
            {"since": since, "until": until, "campaign": campaign},
        )
        return {row[:-1]: row[-1] for row in found}


def rows(path: Path) -> list[tuple[Cell, int, int]]:
    """Cell, origin, n of every row, in order. Raises BadTally."""
    with _open(path) as link:
        return list(_rows(link))


@contextmanager
def _open(path: Path) -> Iterator[sqlite3.Connection]:
    """The file, to be read alone; what goes wrong with it meanwhile is a BadTally."""
    if not path.is_file():
        raise BadTally(f"there is no {path}; the bot makes it when it counts for the first time")
    try:
        with closing(_reading(path)) as link:
            _refuse_newer(Database(link), path)
            yield link
    except BadTally:
        raise
    except Exception as error:
        raise BadTally(why(path, error)) from None


def _reading(path: Path) -> sqlite3.Connection:
    """The file, to be read alone. In a folder where nothing may be written SQLite needs to be told so."""
    place = path.resolve().as_uri()
    wal = path.with_name(path.name + "-wal")
    try:
        link = sqlite3.connect(f"{place}?mode=ro", uri=True, timeout=LOCK_SECONDS)
        link.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError:
        if wal.exists() and wal.stat().st_size:
            raise
        link = sqlite3.connect(f"{place}?immutable=1", uri=True)
    return link


def _rows(link: sqlite3.Connection) -> Iterator[tuple[Cell, int, int]]:
    order = ", ".join(COLUMNS)
    for *values, origin, n in link.execute(f"SELECT {order}, origin, n FROM counts ORDER BY {order}, origin"):
        yield Cell(*values), origin, n


def why(path: Path, error: Exception) -> str:
    """One line that says what is wrong and what to do."""
    if isinstance(error, OSError):
        return f"{path} cannot be opened: {error.strerror or 'no access'}"
    said = str(error)
    if not isinstance(error, sqlite3.OperationalError) or "no such" in said or "malformed" in said:
        return f"{path} is no tally, or is damaged; move it away (the bot begins a new one), and keep it"
    if "locked" in said:
        return f"{path} is held by another program; close that, and try again"
    if "readonly" in said or "unable to open" in said:
        return f"{path} cannot be written: the folder or the file is read-only"
    if "full" in said:
        return f"{path} cannot be written: the disk is full"
    return f"{path} cannot be used ({type(error).__name__})"
