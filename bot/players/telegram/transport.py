"""The way to Telegram: a request class for python-telegram-bot on aiohttp, and `call` for ready bytes.

Every call passes the gate. What fails for a time (no connection, no answer, 5xx, 429, a page of some proxy)
is tried again inside its lane, so that a chat's order holds; what Telegram refuses for good is raised as
python-telegram-bot's own errors. Calls outside a lane are tried once.

The token is part of every address: no address and no text of a lower error leaves this module, names of
error types alone do. A message whose answer was lost on the way may be sent twice; the other choice is never.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import aiohttp
import orjson
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.players.telegram.gate import Gate
from bot.players.telegram.lanes import PATIENCE_SECONDS, Json, current

CALL = aiohttp.ClientTimeout(total=10)
"""Seconds for a call, from looking for a connection to the last byte in."""

FILE_CALL = aiohttp.ClientTimeout(total=30)
"""The same for a call that carries a file: a picture of at most 200 kB."""

KEEP_ALIVE_SECONDS = 60.0
"""How long a connection waits for the next call: opening one takes a thin network three round trips."""

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 5.0
"""Seconds before a call that failed is tried again; they double each time."""

JSON_HEADERS = {"Content-Type": "application/json"}
NO_ANSWER = 0
"""Stands where a status would, with the name of the reason as description."""

Outcome = tuple[int, Json]
"""Telegram's status and answer."""

Body = bytes | Callable[[], aiohttp.FormData]
"""What a call posts. A form can be read only once, so it is made anew for each try."""


class TooMany(TelegramError):
    """Telegram wants us to wait so many seconds. (The library's own RetryAfter is changing its type.)"""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"retry after {seconds} s")
        self.seconds = seconds


class Transport(BaseRequest):
    """Calls of one bot at `base` (the API's address, "/bot" and the token), at most `connections` at once."""

    def __init__(self, base: str, gate: Gate | None, connections: int) -> None:
        self._base = base
        self._gate = gate
        self._connections = connections
        self._urls: dict[str, URL] = {}
        self._session: aiohttp.ClientSession | None = None

    # ------------------------------------------------------------------ what python-telegram-bot asks for

    @property
    def read_timeout(self) -> float | None:
        return CALL.total

    async def initialize(self) -> None:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self._connections, keepalive_timeout=KEEP_ALIVE_SECONDS, ttl_dns_cache=300
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent"),
                auto_decompress=False,
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call of the library: Telegram's status and answer. Raises NetworkError where there is none."""
        if method == "GET":
            raise NetworkError("this bot downloads no files")
        parameters = request_data.parameters if request_data else {}
        chat = parameters.get("chat_id")
        body: Body = orjson.dumps(parameters)
        timeout = CALL
        if request_data is not None and request_data.contains_files:
            body, timeout = partial(_form, request_data), FILE_CALL
        status, answer = await self._insist(url, chat if isinstance(chat, int) else 0, body, timeout)
        if status == NO_ANSWER:
            raise _error(status, answer)
        return status, orjson.dumps(answer)

    @staticmethod
    def parse_json_payload(payload: bytes) -> Json:
        """The answer as a dict. Raises TelegramError, which tells nothing of the payload."""
        answer = read_json(payload)
        if not isinstance(answer, dict):
            raise TelegramError("the answer is no JSON object")
        return answer

    # ------------------------------------------------------------------ ready bytes

    async def call(
        self,
        method: str,
        body: Body,
        chat: int = 0,
        timeout: aiohttp.ClientTimeout = CALL,
        patience: float = PATIENCE_SECONDS,
    ) -> Any:
        """Posts `body`: the JSON of all parameters, or what makes a form with a file. Gives the result.

        Tries for `patience` seconds after the update's answer was begun. Raises TelegramError.
        """
        status, answer = await self._insist(f"{self._base}/{method}", chat, body, timeout, patience)
        if status == 200:
            return answer["result"]
        raise _error(status, answer)

    async def _insist(
        self,
        url: str,
        chat: int,
        body: Body,
        timeout: aiohttp.ClientTimeout,
        patience: float = PATIENCE_SECONDS,
    ) -> Outcome:
        """Tries again what fails for a time, as long as the lane has patience. Gives the last outcome."""
        lane = current.get()
        backoff = FIRST_PAUSE
        while True:
            status, answer = await self._try(url, chat, body, timeout)
            if lane is None or (status != 429 and 200 <= status < 500):
                return status, answer
            pause = backoff
            backoff = min(2 * backoff, LONGEST_PAUSE)
            if status == 429:
                # Woken a moment early, the call would be refused again.
                pause = _retry_after(answer) + 0.01
                lane.hold(pause)
            if not lane.has_patience(pause, patience):
                return status, answer
            await asyncio.sleep(pause)

    async def _try(self, url: str, chat: int, body: Body, timeout: aiohttp.ClientTimeout) -> Outcome:
        """One try."""
        if self._gate is not None:
            await self._gate.enter(chat)
        try:
            status, payload = await self._post(url, body, timeout)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return NO_ANSWER, {"description": type(error).__name__}
        finally:
            if self._gate is not None:
                self._gate.leave()
        answer = read_json(payload)
        if not isinstance(answer, dict) or answer.get("ok") is not (status == 200):
            return NO_ANSWER, {"description": "NotFromTelegram"}
        return status, answer

    async def _post(self, url: str, body: Body, timeout: aiohttp.ClientTimeout) -> tuple[int, bytes]:
        if self._session is None:
            raise NetworkError("the bot is not running")
        target = self._urls.get(url)
        if target is None:
            target = self._urls[url] = URL(url, encoded=True)
        async with self._session.post(
            target,
            data=body if isinstance(body, bytes) else body(),
            headers=JSON_HEADERS if isinstance(body, bytes) else None,
            timeout=timeout,
            allow_redirects=False,
        ) as response:
            return response.status, await response.read()


def read_json(payload: bytes) -> Any:
    """What a payload says; None where it is no JSON. Half a surrogate pair is no reason to go deaf."""
    try:
        return orjson.loads(payload)
    except orjson.JSONDecodeError:
        with suppress(ValueError, RecursionError):
            return json.loads(payload)
        return None


def _form(data: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def _retry_after(answer: Json) -> float:
    """Seconds that Telegram wants us to wait; 1 where it does not say."""
    seconds = (answer.get("parameters") or {}).get("retry_after")
    return float(seconds) if isinstance(seconds, int | float) and seconds > 0 else 1.0


_ERRORS: dict[int, type[TelegramError]] = {
    400: BadRequest,
    401: InvalidToken,
    403: Forbidden,
    404: InvalidToken,  # what Telegram says to a token that cannot be one
    409: Conflict,
}


def _error(status: int, answer: Json) -> TelegramError:
    """The error for an outcome that is no success: the library's own, but for TooMany."""
    description = answer.get("description") or f"status {status}"
    if status == NO_ANSWER and "Timeout" in description:
        return TimedOut()
    if status == 429:
        return TooMany(_retry_after(answer))
    moved_to = (answer.get("parameters") or {}).get("migrate_to_chat_id")
    if moved_to:
        return ChatMigrated(moved_to)
    return _ERRORS.get(status, NetworkError)(description)
