"""Writing shows to a file that is not the list: both faces do it by these steps."""

from __future__ import annotations

import io
import os
import stat
from collections.abc import Sequence
from pathlib import Path

from watchlist.errors import NotFound, Refused
from watchlist.formats import Format, WriteOptions
from watchlist.model import Show
from watchlist.store import files


def target(output: str, file: Path, *, force: bool = False) -> Path:
    """Where an export to `output` goes, links followed.

    Refused for the list's own `file`, and without `force` for a file that exists; NotFound where there is no such folder.
    """
    path = files.resolve(Path(output).expanduser())
    if path == files.resolve(file):
        raise Refused(f"{output} is the list itself", "name another file")
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}", "create it first")
    if os.path.lexists(path):
        if not stat.S_ISREG(path.stat().st_mode):
            raise Refused(f"{output} is not a regular file", "name another file")
        if not force:
            raise Refused(f"{output} exists already", "--force replaces it")
    return path


def written(format: Format, shows: Sequence[Show], options: WriteOptions) -> str:
    """The shows in this format. UsageError where the format does not take them."""
    assert format.write is not None
    stream = io.StringIO(newline="")
    format.write(shows, stream, options)
    return stream.getvalue()


def export_to(path: Path, format: Format, shows: Sequence[Show], options: WriteOptions) -> None:
    """Write the shows to a path that `target` gave: whole or not at all."""
    files.replace(path, written(format, shows, options).encode("utf-8"))
