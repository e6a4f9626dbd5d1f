"""The conversation: any event has a screen that a person can use, the same each time, and safe to see."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.address import parse
from bot.book import Book, Check, Count, Event, Part, Quiz, Screen
from bot.compiler import compile_book
from bot.crawl import addresses, findings, open_at
from bot.talk.lines import line
from bot.talk.reply import MOST_SIGNS, nearest, reply
from bot.talk.screens import HELP, HIDE, offered
from bot.talk.tools.calculator import ENDINGS
from bot.talk.understand import understand
from tests.books import DAY, real, real_files

quick = settings(max_examples=120, deadline=None, derandomize=True)

ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
LETTERS = st.text(st.sampled_from("ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮະັາິີຶືຸູົຼຽເແໂໃໄໆ່້໊໋໌ໍ໐໑໒ໜໝກขคงนมรลวอ่้าเแ abdeiknost?.,"))
WORDS = st.lists(
    st.sampled_from(
        [
            "ວີຊາ",
            "ລາຄາ",
            "ຖືກຂັງ",
            "ຢາກໄປ",
            "MoU",
            "visa",
            "cost",
            "help",
            "locked",
            "me",
            "in",
            "ช่วยด้วย",
            "sabaidee",
            "passport",
            "ນາຍໜ້າ",
        ]
    )
).map(" ".join)


@cache
def book() -> Book:
    """The real book, with a campaign."""
    return compile_book({**real_files(), "campaigns.yaml": "abcdefgh: {label: a poster, place: wider}"}, DAY)


@cache
def known_addresses() -> tuple[str, ...]:
    return tuple(map(str, addresses(book(), many=10, campaign="abcdefgh")))


KNOWN = st.deferred(lambda: st.sampled_from(known_addresses()))


@st.composite
def bent(draw: st.DrawFn) -> str:
    """An address of the book with a letter put in, changed or taken away."""
    address: str = draw(KNOWN)
    place = draw(st.integers(0, len(address)))
    sign = draw(st.sampled_from([*"abnyd.:/~-_0123 ", "", "ກ", "é", "\n"]))
    rest: str = address[place + draw(st.integers(0, 1)) :]
    return f"{address[:place]}{sign}{rest}"


CRAFTED = st.from_regex(
    r"(hotlines\.emergency/)?(brokers\.check|learn\.quiz|home)/[a-z./0-9]{1,40}(~abcdefgh)?", fullmatch=True
)
PLACES = KNOWN | bent() | CRAFTED | ANYTHING | st.just(HIDE)
EVENTS = st.builds(
    Event,
    kind=st.sampled_from(["open", "ask", "other"]),
    value=PLACES | LETTERS | WORDS,
    lang=st.sampled_from(["", "lo", "en", "fr", "LO", "lo-LA"]),
    page=st.just("") | PLACES,
    seed=st.integers(),
    start=st.booleans(),
)


# ------------------------------------------------------------------ any event


@quick
@given(EVENTS)
@example(Event("open", f"hotlines.emergency/brokers.check/{'a' * 31}"))
@example(Event("open", f"hotlines.emergency/about.sources/legal.limits/{'0' * 15}1"))
@example(Event("open", "", page="\x00"))
def test_any_event_has_a_screen_without_a_fault(event):
    screen = reply(book(), event).screen
    assert screen.plain.strip()
    assert screen.rows
    if screen.at != HIDE:
        assert list(findings(book(), screen)) == []


@quick
@given(EVENTS)
def test_the_same_event_has_the_same_reply(event):
    told = reply(book(), event)
    assert reply(book(), event) == told
    if told.screen.at != HIDE:
        assert open_at(book(), told.screen.at).at == told.screen.at, "a screen's own address leads to it"


@quick
@given(EVENTS)
def test_what_is_counted_are_names_of_the_book(event):
    """No word of a person gets into a count, by whatever way."""
    signs = {sign.name for sign in check().signs}
    quizzes = [page.tool for page in book().pages.values() if isinstance(page.tool, Quiz)]
    keys = {question.key for quiz in quizzes for question in quiz.questions}
    asked = {f"{key}-{said}" for key in keys for said in ("right", "wrong")}
    ideas = set(book().index.ideas)
    pages = set(book().pages)
    for count in reply(book(), event).counts:
        assert count.lang in ("", *book().languages)
        assert count.campaign in ("", "abcdefgh")
        assert count.key in {
            "start": pages, "screen": pages, "answered": pages, "danger": pages,
            "result": {f"brokers.check/{name}" for name in (*signs, "none")}
            | {f"costs.calculator/{name}" for name in ENDINGS},
            "quiz": asked,
            "unanswered": {count.key} if set(count.key.split("+")) <= ideas | {""} else {},
            "hide": {""}, "other": {""}, "voice": {""}, "share": {""},
            "no_answer": {fact.id for fact in book().facts.values() if fact.kind == "phone"},
        }[count.kind]  # fmt: skip


# ------------------------------------------------------------------ counts


@pytest.mark.parametrize(
    ("event", "counted"),
    [
        (Event("open", "lo:home", start=True), ["start home lo", "screen home lo"]),
        (Event("open", "home~abcdefgh", start=True), ["start home  abcdefgh", "screen home  abcdefgh"]),
        (Event("open", "en:legal.limits~nobody1"), ["screen legal.limits en"]),
        (Event("open", "en:legal.nothing"), ["screen legal.overview en"]),
        (Event("open", HIDE, page="en:trouble.now"), ["hide  en"]),
        (Event("other", "voice", "lo"), ["voice  lo"]),
        (Event("other", "sticker", "lo"), ["other  lo"]),
        (Event("ask", "who reads this"), ["answered about.privacy en"]),
        (
            Event("ask", "they locked me in a house"),
            ["danger trouble.locked_in en", "answered trouble.locked_in en"],
        ),
        (Event("ask", "Somboun 77", "lo"), ["unanswered  lo"]),
        (Event("open", "en:brokers.check/a.yn"), ["screen brokers.check en"]),
        (
            Event("open", "en:brokers.check/a.ynynnyyynyyn"),
            [
                "screen brokers.check en",
                "result brokers.check/papers_held en",
                "result brokers.check/debt en",
            ],
        ),
        (
            Event("open", "lo:brokers.check/a.nnnnnyyynyyn"),
            ["screen brokers.check lo", "result brokers.check/none lo"],
        ),
        (Event("open", "lo:brokers.check/a.yyyyyyyyyyyy.2"), ["screen brokers.check lo"]),
    ],
)
def test_what_is_counted(event, counted):
    assert [spelt(count) for count in reply(book(), event).counts] == counted


def spelt(count: Count) -> str:
    return f"{count.kind} {count.key} {count.lang} {count.campaign}".rstrip()


# ------------------------------------------------------------------ languages, quiet pages


def test_without_a_language_a_page_is_in_two_with_the_choice():
    for id, page in real().pages.items():
        screen = open_at(real(), id)
        assert screen.langs == ("lo", "en")
        for lang in screen.langs:
            assert page.words[lang].title in screen.plain
            assert line(real(), lang, "trial") in screen.plain
        leads = {button.label: button.to for row in screen.rows for button in row}
        there = "home" if page.kind == "languages" else id
        assert (leads["ລາວ"], leads["English"]) == (f"lo:{there}", f"en:{there}")


@quick
@given(KNOWN)
def test_a_quiet_page_opens_with_the_neutral_sentence(address):
    """A lock screen shows the first words, lines joined: they tell nothing, on further screens neither."""
    screen = open_at(book(), address)
    page = book().pages[screen.page]
    of = book().pages.get((parse(screen.at) or parse("home")).state.partition("/")[0])  # type: ignore[union-attr]
    quiet = page.quiet or (page.kind == "sources" and of is not None and of.quiet)
    first = screen.plain.partition("\n")[0]
    neutral = line(book(), screen.langs[0], "neutral")
    assert (first == neutral) is quiet


@pytest.mark.parametrize("lang", ["lo", "en"])
def test_no_page_names_its_subject_before_the_neutral_sentence_even_when_a_line_explains(lang):
    for value in ("trouble.locked_in", "trouble.now/9", "brokers.check/z.yy"):
        text = reply(real(), Event("open", f"{lang}:{value}")).screen.plain
        assert text.startswith(line(real(), lang, "neutral") + "\n")


@pytest.mark.parametrize("said", ["ຖືກຂັງ", "they locked me in a house", "ช่วยชีวิตด้วย", "khao khang khoy vai"])
@pytest.mark.parametrize("page", ["", "lo:costs.who_pays", "en:brokers.check/a.yn", "nonsense"])
def test_danger_is_answered_with_numbers_first_wherever_it_is_said(said, page):
    told = reply(real(), Event("ask", said, page=page))
    assert told.screen.opens_with_numbers
    assert told.screen.danger
    assert told.counts[0].kind == "danger"


@pytest.mark.parametrize("said", ["ຊ່ວຍແດ່", "ช่วยด้วย", "suay dae", "help me", "please help"])
def test_a_bare_cry_for_help_is_answered_with_numbers_first(said):
    screen = reply(real(), Event("ask", said)).screen
    assert screen.opens_with_numbers
    assert screen.page == "trouble.now"


# ------------------------------------------------------------------ nearest, offered


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("legal.limits", "legal.limits"),
        ("legal.stepz", "legal.steps"),
        ("lega.overview", "legal.overview"),
        ("wrok.documents", "work.documents"),
        ("legal.nothing", "legal.overview"),
        ("trouble.nothing", "trouble.now"),
        ("hotlines.nowhere", "hotlines.emergency"),
        ("nothing.here", "home"),
        ("whatever", "home"),
    ],
)
def test_the_nearest_page(asked, page):
    assert nearest(real(), asked) == page


@pytest.mark.parametrize(
    ("gone", "page"),
    [
        (["work.documents"], "work.rights"),
        (["costs.compare"], "costs.overview"),
        (["trouble.now"], "trouble.documents_taken"),
        (["money.send_home", "money.tax_claims", "money.save"], "home"),
    ],
)
def test_a_page_that_is_gone_leads_into_its_branch(gone, page):
    pages = {id: each for id, each in real().pages.items() if id not in gone}
    assert nearest(replace(real(), pages=pages), gone[0]) == page


def test_a_like_name_in_another_branch_counts_only_for_what_was_never_a_page():
    assert nearest(real(), "regal.documents") == "legal.documents"
    assert nearest(replace(real(), known=real().known | {"regal.documents"}), "regal.documents") == "home"


def test_at_most_three_pages_are_offered_beside_an_answer():
    for said in ("how much does the visa cost", "ວີຊາ", "what is the weather", "they locked me in"):
        told = reply(real(), Event("ask", said)).screen
        beside = offered(told, told.page)
        assert len(beside) <= 3
        assert told.page not in beside
        assert set(beside) <= set(real().pages)


def test_help_leads_back_to_any_state_of_a_tool():
    for state in ("a.y", "a.ydn", "a.yyyyyyyyyyyy", "a.yyyyyyyyyyyy.2"):
        screen = open_at(real(), f"en:brokers.check/{state}")
        to = next(b.to for row in screen.rows for b in row if (parse(b.to) or parse("home")).page == HELP)  # type: ignore[union-attr]
        back = next(b.to for row in open_at(real(), to).rows for b in row if b.label == "Back")
        assert back == f"en:brokers.check/{state}"


# ------------------------------------------------------------------ the offer check


def check() -> Check:
    tool = real().pages["brokers.check"].tool
    assert isinstance(tool, Check)
    return tool


def result(answers: str, lang: str = "en") -> Screen:
    return open_at(real(), f"{lang}:brokers.check/{check().edition}.{answers}")


def plain(part: Part) -> str:
    return "".join(run.text for run in part.body)


SEVEN = ("secret", "young", "false_papers", "paid_first", "receipt", "licence", "easy_money")
"""Questions whose answer may be unknown without being a sign; more than half of all."""


@pytest.mark.parametrize("lang", ["lo", "en"])
@pytest.mark.parametrize(
    ("unknown", "signs", "opens"),
    [
        ((), (), ["none"]),
        (SEVEN[:6], (), ["none"]),
        (SEVEN, (), ["unsure"]),
        ((), ("loan",), ["found"]),
        (SEVEN, ("loan",), ["found", "unsure"]),
    ],
)
def test_how_a_result_opens(unknown, signs, opens, lang):
    """Signs are told, and where most answers are not known there is no all-clear."""
    calm = {"employer": "y", "contract": "y", "checkpoint": "y", "receipt": "y", "licence": "y"}
    answers = calm | dict.fromkeys(unknown, "d") | dict.fromkeys(signs, "y")
    text = result("".join(answers.get(name, "n") for name in check().questions), lang).plain
    parts = {"found": check().found[lang], "none": check().none[lang], "unsure": check().unsure[lang]}
    assert [name for name, part in parts.items() if plain(part) in text] == opens


def test_signs_stand_gravest_first_and_three_a_screen():
    weights = [sign.weight for sign in check().signs]
    assert weights == sorted(weights, reverse=True)
    wanted = [sign.name for sign in check().signs if all(answer == "y" for _, answer in sign.when[0])]
    titles = [check().sign_words["en"][name].title for name in wanted]
    assert len(titles) > 3
    screen = result("y" * len(check().questions))
    for first in range(0, len(titles), 3):
        lines = screen.plain.splitlines()
        assert [title for title in titles if title in lines] == titles[first : first + 3]
        left = len(titles) - first - 3
        label = line(real(), "en", "more_signs", n=left)
        more = [button.to for row in screen.rows for button in row if button.label == label]
        assert len(more) == (left > 0)
        screen = open_at(real(), more[0]) if more else screen


def test_the_result_may_be_asked_for_early_after_a_grave_sign_alone():
    enough = line(real(), "en", "enough")
    grave = {sign.when[0][0] for sign in check().signs if sign.weight == 2}
    for place in range(11):
        for answer in "ynd":
            labels = [b.label for row in result("n" * place + answer).rows for b in row]
            assert (enough in labels) is ((place, answer) in grave)


def test_the_wording_of_not_understanding_comes_from_the_seed():
    def said(seed: int) -> str:
        return reply(real(), Event("ask", "xyzzy", "en", seed=seed)).screen.plain.partition("\n")[0]

    assert said(0) == said(2) == line(real(), "en", "not_understood")
    assert said(1) == said(3) == line(real(), "en", "not_understood_again")


# ------------------------------------------------------------------ understanding


@quick
@given(ANYTHING | LETTERS | WORDS, st.sampled_from(["", "home", "brokers.check", "x"]))
def test_any_text_is_read(text, page):
    found = understand(real().index, text, page)
    assert found == understand(real().index, text, page)
    assert found.page is None or found.page in real().pages
    assert len(found.others) <= 3
    assert len({found.page, *found.others}) == 1 + len(found.others), "no page twice"
    assert set(found.others) <= set(real().pages)
    assert found.lang in ("", *real().languages)
    assert len(found.ideas) == len(set(found.ideas)), "no idea twice"
    assert set(found.ideas) <= set(real().index.ideas)


@pytest.mark.parametrize(
    "piece", ["ຖືກຂັງ", "ຫ", "ກ້", "help ", "a", "ช่วยด้วย", "ວີຊາ ລາຄາ ເທົ່າໃດ ", "ເເ", "ໍ", "😀", "x "]
)
def test_work_grows_with_the_length_of_the_text_and_no_faster(piece):
    """Counted in calls of functions, not in seconds: twice the text, about twice the work."""
    once = work(piece * (400 // len(piece)))
    twice = work(piece * (800 // len(piece)))
    assert twice < 2.5 * once + 200


def test_a_text_beyond_the_longest_message_is_read_up_to_there():
    long = "ວີຊາ ລາຄາ " * 4000
    assert reply(real(), Event("ask", long)) == reply(real(), Event("ask", long[:MOST_SIGNS]))


def work(text: str) -> int:
    """How many functions are called, Python's own included, to understand a text."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    index = replace(real().index)
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        understand(index, text)
    finally:
        sys.setprofile(before)
    return calls
