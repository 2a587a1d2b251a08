"""The index of a list, a file in the user's cache: the offsets of the list's blocks, and columns of its shows.

An index contains the digests of the text and of the code from which it was made, so an outdated index is never used.
Each section has a checksum, so damage costs only time. A section is read when first needed.

The file begins with a line of JSON, the head, which contains offset, size and checksum of each section. Columns and
orders (see `column_cache`) are sections of the same name; the names of all other sections begin with `@`.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import sys
import threading
import unicodedata
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import watchlist
from watchlist import __version__
from watchlist.checked_open import open_file
from watchlist.domain.fields import FIELDS
from watchlist.domain.model import NOTHING, Show
from watchlist.domain.show_table import ShowTable, unread
from watchlist.domain.show_toml import from_table
from watchlist.errors import StoreError
from watchlist.query.columns import COLUMNS, REMEMBERED
from watchlist.store.cache.index_sections import (
    INVALID_SECTION,
    as_json,
    decoded,
    encoded,
    ids_of,
    others_of,
    section_of,
    starts_of,
    table_in,
)
from watchlist.store.digest import DigestThread
from watchlist.store.disk import file_io
from watchlist.store.snapshot import Snapshot, collector_paused, list_of, named_as
from watchlist.store.toml.document import SHOW, Document
from watchlist.store.toml.parser import table_of

if TYPE_CHECKING:
    from watchlist.store.cache.column_cache import ShowRangeChange

INDEX_MIN_BYTES = 16 * 1024  # parsing a smaller text takes no longer than reading its index
_HEAD_BYTES = 1 << 16  # maximum size of the first line
_HASH_BYTES = 16  # of a block or section
# The modules whose code determines the content of an index: this one, and all its direct and indirect imports.
_CODE = """
checked_open domain/dates domain/per_show_edits domain/edits domain/episode_lookup domain/episodes domain/field_types
domain/fields domain/frozen domain/json_parser domain/json_values domain/lazy_show domain/matching domain/model
domain/named_dates domain/own_keys domain/ratings domain/record_fields domain/rewatches domain/season_edits
domain/season_lengths domain/show_table domain/show_toml domain/sort_keys domain/text domain/toml_values
domain/watch_edits domain/watch_progress domain/watchlist errors
query/columns query/is_words sanitize store/cache/column_cache store/cache/index_sections store/cache/show_index
store/digest store/disk/attributes store/disk/file_io store/disk/folders store/disk/mounts store/snapshot
store/toml/document store/toml/fast_parser store/toml/parser store/toml/scanner
"""
CODE = tuple(_CODE.split())


@functools.cache
def code_digest() -> str:
    """Return the digest of what an index depends on besides the text: the code, Python, and the Unicode version.

    Returns an empty text if the code can't be read, e.g. in a program frozen into one file; then no index is used.
    """
    spec, folder = watchlist.__spec__, Path(watchlist.__path__[0])
    digest = hashlib.sha256(f"{__version__} {unicodedata.unidata_version} {sys.version_info[:2]}".encode())
    try:
        read_bytes = spec.loader.get_data  # type: ignore[union-attr]
        for name in CODE:
            digest.update(read_bytes(str(folder.joinpath(*f"{name}.py".split("/")))))
    except (OSError, AttributeError, ImportError):
        return ""
    return digest.hexdigest()


def is_worth_indexing(data: bytes | None) -> bool:
    """Return True if a text is long enough for an index to save time; False for None, a missing file."""
    return data is not None and len(data) >= INDEX_MIN_BYTES


class ShowIndex:
    """An index file, the cache of a list. Calling an instance with the name of a column or order returns its values.

    The result is None if the index does not contain the column or order, or if its bytes are invalid.
    """

    def __init__(self, head: Mapping[str, Any], body: BinaryIO, start: int) -> None:
        """Use the open index file `body`. `head` is its parsed head; the sections begin at the byte offset `start`.

        Raises:
            ValueError, LookupError, TypeError: The head does not have the expected form.
        """
        self.of = bytes.fromhex(head["of"])  # the digest of the text
        self._sections = {name: section_of(entry) for name, entry in head["sections"].items()}
        self._body, self._start = body, start
        self._reading = threading.Lock()
        self._columns: dict[str, Sequence[Any]] = {}
        self.damaged = False  # True if any section was found to be not valid
        self.count: int | None = None  # the number of shows, once it is known

    @classmethod
    def open(cls, path: Path) -> ShowIndex | None:
        """Open an index file. Return None if it is missing, damaged, or made by another version of the code."""
        try:
            body = FileIO(open_file(path, own=True))
            line = body.read(_HEAD_BYTES).partition(b"\n")[0]
            checksum, _, text = line.partition(b" ")
            if bytes.fromhex(checksum.decode("ascii")) != _hash(text):
                return None
            head = json.loads(text)
            return cls(head, body, len(line) + 1) if head["maker"] == (code_digest() or None) else None
        except (OSError, StoreError, *INVALID_SECTION):
            return None

    def raw(self, name: str) -> bytes | None:
        """Return the bytes of the section `name`; None if it is missing or damaged."""
        if name not in self._sections:
            return None
        start, size, checksum = self._sections[name]
        with self._reading, contextlib.suppress(OSError, OverflowError, MemoryError):
            self._body.seek(self._start + start)
            raw = self._body.read(size)
            if _hash(raw).hex() == checksum:
                return raw
        self.damaged = True
        return None

    def __call__(self, name: str) -> Sequence[Any] | None:
        if name not in self._columns:
            raw = self.raw(name)
            if raw is None:
                return None
            try:
                with collector_paused():
                    self._columns[name] = decoded(name, raw, self.count)
            except INVALID_SECTION:  # another program wrote the section
                self.damaged = True
                del self._sections[name]
                return None
        return self._columns[name]

    @property
    def orders(self) -> list[str]:
        """The names of the orders (sorted show numbers) in the index, e.g. `order:year-,title`."""
        return [name for name in self._sections if name.startswith("order:")]

    def snapshot(self, data: bytes) -> Snapshot | None:
        """Return the snapshot of the text `data`; None if the index belongs to another text or is invalid."""
        with contextlib.suppress(*INVALID_SECTION):
            return self._snapshot(data)
        return None

    def _snapshot(self, data: bytes) -> Snapshot | None:
        """Return the snapshot of the text `data`; None if the index belongs to another text.

        Raises one of the errors in INVALID_SECTION if the index is invalid.
        """
        starts, kinds, raw_ids, raw_file_ids = map(self.raw, ("@starts", "@kinds", "@ids", "@written"))
        if starts is None or kinds is None or raw_ids is None or raw_file_ids is None:
            return None
        document = Document(data, starts_of(starts, kinds, data), kinds, hashing=DigestThread([data]))
        if (rest := self.raw("@rest")) is not None:
            document.rest = table_in(rest)
        rows = IndexedRows(self, lambda number: document.piece(document.place(number)))
        with collector_paused():
            ids = ids_of(raw_ids, kinds.count(SHOW))
            other_ids = others_of(raw_file_ids, len(ids))
            self.count = len(ids)
            shows = ShowTable(unread(rows, ids), self)
        if self.of.hex() != document.digest:
            return None
        # The block of a show with a duplicate id has the id of the other show.
        taken = {number: named_as(shows[number], shows[number].id, id) for number, id in other_ids.items() if id}
        if taken:
            shows = shows.changed(taken)
            shows.load = self
        return Snapshot(data, document, list_of(document, shows), other_ids)

    def cached_shows(self) -> CachedShows:
        """Return the shows of the index by their blocks, for use in a text that has many of these blocks."""
        return CachedShows(self)


class IndexedRows:
    """The shows of an index. Fields with a column are read from the index, other fields from the show's block.

    `block` takes the number (from 0) of a show, and returns the block of the show.
    """

    def __init__(self, index: ShowIndex, block: Callable[[int], bytes]) -> None:
        self._index, self._block = index, block

    def value(self, number: int, name: str) -> Any:
        """Return the field `name` of the show `number` (from 0). Raise LookupError if the index does not contain it."""
        if name in REMEMBERED:
            return self._column(name)[number]
        if name == "problems" and not self._column("is:broken")[number]:
            return ()
        if name == "other" and not self._column("keys")[number]:
            return NOTHING
        if f"has:{name}" in COLUMNS and not self._column(f"has:{name}")[number]:
            return FIELDS[name].type.empty
        raise LookupError(name)

    def _column(self, name: str) -> Sequence[Any]:
        """Return the column `name`. Raise LookupError if the index does not contain it."""
        column = self._index(name)
        if column is None:
            raise LookupError(name)
        return column

    def show(self, number: int) -> Show:
        """Return the complete show `number` (from 0), parsed from its block; an empty show if the block is not valid."""
        try:
            return from_table(table_of(self._block(number).decode("utf-8")))
        except (ValueError, RecursionError):
            # Another program wrote an index with wrong offsets. The empty show is never written to the list.
            return Show("", "")


class CachedShows(Mapping[bytes, Show]):
    """The shows of an index by the bytes of their blocks. A block is found by its hash.

    Shows whose id in the file differs from that in the list are omitted.
    """

    def __init__(self, index: ShowIndex) -> None:
        self._index = index
        self._blocks: dict[int, bytes] = {}
        hashes, raw_ids, raw_file_ids = index.raw("@hashes"), index.raw("@ids"), index.raw("@written")
        ids: list[str] = []
        other_ids: Mapping[int, str] = {}
        with contextlib.suppress(*INVALID_SECTION):
            if hashes is not None and raw_ids is not None and raw_file_ids is not None:
                stored_ids = ids_of(raw_ids, len(hashes) // _HASH_BYTES)
                ids, other_ids = stored_ids, others_of(raw_file_ids, len(stored_ids))
        hashes = hashes or b""
        index.count = len(ids)
        self._shows = list(unread(IndexedRows(index, self._blocks.__getitem__), ids))
        self._numbers = {
            hashes[number * _HASH_BYTES : (number + 1) * _HASH_BYTES]: number
            for number in range(len(self._shows))
            if number not in other_ids
        }

    def __getitem__(self, block: bytes) -> Show:
        number = self._numbers[_hash(block)]
        self._blocks[number] = block
        return self._shows[number]

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._blocks.values())

    def __len__(self) -> int:
        return len(self._blocks)

    def keep_columns(self, shows: ShowTable) -> None:
        """Copy the columns of the index to `shows`, a list that has many shows in common with the index."""
        from watchlist.store.cache.column_cache import PatchedColumns, ShowRangeChange  # needed only after a change

        numbers = {id(show): number for number, show in enumerate(self._shows)}
        origins = [(numbers.get(id(show)), show) for show in shows]
        if any(number is not None for number, _ in origins):
            shows.load = PatchedColumns(self._index, (ShowRangeChange(0, len(self._shows), origins, frozenset()),))


def remember(snapshot: Snapshot, path: Path) -> None:
    """Write the index of a snapshot to the file `path`. Do nothing if this index exists already or would save no time.

    Errors are ignored, because nothing depends on a cache.
    """
    shows, document = snapshot.list.shows, snapshot.document
    if not is_worth_indexing(snapshot.data) or snapshot.list.damage or document.inline_shows is not None:
        return
    if isinstance(shows.load, ShowIndex) and not shows.load.damaged and _orders(shows) <= set(shows.load.orders):
        return  # the existing index is complete
    sections = dict(_sections(snapshot))
    entries, offset = {}, 0
    for name, raw in sections.items():
        entries[name] = [offset, len(raw), _hash(raw).hex()]
        offset += len(raw)
    if not code_digest():
        return
    head = json.dumps({"maker": code_digest(), "of": document.digest, "sections": entries}).encode("ascii")
    with contextlib.suppress(StoreError, OSError):
        data = b"".join([_hash(head).hex().encode("ascii"), b" ", head, b"\n", *sections.values()])
        file_io.replace_own(path, data, sync=False)


def _sections(snapshot: Snapshot) -> Iterator[tuple[str, bytes]]:
    """Yield (name, bytes) of each section of the index of a snapshot."""
    shows, document = snapshot.list.shows, snapshot.document
    yield "@starts", document.starts.tobytes()
    yield "@kinds", document.kinds
    yield "@ids", as_json([show.id for show in shows])
    yield "@written", as_json(snapshot.file_ids)
    with contextlib.suppress(TypeError):  # JSON has no dates, for example; then the text is parsed instead
        if json.loads(rest := as_json(document.rest)) == document.rest:
            yield "@rest", rest
    yield "@hashes", _hashes(snapshot)
    for name, get in COLUMNS.items():
        raw = _still_raw(shows, name)
        yield name, raw if raw is not None else encoded(name, shows.column(name, get))
    for name in sorted(_orders(shows)):
        if (order := shows.cached(name)) is not None:
            yield name, array("I", order).tobytes()


def _hashes(snapshot: Snapshot) -> bytes:
    """Return the hashes of all blocks as one byte string. Those of unchanged blocks are copied from the previous index."""
    document = snapshot.document
    index, changes, _ = _since(snapshot.list.shows)
    stored = (index.raw("@hashes") if isinstance(index, ShowIndex) else None) or b""
    block_hashes = [stored[number : number + _HASH_BYTES] for number in range(0, len(stored), _HASH_BYTES)]
    for change in changes if block_hashes else ():
        block_hashes[change.start : change.end] = [block_hashes[n] if n is not None else b"" for n, _ in change.shows]
    if len(block_hashes) != document.kinds.count(SHOW):
        return b"".join(map(_hash, document.blocks))
    return b"".join(
        block_hash or _hash(document.piece(document.place(number))) for number, block_hash in enumerate(block_hashes)
    )


def _since(shows: ShowTable) -> tuple[object, tuple[ShowRangeChange, ...], Callable[[str], bool]]:
    """Return where the columns of a list were loaded from, and what has changed in the list after that.

    Returns:
        The source of the columns, e.g. the ShowIndex of an older list; the changes from that older list to `shows`; a
        function that returns True if these changes leave the column with a given name the same.
    """
    from watchlist.store.cache.column_cache import PatchedColumns  # needed only when an index is written

    load = shows.load
    return (load.load, load.changes, load.keeps) if isinstance(load, PatchedColumns) else (load, (), lambda name: True)


def _still_raw(shows: ShowTable, name: str) -> bytes | None:
    """Return the bytes of the column `name` in the previous index; None if the column must be encoded again."""
    index, _, keeps = _since(shows)
    return index.raw(name) if isinstance(index, ShowIndex) and keeps(name) else None


def _orders(shows: ShowTable) -> set[str]:
    """Return the names of all orders of a list, whether computed already or stored in its index."""
    load, _, _ = _since(shows)
    return {name for name in shows.columns if name.startswith("order:")} | set(
        load.orders if isinstance(load, ShowIndex) else ()
    )


def _hash(data: bytes) -> bytes:
    """Return the hash of a block or section, i.e. the first 16 bytes of its SHA-256."""
    return hashlib.sha256(data).digest()[:_HASH_BYTES]
