"""Exports shows to a file, for the command line and the interface."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from watchlist.checked_open import NotAFile, check_is_file, descriptor_of, is_sink, path_of, write_sink
from watchlist.domain.model import Show
from watchlist.domain.text import counted
from watchlist.errors import NotFound, Refused, WatchlistError
from watchlist.formats.format import Format, WriteOptions
from watchlist.paths import Paths, is_same_file
from watchlist.store.disk import file_io


class OwnFiles(NamedTuple):
    """The program's own files, which an export never replaces: the list file and the files in `paths`.

    Files are compared by device and inode, because hard links and mounts give the same file other paths.
    """

    list: Path
    paths: Paths

    def name_of(self, path: Path) -> str:
        """Return a description of one of the program's own files, e.g. "the list itself"; empty for any other file.

        Args:
            path: A path without symbolic links.
        """
        if is_same_file(path, file_io.resolve(self.list)):
            return "the list itself"
        if owner := self.paths.owner_of(path):
            return owner
        folders = [folder for folder in (self.paths.state, self.paths.cache) if folder.is_dir()]
        if path.exists() and any(
            is_same_file(path, own_file) for folder in folders for own_file in _files_below(folder)
        ):
            return "a file that watchlist keeps for itself"
        return ""


def _files_below(folder: Path) -> Iterator[Path]:
    """Yield all files below a folder."""
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names)


def target(output: str, own: OwnFiles, *, force: bool = False) -> Path:
    """Return the path, without symbolic links, to which an export to `output` is written. A pipe is returned as given.

    Raises:
        UsageError: The path is not the name of a file.
        Refused: The path is one of the program's own files or no regular file, or it exists and `force` is not set.
        NotFound: The folder of the path does not exist.
    """
    named = path_of(output)
    if is_sink(named):
        if _is_list(named, own.list):
            raise Refused(f"{output} is the list itself", "name another file")
        return named
    path = file_io.resolve(named)
    if name := own.name_of(path):
        raise Refused(f"{output} is {name}", "name another file")
    if not path.parent.is_dir():
        raise NotFound(f"there is no folder {path.parent}", "create it first")
    if os.path.lexists(path):
        try:
            check_is_file(Path(output), path.stat())
        except NotAFile as error:
            raise Refused(error.message, "name another file") from error
        if not force:
            raise Refused(f"{output} exists already", "--force replaces it")
    return path


def is_taken(output: str) -> bool:
    """Return True if an export to the path `output` would replace a file."""
    try:
        path = path_of(output)
        return not is_sink(path) and os.path.lexists(path)
    except WatchlistError:
        return False


def _is_list(sink: Path, file: Path) -> bool:
    """Return True if `sink`, a path such as `/dev/fd/3`, is the list file `file` opened by the shell (`3>>list.toml`)."""
    number = descriptor_of(sink)
    try:
        return number is not None and os.path.samestat(os.fstat(number), file.stat())
    except OSError:
        return False


def write_to(path: Path, data: bytes) -> None:
    """Write `data` to a path that `target` returned. A regular file is replaced atomically."""
    if is_sink(path):
        write_sink(path, data)
    else:
        file_io.replace(path, data)


def written(format: Format, shows: Sequence[Show], options: WriteOptions) -> str:
    """Return shows as text in the format `format`. Raise UsageError if the format can't represent them."""
    assert format.write is not None
    stream = io.StringIO(newline="")
    format.write(shows, stream, options)
    return stream.getvalue()


def left_out(format: Format, shows: Sequence[Show]) -> str:
    """Return a message about what an export of `shows` in this format leaves out; empty if the export is complete.

    CSV and TSV can't store the user's own keys. No format gets values that their fields don't accept.
    """
    messages = []
    if format.name in ("csv", "tsv") and (counts := [len(show.other) for show in shows if show.other]):
        keys = counted(sum(counts), "own key")
        messages.append(f"{keys} of {counted(len(counts), 'show')} left out; json and toml keep them")
    if counts := [len(show.problems) for show in shows if show.problems]:
        values = counted(sum(counts), "invalid value")
        messages.append(f"{values} of {counted(len(counts), 'show')} left out; `watchlist doctor` lists them")
    return "; ".join(messages)


def export_to(path: Path, format: Format, shows: Sequence[Show], options: WriteOptions) -> None:
    """Write shows, in a format, to a path that `target` returned. A regular file is replaced atomically."""
    write_to(path, written(format, shows, options).encode("utf-8"))
