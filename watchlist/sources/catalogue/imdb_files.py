"""Reads IMDb's dataset files: tab-separated UTF-8 with a line of column names, compressed with gzip or not.

A file is recognized by its columns, not by its name. It is read in blocks, so that a file of any size takes little memory.
Files can be cut off, damaged or something else entirely; CatalogueError says which.

Format: https://developer.imdb.com/non-commercial-datasets/ (`\\N` is a missing value, and nothing is quoted).
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from enum import Enum
from io import FileIO
from pathlib import Path

from watchlist.checked_open import open_file, why
from watchlist.domain.frozen import Frozen
from watchlist.errors import CatalogueError, DamagedDataset, StoreError
from watchlist.sanitize import safe

MISSING = "\\N"
MAX_LINE_CHARACTERS = 1 << 20  # IMDb's longest lines have a few thousand
_READ_BYTES = 1 << 17
_BLOCK_BYTES = 1 << 18  # of uncompressed data that are processed at once
_FREE_BYTES = 1 << 24  # a file of up to this size may be compressed by any factor
_MAX_FACTOR = 100  # the real files are compressed by a factor of 4 to 6
_GZIP = b"\x1f\x8b"


class FileKind(Enum):
    """A kind of dataset file: its name without ending, and the columns that are read from it."""

    BASICS = (
        "title.basics",
        (
            "tconst",
            "titleType",
            "primaryTitle",
            "originalTitle",
            "isAdult",
            "startYear",
            "endYear",
            "runtimeMinutes",
            "genres",
        ),
    )
    RATINGS = ("title.ratings", ("tconst", "averageRating", "numVotes"))
    EPISODES = ("title.episode", ("tconst", "parentTconst", "seasonNumber", "episodeNumber"))
    AKAS = ("title.akas", ("titleId", "title"))
    PRINCIPALS = ("title.principals", ("tconst", "nconst", "category", "job", "characters"))
    NAMES = ("name.basics", ("nconst", "primaryName"))

    def __init__(self, file_name: str, columns: tuple[str, ...]) -> None:
        self.file_name = file_name
        self.columns = columns


class DataFile(Frozen):
    """A dataset file whose first line was read. `places` are the indexes of the columns of its kind."""

    path: Path
    kind: FileKind
    places: tuple[int, ...]
    size: int  # in bytes, as stored
    modified: datetime


class Block(Frozen):
    """Some lines of a file, each split into the values of the columns of its kind. `read` bytes of the file are done."""

    rows: Sequence[Sequence[str]]
    left_out: int  # lines with too few columns or that are not UTF-8
    read: int


def recognize(path: Path) -> DataFile:
    """Return the dataset file at `path`. Raise CatalogueError if it can't be read or is none of the known kinds."""
    with closing(_open(path)) as stream:
        status = os.fstat(stream.fileno())
        texts = _texts(path, stream)
        first = next(texts, ("", 0, 0))[0]
        texts.close()
    if not first.strip():
        raise DamagedDataset(path, f"{path} is empty")
    names = first.split("\n", 1)[0].rstrip("\r").split("\t")
    for kind in FileKind:
        if set(kind.columns) <= set(names) and (kind is not FileKind.NAMES or "tconst" not in names):
            places = tuple(names.index(column) for column in kind.columns)
            return DataFile(
                path, kind, places, status.st_size, datetime.fromtimestamp(int(status.st_mtime)).astimezone()
            )
    raise CatalogueError(f"{path} is not one of IMDb's dataset files: {_first_line(names)}", _expected(path))


def _first_line(names: Sequence[str]) -> str:
    """Return a description of the wrong first line of a file. `names` are its columns."""
    return f'its first line is "{safe(" ".join(names)[:60])}"' if any(names) else "its first line is blank"


def _expected(path: Path) -> str:
    """Return a hint with the columns of the file whose name is most like that of `path`."""
    named = next((kind for kind in FileKind if path.name.startswith(kind.file_name)), None)
    if named is None:
        return f"name files such as {FileKind.BASICS.file_name}.tsv.gz and {FileKind.RATINGS.file_name}.tsv.gz"
    return f"{named.file_name} has the columns {', '.join(named.columns)}"


def blocks(file: DataFile) -> Iterator[Block]:
    """Yield the rows of a file, without the line of column names, in blocks of about a quarter of a megabyte.

    Raises CatalogueError if the file is cut off or damaged; this may be found out at its end.
    """
    places = file.places
    needed = max(places) + 1
    plain = places == tuple(range(needed))
    is_first = True
    with closing(_open(file.path)) as stream:
        for text, left_out, read in _texts(file.path, stream):
            lines = text.split("\n")
            if is_first:
                del lines[0]
                is_first = False
            rows = [line.split("\t") for line in lines if line]
            count = len(rows)
            if plain:
                good = [row for row in rows if len(row) >= needed]
            else:
                good = [[row[place] for place in places] for row in rows if len(row) >= needed]
            yield Block(good, left_out + count - len(good), read)


def _open(path: Path) -> FileIO:
    """Open a file. Raise CatalogueError if it does not exist, is no regular file or can't be read."""
    try:
        return FileIO(open_file(path), "rb")
    except FileNotFoundError:
        raise CatalogueError(f"there is no file {path}") from None
    except StoreError as error:
        raise CatalogueError(error.message, "name one of IMDb's dataset files") from error
    except OSError as error:
        raise CatalogueError(f"can't read {path}: {why(error)}") from error


def _texts(path: Path, stream: FileIO) -> Generator[tuple[str, int, int]]:
    """Yield (whole lines, number of lines that are not UTF-8 and left out, bytes of the file read so far).

    The lines are joined by newlines, without a newline at the end. A last line without newline is yielded too.
    """
    rest = b""
    read = 0
    for data, read in _data(path, stream):
        head, newline, tail = data.rpartition(b"\n")
        if newline:
            yield *_decoded(rest + head), read
            rest = tail
        else:
            rest += data
        if len(rest) > MAX_LINE_CHARACTERS:
            raise DamagedDataset(path, f"{path} has a line of more than {MAX_LINE_CHARACTERS >> 20} MiB")
    if rest:
        yield *_decoded(rest), read


def _decoded(data: bytes) -> tuple[str, int]:
    """Return (lines as text, number of lines that are not UTF-8 and left out)."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        lines = [_line(line) for line in data.split(b"\n")]
        good = [line for line in lines if line is not None]
        return "\n".join(good).replace("\r", ""), len(lines) - len(good)
    return (text.replace("\r", "") if "\r" in text else text), 0


def _line(data: bytes) -> str | None:
    """Return a line as text; None if it is not UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _data(path: Path, stream: FileIO) -> Iterator[tuple[bytes, int]]:
    """Yield (uncompressed data, bytes of the file read so far). Raise CatalogueError if the file is cut off or damaged."""
    try:
        start = stream.read(_READ_BYTES) or b""
        if start.startswith(_GZIP):
            yield from _unzipped(path, stream, start)
            return
        read = 0
        while start:
            read += len(start)
            yield start, read
            start = stream.read(_READ_BYTES) or b""
    except OSError as error:
        raise CatalogueError(f"can't read {path}: {why(error)}") from error
    except zlib.error as error:
        raise DamagedDataset(path, f"{path} is damaged: {safe(str(error))}") from error


def _unzipped(path: Path, stream: FileIO, data: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield (uncompressed data, bytes of the file read so far) of a gzip file whose first bytes are `data`."""
    read, written = len(data), 0
    unpacker = zlib.decompressobj(wbits=31)
    while data:
        block = unpacker.decompress(data, _BLOCK_BYTES)
        written += len(block)
        if written > max(_FREE_BYTES, read * _MAX_FACTOR):
            raise CatalogueError(f"{path} is no dataset file: it unpacks to more than {_MAX_FACTOR} times its size")
        if block:
            yield block, read
        data = unpacker.unconsumed_tail
        if unpacker.eof:
            data = unpacker.unused_data.lstrip(b"\0") or (stream.read(_READ_BYTES) or b"").lstrip(b"\0")
            if data:  # several gzip files in one, e.g. from a parallel compressor
                unpacker = zlib.decompressobj(wbits=31)
                read += len(data)
        elif not data:
            data = stream.read(_READ_BYTES) or b""
            read += len(data)
    if not unpacker.eof:
        raise DamagedDataset(path, f"{path} is cut off: its end is missing")
