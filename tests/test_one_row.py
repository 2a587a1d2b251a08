"""A new field and a new status appear in every interface from their rows alone.

A copy of the package gets one row for each, as the contributing page says, and is run as a stranger would run it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROWS = (
    ("domain/model.py", '    based_on: str = ""\n', '    certificate: str = ""\n'),
    (
        "domain/fields.py",
        '        Field("language", "Language", TextType(), "e.g. English", 10),\n',
        '        Field("certificate", "Certificate", TextType(), "e.g. TV-14", 11, ("cert",), searched=True),\n',
    ),
    (
        "domain/model.py",
        '    DROPPED = "dropped", "×", "x", "error"\n',
        '    SHELVED = "shelved", "◇", "v", "primary"\n',
    ),
)
LIST = """\
[[shows]]
title = "Heat"
certificate = "TV-14"
status = "shelved"

[[shows]]
title = "Alien"
"""
# Prints what the interface shows of the field and the status.
INTERFACE = """
import asyncio, sys
from datetime import date
from pathlib import Path
from tests.tui.drawn import lines
from watchlist.settings import Config
from watchlist.paths import Paths
from watchlist.store.library import Library
from watchlist.tui.app import WatchlistApp

async def main():
    file, folder = Path(sys.argv[1]), Path(sys.argv[2])
    paths = Paths(folder / "config.toml", file, folder / "state", folder / "cache")
    config = Config(columns=("title", "certificate"))
    app = WatchlistApp(Library.open(file, paths), config, paths, today=lambda: date(2026, 11, 22))
    async with app.run_test(size=(140, 60)) as pilot:
        async def show(name, *keys):
            await pilot.press(*keys)
            for _ in range(5):
                await pilot.pause(0.05)
            print(f"== {name}", *lines(app), sep="\\n")
        await show("main", "slash", *"heat", "enter")
        await show("status", "s")
        await show("form", "escape", "e")
        await show("group", "ctrl+o")
        await show("palette", "escape", "ctrl+p", *"shelved")
asyncio.run(main())
"""
Run = Callable[..., str]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs Python with the changed copy of the package and returns what it prints; a failure fails the test."""
    folder = tmp_path_factory.mktemp("copy")
    for name in ("watchlist", "screenshots", "tests/trust"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.svg", "__pycache__", "*.py[co]"))
    shutil.copytree(ROOT / "screenshots", folder / "screenshots", dirs_exist_ok=True)
    shutil.copy(ROOT / "README.md", folder)
    for name, above, row in ROWS:
        module = folder / "watchlist" / name
        text = module.read_text("utf-8")
        assert text.count(above) == 1
        module.write_text(text.replace(above, above + row), "utf-8")
    (folder / "list.toml").write_text(LIST, "utf-8")
    home = folder / "home"
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": f"{folder}:{ROOT}",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    env |= {"XDG_STATE_HOME": str(home / "state"), "XDG_CACHE_HOME": str(home / "cache"), "LANG": "C.UTF-8"}

    def run(*arguments: str) -> str:
        if arguments[0] == "watchlist":
            arguments = ("-m", "watchlist", "--file", str(folder / "list.toml"), *arguments[1:])
        done = subprocess.run(
            [sys.executable, *arguments], cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.parametrize("query", ["certificate:tv-14", "cert:tv", "tv-14", "status:shelved"])
def test_a_new_row_is_queried_listed_and_sorted_by(run: Run, query: str) -> None:
    shows = json.loads(run("watchlist", "list", query, "--sort", "certificate,title", "--json"))
    assert [(show["title"], show["certificate"], show["status"]) for show in shows] == [("Heat", "TV-14", "shelved")]
    assert "TV-14" in run("watchlist", "list", query, "--columns", "title,certificate")


def test_a_new_row_has_flags_and_can_be_set(run: Run) -> None:
    run("watchlist", "add", "Dune", "--certificate", "PG-13", "--status", "shelved")
    run("watchlist", "set", "dune", "certificate=R")
    run("watchlist", "status", "alien", "shelved")
    shows = json.loads(run("watchlist", "list", "status:shelved", "--sort", "title", "--json"))
    assert [(show["title"], show.get("certificate")) for show in shows] == [
        ("Alien", None),
        ("Dune", "R"),
        ("Heat", "TV-14"),
    ]
    run("watchlist", "undo", "3")
    assert json.loads(run("watchlist", "list", "dune", "--json")) == []


@pytest.mark.parametrize("format", ["csv", "tsv", "json", "toml", "html"])
def test_a_new_row_is_exported(run: Run, format: str) -> None:
    page = run("watchlist", "export", "--format", format, "-o", "-")
    assert "TV-14" in page
    assert "shelved" in page
    if format == "html":
        assert "certificate: TV-14" in page
        assert ".shelved { color: var(--primary); }" in page
        assert "◇ shelved" in page


def test_a_new_row_is_in_panels_lists_of_fields_views_and_the_manual(run: Run) -> None:
    details = run("watchlist", "show", "heat")
    assert "certificate: TV-14" in details
    assert "◇ shelved" in details
    assert "e.g. TV-14" in run("watchlist", "fields")
    assert "Shelved" in run("watchlist", "views")
    assert "--certificate" in run("watchlist", "help", "add")
    rows = json.loads(run("watchlist", "schema"))["properties"]["shows"]["items"]["properties"]
    assert "e.g. TV-14" in rows["certificate"]["description"]
    assert "shelved" in rows["status"]["enum"]
    run("-m", "screenshots.tables")
    assert "certificate" in run("watchlist", "help", "file")


def test_a_new_row_is_in_the_interface(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "list.toml"
    file.write_text(LIST, "utf-8")
    parts = dict(part.split("\n", 1) for part in run("-c", INTERFACE, str(file), str(tmp_path)).split("== ")[1:])
    for word in ("Certificate", "TV-14", "certificate: TV-14", "◇ shelved", "Shelved 1"):
        assert word in parts["main"]
    for dialog, word in (("status", "◇ shelved"), ("form", "TV-14"), ("group", "Certificate"), ("palette", "Shelved")):
        assert parts[dialog].count(word) > parts["main"].count(word), parts[dialog]
