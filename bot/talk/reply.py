"""The whole conversation: what one event leads to. Pure, and never silent: any event has a screen.

    reply(book, event) -> Reply(screen, counts)

A wrong, old or crafted address leads to the nearest living page with one line that says so. Where the
language is not known, the screen is in the book's first two languages, with the choice.
"""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches

from bot.address import Address, parse
from bot.book import Book, Button, Count, CountKind, Event, Reply, Run, Screen
from bot.talk import no_answer
from bot.talk.lines import line
from bot.talk.screens import HELP, HIDE, build, joined, languages
from bot.talk.tools import results_of
from bot.talk.understand import understand

COMMANDS = {"/start": "home", "/help": HELP, "/language": "language", "/hide": HIDE}
"""What people know from Telegram, and the place or deed behind it."""

SPOKEN = ("voice", "audio", "video_note")
"""What people send who would rather speak than write."""

MOST_SIGNS = 4096
"""Signs of the longest message of Telegram: no player passes on more."""


def reply(book: Book, event: Event) -> Reply:
    """The screen for `event`, and the names to count for it. Raises nothing, whatever the event holds."""
    if event.kind == "ask" and event.value.strip() in COMMANDS:
        # A command that was typed where a player has none of its own.
        event = replace(event, kind="open", value=COMMANDS[event.value.strip()])
    if event.kind == "ask":
        return _answer(book, event)
    if event.kind == "open" and event.value == HIDE:
        return _hidden(book, event)
    if event.kind == "other":
        at = Address("home", _looked_at_language(book, event))
        kind: CountKind = "voice" if event.value in SPOKEN else "other"
        return Reply(build(book, at, "not_text"), (Count(kind, "", at.lang),))
    return _open(book, event)


# ------------------------------------------------------------------ events


def _open(book: Book, event: Event) -> Reply:
    known = parse(event.value)
    asked, note = (known, "") if known else (Address("home"), "no_page")
    lang = asked.lang if asked.lang in book.languages else _event_language(book, event)
    campaign = asked.campaign if asked.campaign in book.campaigns else ""
    page = nearest(book, asked.page)
    at = Address(page, lang, asked.state if page == asked.page else "", campaign)
    note = note or ("" if page == asked.page else "no_page")
    screen = build(book, at, note, seed=event.seed)
    counts = [Count("start", screen.page, lang, campaign)] if event.start else []
    counts += _opened(book, screen, lang, campaign)
    return Reply(screen, tuple(counts))


def _opened(book: Book, screen: Screen, lang: str, campaign: str) -> list[Count]:
    """What counts when a place is opened: a number that did not answer, or the page and what it came to."""
    at = parse(screen.at)
    asked = no_answer.read(at.state) if at else None
    if asked and asked[0]:
        id = no_answer.meant(no_answer.phones(book, book.facts), asked[0])
        return [Count("no_answer", id, lang, campaign)]
    shared = [Count("share", "", lang, campaign)] if book.pages[screen.page].kind == "share" else []
    return [Count("screen", screen.page, lang, campaign), *shared, *_result_counts(book, screen)]


def _answer(book: Book, event: Event) -> Reply:
    looked_at = parse(event.page)
    asked = event.value[:MOST_SIGNS]
    found = understand(book.index, asked, looked_at.page if looked_at else None)
    lang = found.lang if found.lang in book.languages else _looked_at_language(book, event)
    others = tuple(id for id in found.others if id in book.pages)
    key = "+".join(found.ideas[:3])
    if found.emergency:
        page = found.page if found.page and book.pages[found.page].danger else "trouble.now"
        at = Address(page if page in book.pages else HELP, lang)
        also = tuple(id for id in (found.page, *others) if id and id != at.page)[:3]
        counts = (Count("danger", at.page, lang), Count("answered", at.page, lang))
        return Reply(build(book, at, also=also), counts)
    if found.page is None:
        note = "not_understood" if event.seed % 2 == 0 else "not_understood_again"
        screen = build(book, Address("home", lang), note, others, person=True)
        return Reply(screen, (Count("unanswered", key, lang),))
    screen = build(book, Address(found.page, lang), also=others, seed=event.seed, person=found.doubt)
    return Reply(screen, (Count("answered", found.page, lang),))


def _hidden(book: Book, event: Event) -> Reply:
    lang = _looked_at_language(book, event)
    langs = languages(book, lang)
    text = tuple(Run(line(book, each, "hidden") + "\n", "", each) for each in langs)
    rows = ((Button(joined(book, langs, "home"), str(Address("home", lang))),),)
    return Reply(Screen(HIDE, "home", langs, text, rows, standing=1), (Count("hide", "", lang),))


def _looked_at_language(book: Book, event: Event) -> str:
    """The language of the screen being looked at, else the one that the player is sure of."""
    at = parse(event.page)
    return at.lang if at and at.lang in book.languages else _event_language(book, event)


def _event_language(book: Book, event: Event) -> str:
    return event.lang if event.lang in book.languages else ""


def nearest(book: Book, page: str) -> str:
    """The living page nearest to a page id.

    Itself, that above where the organisation hides it, one of a like name, the first of its branch, or home.
    """
    if page in book.pages or page in book.hidden:
        return book.hidden.get(page, page)
    branch = page.split(".")[0]
    siblings = [id for id in book.pages if id.split(".")[0] == branch]
    like = get_close_matches(page, siblings if page in book.known else list(book.pages), n=1, cutoff=0.85)
    return like[0] if like else siblings[0] if siblings else "home"


def _result_counts(book: Book, screen: Screen) -> tuple[Count, ...]:
    """A tool that has come to a result counts it."""
    at = parse(screen.at)
    page = book.pages[screen.page]
    if at is None or page.tool is None:
        return ()
    names = results_of(page, at.state)
    if page.kind == "quiz":
        return tuple(Count("quiz", name, at.lang, at.campaign) for name in names)
    return tuple(Count("result", f"{page.id}/{name}", at.lang, at.campaign) for name in names)
