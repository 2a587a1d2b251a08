"""The difference of two texts, as edits of show blocks and of the texts between them. The journal stores such edits."""

from __future__ import annotations

from collections.abc import Mapping

from watchlist.domain.model import NOTHING
from watchlist.store.cache.incremental import ChangedRange
from watchlist.store.history.journal import BlockEdit
from watchlist.store.snapshot import Snapshot, name_of


def edits_between(
    before: Snapshot, after: Snapshot, changed_range: ChangedRange, renamed: Mapping[str, str] = NOTHING
) -> tuple[BlockEdit, ...]:
    """Return the edits that turn the text of `before` into that of `after`, each of a block or of text between blocks.

    Args:
        before: The text before.
        after: The text after.
        changed_range: The range of parts (blocks, and texts between) that may differ.
        renamed: The new ids of shows by their old ids.

    Returns:
        The edits; empty if such edits can't represent the difference, e.g. because blocks have been reordered.
    """
    documents = before.document, after.document
    if documents[0].bom != documents[1].bom or any(document.inline_shows is not None for document in documents):
        return ()
    old = dict(
        zip(
            before.names_of_parts(changed_range.start, changed_range.old),
            range(changed_range.start, changed_range.old),
            strict=True,
        )
    )
    new_names_by_old = {name_of(id): name_of(new) for id, new in renamed.items()}
    if not old.keys().isdisjoint(new_names_by_old.values()):
        return ()  # an id of one show became the id of another show
    old_names_by_new = {new: name for name, new in new_names_by_old.items()}
    new_names = (
        old_names_by_new.get(name, name) for name in after.names_of_parts(changed_range.start, changed_range.new)
    )
    new = dict(zip(new_names, range(changed_range.start, changed_range.new), strict=True))
    if [name for name in old if name in new] != [name for name in new if name in old]:
        return ()
    edits = []
    for name, index in old.items():
        was, now = before.document.piece(index), after.document.piece(new[name]) if name in new else None
        if now != was:
            edit = _edit(name, was, now, before.name(index - 1) if index else None)
            edits.append(edit._replace(renamed=new_names_by_old.get(name)))
    above = None  # the range begins with the text, or with a part that is in both texts
    for name, index in new.items():
        if name not in old:
            edits.append(_edit(name, None, after.document.piece(index), above))
        above = new_names_by_old.get(name, name)
    return tuple(edits)


def _edit(name: str, was: bytes | None, now: bytes | None, after: str | None) -> BlockEdit:
    """Return the edit of one part of the text, i.e. of a show's block or of the text between blocks.

    Args:
        name: The name of the part.
        was: The bytes of the part before the edit; None if the edit inserts the part.
        now: The bytes of the part after the edit; None if the edit removes the part.
        after: The name of the part above; None if the part is the first one.
    """
    return BlockEdit(name, was if was is None else was.decode(), now if now is None else now.decode(), after)
