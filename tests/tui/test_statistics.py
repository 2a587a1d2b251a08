"""Statistics in the interface: drawn at every size, walked over, opening the shows of a number, year by year."""

from __future__ import annotations

import asyncio
import itertools
import threading
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input, Sparkline

from tests.tui.conftest import Start
from tests.tui.drawn import lines, style_at, until
from watchlist.domain.toml_values import render_block
from watchlist.tui.dialogs.statistics import StatisticsScreen
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.widgets.statistics_view import Numbers

LIST = """\
version = 1

[[shows]]
id = "heat"
title = "Heat"
kind = "film"
year = 1995
status = "watched"
rating = 4.5
genres = ["Crime", "Drama"]
runtime = 170
viewings = [{ date = 2025-03-01 }, { date = 2026-01-02 }, {}]

[[shows]]
id = "rec"
title = "[REC] x [/oops] \\u001b[31m"
status = "watching"
genres = ["[/b] $accent"]
runtime = 50
viewings = [{ date = 2026-01-03, episodes = "S01E01-E02" }, { date = 2026-01-04, episodes = "S01E03" }]

[[shows]]
id = "unseen"
title = "Unseen"
genres = ["crime"]
"""
TODAY = date(2026, 3, 31)
EMPTY = "version = 1\n"
UNSEEN = 'version = 1\n\n[[shows]]\nid = "a"\ntitle = "A"\n'
SIZES = [(120, 36), (80, 24), (60, 20), (40, 12)]


async def press(pilot: Pilot[int], *keys: str) -> None:
    """Press keys, and wait until what is counted then is drawn."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def settled(pilot: Pilot[int]) -> None:
    def done() -> bool:
        return all(worker.is_finished for worker in pilot.app.workers if worker.node is pilot.app.screen)

    await pilot.pause()
    await until(done, pilot.app)
    await pilot.pause()


def drawn(pilot: Pilot[int]) -> str:
    return "\n".join(lines(pilot.app))


def numbers(pilot: Pilot[int]) -> Numbers:
    return pilot.app.screen.query_one(Numbers)


def label(pilot: Pilot[int]) -> str:
    line = numbers(pilot).current
    return line.label if line is not None else ""


async def type_path(pilot: Pilot[int], path: Path) -> None:
    """Into the prompt, in place of what stands there."""
    pilot.app.screen.query_one(Input).value = str(path)
    await pilot.press("enter")
    await settled(pilot)


async def walk_to(pilot: Pilot[int], wanted: str) -> None:
    """To a number by the keys alone: section by section, then down."""
    board = numbers(pilot)
    section = next(at for at, one in enumerate(board._sections) if any(line.label == wanted for line in one.lines))
    await pilot.press("g", *["tab"] * section)
    for _ in board._sections[section].lines:
        if label(pilot) != wanted:
            await pilot.press("j")
    assert label(pilot) == wanted


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize(
    ("text", "ascii"),
    [(LIST, False), (LIST, True), (UNSEEN, False), (EMPTY, True)],
    ids=["list", "list in ASCII", "unseen", "empty in ASCII"],
)
async def test_it_is_drawn_at_every_size(start: Start, size: tuple[int, int], text: str, ascii: bool) -> None:
    async with start(text, size=size, ascii=ascii) as pilot:
        await press(pilot, "S")
        page = drawn(pilot)
        assert page.splitlines()[0].startswith("  Statistics  ")
        assert all(len(line) <= size[0] for line in page.splitlines())
        assert "esc close" in page
        assert "Counting" not in page
        assert label(pilot) == "Shows"
        cursor = "|" if ascii else "▌"
        for key in "jjjGgl":
            await pilot.press(key)
            assert drawn(pilot).count(f"\n{cursor}") + drawn(pilot).count(f" {cursor} ") >= 1, key
        assert not ascii or drawn(pilot).replace("␛", "").isascii()
        await press(pilot, "right_square_bracket", "left_square_bracket", "escape")
        assert isinstance(pilot.app.screen, MainScreen)


@pytest.mark.parametrize("no_color", [False, True])
async def test_the_cursor_and_the_heat_are_seen_without_colours(
    start: Start, monkeypatch: pytest.MonkeyPatch, no_color: bool
) -> None:
    if no_color:
        monkeypatch.setenv("NO_COLOR", "1")
    async with start(no_color=no_color) as pilot:
        await press(pilot, "S", "j")
        board = numbers(pilot).region
        at = next(y for y, line in enumerate(lines(pilot.app)) if line.startswith("▌"))
        assert at > board.y
        here, above = style_at(pilot.app, 3, at), style_at(pilot.app, 3, at - 1)
        assert here.reverse if no_color else here.bgcolor != above.bgcolor
        assert {"·", "█"} <= set(drawn(pilot))


async def test_user_text_is_shown_as_it_is(start: Start) -> None:
    async with start(size=(120, 80)) as pilot:
        await press(pilot, "S")
        assert "[REC] x [/oops] ␛[31m" in drawn(pilot)
        assert "[/b] $accent" in drawn(pilot)


async def test_a_number_opens_its_shows(start: Start) -> None:
    async with start() as pilot:
        await press(pilot, "S")
        await walk_to(pilot, "Crime")
        assert "genre:=Crime" in drawn(pilot)
        await press(pilot, "enter")
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        assert screen.listing.text == "genre:=Crime"
        assert [show.id for show in screen.listing.rows] == ["heat", "unseen"]
        assert screen.rows.has_focus


async def test_B10_esc_goes_back_to_the_number_and_then_to_the_list_of_before(start: Start) -> None:
    async with start() as pilot:
        screen = pilot.app.screen
        await press(pilot, "o", "enter")
        before = screen.listing.with_text("is:rated , genre:crime , title:rec").with_sort("year")
        screen.show(before)
        screen.rows.go_to("unseen")
        await press(pilot, "S", "right_square_bracket")
        await walk_to(pilot, "Rated")
        scrolled = pilot.app.screen.query_one(Numbers).scroll_offset
        await press(pilot, "enter")
        assert screen.listing.text != before.text
        assert [show.id for show in screen.listing.rows] == ["heat"]
        await press(pilot, "j", "o", "down", "enter")  # moving and sorting change nothing in where it came from
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, StatisticsScreen)
        assert "2026 in review" in drawn(pilot)
        assert label(pilot) == "Rated"
        assert pilot.app.screen.query_one(Numbers).scroll_offset == scrolled
        await press(pilot, "escape")
        assert pilot.app.screen is screen
        assert (screen.listing.text, screen.listing.sorts) == (before.text, before.sorts)
        assert screen.rows.current is not None
        assert screen.rows.current.id == "unseen"
        await press(pilot, "escape")  # now the filter of before goes, as ever
        assert screen.listing.text == ""
        assert pilot.app.screen is screen


async def test_B10_each_visit_has_its_own_way_back(start: Start) -> None:
    async with start() as pilot:
        screen = pilot.app.screen
        for number in ("Crime", "Rated"):
            await press(pilot, "S")
            await walk_to(pilot, number)
            await press(pilot, "enter")
        assert screen.listing.text == "genre:=Crime rating:any"
        for number, text in (("Rated", "genre:=Crime"), ("Crime", "")):
            await press(pilot, "escape")
            assert label(pilot) == number
            await press(pilot, "escape")
            assert (pilot.app.screen, screen.listing.text) == (screen, text)
        await press(pilot, "escape")
        assert pilot.app.screen is screen


async def test_B10_a_filter_or_a_view_of_ones_own_is_not_left_for_the_statistics(start: Start) -> None:
    async with start() as pilot:
        screen = pilot.app.screen
        for keys in (("slash", "h", "enter"), ("2",), ("slash", "escape")):
            await press(pilot, "1", "S")
            await walk_to(pilot, "Crime")
            await press(pilot, "enter", *keys)
            await press(pilot, "escape")
            assert pilot.app.screen is screen
            assert screen.listing.text == ""


async def test_B10_marks_and_details_are_closed_first_and_changes_stay(start: Start) -> None:
    async with start() as pilot:
        screen = pilot.app.screen
        await press(pilot, "S")
        await walk_to(pilot, "Crime")
        await press(pilot, "enter", "space", "escape")
        assert (pilot.app.screen, screen.listing.marked) == (screen, frozenset())
        await press(pilot, "G", "d")
        await until(lambda: len(screen.listing.rows) == 1, pilot.app)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, StatisticsScreen)
        assert "2 shows" in drawn(pilot)
        await press(pilot, "escape")
        assert [show.id for show in screen.listing.rows] == ["rec", "heat"]


async def test_B10_a_year_that_is_gone_since_is_all_years(start: Start) -> None:
    async with start() as pilot:
        screen = pilot.app.screen
        await press(pilot, "S", "left_square_bracket")
        assert "2025 in review" in drawn(pilot)
        await walk_to(pilot, "Rated")
        await press(pilot, "enter", "d")
        await until(lambda: not screen.listing.rows, pilot.app)
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, StatisticsScreen)
        assert lines(pilot.app)[0].startswith("  Statistics  2 shows")
        assert label(pilot) == "Rated"


async def test_what_is_shown_is_what_is_counted_and_narrowed(start: Start) -> None:
    async with start() as pilot:
        screen = pilot.app.screen
        screen.show(screen.listing.with_text("heat , title:rec"))
        await press(pilot, "S")
        assert "Statistics  2 shows that match heat , title:rec" in drawn(pilot)
        await walk_to(pilot, "Rated")
        await press(pilot, "enter")
        assert screen.listing.text == "heat rating:any , title:rec rating:any"
        assert [show.id for show in screen.listing.rows] == ["heat"]
        await press(pilot, "escape", "escape", "escape", "3", "S")
        assert "Statistics  1 show in Planned" in drawn(pilot)


async def test_years_are_stepped_through_and_round(start: Start) -> None:
    async with start() as pilot:
        await press(pilot, "S", "right_square_bracket")
        assert "2026 in review  2 of 3 shows" in drawn(pilot)
        await press(pilot, "right_square_bracket")
        assert "2025 in review  1 of 3 shows" in drawn(pilot)
        await press(pilot, "right_square_bracket")
        assert lines(pilot.app)[0].startswith("  Statistics  3 shows")
        await press(pilot, "left_square_bracket")
        assert "2025 in review" in drawn(pilot)
        await walk_to(pilot, "Rated")
        await press(pilot, "left_square_bracket")
        assert label(pilot) == "Rated"
        await press(pilot, "enter")
        assert pilot.app.screen.listing.text == "rating:any watched:2026"


async def test_a_year_is_clicked(start: Start) -> None:
    async with start() as pilot:
        await press(pilot, "S")
        at = lines(pilot.app)[1].index("2025")
        await pilot.click(offset=(at, 1))
        await settled(pilot)
        assert "2025 in review" in drawn(pilot)


async def test_a_number_that_no_query_asks_for_says_so(start: Start) -> None:
    async with start() as pilot:
        await press(pilot, "S")
        await walk_to(pilot, "Undated")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, StatisticsScreen)
        assert "Nothing to open: no query asks for viewings without a day" in drawn(pilot)
        await walk_to(pilot, "Paused")
        await press(pilot, "enter")
        assert "Nothing to open: there are none" in drawn(pilot)


async def test_the_cursor_goes_where_the_eye_does(start: Start) -> None:
    async with start() as pilot:
        await press(pilot, "S")
        seen = [label(pilot)]
        for key in ("l", "j", "h", "k", "tab", "shift+tab", "G", "g"):
            await pilot.press(key)
            seen.append(label(pilot))
        assert seen[:5] == ["Shows", "Viewings", "Undated", "Rated", "Shows"]
        assert seen[5:7] == ["Viewings", "Shows"]
        assert seen[-1] == "Shows"
    async with start(size=(60, 20)) as pilot:  # one column: sideways is to the next section
        await press(pilot, "S")
        await pilot.press("l")
        assert label(pilot) == "Viewings"
        await pilot.press("h", "j")
        assert label(pilot) == "Rated"


async def test_a_page_is_exported_and_nothing_replaced_unasked(start: Start, tmp_path: Path) -> None:
    out = tmp_path / "year.md"
    async with start() as pilot:
        await press(pilot, "S", "right_square_bracket")
        await pilot.press("x")
        await pilot.pause()
        assert "statistics-2026.html" in drawn(pilot)
        await type_path(pilot, tmp_path / "none" / "x.md")
        assert "there is no folder" in drawn(pilot)
        await type_path(pilot, out)
        assert out.read_text("utf-8").startswith("# 2026 in review\n\n2 of 3 shows\n")
        assert "Written to" in drawn(pilot)
        out.write_text("mine")
        await pilot.press("x")
        await type_path(pilot, out)
        assert "Replace it?" in drawn(pilot)
        await press(pilot, "n")
        assert out.read_text() == "mine"
        assert pilot.app.screen.query_one(Input).value == str(out)  # to be typed on, not anew
        await type_path(pilot, out)
        await press(pilot, "y")
        assert out.read_text("utf-8").startswith("# 2026")


async def test_a_resize_keeps_the_number(start: Start) -> None:
    async with start() as pilot:
        await press(pilot, "S")
        await walk_to(pilot, "Friday")
        for size in ((50, 15), (1, 1), (160, 40)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
        assert label(pilot) == "Friday"


async def test_the_loop_goes_on_while_a_long_list_is_counted(start: Start) -> None:
    """Nothing holds the loop up: while all is read and counted it is never away for long."""
    day = date(2020, 1, 1)
    text = EMPTY + "".join(
        "\n"
        + render_block(
            {
                "id": f"s{n}",
                "title": f"Show {n}",
                "runtime": 50,
                "cast": [{"actor": f"Actor {n} {m}"} for m in range(6)],
                "viewings": [{"date": day + timedelta((n * 7 + m) % 2000)} for m in range(3)],
            }
        )
        for n in range(3000)
    )
    async with start(text) as pilot:
        ticks = [time.perf_counter()]

        async def tick() -> None:
            while True:
                await asyncio.sleep(0.005)
                ticks.append(time.perf_counter())

        clock = asyncio.create_task(tick())
        await press(pilot, "S")
        clock.cancel()
        assert "3,000 shows" in drawn(pilot)
        assert "9,000" in drawn(pilot)
        longest = max(b - a for a, b in itertools.pairwise(ticks))
        assert longest < max(0.5, (ticks[-1] - ticks[0]) / 2)


@pytest.mark.parametrize(
    ("size", "text", "ascii", "there"),
    [((120, 36), None, False, True), ((100, 30), None, False, True), ((80, 24), None, False, False),
     ((120, 36), None, True, False), ((120, 36), UNSEEN, False, False)],
)  # fmt: skip
async def test_the_hours_of_the_months_stand_beside_the_years_where_there_is_room(
    start: Start, size: tuple[int, int], text: str | None, ascii: bool, there: bool
) -> None:
    async with start(text, size=size, ascii=ascii) as pilot:
        await press(pilot, "S")
        line = pilot.app.screen.query_one(Sparkline)
        assert line.display is there
        assert ("hours a month" in drawn(pilot)) is there
        if there:
            assert line.region.right <= size[0]
            assert line.data is not None
            assert len(line.data) == 12
            assert sum(line.data) > 0


@pytest.mark.parametrize("key", ["fit", "right_square_bracket", "left_square_bracket", "click"])
async def test_B10_a_year_that_is_gone_holds_nothing_up_while_all_is_counted(
    start: Start, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """The thread has counted, and the loop has not heard of it yet."""
    async with start() as pilot:
        screen = pilot.app.screen
        await press(pilot, "S", "left_square_bracket")
        await walk_to(pilot, "Rated")
        await press(pilot, "enter", "d")
        await until(lambda: not screen.listing.rows, pilot.app)
        counted, heard = threading.Event(), threading.Event()

        def held(function: Any) -> Any:
            async def to_thread(*args: Any) -> Any:
                def run() -> Any:
                    found = args[0](*args[1:])
                    counted.set()
                    heard.wait(10)
                    return found

                return await function(run)

            return to_thread

        monkeypatch.setattr("watchlist.tui.dialogs.statistics.asyncio.to_thread", held(asyncio.to_thread))
        await pilot.press("escape")
        await until(counted.is_set, pilot.app)
        statistics = pilot.app.screen
        assert isinstance(statistics, StatisticsScreen)
        if key == "fit":
            await pilot.resize_terminal(100, 30)
        elif key == "click":
            await pilot.click(offset=(lines(pilot.app)[1].index("2025"), 1))
        else:
            await pilot.press(key)
        await pilot.pause()
        heard.set()
        await settled(pilot)
        assert lines(pilot.app)[0].startswith("  Statistics  2 shows")
        assert "2025" not in lines(pilot.app)[1]
        await press(pilot, "right_square_bracket")
        assert "2026 in review" in drawn(pilot)
