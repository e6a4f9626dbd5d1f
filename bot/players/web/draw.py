"""A screen as the browser is told it: blocks of pieces of text, each with its language, and buttons.

Here is decided what the page only carries out: what is a heading, a list, a number to call; in which
language a label is; and where a line may end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import Any

from bot.address import parse
from bot.book import Book, Button, Language, Picture, Run, Screen
from bot.talk.screens import HELP, HIDE, joined
from bot.writing import script, syllables

MAY_BREAK = "\u200b"
BULLETS = ("- ", "• ")
ONE_NUMBER = re.compile(r"\+?[0-9][0-9 ().-]*")

Line = list[Run]


def draw(book: Book, screen: Screen) -> dict[str, Any]:
    """`screen` for chat.js: `blocks` of text, `rows` of its own buttons, `standing` buttons, `hide`; above
    them `picture`: {"src", "width", "height"}, or None.

    A block is {"is": "title" | "small" | "list" | "numbers" | "text", "lang", "lines": [[piece, …], …]}, a
    piece {"text", "style", "lang", "call"}, a button {"to", "is", "label": [piece, …]} where `is` tells what
    `to` is (see _target). What is empty is left out of a piece.
    """
    picture = book.pictures.get(screen.picture)
    own = len(screen.rows) - screen.standing
    standing = [_button(book, screen, button) for row in screen.rows[own:] for button in row]
    return {
        "at": screen.at,
        "langs": list(screen.langs),
        "picture": _picture(picture) if picture is not None else None,
        "blocks": [_block(book, kind, lines) for kind, lines in _blocks(screen)],
        "rows": [[_button(book, screen, button) for button in row] for row in screen.rows[:own]],
        "standing": [button for button in standing if button["is"] != "hide"],
        "hide": [button for button in standing if button["is"] == "hide"],
    }


def words(language: Language, names: Mapping[str, str]) -> dict[str, str]:
    """The program's own lines that the page needs, by the page's names for them."""
    return {name: breakable(language.lines.get(line, line), language.whole) for name, line in names.items()}


def breakable(text: str, whole: Iterable[str] = ()) -> str:
    """`text` with a mark between its Lao syllables: a line may end there, and not within a syllable, nor
    within a word of `whole`: browsers know neither names nor words from other languages.
    """
    marked = _marked(text)
    for word in whole:
        marked = marked.replace(_marked_word(word), word)
    return marked


def _marked(text: str) -> str:
    pieces = syllables(text)
    marked = [piece if piece[-1:].isspace() else piece + MAY_BREAK for piece in pieces[:-1]]
    return "".join(marked + pieces[-1:])


_marked_word = lru_cache(maxsize=1000)(_marked)


def _breakable(book: Book, text: str, lang: str) -> str:
    language = book.languages.get(lang)
    return breakable(text, language.whole if language is not None else ())


def address_of(picture: Picture) -> str:
    """Where the page finds a picture. Another picture has another address, so that a browser may keep it."""
    return f"/pictures/{picture.mark}.{picture.kind}"


def _picture(picture: Picture) -> dict[str, Any]:
    return {"src": address_of(picture), "width": picture.width, "height": picture.height}


# ------------------------------------------------------------------ text


def _blocks(screen: Screen) -> Iterator[tuple[str, list[Line]]]:
    """Paragraphs (an empty line ends one), cut further where lists and the small print begin and end."""
    for filled, paragraph in groupby(_lines(screen), key=bool):
        if filled:
            for kind, lines in groupby(paragraph, key=_kind):
                yield kind, list(lines)


def _lines(screen: Screen) -> list[Line]:
    """The runs cut at line ends; each has a language. A line with nothing to see is empty."""
    lines: list[Line] = [[]]
    for run in screen.text:
        for number, text in enumerate(run.text.split("\n")):
            if number:
                lines.append([])
            if text:
                lines[-1].append(Run(text, run.style, run.lang or screen.langs[0]))
    return [line if any(run.text.strip() for run in line) else [] for line in lines]


def _kind(line: Line) -> str:
    if line[0].text.startswith(BULLETS):
        return "list"
    if line[0].style == "phone":
        return "numbers"
    styles = {run.style for run in line if run.text.strip()}
    return "title" if styles == {"bold"} else "small" if styles == {"small"} else "text"


def _block(book: Book, kind: str, lines: list[Line]) -> dict[str, Any]:
    lang = _language(lines)
    if kind == "list":
        lines = [_without_bullet(line) for line in lines]
    return {"is": kind, "lang": lang, "lines": [[_piece(book, run, lang) for run in line] for line in lines]}


def _language(lines: list[Line]) -> str:
    """The language of most of a block: a Lao paragraph may begin with a Thai word."""
    letters: Counter[str] = Counter()
    for line in lines:
        for run in line:
            letters[run.lang] += len(run.text)
    return letters.most_common(1)[0][0]


def _without_bullet(line: Line) -> Line:
    first = replace(line[0], text=line[0].text[2:].lstrip())
    return [first, *line[1:]] if first.text else line[1:]


def _piece(book: Book, run: Run, lang: str) -> dict[str, str]:
    """A run; its language only where it is not the block's."""
    call = number(run.text) if run.style == "phone" else ""
    text = run.text if call else _breakable(book, run.text, run.lang)
    piece = {"text": text, "style": run.style, "call": call}
    if run.lang != lang:
        piece["lang"] = run.lang
    return {key: value for key, value in piece.items() if value}


def number(text: str) -> str:
    """What a telephone dials for `text`; "" where it is anything but one number."""
    return re.sub("[^+0-9]", "", text) if ONE_NUMBER.fullmatch(text.strip()) else ""


# ------------------------------------------------------------------ buttons


def _button(book: Book, screen: Screen, button: Button) -> dict[str, Any]:
    kind, to = _target(screen, button.to)
    # Back, or another language, may lead to the help numbers too: only the button of that name is for help.
    if kind == "help" and button.label != joined(book, screen.langs, "help"):
        kind = "page"
    return {"to": to, "is": kind, "label": _label(book, screen, button.label)}


def _target(screen: Screen, to: str) -> tuple[str, str]:
    """What a button is, and where it leads: "hide"; "link" or "call", which leave the page; "help", the
    help numbers; "speak", the same place in a language while none is known; "page", any other address.
    """
    if to == HIDE:
        return "hide", to
    if to.startswith("https://"):
        return "link", to
    if to.startswith("tel:"):
        return "call", f"tel:{number(to.removeprefix('tel:'))}"
    here, there = parse(screen.at), parse(to)
    if there is None or here is None:
        return "page", to
    if not here.lang and there.lang and there == here.speak(there.lang):
        return "speak", to
    return ("help" if there.page == HELP else "page"), to


def _label(book: Book, screen: Screen, label: str) -> list[dict[str, str]]:
    """A label has no language of its own: its letters tell, word by word ("ພາສາ · Language")."""
    for language in book.languages.values():
        if label == language.name:
            return [{"text": breakable(label), "lang": language.code}]
    spoken = _by_script(book.languages.values())
    spoken.update(_by_script(book.languages[lang] for lang in screen.langs))
    lang, tongues = screen.langs[0], []
    for word in re.findall(r"\S+\s*|\s+", label):
        lang = spoken.get(script(word), lang)
        tongues.append((lang, word))
    return [
        {"text": _breakable(book, "".join(word for _, word in said), lang), "lang": lang}
        for lang, said in groupby(tongues, key=lambda tongue: tongue[0])
    ]


def _by_script(languages: Iterable[Language]) -> dict[str, str]:
    """The first language of each script, by the letters of its name."""
    found: dict[str, str] = {}
    for language in languages:
        found.setdefault(script(language.name), language.code)
    return found
