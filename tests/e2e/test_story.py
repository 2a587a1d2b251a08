"""One evening with the program, once with keys and once with verbs: both end in the same bytes."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.e2e.terminal import PROGRAM, Terminal, environment
from watchlist.store.snapshot import seed


def test_the_same_story_with_keys_and_with_verbs_ends_in_the_same_bytes(tmp_path: Path) -> None:
    by_keys = _with_keys(tmp_path / "keys")
    by_verbs = _with_verbs(tmp_path / "verbs")
    assert by_keys == by_verbs
    assert by_keys["undone after a restart"] == by_keys["rated"]
    assert by_keys["added"].startswith(seed().encode("utf-8"))
    assert b"Heat" in by_keys["csv"]


def _with_keys(home: Path) -> dict[str, bytes]:
    home.mkdir()
    file = home / "list.toml"
    env = environment(home, WATCHLIST_FILE=str(file))
    found = {}
    with Terminal(env=env, cwd=home) as terminal:
        terminal.wait("Ballard")
        assert not file.exists()
        terminal.press("a", "Heat (1995)", "enter")
        terminal.wait("Added Heat")
        found["added"] = file.read_bytes()
        terminal.press("r", "4.5", "enter")
        terminal.wait("Rated Heat 4.5, was not rated")
        found["rated"] = file.read_bytes()
        terminal.press("e")
        terminal.wait("Edit Heat")
        terminal.press("\x0f")  # ctrl+o opens the first group
        terminal.wait("Premiered")
        terminal.press("Netflix", "ctrl+s")
        terminal.wait("Set platform of Heat")
        found["edited"] = file.read_bytes()
        terminal.press("a", "Zodiac (2007)", "enter")
        terminal.wait("Added Zodiac")
        terminal.press("/", "heat , zodiac", "enter")
        terminal.wait("2 of 3")
        terminal.press("g", "space", "space")
        terminal.wait(lambda screen: screen.count("✓") == 2)
        terminal.press("s")
        terminal.wait("Status of 2 shows")
        terminal.press("g", "down", "down", "enter")
        terminal.wait("Changed status of 2 shows")
        found["two watched"] = file.read_bytes()
        terminal.press("u")
        terminal.wait("Undone: Changed status")
        terminal.press("u")
        terminal.wait("Undone: Added Zodiac")
        terminal.press("u")
        terminal.wait("Undone: Set platform")
        found["undone"] = file.read_bytes()
        terminal.press("U")
        terminal.wait("Redone: Set platform")
        found["redone"] = file.read_bytes()
        terminal.press("escape", "escape", "escape")
        terminal.wait("2 shows")
        terminal.press("x")
        terminal.wait("Export")
        terminal.press("enter")
        terminal.wait("2 shows written to")
        found["csv"] = (home / "watchlist.csv").read_bytes()
        assert terminal.quit() == 0
    with Terminal(env=env, cwd=home) as terminal:
        terminal.wait("Netflix" if "Netflix" in terminal.screen else "Heat")
        terminal.press("u")
        terminal.wait("Undone: Set platform")
        found["undone after a restart"] = file.read_bytes()
        assert terminal.quit() == 0
    return found


def _with_verbs(home: Path) -> dict[str, bytes]:
    home.mkdir()
    file = home / "list.toml"
    env = environment(home, WATCHLIST_FILE=str(file))
    found = {}

    def run(*words: str) -> str:
        done = subprocess.run([PROGRAM, *words], env=env, cwd=home, capture_output=True, text=True, check=True)
        return done.stdout

    assert "Ballard" in run("list")
    assert not file.exists()
    assert run("add", "Heat (1995)") == "heat\n"
    found["added"] = file.read_bytes()
    run("rate", "heat", "4.5")
    found["rated"] = file.read_bytes()
    run("set", "heat", "platform=Netflix")
    found["edited"] = file.read_bytes()
    run("add", "Zodiac", "--year", "2007")
    run("status", "--where", "heat , zodiac", "--yes", "watched")
    found["two watched"] = file.read_bytes()
    run("undo", "3")
    found["undone"] = file.read_bytes()
    run("redo")
    found["redone"] = file.read_bytes()
    run("export", "--output", "watchlist.csv")
    found["csv"] = (home / "watchlist.csv").read_bytes()
    run("undo")
    found["undone after a restart"] = file.read_bytes()
    return found
