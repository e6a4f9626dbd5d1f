"""Settings: what an environment gives; one clear line, exit code 2 and no token for what is wrong in it."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import bot.settings
from bot.cli import main
from bot.problems import BadSetting
from bot.settings import NAMES, Settings, settings
from tests.books import GOOD, ROOT

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"

WRONG = {
    "an unknown name": ({"KHUA_PROT": "80"}, "KHUA_PROT is not a setting; did you mean KHUA_PORT?"),
    "a strange name": (
        {"KHUA_QWXZ": ""},
        "KHUA_QWXZ is not a setting; known are KHUA_TOKEN, KHUA_TOKEN_FILE,",
    ),
    "no token": (
        {"KHUA_TOKEN": "hello"},
        "KHUA_TOKEN holds no token; BotFather gives one such as 123456789:AA…",
    ),
    "half a token": ({"KHUA_TOKEN": TOKEN[:12]}, "KHUA_TOKEN holds no token;"),
    "a token twice": (
        {"KHUA_TOKEN": TOKEN, "KHUA_TOKEN_FILE": "t"},
        "KHUA_TOKEN and KHUA_TOKEN_FILE are both set",
    ),
    "no file": ({"KHUA_TOKEN_FILE": "nothing"}, "the file nothing of KHUA_TOKEN_FILE cannot be read: "),
    "a folder": ({"KHUA_TOKEN_FILE": "folder"}, "the file folder of KHUA_TOKEN_FILE cannot be read: "),
    "an empty file": (
        {"KHUA_TOKEN_FILE": "empty"},
        "the file empty of KHUA_TOKEN_FILE is empty; put the token",
    ),
    "bytes": (
        {"KHUA_TOKEN_FILE": "bytes"},
        "the file bytes of KHUA_TOKEN_FILE cannot be read: it is not text",
    ),
    "two tokens in a file": ({"KHUA_TOKEN_FILE": "two"}, "the file two of KHUA_TOKEN_FILE holds no token;"),
    "a token as file name": (
        {"KHUA_TOKEN_FILE": TOKEN},
        "the file <token> of KHUA_TOKEN_FILE cannot be read",
    ),
    "an address without scheme": (
        {"KHUA_API_URL": "api.telegram.org"},
        "KHUA_API_URL is no address; it must be such",
    ),
    "another scheme": ({"KHUA_API_URL": "ftp://example.org"}, "KHUA_API_URL is no address;"),
    "no host": ({"KHUA_API_URL": "https://"}, "KHUA_API_URL is no address;"),
    "a question": ({"KHUA_API_URL": "https://example.org?x=1"}, "KHUA_API_URL is no address;"),
    "a bad port in it": ({"KHUA_API_URL": "https://example.org:99999"}, "KHUA_API_URL is no address;"),
    "brackets": ({"KHUA_API_URL": "http://[::1"}, "KHUA_API_URL is no address;"),
    "no content": (
        {"KHUA_CONTENT": "nothing"},
        "the content folder nothing is not there; set KHUA_CONTENT to it",
    ),
    "a file as content": ({"KHUA_CONTENT": "empty"}, "the content folder empty is not there;"),
    "a word as port": ({"KHUA_PORT": "http"}, "KHUA_PORT is 'http'; it must be a number from 0 to 65535"),
    "a port too high": ({"KHUA_PORT": "65536"}, "KHUA_PORT is '65536'; it must be"),
    "a port below": ({"KHUA_PORT": "-1"}, "KHUA_PORT is '-1'; it must be"),
    "a port in Lao figures": ({"KHUA_PORT": "໘໐໓໓"}, "KHUA_PORT is '໘໐໓໓'; it must be"),
    "a port without end": ({"KHUA_PORT": "8" * 5000}, "KHUA_PORT is '8888"),
    "a level": ({"KHUA_LOG": "loud"}, "KHUA_LOG is 'loud'; it must be error, warning, info or debug"),
    "limits": ({"KHUA_LIMITS": "yes"}, "KHUA_LIMITS is 'yes'; it must be on or off"),
    "a zone": (
        {"KHUA_TIMEZONE": "Asia/Luang"},
        "KHUA_TIMEZONE is 'Asia/Luang', which is no time zone; try Asia/",
    ),
    "a zone outside": (
        {"KHUA_TIMEZONE": "../../etc/passwd"},
        "KHUA_TIMEZONE is '../../etc/passwd', which is no",
    ),
    "a folder of zones": ({"KHUA_TIMEZONE": "Asia"}, "KHUA_TIMEZONE is 'Asia', which is no time zone;"),
}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    """A folder with odd files, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    (tmp_path / "two").write_text(f"{TOKEN}\n{TOKEN}\n")
    (tmp_path / "token").write_text(f"  {TOKEN}\n")
    return tmp_path


@pytest.mark.parametrize(("environment", "said"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_in_one_line(environment, said):
    with pytest.raises(BadSetting) as error:
        settings(environment)
    assert str(error.value).startswith(said)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("environment", [wrong[0] for wrong in WRONG.values()], ids=WRONG)
def test_a_wrong_setting_ends_every_command_with_2_and_no_token(environment, monkeypatch, capsys):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert main(["pages"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("khua: ")
    assert err.count("\n") == 1
    assert TOKEN not in err


@pytest.mark.parametrize(
    "name", [name for name in NAMES if name not in ("KHUA_TOKEN", "KHUA_DATA", "KHUA_API_URL")]
)
def test_a_token_in_the_wrong_place_is_not_shown(name):
    with pytest.raises(BadSetting) as error:
        settings({name: TOKEN})
    assert TOKEN not in str(error.value)
    assert TOKEN.partition(":")[2] not in str(error.value)


def test_nothing_set():
    assert settings({}) == Settings(content=ROOT / "content")
    assert settings({}) == settings(dict.fromkeys(NAMES, ""))


def test_everything_set():
    given = settings(
        {
            "KHUA_TOKEN": f" {TOKEN} ",
            "KHUA_API_URL": "http://localhost:8081/",
            "KHUA_CONTENT": str(GOOD),
            "KHUA_DATA": "counts",
            "KHUA_PORT": "0",
            "KHUA_LOG": "Debug",
            "KHUA_LIMITS": "OFF",
            "KHUA_COUNT": "Browser,",
            "KHUA_TIMEZONE": "Asia/Bangkok",
            "PATH": "/bin",
        }
    )
    assert given == Settings(
        TOKEN,
        "http://localhost:8081",
        GOOD,
        Path("counts"),
        0,
        "debug",
        False,
        ("browser",),
        ZoneInfo("Asia/Bangkok"),
    )


def test_a_token_from_a_file():
    assert settings({"KHUA_TOKEN_FILE": "token"}).token == TOKEN


def test_content_beside_the_current_folder_comes_first(here):
    (here / "content").mkdir()
    assert settings({}).content == Path("content")


def test_the_token_is_in_no_picture_of_the_settings():
    assert TOKEN not in repr(settings({"KHUA_TOKEN": TOKEN}))
    assert TOKEN not in str(settings({"KHUA_TOKEN": TOKEN}))


def test_the_names_are_those_of_the_docstring():
    said = bot.settings.__doc__ or ""
    assert [line.split()[0] for line in said.splitlines() if line.startswith("KHUA_")] == list(NAMES)


def test_telegram_without_a_token_says_how_to_get_one(capsys):
    assert main(["bot", "--telegram"]) == 2
    assert capsys.readouterr().err.startswith("khua: --telegram needs KHUA_TOKEN; talk to @BotFather")
