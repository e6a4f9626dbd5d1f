"""Everything that the compiler can say, each with a book that makes it say so.

tests/rules/good/ is a tiny book without a problem. tests/rules/<rule>/ holds what is laid over it, and in
said.txt all that `khua check --launch` then prints. A second case of a rule is in tests/rules/<rule>+<name>/.

    en/pages.yaml         a whole file, new or instead of the good one
    en/pages.yaml.edit    changes to the good one: lines behind `- ` are looked for, those behind `+ ` take
                          their place; `+ ` lines at the top are added at the end of the file
    en/pages.yaml.gone    the good one is missing; what is written in here is not read
"""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest

from bot.cli import main
from tests.books import DAY, GOOD, ROOT

CASES = sorted(path for path in GOOD.parent.iterdir() if path.is_dir() and path != GOOD)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_said_of_a_broken_book(case, tmp_path, capsys):
    code, output = check(lay_over(case, tmp_path / "content"), capsys)
    said = (case / "said.txt").read_text("utf-8").splitlines()
    assert output.splitlines() == said
    assert code == (0 if said[-1] == "clean" else 1)
    assert any(f": {rule_of(case)}: " in line for line in said), "said.txt does not name the folder's rule"


def test_the_good_book_is_clean(capsys):
    assert check(GOOD, capsys) == (0, "clean\n")


def test_every_rule_has_a_case():
    assert {rule_of(case) for case in CASES} == rules_in_the_source()


def check(book: Path, capsys) -> tuple[int, str]:
    """Exit code and output of `khua check`."""
    code = main(["check", str(book), "--launch", "--as-of", str(DAY)])
    return code, capsys.readouterr().out


def rule_of(case: Path) -> str:
    return case.name.partition("+")[0]


def lay_over(case: Path, book: Path) -> Path:
    """The good book in the folder `book`, with the changes of a case."""
    shutil.copytree(GOOD, book)
    for path in sorted(case.rglob("*")):
        to = book / path.relative_to(case)
        if path.is_dir() or path.name == "said.txt":
            continue
        if path.suffix == ".gone":
            to.with_suffix("").unlink()
        elif path.suffix == ".edit":
            to = to.with_suffix("")
            to.write_text(edited(to.read_text("utf-8"), path), "utf-8")
        else:
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, to)
    return book


def edited(text: str, edit: Path) -> str:
    """`text` with the changes that the file `edit` tells."""
    changes: list[tuple[str, str]] = [("", "")]
    last = ""
    for line in edit.read_text("utf-8").splitlines():
        sign, said = line[:2], line[2:] + "\n"
        assert sign in ("- ", "+ "), f"{edit}: a line begins with neither `- ` nor `+ `: {line}"
        if sign == "- " and last != "- ":
            changes.append(("", ""))
        old, new = changes[-1]
        changes[-1] = (old + said, new) if sign == "- " else (old, new + said)
        last = sign
    for old, new in changes[1:]:
        assert f"\n{text}".count(f"\n{old}") == 1, f"{edit}: not once in the good file: {old}"
        text = f"\n{text}".replace(f"\n{old}", f"\n{new}")[1:]
    return text + changes[0][1]


def rules_in_the_source() -> set[str]:
    """Names that are handed to report(), report.hint() and _task(), and all other-names-of-this-shape."""
    names = set()
    for path in (ROOT / "bot/compiler").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z]+(-[a-z]+)+", str(node.value)):
                names.add(str(node.value))
            elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("report", "hint", "_task")):
                names |= {str(arg.value) for arg in node.args[1:2] if isinstance(arg, ast.Constant)}
    return names
