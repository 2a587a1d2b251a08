"""The script for mpv, run by Lua with a stub of mpv; what it runs is run for real."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_seen import LIST
from tests.e2e.terminal import PROGRAM, environment
from watchlist.players import mpv_script

STUB = Path(__file__).with_name("mpv_stub.lua")
LUA = next(filter(None, map(shutil.which, ("lua", "lua5.4", "lua5.3", "lua5.1", "luajit"))), None)
LUAC = next(filter(None, map(shutil.which, ("luac", "luac5.4", "luac5.1"))), None)
PATH = "/tv/Slow Horses/slow.horses.s02e03.mkv"

needs_lua = pytest.mark.skipif(LUA is None, reason="there is no Lua")


def played(tmp_path: Path, *steps: str, options: str = "") -> list[list[str]]:
    """Run the script and these steps, and return what it asked of mpv, as lists of words."""
    script = tmp_path / "watchlist.lua"
    script.write_text(mpv_script(), "utf-8")
    ran = subprocess.run(
        [str(LUA), str(STUB), str(script), "\n".join(steps)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "OPTIONS": options},
    )
    return [line.replace("\0", "\t").split("\t") for line in ran.stdout.splitlines()]


@pytest.mark.skipif(LUAC is None, reason="there is no compiler of Lua")
def test_the_script_compiles(tmp_path: Path) -> None:
    script = tmp_path / "watchlist.lua"
    script.write_text(mpv_script(), "utf-8")
    subprocess.run([str(LUAC), "-p", str(script)], check=True)


@needs_lua
def test_a_file_is_logged_once_after_four_fifths(tmp_path: Path) -> None:
    assert played(tmp_path, f"start {PATH}", "play 0 799") == []
    run = ["run", "watchlist", "seen", "--", PATH]
    assert played(tmp_path, f"start {PATH}", "play 0 800") == [run]
    assert played(tmp_path, f"start {PATH}", "play 0 1000", "seek", "play 100 1000") == [run]
    assert played(tmp_path, f"start {PATH}", "play 0 1000", f"start {PATH}", "play 0 1000") == [run, run]


@needs_lua
def test_a_jump_to_the_end_is_not_watching(tmp_path: Path) -> None:
    run = ["run", "watchlist", "seen", "--", PATH]
    assert played(tmp_path, f"start {PATH}", "play 0 10", "seek", "play 900 949") == []
    assert played(tmp_path, f"start {PATH}", "play 0 10", "seek", "play 900 950") == [run]
    assert played(tmp_path, f"start {PATH}", "seek", "play 810 850", "seek", "play 820 840") == []


@needs_lua
@pytest.mark.parametrize(
    "path", ["https://example.org/slow.horses.s02e03.mkv", "-", "dvd://1", "av://v4l2:/dev/video0"]
)
def test_streams_and_devices_are_left_alone(tmp_path: Path, path: str) -> None:
    assert played(tmp_path, f"start {path}", "play 0 1000") == []


@needs_lua
def test_music_and_pictures_are_left_alone(tmp_path: Path) -> None:
    for track in ("nil", "{ albumart = true }", "{ image = true }"):
        assert played(tmp_path, f"video {track}", f"start {PATH}", "play 0 1000") == []
    assert played(tmp_path, "set duration", f"start {PATH}", "play 0 1000") == []


@needs_lua
def test_names_are_made_absolute_and_passed_as_one_word(tmp_path: Path) -> None:
    name = "--help $(reboot); 'x'.mkv"
    assert played(tmp_path, f"start {name}", "play 0 1000") == [["run", "watchlist", "seen", "--", f"/videos/{name}"]]
    assert played(tmp_path, "start file:///tv/a.mkv", "play 0 1000")[0][-1] == "file:///tv/a.mkv"


@needs_lua
def test_options_are_read(tmp_path: Path) -> None:
    steps = (f"start {PATH}", "play 0 899", "answer 0 Watched it")
    assert played(tmp_path, f"start {PATH}", "play 0 899", options="percent=90") == []
    assert played(tmp_path, *steps, options="command=/opt/watchlist,list=/l.toml,messages=no") == [
        ["run", "/opt/watchlist", "seen", "--file", "/l.toml", "--", PATH]
    ]


@needs_lua
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("0 Watched S02E03 of Slow Horses   undo: watchlist undo", "Watched S02E03 of Slow Horses"),
        ("1 watchlist: x.mkv: no show on the list has this title", "x.mkv: no show on the list has this title"),
        ("0", "logged"),
        ("1", "failed"),
        ("missing", "could not start watchlist"),
    ],
)
def test_one_line_is_shown_whatever_happens(tmp_path: Path, answer: str, message: str) -> None:
    assert played(tmp_path, f"start {PATH}", "play 0 1000", f"answer {answer}")[1:] == [
        ["osd", f"watchlist: {message}", "4"]
    ]


@needs_lua
def test_what_it_runs_logs_the_episode(tmp_path: Path) -> None:
    file = tmp_path / "list.toml"
    file.write_text(LIST, "utf-8")
    ((_, *words),) = played(tmp_path, f"start {PATH}", "play 0 1000", options=f"command={PROGRAM},list={file}")
    ran = subprocess.run(
        words, env=environment(tmp_path), capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    assert (ran.returncode, ran.stderr.partition(";")[0]) == (0, "Watched S02E03 of Slow Horses")
    assert 'episodes = "S02E03"' in file.read_text("utf-8")
