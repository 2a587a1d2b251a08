"""Builds the catalogue from IMDb's dataset files.

The files are streamed into tables of a temporary database; SQLite sorts and joins these on disk, so that memory stays
small. The new catalogue is built in a folder beside the old one and replaces it when it is complete.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from watchlist.checked_open import why
from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Kind
from watchlist.errors import CatalogueError, DamagedDataset
from watchlist.sources.catalogue import file_digest, index
from watchlist.sources.catalogue.files import BUILD_FOLDER, build_lock, remove_downloads
from watchlist.sources.catalogue.imdb_files import Block, DataFile, FileKind, recognize
from watchlist.sources.catalogue.read_tables import DataFiles, Reader
from watchlist.sources.catalogue.schema import APPLICATION_ID, SCHEMA, VERSION
from watchlist.sources.catalogue.stage import STAGE_SCHEMA
from watchlist.sources.catalogue.title import TYPES

_REQUIRED = (FileKind.BASICS, FileKind.RATINGS)
_STEPS = 200_000  # of SQLite's virtual machine, a few milliseconds
_CACHE_KIB = 12_000  # for each of the two databases; sorting takes as much

# Called with (what is done, steps done, all steps); all are empty between steps. May raise to stop.
Progress = Callable[[str, int, int], None]


class Built(Frozen):
    """The result of a build: the files used, the kinds of files that were not given, and the lines that can't be read."""

    files: DataFiles
    not_given: tuple[FileKind, ...]
    left_out: dict[FileKind, int]


def build(
    files: Sequence[Path],
    target: Path,
    now: datetime,
    progress: Progress,
    download: Callable[[], Sequence[Path]] | None = None,
) -> Built:
    """Build the catalogue at `target` from dataset files. An exception leaves the old catalogue unchanged.

    No other process can download, build or remove it meanwhile.

    Args:
        files: Dataset files in any order, with those of `download` at least `title.basics` and `title.ratings`.
        now: The current time. Titles of its year and later are kept even if nobody has rated them yet.
        download: Downloads more files, and returns their paths; None if there are no more. They are deleted as soon as
            the catalogue is built. A damaged one is deleted too, so that the next download brings it again.

    Raises:
        CatalogueError: A file is missing, damaged or unknown, another process is building, or the disk is full.
    """
    with build_lock(target.parent):
        downloaded = download() if download is not None else ()
        try:
            sources = recognize_all([*files, *downloaded])
            left_out = _build_locked(sources, target, now, progress)
        except DamagedDataset as error:
            if error.path in downloaded:
                error.path.unlink(missing_ok=True)
            raise
        if download is not None:
            remove_downloads(target)
    return Built(sources, tuple(kind for kind in FileKind if kind not in sources), left_out)


def _build_locked(sources: DataFiles, target: Path, now: datetime, progress: Progress) -> dict[FileKind, int]:
    """Build the catalogue at `target` while the lock is held. Return the number of lines left out, by kind of file."""
    with _workspace(target.parent) as folder:
        new = folder / target.name
        try:
            left_out = _build(sources, new, folder / "stage.sqlite", now, progress)
            file_digest.store(new)
            _replace(new, target)
        except sqlite3.Error as error:
            raise CatalogueError(f"can't build the catalogue in {folder}: {error}", "free some space there") from error
        except OSError as error:
            raise CatalogueError(f"can't write the catalogue {target}: {why(error)}") from error
    return left_out


def recognize_all(files: Sequence[Path]) -> DataFiles:
    """Return dataset files by kind. Raise CatalogueError if two are of one kind, or if a required one is missing."""
    sources: dict[FileKind, DataFile] = {}
    for path in files:
        file = recognize(path)
        if file.kind in sources:
            message = f"{sources[file.kind].path} and {path} are both {file.kind.file_name}"
            raise CatalogueError(message, "name one of the two")
        sources[file.kind] = file
    for kind in _REQUIRED:
        if kind not in sources:
            raise CatalogueError(
                f"{kind.file_name} is missing",
                f"download {kind.file_name}.tsv.gz from https://datasets.imdbws.com/ too",
            )
    return sources


@contextlib.contextmanager
def _workspace(parent: Path) -> Iterator[Path]:
    """Yield an empty folder for a build, and remove it afterwards. Raise CatalogueError if it can't be created."""
    folder = parent / BUILD_FOLDER
    shutil.rmtree(folder, ignore_errors=True)  # of a build that was killed
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise CatalogueError(f"can't write in {parent}: {why(error)}") from error
    try:
        with _temporary_files_in(folder):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Let SQLite sort in `folder`: the usual folder of temporary files may be in memory."""
    before = os.environ.get("SQLITE_TMPDIR")
    os.environ["SQLITE_TMPDIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["SQLITE_TMPDIR"]
        else:
            os.environ["SQLITE_TMPDIR"] = before


def _build(sources: DataFiles, new: Path, stage: Path, now: datetime, progress: Progress) -> dict[FileKind, int]:
    """Write a catalogue to the file `new`. Return the number of lines that can't be read, by kind of file."""
    connection = sqlite3.connect(new, isolation_level=None)
    try:
        connection.execute("ATTACH ? AS stage", (os.fsencode(stage),))
        for setting in (f"application_id={APPLICATION_ID}", f"user_version={VERSION}", "temp_store=FILE"):
            connection.execute(f"PRAGMA {setting}")
        for schema in (
            "main",
            "stage",
        ):  # a build that fails is deleted, so there is nothing to roll back or to wait for
            for setting in ("journal_mode=OFF", "synchronous=OFF", f"cache_size=-{_CACHE_KIB}"):
                connection.execute(f"PRAGMA {schema}.{setting}")
        connection.executescript(SCHEMA + STAGE_SCHEMA)
        connection.execute("BEGIN")
        stop = _StopBetweenSteps(progress)
        connection.set_progress_handler(stop, _STEPS)
        reader = Reader(connection, sources, now.year, _reporter(sources, progress))
        reader.read_all()
        _fill(connection, sources, progress)
        _add_meta(connection, sources, now)
        connection.execute("COMMIT")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname == "SQLITE_INTERRUPT":
            raise stop.reason from error
        raise
    finally:
        connection.close()
    return reader.left_out


class _StopBetweenSteps:
    """A callable for SQLite that lets the user stop a long step: it returns 1 if an exception came meanwhile."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.reason: BaseException = KeyboardInterrupt()  # sqlite3 swallows an exception of the callable itself

    def __call__(self) -> int:
        try:
            self._progress("", 0, 0)
        except BaseException as error:  # Ctrl+C, or the request of an interface to stop
            self.reason = error
            return 1
        return 0


def _reporter(sources: DataFiles, progress: Progress) -> Callable[[FileKind, Block], None]:
    """Return a function that reports the progress of reading all files, in bytes."""
    total = sum(file.size for file in sources.values())
    read: dict[FileKind, int] = {}

    def report(kind: FileKind, block: Block) -> None:
        read[kind] = block.read
        progress("reading", sum(read.values()), total)

    return report


def _fill(connection: sqlite3.Connection, sources: DataFiles, progress: Progress) -> None:
    """Fill the tables of the catalogue from the temporary ones."""
    progress("sorting", 0, 0)
    index.add_titles(connection, akas=FileKind.AKAS in sources)
    titles = connection.execute("SELECT count(*) FROM titles").fetchone()[0]
    if not titles:
        raise CatalogueError("there is no film and no series in these files", "download them again, all on one day")
    episodes = connection.execute("SELECT count(*) FROM stage.episodes").fetchone()[0]
    index.add_seasons(connection, lambda done: progress("episodes", done, 2 * episodes))
    index.add_episode_ids(connection, lambda done: progress("episodes", episodes + done, 2 * episodes))
    if FileKind.NAMES in sources:
        index.add_casts(connection, lambda done: progress("casts", done, titles))
    index.add_words(connection, lambda done: progress("words", done, titles))


def _add_meta(connection: sqlite3.Connection, sources: DataFiles, now: datetime) -> None:
    """Store what the catalogue contains, and where it comes from."""
    by_type = dict(connection.execute("SELECT type, count(*) FROM titles GROUP BY type"))
    films, series = (
        sum(count for type, count in by_type.items() if TYPES[type].kind is kind) for kind in (Kind.FILM, Kind.SERIES)
    )
    files = [
        {"name": f.path.name, "kind": f.kind.file_name, "size": f.size, "modified": f.modified.isoformat()}
        for f in sources.values()
    ]
    episodes = connection.execute("SELECT coalesce(sum(episodes), 0) FROM titles").fetchone()[0]
    meta = {"built": now.isoformat(timespec="seconds"), "films": films, "series": series, "episodes": episodes}
    meta |= {"akas": int(FileKind.AKAS in sources), "files": json.dumps(files), "digest": file_digest.PLACEHOLDER}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", [(name, str(value)) for name, value in meta.items()])


def _replace(new: Path, target: Path) -> None:
    """Replace the catalogue `target` by the file `new`, after its content has reached the disk."""
    descriptor = os.open(new, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    new.chmod(0o600)
    new.replace(target)
