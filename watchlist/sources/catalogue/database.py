"""Catalogue: the offline catalogue, opened for reading. Import this module only when a catalogue is needed.

The file is in the cache folder and can be damaged like any other. Everything that is read is checked as far as needed to
raise CatalogueError instead of another exception.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from watchlist.checked_open import open_file, why
from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Role, Season, Show
from watchlist.errors import CatalogueError, StoreError
from watchlist.sources.catalogue import file_digest, search
from watchlist.sources.catalogue.rows import COLUMNS, title_of
from watchlist.sources.catalogue.schema import (
    APPLICATION_ID,
    TABLES,
    VERSION,
    find_id,
    unpack,
    unpack_seasons,
)
from watchlist.sources.catalogue.title import CatalogueTitle, title_id, title_number

REBUILD = "build it again with `watchlist catalogue build`, or delete it with `watchlist catalogue remove`"
_HEADER_BYTES = 100
_MAX_CACHE_KIB = 16_000
_FAULTS = (sqlite3.Error, ValueError, TypeError, OverflowError, LookupError, zlib.error)


class Contents(Frozen):
    """What a catalogue contains, for `watchlist catalogue`: numbers of titles and episodes, and its origin."""

    built: str  # date and time, as an ISO text
    films: int
    series: int
    episodes: int
    files: Sequence[Mapping[str, Any]]  # name, kind, size in bytes, modified (ISO text) of each file it was built from


class Catalogue:
    """An open catalogue. All methods may be called from any thread; they raise CatalogueError if the file is damaged."""

    def __init__(self, path: Path, connection: sqlite3.Connection, status: os.stat_result) -> None:
        self.path = path
        self._connection = connection
        self._status = status  # of the file when it was opened
        self._lock = threading.Lock()  # one query at a time: a connection must not be closed during a query
        self._has_akas = self._is_closed = False

    @classmethod
    def open(cls, path: Path) -> Catalogue | None:
        """Open the catalogue at `path`; None if there is none.

        Raises CatalogueError if the file is damaged, cut off, of another version or can't be read.
        """
        try:
            return cls._open(path)
        except CatalogueError:  # perhaps because another process has just replaced or removed the file
            return cls._open(path)

    @classmethod
    def _open(cls, path: Path) -> Catalogue | None:
        """Try once to open the catalogue at `path`; as `open`, but it also fails if the file is being replaced."""
        found = _header(path)
        if found is None:
            return None
        header, status = found
        check_header(path, header, status.st_size)
        try:
            uri = path.absolute().as_uri() + "?mode=ro&immutable=1"  # no locks: a new catalogue replaces the file
            connection = sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)
        except sqlite3.Error as error:
            raise damaged(path, str(error)) from error
        catalogue = cls(path, connection, status)
        try:
            catalogue._prepare()
            if catalogue._is_replaced():
                raise damaged(path, "another process replaces it all the time")
        except BaseException:
            connection.close()
            raise
        return catalogue

    def _is_replaced(self) -> bool:
        """Return True if the path no longer names the file that was opened."""
        try:
            return not os.path.samestat(self.path.stat(), self._status)
        except OSError:
            return True

    def _prepare(self) -> None:
        """Set up the connection, and check that the tables are there."""
        with self._guarded():
            for setting in (
                f"cache_size=-{_MAX_CACHE_KIB}",
                "query_only=ON",
                "trusted_schema=OFF",
                "temp_store=MEMORY",
            ):
                self._connection.execute(f"PRAGMA {setting}")
            tables = {
                name for (name,) in self._connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
            }
            if missing := TABLES - tables:
                raise damaged(self.path, f"it has no {min(missing)}")
            self._has_akas = self._meta("akas") == "1"

    def __enter__(self) -> Catalogue:
        return self

    def __exit__(
        self, type: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. No other method may be called afterwards."""
        with self._lock:
            self._is_closed = True
            self._connection.close()

    def search(self, text: str, limit: int = 50) -> Sequence[CatalogueTitle]:
        """Return at most `limit` titles for a search text, best known first.

        Words match as beginnings, in any order, without case and accents, in all known languages. A year in the text
        narrows: `heat 1995`, `heat 95`, `Heat (1995)`. If little is found, words with one or two typos match too.
        """
        with self._guarded() as connection:
            return search.search(connection, text, limit, akas=self._has_akas)

    def title(self, id: str) -> CatalogueTitle | None:
        """Return the title with the IMDb id `id`, e.g. `tt0113277`; None if the catalogue does not have it."""
        number = title_number(id)
        if number is None:
            return None
        with self._guarded() as connection:
            row = connection.execute(f"SELECT {COLUMNS} FROM titles WHERE id = ?", (number,)).fetchone()
            return title_of(row) if row is not None else None

    def show(self, title: CatalogueTitle) -> Show:
        """Return a show with everything that the catalogue knows about `title`. The show has no id yet.

        IMDb's rating is left out. The catalogue has no other text than titles and names.
        """
        with self._guarded() as connection:
            row = connection.execute("SELECT rank FROM titles WHERE id = ?", (title_number(title.id),)).fetchone()
            rank = row[0] if row is not None else None
            credits = self._packed("casts", rank)
            roles = tuple(Role(str(name), str(role)) for name, role in credits if role is not None)
            makers = tuple(dict.fromkeys(str(name) for name, role in credits if role is None))
            seasons = self._seasons(rank)
        return Show(
            "",
            title.title,
            kind=title.kind,
            year=title.year,
            runtime=title.runtime,
            creators=makers,
            genres=title.genres,
            aka=(title.original_title,) if title.original_title else (),
            url=f"https://www.imdb.com/title/{title.id}/",
            ids={"imdb": title.id},
            cast=roles,
            seasons=seasons,
        )

    def episode(self, id: str) -> tuple[str, int, int] | None:
        """Return (id of the series, season, number) of the episode with the IMDb id `id`; None if it is unknown."""
        number = title_number(id)
        if number is None:
            return None
        with self._guarded() as connection:
            block = connection.execute(
                "SELECT pack FROM episode_ids WHERE first <= ? ORDER BY first DESC LIMIT 1", (number,)
            ).fetchone()
            episode = find_id(block[0], number) if block is not None else None
            if episode is None:
                return None
            row = connection.execute("SELECT id FROM titles WHERE rank = ?", (episode.series,)).fetchone()
            return (title_id(row[0]), episode.season, episode.number) if row is not None else None

    def contents(self) -> Contents:
        """Return what the catalogue contains and where it comes from."""
        with self._guarded():
            films, series, episodes = (int(self._meta(name)) for name in ("films", "series", "episodes"))
            files = json.loads(self._meta("files"))
            if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
                raise ValueError("no files")
            return Contents(self._meta("built"), films, series, episodes, files)

    def check(self) -> None:
        """Read the whole file, which takes a moment, and raise CatalogueError if it has changed since it was built.

        A file that was replaced or removed since it was opened is not checked.
        """
        with self._guarded():
            digest = self._meta("digest")
        try:
            is_same = file_digest.compute(self.path, digest) == digest
        except OSError as error:
            if self._is_replaced():
                return
            raise CatalogueError(f"can't read the catalogue {self.path}: {why(error)}", REBUILD) from error
        if not is_same and not self._is_replaced():
            raise damaged(self.path, "its content has changed")

    def _meta(self, name: str) -> str:
        """Return an entry of the table `meta`. Raise ValueError if it is missing."""
        row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if row is None:
            raise ValueError(f"{name} is missing")
        return str(row[0])

    def _packed(self, table: str, rank: int | None) -> list[list[Any]]:
        """Return the rows packed in `table` for the title with this rank; an empty list if there are none."""
        row = self._connection.execute(f"SELECT pack FROM {table} WHERE rank = ?", (rank,)).fetchone()
        return unpack(row[0]) if row is not None else []

    def _seasons(self, rank: int | None) -> tuple[Season, ...]:
        """Return the seasons of the series with this rank."""
        row = self._connection.execute("SELECT pack FROM seasons WHERE rank = ?", (rank,)).fetchone()
        seasons = unpack_seasons(row[0]) if row is not None else []
        return tuple(
            Season(
                season.number,
                len(season.titles),
                titles=tuple(season.titles) if any(season.titles) else (),
                first=season.first if season.first > 1 else None,
            )
            for season in seasons
        )

    @contextlib.contextmanager
    def _guarded(self) -> Iterator[sqlite3.Connection]:
        """Yield the connection for one query. Raise CatalogueError for everything that a damaged file leads to."""
        with self._lock:
            if self._is_closed:  # a thread that was still about to search
                raise CatalogueError("the catalogue is closed")
            try:
                yield self._connection
            except _FAULTS as error:
                raise damaged(self.path, str(error)) from error


def damaged(path: Path, reason: str) -> CatalogueError:
    """Return the error for a catalogue that is damaged for the reason `reason`."""
    return CatalogueError(f"the catalogue {path} is damaged: {reason}", REBUILD)


def _header(path: Path) -> tuple[bytes, os.stat_result] | None:
    """Return the first bytes and the status of the catalogue, both of one file; None if there is none.

    Raises CatalogueError if it can't be read.
    """
    try:
        with os.fdopen(open_file(path), "rb") as stream:
            return stream.read(_HEADER_BYTES), os.fstat(stream.fileno())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CatalogueError(f"can't read the catalogue {path}: {why(error)}", REBUILD) from error
    except StoreError as error:
        raise CatalogueError(f"the catalogue {error.message}", "move it away") from error


def check_header(path: Path, header: bytes, size: int) -> None:
    """Raise CatalogueError unless `header` begins a catalogue of this version, and the file has its full `size` in bytes."""
    if not header:
        raise damaged(path, "it is empty")
    if len(header) < _HEADER_BYTES or not header.startswith(b"SQLite format 3\0"):
        raise damaged(path, "it is not an SQLite file")
    if int.from_bytes(header[68:72], "big") != APPLICATION_ID:
        raise damaged(path, "another program wrote it")
    version = int.from_bytes(header[60:64], "big")
    if version != VERSION:
        age = "an older" if version < VERSION else "a newer"
        raise CatalogueError(f"the catalogue {path} is of {age} version of watchlist", REBUILD)
    page = int.from_bytes(header[16:18], "big")
    expected = int.from_bytes(header[28:32], "big") * (65536 if page == 1 else page)
    if size != expected:
        raise damaged(path, f"it has {size:,} bytes instead of {expected:,}")
