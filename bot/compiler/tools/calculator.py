"""The calculator: questions with choices, the labels of the choices, and the words of its result."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.book import Calculator, Choice, Part, Run, Sum, SumWords
from bot.compiler.draft import EMPTY, Draft, listed
from bot.compiler.fields import CALCULATOR_SAID
from bot.compiler.language import Speech
from bot.compiler.pages import part
from bot.compiler.source import Node
from bot.compiler.tools.edition import check_edition
from bot.compiler.tools.names import same_names
from bot.numbers import EACH

PARTS = ("service", "borrowed")
"""Questions for a part of what is asked in all."""
ITEMS_A_SCREEN = 2
_AMOUNT = re.compile(
    r"(?P<up>up to )?(?P<low>[0-9]+)(?:\.(?P<part>[0-9]{1,2}))?(?: to (?P<high>[0-9]+))?(?P<more> or more)?"
    rf"(?P<unit>%| a day for each {EACH}| a day| a month)?"
)
_UNITS = {"%": "%", f" a day for each {EACH}": "each", " a day": "day", " a month": "month"}


def longest_state(node: Node) -> str:
    """The longest state that an address of this calculator may hold: all answered, a further screen."""
    return f"{node.say('edition')}.{'a' * len((node.get('questions') or EMPTY).map)}.99"


def build(draft: Draft, id: str, node: Node) -> Calculator:
    """The calculator of a page from its tree; its words from those of each language."""
    asked = node.get("questions") or EMPTY
    check_edition(draft, node, "questions", [_order(name, each) for name, each in asked.map.items()])
    sums = tuple(_sum(draft, asked, name) for name in asked.map)
    items = node.get("items") or EMPTY
    words: dict[str, tuple[SumWords, ...]] = {}
    said: dict[str, dict[str, Part]] = {}
    screens: dict[str, tuple[tuple[Part, ...], ...]] = {}
    legal: dict[str, tuple[Part, ...]] = {}
    for speech in draft.speech:
        given = draft.words[speech.code].get(id)
        if given is None:
            continue
        words[speech.code] = _questions(draft, given, sums, speech)
        lines = given.get("said") or EMPTY
        said[speech.code] = {name: part(draft, lines.say(name), speech) for name, _ in CALCULATOR_SAID}
        screens[speech.code] = _items(draft, given, items, speech)
        legal[speech.code] = tuple(part(draft, item.text, speech) for item in listed(given, "legal"))
    return Calculator(
        edition=node.say("edition"),
        questions=sums,
        **{name: _figure(node, name) for name in ("work_days", "month_days", "fails", "most")},
        words=words,
        said=said,
        items=screens,
        legal=legal,
        facts=_facts(words, said, screens, legal),
    )


def _order(name: str, question: Node) -> str:
    """How `order` writes a question: its choices stand by position in people's buttons too."""
    return f"{name}: {', '.join(item.text for item in listed(question, 'choices'))}"


def _figure(node: Node, name: str) -> int:
    return int(node.say(name)) if node.say(name).isascii() and node.say(name).isdigit() else 1


def _facts(
    words: dict[str, tuple[SumWords, ...]],
    said: dict[str, dict[str, Part]],
    items: dict[str, tuple[tuple[Part, ...], ...]],
    legal: dict[str, tuple[Part, ...]],
) -> tuple[str, ...]:
    """All facts that the calculator tells, in order."""
    parts = [question.ask for question in next(iter(words.values()), ())]
    parts += next(iter(said.values()), {}).values()
    parts += [each for screen in next(iter(items.values()), ()) for each in screen]
    parts += next(iter(legal.values()), ())
    return tuple(dict.fromkeys(fact for each in parts for fact in each.facts))


# ------------------------------------------------------------------ the tree


def _sum(draft: Draft, asked: Node, name: str) -> Sum:
    node = asked.map[name]
    before = list(asked.map)[: list(asked.map).index(name)]
    return Sum(
        name=name,
        choices=tuple(_choice(draft, item) for item in listed(node, "choices")),
        only=frozenset(_answer(draft, asked, before, item) for item in listed(node, "only")),
        skip=frozenset(_answer(draft, asked, before, item) for item in listed(node, "skip")),
        part=name in PARTS,
    )


def _choice(draft: Draft, node: Node) -> Choice:
    """A choice from its text: a name, or an amount in whole baht or in hundredths of a percent."""
    found = _AMOUNT.fullmatch(node.text)
    if found is None:
        return Choice(node.text, 0, None if node.text == "unknown" else 0)
    low, unit = int(found["low"]), _UNITS.get(found["unit"] or "", "")
    if unit == "%":
        low = low * 100 + int((found["part"] or "0").ljust(2, "0"))
    high = None if found["more"] else int(found["high"]) if found["high"] else low
    if high is not None and high < low:
        draft.report(node, "wrong-value", f"{node.text!r} ends before it begins", "the smaller one first")
    return Choice("", 0 if found["up"] else low, high, unit)


def _answer(draft: Draft, asked: Node, before: Sequence[str], node: Node) -> tuple[int, int]:
    """`asked none` as the positions of a question and of its choice; (-1, -1) where there is none such."""
    question, _, choice = node.text.partition(" ")
    if question not in before:
        draft.report(node, "unknown-question", f"{question} is not asked before", "see questions above")
        return -1, -1
    choices = [item.text for item in listed(asked.map[question], "choices")]
    if choice not in choices:
        draft.report(node, "unknown-question", f"{question} has no choice {choice!r}", "see its choices")
        return -1, -1
    return before.index(question), choices.index(choice)


# ------------------------------------------------------------------ words


def _questions(draft: Draft, said: Node, sums: tuple[Sum, ...], speech: Speech) -> tuple[SumWords, ...]:
    given = said.get("questions") or EMPTY
    same_names(draft, given, [each.name for each in sums], "question")
    return tuple(
        SumWords(part(draft, node.say("ask"), speech), _labels(draft, node, each, speech))
        for each in sums
        for node in [given.get(each.name) or EMPTY]
    )


def _labels(draft: Draft, node: Node, asked: Sum, speech: Speech) -> tuple[str, ...]:
    """Labels of all choices: of those with a name from the words, of amounts from the tree's figures."""
    names = node.get("labels") or EMPTY
    same_names(draft, names, [each.name for each in asked.choices if each.name], "choice")
    labels = tuple(names.say(each.name) if each.name else _amount(each, speech) for each in asked.choices)
    if len(set(labels)) < len(labels) and node is not EMPTY:
        draft.report(node, "label-twice", f"two choices of {asked.name} read the same", "tell them apart")
    return labels


def _amount(choice: Choice, speech: Speech) -> str:
    """The label of an amount: figures and unit alone, for it has to fit a button."""
    if choice.unit == "%":
        return speech.line("percent_a_month", n=speech.numbers.percent(choice.low))
    one = choice.high is None or choice.low in (0, choice.high)
    value = speech.numbers.amount(str((choice.low or choice.high) if one else choice.low),
                                  "" if one else str(choice.high), "THB")  # fmt: skip
    if choice.unit == "each":
        value = speech.line("a_day_each", value=value, each=speech.numbers.number(str(EACH)))
    elif choice.unit:
        value = speech.line(f"a_{choice.unit}", value=value)
    if choice.high is None:
        return speech.line("or_more", value=value)
    said = speech.line("up_to", value=value) if choice.low == 0 else value
    return said[:1].upper() + said[1:]


def _items(draft: Draft, said: Node, items: Node, speech: Speech) -> tuple[tuple[Part, ...], ...]:
    """Screens of who must pay what: each item with its name, who pays, and what the law says."""
    given, pays = said.get("items") or EMPTY, said.get("pays") or EMPTY
    same_names(draft, given, list(items.map), "item")
    parts = []
    for name, node in items.map.items():
        words = given.get(name) or EMPTY
        text = part(draft, words.say("text"), speech)
        who = Run(f"{pays.say(node.say('pays'))}\n", "", speech.code)
        body = (Run(f"{words.say('title')}: ", "bold", speech.code), who, *text.body)
        parts.append(Part(body, text.small, text.facts))
    return tuple(tuple(parts[at : at + ITEMS_A_SCREEN]) for at in range(0, len(parts), ITEMS_A_SCREEN))
