"""Who else is at the file: other programs, those that hold the lock, and those that a crash ended."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import Call
from tests.store.conftest import Opened, again
from tests.store.seams import NEW, OLD, fails, rate, temporary
from watchlist.domain import edits
from watchlist.errors import StoreError
from watchlist.paths import Paths
from watchlist.store.disk import crash_recovery, file_io, file_lock, linux_rename
from watchlist.store.library import Library


@contextmanager
def rewriting(file: Path, texts: tuple[bytes, ...], *, pause: float = 0) -> Iterator[None]:
    """A process that writes these texts over the file again and again, in small pieces."""
    code = (
        "import os, sys, time\n"
        "texts, pause = eval(sys.stdin.readline()), float(sys.argv[2])\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    for text in texts:\n"
        "        with open(sys.argv[1], 'wb', buffering=0) as file:\n"
        "            for at in range(0, len(text), 1000):\n"
        "                file.write(text[at : at + 1000])\n"
        "                time.sleep(0.001)\n"
        "        time.sleep(pause)\n"
    )
    words = [sys.executable, "-c", code, str(file), str(pause)]
    program = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert program.stdin is not None
    assert program.stdout is not None
    try:
        print(repr(texts), file=program.stdin, flush=True)
        program.stdout.readline()
        yield
    finally:
        program.kill()
        program.communicate()


def test_F23_a_file_that_is_being_written_is_read_when_it_holds_still(opened: Opened) -> None:
    texts = tuple(f'{OLD}notes = "{letter * 30_000}"\n'.encode() for letter in "xyz")
    library = opened(texts[0])
    with rewriting(library.file, texts, pause=0.1):
        seen = set()
        until = time.monotonic() + 1.5
        while time.monotonic() < until:
            data = file_io.read(library.file)
            assert data is not None
            assert any(text.startswith(data) for text in texts)
            seen.add(data in texts)
    assert seen == {True, False}  # what is between two pieces of a write is for the guards to see


def test_F23_a_read_during_which_the_file_grew_is_made_again(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    library, call, grown = opened(OLD), os.fstat, list[int]()

    def growing(descriptor: int) -> os.stat_result:
        status = call(descriptor)
        if len(grown) < 3:
            grown.append(1)
            with library.file.open("a", encoding="utf-8") as file:
                file.write("# more\n")
        return status

    monkeypatch.setattr(os, "fstat", growing)
    assert file_io.read(library.file) == (OLD + "# more\n" * 3).encode()


def test_F23_a_file_that_never_holds_still_is_said(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    library = opened(OLD)
    monkeypatch.setattr(file_io, "STEADY_SECONDS", 0.2)
    call, times = os.fstat, iter(range(10**6))

    def touched(descriptor: int) -> os.stat_result:
        os.utime(library.file, ns=(0, next(times)))
        return call(descriptor)

    monkeypatch.setattr(os, "fstat", touched)
    with pytest.raises(StoreError, match="being written by another program"):
        again(library)


def test_F23_a_write_that_goes_on_after_the_file_was_read_is_seen_by_the_next_look(opened: Opened) -> None:
    library = opened(OLD)
    library.file.write_text(NEW, "utf-8")
    written = library.file.stat()
    assert library.reload()
    library.file.write_text(NEW.replace("3.0", "4.0"), "utf-8")  # in the same call of the other program: no new time
    os.utime(library.file, ns=(written.st_atime_ns, written.st_mtime_ns))
    assert library.reload()
    assert library.list.shows[0].rating == 4.0


def test_F27_who_holds_the_lock_is_said_with_host_and_command(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    library = opened(OLD)
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 0.2)
    monkeypatch.setattr(sys, "argv", ["/bin/watchlist", "rate", "heat\x1b]0;x\x07", "\udcff" * 100])
    with file_lock.locked(library.paths.lock(library.file)), pytest.raises(StoreError) as raised:
        rate(library)
    host = os.uname().nodename
    assert f"locked by process {os.getpid()} on {host} (watchlist rate heat" in raised.value.message
    assert raised.value.message.isprintable()
    assert library.file.read_text("utf-8") == OLD


@pytest.mark.parametrize("code", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS], ids=errno.errorcode.get)
def test_F28_where_locks_do_not_work_changes_go_on_and_it_is_said_once(
    opened: Opened, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    import fcntl

    library = opened(OLD)
    other = again(library)
    monkeypatch.setattr(fcntl, "flock", lambda *_: fails(code)(""))
    notices = [rate(library, rating).notices for rating in (1.0, 2.0)]
    assert [len(found) for found in notices] == [1, 0]
    assert "locks don't work" in notices[0][0]
    other.apply(edits.update("a", {"year": 1999}))  # what the file holds is compared all the same
    assert again(library).list.shows[0].rating == 2.0
    assert not [path for path in library.paths.state.rglob("*") if ".lock." in path.name or path.suffix == ".holder"]


def test_F28_a_lock_that_fails_otherwise_stops_the_change(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    library = opened(OLD)
    monkeypatch.setattr(fcntl, "flock", lambda *_: fails(errno.EIO)(""))
    with pytest.raises(StoreError, match=r"can't lock .*\(EIO\)"):
        rate(library)
    assert library.file.read_text("utf-8") == OLD


# Left behind


def planted(library: Library, name: str, data: bytes, age: float = 120) -> Path:
    path = library.file.parent / name
    path.write_bytes(data)
    os.utime(path, (time.time() - age,) * 2)
    return path


def test_F33_what_a_crash_left_is_removed_where_it_is_known_and_kept_where_it_is_not(opened: Opened) -> None:
    library = opened(OLD)
    rate(library, 1.0)
    known = planted(library, ".0123456789ab.tmp", library.file.read_bytes())
    backed = planted(library, ".1123456789ab.tmp", OLD.encode())
    unknown = planted(library, ".2123456789ab.tmp", b"somebody's edit")
    empty = planted(library, ".3123456789ab.tmp", b"")
    young = planted(library, ".4123456789ab.tmp", b"another host's", age=10)
    others = [planted(library, name, b"x") for name in (".mine.tmp", ".0123456789AB.tmp", "0123456789ab.tmp")]
    link = library.file.parent / ".5123456789ab.tmp"
    link.symlink_to(others[0])
    os.utime(link, (0, 0), follow_symlinks=False)
    copies = len(library.backups())
    assert again(library).text() == library.text()
    assert unknown.exists()  # who reads removes nothing
    rate(library, 2.0)
    assert not any(path.exists() for path in (known, backed, unknown, empty))
    assert all(path.exists() for path in (young, link, *others))
    found = [backup.read() for backup in library.backups()]
    assert (len(found), found.count(b"somebody's edit")) == (copies + 1, 1)


def test_F33_what_can_not_be_kept_is_not_removed(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    library = opened(OLD)
    rate(library)
    unknown = planted(library, ".2123456789ab.tmp", b"somebody's edit")
    with monkeypatch.context() as patch:
        patch.setattr(library.backups()[0].path.__class__, "iterdir", lambda _: fails(errno.EIO)(""))
        crash_recovery.sweep(library.file, lambda _: False, library.guard.keep)
    assert unknown.exists()


def test_F33_a_kill_right_before_the_rename_leaves_what_the_next_change_puts_away(opened: Opened) -> None:
    library = opened(OLD)
    rate(library, 1.0)
    before = library.file.read_bytes()
    child = os.fork()
    if child == 0:
        linux_rename.trade = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        rate(library)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    (left,) = temporary(library.file.parent)
    assert library.file.read_bytes() == before
    os.utime(left, (0, 0))
    rate(library, 2.0)
    assert not left.exists()
    assert NEW.encode() not in [backup.read() for backup in library.backups()]  # the journal knows it


def test_F28_the_command_line_says_it_on_stderr(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    monkeypatch.setattr(fcntl, "flock", lambda *_: fails(errno.ENOLCK)(""))
    ran = call("rate", "heat", "3", "--quiet", "--file", str(file))
    assert (ran.code, ran.out, ran.err.count("locks don't work")) == (0, "", 1)


def test_F27_the_command_line_ends_with_3(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = file.read_bytes()
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 0.1)
    assert call("rate", "heat", "3", "--file", str(file)).code == 0
    with file_lock.locked(Paths.of_user().lock(file)):
        ran = call("undo", "--file", str(file))
    assert ran.code == 3
    assert f"locked by process {os.getpid()} on {os.uname().nodename}" in ran.err
    assert call("undo", "--file", str(file)).code == 0
    assert file.read_bytes() == before
