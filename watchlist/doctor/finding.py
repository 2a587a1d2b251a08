"""What the doctor found: one value a fault, with its place, and what puts it right where that is safe."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

Step = str | int
Where = tuple[Step, ...]


class Severity(StrEnum):
    """How bad it is."""

    DAMAGE = "damage"  # the list can't be changed until it is mended
    WRONG = "wrong"  # what the file says is not taken
    ODD = "odd"  # it is taken, and can hardly be meant


class Kind(StrEnum):
    """What it is about."""

    DAMAGE = "damage"
    DOUBT = "doubt"
    CONFLICT = "conflict"
    VALUE = "value"
    KEY = "key"
    ID = "id"
    DUPLICATE = "duplicate"
    DATE = "date"
    PROGRESS = "progress"
    COPY = "copy"
    FOLDER = "folder"
    LEFTOVER = "leftover"


class Fix(NamedTuple):
    """What to do with the value at a finding's place: call its key `name`, where that is set, and make it `value`."""

    value: Any  # a TOML value
    name: str = ""


class Finding(NamedTuple):
    """One fault. Texts hold what is in the file as it is: whoever shows them makes them safe.

    `line` and `column` count from 1; they are 0 where it is about a whole file or folder.
    """

    severity: Severity
    kind: Kind
    message: str  # a sentence without its full stop
    number: int | None = None  # of the show in the list, from 0; None where it is about no show
    id: str = ""
    title: str = ""
    where: Where = ()  # the path of the value: in the table of its show, else in the file
    value: Any = None  # as it is in the file
    allowed: str = ""  # what the field takes
    nearest: Any = None  # the nearest value that it takes
    fix: Fix | None = None
    hint: str = ""  # what to do about it, where nothing can be done here
    file: Path = Path()
    line: int = 0
    column: int = 0
    text: str = ""  # the line, where it is damaged

    @property
    def key(self) -> str:
        """The place as people write it: `seasons[0].watched`."""
        return key_text(self.where)

    @property
    def caret(self) -> str:
        """Blanks and a caret that stands under the fault when printed below `text`."""
        return " " * (self.column - 1) + "^"


def key_text(where: Where) -> str:
    """A path as people write it."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)
    return "".join(steps).removeprefix(".")
