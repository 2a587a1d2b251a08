"""From a change of the list to a change of the text: which parts become what, and what undoes it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from watchlist.edits import Delta
from watchlist.errors import Refused, StoreError, UsageError
from watchlist.fields import FIELDS, STORED, changed_table, problem_of, to_table
from watchlist.model import Show
from watchlist.safe import safe
from watchlist.store.journal import BlockEdit
from watchlist.store.snapshot import Snapshot, assemble, name_of, shows_in
from watchlist.store.splice import CannotSplice, foreign, patch, same
from watchlist.store.text import Document, NotToml, Part, ends_in_comment, read, table_of
from watchlist.text import fold
from watchlist.toml_text import render_block

ORDER = ("id", *(field.name for field in STORED))


@dataclass(frozen=True)
class Draft:
    """A text that is not written yet: the snapshot it would give, and the edits that lead to it."""

    snapshot: Snapshot
    edits: tuple[BlockEdit, ...]
    skipped: tuple[str, ...] = ()  # what an undo left alone, in words


def carry_out(snapshot: Snapshot, deltas: Sequence[Delta]) -> Draft:
    """The text with these changes made and nothing else touched. StoreError or Refused where that can't be done."""
    pen = _Pen(snapshot)
    pen.add([delta.show for delta in deltas if delta.before is None])
    for delta in deltas:
        if delta.before and delta.after:
            pen.change(delta.before, delta.after)
        elif delta.before:
            pen.remove(name_of(delta.before.id))
    draft = pen.draft()
    # By name: where shows had one id, or none, one that stays may get the id of one that goes.
    stored = dict(zip(pen.shows, draft.snapshot.list.shows, strict=True))
    for delta in deltas:
        if not _alike(stored.get(name_of(delta.show.id)), delta.after):
            raise StoreError(f"{safe(delta.show.title)} would not read back as what was meant; nothing was written")
    return draft


def replay(snapshot: Snapshot, edits: Sequence[BlockEdit]) -> Draft:
    """The text with recorded edits made once more, on whatever it is by now.

    A block that is as it was left gets its exact text. One that was changed since gets the fields that were not, the
    rest is said in `skipped`. Refused where nothing is left to do.
    """
    pen = _Pen(snapshot)
    between = [edit for edit in edits if _between(edit) and not edit.spacing]
    fits = all(pen.has(edit.id, edit.was) for edit in between)  # half of them would write something twice
    skipped = [] if fits else ["what stands between the shows was changed since, so it stays"]
    for edit in edits:
        if not edit.spacing and (fits or not _between(edit)):
            skipped += pen.replay(edit)
    for edit in edits:
        if edit.spacing and not skipped:
            pen.replay(edit)
    pen.close()
    if skipped and not pen.touched:
        raise Refused("; ".join(skipped), "`watchlist history` lists what was changed")
    try:
        return replace(pen.draft(), skipped=tuple(skipped))
    except StoreError as error:
        raise Refused("the text around it was changed since", "`watchlist history` lists what was changed") from error


def rewrite(snapshot: Snapshot, text: str) -> Draft:
    """The whole text replaced, as an editor does it. NotToml where it does not parse."""
    document, tables = read(text, snapshot.known)
    after = assemble(document, None, {**snapshot.known, **shows_in(document, tables)})
    damaged = snapshot.list.damage is not None  # then blocks alone would not lead back
    return Draft(after, () if damaged else edits_between(snapshot, after))


def edits_between(before: Snapshot, after: Snapshot) -> tuple[BlockEdit, ...]:
    """What happened between two texts, part by part; nothing where parts changed places, so that they can't tell."""
    old, new = before.document.parts, after.document.parts
    if before.document.bom != after.document.bom or before.document.uncut or after.document.uncut:
        return ()
    kept = set(before.names) & set(after.names)
    if [n for n in before.names if n in kept] != [n for n in after.names if n in kept]:
        return ()
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
        if snapshot.document.uncut is not None:
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
        document = Document(_joined(part for _, part in self.parts), self.snapshot.document.bom)
        read_again = _check_cuts(self.snapshot.document.parts, document.parts, self.snapshot.known)
        after = assemble(document, None, {**self.snapshot.known, **read_again})
        return Draft(after, edits_between(self.snapshot, after))

    @property
    def shows(self) -> list[str]:
        """The names of the shows, in their order."""
        return [name for name, part in self.parts if part.show]

    def has(self, name: str, text: str | None) -> bool:
        """Whether the part of this name has this text; None: whether there is none."""
        at = self._at(name)
        return (None if at is None else self.parts[at][1].text) == text

    def add(self, shows: Sequence[Show]) -> None:
        """Put new shows in, before anything else is changed."""
        for show, at in self._places(shows):
            try:
                block = render_block(to_table(show), self.newline)
            except ValueError as error:
                raise UsageError(f"{safe(show.title)} can't be stored: {error}") from error
            self.insert(at, name_of(show.id), Part(block, show=True))

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
        self.parts[at : at + 1] = [("", Part(kept, show=False))] if kept else []
        self.touched = True

    def change(self, before: Show, after: Show) -> None:
        at = self._at(name_of(before.id))
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
            return [] if edit.now is None else [f"{safe(edit.id)} is not on the list any more"]
        part = self.parts[at][1]
        if part.text == edit.was:
            self.parts[at : at + 1] = [] if edit.now is None else [(edit.id, Part(edit.now, part.show))]
            self.touched = True
            return []
        if not part.show or part.text == edit.now:
            return []
        was, now = table_of(edit.was), table_of(edit.now) if edit.now is not None else None
        if now is None and same(table_of(part.text), was):
            self.remove(edit.id)
            return []
        if now is None or same(was, now):
            return [f"{safe(edit.id)} was changed since, so it stays"]
        return self._rebase(at, was, now)

    def _put_back(self, edit: BlockEdit) -> list[str]:
        if edit.now is None:
            return []
        after = self._at(edit.after) if edit.after else None
        place = after + 1 if after is not None else 0 if edit.after is None else len(self.parts)
        part = Part(edit.now, show=not _between(edit))
        self.touched = True
        if edit.after is None or after is not None:
            self.parts.insert(place, (edit.id, part))
        else:
            self.insert(place, edit.id, part)
        return []

    def close(self) -> None:
        """End the last line of every part that something follows, and keep comments at its end apart from that."""
        for at, (name, part) in enumerate(self.parts[:-1]):
            lines = 2 if not part.text.endswith("\n") else 1 if ends_in_comment(part.text) else 0
            if lines:
                self.parts[at] = (name, Part(part.text + self.newline * lines, part.show))

    def _rebase(self, at: int, was: dict[str, Any], now: dict[str, Any]) -> list[str]:
        """Bring over the keys that differ between two tables, where the block still has the first one's value."""
        current = table_of(self.parts[at][1].text)
        wanted = dict(current)
        changed_since = []
        title = safe(str(current.get("title", "")))
        for key in [*was, *(key for key in now if key not in was)]:
            old, new, present = was.get(key), now.get(key), current.get(key)
            if same(old, new) or same(present, new) or (key == "id" and new is None):
                continue  # an id that was given stays: without it, a title that was changed would change it
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

    def _places(self, shows: Sequence[Show]) -> Iterator[tuple[Show, int]]:
        """Where each new show goes: in order where the list is kept in order of ids or titles, else after the last show.

        The last one comes first, so that putting it there leaves the other places what they are.
        """
        blocks = [at for at, (_, part) in enumerate(self.parts) if part.show]
        end = blocks[-1] + 1 if blocks else len(self.parts)
        for key in (_id, _title) if shows and len(blocks) > 2 else ():
            keys = [key(show) for show in self.snapshot.list.shows]
            if all(a <= b for a, b in pairwise(keys)):
                places = [*blocks, end]
                return ((show, places[bisect_right(keys, key(show))]) for show in sorted(shows, key=key, reverse=True))
        return ((show, end) for show in reversed(shows))


def _id(show: Show) -> str:
    return show.id


def _title(show: Show) -> str:
    return fold(show.title)


def _between(edit: BlockEdit) -> bool:
    return edit.id.startswith("#") and not edit.id.startswith("##")


def _joined(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Parts as they would be cut: none of them empty, and nothing but shows between which there is a cut."""
    joined: list[Part] = []
    for part in parts:
        if joined and not part.show and not joined[-1].show:
            joined[-1] = Part(joined[-1].text + part.text, show=False)
        elif part.text:
            joined.append(part)
    return tuple(joined)


def _check_cuts(old: tuple[Part, ...], new: tuple[Part, ...], known: Mapping[str, Show]) -> dict[str, Show]:
    """What was changed must be cut from between its neighbours again as it is. The shows that were read for that."""
    short = min(len(old), len(new))
    head = next((at for at in range(short) if old[at] is not new[at]), short)
    tail = next((at for at in range(short - head) if old[-1 - at] is not new[-1 - at]), short - head)
    window = new[max(0, head - 1) : len(new) - tail + 1]
    try:
        document, tables = read("".join(part.text for part in window), known)
    except NotToml as error:
        raise StoreError(f"the changed text would be damaged: {error}; nothing was written") from error
    if document.parts != window:
        raise StoreError("the changed text would not be cut as it is now; nothing was written")
    return shows_in(document, tables)


def _alike(stored: Show | None, meant: Show | None) -> bool:
    """Whether what was stored is what was meant. Ids are compared by who gives them."""
    if stored is None or meant is None:
        return stored is meant
    if replace(stored, id="", problems=()) == replace(meant, id="", problems=()):
        return True
    a, b = (to_table(replace(show, title="" if problem_of(show, "title") else show.title)) for show in (stored, meant))
    return same(a | {"id": ""}, b | {"id": ""})  # nan is not equal to itself; without a title, the id is shown as one
