"""What all formats share: the row type of FORMATS, options for writing, the result of reading, text decoding."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Sequence
from datetime import date
from typing import TextIO

from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.errors import UsageError


class WriteOptions(Frozen):
    """Options of an export. `progress` is called with the number of shows written; it may raise an error to cancel."""

    style: DisplayStyle = STARS  # for documents read by people; data formats always write ratings in stars
    title: str = "Watchlist"
    today: date | None = None
    raw: bool = False  # csv and tsv: do not escape cells that a spreadsheet would run as formulas
    progress: Callable[[int], None] | None = None

    def done(self, count: int) -> None:
        """Report that `count` shows have been written."""
        if self.progress is not None:
            self.progress(count)


class RowProblem(Frozen):
    """A part of a file that could not be imported. `row` names the line or show, e.g. `line 3`; empty for the whole file."""

    row: str  # "line 3", "show 7"; empty if the problem is about the whole file
    column: str
    message: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (", ".join(filter(None, (self.row, self.column))), self.message)))


class Imported(Frozen):
    """The content of an imported file: valid shows, problems, and the number of rows that are not shows (`skipped`).

    `planned` has the indexes (from 0) of the shows for which the file contains the status planned. Other shows are
    planned because the file has no status for them.
    """

    shows: tuple[Show, ...]
    problems: tuple[RowProblem, ...] = ()
    skipped: int = 0
    planned: frozenset[int] = frozenset()

    @staticmethod
    def joined(parts: Sequence[Imported]) -> Imported:
        """Return the contents of several files, in order, as one value."""
        shows: list[Show] = []
        planned = set[int]()
        for part in parts:
            planned |= {len(shows) + place for place in part.planned}
            shows += part.shows
        problems = tuple(problem for part in parts for problem in part.problems)
        return Imported(tuple(shows), problems, sum(part.skipped for part in parts), frozenset(planned))


Writer = Callable[[Sequence[Show], TextIO, WriteOptions], None]
Reader = Callable[[bytes], Imported]


class Format(Frozen):
    """A row of FORMATS. `write` or `read` is None if the format can't be exported or imported.

    `lossless` means that importing an export gives the same list. `recognizes` tests the first line of a file.
    """

    name: str
    label: str
    endings: tuple[str, ...]
    help: str
    write: Writer | None = None
    read: Reader | None = None
    lossless: bool = False
    recognizes: Callable[[bytes], bool] | None = None


def decode(data: bytes) -> str:
    """Decode bytes by their byte order mark, else as UTF-8, else as Windows-1252.

    Raises UsageError if none of these encodings is valid.
    """
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
    """Return the first line of `data` as text, cut to 4096 bytes. Invalid bytes are replaced."""
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return data[:4096].decode("utf-16" if wide else "utf-8-sig", "replace").split("\n", 1)[0]


def _decoded(data: bytes, encoding: str) -> str:
    """Decode bytes as `encoding`. Raises UsageError if they are invalid."""
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise UsageError(f"byte {error.start} is not text in UTF-8, UTF-16 or Windows-1252") from error


def is_unicode(text: str) -> bool:
    """Return True if UTF-8 can encode the text. A text with lone surrogates can't be encoded."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
