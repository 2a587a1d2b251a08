"""DocumentEditor: inserts, removes and changes show blocks in the TOML text, and joins them to a checked new text."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from watchlist.domain.change_messages import describe_conflict
from watchlist.domain.edits import Delta
from watchlist.domain.fields import ORDER
from watchlist.domain.frozen import same
from watchlist.domain.model import NOTHING, Show
from watchlist.domain.show_toml import changed_table, to_table
from watchlist.domain.toml_values import render_block
from watchlist.errors import Refused, StoreError, UsageError
from watchlist.sanitize import safe, shell_word
from watchlist.store.block_edits import edits_between
from watchlist.store.cache.incremental import ChangedRange, reparse
from watchlist.store.digest import DigestThread
from watchlist.store.history.journal import BlockEdit
from watchlist.store.insertion import parts_above
from watchlist.store.snapshot import Snapshot, name_of, parse_snapshot
from watchlist.store.toml.block_tables import remains, removes_new_comment
from watchlist.store.toml.document import SHOW, Document, NotToml, ends_in_comment, read
from watchlist.store.toml.fast_writer import Blocks, NotSimple
from watchlist.store.toml.parser import table_of
from watchlist.store.toml.patcher import CannotPatch, patch

MAX_HASHED_PIECES = 16  # with more pieces, the digest is computed later, from the joined text
BLANK = (b"\n\n", b"\n\r\n")  # the end of a text whose last line is blank


class DocumentDraft(NamedTuple):
    """A changed text that is checked but not yet written: its snapshot, and the edits that lead to it."""

    snapshot: Snapshot
    edits: Collection[BlockEdit]
    skipped: tuple[str, ...] = ()  # messages about what was not changed, and why
    renamed: Mapping[str, str] = NOTHING  # new ids of shows by their old ids
    deltas: tuple[Delta, ...] | None = None  # the changed shows; None if they are not known yet


def encoded(text: str) -> bytes:
    """Return `text` as UTF-8. Raise UsageError if it contains a lone surrogate, which UTF-8 can't encode."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError("the text is not valid UTF-8, so it was not written") from error


def patched(block: str, wanted: dict[str, Any], newline: str, id: str, title: str) -> str:
    """Return a show's block changed so that its table equals `wanted`. Raise Refused if its layout does not allow that.

    `id` and `title` of the show are used in the message of the error.
    """
    try:
        return patch(block, wanted, order=ORDER, newline=newline)
    except CannotPatch as error:
        raise Refused(
            f"this change of {safe(title)} can't be made without touching its layout: {error}",
            f"`watchlist edit {shell_word(id)}` opens it in your editor",
        ) from error


class _Piece(NamedTuple):
    """A part of the new text: a show's block (`show` is True) or text between blocks. An unused `name` is empty."""

    name: str
    text: str
    show: bool
    made: Show | None = None  # the show from which `text` was rendered; None if `text` has to be parsed
    loose: bool = False  # True if the piece consists of comments to append to the part above


class DocumentEditor:
    """An editor of the parts of a text: blocks of shows, and the texts between blocks. Unchanged parts are not parsed.

    A slot is the index of a part in the old text, from 0. `slots` maps the slot of each changed part to the pieces,
    i.e. parts of the new text, that replace it; slot -1 has the pieces to insert above all parts.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        if snapshot.document.inline_shows is not None:
            raise Refused(
                "the shows are written as one value, and this program changes only [[shows]] tables",
                "`watchlist export --format toml` writes them as tables; or use `watchlist edit`",
            )
        self.snapshot = snapshot
        self.newline = snapshot.document.newline
        self.slots: dict[int, list[_Piece]] = {-1: []}
        self.put: dict[str, int] = {}  # the slot of each inserted part, by the name of the part
        self.renamed: dict[str, str] = {}  # the new names of parts, by their old names
        self.touched = False  # True if anything changed

    def draft(self) -> DocumentDraft:
        """Join the parts to the new text, parse what has changed, and return the text with its list and edits.

        Raises:
            StoreError: The new text would be invalid, or its parts would not be those intended.
        """
        document = self._joined()
        changed = [slot for slot in self.slots if slot >= 0] or [0]
        # `reparse` needs an unchanged part on either side. The part above may get comments, so two parts above.
        between = max(0, min(changed) - 2), min(len(self.snapshot.document), max(changed) + 2)
        if self.slots[-1]:
            between = 0, between[1]
        made = {
            encoded(piece.text): piece.made
            for pieces in self.slots.values()
            for piece in pieces
            if piece.made is not None
        }
        reparsed = reparse(document.data, self.snapshot, between, made)
        if reparsed is None:
            try:
                read(document.data)
            except NotToml as error:
                raise StoreError(f"the changed text would be damaged: {error}; nothing was written") from error
            after, changed_range = (
                parse_snapshot(document.data),
                ChangedRange(0, len(self.snapshot.document), len(document)),
            )
        else:
            after, changed_range = reparsed
        if (after.document.starts, after.document.kinds) != (document.starts, document.kinds):
            raise StoreError("the changed text would be split differently; nothing was written")
        after.document.hashing = document.hashing
        renamed = {old.removeprefix("#"): new.removeprefix("#") for old, new in self.renamed.items()}
        return DocumentDraft(after, edits_between(self.snapshot, after, changed_range, renamed), renamed=renamed)

    def _joined(self) -> Document:
        """Return the new text as a document. Adjacent pieces that are not show blocks form one part of it."""
        old = self.snapshot.document
        chunks: list[bytes | memoryview] = [old.data[: old.starts[0] if len(old) else len(old.data)]]
        starts, kinds = array("q"), bytearray()
        size = len(chunks[0])
        done = 0  # the number of old parts that are added or replaced

        def add(data: bytes | memoryview, show: bool, loose: bool = False) -> None:
            nonlocal size
            if loose and (not kinds or bytes(chunks[-1][-3:]).endswith(BLANK)):
                data = bytes(data).lstrip(b"\r\n")
            if not kinds or (not loose and (show or kinds[-1] == SHOW)):
                starts.append(size)
                kinds.append(show)
            chunks.append(data)
            size += len(data)

        def keep(end: int) -> None:
            """Append the unchanged old parts from index `done` to `end` (exclusive)."""
            nonlocal size
            if done >= end:
                return
            add(old.piece(done), old.kinds[done] == SHOW)
            if done + 1 < end:
                start_offset, end_offset = old.starts[done + 1], old.end(end - 1)
                shift = size - start_offset
                starts.extend(
                    [start + shift for start in old.starts[done + 1 : end]] if shift else old.starts[done + 1 : end]
                )
                kinds.extend(old.kinds[done + 1 : end])
                chunks.append(memoryview(old.data)[start_offset:end_offset])
                size += end_offset - start_offset

        for slot in sorted(self.slots):
            keep(slot)
            for piece in self.slots[slot]:
                if piece.text:
                    add(encoded(piece.text), piece.show, piece.loose)
            done = slot + 1
        keep(len(old))
        # The digest is needed later. For few pieces, a thread computes it while the pieces are joined.
        hashing = DigestThread(chunks) if len(chunks) <= MAX_HASHED_PIECES else None
        return Document(b"".join(chunks), starts, bytes(kinds), hashing=hashing)

    def numbers(self) -> dict[str, int]:
        """Return {block name (see `name_of`): number (from 0) of the show in the new list} for the changed blocks."""
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
        """Return the pieces that replace the part at index `slot` of the old text. The caller may change the list."""
        if slot not in self.slots:
            part = self.snapshot.document.part(slot)
            self.slots[slot] = [_Piece(self.snapshot.name(slot), part.text, part.show)]
        return self.slots[slot]

    def has(self, name: str, text: str | None) -> bool:
        """Return True if the part `name` (show block, or text between) has this text; for None, if there is no such part."""
        piece = self._piece(name)
        return (None if piece is None else piece.text) == text

    def add(self, shows: Sequence[Show]) -> None:
        """Insert the blocks of `shows`, which are new and in list order. Call this method before any other change.

        A list that is sorted by id or title stays sorted; in any other list, the blocks go below the last show.
        """
        blocks = Blocks(self.newline)
        for slot, group in groupby(parts_above(self.snapshot, shows), itemgetter(1)):
            pieces = [self._written(show, blocks) for show, _ in group]
            self.insert(slot, 1 if slot >= 0 else 0, pieces[::-1])

    def _written(self, show: Show, blocks: Blocks) -> _Piece:
        """Return a new show as a piece of the new text. Raise UsageError if TOML can't store a value of it."""
        try:
            try:
                return _Piece(name_of(show.id), blocks.of(show), show=True, made=show)
            except NotSimple:  # rendered and parsed again, like any changed show
                return _Piece(name_of(show.id), render_block(to_table(show), self.newline), show=True)
        except ValueError as error:
            raise UsageError(f"{safe(show.title)} can't be stored: {error}") from error

    def insert(self, slot: int, index: int, new: Sequence[_Piece]) -> None:
        """Insert the pieces `new`, set off by blank lines, into `self.pieces(slot)` at the index `index` (from 0)."""
        self.touched = True
        pieces, blank = self.pieces(slot), self.newline * 2
        if index > 0:
            above = pieces[index - 1]
            lines = 0 if above.text.endswith(blank) else 1 if above.text.endswith("\n") else 2
            pieces[index - 1] = above._replace(text=above.text + self.newline * lines)
        follows = index < len(pieces) or slot + 1 < len(self.snapshot.document)
        spaced = [
            _Piece(piece.name, piece.text if piece.text.endswith(blank) else piece.text + self.newline, *piece[2:])
            for piece in (new if follows else new[:-1])
        ]
        pieces[index:index] = spaced if follows else [*spaced, new[-1]]
        self.put.update(dict.fromkeys([piece.name for piece in new], slot))

    def remove(self, name: str) -> None:
        """Remove the show in the block `name`. Comments and tables in the block that do not belong to the show remain."""
        slot = self._slot(name)
        assert slot is not None
        index = self._index(slot, name)
        loose, tables = remains(self.pieces(slot)[index].text)
        remaining = (_Piece("", loose, show=False, loose=True), _Piece("", tables, show=False))
        self.slots[slot][index : index + 1] = [piece for piece in remaining if piece.text]
        self.touched = True

    def change(self, before: Show, after: Show) -> None:
        """Change the block of the show `before` so that it parses to `after`."""
        piece = self._piece(name_of(before.id))
        assert piece is not None
        self._patch(piece, changed_table(table_of(piece.text), before, after), before.title)

    def replay(self, edit: BlockEdit) -> list[str]:
        """Apply a recorded edit except where the text was changed after it. Return a message for each exception."""
        piece = self._piece(edit.id)
        if edit.was is None:
            if piece is not None:
                return [f"{safe(edit.id)} is on the list again already"]
            return self._put_back(edit)
        if piece is None:
            return [] if edit.now is None else [f"{safe(edit.id)} is not on the list any more"]
        if edit.renamed and self._piece(edit.renamed) is not None:
            return [f"another show has the id {safe(edit.renamed)}, so {safe(edit.id)} keeps its own"]
        if piece.text == edit.was:
            self._become(piece, piece._replace(text=edit.now) if edit.now is not None else None)
            self._rename(edit)
            self.touched = True
            return []
        if edit.now is not None and edit.spacing:
            return self._replay_spacing(piece, edit.was, edit.now, edit.below)
        if not piece.show or piece.text == edit.now:
            return []
        text = piece.text.rstrip()
        if edit.now is not None and text == edit.was.rstrip():  # only blank lines differ: a neighbor came or went
            blank = piece.text[len(text) :]
            self._become(piece, piece._replace(text=edit.now.rstrip() + blank, made=None))
            self.touched = True
            return []
        was, now = table_of(edit.was), table_of(edit.now) if edit.now is not None else None
        if now is None and same(table_of(piece.text), was) and not removes_new_comment(piece.text, edit.was):
            self.remove(edit.id)
            return []
        if now is None or same(was, now):
            return [f"{safe(edit.id)} was changed since, so it stays"]
        skipped = self._rebase(piece, was, now)
        self._rename(edit)
        return skipped

    def _rename(self, edit: BlockEdit) -> None:
        """If the edit changes an id, the new id becomes the block's name, unless the text has another id by now."""
        piece, slot = self._piece(edit.id), self._slot(edit.id)
        if piece is None or slot is None or edit.renamed is None:
            return
        if name_of(table_of(piece.text).get("id") or edit.renamed) == edit.renamed:
            self._become(piece, piece._replace(name=edit.renamed, made=None))
            self.put[edit.renamed] = slot
            self.renamed[edit.id] = edit.renamed

    def _replay_spacing(self, piece: _Piece, was: str, now: str, below: str) -> list[str]:
        """Apply an edit of only the comments at the end of a part, although the part was changed since.

        Returns one message if the comments were changed since, else none. `was` and `now` are the part before and after
        the recorded edit; `below` are the comments that only one of the two has.
        """
        text = piece.text.rstrip()
        blank, wanted_blank = piece.text[len(text) :], now[len(now.rstrip()) :]
        if not below or (len(now) > len(was) and (text.endswith(below) or self._is_loose(below))):
            return []
        if len(now) > len(was):
            text, blank = text + below, wanted_blank
        elif text.endswith(below):
            text, blank = text.removesuffix(below), max(blank, wanted_blank, key=len)
        else:
            return [f"the comments below {safe(piece.name)} were changed since, so they stay"]
        self._become(piece, piece._replace(text=text + blank, made=None))
        self.touched = True
        return []

    def _is_loose(self, comments: str) -> bool:
        """Return True if `comments` are in the new text already, because they remained when a show was removed."""
        pieces = (piece for pieces in self.slots.values() for piece in pieces)
        return any(piece.loose and piece.text.strip() == comments.strip() for piece in pieces)

    def _put_back(self, edit: BlockEdit) -> list[str]:
        """Insert the part (show block or other text) that `edit` adds. Return an empty list: no message for the user.

        The part goes below the one that was above it when the edit was recorded or, if that one is gone, to the end.
        """
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
        """Add the missing line end of each changed part but the last, and a blank line where a part ends with a comment.

        Each part then starts on its own line, and no comment is mistaken for one about the show below.
        """
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
        """Apply the difference between `was` and `now`, the tables of a recorded edit, to a piece that was changed since.

        A key that was changed since keeps its value. Returns a message for each such key.
        """
        current = table_of(piece.text)
        wanted = dict(current)
        changed_since = []
        title = safe(str(current.get("title", "")))
        for key in [*was, *(key for key in now if key not in was)]:
            old, new, current_value = was.get(key), now.get(key), current.get(key)
            if same(old, new) or same(current_value, new) or (key == "id" and new is None):
                continue  # keep an id: without one, the program would derive the id from the title
            if not same(current_value, old):
                changed_since.append(describe_conflict(key, title))
            elif new is None:
                del wanted[key]
            else:
                wanted[key] = new
        if not same(wanted, current):
            self._patch(piece, wanted, title)
        return changed_since

    def _patch(self, piece: _Piece, wanted: dict[str, Any], title: str) -> None:
        """Change the text of a piece so that its table equals `wanted`. `title` is the show's title, for error messages."""
        text = patched(piece.text, wanted, self.newline, piece.name, title)
        self.touched |= text != piece.text
        if ends_in_comment(text) and self._followed(piece) and not ends_in_comment(piece.text):
            text += self.newline  # else the comment would belong to the show below
        self._become(piece, piece._replace(text=text, made=None))

    def _followed(self, piece: _Piece) -> bool:
        """Return True if any text follows after this piece."""
        slot = self._slot(piece.name)
        assert slot is not None
        return slot + 1 < len(self.snapshot.document) or self.slots[slot][-1].name != piece.name

    def _become(self, piece: _Piece, new: _Piece | None) -> None:
        """Replace a piece by the piece `new`. If `new` is None, remove the piece."""
        slot = self._slot(piece.name)
        assert slot is not None
        index = self._index(slot, piece.name)
        self.slots[slot][index : index + 1] = [new] if new is not None else []

    def _slot(self, name: str) -> int | None:
        """Return the index of the old part in whose place the part `name` is (-1: above all); None if it is absent."""
        name = self.renamed.get(name, name)
        slot = self.put.get(name, self.snapshot.position(name) if name else None)
        return slot if slot is not None and self._index(slot, name) >= 0 else None

    def _index(self, slot: int, name: str) -> int:
        """Return the index (from 0) of the last piece `name` among those that replace the old part `slot`; -1 if none."""
        name = self.renamed.get(name, name)
        pieces = self.pieces(slot)
        return next((index for index in range(len(pieces) - 1, -1, -1) if pieces[index].name == name), -1)

    def _piece(self, name: str) -> _Piece | None:
        """Return the piece of the new text with this name; None if there is none, e.g. because it was removed."""
        slot = self._slot(name)
        return self.pieces(slot)[self._index(slot, name)] if slot is not None else None
