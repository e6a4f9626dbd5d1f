"""A real browser for tests: Chromium, driven over its DevTools protocol, and nothing else to install.

    async with chromium() as page:
        await page.viewport(320, 640)
        await page.goto("http://127.0.0.1:8000/")
        assert await page.evaluate("document.title") == "…"
        await page.screenshot(Path("build/proof/start.png"))

Where no Chromium is installed, the test that asks for one is skipped, and says so.
Protocol: https://chromedevtools.github.io/devtools-protocol/
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import json
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
MISSING = "no Chromium here, so nothing was looked at in a browser; on Debian, as root: apt install chromium"
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars", "--remote-debugging-port=0",
    # Without it Chromium slows down a test that goes to hundreds of addresses behind one #.
    "--disable-ipc-flooding-protection",
)  # fmt: skip
KEYS = {
    "Tab": 9, "Enter": 13, "Escape": 27, " ": 32, "ArrowUp": 38, "ArrowDown": 40, "Home": 36, "End": 35,
}  # fmt: skip
WAIT = 20.0
"""Seconds after which a browser that does not answer is given up."""


class PageError(AssertionError):
    """A script in the page, or a call of the protocol, failed."""


class Page:
    """One tab. `requests` are the addresses it asked for, `console` what it complained about."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.requests: list[str] = []
        self.console: list[str] = []
        self._socket = socket
        self._ids = itertools.count(1)
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._loaded = asyncio.Event()

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        """One call of the protocol, such as call("Page.reload", ignoreCache=True)."""
        number = next(self._ids)
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": number, "method": method, "params": params})
        async with asyncio.timeout(WAIT):
            said = await answer
        if "error" in said:
            raise PageError(f"{method}: {said['error']['message']}")
        result: dict[str, Any] = said["result"]
        return result

    async def listen(self) -> None:
        """Reads what the browser says, until it closes."""
        async for message in self._socket:
            said = json.loads(message.data)
            if "id" in said:
                answer = self._answers.pop(said["id"])
                if not answer.done():
                    answer.set_result(said)
            else:
                self._note(said["method"], said["params"])

    def _note(self, event: str, params: dict[str, Any]) -> None:
        if event == "Page.loadEventFired":
            self._loaded.set()
        elif event == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif event == "Log.entryAdded":
            self.console.append(params["entry"]["text"])
        elif event == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.console.append(details.get("exception", {}).get("description", details["text"]))

    async def goto(self, url: str) -> None:
        """Opens `url` in the tab, anew even where only the part behind # differs."""
        await self._load("Page.navigate", url="about:blank")
        await self._load("Page.navigate", url=url)

    async def reload(self) -> None:
        await self._load("Page.reload")

    async def _load(self, method: str, **params: Any) -> None:
        self._loaded.clear()
        await self.call(method, **params)
        async with asyncio.timeout(WAIT):
            await self._loaded.wait()

    async def evaluate(self, script: str) -> Any:
        """The value of a JavaScript expression; a promise is waited for."""
        said = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in said:
            details = said["exceptionDetails"]
            raise PageError(details.get("exception", {}).get("description", details["text"]))
        return said["result"].get("value")

    async def until(self, script: str) -> None:
        """Waits till a JavaScript expression is true."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WAIT):
                while not await self.evaluate(f"Boolean({script})"):
                    await asyncio.sleep(0.02)
                return
        raise PageError(f"never true: {script}; the console says: {self.console}")

    async def press(self, key: str, *, shift: bool = False) -> None:
        """Presses a key of the keyboard: one of KEYS."""
        text = {"Enter": "\r", " ": " "}.get(key, "")
        about = {"key": key, "windowsVirtualKeyCode": KEYS[key], "modifiers": 8 if shift else 0}
        await self.call(
            "Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **about
        )
        await self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    async def write(self, text: str) -> None:
        """Writes into what has the focus, as an input method does."""
        await self.call("Input.insertText", text=text)

    async def click(self, selector: str) -> None:
        """Clicks with the mouse in the middle of the first element that the CSS selector finds."""
        x, y = await self.evaluate(
            f"(() => {{ const one = document.querySelector({json.dumps(selector)});"
            " one.scrollIntoView({block: 'center', behavior: 'instant'});"
            " const box = one.getBoundingClientRect();"
            " return [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def viewport(self, width: int, height: int, *, scale: float = 1, touch: bool = False) -> None:
        """The window, in CSS pixels. `touch` makes it a phone's."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=height, deviceScaleFactor=scale, mobile=touch,
        )  # fmt: skip
        await self.call("Emulation.setTouchEmulationEnabled", enabled=touch)

    async def media(self, *, dark: bool = False, still: bool = True) -> None:
        """What the person prefers: dark or light, and whether things may move."""
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce" if still else "no-preference"},
        ]
        await self.call("Emulation.setEmulatedMedia", features=features)

    async def screenshot(self, path: Path, *, full: bool = False) -> None:
        """A PNG of the window, or of the whole page."""
        said = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(said["data"]))


@contextlib.asynccontextmanager
async def chromium(*switches: str, folder: Path | None = None) -> AsyncIterator[Page]:
    """A tab of a fresh browser without a past. `folder` keeps its profile, to look into afterwards."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    if program is None:
        pytest.skip(MISSING)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as own:
        profile = folder or Path(own)
        browser = await asyncio.create_subprocess_exec(
            program, *SWITCHES, f"--user-data-dir={profile}", *switches, "about:blank",
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        try:
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(await _address_of_tab(session, profile), max_msg_size=0) as socket,
            ):
                page = Page(socket)
                listening = asyncio.create_task(page.listen())
                for room in ("Page", "Runtime", "Network", "Log"):
                    await page.call(f"{room}.enable")
                await page.media()
                yield page
                with contextlib.suppress(PageError):
                    await page.call("Browser.close")
                listening.cancel()
        finally:
            await _end(browser)


async def _address_of_tab(session: aiohttp.ClientSession, profile: Path) -> str:
    told = profile / "DevToolsActivePort"
    async with asyncio.timeout(WAIT):
        while not (told.exists() and told.read_text().count("\n")):
            await asyncio.sleep(0.05)
        port = told.read_text().split()[0]
        while True:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                tabs = [tab for tab in await answer.json() if tab["type"] == "page"]
            if tabs:
                return str(tabs[0]["webSocketDebuggerUrl"])
            await asyncio.sleep(0.05)


async def _end(browser: asyncio.subprocess.Process) -> None:
    """Lets the browser close by itself, then ends what is left of it: its own process group and no other."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(5):
            await browser.wait()
            return
    with contextlib.suppress(ProcessLookupError):
        os.killpg(browser.pid, signal.SIGKILL)
    await browser.wait()
