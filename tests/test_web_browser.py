"""The browser chat in a real browser: what a person meets with a finger, a keyboard, a screen reader."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from bot.talk.lines import line
from bot.talk.reply import reply
from bot.writing import syllables
from tests.chromium import Page, chromium
from tests.test_web import SHELF, Chat, chat

pytestmark = pytest.mark.proof

BOOK = SHELF.book
PICTURES = Path("build/proof/web")
DANGER = "lo:trouble.now"


@contextlib.asynccontextmanager
async def visit(at: str = "", width: int = 390, height: int = 844) -> AsyncIterator[tuple[Page, Chat]]:
    """A browser that looks at the chat with the real book."""
    async with chat(reply, SHELF) as one, chromium() as page:
        await page.viewport(width, height)
        await page.goto(f"{one.url}/" + (f"#{at}" if at else ""))
        await page.until("document.querySelector('article.new')")
        yield page, one


def with_page(
    test: Callable[[Page, Chat], Awaitable[None]], at: str = "", width: int = 390, height: int = 844
):
    async def go() -> None:
        async with visit(at, width, height) as (page, one):
            await test(page, one)
            assert page.console == []
            assert {url for url in page.requests if not url.startswith(one.url + "/")} <= {"about:blank"}

    asyncio.run(go())


async def press(page: Page, selector: str) -> None:
    """Presses a button of the page and waits for the answer."""
    before = await page.evaluate("document.querySelectorAll('article').length")
    await page.click(selector)
    await page.until(f"document.querySelectorAll('article').length >= {before + 2}")


async def text(page: Page, selector: str) -> str:
    """What stands there, without the page's marks where a line must not end."""
    said = await page.evaluate(f"document.querySelector('{selector}')?.textContent ?? ''")
    return str(said).replace("\u2060", "").replace("\u00a0", " ")


# ------------------------------------------------------------------ the way through


def test_a_walk_keeps_its_place_in_the_address_alone():
    async def look(page: Page, one: Chat) -> None:
        assert await page.evaluate("[...document.querySelectorAll('#standing .speak')].length") == 2
        before = await page.evaluate("history.length")
        await press(page, "#standing .speak")
        assert await page.evaluate("location.hash") == "#lo:home"
        await press(page, ".new button")
        at = await page.evaluate("location.hash")
        said = await text(page, ".new .bubble")
        assert await page.evaluate("history.length") == before
        await page.reload()
        await page.until("document.querySelector('article.new')")
        assert (await page.evaluate("location.hash"), await text(page, ".new .bubble")) == (at, said)
        await page.evaluate("location.hash = '#en:home'")
        await page.until("document.documentElement.lang === 'en'")
        await page.evaluate("document.querySelector('article .key').click()")
        await page.until("location.hash !== '#en:home' && document.querySelector('.mine')")
        kept = "[document.cookie, localStorage.length, sessionStorage.length]"
        assert await page.evaluate(kept) == ["", 0, 0]
        assert await page.evaluate("indexedDB.databases().then((all) => all.length)") == 0

    with_page(look)


def test_a_question():
    async def look(page: Page, one: Chat) -> None:
        await page.evaluate("document.querySelector('#text').focus()")
        await page.write("ຖືກຍຶດພາສປອດ")
        await page.press("Enter")
        await page.until("document.querySelector('.mine') && location.hash.includes('trouble')")
        assert "ຖືກຍຶດພາສປອດ" in await text(page, ".mine")
        assert await page.evaluate("document.querySelector('#text').value") == ""
        assert await page.evaluate("document.querySelector('.new a[href^=\"tel:\"]') !== null")
        assert "ພາສປອດ" not in await page.evaluate("decodeURIComponent(location.href)")

    with_page(look, "lo:home")


def test_hide_empties_the_page_even_when_the_program_is_gone():
    async def go() -> None:
        async with chromium() as page:
            async with chat(reply, SHELF) as one:
                await page.goto(f"{one.url}/#{DANGER}")
                await page.until("document.querySelector('#quick .key')")
                await page.evaluate("document.querySelector('#text').value = 'secret'")
            await page.click("#quick .key")
            lines = [line(BOOK, "lo", name) for name in ("hidden", "hidden_web", "home")]
            assert await text(page, "#log") == "".join(lines)
            assert await page.evaluate("[location.hash, document.querySelector('#text').value]") == ["", ""]
            assert not await page.evaluate("Boolean(document.querySelector('#quick .key, #standing .key'))")
            entries = (await page.call("Page.getNavigationHistory"))["entries"]
            assert [entry["url"] for entry in entries] == ["about:blank", f"{one.url}/"]

    asyncio.run(go())


def test_a_program_that_is_gone_and_comes_back():
    async def go() -> None:
        async with chromium() as page:
            async with chat(reply, SHELF) as one:
                await page.goto(f"{one.url}/#lo:home")
                await page.until("document.querySelector('.new')")
            await page.click(".new button")
            await page.until("document.querySelector('.note')")
            assert line(BOOK, "lo", "offline") in await text(page, ".note")
            async with chat(reply, SHELF, port=int(one.url.rpartition(":")[2])):
                await page.click(".note button")
                await page.until("!document.querySelector('.note') && location.hash !== '#lo:home'")
                assert await page.evaluate("document.querySelectorAll('.mine').length") == 1

    asyncio.run(go())


# ------------------------------------------------------------------ keyboard and reader


FOCUS = "document.activeElement.matches(':focus-visible') ? document.activeElement.textContent : ''"


def test_all_by_keyboard():
    async def look(page: Page, one: Chat) -> None:
        await page.press("Tab")
        await page.press("Enter")
        await page.until("document.activeElement.matches('article.new')")
        seen = []
        keys = "'.new .key, .new .bubble a, #standing .key, #text, #send'"
        for _ in range(await page.evaluate(f"document.querySelectorAll({keys}).length")):
            await page.press("Tab")
            seen.append(
                await page.evaluate("document.activeElement.id || document.activeElement.textContent")
            )
            assert await page.evaluate("document.activeElement.matches(':focus-visible')")
            # WCAG 2.4.11: what has the focus is not under the bars.
            assert await page.evaluate(
                "(() => { const box = document.activeElement.getBoundingClientRect();"
                " const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);"
                " return document.activeElement.contains(top) || top.matches('label'); })()"
            )
        assert len(set(seen)) == len(seen)
        assert seen[-2:] == ["text", "send"]
        await page.press("Tab")
        assert await page.evaluate("document.activeElement === document.body")

    with_page(look, "lo:home", 320, 640)


def test_a_reader_finds_names_and_roles():
    async def look(page: Page, one: Chat) -> None:
        nodes = (await page.call("Accessibility.getFullAXTree"))["nodes"]
        found = [
            (node["role"]["value"], node.get("name", {}).get("value", ""))
            for node in nodes
            if not node["ignored"]
        ]
        for role, name in [("log", "conversation"), ("textbox", "ask_here"), ("button", "send")]:
            assert (role, line(BOOK, "lo", name)) in found
        assert ("button", line(BOOK, "lo", "hide")) in found
        assert all(name for role, name in found if role in ("button", "link", "textbox", "log", "heading"))
        assert await page.evaluate("document.querySelector('#log').ariaLive") == "polite"

    with_page(look, DANGER)


# ------------------------------------------------------------------ every page, as small as a phone can be


WIDTH = 320
LINES_OF_TEXT = """(() => {
  const found = [], range = document.createRange();
  document.querySelector("noscript")?.remove();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walk.nextNode()); ) {
    const ends = [];
    let last = null;
    for (let at = 0; at < node.length; at++) {
      if (/[\\s\\u2060]/.test(node.data[at])) continue;
      range.setStart(node, at);
      range.setEnd(node, at + 1);
      const box = [...range.getClientRects()].pop();
      if (box && last !== null && box.top > last + 8) ends.push(at);
      if (box) last = box.top;
    }
    found.push([node.data, ends]);
  }
  return found;
})()"""
SMALL_KEYS = """[...document.querySelectorAll(".key, #send, #text")]
  .filter((key) => key.offsetWidth < 44 || key.offsetHeight < 44).map((key) => key.textContent)"""
NO_LANGUAGE = """[...document.querySelectorAll("header *, #log *, #dock *")]
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim().length > 2))
  .filter((one) => !one.closest("body [lang]")).map((one) => one.outerHTML)"""


def addresses() -> list[str]:
    places = list(BOOK.pages) + [f"{id}/2" for id, page in BOOK.pages.items() if page.kind == "page"]
    checks = [f"{id}/a.{'yn' * 5}" for id, page in BOOK.pages.items() if page.kind == "check"]
    return [
        f"{lang}{place}"
        for place in places + checks
        for lang in ("", *(f"{lang}:" for lang in BOOK.languages))
    ]


def test_every_page_fits_and_breaks_right():
    async def look(page: Page, one: Chat) -> None:
        breaks = 0
        for at in addresses():
            await page.evaluate("document.querySelector('.new').classList.remove('new')")
            await page.evaluate(f"document.querySelector('#log').replaceChildren(), location.hash = '#{at}'")
            await page.until("document.querySelector('.new')")
            assert await page.evaluate("document.documentElement.scrollWidth") <= WIDTH, at
            assert await page.evaluate(SMALL_KEYS) == [], at
            assert await page.evaluate(NO_LANGUAGE) == [], at
            for said, ends in await page.evaluate(LINES_OF_TEXT):
                breaks += len(ends)
                wrong = [f"{said[:end]}|{said[end:]}" for end in ends if not _may_break(said, end)]
                assert wrong == [], at
        assert breaks > 100

    with_page(look, "lo:home", WIDTH, 640)


def _may_break(said: str, end: int) -> bool:
    """Whether the Lao letters on both sides of a line's end belong to two syllables."""
    if not re.fullmatch("[\u0e80-\u0eff]{2}", said[end - 1 : end + 1]):
        return True
    before = said[:end].replace("\u2060", "")
    at = 0
    for syllable in syllables(said.replace("\u2060", "")):
        at += len(syllable)
        if at >= len(before):
            return at == len(before)
    return False


@pytest.mark.parametrize(
    ("width", "height"), [(320, 256), (320, 640), (640, 400), (390, 844), (1280, 800), (1920, 1080)]
)
def test_pictures_of_every_size(width, height):
    """No horizontal scroll at any size or zoom; the pictures are for people to look at."""

    async def look(page: Page, one: Chat) -> None:
        for dark in (False, True):
            await page.media(dark=dark)
            for at in ("", DANGER, "en:brokers.check"):
                await page.goto(f"{one.url}/#{at}")
                await page.until("document.querySelector('.new')")
                await page.evaluate("document.fonts.ready.then(() => 1)")
                assert await page.evaluate("document.documentElement.scrollWidth") <= width
                name = re.sub("[^a-z]+", "-", at) or "start"
                await page.screenshot(PICTURES / f"{width}x{height}-{'dark' if dark else 'light'}-{name}.png")

    with_page(look, "", width, height)
