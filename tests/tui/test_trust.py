"""What the interface does with a file that lost something, with what is typed when it has to end, and with heavy text."""

from __future__ import annotations

import json
import os
import stat
import threading
import time
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.tui.conftest import LIST, Start
from tests.tui.drawn import lines, until
from tests.tui.test_main import said, seen, settle, titles
from watchlist.domain import edits
from watchlist.paths import Paths
from watchlist.store.library import Library
from watchlist.tui.dialogs import backups
from watchlist.tui.dialogs.backups import BackupsDialog, Copy
from watchlist.tui.dialogs.prompt import TextPrompt
from watchlist.tui.dialogs.show_form import ShowForm
from watchlist.tui.state.form_drafts import Draft, Drafts
from watchlist.tui.widgets.form_fields import TextField

MANY = "".join(f'[[shows]]\ntitle = "Show {number:02}"\n\n' for number in range(20))
SIZES = [(120, 36), (80, 24), (60, 20), (40, 12)]


def screen(pilot: Pilot[int]) -> str:
    return "\n".join(lines(pilot.app))


def paths_of(start: Start) -> Paths:
    folder = start.file.parent
    return Paths(folder / "config.toml", start.file, folder / "state", folder / "cache")


class TestALoss:
    @pytest.mark.parametrize(
        ("data", "why"),
        [(b"", "was emptied"), (LIST.encode()[:150], "was cut short"), (None, "is gone")],
        ids=["empty", "cut", "gone"],
    )
    async def test_F24_what_is_shown_is_kept_and_taken_back(self, start: Start, data: bytes | None, why: str) -> None:
        before = start.file.read_bytes()
        async with start() as pilot:
            start.file.unlink() if data is None else start.file.write_bytes(data)
            await seen(pilot, f"The file {why}")
            await seen(pilot, "What is shown here is kept as backup 1")
            assert titles(pilot) == ["Alien", "Heat", "Wrong", "Zodiac"]
            await pilot.press("B")
            await seen(pilot, "4 shows, 1 kB")
            await pilot.press("t")
            await settle(pilot, "Restored backup 1")
            await seen(pilot, f"The file {why}", gone=True)
        assert start.file.read_bytes() == before

    async def test_F23_what_another_program_still_writes_is_no_loss(self, start: Start) -> None:
        async with start() as pilot:
            start.file.write_text(LIST[:150], "utf-8")
            await pilot.pause(1.2)
            assert "cut short" not in screen(pilot)
            start.file.write_text(LIST + '[[shows]]\ntitle = "Last"\n', "utf-8")
            await settle(pilot, "Elsewhere: Added Last")
            assert "cut short" not in screen(pilot)

    async def test_F25_a_change_waits_and_is_done_when_the_file_is_accepted(self, start: Start) -> None:
        start.file.write_text(MANY, "utf-8")
        short = MANY[MANY.index('[[shows]]\ntitle = "Show 10"') :]
        async with start() as pilot:
            start.file.write_text(short, "utf-8")
            await pilot.press("G", "r", "4", "enter")
            await settle(pilot, "Not stored yet")
            await seen(pilot, "The file has 10 of 20 shows left")
            assert start.file.read_text("utf-8") == short
            await pilot.press("B")
            await seen(pilot, "20 shows, 1 kB")
            await pilot.press("a")
            await seen(pilot, "Take the file as it is?")
            await pilot.press("n")
            await pilot.pause()
            assert isinstance(pilot.app.screen, BackupsDialog)
            await pilot.press("a", "y")
            await settle(pilot, "Took the file as it is")
            assert len(titles(pilot)) == 10
            await seen(pilot, "shows left", gone=True)
            await pilot.press("U")
            await settle(pilot, "Redone")
        assert start.file.read_text("utf-8").count("rating = 4.0") == 1

    async def test_F25_it_is_offered_on_a_fresh_start_too(self, start: Start) -> None:
        start.file.write_text(MANY, "utf-8")
        library = Library.open(start.file, paths_of(start))
        library.apply(edits.rate(["show-11"], 4.0))
        start.file.write_text(MANY[MANY.index('[[shows]]\ntitle = "Show 10"') :], "utf-8")
        async with start() as pilot:
            await seen(pilot, "The file has 10 of 20 shows left")
            await seen(pilot, "is the list as watchlist last knew it: 20 shows")
            os.utime(start.file)
            await pilot.pause(2.2)
            assert "The file has 10 of 20" in screen(pilot)
            await pilot.press("B")
            await seen(pilot, "20 shows, 1 kB")
            await pilot.press("t")
            await settle(pilot, "Restored backup")
            await seen(pilot, "shows left", gone=True)
            assert len(titles(pilot)) == 20

    @pytest.mark.parametrize("data", [None, b""], ids=["gone", "emptied"])
    async def test_A1_what_was_known_is_shown_at_a_start_and_a_change_waits_for_it(
        self, start: Start, data: bytes | None
    ) -> None:
        library = Library.open(start.file, paths_of(start))
        library.apply(edits.rate(["zodiac"], 3.0))
        good = start.file.read_bytes()
        start.file.unlink() if data is None else start.file.write_bytes(data)
        async with start() as pilot:
            assert titles(pilot) == ["Alien", "Heat", "Wrong", "Zodiac"]
            assert f"The file {'is gone' if data is None else 'was emptied'}" in screen(pilot)
            assert "your first change creates" not in screen(pilot)
            await seen(pilot, "What is shown here is kept as backup 2")
            await pilot.press("G", "r", "4", "enter")
            await settle(pilot, "Not stored yet")
            assert (start.file.read_bytes() if start.file.exists() else None) == data
            start.file.write_bytes(good)
            await seen(pilot, "The file", gone=True)
            await pilot.press("U")
            await settle(pilot, "Redone: Rated Zodiac 4")
        assert b"rating = 4.0" in start.file.read_bytes()

    async def test_A1_a_list_that_is_gone_for_good_is_begun_anew(self, start: Start) -> None:
        Library.open(start.file, paths_of(start)).apply(edits.rate(["zodiac"], 3.0))
        start.file.unlink()
        async with start() as pilot:
            await pilot.press("B")
            await seen(pilot, "4 shows, 1 kB")
            await pilot.press("a", "y")
            await settle(pilot, "Took the file as it is")
            assert titles(pilot) == ["Ballard"]
            await seen(pilot, "The file is gone", gone=True)
            await pilot.press("r", "4", "enter")
            await settle(pilot, "Rated Ballard 4")
        assert "Ballard" in start.file.read_text("utf-8")

    async def test_F25_a_poll_reads_what_is_doubted_once(self, start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
        async with start() as pilot:
            start.file.write_bytes(b"")
            await seen(pilot, "kept as backup 1")
            await pilot.pause(0.3)
            read, real = [], os.open

            def opened(path: str, *rest: Any, **more: Any) -> int:
                read.append(Path(path))
                return real(path, *rest, **more)

            monkeypatch.setattr("watchlist.store.disk.file_io.os.open", opened)
            await pilot.pause(2.5)
            assert start.file not in read

    @pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
    @pytest.mark.parametrize("look", ["colour", "no_color", "ascii"])
    async def test_why_and_the_key_fit_every_screen(self, start: Start, size: tuple[int, int], look: str) -> None:
        async with start(size=size, no_color=look == "no_color", ascii=look == "ascii") as pilot:
            start.file.write_bytes(b"")
            await seen(pilot, "was emptied")
            await seen(pilot, "B shows backups")
            assert any("Alien" in line for line in lines(pilot.app))
            await pilot.press("B")
            await seen(pilot, "esc close")
            for words in ("enter look", "t restore", "a accept the file", "esc close"):
                assert words in screen(pilot)
            await pilot.press("enter")
            await pilot.pause()
            assert isinstance(pilot.app.screen, Copy)
            await seen(pilot, "Zodiac")
            await pilot.press("escape", "escape")
            if look == "ascii":
                assert screen(pilot).isascii()

    async def test_damage_names_the_newest_good_backup_and_a_bad_copy_can_not_be_taken(self, start: Start) -> None:
        library = Library.open(start.file, paths_of(start))
        library.apply(edits.rate(["alien", "heat"], 3.0))
        start.file.write_text(LIST.replace("1979", "19x79"), "utf-8")
        folder = library.paths.backups(start.file)
        (folder / f"000009-20261122-101010-{'0' * 32}.toml").write_text("spoilt")
        (folder / "mine.toml").write_text("mine")
        async with start() as pilot:
            await seen(pilot, "is the list as watchlist last knew it: 4 shows")  # as the journal has it
            await pilot.press("B")
            await seen(pilot, "can't be read")
            await pilot.press("j", "t", "enter")
            await seen(pilot, "cannot be restored")
            await pilot.press("t")
            await pilot.pause()
            assert isinstance(pilot.app.screen, Copy)
            await pilot.press("escape", "k", "enter")
            await seen(pilot, "Zodiac")
            await pilot.press("t")
            await settle(pilot, "Restored backup 10")
            assert "Read-only" not in screen(pilot)
            assert len(titles(pilot)) == 4
        assert (folder / "mine.toml").exists()

    @pytest.mark.parametrize("data", [None, b"", b"x = = 3\n"], ids=["gone", "emptied", "damaged"])
    async def test_A1_A7_what_only_the_interface_saw_is_named_by_it_by_its_backups_and_by_the_command_line(
        self, start: Start, data: bytes | None
    ) -> None:
        library = Library.open(start.file, paths_of(start))
        library.apply(edits.rate(["alien", "heat"], 3.0))
        library.apply(edits.rate(["zodiac"], 3.0))
        async with start() as pilot:
            seen_last = start.file.read_bytes() + b'\n[[shows]]\ntitle = "By hand"\n'
            start.file.write_bytes(seen_last)
            await settle(pilot, "Elsewhere: Added By hand")
            start.file.unlink() if data is None else start.file.write_bytes(data)
            await seen(pilot, "B shows backups")
            await seen(pilot, "5 shows" if data == b"x = = 3\n" else "What is shown here is kept as backup")
            library.list_file.history.backups.keep(LIST.encode() + b"# a later one\n", datetime.now())
            other = Library.open(start.file, paths_of(start))
            other.check()
            last = other.guard.last_state()
            assert last is not None
            assert (last.exact, last.shows, last.backup.read()) == (True, 5, seen_last)
            assert f"ackup {last.backup.number} " in screen(pilot).replace(".", " ")
            await pilot.press("B")
            await pilot.pause()
            assert isinstance(pilot.app.screen, BackupsDialog)
            row = pilot.app.screen._rows.current
            assert row is not None
            assert row.value == last.backup
            await pilot.press("t")
            await settle(pilot, f"Restored backup {last.backup.number}")
        assert start.file.read_bytes() == seen_last

    async def test_A1_a_file_that_is_back_is_told_within_two_polls_though_the_disk_is_slow(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def slow(library: Library) -> str:
            time.sleep(1.5)
            return "Much later."

        away, real = start.file.with_suffix(".away"), Library.reload

        polls = []

        def slow_look(library: Library) -> bool:
            polls.append(library)
            time.sleep(1.1)  # longer than a poll
            return real(library)

        monkeypatch.setattr("watchlist.tui.dialogs.backups.name_last_state", slow)
        async with start() as pilot:
            start.file.rename(away)
            await seen(pilot, "The file is gone")
            away.rename(start.file)
            await seen(pilot, "The file is gone", gone=True)
            await pilot.pause(1.6)
            assert "Much later" not in screen(pilot)
            assert "The file is gone" not in screen(pilot)
            monkeypatch.setattr(Library, "reload", slow_look)
            start.file.rename(away)
            await seen(pilot, "The file is gone")
            away.rename(start.file)
            polls.clear()
            await seen(pilot, "The file is gone", gone=True)
            assert len(polls) <= 3  # the one that was under way when the file came back, and two more

    async def test_A1_a_change_by_another_process_is_later_than_what_is_shown(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.pause(1.2)
            library = Library.open(start.file, paths_of(start))
            library.apply(edits.rate(["zodiac"], 3.0))
            good = start.file.read_bytes()
            start.file.unlink()
            await seen(pilot, "is the list as watchlist last knew it: 4 shows")
            last = library.guard.last_state()
            assert last is not None
            assert last.backup.read() == good

    async def test_without_a_backup_it_says_so_and_nothing_can_be_accepted(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("B")
            await seen(pilot, "No backups yet")
            await pilot.press("t", "enter", "a")
            await pilot.pause()
            assert isinstance(pilot.app.screen, BackupsDialog)
            await pilot.press("q")
            await pilot.pause()
            assert not isinstance(pilot.app.screen, BackupsDialog)


class TestAValueThatWasChangedElsewhereMeanwhile:
    OPENED: ClassVar = {
        "n": ("notes", "n", "ctrl+s"),
        "t": ("tags", "t", "enter"),
        "e": ("platform", "e", "ctrl+s"),
    }

    async def typed(self, start: Start, pilot: Pilot[int], key: str, elsewhere: str) -> None:
        """Open the form of Zodiac, type `x`, have another program set the field, and save."""
        name, _, save = self.OPENED[key]
        await pilot.press("G", key)
        await pilot.pause()
        if key == "e":
            form = pilot.app.screen
            assert isinstance(form, ShowForm)
            (await form.reveal(name)).editor.focus()
        await pilot.press("x")
        text = start.file.read_text("utf-8")
        start.file.write_text(text.replace("year = 2007\n", f"year = 2007\n{name} = {elsewhere}\n"), "utf-8")
        await pilot.press(save)
        await pilot.pause()

    @pytest.mark.parametrize("key", OPENED)
    async def test_it_is_asked_about_before_it_is_overwritten(self, start: Start, key: str) -> None:
        name = self.OPENED[key][0]
        elsewhere, mine = ('["theirs"]', ["x"]) if key == "t" else ('"theirs"', "x")
        async with start() as pilot:
            await self.typed(start, pilot, key, elsewhere)
            await seen(pilot, f"Changed elsewhere meanwhile: {name.capitalize()}")
            await pilot.press("n")
            await pilot.pause()
            assert pilot.app.screen.typed, "what was typed is still there"  # type: ignore[attr-defined]
            assert f"{name} = {elsewhere}" in start.file.read_text("utf-8")
            await pilot.press(self.OPENED[key][2])
            await seen(pilot, f"Changed elsewhere meanwhile: {name.capitalize()}")
            await pilot.press("y")
            await settle(pilot, "Zodiac")
        (zodiac,) = (
            show for show in tomllib.loads(start.file.read_text("utf-8"))["shows"] if show["title"] == "Zodiac"
        )
        assert zodiac[name] == mine

    @pytest.mark.parametrize("key", OPENED)
    async def test_the_same_value_or_another_field_is_not_asked_about(self, start: Start, key: str) -> None:
        async with start() as pilot:
            await self.typed(start, pilot, key, '["x"]' if key == "t" else '"x"\nruntime = 157')
            assert "meanwhile" not in screen(pilot)
            assert len(pilot.app.screen_stack) == 1
        assert "year = 2007" in start.file.read_text("utf-8")

    @pytest.mark.parametrize("key", ["n", "t"])
    async def test_what_is_saved_without_a_change_overwrites_nothing(self, start: Start, key: str) -> None:
        name, _, save = self.OPENED[key]
        theirs = f"{name} = " + ('["theirs"]' if key == "t" else '"theirs"')
        async with start() as pilot:
            await pilot.press("G", key)
            await pilot.pause()
            text = start.file.read_text("utf-8")
            start.file.write_text(text.replace("year = 2007\n", f"year = 2007\n{theirs}\n"), "utf-8")
            await pilot.press(save)
            await settle(pilot, "Nothing changed")
        assert theirs in start.file.read_text("utf-8")


class TestDrafts:
    async def typed_and_ended(self, pilot: Pilot[int]) -> None:
        """As a signal ends it: what is typed is kept, the dialog closes without an answer."""
        pilot.app._keep_forms()  # type: ignore[attr-defined]
        await pilot.pause(0.2)

    async def test_T02_a_form_is_taken_up_again_and_its_draft_goes_when_it_is_saved(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("a", "tab", *"Dune", "tab", "tab", *"19x4")
            await self.typed_and_ended(pilot)
        (kept,) = (start.file.parent / "state" / "drafts").glob("*.json")
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        assert "Dune" in kept.read_text("utf-8")
        async with start() as pilot:
            await pilot.press("a")
            await seen(pilot, "esc discards it")
            form = pilot.app.screen
            assert isinstance(form, ShowForm)
            assert form.row("title").text == "Dune"
            assert form.row("year").text == "19x4"
            assert form.row("year").error
            (await form.reveal("year")).text = "1984"
            await pilot.pause(0.1)
            assert not form.row("year").error
            await pilot.press("ctrl+s")
            await settle(pilot, "Added Dune")
            await pilot.press("a")
            await pilot.pause()
            assert "esc discards it" not in screen(pilot)
        assert json.loads(kept.read_bytes()) == []

    async def test_T02_notes_are_taken_up_of_their_show_and_dropped_when_they_are_discarded(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("n", *"line", "enter", *"two")
            await self.typed_and_ended(pilot)
        async with start() as pilot:
            await pilot.press("j", "n")
            await pilot.pause()
            assert "esc discards it" not in screen(pilot)
            await pilot.press("escape", "k", "n")
            await seen(pilot, "esc discards it")
            assert isinstance(pilot.app.screen, TextPrompt)
            assert pilot.app.screen.query_one(TextField).text == "line\ntwo"
            await pilot.press("escape")
            await seen(pilot, "Discard what you typed?")
            await pilot.press("y", "n")
            await pilot.pause(0.1)
            assert pilot.app.screen.query_one(TextField).text == ""

    async def test_T02_tags_and_an_edited_field_are_kept_too(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("t", *"heist")
            await self.typed_and_ended(pilot)
        async with start() as pilot:
            await pilot.press("e", "end", *" 2")
            await self.typed_and_ended(pilot)
        async with start() as pilot:
            await pilot.press("t")
            await seen(pilot, "esc discards it")
            assert pilot.app.screen.query_one(Input).value == "heist"
            await pilot.press("enter")
            await settle(pilot, "Tagged Alien +heist")
            await pilot.press("e")
            await pilot.pause()
            assert isinstance(form := pilot.app.screen, ShowForm)
            assert form.typed == {"title": "Alien 2"}

    async def test_T02_what_was_refused_is_offered_again(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("n", *"mine")
            start.file.chmod(0o444)
            await pilot.press("ctrl+s")
            await settle(pilot, "read-only")
            start.file.chmod(0o644)
            await pilot.press("n")
            await seen(pilot, "esc discards it")
            await pilot.press("ctrl+s")
            await settle(pilot, "Changed notes of Alien")
        assert 'notes = "mine"' in start.file.read_text("utf-8")

    async def test_T02_of_a_show_that_was_removed_elsewhere_the_text_is_kept_and_it_is_said(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("G", "n", *"mine")
            text = start.file.read_text("utf-8")
            start.file.write_text(
                text.replace('[[shows]]\ntitle = "Zodiac"\nkind = "film"\nyear = 2007\n', ""), "utf-8"
            )
            await pilot.press("ctrl+s")
            await settle(pilot, '"zodiac" is no longer on the list')
            pilot.app.screen.file.read(at_once=True)  # what another program did is no reason to hide an error
            await pilot.app.workers.wait_for_complete()
            await pilot.pause()
            assert "your text is kept as a draft" in " ".join(screen(pilot).split())
            assert Drafts(paths_of(start).drafts(start.file)).of("note zodiac") is not None

    async def test_T02_a_draft_whose_text_is_put_back_is_gone(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("n", *"mine")
            await self.typed_and_ended(pilot)
        async with start() as pilot:
            await pilot.press("n")
            await seen(pilot, "esc discards it")
            await pilot.press(*["backspace"] * 4)
            await self.typed_and_ended(pilot)
        assert Drafts(paths_of(start).drafts(start.file)).of("note alien") is None

    async def test_T02_what_is_stored_before_the_end_is_no_draft(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("n", *"mine", "ctrl+s")
            await self.typed_and_ended(pilot)
            await settle(pilot, "Changed notes")
        assert Drafts(paths_of(start).drafts(start.file)).of("note alien") is None

    async def test_T02_nothing_typed_is_no_draft(self, start: Start) -> None:
        async with start() as pilot:
            await pilot.press("a")
            await self.typed_and_ended(pilot)
        assert not (start.file.parent / "state" / "drafts").exists()

    def test_two_windows_keep_a_draft_each_and_a_damaged_file_is_forgotten(self, tmp_path: Path) -> None:
        drafts = Drafts(tmp_path / "d.json")
        one = Draft("add", datetime(2026, 11, 22, 10, 0), {"title": "One"})
        two = Draft("add", datetime(2026, 11, 22, 10, 1), {"title": "Two \ud800"})
        drafts.keep(one)
        drafts.keep(two)
        assert drafts.of("add") == two
        drafts.keep(one._replace(texts={"title": "One more"}), instead=one)
        drafts.drop(two)
        assert drafts.of("add") == one._replace(texts={"title": "One more"})
        for damaged in (b"{", b"[1, [2], [3, 4, 5]]", b"\xff", b"[" * 100000, b'[["add", "no time", {}]]'):
            drafts.path.write_bytes(damaged)
            assert drafts.of("add") is None


HEAVY = f"""\
[[shows]]
title = "{"Long 千 " * 16_000}"
tags = [{", ".join(f'"tag {n}"' for n in range(10_000))}]
notes = \"\"\"
{"A line of **notes** with some words. " * 28_000}\"\"\"

[[shows]]
title = "Next"
"""


async def test_X16_a_show_of_a_megabyte_is_drawn_and_keys_are_answered(start: Start) -> None:
    start.file.write_text(HEAVY, "utf-8")
    async with start() as pilot:
        await pilot.pause(0.5)
        took = {}
        for key in ("j", "k", "space", "space", "G", "g", "slash", "n", "e", "escape"):
            best = 9.0
            for _ in range(3):
                begun = time.process_time()
                await pilot.press(key)
                best = min(best, time.process_time() - begun)
            took[key] = best
        assert max(took.values()) < 0.25, took  # seconds of CPU time
        for key in ("r", "e", "t", "n"):
            await pilot.press(key)
            await pilot.pause()
            await pilot.press("escape")
            await pilot.pause()
            assert said(pilot) != "There is no show here"


async def test_F24_what_is_known_of_a_backup_too_late_is_not_said_of_a_file_that_is_whole_again(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = threading.Event(), threading.Event()
    name = backups.name_last_state

    def slow(library: Library) -> str:
        begun.set()
        go_on.wait(10)
        return name(library)

    monkeypatch.setattr(backups, "name_last_state", slow)
    whole = start.file.read_bytes()
    async with start() as pilot:
        start.file.write_bytes(b"[[shows]\n")
        await seen(pilot, "Line 1")
        await until(begun.is_set, pilot.app)
        start.file.write_bytes(whole)
        await seen(pilot, "Line 1", gone=True)
        go_on.set()
        await until(lambda: all(worker.is_finished for worker in pilot.app.workers), pilot.app)
        await pilot.pause()
        assert "Line 1" not in screen(pilot)
