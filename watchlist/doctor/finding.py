"""Findings of the doctor: the problem, its place, and a fix if there is a safe one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

Step = str | int  # a key, or the index of a row
Where = tuple[Step, ...]  # path of a value, e.g. `("seasons", 0, "watched")`


class Severity(StrEnum):
    """How severe a finding is."""

    DAMAGE = "damage"  # the list can't be changed until this is fixed
    WRONG = "wrong"  # the value or key is ignored
    ODD = "odd"  # the value is used, but is probably a mistake


class FindingKind(StrEnum):
    """The subject of a finding."""

    DAMAGE = "damage"  # text that is not valid TOML
    DOUBT = "doubt"  # shows that seem to be lost from the file
    CONFLICT = "conflict"  # the conflict markers of a merge
    VALUE = "value"  # a value that its field does not accept
    KEY = "key"  # a misspelled key
    ID = "id"  # an id that two shows have
    DUPLICATE = "duplicate"  # a show that may be on the list twice
    DATE = "date"  # an implausible date
    PROGRESS = "progress"  # implausible seasons or episodes
    COPY = "copy"  # a conflicting copy of the list file
    FOLDER = "folder"  # a folder that can't be written
    LEFTOVER = "leftover"  # a temporary file of an interrupted write
    CATALOGUE = "catalogue"  # a damaged or outdated catalogue
    SCHEMA = "schema"  # a list without the comment that names its schema, or an outdated schema file


class Fix(NamedTuple):
    """The fix of a finding: set the value to `value` and, if `name` is not empty, rename the key to `name`."""

    value: Any  # a TOML value
    name: str = ""


class Finding(NamedTuple):
    """One problem. Its texts quote the file unchanged; the code that prints them must escape control characters.

    `line` and `column` count from 1; both are 0 if the problem concerns a whole file or folder.
    """

    severity: Severity
    kind: FindingKind
    message: str  # one sentence without a full stop
    number: int | None = None  # index of the show in the list, from 0; None if no show is concerned
    id: str = ""
    title: str = ""
    where: Where = ()  # path of the value, within the table of its show or within the file
    value: Any = None  # the TOML value in the file
    allowed: str = ""  # description of the valid values
    nearest: Any = None  # the nearest valid value
    fix: Fix | None = None
    hint: str = ""  # what the user can do if there is no fix
    file: Path = Path()
    line: int = 0
    column: int = 0
    text: str = ""  # the invalid line of the file, if the text is not valid TOML

    @property
    def key(self) -> str:
        """The path of the value in TOML notation, e.g. `seasons[0].watched`."""
        return key_text(self.where)

    @property
    def caret(self) -> str:
        """Spaces and a caret. Printed below `text`, the caret points at the column of the problem."""
        return " " * (self.column - 1) + "^"


def key_text(where: Where) -> str:
    """Return a path to a value in TOML notation: `("seasons", 0, "watched")` as `seasons[0].watched`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
    return "".join(steps).removeprefix(".")


ROWS = {"viewings": "viewing", "views": "view", "seasons": "season row"}  # key -> name of one of its rows


def place_words(where: Where) -> str:
    """Return a path to a value in words, with rows counted from 1: `viewing 1, date`, `season row 2, watched`, `status`."""
    parts: list[str] = []
    for step in where:
        if isinstance(step, int) and parts:
            parts[-1] = f"{ROWS.get(parts[-1], parts[-1])} {step + 1}"
        else:
            parts.append(str(step))
    return ", ".join(parts)
