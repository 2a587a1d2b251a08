"""WatchlistApp: the Textual app with its themes, output filter, signal handlers and main screen."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Mapping
from datetime import date
from types import FrameType
from typing import Any

from textual.app import App
from textual.binding import Binding
from textual.driver import Driver
from textual.events import AppBlur, Event, Key, Paste
from textual.filter import LineFilter
from textual.screen import Screen
from textual.scrollbar import ScrollBar
from textual.theme import Theme

from watchlist.keymap import LEAVE, key_label, keys_of
from watchlist.paths import Paths
from watchlist.sanitize import inert
from watchlist.settings import Config
from watchlist.store.library import Library
from watchlist.tui.actions.forms import keep_forms
from watchlist.tui.bindings import keymap_of
from watchlist.tui.compat.app_lifecycle import CrashSafeApp, discard_output, is_lost_terminal
from watchlist.tui.compat.key_queue import KeyQueueApp
from watchlist.tui.compat.output_filter import ControlFilter
from watchlist.tui.compat.terminal_driver import terminal_driver
from watchlist.tui.paste_limits import LONGEST_LINE, LONGEST_PASTE
from watchlist.tui.screens.main import MainScreen
from watchlist.tui.state.preferences import Preferences
from watchlist.tui.themes import DEFAULT, NO_COLOR, OWN, names
from watchlist.tui.widgets.scroll_bar import AsciiLineBar, LineBar

SIGNALS = ("SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM")  # signals that end the app in an orderly way
HANG_UP = 1  # number of SIGHUP, which Windows lacks
POLL = 1.0  # seconds between two checks that the terminal still exists
# Seconds that a thread waits for a running one. By default 5 ms: so late would a drawn frame go to the terminal.
SWITCH = 0.0005


class WatchlistApp(KeyQueueApp[int], CrashSafeApp[int], inherit_bindings=False):
    """The Textual app for one list. Its exit code is 0, 128 + signal number after a signal, or 1 after an exception."""

    TITLE = "watchlist"
    CSS_PATH = "app.tcss"
    ENABLE_COMMAND_PALETTE = False  # our own palette is made from COMMANDS
    BINDINGS = [
        Binding(LEAVE, "leave", show=False, system=True, priority=True),  # works whatever keys the config changes
        Binding("ctrl+c", "help_quit", show=False, system=True),
    ]
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
        self._memory = Preferences.open(paths)
        chosen = NO_COLOR if no_color else self._memory.get("theme", config.theme)
        # Set before anything else: a later change would make Textual parse all styles twice before the first frame.
        self.set_reactive(App.theme, chosen if chosen in names() else DEFAULT)
        super().__init__(ansi_color=no_color or None)  # None: the theme decides
        self._library, self._config = library, config
        self._today = today
        self._filter = ControlFilter()
        self._forms_kept = False
        self.set_class(config.style.ascii, "-ascii")
        ScrollBar.renderer = AsciiLineBar if config.style.ascii else LineBar
        self.set_keymap(keymap_of(config.keys))
        self._suspend_keys = frozenset(key for key in keys_of("suspend", config.keys) if len(key) > 1)

    @property
    def available_themes(self) -> dict[str, Theme]:
        return super().available_themes | {theme.name: theme for theme in OWN}

    def get_driver_class(self) -> type[Driver]:
        return terminal_driver(super().get_driver_class())

    def get_default_screen(self) -> Screen[None]:
        return MainScreen(self._library, self._config, self._memory, self._today)

    def get_line_filters(self) -> list[LineFilter]:
        """Return Textual's filters, then the filter that removes control characters."""
        return [*super().get_line_filters(), self._filter]

    async def on_event(self, event: Event) -> None:
        """Refuse pastes that are too long. Handle the suspend key before all queued keys, whichever widget has the focus."""
        if isinstance(event, Key) and event.key in self._suspend_keys:
            self.action_suspend_process()
        elif isinstance(event, Paste) and len(event.text.encode("utf-8", "surrogatepass")) > LONGEST_PASTE:
            self._tell(f"The pasted text is longer than {LONGEST_PASTE >> 20} MB, nothing was inserted")
        else:
            await super().on_event(event)

    def on_unfinished_paste(self) -> None:
        """Show an error because an incomplete paste was dropped."""
        self._tell("The end of the pasted text did not arrive, nothing was inserted")

    def on_line_input_too_long(self) -> None:
        """Show an error because a paste is too long for a one-line input."""
        self._tell(f"The pasted text is longer than {LONGEST_LINE:,} characters, too long for one line")

    def _tell(self, text: str) -> None:
        """Show an error message on the main screen and in all open dialogs."""
        from watchlist.tui.dialogs.dialog import Dialog  # saves the import before the first frame

        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.say(text, tone="error")
            elif isinstance(screen, Dialog) and screen.is_open:
                screen.tell(text)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy `text` without its control characters, because a shell could execute them when the text is pasted."""
        super().copy_to_clipboard(inert(text))

    @property
    def busy(self) -> bool:
        """True while a change is stored, or a key waits for its hits. Further keys wait, because they refer to the result."""
        return any(getattr(screen, "busy", False) for screen in self.screen_stack)

    def on_app_blur(self, event: AppBlur) -> None:
        """Ignore the loss of focus: Textual would restyle every widget, and once more when the focus returns."""
        event.prevent_default()

    def on_app_focus(self) -> None:
        """Check the list file at once: the user may have changed it in another terminal."""
        for screen in self.screen_stack:
            if isinstance(screen, MainScreen):
                screen.file.read(at_once=True)

    def action_help_quit(self) -> None:
        """Show which key quits the app. Bound to ctrl+c, which ends other programs but not this one."""
        if isinstance(self.screen, MainScreen):
            self.screen.say(f"{key_label('quit', self._config.keys) or LEAVE} leaves", tone="info")

    async def action_leave(self) -> None:
        """Quit from any screen. If a form has typed text, ask first; a second press quits and keeps the text as a draft."""
        if getattr(self.screen, "asks_first", False):
            await self.screen.run_action("cancel")
        else:
            self._keep_forms()
            self.exit(0)

    # Ending the app

    def on_load(self) -> None:
        """Install handlers of exceptions before the app takes over the terminal, so that they can restore it."""
        asyncio.get_running_loop().set_exception_handler(self._fault_of_the_loop)
        threading.excepthook = self._fault_of_a_thread

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, self._back_again)
        if not self.is_headless:
            self.set_interval(POLL, self._look_at_the_terminal)

    def _back_again(self, _: object) -> None:
        """Redraw the screen after the program was resumed, e.g. with `fg`, and check whether the list file has changed."""
        self.refresh(layout=True)
        self.on_app_focus()

    def _look_at_the_terminal(self) -> None:
        """End the app if its terminal is gone. SIGHUP arrives only if that was its controlling terminal."""
        if not sys.__stdin__ or not sys.__stdin__.isatty():
            self.end_by_signal(HANG_UP)

    def end_by_signal(self, number: int) -> None:
        """Save the drafts and end the app with the exit code for the signal `number`, unless the app is ending already."""
        if not self.exiting:
            self._keep_forms()
            self.exit(128 + number, return_code=128 + number)

    def _keep_forms(self) -> None:
        """Save the texts of open forms as drafts. Repeated calls do nothing."""
        if not self._forms_kept:
            self._forms_kept = True
            for screen in self.screen_stack:
                if isinstance(screen, MainScreen):
                    keep_forms(screen)

    # Exceptions. `run` raises the first one after the terminal is restored.

    def before_crash(self) -> None:
        """Save the texts of open forms as drafts."""
        self._keep_forms()

    def panic(self, *renderables: object) -> None:
        """End the app. Textual calls this method when its input thread fails."""
        if sys.__stdin__ and sys.__stdin__.isatty():
            self.fail(RuntimeError("keys can't be read"))
        else:
            self.end_by_signal(HANG_UP)

    def _fault_of_the_loop(self, _: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        if isinstance(error := context.get("exception"), Exception):
            self.fail(error)

    def _fault_of_a_thread(self, args: threading.ExceptHookArgs) -> None:
        if is_lost_terminal(args.thread, args.exc_value):
            discard_output(args.thread)
        elif isinstance(args.exc_value, Exception):
            self.call_later(self.fail, args.exc_value)


async def _run(app: WatchlistApp, *, mouse: bool) -> None:
    """Run the app, which ends in an orderly way after a signal in SIGNALS.

    After its end, such a signal ends the process at once, with the exit code of the app.
    """
    loop = asyncio.get_running_loop()

    # Not `loop.add_signal_handler`: when a loop closes, it closes the pipe of its handlers before it removes them, and a
    # signal in between would print an error.
    def end(number: int, _: FrameType | None) -> None:
        app.end_signal = app.end_signal or number
        loop.call_soon_threadsafe(app.end_by_signal, number)

    _handle_signals(end)
    try:
        await app.run_async(mouse=mouse)
    finally:
        _handle_signals(lambda number, _: os._exit(app.return_code or 0))
        # A worker that had not begun when the app ended never will. Python would say so on the terminal.
        warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)


def _handle_signals(handler: Callable[[int, FrameType | None], object] | signal.Handlers) -> None:
    """Set the handler of all SIGNALS that the system has. Does nothing outside the main thread, which gets no signals."""
    for name in SIGNALS:
        if (number := getattr(signal, name, None)) is not None:
            with contextlib.suppress(ValueError):
                signal.signal(number, handler)


def run(library: Library, config: Config, paths: Paths, *, no_color: bool) -> int:
    """Run the interface until it ends, in colors unless `no_color` is True, and return the exit code.

    Raises the exception that ended the app, if any.
    """
    sys.setswitchinterval(SWITCH)
    app = WatchlistApp(library, config, paths, no_color=no_color)
    asyncio.run(_run(app, mouse=config.mouse))
    if app.fault is not None:
        raise app.fault
    if not app.return_code:  # after a signal, exit without delay
        library.list_file.remember()
    _handle_signals(signal.SIG_IGN)  # Python resets other handlers just before the process ends
    return app.return_code or 0
