"""Facts: what holds on a day, how sure it is, how it reads, and which number is offered first."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from bot.book import Book, Fact
from bot.compiler import compile_book, examine
from bot.compiler.facts import TIME_TO_LIVE
from bot.crawl import open_at
from tests.books import DAY, changed, good, good_files, real

CALLED = "{on: 2026-10-01, answered: yes, by: field officer}"


def money(values: str, more: str = "", day: date = DAY) -> Fact:
    """The visa fee with other values."""
    whole = good_files()["facts/money.yaml"]
    fee = whole.partition("work_permit:")[0]
    said = f"visa_fee:\n  kind: money\n  unit: THB\n{more}  values:\n{values}"
    return book({**good_files(), "facts/money.yaml": whole.replace(fee, said)}, day).facts["visa_fee"]


def value(figure: int | str, more: str = "", verified: str = "never") -> str:
    return f"    - {{value: {figure}, source: s, year: 2023, grade: B, verified: {verified}{more}}}\n"


def phones(police: str = CALLED, women: str = CALLED, day: date = DAY, disputed: bool = False) -> Book:
    """The tiny book with other test calls of its two numbers; the police's may be disputed."""
    files = changed(good_files(), "tree/pages.yaml", "call: [police_th]\n", "call: [women_la]\n")
    text = files["facts/phones.yaml"]
    first, second = text.split("women_la:")
    first, second = first.replace(CALLED, police), second.replace(CALLED, women)
    if disputed:
        first = first.replace("  values:\n", "  disputed: yes\n  values:\n") + value('"1191"')
    return book({**files, "facts/phones.yaml": f"{first}women_la:{second}"}, day)


def book(files: dict[str, str], day: date = DAY) -> Book:
    return compile_book(files, day)


def told(fact: Fact, lang: str = "en") -> str:
    return "".join(run.text for run in fact.words[lang])


# ------------------------------------------------------------------ how sure


@pytest.mark.parametrize(
    ("verified", "state", "mark"),
    [
        ("never", "unverified", "*"),
        ("{on: 2026-11-26, how: text, by: editor}", "verified", ""),
        ("{on: 2025-11-26, how: text, by: editor}", "verified", ""),
        ("{on: 2025-11-25, how: text, by: editor}", "late", "**"),
        ("{on: 2027-01-01, how: text, by: editor}", "unverified", "*"),
    ],
)
def test_a_price_and_when_it_was_confirmed(verified, state, mark):
    fact = money(value(500, verified=verified))
    assert (fact.state, told(fact)) == (state, f"500 baht (2023){mark}")


@pytest.mark.parametrize(
    ("call", "state", "mark"),
    [
        ("never", "unverified", "*"),
        ("{on: 2026-11-26, answered: yes, by: a}", "verified", ""),
        ("{on: 2026-05-27, answered: yes, by: a}", "verified", ""),
        ("{on: 2026-05-26, answered: yes, by: a}", "late", "**"),
        ("{on: 2026-11-20, answered: no, by: a}", "failed", "***"),
        ("{on: 2020-01-01, answered: no, by: a}", "failed", "***"),
        ("{on: 2026-12-24, answered: no, by: a}", "unverified", "*"),
    ],
)
def test_a_number_and_its_last_test_call(call, state, mark):
    fact = phones(police=call).facts["police_th"]
    assert (fact.state, told(fact)) == (state, f"191 (Thailand){mark}")


FACT = """
x:
  kind: {kind}
  unit: day
  how: web
  country: TH
  hours: unknown
  languages: unknown
  cost: {{}}
  last_call: never
  values: [{{value: 5, source: s, year: 2023, grade: B, verified: {{on: 2026-01-01, how: text, by: editor}}}}]
"""
"""A fact of any kind, confirmed on the first day of 2026."""


@pytest.mark.parametrize("kind", TIME_TO_LIVE)
def test_a_confirmation_is_worth_something_for_its_time_and_no_longer(kind):
    files = {
        **good_files(),
        "facts/x.yaml": FACT.format(kind=kind),
        "en/facts_x.yaml": "x: {name: X, says: x}",
        "lo/facts_x.yaml": "x: {name: ກ, says: ກ}",
    }
    last = date(2026, 1, 1) + TIME_TO_LIVE[kind]
    states = [book(files, day).facts["x"].state for day in (last, last + timedelta(days=1))]
    assert states == ["verified", "late"]


def test_the_later_of_a_call_and_a_confirmation_counts():
    files = changed(
        good_files(),
        "facts/phones.yaml",
        '"191", source: a leaflet, year: 2024, grade: B, verified: never}',
        '"191", source: s, year: 2024, grade: B, verified: {on: 2020-01-01, how: call, by: a}}',
    )
    assert book(files).facts["police_th"].state == "verified"
    assert "Confirmed on 1 October 2026." in open_at(book(files), "en:trouble.now").plain


@pytest.mark.parametrize(
    ("police", "women", "lines"),
    [
        (CALLED, CALLED, ["Confirmed on 1 October 2026."]),
        ("never", CALLED, ["* "]),
        ("never", "never", ["* "]),
        ("{on: 2026-01-01, answered: yes, by: a}", CALLED, ["** Confirmed on 1 January 2026."]),
        (
            "{on: 2026-11-20, answered: no, by: a}",
            "never",
            ["*** This number did not answer on 20 November 2026.", "* "],
        ),
    ],
)
def test_the_small_print_explains_each_mark_once(police, women, lines):
    made = phones(police, women)
    small = [run.text for run in open_at(made, "en:trouble.now").text if run.style == "small"]
    small = [said for said in small if said != made.languages["en"].lines["trial"]]
    assert len(small) == len(lines)
    for said, begins in zip(small, lines, strict=True):
        assert said.startswith(begins)


def test_the_confirmation_longest_ago_is_the_one_that_is_told():
    made = phones(police="{on: 2026-09-09, answered: yes, by: a}")
    assert "Confirmed on 9 September 2026." in open_at(made, "en:trouble.now").plain


# ------------------------------------------------------------------ numbers for people in danger


@pytest.mark.parametrize(
    "call", ["never", "{on: 2019-01-01, answered: yes, by: a}", "{on: 2026-11-20, answered: no, by: a}"]
)
@pytest.mark.parametrize("page", ["trouble.now", "hotlines.emergency"])
def test_a_late_or_failed_test_call_never_hides_a_number(call, page):
    screen = open_at(phones(police=call, women=call), f"en:{page}")
    assert [run.text for run in screen.text if run.style == "phone"] == ["191", "1362"]
    assert screen.opens_with_numbers
    assert "tel:1362" in [button.to for row in screen.rows for button in row]


@pytest.mark.parametrize("page", ["trouble.now", "hotlines.emergency"])
@pytest.mark.parametrize("lang", ["lo", "en"])
def test_a_number_that_failed_never_stands_first(page, lang):
    screen = open_at(phones(police="{on: 2026-11-20, answered: no, by: a}"), f"{lang}:{page}")
    assert [run.text for run in screen.text if run.style == "phone"] == ["1362", "191"]


def test_a_button_to_call_a_number_that_failed_never_stands_first():
    screen = open_at(phones(police="{on: 2026-11-20, answered: no, by: a}"), "en:hotlines.emergency")
    calls = [button.to for row in screen.rows for button in row if button.to.startswith("tel:")]
    assert calls == ["tel:1362", "tel:191"]


def test_a_disputed_number_is_told_with_all_its_values_and_never_first():
    screen = open_at(phones(disputed=True), "en:hotlines.emergency")
    assert [run.text for run in screen.text if run.style == "phone"] == ["1362", "191", "1191"]
    assert "191 (Thailand) / 1191 (Thailand) Police" in screen.plain
    calls = [button.to for row in screen.rows for button in row if button.to.startswith("tel:")]
    assert calls == ["tel:1362", "tel:191"]


def test_a_failed_number_stands_behind_a_disputed_one():
    made = phones(women="{on: 2026-11-20, answered: no, by: a}", disputed=True)
    screen = open_at(made, "en:hotlines.emergency")
    assert [run.text for run in screen.text if run.style == "phone"] == ["191", "1191", "1362"]


def test_in_the_real_book_no_disputed_number_stands_first():
    for id, page in real().pages.items():
        if page.danger:
            for lang in real().languages:
                screen = open_at(real(), f"{lang}:{id}")
                first = next(run.text for run in screen.text if run.style == "phone")
                fact = next(
                    fact
                    for fact in real().facts.values()
                    if fact.kind == "phone" and first == fact.now[0].value
                )
                assert not fact.disputed, (id, first)


def test_the_country_stands_beside_every_number():
    for fact in real().facts.values():
        if fact.kind == "phone":
            assert told(fact).count("(Thailand)" if fact.country == "TH" else "(Laos)") >= 1
            assert told(fact, "lo").count("(ໄທ)" if fact.country == "TH" else "(ລາວ)") >= 1


# ------------------------------------------------------------------ periods

TWO = value(2000, ", until: 2023-11-09") + value(500, ", from: 2023-11-10, until: 2027-11-09")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2020-01-01", "2,000 baht (2023)*"),
        ("2023-11-09", "2,000 baht (2023)*"),
        ("2023-11-10", "500 baht (2023)*"),
        ("2027-11-09", "500 baht (2023)*"),
        ("2027-11-10", "500 baht (until 9 November 2027; may have changed)*"),
        ("2040-01-01", "500 baht (until 9 November 2027; may have changed)*"),
    ],
)
def test_the_value_of_the_day(day, said):
    fact = money(TWO, day=date.fromisoformat(day))
    assert told(fact) == said
    assert fact.ended is ("until" in said)
    assert len(fact.values) == 2, "the history stays"


def test_a_telephone_number_whose_period_ended_says_so_and_leaves_first_place():
    files = changed(good_files(), "facts/phones.yaml", '{value: "191",', '{value: "191", until: 2026-03-01,')
    late = book(files)
    assert told(late.facts["police_th"]) == "191 (Thailand) (until 1 March 2026; may have changed)"
    screen = open_at(late, "en:hotlines.emergency")
    assert [run.text for run in screen.text if run.style == "phone"] == ["1362", "191"]


def test_a_gap_between_periods_tells_the_value_before_as_ended():
    gap = value(2000, ", until: 2023-11-09") + value(500, ", from: 2025-01-01")
    assert told(money(gap, day=date(2024, 6, 1))) == "2,000 baht (until 9 November 2023; may have changed)*"


def test_the_order_in_the_file_does_not_matter():
    turned = value(500, ", from: 2023-11-10, until: 2027-11-09") + value(2000, ", until: 2023-11-09")
    for day in ("2020-01-01", "2026-01-01", "2030-01-01"):
        on = date.fromisoformat(day)
        assert told(money(turned, day=on)) == told(money(TWO, day=on))


def test_what_was_confirmed_for_another_period_does_not_count():
    confirmed = "{on: 2023-06-01, how: text, by: editor}"
    both = value(2000, ", until: 2023-11-09", confirmed) + value(500, ", from: 2023-11-10")
    assert money(both, day=date(2023, 7, 1)).state == "verified"
    assert money(both, day=date(2023, 12, 1)).state == "unverified"


# ------------------------------------------------------------------ disputed, ranges, words


def test_sources_that_disagree_are_both_told():
    fact = money(value(3200) + value(990), "  disputed: yes\n")
    assert told(fact) == "3,200 baht (2023) or 990 baht (2023) (sources disagree)*"
    assert fact.disputed
    assert [each.value for each in fact.now] == ["3200", "990"]


def test_three_sources_that_disagree_are_all_told():
    fact = money(value(3200) + value(990) + value(1500), "  disputed: yes\n")
    assert told(fact) == "3,200 baht (2023), 990 baht (2023) or 1,500 baht (2023) (sources disagree)*"


def test_one_side_confirmed_leaves_a_dispute_unconfirmed():
    confirmed = value(3200, verified="{on: 2026-10-01, how: text, by: editor}")
    assert money(confirmed + value(990), "  disputed: yes\n").state == "unverified"


def test_a_dispute_that_ended_is_none():
    fact = money(value(3200, ", until: 2024-12-31") + value(990), "  disputed: yes\n")
    assert told(fact) == "990 baht (2023)*"


@pytest.mark.parametrize(
    ("said", "english", "lao"),
    [
        (value(337, ", to: 400"), "337–400 baht (2023)*", "337–400 ບາດ (2023)*"),
        (value(1), "1 baht (2023)*", "1 ບາດ (2023)*"),
        (value("9.5"), "9.5 baht (2023)*", "9.5 ບາດ (2023)*"),
        (value(9999), "9,999 baht (2023)*", "9,999 ບາດ (2023)*"),
        (value(10000), "10,000 baht (2023)*", "10,000 ບາດ (1 ໝື່ນ) (2023)*"),
        (value(1600000), "1,600,000 baht (2023)*", "1,600,000 ບາດ (1 ລ້ານ 6 ແສນ) (2023)*"),
        (
            value(9000, ", to: 25000"),
            "9,000–25,000 baht (2023)*",
            "9,000–25,000 ບາດ (9 ພັນ–2 ໝື່ນ 5 ພັນ) (2023)*",
        ),
    ],
)
def test_how_a_sum_reads(said, english, lao):
    assert (told(money(said)), told(money(said), "lo")) == (english, lao)


@pytest.mark.parametrize(
    ("year", "said"),
    [
        ("2023", " (2023)"),
        ("about 2021", " (2021)"),
        ("c. 2018", " (2018)"),
        ("2018-22", " (2018-22)"),
        ("undated", ""),
    ],
)
def test_the_year_of_the_source(year, said):
    assert told(money(value(500).replace("year: 2023", f"year: {year}"))) == f"500 baht{said}*"


def test_a_rule_reads_as_each_language_says_it():
    fact = good().facts["work_permit"]
    assert told(fact) == "whoever works needs a permit (2018)"
    assert told(fact, "lo") == "ຄົນເຮັດວຽກຕ້ອງມີໃບອະນຸຍາດ (2018)"


def test_the_list_of_sources_tells_who_said_it_and_who_confirmed_it():
    shown = open_at(good(), "en:about.sources/trouble.now").plain
    assert "Police: 191 (Thailand). Source: a leaflet, 2024." in shown
    assert "day and night" in shown
    assert "Thai" in shown
    shown = open_at(good(), "en:about.sources/costs.fees").plain
    assert "Visa: 500 baht. Source: a notice, 2023. Press, organisation or law firm." in shown
    assert "(text, field officer)" in shown
    assert "2,000" not in shown, "only what holds on the day"


def test_in_the_real_book_every_fact_has_a_source_and_tells_its_state():
    for fact in real().facts.values():
        for each in fact.values:
            assert each.source
            assert each.year
            assert each.grade in ("A", "B")
        for lang in real().languages:
            assert told(fact, lang).endswith(
                {"verified": "", "unverified": "*", "late": "**", "failed": "***"}[fact.state]
            )


def test_a_confirmation_after_the_day_is_a_hint_and_no_error():
    """So that the book of an earlier day can still be read."""
    made, problems = examine(good_files(), date(2026, 9, 1))
    assert made is not None
    assert {(problem.rule, problem.level) for problem in problems} == {("future-date", "hint")}
    assert {fact.state for fact in made.facts.values()} == {"unverified"}
