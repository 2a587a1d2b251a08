"""What is typed faster than it is answered, in one go as a terminal sends it."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.pilot import Pilot

from tests.tui.conftest import Start
from tests.tui.drawn import until
from tests.tui.test_main import rows, said, settle, titles
from watchlist.tui.compat.key_queue import KeyQueueApp
from watchlist.tui.dialogs.add_line import AddLine
from watchlist.tui.widgets.filter_bar import FilterBar

SIGNS = {"/": "slash", "\r": "enter", "\x1b": "escape", " ": "space"}


async def type_at_once(pilot: Pilot[Any], text: str) -> None:
    """All keys are there before the first one is answered; returns when the last one is."""
    app = pilot.app
    assert isinstance(app, KeyQueueApp)
    for sign in text:
        app.post_message(events.Key(SIGNS.get(sign, sign), sign if sign.isprintable() else None))
    await pilot.pause()
    await until(lambda: app._answering is None and not app._typed, app)
    await pilot.pause()


async def test_a_filter_typed_at_once_is_no_row_of_commands(start: Start) -> None:
    async with start() as pilot:
        await type_at_once(pilot, "/dead\r")
        assert pilot.app.screen.query_one(FilterBar).text == "dead"
        assert titles(pilot) == []
        assert rows(pilot).has_focus
        assert start.file.read_text("utf-8").count("[[shows]]") == 4


async def test_each_key_is_about_what_the_one_before_it_left(start: Start) -> None:
    async with start() as pilot:
        await type_at_once(pilot, "dd")
        assert titles(pilot) == ["Wrong", "Zodiac"]
        assert said(pilot) == "Removed Heat"
        await type_at_once(pilot, "uu")
        assert titles(pilot) == ["Alien", "Heat", "Wrong", "Zodiac"]


async def test_a_dialog_gets_the_keys_typed_after_the_one_that_opens_it(start: Start) -> None:
    async with start() as pilot:
        await type_at_once(pilot, "aDune d")
        form = pilot.app.screen
        assert isinstance(form, AddLine)
        assert form.text == "Dune d"
        await type_at_once(pilot, "\r")
        await settle(pilot, "Added Dune d")
        await type_at_once(pilot, "r5\rr4\r")
        assert said(pilot).startswith("Rated Dune d 4, was 5")


async def test_a_key_that_is_never_answered_holds_up_no_other(start: Start, monkeypatch: Any) -> None:
    monkeypatch.setattr("watchlist.tui.compat.key_queue.PATIENCE", 0.05)
    async with start() as pilot:
        monkeypatch.setattr(type(pilot.app), "busy", True)
        await type_at_once(pilot, "jj")
        assert rows(pilot).cursor == 2
