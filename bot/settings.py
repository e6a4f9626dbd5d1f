"""Settings: read once, from the environment and the command line, into one frozen object.

KHUA_TOKEN        the bot's token from BotFather
KHUA_TOKEN_FILE   a file that holds it, instead
KHUA_API_URL      a Bot API server of one's own; default https://api.telegram.org
KHUA_CONTENT      the content folder; default content/ beside the program, or in the current folder
KHUA_DATA         where counts will be kept; nothing of a person; default data/ in the current folder
KHUA_PORT         port of the browser chat; default 8033
KHUA_LOG          error, warning, info or debug; default info
KHUA_LIMITS       on, or off for benches: Telegram's limits
KHUA_COUNT        where is counted: telegram, browser, terminal, presenter; none; default telegram,browser
KHUA_TIMEZONE     time zone of the day; default Asia/Vientiane
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.book import CHANNELS
from bot.problems import BadSetting, did_you_mean

NAMES = (
    "KHUA_TOKEN", "KHUA_TOKEN_FILE", "KHUA_API_URL", "KHUA_CONTENT", "KHUA_DATA", "KHUA_PORT", "KHUA_LOG",
    "KHUA_LIMITS", "KHUA_COUNT", "KHUA_TIMEZONE",
)  # fmt: skip
TOKEN = re.compile(r"[0-9]{3,20}:[A-Za-z0-9_-]{10,100}")
LEVELS = ("error", "warning", "info", "debug")


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `token` is never shown: not in the repr, not in an error, not in a log."""

    token: str | None = field(default=None, repr=False)
    api_url: str = "https://api.telegram.org"
    content: Path = Path("content")
    data: Path = Path("data")
    port: int = 8033
    log: str = "info"
    limits: bool = True
    count: tuple[str, ...] = ("telegram", "browser")
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Vientiane"))


def settings(environment: Mapping[str, str]) -> Settings:
    """The settings of an environment. Raises BadSetting with one clear line."""
    try:
        return _settings(environment)
    except BadSetting as error:
        # A token that was put in the wrong place is not shown either.
        raise BadSetting(TOKEN.sub("<token>", str(error))) from None


def _settings(environment: Mapping[str, str]) -> Settings:
    for name in environment:
        if name.startswith("KHUA_") and name not in NAMES:
            hint = did_you_mean(name, NAMES)
            raise BadSetting(f"{name} is not a setting; {hint or 'known are ' + ', '.join(NAMES)}")
    return Settings(
        token=_token(environment),
        api_url=_url(environment.get("KHUA_API_URL") or "https://api.telegram.org"),
        content=_content(environment.get("KHUA_CONTENT", "")),
        data=Path(environment.get("KHUA_DATA") or "data"),
        port=_port(environment.get("KHUA_PORT") or "8033"),
        log=_choice("KHUA_LOG", environment.get("KHUA_LOG") or "info", LEVELS),
        limits=_choice("KHUA_LIMITS", environment.get("KHUA_LIMITS") or "on", ("on", "off")) == "on",
        count=_channels(environment.get("KHUA_COUNT") or "telegram,browser"),
        zone=_zone(environment.get("KHUA_TIMEZONE") or "Asia/Vientiane"),
    )


def _token(environment: Mapping[str, str]) -> str | None:
    token, path = environment.get("KHUA_TOKEN", "").strip(), environment.get("KHUA_TOKEN_FILE", "")
    if token and path:
        raise BadSetting("KHUA_TOKEN and KHUA_TOKEN_FILE are both set; keep one of them")
    where = "KHUA_TOKEN"
    if path:
        where = f"the file {path} of KHUA_TOKEN_FILE"
        try:
            token = Path(path).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(f"{where} cannot be read: {_why(error)}") from None
        if not token:
            raise BadSetting(f"{where} is empty; put the token from BotFather into it")
    if token and not TOKEN.fullmatch(token):
        raise BadSetting(f"{where} holds no token; BotFather gives one such as 123456789:AA…")
    return token or None


def _why(error: OSError | UnicodeDecodeError) -> str:
    return error.strerror or "no access" if isinstance(error, OSError) else "it is not text"


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        fine = (
            parts.scheme in ("http", "https") and bool(parts.hostname) and not parts.query and parts.port != 0
        )
    except ValueError:
        fine = False
    if not fine:
        raise BadSetting("KHUA_API_URL is no address; it must be such as https://api.telegram.org")
    return text.rstrip("/")


def _content(text: str) -> Path:
    beside = Path(__file__).resolve().parent.parent / "content"
    path = Path(text) if text else Path("content") if Path("content").is_dir() else beside
    if not path.is_dir():
        raise BadSetting(f"the content folder {path} is not there; set KHUA_CONTENT to it")
    return path


def _port(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > 65535:
        raise BadSetting(f"KHUA_PORT is {text!r}; it must be a number from 0 to 65535")
    return int(text)


def _choice(name: str, text: str, known: tuple[str, ...]) -> str:
    if text.lower() not in known:
        raise BadSetting(f"{name} is {text!r}; it must be {', '.join(known[:-1])} or {known[-1]}")
    return text.lower()


def _channels(text: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(each.strip().lower() for each in text.split(",") if each.strip()))
    if named == ("none",):
        return ()
    wrong = next((each for each in named if each not in CHANNELS), None)
    if wrong is not None or not named:
        raise BadSetting(f"KHUA_COUNT is {text!r}; it must be none, or some of {', '.join(CHANNELS)}")
    return named


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadSetting(f"KHUA_TIMEZONE is {text!r}, which is no time zone; try Asia/Vientiane") from None
