"""The browser chat over a real socket: what it answers, to whom, and what it never does."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest

from bot.book import Book, Button, Event, Language, Reply, Run, Screen
from bot.compiler import compile_book
from bot.crawl import open_at
from bot.players import web
from bot.players.web.draw import MAY_BREAK, breakable, draw, number
from bot.players.web.server import FILES, HEADERS, HERE, LINES, MOST_BYTES, MOST_CHARACTERS, NO_SCRIPT
from bot.shelf import Shelf
from bot.talk.reply import reply as real_reply
from tests.books import DAY
from tests.test_pictures import shown

CONTENT = Path(__file__).parent.parent / "content"
TEXTS = [HERE / "page" / name for name in ("index.html", "chat.css", "chat.js", "bridge.svg")]
SECRET = "ຂ້ອຍຊື່ ນາງແກ້ວ"


def language(code: str, name: str) -> Language:
    return Language(code, name, {line: f"{code} {line} <&>" for line in [*LINES.values(), NO_SCRIPT]})


SHELF = Shelf(CONTENT, ZoneInfo("Asia/Vientiane"))
BOOK = replace(SHELF.book, languages={"lo": language("lo", "ລາວ"), "en": language("en", "English")})
SCREEN = Screen(
    "lo:home", "home", ("lo",), (Run("ສະບາຍດີ", "bold", "lo"),),
    ((Button("ອ່ານຕໍ່", "lo:more"),), (Button("ເຊື່ອງ", "hide"),)), standing=1,
)  # fmt: skip


@dataclass
class Chat:
    """A chat that runs: its address, what it announced, a client in its page's place, what reply got."""

    url: str
    said: list[str]
    client: aiohttp.ClientSession
    events: list[Event] = field(default_factory=list)

    async def post(self, path: str, body: object, **headers: str | None) -> tuple[int, str]:
        """Sends `body` (bytes as they are) as the page does. A header of None is left out."""
        given = {"Origin": self.url, "Content-Type": "application/json"}
        given.update({name.replace("_", "-"): value for name, value in headers.items() if value is not None})
        for name in [name for name, value in headers.items() if value is None]:
            del given[name]
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        async with self.client.post(self.url + path, data=data, headers=given) as answer:
            assert set(HEADERS.items()) <= set(answer.headers.items())
            assert "Set-Cookie" not in answer.headers
            return answer.status, await answer.text()

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.client.get(self.url + path, headers=headers) as answer:
            assert set(HEADERS.items()) <= set(answer.headers.items())
            assert "Set-Cookie" not in answer.headers
            return answer.status, await answer.text(errors="replace")


@contextlib.asynccontextmanager
async def chat(
    reply: Callable[[Book, Event], Reply] | None = None, shelf: Any = None, port: int = 0
) -> AsyncIterator[Chat]:
    """The chat as `khua bot --web` serves it, around a shelf and a reply of the test."""
    events: list[Event] = []

    def listening(book: Book, event: Event) -> Reply:
        events.append(event)
        return reply(book, event) if reply else Reply(SCREEN)

    said: list[str] = []
    shelf = shelf or SimpleNamespace(book=BOOK, keep_fresh=asyncio.Event().wait)
    running = asyncio.create_task(web.run(SimpleNamespace(port=port), shelf, said.append, listening))
    try:
        while not said:
            if running.done():
                running.result()
            await asyncio.sleep(0)
        url = re.findall(r"http://127\.0\.0\.1:\d+", said[0])[0]
        async with aiohttp.ClientSession() as client:
            yield Chat(url, said, client, events)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


def with_chat(test: Callable[[Chat], Awaitable[None]], **given: Any) -> None:
    async def go() -> None:
        async with chat(**given) as one:
            await test(one)

    asyncio.run(go())


# ------------------------------------------------------------------ what it serves


def test_page_and_files():
    async def look(one: Chat) -> None:
        status, page = await one.get("/")
        assert status == 200
        assert "<script>" not in page and "style=" not in page
        told = re.search(r'<script type="application/json" id="lines">(.*?)</script>', page)
        assert told is not None
        lines = json.loads(told[1])
        assert list(lines) == ["lo", "en"]
        assert lines["en"]["hidden_web"] == "en hidden_web <&>"
        assert f'<p lang="lo">lo {NO_SCRIPT} &lt;&amp;&gt;</p>' in page
        for path, (file, kind) in FILES.items():
            async with one.client.get(one.url + path) as answer:
                assert answer.status == 200
                assert answer.content_type == kind
                assert await answer.read() == (HERE / file).read_bytes()
                assert answer.headers["Cache-Control"] == "no-store"

    with_chat(look)


@pytest.mark.parametrize(
    "path", ["/server.py", "/../server.py", "/%2e%2e/server.py", "/page/chat.js", "/OFL.txt", "//"]
)
def test_nothing_else_is_served(path):
    async def look(one: Chat) -> None:
        assert (await one.get(path))[0] == 404
        assert (await one.post(path, {}))[0] == 404
        assert (await one.get("/open"))[0] == 405

    with_chat(look)


def test_open_and_ask():
    async def look(one: Chat) -> None:
        status, said = await one.post("/open", {"to": "lo:home", "start": True})
        assert status == 200
        screen = json.loads(said)
        assert screen["at"] == "lo:home"
        assert [button["is"] for button in screen["hide"]] == ["hide"]
        await one.post("/ask", {"text": "  ຖາມ\n", "page": "lo:home", "seed": 3})
        assert [replace(one.events[0], seed=0), *one.events[1:]] == [
            Event("open", "lo:home", start=True),
            Event("ask", "  ຖາມ\n", page="lo:home", seed=3),
        ]

    with_chat(look)


def test_a_place_that_is_opened_again_has_another_seed():
    async def look(one: Chat) -> None:
        begins = [json.loads((await one.post("/open", {"to": "en:learn.quiz"}))[1]) for _ in range(8)]
        draws = {screen["rows"][0][0]["to"] for screen in begins}
        assert len(draws) > 1
        assert len({event.seed for event in one.events}) == 8
        question = json.loads((await one.post("/open", {"to": draws.pop()}))[1])
        assert [button["label"][0]["text"] for row in question["rows"] for button in row]

    with_chat(look, reply=real_reply, shelf=SimpleNamespace(book=SHELF.book, keep_fresh=asyncio.Event().wait))


@pytest.mark.parametrize(
    ("accepted", "lang"),
    [("lo", "lo"), ("lo-LA,th;q=0.8", "lo"), ("th,lo;q=0.9", ""), ("en-US", ""), ("loz", "")],
)
def test_only_lao_tells_the_language(accepted, lang):
    async def look(one: Chat) -> None:
        await one.post("/open", {"to": ""}, Accept_Language=accepted)
        assert one.events[0].lang == lang

    with_chat(look)


def test_the_browser_gets_a_picture_once_and_it_can_do_nothing_there():
    book = compile_book(shown("bridge"), DAY)
    told = draw(book, open_at(book, "en:costs.fees"))["picture"]
    assert (told["width"], told["height"]) == (640, 360)
    assert draw(book, open_at(book, "en:home"))["picture"] is None

    async def look(one: Chat) -> None:
        async with one.client.get(one.url + told["src"]) as answer:
            assert answer.status == 200
            assert await answer.read() == book.pictures["bridge"].data
            headers = answer.headers
        assert headers["Content-Type"] == "image/svg+xml"
        assert "immutable" in headers["Cache-Control"] and "no-store" not in headers["Cache-Control"]
        assert {"default-src 'none'", "sandbox"} <= set(headers["Content-Security-Policy"].split("; "))
        others = set(HEADERS) - {"Cache-Control", "Content-Security-Policy"}
        assert all(headers[name] == HEADERS[name] for name in others)
        for wrong in (
            "/pictures/0123456789ab.svg",
            told["src"].replace(".svg", ".png"),
            "/pictures/..%2fchat.js",
        ):
            assert (await one.get(wrong))[0] == 404

    with_chat(look, reply=real_reply, shelf=SimpleNamespace(book=book, keep_fresh=asyncio.Event().wait))


# ------------------------------------------------------------------ to whom


def test_only_its_own_names():
    async def look(one: Chat) -> None:
        port = one.url.rpartition(":")[2]
        for host in (f"127.0.0.1:{port}", f"LOCALHOST:{port}", f"[::1]:{port}"):
            assert (await one.get("/", Host=host))[0] == 200
        for host in (
            f"evil.example:{port}",
            "127.0.0.1",
            "127.0.0.1:1",
            f"127.0.0.1.evil.example:{port}",
            "",
        ):
            status, said = await one.get("/", Host=host)
            assert (status, said.count("\n")) == (421, 1)
            assert (await one.post("/open", {"to": "home"}, Host=host, Origin=f"http://{host}"))[0] == 421
        assert not one.events

    with_chat(look)


def test_only_its_own_page_may_ask():
    async def look(one: Chat) -> None:
        other = one.url[:-1] + ("1" if one.url[-1] != "1" else "2")
        strangers = (
            "null",
            "http://evil.example",
            other,
            one.url.replace("http", "https"),
            one.url + ".evil",
            None,
        )
        for origin in strangers:
            assert (await one.post("/open", {"to": "home"}, Origin=origin))[0] == 403
        assert (await one.post("/open", {"to": "home"}, Content_Type="text/plain"))[0] == 415
        assert not one.events

    with_chat(look)


# ------------------------------------------------------------------ what people and machines send


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 9000,
        '{"to": 1}',
        '{"to": "home", "start": 1}',
        '{"text": null}',
        '{"a": "b"}',
        "\ufeff{}",
    ],
)
def test_broken_bodies_get_one_line(body):
    async def look(one: Chat) -> None:
        for path in ("/open", "/ask"):
            status, said = await one.post(path, body.encode())
            assert (status, said.count("\n")) == (400, 1)
        assert not one.events

    with_chat(look)


def test_long_questions():
    async def look(one: Chat) -> None:
        longest = "😀" * MOST_CHARACTERS
        assert (await one.post("/ask", {"text": longest}))[0] == 200
        status, said = await one.post("/ask", {"text": longest + "a"})
        assert (status, said) == (413, "A question may have 4,096 characters.\n")
        assert (await one.post("/ask", {"text": "a" * MOST_BYTES}))[0] == 413
        assert len(one.events) == 1

    with_chat(look)


def test_page_and_server_agree_on_the_longest_question():
    assert f'maxlength="{MOST_CHARACTERS}"' in (HERE / "page/index.html").read_text("utf-8")


HOSTILE = [
    "", "hide", "javascript:alert(1)", "https://evil.example/", "tel:191", "lo:../../etc/passwd", "\x00",
    "lo:home/" + "9" * 200, "xx:home", "lo:brokers.check/z.yyy", "lo:nowhere", "<script>", "\ud800", "%2e%2e",
    "lo:home~zzz", "A" * 5000,
]  # fmt: skip


def test_hostile_addresses_get_a_screen():
    async def look(one: Chat) -> None:
        for to in HOSTILE:
            status, said = await one.post("/open", {"to": to})
            assert status == 200
            assert json.loads(said)["blocks"]
            assert (await one.post("/ask", {"text": to[:20], "page": to}))[0] == 200

    with_chat(look, reply=real_reply, shelf=SHELF)


def test_nobody_s_words_are_logged(caplog, monkeypatch):
    caplog.set_level(logging.DEBUG)
    for name in ("khua", "aiohttp.server", "aiohttp.access", "aiohttp.web"):
        # Other tests run programs that switch off the logs that are there.
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)

    def failing(book: Book, event: Event) -> Reply:
        raise ValueError(event.value)

    async def look(one: Chat) -> None:
        status, said = await one.post("/ask", {"text": SECRET})
        assert (status, said) == (500, "The chat could not answer.\n")
        reader, writer = await asyncio.open_connection("127.0.0.1", int(one.url.rpartition(":")[2]))
        writer.write(f"{SECRET}\r\n\r\n".encode())
        assert b"400" in await reader.read()
        writer.close()

    with_chat(look, reply=failing)
    assert "ValueError" in caplog.text
    assert not re.search("ນາງແກ້ວ|" + re.escape(repr(SECRET.encode())[2:-1]), caplog.text)


# ------------------------------------------------------------------ where it listens, and its end


def test_a_taken_port_is_said():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        async def look(one: Chat) -> None:
            assert f"port {port} is taken" in one.said[0]
            assert not one.url.endswith(f":{port}")
            assert (await one.get("/"))[0] == 200

        with_chat(look, port=port)


def test_it_ends_when_it_is_told_to():
    async def go() -> None:
        async with chat() as one:
            assert one.said == [f"Chat in the browser: {one.url}/"]
            port = int(one.url.rpartition(":")[2])
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)

    asyncio.run(go())


# ------------------------------------------------------------------ what the page holds


def test_the_page_asks_nobody_else_and_keeps_nothing():
    for file in TEXTS:
        text = file.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?://|url\(\W*(?!/)\W*[a-z]+:|//[a-z]", text), file
        assert not re.search(
            r"cookie|Storage|indexedDB|caches|serviceWorker|pushState|innerHTML|eval\(", text
        ), file


def test_the_book_has_the_lines_of_the_page():
    for lang in SHELF.book.languages.values():
        assert {*LINES.values(), NO_SCRIPT} <= set(lang.lines)


def test_the_fonts_are_small_and_have_their_licence():
    fonts = list((HERE / "fonts").glob("*.woff2"))
    assert sum(font.stat().st_size for font in fonts) <= 40_000
    assert "SIL OPEN FONT LICENSE" in (HERE / "fonts/OFL.txt").read_text("utf-8")


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


PAIRS = [
    ("ink", "paper"), ("ink", "bubble"), ("quiet", "paper"), ("quiet", "bubble"), ("on-river", "river"),
    ("key-ink", "key"), ("key-ink", "key-over"), ("key-ink", "bubble"), ("key-ink", "paper"),
    ("help", "help-key"), ("help", "key-over"),
]  # fmt: skip


@pytest.mark.parametrize("theme", [0, 1])
def test_letters_stand_out_from_what_is_behind_them(theme):
    """WCAG 2.2 AA: 4.5 to 1 for letters, 3 to 1 for what shows where a field or the focus is."""
    css = (HERE / "page/chat.css").read_text("utf-8")
    colours = dict(
        re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css.split("prefers-color-scheme: dark")[theme])
    )
    for front, back, least in [(*pair, 4.5) for pair in PAIRS] + [
        ("key-edge", "paper", 3),
        ("ring", "paper", 3),
    ]:
        light, dark = sorted((_luminance(colours[front]), _luminance(colours[back])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= least, (front, back)


# ------------------------------------------------------------------ how a screen is told


def drawn(
    *text: Run, rows: tuple = (), standing: int = 0, langs: tuple[str, ...] = ("lo",), at: str = "lo:home"
):
    return draw(BOOK, Screen(at, "home", langs, text, rows, standing=standing))


def plain(block: dict) -> list[str]:
    return ["".join(piece["text"] for piece in line).replace(MAY_BREAK, "") for line in block["lines"]]


def test_blocks():
    told = drawn(
        Run("Title\n", "bold", "lo"),
        Run("one ", "", "lo"), Run("bold", "bold", "lo"), Run("\ntwo\n\n• first\n• ", "", "lo"),
        Run("second", "bold", "lo"), Run("\n", "", "lo"),
        Run("191", "phone", "lo"), Run(" police\n\n", "", "lo"), Run("small\nprint", "small", "lo"),
    )["blocks"]  # fmt: skip
    assert [(block["is"], plain(block)) for block in told] == [
        ("title", ["Title"]),
        ("text", ["one bold", "two"]),
        ("list", ["first", "second"]),
        ("numbers", ["191 police"]),
        ("small", ["small", "print"]),
    ]
    assert told[3]["lines"][0][0] == {"text": "191", "style": "phone", "call": "191"}


def test_every_piece_has_a_language():
    block = drawn(Run("พาส", "", "th"), Run(" ແມ່ນພາສປອດ", "", "lo"))["blocks"][0]
    assert block["lang"] == "lo"
    assert [piece.get("lang") for piece in block["lines"][0]] == ["th", None]
    assert drawn(Run("a"))["blocks"][0]["lang"] == "lo"


def test_labels_are_in_the_language_of_their_letters():
    row = (Button("ໜ້າຫຼັກ · Home", "home"), Button("English", "en:home"), Button("191", "tel:191"))
    told = drawn(Run("?", "", "lo"), rows=(row,), langs=("lo", "en"), at="home")["rows"][0]
    assert [[piece["lang"] for piece in button["label"]] for button in told] == [["lo", "en"], ["en"], ["lo"]]


def test_what_a_button_is():
    places = "lo:home", "hotlines.emergency/home", "hide", "https://a.example/", "tel:+856 20-1", "en:home"
    strange = "http://a.example/", "javascript:alert(1)", "data:text/html,x"
    row = tuple(Button("x", to) for to in (*places, *strange))
    row = (*row, Button("help · help", "hotlines.emergency/home"))  # a line that the book here lacks
    told = drawn(Run("?", "", "lo"), rows=(row,), at="home", langs=("lo", "en"))["rows"][0]
    kinds = [button["is"] for button in told]
    assert kinds == ["speak", "page", "hide", "link", "call", "speak", "page", "page", "page", "help"]
    assert told[4]["to"] == "tel:+856201"


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("191", "191"),
        ("+856 21 212-345", "+85621212345"),
        ("1191 / 191", ""),
        ("191, 1300", ""),
        ("?", ""),
        ("", ""),
    ],
)
def test_numbers_to_call(text, called):
    assert number(text) == called


@pytest.mark.parametrize("text", ["ໜັງສືຜ່ານແດນ (ພາສປອດ) ຄວນຢູ່ກັບເຈົ້າ.", "Plain words, too.", "", " ", "ສັ້ນໆ"])
def test_marks_are_only_added(text):
    assert breakable(text).replace(MAY_BREAK, "") == text
    assert breakable(text, ["ພາສປອດ", "ຜ່ານ"]).replace(MAY_BREAK, "") == text


def test_a_word_that_browsers_do_not_know_stays_whole():
    said = breakable("ໜັງສືຜ່ານແດນ (ພາສປອດ) ຄວນຢູ່ກັບເຈົ້າ.", ["ພາສປອດ", "ແດນ"])
    assert "(ພາສປອດ)" in said
    assert f"ຜ່ານ{MAY_BREAK}ແດນ" in said
