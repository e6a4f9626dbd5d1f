"""The check: questions by position, warning signs, and their words."""

from __future__ import annotations

from bot.book import Check, Part, Question, Sign, SignWords
from bot.compiler.draft import EMPTY, Draft, listed
from bot.compiler.language import Speech
from bot.compiler.pages import part
from bot.compiler.source import Node
from bot.compiler.tools.edition import check_edition
from bot.compiler.tools.names import same_names

WEIGHTS = {"grave": 2, "serious": 1, "ask": 0}
ANSWERS = {"yes": "y", "no": "n", "unknown": "d"}


def longest_state(node: Node) -> str:
    """The longest state that an address of this check may hold: all answered, a further screen."""
    return f"{node.say('edition')}.{'y' * len(listed(node, 'questions'))}.2"


def build(draft: Draft, id: str, node: Node) -> Check:
    """The check of a page from its tree; its words from those of each language."""
    check_edition(draft, node, "questions")
    questions = tuple(item.text for item in listed(node, "questions"))
    signs = [
        sign
        for name, said in (node.get("signs") or EMPTY).map.items()
        for sign in [_sign(draft, name, said, questions)]
    ]
    words, sign_words = {}, {}
    openings: dict[str, dict[str, Part]] = {"found": {}, "none": {}, "unsure": {}}
    for speech in draft.speech:
        said = draft.words[speech.code].get(id)
        if said is None:
            continue
        words[speech.code] = _questions(draft, said, questions, speech)
        sign_words[speech.code] = _sign_words(draft, said, [sign.name for sign in signs], speech)
        for name, by_lang in openings.items():
            by_lang[speech.code] = part(draft, said.say(name), speech)
    return Check(
        edition=node.say("edition"),
        questions=questions,
        signs=tuple(sorted(signs, key=lambda sign: -sign.weight)),
        words=words,
        sign_words=sign_words,
        **openings,
        facts=_facts(words, sign_words),
    )


def _facts(words: dict[str, tuple[Question, ...]], signs: dict[str, dict[str, SignWords]]) -> tuple[str, ...]:
    """All facts that the check tells, in order."""
    parts = [part for sign in next(iter(signs.values()), {}).values() for part in (sign.why, sign.do)]
    parts += [question.ask for question in next(iter(words.values()), ())]
    return tuple(dict.fromkeys(fact for part in parts for fact in part.facts))


def _sign(draft: Draft, name: str, node: Node, questions: tuple[str, ...]) -> Sign:
    when = []
    for alternative in listed(node, "when"):
        needs = []
        for item in alternative.items:
            question, _, answer = item.text.partition(" ")
            if question not in questions:
                draft.report(
                    item, "unknown-question", f"there is no question {question}", "see questions above"
                )
            elif answer in ANSWERS:
                needs.append((questions.index(question), ANSWERS[answer]))
        when.append(tuple(needs))
    return Sign(
        name, tuple(each for each in when if each), WEIGHTS.get(node.say("weight"), 0), node.say("page")
    )


def _questions(draft: Draft, said: Node, names: tuple[str, ...], speech: Speech) -> tuple[Question, ...]:
    found, given = [], said.get("questions") or EMPTY
    same_names(draft, given, names, "question")
    for name in names:
        node = given.get(name) or EMPTY
        ask = part(draft, node.say("ask"), speech)
        found.append(Question(ask, node.say("yes"), node.say("no"), node.say("unknown")))
        labels = [node.say("yes"), node.say("no"), node.say("unknown")]
        if len(set(labels)) < 3 and node is not EMPTY:
            draft.report(node, "label-twice", f"two answers of {name} have the same label", "tell them apart")
    return tuple(found)


def _sign_words(draft: Draft, said: Node, names: list[str], speech: Speech) -> dict[str, SignWords]:
    given = said.get("signs") or EMPTY
    same_names(draft, given, names, "sign")
    return {
        name: SignWords(
            node.say("title"), part(draft, node.say("why"), speech), part(draft, node.say("do"), speech)
        )
        for name in names
        for node in [given.get(name) or EMPTY]
    }
