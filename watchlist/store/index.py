"""What was worked out of a text, remembered in the user's cache: where its blocks are, and the columns of its shows.

Keyed by a hash of all the bytes it came from, so it can be missing and never stale; each section carries a hash of its
own, so damage is noticed and costs time, nothing else. A section is read when it is asked for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from watchlist import __version__
from watchlist.errors import StoreError
from watchlist.fields import FIELDS, from_table
from watchlist.fieldtypes import Choice, FieldType, Moment, Names
from watchlist.model import NOTHING, Show, Shows, unread
from watchlist.query.columns import COLUMNS, REMEMBERED
from watchlist.store import files
from watchlist.store.snapshot import Snapshot, collector_paused, list_of, named_as
from watchlist.store.text import SHOW, Document, Hashing, table_of

if TYPE_CHECKING:
    from watchlist.store.again import Splice

WORTH = 16 * 1024  # bytes of text: what is smaller is read as fast as its index
_HEAD = 1 << 16  # bytes that hold the first line
_HASH = 16  # bytes
# What the columns depend on beside the text: the code that makes them, and the tables that fold text for searching.
_MAKER = f"{__version__} {unicodedata.unidata_version} {' '.join(COLUMNS)}"


def worth(data: bytes | None) -> bool:
    """Whether a text is long enough for an index of it to save time."""
    return data is not None and len(data) >= WORTH


class Index:
    """One index file. Called with the name of a column, it gives it as it was worked out, or None."""

    def __init__(self, head: Mapping[str, Any], body: BinaryIO, start: int) -> None:
        self.of = bytes.fromhex(head["of"])
        self._sections: Mapping[str, Sequence[Any]] = head["sections"]
        self._body, self._start = body, start
        self._reading = threading.Lock()
        self._columns: dict[str, Sequence[Any]] = {}
        self.damaged = False  # whether a section was found that is not what was written

    @classmethod
    def open(cls, path: Path) -> Index | None:
        """The index in a file; None where there is none that can be used."""
        try:
            body = FileIO(path, opener=_never_waiting)
            line = body.read(_HEAD).partition(b"\n")[0]
            check, _, text = line.partition(b" ")
            if bytes.fromhex(check.decode("ascii")) != _hash(text):
                return None
            head = json.loads(text)
            return cls(head, body, len(line) + 1) if head["maker"] == _MAKER else None
        except (OSError, ValueError, LookupError, TypeError, RecursionError):
            return None

    def raw(self, name: str) -> bytes | None:
        """A section as it is in the file; None where there is none that is whole."""
        if name not in self._sections:
            return None
        start, size, check = self._sections[name]
        with self._reading, contextlib.suppress(OSError):
            self._body.seek(self._start + start)
            raw = self._body.read(size)
            if _hash(raw).hex() == check:
                return raw
        self.damaged = True
        return None

    def __call__(self, name: str) -> Sequence[Any] | None:
        if name not in self._columns:
            raw = self.raw(name)
            if raw is None:
                return None
            with collector_paused():
                self._columns[name] = _decoded(name, raw)
        return self._columns[name]

    @property
    def orders(self) -> list[str]:
        """The names of the orders that were remembered."""
        return [name for name in self._sections if name.startswith("order:")]

    def snapshot(self, data: bytes) -> Snapshot | None:
        """What was made of this text; None where it was made of another one."""
        starts, kinds, ids, written = map(self.raw, ("@starts", "@kinds", "@ids", "@written"))
        if starts is None or kinds is None or ids is None or written is None:
            return None
        document = Document(data, _numbers(starts), kinds, hashing=Hashing([data]))
        if (rest := self.raw("@rest")) is not None:
            document.rest = json.loads(rest)
        rows = Restored(self, lambda at: document.piece(document.place(at)))
        others = {int(number): id for number, id in json.loads(written).items()}
        with collector_paused():
            found = Shows(unread(rows, json.loads(ids)), self)
        if self.of.hex() != document.digest:
            return None
        # The show in the block does not know that its id is taken.
        taken = {at: named_as(found[at], found[at].id, id) for at, id in others.items() if id}
        if taken:
            found = found.changed(taken)
            found.load = self
        return Snapshot(data, document, list_of(document, found), others)

    def known(self) -> Known:
        """Its shows by their blocks, for a text that has most of them."""
        return Known(self)


class Restored:
    """Shows as far as an index has them; the rest of one is read from its block."""

    def __init__(self, index: Index, block: Callable[[int], bytes]) -> None:
        self._index, self._block = index, block

    def value(self, at: int, name: str) -> Any:
        """A field of the show at a place. LookupError where the index does not have it."""
        if name in REMEMBERED:
            return self._column(name)[at]
        if name == "problems" and not self._column("is:broken")[at]:
            return ()
        if name == "other" and not self._column("keys")[at]:
            return NOTHING
        if f"has:{name}" in COLUMNS and not self._column(f"has:{name}")[at]:
            return FIELDS[name].type.empty
        raise LookupError(name)

    def _column(self, name: str) -> Sequence[Any]:
        column = self._index(name)
        if column is None:
            raise LookupError(name)
        return column

    def show(self, at: int) -> Show:
        return from_table(table_of(self._block(at).decode("utf-8")))


class Known(Mapping[bytes, Show]):
    """The shows of an index by the text of their blocks, known by its hash; those with another id in the file left out."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._blocks: dict[int, bytes] = {}
        hashes, ids, written = index.raw("@hashes"), index.raw("@ids"), index.raw("@written")
        if hashes is None or ids is None or written is None:
            hashes, ids, written = b"", b"[]", b"{}"
        others = set(map(int, json.loads(written)))
        self._shows = list(unread(Restored(index, self._blocks.__getitem__), json.loads(ids)))
        self._numbers = {
            hashes[at * _HASH : (at + 1) * _HASH]: at for at in range(len(self._shows)) if at not in others
        }

    def __getitem__(self, block: bytes) -> Show:
        at = self._numbers[_hash(block)]
        self._blocks[at] = block
        return self._shows[at]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._blocks.values())

    def __len__(self) -> int:
        return len(self._blocks)

    def keep_columns(self, shows: Shows) -> None:
        """Let a list in which many of these shows are have what was remembered of them."""
        from watchlist.store.again import Kept, Splice

        places = {id(show): at for at, show in enumerate(self._shows)}
        origins = [(places.get(id(show)), show) for show in shows]
        if any(at is not None for at, _ in origins):
            shows.load = Kept(self._index, (Splice(0, len(self._shows), origins, frozenset()),))


def remember(snapshot: Snapshot, path: Path) -> None:
    """Write the index of a snapshot, where there is something to gain by it. A cache that can't be written is none."""
    shows, document = snapshot.list.shows, snapshot.document
    if not worth(snapshot.data) or snapshot.list.damage or document.uncut is not None:
        return
    if isinstance(shows.load, Index) and not shows.load.damaged and _orders(shows) <= set(shows.load.orders):
        return  # it is what it was
    sections = dict(_sections(snapshot))
    places, at = {}, 0
    for name, raw in sections.items():
        places[name] = [at, len(raw), _hash(raw).hex()]
        at += len(raw)
    head = json.dumps({"maker": _MAKER, "of": document.digest, "sections": places}).encode("ascii")
    with contextlib.suppress(StoreError, OSError):
        files.make_private_folder(path.parent)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            temporary.write_bytes(b"".join([_hash(head).hex().encode("ascii"), b" ", head, b"\n", *sections.values()]))
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def _sections(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    shows, document = snapshot.list.shows, snapshot.document
    yield "@starts", document.starts.tobytes()
    yield "@kinds", document.kinds
    yield "@ids", _json([show.id for show in shows])
    yield "@written", _json(snapshot.written)
    with contextlib.suppress(TypeError):  # for a date, say: then it is read from the text
        if json.loads(rest := _json(document.rest)) == document.rest:
            yield "@rest", rest
    yield "@hashes", _hashes(snapshot)
    for name, get in COLUMNS.items():
        raw = _still_raw(shows, name)
        yield name, raw if raw is not None else _encoded(name, shows.column(name, get))
    for name in sorted(_orders(shows)):
        if (order := shows.known(name)) is not None:
            yield name, array("I", order).tobytes()


def _hashes(snapshot: Snapshot) -> bytes:
    """The hashes of all blocks; of those that an index knows already, they are taken from there."""
    document = snapshot.document
    index, splices, _ = _since(snapshot.list.shows)
    hashes = (index.raw("@hashes") if isinstance(index, Index) else None) or b""
    known = [hashes[at : at + _HASH] for at in range(0, len(hashes), _HASH)]
    for splice in splices if known else ():
        known[splice.start : splice.end] = [known[n] if n is not None else b"" for n, _ in splice.shows]
    if len(known) != document.kinds.count(SHOW):
        return b"".join(map(_hash, document.blocks))
    return b"".join(hash or _hash(document.piece(document.place(at))) for at, hash in enumerate(known))


def _since(shows: Shows) -> tuple[object, tuple[Splice, ...], Callable[[str], bool]]:
    """What remembers columns, which changes there were since, and whether a column is the same after them."""
    from watchlist.store.again import Kept

    load = shows.load
    return (load.load, load.splices, load.keeps) if isinstance(load, Kept) else (load, (), lambda name: True)


def _still_raw(shows: Shows, name: str) -> bytes | None:
    """A section that need not be made anew, because nothing in it has changed."""
    index, _, keeps = _since(shows)
    return index.raw(name) if isinstance(index, Index) and keeps(name) else None


def _orders(shows: Shows) -> set[str]:
    load, _, _ = _since(shows)
    return {name for name in shows.columns if name.startswith("order:")} | set(
        load.orders if isinstance(load, Index) else ()
    )


def _never_waiting(path: str, flags: int) -> int:
    """Opens a file, and a pipe in its place too."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:_HASH]


def _numbers(raw: bytes) -> array[int]:
    numbers = array("q")
    numbers.frombytes(raw)
    return numbers


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=dict).encode("utf-8")


def _encoded(name: str, column: Sequence[Any]) -> bytes:
    type = _type(name)
    if isinstance(type, Moment):
        return _json([value and value.isoformat() for value in column])
    if name == "days":
        return _json([[day.isoformat() for day in days] for days in column])
    return _json(column if isinstance(column, list) else list(column))


def _decoded(name: str, raw: bytes) -> Sequence[Any]:
    if name.startswith("order:"):
        order = array("I")
        order.frombytes(raw)
        return order
    column: list[Any] = json.loads(raw)
    type = _type(name)
    if isinstance(type, Moment):
        return [value and date.fromisoformat(value) for value in column]
    if isinstance(type, Choice):
        choices: dict[str | None, Any] = {None: None, **{str(choice): choice for choice in type.choices}}
        return [choices[value] for value in column]
    if name == "days":
        return [tuple(map(date.fromisoformat, days)) for days in column]
    return list(map(tuple, column)) if isinstance(type, Names) or name == "keys" else column


def _type(name: str) -> FieldType[Any] | None:
    return FIELDS[name].type if name in FIELDS else None
