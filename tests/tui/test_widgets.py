"""The lines above and below the list, and the details beside it."""

from __future__ import annotations

import asyncio
import itertools
from typing import Any

import pytest
from rich.cells import cell_len
from rich.style import Style as RichStyle
from textual import on
from textual.app import App, ComposeResult
from textual.geometry import Region
from textual.message import Message
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets.input import Selection

from tests.tui.drawn import lines, style_at, until
from watchlist.domain.model import Problem, Role, Season, Show, Status, Viewing
from watchlist.domain.ratings import DisplayStyle
from watchlist.keymap import footer
from watchlist.tui.themes import BALLARD, BALLARD_LIGHT
from watchlist.tui.widgets import message_bar
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.filter_bar import FilterBar, QueryInput
from watchlist.tui.widgets.footer import KeyFooter
from watchlist.tui.widgets.message_bar import MessageBar
from watchlist.tui.widgets.views_bar import ViewsBar

VIEWS = [("All", 128), ("Watching", 6), ("Planned", 84), ("Watched", 31), ("Paused", 4), ("Dropped", 3)]
SIZES = [(1, 1), (2, 3), (9, 2), (20, 5), (44, 20), (80, 24), (130, 10)]


class Holding(App[None]):
    """One widget, and all it said."""

    CSS = "Details { height: 1fr }"
    AUTO_FOCUS = None

    def __init__(self, widget: Widget) -> None:
        super().__init__()
        for theme in (BALLARD, BALLARD_LIGHT):
            self.register_theme(theme)
        self.theme = BALLARD.name
        self.widget = widget
        self.said: list[Message] = []

    def compose(self) -> ComposeResult:
        yield self.widget

    @on(ViewsBar.Chosen)
    @on(KeyFooter.Pressed)
    @on(FilterBar.Kept)
    @on(FilterBar.Cleared)
    def heard(self, message: Message) -> None:
        self.said.append(message)


# The views


async def test_all_views_with_counts_where_there_is_room() -> None:
    bar = ViewsBar()
    app = Holding(bar)
    async with app.run_test(size=(100, 3)) as pilot:
        bar.show_views(VIEWS, 1)
        await pilot.pause()
        line = lines(app)[0]
        assert line.split() == [
            *("All", "128", "Watching", "6", "Planned", "84", "Watched", "31", "Paused", "4", "Dropped", "3"),
            "watchlist",
        ]
        assert style_at(app, line.index("Watching"), 0).bold
        assert style_at(app, line.index("Watching"), 0).bgcolor != style_at(app, line.index("Planned"), 0).bgcolor
        await pilot.click(ViewsBar, offset=(line.index("31"), 0))
        await pilot.click(ViewsBar, offset=(line.index("watchlist"), 0))
        assert [m.index for m in app.said if isinstance(m, ViewsBar.Chosen)] == [3]


@pytest.mark.parametrize("width", [12, 20, 40, 59, 66, 79])
async def test_the_active_view_can_be_seen_at_any_width(width: int) -> None:
    bar = ViewsBar()
    app = Holding(bar)
    async with app.run_test(size=(width, 1)) as pilot:
        tabs = [*VIEWS, ("Tonight with friends", None), ("[b]mine", 9)]
        for active, (name, _) in enumerate(tabs):
            bar.show_views(tabs, active, style=DisplayStyle(ascii=True))
            await pilot.pause()
            line = lines(app)[0]
            assert cell_len(line) == width
            assert name[: width - 6] in line
            assert line.isascii()
            await pilot.click(ViewsBar, offset=(line.index(name[: width - 6]), 0))
        assert [m.index for m in app.said if isinstance(m, ViewsBar.Chosen)] == list(range(len(tabs)))


async def test_views_that_are_left_out_are_hinted_at() -> None:
    bar = ViewsBar()
    app = Holding(bar)
    async with app.run_test(size=(40, 1)) as pilot:
        bar.show_views(VIEWS, 0)
        await pilot.pause()
        assert lines(app)[0].rstrip().endswith("›")
        assert not lines(app)[0].startswith("‹")
        bar.show_views(VIEWS, 5)
        await pilot.pause()
        assert lines(app)[0].startswith("‹")
        assert "›" not in lines(app)[0]


# The filter


async def test_typing_keeping_and_clearing() -> None:
    typed: list[str] = []
    bar = FilterBar(typed.append)
    app = Holding(bar)
    async with app.run_test(size=(80, 3)) as pilot:
        bar.report(128, 128)
        bar.open()
        await pilot.pause()
        assert bar.typing
        await pilot.press(*"heat", "enter", "down", "escape")
        told = [(type(m).__name__, getattr(m, "text", None)) for m in app.said]
        assert typed == ["h", "he", "hea", "heat"]
        assert told == [("Kept", "heat"), ("Kept", "heat"), ("Cleared", None)]
        typed.clear()
        bar.text = "rating:4.."
        await pilot.pause()
        assert typed == [], "setting the text is not typing"
        assert bar.text == "rating:4.."
        await pilot.press("x")
        assert bar.text == "rating:4..x", "typing goes on behind the text"


async def test_what_the_filter_line_says() -> None:
    bar = FilterBar()
    app = Holding(bar)
    async with app.run_test(size=(80, 3)) as pilot:
        bar.report(128, 128, ("rating", True))
        await pilot.pause()
        assert lines(app)[0].split() == ["/", "filter", "128", "shows", "by", "rating", "↓"]
        bar.text = "crime"
        bar.report(15, 128, ("added", False), style=DisplayStyle(ascii=True))
        await pilot.pause()
        assert lines(app)[0].split() == ["/", "crime", "15", "of", "128", "by", "added", "+"]
        bar.text = "ratng:4"
        bar.report(15, 128, wrong='there is no field "ratng"; did you mean "rating"?')
        await pilot.pause()
        assert lines(app)[0].split("   ")[-1].strip() == '! there is no field "ratng"; did you mean "rating"?'


def seen(app: App[None], width: int) -> list[object]:
    """What of the first line can be told apart with the eye."""
    styles = [style_at(app, x, 0) for x in range(width)]
    signs = zip(lines(app)[0], styles, strict=True)
    return [(sign, style.bgcolor, None if sign == " " else (style.color, style.bold)) for sign, style in signs]


@pytest.mark.parametrize("text", ["", "crime"])
@pytest.mark.parametrize("width", [20, 80])
async def test_the_input_comes_unseen_and_a_click_wants_it(text: str, width: int) -> None:
    bar = FilterBar()
    app = Holding(bar)
    async with app.run_test(size=(width, 3)) as pilot:
        bar.text = text
        bar.report(15, 128, ("title", False))
        await pilot.pause()
        before = seen(app, width)
        bar.get_ready()
        await pilot.pause()
        assert seen(app, width) == before
        assert not bar.typing
    bar = FilterBar()
    app = Holding(bar)
    async with app.run_test(size=(width, 3)) as pilot:
        bar.text = text
        await pilot.pause()
        await pilot.click(FilterBar, offset=(4, 0))
        assert bar.typing
        await pilot.press("x")
        assert bar.text == text + "x"


@pytest.mark.parametrize("text", ["", "dune", "[/oops] x", "映画 é", "a" * 90, "e\N{COMBINING ACUTE ACCENT}x"])
async def test_the_text_of_the_filter_is_drawn_as_an_input_draws_it(text: str) -> None:
    bar = FilterBar()
    bar.text = text
    async with Holding(bar).run_test(size=(60, 3)) as pilot:
        bar.open()
        await pilot.pause()
        line = bar.query_one(QueryInput)
        whole = Region(0, 0, line.size.width, 1)
        at = len(text)
        for selection in ((at, at), (0, 0), (at // 2, at // 2), (0, at), (at, at // 3)):
            for focused, blinked, crop in itertools.product((True, False), (True, False), (whole, Region(3, 0, 4, 1))):
                pilot.app.screen.set_focus(line if focused else None)
                line.selection = Selection(*selection)
                await pilot.pause()
                line._pause_blink(visible=blinked)
                (ours,), (theirs,) = line.render_lines(crop), Widget.render_lines(line, crop)
                assert ours.text == theirs.text, (selection, focused, blinked)
                assert cells(ours) == cells(theirs), (selection, focused, blinked)


def cells(strip: Strip) -> list[tuple[str, object, object, object, object]]:
    """What a terminal is told of each cell."""
    segments = [(text, style or RichStyle()) for text, style, _ in strip]
    return [
        (sign, style.color, style.bgcolor, bool(style.bold), bool(style.reverse))
        for text, style in segments
        for sign in text
    ]


async def test_the_counts_stand_still_while_typing() -> None:
    bar = FilterBar()
    app = Holding(bar)
    async with app.run_test(size=(80, 3)) as pilot:
        bar.open()
        bar.report(15, 128)
        places = set()
        for key in "rating:4.. crime":
            await pilot.press("space" if key == " " else key)
            places.add(lines(app)[0].index("15 of 128"))
        assert len(places) == 1


@pytest.mark.parametrize("width", [1, 5, 20, 40, 60, 120])
async def test_the_filter_line_fits_any_width(width: int) -> None:
    bar = FilterBar()
    app = Holding(bar)
    async with app.run_test(size=(width, 1)) as pilot:
        for wrong in ("", "what [b]is this/] " * 20):
            bar.text = "a long query with many words in it, longer than forty cells"
            bar.report(15, 128, ("title", False), wrong=wrong)
            await pilot.pause()
            assert cell_len(lines(app)[0]) == width
            if width >= 40:
                assert "15 of 128" in lines(app)[0]
                assert bar.is_cut is bool(wrong)  # which is said on the message line then
                assert ("! 15 of 128" in lines(app)[0]) is bool(wrong)


# The message


async def test_a_message_with_its_hint() -> None:
    bar = MessageBar()
    app = Holding(bar)
    async with app.run_test(size=(60, 2)) as pilot:
        bar.say("Rated [b]Heat[/] 4.5, was 4", "u undoes")
        await pilot.pause()
        assert lines(app)[0].strip() == "Rated [b]Heat[/] 4.5, was 4   u undoes"
        bar.say("Rated " + "千" * 60, "u undoes")
        await pilot.pause()
        assert lines(app)[0].strip().endswith("…   u undoes")
        assert cell_len(lines(app)[0]) == 60
        for tone, sign in (("warning", "!"), ("error", "×")):
            bar.say("It can't be written", tone=tone)  # type: ignore[arg-type]
            await pilot.pause()
            assert lines(app)[0].strip() == f"{sign} It can't be written"
        bar.clear()
        await pilot.pause()
        assert lines(app)[0].strip() == bar.text == ""


async def test_what_was_done_goes_by_itself_and_what_went_wrong_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_bar, "SECONDS", 0.05)
    bar = MessageBar()
    async with Holding(bar).run_test(size=(60, 2)):
        bar.say("Undone")
        await until(lambda: bar.text == "", bar.app)
        bar.say("Undone")
        bar.say("It can't be written", tone="error")
        await asyncio.sleep(0.1)
        assert bar.text == "It can't be written"


@pytest.mark.parametrize(("height", "most"), [(24, 3), (12, 2), (8, 1)])
async def test_what_went_wrong_is_wrapped_where_there_is_room(height: int, most: int) -> None:
    bar = MessageBar()
    app = Holding(bar)
    async with app.run_test(size=(30, height)) as pilot:
        for length in (10, 40, 400):
            bar.say("/home/me/list.toml is gone" + " x" * length, "put it back", "error")
            await pilot.pause()
            wanted = {10: 3, 40: 4, 400: 29}[length]
            assert bar.size.height == min(wanted, most)
            assert all(cell_len(line) <= 30 for line in lines(app))
            assert ("put it back" in " ".join(" ".join(lines(app)).split())) is (wanted <= most or most == 1)
        bar.say("Rated " + "x" * 80, "u undoes")
        await pilot.pause()
        assert bar.size.height == 1


# The footer


@pytest.mark.parametrize("width", [1, 8, 20, 40, 80, 200])
async def test_the_footer_leaves_out_whole_hints_from_the_right(width: int) -> None:
    hints = footer()
    app = Holding(KeyFooter(hints))
    async with app.run_test(size=(width, 1)):
        shown = [part for part in lines(app)[0].strip().split("  ") if part]
        assert shown == [f"{key} {word}" for key, word, _ in hints][: len(shown)]
        assert width < 10 or shown[0] == "? Help"
        assert width < 100 or len(shown) == len(hints)


async def test_the_footer_shows_keys_as_they_are_mapped_and_can_be_clicked() -> None:
    bar = KeyFooter()
    app = Holding(bar)
    async with app.run_test(size=(80, 1)) as pilot:
        bar.show_keys(footer({"rate": "f5"}))
        await pilot.pause()
        line = lines(app)[0]
        assert "f5 Rate" in line
        await pilot.click(KeyFooter, offset=(line.index("f5"), 0))
        await pilot.click(KeyFooter, offset=(line.index("Add") + 1, 0))
        assert [m.action for m in app.said if isinstance(m, KeyFooter.Pressed)] == ["rate", "add"]


# The details

LONG = Show(
    "long",
    "A long one",
    year=2020,
    synopsis="word " * 300,
    cast=tuple(Role(f"Actor {n}", f"Role {n}") for n in range(30)),
    seasons=(Season(1, 10, watched=(1, 2), ratings={1: 4.0, 2: 5.0}),),
    viewings=(Viewing(review="fine " * 30),),
    notes="# Mine\n\n- one\n- two",
    problems=(Problem("rating", "11 is more than 5 stars", 11),),
    other={"shelf": "[b]left[/]"},
)


async def laid_out(pilot: Pilot[Any], pane: Details) -> None:
    """Until the show that is to be shown is what is drawn."""
    await until(lambda: pane._soon is None, pilot.app)
    await pilot.pause()


async def test_the_panels_fill_the_pane() -> None:
    pane = Details()
    app = Holding(pane)
    async with app.run_test(size=(70, 60)) as pilot:
        pane.show_details(LONG)
        await laid_out(pilot, pane)
        drawn = lines(app, pane)
        assert "A long one" in drawn[0]
        tops = [line for line in drawn if "╭" in line]
        assert [line.split()[1] for line in tops][:4] == ["Problems", "Rating", "Synopsis", "Cast"]
        assert all(line.rstrip(" ┃").endswith("╮") and cell_len(line) == 70 for line in tops)
        assert not pane.show_horizontal_scrollbar


async def test_the_pane_scrolls_and_another_show_starts_at_its_top() -> None:
    pane = Details()
    app = Holding(pane)
    async with app.run_test(size=(60, 12)) as pilot:
        pane.show_details(LONG)
        await laid_out(pilot, pane)
        for action, moved in (
            *(("cursor_down", 1), ("half_down", 7), ("page_down", 18), ("page_up", 7), ("half_up", 1)),
            *(("cursor_up", 0), ("cursor_up", 0), ("page_down", 11)),
        ):
            getattr(pane, f"action_{action}")()
            assert round(pane.scroll_y) == moved, action
        pane.show_details(Show("long", "Renamed", synopsis="word " * 300))
        await pilot.pause()
        assert round(pane.scroll_y) == 11, "the same show, changed, at once"
        pane.action_top()
        await pilot.pause()
        assert "Renamed" in lines(app)[0]
        pane.action_bottom()
        assert pane.scroll_y == pane.max_scroll_y > 0
        pane.show_details(Show("other", "Another"))
        await laid_out(pilot, pane)
        assert "Another" in lines(app)[0]
        pane.show_details(None)
        await laid_out(pilot, pane)
        assert not "".join(lines(app)).strip()
        pane.focus()
        await pilot.pause()
        assert all(line.startswith("▌") for line in lines(app)), "where the keys go can be seen"


async def test_shows_that_the_cursor_runs_over_are_not_laid_out(monkeypatch: pytest.MonkeyPatch) -> None:
    ids: list[str] = []
    lay_out = Details._lay_out

    def counted(self: Details, width: int) -> object:
        ids.append(self.shown.id if self.shown else "")
        return lay_out(self, width)

    monkeypatch.setattr(Details, "_lay_out", counted)
    pane = Details()
    app = Holding(pane)
    async with app.run_test(size=(60, 12)) as pilot:
        ids.clear()
        for number in range(20):
            pane.show_details(Show(str(number), f"Show {number}"))
        await laid_out(pilot, pane)
        assert ids == ["19"]
        assert "Show 19" in lines(app)[0]


@pytest.mark.parametrize("size", SIZES)
async def test_the_pane_is_drawn_at_any_size_in_any_theme_and_style(size: tuple[int, int]) -> None:
    pane = Details()
    app = Holding(pane)
    async with app.run_test(size=size) as pilot:
        for theme in (BALLARD_LIGHT.name, "ansi-dark", "textual-light"):
            app.theme = theme
            pane.show_details(LONG, style=DisplayStyle("100", ascii=True))
            await laid_out(pilot, pane)
            pane.action_bottom()
            await pilot.pause()
            assert all(cell_len(line) == size[0] for line in lines(app))


async def test_a_new_theme_colours_the_panels_anew() -> None:
    pane = Details()
    app = Holding(pane)
    async with app.run_test(size=(60, 12)) as pilot:
        pane.show_details(Show("a", "A title", status=Status.PLANNED))
        await laid_out(pilot, pane)
        at = lines(app)[0].index("A title")
        dark = style_at(app, at, 0)
        app.theme = BALLARD_LIGHT.name
        await pilot.pause()
        light = style_at(app, at, 0)
        assert dark.color != light.color
        assert dark.bgcolor != light.bgcolor
