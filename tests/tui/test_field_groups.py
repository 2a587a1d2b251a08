"""The folded groups of the form: mounted when opened, and telling while folded what is in them."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

import pytest
from rich.style import Style
from textual.widgets import Input

from tests.tui.drawn import lines, seen
from tests.tui.host import Host
from tests.tui.test_form import BALLARD, typed
from watchlist.domain.fields import FIELDS, FormGroup
from watchlist.domain.frozen import replace
from watchlist.domain.model import Role, Show
from watchlist.domain.ratings import STARS
from watchlist.tui.dialogs.field_group import FieldGroup, summary
from watchlist.tui.dialogs.form import FieldRow
from watchlist.tui.dialogs.show_form import FOLDED, FORM, MAIN, ShowForm
from watchlist.tui.state.form_drafts import Draft

FULL = replace(BALLARD, platform="Prime Video", runtime=46, genres=("Crime", "Drama"), synopsis="A detective.")


def of(group: FormGroup, show: Show, room: int) -> str:
    return summary([(field, field.get(show)) for field in FOLDED[group]], room, STARS)


def test_every_field_of_the_form_is_in_one_group() -> None:
    assert [field.name for field in MAIN] == ["title", "kind", "year", "status", "rating"]
    assert sorted(field.name for field in FORM) == sorted(field.name for field in FIELDS.values() if field.group)


def test_an_empty_group_names_its_fields_and_another_says_what_is_in_it() -> None:
    empty = Show("", "")
    assert of(FormGroup.PEOPLE, empty, 44) == "creators, cast, crew"
    assert of(FormGroup.LINKS, empty, 44) == "related, based on, URL, IDs"
    assert of(FormGroup.WHERE, FULL, 60) == "Prime Video; premiered 2025-07-09; runtime 46"
    assert of(FormGroup.LABELS, FULL, 60) == "Crime, Drama; cold-case; no other titles"
    assert of(FormGroup.TEXT, FULL, 60) == "synopsis; notes"
    assert of(FormGroup.TEXT, replace(FULL, notes=""), 60) == "synopsis; no notes"
    assert of(FormGroup.PEOPLE, FULL, 70) == 'Michael Alaimo, "Sherwood, Kendall"; 2 cast; 1 crew'


@pytest.mark.parametrize("room", range(60))
@pytest.mark.parametrize("group", FOLDED)
def test_a_summary_leaves_out_whole_parts(group: FormGroup, room: int) -> None:
    many = replace(FULL, creators=tuple(f"Person {n}" for n in range(30)), cast=(Role("A"),) * 12)
    for show in (FULL, many, Show("", "")):
        text = of(group, show, room)
        assert len(text) <= room
        whole = of(group, show, 1000)
        for part in text.replace("; ", ", ").split(", "):
            assert part in whole or part.split()[0].isdigit() or part.endswith("…") or text == part, text


def drawn(form: ShowForm) -> list[list[object]]:
    """How the cells of the form are drawn, the line with the blinking cursor left out: the ground and, of letters, all."""
    box = form.query_one("#box").region
    found: list[list[object]] = []
    for strip in form._compositor.render_strips()[box.y : box.bottom]:
        if "Title" not in strip.text:
            cells = [(c, segment.style or Style()) for segment in strip for c in segment.text][box.x : box.right]
            found.append([(s.bgcolor, *(c, s.color, bool(s.bold), bool(s.italic)) * (c != " ")) for c, s in cells])
    return found


@pytest.mark.parametrize("show", [None, FULL], ids=["add", "edit"])
@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 36)])
async def test_the_first_frame_shows_what_the_widgets_will_draw(
    show: Show | None, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the form would jump: the first frame is drawn by one widget, before the others are there."""
    complete, held = ShowForm.complete, asyncio.Event()

    async def late(form: ShowForm) -> None:
        await held.wait()
        await complete(form)

    app = Host()
    async with app.run_test(size=size) as pilot:
        form = ShowForm(show)
        monkeypatch.setattr(form, "complete", lambda: late(form))
        shown = asyncio.ensure_future(app.ask(pilot, form))
        await seen(app, "esc cancel")
        assert len(form.query(FieldRow)) == 1
        first = drawn(form)
        held.set()
        await shown
        await pilot.pause()
        assert len(form.query(FieldRow)) == len(MAIN)
        assert len(first) > len(MAIN)
        assert first == drawn(form)


async def test_a_group_is_mounted_when_it_is_opened_and_keeps_what_was_typed_when_it_is_folded() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        form = ShowForm(None)
        await app.ask(pilot, form, *typed("Ran"))
        assert len(form.query(Input)) == 3  # title, year, rating
        await pilot.press("ctrl+o", *typed("MUBI"))
        await pilot.pause()
        assert "▾ Where and when ───" in "\n".join(lines(app))
        assert form.row("platform").text == "MUBI"
        await pilot.press("ctrl+o")
        await pilot.pause()
        drawn = "\n".join(lines(app))
        assert "▸ Where and when  MUBI; no premiered" in drawn
        assert "Platform" not in drawn
        await pilot.press("tab", "tab", "space", *typed("Kurosawa"))  # the next group but one
        await pilot.pause()
        assert form.row("creators").text == "Kurosawa"
        await pilot.press("enter")
        await pilot.pause()
        assert app.answer == {"title": "Ran", "platform": "MUBI", "creators": ("Kurosawa",)}


@pytest.mark.parametrize(("height", "both"), [(24, False), (40, True)])
async def test_one_group_is_open_at_a_time_on_a_low_screen(height: int, both: bool) -> None:
    app = Host()
    async with app.run_test(size=(80, height)) as pilot:
        form = ShowForm(FULL)
        await app.ask(pilot, form)
        await form.reveal("platform")
        await form.reveal("tags")
        await pilot.pause()
        opened = [group.group for group in form.query(FieldGroup) if group.is_open]
        assert opened == [FormGroup.WHERE, FormGroup.LABELS][not both :]


async def test_tab_goes_through_the_open_fields_and_the_headings() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        form = ShowForm(None)
        await app.ask(pilot, form, *["tab"] * 5)
        assert form.focused is form.query(FieldGroup).first()
        await pilot.press("right", "shift+tab")
        assert form.focused is form.query(FieldGroup).first()
        await pilot.press("left", *["tab"] * len(FOLDED))
        assert form.row("title").has_class("-focused")


async def test_a_heading_is_opened_and_folded_by_a_click() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        form = ShowForm(None)
        await app.ask(pilot, form)
        (group,) = (group for group in form.query(FieldGroup) if group.group is FormGroup.LABELS)
        await pilot.click(group, offset=(4, 0))
        await pilot.pause()
        assert group.is_open
        await pilot.click(form.row("tags").editor)
        await pilot.pause()
        assert group.is_open
        await pilot.click(group, offset=(4, 0))
        await pilot.pause()
        assert not group.is_open


async def test_an_error_in_a_folded_group_opens_it_when_the_form_is_saved() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        form = ShowForm(FULL)
        await app.ask(pilot, form)
        (await form.reveal("runtime")).text = "long"
        await form.reveal("tags")
        await pilot.pause()
        assert "▸ Where and when  ! Runtime: " in "\n".join(lines(app))
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert form.row("runtime").has_class("-focused")


async def test_a_draft_of_a_folded_field_is_shown_and_saved() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        form = ShowForm(FULL)
        form.draft = Draft("edit x", datetime(2026, 11, 22, 12, 0), {"tags": "heist", "notes": "mine"})
        await app.ask(pilot, form)
        assert form.typed == {"tags": "heist", "notes": "mine"}
        assert "heist" in "\n".join(lines(app))
        await pilot.press("ctrl+s")
        await pilot.pause()
        assert app.answer == {"tags": ("heist",), "notes": "mine"}


async def test_keys_that_are_typed_ahead_reach_the_rows_that_are_not_there_yet() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ShowForm(None), lambda answer: setattr(app, "answer", answer))
        await pilot.press(*typed("Heat (1995)"), "tab", "f", "tab", "tab", "tab", "4", "enter")
        await pilot.pause()
        assert app.answer == {"title": "Heat", "kind": "film", "year": 1995, "rating": 4.0}


def test_a_short_date_names_the_day() -> None:
    from watchlist.domain.text import short_date

    assert short_date(date(2026, 2, 3)) == "3 Feb 2026"
