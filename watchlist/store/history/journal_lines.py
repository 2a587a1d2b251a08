"""The lines of the journal: converts records of changes to JSON and back.

The journal is untrusted input: a line that `encode` would not write exactly so is ignored.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from watchlist.store.history.loss_detection import FileFingerprint

_BELOW = re.compile(r"(?:\r?\n[ \t]*(?:#[^\n]*)?)*")  # blank lines and comments below the end of a line
_MAX_NUMBER = 10**12  # maximum of the numbers in a line
LARGE_NAME = re.compile(r"[0-9a-f]{32}\.json", re.ASCII)


class BlockEdit(NamedTuple):
    """The change of one part of the text from `was` to `now`. `was` is None for an added part, `now` for a removed part.

    A part is the block of a show, or text between blocks. `id` is its name: the id of the show, or the number of the
    text, e.g. `#0` for the first one. `after` is the name of the part above, so that undo can insert a removed part in
    its old place; None for the first part. `renamed` is the new id of the show; None if the edit does not change the id.
    """

    id: str
    was: str | None
    now: str | None
    after: str | None = None
    renamed: str | None = None

    @property
    def spacing(self) -> bool:
        """True if only blank lines and comments at the end of the part change, e.g. because a show was added below."""
        if self.was is None or self.now is None:
            return False
        short, long = sorted((self.was.rstrip(), self.now.rstrip()), key=len)
        return long.startswith(short) and _BELOW.fullmatch(long, len(short)) is not None

    @property
    def below(self) -> str:
        """The comments at the end of the part that the edit adds or removes. Only meaningful if `spacing` is True."""
        short, long = sorted(((self.was or "").rstrip(), (self.now or "").rstrip()), key=len)
        return long[len(short) :]

    @property
    def between(self) -> bool:
        """True if the edit is of text between the blocks of shows, not of a block."""
        return self.id.startswith("#") and not self.id.startswith("##")

    @property
    def inverse(self) -> BlockEdit:
        """The edit that reverts this one."""
        return BlockEdit(self.renamed or self.id, self.now, self.was, self.after, self.id if self.renamed else None)


class LargeFile(NamedTuple):
    """A reference to the file of a large change. `size` is in bytes, `edits` the number of edits: 0 for whole texts."""

    digest: str  # the digest of the bytes of the file, and its name
    size: int  # in bytes
    edits: int  # the number of edits; 0 if the file contains whole texts


class Record(NamedTuple):
    """A line of the journal: a change of the text, or a note about the state of the file or about another line.

    At most one of the attributes that hold the number of another line is not 0.

    Attributes:
        number: The number of this line, from 1.
        time: The local time of the change.
        label: The description of the change; for a record that skips a change, the reason.
        edits: The changed blocks, each with its text before and after.
        whole: The (whole text before, whole text after), if edits can't express the change.
        undoes: The number of the change that this one undoes.
        redoes: The number of the change that this one redoes.
        aborts: The number of a change that was not written to the file.
        origin: The digest of the file before the change.
        left: The state of the file after the change.
        held: True if the change was requested but not made. Redo makes it.
        skips: The number of a change that can't be undone or redone.
        large: The file that contains `edits` or `whole` if they are large; see `Journal.loaded`.
        confirms: The number of a change that was written to the file.
    """

    number: int
    time: datetime
    label: str
    edits: Collection[BlockEdit] = ()
    whole: tuple[str, str] | None = None
    undoes: int = 0
    redoes: int = 0
    aborts: int = 0
    origin: str = ""
    left: FileFingerprint | None = None
    held: bool = False
    skips: int = 0
    large: LargeFile | None = None
    confirms: int = 0

    @property
    def changes(self) -> bool:
        """True if the record contains a change of the text."""
        return bool(self.edits or self.whole or self.large)


def size_of(edit: BlockEdit) -> int:
    """Return the approximate number of characters of an edit in the journal."""
    return len(edit.was or "") + len(edit.now or "") + len(edit.id)


def change_of(record: Record) -> dict[str, Any]:
    """Return the `edits` or `whole` texts of a record as a JSON object, which is part of its line; empty if it has none."""
    edits = {"edits": tuple(record.edits)} if record.edits else {}
    return edits if record.whole is None else edits | {"whole": record.whole}


_NAMED = ("undoes", "redoes", "aborts", "origin", "left", "held", "skips", "large", "confirms")  # left out if empty
NOT_A_LINE = (ValueError, ArithmeticError, LookupError, TypeError, AttributeError, RecursionError)


def encode(record: Record) -> bytes:
    """Return the JSON line of a record, including its line end."""
    row: dict[str, Any] = {"n": record.number, "time": record.time.isoformat(), "label": record.label}
    row |= change_of(record)
    row |= {key: value for key in _NAMED if (value := getattr(record, key))}
    return json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"


def decode(line: bytes) -> Record | None:
    """Return the record in a line; None if this program would not write exactly this line."""
    try:
        row: dict[str, Any] = json.loads(line)
        left, large = row.get("left"), row.get("large")
        record = Record(
            _count(row["n"], 1),
            datetime.fromisoformat(row["time"]),
            _text(row["label"]),
            edits_of(row.get("edits", [])),
            whole_of(row),
            _count(row.get("undoes", 0)),
            _count(row.get("redoes", 0)),
            _count(row.get("aborts", 0)),
            _text(row.get("origin", "")),
            FileFingerprint(_text(left[0]), _count(left[1]), _count(left[2])) if left is not None else None,
            row.get("held", False) is True,
            _count(row.get("skips", 0)),
            LargeFile(_digest(large[0]), _count(large[1]), _count(large[2])) if large is not None else None,
            _count(row.get("confirms", 0)),
        )
    except NOT_A_LINE:
        return None
    named = [n for n in (record.undoes, record.redoes, record.aborts, record.skips, record.confirms) if n]
    return record if len(named) <= 1 else None


def _count(value: object, least: int = 0) -> int:
    """Return `value` if it is a whole number from `least` to 10**12. Raise ValueError if it is anything else."""
    if type(value) is not int or not least <= value <= _MAX_NUMBER:
        raise ValueError(value)
    return value


def _text(value: object) -> str:
    """Return `value` if it is a text that UTF-8 can encode. Raise ValueError if it is anything else."""
    if not isinstance(value, str):
        raise ValueError(value)
    value.encode("utf-8")
    return value


def _digest(value: object) -> str:
    """Return `value` if it is a digest, which is safe as a file name. Raise ValueError if it is anything else."""
    if not isinstance(value, str) or not LARGE_NAME.fullmatch(f"{value}.json"):
        raise ValueError(value)
    return value


def edits_of(rows: object) -> tuple[BlockEdit, ...]:
    """Return the edits in `rows`, a value read from JSON. Raise ValueError or TypeError if it is not a list of edits."""
    if not isinstance(rows, list):
        raise ValueError(rows)
    return tuple(map(edit_of, rows))


def edit_of(values: object) -> BlockEdit:
    """Return the edit in `values`, a value read from JSON. Raise ValueError or TypeError if it is not an edit."""
    if not isinstance(values, list):
        raise ValueError(values)
    edit = BlockEdit(*values)
    if not isinstance(edit.id, str) or edit.was is edit.now:
        raise ValueError(edit)
    for text in edit:
        if text is not None:
            _text(text)
    return edit


def whole_of(row: dict[str, Any]) -> tuple[str, str] | None:
    """Return the whole texts (before, after) in the JSON line `row`; None if the line has none.

    Raises:
        ValueError, TypeError: The value is not a pair of texts.
    """
    if "whole" not in row:
        return None
    if not isinstance(row["whole"], list):
        raise ValueError(row)
    was, now = row["whole"]
    return _text(was), _text(now)
