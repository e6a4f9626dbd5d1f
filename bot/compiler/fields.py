"""One table of fields for each kind of file: what may stand in it, of which type, needed or not, what for.

The checks of this module come from the tables, and so does the page docs/files.md (`khua fields`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot.address import CAMPAIGN, LANGUAGE, PAGE
from bot.compiler.source import Node, Report
from bot.problems import did_you_mean


@dataclass(frozen=True, slots=True)
class Scalar:
    """A written value: `accepts` says whether the text is one, `what` names it for people."""

    what: str
    accepts: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class ListOf:
    each: Type


@dataclass(frozen=True, slots=True)
class MapOf:
    """Any keys that `keys` accepts, each with a value of type `each`."""

    keys: Scalar
    each: Type


@dataclass(frozen=True, slots=True)
class Either:
    """One of several types; the first one of the node's own shape is meant."""

    types: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: Type
    needed: bool
    what: str


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    what: str
    fields: tuple[Field, ...]


Type = Scalar | ListOf | MapOf | Either | Table


def is_date(text: str) -> bool:
    """Whether `text` is a day such as 2026-11-24."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None


def one_of(*words: str) -> Scalar:
    return Scalar(" or ".join(words), lambda text: text in words)


def shape(pattern: str, what: str) -> Scalar:
    return Scalar(what, lambda text: re.fullmatch(pattern, text) is not None)


text = Scalar("text", lambda text: bool(text.strip()))
maybe = Scalar("text, or nothing", lambda text: True)
yes_no = one_of("yes", "no")
day = Scalar("a day such as 2026-11-24", is_date)
name = shape(r"[a-z][a-z0-9_]*", "a name of small letters, figures and _")
page_id = Scalar("a page id such as legal.steps", lambda text: PAGE.fullmatch(text) is not None)
lang_code = Scalar("a language code such as lo", lambda text: LANGUAGE.fullmatch(text) is not None)
campaign = Scalar("3 to 8 of a-z 0-9", lambda text: CAMPAIGN.fullmatch(text) is not None)
figure = shape(r"[0-9]+(\.[0-9]+)?", "a figure")
year = shape(r"(about |c\. ?)?[0-9]{4}([-–/][0-9]{2,4})?|undated", "a year such as 2024, or undated")

VERIFIED = Table("verified", "Who confirmed a value, when and how.", (
    Field("on", day, True, "the day of the confirmation"),
    Field("how", one_of("call", "text", "office"), True, "by a call, by the rule's text, at an office"),
    Field("by", text, True, "a role, never a name: field officer"),
))  # fmt: skip
VALUE = Table("value", "One value for one period.", (
    Field("value", text, True, "the figure, number or name itself"),
    Field("to", figure, False, "upper end of a range"),
    Field("from", day, False, "first day on which it holds"),
    Field("until", day, False, "last day on which it holds"),
    Field("source", text, True, "where it was read"),
    Field("year", year, True, "the year that the source speaks of"),
    Field("grade", one_of("A", "B"), True, "A: official or UN text; B: press, organisation, law firm"),
    Field("verified", Either((one_of("never"), VERIFIED)), True, "never, or who confirmed it"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
CALL = Table("last_call", "The last test call.", (
    Field("on", day, True, "the day of the call"),
    Field("answered", yes_no, True, "whether the right office answered"),
    Field("by", text, True, "a role, never a name"),
))  # fmt: skip
FACT = Table("fact", "A number, price, phone, date or rule, with its source and its history.", (
    Field("kind", one_of("phone", "contact", "money", "duration", "count", "share", "law"), True, "its kind"),
    Field("unit", one_of("THB", "LAK", "USD", "day", "month", "year", "hour", "percent", "person", "company"),
          False, "needed for money, duration, count and share"),
    Field("values", ListOf(VALUE), True, "its values by period"),
    Field("disputed", yes_no, False, "yes: sources disagree, and all values of the period are told"),
    Field("country", one_of("TH", "LA"), False, "needed for a phone: where one must be to call it"),
    Field("hours", one_of("always", "office", "unknown"), False, "needed for a phone"),
    Field("languages", Either((one_of("unknown"), ListOf(lang_code))), False, "needed for a phone"),
    Field("cost", MapOf(one_of("TH", "LA"), one_of("free", "normal", "impossible", "unknown")), False,
          "needed for a phone: what a call costs from a SIM of each country"),
    Field("last_call", Either((one_of("never"), CALL)), False, "needed for a phone: the last test call"),
    Field("how", one_of("line", "whatsapp", "facebook", "web", "place"), False, "needed for a contact"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
FACT_WORDS = Table("words of a fact", "How a fact is called in a language.", (
    Field("name", text, True, "what it is, in a few words without figures"),
    Field("says", text, False, "for a law: what the placeholder prints"),
    Field("note", maybe, False, "for translators"),
))  # fmt: skip
PAGE_TREE = Table("page of the tree", "A page's place and nature; no words.", (
    Field("up", page_id, False, "where back leads; every page but home has one"),
    Field("kind", one_of("page", "about", "share", "languages", "sources", "check", "quiz", "phrases",
                         "checklist", "calculator"), False, "what the program adds"),
    Field("go", ListOf(page_id), False, "buttons to other pages, in order"),
    Field("danger", yes_no, False, "yes: can be hidden, says that no person reads it, opens neutrally"),
    Field("quiet", yes_no, False, "yes: opens with a neutral sentence"),
    Field("sensitive", yes_no, False, "yes: counted by month only"),
    Field("numbers", ListOf(name), False, "phone facts that stand before the words"),
    Field("call", ListOf(name), False, "phone facts with a button to call, at most three"),
    Field("picture", name, False, "a file of pictures/ or pictures/own/, without its ending"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
PAGE_WORDS = Table("words of a page", "A page in one language.", (
    Field("title", text, True, "the bold line at its top"),
    Field("button", text, False, "label of buttons that lead here; the title where it is left out"),
    Field("text", text, True, "the first screen"),
    Field("more", ListOf(text), False, "further screens"),
    Field("next", text, True, "what one can do now"),
    Field("note", maybe, False, "for editors and translators"),
))  # fmt: skip
SIGN = Table("sign", "When a warning sign is found, and how grave it is.", (
    Field("when", ListOf(ListOf(shape(r"[a-z_]+ (yes|no|unknown)", "a question and yes, no or unknown"))),
          True,
          "one of these lists of answers must hold whole"),
    Field("weight", one_of("grave", "serious", "ask"), True, "how grave"),
    Field("page", page_id, True, "the page that tells more"),
    Field("source", text, True, "who names this sign"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
CHECK_TREE = Table("tree of a check", "Questions in order, and which answers are a sign.", (
    Field("edition", shape("[a-z]", "one letter"), True, "a new letter when old answers lose their sense"),
    Field("order", MapOf(shape("[a-z]", "one letter"), ListOf(name)), True, "the questions of every edition"),
    Field("questions", ListOf(name), True, "the questions of this edition, in order"),
    Field("signs", MapOf(name, SIGN), True, "the warning signs"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
CHECK_WORDS = Table("words of a check", "A check in one language.", (
    *(field for field in PAGE_WORDS.fields if field.name != "more"),
    Field("found", text, True, "heading of a result with signs"),
    Field("none", text, True, "when no sign was found; never that it is safe"),
    Field("unsure", text, True, "what to ask when most answers are not known"),
    Field("questions", MapOf(name, Table("question", "A question and its own answers.", (
        Field("ask", text, True, "the question"),
        Field("yes", text, True, "label that repeats the verb"),
        Field("no", text, True, "label that repeats the verb"),
        Field("unknown", text, True, "label of not knowing"),
        Field("note", maybe, False, "for translators"),
    ))), True, "the questions"),
    Field("signs", MapOf(name, Table("sign", "A warning sign in words.", (
        Field("title", text, True, "the sign"),
        Field("why", text, True, "why it is one"),
        Field("do", text, True, "what one can do"),
        Field("note", maybe, False, "for translators"),
    ))), True, "the signs"),
))  # fmt: skip
PHRASES_TREE = Table("tree of phrases", "Phrases to show to somebody, by need.", (
    Field("needs", MapOf(name, MapOf(shape("[a-z][0-9]{1,2}", "a letter and a figure, such as h3"), name)),
          True, "each need, and its phrases in order: a key that is never reused, and a name"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
PHRASES_WORDS = Table("words of phrases", "Phrases in one language.", (
    *(field for field in PAGE_WORDS.fields if field.name != "more"),
    Field("needs", MapOf(name, Table("need", "A need in words.", (
        Field("button", text, True, "label of the button to its phrases"),
        Field("note", maybe, False, "for translators"),
    ))), True, "the needs"),
    Field("phrases", MapOf(name, Table("phrase", "A phrase, to be shown or read out.", (
        Field("say", shape("[\u0e01-\u0e4e ?]+", "Thai letters"), True,
              "in Thai letters, the same in all languages"),
        Field("sound", shape(r"[^{}\[\]\n]+", "words without braces"), True,
              "how it sounds, in the letters of this language, with - between the syllables of a word"),
        Field("means", text, True, "what it means"),
        Field("note", maybe, False, "for translators"),
    ))), True, "the phrases"),
))  # fmt: skip
CHECKLIST_TREE = Table("tree of a checklist", "Things to tick, in order.", (
    Field("edition", shape("[a-z]", "one letter"), True, "a new letter when the items or their order change"),
    Field("order", MapOf(shape("[a-z]", "one letter"), ListOf(name)), True, "the items of every edition"),
    Field("items", ListOf(name), True, "the items of this edition, in order"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
SHEET = Table("sheet", "A screen of a checklist.", (
    Field("button", text, True, "label of the button that leads there"),
    Field("text", text, True, "its words"),
    Field("next", text, True, "what one can do now"),
    Field("note", maybe, False, "for translators"),
))  # fmt: skip
CHECKLIST_WORDS = Table("words of a checklist", "A checklist in one language.", (
    *(field for field in PAGE_WORDS.fields if field.name != "more"),
    Field("open", SHEET, True, "the list of what is not ticked yet"),
    Field("ticked", SHEET, True, "the list of what is ticked"),
    Field("all", Table("sheet of the end", "The screen when all is ticked.", (
        *(field for field in SHEET.fields if field.name != "button"),
    )), True, "when all is ticked"),
    Field("message", SHEET, True, "a message to send on, with blanks to fill in"),
    Field("items", MapOf(name, Table("item", "A thing to tick.", (
        Field("button", text, True, "label of the button that ticks it"),
        Field("text", text, True, "what to do, in a sentence"),
        Field("note", maybe, False, "for translators"),
    ))), True, "the items"),
))  # fmt: skip
QUIZ_KEY = shape("[A-Za-z0-9]", "one of a-z A-Z 0-9")
QUIZ_TREE = Table("tree of a quiz", "A bank of questions, of which some are asked at a time.", (
    Field("take", shape("[1-9][0-9]?", "a figure from 1 to 99"), True, "how many are asked at a time"),
    Field("questions", ListOf(Table("question of a quiz", "A question that is answered by yes or no.", (
        Field("key", QUIZ_KEY, True, "stands for it in buttons and counts, for ever"),
        Field("right", yes_no, True, "the right answer"),
        Field("page", page_id, True, "the page that tells more"),
        Field("note", maybe, False, "for editors"),
    ))), True, "the bank"),
    Field("retired", ListOf(QUIZ_KEY), True, "keys of questions that are no more; none is used again"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
QUIZ_WORDS = Table("words of a quiz", "A quiz in one language.", (
    *(field for field in PAGE_WORDS.fields if field.name != "more"),
    Field("begin", text, True, "label of the button that begins"),
    Field("right", text, True, "said after a right answer, before why"),
    Field("wrong", text, True, "said after any other answer, before why; kindly"),
    Field("all_right", text, True, "kind words at the end when all answers were right"),
    Field("some_right", text, True, "kind words when half or more were right"),
    Field("few_right", text, True, "kind words when fewer were right"),
    Field("questions", MapOf(QUIZ_KEY, Table("question", "A question, its answers and why.", (
        Field("ask", text, True, "the question, or a saying to judge"),
        Field("yes", text, True, "label that repeats the verb"),
        Field("no", text, True, "label that repeats the verb"),
        Field("why", text, True, "told after the answer, whatever it was"),
        Field("note", maybe, False, "for translators"),
    ))), True, "the questions by key"),
))  # fmt: skip
_AMOUNT = r"(up to [1-9][0-9]*|[1-9][0-9]*( to [1-9][0-9]*| or more)?)"


def _choices(amount: str, example: str) -> ListOf:
    return ListOf(shape(rf"[a-z_]+|{amount}", f"none, unknown, another name, or an amount such as {example}"))


def _sum(amount: str, example: str, what: str) -> Table:
    return Table("question of a calculator", what, (
        Field("choices", _choices(amount, example), True, "its answers, in order"),
        Field("only", ListOf(text), False, "asked only after one of these answers, such as: interest by_day"),
        Field("skip", ListOf(text), False, "not asked after any of these answers, such as: asked none"),
        Field("note", maybe, False, "for editors"),
    ))  # fmt: skip


_SMALL = shape("[1-9][0-9]{0,2}", "a figure from 1 to 999")
_BAHT = _sum(_AMOUNT, "5000, 5000 to 10000, up to 5000, 50000 or more", "A sum in baht.")
CALCULATOR_TREE = Table("tree of a calculator", "What a broker asks, and what comes of it, in baht.", (
    Field("edition", shape("[a-z]", "one letter"), True, "a new letter when questions or choices change"),
    Field("order", MapOf(shape("[a-z]", "one letter"), ListOf(text)), True,
          "the questions of every edition with their choices, such as: asked: none, 5000, unknown"),
    Field("work_days", _SMALL, True, "days of work that are paid in a month"),
    Field("month_days", _SMALL, True, "days for which interest is counted in a month"),
    Field("fails", _SMALL, True, "months after which the job fails, to show what is still owed then"),
    Field("most", _SMALL, True, "months beyond which the money cannot be paid back"),
    Field("questions", Table("questions of a calculator", "The questions, in order.", (
        Field("asked", _BAHT, True, "what is asked in all"),
        Field("service", _BAHT, True, "what part of it is for recruitment or service; all: the whole"),
        Field("borrowed", _BAHT, True, "what part of it is borrowed; all: the whole"),
        Field("interest", _sum(r"[0-9]+(\.[0-9]{1,2})?%", "2.5%", "Interest a month."), True,
              "interest in percent a month"),
        Field("interest_by_day", _sum("[1-9][0-9]* a day for each 1000", "1 a day for each 1000",
              "Interest as villages say it."), True, "baht of interest a day for each thousand"),
        Field("wage", _sum(rf"{_AMOUNT} a (day|month)", "350 a day, 9000 a month", "The wage."), True,
              "what pay is promised"),
        Field("aside", _sum(rf"{_AMOUNT} a month", "2000 a month", "What is put aside."), True,
              "what is put aside a month"),
    )), True, "the questions"),
    Field("items", MapOf(name, Table("item of a calculator", "A kind of cost.", (
        Field("pays", one_of("not_you", "perhaps_you", "you"), True, "who must pay it by law"),
        Field("source", text, True, "where that is written"),
        Field("note", maybe, False, "for editors"),
    ))), True, "kinds of costs, in order"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
CALCULATOR_SAID: tuple[tuple[str, str], ...] = (
    ("heading", "bold line of the result"),
    ("nothing", "where nothing is asked"),
    ("asked", "what is asked"),
    ("service", "the part for recruitment"),
    ("not_yours", "that the part for recruitment is not the reader's to pay, with the fact of the law"),
    ("interest", "interest until all is paid back"),
    ("total", "both together"),
    ("wage", "the wage of a month"),
    ("worth", "how many months of whole pay that is"),
    ("aside", "what is put aside"),
    ("months", "months until it is paid back"),
    ("never", "that it cannot be paid back this way"),
    ("may_never", "that it may come so that it cannot be paid back"),
    ("ask_more", "said where something is not known"),
    ("not_known", "in the place of a sum that is not known"),
    ("debt", "bold line of the screen about the debt"),
    ("borrowed", "what is borrowed"),
    ("rate", "interest a month"),
    ("fails", "the job ends after so many months"),
    ("owed_paid", "what is owed then when something was paid back each month"),
    ("owed_unpaid", "what is owed then when no pay came"),
    ("lost_paid", "own money that has not come back then when pay came"),
    ("lost_unpaid", "own money that has not come back then when no pay came"),
    ("work_days", "days of work counted in a month"),
    ("month_days", "days of interest counted in a month"),
    ("counted", "how all this is counted, and what would make it dearer"),
    ("who", "bold line of the screens about who must pay"),
)
"""Lines of a calculator's result: name, and what it says. Figures are put behind them by the program."""
CALCULATOR_WORDS = Table("words of a calculator", "A calculator in one language.", (
    *(field for field in PAGE_WORDS.fields if field.name != "more"),
    Field("questions", MapOf(name, Table("question", "A question; labels of amounts are the program's.", (
        Field("ask", text, True, "the question"),
        Field("labels", MapOf(name, text), True, "labels of its choices that have a name"),
        Field("note", maybe, False, "for translators"),
    ))), True, "the questions"),
    Field("said", Table("lines of a result", "What the result says.", tuple(
        Field(line, text, True, what) for line, what in CALCULATOR_SAID
    )), True, "what the result says"),
    Field("pays", Table("who pays", "Who must pay an item.", (
        Field("not_you", text, True, "the law does not let it be taken from the reader"),
        Field("perhaps_you", text, True, "the reader may have to pay it"),
        Field("you", text, True, "the reader must pay it"),
    )), True, "who must pay"),
    Field("items", MapOf(name, Table("item", "A kind of cost in words.", (
        Field("title", text, True, "what it is"),
        Field("text", text, True, "what the law or the sources say"),
        Field("note", maybe, False, "for translators"),
    ))), True, "kinds of costs"),
    Field("legal", ListOf(text), True, "screens about the legal way: prices and time as facts, no sum"),
))  # fmt: skip
LANGUAGE_FILE = Table("language", "How a language writes numbers and dates, and the program's own lines.", (
    Field("name", text, True, "the language's own name"),
    Field("locale", text, True, "a Babel locale to borrow dates and plurals from"),
    Field("order", shape("[0-9]+", "a figure"), True, "place in the order of languages"),
    Field("words", one_of("spaces", "lao"), True, "how words are told apart"),
    Field("sentence", shape("[1-9][0-9]?", "a figure from 1 to 99"), False,
          "words of the longest sentence; of Lao, syllables"),
    Field("whole", ListOf(text), False, "names, foreign and compound words that no line ends within"),
    Field("thousands", maybe, True, "sign between thousands"),
    Field("scale", ListOf(ListOf(text)), False, "pairs of a figure and its word, largest first"),
    Field("units", MapOf(text, MapOf(one_of("zero", "one", "two", "few", "many", "other"), text)), True,
          "unit words by plural form"),
    Field("countries", MapOf(shape("[A-Z]{2}", "a country code"), text), True, "names of countries"),
    Field("lines", MapOf(name, text), True, "the program's own lines"),
))  # fmt: skip
REPORT_SAID: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("title", (), "heading of the report"),
    ("made", ("day", "first", "last"), "when it was made, and which days it counts"),
    ("of_campaign", ("campaign",), "that it is of one campaign alone"),
    ("inside", (), "that this is not for publishing: small numbers could point at somebody"),
    ("asked_note", (), "that each step of a check or a quiz counts as a tap"),
    ("taps", (), "that taps and messages are counted, not people"),
    ("typed_note", (), "that typed words have no campaign"),
    ("village_note", (), "what is kept of a campaign of one village"),
    ("month_note", (), "what is counted by month alone"),
    ("partial", ("months",), "that these months lie partly outside, and are told whole"),
    ("nothing", (), "where nothing at all was counted"),
    ("none", (), "where nothing of a section was counted"),
    ("none_campaign", (), "in a report of one campaign: that this is counted without campaign"),
    ("total", (), "head of a column: sums"),
    ("times", (), "head of a column: how often"),
    ("more", ("n",), "in the terminal: so many more rows"),
    ("month", (), "head of a column"),
    ("week", (), "head of a column: the Monday"),
    ("by_month_only", (), "in a table of weeks: what is counted by month alone"),
    ("no_answer", (), "section: numbers that did not answer"),
    ("no_answer_note", (), "what people pressed, and what to do"),
    ("no_answer_none", (), "nobody said that a number did not answer"),
    ("number", (), "head of a column: a telephone number, and whose it is"),
    ("last", (), "head of a column: the last month in which it happened"),
    ("starts", (), "section, and head of a column: conversations that began"),
    ("starts_week", (), "table: starts by week"),
    ("starts_campaign", (), "table: starts by campaign"),
    ("no_campaign", (), "starts without a campaign"),
    ("asked", (), "section: what people ask"),
    ("asked_branch", (), "table: by branch"),
    ("asked_page", (), "table: by page"),
    ("branch", (), "head of a column"),
    ("page", (), "head of a column"),
    ("typed", (), "head of a column: asked in words"),
    ("tapped", (), "head of a column: opened by a button"),
    ("unanswered", (), "section: what was not understood"),
    ("unanswered_note", ("k", "months"), "what is shown: ideas, never words, from k up in a month"),
    ("ideas", (), "head of a column: what was recognised"),
    ("no_idea", (), "nothing was recognised"),
    ("rest", ("k",), "head of a column, and row: what stays below k in its month"),
    ("danger", (), "section: messages that told of danger"),
    ("danger_note", (), "what is counted there"),
    ("check", (), "section: offer checks"),
    ("check_note", (), "that one check may find several signs"),
    ("sign", (), "head of a column"),
    ("no_sign", (), "a check that found no sign"),
    ("calculator", (), "section: results of the calculator"),
    ("result", (), "head of a column"),
    ("result_nothing", (), "nothing is asked"),
    ("result_months", (), "it can be paid back"),
    ("result_not_known", (), "not enough is known"),
    ("result_may_never", (), "at worst it can never be paid back"),
    ("result_never", (), "it can never be paid back"),
    ("quiz", (), "section: answers in the quiz"),
    ("quiz_note", (), "that answers are compared, not the same people"),
    ("interval_note", (), "what the brackets behind a share mean"),
    ("question", (), "head of a column"),
    ("before", (), "head of a column, and mode of a campaign: before a visit"),
    ("after", (), "the same: after a visit"),
    ("elsewhere", (), "head of a column: all other answers"),
    ("all_questions", (), "row: all questions together"),
    ("share_of", ("share", "low", "high", "n"), "a share of right answers with its interval"),
    ("plain_share", ("share", "n"), "the same without interval"),
    ("campaigns", (), "section: campaigns"),
    ("campaign", (), "head of a column"),
    ("kind", (), "head of a column: what kind of campaign it is"),
    ("village", (), "a campaign of one village"),
    ("wider", (), "a campaign of more than a village"),
    ("shared", (), "head of a column: told others"),
    ("answers", (), "head of a column: answers in the quiz"),
    ("right", (), "head of a column: right ones of these, in percent"),
    ("weeks", (), "section: by week"),
    ("weeks_note", (), "how weeks are counted"),
    ("others", (), "section: hiding, voice messages, telling others"),
    ("hidden", (), "head of a column: hidden"),
    ("voice", (), "head of a column: voice messages"),
    ("other", (), "head of a column: pictures and the like"),
    ("lost", (), "section: counts that are lost"),
    ("lost_note", ("n",), "how many, and what that means"),
)
"""What the report of what was counted says: name, the braces that the program fills in, and what it is."""
REPORT = Table("report", "What the report of what was counted says.", (
    *(Field(line, text, True, what) for line, _, what in REPORT_SAID),
    Field("branches", MapOf(name, text), True, "what each branch of the tree is called"),
))  # fmt: skip
GLOSSARY = Table("glossary", "One term for each idea, one spelling for each word.", (
    Field("terms", MapOf(name, Table("term", "The word for an idea.", (
        Field("term", text, True, "the word to use"),
        Field("not", ListOf(text), False, "forms not to use; each is looked for in the words"),
        Field("why", text, True, "why"),
    ))), False, "terms"),
    Field("spelling", ListOf(Table("spelling", "A spelling.", (
        Field("wrong", text, True, "letters to look for"),
        Field("right", text, True, "what to write instead"),
        Field("why", maybe, False, "why"),
    ))), False, "spellings"),
    Field("number_words", ListOf(text), False, "numbers in words; beside a unit they may hide a fact"),
    Field("offices", ListOf(text), False, "offices, state bodies, named companies, peoples: none is accused"),
    Field("guilt", ListOf(text), False, "words that call somebody guilty"),
    Field("others", ListOf(text), False, "of whom such a word may be said instead: broker, somebody"),
))  # fmt: skip
_SAYINGS = ListOf(text)
DANGER_FILE = Table("words of danger", "How people tell of danger, and how of what is none.", (
    Field("words", _SAYINGS, True, "words that mean danger, whatever stands beside them"),
    Field("alone", _SAYINGS, False, "words that mean danger where nothing else is said: help!"),
    Field("kinds", MapOf(name, Table("kind of danger", "A kind of situation, as people tell it.", (
        Field("danger", _SAYINGS, True, "messages of somebody in danger, or of their family"),
        Field("calm", _SAYINGS, False, "the same words where nobody is in danger now"),
    ))), True, "kinds of situations"),
))  # fmt: skip
ASK_FILE = Table("ask", "Optional: what leads where, beside the questions.", (
    Field("hints", MapOf(page_id, ListOf(shape(r"[a-z0-9_]+( \+ [a-z0-9_]+)*", "ideas joined by +"))), False,
          "ideas that lead to a page"),
    Field("onward", ListOf(name), False, "ideas that ask to go on to the next page"),
))  # fmt: skip
ORGANISATION = Table("organisation", "Who runs this bot.", (
    Field("name", maybe, True, "name of the organisation"),
    Field("contact", Table("contact", "How people reach the organisation.", (
        Field("phone", maybe, False, "a telephone number"),
        Field("web", maybe, False, "an https address"),
        Field("place", Either((maybe, MapOf(lang_code, text))), False,
              "where one can come: one text, or one for each language"),
        Field("hours", Either((maybe, MapOf(lang_code, text))), False, "when one can come, in the same way"),
        Field("country", one_of("LA", "TH"), False, "where that is; LA where it is left out"),
    )), True, "how people reach it"),
    Field("telegram", shape("[A-Za-z][A-Za-z0-9_]{1,28}[Bb][Oo][Tt]",
                            "5 to 32 letters, figures and _, without @, ending in bot"), False,
          "the bot's user name in Telegram: for links and QR codes"),
    Field("numbers", ListOf(name), False,
          "phone facts of its own, such as in facts/own.yaml: behind the help numbers, and on about.bot"),
    Field("hide", ListOf(page_id), False, "pages that it leaves out; the routes are closed up"),
    Field("withhold", Either((one_of("unread"), ListOf(page_id))), False,
          "pages that it does not show yet: a list, or unread: all that nobody has read or cleared"),
    Field("logo", maybe, False, "a file of pictures/own/, without its ending: above about.bot"),
    Field("safe_words", ListOf(text), False,
          "words to spread by mouth: whoever writes one, alone, sees the help numbers"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
CAMPAIGN_TABLE = Table("campaign", "A poster, visit or post whose starts are counted.", (
    Field("label", text, True, "what it is"),
    Field("province", text, False, "where"),
    Field("place", one_of("village", "wider"), True, "a village is counted coarsely"),
    Field("mode", one_of("plain", "before", "after"), False, "plain, or a knowledge test before or after"),
    Field("until", text, False, "when it ends: a note for people, nothing follows from it"),
))  # fmt: skip
_MARK = shape("[0-9a-f]{12}", "twelve hex figures")
REVIEW = Table("review", "Who read a page.", (
    Field("page", page_id, True, "the page; lines: what the program itself says"),
    Field("lang", lang_code, True, "the language"),
    Field("kind", one_of("native", "legal", "cleared"), True, "a native reader, a lawyer, the operator"),
    Field("fingerprint", _MARK, True, "of the words that were read"),
    Field("beside", MapOf(lang_code, _MARK), False,
          "of the words in each other language then; one that is left out may change"),
    Field("on", day, True, "the day"),
    Field("role", text, True, "a role, never a name"),
))  # fmt: skip
_KIND = Field("kind", one_of("native", "legal", "cleared", "spelling"), True,
              "a native reader, a lawyer, the operator; "
              "spelling: the fingerprints from and fingerprint count as one")  # fmt: skip
REVIEWED = Table("review", "Who read a page, or that its words changed in spelling alone.", (
    *(_KIND if field.name == "kind" else field for field in REVIEW.fields),
    Field("from", _MARK, False, "needed for spelling: the fingerprint before"),
))  # fmt: skip

FILES: tuple[tuple[str, Type], ...] = (
    (r"organisation\.yaml", ORGANISATION),
    (r"campaigns\.yaml", MapOf(campaign, CAMPAIGN_TABLE)),
    (r"reviewed\.yaml", ListOf(REVIEWED)),
    (r"tree/ask\.yaml", ASK_FILE),
    (r"tree/[a-z]+\.[a-z_]*phrases\.yaml", MapOf(page_id, PHRASES_TREE)),
    (r"tree/[a-z]+\.[a-z_]*checklist\.yaml", MapOf(page_id, CHECKLIST_TREE)),
    (r"tree/[a-z]+\.quiz\.yaml", MapOf(page_id, QUIZ_TREE)),
    (r"tree/[a-z]+\.calculator\.yaml", MapOf(page_id, CALCULATOR_TREE)),
    (r"tree/[a-z]+\.[a-z_]+\.yaml", MapOf(page_id, CHECK_TREE)),
    (r"tree/[a-z_]+\.yaml", MapOf(page_id, PAGE_TREE)),
    (r"facts/[a-z_]+\.yaml", MapOf(name, FACT)),
    (r"[a-z]{2,3}/language\.yaml", LANGUAGE_FILE),
    (r"[a-z]{2,3}/report\.yaml", REPORT),
    (r"[a-z]{2,3}/glossary\.yaml", GLOSSARY),
    (r"[a-z]{2,3}/words/[a-z_]+\.yaml", MapOf(name, _SAYINGS)),
    (r"[a-z]{2,3}/asks/[a-z]+(\.[a-z_]+)?\.yaml", _SAYINGS),
    (r"[a-z]{2,3}/danger\.yaml", DANGER_FILE),
    (r"[a-z]{2,3}/not_ours\.yaml", MapOf(name, _SAYINGS)),
    (r"[a-z]{2,3}/thai\.yaml", MapOf(text, text)),
    (r"[a-z]{2,3}/facts[a-z_]*\.yaml", MapOf(name, FACT_WORDS)),
    (r"[a-z]{2,3}/[a-z]+\.[a-z_]*phrases\.yaml", MapOf(page_id, PHRASES_WORDS)),
    (r"[a-z]{2,3}/[a-z]+\.[a-z_]*checklist\.yaml", MapOf(page_id, CHECKLIST_WORDS)),
    (r"[a-z]{2,3}/[a-z]+\.quiz\.yaml", MapOf(page_id, QUIZ_WORDS)),
    (r"[a-z]{2,3}/[a-z]+\.calculator\.yaml", MapOf(page_id, CALCULATOR_WORDS)),
    (r"[a-z]{2,3}/[a-z]+\.[a-z_]+\.yaml", MapOf(page_id, CHECK_WORDS)),
    (r"[a-z]{2,3}/[a-z_]+\.yaml", MapOf(page_id, PAGE_WORDS)),
)  # fmt: skip
"""Path below the content folder -> what stands in the file; the first pattern that fits."""


def type_of(file: str) -> Type | None:
    """The type of what stands in `file`, or None where no such file is known."""
    return next((kind for pattern, kind in FILES if re.fullmatch(pattern, file)), None)


def check(node: Node, kind: Type, report: Report, where: str = "") -> None:
    """Reports whatever in `node` is not of type `kind`."""
    if isinstance(kind, Either):
        fits = [each for each in kind.types if _same_shape(node, each)]
        if fits and isinstance(fits[0], Scalar) and not fits[0].accepts(node.text):
            said = f"{where or 'this'} is {node.text!r}, but must be {' or '.join(map(_form, kind.types))}"
            report(node, "wrong-value", said, did_you_mean(node.text, fits[0].what.split(" or ")))
            return
        check(node, fits[0] if fits else kind.types[0], report, where)
    elif isinstance(kind, Scalar):
        _check_scalar(node, kind, report, where)
    elif not _same_shape(node, kind):
        wanted = "a list" if isinstance(kind, ListOf) else "fields, one a line"
        report(node, "wrong-type", f"{where or 'this'} must be {wanted}")
    elif isinstance(kind, ListOf):
        for item in node.items:
            check(item, kind.each, report, where)
    elif isinstance(kind, MapOf):
        for key, value in node.map.items():
            if not kind.keys.accepts(key):
                _check_scalar(node.key(key), kind.keys, report, "the key")
            check(value, kind.each, report, key)
    else:
        _check_table(node, kind, report)


def _form(kind: Type) -> str:
    """How a value of this type is written, for people."""
    if isinstance(kind, Table):
        return "{" + ", ".join(f"{field.name}: …" for field in kind.fields if field.needed) + "}"
    if isinstance(kind, ListOf):
        return f"[{_form(kind.each)}, …]"
    return kind.what if isinstance(kind, Scalar) else "fields"


def _same_shape(node: Node, kind: Type) -> bool:
    if isinstance(kind, Scalar):
        return isinstance(node.value, str)
    return isinstance(node.value, list if isinstance(kind, ListOf) else dict)


def _check_scalar(node: Node, kind: Scalar, report: Report, where: str) -> None:
    if not isinstance(node.value, str):
        report(node, "wrong-type", f"{where or 'this'} must be {kind.what}")
    elif not kind.accepts(node.text):
        said = f"{where or 'this'} is {node.text!r}, but must be {kind.what}"
        report(node, "wrong-value", said, did_you_mean(node.text, kind.what.split(" or ")))


def _check_table(node: Node, table: Table, report: Report) -> None:
    known = {field.name: field for field in table.fields}
    for key, value in node.map.items():
        if key in known:
            check(value, known[key].type, report, key)
        else:
            said = f"{key} is not a field here ({table.name})"
            report(node.key(key), "unknown-field", said, did_you_mean(key, known))
    for field in table.fields:
        if field.needed and field.name not in node.map:
            said = f"{field.name} is missing here ({table.name})"
            report(node, "missing-field", said, f"add {field.name}: {field.what}")
