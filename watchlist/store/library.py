"""Library: the one door for change. Reading never writes; a change is a function run on the freshest list, under a lock."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from watchlist.errors import NotFound, Refused, StoreError, UsageError, WatchlistError
from watchlist.ratings import STARS, Style
from watchlist.safe import safe
from watchlist.store import files, rescue
from watchlist.store.keeper import Keeper
from watchlist.store.reader import Doubtful, said
from watchlist.store.snapshot import Snapshot, look, name_of, seed
from watchlist.store.text import NotToml, parse, read, table_of
from watchlist.values import Value, replace

if TYPE_CHECKING:  # who only reads does not wait for what changes are made with
    from watchlist.edits import Delta, Edit
    from watchlist.store.journal import Record
    from watchlist.store.pen import Draft

PATIENCE = 2.0  # seconds to try again beside a program that writes all the time
PAUSE = 0.03  # seconds between two tries, at most
NO_TEXT = "what was in the file is no text: undo can't bring it back, `watchlist backups` lists the copy of it"


class Change(Value):
    """What one change did. Where nothing changed, `number` is 0 and there are no deltas."""

    number: int
    label: str  # fit for a terminal
    time: datetime
    deltas: tuple[Delta, ...] = ()
    skipped: tuple[str, ...] = ()  # what an undo or redo left alone, and why
    notices: tuple[str, ...] = ()  # what is to be said once beside it


class Entry(NamedTuple):
    """One row of the history."""

    number: int
    label: str
    time: datetime
    undone: bool
    held: bool = False  # asked for on a file that was in doubt, and not done: redo does it


class Library(Keeper):
    """A list that can be changed. Its methods can be called from any thread."""

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

    def replace_text(self, text: str, *, was: str | None = None, style: Style = STARS, label: str = "") -> Change:
        """Put a whole text in place of what the file `was` when it was given out, or is now; raises as `replace_block`.

        The `label` says what was done, where that is more than what it changed.
        """
        old = self.text() if was is None else was

        def new_text(snapshot: Snapshot) -> str:
            if snapshot.document.text != old:
                raise Refused("the list was changed elsewhere meanwhile", "edit it again")
            return text

        return self._rewrite(new_text, style, label, damaged=True)

    def _rewrite(
        self, new_text: Callable[[Snapshot], str], style: Style, label: str = "", *, damaged: bool = False
    ) -> Change:
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
            return result, label or (describe(found, style) if found else "Edited the file")

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
        with self._locked():
            for _ in range(count):
                self._fresh()
                journal = Journal.open(self._paths.journal(self.file))
                self._check_is_known(journal)
                stack = journal.stacks(self._digest)[0 if undo else 1]
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
        """What was changed through this program, newest first; what was undone, or is held, is marked."""
        from watchlist.store.journal import Journal

        done, undone = Journal.open(self._paths.journal(self.file)).stacks()
        rows = [Entry(r.number, r.label, r.time, False) for r in done] + [
            Entry(r.number, r.label, r.time, not r.held, r.held) for r in undone
        ]
        return tuple(sorted(rows, key=lambda entry: entry.number, reverse=True))

    def create(self, *, empty: bool = False) -> None:
        """Write the seeded list, or an empty one. Refused where the file exists."""
        from watchlist.store.swap import swap

        with self._locked():
            real = files.resolve(self.file)
            if files.read(real) is not None:
                raise Refused(f"{self.file} exists already")
            data = b"version = 1\n" if empty else seed().encode()
            swap(real, None, data, keep=self._keep_found)
            self._remember(look(data))

    def restore(self, name: str) -> Change:
        """Put the copy of this number or name in place of the file, whatever that holds, as a change like any other.

        NotFound where there is no such copy, StoreError where it is damaged or no text.
        """
        from watchlist.store.changes import rewrite
        from watchlist.store.pen import Draft

        backup = self.backup(name)
        text = backup.text()
        data = text.encode()

        def draft(snapshot: Snapshot) -> tuple[Draft, str] | None:
            if snapshot.data == data:
                return None
            try:
                result = rewrite(snapshot, text)
            except NotToml:
                result = Draft(look(data, snapshot), ())
            return result, f"Restored backup {backup.name}"

        with self._locked():
            self._take()
            known = self._snapshot
            self._note(NO_TEXT if known.data is not None and known.document.data != known.data else "")
            return self._store(draft, damaged=True, whatever=True)

    # The steps of a change

    def _change(self, draft: Callable[[Snapshot], tuple[Draft, str] | None], *, damaged: bool = False) -> Change:
        with self._locked():
            try:
                return self._store(draft, damaged=damaged)
            except Doubtful as doubtful:
                if self._hold(draft):
                    raise Doubtful(doubtful.message, f"{doubtful.hint}; `watchlist redo` then does this") from doubtful
                raise

    def _hold(self, draft: Callable[[Snapshot], tuple[Draft, str] | None]) -> bool:
        """Keep in the journal, once, what was asked for on a file that nobody trusts; whether it can be redone later."""
        from watchlist.store.changes import whole_texts
        from watchlist.store.journal import Journal, Record

        with contextlib.suppress(WatchlistError):
            journal = Journal.open(self._paths.journal(self.file))
            known = (self._keep_left(journal) if self._doubt_of_known else None) or self._snapshot
            if (drafted := draft(known)) is not None:
                result, label = drafted
                now, whole = datetime.now().replace(microsecond=0), whole_texts(known, result)
                if not any(r.held and (r.edits, r.whole) == (result.edits, whole) for r in journal.records[-1:]):
                    journal.append(Record(journal.next_number, now, label, result.edits, whole, held=True))
                return True
        return False

    def _store(
        self,
        draft: Callable[[Snapshot], tuple[Draft, str] | None],
        *,
        undoes: int = 0,
        redoes: int = 0,
        damaged: bool = False,
        whatever: bool = False,
    ) -> Change:
        """Draft a change on the fresh list, write its journal line, then the file. The lock is held.

        Where a program that knows no lock wrote the file in between, all of it begins again on what is there now. A
        `damaged` list can be changed by who mends it, and bytes that are no text by who puts others in place of `whatever`
        is there.
        """
        until = time.monotonic() + PATIENCE
        while True:
            with contextlib.suppress(files.Changed):
                return self._store_once(draft, undoes, redoes, damaged=damaged, whatever=whatever)
            if time.monotonic() > until:
                raise StoreError(f"{self.file} is being written by another program", "try again when it is done")
            time.sleep(PAUSE * os.urandom(1)[0] / 255)  # out of step with the other one

    def _store_once(
        self,
        draft: Callable[[Snapshot], tuple[Draft, str] | None],
        undoes: int,
        redoes: int,
        *,
        damaged: bool,
        whatever: bool,
    ) -> Change:
        from watchlist.edits import deltas
        from watchlist.store.changes import whole_texts
        from watchlist.store.guards import Left
        from watchlist.store.journal import Journal, Record
        from watchlist.store.swap import swap

        before = self._fresh()
        journal = Journal.open(self._paths.journal(self.file))
        if not whatever:
            self._check_is_text(before)
            self._check_is_known(journal)
        if before.list.damage is not None and not damaged:
            raise StoreError(f"{self.file}, {said(before.list.damage)}", "`watchlist edit` opens it there")
        drafted = draft(before)
        now = datetime.now().replace(microsecond=0)
        if drafted is None:
            return Change(0, "Nothing changed", now, notices=self._noted())
        result, label = drafted
        after = result.snapshot
        data = after.document.data
        found = deltas(before.list, after.list)
        whole = whole_texts(before, result)
        bulk = damaged or len(found) > 1 or whole is not None
        self._back_up(before, journal, now, bulk=bulk)
        origin = self._digest
        left = Left(after.document.digest, len(data), len(after.list.shows))
        record = Record(journal.next_number, now, label, result.edits, whole, undoes, redoes, 0, origin, left)
        journal = journal.append(record)
        real = files.resolve(self.file)
        guard = rescue.guarded(self._paths.image(real), before.data or b"", data)
        try:
            self._note(swap(real, before.data, data, guard, keep=self._keep_found, forced=self.forced))
        except files.Torn:  # its image is what counts
            raise
        except StoreError:
            journal.append(Record(journal.next_number, now, label, aborts=record.number))
            raise
        self._added += sum(delta.before is None for delta in found)
        self._remember(replace(after, data=data))
        rescue.sweep(real, journal.names, self._keep_found)
        return Change(record.number, label, now, found, result.skipped, self._noted())
