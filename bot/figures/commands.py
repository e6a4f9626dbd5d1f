"""The command `khua stats`: its options, and who answers. What answers is imported when it is asked for.

Each sets options.stats: a function of the options, the book and the file of counts (that of the settings),
which gives the exit code.
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.book import Book
from bot.problems import BadSetting, KhuaError, did_you_mean

if TYPE_CHECKING:
    from bot.figures.sections import Report


def join(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Adds `stats` and what is below it. Returns its parser; the caller sets what runs it."""
    stats = commands.add_parser("stats", help="what was counted: taps and messages, never people")
    _which(stats, None)
    stats.add_argument("--json", action="store_true", help="print JSON")
    stats.set_defaults(stats=_overview)

    below = stats.add_subparsers(metavar="report | publish | merge")
    report = below.add_parser("report", help="one HTML file, to be read and printed")
    report.add_argument("out", metavar="FILE.html", type=Path, help="the report to write")
    # Left out where they are not given, they keep what was given before the word report.
    _which(report, argparse.SUPPRESS)
    report.set_defaults(stats=_report)

    publish = below.add_parser("publish", help="tables for anybody, without small numbers")
    publish.add_argument("folder", metavar="DIR", type=Path, help="the folder to write them into")
    publish.add_argument("--k", metavar="N", type=int, default=10,
                         help="numbers below it are not told; default 10")  # fmt: skip
    between(publish, argparse.SUPPRESS)
    _db(publish, argparse.SUPPRESS)
    publish.set_defaults(stats=_publish)

    merge = below.add_parser("merge", help="take in the counts of other files, each once")
    merge.add_argument("files", metavar="FILE.db", type=Path, nargs="+", help="files of laptops that toured")
    merge.add_argument("--into", metavar="FILE.db", type=Path,
                       help="the file that takes them in; default tally.db in KHUA_DATA")  # fmt: skip
    merge.set_defaults(stats=_merge)
    return stats


def between(parser: argparse.ArgumentParser, default: Any) -> None:
    """Adds --from and --to: days, both counted."""
    parser.add_argument("--from", dest="since", metavar="DAY", type=day, default=default,
                        help="first day: 2027-01-31")  # fmt: skip
    parser.add_argument("--to", dest="until", metavar="DAY", type=day, default=default, help="last day")


def _which(parser: argparse.ArgumentParser, default: Any) -> None:
    between(parser, default)
    parser.add_argument("--campaign", metavar="C", default=default, help="of one campaign alone")
    parser.add_argument("--lang", metavar="L", default=default, help="language, such as lo or en")
    _db(parser, default)


def _db(parser: argparse.ArgumentParser, default: Any) -> None:
    parser.add_argument("--db", metavar="FILE.db", type=Path, default=default,
                        help="the file of counts; default tally.db in KHUA_DATA")  # fmt: skip


def day(text: str) -> date:
    """The day of an option. Raises what argparse shows as one clear line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it as 2027-01-31") from None


# ------------------------------------------------------------------ who answers


def _overview(options: argparse.Namespace, book: Book, file: Path) -> int:
    from bot.figures import overview

    told = _told(options, book, file)
    print(overview.as_json(told) if options.json else overview.text(told))
    return 0


def _report(options: argparse.Namespace, book: Book, file: Path) -> int:
    from bot.figures import page

    if options.out.suffix.lower() not in (".html", ".htm"):
        raise BadSetting(f"{options.out} is no name of a page; end it in .html")
    made = page.page(_told(options, book, file))
    part = options.out.with_name(options.out.name + ".part")
    try:
        part.write_text(made, "utf-8")
        part.replace(options.out)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise KhuaError(f"{options.out} cannot be written: {error.strerror or 'no access'}") from None
    print(f"{options.out} is written")
    return 0


def _publish(options: argparse.Namespace, book: Book, file: Path) -> int:
    from bot.figures import publish
    from bot.tally.file import counted

    _in_order(options)
    made = publish.tables(book, counted(options.db or file), options.k, options.since, options.until)
    for path in publish.write(book, made, options.k, options.folder):
        print(f"{path} is written")
    for line in publish.summary(made):
        print(line)
    return 0


def _merge(options: argparse.Namespace, book: Book, file: Path) -> int:
    from bot.figures.merge import merge

    for line in merge(book, options.files, options.into or file):
        print(line)
    return 0


def _in_order(options: argparse.Namespace) -> None:
    if options.since and options.until and options.since > options.until:
        raise BadSetting(f"--from {options.since} lies behind --to {options.until}; change one of them")


def _told(options: argparse.Namespace, book: Book, file: Path) -> Report:
    """The sections of what was counted, as the options want them."""
    from bot.figures.sections import report
    from bot.figures.sums import read

    lang = options.lang or next(iter(book.languages))
    if lang not in book.languages:
        raise BadSetting(f"--lang {lang}: the book has {', '.join(book.languages)}")
    if not book.languages[lang].report:
        raise KhuaError(f"the content has no {lang}/report.yaml; write it after that of another language")
    _in_order(options)
    campaign = options.campaign or ""
    found = read(options.db or file, options.since, options.until, campaign)
    if campaign and campaign not in book.campaigns and not found.by_name:
        cure = did_you_mean(campaign, book.campaigns) or "content/campaigns.yaml lists them"
        raise BadSetting(f"--campaign {campaign}: there is no such campaign; {cure}")
    return report(book, lang, found)
