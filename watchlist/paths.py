"""Where things are: the list, the config, and what the program remembers by itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

APP = "watchlist"
_ON_LINUX = {"config": ".config", "data": ".local/share", "state": ".local/state", "cache": ".cache"}


class Paths:
    """Folders and files of one user, none of them created here."""

    def __init__(self, config: Path, data: Path, state: Path, cache: Path) -> None:
        self.config = config  # config.toml
        self.data = data  # the default list
        self.state = state  # journals, locks, backups, choices made in the interface
        self.cache = cache

    @classmethod
    def of_user(cls) -> Paths:
        """The platform's folders (platformdirs; XDG variables count on every system where it honours them)."""
        return cls(
            config=_folder("config") / "config.toml",
            data=_folder("data") / "watchlist.toml",
            state=_folder("state"),
            cache=_folder("cache"),
        )

    def journal(self, file: Path) -> Path:
        """What was changed in `file`, for undo."""
        return self.state / "journals" / f"{_name(file)}.jsonl"

    def lock(self, file: Path) -> Path:
        """The sidecar lock of `file`: never on the file itself, which is replaced by every change."""
        return self.state / "locks" / f"{_name(file)}.lock"

    def index(self, file: Path) -> Path:
        """What is remembered of the text of `file`, so that it need not be read again: only a cache."""
        return self.cache / "index" / _name(file)

    def image(self, file: Path) -> Path:
        """What `file` is to be, while it is written in place."""
        return self.state / "images" / _name(file)

    def drafts(self, file: Path) -> Path:
        """What was typed about `file` when the program had to end."""
        return self.state / "drafts" / f"{_name(file)}.json"

    def backups(self, file: Path) -> Path:
        return self.state / "backups" / _name(file)


def _folder(kind: str) -> Path:
    """The user's folder for one kind of files, as platformdirs says.

    On Linux its rule stands here too: to import platformdirs takes a fifth of the time in which a list is printed.
    """
    named, home = os.environ.get(f"XDG_{kind.upper()}_HOME", ""), os.environ.get("HOME", "")
    if sys.platform == "linux" and not hasattr(sys, "getandroidapilevel") and home.startswith("/"):
        return Path(named, APP) if named.startswith("/") else Path(home, _ON_LINUX[kind], APP)
    import platformdirs

    folder: Path = getattr(platformdirs, f"user_{kind}_path")(APP)
    return folder


def _name(file: Path) -> str:
    """A short stable name for a real path: links to one file share its journal and its lock."""
    import hashlib  # what only looks at the program itself does not wait for it

    return hashlib.blake2b(os.fsencode(os.path.realpath(file)), digest_size=12).hexdigest()
