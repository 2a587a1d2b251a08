"""The add and edit form: what it gives back, what it says while typing, and what it never loses."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from textual.widgets import Input, TextArea

from tests.profile import examples
from tests.strategies import shows
from tests.tui.drawn import lines, seen, style_at
from tests.tui.host import NOTHING, Host
from watchlist.domain.fields import FIELDS
from watchlist.domain.model import Credit, Kind, Role, Show, Status
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.season_edits import assigned
from watchlist.domain.show_toml import from_table
from watchlist.tui.dialogs.field_group import FieldGroup
from watchlist.tui.dialogs.form import FieldRow
from watchlist.tui.dialogs.show_form import FORM, ShowForm, _shown
from watchlist.tui.widgets.form_fields import ChoiceInput
from watchlist.tui.widgets.line_input import fitted

BALLARD = Show(
    id="ballard",
    title="Ballard",
    kind=Kind.SERIES,
    year=2025,
    rating=4.5,
    premiered=date(2025, 7, 9),
    creators=("Michael Alaimo", "Sherwood, Kendall"),
    tags=("cold-case",),
    notes="one\r\ntwo\n",
    ids={"imdb": "tt1", "tmdb": 7},
    cast=(Role("Maggie Q", "Renée Ballard"), Role("Amy; Hill", "Tutu")),
    crew=(Credit("Cliff Martinez", "Music"),),
)
HEAT = Show("heat", "Heat", Kind.FILM, 1995, added=date(2025, 10, 4))


def typed(text: str) -> list[str]:
    names = {" ": "space", "(": "left_parenthesis", ")": "right_parenthesis", ",": "comma", "-": "minus"}
    return [names.get(c, c) for c in text]


def on_the_list(show: Show) -> Show | None:
    return HEAT if (show.title, show.year) == ("Heat", 1995) else None


async def fill(form: ShowForm, values: Mapping[str, str]) -> None:
    for name, text in values.items():
        (await form.reveal(name)).text = text


class TestAdding:
    async def test_a_title_and_enter_is_all_it_takes(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            assert await app.ask(pilot, ShowForm(None), *typed("Zodiac"), "enter") == {"title": "Zodiac"}

    async def test_the_year_is_split_off_the_title_and_said_while_typing(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            await app.ask(pilot, ShowForm(None), *typed("Heat (1995)"))
            assert "Heat, from 1995" in "\n".join(lines(app))
            await pilot.press("enter")
            await pilot.pause()
            assert app.answer == {"title": "Heat", "year": 1995}

    async def test_a_year_of_its_own_field_leaves_the_title_whole(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            form = ShowForm(None)
            await app.ask(pilot, form)
            await fill(form, {"title": "2046 (2004)", "year": "2005"})
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert app.answer == {"title": "2046 (2004)", "year": 2005}

    async def test_a_duplicate_is_pointed_out_and_asked_about(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            await app.ask(pilot, ShowForm(None, duplicate=on_the_list), *typed("Heat (1995)"))
            assert "! Heat (1995) is on your list since 4 Oct" in "\n".join(lines(app))
            await pilot.press("enter")
            await pilot.pause()
            assert "Add it once more?" in "\n".join(lines(app))
            await pilot.press("n")
            assert app.answer is NOTHING
            await pilot.press("backspace", "backspace", *typed("6)"))
            await pilot.pause()
            assert "on your list" not in "\n".join(lines(app))
            await pilot.press("enter")
            await pilot.pause()
            assert app.answer == {"title": "Heat", "year": 1996}

    async def test_a_title_is_wanted(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            await app.ask(pilot, ShowForm(None), "tab", "tab", *typed("1999"), "enter")
            assert app.answer is NOTHING
            assert "a title can't be empty" in "\n".join(lines(app))
            assert app.screen.focused is app.screen.query_one(FieldRow).editor

    async def test_every_field_is_typed_as_on_the_command_line(self) -> None:
        app = Host()
        values = {
            "title": "Ballard", "kind": "series", "year": "2025", "status": "watching", "rating": "9/10",
            "platform": "Prime Video", "premiered": "2025-07-09", "added": "2026-11-22", "runtime": "46",
            "language": "English", "creators": 'Michael Alaimo, "Sherwood, Kendall"', "genres": "Crime",
            "tags": "a, b", "aka": "B", "related": "Bosch", "based_on": "novels", "url": "https://a.b",
            "synopsis": "one\ntwo", "notes": "x", "ids": "imdb=tt1, tmdb=7", "cast": "Maggie Q: Renée\nAmy Hill: Tutu",
            "crew": "Cliff Martinez: Music", "seasons": "10, 8, S0 2",
        }  # fmt: skip
        assert set(values) == {field.name for field in FORM}
        async with app.run_test(size=(120, 36)) as pilot:
            form = ShowForm(None)
            await app.ask(pilot, form)
            await fill(form, values)
            await pilot.pause()
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert app.answer == {name: FIELDS[name].type.parse(text) for name, text in values.items()}


class TestEditing:
    async def test_gives_what_was_changed_and_nothing_else(self) -> None:
        app = Host()
        async with app.run_test(size=(120, 36)) as pilot:
            form = ShowForm(BALLARD)
            await app.ask(pilot, form)
            await fill(form, {"year": "2024", "notes": "three", "tags": ""})
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert app.answer == {"year": 2024, "notes": "three", "tags": ()}

    async def test_nothing_typed_is_nothing_changed(self) -> None:
        app = Host()
        async with app.run_test(size=(120, 36)) as pilot:
            assert await app.ask(pilot, ShowForm(BALLARD), "ctrl+s") is None
            assert await app.ask(pilot, ShowForm(BALLARD), "end", "x", "backspace", "escape") is None

    async def test_a_title_in_brackets_is_not_split(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            form = ShowForm(Show("x", "Blade (1999)"))
            await app.ask(pilot, form, "end", "x", "enter")
            assert app.answer == {"title": "Blade (1999)x"}

    async def test_esc_asks_only_where_something_was_typed(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            assert await app.ask(pilot, ShowForm(BALLARD), "escape") is None
            await app.ask(pilot, ShowForm(BALLARD), "end", "x", "escape")
            assert "Discard what you typed?" in "\n".join(lines(app))
            await pilot.press("escape")
            assert app.answer is NOTHING
            assert app.screen.query_one(Input).value == "Ballardx"
            await pilot.press("escape", "y")
            await pilot.pause()
            assert app.answer is None

    async def test_a_wrong_value_of_the_file_is_shown_and_kept_until_it_is_mended(self) -> None:
        table = {"id": "x", "title": "X", "rating": 11, "status": "wathced", "tags": {"a": [1]}, "year": 1999}
        app = Host()
        async with app.run_test(size=(120, 36)) as pilot:
            form = ShowForm(from_table(table))
            await app.ask(pilot, form)
            assert form.row("rating").text == "11"
            assert form.row("status").text == "wathced"
            drawn = "\n".join(lines(app))
            assert "▸ Labels          ! Tags: expected a list of texts, e.g." in drawn
            assert json.loads((await form.reveal("tags")).text) == {"a": [1]}
            assert "11 is not within 5 stars" in drawn
            assert "one of watching" in drawn
            await fill(form, {"year": "2000"})
            await pilot.press("ctrl+s")  # what was wrong before stays as it is
            await pilot.pause()
            assert app.answer == {"year": 2000}
            form = ShowForm(from_table(table))
            await app.ask(pilot, form)
            await fill(form, {"rating": "4", "status": "watched"})
            await pilot.pause()
            assert "not within" not in "\n".join(lines(app))
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert app.answer == {"rating": 4.0, "status": Status.WATCHED}

    async def test_what_is_wrong_is_said_under_its_field_and_not_saved(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            form = ShowForm(BALLARD)
            await app.ask(pilot, form)
            (await form.reveal("rating")).editor.focus()
            await pilot.press("end", "backspace", "backspace", "backspace", "1", "1")
            await pilot.pause()
            drawn = lines(app)
            (y,) = [y for y, line in enumerate(drawn) if "Rating" in line]
            assert "11 is more than 5 stars; 9/10 works too" in drawn[y + 1]
            await pilot.press("tab", "enter")
            await pilot.pause()
            assert app.answer is NOTHING
            assert app.screen.focused is form.row("rating").editor

    async def test_ratings_are_on_the_scale_of_the_user(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            form = ShowForm(BALLARD, DisplayStyle("10"))
            await app.ask(pilot, form)
            assert form.row("rating").text == "9"
            await fill(form, {"rating": "8"})
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert app.answer == {"rating": 4.0}


class TestMoving:
    async def test_up_and_down_go_through_every_field_and_back_to_the_first(self) -> None:
        app = Host()
        async with app.run_test(size=(40, 12)) as pilot:
            form = ShowForm(BALLARD)
            await app.ask(pilot, form)
            seen = []
            for _ in FORM:
                if isinstance(form.focused, FieldGroup):
                    await pilot.press("ctrl+o")
                    await pilot.pause()
                (row,) = [row for row in form.query(FieldRow) if row.has_class("-focused")]
                seen.append(row.field.name)
                assert row.editor.region.height > 0
                assert form.query_one("#scrolls").region.contains_region(row.editor.region)
                if isinstance(row.editor, TextArea):
                    await pilot.press("ctrl+end", *["down"] * row.editor.wrapped_document.height)
                else:
                    await pilot.press("down")
                await pilot.pause()
            assert seen == [field.name for field in FORM]
            assert form.row("title").has_class("-focused")
            await pilot.press("up")
            await pilot.pause()
            assert form.row("ids").has_class("-focused")
            await pilot.press("ctrl+o", "up")
            await pilot.pause()
            assert isinstance(form.focused, FieldGroup)
            assert "Text" in lines(app, form.focused)[0]

    async def test_words_are_chosen_by_arrows_letters_and_clicks(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            form = ShowForm(None)
            await app.ask(pilot, form, *typed("X"), "tab", "f", "tab", "tab", "d", "left")
            assert form.row("kind").text == "film"
            assert form.row("status").text == "paused"
            await pilot.click(form.row("kind").editor)
            assert form.row("kind").text == ""  # round to nothing
            await pilot.press("s", "backspace", "s", "enter")
            await pilot.pause()
            assert app.answer == {"title": "X", "kind": Kind.SERIES, "status": Status.PAUSED}

    async def test_enter_is_a_new_line_in_a_text_and_the_foot_says_so(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            form = ShowForm(BALLARD)
            await app.ask(pilot, form)
            assert "enter save   tab next   ctrl+o open a group" in "\n".join(lines(app))
            (await form.reveal("synopsis")).editor.focus()
            await pilot.press("a", "enter", "b")
            assert "ctrl+s save" in "\n".join(lines(app))
            await pilot.press("ctrl+s")
            await pilot.pause()
            assert app.answer == {"synopsis": "a\nb"}

    async def test_known_texts_complete_the_last_item(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            form = ShowForm(None, known={"tags": ("cold-case", "noir"), "platform": ("Netflix",)})
            await app.ask(pilot, form)
            (await form.reveal("tags")).editor.focus()
            await pilot.press(*typed("noir, co"))
            await seen(app, "noir, cold-case")
            await pilot.press("right")
            assert form.row("tags").text == "noir, cold-case"
            (await form.reveal("platform")).editor.focus()
            await pilot.press("N", "e")
            await seen(app, "Netflix")
            await pilot.press("right")
            assert form.row("platform").text == "Netflix"

    async def test_where_the_cursor_is_shows_without_colour(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        app = Host(no_color=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await app.ask(pilot, ShowForm(BALLARD))
            app.screen.query(Input).first().cursor_blink = False  # it would be gone every other half second
            await pilot.pause()
            (y,) = [y for y, line in enumerate(lines(app)) if " Title " in line]
            assert style_at(app, lines(app)[y].index("Title"), y).reverse
            assert not style_at(app, lines(app)[y + 1].index("Kind"), y + 1).reverse
            field = style_at(app, lines(app)[y].index("Ballard"), y)
            assert field.underline
            assert field.reverse  # its text is selected, so that typing replaces it
            assert style_at(app, lines(app)[y].index("Ballard") + len("Ballard"), y).reverse
            await pilot.press("tab")
            await pilot.pause()
            assert style_at(app, lines(app)[y + 1].index("series"), y + 1).reverse
            assert isinstance(app.screen.focused, ChoiceInput)


@settings(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shows())
def test_what_is_shown_reads_back_as_it_is(show: Show) -> None:
    """Rows one a line and everything else: a field that is typed anew as it stands is the same value."""
    for field in FORM:
        value: Any = field.get(show)
        text = _shown(field, show, STARS)
        if field.type.format(value) == text:
            continue  # the type's own law, tested with it
        assert getattr(assigned(show, field.name, field.type.parse(text, STARS)), field.name) == value


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20), (40, 12)])
async def test_a_hint_is_never_cut_in_a_part_of_it_and_the_keys_stay_in_sight(size: tuple[int, int]) -> None:
    app = Host()
    async with app.run_test(size=size) as pilot:
        form = ShowForm(None)
        await app.ask(pilot, form)
        await pilot.pause()
        for row in [await form.reveal(field.name) for field in FORM]:
            await form.reveal(row.field.name)
            await pilot.pause()
            if isinstance(row.editor, Input):
                hint, shown = row.field.hint, row.editor.placeholder
                rest = hint.removeprefix(shown)
                assert hint.startswith(shown), hint
                assert shown, f"there is room for a part of: {hint}"
                assert rest[:1] in ("", ",", ";")
                assert len(shown) <= row.editor.scrollable_content_region.width
        assert "-1d" in form.row("premiered").editor.placeholder or size[0] < 60  # type: ignore[union-attr]
        assert "esc cancel" in lines(app)[-2] or size[1] > 12


def test_a_hint_ends_with_a_part_that_fits() -> None:
    parts = "minutes, of a film or of one episode"
    assert [fitted(parts, width) for width in (40, 36, 35, 7, 6, 0)] == [parts, parts, "minutes", "minutes", "", ""]
