"""The list: its cursor, its columns, its clicks, and that it costs what the screen holds."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual import events, on
from textual.app import App, ComposeResult
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input

from tests.tui.drawn import lines, style_at
from watchlist.domain.model import Problem, Season, Show, Status
from watchlist.domain.ratings import DisplayStyle
from watchlist.tui.themes import BALLARD, NO_COLOR
from watchlist.tui.widgets.line_widget import LineStatic
from watchlist.tui.widgets.list_columns import STARS, ListColumn, cell, fit, layout, steady
from watchlist.tui.widgets.scroll_bar import thumb_lines
from watchlist.tui.widgets.show_list import ShowList
from watchlist.tui.widgets.show_row import LineRenderer, LineStyles

NASTY = (
    "👨‍👩‍👧‍👦 Family",
    "❤️ Heart ❤",
    "🇫🇷 France",
    "👍🏽 Thumb",
    "1️⃣ One",
    "千と千尋の神隠し",
    "Cafe\u0301 ne\u0301e",
    "\u1112\u1161\u11ab jamo",
    "\x1b[31mred\x07\x9b31m\0\u202eevil",
    "[REC] x [/oops] a [red]b",
    "tab\there\nand there",
    "L" + "o" * 300 + "ng",
    "🎬" * 200,
    " ",
)


def shows(count: int) -> list[Show]:
    return [Show(f"s{n}", f"Show {n}", year=1950 + n % 70, rating=(n % 10 + 1) / 2) for n in range(count)]


class Listed(App[None]):
    """A list alone on the screen, and all it said."""

    CSS = "ShowList { height: 1fr } Input { height: 1; border: none }"

    def __init__(self, rows: Sequence[Show] = (), *, ansi: bool = False, other: bool = False) -> None:
        super().__init__(ansi_color=ansi)
        self.register_theme(BALLARD)
        self.theme = NO_COLOR if ansi else BALLARD.name
        self.rows, self.other = rows, other
        self.said: list[Message] = []

    def compose(self) -> ComposeResult:
        yield ShowList()
        if self.other:
            yield Input()

    def on_mount(self) -> None:
        self.list.set_rows(self.rows)
        self.list.focus()

    @property
    def list(self) -> ShowList:
        return self.query_one(ShowList)

    @on(ShowList.Highlighted)
    @on(ShowList.Opened)
    @on(ShowList.HeaderClicked)
    @on(ShowList.StarsClicked)
    def heard(self, message: Message) -> None:
        self.said.append(message)

    def highlighted(self) -> list[str]:
        return [m.show.id if m.show else "" for m in self.said if isinstance(m, ShowList.Highlighted)]


async def test_the_cursor_moves_and_stays_in_sight() -> None:
    app = Listed(shows(100))
    async with app.run_test(size=(80, 11)) as pilot:
        rows = app.list
        for action, expected in (
            ("cursor_down", 1),
            ("cursor_up", 0),
            ("cursor_up", 0),
            ("page_down", 10),
            ("half_down", 15),
            ("half_up", 10),
            ("page_up", 0),
            ("bottom", 99),
            ("cursor_down", 99),
            ("top", 0),
            ("half_up", 0),
        ):
            getattr(rows, f"action_{action}")()
            assert rows.cursor == expected, action
            await pilot.pause()
            drawn = lines(app)
            assert sum(line.startswith("▌") for line in drawn) == 1, action
            assert f"Show {expected} " in next(line for line in drawn if line.startswith("▌"))
            assert "Title" in drawn[0]


async def test_the_cursor_stays_on_its_show_and_on_its_line() -> None:
    app = Listed(shows(100))
    async with app.run_test(size=(80, 11)) as pilot:
        app.list.cursor = 50
        await pilot.pause()
        line = next(y for y, text in enumerate(lines(app)) if text.startswith("▌"))
        app.list.set_rows(shows(100)[20:])
        await pilot.pause()
        assert app.list.current == shows(100)[50]
        assert app.list.cursor == 30
        assert lines(app)[line].startswith("▌")
        app.list.set_rows([s for s in shows(100) if s.id != "s50"])
        assert app.list.cursor == 30, "its show is gone: it stays where it was"
        app.list.set_rows(shows(5))
        assert app.list.cursor == 4
        app.list.set_rows([])
        assert app.list.current is None
        app.list.set_rows(shows(3))
        assert app.list.cursor == 0
        assert app.list.go_to("s2")
        assert app.list.cursor == 2
        assert not app.list.go_to("nowhere")


async def test_a_show_is_told_of_when_it_or_the_cursor_changed() -> None:
    rows = shows(3)
    app = Listed(rows)
    async with app.run_test(size=(80, 11)) as pilot:
        await pilot.pause()
        assert app.highlighted() == ["s0"]
        app.list.set_rows(rows)
        app.list.cursor = 0
        await pilot.pause()
        assert app.highlighted() == ["s0"], "nothing changed"
        app.list.action_cursor_down()
        app.list.set_rows([rows[0], Show("s1", "Renamed"), rows[2]])
        app.list.set_rows([])
        await pilot.pause()
        assert app.highlighted() == ["s0", "s1", "s1", ""]


async def test_a_resize_keeps_the_cursor_in_sight() -> None:
    app = Listed(shows(100))
    async with app.run_test(size=(80, 31)) as pilot:
        app.list.cursor = 25
        for size in ((60, 8), (40, 20), (100, 4)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert app.list.cursor == 25
            assert any(line.startswith("▌") and "Show 25 " in line for line in lines(app)), size


@pytest.mark.parametrize("size", [(1, 1), (2, 1), (1, 3), (3, 2), (5, 5), (9, 9), (20, 3), (40, 12), (200, 50)])
@pytest.mark.parametrize("count", [0, 1, 50])
async def test_any_size_is_drawn(size: tuple[int, int], count: int) -> None:
    app = Listed([Show("x", title, problems=(Problem("year", "no", 1),)) for title in NASTY] * count)
    async with app.run_test(size=size) as pilot:
        app.list.set_rows(app.rows, empty=Content("Nothing matches; esc shows all"))
        app.list.action_bottom()
        await pilot.pause()
        drawn = lines(app)
        assert all(cell_len(line) == size[0] for line in drawn)
        if count and min(size) > 1:
            assert any(line.startswith("▌") for line in drawn)


async def test_rows_line_up_whatever_the_titles() -> None:
    app = Listed([Show(str(n), title, year=2001, rating=5, platform="HBO") for n, title in enumerate(NASTY)])
    async with app.run_test(size=(80, 20)):
        header, *drawn = lines(app)[: len(NASTY) + 1]
        for line in drawn:
            for what in ("2001", "★★★★★", "HBO"):
                assert cell_len(line.partition(what)[0]) == cell_len(drawn[9].partition(what)[0]), line
        assert drawn[9].index("2001") == header.index("Year")
        assert drawn[9].index("★") == header.index("Rating")


async def test_what_a_row_says() -> None:
    seasons = (Season(1, 10, watched=(1, 2, 3)),)
    app = Listed(
        [
            Show("a", "Heat", year=1995, status=Status.WATCHED, rating=4.35),
            Show("b", "Bosch", status=Status.PAUSED, rating=4, seasons=seasons, problems=(Problem("year", "", 1),)),
            Show("c", "Unrated", status=Status.DROPPED),
        ]
    )
    async with app.run_test(size=(90, 10)) as pilot:
        app.list.set_rows(app.rows, marked=frozenset({"b"}), sort=("rating", True))
        await pilot.pause()
        header, heat, bosch, unrated = lines(app)[:4]
        assert header.split() == ["Title", "Year", "Rating↓", "Progress", "Platform"]
        assert heat.split() == ["▌●", "Heat", "1995", "★★★★½", "4.35"]
        assert bosch.split() == ["‖✓", "!", "Bosch", "★★★★☆", "━────", "3/10"]
        assert unrated.split() == ["×", "Unrated", "·····"]
        assert bosch.index("3/10") + 4 == header.index("Progress") + 8, "numbers stand to the right"
        app.list.set_rows(app.rows, style=DisplayStyle("10", ascii=True), sort=("year", False))
        await pilot.pause()
        header, heat, bosch, unrated = lines(app)[:4]
        assert all(line.isascii() for line in (header, heat, bosch, unrated))
        assert "Year+" in header
        assert heat.split() == ["|*", "Heat", "1995", "****+", "8.7"]
        assert bosch.split() == ["=+", "!", "Bosch", "****-", "8", "#----", "3/10"]


async def test_narrow_screens_show_title_and_rating() -> None:
    app = Listed(shows(3))
    async with app.run_test(size=(59, 8)) as pilot:
        assert lines(app)[0].split() == ["Title", "Rating"]
        await pilot.resize_terminal(60, 8)
        await pilot.pause()
        assert lines(app)[0].split() == ["Title", "Year", "Rating", "Progress"]
        app.list.columns = ("rating", "title", "added")
        await pilot.pause()
        assert lines(app)[0].split() == ["Rating", "Title", "Added"]


async def test_an_empty_list_says_what_to_do_and_wraps() -> None:
    app = Listed()
    async with app.run_test(size=(24, 8)) as pilot:
        app.list.set_rows([], empty=Content("No show matches [x]; esc clears the filter"))
        await pilot.pause()
        assert " ".join(" ".join(lines(app)[1:]).split()) == "No show matches [x]; esc clears the filter"


async def test_clicks() -> None:
    rows = shows(30)
    app = Listed(rows)
    async with app.run_test(size=(80, 11)) as pilot:
        stars = lines(app)[0].index("Rating")
        await pilot.click(ShowList, offset=(6, 4))
        assert app.list.cursor == 3
        await pilot.double_click(ShowList, offset=(6, 2))
        await pilot.click(ShowList, offset=(stars + 1, 0))
        await pilot.click(ShowList, offset=(stars + 2, 6))  # s5 has three stars; it only is under the cursor now
        assert app.list.cursor == 5
        await pilot.click(ShowList, offset=(stars + 2, 6))
        await pilot.click(ShowList, offset=(stars + 4, 6))
        await pilot.click(ShowList, offset=(stars + STARS, 7))  # right of the stars
        await pilot.pause()
        told = [m for m in app.said if not isinstance(m, ShowList.Highlighted)]
        assert [type(m).__name__ for m in told] == ["Opened", "HeaderClicked", "StarsClicked", "StarsClicked"]
        assert isinstance(told[0], ShowList.Opened)
        assert told[0].show is rows[1]
        assert isinstance(told[1], ShowList.HeaderClicked)
        assert told[1].field == "rating"
        assert [(m.show.id, m.stars) for m in told if isinstance(m, ShowList.StarsClicked)] == [("s5", 2.5), ("s5", 5)]
        assert app.list.cursor == 6


async def test_the_wheel_scrolls_without_the_cursor() -> None:
    app = Listed(shows(100))
    async with app.run_test(size=(80, 11)) as pilot:
        app.list.scroll_to(y=40, animate=False)
        await pilot.pause()
        assert app.list.cursor == 0
        assert "Show 40 " in lines(app)[1]
        assert "Title" in lines(app)[0]
        await pilot.click(ShowList, offset=(6, 3))
        assert app.list.cursor == 42


async def test_the_cursor_looks_different_without_focus_and_shows_without_colours(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = Listed(shows(3), other=True)
    async with app.run_test(size=(60, 8)) as pilot:
        focused = [style_at(app, x, 1) for x in (0, 5)]
        assert focused[1].bold
        assert focused[1].bgcolor != style_at(app, 5, 2).bgcolor
        app.query_one(Input).focus()
        await pilot.pause()
        assert [style_at(app, x, 1) for x in (0, 5)] != focused
        assert lines(app)[1].startswith("▌")
    monkeypatch.setenv("NO_COLOR", "1")
    plain = Listed(shows(3), ansi=True, other=True)
    async with plain.run_test(size=(60, 8)) as pilot:
        assert style_at(plain, 5, 1).reverse
        assert not style_at(plain, 5, 2).reverse
        assert lines(plain)[1].startswith("▌")
        plain.query_one(Input).focus()
        await pilot.pause()
        assert not style_at(plain, 5, 1).reverse
        assert style_at(plain, 5, 1).bold


async def test_only_what_is_in_sight_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    draw = LineRenderer.row

    def counted(self: LineRenderer, show: Show, look: LineStyles, here: bool) -> LineStatic:
        drawn.append(show.id)
        return draw(self, show, look, here)

    monkeypatch.setattr(LineRenderer, "row", counted)
    app = Listed(shows(10_000))
    async with app.run_test(size=(80, 21)) as pilot:
        await pilot.pause()
        assert 20 <= len(drawn) <= 80
        drawn.clear()
        app.list.action_cursor_down()
        await pilot.pause()
        assert len(drawn) <= 4
        drawn.clear()
        app.list.action_bottom()
        await pilot.pause()
        assert len(drawn) <= 44
        drawn.clear()
        app.list.set_rows([*shows(3), *app.list.rows[-18:]])
        await pilot.pause()
        assert len(drawn) <= 6  # what was drawn before is still good


async def test_the_scroll_bar_goes_with_the_list() -> None:
    def bar() -> list[int]:
        return [y for y, line in enumerate(lines(app)) if line.endswith("┃")]

    app = Listed(shows(40))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        top = bar()
        assert top
        assert top[0] <= 1
        app.list.action_bottom()
        await pilot.pause()
        assert bar()[-1] == 19
        app.list.set_rows(shows(5))
        await pilot.pause()
        assert not bar()
        app.list.set_rows(shows(400))
        await pilot.pause()
        assert 0 < len(bar()) < len(top)


@given(st.text(max_size=80), st.integers(0, 60), st.booleans())
def test_text_is_fitted_exactly(text: str, width: int, ascii_only: bool) -> None:
    fitted = fit(text, width, DisplayStyle(ascii=ascii_only))
    assert cell_len(fitted) == width
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in fitted)


def test_signs_that_terminals_disagree_about_are_written_plainly() -> None:
    wcwidth = pytest.importorskip("wcwidth")
    assert steady("👨‍👩‍👧") == "👨👩👧"
    assert steady("🇫🇷") == "FR"
    for title in NASTY:
        plain = steady(title)
        assert cell_len(plain) == wcwidth.wcswidth(plain) == sum(map(wcwidth.wcwidth, plain)), title


@given(
    st.lists(st.sampled_from(["title", "year", "rating", "progress", "platform", "notes", "tags", "added"])),
    st.integers(0, 200),
    st.booleans(),
)
def test_columns_never_overlap_and_never_leave_the_list(names: list[str], width: int, narrow: bool) -> None:
    columns = layout(names, width, narrow=narrow)
    assert "title" in [column.field for column in columns]
    for before, after in itertools.pairwise(columns):
        assert before.end + 2 == after.start
    assert width < 6 or columns[-1].end < width
    assert all(column.width > 0 for column in columns)


def test_what_does_not_fit_is_cut_with_an_ellipsis() -> None:
    show, column = Show("a", "A", platform="A platform"), ListColumn("platform", 0, 7, False)
    assert cell(show, column, DisplayStyle()) == "A plat…"
    assert cell(show, column, DisplayStyle(ascii=True)) == "A pl..."
    assert cell(Show("a", "A", year=1995), ListColumn("year", 0, 6, True), DisplayStyle()) == "  1995"


@pytest.mark.parametrize("width", range(10, 60))
def test_the_number_of_a_rating_is_shown_whole_or_not_at_all(width: int) -> None:
    show = Show(id="x", title="X", rating=4.35)
    for column in layout(("title", "rating"), width, narrow=True):
        if column.field == "rating":
            assert cell(show, column, DisplayStyle()).strip() in ("★★★★½", "★★★★½ 4.35")
            assert len(column.label) <= column.width


@given(st.integers(0, 100_000), st.integers(0, 300), st.floats(0, 1))
def test_the_thumb_of_a_scroll_bar_is_in_the_bar_and_at_its_ends_only_at_the_ends(
    total: int, height: int, part: float
) -> None:
    hidden = max(0, total - height)
    top = round(part * hidden)
    marked = thumb_lines(total, height, top)
    assert bool(marked) is (hidden > 0 and height > 0)
    if marked:
        assert 0 <= marked.start < marked.stop <= height
        assert marked.start == 0 or top > 0
        assert marked.stop == height or top < hidden
        if height - len(marked) > 1:
            assert (marked.start == 0) is (top == 0)
            assert (marked.stop == height) is (top == hidden)


async def test_the_scroll_bar_is_dragged_and_selects_no_show() -> None:
    app = Listed(shows(400))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        await pilot.mouse_down(app.list, offset=(79, 19))
        assert app.list.scroll_y == app.list.max_scroll_y
        await pilot.hover(app.list, offset=(79, 10))
        middle = app.list.scroll_y
        assert app.list.max_scroll_y * 0.4 < middle < app.list.max_scroll_y * 0.65
        await pilot.mouse_up(app.list, offset=(79, 10))
        await pilot.hover(app.list, offset=(79, 1))
        assert app.list.scroll_y == middle
        await pilot.click(app.list, offset=(79, 10))
        assert app.list.cursor == 0
        app.list.set_rows(shows(5))
        await pilot.pause()
        await pilot.click(app.list, offset=(79, 3))
        assert app.list.cursor == 2  # no bar is there


async def test_the_scroll_bar_is_let_go_beside_it_and_no_show_is_touched() -> None:
    app = Listed(shows(400))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        for kind, x in ((events.MouseDown, 79), (events.MouseUp, 70)):
            app.post_message(kind(None, x, 10, 0, 0, 1, False, False, False, x, 10))
            await pilot.pause()
        assert app.list.scroll_y > 0
        assert app.list.cursor == 0
        top = app.list.scroll_y
        await pilot.hover(app.list, offset=(70, 3))
        assert app.list.scroll_y == top


async def test_another_screen_over_the_list_ends_a_drag() -> None:
    app = Listed(shows(400))
    async with app.run_test(size=(80, 20)) as pilot:
        await pilot.pause()
        await pilot.mouse_down(app.list, offset=(79, 19))
        await app.push_screen(Screen())
        await pilot.pause()
        app.pop_screen()
        await pilot.pause()
        top = app.list.scroll_y
        await pilot.hover(app.list, offset=(79, 2))
        assert app.list.scroll_y == top
        app.list.display = False
        await pilot.pause()
        assert app.mouse_captured is None
