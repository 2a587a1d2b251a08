"""AnswerCache: the answers of the services on disk, each kept as long as its service allows.

A file has a line with the time at which the answer becomes too old and a checksum, then the answer as it was received.
The names of the files are hashes, so that they do not tell what was looked up. Whatever can't be read is ignored: the
cache may be deleted at any time.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

from watchlist.checked_open import read_file
from watchlist.domain.text import counted
from watchlist.errors import StoreError
from watchlist.sources.lookup.answer_body import MAX_BYTES
from watchlist.sources.lookup.api import Api

MAX_CACHE_BYTES = 64 << 20  # of all answers together; the oldest are deleted first
MAX_CACHE_FILES = 2000
_MAGIC = "watchlist-answer-1"
_ENDING = ".answer"
_HEADER_BYTES = 200  # maximum length of the first line


class AnswerCache:
    """The answers in a folder, which is created when the first one is stored. Only the user can read them."""

    def __init__(self, folder: Path, now: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._now = now

    def get(self, api: Api, request: str) -> bytes | None:
        """Return the answer to a request; None if there is none that is complete and not too old."""
        try:
            data = read_file(self._path(api, request), MAX_BYTES + _HEADER_BYTES, own=True)
        except (OSError, StoreError):
            return None
        header, _, body = data.partition(b"\n")
        words = header.decode("ascii", "replace").split()
        if len(words) != 3 or words[0] != _MAGIC or words[2] != _digest(body):
            return None
        try:
            expires = float(words[1])
        except ValueError:
            return None
        # A clock that was put back must not keep an answer for longer than its service allows.
        return body if 0 < expires - self._now() <= api.lifetime else None

    def put(self, api: Api, request: str, body: bytes) -> None:
        """Store the answer to a request. If the disk is full or the folder is read-only, nothing is stored."""
        header = f"{_MAGIC} {int(self._now() + api.lifetime)} {_digest(body)}\n"
        path = self._path(api, request)
        temporary = path.with_suffix(f".{os.getpid()}.tmp")
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary.unlink(missing_ok=True)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            try:
                with os.fdopen(descriptor, "wb") as stream:
                    stream.write(header.encode("ascii") + body)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)

    def prune(self) -> None:
        """Delete answers that are too old and, beyond the limits, the oldest ones."""
        with contextlib.suppress(OSError):
            kept, total = 0, 0
            for path, status in reversed(self._files()):
                kept, total = kept + 1, total + status.st_size
                if kept > MAX_CACHE_FILES or total > MAX_CACHE_BYTES or self._expired(path):
                    with contextlib.suppress(OSError):
                        path.unlink()

    def summary(self) -> tuple[int, int]:
        """Return the number of answers and their total size in bytes."""
        try:
            sizes = [status.st_size for path, status in self._files() if path.suffix == _ENDING]
        except OSError:
            return 0, 0
        return len(sizes), sum(sizes)

    def _files(self) -> list[tuple[Path, os.stat_result]]:
        """Return the regular files of the folder with their status, oldest first. Raises OSError."""
        with os.scandir(self.folder) as entries:
            files = [
                (Path(entry.path), entry.stat(follow_symlinks=False))
                for entry in entries
                if entry.is_file(follow_symlinks=False) and entry.name.endswith((_ENDING, ".tmp"))
            ]
        return sorted(files, key=lambda file: file[1].st_mtime_ns)

    def _expired(self, path: Path) -> bool:
        """Return True if a file has no valid first line, or if the time in it has passed."""
        if path.suffix != _ENDING:  # left by a program that was killed; another may be writing one right now
            return self._now() - path.stat().st_mtime > 60
        with path.open("rb") as stream:
            words = stream.readline(_HEADER_BYTES).decode("ascii", "replace").split()
        try:
            return len(words) != 3 or words[0] != _MAGIC or float(words[1]) <= self._now()
        except ValueError:
            return True

    def _path(self, api: Api, request: str) -> Path:
        name = hashlib.blake2b(request.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        return self.folder / f"{api.name}-{name}{_ENDING}"


def cached_answers(folder: Path) -> list[dict[str, object]]:
    """Return a list with a JSON object about the answers in a folder (path, size in bytes, number); empty without any."""
    count, size = AnswerCache(folder).summary()
    return [{"path": str(folder), "size": size, "answers": count}] if count else []


def answers_text(folder: Path) -> str:
    """Return the number and size of the answers in a folder, e.g. `12 answers to look-ups, 1.2 MB`; empty if it has none."""
    count, size = AnswerCache(folder).summary()
    return f"{counted(count, 'answer')} to look-ups, {size / 1e6:,.1f} MB" if count else ""


def _digest(body: bytes) -> str:
    return hashlib.blake2b(body, digest_size=16).hexdigest()
