"""Other users, other systems and odd files: what is not allowed or not known there stops at a sentence, or does no harm."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.conftest import Opened, again
from tests.store.seams import NEW, OLD, as_elsewhere, fails, rate, temporary
from watchlist.errors import StoreError
from watchlist.paths import Paths
from watchlist.store.disk import file_io, file_lock
from watchlist.store.library import Library

NOBODY = 65534
as_root = pytest.mark.skipif(not hasattr(os, "setresuid") or os.geteuid() != 0, reason="only root can be somebody else")


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def theirs(quick: Path, opened: Opened) -> Library:
    """A list of root's in a folder that all can enter; the state folder is nobody's."""
    rate(opened(OLD))  # so that all is imported: the program's own files may be root's alone
    file = quick / "lists" / "list.toml"
    file.parent.mkdir()
    file.write_text(OLD, "utf-8")
    (quick / "state").mkdir()
    os.chown(quick / "state", NOBODY, NOBODY)
    for folder in (quick, file.parent):
        folder.chmod(0o755)
    return Library.open(file, Paths(quick / "config.toml", file, quick / "state", quick / "cache"))


@as_root
def test_F17_a_file_of_another_user_is_said_to_be_theirs(theirs: Library) -> None:
    theirs.file.chmod(0o644)
    assert theirs.list_file.read_only_reason == ""
    with as_nobody():
        assert theirs.list_file.read_only_reason == "is not yours to write"
        theirs.list_file.force_readonly = True
        assert theirs.list_file.read_only_reason == "is not yours to write"  # force is for one's own
        with pytest.raises(StoreError, match="EACCES"):
            rate(theirs)
    assert theirs.file.read_text("utf-8") == OLD


@as_root
def test_F16_a_folder_of_another_user_is_named_where_the_file_is_written_in_place(theirs: Library) -> None:
    theirs.file.chmod(0o666)
    inode = theirs.file.stat().st_ino
    with as_nobody():
        (notice,) = rate(theirs).notices
        assert rate(theirs, 4.0).notices == ()
    assert notice.startswith(f"{theirs.file.parent} can't be written to, so list.toml is written in place")
    assert theirs.file.read_text("utf-8") == NEW.replace("3.0", "4.0")
    assert theirs.file.stat().st_ino == inode


@as_root
def test_P03_a_state_folder_of_another_user_stops_a_change_and_no_reading(theirs: Library) -> None:
    theirs.file.chmod(0o666)
    os.chown(theirs.paths.state, 0, 0)
    with as_nobody():
        assert [show.id for show in again(theirs).list.shows] == ["a"]
        with pytest.raises(StoreError, match="belongs to another user"):
            rate(theirs)
    assert theirs.file.read_text("utf-8") == OLD


def test_F18_a_file_that_is_far_too_large_is_refused_unread(opened: Opened, tmp_path: Path) -> None:
    (tmp_path / "list.toml").touch()
    os.truncate(tmp_path / "list.toml", file_io.MAX_BYTES + 1)
    with pytest.raises(StoreError, match="larger than 256 MiB"):
        opened(None)
    os.truncate(tmp_path / "list.toml", 0)
    assert opened(None).list.shows == ()


def test_F27_who_holds_the_lock_and_wrote_nothing_down_is_another_process(opened: Opened) -> None:
    library = opened(OLD)
    lock = library.paths.lock(library.file)
    with file_lock.locked(lock):
        lock.with_suffix(".holder").unlink()
        with pytest.raises(StoreError, match="locked by another process"), file_lock.locked(lock, 0.01):
            pass
        lock.with_suffix(".holder").write_text(" \n", "utf-8")
        with pytest.raises(StoreError, match="locked by another process"), file_lock.locked(lock, 0.01):
            pass


def test_a_system_without_attributes_beside_a_file_stores_all_the_same(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)
    monkeypatch.delattr(os, "listxattr")
    rate(library)
    assert library.file.read_text("utf-8") == NEW


def test_on_windows_no_folder_is_opened_to_make_a_rename_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Path] = []
    with monkeypatch.context() as patch:
        patch.setattr(os, "open", lambda path, flags: opened.append(path) or 0)
        patch.setattr(os, "fsync", lambda descriptor: None)
        patch.setattr(os, "close", lambda descriptor: None)
        patch.setattr(os, "name", "nt")
        file_io.sync_folder(tmp_path)
        patch.setattr(os, "name", "posix")
        file_io.sync_folder(tmp_path)
    assert opened == [tmp_path]


def test_P06_an_interrupt_while_what_was_there_is_put_back_is_said_and_the_next_change_mends_it(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)
    os.link(library.file, tmp_path / "second")

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(os, "ftruncate", interrupted)
        with pytest.raises(file_io.PartialWriteError, match="written in part: KeyboardInterrupt"):
            rate(library)
    rate(again(library), 5.0)
    assert library.file.read_text("utf-8") == NEW.replace("3.0", "5.0")


def test_F33_what_can_not_be_removed_after_a_save_is_removed_by_a_later_one(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)
    unlink = os.unlink

    def refused(path: str | Path, **words: object) -> None:
        if str(path).endswith(".tmp"):
            fails(13)("unlink")
        unlink(path)

    with monkeypatch.context() as patch:
        patch.setattr(os, "unlink", refused)
        rate(library)
    assert library.file.read_text("utf-8") == NEW
    left = temporary(library.file.parent)
    for path in left:
        os.utime(path, (1, 1))
    rate(again(library), 4.0)
    assert temporary(library.file.parent) == []
    assert [backup.read() for backup in library.backups()] == [OLD.encode()]  # it was known already


def test_F22_where_files_can_not_be_exchanged_nothing_is_left_beside_the_list(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = opened(OLD)
    as_elsewhere(monkeypatch)
    rate(library)
    assert library.file.read_text("utf-8") == NEW
    assert temporary(library.file.parent) == []


def test_a_loss_is_seen_though_the_copy_of_what_was_there_is_damaged(opened: Opened) -> None:
    library = opened(OLD)
    rate(library)
    (copy,) = library.backups()
    copy.path.write_bytes(b"not what was put in")
    library.file.write_text("", "utf-8")
    other = again(library)
    assert other.doubt == "was emptied by another program"
    assert other.guard.last_state() is None
    assert other.guard.accept()
    assert other.list.shows == ()
    assert [backup.number for backup in other.backups()] == [2, 1]


def test_F27_the_lock_is_that_of_filelock_which_other_versions_of_the_program_use(tmp_path: Path) -> None:
    filelock = pytest.importorskip("filelock")
    path = tmp_path / "state" / "list.lock"
    with file_lock.locked(path), pytest.raises(filelock.Timeout):
        filelock.FileLock(path, timeout=0).acquire()
    with filelock.FileLock(path), pytest.raises(StoreError, match="locked by"), file_lock.locked(path, 0.01):
        pass
    with file_lock.locked(path, 0.01):
        pass
