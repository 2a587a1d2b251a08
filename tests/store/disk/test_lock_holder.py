"""Who holds a lock is said by whoever waits for it, and nobody who has ended or let go of it is named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from watchlist.errors import StoreError
from watchlist.store.disk import file_lock, lock_holder

HOLDS = """
import sys
from pathlib import Path
from watchlist.store.disk import file_lock
with file_lock.locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    return tmp_path / "locks" / "a.lock"


def holding(lock: Path) -> subprocess.Popen[str]:
    """A process that holds the lock until its stdin is closed, or it is killed."""
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", HOLDS, str(lock)], stdin=pipe, stdout=pipe, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def said(lock: Path) -> str:
    """What a process is told that waits for the lock in vain."""
    with pytest.raises(StoreError) as raised, file_lock.locked(lock, 0.01):
        pass
    return raised.value.message


def unsigned(lock: Path) -> subprocess.Popen[bytes]:
    """A process that holds the lock, which it inherited, and wrote nothing down."""
    import fcntl

    descriptor = os.open(lock, os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    process = subprocess.Popen(["sleep", "60"], pass_fds=[descriptor])
    os.close(descriptor)
    return process


def test_D3_a_holder_that_runs_is_named(lock: Path) -> None:
    with holding(lock) as process:
        assert f"process {process.pid} on " in said(lock)


@pytest.mark.parametrize("killed", [False, True], ids=["let go", "killed"])
def test_D3_a_holder_that_has_ended_is_not_named(lock: Path, killed: bool) -> None:
    with holding(lock) as process:
        if killed:
            process.kill()
        else:
            process.communicate()
    assert lock.with_suffix(".holder").exists() is killed
    other = unsigned(lock)
    try:
        assert said(lock) == "the list is locked by another process"
    finally:
        other.kill()
        other.wait()


def test_D3_a_holder_that_has_ended_and_was_not_waited_for_is_not_named(lock: Path) -> None:
    process = holding(lock)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # a zombie: its number is still taken
    assert lock_holder.describe(lock.with_suffix(".holder")) == lock_holder.UNKNOWN
    process.communicate()


def test_D3_a_living_process_that_let_go_is_not_named(lock: Path) -> None:
    with file_lock.locked(lock):
        pass
    other = unsigned(lock)
    try:
        assert str(os.getpid()) not in said(lock)
    finally:
        other.kill()
        other.wait()


def test_D3_a_number_that_another_process_has_by_now_is_not_named(tmp_path: Path) -> None:
    written = tmp_path / "a.holder"
    lock_holder.sign(written)
    text = written.read_text("utf-8")
    assert lock_holder.describe(written) == text.splitlines()[0]
    written.write_text(text.splitlines()[0] + "\n1\n", "utf-8")  # started with the system
    assert lock_holder.describe(written) == lock_holder.UNKNOWN


def test_D3_a_process_of_another_host_is_named_whatever_runs_here(tmp_path: Path) -> None:
    written = tmp_path / "a.holder"
    written.write_text("process 4194304 on elsewhere (watchlist rate heat 4)\n1\n", "utf-8")
    assert lock_holder.describe(written) == "process 4194304 on elsewhere (watchlist rate heat 4)"


def test_D3_B17_what_is_no_regular_file_is_neither_waited_for_nor_written_over(lock: Path, tmp_path: Path) -> None:
    lock.parent.mkdir()
    mine, written = tmp_path / "mine", lock.with_suffix(".holder")
    mine.write_text("precious")
    link, hard_link, pipe = (
        (lambda: written.symlink_to(mine)),
        (lambda: os.link(mine, written)),
        (lambda: os.mkfifo(written)),
    )
    for make in (link, hard_link, pipe, written.mkdir):
        make()
        assert "watchlist" not in lock_holder.describe(written)
        lock_holder.sign(written)
        assert lock_holder.describe(written).startswith(f"process {os.getpid()} on") or written.is_dir()
        assert mine.read_text() == "precious"
        written.rmdir() if written.is_dir() else written.unlink()
