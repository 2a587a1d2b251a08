"""The files of the catalogue in the cache folder, without opening the catalogue: sizes, age, removal."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from watchlist.checked_open import why
from watchlist.domain.text import megabytes
from watchlist.errors import CatalogueError
from watchlist.exclusive_lock import NO_LOCKS, exclusive, is_held

BUILD_FOLDER = "catalogue.build"  # beside the catalogue; a crash leaves it behind, and the next build removes it
DOWNLOAD_FOLDER = "catalogue.download"  # beside the catalogue; it keeps unfinished downloads
LOCK = "catalogue.lock"
LOCK_SECONDS = 1.0  # how long to wait for the lock, which `doctor` takes for a moment


@contextlib.contextmanager
def build_lock(parent: Path) -> Iterator[None]:
    """Let no other process download, build or remove the catalogue in the folder `parent` during the `with` block.

    On a file system without locks nothing keeps others away. Raises CatalogueError if another process has the lock, or if
    the folder can't be written.
    """
    with contextlib.ExitStack() as lock:
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock.enter_context(exclusive(parent / LOCK, LOCK_SECONDS))
        except TimeoutError as error:
            raise CatalogueError("another process is building the catalogue", "wait until it is done") from error
        except OSError as error:
            if error.errno not in NO_LOCKS:
                raise CatalogueError(f"can't write in {parent}: {why(error)}") from error
        yield


def is_building(path: Path) -> bool:
    """Return True if a process is downloading, building or removing the catalogue at `path`."""
    return is_held(path.parent / LOCK)


def catalogue_size(path: Path) -> int | None:
    """Return the size of the catalogue at `path` in bytes; None if there is none."""
    try:
        return path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise CatalogueError(f"can't read the catalogue {path}: {why(error)}") from error


def cached_files(path: Path) -> list[dict[str, object]]:
    """Return JSON objects for the catalogue `path` and its leftovers: path, size in bytes, time of the last change."""
    rows = []
    for file in (path, *leftovers(path)):
        with contextlib.suppress(OSError):
            status = file.stat()
            size = status.st_size if file == path else _size(file)
            modified = datetime.fromtimestamp(int(status.st_mtime)).astimezone().isoformat()
            rows.append({"path": str(file), "size": size, "modified": modified})
    return rows


def catalogue_text(path: Path, today: date) -> str:
    """Return the size and age of the catalogue `path` as text, e.g. `catalogue, 183.2 MB, 3 days old`; empty without one."""
    try:
        status = path.stat()
    except OSError:
        return ""
    return f"catalogue, {megabytes(status.st_size)}, {age(date.fromtimestamp(status.st_mtime).isoformat(), today)}"


def leftovers(path: Path) -> dict[Path, int]:
    """Return the folders beside the catalogue `path` that builds and downloads left behind, with their sizes in bytes."""
    folders = [path.parent / name for name in (BUILD_FOLDER, DOWNLOAD_FOLDER)]
    return {folder: _size(folder) for folder in folders if os.path.lexists(folder)}


def remove_all(path: Path) -> int | None:
    """Delete the catalogue `path` and its leftovers. Return the number of bytes freed; None if there was nothing.

    Raises CatalogueError if something can't be deleted, or while a process builds the catalogue.
    """
    if not os.path.lexists(path) and not leftovers(path):
        return None
    with build_lock(path.parent):
        freed = sum(leftovers(path).values())
        try:
            if os.path.lexists(path):
                freed += path.lstat().st_size
                if path.is_dir() and not path.is_symlink():
                    raise CatalogueError(f"the catalogue {path} is a folder", "move it away")
                path.unlink()
            for folder in leftovers(path):
                _remove(folder)
        except OSError as error:
            raise CatalogueError(f"can't remove {error.filename or path}: {why(error)}") from error
    return freed


def remove_downloads(path: Path) -> None:
    """Delete the folder of downloads beside the catalogue `path`. The caller holds `build_lock`."""
    with contextlib.suppress(OSError):
        _remove(path.parent / DOWNLOAD_FOLDER)


def _remove(folder: Path) -> None:
    """Delete a folder with its files, or a file in its place. Raises OSError."""
    if folder.is_dir() and not folder.is_symlink():
        shutil.rmtree(folder)
    else:
        folder.unlink(missing_ok=True)


def _size(folder: Path) -> int:
    """Return the size of the files in a folder, in bytes."""
    try:
        with os.scandir(folder) as entries:
            return sum(entry.stat(follow_symlinks=False).st_size for entry in entries)
    except OSError:
        return 0


def age(built: str, today: date) -> str:
    """Return the age of something built at an ISO date, in words: `today`, `1 day old`, `3 months old`."""
    try:
        days = (today - date.fromisoformat(built[:10])).days
    except ValueError:
        return "of unknown age"
    if days < 1:
        return "today"
    if days < 60:
        return f"{days} day{'s' * (days > 1)} old"
    return f"{days // 30} months old" if days < 730 else f"{days // 365} years old"
