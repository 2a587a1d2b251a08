"""A list that can be looked at and not changed: the banner says so from the start, and each key that would change it."""

from __future__ import annotations

import os

import pytest

from tests.tui.conftest import LIST, Start
from tests.tui.drawn import lines
from tests.tui.test_main import seen, settle

CHANGING = ("a", "e", "r", "s", "t", "n", "d", "u", "U", "E")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 12)])
async def test_F17_a_file_marked_read_only_is_told_at_once_and_by_every_key(
    start: Start, size: tuple[int, int]
) -> None:
    start.file.chmod(0o444)
    async with start(size=size) as pilot:
        await seen(pilot, "The file is read-only")
        await seen(pilot, "not changed")
        for key in CHANGING:
            pilot.app.screen.say("")
            await pilot.press(key)
            await settle(pilot, "The file is read-only")
            assert len(pilot.app.screen_stack) == 1
        start.file.chmod(0o644)
        await seen(pilot, "It can be looked at", gone=True)
        await pilot.press("r", "4", "enter")
        await settle(pilot, "Set status of Alien to watched")
    assert "rating = 4.0" in start.file.read_text("utf-8")


async def test_F17_a_file_system_that_can_only_be_read_is_told(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _: os.statvfs_result((0,) * 8 + (os.ST_RDONLY, 255)))
    async with start() as pilot:
        await seen(pilot, "The file is on a file system that can only be read")
        await pilot.press("d")
        await settle(pilot, "can only be read")
        assert "Alien" in "\n".join(lines(pilot.app))
    assert start.file.read_text("utf-8") == LIST


async def test_F17_a_key_that_only_looks_works(start: Start) -> None:
    start.file.chmod(0o444)
    async with start() as pilot:
        await pilot.press("slash", *"heat", "enter")
        await seen(pilot, "1 of 4")


async def test_F17_stars_that_are_clicked_change_nothing_either(start: Start) -> None:
    start.file.chmod(0o444)
    async with start() as pilot:
        await seen(pilot, "The file is read-only")
        rows = pilot.app.screen.rows
        rows.post_message(type(rows).StarsClicked(rows.current, 2.0))
        await settle(pilot, "read-only")
    assert start.file.read_text("utf-8") == LIST
