"""The offer check: one question a screen, then the gravest signs with why and what to do. Never "safe".

State: the edition's letter, a dot, and one sign for each question answered so far: y, n, d (does not know)
or - (not asked, because the person wanted the result now); `.2`, `.3` … are the further screens of a result.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.address import Address
from bot.book import Book, Button, Check, Page, Part, Run, Sign
from bot.talk.lines import line
from bot.talk.step import Step, answered, question_before, what_next

SIGNS_A_SCREEN = 3


@dataclass(frozen=True, slots=True)
class _State:
    answers: str
    screen: int


def _read(check: Check, state: str) -> _State | None:
    """The answers behind a state, None where they belong to another edition or to nothing."""
    if not state:
        return _State("", 1)
    edition, _, rest = state.partition(".")
    answers, _, screen = rest.partition(".")
    number = (
        int(screen) if screen.isascii() and screen.isdigit() and len(screen) < 3 else 1 if not screen else 0
    )
    if edition != check.edition or not set(answers) <= set("ynd-") or len(answers) > len(check.questions):
        return None
    done = len(answers) == len(check.questions)
    last = _screens(_found(check, answers)) if done else 1
    return _State(answers, number) if 1 <= number <= last else None


def _found(check: Check, answers: str) -> tuple[Sign, ...]:
    """The signs that the answers give, gravest first."""
    return tuple(
        sign
        for sign in check.signs
        if any(all(at < len(answers) and answers[at] == want for at, want in needs) for needs in sign.when)
    )


def _screens(found: tuple[Sign, ...]) -> int:
    return max(1, -(-len(found) // SIGNS_A_SCREEN))


def results(page: Page, state: str) -> tuple[str, ...]:
    """Names of the signs on the first screen of a result, or "none"; nothing for any other state."""
    tool = _tool(page)
    read = _read(tool, state)
    if read is None or len(read.answers) < len(tool.questions) or read.screen > 1 or not tool.questions:
        return ()
    return tuple(sign.name for sign in _found(tool, read.answers)) or ("none",)


def names(page: Page) -> tuple[str, ...]:
    """All names of results: the signs, or none."""
    return (*(sign.name for sign in _tool(page).signs), "none")


def step(book: Book, page: Page, at: Address, lang: str, seed: int) -> Step | None:
    """The screen for the state in `at`, None where the state is none of this edition."""
    tool = _tool(page)
    read = _read(tool, at.state)
    if read is None:
        return None
    if len(read.answers) < len(tool.questions):
        return _question(book, page, tool, at, lang, read.answers)
    return _result(book, page, tool, at, lang, read)


def _tool(page: Page) -> Check:
    if not isinstance(page.tool, Check):
        raise TypeError(f"{page.id} holds no check")
    return page.tool


def _question(book: Book, page: Page, check: Check, at: Address, lang: str, answers: str) -> Step:
    place = len(answers)
    question = check.words[lang][place]
    count = Part(
        (Run(line(book, lang, "question_of", n=place + 1, all=len(check.questions)), "small", lang),)
    )
    intro = (page.words[lang].parts[0],) if place == 0 else ()
    labels = (("y", question.yes), ("n", question.no), ("d", question.unknown))
    rows = tuple((Button(label, answered(check.edition, at, answers + sign)),) for sign, label in labels)
    if any(sign.weight == 2 for sign in _found(check, answers)):
        rest = "-" * (len(check.questions) - place)
        rows = (*rows, (Button(line(book, lang, "enough"), answered(check.edition, at, answers + rest)),))
    return Step((*intro, count, question.ask), rows, question_before(check.edition, at, answers), place == 0)


def _result(book: Book, page: Page, check: Check, at: Address, lang: str, read: _State) -> Step:
    found = _found(check, read.answers)
    shown = found[(read.screen - 1) * SIGNS_A_SCREEN : read.screen * SIGNS_A_SCREEN]
    unsure = read.answers.count("d") * 2 > len(check.questions)
    opening = check.found[lang] if found else check.unsure[lang] if unsure else check.none[lang]
    parts = [opening] if read.screen == 1 else []
    if unsure and found and read.screen == 1:
        parts.append(check.unsure[lang])
    parts += [_sign_part(book, check, sign, lang) for sign in shown]
    rows: list[tuple[Button, ...]] = []
    if read.screen < _screens(found):
        left = len(found) - read.screen * SIGNS_A_SCREEN
        more = line(book, lang, "more_signs", n=left)
        rows.append((Button(more, answered(check.edition, at, read.answers, read.screen + 1)),))
    pages = dict.fromkeys(sign.page for sign in shown) if found else dict.fromkeys(page.go)
    rows += [(Button(book.pages[id].words[lang].button, str(at.go(id))),) for id in pages if id in book.pages]
    rows.append((Button(line(book, lang, "again"), str(at.go(page.id))),))
    back = (
        answered(check.edition, at, read.answers, read.screen - 1)
        if read.screen > 1
        else question_before(check.edition, at, read.answers)
    )
    return Step(
        (*parts, what_next(book, lang, Part(page.words[lang].next))),
        tuple(rows),
        back,
        False,
    )


def _sign_part(book: Book, check: Check, sign: Sign, lang: str) -> Part:
    said = check.sign_words[lang][sign.name]
    whole = [Run(said.title + "\n", "bold", lang)]
    for name, part in (("sign_why", said.why), ("sign_do", said.do)):
        before, _, after = line(book, lang, name).partition("{text}")
        whole += [Run(before, "", lang), *part.body, Run(after + "\n", "", lang)]
    return Part(tuple(whole), (*said.why.small, *said.do.small), (*said.why.facts, *said.do.facts))
