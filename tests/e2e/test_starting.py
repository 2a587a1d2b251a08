"""The interface at its start, in a real terminal: what keeps it from starting is said once, and there is a way out."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pexpect
import pytest

from tests.e2e.terminal import LIST, PROGRAM, Terminal, environment
from watchlist.command_table import ACTIONS


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path)


@pytest.fixture
def file(tmp_path: Path, env: dict[str, str]) -> Path:
    path = tmp_path / "list.toml"
    path.write_text(LIST, "utf-8")
    env["WATCHLIST_FILE"] = str(path)
    return path


@pytest.fixture
def config(tmp_path: Path, file: Path) -> Path:
    path = tmp_path / "config" / "watchlist" / "config.toml"
    path.parent.mkdir(parents=True)
    return path


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("theme = 5\n", 2, "config.toml line 1: theme: expected text in quotes"),
        ("theme = \n", 2, "Invalid value"),
        ('scale = "7"\n', 2, "scale: expected one of"),
        ("keys = 3\n", 2, "keys: expected a table"),
        ("[keys]\nrate = 3\n", 2, "rate needs a key"),
        ("\xff", 2, "line 1: not UTF-8 text"),
        ("services = 3\n", 2, "expected a table"),
        ("#" * (2 << 20), 2, "larger than 1 MiB"),
    ],
)
def test_B15_a_config_that_can_not_be_used_is_said_in_one_message(
    env: dict[str, str], config: Path, text: str, code: int, said: str
) -> None:
    config.write_bytes(text.encode("latin-1"))
    raw, status = pexpect.run(PROGRAM, env=env, withexitstatus=True, timeout=30)
    shown = raw.decode()
    assert status == code
    assert said in shown
    assert shown.count("watchlist: ") == 1
    assert shown.count("\n") <= 2
    assert "Traceback" not in shown
    assert "Exception" not in shown
    assert "\x1b[?1049h" not in shown


@pytest.mark.parametrize("what", ["folder", "pipe", "too large", "forbidden folder", "no such config"])
def test_B15_a_list_that_can_not_be_read_is_said_in_one_message(
    env: dict[str, str], tmp_path: Path, file: Path, what: str
) -> None:
    words: list[str] = []
    file.unlink()
    if what == "folder":
        file.mkdir()
    elif what == "pipe":
        os.mkfifo(file)
    elif what == "too large":
        file.touch()
        os.truncate(file, 1 << 30)
    elif what == "forbidden folder":
        env["WATCHLIST_FILE"] = "/dev/null/list.toml"
    else:
        words = ["--config", str(tmp_path / "none.toml")]
    raw, status = pexpect.run(" ".join([PROGRAM, *words]), env=env, withexitstatus=True, timeout=30)
    shown = raw.decode()
    assert status in (2, 3)
    assert shown.count("watchlist: ") == 1
    assert "Traceback" not in shown
    assert "\x1b[?1049h" not in shown


def test_B20_ctrl_q_leaves_when_every_key_is_gone(env: dict[str, str], config: Path, file: Path) -> None:
    config.write_text("[keys]\n" + "".join(f'{name} = ["f24"]\n' for name in ACTIONS), "utf-8")
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("q", "escape", "ctrl+p", ":")
        terminal.read(0.3)
        assert terminal.process.isalive()
        terminal.press("ctrl+q")
        terminal.process.expect(pexpect.EOF)
        terminal.process.close()
        assert terminal.process.exitstatus == 0
    assert file.read_text("utf-8") == LIST


@pytest.mark.parametrize("keys", [[], ["?"], ["s"], [":"], ["r"], ["x"], ["W"], ["/", "h"], ["t", "x"], ["S"]])
def test_B20_ctrl_q_leaves_from_everywhere(env: dict[str, str], file: Path, keys: list[str]) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.read(0.3)
        before = terminal.screen
        terminal.press(*keys)
        terminal.wait(lambda screen: not keys or screen != before)
        terminal.press("ctrl+q")
        terminal.process.expect(pexpect.EOF)
        terminal.process.close()
        assert terminal.process.exitstatus == 0


def test_B20_ctrl_q_in_a_form_asks_first_and_then_keeps_what_was_typed(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("n", "The diner", "ctrl+q")
        terminal.wait("Discard what you typed?")
        terminal.press("ctrl+q")
        terminal.process.expect(pexpect.EOF)
        terminal.process.close()
        assert terminal.process.exitstatus == 0
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("n")
        terminal.wait("The diner")


def test_B20_the_interface_starts_with_the_keys_that_work(env: dict[str, str], config: Path, file: Path) -> None:
    many = ", ".join(f'"ctrl+f{n}"' for n in range(20_000))
    config.write_text(f'[keys]\nrate = ["z", "nokey"]\nundo = [{many}]\nnothing = "x"\n', "utf-8")
    with Terminal(env=env) as terminal:
        terminal.wait("z Rate")
        terminal.press("z", "3", "enter")
        terminal.wait("Rated Heat 3")
        assert terminal.quit() == 0


# In place of `watchlist`: without any private name of Textual or Rich that the program uses.
WITHOUT_PRIVATE_NAMES = """
import builtins, sys

real_import = builtins.__import__

def public_import(name, importer=None, *rest, **more):
    ours = (importer or {}).get("__name__", "").startswith("watchlist.")
    if ours and name.startswith(("textual.", "rich.")) and "._" in name:
        raise ImportError(name + " is private")
    return real_import(name, importer, *rest, **more)

builtins.__import__ = public_import
from watchlist.tui.compat import app_lifecycle, terminal_driver
del app_lifecycle.CrashSafeApp._handle_exception
assert not terminal_driver._REPLACED
from watchlist.__main__ import main
sys.exit(main())
"""


def test_the_interface_works_without_private_names(env: dict[str, str], file: Path) -> None:
    shown = Terminal("-c", WITHOUT_PRIVATE_NAMES, env=env, program=sys.executable)
    shown.wait("Slow Horses")
    shown.press("a", *"Ronin", "enter")
    shown.wait("Added Ronin")
    shown.press("r", "4", "enter")
    shown.wait("Rated Ronin 4")
    shown.press("/", *"zod")
    shown.wait("1 of 4")
    shown.press("escape")
    assert shown.quit() == 0
    assert 'title = "Ronin"' in file.read_text("utf-8")
