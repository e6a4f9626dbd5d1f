"""What an organisation must still do before people may rely on the bot; till then it is a trial."""

from __future__ import annotations

from collections.abc import Iterator

from bot.book import Page
from bot.compiler.draft import EMPTY, Draft
from bot.compiler.pages import fingerprint
from bot.compiler.source import Node, whole
from bot.problems import Problem

MONEY_BRANCHES = ("costs", "money")


def tasks(draft: Draft) -> Iterator[Problem]:
    """Every open task: name and contact, numbers to call, facts to confirm, pages to read."""
    organisation = draft.files.get("organisation.yaml") or whole("organisation.yaml")
    if not organisation.say("name"):
        yield _task(
            organisation, "launch-name", "no organisation has put its name to this bot", "fill in name"
        )
    if not any(node.text for node in (organisation.get("contact") or EMPTY).map.values()):
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
    told |= {id for page in draft.pages.values() if page.tool is not None for id in page.tool.facts}
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
            if not words.reviewed:
                said = draft.words[lang][page.id]
                at = draft.files[said.file].key(page.id)
                cure = f"let one read it and add it to reviewed.yaml with the fingerprint {fingerprint(said)}"
                yield _task(at, "launch-read", f"no native reader has read {page.id} in {lang}", cure)


def must_be_read(page: Page) -> bool:
    """Whether a native reader must have read the page before launch: those about danger and about money."""
    return page.danger or page.quiet or page.id.split(".")[0] in MONEY_BRANCHES


def _task(at: Node, rule: str, message: str, cure: str) -> Problem:
    return Problem(at.file, at.line, at.column, rule, message, cure, "task")
