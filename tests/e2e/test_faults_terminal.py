"""Faults of a terminal: signals, a window that is closed, sizes that nothing fits, answers that look like keys, odd text."""

from __future__ import annotations

import contextlib
import fcntl
import itertools
import os
import pty
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pexpect
import pytest
from rich.cells import cell_len

from tests.e2e.terminal import LIST, PROGRAM, Terminal, environment

if sys.platform == "win32":
    pytest.skip("needs a pty", allow_module_level=True)


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path, WATCHLIST_FILE=str(tmp_path / "list.toml"))


@pytest.fixture
def file(tmp_path: Path, env: dict[str, str]) -> Path:
    path = tmp_path / "list.toml"
    path.write_text(LIST, "utf-8")
    return path


def ended(terminal: Terminal) -> int:
    """The exit code; all that was written is in `terminal.raw`."""
    terminal.process.expect(pexpect.EOF)
    terminal.raw += terminal.process.before or b""
    terminal.process.close()
    return int(
        terminal.process.exitstatus if terminal.process.exitstatus is not None else -terminal.process.signalstatus
    )


def given_back(raw: bytes) -> None:
    """The other screen, the mouse, bracketed paste and the key protocol are off, the cursor is seen."""
    for last in (b"\x1b[?1049l", b"\x1b[?1003l", b"\x1b[?2004l", b"\x1b[<u", b"\x1b[?25h"):
        assert last in raw, last
    assert raw.rindex(b"\x1b[?1049l") > raw.rindex(b"\x1b[?1049h")
    assert b"Traceback" not in raw


ENDS = [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130), (signal.SIGQUIT, 131)]


@pytest.mark.parametrize("last", [signal.SIGTERM, signal.SIGTSTP], ids=["end", "suspend"])
def test_T02_ctrl_s_does_not_stop_the_output_while_the_terminal_is_given_back(
    env: dict[str, str], file: Path, last: signal.Signals
) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        before = terminal.raw.count(b"\x1b[?1049h")
        terminal.process.kill(last)
        flood(terminal, b"\x13", 1.0)
        if last == signal.SIGTSTP:
            os.write(terminal.process.child_fd, b"\x11")  # the shell's flow control is on again
            terminal.process.kill(signal.SIGCONT)
            terminal.wait(lambda screen: terminal.raw.count(b"\x1b[?1049h") > before and "Zodiac" in screen)
            terminal.process.kill(signal.SIGTERM)
        assert ended(terminal) == 143
        given_back(terminal.raw)


def flood(terminal: Terminal, key: bytes, seconds: float) -> None:
    """Send a key as fast as it is taken, and read all output."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and terminal.process.isalive():
        with contextlib.suppress(OSError):  # it has ended
            if select.select([], [terminal.process.child_fd], [], 0)[1]:
                os.write(terminal.process.child_fd, key)
        terminal.read(0.0005)


@pytest.mark.parametrize("pause", [0.0, 0.02, 0.1])
def test_B12_a_signal_right_after_the_key_for_the_editor_ends_the_program(
    env: dict[str, str], file: Path, tmp_path: Path, pause: float
) -> None:
    editor = tmp_path / "editor"
    editor.write_text("#!/bin/sh\ntrap '' TERM\nsleep 60\n", "utf-8")
    editor.chmod(0o755)
    with Terminal(env=env | {"EDITOR": str(editor)}) as terminal:
        terminal.wait("Zodiac")
        terminal.process.send("E")
        time.sleep(pause)
        terminal.process.kill(signal.SIGTERM)
        assert ended(terminal) == 143
        given_back(terminal.raw)


@pytest.mark.parametrize("pause", [0.0, 0.05, 0.1])
def test_T02_a_program_that_is_continued_before_it_has_stopped_goes_on(
    env: dict[str, str], file: Path, pause: float
) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.process.kill(signal.SIGTSTP)
        time.sleep(pause)
        terminal.process.kill(signal.SIGCONT)
        time.sleep(0.5)
        terminal.read()
        terminal.press("/", "heat")
        terminal.wait("1 of 3")
        terminal.process.kill(signal.SIGTERM)
        assert ended(terminal) == 143


@pytest.mark.parametrize("attempt", range(3))
def test_B12_T02_signals_while_the_program_leaves_change_nothing(env: dict[str, str], file: Path, attempt: int) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.process.send("q")
        end = time.monotonic() + 15
        while b"\x1b[?1049l" not in terminal.raw:  # it is leaving
            assert time.monotonic() < end, terminal.raw[-300:]
            terminal.read(0.001)
        for number in itertools.cycle((signal.SIGHUP, signal.SIGCONT, signal.SIGINT, signal.SIGTERM)):
            if not terminal.process.isalive() or time.monotonic() > end:
                break
            terminal.process.kill(number)
            terminal.read(0.0005)
        assert ended(terminal) == 0
        given_back(terminal.raw)
        assert b"wakeup fd" not in terminal.raw


@pytest.mark.parametrize(("number", "code"), ENDS, ids=lambda value: getattr(value, "name", ""))
def test_T02_T04_a_signal_keeps_what_is_typed_and_gives_the_terminal_back(
    env: dict[str, str], file: Path, number: signal.Signals, code: int
) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        before = termios.tcgetattr(terminal.process.child_fd)
        terminal.press("n", "The diner")
        terminal.wait("The diner")
        for _ in range(2):  # twice is no more than once
            terminal.process.kill(number)
        assert ended(terminal) == code
        given_back(terminal.raw)
    assert file.read_text("utf-8") == LIST
    assert before[3] & termios.ICANON == 0
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("n")
        screen = terminal.wait("esc discards it")
        assert "The diner" in screen
        terminal.press("ctrl+s")
        terminal.wait("Changed notes of Heat")
        assert 'notes = "The diner"' in file.read_text("utf-8")
        assert terminal.quit() == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_T02_a_change_under_way_is_stored_before_the_end(env: dict[str, str], file: Path, number: int) -> None:
    """The lock is held while the change is asked for, and let go after the signal came."""
    subprocess.run([PROGRAM, "rate", "zodiac", "3"], env=env, check=True, capture_output=True)
    locks = (Path(env["XDG_STATE_HOME"]) / "watchlist" / "locks").glob("*.lock")
    (lock,) = (lock for lock in locks if lock.stem != "names")
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        terminal.press("r", "4", "enter")
        time.sleep(0.5)
        assert "rating = 4.0" not in file.read_text("utf-8")
        terminal.process.kill(number)
        time.sleep(0.5)
        assert terminal.process.isalive()
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)
        assert ended(terminal) == 128 + number
        given_back(terminal.raw)
    assert "rating = 4.0" in file.read_text("utf-8")


@pytest.mark.parametrize("told", [True, False], ids=["told", "nohup"])
def test_T02_a_window_that_is_closed_ends_it_and_what_is_typed_is_kept(
    env: dict[str, str], file: Path, told: bool
) -> None:
    """Also where no signal says so: who was started in a session of its own must not run on for nobody."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 36, 120, 0, 0))
    take = "import os, fcntl, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n" if told else "import os\n"
    program = take + f"os.execv({PROGRAM!r}, ['watchlist'])"
    process = subprocess.Popen(
        [sys.executable, "-c", program], env=env, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
    )
    os.close(slave)
    raw = b""
    while b"Zodiac" not in raw:
        raw += os.read(master, 1 << 16)
    for part in ("n", "The diner"):
        os.write(master, part.encode())
        time.sleep(0.4)
    while b"diner" not in raw:
        raw += os.read(master, 1 << 16)
    os.close(master)
    assert process.wait(15) == 129
    (kept,) = (Path(env["XDG_STATE_HOME"]) / "watchlist" / "drafts").glob("*.json")
    assert "The diner" in kept.read_text("utf-8")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert file.read_text("utf-8") == LIST
    assert not (Path(env["XDG_STATE_HOME"]) / "watchlist" / "faults").exists()


def test_T03_stopped_by_a_signal_and_back_the_file_is_read_anew_and_all_is_drawn(
    env: dict[str, str], file: Path
) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.process.kill(signal.SIGTSTP)
        until = time.monotonic() + 10
        while _state(terminal.process.pid) != "T" and time.monotonic() < until:
            terminal.read(0.1)
        assert _state(terminal.process.pid) == "T"
        terminal.read()
        assert b"\x1b[?1049l" in terminal.raw
        file.write_text(LIST.replace("Zodiac", "Alien"), "utf-8")
        terminal._screen.reset()  # as the other screen of a terminal is when it is taken again: empty
        terminal.process.kill(signal.SIGCONT)
        screen = terminal.wait("Alien")
        assert "Zodiac" not in screen
        assert "? Help" in screen
        assert "Heat" in screen
        assert terminal.quit() == 0


def _state(pid: int) -> str:
    done = subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return done.stdout.strip()[:1]


def test_T01_a_storm_of_sizes_and_none_at_all(env: dict[str, str], file: Path) -> None:
    sizes = [(0, 0), (1, 1), (1, 200), (200, 1), (2, 3), (5, 40), (12, 40), (36, 120)]
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        for keys in ([], ["a"], ["r"], ["n"], ["t"], ["?"], ["x"], [":"], ["B"], ["o"], ["/", "h"]):
            terminal.press(*keys)
            for rows, columns in sizes * 3:
                terminal.process.setwinsize(rows, columns)
                time.sleep(0.005)
            for rows, columns in ((1, 1), (0, 0), (36, 120)):
                terminal.process.setwinsize(rows, columns)
                terminal.read(0.15)
            assert terminal.process.isalive(), keys
            terminal.press("escape")
        terminal._screen.resize(36, 120)
        terminal.wait(lambda screen: "Zodiac" in screen and "? Help" in screen)
        assert terminal.quit() == 0


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (10, 1)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_T01_started_where_nothing_fits(env: dict[str, str], file: Path, size: tuple[int, int]) -> None:
    with Terminal(env=env, size=size) as terminal:
        terminal.read(1.5)
        assert terminal.process.isalive()
        assert terminal.quit() == 0


@pytest.mark.parametrize("which", ["stdin", "stdout", "stderr"])
def test_T05_without_a_terminal_it_names_a_verb_that_needs_none(env: dict[str, str], file: Path, which: str) -> None:
    into = "< /dev/null" if which == "stdin" else "> /dev/null" if which == "stdout" else "2> errors"
    raw, code = pexpect.run(f"sh -c '{PROGRAM} {into}'", env=env, cwd=env["HOME"], withexitstatus=True, timeout=20)
    said = raw if which != "stderr" else (Path(env["HOME"]) / "errors").read_bytes()
    assert code == 2
    assert b"watchlist list" in said


@pytest.mark.parametrize("term", ["dumb", ""])
def test_T05_a_terminal_that_can_not_be_drawn_on_is_refused(env: dict[str, str], file: Path, term: str) -> None:
    raw, code = pexpect.run(PROGRAM, env=env | {"TERM": term}, withexitstatus=True, timeout=20)
    assert code == 2
    assert b"watchlist list" in raw
    assert b"\x1b[?1049h" not in raw


ANSWERS = (
    b"\x1b[0n",  # status
    b"\x1b[24;80R",  # where the cursor is
    b"\x1b[?62;22;52c",  # what kind of terminal
    b"\x1b[>1;4601;0c",
    b"\x1b[?2026;2$y",  # modes
    b"\x1b[?2048;0$y",
    b"\x1b[?1u",
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",  # colours
    b"\x1b]10;rgb:dddd/dddd/dddd\x07",
    b"\x1b]4;1;rgb:dddd/0000/eeee\x1b\\",
    b"\x1b]52;c;ZGRkZGQ=\x07",
    b"\x1bP>|xterm(390)\x1b\\",
    b"\x1bP1+r544e=787465726d\x1b\\",
    b"\x1b[8;36;120t",
    b"\x1b]l dune title\x1b\\",
    b"\x1b[I\x1b[O",
    b"\x1b_Gi=31;OK\x1b\\",
)


def test_T10_answers_of_a_terminal_do_nothing_that_undo_can_not_take_back(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        for answer in ANSWERS:
            for part in (answer, answer[: len(answer) // 2], answer[len(answer) // 2 :]):  # in one go, and torn
                terminal.process.send(part)
                terminal.read(0.3)
            if not terminal.process.isalive():
                break
            terminal.press("escape", "escape", "escape")
        alive = terminal.process.isalive()
        if alive:
            assert "Traceback" not in terminal.screen
            terminal.process.kill(signal.SIGTERM)
        assert ended(terminal) in ((143,) if alive else (0,))  # one of the letters may be that of the key that leaves
        given_back(terminal.raw)
    for _ in range(60):
        if file.read_text("utf-8") == LIST:
            break
        subprocess.run([PROGRAM, "undo"], env=env, check=True, capture_output=True)
    assert file.read_text("utf-8") == LIST


PASTED = "x\x1b[31mPWNED\x1b]52;c;UFdORUQ=\x07 d d d \x9b31m\u202eq\x03 [@click=app.quit]y[/]"


def test_X02_what_is_pasted_is_no_key_and_reaches_the_terminal_as_signs(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")

        def paste() -> None:
            terminal.process.send(f"\x1b[200~{PASTED}\x1b[201~")
            terminal.read(0.4)

        paste()  # over the list: there is nothing to paste it into
        assert file.read_text("utf-8") == LIST
        terminal.press("a", "tab")
        terminal.wait("Add a show")
        paste()
        terminal.press("enter")
        terminal.wait("Added x")
        for key, last in (("n", "ctrl+s"), ("t", "enter"), ("/", "enter")):
            terminal.press(key, pause=0.4)
            paste()
            terminal.press(last, pause=0.4)
        terminal.press("escape")
        assert terminal.quit() == 0
        drawn = re.sub(rb"\x1b\]22;[a-z]+\x07", b"", terminal.raw)  # the pointer's shape
        assert not re.search(rb"\x1b\[31mPWNED|\x1b\]52|\xc2\x9b|\xe2\x80\xae|\x07", drawn)
    assert file.read_text("utf-8").count("[[shows]]") == 4


ODD = {
    "zalgo": "Z\u0336\u0341a\u0348\u0301l\u0321\u0300g\u0336o" + "\u0301" * 40,
    "joined": "👨‍👩‍👧‍👦 family",
    "rtl": "العربية فيلم",
    "wide": "千と千尋の神隠し",
    "vs16": "❤️ heart ☎️",
    "flag": "🇳🇴 Norge 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
    "thai": "น้ำ กำ",
    "devanagari": "क्षत्रिय",
}


@pytest.mark.parametrize("name", ODD)
def test_X17_columns_line_up_whatever_the_title_is(env: dict[str, str], file: Path, name: str) -> None:
    titles = [ODD[name], "plain", ODD[name] * 6]
    shows = (f'[[shows]]\ntitle = "{title}"\nyear = 19{n}5\nrating = 4.5\n' for n, title in enumerate(titles, 5))
    file.write_text("\n".join(shows), "utf-8")
    with Terminal(env=env) as terminal:
        terminal.wait("1975")
        terminal.read(0.3)
        ends = {_column(terminal, str(year)) for year in (1955, 1965, 1975)}
        assert len(ends) == 1, terminal.screen
        assert terminal.quit() == 0


def _column(terminal: Terminal, text: str) -> int:
    """Where a text begins, as the bytes put it there: each line is drawn from its left edge on, by width."""
    lines = re.split(rb"\r\n|\x1b\[\d+;\d*H", terminal.raw)
    drawn = next(line for line in lines if text.encode() in line and "★".encode() in line)
    plain = re.sub(rb"\x1b(?:\[[\d;?<>=]*[ $]?[A-Za-z]|\]22;[a-z-]+\x07)", b"", drawn).decode("utf-8")
    return cell_len(plain[: plain.index(text)])


FAULT = """
import asyncio, gc, sys, threading
from watchlist import __main__
from watchlist.tui.screens.main import MainScreen

async def working(secret):
    raise ValueError(secret)

def parsed(secret):
    try:
        int(secret)
    except ValueError as error:
        raise KeyError(secret) from error

def undrawn(self, secret):
    self.rows.render_line = lambda y: [][len(secret)]
    self.rows.refresh()

def forgotten(self, secret):
    asyncio.get_running_loop().create_task(working(secret))
    self.set_timer(0.3, gc.collect)

def broken(self, *_):
    secret = self.library.list.shows[0].notes
    HOW

MainScreen.action_sort = broken
sys.exit(__main__.main([]))
"""
HOWS = {
    "action": "raise ValueError(secret)",
    "cause": "parsed(secret)",
    "drawing": "undrawn(self, secret)",
    "later": "self.call_later(lambda: {}[secret])",
    "worker": "self.run_worker(working(secret))",
    "thread": "threading.Thread(target=lambda: {}[secret]).start()",
    "task": "forgotten(self, secret)",
}


@pytest.mark.parametrize("how", HOWS)
def test_T09_a_fault_of_its_own_is_one_line_and_a_report_without_a_word_of_the_users(
    env: dict[str, str], file: Path, tmp_path: Path, how: str
) -> None:
    file.write_text(LIST.replace("year = 1995", 'year = 1995\nnotes = "s3cret words"'), "utf-8")
    program = tmp_path / "program.py"
    program.write_text(FAULT.replace("HOW", HOWS[how]), "utf-8")
    with Terminal(str(program), env=env | {"PYTHONPATH": str(Path.cwd())}, program=sys.executable) as terminal:
        terminal.wait("Zodiac")
        terminal.press("o")
        assert ended(terminal) == 1
        given_back(terminal.raw)
    said = terminal.raw[terminal.raw.rindex(b"\x1b[?1049l") :].decode("utf-8")
    plain = re.sub(r"\x1b\[[\d;?<>=]*[A-Za-z]", "", said).strip()
    assert re.fullmatch(r"watchlist: a fault in watchlist itself: \w+; report: \S+", plain), plain
    (report,) = (Path(env["XDG_STATE_HOME"]) / "watchlist" / "faults").iterdir()
    assert str(report) in plain
    assert stat.S_IMODE(report.stat().st_mode) == 0o600
    text = report.read_text("utf-8")
    for held in (text, plain):
        assert "s3cret" not in held
        assert "Heat" not in held
    assert str(tmp_path) not in text
    assert re.search(r"^watchlist \d.*, Python 3\.\d+.*, textual \d", text)
    assert re.search(r"^  program\.py:\d+:", text, re.MULTILINE)
    if how == "cause":
        assert "builtins.KeyError" in text
        assert "caused by: builtins.ValueError" in text
    for path in Path(env["XDG_STATE_HOME"]).rglob("*"):
        assert path.is_dir() or b"s3cret" not in path.read_bytes(), path


def test_T09_a_fault_of_a_verb_is_written_down_the_same_way(env: dict[str, str], file: Path) -> None:
    file.write_text(LIST.replace("year = 1995", 'year = 1995\nnotes = "s3cret words"'), "utf-8")
    program = (
        "import sys; from watchlist import __main__; from watchlist.cli.verbs import list_show\n"
        "def views_(context): raise ValueError(context.library.list.shows[0].notes)\n"
        "list_show.views_ = views_; sys.exit(__main__.main(['views']))"
    )
    done = subprocess.run([sys.executable, "-c", program], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"watchlist: a fault in watchlist itself: ValueError; report: \S+\n", done.stderr)
    (report,) = (Path(env["XDG_STATE_HOME"]) / "watchlist" / "faults").iterdir()
    assert "s3cret" not in report.read_text("utf-8")
    assert "views_" in report.read_text("utf-8")
