"""The command `khua`: argv and environment to objects, errors to one clear line and an exit code.

Exit codes: 0 fine; 1 the content or a sheet is broken, or a launch task is open; 2 a wrong setting or option.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import os
import signal
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from bot import __version__
from bot.book import Book, Count, Event, Screen
from bot.desk import commands as desk
from bot.figures import commands as figures
from bot.problems import BadSetting, BadSheet, BrokenContent, KhuaError, Problem
from bot.settings import Settings, settings
from bot.tally import NAME

if TYPE_CHECKING:
    from bot.asks import Answer
    from bot.shelf import Shelf
    from bot.tally.keeper import Keeper

BOTH = "both"
TELEGRAM = "On Telegram: send /newbot to @BotFather there, then start again with KHUA_TOKEN=<its token>."


def console() -> NoReturn:
    """Entry point of the installed command."""
    sys.exit(main(sys.argv[1:]))


def main(argv: Sequence[str]) -> int:
    """Runs one command. Returns the exit code; argparse itself exits with 2 on a wrong option."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(argv)
    try:
        given = settings(os.environ)
        return int(options.run(options, given))
    except BadSetting as error:
        print(f"khua: {error}", file=sys.stderr)
        return 2
    except BrokenContent as error:
        for problem in error.problems:
            if problem.level == "error":
                print(problem, file=sys.stderr)
        print(f"khua: {error}; run: khua check", file=sys.stderr)
        return 1
    except BadSheet as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print(f"khua: {error}", file=sys.stderr)
        return 1
    except KhuaError as error:
        print(f"khua: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader of a pipe (head, less) has gone; nothing is left to be told.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="khua", description="Safe migration from Laos to Thailand: a chatbot."
    )
    parser.add_argument("--version", action="version", version=f"khua {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    bot = commands.add_parser("bot", help="run the bot: on Telegram with a token, else in the browser")
    where = bot.add_mutually_exclusive_group()
    where.add_argument("--web", action="store_true", help="serve the browser chat, token or not")
    where.add_argument("--telegram", action="store_true", help="be on Telegram; an error without a token")
    bot.set_defaults(run=_bot)

    chat = commands.add_parser("chat", help="talk in the terminal; reads a pipe too")
    _lang(chat)
    chat.set_defaults(run=_chat)

    show = commands.add_parser("show", help="print the screen at an address")
    show.add_argument("address", metavar="ADDRESS", help="such as legal.overview or lo:brokers.check/a.yn")
    _lang(show)
    _as_of(show)
    _json(show)
    show.set_defaults(run=_show)

    ask = commands.add_parser("ask", help="print the answer to a question")
    ask.add_argument("text", metavar="TEXT", nargs="?", help="the question")
    how = ask.add_mutually_exclusive_group()
    how.add_argument("--why", action="store_true", help="print what was seen in it, and how it was decided")
    how.add_argument("--batch", action="store_true", help="JSON lines {id, text} in, answers out")
    _lang(ask)
    _json(ask)
    ask.set_defaults(run=_ask)

    pages = commands.add_parser("pages", help="list the pages")
    _json(pages)
    pages.set_defaults(run=_pages)

    facts = commands.add_parser("facts", help="list the facts with values, sources and state")
    _json(facts)
    facts.set_defaults(run=_facts)
    for each in desk.join(commands, facts):
        each.set_defaults(run=_desk)

    figures.join(commands).set_defaults(run=_stats)

    check = commands.add_parser("check", help="say everything that is wrong with the content")
    check.add_argument(
        "dir", metavar="DIR", nargs="?", type=Path, help="the content folder; default KHUA_CONTENT"
    )
    more = check.add_mutually_exclusive_group()
    more.add_argument("--launch", action="store_true", help="list also what an organisation must still do")
    more.add_argument(
        "--words", action="store_true", help="list how questions fare that are new to it, page by page"
    )
    _as_of(check)
    _json(check)
    check.set_defaults(run=_check)
    return parser


def _lang(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--lang", metavar="L", default="", help="language where nothing else tells it, such as lo"
    )


def _as_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--as-of", metavar="DATE", type=figures.day, help="the bot as it is on that day: 2027-01-31"
    )


def _json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="print JSON")


def _print(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=1))


# ------------------------------------------------------------------ commands


def _book(given: Settings, as_of: date | None = None) -> Book:
    from bot.compiler import compile_book
    from bot.shelf import read_files

    return compile_book(read_files(given.content), as_of or datetime.now(given.zone).date())


def _language(book: Book, lang: str, default: str) -> str:
    """The language of --lang; `default` without one; "" for both."""
    if lang == BOTH:
        return ""
    if lang and lang not in book.languages:
        raise BadSetting(f"--lang {lang}: the book has {', '.join(book.languages)}, and {BOTH}")
    return lang or default


def _bot(options: argparse.Namespace, given: Settings) -> int:
    # What is made while starting stays: looking through it for garbage, again and again, costs a tenth of it.
    gc.disable()
    from bot.shelf import Shelf

    logging.basicConfig(
        level=given.log.upper(), format="%(asctime)s %(message)s", datefmt="%Y-%m-%d %H:%M:%S"
    )
    if options.telegram and given.token is None:
        raise BadSetting(
            "--telegram needs KHUA_TOKEN; talk to @BotFather in Telegram and send /newbot to get one"
        )
    shelf = Shelf(given.content, given.zone, keep=given.data)
    keeper = _keeper(given, shelf)
    try:
        if given.token is not None and not options.web:
            from bot.players import telegram

            _started()
            telegram.start(given, shelf, keeper)
            return 0
        _browser(given, shelf, keeper)
    except KeyboardInterrupt:
        print()
    finally:
        _close(keeper)
    return 0


def _close(keeper: Keeper) -> None:
    """Writes the last counts; whoever asks once more to stop waits for that."""
    before = {each: signal.signal(each, signal.SIG_IGN) for each in (signal.SIGTERM, signal.SIGINT)}
    try:
        keeper.close()
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _keeper(given: Settings, shelf: Shelf) -> Keeper:
    from bot.tally.keeper import Keeper

    return Keeper(given.data / NAME, lambda: shelf.book, shelf.today, given.count)


def _started() -> None:
    """From here on garbage is looked for, but not among what the start has made."""
    gc.freeze()
    gc.enable()


def _browser(given: Settings, shelf: Shelf, keeper: Keeper) -> None:
    """Serves the browser chat until Ctrl-C, and says how to be on Telegram where there is no token."""
    import asyncio

    from bot.players import web

    _started()

    def announce(said: str) -> None:
        print(said, flush=True)
        if given.token is None:
            print(TELEGRAM, flush=True)
        print("Ctrl-C ends it.", flush=True)

    # Told to stop it ends as after Ctrl-C, so that the last counts are written.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    asyncio.run(web.run(given, shelf, announce, keeper=keeper))


def _chat(options: argparse.Namespace, given: Settings) -> int:
    from bot.players.terminal import chat
    from bot.shelf import Shelf

    shelf = Shelf(given.content, given.zone)
    keeper = _keeper(given, shelf)
    try:
        lang = _language(shelf.book, options.lang, "")

        def count(counts: Sequence[Count]) -> None:
            keeper.count("terminal", counts)
            keeper.write()

        return chat(shelf, lang, sys.stdin, sys.stdout, count)
    finally:
        keeper.close()


def _show(options: argparse.Namespace, given: Settings) -> int:
    from bot.talk.reply import reply

    book = _book(given, options.as_of)
    lang = _language(book, options.lang, next(iter(book.languages)))
    screen = reply(book, Event("open", options.address, lang)).screen
    if options.json:
        _print(_screen(screen))
    else:
        _draw(screen)
    return 0


def _screen(screen: Screen) -> dict[str, Any]:
    return {
        "page": screen.page,
        "lang": "+".join(screen.langs),
        "text": screen.plain,
        "buttons": [[{"label": button.label, "to": button.to} for button in row] for row in screen.rows],
        "facts": list(screen.facts),
    }


def _draw(screen: Screen) -> None:
    print(screen.plain)
    print()
    for row in screen.rows:
        print("   ".join(f"[{button.label}] {button.to}" for button in row))


def _ask(options: argparse.Namespace, given: Settings) -> int:
    from bot.asks import answer, explained, why

    book = _book(given)
    lang = _language(book, options.lang, "")
    if options.batch:
        return _batch(book, lang)
    if options.text is None:
        raise BadSetting("ask needs a question, or --batch")
    if options.why:
        found = why(book, options.text, lang)
        if options.json:
            _print({**asdict(found), "ideas": _named(found.ideas, "idea", "words"),
                    "pages": _named(found.pages, "page", "points")})  # fmt: skip
        else:
            print(explained(found))
        return 0
    told = answer(book, options.text, lang)
    if options.json:
        shown = _screen(told.screen)
        _print({**_told(told), "text": shown["text"], "buttons": shown["buttons"]})
    else:
        _draw(told.screen)
    return 0


def _named(rows: Iterable[tuple[Any, ...]], *names: str) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in rows]


def _batch(book: Book, lang: str) -> int:
    from bot.asks import answer

    for number, said in enumerate(sys.stdin, 1):
        if not said.strip():
            continue
        try:
            row = json.loads(said)
            id, text = row["id"], str(row["text"])
        except (ValueError, KeyError, TypeError):
            raise KhuaError(f'line {number} of the input is not {{"id": …, "text": …}}') from None
        print(json.dumps({"id": id, **_told(answer(book, text, lang))}, ensure_ascii=False))
    return 0


def _told(answer: Answer) -> dict[str, Any]:
    """An answer without its screen."""
    return {
        "page": answer.page,
        "emergency": answer.emergency,
        "others": list(answer.others),
        "lang": answer.lang,
    }


def _pages(options: argparse.Namespace, given: Settings) -> int:
    from bot.crawl import taps

    book = _book(given)
    found = taps(book)
    rows = [
        {
            "id": page.id,
            "titles": {lang: words.title for lang, words in page.words.items()},
            "up": page.up or None,
            "taps": found[page.id].from_home,
            "taps_to_help": found[page.id].to_help,
        }
        for page in book.pages.values()
    ]
    if options.json:
        _print(rows)
    else:
        for row in rows:
            print(f"{row['id']:26} {row['taps']}  {' | '.join(row['titles'].values())}")  # type: ignore[union-attr]
    return 0


def _facts(options: argparse.Namespace, given: Settings) -> int:
    book = _book(given)
    if options.json:
        _print([_fact(book, id) for id in book.facts])
    else:
        for fact in book.facts.values():
            told = "".join(run.text for run in next(iter(fact.words.values()), ()))
            sources = "; ".join(dict.fromkeys(value.source for value in fact.now))
            print(f"{fact.id:28} {fact.state:10} {told}  [{sources}]")
    return 0


def _fact(book: Book, id: str) -> dict[str, Any]:
    fact = book.facts[id]
    plain = {key: value for key, value in asdict(fact).items() if key not in ("words", "lines", "now")}
    values = [
        {key: str(value) if isinstance(value, date) else value for key, value in row.items()}
        for row in plain.pop("values")
    ]
    told = {lang: "".join(run.text for run in text) for lang, text in fact.words.items()}
    return {**plain, "values": values, "now": [value.value for value in fact.now], "told": told}


def _stats(options: argparse.Namespace, given: Settings) -> int:
    from bot.shelf import Shelf

    # A kept book is read where there is one; a folder is not made only to look at counts.
    shelf = Shelf(given.content, given.zone, keep=given.data if given.data.is_dir() else None)
    return int(options.stats(options, shelf.book, given.data / NAME))


def _desk(options: argparse.Namespace, given: Settings) -> int:
    from bot.desk.folder import Folder

    return int(options.desk(options, lambda: Folder(given.content, datetime.now(given.zone).date())))


def _check(options: argparse.Namespace, given: Settings) -> int:
    from bot import asks
    from bot.compiler import examine
    from bot.compiler.words import hints, questions
    from bot.shelf import read_files

    folder = options.dir or given.content
    if not folder.is_dir():
        raise BadSetting(f"{folder} is no folder")
    files = read_files(folder)
    book, found = examine(files, options.as_of or datetime.now(given.zone).date())
    if options.words and book is not None:
        rows = asks.left_out(book, questions(files), hints(files))
        if options.json:
            _print([{**asdict(row), "first": row.first, "among": row.among} for row in rows])
        else:
            print(asks.table(rows))
        return 0
    if book is not None:
        found = tuple(sorted((*found, *asks.astray(book, questions(files)))))
    if options.launch and book is not None:
        silent = (_as_error(task) for task in _silent(book, files, given))
        found = (*silent, *found, *sorted(_as_error(task) for task in book.tasks))
    errors = sum(problem.level == "error" for problem in found)
    if options.json:
        _print([_problem(problem) for problem in found])
    else:
        for problem in found:
            print(problem if problem.level == "error" else f"{problem} (hint)")
        print("clean" if not errors else f"{errors} to mend")
    return 1 if errors else 0


def _silent(book: Book, files: Mapping[str, str], given: Settings) -> tuple[Problem, ...]:
    """Tasks about numbers that did not answer; none where nothing was counted yet."""
    from bot.figures.silent import tasks
    from bot.tally.file import BadTally, counted

    tally = given.data / NAME
    if not tally.exists():
        return ()
    try:
        return tuple(tasks(book, counted(tally), files))
    except BadTally as error:
        print(f"khua: {error}", file=sys.stderr)
        return ()


def _as_error(task: Problem) -> Problem:
    """Under --launch an open task counts as an error: the exit code says that it is not time yet."""
    return Problem(task.file, task.line, task.column, task.rule, task.message, task.cure)


def _problem(problem: Problem) -> dict[str, Any]:
    keys = ("rule", "level", "file", "line", "column", "message", "cure")
    return {key: getattr(problem, key) for key in keys}
