"""A text that is most of what was read before: only what differs is cut and read, and only that of the list is made anew.

So a change of one show costs the same in a list of ten and, but for moving bytes, of a hundred thousand. It is how a
change made here is checked, and how one made by another program is taken in.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from watchlist.fields import from_table
from watchlist.model import NOTHING, Show, Shows
from watchlist.query.columns import COLUMNS
from watchlist.store.snapshot import Snapshot, list_of, named
from watchlist.store.text import BETWEEN, BOM, Document, NotToml, check_between, read
from watchlist.values import replace

_STEP = 1 << 18  # bytes
_FEW = 200  # shows that are compared field by field, to see which orders still hold


class Window(NamedTuple):
    """The parts that may differ between two documents: from `start` to an end in the old one and one in the new one."""

    start: int
    old: int
    new: int


def look_again(
    data: bytes, previous: Snapshot, between: tuple[int, int] | None = None, made: Mapping[bytes, Show] = NOTHING
) -> tuple[Snapshot, Window] | None:
    """What these bytes are, and where they differ. None where that can't be told: then all of them are to be read.

    Who changed the text may say between which of the old parts, a neighbour on either side included, and which blocks
    hold shows that were made, and checked, already.
    """
    old = previous.document
    if previous.list.damage is not None or old.uncut is not None or not len(old) or data.startswith(BOM) != old.bom:
        return None
    start, end = between or _differing(old, data)
    begin, stop = old.starts[start], len(data) - (len(old.data) - _start(old, end))
    text = data[begin:stop]
    known = {**previous.known(start, end), **made}
    try:
        piece, tables = read(text, known)
    except (UnicodeDecodeError, NotToml):
        return None
    if text.startswith(BOM) or piece.uncut is not None or not _fits(old, start, end, piece):
        return None
    document = _spliced(old, data, start, end, piece, begin)
    found = [table if isinstance(table, Show) else from_table(table) for table in tables]
    a, b = old.number(start), old.number(end)
    shows, written = _with_shows(previous, a, b, found)
    window = Window(start, end, start + len(piece))
    if previous.written or written:  # ids that are made may pass from one show to another
        window = Window(0, len(old), len(document))
    if not piece.mixed and _between(old, start, end) == _between(piece, 0, len(piece)):
        return Snapshot(data, document, replace(previous.list, shows=shows), written), window
    try:
        check_between(document)
    except (ValueError, RecursionError):
        return None
    if old.kinds.count(BETWEEN) != document.kinds.count(BETWEEN):  # then the later ones have other names
        window = Window(window.start, len(old), len(document))
    return Snapshot(data, document, list_of(document, shows), written), window


def _differing(old: Document, data: bytes) -> tuple[int, int]:
    """The first of the parts that differ from these bytes and the end of them, with a neighbour on either side."""
    shorter = min(len(old.data), len(data))
    head = _alike(shorter, lambda a, b: old.data.startswith(data[a:b], a))
    ends = len(old.data), len(data)
    tail = _alike(shorter - head, lambda a, b: old.data.startswith(data[ends[1] - b : ends[1] - a], ends[0] - b))
    first = bisect_left(old.starts, head) - 1
    last = bisect_right(old.starts, len(old.data) - tail)
    return max(0, first - 1), min(len(old), last + 1)


def _alike(most: int, same: Callable[[int, int], bool]) -> int:
    """How many bytes are the same, counted from one end; `same` compares from one count to another."""
    low, step = 0, _STEP
    while low < most and same(low, min(most, low + step)):
        low = min(most, low + step)
    while step > 1 and low < most:  # alike up to `low`, not up to a step more
        step //= 2
        if low + step <= most and same(low, low + step):
            low += step
    return low


def _start(document: Document, at: int) -> int:
    return document.starts[at] if at < len(document) else len(document.data)


def _fits(old: Document, start: int, end: int, piece: Document) -> bool:
    """Whether what was read goes between the parts around it: the neighbours that it was read with are as they were."""
    first = start == 0 or (len(piece) > 0 and piece.part(0) == old.part(start))
    last = end == len(old) or (len(piece) > 0 and piece.part(len(piece) - 1) == old.part(end - 1))
    return first and last


def _spliced(old: Document, data: bytes, start: int, end: int, piece: Document, begin: int) -> Document:
    shift = len(data) - len(old.data)
    starts = old.starts[:start]
    starts.extend([at + begin for at in piece.starts])
    starts.extend([at + shift for at in old.starts[end:]] if shift else old.starts[end:])
    return Document(data, starts, old.kinds[:start] + piece.kinds + old.kinds[end:])


def _between(document: Document, start: int, end: int) -> list[bytes]:
    return [document.piece(at) for at in document.between if start <= at < end]


def _with_shows(previous: Snapshot, a: int, b: int, found: Sequence[Show]) -> tuple[Shows, dict[int, str]]:
    """The shows of a list with those from `a` to `b` replaced, and the ids in the file of those that have another one."""
    old, shift = previous.list.shows, a + len(found) - b
    written = {n if n < a else n + shift: id for n, id in previous.written.items() if not a <= n < b}
    spliced = Shows((*old[:a], *found, *old[b:]))
    if not previous.written and [show.id for show in found] == [show.id for show in old[a:b]]:
        spliced.places = old.places
        shows, others = spliced, dict[int, str]()
    else:
        shows, others = named(spliced, written)
    outside = (*range(a), *range(a + len(found), len(shows))) if shows is not spliced else ()
    if all(shows[n] is spliced[n] for n in outside):
        _keep_columns(old, shows, Splice.of(old, a, b, shows[a : a + len(found)]))
    return shows, others


class Splice(NamedTuple):
    """The shows from `start` to `end` gave way to others. With each comes its number in the old list, if it was there."""

    start: int
    end: int
    shows: Sequence[tuple[int | None, Show]]
    same: frozenset[str]  # the columns that hold what they held before, as far as that is known

    @classmethod
    def of(cls, old: Shows, start: int, end: int, shows: Sequence[Show]) -> Splice:
        places = {id(old[n]): n for n in range(start, end)}
        found = [(places.get(id(show)), show) for show in shows]
        pairs = [
            (old[start + n], show) for n, (origin, show) in enumerate(found) if origin != start + n and start + n < end
        ]
        if len(shows) != end - start or len(pairs) > _FEW:
            return cls(start, end, found, frozenset())
        return cls(
            start, end, found, frozenset(n for n, get in COLUMNS.items() if all(get(a) == get(b) for a, b in pairs))
        )

    def applied(self, name: str, column: Sequence[Any]) -> Sequence[Any] | None:
        """A column of the old list as one of the new list; None where it has to be worked out again."""
        if self.keeps(name):
            return column
        if (get := COLUMNS.get(name)) is None:
            return None
        values = [column[origin] if origin is not None else get(show) for origin, show in self.shows]
        return [*column[: self.start], *values, *column[self.end :]]

    def keeps(self, name: str) -> bool:
        """Whether a column is the same in the new list."""
        by = name.removeprefix("order:")
        return {word.removesuffix("-") for word in by.split(",")} <= self.same if by != name else name in self.same


class Kept:
    """Columns that were remembered for an older list, brought up to a newer one when they are asked for."""

    def __init__(self, load: Callable[[str], Sequence[Any] | None], splices: tuple[Splice, ...]) -> None:
        self.load, self.splices = load, splices

    def __call__(self, name: str) -> Sequence[Any] | None:
        column = self.load(name)
        for splice in self.splices:
            column = splice.applied(name, column) if column is not None else None
        return column

    def and_then(self, splice: Splice) -> Kept:
        return Kept(self.load, (*self.splices, splice))

    def keeps(self, name: str) -> bool:
        """Whether a column is still what was remembered."""
        return all(splice.keeps(name) for splice in self.splices)


def _keep_columns(old: Shows, new: Shows, splice: Splice) -> None:
    """What was worked out of all the old shows, with the values of a few new ones in their place."""
    new.load = old.load.and_then(splice) if isinstance(old.load, Kept) else Kept(old.load, (splice,))
    for name, column in old.columns.items():
        if (kept := splice.applied(name, column)) is not None:
            new.columns[name] = kept
