"""The editors' desk: confirmations, sheets of numbers and sheets of words go into the files whole."""

from __future__ import annotations

import asyncio
import csv
import difflib
import html
import io
import json
import re
from pathlib import Path

import pytest

from bot.cli import main
from bot.compiler import compile_book
from bot.desk import calls, review
from bot.desk.folder import Folder
from bot.desk.pencil import Pencil, plain, written
from bot.desk.verify import Confirmation, Unfit, day, role, verify
from bot.problems import KhuaError
from bot.settings import NAMES
from bot.shelf import read_files
from tests.books import CONTENT, DAY, GOOD
from tests.chromium import chromium
from tests.test_cli import Clock

ON = "2026-11-20"
PICTURES = Path("build/proof/desk")


@pytest.fixture
def real(tmp_path, monkeypatch):
    """A copy of the real content, which the commands read and write."""
    return copy(CONTENT, tmp_path / "real", monkeypatch)


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A copy of the tiny good book."""
    return copy(GOOD, tmp_path / "small", monkeypatch)


def copy(source: Path, to: Path, monkeypatch) -> Path:
    for path in source.rglob("*"):
        if path.is_file():
            (to / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            (to / path.relative_to(source)).write_bytes(path.read_bytes())
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KHUA_CONTENT", str(to))
    monkeypatch.setattr("bot.cli.datetime", Clock)
    return to


@pytest.fixture
def khua(capsys):
    def run(*argv: object) -> tuple[int, str, str]:
        try:
            code = main([str(word) for word in argv])
        except SystemExit as end:
            code = int(str(end.code))
        return (code, *capsys.readouterr())

    return run


def confirm(khua, id, on=ON, how="call", by="field officer", *more):
    return khua("facts", "verify", id, "--on", on, "--how", how, "--by", by, *more)


def state(khua, id):
    return {row["id"]: row["state"] for row in json.loads(khua("facts", "--json")[1])}[id]


def diff(before: str, after: str) -> list[str]:
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def text(folder: Path, path: str) -> str:
    return (folder / path).read_text("utf-8")


# ------------------------------------------------------------------ verify


def test_a_test_call_that_was_answered(khua, real):
    before = text(real, "facts/phones.yaml")
    code, out, err = confirm(khua, "police_th")
    assert (code, err) == (0, "")
    assert out == (
        "police_th: 191 confirmed on 2026-11-20 (call, field officer)\nwritten: facts/phones.yaml\n"
    )
    assert diff(before, text(real, "facts/phones.yaml")) == [
        "-  last_call: never",
        "+  last_call: {on: 2026-11-20, answered: yes, by: field officer}",
        "-      verified: never",
        "+      verified: {on: 2026-11-20, how: call, by: field officer}",
    ]
    assert state(khua, "police_th") == "verified"


@pytest.mark.proof
def test_a_number_that_failed_leaves_first_place_and_its_page_says_so(khua, real):
    first = "en:trouble.documents_taken"
    before = json.loads(khua("show", first, "--json")[1])
    assert [line for line in before["text"].splitlines() if line][1].startswith("1300 (Thailand)*")
    assert "tel:1300" in before["buttons"][0][0]["to"]

    code, out, _ = confirm(khua, "social_th", ON, "call", "field officer", "--result", "no")
    assert (code, out.splitlines()[0]) == (
        0,
        "social_th: 1300 did not answer on 2026-11-20; it leaves first place and its pages say so",
    )
    for lang, said in (("en", "Called on 20 November 2026, nobody answered."), ("lo", "ໂທແລ້ວ ບໍ່ມີຄົນຮັບ")):
        screen = json.loads(khua("show", f"{lang}:trouble.documents_taken", "--json")[1])
        numbers = [line for line in screen["text"].splitlines() if re.match(r"\d{3,4} \(", line)]
        assert not numbers[0].startswith("1300")
        assert numbers[-1].startswith("1300") and "***" in numbers[-1]
        assert said in screen["text"]
        called = [button["to"] for row in screen["buttons"] for button in row if "tel:" in button["to"]]
        assert called[0] != "tel:1300" and called[-1] == "tel:1300"
    assert state(khua, "social_th") == "failed"
    assert "launch-call: social_th did not answer" in khua("check", "--launch")[1]

    assert confirm(khua, "social_th", "2026-11-21")[0] == 0, "it answers the next day"
    assert state(khua, "social_th") == "verified"


@pytest.mark.parametrize(("id", "how"), [("visa_fee", "text"), ("mou_wait", "office"), ("mitrthai", "call")])
def test_values_of_the_day_are_verified(khua, real, id, how):
    assert confirm(khua, id, ON, how, "ເຈົ້າໜ້າທີ່ ພາກສະໜາມ")[0] == 0
    values = next(row for row in json.loads(khua("facts", "--json")[1]) if row["id"] == id)["values"]
    assert values[-1]["verified_by"] == "ເຈົ້າໜ້າທີ່ ພາກສະໜາມ"
    assert [value["verified_how"] for value in values] == [""] * (len(values) - 1) + [how]


def test_a_value_that_held_before(khua, real):
    before = text(real, "facts/money.yaml")
    assert confirm(khua, "visa_fee", "2023-01-31", "text")[0] == 0
    changed = diff(before, text(real, "facts/money.yaml"))
    assert changed == ["-      verified: never",
                       "+      verified: {on: 2023-01-31, how: text, by: field officer}"]  # fmt: skip
    assert state(khua, "visa_fee") == "unverified"


def test_both_sides_of_a_dispute_are_confirmed_and_named(khua, real):
    _, out, _ = confirm(khua, "health_insurance_fee", ON, "text")
    assert out.startswith("health_insurance_fee: 3200 and 990 confirmed")


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("polce_th",), "there is no fact polce_th; did you mean police_th?"),
        (("xyzzy",), "there is no fact xyzzy; khua facts lists them"),
        (("police_th", "2026-02-30"), "'2026-02-30' is no day; write it as 2027-01-31"),
        (("police_th", "20261120"), "'20261120' is no day; write it as 2027-01-31"),
        (("police_th", "2026-11-27"), "2026-11-27 is still to come; today is 2026-11-26"),
        (("police_th", ON, "office"), "police_th is a telephone number: call it, and say --how call"),
        (("police_th", ON, "call", "Somchai Vong"), "'Somchai Vong' looks like a name; "),
        (("police_th", ON, "call", "020 5555 1234"), "'020 5555 1234' is no role; "),
        (("police_th", ON, "call", "a" * 41), "is no role; "),
        (("police_th", ON, "call", ""), "'' is no role; "),
        (("visa_fee", ON, "text", "driver", "--result", "no"), "visa_fee is no telephone number: correct its"
         " value in facts/money.yaml, line 3"),
        (("visa_fee", "2020-01-01", "text"), "visa_fee has no value that holds on 2020-01-01"),
        (("police_la",), "police_la tells 2 numbers, 1191 and 191: first give the wrong one an until:"),
    ],
)  # fmt: skip
def test_what_cannot_be_confirmed_is_one_clear_line(khua, real, argv, said):
    before = read_files(real)
    code, out, err = confirm(khua, *argv)
    assert (code, out) == (2, "")
    assert err.startswith("khua: ") and err.count("\n") == 1 and said in err
    assert read_files(real) == before


def test_what_was_found_out_later_stays(khua, small):
    code, _, err = confirm(khua, "police_th", "2026-09-30")
    assert (code, err) == (2, "khua: police_th was confirmed or called later already, on 2026-10-01\n")
    assert confirm(khua, "police_th", "2026-10-01", "call", "driver")[0] == 0, "that day's can be put right"
    assert "last_call: {on: 2026-10-01, answered: yes, by: driver}" in text(small, "facts/phones.yaml")


def test_a_broken_folder_is_mended_first(khua, small):
    (small / "facts/money.yaml").write_text("visa_fee: {kind: moneyy}", "utf-8")
    before = read_files(small)
    code, _, err = confirm(khua, "police_th")
    assert code == 1 and "facts/money.yaml:1:" in err
    assert read_files(small) == before


def test_nothing_is_written_that_the_compiler_refuses(small):
    folder = Folder(small, DAY)
    folder.pencil("facts/phones.yaml").put(("police_th", "hours"), "sometimes")
    with pytest.raises(KhuaError, match="nothing was written.*sometimes"):
        folder.save()
    assert "sometimes" not in text(small, "facts/phones.yaml")


def test_nothing_is_written_over_what_somebody_else_wrote(small):
    folder = Folder(small, DAY)
    verify(folder, Confirmation("police_th", DAY, "call", "driver"))
    path = small / "facts/phones.yaml"
    path.write_text(path.read_text("utf-8") + "# another editor\n", "utf-8")
    with pytest.raises(KhuaError, match="somebody else"):
        folder.save()
    assert "driver" not in path.read_text("utf-8")


def test_a_file_that_cannot_be_written_is_one_clear_line(khua, small):
    code, out, err = khua("facts", "sheet", small / "nowhere" / "s.csv")
    assert (code, out) == (1, "")
    assert err.startswith("khua: ") and "cannot be written" in err and err.count("\n") == 1


def test_a_write_leaves_nothing_beside_the_file_and_keeps_its_rights(khua, small):
    path = small / "facts/phones.yaml"
    path.chmod(0o640)
    names = sorted(each.name for each in path.parent.iterdir())
    assert confirm(khua, "police_th")[0] == 0
    assert sorted(each.name for each in path.parent.iterdir()) == names
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.proof
def test_every_fact_of_the_real_content_can_be_confirmed(real):
    """All at once: every line but those of the confirmations is as it was."""
    before = read_files(real)
    folder = Folder(real, DAY)
    several = []
    for fact in folder.book.facts.values():
        how = "call" if fact.kind == "phone" else "text"
        try:
            verify(folder, Confirmation(fact.id, DAY, how, "driver", True))  # type: ignore[arg-type]
        except Unfit as wrong:
            several.append(str(wrong))
    folder.save()
    assert all("tells 2 numbers" in each for each in several) and len(several) == 1
    after = read_files(real)
    assert {path.partition("/")[0] for path in after if after[path] != before[path]} == {"facts"}
    for path in after:
        for old, new in zip(before[path].splitlines(), after[path].splitlines(), strict=True):
            assert re.sub(r"(verified|last_call): \{.*?\}", r"\1: never", new) == old
    states = {fact.state for fact in compile_book(after, DAY).facts.values() if fact.id != "police_la"}
    assert states == {"verified"}


# ------------------------------------------------------------------ the pencil

FILE = """\
# ຫົວ
a:   # one
  call: never  # no call yet
  said:
    on: 2026-01-01   # when
    by: 'x'
  cost: {LA: free , "TH": normal,}  # in two countries
  list:
    - lo
    - th   # Thai

  note: >
    folded
    text
b: {kind: x}
"""


def test_the_pencil_changes_the_very_place():
    pencil = Pencil("f.yaml", FILE)
    pencil.put(("a", "call"), {"on": "2026-02-02", "by": "field officer: boss"})
    pencil.put(("a", "said"), {"on": "2026-02-02", "by": "y", "how": "call"})
    pencil.put(("a", "cost"), {"TH": "free", "MM": "unknown"})
    pencil.put(("a", "list"), ["en", "ລາວ", "th"])
    pencil.put(("b", "kind"), "y")
    pencil.put(("b", "more"), ["1", "2"])
    assert pencil.text() == (
        FILE.replace("never ", '{on: 2026-02-02, by: "field officer: boss"} ')
        .replace("2026-01-01 ", "2026-02-02 ")
        .replace("by: 'x'", "by: y\n    how: call")
        .replace("normal,", "free, MM: unknown,")
        .replace("- lo\n    - th   # Thai", "- en\n    - ລາວ\n    - th   # Thai")
        .replace("{kind: x}", "{kind: y, more: [1, 2]}")
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# none yet\n[]\n", "# none yet\n- {a: b}\n- {a: c}\n"),
        ("# none yet\n[]  # why\n", "# none yet\n- {a: b}\n- {a: c}  # why\n"),
        ("", "- {a: b}\n- {a: c}\n"),
        ("# none yet", "# none yet\n- {a: b}\n- {a: c}\n"),
        ("- a: x\n  # y\n# z\n", "- a: x\n- {a: b}\n- {a: c}\n  # y\n# z\n"),
        ("  - {a: x} # y", "  - {a: x} # y\n  - {a: b}\n  - {a: c}\n"),
        ("[{a: x}]\n", "[{a: x}, {a: b}, {a: c}]\n"),
    ],
)
def test_the_pencil_adds_to_a_list(before, after, end):
    pencil = Pencil("f.yaml", before.replace("\n", end))
    pencil.append({"a": "b"})
    pencil.append({"a": "c"})
    breaks = end if "\n" in before else "\n"
    assert pencil.text() == after.replace("\n", breaks)


def test_the_pencil_does_not_write_what_it_cannot():
    pencil = Pencil("f.yaml", "a:\n  - b  # why b\n  - c\n")
    with pytest.raises(KhuaError, match="f.yaml:3: a comment stands inside this list"):
        pencil.put(("a",), ["d"])
    pencil = Pencil("f.yaml", "? a\n: b\n")
    pencil.put(("c",), "d")
    pencil._wanted = {"a": "b"}
    with pytest.raises(KhuaError, match=r"f\.yaml is laid out in a way"):
        pencil.text()


@pytest.mark.parametrize(
    "value",
    ["a b", "ເຈົ້າໜ້າທີ່", "a: b", "# x", "- x", "'", '"', "yes", "2026-01-01", "", " a", "a,b", "{x}", "\t", "~"],
)
def test_what_is_written_reads_the_same(value):
    said = f"k: {written({'a': value, 'l': [value, value]})}\n"
    assert plain(Pencil("f.yaml", said).root) == {"k": {"a": value, "l": [value, value]}}


def test_roles_and_days():
    assert role("  field   officer ") == "field officer"
    assert role("ຄູ\u200bສອນ") == "ຄູສອນ"
    assert role("IOM officer") == "IOM officer"
    for name in ("Somchai", "Field Officer", "a@b.la", "x; y", "-", "#1", ""):
        with pytest.raises(Unfit):
            role(name)
    assert day("2026-11-26", DAY) == DAY


# ------------------------------------------------------------------ the sheet of numbers


def sheet_of(folder: Path) -> list[dict[str, str]]:
    said = calls.sheet(Folder(folder, DAY).book)
    assert said.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(said.decode("utf-8-sig"), newline="")))


def fill(path: Path, rows: list[dict[str, str]], delimiter=",", encoding="utf-8-sig", **filled) -> Path:
    """Writes the sheet with what somebody filled in: id={column: value}."""
    with path.open("w", encoding=encoding, newline="") as file:
        out = csv.DictWriter(file, rows[0], delimiter=delimiter)
        out.writeheader()
        out.writerows({**row, **filled.get(row["id"], {})} for row in rows)
    return path


def called(answered="yes", on=ON, by="field officer", **more):
    return {"on": on, "answered?": answered, "by": by, **more}


def test_the_sheet_has_all_numbers_and_both_names(khua, real, tmp_path):
    path = tmp_path / "numbers.csv"
    code, out, _ = khua("facts", "sheet", path)
    assert (code, out) == (0, f"{path} is written; when it is filled in: khua facts sheet {path} --import\n")
    rows = sheet_of(real)
    assert path.read_bytes() == calls.sheet(Folder(real, DAY).book)
    assert list(rows[0]) == [
        "id", "number", "country", "name (lo)", "name (en)", "what to ask", "hours", "languages",
        "cost from a Lao SIM", "cost from a Thai SIM", "on", "answered?", "by", "remark",
    ]  # fmt: skip
    named = {row["id"]: row for row in rows}
    phones = [fact.id for fact in Folder(real, DAY).book.facts.values() if fact.kind == "phone"]
    assert list(named) == phones
    assert named["police_th"]["name (lo)"] == "ຕຳຫຼວດ" and named["police_th"]["name (en)"] == "Police"
    assert (named["issara_th"]["number"], named["issara_th"]["languages"]) == ("1-800-010-182", "lo th")
    assert named["police_la"]["number"] == "1191 / 191"
    assert "call each" in named["police_la"]["what to ask"]
    assert "call each" not in named["issara_th"]["what to ask"]
    assert all("nobody is in danger" in row["what to ask"] for row in rows)


def test_a_sheet_is_never_written_over_a_filled_one(khua, real, tmp_path):
    path = fill(tmp_path / "n.csv", sheet_of(real), police_th=called())
    before = path.read_bytes()
    code, _, err = khua("facts", "sheet", path)
    assert code == 2 and err.startswith(f"khua: {path} is there already; ")
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "delimiter",
    [",", pytest.param(";", marks=pytest.mark.proof), pytest.param("\t", marks=pytest.mark.proof)],
)
def test_a_filled_sheet_comes_back(khua, real, tmp_path, delimiter):
    before = text(real, "facts/phones.yaml")
    path = fill(
        tmp_path / "n.csv", sheet_of(real), delimiter,
        police_th=called(hours="always", languages="th, en", **{"cost from a Thai SIM": "free"}),
        women_la=called("No", "20/11/2026", remark="rang for\nlong\x1b[31m"),
        iom_th=called(number="6623439300", languages=""),
        youth_la={"remark": "call in the evening"},
    )  # fmt: skip
    code, out, err = khua("facts", "sheet", path, "--import")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "police_th: 191 confirmed on 2026-11-20 (call, field officer)",
        "police_th: hours: always",
        "police_th: cost from a Thai SIM: free",
        "police_th: languages: th en",
        "iom_th: +66 2 343 9300 confirmed on 2026-11-20 (call, field officer)",
        "women_la: 1362 did not answer on 2026-11-20; it leaves first place and its pages say so",
        "women_la: remark: rang for long [31m",
        "youth_la: remark: call in the evening",
        "written: facts/phones.yaml",
    ]
    answered = "{on: 2026-11-20, answered: yes, by: field officer}"
    assert diff(before, text(real, "facts/phones.yaml")) == [
        "-  hours: unknown", "-  languages: unknown", "-  cost: {LA: unknown, TH: unknown}",
        "-  last_call: never",
        "+  hours: always", "+  languages: [th, en]", "+  cost: {LA: unknown, TH: free}",
        f"+  last_call: {answered}",
        "-      verified: never", "+      verified: {on: 2026-11-20, how: call, by: field officer}",
        "-  last_call: never", f"+  last_call: {answered}",
        "-      verified: never", "+      verified: {on: 2026-11-20, how: call, by: field officer}",
        "-  last_call: never", "+  last_call: {on: 2026-11-20, answered: no, by: field officer}",
    ]  # fmt: skip
    assert khua("facts", "sheet", path, "--import")[1].endswith("nothing to write\n"), "twice is once"


def test_an_empty_sheet_changes_nothing(khua, real, tmp_path):
    path = fill(tmp_path / "n.csv", sheet_of(real))
    assert khua("facts", "sheet", path, "--import") == (0, "nothing to write\n", "")


def test_a_cost_that_was_not_there_is_added(khua, small, tmp_path):
    path = fill(
        tmp_path / "n.csv", sheet_of(small), women_la=called(**{"cost from a Thai SIM": "impossible"})
    )
    assert khua("facts", "sheet", path, "--import")[0] == 0
    assert "cost: {LA: free, TH: impossible}" in text(small, "facts/phones.yaml")


def test_all_that_is_wrong_is_said_at_once_and_nothing_is_written(khua, real, tmp_path):
    before = read_files(real)
    rows = sheet_of(real)
    path = fill(
        tmp_path / "n.csv", [*rows, rows[0], {**rows[0], "id": "polce_th"}, {**rows[0], "id": "visa_fee"}],
        ambulance_th=called("perhaps", "2026-12-24", "Somchai"),
        fire_th=called(on="5/6/2026", by="", number="198"),
        social_th=called(hours="sometimes", languages="Lao", **{"cost from a Lao SIM": "cheap"}),
        childline_th={"on": ON},
        labour_protection_th={"answered?": "yes"},
        labour_ministry_th={"hours": "office", "languages": "th"},
        police_la=called(),
        women_la=called(),
    )  # fmt: skip
    code, out, err = khua("facts", "sheet", path, "--import")
    assert (code, out) == (1, "")
    *lines, end = err.splitlines()
    assert end == f"khua: {path} has 10 errors; nothing of it was taken in"
    number = {row["id"]: place for place, row in enumerate(rows, 2)}
    assert f"{path}:{number['childline_th']}:1: sheet-row: childline_th: answered? is empty;" in err
    assert {re.sub(r"^.*sheet-row: |(?<=yaml, line )\d+", "", line) for line in lines} == {
        "ambulance_th: answered? is 'perhaps'; write yes or no; on: 2026-12-24 is still to come; today is"
        " 2026-11-26; by: 'Somchai' looks like a name; write a role in small letters, such as field officer,"
        " never a name",
        "fire_th: the sheet has the number 198, the content 199; on: '5/6/2026' can be two days; write it as"
        " 2027-01-31; by is empty; write a role, such as field officer",
        "social_th: hours is 'sometimes'; write always, office or unknown; cost from a Lao SIM is 'cheap';"
        " write free, normal, impossible or unknown",
        "childline_th: answered? is empty; by is empty; write a role, such as field officer",
        "labour_protection_th: on is empty; by is empty; write a role, such as field officer",
        "labour_ministry_th: hours, languages changed, but on and answered? are empty",
        "police_la tells 2 numbers, 1191 and 191: first give the wrong one an until: and write disputed: no,"
        " in facts/phones.yaml, line ",
        f"police_th stands also in line {number['police_th']}; keep one of the two",
        "there is no fact polce_th; did you mean police_th?",
        "visa_fee is no telephone number",
    }
    assert read_files(real) == before


def test_a_file_that_is_no_sheet(khua, real, tmp_path):
    path = tmp_path / "n.csv"
    code, _, err = khua("facts", "sheet", path, "--import")
    assert (code, err) == (1, f"khua: {path} cannot be read: No such file or directory\n")
    path.write_bytes("id,ຊື່\n".encode("utf-16"))
    assert "is not UTF-8; in the spreadsheet, save it as" in khua("facts", "sheet", path, "--import")[2]
    path.write_text("id,number\n", "utf-8")
    assert f"{path}:1:1: sheet-columns: the columns hours, " in khua("facts", "sheet", path, "--import")[2]
    path.write_text("", "utf-8")
    assert "sheet-columns" in khua("facts", "sheet", path, "--import")[2]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-11-20", "2026-11-20"), ("2026/1/2", "2026-01-02"), ("20/11/2026", "2026-11-20"),
        ("11/20/2026", "2026-11-20"), ("3.3.2026", "2026-03-03"), ("soon", "soon"),
    ],
)  # fmt: skip
def test_days_as_spreadsheets_write_them(said, day):
    assert calls._iso(said) == day


def test_the_words_of_the_sheet_are_those_of_the_content():
    """The compiler takes every word that the sheet offers, and has no other."""
    from bot.compiler.fields import FACT, MapOf, Scalar

    types = {field.name: field.type for field in FACT.fields}
    cost = types["cost"]
    assert isinstance(cost, MapOf)
    for name, words in calls.ASKED.items():
        kind = types["hours"] if name == "hours" else cost.each
        assert isinstance(kind, Scalar) and set(kind.what.split(" or ")) == set(words)


# ------------------------------------------------------------------ the sheet of words


def answers(folder: Path, *pages: str, lang="lo", **more) -> dict:
    """What the sheet of a folder saves where these pages are ticked."""
    made = review.sheet(Folder(folder, DAY), lang).decode()
    found = re.findall('data-page="(.*?)" data-fingerprint="(.*?)" data-beside="(.*?)"', made)
    marks = {page: (mark, json.loads(html.unescape(beside))) for page, mark, beside in found}
    return {
        "reviews": [
            {"page": page, "lang": lang, "kind": "native", "fingerprint": marks[page][0],
             "beside": marks[page][1], "on": ON, "role": "teacher", **more}
            for page in pages
        ],
        "remarks": [],
    }  # fmt: skip


def saved(path: Path, said: object) -> Path:
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1), "utf-8")
    return path


def test_the_sheet_of_words_is_one_file_without_an_outside_request(khua, real, tmp_path):
    path = tmp_path / "words.html"
    assert khua("review", "sheet", path)[0] == 0
    said = path.read_text("utf-8")
    assert not re.search(r"https?:|<link(?! rel=\"icon\" href=\"data:,\")|src=|@import|url\(", said)
    assert "<!--" not in said
    book = Folder(real, DAY).book
    assert re.findall(r'<section id="([a-z_.]+)"', said) == [*book.pages, "lines"]
    assert "<mark>500 ບາດ (2023)*</mark>" in said and "<mark>500 baht (2023)*</mark>" in said
    assert "{visa_fee}" not in said
    state = said.split("<code>brokers.check</code>")[1].split("</p>")[0]
    assert "ຕ້ອງອ່ານກວດ ກ່ອນເປີດໃຊ້." in state and "Must be read before launch." in state
    assert ">ຂຽນຖືກ" not in said and "Tick “Yes”" in said and "ໃຫ້ໝາຍ “ຖືກ”" in said, "it speaks both languages"
    assert "<h3>keeping_papers: says</h3>" in said, "what a law says is words to be read"
    assert '<h3>no_person</h3><p lang="lo">' in said, "and so are the program's own"
    assert "<h3>questions: keeps_passport: ask</h3>" in said, "the words of a tool are there as well"
    assert "<code>visa_fee</code>" in said


def test_the_sheet_of_another_language(khua, small, tmp_path):
    path = tmp_path / "words.html"
    assert khua("review", "sheet", path, "--lang", "en")[0] == 0
    said = path.read_text("utf-8")
    assert said.index(">Fees</p>") < said.index('<p lang="lo" class=beside>ຄ່າໃຊ້ຈ່າຍ</p>')
    assert "A native reader has read it." in said and "Not read yet." in said
    path.unlink()
    words = small / "lo/pages.yaml"
    words.write_text(words.read_text("utf-8").replace("- ຂໍໃບຮັບເງິນ.", "- ໃຫ້ຂໍໃບຮັບເງິນ."), "utf-8")
    assert khua("review", "sheet", path, "--lang", "en")[0] == 0
    state = path.read_text("utf-8").split("<code>costs.fees</code>")[1].split("</p>")[0]
    assert "Read once, but words changed since" in state
    assert khua("review", "sheet", path, "--lang", "fr") == (2, "", "khua: --lang fr: the book has lo, en\n")


def test_words_cannot_break_the_sheet(small):
    path = small / "en/pages.yaml"
    path.write_text(
        path.read_text("utf-8").replace(
            "text: Are you safe?", 'text: "Safe <script>x</script> & \\"<!--pages-->?"'
        )
    )
    said = review.sheet(Folder(small, DAY), "lo").decode()
    assert "<script>x" not in said and "&lt;script&gt;x&lt;/script&gt; &amp; &quot;&lt;!--pages--&gt;" in said


@pytest.mark.proof
def test_reviews_come_back_and_launch_counts_them(khua, real, tmp_path):
    before = khua("check", "--launch")[1]
    assert "no native reader has read trouble.now in lo" in before
    said = answers(real, "trouble.now", "home", role="ຄູສອນ")
    said["reviews"] += answers(real, "brokers.signs", kind="legal")["reviews"]
    said["remarks"] = [{"page": "legal.limits", "lang": "lo", "remark": 'ຄຳ\u200bນີ້ "x"\n& better'}]
    code, out, err = khua("review", "import", saved(tmp_path / "a.json", said))
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "trouble.now lo native 2026-11-20 ຄູສອນ",
        "home lo native 2026-11-20 ຄູສອນ",
        "brokers.signs lo legal 2026-11-20 teacher",
        'legal.limits lo: remark: ຄຳ ນີ້ "x" & better',
        "written: reviewed.yaml",
    ]
    lines = text(real, "reviewed.yaml").splitlines()
    assert lines[0].startswith("# Pages that a person has read")
    assert re.fullmatch(
        r"- \{page: trouble\.now, lang: lo, kind: native, fingerprint: [0-9a-f]{12},"
        r" beside: \{en: [0-9a-f]{12}\}, on: 2026-11-20,"
        r" role: ຄູສອນ\}",
        lines[1],
    )
    after = khua("check", "--launch")[1]
    assert "no native reader has read trouble.now in lo" not in after
    assert "no native reader has read trouble.now in en" in after
    assert "no native reader has read brokers.signs in lo" in after, "a lawyer is no native reader"
    assert khua("review", "import", tmp_path / "a.json")[1].endswith("nothing to write\n"), "twice is once"


def test_what_is_there_stays(khua, small, tmp_path):
    before = text(small, "reviewed.yaml")
    assert khua("review", "import", saved(tmp_path / "a.json", answers(small, "home")))[0] == 0
    assert text(small, "reviewed.yaml").startswith(before)
    assert len(text(small, "reviewed.yaml").splitlines()) == len(before.splitlines()) + 1


def change(folder: Path, path: str, old: str, new: str) -> None:
    whole = text(folder, path)
    assert whole.count(old) == 1
    (folder / path).write_text(whole.replace(old, new), "utf-8")


def unread(khua) -> list[str]:
    """Pages, with their languages, that must be read before launch."""
    return re.findall(r"launch-read: ([a-z._]+ in [a-z]+): words changed", khua("check", "--launch")[1])


def test_another_word_outdates_a_review_in_all_languages_and_another_value_in_none(khua, small):
    change(small, "facts/money.yaml", "value: 500", "value: 700")
    assert "700 baht" in khua("show", "en:costs.fees")[1]
    assert khua("check", "--launch")[:2] == (0, "clean\n")
    assert "Draft" not in khua("show", "en:costs.fees")[1]
    change(small, "en/pages.yaml", "title: Fees", "title: The fees")
    assert unread(khua) == ["costs.fees in en", "costs.fees in lo"]
    assert "Draft: read once, but words changed since then." in khua("show", "en:costs.fees")[1]
    assert "Draft: no native reader has read this page yet." in khua("show", "en:home")[1]


def test_what_a_law_says_is_words_of_the_pages_that_tell_it(khua, small):
    change(small, "en/facts.yaml", "whoever works needs a permit", "whoever works must have a permit")
    assert unread(khua) == [
        "brokers.check in en",
        "costs.fees in en",
        "brokers.check in lo",
        "costs.fees in lo",
    ]


def test_a_change_of_spelling_alone_keeps_the_reviews(khua, small):
    change(small, "en/pages.yaml", "title: Fees", "title: Feess")
    assert khua("review", "spelling", "costs.fees", "en", "--by", "editor")[0] == 0
    assert khua("check", "--launch")[:2] == (0, "clean\n")
    change(small, "en/pages.yaml", "title: Feess", "title: Fees.")
    assert khua("review", "spelling", "costs.fees", "en", "--by", "editor")[0] == 0
    assert khua("check", "--launch")[:2] == (0, "clean\n"), "one change after another"
    before = text(small, "reviewed.yaml")
    assert (
        "the words are those that were read last"
        in khua("review", "spelling", "lines", "lo", "--by", "editor")[1]
    )
    for page, lang, by, said in (
        ("home", "en", "editor", "nobody has read home in en, so that there is no review to keep"),
        ("costs.fee", "en", "editor", "there are no words of costs.fee in en; did you mean costs.fees?"),
        ("costs.fees", "fr", "editor", "there are no words of costs.fees in fr"),
    ):
        assert khua("review", "spelling", page, lang, "--by", by) == (2, "", f"khua: {said}\n")
    assert text(small, "reviewed.yaml") == before


def test_words_that_changed_beside_the_reader_are_told_at_once(khua, small, tmp_path):
    said = answers(small, "home")
    change(small, "en/pages.yaml", "title: Hello", "title: Good day")
    out = khua("review", "import", saved(tmp_path / "a.json", said))[1]
    assert out.startswith(
        "home lo native 2026-11-20 teacher: outdated already, since the words in en changed\n"
    )


def test_about_the_bot_counts_what_was_read_by_whom(khua, small, tmp_path):
    assert khua("review", "import", saved(tmp_path / "a.json", answers(small, "home", kind="legal")))[0] == 0
    change(
        small, "tree/pages.yaml", "up: home, go: [brokers.check]", "up: home, go: [brokers.check, about.bot]"
    )
    with (small / "tree/pages.yaml").open("a", encoding="utf-8") as tree:
        tree.write("about.bot: {up: home, kind: about}\n")
    for lang in ("lo", "en"):
        with (small / lang / "pages.yaml").open("a", encoding="utf-8") as words:
            words.write("about.bot: {title: Khua, text: Khua., next: Khua.}\n")
    told = khua("show", "en:about.bot")[1]
    assert "Of 8 pages a native reader has read 4, a lawyer 0. The organisation has cleared 0." in told
    assert "4, ທະນາຍຄວາມ 1, " in khua("show", "lo:about.bot")[1]


def test_a_note_is_no_word(khua, small):
    words = small / "en/pages.yaml"
    words.write_text(
        words.read_text("utf-8").replace("  title: Fees", "  note: for you\n  title: Fees"), "utf-8"
    )
    assert khua("check", "--launch")[:2] == (0, "clean\n")


def test_all_that_is_wrong_with_answers_is_said_at_once(khua, small, tmp_path):
    said = answers(small, "home", "costs.fees", "trouble.now", "brokers.check")
    one, two, three, four = said["reviews"]
    one["page"] = "homee"
    two["fingerprint"] = "0123456789ab"
    three["on"] = "2026-11-27"
    three["role"] = "Noy"
    four["lang"] = "th"
    said["remarks"] = [{"page": "nowhere", "lang": "lo", "remark": "x"}]
    before = read_files(small)
    path = saved(tmp_path / "a.json", said)
    code, out, err = khua("review", "import", path)
    assert (code, out) == (1, "")
    lines = [re.sub(r"^\d+:\d+: ", "", line.removeprefix(f"{path}:")) for line in err.splitlines()]
    assert lines == [
        "unknown-page: there is no page homee; did you mean home?",
        "other-words: the words of costs.fees in lo are not those that were read (8289b9d12449 now);"
        " make a new sheet and let them be read again",
        "review-day: 2026-11-27 is still to come; today is 2026-11-26",
        "review-role: 'Noy' looks like a name; write a role in small letters, such as field officer, never"
        " a name",
        "unknown-language: brokers.check has no words in th; languages are lo, en",
        "unknown-page: there is no page nowhere; khua pages lists them",
        f"khua: {path} has 6 errors; nothing of it was taken in",
    ]
    assert read_files(small) == before


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("hello", "wrong-type"),
        ("", "missing-field"),
        ("{", "yaml-syntax"),
        ("[]", "wrong-type"),
        ('{"reviews": [{"page": "home"}]}', "missing-field"),
        ('{"reviews": [], "x": 1}', "unknown-field"),
        ('{"reviews": [{"page": 1, "lang": [], "kind": "friend", "on": "", "role": " "}]}',
         "kind is 'friend'"),
    ],
)  # fmt: skip
def test_answers_of_another_shape(khua, small, tmp_path, said, wrong):
    (tmp_path / "a.json").write_text(said, "utf-8")
    code, _, err = khua("review", "import", tmp_path / "a.json")
    assert code == 1 and wrong in err, err


def test_review_needs_a_word(khua, small):
    assert khua("review")[0] == 2


# ------------------------------------------------------------------ in a browser


@pytest.mark.proof
def test_the_sheet_of_words_in_a_browser(khua, real, tmp_path):
    path = tmp_path / "words.html"
    assert khua("review", "sheet", path)[0] == 0

    async def go() -> None:
        async with chromium() as page:
            for width in (320, 1280):
                await page.viewport(width, 800)
                await page.goto(path.as_uri())
                assert await page.evaluate("document.documentElement.scrollWidth") == width
                await page.screenshot(PICTURES / f"top-{width}.png")
                await page.evaluate("document.getElementById('costs.who_pays').scrollIntoView()")
                await page.screenshot(PICTURES / f"page-{width}.png")
            assert await page.evaluate("document.getElementById('save').hasAttribute('href')") is False
            await page.click("#home input[name=yes]")
            assert "role" in await page.evaluate("document.getElementById('said').textContent")
            await page.click("#role")
            await page.write("ຄູສອນ")
            await page.evaluate("document.getElementById('on').value = '2026-11-20'")
            await page.click("#home textarea")
            await page.write('ດີ "x" #% & ແຕ່')
            link = await page.evaluate("document.getElementById('save').href")
            name = await page.evaluate("document.getElementById('save').download")
            told = await page.evaluate(f"fetch({json.dumps(link)}).then(r => r.text()).catch(() => '')")
            assert told == "", "the page may ask for nothing, not even for that"
            (tmp_path / name).write_text(
                await page.evaluate("document.getElementById('text').value"), "utf-8"
            )
            assert name == "khua-review-lo-2026-11-20.json"
            outside = {url for url in page.requests if url.partition(":")[0] not in ("file", "data", "about")}
            assert not outside

    asyncio.run(go())
    code, out, _ = khua("review", "import", tmp_path / "khua-review-lo-2026-11-20.json")
    assert code == 0
    assert out.splitlines()[:2] == [
        "home lo native 2026-11-20 ຄູສອນ",
        'home lo: remark: ດີ "x" #% & ແຕ່',
    ]
