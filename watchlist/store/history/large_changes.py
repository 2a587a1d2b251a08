"""The files of large changes, beside the journal. Each contains the edits that undo needs, one per line.

A change of a hundred thousand shows has too much text for memory, so edits are written, checked and read one at a time.
A file is named by the digest of its bytes. If the bytes do not match, the file is not used.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from watchlist.errors import Refused, StoreError
from watchlist.store.digest import DIGEST_LENGTH
from watchlist.store.disk import file_io, set_aside
from watchlist.store.history.journal_lines import NOT_A_LINE, BlockEdit, LargeFile, edit_of, whole_of

MAX_FILE_BYTES = 1 << 30  # a change that needs more is refused
DAMAGED = "its undo file is missing or damaged"
_UNREADABLE = (OSError, StoreError, *NOT_A_LINE)


class StoredEdits(Collection[BlockEdit]):
    """The edits in a file. Each iteration reads them from disk, one at a time.

    Iterating raises Refused if the file is missing or damaged by now.
    """

    def __init__(self, path: Path, large: LargeFile) -> None:
        self._path, self._large = path, large

    def __iter__(self) -> Iterator[BlockEdit]:
        lines = _lines(self._path, self._large.size)
        while True:
            try:
                edit = edit_of(json.loads(next(lines)))
            except StopIteration:
                return
            except _UNREADABLE as error:
                raise Refused(DAMAGED) from error
            yield edit

    def __len__(self) -> int:
        return self._large.edits

    def __contains__(self, edit: object) -> bool:
        return any(edit == other for other in self)


def path_in(folder: Path, digest: str) -> Path:
    """Return the path in `folder` of the file whose content has this digest."""
    return folder / f"{digest}.json"


def write(folder: Path, edits: Iterable[BlockEdit], whole: tuple[str, str] | None) -> LargeFile:
    """Write the edits or the whole texts of a change to a file in `folder`, and return a reference to that file.

    An existing file with the same bytes is kept; anything else at its path is replaced.

    Args:
        folder: The folder for files of large changes.
        edits: The edits to write. They are ignored if `whole` is given.
        whole: (Whole text before the change, whole text after it); None to write the edits.

    Raises:
        StoreError: The file can't be written, or is larger than MAX_FILE_BYTES.
    """

    encode = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` would make an encoder for each row

    def lines() -> Iterator[bytes]:
        rows: Iterable[Any] = edits if whole is None else ({"whole": whole},)
        return (encode(row).encode("utf-8") + b"\n" for row in rows)

    sha256, size, count = hashlib.sha256(), 0, 0
    for line in lines():
        sha256.update(line)
        size, count = size + len(line), count + 1
    if size > MAX_FILE_BYTES:
        raise StoreError("this change is too large to be undone, so it was not made", "change fewer shows at once")
    large = LargeFile(sha256.hexdigest()[:DIGEST_LENGTH], size, 0 if whole else count)
    path = path_in(folder, large.digest)
    if not _is_whole(path, large):
        if path.is_dir():
            set_aside.set_aside(path)
        file_io.create(path, lines())
    return large


def _is_whole(path: Path, large: LargeFile) -> bool:
    """Return True if the file at `path` has the size and digest in `large`, the reference to it."""
    sha256 = hashlib.sha256()
    try:
        for line in _lines(path, large.size):
            sha256.update(line)
    except _UNREADABLE:
        return False
    return sha256.hexdigest()[:DIGEST_LENGTH] == large.digest


def read(folder: Path, large: LargeFile) -> tuple[Collection[BlockEdit], tuple[str, str] | None]:
    """Return (edits, None) or (no edits, whole texts before and after) from the file of a large change.

    The edits are read from disk by each iteration.

    Raises:
        Refused: The file is missing or damaged, or contains anything else.
    """
    path, sha256, count = path_in(folder, large.digest), hashlib.sha256(), 0
    whole = None
    try:
        for line in _lines(path, large.size):
            sha256.update(line)
            count += 1
            if large.edits:
                edit_of(json.loads(line))
            else:
                whole = whole_of(json.loads(line))
        if sha256.hexdigest()[:DIGEST_LENGTH] == large.digest and count == (large.edits or 1):
            if large.edits:
                return StoredEdits(path, large), None
            if whole is not None:
                return (), whole
    except _UNREADABLE:
        pass
    raise Refused(DAMAGED)


def _lines(path: Path, size: int) -> Iterator[bytes]:
    """Yield the lines of a file that has exactly `size` bytes. No more is read, even if the file grows.

    Raises:
        ValueError: The file has another size, or is larger than MAX_FILE_BYTES.
        OSError, StoreError: The file can't be opened, or is not a regular file.
    """
    with file_io.opened(path) as stream:
        if not os.fstat(stream.fileno()).st_size == size <= MAX_FILE_BYTES:
            raise ValueError(size)
        while size > 0 and (line := stream.readline(size)):
            size -= len(line)
            yield line
