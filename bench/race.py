"""One bot against the server of this folder: start it, learn its screens, have people tap, read figures."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from sys import executable
from typing import Any, TypeVar

ROOT = Path(__file__).parent.parent
TOKEN = "123456:bench-token_of-a-bot-that-lives-on-loopback"
IDLE_SECONDS = 0.5
PATIENCE = 120.0

Json = dict[str, Any]
T = TypeVar("T")


@dataclass(frozen=True)
class Load:
    """How many taps at most, for how many seconds at most, and what is added to every reply."""

    updates: int
    seconds: float
    delay_ms: int = 0


@dataclass(frozen=True)
class Figures:
    """What one run of one bot gave. MB are 2**20 bytes."""

    rate: float
    cpu_us: float
    peak_mb: float
    idle_mb: float
    start_s: float
    answered: int
    lost: int
    out_of_order: int
    end: str


class Server:
    """The server's process and its lines."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def hear(self) -> Json:
        """Its next line. Raises TimeoutError when it is silent for too long."""
        assert self._process.stdout is not None
        line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        said: Json = json.loads(line)
        return said

    async def ask(self, order: str) -> Json:
        """Gives an order, waits for what comes of it."""
        assert self._process.stdin is not None
        self._process.stdin.write(order.encode() + b"\n")
        return await self.hear()


@asynccontextmanager
async def _process(command: Sequence[str], **how: Any) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, limit=2**22, **how)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def run(command: Sequence[str], data: Sequence[str], load: Load, folder: Path) -> tuple[Figures, Json]:
    """Runs one bot once; gives its figures and the screens it showed.

    `command` may hold {url} and {token}; the same stand in the environment as KHUA_API_URL and KHUA_TOKEN.
    `folder` is KHUA_DATA: the first run leaves the compiled book there for the next, as a service does.
    """
    pipes = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    delay = ("--delay-ms", str(load.delay_ms))
    async with _process([executable, "-m", "bench.server", *delay, "--data", *data], **pipes) as process:
        server = Server(process)
        url = f"http://127.0.0.1:{(await server.hear())['port']}"
        words = [word.replace("{url}", url).replace("{token}", TOKEN) for word in command]
        env = os.environ | {
            "KHUA_TOKEN": TOKEN,
            "KHUA_API_URL": url,
            "KHUA_LIMITS": "off",
            "KHUA_DATA": str(folder),
        }
        began = time.monotonic()
        async with _process(words, env=env, stdout=asyncio.subprocess.DEVNULL) as bot:
            polled = await _unless_dead(bot, server.hear())
            return await _unless_dead(bot, _measure(server, bot.pid, data, load, polled["at"] - began))


async def _unless_dead(bot: asyncio.subprocess.Process, work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives, or at once an error if the bot ends before."""
    task, dead = asyncio.create_task(work), asyncio.create_task(bot.wait())
    await asyncio.wait({task, dead}, return_when=asyncio.FIRST_COMPLETED)
    if not task.done():
        task.cancel()
        raise SystemExit(f"bench: the bot ended with code {dead.result()}")
    dead.cancel()
    return task.result()


async def _measure(
    server: Server, pid: int, data: Sequence[str], load: Load, start: float
) -> tuple[Figures, Json]:
    await asyncio.sleep(IDLE_SECONDS)
    idle = _memory(pid, "VmRSS")
    screens = (await server.ask(f"learn {' '.join(data)}"))["screens"]
    before = _cpu(pid)
    done = await server.ask(f"go {load.updates} {load.seconds}")
    spent = _cpu(pid) - before
    figures = Figures(
        rate=done["rate"],
        cpu_us=spent * 1e6 / max(1, done["answered"]),
        peak_mb=_memory(pid, "VmHWM"),
        idle_mb=idle,
        start_s=start,
        answered=done["answered"],
        lost=done["lost"],
        out_of_order=done["out_of_order"],
        end=done["end"],
    )
    return figures, screens


def _memory(pid: int, what: str) -> float:
    """A line of /proc/<pid>/status in MB."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(what))


def _cpu(pid: int) -> float:
    """Seconds of CPU, user and system, of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
