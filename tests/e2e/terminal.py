"""The installed program in a real terminal: a pty, and pyte to see what a person would see."""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pexpect
import pyte

PROGRAM = str(Path(sys.executable).with_name("watchlist"))
LIST = """\
[[shows]]
title = "Heat"
year = 1995

[[shows]]
title = "Slow Horses"
rating = 4.5

[[shows]]
title = "Zodiac"
"""
KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "backspace": "\x7f",
    "space": " ",
    **{f"ctrl+{letter}": chr(ord(letter) - 96) for letter in "abcdefghjklnopqrstuvwxyz"},
}


def environment(home: Path, **extra: str) -> dict[str, str]:
    """A home of its own, so that nothing of the real user is read or written."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name in ("PATH", "LANG", "LC_ALL", "PYTHONPATH", "COVERAGE_PROCESS_START")
    }
    xdg = {f"XDG_{name}_HOME": str(home / name.lower()) for name in ("CONFIG", "DATA", "STATE", "CACHE")}
    return {
        **kept,
        **xdg,
        "HOME": str(home),
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "LANG": "C.UTF-8",
        **extra,
    }


class Terminal:
    """`watchlist` running at a size; keys go in, `screen` is what stands on it."""

    def __init__(
        self,
        *args: str,
        env: Mapping[str, str],
        size: tuple[int, int] = (120, 36),
        cwd: Path | None = None,
        program: str = PROGRAM,
    ) -> None:
        columns, rows = size
        self.raw = b""
        self._state = Path(env.get("XDG_STATE_HOME", "/nonexistent"))
        self._screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self._screen)
        self.process = pexpect.spawn(
            program, list(args), env=dict(env), dimensions=(rows, columns), timeout=20, cwd=cwd
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.close(force=True)

    def read(self, seconds: float = 0.05) -> None:
        """Take in what the program has written until it pauses."""
        while True:
            try:
                data = self.process.read_nonblocking(1 << 16, timeout=seconds)
            except (pexpect.TIMEOUT, pexpect.EOF):
                return
            self.raw += data
            # Kitty key protocol and mode queries are for real terminals; pyte prints what it does not know.
            self._stream.feed(re.sub(rb"\x1b\[[<>=?][\d;]*[a-zA-Z$]?[pu]", b"", data))

    @property
    def lines(self) -> list[str]:
        return [line.rstrip() for line in self._screen.display]

    @property
    def screen(self) -> str:
        return "\n".join(self.lines)

    def wait(self, condition: str | Callable[[str], bool], seconds: float = 15) -> str:
        """The screen once the text stands on it; fails with what stands there instead."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read()
            if condition in self.screen if isinstance(condition, str) else condition(self.screen):
                return self.screen
            if not self.process.isalive():
                self.read()
                break
        if condition in self.screen if isinstance(condition, str) else condition(self.screen):
            return self.screen
        raise AssertionError(f"waited for {condition!r}; the screen is\n{self.screen}\n{self.crash_reports}")

    @property
    def crash_reports(self) -> str:
        """What the program has written about its faults."""
        return "\n".join(report.read_text("utf-8") for report in sorted(self._state.glob("watchlist/faults/*.txt")))

    def press(self, *keys: str, pause: float = 0.05) -> None:
        """Send keys by name ("enter", "ctrl+s"), or text letter by letter."""
        for key in keys:
            for part in [KEYS[key]] if key in KEYS else key:
                self.process.send(part)
                # A terminal tells esc from alt+key by what follows within a tenth of a second.
                time.sleep(max(pause, 0.2) if part == KEYS["escape"] else pause)
        self.read()

    def quit(self) -> int:
        """Leave with `q`, and the exit code."""
        self.press("q")
        self.process.expect(pexpect.EOF)
        self.process.close()
        return int(
            self.process.exitstatus if self.process.exitstatus is not None else 128 + (self.process.signalstatus or 0)
        )
