"""The page docs/files.md: every file of the content and its fields, out of the tables that check them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.compiler.fields import FILES, Either, ListOf, MapOf, Scalar, Table, Type

_HEAD = """# The files of the content

Made by `khua fields` out of `bot/compiler/fields.py`, which also checks the files: change the tables
there, then `khua fields > docs/files.md`. The first kind of file whose name fits is meant. `<lang>` is the
code of a language, `*` any small letters. `a.b` is the field b of a, `a[].b` the field b of each item of the
list a, `a.<name>.b` of each entry.
"""


def page() -> str:
    """The page as Markdown."""
    return "\n".join([_HEAD, *(line for pattern, kind in FILES for line in _file(pattern, kind))])


def _file(pattern: str, kind: Type) -> Iterator[str]:
    yield f"## `{_readable(pattern)}`\n"
    inner = kind.each if isinstance(kind, ListOf | MapOf) else kind
    about = inner.what if isinstance(inner, Table) else ""
    yield " ".join(filter(None, (about, f"The file is {_form(kind)}." if kind is not inner else ""))) + "\n"
    if isinstance(inner, Table):
        yield "| field | needed | what it is | what for |"
        yield "|---|---|---|---|"
        yield from (f"| {' | '.join(row)} |" for row in _rows(inner, ""))
        yield ""


def _rows(table: Table, before: str) -> Iterator[tuple[str, str, str, str]]:
    for field in table.fields:
        path = f"{before}{field.name}"
        yield f"`{path}`", "yes" if field.needed else "", _form(field.type), field.what
        for kind in field.type.types if isinstance(field.type, Either) else (field.type,):
            while isinstance(kind, ListOf | MapOf):
                path += "[]" if isinstance(kind, ListOf) else ".<name>"
                kind = kind.each
            if isinstance(kind, Table):
                yield from _rows(kind, f"{path}.")


def _form(kind: Type) -> str:
    """What a value is, in words."""
    if isinstance(kind, Scalar):
        return kind.what
    if isinstance(kind, Table):
        return "fields"
    if isinstance(kind, Either):
        return ", or ".join(_form(each) for each in kind.types)
    if isinstance(kind, ListOf):
        return f"a list, each {_form(kind.each)}"
    return f"entries, each {kind.keys.what}: {_form(kind.each)}"


def _readable(pattern: str) -> str:
    """A pattern of `FILES` as people write it."""
    said = pattern.replace("[a-z]{2,3}/", "<lang>/").replace(r"\.", ".")
    return re.sub(r"\[[^]]*\][+*]", "*", said)
