"""What the program learns from the editors' words: weights by which a question finds its page.

Three things are learned, all from what stands in a text (see bot/reading.py): how much each piece, pair and
idea speaks for each page (positive log odds), how much it speaks for danger, and how much for a question
that the book does not answer (both by logistic regression). No chance is in it: the same words give the
same weights.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import count
from operator import mul

from bot.book import DANGER_BRANCHES, Index, Weights
from bot.reading import (
    FIRST,
    LAO,
    LAST,
    NOTHING,
    Ear,
    Forms,
    Seen,
    found,
    heard,
    ideas,
    in_lao_letters,
    lettered,
    seen,
    worded,
)
from bot.spelling import END, clean, pieces_of_all

LEAST_PAIRS = 3
"""A pair counts when so many phrasings have it: fewer is chance, and costs room."""

LEAST_TOGETHER = 2
"""… and for pages only when so many of these are of one page."""

SMOOTH = 2.0
"""How many phrasings' worth of the whole book stand behind each page."""

LOWEST = math.exp(0.5)
"""What is less than so many times as frequent in the questions of a page says too little to be kept."""

MOST = 6.0
"""Log odds above this say no more: a page with one question is not surer than one with ten."""

STEPS = 4
"""Log odds are kept in whole steps of 1/4."""

FLOOR = 1.45
"""Points that a page needs to answer, per natural logarithm of the pages: as fast do points grow."""

SURE_SOUND = 0.6
"""Share of a sound's places in the phrasings that must mean the idea."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """All that is learned from. A language stands first in each pair or triple, by its code.

    ways     language, way of reading       thai    word in Thai letters, what Lao says
    ideas    language, idea, form           asks    language, page, phrasing
    hints    page, names of ideas           plain   language, words that mean danger beside any others
    alone    language, words that mean danger where nothing else is said
    danger, calm, foreign   language, sentence
    """

    ways: tuple[tuple[str, str], ...]
    pages: tuple[str, ...]
    thai: tuple[tuple[str, str], ...] = ()
    ideas: tuple[tuple[str, str, str], ...] = ()
    asks: tuple[tuple[str, str, str], ...] = ()
    hints: tuple[tuple[str, tuple[str, ...]], ...] = ()
    plain: tuple[tuple[str, str], ...] = ()
    alone: tuple[tuple[str, str], ...] = ()
    danger: tuple[tuple[str, str], ...] = ()
    calm: tuple[tuple[str, str], ...] = ()
    foreign: tuple[tuple[str, str], ...] = ()


@lru_cache(maxsize=2)
def learn(lessons: Lessons) -> Index:
    """The index of `lessons`, without titles, neighbours and safe words, which are no lessons."""
    return _Teacher(lessons).index()


class _Teacher:
    """One run of learning: cuts and reads every text once."""

    def __init__(self, lessons: Lessons) -> None:
        self.lessons = lessons
        self.ways = dict(lessons.ways)
        self.thai = {clean(word): clean(said) for word, said in lessons.thai}
        self.names = tuple(dict.fromkeys(name for _, name, _ in lessons.ideas))
        texts = [text for *_, text in (*lessons.ideas, *lessons.asks, *lessons.plain, *lessons.alone)]
        texts += [text for _, text in (*lessons.danger, *lessons.calm, *lessons.foreign)]
        texts = list(dict.fromkeys(texts))
        self.cut = dict(zip(texts, pieces_of_all(texts, self.thai), strict=True))
        self.ear = Ear.of(piece for cut in self.cut.values() for piece in cut)
        self.known: dict[str, Seen] = {}
        self.forms = self._doubted(self._forms())
        self.read = cache(self._read)
        self.vector = cache(self._vector)
        number = count()
        self.numbers: dict[str, dict[str | int, int]] = defaultdict(lambda: defaultdict(number.__next__))
        self.usual = self._usual()

    def index(self) -> Index:
        lessons = self.lessons
        return Index(
            ways=self.ways,
            thai=self.thai,
            pages=lessons.pages,
            ideas=self.names,
            forms=self.forms,
            weights=self._weights(),
            plain=self._plain(),
            danger=self._parted(lessons.danger, self._calm()),
            foreign=self._parted(lessons.foreign, self._ours()),
            floor=round(FLOOR * STEPS * math.log(max(2, len(lessons.pages)))),
        )

    # -------------------------------------------------------------- ideas

    def _forms(self) -> dict[str, dict[str, tuple[int, ...]]]:
        """Language -> forms as written; for Lao also language~ -> forms as they sound."""
        forms: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        number = {name: place for place, name in enumerate(self.names)}
        for lang, name, form in self.lessons.ideas:
            cut = self.cut[form]
            if self.ways[lang] != LAO:
                forms[lang][" ".join(worded(cut, self.ear))].add(number[name])
                continue
            forms[lang][" ".join(lettered(cut))].add(number[name])
            forms[lang + "~"][" ".join(heard(cut, self.ear)[0])].add(number[name])
        return {
            table: {form: tuple(sorted(those)) for form, those in forms[table].items() if form}
            for table in forms
        }

    def _doubted(self, tables: dict[str, dict[str, tuple[int, ...]]]) -> dict[str, Forms]:
        """The forms without sounds that mostly mean something else in the phrasings: pai is go, not who."""
        forms = {table: Forms.of(those) for table, those in tables.items()}
        met: Counter[tuple[str, str]] = Counter()
        meant: Counter[tuple[str, str]] = Counter()
        for lang, _, text in self.lessons.asks:
            sounding = forms.get(lang + "~")
            if sounding is None:
                continue
            cut = self.cut[text]
            said, starts = heard(cut, self.ear)
            hits = ideas(lettered(cut), forms[lang])
            if in_lao_letters(cut):
                self.known[text] = seen(said, ((starts[at], size, those) for at, size, those in hits))
            written = {idea for _, _, those in hits for idea in those}
            for at, size, those in ideas(said, sounding):
                key = lang + "~", " ".join(said[at : at + size])
                met[key] += 1
                meant[key] += bool(written.intersection(those))
        doubted = {key for key, times in met.items() if meant[key] < SURE_SOUND * times}
        return {
            table: Forms.of({form: those for form, those in kept.items() if (table, form) not in doubted})
            for table, kept in tables.items()
        }

    def _read(self, lang: str, text: str) -> Seen:
        if self.ways[lang] == LAO and text in self.known:
            return self.known[text]
        written, sounding = self.forms.get(lang, NOTHING), self.forms.get(lang + "~", NOTHING)
        return seen(*found(self.cut[text], self.ways[lang], written, sounding, self.ear))

    def _plain(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = defaultdict(set)
        for lang, text in self.lessons.plain:
            for table, form in self._spelt(lang, text):
                if not table.endswith("~") or " " in form:  # one syllable in Latin letters may be many words
                    found[table].add(form)
        for lang, text in self.lessons.alone:
            for table, form in self._spelt(lang, text):
                found[table].add(f"{FIRST} {form} {LAST}")
        return {table: frozenset(forms) for table, forms in found.items()}

    def _spelt(self, lang: str, text: str) -> Iterator[tuple[str, str]]:
        """Each table in which a text is looked for, and the text as it stands there."""
        cut = [piece for piece in self.cut[text] if piece != END]
        if self.ways[lang] == LAO:
            yield lang, " ".join(lettered(cut))
            yield lang + "~", " ".join(heard(cut, self.ear)[0])
        else:
            yield lang, " ".join(worded(cut, self.ear))

    # -------------------------------------------------------------- pages

    def _weights(self) -> dict[str, Weights]:
        """Kind of feature (language and 1 or 2; ideas: i) -> feature -> page, weight, page, weight …"""
        number = {page: place for place, page in enumerate(self.lessons.pages)}
        texts: dict[str, list[tuple[int, Iterable[str | int]]]] = defaultdict(list)
        for lang, page, text in self.lessons.asks:
            if page in number:
                for kind, features in self.read(lang, text).kinds(lang):
                    texts[kind].append((number[page], features))
        place = {name: at for at, name in enumerate(self.names)}
        for page, names in self.lessons.hints:
            if page in number:
                texts["i"].append((number[page], [place[name] for name in names if name in place]))
        return {kind: _odds(kind, each) for kind, each in texts.items()}

    # -------------------------------------------------------------- two classes

    def _calm(self) -> list[tuple[str, str, int]]:
        """Language, sentence, weight of what is no danger: what was written as such counts most.

        Questions about danger may be danger or not: they teach neither.
        """
        asked = [
            (lang, text, 1)
            for lang, page, text in self.lessons.asks
            if page.split(".")[0] not in DANGER_BRANCHES
        ]
        foreign = [(lang, text, 2) for lang, text in self.lessons.foreign]
        return [(lang, text, 4) for lang, text in self.lessons.calm] + foreign + asked

    def _ours(self) -> list[tuple[str, str, int]]:
        """Language, sentence, weight of what is asked of the book."""
        return [(lang, text, 1) for lang, _, text in self.lessons.asks]

    def _parted(
        self, yes: Sequence[tuple[str, str]], no: Sequence[tuple[str, str, int]]
    ) -> dict[str, dict[str | int, int]]:
        """Weights that part `yes` from `no`; under "" -> 0 stands the bias."""
        if not yes or not no:
            return {}
        texts = [(*self.vector(lang, text), 1, 2) for lang, text in yes]
        texts += [(*self.vector(lang, text), 0, weight) for lang, text, weight in no]
        learnt, bias = _regression(texts, sum(map(len, self.numbers.values())))
        whole = [round(each * PARTS) for each in learnt]
        kinds: dict[str, dict[str | int, int]] = {
            kind: {each: whole[place] for each, place in places.items() if abs(whole[place]) >= LEAST_PART}
            for kind, places in self.numbers.items()
        }
        return {**kinds, "": {0: round(bias * PARTS)}}

    def _vector(self, lang: str, text: str) -> tuple[list[int], list[float]]:
        """What stands in a text as numbers, each with its share of its kind, without pairs of mere chance."""
        at: list[int] = []
        share: list[float] = []
        for kind, features in self.read(lang, text).kinds(lang):
            kept = [each for each in features if each in self.usual] if kind.endswith("2") else features
            at += map(self.numbers[kind].__getitem__, kept)
            share += [(len(features) or 1) ** -0.5] * len(kept)
        return at, share

    def _usual(self) -> set[str]:
        """Pairs that stand in enough of all texts."""
        lessons = self.lessons
        two = (*lessons.danger, *lessons.calm, *lessons.foreign)
        often: Counter[str] = Counter()
        for lang, text in [*(each[::2] for each in lessons.asks), *two]:
            often.update(self.read(lang, text).pairs)
        return {pair for pair, times in often.items() if times >= LEAST_PAIRS}


PARTS = 8
"""Weights of the two classes are kept in whole steps of 1/8."""

LEAST_PART = 4
"""Weights of the two classes below half a point say too little to be kept."""


def weight(times: int, size: int, share: float) -> int:
    """What a feature says for a page, in steps; 0 where that is too little to keep.

    times   questions of the page that have it     size   questions of the page
    share   share of all questions that have it
    """
    ratio = (times + SMOOTH * share) / ((size + SMOOTH) * share) if times else 0.0
    return round(min(math.log(ratio), MOST) * STEPS) if ratio >= LOWEST else 0


def counts(kind: str, times: int, most: int) -> bool:
    """Whether a feature of a kind counts that so many questions have, of one page at most so many."""
    return not kind.endswith("2") or (times >= LEAST_PAIRS and most >= LEAST_TOGETHER)


def _odds(kind: str, texts: Sequence[tuple[int, Iterable[str | int]]]) -> Weights:
    """Feature -> (page, weight, …): log of how much more often it stands in a page's texts than in all."""
    size: Counter[int] = Counter(page for page, _ in texts)
    on: dict[int, Counter[str | int]] = {page: Counter() for page in sorted(size)}
    for page, features in texts:
        on[page].update(features)
    often: Counter[str | int] = Counter()
    most: dict[str | int, int] = {}
    for features in on.values():
        often.update(features)
        for each, times in features.items():
            if times > most.get(each, 0):
                most[each] = times
    found: dict[str | int, list[int]] = {
        each: [] for each, times in often.items() if counts(kind, times, most[each])
    }
    for page, features in on.items():
        for each, times in features.items():
            if each in found:
                says = weight(times, size[page], often[each] / len(texts))
                if says:
                    found[each] += (page, says)
    return {each: tuple(flat) for each, flat in found.items() if flat}


def _regression(
    texts: Sequence[tuple[list[int], list[float], int, int]], size: int
) -> tuple[list[float], float]:
    """Weights and bias of a logistic regression: features, their values, 1 or 0, weight of each text.

    It begins with a share of the log odds of each feature, which is most of what can be learned, and goes on
    by stochastic gradient descent in an order that is mixed but always the same.
    """
    found, bias = _first_guess(texts, size)
    order = sorted(range(len(texts)), key=lambda place: place * 7919 % 104729)
    for turn in range(TURNS):
        hard = []
        for place in order:
            at, values, wanted, weight = texts[place]
            total = bias + sum(map(mul, map(found.__getitem__, at), values))
            miss = wanted - 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            if -EASY < miss < EASY:
                continue
            hard.append(place)
            step = FIRST_STEP * weight * miss / (turn + 3)
            bias += step / 10
            keep = 1 - SHRINK * abs(step)
            for each, value in zip(at, values, strict=True):
                found[each] = found[each] * keep + step * value
        # What is told apart well enough is not looked at again.
        order = hard[::-1]
    return found, bias


def _first_guess(
    texts: Sequence[tuple[list[int], list[float], int, int]], size: int
) -> tuple[list[float], float]:
    """A share of the log odds of each feature between the two classes, and the log odds of the classes."""
    often = [0.0] * size, [0.0] * size
    all_of = [0, 0]
    for at, _, wanted, weight in texts:
        all_of[wanted] += weight
        counts = often[wanted]
        for each in at:
            counts[each] += weight
    fair = (all_of[0] + 2) / (all_of[1] + 2)
    found = [GUESS * math.log((yes + 1) / (no + 1) * fair) for no, yes in zip(*often, strict=True)]
    return found, math.log(all_of[1] / all_of[0])


GUESS = 0.5
"""Share of the log odds with which the regression begins: words come together, so all is too much."""

EASY = 0.05
"""A text that misses by less teaches nothing more."""

SHRINK = 0.02
"""What a weight loses at each step, so that no single word decides."""

FIRST_STEP = 0.5
TURNS = 3
