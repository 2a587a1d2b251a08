"""interface.json is untrusted input: what can't be used is renamed or left out and said, and the interface starts."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from watchlist.paths import Paths
from watchlist.settings import Config
from watchlist.store.library import Library
from watchlist.tui.app import WatchlistApp
from watchlist.tui.state import preferences
from watchlist.tui.state.preferences import Preferences
from watchlist.tui.widgets.message_bar import MessageBar

LIST = '[[shows]]\nid = "a"\ntitle = "A"\n'


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    (tmp_path / "state").mkdir()
    (tmp_path / "list.toml").write_text(LIST, "utf-8")
    return Paths(tmp_path / "config.toml", tmp_path / "list.toml", tmp_path / "state", tmp_path / "cache")


def folder(path: Path) -> None:
    path.mkdir()


UNUSABLE: dict[str, Callable[[Path], object]] = {
    "no JSON": lambda path: path.write_text("{", "utf-8"),
    "a list": lambda path: path.write_text("[]", "utf-8"),
    "a text": lambda path: path.write_text('"x"', "utf-8"),
    "nothing": lambda path: path.write_text("null", "utf-8"),
    "nested": lambda path: path.write_text('{"a":' * 20_000, "utf-8"),
    "no UTF-8": lambda path: path.write_bytes(b'{"sort": "\xff\xfe"}'),
    "a long number": lambda path: path.write_text('{"a": ' + "9" * 20_000 + "}", "utf-8"),
    "too long": lambda path: path.write_text(json.dumps({"sort": "x" * preferences.LIMIT}), "utf-8"),
    "pipe": os.mkfifo,
    "folder": folder,
    "link to nothing": lambda path: path.symlink_to("nowhere"),
    "link to a folder": lambda path: path.symlink_to("/"),
}


@pytest.mark.parametrize("kind", UNUSABLE)
async def test_B18_a_file_of_choices_that_can_not_be_read_is_renamed_and_said(paths: Paths, kind: str) -> None:
    path = paths.state / "interface.json"
    UNUSABLE[kind](path)
    app = WatchlistApp(Library.open(paths.data, paths), Config(), paths)
    async with app.run_test(size=(160, 24)) as pilot:
        await pilot.pause()
        assert "can't be read, so it was renamed to interface.json.unusable-1" in said(app)
    assert os.path.lexists(f"{path}.unusable-1")
    assert Preferences.open(paths).problem == ""
    chosen = Preferences.open(paths).with_choice("sort", "title")
    assert (Preferences.open(paths), os.path.lexists(f"{path}.unusable-1")) == (chosen, True)


@pytest.mark.parametrize(
    "choices",
    [
        *(
            {"sort": "nope"},
            {"sort": "rating-,nope"},
            {"sort": "--"},
            {"sort": "\x1b[31m"},
            {"sort": 5},
            {"sort": None},
        ),
        *({"sort": ["title"]}, {"sort": "title," * 10_000}, {"group": "nope"}, {"group": {}}, {"theme": "nope"}),
        *({"theme": []}, {"columns": "title:99999999,nope:x"}, {"columns": "\ud800"}, {"columns": 1e300}, {"": ""}),
    ],
)
async def test_B18_choices_that_are_none_are_left_out(paths: Paths, choices: dict[str, object]) -> None:
    path = paths.state / "interface.json"
    path.write_text(json.dumps(choices), "utf-8")
    app = WatchlistApp(Library.open(paths.data, paths), Config(), paths)
    async with app.run_test(size=(160, 24)) as pilot:
        await pilot.pause()
        wrong = isinstance(choices.get("sort"), str) and len(str(choices["sort"])) < preferences.LONGEST
        assert ("the chosen sort can't be used" in said(app)) is wrong
        await pilot.press("j", "o", "escape")
    assert path.is_file()


def said(app: WatchlistApp) -> str:
    """The message line."""
    return app.screen.query_one(MessageBar).text
