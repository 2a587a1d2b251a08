"""What the file holds and can't be read is not shown by a prompt, so no prompt asks for something in its place."""

from __future__ import annotations

import asyncio
import tomllib

import pytest
from textual.widgets import Input

from tests.tui.conftest import Start
from tests.tui.drawn import lines, seen, until
from watchlist.tui.dialogs.choose import ChooseDialog
from watchlist.tui.dialogs.rate import RatePrompt
from watchlist.tui.dialogs.show_form import ShowForm
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.state.type_ahead import PAUSE
from watchlist.tui.widgets.show_list import ShowList

FILM = """\
[[shows]]
id = "a"
title = "Aa"
kind = "film"
"""
SERIES = FILM.replace("film", "series") + "[[shows.seasons]]\nnumber = 1\nepisodes = 9\nwatched = [1]\n"
VIEWED = FILM + '[[shows.viewings]]\nwith = "Ada"\n'
OTHER = '\n[[shows]]\nid = "b"\ntitle = "Bb"\nkind = "film"\n'


@pytest.mark.parametrize(
    ("text", "key", "said"),
    [
        (FILM + 'tags = "a, b"\n', "t", "tags of Aa is wrong in the file"),
        (FILM + "notes = 12\n", "n", "notes of Aa is wrong in the file"),
        (FILM + 'rating = "8/10"\n', "r", "rating of Aa is wrong in the file"),
        (FILM + 'status = "seen"\n', "s", "status of Aa is wrong in the file"),
        (FILM + 'status = "seen"\n', "w", "status of Aa is wrong in the file"),
        (FILM.replace("film", "movie"), "w", "kind of Aa is wrong in the file"),
        (FILM.replace("film", "movie"), "m", "kind of Aa is wrong in the file"),
        (FILM.replace("film", "movie"), "W", "kind of Aa is wrong in the file"),
        *((SERIES, key, "seasons[0].watched of Aa is wrong in the file") for key in ("w", "W", "m")),
        *((VIEWED, key, "viewings[0].with of Aa is wrong in the file") for key in ("w", "m")),
    ],
)
async def test_a_wrong_value_is_told_before_anything_is_asked(start: Start, text: str, key: str, said: str) -> None:
    async with start(text, pressed=(key,)) as pilot:
        await seen(pilot.app, said)
        assert isinstance(pilot.app.screen, MainScreen)
    assert start.file.read_text("utf-8") == text


async def test_stars_that_are_clicked_do_not_replace_a_wrong_rating(start: Start) -> None:
    text = FILM + 'rating = "8/10"\n'
    async with start(text) as pilot:
        screen = pilot.app.screen
        shows = screen.query_one(ShowList)
        shows.post_message(ShowList.StarsClicked(screen.listing.library.shows[0], 4.0))
        await seen(pilot.app, "rating of Aa is wrong in the file")
    assert start.file.read_text("utf-8") == text


@pytest.mark.parametrize("line", ['tags = "a, b"', "notes = 12", 'status = "seen"', 'cast = "A"', "year = 'x'"])
async def test_the_form_shows_a_wrong_value_and_keeps_it_while_others_change(start: Start, line: str) -> None:
    async with start(f"{FILM}{line}\n", pressed=("e",)) as pilot:
        await until(lambda: isinstance(pilot.app.screen, ShowForm), pilot.app)
        form = pilot.app.screen
        assert isinstance(form, ShowForm)
        assert (await form.reveal(line.split()[0])).text == line.split(" = ")[1].strip("\"'")
        (await form.reveal("platform")).editor.focus()
        (await form.reveal("platform")).text = "DVD"
        await pilot.press("ctrl+s")
        await until(lambda: "DVD" in start.file.read_text("utf-8"), pilot.app)
    assert line in start.file.read_text("utf-8")


async def test_of_marked_shows_the_wrong_one_is_named_and_the_other_changed(start: Start) -> None:
    text = f'{FILM}status = "seen"\nrating = "8/10"\n{OTHER}'
    async with start(text) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        screen.mark(frozenset({"a", "b"}))
        await pilot.press("s")
        await until(lambda: isinstance(pilot.app.screen, ChooseDialog), pilot.app)
        await pilot.press("d")
        await until(lambda: "dropped" in start.file.read_text("utf-8"), pilot.app)
        await seen(pilot.app, "status of Aa is wrong")
        await asyncio.sleep(PAUSE)  # until then, r belongs to the word "dropped"
        await pilot.press("r")
        await until(lambda: isinstance(pilot.app.screen, RatePrompt), pilot.app)
        await pilot.press("4", "enter")
        await until(lambda: "rating = 4" in start.file.read_text("utf-8"), pilot.app)
        await seen(pilot.app, "Rated Bb 4")
    a, b = tomllib.loads(start.file.read_text("utf-8"))["shows"]
    assert (a["status"], a["rating"]) == ("seen", "8/10")
    assert (b["status"], b["rating"]) == ("dropped", 4.0)


async def test_tags_that_can_be_read_are_still_asked_for(start: Start) -> None:
    async with start(FILM + 'tags = ["a"]\n', pressed=("t",)) as pilot:
        await until(lambda: bool(pilot.app.screen.query(Input)), pilot.app)
        assert "wrong" not in "\n".join(lines(pilot.app))
