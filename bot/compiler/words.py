"""The words that people use: gathered from the editors' files, checked, and made into the index."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain

from bot.book import Index, Weights
from bot.compiler.draft import EMPTY, Draft, listed
from bot.compiler.learning import STEPS, Lessons, learn
from bot.compiler.source import Node, Report, read
from bot.problems import did_you_mean
from bot.reading import LAO, SPACES, heard, lettered, whole, worded
from bot.spelling import END, clean, pieces

WORDS, ASKS, DANGER, FOREIGN, THAI = "words", "asks", "danger", "not_ours", "thai"
"""Folders and files of a language: ideas with their words; questions by page; the two other tables."""

ASK = "tree/ask.yaml"
"""Optional: ideas that lead to a page, and ideas that ask to go on."""


BARE = {LAO: 4, SPACES: 2}
"""Syllables, or words, of a question so short that points would be chance."""

LONGEST_BARE = 30
"""Signs: what is longer is no bare question, and need not be cut to see it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of the editors, and where it stands."""

    lang: str
    page: str
    text: str
    file: str
    line: int
    column: int


def questions(files: Mapping[str, str]) -> tuple[Asked, ...]:
    """All questions of a content folder that compiles, in the order of files and lines."""
    found: list[Asked] = []
    for path in sorted(files):
        lang, _, rest = path.partition("/")
        if rest.startswith(f"{ASKS}/"):
            node = read(path, files[path], Report())
            for item in node.items if node else ():
                found.append(Asked(lang, _page_of(item), item.text, path, item.line, item.column))
    return tuple(found)


def hints(files: Mapping[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Page and names of ideas: the hints of a content folder that compiles."""
    ask = read(ASK, files[ASK], Report()) if ASK in files else None
    return _hints(ask or EMPTY)


def _hints(ask: Node) -> tuple[tuple[str, tuple[str, ...]], ...]:
    below = ask.get("hints") or EMPTY
    return tuple((id, tuple(item.text.split(" + "))) for id, said in below.map.items() for item in said.items)


def index(draft: Draft) -> Index:
    """What `understand` reads, for the pages that are shown."""
    shown = tuple(id for id in draft.pages if id not in draft.hidden)
    lessons = _lessons(draft)
    taught = learn(lessons)
    thai = taught.thai
    titles: dict[str, str] = {}
    for lang, _ in lessons.ways:
        for id in shown:
            words = draft.pages[id].words.get(lang)
            for title in (words.title, words.button) if words else ():
                titles.setdefault(whole(pieces(title, thai)), id)
    for lang, id, text in lessons.asks:
        if id in shown and is_bare(taught, lang, text):
            cut = pieces(text, thai)
            titles.setdefault(whole(cut), id)
            if taught.ways[lang] == LAO:
                titles.setdefault(f"~{whole(heard(cut)[0])}", id)
    titles.pop("", None)
    further = [item.text for item in listed(draft.files.get(ASK, EMPTY), "onward")]
    return replace(
        taught,
        weights=_without(taught, draft.hidden) if draft.hidden else taught.weights,
        titles=titles,
        safe=frozenset(whole(pieces(item.text)) for item in listed(draft.organisation, "safe_words")),
        near={id: _near(draft, id, shown) for id in shown},
        onward={id: ways[0] for id in shown if (ways := draft.pages[id].go)},
        further=frozenset(place for place, name in enumerate(taught.ideas) if name in further),
    )


def is_bare(taught: Index, lang: str, text: str) -> bool:
    """Whether a question is so short that who asks just this gets its page, whatever points there are."""
    return len(text) < LONGEST_BARE and len(pieces(text, taught.thai)) <= BARE[taught.ways[lang]]


def _without(taught: Index, hidden: Container[str]) -> dict[str, Weights]:
    """The weights without pages that the organisation leaves out; the rest keep their numbers."""
    gone = {place for place, id in enumerate(taught.pages) if id in hidden}
    kept: dict[str, Weights] = {}
    for kind, weights in taught.weights.items():
        pairs = {each: zip(flat[::2], flat[1::2], strict=True) for each, flat in weights.items()}
        kept[kind] = {
            each: tuple(chain.from_iterable(pair for pair in those if pair[0] not in gone))
            for each, those in pairs.items()
        }
    return kept


def _near(draft: Draft, id: str, shown: tuple[str, ...]) -> tuple[str, ...]:
    """Pages that a short question asked on a page may mean: itself, those it leads to, its siblings."""
    page = draft.pages[id]
    beside = [other for other in shown if draft.pages[other].up == page.up and page.up != "home"]
    return tuple(each for each in dict.fromkeys((id, *page.go, *beside)) if each in shown)


def _lessons(draft: Draft) -> Lessons:
    ways = tuple(
        (each.code, draft.language_file(each.code, "language").say("words")) for each in draft.speech
    )
    two = [
        (lang, kind, item.text)
        for lang, _ in ways
        for said in (draft.language_file(lang, DANGER).get("kinds") or EMPTY).map.values()
        for kind in ("danger", "calm")
        for item in listed(said, kind)
    ]
    return Lessons(
        ways=ways,
        pages=tuple(draft.tree),
        thai=tuple(
            (word, said.text)
            for lang, _ in ways
            for word, said in draft.language_file(lang, THAI).map.items()
        ),
        ideas=tuple((lang, name, form.text) for lang, name, form in ideas(draft)),
        asks=tuple((lang, page, item.text) for lang, page, item in asked(draft)),
        hints=_hints(draft.files.get(ASK, EMPTY)),
        plain=tuple(
            (lang, item.text)
            for lang, _ in ways
            for item in listed(draft.language_file(lang, DANGER), "words")
        ),
        alone=tuple(
            (lang, item.text)
            for lang, _ in ways
            for item in listed(draft.language_file(lang, DANGER), "alone")
        ),
        danger=tuple((lang, text) for lang, kind, text in two if kind == "danger"),
        calm=tuple((lang, text) for lang, kind, text in two if kind == "calm"),
        foreign=tuple(
            (lang, item.text)
            for lang, _ in ways
            for said in draft.language_file(lang, FOREIGN).map.values()
            for item in said.items
        ),
    )


def ideas(draft: Draft) -> Iterator[tuple[str, str, Node]]:
    """Language, name of the idea, form: all that stand in the word files."""
    for lang, words in _files(draft, WORDS):
        for name, forms in words.map.items():
            yield from ((lang, name, form) for form in forms.items)


def asked(draft: Draft) -> Iterator[tuple[str, str, Node]]:
    """Language, page, question: all that stand in the files of questions."""
    for lang, questions in _files(draft, ASKS):
        yield from ((lang, _page_of(questions), item) for item in questions.items)


def _page_of(file: Node) -> str:
    """The page that a file of questions is about."""
    return file.file.rpartition("/")[2].removesuffix(".yaml")


def _files(draft: Draft, folder: str) -> Iterator[tuple[str, Node]]:
    for each in draft.speech:
        for path, node in draft.files.items():
            if path.startswith(f"{each.code}/{folder}/"):
                yield each.code, node


# ------------------------------------------------------------------ rules


def known(draft: Draft) -> None:
    """Questions are asked of pages of the tree; hints name ideas that have words."""
    for _, questions in _files(draft, ASKS):
        page = _page_of(questions)
        if page not in draft.tree:
            wrong = f"questions are asked here of {page}, which is not in the tree"
            draft.report(
                questions, "unknown-page", wrong, did_you_mean(page, draft.tree) or "rename the file"
            )
    names = {name for _, name, _ in ideas(draft)}
    ask = draft.files.get(ASK, EMPTY)
    for id, said in (ask.get("hints") or EMPTY).map.items():
        if id not in draft.tree:
            at = (ask.get("hints") or EMPTY).key(id)
            draft.report(at, "unknown-page", f"{id} is not in the tree", did_you_mean(id, draft.tree))
        for item in said.items:
            _known_ideas(draft, item, names)
    for item in listed(ask, "onward"):
        _known_ideas(draft, item, names)


def _known_ideas(draft: Draft, item: Node, names: set[str]) -> None:
    for name in item.text.split(" + "):
        if name not in names:
            said = f"no language has words for the idea {name}"
            draft.report(item, "unknown-idea", said, did_you_mean(name, names))


def asked_of_all(draft: Draft) -> None:
    """Every page that can be asked for is asked for in every language (a hint)."""
    given = {(lang, page) for lang, page, _ in asked(draft)}
    for each in draft.speech if given else ():
        for id, node in draft.tree.items():
            if node.say("kind", "page") == "page" and node.get("go") is None and (each.code, id) not in given:
                said = f"nobody asks for {id} in {each.code}"
                draft.report.hint(node, "never-asked", said, f"add questions in {each.code}/{ASKS}/{id}.yaml")


def asked_twice(draft: Draft) -> None:
    """A question is asked of one page, once."""
    seen: dict[tuple[str, str], tuple[str, Node]] = {}
    for lang, page, item in asked(draft):
        same = clean(item.text).replace(END, "").replace(" ", "")
        first = seen.setdefault((lang, same), (page, item))
        if first[1] is not item:
            said = f"this question stands also for {first[0]}, in {first[1].file}, line {first[1].line}"
            draft.report(item, "asked-twice", said, "keep one of the two")


RULES = (known, asked_of_all, asked_twice)


# ------------------------------------------------------------------ what was learned, worth a look

MOST_IDEAS = 3
"""A form that may mean more ideas than these tells none of them from the others."""

WIDE = 1 / 3
"""Share of the pages for which a wide idea speaks …"""

STRONG = 5 * STEPS // 4
"""… and what it would have to say for one of them, to be worth it: words three times as frequent there."""


def worth(draft: Draft, index: Index) -> None:
    """Ideas that tell nothing, as the index shows (hints). Where pages are hidden, nobody need look."""
    if draft.hidden:
        return
    ask = draft.files.get(ASK, EMPTY)
    used = {name for _, names in _hints(ask) for name in names}
    used |= {item.text for item in listed(ask, "onward")}
    kinds = (index.weights.get("i", {}), index.danger.get("i", {}), index.foreign.get("i", {}))
    for place, name in enumerate(index.ideas):
        said = kinds[0].get(place, ())[1::2]
        if name not in used and not any(place in kind for kind in kinds):
            none = f"the idea {name} tells nothing: no question has its words, or those of all pages have"
            draft.report.hint(
                _first(draft, name), "unused-idea", none, "add a question with one, or leave it out"
            )
        elif len(said) > WIDE * len(index.pages) and max(said) < STRONG:
            wide = f"the idea {name} speaks for {len(said)} pages, and for none clearly"
            draft.report.hint(
                _first(draft, name), "wide-idea", wide, "part it into ideas that mean one thing"
            )
    _many(draft, index)


def _first(draft: Draft, name: str) -> Node:
    """Where an idea stands first, its name."""
    return next(words.key(name) for _, words in _files(draft, WORDS) if name in words.map)


def _many(draft: Draft, index: Index) -> None:
    """Reports forms that stand in many ideas, where the last of these has them."""
    for lang, way in index.ways.items():
        forms = index.forms.get(lang)
        many = (
            {form: those for form, those in forms.ideas.items() if len(those) > MOST_IDEAS} if forms else {}
        )
        names = {index.ideas[idea] for those in many.values() for idea in those}
        last: dict[str, Node] = {}
        for code, name, item in ideas(draft) if many else ():
            if code == lang and name in names:
                cut = pieces(item.text, index.thai)
                last[" ".join(lettered(cut) if way == LAO else worded(cut))] = item
        for form, those in many.items():
            said = f"{last[form].text!r} stands in {len(those)} ideas: "
            said += ", ".join(index.ideas[idea] for idea in those)
            draft.report.hint(
                last[form], "many-ideas", said, "leave it where it means most, or write more of it"
            )
