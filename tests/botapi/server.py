"""The server: HTTP in front of the world, with a log of every call, faults on order and a long poll."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from types import TracebackType

from aiohttp import web

from .faults import Fault, Limits
from .methods import BY_LOWER_NAME, METHODS
from .parameters import Uploaded
from .people import Group, Person
from .refused import Refused, bad_request, stricter, too_many
from .updates import UPDATES_A_CALL, Update
from .world import World

TOKEN = "123456:TEST-token_of-a-bot-that-lives-on-loopback"
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
LONGEST_POLL = 50
SAME_OFFSET_SECONDS = 0.5


@dataclass(frozen=True)
class Call:
    """One call of the bot. `at` is seconds of time.monotonic(); `status` 0 means that no answer left."""

    at: float
    method: str
    params: dict[str, object]
    status: int
    answer: object
    fault: str = ""

    @property
    def chat(self) -> int | None:
        """The chat it was about."""
        return _chat_of(self.params)


@dataclass(frozen=True)
class Violation:
    """Something that Telegram allows and our bot has promised not to do."""

    method: str
    chat: int | None
    what: str


@dataclass(frozen=True)
class _Reply:
    status: int
    body: object
    retry_after: int = 0


class Telegram:
    """A Bot API server on loopback, stricter than Telegram.

        async with Telegram() as tg:
            ana = tg.person(7, language_code="lo")
            ...                                        # start the bot with KHUA_API_URL=tg.url
            await (await ana.says("/start")).answered()
            await ana.taps("ກັບບ້ານ")
            await ana.sees("ສະບາຍດີ")
            assert not tg.violations

    `limits` switches on Telegram's limits on calls. With `brake` a getUpdates with the same offset as one
    less than half a second ago gets one update only: Telegram does so to bots that ask in a circle. It
    outlives the bot: what is not confirmed is handed out again to whoever asks next.
    """

    def __init__(
        self,
        token: str = TOKEN,
        port: int = 0,
        *,
        username: str = "khua_test_bot",
        limits: Limits | None = None,
        brake: bool = True,
    ) -> None:
        self.token = token
        self.port = port
        self.limits = limits
        self.brake = brake
        self.calls: list[Call] = []
        self.violations: list[Violation] = []
        self.faults: list[Fault] = []
        self.world = World(int(token.partition(":")[0]), username, "Khua")
        self.people: dict[int, Person] = {}
        self.polls = 0
        self._runner: web.AppRunner | None = None
        self._closing = asyncio.Event()
        self._poll: asyncio.Event | None = None
        self._last_poll = (-1, 0.0)

    async def __aenter__(self) -> Telegram:
        app = web.Application(client_max_size=20 * 2**20)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closing.set()
        self.world.pulse.beat()
        assert self._runner is not None
        await self._runner.cleanup()

    # What a test says.

    @property
    def url(self) -> str:
        """Where a bot finds the server; `/bot<token>/<method>` comes behind it."""
        return f"http://127.0.0.1:{self.port}"

    def person(
        self,
        user_id: int,
        language_code: str | None = "lo",
        first_name: str = "ນາງ ຄຳ",
        username: str | None = None,
    ) -> Person:
        """Somebody who has not started the bot yet. The same id gives the same person."""
        if user_id not in self.people:
            self.people[user_id] = Person(self.world, user_id, first_name, language_code, username)
        return self.people[user_id]

    def group(self, group_id: int, title: str = "ບ້ານເຮົາ") -> Group:
        """A group without the bot, which `adds_bot` brings in. The bot then sees all its messages."""
        return Group(self.world, group_id, title)

    def fault(
        self,
        kind: str,
        *,
        method: str | None = None,
        chat: int | None = None,
        times: int | None = 1,
        retry_after: int = 1,
        seconds: float = 30.0,
        after: bool = False,
    ) -> Fault:
        """Orders a fault: see Fault for its kinds and what the words mean."""
        fault = Fault(kind, method, chat, times, retry_after, seconds, after)
        self.faults.append(fault)
        return fault

    def passes(self, hours: float) -> None:
        """Lets time pass for messages and taps, at once."""
        self.world.later += hours * 3600

    def forgets_files(self) -> None:
        """From now on no file is known by the name that the bot was given for it."""
        self.world.files.clear()

    def restart_update_ids(self, at: int | None = None) -> None:
        """Numbers updates from elsewhere on, as after a quiet week. What is not confirmed is forgotten."""
        self.world.queue.restart(at)

    # What a test asks.

    @property
    def updates(self) -> list[Update]:
        """All updates that arose."""
        return self.world.queue.all

    @property
    def unanswered(self) -> list[Update]:
        """Updates for which the bot owes something."""
        return [update for update in self.updates if not update.is_answered]

    @property
    def confirmed_early(self) -> list[Update]:
        """Updates that the bot confirmed before it had answered: a kill right then would have lost them."""
        return [update for update in self.updates if update.early]

    async def all_answered(self, timeout: float = 5.0) -> None:
        """Waits till nothing is owed. Raises AssertionError with what still is."""
        if not await self.world.pulse.until(lambda: not self.unanswered, timeout):
            owed = [f"{update.id} {update.kind} {sorted(update.waits)}" for update in self.unanswered[:10]]
            raise AssertionError(f"after {timeout} s {len(self.unanswered)} updates are unanswered: {owed}")

    async def all_confirmed(self, timeout: float = 5.0) -> None:
        """Waits till the bot has confirmed every update."""
        if not await self.world.pulse.until(lambda: not self.world.queue.pending, timeout):
            raise AssertionError(f"after {timeout} s {self.world.queue.pending} updates are unconfirmed")

    async def polled(self, times: int = 1, timeout: float = 15.0) -> None:
        """Waits till getUpdates has been asked (answered or not) so many times: the bot is there."""
        if not await self.world.pulse.until(lambda: self.polls >= times, timeout):
            raise AssertionError(f"getUpdates asked {self.polls} times in {timeout} s, not {times}")

    def called(self, method: str, chat: int | None = None) -> list[Call]:
        """The calls of a method, in the order in which they came."""
        return [call for call in self.calls if call.method == method and chat in (None, call.chat)]

    async def calls_to(self, method: str, at_least: int = 1, timeout: float = 5.0) -> list[Call]:
        """Waits till a method was called (and answered) so many times."""
        if not await self.world.pulse.until(lambda: len(self.called(method)) >= at_least, timeout):
            raise AssertionError(f"{method} called {len(self.called(method))} times, not {at_least}")
        return self.called(method)

    # HTTP.

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        at = time.monotonic()
        method, params = "", dict[str, object]()
        fault: Fault | None = None
        try:
            method = self._method(request.path)
            params = await _params(request)
            fault = self._struck(method, _chat_of(params))
            reply = await self._answer(method, params, fault)
        except Refused as refused:
            reply = _Reply(refused.code, refused.body(), refused.retry_after)
        call = Call(at, method, params, reply.status, reply.body, fault.kind if fault else "")
        return await self._send(request, call, reply, fault)

    def _method(self, path: str) -> str:
        """The method's name in Telegram's own spelling; it takes any."""
        parts = path.split("/")
        if len(parts) != 3 or not parts[1].startswith("bot"):
            raise Refused(404, "Not Found")
        if ":" not in parts[1]:
            raise Refused(404, "Not Found")
        if parts[1] != f"bot{self.token}":
            raise Refused(401, "Unauthorized")
        if parts[2].lower() not in BY_LOWER_NAME:
            raise Refused(404, "Not Found: method not found")
        return BY_LOWER_NAME[parts[2].lower()]

    def _struck(self, method: str, chat: int | None) -> Fault | None:
        fault = next((fault for fault in self.faults if fault.fits(method, chat)), None)
        if fault:
            fault.used += 1
        return fault

    async def _answer(self, method: str, params: dict[str, object], fault: Fault | None) -> _Reply:
        if fault and fault.kind == "429":
            raise too_many(fault.retry_after)
        if fault and fault.kind == "slow":
            await self._sleep(fault.seconds)
        elif fault and not fault.after:
            return _Reply(0, None)
        if self.limits:
            self.limits.take(method, _chat_of(params))
        args = METHODS[method].read(params)
        if method == "getUpdates":
            return _Reply(200, {"ok": True, "result": await self._get_updates(args)})
        self._look(method, params, args)
        return self._run(method, args)

    def _run(self, method: str, args: dict[str, object]) -> _Reply:
        """Runs a method and writes down which update it takes care of.

        "Not modified" pays too, for the person has the screen already; so does a block, for nobody waits.
        """
        try:
            reply = _Reply(200, {"ok": True, "result": METHODS[method].run(self.world, args)})
        except Refused as refused:
            if refused.code == 403 or "message is not modified" in refused.description:
                self._pay(method, args)
            raise
        self._pay(method, args)
        return reply

    def _pay(self, method: str, args: dict[str, object]) -> None:
        if method == "answerCallbackQuery":
            self.world.queries[str(args["callback_query_id"])].update.pay("answer")
        elif method.startswith(("send", "edit")) and method != "sendChatAction":
            message_id, chat_id = args.get("message_id"), args["chat_id"]
            assert isinstance(chat_id, int)
            self.world.showed(chat_id, message_id if isinstance(message_id, int) else None)

    def _look(self, method: str, params: dict[str, object], args: dict[str, object]) -> None:
        """Notes what our bot has promised not to do."""
        chat = _chat_of(params)
        if method in ("sendMessage", "sendPhoto", "sendDocument") and not args.get("disable_notification"):
            self.violations.append(Violation(method, chat, "a message that makes the phone ring"))
        preview = args.get("link_preview_options")
        off = isinstance(preview, dict) and preview.get("is_disabled") is True
        if method in ("sendMessage", "editMessageText") and not off:
            self.violations.append(Violation(method, chat, "link previews are on"))

    async def _get_updates(self, args: dict[str, object]) -> list[object]:
        offset, timeout = _default(args, "offset", 0), _default(args, "timeout", 0)
        limit = _default(args, "limit", UPDATES_A_CALL)
        if not 1 <= limit <= UPDATES_A_CALL:
            raise stricter(f"limit {limit} is not within 1 to {UPDATES_A_CALL}")
        queue = self.world.queue
        self.polls += 1
        self.world.pulse.beat()
        if "allowed_updates" in args:
            queue.allow(_kinds(args["allowed_updates"]))
        same, before = self._last_poll
        if self.brake and offset == same and time.monotonic() < before + SAME_OFFSET_SECONDS:
            limit = 1
        self._last_poll = (offset, time.monotonic())
        self._abort_poll()
        start = queue.confirm(offset)
        if not queue.has(start) and timeout > 0:
            await self._wait_for_updates(start, min(timeout, LONGEST_POLL))
        return [update.to_json() for update in queue.give(start, limit)]

    def _abort_poll(self) -> None:
        if self._poll:
            self._poll.set()
            self._poll = None
            self.world.pulse.beat()

    async def _wait_for_updates(self, start: int, timeout: float) -> None:
        queue = self.world.queue
        mine = self._poll = asyncio.Event()
        ends = (mine, self._closing)
        await self.world.pulse.until(lambda: queue.has(start) or any(end.is_set() for end in ends), timeout)
        if mine.is_set():
            raise Refused(409, CONFLICT)
        self._poll = None

    async def _sleep(self, seconds: float) -> None:
        try:
            await asyncio.wait_for(self._closing.wait(), seconds)
        except TimeoutError:
            return

    async def _send(
        self, request: web.Request, call: Call, reply: _Reply, fault: Fault | None
    ) -> web.StreamResponse:
        spoil = _SPOILERS.get(fault.kind) if fault else None
        if spoil is None:
            self._log(call)
            headers = {"Retry-After": str(reply.retry_after)} if reply.retry_after else None
            return web.json_response(reply.body, status=reply.status, headers=headers)
        assert fault is not None
        if fault.kind in ("timeout", "drop"):
            self._log(Call(call.at, call.method, call.params, 0, None, fault.kind))
            if fault.kind == "timeout":
                await self._sleep(fault.seconds)
            return await spoil(request)
        response = await spoil(request)
        self._log(Call(call.at, call.method, call.params, response.status, None, fault.kind))
        return response

    def _log(self, call: Call) -> None:
        self.calls.append(call)
        self.world.pulse.beat()


async def _cut(request: web.Request) -> web.Response:
    """The line drops: nothing of an answer leaves."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _error(request: web.Request) -> web.Response:
    body = {"ok": False, "error_code": 500, "description": "Internal Server Error: Request aborted"}
    return web.json_response(body, status=500)


async def _page(request: web.Request) -> web.Response:
    page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>nginx</body>\r\n</html>\r\n"
    return web.Response(text=page, status=502, content_type="text/html")


async def _garbage(request: web.Request) -> web.Response:
    return web.Response(text='{"ok":true,"result":', content_type="application/json")


_SPOILERS: dict[str, Callable[[web.Request], Awaitable[web.Response]]] = {
    "500": _error, "502 html": _page, "timeout": _cut, "drop": _cut, "not json": _garbage,
}  # fmt: skip


async def _params(request: web.Request) -> dict[str, object]:
    """Everything the bot gave: in the query, in a form, in a form with files or as JSON."""
    params: dict[str, object] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            raise bad_request("can't parse the body as JSON") from None
        if not isinstance(body, dict):
            raise bad_request("the body is no JSON object")
        return params | body
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            file = Uploaded(value.filename)
            file.content = value.file.read()
            params[name] = file
        else:
            params[name] = value if isinstance(value, str) else bytes(value).decode()
    return params


def _chat_of(params: dict[str, object]) -> int | None:
    chat = str(params.get("chat_id", ""))
    return int(chat) if chat.lstrip("-").isdecimal() else None


def _default(args: dict[str, object], name: str, otherwise: int) -> int:
    value = args.get(name, otherwise)
    assert isinstance(value, int)
    return value


def _kinds(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(kind, str) for kind in value):
        raise bad_request("Can't parse allowed updates")
    return value
