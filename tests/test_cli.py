"""The command khua: what it prints, as text and as JSON, and how it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import urllib.request
from datetime import datetime

import pytest

import bot
from bot.cli import main
from bot.settings import NAMES
from bot.tally import NAME
from bot.tally.file import counted
from tests.books import CONTENT, DAY, GOOD, ROOT, changed, good, good_files, real


class Clock(datetime):
    """A clock that stands at noon of the tests' day."""

    @classmethod
    def now(cls, tz=None):
        return datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=tz)


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    """The tiny good book, on the day of the tests, and no other setting."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KHUA_CONTENT", str(GOOD))
    monkeypatch.setattr("bot.cli.datetime", Clock)


@pytest.fixture
def khua(capsys):
    """Runs a command; gives its exit code, its output, and what it says is wrong."""

    def run(*argv: str) -> tuple[int, str, str]:
        try:
            code = main(argv)
        except SystemExit as end:
            code = int(str(end.code))
        return (code, *capsys.readouterr())

    return run


# ------------------------------------------------------------------ show


def test_show(khua):
    code, out, err = khua("show", "lo:costs.fees/2")
    assert (code, err) == (0, "")
    assert out.startswith("ຄ່າໃຊ້ຈ່າຍ\nຂໍໃບຮັບເງິນ.\n")
    assert "\n[ກັບຄືນ] lo:costs.fees   [ໜ້າຫຼັກ] lo:home   [English] en:costs.fees/2\n" in out


def test_show_json(khua):
    code, out, err = khua("show", "costs.fees", "--lang", "en", "--json")
    assert (code, err) == (0, "")
    screen = json.loads(out)
    assert list(screen) == ["page", "lang", "text", "buttons", "facts"]
    assert (screen["page"], screen["lang"]) == ("costs.fees", "en")
    assert screen["text"].startswith("Fees\nThe visa costs 500 baht (2023).\n")
    assert screen["facts"] == ["visa_fee", "work_permit"]
    assert screen["buttons"][0] == [{"label": "More", "to": "en:costs.fees/2"}]
    assert all(set(button) == {"label", "to"} for row in screen["buttons"] for button in row)


def test_show_leads_to_addresses_hide_and_links(khua):
    screen = json.loads(khua("show", "en:trouble.now", "--json")[1])
    leads = [button["to"] for row in screen["buttons"] for button in row]
    assert {"tel:191", "hide", "en:hotlines.emergency/trouble.now", "lo:trouble.now", "en:home"} <= set(leads)


@pytest.mark.parametrize(
    ("lang", "shown"),
    [((), "lo"), (("--lang", "en"), "en"), (("--lang", "lo"), "lo"), (("--lang", "both"), "lo+en")],
)
def test_show_in_a_language(khua, lang, shown):
    assert json.loads(khua("show", "home", *lang, "--json")[1])["lang"] == shown
    assert json.loads(khua("show", "en:home", *lang, "--json")[1])["lang"] == "en", (
        "the address says it itself"
    )


def test_show_what_is_not_there(khua):
    code, out, _ = khua("show", "en:costs.nothing", "--json")
    assert code == 0
    assert json.loads(out)["page"] == "costs.fees"
    assert json.loads(out)["text"].startswith("That page is not here.")


def test_show_as_of_another_day(khua, monkeypatch):
    """The visa fee of the real content: 2,000 baht till November 2023, then 500 till November 2027."""
    monkeypatch.setenv("KHUA_CONTENT", str(CONTENT))
    said = {
        day: khua("show", "en:costs.who_pays/2", "--as-of", day)[1]
        for day in ("2023-01-01", "2026-11-26", "2028-01-01")
    }
    assert "visa: 2,000 baht (2022)" in said["2023-01-01"]
    assert "visa: 500 baht (2023)" in said["2026-11-26"]
    assert "visa: 500 baht (until 9 November 2027; may have changed)" in said["2028-01-01"]
    assert "may have changed" not in said["2026-11-26"]


def test_a_day_before_a_confirmation_does_not_know_of_it(khua):
    """The tiny book's fee was confirmed in October 2026."""
    assert "500 baht (2023)*" in khua("show", "en:costs.fees", "--as-of", "2026-01-01")[1]
    assert "500 baht (2023)." in khua("show", "en:costs.fees", "--as-of", "2026-11-26")[1]
    assert "500 baht (2023)**" in khua("show", "en:costs.fees", "--as-of", "2027-11-26")[1]
    assert "2,000 baht (2022)*" in khua("show", "en:costs.fees", "--as-of", "2022-01-01")[1]


# ------------------------------------------------------------------ ask


def test_ask(khua):
    code, out, err = khua("ask", "how much is the visa")
    assert (code, err) == (0, "")
    assert out.startswith("Fees\n")


def test_ask_json(khua):
    answer = json.loads(khua("ask", "how much is the visa", "--json")[1])
    assert list(answer) == ["page", "emergency", "others", "lang", "text", "buttons"]
    assert (answer["page"], answer["emergency"], answer["lang"]) == ("costs.fees", False, "en")
    assert answer["text"].startswith("Fees\n")
    answer = json.loads(khua("ask", "ຖືກຂັງ", "--json")[1])
    assert (answer["page"], answer["emergency"], answer["lang"]) == ("trouble.now", True, "lo")


def test_ask_batch(khua, monkeypatch):
    """The contract of the evaluation: JSON lines in and out, in the same order."""
    asked = [
        {"id": "q1", "text": "how much is the visa"},
        {"id": 2, "text": "ຖືກຂັງ"},
        {"id": "q3", "text": "xyzzy"},
        {"id": "q4", "text": "", "more": "is not read"},
        {"id": None, "text": "Visa\nprice?"},
    ]
    lines = "\n".join(json.dumps(row) for row in asked[:2]) + "\n\n"
    lines += "\n".join(json.dumps(row, ensure_ascii=False) for row in asked[2:])
    monkeypatch.setattr("sys.stdin", io.StringIO(lines))
    code, out, err = khua("ask", "--batch")
    assert (code, err) == (0, "")
    answers = [json.loads(line) for line in out.splitlines()]
    assert [answer["id"] for answer in answers] == ["q1", 2, "q3", "q4", None]
    for answer in answers:
        assert list(answer) == ["id", "page", "emergency", "others", "lang"]
        assert answer["page"] is None or answer["page"] in good().pages
        assert answer["emergency"] in (True, False)
        assert set(answer["others"]) <= set(good().pages)
        assert len(answer["others"]) <= 3
        assert answer["lang"] in ("lo", "en")
    assert [answer["page"] for answer in answers] == ["costs.fees", "trouble.now", None, None, "costs.fees"]
    assert [answer["emergency"] for answer in answers] == [False, True, False, False, False]


def test_ask_batch_with_a_language_for_what_tells_none(khua, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO('{"id": 1, "text": "1234"}\n{"id": 2, "text": "ວີຊາ"}\n'))
    _, out, _ = khua("ask", "--batch", "--lang", "en")
    assert [json.loads(line)["lang"] for line in out.splitlines()] == ["en", "lo"]


@pytest.mark.parametrize(
    "line", ["hello", "[1, 2]", '{"id": 1}', '{"text": "a"}', "12", '{"id": 1, "text": "a"']
)
def test_ask_batch_says_which_line_is_wrong(khua, monkeypatch, line):
    monkeypatch.setattr("sys.stdin", io.StringIO('{"id": 1, "text": "visa"}\n' + line + "\n"))
    code, out, err = khua("ask", "--batch")
    assert code == 1
    assert err == 'khua: line 2 of the input is not {"id": …, "text": …}\n'
    assert len(out.splitlines()) == 1, "what came before it is answered"


def test_ask_why_is_a_table_of_what_was_seen(khua):
    code, out, err = khua("ask", "--why", "ວີຊາ ລາຄາເທົ່າໃດ?")
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines()]
    assert ["language", "lo"] in rows
    assert ["visa:", "ວີຊາ"] in [row[-2:] for row in rows]
    assert ["price:", "ລາຄາ"] in rows
    assert ["pages", "costs.fees"] in [[row[0], row[-1]] for row in rows]
    assert ["decided", "costs.fees", "answers"] in rows


def test_ask_why_tells_words_of_danger(khua):
    out = khua("ask", "--why", "they locked us in")[1]
    assert ["danger", "words", "none"] in [line.split() for line in out.splitlines()]
    out = khua("ask", "--why", "I am locked in!")[1]
    assert ["danger", "words", "lock", "in"] in [line.split() for line in out.splitlines()]
    assert ["decided", "help", "numbers", "first,", "on", "trouble.now"] in [
        line.split() for line in out.splitlines()
    ]


def test_ask_why_json(khua):
    why = json.loads(khua("ask", "--why", "visa price of this month", "--json")[1])
    assert why["heard"] == ["visa", "pric", "of", "thi", "month"]
    assert why["ideas"] == [{"idea": "visa", "words": "visa"}, {"idea": "price", "words": "price"}]
    assert why["pages"][0]["page"] == why["page"] == "costs.fees"
    points = [row["points"] for row in why["pages"]]
    assert points == sorted(points, reverse=True)
    assert (why["lang"], why["emergency"], why["danger_words"]) == ("en", False, [])


def test_ask_nothing(khua):
    assert khua("ask") == (2, "", "khua: ask needs a question, or --batch\n")


# ------------------------------------------------------------------ pages, facts


def test_pages(khua):
    code, out, err = khua("pages")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) == len(good().pages)
    assert "costs.fees                 1  ຄ່າໃຊ້ຈ່າຍ | Fees\n" in out


def test_pages_json(khua):
    rows = json.loads(khua("pages", "--json")[1])
    assert [row["id"] for row in rows] == list(good().pages)
    assert rows[0] == {
        "id": "home", "titles": {"lo": "ສະບາຍດີ", "en": "Hello"}, "up": None, "taps": 0, "taps_to_help": 1,
    }  # fmt: skip
    named = {row["id"]: row for row in rows}
    assert named["hotlines.emergency"]["taps_to_help"] == 0
    assert named["costs.fees"]["up"] == "home"


def test_facts(khua):
    code, out, err = khua("facts")
    assert (code, err) == (0, "")
    assert "police_th                    verified   191 (ໄທ)  [a leaflet]\n" in out


def test_facts_json(khua):
    rows = {row["id"]: row for row in json.loads(khua("facts", "--json")[1])}
    assert list(rows) == list(good().facts)
    fee = rows["visa_fee"]
    assert (fee["kind"], fee["unit"], fee["state"], fee["now"]) == ("money", "THB", "verified", ["500"])
    assert fee["told"] == {"lo": "500 ບາດ (2023)", "en": "500 baht (2023)"}
    assert [value["value"] for value in fee["values"]] == ["2000", "500"]
    assert fee["values"][0]["until"] == "2023-11-09"
    assert fee["values"][1]["since"] == "2023-11-10"
    assert fee["values"][1]["verified_by"] == "field officer"


# ------------------------------------------------------------------ check


def test_check(khua):
    assert khua("check") == (0, "clean\n", "")
    assert khua("check", "--json") == (0, "[]\n", "")


def test_check_the_real_content(khua):
    code, out, _ = khua("check", str(CONTENT))
    assert (code, out.splitlines()[-1]) == (0, "clean")


def test_check_json_of_a_broken_folder(khua, tmp_path):
    broken = write(tmp_path / "broken", changed(good_files(), "en/pages.yaml", "button: Home", "buton: Home"))
    code, out, err = khua("check", broken, "--json")
    assert (code, err) == (1, "")
    assert json.loads(out) == [
        {
            "rule": "unknown-field",
            "level": "error",
            "file": "en/pages.yaml",
            "line": 3,
            "column": 3,
            "message": "buton is not a field here (words of a page)",
            "cure": "did you mean button?",
        }
    ]


def test_check_says_errors_and_hints(khua, tmp_path):
    files = changed(good_files(), "en/pages.yaml", "text: Are you safe?", "text: Are you {xyz}?")
    broken = write(tmp_path / "broken", changed(files, "known_pages.txt", "costs.fees\n", ""))
    code, out, _ = khua("check", broken)
    assert code == 1
    assert out.splitlines()[0] == "en/pages.yaml:25:9: unknown-fact: {xyz} is not a fact"
    assert out.splitlines()[1].startswith(
        "tree/pages.yaml:5:1: new-page: costs.fees is not in known_pages.txt"
    )
    assert out.splitlines()[1].endswith("(hint)")
    assert out.splitlines()[2] == "1 to mend"
    assert [row["level"] for row in json.loads(khua("check", broken, "--json")[1])] == ["error", "hint"]


def test_a_hint_alone_is_clean(khua, tmp_path):
    folder = write(tmp_path / "hint", changed(good_files(), "known_pages.txt", "costs.fees\n", ""))
    code, out, _ = khua("check", folder)
    assert (code, out.splitlines()[-1]) == (0, "clean")


def test_check_names_a_question_that_does_not_lead_to_its_page(khua, tmp_path):
    where = "en/asks/trouble.now.yaml"
    folder = write(tmp_path / "astray", {**good_files(), where: "- the the the\n" + good_files()[where]})
    code, out, _ = khua("check", folder)
    assert code == 0
    assert out.splitlines()[0].startswith(
        f"{where}:1:3: astray: 'the the the' leads to no page, not to trouble.now; "
    )
    assert out.splitlines()[0].endswith(" (hint)")


def test_check_words_tells_how_new_questions_would_fare(khua):
    code, out, err = khua("check", "--words")
    assert (code, err) == (0, "")
    rows = [line.split() for line in out.splitlines()]
    assert rows[0] == ["page", "asked", "first", "best", "4", "instead"]
    assert sorted(row[0] for row in rows[1:8]) == sorted(good().pages)
    assert rows[8][0] == "all"
    asked = json.loads(khua("check", "--words", "--json")[1])
    assert len(asked) == sum(text.count("- ") for path, text in good_files().items() if "/asks/" in path)
    assert {"asked", "best", "behind", "first", "among"} == set(asked[0])


def test_check_launch(khua, tmp_path):
    """An open task is an error under --launch alone."""
    files = changed(good_files(), "organisation.yaml", "name: Bridge House", 'name: ""')
    folder = write(tmp_path / "trial", files)
    assert khua("check", folder)[:2] == (0, "clean\n")
    code, out, _ = khua("check", folder, "--launch")
    assert code == 1
    assert out.splitlines()[0].startswith("organisation.yaml:1:1: launch-name: ")
    assert out.splitlines()[1] == "1 to mend"
    rows = json.loads(khua("check", folder, "--launch", "--json")[1])
    assert [(row["rule"], row["level"]) for row in rows] == [("launch-name", "error")]
    assert khua("check", "--launch")[:2] == (0, "clean\n")


def test_check_launch_as_of(khua):
    """A test call is worth half a year, a confirmed price a year, a rule two."""
    tasks = {
        day: [row["rule"] for row in json.loads(khua("check", "--launch", "--json", "--as-of", day)[1])]
        for day in ("2027-04-02", "2027-04-03", "2027-10-02", "2028-10-01")
    }
    assert tasks["2027-04-02"] == []
    assert tasks["2027-04-03"] == ["launch-call"] * 2
    assert tasks["2027-10-02"] == ["launch-confirm", "launch-call", "launch-call"]
    assert tasks["2028-10-01"] == ["launch-confirm", "launch-confirm", "launch-call", "launch-call"]


# ------------------------------------------------------------------ what goes wrong


def test_every_command_says_what_is_wrong_with_the_content(khua, tmp_path, monkeypatch):
    files = changed(good_files(), "en/pages.yaml", "button: Home", "buton: Home")
    files = changed(files, "tree/pages.yaml", "go: [brokers.check]", "go: [brokers.chek]")
    files = changed(files, "known_pages.txt", "costs.fees\n", "")
    monkeypatch.setenv("KHUA_CONTENT", write(tmp_path / "broken", files))
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    for command in (
        ["show", "home"],
        ["ask", "visa"],
        ["ask", "--batch"],
        ["pages"],
        ["facts"],
        ["chat"],
        ["bot", "--web"],
    ):
        code, out, err = khua(*command)
        assert (code, out) == (1, ""), command
        assert err.splitlines() == [
            "en/pages.yaml:3:3: unknown-field: buton is not a field here (words of a page);"
            " did you mean button?",
            "tree/pages.yaml:5:29: unknown-page: costs.fees leads to brokers.chek, which is not in the tree;"
            " did you mean brokers.check?",
            "khua: the content has 2 errors; run: khua check",
        ], command


def test_an_empty_folder_and_one_that_is_not_utf8(khua, tmp_path):
    code, _, err = khua("check", str(tmp_path))
    said = f"khua: the folder {tmp_path} holds no content; set KHUA_CONTENT to the folder that does\n"
    assert (code, err) == (2, said)
    (tmp_path / "organisation.yaml").write_bytes("name: café".encode("latin-1"))
    code, _, err = khua("check", str(tmp_path))
    assert (code, err) == (
        1,
        f"khua: {tmp_path / 'organisation.yaml'}: byte 9 is not UTF-8; save the file as UTF-8\n",
    )


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "khua: error: the following arguments are required: COMMAND"),
        (["dance"], "khua: error: argument COMMAND: invalid choice: 'dance'"),
        (["show"], "khua show: error: the following arguments are required: ADDRESS"),
        (["show", "home", "--as-of", "tomorrow"], "'tomorrow' is no day; write it as 2027-01-31"),
        (["show", "home", "--as-of", "2027-02-30"], "'2027-02-30' is no day;"),
        (["show", "home", "--lang", "fr"], "khua: --lang fr: the book has lo, en, and both"),
        (["ask", "visa", "--lang", "LO"], "khua: --lang LO: the book has lo, en, and both"),
        (["bot", "--web", "--telegram"], "not allowed with argument"),
        (["check", "nowhere"], "khua: nowhere is no folder"),
    ],
)
def test_a_wrong_option_ends_with_2(khua, argv, said):
    code, out, err = khua(*argv)
    assert (code, out) == (2, "")
    assert said in err


def test_version(khua):
    assert khua("--version") == (0, f"khua {bot.__version__}\n", "")


# ------------------------------------------------------------------ chat, and a real process


def test_chat_from_a_pipe(khua, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n"))
    code, out, _ = khua("chat", "--lang", "en")
    assert code == 0
    assert "\nHello\n" in out
    assert "\n> 1\n\nFees\n" in out


def test_as_a_process():
    """python -m bot, with the real content and a reader that speaks UTF-8."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "show", "lo:home", "--json"],
        cwd=ROOT,
        env={**clean_environment(), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    screen = json.loads(done.stdout.decode("utf-8"))
    assert screen["text"].startswith(real().pages["home"].words["lo"].title)
    assert done.stderr == b""


def test_the_browser_chat_told_to_stop_writes_its_last_counts(tmp_path):
    own = {"KHUA_CONTENT": str(GOOD), "KHUA_DATA": str(tmp_path), "KHUA_PORT": "0"}
    command = [sys.executable, "-m", "bot", "bot", "--web"]
    with subprocess.Popen(
        command, cwd=ROOT, env=clean_environment() | own, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().decode().split(": ")[1].strip().rstrip("/")
        head = {"Origin": url, "Content-Type": "application/json"}
        for to in ("lo:home", "lo:costs.fees"):
            body = json.dumps({"to": to}).encode()
            urllib.request.urlopen(urllib.request.Request(f"{url}/open", body, head)).close()
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert sum(counted(tmp_path / NAME).values()) == 2


def clean_environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("KHUA_")}


def write(folder, files) -> str:
    """A folder with these files, as an argument."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
    return str(folder)
