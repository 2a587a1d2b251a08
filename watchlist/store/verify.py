"""Checks that shows from the cache file of a list agree with the text of the list, before a change relies on them.

Any program can write the cache file, called the index. A list from the index is good enough to be shown, but a change
must be based on the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from watchlist.domain.edits import deltas
from watchlist.domain.frozen import same
from watchlist.domain.model import FIELD_NAMES, Show
from watchlist.domain.show_toml import from_table
from watchlist.errors import WatchlistError
from watchlist.query.columns import COLUMNS
from watchlist.store.cache.column_cache import PatchedColumns
from watchlist.store.cache.show_index import ShowIndex
from watchlist.store.document_editor import DocumentDraft
from watchlist.store.snapshot import Snapshot, named_as
from watchlist.store.toml.document import SHOW, Document, quick_cut
from watchlist.store.toml.parser import table_of

Drafted: TypeAlias = tuple[DocumentDraft, str] | None  # a draft and its label; None if nothing changes
MakeDraft: TypeAlias = Callable[[Snapshot], Drafted]  # drafts a change of the list in a snapshot
_ID = re.compile(rb'^id = "([^"\\\r\n]*)"\r?$', re.MULTILINE)
_VERSION = re.compile(rb"^[ \t]*version\b.*$", re.MULTILINE)
_VERSION_1 = re.compile(rb"version[ \t]*=[ \t]*1[ \t]*(?:#.*)?")
_PARSE_ERRORS = (ValueError, LookupError, TypeError, RecursionError)  # raised for a block at a wrong offset


def is_from_index(snapshot: Snapshot) -> bool:
    """Return True if shows of the snapshot may come from an index, the cache file of a list."""
    load = snapshot.list.shows.load
    return isinstance(load.load if isinstance(load, PatchedColumns) else load, ShowIndex)


def drafted_on_text(before: Snapshot, draft: MakeDraft, read_again: Callable[[], Snapshot]) -> tuple[Snapshot, Drafted]:
    """Return a snapshot that agrees with the text, and what `draft` returns for that snapshot.

    Args:
        before: The snapshot to try first. Its shows may come from an index.
        draft: Returns the new text for a snapshot and the label of the change; None if nothing changes.
        read_again: Parses the same text without the index. Used if the new text depends on anything in `before` that
            differs from the text.
    """
    if not is_from_index(before):
        return before, draft(before)
    try:
        drafted = draft(before)
        if drafted is None or agrees(before, drafted[0]):
            return before, drafted
    except (WatchlistError, AttributeError, AssertionError, *_PARSE_ERRORS):
        pass  # the index may be the cause
    before = read_again()
    return before, draft(before)


def agrees(snapshot: Snapshot, draft: DocumentDraft) -> bool:
    """Return True if the snapshot agrees with the text in everything on which `draft`, a changed text, depends.

    A draft depends on where blocks begin, on the version of the file, on the changed shows and, if shows are added, on
    all ids. The shows of a draft with `deltas` were parsed from the text, so they are not checked again.
    """
    if not is_from_index(snapshot):
        return True
    changes = deltas(snapshot.list, draft.snapshot.list, draft.renamed) if draft.deltas is None else ()
    changed = [delta.before for delta in changes if delta.before is not None]
    try:
        return (
            _cuts_agree(snapshot.document)
            and _is_version_1(snapshot.document)
            and shows_agree(snapshot, changed)
            and (len(changed) == len(changes) > 0 or _ids_agree(snapshot))
        )
    except _PARSE_ERRORS:
        return False


def shows_agree(snapshot: Snapshot, shows: Iterable[Show]) -> bool:
    """Return True if each of `shows`, shows of the list, equals the show in its block, or if no index was used."""
    if not is_from_index(snapshot):
        return True
    try:
        return all(_agrees(snapshot, show) for show in shows)
    except _PARSE_ERRORS:
        return False


def _agrees(snapshot: Snapshot, show: Show) -> bool:
    """Return True if `show` and its values in cached columns are equal to those parsed from its block in `snapshot`.

    Raises one of _PARSE_ERRORS if the block can't be parsed.
    """
    document, number = snapshot.document, snapshot.list.shows.places[show.id]
    parsed = from_table(table_of(document.piece(document.place(number)).decode("utf-8")))
    file_id = snapshot.file_ids.get(number, show.id)
    expected = named_as(parsed, show.id, file_id)
    # A query may have selected the show by columns of the index.
    columns = ((COLUMNS[name], column) for name, column in snapshot.list.shows.columns.items() if name in COLUMNS)
    return (
        parsed.id == file_id
        and all(same(get(expected), column[number]) for get, column in columns)
        and all(same(getattr(expected, name), getattr(show, name)) for name in FIELD_NAMES)
    )


def _cuts_agree(document: Document) -> bool:
    """Return True if the document seems to be split into blocks at the right offsets.

    The offsets are assumed to be right if the text contains `[[shows]]` once per block. Otherwise, the text is split
    again, and the result must be the same.
    """
    if document.data.count(b"[[shows]]") == document.kinds.count(SHOW):
        return True
    cut = quick_cut(document.data)
    return cut.starts == document.starts and cut.kinds == document.kinds


def _is_version_1(document: Document) -> bool:
    """Return True if the text names no format version, or names version 1 in plain spelling: `version = 1`."""
    lines = (line for index in document.between for line in _VERSION.findall(document.piece(index)))
    return all(_VERSION_1.fullmatch(line.strip()) for line in lines)


def _ids_agree(snapshot: Snapshot) -> bool:
    """Return True if all ids of the list are the ids in the text. Raise one of _PARSE_ERRORS if a block is not valid."""
    document, shows = snapshot.document, snapshot.list.shows
    if not snapshot.file_ids and [id.decode("utf-8") for id in _ID.findall(document.data)] == [
        show.id for show in shows
    ]:
        return True
    return all(
        _has_id(block, snapshot.file_ids.get(number, show.id))
        for number, (block, show) in enumerate(zip(document.blocks, shows, strict=True))
    )


def _has_id(block: bytes, id: str) -> bool:
    """Return True if the show in a block has the id `id`. The block is parsed only if its `id = ...` line is unusual.

    Raises ValueError or RecursionError if a block with an unusual line can't be parsed.
    """
    if _ID.findall(block) == [id.encode("utf-8")]:
        return True
    return bool(from_table(table_of(block.decode("utf-8"))).id == id)
