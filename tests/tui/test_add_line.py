"""The add line: hits while typing, what each key adds, pasted lines; with a real catalogue made by hand."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.sources.catalogue import datasets
from tests.tui.conftest import Start
from tests.tui.drawn import lines, until
from tests.tui.test_form import typed
from tests.tui.test_main import seen, settle, titles
from tests.tui.test_pasting import paste
from watchlist.domain.model import Kind, Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.show_table import ShowTable
from watchlist.sources.catalogue.title import CatalogueTitle
from watchlist.tui.dialogs.add_line import AddLine
from watchlist.tui.dialogs.show_form import ShowForm
from watchlist.tui.state.add_finder import AddFinder, CatalogueFile
from watchlist.tui.state.pasted_shows import State, read_lines
from watchlist.tui.widgets.hit_list import marks, size_of
from watchlist.tui.widgets.pasted_table import PastedTable

LIST = """\
[[shows]]
title = "Heat"
kind = "film"
year = 1995

[[shows]]
title = "Slow Dancing"
kind = "film"
year = 1999

[[shows]]
title = "Zodiac"
kind = "film"
year = 2007
"""
TODAY = date(2026, 11, 22)
DATA = ("title.basics", "title.ratings", "title.episode", "title.akas", "title.principals", "name.basics")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of the catalogue."""
    return datasets.make(tmp_path_factory.mktemp("catalogue"), DATA).read_bytes()


@pytest.fixture
def catalogue(made: bytes, tmp_path: Path) -> Path:
    """Puts the catalogue where the program finds it."""
    path = tmp_path / "cache" / "catalogue.sqlite"
    path.parent.mkdir()
    path.write_bytes(made)
    return path


def shows(start: Start) -> dict[str, dict[str, Any]]:
    file: Path = start.file  # type: ignore[attr-defined]
    return {show["title"]: show for show in tomllib.loads(file.read_text("utf-8"))["shows"]}


def screen(pilot: Pilot[int]) -> str:
    return "\n".join(lines(pilot.app))


class TestHits:
    async def test_own_shows_come_first_then_the_catalogue_best_known_first(
        self, start: Start, catalogue: Path
    ) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("slo"))
            await seen(pilot, "Catalogue")
            drawn = [line[:54].rstrip() for line in lines(pilot.app)[1:7]]
            assert drawn[0] == " + slo"
            assert drawn[1].startswith(" On your list 1 ──")
            assert drawn[2].startswith(" ○  Slow Dancing")
            assert "1999  film" in drawn[2]
            assert drawn[3].startswith(" Catalogue ")
            assert drawn[3].endswith(" best known first")
            assert drawn[4].startswith("▌   Slow Horses")
            assert "2022  series" in drawn[4]
            assert 'enter Add  tab Add in the form  ctrl+s Add just "slo"' in screen(pilot)

    async def test_the_preview_shows_what_is_added_and_whose_data_it_is(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("slow hor"))
            await seen(pilot, "Ben Actor")
            drawn = screen(pilot)
            assert "IMDb 8.3 from 150,000 votes" in drawn
            assert "by Dora Writer" in drawn
            assert "Information courtesy of IMDb" in drawn

    @pytest.mark.parametrize("size", [(80, 24), (60, 20)])
    async def test_on_a_narrow_screen_the_preview_is_below(
        self, start: Start, catalogue: Path, size: tuple[int, int]
    ) -> None:
        async with start(size=size) as pilot:
            await pilot.press("a", *typed("slow hor"))
            await seen(pilot, "S1 3 ep  Failure's Contagious")
            assert "Information courtesy of IMDb" in lines(pilot.app)[-2]
            assert "esc Close" in lines(pilot.app)[-1]

    async def test_a_show_of_the_list_is_gone_to_and_not_added(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            before = start.file.read_bytes()
            await pilot.press("a", *typed("zodiac"))
            await seen(pilot, "enter Go to it")
            await pilot.press("enter")
            await until(lambda: not isinstance(pilot.app.screen, AddLine), pilot.app)
            assert lines(pilot.app)[5].startswith("▌○  Zodiac")
            assert start.file.read_bytes() == before

    async def test_what_is_on_the_list_is_not_offered_again(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("heat"))
            await seen(pilot, "Catalogue 2")
            assert screen(pilot).count("  Heat   ") == 1

    async def test_without_a_catalogue_own_shows_are_found_and_a_line_says_how(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("a")
            await seen(pilot, "Titles can complete themselves: watchlist catalogue tells how.")
            await pilot.press(*typed("zod"))
            await seen(pilot, "On your list 1")
            assert "watchlist catalogue tells how." in screen(pilot)

    async def test_a_damaged_catalogue_is_told_and_titles_are_still_added(self, start: Start, catalogue: Path) -> None:
        catalogue.write_bytes(catalogue.read_bytes()[:5000])
        async with start() as pilot:
            await pilot.press("a", *typed("Ikiru"))
            await seen(pilot, "! ")
            await pilot.press("enter")
            await settle(pilot, "Added Ikiru")

    async def test_the_catalogue_is_found_once_it_was_built(self, start: Start, made: bytes, tmp_path: Path) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("slow h"))
            await seen(pilot, 'enter Add "slow h"')
            (tmp_path / "cache").mkdir(exist_ok=True)
            (tmp_path / "cache" / "catalogue.sqlite").write_bytes(made)
            await pilot.press("o")
            await seen(pilot, "▌   Slow Horses")


class TestAdding:
    async def test_keys_that_are_typed_ahead_add_the_right_show(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("slo"), "enter")
            await settle(pilot, "Added Slow Horses")
            show = shows(start)["Slow Horses"]
            assert (show["kind"], show["year"], show["added"]) == ("series", 2022, TODAY)
            assert show["ids"] == {"imdb": "tt9000004"}
            assert show["seasons"][1]["titles"][0] == "Failure's Contagious"
            assert "rating" not in show
            assert lines(pilot.app)[5].startswith("▌○  Slow Horses")
            await pilot.press("u")
            await settle(pilot, "Undone")
            assert "Slow Horses" not in titles(pilot)

    async def test_the_cursor_chooses(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("heat"), "down", "down", "enter")
            await settle(pilot, "Added In the Heat of the Night")

    async def test_ctrl_s_adds_the_bare_title(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("slo"), "ctrl+s")
            await settle(pilot, "Added slo")
            assert set(shows(start)["slo"]) == {"id", "title", "status", "added"}

    async def test_a_title_that_nobody_knows_is_added_by_enter(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("Kims Kurzfilm (2024)"), "enter")
            await settle(pilot, "Added Kims Kurzfilm")
            assert shows(start)["Kims Kurzfilm"]["year"] == 2024

    async def test_a_bare_title_that_is_on_the_list_is_asked_about(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("Heat (1995)"), "ctrl+s")
            await seen(pilot, "Heat (1995) is on your list already. Add it once more?")
            assert not pilot.app.busy  # else each key of the answer would wait
            await pilot.press("n", "escape")
            await until(lambda: not isinstance(pilot.app.screen, AddLine), pilot.app)
            assert len(shows(start)) == 3

    async def test_esc_closes_and_adds_nothing(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            before = start.file.read_bytes()
            await pilot.press("a", *typed("slow"), "escape")
            await until(lambda: not isinstance(pilot.app.screen, AddLine), pilot.app)
            await pilot.press("a", "enter", "tab", "escape", "escape")
            await pilot.pause()
            assert start.file.read_bytes() == before

    async def test_tab_opens_the_form_filled_in(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("slow ho"), "tab")
            await until(lambda: isinstance(pilot.app.screen, ShowForm), pilot.app)
            form = pilot.app.screen
            assert isinstance(form, ShowForm)
            await pilot.pause()
            assert [form.row(name).text for name in ("title", "kind", "year")] == ["Slow Horses", "series", "2022"]
            await pilot.press(*["tab"] * 4, "4", "enter")
            await settle(pilot, "Added Slow Horses")
            show = shows(start)["Slow Horses"]
            assert show["rating"] == 4
            assert [season["episodes"] for season in show["seasons"] if season["number"]] == [3, 3]

    async def test_the_form_that_is_filled_in_is_saved_as_it_is(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a", *typed("slow ho"), "tab", "enter")
            await settle(pilot, "Added Slow Horses")

    @pytest.mark.parametrize(
        "text", ["tt9000004", "https://m.imdb.com/title/tt9000004/", "imdb=tt9000004", "tvmaze.com/shows/1/slow-horses"]
    )
    async def test_an_id_or_an_address_finds_the_show(self, start: Start, catalogue: Path, text: str) -> None:
        async with start() as pilot:
            await pilot.press("a")
            await paste(pilot, text)
            await seen(pilot, "▌   Slow Horses")
            await pilot.press("enter")
            await settle(pilot, "Added Slow Horses")

    async def test_an_address_is_kept_without_a_catalogue(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("a")
            await paste(pilot, "https://letterboxd.com/film/burning-2018/")
            await pilot.press("enter")
            await settle(pilot, "Added Burning")
            show = shows(start)["Burning"]
            assert (show["year"], show["kind"], show["ids"]) == (2018, "film", {"letterboxd": "burning-2018"})


class TestPastedLines:
    BLOCK = "Heat (1995)\n\nslow horses\r\ntt9000014\nthe heat 2013\nKims Kurzfilm 2024\nheat of the nigt\n"

    async def test_each_line_is_resolved_and_all_are_one_step(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            before = start.file.read_bytes()
            await pilot.press("a")
            await paste(pilot, self.BLOCK)
            await seen(pilot, "6 lines pasted  4 found, 1 on your list, 1 not in the catalogue")
            assert "=  Heat (1995)" in screen(pilot)
            await pilot.press("enter")
            await settle(pilot, "Added 5 shows")
            assert {"Slow Horses", "The Godfather", "The Heat", "Kims Kurzfilm 2024"} <= set(shows(start))
            assert shows(start)["The Godfather"]["ids"] == {"imdb": "tt9000014"}
            await pilot.press("u")
            await settle(pilot, "Undone")
            assert start.file.read_bytes() == before

    async def test_a_question_is_answered_with_a_digit(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a")
            await paste(pilot, "Ikiru\nspi\nthe\n")
            await seen(pilot, "2 to choose, 1 not in the catalogue")
            table = pilot.app.screen.query_one(PastedTable)
            assert table.cursor == 1
            assert "1 Spider-Man" in screen(pilot)
            await pilot.press("1")
            assert table.cursor == 2  # the next question
            assert table.lines[1].state is State.FOUND
            await pilot.press("0", "up", "up", "space")
            await seen(pilot, "1 found, 1 not in the catalogue, 1 left out")
            await pilot.press("enter")
            await settle(pilot, "Added 2 shows")
            assert {"Spider-Man", "the"} <= set(shows(start))
            assert "Ikiru" not in shows(start)

    async def test_what_is_not_answered_is_not_added(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a")
            await paste(pilot, "spi\nIkiru\n")
            await seen(pilot, "1 to choose")
            await pilot.press("enter")
            await settle(pilot, "Added Ikiru")
            assert len(shows(start)) == 4

    async def test_esc_adds_nothing(self, start: Start, catalogue: Path) -> None:
        async with start() as pilot:
            await pilot.press("a")
            await paste(pilot, "Ran\nIkiru\n")
            await seen(pilot, "esc Add nothing")
            await pilot.press("escape")
            await until(lambda: not isinstance(pilot.app.screen, AddLine), pilot.app)
            assert len(shows(start)) == 3


def finder(*own: Show, path: Path) -> AddFinder:
    return AddFinder(ShowTable(own), CatalogueFile(path))


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Heat (1995)", "Heat"),
        ("heat 95", "Heat"),
        ("heat 1995", "Heat"),
        ("the heat", "The Heat"),
        ("Der Pate", "The Godfather"),
        ("https://letterboxd.com/film/heat-1995/", "Heat"),
        ("amelie", "Amélie"),
        ("1917", "1917"),
        ("Blade Runner 2049", "Blade Runner 2049"),
        ("tt9000016", "M"),
    ],
)
def test_a_line_that_is_clear_is_found(catalogue: Path, line: str, title: str) -> None:
    (read,) = read_lines([line], finder(path=catalogue))
    assert read.state is State.FOUND
    assert read.title is not None
    assert read.title.title == title


@pytest.mark.parametrize("line", ["tt9999998", "Kims Kurzfilm", "Heat (1994)", "tmdb=949", "https://boxd.it/2aMu"])
def test_a_line_that_nobody_knows_is_a_bare_title(catalogue: Path, line: str) -> None:
    (read,) = read_lines([line], finder(path=catalogue))
    assert read.state is State.BARE


def test_a_line_is_on_the_list_by_id_or_title(catalogue: Path) -> None:
    own = (Show("a", "Heat", Kind.FILM, 1995, ids={"imdb": "tt9000001"}), Show("b", "Se7en", aka=("Seven",)))
    read = read_lines(
        ["tt9000001", "heat", "Heat (1995)", "heat 95", "seven", "Heat (2001)"], finder(*own, path=catalogue)
    )
    assert [line.state for line in read] == [State.LISTED] * 5 + [State.BARE]


def test_matched_letters_and_sizes() -> None:
    assert [text for text, on in marks("The Slow Hustle", ["slo", "h"]) if on] == ["Slo", "H"]
    assert "".join(text for text, _ in marks("The Slow-Hustle!", ["slo", "h"])) == "The Slow-Hustle!"
    series = CatalogueTitle("tt1", "X", kind=Kind.SERIES, seasons=5, episodes=30)
    assert size_of(series, STARS) == "5 × 6"
    assert size_of(series, DisplayStyle(ascii=True)) == "5 x 6"
    assert size_of(CatalogueTitle("tt1", "X", kind=Kind.SERIES, seasons=5, episodes=31), STARS) == "31 ep"
    assert size_of(CatalogueTitle("tt1", "X", runtime=84), STARS) == "84 min"


@pytest.mark.parametrize("size", [(200, 60), (120, 36), (80, 24), (60, 20), (40, 12), (20, 5), (8, 3), (1, 1)])
async def test_every_size_is_drawn(start: Start, catalogue: Path, size: tuple[int, int]) -> None:
    async with start(size=size) as pilot:
        await pilot.press("a", *typed("heat"))
        await until(lambda: pilot.app.screen._hits.text == "heat", pilot.app)  # type: ignore[attr-defined]
        await pilot.press("down", "up", "up", "pagedown")
        assert all(len(line) <= size[0] for line in lines(pilot.app) if line.isascii())
        await paste(pilot, "a\nspi\n")
        await until(lambda: bool(pilot.app.screen.query_one(PastedTable).lines), pilot.app)
        await pilot.press("down", "tab", "1", "escape")


@pytest.mark.parametrize("text", ["[REC] x [/oops]", "\x1b[31mred\x07", "千と千尋の神隠し" * 6, "A" * 300, "a\u202eb"])
async def test_any_text_is_shown_as_it_is(start: Start, catalogue: Path, text: str) -> None:
    async with start() as pilot:
        await pilot.press("a")
        await paste(pilot, text)
        await pilot.pause()
        await paste(pilot, f"{text}\n{text}2")
        await until(lambda: bool(pilot.app.screen.query_one(PastedTable).lines), pilot.app)
        await pilot.press("enter")
        await settle(pilot, "Added ")
