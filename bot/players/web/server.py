"""The server of the browser chat: a handful of routes, on this machine only, for this page only.

    GET  /          the page; what it says stands in the book's lines
    POST /open      {"to": address, "start": true at the beginning}   ->  a screen (see draw.py)
    GET  /pictures/<mark>.<kind>   a picture above some screen
    POST /ask       {"text": question, "page": address being looked at, "seed": number}   ->  a screen

It sets no cookie, writes no log of requests, and answers nobody but the page itself: a stranger's page in
the same browser is kept out by the checks of Host (a name that suddenly means 127.0.0.1) and of Origin.
"""

from __future__ import annotations

import html
import json
import logging
import secrets
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from string import Template
from typing import Any, Protocol

from aiohttp import hdrs, web

from bot.book import Book, Count, Event, Reply
from bot.players.web.draw import address_of, draw, words

HOST = "127.0.0.1"
NAMES = (HOST, "localhost", "[::1]")

MOST_BYTES = 64 * 1024
"""Room for the longest question in the widest way that JSON has: 12 bytes for an emoji."""

MOST_CHARACTERS = 4096
"""A question may be about as long as in Telegram. The page's text box has the same limit."""

SEED_BITS = 64
"""A page that is loaded again begins to count anew: the server gives the seed of a place that is opened."""

LINES = {
    "ask_here": "ask_here",
    "send": "send",
    "you": "you",
    "conversation": "conversation",
    "offline": "offline",
    "retry": "retry",
    "too_long": "too_long",
    "hidden": "hidden",
    "hidden_web": "hidden_web",
    "home": "home",
}
"""The page's names for the book's lines that it shows by itself."""

NO_SCRIPT = "no_script"
"""The line for a browser without JavaScript."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

PICTURE_TYPES = {"svg": "image/svg+xml", "png": "image/png", "jpeg": "image/jpeg"}
PICTURE_HEADERS = {
    # Opened by itself, a drawing is a document: it may have styles, and do nothing.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox; "
    "frame-ancestors 'none'",
    "Cache-Control": "private, max-age=31536000, immutable",
}

HERE = Path(__file__).parent
FILES = {
    "/chat.css": ("page/chat.css", "text/css"),
    "/chat.js": ("page/chat.js", "text/javascript"),
    "/bridge.svg": ("page/bridge.svg", "image/svg+xml"),
    "/lao-regular.woff2": ("fonts/lao-regular.woff2", "font/woff2"),
    "/lao-bold.woff2": ("fonts/lao-bold.woff2", "font/woff2"),
}

log = logging.getLogger("khua")


class HasBook(Protocol):
    """What the chat needs of the shelf: the book of the day."""

    @property
    def book(self) -> Book: ...


Answer = Callable[[Book, Event], Reply]
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Chat:
    """The routes, around a shelf and the conversation's `reply`. `count` is told what was decided."""

    def __init__(self, shelf: HasBook, reply: Answer, count: Callable[[Sequence[Count]], None]) -> None:
        self._count = count
        self._shelf = shelf
        self._reply = reply
        self._page = Template((HERE / "page/index.html").read_text(encoding="utf-8"))

    def application(self) -> web.Application:
        app = web.Application(middlewares=[_guard], client_max_size=MOST_BYTES)
        app.router.add_get("/", self.page)
        app.router.add_get("/pictures/{name}", self.picture)
        app.router.add_post("/open", self.open)
        app.router.add_post("/ask", self.ask)
        for path, (file, kind) in FILES.items():
            app.router.add_get(path, _file((HERE / file).read_bytes(), kind))
        return app

    async def page(self, request: web.Request) -> web.Response:
        languages = self._shelf.book.languages
        lines = {code: words(language, LINES) for code, language in languages.items()}
        no_script = [
            f'<p lang="{html.escape(code)}">{html.escape(language.lines.get(NO_SCRIPT, ""))}</p>'
            for code, language in languages.items()
        ]
        # A < could end the element that the JSON stands in.
        told = json.dumps(lines).replace("<", r"\u003c")
        page = self._page.substitute(lines=told, no_script="".join(no_script))
        return web.Response(text=page, content_type="text/html")

    async def picture(self, request: web.Request) -> web.Response:
        for picture in self._shelf.book.pictures.values():
            if request.path == address_of(picture):
                kind = PICTURE_TYPES[picture.kind]
                return web.Response(body=picture.data, content_type=kind, headers=PICTURE_HEADERS)
        raise web.HTTPNotFound(text="There is no such picture.\n")

    async def open(self, request: web.Request) -> web.Response:
        body = await _body(request)
        to, start = body.get("to"), body.get("start", False)
        if not isinstance(to, str) or not isinstance(start, bool):
            raise web.HTTPBadRequest(text='This needs {"to": an address}, and may have "start": true.\n')
        seed = secrets.randbits(SEED_BITS)
        return self._answer(Event("open", to, lang=_sure_language(request), seed=seed, start=start))

    async def ask(self, request: web.Request) -> web.Response:
        body = await _body(request)
        text, page, seed = body.get("text"), body.get("page", ""), body.get("seed", 0)
        if not isinstance(text, str) or not isinstance(page, str) or not isinstance(seed, int):
            raise web.HTTPBadRequest(text='This needs {"text": a question}; "page" and "seed" may follow.\n')
        if len(text) > MOST_CHARACTERS:
            raise web.HTTPRequestEntityTooLarge(
                MOST_CHARACTERS, len(text), text=f"A question may have {MOST_CHARACTERS:,} characters.\n"
            )
        return self._answer(Event("ask", text, lang=_sure_language(request), page=page, seed=seed))

    def _answer(self, event: Event) -> web.Response:
        book = self._shelf.book
        reply = self._reply(book, event)
        self._count(reply.counts)
        return web.json_response(draw(book, reply.screen))


# ------------------------------------------------------------------ around every request


@web.middleware
async def _guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuses what does not come from this page, and puts the headers on every answer, refusals too."""
    try:
        _refuse_strangers(request)
        answer = await handler(request)
    except web.HTTPException as refusal:
        answer = web.Response(status=refusal.status, text=refusal.text)
        if hdrs.ALLOW in refusal.headers:
            answer.headers[hdrs.ALLOW] = refusal.headers[hdrs.ALLOW]
    except Exception as error:
        # The kind alone: the words of an error could hold a person's.
        log.error("the chat could not answer: %s", type(error).__name__)
        answer = web.Response(status=500, text="The chat could not answer.\n")
    for name, value in HEADERS.items():
        answer.headers.setdefault(name, value)
    return answer


def _refuse_strangers(request: web.Request) -> None:
    hosts = _own_hosts(request)
    if request.host.lower() not in hosts:
        raise web.HTTPMisdirectedRequest(text="This chat answers on this machine only, at 127.0.0.1.\n")
    if request.method not in ("GET", "HEAD"):
        if request.headers.get(hdrs.ORIGIN, "").lower() not in {f"http://{host}" for host in hosts}:
            raise web.HTTPForbidden(text="Only the chat's own page may ask this.\n")
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType(text="This takes application/json.\n")


def _own_hosts(request: web.Request) -> set[str]:
    """How this server may be named: by its own port, which a browser leaves out where it is 80."""
    assert request.transport is not None
    port = request.transport.get_extra_info("sockname")[1]
    return {name if port == 80 else f"{name}:{port}" for name in NAMES}


async def _body(request: web.Request) -> dict[str, Any]:
    """The JSON object sent, or a refusal of one line."""
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise web.HTTPBadRequest(text="This takes one JSON object.\n")
    return body


def _sure_language(request: web.Request) -> str:
    """Lao where the browser is set to Lao. Many Lao people have it in Thai or English: that tells nothing."""
    first = request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(",")[0].split(";")[0]
    return "lo" if first.strip().lower().split("-")[0] == "lo" else ""


def _file(content: bytes, kind: str) -> Handler:
    async def give(request: web.Request) -> web.Response:
        return web.Response(body=content, content_type=kind, charset=None if "woff" in kind else "utf-8")

    return give
