"""Open data: nobody can tell a small number from all tables together, though he knows k and the rule.

The attacker here asks which counts would have led to the very same files. What is not told in them must be
able to be 1 or less, and k-1 or more.
"""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import combinations, product
from random import Random

import pytest

from bot.cli import main
from bot.figures.publish import OTHER, TAPS, TWO, held_back, split, summary, tables, write
from bot.problems import BadSetting, KhuaError
from bot.talk import no_answer
from bot.talk.tools import names_of
from bot.tally.file import TallyFile
from bot.tally.names import Cell
from tests.books import GOOD, good, real
from tests.tallies import touring

MONTH = "2026-10"
CHECK = "brokers.check"


@cache
def book():
    """The real book, with campaigns."""
    return touring(real(), 12)


@cache
def danger_pages():
    return [id for id, page in book().pages.items() if page.danger]


@dataclass
class World:
    """A month as it may have been, by what the tables split: no table tells more of it than these sums.

    pages, channels   have the same sum         parts   (kind, key, campaign) -> n, what people did on a page
    """

    pages: dict[str, int] = field(default_factory=dict)
    channels: dict[tuple[str, str], int] = field(default_factory=dict)
    starts: dict[str, int] = field(default_factory=dict)
    unanswered: dict[str, int] = field(default_factory=dict)
    danger: int = 0
    parts: dict[tuple[str, str], int] = field(default_factory=dict)

    def cells(self) -> dict[Cell, int]:
        """Counts with these sums. Pages go to channels in order: any other way has the same sums."""
        found: dict[Cell, int] = {}
        room = list(self.channels.items())
        for page, left in self.pages.items():
            while left:
                (channel, lang), free = room.pop(0)
                n = min(left, free)
                found[Cell(MONTH, channel, lang, "screen", page)] = n
                left -= n
                if free > n:
                    room.insert(0, ((channel, lang), free - n))
        of_kinds = {
            **{("start", "home", campaign): n for campaign, n in self.starts.items()},
            **{("unanswered", ideas, ""): n for ideas, n in self.unanswered.items()},
            ("danger", "trouble.now", ""): self.danger,
            **{(*part, ""): n for part, n in self.parts.items()},
        }
        return found | {
            Cell(MONTH, "telegram", "lo", kind, key, campaign): n
            for (kind, key, campaign), n in of_kinds.items()
            if n
        }

    def is_lawful(self) -> bool:
        """Whether it can have happened: what people did on pages is never more than these were opened."""
        return self.danger <= sum(self.pages.get(page, 0) for page in danger_pages()) and all(
            n <= sum(self.pages.get(page, 0) for page in pages_of(part)) for part, n in self.parts.items()
        )

    def branches(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for page, n in self.pages.items():
            found[branch(page)] = found.get(branch(page), 0) + n
        return found


def branch(page: str) -> str:
    return page.split(".")[0]


def pages_of(part: tuple[str, str]) -> list[str]:
    kind, key = part
    if kind == "no_answer":
        return [page.id for page in book().pages.values() if key in page.facts]
    return [CHECK]


def published(world: World, k: int) -> dict[str, list]:
    return tables(book(), world.cells(), k)


# ------------------------------------------------------------------ one sum


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """All ways to make `total` of so many numbers from 0 up."""
    for cuts in combinations(range(total + parts - 1), parts - 1):
        ends = (-1, *cuts, total + parts - 1)
        yield tuple(after - before - 1 for before, after in zip(ends, ends[1:], strict=False))


def told_of(numbers: tuple[int, ...], k: int, rule):
    listed, others = rule({place: n for place, n in enumerate(numbers) if n}, k)
    return tuple(sorted(listed.items())), others


def attack(k: int, parts: int, total: int, rule=split) -> None:
    """Of all ways that lead to the same rows, each part that is not told may be 1, and k-1 or more.

    Where a part is told, he is even told which of the others are not zero.
    """
    ways = defaultdict(list)
    for numbers in compositions(total, parts):
        listed, others = told_of(numbers, k, rule)
        ways[listed, others, tuple(map(bool, numbers)) if listed else ()].append(numbers)
    for (listed, others, _), alike in ways.items():
        hidden = [
            place for place in range(parts) if place not in dict(listed) and any(way[place] for way in alike)
        ]
        assert others == (
            (len(hidden) if listed else "", total - sum(dict(listed).values())) if hidden else ()
        )
        for place in hidden:
            may_be = {numbers[place] for numbers in alike}
            assert min(may_be) <= 1 and max(may_be) >= k - 1, (listed, others, alike)


@pytest.mark.parametrize(("k", "parts", "most"), [(3, 2, 40), (3, 3, 26), (4, 4, 16), (10, 2, 80)])
def test_nobody_can_tell_a_part_of_a_sum(k, parts, most):
    for total in range(k, most):
        attack(k, parts, total)


@pytest.mark.proof
@pytest.mark.parametrize(
    ("k", "parts", "most"), [(3, 5, 26), (4, 3, 70), (5, 4, 40), (10, 3, 100), (10, 4, 60)]
)
def test_nobody_can_tell_a_part_of_larger_sums(k, parts, most):
    for total in range(k, most):
        attack(k, parts, total)


def test_the_rule_takes_in_no_more_than_it_must():
    assert split({"a": 40, "b": 12}, 10) == ({"a": 40, "b": 12}, ())
    assert split({"a": 40, "b": 6, "c": 7, "d": 2}, 10) == ({"a": 40}, (3, 15))
    # A lone small one gets company, and that is the next larger one where it has room.
    assert split({"a": 90, "b": 40, "c": 10, "d": 2}, 10) == ({"a": 90, "b": 40}, (2, 12))


def test_the_attacker_finds_what_a_weaker_rule_gives_away():
    def weaker(counts, k):
        small = [n for n in counts.values() if n < k]
        return {name: n for name, n in counts.items() if n >= k}, (len(small), sum(small)) if small else ()

    with pytest.raises(AssertionError):
        attack(3, 3, 12, weaker)


# ------------------------------------------------------------------ all tables of a month


def unknown(world: World, made: Mapping[str, list]) -> dict[tuple[str, str], int]:
    """What is not zero and not told: (table, name) -> n."""
    told = defaultdict(set)
    for table, rows in made.items():
        for row in rows:
            told[table].add(row[2] if table == "asked-by-page" else row[1])
    cells = {("asked-by-page", page): n for page, n in world.pages.items()}
    cells |= {("asked-by-branch", name): n for name, n in world.branches().items()}
    cells |= {("signs", key): n for (kind, key), n in world.parts.items() if kind == "result"}
    cells |= {("no-answer", key): n for (kind, key), n in world.parts.items() if kind == "no_answer"}
    hidden = {cell: n for cell, n in cells.items() if n and cell[1] not in told[cell[0]]}
    return hidden | ({("danger", ""): world.danger} if world.danger and not made["danger"] else {})


@pytest.mark.parametrize("most", [6, pytest.param(10, marks=pytest.mark.proof)])
def test_nobody_can_tell_a_number_from_all_tables_of_a_small_month(most):
    """All months of four pages, of danger and of a sign, up to a size: which of them look the same?"""
    k, alike = 3, defaultdict(list)
    pages = [CHECK, "brokers.signs", "trouble.now", "costs.loans"]
    for total in range(most + 1):
        for numbers in compositions(total, len(pages)):
            for danger, sign in product(range(min(4, numbers[2]) + 1), range(min(4, numbers[0]) + 1)):
                world = World(
                    dict(zip(pages, numbers, strict=True)),
                    {("telegram", "lo"): total},
                    danger=danger,
                    parts={("result", f"{CHECK}/none"): sign},
                )
                assert world.is_lawful()
                made = published(world, k)
                alike[json.dumps(made)].append((world, unknown(world, made)))
    hidden = 0
    for worlds in alike.values():
        for cell in {cell for _, found in worlds for cell in found}:
            may_be = {found.get(cell, 0) for _, found in worlds}
            hidden += 1
            assert min(may_be) <= 1 and max(may_be) >= k - 1, (cell, worlds)
    assert hidden > 30


# ------------------------------------------------------------------ months of any size


def number(chance: Random, k: int) -> int:
    return chance.choice([chance.randrange(1, k), chance.randrange(k, 2 * k), chance.randrange(k, 40 * k)])


def made_up(chance: Random, k: int) -> World:
    """A lawful month: few or many pages, small and large numbers."""
    pages = {
        page: number(chance, k)
        for page in {*chance.sample(list(book().pages), chance.randrange(2, 25)), "trouble.now", CHECK}
    }
    total = sum(pages.values())
    wheres = chance.sample(
        [(c, lang) for c in ("telegram", "browser", "terminal") for lang in ("lo", "en", "")], 4
    )
    some = sorted(chance.randrange(total + 1) for _ in wheres[1:])
    sizes = [after - before for before, after in zip([0, *some], [*some, total], strict=True)]
    at_most = {("result", f"{CHECK}/{name}"): pages[CHECK] for name in names_of(book().pages[CHECK])}
    at_most |= {
        ("no_answer", id): sum(pages.get(page, 0) for page in pages_of(("no_answer", id)))
        for id in no_answer.phones(book(), book().facts)
    }
    return World(
        pages,
        {where: n for where, n in zip(wheres, sizes, strict=True) if n},
        {id: number(chance, k) for id in chance.sample(list(book().campaigns), 3)},
        {ideas: number(chance, k) for ideas in chance.sample(book().index.ideas, 4)},
        chance.randrange(sum(pages.get(page, 0) for page in danger_pages()) + 1),
        {part: min(most // 4, number(chance, k)) for part, most in at_most.items() if chance.random() < 0.5},
    )


def otherwise(counts: Mapping, target, k: int, large: bool) -> dict:
    """Other numbers of a sum with the same rows, `target` the largest or smallest of what is not told."""
    rows = split(counts, k)
    hidden = [target, *(name for name in counts if name not in rows[0] and name != target)]
    over = sum(counts[name] for name in hidden) - len(hidden)
    before, edge = 1, k
    if not rows[0]:
        # Nothing is told but the sum: this part may be all of it but one, which is another's, or that one.
        total, someone = sum(counts.values()), next(name for name in counts if name != target)
        own = total - 1 if large else 1
        return dict.fromkeys(counts, 0) | {target: own, someone: total - own}
    while before <= over + 1:
        many = -(-over // (edge - 2))
        shares = [(over + place) // many for place in range(many)] if many else []
        if before == 1:
            shares = [edge - 2] * (over // (edge - 2)) + [over % (edge - 2)] * (many > over // (edge - 2))
        numbers = [1] * (len(hidden) - many) + sorted(1 + share for share in shares)
        world = {**counts, **dict(zip(hidden, numbers[::-1] if large else numbers, strict=False))}
        if many < len(hidden) and split(world, k) == rows:
            return world
        before, edge = edge, edge + max(1, edge // 4)
    raise AssertionError(f"{target} can be told from {rows}")


def with_sum(counts: Mapping, target, k: int, large: bool) -> dict:
    """The same for a sum that is told from k on alone."""
    if sum(counts.values()) < k:
        return {target: k - 1 if large else 1}
    return otherwise(counts, target, k, large)


def with_page(world: World, made: Mapping[str, list], page: str, k: int, large: bool) -> World:
    """The month with another number at a page that is not told."""
    here = {other: n for other, n in world.pages.items() if branch(other) == branch(page)}
    if branch(page) in {row[1] for row in made["asked-by-branch"]}:
        return replace(world, pages={**world.pages, **otherwise(here, page, k, large)})
    # A branch that is not told: all of it may have been this page.
    branches = with_sum(world.branches(), branch(page), k, large)
    told = {row[1] for row in made["asked-by-branch"]}
    pages = {other: n for other, n in world.pages.items() if branch(other) in told}
    for name, n in branches.items():
        if name not in told:
            pages[page if name == branch(page) else next(p for p in world.pages if branch(p) == name)] = n
    if not made["asked-by-branch"]:
        return replace(world, pages=pages, channels={("telegram", "lo"): sum(pages.values())})
    return replace(world, pages=pages)


def with_number(world: World, made: Mapping[str, list], cell: tuple[str, str], k: int, large: bool) -> World:
    """The month with another number for one that is not told; else as little on pages as can be."""
    table, name = cell
    kinds = {"signs": "result", "no-answer": "no_answer"}
    told = {(table, row[1]) for table in kinds for row in made[table]}
    less = replace(
        world,
        danger=world.danger if made["danger"] else 0,
        parts={(kind, key): n for (kind, key), n in world.parts.items()
               if any(kinds[table] == kind and key == name for table, name in told)},
    )  # fmt: skip
    if table == "asked-by-page":
        return with_page(less, made, name, k, large)
    if table == "asked-by-branch":
        return with_page(less, made, next(p for p in world.pages if branch(p) == name), k, large)
    if table == "danger":
        listed = {row[1] for row in made["asked-by-branch"]}
        there = [page for page in world.pages if page in danger_pages()]
        if large and not any(branch(page) in listed for page in there):
            less = with_page(less, made, there[0], k, large)
        return replace(less, danger=k - 1 if large else 0)
    part = kinds[table], name
    if not large:
        return less
    listed = {row[2] for row in made["asked-by-page"]}
    here = [page for page in pages_of(part) if page in world.pages]
    if not any(page in listed for page in here):
        less = with_page(less, made, here[0], k, large)
    return replace(less, parts={**less.parts, part: k - 1})


def attack_month(seed: int, k: int) -> int:
    """Could each number that is not told of a month be small, and be large? Returns how many there are."""
    world = made_up(Random(seed), k)
    assert world.is_lawful()
    made = published(world, k)
    hidden = unknown(world, made)
    for cell in hidden:
        for large in (False, True):
            other = with_number(world, made, cell, k, large)
            assert other.is_lawful(), (seed, cell)
            assert published(other, k) == made, (seed, cell, large)
            n = unknown(other, made).get(cell, 0)
            assert n >= k - 1 if large else n <= 1, (seed, cell, n)
    for table, counts in (
        ("starts", world.starts),
        ("unanswered", world.unanswered),
        ("asked-by-channel", world.channels),
    ):
        listed = {row[1:-2] if table == "asked-by-channel" else row[1] for row in made[table]}
        for name in counts:
            if name not in listed and (name[0], name[1] or TWO) not in listed:
                for large in (False, True):
                    changed = with_sum(counts, name, k, large)
                    assert changed[name] >= k - 1 if large else changed[name] <= 1
    return len(hidden)


def test_nobody_can_tell_a_number_from_all_tables():
    assert sum(attack_month(seed, k) for seed in range(12) for k in (3, 10)) > 200


@pytest.mark.proof
@pytest.mark.parametrize("thousand", range(3))
def test_nobody_can_tell_a_number_from_all_tables_of_many_months(thousand):
    for seed in range(1000 * thousand, 1000 * (thousand + 1)):
        attack_month(seed, 3 + seed % 9)


# ------------------------------------------------------------------ the quiz


def quiz(*answers: tuple[str, int], taps: int = 500) -> dict[Cell, int]:
    page = next(page for page in book().pages.values() if page.kind == "quiz")
    cells = {Cell(f"{MONTH}-05", "telegram", "lo", "quiz", key, "poster"): n for key, n in answers}
    return {**cells, Cell(f"{MONTH}-05", "telegram", "lo", "screen", page.id): taps}


def test_of_a_question_right_and_wrong_are_told_together():
    a, b = sorted({name.partition("-")[0] for name in names_of(book().pages["learn.quiz"])})[:2]
    cells = quiz((f"{a}-right", 40), (f"{a}-wrong", 15), (f"{b}-right", 50), (f"{b}-wrong", 5))
    made = tables(book(), cells, 10)["quiz"]
    assert made == [(MONTH, a, "plain", "right", 40), (MONTH, a, "plain", "wrong", 15)]
    # Whoever knows that each question was asked 55 times does not learn which of the two are the five.
    other = quiz((f"{a}-right", 40), (f"{a}-wrong", 15), (f"{b}-right", 1), (f"{b}-wrong", 54))
    assert tables(book(), other, 10)["quiz"] == made


def test_what_was_done_on_a_page_is_told_where_the_page_is_and_has_room():
    a = min(names_of(book().pages["learn.quiz"])).partition("-")[0]
    answers = (f"{a}-right", 40), (f"{a}-wrong", 15)
    assert len(tables(book(), quiz(*answers, taps=64), 10)["quiz"]) == 2
    assert tables(book(), quiz(*answers, taps=63), 10)["quiz"] == []


# ------------------------------------------------------------------ months, files and the command


def counts(*days: str) -> dict[Cell, int]:
    """Each day: 30 taps on the first screen, 12 on a page, 2 on another of its branch."""
    pages = {"home": 30, "legal.overview": 12, "legal.age": 2}
    return {Cell(day, "telegram", "lo", "screen", page): n for day in days for page, n in pages.items()}


def months(made: Mapping[str, list]) -> list[str]:
    return sorted({row[0] for rows in made.values() for row in rows})


def test_only_whole_months_that_are_over_are_told():
    cells = counts("2026-08-31", "2026-09-01", "2026-10-31", "2026-11-01")
    assert months(tables(book(), cells, 10)) == ["2026-08", "2026-09", "2026-10"]
    september = tables(book(), cells, 10, date(2026, 8, 2), date(2026, 9, 30))
    assert months(september) == ["2026-09"]
    assert months(tables(book(), cells, 10, None, date(2026, 9, 29))) == ["2026-08"]


def test_a_month_is_told_alike_whatever_stands_beside_it():
    alone = tables(book(), counts("2026-09-01"), 10)
    beside = tables(book(), counts("2026-08-01", "2026-09-01", "2026-10-01"), 10)
    for name, rows in alone.items():
        assert rows == [row for row in beside[name] if row[0] == "2026-09"]


def test_names_that_the_book_does_not_have_are_left_out():
    strange = {
        Cell("2026-10-01", "telegram", "lo", "screen", "legal.gone"): 70,
        Cell("2026-10-01", "telegram", "lo", "start", "home", "nobody"): 70,
        Cell("2026-10-01", "telegram", "xx", "screen", "home"): 70,
    }
    assert tables(book(), counts("2026-10-01") | strange, 10) == tables(book(), counts("2026-10-01"), 10)


def test_a_k_that_hides_nothing_is_refused():
    with pytest.raises(BadSetting, match="--k 2 hides nothing; it is at least 3"):
        tables(book(), {}, 2)


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_files_are_a_data_package_that_says_what_they_count(tmp_path):
    cells = made_up(Random(5), 10).cells()
    made = tables(book(), cells, 10)
    written = write(book(), made, 10, tmp_path / "new" / "open")
    folder = written[0].parent
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    # Of the specification, version 1: names, paths below, and fields as the files have them.
    assert re.fullmatch(r"[-a-z0-9._/]+", package["name"])
    assert all(source["title"] for source in package["sources"])
    names = [resource["name"] for resource in package["resources"]]
    assert len(set(names)) == len(names) and all(re.fullmatch(r"[-a-z0-9._/]+", name) for name in names)
    assert {resource["path"] for resource in package["resources"]} == {path.name for path in written} - {
        "datapackage.json"
    }
    told = json.loads((folder / "statistics.json").read_text("utf-8"))
    for resource in package["resources"]:
        assert TAPS in resource["description"]
        if resource["format"] != "csv":
            continue
        rows, schema = read(folder / resource["path"]), resource["schema"]
        fields = {field["name"]: field for field in schema["fields"]}
        assert all(field["description"] for field in fields.values())
        assert (folder / resource["path"]).read_text("utf-8").splitlines()[0] == ",".join(fields)
        keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
        assert len(set(keys)) == len(keys)
        for row in rows:
            assert re.fullmatch(r"[0-9]{4}-[0-9]{2}", row["month"])
            for name, value in row.items():
                limits = fields[name]["constraints"]
                assert value or not limits["required"]
                assert fields[name]["type"] != "integer" or not value or int(value) >= limits["minimum"]
        assert TAPS in told[resource["name"]]["about"]
        assert [
            {name: str(value) for name, value in row.items()} for row in told[resource["name"]]["rows"]
        ] == rows
        if "heldBack" in resource:
            assert resource["heldBack"]["n"] == sum(int(row["n"]) for row in rows if OTHER in row.values())


def test_what_was_held_back_is_what_stands_in_the_tables():
    made = tables(book(), {**counts("2026-10-01"), **quiz(taps=40)}, 10)
    assert held_back(made["asked-by-page"]) == (0, 14)
    assert list(summary(made))[2] == f"asked-by-page: rows 3; held back: 14 in 1 row {OTHER}"


def test_the_command_publishes(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("KHUA_CONTENT", str(GOOD))
    monkeypatch.setenv("KHUA_DATA", str(tmp_path))
    assert main(["stats", "publish", str(tmp_path / "out")]) == 1
    tally = TallyFile(tmp_path / "tally.db")
    tally.add([(None, {Cell("2025-01-31", "telegram", "lo", "screen", "home"): 12})])
    tally.close()
    capsys.readouterr()
    assert main(["stats", "publish", str(tmp_path / "out")]) == 0
    assert read(tmp_path / "out" / "asked-by-page.csv") == [
        {"month": "2025-01", "branch": "home", "page": "home", "parts": "1", "n": "12"}
    ]
    assert main(["stats", "publish", str(tmp_path / "out"), "--k", "13"]) == 0
    assert read(tmp_path / "out" / "asked-by-page.csv") == []
    assert "no month that is over has enough counts" in capsys.readouterr().out
    assert main(["stats", "publish", str(tmp_path / "out"), "--k", "0"]) == 2
    assert main(["stats", "publish", str(tmp_path / "tally.db")]) == 1
    said = capsys.readouterr().err
    assert "--k 0 hides nothing" in said and "tally.db cannot be written" in said


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(KhuaError, match="file cannot be written"):
        write(good(), tables(good(), {}, 10), 10, tmp_path / "file")
