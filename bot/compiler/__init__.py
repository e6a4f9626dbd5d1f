"""From the files of the content folder to one immutable book, or to everything that is wrong with them."""

from bot.compiler.compile import compile_book, examine

__all__ = ["compile_book", "examine"]
