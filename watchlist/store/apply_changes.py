"""Turns changes of the list into changes of the text; undoes and redoes recorded changes.

A draft (DocumentDraft) is a changed text that is checked but not yet written to the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from watchlist.domain.edits import Delta
from watchlist.domain.fields import problem_of
from watchlist.domain.frozen import replace, same
from watchlist.domain.model import NOTHING, Show
from watchlist.domain.show_toml import to_table
from watchlist.errors import Refused, StoreError, UsageError, WatchlistError
from watchlist.sanitize import safe
from watchlist.store.block_edits import edits_between
from watchlist.store.cache.incremental import ChangedRange, reparse
from watchlist.store.digest import digest
from watchlist.store.document_editor import DocumentDraft, DocumentEditor, encoded
from watchlist.store.history.backups import Backups
from watchlist.store.history.journal import BlockEdit, Journal, Record
from watchlist.store.snapshot import Snapshot, first_text, name_of, parse_snapshot
from watchlist.store.toml.document import NotToml, read


def draft_deltas(snapshot: Snapshot, deltas: Sequence[Delta]) -> DocumentDraft:
    """Return the new text, not yet written, in which some shows are added, changed or removed and nothing else differs.

    Args:
        snapshot: The current text and its list.
        deltas: The changes, each as (show before, or None if it is added; show after, or None if it is removed).

    Raises:
        StoreError: The changed text would not contain the intended shows.
        Refused: The layout of the text does not allow a change.
        UsageError: TOML can't store a value of an added show.
    """
    editor = DocumentEditor(snapshot)
    editor.add([delta.show for delta in deltas if delta.before is None])
    for delta in deltas:
        if delta.before and delta.after:
            editor.change(delta.before, delta.after)
        elif delta.before:
            editor.remove(name_of(delta.before.id))
    draft = editor.draft()
    numbers = editor.numbers()
    for delta in deltas:
        # By number, not by id: among shows with duplicate or missing ids, a removed show may pass on its id.
        number = numbers.get(name_of(delta.show.id))
        if not alike(draft.snapshot.list.shows[number] if number is not None else None, delta.after):
            raise StoreError(f"{safe(delta.show.title)} would not read back as intended; nothing was written")
    return draft


class Impossible(Refused):
    """Raised if a recorded change can't be undone or redone on the current list. The message says why."""


ALREADY = "the list is in that state already"


def replay(snapshot: Snapshot, edits: Sequence[BlockEdit]) -> DocumentDraft:
    """Return the new text, not yet written, in which recorded edits are applied again to the current text.

    A block that still has the text from before its edit gets the text from after the edit. In a block that was changed
    since, only fields that have not changed since get their recorded values; `skipped` of the result names the others.

    Raises:
        Impossible: None of the edits can be applied, or the edits would not change the text.
        Refused: The shows are not written as [[shows]] tables, so this program can't change the text at all.
    """
    editor = DocumentEditor(snapshot)
    try:
        draft = _replayed(editor, edits)
    except StoreError as error:
        raise Impossible("the text around it was changed since") from error
    except (Refused, UsageError) as error:
        raise Impossible(error.message) from error
    except (ValueError, RecursionError) as error:  # the journal has a text that is not the block of a show
        raise Impossible("its record in the journal is damaged") from error
    if draft.snapshot.document.data == snapshot.document.data:
        raise Impossible(ALREADY)
    return draft


def readable(draft: DocumentDraft) -> DocumentDraft:
    """Return `draft`. Raise Impossible if its text is not a valid list."""
    if draft.snapshot.list.damage is not None:
        raise Impossible("the list could not be read afterwards")
    return draft


def _replayed(editor: DocumentEditor, edits: Sequence[BlockEdit]) -> DocumentDraft:
    """Apply recorded edits again through `editor`, and return the new text. Raise Impossible if none can be applied."""
    content = [edit for edit in edits if not edit.spacing] or edits
    between = [edit for edit in content if edit.between]
    fits = all(editor.has(edit.id, edit.was) for edit in between)  # making only some of them could duplicate text
    skipped = [] if fits else ["the text between the shows was changed since, so it stays"]
    for edit in content:
        if fits or not edit.between:
            skipped += editor.replay(edit)
    if not editor.touched:
        raise Impossible("; ".join(skipped) or ALREADY)
    for edit in edits:
        if edit.spacing and not skipped:
            editor.replay(edit)
    editor.close()
    return editor.draft()._replace(skipped=tuple(skipped))


def replay_whole(snapshot: Snapshot, now: str, wanted: str, backups: Backups) -> DocumentDraft:
    """Return `wanted`, a recorded text, as the new text of the file. The new text is not yet written.

    Args:
        snapshot: The current text.
        now: The recorded text that the file is expected to contain.
        wanted: The recorded text to write.
        backups: The backups of the file.

    Raises:
        Impossible: The file does not contain `now`, or contains `wanted` already; or `wanted` is not a valid list, and
            no backup shows that the file ever contained it.
    """
    text = snapshot.document.text
    if text == wanted:
        raise Impossible(ALREADY)
    if text != now:
        raise Impossible("the file was changed since")
    data = encoded(wanted)
    draft = DocumentDraft(parse_snapshot(data, snapshot), ())
    if draft.snapshot.list.damage is not None and not any(backup.holds(data) for backup in backups.of(digest(data))):
        raise Impossible("the list could not be read afterwards")
    return draft


def rewrite(snapshot: Snapshot, text: str, renamed: Mapping[str, str] = NOTHING) -> DocumentDraft:
    """Return `text` as the new text of the file, not yet written. Raise NotToml or UsageError if it is not valid.

    Args:
        snapshot: The current text.
        text: The new text.
        renamed: The new ids of shows by their old ids.
    """
    data = encoded(text)
    if (reparsed := reparse(data, snapshot)) is not None:
        return DocumentDraft(reparsed[0], edits_between(snapshot, *reparsed, renamed), renamed=renamed)
    read(data, snapshot.shows_by_block())
    after = parse_snapshot(data, snapshot)
    damaged = snapshot.list.damage is not None  # edits of parts can't restore a damaged text
    all_parts = ChangedRange(0, len(snapshot.document), len(after.document))
    return DocumentDraft(after, () if damaged else edits_between(snapshot, after, all_parts, renamed), renamed=renamed)


def as_left(journal: Journal, backups: Backups) -> Snapshot | None:
    """Return the list after the last change in the journal, rebuilt from a backup and the changes since that backup.

    Returns None if the backups and the journal do not suffice. Raises StoreError if the backups can't be listed.
    """
    texts: dict[str, Callable[[], bytes]] = {backup.digest: backup.read for backup in backups.all()}
    for data in (first_text(empty=empty, schema=schema) for empty in (False, True) for schema in (False, True)):
        texts[digest(data)] = partial(bytes, data)
    later: list[Record] = []
    for record in reversed(journal.made):
        if record.left and (start := record.left.digest) in texts:
            break
        later.append(record)
        start = record.origin
        # A change without an origin was made on the example list.
        if start in texts or (not start and record.changes):
            break
    else:
        return None
    try:
        snapshot = parse_snapshot(texts[start]() if start else None)
        for record in map(journal.loaded, reversed(later)):
            edited = (
                replay(snapshot, tuple(record.edits)) if record.whole is None else rewrite(snapshot, record.whole[1])
            )
            snapshot = edited.snapshot
    except (WatchlistError, NotToml, ValueError, RecursionError):  # backups and journal are untrusted input
        return None
    data, left = snapshot.document.data, journal.left
    return replace(snapshot, data=data) if left is not None and digest(data) == left.digest else None


def whole_texts(before: Snapshot, draft: DocumentDraft) -> tuple[str, str] | None:
    """Return (whole text before a change, whole text after it), for a change that edits of single blocks can't represent.

    Returns None for any other change, and if the file was missing or not valid text before the change, because undo
    could not restore it.
    """
    after = draft.snapshot.document
    if draft.edits or not before.document.data == before.data != after.data:
        return None
    return before.document.text, after.text


def alike(stored: Show | None, meant: Show | None) -> bool:
    """Return True if a show in the file equals the intended show, or if both are None.

    Ids and problems are ignored, because they are assigned when the text is read.
    """
    if stored is None or meant is None or stored is meant:
        return stored is meant
    if replace(stored, id="", problems=()) == replace(meant, id="", problems=()):
        return True
    a, b = (to_table(replace(show, title="" if problem_of(show, "title") else show.title)) for show in (stored, meant))
    return same(a | {"id": ""}, b | {"id": ""})  # a show without a title is shown by its id
