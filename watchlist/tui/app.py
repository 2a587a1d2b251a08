"""The app: themes, the filter that keeps controls off the terminal, signals, and the one screen that all stands on."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from textual.app import App
from textual.binding import Binding
from textual.css.query import NoMatches
from textual.drivers._writer_thread import WriterThread
from textual.events import AppBlur
from textual.filter import LineFilter
from textual.screen import Screen
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.theme import Theme
from textual.widget import MountError
from textual.worker import WorkerFailed

from watchlist.config import Config
from watchlist.paths import Paths
from watchlist.store.library import Library
from watchlist.tui.memory import Memory
from watchlist.tui.projections import keymap_of
from watchlist.tui.safety import ControlFilter, PasteParser
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.themes import DEFAULT, NO_COLOR, OWN, names
from watchlist.tui.typeahead import TypeAhead

SIGNALS = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM")
HANG_UP = 1
POLL = 1.0  # seconds between two looks at the terminal
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
        self._memory = Memory.open(paths)
        chosen = NO_COLOR if no_color else self._memory.get("theme", config.theme)
        # Before all else: a theme that is set later has Textual read all styles a second time before the first frame.
        self.set_reactive(App.theme, chosen if chosen in names() else DEFAULT)
        super().__init__(ansi_color=no_color or None)  # None: as the theme wants it
        # What is to be said is said on the message line: two widgets less on every screen.
        self._disable_notifications = self._disable_tooltips = True
        self._library, self._config = library, config
        self._today = today
        self._filter = ControlFilter()
        self._ending = False
        self.set_class(config.style.ascii, "-ascii")
        ScrollBar.renderer = WholeCells if config.style.ascii else ScrollBarRender
        self.set_keymap(keymap_of(config.keys))

    @property
    def available_themes(self) -> dict[str, Theme]:
        return super().available_themes | {theme.name: theme for theme in OWN}

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

    # How it ends

    def on_load(self) -> None:
        """Before the terminal is taken: from then on no signal may end this without giving it back."""
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(self._fault_of_the_loop)
        threading.excepthook = self._fault_of_a_thread
        for name in SIGNALS:
            if (number := getattr(signal, name, None)) is not None:
                with contextlib.suppress(NotImplementedError, RuntimeError, ValueError):  # Windows; a loop in a thread
                    loop.add_signal_handler(number, self._ended_by, number)

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, self._back_again)
        if not self.is_headless:
            self.set_interval(POLL, self._look_at_the_terminal)

    def _back_again(self, _: object) -> None:
        """After `fg` nothing of what was drawn is on the terminal any more, and the file may be another one."""
        self.refresh(layout=True)
        self.on_app_focus()

    def _look_at_the_terminal(self) -> None:
        """A terminal that is gone sends a signal, but not to who was started without being told of hang-ups."""
        if not sys.__stdin__ or not sys.__stdin__.isatty():
            self._ended_by(HANG_UP)

    def _ended_by(self, number: int) -> None:
        self._keep_forms()
        self.exit(128 + number, return_code=128 + number)

    def _keep_forms(self) -> None:
        """Have what is typed in open forms kept, once."""
        if not self._ending:
            self._ending = True
            for screen in self.screen_stack:
                if isinstance(screen, MainScreen):
                    screen.keep_forms()

    # What is wrong with the program itself: `run` raises it when the terminal is given back. Textual would print values.

    def _handle_exception(self, error: Exception) -> None:
        if isinstance(error, WorkerFailed) and isinstance(error.error, Exception):
            error = error.error  # the other one knows not where it came up
        if (self._exit or not self._running) and isinstance(error, (NoMatches, MountError)):
            return  # what was under way had something to draw, on what is not there any more
        self._return_code = 1
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
            self._keep_forms()
        self._close_messages_no_wait()

    def panic(self, *renderables: object) -> None:
        """Textual calls this where keys can't be read any more."""
        if sys.__stdin__ and sys.__stdin__.isatty():
            self._handle_exception(RuntimeError("keys can't be read"))
        else:
            self._ended_by(HANG_UP)

    def _fault_of_the_loop(self, _: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        if isinstance(error := context.get("exception"), Exception):
            self._handle_exception(error)

    def _fault_of_a_thread(self, args: threading.ExceptHookArgs) -> None:
        if isinstance(args.thread, WriterThread) and isinstance(args.exc_value, OSError):
            _draw_nowhere(args.thread)
        elif isinstance(args.exc_value, Exception):
            self.call_later(self._handle_exception, args.exc_value)

    @property
    def fault(self) -> Exception | None:
        """What ended it, where that was none of the user's doing."""
        return self._exception


def _draw_nowhere(writer: WriterThread) -> None:
    """The terminal is gone. Who draws must not wait for it: what is written on the way out is taken, and dropped."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), writer.fileno())
    while writer._queue.get() is not None:
        pass


def run(library: Library, config: Config, paths: Paths, *, no_color: bool) -> int:
    """The interface over this list until it is left; gives the exit code."""
    app = WatchlistApp(library, config, paths, no_color=no_color)
    sys.setswitchinterval(PATIENCE)
    with contextlib.suppress(ImportError):  # Windows
        from textual.drivers import linux_driver

        vars(linux_driver)["XTermParser"] = PasteParser
    app.run(mouse=config.mouse)
    if app.fault is not None:
        raise app.fault
    if not app.return_code:  # else it is in a hurry
        library.remember()
    return app.return_code or 0
