"""A new campaign: noted in its file, with a link that the bot knows and a QR code that reads as the link."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from xml.etree import ElementTree

import pytest
import segno

from bot.address import from_start
from bot.book import Book, Campaign, Event, Quiz
from bot.desk import campaigns
from bot.desk.pencil import Pencil
from bot.talk.reply import reply
from bot.talk.screens import HELP
from tests.books import GOOD, real
from tests.test_desk import copy, khua  # noqa: F401

BOT = "telegram: khua_lao_bot\n"


@pytest.fixture
def small(tmp_path, monkeypatch):
    """A copy of the tiny good book, of an organisation whose bot has a name."""
    folder = copy(GOOD, tmp_path / "small", monkeypatch)
    with (folder / "organisation.yaml").open("a", encoding="utf-8") as file:
        file.write(BOT)
    monkeypatch.chdir(tmp_path)
    return folder


def new(khua, *more, id="vte26a"):  # noqa: F811
    return khua("campaign", "new", id, "--label", "poster, bus station", "--place", "wider", *more)


def test_a_campaign_is_noted_and_its_comments_stay(khua, small, tmp_path):  # noqa: F811
    (small / "campaigns.yaml").write_text("# Posters.\n{}\n", "utf-8")
    code, out, err = new(khua, "--province", "ວຽງຈັນ", "--until", "2027-03-31")
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "https://t.me/khua_lao_bot?start=home__vte26a"
    assert out.splitlines()[-1] == "written: campaigns.yaml, vte26a.svg, vte26a.png"
    assert new(khua, "--out", str(tmp_path), id="ban2")[0] == 0
    assert (small / "campaigns.yaml").read_text("utf-8") == (
        "# Posters.\n"
        'vte26a: {label: "poster, bus station", province: ວຽງຈັນ, place: wider, until: 2027-03-31}\n'
        'ban2: {label: "poster, bus station", place: wider}\n'
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "one: {a: b}\n"),
        ("# none yet\n# none\n", "# none yet\n# none\none: {a: b}\n"),
        ("{}", "one: {a: b}\n"),
        ("two: {a: c} # the first\n", "two: {a: c} # the first\none: {a: b}\n"),
        ("{two: {a: c}}\n", "{two: {a: c}, one: {a: b}}\n"),
    ],
)
def test_an_entry_is_written_into_a_file_however_it_looks(before, after):
    pencil = Pencil("campaigns.yaml", before)
    pencil.put(("one",), {"a": "b"})
    assert pencil.text() == after


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"id": "Vte"}, "'Vte' is no id of a campaign; write 3 to 8 of a-z 0-9, such as vte26a"),
        ({"id": "toolong99"}, "'toolong99' is no id of a campaign"),
        ({"page": "costs.fee"}, "--page costs.fee: there is no such page; did you mean costs.fees?"),
        ({"mode": "before"}, "--mode before leads to the quiz, and the book has none; give a --page"),
        ({"out": "nowhere"}, "--out nowhere is no folder"),
        ({"label": " "}, "nothing was written, since it would break the content: campaigns.yaml:"),
    ],
)
def test_what_is_wrong_is_one_line_and_nothing_is_written(khua, small, tmp_path, more, said):  # noqa: F811
    before = (small / "campaigns.yaml").read_bytes()
    given = {"label": "a poster", "place": "wider", **more}
    id = given.pop("id", "vte26a")
    code, out, err = khua(
        "campaign", "new", id, *(word for key in given for word in (f"--{key}", given[key]))
    )
    assert code in (1, 2)
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(f"khua: {said}")
    assert (small / "campaigns.yaml").read_bytes() == before
    assert not list(tmp_path.glob("*.svg")) + list(tmp_path.glob("*.png"))


def test_an_id_or_a_file_that_is_there_is_refused(khua, small, tmp_path):  # noqa: F811
    assert new(khua)[0] == 0
    code, _, err = new(khua)
    assert (code, err) == (
        2, "khua: there is a campaign vte26a already (poster, bus station); take another id\n"
    )  # fmt: skip
    (tmp_path / "ban2.png").write_bytes(b"a photo")
    code, _, err = new(khua, id="ban2")
    assert (code, err) == (
        2, "khua: ban2.png is there already; move it away, or name another folder with --out\n"
    )  # fmt: skip
    assert "ban2" not in (small / "campaigns.yaml").read_text("utf-8")


def test_without_the_bots_name_there_is_no_link(khua, small):  # noqa: F811
    path = small / "organisation.yaml"
    path.write_text(path.read_text("utf-8").replace(BOT, ""), "utf-8")
    code, _, err = new(khua)
    assert code == 2
    assert "write telegram: into organisation.yaml" in err and err.count("\n") == 1


# ------------------------------------------------------------------ the code


def test_the_svg_is_well_formed_and_prints_at_3_cm():
    svg = ElementTree.fromstring(campaigns.qr("https://t.me/khua_lao_bot?start=home__vte26a")["svg"])
    assert svg.get("width") == svg.get("height") == "30.0mm"
    colours = {each.get("fill") or each.get("stroke") for each in svg.iter() if each.tag.endswith("path")}
    assert colours == {"#fff", "#000"}


@pytest.mark.parametrize("start", ["home__vte26a", "prepare-thai_phrases__abcdefgh", "learn-quiz__ban"])
def test_the_code_reads_as_the_link(start):
    link = f"https://t.me/{'a' * 29}bot?start={start}"
    told = segno.make(link, error="m", micro=False)
    assert told.error in ("M", "Q", "H")
    quiet = campaigns.QUIET_ZONE
    assert quiet == 4
    squares = [[bool(dark) for dark in row] for row in told.matrix_iter(border=quiet)]
    assert read(campaigns.qr(link)["png"]) == squares


def read(png: bytes) -> list[list[bool]]:
    """The squares of a code as the PNG draws them, dark ones True: one bit a pixel, white 1."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    at, chunks = 8, dict[bytes, bytes]()
    while at < len(png):
        size, name = int.from_bytes(png[at : at + 4]), png[at + 4 : at + 8]
        body = png[at + 8 : at + 8 + size]
        assert zlib.crc32(name + body) == int.from_bytes(png[at + 8 + size : at + 12 + size])
        chunks[name] = chunks.get(name, b"") + body
        at += 12 + size
    width = int.from_bytes(chunks[b"IHDR"][:4])
    depth, colour = chunks[b"IHDR"][8:10]
    assert (depth, colour) == (1, 0)
    dots_a_metre = int.from_bytes(chunks[b"pHYs"][:4])
    assert abs(width / dots_a_metre - 0.03) < 0.0005, "printed as it is, it is 3 cm wide"
    lines = zlib.decompress(chunks[b"IDAT"])
    step = 1 + -(-width // 8)
    half = campaigns.PIXELS // 2
    rows, above = [], bytes(step - 1)
    for top in range(0, len(lines), step):
        filter, row = lines[top], lines[top + 1 : top + step]
        assert filter in (0, 2)
        above = bytes((one + two) & 255 for one, two in zip(row, above, strict=True)) if filter else row
        rows.append(above)
    middles = range(half, width, campaigns.PIXELS)
    return [[not rows[y][x // 8] >> (7 - x % 8) & 1 for x in middles] for y in middles]


# ------------------------------------------------------------------ the talk


def before() -> Book:
    """The real book with a campaign that leads to the quiz before a visit."""
    return replace(real(), campaigns={"ban1": Campaign("ban1", "a visit", "village", "before")})


def test_the_campaign_stays_to_the_end_of_the_quiz_and_its_answers_count_for_it():
    book = before()
    quiz = book.pages["learn.quiz"].tool
    assert isinstance(quiz, Quiz)
    told = reply(book, Event("open", str(from_start("learn-quiz__ban1")), start=True))
    assert [(count.kind, count.campaign) for count in told.counts] == [("start", "ban1"), ("screen", "ban1")]
    told = reply(book, Event("open", "lo:learn.quiz~ban1"))
    for _ in range(quiz.take + 1):
        for button in (button for row in told.screen.rows for button in row):
            if button.to != "hide":
                assert button.to.endswith("~ban1"), button
        told = reply(book, Event("open", told.screen.rows[0][0].to, seed=7))
    answers = [count for count in told.counts if count.kind == "quiz"]
    assert len(answers) == quiz.take
    assert {count.campaign for count in answers} == {"ban1"}


def test_help_in_the_midst_of_the_quiz_leads_back_with_the_campaign():
    book = before()
    screen = reply(book, Event("open", "lo:learn.quiz/abcdefgh.yn~ban1")).screen
    leads = [button.to for row in screen.rows for button in row]
    help = next(to for to in leads if re.match(f"lo:{re.escape(HELP)}", to))
    back = [button.to for row in reply(book, Event("open", help)).screen.rows for button in row]
    assert "lo:learn.quiz/abcdefgh.yn~ban1" in back


def test_before_and_after_lead_to_the_quiz_and_plain_to_home():
    for mode, page in (("plain", "home"), ("before", "learn.quiz"), ("after", "learn.quiz")):
        assert campaigns.first_page(real(), mode) == page
