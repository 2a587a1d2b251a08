"""The columns that are chosen at `c`, and the groups at `z`: drawn at once, remembered, gone without a trace with esc."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.strategies import show_lists
from tests.tui.conftest import Start
from tests.tui.drawn import lines, seen, style_at, until
from watchlist.domain.model import Kind, Season, Show, Status
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.show_table import ShowTable
from watchlist.domain.watchlist import Watchlist
from watchlist.tui.dialogs.columns import ColumnsDialog
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.state.groups import GROUPS, Heading, Lines
from watchlist.tui.state.list_state import ListState
from watchlist.tui.widgets.list_columns import LEAST, MOST, ColumnChoice, ListColumn, drawn_progress, layout
from watchlist.tui.widgets.show_list import ShowList

SIZES = [(120, 36), (80, 24), (60, 20), (40, 12)]


def remembered(start: Start) -> dict[str, str]:
    path = Path(start.file).parent / "state" / "interface.json"
    return dict(json.loads(path.read_text("utf-8"))) if path.exists() else {}


def heads(pilot: Pilot[int]) -> list[str]:
    """The headings of the columns that are drawn."""
    screen = pilot.app.screen_stack[0]
    return [column.label for column in screen.query_one(ShowList)._lines().columns]


# Columns


async def test_columns_follow_every_key_and_are_remembered_until_the_config_counts_again(start: Start) -> None:
    async with start(size=(120, 30)) as pilot:
        assert heads(pilot) == ["Title", "Year", "Rating", "Progress"], "no room for the platform"
        await pilot.press("c")
        await seen(pilot.app, "Hidden (too narrow): Platform")
        await pilot.press("j", "space")
        assert heads(pilot) == ["Title", "Rating", "Progress"]
        await pilot.press("j", "K")
        assert heads(pilot) == ["Rating", "Title", "Progress"]
        await pilot.press("right", "plus", "left")
        assert pilot.app.screen_stack[0].query_one(ShowList)._lines().columns[0].width == 11
        await pilot.press("enter")
        assert not isinstance(pilot.app.screen, ColumnsDialog)
        assert remembered(start)["columns"] == "rating:11,title,progress,platform"
    async with start(size=(120, 30)) as pilot:
        assert heads(pilot) == ["Rating", "Title", "Progress"]
        await pilot.press("c", "0")
        assert heads(pilot) == ["Title", "Year", "Rating", "Progress"]
        await pilot.press("enter")
        assert remembered(start)["columns"] == ""


async def test_esc_leaves_the_columns_as_they_were(start: Start) -> None:
    async with start(size=(80, 24), columns=("title", "added", "year")) as pilot:
        await pilot.press("c", "j", "space", "J", "right", "0", "j", "space")
        assert heads(pilot) == ["Title", "Year"]
        await pilot.press("escape")
        assert heads(pilot) == ["Title", "Added", "Year"]
        assert remembered(start) == {}


async def test_a_hidden_field_joins_at_the_end_and_the_cursor_goes_with_it(start: Start) -> None:
    async with start(size=(120, 36), columns=("title", "year")) as pilot:
        await pilot.press("c", "j", "j")
        dialog = pilot.app.screen
        assert isinstance(dialog, ColumnsDialog)
        assert dialog._field == "id"
        await pilot.press("G", "space")
        assert heads(pilot) == ["Title", "Year", "Roles"]
        assert dialog._field == "role"
        assert dialog._rows.cursor == 2


async def test_a_click_shows_and_hides_and_no_key_is_silent(start: Start) -> None:
    async with start(size=(80, 24), columns=("title", "year")) as pilot:
        await pilot.press("c")
        await until(lambda: isinstance(pilot.app.screen, ColumnsDialog), pilot.app)
        rows = pilot.app.screen.query_one("#scrolls")
        await pilot.click(rows, offset=(6, 1))
        assert heads(pilot) == ["Title"]
        for keys, said in (
            (("g", "space"), "The title is always shown"),
            (("right",), "Title fills the remaining width"),
            (("K",), "This is the first column"),
            (("J",), "This is the last column"),
            (("j", "J"), "space shows this column"),
            (("left",), "space shows this column"),
        ):
            await pilot.press(*keys)
            await seen(pilot.app, said)
        await pilot.press("space", *["left"] * (LEAST + 2))
        await seen(pilot.app, f"From {LEAST} to {MOST} cells")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("ascii", [False, True])
async def test_the_dialog_fits_and_its_keys_are_said(start: Start, size: tuple[int, int], ascii: bool) -> None:
    async with start(size=size, ascii=ascii, no_color=ascii) as pilot:
        await pilot.press("c")
        await seen(pilot.app, "esc cancel")
        drawn = lines(pilot.app)
        text = "\n".join(drawn)
        assert all(word in text for word in ("Columns", "Title", "show or hide", "J K move", "as in the config"))
        assert all(len(line) == size[0] for line in drawn)
        assert text.isascii() is ascii
        assert "the rest" in text
        assert ("does not fit" in text) is (size[0] != 80), "the platform"


async def test_on_a_narrow_screen_what_was_chosen_is_shown_as_far_as_it_fits(start: Start) -> None:
    async with start(size=(40, 12)) as pilot:
        assert heads(pilot) == ["Title", "Rating"]
        await pilot.press("c")
        await seen(pilot.app, "Hidden (too narrow)")
        await pilot.press("j", "j", "space", "enter")
        assert heads(pilot) == ["Title", "Year", "Progress"]


@pytest.mark.parametrize("text", ["nothing", "nothing:5,gone", ",,,", ":", " "])
def test_memory_that_names_no_field_is_none(text: str) -> None:
    assert ColumnChoice.read(text) is None


def test_what_is_not_a_field_any_more_is_dropped_and_widths_are_kept_within_reason() -> None:
    assert ColumnChoice.read("year:6,gone:3,left") == ColumnChoice(("title", "year", "left"), {"year": 6})
    assert ColumnChoice.read("title:9,year:0,left:999,rating:x,platform:-3") == ColumnChoice(
        ("title", "year", "left", "rating", "platform"), {"year": LEAST, "left": MOST}
    )


@given(st.lists(st.sampled_from(["title", "year", "left", "rating", "cast"]), unique=True), st.integers(LEAST, MOST))
def test_a_choice_is_read_as_it_was_written(names: Sequence[str], cells: int) -> None:
    choice = ColumnChoice(
        tuple(names if "title" in names else ("title", *names)), {n: cells for n in names if n != "title"}
    )
    assert ColumnChoice.read(str(choice)) == choice
    for width in (30, 60, 120):
        drawn = layout(choice.names, width, narrow=width < 60, widths=choice.widths)
        assert drawn[-1].end < width
        assert all(column.width == cells for column in drawn if column.field != "title")


async def test_memory_of_no_use_does_no_harm(start: Start) -> None:
    state = Path(start.file).parent / "state"
    state.mkdir()
    (state / "interface.json").write_text('{"columns": "gone,,:", "group": "nothing"}', "utf-8")
    async with start(size=(80, 24)) as pilot:
        assert heads(pilot) == ["Title", "Year", "Rating", "Progress", "Platform"]
        assert not listed(pilot)._grid.headings


def test_progress_is_a_bar_and_figures_where_there_is_room() -> None:
    show = Show("a", "A", kind=Kind.SERIES, seasons=(Season(1, 22, watched=tuple(range(1, 13))),))
    style = DisplayStyle(ascii=True)
    assert drawn_progress(show, ListColumn("progress", 0, 13, True), style) == ("##", "---   12/22")
    assert drawn_progress(show, ListColumn("progress", 0, 8, True), style) is None
    assert drawn_progress(Show("a", "A", kind=Kind.FILM), ListColumn("progress", 0, 13, True), style) == ("", " " * 13)


# Groups

GROUPED = "\n".join(
    f'[[shows]]\ntitle = "Show {n:02}"\nyear = {2000 + n % 3}\nstatus = "{status}"\nrating = {n % 5 + 1}\n'
    for n in range(24)
    for status in [("watching", "planned", "watched")[n % 3]]
)


def listed(pilot: Pilot[int]) -> ShowList:
    return pilot.app.screen_stack[0].query_one(ShowList)


async def test_groups_have_headings_that_the_cursor_steps_over(start: Start) -> None:
    async with start(GROUPED, size=(80, 20)) as pilot:
        await pilot.press("z")
        await seen(pilot.app, "Group by")
        await pilot.press("s")
        await seen(pilot.app, "Watching · 8")
        rows = listed(pilot)
        assert rows.scroll_y == 0
        for _ in range(23):
            line = rows.region.y + 1 + rows._grid.line(rows.cursor) - round(rows.scroll_y)
            assert rows.current is not None
            assert lines(pilot.app)[line].startswith("▌")
            assert rows.current.title in lines(pilot.app)[line]
            await pilot.press("j")
        assert rows.cursor == 23
        assert "Show 23" in lines(pilot.app, rows)[-1], "the last one is the last line"
        await pilot.press("g")
        assert rows.scroll_y == 0, "the heading of the first group is seen again"
        await pilot.press("ctrl+d", "G", "ctrl+u", "pageup", "k", "pagedown", "home")
        assert (rows.cursor, rows.scroll_y) == (0, 0)
        assert remembered(start)["group"] == "status"
    async with start(GROUPED, size=(80, 20)) as pilot:
        assert "Watching · 8" in lines(pilot.app)[3]
        await pilot.press("z", "n")
        await seen(pilot.app, "Watching ·", gone=True)
        assert remembered(start)["group"] == ""


async def test_groups_are_shown_while_they_are_chosen_and_esc_takes_them_back(start: Start) -> None:
    async with start(GROUPED, size=(80, 24)) as pilot:
        await pilot.press("z", "j", "j", "j")
        await seen(pilot.app, "2000 · 8")
        await pilot.press("escape")
        await seen(pilot.app, "2000 · 8", gone=True)
        assert remembered(start) == {}


async def test_clicks_marks_and_filters_find_the_row_they_are_about(start: Start) -> None:
    async with start(GROUPED, size=(80, 24), pressed=("z", "s")) as pilot:
        await seen(pilot.app, "Planned · 8")
        rows = listed(pilot)
        await pilot.click(rows, offset=(10, 1 + 10))  # below two headings
        assert rows.current is rows.rows[8]
        await pilot.click(rows, offset=(10, 1 + 9))
        assert rows.cursor == 8, "of a heading it is the first one below"
        before = Path(start.file).read_text("utf-8")
        column = next(column for column in rows._lines().columns if column.field == "rating")
        await pilot.click(rows, offset=(column.start + 2, 1 + 9))
        assert Path(start.file).read_text("utf-8") == before, "a heading has no stars"
        await pilot.press("space")
        assert rows.marked == {rows.rows[8].id}
        await pilot.press("slash", *"watched", "enter")
        await seen(pilot.app, "/ watched")
        await pilot.press("escape", "escape", "slash", *"rating:5", "enter")
        await seen(pilot.app, "Watched ·")
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        assert sum(heading.size for heading in screen.listing.headings) == len(rows.rows)


@pytest.mark.parametrize("size", SIZES)
async def test_a_heading_is_told_without_colours_and_in_ascii(start: Start, size: tuple[int, int]) -> None:
    async with start(GROUPED, size=size, ascii=True, no_color=True, pressed=("z", "s")) as pilot:
        await seen(pilot.app, "Watching - 8")
        y = next(y for y, line in enumerate(lines(pilot.app)) if "Watching - 8" in line)
        assert style_at(pilot.app, 1, y).bold
        assert "\n".join(lines(pilot.app)).isascii()


async def test_a_change_moves_a_show_to_its_group_and_the_cursor_with_it(start: Start) -> None:
    async with start(GROUPED, size=(80, 24), pressed=("z", "s")) as pilot:
        await seen(pilot.app, "Watching · 8")
        await pilot.press("s", "d")
        await seen(pilot.app, "Dropped · 1")
        rows = listed(pilot)
        assert rows.current is not None
        assert rows.current.title == "Show 00"
        assert rows.cursor == 23


@given(show_lists(), st.sampled_from(sorted(GROUPS)), st.sampled_from(["", "a", "rating:3..", "sort:title-"]))
def test_groups_part_what_is_shown_and_change_nothing_else(shows: list[Show], name: str, text: str) -> None:
    plain = ListState(Watchlist(ShowTable(shows)), date.today()).with_text(text)
    grouped = plain.with_group(name)
    typed = ListState(Watchlist(ShowTable(shows)), date.today()).with_group(name).with_text(text)
    assert list(typed.rows) == list(grouped.rows)
    start, parts = 0, []
    for heading in grouped.headings:
        assert heading.start == start
        assert heading.size > 0
        part = list(grouped.rows)[start : start + heading.size]
        values = {getattr(show, name) for show in part}
        assert len(values) == 1
        (value,) = values
        assert [show for show in plain.rows if getattr(show, name) == value] == part, "in the order it was"
        assert heading.label.lower() == (str(value) if value else f"no {name}").lower()
        parts.append(value)
        start += heading.size
    assert start == len(plain.rows)
    if name == "status":
        assert parts == [status for status in Status if status in parts]
    if name == "year":
        assert parts == sorted(parts, key=lambda year: -(year or 0))
    assert list(grouped.with_group("").rows) == list(plain.rows)
    assert not grouped.with_group("nothing").headings


@given(st.lists(st.integers(1, 5), max_size=8))
def test_lines_and_rows_are_each_others_way_back(sizes: list[int]) -> None:
    headings, start = [], 0
    for size in sizes:
        headings.append(Heading(start, "x", size))
        start += size
    grid = Lines(headings)
    assert [grid.row(grid.line(row)) for row in range(start)] == list(range(start))
    taken = {grid.line(row) for row in range(start)}
    for line in range(start + len(sizes)):
        assert (grid.heading(line) is None) == (line in taken)
    for heading in headings:
        assert grid.heading(grid.line(heading.start) - 1) is heading
        assert grid.row(grid.line(heading.start) - 1) == heading.start
