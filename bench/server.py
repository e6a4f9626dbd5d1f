"""A fast Bot API server as a process of its own, that taps buttons and counts what is answered.

It believes everything (`tests/botapi` is the one that does not), so that the bot is what is measured. Written
on asyncio.Protocol with the little HTTP/1.1 that both bots speak: keep-alive, Content-Length, no chunks.

Orders come as lines on stdin, answers go as JSON lines to stdout:

    learn DATA …            one tap for each, one after the other; what the bot shows for it is remembered
    go UPDATES SECONDS      so many taps from all chats; reports when all are answered, when SECONDS are over
                            or when nothing has been answered for STALLED seconds

A tap counts as answered when both its answerCallbackQuery and an edit or a message in its chat have come.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import parse_qsl

import orjson
import uvloop

STALLED = 5.0
UPDATES_A_CALL = 100
SAME_OFFSET_SECONDS = 0.5  # asked again sooner with the same offset, Telegram gives one update
MESSAGE_ID = 1000
SCREEN = ("text", "parse_mode", "reply_markup")
TEXT = "ກ່ອນຈະໄປເຮັດວຽກຢູ່ໄທ ໃຫ້ຖາມກ່ອນວ່າ ໃຜຈ່າຍຄ່າເອກະສານ ແລະ ໃຜເກັບພາສປອດຂອງເຈົ້າໄວ້. " * 3
BOT = {"id": 123456, "is_bot": True, "first_name": "Khua", "username": "khua_bench_bot"}
ROWS = [[{"text": f"ຂໍ້ {n}: ຖາມຕໍ່", "callback_data": f"lo:brokers.check/a.{'yn-d' * 3}{n}"}] for n in range(8)]


@dataclass(slots=True)
class Tap:
    """One update and what has come back for it."""

    update_id: int
    chat: int
    data: str
    handed_out: int = 0
    answer: bool = False
    screen: bool = False


@dataclass
class Round:
    """One order and how it goes."""

    updates: int
    seconds: float
    ended: asyncio.Future[str]
    began: float = 0.0
    last: float = 0.0
    answered: int = 0
    handed_out: int = 0
    repeated: int = 0
    disorder: int = 0
    calls: Counter[str] = field(default_factory=Counter)

    def end(self, how: str) -> None:
        """It is over; said twice it stays over."""
        if not self.ended.done():
            self.ended.set_result(how)

    def report(self) -> dict[str, object]:
        """The figures. `end` is "all", "time" or "stalled"; `lost` is what a bot that stalled left over."""
        took, end = self.last - self.began, self.ended.result()
        counts = {"handed_out": self.handed_out, "answered": self.answered, "repeated": self.repeated}
        faults = {
            "lost": self.handed_out - self.answered if end == "stalled" else 0,
            "out_of_order": self.disorder,
        }
        rate = {"seconds": round(took, 4), "rate": round(self.answered / took, 1) if took else 0.0}
        return {"event": "done", "end": end, **counts, **rate, **faults, "calls": dict(self.calls)}


class Bench:
    """All state of the server: taps that wait, taps that are owed, and one held poll."""

    def __init__(self, chats: int, data: list[str]) -> None:
        self.chats = chats
        self.data = data
        self.waiting: deque[Tap] = deque()
        self.owed: dict[int, deque[Tap]] = {}
        self.by_query: dict[str, Tap] = {}
        self.shown: dict[int, str] = {}
        self.screens: dict[str, dict[str, object]] = {}
        self.learning = ""
        self.round: Round | None = None
        self.first_poll = 0.0
        self._next = 700_000_000
        self._held: Callable[[bytes], None] | None = None
        self._last_poll = ("", 0.0)

    # Orders.

    async def go(self, taps: list[tuple[int, str]], seconds: float) -> Round:
        """Taps by (chat, data); ends as the module says."""
        loop = asyncio.get_running_loop()
        self.by_query.clear()
        self.owed.clear()
        self.round = current = Round(len(taps), seconds, loop.create_future())
        for chat, data in taps:
            tap = Tap(self._next, chat, data)
            self._next += 1
            self.waiting.append(tap)
            self.owed.setdefault(chat, deque()).append(tap)
            self.by_query[str(tap.update_id)] = tap
        self.wake()
        watch = asyncio.create_task(self._watch(current))
        await current.ended
        watch.cancel()
        self.waiting.clear()
        return current

    async def _watch(self, current: Round) -> None:
        while True:
            await asyncio.sleep(0.05)
            now = time.monotonic()
            if current.began and now - current.began > current.seconds:
                current.last = now
                current.end("time")
            elif current.last and now - current.last > STALLED:
                current.end("stalled")

    # getUpdates.

    def poll(self, params: dict[str, object], reply: Callable[[bytes], None]) -> None:
        """Answers at once if there is something, else holds till there is or `timeout` is over."""
        self.first_poll = self.first_poll or time.monotonic()
        if self._held:
            self._held(CONFLICT)
            self._held = None
        offset = str(params.get("offset", "0"))
        same, before = self._last_poll
        again = offset == same and time.monotonic() - before < SAME_OFFSET_SECONDS
        self._last_poll = (offset, time.monotonic())
        if int(offset) > 0:
            while self.waiting and self.waiting[0].update_id < int(offset):
                self.waiting.popleft()
        timeout = float(str(params.get("timeout", 0)))
        if self.waiting or not timeout:
            reply(self._batch(1 if again else int(str(params.get("limit", UPDATES_A_CALL)))))
            return
        self._held = reply
        asyncio.get_running_loop().call_later(timeout, self._expire, reply)

    def wake(self) -> None:
        """Gives the held poll what there is."""
        if self._held and self.waiting:
            reply, self._held = self._held, None
            reply(self._batch(UPDATES_A_CALL))

    def _expire(self, reply: Callable[[bytes], None]) -> None:
        if self._held is reply:
            self._held = None
            reply(_ok(b"[]"))

    def _batch(self, limit: int) -> bytes:
        taps = [self.waiting[n] for n in range(min(limit, len(self.waiting)))]
        current = self.round
        for tap in taps:
            tap.handed_out += 1
            if current:
                current.handed_out += tap.handed_out == 1
                current.repeated += tap.handed_out > 1
        if current and taps and not current.began:
            current.began = current.last = time.monotonic()
        return _ok(b"[" + b",".join(map(_update, taps)) + b"]")

    # What the bot does.

    def answered(self, query: str) -> None:
        """answerCallbackQuery."""
        tap = self.by_query.get(query)
        if tap and not tap.answer:
            tap.answer = True
            self._close(tap)

    def showed(self, params: dict[str, object]) -> None:
        """An edit or a message: the oldest tap of that chat that wants this screen has it."""
        text = hash(str(params["text"]))
        if self.learning:
            self.shown[text] = self.learning
            self.screens[self.learning] = {
                name: params.get(name) for name in ("text", "parse_mode", "reply_markup")
            }
        owed = [
            tap for tap in self.owed.get(int(str(params["chat_id"])), ()) if not tap.screen and tap.handed_out
        ]
        wanted = [tap for tap in owed if tap.data == self.shown.get(text, tap.data)]
        if not wanted:
            return
        if wanted[0] is not owed[0] and self.round:
            self.round.disorder += 1
        wanted[0].screen = True
        self._close(wanted[0])

    def _close(self, tap: Tap) -> None:
        current = self.round
        if not (tap.answer and tap.screen) or current is None or current.ended.done():
            return
        owed = self.owed[tap.chat]
        while owed and owed[0].screen and owed[0].answer:
            owed.popleft()
        current.answered += 1
        current.last = time.monotonic()
        if current.answered == current.updates:
            current.end("all")


def _template() -> tuple[bytes, ...]:
    """One update as Telegram writes it, about 2.4 KB, cut where ids and data go."""
    chat = {"id": "@chat@", "first_name": "ນາງ ຄຳ", "type": "private"}
    message = {"message_id": MESSAGE_ID, "from": BOT, "chat": chat, "date": 1_790_000_000}
    message |= {"edit_date": 1_790_000_100, "text": TEXT[:150], "link_preview_options": {"is_disabled": True}}
    message |= {"entities": [{"offset": 0, "length": 20, "type": "bold"}]}
    message |= {"reply_markup": {"inline_keyboard": ROWS}}
    person = {"id": "@chat@", "is_bot": False, "first_name": "ນາງ ຄຳ", "language_code": "lo"}
    query = {
        "id": "@query@",
        "from": person,
        "message": message,
        "chat_instance": "-4242424242",
        "data": "@data@",
    }
    text = json.dumps({"update_id": "@update@", "callback_query": query}, separators=(",", ":"))
    text = text.replace('"@chat@"', "@chat@").replace('"@update@"', "@update@")
    return tuple(piece.encode() for piece in text.split("@"))


PIECES = _template()


def _update(tap: Tap) -> bytes:
    number = b"%d" % tap.update_id
    values = {b"chat": b"%d" % tap.chat, b"update": number, b"query": number, b"data": tap.data.encode()}
    return b"".join(values.get(piece, piece) for piece in PIECES)


def _ok(result: bytes) -> bytes:
    return b'{"ok":true,"result":%b}' % result


CONFLICT = orjson.dumps(
    {"ok": False, "error_code": 409, "description": "Conflict: terminated by other getUpdates request"}
)
OTHERS = {
    "getMe": orjson.dumps({**BOT, "can_join_groups": True, "can_read_all_group_messages": False}),
    "getMyCommands": b"[]",
    "getMyName": b'{"name":"Khua"}',
    "getMyDescription": b'{"description":""}',
    "getMyShortDescription": b'{"short_description":""}',
}


def _message(params: dict[str, object]) -> bytes:
    """The message object that an edit or a send gets back."""
    chat_id = int(str(params["chat_id"]))
    message_id = int(str(params.get("message_id", MESSAGE_ID + 1)))
    body: dict[str, object] = {"message_id": message_id, "from": BOT}
    body |= {"chat": {"id": chat_id, "first_name": "ນາງ ຄຳ", "type": "private"}, "date": 1_790_000_000}
    body |= {"edit_date": 1_790_000_200, "text": params["text"]}
    markup = params.get("reply_markup")
    if markup:
        body["reply_markup"] = orjson.loads(markup) if isinstance(markup, str) else markup
    return orjson.dumps(body)


class Connection(asyncio.Protocol):
    """One keep-alive connection: a request, its answer, the next request."""

    def __init__(self, bench: Bench, delay: float) -> None:
        self.bench = bench
        self.delay = delay
        self.buffer = b""
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is none by class

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while (end := self.buffer.find(b"\r\n\r\n")) >= 0:
            head = self.buffer[:end]
            at = head.lower().find(b"\r\ncontent-length:")
            length = int(head[at + 17 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.buffer) < end + 4 + length:
                return
            body = self.buffer[end + 4 : end + 4 + length]
            self.buffer = self.buffer[end + 4 + length :]
            self._request(head.split(b" ", 2)[1].decode(), body)

    def _request(self, path: str, body: bytes) -> None:
        target, _, query = path.partition("?")
        method = target.rpartition("/")[2]
        params: dict[str, object] = dict(parse_qsl(query))
        if body[:1] == b"{":
            params |= orjson.loads(body)
        elif body:
            params |= dict(parse_qsl(body.decode()))
        if self.bench.round:
            self.bench.round.calls[method] += 1
        if method == "getUpdates":
            self.bench.poll(params, lambda answer: self._later(answer))
        else:
            self._later(_ok(self._act(method, params)))

    def _act(self, method: str, params: dict[str, object]) -> bytes:
        if method == "answerCallbackQuery":
            self.bench.answered(str(params["callback_query_id"]))
            return b"true"
        if method in ("editMessageText", "sendMessage"):
            self.bench.showed(params)
            return _message(params)
        return OTHERS.get(method, b"true")

    def _later(self, body: bytes) -> None:
        if self.delay:
            asyncio.get_running_loop().call_later(self.delay, self._write, body)
        else:
            self._write(body)

    def _write(self, body: bytes) -> None:
        if self.transport and not self.transport.is_closing():
            status = b"409 Conflict" if body is CONFLICT else b"200 OK"
            head = b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            self.transport.write(head % (status, len(body)) + body)


def _say(**what: object) -> None:
    print(json.dumps(what), flush=True)


async def _orders(bench: Bench) -> None:
    """Reads orders till stdin ends."""
    loop = asyncio.get_running_loop()
    while line := (await loop.run_in_executor(None, sys.stdin.readline)).split():
        if line[0] == "learn":
            for data in line[1:]:
                bench.learning = data
                await bench.go([(1, data)], 30.0)
            bench.learning = ""
            _say(event="learned", screens=bench.screens)
        elif line[0] == "go":
            taps = [(1 + n % bench.chats, _data(bench, n)) for n in range(int(line[1]))]
            _say(**(await bench.go(taps, float(line[2]))).report())
        else:
            _say(event="unknown", order=line)


def _data(bench: Bench, n: int) -> str:
    """Neighbours in one chat want different screens, so that a change of order can be seen."""
    return bench.data[(n + n // bench.chats) % len(bench.data)]


async def serve(chats: int, data: list[str], delay_ms: float) -> None:
    """Listens on a free port till stdin ends; says the port, then when the bot polls first."""
    bench = Bench(chats, data)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(bench, delay_ms / 1000), "127.0.0.1", 0)
    _say(event="listening", port=server.sockets[0].getsockname()[1])
    while not bench.first_poll:
        await asyncio.sleep(0.002)
    _say(event="polled", at=bench.first_poll)
    await _orders(bench)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--chats", type=int, default=1000)
    parser.add_argument("--delay-ms", type=float, default=0, help="added to every answer")
    parser.add_argument("--data", nargs="+", required=True, help="callback data of the taps")
    options = parser.parse_args()
    uvloop.run(serve(options.chats, options.data, options.delay_ms))


if __name__ == "__main__":
    main()
