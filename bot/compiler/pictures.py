"""Pictures: files of the folder `pictures` to `Picture`s, and the rule for the pages that show them.

A file below `pictures/own`, an organisation's folder, wins over ours of the same name. What cannot be drawn
alike everywhere is refused: what is not whole, what would run or load something, letters that need a font.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import PurePosixPath
from xml.etree import ElementTree

from bot.book import Calculator, Check, Page, Picture, PictureKind
from bot.compiler import fields, markup
from bot.compiler.draft import EMPTY, Draft
from bot.compiler.language import Speech
from bot.compiler.source import Report, whole
from bot.limits import CAPTION_UTF16_UNITS, utf16_units
from bot.problems import did_you_mean

FOLDER = "pictures/"
OWN = "pictures/own/"
MOST_BYTES = 200 * 1000
"""People pay for every byte; ours have a hundredth of that."""
MOST_PIXELS = 4000
"""Of a side. Telegram takes 10,000 for both together."""
WIDEST, TALLEST = 5, 2
"""Times wider than high, and higher than wide: a screen of a phone must have room for the words as well."""

_KINDS: dict[str, PictureKind] = {".svg": "svg", ".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}
_SVG = "{http://www.w3.org/2000/svg}"


class _Unfit(Exception):
    """Why a file is no picture that can be shown, and what one can do."""

    def __init__(self, why: str, cure: str) -> None:
        super().__init__(why)
        self.cure = cure


# ------------------------------------------------------------------ files


def pictures(files: Mapping[str, str], report: Report) -> dict[str, Picture | None]:
    """Name -> picture of all `files` (path -> bytes as Latin-1) that are pictures; None for a broken one."""
    found: dict[str, Picture | None] = {}
    places: dict[tuple[str, str], str] = {}
    # Our own come last, whatever they are called, and take the place of those of the same name.
    for path in sorted(files, key=lambda path: (path.startswith(OWN), path)):
        folder, name = path.rpartition("/")[0] + "/", PurePosixPath(path).stem
        other = places.setdefault((folder, name), path)
        if other != path:
            said = f"{name} stands also in {other}"
            report(whole(path), "double-picture", said, "keep one of the two")
            continue
        try:
            found[name] = _picture(path, files[path].encode("latin-1"))
        except _Unfit as error:
            report(whole(path), "broken-picture", str(error), error.cure)
            found[name] = None
    return found


def _picture(path: str, data: bytes) -> Picture:
    """The picture in a file. Raises _Unfit."""
    place = PurePosixPath(path)
    kind = _KINDS.get(place.suffix.lower())
    if f"{place.parent}/" not in (FOLDER, OWN):
        raise _Unfit("no picture is looked for in this folder", f"move it to {OWN}")
    if kind is None:
        raise _Unfit("this is neither SVG nor PNG nor JPEG", "save it as one of them, or delete it")
    if not fields.name.accepts(place.stem):
        raise _Unfit(f"a picture is named by {fields.name.what.removeprefix('a name of ')}", "rename it")
    if len(data) > MOST_BYTES:
        said = f"it has {len(data) // 1000} kB, more than {MOST_BYTES // 1000}"
        raise _Unfit(said, "make it smaller: 1,000 pixels wide are plenty")
    width, height = {"svg": _svg, "png": _png, "jpeg": _jpeg}[kind](data)
    if width > MOST_PIXELS or height > MOST_PIXELS:
        raise _Unfit(f"it is {width} by {height} pixels", f"make it smaller: at most {MOST_PIXELS} each")
    if width > WIDEST * height or height > TALLEST * width:
        said = f"it is {width} wide and {height} high, which leaves too little room on a phone"
        raise _Unfit(said, f"at most {WIDEST} times as wide as high, or {TALLEST} times as high as wide")
    return Picture(kind, data, width, height, sha256(data).hexdigest()[:12])


# ------------------------------------------------------------------ what stands in a file


def _svg(data: bytes) -> tuple[int, int]:
    """Width and height of a drawing that runs nothing and loads nothing. Raises _Unfit."""
    plain = "save it again as plain SVG"
    if b"<!ENTITY" in data:
        raise _Unfit("it defines entities", plain)
    try:
        root = ElementTree.fromstring(data.decode("utf-8-sig"))
    except (ElementTree.ParseError, ValueError):
        raise _Unfit("it is no SVG that can be read", plain) from None
    if root.tag != f"{_SVG}svg":
        raise _Unfit("it is no SVG: its first element is another one", plain)
    for element in root.iter():
        _harmless(element, plain)
    sizes = [_number(root.get(side, "")) for side in ("width", "height")]
    if not all(sizes):
        sizes = [_number(each) for each in re.split(r"[\s,]+", root.get("viewBox", "").strip())[2:]]
    if len(sizes) != 2 or min(sizes) < 1:
        raise _Unfit("it does not say how large it is", 'write viewBox="0 0 640 360" into its svg element')
    return round(sizes[0]), round(sizes[1])


def _harmless(element: ElementTree.Element, plain: str) -> None:
    """Raises _Unfit for what would run something, load something, or look different elsewhere."""
    tag = str(element.tag).removeprefix(_SVG)
    if tag in ("script", "foreignObject") or any(re.match("on[a-z]", name) for name in element.attrib):
        raise _Unfit("it has a script in it", plain)
    if tag == "text":
        raise _Unfit("it has letters in it, which other devices have no font for", "turn the text into paths")
    if tag == "image":
        raise _Unfit("it has another picture in it", "save it as PNG or JPEG instead")
    styles = [element.text or ""] if tag == "style" else []
    leads = [value for name, value in element.attrib.items() if name.rpartition("}")[2] in ("href", "src")]
    leads += re.findall(r"url\(\s*['\"]?([^'\")]*)", " ".join([*element.attrib.values(), *styles]))
    outside = [each for each in leads if not each.strip().startswith("#")]
    if outside or any("@import" in style for style in styles):
        raise _Unfit("it refers to something outside of itself", plain)


def _number(text: str) -> float:
    """A length without a unit or in px; 0 for anything else."""
    return float(text.removesuffix("px")) if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,9})?(px)?", text) else 0.0


_BROKEN = "save it again, or copy it again: a part is missing"


def _png(data: bytes) -> tuple[int, int]:
    """Width and height of a PNG that is whole. Raises _Unfit."""
    chunks = list(_chunks(data)) if data.startswith(b"\x89PNG\r\n\x1a\n") else []
    if not chunks or chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND" or len(chunks[0][1]) != 13:
        raise _Unfit("it is no PNG that can be read", _BROKEN)
    size = chunks[0][1]
    return int.from_bytes(size[:4]), int.from_bytes(size[4:8])


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Type and content of each piece of a PNG, as long as they are whole, up to the last."""
    at = 8
    while at + 12 <= len(data):
        end = at + 8 + int.from_bytes(data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : end]
        if int.from_bytes(data[end : end + 4]) != zlib.crc32(kind + body):
            return
        yield kind, body
        if kind == b"IEND":
            return
        at = end + 4


def _jpeg(data: bytes) -> tuple[int, int]:
    """Width and height of a JPEG that is whole. Raises _Unfit."""
    at, size = 2, (0, 0)
    while data.startswith(b"\xff\xd8") and data[at : at + 1] == b"\xff" and at + 9 < len(data):
        mark, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if mark == 0xDA:  # the lines of the picture, up to the mark of the end
            if min(size) and data.find(b"\xff\xd9", at) > 0:
                return size
            break
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            size = int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 1 if mark == 0xFF else 2 + length
    raise _Unfit("it is no JPEG that can be read", _BROKEN)


# ------------------------------------------------------------------ the rule


def pictured(draft: Draft) -> None:
    """A picture is there, not on a page of danger, and the words of its page fit Telegram's caption."""
    for id, node in draft.tree.items():
        own, shown = node.get("picture"), draft.picture_of(node)
        if own is not None and node.say("danger") == "yes":
            said = f"{id} is about danger: it must come fast, and one must be able to hide it"
            draft.report(own, "danger-picture", said, "leave the picture out")
        # A logo takes the place of the picture of the page about the bot; both must be there.
        for named in [own] if shown is own else [own, shown]:
            if named is not None and named.text and named.text not in draft.pictures:
                cure = did_you_mean(named.text, draft.pictures) or f"put its file into {OWN}"
                draft.report(named, "unknown-picture", f"there is no picture {named.text}", cure)
        if shown is None:
            continue
        for lang, size in _longest(draft, draft.pages[id]).items():
            if size > CAPTION_UTF16_UNITS:
                many = f"under a picture {CAPTION_UTF16_UNITS:,} signs have room; {id} has {size:,} in {lang}"
                draft.report(shown, "caption-long", many, "move words to more:, or leave the picture out")


def _longest(draft: Draft, page: Page) -> dict[str, int]:
    """By language, the UTF-16 units of the first screen of a page; at most some more than it really has."""
    found = {}
    for speech in draft.speech:
        words = page.words.get(speech.code)
        if words is None:
            continue
        own = markup.plain((*words.top, *words.parts[0].body, *words.parts[0].small, *words.next))
        said = [words.title, own, *map(speech.line, ("next", "draft_changed", "trial"))]
        if page.quiet:
            said.append(speech.line("neutral"))
        said += _added(draft, page, speech)
        found[speech.code] = sum(utf16_units(each) + 2 for each in said)
    return found


def _added(draft: Draft, page: Page, speech: Speech) -> Iterator[str]:
    """What the program adds to the words of a first screen, by the kind of page."""
    if page.kind == "about":
        yield from map(speech.line, ("run_by", "run_by_nobody", "reach", "read_by", "office", "office_hours"))
        run = draft.files.get("organisation.yaml", EMPTY)
        yield from (run.say("name"), *(node.text for node in (run.get("contact") or EMPTY).walk()))
    if page.kind == "sources":
        yield speech.line("facts_count")
    if isinstance(page.tool, Check | Calculator):
        asked = page.tool.words.get(speech.code, ())
        yield from (speech.line("question_of"), *(markup.plain(each.ask.body) for each in asked[:1]))
