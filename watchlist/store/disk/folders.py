"""Folders for private files, which only their owner can enter."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from watchlist.checked_open import cannot
from watchlist.errors import StoreError


def make_private_folder(folder: Path) -> None:
    """Create a folder and missing parents, for the owner alone; existing ones are unchanged. Raise StoreError on failure."""
    try:
        missing = [path for path in (folder, *folder.parents) if not path.exists()]
        for path in reversed(missing):  # `parents=True` would create the parents with the usual mode
            path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise cannot("create", folder, error) from error


def check_own(folder: Path) -> None:
    """Raise StoreError if a folder belongs to another user, who could read and replace the files in it."""
    with contextlib.suppress(OSError, AttributeError):  # a folder that does not exist yet, or a system without owners
        if os.geteuid() not in (0, folder.stat().st_uid):
            raise StoreError(f"{folder} belongs to another user", "XDG_STATE_HOME names a folder for it")
