"""The commands of the editors' desk: their options, and who answers. What answers is imported when asked for.

Each sets options.desk: a function of the options and of what opens the folder, which gives the exit code.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.book import Campaign
from bot.figures.commands import day
from bot.problems import BadSetting

if TYPE_CHECKING:
    from bot.desk.folder import Folder

    Desk = Callable[[], Folder]


def join(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], facts: argparse.ArgumentParser
) -> Iterator[argparse.ArgumentParser]:
    """Adds the commands of the desk, those of facts below `facts`.

    Gives the parser of each; the caller sets what runs it.
    """
    yield from _of_facts(facts)
    fields = commands.add_parser("fields", help="print what may stand in the files of the content")
    fields.set_defaults(desk=_fields)
    yield fields
    campaign = commands.add_parser("campaign", help="begin a campaign: a poster, a visit, a post")
    yield from _of_campaigns(campaign)
    review = commands.add_parser("review", help="let somebody read the words, and note who did")
    yield from _of_words(review)


def _of_facts(facts: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    desk = facts.add_subparsers(metavar="verify | sheet | report")

    verify = desk.add_parser("verify", help="write down that somebody confirmed a fact, or called a number")
    verify.add_argument("id", metavar="ID", help="the fact, such as police_th")
    verify.add_argument("--on", metavar="DATE", required=True, help="the day of it: 2027-01-31")
    verify.add_argument("--how", choices=("call", "text", "office"), required=True,
                        help="by a call, by the rule's text, at an office")  # fmt: skip
    verify.add_argument("--by", metavar="ROLE", required=True, help="a role, never a name: field officer")
    verify.add_argument("--result", choices=("yes", "no"), default="yes",
                        help="of a call: whether the right office answered; default yes")  # fmt: skip
    verify.set_defaults(desk=_verify)
    yield verify

    sheet = desk.add_parser("sheet", help="all telephone numbers for a spreadsheet, to be called")
    sheet.add_argument("file", metavar="FILE.csv", type=Path, help="the sheet to write")
    sheet.add_argument("--import", dest="back", action="store_true", help="take the filled sheet in again")
    sheet.set_defaults(desk=_facts_sheet)
    yield sheet

    report = desk.add_parser("report", help="how the facts stand: counts, and which page tells which")
    report.add_argument("file", metavar="FILE.csv", type=Path, nargs="?", help="for a spreadsheet instead")
    report.set_defaults(desk=_facts_report)
    yield report


def _of_words(review: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    desk = review.add_subparsers(required=True, metavar="sheet | import | spelling")

    sheet = desk.add_parser("sheet", help="one HTML file with the words of a language, to be read")
    sheet.add_argument("file", metavar="FILE.html", type=Path, help="the sheet to write")
    sheet.add_argument("--lang", metavar="L", default="", help="the language to read; default the first")
    sheet.set_defaults(desk=_review_sheet)
    yield sheet

    back = desk.add_parser("import", help="take in the answers that a sheet saved")
    back.add_argument("file", metavar="FILE.json", type=Path, help="the file of answers")
    back.set_defaults(desk=_review_import)
    yield back

    spelling = desk.add_parser("spelling", help="words changed since they were read, but in spelling alone")
    spelling.add_argument("page", metavar="PAGE", help="such as legal.steps; lines: the program's own")
    spelling.add_argument("lang", metavar="LANG", help="the language, such as lo")
    spelling.add_argument("--by", metavar="ROLE", required=True, help="a role, never a name: editor")
    spelling.set_defaults(desk=_review_spelling)
    yield spelling


def _of_campaigns(campaign: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    desk = campaign.add_subparsers(required=True, metavar="new")

    new = desk.add_parser("new", help="note a campaign, and make its link and QR code")
    new.add_argument("id", metavar="ID", help="3 to 8 of a-z 0-9, such as vte26a")
    new.add_argument("--label", metavar="TEXT", required=True, help="what it is: poster at the bus station")
    new.add_argument("--place", choices=("village", "wider"), required=True,
                     help="one village, which is counted coarsely, or more than one")  # fmt: skip
    new.add_argument("--province", metavar="P", default="", help="where")
    new.add_argument("--mode", choices=("plain", "before", "after"), default="plain",
                     help="before, after: people come to the quiz before or after a visit")  # fmt: skip
    new.add_argument("--until", metavar="D", type=day, help="the day on which it ends, as a note: 2027-01-31")
    new.add_argument("--page", metavar="PAGE", default="", help="where it leads; default home, or the quiz")
    new.add_argument("--out", metavar="DIR", type=Path, default=Path(), help="the folder for the QR code")
    new.set_defaults(desk=_campaign_new)
    yield new


# ------------------------------------------------------------------ who answers


def _verify(options: argparse.Namespace, desk: Desk) -> int:
    from bot.desk import verify

    folder = desk()
    try:
        on, by = verify.day(options.on, folder.today), verify.role(options.by)
        said = verify.Confirmation(options.id, on, options.how, by, options.result == "yes")
        line = verify.verify(folder, said)
    except verify.Unfit as error:
        raise BadSetting(str(error)) from None
    return _saved(folder, (line,))


def _facts_sheet(options: argparse.Namespace, desk: Desk) -> int:
    from bot.desk import calls
    from bot.desk.folder import write

    folder = desk()
    if options.back:
        return _saved(folder, calls.take_in(folder, options.file))
    if options.file.exists():
        raise BadSetting(
            f"{options.file} is there already; name another file, or take it in with: --import"
        )  # fmt: skip
    write({options.file: calls.sheet(folder.book)})
    print(f"{options.file} is written; when it is filled in: khua facts sheet {options.file} --import")
    return 0


def _facts_report(options: argparse.Namespace, desk: Desk) -> int:
    from bot.desk import report
    from bot.desk.folder import write

    if options.file and options.file.suffix.lower() != ".csv":
        raise BadSetting(f"{options.file} is no name of a spreadsheet; end it in .csv, or leave it out")
    folder = desk()
    if options.file is None:
        print(report.text(folder))
        return 0
    write({options.file: report.table(folder)})
    print(f"{options.file} is written")
    return 0


def _fields(options: argparse.Namespace, desk: Desk) -> int:
    from bot.desk import files

    print(files.page(), end="")
    return 0


def _campaign_new(options: argparse.Namespace, desk: Desk) -> int:
    from bot.desk import campaigns
    from bot.tally.names import is_sensitive

    if not options.out.is_dir():
        raise BadSetting(f"--out {options.out} is no folder")
    folder = desk()
    until = options.until.isoformat() if options.until else ""
    campaign = Campaign(options.id, options.label, options.place, options.mode, options.province, until)
    link, files = campaigns.new(folder, campaign, options.page, options.out)
    lines = [link, "a running bot counts it from midnight on, or when it is restarted"]
    if is_sensitive(folder.book, "start", options.page):
        lines.append(
            f"{options.page} is sensitive: its starts are counted by the month, without the campaign"
        )
    return _saved(folder, lines, files)


def _review_sheet(options: argparse.Namespace, desk: Desk) -> int:
    from bot.desk import review
    from bot.desk.folder import write

    folder = desk()
    languages = folder.book.languages
    lang = options.lang or next(iter(languages))
    if lang not in languages:
        raise BadSetting(f"--lang {lang}: the book has {', '.join(languages)}")
    write({options.file: review.sheet(folder, lang)})
    print(f"{options.file} is written; it saves its answers, and they come back with: khua review import")
    return 0


def _review_import(options: argparse.Namespace, desk: Desk) -> int:
    from bot.desk import review

    folder = desk()
    return _saved(folder, review.take_in(folder, options.file))


def _review_spelling(options: argparse.Namespace, desk: Desk) -> int:
    from bot.desk import review
    from bot.desk.verify import Unfit

    folder = desk()
    try:
        return _saved(folder, review.spelling(folder, options.page, options.lang, options.by))
    except Unfit as error:
        raise BadSetting(str(error)) from None


def _saved(folder: Folder, lines: Sequence[str], beside: Mapping[Path, bytes] | None = None) -> int:
    """Saves what the desk noted, and the files that belong to it, and says what and where."""
    files = beside or {}
    written = (*folder.save(files), *map(str, files))
    for line in lines:
        print(line)
    print(f"written: {', '.join(written)}" if written else "nothing to write")
    return 0
