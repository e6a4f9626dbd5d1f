"""The docs say what the program does: every command, option, setting, file and link in them is there."""

import re
import shlex
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli import _parser, main
from bot.settings import NAMES

ROOT = Path(__file__).parent.parent
DOCS = [
    ROOT / name
    for name in (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "deploy/README.md",
        "docs/files.md",
        "docs/privacy.md",
    )
]
README = DOCS[0].read_text("utf-8")


def commands() -> dict[str, set[str]]:
    """Every command of the program with its options; "facts verify" is one, and "facts" another."""
    return dict(_commands(_parser(), ""))


def _commands(parser: ArgumentParser, before: str) -> Iterator[tuple[str, set[str]]]:
    for action in parser._actions:
        if isinstance(action, _SubParsersAction):
            for name, below in action.choices.items():
                yield before + name, {option for each in below._actions for option in each.option_strings}
                yield from _commands(below, f"{before}{name} ")


def test_the_readme_names_every_command_and_setting() -> None:
    for name in commands():
        assert re.search(rf"khua {name}\b", README), f"README does not name khua {name}"
    for name in NAMES:
        assert f"`{name}`" in README


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_and_options_in_the_docs_exist(path: Path) -> None:
    known = commands()
    for found in re.finditer(r"khua ([a-z]+)((?: [^`\n#|;&]*)?)", path.read_text("utf-8")):
        two = f"{found[1]} {found[2].split()[0]}" if found[2].split() else ""
        if found[1] not in known:
            before = path.read_text("utf-8")[max(0, found.start() - 12) : found.start()]
            assert not before.endswith((".venv/bin/", "`", "    ")), f"khua {found[1]} is no command"
            continue
        for option in re.findall(r"--[a-z-]+", found[2]):
            name = two if two in known else found[1]
            assert option in known[name], f"khua {name} has no {option}"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_settings_in_the_docs_exist(path: Path) -> None:
    assert set(re.findall(r"KHUA_[A-Z_]+", path.read_text("utf-8"))) <= set(NAMES)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_and_files_in_the_docs_exist(path: Path) -> None:
    text = path.read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        if not target.startswith("https://"):
            assert (path.parent / target).exists(), f"{path.name} links to {target}"
    for name in re.findall(r"`((?:bot|content|tests|deploy|requirements)/[A-Za-z0-9_./]+)`", text):
        assert (ROOT / name).exists(), f"{path.name} names {name}"


def examples() -> list[str]:
    """Lines of the README that run the program and end by themselves."""
    lines = re.findall(r"(?m)^    \.venv/bin/khua (show|ask|pages|facts|check)(.*?)(?:  +#.*)?$", README)
    return [f"{name}{rest}".strip() for name, rest in lines]


@pytest.mark.parametrize("example", examples())
def test_examples_run(
    example: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHUA_CONTENT", str(ROOT / "content"))
    code = main(shlex.split(example))
    assert code == (1 if "--launch" in example else 0)
    assert capsys.readouterr().out.strip()


def test_the_page_about_the_files_is_that_of_the_tables(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fields"]) == 0
    made = capsys.readouterr().out
    assert (ROOT / "docs/files.md").read_text("utf-8") == made, "do: khua fields > docs/files.md"
    assert "| `values[].verified.how` | yes | call or text or office |" in made


def test_the_readme_has_examples() -> None:
    assert len(examples()) >= 7
