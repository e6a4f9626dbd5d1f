"""A help number that did not answer: said in two taps wherever it stands, noted by fact, others at once."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from bot.address import Address, parse
from bot.book import Book, Button, Campaign, Count, Event, Screen, State
from bot.cli import main
from bot.compiler import compile_book
from bot.crawl import findings, open_at
from bot.figures.silent import silent
from bot.limits import CALLBACK_DATA_BYTES
from bot.players.telegram.drawing import draw
from bot.players.web.draw import draw as draw_for_web
from bot.settings import NAMES
from bot.talk import no_answer
from bot.talk.lines import line
from bot.talk.reply import reply
from bot.talk.screens import HELP
from bot.tally.file import TallyFile
from bot.tally.names import Cell, cell
from tests.books import DAY, changed, good, good_files, real

LONGEST = "abcdefgh"


@cache
def posters() -> Book:
    """The real book with a campaign whose id is as long as one may be."""
    return replace(real(), campaigns={LONGEST: Campaign(LONGEST, "a poster", "wider")})


def leads(screen: Screen) -> list[Button]:
    """The screen's buttons about numbers that did not answer."""
    buttons = [button for row in screen.rows for button in row]
    own = screen.rows[: len(screen.rows) - screen.standing]
    return [
        button
        for button in buttons
        if (at := parse(button.to)) and no_answer.read(at.state) and any(button in row for row in own)
    ]


def phones(screen: Screen) -> set[str]:
    return {run.text for run in screen.text if run.style == "phone"}


def press(book: Book, to: str) -> tuple[Screen, list[Count]]:
    told = reply(book, Event("open", to))
    return told.screen, [count for count in told.counts if count.kind == "no_answer"]


@pytest.mark.parametrize("lang", ["lo:", "en:", ""])
def test_each_number_told_on_a_page_can_be_said_not_to_answer(lang):
    """On pages of every kind, in one language and in two."""
    book = real()
    told = 0
    for page in book.pages:
        screen = open_at(book, lang + page)
        ways = leads(screen)
        assert len(ways) == bool(phones(screen)), page
        if not ways:
            continue
        which, counts = press(book, ways[0].to)
        numbers = no_answer.phones(book, screen.facts)
        if len(numbers) == 1:
            assert counts == [Count("no_answer", numbers[0], lang.rstrip(":"))]
            continue
        assert not counts
        assert len(leads(which)) == len(numbers), page
        assert phones(which) >= phones(screen)
        for button, id in zip(leads(which), numbers, strict=True):
            thanks, counts = press(book, button.to)
            assert counts == [Count("no_answer", id, lang.rstrip(":"))]
            others = {value.value for other in numbers if other != id for value in book.facts[other].now}
            assert phones(thanks) == others, page
            assert list(findings(book, thanks)) == []
            told += 1
    assert told > 50


@pytest.mark.parametrize("page", ["hotlines.thailand", "trouble.debt/2", "work.unpaid", HELP])
def test_in_danger_the_way_to_say_so_is_one_button_and_the_others_stand_at_the_top(page):
    book = real()
    screen = open_at(book, f"en:{page}")
    assert [button.label for button in leads(screen)] == ["I called, nobody answered"]
    thanks, _ = press(book, leads(press(book, leads(screen)[0].to)[0])[0].to)
    assert thanks.plain.count(line(book, "en", "no_answer_noted")) == 1
    assert line(book, "en", "next") in thanks.plain
    if thanks.danger:
        assert thanks.opens_with_numbers
    back = next(button.to for row in thanks.rows for button in row if button.label == "Back")
    assert back == f"en:{page}"


def test_where_one_number_stands_alone_the_help_numbers_are_told_instead():
    thanks, counts = press(real(), leads(open_at(real(), "en:legal.border_work"))[0].to)
    assert [count.key for count in counts] == ["employment_th"]
    assert phones(thanks) == phones(open_at(real(), "en:hotlines.emergency"))
    assert not leads(thanks), "what is told here is no number of the page"


def test_another_language_and_the_way_back_from_help_count_nothing_again():
    screen, counts = press(real(), f"en:trouble.now/{no_answer.write('', 'social_th')}")
    assert len(counts) == 1
    standing = [button.to for row in screen.rows[-screen.standing :] for button in row]
    assert "lo:trouble.now" in standing and f"en:{HELP}/trouble.now" in standing
    for to in standing:
        further, again = press(real(), to)
        assert not again
        assert not [button for button in leads(further) if "/x-" in button.to]


@pytest.mark.parametrize(
    "state", ["x-000000", "x-", "x/x", "x/2/x", "x/99", "x-bea67e/x-bea67e", "x/about.bot", "xx", "x-BEA67E"]
)
@pytest.mark.parametrize(
    "page", ["trouble.now", HELP, "brokers.check", "about.sources", "home", "learn.quiz"]
)
def test_an_odd_address_counts_nothing_and_has_a_screen(page, state):
    screen, counts = press(real(), f"en:{page}/{state}")
    assert not counts
    assert list(findings(real(), screen)) == []


def test_a_number_keeps_its_name_when_others_come_and_go():
    before = "trouble.now:\n  up: home\n  danger: yes\n  numbers: [police_th, women_la]"
    files = changed(good_files(), "tree/pages.yaml", before, before.replace("police_th, ", ""))
    files = changed(files, "tree/pages.yaml", "  call: [police_th]\n", "  call: [women_la]\n")
    fewer = compile_book(files, DAY)
    at = f"en:trouble.now/{no_answer.write('', 'women_la')}"
    assert press(fewer, at)[1] == [Count("no_answer", "women_la", "en")]
    gone, counts = press(fewer, f"en:trouble.now/{no_answer.write('', 'police_th')}")
    assert not counts
    assert line(fewer, "en", "old_button") in gone.plain


@pytest.mark.parametrize(
    "at", ["brokers.check/a.nnnnynnnnnnn", "learn.quiz/stuvwxyz.ynyyyyyy", "prepare.checklist/a.1.m"]
)
def test_a_tool_that_tells_numbers_leads_back_to_its_own_state(at):
    way = leads(open_at(real(), f"en:{at}"))[0].to
    thanks, counts = press(real(), way)
    assert [count.kind for count in counts] == ["no_answer"]
    back = next(button.to for row in thanks.rows for button in row if button.label == "Back")
    assert back == f"en:{at}"


def test_every_address_fits_a_button():
    """For the longest campaign; a language may have one letter more than this one."""
    for page in real().pages.values():
        last = max((len(words.parts) for words in page.words.values()), default=1)
        for state in ("", *map(str, range(2, last + 1))):
            for way in leads(open_at(posters(), Address(page.id, "en", state, LONGEST))):
                shown = [press(posters(), way.to)[0]]
                shown += [press(posters(), each.to)[0] for each in leads(shown[0])]
                for to in (button.to for screen in shown for row in screen.rows for button in row):
                    assert len(to.encode()) < CALLBACK_DATA_BYTES, to


def test_both_players_show_it():
    screen = open_at(real(), "lo:trouble.now")
    label, to = leads(screen)[0].label, leads(screen)[0].to
    assert f'"callback_data":"{to}"'.encode() in draw(screen)
    buttons = [button for row in draw_for_web(real(), screen)["rows"] for button in row]
    assert {"to": to, "is": "page"}.items() <= buttons[-1].items()
    assert "".join(piece["text"].replace("\u200b", "") for piece in buttons[-1]["label"]) == label


def test_the_tally_takes_it_by_month_without_a_campaign():
    to = f"en:trouble.now/{no_answer.write('', 'social_th')}~{LONGEST}"
    at = cell(posters(), DAY, "telegram", press(posters(), to)[1][0])
    assert at == Cell("2026-11", "telegram", "en", "no_answer", "social_th")


# ------------------------------------------------------------------ before launch


def said(month: str, fact: str, n: int) -> dict[Cell, int]:
    return {Cell(month, "telegram", "lo", "no_answer", fact): n}


@pytest.fixture
def launch(tmp_path, monkeypatch, capsys):
    """Writes counts into a tally, and gives exit code and output of khua check --launch."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("KHUA_DATA", str(tmp_path))

    def check(cells: dict[Cell, int] | None = None) -> tuple[int, str, str]:
        if cells is not None:
            tally = TallyFile(tmp_path / "tally.db")
            tally.add([(None, cells)])
            tally.close()
        code = main(["check", "tests/rules/good", "--launch", "--as-of", str(DAY)])
        return (code, *capsys.readouterr())

    return check


def test_the_launch_check_names_first_the_numbers_that_did_not_answer(launch):
    assert launch() == (0, "clean\n", ""), "no file of counts yet"
    code, out, _ = launch({**said("2026-10", "women_la", 2), **said("2026-11", "women_la", 3)})
    assert code == 1
    first = out.splitlines()[0]
    assert first.startswith("facts/phones.yaml:")
    assert "launch-no-answer: people said " in first
    assert "women_la did not answer; call it and write down how it went: khua facts verify" in first


def test_a_damaged_tally_is_told_and_stops_nothing(launch, tmp_path):
    (tmp_path / "tally.db").write_bytes(b"no tally at all, but long enough to be read as one" * 100)
    code, out, err = launch()
    assert (code, out) == (0, "clean\n")
    assert err.startswith("khua: ") and "tally.db" in err and err.count("\n") == 1


def test_a_call_that_was_answered_since_takes_it_off_the_list():
    cells = {
        **said("2026-09", "women_la", 5),
        **said("2026-11", "women_la", 1),
        **said("2026-11", "police_th", 2),
    }
    never = replace(
        good(),
        facts={id: replace(fact, last_call="never", state="unverified") for id, fact in good().facts.items()},
    )
    assert list(silent(never, cells).items()) == [
        ("women_la", {"2026-09": 5, "2026-11": 1}),
        ("police_th", {"2026-11": 2}),
    ]
    states: list[tuple[State, dict[str, int]]] = [
        ("verified", {"2026-11": 1}),
        ("failed", {"2026-09": 5, "2026-11": 1}),
    ]
    for state, months in states:
        called = replace(good().facts["women_la"], last_call="2026-10-05", state=state)
        assert silent(replace(never, facts={"women_la": called}), cells) == {"women_la": months}
