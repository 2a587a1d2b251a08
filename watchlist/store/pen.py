"""The parts of a text, being changed: found by name, put in, taken out, patched, and joined to a draft that is checked."""

from __future__ import annotations

from array import array
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, NamedTuple

from watchlist.errors import Refused, StoreError, UsageError
from watchlist.fields import FIELDS, ORDER, changed_table, to_table
from watchlist.model import Show
from watchlist.safe import safe
from watchlist.store.again import Window, look_again
from watchlist.store.blocks import Blocks, Odd
from watchlist.store.journal import BlockEdit
from watchlist.store.snapshot import Snapshot, look, name_of
from watchlist.store.splice import CannotSplice, foreign, patch, same
from watchlist.store.text import SHOW, Document, Hashing, NotToml, ends_in_comment, read, table_of
from watchlist.text import fold
from watchlist.toml_text import render_block

FEW = 16  # pieces of a text


class Draft(NamedTuple):
    """A text that is not written yet: the snapshot it would give, and the edits that lead to it."""

    snapshot: Snapshot
    edits: tuple[BlockEdit, ...]
    skipped: tuple[str, ...] = ()  # what an undo left alone, in words


def encoded(text: str) -> bytes:
    """The bytes of a text. UsageError where it has none."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError("the text is not valid UTF-8, so it was not written") from error


def edits_between(before: Snapshot, after: Snapshot, window: Window) -> tuple[BlockEdit, ...]:
    """What happened between two texts, part by part; nothing where parts changed places, so that they can't tell."""
    documents = before.document, after.document
    if documents[0].bom != documents[1].bom or any(document.uncut is not None for document in documents):
        return ()
    old = dict(zip(before.names_of_parts(window.start, window.old), range(window.start, window.old), strict=True))
    new = dict(zip(after.names_of_parts(window.start, window.new), range(window.start, window.new), strict=True))
    if [name for name in old if name in new] != [name for name in new if name in old]:
        return ()
    edits = []
    for name, at in old.items():
        was, now = before.document.piece(at), after.document.piece(new[name]) if name in new else None
        if now != was:
            edits.append(_edit(name, was, now, before.name(at - 1) if at else None))
    above = None  # a window begins with the text, or with a part that is in both
    for name, at in new.items():
        if name not in old:
            edits.append(_edit(name, None, after.document.piece(at), above))
        above = name
    return tuple(edits)


def _edit(name: str, was: bytes | None, now: bytes | None, after: str | None) -> BlockEdit:
    return BlockEdit(name, was if was is None else was.decode(), now if now is None else now.decode(), after)


class _Piece(NamedTuple):
    """A part as it is to be: its name, empty where nothing will look for it."""

    name: str
    text: str
    show: bool
    made: Show | None = None  # the show that it was made of, where that is what it reads as


class Pen:
    """The parts of a text, being changed. Those that nothing happens to are never looked at.

    `slots` has what has become of each part that was touched: other parts, or none. What is put before all others is
    in the slot -1.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        if snapshot.document.uncut is not None:
            raise Refused(
                "the shows are written as one value, and this program changes only [[shows]] tables",
                "`watchlist export --format toml` writes them as tables; or use `watchlist edit`",
            )
        self.snapshot = snapshot
        self.newline = snapshot.document.newline
        self.slots: dict[int, list[_Piece]] = {-1: []}
        self.put: dict[str, int] = {}  # the slots of parts that were put in, by name
        self.touched = False

    def draft(self) -> Draft:
        """What the parts are now, every change checked against its neighbours."""
        document = self._joined()
        places = [slot for slot in self.slots if slot >= 0] or [0]
        between = max(0, min(places) - 1), min(len(self.snapshot.document), max(places) + 2)
        if self.slots[-1]:
            between = 0, between[1]
        made = {encoded(p.text): p.made for pieces in self.slots.values() for p in pieces if p.made is not None}
        found = look_again(document.data, self.snapshot, between, made)
        if found is None:
            try:
                read(document.data)
            except NotToml as error:
                raise StoreError(f"the changed text would be damaged: {error}; nothing was written") from error
            after, window = look(document.data), Window(0, len(self.snapshot.document), len(document))
        else:
            after, window = found
        if (after.document.starts, after.document.kinds) != (document.starts, document.kinds):
            raise StoreError("the changed text would not be cut as it is now; nothing was written")
        after.document.hashing = document.hashing
        return Draft(after, edits_between(self.snapshot, after, window))

    def _joined(self) -> Document:
        """The parts as they should be cut: none of them empty, and nothing but shows between which there is a cut."""
        old = self.snapshot.document
        chunks: list[bytes | memoryview] = [old.data[: old.starts[0] if len(old) else len(old.data)]]
        starts, kinds = array("q"), bytearray()
        size = len(chunks[0])
        done = 0  # parts of the old text

        def add(data: bytes | memoryview, show: bool) -> None:
            nonlocal size
            if show or not kinds or kinds[-1] == SHOW:
                starts.append(size)
                kinds.append(show)
            chunks.append(data)
            size += len(data)

        def keep(end: int) -> None:
            """Old parts up to one."""
            nonlocal size
            if done >= end:
                return
            add(old.piece(done), old.kinds[done] == SHOW)
            if done + 1 < end:
                first, last = old.starts[done + 1], old.end(end - 1)
                shift = size - first
                starts.extend(
                    [start + shift for start in old.starts[done + 1 : end]] if shift else old.starts[done + 1 : end]
                )
                kinds.extend(old.kinds[done + 1 : end])
                chunks.append(memoryview(old.data)[first:last])
                size += last - first

        for slot in sorted(self.slots):
            keep(slot)
            for piece in self.slots[slot]:
                if piece.text:
                    add(encoded(piece.text), piece.show)
            done = slot + 1
        keep(len(old))
        # The digest will be asked for. Of a few long pieces it is begun while they are put together, which takes as long.
        hashing = Hashing(chunks) if len(chunks) <= FEW else None
        return Document(b"".join(chunks), starts, bytes(kinds), hashing=hashing)

    def numbers(self) -> dict[str, int]:
        """The number that each show that was touched will have among the shows."""
        numbers = {}
        document, gained = self.snapshot.document, 0
        for slot in sorted(self.slots):
            number = document.number(max(slot, 0)) + gained
            for piece in self.slots[slot]:
                if piece.show:
                    numbers[piece.name] = number
                    number, gained = number + 1, gained + 1
            gained -= slot >= 0 and document.kinds[slot] == SHOW
        return numbers

    def pieces(self, slot: int) -> list[_Piece]:
        """What a part has become, to be looked at and changed."""
        if slot not in self.slots:
            part = self.snapshot.document.part(slot)
            self.slots[slot] = [_Piece(self.snapshot.name(slot), part.text, part.show)]
        return self.slots[slot]

    def has(self, name: str, text: str | None) -> bool:
        """Whether the part of this name has this text; None: whether there is none."""
        piece = self._piece(name)
        return (None if piece is None else piece.text) == text

    def add(self, shows: Sequence[Show]) -> None:
        """Put new shows in, before anything else is changed."""
        blocks = Blocks(self.newline)
        for slot, group in groupby(self._places(shows), itemgetter(1)):
            made = [self._written(show, blocks) for show, _ in group]
            self.insert(slot, 1 if slot >= 0 else 0, made[::-1])

    def _written(self, show: Show, blocks: Blocks) -> _Piece:
        try:
            try:
                return _Piece(name_of(show.id), blocks.of(show), show=True, made=show)
            except Odd:  # it is looked at more closely, as any show that is changed
                return _Piece(name_of(show.id), render_block(to_table(show), self.newline), show=True)
        except ValueError as error:
            raise UsageError(f"{safe(show.title)} can't be stored: {error}") from error

    def insert(self, slot: int, index: int, new: Sequence[_Piece]) -> None:
        """Put parts in, with a blank line before each and, where something follows, after the last."""
        self.touched = True
        pieces, blank = self.pieces(slot), self.newline * 2
        if index > 0:
            before = pieces[index - 1]
            lines = 0 if before.text.endswith(blank) else 1 if before.text.endswith("\n") else 2
            pieces[index - 1] = before._replace(text=before.text + self.newline * lines)
        follows = index < len(pieces) or slot + 1 < len(self.snapshot.document)
        spaced = [
            _Piece(piece.name, piece.text if piece.text.endswith(blank) else piece.text + self.newline, *piece[2:])
            for piece in (new if follows else new[:-1])
        ]
        pieces[index:index] = spaced if follows else [*spaced, new[-1]]
        self.put.update(dict.fromkeys([piece.name for piece in new], slot))

    def remove(self, name: str) -> None:
        slot = self._slot(name)
        assert slot is not None
        index = self._index(slot, name)
        kept = foreign(self.pieces(slot)[index].text)
        self.slots[slot][index : index + 1] = [_Piece("", kept, show=False)] if kept else []
        self.touched = True

    def change(self, before: Show, after: Show) -> None:
        piece = self._piece(name_of(before.id))
        assert piece is not None
        self._patch(piece, changed_table(table_of(piece.text), before, after), before.title)

    def replay(self, edit: BlockEdit) -> list[str]:
        """One recorded edit; what could not be done, in words."""
        piece = self._piece(edit.id)
        if edit.was is None:
            if piece is not None:
                return [f"{safe(edit.id)} is on the list again already"]
            return self._put_back(edit)
        if piece is None:
            return [] if edit.now is None else [f"{safe(edit.id)} is not on the list any more"]
        if piece.text == edit.was:
            self._become(piece, piece._replace(text=edit.now) if edit.now is not None else None)
            self.touched = True
            return []
        if not piece.show or piece.text == edit.now:
            return []
        was, now = table_of(edit.was), table_of(edit.now) if edit.now is not None else None
        if now is None and same(table_of(piece.text), was):
            self.remove(edit.id)
            return []
        if now is None or same(was, now):
            return [f"{safe(edit.id)} was changed since, so it stays"]
        return self._rebase(piece, was, now)

    def _put_back(self, edit: BlockEdit) -> list[str]:
        if edit.now is None:
            return []
        piece = _Piece(edit.id, edit.now, show=not edit.between)
        self.touched = True
        slot = self._slot(edit.after) if edit.after is not None else -1
        if slot is None:
            last = len(self.snapshot.document) - 1
            self.insert(last, len(self.pieces(last)) if last >= 0 else len(self.slots[-1]), [piece])
            return []
        index = self._index(slot, edit.after) + 1 if edit.after is not None else 0
        self.pieces(slot).insert(index, piece)
        self.put[piece.name] = slot
        return []

    def close(self) -> None:
        """End the last line of every part that something follows, and keep comments at its end apart from that."""
        last = len(self.snapshot.document) - 1
        while self.slots.get(last) == [] and last >= 0:
            last -= 1
        for slot, pieces in self.slots.items():
            for index, piece in enumerate(pieces):
                if slot == last and index == len(pieces) - 1:
                    continue
                lines = 2 if not piece.text.endswith("\n") else 1 if ends_in_comment(piece.text) else 0
                pieces[index] = piece._replace(text=piece.text + self.newline * lines)

    def _rebase(self, piece: _Piece, was: dict[str, Any], now: dict[str, Any]) -> list[str]:
        """Bring over the keys that differ between two tables, where the block still has the first one's value."""
        current = table_of(piece.text)
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
            self._patch(piece, wanted, title)
        return [f"{label} of {title} was changed since, so it stays" for label in changed_since]

    def _patch(self, piece: _Piece, wanted: dict[str, Any], title: str) -> None:
        try:
            text = patch(piece.text, wanted, order=ORDER, newline=self.newline)
        except CannotSplice as error:
            raise Refused(
                f"this change of {safe(title)} can't be made without touching its layout: {error}",
                f"`watchlist edit {safe(piece.name)}` opens it in your editor",
            ) from error
        self.touched |= text != piece.text
        self._become(piece, piece._replace(text=text, made=None))

    def _become(self, piece: _Piece, new: _Piece | None) -> None:
        slot = self._slot(piece.name)
        assert slot is not None
        index = self._index(slot, piece.name)
        self.slots[slot][index : index + 1] = [new] if new is not None else []

    def _slot(self, name: str) -> int | None:
        """Where the part of this name is now."""
        slot = self.put.get(name, self.snapshot.position(name) if name else None)
        return slot if slot is not None and self._index(slot, name) >= 0 else None

    def _index(self, slot: int, name: str) -> int:
        """The place of a part in its slot, -1 where it is gone; what was put in last is looked for first."""
        pieces = self.pieces(slot)
        return next((at for at in range(len(pieces) - 1, -1, -1) if pieces[at].name == name), -1)

    def _piece(self, name: str) -> _Piece | None:
        slot = self._slot(name)
        return self.pieces(slot)[self._index(slot, name)] if slot is not None else None

    def _places(self, shows: Sequence[Show]) -> Iterator[tuple[Show, int]]:
        """After which part each new show goes: in order where the list is kept in order of ids or titles, else the last.

        The last one comes first, so that each is put right behind its part.
        """
        document, listed = self.snapshot.document, self.snapshot.list.shows
        end = document.place(len(listed) - 1) if listed else len(document) - 1
        for key in (_id, _title) if shows and len(listed) > 2 else ():
            if all(a <= b for a, b in pairwise(map(key, listed))):
                keys = list(map(key, listed))
                found = [(show, bisect_right(keys, key(show))) for show in sorted(shows, key=key, reverse=True)]
                return ((show, document.place(at) - 1 if at < len(listed) else end) for show, at in found)
        return ((show, end) for show in reversed(shows))


def _id(show: Show) -> str:
    return show.id


def _title(show: Show) -> str:
    return fold(show.title)
