"""What is known of one file: read once per content, looked at again when another program may have written it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

from watchlist.errors import NotFound, StoreError
from watchlist.model import Damage, Watchlist
from watchlist.paths import Paths
from watchlist.safe import safe
from watchlist.store import files
from watchlist.store.again import look_again
from watchlist.store.guards import Left, suspicion
from watchlist.store.index import Index, Known, remember, worth
from watchlist.store.snapshot import Reading, Snapshot, collector_paused, look, name_of
from watchlist.store.text import Document, digest

if TYPE_CHECKING:
    from watchlist.store.backups import Backups

NEWEST = 20  # backups
MANY = 1000  # shows
FOREVER = 1e9  # seconds
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
        self.doubt = ""  # why what is in the file now is not taken for the list, as a sentence goes on after its name
        self._paths = paths
        self._reading: Reading | None = None
        self._known: Known | None = None  # what an index has of a text that it was not made of
        self._snapshot = EMPTY
        self._signature: tuple[int, int, int] | None = None
        self._added = 0  # shows
        self._mutex = threading.RLock()
        self._newest = newest_backups

    @classmethod
    def open(cls, file: Path, paths: Paths, *, wait: bool = True, backups: int = NEWEST) -> Self:
        """Read the list; a file that does not exist shows the seeded one. StoreError where it can't be read at all.

        Without `wait` a long text that is not known yet is only begun: then `read_on` goes on with it. `backups` is how
        many of the newest copies are kept.
        """
        library = cls(file, paths, backups)
        real = files.resolve(file)
        library._signature = files.signature(real)
        data = files.read(real)
        index = Index.open(paths.index(real)) if worth(data) else None
        snapshot = index.snapshot(data) if index is not None and data is not None else None
        if snapshot is not None:
            library._snapshot = snapshot
        else:
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

        What looks like a loss is not taken for the list: what is known of it stays, and `doubt` says why.
        """
        with self._mutex:
            real = files.resolve(self.file)
            signature = files.signature(real)
            if signature == self._signature or self._reading is not None:
                return False
            data = files.read(real)
            self._signature = signature
            if data == self._snapshot.data:
                self.doubt = ""
                return False
            looked = self._looked(data)
            self.doubt = self._doubted(data, looked)
            if not self.doubt:
                self._snapshot = looked
            return not self.doubt

    def _fresh(self) -> Snapshot:
        """What is on disk now. Doubtful where it looks like a loss: that is never taken as meant."""
        self.read_on()
        data = files.read(files.resolve(self.file))
        if data != self._snapshot.data:
            looked = self._looked(data)
            self.doubt = self._doubted(data, looked)
            if self.doubt:
                raise Doubtful(f"{self.file} {self.doubt}", WAYS if data is not None else GONE)
            self._remember(looked)
        self.doubt = ""
        return self._snapshot

    def _looked(self, data: bytes | None) -> Snapshot:
        """What is in these bytes; only what differs from what is known is read."""
        found = look_again(data, self._snapshot) if data is not None else None
        return found[0] if found is not None else look(data, self._snapshot)

    def _doubted(self, data: bytes | None, looked: Snapshot) -> str:
        """Why these bytes look like a loss of what is known; empty where they do not."""
        known = self._snapshot
        if known.data is None:
            return ""
        if data is None:
            return "is gone"
        has = len(looked.list.shows) if looked.list.damage is None else None
        return suspicion(known.data, len(known.list.shows), data, has)

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
        return Left(self._digest, len(self._snapshot.data or b""), len(self._snapshot.list.shows))

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
