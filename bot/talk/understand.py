"""What somebody's own words ask for: points for every page, out of the weights that the editors' words gave.

understand(index, text, page) -> Understanding. Whole numbers only, ties go by the order of pages, and no
library below: understand.js is its twin and must give the same answers.

Each kind of what stands in the text (pieces, pairs of pieces, ideas) adds its weights, divided by the root
of how many of the kind there are, so that a long story weighs no more than a short question.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.book import DANGER_BRANCHES, Index, Understanding, Weights
from bot.reading import (
    FIRST,
    LAO,
    LAST,
    NOTHING,
    Ear,
    Hit,
    Seen,
    found,
    heard,
    in_lao_letters,
    is_word,
    lettered,
    seen,
    whole,
    worded,
)
from bot.spelling import pieces

ROOTS: tuple[int, ...] = tuple(round(4096 / max(1, n) ** 0.5) for n in range(600))
"""4096 divided by the root of a count."""

POINT = 4 * 4096
"""A point of log odds: weights have steps of 1/4, roots are whole 4096ths."""

PART = 8 * 4096
"""A point of the two-class weights."""

DANGER = -21 * PART // 20
"""Above this somebody may be in danger: in doubt danger wins."""

DOUBT = -17 * PART // 10
"""Above this danger is not ruled out: the help numbers are worth a line."""

CALM = -PART
"""Below this a page about trouble gives way to the next page, if that has nearly as many points."""

NEARLY = 4 * POINT // 5
"""How near the next page must be …"""

LEANS = 4
"""… or farther, by a part of how calm the question is: one part in four of what danger lies below CALM."""

LONG = 48
"""Pieces of a long text: it is also read in parts, and danger anywhere in it counts."""

PART_SIZE, STEP = 16, 4
"""Pieces of a part, and from one part to the next."""

SHORT = 6
"""Pieces of a text so short that it may lean on the page being looked at."""

LEAN = 2 * POINT
OTHERS = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """A text in the language that it is read in, and everything that was found, for `khua ask --why`."""

    whole: str
    sound: str
    lang: str
    what: Seen
    points: tuple[tuple[str, int], ...]
    danger: int
    plain: tuple[str, ...]
    foreign: int


def understand(index: Index, text: str, page: str | None = None) -> Understanding:
    """What `text` asks. `page` is the page being looked at, where the player knows it."""
    return judge(index, read(index, text, page), page)


def read(index: Index, text: str, page: str | None = None) -> Reading:
    """Everything that can be seen in `text`, with the points of every page that has some, best first."""
    cut = pieces(text, index.thai)
    ear = Ear.of(cut)
    lang = _language(index, cut, ear)
    said, hits = found_in(index, lang, cut, ear)
    what = seen(said, hits)
    points = points_of(index, lang, what)
    if page is not None and len(said) <= SHORT:
        for near in index.near.get(page, ()):
            place = index.pages.index(near)
            if place in points:
                points[place] += LEAN
    best = ranked(points)
    parts = [_sum(index.danger, lang, seen(*part)) for part in _parts(said, hits)]
    return Reading(
        whole=whole(cut),
        sound=f"~{whole(said)}" if index.ways.get(lang) == LAO else "",
        lang=lang,
        what=what,
        points=tuple((index.pages[place], points[place]) for place in best),
        danger=max([_sum(index.danger, lang, what), *parts]),
        plain=_plain(index, lang, cut, said),
        foreign=_sum(index.foreign, lang, what),
    )


def judge(index: Index, what: Reading, page: str | None = None) -> Understanding:
    """What to do with a reading: answer, offer, or show help numbers first."""
    names = tuple(index.ideas[idea] for idea in what.what.ideas)
    if what.whole in index.safe:
        return Understanding(None, (), True, False, what.lang, names)
    emergency = bool(what.plain) or what.danger > DANGER
    doubt = not emergency and what.danger > DOUBT
    pages = [id for id, _ in what.points]
    title = index.titles.get(what.whole, index.titles.get(what.sound))
    if title is not None:
        pages = [title, *(id for id in pages if id != title)]
        return Understanding(pages[0], tuple(pages[1 : 1 + OTHERS]), emergency, doubt, what.lang, names)
    if (
        page is not None
        and page in index.onward
        and what.what.ideas
        and index.further.issuperset(what.what.ideas)
    ):
        return Understanding(index.onward[page], (page,), emergency, doubt, what.lang, names)
    if not emergency and what.danger <= CALM and pages and urgent(pages[0]):
        # Nobody is in danger: a page for those who are is offered, and the next one answers.
        points = dict(what.points)
        calm = next((id for id in pages if not urgent(id)), None)
        if calm is not None and points[pages[0]] - points[calm] < NEARLY + (CALM - what.danger) // LEANS:
            pages.remove(calm)
            pages.insert(0, calm)
    most = what.points[0][1] if pages else 0
    # It needs more where the question seems none of ours: four points for the page weigh as much as three of
    # those.
    if pages and (emergency or 4 * most - 3 * what.foreign >= 4 * 4096 * index.floor):
        return Understanding(pages[0], tuple(pages[1 : 1 + OTHERS]), emergency, doubt, what.lang, names)
    return Understanding(None, tuple(pages[:OTHERS]), emergency, doubt, what.lang, names)


def urgent(page: str) -> bool:
    """Whether a page opens with help numbers: a page for people in trouble, or of numbers alone."""
    return page.split(".")[0] in DANGER_BRANCHES


# ------------------------------------------------------------------ the sums


def _root(count: int) -> int:
    return ROOTS[min(count, len(ROOTS) - 1)]


def found_in(
    index: Index, lang: str, cut: Sequence[str], ear: Ear | None = None
) -> tuple[list[str], list[Hit]]:
    """What is said in a text of a language, and the ideas in it."""
    forms = index.forms
    return found(cut, index.ways.get(lang, ""), forms.get(lang, NOTHING), forms.get(lang + "~", NOTHING), ear)


def ranked(points: Mapping[int, int]) -> list[int]:
    """Numbers of pages, the one with most points first; those with the same stay in the order of pages."""
    return sorted(points, key=points.__getitem__, reverse=True)


def points_of(index: Index, lang: str, what: Seen) -> dict[int, int]:
    """Number of a page -> its points, where it has some; in the order of pages."""
    points = [0] * len(index.pages)
    for kind, features in what.kinds(lang):
        weights, root = index.weights.get(kind, {}), _root(len(features))
        for each in features:
            flat = weights.get(each, ())
            for page, weight in zip(flat[::2], flat[1::2], strict=True):
                points[page] += weight * root
    return {place: worth for place, worth in enumerate(points) if worth}


def _sum(weights: Mapping[str, Mapping[str | int, int]], lang: str, what: Seen) -> int:
    """What the text says for the first of two classes; far below every bound where nothing was learned."""
    if not weights:
        return -100 * PART
    total = weights[""][0] * 4096
    for kind, features in what.kinds(lang):
        known, root = weights.get(kind, {}), _root(len(features))
        total += sum(known.get(each, 0) for each in features) * root
    return total


def _parts(said: Sequence[str], hits: Sequence[Hit]) -> Iterator[tuple[Sequence[str], list[Hit]]]:
    """The parts of a long text: windows that overlap, so that what is told at its end or middle counts."""
    if len(said) <= LONG:
        return
    for start in range(0, len(said) - PART_SIZE + STEP, STEP):
        end = start + PART_SIZE
        yield said[start:end], [hit for hit in hits if start <= hit[0] < end]


def _plain(index: Index, lang: str, cut: Sequence[str], said: Sequence[str]) -> tuple[str, ...]:
    """The words of the text that mean danger, whatever else is said."""
    way = index.ways.get(lang, "")
    letters = way == LAO and in_lao_letters(cut)
    forms = index.plain.get(lang + "~" if way == LAO and not letters else lang, frozenset())
    text = f" {FIRST} {whole(lettered(cut) if letters else said)} {LAST} "
    return tuple(form for form in sorted(forms) if f" {form} " in text) if forms else ()


def _language(index: Index, cut: Sequence[str], ear: Ear) -> str:
    """The language of a text: by its letters, else the one that knows most of its words and of their pairs.

    A word is known whole: of Lao all its syllables and their pairs, for short ones are known by chance. Where
    both know as much of several words it is not Lao, of one word (visa, mou) it is; "" where none knows any.
    """
    lao = next((lang for lang, way in index.ways.items() if way == LAO), "")
    if lao and in_lao_letters(cut):
        return lao
    words = [each for each in cut if is_word(each)]
    best, most = "", 0
    for lang, way in index.ways.items():
        ones, pairs = index.weights.get(lang + "1", {}), index.weights.get(lang + "2", {})
        said = [heard([word], ear)[0] if way == LAO else worded([word], ear) for word in words]
        known = sum(_all_known(each, ones, pairs) for each in said)
        beside = sum(
            f"{one[-1]} {other[0]}" in pairs
            for one, other in zip(said, said[1:], strict=False)
            if one and other
        )
        share = known * 1000 // max(1, len(words)) + beside * 1000 // max(1, len(words) - 1)
        share += len(words) > 1 and way != LAO and known > 0
        if share > most:
            best, most = lang, share
    return best


def _all_known(pieces: Sequence[str], ones: Weights, pairs: Weights) -> bool:
    return all(each in ones for each in pieces) and all(
        f"{one} {other}" in pairs for one, other in zip(pieces, pieces[1:], strict=False)
    )
