"""The book and the conversation's vocabulary: plain frozen values, shared by every room of the house.

A `Book` is what the compiler makes of the content folder: words already joined with facts, for one day.
An `Event` is what somebody did; a `Reply` is the screen to show and the names to count. No value here
holds anything about a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from bot.numbers import Numbers
from bot.problems import Problem
from bot.reading import Forms

# ------------------------------------------------------------------ text and screens

Style = Literal["", "bold", "phone", "small"]
"""How a run of text looks: plain, a heading, a telephone number, or the small print at the end."""


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style. `lang` is the language it is written in (for fonts and readers)."""

    text: str
    style: Style = ""
    lang: str = ""


Text = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A label and where it leads: an address, "hide", or an https or tel link."""

    label: str
    to: str


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person sees at one address: text and rows of buttons.

    `at` is the address in full, `page` its page id, `langs` the languages of the text (one, or two where
    the person's language is not known). `facts` are ids of the facts that are told. `danger` marks a
    screen that can be hidden and that no person reads. `back` and `standing` say which of `rows` are the
    program's own: the last `standing` rows. `varies` says that it depends on the event's seed. `picture` is
    the name of the picture above the text, "" for none.
    """

    at: str
    page: str
    langs: tuple[str, ...]
    text: Text
    rows: tuple[tuple[Button, ...], ...]
    facts: tuple[str, ...] = ()
    danger: bool = False
    standing: int = 0
    varies: bool = False
    picture: str = ""

    @property
    def plain(self) -> str:
        """The text without styles."""
        return "".join(run.text for run in self.text)

    @property
    def opens_with_numbers(self) -> bool:
        """Whether help numbers stand right behind the first (neutral) sentence."""
        lines = [line for line in self.plain.splitlines() if line.strip()][:3]
        phones = [run.text for run in self.text if run.style == "phone"]
        return bool(phones) and any(phones[0] in line for line in lines[1:3])


EventKind = Literal["open", "ask", "other"]


@dataclass(frozen=True, slots=True)
class Event:
    """What somebody did, as a player tells it.

    kind   "open": wants the place whose address is `value` (a button, a command, a deep link);
           "ask": wrote `value`; "other": sent what is not text (`value` names it: voice, photo, …)
    lang   language that the player is sure of ("" where it is not)
    page   address of the screen being looked at, where the player knows it
    seed   any number; choices of wording come from it, never from chance
    start  whether the conversation begins with it
    """

    kind: EventKind
    value: str
    lang: str = ""
    page: str = ""
    seed: int = 0
    start: bool = False


CHANNELS = ("telegram", "browser", "terminal", "presenter")
"""The ways in which people reach the book."""

CountKind = Literal[
    "start", "screen", "answered", "unanswered", "danger", "result", "quiz", "hide", "voice", "other",
    "share", "no_answer",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Count:
    """A name to count: a kind and a key that is one of the book's own names, never a person's words."""

    kind: CountKind
    key: str
    lang: str = ""
    campaign: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The screen for one event, and what to count for it."""

    screen: Screen
    counts: tuple[Count, ...] = ()


# ------------------------------------------------------------------ understanding

DANGER_BRANCHES = ("trouble", "hotlines")
"""Branches of pages that open with help numbers."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What a text seems to ask: a page or None, at most three others, and whether somebody may be in danger.

    `doubt` is between danger and calm: no alarm, and yet the help numbers are worth a line. `lang` is the
    language to answer in, "" where the text does not tell. `ideas` are names of ideas found.
    """

    page: str | None
    others: tuple[str, ...] = ()
    emergency: bool = False
    doubt: bool = False
    lang: str = ""
    ideas: tuple[str, ...] = ()


Weights = Mapping[str | int, tuple[int, ...]]
"""Feature -> page, weight, page, weight …: pages by number, weights in steps of 1/4."""


@dataclass(frozen=True, slots=True)
class Index:
    """What `understand` reads; all of it can be written as JSON, for a twin in a browser.

    ways     language -> way of reading (see bot/reading.py)
    thai     word in clean Thai letters -> what Lao says, in clean Lao letters
    pages    page ids: weights name them by their place here         ideas    names of ideas, likewise
    forms    language -> forms of ideas; under language~ those that are heard in Latin letters
    weights  kind of feature -> weights: language1 (pieces), language2 (pairs), i (ideas)
    danger   kind -> feature -> weight in steps of 1/8, above 0 for danger; under "" -> 0 what is added
    foreign  the same for questions that the book does not answer
    plain    language (and language~) -> forms that mean danger; between ^ and $ only as the whole
    titles   pieces of a title or a bare question, or ~ and how they sound -> page
    safe     pieces of the words that an organisation spread by mouth
    near     page -> pages that a short question asked there may mean        onward   page -> the next one
    further  ideas that ask to go on
    floor    points that a page needs to answer, in quarters of a point
    """

    ways: Mapping[str, str] = field(default_factory=dict)
    thai: Mapping[str, str] = field(default_factory=dict)
    pages: tuple[str, ...] = ()
    ideas: tuple[str, ...] = ()
    forms: Mapping[str, Forms] = field(default_factory=dict)
    weights: Mapping[str, Weights] = field(default_factory=dict)
    danger: Mapping[str, Mapping[str | int, int]] = field(default_factory=dict)
    foreign: Mapping[str, Mapping[str | int, int]] = field(default_factory=dict)
    plain: Mapping[str, frozenset[str]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    safe: frozenset[str] = frozenset()
    near: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    onward: Mapping[str, str] = field(default_factory=dict)
    further: frozenset[int] = frozenset()
    floor: int = 0


# ------------------------------------------------------------------ facts

FactKind = Literal["phone", "contact", "money", "duration", "count", "share", "law"]
State = Literal["verified", "late", "unverified", "failed"]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact for one period. `value` and `to` are as written in the file (a range has both)."""

    value: str
    to: str = ""
    since: date | None = None
    until: date | None = None
    source: str = ""
    year: str = ""
    grade: str = ""
    verified_on: date | None = None
    verified_how: str = ""
    verified_by: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number, price, phone, date or rule, with its history.

    `values` are all, `now` those of the book's day (two or more only where sources disagree), `ended`
    says that the day lies behind the last period. `words` is how it reads in each language, `lines` how
    the list of sources tells it, `names` what it is called, `help` a telephone's line among help numbers.
    """

    id: str
    kind: FactKind
    unit: str
    values: tuple[Value, ...]
    now: tuple[Value, ...]
    state: State
    ended: bool = False
    disputed: bool = False
    country: str = ""
    hours: str = "unknown"
    languages: tuple[str, ...] = ()
    cost: Mapping[str, str] = field(default_factory=dict)
    last_call: str = "never"
    words: Mapping[str, Text] = field(default_factory=dict)
    lines: Mapping[str, Text] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    help: Mapping[str, Text] = field(default_factory=dict)

    def number(self, lang: str) -> str:
        """A telephone number with its country, without marks: 191 (Laos)."""
        return "".join(run.text for run in self.words.get(lang, ())).replace("*", "")


# ------------------------------------------------------------------ pages and tools

PageKind = Literal[
    "page", "about", "share", "languages", "sources", "check", "quiz", "phrases", "checklist", "calculator"
]


@dataclass(frozen=True, slots=True)
class Part:
    """The words of one screen: the body, the small print about its facts, and which facts they are."""

    body: Text
    small: Text = ()
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """Who has read words as they stand. `fingerprint` is another one for any other word.

    `kinds` are those of the reviews that still hold: native, legal, cleared. `changed`: a native reader has
    read the words, but they, or those of another language, are others now.
    """

    fingerprint: str = ""
    kinds: frozenset[str] = frozenset()
    changed: bool = False

    @property
    def native(self) -> bool:
        """Whether a native reader has read the words as they stand."""
        return "native" in self.kinds


@dataclass(frozen=True, slots=True)
class Words:
    """A page in one language, facts filled in. `parts` are its screens: the first, then "more" screens.

    `top` are the lines of help numbers that stand before the words of the first screen, `few` the gravest
    of them for the further screens, `next` what one can do now, `calls` buttons to call. `withheld`: the
    organisation does not show the page in this language yet, and `parts` holds what stands in its place.
    """

    title: str
    button: str
    top: Text
    few: Text
    parts: tuple[Part, ...]
    next: Text
    calls: tuple[Button, ...] = ()
    reading: Reading = Reading()
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a check in one language, with its own answer labels."""

    ask: Part
    yes: str
    no: str
    unknown: str


@dataclass(frozen=True, slots=True)
class SignWords:
    """A warning sign in one language: why it is one, and what one can do."""

    title: str
    why: Part
    do: Part


@dataclass(frozen=True, slots=True)
class Sign:
    """A warning sign: present when every (question, answer) of one of `when` is given."""

    name: str
    when: tuple[tuple[tuple[int, str], ...], ...]
    weight: int
    page: str


@dataclass(frozen=True, slots=True)
class Check:
    """The offer check: questions by position, signs gravest first, words by language.

    `weight` of a sign: 2 grave, 1 serious, 0 worth asking about. `found`, `none` and `unsure` open a result.
    """

    edition: str
    questions: tuple[str, ...]
    signs: tuple[Sign, ...]
    words: Mapping[str, tuple[Question, ...]]
    sign_words: Mapping[str, Mapping[str, SignWords]]
    found: Mapping[str, Part]
    none: Mapping[str, Part]
    unsure: Mapping[str, Part]
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase to show to somebody: in Thai letters, how it sounds, and what it means, the latter two in one
    language of the book.
    """

    say: str
    sound: str
    means: Part


@dataclass(frozen=True, slots=True)
class Need:
    """A need, and the keys of its phrases in order. A key stands in people's buttons and is never reused."""

    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases by need; words by language, then by key; labels of the needs by language, then by name."""

    needs: tuple[Need, ...]
    words: Mapping[str, Mapping[str, Phrase]]
    labels: Mapping[str, Mapping[str, str]]
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a checklist in one language: the label of the button that ticks it, and what to do."""

    button: str
    text: Part


@dataclass(frozen=True, slots=True)
class Sheet:
    """A screen of a checklist in one language: the button that leads to it, its text, what one can do."""

    button: str
    text: Part
    next: Part


@dataclass(frozen=True, slots=True)
class Checklist:
    """Things to tick by position. Sheets by language: open, ticked, all (all are ticked) and message."""

    edition: str
    items: tuple[str, ...]
    words: Mapping[str, tuple[Item, ...]]
    sheets: Mapping[str, Mapping[str, Sheet]]
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuizQuestion:
    """A question of a quiz: its key in addresses and counts, the right answer (y or n), a page to read on."""

    key: str
    right: str
    page: str


@dataclass(frozen=True, slots=True)
class QuizWords:
    """A question of a quiz in one language, with its own answer labels, and what is told after the answer."""

    ask: Part
    yes: str
    no: str
    why: Part


@dataclass(frozen=True, slots=True)
class Quiz:
    """The quiz: `take` questions of a bank at a time. Words by language, those of questions then by key.

    `begin` labels the button before the first question, `right` and `wrong` open what is told after an
    answer, and `all_right`, `some_right` or `few_right` closes: kind words.
    """

    take: int
    questions: tuple[QuizQuestion, ...]
    words: Mapping[str, Mapping[str, QuizWords]]
    begin: Mapping[str, str]
    right: Mapping[str, str]
    wrong: Mapping[str, str]
    all_right: Mapping[str, Part]
    some_right: Mapping[str, Part]
    few_right: Mapping[str, Part]
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer of a calculator: from `low` to `high` of its unit; `high` is None where there is no end.

    name   as the tree writes it: none, all, unknown, a name, "" for an amount
    unit   "": baht; "month", "day": baht for each; "%": hundredths of a percent a month;
           "each": baht of interest a day for each thousand
    """

    name: str
    low: int = 0
    high: int | None = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """A question of a calculator: its choices in order, and when it is not asked.

    only and skip   answers (question, choice) of which one must be, or none may be, given before
    part            it asks for a part of what the first question asks for
    """

    name: str
    choices: tuple[Choice, ...]
    only: frozenset[tuple[int, int]] = frozenset()
    skip: frozenset[tuple[int, int]] = frozenset()
    part: bool = False


@dataclass(frozen=True, slots=True)
class SumWords:
    """A question of a calculator in one language, and the labels of its choices in order."""

    ask: Part
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Calculator:
    """What a broker's way costs. Words by language: questions, names of lines of the result, further screens.

    work_days   days that are paid in a month     month_days   days for which interest is counted in a month
    fails       months after which the job fails  most         months beyond which it cannot be paid back
    items       screens: who must pay what        legal        screens: the legal way beside it
    """

    edition: str
    questions: tuple[Sum, ...]
    work_days: int
    month_days: int
    fails: int
    most: int
    words: Mapping[str, tuple[SumWords, ...]]
    said: Mapping[str, Mapping[str, Part]]
    items: Mapping[str, tuple[tuple[Part, ...], ...]]
    legal: Mapping[str, tuple[Part, ...]]
    facts: tuple[str, ...] = ()


Tool = Check | Phrases | Checklist | Quiz | Calculator


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its place in the tree, and its words by language. `facts` by language are told on it.

    danger: the screen can be hidden, says that no person reads it, and opens with a neutral sentence.
    quiet: it opens with a neutral sentence. sensitive: its counting must be coarse.
    picture: the name of the picture above its first screen, "" for none.
    """

    id: str
    up: str
    go: tuple[str, ...]
    kind: PageKind
    danger: bool
    quiet: bool
    sensitive: bool
    words: Mapping[str, Words]
    facts: tuple[str, ...] = ()
    tool: Tool | None = None
    picture: str = ""


PictureKind = Literal["svg", "png", "jpeg"]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as its file has it; `mark` is twelve hex figures of `data`: another picture, another mark."""

    kind: PictureKind
    data: bytes
    width: int
    height: int
    mark: str


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the book, the program's own lines in it, and how it writes numbers.

    whole    words that no line ends within
    report   what the report of what was counted says, by name; empty where the language has no report.yaml.
             Under branch.<its name> stands what a branch is called
    """

    code: str
    name: str
    lines: Mapping[str, str]
    numbers: Numbers = Numbers()
    reading: Reading = Reading()
    whole: tuple[str, ...] = ()
    report: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Organisation:
    """Who runs the bot: a name and how to reach it, all empty until somebody answers for it.

    `place` and `hours` by language: where one can come, and when. `at` is the page of help numbers that
    tells them too. `telegram` is the bot's user name there.
    """

    name: str = ""
    contact: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    hours: Mapping[str, str] = field(default_factory=dict)
    at: str = ""
    telegram: str = ""


@dataclass(frozen=True, slots=True)
class Campaign:
    """A poster, a visit or a post whose starts are counted.

    place   village or wider: a village is counted coarsely       mode   plain, or a quiz before or after
    until   when it ends, "" where that is open
    """

    id: str
    label: str
    place: Literal["village", "wider"]
    mode: Literal["plain", "before", "after"] = "plain"
    province: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """Everything that a conversation needs, for one day. Made by `bot.compiler.compile_book`.

    `hidden` are pages that the organisation leaves out -> the page where a button to them leads now.
    """

    version: str
    day: date
    languages: Mapping[str, Language]
    pages: Mapping[str, Page]
    facts: Mapping[str, Fact]
    campaigns: Mapping[str, Campaign]
    known: frozenset[str]
    index: Index
    organisation: Organisation
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    tasks: tuple[Problem, ...] = ()
    hints: tuple[Problem, ...] = ()
    hidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def trial(self) -> bool:
        """Whether an organisation still has something to do before people may rely on the book."""
        return bool(self.tasks)
