"""What a terminal sends to the installed program in a real terminal: no input ends it, only keys act."""

from __future__ import annotations

import base64
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.e2e.terminal import LIST, Terminal, environment

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


RUBBISH = (
    b"\xff\xfe\xe9\x80",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\x1b[M\x20\xe9\xff",
    b"\x1b[M !!",
    b"\x1b[123456789012u",
    b"\x1b[" + b"9" * 5000 + b"~",
    b"\x1b[97;5:3u\x1b[97;;1114112u",
    b"\x1b[48;0;0;0;0t",
    b"\x1b[<0;99999;99999M\x1b[<35;0;0M",
    b"\x1b[",
    b"\x1b[200~ddd",
    b"\x1b]11;rgb:dddd",
    b"\x1bP>|dud",
    b"\x9bd\x90ddd",
)


def test_B2_B13_rubbish_does_nothing_and_ends_nothing(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        before = terminal.wait(lambda screen: "Zodiac" in screen and "not rated" in screen)  # the list and the details
        for rubbish in RUBBISH:
            terminal.process.send(rubbish)
            terminal.read(1.4)  # what is unfinished is given up
            assert terminal.process.isalive(), (rubbish, terminal.screen)
        assert file.read_text("utf-8") == LIST
        terminal.press("/", "heat", "enter")
        terminal.wait("1 of 3")
        terminal.press("escape")
        assert before.splitlines()[2:6] == terminal.screen.splitlines()[2:6]
        assert terminal.quit() == 0


def test_B13_answers_of_terminals_change_nothing(env: dict[str, str], file: Path) -> None:
    answers = (b"\x1b[>1u", b"\x1b[>1d", b"\x1bP>|kitty(0.32) dud\x1b\\", b"\x1b[?62;1;4c", b"\x1b_Gdud\x1b\\")
    with Terminal(env=env) as terminal:
        before = terminal.wait(lambda screen: "Zodiac" in screen and "not rated" in screen)  # the list and the details
        for answer in answers:
            terminal.process.send(answer * 3)
        terminal.read(0.5)
        assert terminal.screen == before
        assert file.read_text("utf-8") == LIST
        assert terminal.quit() == 0


def test_B8_esc_and_a_letter_in_one_read_close_and_act(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("/", "heat")
        terminal.wait("1 of 3")
        terminal.process.send("\x1bG")  # esc clears the filter, G goes to the last show
        terminal.wait("3 shows")
        terminal.press("r", "3", "enter")
        terminal.wait("Rated Zodiac 3")
        terminal.press("n")
        terminal.wait("Notes on Zodiac")
        terminal.process.send("\x1bd")
        terminal.wait("Removed Zodiac")
        assert terminal.quit() == 0


@pytest.mark.parametrize(
    ("keys", "seen"), [("/", "dune"), ("a", "an address"), ("n", "Notes on"), ("r", "Rate "), ("?", "Keys")]
)
def test_B8_ctrl_z_suspends_wherever_the_keys_go(env: dict[str, str], file: Path, keys: str, seen: str) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press(keys)
        terminal.wait(seen)
        stat = Path(f"/proc/{terminal.process.pid}/stat")
        if not stat.exists():
            pytest.skip("the state of a process is looked up in /proc")
        for suspend in ("\x1a", "\x1b[122;5u"):  # as most terminals send it, and as those with the kitty protocol
            terminal.process.send(suspend)
            end = time.monotonic() + 10
            while stat.read_text().split(")")[1].split()[0] != "T" and time.monotonic() < end:
                terminal.read(0.1)
            assert stat.read_text().split(")")[1].split()[0] == "T"
            terminal.read()
            terminal._screen.reset()
            terminal.process.kill(signal.SIGCONT)
            terminal.wait(seen)
        terminal.process.kill(signal.SIGTERM)


def test_B2_who_is_continued_without_having_been_suspended_still_hears_and_ends(
    env: dict[str, str], file: Path
) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        for _ in range(3):
            terminal.process.kill(signal.SIGSTOP)
            terminal.process.kill(signal.SIGCONT)
            terminal.read(0.5)
        terminal.press("/", "heat")  # each key arrives once, and in order
        terminal.wait("1 of 3")
        terminal.press("escape", "j", "r", "3", "enter")
        terminal.wait("Rated Slow Horses 3")
        assert terminal.quit() == 0  # no thread is left that waits for keys


def test_B2_the_rest_of_a_paste_is_no_key_after_the_program_was_suspended(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.process.send("\x1b[200~d\nd\n")  # `d` removes a show
        terminal.read(0.3)
        terminal.process.kill(signal.SIGTSTP)
        stat = Path(f"/proc/{terminal.process.pid}/stat")
        end = time.monotonic() + 20
        while stat.read_text().split(")")[1].split()[0] != "T" and time.monotonic() < end:
            terminal.read(0.1)
        terminal.process.send("d\nd\nd\n\x1b[201~")
        terminal.process.kill(signal.SIGCONT)
        terminal.read(1.0)
        terminal.press("j", "r", "3", "enter")  # what comes after the paste are keys
        terminal.wait("Rated Slow Horses 3")
        assert file.read_text("utf-8").count("[[shows]]") == LIST.count("[[shows]]")
        assert terminal.quit() == 0


def test_B8_ten_megabytes_pasted_into_notes_are_refused_at_once(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("n")
        terminal.wait("Notes on Heat")
        terminal.process.send("\x1b[200~")
        for _ in range(1000):
            terminal.process.send("d" * 10_000)
        terminal.process.send("\x1b[201~")
        terminal.wait("longer than 1 MB")
        terminal.press("fine", "ctrl+s")
        terminal.wait("notes of Heat")
        assert 'notes = "fine"' in file.read_text("utf-8")
        assert terminal.quit() == 0


def test_A10_lines_that_are_pasted_and_confirmed_in_one_go_are_shows(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("a")
        terminal.wait("an id or an address")
        terminal.process.send("\x1b[200~Ran (1985)\r\rHeat\rIkiru\r\x1b[201~")
        terminal.wait("3 lines pasted")
        terminal.wait("enter Add 2")
        terminal.press("enter")
        terminal.wait("Added 2 shows")
        assert terminal.quit() == 0
    assert file.read_text("utf-8").count("[[shows]]") == 5


def test_D1_a_hostile_title_reaches_the_clipboard_as_one_harmless_line(env: dict[str, str], file: Path) -> None:
    file.write_text('[[shows]]\ntitle = "a\\u001b[201~\\nrm -rf ~\\r\\u009b31m\\u0007b"\n', "utf-8")
    with Terminal(env=env) as terminal:
        terminal.wait("rm -rf")
        terminal.press("y")
        terminal.wait("Copied")
        (copied,) = re.findall(rb"\x1b\]52;c;([^\x07]*)\x07", terminal.raw)
        assert base64.b64decode(copied) == b"a[201~ rm -rf ~ 31mb"
        assert terminal.quit() == 0
