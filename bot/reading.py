"""What is looked at in somebody's words: pieces, pairs of pieces, and ideas.

A text is read in one of two ways: LAO hears syllables, whatever letters they are written in; SPACES takes
words as they stand between spaces, without their endings. Ideas of a text in Lao or Thai letters are found
by their letters, of Lao in Latin letters by their sound.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.spelling import END, sound, sounds, stems

LAO, SPACES = "lao", "spaces"
"""The ways of reading, by the name that a language's file gives them."""


@dataclass(frozen=True, slots=True)
class Forms:
    """ideas    form of an idea, its pieces joined by spaces -> numbers of the ideas that it may mean
    longest  first piece of a form -> pieces of the longest form that begins with it
    """

    ideas: Mapping[str, tuple[int, ...]]
    longest: Mapping[str, int]

    @classmethod
    def of(cls, ideas: Mapping[str, tuple[int, ...]]) -> Forms:
        longest: dict[str, int] = {}
        for form in ideas:
            parts = form.split(" ")
            longest[parts[0]] = max(longest.get(parts[0], 0), len(parts))
        return cls(ideas, longest)


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


def in_lao_letters(pieces: Sequence[str]) -> bool:
    """Whether Lao or Thai letters make at least as many pieces as Latin words."""
    latin = sum(map(is_word, pieces))
    return len(pieces) - latin - sum(is_figure(each) or each == END for each in pieces) >= max(latin, 1)


@dataclass(frozen=True, slots=True)
class Ear:
    """Sounds and stems that were worked out before, all at once: so the many texts of a book read fast."""

    lao: Mapping[str, str]
    latin: Mapping[str, Sequence[str]]
    stems: Mapping[str, str]

    @classmethod
    def of(cls, pieces: Iterable[str]) -> Ear:
        """An ear for all that stands in `pieces`."""
        all_of_them = list(dict.fromkeys(pieces))
        lao = [each for each in all_of_them if each > "\u0e80"]
        words = [each for each in all_of_them if is_word(each)]
        return cls(
            dict(zip(lao, sound(lao), strict=True)),
            dict(zip(words, sounds(words), strict=True)),
            dict(zip(words, stems(words), strict=True)),
        )


def heard(pieces: Sequence[str], ear: Ear | None = None) -> tuple[list[str], list[int]]:
    """Pieces as they sound, and where each begins among the sounds; a figure becomes # and its length."""
    known = ear or Ear.of(pieces)
    said: list[str] = []
    starts = []
    for piece in pieces:
        starts.append(len(said))
        if piece > "\u0e80":
            said.append(known.lao[piece])
        elif is_word(piece):
            said += known.latin[piece]
        else:
            said.append(f"#{len(piece)}" if is_figure(piece) else piece)
    return said, starts


def worded(pieces: Sequence[str], ear: Ear | None = None) -> list[str]:
    """Words without their endings; a figure becomes # and its length, and what is not Latin is left out."""
    known = ear or Ear.of(pieces)
    kept = [each for each in pieces if each < "\u0e80"]
    return [
        known.stems[each] if is_word(each) else f"#{len(each)}" if is_figure(each) else each for each in kept
    ]


def lettered(pieces: Sequence[str]) -> list[str]:
    """Pieces by which ideas in Lao letters are found: a figure becomes # and its length."""
    return [f"#{len(each)}" if is_figure(each) else each for each in pieces]


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


def ideas(pieces: Sequence[str], forms: Forms) -> list[Hit]:
    """Each form in the pieces, left to right: a longer form hides those inside it."""
    hits, at = [], 0
    while at < len(pieces):
        for size in range(min(forms.longest.get(pieces[at], 0), len(pieces) - at), 0, -1):
            hit = forms.ideas.get(" ".join(pieces[at : at + size]))
            if hit is not None:
                hits.append((at, size, hit))
                at += size
                break
        else:
            at += 1
    return hits


def seen(said: Iterable[str], hits: Iterable[Hit]) -> Seen:
    """What stands in a text: what is said, and the ideas that were found."""
    ones = [each for each in said if each != END]
    pairs = (f"{one} {other}" for one, other in zip(ones, ones[1:], strict=False))
    those = (idea for _, _, ideas in hits for idea in ideas)
    return Seen(tuple(dict.fromkeys(ones)), tuple(dict.fromkeys(pairs)), tuple(dict.fromkeys(those)))
