"""Every call of the operating system fails once, and once for good: the list is old or new, and the next save works."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.store.seams import RENAMES
from tests.trust.conftest import Figure, Many
from tests.trust.test_kills import START, change, text_of
from tests.trust.work import a_folder, opened, temporary
from watchlist.domain import edits
from watchlist.domain.model import Show
from watchlist.errors import StoreError, WatchlistError
from watchlist.formats import FORMATS, merge_imported
from watchlist.store.disk import file_lock, linux_rename
from watchlist.store.library import Library

# What writes and what looks; `fdopen` stands for reading, which has no call of its own here.
CALLS = (
    *("open", "fdopen", "close", "write", "fsync", "replace", "rename", "ftruncate", "unlink", "mkdir", "fchown"),
    *("chmod", "fchmod", "stat", "fstat", "lstat", "listdir", "scandir", "listxattr", "getxattr", "setxattr"),
)
# Two errors say of a lock that another process has it, which is waited for; and to let go of one never fails.
HELD = (errno.EACCES, errno.EPERM, errno.EAGAIN)
DONE_FIRST = ("close", "fdopen")  # what is closed is closed, whatever is said of it
ERRORS = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.EPERM, errno.EINVAL, errno.EMFILE)


class Mode(NamedTuple):
    """What is done, on what; `act` is given a list that was opened before, or the folder of one that is not."""

    act: Callable[[Path, Library], Any]
    prepare: Callable[[Path], object] = lambda folder: None
    reads: bool = False


IMPORTED = b'[[shows]]\ntitle = "One"\n[[shows]]\nid = "it"\ntitle = "It"\nyear = 1999\n[[shows]]\ntitle = "Two"\n'


def _import(folder: Path, library: Library) -> None:
    read = FORMATS["toml"].read
    assert read is not None
    library.apply(merge_imported(library.list, read(IMPORTED)).edit)


def _linked(folder: Path) -> None:
    (folder / "dots").mkdir()
    (folder / "list.toml").rename(folder / "dots" / "mine.toml")
    (folder / "list.toml").symlink_to("dots/mine.toml")


MODES: dict[str, Mode] = {
    "load": Mode(lambda folder, library: opened(folder), reads=True),
    "reload": Mode(lambda folder, library: library.reload(), reads=True),
    "save": Mode(lambda folder, library: change(library, START + 3)),
    "first save ever": Mode(
        lambda folder, library: change(library, START + 3), lambda folder: _forget(folder / "state")
    ),
    "save through a link": Mode(lambda folder, library: change(library, START + 3), _linked),
    "addition": Mode(lambda folder, library: library.apply(edits.add(Show("", "New")))),
    "removal of many": Mode(lambda folder, library: library.apply(edits.remove([f"s{n}" for n in range(9)]))),
    "undo": Mode(lambda folder, library: library.undo()),
    "redo": Mode(lambda folder, library: library.redo(), lambda folder: opened(folder).undo()),
    "import": Mode(_import),
    "whole text from an editor": Mode(lambda folder, library: library.replace_text(text_of(START + 3).decode())),
    "restore of a backup": Mode(
        lambda folder, library: library.restore(library.backups()[0].name),
        lambda folder: opened(folder).apply(edits.remove(["s1", "s2"])),
    ),
}


def _forget(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


class Failing:
    """Counts calls; number `at` fails with this error, and with `for_good` all after it of the same name."""

    def __init__(self, at: int, code: int, for_good: bool) -> None:
        self.at, self.code, self.for_good = at, code, for_good
        self.count, self.failed = 0, ""

    def wrapped(self, name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **named: Any) -> Any:
            if name == "flock" and (self.code in HELD or args[1] == fcntl.LOCK_UN):
                return call(*args, **named)
            self.count += 1
            if self.count == self.at or (self.for_good and self.failed == name):
                self.failed = name
                if name in DONE_FIRST:
                    done = call(*args, **named)
                    if done is not None:
                        done.close()
                raise OSError(self.code, os.strerror(self.code), args[0] if args else None)
            return call(*args, **named)

        return counted

    @contextmanager
    def installed(self) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch:
            for module, name in [
                *((os, name) for name in CALLS),
                (fcntl, "flock"),
                *((linux_rename, n) for n in RENAMES),
            ]:
                patch.setattr(module, name, self.wrapped(name, getattr(module, name)))
            patch.setattr(file_lock, "LOCK_SECONDS", 0.1)
            yield


def _once(mode: Mode, at: int, code: int, for_good: bool) -> bool:
    """Let one call fail; whether there were so many."""
    with a_folder() as folder:
        file = folder / "list.toml"
        file.write_bytes(text_of(START))
        change(opened(folder), START + 1)
        mode.prepare(folder)
        old, held = file.read_bytes(), opened(folder)
        copies = {path: path.read_bytes() for path in folder.glob("state/backups/*/*.toml")}
        failing = Failing(at, code, for_good)
        error: BaseException | None = None
        with failing.installed():
            try:
                mode.act(folder, held)
            except WatchlistError as raised:
                error = raised
        new = _made_new(mode) if not mode.reads else old
        _check(failing, error, file, old, new)
        assert {path: path.read_bytes() for path in copies} == copies
        assert held.reload() in (True, False)
        change(held, START + 9)
        change(opened(folder), START + 10)
        assert b'platform = "1010' in file.read_bytes()
        return bool(failing.failed)


_NEW: dict[int, bytes] = {}


def _made_new(mode: Mode) -> bytes:
    """What the list is where nothing fails."""
    if id(mode) not in _NEW:
        with a_folder() as folder:
            (folder / "list.toml").write_bytes(text_of(START))
            change(opened(folder), START + 1)
            mode.prepare(folder)
            mode.act(folder, opened(folder))
            _NEW[id(mode)] = (folder / "list.toml").read_bytes()
    return _NEW[id(mode)]


def _check(failing: Failing, error: BaseException | None, file: Path, old: bytes, new: bytes) -> None:
    case = (failing.failed, failing.at, errno.errorcode[failing.code], failing.for_good, error)
    assert file.read_bytes() in (old, new), case
    assert error is not None or file.read_bytes() == new, case  # what is said to be done is done
    if error is not None:
        assert isinstance(error, StoreError), case
        assert errno.errorcode[failing.code] in error.message, case
        assert "/" in error.message, case
    if failing.failed != "unlink":
        real = Path(os.path.realpath(file))
        assert not temporary(file.parent) + temporary(real.parent), case


@pytest.mark.parametrize("name", MODES)
def test_F02_any_call_can_fail_and_nothing_is_lost(name: str, many: Many, figure: Figure) -> None:
    points = runs = 0
    codes, step = ERRORS[: many(2, len(ERRORS))], many(12, 1)  # short: every twelfth call, each time others
    for number, code in enumerate(codes):
        for for_good in (False, True):
            at = 1 + (number * 6 + for_good * 3) % step
            while _once(MODES[name], at, code, for_good):
                at, runs = at + step, runs + 1
            points = max(points, at - step)
    figure(f"failing calls: {name}", calls=points, errors=len(codes), failures=runs, damaged=0, left_behind=0)
    assert points >= 3
