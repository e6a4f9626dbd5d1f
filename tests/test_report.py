"""`khua facts report`: how the facts of a book stand, and which page tells which."""

from __future__ import annotations

import csv
import io
import shutil

import pytest

from bot.cli import main
from tests.books import DAY, GOOD
from tests.test_cli import Clock


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A copy of the tiny good book, which the command reads."""
    shutil.copytree(GOOD, tmp_path / "small")
    monkeypatch.setenv("KHUA_CONTENT", str(tmp_path / "small"))
    monkeypatch.setattr("bot.cli.datetime", Clock)
    return tmp_path / "small"


def test_the_report_tells_how_the_facts_stand_and_where_each_is_told(small, capsys):
    facts = small / "facts/phones.yaml"
    facts.write_text(facts.read_text("utf-8").replace("answered: yes", "answered: no", 1), "utf-8")
    for lang in ("lo", "en"):
        pages = small / lang / "pages.yaml"
        pages.write_text(pages.read_text("utf-8").replace("{work_permit}", "…"), "utf-8")
    assert main(["facts", "report"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"4 facts on {DAY}, on 4 of 7 pages\n")
    for line in (
        "  grade: A 1, B 3",
        "  state: verified 3, unverified 0, late 0, failed 1",
        "  past their time: 0",
        "  on no page: 0",
        "  hotlines.emergency: police_th, women_la",
        "  police_th (phone, B, failed): trouble.now, hotlines.emergency",
        "  work_permit (law, A, verified): brokers.check",
    ):
        assert f"\n{line}\n" in f"{told}\n"


def test_the_report_for_a_spreadsheet(small, tmp_path, capsys):
    file = tmp_path / "facts.csv"
    assert main(["facts", "report", str(file)]) == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline="")))
    assert [row["id"] for row in rows] == ["visa_fee", "work_permit", "police_th", "women_la"]
    assert rows[0]["value"] == "500" and rows[0]["pages"] == "costs.fees"
    assert main(["facts", "report", str(tmp_path / "facts.txt")]) == 2
    assert "end it in .csv" in capsys.readouterr().err
