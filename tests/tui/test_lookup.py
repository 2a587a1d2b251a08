"""L in the interface: which candidate, what to take, and what happens meanwhile."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.lookup.conftest import SHOWS
from tests.sources.answers import SERVICES
from tests.sources.replay import Replay, Reply, replaying
from tests.tui.conftest import Start
from tests.tui.drawn import lines, seen, until
from watchlist.domain import edits
from watchlist.domain.edits import Edit
from watchlist.store.disk import file_lock
from watchlist.store.library import Library
from watchlist.tui.app import WatchlistApp
from watchlist.tui.dialogs.lookup_candidates import CandidatesDialog
from watchlist.tui.dialogs.lookup_fields import FieldsDialog, WholeText

LIST = SHOWS
TODAY = date(2026, 11, 29)
PAGE = Reply(200, b"<!doctype html><title>Log in</title>", (("Content-Type", "text/html"),))


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Replay]:
    """The server, which no proxy of the machine hides."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    with replaying() as replay:
        yield replay


@pytest.fixture
def begin(start: Start, server: Replay) -> Start:
    """Starts the program over the list, with the addresses of the server."""
    addresses = {name: f"{server.address}/{name}" for name in SERVICES}
    run: Start = lambda *words, **more: start(*words, lookup=addresses, **more)  # noqa: E731
    run.file = start.file  # type: ignore[attr-defined]
    return run


async def shown(pilot: Pilot[int], dialog: type[Any]) -> Any:
    """Wait until a dialog of this class is open and drawn, and return it."""
    await until(lambda: isinstance(pilot.app.screen, dialog) and pilot.app.screen.is_open, pilot.app)
    await pilot.pause()
    return pilot.app.screen


async def changed_by_another(pilot: Pilot[int], edit: Edit) -> None:
    """Another window changes the list, and this one has read the file again."""
    app = pilot.app
    assert isinstance(app, WatchlistApp)
    library = app._library
    Library.open(library.file, library.paths).apply(edit)
    before = library.list
    await until(lambda: library.list is not before, app)


def table(file: Path, id: str) -> dict[str, Any]:
    return next(show for show in tomllib.loads(file.read_text("utf-8"))["shows"] if show["id"] == id)


def screen(pilot: Pilot[int]) -> str:
    return "\n".join(lines(pilot.app))


async def test_a_candidate_then_the_ticked_fields_then_one_change(begin: Start, server: Replay) -> None:
    async with begin(pressed=("j", "L")) as pilot:
        await shown(pilot, CandidatesDialog)
        assert "2 candidates from TVmaze" in screen(pilot)
        assert "≠ 1999" in screen(pilot)
        assert "= 2021" in screen(pilot)
        await pilot.press("enter")
        await shown(pilot, FieldsDialog)
        for word in ("Harbour Lights from TVmaze", "≠ Runtime", "Data: TVmaze, CC BY-SA 4.0.", "✓ + Synopsis"):
            assert word in screen(pilot)
        await pilot.press("enter")
        await seen(pilot.app, "Looked up Harbour Lights: ")
        show = table(begin.file, "harbour-lights")
        assert (show["runtime"], show["sources"], show["rating"]) == (45, {"tvmaze": TODAY}, 4.5)
        assert show["seasons"][0]["titles"] == ["Low Tide", "", "High Water"]
        assert "data: TVmaze (CC BY-SA 4.0), 29 November 2026" in screen(pilot)
        await pilot.press("u")
        await seen(pilot.app, "Undone")
        assert begin.file.read_text("utf-8") == LIST


async def test_ticks_decide_what_is_taken(begin: Start) -> None:
    async with begin(pressed=("j", "L")) as pilot:
        await shown(pilot, CandidatesDialog)
        await pilot.press("1")
        dialog = await shown(pilot, FieldsDialog)
        count = len(dialog._answer.rows)
        await pilot.press("n")
        assert f"0 of {count} taken" in screen(pilot)
        await pilot.press("a")
        assert f"{count} of {count} taken" in screen(pilot)
        await pilot.press("n")
        place = next(i for i, row in enumerate(dialog._answer.rows) if row.key == "runtime")
        await pilot.press(*["j"] * place, "space")
        assert f"1 of {count} taken" in screen(pilot)
        await pilot.press("v")
        await shown(pilot, WholeText)
        assert "45" in screen(pilot)
        await pilot.press("escape")
        await pilot.press("enter")
        await seen(pilot.app, "Looked up Harbour Lights: runtime from TVmaze")
    show = table(begin.file, "harbour-lights")
    assert (show["runtime"], "synopsis" in show) == (47, False)


@pytest.mark.parametrize("keys", [("escape",), ("enter", "escape"), ("enter", "n", "enter")])
async def test_nothing_changes_if_the_user_leaves(begin: Start, keys: tuple[str, ...]) -> None:
    async with begin(pressed=("j", "L")) as pilot:
        await shown(pilot, CandidatesDialog)
        await pilot.press(keys[0])
        if len(keys) > 1:
            await shown(pilot, FieldsDialog)
            await pilot.press(*keys[1:])
        await until(lambda: len(pilot.app.screen_stack) == 1, pilot.app)
        await pilot.pause()
    assert begin.file.read_text("utf-8") == LIST


async def test_a_shared_id_asks_for_no_candidate_and_a_second_time_brings_nothing(begin: Start) -> None:
    text = LIST.replace('id = "harbour-lights"\n', 'id = "harbour-lights"\nids = { tvmaze = 7001 }\n').replace(
        "runtime = 45\n", ""
    )
    async with begin(text, pressed=("j", "L")) as pilot:
        await shown(pilot, FieldsDialog)
        await pilot.press("enter")
        await seen(pilot.app, "Looked up Harbour Lights: ")
        stored = begin.file.read_text("utf-8")
        await pilot.press("L")
        await seen(pilot.app, "Nothing new from TVmaze")
        assert begin.file.read_text("utf-8") == stored


async def test_esc_stops_waiting_and_other_keys_work_meanwhile(begin: Start, server: Replay) -> None:
    server.fault = Reply(delay=60)
    async with begin(pressed=("j", "L")) as pilot:
        await seen(pilot.app, "Asking TVmaze …   esc stop")
        await until(lambda: bool(server.requests), pilot.app)
        await pilot.press("k")
        assert "▌●  Cold Harbour" in screen(pilot) or "▌○  Cold Harbour" in screen(pilot)
        await pilot.press("L")
        await seen(pilot.app, "A look-up is waiting for an answer")
        await pilot.press("slash", *"harb")
        assert "harb" in screen(pilot)
        await pilot.press("enter", "escape")
        await seen(pilot.app, "Asking TVmaze", gone=True)
        await pilot.pause(0.3)
        assert len(pilot.app.screen_stack) == 1
        assert len(server.requests) == 1
    assert begin.file.read_text("utf-8") == LIST


async def test_no_dialog_opens_while_the_user_types(begin: Start, server: Replay) -> None:
    server.faults = [Reply(200, b"[]", delay=0.3)]
    server.change = lambda service, answer: answer
    async with begin(pressed=("j", "L")) as pilot:
        await pilot.press("slash", *"har")
        await until(lambda: len(server.requests) > 1, pilot.app)
        await asyncio.sleep(0.5)
        await pilot.press("b")
        assert "harb" in screen(pilot)
        assert len(pilot.app.screen_stack) == 1
        await pilot.press("enter")
        await shown(pilot, CandidatesDialog)


FAILURES = {
    "a login page": (PAGE, "Got a web page, not data: is this network asking for a login?"),
    "too many requests": (Reply(429, b"", (("Retry-After", "80"),)), "Too many requests: TVmaze asks to wait 80 s"),
}


@pytest.mark.parametrize("fault", FAILURES)
async def test_a_failure_is_an_error_message(begin: Start, server: Replay, fault: str) -> None:
    server.fault, said = FAILURES[fault]
    async with begin(pressed=("j", "L")) as pilot:
        await seen(pilot.app, f"× {said}")
    assert begin.file.read_text("utf-8") == LIST


async def test_a_show_that_is_removed_meanwhile(begin: Start) -> None:
    async with begin(pressed=("j", "L")) as pilot:
        await shown(pilot, CandidatesDialog)
        await pilot.press("enter")
        await shown(pilot, FieldsDialog)
        await changed_by_another(pilot, edits.remove(["harbour-lights"]))
        await pilot.press("enter")
        await seen(pilot.app, '"harbour-lights" is no longer on the list')


async def test_a_show_that_is_removed_while_the_source_answers(begin: Start) -> None:
    async with begin(pressed=("j", "L")) as pilot:
        await shown(pilot, CandidatesDialog)
        await changed_by_another(pilot, edits.remove(["harbour-lights"]))
        await pilot.press("enter")
        await seen(pilot.app, "Harbour Lights is no longer on the list")


async def test_what_another_window_writes_meanwhile_is_not_overwritten(begin: Start) -> None:
    async with begin(pressed=("j", "L")) as pilot:
        await shown(pilot, CandidatesDialog)
        await pilot.press("enter")
        await shown(pilot, FieldsDialog)
        await changed_by_another(pilot, edits.update("harbour-lights", {"synopsis": "My words.", "runtime": 50}))
        await pilot.press("a", "enter")
        await seen(pilot.app, "Looked up Harbour Lights: ")
    show = table(begin.file, "harbour-lights")
    assert (show["synopsis"], show["runtime"], show["language"]) == ("My words.", 50, "English")


async def test_marked_shows_are_one_change(begin: Start) -> None:
    async with begin(pressed=("V", "L")) as pilot:
        await shown(pilot, CandidatesDialog)
        assert "Look up Harbour Lights (1 of 3)" in screen(pilot)
        await pilot.press("enter")
        await shown(pilot, FieldsDialog)
        await pilot.press("enter")
        await until(lambda: "Cold Harbour (2 of 3)" in screen(pilot), pilot.app)
        await pilot.press("s")
        await until(lambda: "(3 of 3)" in screen(pilot), pilot.app)
        assert begin.file.read_text("utf-8") == LIST, "nothing is stored before the last answer"
        await pilot.press("enter")
        await seen(pilot.app, "Looked up 2 shows")
        assert "sources" not in table(begin.file, "cold-harbour")
        await pilot.press("u")
        await seen(pilot.app, "Undone")
    assert begin.file.read_text("utf-8") == LIST


async def test_esc_at_a_marked_show_keeps_what_was_accepted(begin: Start) -> None:
    async with begin(pressed=("V", "L")) as pilot:
        await shown(pilot, CandidatesDialog)
        await pilot.press("enter")
        await shown(pilot, FieldsDialog)
        await pilot.press("enter")
        await until(lambda: "Cold Harbour (2 of 3)" in screen(pilot), pilot.app)
        await pilot.press("escape")
        await seen(pilot.app, "2 shows not looked up")
    assert "sources" in table(begin.file, "harbour-lights")


async def test_what_was_chosen_is_kept_while_the_list_is_locked(
    begin: Start, server: Replay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_lock, "LOCK_SECONDS", 0.05)
    async with begin(pressed=("j", "L")) as pilot:
        await shown(pilot, CandidatesDialog)
        await pilot.press("enter")
        await shown(pilot, FieldsDialog)
        app = pilot.app
        assert isinstance(app, WatchlistApp)
        with file_lock.locked(app._library.paths.lock(app._library.file)):
            await pilot.press("enter")
            await seen(app, "L stores what you chose")
            assert "the list is locked by" in screen(pilot)
        assert begin.file.read_text("utf-8") == LIST
        asked = len(server.requests)
        await pilot.press("L")
        await seen(app, "Looked up Harbour Lights: ")
        assert len(server.requests) == asked
        await pilot.press("L")
        await shown(pilot, FieldsDialog)
    assert "sources" in table(begin.file, "harbour-lights")


HOSTILE = "[REC] x [/oops] $accent \u202egnp 千と千尋の神隠し " * 3


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (60, 20), (40, 12), (20, 6)])
async def test_every_size_draws_any_text(begin: Start, server: Replay, size: tuple[int, int]) -> None:
    def hostile(service: str, answer: Any) -> Any:
        if isinstance(answer, list):
            return [row | {"show": row["show"] | {"language": HOSTILE}} for row in answer]
        return answer | {"language": HOSTILE, "summary": HOSTILE} if isinstance(answer, dict) else answer

    server.change, ascii = hostile, size == (80, 24)
    async with begin(size=size, pressed=("j", "L"), ascii=ascii) as pilot:
        await shown(pilot, CandidatesDialog)
        await pilot.press("right", "left", "down", "up")
        first = screen(pilot)
        await pilot.press("1")
        dialog = await shown(pilot, FieldsDialog)
        await pilot.press("G", "g", "v")
        await shown(pilot, WholeText)
        await pilot.press("down", "escape")
        second = screen(pilot)
        if size[0] >= 40:
            assert "esc" in first
            assert "TVmaze" in second
            assert "Data: TVmaze" in second, "the credit is shown at every size"
        if size[0] >= 60:
            row = next(row for row in dialog._answer.rows if row.key == "language")
            assert row.theirs.startswith("[REC] x [/oops]")
            assert "[REC]" in second
        if ascii:
            assert not set("≠✓▌–┃") & set(first + second)


async def test_the_page_of_a_candidate_opens(begin: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    async with begin(pressed=("j", "L")) as pilot:
        await shown(pilot, CandidatesDialog)
        monkeypatch.setattr(pilot.app, "open_url", lambda url, **_: opened.append(url))
        await pilot.press("right", "b", "left", "enter")
        await shown(pilot, FieldsDialog)
        await pilot.press("b")
    assert opened == [f"https://www.tvmaze.com/shows/700{n}/harbour-lights" for n in (2, 1)]


async def test_a_click_ticks_and_chooses(begin: Start) -> None:
    async with begin(pressed=("j", "L")) as pilot:
        dialog = await shown(pilot, CandidatesDialog)
        await pilot.click("CandidateColumns", offset=(dialog._columns.size.width - 3, 2))
        assert dialog._columns.cursor == 1
        await pilot.press("1")
        dialog = await shown(pilot, FieldsDialog)
        ticked = set(dialog._rows.ticked)
        await pilot.click("DifferenceRows", offset=(20, 1))
        await pilot.pause()
        assert dialog._rows.ticked ^ ticked == {dialog._answer.rows[1].key}


def test_the_action_needs_a_list_that_can_be_changed() -> None:
    from watchlist.command_table import ACTIONS

    assert ACTIONS["lookup"].changes
    assert ACTIONS["lookup"].keys == ("L",)
