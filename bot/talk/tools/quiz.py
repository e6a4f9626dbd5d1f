"""The quiz: a few questions out of a bank, why it is so after each answer, and where to read on. No grade.

State: the keys of the questions drawn, a dot, and y or n for each answer so far: `abcdefgh.yn`. Without a
state it is the screen before the first question, whose button holds a draw.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.address import Address
from bot.book import Book, Button, Page, Part, Quiz, QuizQuestion, Run
from bot.talk.lines import line
from bot.talk.step import Step, what_next

PAGES_TO_READ = 3
STRIDE = 8937822412715790047
"""A prime: it shares no factor with the number of draws, so that no draw is left out or comes too often. It
is far larger than that number, so that seeds beside each other (message ids) draw other questions."""


def draw(keys: str, take: int, seed: int) -> str:
    """`take` of `keys`, in an order.

    The seed in strides is the number of the draw. It is read figure by figure, each in the base of what is
    left: the figure says which one is taken.
    """
    left, number, drawn = list(keys), seed * STRIDE, ""
    for _ in range(min(take, len(left))):
        number, place = divmod(number, len(left))
        drawn += left.pop(place)
    return drawn


def _read(quiz: Quiz, state: str) -> tuple[tuple[QuizQuestion, ...], str] | None:
    """The questions drawn and the answers behind a state, None where it is none of this quiz (any more)."""
    keys, dot, answers = state.partition(".")
    bank = {question.key: question for question in quiz.questions}
    whole = dot and len(keys) == len(set(keys)) == quiz.take and set(keys) <= bank.keys()
    if not whole or not set(answers) <= set("yn") or len(answers) > quiz.take:
        return None
    return tuple(bank[key] for key in keys), answers


def results(page: Page, state: str) -> tuple[str, ...]:
    """`a-right` or `a-wrong` for each question asked, at the end; nothing before."""
    read = _read(_tool(page), state)
    if read is None or len(read[1]) < len(read[0]):
        return ()
    return tuple(
        f"{question.key}-{'right' if answer == question.right else 'wrong'}"
        for question, answer in zip(*read, strict=True)
    )


def names(page: Page) -> Iterator[str]:
    """All names of results."""
    for question in _tool(page).questions:
        yield from (f"{question.key}-right", f"{question.key}-wrong")


def step(book: Book, page: Page, at: Address, lang: str, seed: int) -> Step | None:
    """The screen for the state in `at`, None where the state is none of this quiz."""
    quiz = _tool(page)
    if not at.state:
        return _beginning(book, page, quiz, at, lang, seed)
    read = _read(quiz, at.state)
    if read is None:
        return None
    drawn, answers = read
    if len(answers) < len(drawn):
        return _question(book, quiz, at, lang, drawn, answers)
    return _end(book, page, quiz, at, lang, drawn, answers, seed)


def _tool(page: Page) -> Quiz:
    if not isinstance(page.tool, Quiz):
        raise TypeError(f"{page.id} holds no quiz")
    return page.tool


def _new(quiz: Quiz, at: Address, seed: int) -> str:
    """The address of the first question of a new draw."""
    keys = "".join(question.key for question in quiz.questions)
    return str(at.go(at.page, draw(keys, quiz.take, seed) + "."))


def _beginning(book: Book, page: Page, quiz: Quiz, at: Address, lang: str, seed: int) -> Step:
    begin = Button(quiz.begin[lang], _new(quiz, at, seed))
    parts = (page.words[lang].parts[0], what_next(book, lang, Part(page.words[lang].next)))
    return Step(parts, ((begin,),), first=True, varies=True)


def _question(
    book: Book, quiz: Quiz, at: Address, lang: str, drawn: tuple[QuizQuestion, ...], answers: str
) -> Step:
    place = len(answers)
    words = quiz.words[lang][drawn[place].key]
    count = Part((Run(line(book, lang, "question_of", n=place + 1, all=len(drawn)), "small", lang),))
    rows = tuple(
        (Button(label, str(at.go(at.page, at.state + sign))),)
        for sign, label in (("y", words.yes), ("n", words.no))
    )
    return Step((*_told(quiz, lang, drawn, answers), count, words.ask), rows, _back(at, answers))


def _back(at: Address, answers: str) -> str:
    """The question before, or the screen before the first one."""
    return str(at.go(at.page, at.state[:-1] if answers else ""))


def _told(quiz: Quiz, lang: str, drawn: tuple[QuizQuestion, ...], answers: str) -> tuple[Part, ...]:
    """What is said of the last answer: whether it was right, and in any case why."""
    if not answers:
        return ()
    question = drawn[len(answers) - 1]
    why = quiz.words[lang][question.key].why
    said = quiz.right[lang] if answers[-1] == question.right else quiz.wrong[lang]
    return (Part((Run(said + " ", "bold", lang), *why.body), why.small, why.facts),)


def _end(
    book: Book,
    page: Page,
    quiz: Quiz,
    at: Address,
    lang: str,
    drawn: tuple[QuizQuestion, ...],
    answers: str,
    seed: int,
) -> Step:
    wrong = [each for each, answer in zip(drawn, answers, strict=True) if answer != each.right]
    right = len(drawn) - len(wrong)
    kind = quiz.all_right if not wrong else quiz.some_right if right * 2 >= len(drawn) else quiz.few_right
    count = Run(line(book, lang, "answers_right", n=right, all=len(drawn)) + " ", "", lang)
    closing = Part((count, *kind[lang].body), kind[lang].small, kind[lang].facts)
    read = list(dict.fromkeys(each.page for each in wrong))[:PAGES_TO_READ] if wrong else page.go
    rows = [(Button(book.pages[id].words[lang].button, str(at.go(id))),) for id in read if id in book.pages]
    rows.append((Button(line(book, lang, "again"), _new(quiz, at, seed)),))
    parts = (*_told(quiz, lang, drawn, answers), closing, what_next(book, lang, Part(page.words[lang].next)))
    return Step(parts, tuple(rows), _back(at, answers), varies=True)
