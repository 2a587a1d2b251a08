"""Paths of the list, the config and the state that the program stores.

State of a list (journal, lock, recovery image, backups, index, drafts) belongs to the file, not to the name by which it
is opened. A file has no lasting identity: each change replaces it, so its inode changes, and hard links and mounts give
it more names. So the state folder has a table of names: it maps every name under which a list was changed to the first
name of the same file. The first name is the key of the state. To decide if two names lead to the same file, the program
compares them on disk each time, by device and inode, so that an entry can't become wrong. The table decides only if the
file of a name no longer exists. All names are real paths, as they were before the table existed, so that older state is
found.
"""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

APP = "watchlist"
_MAX_TABLE_BYTES = 1 << 20  # a larger table of names is ignored
_STATE_NAMES = (
    "journals",
    "locks",
    "index",
    "images",
    "drafts",
    "lookups",
    "backups",
    "names",
    "faults",
    "answers",
    "catalogue.sqlite",
    "interface.json",
)
_XDG_DEFAULTS = {"config": ".config", "data": ".local/share", "state": ".local/state", "cache": ".cache"}


class Paths:
    """The folders and files of one user. This class does not create them."""

    def __init__(self, config: Path, data: Path, state: Path, cache: Path) -> None:
        self.config = config  # config.toml
        self.data = data  # the default list
        self.state = state  # journals, locks, backups, choices made in the interface
        self.cache = cache
        self._names: tuple[object, dict[str, str]] = None, {}

    @classmethod
    def of_user(cls, config: Path | None = None) -> Paths:
        """Return the paths in the platform's folders, according to platformdirs and the XDG variables.

        `config` replaces the default path of the config; None keeps it.
        """
        return cls(
            config=config or _folder("config") / "config.toml",
            data=_folder("data") / "watchlist.toml",
            state=_folder("state"),
            cache=_folder("cache"),
        )

    def owner_of(self, path: Path) -> str:
        """Return the role of `path` among the program's own files, e.g. "the config of watchlist"; empty for any other file.

        Links are followed, and existing files are compared by device and inode.
        """
        real = Path(os.path.realpath(path))
        if is_same_file(real, Path(os.path.realpath(self.config))):
            return "the config of watchlist"
        for folder in (self.state, self.cache):
            # On some systems the default list or the config is in the state folder too.
            shared = _is_inside(self.data, folder) or _is_inside(self.config, folder)
            if any(_is_inside(real, own) for own in ([folder / name for name in _STATE_NAMES] if shared else [folder])):
                return "in a folder that watchlist keeps for itself"
        return ""

    def journal(self, file: Path) -> Path:
        """Return the path of the journal of changes to `file`, for undo."""
        return self.state / "journals" / f"{self._key(file)}.jsonl"

    def lock(self, file: Path) -> Path:
        """Return the path of the lock file for `file`. The list itself can't be the lock: every change replaces it."""
        return self.state / "locks" / f"{self._key(file)}.lock"

    def index(self, file: Path) -> Path:
        """Return the path of the cache file with the parsed text of the list `file`. The cache may be deleted."""
        return self.cache / "index" / self._key(file)

    def image(self, file: Path) -> Path:
        """Return the path of the recovery image: the new content of `file`, kept while that file is overwritten in place."""
        return self.state / "images" / self._key(file)

    def drafts(self, file: Path) -> Path:
        """Return the path of the file with unfinished forms for the list `file`, written when a signal ends the program."""
        return self.state / "drafts" / f"{self._key(file)}.json"

    def edits(self, file: Path) -> Path:
        """Return the folder with the texts from the list `file` that are open in an editor or could not be stored."""
        return self.state / "drafts" / self._key(file)

    def lookups(self, file: Path) -> Path:
        """Return the path of the record of what look-ups wrote into the shows of the list `file`."""
        return self.state / "lookups" / f"{self._key(file)}.json"

    def backups(self, file: Path) -> Path:
        """Return the folder of backups of `file`."""
        return self.state / "backups" / self._key(file)

    @property
    def catalogue(self) -> Path:
        """The path of the offline catalogue. It may be deleted, and is not made without the user's command."""
        return self.cache / "catalogue.sqlite"

    @property
    def answers(self) -> Path:
        """The path of the folder with the answers of services to look-ups. It may be deleted."""
        return self.cache / "answers"

    @property
    def table(self) -> Path:
        """The path of the file that stores `names`."""
        return self.state / "names"

    @property
    def names(self) -> Mapping[str, str]:
        """The paths of all lists that were ever written, mapped to the first such path of the same file.

        The two differ e.g. for hard links and mounts. All are real paths, in the order of first use. The mapping is empty
        if `table`, the file that stores it, does not exist.
        """
        try:
            status = self.table.stat()
            read = status.st_mtime_ns, status.st_size, status.st_ino
            if self._names[0] != read:
                self._names = read, parse_names(_contents(self.table))
        except OSError:
            return {}
        return self._names[1]

    def first_name(self, file: Path) -> str:
        """Return the path by which the list `file` was first changed; if it was never changed, its real path."""
        real, names = os.path.realpath(file), self.names
        first = names.get(real)
        status = status_of(real)
        # Most files have a single name. Other lists, which may be on a slow disk, are then not examined.
        if status is not None and status.st_nlink == 1 and first is not None and is_same_file(first, real):
            return first
        for name, owner in names.items():
            if name == owner and is_same_file(name, real):
                return name
        known_name = first or names.get(str(file.absolute()))
        return known_name if known_name is not None and (status is None or status_of(known_name) is None) else real

    def _key(self, file: Path) -> str:
        """Return the hash for `file` that is part of the names of the list's journal, lock, backups and other files."""
        return key_of(self.first_name(file))


def key_of(name: str) -> str:
    """Return a hash of `name`, the path by which a list was first changed. The names of the list's own files contain it."""
    import hashlib  # help and completion scripts need no key

    return hashlib.blake2b(os.fsencode(name), digest_size=12).hexdigest()


def parse_names(data: bytes) -> dict[str, str]:
    """Return the mapping of `Paths.names` from `data`, the content of the file at `Paths.table`.

    `data` contains each path of a list followed by the path first used for that list; both end with NUL, which no path
    contains. An incomplete end is ignored.
    """
    words = [os.fsdecode(word) for word in data.split(b"\0")[:-1]]
    return dict(zip(words[::2], words[1::2], strict=False))


def render_names(names: Mapping[str, str]) -> bytes:
    """Return the mapping of `Paths.names` as bytes. `parse_names` reads them."""
    return b"".join(os.fsencode(word) + b"\0" for pair in names.items() for word in pair)


def is_same_file(path: str | Path, other: str | Path) -> bool:
    """Return True if two real paths lead to the same file. If neither exists, their names and folders must be the same."""
    status, other_status = status_of(path), status_of(other)
    if status is not None and other_status is not None:
        return os.path.samestat(status, other_status)
    if status is not None or other_status is not None:
        return False
    (folder, name), (other_folder, other_name) = os.path.split(path), os.path.split(other)
    return os.fspath(path) == os.fspath(other) or (
        name == other_name and folder != os.fspath(path) and is_same_file(folder, other_folder)
    )


def status_of(path: str | Path) -> os.stat_result | None:
    """Return the status of a path, following links; None if the file does not exist or can't be examined."""
    try:
        return os.stat(path)  # noqa: PTH116 - a path object is made of each name otherwise
    except (OSError, ValueError):  # ValueError: a name with a NUL in it
        return None


def _contents(file: Path) -> bytes:
    """Return the content of `file`; empty unless it is a regular file of at most `_MAX_TABLE_BYTES`. Raises OSError."""
    with open(os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)), "rb") as stream:  # noqa: PTH123
        status = os.fstat(stream.fileno())
        return (
            stream.read(_MAX_TABLE_BYTES)
            if stat.S_ISREG(status.st_mode) and status.st_size <= _MAX_TABLE_BYTES
            else b""
        )


def _folder(kind: str) -> Path:
    """Return the user's folder of one kind, `config`, `data`, `state` or `cache`, as platformdirs would.

    The rule for Linux is repeated here, because importing platformdirs takes a fifth of the time of `watchlist list`.
    """
    xdg_folder, home = os.environ.get(f"XDG_{kind.upper()}_HOME", ""), os.environ.get("HOME", "")
    if sys.platform == "linux" and not hasattr(sys, "getandroidapilevel") and home.startswith("/"):
        return Path(xdg_folder, APP) if xdg_folder.startswith("/") else Path(home, _XDG_DEFAULTS[kind], APP)
    import platformdirs  # slow to import; not needed on Linux

    folder: Path = getattr(platformdirs, f"user_{kind}_path")(APP)
    return folder


def _is_inside(path: Path, folder: Path) -> bool:
    """Return True if a path is in a folder or is the folder itself."""
    real, folder = Path(os.path.realpath(path)), Path(os.path.realpath(folder))
    return real.is_relative_to(folder) or (
        folder.exists() and any(is_same_file(part, folder) for part in (real, *real.parents))
    )
