"""The power goes at any moment of a save: what a disk that keeps only what it was told to flush has then, and after it.

The disk that is played here is the worst there may be: of a file it has what was there when it was last flushed, nothing
of one that never was; and a rename either happened or did not, until the folder is flushed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.store.conftest import Opened
from tests.store.seams import NEW, OLD, as_elsewhere, rate
from watchlist.store.disk import linux_rename
from watchlist.store.library import Library

NEVER = b"never flushed"
CHANGES = ("open", "write", "ftruncate", "replace", "unlink")
RENAMES = ("trade", "move")


class Disk:
    """What is safe of some files while a program writes them."""

    def __init__(self, *watched: Path) -> None:
        self.contents: dict[int, bytes] = {}  # by inode, as last flushed
        self.there: dict[Path, set[int | None]] = {}  # which file each name may have now; None: none
        self.moments: list[dict[Path, set[bytes | None]]] = []  # what may be left, before each call
        self.unsure: list[dict[Path, set[bytes | None]]] = []  # those where a file was written over and not flushed yet
        for path in watched:
            self.there[path] = {self._inode(path)}
            if path.exists():
                self.contents[path.stat().st_ino] = path.read_bytes()

    def left(self, path: Path) -> set[bytes | None]:
        """What may be found by this name after a power cut now."""
        found = self.there[path]
        return {self.contents.get(inode, NEVER) if inode is not None else None for inode in found}

    @contextmanager
    def watching(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name in CHANGES:
                patch.setattr(os, name, self._seen(getattr(os, name)))
            for name in RENAMES:
                patch.setattr(linux_rename, name, self._seen(getattr(linux_rename, name)))
            patch.setattr(os, "fsync", self._flushed(os.fsync))
            yield

    def _inode(self, path: Path) -> int | None:
        return path.stat().st_ino if path.exists() else None

    def _seen(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def seen(*words: Any, **named: Any) -> Any:
            self.moments.append({path: self.left(path) for path in self.there})
            if any(path.exists() and path.read_bytes() not in self.left(path) for path in self.there):
                self.unsure.append(self.moments[-1])
            try:
                return call(*words, **named)
            finally:
                for path, inodes in self.there.items():
                    inodes.add(self._inode(path))

        return seen

    def _flushed(self, call: Callable[[int], None]) -> Callable[[int], None]:
        def flushed(descriptor: int) -> None:
            call(descriptor)
            status = os.fstat(descriptor)
            for path in self.there:
                if path.parent.exists() and os.path.samestat(status, path.parent.stat()):
                    self.there[path] = {self._inode(path)}
            name = Path(f"/proc/self/fd/{descriptor}")
            if name.is_file():
                self.contents[status.st_ino] = name.read_bytes()

        return flushed


def saved(library: Library, *watched: Path) -> Disk:
    disk = Disk(library.file, *watched)
    with disk.watching():
        rate(library)
    return disk


@pytest.mark.parametrize("way", ["trade", "rename", "new"])
def test_F03_the_list_is_the_old_or_the_new_one_whenever_the_power_goes(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    library = opened(OLD if way != "new" else None)
    if way == "rename":
        as_elsewhere(monkeypatch)
    if way == "new":
        disk = Disk(library.file)
        with disk.watching():
            library.guard.create()
        new, old = library.file.read_bytes(), None
    else:
        disk, new, old = saved(library), NEW.encode(), OLD.encode()
    assert {data for moment in disk.moments for data in moment[library.file]} == {old, new}
    assert disk.left(library.file) == {new}


def test_F03_the_journal_is_on_disk_before_the_list_is_touched(opened: Opened) -> None:
    library = opened(OLD)
    rate(library, 1.0)
    journal = library.paths.journal(library.file)
    disk = Disk(library.file, journal)
    with disk.watching():
        rate(library, 2.0)
    new = library.file.read_bytes()
    told = [moment[journal] for moment in disk.moments if new in moment[library.file]]
    assert told
    *lines, _ = journal.read_bytes().splitlines(keepends=True)  # the last one confirms the change, and may get lost
    assert b'"confirms"' not in lines[-1]
    assert all(kept is not None and kept.startswith(b"".join(lines)) for left in told for kept in left)


def test_F03_an_image_is_on_disk_while_the_list_is_written_over(opened: Opened, tmp_path: Path) -> None:
    library = opened(OLD)
    os.link(library.file, tmp_path / "second")
    image = library.paths.image(library.file)
    disk = saved(library, image)
    assert disk.unsure
    for moment in disk.unsure:
        (kept,) = moment[image]
        assert kept is not None
        assert kept.endswith(NEW.encode())
    assert disk.left(library.file) == {NEW.encode()}
    assert not image.exists()
