"""LookupRecord: what look-ups wrote into the shows of one list, kept beside the list in the state folder.

The list itself records only which source filled a show, and when. With the digests here, a later look-up can tell the
values that came from the source from those of the user. Without this file, or if it is damaged, every value counts as
the user's.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from watchlist.domain.frozen import Frozen
from watchlist.domain.lookup_diff import Item
from watchlist.domain.lookup_edits import Written
from watchlist.errors import StoreError
from watchlist.store.disk import file_io, file_lock

MAX_BYTES: Final = 16 << 20  # of the file; beyond, the shows that were looked up longest ago are forgotten
WAIT: Final = 2.0  # seconds to wait for the lock, e.g. if another window records a look-up at the same moment
Digests = dict[str, dict[str, dict[str, str]]]  # the digests by path, by source, by the id of the show


class LookupRecord(Frozen):
    """The record of one list, in a file that only its owner can read. Shows are in the order of their last look-up."""

    path: Path

    def written(self, id: str, source: str) -> Written:
        """Return what look-ups at a source wrote into the show with this id."""
        return Written(self._read().get(id, {}).get(source, {}))

    def add(self, written: Iterable[tuple[str, str, bool, Iterable[Item]]]) -> None:
        """Record what was written, as (id of the show, name of the source, is new, items).

        If the source is new to the show, i.e. the show did not name it, older digests are dropped: the look-up that
        wrote those values was undone, or the show was removed and added again, so its values are the user's. Values that
        can't be recorded, e.g. because the disk is full, count as the user's, too.
        """
        rows = [(id, source, is_new, tuple(items)) for id, source, is_new, items in written]
        if not any(items or is_new for _, _, is_new, items in rows):
            return
        with contextlib.suppress(StoreError), file_lock.locked(self.path.with_suffix(".lock"), WAIT):
            shows = self._read()
            for id, source, is_new, items in rows:
                sources = shows.pop(id, {})  # the latest is last
                known = {} if is_new else sources.get(source, {})
                sources[source] = dict(Written(known).with_items(items).digests)
                shows[id] = sources
            file_io.replace_own(self.path, _encoded(shows))

    def _read(self) -> Digests:
        with contextlib.suppress(StoreError, ValueError, RecursionError):
            found: Any = json.loads(file_io.read(self.path, MAX_BYTES, own=True) or b"{}")
            if isinstance(found, dict):
                return {id: valid for id, sources in found.items() if (valid := _valid(sources))}
        return {}


def _valid(sources: object) -> dict[str, dict[str, str]]:
    """Return the valid part of the record of one show: texts by path, by source."""
    if not isinstance(sources, Mapping):
        return {}
    return {
        source: {path: text for path, text in digests.items() if isinstance(text, str)}
        for source, digests in sources.items()
        if isinstance(digests, dict)
    }


def _encoded(shows: Digests) -> bytes:
    """Return the record as JSON of at most MAX_BYTES, one show per line, without the shows that are too many."""
    lines, room = list[bytes](), MAX_BYTES - len(b"{\n\n}\n")
    for id, sources in reversed(shows.items()):
        line = f"{json.dumps(id)}:{json.dumps(sources, separators=(',', ':'))}".encode("ascii")
        room -= len(line) + len(b",\n")
        if room < 0:
            break
        lines.append(line)
    return b"{\n" + b",\n".join(reversed(lines)) + b"\n}\n"
