"""One file at a time: read whole, put in place whole, added to, locked beside; and the sentence for a call that fails."""

from __future__ import annotations

import errno
import os
import sys
import threading
from pathlib import Path

import pytest

from tests.store.seams import fails
from watchlist import checked_open
from watchlist.errors import StoreError
from watchlist.store.disk import file_io as files
from watchlist.store.disk import file_lock, folders


def test_what_is_read_is_all_of_it(tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert files.read(file) is None
    for data in (b"", b"a\r\n\x00\x1a\xff", b"x" * 1_000_000):
        file.write_bytes(data)
        assert files.read(file) == data
        assert files.read(file, len(data)) == data
    with pytest.raises(StoreError, match="larger than 0 MiB"):
        files.read(file, len(data) - 1)
    os.truncate(file, 3 << 20)
    with pytest.raises(StoreError, match="larger than 2 MiB"):
        files.read(file, 2 << 20)


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        (errno.ENOSPC, "free some space there, then try again"),
        (errno.EDQUOT, "free some space there, then try again"),
        (errno.EROFS, "the file can be read, but not changed; use another list with --file"),
        (errno.EIO, ""),
        (errno.ENAMETOOLONG, ""),
    ],
)
def test_a_call_that_fails_is_said_with_its_name_and_what_to_do(tmp_path: Path, code: int, hint: str) -> None:
    error = checked_open.cannot("write", tmp_path, OSError(code, os.strerror(code)))
    assert error.message == f"can't write {tmp_path}: {os.strerror(code)} ({errno.errorcode[code]})"
    assert error.hint == hint
    assert error.exit_code == 3


def test_an_error_of_no_number_is_said_too(tmp_path: Path) -> None:
    assert checked_open.cannot("read", tmp_path, OSError("odd")).message == f"can't read {tmp_path}: odd"
    assert checked_open.cannot("read", tmp_path, OSError(99999, "odd")).message == f"can't read {tmp_path}: odd"


def test_a_file_is_replaced_with_its_mode_and_attributes_and_a_new_one_is_private(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "down" / "file"
    files.replace(file, b"one")
    assert file.read_bytes() == b"one"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [folder.stat().st_mode & 0o777 for folder in (file.parent, file.parent.parent)] == [0o700, 0o700]
    file.chmod(0o640)
    inode = file.stat().st_ino
    files.replace(file, b"two")
    assert file.stat().st_mode & 0o777 == 0o640
    assert file.stat().st_ino != inode
    file.chmod(0o400)
    with pytest.raises(StoreError, match="is read-only") as caught:
        files.replace(file, b"three")
    assert caught.value.hint.startswith(f"chmod u+w {file} if it should be written")
    assert file.read_bytes() == b"two"
    assert os.listdir(file.parent) == ["file"]  # noqa: PTH208


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="not a regular file"):
        files.replace(tmp_path, b"one")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_added_to_privately(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "file"
    files.append(file, b"one\n")
    files.append(file, b"two\n")
    assert file.read_bytes() == b"one\ntwo\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    with pytest.raises(StoreError, match="not a regular file but a folder"):
        files.append(tmp_path, b"one")


@pytest.mark.parametrize("name", ["open", "write", "fsync"])
def test_what_could_not_be_added_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, name, lambda *_: fails(errno.ENOSPC)(name))
        with pytest.raises(StoreError, match=r"can't write .*\(ENOSPC\)"):
            files.append(tmp_path / "file", b"one")
    files.append(tmp_path / "file", b"two")
    assert (tmp_path / "file").read_bytes() == (b"onetwo" if name == "fsync" else b"two")  # what is torn is closed off


def test_no_descriptor_is_left_open(tmp_path: Path) -> None:
    file, second = tmp_path / "file", tmp_path / "second"
    before = len(os.listdir("/dev/fd"))  # noqa: PTH208
    for _ in range(3):
        files.replace(file, b"one")
        files.append(file, b"two")
        files.read(file)
        files.sync_folder(tmp_path)
        os.link(file, second)
        files.replace(file, b"three")
        second.unlink()
        with file_lock.locked(tmp_path / "lock"):
            pass
        with pytest.raises(StoreError):
            files.read(tmp_path)
    assert len(os.listdir("/dev/fd")) == before  # noqa: PTH208


def test_a_folder_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"can't create .*\(ENOTDIR\)"):
        folders.make_private_folder(tmp_path / "file" / "folder")
    tmp_path.chmod(0o755)
    folders.make_private_folder(tmp_path)
    assert tmp_path.stat().st_mode & 0o777 == 0o755  # what is there is left as it is


def test_a_signature_changes_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert files.signature(file) is None
    file.write_bytes(b"one")
    status = file.stat()
    assert files.signature(file) == (status.st_mtime_ns, 3, status.st_ino)


def test_links_lead_to_the_real_file_or_to_where_it_would_be(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("folder/other")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "other").symlink_to(tmp_path / "real")
    assert files.resolve(tmp_path / "link") == (tmp_path / "real").resolve()
    (tmp_path / "real").touch()
    assert files.resolve(tmp_path / "link") == (tmp_path / "real").resolve()
    (tmp_path / "real").unlink()
    (tmp_path / "real").symlink_to("link")
    with pytest.raises(StoreError, match=r"can't read .*\(ELOOP\)"):
        files.resolve(tmp_path / "link")


def test_why_a_file_can_not_be_changed_is_known_before(tmp_path: Path) -> None:
    file = tmp_path / "file"
    assert files.read_only_reason(file) == ""  # it can be made
    file.touch()
    assert files.read_only_reason(file) == ""
    file.chmod(0o444)
    assert files.read_only_reason(file) == "is read-only"
    assert files.read_only_reason(file, force_readonly=True) == ""
    assert files.read_only_reason(Path("/proc/version")) != ""


def test_who_holds_the_lock_is_written_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/x/watchlist", "rate", "heat\x1b", "x" * 100])
    lock = tmp_path / "locks" / "a.lock"
    with file_lock.locked(lock) as warning:
        assert warning == ""
        assert (lock.parent / "a.holder").read_text("utf-8").splitlines()[0] == (
            f"process {os.getpid()} on {os.uname().nodename} ({('watchlist rate heat' + chr(27) + ' ' + 'x' * 100)[:60]})"
        )
        assert {path.stat().st_mode & 0o777 for path in lock.parent.iterdir()} == {0o600}
        with pytest.raises(StoreError, match="rate heat␛ xxx") as caught, file_lock.locked(lock, 0.01):
            pass
        assert caught.value.hint == "try again when it is done"
    with file_lock.locked(lock, 0.01):
        pass


def test_a_lock_is_let_go_of_whatever_happens(tmp_path: Path) -> None:
    lock = tmp_path / "a.lock"
    for error in (ValueError, KeyboardInterrupt):
        with pytest.raises(error), file_lock.locked(lock):
            raise error
        with file_lock.locked(lock, 0.01):
            pass


def test_a_lock_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lock, got = tmp_path / "a.lock", list[str]()

    def wait() -> None:
        with file_lock.locked(lock):
            got.append("it")

    with file_lock.locked(lock):
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join(0.2)
        assert got == []
    thread.join(10)
    assert got == ["it"]
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 0.01)
    with file_lock.locked(lock), pytest.raises(StoreError, match="locked by"), file_lock.locked(lock):
        pass


def test_a_file_with_two_names_is_written_in_place_shorter_and_longer(tmp_path: Path) -> None:
    file, second = tmp_path / "file", tmp_path / "second"
    file.write_bytes(b"one\ntwo\n")
    os.link(file, second)
    for data in (b"1", b"one and two and three", b""):
        files.replace(file, data)
        assert file.read_bytes() == second.read_bytes() == data
        assert file.stat().st_nlink == 2
    assert {path.name for path in tmp_path.iterdir()} == {"file", "second"}


def test_an_odd_system_call_loses_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, file = os.write, tmp_path / "file"
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:3]))
    files.append(file, b"0123456789")
    assert file.read_bytes() == b"0123456789"
    files.replace(file, b"abcdefgh")
    assert file.read_bytes() == b"abcdefgh"


@pytest.mark.parametrize("code", [errno.EBUSY, errno.EXDEV, errno.EACCES, errno.EPERM])
def test_F12_what_can_not_be_renamed_over_is_written_in_place_unasked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"one")
    inode = file.stat().st_ino
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: fails(code)("replace"))
        files.replace(file, b"two")
        with pytest.raises(StoreError, match=errno.errorcode[code]):
            files.replace(tmp_path / "new", b"one")
    assert (file.read_bytes(), file.stat().st_ino) == (b"two", inode)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_what_fails_otherwise_is_not_written_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"one")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: fails(errno.EIO)("replace"))
        with pytest.raises(StoreError, match="EIO"):
            files.replace(file, b"two")
    assert file.read_bytes() == b"one"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
