"""Pages: the tree and the words of each language joined with facts."""

from __future__ import annotations

from collections.abc import Sequence

from bot.book import Button, Fact, Page, Part, Reading, Run, Text, Words
from bot.compiler import markup
from bot.compiler.draft import Draft, listed
from bot.compiler.facts import state_lines
from bot.compiler.language import Speech
from bot.compiler.source import Node

FEW = 3
"""Numbers on the further screens of a page that names no buttons to call."""


def pages(draft: Draft) -> dict[str, Page]:
    """All pages of the tree that have words; rules report what is missing."""
    return {id: _page(draft, id, node) for id, node in draft.tree.items()}


def _page(draft: Draft, id: str, node: Node) -> Page:
    words = {}
    for speech in draft.speech:
        said = draft.words[speech.code].get(id)
        if said is not None:
            words[speech.code] = _words(draft, id, node, said, speech)
    first = next(iter(words.values()), None)
    danger = node.say("danger") == "yes"
    picture = draft.picture_of(node)
    return Page(
        id=id,
        up=node.say("up"),
        go=tuple(item.text for item in listed(node, "go")),
        kind=node.say("kind", "page"),  # type: ignore[arg-type]
        danger=danger,
        quiet=danger or node.say("quiet") == "yes",
        sensitive=danger or node.say("sensitive") == "yes",
        words=words,
        facts=tuple(dict.fromkeys(fact for part in first.parts for fact in part.facts)) if first else (),
        picture=picture.text if picture and draft.pictures.get(picture.text) else "",
    )


def _words(draft: Draft, id: str, node: Node, said: Node, speech: Speech) -> Words:
    numbers = numbers_of(draft, id, node)
    calls = in_order([draft.facts[item.text] for item in listed(node, "call") if item.text in draft.facts])
    few = calls or numbers[:FEW]
    texts = [said.say("text"), *(item.text for item in listed(said, "more"))]
    nexts = markup.placeholders(said.say("next"))
    parts = []
    for place, text in enumerate(texts):
        told = [fact.id for fact in (few if place else numbers)]
        parts.append(part(draft, text, speech, [*told, *markup.placeholders(text), *nexts]))
    return Words(
        title=said.say("title"),
        button=said.say("button") or said.say("title"),
        top=number_lines(numbers, speech),
        few=number_lines(few, speech),
        parts=tuple(parts),
        next=part(draft, said.say("next"), speech).body,
        calls=tuple(
            Button(
                f"📞 {fact.now[0].value} ({speech.country(fact.country)})", f"tel:{dial(fact.now[0].value)}"
            )
            for fact in calls
        ),
        reading=draft.readings.get((id, speech.code), Reading()),
    )


def part(draft: Draft, text: str, speech: Speech, facts: Sequence[str] | None = None) -> Part:
    """`text` with its facts filled in, and the small print for `facts` (those of the text, if not given)."""
    ids = dict.fromkeys(markup.placeholders(text) if facts is None else facts)
    told = [draft.facts[id] for id in ids if id in draft.facts]
    body = markup.runs(text, speech.code, lambda id: fact_text(draft, id, speech))
    small = (
        tuple(Run(line + "\n", "small", speech.code) for line in state_lines(told, speech)) if told else ()
    )
    return Part(body, small, tuple(fact.id for fact in told))


def fact_text(draft: Draft, id: str, speech: Speech) -> Text:
    """What {id} prints; the placeholder itself where there is no such fact (a rule reports it)."""
    fact = draft.facts.get(id)
    if fact is None or speech.code not in fact.words:
        return (Run("{" + id + "}", "", speech.code),)
    return fact.words[speech.code]


def in_order(numbers: Sequence[Fact]) -> list[Fact]:
    """Telephone facts as they are offered: one that failed, ended or is disputed never stands first."""
    return sorted(numbers, key=lambda fact: (fact.state == "failed" or fact.ended, fact.disputed))


def numbers_of(draft: Draft, id: str, node: Node) -> list[Fact]:
    """The numbers of a page as they are offered: behind those of the tree the organisation's own.

    Its own stand on the pages of help numbers and on that about the bot; one that failed stands nowhere.
    """
    own = [item.text for item in listed(draft.organisation, "numbers")]
    told = [item.text for item in listed(node, "numbers")]
    if id.split(".")[0] == "hotlines" or node.say("kind") == "about":
        told = list(dict.fromkeys((*told, *own)))
    facts = [draft.facts[name] for name in told if name in draft.facts]
    ours = [fact for fact in facts if fact.id in own and fact.kind == "phone" and fact.state != "failed"]
    return [*in_order([fact for fact in facts if fact.id not in own]), *in_order(ours)]


def dial(number: str) -> str:
    """What a telephone dials: figures and a leading +."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")


def number_lines(numbers: Sequence[Fact], speech: Speech) -> Text:
    """A line for each number: where one must be to call it, whose it is, and whether it always answers."""
    return tuple(run for fact in numbers for run in fact.help.get(speech.code, ()))
