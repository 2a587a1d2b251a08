"""What is written and pictured is what the program does: README and pictures are made anew and compared."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from screenshots import tables, take
from watchlist.commands import ACTIONS, VERBS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_tables_of_the_readme_are_current() -> None:
    assert tables.filled(README) == README, "run `python screenshots/take.py`"


def test_every_verb_and_every_action_is_in_the_readme() -> None:
    for name in VERBS:
        assert re.search(rf"\| `{name}[ `]", README), name
    for command in ACTIONS.values():
        assert command.help.partition(";")[0] in README, command.name


@pytest.mark.parametrize("name", take.NAMES)
def test_a_picture_is_current(name: str) -> None:
    kept = (ROOT / "screenshots" / f"{name}.svg").read_text("utf-8")
    if take.take(name) != kept:  # no assert: the difference is a megabyte
        pytest.fail(f"run `python screenshots/take.py {name}`")


def test_no_picture_names_a_place_on_the_machine_that_made_it() -> None:
    for picture in (ROOT / "screenshots").glob("*.svg"):
        assert str(Path.home()) not in picture.read_text("utf-8")
        assert str(ROOT) not in picture.read_text("utf-8")


def test_there_is_no_picture_that_nothing_makes() -> None:
    assert {path.stem for path in (ROOT / "screenshots").glob("*.svg")} == set(take.NAMES)
    for name in re.findall(r"screenshots/([\w-]+)\.svg", README):
        assert name in take.NAMES


def test_the_commands_of_the_tour_are_verbs_that_parse() -> None:
    lines = re.findall(r"^watchlist (\w+)", README, re.MULTILINE)
    assert lines
    for verb in lines:
        assert verb in VERBS


def test_the_version_is_one_and_in_the_changelog_style() -> None:
    done = subprocess.run([sys.executable, "-m", "watchlist", "--version"], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"watchlist \d+\.\d+\.\d+\n", done.stdout)
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")
