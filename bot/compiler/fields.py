"""One table of fields for each kind of file: what may stand in it, of which type, needed or not, what for.

The checks of this module come from the tables, and so do the schema and the page in the docs.
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
    Field("kind", one_of("page", "about", "languages", "sources", "check"), False, "what the program adds"),
    Field("go", ListOf(page_id), False, "buttons to other pages, in order"),
    Field("danger", yes_no, False, "yes: can be hidden, says that no person reads it, opens neutrally"),
    Field("quiet", yes_no, False, "yes: opens with a neutral sentence"),
    Field("sensitive", yes_no, False, "yes: counted by month only"),
    Field("numbers", ListOf(name), False, "phone facts that stand before the words"),
    Field("call", ListOf(name), False, "phone facts with a button to call, at most three"),
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
LANGUAGE_FILE = Table("language", "How a language writes numbers and dates, and the program's own lines.", (
    Field("name", text, True, "the language's own name"),
    Field("locale", text, True, "a Babel locale to borrow dates and plurals from"),
    Field("order", shape("[0-9]+", "a figure"), True, "place in the order of languages"),
    Field("words", one_of("spaces", "lao"), True, "how words are told apart"),
    Field("thousands", maybe, True, "sign between thousands"),
    Field("scale", ListOf(ListOf(text)), False, "pairs of a figure and its word, largest first"),
    Field("units", MapOf(text, MapOf(one_of("zero", "one", "two", "few", "many", "other"), text)), True,
          "unit words by plural form"),
    Field("countries", MapOf(shape("[A-Z]{2}", "a country code"), text), True, "names of countries"),
    Field("lines", MapOf(name, text), True, "the program's own lines"),
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
))  # fmt: skip
WORDS_FILE = Table("words that people use", "Ideas and their words, as people write them.", (
    Field("ideas", MapOf(name, ListOf(text)), True, "an idea and all forms of its words"),
    Field("danger", ListOf(text), True, "words and phrases that alone mean danger"),
    Field("common", ListOf(text), True, "small frequent words by which the language is known"),
))  # fmt: skip
ORGANISATION = Table("organisation", "Who runs this bot.", (
    Field("name", maybe, True, "name of the organisation"),
    Field("contact", Table("contact", "How people reach the organisation.", (
        Field("phone", maybe, False, "a telephone number"),
        Field("place", maybe, False, "an office to go to"),
        Field("web", maybe, False, "an https address"),
    )), True, "how people reach it"),
    Field("note", maybe, False, "for editors"),
))  # fmt: skip
CAMPAIGN_TABLE = Table("campaign", "A poster, visit or post whose starts are counted.", (
    Field("label", text, True, "what it is"),
    Field("province", text, False, "where"),
    Field("place", one_of("village", "wider"), True, "a village is counted coarsely"),
    Field("mode", one_of("plain", "before", "after"), False, "plain, or a knowledge test before or after"),
    Field("until", text, False, "when it ends"),
))  # fmt: skip
REVIEW = Table("review", "Who read a page.", (
    Field("page", page_id, True, "the page"),
    Field("lang", lang_code, True, "the language"),
    Field("kind", one_of("native", "legal", "cleared"), True, "a native reader, a lawyer, the operator"),
    Field("fingerprint", shape("[0-9a-f]{12}", "twelve hex figures"), True, "of the words that were read"),
    Field("on", day, True, "the day"),
    Field("role", text, True, "a role, never a name"),
))  # fmt: skip

FILES: tuple[tuple[str, Type], ...] = (
    (r"organisation\.yaml", ORGANISATION),
    (r"campaigns\.yaml", MapOf(campaign, CAMPAIGN_TABLE)),
    (r"reviewed\.yaml", ListOf(REVIEW)),
    (r"tree/ask\.yaml", MapOf(page_id, ListOf(shape(r"[a-z0-9_]+( \+ [a-z0-9_]+)*", "ideas joined by +")))),
    (r"tree/[a-z]+\.[a-z_]+\.yaml", MapOf(page_id, CHECK_TREE)),
    (r"tree/[a-z_]+\.yaml", MapOf(page_id, PAGE_TREE)),
    (r"facts/[a-z_]+\.yaml", MapOf(name, FACT)),
    (r"[a-z]{2,3}/language\.yaml", LANGUAGE_FILE),
    (r"[a-z]{2,3}/glossary\.yaml", GLOSSARY),
    (r"[a-z]{2,3}/words\.yaml", WORDS_FILE),
    (r"[a-z]{2,3}/facts[a-z_]*\.yaml", MapOf(name, FACT_WORDS)),
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
            _check_scalar(node.key(key), kind.keys, report, "the key")
            check(value, kind.each, report, key)
    else:
        _check_table(node, kind, report)


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
            said = f"{key} is not a field of a {table.name}"
            report(node.key(key), "unknown-field", said, did_you_mean(key, known))
    for field in table.fields:
        if field.needed and field.name not in node.map:
            said = f"the {table.name} has no {field.name}"
            report(node, "missing-field", said, f"add {field.name}: {field.what}")
