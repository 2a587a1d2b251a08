"""Where things are: the list, the config, and what the program remembers by itself."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

APP = "watchlist"


@dataclass(frozen=True)
class Paths:
    """Folders and files of one user, none of them created here."""

    config: Path  # config.toml
    data: Path  # the default list
    state: Path  # journals, locks, backups, choices made in the interface
    cache: Path

    @classmethod
    def of_user(cls) -> Paths:
        """The platform's folders (platformdirs; XDG variables count on every system where it honours them)."""
        import platformdirs

        return cls(
            config=platformdirs.user_config_path(APP) / "config.toml",
            data=platformdirs.user_data_path(APP) / "watchlist.toml",
            state=platformdirs.user_state_path(APP),
            cache=platformdirs.user_cache_path(APP),
        )

    def journal(self, file: Path) -> Path:
        """What was changed in `file`, for undo."""
        return self.state / "journals" / f"{_name(file)}.jsonl"

    def lock(self, file: Path) -> Path:
        """The sidecar lock of `file`: never on the file itself, which is replaced by every change."""
        return self.state / "locks" / f"{_name(file)}.lock"

    def backups(self, file: Path) -> Path:
        return self.state / "backups" / _name(file)


def _name(file: Path) -> str:
    """A short stable name for a real path: links to one file share its journal and its lock."""
    import hashlib  # what only looks at the program itself does not wait for it

    return hashlib.blake2b(os.fsencode(os.path.realpath(file)), digest_size=12).hexdigest()
