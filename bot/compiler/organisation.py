"""What an organisation decides for itself: who it is, its own numbers, and pages that it does not show yet.

Pages that it leaves out altogether: `hiding`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.book import Organisation, Page, Run, Words
from bot.compiler import markup
from bot.compiler.draft import EMPTY, Draft, listed
from bot.compiler.language import Speech
from bot.compiler.pages import numbers_of, part
from bot.compiler.source import Node
from bot.problems import did_you_mean

HELP = "hotlines.emergency"
_PAGES_OF = {"LA": "hotlines.laos", "TH": "hotlines.thailand"}
_RELEASED = {"native", "cleared"}
"""Kinds of reviews of which one is enough where unread pages are withheld."""


def organisation(draft: Draft) -> Organisation:
    """Who runs the bot, as the book tells it."""
    contact = draft.organisation.get("contact") or EMPTY
    return Organisation(
        name=draft.organisation.say("name").strip(),
        contact=", ".join(said for key in ("phone", "web") if (said := contact.say(key).strip())),
        place=_by_language(draft, contact, "place"),
        hours=_by_language(draft, contact, "hours"),
        at=_PAGES_OF[contact.say("country", "LA")],
        telegram=draft.organisation.say("telegram"),
    )


def owners(draft: Draft) -> dict[str, str]:
    """The organisation's own numbers, each with its name."""
    name = draft.organisation.say("name").strip()
    return {item.text: name for item in listed(draft.organisation, "numbers")}


def _by_language(draft: Draft, contact: Node, key: str) -> dict[str, str]:
    """A text of the contact in each language: one for all, or one for each."""
    node = contact.get(key) or EMPTY
    said = {speech.code: node.say(speech.code) or node.text for speech in draft.speech}
    return {lang: text.strip() for lang, text in said.items() if text.strip()}


def stays(id: str) -> bool:
    """Whether a page must be there, and readable, whatever an organisation decides."""
    return id in ("home", "language", HELP) or id.startswith("about.")


# ------------------------------------------------------------------ rules


def own_numbers(draft: Draft) -> None:
    """The organisation's own numbers are told with whose they are."""
    numbers = listed(draft.organisation, "numbers")
    if numbers and not draft.organisation.say("name").strip():
        draft.report(
            numbers[0], "no-name", "numbers are told with whose they are, and name is empty", "fill in name"
        )


def contact_words(draft: Draft) -> None:
    """A place and hours that are told by language are told in each."""
    codes = {speech.code for speech in draft.speech}
    contact = draft.organisation.get("contact") or EMPTY
    for key in ("place", "hours"):
        node = contact.get(key) or EMPTY
        if not node.map:
            continue
        for lang in sorted(codes - node.map.keys()):
            draft.report(node, "missing-words", f"{key} has no words in {lang}", f"add {lang}: here")
        for lang in sorted(node.map.keys() - codes):
            draft.report(node.key(lang), "extra-words", f"there is no language {lang}")


def withheld_pages(draft: Draft) -> None:
    """Pages that are withheld are there, and are not those that a person cannot do without."""
    for item in listed(draft.organisation, "withhold"):
        must_be_there(draft, item, "withheld")
        if stays(item.text):
            draft.report(item, "must-stay", f"{item.text} cannot be withheld", "take it out of withhold:")


def must_be_there(draft: Draft, item: Node, done: str) -> None:
    """Reports a page that is to be hidden or withheld and is not in the tree."""
    if item.text not in draft.tree:
        said = f"{item.text} is to be {done}, but is not in the tree"
        draft.report(item, "unknown-page", said, did_you_mean(item.text, draft.tree))


RULES: tuple[Callable[[Draft], None], ...] = (own_numbers, contact_words, withheld_pages)


# ------------------------------------------------------------------ withheld


def withhold(draft: Draft) -> None:
    """Puts one line and the help numbers in the place of words that the organisation does not show yet."""
    said = draft.organisation.get("withhold") or EMPTY
    pages = {item.text for item in said.items}
    help = draft.pages.get(HELP)
    for id, page in draft.pages.items():
        if help is None or stays(id):
            continue
        words = dict(page.words)
        for speech in draft.speech:
            own, instead = words.get(speech.code), help.words.get(speech.code)
            if own is None or instead is None:
                continue
            if id in pages or said.text == "unread" and not own.reading.kinds & _RELEASED:
                words[speech.code] = _instead(draft, page, own, instead, speech)
        draft.pages[id] = replace(page, words=words)


def _instead(draft: Draft, page: Page, own: Words, help: Words, speech: Speech) -> Words:
    """What stands in the place of a page's words. On a page about danger its own numbers stay at the top."""
    id, shown = (page.id, own) if page.danger else (HELP, help)
    following = markup.placeholders(draft.words[speech.code][HELP].say("next"))
    numbers = [fact.id for fact in numbers_of(draft, id, draft.tree[id])]
    told = part(draft, "", speech, [*numbers, *following])
    line = (Run(speech.line("withheld") + "\n\n", "", speech.code),)
    return replace(
        own,
        top=shown.top if page.danger else (),
        few=(),
        parts=(replace(told, body=line if page.danger else (*line, *shown.top)),),
        next=help.next,
        calls=shown.calls,
        withheld=True,
    )
