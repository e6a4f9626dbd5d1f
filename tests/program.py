"""The bot as a process of its own, for tests that kill it, stop it or read what it says."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.books import ROOT
from tests.botapi import Telegram


@asynccontextmanager
async def program(tg: Telegram, stdout: int, **settings: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """`khua bot --telegram` on the server `tg`, which may be dead by the end; else it is killed then.

    stdout   where its words go       settings   more of its environment, such as KHUA_DATA
    """
    own = {"KHUA_TOKEN": tg.token, "KHUA_API_URL": tg.url, "KHUA_LIMITS": "off", **settings}
    command = (sys.executable, "-m", "bot", "bot", "--telegram")
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env={**os.environ, **own}, stdout=stdout, stderr=asyncio.subprocess.STDOUT
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
