"""The little markup of words: paragraphs, `- ` bullets, {fact} placeholders, and [th: …] for Thai letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from bot.book import Run, Text

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_PIECE = re.compile(r"\{(?P<fact>[^{}]*)\}|\[(?P<lang>[a-z]{2,3}): (?P<said>[^\]]*)\]")


def placeholders(text: str) -> list[str]:
    """Names of the facts in `text`, in order, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def bare(text: str) -> str:
    """The words of `text` without its placeholders and without words of another language."""
    return _PIECE.sub("", text)


def runs(text: str, lang: str, fact: Callable[[str], Text]) -> Text:
    """`text` as runs; `fact` gives the runs that stand for a placeholder."""
    return tuple(_runs(re.sub(r"(?m)^- ", "• ", text.strip()), lang, fact))


def _runs(text: str, lang: str, fact: Callable[[str], Text]) -> Iterator[Run]:
    at = 0
    for match in _PIECE.finditer(text):
        if match.start() > at:
            yield Run(text[at : match.start()], "", lang)
        if match["fact"] is not None:
            yield from fact(match["fact"])
        else:
            yield Run(match["said"], "", match["lang"])
        at = match.end()
    if at < len(text):
        yield Run(text[at:], "", lang)


def plain(text: Text) -> str:
    """Runs without their styles."""
    return "".join(run.text for run in text)
