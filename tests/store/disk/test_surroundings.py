"""What stands around the file: modes, owners, kinds of files and of systems, and what interrupts a save."""

from __future__ import annotations

import errno
import os
import socket
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Call, Cli
from tests.store.conftest import Opened, again
from tests.store.seams import NEW, OLD, as_elsewhere, before_renaming, fails, rate, temporary
from watchlist.domain import edits
from watchlist.errors import StoreError
from watchlist.paths import Paths
from watchlist.store.disk import file_io, linux_rename
from watchlist.store.library import Library

NOBODY = 65534


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o077])
@pytest.mark.parametrize("kept", [0o600, 0o640, 0o644, 0o664])
def test_F13_the_mode_of_the_file_is_kept_whatever_the_umask(opened: Opened, mask: int, kept: int) -> None:
    library = opened(OLD)
    library.file.chmod(kept)
    with umask(mask):
        rate(library)
        assert mode(library.file) == kept
        os.link(library.file, library.file.parent / "second")
        rate(library, 2.0)
    assert mode(library.file) == kept


def test_F14_what_the_program_makes_is_private_whatever_the_umask(opened: Opened, tmp_path: Path) -> None:
    with umask(0):
        library = opened(None)
        library.guard.create()
        for rating in (1.0, 2.0):
            library.file.write_bytes(library.file.read_bytes() + b"\n")  # so that a backup is due
            library.apply(edits.rate(["ballard"], rating))
    state = library.paths.state
    assert {path.name for path in state.iterdir()} == {"journals", "locks", "backups", "names"}
    found = [library.file, state, *state.rglob("*")]
    assert {mode(path) for path in found if path.is_dir()} == {0o700}
    assert {mode(path) for path in found if path.is_file()} == {0o600}


def test_F15_an_owner_that_can_not_be_given_is_kept_by_writing_in_place(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)
    inode = library.file.stat().st_ino
    monkeypatch.setattr(os, "geteuid", lambda: NOBODY)  # who is not the file's owner,
    monkeypatch.setattr(os, "fchown", lambda *_: fails(errno.EPERM)(""))  # nor may give files away
    rate(library)
    assert library.file.stat().st_ino == inode
    assert library.file.read_text("utf-8") == NEW
    assert not temporary(library.file.parent)


def _as_nobody(act: Callable[[], object]) -> int:
    """The exit code of a process of nobody's, whom modes stop; where this one is nobody special it is the same."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        act()
        os._exit(0)
    finally:
        os._exit(1)


def test_F16_a_file_in_a_folder_that_can_not_be_written_is_written_in_place(opened: Opened) -> None:
    rate(opened(OLD))  # so that a process which may read no more knows all it needs
    with tempfile.TemporaryDirectory() as folder:
        shut, state = Path(folder, "shut"), Path(folder, "state")
        shut.mkdir()
        state.mkdir()
        file = shut / "list.toml"
        file.write_text(OLD, "utf-8")
        if os.getuid() == 0:
            for path in (file, state):
                os.chown(path, NOBODY, NOBODY)
        shut.chmod(0o555)
        Path(folder).chmod(0o755)
        inode = file.stat().st_ino
        try:
            paths = Paths(state, file, state, state)
            assert _as_nobody(lambda: rate(Library.open(file, paths))) == 0
            assert (file.read_text("utf-8"), file.stat().st_ino) == (NEW, inode)
            file.chmod(0o444)
            assert _as_nobody(lambda: Library.open(file, paths).text()) == 0  # it can still be read
            assert _as_nobody(lambda: rate(Library.open(file, paths), 1.0)) == 1
            assert file.read_text("utf-8") == NEW
        finally:
            shut.chmod(0o755)


def test_F16_it_is_said_once_that_the_folder_can_not_be_written_to(opened: Opened) -> None:
    rate(opened(OLD))
    with tempfile.TemporaryDirectory() as folder:
        shut, state = Path(folder, "shut"), Path(folder, "state")
        shut.mkdir()
        state.mkdir()
        file = shut / "list.toml"
        file.write_text(OLD, "utf-8")
        if os.getuid() == 0:
            for path in (file, state):
                os.chown(path, NOBODY, NOBODY)
        shut.chmod(0o555)
        Path(folder).chmod(0o755)

        def said_once() -> None:
            library = Library.open(file, Paths(state, file, state, state))
            notices = [rate(library, rating).notices for rating in (1.0, 2.0, 3.0)]
            assert [len(found) for found in notices] == [1, 0, 0]
            assert f"{shut} can't be written to, so list.toml is written in place" in notices[0][0]

        try:
            assert _as_nobody(said_once) == 0
        finally:
            shut.chmod(0o755)


def test_F16_other_writes_in_place_need_no_words(opened: Opened, tmp_path: Path) -> None:
    library = opened(OLD)
    os.link(library.file, tmp_path / "second")
    assert rate(library).notices == ()


def test_F17_it_is_known_before_a_change_that_none_can_be_stored(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)
    assert library.list_file.read_only_reason == ""
    library.file.chmod(0o444)
    assert library.list_file.read_only_reason == "is read-only"
    library.list_file.force_readonly = True
    assert library.list_file.read_only_reason == ""
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result((0,) * 8 + (os.ST_RDONLY, 255)))
    assert library.list_file.read_only_reason == "is on a file system that can only be read"
    monkeypatch.undo()
    library.file.unlink()
    assert library.list_file.read_only_reason == ""  # the first change makes it


def test_F13_a_file_marked_read_only_is_written_with_force_and_stays_marked(call: Call, file: Path) -> None:
    before = file.read_bytes()
    file.chmod(0o444)
    ran = call("rate", "heat", "2", "--file", str(file))
    assert (ran.code, ran.out) == (3, "")
    assert "is read-only" in ran.err
    assert "--force" in ran.err
    assert file.read_bytes() == before
    assert call("rate", "heat", "2", "--force", "--file", str(file)).code == 0
    assert file.read_bytes() != before
    assert stat.S_IMODE(file.stat().st_mode) == 0o444
    assert call("--force", "undo", "--file", str(file)).code == 0
    assert file.read_bytes() == before


def test_F13_force_still_adds_what_is_there_and_is_named_once(call: Call, file: Path) -> None:
    assert call("add", "Heat", "--year", "1995", "--file", str(file)).code == 1
    assert call("add", "Heat", "--year", "1995", "--force", "--file", str(file)).code == 0
    assert call("help", "add").out.count("--force") == 1


def test_F17_a_file_system_that_can_only_be_read(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    library, call = opened(OLD), os.open

    def only_read(path: Any, flags: int, *words: Any, **named: Any) -> int:
        if flags & os.O_ACCMODE != os.O_RDONLY and Path(path).parent == library.file.parent:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return call(path, flags, *words, **named)

    monkeypatch.setattr(os, "open", only_read)
    with pytest.raises(StoreError, match=r"can't write .*Read-only file system \(EROFS\)") as raised:
        rate(library)
    assert raised.value.exit_code == 3
    assert "can be read" in raised.value.hint
    assert again(library).text() == OLD


def test_F18_a_socket_and_a_device_are_refused_at_once(cli: Cli, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server, tempfile.TemporaryDirectory() as folder:
        server.bind(f"{folder}/it")
        for path in (Path(folder, "it"), Path("/dev/null"), Path("/dev/tty"), Path("/dev/zero")):
            with pytest.raises(StoreError, match=r"not a regular file|can't read"):
                file_io.read(path)
            with pytest.raises(StoreError, match="not a regular file"):
                file_io.replace(path, b"x")
    os.mkfifo(tmp_path / "pipe")
    ran = cli("rate", "a", "3", "--file", str(tmp_path / "pipe"))
    assert ran.returncode == 3  # `cli` does not wait for ever
    assert "not a regular file" in ran.stderr


def test_F19_a_file_that_vanishes_during_a_save_is_not_made_anew(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)

    def unlinked(*_: object) -> None:
        library.file.unlink(missing_ok=True)

    monkeypatch.setattr(file_io, "keep_attributes", unlinked)
    with pytest.raises(StoreError, match="is gone"):
        rate(library)
    assert not library.file.exists()
    assert not temporary(library.file.parent)
    assert library.list.shows[0].title == "A"


# Names, and what interrupts a save


def test_F39_a_name_as_long_as_names_can_be(tmp_path: Path) -> None:
    file = tmp_path / ("x" * 250 + ".toml")
    file.write_text(OLD, "utf-8")
    library = Library.open(file, Paths(tmp_path, file, tmp_path / "state", tmp_path / "cache"))
    rate(library)
    assert file.read_text("utf-8") == NEW
    library.list_file.remember()
    library.undo()


@pytest.mark.parametrize("number", [5, 32, 33])
def test_F40_who_has_the_file_open_on_windows_is_waited_for(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    library, tries = opened(OLD), list[float]()
    as_elsewhere(monkeypatch)
    free_after = 3

    def shared(_: Path, target: Path) -> None:
        if target == library.file:
            tries.append(time.monotonic())
            if len(tries) <= free_after:
                error = PermissionError(errno.EACCES, "in use by another process")
                error.winerror = number  # type: ignore[attr-defined]
                raise error

    before_renaming(monkeypatch, shared)
    inode = library.file.stat().st_ino
    rate(library)
    assert len(tries) == 4
    assert library.file.stat().st_ino != inode  # it was not written in place meanwhile
    free_after, tries[:] = 10**6, []
    monkeypatch.setattr(file_io, "SHARED_SECONDS", 0.2)
    with pytest.raises(StoreError, match=r"in use.*\(EACCES\)"):
        rate(library, 1.0)
    assert tries[-1] - tries[0] >= 0.15
    assert library.file.read_text("utf-8") == NEW
    assert not temporary(library.file.parent)


def test_P04_a_link_planted_where_a_temporary_file_would_be_is_neither_followed_nor_removed(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, precious = opened(OLD), tmp_path / "precious"
    precious.write_text("mine", "utf-8")
    link = tmp_path / f".{'00' * 6}.tmp"
    link.symlink_to(precious)
    with monkeypatch.context() as patch:
        patch.setattr(os, "urandom", bytes)
        with pytest.raises(StoreError, match=r"\(EEXIST\)"):
            rate(library)
    assert link.is_symlink()
    assert precious.read_text("utf-8") == "mine"
    assert library.file.read_text("utf-8") == OLD
    rate(library)


@pytest.mark.parametrize("error", [MemoryError, RecursionError, KeyboardInterrupt])
@pytest.mark.parametrize("at", ["write", "fsync", "replace", "trade"])
def test_P06_whatever_interrupts_a_save_leaves_no_half_of_it(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, at: str, error: type[BaseException]
) -> None:
    module = linux_rename if at == "trade" else os
    library, call = opened(OLD), getattr(module, at)
    rate(library, 1.0)
    before = library.file.read_bytes()
    for number in range(1, 5):
        calls = list[int]()

        def interrupted(*words: Any, number: int = number, calls: list[int] = calls) -> Any:
            calls.append(1)
            if len(calls) == number:
                raise error
            return call(*words)

        with monkeypatch.context() as patch:
            patch.setattr(module, at, interrupted)
            try:
                rate(library, 2.0)
            except error:
                assert library.file.read_bytes() in (before, before.replace(b"1.0", b"2.0"))
            else:
                assert len(calls) < number
                break
        assert not temporary(library.file.parent)
    rate(library, 4.0)
    assert again(library).list.shows[0].rating == 4.0
