"""How people's own words, in Lao, Thai or Latin letters, become the pieces that are compared.

Only the tables of this file decide: a letter that no table names separates words. Every step is a list of
patterns and replacements in the part of the pattern language that Python and old JavaScript share, so that
`tables()` gives a twin in a browser all it needs to see the same pieces.

    text -> clean -> runs of one script -> Lao letters: syllables -> their sound
                                           Thai letters: rewritten as Lao, then the same
                                           Latin letters: words -> their sound as Lao, their English stem
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache

Rules = tuple[tuple[str, str], ...]
"""(pattern, replacement) in order; \\1 stands for a group of the pattern."""

# ------------------------------------------------------------------ letters

_VOWEL = "[ະາຳິີຶືຸູົັຽເແໂໄ]"
_THAI_VOWEL = "[ะาำิีึืุูั็]"
_LAO = "ກຂຄງຈສຊຍດຕຖທນບປຜຝພຟມຢຣລວຫອຮ" + "ະາຳິີຶືຸູົັຽເແໂໄໃໍຼ໌ໜໝ"
_THAI = "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ" + "ะาำิีึืุูเแโใไั็ฤ์่"
_LATIN = {
    "a": "àáâãäåāăą", "c": "çćč", "d": "đð", "e": "èéêëēěę", "i": "ìíîïī", "n": "ñń", "o": "òóôõöøō",
    "s": "šś", "u": "ùúûüūưů", "y": "ýÿ", "z": "žźż",
}  # fmt: skip
_DROPPED = "່້໊໋ໆ" + "้๊๋ๆํ" + "'’‘`´" + "\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe0e\ufe0f"
_ENDS = ".!?;\n。！？"
END = "|"
"""What stands for the end of a sentence."""


def _letters() -> dict[str, str]:
    table = {each: each for each in _LAO + _THAI + "abcdefghijklmnopqrstuvwxyz0123456789"}
    table |= {each.upper(): each for each in "abcdefghijklmnopqrstuvwxyz"}
    table |= {chr(first + n): str(n) for first in (0x0ED0, 0x0E50) for n in range(10)}
    for plain, others in _LATIN.items():
        table |= dict.fromkeys(others + others.upper(), plain)
    table |= {"ໞ": "ຄ", "ໟ": "ຍ", "ๅ": "า"}
    table |= dict.fromkeys(_DROPPED, "") | {chr(mark): "" for mark in range(0x0300, 0x0370)}
    return table | dict.fromkeys(_ENDS, END)


LETTERS = _letters()
"""Sign -> what it counts as; a sign that is not here counts as a space."""

# ------------------------------------------------------------------ Thai letters as Lao ones

THAI: Rules = (
    ("บ่", "ບອ"), ("ก็", "ກອ"), ("่", ""),
    # Letters that are written and not heard.
    ("[ก-ฮ][ิุ]?์", ""),
    (f"([ัิ][คตท])ร(?!{_THAI_VOWEL})", "\\1"),
    ("([สจ])ร(?=[ะาำิีึืุูั็อ])", "\\1"), ("([เแโใไ][สจ])ร", "\\1"),
    (f"ทร(?={_THAI_VOWEL})", "ซ"),
    (f"อย(?={_THAI_VOWEL})", "ย"),
    ("ห(?=[งญนมยรลว][ะาำิีึืุูั็อว])", ""), ("([เแโใไ])ห(?=[งญนมยรลว])", "\\1"),
    (f"(ไ[ก-ฮ])ย(?!{_THAI_VOWEL}|[อว][ก-ฮ])", "\\1"),
    # A second consonant that Lao dropped long ago: กลับ is ກັບ.
    ("([กขคตปผพ])[รล](?=[ะาำิีึืุูั็อ]|ว[ก-ฮ])", "\\1"), ("([เแโใไ][กขคตปผพ])[รล]", "\\1"),
    # Vowels that Lao writes in another way.
    (f"รร(?=[ก-ฮ](?!{_THAI_VOWEL}))", "ั"), ("รร", "ัน"), ("ฤ", "ริ"),
    ("เ([ก-ฮ][รลว]?)ีย", "\\1ຽ"),
    (f"เ([ก-ฮ][รลว]?)ย(?!{_THAI_VOWEL})", "เ\\1ีย"),
    (f"เ([ก-ฮ][รลว]?)อ(?!{_THAI_VOWEL})", "เ\\1ี"),
    ("(เ[ก-ฮ][รลว]?ื)อ", "\\1ๅ"), ("ือ", "ื"), ("ๅ", "อ"),
    (f"ัว(?!{_THAI_VOWEL})", "ົວ"),
)  # fmt: skip
_AS_LAO = dict(zip(
    "กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮะาำิีึืุูเแโใไั็",
    "ກຂຂຄຄຂງຈສຊຊຊຍດຕຖທທນດຕຖທທນບປຜຝພຟພມຍລລວສສສຫລອຮະາຳິີຶືຸູເແໂໄໄັັ", strict=True,
))  # fmt: skip

LONGEST_THAI = 16
"""Signs of the longest Thai word that is looked up."""

# ------------------------------------------------------------------ Lao letters, in one spelling

LAO: Rules = (
    ("ໍາ", "ຳ"), ("ໃ", "ໄ"), ("ໍ", "ອ"), ("[ກ-ຮ]໌", ""), ("ເເ", "ແ"),
    ("ຫ(?=[ງຍນມຣລວຢ](?:[ະາຳິີຶືຸູົັຽຼ]|[ອວ][ກ-ຮ]))", ""), ("([ເແໂໄ])ຫ(?=[ງຍນມຣລວຢ])", "\\1"),
    ("ໜ", "ນ"), ("ໝ", "ມ"), ("ຫຼ", "ລ"), ("ຼ", "ລ"), ("ຣ", "ລ"), ("ຢ", "ຍ"),
    ("ັຽ", "ຽ"), ("ັອ", "ອ"), ("ັວ", "ົວ"), ("ເ([ກ-ຮ]ລ?)ົາ", "ເ\\1າ"),
    ("ເ([ກ-ຮ]ລ?)ັ?ຍ(?![ະາຳິີຶືຸູົັຽ])", "\\1ຽ"),
    # A vowel that is written first is heard second.
    ("([ເແໂໄ])([ກຂຄ]ວ(?=[ກງຍດນບມ](?![ະາຳິີຶືຸູົັຽ])|າ|ັ)|[ກ-ຮ])", "\\2\\1"),
    (f"ໄຍ(?!{_VOWEL}|ອ)", "ໄ"),
)  # fmt: skip
_ENDS_ONE = "ກຂຄງຈຊສຍດຕຖທນບປພຟມລວ"
_ENDS_BEHIND_W = "[ກງຈຊສຍດຕຖທນບປພມ]"
PIECE = (
    f"(?:[ກຂຄ]ວ(?={_VOWEL})|[ກ-ຮ])"  # its first consonant, or two
    # A vowel that nothing follows, or any vowel: signs, or the letters ອ and ວ where they are vowels.
    f"(?:[ເແໂ]?າ?ະ|ເາ|ໄ|ຳ|(?:ເ[ຶື]ອ|ົວະ?|{_VOWEL}+|ອ(?!{_VOWEL})|ວ(?={_ENDS_BEHIND_W[:-1]}ລ](?!{_VOWEL})))?"
    # Its last consonant: none that begins the next syllable.
    f"(?:[{_ENDS_ONE}](?!{_VOWEL}|ອ(?!{_VOWEL}|ອ)|ວ{_ENDS_BEHIND_W}(?!{_VOWEL})))?)"
    "|[a-z]+|[0-9]+|[^ ]"
)
"""A Lao syllable after the rules above (no tone, its vowel behind its consonant), a word, a figure, END."""

SOUND: Rules = (
    ("ົວະ?", "U"), ("ຽ", "I"),
    # The last consonant.
    ("([^ ])[ກຂຄ](?= )", "\\1k"), ("([^ ])ງ(?= )", "\\1N"), ("([^ ])[ຈຊສດຕຖທ](?= )", "\\1t"),
    ("([^ ])[ນລ](?= )", "\\1n"), ("([^ ])[ບປພຟ](?= )", "\\1p"), ("([^ ])ມ(?= )", "\\1m"),
    ("([^ ])ຍ(?= )", "\\1y"), ("([^ ])ວ(?= )", "\\1w"),
    # The vowel: neither its length nor what a Latin e may be is told apart.
    ("ເ[ຶື]ອ", "E"), ("([^ ])ວ(?=[kNtnpmyw] )", "\\1U"), ("ເາະ", "o"), ("ເາ", "aw"),
    ("[ເແ][ະັິີຶື]?", "e"), ("ໂະ?", "o"), ("ໄ", "ay"), ("ຳ", "am"), ("[ະາັ]", "a"), ("[ິີ]", "i"),
    ("[ຶື]", "e"), ("[ຸູ]", "u"), ("ົ", "o"), ("([^ ])ອ", "\\1o"),
    ("( [ກ-ຮ])(?= )", "\\1a"), ("( [ກ-ຮ])(?=[kNtnpmyw] )", "\\1o"),
    # The first consonants: neither breath nor class is told apart.
    ("[ກຂຄ]ວa", "kU"), ("[ກຂຄ]", "k"), ("ງ", "N"), ("ຈ", "c"), ("[ສຊ]", "s"), ("ຍ", "y"), ("ດ", "d"),
    ("[ຕຖທ]", "t"), ("ນ", "n"), ("ບ", "b"), ("[ປຜພ]", "p"), ("[ຝຟ]", "f"), ("ມ", "m"), ("ລ", "l"), ("ວ", "w"),
    ("[ຫຮ]", "h"), ("ອ", ""),
)  # fmt: skip
"""Lao syllables, each between spaces -> their sounds, as coarse as people write them in Latin letters."""

# ------------------------------------------------------------------ Latin letters

LATIN: Rules = (
    ("([aeiou])\\1{2,}", "\\1\\1"), ("([b-df-hj-np-tv-z])\\1+", "\\1"), ("ngh?", "N"), ("kh|ck|q|g", "k"),
    ("dt|th", "t"), ("bp|ph", "p"), ("(^| )n[hy](?=[aeiou])", "\\1y"), ("ch|tj|j|c", "c"), ("sh|x|z", "s"),
    ("v", "w"), ("([aeou])r(?![aeiou])", "\\1"), ("r", "l"), ("k(?:wa|hua)(?=[a-z])", "kU"),
    ("i(?:ao|au|eo|ew|aw|aow|ow|eu)(?![aeiou])", "Iw"), ("a?eo(?![aeiou])|a?ew|eaw(?![aeiou])", "ew"),
    ("eua|uea|eau|euea|uaa?e", "E"), ("(?:oua|uoa)y", "Uy"), ("(?:oua|uoa|oue)i?", "U"), ("ua[iy]", "Uy"),
    ("ia|ie|iea|ea|iya", "I"), ("ua|uo", "U"), ("(?:oe|eu|ue|e)[iy](?![aeiou])", "ey"),
    ("a+[iy](?![aeiou])", "ay"), ("o+[iy](?![aeiou])", "oy"), ("u[iy](?![aeiou])", "uy"),
    ("i[uw](?![aeiou])", "iw"), ("aw(?![aeiou])", "o"), ("a+[ou]w?|ow(?![aeiou])", "aw"),
    ("ae|eh|oe|eu|ue|eo", "e"), ("ee|ii", "i"), ("oo|ou|uu", "u"), ("aa|ah", "a"), ("oh|oa", "o"),
    ("h(?![aeiouIUE])", ""),
    # The last consonant of a syllable.
    ("([aeiouIUE])[ds](?![aeiouIUE])", "\\1t"), ("([aeiouIUE])b(?![aeiouIUE])", "\\1p"),
    ("([aeiouIUE])l(?![aeiouIUE])", "\\1n"),
)  # fmt: skip
"""Words in Latin letters, with spaces between -> their sound to somebody who writes Lao with them."""

LATIN_SYLLABLE = (
    "(?:k(?=w))?[kNcsytdpbfmnlwh]?[aeiouIUE](?:[wy](?![aeiouIUE])|[kNtnpmdbsl](?![aeiouIUE]))?|[a-zN]"
)

ENGLISH: Rules = (
    ("(?:ies|ied)(?= )", "y"), ("(ss|sh|ch|x)es(?= )", "\\1"), ("([^su ])s(?= )", "\\1"),
    ("([a-z]{3})ing(?:ly)?(?= )", "\\1"), ("([a-z]{3})ed(?= )", "\\1"), ("([bdgmnprt])\\1(?= )", "\\1"),
    ("([a-z]{3})e(?= )", "\\1"),
)  # fmt: skip
"""English words, each with a space behind it -> their stems."""


def tables() -> dict[str, object]:
    """All of this as plain strings and lists, by name; a rule's \\1 is a $1 there, as JavaScript has it."""

    def rules(those: Rules) -> list[list[str]]:
        return [[pattern, re.sub(r"\\(\d)", r"$\1", said.replace("$", "$$"))] for pattern, said in those]

    counted = {sign: letter for sign, letter in LETTERS.items() if letter}
    return {
        "letters": ["".join(counted), "".join(counted.values())],
        "dropped": "".join(sign for sign in LETTERS if sign not in counted),
        "end": END,
        "thai": rules(THAI),
        "thai_run": _THAI_RUN,
        "as_lao": ["".join(_AS_LAO), "".join(_AS_LAO.values())],
        "longest_thai": LONGEST_THAI,
        "lao": rules(LAO),
        "piece": PIECE,
        "sound": rules(SOUND),
        "latin": rules(LATIN),
        "latin_syllable": LATIN_SYLLABLE,
        "english": rules(ENGLISH),
    }


# ------------------------------------------------------------------ reading


@cache
def _steps(rules: Rules) -> tuple[Callable[[str], str], ...]:
    """The rules as functions, made at their first use: most starts never need them."""
    return tuple(map(_step, rules))


def _step(rule: tuple[str, str]) -> Callable[[str], str]:
    pattern, replacement = rule
    if re.escape(pattern) == pattern:
        return lambda text: text.replace(pattern, replacement)  # plain letters: many times faster
    compiled = re.compile(pattern)
    return lambda text: compiled.sub(replacement, text)


def _rewritten(rules: Rules, text: str) -> str:
    for step in _steps(rules):
        text = step(text)
    return text


_AS_LAO_TABLE = str.maketrans(_AS_LAO)
_THAI_RUN = f"[{_THAI}]+"


class _Counted(dict[int, str]):
    """What each sign counts as, by its code point; a space for all others."""

    def __missing__(self, sign: int) -> str:
        return " "


_COUNTED = _Counted(dict.fromkeys(range(128), " ") | {ord(sign): counts for sign, counts in LETTERS.items()})


def clean(text: str) -> str:
    """`text` in the letters that count, other signs as spaces."""
    return text.translate(_COUNTED)


def pieces(text: str, thai: Mapping[str, str] | None = None) -> list[str]:
    """`text` cut into Lao syllables (without tones, the vowel behind its consonant), words in Latin letters,
    figures, and END. Thai letters are read as Lao ones.

    thai   words in clean Thai letters -> what Lao says instead, in clean Lao letters
    """
    return re.findall(PIECE, _in_lao_letters(clean(text), thai))


def pieces_of_all(texts: Sequence[str], thai: Mapping[str, str] | None = None) -> list[list[str]]:
    """The pieces of each text, worked out all at once: much faster for many."""
    whole = _in_lao_letters(f" {_BETWEEN} ".join(map(clean, texts)), thai)
    return [re.findall(PIECE, each) for each in whole.split(_BETWEEN)]


_BETWEEN = "\x1f"


def _in_lao_letters(cleaned: str, thai: Mapping[str, str] | None) -> str:
    """Clean text with Thai letters as Lao ones, all in one spelling, in the order in which it is heard."""
    if re.search(_THAI_RUN, cleaned):
        cleaned = _said_in_lao(cleaned, thai) if thai else cleaned
        # Run by run: a table for the whole text would look at every sign of it.
        cleaned = re.sub("[ก-๎]+", lambda run: run[0].translate(_AS_LAO_TABLE), _rewritten(THAI, cleaned))
    return _rewritten(LAO, cleaned)


def _said_in_lao(cleaned: str, thai: Mapping[str, str]) -> str:
    """The text with the words of `thai` replaced: at each place the longest."""
    return re.sub(_THAI_RUN, lambda run: _run_in_lao(run[0], thai), cleaned)


def _run_in_lao(run: str, thai: Mapping[str, str]) -> str:
    found, at = [], 0
    while at < len(run):
        for size in range(min(LONGEST_THAI, len(run) - at), 1, -1):
            said = thai.get(run[at : at + size])
            if said is not None:
                found.append(said)
                at += size
                break
        else:
            found.append(run[at])
            at += 1
    return "".join(found)


def sound(syllables: list[str]) -> list[str]:
    """How Lao syllables of `pieces` sound, as coarsely as Latin letters tell it."""
    return _rewritten(SOUND, f" {' '.join(syllables)} ").split() if syllables else []


def sounds(words: list[str]) -> list[list[str]]:
    """The syllables of each word in Latin letters, as they sound to somebody who writes Lao with them."""
    heard = _rewritten(LATIN, " ".join(words)).split(" ") if words else []
    return [re.findall(LATIN_SYLLABLE, word) for word in heard]


def stems(words: list[str]) -> list[str]:
    """English words without their endings."""
    return _rewritten(ENGLISH, " ".join(words) + " ").split()
