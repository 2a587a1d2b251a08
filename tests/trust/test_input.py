"""Anything that a terminal can send, to the program in a real one: no input ends it, and the list stays whole."""

from __future__ import annotations

import os
import re
import select
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random

from tests.e2e.terminal import KEYS, LIST, Terminal, environment
from tests.trust.conftest import Figure, Many
from tests.trust.work import a_folder, opened, spread
from watchlist.command_table import ACTIONS

A_RUN = 100  # inputs to one program, or until one of them is the key that leaves
PATIENCE = 120.0  # seconds for a start, an answer or an end
QUIET = 0.4  # seconds without output after which all input has been answered
ON_BY_DEFAULT = {7, 25}  # modes of a terminal that is its own: lines wrap, the cursor is seen
CONFIG = '[keys]\nexport = "f12"\n'  # a path that is typed at random could be anywhere
AS_SIGNALS = {130, 131, -signal.SIGINT, -signal.SIGQUIT}  # ctrl+c and ctrl+\ while the program is suspended
ENDS = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130, signal.SIGQUIT: 131}

LETTERS = "".join(key for command in ACTIONS.values() for key in command.keys if len(key) == 1 and key not in "qx")
WORDS = (
    "heat",
    "status:planned",
    "rating:4..",
    "S01E03",
    "2026-11-20",
    "planned",
    "9/10",
    "a, b",
    "★★★½",
    "千と千尋",
    "\u202e",
)
FINALS = "ABCDHFPQRSZcdhlmnpqrtuy~@`{|}"
PASTED = ("\n", "\r\n", "\u2028", "\t", "\0", "\x1b[A", "\x1b[200~", "\x9b", "q", "d")
NUMBERS = (0, 1, 5, 27, 97, 100, 200, 65535, 1114112, 10**12)
HUGE = 2_000_000  # characters of a paste that is refused


class Input:
    """One input, as it is described when something is wrong. `send` brings it to the program."""

    def __init__(self, kind: str, data: object) -> None:
        self.kind, self.data = kind, data

    def __repr__(self) -> str:
        return f"{self.kind} {self.data!r}"[:200]


def _bytes(chance: Random) -> Input:
    return Input("bytes", chance.randbytes(chance.randint(1, 40)))


def _keys(chance: Random) -> Input:
    names = [*KEYS.values(), *LETTERS, *LETTERS, *"0123456789", *(f"\x1b{letter}" for letter in LETTERS), *WORDS]
    keys = "".join(chance.choices(names, k=chance.randint(1, 8)))
    return Input("keys", keys.replace("\x11", "").encode("utf-8"))  # ctrl+q


def _sequence(chance: Random) -> Input:
    """A control sequence or string, complete or cut, as replies and as garbled keys are."""
    numbers = ";".join(
        str(chance.choice((0, 1, 5, 27, 97, 100, 200, 65535, 1114112, 10**12))) for _ in range(chance.randint(0, 5))
    )
    body = chance.choice(
        (
            f"[{chance.choice(('', '?', '>', '=', '<'))}{numbers}{chance.choice(('', ' ', '$', '!'))}{chance.choice(FINALS)}",
            f"[M{chr(chance.randint(32, 255))}{chr(chance.randint(33, 255))}!",
            f"{chance.choice('P]X^_')}{numbers}dud{chance.choice(WORDS)}"
            + chance.choice(("\x1b\\", "\x07", "\x9c", "\x18", "")),
            f"{chance.choice('NO')}{chance.choice(FINALS)}",
            f"[48;{chance.randint(0, 200)};{chance.randint(0, 300)};0;0t",
        )
    )
    sequence = chance.choice(("\x1b", "\x1b", "\x1b\x1b")) + body
    if not chance.randrange(4):
        sequence = sequence[: chance.randint(1, len(sequence))]
    return Input("sequences", sequence.encode(chance.choice(("utf-8", "latin-1")), "replace"))


def _mouse(chance: Random) -> Input:
    button, x, y = (
        chance.choice((0, 1, 2, 32, 35, 64, 65, 66, 128, 999)),
        chance.randint(-3, 150),
        chance.randint(-3, 60),
    )
    return Input("mouse", f"\x1b[<{button};{x};{y}M\x1b[<{button};{x};{y}m".encode())


def _paste(chance: Random) -> Input:
    text = "".join(
        chance.choices([*WORDS, "\n", "\r\n", "\u2028", "\t", "\0", "\x1b[A", "\x1b[200~", "\x9b", "q", "d"], k=30)
    )
    if not chance.randrange(200):
        text = "d\n" * (HUGE // 2)
    end = "\x1b[201~" if chance.randrange(6) else ""
    return Input("pastes", f"\x1b[200~{text.replace(chr(27) + '[201~', '')}{end}".encode())


def _size(chance: Random) -> Input:
    return Input("sizes", (chance.choice((0, 1, 2, 12, 24, 60, 200)), chance.choice((0, 1, 3, 40, 80, 120, 400))))


def _signal(chance: Random) -> Input:
    ends = list(ENDS) if not chance.randrange(15) else []
    return Input("signals", chance.choice([signal.SIGWINCH, signal.SIGTSTP, signal.SIGCONT, *ends * 5]))


MAKERS: tuple[Callable[[Random], Input], ...] = (
    _bytes,
    _keys,
    _keys,
    _sequence,
    _sequence,
    _mouse,
    _paste,
    _size,
    _signal,
)


class Program:
    """The program on a pty that is read all the time, so that neither side waits for the other."""

    def __init__(self, home: Path) -> None:
        config = home / "config" / "watchlist" / "config.toml"
        config.parent.mkdir(parents=True, exist_ok=True)
        config.write_text(CONFIG, "utf-8")
        env = environment(home, WATCHLIST_FILE=str(home / "list.toml"), EDITOR="true", BROWSER="true")
        self.process = Terminal(env=env, cwd=home).process
        self.raw = b""
        self.fd = self.process.child_fd
        end = time.monotonic() + PATIENCE
        while b"Heat" not in self.raw and b"show" not in self.raw:
            assert time.monotonic() < end, self.raw[-2000:]
            self.read(0.1)

    def read(self, seconds: float) -> bool:
        """Take in what is written within this time; whether anything was."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return False
        try:
            self.raw += os.read(self.fd, 1 << 16)
        except OSError:  # it has ended
            time.sleep(0.01)
            return False
        return True

    def marks_pastes(self) -> bool:
        """Return True if the program has asked the terminal last to mark pastes (mode 2004), not to stop that."""
        return self.raw.rfind(b"\x1b[?2004h") > self.raw.rfind(b"\x1b[?2004l")

    def go_on(self) -> None:
        """Continue the program if it has suspended itself."""
        try:
            state = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return
        if state == "T":
            os.kill(self.process.pid, signal.SIGCONT)

    def send(self, given: Input) -> None:
        if isinstance(given.data, signal.Signals):
            os.kill(self.process.pid, given.data)
        elif isinstance(given.data, tuple):
            self.process.setwinsize(*given.data)
        else:
            data, end = given.data, time.monotonic() + PATIENCE
            assert isinstance(data, bytes)
            # A terminal marks a paste only while the program asks for that, so not while the program is suspended.
            while given.kind == "pastes" and self.process.isalive() and not self.marks_pastes():
                assert time.monotonic() < end, "it does not ask for marked pastes"
                self.go_on()
                self.read(0.02)
            while data and self.process.isalive():
                assert time.monotonic() < end, "it reads no more"
                self.go_on()
                self.read(0)
                if select.select([], [self.fd], [], 0.05)[1]:
                    try:
                        data = data[os.write(self.fd, data[:2048]) :]
                    except OSError:
                        return

    def settle(self) -> None:
        """Wait until all input has been answered."""
        end = time.monotonic() + PATIENCE
        while self.process.isalive():
            assert time.monotonic() < end, "it never comes to rest"
            self.go_on()
            if not self.read(QUIET):
                return

    def end(self) -> tuple[int, set[int]]:
        """The exit code once it has ended, and the modes of the terminal that it left on."""
        end = time.monotonic() + PATIENCE
        while self.process.isalive() or self.read(0.01):
            assert time.monotonic() < end, "it does not end"
            self.go_on()
            self.read(0.02)
        self.process.close()
        modes: dict[int, bytes] = {}
        for numbers, on in re.findall(rb"\x1b\[\?([\d;]+)([hl])", self.raw):
            modes |= dict.fromkeys(map(int, numbers.split(b";")), on)
        left = {mode for mode, on in modes.items() if on == b"h"} - ON_BY_DEFAULT
        code = self.process.exitstatus
        return -(self.process.signalstatus or 0) if code is None else code, left


def _run(first: int, last: int) -> Counter[str]:
    """Inputs `first` to `last`; what they were, and what went wrong."""
    counts = Counter[str]()
    chance = Random(first)
    left = last - first
    while left > 0:
        with a_folder() as home:
            (home / "list.toml").write_text(LIST, "utf-8")
            program, sent = Program(home), list[Input]()
            try:
                _one_program(program, sent, chance, min(left, A_RUN))
                assert opened(home).list.damage is None, "the list is damaged"
            except AssertionError as error:
                reports = "".join(report.read_text("utf-8") for report in home.rglob("faults/*.txt"))
                case = (first, last - left, len(sent), sent[-12:], program.raw[-3000:])
                raise AssertionError(f"{error}: {case}\n{reports}") from error
            left -= len(sent)
            counts.update(given.kind for given in sent)
            counts["programs"] += 1
    return counts


def _one_program(program: Program, sent: list[Input], chance: Random, most: int) -> None:
    """Send inputs, at most `most`, and see the program end as it should. `sent` gets what was sent."""
    expected = {0}
    while len(sent) < most and program.process.isalive() and expected == {0}:
        sent.append(chance.choice(MAKERS)(chance))
        program.send(sent[-1])
        expected |= {ENDS[number] for number in ENDS if number == sent[-1].data}
        program.read(chance.random() * 0.03)
        program.go_on()
    program.settle()
    if program.process.isalive() and expected == {0}:
        program.send(Input("signals", signal.SIGTERM))
        expected = {0, 143}
    code, modes = program.end()
    if program.raw.count(b"\x1b[?1049l") > 1:
        expected |= AS_SIGNALS
    assert code in expected, f"it ended with exit code {code}"
    assert b"Traceback" not in program.raw, "it printed a traceback"
    assert not modes, f"it left the modes {modes} on"


def test_B2_B8_B13_no_input_ends_the_program(many: Many, figure: Figure) -> None:
    inputs = many(300, 20_000)
    counts = sum(spread(_run, inputs, waits=True), Counter[str]())
    programs = counts.pop("programs")
    figure(
        "anything that a terminal can send",
        inputs=inputs,
        **counts,
        programs=programs,
        ended_by_it=0,
        lists_damaged=0,
    )
