"""What an organisation decides for itself: pages left out or withheld, its own numbers and office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from bot.book import Book, Event, Screen
from bot.compiler import compile_book
from bot.crawl import crawl, findings, open_at
from bot.talk.lines import line
from bot.talk.reply import reply
from tests.books import DAY, changed, good_files, real_files

NAMED = "name: Bridge House\ncontact: {phone: 021 000}\n"
OWN = """
own_help:
  kind: phone
  country: LA
  hours: always
  languages: [lo]
  cost: {LA: normal}
  last_call: {on: 2026-10-01, answered: yes, by: field officer}
  values:
    - {value: "021 555", source: ourselves, year: 2026, grade: B, verified: never}
"""


def run_by(files: Mapping[str, str], more: str, **others: str) -> Book:
    """The book of these files for an organisation that also says `more`."""
    return compile_book({**files, "organisation.yaml": NAMED + more, **others}, DAY)


def own(**said: str) -> dict[str, str]:
    """The files of a number of the organisation's own."""
    fact = OWN
    for old, new in said.items():
        fact = fact.replace(f"{old}: yes", f"{old}: {new}")
    return {
        "facts/own.yaml": fact,
        "lo/facts_own.yaml": "own_help: {name: ຖາມໄດ້}",
        "en/facts_own.yaml": "own_help: {name: Questions}",
    }


def faults(book: Book) -> Iterator[str]:
    """What is wrong with the first screens of all pages."""
    for at in (f"{lang}{id}" for id in book.pages for lang in ("", "lo:", "en:")):
        yield from findings(book, open_at(book, at))


def leads(screen: Screen) -> list[str]:
    return [button.to for row in screen.rows[: len(screen.rows) - screen.standing] for button in row]


# ------------------------------------------------------------------ hidden pages


def test_a_hidden_page_is_nowhere_and_its_children_take_its_place():
    book = run_by(real_files(), "hide: [money.send_home, work.pregnancy]\n")
    assert not list(faults(book))
    assert not {"money.send_home", "work.pregnancy"} & book.pages.keys()
    there = leads(open_at(book, "en:way.there"))
    assert there.index("en:money.tax_claims") == there.index("en:legal.without_papers") + 1
    assert book.pages["money.tax_claims"].up == "way.there"
    assert "en:work.pregnancy" not in leads(open_at(book, "en:work.rights"))
    for asked in ("Send money home", "send money"):
        assert reply(book, Event("ask", asked, "en")).screen.page != "money.send_home"


@pytest.mark.parametrize(
    "address", ["en:money.send_home", "en:money.send_home/2", "en:hotlines.emergency/money.send_home"]
)
def test_an_old_button_to_a_hidden_page_explains_itself(address):
    screen = open_at(run_by(real_files(), "hide: [way.there, money.send_home]\n"), address)
    assert screen.page == ("hotlines.emergency" if "hotlines" in address else "home")
    assert "Here is the nearest" in screen.plain


def test_hiding_takes_nothing_else_away():
    """No hint of a fact or an idea that is told nowhere, and no reading that is still to be done."""
    whole, less = (
        run_by(good_files(), ""),
        run_by(good_files(), "hide: [costs.fees]\n", **{"reviewed.yaml": "[]"}),
    )
    assert less.hints == whole.hints == ()
    assert not [task for task in less.tasks if "costs.fees" in task.message]
    assert leads(open_at(less, "en:brokers.check/a.nn"))[:1] == ["en:brokers.check"]


# ------------------------------------------------------------------ withheld pages


def test_a_withheld_page_gives_one_line_and_help_numbers_and_none_of_its_words():
    files = changed(good_files(), "en/pages.yaml", "title: Fees", "title: The fees")
    book = run_by(files, "withhold: unread\n")
    screen = open_at(book, "en:costs.fees")
    assert screen.plain.startswith(
        line(book, "en", "withheld") + "\n\n191 (Thailand) Police · day and night\n"
    )
    assert "What you can do: Choose a number." in screen.plain
    for words in ("fees", "visa", "permit", "price of this month", "ຄ່າໃຊ້ຈ່າຍ", "ວີຊາ"):
        assert words not in screen.plain
        assert words not in open_at(book, "lo:costs.fees").plain
    assert leads(screen) == ["tel:191", "tel:1362", "en:brokers.check", "en:costs.fees/x"]
    for address in ("en:costs.fees/2", "en:about.sources/costs.fees"):
        assert "permit" not in open_at(book, address).plain
    assert "passport" in open_at(book, "en:brokers.check").plain, "that page was read as it is"
    assert crawl(book, many=50)[1] == []


def test_what_a_person_cannot_do_without_is_never_withheld():
    book = run_by(real_files(), "withhold: unread\n")
    assert not list(faults(book))
    held = {page.id for page in book.pages.values() if page.words["lo"].withheld}
    about = {id for id in book.pages if id.startswith("about.")}
    assert book.pages.keys() - held == {"home", "language", "hotlines.emergency", *about}
    danger = open_at(book, "en:trouble.violence")
    assert danger.opens_with_numbers and "tel:191" in leads(danger)
    assert line(book, "en", "no_person") in danger.plain


def test_the_organisation_clears_a_page_or_withholds_it_by_name():
    first = good_files()["reviewed.yaml"].splitlines()
    kept = "\n".join(review for review in first if "page: costs.fees, lang: en" in review)
    cleared = {"reviewed.yaml": kept.replace("native", "cleared")}
    book = run_by(good_files(), "withhold: unread\n", **cleared)
    assert "The visa costs" in open_at(book, "en:costs.fees").plain
    assert line(book, "en", "draft") in open_at(book, "en:costs.fees").plain, "cleared is not read"
    assert line(book, "lo", "withheld") in open_at(book, "lo:costs.fees").plain
    book = run_by(good_files(), "withhold: [brokers.check]\n")
    assert line(book, "en", "withheld") in open_at(book, "en:brokers.check/a.yn").plain
    assert "The visa costs" in open_at(book, "en:costs.fees").plain


# ------------------------------------------------------------------ its own numbers, and its office


def test_own_numbers_stand_behind_those_of_the_state_and_say_whose_they_are():
    book = run_by(real_files(), "numbers: [own_help]\n", **own())
    for page in ("hotlines.emergency", "hotlines.thailand", "hotlines.laos"):
        phones = [run.text for run in open_at(book, f"en:{page}").text if run.style == "phone"]
        assert phones[-1] == "021 555" and len(phones) > 6
    assert "021 555 (Laos) Questions · Bridge House · day and night\n" in open_at(book, "en:about.bot").plain
    assert "021 555" not in open_at(book, "en:trouble.now").plain
    assert "own_help" in open_at(book, "en:hotlines.laos").facts


def test_an_own_number_that_failed_leaves_and_is_still_a_task():
    book = run_by(real_files(), "numbers: [own_help]\n", **own(answered="no"))
    assert not [id for id in book.pages if "021 555" in open_at(book, f"en:{id}").plain]
    assert [task.message for task in book.tasks if "own_help" in task.message] == ["own_help did not answer"]


def test_where_one_can_come_is_told_in_each_language():
    place = "{phone: 021 000, place: {lo: ໃກ້ຂົວ, en: By the bridge}, hours: 8:00–16:00}"
    book = compile_book({**real_files(), "organisation.yaml": f"name: Bridge House\ncontact: {place}\n"}, DAY)
    for page in ("about.bot", "hotlines.laos"):
        assert (
            "You can come to Bridge House: By the bridge.\nOpen: 8:00–16:00."
            in open_at(book, f"en:{page}").plain
        )
        assert "ໃກ້ຂົວ" in open_at(book, f"lo:{page}").plain
    assert "Contact: 021 000.\n" in open_at(book, "en:about.bot").plain
    assert "bridge" not in open_at(book, "en:hotlines.thailand").plain
