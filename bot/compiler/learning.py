"""What the program learns from the editors' words: weights by which a question finds its page.

Three things are learned, all from what stands in a text (see bot/reading.py): how much each piece, pair and
idea speaks for each page (positive log odds), how much it speaks for danger, and how much for a question
that the book does not answer (both by logistic regression). No chance is in it: the same words give the
same weights.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import mul

from bot.book import DANGER_BRANCHES, Index, Weights
from bot.reading import (
    LAO,
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
from bot.spelling import clean, pieces_of_all

LEAST_PAIRS = 3
"""A pair counts when so many phrasings have it: fewer is chance, and costs room."""

SMOOTH = 2.0
"""How many phrasings' worth of the whole book stand behind each page."""

LOWEST = 0.5
"""Log odds below this say too little to be kept."""

MOST = 6.0
"""Log odds above this say no more: a page with one question is not surer than one with ten."""

STEPS = 4
"""Log odds are kept in whole steps of 1/4."""

SURE_SOUND = 0.6
"""Share of a sound's places in the phrasings that must mean the idea."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """All that is learned from. A language stands first in each pair or triple, by its code.

    ways     language, way of reading       thai    word in Thai letters, what Lao says
    ideas    language, idea, form           asks    language, page, phrasing
    hints    page, names of ideas           plain   language, words that alone mean danger
    danger, calm, foreign   language, sentence
    """

    ways: tuple[tuple[str, str], ...]
    pages: tuple[str, ...]
    thai: tuple[tuple[str, str], ...] = ()
    ideas: tuple[tuple[str, str, str], ...] = ()
    asks: tuple[tuple[str, str, str], ...] = ()
    hints: tuple[tuple[str, tuple[str, ...]], ...] = ()
    plain: tuple[tuple[str, str], ...] = ()
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
        texts = [text for *_, text in (*lessons.ideas, *lessons.asks, *lessons.plain)]
        texts += [text for _, text in (*lessons.danger, *lessons.calm, *lessons.foreign)]
        texts = list(dict.fromkeys(texts))
        self.cut = dict(zip(texts, pieces_of_all(texts, self.thai), strict=True))
        self.ear = Ear.of(piece for cut in self.cut.values() for piece in cut)
        self.known: dict[str, Seen] = {}
        self.forms = self._doubted(self._forms())
        self.read = cache(self._read)
        self.vector = cache(self._vector)
        self.numbers: dict[tuple[str, str | int], int] = {}
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
        alone: dict[str, set[str]] = defaultdict(set)
        for lang, form in self.lessons.plain:
            cut = self.cut[form]
            if self.ways[lang] == LAO:
                said = heard(cut, self.ear)[0]
                alone[lang].add(" ".join(lettered(cut)))
                if len(said) > 1:  # one syllable in Latin letters may be many words
                    alone[lang + "~"].add(" ".join(said))
            else:
                alone[lang].add(" ".join(worded(cut, self.ear)))
        return {lang: frozenset(forms - {""}) for lang, forms in alone.items()}

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
        return {kind: _odds(each, LEAST_PAIRS if kind.endswith("2") else 1) for kind, each in texts.items()}

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
        learnt, bias = _regression(texts, len(self.numbers))
        kinds: dict[str, dict[str | int, int]] = defaultdict(dict)
        for (kind, feature), place in self.numbers.items():
            weight = round(learnt[place] * PARTS)
            if abs(weight) >= LEAST_PART:
                kinds[kind][feature] = weight
        kinds[""] = {0: round(bias * PARTS)}
        return dict(kinds)

    def _vector(self, lang: str, text: str) -> tuple[list[int], list[float]]:
        """What stands in a text as numbers, each with its share of its kind, without pairs of mere chance."""
        at: list[int] = []
        share: list[float] = []
        for kind, features in self.read(lang, text).kinds(lang):
            kept = [each for each in features if each in self.usual] if kind.endswith("2") else features
            at += [self.numbers.setdefault((kind, each), len(self.numbers)) for each in kept]
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


PARTS = 16
"""Weights of the two classes are kept in whole steps of 1/16."""

LEAST_PART = 4
"""Weights of the two classes below a quarter of a point say too little to be kept."""


def weight(times: int, size: int, share: float) -> int:
    """What a feature says for a page, in steps; 0 where that is too little to keep.

    times   questions of the page that have it     size   questions of the page
    share   share of all questions that have it
    """
    odds = math.log((times + SMOOTH * share) / ((size + SMOOTH) * share)) if times else 0.0
    return round(min(odds, MOST) * STEPS) if odds >= LOWEST else 0


def _odds(texts: Sequence[tuple[int, Iterable[str | int]]], least: int) -> Weights:
    """Feature -> (page, weight, …): log of how much more often it stands in a page's texts than in all."""
    size: Counter[int] = Counter()
    often: Counter[str | int] = Counter()
    on: dict[str | int, Counter[int]] = defaultdict(Counter)
    for page, features in texts:
        size[page] += 1
        for each in features:
            often[each] += 1
            on[each][page] += 1
    found: dict[str | int, tuple[int, ...]] = {}
    for each, pages in on.items():
        if often[each] < least:
            continue
        share = often[each] / len(texts)
        flat: list[int] = []
        for page, times in sorted(pages.items()):
            says = weight(times, size[page], share)
            if says:
                flat += (page, says)
        if flat:
            found[each] = tuple(flat)
    return found


def _regression(
    texts: Sequence[tuple[list[int], list[float], int, int]], size: int
) -> tuple[list[float], float]:
    """Weights and bias of a logistic regression: features, their values, 1 or 0, weight of each text.

    Stochastic gradient descent in an order that is mixed but always the same.
    """
    found, bias = [0.0] * size, 0.0
    order = sorted(range(len(texts)), key=lambda place: place * 7919 % 104729)
    for turn in range(1, TURNS + 1):
        hard = []
        for place in order:
            at, values, wanted, weight = texts[place]
            total = bias + sum(map(mul, map(found.__getitem__, at), values))
            miss = wanted - 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            if abs(miss) < EASY:
                continue
            hard.append(place)
            step = 0.5 * weight * miss / turn
            bias += step / 10
            for each, value in zip(at, values, strict=True):
                found[each] += step * value - SHRINK * abs(step) * found[each]
        # What is told apart well enough is not looked at again.
        order = hard[::-1]
    return found, bias


EASY = 0.02
"""A text that misses by less teaches nothing more."""

SHRINK = 0.02
"""What a weight loses at each step, so that no single word decides."""

TURNS = 6
