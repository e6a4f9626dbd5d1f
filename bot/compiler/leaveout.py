"""What would have been learned without one of the questions: its counts are taken away again, exactly.

Only which forms of ideas are doubted (see bot/compiler/learning.py) stays as it was with the question.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from bot.book import Weights
from bot.compiler.learning import counts, weight
from bot.reading import Kinds


class LeaveOut:
    """The counts of all questions and hints. `without` gives weights from which one question is missing."""

    def __init__(self, texts: Iterable[tuple[int, Kinds]]) -> None:
        """texts   number of a page, and what is learned for it: of each question, of each hint"""
        self._texts: Counter[str] = Counter()
        self._size: dict[str, Counter[int]] = defaultdict(Counter)
        self._often: dict[str, Counter[str | int]] = defaultdict(Counter)
        self._on: dict[tuple[str, str | int], Counter[int]] = defaultdict(Counter)
        self._two: dict[tuple[str, str | int], list[tuple[int, int]]] = {}
        self._known: dict[tuple[str, str | int], list[tuple[int, ...]]] = {}
        for page, text in texts:
            for kind, features in text:
                self._texts[kind] += 1
                self._size[kind][page] += 1
                self._often[kind].update(features)
                for each in features:
                    self._on[kind, each][page] += 1

    def without(self, page: int, text: Kinds) -> dict[str, Weights]:
        """Weights of what stands in `text`, as if this one had never been asked of `page`."""
        return {kind: self._weights(kind, features, page) for kind, features in text}

    def _weights(self, kind: str, features: Sequence[str | int], page: int) -> Weights:
        found: dict[str | int, tuple[int, ...]] = {}
        for each in features:
            most = self._most_without(kind, each, page)
            if most and counts(kind, self._often[kind][each] - 1, most):
                own = self._weight(kind, each, page, 1)
                others = self._others(kind, each)
                found[each] = (*own, *(one for other in others if other[0] != page for one in other))
        return found

    def _most_without(self, kind: str, feature: str | int, page: int) -> int:
        """In how many questions of one page a feature stands at most, without one of `page`."""
        key = kind, feature
        if key not in self._two:
            self._two[key] = [*self._on[key].most_common(2), (-1, 0)][:2]
        (first, most), (_, second) = self._two[key]
        return max(most - 1, second) if page == first else most

    def _others(self, kind: str, feature: str | int) -> list[tuple[int, ...]]:
        """Each page with its weight, as if a question of some page with none had been left out."""
        key = kind, feature
        if key not in self._known:
            weights = (self._weight(kind, feature, page, 0) for page in self._on[key])
            self._known[key] = [weight for weight in weights if weight]
        return self._known[key]

    def _weight(self, kind: str, feature: str | int, page: int, left: int) -> tuple[int, ...]:
        """A page and its weight where `left` questions of it, and one of all, are left out; () for none."""
        times, size = self._on[kind, feature][page] - left, self._size[kind][page] - left
        share = (self._often[kind][feature] - 1) / (self._texts[kind] - 1)
        says = weight(times, size, share)
        return (page, says) if says else ()
