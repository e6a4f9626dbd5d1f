"""Faults on order, and Telegram's limits on how often a bot may call."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from .refused import Refused, too_many

KINDS = ("429", "500", "502 html", "timeout", "drop", "slow", "not json")


@dataclass(eq=False)
class Fault:
    """Something that goes wrong the next `times` times (for ever if None) that a call fits.

    kind "429": refused, wait `retry_after` seconds. "500": an error of Telegram. "502 html": a page of a
    proxy in between. "timeout": accepted, no answer for `seconds`, then the line drops. "drop": the line
    drops. "slow": answered after `seconds`. "not json": 200 with something else than JSON. With `after` the
    call has its effect all the same (the answer alone is lost), for all kinds but "429" and "slow".
    """

    kind: str
    method: str | None = None
    chat: int | None = None
    times: int | None = 1
    retry_after: int = 1
    seconds: float = 30.0
    after: bool = False
    used: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"a fault of kind {self.kind!r}; there are {KINDS}")

    def fits(self, method: str, chat: int | None) -> bool:
        """Whether it strikes this call."""
        left = self.times is None or self.used < self.times
        return left and self.method in (None, method) and self.chat in (None, chat)

    def off(self) -> None:
        """Ends it."""
        self.times = self.used


@dataclass
class Limits:
    """How often a bot may call.

    `overall` calls in any one second; in one chat `chat_rate` a second on average, `chat_burst` at once.
    Methods whose name begins with one of `free` do not count. The numbers are those of
    https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this; the burst is a guess.
    """

    overall: int = 30
    chat_rate: float = 1.0
    chat_burst: int = 20
    free: tuple[str, ...] = ("get",)
    clock: Callable[[], float] = time.monotonic
    _taken: deque[float] = field(default_factory=deque)
    _chats: dict[int, tuple[float, float]] = field(default_factory=lambda: defaultdict(lambda: (0.0, 0.0)))

    def take(self, method: str, chat: int | None) -> None:
        """Counts a call. Raises Refused (429) if it is one too many; that one is not counted."""
        if method.startswith(self.free):
            return
        now = self.clock()
        while self._taken and self._taken[0] <= now - 1.0:
            self._taken.popleft()
        if len(self._taken) >= self.overall:
            raise too_many(1)
        if chat is not None:
            self._take_chat(chat, now)
        self._taken.append(now)

    def _take_chat(self, chat: int, now: float) -> None:
        """A bucket that holds `chat_burst` calls and leaks `chat_rate` of them a second."""
        level, at = self._chats[chat]
        level = max(0.0, level - (now - at) * self.chat_rate)
        if level + 1 > self.chat_burst:
            raise _wait((level + 1 - self.chat_burst) / self.chat_rate)
        self._chats[chat] = (level + 1, now)


def _wait(seconds: float) -> Refused:
    return too_many(max(1, int(-(-seconds // 1))))
