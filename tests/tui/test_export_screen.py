"""The export dialog: format and file follow each other, the preview is the real thing, nothing is replaced unasked."""

from __future__ import annotations

import os
import select
import threading
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.tui.conftest import Start
from tests.tui.drawn import lines, seen
from tests.tui.host import NOTHING, Host
from watchlist.domain.model import Kind, Show
from watchlist.formats import FORMATS
from watchlist.formats.export_file import OwnFiles
from watchlist.paths import Paths
from watchlist.tui.dialogs.export import ExportDialog, ExportRequest, Preview, Scope
from watchlist.tui.widgets.form_fields import LabeledField

SHOWS = [Show("heat", "Heat", Kind.FILM, 1995), Show("rec", "[REC]"), Show("bad", "x [/oops] \x1b[31m")]


def dialog(folder: Path, *, file: str = "list.toml", format: str = "csv") -> ExportDialog:
    scopes = {Scope.MARKED: SHOWS[:1], Scope.SHOWN: [], Scope.ALL: SHOWS}
    paths = Paths(folder / "config.toml", folder / file, folder / "state", folder / "cache")
    return ExportDialog(scopes, OwnFiles(folder / file, paths), folder=folder, format=format)


def text(form: ExportDialog, name: str) -> str:
    return form.query_one(f"#{name}", LabeledField).text


def shown(app: Host) -> str:
    return "\n".join(lines(app))


async def test_enter_takes_what_is_proposed(tmp_path: Path) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        answer = await app.ask(pilot, dialog(tmp_path), "enter")
        assert answer == ExportRequest(FORMATS["csv"], str(tmp_path / "watchlist.csv"), Scope.MARKED, False)
        assert await app.ask(pilot, dialog(tmp_path), "escape") is None


async def test_every_format_can_be_reached_and_the_file_follows_it(tmp_path: Path) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        form = dialog(tmp_path, format=next(iter(FORMATS)))
        await app.ask(pilot, form)
        for format in (format for format in FORMATS.values() if format.write):
            assert text(form, "format") == format.label
            assert text(form, "path") == str(tmp_path / f"watchlist{format.endings[0]}")
            assert format.help in shown(app)
            await pilot.press("right")
            await pilot.pause()


async def test_the_format_follows_the_ending_that_is_typed(tmp_path: Path) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.ask(pilot, dialog(tmp_path), "down", "end", *["backspace"] * 4, "full_stop", "m", "d", "enter")
        assert app.answer.format is FORMATS["markdown"]
        assert app.answer.path.endswith("watchlist.md")


async def test_an_ending_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        keys = ("down", "end", *["backspace"] * 4, "full_stop", "b", "a", "k", "up", "j")
        await app.ask(pilot, dialog(tmp_path), *keys, "enter")
        assert app.answer.format is FORMATS["json"]
        assert app.answer.path.endswith("watchlist.bak")


async def test_which_shows_and_only_those_that_there_are(tmp_path: Path) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        form = dialog(tmp_path)
        await app.ask(pilot, form)
        assert "1 marked" in shown(app)
        assert "[REC]" not in shown(app)
        await pilot.press("up", "right")
        await pilot.pause()
        assert "all 3" in shown(app)
        assert "[REC]" in shown(app)
        await pilot.press("right")
        assert text(form, "scope") == "1 marked"
        await pilot.press("right", "enter")
        await pilot.pause()
        assert app.answer.scope is Scope.ALL


async def test_the_preview_is_what_the_writer_writes_and_acts_on_nothing(tmp_path: Path) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        form = dialog(tmp_path, format="tsv")
        await app.ask(pilot, form, "up", "right")
        drawn = "\n".join(lines(app, form.query_one(Preview)))
        assert "title" in drawn
        assert "x [/oops] ␛[31m" in drawn


async def test_what_is_there_is_replaced_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "watchlist.csv").write_text("old")
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.ask(pilot, dialog(tmp_path))
        assert "already exists" in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert "Replace it" in shown(app)  # how the line breaks depends on the length of the path
        await pilot.press("n")
        await pilot.pause()
        assert app.answer is NOTHING
        await pilot.press("enter")
        await pilot.pause()
        await pilot.press("y")
        await pilot.pause()
        assert app.answer.force
    assert (tmp_path / "watchlist.csv").read_text() == "old"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("", "a file name is missing"),
        ("/nowhere/x.csv", "there is no folder"),
        ("{}/list.csv", "is the list itself"),
        ("{}/state/x.csv", "in a folder that watchlist keeps for itself"),
        ("{}", "is not a regular file"),
        ("x\0.csv", "NUL byte"),
    ],
)
async def test_A2_a_path_that_can_not_be_is_said_and_refused(tmp_path: Path, path: str, said: str) -> None:
    (tmp_path / "state").mkdir()
    app = Host()
    async with app.run_test(size=(120, 30)) as pilot:
        form = dialog(tmp_path, file="list.csv")
        await app.ask(pilot, form)
        form.query_one("#path", LabeledField).text = path.format(tmp_path)
        await pilot.pause()
        assert said in " ".join(line.strip("│ ") for line in lines(app))  # long ones are wrapped
        await pilot.press("enter")
        await pilot.pause()
        assert app.answer is NOTHING
        assert app.screen is form


async def test_a_format_that_does_not_take_them_says_how_many_it_takes(tmp_path: Path) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        form = dialog(tmp_path, format="svg")
        await app.ask(pilot, form, "up", "right")
        assert "an svg shows one show, not 3 shows" in shown(app)
        await pilot.press("enter")
        await pilot.pause()
        assert app.answer is NOTHING
        await pilot.press("up", "right", "enter")
        await pilot.pause()
        assert app.answer.scope is Scope.MARKED


async def test_the_home_folder_is_a_tilde(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        assert (await app.ask(pilot, dialog(tmp_path), "enter")).path == str(Path("~/watchlist.csv"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
@pytest.mark.parametrize("key", ["x", "S"])
async def test_C9_a_reader_that_leaves_before_the_end_is_said(start: Start, tmp_path: Path, key: str) -> None:
    pipe = tmp_path / "pipe.html"
    os.mkfifo(pipe)
    rows = "".join(
        f'[[shows]]\ntitle = "{n:x<240}"\ngenres = ["{n:x<240}"]\nviewings = [{{ date = {1000 + n}-01-01 }}]\n\n'
        for n in range(1000)
    )
    first = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)

    def read() -> None:
        while not select.select([first], [], [], 0.01)[0]:
            pass
        os.read(first, 1)
        os.close(first)

    reader = threading.Thread(target=read)
    reader.start()
    async with start(rows) as pilot:
        await pilot.press(key)
        if key == "S":
            await seen(pilot.app, "1,000 shows")
            await pilot.press("x")
            await pilot.pause()
            pilot.app.screen.query_one(Input).value = str(pipe)
        else:
            await pilot.pause()
            pilot.app.screen.query_one("#path", LabeledField).text = str(pipe)
        await pilot.pause()
        await pilot.press("enter")
        await seen(pilot.app, "can't write")
    reader.join()
