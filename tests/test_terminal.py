"""The terminal: a talk from a pipe reads as a file, numbers press, and no line breaks a Lao syllable."""

from __future__ import annotations

import io
import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wcwidth import wcswidth

from bot.book import Book, Event, Reply
from bot.players.terminal import chat, wrapped
from bot.shelf import Shelf
from bot.talk.reply import reply
from tests.books import CONTENT, DAY, GOOD, ROOT, good, real

TALK = ROOT / "tests/terminal.txt"
CLEAR = "\x1b[H\x1b[2J\x1b[3J"


class Person(io.StringIO):
    """A terminal with somebody in front of it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def shelf():
    return Shelf(GOOD, ZoneInfo("Asia/Vientiane"), as_of=DAY)


def said(shelf: Shelf, lines: str, lang: str = "en", person: bool = False) -> str:
    """All that the terminal shows for these lines of input."""
    stdin, stdout = (Person(lines), Person()) if person else (io.StringIO(lines), io.StringIO())
    assert chat(shelf, lang, stdin, stdout, lambda counts: None) == 0
    return stdout.getvalue()


def screens(output: str) -> list[str]:
    """The output cut before each line of input."""
    return output.split("\n> ")


# ------------------------------------------------------------------ a talk as a file


def test_a_talk_from_a_pipe_is_a_file(shelf):
    """The lines behind `> ` are the input; the whole file is the output. The tiny good book talks."""
    talk = TALK.read_text("utf-8")
    lines = [line.removeprefix("> ") for line in talk.splitlines() if line.startswith("> ")]
    assert said(shelf, "\n".join(lines)) == talk + "> \n"


def test_the_last_line_needs_no_end(shelf):
    assert said(shelf, "1") == said(shelf, "1\n")


def test_nothing_at_all(shelf):
    output = said(shelf, "")
    assert output.startswith("\nHello\n")
    assert output.endswith("> \n")


# ------------------------------------------------------------------ numbers and words


def test_every_number_presses_its_button(shelf):
    first = screens(said(shelf, ""))[0]
    labels = [
        label for number in range(1, 6) for label in [first.partition(f"[{number}] ")[2].split("   ")[0]]
    ]
    assert [label.partition("\n")[0] for label in labels] == [
        "Fees",
        "Check an offer",
        "Help now",
        "ລາວ",
        "Help numbers",
    ]
    titles = [screens(said(shelf, f"{number}\n"))[1] for number in range(1, 6)]
    for title, shown in zip(["Fees", "Check an offer", "Help now", "ສະບາຍດີ", "Numbers"], titles, strict=True):
        assert f"\n{title}\n" in shown


@pytest.mark.parametrize("line", ["0", "6", "-1", "1.", "१", "໑", "²", "1 2", "7" * 5000, "press 1"])
def test_what_is_no_number_of_a_button_is_a_question(shelf, line):
    assert "Fees\nThe visa" not in said(shelf, f"{line}\n")
    assert "[1] Fees" in screens(said(shelf, f"{line}\n"))[1]


def test_spaces_around_a_number_do_not_matter(shelf):
    assert "\nFees\nThe visa" in said(shelf, "  1 \n")


def test_empty_lines_say_nothing(shelf):
    assert len(screens(said(shelf, "\n  \n\n1\n"))) == 6
    assert said(shelf, "\n  \n\n1\n").count("[1] ") == 2


def test_a_link_is_shown_and_not_followed(shelf):
    output = said(shelf, "3\n1\n1\n")
    assert output.count("→ tel:191\n") == 2


def test_hide_clears_the_window_of_a_person(shelf):
    page = said(shelf, "3\n", person=True)
    hide = page.partition("] Hide this chat")[0].rpartition("[")[2]
    shown, cleared, rest = said(shelf, f"3\n{hide}\n", person=True).partition(CLEAR)
    assert cleared
    assert "191" in shown
    assert "191" not in rest
    assert "\nHello.\n" in rest
    assert "What scrolled away may still be in the window" in rest


def test_the_language_of_the_question_is_the_language_of_the_answer(shelf):
    output = screens(said(shelf, "ວີຊາ\nthe price\n"))
    assert "ຄ່າໃຊ້ຈ່າຍ" in output[1]
    assert "\nFees\n" in output[2]


def test_a_quiz_that_is_opened_again_draws_anew(monkeypatch):
    drawn = []

    def listening(book: Book, event: Event) -> Reply:
        told = reply(book, event)
        if told.screen.varies:
            drawn.append(told.screen.rows[0][0].to)
        return told

    monkeypatch.setattr("bot.players.terminal.reply", listening)
    own = list(real().pages["home"].go).index("learn.quiz") + 1
    home = [button.to for row in reply(real(), Event("open", "en:home")).screen.rows for button in row]
    assert home[own - 1] == "en:learn.quiz"
    content = Shelf(CONTENT, ZoneInfo("Asia/Vientiane"), as_of=DAY)
    for _ in range(2):
        said(content, f"{own}\n2\n{own}\n2\n{own}\n")
    assert len(set(drawn)) == len(drawn) == 6


def test_without_a_language_it_begins_in_both(shelf):
    output = said(shelf, "", lang="")
    assert "ສະບາຍດີ" in output
    assert "Hello" in output


def test_a_person_sees_bold_titles_and_a_pipe_none(shelf):
    assert "\x1b[1mHello\n\x1b[0m" in said(shelf, "", person=True)
    assert "\x1b" not in said(shelf, "1\n3\n")


def test_after_midnight_the_words_are_those_of_the_new_day(shelf, monkeypatch):
    days = iter(["2026-11-26", "2026-11-26", "2027-11-26", "2027-11-26", "2027-11-26"])
    monkeypatch.setattr(shelf, "today", lambda: type(DAY).fromisoformat(next(days)))
    before, after = screens(said(shelf, "1\n1\n1\n"))[1:3]
    assert "500 baht (2023).\n" in before
    assert shelf.book.day.year == 2027
    assert "500 baht" not in after
    assert "500 baht (2023)**" in said(shelf, "1\n")


# ------------------------------------------------------------------ wrapping

HANGS = "ັິີຶືຸູົຼໍ່້໊໋໌ະາຳຽ"
WAITS = "ເແໂໃໄ"


def test_no_line_of_lao_breaks_a_syllable():
    """A line begins with no sign that hangs on a letter, and ends with no vowel that waits for one.

    Only what has no place to cut, such as the address of a website, may be wider than the window.
    """
    parts = [part for page in real().pages.values() for part in page.words["lo"].parts]
    for width in (*range(20, 33), 40, 60, 80):
        for text in ("".join(run.text for run in part.body) for part in parts):
            lines = list(wrapped(text, width))
            assert "".join(lines).replace(" ", "") == text.replace("\n", "").replace(" ", "")
            for line in lines:
                assert wcswidth(line) <= width or whole(line), line
                assert not line.startswith(tuple(HANGS)), line
                assert not line.endswith(tuple(WAITS)), line


def whole(line: str) -> bool:
    """Whether it is one word without Lao letters: a web address, a Thai sentence."""
    return " " not in line and not re.search("[\u0e80-\u0eff]", line)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.text("ກຂງຍດນບມວຣລອຫໜັິາະຽເແໄ່້ໆ ab-1(“é😀\n\t"), st.integers(1, 40))
def test_any_text_is_wrapped_without_loss(text, width):
    lines = list(wrapped(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert not any(line.endswith((" ", "\t")) for line in lines)
    assert len(lines) >= text.count("\n") + 1


def test_colours_take_no_room():
    plain = "ສະບາຍດີ ນີ້ແມ່ນ ຂົວ ຢູ່ນີ້ເຈົ້າອ່ານໄດ້"
    coloured = "\x1b[1m" + plain + "\x1b[0m"
    assert [line.replace("\x1b[1m", "").replace("\x1b[0m", "") for line in wrapped(coloured, 20)] == list(
        wrapped(plain, 20)
    )


def test_the_width_of_the_window_counts(shelf, monkeypatch):
    monkeypatch.setenv("COLUMNS", "24")
    for lang in good().languages:
        for line in said(shelf, "1\n", lang=lang).splitlines():
            assert wcswidth(line) <= 24 or line.startswith(("[", "> ", "A number", "ພິມ")), line
