"""What was counted, for people: sums of a file, the sections of the report, the terminal and the page."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser

import pytest

from bot.cli import main
from bot.compiler import examine
from bot.figures import overview
from bot.figures.page import page
from bot.figures.sections import report
from bot.figures.sums import Share, months, read, weeks
from bot.tally.file import TallyFile
from bot.tally.names import Cell, own
from tests.books import CONTENT, DAY, GOOD, changed, good_files, real, real_files
from tests.tallies import made_up, touring, year

CELLS = {
    Cell("2027-01-14", "telegram", "lo", "start", "home"): 5,
    Cell("2027-01-14", "telegram", "lo", "start", "home", "v001"): 30,
    Cell("2027-01-20", "browser", "en", "start", "home", "v002"): 20,
    Cell("2027-02-03", "telegram", "lo", "start", "home", "gone1"): 2,
    Cell("2027-01", "telegram", "lo", "start", "trouble.now"): 4,
    Cell("2027-01-14", "telegram", "lo", "screen", "costs.loans"): 7,
    Cell("2027-01-15", "telegram", "en", "answered", "costs.loans"): 6,
    Cell("2027-02-03", "telegram", "lo", "screen", "costs.closed_long_ago"): 3,
    Cell("2027-01", "telegram", "lo", "screen", "trouble.now"): 9,
    Cell("2027-01", "telegram", "lo", "no_answer", "police_th"): 3,
    Cell("2027-02", "browser", "lo", "no_answer", "police_th"): 1,
    Cell("2027-01", "telegram", "lo", "no_answer", "women_la"): 2,
    Cell("2027-01", "telegram", "lo", "no_answer", "old_line"): 1,
    Cell("2027-01", "telegram", "lo", "unanswered", "small_child+wage"): 9,
    Cell("2027-01", "browser", "en", "unanswered", "small_child+wage"): 5,
    Cell("2027-02", "telegram", "lo", "unanswered", "small_child+wage"): 9,
    Cell("2027-02", "telegram", "lo", "unanswered", ""): 12,
    Cell("2027-02", "telegram", "lo", "unanswered", "mother"): 2,
    Cell("2027-02", "telegram", "lo", "danger", "trouble.now"): 4,
    Cell("2027-01-14", "telegram", "lo", "result", "brokers.check/debt"): 8,
    Cell("2027-01-14", "telegram", "lo", "result", "brokers.check/none"): 3,
    Cell("2027-01-14", "telegram", "lo", "result", "brokers.check/sign_of_old"): 1,
    Cell("2027-01-14", "telegram", "lo", "result", "costs.calculator/never"): 6,
    Cell("2027-01-14", "telegram", "lo", "quiz", "a-right", "v001"): 12,
    Cell("2027-01-14", "telegram", "lo", "quiz", "a-wrong", "v001"): 8,
    Cell("2027-01-20", "telegram", "lo", "quiz", "a-right", "v002"): 9,
    Cell("2027-01-20", "telegram", "lo", "quiz", "a-wrong", "v002"): 1,
    Cell("2027-01-20", "telegram", "lo", "quiz", "?-right"): 1,
    Cell("2027-01-20", "telegram", "lo", "voice", ""): 2,
    Cell("2027-02", "telegram", "lo", "hide", ""): 1,
    Cell("2027-02-03", "telegram", "lo", "share", "", "v001"): 3,
}  # fmt: skip


@pytest.fixture(scope="module")
def book():
    """The real book with campaigns v001 (before), v002 (after) and others."""
    return touring(real(), 4)


@pytest.fixture
def tally(tmp_path):
    """Makes a file of counts of cells; those of the table above, where there are none."""

    def make(cells=CELLS, name="tally.db"):
        file = TallyFile(tmp_path / name)
        # The schema refuses what the book could never count; a question mark stands for an old key.
        file.add([(None, {replace(at, key=at.key.replace("?", "9")): n for at, n in cells.items()})])
        file.close()
        return tmp_path / name

    return make


def told(book, path, lang="en", since=None, until=None, campaign=""):
    return report(book, lang, read(path, since, until, campaign))


def rows(report, id, table=0):
    """The rows of a table of a section."""
    return next(section for section in report.sections if section.id == id).tables[table].rows


def notes(report, id):
    return next(section for section in report.sections if section.id == id).notes


# ------------------------------------------------------------------ sums


def test_a_file_is_added_up_between_days_and_for_a_campaign(tally):
    path = tally()
    whole = read(path, None, None, "")
    assert sum(whole.by_day.values()) == sum(whole.by_name.values()) == sum(CELLS.values())
    assert (whole.first, whole.last, whole.partial) == (date(2027, 1, 14), date(2027, 2, 3), ())
    part = read(path, date(2027, 1, 15), date(2027, 1, 20), "")
    assert {day for day, *_ in part.by_day} == {"2027-01", "2027-01-15", "2027-01-20"}
    assert part.partial == ("2027-01",)
    assert read(path, date(2027, 1, 1), date(2027, 1, 31), "").partial == ()
    assert {name for *_, name in read(path, None, None, "v001").by_name} == {"v001"}


def test_a_month_without_a_day_counts_from_its_first_day_to_its_last(tally):
    found = read(tally({Cell("2028-02", "telegram", "lo", "hide", ""): 1}), None, None, "")
    assert (found.first, found.last) == (date(2028, 2, 1), date(2028, 2, 29))


def test_weeks_and_months_leave_none_out():
    assert [str(day) for day in weeks(date(2027, 1, 3), date(2027, 1, 11))] == [
        "2026-12-28", "2027-01-04", "2027-01-11",
    ]  # fmt: skip
    assert months(date(2026, 11, 30), date(2027, 2, 1)) == ["2026-11", "2026-12", "2027-01", "2027-02"]


@pytest.mark.parametrize(
    ("right", "of", "low", "high"),
    [(0, 10, 0, 27.75), (10, 10, 72.25, 100), (1, 2, 9.45, 90.55), (15, 50, 19.10, 43.75)],
)
def test_the_interval_is_wilsons(right, of, low, high):
    assert Share(right, of).interval == pytest.approx((low, high), abs=0.005)


# ------------------------------------------------------------------ sections


def test_sections_stand_in_their_order_numbers_that_did_not_answer_first(book, tally):
    assert [section.id for section in told(book, tally()).sections] == [
        "no_answer", "starts", "asked", "unanswered", "danger", "check", "calculator", "quiz", "campaigns",
        "weeks", "others",
    ]  # fmt: skip


def test_numbers_that_did_not_answer_are_told_by_name(book, tally):
    assert rows(told(book, tally()), "no_answer") == (
        ("191 (Thailand) Police", 4, "2027-02"),
        ("1362 (Laos) Counselling centre, Lao Women's Union", 2, "2027-01"),
        ("old_line", 1, "2027-01"),
    )
    assert rows(told(book, tally(), "lo"), "no_answer")[0][0] == "191 (ໄທ) ຕຳຫຼວດ"


def test_starts_by_week_and_campaign_add_up(book, tally):
    made = told(book, tally())
    assert rows(made, "starts") == (
        ("2027-01-11", 35), ("2027-01-18", 20), ("2027-01-25", 0), ("2027-02-01", 2),
        ("Counted by month alone", 4),
    )  # fmt: skip
    by_campaign = rows(made, "starts", 1)
    assert by_campaign == (("Village 1", 30), ("Village 2", 20), ("gone1", 2), ("Without a campaign", 9))
    assert sum(n for _, n in by_campaign) == made.sections[1].total == 61


def test_of_many_campaigns_the_starts_show_those_with_most(tally):
    book = touring(real(), 30)
    cells = {
        Cell("2027-01-14", "telegram", "lo", "start", "home", f"v{each:03}"): each + 1 for each in range(30)
    }
    shown = rows(told(book, tally(cells)), "starts", 1)
    assert (len(shown), shown[0]) == (13, ("Village 29", 30))
    assert shown[-1] == ("and 18 more", sum(range(1, 19)))
    assert len(rows(told(book, tally(cells, "b.db")), "campaigns")) == 30


def test_what_people_ask_by_subject_and_page(book, tally):
    made = told(book, tally())
    assert rows(made, "asked") == (("What it costs", 6, 10, 16), ("Danger", 0, 9, 9))
    loans = book.pages["costs.loans"].words["en"].title
    assert rows(made, "asked", 1)[0] == (loans, 6, 7, 13)
    assert ("costs.closed_long_ago", 0, 3, 3) in rows(made, "asked", 1)


def test_ideas_are_shown_from_ten_in_a_month_and_the_rest_is_one_number(book, tally):
    made = told(book, tally())
    assert rows(made, "unanswered") == (
        ("small child + wage", 14, 14, None),
        ("nothing recognised", 12, None, 12),
        ("Fewer than 10 in a month", 11, None, 11),
    )
    assert made.sections[3].total == 37
    assert "mother" not in page(made)


def test_danger_by_month_also_a_month_without(book, tally):
    assert rows(told(book, tally()), "danger") == (("2027-01", 0), ("2027-02", 4))


def test_signs_and_results_are_told_in_words(book, tally):
    made = told(book, tally())
    debt = book.pages["brokers.check"].tool.sign_words["en"]["debt"].title
    assert rows(made, "check") == ((debt, 8), ("No sign found", 3), ("sign_of_old", 1))
    assert rows(made, "calculator") == (("Never paid back", 6),)


def test_the_quiz_compares_answers_before_and_after(book, tally):
    found = rows(told(book, tally()), "quiz")
    assert found[0][2:] == (Share(12, 20), Share(9, 10), None)
    assert found[1] == ("2", "9", None, None, Share(1, 1))
    assert found[-1] == ("", "All questions", "60 % of 20", "90 % of 10", "100 % of 1")
    assert "60 % (39–78) of 20" in page(told(book, tally(name="b.db")))
    assert "not the same people" in notes(told(book, tally(name="c.db")), "quiz")[0]


def test_campaigns_are_told_with_their_kind(book, tally):
    made = told(book, tally())
    assert rows(made, "campaigns") == (
        ("Village 1", "village, Savannakhet, Before", 30, None, 3, 20, 60),
        ("Village 2", "village, Savannakhet, After", 20, None, 0, 10, 90),
        ("gone1", "", 2, None, 0, 0, None),
    )
    assert rows(made, "others") == (("2027-01", 0, 2, 0, 0), ("2027-02", 1, 0, 0, 3))


def test_lost_counts_are_said_plainly(book, tally):
    lost = {**CELLS, Cell("2027-01-14", "telegram", "", "lost", ""): 1200}
    made = told(book, tally(lost))
    assert made.sections[-1].id == "lost"
    assert made.sections[-1].notes[0].startswith("1,200 counts could not be written down")


# ------------------------------------------------------------------ little or nothing


def test_nothing_counted_is_said(book, tally):
    made = told(book, tally({}))
    assert made.sections == ()
    assert "Nothing was counted in this time." in made.notes
    assert "not people" in page(made)
    later = told(book, tally(CELLS, "b.db"), since=date(2029, 1, 1))
    assert "Nothing was counted in this time." in later.notes


def test_one_day_has_tables_and_no_chart_of_one_bar(book, tally):
    made = told(book, tally({Cell("2027-01-14", "telegram", "lo", "start", "home"): 5}))
    assert rows(made, "starts") == (("2027-01-11", 5),)
    assert notes(made, "asked") == ("None of this was counted in this time.",)
    assert notes(made, "no_answer") == ("Nobody said that a number did not answer.",)
    assert "<svg" not in page(made)


def test_one_campaign_says_what_is_not_counted_by_campaign(book, tally):
    made = told(book, tally(), campaign="v001")
    assert "Only what belongs to the campaign “Village 1”." in made.notes
    assert rows(made, "starts") == (
        ("2027-01-11", 30),
        ("2027-01-18", 0),
        ("2027-01-25", 0),
        ("2027-02-01", 0),
    )
    for id in ("no_answer", "unanswered", "danger"):
        assert notes(made, id) == (
            "This is counted without a campaign. It stands in the report of all campaigns.",
        )


def test_months_that_lie_partly_outside_are_named(book, tally):
    made = told(book, tally(), since=date(2027, 1, 15), until=date(2027, 2, 10))
    assert any("Only a part of 2027-01, 2027-02 lies" in note for note in made.notes)
    assert not any("Only a part" in note for note in told(book, tally(CELLS, "b.db")).notes)


# ------------------------------------------------------------------ the page


class _Tags(HTMLParser):
    """Open tags that were never closed, and all tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.values: list[str] = []
        self.ids: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags[tag] += 1
        self.values += [
            value or "" for name, value in attrs if name != "xmlns" and not name.startswith("xmlns:")
        ]
        self.ids += [value or "" for name, value in attrs if name == "id"]
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["lo", "en"])
def test_the_page_is_whole_and_asks_for_nothing(book, tmp_path, lang):
    file = TallyFile(tmp_path / "tally.db")
    file.add([(None, made_up(book, year()[:40], 400, ["v001", "v002", "poster"], seed=4))])
    file.close()
    text = page(told(book, tmp_path / "tally.db", lang))
    seen = _Tags()
    seen.feed(text)
    assert seen.open == []
    assert len(set(seen.ids)) == len(seen.ids)
    assert not {"script", "img", "iframe", "object", "use"} & seen.tags.keys()
    assert seen.tags["svg"] == 9
    assert seen.tags["table"] >= 11
    assert not [value for value in seen.values if re.search(r"https?:|//", value)]
    assert not re.search(r"@import|url\(|<!--", text)
    assert "default-src 'none'" in text
    assert f'<html lang="{lang}">' in text
    assert page(told(book, tmp_path / "tally.db", lang)) == text


def test_names_are_words_and_never_tags(tally):
    book = touring(real(), 4)
    evil = replace(book.campaigns["v001"], label="<script>alert(1)</script> & co")
    book = replace(book, campaigns={**book.campaigns, "v001": evil})
    text = page(told(book, tally()))
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in text


def test_every_line_is_used(book, tally):
    """What the report can say stands in it somewhere, so that no line is left over."""
    cells = {**CELLS, Cell("2027-01-14", "telegram", "", "lost", ""): 1}
    book = replace(book, languages={**book.languages})
    said = {f"¤{name}¤" for name in book.languages["en"].report if not name.startswith("branch.")}
    lines = {
        name: f"¤{name}¤" + "".join(re.findall(r"\{\w+\}", text))
        for name, text in book.languages["en"].report.items()
    }
    book.languages["en"] = replace(book.languages["en"], report=lines)
    many = {Cell("2027-01-14", "telegram", "lo", "start", "home", f"p{each:02}"): 1 for each in range(20)}
    results = {
        Cell("2027-01-14", "telegram", "lo", "result", f"costs.calculator/{name}"): 1
        for name in ("nothing", "months", "not_known", "may_never", "never")
    }
    wider = {Cell("2027-01-14", "telegram", "lo", "start", "home", "poster"): 1}
    whole = page(told(book, tally({**cells, **many, **results, **wider})))
    whole += page(told(book, tally({}, "empty.db")))
    whole += page(told(book, tally({**wider}, "few.db")))
    whole += page(told(book, tally({**wider}, "one.db"), campaign="poster"))
    whole += page(told(book, tally(CELLS, "part.db"), since=date(2027, 1, 15)))
    assert {each for each in said if each not in whole} == set()


# ------------------------------------------------------------------ made-up tallies


def test_a_made_up_tally_is_the_same_for_the_same_seed(book):
    campaigns = [id for id in book.campaigns if id.startswith("v")]
    made = made_up(book, year()[:5], 1000, campaigns, seed=7)
    assert made == made_up(book, year()[:5], 1000, campaigns, seed=7)
    assert made != made_up(book, year()[:5], 1000, campaigns, seed=8)
    assert sum(made.values()) == 5000
    assert sum(n for at, n in made.items() if at.campaign) == 500
    assert all(own(book, at) for at in made)
    assert {"no_answer", "danger", "unanswered", "quiz", "result", "hide", "voice"} <= {
        at.kind for at in made
    }


# ------------------------------------------------------------------ the command


@pytest.fixture
def khua(tmp_path, monkeypatch, capsys):
    """Runs the program on the tiny good book, with the words of the report; gives code, output and errors."""
    content = tmp_path / "content"
    shutil.copytree(GOOD, content)
    for lang in ("lo", "en"):
        shutil.copy(CONTENT / lang / "report.yaml", content / lang)
    monkeypatch.setenv("KHUA_CONTENT", str(content))
    monkeypatch.setenv("KHUA_DATA", str(tmp_path))

    def run(*words):
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def test_the_overview_is_short(khua, tally):
    tally()
    code, out, err = khua("stats", "--lang", "en")
    assert (code, err) == (0, "")
    assert "These figures count taps and messages, not people." in out
    assert "Starts: 61\n  Week from | Starts\n" in out
    assert out.index("Numbers that did not answer: 7") < out.index("Starts: 61")
    assert len(out.splitlines()) < 100
    assert khua("stats")[1].startswith("ນັບໄດ້ເທົ່າໃດ\n")


def test_json_holds_all_with_numbers(khua, tally):
    tally()
    told = json.loads(khua("stats", "--json", "--lang", "en", "--from", "2027-01-14")[1])
    assert (told["from"], told["to"], told["campaign"]) == ("2027-01-14", "2027-02-03", None)
    sections = {section["id"]: section for section in told["sections"]}
    assert sections["starts"]["total"] == 61
    assert {"right": 1, "of": 1, "low": 20.7, "high": 100.0} in sections["quiz"]["tables"][0]["rows"][0]


def test_the_report_is_written_and_keeps_options_from_before_its_name(khua, tally, tmp_path):
    other = tally(CELLS, "laptop.db")
    out = tmp_path / "report.html"
    code, said, _ = khua("stats", "--lang", "en", "--db", other, "report", out, "--campaign", "v001")
    assert (code, said) == (0, f"{out} is written\n")
    assert "Only what belongs to the campaign “v001”." in out.read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "code", "line"),
    [
        (("--lang", "xx"), 2, "--lang xx: the book has lo, en"),
        (("--from", "2027-02-01", "--to", "2027-01-01"), 2, "2027-02-01 lies behind --to 2027-01-01; change"),
        (("--campaign", "abcdefgi"), 2, "there is no such campaign; did you mean abcdefgh?"),
        (("--db", "missing.db"), 1, "there is no missing.db; the bot makes it"),
        (("report", "tally.db"), 2, "tally.db is no name of a page; end it in .html"),
        (("report", "no/such/folder/a.html"), 1, "a.html cannot be written: No such file or directory"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_clear_line(khua, tally, words, code, line):
    tally()
    found, out, err = khua("stats", *words)
    assert (found, out) == (code, "")
    assert err.startswith("khua: ") and line in err and err.count("\n") == 1


def test_a_damaged_file_is_one_clear_line(khua, tmp_path):
    (tmp_path / "tally.db").write_bytes(b"no database at all " * 100)
    code, _, err = khua("stats")
    assert code == 1
    assert "is no tally, or is damaged" in err and err.count("\n") == 1


def test_without_words_for_the_report_the_cure_is_told(khua, tally, tmp_path):
    tally()
    for lang in ("lo", "en"):
        (tmp_path / "content" / lang / "report.yaml").unlink()
    code, _, err = khua("stats", "--lang", "en")
    assert code == 1
    assert "the content has no en/report.yaml" in err


# ------------------------------------------------------------------ the words of the report


def said_of(files):
    return [str(problem) for problem in examine(files, DAY)[1] if problem.level == "error"]


def test_all_languages_have_words_for_the_report_or_none_has():
    files = {**good_files(), "lo/report.yaml": real_files()["lo/report.yaml"]}
    assert said_of(files) == [
        "en/report.yaml:0:0: missing-words: the report has no words in en; add this file"
    ]
    files["en/report.yaml"] = real_files()["en/report.yaml"]
    assert said_of(files) == []
    broken = changed(files, "en/report.yaml", "{n} counts could", "Counts could")
    assert [each for each in said_of(broken) if "the line lost_note must have {n}" in each]
    unnamed = changed(files, "en/report.yaml", "  trouble: Danger\n", "")
    assert [each for each in said_of(unnamed) if "the branch trouble has no name here" in each]


def test_the_overview_fits_a_page_of_the_terminal(book, tally):
    lines = overview.text(told(book, tally())).splitlines()
    assert "  small child + wage | 14" in lines
    assert "  Fewer than 10 in a month | 11" in lines
