"""The terminal driver: Textual's driver with a stricter input parser and safe suspending and resuming.

Textual stops and restarts its input thread in the signal handlers of SIGTSTP and SIGCONT. Such a handler can deadlock,
because the interrupted code may hold the lock that the handler waits for, and `kill -CONT` starts a second input
thread, which steals keys and outlives the program. Here the handlers only ask the event loop to do the work.

Textual also restores the terminal's settings before it has written all of its output. A ctrl+s in that moment stops
the output, and Textual waits for it forever. Here flow control is restored last.

Private names in use: the global `XTermParser` of Textual's driver modules, and the names that `terminal_input` lists.
If one of them is missing, Textual's own parser reads the input: unknown control sequences act as keys, and bytes that
are not UTF-8 end the app.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

from textual.driver import Driver

if sys.platform != "win32":
    import termios

try:
    from watchlist.tui.compat.terminal_input import TerminalInput, lenient_decoder

    _REPLACED: dict[str, object] = {"XTermParser": TerminalInput, "getincrementaldecoder": lenient_decoder}
except (ImportError, AttributeError):
    _REPLACED = {}

if TYPE_CHECKING:
    from textual.drivers.linux_driver import LinuxDriver as Base
else:
    Base = object

START_WAIT = 1.0  # seconds to wait for the input thread to start
ATTEMPTS = 10  # attempts to resume: an attempt fails if the program is continued in the background


def terminal_driver(driver: type[Driver]) -> type[Driver]:
    """Return the subclass of `driver` to use (on Windows, `driver` itself). Replace the input parser in its module too."""
    module = vars(sys.modules[driver.__module__])
    replaced = dict(_REPLACED)
    if replaced:
        # One parser for all input threads of an app: if the program is suspended in the middle of a paste, the rest of the
        # paste arrives after it is resumed, and must not act as keys.
        parser = TerminalInput()
        replaced["XTermParser"] = lambda debug=False: parser
    module |= {name: value for name, value in replaced.items() if name in module}
    return type("TerminalDriver", (_Orderly, driver), {}) if hasattr(signal, "SIGTSTP") else driver


class _Orderly(Base):
    """A mixin for Textual's drivers: the program is suspended and resumed by the event loop, not by signal handlers."""

    _loop_to_use: asyncio.AbstractEventLoop
    _in_use = False  # True while the terminal is in application mode
    _stop_wanted = False  # True between SIGTSTP and SIGCONT
    _suspending = False  # True while `_set_up_again` runs

    def start_application_mode(self) -> None:
        if self.can_suspend:
            self._loop_to_use = asyncio.get_running_loop()
            signal.signal(signal.SIGTSTP, self._asked_to_stop)
            signal.signal(signal.SIGCONT, self._continued)
        self._reading = threading.Event()
        super().start_application_mode()  # type: ignore[no-untyped-call]
        self._in_use = True

    def stop_application_mode(self) -> None:
        self._in_use = False
        settings = getattr(self, "attrs_before", None)
        if settings is not None:
            self.attrs_before = [settings[0] & ~termios.IXON, *settings[1:]]  # no flow control before `close`
        try:
            super().stop_application_mode()
        finally:
            self.attrs_before = settings

    def close(self) -> None:
        super().close()  # returns when all output is written
        if (settings := getattr(self, "attrs_before", None)) is not None and not self._in_use:
            with contextlib.suppress(termios.error):  # the terminal is gone
                termios.tcsetattr(self.fileno, termios.TCSANOW, settings)

    def run_input_thread(self) -> None:
        self._reading.set()
        super().run_input_thread()

    def _asked_to_stop(self, *_: object) -> None:
        """Handle SIGTSTP: suspend the program."""
        if self._in_use:
            self._stop_wanted = True
            self._loop_to_use.call_soon_threadsafe(self._suspend)
        elif not self._suspending:  # the terminal is not ours, e.g. while an editor runs
            os.kill(os.getpid(), signal.SIGSTOP)

    def _continued(self, *_: object) -> None:
        """Handle SIGCONT, e.g. after `kill -STOP`: set the terminal up again, because the shell may have changed it."""
        self._stop_wanted = False  # before the program has stopped itself, it need not do so any more
        if self._in_use and not self._suspending:
            self._loop_to_use.call_soon_threadsafe(self._set_up_again)

    def _suspend(self) -> None:
        if self._in_use and self._stop_wanted:
            self._set_up_again(stop=True)

    def _set_up_again(self, *, stop: bool = False) -> None:
        """Reset the terminal and set it up again for the app. With `stop`, stop the process in between, until SIGCONT."""
        if not self._in_use:
            return
        self._suspending = True
        try:
            self.suspend_application_mode()
            if stop and self._stop_wanted:
                os.kill(os.getpid(), signal.SIGSTOP)  # returns after SIGCONT
            for _ in range(ATTEMPTS):
                self.resume_application_mode()
                if self._reading.wait(START_WAIT):
                    break
        finally:
            self._suspending = False
        self.send_message(self.SignalResume())
