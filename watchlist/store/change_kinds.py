"""The kinds of changes of a list. For each kind, there is a function that returns the change as a function.

The returned function takes the current snapshot. It returns (draft, label of the change), or None if the change has no
effect. A draft is the changed text, checked but not yet written.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping

from watchlist.domain.change_messages import describe
from watchlist.domain.edits import Delta, Edit, deltas
from watchlist.domain.per_show_edits import PerShowEdit
from watchlist.domain.ratings import DisplayStyle
from watchlist.errors import Refused, UsageError
from watchlist.sanitize import safe
from watchlist.store import bulk_edit
from watchlist.store.apply_changes import draft_deltas, rewrite
from watchlist.store.change_result import Progress
from watchlist.store.document_editor import DocumentDraft, encoded
from watchlist.store.edited_text import check_block, check_loss, edited_block, edited_text
from watchlist.store.history.backups import Backup
from watchlist.store.snapshot import Snapshot, name_of, parse_snapshot
from watchlist.store.toml.document import NotToml
from watchlist.store.toml.parser import format_damage
from watchlist.store.verify import Drafted, MakeDraft

NewText = Callable[[Snapshot], tuple[str, Mapping[str, str]]]  # returns a text, and the new ids of shows by old ids


def of_edit(edit: Edit, style: DisplayStyle, progress: Progress) -> MakeDraft:
    """Return a function that applies an edit to the list in a snapshot.

    The function returns (draft, label), or None if nothing changes. `style` is the rating scale in the label,
    which describes the change. During changes of many shows, `progress` is called with (number of processed shows,
    number of shows to process).
    """

    def draft(snapshot: Snapshot) -> Drafted:
        if not isinstance(edit, PerShowEdit):
            after, skipped = edit(snapshot.list), tuple[str, ...]()
        else:
            if len(edit.ids) >= bulk_edit.MIN_SHOWS:
                with contextlib.suppress(bulk_edit.NeedsGeneralEdit):
                    return bulk_edit.draft_each(snapshot, edit, progress)
            after, skipped = edit.outcome(snapshot.list)
        changes = deltas(snapshot.list, after)
        if not changes:
            return None
        return draft_deltas(snapshot, changes)._replace(skipped=skipped), describe(changes, style)

    return draft


def of_block(id: str, text: str, was: str | None, current: Callable[[str], str], style: DisplayStyle) -> MakeDraft:
    """Return a function that replaces the block of one show in the text of a snapshot.

    The function returns (draft, label), or None if nothing changes. It raises Refused if the block in the
    snapshot is not the one that the user edited.

    Args:
        id: The id of the show.
        text: The new block, i.e. the `[[shows]]` table of the show, as edited by the user.
        was: The block before the user edited it; None for the block in the file now.
        current: Returns the block in the file now of the show with a given id. Called only if `was` is None.
        style: The rating scale in the label of the change.

    Raises:
        UsageError: `text` is not the block of one show.
    """
    encoded(text)
    check_block(text)
    old = current(id) if was is None else was

    def new_text(snapshot: Snapshot) -> tuple[str, Mapping[str, str]]:
        index, document = snapshot.position(name_of(id)), snapshot.document
        if index is None or document.part(index).text != old:
            raise Refused(f"{safe(id)} was changed elsewhere meanwhile", "edit it again")
        return edited_block(snapshot, id, text)

    return _of_text(new_text, style)


def of_text(text: str, old: str, style: DisplayStyle, label: str, *, sure: bool) -> MakeDraft:
    """Return a function that replaces the whole text of a snapshot by `text`, which the user has edited.

    The function returns (draft, label), or None if nothing changes. It raises Refused if the snapshot does not
    contain `old`, the text before the edit, or, unless `sure` is True, if many shows are missing. `label` is the label
    of the change; empty for a description of the changed shows.
    """

    def new_text(snapshot: Snapshot) -> tuple[str, Mapping[str, str]]:
        if snapshot.document.text != old:
            raise Refused("the list was changed elsewhere meanwhile", "edit it again")
        encoded(text)
        return edited_text(snapshot, text)

    def check(snapshot: Snapshot, changes: tuple[Delta, ...]) -> None:
        if not sure:
            check_loss(snapshot, text, changes)

    return _of_text(new_text, style, label, check)


def _of_text(
    new_text: NewText,
    style: DisplayStyle,
    label: str = "",
    check: Callable[[Snapshot, tuple[Delta, ...]], None] = lambda snapshot, changes: None,
) -> MakeDraft:
    """Return a function that changes the whole text of a snapshot.

    The function returns (draft, label), or None if nothing changes. It raises UsageError for an invalid text.

    Args:
        new_text: Returns (new text, new ids of shows by old ids) for the current snapshot.
        style: The rating scale in the label of the change.
        label: The label of the change; empty for a description of the changed shows.
        check: Called with the snapshot and the changes of shows; raises an error to refuse them.
    """

    def draft(snapshot: Snapshot) -> Drafted:
        text, renamed = new_text(snapshot)
        if text == snapshot.document.text:
            return None
        try:
            result = rewrite(snapshot, text, renamed)
        except NotToml as error:
            raise UsageError(format_damage(error.damage)) from error
        changes = deltas(snapshot.list, result.snapshot.list, result.renamed)
        check(snapshot, changes)
        return result, label or (describe(changes, style) if changes else "Edited the file")

    return draft


def of_backup(backup: Backup, text: str, last: Snapshot | None) -> MakeDraft:
    """Return a function that replaces the text of a snapshot by that of a backup.

    The function returns (draft, label), or None if the snapshot has the content of the backup already.

    Args:
        backup: The backup.
        text: The content of the backup, which becomes the whole text of the file.
        last: The last known list if the file is missing, so that undoing the change restores that list; else None.
    """
    data = text.encode()

    def draft(snapshot: Snapshot) -> Drafted:
        if snapshot.data == data:
            return None
        before = snapshot if snapshot.data is not None else last
        try:
            result = rewrite(before, text) if before is not None else DocumentDraft(parse_snapshot(data), ())
        except NotToml:
            result = DocumentDraft(parse_snapshot(data, snapshot), ())
        return result, f"Restored backup {backup.name}"

    return draft
