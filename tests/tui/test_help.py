"""The help: everything that a key does, in one place."""

from __future__ import annotations

import pytest

from tests.tui.drawn import lines
from tests.tui.host import Host
from watchlist.commands import Group
from watchlist.keys import help_rows
from watchlist.topics import QUERY
from watchlist.tui.screens.help import Help


async def test_all_of_it_is_on_a_screen_of_120_by_36() -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, Help())
        assert app.screen.query_one("#scrolls").max_scroll_y == 0
        drawn = "\n".join(lines(app))
        for row in help_rows():
            assert all(key in drawn for key in row.keys)
        for group in Group:
            assert group in drawn
        for typed, _ in QUERY:
            assert typed.partition("  ")[0] in drawn


async def test_keys_are_those_of_the_config() -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, Help(help_rows({"rate": ("R", "f7"), "quit": "Z"})))
        assert any("R f7" in line and "rate in stars" in line for line in lines(app))
        assert any(line.count("Z ") and "leave" in line for line in lines(app))


async def test_a_small_screen_scrolls_through_all_of_it() -> None:
    app = Host()
    async with app.run_test(size=(40, 12)) as pilot:
        await app.ask(pilot, Help())
        seen = set(lines(app))
        for _ in range(40):
            await pilot.press("pagedown")
            await pilot.pause()
            seen |= set(lines(app))
        drawn = "\n".join(seen)
        for row in help_rows():
            assert row.keys[0] in drawn
        assert "sort:rating-" in drawn
        await pilot.press("g")
        await pilot.pause()
        assert any(Group.MOVE in line for line in lines(app))


@pytest.mark.parametrize("key", ["escape", "q", "question_mark", "f1"])
async def test_closes(key: str) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        assert await app.ask(pilot, Help(), key) is None
        assert not isinstance(app.screen, Help)
