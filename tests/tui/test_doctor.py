"""The findings in the interface: read at every size, gone to by enter, put right by f and F, taken back by one undo."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.conftest import Start
from tests.tui.drawn import lines, until
from watchlist import doctor
from watchlist.tui.dialogs.doctor import DoctorDialog
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.widgets.message_bar import MessageBar
from watchlist.tui.widgets.show_list import ShowList

LIST = """\
version = 1

[[shows]]
id = "alien"
title = "Alien"
status = "watchign"
rating = 7

[[shows]]
id = "rec"
title = "[REC] x [/oops] \\u001b[31m"
year = "2007"
tags = "noir"
"""


@asynccontextmanager
async def examined(start: Start, *text: str, **settings: Any) -> AsyncIterator[Pilot[int]]:
    """The program with the findings open."""
    async with start(*text, pressed=("D",), **settings) as pilot:
        await settled(pilot)
        yield pilot


async def settled(pilot: Pilot[int]) -> None:
    """Until the threads of the dialog are done and drawn."""

    def done() -> bool:
        return all(worker.is_finished for worker in pilot.app.workers if isinstance(worker.node, DoctorDialog))

    await pilot.pause()
    await until(done, pilot.app)
    await pilot.pause()


def drawn(pilot: Pilot[int]) -> str:
    return "\n".join(lines(pilot.app))


def text_of(pilot: Pilot[int]) -> str:
    (screen,) = [screen for screen in pilot.app.screen_stack if isinstance(screen, MainScreen)]
    return screen.library.file.read_text("utf-8")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20), (40, 12)])
@pytest.mark.parametrize("settings", [{}, {"ascii": True}, {"no_color": True}])
async def test_it_is_read_at_every_size(start: Start, size: tuple[int, int], settings: dict[str, Any]) -> None:
    async with examined(start, size=size, **settings) as pilot:
        screen = drawn(pilot)
        assert "4 findings" in screen
        assert "! Alien" in screen
        assert 'status = "w' in screen
        assert "line 6, column 10" in screen
        assert 'fix: status = "watching"' in screen
        assert "F fix all 3" in screen
        assert "esc close" in screen
        await pilot.press("G")
        await settled(pilot)
        assert "line 13" in drawn(pilot)
        assert "[REC] x [/oops]" in drawn(pilot)
        if settings.get("ascii"):
            assert set("".join(lines(pilot.app))) - set(map(chr, range(128))) <= {"…", "␛"}


async def test_it_is_drawn_down_to_one_cell(start: Start) -> None:
    async with examined(start, size=(40, 12)) as pilot:
        for width, height in ((20, 6), (5, 3), (1, 1), (120, 36)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
        assert "4 findings" in drawn(pilot)


async def test_B10_esc_goes_back_to_the_finding_and_then_to_the_list_of_before(start: Start) -> None:
    async with examined(start) as pilot:
        await pilot.press("escape", "slash", *"alien", "enter", "D")
        await settled(pilot)
        await pilot.press("G", "k", "enter")
        await settled(pilot)
        (screen,) = [screen for screen in pilot.app.screen_stack if isinstance(screen, MainScreen)]
        assert screen.listing.text == ""
        assert screen.rows.current.id == "rec"
        await pilot.press("escape")
        await settled(pilot)
        assert isinstance(pilot.app.screen, DoctorDialog)
        assert pilot.app.screen.cursor == 2
        await pilot.press("escape")
        await settled(pilot)
        assert pilot.app.screen is screen
        assert screen.listing.text == "alien"
        assert [show.id for show in screen.listing.rows] == ["alien"]


async def test_enter_goes_to_the_show_whatever_hides_it(start: Start) -> None:
    async with examined(start) as pilot:
        await pilot.press("escape", "slash", *"alien", "enter", "D")
        await settled(pilot)
        await pilot.press("G", "enter")
        await pilot.pause()
        assert isinstance(pilot.app.screen, MainScreen)
        current = pilot.app.screen.query_one(ShowList).current
        assert current is not None
        assert current.id == "rec"


async def test_f_mends_the_one_under_the_cursor(start: Start) -> None:
    async with examined(start) as pilot:
        await pilot.press("f")
        await settled(pilot)
        assert text_of(pilot) == LIST.replace("watchign", "watching")
        assert "Fixed status of Alien" in drawn(pilot)
        assert "3 findings" in drawn(pilot)
        assert "line 7, column 10" in drawn(pilot)  # the next one
        await pilot.press("f")  # nothing is sure about it
        await settled(pilot)
        assert text_of(pilot) == LIST.replace("watchign", "watching")


async def test_F_mends_all_as_one_change_that_is_seen_and_undone_at_once(start: Start) -> None:
    async with examined(start) as pilot:
        await pilot.press("F")
        await settled(pilot)
        mended = LIST.replace("watchign", "watching").replace('"2007"', "2007").replace('"noir"', '["noir"]')
        assert text_of(pilot) == mended
        assert "1 finding" in drawn(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "2007" in drawn(pilot)
        assert pilot.app.screen.query_one(MessageBar).text.startswith("Fixed 3 problems")
        await pilot.press("u")
        await until(lambda: text_of(pilot) == LIST, pilot.app)


async def test_nothing_wrong_is_said_in_a_word(start: Start) -> None:
    async with examined(start, 'version = 1\n\n[[shows]]\ntitle = "Alien"\n', size=(80, 24)) as pilot:
        assert "No problems found" in drawn(pilot)
        assert "fix" not in drawn(pilot)
        await pilot.press("enter", "f", "F", "j")
        assert isinstance(pilot.app.screen, DoctorDialog)
        await pilot.press("q")
        assert isinstance(pilot.app.screen, MainScreen)


async def test_damage_shows_the_line_and_a_caret_and_offers_no_fix(start: Start) -> None:
    async with examined(start, LIST + "<<<<<<< HEAD\n", size=(80, 24)) as pilot:
        await pilot.press("G")
        await settled(pilot)
        screen = lines(pilot.app)
        at = next(number for number, line in enumerate(screen) if "<<<<<<< HEAD" in line and "│" in line)
        assert screen[at + 1].index("^") == screen[at].index("<")
        assert "fix" not in "\n".join(screen)
        await pilot.press("F")
        await settled(pilot)
        assert text_of(pilot) == LIST + "<<<<<<< HEAD\n"


async def test_what_another_program_wrote_meanwhile_is_not_written_over(start: Start) -> None:
    async with examined(start) as pilot:
        other = LIST + 'notes = "elsewhere"\n'
        (screen,) = [screen for screen in pilot.app.screen_stack if isinstance(screen, MainScreen)]
        screen.library.file.write_text(other, "utf-8")
        await pilot.press("F")
        await settled(pilot)
        assert 'notes = "elsewhere"' in text_of(pilot)


async def test_a_long_list_opens_at_once_and_is_looked_through_meanwhile(start: Start) -> None:
    many = "".join(f'[[shows]]\ntitle = "Show {n}"\nrating = 11\n' for n in range(3000))
    async with examined(start, many, size=(80, 24)) as pilot:
        assert "3,000 findings" in drawn(pilot)
        await pilot.press("escape", "D")
        assert isinstance(pilot.app.screen, DoctorDialog)
        await settled(pilot)
        await pilot.press("G")
        await settled(pilot)
        assert "Show 2999" in drawn(pilot)


async def test_what_is_being_mended_is_not_mended_twice(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, begun = threading.Event(), []
    mend = doctor.apply_fixes

    def slow(*args: Any) -> Any:
        begun.append(args)
        go_on.wait(10)
        return mend(*args)

    monkeypatch.setattr("watchlist.doctor.apply_fixes", slow)
    async with examined(start) as pilot:
        await pilot.press("f", "f", "F")
        await until(lambda: bool(begun), pilot.app)
        await pilot.press("f")
        go_on.set()
        await settled(pilot)
        assert len(begun) == 1
        assert "Fixed status of Alien" in drawn(pilot)
        (screen,) = [screen for screen in pilot.app.screen_stack if isinstance(screen, MainScreen)]
        assert screen.listing.library is screen.library.list  # what was stored is what is shown


async def test_findings_of_one_show_look_different_on_a_small_screen(start: Start) -> None:
    show = 'title = "Slow Horses and more"\nrating = 7\nviewings = [{ date = 2030-01-01 }, { date = 2031-01-01 }]\n'
    async with examined(start, f"[[shows]]\n{show}", size=(40, 12)) as pilot:
        rows = [line for line in lines(pilot.app)[1:4] if "Slow" in line]
        assert len(rows) == 3
        assert "viewing 1, date =" in rows[1]
        assert "viewing 2, date =" in rows[2]
