"""Typing on a choice, clicking on stars, and answering a dialog twice: each does what was meant, once."""

from __future__ import annotations

import asyncio
import importlib
import pkgutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from tests.tui.compat.test_key_queue import type_at_once
from tests.tui.conftest import Start
from tests.tui.drawn import lines, until
from tests.tui.host import NOTHING, Host
from tests.tui.test_main import rows, said, settle, titles
from watchlist.domain.lookup_diff import differences
from watchlist.domain.model import Season, Show, Status, Viewing
from watchlist.formats.export_file import OwnFiles
from watchlist.lookups import Answer, Matches
from watchlist.paths import Paths
from watchlist.settings import Config
from watchlist.sources.lookup.source import Candidate
from watchlist.store.library import Library
from watchlist.tui import dialogs
from watchlist.tui.compat import key_queue
from watchlist.tui.compat.app_lifecycle import CrashSafeApp
from watchlist.tui.dialogs.add_line import AddLine
from watchlist.tui.dialogs.backups import BackupsDialog
from watchlist.tui.dialogs.choose import ChooseDialog
from watchlist.tui.dialogs.columns import ColumnsDialog
from watchlist.tui.dialogs.command_palette import palette
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.dialog import Dialog
from watchlist.tui.dialogs.doctor import DoctorDialog
from watchlist.tui.dialogs.episodes import EpisodesDialog
from watchlist.tui.dialogs.export import ExportDialog, Scope
from watchlist.tui.dialogs.group import choose_group
from watchlist.tui.dialogs.help import HelpDialog
from watchlist.tui.dialogs.lookup_candidates import CandidatesDialog
from watchlist.tui.dialogs.lookup_fields import FieldsDialog, WholeText
from watchlist.tui.dialogs.manual import ManualDialog
from watchlist.tui.dialogs.pick import PickDialog
from watchlist.tui.dialogs.progress import ProgressDialog
from watchlist.tui.dialogs.prompt import Prompt, TextPrompt
from watchlist.tui.dialogs.rate import RatePrompt
from watchlist.tui.dialogs.show_form import ShowForm
from watchlist.tui.dialogs.sort import choose_sort
from watchlist.tui.dialogs.statistics import StatisticsScreen
from watchlist.tui.dialogs.status import choose_status
from watchlist.tui.dialogs.theme import choose_theme
from watchlist.tui.dialogs.viewing import ViewingForm
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.state import type_ahead
from watchlist.tui.state.add_finder import AddFinder, CatalogueFile
from watchlist.tui.state.list_state import ListState
from watchlist.tui.state.task_progress import TaskProgress
from watchlist.tui.state.type_ahead import PAUSE, Prefix
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.form_fields import ChoiceInput
from watchlist.tui.widgets.option_rows import Option
from watchlist.tui.widgets.show_list import ShowList

TODAY = date(2026, 11, 22)
CLICKED = 12  # places of a dialog, unless each is wanted


# Letters


@pytest.fixture
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Letters belong to the word before them however slow this machine is."""
    for module in (type_ahead, key_queue):
        monkeypatch.setattr(module, "PAUSE", 600.0)


@pytest.mark.parametrize(
    ("typed", "chosen"),
    [
        *((status, status) for status in Status),
        *((status.upper(), status) for status in Status),
        ("pp", "paused"),
        ("ppp", "planned"),
        ("ww", "watched"),
        ("plnned", "planned"),  # a mistake chooses nothing else
        ("plannedx", "planned"),
        ("wat", "watching"),
        ("xz", ""),
        ("xplanned", "planned"),
    ],
)
def test_B3_letters_that_follow_one_another_are_one_word(typed: str, chosen: str) -> None:
    words, prefix, here = ["", "planned", "watching", "watched", "paused", "dropped"], Prefix(), 0
    for place, letter in enumerate(typed):
        found = prefix.type(letter, place * 0.1, words, here)
        here = here if found is None else found
    assert words[here] == chosen


def test_B3_a_pause_or_another_key_begins_a_new_word() -> None:
    prefix, words = Prefix(), ["planned", "paused", "dropped"]
    assert prefix.type("p", 0.0, words, 2) == 0
    assert prefix.type("a", PAUSE / 2, words, 0) == 1
    assert prefix.type("d", PAUSE * 2, words, 1) == 2
    assert prefix.type("p", PAUSE * 2, words, 2) is None
    prefix.reset()
    assert prefix.type("p", PAUSE * 2, words, 2) == 0


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("at_once", [True, False])
async def test_B3_a_status_typed_into_the_form_is_stored(start: Start, status: Status, at_once: bool) -> None:
    async with start() as pilot:
        await pilot.press("a", *"Dune", "tab")
        await until(lambda: isinstance(pilot.app.screen, ShowForm), pilot.app)
        form = pilot.app.screen
        assert isinstance(form, ShowForm)
        form.row("status").editor.focus()
        await pilot.pause()
        await (type_at_once(pilot, status) if at_once else pilot.press(*status))
        assert form.row("status").text == status
        form.row("kind").editor.focus()
        await pilot.pause()
        await pilot.press(*"film")
        await pilot.press("enter")
        await settle(pilot, "Added Dune")
        text = start.file.read_text("utf-8")
        assert f'status = "{status}"' in text.partition('title = "Dune"')[2]
        assert 'kind = "film"' in text.partition('title = "Dune"')[2]


@pytest.mark.usefixtures("no_pause")
async def test_B3_a_word_with_a_space_is_typed_as_it_is_written() -> None:
    class Two(Host):
        def compose(self) -> Any:
            yield ChoiceInput(["IMDb ratings", "plain text", "IMDb list"], "plain text", {}, "")

    app = Two()
    async with app.run_test() as pilot:
        one = app.query_one(ChoiceInput)
        one.focus()
        await pilot.press(*"imdb", "right", "space")  # after another key, a space is no part of the word
        assert one.value == "IMDb list"
        await pilot.press("right", "right", *"imdb", "space", "l")
        assert one.value == "IMDb list"


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("upper", [True, False])
async def test_B3_a_status_typed_as_a_word_is_that_status(
    start: Start, status: Status, at_once: bool, upper: bool
) -> None:
    word = status.upper() if upper else str(status)
    async with start(pressed=("j",)) as pilot:
        await (type_at_once(pilot, f"s{word}") if at_once else pilot.press("s", *word))
        await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)
        await until(lambda: rows(pilot).current.status is status, pilot.app)  # type: ignore[union-attr]
        assert titles(pilot) == ["Alien", "Heat", "Wrong", "Zodiac"]


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize("name", ["status", "sort", "group"])
async def test_B3_a_word_chooses_what_it_says_and_no_sooner_than_one_is_left(library: Library, name: str) -> None:
    app = Host()
    async with app.run_test(size=(80, 40)) as pilot:
        dialog = every_dialog(library)[name]
        assert isinstance(dialog, ChooseDialog)
        labels = [option.label for option in dialog._options]
        for option in dialog._options:
            if option.label[0].lower() in "jkg":
                continue  # these move the cursor
            for length in range(1, len(option.label) + 1):
                start = option.label[:length].lower()
                left = [label for label in labels if label.lower().startswith(start)]
                keys = ["space" if sign == " " else sign for sign in start]
                answer = await app.ask(pilot, every_dialog(library)[name], *keys)
                assert answer == (option.value if len(left) == 1 else NOTHING), (start, left)
                if len(left) == 1:
                    break
                await pilot.press("enter")
                assert app.answer in [one.value for one in dialog._options if one.label in left]


@pytest.mark.parametrize("name", ["status", "sort", "group"])
async def test_B3_a_key_beside_an_option_chooses_it_at_once(library: Library, name: str) -> None:
    app = Host()
    async with app.run_test(size=(80, 40)) as pilot:
        dialog = every_dialog(library)[name]
        assert isinstance(dialog, ChooseDialog)
        keys = {option.key: option.value for option in dialog._options if option.key}
        assert len(keys) > 2
        for key, value in keys.items():
            assert await app.ask(pilot, every_dialog(library)[name], key) == value


@pytest.mark.usefixtures("no_pause")
async def test_B3_a_mistake_in_a_word_chooses_nothing() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        for keys in ("wx", "wd", "pu", "wtd"):
            assert await app.ask(pilot, choose_status("Heat", None), *keys) is NOTHING, keys
            await pilot.press("escape")
        dialog = ChooseDialog("One", [Option(1, "Watched", "w"), Option(2, "Watching", "a"), Option(3, "alike", "k")])
        assert await app.ask(pilot, dialog, "w") is NOTHING  # a key that another option begins with
        await pilot.press("escape")
        assert await app.ask(pilot, ChooseDialog("Two", dialog._options), "a") == 3


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize(("key", "word"), [("s", "planned"), ("s", "watched"), ("s", "paused"), ("s", "dropped")])
@pytest.mark.parametrize("at_once", [True, False])
async def test_B3_letters_after_the_choice_of_a_status_do_nothing_to_the_list(
    start: Start, key: str, word: str, at_once: bool
) -> None:
    """`d` would remove a show, `n` ask for notes, `a` for a new show, `e` open a form."""
    async with start(pressed=("j",)) as pilot:
        await (type_at_once(pilot, key + word) if at_once else pilot.press(key, *word))
        await until(lambda: isinstance(pilot.app.screen, MainScreen), pilot.app)
        assert titles(pilot) == ["Alien", "Heat", "Wrong", "Zodiac"]
        assert start.file.read_text("utf-8").count("[[shows]]") == 4
        await pilot.press("j", "d")  # and what is typed then is for the list again
        await settle(pilot, "Removed Wrong")


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize(
    ("keys", "ready"),
    [
        ("oyear", lambda screen: screen.listing.shown_sort[0].name == "year"),
        ("orating", lambda screen: screen.listing.shown_sort[0].name == "rating"),
        ("zplatform", lambda screen: screen.listing.group == "platform"),
        ("znone", lambda screen: screen.listing.group == ""),
    ],
)
@pytest.mark.parametrize("at_once", [True, False])
async def test_B3_a_field_to_sort_or_group_by_can_be_typed(
    start: Start, keys: str, ready: Callable[[Any], bool], at_once: bool
) -> None:
    async with start() as pilot:
        await (type_at_once(pilot, keys) if at_once else pilot.press(*keys))
        await pilot.pause()
        assert isinstance(pilot.app.screen, MainScreen)
        assert ready(pilot.app.screen)
        assert len(titles(pilot)) == 4


async def test_B3_another_key_after_a_choice_is_a_command_at_once(start: Start) -> None:
    async with start() as pilot:
        await type_at_once(pilot, "sdjsdj")
        await settle(pilot, "Heat")
        text = start.file.read_text("utf-8")
        assert text.count('status = "dropped"') == 2


async def test_B3_a_letter_after_a_pause_is_a_command_again(start: Start) -> None:
    async with start(pressed=("j",)) as pilot:
        await pilot.press("s", "d")
        await until(lambda: rows(pilot).current.status is Status.DROPPED, pilot.app)  # type: ignore[union-attr]
        await asyncio.sleep(PAUSE)  # until then, r belongs to the word "dropped"
        await pilot.press("r")
        await until(lambda: isinstance(pilot.app.screen, RatePrompt), pilot.app)


async def test_B3_a_letter_after_a_move_of_the_cursor_begins_a_new_word(start: Start) -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        for move in ("j", "down", "pagedown"):
            assert await app.ask(pilot, choose_status("Heat", None), "p", move, "d") is Status.DROPPED, move
    async with start(pressed=("c",)) as pilot:
        dialog = pilot.app.screen
        assert isinstance(dialog, ColumnsDialog)
        for move in ("down", "j"):
            await pilot.press("r", move, "t")
            assert dialog._rows.current is not None
            assert dialog._rows.current.label == "Title", move
        await pilot.press("escape")


@pytest.mark.usefixtures("no_pause")
@pytest.mark.parametrize(
    ("typed", "label"), [("ra", "Rating"), ("rating", "Rating"), ("title", "Title"), ("added", "Added")]
)
async def test_B3_a_column_is_found_by_its_name(start: Start, typed: str, label: str) -> None:
    async with start(pressed=("c",)) as pilot:
        dialog = pilot.app.screen
        assert isinstance(dialog, ColumnsDialog)
        await pilot.press(*typed)
        current = dialog._rows.current
        assert current is not None
        assert current.label == label
        await pilot.press("escape")


# Stars


def star(pilot: Pilot[int], title: str, number: int) -> tuple[int, int]:
    """Where a star of this show is in the list, as an offset of the list."""
    area = rows(pilot)
    drawn = lines(pilot.app, area)
    return drawn[0].index("Rating") + number - 1, next(y for y, line in enumerate(drawn) if title in line)


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("focus", ["list", "details", "filter"])
@pytest.mark.parametrize("marked", [False, True])
async def test_B4_clicks_on_the_stars_of_another_row_only_select_it(
    start: Start, times: int, focus: str, marked: bool
) -> None:
    async with start() as pilot:
        before = start.file.read_bytes()
        if marked:
            await pilot.press("V")
        if focus == "details":
            await pilot.press("enter")
        elif focus == "filter":
            await pilot.press("slash")
        await pilot.click(ShowList, offset=star(pilot, "Zodiac", 2), times=times)
        await pilot.pause()
        await pilot.pause(0.1)
        assert rows(pilot).current.title == "Zodiac"  # type: ignore[union-attr]
        assert start.file.read_bytes() == before
        assert "Rated" not in said(pilot)


async def test_B4_a_click_on_the_stars_of_the_selected_row_rates(start: Start) -> None:
    async with start() as pilot:
        await pilot.click(ShowList, offset=star(pilot, "Zodiac", 1))
        await pilot.click(ShowList, offset=star(pilot, "Zodiac", 2))
        await settle(pilot, "Rated Zodiac 2")
        await pilot.click(ShowList, offset=star(pilot, "Zodiac", 2))
        await settle(pilot, "Rated Zodiac 1.5")


async def test_B4_the_second_click_of_a_double_click_that_closed_a_dialog_rates_nothing(start: Start) -> None:
    """It lands on the list, where the row of the dialog was, and the selected show may be there."""
    async with start() as pilot:
        before = start.file.read_bytes()
        offset = star(pilot, "Alien", 2)
        area = rows(pilot)
        x, y = area.region.x + offset[0], area.region.y + offset[1]
        click = events.Click(area, *offset, 0, 0, 1, False, False, False, x, y, chain=2)
        area.on_click(click)
        await pilot.pause(0.1)
        assert start.file.read_bytes() == before
        assert isinstance(pilot.app.screen, MainScreen)
        assert not pilot.app.screen.details_open


@pytest.mark.parametrize("size", [(120, 36), (80, 24)])
async def test_B4_the_stars_of_the_details_rate_too(start: Start, size: tuple[int, int]) -> None:
    async with start(size=size) as pilot:
        await pilot.press("enter")
        details = pilot.app.screen.query_one(Details)
        await until(lambda: any("Rating" in line for line in lines(pilot.app, details)), pilot.app)
        drawn = lines(pilot.app, details)
        y = next(y for y, line in enumerate(drawn) if "★" in line)
        x = drawn[y].index("★")
        await pilot.click(Details, offset=(x + 2, y))
        await settle(pilot, "Rated Alien 3")
        await until(lambda: "★★★☆" in "".join(lines(pilot.app, details)), pilot.app)
        await pilot.click(Details, offset=(x + 2, y))
        await settle(pilot, "Rated Alien 2.5")


# Answering twice


SHOW = Show("heat", "Heat", seasons=(Season(1, episodes=10),))


@pytest.fixture
def library(tmp_path: Path) -> Library:
    file = tmp_path / "list.toml"
    file.write_text('[[shows]]\ntitle = "Heat"\nrating = 11\n', "utf-8")
    return Library.open(file, Paths(tmp_path / "config.toml", file, tmp_path / "state", tmp_path / "cache"))


def every_dialog(library: Library) -> dict[str, Dialog[Any]]:
    style = Config().style
    theirs = Show("", SHOW.title, synopsis="A detective.", genres=("Crime",))
    candidate, rows = Candidate("tvmaze", "1", SHOW.title, facts=theirs), differences(SHOW, theirs)
    answer = Answer(show=SHOW, candidate=candidate, theirs=theirs, rows=rows)
    return {
        "status": choose_status("Heat", None),
        "sort": choose_sort(None),
        "group": choose_group("", lambda name: None),
        "theme": choose_theme(["a", "b"], "a", lambda name: None),
        "palette": palette(["All"], ["a"]),
        "choose": ChooseDialog("One", [Option(1, "one", "o"), Option(2, "two", "t")], 1),
        "columns": ColumnsDialog(None, ("title", "year"), lambda choice: {"title": 20, "year": 4}),
        "doctor": DoctorDialog(library, TODAY, lambda change: None),
        "add": AddLine(
            ListState(library.list, TODAY),
            AddFinder(library.list.shows, CatalogueFile(library.paths.catalogue)),
            Config().keys,
            lambda read: Show("", read.title),
            lambda show: None,
        ),
        "form": ShowForm(None),
        "edit": ShowForm(SHOW),
        "help": HelpDialog(),
        "manual": ManualDialog("verbs"),
        "prompt": Prompt("Tags"),
        "text": TextPrompt("Notes"),
        "rate": RatePrompt("Heat", 4.0),
        "confirm": ConfirmDialog("Sure?"),
        "viewing": ViewingForm("Heat", Viewing(TODAY)),
        "backups": BackupsDialog((), library.list_file.contents, "is odd"),
        "export": ExportDialog({Scope.ALL: [SHOW]}, OwnFiles(library.file, library.paths), folder=library.file.parent),
        "statistics": StatisticsScreen([SHOW], "1 show", TODAY, style, OwnFiles(library.file, library.paths)),
        "tonight": PickDialog([SHOW], [SHOW], "1 show", today=TODAY),
        "episodes": EpisodesDialog(SHOW, TODAY, lambda edit: None, lambda: None, lambda show, episode: None),
        "progress": ProgressDialog("Exporting", TaskProgress(3)),
        "candidates": CandidatesDialog(Matches(show=SHOW, candidates=(candidate, candidate))),
        "fields": FieldsDialog(answer),
        "whole": WholeText(rows[0], answer),
    }


NAMES = [
    *("status", "sort", "group", "theme", "palette", "choose", "columns", "doctor", "add", "form", "edit", "help"),
    *(
        "manual",
        "prompt",
        "text",
        "rate",
        "confirm",
        "viewing",
        "backups",
        "export",
        "statistics",
        "tonight",
        "episodes",
        "progress",
        "candidates",
        "fields",
        "whole",
    ),
]


def test_B14_the_dialogs_that_are_tried_are_all_there_are(library: Library) -> None:
    def below(kind: type) -> set[type]:
        return {kind, *(other for sub in kind.__subclasses__() for other in below(sub))}

    for module in pkgutil.iter_modules(dialogs.__path__, f"{dialogs.__name__}."):
        importlib.import_module(module.name)
    tried = every_dialog(library)
    assert list(tried) == NAMES
    kinds = {type(dialog) for dialog in tried.values()}
    missing = {kind for kind in below(Dialog) if kind.__module__.startswith("watchlist.") and not below(kind) & kinds}
    assert {kind.__name__ for kind in missing} <= {"Copy"}  # opened from the backups


@pytest.mark.parametrize("name", NAMES)
async def test_B14_every_dialog_is_closed_once_however_often_it_is_answered(library: Library, name: str) -> None:
    app = Host()
    async with app.run_test(size=(120, 40)) as pilot:
        dialog = every_dialog(library)[name]
        await app.ask(pilot, dialog)
        dialog.dismiss("first")
        dialog.dismiss("second")
        dialog.action_cancel()
        dialog.post_message(events.Key("enter", "\r"))
        await pilot.pause()
        dialog.dismiss("third")
        await pilot.pause()
        assert app.answer == "first"
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("name", NAMES)
async def test_B14_two_keys_in_one_read(library: Library, name: str) -> None:
    """Sent without the queue of the real app: both are there before the first one is answered."""
    app = Host()
    async with app.run_test(size=(120, 40)) as pilot:
        for keys in ("enter enter", "escape escape", "enter escape", "ctrl+s ctrl+s", "y y", "q q"):
            await app.ask(pilot, every_dialog(library)[name])
            for key in keys.split():
                app.post_message(events.Key(key, {"enter": "\r"}.get(key, key if len(key) == 1 else None)))
            await pilot.pause()
            await pilot.pause(0.05)
            assert app.is_running, keys
            assert len(app.screen_stack) <= 3, keys
            while len(app.screen_stack) > 1:
                await app.pop_screen()


@pytest.mark.parametrize("name", NAMES)
async def test_B14_two_clicks_in_one_read(library: Library, name: str, request: pytest.FixtureRequest) -> None:
    """Parts of the dialog and hints, spread over it, are clicked twice; with `--long`, each of them."""
    app = Host()
    async with app.run_test(size=(120, 40)) as pilot:
        await app.ask(pilot, every_dialog(library)[name])
        places = {(w.region.x + 3, w.region.y + y) for w in app.screen.query("*") for y in (0, 1) if w.region.area}
        step = 1 if request.config.getoption("--long") else 1 + len(places) // CLICKED
        for x, y in sorted(places)[::step]:
            await click_twice(app, x, y)
            await pilot.pause()
            assert app.is_running
            if len(app.screen_stack) == 1:
                await app.ask(pilot, every_dialog(library)[name])


@pytest.mark.parametrize("turns", range(0, 40, 3))
@pytest.mark.parametrize("name", ["doctor", "backups", "statistics", "tonight"])
async def test_B14_work_in_a_thread_that_ends_while_its_dialog_closes(
    library: Library, name: str, turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The widgets go one by one, over several turns of the event loop."""
    ready = asyncio.Event()

    async def to_thread(function: Callable[..., object], *args: object) -> object:
        await ready.wait()
        return function(*args)

    monkeypatch.setattr(asyncio, "to_thread", to_thread)
    app = Host()
    async with app.run_test(size=(120, 40)) as pilot:
        dialog = every_dialog(library)[name]
        await app.ask(pilot, dialog)
        workers = [worker for worker in app.workers if worker.node is dialog]
        assert workers or name == "backups"  # there are none to read
        dialog.dismiss(None)
        for _ in range(turns):
            await asyncio.sleep(0)
        ready.set()
        await pilot.pause()
        assert app.answer is None
        assert app.is_running


class Leaving(CrashSafeApp[int]):
    """Opens a dialog and leaves some turns of the event loop later, as when a signal comes."""


@pytest.mark.parametrize("name", NAMES)
async def test_B12_the_program_may_end_while_a_dialog_is_being_opened(library: Library, name: str) -> None:
    for turns in (0, 1, 2, 3, 5, 8, 13, 21, 34, 55, 89):
        app = Leaving()
        async with app.run_test(size=(120, 40)):
            app.push_screen(every_dialog(library)[name])
            for _ in range(turns):
                await asyncio.sleep(0)
            app.exit(0)
        assert app.fault is None, turns


async def click_twice(app: Host, x: int, y: int) -> None:
    for _ in range(2):
        for kind in (events.MouseDown, events.MouseUp):
            app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))


async def test_B14_an_answer_from_below_waits_for_the_dialog_above(library: Library) -> None:
    """As when the show of the episode grid is removed elsewhere while a rating is asked for."""
    app = Host()
    async with app.run_test(size=(120, 40)) as pilot:
        below = EpisodesDialog(SHOW, TODAY, lambda edit: None, lambda: None, lambda show, episode: None)
        await app.ask(pilot, below, "r")
        assert isinstance(app.screen, RatePrompt)
        below.fill(None)
        await pilot.pause()
        assert isinstance(app.screen, RatePrompt)
        assert app.answer is NOTHING
        await pilot.press("escape")
        await pilot.pause()
        assert app.answer is None
        assert len(app.screen_stack) == 1


async def test_B14_a_question_is_asked_once(library: Library) -> None:
    app = Host()
    async with app.run_test(size=(120, 40)) as pilot:
        form = ShowForm(None, duplicate=lambda show: SHOW)
        await app.ask(pilot, form, *"Heat")
        for _ in range(3):
            form.action_save()
        await pilot.pause()
        for _ in range(3):
            form.action_save()
        await pilot.pause()
        assert isinstance(app.screen, ConfirmDialog)
        assert len(app.screen_stack) == 3
        await pilot.press("y")
        await pilot.pause()
        assert app.answer["title"] == "Heat"
        assert len(app.screen_stack) == 1


async def test_B14_two_clicks_on_the_footer_open_one_dialog(start: Start) -> None:
    async with start() as pilot:
        app = pilot.app
        y = next(y for y, line in enumerate(lines(app)) if "a Add" in line)
        x = lines(app)[y].index("a Add")
        for _ in range(2):
            for kind in (events.MouseDown, events.MouseUp):
                app.post_message(kind(None, x, y, 0, 0, 1, False, False, False, x, y))
        await until(lambda: app._answering is None and not app._typed, app)  # type: ignore[attr-defined]
        await pilot.pause()
        assert len(app.screen_stack) == 2
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, MainScreen)
