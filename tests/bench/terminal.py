"""A program in a real pty of 120x36, timed from outside: when a key went in, and when what it changed had arrived.

Bytes are stamped as they arrive; what they draw is worked out afterwards, outside the time that counts. A program has
answered when it writes nothing more and no longer computes; the answer's time is that of the last bytes which changed
what is looked at, so that neither a blinking cursor nor the wait for silence is in it. Linux only: it reads /proc.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyte

COLUMNS, ROWS = 120, 36
QUIET = 0.06  # seconds without a byte, twice
IDLE = 3_000_000  # nanoseconds of computing in the second of them that are no work: timers, polling
LIMIT = 300.0  # seconds until a program that is still busy is given up
LATE = 10.0  # seconds that one may seem to be idle without showing what is expected

FOCUS_IN, FOCUS_OUT = b"\x1b[I", b"\x1b[O"
# Queries and modes of newer terminals, which pyte would print; and what may be the beginning of a sequence.
_UNKNOWN = re.compile(rb"\x1b\[[<>=?][\d;]*[a-zA-Z$]?[pu]")
_CUT = re.compile(rb"\x1b(?:\[[<>=?\d;]*)?\$?\Z")


class WrongFrame(Exception):
    """What was to be measured did not happen; the message says what did."""


@dataclass(frozen=True)
class Frame:
    """What stood on the screen once some bytes had come at `at` (seconds of `time.perf_counter`)."""

    at: float
    cells: tuple[tuple[pyte.screens.Char, ...], ...]

    @property
    def lines(self) -> list[str]:
        return [_words(row) for row in self.cells]

    @property
    def text(self) -> str:
        return "\n".join(self.lines).rstrip()


Look = Callable[[Frame], object]  # what of a frame has to change to count


def text(frame: Frame) -> object:
    """All words, without colours: a blinking cursor is no answer."""
    return frame.lines


def colours(frame: Frame) -> object:
    """Everything: for a cursor that is only a colour."""
    return frame.cells


def beside(column: int) -> Callable[[Frame], list[str]]:
    """The words left of a column, and the two lines at the top and at the bottom: all but the details."""
    return lambda frame: [_words(row if y < 2 or y >= ROWS - 2 else row[:column]) for y, row in enumerate(frame.cells)]


def _words(row: Sequence[pyte.screens.Char]) -> str:
    """A line as text; a character two cells wide stands for both."""
    return "".join(cell.data for cell in row).rstrip()


class Program:
    """A program that runs in a pty until it is closed."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str], *, leave: bytes = b"q") -> None:
        self._leave = leave
        self._screen = pyte.Screen(COLUMNS, ROWS)
        self._stream = pyte.ByteStream(self._screen)
        self._rest = b""
        self._drained: list[tuple[float, bytes]] = []
        self.started = time.perf_counter()
        self.pid, self._terminal = pty.fork()
        if not self.pid:
            _become(command, env)
        self.last = Frame(self.started, self._cells())

    def __enter__(self) -> Program:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def send(self, keys: bytes) -> float:
        """Types; gives the time just before."""
        now = time.perf_counter()
        os.write(self._terminal, keys)
        return now

    def settle(self, expected: str = "", gone: str = "") -> list[Frame]:
        """The frames until the program waits for a key, shows one text and no longer another.

        WrongFrame where it ends, or never does.
        """
        frames: list[Frame] = []
        end = time.perf_counter() + LIMIT
        late = None
        while time.perf_counter() < min(end, late or end):
            frames += self._pause(end)
            if expected in self.last.text and not (gone and gone in self.last.text):
                return frames
            late = late or time.perf_counter() + LATE
        wrong = f"no {expected!r}" if expected not in self.last.text else f"still {gone!r}"
        raise WrongFrame(f"{wrong} on the screen:\n{self.last.text}")

    def _pause(self, end: float) -> list[Frame]:
        """The frames until the program has neither written nor computed for a while."""
        arrived: list[tuple[float, bytes]] = []
        busy: int | None = None
        while time.perf_counter() < end:
            if select.select([self._terminal], [], [], QUIET)[0]:
                data = self._read()
                arrived.append((time.perf_counter(), data))
                busy = None
                if not data:
                    self._draw(arrived)
                    raise WrongFrame(f"the program ended:\n{self.last.text}")
            else:
                before, busy = busy, _computed(self.pid)
                if before is not None and abs(busy - before) < IDLE:
                    return self._draw(arrived)
        self._draw(arrived)
        raise WrongFrame(f"still busy after {LIMIT:.0f} seconds:\n{self.last.text}")

    def press(self, keys: bytes, expected: str = "") -> None:
        """Types something that is not measured, and waits for what it leads to."""
        self.send(keys)
        self.settle(expected)

    def answer(self, keys: bytes, look: Look = text, expected: str = "", gone: str = "") -> float:
        """Seconds from the key until what is looked at stands as it then stays, which must be a change."""
        before, sent = self.last, self.send(keys)
        return last_change(before, self.settle(expected, gone), look) - sent

    def drain(self, seconds: float) -> None:
        """Takes in what comes, for so long at most, to be drawn later: for who waits for something else meanwhile."""
        if select.select([self._terminal], [], [], seconds)[0] and (data := self._read()):
            self._drained.append((time.perf_counter(), data))

    @property
    def peak_memory(self) -> float:
        """MiB that the process held at most until now."""
        status = Path(f"/proc/{self.pid}/status").read_text("ascii")
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024

    def close(self) -> None:
        """Leaves as a person would, so that what is kept for the next start is kept; else ends it."""
        with contextlib.suppress(OSError):
            os.write(self._terminal, self._leave)
        end = time.perf_counter() + 5
        while time.perf_counter() < end:
            if select.select([self._terminal], [], [], 0.02)[0]:
                self._read()
            if os.waitpid(self.pid, os.WNOHANG)[0]:
                break
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self._terminal)

    def _read(self) -> bytes:
        """What has come; nothing once the program has ended."""
        try:
            return os.read(self._terminal, 1 << 16)
        except OSError:
            return b""

    def _draw(self, arrived: Sequence[tuple[float, bytes]]) -> list[Frame]:
        frames = []
        arrived, self._drained = [*self._drained, *arrived], []
        for at, data in arrived:
            data = _UNKNOWN.sub(b"", self._rest + data)
            cut = _CUT.search(data)
            data, self._rest = (data[: cut.start()], data[cut.start() :]) if cut else (data, b"")
            self._stream.feed(data)
            frames.append(Frame(at, self._cells()))
        self.last = frames[-1] if frames else self.last
        return frames

    def _cells(self) -> tuple[tuple[pyte.screens.Char, ...], ...]:
        buffer = self._screen.buffer
        return tuple(tuple(buffer[y][x] for x in range(COLUMNS)) for y in range(ROWS))


def first_with(frames: Sequence[Frame], expected: str) -> float:
    """When a text stood on the screen for the first time. WrongFrame where it never did."""
    found = next((frame.at for frame in frames if expected in frame.text), None)
    if found is None:
        raise WrongFrame(f"{expected!r} never stood on the screen:\n{frames[-1].text if frames else ''}")
    return found


def last_change(before: Frame, frames: Sequence[Frame], look: Look) -> float:
    """When what is looked at changed for the last time. WrongFrame where it never did."""
    at, seen = None, look(before)
    for frame in frames:
        if (now := look(frame)) != seen:
            at, seen = frame.at, now
    if at is None:
        raise WrongFrame(f"nothing changed:\n{before.text}")
    return at


def _become(command: Sequence[str], env: Mapping[str, str]) -> None:
    """The child's side of the fork: this program, in a window of this size."""
    try:
        fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        os.execve(command[0], list(command), dict(env))
    finally:
        os._exit(127)


def _computed(pid: int) -> int:
    """Nanoseconds that the threads of a process and of its children have run, those that have ended left out."""
    total = 0
    for task in Path(f"/proc/{pid}/task").glob("*"):
        with contextlib.suppress(OSError):  # it has just ended
            total += int((task / "schedstat").read_text("ascii").split()[0])
            total += sum(_computed(int(child)) for child in (task / "children").read_text("ascii").split())
    return total
