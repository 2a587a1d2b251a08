"""Something for tonight in the interface: drawn with reasons, others at a key, in the time there is; enter goes there."""

from __future__ import annotations

from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import Start
from tests.tui.drawn import lines, seen, until
from watchlist.tui.dialogs.pick import COUNT, PickDialog
from watchlist.tui.widgets.show_list import ShowList

LIST = "".join(
    f'[[shows]]\nid = "s{n}"\ntitle = "[/b] Show {n}"\nruntime = {10 * n}\nadded = 2026-01-01\nstatus = "planned"\n'
    f'creators = ["[red]Ann \\u001b[31m"]\n'
    for n in range(1, 9)
) + "".join(
    f'[[shows]]\nid = "seen{n}"\ntitle = "Seen {n}"\nstatus = "watched"\nrating = {5.0 if n else 2.0}\n'
    + 'creators = ["[red]Ann \\u001b[31m"]\n' * bool(n)
    for n in range(2)
)


async def drawn(pilot: Pilot[int], *, other_than: object = None) -> list[str]:
    """The ids that are offered, once they are."""

    def there() -> list[Any]:
        screen = pilot.app.screen
        options = screen._rows.options if isinstance(screen, PickDialog) else []
        return [] if options is other_than else list(options)

    await until(lambda: bool(there()), pilot.app)
    await pilot.pause()
    return [option.value.show.id for option in there()]


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20), (40, 12)])
async def test_shows_are_offered_with_reasons_that_are_text(start: Start, size: tuple[int, int]) -> None:
    async with start(pressed=("p",), size=size) as pilot:
        found = await drawn(pilot)
        assert len(set(found)) == COUNT
        await pilot.pause()
        seen = "\n".join(lines(pilot.app))
        assert "Tonight" in seen
        assert "[/b] Show" in seen
        assert "waiting 325 days" in seen
        assert "enter go to it" in seen
        assert "\x1b" not in seen
        if size[1] > 12:
            assert "you rate [red]Ann" in seen


async def test_others_come_until_all_were_there(start: Start) -> None:
    async with start(pressed=("p",)) as pilot:
        first = await drawn(pilot)
        before = pilot.app.screen._rows.options
        await pilot.press("p")
        second = await drawn(pilot, other_than=before)
        assert {*first, *second} == {f"s{n}" for n in range(1, 9)}
        assert not {*first} & {*second}
        before = pilot.app.screen._rows.options
        await pilot.press("p")
        assert len(await drawn(pilot, other_than=before)) == COUNT
        await pilot.pause()
        assert "all shown, starting over" in "\n".join(lines(pilot.app))


async def test_the_time_at_hand_is_kept_while_the_program_runs(start: Start) -> None:
    async with start(pressed=("p",)) as pilot:
        await drawn(pilot)
        before = pilot.app.screen._rows.options
        await pilot.press("t")
        await pilot.pause()
        await pilot.press(*"soon")
        await pilot.pause()
        assert "is not a time" in "\n".join(lines(pilot.app))
        pilot.app.screen.query_one(Input).value = "30m"
        await pilot.press("enter")
        assert set(await drawn(pilot, other_than=before)) == {"s1", "s2", "s3"}
        await pilot.press("escape", "p")
        assert set(await drawn(pilot)) == {"s1", "s2", "s3"}
        assert "30 min at most" in "\n".join(lines(pilot.app))


async def test_enter_goes_to_the_show(start: Start) -> None:
    async with start(pressed=("p",)) as pilot:
        found = await drawn(pilot)
        await pilot.press("j", "enter")
        await pilot.pause()
        current = pilot.app.screen.query_one(ShowList).current
        assert current is not None
        assert current.id == found[1]


async def test_B10_esc_goes_back_to_the_same_draw_and_then_to_the_list_of_before(start: Start) -> None:
    async with start() as pilot:
        screen = pilot.app.screen
        screen.show(screen.listing.with_text("is:unrated").with_sort("runtime"))
        screen.rows.go_to("s4")
        before = screen.listing
        await pilot.press("p")
        await drawn(pilot)
        options = pilot.app.screen._rows.options
        await pilot.press("p")
        second = await drawn(pilot, other_than=options)
        await pilot.press("j", "enter")
        await pilot.pause()
        assert screen.rows.current.id == second[1]
        await pilot.press("escape")
        assert await drawn(pilot) == second
        assert pilot.app.screen._rows.current.value.show.id == second[1]
        await pilot.press("escape")
        await pilot.pause()
        assert pilot.app.screen is screen
        assert (screen.listing.text, screen.listing.sorts) == (before.text, before.sorts)
        assert screen.rows.current.id == "s4"


async def test_B10_who_moved_on_in_the_list_is_not_taken_back(start: Start) -> None:
    async with start(pressed=("p",)) as pilot:
        await drawn(pilot)
        await pilot.press("enter")
        await pilot.pause()
        screen = pilot.app.screen
        await pilot.press("j" if screen.query_one(ShowList).cursor == 0 else "k", "escape")
        await pilot.pause()
        assert pilot.app.screen is screen


@pytest.mark.parametrize(
    "keys", [("slash", *"runtime", "colon", *"30", "enter"), ("G", "g", "j", "j", "j", "j", "space")]
)
async def test_only_what_is_shown_or_marked_is_offered(start: Start, keys: tuple[str, ...]) -> None:
    async with start(pressed=keys) as pilot:
        screen = pilot.app.screen
        wanted = screen.listing.marked or {show.id for show in screen.query_one(ShowList).rows}
        assert len(wanted) == 1
        await pilot.press("p")
        assert set(await drawn(pilot)) <= wanted


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ((), "5 of 8 candidates"),
        (("slash", *"runtime", "colon", *"..30", "enter"), "3 of 3 candidates"),
        (("space", "space", "G", "space"), "1 of 1 candidate of 3 marked shows"),
        (("G", "space"), "1 of 1 candidate of 1 marked show"),
    ],
)
async def test_B11_the_number_of_candidates_is_reported(start: Start, keys: tuple[str, ...], said: str) -> None:
    text = LIST.replace('title = "Seen', 'title = "! Seen')
    async with start(pressed=(*keys, "p"), text=text) as pilot:
        await drawn(pilot)
        await seen(pilot.app, said)


async def test_B11_those_that_were_drawn_before_are_still_candidates(start: Start) -> None:
    async with start(pressed=("p",)) as pilot:
        await drawn(pilot)
        before = pilot.app.screen._rows.options
        await pilot.press("p")
        await drawn(pilot, other_than=before)
        await seen(pilot.app, "3 of 8 candidates")
        pilot.app.screen.minutes = 5
        before = pilot.app.screen._rows.options
        await pilot.press("p")
        await seen(pilot.app, "0 candidates")


async def test_where_nothing_is_left_that_is_said(start: Start) -> None:
    async with start(pressed=("p",), text='[[shows]]\ntitle = "Seen"\nstatus = "watched"\n') as pilot:
        await seen(pilot.app, "Nothing of this is left to watch")
        await pilot.press("enter", "escape")
        await pilot.pause()
        assert not isinstance(pilot.app.screen, PickDialog)
