"""Changes many shows, in linear time and with one show in memory at a time.

The block of each show is parsed, changed, patched and parsed again before the next one. The shows of the new list are
parsed from their blocks on demand; columns that were computed before are updated.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any

from watchlist.domain.change_messages import describe_changed, describe_logged, watch_direction
from watchlist.domain.edits import Delta
from watchlist.domain.fields import FIELDS, ORDER, STORED
from watchlist.domain.frozen import replace, same
from watchlist.domain.model import FIELD_NAMES, Show
from watchlist.domain.per_show_edits import PerShowEdit, Refusals
from watchlist.domain.show_table import ShowTable, unread
from watchlist.domain.show_toml import changed_table, from_table
from watchlist.errors import StoreError
from watchlist.query.columns import COLUMNS, SEARCHED
from watchlist.sanitize import safe
from watchlist.store.apply_changes import alike
from watchlist.store.cache.column_cache import PatchedColumns, ShowRangeChange
from watchlist.store.change_result import Progress
from watchlist.store.document_editor import DocumentDraft, encoded, patched
from watchlist.store.history.journal_lines import BlockEdit
from watchlist.store.snapshot import Snapshot, collector_paused, name_of
from watchlist.store.toml.document import Document, quick_cut
from watchlist.store.toml.fast_parser import table_of as plain_table_of
from watchlist.store.toml.fast_patcher import patch_plain
from watchlist.store.toml.parser import table_of

MIN_SHOWS = 500  # a change of fewer shows is made by `apply_changes`
REPORT_SHOWS = 64  # progress is reported after each group of this many shows

# For each column that is not a stored field: the stored fields from which it is computed.
_WATCH_FIELDS = frozenset({"kind", "status", "rating", "runtime", "seasons", "viewings"})
_SOURCE_FIELDS = {
    "actors": frozenset({"cast"}),
    "keys": frozenset({"other"}),
    "is:broken": frozenset({"problems"}),
    "searched": frozenset({*SEARCHED, "cast"}),
    "role": frozenset({"cast"}),
}
_STORED = frozenset(field.name for field in STORED)


class NeedsGeneralEdit(Exception):
    """Raised if the functions for bulk edits can't handle a text or a change. `apply_changes` then makes the change."""


class BlockRows:
    """The shows in the blocks of a document, parsed on demand."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._last: tuple[int, Show] | None = None

    def value(self, number: int, name: str) -> Any:
        """Return the field or query column `name` of the show `number` (from 0). Raise LookupError if there is none."""
        show = self.show(number)
        return getattr(show, name) if name in FIELD_NAMES else COLUMNS[name](show)

    def show(self, number: int) -> Show:
        """Return the show with this number (from 0)."""
        if self._last is None or self._last[0] != number:
            block = self._document.piece(self._document.place(number))
            self._last = number, from_table(table_of(block.decode("utf-8")))
        return self._last[1]


class Rebuilt:
    """A copy of a text in which blocks of shows are replaced one after another, in the order of the text."""

    def __init__(self, snapshot: Snapshot) -> None:
        """Start the copy. Raise NeedsGeneralEdit if a show of the text has no block of its own or no unique id."""
        document, shows = snapshot.document, snapshot.list.shows
        if document.inline_shows is not None or snapshot.file_ids or document.interleaved or snapshot.list.damage:
            raise NeedsGeneralEdit
        self.snapshot = snapshot
        self.fields: set[str] = set()  # the names of the fields that changed in any show
        self.ways: set[int] = set()  # results of `change_messages.watch_direction`
        self.numbers: list[int] = []  # the numbers of the replaced shows, counted from 0
        self._text, self._starts = BytesIO(), array("q")
        self._text.write(document.data[: document.starts[0]])  # the byte order mark, if the text has one
        self._parts = 0  # the number of old parts that are copied or replaced
        self._columns = {name: list(column) for name, column in shows.columns.items() if name in COLUMNS}

    def block(self, number: int) -> bytes:
        """Return the block of the show `number` (from 0) in the original text."""
        return self.snapshot.document.piece(self.snapshot.document.place(number))

    def replace(self, number: int, block: bytes, show: Show, fields: Iterable[str]) -> None:
        """Replace the block of one show.

        Args:
            number: The number of the show, from 0; higher than in the previous call.
            block: The new block.
            show: The show in the new block.
            fields: The names of the changed fields.
        """
        self._copy(self.snapshot.document.place(number))
        self._starts.append(self._text.tell())
        self._text.write(block)
        self._parts += 1
        self.numbers.append(number)
        self.fields |= (differing := {*fields, "problems"})
        for name, column in self._columns.items():
            if not differing.isdisjoint(sources(name)):
                column[number] = COLUMNS[name](show)

    def _copy(self, end: int) -> None:
        """Continue the copy with unchanged original text, up to the start of the part (block or text) at index `end`."""
        document, first = self.snapshot.document, self._parts
        if first < end:
            start = document.starts[first]
            shift = self._text.tell() - start
            self._starts.extend([offset + shift for offset in document.starts[first:end]])
            self._text.write(memoryview(document.data)[start : document.end(end - 1)])
            self._parts = end

    def result(self) -> Snapshot:
        """Return the finished copy. Raise NeedsGeneralEdit if its blocks would not begin where those of the original do."""
        old = self.snapshot.document
        self._copy(len(old))
        document = Document(self._text.getvalue(), self._starts, old.kinds)
        cut = quick_cut(document.data)
        if cut.starts != document.starts or cut.kinds != document.kinds:
            raise NeedsGeneralEdit
        document.rest = old.rest
        shows = self._shows(document)
        return Snapshot(document.data, document, replace(self.snapshot.list, shows=shows), {})

    def _shows(self, document: Document) -> ShowTable:
        """Return the shows of `document`, the new text, with those columns of the old list that are still valid."""
        old = self.snapshot.list.shows
        shows = ShowTable(unread(BlockRows(document), [show.id for show in old]))
        shows.places = old.places
        unchanged = frozenset(name for name in COLUMNS if self.fields.isdisjoint(sources(name)))
        replaced = set(self.numbers)
        change = ShowRangeChange(
            0, len(old), [(None if n in replaced else n, show) for n, show in enumerate(shows)], unchanged
        )
        shows.load = (
            old.load.and_then(change) if isinstance(old.load, PatchedColumns) else PatchedColumns(old.load, (change,))
        )
        shows.columns.update(self._columns)
        shows.columns.update((name, order) for name, order in old.columns.items() if change.keeps(name))
        return shows


class BlockEdits(Collection[BlockEdit]):
    """The edits of show blocks that turn one text into another. Each iteration computes them anew, to save memory.

    `numbers` are the numbers (from 0) of the shows whose blocks differ.
    """

    def __init__(self, before: Snapshot, after: Snapshot, numbers: Sequence[int]) -> None:
        self._before, self._after, self._numbers = before, after, numbers

    def __iter__(self) -> Iterator[BlockEdit]:
        for number in self._numbers:
            index = self._before.document.place(number)
            was, now = (side.document.piece(index).decode("utf-8") for side in (self._before, self._after))
            yield BlockEdit(name_of(self._before.list.shows[number].id), was, now)

    def __len__(self) -> int:
        return len(self._numbers)

    def __contains__(self, edit: object) -> bool:
        return any(edit == other for other in self)


def sources(column: str) -> frozenset[str]:
    """Return the names of the stored fields from which the query column `column` is computed."""
    name = column.removeprefix("has:")
    return frozenset({name}) if name in _STORED else _SOURCE_FIELDS.get(name, _WATCH_FIELDS)


def draft_each(snapshot: Snapshot, edit: PerShowEdit, progress: Progress) -> tuple[DocumentDraft, str] | None:
    """Return (new text with a change of many shows, not yet written; label of the change); None if no show changes.

    Args:
        snapshot: The current list.
        edit: The change.
        progress: Called with (number of processed shows, number of shows to process). It may raise an exception to stop.

    Raises:
        NeedsGeneralEdit: This module can't handle the text or the change.
        Refused: The layout of a block does not allow the change.
        WatchlistError: Any error of the edit, e.g. NotFound.
    """
    rebuilt, refusals = Rebuilt(snapshot), Refusals()
    with collector_paused():
        numbers = sorted(edit.places(snapshot.list))
        for done, number in enumerate(numbers):
            if done % REPORT_SHOWS == 0:
                progress(done, len(numbers))
            _change(rebuilt, number, edit.change, refusals)
        if not rebuilt.numbers:
            if refusals:
                refusals.raise_all()
            return None
        after = rebuilt.result()
    number = len(rebuilt.numbers)
    label = describe_logged(number, rebuilt.ways) or describe_changed(number, rebuilt.fields - {"problems"})
    return _draft(rebuilt, after)._replace(skipped=refusals.texts), label


def _draft(rebuilt: Rebuilt, after: Snapshot) -> DocumentDraft:
    """Return the draft of a bulk edit: `after`, the finished copy of `rebuilt`, with its edits and changes of shows."""
    before, numbers = rebuilt.snapshot, rebuilt.numbers
    deltas = tuple(Delta(before.list.shows[number], after.list.shows[number]) for number in numbers)
    return DocumentDraft(after, BlockEdits(before, after, numbers), deltas=deltas)


def _change(rebuilt: Rebuilt, number: int, change: Callable[[Show], Show], refusals: Refusals) -> None:
    """Replace the show `number` (from 0) in `rebuilt` by the result of `change` for this show.

    If `change` raises WrongValue, the error is added to `refusals`. Raises NeedsGeneralEdit if the id of the show would
    change, StoreError if the new block would give other values when parsed, and Refused if the layout of the block does
    not allow the change.
    """
    text = rebuilt.block(number).decode("utf-8")
    plain = plain_table_of(text)
    table = table_of(text) if plain is None else plain
    before = from_table(table)
    after = before
    with refusals:
        after = change(before)
    if before.id != rebuilt.snapshot.list.shows[number].id or after.id != before.id:
        raise NeedsGeneralEdit
    if after is before or after == before:
        return
    wanted = changed_table(table, before, after)
    new = patch_plain(text, table, wanted, ORDER) if plain is not None else None
    if new is None:
        new = patched(text, wanted, rebuilt.snapshot.document.newline, before.id, before.title)
    elif not same(table_of(new), wanted):
        raise StoreError(f"{safe(before.title)} would not read back as intended; nothing was written")
    fields = Delta(before, after).fields
    if not all(_reads_as(wanted, name, after) for name in fields):
        raise StoreError(f"{safe(before.title)} would not read back as intended; nothing was written")
    rebuilt.replace(number, encoded(new), after, fields)
    rebuilt.ways.add(watch_direction(before, after, set(fields)))


def _reads_as(table: Mapping[str, Any], name: str, show: Show) -> bool:
    """Return True if parsing `table`, the TOML table of a show, gives the value that the field `name` has in `show`.

    Usually, only this field is parsed. If `name` is no key of the table, because the field is empty or has no key of
    its own (`other`), the whole table is parsed, and all fields except id and problems must be equal.
    """
    if name not in FIELDS or name not in table:
        return alike(from_table(table), show)
    value = getattr(show, name)
    return bool(FIELDS[name].type.read(table[name]) == value)


def replay_each(snapshot: Snapshot, edits: Collection[BlockEdit], progress: Progress, *, undo: bool) -> DocumentDraft:
    """Return the new text, not yet written, in which recorded edits are reverted if `undo` is True, else applied again.

    `progress` is called with (number of processed edits, number of all edits) and may raise an exception to stop.
    Raises NeedsGeneralEdit if a block differs from the recorded text, or if this module can't handle the edits.
    """
    rebuilt, places = Rebuilt(snapshot), snapshot.list.shows.places
    with collector_paused():
        for done, edit in enumerate(edits):
            if done % REPORT_SHOWS == 0:
                progress(done, len(edits))
            was, now = (edit.now, edit.was) if undo else (edit.was, edit.now)
            number = places.get(edit.id)
            if number is None or was is None or now is None or rebuilt.block(number) != encoded(was):
                raise NeedsGeneralEdit
            try:
                old, new = table_of(was), table_of(now)
            except (ValueError, RecursionError) as error:  # the journal is untrusted input
                raise NeedsGeneralEdit from error
            if old.get("id") != new.get("id") or (rebuilt.numbers and number <= rebuilt.numbers[-1]):
                raise NeedsGeneralEdit
            names = [name for name in {**old, **new} if not same(old.get(name), new.get(name))]
            fields = {name if name in _STORED else "other" for name in names}
            rebuilt.replace(number, encoded(now), from_table(new), fields)
        return _draft(rebuilt, rebuilt.result())
