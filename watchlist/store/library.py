"""Library: the one door for change. Reading never writes; a change is a function run on the freshest list, under a lock."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from watchlist.errors import NotFound, Refused, StoreError, UsageError
from watchlist.model import Damage, Watchlist
from watchlist.paths import Paths
from watchlist.ratings import STARS, Style
from watchlist.safe import safe
from watchlist.store import files
from watchlist.store.again import look_again
from watchlist.store.index import Index, Known, remember, worth
from watchlist.store.snapshot import Reading, Snapshot, collector_paused, look, name_of, seed
from watchlist.store.text import Document, NotToml, parse, read, table_of

if TYPE_CHECKING:  # who only reads does not wait for what changes are made with
    from watchlist.edits import Delta, Edit
    from watchlist.store.journal import Record
    from watchlist.store.pen import Draft

TRIES = 5
MANY = 1000  # shows
FOREVER = 1e9  # seconds
AT_ONCE = 0.02  # seconds that are spent on reading before the first shows are seen
EMPTY = Snapshot(None, Document.of(b""), Watchlist(), {})


class Change(NamedTuple):
    """What one change did. Where nothing changed, `number` is 0 and there are no deltas."""

    number: int
    label: str  # fit for a terminal
    time: datetime
    deltas: tuple[Delta, ...] = ()
    skipped: tuple[str, ...] = ()  # what an undo or redo left alone, and why


class Entry(NamedTuple):
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
        self._reading: Reading | None = None
        self._known: Known | None = None  # what an index has of a text that it was not made of
        self._snapshot = snapshot
        self._signature = signature
        self._added = 0  # shows
        self._mutex = threading.RLock()

    @classmethod
    def open(cls, file: Path, paths: Paths, *, wait: bool = True) -> Library:
        """Read the list; a file that does not exist shows the seeded one. StoreError where it can't be read at all.

        Without `wait` a long text that is not known yet is only begun: then `read_on` goes on with it.
        """
        real = files.resolve(file)
        signature = files.signature(real)
        data = files.read(real)
        index = Index.open(paths.index(real)) if worth(data) else None
        snapshot = index.snapshot(data) if index is not None and data is not None else None
        library = cls(file, paths, snapshot or EMPTY, signature)
        if snapshot is None:
            library._snapshot = EMPTY._replace(data=data)
            library._known = index.known() if index is not None else None
            library._reading = Reading(data, library._known if library._known is not None else {})
            library.read_on(AT_ONCE if not wait else FOREVER)
        return library

    @property
    def reading(self) -> tuple[int, int] | None:
        """How many shows were read, of how many; None where all of them were."""
        reading = self._reading
        return (len(reading.read), reading.total) if reading is not None else None

    def read_on(self, seconds: float = FOREVER) -> None:
        """Read for about so long, unless a change that waits for it does so already. What was read by then is the list."""
        if self._reading is None or not self._mutex.acquire(blocking=seconds == FOREVER):
            return
        try:
            with collector_paused():
                if self._reading is not None and self._reading.read_on(seconds):
                    self._snapshot = self._reading.snapshot()
                    if self._known is not None:
                        self._known.keep_columns(self._snapshot.list.shows)
                    self._reading = self._known = None
        finally:
            self._mutex.release()

    def remember(self) -> None:
        """Keep in the cache what was worked out of the text, for the next start. Nothing depends on it.

        After thousands of shows were added it is left to the next start: who added them has waited long enough.
        """
        if self._reading is None and self._added < MANY:
            remember(self._snapshot, self._paths.index(files.resolve(self.file)))

    @property
    def list(self) -> Watchlist:
        """The list as it was last read or written here; as far as it was read, where that goes on."""
        reading = self._reading
        return reading.so_far() if reading is not None else self._snapshot.list

    @property
    def exists(self) -> bool:
        """Whether the list is on disk; the seeded one is not."""
        return self._snapshot.data is not None

    def text(self) -> str:
        """The whole text. StoreError where the bytes of the file are none."""
        self.read_on()
        self._check_is_text(self._snapshot)
        return self._snapshot.document.text

    def block(self, id: str) -> str:
        """The text of one show's block. NotFound where there is none."""
        self.read_on()
        text = self._snapshot.part(name_of(id))
        if text is None:
            raise NotFound(f'there is no show "{safe(id)}"')
        return text

    def reload(self) -> bool:
        """Read again what another program may have written; whether there was something new.

        A file that is gone or empty is no empty list: what is known of it stays.
        """
        with self._mutex:
            real = files.resolve(self.file)
            signature = files.signature(real)
            if signature == self._signature or self._reading is not None:
                return False
            data = files.read(real)
            if self._lost(data):
                return False
            self._signature = signature
            if data == self._snapshot.data:
                return False
            self._snapshot = self._looked(data)
            return True

    def apply(self, edit: Edit, *, style: Style = STARS) -> Change:
        """Run an edit on the freshest list and store what it changed. Returns when it is on disk.

        Raises what the edit raises, Refused where text of the user's would have to be touched, StoreError where the file
        is damaged, locked or can't be written; then nothing is changed.
        """

        from watchlist.edits import deltas, describe
        from watchlist.store.changes import carry_out

        def draft(snapshot: Snapshot) -> tuple[Draft, str] | None:
            found = deltas(snapshot.list, edit(snapshot.list))
            return (carry_out(snapshot, found), describe(found, style)) if found else None

        return self._change(draft)

    def replace_block(self, id: str, text: str, *, was: str | None = None, style: Style = STARS) -> Change:
        """Put the text of one show's block in place of what it `was` when it was given out, or is now.

        UsageError says where the text is wrong; Refused where the block has become something else meanwhile.
        """
        from watchlist.store.pen import encoded

        try:
            table_of(text)
            above = read(encoded(text))[0].parts[0]
        except (ValueError, RecursionError) as error:
            raise UsageError(f"this is not one [[shows]] table: {error}") from error
        if not above.show and parse(above.text):
            raise UsageError("what stands above [[shows]] would belong to the show before it")
        old = self.block(id) if was is None else was

        def new_text(snapshot: Snapshot) -> str:
            at, document = snapshot.position(name_of(id)), snapshot.document
            if at is None or document.part(at).text != old:
                raise Refused(f"{safe(id)} was changed elsewhere meanwhile", "edit it again")
            start, end = document.starts[at], document.end(at)
            kept = text if text.endswith("\n") or at == len(document) - 1 else text + document.newline
            return (document.data[:start] + encoded(kept) + document.data[end:]).decode("utf-8")

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
        from watchlist.edits import deltas, describe
        from watchlist.store.changes import rewrite

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
        from watchlist.store.journal import Journal

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
        return bool(record.edits) and all(snapshot.part(edit.id) == edit.was for edit in record.edits)

    def _replay(self, record: Record, *, undo: bool) -> Change:
        from watchlist.store.changes import replay
        from watchlist.store.pen import Draft, encoded

        edits = tuple(edit.inverse for edit in record.edits) if undo else record.edits

        def draft(snapshot: Snapshot) -> tuple[Draft, str] | None:
            label = f"{'Undid' if undo else 'Redid'}: {record.label}"
            if record.whole is None:
                return replay(snapshot, edits), label
            was, now = record.whole if undo else record.whole[::-1]
            if snapshot.document.text != now:
                raise Refused("the file was changed since, so this can't be taken back", "see `watchlist history`")
            return Draft(look(encoded(was), snapshot), ()), label

        damaged = record.whole is not None  # the way back from a text that was mended, and there again
        if undo:
            return self._store(draft, undoes=record.number, damaged=damaged)
        return self._store(draft, redoes=record.number, damaged=damaged)

    def history(self) -> tuple[Entry, ...]:
        """What was changed through this program, newest first; what was undone is marked."""
        from watchlist.store.journal import Journal

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
            data = b"version = 1\n" if empty else seed().encode()
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
        from watchlist.edits import deltas
        from watchlist.store.journal import Journal, Record

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
        data = after.document.data
        journal = Journal.open(self._paths.journal(self.file))
        whole = None if result.edits or before.document.data == data else (before.document.text, after.document.text)
        record = Record(journal.next_number, now, label, result.edits, whole, undoes, redoes)
        journal = journal.append(record)
        real = files.resolve(self.file)
        try:
            files.swap(real, before.data, data)
        except StoreError:
            journal.append(Record(journal.next_number, now, label, aborts=record.number))
            raise
        found = deltas(before.list, after.list)
        self._added += sum(delta.before is None for delta in found)
        self._remember(after._replace(data=data))
        return Change(record.number, label, now, found, result.skipped)

    def _fresh(self) -> Snapshot:
        """What is on disk now. Refused where a list that was there is gone or emptied: that is never taken as meant."""
        self.read_on()
        real = files.resolve(self.file)
        data = files.read(real)
        if lost := self._lost(data):
            raise Refused(f"{self.file} {lost}", "put it back, or start again to begin a new list")
        if data != self._snapshot.data:
            self._remember(self._looked(data))
        return self._snapshot

    def _looked(self, data: bytes | None) -> Snapshot:
        """What is in these bytes; only what differs from what is known is read."""
        found = look_again(data, self._snapshot) if data is not None else None
        return found[0] if found is not None else look(data, self._snapshot)

    def _lost(self, data: bytes | None) -> str:
        """What has become of a list that was there; empty where it still is."""
        if data is None:
            return "is gone" if self.exists else ""
        emptied = (not data or data.isspace()) and self.exists and self._snapshot.list.shows
        return "was emptied by another program" if emptied else ""

    def _remember(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._signature = None  # read again at the next reload: somebody may have written since

    def _check_is_text(self, snapshot: Snapshot) -> None:
        """StoreError where the text that is known is not all there is in the file, so that writing it would lose some."""
        damage = snapshot.list.damage
        if damage and snapshot.data is not None and snapshot.document.data != snapshot.data:
            raise StoreError(f"{self.file}, {said(damage)}", "an editor that knows its encoding can save it as UTF-8")


def said(damage: Damage) -> str:
    """`line 3, column 5: what is wrong`."""
    return f"line {damage.line}, column {damage.column}: {safe(damage.message)}"
