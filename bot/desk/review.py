"""The sheet of words: one HTML file for somebody who reads a language, and the answers that it saves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path

from bot.book import Fact, Reading, Run, Text
from bot.compiler import fields, markup, source
from bot.compiler.fields import Field, ListOf, Table
from bot.compiler.launch import must_be_read
from bot.compiler.reviews import LINES
from bot.compiler.source import Node, Report
from bot.desk.folder import Folder, read
from bot.desk.pencil import Plain, plain
from bot.desk.verify import Unfit, day, role
from bot.problems import BadSheet, did_you_mean

KEPT = "reviewed.yaml"
ANSWERS = Table("file of answers", "What a sheet of words saves.", (
    Field("reviews", ListOf(fields.REVIEW), True, "pages that read well"),
    Field("remarks", ListOf(Table("remark", "A remark on a page, for editors; it is not kept.", (
        Field("page", fields.page_id, True, "the page"),
        Field("lang", fields.lang_code, True, "the language"),
        Field("remark", fields.text, True, "what is to be better"),
    ))), False, "what is to be better"),
))  # fmt: skip
_LETTERS = ("zero-width", "not-nfc")
"""What a remark may have in its letters: it is shown, and not kept."""
_SCRIPT = ("sheet_nothing", "sheet_no_role", "sheet_no_day", "sheet_count")
"""Lines that the sheet says while somebody fills it in."""


def _readings(folder: Folder) -> dict[tuple[str, str], Reading]:
    """(page, language) -> who has read its words; those of the program are page `lines`."""
    book = folder.book
    found = {
        (page.id, lang): words.reading for page in book.pages.values() for lang, words in page.words.items()
    }
    return found | {(LINES, each.code): each.reading for each in book.languages.values()}


def _beside(readings: Mapping[tuple[str, str], Reading], page: str, lang: str) -> dict[str, str]:
    """Language -> fingerprint of the page's words in each other language."""
    return {code: each.fingerprint for (id, code), each in readings.items() if id == page and code != lang}


# ------------------------------------------------------------------ out


def sheet(folder: Folder, lang: str) -> bytes:
    """One HTML file with all words of `lang` beside those of the next language, and room for answers.

    What it says to the reader stands there in both languages.
    """
    book = folder.book
    langs = (lang, *[code for code in book.languages if code != lang][:1])
    words, laws = folder.words(), {code: folder.laws(code) for code in langs}
    readings = _readings(folder)
    titles: dict[str, str] = {}
    rows: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for id, page in book.pages.items():
        if (lang, id) in words:
            titles[id] = page.words[lang].title
            rows[id] = _rows(*(_told(folder, words.get((code, id)), code, laws[code]) for code in langs))
    titles[LINES] = book.languages[lang].lines["sheet_lines"]
    rows[LINES] = _rows(*(_lines(folder, code) for code in langs))
    template = (Path(__file__).parent / "review.html").read_text("utf-8")
    template = re.sub("<!--(sheet_[a-z_]+)-->", lambda found: _say(folder, langs, found[1]), template)
    filled = {
        "lang": escape(lang),
        "script": escape(json.dumps([_plain(folder, langs, name) for name in _SCRIPT], ensure_ascii=False)),
        "kinds": "".join(
            f'<option value="{kind}">{escape(_plain(folder, langs, f"sheet_{kind}"))}</option>'
            for kind in ("native", "legal", "cleared")
        ),
        "contents": "\n".join(
            f'<li><a href="#{id}" lang="{lang}">{escape(title)}</a></li>' for id, title in titles.items()
        ),
        "pages": "\n".join(
            _section(folder, langs, id, title, readings, rows[id], words.get((lang, id)))
            for id, title in titles.items()
        ),
    }
    for name, value in filled.items():
        template = template.replace(f"<!--{name}-->", value)
    return template.encode()


def _told_in(folder: Folder, langs: tuple[str, ...], name: str) -> list[tuple[str, str]]:
    """(language, a line of the sheet in it) for each language of the sheet; the first is that to be read."""
    languages = folder.book.languages
    return [(lang, languages[lang].lines[name].replace("{name}", languages[langs[0]].name)) for lang in langs]


def _plain(folder: Folder, langs: tuple[str, ...], name: str) -> str:
    """A line of the sheet where there can be no HTML."""
    return " · ".join(said for _, said in _told_in(folder, langs, name))


def _say(folder: Folder, langs: tuple[str, ...], name: str) -> str:
    """A line of the sheet, each language on a line of its own."""
    spans = (f'<span lang="{lang}">{escape(said)}</span>' for lang, said in _told_in(folder, langs, name))
    return f'<span class="say">{"".join(spans)}</span>'


def _section(
    folder: Folder,
    langs: tuple[str, ...],
    id: str,
    title: str,
    readings: Mapping[tuple[str, str], Reading],
    rows: Iterable[tuple[str, tuple[str, ...]]],
    said: Node | None,
) -> str:
    """One page: its words to read, a place a row, beside those of another language; room for the answer."""
    lang, reading = langs[0], readings[id, langs[0]]
    beside = escape(json.dumps(_beside(readings, id, lang)))
    pieces = "\n".join(
        f'<div class="piece"><h3>{escape(where)}</h3>'
        + "".join(
            f'<p lang="{code}"{" class=beside" if code != lang else ""}>{text}</p>'
            for code, text in zip(langs, texts, strict=True)
        )
        + "</div>"
        for where, texts in rows
    )
    mark = reading.fingerprint
    return f"""<section id="{id}" data-page="{id}" data-fingerprint="{mark}" data-beside="{beside}">
<h2 lang="{lang}">{escape(title)}</h2>
<p class="about"><code>{id}</code> · {mark}{_say(folder, langs, _state(folder, id, reading))}</p>
<div class="heads">{"".join(f"<b>{escape(folder.book.languages[code].name)}</b>" for code in langs)}</div>
{pieces}
{_facts(folder, said, langs) if said else ""}
<div class="answer">
<label class="yes"><input type="checkbox" name="yes"> {_say(folder, langs, "sheet_yes")}</label>
<label>{_say(folder, langs, "sheet_remark")} <textarea name="remark" rows="2"></textarea></label>
</div>
</section>"""


def _state(folder: Folder, id: str, reading: Reading) -> str:
    """The line that says whether the words have been read."""
    if reading.native:
        return "sheet_read"
    if reading.changed:
        return "sheet_changed"
    return "sheet_must" if id == LINES or must_be_read(folder.book.pages[id]) else "sheet_unread"


def _rows(mine: dict[str, str], *theirs: dict[str, str]) -> list[tuple[str, tuple[str, ...]]]:
    """(place, its words in each language) for all words of the first language."""
    return [(where, (said, *(each.get(where, "") for each in theirs))) for where, said in mine.items()]


def _lines(folder: Folder, lang: str) -> dict[str, str]:
    """Place -> HTML, of what the program itself says."""
    return {name: escape(said) for name, said in folder.book.languages[lang].lines.items()}


def _told(folder: Folder, said: Node | None, lang: str, laws: Mapping[str, str]) -> dict[str, str]:
    """Place -> HTML, of the words of a page, and of what the laws say that it tells."""
    if said is None:
        return {}
    found = {where: _html(folder, text, lang) for where, text in _pieces(said)}
    return found | {f"{id}: says": escape(laws[id]) for id in _placeholders(said) if id in laws}


def _placeholders(said: Node) -> list[str]:
    """The facts that a page tells, each once."""
    return list(dict.fromkeys(id for _, text in _pieces(said) for id in markup.placeholders(text)))


def _pieces(said: Node, where: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of all words of a page, in the order of the file; notes are no words."""
    if isinstance(said.value, str):
        yield where, said.value
    for number, item in enumerate(said.items, 1):
        yield from _pieces(item, f"{where} {number}")
    for key, below in said.map.items():
        if key != "note":
            yield from _pieces(below, f"{where}: {key}" if where else key)


def _html(folder: Folder, text: str, lang: str) -> str:
    """A text as people will see it, with what comes from facts marked."""

    def fact(id: str) -> Text:
        found = folder.book.facts.get(id)
        told = found.words.get(lang, ()) if found else ()
        return (Run("".join(run.text for run in told) or "{" + id + "}", "bold", lang),)

    return "".join(map(_run, _joined(markup.runs(text, lang, fact), lang)))


def _joined(runs: Iterable[Run], lang: str) -> Iterator[tuple[str, str]]:
    """(tag and attributes, text) of each run."""
    for run in runs:
        # markup itself makes no bold runs: these are the facts.
        tag = "mark" if run.style == "bold" else "" if run.lang == lang else f'span lang="{run.lang}"'
        yield tag, run.text


def _run(piece: tuple[str, str]) -> str:
    tag, text = piece
    return f"<{tag}>{escape(text)}</{tag.split(' ')[0]}>" if tag else escape(text)


def _facts(folder: Folder, said: Node, langs: tuple[str, ...]) -> str:
    """The figures and numbers that a page tells, each with its id. What a law says stands among the words."""
    facts = [folder.book.facts[id] for id in _placeholders(said) if id in folder.book.facts]
    told = [_fact(fact, langs[0]) for fact in facts if fact.kind != "law"]
    return f'<p class="facts">{_say(folder, langs, "sheet_facts")}{"; ".join(told)}</p>' if told else ""


def _fact(fact: Fact, lang: str) -> str:
    said = "".join(run.text for run in fact.words.get(lang, ()))
    return f'<code>{fact.id}</code> <span lang="{lang}">{escape(said)}</span>'


# ------------------------------------------------------------------ in


def take_in(folder: Folder, path: Path) -> tuple[str, ...]:
    """Adds the reviews of a file of answers to reviewed.yaml (folder.save() writes it). A line for each.

    Remarks are told and not kept. Raises BadSheet with all that is wrong; then nothing may be saved.
    """
    report = Report()
    # JSON is YAML: the compiler's own reader tells the line of everything that is wrong.
    node = source.read(str(path), read(path, "take the file that the sheet saved"), report)
    if node is not None:
        fields.check(node, ANSWERS, report)
    wrong = [problem for problem in report.problems if problem.rule not in _LETTERS]
    if node is None or wrong:
        raise BadSheet(str(path), wrong)
    readings = _readings(folder)
    reviews = [_review(folder, item, readings, report) for item in _items(node, "reviews")]
    for item in _items(node, "remarks"):
        _words_of(folder, item, readings, report)
    wrong = [problem for problem in report.problems if problem.rule not in _LETTERS]
    if wrong:
        raise BadSheet(str(path), wrong)
    return (*_add(folder, reviews, readings), *_remarks(node))


def _items(node: Node, name: str) -> list[Node]:
    below = node.get(name)
    return below.items if below is not None else []


def _words_of(folder: Folder, item: Node, readings: Mapping[tuple[str, str], Reading], report: Report) -> str:
    """The fingerprint of the words that `item` is about; "" where there are none, which is reported."""
    page, lang = item.say("page"), item.say("lang")
    if page != LINES and page not in folder.book.pages:
        near = did_you_mean(page, folder.book.pages)
        report(item.map["page"], "unknown-page", f"there is no page {page}", near or "khua pages lists them")
    elif (page, lang) not in readings:
        known = ", ".join(folder.book.languages)
        report(item.map["lang"], "unknown-language", f"{page} has no words in {lang}; languages are {known}")
    return readings.get((page, lang), Reading()).fingerprint


def _review(
    folder: Folder, item: Node, readings: Mapping[tuple[str, str], Reading], report: Report
) -> dict[str, Plain]:
    found = {field.name: plain(below) for field in fields.REVIEW.fields if (below := item.get(field.name))}
    mark = _words_of(folder, item, readings, report)
    if mark and item.say("fingerprint") != mark:
        said = f"the words of {found['page']} in {found['lang']} are not those that were read ({mark} now)"
        report(item.map["fingerprint"], "other-words", said, "make a new sheet and let them be read again")
    try:
        day(item.say("on"), folder.today)
    except Unfit as error:
        report(item.map["on"], "review-day", str(error))
    try:
        found["role"] = role(item.say("role"))
    except Unfit as error:
        report(item.map["role"], "review-role", str(error))
    return found


def _add(
    folder: Folder, reviews: Iterable[dict[str, Plain]], readings: Mapping[tuple[str, str], Reading]
) -> Iterator[str]:
    pencil = folder.pencil(KEPT)
    kept = [plain(item) for item in pencil.root.items]
    for review in reviews:
        page, lang = str(review["page"]), str(review["lang"])
        said = " ".join(str(review[key]) for key in ("page", "lang", "kind", "on", "role"))
        now = _beside(readings, page, lang)
        if review in kept:
            yield f"{said}: was there already"
            continue
        kept.append(review)
        pencil.append(review)
        beside = review.get("beside")
        seen = beside.items() if isinstance(beside, dict) else ()
        old = [code for code, mark in seen if now.get(code, mark) != mark]
        yield f"{said}: outdated already, since the words in {', '.join(old)} changed" if old else said


def _remarks(node: Node) -> Iterator[str]:
    for item in _items(node, "remarks"):
        said = "".join(sign if sign.isprintable() else " " for sign in item.say("remark"))
        yield f"{item.say('page')} {item.say('lang')}: remark: {' '.join(said.split())}"


# ------------------------------------------------------------------ spelling


def spelling(folder: Folder, page: str, lang: str, by: str) -> tuple[str, ...]:
    """Notes that words of a page changed in spelling alone since they were read (folder.save() writes it).

    by   a role

    Raises Unfit where there is no such page, or nobody has read it.
    """
    reading = _readings(folder).get((page, lang))
    if reading is None:
        near = did_you_mean(page, folder.book.pages) if page not in folder.book.pages else ""
        raise Unfit(f"there are no words of {page} in {lang}" + (f"; {near}" if near else ""))
    by = role(by)
    pencil = folder.pencil(KEPT)
    items = [item for item in pencil.root.items if item.say("page") == page]
    marks = [
        item.say("fingerprint") if item.say("lang") == lang else (item.get("beside") or item).say(lang)
        for item in items
    ]
    read_then = [mark for mark in marks if mark]
    if not read_then:
        raise Unfit(f"nobody has read {page} in {lang}, so that there is no review to keep")
    if read_then[-1] == reading.fingerprint:
        return (f"{page} {lang}: the words are those that were read last",)
    item = {"page": page, "lang": lang, "kind": "spelling", "from": read_then[-1]}
    pencil.append({**item, "fingerprint": reading.fingerprint, "on": str(folder.today), "role": by})
    return (f"{page} {lang}: what was read last counts as the same words ({by})",)
