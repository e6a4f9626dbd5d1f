"""The compiler itself: the same files give the same book, and no file, however broken, breaks it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.compiler import compile_book, examine, source
from bot.crawl import addresses, open_at
from bot.problems import BrokenContent
from tests.books import DAY, changed, good, good_files, real, real_files

Tree = Any
"""What YAML holds, all scalars as text."""

ODD: list[Tree] = [
    "", "x", "-1", "999999", "1.5", "yes", "no", "never", "home", "hide", "costs.nothing", "{police_th}",
    "{", "}}", "2026-02-30", "2027-12-31", "[th: ", "(", "\\", "a" * 900, "ກ" * 900, "\u0ec8", "\u200b",
    "ไทย", "911", None, [], {}, ["x"], [["x"]], [[]], {"x": "y"}, {"on": "soon", "answered": "no", "by": "x"},
]  # fmt: skip


def test_the_same_files_give_the_same_book():
    assert examine(real_files(), DAY)[0] == real()
    assert examine(dict(reversed(list(real_files().items()))), DAY)[0] == real()


def test_another_day_or_another_word_is_another_version():
    another = changed(good_files(), "en/pages.yaml", "title: Hello", "title: Good day")
    books = [good(), good(date(2026, 11, 27)), compile_book(another, DAY)]
    assert len({book.version for book in books}) == 3


def test_broken_content_carries_every_problem_hints_too():
    files = changed(good_files(), "en/pages.yaml", "button: Home", "buton: Home")
    files = changed(files, "en/pages.yaml", "text: Call one of them.", "text: Call {nobody}.")
    files = changed(files, "known_pages.txt", "costs.fees\n", "")
    with pytest.raises(BrokenContent, match="the content has 2 errors") as broken:
        compile_book(files, DAY)
    assert [(problem.file, problem.rule, problem.level) for problem in broken.value.problems] == [
        ("en/pages.yaml", "unknown-field", "error"),
        ("en/pages.yaml", "unknown-fact", "error"),
        ("tree/pages.yaml", "new-page", "hint"),
    ]


class Slow(source.AsText, yaml.BaseLoader):
    """The parser of PyYAML itself."""


@pytest.mark.parametrize("files", [good_files, pytest.param(real_files, marks=pytest.mark.proof)])
def test_the_content_reads_the_same_without_libyaml(files, monkeypatch):
    """Where PyYAML has no libyaml, its own parser reads, and every word stands at the same place."""
    texts = {path: text for path, text in files().items() if path.endswith(".yaml")}
    fast = {path: places_of(path, text) for path, text in texts.items()}
    monkeypatch.setattr(source, "_Loader", Slow)
    assert {path: places_of(path, text) for path, text in texts.items()} == fast


def places_of(path: str, text: str) -> list[tuple]:
    root = source.read(path, text, source.Report())
    assert root is not None
    # Where a list or mapping of many lines ends is told by each parser in its own way.
    return [
        (node.text, node.line, node.column, node.keys, node.block, node.span[: 1 + bool(node.text)])
        for node in root.walk()
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\na: 2\n", 2, "double-key"),
        ("a: &b 1\nc: *b\n", 1, "yaml-anchor"),
        ("a: [1\nb: 2\n", 2, "yaml-syntax"),
    ],
)
@pytest.mark.parametrize("loader", [source._Loader, Slow])
def test_both_parsers_find_the_same_mistakes_in_the_same_line(text, line, said, loader, monkeypatch):
    monkeypatch.setattr(source, "_Loader", loader)
    report = source.Report()
    source.read("en/x.yaml", text, report)
    assert [(problem.rule, problem.line) for problem in report.problems] == [(said, line)]


@settings(max_examples=50, deadline=None, derandomize=True)
@given(st.data())
def test_whatever_stands_in_a_file_the_compiler_says_what_is_wrong(data):
    compile_with_something_odd(data)


@pytest.mark.proof
@settings(max_examples=5000, deadline=None, derandomize=True)
@given(st.data())
def test_five_thousand_odd_things_in_files(data):
    compile_with_something_odd(data)


def compile_with_something_odd(data: st.DataObject) -> None:
    """A value of one file is replaced, emptied or taken away: a book that talks, or a place in a file."""
    path = data.draw(st.sampled_from(sorted(name for name in good_files() if name.endswith(".yaml"))))
    tree = yaml.load(good_files()[path], yaml.BaseLoader)
    holder, key = data.draw(st.sampled_from(list(places(tree)) or [([tree], 0)]))
    if data.draw(st.booleans()):
        holder[key] = data.draw(st.sampled_from(ODD))
    else:
        del holder[key]
    book, problems = examine({**good_files(), path: yaml.safe_dump(tree, allow_unicode=True)}, DAY)
    if book is None:
        assert any(problem.level == "error" for problem in problems)
    else:
        for address in addresses(book, many=2):
            assert open_at(book, address).plain.strip()


def places(tree: Tree) -> Iterator[tuple[Tree, Any]]:
    """Every place in a tree, as what holds it and its key or index."""
    keys = tree if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        yield tree, key
        yield from places(tree[key])
