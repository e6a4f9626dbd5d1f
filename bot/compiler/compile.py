"""All files in, one book out: reads, checks, joins, and reports every problem at once."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from hashlib import sha256
from types import MappingProxyType

from bot import __version__
from bot.book import Book, Campaign, Language, Picture
from bot.compiler import fields, organisation, source, words
from bot.compiler.draft import EMPTY, NO_PAGES, Draft
from bot.compiler.facts import facts
from bot.compiler.hiding import close_up
from bot.compiler.language import speech
from bot.compiler.launch import tasks
from bot.compiler.pages import pages
from bot.compiler.pictures import FOLDER, pictures
from bot.compiler.reviews import LINES, readings
from bot.compiler.rules import RULES
from bot.compiler.source import Node, Report
from bot.compiler.tools import tools
from bot.problems import BrokenContent, Problem


def compile_book(files: Mapping[str, str], today: date) -> Book:
    """The book of a content folder on one day.

    files   path below the content folder, with /, -> text of the file; of a picture, its bytes as Latin-1
    today   the day whose values are told

    Raises BrokenContent with every problem, errors and hints, when there is at least one error.
    """
    book, problems = examine(files, today)
    if book is None:
        raise BrokenContent(problems)
    return book


@contextmanager
def uncollected() -> Iterator[None]:
    """No search for garbage: what is made here stays, and looking through it each time costs a third."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


@uncollected()
def examine(files: Mapping[str, str], today: date) -> tuple[Book | None, tuple[Problem, ...]]:
    """The book (None where an error stands against it) and all problems, sorted by place."""
    report = Report()
    draft = Draft(today, report)
    _read(draft, files)
    _sort(draft)
    draft.readings = readings(draft)
    ours = organisation.owners(draft)
    draft.facts = facts(draft.fact_nodes, draft.fact_words, draft.speech, today, report, ours)
    draft.pages = pages(draft)
    tools(draft)
    for rule in (*RULES, *organisation.RULES, *words.RULES):
        rule(draft)
    close_up(draft)
    organisation.withhold(draft)
    if any(problem.level == "error" for problem in _problems(draft)):
        return None, _problems(draft)
    index = words.index(draft)
    words.worth(draft, index)
    problems = _problems(draft)
    book = Book(
        version=_version(files, today),
        day=today,
        languages=MappingProxyType(
            {
                each.code: Language(
                    each.code,
                    each.name,
                    each.lines,
                    each.numbers,
                    draft.readings[LINES, each.code],
                    each.whole,
                    _report(draft.language_file(each.code, "report")),
                )
                for each in draft.speech
            }
        ),
        pages=MappingProxyType(draft.pages),
        facts=MappingProxyType(draft.facts),
        campaigns=MappingProxyType({id: _campaign(id, node) for id, node in _campaigns(draft)}),
        known=draft.known,
        index=index,
        organisation=organisation.organisation(draft),
        pictures=MappingProxyType(_shown(draft)),
        tasks=tuple(tasks(draft)),
        hints=problems,
        hidden=MappingProxyType(draft.hidden),
    )
    return book, problems


def _report(node: Node) -> dict[str, str]:
    """What the report says, by name, with the names of the branches under branch.<name>."""
    named = (node.get("branches") or EMPTY).map
    return {
        **{name: said.text.strip() for name, said in node.map.items() if name != "branches"},
        **{f"branch.{name}": said.text.strip() for name, said in named.items()},
    }


def _campaigns(draft: Draft) -> Iterable[tuple[str, Node]]:
    return draft.files.get("campaigns.yaml", EMPTY).map.items()


def _campaign(id: str, node: Node) -> Campaign:
    return Campaign(
        id,
        node.say("label"),
        "village" if node.say("place") == "village" else "wider",
        next((mode for mode in ("before", "after") if node.say("mode") == mode), "plain"),
        node.say("province"),
        node.say("until"),
    )


def _problems(draft: Draft) -> tuple[Problem, ...]:
    """All that was reported, by place, but for what only follows from files that could not be read."""
    follow = {rule for folder in draft.unread for rule in _FOLLOW.get(folder, _FOLLOW["lo"])}
    return tuple(sorted({problem for problem in draft.report.problems if problem.rule not in follow}))


_FOLLOW = {
    "tree": ("unknown-page", "no-home", "no-way-up", "unreachable", "too-far", "extra-words", "no-tool",
             "unused-fact", "never-asked"),
    "facts": ("unknown-fact", "disputed-alone"),
    "lo": ("missing-words", "missing-name", "unknown-idea", "unused-fact", "no-language"),
}  # fmt: skip
"""Folder ("lo" for any language) -> what would be said only because a file of it could not be read."""


def _shown(draft: Draft) -> dict[str, Picture]:
    """The pictures that some page shows."""
    names = dict.fromkeys(page.picture for page in draft.pages.values())
    return {name: picture for name in names if (picture := draft.pictures.get(name)) is not None}


def _version(files: Mapping[str, str], today: date) -> str:
    """Twelve hex figures of all that a book depends on: content, program and day."""
    whole = sha256(f"{__version__}\x1f{today}".encode())
    for path in sorted(files):
        whole.update(f"\x1f{path}\x1f{files[path]}".encode())
    return whole.hexdigest()[:12]


def _read(draft: Draft, files: Mapping[str, str]) -> None:
    drawn = {path: files[path] for path in files if path.startswith(FOLDER)}
    draft.pictures = pictures(drawn, draft.report)
    for path in sorted(set(files) - set(drawn)):
        if path == "known_pages.txt":
            draft.known_lines = tuple(line.strip() for line in files[path].split("\n"))
            draft.known = frozenset(draft.known_lines) - {""}
            continue
        kind = fields.type_of(path)
        if kind is None:
            draft.report(
                source.whole(path),
                "unknown-file",
                "no kind of file has this name",
                "CONTRIBUTING.md lists the files",
            )
            continue
        node = source.read(path, files[path], draft.report)
        if node is None:
            draft.unread.add(path.partition("/")[0])
            continue
        empty = node.value == {} and isinstance(kind, fields.MapOf | fields.ListOf)
        if not empty:
            fields.check(node, kind, draft.report)
        draft.files[path] = node


def _sort(draft: Draft) -> None:
    """Puts every entry where the later steps look for it."""
    for path, node in draft.files.items():
        folder, _, name = path.rpartition("/")
        if name == "language.yaml" and "/" not in folder:
            spoken = speech(folder, node, draft.report)
            if spoken is not None:
                draft.speech.append(spoken)
        if folder == "tree" and name != "ask.yaml":
            _add(draft, draft.tools if name.count(".") == 2 else draft.tree, node)
        elif folder == "facts":
            _add(draft, draft.fact_nodes, node)
    draft.speech.sort(key=lambda each: each.order)
    if not draft.speech:
        draft.report(
            source.whole("lo/language.yaml"),
            "no-language",
            "there is no language",
            "add <code>/language.yaml",
        )
    for each in draft.speech:
        words, named = draft.words.setdefault(each.code, {}), draft.fact_words.setdefault(each.code, {})
        for path, node in draft.files.items():
            folder, _, name = path.rpartition("/")
            if folder != each.code or name in NO_PAGES:
                continue
            _add(draft, named if name.startswith("facts") else words, node)


def _add(draft: Draft, to: dict[str, Node], node: Node) -> None:
    for key, value in node.map.items():
        if key in to:
            first = to[key]
            said = f"{key} stands also in {first.file}, line {first.line}"
            draft.report(node.key(key), "double-key", said, "keep one of the two")
            continue
        to[key] = value
