"""The calculator against plain arithmetic: no rounding makes a broker's way look better than it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.address import Address, parse
from bot.book import Calculator, Page
from bot.crawl import findings, open_at, states
from bot.numbers import Numbers
from bot.talk.tools import calculator, results_of, step_of
from bot.talk.tools.calculator import Case, Span, calculate, chosen
from tests.books import real
from tests.test_crawl import LONGEST, book

quick = settings(max_examples=150, deadline=None, derandomize=True)

BAHT = st.integers(0, 200_000)
RATES = st.integers(0, 20_000)
ASIDES = st.integers(0, 20_000)
CASES = st.builds(Case, debt=BAHT, own=BAHT, rate=RATES, aside=ASIDES)


def page() -> Page:
    return real().pages["costs.calculator"]


def tool() -> Calculator:
    found = page().tool
    assert isinstance(found, Calculator)
    return found


@st.composite
def answered(draw: st.DrawFn) -> str:
    """All answers, as buttons give them."""
    answers = calculator.onward(tool(), "")
    while len(answers) < len(tool().questions):
        size = len(tool().questions[len(answers)].choices)
        places = [place for place in range(size) if calculator.fits(tool(), answers, place)]
        answers = calculator.onward(tool(), answers + chr(ord("a") + draw(st.sampled_from(places))))
    return answers


# ------------------------------------------------------------------ one case, to the last satang


def exactly(case: Case, most: int) -> tuple[int, Fraction] | None:
    """Months and interest without any rounding: the interest of a month is a fraction of a baht."""
    debt, own, months, interests = Fraction(case.debt), Fraction(case.own), 0, Fraction(0)
    while debt > 0 or own > 0:
        if months == most:
            return None
        interest = debt * case.rate / 10_000
        months, interests = months + 1, interests + interest
        debt += interest
        to_debt = min(debt, Fraction(case.aside))
        debt, own = debt - to_debt, own - (case.aside - to_debt)
    return months, interests


@quick
@given(CASES)
def test_it_is_never_better_than_without_rounding(case):
    counted, exact = case.payback(120), exactly(case, 120)
    if counted is None:
        assert exact is None or exactly(case, exact[0] - 1) is None
        return
    assert exact is not None
    assert exact[0] <= counted[0] <= 120
    assert exact[1] <= counted[1]


@quick
@given(CASES)
def test_it_is_dearer_by_the_rounding_alone(case):
    """Less than a baht for each month, and the interest that these bring."""
    counted = case.payback(120)
    assume(counted is not None)
    months, interest = counted or (0, 0)
    debt, total = case.debt, 0
    for _ in range(months):
        of_month = math.ceil(Fraction(debt * case.rate, 10_000))
        debt, total = max(0, debt + of_month - case.aside), total + of_month
    assert (debt, total) == (0, interest)


@quick
@given(CASES)
def test_money_is_neither_lost_nor_made(case):
    counted = case.payback(120)
    assume(counted is not None)
    months, interest = counted or (0, 0)
    due = case.debt + case.own + interest
    assert months * case.aside >= due > (months - 1) * case.aside or months == due == 0


@quick
@given(CASES, st.integers(0, 24))
def test_what_is_left_when_the_job_fails(case, months):
    exact = Fraction(case.debt)
    for _ in range(months):
        exact = max(Fraction(0), exact * (10_000 + case.rate) / 10_000 - case.aside)
    assert case.left(months, case.aside) >= exact
    assert case.left(months, 0) >= case.debt * (1 + Fraction(case.rate, 10_000)) ** months
    assert case.left(months, case.aside) <= exact + months * (1 + Fraction(case.rate, 10_000)) ** months


@quick
@given(CASES, st.integers(0, 5000), st.sampled_from(["debt", "own", "rate", "aside"]))
def test_more_debt_more_interest_or_less_put_aside_is_never_better(case, more, name):
    worse = {**{key: getattr(case, key) for key in ("debt", "own", "rate", "aside")}}
    worse[name] = max(0, worse[name] - more) if name == "aside" else worse[name] + more
    good, bad = case.payback(120), Case(**worse).payback(120)
    assert bad is None or (good is not None and good[0] <= bad[0] and good[1] <= bad[1])


@pytest.mark.parametrize(
    ("case", "payback"),
    [
        (Case(0, 0, 500, 1000), (0, 0)),
        (Case(1000, 0, 0, 1000), (1, 0)),
        (Case(1001, 0, 0, 1000), (2, 0)),
        # 10,000 at 10 percent with 1,000 put aside: the interest alone eats it up.
        (Case(10_000, 0, 1000, 1000), None),
        # 1 baht of debt at 2 percent: a whole baht of interest.
        (Case(1, 0, 200, 2), (1, 1)),
        # The debt comes first, one's own money after it.
        (Case(1000, 1000, 1000, 1100), (2, 100)),
        # Ten years do, a month more does not.
        (Case(0, 120, 0, 1), (120, 0)),
        (Case(0, 121, 0, 1), None),
    ],
)
def test_examples_that_can_be_counted_by_hand(case, payback):
    assert case.payback(120) == payback


# ------------------------------------------------------------------ spans of answers


def inside(draw: st.DrawFn, span: Span, most: int) -> int:
    return draw(st.integers(span.low, most if span.high is None else span.high))


@quick
@given(st.data())
def test_the_truth_lies_between_the_best_and_the_worst(data):
    """Whatever the sums behind the answers are, the months, the interest and the debt lie in what is told."""
    answers = data.draw(answered())
    result = calculate(tool(), answers)
    asked = inside(data.draw, result.asked, 200_000)
    borrowed = min(inside(data.draw, result.borrowed, 200_000), asked)
    whole = chosen(tool(), answers)
    if "borrowed" in whole and whole["borrowed"].name == "all":
        borrowed = asked
    assume(borrowed >= result.borrowed.low)
    wage = inside(data.draw, result.wage, 60_000)
    rate = inside(data.draw, result.rate, 10_000)
    aside = min(inside(data.draw, result.aside, 60_000), max(wage, result.aside.low))
    case = Case(borrowed, asked - borrowed, rate, aside)
    exact = exactly(case, tool().most)
    if exact is None:
        assert result.never or result.may_never or result.months.high is None
    else:
        assert result.months.high is None or exact[0] <= result.months.high
        assert result.interest.high is None or exact[1] <= result.interest.high
        assert result.total.high is None or asked + exact[1] <= result.total.high
    counted = case.payback(tool().most)
    if counted is not None:
        assert not result.never
        assert result.months.low <= counted[0]
        assert result.interest.low <= counted[1]
        if wage and result.worth.high is not None:
            assert Fraction(asked) / wage <= result.worth.high
    if result.borrowed.high == 0:
        case = Case(case.own, 0, 0, aside)
    for told, paid in ((result.paid, aside), (result.unpaid, 0)):
        assert told.low <= case.left(tool().fails, paid)
        assert told.high is None or case.left(tool().fails, paid) <= told.high


@quick
@given(answered())
def test_a_span_begins_before_it_ends_and_says_when_something_is_not_known(answers):
    result = calculate(tool(), answers)
    given = chosen(tool(), answers)
    spans = [span for name in result.__slots__ if isinstance(span := getattr(result, name), Span)]
    assert len(spans) == 12
    assert all(span.high is None or span.low <= span.high for span in spans)
    for name in ("asked", "interest", "interest_by_day", "aside"):
        if name in given and given[name].name == "unknown" and result.asked.high != 0:
            assert result.months.high is None
    assert (
        result.service.high is None or result.asked.high is None or result.service.high <= result.asked.high
    )
    assert not (result.never and result.months.low)


def test_a_baht_a_day_for_each_thousand_counts_every_day_of_the_longest_month():
    # 20,000 to 30,000, all borrowed, one baht a day for each thousand: 31 baht a month for each.
    answers = "ea" + "gg" + "a" + "b" + "d"
    assert [each.name for each in tool().questions][3:5] == ["interest", "interest_by_day"]
    result = calculate(tool(), answers)
    assert result.rate == Span(310, 310)
    assert result.unpaid.low == math.ceil((20_000 + 620) * Fraction(10_310, 10_000))
    assert result.wage == Span(350 * 26, 350 * 26)


# ------------------------------------------------------------------ states and screens


@quick
@given(answered())
def test_every_way_through_the_questions_goes_back_as_it_came(answers):
    at = Address("costs.calculator", "lo", f"a.{answers}")
    seen = []
    while at.state:
        seen.append(at.state)
        step = step_of(real(), page(), at, "lo", 0)
        assert step is not None, at
        back = parse(step.back)
        assert back is not None and len(back.state) < len(at.state)
        before = step_of(real(), page(), back, "lo", 0)
        assert before is not None
        assert str(at) in [button.to for row in before.rows for button in row]
        at = back
    assert len(seen) == len(answers.replace("-", ""))


@quick
@given(answered(), st.sampled_from(["lo", "en"]))
def test_every_screen_of_a_result_is_short_and_without_a_fault(answers, lang):
    """The words of a screen stay below the house's limit in every state, with all sums filled in."""
    for number in range(1, calculator.screens(tool(), answers) + 1):
        at = Address("costs.calculator", lang, f"a.{answers}" + (f".{number}" if number > 1 else ""))
        screen = open_at(real(), at)
        assert screen.at == str(at)
        assert list(findings(real(), screen)) == []
        step = step_of(real(), page(), at, lang, 0)
        assert step is not None
        assert sum(len(run.text) for part in step.parts for run in part.body) <= {"lo": 600, "en": 700}[lang]
        assert len(step.rows) <= 8
    further = Address("costs.calculator", lang, f"a.{answers}.{calculator.screens(tool(), answers) + 1}")
    assert step_of(real(), page(), further, lang, 0) is None
    assert set(results_of(page(), f"a.{answers}")) < set(calculator.ENDINGS)
    assert len(results_of(page(), f"a.{answers}")) == 1
    assert results_of(page(), f"a.{answers}.2") == ()


@pytest.mark.parametrize("state", ["a.z", "a.a", "a.-", "a.b-", "b.a", "a.bz", "a.a------.1", "a.a------.99",
                                   "a.b.2", "a.bgaaaaa", "a.baaaaaaaaaaa", "x", "a.ກ", "2"])  # fmt: skip
def test_a_state_that_no_button_gives_is_none(state):
    assert step_of(real(), page(), Address("costs.calculator", "en", state), "en", 0) is None


def test_the_longest_state_fits_every_button():
    found = max(states(tool(), 1, 50), key=len)
    screen = open_at(book(languages=3), Address("costs.calculator", "eng", found, LONGEST))
    assert screen.at.endswith(f"{found}~{LONGEST}")
    assert max(len(button.to.encode()) for row in screen.rows for button in row) <= 64


def figures(text: str) -> Iterator[str]:
    word = ""
    for sign in text + " ":
        if sign.isdigit() or (sign in ",." and word):
            word += sign
        elif word:
            yield word.replace(",", "")
            word = ""


def test_figures_of_labels_are_those_of_the_tree():
    for lang in real().languages:
        for question, words in zip(tool().questions, tool().words[lang], strict=True):
            for choice, label in zip(question.choices, words.labels, strict=True):
                if choice.name:
                    assert not list(figures(label))
                    continue
                by = 100 if choice.unit == "%" else 1
                wanted = {str(each // by) for each in (choice.low, choice.high) if each}
                assert set(figures(label)) == wanted | ({"1000"} if choice.unit == "each" else set()), label


# ------------------------------------------------------------------ numbers in words


SCALE = ((1_000_000, "ລ້ານ"), (100_000, "ແສນ"), (10_000, "ໝື່ນ"), (1000, "ພັນ"))
LAO = Numbers(",", SCALE, {"THB": {"other": "ບາດ"}})


@given(st.integers(0, 10**12))
def test_a_sum_in_words_is_the_sum(figure):
    sizes = {word: size for size, word in SCALE}
    words = LAO.scaled(str(figure)).split()
    found, place = 0, 0
    while place < len(words):
        size = sizes.get(words[place + 1], 0) if place + 1 < len(words) else 0
        found, place = found + int(words[place]) * (size or 1), place + (2 if size else 1)
    assert found == figure
    assert LAO.number(str(figure)).replace(",", "") == str(figure) == f"{figure:,}".replace(",", "")
    assert LAO.number(str(figure)) == f"{figure:,}"


@pytest.mark.parametrize(
    ("value", "to", "said"),
    [
        ("5000", "50000", "5,000–50,000 ບາດ (5 ພັນ–5 ໝື່ນ)"),
        ("500", "20000", "500–20,000 ບາດ (500–2 ໝື່ນ)"),
        ("1600000", "", "1,600,000 ບາດ (1 ລ້ານ 6 ແສນ)"),
        ("9999", "", "9,999 ບາດ"),
        ("0.5", "20000", "0.5–20,000 ບາດ (0.5–2 ໝື່ນ)"),
        ("10000.5", "", "10,000.5 ບາດ"),
    ],
)
def test_both_ends_of_a_range_are_said_in_words(value, to, said):
    assert LAO.quantity(value, to, "THB") == said


def test_the_plural_form_goes_by_the_last_two_figures():
    forms = tuple("one" if n % 10 == 1 and n % 100 != 11 else "other" for n in range(200))
    slavic = Numbers(units={"month": {"one": "one", "other": "other"}}, forms=forms)
    assert [slavic.amount(str(n), "", "month").split()[1] for n in (1, 11, 121, 1011, 1021)] == [
        "one", "other", "one", "other", "one"]  # fmt: skip
