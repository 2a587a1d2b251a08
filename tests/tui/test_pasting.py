"""What is pasted, typed over and copied: nothing of it is lost silently, none of it acts."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from tests.tui.conftest import Start
from tests.tui.drawn import lines, until
from tests.tui.host import Host
from tests.tui.test_form import BALLARD, typed
from tests.tui.test_main import said, seen, settle, titles
from watchlist.domain import edits
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.show_table import ShowTable
from watchlist.domain.text import join_lines, join_values, split_list
from watchlist.domain.watchlist import Watchlist
from watchlist.sanitize import inert
from watchlist.tui.compat.key_queue import KeyQueueApp
from watchlist.tui.compat.terminal_input import UnfinishedPaste
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.prompt import Prompt, TextPrompt
from watchlist.tui.dialogs.rate import Rated, RatePrompt
from watchlist.tui.dialogs.show_form import FORM, ShowForm
from watchlist.tui.dialogs.theme import choose_theme
from watchlist.tui.paste_limits import LONGEST_LINE, LONGEST_PASTE
from watchlist.tui.widgets.filter_bar import FilterBar
from watchlist.tui.widgets.form_fields import TextField

TODAY = date(2026, 11, 22)


async def paste(pilot: Pilot[Any], text: str) -> None:
    pilot.app.post_message(events.Paste(text))
    await pilot.pause()
    app = pilot.app
    if isinstance(app, KeyQueueApp):
        await until(lambda: app._answering is None and not app._typed, app)
    await pilot.pause()


# One line, or one value a line

BREAKS = ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f", "\n\n\n", "\n \t \n"]


@pytest.mark.parametrize("newline", BREAKS)
def test_A10_lines_become_one_line_or_values(newline: str) -> None:
    text = newline.join(["one", "two", "three"])
    assert join_lines(text) == "one two three"
    assert join_values(text) == "one, two, three"
    assert join_lines(newline + "one" + newline) == join_values(newline + "one" + newline) == "one"


def test_A10_a_single_line_is_inserted_as_it_is() -> None:
    assert join_lines(" one  two ") == " one  two "
    assert join_lines("a\tb\0c") == "a bc"
    assert join_lines("\n\n") == join_lines("") == join_values("\n \n") == ""
    assert join_values('a, "b, c"') == 'a, "b, c"'


def test_A10_values_are_parted_from_those_around_them() -> None:
    assert join_values("b\nc", "a") == ", b, c"
    assert join_values("b\nc", "a,") == " b, c"
    assert join_values("b\nc", "a, ") == "b, c"
    assert join_values("b\nc", "", "d") == "b, c, "
    assert join_values("b\nc", "", ", d") == "b, c"
    assert join_values("b,\nc,\n") == "b, c"
    assert join_values('"b, c",\n"d"\n') == '"b, c", d'
    assert join_values("The Good, the Bad\nUgly") == '"The Good, the Bad", Ugly'


PLAIN = st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=9).filter(lambda t: t[-1] != ",")


@given(st.lists(PLAIN.filter(lambda t: t[0] != '"'), min_size=2, max_size=6))
def test_A10_each_line_is_a_value_whatever_is_in_it(values: list[str]) -> None:
    assert split_list(join_values("\n".join(values))) == tuple(values)
    assert split_list("x" + join_values("\n".join(values), "x", "y") + "y") == ("x", *values, "y")


LISTS = [
    field.name for field in FORM if field.type.multiple and not field.type.long and field.name not in ("cast", "crew")
]
SINGLE = ["title", "year", "rating", "platform", "premiered", "runtime", "language", "based_on", "url"]


@pytest.mark.parametrize("name", LISTS)
async def test_A10_a_list_takes_a_value_from_each_line(name: str) -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, form := ShowForm(None))
        (await form.reveal(name)).editor.focus()
        await pilot.pause()
        typed = {"ids": ("imdb=tt1", "tmdb=2\r\ntvdb=3\n"), "seasons": ("10", "\n\n8\r\n8\n")}
        before, after = typed.get(name, ("one", "\n\ntwo\r\nthree\n"))
        await pilot.press(*[{"=": "equals_sign"}.get(c, c) for c in before])
        await paste(pilot, after)
        assert split_list(form.row(name).text) == tuple(f"{before}\n{after}".split())
        assert not form.row(name).error


@pytest.mark.parametrize("name", SINGLE)
async def test_A10_any_other_field_joins_the_lines(name: str) -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, form := ShowForm(BALLARD))
        (await form.reveal(name)).editor.focus()
        await pilot.pause()
        await paste(pilot, "\none\r\n\ntwo\u2028three\r")
        assert form.row(name).text == "one two three"


async def test_A10_what_was_copied_in_the_program_is_pasted_in_the_same_way() -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, form := ShowForm(BALLARD))
        app.copy_to_clipboard("one\ntwo")
        await pilot.press("ctrl+v")
        assert form.row("title").text == "one two"


async def test_A10_a_paste_replaces_what_is_selected_and_goes_where_the_cursor_is() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.ask(pilot, Prompt("Name", "old"))
        await paste(pilot, "\na\nd")
        await pilot.press("left")
        await paste(pilot, "b\nc")
        await pilot.press("enter")
        await pilot.pause()
        assert app.answer == "a b cd"


async def test_A10_the_prompt_for_tags_takes_one_from_each_line() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.ask(pilot, Prompt("Tags", "heist", several=True))
        await paste(pilot, "\r\nnoir\r\nto own\r\n")
        await pilot.press("enter")
        await pilot.pause()
        assert split_list(app.answer) == ("heist", "noir", "to own")


async def test_A10_a_list_is_narrowed_by_all_lines() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.ask(pilot, choose_theme(["nord", "textual-dark"], "nord", lambda name: None))
        await paste(pilot, "\ntextual\ndark")
        assert app.screen.query_one(Input).value == "textual dark"
        await pilot.press("enter")
        await pilot.pause()
        assert app.answer == "textual-dark"


async def test_A10_a_rating_is_found_whatever_surrounds_it() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.ask(pilot, RatePrompt("Heat", None))
        await paste(pilot, "\r\n 4.5\n")
        await pilot.press("enter")
        await pilot.pause()
        assert app.answer == Rated(4.5)


async def test_A10_notes_keep_their_lines() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.ask(pilot, TextPrompt("Notes", ""))
        await paste(pilot, "\none\r\ntwo\n")
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.answer.splitlines() == ["", "one", "two"]


async def test_A10_a_word_that_is_pasted_on_a_choice_is_chosen() -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, form := ShowForm(None))
        (await form.reveal("status")).editor.focus()
        await pilot.pause()
        await paste(pilot, "\nWatched\n")
        assert form.row("status").text == "watched"
        await paste(pilot, "nonsense")
        assert form.row("status").text == "watched"


async def test_A10_the_filter_joins_the_lines(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("slash")
        await paste(pilot, "\nyear:1990..\r\nheat\n")
        assert pilot.app.screen.query_one(FilterBar).text == "year:1990.. heat"
        assert titles(pilot) == ["Heat"]


# A show for each line

FIVE = "Ran (1985)\n\nHEAT\r\nIkiru\nRan (1985)\nikiru\n   \nUgetsu (1953)\n"


async def test_A10_each_line_of_a_pasted_title_is_offered_as_a_show(start: Start) -> None:
    async with start() as pilot:
        before = start.file.read_bytes()
        await pilot.press("a", "tab")
        await seen(pilot, "Add a show")
        await paste(pilot, FIVE)
        await seen(pilot, "Add 3 shows, one per line?")
        await pilot.press("enter")
        await settle(pilot, "Added 3 shows")
        assert {"Ran", "Ikiru", "Ugetsu"} <= set(titles(pilot))
        shows = {show["title"]: show for show in tomllib.loads(start.file.read_text("utf-8"))["shows"]}
        assert len(shows) == 7
        assert (shows["Ran"]["year"], shows["Ran"]["added"]) == (1985, TODAY)
        await pilot.press("u")  # it is one step
        await settle(pilot, "Undone")
        assert start.file.read_bytes() == before


async def test_A10_the_other_fields_are_those_of_each_show(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("a", "tab")
        await seen(pilot, "Add a show")
        form = pilot.app.screen
        assert isinstance(form, ShowForm)
        (await form.reveal("tags")).text = "japan"
        await paste(pilot, "Ran\nIkiru")
        await seen(pilot, "Add 2 shows")
        await pilot.press("y")
        await settle(pilot, "Added 2 shows")
        shows = tomllib.loads(start.file.read_text("utf-8"))["shows"]
        assert [show.get("tags") for show in shows if show["title"] in ("Ran", "Ikiru")] == [["japan"]] * 2


async def test_A10_lines_that_are_no_shows_stay_one_title(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("a", "tab")
        await seen(pilot, "Add a show")
        await pilot.press(*typed("So: "))
        await paste(pilot, "The Assassination of Jesse James\nby the Coward Robert Ford")
        await seen(pilot, "Add 2 shows")
        await pilot.press("n", "enter")
        await settle(pilot, "Added So: The Assassination of Jesse James by the Coward Robert Ford")


async def test_A10_what_is_there_already_is_not_added_twice(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("a", "tab")
        await seen(pilot, "Add a show")
        await paste(pilot, "Heat (1995)\nzodiac")
        await seen(pilot, "All 2 titles are on your list already")
        assert isinstance(pilot.app.screen, ShowForm)
        await pilot.press("home", "shift+end")
        await paste(pilot, "Ran\nHeat (1995)\nHeat (2013)")
        await seen(pilot, "Add 2 shows")
        await pilot.press("y")
        await settle(pilot, "Added 2 shows")
        assert titles(pilot).count("Heat") == 2


async def test_A10_a_wrong_field_is_gone_to_before_anything_is_added(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("a", "tab")
        await seen(pilot, "Add a show")
        form = pilot.app.screen
        assert isinstance(form, ShowForm)
        (await form.reveal("rating")).text = "11"
        await pilot.pause()
        await paste(pilot, "Ran\nIkiru")
        await seen(pilot, "Add 2 shows")
        await pilot.press("y")
        await pilot.pause()
        assert form.row("rating").editor.has_focus
        assert start.file.read_text("utf-8").count("[[shows]]") == 4


async def test_A10_in_the_form_of_a_show_lines_are_one_title() -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, form := ShowForm(BALLARD))
        await paste(pilot, "one\ntwo")
        assert app.screen is form
        assert form.row("title").text == "one two"


def test_A10_a_show_is_left_out_by_title_and_year() -> None:
    library = Watchlist(ShowTable((Show("heat", "Heat", year=1995), Show("ran", "Ran"))))
    shows = [
        Show("", *row) for row in (("HEAT",), ("Heat", None, 2013), ("Ran", None, 1985), ("Up",), ("up", None, 2009))
    ]
    assert [(show.title, show.year) for show in edits.without_duplicates(shows, library)] == [
        ("Heat", 2013),
        ("Up", None),
    ]
    added = edits.add_new(shows)(library)
    assert [show.id for show in added.shows] == ["heat", "ran", "heat-2013", "up"]
    assert edits.add_new(shows)(added).shows == added.shows


# Too much

HUGE = "x" * (LONGEST_PASTE + 1)
TOO_LONG = "The pasted text is longer than 1 MB, nothing was inserted"


@pytest.mark.parametrize("text", [HUGE, "é" * (LONGEST_PASTE // 2 + 1), "x\n" * LONGEST_PASTE], ids=["x", "é", "lines"])
@pytest.mark.parametrize("key", ["slash", "a", "n", "t", "r", "e"])
async def test_B8_a_paste_above_a_megabyte_is_refused_everywhere(start: Start, key: str, text: str) -> None:
    async with start() as pilot:
        await pilot.press(key)
        await pilot.pause()
        screen = pilot.app.screen
        before = [
            widget.text if isinstance(widget, TextArea) else widget.value for widget in screen.query("Input, Text")
        ]
        await paste(pilot, text)
        assert said(pilot) == TOO_LONG
        if key != "slash":
            assert "longer than 1 MB" in "\n".join(lines(pilot.app))
        assert pilot.app.screen is screen
        assert before == [w.text if isinstance(w, TextArea) else w.value for w in screen.query("Input, Text")]


async def test_B8_a_paste_of_up_to_a_megabyte_is_inserted(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("n")
        await paste(pilot, "some words\n" * (LONGEST_PASTE // 11))
        assert len(pilot.app.screen.query_one(TextField).text) > LONGEST_PASTE - 20
        assert said(pilot) == ""


@pytest.mark.parametrize("key", ["slash", "e", "t"])
async def test_B8_a_paste_that_is_too_long_for_a_line_is_refused(start: Start, key: str) -> None:
    async with start() as pilot:
        await pilot.press(key)
        await pilot.pause()
        line = pilot.app.screen.query(Input).first()
        before = line.value
        await paste(pilot, "some words\n" * (LONGEST_LINE // 11 + 1))
        assert "too long for one line" in said(pilot)
        assert line.value == before
        await paste(pilot, "some words\n" * 100)
        assert line.value.count("some words") == 100


async def test_A10_B8_titles_that_are_too_long_for_a_line_are_still_shows(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("a", "tab")
        await seen(pilot, "Add a show")
        await paste(pilot, "".join(f"Number {number}\n" for number in range(2000)))
        await seen(pilot, "Add 2,000 shows")
        await pilot.press("y")
        await settle(pilot, "Added 2,000 shows")


async def test_B2_B8_a_query_of_a_thousand_words_is_a_query(start: Start) -> None:
    async with start() as pilot:
        await pilot.press("slash")
        await paste(pilot, "heat " * 1900)
        assert titles(pilot) == ["Heat"]


async def test_B13_an_unfinished_paste_is_told(start: Start) -> None:
    async with start() as pilot:
        pilot.app.post_message(UnfinishedPaste())
        await settle(pilot, "The end of the pasted text did not arrive")


# Typing over

SHORT = [field.name for field in FORM if not field.type.long and field.name not in ("cast", "crew", "kind", "status")]


@pytest.mark.parametrize("way", ["tab", "shift+tab", "down", "up"])
async def test_B9_what_is_typed_replaces_the_value_of_a_short_field(way: str) -> None:
    app = Host()
    show = replace(
        BALLARD, based_on="x", language="y", url="https://a.b", runtime=46, platform="z", added=date(2026, 1, 2)
    )
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, form := ShowForm(show))
        for name in SHORT:
            if name in LISTS:
                continue
            editor = (await form.reveal(name)).editor
            chain = form.focus_chain
            chain[(chain.index(editor) + (1 if way in ("up", "shift+tab") else -1)) % len(chain)].focus()
            await pilot.pause()
            await pilot.press(way)
            await pilot.pause()
            assert editor.has_focus
            assert form.row(name).text not in ("", "7/10")
            await pilot.press("7", "slash", "1", "0")
            assert form.row(name).text == "7/10", name


@pytest.mark.parametrize("name", LISTS)
async def test_B9_a_list_is_added_to(name: str) -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, form := ShowForm(BALLARD))
        before = (await form.reveal(name)).text
        (await form.reveal(name)).editor.focus()
        await pilot.pause()
        await pilot.press("comma", "x")
        assert form.row(name).text == f"{before},x"


async def test_B9_a_click_places_the_cursor() -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, form := ShowForm(BALLARD))
        await pilot.press("tab")
        await pilot.click(form.row("title").editor, offset=(3, 0))
        await pilot.press("x")
        assert form.row("title").text == "Baxllard"


async def test_B9_a_question_in_between_selects_nothing() -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, form := ShowForm(None), *typed("Ran"), "escape")
        assert isinstance(app.screen, ConfirmDialog)
        await pilot.press("n")
        await pilot.pause()
        await pilot.press("x")
        assert form.row("title").text == "Ranx"


# Copying

HOSTILE = "one\x1b[201~\r\nrm -rf ~\ttwo\x9b31m\x07\u202ethree\u2028four\x00"


async def test_D1_a_title_is_copied_as_one_line_that_does_nothing(start: Start) -> None:
    text = '[[shows]]\ntitle = "one\\u001b[201~\\r\\nrm -rf ~\\ttwo\\u009b31m\\u0007\\u202ethree\\u2028four\\u0000"\n'
    async with start(text) as pilot:
        await pilot.press("y")
        assert pilot.app.clipboard == "one[201~ rm -rf ~ two31mthree four"


async def test_D1_what_is_copied_from_a_text_keeps_its_lines_and_nothing_that_acts(start: Start) -> None:
    async with start() as pilot:
        pilot.app.copy_to_clipboard(HOSTILE)
        assert pilot.app.clipboard == "one[201~\nrm -rf ~\ttwo31mthree\nfour"


@given(st.text())
def test_D1_a_text_to_copy_holds_no_control(text: str) -> None:
    copied = inert(text)
    assert not [char for char in copied if (ord(char) < 32 and char not in "\n\t") or 0x7F <= ord(char) < 0xA0]
    assert inert(copied) == copied
    if text.isprintable():
        assert copied == text
