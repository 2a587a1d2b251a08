"""The statistics in the interface: drawn at every size, walked by key, and each number opens its shows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.drawn import lines
from watchlist.config import Config
from watchlist.paths import Paths
from watchlist.store.library import Library
from watchlist.tui.app import WatchlistApp
from watchlist.tui.screens.statistics import StatisticsScreen
from watchlist.tui.widgets.show_list import ShowList

LIST = """\
[[shows]]
title = "Heat"
kind = "film"
status = "watched"
rating = 5.0
runtime = 170
creators = ["[/b] Ann \\u001b[31m"]
[[shows.viewings]]
date = 2025-03-01
[[shows.viewings]]
date = 2026-03-02
[[shows.viewings]]

[[shows]]
title = "Alien"
kind = "film"
status = "planned"
"""
Start = Callable[..., Any]


@pytest.fixture
def start(tmp_path: Path) -> Start:
    @asynccontextmanager
    async def run(
        *keys: str, text: str = LIST, size: tuple[int, int] = (120, 36), **settings: Any
    ) -> AsyncIterator[Pilot[int]]:
        file = tmp_path / "list.toml"
        file.write_text(text, "utf-8")
        paths = Paths(tmp_path / "config.toml", file, tmp_path / "state", tmp_path / "cache")
        config = Config(**settings)
        app = WatchlistApp(Library.open(file, paths), config, paths, today=lambda: date(2026, 11, 22))
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.press(*keys)
            yield pilot

    return run


async def seen(pilot: Pilot[int], text: str) -> str:
    for _ in range(300):
        await pilot.pause(0.01)
        if text in (found := "\n".join(lines(pilot.app))):
            return found
    raise AssertionError(f"waited for {text!r}; the screen is\n" + "\n".join(lines(pilot.app)))


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20), (40, 12)])
async def test_numbers_and_their_query_are_there_at_every_size(
    start: Start, size: tuple[int, int], ascii_only: bool
) -> None:
    async with start("S", size=size, ascii=ascii_only) as pilot:
        found = await seen(pilot, "everything that is shown")
        assert "Statistics  2 shows" in found
        assert "\x1b" not in found
        await pilot.press("j")
        await seen(pilot, "rating:any")
        for _ in range(100):
            await pilot.press("j")
        await pilot.pause()
        if ascii_only:
            assert "\n".join(lines(pilot.app)).replace("␛", "").isascii()  # which is in a name


@pytest.mark.parametrize("text", ["", '[[shows]]\ntitle = "Alone"\n'])
async def test_a_list_without_viewings_has_statistics_too(start: Start, text: str) -> None:
    async with start("S", text=text) as pilot:
        await seen(pilot, "Viewings")
        await pilot.press(*"jjjj", "tab", "right_square_bracket", "enter", "escape")
        await pilot.pause()


async def test_a_number_opens_its_shows_in_what_was_shown(start: Start) -> None:
    async with start("S") as pilot:
        await seen(pilot, "everything that is shown")
        await pilot.press("j", "enter")
        await pilot.pause()
        assert [show.title for show in pilot.app.screen.query_one(ShowList).rows] == ["Heat"]
        await pilot.press("S")
        await seen(pilot, "1 show that match")


async def test_a_year_has_a_page_of_its_own(start: Start) -> None:
    async with start("S") as pilot:
        await seen(pilot, "everything that is shown")
        await pilot.press("right_square_bracket")
        assert "5 hours" not in await seen(pilot, "watched:2026")
        await pilot.press("right_square_bracket")
        await seen(pilot, "watched:2025")
        await pilot.press("right_square_bracket")
        await seen(pilot, "everything that is shown")


async def test_a_page_is_written_and_nothing_is_replaced_unasked(start: Start, tmp_path: Path) -> None:
    path = tmp_path / "numbers.md"
    path.write_text("mine", "utf-8")
    async with start("S") as pilot:
        await seen(pilot, "everything that is shown")
        await pilot.press(
            "x", *[{"/": "slash", ".": "full_stop", "_": "underscore", "-": "minus"}.get(c, c) for c in str(path)]
        )
        await pilot.press("enter")
        await seen(pilot, "Replace it")
        await pilot.press("escape")
        await pilot.pause()
        assert path.read_text("utf-8") == "mine"
        assert isinstance(pilot.app.screen, StatisticsScreen)
