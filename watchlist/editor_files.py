"""Files in the state folder that the user's editor opens, including edited texts that could not be stored.

Each edit has a name, e.g. `show:heat` or `list:`, and each file has its own folder, with the original text and a lock
that the running process holds. An unlocked folder is a leftover: the program was killed, or the text was refused. The
next edit with the same name opens the leftover again.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path

from watchlist.checked_open import cannot, why
from watchlist.domain.watchlist import SCHEMA_FILE
from watchlist.errors import Refused, StoreError, WatchlistError
from watchlist.store.disk import file_io, file_lock, folders

BASE, LOCK, PROBLEM = "before", "edit.lock", "problem"
_OWN_FILES = {BASE, LOCK, PROBLEM, "edit.holder", SCHEMA_FILE}
MIN_LIMIT_BYTES = 16 << 20  # maximum size of an edited text, or four times its original size if that is larger
BOM = b"\xef\xbb\xbf"
NOTE = "# watchlist: "  # start of each line that the program writes above the text


class EditFile:
    """The file that the editor opens for one edit. `text` is the original text."""

    def __init__(self, folder: Path, name: str, text: bytes) -> None:
        self.path = folder / file_name(name)
        self.text = text  # the original text, as it is in the list
        self.kept: datetime | None = None  # when an earlier edit left a text in the file that was not stored
        self.outdated = False  # True if the list has changed since that edit
        self.done = False  # True if the file can be deleted
        self.in_use = False  # True if an editor may still write to the file

    def read(self) -> bytes:
        """Return the content of the file after the edit.

        Raises Refused if the editor removed the file, or left a link, a folder or too large a file, and StoreError if
        the file can't be read.
        """
        try:
            status = self.path.lstat()
        except FileNotFoundError:
            raise Refused("the editor removed the file, so nothing was changed") from None
        except OSError as error:
            raise cannot("read", self.path, error) from error
        if not stat.S_ISREG(mode := status.st_mode):
            kind = "a link" if stat.S_ISLNK(mode) else "a folder" if stat.S_ISDIR(mode) else "no regular file"
            raise Refused(f"the editor put {kind} in place of the file, so nothing was changed")
        limit = min(file_io.MAX_BYTES, max(MIN_LIMIT_BYTES, 4 * len(self.text)))
        if status.st_size > limit:
            raise Refused(f"the edited text is larger than {limit >> 20} MiB, so nothing was changed")
        return file_io.read(self.path, limit, own=True) or b""

    @property
    def is_blank(self) -> bool:
        """True if the editor left only white space or no file."""
        try:
            return not without_notes(self.read()).removeprefix(BOM).strip()
        except WatchlistError:
            return not os.path.lexists(self.path)

    @property
    def problem(self) -> str:
        """The reason why the text was refused in an earlier edit; empty if it was not refused."""
        with contextlib.suppress(StoreError):
            return (file_io.read(self.path.parent / PROBLEM, own=True) or b"").decode("utf-8", "replace")
        return ""

    def refuse(self, problem: str) -> None:
        """Keep the refused text in the file, and record `problem`, the reason. Errors are ignored.

        The lines that this program wrote above the text are removed, so that line numbers in messages are right.
        """
        with contextlib.suppress(WatchlistError):  # the text is kept anyway
            file_io.replace_own(self.path.parent / PROBLEM, problem.encode("utf-8", "backslashreplace"))
            self.write(without_notes(self.read()))

    def restore(self, data: bytes) -> None:
        """Write `data`, the content before the edit, into the file that the editor emptied or removed. Errors are ignored."""
        with contextlib.suppress(WatchlistError):
            folders.make_private_folder(self.path.parent)
            self.write(data)

    def write(self, data: bytes) -> None:
        """Write the file. A link in its place is replaced, not followed. Raises StoreError if the file can't be written.

        Its modification time is set to the past, so that any save by the editor can be detected.
        """
        file_io.replace_own(self.path, data)
        with contextlib.suppress(OSError):
            past = self.path.stat().st_mtime_ns - 10**9
            os.utime(self.path, ns=(past, past))

    def put_schema(self, schema: bytes) -> None:
        """Put the schema of the list beside the file. Errors are ignored, because the schema only helps the editor."""
        with contextlib.suppress(WatchlistError):
            file_io.replace_own(self.path.parent / SCHEMA_FILE, schema, sync=False)

    @property
    def state(self) -> tuple[int, int, int] | None:
        """(modification time in ns, size in bytes, inode); None if the file is missing. Any save by an editor changes it."""
        return file_io.signature(self.path)

    @property
    def worth_keeping(self) -> bool:
        """True if the folder contains something that exists nowhere else, e.g. an edited text or an editor's swap file."""
        folder = self.path.parent
        with contextlib.suppress(OSError):
            if any(entry.name not in _OWN_FILES | {self.path.name} for entry in os.scandir(folder)):
                return True
        try:
            edited = without_notes(self.read())
            return edited != self.text and bool(edited.removeprefix(BOM).strip())
        except WatchlistError:
            return os.path.lexists(self.path)


class _Interrupted(Refused):
    """Raised if the user pressed ctrl+c while there was an unstored text to keep."""

    exit_code = 130

    def __init__(self, kept: Path) -> None:
        super().__init__("interrupted, so nothing was changed")
        self.kept = kept


@contextlib.contextmanager
def edit_file(folder: Path, name: str, text: str) -> Iterator[EditFile]:
    """Yield a new file that contains `text`, or the file of an earlier edit. On exit, remove it unless it is worth keeping.

    If the file is kept, a WatchlistError raised in the block gets its path as `kept`, and a KeyboardInterrupt becomes
    such an error. Raises StoreError if no file can be created.

    Args:
        folder: The folder of all edits of the list. A text left there by an earlier edit with this name is reopened.
        name: The name of the edit, e.g. `show:heat` or `list:`.
        text: The original text.
    """
    with ExitStack() as locks:
        file = _leftover(folder, name, text.encode(), locks) or _new(folder, name, text.encode(), locks)
        try:
            yield file
        except WatchlistError as error:
            if not file.done and (file.in_use or file.worth_keeping):
                error.kept = file.path
            raise
        except KeyboardInterrupt:
            if file.done or not file.worth_keeping:
                raise
            raise _Interrupted(file.path) from None
        finally:
            keep = not file.done and (file.in_use or file.worth_keeping)
            locks.close()  # Windows removes no file that is locked
            if not keep:
                shutil.rmtree(file.path.parent, ignore_errors=True)


def _new(folder: Path, name: str, text: bytes, locks: ExitStack) -> EditFile:
    """Create and return the file of a new edit, in a temporary folder if `folder` can't be written.

    Its lock is added to `locks`. Raises StoreError if the file can't be created at all.
    """
    try:
        folders.make_private_folder(folder)
        own_folder = Path(tempfile.mkdtemp(prefix=_prefix(name), dir=folder))
        locks.enter_context(file_lock.locked(own_folder / LOCK, 0))
    except (StoreError, OSError):  # editing must work without a writable state folder
        own_folder = _temporary_folder()
    file = EditFile(own_folder, name, text)
    file_io.replace_own(own_folder / BASE, text)
    file.write(text)
    return file


def _temporary_folder() -> Path:
    """Create a temporary folder. Raises StoreError if that fails."""
    try:
        return Path(tempfile.mkdtemp(prefix="watchlist-"))
    except OSError as error:
        message = f"can't create a file for the editor, in the state folder or a temporary one: {why(error)}"
        raise StoreError(message, "free some space, or set TMPDIR to a writable folder") from error


def kept_files(folder: Path) -> list[Path]:
    """Return the files in `folder` with texts that were not stored, oldest first. An editor may have some of them open."""
    files = []
    for path in reversed(_folders(folder, "")):
        name = path.name.partition(".")[0]
        with contextlib.suppress(StoreError, OSError):
            file = EditFile(path, f":{name}", file_io.read(path / BASE, own=True) or b"")
            if file.worth_keeping and stat.S_ISREG(file.path.lstat().st_mode):
                files.append(file.path)
    return files


def discard(folder: Path, name: str) -> int:
    """Remove what earlier edits called `name` left in `folder`. Return how many of them had a text that was not stored.

    Raises Refused if one of the files is open in an editor.
    """
    count = 0
    for path in _folders(folder, _prefix(name)):
        try:
            with file_lock.locked(path / LOCK, 0):
                file = EditFile(path, name, file_io.read(path / BASE, own=True) or b"")
                count += file.worth_keeping
        except StoreError as error:
            raise Refused(f"an editor has {path / file_name(name)} open", "close it first") from error
        shutil.rmtree(path, ignore_errors=True)
    return count


def _folders(folder: Path, prefix: str) -> list[Path]:
    """Return the folders in `folder`, one for each edit, whose names begin with `prefix` (empty for all), newest first."""
    dated: list[tuple[float, Path]] = []
    with contextlib.suppress(OSError):
        folders = [Path(entry) for entry in os.scandir(folder) if entry.name.startswith(prefix)]
        for path in folders:
            with contextlib.suppress(OSError):  # a dangling link, or just removed by another process
                dated.append((path.stat().st_mtime, path))
    return [path for _, path in sorted(dated, reverse=True)]


def _leftover(folder: Path, name: str, text: bytes, locks: ExitStack) -> EditFile | None:
    """Return the newest file with an unstored text for the edit `name` that no process has open; None if there is none.

    `text` is the original text as it is in the list now. The lock of the file is added to `locks`.
    """
    for path in _folders(folder, _prefix(name)):
        is_obsolete = False
        with contextlib.suppress(StoreError, OSError), ExitStack() as lock:
            lock.enter_context(file_lock.locked(path / LOCK, 0))
            base = file_io.read(path / BASE, own=True)
            file = EditFile(path, name, base or b"")
            file.outdated = text != base
            # The text may have been stored before the program was killed.
            is_obsolete = not file.worth_keeping or without_notes(file.read()) == text
            if not is_obsolete and stat.S_ISREG(file.path.lstat().st_mode):
                file.kept = datetime.fromtimestamp(file.path.stat().st_mtime)
                file.text = text
                locks.push(lock.pop_all())
                return file
        if is_obsolete:
            shutil.rmtree(path, ignore_errors=True)
    return None


def without_notes(raw: bytes) -> bytes:
    """Return a text without the notes that this program writes above it in an edited file."""
    start = NOTE.encode()
    if raw.startswith(BOM + start):  # some editors add a byte order mark
        raw = raw[len(BOM) :]
    while raw.startswith(start):
        raw = raw.partition(b"\n")[2]
    return raw


def file_name(name: str) -> str:
    """Return the name of the edited file for the edit `name`: `heat.toml` for `show:heat`."""
    return f"{_slug(name)}.toml"


def _prefix(name: str) -> str:
    """Return the beginning of the folder names of the edit `name`. A hash in it tells similar names apart."""
    return f"{_slug(name)}.{hashlib.blake2b(name.encode('utf-8', 'backslashreplace'), digest_size=3).hexdigest()}."


def _slug(name: str) -> str:
    """Return the part of `name` after its colon in characters valid in every file system; `watchlist` if there are none."""
    return re.sub(r"[^a-z0-9]+", "-", name.partition(":")[2].lower()).strip("-")[:40] or "watchlist"
