"""Before something is logged that may not be meant, the interface asks: the kind of a show, an episode nobody knows."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import Start
from tests.tui.drawn import lines, seen, until
from watchlist.errors import StoreError
from watchlist.store.library import Change, Library, Progress, no_progress
from watchlist.tui.dialogs.choose import ChooseDialog
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.episodes import EpisodesDialog
from watchlist.tui.dialogs.prompt import Prompt
from watchlist.tui.dialogs.show_form import ShowForm
from watchlist.tui.dialogs.viewing import ViewingForm
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.season_grid import SeasonGrid

LIST = """\
# mine
[[shows]]
id = "bear"
title = "Bear [red]x"
year = 2022

[[shows]]
id = "dune"
title = "Dune"

[[shows]]
id = "wire"
title = "Wire"
kind = "series"

[[shows.seasons]]
number = 1
episodes = 3
watched = "1"
"""


def stored(start: Start, id: str) -> dict[str, Any]:
    shows = tomllib.loads(start.file.read_text("utf-8"))["shows"]
    return next(show for show in shows if show["id"] == id)


async def on(pilot: Pilot[int], kind: type[Any]) -> None:
    await until(lambda: isinstance(pilot.app.screen, kind), pilot.app)
    await pilot.pause()


async def typed(pilot: Pilot[int], text: str) -> None:
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")


# The kind


@pytest.mark.parametrize(
    ("text", "seasons", "said"),
    [
        ("10", [{"number": 1, "episodes": 10, "watched": "1"}], "status: watching"),
        (
            "10, 8, ?",
            [{"number": 1, "episodes": 10, "watched": "1"}, {"number": 2, "episodes": 8}, {"number": 3}],
            "status: watching",
        ),
        ("", [{"number": 1, "watched": "1"}], ""),
        ("unknown", [{"number": 1, "watched": "1"}], ""),
        ("1", [{"number": 1, "episodes": 1, "watched": "1"}], "status: watched"),
    ],
)  # fmt: skip
async def test_B5_a_series_is_asked_how_long_it_is_and_its_first_episode_is_logged_in_one_step(
    start: Start, text: str, seasons: list[dict[str, Any]], said: str
) -> None:
    async with start(pressed=("w",)) as pilot:
        await on(pilot, ChooseDialog)
        assert "Bear [red]x: series or film?" in "\n".join(lines(pilot.app))
        await pilot.press("s")
        await on(pilot, Prompt)
        await typed(pilot, text)
        await seen(pilot.app, "Watched S01E01 of Bear [red]x")
        await seen(pilot.app, "; kind: series" + f", {said}" * bool(said))
        show = stored(start, "bear")
        assert (show["kind"], show["seasons"]) == ("series", seasons)
        await pilot.press("u")
        await until(lambda: start.file.read_text("utf-8") == LIST, pilot.app)


async def test_B5_a_film_is_logged_as_one(start: Start) -> None:
    async with start(pressed=("w",)) as pilot:
        await on(pilot, ChooseDialog)
        await pilot.press("f")
        await seen(pilot.app, "Watched Bear [red]x")
        await seen(pilot.app, "; kind: film, status: watched")
        assert stored(start, "bear")["kind"] == "film"
        await pilot.press("w")
        await seen(pilot.app, "Watched Bear [red]x again")
        await pilot.press("u", "u")
        await until(lambda: start.file.read_text("utf-8") == LIST, pilot.app)


async def test_B5_who_answers_nothing_changes_nothing(start: Start) -> None:
    async with start(pressed=("w",)) as pilot:
        await on(pilot, ChooseDialog)
        await pilot.press("escape")
        await on(pilot, MainScreen)
        await pilot.press("w")
        await on(pilot, ChooseDialog)
        await pilot.press("s")
        await on(pilot, Prompt)
        await typed(pilot, "ten")
        await seen(pilot.app, '"ten" is not a number of episodes')
        await pilot.press("escape")
        await on(pilot, MainScreen)
        assert start.file.read_text("utf-8") == LIST


async def test_B5_of_a_show_that_was_just_added_it_is_asked(start: Start) -> None:
    async with start(pressed=("a", "tab")) as pilot:
        await on(pilot, ShowForm)
        pilot.app.screen.query(Input)[0].value = "The Bear (2023)"
        await pilot.press("enter", "ctrl+s")
        await seen(pilot.app, "Added The Bear")
        await pilot.press("w")
        await on(pilot, ChooseDialog)
        await pilot.press("s")
        await on(pilot, Prompt)
        await typed(pilot, "8")
        await seen(pilot.app, "Watched S01E01 of The Bear")
        await seen(pilot.app, "; kind: series, status: watching")
        await seen(pilot.app, "1 of 8")


async def test_B5_marked_shows_are_asked_about_at_once_and_only_those_of_unknown_kind(start: Start) -> None:
    async with start(pressed=("V", "w")) as pilot:
        await on(pilot, ChooseDialog)
        assert "2 shows: series or film?" in "\n".join(lines(pilot.app))
        await pilot.press("f")
        await seen(pilot.app, "Watched 3 shows")
        assert [stored(start, id)["kind"] for id in ("bear", "dune", "wire")] == ["film", "film", "series"]
        assert stored(start, "wire")["seasons"][0]["watched"] == "1-2"
        await pilot.press("u")
        await until(lambda: start.file.read_text("utf-8") == LIST, pilot.app)


async def test_B5_w_on_what_is_known_is_done_at_once_to_the_show_it_was_pressed_on(start: Start) -> None:
    async with start(pressed=("G", "w", "k")) as pilot:
        await until(lambda: stored(start, "wire")["seasons"][0]["watched"] == "1-2", pilot.app)
        assert isinstance(pilot.app.screen, MainScreen)


async def test_B5_the_form_of_a_viewing_asks_first_and_is_one_step_with_the_answer(start: Start) -> None:
    async with start(pressed=("W",)) as pilot:
        await on(pilot, ChooseDialog)
        await pilot.press("f")
        await on(pilot, ViewingForm)
        assert "Episodes" not in "\n".join(lines(pilot.app))
        await pilot.press("ctrl+s")
        await seen(pilot.app, "Watched Bear [red]x")
        await seen(pilot.app, "; kind: film, status: watched")
        await pilot.press("u")
        await until(lambda: start.file.read_text("utf-8") == LIST, pilot.app)
        await pilot.press("W")
        await on(pilot, ChooseDialog)
        await pilot.press("f")
        await on(pilot, ViewingForm)
        await pilot.press("escape")
        await on(pilot, MainScreen)
        assert start.file.read_text("utf-8") == LIST


async def test_B5_a_series_with_its_length_opens_its_grid(start: Start) -> None:
    async with start(pressed=("W",)) as pilot:
        await on(pilot, ChooseDialog)
        await pilot.press("s")
        await on(pilot, Prompt)
        await typed(pilot, "3, 4")
        await on(pilot, EpisodesDialog)
        await pilot.press("space")
        await seen(pilot.app, "Watched S01E01 of Bear [red]x")
        assert [season["episodes"] for season in stored(start, "bear")["seasons"]] == [3, 4]


async def test_B5_up_to_an_episode_makes_it_a_series(start: Start) -> None:
    async with start(pressed=("m",)) as pilot:
        await on(pilot, Prompt)
        await typed(pilot, "S01E02")
        await seen(pilot.app, "Watched S01E01-E02 of Bear [red]x")
        await seen(pilot.app, "; kind: series")


# Episodes that are not on the list

DOUBTS = [
    ("S09E01", "Season 9 of Wire is not on the list."),
    ("S02E01", "Season 2 of Wire is not on the list."),
    ("S01E99", "Season 1 of Wire has 3 episodes."),
    ("S00E01", "No specials of Wire are on the list."),
    ("S9999E19999", "Season 9999 of Wire is not on the list."),
]


@pytest.mark.parametrize(("name", "question"), DOUBTS)
@pytest.mark.parametrize("size", [(120, 36), (40, 12)])
async def test_B6_up_to_an_episode_that_is_not_on_the_list_is_asked_about(
    start: Start, name: str, question: str, size: tuple[int, int]
) -> None:
    async with start(size=size, pressed=("G", "m")) as pilot:
        await on(pilot, Prompt)
        await typed(pilot, name)
        await on(pilot, ConfirmDialog)
        shown = " ".join(" ".join(lines(pilot.app)).replace("│", " ").split())
        assert question.split(". ")[0][:20] in shown
        await pilot.press("n")
        await on(pilot, Prompt)
        assert start.file.read_text("utf-8") == LIST
        assert pilot.app.screen.query_one(Input).value == name  # what was typed is still there
        await pilot.press("enter")
        await on(pilot, ConfirmDialog)
        await pilot.press("y")
        await until(lambda: start.file.read_text("utf-8") != LIST, pilot.app)
        number = int(name[1:].split("E")[0])
        assert number in [season["number"] for season in stored(start, "wire")["seasons"]]
        await pilot.press("u")
        await until(lambda: start.file.read_text("utf-8") == LIST, pilot.app)


async def test_B6_what_is_on_the_list_is_not_asked_about(start: Start) -> None:
    async with start(pressed=("G", "m")) as pilot:
        await on(pilot, Prompt)
        await typed(pilot, "S01")
        await seen(pilot.app, "Watched S01E02-E03 of Wire, undated; status: watched")


async def test_B6_what_can_not_be_logged_is_not_asked_about(start: Start) -> None:
    text = LIST.replace("episodes = 3\nwatched", "first = 13\nepisodes = 3\nwatched").replace('"1"', '"13"')
    start.file.write_text(text, "utf-8")
    async with start(pressed=("G", "m")) as pilot:
        await on(pilot, Prompt)
        await typed(pilot, "S01E05")
        await seen(pilot.app, "has 3 episodes, numbered from 13")
        assert start.file.read_text("utf-8") == text


async def test_E2_up_to_a_season_that_is_not_known_is_said(start: Start) -> None:
    async with start(pressed=("G", "m")) as pilot:
        await on(pilot, Prompt)
        await typed(pilot, "S09")
        await seen(pilot.app, "season 9 of Wire is not on the list")
        assert start.file.read_text("utf-8") == LIST


async def test_B6_the_form_of_a_viewing_asks_too(start: Start) -> None:
    async with start(pressed=("G", "W", "enter")) as pilot:
        await on(pilot, ViewingForm)
        form = pilot.app.screen
        assert isinstance(form, ViewingForm)
        form.row("episodes").text = "S01E09"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await on(pilot, ConfirmDialog)
        await pilot.press("n")
        await on(pilot, ViewingForm)
        assert start.file.read_text("utf-8") == LIST
        form.row("episodes").text = "S01"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await seen(pilot.app, "Watched S01E02-E03 of Wire")
        await seen(pilot.app, "; status: watched")


@pytest.mark.parametrize("no", ["n", "escape"])
async def test_B6_A10_who_does_not_log_it_keeps_what_was_typed(start: Start, no: str) -> None:
    async with start(pressed=("G", "W", "enter")) as pilot:
        await on(pilot, ViewingForm)
        form = pilot.app.screen
        assert isinstance(form, ViewingForm)
        form.row("episodes").text = "S01E09"
        form.row("review").text = "one\ntwo"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await on(pilot, ConfirmDialog)
        pilot.app._keep_forms()  # type: ignore[attr-defined]  # the program has to end right now
        await pilot.pause(0.2)
        await pilot.press(no)
        await until(lambda: pilot.app.screen is form, pilot.app)
        assert (form.row("episodes").text, form.row("review").text) == ("S01E09", "one\ntwo")
        await pilot.press("ctrl+s")
        await on(pilot, ConfirmDialog)
        await pilot.press("y")
        await seen(pilot.app, "Watched S01E09 of Wire")
        assert stored(start, "wire")["viewings"][0]["review"] == "one\ntwo"
    (kept,) = (start.file.parent / "state" / "drafts").glob("*.json")
    assert "two" in kept.read_text("utf-8")


# What was logged last


async def test_C7_the_key_takes_back_what_was_logged_last(start: Start) -> None:
    async with start(pressed=("G", "W")) as pilot:
        await on(pilot, EpisodesDialog)
        await pilot.press("l", "space")
        await seen(pilot.app, "Watched S01E03 of Wire")
        await pilot.press("h", "space")
        await seen(pilot.app, "Watched S01E02 of Wire")
        await pilot.press("minus")
        await seen(pilot.app, "Unwatched S01E02 of Wire")
        await pilot.press("escape")
        await on(pilot, MainScreen)
        await pilot.press("minus")
        await seen(pilot.app, "Unwatched S01E03 of Wire")


# Long seasons

LONG = """\
[[shows]]
id = "long"
title = "Long"
kind = "series"

[[shows.seasons]]
number = 1
episodes = 1200
watched = "1-149"
ratings = { 3 = 4.5 }

[[shows.seasons]]
number = 2
first = 1201
episodes = 150
"""


@pytest.mark.parametrize("size", [(120, 36), (60, 20), (40, 12)])
async def test_C4_a_long_season_is_walked_and_clicked_in_its_grid(start: Start, size: tuple[int, int]) -> None:
    async with start(LONG, size=size, pressed=("W",)) as pilot:
        await on(pilot, EpisodesDialog)
        grid = pilot.app.screen.query_one(SeasonGrid)
        await until(lambda: str(grid.cursor) == "S01E150", pilot.app)
        await pilot.press("home")
        await pilot.pause()
        drawn = lines(pilot.app, grid)
        starts = {line.index("●") for line in drawn if "●" in line}
        assert len(starts) == 1, "the lines stand below each other"
        row = [int(line.split()[0]) for line in drawn if line.split()[0].isdigit()]
        assert row[0] - 1 == row[1] - row[0], "each line begins with its number"
        per_line, start_of_cells = row[0] - 1, starts.pop()
        cell = drawn[0].index("●", start_of_cells + 1) - start_of_cells
        await pilot.click(SeasonGrid, offset=(start_of_cells + 2 * cell, 1))
        await until(lambda: str(grid.cursor) == f"S01E{per_line + 3:02}", pilot.app)
        await pilot.press("j", "k", "l", "h")
        assert str(grid.cursor) == f"S01E{per_line + 3:02}"
        await pilot.press("G", "l")
        assert str(grid.cursor) == "S02E1350"
        await pilot.press("home", "h")
        assert str(grid.cursor) == "S01E1200"


@pytest.mark.parametrize("size", [(120, 36), (40, 12)])
async def test_C4_C2_a_long_season_is_walked_in_the_details(start: Start, size: tuple[int, int]) -> None:
    async with start(LONG, size=size, pressed=("l",)) as pilot:
        details = pilot.app.screen_stack[0].query_one(Details)
        await until(lambda: str(details.episode) == "S01E150" and details._drawn is not None, pilot.app)
        await pilot.press("j")
        await pilot.pause()
        below = details.episode
        assert below is not None
        drawn = lines(pilot.app, details)
        assert f"{below}" in "\n".join(drawn)
        rows = [text for text in drawn if any(sign in text.split()[2:3] for sign in "●·")]
        starts = {min(text.index(sign) for sign in "●·" if sign in text) for text in rows}
        assert len(rows) > 2
        assert len(starts) == 1, "the lines stand below each other"
        await pilot.press("w")
        await until(lambda: str(below.number) in stored(start, "long")["seasons"][0]["watched"], pilot.app)


# What was done before something went wrong


@pytest.mark.parametrize("width", [120, 240])
async def test_A4_the_steps_that_were_made_before_an_error_are_told(
    start: Start, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    undo = Library.undo

    def stops(self: Library, count: int = 1, *, progress: Progress = no_progress) -> tuple[Change, ...]:
        error = StoreError("the disk is full")
        error.changes, error.skipped = undo(self, progress=progress), ("can't undo change 9: x",)
        raise error

    monkeypatch.setattr(Library, "undo", stops)
    async with start(size=(width, 36), pressed=("G", "m")) as pilot:
        await on(pilot, Prompt)
        await typed(pilot, "S01")
        await seen(pilot.app, "Watched S01E02-E03 of Wire, undated; status: watched")
        await pilot.press("u")
        await seen(pilot.app, "Undone: Watched S01E02-E03 of Wire")
        if width > 120:
            await seen(pilot.app, "can't undo change 9: x; the disk is full")
        assert start.file.read_text("utf-8") == LIST
        assert isinstance(screen := pilot.app.screen, MainScreen)
        assert screen.rows.current is not None
        assert screen.rows.current.seasons[0].watched == (1,), "the list is shown as it is now"
