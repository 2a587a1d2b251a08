"""Every key that moves, arrows and page keys too, moves the cursor of the list and scrolls the details."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from watchlist.command_table import COMMANDS, Group
from watchlist.paths import Paths
from watchlist.settings import Config
from watchlist.store.library import Library
from watchlist.tui.app import WatchlistApp
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.show_list import ShowList

COUNT = 60
HEIGHT = 24
MIDDLE = 30
# Where a key leads from the middle, with about so many rows in sight.
PLACES = {
    "cursor_down": range(MIDDLE + 1, MIDDLE + 2),
    "cursor_up": range(MIDDLE - 1, MIDDLE),
    "top": range(1),
    "bottom": range(COUNT - 1, COUNT),
    "half_down": range(MIDDLE + 5, MIDDLE + 13),
    "half_up": range(MIDDLE - 12, MIDDLE - 4),
    "page_down": range(MIDDLE + 13, MIDDLE + 25),
    "page_up": range(MIDDLE - 24, MIDDLE - 12),
}
ELSEWHERE = {"next_episode", "previous_episode", "next_view", "previous_view"}  # those don't move in the list
MOVES = [command for command in COMMANDS.values() if command.group is Group.MOVE and command.name not in ELSEWHERE]
KEYS = [(command.name, key) for command in MOVES for key in command.keys]


@pytest.fixture
def app(tmp_path: Path) -> WatchlistApp:
    file = tmp_path / "list.toml"
    notes = "\\n\\n".join(f"Line {n}" for n in range(200))
    file.write_text("".join(f'[[shows]]\ntitle = "S {n:02}"\nnotes = "{notes}"\n' for n in range(COUNT)), "utf-8")
    paths = Paths(tmp_path / "config.toml", file, tmp_path / "state", tmp_path / "cache")
    return WatchlistApp(Library.open(file, paths), Config(), paths)


def rows(pilot: Pilot[int]) -> ShowList:
    return pilot.app.screen.query_one(ShowList)


def test_there_is_a_place_for_every_command_that_moves() -> None:
    assert PLACES.keys() == {name for name, _ in KEYS}
    assert {"up", "down", "home", "end", "pageup", "pagedown"} <= {key for _, key in KEYS}


@pytest.mark.parametrize(("name", "key"), KEYS)
async def test_a_key_moves_the_cursor_of_the_list(app: WatchlistApp, name: str, key: str) -> None:
    async with app.run_test(size=(80, HEIGHT)) as pilot:
        await pilot.pause()
        rows(pilot).cursor = MIDDLE
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert rows(pilot).cursor in PLACES[name]
        shown = rows(pilot).current
        assert shown is not None
        assert shown.title == f"S {rows(pilot).cursor:02}"
        top = int(rows(pilot).scroll_y)
        assert top <= rows(pilot).cursor < top + HEIGHT  # and it is in sight


@pytest.mark.parametrize(("name", "key"), KEYS)
async def test_a_key_scrolls_the_details_and_leaves_the_list(app: WatchlistApp, name: str, key: str) -> None:
    async with app.run_test(size=(120, HEIGHT)) as pilot:
        await pilot.pause()
        await pilot.press("enter")
        await pilot.pause()
        details = pilot.app.screen.query_one(Details)
        assert details.max_scroll_y > 3 * HEIGHT
        details.scroll_to(y=2 * HEIGHT, animate=False, immediate=True)
        await pilot.pause()
        before = details.scroll_y
        assert before == 2 * HEIGHT
        await pilot.press(key)
        await pilot.pause()
        down = PLACES[name].start > MIDDLE
        assert (details.scroll_y > before) if down else (details.scroll_y < before)
        if name in ("top", "bottom"):
            assert details.scroll_y == (details.max_scroll_y if down else 0)
        assert rows(pilot).cursor == 0
