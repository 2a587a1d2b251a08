"""Library: the one door for change. Reading never writes; a change is a function run on the freshest list, under a lock."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from watchlist.edits import Delta, Edit, deltas, describe
from watchlist.errors import NotFound, Refused, StoreError, UsageError
from watchlist.model import Damage, Watchlist
from watchlist.paths import Paths
from watchlist.ratings import STARS, Style
from watchlist.safe import safe
from watchlist.store import files
from watchlist.store.changes import Draft, carry_out, replay, rewrite
from watchlist.store.journal import Journal, Record
from watchlist.store.snapshot import Snapshot, look, name_of, seed
from watchlist.store.text import NotToml, parse, read, table_of

TRIES = 5


@dataclass(frozen=True)
class Change:
    """What one change did. Where nothing changed, `number` is 0 and there are no deltas."""

    number: int
    label: str  # fit for a terminal
    time: datetime
    deltas: tuple[Delta, ...] = ()
    skipped: tuple[str, ...] = ()  # what an undo or redo left alone, and why


@dataclass(frozen=True)
class Entry:
    """One row of the history."""

    number: int
    label: str
    time: datetime
    undone: bool


class Library:
    """One list on disk, and what this process knows of it. Its methods can be called from any thread."""

    def __init__(self, file: Path, paths: Paths, snapshot: Snapshot, signature: tuple[int, int, int] | None) -> None:
        self.file = file
        self._paths = paths
        self._snapshot = snapshot
        self._signature = signature
        self._mutex = threading.RLock()

    @classmethod
    def open(cls, file: Path, paths: Paths) -> Library:
        """Read the list; a file that does not exist shows the seeded one. StoreError where it can't be read at all."""
        real = files.resolve(file)
        signature = files.signature(real)
        return cls(file, paths, look(files.read(real)), signature)

    @property
    def list(self) -> Watchlist:
        """The list as it was last read or written here."""
        return self._snapshot.list

    @property
    def exists(self) -> bool:
        """Whether the list is on disk; the seeded one is not."""
        return self._snapshot.data is not None

    def text(self) -> str:
        """The whole text. StoreError where the bytes of the file are none."""
        self._check_is_text(self._snapshot)
        return self._snapshot.document.text

    def block(self, id: str) -> str:
        """The text of one show's block. NotFound where there is none."""
        at = self._snapshot.position(name_of(id))
        if at is None:
            raise NotFound(f'there is no show "{safe(id)}"')
        return self._snapshot.document.parts[at].text

    def reload(self) -> bool:
        """Read again what another program may have written; whether there was something new.

        A file that is gone or empty is no empty list: what is known of it stays.
        """
        with self._mutex:
            real = files.resolve(self.file)
            signature = files.signature(real)
            if signature == self._signature:
                return False
            data = files.read(real)
            if self._lost(data):
                return False
            self._signature = signature
            if data == self._snapshot.data:
                return False
            self._snapshot = look(data, self._snapshot)
            return True

    def apply(self, edit: Edit, *, style: Style = STARS) -> Change:
        """Run an edit on the freshest list and store what it changed. Returns when it is on disk.

        Raises what the edit raises, Refused where text of the user's would have to be touched, StoreError where the file
        is damaged, locked or can't be written; then nothing is changed.
        """

        def draft(snapshot: Snapshot) -> tuple[Draft, str] | None:
            found = deltas(snapshot.list, edit(snapshot.list))
            return (carry_out(snapshot, found), describe(found, style)) if found else None

        return self._change(draft)

    def replace_block(self, id: str, text: str, *, was: str | None = None, style: Style = STARS) -> Change:
        """Put the text of one show's block in place of what it `was` when it was given out, or is now.

        UsageError says where the text is wrong; Refused where the block has become something else meanwhile.
        """
        try:
            table_of(text)
            above = read(text)[0].parts[0]
        except (ValueError, RecursionError) as error:
            raise UsageError(f"this is not one [[shows]] table: {error}") from error
        if not above.show and parse(above.text):
            raise UsageError("what stands above [[shows]] would belong to the show before it")
        old = self.block(id) if was is None else was

        def new_text(snapshot: Snapshot) -> str:
            at = snapshot.position(name_of(id))
            if at is None or snapshot.document.parts[at].text != old:
                raise Refused(f"{safe(id)} was changed elsewhere meanwhile", "edit it again")
            parts = snapshot.document.parts
            kept = text if text.endswith("\n") or at == len(parts) - 1 else text + snapshot.document.newline
            bom = "\ufeff" if snapshot.document.bom else ""
            return bom + "".join(kept if i == at else part.text for i, part in enumerate(parts))

        return self._rewrite(new_text, style)

    def replace_text(self, text: str, *, was: str | None = None, style: Style = STARS) -> Change:
        """Put a whole text in place of what the file `was` when it was given out, or is now; raises as `replace_block`."""
        old = self.text() if was is None else was

        def new_text(snapshot: Snapshot) -> str:
            if snapshot.document.text != old:
                raise Refused("the list was changed elsewhere meanwhile", "edit it again")
            return text

        return self._rewrite(new_text, style, damaged=True)

    def _rewrite(self, new_text: Callable[[Snapshot], str], style: Style, *, damaged: bool = False) -> Change:
        def draft(snapshot: Snapshot) -> tuple[Draft, str] | None:
            text = new_text(snapshot)
            if text == snapshot.document.text:
                return None
            try:
                result = rewrite(snapshot, text)
            except NotToml as error:
                raise UsageError(said(error.damage)) from error
            found = deltas(snapshot.list, result.snapshot.list)
            return result, describe(found, style) if found else "Edited the file"

        return self._change(draft, damaged=damaged)

    def undo(self, count: int = 1) -> tuple[Change, ...]:
        """Take the last `count` changes back, each by a change of its own. NotFound where there is nothing to undo.

        What was changed since by others stays; Refused where nothing of a change is left to take back.
        """
        return self._repeat(count, undo=True)

    def redo(self, count: int = 1) -> tuple[Change, ...]:
        """Do again what was undone last."""
        return self._repeat(count, undo=False)

    def _repeat(self, count: int, *, undo: bool) -> tuple[Change, ...]:
        changes: list[Change] = []
        with self._mutex, files.locked(self._paths.lock(self.file)):
            for _ in range(count):
                journal = Journal.open(self._paths.journal(self.file))
                stack = journal.stacks()[0 if undo else 1]
                while undo and stack and self._never_happened(stack[-1]):
                    stack.pop()
                if not stack and changes:
                    break
                if not stack:
                    raise NotFound("there is nothing to undo" if undo else "there is nothing to redo")
                changes.append(self._replay(stack[-1], undo=undo))
        return tuple(changes)

    def _never_happened(self, record: Record) -> bool:
        """Whether a crash came between a line of the journal and the file: all its blocks are what they were before."""
        snapshot = self._fresh()
        if record.whole is not None:
            return snapshot.document.text == record.whole[0] != record.whole[1]
        return bool(record.edits) and all(_text_of(snapshot, edit.id) == edit.was for edit in record.edits)

    def _replay(self, record: Record, *, undo: bool) -> Change:
        edits = tuple(edit.inverse for edit in record.edits) if undo else record.edits

        def draft(snapshot: Snapshot) -> tuple[Draft, str] | None:
            label = f"{'Undid' if undo else 'Redid'}: {record.label}"
            if record.whole is None:
                return replay(snapshot, edits), label
            was, now = record.whole if undo else record.whole[::-1]
            if snapshot.document.text != now:
                raise Refused("the file was changed since, so this can't be taken back", "see `watchlist history`")
            return Draft(look(_encoded(was), snapshot), ()), label

        damaged = record.whole is not None  # the way back from a text that was mended, and there again
        if undo:
            return self._store(draft, undoes=record.number, damaged=damaged)
        return self._store(draft, redoes=record.number, damaged=damaged)

    def history(self) -> tuple[Entry, ...]:
        """What was changed through this program, newest first; what was undone is marked."""
        done, undone = Journal.open(self._paths.journal(self.file)).stacks()
        rows = [Entry(r.number, r.label, r.time, False) for r in done] + [
            Entry(r.number, r.label, r.time, True) for r in undone
        ]
        return tuple(sorted(rows, key=lambda entry: entry.number, reverse=True))

    def create(self, *, empty: bool = False) -> None:
        """Write the seeded list, or an empty one. Refused where the file exists."""
        with self._mutex, files.locked(self._paths.lock(self.file)):
            real = files.resolve(self.file)
            if files.read(real) is not None:
                raise Refused(f"{self.file} exists already")
            data = b"version = 1\n" if empty else seed().encode("utf-8")
            files.swap(real, None, data)
            self._remember(look(data))

    # The steps of a change

    def _change(self, draft: Callable[[Snapshot], tuple[Draft, str] | None], *, damaged: bool = False) -> Change:
        with self._mutex, files.locked(self._paths.lock(self.file)):
            return self._store(draft, damaged=damaged)

    def _store(
        self,
        draft: Callable[[Snapshot], tuple[Draft, str] | None],
        *,
        undoes: int = 0,
        redoes: int = 0,
        damaged: bool = False,
    ) -> Change:
        """Draft a change on the fresh list, write its journal line, then the file. The lock is held.

        Where a program that knows no lock wrote the file in between, all of it begins again on what is there now.
        """
        for _ in range(TRIES):
            with contextlib.suppress(files.Changed):
                return self._store_once(draft, undoes=undoes, redoes=redoes, damaged=damaged)
        raise StoreError(f"{self.file} is being written by another program", "try again when it is done")

    def _store_once(
        self,
        draft: Callable[[Snapshot], tuple[Draft, str] | None],
        *,
        undoes: int,
        redoes: int,
        damaged: bool,
    ) -> Change:
        before = self._fresh()
        self._check_is_text(before)
        if before.list.damage is not None and not damaged:
            raise StoreError(f"{self.file}, {said(before.list.damage)}", "`watchlist edit` opens it there")
        drafted = draft(before)
        now = datetime.now().replace(microsecond=0)
        if drafted is None:
            return Change(0, "Nothing changed", now)
        result, label = drafted
        after = result.snapshot
        data = _encoded(after.document.text)
        journal = Journal.open(self._paths.journal(self.file))
        texts = before.document.text, after.document.text
        whole = None if result.edits or texts[0] == texts[1] else texts
        record = Record(journal.next_number, now, label, result.edits, whole, undoes, redoes)
        journal = journal.append(record)
        real = files.resolve(self.file)
        try:
            files.swap(real, before.data, data)
        except StoreError:
            journal.append(Record(journal.next_number, now, label, aborts=record.number))
            raise
        self._remember(replace(after, data=data))
        return Change(record.number, label, now, deltas(before.list, after.list), result.skipped)

    def _fresh(self) -> Snapshot:
        """What is on disk now. Refused where a list that was there is gone or emptied: that is never taken as meant."""
        real = files.resolve(self.file)
        data = files.read(real)
        if lost := self._lost(data):
            raise Refused(f"{self.file} {lost}", "put it back, or start again to begin a new list")
        if data != self._snapshot.data:
            self._remember(look(data, self._snapshot))
        return self._snapshot

    def _lost(self, data: bytes | None) -> str:
        """What has become of a list that was there; empty where it still is."""
        if data is None:
            return "is gone" if self.exists else ""
        emptied = not data.strip() and self.exists and self._snapshot.list.shows
        return "was emptied by another program" if emptied else ""

    def _remember(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._signature = None  # read again at the next reload: somebody may have written since

    def _check_is_text(self, snapshot: Snapshot) -> None:
        """StoreError where the text that is known is not all there is in the file, so that writing it would lose some."""
        damage = snapshot.list.damage
        if damage and snapshot.data is not None and snapshot.document.text.encode("utf-8") != snapshot.data:
            raise StoreError(f"{self.file}, {said(damage)}", "an editor that knows its encoding can save it as UTF-8")


def said(damage: Damage) -> str:
    """`line 3, column 5: what is wrong`."""
    return f"line {damage.line}, column {damage.column}: {safe(damage.message)}"


def _text_of(snapshot: Snapshot, name: str) -> str | None:
    at = snapshot.position(name)
    return snapshot.document.parts[at].text if at is not None else None


def _encoded(text: str) -> bytes:
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise UsageError("the text is not valid UTF-8, so it was not written") from error
