"""The rules of the content, one small function each. A rule looks at the whole draft and reports places.

`RULES` is the list that the compiler runs; its docstrings say what each is for.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator

from bot.address import Address
from bot.book import DANGER_BRANCHES, Calculator, Page, Part, Text
from bot.compiler import markup
from bot.compiler.draft import EMPTY, NOT_READ, Draft, listed
from bot.compiler.fields import REPORT_SAID
from bot.compiler.language import check_braces
from bot.compiler.pages import fact_text
from bot.compiler.pictures import pictured
from bot.compiler.source import Node, whole
from bot.compiler.tools import longest_state
from bot.limits import CALLBACK_DATA_BYTES
from bot.problems import Level, did_you_mean
from bot.spelling import pieces
from bot.writing import LABEL_COLUMNS, columns, spoken

MOST_BUTTONS = 8
MOST_CALLS = 3
MOST_TAPS = 3
MOST_SENTENCES = 11
SCREEN_SIGNS = {"lo": 600}
SCREEN_SIGNS_ELSE = 700
"""Code points of a screen's own words: Lao says the same with fewer, and is read more slowly."""
QUIET_BRANCHES = (*DANGER_BRANCHES, "brokers")


# ------------------------------------------------------------------ the tree


def routes(draft: Draft) -> None:
    """Every button and every way up leads to a page of the tree."""
    for id, node in draft.tree.items():
        up = node.get("up")
        for target in ([up] if up else []) + listed(node, "go"):
            if target.text not in draft.tree:
                draft.report(target, "unknown-page", f"{id} leads to {target.text}, which is not in the tree",
                             did_you_mean(target.text, draft.tree))  # fmt: skip
    for check in draft.tools.values():
        for sign in (check.get("signs") or EMPTY).map.values():
            leads = sign.get("page")
            if leads is not None and leads.text not in draft.tree:
                draft.report(leads, "unknown-page", f"{leads.text} is not in the tree",
                             did_you_mean(leads.text, draft.tree))  # fmt: skip


def home(draft: Draft) -> None:
    """There is a home, and the way up from every page ends there."""
    for id in ("home", "hotlines.emergency", "language", "about.sources"):
        if id not in draft.tree:
            first = next(iter(draft.tree.values()), whole("tree/pages.yaml"))
            draft.report(first, "no-home", f"the tree has no {id}, which every screen leads to", f"add {id}")
    for id, node in draft.tree.items():
        seen, at = [id], id
        while at != "home" and at in draft.tree:
            at = draft.tree[at].say("up")
            if at in seen:
                draft.report(
                    node, "no-way-up", f"the way up from {id} goes in a circle", "let it end at home"
                )
                break
            seen.append(at)
        if id != "home" and node.get("up") is None:
            draft.report(node, "no-way-up", f"{id} has no way up", "add up: and the page above it")


def taps(draft: Draft) -> dict[str, int]:
    """Fewest taps from home to each page, by buttons of pages and by those on every screen."""
    found, edge = {"home": 0}, ["home"]
    while edge:
        following = []
        for id in edge:
            node = draft.tree.get(id, EMPTY)
            ways = [item.text for item in listed(node, "go")] + ["hotlines.emergency"]
            for sign in (draft.tools.get(id, EMPTY).get("signs") or EMPTY).map.values():
                ways.append(sign.say("page"))
            for way in ways:
                if way in draft.tree and way not in found:
                    found[way] = found[id] + 1
                    following.append(way)
        edge = following
    return found


def reached(draft: Draft) -> None:
    """Every page can be reached from home in three taps."""
    found = taps(draft)
    for id, node in draft.tree.items():
        if node.say("kind") in ("languages", "sources"):
            continue
        if id not in found:
            draft.report(node, "unreachable", f"no button leads to {id}", "add it to go: of another page")
        elif found[id] > MOST_TAPS:
            said = f"{id} is {found[id]} taps from home"
            draft.report(node, "too-far", said, f"offer it nearer: at most {MOST_TAPS}")


def buttons(draft: Draft) -> None:
    """A screen has few buttons, each another label, each label on one line of a small phone."""
    for id, node in draft.tree.items():
        go, call = listed(node, "go"), listed(node, "call")
        if len(go) > MOST_BUTTONS:
            said = f"{id} has {len(go)} buttons, more than {MOST_BUTTONS}"
            draft.report(go[MOST_BUTTONS], "many-buttons", said, "move some to another page")
        if len(call) > MOST_CALLS:
            draft.report(
                call[MOST_CALLS], "many-buttons", f"{id} has {len(call)} call buttons", f"keep {MOST_CALLS}"
            )
        for speech in draft.speech:
            labels = Counter(_label(draft, speech.code, item.text) for item in go)
            for item in go:
                if labels[_label(draft, speech.code, item.text)] > 1:
                    draft.report(item, "label-twice", f"two buttons of {id} read the same in {speech.code}",
                                 "give one of the pages another button label")  # fmt: skip


def _label(draft: Draft, lang: str, id: str) -> str:
    words = draft.pages[id].words.get(lang) if id in draft.pages else None
    return words.button if words else id


def further(draft: Draft) -> None:
    """No further screens where a page's address means something else: they would be dead buttons."""
    for pages in draft.words.values():
        for id, said in pages.items():
            kind = draft.tree.get(id, EMPTY).say("kind")
            if (id == "hotlines.emergency" or kind == "sources") and listed(said, "more"):
                dead = f"{id} cannot have further screens: the button to them would be dead"
                draft.report(said.map["more"], "dead-more", dead, "move it to text:, or to another page")


def labels(draft: Draft) -> None:
    """A label fits one line at 320 pixels."""
    for pages in draft.words.values():
        for id, said in pages.items():
            at = said.get("button") or said.get("title") or said
            if columns(at.text) > LABEL_COLUMNS:
                wide = f"the label of {id} has {columns(at.text)} signs, more than {LABEL_COLUMNS}"
                draft.report(at, "label-long", wide, "shorten it, or add a short button:")
            questions = (said.get("questions") or EMPTY).map.values()
            answers = [each.get(answer) for each in questions for answer in ("yes", "no", "unknown")]
            below = [node.get("button") for node in said.walk() if node is not said]
            for label in (said.get("begin"), *answers, *below):
                if label is not None and columns(label.text) > LABEL_COLUMNS:
                    draft.report(
                        label, "label-long", f"this label has {columns(label.text)} signs", "shorten it"
                    )


def addresses(draft: Draft) -> None:
    """The longest address that a button may carry fits Telegram's 64 bytes."""
    for id, node in draft.tree.items():
        states = {"", longest_state(node.say("kind"), draft.tools.get(id, EMPTY))}
        for state in sorted(states):
            own = Address(id, "lao", state, "abcdefgh")
            back = Address("hotlines.emergency", "lao", f"{id}/{state}" if state else id, "abcdefgh")
            for address in (own, back):
                size = len(str(address).encode())
                if size > CALLBACK_DATA_BYTES:
                    long = f"the address {address} has {size} bytes, more than {CALLBACK_DATA_BYTES}"
                    draft.report(node, "address-long", long, "shorten the page id or the tool")


# ------------------------------------------------------------------ words


def complete(draft: Draft) -> None:
    """Each page has words in each language, and each language only words of pages."""
    for speech in draft.speech:
        given = draft.words[speech.code]
        for id, node in draft.tree.items():
            if id not in given:
                draft.report(
                    node,
                    "missing-words",
                    f"{id} has no words in {speech.code}",
                    f"add them in {speech.code}/",
                )
        for id, said in given.items():
            if id not in draft.tree:
                at = draft.files[said.file].key(id)
                draft.report(at, "extra-words", f"{id} is not in the tree", did_you_mean(id, draft.tree))
        for id in draft.fact_nodes:
            if id not in draft.fact_words[speech.code]:
                at = draft.files[draft.fact_nodes[id].file].key(id)
                draft.report(at, "missing-name", f"the fact {id} has no name in {speech.code}",
                             f"add it in a file {speech.code}/facts_….yaml")  # fmt: skip
        for id, said in draft.fact_words[speech.code].items():
            if id not in draft.fact_nodes:
                at = draft.files[said.file].key(id)
                draft.report(at, "unknown-fact", f"there is no fact {id}", did_you_mean(id, draft.fact_nodes))


def report_words(draft: Draft) -> None:
    """Where one language has words for the report of what was counted, each has, with the same braces."""
    files = {speech.code: draft.files.get(f"{speech.code}/report.yaml") for speech in draft.speech}
    if not any(files.values()):
        return
    branches = dict.fromkeys(id.partition(".")[0] for id in draft.tree)
    for lang, node in files.items():
        if node is None:
            at = whole(f"{lang}/report.yaml")
            draft.report(at, "missing-words", f"the report has no words in {lang}", "add this file")
            continue
        for name, braces, _ in REPORT_SAID:
            if name in node.map:
                check_braces(node.map[name], name, braces, draft.report)
        named = node.get("branches") or EMPTY
        for name in (each for each in branches if each not in named.map and "branches" in node.map):
            draft.report(named, "missing-words", f"the branch {name} has no name here", f"add {name}")


def placeholders(draft: Draft) -> None:
    """A placeholder, a number and a call button name a fact, the latter two a telephone."""
    for _, _, node in draft.sayings():
        for name in markup.placeholders(node.text):
            if name not in draft.fact_nodes:
                at = node.at(node.text.index("{" + name + "}"))
                draft.report(
                    at, "unknown-fact", f"{{{name}}} is not a fact", did_you_mean(name, draft.fact_nodes)
                )
        stray = re.search(
            r"[{}]", re.sub(r"\{[a-z][a-z0-9_]*\}", lambda whole: " " * len(whole[0]), node.text)
        )
        if stray:
            draft.report(
                node.at(stray.start()), "stray-brace", "a brace stands alone here", "write {name_of_fact}"
            )
    for node in (*draft.tree.values(), draft.organisation):
        for item in listed(node, "numbers") + listed(node, "call"):
            fact = draft.facts.get(item.text)
            if fact is None:
                draft.report(
                    item,
                    "unknown-fact",
                    f"{item.text} is not a fact",
                    did_you_mean(item.text, draft.fact_nodes),
                )
            elif fact.kind != "phone":
                draft.report(
                    item, "not-a-phone", f"{item.text} is a {fact.kind}, not a phone", "name a phone fact"
                )


_DIGIT = re.compile("[0-9\u0e50-\u0e59\u0ed0-\u0ed9]")
_LIST_MARK = re.compile(r"(?m)^\s*[0-9]{1,2}[.)] ")


def digits(draft: Draft) -> None:
    """A figure in the words is a fact: it has a source, or it does not stand there. Marks of a list may."""
    for _, id, node in draft.sayings():
        found = _DIGIT.search(_blank(_LIST_MARK, _blank(markup.PLACEHOLDER, node.text)))
        if found:
            said = f"the figure {node.text[found.start() :].split()[0]} stands in the words of {id}"
            draft.report(node.at(found.start()), "bare-number", said, "make it a fact: {name_of_fact}")
    for words in draft.fact_words.values():
        for named in words.values():
            at = named.get("name")
            if at is not None and _DIGIT.search(at.text):
                draft.report(at, "bare-number", "a figure stands in the name of a fact", "leave it out")


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """`text` with spaces where `pattern` fits, so that places stay as they are."""
    return pattern.sub(lambda found: " " * len(found[0]), text)


def number_words(draft: Draft) -> None:
    """A number in words beside a unit may hide a fact (a hint)."""
    for speech in draft.speech:
        listed_words = [
            item.text for item in listed(draft.language_file(speech.code, "glossary"), "number_words")
        ]
        unit_words = [word for forms in speech.numbers.units.values() for word in forms.values()]
        if not listed_words:
            continue
        pattern = re.compile(
            rf"({'|'.join(map(re.escape, listed_words))})\s*({'|'.join(map(re.escape, unit_words))})",
            re.IGNORECASE,
        )
        small = [word.lower() for word in listed_words]
        for lang, id, node in draft.sayings():
            text = node.text.lower() if lang == speech.code else ""
            found = pattern.search(node.text) if any(word in text for word in small) else None
            if found:
                draft.report.hint(
                    node, "number-word", f"{found[0]!r} in {id} may be a fact", "make it a fact, or leave it"
                )


_END = re.compile(r"""[.!?]["”’)*]*(?=\s|$)|\n""")
"""Where a sentence ends, or a line."""


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence of `text`, and each line of a list, begins and ends."""
    at = 0
    for place in [*(found.end() for found in _END.finditer(text)), len(text)]:
        if text[at:place].strip():
            yield at, place
        at = place


def _screens(draft: Draft) -> Iterator[tuple[str, Page, int, Text, Part]]:
    for page in draft.pages.values():
        for lang, words in page.words.items():
            for place, part in enumerate(words.parts):
                yield lang, page, place, words.next, part


def length(draft: Draft) -> None:
    """A screen is read on a small phone without scrolling twice."""
    for lang, page, place, following, part in _screens(draft):
        said = [markup.plain(part.body), markup.plain(following)]
        signs = sum(map(len, said))
        most = SCREEN_SIGNS.get(lang, SCREEN_SIGNS_ELSE)
        at = draft.words[lang][page.id]
        where = listed(at, "more")[place - 1] if place else at.get("text") or at
        if signs > most:
            long = f"screen {place + 1} of {page.id} has {signs} signs, more than {most}"
            draft.report(where, "text-long", long, "move some to more:")
        sentences = sum(1 for each in said for _ in _sentences(each))
        if sentences > MOST_SENTENCES:
            many = f"screen {place + 1} of {page.id} has {sentences} sentences"
            draft.report.hint(where, "many-sentences", many, f"at most {MOST_SENTENCES}")


def reading(draft: Draft) -> None:
    """No sentence, with its facts filled in, has more words than `sentence` of the language (a hint).

    Lao writes no spaces between words: its syllables are counted instead. Half as many again is an error.
    """
    for speech in draft.speech:
        language = draft.language_file(speech.code, "language")
        if not language.say("sentence").isdecimal():
            continue
        most = int(language.say("sentence"))
        unit = "syllables" if language.say("words") == "lao" else "words"
        facts = {id: markup.plain(fact_text(draft, id, speech)) for id in draft.facts}
        for _, id, node in (each for each in draft.sayings() if each[0] == speech.code):
            said = _filled(node.text, facts)
            for start, end in _sentences(said):
                # A word has a sign and a space, a syllable two signs: most sentences need not be counted.
                size = spoken(said[start:end]) if end - start > 2 * most else 0
                if size > most:
                    begins = said[start:end].strip(" -\n")[:30].strip()
                    long = f"a sentence of {id} has {size} {unit}, more than {most}: {begins} …"
                    level: Level = "error" if 2 * size > 3 * most else "hint"
                    draft.report(node, "sentence-long", long, "make two of it, or leave words out", level)


def _filled(text: str, facts: dict[str, str]) -> str:
    return markup.PLACEHOLDER.sub(lambda name: facts.get(name[1], ""), text)


def _calculators(draft: Draft) -> Iterator[tuple[str, Calculator]]:
    yield from ((id, page.tool) for id, page in draft.pages.items() if isinstance(page.tool, Calculator))


def choices(draft: Draft) -> None:
    """A calculator's questions have few choices, each with a label that fits one line."""
    for id, tool in _calculators(draft):
        asked = (draft.tools[id].get("questions") or EMPTY).map
        for question in tool.questions:
            given = listed(asked[question.name], "choices")
            if len(given) > MOST_BUTTONS:
                said = f"{question.name} has {len(given)} choices, more than {MOST_BUTTONS}"
                draft.report(given[MOST_BUTTONS], "many-buttons", said, "leave some out")
        for lang, words in tool.words.items():
            at = draft.words[lang][id]
            for label in (label for each in words for label in each.labels):
                if columns(label) > LABEL_COLUMNS:
                    said = f"the label {label!r} has {columns(label)} signs, more than {LABEL_COLUMNS}"
                    draft.report(at.get("questions") or at, "label-long", said, "shorten it")


def calculated(draft: Draft) -> None:
    """The further screens of a calculator's result are as short as those of a page."""
    for id, tool in _calculators(draft):
        for lang, items in tool.items.items():
            at, following = draft.words[lang][id], draft.pages[id].words[lang].next
            screens = [((tool.said[lang]["who"], *parts), "items") for parts in items]
            screens += [((part,), "legal") for part in tool.legal[lang]]
            most = SCREEN_SIGNS.get(lang, SCREEN_SIGNS_ELSE)
            for parts, where in screens:
                size = len("".join(markup.plain(part.body) for part in parts) + markup.plain(following))
                if size > most:
                    said = f"a screen of {where} has {size} signs, more than {most}"
                    draft.report(at.get(where) or at, "text-long", said, "shorten it")


def same(draft: Draft) -> None:
    """The languages say the same on the same screen, as far as a program can tell.

    Each text and its twin tell the same facts equally often, have equally many list marks, and show the
    same words of a third language; each list, such as `more`, is equally long. Buttons, calls and telephone
    numbers are equal by construction: they stand once, in the tree. Numbers in words are not compared: in
    Lao the same letters stand in other words (ພັນ in ສະຫະພັນ), and beside a unit `number_words` reports
    them anyway.
    """
    if len(draft.speech) < 2:
        return
    first = draft.speech[0].code
    for speech in draft.speech[1:]:
        for id, said in draft.words[speech.code].items():
            other = draft.words[first].get(id)
            if other is None:
                continue
            for node, twin in _twins(said, other):
                if len(node.items) != len(twin.items) and {type(node.value), type(twin.value)} == {list}:
                    many = f"this list of {id} has {len(node.items)}, but {len(twin.items)} in {first}"
                    draft.report(node, "not-the-same", many, "make them equal")
                if not (node.text or twin.text):
                    continue
                mine, theirs = _told(draft, node), _told(draft, twin)
                if mine != theirs:
                    odd = ", ".join(sorted((mine - theirs) + (theirs - mine)))
                    draft.report(
                        node,
                        "not-the-same",
                        f"{id} does not tell the same in {first}: {odd}",
                        "make them equal",
                    )


_INSET = re.compile(r"\[[a-z]{2,3}: [^\]]*\]")
_MARK = re.compile(r"(?m)^\s*(?:-|[0-9]{1,2}[.)]) ")


def _told(draft: Draft, node: Node) -> Counter[str]:
    """What a text must have as often as its twin: facts, words of a third language, marks of a list.

    A name that is no fact is reported for itself; it makes no difference between the languages.
    """
    facts = [name for name in markup.PLACEHOLDER.findall(node.text) if name in draft.fact_nodes]
    marks = ["a list mark"] * len(_MARK.findall(node.text))
    return Counter([*facts, *_INSET.findall(node.text), *marks])


def _twins(one: Node, two: Node) -> Iterator[tuple[Node, Node]]:
    """Each node of `one` with that of `two` in the same place; a list that one of them lacks is empty."""
    yield one, two
    for a, b in zip(one.items, two.items, strict=False):
        yield from _twins(a, b)
    for key in {**one.map, **two.map}:
        a, b = (node.get(key) or Node([], node.file, node.line, node.column) for node in (one, two))
        if key != "note" and (key in one.map and key in two.map or a.items or b.items):
            yield from _twins(a, b)


# ------------------------------------------------------------------ safety of the reader


def quiet(draft: Draft) -> None:
    """Pages about danger and brokers open with a neutral sentence; those about danger also give numbers."""
    for id, node in draft.tree.items():
        branch = id.split(".")[0]
        if branch in DANGER_BRANCHES and node.say("danger") != "yes":
            draft.report(node, "not-quiet", f"{id} is about danger", "write danger: yes")
        elif branch in QUIET_BRANCHES and node.say("danger") != "yes" and node.say("quiet") != "yes":
            draft.report(node, "not-quiet", f"{id} may be read by somebody else", "write quiet: yes")
        if node.say("danger") == "yes" and not listed(node, "numbers"):
            draft.report(node, "no-numbers", f"{id} is about danger and gives no number", "add numbers:")


def neutral(draft: Draft) -> None:
    """The neutral sentence is one sentence and holds no word of danger."""
    for speech in draft.speech:
        lines = draft.language_file(speech.code, "language").get("lines") or EMPTY
        said = lines.get("neutral")
        if said is None:
            continue
        spelt = f" {' '.join(pieces(said.text))} "
        for form in listed(draft.language_file(speech.code, "danger"), "words"):
            if f" {' '.join(pieces(form.text))} " in spelt:
                loud = f"the neutral line holds {form.text!r}"
                draft.report(said, "loud-opening", loud, "say nothing about the subject")
                break
        if len(re.findall(r"[.!?]", said.text)) > 1:
            draft.report(said, "loud-opening", "the neutral line must be one sentence", "keep the first")


def disputed(draft: Draft) -> None:
    """A disputed telephone number never stands alone."""
    for id, node in draft.tree.items():
        for key in ("numbers", "call"):
            named = [draft.facts[item.text] for item in listed(node, key) if item.text in draft.facts]
            if named and all(fact.disputed for fact in named):
                draft.report(listed(node, key)[0], "disputed-alone", f"{id} offers only disputed numbers",
                             "add one that is not disputed")  # fmt: skip
    for _, id, said in draft.sayings():
        names = markup.placeholders(said.text)
        phones = [
            draft.facts[name] for name in names if name in draft.facts and draft.facts[name].kind == "phone"
        ]
        if phones and phones[0].disputed:
            draft.report(
                said, "disputed-alone", f"a disputed number stands first in {id}", "put another one before it"
            )


def accused(draft: Draft) -> None:
    """No office, state body, named company or people is called guilty: pages tell facts.

    A word of guilt is said of whoever is named last before it in its sentence, or right behind it. So
    "tell the police if the broker cheats" passes (a broker is one of the glossary's `others`), and both
    "the police in town cheat" and "corrupt police" are reported.
    """
    for speech in draft.speech:
        glossary = draft.language_file(speech.code, "glossary")
        kinds = {
            form.text.lower(): kind
            for kind in ("others", "offices", "guilt")
            for form in listed(glossary, kind)
        }
        nodes = list(_written(draft, speech.code))
        everything = "\n".join(node.text for node in nodes).lower()
        guilt = [form for form, kind in kinds.items() if kind == "guilt" and form in everything]
        pattern = _any_of(kinds)
        for node in nodes:
            text = node.text.lower()
            if not any(form in text for form in guilt):
                continue
            for start, end in _sentences(text):
                if not any(form in text[start:end] for form in guilt):
                    continue
                named = list(pattern.finditer(node.text, start, end))
                for word, office in _accusations(named, kinds):
                    said = f"{office[0]!r} is called guilty here: {word[0]!r}"
                    cure = "tell what happened and who reports it, or what one may ask for"
                    draft.report(node.at(word.start()), "accused", said, cure)


def _accusations(
    named: list[re.Match[str]], kinds: dict[str, str]
) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    """Each word of guilt in a sentence that is said of an office, and that office."""
    last = None
    for place, word in enumerate(named):
        if kinds[word[0].lower()] != "guilt":
            last = word
            continue
        behind = named[place + 1] if place + 1 < len(named) else None
        beside = behind is not None and not word.string[word.end() : behind.start()].strip()
        for office in (last, behind if beside else None):
            if office is not None and kinds[office[0].lower()] == "offices":
                yield word, office
                break


# ------------------------------------------------------------------ one spelling


_THAI = re.compile("[\u0e01-\u0e5b]")
_THAI_SHOWN = re.compile(r"\[th: [^\]]*\]")


def _written(draft: Draft, lang: str) -> Iterator[Node]:
    """All that people read in a language: pages, tools, names of facts, the program's lines; no notes."""
    for file, node in draft.files.items():
        folder, _, name = file.rpartition("/")
        if folder == lang and name not in NOT_READ:
            yield from (each for each in node.walk("note") if each.text)


def terms(draft: Draft) -> None:
    """One word for one idea: forms that the glossary gives up are not written."""
    for speech in draft.speech:
        glossary = draft.language_file(speech.code, "glossary")
        wrong = {
            form.text.lower(): (term.say("term"), "wrong-term", term.say("why"))
            for term in (glossary.get("terms") or EMPTY).map.values()
            for form in listed(term, "not")
        }
        for item in listed(glossary, "spelling"):
            wrong[item.say("wrong").lower()] = (item.say("right"), "wrong-spelling", item.say("why"))
        nodes = list(_written(draft, speech.code))
        everything = "\n".join(node.text for node in nodes).lower()
        there = [form for form in wrong if form in everything]
        if not there:
            continue
        pattern = _any_of(there)
        for node in nodes:
            for found in {match[0]: match for match in pattern.finditer(node.text)}.values():
                right, rule, why = wrong[found[0].lower()]
                draft.report(
                    node.at(found.start()), rule, f"{found[0]!r} is written here", f"write {right!r}: {why}"
                )


def _any_of(forms: Iterable[str]) -> re.Pattern[str]:
    """Fits each of `forms`, the longest first."""
    return re.compile("|".join(_whole(form) for form in sorted(forms, key=len, reverse=True)), re.IGNORECASE)


def _whole(form: str) -> str:
    """Latin words are looked for as whole words; Lao is written without spaces."""
    return rf"\b{re.escape(form)}\b" if form.isascii() else re.escape(form)


def _to_be_shown(draft: Draft, lang: str) -> set[int]:
    """The nodes of phrases that are shown to a Thai."""
    pages = [page for page, node in draft.tree.items() if node.say("kind") == "phrases"]
    phrases = [draft.words[lang].get(page, EMPTY).get("phrases") or EMPTY for page in pages]
    return {id(said) for each in phrases for node in each.map.values() if (said := node.get("say"))}


def thai_letters(draft: Draft) -> None:
    """No Thai letters in Lao words but in [th: …] and in what is shown to a Thai."""
    for speech in draft.speech:
        if draft.language_file(speech.code, "language").say("words") != "lao":
            continue
        shown = _to_be_shown(draft, speech.code)
        for node in (each for each in _written(draft, speech.code) if id(each) not in shown):
            found = _THAI.search(_blank(_THAI_SHOWN, node.text))
            if found:
                said = f"the Thai letter {found[0]} stands in Lao words"
                draft.report(node.at(found.start()), "thai-letter", said, "write it in Lao, or as [th: …]")


# ------------------------------------------------------------------ worth a look


def unused(draft: Draft) -> None:
    """A fact that no page tells (a hint)."""
    told = {name for _, _, node in draft.sayings() for name in markup.placeholders(node.text)}
    told |= {
        item.text
        for node in (*draft.tree.values(), draft.organisation)
        for key in ("numbers", "call")
        for item in listed(node, key)
    }
    for id, node in draft.fact_nodes.items():
        if id not in told:
            draft.report.hint(
                draft.files[node.file].key(id), "unused-fact", f"no page tells {id}", "tell it, or leave it"
            )


def public_ids(draft: Draft) -> None:
    """A page id is a public address: it does not go away, and a new one is written down."""
    for number, id in enumerate(draft.known_lines, 1):
        if id and id not in draft.tree:
            at = Node("", "known_pages.txt", number, 1)
            cure = did_you_mean(id, draft.tree) or "bring it back under its old id"
            draft.report(at, "lost-page", f"people hold buttons to {id}, which is not in the tree", cure)
    for id in draft.tree:
        if draft.known and id not in draft.known:
            at = draft.files[draft.tree[id].file].key(id)
            draft.report.hint(
                at, "new-page", f"{id} is not in known_pages.txt", "add it, and never rename it again"
            )


RULES: tuple[Callable[[Draft], None], ...] = (
    routes, home, reached, buttons, further, labels, addresses,
    complete, report_words, placeholders, digits, number_words, length, reading, choices, calculated, same,
    pictured, quiet, neutral, disputed, accused,
    terms, thai_letters,
    unused, public_ids,
)  # fmt: skip
