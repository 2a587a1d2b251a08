"""Between a save and the operating system: the call at which it goes wrong, and a list to save for each try."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from watchlist.domain import edits
from watchlist.paths import Paths
from watchlist.store.disk import linux_rename
from watchlist.store.library import Library

OLD = '[[shows]]\nid = "a"\ntitle = "A"\n'
NEW = OLD + "rating = 3.0\n"
CALLS = (
    *("open", "write", "fsync", "close", "replace", "stat", "lstat", "fstat", "chmod", "fchmod", "fchown", "mkdir"),
    *("unlink", "listdir", "scandir", "ftruncate", "lseek", "listxattr", "getxattr", "setxattr", "urandom"),
)
RENAMES = ("trade", "move")  # what stands for `replace` where the system can exchange two files


def before_renaming(patch: pytest.MonkeyPatch, act: Callable[[Path, Path], object]) -> None:
    """Have this done before a file is put in place of another one, whatever way that goes; it may raise."""
    for module, name in ((os, "replace"), *((linux_rename, name) for name in RENAMES)):
        patch.setattr(module, name, _after(act, module, getattr(module, name)))


def _after(act: Callable[[Path, Path], object], module: Any, call: Callable[[Path, Path], Any]) -> Callable[..., Any]:
    def done_first(source: Path, target: Path) -> Any:
        if module is os or linux_rename._call() is not None:
            act(source, target)
        return call(source, target)

    return done_first


def as_elsewhere(patch: pytest.MonkeyPatch) -> None:
    """Two files can't be exchanged: as on other systems than Linux, and on file systems that don't know it."""
    patch.setattr(linux_rename, "_call", lambda: None)


def rate(library: Library, rating: float = 3.0) -> Any:
    return library.apply(edits.rate(["a"], rating))


def temporary(folder: Path) -> list[Path]:
    return [path for path in folder.rglob(".*.tmp") if "index" not in path.parts]


class Seam:
    """Stands before the calls of the operating system; the one of number `at`, counted from 1, goes wrong."""

    def __init__(self, at: int, wrong: Callable[[str], None]) -> None:
        self.at, self.wrong = at, wrong
        self.names: list[str] = []

    @property
    def calls(self) -> int:
        return len(self.names)

    @contextmanager
    def installed(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for name in CALLS:
                if hasattr(os, name):
                    patch.setattr(os, name, self._before(name, getattr(os, name)))
            for name in RENAMES:
                patch.setattr(linux_rename, name, self._before(name, getattr(linux_rename, name)))
            yield

    def _before(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*words: Any, **named: Any) -> Any:
            self.names.append(name)
            if self.calls != self.at:
                return call(*words, **named)
            if name == "close":
                call(*words)  # a descriptor is gone even where closing it fails
            self.wrong(name)
            return call(*words, **named) if name != "close" else None

        return counted


def fails(code: int) -> Callable[[str], None]:
    def wrong(_: str) -> None:
        raise OSError(code, os.strerror(code))

    return wrong


class Case(NamedTuple):
    """A list in a folder of its own, to be saved."""

    library: Library
    before: bytes | None


def case(folder: Path, mode: str) -> Case:
    folder.mkdir()
    file = folder / "lists" / "list.toml"
    paths = Paths(folder / "config.toml", file, folder / "state", folder / "cache")
    if mode != "new":
        file.parent.mkdir()
        file.write_text(OLD, "utf-8")
    if mode == "linked":
        os.link(file, folder / "second")
    library = Library.open(file, paths, backups=1)
    if mode == "again":  # there is a backup, and one more has to be made, so that the first one goes
        rate(library, 1.0)
        file.write_text(NEW.replace("3.0", "2.0"), "utf-8")
    return Case(library, file.read_bytes() if file.exists() else None)
