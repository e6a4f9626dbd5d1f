"""The sheet of words: one HTML file for somebody who reads a language, and the answers that it saves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path

from bot.book import Fact, Page, Run, Text
from bot.compiler import fields, markup, source
from bot.compiler.fields import Field, ListOf, Table
from bot.compiler.launch import must_be_read
from bot.compiler.pages import fingerprint
from bot.compiler.source import Node, Report
from bot.desk.folder import Folder, read
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


# ------------------------------------------------------------------ out


def sheet(folder: Folder, lang: str) -> bytes:
    """One HTML file with all words of `lang` beside those of the next language, and room for answers."""
    book = folder.book
    other = next((code for code in book.languages if code != lang), "")
    words = folder.words()
    parts = [
        _page(folder, page, (lang, words[lang, page.id]), (other, words.get((other, page.id))))
        for page in book.pages.values()
        if (lang, page.id) in words
    ]
    template = (Path(__file__).parent / "review.html").read_text("utf-8")
    filled = {
        "lang": escape(lang),
        "name": escape(book.languages[lang].name),
        "contents": "\n".join(
            f'<li><a href="#{id}" lang="{lang}">{escape(page.words[lang].title)}</a></li>'
            for id, page in book.pages.items()
            if (lang, id) in words
        ),
        "pages": "\n".join(parts),
    }
    for name, value in filled.items():
        template = template.replace(f"<!--{name}-->", value)
    return template.encode()


def _page(folder: Folder, page: Page, read: tuple[str, Node], beside_it: tuple[str, Node | None]) -> str:
    """One page: language and words to read, beside those of another language."""
    (lang, said), (other, beside) = read, beside_it
    languages = folder.book.languages
    mark = fingerprint(said)
    state = "already read by a native reader"
    if not page.words[lang].reviewed:
        state = "<b>must be read before launch</b>" if must_be_read(page) else "not read yet"
    theirs = dict(_pieces(beside)) if beside is not None else {}
    rows = "\n".join(
        f'<div class="piece"><h3>{escape(where)}</h3>'
        f'<p lang="{lang}">{_html(folder, text, lang)}</p>'
        f'<p lang="{other}" class="beside">{_html(folder, theirs.get(where, ""), other)}</p></div>'
        for where, text in _pieces(said)
    )
    return f"""<section id="{page.id}" data-page="{page.id}" data-fingerprint="{mark}">
<h2 lang="{lang}">{escape(page.words[lang].title)}</h2>
<p class="about"><code>{page.id}</code> · {state} · {mark}</p>
<div class="heads"><b>{escape(languages[lang].name)}</b>\
<b>{escape(languages[other].name) if other else ""}</b></div>
{rows}
{_facts(folder, said, lang)}
<div class="answer">
<label class="yes"><input type="checkbox" name="yes"> Yes: this is right, and clear to people</label>
<label>Remark: what should be better, and how? <textarea name="remark" rows="2"></textarea></label>
</div>
</section>"""


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


def _facts(folder: Folder, said: Node, lang: str) -> str:
    ids = dict.fromkeys(id for _, text in _pieces(said) for id in markup.placeholders(text))
    told = [_fact(folder.book.facts[id], lang) for id in ids if id in folder.book.facts]
    return f'<p class="facts">Marked, from facts: {"; ".join(told)}</p>' if told else ""


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
    words = folder.words()
    marks = {key: fingerprint(said) for key, said in words.items()}
    reviews = [_review(folder, item, marks, report) for item in _items(node, "reviews")]
    for item in _items(node, "remarks"):
        _words_of(folder, item, marks, report)
    wrong = [problem for problem in report.problems if problem.rule not in _LETTERS]
    if wrong:
        raise BadSheet(str(path), wrong)
    return (*_add(folder, reviews), *_remarks(node))


def _items(node: Node, name: str) -> list[Node]:
    below = node.get(name)
    return below.items if below is not None else []


def _words_of(folder: Folder, item: Node, marks: dict[tuple[str, str], str], report: Report) -> str:
    """The fingerprint of the words that `item` is about; "" where there are none, which is reported."""
    page, lang = item.say("page"), item.say("lang")
    if page not in folder.book.pages:
        near = did_you_mean(page, folder.book.pages)
        report(item.map["page"], "unknown-page", f"there is no page {page}", near or "khua pages lists them")
    elif (lang, page) not in marks:
        known = ", ".join(folder.book.languages)
        report(item.map["lang"], "unknown-language", f"{page} has no words in {lang}; languages are {known}")
    return marks.get((lang, page), "")


def _review(folder: Folder, item: Node, marks: dict[tuple[str, str], str], report: Report) -> dict[str, str]:
    found = {field.name: item.say(field.name) for field in fields.REVIEW.fields if item.get(field.name)}
    mark = _words_of(folder, item, marks, report)
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


def _add(folder: Folder, reviews: Iterable[dict[str, str]]) -> Iterator[str]:
    pencil = folder.pencil(KEPT)
    kept = [{key: below.text for key, below in item.map.items()} for item in pencil.root.items]
    for review in reviews:
        said = " ".join(review[key] for key in ("page", "lang", "kind", "on", "role"))
        if review in kept:
            yield f"{said}: was there already"
            continue
        kept.append(review)
        pencil.append(review)
        yield said


def _remarks(node: Node) -> Iterator[str]:
    for item in _items(node, "remarks"):
        said = "".join(sign if sign.isprintable() else " " for sign in item.say("remark"))
        yield f"{item.say('page')} {item.say('lang')}: remark: {' '.join(said.split())}"
