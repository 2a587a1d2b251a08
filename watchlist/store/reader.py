"""What is known of one file: read once per content, looked at again when another program may have written it."""

from __future__ import annotations

import contextlib
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from watchlist.errors import NotFound, StoreError
from watchlist.model import Damage, Watchlist
from watchlist.paths import Paths
from watchlist.safe import safe
from watchlist.store import files, rescue
from watchlist.store.index import Index, Known, remember, worth
from watchlist.store.snapshot import Reading, Snapshot, collector_paused, look, name_of
from watchlist.store.text import Document, digest
from watchlist.values import replace

if TYPE_CHECKING:
    from watchlist.store.backups import Backup, Backups
    from watchlist.store.guards import Left
    from watchlist.store.journal import Journal

NEWEST = 20  # backups
MANY = 1000  # shows
FOREVER = 1e9  # seconds
SETTLED = 1.0  # seconds after which a write that shows in nothing but its start is over
AT_ONCE = 0.02  # seconds that are spent on reading before the first shows are seen
GONE = "put it back, or start again to begin a new list"
WAYS = "`watchlist backups restore N` brings a copy back, `watchlist backups accept` takes the file as it is"
EMPTY = Snapshot(None, Document.of(b""), Watchlist(), {})


class Doubtful(StoreError):
    """What is in the file looks like a loss, and nobody said yet that it was meant."""


class Reader:
    """One list on disk, and what this process knows of it. Reading never writes, but for a cache."""

    def __init__(self, file: Path, paths: Paths, newest_backups: int = NEWEST) -> None:
        self.file = file
        self.forced = False  # whether the file is written though it is marked read-only
        self.doubt = ""  # why what is in the file now is not taken for the list, as a sentence goes on after its name
        self._doubt_of_known = (
            ""  # the same about what is known of it here, which another process left as something else
        )
        self._paths = paths
        self._reading: Reading | None = None
        self._known: Known | None = None  # what an index has of a text that it was not made of
        self._snapshot = EMPTY
        self._signature: tuple[int, int, int] | None = None
        self._added = 0  # shows
        self._mutex = threading.RLock()
        self._newest = newest_backups
        self._notices: dict[str, bool] = {}  # what is to be said with a change, and whether it was

    @classmethod
    def open(cls, file: Path, paths: Paths, *, wait: bool = True, backups: int = NEWEST) -> Self:
        """Read the list; a file that does not exist shows the seeded one. StoreError where it can't be read at all.

        Without `wait` a long text that is not known yet is only begun: then `read_on` goes on with it. `backups` is how
        many of the newest copies are kept.
        """
        library = cls(file, paths, backups)
        real = files.resolve(file)
        library._signature = _lasting(files.signature(real))
        data = rescue.read(real, paths.image(real))
        index = Index.open(paths.index(real)) if worth(data) else None
        snapshot = index.snapshot(data) if index is not None and data is not None else None
        if snapshot is not None:
            library._snapshot = snapshot
        else:
            library._snapshot = replace(EMPTY, data=data)
            library._known = index.known() if index is not None else None
            library._reading = Reading(data, library._known if library._known is not None else {})
            library.read_on(AT_ONCE if not wait else FOREVER)
        if data is not None and library._reading is None and not library._snapshot.list.shows:
            library.check()
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
    def snapshot(self) -> Snapshot:
        """The text and the list in it as they are known here, read to the end."""
        self.read_on()
        return self._snapshot

    @property
    def paths(self) -> Paths:
        """Where its journal, its lock and its copies are."""
        return self._paths

    @property
    def exists(self) -> bool:
        """Whether the list is on disk; the seeded one is not."""
        return self._snapshot.data is not None

    @property
    def barred(self) -> str:
        """Why the file can't be changed here, as a sentence goes on after its name; empty where it can. Looks at the disk."""
        with contextlib.suppress(StoreError):
            return files.barred(files.resolve(self.file), forced=self.forced)
        return ""

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

        What looks like a loss is not taken for the list: what is known of it stays, and `doubt` says why.
        """
        with self._mutex:
            real = files.resolve(self.file)
            signature = files.signature(real)
            if (signature and signature == self._signature) or self._reading is not None:
                return False
            data = rescue.read(real, self._paths.image(real))
            self._signature = _lasting(signature)
            if data == self._snapshot.data:
                self.doubt = self._doubt_of_known
                return False
            looked = self._looked(data)
            self.doubt = self._doubted(data, looked)
            if not self.doubt:
                self._snapshot, self._doubt_of_known = looked, ""
            return not self.doubt

    def check(self) -> None:
        """Set `doubt` where the file lost a lot since this program changed it last, though it was so when it was opened."""
        from watchlist.store.journal import Journal

        with self._mutex, contextlib.suppress(StoreError):  # the list can be read without
            self.read_on()
            self._check_is_known(Journal.open(self._paths.journal(self.file)))

    def backups(self) -> tuple[Backup, ...]:
        """The copies that were made of the file, the latest first."""
        return self._backups.all()

    def backup(self, name: str) -> Backup:
        """The copy of this number or name. NotFound where there is none."""
        return self._backups.named(name)

    def contents(self, backup: Backup) -> Watchlist:
        """The list in a copy. StoreError where the copy can't be read; where it is no good list, that has a damage."""
        return self._looked(backup.read()).list

    def _fresh(self) -> Snapshot:
        """What is on disk now. Doubtful where it looks like a loss: that is never taken as meant."""
        self.read_on()
        real = files.resolve(self.file)
        data = rescue.read(real, self._paths.image(real))
        if data != self._snapshot.data:
            looked = self._looked(data)
            self.doubt = self._doubted(data, looked)
            if self.doubt:
                raise Doubtful(f"{self.file} {self.doubt}", WAYS if data is not None else GONE)
            self._remember(looked)
        self.doubt = self._doubt_of_known
        return self._snapshot

    def _check_is_known(self, journal: Journal) -> None:
        """Doubtful where what is known looks like a loss of what any process left the file as."""
        from watchlist.store.guards import suspicion

        left, data = journal.left, self._snapshot.data
        if left is None or data is None or journal.knows(self._digest):
            self._doubt_of_known = ""
        else:
            has = _counted(self._snapshot)
            shorter = len(data) < left.size and (has is None or has < left.shows or not data.endswith(b"\n"))
            known = self._as_left(journal) if shorter else None
            self._doubt_of_known = suspicion(known.data if known is not None else None, left.shows, data, has)
        self.doubt = self._doubt_of_known
        if self.doubt:
            raise Doubtful(f"{self.file} {self.doubt}", WAYS)

    def _as_left(self, journal: Journal) -> Snapshot | None:
        """The list as the last change left it, whichever process made that; None where it can't be made anew."""
        from watchlist.store.changes import as_left

        with contextlib.suppress(StoreError):
            return as_left(journal, self._backups)
        return None

    def _looked(self, data: bytes | None) -> Snapshot:
        """What is in these bytes; only what differs from what is known is read."""
        from watchlist.store.again import look_again

        found = look_again(data, self._snapshot) if data is not None else None
        return found[0] if found is not None else look(data, self._snapshot)

    def _doubted(self, data: bytes | None, looked: Snapshot) -> str:
        """Why these bytes look like a loss of what is known; empty where they do not."""
        from watchlist.store.guards import suspicion

        known = self._snapshot
        if known.data is None:
            return ""
        if data is None:
            return "is gone"
        return suspicion(known.data, len(known.list.shows), data, _counted(looked))

    @property
    def _backups(self) -> Backups:
        from watchlist.store.backups import Backups  # who only reads has no use for it

        return Backups(self._paths.backups(files.resolve(self.file)), self._newest)

    @property
    def _digest(self) -> str:
        """What the bytes of the file are known by, as they are known here; empty where there is no file."""
        known = self._snapshot
        if known.data is None:
            return ""
        return known.document.digest if known.document.data == known.data else digest(known.data)

    @property
    def _left(self) -> Left:
        """What the file is, in short."""
        from watchlist.store.guards import Left

        return Left(self._digest, len(self._snapshot.data or b""), len(self._snapshot.list.shows))

    def _note(self, notice: str) -> None:
        """Have something said with the next change, once."""
        if notice:
            self._notices.setdefault(notice, False)

    def _noted(self) -> tuple[str, ...]:
        """What is to be said now."""
        notices = tuple(notice for notice, said in self._notices.items() if not said)
        self._notices.update(dict.fromkeys(notices, True))
        return notices

    def _remember(self, snapshot: Snapshot) -> None:
        self._snapshot, self._doubt_of_known = snapshot, ""
        self._signature = None  # read again at the next reload: somebody may have written since

    def _check_is_text(self, snapshot: Snapshot) -> None:
        """StoreError where the text that is known is not all there is in the file, so that writing it would lose some."""
        damage = snapshot.list.damage
        if damage and snapshot.data is not None and snapshot.document.data != snapshot.data:
            raise StoreError(f"{self.file}, {said(damage)}", "an editor that knows its encoding can save it as UTF-8")


def _lasting(signature: tuple[int, int, int] | None) -> tuple[int, int, int] | None:
    """What to know a file by, unless it was written just now: then more may come that changes nothing but the bytes."""
    return signature if signature and abs(time.time() - signature[0] / 1e9) > SETTLED else None


def _counted(snapshot: Snapshot) -> int | None:
    """How many shows there are, where all that is in the text can be read."""
    return len(snapshot.list.shows) if snapshot.list.damage is None else None


def said(damage: Damage) -> str:
    """`line 3, column 5: what is wrong`."""
    return f"line {damage.line}, column {damage.column}: {safe(damage.message)}"
