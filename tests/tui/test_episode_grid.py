"""The episodes in the details: walked from the list with the arrows, and changed where the cursor is."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import Start
from tests.tui.drawn import lines, style_at, until
from tests.tui.test_episodes import LIST as LIST
from tests.tui.test_episodes import opened
from watchlist.tui.dialogs.episodes import EpisodesDialog
from watchlist.tui.dialogs.rate import RatePrompt
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.season_grid import SeasonGrid

SIZES = [(120, 36), (80, 24), (60, 20), (40, 12)]


def details(pilot: Pilot[int]) -> Details:
    return pilot.app.screen_stack[0].query_one(Details)


async def at(pilot: Pilot[int], name: str) -> None:
    await until(lambda: str(details(pilot).episode) == name and details(pilot)._drawn is not None, pilot.app)
    await pilot.pause()


def stored(start: Start) -> dict[str, Any]:
    shows = tomllib.loads(start.file.read_text("utf-8"))["shows"]
    return next(show for show in shows if show["id"] == "wire")


async def walked(pilot: Pilot[int], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await pilot.pause()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("no_color", [False, True])
async def test_one_key_goes_from_the_list_to_what_is_next_and_says_what_it_is(
    start: Start, size: tuple[int, int], ascii: bool, no_color: bool
) -> None:
    async with start(size=size, ascii=ascii, no_color=no_color, pressed=("l",)) as pilot:
        await at(pilot, "S01E05")
        shown = "\n".join(lines(pilot.app))
        assert "S01E05" in shown, "it is scrolled to"
        assert "not watched" in shown
        await walked(pilot, "left", "h", "h", "h")
        await at(pilot, "S01E01")
        drawn = lines(pilot.app, details(pilot))
        sign = "*" if ascii else "●"
        y = next(y for y, line in enumerate(drawn) if f"S1  {sign}4.5" in line)
        assert style_at(pilot.app, details(pilot).region.x + drawn[y].index(sign), details(pilot).region.y + y).reverse
        assert "S01E01 [/b] x" in "\n".join(drawn)
        assert "\x1b" not in "\n".join(drawn)


async def test_it_walks_over_lines_and_seasons_and_scrolls_from_the_ends_on(start: Start) -> None:
    async with start(size=(80, 24), pressed=("l",)) as pilot:
        await at(pilot, "S01E05")
        await walked(pilot, *["l"] * 18)
        await at(pilot, "S02E01")
        await walked(pilot, "h")
        await at(pilot, "S01E22")
        await walked(pilot, "g")
        assert details(pilot).episode is None
        assert details(pilot).scroll_y == 0
        await walked(pilot, "l", "j")
        await at(pilot, "S01E15")
        await walked(pilot, "j", "j", "k", "j")
        await at(pilot, "S02E02")
        await walked(pilot, "j", "j")
        await at(pilot, "S00E02")
        top = details(pilot).scroll_y
        await walked(pilot, "j")
        assert details(pilot).episode is None, "the walk ends"
        await walked(pilot, "k")
        assert details(pilot).scroll_y < top, "and the keys scroll"


async def test_the_footer_names_the_keys_of_the_walk_while_it_lasts(start: Start) -> None:
    async with start(size=(80, 24), keys={"next_episode": "n", "note": "f2"}) as pilot:
        before = lines(pilot.app)[-1]
        await walked(pilot, "n")
        await at(pilot, "S01E05")
        assert lines(pilot.app)[-1].strip() == (
            "? Help  n Next  h Before  r Rate  w Watched  m Up to here  W All  esc List"
        )
        await walked(pilot, "escape")
        await until(lambda: lines(pilot.app)[-1] == before, pilot.app)
        await walked(pilot, "n", "tab")
        await until(lambda: lines(pilot.app)[-1] == before, pilot.app)


@pytest.mark.parametrize("size", SIZES)
async def test_back_leads_to_the_list_as_the_footer_says(start: Start, size: tuple[int, int]) -> None:
    async with start(size=size, pressed=("l",)) as pilot:
        await at(pilot, "S01E05")
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        await walked(pilot, "escape")
        assert (details(pilot).episode, screen.details_open) == (None, False)
        assert screen.rows.has_focus
        await walked(pilot, "l", "enter", "j")
        assert not screen.details_open
        assert details(pilot).episode is None, "another show has no cursor in it"


async def test_a_click_goes_there_and_takes_the_keys_there(start: Start) -> None:
    async with start(size=(120, 36), pressed=()) as pilot:
        await until(lambda: any("●4.5" in line for line in lines(pilot.app, details(pilot))), pilot.app)
        drawn = lines(pilot.app, details(pilot))
        y = next(y for y, line in enumerate(drawn) if "●4.5" in line)
        await pilot.click(Details, offset=(drawn[y].index("×"), y))
        await at(pilot, "S01E04")
        await walked(pilot, "l")
        await at(pilot, "S01E05")


@pytest.mark.parametrize("key", ["w", "m", "r"])
async def test_what_is_done_is_done_to_that_episode_and_undone_byte_for_byte(start: Start, key: str) -> None:
    async with start(pressed=("l",)) as pilot:
        await at(pilot, "S01E05")
        await walked(pilot, "l", "l")
        await at(pilot, "S01E07")
        await pilot.press(key)
        if key == "r":
            await opened(pilot, RatePrompt)
            await pilot.press("4", "enter")
        await until(lambda: start.file.read_text("utf-8") != LIST, pilot.app)
        season = stored(start)["seasons"][1]
        assert season["watched"] == {"w": "1-3, 7", "m": "1-3, 5-7", "r": "1-3"}[key]
        assert season["ratings"].get("7") == (4.0 if key == "r" else None)
        await at(pilot, "S01E07")
        assert ("not watched" in "\n".join(lines(pilot.app, details(pilot)))) is (key == "r")
        await pilot.press("u")
        await until(lambda: start.file.read_text("utf-8") == LIST, pilot.app)


async def test_watched_twice_is_not_watched(start: Start) -> None:
    async with start(pressed=("l",)) as pilot:
        await at(pilot, "S01E05")
        await walked(pilot, "h", "h")
        await at(pilot, "S01E03")
        await pilot.press("w")
        await until(lambda: stored(start)["seasons"][1]["watched"] == "1-2", pilot.app)


async def test_the_dialog_opens_where_the_cursor_is(start: Start) -> None:
    async with start(pressed=("l",)) as pilot:
        await at(pilot, "S01E05")
        await walked(pilot, "l", "W")
        await opened(pilot, EpisodesDialog)
        assert str(pilot.app.screen.query_one(SeasonGrid).cursor) == "S01E06"


@pytest.mark.parametrize("key", ["w", "m", "r"])
async def test_a_list_that_can_not_be_changed_is_walked_and_no_more(start: Start, key: str) -> None:
    async with start(LIST + "[[shows]\n", pressed=("l",)) as pilot:
        await at(pilot, "S01E05")
        await pilot.press(key)
        await until(lambda: "Read-only until line" in "\n".join(lines(pilot.app)), pilot.app)
        assert start.file.read_text("utf-8") == LIST + "[[shows]\n"


async def test_where_there_are_none_it_is_said(start: Start) -> None:
    async with start(pressed=("j", "l")) as pilot:
        await until(lambda: "Heat has no episodes to walk through" in "\n".join(lines(pilot.app)), pilot.app)
