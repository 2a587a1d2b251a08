"""Records which process holds a lock, in a file beside the lock, for messages: process number, host and command.

The record is for information only; the lock itself excludes other processes. It is removed when the lock is released. A
killed process leaves it behind, so readers check that the process still runs: by its number and, on Linux, by its start
time, because process numbers are reused.
"""

from __future__ import annotations

import contextlib
import os
import re
import sys
from pathlib import Path

from watchlist.checked_open import read_file
from watchlist.errors import StoreError
from watchlist.sanitize import safe

UNKNOWN = "another process"
_COMMAND_LENGTH = 60  # maximum number of recorded characters of the command line
_MAX_BYTES = 4096  # maximum size of a record, which is two short lines
_PRIVATE_MODE = 0o600
_RECORD = re.compile(r"process (\d{1,10}) on (\S+)(?: \(.*)?", re.ASCII | re.DOTALL)


def sign(holder: Path) -> None:
    """Record in the file `holder` that this process holds the lock. An existing file is replaced. Errors are ignored."""
    command = " ".join(["watchlist", *sys.argv[1:]])[:_COMMAND_LENGTH].replace("\n", " ")
    text = f"process {os.getpid()} on {_host()} ({command})\n{_started(os.getpid())}"
    with contextlib.suppress(OSError):
        holder.unlink(missing_ok=True)  # never write through a link, which may lead to another user's file
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(holder, flags, _PRIVATE_MODE), "wb") as stream:
            stream.write(text.encode("utf-8", "backslashreplace"))


def clear(holder: Path) -> None:
    """Remove the file that records the holder of a lock. The caller must still hold the lock."""
    with contextlib.suppress(OSError):
        holder.unlink()


def describe(holder: Path) -> str:
    """Return a description of the process that holds a lock, for a message; UNKNOWN if no running process is recorded."""
    try:
        raw = read_file(holder, _MAX_BYTES, own=True)
    except (OSError, StoreError):
        return UNKNOWN
    record, _, started = raw.decode("utf-8", "replace").strip().partition("\n")
    match = _RECORD.fullmatch(record)
    if match and match[2] == _host() and _has_ended(int(match[1]), started.strip()):
        return UNKNOWN
    return safe(record.strip()) or UNKNOWN


def _host() -> str:
    """Return the name of this computer without blanks; "this computer" if it has no name."""
    name = os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")
    return "".join(name.split()) or "this computer"


def _has_ended(process: int, started: str) -> bool:
    """Return True if the process `process` on this computer has ended. Another process may have its number by now.

    `started` is the recorded start time of the process, in the form of `_started`. Returns False if this is unknown.
    """
    if os.name != "posix":  # elsewhere os.kill would end the process
        return False
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return True
    except OSError:
        pass  # the process runs, and belongs to another user
    current = _started(process)
    return current == "ended" or bool(started and current and started != current)


def _started(process: int) -> str:
    """Return the start time of a process, in clock ticks since boot, as text: "ended" for a zombie, "" if unknown."""
    try:
        state, *fields = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        return "ended" if state in "ZX" else fields[18]  # see proc_pid_stat(5): field 22 is `starttime`
    except (OSError, ValueError, IndexError):
        return ""
