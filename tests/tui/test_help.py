"""The help: everything that a key does, in one place."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.widgets import Input

from tests.tui.drawn import lines
from tests.tui.host import Host
from watchlist.command_table import Group
from watchlist.help_texts import QUERY
from watchlist.keymap import KeyRow, help_rows
from watchlist.tui.dialogs.help import HelpDialog

MORE = tuple(KeyRow(group, "", "More", f"more of {group} {n}", (f"f{n}",)) for group in Group for n in range(20, 24))


async def seen_at(size: tuple[int, int], rows: Sequence[KeyRow]) -> str:
    """All that is drawn from the top to the end, a page after the other."""
    app = Host()
    async with app.run_test(size=size) as pilot:
        await app.ask(pilot, HelpDialog(rows))
        seen = list(lines(app))
        for _ in range(40):
            await pilot.press("pagedown")
            await pilot.pause()
            seen += lines(app)
        assert "esc close" in "\n".join(lines(app))
        return "\n".join(seen)


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20), (40, 12)])
async def test_all_of_it_can_be_seen_and_twenty_keys_more(size: tuple[int, int]) -> None:
    rows = (*help_rows(), *MORE)
    drawn = await seen_at(size, rows)
    assert all(row.keys[0] in drawn for row in rows)
    assert all(group in drawn for group in Group)
    assert all(f"more of {group} 23" in drawn for group in Group)
    assert all(typed.partition("  ")[0] in drawn for typed, _ in QUERY)


@pytest.mark.parametrize("size", [(120, 36), (40, 12)])
async def test_a_slash_narrows_it_and_esc_gives_that_up_first(size: tuple[int, int]) -> None:
    app = Host()
    async with app.run_test(size=size) as pilot:
        await app.ask(pilot, HelpDialog(), "slash", *"last", "space", *"change")
        await pilot.pause()
        drawn = "\n".join(lines(app))
        assert "undo the last" in drawn
        assert "rate in stars" not in drawn
        await pilot.press(*"qqq")  # letters are typed there
        await pilot.pause()
        assert "nothing like that" in "\n".join(lines(app))
        app.screen.query_one(Input).value = "palette"
        await pilot.pause()
        assert "find any command" in "\n".join(lines(app)), "its title is not in what it does"
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, HelpDialog)
        assert Group.MOVE in "\n".join(lines(app))
        await pilot.press("escape")
        await pilot.pause()
        assert not isinstance(app.screen, HelpDialog)


async def test_keys_are_those_of_the_config() -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        await app.ask(pilot, HelpDialog(help_rows({"rate": ("R", "f7"), "quit": "Z"})))
        assert any("R f7" in line and "rate in stars" in line for line in lines(app))
        assert any(line.count("Z ") and "quit" in line for line in lines(app))


async def test_a_small_screen_scrolls_through_all_of_it() -> None:
    app = Host()
    async with app.run_test(size=(40, 12)) as pilot:
        await app.ask(pilot, HelpDialog())
        seen = set(lines(app))
        for _ in range(40):
            await pilot.press("pagedown")
            await pilot.pause()
            seen |= set(lines(app))
        drawn = "\n".join(seen)
        for row in help_rows():
            assert row.keys[0] in drawn
        assert "sort:rating-" in drawn
        await pilot.press("g")
        await pilot.pause()
        assert any(Group.MOVE in line for line in lines(app))


@pytest.mark.parametrize("key", ["escape", "q", "question_mark", "f1"])
async def test_closes(key: str) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        assert await app.ask(pilot, HelpDialog(), key) is None
        assert not isinstance(app.screen, HelpDialog)
