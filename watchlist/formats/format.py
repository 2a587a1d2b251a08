"""What every format is made of: its row in the table, what a writer is told, what a reader finds, bytes as text."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from datetime import date
from typing import TextIO

from watchlist.errors import UsageError
from watchlist.model import Show
from watchlist.ratings import STARS, Style
from watchlist.values import Value


class WriteOptions(Value):
    """How shows are written. `progress` is told how many are done after each of them, and may raise to stop."""

    style: Style = STARS  # of what people read; data is always in stars
    title: str = "Watchlist"
    today: date | None = None
    raw: bool = False  # csv and tsv: leave cells that a spreadsheet would run as they are
    progress: Callable[[int], None] | None = None

    def done(self, count: int) -> None:
        if self.progress is not None:
            self.progress(count)


class RowProblem(Value):
    """Something in a file that could not be taken over. `row` is a line or the number of a show, both from 1."""

    row: str  # "line 3", "show 7"; empty where it is about the whole file
    column: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (", ".join(filter(None, (self.row, self.column))), self.message)))


class Imported(Value):
    """What a file holds: shows without problems, what was wrong with it, and how many of its rows are no show at all."""

    shows: tuple[Show, ...]
    problems: tuple[RowProblem, ...] = ()
    skipped: int = 0


Writer = Callable[[Sequence[Show], TextIO, WriteOptions], None]
Reader = Callable[[bytes], Imported]


class Format(Value):
    """One row of FORMATS. `lossless`: what is written can be read back and is the same list.

    `recognises` tells a file of this format by its first line, for those that have no ending of their own.
    """

    name: str
    label: str
    endings: tuple[str, ...]
    help: str
    write: Writer | None = None
    read: Reader | None = None
    lossless: bool = False
    recognises: Callable[[bytes], bool] | None = None


def decode(data: bytes) -> str:
    """Bytes as text: what a byte order mark says, else UTF-8, else Windows-1252. UsageError where it is none of them."""
    if not data.strip(b"\0"):
        raise UsageError("the file is empty" if not data else "the file holds nothing but NUL bytes; it is damaged")
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _decoded(data, encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252")


def first_line(data: bytes) -> str:
    """The first line as text, as far as it goes; what can't be decoded is replaced. Never fails, and never takes long."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data[:4096].decode("utf-16" if wide else "utf-8-sig", "replace").split("\n", 1)[0]


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"byte {error.start} is not text in any encoding that is known here") from error


def is_unicode(text: str) -> bool:
    """Whether `text` can be written at all; lone surrogates can't."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
