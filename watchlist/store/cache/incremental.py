"""Incremental parsing: only the changed range of a text is split and parsed; unchanged shows are reused.

The time for a change of one show, by this or another program, hardly depends on the size of the list.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from watchlist.domain.frozen import replace
from watchlist.domain.model import NOTHING, Show
from watchlist.domain.show_table import ShowTable
from watchlist.domain.show_toml import from_table
from watchlist.store.cache.column_cache import ShowRangeChange, keep_columns
from watchlist.store.snapshot import Snapshot, list_of, named
from watchlist.store.toml.document import BETWEEN, BOM, Document, NotToml, check_between, read

_STEP_BYTES = 1 << 18  # number of bytes compared at a time


class ChangedRange(NamedTuple):
    """The parts (show blocks, and texts between) that may differ between two documents.

    They have the indexes `start` to `old` in the old document and `start` to `new` in the new one (ends exclusive).
    """

    start: int
    old: int
    new: int


def reparse(
    data: bytes, previous: Snapshot, between: tuple[int, int] | None = None, made: Mapping[bytes, Show] = NOTHING
) -> tuple[Snapshot, ChangedRange] | None:
    """Return (snapshot of the changed bytes, range of parts that differ from the previous snapshot).

    Returns None if the bytes must be parsed completely. A part is the block of a show, or text between blocks.

    Args:
        data: The changed bytes.
        previous: The snapshot before the change.
        between: (Start, end) index of the old parts that may differ, including an unchanged part on either side; None
            to find them by comparison.
        made: New shows that are known already, by the bytes of their blocks, which are then not parsed.
    """
    old = previous.document
    if (
        previous.list.damage is not None
        or old.inline_shows is not None
        or not len(old)
        or data.startswith(BOM) != old.bom
    ):
        return None
    start, end = between or _differing(old, data)
    first_byte, last_byte = old.starts[start], len(data) - (len(old.data) - _start(old, end))
    text = data[first_byte:last_byte]
    known = {**previous.shows_by_block(start, end), **made}
    try:
        piece, tables = read(text, known)
    except (UnicodeDecodeError, NotToml):
        return None
    if text.startswith(BOM) or piece.inline_shows is not None or not _fits(old, start, end, piece):
        return None
    document = _joined(old, data, start, end, piece, first_byte)
    new_shows = [table if isinstance(table, Show) else from_table(table) for table in tables]
    first, last = old.number(start), old.number(end)
    shows, written = _with_shows(previous, first, last, new_shows)
    changed_range = ChangedRange(start, end, start + len(piece))
    if previous.file_ids or written:  # the ids that the program generates may pass to other shows
        changed_range = ChangedRange(0, len(old), len(document))
    if not piece.interleaved and _between(old, start, end) == _between(piece, 0, len(piece)):
        return Snapshot(data, document, replace(previous.list, shows=shows), written), changed_range
    try:
        check_between(document)
    except (ValueError, RecursionError):
        return None
    if old.kinds.count(BETWEEN) != document.kinds.count(BETWEEN):  # then the names of all later parts change
        changed_range = ChangedRange(changed_range.start, len(old), len(document))
    return Snapshot(data, document, list_of(document, shows), written), changed_range


def _differing(old: Document, data: bytes) -> tuple[int, int]:
    """Return the (start, end) index of the parts of the old document that differ from the new text `data`.

    The range includes one unchanged part (show block, or text between) on either side.
    """
    length = min(len(old.data), len(data))
    head = _equal_length(length, lambda low, high: old.data.startswith(data[low:high], low))
    ends = len(old.data), len(data)
    tail = _equal_length(
        length - head, lambda low, high: old.data.startswith(data[ends[1] - high : ends[1] - low], ends[0] - high)
    )
    first = bisect_left(old.starts, head) - 1
    end = bisect_right(old.starts, len(old.data) - tail)
    return max(0, first - 1), min(len(old), end + 1)


def _equal_length(most: int, same: Callable[[int, int], bool]) -> int:
    """Return how many bytes are equal, at most `most`, counted from one end of two texts.

    `same(low, high)` returns True if bytes `low` to `high` (exclusive), counted from that end, are equal in both texts.
    """
    low, step = 0, _STEP_BYTES
    while low < most and same(low, min(most, low + step)):
        low = min(most, low + step)
    while step > 1 and low < most:  # the bytes are equal up to `low`, but not up to `low` + `step`
        step //= 2
        if low + step <= most and same(low, low + step):
            low += step
    return low


def _start(document: Document, index: int) -> int:
    """Return the byte offset of the part (show block, or text between) at `index`; after the last part, the text length."""
    return document.starts[index] if index < len(document) else len(document.data)


def _fits(old: Document, start: int, end: int, piece: Document) -> bool:
    """Return True if `piece`, the new parts of the text, begins and ends with the unchanged parts around the change.

    The new parts replace the parts of `old` from index `start` to `end` (exclusive).
    """
    first = start == 0 or (len(piece) > 0 and piece.part(0) == old.part(start))
    last = end == len(old) or (len(piece) > 0 and piece.part(len(piece) - 1) == old.part(end - 1))
    return first and last


def _joined(old: Document, data: bytes, start: int, end: int, piece: Document, begin: int) -> Document:
    """Return the document of a changed text in which only a range of parts is new.

    Args:
        old: The document before the change.
        data: The whole text after the change.
        start: The index of the first replaced old part.
        end: The index after the last replaced old part.
        piece: The document of the new parts alone.
        begin: The byte offset of the new parts in `data`.
    """
    shift = len(data) - len(old.data)
    starts = old.starts[:start]
    starts.extend([offset + begin for offset in piece.starts])
    starts.extend([offset + shift for offset in old.starts[end:]] if shift else old.starts[end:])
    return Document(data, starts, old.kinds[:start] + piece.kinds + old.kinds[end:])


def _between(document: Document, start: int, end: int) -> list[bytes]:
    """Return the texts between blocks that are among the parts from index `start` to `end` (exclusive)."""
    return [document.piece(index) for index in document.between if start <= index < end]


def _with_shows(
    previous: Snapshot, first: int, last: int, new_shows: Sequence[Show]
) -> tuple[ShowTable, dict[int, str]]:
    """Return the previous list with the shows from number `first` to `last` (exclusive) replaced by `new_shows`.

    Returns:
        The new list, and the ids in the file, by show number, of the shows that have a different id in the list.
    """
    old, shift = previous.list.shows, first + len(new_shows) - last
    written = {n if n < first else n + shift: id for n, id in previous.file_ids.items() if not first <= n < last}
    joined = ShowTable((*old[:first], *new_shows, *old[last:]))
    if not previous.file_ids and [show.id for show in new_shows] == [show.id for show in old[first:last]]:
        joined.places = old.places
        shows, other_ids = joined, dict[int, str]()
    else:
        shows, other_ids = named(joined, written)
    unchanged_numbers = (*range(first), *range(first + len(new_shows), len(shows))) if shows is not joined else ()
    if all(shows[n] is joined[n] for n in unchanged_numbers):
        keep_columns(old, shows, ShowRangeChange.of(old, first, last, shows[first : first + len(new_shows)]))
    return shows, other_ids
