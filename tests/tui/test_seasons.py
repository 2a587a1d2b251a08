"""Seasons without an editor: their lengths in the form and before the first episode, and what comes after the end."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import Start
from tests.tui.drawn import lines, seen, until
from watchlist.domain import edits
from watchlist.domain.episodes import Episode
from watchlist.domain.model import Viewing
from watchlist.paths import Paths
from watchlist.store.library import Library
from watchlist.tui.dialogs.choose import ChooseDialog
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.episodes import EpisodesDialog
from watchlist.tui.dialogs.prompt import Prompt
from watchlist.tui.dialogs.show_form import ShowForm
from watchlist.tui.dialogs.viewing import ViewingForm
from watchlist.tui.screens.main import MainScreen

LIST = """\
# mine
[[shows]]
id = "bear"
title = "Bear [red]x"
kind = "series"   # kept

[[shows]]
id = "wire"
title = "Wire"
kind = "series"
status = "watching"

[[shows.seasons]]
number = 1
episodes = 3
titles = [ 'One',"Two" ]   # kept
aired = [ 2002-06-02, "2002-06", "" ]
watched = "1,2, 3"

[[shows.seasons]]
# the second
number=2
disc = 7
episodes = 2 # short
watched = "1-2"
"""
SIZES = [(120, 36), (80, 24), (40, 12)]


def stored(start: Start, id: str) -> dict[str, Any]:
    shows = tomllib.loads(start.file.read_text("utf-8"))["shows"]
    return next(show for show in shows if show["id"] == id)


async def on(pilot: Pilot[int], kind: type[Any]) -> None:
    await until(lambda: isinstance(pilot.app.screen, kind) and bool(pilot.app.screen.query("#box")), pilot.app)
    await pilot.pause()


async def typed(pilot: Pilot[int], text: str) -> None:
    pilot.app.screen.query_one(Input).value = text
    await pilot.press("enter")


async def undone(pilot: Pilot[int], start: Start) -> None:
    await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)
    await pilot.press("u")
    await until(lambda: start.file.read_text("utf-8") == LIST, pilot.app)


# A series of which no season is known


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_episode_is_logged_with_the_lengths_in_one_step(start: Start, size: tuple[int, int]) -> None:
    async with start(size=size, pressed=("w",)) as pilot:
        await on(pilot, Prompt)
        shown = "\n".join(lines(pilot.app))
        assert "Episodes per season of Bear" in shown
        assert "10, 8, 8; empty: unknown" in shown
        await typed(pilot, "ten")
        await seen(pilot.app, '"ten" is not a number of episodes')
        await typed(pilot, "8, S0 1")
        await until(lambda: "viewings" in stored(start, "bear"), pilot.app)
        bear = stored(start, "bear")
        assert bear["seasons"] == [{"number": 1, "episodes": 8, "watched": "1"}, {"number": 0, "episodes": 1}]
        assert bear["status"] == "watching"
        await undone(pilot, start)


async def test_the_first_episode_is_logged_without_lengths_too(start: Start) -> None:
    async with start(pressed=("w",)) as pilot:
        await on(pilot, Prompt)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)
        assert start.file.read_text("utf-8") == LIST
        await pilot.press("w")
        await on(pilot, Prompt)
        await pilot.press("enter")
        await seen(pilot.app, "Watched S01E01 of Bear [red]x")
        assert stored(start, "bear")["seasons"] == [{"number": 1, "watched": "1"}]
        await pilot.press("w")
        await seen(pilot.app, "Watched S01E02 of Bear [red]x")  # it is asked once


async def test_marked_shows_are_not_asked_about(start: Start) -> None:
    async with start(pressed=("V", "w")) as pilot:
        await seen(pilot.app, "Watched 2 shows")
        assert stored(start, "bear")["seasons"] == [{"number": 1, "watched": "1"}]
        assert stored(start, "wire")["viewings"][-1]["episodes"] == "S01E01"


@pytest.mark.parametrize("size", SIZES)
async def test_the_grid_opens_with_the_lengths(start: Start, size: tuple[int, int]) -> None:
    async with start(size=size, pressed=("W",)) as pilot:
        await on(pilot, Prompt)
        await typed(pilot, "3x2")
        await on(pilot, EpisodesDialog)
        shown = "\n".join(lines(pilot.app))
        assert all(f"S{number}  · ·" in shown for number in (1, 2, 3))
        assert stored(start, "bear")["seasons"] == [{"number": number, "episodes": 2} for number in (1, 2, 3)]
        await pilot.press("escape")
        await undone(pilot, start)


async def test_without_lengths_the_form_of_a_viewing_opens(start: Start) -> None:
    async with start(pressed=("W",)) as pilot:
        await on(pilot, Prompt)
        await pilot.press("enter")
        await on(pilot, ViewingForm)
        await pilot.press("escape")
        await pilot.press("W")
        await on(pilot, Prompt)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)
        assert start.file.read_text("utf-8") == LIST


async def test_up_to_an_episode_is_one_step_with_the_lengths(start: Start) -> None:
    async with start(pressed=("m",)) as pilot:
        await on(pilot, Prompt)
        await typed(pilot, "2, 8")
        await until(lambda: "watched up to" in "\n".join(lines(pilot.app)), pilot.app)
        await typed(pilot, "S02E03")
        await seen(pilot.app, "Watched S01E01-E02, S02E01-E03 of Bear [red]x")
        assert [season["watched"] for season in stored(start, "bear")["seasons"]] == ["1-2", "1-3"]
        await undone(pilot, start)
        await pilot.press("m")
        await on(pilot, Prompt)
        await pilot.press("escape")
        await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)
        assert start.file.read_text("utf-8") == LIST


# After the last known episode


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    ("keys", "said", "seasons"),
    [
        (("enter",), "Watched S03E01 of Wire", [(1, 3, "1,2, 3"), (2, 2, "1-2"), (3, None, "1")]),
        (("n",), "Watched S03E01 of Wire", [(1, 3, "1,2, 3"), (2, 2, "1-2"), (3, None, "1")]),
        (("m",), "Watched S02E03 of Wire", [(1, 3, "1,2, 3"), (2, 3, "1-3")]),
        (("down", "down", "enter"), "Watched S01E01 of Wire again", [(1, 3, "1,2, 3"), (2, 2, "1-2")]),
    ],
)
async def test_it_is_asked_what_was_watched(
    start: Start, size: tuple[int, int], keys: tuple[str, ...], said: str, seasons: list[tuple[int, int | None, str]]
) -> None:
    async with start(size=size, pressed=("G", "w")) as pilot:
        await on(pilot, ChooseDialog)
        shown = "\n".join(lines(pilot.app))
        for part in ("Season 2 ended with episode 2", "n  new season: S03E01", "m  more of this season: S02E03"):
            assert part in shown
        assert "r  rewatch: S01E01" in shown
        await pilot.press(*keys)
        await seen(pilot.app, said[:30])
        wire = stored(start, "wire")
        assert [(row["number"], row.get("episodes"), row["watched"]) for row in wire["seasons"]] == seasons
        assert wire["seasons"][1]["disc"] == 7
        await undone(pilot, start)


async def test_who_answers_nothing_changes_nothing(start: Start) -> None:
    async with start(pressed=("G", "w")) as pilot:
        await on(pilot, ChooseDialog)
        await pilot.press("w", "escape")
        await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)
        assert start.file.read_text("utf-8") == LIST


async def test_a_rewatch_goes_on_without_a_question(start: Start) -> None:
    async with start(pressed=("G", "w")) as pilot:
        await on(pilot, ChooseDialog)
        await pilot.press("r")
        await seen(pilot.app, "Watched S01E01 of Wire again")
        for name in ("S01E02", "S01E03", "S02E01", "S02E02"):
            await pilot.press("w")
            await seen(pilot.app, f"Watched {name} of Wire again")
        await pilot.press("w")
        await on(pilot, ChooseDialog)
        await pilot.press("escape")


# The form


async def test_the_form_has_the_lengths_and_keeps_everything_else(start: Start) -> None:
    async with start(pressed=("G", "e")) as pilot:
        await on(pilot, ShowForm)
        form = pilot.app.screen
        assert isinstance(form, ShowForm)
        row = await form.reveal("seasons")
        assert row.text == "3, 2"
        for text, said, hint in (
            ("3", "season 2 of Wire can't be left out: you watched S02E01-E02", "keep it in the text: 3, 2"),
            ("3, 1", "season 2 of Wire can't have 1 episode: you watched S02E02", "enter at least 2"),
            ("", "season 1 of Wire can't be left out: you watched S01E01-E03", ""),
            ("3, x", '"x" is not a number of episodes', ""),
        ):
            row.text = text
            await pilot.pause()
            assert said in row.error
            if hint:
                assert row.error.endswith(f"; {hint}")
                await seen(pilot.app, hint[:16])  # the rest is on another line
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert pilot.app.screen is form
        row.text = "4, 2, 8"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await seen(pilot.app, "Set seasons of Wire to 4, 2, 8, was 3, 2")
        expected = LIST.replace("episodes = 3\n", "episodes = 4\n") + "\n[[shows.seasons]]\nnumber = 3\nepisodes = 8\n"
        assert start.file.read_text("utf-8") == expected
        await undone(pilot, start)


async def test_what_was_watched_elsewhere_meanwhile_is_kept_without_a_question(start: Start) -> None:
    async with start(pressed=("G", "e")) as pilot:
        await on(pilot, ShowForm)
        form = pilot.app.screen
        assert isinstance(form, ShowForm)
        (await form.reveal("seasons")).text = "3, 2, 8"
        other = Library.open(start.file, Paths(*(start.file.with_name(n) for n in ("c.toml", "list.toml", "s", "d"))))
        other.apply(edits.watch(["wire"], Viewing(), [Episode(3, 1)], sure=True))
        await pilot.pause()
        await pilot.press("ctrl+s")
        await on(pilot, ConfirmDialog)  # the lengths were changed, too: season 3 is new
        await pilot.press("y")
        await until(lambda: stored(start, "wire")["seasons"][2].get("episodes") == 8, pilot.app)
        assert stored(start, "wire")["seasons"][2] == {"number": 3, "watched": "1", "episodes": 8}


async def test_a_rating_elsewhere_is_no_question(start: Start) -> None:
    async with start(pressed=("G", "e")) as pilot:
        await on(pilot, ShowForm)
        form = pilot.app.screen
        assert isinstance(form, ShowForm)
        (await form.reveal("seasons")).text = "3, 2, 8"
        other = Library.open(start.file, Paths(*(start.file.with_name(n) for n in ("c.toml", "list.toml", "s", "d"))))
        other.apply(edits.rate_episodes(["wire"], [Episode(1, 1)], 4.0))
        await pilot.pause()
        await pilot.press("ctrl+s")
        await until(lambda: len(stored(start, "wire")["seasons"]) == 3, pilot.app)
        assert stored(start, "wire")["seasons"][0]["ratings"] == {"1": 4.0}


async def test_a_new_show_has_the_lengths(start: Start) -> None:
    async with start(pressed=("a", "tab")) as pilot:
        await on(pilot, ShowForm)
        form = pilot.app.screen
        assert isinstance(form, ShowForm)
        form.row("title").text = "Slow Horses"
        (await form.reveal("seasons")).text = "S1 6, S2 6, specials 1"
        await pilot.pause()
        await pilot.press("ctrl+s")
        await seen(pilot.app, "Added Slow Horses")
        assert [(row["number"], row["episodes"]) for row in stored(start, "slow-horses")["seasons"]] == [
            (1, 6),
            (2, 6),
            (0, 1),
        ]
        await undone(pilot, start)
