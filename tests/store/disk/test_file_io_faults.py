"""Single calls of the operating system that go wrong, or tell little, under one file: it is read and written all the same."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from tests.store.seams import fails
from watchlist.errors import StoreError
from watchlist.store.disk import file_io, file_lock, folders


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "folder" / "file"
    file.parent.mkdir()
    file.write_bytes(b"one")
    return file


def replaced(file: Path) -> bool:
    """Write it, whether by a rename."""
    inode = file.stat().st_ino
    file_io.replace(file, b"two")
    assert file.read_bytes() == b"two"
    assert [path.name for path in file.parent.iterdir()] == ["file"]
    return file.stat().st_ino != inode


def test_F23_what_was_half_there_is_read_again_though_its_size_and_time_are_as_before(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    time, fstat = file.stat().st_mtime_ns, os.fstat
    texts = iter([b"", b"new"])

    def written(descriptor: int) -> os.stat_result:
        status = fstat(descriptor)
        if (text := next(texts, None)) is not None:
            file.write_bytes(text)
            os.utime(file, ns=(time, time))
        return fstat(descriptor) if text else status

    monkeypatch.setattr(os, "fstat", written)
    assert file_io.read(file) == b"new"


def test_F02_a_read_that_fails_is_said(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fdopen", lambda *_, **__: fails(errno.EIO)(""))
    with pytest.raises(StoreError, match=r"can't read .*file: .*\(EIO\)"):
        file_io.read(file)


@pytest.mark.parametrize(("mode", "barred"), [(0o555, True), (0o444, True), (0o402, False), (0o420, False)])
def test_F13_a_file_that_anybody_may_write_is_not_marked_read_only(file: Path, mode: int, barred: bool) -> None:
    file.chmod(mode)
    assert (file_io.read_only_reason(file) == "is read-only") is barred
    if barred:
        with pytest.raises(StoreError, match="is read-only"):
            file_io.replace(file, b"two")
    else:
        assert replaced(file)
    assert stat.S_IMODE(file.stat().st_mode) == mode


def test_a_lock_that_can_not_be_let_go_of_undoes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flock = fcntl.flock
    monkeypatch.setattr(
        fcntl, "flock", lambda fd, how: fails(errno.EIO)("") if how == fcntl.LOCK_UN else flock(fd, how)
    )
    with file_lock.locked(tmp_path / "a.lock"):
        pass


def test_F27_who_holds_the_lock_is_said_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    with file_lock.locked(lock):
        for data, said in (
            (b"process 1 on \xc3", "process 1 on \ufffd"),
            (b" process 1\n", "process 1"),
            (b"", "another process"),
        ):
            lock.with_suffix(".holder").write_bytes(data)
            with pytest.raises(StoreError, match=f"locked by {said}$"), file_lock.locked(lock, 0.01):
                pass


def put(file: Path, commit: Callable[[Path], None], check: Callable[[], None] = lambda: None, **more: Any) -> str:
    return file_io.put(file, b"two", file_io.WriteStrategy(check, commit, **{"in_place": nullcontext(), **more}))


def test_only_a_folder_that_can_not_be_written_to_is_said(file: Path) -> None:
    def busy(temporary: Path) -> None:
        temporary.unlink()
        raise OSError(errno.EBUSY, "busy")

    assert put(file, lambda temporary: file_io.rename(temporary, file)) == ""
    assert put(file, busy) == ""
    assert file.read_bytes() == b"two"


def test_nothing_is_prepared_to_write_over_what_somebody_changed(file: Path, tmp_path: Path) -> None:
    entered = []

    @contextmanager
    def guarded() -> Iterator[None]:
        entered.append("it")
        yield

    def check() -> None:
        raise file_io.changed(file)

    os.link(file, tmp_path / "second")
    with pytest.raises(file_io.ConcurrentChangeError):
        put(file, Path.unlink, check, in_place=guarded())
    assert entered == []
    assert file.read_bytes() == b"one"


def test_what_went_wrong_first_is_said_though_the_temporary_file_stays(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, code in (("replace", errno.EIO), ("unlink", errno.EROFS)):
        monkeypatch.setattr(os, name, lambda *_, code=code, **__: fails(code)(""))
    with pytest.raises(StoreError, match="EIO"):
        file_io.replace(file, b"two")
    assert file.read_bytes() == b"one"


def test_F15_an_owner_is_given_where_it_is_another_one_and_only_there(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = []

    def fchown(descriptor: int, user: int, group: int) -> None:
        given.append((user, group))

    monkeypatch.setattr(os, "fchown", fchown)
    assert replaced(file)
    assert given == []
    status = file.stat()
    for name in ("geteuid", "getegid"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, lambda: 65534)
            assert replaced(file)
    assert given == [(status.st_uid, status.st_gid)] * 2


@pytest.mark.skipif(not hasattr(os, "listxattr"), reason="attributes are named so on Linux alone")
def test_F15_attributes_that_can_not_be_kept_keep_no_other(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []

    def getxattr(_: Path, name: str) -> bytes:
        return fails(errno.EPERM)("") or b"" if name == "user.a" else b"x"

    monkeypatch.setattr(os, "listxattr", lambda _: ["user.a", "user.b"])
    monkeypatch.setattr(os, "getxattr", getxattr)
    monkeypatch.setattr(os, "setxattr", lambda path, name, value: kept.append((name, value)))
    assert replaced(file)
    assert kept == [("user.b", b"x")]
    monkeypatch.setattr(os, "listxattr", lambda _: fails(errno.EOPNOTSUPP)(""))
    assert replaced(file)


def test_a_descriptor_that_fails_as_it_is_closed_has_done_its_work(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close = os.close

    def closed(descriptor: int) -> None:
        close(descriptor)
        raise OSError(errno.EIO, "at the end")

    monkeypatch.setattr(os, "close", closed)
    assert file_io.read(file) == b"one"
    assert replaced(file)
    file_io.append(file, b"!")
    assert file_io.read(file) == b"two!"


def test_a_folder_that_can_not_be_flushed_need_not_be(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fsync = os.fsync

    def flushed(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not a file")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", flushed)
    assert replaced(file)


def test_a_folder_that_somebody_makes_meanwhile_is_as_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "exists", lambda _: False)
    folders.make_private_folder(tmp_path / "new")
    assert (tmp_path / "new").is_dir()


def test_root_may_keep_things_in_any_folder_and_others_in_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folders.check_own(tmp_path / "none")
    if os.geteuid() == 0:
        os.chown(tmp_path, 5, -1)
    owner = tmp_path.stat().st_uid
    for user, good in ((owner, True), (0, True), (owner + 1, False)):
        monkeypatch.setattr(os, "geteuid", lambda user=user: user)
        with nullcontext() if good else pytest.raises(StoreError, match="belongs to another user"):
            folders.check_own(tmp_path)


def test_a_file_is_where_it_was_unless_it_is_known_to_be_gone(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        assert file_io._is_at(file, descriptor)
        with monkeypatch.context() as patch:
            patch.setattr(os, "stat", lambda _: fails(errno.EACCES)(""))
            assert file_io._is_at(file, descriptor) is True
        file.rename(file.with_name("moved"))
        assert file_io._is_at(file, descriptor) is False
        file.write_bytes(b"other")
        assert file_io._is_at(file, descriptor) is False
    finally:
        os.close(descriptor)
