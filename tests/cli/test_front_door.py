"""The front door: exit codes, streams that are closed, full or odd, colour, and no traceback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pytest

from tests.conftest import SHOWS, Call, Cli
from watchlist import __version__

PROGRAM = [sys.executable, "-m", "watchlist"]


@pytest.fixture
def env(home: dict[str, str], file: Path) -> dict[str, str]:
    return home | {"WATCHLIST_FILE": str(file)}


def shell(line: str, env: Mapping[str, str], *, stdin: int = subprocess.DEVNULL) -> subprocess.CompletedProcess[bytes]:
    """A line of sh in which `w` is the program."""
    program = f'w() {{ {sys.executable} -m watchlist "$@"; }}; {line}'
    return subprocess.run(
        ["sh", "-c", program], env=dict(env), stdin=stdin, capture_output=True, check=False, timeout=60
    )


def on_terminal(words: list[str], env: Mapping[str, str], columns: int = 60) -> tuple[str, int]:
    """What the program writes to a terminal, and its exit code."""
    child = pexpect.spawn(
        sys.executable, ["-m", "watchlist", *words], env=dict(env), dimensions=(24, columns), timeout=20
    )
    child.expect(pexpect.EOF)
    child.wait()
    assert child.signalstatus is None, "it crashed"
    return child.before.decode(), int(child.exitstatus or 0)


def test_the_version_waits_for_nothing(cli: Cli) -> None:
    assert cli("--version").stdout == f"watchlist {__version__}\n"
    assert cli("list", "--version").stdout == f"watchlist {__version__}\n"
    heavy = ("rich", "platformdirs", "watchlist.domain.fields", "watchlist.command_table")
    code = f"import sys; from watchlist.__main__ import main; main(['--version']); print({set(heavy)} & sys.modules.keys())"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.splitlines()[1] == "set()"


@pytest.mark.parametrize("term", ["xterm", "dumb", ""])
def test_without_a_terminal_there_is_no_interface_but_a_hint(cli: Cli, term: str) -> None:
    ran = cli(env={"TERM": term})
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "watchlist list" in ran.stderr


def test_on_a_dumb_terminal_there_is_a_hint_too(env: dict[str, str]) -> None:
    text, code = on_terminal([], env | {"TERM": "dumb"})
    assert code == 2
    assert "watchlist list" in text


def test_the_error_of_a_config_that_cant_be_used_comes_before_the_screen(env: dict[str, str], config: Path) -> None:
    config.write_text('scale = "7"\n')
    text, code = on_terminal([], env)
    assert code == 2
    assert "line 1: scale: expected one of stars, 10, 100" in text
    assert "\x1b[?1049h" not in text


def test_T06_a_pipe_that_closes_early_is_silent(env: dict[str, str], file: Path) -> None:
    many = "\n".join(f'[[shows]]\nid = "s{n}"\ntitle = "Show {n}"\n' for n in range(3000))
    file.write_text("version = 1\n" + many)
    for words in ("list", "list --json", "export"):
        ran = shell(f"(w {words}; echo code $? >&2) | head -1 >/dev/null", env)
        assert ran.stderr == b"code 0\n", words


def test_a_pipe_that_was_closed_before_is_silent_too(env: dict[str, str]) -> None:
    for words in (["list"], ["help"], ["add", "Dune"]):
        reading, writing = os.pipe()
        os.close(reading)
        ran = subprocess.run([*PROGRAM, *words, "-q"], env=env, stdout=writing, stderr=subprocess.PIPE, check=False)
        os.close(writing)
        assert (ran.returncode, ran.stderr) == (0, b""), words


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is a device of Linux")
def test_T06_a_full_device_is_said_and_ends_in_3(env: dict[str, str]) -> None:
    for words in ("list", "list --json", "export", "help"):
        ran = shell(f"w {words} >/dev/full", env)
        assert ran.returncode == 3, words
        assert ran.stderr == b"watchlist: stdout: No space left on device\n"


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_fault_and_take_no_file_of_ours(env: dict[str, str], file: Path, closed: str) -> None:
    ran = shell(f"w rate heat 3 {closed}", env)
    assert (ran.returncode, ran.stdout) == (0, b"")
    assert b"Traceback" not in ran.stderr
    assert file.read_text("utf-8") == SHOWS.replace("4.5 # of 5", "3.0 # of 5")
    assert shell(f"w list {closed}", env).returncode == 0
    assert shell(f"w {closed}", env).returncode == 2


@pytest.mark.parametrize(
    "odd", [{"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_T07_a_locale_that_cant_print_everything_is_no_crash_and_json_stays_json(
    cli: Cli, file: Path, odd: dict[str, str]
) -> None:
    env = odd | {"WATCHLIST_FILE": str(file)}
    for words in (["list"], ["show", "rec"], ["show", "heat"], ["list", "--plain"], ["rate", "rec", "3"]):
        ran = cli(*words, env=env)
        assert ran.returncode == 0, ran.stderr
    ran = cli("list", "rec", "--json", env=env)
    assert ran.stdout.isascii()
    assert "\\u4e09" in ran.stdout


def test_X05_words_that_are_not_utf8_are_wrong_usage_and_change_nothing(env: dict[str, str], file: Path) -> None:
    ran = shell(r"""w add "$(printf 'a\377b')" """, env)
    assert ran.returncode == 2
    assert b"is not valid UTF-8" in ran.stderr
    assert file.read_text("utf-8") == SHOWS


def test_an_interrupt_ends_in_130(env: dict[str, str]) -> None:
    def heard() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests in the background may ignore it

    words = ["-m", "watchlist", "status", "paused", "--where", "heat"]
    child = pexpect.spawn(sys.executable, words, env=env, timeout=20, preexec_fn=heard)
    child.expect_exact("[y/N] ")
    for _ in range(5):  # Python may be about to wait for the answer, and hears of the first one only after it
        child.sendintr()
        if child.expect([pexpect.EOF, pexpect.TIMEOUT], timeout=5) == 0:
            break
    child.close()
    assert child.exitstatus == 130
    assert b"Traceback" not in child.before


def test_a_fault_of_our_own_is_one_line_without_values(call: Call, monkeypatch: pytest.MonkeyPatch, file: Path) -> None:
    def broken(self: object) -> None:
        raise RuntimeError("a private note")

    monkeypatch.setattr("watchlist.cli.context.Context.library", property(broken))
    ran = call("list")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("watchlist: a fault in watchlist itself: RuntimeError; report: ")
    assert "private" not in ran.err
    assert "Traceback" in call("list", env={"WATCHLIST_DEBUG": "1"}).err


def test_what_is_wrong_goes_to_stderr_with_its_code_and_the_next_step(call: Call, file: Path, tmp_path: Path) -> None:
    name = str(file)
    for words, code, said in (
        (["lst"], 2, 'did you mean "list"?'),
        (["list", "--limt", "3"], 2, 'did you mean "--limit"?'),
        (["--file", name, "show", "nothing"], 1, "watchlist list"),
        (["--file", str(tmp_path), "list"], 3, "not a regular file"),
        (["--config", str(tmp_path / "none.toml"), "list"], 2, "there is no config"),
        (["--file", name, "undo"], 1, "nothing to undo"),
    ):
        ran = call(*words)
        assert (ran.code, ran.out) == (code, ""), words
        assert ran.err.startswith("watchlist: ")
        assert said in ran.err


def test_a_file_name_that_would_act_is_shown(call: Call, tmp_path: Path) -> None:
    ran = call("--file", str(tmp_path / "a\x1b]0;x\x07.toml"), "init")
    assert ran.code == 0
    assert "\x1b" not in ran.err
    assert "␛" in ran.err


def test_warnings_of_the_config_come_once_and_quiet_mutes_them(call: Call, config: Path, file: Path) -> None:
    config.write_text('scael = "10"\n')
    ran = call("list", "--file", str(file))
    assert ran.err == f'watchlist: {config} line 1: there is no setting "scael"; did you mean "scale"?\n'
    assert call("list", "-q", "--file", str(file)).err == ""


# Colour


SGR = re.compile(r"\x1b\[[\d;]*m")


def test_colour_is_for_terminals_and_everything_else_is_the_same(env: dict[str, str], cli: Cli) -> None:
    text, code = on_terminal(["list"], env, columns=100)
    assert code == 0
    assert SGR.search(text)
    piped = cli("list", env=env)
    assert "\x1b" not in piped.stdout
    assert SGR.sub("", text).replace("\r\n", "\n") == piped.stdout


@pytest.mark.parametrize("plain", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_no_color_and_dumb_terminals_get_none(env: dict[str, str], plain: dict[str, str]) -> None:
    for words in (["list"], ["show", "heat"], ["help"]):
        assert "\x1b" not in on_terminal(words, env | plain)[0]
    assert "\x1b" not in on_terminal(["list", "--no-color"], env)[0]
    assert SGR.search(on_terminal(["list"], env | {"NO_COLOR": ""})[0])


def test_json_is_never_coloured_and_titles_never_act(env: dict[str, str]) -> None:
    for words in (["list", "--json"], ["list", "--jsonl"], ["list", "--plain"], ["show", "rec", "--json"], ["export"]):
        assert "\x1b" not in on_terminal(words, env)[0], words
    shown, _ = on_terminal(["show", "rec"], env)
    assert "\x1b]" not in shown
    assert "\x07" not in shown


@pytest.mark.parametrize("columns", [60, 40, 20])
def test_a_table_is_cut_to_the_terminal(env: dict[str, str], columns: int) -> None:
    from rich.cells import cell_len

    text, _ = on_terminal(["list"], env, columns=columns)
    lines = SGR.sub("", text).split("\r\n")
    assert len(lines) == 6
    room = max(columns, 6 * 5 + 2 * 5 + 1)  # below that, columns keep their least width
    assert all(cell_len(line) <= room for line in lines)
    if columns < 60:
        assert "…" in text
