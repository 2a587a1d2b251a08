"""Two names that change places in one step, where the system can do that; and what is said where it can't."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from watchlist.store.disk import linux_rename

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="two files can be exchanged on Linux alone")


@pytest.fixture
def anew() -> Iterator[None]:
    """What was found out of the system is found out again, before and after."""
    linux_rename._call.cache_clear()
    yield
    linux_rename._call.cache_clear()


def two(folder: Path) -> tuple[Path, Path]:
    one, other = folder / "one", folder / "other"
    one.write_text("1", "utf-8")
    other.write_text("2", "utf-8")
    return one, other


def test_two_files_have_each_others_name(tmp_path: Path) -> None:
    one, other = two(tmp_path)
    assert linux_rename.trade(one, other)
    assert (one.read_text("utf-8"), other.read_text("utf-8")) == ("2", "1")


def test_a_file_is_moved_to_a_name_that_is_free_and_to_no_other(tmp_path: Path) -> None:
    one, other = two(tmp_path)
    with pytest.raises(FileExistsError) as caught:
        linux_rename.move(one, other)
    assert (caught.value.filename, caught.value.filename2) == (str(one), str(other))
    assert linux_rename.move(one, tmp_path / "third")
    assert (tmp_path / "third").read_text("utf-8") == "1"
    assert other.read_text("utf-8") == "2"


def test_what_is_not_there_can_not_be_exchanged(tmp_path: Path) -> None:
    one, _ = two(tmp_path)
    with pytest.raises(FileNotFoundError):
        linux_rename.trade(one, tmp_path / "nothing")
    assert one.read_text("utf-8") == "1"


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_on_another_system_nothing_is_done_and_that_is_said(
    tmp_path: Path, system: str, anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", system)
        assert not linux_rename.trade(one, other)
        assert not linux_rename.move(one, tmp_path / "third")
        with one.open("a"):
            assert not linux_rename.is_open_for_writing(one)
    assert (one.read_text("utf-8"), other.read_text("utf-8")) == ("1", "2")


def test_a_c_library_that_does_not_know_it_is_no_error(
    tmp_path: Path, anew: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object, **__: object) -> object:
        raise OSError("no such library")

    monkeypatch.setattr(ctypes, "CDLL", none)
    assert not linux_rename.trade(*two(tmp_path))


@pytest.mark.parametrize("code", [errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP])
def test_a_file_system_that_does_not_know_it_is_no_error(
    tmp_path: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linux_rename, "_call", lambda: lambda *_: code)
    assert not linux_rename.trade(*two(tmp_path))


def test_who_has_a_file_open_to_write_is_seen_and_who_reads_it_is_not(tmp_path: Path) -> None:
    one, other = two(tmp_path)
    assert not linux_rename.is_open_for_writing(one)
    with one.open("rb"):
        assert not linux_rename.is_open_for_writing(one)
    with one.open("ab"), other.open("rb"):
        os.link(one, tmp_path / "third")
        assert linux_rename.is_open_for_writing(one)
        assert linux_rename.is_open_for_writing(tmp_path / "third")
        assert not linux_rename.is_open_for_writing(other)
    assert not linux_rename.is_open_for_writing(one)


def test_what_can_not_be_opened_is_not_open_for_writing(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(two(tmp_path)[0])
    with (tmp_path / "one").open("ab"):
        assert not linux_rename.is_open_for_writing(link)
    assert not linux_rename.is_open_for_writing(tmp_path / "nothing")
    assert not linux_rename.is_open_for_writing(Path("/dev/null"))


def test_nobody_is_told_of_a_look_at_a_file(tmp_path: Path) -> None:
    one, _ = two(tmp_path)
    told = []
    before = signal.signal(signal.SIGIO, lambda *_: told.append("io"))
    try:
        linux_rename.is_open_for_writing(one)
        with one.open("ab"):
            pass
    finally:
        signal.signal(signal.SIGIO, before)
    assert told == []
