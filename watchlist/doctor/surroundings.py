"""Checks of the files beside a list: conflict copies, leftovers of interrupted writes, read-only folders."""

from __future__ import annotations

import filecmp
import os
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from watchlist.doctor.finding import Finding, FindingKind, Severity
from watchlist.paths import Paths
from watchlist.store.disk import file_io
from watchlist.store.disk.crash_recovery import TEMPORARY, TEMPORARY_MIN_AGE_SECONDS

# The text that sync and merge programs insert between the name and the ending of a copy, in various languages.
_COPY = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}.*"  # Syncthing
    r"|[ ._-]?[(\[].*(?:confli[ck]t|conflit|konflik|конфликт|конфлікт|競合|冲突|衝突|충돌).*[)\]]"  # Dropbox, Nextcloud
    r"|[ ._-](?:conflict|conflicted copy)(?:[ ._-].*)?"  # ownCloud, Resilio, Mega
    r"| ?\(\d{1,3}\)"  # Google Drive, browsers
    r"| \d{1,2}"  # iCloud
    r"|_(?:BASE|LOCAL|REMOTE|BACKUP)_\d+",  # git mergetool
    re.IGNORECASE,
)
_ENDINGS = (".orig", ".rej", ".mine", ".theirs")  # appended to the whole name by patch and merge tools


def check_surroundings(file: Path, paths: Paths) -> Iterator[Finding]:
    """Yield findings for unexpected files beside the list `file`, and for folders in `paths` that can't be written."""
    real = file_io.resolve(file)
    names = {file.name, real.name}
    folders = {real.parent: real.parent, Path(os.path.realpath(file.parent)): file.parent}
    for entry in sorted(entry for folder in folders.values() for entry in _files(folder)):
        if any(is_copy(entry.name, name) for name in names - {entry.name}):
            yield _copy_finding(entry, file)
        elif _is_leftover(entry):
            message = "left by a write that did not end, perhaps in a crash"
            hint = "look into it if something is missing, else delete it"
            yield Finding(Severity.ODD, FindingKind.LEFTOVER, message, file=entry, hint=hint)
    for folder, content in ((paths.backups(file), "backups"), (paths.journal(file).parent, "the journal of undo")):
        if reason := _write_problem(folder):
            message = f"can't be written, so {content} can't be kept: {reason}"
            yield Finding(
                Severity.WRONG, FindingKind.FOLDER, message, file=folder, hint="change its permissions, or remove it"
            )


def is_copy(name: str, original: str) -> bool:
    """Return True if sync or merge programs give the name `name` to a conflicting copy of the file `original`."""
    if name.startswith(original) and name[len(original) :].lower() in _ENDINGS:
        return True
    stem, dot, ending = original.rpartition(".")
    stem, ending = (stem, dot + ending) if dot else (original, "")
    for end in (ending, ending + "~"):  # an editor's backup of a copy counts too
        if len(name) > len(stem) + len(end) and name.startswith(stem) and name.endswith(end):
            return _COPY.fullmatch(name[len(stem) : len(name) - len(end)]) is not None
    return name.startswith(original) and _COPY.fullmatch(name[len(original) :]) is not None


def _copy_finding(entry: Path, file: Path) -> Finding:
    """Return the finding for `entry`, a conflicting copy of the list `file`."""
    try:
        same = filecmp.cmp(entry, file, shallow=False)
    except OSError:
        same = False
    message = "a copy that a sync or merge program left; " + (
        "it is the same as the list" if same else "it may hold changes of another machine"
    )
    hint = "it can be deleted" if same else "compare the two, bring over what is missing, then delete it"
    return Finding(Severity.ODD, FindingKind.COPY, message, file=entry, hint=hint)


def _files(folder: Path) -> Iterator[Path]:
    """Yield the regular files of a folder. A folder that can't be read yields none, because another check reports it."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    yield folder / entry.name
    except OSError:
        return


def _is_leftover(entry: Path) -> bool:
    """Return True if `entry` is named like a temporary file of this program and is too old to be in use."""
    if not TEMPORARY.fullmatch(entry.name):
        return False
    try:
        return time.time() - entry.stat().st_mtime > TEMPORARY_MIN_AGE_SECONDS
    except OSError:
        return False


def _write_problem(folder: Path) -> str:
    """Return the reason why no file can be created in a folder; empty if one can. The folder may not exist yet."""
    existing = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    if not stat.S_ISDIR(existing.stat().st_mode):
        return f"{existing} is not a folder"
    return "" if os.access(existing, os.W_OK | os.X_OK) else f"{existing} can't be written by you"
