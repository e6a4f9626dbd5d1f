"""How Lao, Thai and Latin letters are written: syllables, width, and one form for what sounds the same.

Only tables of this file decide; no locale and no Unicode database, so that every player and every later
twin of the matcher sees the same letters.
"""

from __future__ import annotations

import re

# ------------------------------------------------------------------ Lao syllables

_LEAD = "ເແໂໃໄ"
_CONSONANT = "ກ-ຮໜໝ"
_SIGN = "ັິີຶືຸູົໍ"
_TONE = "່້໊໋"
_AFTER = "ະາຳຽ"
_VOWEL = f"[{_SIGN}{_AFTER}{_TONE}ຼ]"

# A consonant that begins the next syllable: it carries a vowel or tone of its own, or a vowel letter
# (ອ, ວ) with a consonant behind it.
_BEGINS = f"(?:[{_CONSONANT}](?:{_VOWEL}|[ອວ](?=[{_CONSONANT}]ຼ?(?!{_VOWEL}))))"
_ONSET = f"(?:ຫ[ງຍນມຣລວ](?={_VOWEL}|[ອວ])|[{_CONSONANT}]ຼ?ວ(?=[{_AFTER}{_SIGN}{_TONE}])|[{_CONSONANT}]ຼ?)"
_FINAL = f"(?:(?!{_BEGINS})[ກງຍດນບມວຣລ](?!{_VOWEL}))"
_SYLLABLE = re.compile(
    f"[{_LEAD}]{_ONSET}[{_SIGN}{_TONE}]*(?:[າະຽ]|ອ(?!{_VOWEL}))?ະ?{_FINAL}?ໆ?"
    f"|{_ONSET}[{_SIGN}{_TONE}]*(?:[{_AFTER}]|[ອວ](?!{_VOWEL})(?=.|$))?ະ?{_FINAL}?ໆ?"
)
_LAO = re.compile("[\u0e80-\u0eff]+")


def _lao_syllables(word: str) -> list[str]:
    found, at = [], 0
    for match in _SYLLABLE.finditer(word):
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
        for match in _LAO.finditer(chunk):
            parts = _lao_syllables(match[0])
            parts[0] = chunk[at : match.start()] + parts[0]
            pieces.extend(parts)
            at = match.end()
        rest = chunk[at:]
        if rest and at and (not rest[0].isalnum()):
            pieces[-1] += rest  # closing punctuation and spaces stay with the syllable before
        elif rest:
            pieces.append(rest)
    return pieces


# ------------------------------------------------------------------ width

_ZERO = re.compile(
    "[\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0300-\u036f\u200b-\u200f\ufe0f]"
)


def columns(text: str) -> int:
    """Signs that stand beside one another: Lao and Thai marks above and below a letter take no room."""
    return len(_ZERO.sub("", text))


# ------------------------------------------------------------------ one form for matching

_LAO_FOLD = (
    (re.compile("[\u200b-\u200f\u2060\ufeff]"), ""),
    (re.compile("ໍ([່້໊໋]?)າ"), "ຳ"),
    (re.compile("[່້໊໋]"), ""),
    (re.compile("ຫລ"), "ຫຼ"),
    (re.compile("ຫນ"), "ໜ"),
    (re.compile("ຫມ"), "ໝ"),
    (re.compile("ຣ"), "ລ"),
    (re.compile("ັຽ"), "ຽ"),
    (re.compile("ເເ"), "ແ"),
    (re.compile("[ໆ໌]"), ""),
)
_THAI_FOLD = re.compile("[\u0e47-\u0e4c]")
_UNIT = re.compile("[\u0e80-\u0eff]+|[\u0e00-\u0e7f]+|[^\\W\u0e00-\u0eff]+")


def fold(text: str) -> str:
    """`text` in the one form that is compared: lower case, without tone marks, one spelling of ຳ ຫຼ ໜ ໝ."""
    text = text.lower().replace("’", "'").replace("'", "")
    text = re.sub(r"([a-z])\1{2,}", r"\1", text)
    for pattern, by in _LAO_FOLD:
        text = pattern.sub(by, text)
    return _THAI_FOLD.sub("", text)


def units(text: str) -> list[str]:
    """The pieces of a folded text that are compared: Lao syllables, Thai letters, words of other scripts."""
    found: list[str] = []
    for run in _UNIT.findall(fold(text)):
        if "\u0e80" <= run[0] <= "\u0eff":
            found.extend(_lao_syllables(run))
        elif "\u0e00" <= run[0] <= "\u0e7f":
            found.extend(run)
        else:
            found.append(run)
    return found


def script(text: str) -> str:
    """Which script most letters of `text` belong to: "lao", "thai", "latin", or "" for none of them."""
    counts = {
        "lao": len(re.findall("[\u0e81-\u0eae\u0ec0-\u0ec4\u0edc\u0edd]", text)),
        "thai": len(re.findall("[\u0e01-\u0e2e\u0e40-\u0e44]", text)),
        "latin": len(re.findall("[A-Za-z]", text)),
    }
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""
