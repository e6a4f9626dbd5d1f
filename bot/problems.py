"""What can be wrong, in one shape: the errors that Khua raises and the problems that the compiler finds.

KhuaError            anything a person in front of the program can put right; shown as one line
  BadSetting         environment or options; exit code 2
  BrokenContent      files of the content folder; carries every Problem at once
  BadSheet           a file that came back to the editors' desk; carries every Problem at once
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Level = Literal["error", "hint", "task"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong in one place of one file.

    `line` and `column` count from 1; 0 where the whole file is meant. `level` is "error" (the book
    cannot be used), "hint" (worth a look) or "task" (what an organisation must do before launch).
    """

    file: str
    line: int
    column: int
    rule: str
    message: str
    cure: str = ""
    level: Level = "error"

    def __str__(self) -> str:
        cure = f"; {self.cure}" if self.cure else ""
        return f"{self.file}:{self.line}:{self.column}: {self.rule}: {self.message}{cure}"


class KhuaError(Exception):
    """Base of all errors that are shown to a person as one clear line."""


class BadSetting(KhuaError):
    """A setting is missing or wrong."""


class BrokenContent(KhuaError):
    """The content folder does not give a book. `problems` holds all that was found, hints included."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        errors = sum(problem.level == "error" for problem in self.problems)
        super().__init__(f"the content has {errors} error{'s' if errors != 1 else ''}")


class BadSheet(KhuaError):
    """A sheet cannot be taken in, and nothing of it was. `problems` holds all that was found."""

    def __init__(self, name: str, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        many = len(self.problems)
        super().__init__(f"{name} has {many} error{'s' if many != 1 else ''}; nothing of it was taken in")


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A cure such as `did you mean legal.steps?`; empty where nothing known is near."""
    near = get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else ""
