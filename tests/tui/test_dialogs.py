"""Dialogs: what keys and the mouse answer, what is shown, and that no text in them acts or breaks."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.screen import ModalScreen, Screen
from textual.widgets import Input

from tests.tui.drawn import lines, seen, style_at, until
from tests.tui.host import HOSTILE, NOTHING, Host
from watchlist.domain.model import Kind, Season, Show, Status, Viewing
from watchlist.domain.ratings import DisplayStyle, parse_rating
from watchlist.domain.watchlist import Damage
from watchlist.formats.export_file import OwnFiles
from watchlist.paths import Paths
from watchlist.tui.dialogs.choose import ChooseDialog, letters, narrowed
from watchlist.tui.dialogs.command_palette import palette
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.episodes import EpisodesDialog
from watchlist.tui.dialogs.export import ExportDialog, Scope
from watchlist.tui.dialogs.help import HelpDialog
from watchlist.tui.dialogs.progress import ProgressDialog, with_progress
from watchlist.tui.dialogs.prompt import Prompt, TextPrompt
from watchlist.tui.dialogs.rate import BigStars, Rated, RatePrompt
from watchlist.tui.dialogs.show_form import ShowForm
from watchlist.tui.dialogs.sort import choose_sort
from watchlist.tui.dialogs.status import choose_status
from watchlist.tui.dialogs.theme import choose_theme
from watchlist.tui.dialogs.viewing import ViewingForm
from watchlist.tui.state.task_progress import Cancelled, TaskProgress
from watchlist.tui.widgets.file_banner import FileBanner
from watchlist.tui.widgets.form_fields import TextField
from watchlist.tui.widgets.option_rows import Option

OWN = OwnFiles(Path("list.toml"), Paths(*map(Path, ("config.toml", "list.toml", "state", "cache"))))
SIZES = [(120, 36), (80, 24), (60, 20), (40, 12)]

# What brings the text up where it does not stand there at first.
HIDDEN = {"Add a show": "x", "Commands": "view"}


def every_dialog(text: str) -> list[ModalScreen[Any]]:
    """All of them, with this text wherever a user's text can come in."""
    show = Show("x", text, platform=text, tags=(text,), synopsis=text, notes=text)
    return [
        RatePrompt(text, 4.35),
        choose_status(text, Status.PLANNED),
        ChooseDialog(text, [Option(1, text, "a", "○", text), Option(2, text)], 1, narrow=True),
        Prompt(f"Tags of {text}", text, text, lambda value: text, known=[text], several=True),
        TextPrompt(f"Notes on {text}", text, text),
        ShowForm(show, known={"tags": [text]}),
        ShowForm(None, duplicate=lambda new: show),
        ExportDialog({Scope.ALL: [show]}, OWN, folder=Path(f"/{text}".replace("\0", ""))),
        ConfirmDialog(f"Discard {text}?", heading=text),
        palette(["All", text], ["nord"]),
        ProgressDialog(text, TaskProgress(10)),
        HelpDialog(),
        EpisodesDialog(
            Show("x", text, kind=Kind.SERIES, seasons=(Season(1, 400, titles=(text,)),)),
            date(2026, 11, 22),
            *(lambda *_: None,) * 3,
        ),
        ViewingForm(text, Viewing(people=(text,), review=text), ()),
    ]


class TestEveryDialog:
    @pytest.mark.parametrize("text", HOSTILE)
    async def test_text_in_it_is_shown_as_it_is_and_never_acts(self, text: str) -> None:
        app = Host()
        async with app.run_test(size=(100, 30)) as pilot:
            for dialog in every_dialog(text):
                await app.ask(pilot, dialog, *HIDDEN.get(dialog._heading, ()))
                drawn = "\n".join(lines(app))
                assert "\x1b" not in drawn
                assert isinstance(dialog, HelpDialog) or HOSTILE[text] in drawn, type(dialog)
                await app.pop_screen()
            assert app.is_running

    @pytest.mark.parametrize("size", [(40, 12), (3, 2), (1, 1), (200, 1), (1, 60)], ids=str)
    async def test_is_drawn_at_any_size(self, size: tuple[int, int]) -> None:
        app = Host()
        async with app.run_test(size=size):
            for dialog in every_dialog("[/] \x1b[31m 千と千尋の神隠し" + "A" * 300):
                await app.push_screen(dialog)
                await asyncio.sleep(0.1)
                assert len(lines(app)) == size[1]
                await app.pop_screen()
            assert app.is_running

    async def test_survives_a_storm_of_sizes(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            dialogs = every_dialog("Ballard")
            for dialog in (dialogs[0], dialogs[2], dialogs[5], dialogs[7]):
                await app.ask(pilot, dialog)
                for width, height in ((2, 2), (200, 60), (40, 12)):
                    await pilot.resize_terminal(width, height)
                assert "╰" in "\n".join(lines(app)), type(dialog)
                await app.pop_screen()

    async def test_the_hint_of_an_empty_input_is_drawn_at_every_small_width(self) -> None:
        hint = "words 千と千尋の神隠し " + "A" * 30
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            for dialog in (TextPrompt("Notes", "", hint), Prompt("Tags", "", hint, str), ShowForm(None)):
                await app.push_screen(dialog)
                await pilot.pause()
                for field in dialog.query(TextField if isinstance(dialog, ShowForm) else "Input, TextField"):
                    field.focus()
                    for width in (*range(11, 0, -2), 80):
                        await pilot.resize_terminal(width, 12)
                await app.pop_screen()
            assert app.is_running

    @pytest.mark.parametrize("size", SIZES, ids=str)
    async def test_fits_the_screen_with_its_keys_at_its_foot(self, size: tuple[int, int]) -> None:
        app = Host()
        async with app.run_test(size=size) as pilot:
            for dialog in every_dialog("Ballard"):
                await app.ask(pilot, dialog)
                await pilot.pause()
                box = app.screen.query_one("#box").region
                assert app.screen.region.contains_region(box)
                drawn = "\n".join(lines(app))
                assert "╰" in drawn, type(dialog)
                assert "╯" in drawn
                assert any(word in drawn for word in ("esc cancel", "esc close", "n no")), type(dialog)
                await app.pop_screen()

    async def test_is_drawn_in_ascii_where_there_is_nothing_else(self) -> None:
        app = Host(ascii=True)
        async with app.run_test(size=(100, 30)) as pilot:
            for dialog in (
                RatePrompt("Heat", 3.5, DisplayStyle(ascii=True)),
                choose_status("Heat", None, DisplayStyle(ascii=True)),
            ):
                await app.ask(pilot, dialog)
                assert "\n".join(lines(app)).isascii()
                await app.pop_screen()


class TestRating:
    @pytest.mark.parametrize(
        ("keys", "answer"),
        [
            ("4 full_stop 5 enter", Rated(4.5)),
            ("4 comma 3 5 enter", Rated(4.35)),
            ("9 slash 1 0 enter", Rated(4.5)),
            ("9 0 slash 1 0 0 enter", Rated(4.5)),
            ("0 enter", Rated(None)),
            ("minus enter", Rated(None)),
            ("right enter", Rated(3.5)),
            ("left left enter", Rated(2.0)),
            ("home enter", Rated(None)),
            ("end enter", Rated(5.0)),
            ("end right enter", Rated(5.0)),
            ("4 full_stop 5 backspace backspace enter", Rated(4.0)),
            ("5 left enter", Rated(4.5)),
            ("enter", None),  # nothing chosen: nothing changes
            ("5 escape", None),
        ],
    )
    async def test_keys(self, keys: str, answer: Rated | None) -> None:
        app = Host()
        async with app.run_test() as pilot:
            assert await app.ask(pilot, RatePrompt("Heat", 3.0), *keys.split()) == answer

    async def test_left_of_half_a_star_is_not_rated(self) -> None:
        app = Host()
        async with app.run_test() as pilot:
            assert await app.ask(pilot, RatePrompt("Heat", 0.5), "left", "left", "enter") == Rated(None)

    async def test_steps_from_a_fine_rating_go_to_the_half_stars_around_it(self) -> None:
        app = Host()
        async with app.run_test() as pilot:
            assert await app.ask(pilot, RatePrompt("Heat", 4.35), "right", "enter") == Rated(4.5)
            assert await app.ask(pilot, RatePrompt("Heat", 4.35), "left", "enter") == Rated(4.0)

    async def test_what_is_wrong_is_said_while_typing_and_not_accepted(self) -> None:
        app = Host()
        async with app.run_test() as pilot:
            assert await app.ask(pilot, RatePrompt("Heat", None), "1", "1") is NOTHING
            assert "11 is more than 5 stars; 9/10 works too" in "\n".join(lines(app))
            await pilot.press("enter")
            assert app.answer is NOTHING
            await pilot.press("backspace")
            assert "11 is" not in "\n".join(lines(app))
            await pilot.press("enter")
            assert app.answer == Rated(1.0)

    async def test_half_a_fraction_is_no_error_before_enter(self) -> None:
        app = Host()
        async with app.run_test() as pilot:
            await app.ask(pilot, RatePrompt("Heat", None), "9", "slash")
            assert "is not a rating" not in "\n".join(lines(app))
            await pilot.press("enter")
            assert '"9/" is not a rating' in "\n".join(lines(app))
            assert app.answer is NOTHING

    @pytest.mark.parametrize("size", SIZES)
    async def test_a_long_error_is_shown_as_a_whole(self, size: tuple[int, int]) -> None:
        app = Host()
        async with app.run_test(size=size) as pilot:
            await app.ask(pilot, RatePrompt("Heat", None), *["slash", "1", "0"] * 4, "enter")
            drawn = lines(app)
            words = " ".join(" ".join(drawn).replace("│", " ").split())
            assert '"/10/10/10/10" is not a rating; 4.5 is, and 9/10, and ★★★★½' in words
            assert "enter rate" in words

    @pytest.mark.parametrize(("scale", "typed"), [("10", "9"), ("100", "90"), ("stars", "4.5")])
    async def test_is_typed_and_shown_on_the_scale_of_the_user(self, scale: str, typed: str) -> None:
        app, style = Host(), DisplayStyle(scale)
        async with app.run_test() as pilot:
            keys = ["full_stop" if c == "." else c for c in typed]
            assert await app.ask(pilot, RatePrompt("Heat", 3.0, style), *keys, "enter") == Rated(
                parse_rating(typed, style)
            )
            await app.ask(pilot, RatePrompt("Heat", 4.5, style))
            assert f"{typed} of {style.top}" in "\n".join(lines(app))

    async def test_stars_are_filled_to_the_dot_and_tell_it_without_colour(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        app = Host(no_color=True)
        async with app.run_test(size=(80, 24)) as pilot:
            drawn = []
            for rating in (None, 4.0, 4.35, 4.5, 5.0):
                await app.ask(pilot, RatePrompt("Heat", rating))
                drawn.append("\n".join(lines(app, app.screen.query_one(BigStars))))
                await app.pop_screen()
            assert len(set(drawn)) == 5
            dots = ["".join(f"{ord(c) - 0x2800:b}" for c in text if "⠀" <= c <= "⣿").count("1") for text in drawn]
            assert dots == sorted(dots)

    async def test_the_mouse_points_at_half_stars_and_drags(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            await app.ask(pilot, RatePrompt("Heat", None))
            stars = app.screen.query_one(BigStars)
            first, pitch = stars._margin, stars.pitch
            await pilot.click(BigStars, offset=(first + pitch * 3 + 1, 2))
            assert stars.rating == 3.5
            await pilot.click(BigStars, offset=(first + pitch * 3 + 5, 2))
            assert stars.rating == 4.0
            await pilot.mouse_down(BigStars, offset=(first, 1))
            await pilot.hover(BigStars, offset=(first + pitch + 5, 1))
            assert stars.rating == 2.0
            await pilot.mouse_up(BigStars)
            await pilot.press("enter")
            assert app.answer is not NOTHING


class TestChoosing:
    async def test_status_by_letter_by_cursor_and_by_mouse(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            for key, status in zip(letters(list(Status)), Status, strict=True):
                assert await app.ask(pilot, choose_status("Heat", Status.PLANNED), key) is status
            assert await app.ask(pilot, choose_status("Heat", Status.PLANNED), "enter") is Status.PLANNED
            assert await app.ask(pilot, choose_status("Heat", Status.PLANNED), "down", "enter") is Status.WATCHED
            assert await app.ask(pilot, choose_status("Heat", Status.WATCHING), "up", "enter") is Status.DROPPED
            assert await app.ask(pilot, choose_status("Heat", Status.PLANNED), "escape") is None
            await app.ask(pilot, choose_status("Heat", Status.PLANNED))
            await pilot.click("#scrolls", offset=(5, list(Status).index(Status.PAUSED)))
            assert app.answer is Status.PAUSED

    async def test_the_cursor_starts_on_what_is_and_is_seen_without_colour(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        app = Host(no_color=True)
        async with app.run_test(size=(80, 24)) as pilot:
            await app.ask(pilot, choose_status("Heat", Status.PAUSED))
            (y,) = [y for y, line in enumerate(lines(app)) if "▌" in line]
            x = lines(app)[y].index("paused")
            assert x > 0
            assert style_at(app, x, y).reverse

    async def test_keys_are_said_and_unlike(self) -> None:
        labels = ["Title", "Type", "Tone", "ttt", "7"]
        keys = letters(labels)
        chosen = [key for key in keys if key]
        assert len(set(chosen)) == len(chosen)
        assert keys[3:] == ["", ""]
        assert not set("jkgG") & set(letters(["jog", "keg"]))

    async def test_the_sort_dialog_offers_fields_and_says_the_current_order(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 30)) as pilot:
            await app.ask(pilot, choose_sort(("rating", True)))
            assert any("Rating" in line and "descending" in line for line in lines(app))
            await pilot.press("enter")
            assert app.answer == "rating"
            assert await app.ask(pilot, choose_sort(None), "y") == "year"
            await app.ask(pilot, choose_sort(("rating", True), DisplayStyle(ascii=True)))
            assert "- descending" in "\n".join(lines(app))

    async def test_theme_is_seen_before_it_is_chosen_and_taken_back_on_esc(self) -> None:
        app = Host()
        seen: list[str] = []
        names = [f"theme-{number}" for number in range(30)]
        async with app.run_test(size=(60, 20)) as pilot:
            dialog = choose_theme(names, "theme-3", seen.append)
            assert await app.ask(pilot, dialog, "down", "down", "escape") is None
            assert seen[-1] == "theme-3"
            assert "theme-5" in seen
            assert await app.ask(pilot, choose_theme(names, "theme-3", seen.append), *"29", "enter") == "theme-29"

    async def test_typing_narrows_and_nothing_found_is_said(self) -> None:
        app = Host()
        async with app.run_test(size=(60, 20)) as pilot:
            options = [Option(n, name) for n, name in enumerate(("dark", "light", "Café noir", "x [/"))]
            assert await app.ask(pilot, ChooseDialog("Theme", options, narrow=True), *"cafe", "enter") == 2
            await app.ask(pilot, ChooseDialog("Theme", options, narrow=True), *"zz")
            assert "nothing like that" in "\n".join(lines(app))
            await pilot.press("enter")
            assert app.answer is NOTHING
            await pilot.press("backspace", "backspace", "enter")
            assert app.answer == 0

    def test_the_best_match_comes_first(self) -> None:
        options = [Option(1, "Edit as TOML", detail="theme"), Option(2, "My theme"), Option(3, "Theme")]
        assert [option.value for option in narrowed(options, "theme")] == [3, 2, 1]
        assert narrowed(options, "toml edit") == [options[0]]

    async def test_a_long_list_scrolls_with_the_cursor(self) -> None:
        app = Host()
        async with app.run_test(size=(40, 12)) as pilot:
            dialog = ChooseDialog("Many", [Option(n, f"row {n}") for n in range(60)], 40)
            await app.ask(pilot, dialog)
            await pilot.pause()
            assert any("▌" in line and "row 40" in line for line in lines(app))
            await pilot.press("end")
            assert any("▌" in line and "row 59" in line for line in lines(app))
            await pilot.press("home", "pagedown")
            assert any("▌" in line for line in lines(app))

    async def test_the_palette_answers_with_an_action(self) -> None:
        app = Host()
        async with app.run_test(size=(100, 30)) as pilot:
            make: Callable[[], ChooseDialog[str]] = lambda: palette(["All", "x [/"], ["nord"], {"rate": "R"})  # noqa: E731
            await app.ask(pilot, make(), *"rate")
            assert any(" R " in line and "Rate" in line for line in lines(app))
            await pilot.press("enter")
            assert app.answer == "rate"
            assert await app.ask(pilot, make(), *"nord", "enter") == "set_theme('nord')"
            assert await app.ask(pilot, make(), "left_square_bracket", "slash", "enter") == "view(2)"


class TestAskingForText:
    async def test_one_line(self) -> None:
        app = Host()
        async with app.run_test() as pilot:
            assert await app.ask(pilot, Prompt("Name", "old"), *"new", "enter") == "new"
            assert await app.ask(pilot, Prompt("Name", "old"), "escape") is None

    async def test_what_is_wrong_is_said_while_typing(self) -> None:
        app = Host()
        async with app.run_test() as pilot:
            prompt = Prompt("Year", check=lambda text: None if text.isdigit() else "digits, as in 1995")
            await app.ask(pilot, prompt, "x")
            assert "digits, as in 1995" in "\n".join(lines(app))
            await pilot.press("enter")
            assert app.answer is NOTHING
            await pilot.press("backspace", "7", "enter")
            assert app.answer == "7"

    async def test_tags_complete_from_what_is_known(self) -> None:
        app = Host()
        known = ("cold-case", "cosy", "[noir]")
        async with app.run_test(size=(80, 24)) as pilot:

            def prompt() -> Prompt:
                return Prompt("Tags", "heist", known=known, several=True)

            await app.ask(pilot, prompt(), *"co")
            assert any("cold-case" in line and "cosy" in line for line in lines(app))
            await pilot.press("tab", *"cos", "tab", "enter")
            assert app.answer == "heist, cold-case, cosy, "
            await app.ask(pilot, prompt())
            (y,) = [y for y, line in enumerate(lines(app)) if "[noir]" in line]
            await pilot.click(offset=(lines(app)[y].index("[noir]") + 2, y))
            assert app.screen.query_one(Input).value == "heist, [noir], "

    async def test_several_lines_and_esc_asks_only_where_something_was_typed(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            assert await app.ask(pilot, TextPrompt("Notes", "one"), "enter", *"two", "ctrl+s") == "one\ntwo"
            assert await app.ask(pilot, TextPrompt("Notes", "one"), "escape") is None
            assert await app.ask(pilot, TextPrompt("Notes", "one"), "x", "escape") is NOTHING
            assert "Discard what you typed?" in "\n".join(lines(app))
            await pilot.press("n")
            assert app.answer is NOTHING
            await pilot.press("escape", "y")
            await pilot.pause()
            assert app.answer is None

    async def test_line_ends_of_the_file_come_back_as_they_were(self) -> None:
        app = Host()
        async with app.run_test() as pilot:
            assert await app.ask(pilot, TextPrompt("Notes", "a\r\nb\n"), "ctrl+s") == "a\r\nb\n"


class TestConfirm:
    @pytest.mark.parametrize(("key", "answer"), [("y", True), ("enter", True), ("n", False), ("escape", False)])
    async def test_keys(self, key: str, answer: bool) -> None:
        app = Host()
        async with app.run_test() as pilot:
            assert await app.ask(pilot, ConfirmDialog("Really?"), key) is answer

    async def test_its_words_can_be_clicked(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            await app.ask(pilot, ConfirmDialog("Really?", "replace", "keep it"))
            (y,) = [y for y, line in enumerate(lines(app)) if "keep it" in line]
            await pilot.click(offset=(lines(app)[y].index("keep it") + 1, y))
            assert app.answer is False


class TestDamage:
    async def test_says_what_where_and_the_key_and_points_at_the_column(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:
            banner = FileBanner("E")
            await app.screen.mount(banner, before=0)
            assert banner.region.height == 0
            banner.show_damage(Damage("expected '='", 12, 8, "rating [/] 4.5 \x1b[31m"))
            await pilot.pause()
            said, text, caret, end = lines(app, banner)
            assert "Line 12, column 8: expected '='" in said
            assert "rating [/] 4.5 ␛[31m" in text
            assert text[caret.index("^")] == "["
            assert "Read-only" in end
            assert "E opens the editor" in end
            banner.show_damage(None)
            await pilot.pause()
            assert banner.region.height == 0

    @pytest.mark.parametrize("column", [1, 150, 298, 400])
    async def test_a_long_line_is_shown_around_the_fault(self, column: int) -> None:
        app = Host()
        async with app.run_test(size=(40, 12)) as pilot:
            text = "".join(str(n % 10) for n in range(1, 301))
            banner = FileBanner("E")
            await app.screen.mount(banner, before=0)
            banner.show_damage(Damage("wrong", 1, column, text))
            await pilot.pause()
            drawn = lines(app, banner)
            (place,) = [n for n, line in enumerate(drawn) if "^" in line]
            if column <= 300:
                assert drawn[place - 1][drawn[place].index("^")] == str(column % 10)


class TestProgress:
    async def test_says_how_far_it_is_and_gives_what_the_work_gives(self) -> None:
        app = Host()
        go = threading.Event()
        async with app.run_test(size=(80, 24)) as pilot:

            def work(reach: Callable[[int], None]) -> str:
                reach(3200)
                go.wait(60)
                return "done"

            running = asyncio.create_task(with_progress(app, "Exporting", 10_000, work))
            await seen(app, "3,200 of 10,000")
            go.set()
            assert await running == "done"
            await pilot.pause()
            assert not isinstance(app.screen, ProgressDialog)

    async def test_esc_stops_the_work_at_its_next_step(self) -> None:
        app = Host()
        async with app.run_test(size=(80, 24)) as pilot:

            def work(reach: Callable[[int], None]) -> None:
                for step in range(10_000):
                    reach(step)
                    threading.Event().wait(0.01)

            running = asyncio.create_task(with_progress(app, "Exporting", 1000, work))
            await until(lambda: isinstance(app.screen, ProgressDialog) and app.screen.is_current, app)
            await pilot.press("escape")
            with pytest.raises(Cancelled):
                await running
            await pilot.pause()
            assert not isinstance(app.screen, ProgressDialog)

    async def test_short_work_opens_nothing_and_its_error_comes_through(self) -> None:
        app = Host()
        async with app.run_test():
            screens: list[Screen[Any]] = [*app.screen_stack]

            def work(reach: Callable[[int], None]) -> None:
                raise ValueError("no room")

            with pytest.raises(ValueError, match="no room"):
                await with_progress(app, "Exporting", 10, work)
            assert app.screen_stack == screens
