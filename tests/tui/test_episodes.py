"""The episodes of a show in the interface: walked, watched, skipped and rated one by one; viewings with all they hold."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import Start
from tests.tui.drawn import lines, seen, style_at, until
from watchlist.domain.episodes import Episode
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.episodes import EpisodesDialog
from watchlist.tui.dialogs.prompt import Prompt
from watchlist.tui.dialogs.rate import RatePrompt
from watchlist.tui.dialogs.viewing import ViewingForm
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.widgets.season_grid import SeasonGrid

SIZES = [(120, 36), (80, 24), (60, 20), (40, 12)]
LIST = """\
# mine
[[shows]]
id = "wire"
title = "A [red]Wire"
kind = "series"
status = "watching"   # kept
runtime = 60

[[shows.seasons]]
number = 0
episodes = 2

[[shows.seasons]]
number = 1
episodes = 22
titles = ["[/b] x [/oops] \\u001b[31m", "The Detail"]
watched = "1-3"
skipped = "4"
ratings = { 1 = 4.5, 2 = 3.0 }

[[shows.seasons]]
number = 2
episodes = 12

[[shows]]
id = "heat"
title = "Heat"
kind = "film"

[[shows]]
id = "new"
title = "New"
kind = "series"
"""


def grid(pilot: Pilot[int]) -> SeasonGrid:
    assert isinstance(pilot.app.screen, EpisodesDialog)
    return pilot.app.screen.query_one(SeasonGrid)


async def opened(pilot: Pilot[int], kind: type[Any]) -> None:
    await until(lambda: isinstance(pilot.app.screen, kind) and bool(pilot.app.screen.query("#box")), pilot.app)
    await pilot.pause()


async def at(pilot: Pilot[int], name: str) -> None:
    await until(lambda: str(grid(pilot).cursor) == name, pilot.app)


def stored(start: Start, id: str = "wire") -> dict[str, Any]:
    shows = tomllib.loads(start.file.read_text("utf-8"))["shows"]
    return next(show for show in shows if show["id"] == id)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("no_color", [False, True])
async def test_the_grid_is_whole_at_every_size(
    start: Start, size: tuple[int, int], ascii: bool, no_color: bool
) -> None:
    async with start(size=size, ascii=ascii, no_color=no_color, pressed=("W",)) as pilot:
        await opened(pilot, EpisodesDialog)
        await at(pilot, "S01E05")
        await pilot.press("g")
        await pilot.pause()
        shown = "\n".join(lines(pilot.app))
        signs = "*x-" if ascii else "●×·"
        assert f"{signs[0]}4.5" in shown
        assert all(sign in shown for sign in signs)
        assert "S01E01 [/b] x [/oops] ␛[31m" in shown
        assert "3 of 33 watched, 1 skipped" in shown
        assert "esc close" in shown
        assert "\x1b" not in shown
        assert grid(pilot).size.height >= 3
        assert style_at(pilot.app, grid(pilot).region.x + 4, grid(pilot).region.y).reverse, "the cursor"
        await pilot.press("G")
        await pilot.pause()
        assert "S0" in "\n".join(lines(pilot.app, grid(pilot))), "what is under the cursor can be seen"
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(pilot.app.screen, MainScreen)


async def test_the_cursor_walks_over_lines_and_seasons_and_stops_at_the_ends(start: Start) -> None:
    async with start(size=(40, 12), pressed=("W",)) as pilot:
        await opened(pilot, EpisodesDialog)
        for key, name in [
            ("h", "S01E04"), ("left", "S01E03"), ("l", "S01E04"), ("j", "S01E09"), ("down", "S01E14"), ("k", "S01E09"),
            ("end", "S01E22"), ("right", "S02E01"), ("h", "S01E22"), ("home", "S01E01"), ("up", "S01E01"),
            ("h", "S01E01"), ("G", "S00E02"), ("l", "S00E02"), ("j", "S00E02"), ("g", "S01E01"),
        ]:  # fmt: skip
            await pilot.press(key)
            assert str(grid(pilot).cursor) == name, key


async def test_a_click_goes_there(start: Start) -> None:
    async with start(pressed=("W",)) as pilot:
        await opened(pilot, EpisodesDialog)
        await pilot.click(SeasonGrid, offset=(4 + 5 * 2, 0))
        await at(pilot, "S01E03")
        await pilot.click(SeasonGrid, offset=(1, 0))
        await pilot.pause()
        assert grid(pilot).cursor == Episode(1, 3)


@pytest.mark.parametrize("key", ["space", "w", "x"])
async def test_twice_is_as_it_was_byte_for_byte(start: Start, key: str) -> None:
    async with start(pressed=("W",)) as pilot:
        await opened(pilot, EpisodesDialog)
        before = start.file.read_bytes()
        await pilot.press(key)
        await seen(pilot.app, "Skipped S01E05" if key == "x" else "Watched S01E05")
        assert start.file.read_bytes() != before
        await pilot.press(key)
        await seen(pilot.app, "no longer skipped" if key == "x" else "Unwatched S01E05")
        assert start.file.read_bytes() == before


async def test_what_is_done_is_one_step_each_and_undone_here(start: Start) -> None:
    async with start(pressed=("W",)) as pilot:
        await opened(pilot, EpisodesDialog)
        before = start.file.read_bytes()
        await pilot.press("l", "l", "m")
        await seen(pilot.app, "Watched S01E05-E07")
        assert stored(start)["seasons"][1]["watched"] == "1-3, 5-7", "neither what was watched nor skipped is touched"
        assert "6 of 33 watched" in "\n".join(lines(pilot.app))
        await pilot.press("minus")
        await seen(pilot.app, "Unwatched S01E07")
        await pilot.press("u")
        await until(lambda: stored(start)["seasons"][1]["watched"] == "1-3, 5-7", pilot.app)
        await pilot.press("u")
        await until(lambda: start.file.read_bytes() == before, pilot.app)
        await seen(pilot.app, "3 of 33 watched")


async def test_an_episode_is_rated_and_its_rating_cleared(start: Start) -> None:
    async with start(pressed=("W", "x")) as pilot:
        await seen(pilot.app, "Skipped")
        await pilot.press("u", "r")
        await opened(pilot, RatePrompt)
        await pilot.press("4", "enter")
        await seen(pilot.app, "Rated S01E05 of A [red]Wire 4, was not rated")
        assert stored(start)["seasons"][1]["ratings"] == {"1": 4.5, "2": 3.0, "5": 4.0}
        await pilot.press("r")
        await opened(pilot, RatePrompt)
        await pilot.press("0", "enter")
        await seen(pilot.app, "Cleared the rating of S01E05")
        assert "rating" not in stored(start)


async def test_what_was_watched_is_not_skipped_and_it_is_said_why(start: Start) -> None:
    async with start(pressed=("W", "g")) as pilot:
        await opened(pilot, EpisodesDialog)
        before = start.file.read_bytes()
        await pilot.press("x")
        await seen(pilot.app, "S01E01 of A [red]Wire was watched")
        assert start.file.read_bytes() == before


async def test_the_status_follows_and_is_said(start: Start) -> None:
    text = '[[shows]]\nid = "a"\ntitle = "A"\nkind = "series"\n[[shows.seasons]]\nnumber = 1\nepisodes = 1\n'
    async with start(text, pressed=("W", "space")) as pilot:
        await seen(pilot.app, "Watched S01E01 of A")
        await seen(pilot.app, "; status: watched")
        await pilot.press("space")
        await seen(pilot.app, "Unwatched S01E01 of A; status: planned")
        assert "watched" not in stored(start, "a")["seasons"][0]


async def test_a_viewing_of_an_episode_is_logged_as_the_verb_does_it(start: Start) -> None:
    async with start(pressed=("W", "g", "enter")) as pilot:
        await opened(pilot, ViewingForm)
        form = pilot.app.screen
        assert isinstance(form, ViewingForm)
        assert form.row("episodes").text == "S01E01"
        assert form.row("date").text == "2026-11-22"
        form.row("rating").text = "6"
        await seen(pilot.app, "6 is more than 5 stars")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert pilot.app.screen is form, "what is wrong is not saved"
        form.row("rating").text = "4.5"
        form.row("with").text = "Ann [b], Ben"
        form.row("review").text = "Two\nlines"
        form.row("date").text = "2026-11-20"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await seen(pilot.app, "Watched S01E01 of A [red]Wire again")
        (row,) = stored(start)["viewings"]
        assert row == {
            "date": date(2026, 11, 20),
            "rating": 4.5,
            "episodes": "S01E01",
            "with": ["Ann [b]", "Ben"],
            "review": "Two\nlines",
            "rewatch": 1,
        }
        await opened(pilot, EpisodesDialog)
        await seen(pilot.app, "watched 20 November 2026")


async def test_leaving_the_form_asks_only_where_something_was_typed(start: Start) -> None:
    async with start(pressed=("j", "W")) as pilot:
        await opened(pilot, ViewingForm)
        before = start.file.read_bytes()
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)
        await pilot.press("W")
        await opened(pilot, ViewingForm)
        pilot.app.screen.query(Input)[1].value = "4"
        await pilot.press("escape")
        await opened(pilot, ConfirmDialog)
        await pilot.press("y")
        await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)
        assert start.file.read_bytes() == before


async def test_a_film_has_a_form_and_no_grid(start: Start) -> None:
    async with start(pressed=("j", "W")) as pilot:
        await opened(pilot, ViewingForm)
        assert "Episodes" not in "\n".join(lines(pilot.app, pilot.app.screen.query_one("#box")))
        await pilot.press("enter")
        await seen(pilot.app, "Watched Heat")
        await seen(pilot.app, "; status: watched")
        assert stored(start, "heat")["viewings"] == [{"date": date(2026, 11, 22)}]


async def test_a_show_of_which_no_season_is_known_has_the_form_too(start: Start) -> None:
    async with start(pressed=("G", "W")) as pilot:
        await opened(pilot, Prompt)
        await pilot.press("enter")
        await opened(pilot, ViewingForm)
        form = pilot.app.screen
        assert isinstance(form, ViewingForm)
        form.row("episodes").text = "S01E02 or so"
        await seen(pilot.app, "is not an episode")
        form.row("episodes").text = "S01E02-E03"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await seen(pilot.app, "Watched S01E02-E03 of New")
        assert stored(start, "new")["seasons"] == [{"number": 1, "watched": "2-3"}]


async def test_marks_are_not_asked(start: Start) -> None:
    async with start(pressed=("V", "g", "W")) as pilot:
        await opened(pilot, EpisodesDialog)
        await pilot.press("space")
        await seen(pilot.app, "Watched S01E05 of A [red]Wire")
        assert "viewings" not in stored(start, "heat")


async def test_a_season_of_unknown_length_grows_with_what_is_watched(start: Start) -> None:
    text = '[[shows]]\nid = "a"\ntitle = "A"\nkind = "series"\n[[shows.seasons]]\nnumber = 1\nwatched = "1-2"\n'
    async with start(text, pressed=("W",)) as pilot:
        await opened(pilot, EpisodesDialog)
        await at(pilot, "S01E03")
        await pilot.press("space")
        await seen(pilot.app, "Watched S01E03")
        await pilot.press("l")
        await at(pilot, "S01E04")
        assert stored(start, "a")["seasons"][0]["watched"] == "1-3"


async def test_what_can_not_be_read_is_not_opened_and_it_is_said_why(start: Start) -> None:
    async with start(LIST.replace('watched = "1-3"', 'watched = "x"')) as pilot:
        await seen(pilot.app, "A [red]Wire")
        before = start.file.read_bytes()
        await pilot.press("g", "W")
        await seen(pilot.app, "of A [red]Wire is wrong")
        await pilot.press("space")
        assert isinstance(pilot.app.screen, MainScreen)
        assert start.file.read_bytes() == before


@pytest.mark.parametrize("key", ["space", "x", "m", "minus", "enter"])
async def test_a_list_that_can_not_be_changed_is_looked_at_and_no_more(start: Start, key: str) -> None:
    async with start(LIST + "\n[[shows]\n") as pilot:
        await seen(pilot.app, "A [red]Wire")
        before = start.file.read_bytes()
        await pilot.press("g", "W")
        await opened(pilot, EpisodesDialog)
        await pilot.press(key)
        await seen(pilot.app, "Read-only until line")
        assert isinstance(pilot.app.screen, EpisodesDialog)
        await pilot.press("escape", "j", "W")
        await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)
        assert start.file.read_bytes() == before


async def test_a_show_that_is_removed_elsewhere_closes_its_grid(start: Start) -> None:
    async with start(pressed=("W",)) as pilot:
        await opened(pilot, EpisodesDialog)
        text = start.file.read_text("utf-8")
        start.file.write_text("# mine\n" + text[text.index('[[shows]]\nid = "heat"') :], "utf-8")
        await pilot.press("space")
        await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)


@pytest.mark.parametrize(
    ("typed", "kept"), [("2019-05", {"date": "2019-05"}), ("2019", {"date": "2019"}), ("unknown", {})]
)
async def test_E2_a_date_is_kept_as_it_was_given(start: Start, typed: str, kept: dict[str, str]) -> None:
    async with start(pressed=("j", "W")) as pilot:
        await opened(pilot, ViewingForm)
        form = pilot.app.screen
        assert isinstance(form, ViewingForm)
        form.row("date").text = "2019-13"
        await seen(pilot.app, "is not in the calendar")
        form.row("date").text = "2019-5"
        await seen(pilot.app, "is not a date like")
        form.row("date").text = "2300-01"
        await seen(pilot.app, "is in the future")
        form.row("date").text = ""
        await seen(pilot.app, "a date is missing")
        form.row("date").text = typed
        await pilot.pause()
        await pilot.press("ctrl+s")
        await seen(pilot.app, "Watched Heat")
        assert stored(start, "heat")["viewings"] == [kept]
