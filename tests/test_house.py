"""The house stands as it is drawn: floors, first lines, dependencies with a reason, six words, pins."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "bot").rglob("*.py"))
PYPROJECT = (ROOT / "pyproject.toml").read_text("utf-8")
PROJECT = tomllib.loads(PYPROJECT)["project"]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")

WORDS = {"bot", "test", "proof", "bench", "format", "clean"}

# Where a package is imported by another name than it is installed by.
IMPORT_NAMES = {
    "python-telegram-bot": "telegram", "pyyaml": "yaml", "resvg-py": "resvg_py",
    "sqlite-utils": "sqlite_utils",
}  # fmt: skip
# Data, found by the standard library's zoneinfo.
NEVER_IMPORTED = {"tzdata"}

# In pieces, so that this file does not name what it looks for.
ADDRESSES = {
    "a registry": r"pypi\.(org|python)|pythonhosted\.o" r"rg|registry\.(npm|yarn)|deb\.debian\.o" r"rg",
    "an option that names a registry": r"--(extra-)?index-" r"url|--find-" r"links|index-url *=",
    "a recorded download": r'"resolved": *"',
    "a folder of one machine": r"(?<![\w.\-])/(root|work|home|Users)/\w|[A-Z]:\\Users\\|file:" r"///",
}


def files_of_the_project() -> list[Path]:
    """All files in the project, or with the next commit; where there is no git, all but what is made."""
    if shutil.which("git") and (ROOT / ".git").exists():
        command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    made = {".git", ".venv", "build", "dist", "__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
    paths = [path for path in ROOT.rglob("*") if not made & set(path.relative_to(ROOT).parts)]
    return [path for path in paths if path.is_file()]


def imports(path: Path) -> set[str]:
    """Full names that the module at `path` imports, wherever in it. The house has no relative imports."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path.relative_to(ROOT)}:{node.lineno}: relative import"
            names |= (
                {f"bot.{each.name}" for each in node.names} if node.module == "bot" else {node.module or ""}
            )
    return names


def pins(path: str) -> dict[str, str]:
    """Name and version of everything that a requirements file pins."""
    lines = (ROOT / path).read_text("utf-8").splitlines()
    found = [re.match(r"([\w.\-]+)==(\S+)", line) for line in lines]
    return {canonicalize_name(match[1]): match[2] for match in found if match}


def test_every_import_points_down():
    # In a process of its own: the checker turns off all loggers of the process that it runs in.
    words = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    done = subprocess.run(
        [sys.executable, "-c", words], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_talk_imports_nothing_but_the_standard_library_and_the_ground_floor():
    rooms = ("talk", "address", "book", "numbers", "problems", "limits", "writing", "reading", "spelling")
    ground = tuple(f"bot.{room}" for room in rooms)
    for path in (ROOT / "bot/talk").rglob("*.py"):
        for name in imports(path):
            of_ours = any(name == room or name.startswith(f"{room}.") for room in ground)
            standard = name.split(".")[0] in sys.stdlib_module_names
            assert of_ours or standard, f"{path.relative_to(ROOT)}: {name}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_first_what_it_is_for(path):
    first = ast.parse(path.read_text("utf-8")).body[:1]
    assert ast.get_docstring(ast.Module(body=first, type_ignores=[])), "the first statement is no docstring"


def test_every_dependency_has_a_reason_and_a_use():
    block = re.search(r"^dependencies = \[\n(.*?)^\]", PYPROJECT, re.M | re.S)
    assert block
    lines = [line.strip() for line in block[1].splitlines()]
    used = {name.split(".")[0] for path in MODULES for name in imports(path)}
    for above, line in zip(["", *lines], lines, strict=False):
        if line.startswith("#"):
            continue
        assert above.startswith("# "), f"no line above says why: {line}"
        name = canonicalize_name(Requirement(ast.literal_eval(line.rstrip(","))).name)
        if name not in NEVER_IMPORTED:
            assert IMPORT_NAMES.get(name, name) in used, f"no module of bot/ imports {name}"
    assert sum(not line.startswith("#") for line in lines) == len(PROJECT["dependencies"])


@pytest.mark.parametrize(
    ("wanted", "file"),
    [
        (tomllib.loads(PYPROJECT)["build-system"]["requires"], "requirements/bot.txt"),
        (PROJECT["dependencies"], "requirements/bot.txt"),
        (PROJECT["optional-dependencies"]["test"], "requirements/test.txt"),
    ],
    ids=["build", "bot", "test"],
)
def test_the_pins_are_what_pyproject_asks_for(wanted, file):
    pinned = pins(file)
    for requirement in map(Requirement, wanted):
        version = pinned.get(canonicalize_name(requirement.name))
        assert version and requirement.specifier.contains(version), f"{requirement}: run `make lock`"


@pytest.mark.parametrize("file", ["requirements/bot.txt", "requirements/test.txt"])
def test_every_pin_has_hashes(file):
    text = (ROOT / file).read_text("utf-8")
    entries = re.split(r"^(?=[\w])", text, flags=re.M)[1:]
    assert entries
    for entry in entries:
        assert "==" in entry and "--hash=sha256:" in entry, entry


def test_no_file_names_a_registry_or_a_machine():
    found = []
    for path in files_of_the_project():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        for what, pattern in ADDRESSES.items():
            found += [f"{path.relative_to(ROOT)}: {what}: {match[0]}" for match in re.finditer(pattern, text)]
    assert not found, "\n".join(found)


def test_make_has_exactly_the_six_words():
    assert set(re.findall(r"^(\w+):.*## ", MAKEFILE, re.M)) == WORDS
    assert set(re.findall(r"^(\w+):(?!=)", MAKEFILE, re.M)) == WORDS | {"words", "lock"}
