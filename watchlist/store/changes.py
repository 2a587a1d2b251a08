"""From a change of the list to a change of the text: which parts become what, and what undoes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from watchlist.edits import Delta
from watchlist.errors import Refused, StoreError, UsageError
from watchlist.fields import FIELDS, STORED, changed_table, from_table, to_table
from watchlist.model import Show
from watchlist.safe import safe
from watchlist.store.journal import BlockEdit
from watchlist.store.snapshot import Snapshot, assemble
from watchlist.store.splice import CannotSplice, foreign, patch, same
from watchlist.store.text import Document, NotToml, Part, read, table_of
from watchlist.text import fold
from watchlist.toml_text import render_block

ORDER = ("id", *(field.name for field in STORED))


@dataclass(frozen=True)
class Draft:
    """A text that is not written yet: the snapshot it would give, and the edits that lead to it."""

    snapshot: Snapshot
    edits: tuple[BlockEdit, ...]
    skipped: tuple[str, ...] = ()  # what an undo left alone, in words


def carry_out(snapshot: Snapshot, deltas: Iterable[Delta]) -> Draft:
    """The text with these changes made and nothing else touched. StoreError or Refused where that can't be done."""
    pen = _Pen(snapshot)
    for delta in deltas:
        if delta.before is None:
            pen.add(delta.show)
        elif delta.after is None:
            pen.remove(delta.before.id)
        else:
            pen.change(delta.before, delta.after)
    draft = pen.draft()
    for delta in deltas:
        stored = draft.snapshot.list.find(delta.show.id)
        if (stored is None) != (delta.after is None) or (stored and delta.after and not _alike(stored, delta.after)):
            raise StoreError(f"{safe(delta.show.title)} would not read back as what was meant; nothing was written")
    return draft


def replay(snapshot: Snapshot, edits: Sequence[BlockEdit]) -> Draft:
    """The text with recorded edits made once more, on whatever it is by now.

    A block that is as it was left gets its exact text. One that was changed since gets the fields that were not, the
    rest is said in `skipped`. Refused where nothing is left to do.
    """
    pen = _Pen(snapshot)
    skipped = [said for edit in edits if not edit.spacing for said in pen.replay(edit)]
    for edit in edits:
        if edit.spacing and not skipped:
            pen.replay(edit)
    if skipped and not pen.touched:
        raise Refused("; ".join(skipped), "`watchlist history` lists what was changed")
    return replace(pen.draft(), skipped=tuple(skipped))


def rewrite(snapshot: Snapshot, text: str) -> Draft:
    """The whole text replaced, as an editor does it. NotToml where it does not parse."""
    document, tables = read(text, snapshot.known)
    blocks = [part.text for part in document.parts if part.show]
    fresh = {block: from_table(table) for block, table in zip(blocks, tables, strict=False) if table is not None}
    after = assemble(document, None, {**snapshot.known, **fresh})
    return Draft(after, edits_between(snapshot, after) or ())


def edits_between(before: Snapshot, after: Snapshot) -> tuple[BlockEdit, ...] | None:
    """What happened between two texts, part by part; None where parts changed places, so that parts alone can't tell."""
    old, new = before.document.parts, after.document.parts
    if before.document.bom != after.document.bom or before.document.uncut or after.document.uncut:
        return None
    kept = set(before.names) & set(after.names)
    if [n for n in before.names if n in kept] != [n for n in after.names if n in kept]:
        return None
    edits = []
    for at, (name, part) in enumerate(zip(before.names, old, strict=True)):
        position = after.position(name)
        now = new[position].text if position is not None else None
        if now != part.text:
            edits.append(BlockEdit(name, part.text, now, before.names[at - 1] if at else None))
    for at, (name, part) in enumerate(zip(after.names, new, strict=True)):
        if name not in kept:
            edits.append(BlockEdit(name, None, part.text, after.names[at - 1] if at else None))
    return tuple(edits)


class _Pen:
    """The parts of a text, being changed."""

    def __init__(self, snapshot: Snapshot) -> None:
        if snapshot.document.uncut:
            raise Refused(
                "the shows are written as one value, and this program changes only [[shows]] tables",
                "`watchlist export --format toml` writes them as tables; or use `watchlist edit`",
            )
        self.snapshot = snapshot
        self.newline = snapshot.document.newline
        self.parts: list[tuple[str, Part]] = list(zip(snapshot.names, snapshot.document.parts, strict=True))
        self.touched = False

    def draft(self) -> Draft:
        """What the parts are now, every change checked against its neighbours."""
        document = Document(tuple(part for _, part in self.parts if part.text), self.snapshot.document.bom)
        old = set(self.snapshot.document.parts)
        for at, part in enumerate(document.parts):
            if part not in old:
                _check_cuts(document.parts[max(0, at - 1) : at + 2])
        after = assemble(document, None, self.snapshot.known)
        edits = edits_between(self.snapshot, after)
        if edits is None:
            raise StoreError("the change would move other shows; nothing was written")
        return Draft(after, edits)

    def add(self, show: Show) -> None:
        try:
            block = render_block(to_table(show), self.newline)
        except ValueError as error:
            raise UsageError(f"{safe(show.title)} can't be stored: {error}") from error
        self.insert(self._place_of(show), show.id, Part(block, show=True))

    def insert(self, at: int, name: str, part: Part) -> None:
        """Put a part in, with a blank line before it and, where something follows, after it."""
        self.touched = True
        if at > 0:
            before, text = self.parts[at - 1][1], self.parts[at - 1][1].text
            lines = 0 if text.endswith(self.newline * 2) else 1 if text.endswith("\n") else 2
            self.parts[at - 1] = (self.parts[at - 1][0], Part(text + self.newline * lines, before.show))
        if at < len(self.parts) and not part.text.endswith(self.newline * 2):
            part = Part(part.text + self.newline, part.show)
        self.parts.insert(at, (name, part))

    def remove(self, name: str) -> None:
        at = self._at(name)
        assert at is not None
        kept = foreign(self.parts[at][1].text)
        self.parts[at : at + 1] = [(f"#kept {name}", Part(kept, show=False))] if kept else []
        self.touched = True

    def change(self, before: Show, after: Show) -> None:
        at = self._at(before.id)
        assert at is not None
        table = table_of(self.parts[at][1].text)
        self._patch(at, changed_table(table, before, after), before.title)

    def replay(self, edit: BlockEdit) -> list[str]:
        """One recorded edit; what could not be done, in words."""
        at = self._at(edit.id)
        if edit.was is None:
            if at is not None:
                return [f"{safe(edit.id)} is on the list again already"]
            return self._put_back(edit)
        if at is None:
            return [] if edit.id.startswith("#") else [f"{safe(edit.id)} is not on the list any more"]
        part = self.parts[at][1]
        if part.text == edit.was:
            self.parts[at : at + 1] = [] if edit.now is None else [(edit.id, Part(edit.now, part.show))]
            self.touched = True
            return []
        if not part.show:
            return []
        if edit.now is None:
            if not same(table_of(part.text), table_of(edit.was)):
                return [f"{safe(edit.id)} was changed since, so it stays"]
            self.remove(edit.id)
            return []
        return self._rebase(at, table_of(edit.was), table_of(edit.now))

    def _put_back(self, edit: BlockEdit) -> list[str]:
        if edit.now is None:
            return []
        after = self._at(edit.after) if edit.after else None
        place = after + 1 if after is not None else 0 if edit.after is None else len(self.parts)
        part = Part(edit.now, show=not edit.id.startswith("#"))
        neighbours_as_they_were = edit.after is None or after is not None
        if neighbours_as_they_were and (place == len(self.parts) or edit.now.endswith("\n")):
            self.touched = True
            self.parts.insert(place, (edit.id, part))
        else:
            self.insert(place, edit.id, part)
        return []

    def _rebase(self, at: int, was: dict[str, Any], now: dict[str, Any]) -> list[str]:
        """Bring over the keys that differ between two tables, where the block still has the first one's value."""
        current = table_of(self.parts[at][1].text)
        wanted = dict(current)
        changed_since = []
        title = safe(str(current.get("title", "")))
        for key in [*was, *(key for key in now if key not in was)]:
            old, new, present = was.get(key), now.get(key), current.get(key)
            if same(old, new) or same(present, new):
                continue
            if not same(present, old):
                changed_since.append(FIELDS[key].label.lower() if key in FIELDS else safe(key))
            elif new is None:
                del wanted[key]
            else:
                wanted[key] = new
        if not same(wanted, current):
            self._patch(at, wanted, title)
        return [f"{label} of {title} was changed since, so it stays" for label in changed_since]

    def _patch(self, at: int, wanted: dict[str, Any], title: str) -> None:
        name, part = self.parts[at]
        try:
            text = patch(part.text, wanted, order=ORDER, newline=self.newline)
        except CannotSplice as error:
            raise Refused(
                f"this change of {safe(title)} can't be made without touching its layout: {error}",
                f"`watchlist edit {safe(name)}` opens it in your editor",
            ) from error
        self.touched |= text != part.text
        self.parts[at] = (name, Part(text, show=True))

    def _at(self, name: str | None) -> int | None:
        position = self.snapshot.position(name or "")
        if position is not None and position < len(self.parts) and self.parts[position][0] == name:
            return position
        return next((at for at, (other, _) in enumerate(self.parts) if other == name), None)

    def _place_of(self, show: Show) -> int:
        """Where a new show goes: in order where the list is kept in order of ids or titles, else after the last show."""
        blocks = [(at, name) for at, (name, part) in enumerate(self.parts) if part.show]
        if not blocks:
            return len(self.parts)
        titles = {other.id: fold(other.title) for other in self.snapshot.list.shows}
        ids = [name for _, name in blocks]
        for keys, key in ((ids, show.id), ([titles.get(id, "") for id in ids], fold(show.title))):
            if len(keys) > 2 and all(a <= b for a, b in pairwise(keys)):
                return next((at for (at, _), other in zip(blocks, keys, strict=True) if other > key), blocks[-1][0] + 1)
        return blocks[-1][0] + 1


def _check_cuts(window: tuple[Part, ...]) -> None:
    """A changed part must be cut from between its neighbours again as it is."""
    try:
        document, _ = read("".join(part.text for part in window))
    except NotToml as error:
        raise StoreError(f"the changed text would be damaged: {error}; nothing was written") from error
    if document.parts != window:
        raise StoreError("the changed text would not be cut as it is now; nothing was written")


def _alike(a: Show, b: Show) -> bool:
    return replace(a, problems=()) == replace(b, problems=())
