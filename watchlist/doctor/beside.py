"""Looks around the file: copies that sync programs left, writes that did not end, folders that nothing can be put in."""

from __future__ import annotations

import filecmp
import os
import re
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from watchlist.doctor.finding import Finding, Kind, Severity
from watchlist.paths import Paths
from watchlist.store import files
from watchlist.store.rescue import TEMPORARY, YOUNG

# What stands between the name of the file and its ending, in the languages that sync programs speak.
_COPY = re.compile(
    r"\.sync-conflict-\d{8}-\d{6}.*"  # Syncthing
    r"|[ ._-]?[(\[].*(?:confli[ck]t|conflit|konflik|конфликт|конфлікт|競合|冲突|衝突|충돌).*[)\]]"  # Dropbox, Nextcloud
    r"|[ ._-](?:conflict|conflicted copy)(?:[ ._-].*)?"  # ownCloud, Resilio, Mega
    r"| ?\(\d{1,3}\)"  # Google Drive, browsers
    r"| \d{1,2}"  # iCloud
    r"|_(?:BASE|LOCAL|REMOTE|BACKUP)_\d+",  # git mergetool
    re.IGNORECASE,
)
_ENDINGS = (".orig", ".rej", ".mine", ".theirs")  # behind the whole name: patch, merge tools


def around(file: Path, paths: Paths) -> Iterator[Finding]:
    """What is there beside the file that should not be, and where nothing can be kept that should be."""
    real = files.resolve(file)
    names = {file.name, real.name}
    folders = {real.parent: real.parent, Path(os.path.realpath(file.parent)): file.parent}
    for entry in sorted(entry for folder in folders.values() for entry in _files(folder)):
        if any(is_copy(entry.name, name) for name in names - {entry.name}):
            yield _copy(entry, file)
        elif _is_leftover(entry):
            message = "left by a write that did not end, perhaps in a crash"
            hint = "look into it if something is missing, else delete it"
            yield Finding(Severity.ODD, Kind.LEFTOVER, message, file=entry, hint=hint)
    for folder, what in ((paths.backups(real), "backups"), (paths.journal(real).parent, "the journal of undo")):
        if why := _shut(folder):
            message = f"can't be written, so {what} can't be kept: {why}"
            yield Finding(Severity.WRONG, Kind.FOLDER, message, file=folder, hint="make it yours, or take it away")


def is_copy(name: str, original: str) -> bool:
    """Whether a file's name is what sync or merge programs make of the original's where both sides were changed."""
    if name.startswith(original) and name[len(original) :].lower() in _ENDINGS:
        return True
    stem, dot, ending = original.rpartition(".")
    stem, ending = (stem, dot + ending) if dot else (original, "")
    for end in (ending, ending + "~"):  # an editor's backup of a copy is one too
        if len(name) > len(stem) + len(end) and name.startswith(stem) and name.endswith(end):
            return _COPY.fullmatch(name[len(stem) : len(name) - len(end)]) is not None
    return name.startswith(original) and _COPY.fullmatch(name[len(original) :]) is not None


def _copy(entry: Path, file: Path) -> Finding:
    try:
        same = filecmp.cmp(entry, file, shallow=False)
    except OSError:
        same = False
    message = "a copy that a sync or merge program left; " + (
        "it is the same as the list" if same else "it may hold changes of another machine"
    )
    hint = "it can be deleted" if same else "compare the two, bring over what is missing, then delete it"
    return Finding(Severity.ODD, Kind.COPY, message, file=entry, hint=hint)


def _files(folder: Path) -> Iterator[Path]:
    """The regular files of a folder; none of one that can't be read, of which others complain."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_file(follow_symlinks=False):
                    yield folder / entry.name
    except OSError:
        return


def _is_leftover(entry: Path) -> bool:
    if not TEMPORARY.fullmatch(entry.name):
        return False
    try:
        return time.time() - entry.stat().st_mtime > YOUNG
    except OSError:
        return False


def _shut(folder: Path) -> str:
    """Why a file can't be put into a folder, which may be still to be made; empty where it can."""
    there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
    if not stat.S_ISDIR(there.stat().st_mode):
        return f"{there} is not a folder"
    return "" if os.access(there, os.W_OK | os.X_OK) else f"{there} is not yours to write"
