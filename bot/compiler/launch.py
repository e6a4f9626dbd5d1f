"""What an organisation must still do before people may rely on the bot; till then it is a trial."""

from __future__ import annotations

from collections.abc import Iterator

from bot.book import Page, Reading
from bot.compiler.draft import EMPTY, Draft, listed
from bot.compiler.reviews import LINES
from bot.compiler.source import Node, whole
from bot.problems import Problem

MONEY_BRANCHES = ("costs", "money")
REACH = ("phone", "place", "web")
"""Any of these is a way to reach the organisation."""


def tasks(draft: Draft) -> Iterator[Problem]:
    """Every open task: name and contact, numbers to call, facts to confirm, pages to read."""
    organisation = draft.files.get("organisation.yaml") or whole("organisation.yaml")
    if not organisation.say("name"):
        yield _task(
            organisation, "launch-name", "no organisation has put its name to this bot", "fill in name"
        )
    contact = organisation.get("contact") or EMPTY
    if not any(said.text.strip() for key in REACH if (at := contact.get(key)) for said in at.walk()):
        yield _task(
            organisation, "launch-contact", "nobody can be reached behind this bot", "fill in contact"
        )
    yield from _facts(draft)
    yield from _readings(draft)


def _facts(draft: Draft) -> Iterator[Problem]:
    told = {
        id
        for page in draft.pages.values()
        for words in page.words.values()
        for p in words.parts
        for id in p.facts
    }
    told |= {
        id
        for page in draft.pages.values()
        if page.tool is not None and not all(words.withheld for words in page.words.values())
        for id in page.tool.facts
    }
    # A number of the organisation's own that failed stands on no page, and is still to be put right.
    told |= {item.text for item in listed(draft.organisation, "numbers")}
    for id in sorted(told):
        fact, node = draft.facts[id], draft.fact_nodes[id]
        at = draft.files[node.file].key(id)
        if fact.state == "failed":
            yield _task(at, "launch-call", f"{id} did not answer", "find out the right number")
        elif fact.state != "verified" and fact.kind == "phone":
            yield _task(
                at, "launch-call", f"{id} has no test call that is recent", "call it and write last_call"
            )
        elif fact.state != "verified":
            yield _task(
                at, "launch-confirm", f"{id} is not confirmed, or long ago", "confirm it and write verified"
            )


def _readings(draft: Draft) -> Iterator[Problem]:
    for page in draft.pages.values():
        if not must_be_read(page):
            continue
        for lang, words in page.words.items():
            if not words.reading.native and not words.withheld:
                at = draft.files[draft.words[lang][page.id].file].key(page.id)
                yield _unread(at, words.reading, page.id, lang)
    for speech in draft.speech:
        reading = draft.readings[LINES, speech.code]
        if not reading.native:
            at = draft.language_file(speech.code, "language").key("lines")
            yield _unread(at, reading, LINES, speech.code)


def _unread(at: Node, reading: Reading, page: str, lang: str) -> Problem:
    said = f"no native reader has read {page} in {lang}"
    if reading.changed:
        said = f"{page} in {lang}: words changed since a native reader read it, here or in another language"
    return _task(at, "launch-read", said, "let one read it: khua review sheet")


def must_be_read(page: Page) -> bool:
    """Whether a native reader must have read the page before launch: those about danger and about money."""
    return page.danger or page.quiet or page.id.split(".")[0] in MONEY_BRANCHES


def _task(at: Node, rule: str, message: str, cure: str) -> Problem:
    return Problem(at.file, at.line, at.column, rule, message, cure, "task")
