"""What is looked at in somebody's words: pieces, pairs of pieces, and ideas.

A text is read in one of two ways: LAO hears syllables, whatever letters they are written in; SPACES takes
words as they stand between spaces, without their endings. Ideas of a text in Lao or Thai letters are found
by their letters, of Lao in Latin letters by their sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from bot.spelling import END, sound, sounds, stems

LAO, SPACES = "lao", "spaces"
"""The ways of reading, by the name that a language's file gives them."""

FIRST, LAST = "^", "$"
"""Stand for the beginning and the end of a text, in forms that mean something only as the whole of it."""


@dataclass(frozen=True, slots=True)
class Forms:
    """ideas   form of an idea, its pieces joined by spaces -> numbers of the ideas that it may mean
    sizes   first two pieces -> how many pieces the forms have that begin with them, the longest first
    """

    ideas: Mapping[str, tuple[int, ...]]
    sizes: Mapping[str, tuple[int, ...]]

    @classmethod
    def of(cls, ideas: Mapping[str, tuple[int, ...]]) -> Forms:
        sizes: dict[str, set[int]] = {}
        for form in ideas:
            parts = form.split(" ")
            if len(parts) > 1:
                sizes.setdefault(f"{parts[0]} {parts[1]}", set()).add(len(parts))
        return cls(ideas, {begin: tuple(sorted(those, reverse=True)) for begin, those in sizes.items()})


NOTHING = Forms({}, {})

Hit = tuple[int, int, tuple[int, ...]]
"""Place and size of a form among the pieces, and the ideas that it may mean."""

Kinds = tuple[tuple[str, Sequence[str | int]], ...]
"""Kind of feature (language and 1 or 2; ideas: i), and which of the kind stand in a text."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in a text: each kind once, in the order of first appearance."""

    ones: tuple[str, ...]
    pairs: tuple[str, ...]
    ideas: tuple[int, ...]

    def kinds(self, lang: str) -> Kinds:
        """What stands in a text of a language, by the names under which it is weighed."""
        return (lang + "1", self.ones), (lang + "2", self.pairs), ("i", self.ideas)


def is_word(piece: str) -> bool:
    """Whether a piece is a word in Latin letters."""
    return "a" <= piece[0] <= "z"


def is_figure(piece: str) -> bool:
    return "0" <= piece[0] <= "9"


def _figure(piece: str) -> str:
    """A figure as # and its length; any other piece as it is."""
    return f"#{len(piece)}" if is_figure(piece) else piece


def in_lao_letters(pieces: Sequence[str]) -> bool:
    """Whether Lao or Thai letters make at least as many pieces as Latin words."""
    latin = sum(map(is_word, pieces))
    return len(pieces) - latin - sum(is_figure(each) or each == END for each in pieces) >= max(latin, 1)


@dataclass(frozen=True, slots=True)
class Ear:
    """Sounds and stems that were worked out before, all at once: so the many texts of a book read fast."""

    sounds: Mapping[str, Sequence[str]]
    stems: Mapping[str, str]

    @classmethod
    def of(cls, pieces: Iterable[str]) -> Ear:
        """An ear for all that stands in `pieces`."""
        all_of_them = list(dict.fromkeys(pieces))
        lao = [each for each in all_of_them if each > "\u0e80"]
        words = [each for each in all_of_them if is_word(each)]
        heard: dict[str, Sequence[str]] = {each: (_figure(each),) for each in all_of_them}
        heard |= {each: (said,) for each, said in zip(lao, sound(lao), strict=True)}
        heard |= zip(words, sounds(words), strict=True)
        stem = {each: _figure(each) for each in all_of_them if each < "\u0e80"}
        return cls(heard, stem | dict(zip(words, stems(words), strict=True)))


def heard(pieces: Sequence[str], ear: Ear | None = None) -> tuple[list[str], list[int]]:
    """Pieces as they sound, and where each begins among the sounds; a figure becomes # and its length."""
    known = ear or Ear.of(pieces)
    said: list[str] = []
    starts = []
    for piece in pieces:
        starts.append(len(said))
        said += known.sounds[piece]
    return said, starts


def worded(pieces: Sequence[str], ear: Ear | None = None) -> list[str]:
    """Words without their endings; a figure becomes # and its length, and what is not Latin is left out."""
    known = ear or Ear.of(pieces)
    return [known.stems[each] for each in pieces if each < "\u0e80"]


def lettered(pieces: Sequence[str]) -> list[str]:
    """Pieces by which ideas in Lao letters are found: a figure becomes # and its length."""
    return [_figure(each) for each in pieces]


def found(
    pieces: Sequence[str], way: str, written: Forms, sounding: Forms, ear: Ear | None = None
) -> tuple[list[str], list[Hit]]:
    """What is said, in the way of reading, and the ideas in it, each with its place among what is said."""
    if way != LAO:
        said = worded(pieces, ear)
        return said, ideas(said, written)
    said, starts = heard(pieces, ear)
    if not in_lao_letters(pieces):
        return said, ideas(said, sounding)
    return said, [(starts[at], size, those) for at, size, those in ideas(lettered(pieces), written)]


def whole(pieces: Sequence[str]) -> str:
    """All the pieces of a text, without the ends of sentences around it."""
    return " ".join(pieces).strip(f" {END}")


def ideas(pieces: Sequence[str], forms: Forms) -> list[Hit]:
    """Each form in the pieces, left to right: a longer form hides those inside it."""
    hits: list[Hit] = []
    free = 0
    known, sizes = forms.ideas, forms.sizes
    for at, (first, second) in enumerate(zip_longest(pieces, pieces[1:], fillvalue="")):
        if at < free:
            continue
        for size in sizes.get(f"{first} {second}", ()):
            form = " ".join(pieces[at : at + size])
            # At the end of the text a slice may be shorter than its size.
            if form in known and at + size <= len(pieces):
                hits.append((at, size, known[form]))
                free = at + size
                break
        else:
            if first in known:
                hits.append((at, 1, known[first]))
    return hits


def seen(said: Iterable[str], hits: Iterable[Hit]) -> Seen:
    """What stands in a text: what is said, and the ideas that were found."""
    ones = [each for each in said if each != END]
    pairs = (f"{one} {other}" for one, other in zip(ones, ones[1:], strict=False))
    those = (idea for _, _, ideas in hits for idea in ideas)
    return Seen(tuple(dict.fromkeys(ones)), tuple(dict.fromkeys(pairs)), tuple(dict.fromkeys(those)))
