"""Screens: the words of a place, what stands on every screen, and the buttons.

build(book, at, note, also, seed, person) -> Screen
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from bot.address import Address, parse, start_link
from bot.book import Book, Button, Page, Part, Run, Screen, Text, Words
from bot.talk import no_answer
from bot.talk.lines import line
from bot.talk.tools import step_of
from bot.writing import LABEL_COLUMNS, columns, cut

HIDE = "hide"
HELP = "hotlines.emergency"
SOURCES = "about.sources"
FACTS_A_SCREEN = 3
_PAIR_COLUMNS = 11


def languages(book: Book, lang: str) -> tuple[str, ...]:
    """The languages of a screen: the one that is known, else the book's first two."""
    return (lang,) if lang else tuple(book.languages)[:2]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What a screen says in one language, and the page's own buttons.

    `small` is the small print about the facts alone, `numbers` are those that one can say did not answer.
    """

    text: Text
    rows: tuple[tuple[Button, ...], ...]
    facts: tuple[str, ...] = ()
    small: Text = ()
    numbers: tuple[str, ...] = ()
    back: str = ""
    old: bool = False
    varies: bool = False


def build(
    book: Book,
    at: Address,
    note: str = "",
    also: tuple[str, ...] = (),
    seed: int = 0,
    person: bool = False,
) -> Screen:
    """The screen at `at`, a page of the book.

    note   a line that explains     also   pages to offer     person   tell how to reach a person
    """
    page = book.pages[at.page]
    langs = languages(book, at.lang)
    pieces = [_piece(book, page, at, lang, note, seed) for lang in langs]
    if any(piece.old for piece in pieces) and at.state:
        old = "" if any(page.words[lang].withheld for lang in langs) else "old_button"
        return build(book, replace(at, state=""), note or old, also, seed, person)
    text: list[Run] = []
    for lang, piece in zip(langs, pieces, strict=True):
        text.extend(_opening(book, page, lang, note, also, person))
        text.extend(piece.text)
        text.append(Run("\n", "", lang))
    rows = pieces[0].rows if at.lang or page.kind == "languages" else ()
    if also:  # these pages stand first, and not once more among the page's own
        rest = (tuple(button for button in row if parse_page(button.to) not in also) for row in rows)
        calls = tuple(row for row in rows if row[0].to.startswith("tel:"))
        others = (row for row in rest if row and row not in calls)
        rows = (*calls, *_pack([_to(book, at, id) for id in also]), *others)
    rows += _no_answer_rows(book, at, langs, pieces[0].numbers)
    standing = _standing(book, page, at, langs, pieces[0].back)
    held = any(page.words[lang].withheld for lang in langs)
    return Screen(
        at=str(at),
        page=page.id,
        langs=langs,
        text=_tidy(text),
        rows=_once((*rows, *standing)),
        facts=tuple(dict.fromkeys(id for piece in pieces for id in piece.facts)),
        danger=page.danger,
        standing=len(standing),
        varies=any(piece.varies for piece in pieces),
        # Above words in one language that explain nothing else, a phone has room for it.
        picture=page.picture if at.lang and not at.state and not note and not held else "",
    )


def parse_page(to: str) -> str:
    """The page id that a button leads to, "" where it does not lead to a page."""
    address = parse(to)
    return address.page if address else ""


def _opening(book: Book, page: Page, lang: str, note: str, also: tuple[str, ...], person: bool) -> list[Run]:
    """The neutral sentence of a quiet page, the line that explains how one came here, the way to a person."""
    said = [line(book, lang, "neutral")] if page.quiet else []
    if note:
        said.append(line(book, lang, note))
        if also and note.startswith("not_understood"):
            said.append(line(book, lang, "nearest"))
    if person:
        said.append(line(book, lang, "person"))
    return (
        [Run(" ".join(said[:1]) + "\n", "", lang)] + [Run(each + "\n", "", lang) for each in said[1:]]
        if said
        else []
    )


def _piece(book: Book, page: Page, at: Address, lang: str, note: str, seed: int) -> _Piece:
    """The words of a place in one language: by the kind of page."""
    words = page.words[lang]
    asked = no_answer.read(at.state)
    if asked is not None:
        return _no_answer(book, page, at, lang, *asked)
    if page.tool is not None and not words.withheld:
        step = step_of(book, page, at, lang, seed)
        if step is None:
            return _Piece((), (), old=True)
        body = _body(book, page, words, lang, step.parts, step.first, step.titled)
        facts, small = _facts_of(step.parts), tuple(run for part in step.parts for run in part.small)
        numbers = no_answer.phones(book, facts)
        return _Piece(body, step.rows, facts, small, numbers, step.back, varies=step.varies)
    if page.kind == "sources" and at.state:
        return _sources(book, page, at, lang)
    way = _way_back(book, at) if page.id == HELP and at.state else None
    number = 1
    if page.id == HELP and at.state:
        if way is None:
            return _Piece((), (), old=True)
    elif at.state:
        number = int(at.state) if at.state.isascii() and at.state.isdigit() and len(at.state) < 3 else 0
        if not 2 <= number <= len(words.parts):
            return _Piece((), (), old=True)
    part = words.parts[number - 1]
    rows = _page_rows(book, page, words, at, lang, number)
    extra = _extra(book, page, lang) if number == 1 else ()
    # Somebody who was not understood is told so, without the greeting of home once more.
    shown = () if note.startswith("not_") else (part, Part(extra))
    text = _body(book, page, words, lang, shown, first=number == 1)
    back = (
        str(way) if way else str(at.go(page.id, "" if number == 2 else str(number - 1))) if number > 1 else ""
    )
    return _Piece(text, rows, part.facts, part.small, no_answer.phones(book, part.facts), back)


def _no_answer(book: Book, page: Page, at: Address, lang: str, short: str, state: str) -> _Piece:
    """Asks which number of the screen at `state` did not answer; where `short` says it, thanks for it and
    tells the other ones, or the help numbers where there are none."""
    place, words = replace(at, state=state), page.words[lang]
    # The state of the help numbers is a way back: with it an address could be too long.
    odd = no_answer.read(state) is not None or (page.id == HELP and state)
    screen = _Piece((), (), old=True) if odd else _piece(book, page, place, lang, "", 0)
    said = no_answer.meant(screen.numbers, short)
    if screen.old or not screen.numbers or (short and not said):
        return _Piece((), (), old=True)
    others = tuple(id for id in screen.numbers if id != said)
    help = book.pages[HELP].words[lang]
    numbers = no_answer.phones(book, help.parts[0].facts)
    told = others or tuple(id for id in numbers if id != said) or screen.numbers
    text = [Run(line(book, lang, "no_answer_noted" if said else "no_answer_which") + "\n", "", lang)]
    text += [run for id in told for run in book.facts[id].help.get(lang, ())]
    # The page's own next step may be to call the very number.
    text += [Run("\n" + line(book, lang, "next") + " ", "bold", lang), *help.next, Run("\n\n", "", lang)]
    text += [*_no_person(book, page, lang), *dict.fromkeys(screen.small), *_how_sure(book, words, lang)]
    return _Piece(tuple(text), (), told, numbers=others, back=str(place))


def _facts_of(parts: tuple[Part, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(id for part in parts for id in part.facts))


def _body(
    book: Book, page: Page, words: Words, lang: str, parts: tuple[Part, ...], first: bool, titled: bool = True
) -> Text:
    """Numbers at once, then the title, the words, the next step, and the small print."""
    text: list[Run] = [*(words.top if first else words.few), Run("\n", "", lang)]
    if parts and titled and not words.withheld:
        text.append(Run(words.title + "\n", "bold", lang))
    for part in parts:
        text += [*part.body, Run("\n\n", "", lang)] if part.body else []
    if words.next and (page.tool is None or words.withheld):
        text += [Run(line(book, lang, "next") + " ", "bold", lang), *words.next, Run("\n\n", "", lang)]
    small = dict.fromkeys(run for part in parts for run in part.small)
    return (*text, *_no_person(book, page, lang), *small, *_how_sure(book, words, lang))


def _no_person(book: Book, page: Page, lang: str) -> Text:
    return (Run(line(book, lang, "no_person") + "\n", "", lang),) if page.danger else ()


def _how_sure(book: Book, words: Words, lang: str) -> Text:
    """That nobody has read the words as they stand, and that the book is a trial, as far as that is so."""
    read = words.reading.native or words.withheld
    said = [] if read else ["draft_changed" if words.reading.changed else "draft"]
    said += ["trial"] if book.trial else []
    return tuple(Run(line(book, lang, name) + "\n", "small", lang) for name in said)


def _extra(book: Book, page: Page, lang: str) -> Text:
    """What the program itself adds to a page: who runs it, how much is read, how many facts are confirmed."""
    run = book.organisation
    if page.kind == "about":
        said = [line(book, lang, "run_by", name=run.name) if run.name else line(book, lang, "run_by_nobody")]
        if run.contact:
            said.append(line(book, lang, "reach", contact=run.contact))
        said += _office(book, lang)
        kinds = [kind for each in book.pages.values() for kind in each.words[lang].reading.kinds]
        many = {kind: kinds.count(kind) for kind in ("native", "legal", "cleared")}
        said.append(line(book, lang, "read_by", **many, all=len(book.pages)))
        return (Run("\n".join(said), "", lang),)
    if page.id == run.at and (office := _office(book, lang)):
        return (Run("\n".join(office), "", lang),)
    if page.kind == "share":
        way = "share_find" if run.telegram else "share_how"
        return (Run(line(book, lang, way, name=run.telegram), "", lang),)
    if page.kind == "sources":
        sure = sum(fact.state == "verified" for fact in book.facts.values())
        return (Run(line(book, lang, "facts_count", all=len(book.facts), verified=sure), "", lang),)
    return ()


def _office(book: Book, lang: str) -> list[str]:
    """Where one can come to the organisation, and when."""
    run = book.organisation
    said = [line(book, lang, "office", name=run.name, place=run.place[lang])] if lang in run.place else []
    return said + ([line(book, lang, "office_hours", hours=run.hours[lang])] if lang in run.hours else [])


def _sources(book: Book, page: Page, at: Address, lang: str) -> _Piece:
    """The facts of one page, each with its source and state, three a screen."""
    asked, _, place = at.state.partition("/")
    told = book.pages.get(asked)
    number = int(place) if place.isascii() and place.isdigit() and len(place) < 3 else 1 if not place else 0
    ids = facts_of(told) if told else ()
    last = max(1, -(-len(ids) // FACTS_A_SCREEN))
    if told is None or told.words[lang].withheld or not 1 <= number <= last:
        return _Piece((), (), old=True)
    text: list[Run] = [Run(f"{page.words[lang].title}: {told.words[lang].title}\n", "bold", lang)]
    if not ids:
        text.append(Run(line(book, lang, "sources_none") + "\n", "", lang))
    for id in ids[(number - 1) * FACTS_A_SCREEN : number * FACTS_A_SCREEN]:
        text += [Run("\n", "", lang), *book.facts[id].lines.get(lang, ()), Run("\n", "", lang)]
    text += [
        Run("\n" + line(book, lang, "next") + " ", "bold", lang),
        *page.words[lang].next,
        Run("\n\n", "", lang),
    ]
    text += _how_sure(book, page.words[lang], lang)
    rows = []
    if number < last:
        rows.append((Button(line(book, lang, "more"), str(at.go(page.id, f"{asked}/{number + 1}"))),))
    before = (
        at.go(asked) if number == 1 else at.go(page.id, asked if number == 2 else f"{asked}/{number - 1}")
    )
    opening = [Run(line(book, lang, "neutral") + "\n\n", "", lang)] if told.quiet else []
    return _Piece(tuple(opening + text), tuple(rows), ids, back=str(before))


def facts_of(page: Page) -> tuple[str, ...]:
    """All facts that a page tells, those of its tool included."""
    return tuple(dict.fromkeys((*page.facts, *(page.tool.facts if page.tool is not None else ()))))


def _way_back(book: Book, at: Address) -> Address | None:
    """The place behind a help screen's state, None where it is none (any more)."""
    page, _, state = at.state.partition("/")
    if page not in book.pages or page == HELP:
        return None
    way = at.go(page, state)
    return None if _piece(book, book.pages[page], way, languages(book, at.lang)[0], "", 0).old else way


# ------------------------------------------------------------------ buttons


def _page_rows(
    book: Book, page: Page, words: Words, at: Address, lang: str, number: int
) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = []
    if words.calls:
        rows += _pack(list(words.calls))
    if number < len(words.parts):
        rows.append((Button(line(book, lang, "more"), str(at.go(page.id, str(number + 1)))),))
    if page.kind == "share" and book.organisation.telegram:
        rows.append((Button(line(book, lang, "share_button"), _share_link(book, at, lang)),))
    if page.kind == "languages":
        rows += [
            (Button(each.name, str(Address("home", each.code, "", at.campaign))),)
            for each in book.languages.values()
        ]
    rows += _pack([_to(book, at, id) for id in page.go if id in book.pages])
    if facts_of(page) and not words.withheld:
        rows.append((Button(line(book, lang, "sources"), str(at.go(SOURCES, page.id))),))
    return tuple(rows)


def _share_link(book: Book, at: Address, lang: str) -> str:
    """Where Telegram asks whom to send the bot's own link to."""
    link = start_link(book.organisation.telegram, "home", at.campaign)
    return "https://t.me/share/url?" + urlencode({"url": link, "text": line(book, lang, "about_short")})


def _no_answer_rows(
    book: Book, at: Address, langs: tuple[str, ...], numbers: Iterable[str]
) -> tuple[tuple[Button, ...], ...]:
    """The way to say that a number of the screen did not answer; where that is asked, a button for each."""
    asked = no_answer.read(at.state)
    state = asked[1] if asked else "" if at.page == HELP else at.state
    ways = {id: str(at.go(at.page, no_answer.write(state, id))) for id in numbers}
    if asked and not asked[0]:
        return tuple((Button(_number(book, langs, id), to),) for id, to in ways.items())
    which = str(at.go(at.page, no_answer.write(state)))
    label = joined(book, langs, "no_answer")
    return ((Button(label, which if len(ways) > 1 else next(iter(ways.values()))),),) if ways else ()


def _number(book: Book, langs: tuple[str, ...], id: str) -> str:
    """A number and whose it is, in one line; what stands in brackets behind a name is told above."""
    fact = book.facts[id]
    names = " · ".join(fact.names[lang].partition(" (")[0] for lang in langs)
    return cut(f"{fact.number(langs[0])} {names}", LABEL_COLUMNS)


def _to(book: Book, at: Address, id: str) -> Button:
    """The button to a page, labelled in the language of the screen."""
    langs = languages(book, at.lang)
    return Button(" · ".join(book.pages[id].words[lang].button for lang in langs), str(at.go(id)))


def _pack(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    """Two short buttons in a row, a long one alone, in order."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        short = columns(button.label) <= _PAIR_COLUMNS
        if short and rows and len(rows[-1]) == 1 and columns(rows[-1][0].label) <= _PAIR_COLUMNS:
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return tuple(rows)


def _standing(
    book: Book, page: Page, at: Address, langs: tuple[str, ...], back: str
) -> tuple[tuple[Button, ...], ...]:
    """The rows on every screen: back, home, other languages; help numbers, and hide where it matters."""
    asked = no_answer.read(at.state)
    place = replace(at, state=asked[1]) if asked else at
    # In another language a number that did not answer would be counted once more.
    same = place if asked and asked[0] else at
    first: list[Button] = []
    if page.id != "home":
        first.append(Button(joined(book, langs, "back"), back or str(at.go(page.up))))
        first.append(Button(joined(book, langs, "home"), str(at.go("home"))))
    # The page of languages is itself the choice.
    others = [each for each in book.languages.values() if each.code != at.lang and page.kind != "languages"]
    speak = tuple(Button(each.name, str(same.speak(each.code))) for each in others)
    second: list[Button] = []
    if page.id != HELP:
        state = f"{place.page}/{place.state}" if place.state else place.page
        back_here = "" if page.kind in ("sources", "languages") or page.id == "home" else state
        second.append(Button(joined(book, langs, "help"), str(at.go(HELP, back_here))))
    if page.danger:
        second.append(Button(joined(book, langs, "hide"), HIDE))
    if at.lang and len(speak) == 1:
        return tuple(row for row in ((*first, *speak), tuple(second)) if row)
    rows = (speak, tuple(first), tuple(second))
    return tuple(row for row in rows if row)


def joined(book: Book, langs: tuple[str, ...], name: str) -> str:
    return " · ".join(line(book, lang, name) for lang in langs)


def _once(rows: tuple[tuple[Button, ...], ...]) -> tuple[tuple[Button, ...], ...]:
    """The same rows; of two buttons that lead to one place with one label, the later one stays."""
    seen: set[Button] = set()
    kept = []
    for row in reversed(rows):
        left = tuple(button for button in row if button not in seen)
        seen.update(left)
        kept.append(left)
    return tuple(row for row in reversed(kept) if row)


# ------------------------------------------------------------------ text


def _tidy(runs: list[Run]) -> Text:
    """The runs without empty ones, at most one blank line between, none at either end."""
    kept: list[Run] = []
    ends = 2
    for run in runs:
        said = run.text
        if "\n\n\n" in said:
            said = re.sub(r"\n{3,}", "\n\n", said)
        if said.startswith("\n"):
            said = said[max(0, ends + len(said) - len(said.lstrip("\n")) - 2) :]
        if said:
            lines = len(said) - len(said.rstrip("\n")) if said.endswith("\n") else 0
            ends = lines if lines < len(said) else ends + lines
            kept.append(run if said == run.text else Run(said, run.style, run.lang))
    while kept and not kept[-1].text.rstrip("\n"):
        kept.pop()
    if kept:
        kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip("\n"))
    return tuple(kept)


def offered(screen: Screen, page: str) -> tuple[str, ...]:
    """Pages that a screen offers beside its answer, at most three, in the order of its buttons."""
    own = screen.rows[: len(screen.rows) - screen.standing]
    pages = dict.fromkeys(parse_page(button.to) for row in own for button in row)
    return tuple(id for id in pages if id and id not in (page, SOURCES))[:3]
