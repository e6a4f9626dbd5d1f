"""The index and all tables of understanding as one JSON text, for understand.js: the twin in a browser.

Most of it are numbers, and each number is one sign. A word is named by its place in the vocabulary of its
language, a page by how many pages lie between it and the one before. What the twin can work out is left out:
how ideas in Lao letters sound, which forms are the longest, in which order the features were sorted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from bot import spelling
from bot.book import Index
from bot.reading import LAO, NOTHING, Ear, heard
from bot.talk import understand

_ROW, _GROUP = " ", "!"
"""Stand between rows of signs and between groups: no signs of a number."""

_SAME = "/:;<=>?@[]"
"""One of these begins a text: its place here says how many letters of the text before begin this one, too."""

_FIRST, _LAST = 35, 0xD7FF
"""Signs of numbers: from # on, without those that JSON would write in another way; before the surrogates."""

_FREQUENT = 80
"""So many words of a vocabulary come first, because their signs are one byte; the others by the alphabet."""

_KEPT = 10
"""A number below it begins a form: so many of its words, at the front, are those of the form before."""


def packed(index: Index) -> str:
    """`index`, and the tables and constants that go with it, for `khuaUnderstand` of understand.js.

    Raises ValueError where a number has no sign: more than some 55,000 words in one language.
    """
    number = {page: place for place, page in enumerate(index.pages)}
    nothing = understand.read(index, "")
    features: list[_Feature] = []
    languages = [_language(index, lang, way, features) for lang, way in index.ways.items()]
    features += [("i", idea) for idea in range(len(index.ideas))]
    texts = {
        "thai": _texts(sorted(index.thai)),
        "thai_said": _texts(index.thai[word] for word in sorted(index.thai)),
        "titles": _texts(index.titles),
        "safe": _texts(sorted(index.safe)),
    }
    for each in languages:
        texts |= {f"{each['code']} {name}": str(each.pop(name)) for name in ("written", "plain")}
    whole = {
        "spelling": spelling.tables(),
        "constants": _constants(),
        "languages": languages,
        "features": _features(index, features),
        "added": [nothing.danger, nothing.foreign],
        "pages": _texts(index.pages),
        "urgent": _signs(map(understand.urgent, index.pages)),
        "near": _rows((number[each] for each in index.near.get(page, ())) for page in index.pages),
        "onward": _signs(
            number[index.onward[page]] + 1 if page in index.onward else 0 for page in index.pages
        ),
        "titled": _signs(map(number.__getitem__, index.titles.values())),
        "ideas": _texts(index.ideas),
        "further": sorted(index.further),
        "floor": index.floor,
        "kept": _KEPT,
        **_short(texts),
    }
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _constants() -> dict[str, object]:
    """The whole numbers of understand.py that have names, under these."""
    named = {
        name: value for name, value in vars(understand).items() if name.isupper() and isinstance(value, int)
    }
    return {"ROOTS": _signs(understand.ROOTS), **named}


# ------------------------------------------------------------------ numbers and letters as signs


def _signs(numbers: Iterable[int]) -> str:
    return "".join(map(_sign, numbers))


def _sign(number: int) -> str:
    """The sign of a number from 0 on: neither quotation mark nor backslash nor a control sign."""
    code = number + _FIRST
    code += (code >= ord("\\")) + 34 * (code >= 126)
    if not _FIRST <= code <= _LAST:
        raise ValueError(f"there is no sign for {number}")
    return chr(code)


def _rows(rows: Iterable[Iterable[int]]) -> str:
    return _ROW.join(map(_signs, rows))


def _gaps(numbers: Iterable[int]) -> Iterator[int]:
    """How many are left out before each of the numbers, which rise."""
    before = -1
    for each in numbers:
        yield each - before - 1
        before = each


def _folded(number: int) -> int:
    """0, -1, 1, -2, 2 … as 0, 1, 2, 3, 4 …"""
    return 2 * number if number >= 0 else -2 * number - 1


def _same(one: Sequence[object], other: Sequence[object], most: int) -> int:
    """How many of the first are the same in both, at most `most`."""
    count = 0
    while count < min(len(one), len(other), most) and one[count] == other[count]:
        count += 1
    return count


def _texts(texts: Iterable[str]) -> str:
    """Texts one after the other, each without the front that it shares with the one before."""
    found, before = [], ""
    for text in texts:
        same = _same(before, text, len(_SAME) - 1)
        found.append(_SAME[same] + text[same:])
        before = text
    return "".join(found)


def _short(texts: Mapping[str, str]) -> dict[str, object]:
    """The texts with short signs, of one or two bytes, for their letters beyond ASCII: the frequent first."""
    often = Counter("".join(texts.values()))
    letters = sorted((each for each in often if each > "~"), key=lambda each: (-often[each], each))
    signs = [chr(code) for code in (*range(_FIRST, 0x7F), *range(0xA1, 0xA1 + len(letters)))]
    free = [sign for sign in signs if sign != "\\" and sign not in _SAME and sign not in often]
    short: dict[str, str | int | None] = dict(zip(letters, free, strict=False))
    changed = {name: text.translate(str.maketrans(short)) for name, text in texts.items()}
    return {"short": ["".join(map(str, short.values())), "".join(short)], "same": _SAME, "texts": changed}


# ------------------------------------------------------------------ languages

_Feature = tuple[str, str | int]
"""A kind, and what is of this kind."""


def _language(index: Index, lang: str, way: str, features: list[_Feature]) -> dict[str, object]:
    """What belongs to one language; adds its words and pairs to `features`.

    said     vocabulary of the words that weigh something    seconds   of each, those that follow it in pairs
    written  vocabulary of the forms of ideas                forms     by idea
    """
    pairs = [pair.split(" ") for pair in _known(index, lang + "2")]
    groups: list[list[list[str]]] = [[] for _ in index.ideas]
    for form, those in index.forms.get(lang, NOTHING).ideas.items():
        for idea in those:
            groups[idea].append(form.split(" "))
    heavy = [*_known(index, lang + "1"), *(word for pair in pairs for word in pair)]
    shaped = [word for group in groups for form in group for word in form]
    said = _vocabulary(heavy if way == LAO else heavy + shaped)
    written = _vocabulary(shaped) if way == LAO else said
    place = {word: at for at, word in enumerate(said)}
    seconds: list[list[int]] = [[] for _ in said]
    for one, other in pairs:
        seconds[place[one]].append(place[other])
    features += [(lang + "1", word) for word in said]
    for word, row in zip(said, seconds, strict=True):
        row.sort()
        features += [(lang + "2", f"{word} {said[other]}") for other in row]
    place = {word: at for at, word in enumerate(written)}
    for group in groups:
        group.sort(key=lambda form: [place[word] for word in form])
    return {
        "code": lang,
        "way": way,
        "said": _texts(said),
        "seconds": _rows(map(_gaps, seconds)),
        "written": _texts(written) if way == LAO else "",
        "forms": _GROUP.join(
            _signs(_fronted([[place[word] for word in form] for form in group])) for group in groups
        ),
        "doubted": _signs(_gaps(_doubted(index, lang, groups))) if way == LAO else "",
        "plain": _texts(sorted(index.plain.get(lang, ()))),
        "plain_heard": _texts(sorted(index.plain.get(lang + "~", ()))),
    }


def _known(index: Index, kind: str) -> list[str]:
    """The features of a kind that weigh anything, each once."""
    tables = (index.weights, index.danger, index.foreign)
    return list(dict.fromkeys(str(feature) for table in tables for feature in table.get(kind, ())))


def _vocabulary(words: Sequence[str]) -> list[str]:
    often = Counter(words)
    ranked = sorted(often, key=lambda word: (-often[word], word))
    return ranked[:_FREQUENT] + sorted(ranked[_FREQUENT:])


def _fronted(forms: Sequence[Sequence[int]]) -> Iterator[int]:
    """The forms one after the other, each without the front that it shares with the one before."""
    before: Sequence[int] = ()
    for form in forms:
        same = _same(before, form, _KEPT - 1)
        yield same
        yield from (word + _KEPT for word in form[same:])
        before = form


def _doubted(index: Index, lang: str, groups: Sequence[Sequence[Sequence[str]]]) -> Iterator[int]:
    """Of the sounds of all forms, each once, the places of those that the index leaves out."""
    ear = Ear.of(word for group in groups for form in group for word in form)
    sounds = dict.fromkeys(" ".join(heard(form, ear)[0]) for group in groups for form in group)
    kept = index.forms.get(lang + "~", NOTHING).ideas
    return (at for at, sound in enumerate(sounds) if sound not in kept)


def _features(index: Index, features: Sequence[_Feature]) -> dict[str, str]:
    """What the features weigh. All but `counts` goes by how many pages a feature has: the most come first.

    counts   of each feature, how many pages it speaks for
    pages    of each feature, these pages      least, more   the least weight, and what each page has above it
    danger, foreign   what it says of the two classes
    """
    flat = [index.weights.get(kind, {}).get(each, ()) for kind, each in features]
    rows = [sorted(zip(row[::2], row[1::2], strict=True)) for row in flat]
    order = sorted(range(len(rows)), key=lambda place: -len(rows[place]))
    least = [min((weight for _, weight in row), default=0) for row in rows]
    classes = {
        name: _signs(
            _folded(table.get(kind, {}).get(each, 0)) for kind, each in map(features.__getitem__, order)
        )
        for name, table in (("danger", index.danger), ("foreign", index.foreign))
    }
    return {
        "counts": _signs(map(len, rows)),
        "pages": "".join(_signs(_gaps(page for page, _ in rows[place])) for place in order),
        "least": _signs(least[place] for place in order),
        "more": _signs(weight - least[place] for place in order for _, weight in rows[place]),
        **classes,
    }
