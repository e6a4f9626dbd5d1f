"""The quiz: a bank of questions, each with a key for ever, and their words."""

from __future__ import annotations

from bot.book import Part, Quiz, QuizQuestion, QuizWords
from bot.compiler.draft import EMPTY, Draft, listed
from bot.compiler.language import Speech
from bot.compiler.pages import part
from bot.compiler.source import Node
from bot.compiler.tools.names import same_names
from bot.problems import did_you_mean

ANSWERS = {"yes": "y", "no": "n"}


def longest_state(node: Node) -> str:
    """The longest state that a button of this quiz carries: all answered."""
    take = _take(node)
    return f"{'k' * take}.{'y' * take}"


def build(draft: Draft, id: str, node: Node) -> Quiz:
    """The quiz of a page from its tree; its words from those of each language."""
    bank = listed(node, "questions")
    _check_keys(draft, node)
    _check_bank(draft, node)
    keys = tuple(item.say("key") for item in bank)
    words: dict[str, dict[str, QuizWords]] = {}
    labels: dict[str, dict[str, str]] = {"begin": {}, "right": {}, "wrong": {}}
    closings: dict[str, dict[str, Part]] = {"all_right": {}, "some_right": {}, "few_right": {}}
    for speech in draft.speech:
        said = draft.words[speech.code].get(id)
        if said is None:
            continue
        words[speech.code] = _words(draft, said, keys, speech)
        for name, by_lang in labels.items():
            by_lang[speech.code] = said.say(name)
        for name, parts in closings.items():
            parts[speech.code] = part(draft, said.say(name), speech)
    return Quiz(
        take=_take(node),
        questions=tuple(
            QuizQuestion(item.say("key"), ANSWERS.get(item.say("right"), ""), item.say("page"))
            for item in bank
        ),
        words=words,
        begin=labels["begin"],
        right=labels["right"],
        wrong=labels["wrong"],
        all_right=closings["all_right"],
        some_right=closings["some_right"],
        few_right=closings["few_right"],
        facts=_facts(words, closings),
    )


def _take(node: Node) -> int:
    return int(node.say("take")) if node.say("take").isdigit() else 0


def _check_keys(draft: Draft, node: Node) -> None:
    """A key stands for one question for ever: it is in people's buttons, and in what was counted."""
    cure = "take a sign that was never used: a-z A-Z 0-9"
    retired = listed(node, "retired")
    gone, seen = {item.text for item in retired}, set()
    for at in [key for item in listed(node, "questions") if (key := item.get("key"))]:
        if at.text in gone:
            draft.report(at, "used-key", f"{at.text} was the key of a question that is no more", cure)
        elif at.text in seen:
            draft.report(at, "used-key", f"{at.text} is the key of another question", cure)
        seen.add(at.text)


def _check_bank(draft: Draft, node: Node) -> None:
    """There are enough questions to draw from, and each leads to a page to read."""
    bank = listed(node, "questions")
    if len(bank) < _take(node):
        said = f"{node.say('take')} questions are asked, but there are only {len(bank)}"
        draft.report(node.get("take") or node, "few-questions", said, "add questions, or ask fewer")
    for at in [page for item in bank if (page := item.get("page"))]:
        if at.text not in draft.tree:
            draft.report(
                at, "unknown-page", f"{at.text} is not in the tree", did_you_mean(at.text, draft.tree)
            )


def _words(draft: Draft, said: Node, keys: tuple[str, ...], speech: Speech) -> dict[str, QuizWords]:
    given = said.get("questions") or EMPTY
    same_names(draft, given, keys, "question")
    found = {}
    for key in keys:
        node = given.get(key) or EMPTY
        yes, no = node.say("yes"), node.say("no")
        if yes == no and node is not EMPTY:
            draft.report(node, "label-twice", f"both answers of {key} have the same label", "tell them apart")
        ask, why = part(draft, node.say("ask"), speech), part(draft, node.say("why"), speech)
        found[key] = QuizWords(ask, yes, no, why)
    return found


def _facts(words: dict[str, dict[str, QuizWords]], closings: dict[str, dict[str, Part]]) -> tuple[str, ...]:
    """All facts that the quiz tells, in order."""
    first: dict[str, QuizWords] = next(iter(words.values()), {})
    parts = [part for said in first.values() for part in (said.ask, said.why)]
    parts += [part for by_lang in closings.values() for part in list(by_lang.values())[:1]]
    return tuple(dict.fromkeys(fact for part in parts for fact in part.facts))
