"""`E` in a real terminal: whatever the editor does, the list is drawn again, says what happened, and takes keys."""

from __future__ import annotations

import re
import signal
import sys
import termios
import time
from pathlib import Path

import pexpect
import pytest

from tests.e2e.terminal import LIST, PROGRAM, Terminal, environment

NEW = LIST.replace("1995", "1996")
RATED = ("rating = 4.5", 'rating = 3.0\nid = "slow-horses"')
CHANGE = "path.write_text(text.replace('1995', '1996'))\n"
SAY = "sys.stdout.write('\\x1b[2J\\x1b[Hthe editor\\r\\n'); sys.stdout.flush()\n"
WAIT = SAY + "while not go.exists(): time.sleep(0.02)\n"


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path)


@pytest.fixture
def file(tmp_path: Path, env: dict[str, str]) -> Path:
    path = tmp_path / "list.toml"
    path.write_text(LIST, "utf-8")
    env["WATCHLIST_FILE"] = str(path)
    return path


def script(tmp_path: Path, code: str) -> str:
    """A command that runs `code` as the editor; once `go` exists, it goes on."""
    path = tmp_path / "ed.py"
    path.write_text(
        "import os, pathlib, shutil, signal, sys, time\npath = pathlib.Path(sys.argv[-1]); text = path.read_text('utf-8')\n"
        f"go = pathlib.Path({str(tmp_path / 'go')!r})\n{code}\n",
        "utf-8",
    )
    return f"{sys.executable} {path}"


def kept(tmp_path: Path) -> list[str]:
    """The texts that are kept of what editors left."""
    found = (tmp_path / "state" / "watchlist" / "drafts").glob("*/*/*.toml")
    return [path.read_text("utf-8", "replace") for path in found if path.is_file()]


def said(terminal: Terminal, text: str) -> str:
    """Wait for the text, which may be wrapped anywhere; the screen in one line."""
    words = text.replace(" ", "")
    return re.sub(r"\s", "", terminal.wait(lambda screen: words in re.sub(r"\s", "", screen)))


def said_no_more(terminal: Terminal, text: str) -> None:
    terminal.wait(lambda screen: text not in screen)


ENDS = [
    ("false", "the editor false ended with 1", False),
    ("no-such-editor", "can't be started: No such file or directory", False),
    ("/dev/null", "can't be started: Permission denied", False),
    ("sys.exit(1)", "ended with 1", False),
    (CHANGE + "sys.exit(1)", "ended with 1", True),
    ("os.kill(os.getpid(), signal.SIGKILL)", "was ended by SIGKILL", False),
    (CHANGE + "os.kill(os.getpid(), signal.SIGSEGV)", "was ended by SIGSEGV", True),
    ("if '= = 5' not in text: path.write_text(text.replace('1995', '= = 5'))", "line 3, column 8: Invalid value", True),
    ("path.unlink()", "removed the file", False),
    ("path.unlink(); path.mkdir()", "put a folder in place", True),
    ("path.unlink(); path.symlink_to('/etc/passwd')", "put a link in place", True),
    ("path.unlink(); os.mkfifo(path)", "put no regular file in place", True),
    ("shutil.rmtree(path.parent)", "removed the file", False),
    ("os.truncate(path, 300_000_000)", "larger than 16 MiB", True),
    ("path.write_bytes(b'\\xff\\xfe\\x00')", "not valid UTF-8", True),
    ("path.chmod(0)", "Left as it was", False),
]


@pytest.mark.parametrize(("code", "message", "named"), ENDS, ids=[code.split("\n")[-1][:40] for code, _, _ in ENDS])
def test_B1_the_list_comes_back_with_a_message_whatever_the_editor_does(
    env: dict[str, str], file: Path, tmp_path: Path, code: str, message: str, named: bool
) -> None:
    env["EDITOR"] = script(tmp_path, code) if "(" in code else code
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        modes = termios.tcgetattr(terminal.process.child_fd)
        terminal._screen.reset()  # what is seen from now on is drawn anew
        terminal.press("E")
        screen = said(terminal, message)
        terminal.wait("? Help")
        assert "Zodiac" in terminal.screen
        assert ("yourtextiskept,Eopensitagain" in screen) is named
        assert termios.tcgetattr(terminal.process.child_fd) == modes
        terminal.press("j", "r", "3", "enter")
        terminal.wait("Rated Slow Horses 3")
        assert terminal.quit() == 0
    assert "Traceback" not in terminal.raw.decode("utf-8", "replace")
    assert file.read_text("utf-8") == LIST.replace(*RATED)


def test_B1_B12_vim_that_gives_up_keeps_what_was_written_for_the_next_time(
    env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    env["EDITOR"] = "env TERM=vt100 vim -u NONE -n"
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("E")
        terminal.wait("All")
        terminal.press(":%s/1995/1996/", "enter", ":w", "enter", ":cq", "enter")
        said(terminal, "ended with 1")
        terminal.wait("? Help")
        terminal.press("E")
        terminal.wait("# watchlist: what you wrote on")
        assert "1996" in terminal.screen
        terminal.press(":wq", "enter")
        terminal.wait("Set year of Heat")
        assert terminal.quit() == 0
    assert file.read_text("utf-8") == NEW
    assert not kept(tmp_path)


def test_B1_modes_that_a_killed_editor_leaves_on_are_not_passed_on_to_the_shell(
    env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    """As the terminal was before the program began, so it is when it has ended."""
    env["EDITOR"] = script(tmp_path, "import tty; tty.setraw(0); os.kill(os.getpid(), signal.SIGKILL)")
    child = pexpect.spawn(
        "bash", ["--norc", "--noprofile", "-i"], env=env | {"PS1": "prompt> "}, timeout=20, cwd=tmp_path
    )
    child.expect_exact("prompt> ")
    child.sendline(f"stty -a > before; {PROGRAM}; stty -a > after; {PROGRAM} edit heat; stty -a > last; echo do''ne")
    child.expect_exact("Zodiac")
    child.send("E")
    child.expect_exact("SIGKILL")
    child.send("q")
    child.expect_exact("done")
    child.close(force=True)
    before, after, last = ((tmp_path / name).read_text() for name in ("before", "after", "last"))
    assert before == after == last


@pytest.mark.parametrize("wrapped", [False, True], ids=["ed", "in a script"])
def test_B12_ctrl_c_in_an_editor_that_leaves_signals_on_is_not_ours(
    env: dict[str, str], file: Path, tmp_path: Path, wrapped: bool
) -> None:
    wrapper = tmp_path / "wrapper"
    wrapper.write_text('#!/bin/sh\necho the wrapper\ntrap "" INT\ned "$@"\n')
    wrapper.chmod(0o755)
    env["EDITOR"] = str(wrapper) if wrapped else "ed"
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("E")
        terminal.read(0.5)
        terminal.press(",s/1995/1996/", "enter", "w", "enter", "ctrl+c", "ctrl+c", "ctrl+c")
        terminal.press("q", "enter", pause=0.2)
        terminal.wait("Set year of Heat")
        terminal.read(0.5)
        terminal.press("j", "r", "3", "enter")
        terminal.wait("Rated Slow Horses 3")
        assert terminal.quit() == 0
    assert file.read_text("utf-8") == NEW.replace(*RATED)


def test_B12_an_editor_that_ctrl_c_ends_brings_the_list_back(env: dict[str, str], file: Path, tmp_path: Path) -> None:
    env["EDITOR"] = script(tmp_path, "signal.signal(signal.SIGINT, signal.SIG_DFL)\n" + CHANGE + WAIT)
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("E")
        terminal.wait("the editor")
        terminal.press("ctrl+c")
        said(terminal, "was ended by SIGINT")
        terminal.wait("? Help")
        assert terminal.quit() == 0
    assert [text.count("1996") for text in kept(tmp_path)] == [1]


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
@pytest.mark.parametrize("deaf", [False, True], ids=["", "deaf"])
def test_B12_a_signal_while_the_editor_is_open_ends_both_and_the_text_is_offered_again(
    env: dict[str, str], file: Path, tmp_path: Path, number: signal.Signals, code: int, deaf: bool
) -> None:
    ignore = f"signal.signal({int(number)}, signal.SIG_IGN)\n" if deaf else ""
    env["EDITOR"] = script(tmp_path, ignore + CHANGE + WAIT)
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("E")
        terminal.wait("the editor")
        terminal.process.kill(number)
        terminal.process.expect(pexpect.EOF)
        terminal.process.close()
        assert terminal.process.exitstatus == code
    (tmp_path / "go").touch()
    assert file.read_text("utf-8") == LIST
    assert [text.count("1996") for text in kept(tmp_path)] == [1]
    env["EDITOR"] = script(tmp_path, "path.write_text(text)")
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("E")
        terminal.wait("Set year of Heat")
        assert terminal.quit() == 0
    assert file.read_text("utf-8") == NEW


def test_B12_a_window_that_is_closed_over_an_editor_loses_no_text(
    env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    env["EDITOR"] = script(tmp_path, CHANGE + WAIT)
    terminal = Terminal(env=env)
    terminal.wait("Zodiac")
    terminal.press("E")
    terminal.wait("the editor")
    terminal.process.ptyproc.fileobj.close()
    terminal.process.ptyproc.closed = True
    until = time.monotonic() + 20
    while terminal.process.isalive() and time.monotonic() < until:
        time.sleep(0.02)
    assert terminal.process.exitstatus == 129
    assert [text.count("1996") for text in kept(tmp_path)] == [1]
    assert not (tmp_path / "state" / "watchlist" / "faults").exists()


def test_B12_an_editor_over_the_interface_is_stopped_and_continued_by_the_shell(
    env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    env["EDITOR"] = script(tmp_path, WAIT + CHANGE)
    child = pexpect.spawn(
        "bash", ["--norc", "--noprofile", "-i"], env=env | {"PS1": "prompt> "}, timeout=20, cwd=tmp_path
    )
    child.expect_exact("prompt> ")
    child.sendline(PROGRAM)
    child.expect_exact("Zodiac")
    child.send("E")
    child.expect_exact("the editor")
    child.send("\x1a")
    child.expect_exact("Stopped")
    child.expect_exact("prompt> ")
    child.sendline("fg")
    child.expect_exact("watchlist\r\n")
    (tmp_path / "go").touch()
    child.expect_exact("Set year of Heat")
    child.send("q")
    child.expect_exact("prompt> ")
    child.close(force=True)
    assert file.read_text("utf-8") == NEW


def test_E1_an_editor_that_returns_at_once_gets_a_hint_in_the_interface_too(
    env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    code = tmp_path / "code"
    code.write_text("#!/bin/sh\n")
    code.chmod(0o755)
    env["EDITOR"] = "~/code"
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("E")
        assert '"code--wait"' in said(terminal, "code does not wait for its window")
        assert terminal.quit() == 0


def test_B19_the_cursor_stays_on_a_show_whose_id_is_changed(env: dict[str, str], file: Path, tmp_path: Path) -> None:
    text = "".join(f'[[shows]]\nid = "{id}"\ntitle = "{id.title()}"\n\n' for id in ("alien", "heat", "zodiac"))
    file.write_text(text, "utf-8")
    env["EDITOR"] = script(tmp_path, "path.write_text(text.replace('\"heat\"', '\"aa\"').replace('Heat', 'Zz'))")
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("j", "E")
        said(terminal, "Changed title and id of Zz")  # which is the last one now
        terminal.press("r", "3", "enter")
        terminal.wait("Rated Zz 3")
        terminal.press("u", "u")
        terminal.wait("Undone: Changed title and id of Zz")
        terminal.press("r", "4", "enter")
        terminal.wait("Rated Heat 4")
        assert terminal.quit() == 0
    assert file.read_text("utf-8") == text.replace('"Heat"\n', '"Heat"\nrating = 4.0\n')


@pytest.mark.parametrize("size", [(80, 24), (40, 12)], ids=str)
def test_B1_an_editor_that_always_leaves_wrong_text_comes_back_at_once_with_the_line_and_the_next_key(
    env: dict[str, str], file: Path, tmp_path: Path, size: tuple[int, int]
) -> None:
    env["EDITOR"] = script(
        tmp_path, "open(path.parent / 'ran', 'a').write('x'); path.write_text(text + 'a = [oops\\n')"
    )
    with Terminal(env=env, size=size) as terminal:
        terminal.wait("Zodiac")
        for times in (1, 2):
            terminal.press("E")
            screen = said(terminal, "line 5, column 6")
            terminal.wait("Help")
            assert "yourtextiskept,Eopensitagain" in screen
            ran = next((tmp_path / "state" / "watchlist" / "drafts").glob("*/*/ran"))
            assert ran.read_text() == "x" * times
            terminal.press("2", "1")
            said_no_more(terminal, "line 5")
        assert terminal.quit() == 0
    assert file.read_text("utf-8") == LIST


def test_B12_the_path_of_a_kept_text_is_shown_whole_where_it_fits(
    env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    env["EDITOR"] = script(tmp_path, CHANGE + "sys.exit(1)")
    for columns, whole in ((200, True), (60, False)):
        with Terminal(env=env, size=(columns, 24)) as terminal:
            terminal.wait("Zodiac")
            terminal.press("E")
            screen = said(terminal, "ended with 1")
            path = str(next((tmp_path / "state" / "watchlist" / "drafts").glob("*/*/*.toml")))
            assert (f"whatyouwroteisin{path}" in screen) is whole
            assert ("`watchlistpaths`sayswhere" in screen) is not whole
            assert terminal.quit() == 0


def test_E1_a_value_that_can_not_be_read_is_stored_and_named_in_the_interface(
    env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    env["EDITOR"] = script(tmp_path, "path.write_text(text.replace('1995', '\"soon\"'))")
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("E")
        screen = said(terminal, 'Changed year of Heat; line 3: Heat: year = "soon": expected a whole number')
        assert "Ddoctor,uundo" in screen
        terminal.press("u")
        terminal.wait("Undone: Changed year of Heat")
        assert terminal.quit() == 0
    assert file.read_text("utf-8") == LIST


def test_B1_shows_that_a_damaged_list_would_lose_in_the_interface_are_kept(
    env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    text = "".join(f'[[shows]]\ntitle = "Show {n:02}"\n\n' for n in range(20)) + "oops\n"
    file.write_text(text, "utf-8")
    env["EDITOR"] = script(tmp_path, "path.write_text('[[shows]]\\ntitle = \"Show 00\"\\n')")
    with Terminal(env=env) as terminal:
        terminal.wait("Show 01")
        terminal.press("E")
        screen = said(terminal, "this text would remove")
        assert "`watchlistedit--yes`removesthem" in screen
        assert terminal.quit() == 0
    assert file.read_text("utf-8") == text
    assert len(kept(tmp_path)) == 1
