"""The app: themes, the filter that keeps controls off the terminal, signals, and the one screen that all stands on."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable
from datetime import date
from typing import ClassVar

from textual.binding import Binding
from textual.events import AppBlur
from textual.filter import LineFilter
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender

from watchlist.config import Config
from watchlist.paths import Paths
from watchlist.store.library import Library
from watchlist.tui.memory import Memory
from watchlist.tui.projections import keymap_of
from watchlist.tui.safety import ControlFilter
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.themes import DEFAULT, NO_COLOR, OWN
from watchlist.tui.typeahead import TypeAhead

PATIENCE = 0.0005  # seconds that a thread which stores a change waits, after each look at the disk, for one that draws


class WholeCells(ScrollBarRender):
    """Scroll bars without the blocks that are less than a cell."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8


class WatchlistApp(TypeAhead[int], inherit_bindings=False):
    """One list in a terminal. Exits with 0, or with 128 and the number of the signal that ended it."""

    TITLE = "watchlist"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False  # ours is made from COMMANDS
    # Textual's own ctrl+q would leave from the middle of a form, and what was typed with it.
    BINDINGS = [Binding("ctrl+c", "help_quit", show=False, system=True)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (60, "-medium"), (100, "-wide")]

    def __init__(
        self,
        library: Library,
        config: Config,
        paths: Paths,
        *,
        no_color: bool = False,
        today: Callable[[], date] = date.today,
    ) -> None:
        super().__init__(ansi_color=no_color or None)  # None: as the theme wants it
        self._library, self._config = library, config
        self._memory = Memory.open(paths)
        self._today = today
        self._filter = ControlFilter()
        for theme in OWN:
            self.register_theme(theme)
        chosen = self._memory.get("theme", config.theme)
        if no_color:
            self.theme = NO_COLOR
        else:
            self.theme = chosen if chosen in self.available_themes else DEFAULT
        self.set_class(config.style.ascii, "-ascii")
        ScrollBar.renderer = WholeCells if config.style.ascii else ScrollBarRender
        self.set_keymap(keymap_of(config.keys))

    def get_default_screen(self) -> Screen[None]:
        return MainScreen(self._library, self._config, self._memory, self._today)

    def get_line_filters(self) -> list[LineFilter]:
        """Textual's own filters, and last the one that no control character passes."""
        return [*super().get_line_filters(), self._filter]

    @property
    def busy(self) -> bool:
        """Whether a change is on its way to the disk: the next key is about what it leaves."""
        return any(screen.busy for screen in self.screen_stack if isinstance(screen, MainScreen))

    def on_app_blur(self, event: AppBlur) -> None:
        """A list that is looked at from another window looks as it did: all would be styled anew, there and back."""
        event.prevent_default()

    def on_app_focus(self) -> None:
        """Who comes back to this terminal may have changed the file in another."""
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.look_at_the_file(at_once=True)

    def action_help_quit(self) -> None:
        """ctrl+c, which ends other programs, copies here; who means to leave is told how."""
        if isinstance(self.screen, MainScreen):
            self.screen.say(f"{self.screen.key('quit')} leaves", tone="info")

    def _draw_again(self, _: object) -> None:
        """After `fg` nothing of what was drawn is on the terminal any more."""
        self.refresh(layout=True)

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, self._draw_again)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])):
            with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # Windows; a loop in a thread
                loop.add_signal_handler(number, self._ended_by, number)

    def _ended_by(self, number: signal.Signals) -> None:
        self.exit(128 + number, return_code=128 + number)


def run(library: Library, config: Config, paths: Paths, *, no_color: bool) -> int:
    """The interface over this list until it is left; gives the exit code."""
    app = WatchlistApp(library, config, paths, no_color=no_color)
    sys.setswitchinterval(PATIENCE)
    app.run(mouse=config.mouse)
    library.remember()
    return app.return_code or 0
