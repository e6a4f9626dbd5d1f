"""Pictures above screens: which file is shown, on which screens, and what of it goes where."""

from __future__ import annotations

import shutil
import struct
import zlib

import pytest

from bot import cache
from bot.compiler import compile_book, examine
from bot.compiler.pictures import MOST_BYTES
from bot.crawl import open_at
from bot.shelf import read_files
from tests.books import CONTENT, DAY, GOOD, changed, good_files, real

FEES = "costs.fees: {up: home, go: [brokers.check]}"


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int = 64, height: int = 36, more: bytes = b"") -> bytes:
    lines = zlib.compress((b"\0" + b"\xff" * width) * height)
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", lines) + chunk(b"tEXt", more) + chunk(b"IEND", b"")


def jpeg(width: int = 64, height: int = 36) -> bytes:
    size = b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00"
    return (
        b"\xff\xd8\xff\xe0\x00\x04JF"
        + size
        + b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00"
        + b"\x12"
        + b"\xff\xd9"
    )


def shown(name: str, **own: bytes) -> dict[str, str]:
    """The good book with a picture above costs.fees, and files of an organisation's own (logo_png=...)."""
    line = FEES.replace("up: home", f"up: home, picture: {name}")
    files = changed(good_files(), "tree/pages.yaml", FEES, line)
    drawn = {f"pictures/own/{path.replace('_', '.')}": data.decode("latin-1") for path, data in own.items()}
    return {**files, **drawn}


# ------------------------------------------------------------------ files


@pytest.mark.parametrize(("ending", "kind", "data"), [("png", "png", png()), ("jpg", "jpeg", jpeg())])
def test_an_organisation_has_pictures_of_its_own(ending, kind, data):
    book = compile_book(shown("market", **{f"market_{ending}": data}), DAY)
    [picture] = book.pictures.values()
    assert (picture.kind, picture.data, picture.width, picture.height) == (kind, data, 64, 36)
    assert book.pages["costs.fees"].picture == "market"


def test_its_picture_takes_the_place_of_ours():
    ours = compile_book(shown("bridge"), DAY).pictures["bridge"]
    theirs = compile_book(shown("bridge", bridge_png=png()), DAY).pictures["bridge"]
    assert (ours.kind, ours.width, ours.height) == ("svg", 640, 360)
    assert theirs.kind == "png" and theirs.mark != ours.mark


def test_the_book_carries_what_is_shown_and_no_more():
    assert list(compile_book(shown("bridge", market_png=png()), DAY).pictures) == ["bridge"]
    assert not compile_book(good_files(), DAY).pictures


def test_a_picture_that_is_too_large_is_refused_in_one_line():
    book, problems = examine(shown("market", market_png=png(more=b"t" * MOST_BYTES)), DAY)
    assert book is None
    [said] = [str(problem) for problem in problems if problem.level == "error"]
    assert said.startswith(
        "pictures/own/market.png:0:0: broken-picture: it has 200 kB, more than 200; make it"
    )


def test_another_picture_is_another_book_and_it_is_kept_whole(tmp_path):
    one, two = (shown("market", market_png=png(more=word)) for word in (b"one", b"two"))
    assert compile_book(one, DAY).version != compile_book(two, DAY).version
    assert cache.key(one, DAY) != cache.key(two, DAY)
    cache.save(tmp_path, "key", compile_book(one, DAY))
    kept = cache.load(tmp_path, "key")
    assert kept is not None and kept.pictures["market"].data == png(more=b"one")


def test_the_folder_is_read_byte_by_byte_without_what_systems_leave_there(tmp_path):
    folder = shutil.copytree(GOOD, tmp_path / "content")
    (folder / "pictures/own").mkdir()
    (folder / "pictures/own/market.png").write_bytes(png())
    for name in (".DS_Store", "Thumbs.db", "desktop.ini"):
        (folder / "pictures/own" / name).write_bytes(b"\xff\r\n")
    files = read_files(folder)
    assert set(files) - set(good_files()) == {"pictures/own/market.png"}
    assert files["pictures/own/market.png"].encode("latin-1") == png()


# ------------------------------------------------------------------ screens


def test_only_the_first_screen_in_one_language_has_the_picture():
    book = compile_book(shown("bridge"), DAY)
    with_it = {"lo:costs.fees", "en:costs.fees", "en:costs.fees~abc"}
    without = {"costs.fees", "en:costs.fees/2", "en:costs.fees/99", "en:costs.feez", "en:home",
               "en:about.sources/costs.fees"}  # fmt: skip
    assert {at for at in with_it | without if open_at(book, at).picture} == with_it


def test_the_logo_stands_above_the_page_about_the_bot():
    files = shown("bridge", sign_png=png())
    files = changed(files, "tree/pages.yaml", "  go: [costs.fees,", "  go: [about.bot, costs.fees,")
    for path, more in {
        "tree/pages.yaml": "about.bot: {up: home, kind: about, picture: bridge}\n",
        "lo/pages.yaml": "about.bot: {title: Khua, text: Khua., next: Khua.}\n",
        "en/pages.yaml": "about.bot: {title: Khua, text: Khua., next: Khua.}\n",
        "known_pages.txt": "about.bot\n",
    }.items():
        files[path] += more
    assert open_at(compile_book(files, DAY), "en:about.bot").picture == "bridge"
    for logo, picture in (("sign", "sign"), ('""', "bridge")):
        book = compile_book(
            {**files, "organisation.yaml": files["organisation.yaml"] + f"logo: {logo}\n"}, DAY
        )
        assert open_at(book, "en:about.bot").picture == picture
        assert open_at(book, "en:costs.fees").picture == "bridge"


def test_our_own_are_light_all_used_and_on_calm_pages_alone():
    drawings = {path.stem: path.stat().st_size for path in (CONTENT / "pictures").glob("*.svg")}
    assert len(drawings) == 8 and max(drawings.values()) < 2000
    pages = [page for page in real().pages.values() if page.picture]
    assert {page.picture for page in pages} == set(drawings)
    assert not [page.id for page in pages if page.danger or page.quiet or page.sensitive or page.id == "home"]
