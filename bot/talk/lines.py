"""The program's own lines in a language."""

from __future__ import annotations

from bot.book import Book


def line(book: Book, lang: str, name: str, /, **values: object) -> str:
    """The line `name` in `lang` with its braces filled; its name where the language lacks it."""
    said = book.languages[lang].lines.get(name, name)
    for key, value in values.items():
        said = said.replace("{" + key + "}", str(value))
    return said
