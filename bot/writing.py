"""How Lao, Thai and Latin letters are written: where a line may end, how wide a text is, which script it is.

Only tables of this file decide; no locale and no Unicode database, so that every player sees the same. How
people's own words are compared is in spelling.py.
"""

from __future__ import annotations

import re

# ------------------------------------------------------------------ Lao syllables

_CONSONANT = "ກ-ຮໜໝ"
_SIGN = "ັິີຶືຸູົໍ"
_TONE = "່້໊໋"
_VOWEL = f"[{_SIGN}{_TONE}ະາຳຽຼ]"
_ENDS = "[ກງຍດນບມວຣລ]"

# What a syllable begins with: ຫ before a sonorant, ກວ ຂວ ຄວ ຖວ before a vowel, a foreign ຣ, or one consonant.
_ONSET = (
    f"(?:ຫ[ງຍນມຣລວ](?={_VOWEL}|[ອວ])"
    f"|[ກຂຄຖ]ວ(?=[{_TONE}]?(?:[{_SIGN}າະຳຽ]|{_ENDS}(?!{_VOWEL})))(?!ວ[ກງຍດນບມ](?!{_VOWEL})(?<![ເແ].))"
    f"|[ກຂຄບປຜພຕທຟ]ຣ|[{_CONSONANT}]ຼ?)"
)
# A consonant that begins the next syllable: it carries a vowel or tone of its own, or a vowel letter
# (ອ, ວ) with a consonant behind it.
_BEGINS = (
    f"(?:[{_CONSONANT}](?:{_VOWEL}|[ອວ](?=(?!ອ)[{_CONSONANT}]ຼ?(?!{_VOWEL}|[ອວ][{_CONSONANT}])))"
    f"|[ກຂຄຖ]ວ{_VOWEL})"
)
_FINAL = f"(?:(?!{_BEGINS}){_ENDS}(?!{_VOWEL}))"
_SYLLABLE = (
    f"[ເແໂ]{_ONSET}(?:[ຶື][{_TONE}]?ອ|[{_SIGN}]?[{_TONE}]?(?:າະ?|[ະຽ])?){_FINAL}?ໆ?"
    f"|[ໃໄ](?:ຫ[ງຍນມຣລວ](?!{_VOWEL}[{_SIGN}າ])|{_ONSET})[{_TONE}]?(?:ຍ(?!{_VOWEL}|[ອວ]))?ໆ?"
    f"|{_ONSET}(?:[ົັ][{_TONE}]?ວ(?:ະ|(?!{_VOWEL}))|[{_SIGN}]+[{_TONE}]?[າຽ]?"
    f"|[{_TONE}]?[ອວ](?!{_VOWEL}){_ENDS}(?!{_VOWEL})|[{_TONE}]?[ະາຳຽ]?){_FINAL}?ໆ?"
)
_LAO = "[\u0e80-\u0eff]+"
_WORD = "[\u0e00-\u0e7f]+|[^\\W\u0e00-\u0eff]+(?:[.,:/'’–-][^\\W\u0e00-\u0eff]+)*"
_SPOKEN = f"{_SYLLABLE}|{_WORD}"
_HANGS = f"{_SIGN}{_TONE}ະາຳຽຼ໌"


# Patterns are strings: the standard library compiles them at first use, and most starts never need these.
def _lao_syllables(word: str) -> list[str]:
    found, at = [], 0
    for match in re.finditer(_SYLLABLE, word):
        if match.start() > at:
            found.append(word[at : match.start()])
        found.append(match[0])
        at = match.end()
    if at < len(word):
        found.append(word[at:])
    return found


def syllables(text: str) -> list[str]:
    """`text` cut wherever a line may end: after white space, and between Lao syllables.

    Joined again the pieces give `text`. No piece begins with a Lao vowel sign or tone.
    """
    pieces: list[str] = []
    for chunk in re.findall(r"\s*\S+\s*|\s+", text):
        at = 0
        for match in re.finditer(_LAO, chunk):
            parts = _lao_syllables(match[0])
            parts[0] = chunk[at : match.start()] + parts[0]
            for place, part in enumerate(parts):
                if place and part[0] in _HANGS:
                    pieces[-1] += part  # one sign too many: it stays where it was written
                else:
                    pieces.append(part)
            at = match.end()
        rest = chunk[at:]
        if rest and at and (not rest[0].isalnum()):
            pieces[-1] += rest  # closing punctuation and spaces stay with the syllable before
        elif rest:
            pieces.append(rest)
    return pieces


def spoken(text: str) -> int:
    """How long `text` is to read: its words; of Lao, which writes no spaces between them, its syllables."""
    return sum(1 for _ in re.finditer(_SPOKEN, text))


# ------------------------------------------------------------------ width

_ZERO = "[\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0300-\u036f\u200b-\u200f\ufe0f]"


LABEL_COLUMNS = 28
"""A button of the whole width at 320 pixels holds about so many signs (measured in a browser)."""


def columns(text: str) -> int:
    """Signs that stand beside one another: Lao and Thai marks above and below a letter take no room."""
    return len(re.sub(_ZERO, "", text))


def cut(text: str, most: int) -> str:
    """`text` in at most `most` columns: what is too long ends in … where a line may end."""
    if columns(text) <= most:
        return text
    pieces = syllables(text)
    while pieces and columns("".join(pieces).rstrip()) >= most:
        pieces.pop()
    return "".join(pieces).rstrip() + "…"


# ------------------------------------------------------------------ script


def script(text: str) -> str:
    """Which script most letters of `text` belong to: "lao", "thai", "latin", or "" for none of them."""
    counts = {
        "lao": len(re.findall("[\u0e81-\u0eae\u0ec0-\u0ec4\u0edc\u0edd]", text)),
        "thai": len(re.findall("[\u0e01-\u0e2e\u0e40-\u0e44]", text)),
        "latin": len(re.findall("[A-Za-z]", text)),
    }
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""
