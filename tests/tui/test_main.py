"""The main screen: every action of the table is there, and the cursor and the marks stay with their shows."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from textual.css.query import NoMatches
from textual.pilot import Pilot
from textual.widgets import Input, Label

from tests.tui import drawn
from tests.tui.conftest import LIST, Start
from tests.tui.drawn import lines, until
from watchlist.command_table import ACTIONS, COMMANDS
from watchlist.domain import edits
from watchlist.domain.model import Kind, Season, Show
from watchlist.keymap import key_label
from watchlist.paths import Paths
from watchlist.query import parse
from watchlist.settings import Config
from watchlist.store.library import Library
from watchlist.tui.actions.run_change import change
from watchlist.tui.app import WatchlistApp
from watchlist.tui.dialogs.prompt import Prompt
from watchlist.tui.screens.initial_load import _progress
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.themes import NO_COLOR
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.filter_bar import FilterBar
from watchlist.tui.widgets.list_columns import DEFAULT_COLUMNS
from watchlist.tui.widgets.message_bar import MessageBar
from watchlist.tui.widgets.show_list import ShowList


def rows(pilot: Pilot[int]) -> ShowList:
    return pilot.app.screen.query_one(ShowList)


def titles(pilot: Pilot[int]) -> list[str]:
    return [show.title for show in rows(pilot).rows]


def said(pilot: Pilot[int]) -> str:
    return pilot.app.screen_stack[0].query_one(MessageBar).text


async def settle(pilot: Pilot[int], text: str) -> None:
    """Wait until the message line says this: changes are stored in a thread."""
    await until(lambda: text in said(pilot), pilot.app)
    await pilot.pause()


async def seen(pilot: Pilot[int], text: str, *, gone: bool = False) -> None:
    await drawn.seen(pilot.app, text, gone=gone)
    await pilot.pause()


@pytest.mark.parametrize("name", ACTIONS)
def test_every_action_of_the_table_is_there(name: str) -> None:
    assert callable(getattr(MainScreen, f"action_{name}", None))


def test_every_action_says_what_it_does_in_few_words() -> None:
    for command in COMMANDS.values():
        assert len(command.title.split()) <= 4, command.name
        assert not command.help.endswith("."), command.name
        assert command.keys or command.words is not None, command.name


def test_no_key_has_two_actions() -> None:
    keys = [key for command in ACTIONS.values() for key in command.keys]
    assert len(keys) == len(set(keys))


async def test_the_cursor_stays_on_its_show(start: Start) -> None:
    async with start() as pilot:
        assert titles(pilot) == ["Alien", "Heat", "Wrong", "Zodiac"]
        await pilot.press("j")
        await pilot.press("o", "y")  # by year
        await pilot.pause()
        assert titles(pilot)[0] == "Zodiac"
        assert rows(pilot).current.title == "Heat"
        await pilot.press("o", "y")
        await pilot.pause()
        assert titles(pilot)[:3] == ["Alien", "Heat", "Zodiac"]
        await pilot.press("slash", *"heat")
        await pilot.pause()
        assert titles(pilot) == ["Heat"]
        await pilot.press("escape")
        await pilot.pause()
        assert rows(pilot).current.title == "Heat"
        start.file.write_text('[[shows]]\ntitle = "Aaa"\n\n' + LIST.replace("1995", "1996"), "utf-8")
        await settle(pilot, "Elsewhere")
        assert rows(pilot).current.year == 1996


async def test_two_looks_at_once_lose_nothing_of_what_others_wrote(start: Start) -> None:
    async with start() as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, MainScreen)
        start.file.write_text(LIST.replace("Heat", "Heat Two"), "utf-8")
        screen.file.read(at_once=False)
        await asyncio.sleep(0)
        time.sleep(0.2)  # it has read the file by now, and could not draw yet
        screen.file.read(at_once=True)
        await settle(pilot, "Elsewhere")
        assert "Heat Two" in titles(pilot)


async def test_marks_are_what_actions_work_on(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("space", "space")
        assert rows(pilot).marked == {"alien", "heat"}
        await pilot.press("s")
        await pilot.pause()
        await pilot.press("d")
        await settle(pilot, "Changed status of 2 shows")
        assert start.file.read_text("utf-8").count('status = "dropped"') == 2
        await pilot.press("u")
        await settle(pilot, "Undone: Changed status of 2 shows")
        assert start.file.read_text("utf-8") == LIST
        await pilot.press("escape")
        assert rows(pilot).marked == frozenset()
        await pilot.press("V")
        assert len(rows(pilot).marked) == 4
        await pilot.press("d")
        await settle(pilot, "Removed 4 shows")
        assert "The list is empty" in "\n".join(lines(pilot.app))


async def test_views_are_on_keys_and_a_wrong_one_says_so(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("4")
        assert titles(pilot) == ["Heat"]
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert "No shows in Paused" in "\n".join(lines(pilot.app))
        await pilot.press("7")
        assert titles(pilot) == ["Heat"]
        await pilot.press("8")
        await pilot.pause()
        assert 'there is no field "raiting"' in "\n".join(lines(pilot.app))
        await pilot.press("9", "1")
        assert len(titles(pilot)) == 4


async def test_B7_what_is_finished_is_shown_while_more_is_typed(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("slash", *"alien", "space")
        for key in ("y", "e", "a", "r", "colon", "x"):
            await pilot.press(key)
            await pilot.pause()
            assert titles(pilot) == ["Alien"]
        assert "1 of 4   year: 2025, 1990..1999" in lines(pilot.app)[1]
        assert said(pilot) == ""
        await pilot.press("backspace", "backspace", "backspace")
        assert titles(pilot) == ["Alien"]
        await pilot.press("enter")
        await pilot.pause()
        assert titles(pilot) == []
        assert "Nothing matches alien yea" in "\n".join(lines(pilot.app))
        await pilot.press("escape")
        assert len(titles(pilot)) == 4


async def test_a_show_that_the_filter_would_hide_is_shown_when_it_is_added(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("4", "slash", *"heat", "enter", "a")
        await pilot.pause()
        await pilot.press(*"New", "enter")
        await settle(pilot, "Added New")
        assert rows(pilot).current.title == "New"
        assert pilot.app.screen.query_one(FilterBar).text == ""


async def test_a_film_that_is_rated_is_watched_and_undo_takes_both_back(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("r", "5", "enter")
        await settle(pilot, "Rated Alien 5, was 4; status: watched")
        await pilot.press("u")
        await settle(pilot, "Undone")
        assert start.file.read_text("utf-8") == LIST


async def test_auto_status_can_be_turned_off(start: Start) -> None:
    async with start(auto_status=False) as pilot:
        await pilot.press("r", "5", "enter")
        await settle(pilot, "Rated Alien 5, was 4")
        assert start.file.read_text("utf-8").count("watched") == 1


@pytest.mark.parametrize(("width", "beside"), [(120, True), (80, False), (44, False)])
async def test_details_are_beside_the_list_or_in_its_place(start: Start, width: int, beside: bool) -> None:
    async with start(size=(width, 24)) as pilot:
        details = pilot.app.screen.query_one(Details)
        assert details.display is beside
        await pilot.press("enter")
        await pilot.pause()
        assert details.has_focus
        assert rows(pilot).display is beside
        await pilot.press("escape")
        await pilot.pause()
        assert rows(pilot).has_focus
        assert details.display is beside


async def test_the_scale_of_the_config_is_used_everywhere(start: Start) -> None:
    async with start(scale="10") as pilot:
        assert "8/10" in "\n".join(lines(pilot.app))
        await pilot.press("r", "9", "enter")
        await settle(pilot, "Rated Alien 9/10, was 8/10")
        assert "rating = 4.5" in start.file.read_text("utf-8")


async def test_the_palette_runs_what_is_chosen(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("colon")
        await pilot.pause()
        await pilot.press(*"all", "enter")
        await pilot.pause()
        assert len(rows(pilot).marked) == 4


async def test_remapped_keys_are_in_the_footer_and_in_messages(start: Start) -> None:
    async with start(keys={"undo": ("z",)}) as pilot:
        await pilot.press("d")
        await settle(pilot, "Removed Alien")
        text = "\n".join(lines(pilot.app))
        assert "z undo" in text
        assert "z Undo" in text
        assert key_label("undo", {"undo": ("z",)}) == "z"
        await pilot.press("z")
        await settle(pilot, "Undone")


async def test_the_keys_follow_the_focus(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("enter", "j")
        assert rows(pilot).cursor == 0
        await pilot.click(ShowList, offset=(10, 3))
        await pilot.press("j")
        assert rows(pilot).cursor == 3
        await pilot.press("tab", "k")
        assert pilot.app.screen.query_one(Details).has_focus
        assert rows(pilot).cursor == 3
        await pilot.press("escape", "k")
        assert rows(pilot).cursor == 2


async def test_a_click_into_the_list_keeps_the_filter_and_the_keys(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("slash", *"yea")  # on its way to `year`, so all is still shown
        assert len(titles(pilot)) == 4
        await pilot.click(ShowList, offset=(10, 2))
        await pilot.pause()
        assert titles(pilot) == []
        assert rows(pilot).has_focus


async def test_details_close_where_there_is_nothing_to_show(start: Start) -> None:
    async with start(size=(80, 24)) as pilot:
        await pilot.press("enter", "5")
        await pilot.pause()
        assert "No shows in Paused" in "\n".join(lines(pilot.app))
        await pilot.press("enter")
        await pilot.pause()
        assert said(pilot) == "There is no show here"


async def test_marks_are_counted_those_out_of_sight_too(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("space", "space")
        await pilot.pause()
        assert "2 marked" in lines(pilot.app)[1]
        await pilot.press("slash", *"heat", "enter")
        await pilot.pause()
        assert "2 marked, 1 not shown" in lines(pilot.app)[1]
        await pilot.press("escape")
        await pilot.pause()
        assert "marked" not in lines(pilot.app)[1]


async def test_an_order_chosen_in_a_view_with_its_own_counts(start: Start) -> None:
    start.file.write_text(LIST + '\n[[views]]\nname = "Newest"\nquery = "kind:film sort:year-"\n', "utf-8")
    async with start() as pilot:
        await pilot.press("9")
        assert titles(pilot) == ["Zodiac", "Heat", "Alien"]
        await pilot.press("o", "y")
        await pilot.pause()
        assert titles(pilot) == ["Alien", "Heat", "Zodiac"]
        await pilot.press("1", "9")
        assert titles(pilot) == ["Zodiac", "Heat", "Alien"]
        await pilot.press("slash", *"sort:title", "enter")
        assert titles(pilot) == ["Alien", "Heat", "Zodiac"]


async def test_nothing_can_be_done_to_the_shows_of_a_wrong_view(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("8", "V", "d")
        await pilot.pause()
        assert said(pilot) == "There is no show here"
        assert "Mistaken can't be shown" in "\n".join(lines(pilot.app))
        await pilot.press("9")
        assert said(pilot) == "There are 8 views"


async def test_ctrl_c_says_how_to_leave(start: Start) -> None:
    async with start(keys={"quit": ("Q",)}) as pilot:
        await pilot.press("ctrl+c")
        assert said(pilot) == "Q leaves"


async def test_a_file_that_is_gone_is_said_and_taken_back(start: Start) -> None:
    async with start() as pilot:
        for _ in range(2):
            start.file.rename(start.file.with_suffix(".old"))
            await seen(pilot, "The file is gone")
            assert titles(pilot) == ["Alien", "Heat", "Wrong", "Zodiac"]
            start.file.with_suffix(".old").rename(start.file)
            await seen(pilot, "The file is gone", gone=True)


async def test_a_long_list_counts_what_was_read_as_the_whole(start: Start) -> None:
    async with start() as pilot:
        assert isinstance(screen := pilot.app.screen, MainScreen)
        assert _progress(screen, 1400, 10_000, 1.0).startswith("Reading 1,400 of 10,000 shows  ")


async def test_a_list_that_can_not_be_read_is_not_called_empty(start: Start) -> None:
    start.file.write_bytes(b'a = "\xff\xfe"\n')
    async with start() as pilot:
        text = "\n".join(lines(pilot.app))
        assert "No show of the file can be read" in text
        assert "adds a show" not in text


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("status:watched", ["Heat"]),
        ("ratng:4", ["Alien", "Heat", "Wrong", "Zodiac"]),
        ("rating:4..", ["Alien", "Heat"]),
        ('"ali', ["Alien"]),
        ("title::[", ["Alien", "Heat", "Wrong", "Zodiac"]),
        ("is:rated", ["Alien", "Heat"]),
        ("sort:year", ["Alien", "Heat", "Zodiac", "Wrong"]),
        ("-", ["Alien", "Heat", "Wrong", "Zodiac"]),
        (":", ["Alien", "Heat", "Wrong", "Zodiac"]),
    ],
)
async def test_B7_letter_by_letter_there_is_never_a_leftover_an_empty_list_or_an_error(
    start: Start, query: str, shown: list[str]
) -> None:
    async with start() as pilot:
        everything, screen = rows(pilot).rows, pilot.app.screen
        await pilot.press("slash")
        for end, letter in enumerate(query, 1):
            await pilot.press(letter)
            await pilot.pause()
            asked = screen.listing.query.text
            assert asked in ("", query[:end], query[:end] + '"')  # all that was typed or nothing: no shorter word
            found = {show.title for show in everything if parse(asked).matches(show)}
            assert found == set(titles(pilot)) != set()
            assert (screen.listing.wrong, said(pilot)) == ("", "")
        assert titles(pilot) == shown


async def test_B7_enter_keeps_the_line_open_where_a_term_is_wrong(start: Start) -> None:
    async with start() as pilot:
        bar = pilot.app.screen.query_one(FilterBar)
        await pilot.press("slash", *"alien ratng:4", "enter")
        await pilot.pause()
        assert titles(pilot) == ["Alien"]
        assert bar.typing
        assert 'there is no field "ratng"; did you mean "rating"?' in lines(pilot.app)[1]
        assert said(pilot) == ""
        await pilot.press("backspace")
        await pilot.pause()
        assert 'no field "ratng"; rating?' in lines(pilot.app)[1]
        await pilot.press("5", "down")  # leaves the line all the same
        await pilot.pause()
        assert not bar.typing
        assert titles(pilot) == ["Alien"]
        assert "ratng" in lines(pilot.app)[1]
        await pilot.press("escape")
        await pilot.pause()
        assert len(titles(pilot)) == 4
        assert "ratng" not in "\n".join(lines(pilot.app))


async def test_B7_a_hint_fits_every_screen(start: Start) -> None:
    for size in ((100, 30), (60, 20), (40, 12), (12, 6)):
        async with start(size=size) as pilot:
            await pilot.press("slash", *"status:")
            await pilot.pause()
            assert len(titles(pilot)) == 4
            assert size[0] < 40 or lines(pilot.app)[1].count("status:") == 2
            assert said(pilot) == ""


async def test_what_is_wrong_with_the_filter_can_be_read_on_a_narrow_screen(start: Start) -> None:
    async with start(size=(40, 16)) as pilot:
        await pilot.press("slash", *"rating:9..99", "enter")
        await pilot.pause()
        assert "9/10 works too" in " ".join(" ".join(lines(pilot.app)[-4:]).split())
        await pilot.press("escape")
        await pilot.pause()
        assert said(pilot) == ""


async def test_no_sign_of_ours_is_beyond_ascii_where_that_is_asked_for(start: Start) -> None:
    start.file.write_text("".join(f'[[shows]]\ntitle = "Show {n}"\n' for n in range(100)), "utf-8")
    async with start(size=(80, 20), ascii=True) as pilot:
        await pilot.press(*"jjjjj", "G", "k")
        await pilot.pause()
        assert all(line.isascii() for line in lines(pilot.app))


async def test_nothing_typed_into_a_form_is_lost_to_a_key_that_leaves(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("a", "tab", *"New", "ctrl+q", "ctrl+c")
        await pilot.pause()
        assert pilot.app.is_running
        assert "New" in "\n".join(lines(pilot.app))


async def test_a_theme_that_was_only_looked_at_is_not_remembered(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("ctrl+t", "down", "down", "escape")
        await pilot.pause()
        assert pilot.app.theme == "ballard"
    async with start(theme="nord") as pilot:
        assert pilot.app.theme == "nord"
        await pilot.press("ctrl+t", "down", "enter")
        await pilot.pause()
    async with start(theme="nord") as pilot:
        assert pilot.app.theme == "gruvbox"


async def test_without_colours_there_is_no_theme_to_choose(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with start(no_color=True) as pilot:
        await pilot.press("ctrl+t")
        await settle(pilot, "Colors are off")
        assert pilot.app.theme == NO_COLOR


async def test_a_file_that_is_no_text_is_not_given_to_the_editor(start: Start) -> None:
    start.file.write_bytes(LIST.encode() + b"# caf\xe9\n")
    async with start() as pilot:
        await pilot.press("E")
        await settle(pilot, "is not UTF-8")
        assert start.file.read_bytes().endswith(b"\xe9\n")


async def test_without_a_config_the_list_has_its_own_columns(tmp_path: Path) -> None:
    file = tmp_path / "list.toml"
    file.write_text('[[shows]]\ntitle = "Heat"\nyear = 1995\n', "utf-8")
    paths = Paths(tmp_path / "config.toml", file, tmp_path / "state", tmp_path / "cache")
    for config, columns in ((Config(), DEFAULT_COLUMNS), (Config(columns=("title", "tags")), ("title", "tags"))):
        app = WatchlistApp(Library.open(file, paths), config, paths)
        async with app.run_test(size=(120, 36)) as pilot:
            await pilot.pause()
            assert app.screen.query_one(ShowList).columns == columns


async def test_what_was_watched_is_a_key_and_so_is_the_way_back(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("g", "w")
        await settle(pilot, "Watched Alien")
        await settle(pilot, "; status: watched")
        await pilot.press("w")
        await settle(pilot, "Watched Alien again")
        await pilot.press("minus", "minus")
        await settle(pilot, "Removed a viewing of Alien; status: planned")
        await pilot.press("minus")
        await settle(pilot, "Alien has not been watched yet")


async def test_watched_up_to_an_episode_is_asked_for(start: Start) -> None:
    async with start() as pilot:
        show = Show("", "The Wire", kind=Kind.SERIES, seasons=(Season(1, 13, watched=(2,)),))
        assert isinstance(pilot.app.screen, MainScreen)
        change(pilot.app.screen, edits.add(show))
        await settle(pilot, "Added The Wire")
        await pilot.press("m")
        await pilot.pause()
        assert pilot.app.screen.query_one(Input).value == "S01E01"
        await pilot.press("ctrl+u", *"S01E", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, Prompt), "what is no episode is not taken"
        await pilot.press(*"04", "enter")
        await settle(pilot, "Watched S01E01, S01E03-E04 of The Wire, undated; status: watching")


@pytest.mark.parametrize("leaving", [False, True])
async def test_what_was_under_way_when_the_program_was_left_is_no_fault_though_its_widgets_are_gone(
    start: Start, leaving: bool
) -> None:
    async with start() as pilot:
        app = pilot.app
        if leaving:
            app.exit(0)
        try:
            Label().query_one("#gone")
        except NoMatches as error:
            app._handle_exception(error)
        assert (app.fault is None) is leaving
        assert app.return_code == (0 if leaving else 1)
        app._exception = None  # else the test's own frame raises it


@pytest.mark.parametrize("keys", [("slash", *"dune"), ("colon", *"dune")])
async def test_what_is_selected_is_seen_without_colours(
    start: Start, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")  # Textual looks there
    async with start(no_color=True, pressed=keys) as pilot:
        line = pilot.app.focused
        assert isinstance(line, Input)
        await pilot.press("shift+home")
        await pilot.pause()
        y, x = next((y, text.index("dune")) for y, text in enumerate(lines(pilot.app)) if "dune" in text)
        looks = [drawn.style_at(pilot.app, x + at, y) for at in (1, 2, 3)]
        await pilot.press("end")
        await pilot.pause()
        for at, look in enumerate(looks, 1):
            plain = drawn.style_at(pilot.app, x + at, y)
            assert (look.bold, look.reverse) != (plain.bold, plain.reverse), at


@pytest.mark.parametrize("tone", ["info", "done", "warning", "error"])
@pytest.mark.parametrize(
    "keys",
    [("slash", "a"), ("2",), ("space",), ("V",), ("enter",), ("question_mark",), ("a",), ("colon",), ("z",)],
    ids=str,
)
async def test_B1_a_message_of_any_tone_goes_with_the_next_key_that_shows_something_else(
    start: Start, tone: str, keys: tuple[str, ...]
) -> None:
    async with start() as pilot:
        pilot.app.screen.say("This is said", "and why", tone)
        await pilot.press("j", "k")
        assert said(pilot) == "This is said"
        await pilot.press(*keys)
        await settle_gone(pilot, "This is said")


async def settle_gone(pilot: Pilot[int], text: str) -> None:
    await until(lambda: text not in said(pilot), pilot.app)


async def test_B1_a_fault_that_is_still_there_is_said_again(start: Start) -> None:
    async with start() as pilot:
        screen = pilot.app.screen_stack[0]
        screen.say_standing("file", "The file can't be read")
        await pilot.press("2")
        assert said(pilot) == ""
        screen.say_standing("file", "The file can't be read")
        assert said(pilot) == "The file can't be read"


async def test_B1_what_waited_for_the_file_is_not_said_to_wait_when_it_is_back(start: Start) -> None:
    many = "".join(f'[[shows]]\ntitle = "Show {n:02}"\n\n' for n in range(20))
    async with start(many) as pilot:
        start.file.write_text(many[: many.index('[[shows]]\ntitle = "Show 10"')], "utf-8")
        await pilot.press("g", "r", "4", "enter")
        await settle(pilot, "Not stored yet")
        start.file.write_text(many, "utf-8")
        await settle(pilot, "The list is whole again")
        await pilot.press("U")
        await settle(pilot, "Rated Show 00")
        assert "rating = 4" in start.file.read_text("utf-8")
        assert not pilot.app.screen.held
