"""Whether people's own words are understood, and why: for editors, who teach it by their questions and words.

    astray(book, asked)            questions of the editors that do not lead to their own page
    left_out(book, asked, hints)   each question, as if it had never been written: how new words will fare
    why(book, text)                everything that was seen in a text, and what came of it
    answer(book, text)             what a person gets

The first two look at the points of pages alone: what is decided from them depends on danger too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.book import Book, Event, Index, Screen
from bot.compiler.leaveout import LeaveOut
from bot.compiler.words import Asked, is_bare
from bot.problems import Problem
from bot.reading import LAO, Ear, Seen, heard, in_lao_letters, seen
from bot.spelling import END, pieces, pieces_of_all
from bot.talk.reply import reply
from bot.talk.screens import offered
from bot.talk.understand import (
    DANGER,
    DOUBT,
    OTHERS,
    PART,
    POINT,
    found_in,
    judge,
    points_of,
    ranked,
    read,
)

BEST = 1 + OTHERS
"""The page that answers, and those that are offered beside it."""


# ------------------------------------------------------------------ what a person gets


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply: the page that answers or None, pages offered, whether help numbers come first."""

    page: str | None
    others: tuple[str, ...]
    emergency: bool
    lang: str
    screen: Screen


def answer(book: Book, text: str, lang: str = "") -> Answer:
    """What the bot replies to `text`. `lang` counts where nothing else tells the language."""
    told = reply(book, Event("ask", text, lang))
    page = next((count.key for count in told.counts if count.kind == "answered"), None)
    others = offered(told.screen, page or "")
    return Answer(page, others, told.screen.opens_with_numbers, told.screen.langs[0], told.screen)


# ------------------------------------------------------------------ the editors' questions


def astray(book: Book, asked: Sequence[Asked]) -> list[Problem]:
    """Hints: questions whose own page is not among the best, though they were learned from."""
    problems = []
    for each, what in _read(book.index, asked):
        best = _best(book.index, points_of(book.index, each.lang, what))
        if (
            each.page in book.index.pages
            and each.page not in best
            and not is_bare(book.index, each.lang, each.text)
        ):
            said = f"{each.text!r} leads to {best[0] if best else 'no page'}, not to {each.page}"
            cure = "say in it what sets the page apart, or ask it of the other page"
            problems.append(Problem(each.file, each.line, each.column, "astray", said, cure, "hint"))
    return problems


@dataclass(frozen=True, slots=True)
class Left:
    """A question that was left out. `best` are the best pages without it, `behind` the points that its own
    page lies behind the first.
    """

    asked: Asked
    best: tuple[str, ...]
    behind: float

    @property
    def first(self) -> bool:
        return self.best[:1] == (self.asked.page,)

    @property
    def among(self) -> bool:
        """Whether a person would have seen the page at all."""
        return self.asked.page in self.best


def left_out(
    book: Book, asked: Sequence[Asked], hints: Iterable[tuple[str, Sequence[str]]] = ()
) -> list[Left]:
    """Each question against what was learned from all others."""
    index = book.index
    number = {page: place for place, page in enumerate(index.pages)}
    idea = {name: place for place, name in enumerate(index.ideas)}
    texts = [(each, what) for each, what in _read(index, asked) if each.page in number]
    counted = [(number[each.page], what.kinds(each.lang)) for each, what in texts]
    counted += [
        (number[page], (("i", [idea[name] for name in names if name in idea]),))
        for page, names in hints
        if page in number
    ]
    counts = LeaveOut(counted)
    rows = []
    for each, what in texts:
        own = number[each.page]
        without = replace(index, weights=counts.without(own, what.kinds(each.lang)))
        points = points_of(without, each.lang, what)
        behind = max(points.values(), default=0) - points.get(own, 0)
        rows.append(Left(each, _best(index, points), behind / POINT))
    return rows


def _read(index: Index, asked: Sequence[Asked]) -> Iterator[tuple[Asked, Seen]]:
    """What stands in each question, in its own language; worked out all at once."""
    cuts = pieces_of_all([each.text for each in asked], index.thai)
    ear = Ear.of(piece for cut in cuts for piece in cut)
    for each, cut in zip(asked, cuts, strict=True):
        yield each, seen(*found_in(index, each.lang, cut, ear))


def _best(index: Index, points: Mapping[int, int]) -> tuple[str, ...]:
    """The pages that a person sees, out of the points by number of page."""
    return tuple(index.pages[place] for place in ranked(points)[:BEST])


WORST = 30


def table(rows: Sequence[Left]) -> str:
    """How the questions fare by page, the page that needs most first, and the worst of them."""
    by_page: dict[str, list[Left]] = defaultdict(list)
    for row in rows:
        by_page[row.asked.page].append(row)
    by_page = dict(sorted(by_page.items(), key=lambda item: (_share(item[1])[0], item[0])))
    lines = [f"{'page':26}{'asked':>6}{'first':>7}{'best ' + str(BEST):>8}  instead"]
    for page, those in {**by_page, "all": list(rows)}.items():
        instead = Counter(row.best[0] for row in those if row.best and not row.first)
        rivals = ", ".join(f"{id} {times}" for id, times in instead.most_common(3))
        first, among = _share(those)
        shares = f"{page:26}{len(those):6}{first:7.0%}{among:8.0%}"
        lines.append(f"{shares}  {rivals}" if rivals and page != "all" else shares)
    worst = sorted((row for row in rows if not row.among), key=lambda row: -row.behind)[:WORST]
    lines += ["", "furthest from their page, in points:"] if worst else []
    lines += [
        f"{row.asked.file}:{row.asked.line}: {row.behind:.1f} behind {row.best[0] if row.best else 'none'}: "
        f"{row.asked.text}"
        for row in worst
    ]
    return "\n".join(lines)


def _share(rows: Sequence[Left]) -> tuple[float, float]:
    """Shares of questions whose page is the best, and among the best; 0 of none."""
    many = max(1, len(rows))
    return sum(row.first for row in rows) / many, sum(row.among for row in rows) / many


# ------------------------------------------------------------------ why


@dataclass(frozen=True, slots=True)
class Why:
    """What was seen in a text. Points are those of `understand`, as an editor can read them.

    heard         the pieces in order, as they sound      ideas   names, each with its words
    danger_words  those that alone mean danger            doubt   help numbers are worth a line
    floor         points that the first page needs, more where the text seems none of ours
    """

    text: str
    lang: str
    heard: tuple[str, ...]
    ideas: tuple[tuple[str, str], ...]
    pages: tuple[tuple[str, float], ...]
    danger: float
    foreign: float
    floor: float
    danger_words: tuple[str, ...]
    emergency: bool
    doubt: bool
    page: str | None
    others: tuple[str, ...]


def why(book: Book, text: str, lang: str = "") -> Why:
    """Everything that was seen in `text`, and what a person gets."""
    index = book.index
    reading = read(index, text)
    judged, told = judge(index, reading), answer(book, text, lang)
    cut = pieces(text, index.thai)
    said, hits = found_in(index, reading.lang, cut)
    way = index.ways.get(reading.lang, "")
    ideas = [
        (index.ideas[idea], _words(cut, said, way, at, size)) for at, size, those in hits for idea in those
    ]
    return Why(
        text=text,
        lang=reading.lang,
        heard=tuple(each for each in said if each != END),
        ideas=tuple(dict.fromkeys(ideas)),
        pages=tuple((page, round(points / POINT, 1)) for page, points in reading.points[:5]),
        danger=round(reading.danger / PART, 1),
        foreign=round(reading.foreign / PART, 1),
        floor=round(index.floor * 4096 / POINT, 1),
        danger_words=reading.plain,
        emergency=judged.emergency,
        doubt=judged.doubt,
        page=told.page,
        others=told.others,
    )


_VOWEL_IN_FRONT = re.compile("^([ກຂຄ]ວ|[ກ-ຮ])([ເແໂໄ])")


def _words(cut: Sequence[str], said: Sequence[str], way: str, at: int, size: int) -> str:
    """The words of an idea as written, Lao ones without tones; of Lao in Latin letters how they sound."""
    if way != LAO:
        return " ".join([piece for piece in cut if piece < "\u0e80"][at : at + size])
    if not in_lao_letters(cut):
        return "-".join(said[at : at + size])
    first = heard(cut)[1].index(at)
    return "".join(_VOWEL_IN_FRONT.sub("\\2\\1", piece) for piece in cut[first : first + size])


def explained(what: Why) -> str:
    """The table of a text that an editor reads."""
    ideas: dict[str, list[str]] = defaultdict(list)
    for idea, words in what.ideas:
        ideas[words].append(idea)
    rows = [
        ("language", what.lang or "not known"),
        ("heard", " ".join(what.heard)),
        *_labelled("ideas", [f"{' or '.join(names)}: {words}" for words, names in ideas.items()]),
        *_labelled("pages", [f"{points:5.1f}  {page}" for page, points in what.pages]),
        ("", f"{what.floor:5.1f}  are needed to answer: more if it seems none of ours, else fewer"),
        ("danger", f"{what.danger:5.1f}  above {DANGER / PART:.1f}: help numbers first; "
                   f"above {DOUBT / PART:.1f}: a line about them"),
        *_labelled("danger words", [each.strip("^$ ") for each in what.danger_words], nothing="none"),
        ("none of ours", f"{what.foreign:5.1f}  above 0: it seems so; below: it seems to be ours"),
        ("decided", _decided(what)),
        *_labelled("offered", what.others),
    ]  # fmt: skip
    return "\n".join(f"{label:14}{said}".rstrip() for label, said in rows)


def _labelled(label: str, lines: Sequence[str], nothing: str = "-") -> list[tuple[str, str]]:
    return [(label if not place else "", each) for place, each in enumerate(lines or [nothing])]


def _decided(what: Why) -> str:
    if what.emergency:
        return f"help numbers first, on {what.page}"
    also = ", with a line about help numbers" if what.doubt else ""
    return f"{what.page} answers{also}" if what.page else f"not understood{also}"
