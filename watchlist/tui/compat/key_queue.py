"""KeyQueueApp: an app that handles each key or click only after the previous one has taken effect.

Textual sends a key to the widget that has the focus when the key arrives, even if earlier keys are not handled yet:
if `/dune` is typed quickly, the `d` would reach the list instead of the filter, and remove a show.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import Sequence
from typing import TypeVar

from textual.app import App
from textual.errors import NoWidget
from textual.events import Event, Key, MouseDown, MouseEvent, MouseMove, MouseUp, Paste
from textual.message_pump import MessagePump

from watchlist.tui.state.type_ahead import PAUSE, Prefix

T = TypeVar("T")
PATIENCE = 2.0  # seconds that a key waits for the previous key at most: a hanging widget must not block all keys
TURNS = 8  # passes of the event loop after which the task of a key has opened its dialog or begun its change


class KeyQueueApp(App[T]):
    """An app that handles keys, clicks and pastes one by one: each waits in a queue until the previous one is handled."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._typed: deque[tuple[Event, float]] = deque()  # with the seconds of arrival, monotonic clock
        # The typed part of a word that was recognized early, and the words that it may become; see `ignore_rest`.
        self._rest: tuple[Prefix, Sequence[str]] | None = None
        self._answered = 0.0  # second at which the last key was handled, monotonic clock
        self._answering: asyncio.Task[None] | None = None  # waits for the last key; None if idle

    @property
    def busy(self) -> bool:
        """True while an operation runs that must end before the next key is handled. Subclasses override this."""
        return False

    @property
    def last_key(self) -> float:
        """The second of the monotonic clock at which the last key or click was handled; 0 before the first one."""
        return self._answered

    async def on_event(self, event: Event) -> None:
        in_turn = isinstance(event, (Key, Paste, MouseDown, MouseUp))
        if self._answering is not None and isinstance(event, MouseMove):
            in_turn = True  # must not overtake the button that was pressed before
        if not in_turn or event.is_forwarded:
            await super().on_event(event)
            return
        self._typed.append((event, time.monotonic()))
        if self._answering is None:
            await self._answer()

    async def _answer(self) -> None:
        """Dispatch the next queued event, and start the task that waits until the event is handled."""
        while self._typed:
            event, came = self._typed.popleft()
            if isinstance(event, MouseMove):
                await super().on_event(event)
            elif not self._is_rest(event, came):
                break
        else:
            self._answering = None
            return
        self._answering = asyncio.create_task(self._until_answered(self._way_of(event)))
        await super().on_event(event)

    def _way_of(self, event: Event) -> Sequence[MessagePump]:
        """Return the widgets, the screen and the app that handle `event`, from the innermost widget outwards."""
        part = self.focused or self.screen
        if isinstance(event, MouseEvent):
            with contextlib.suppress(NoWidget):
                part = self.mouse_captured or self.get_widget_at(event.x, event.y)[0]
        return part.ancestors_with_self

    def ignore_rest(self, typed: str, words: Sequence[str]) -> None:
        """Ignore the rest of a word after `typed`, its first letters, has chosen one of several options.

        Keys are ignored until a pause, or until a key that continues none of `words`, the labels of the options.
        """
        prefix = Prefix()
        prefix.type(typed, 0.0, words)
        self._rest = (prefix, words) if prefix.text else None

    def _is_rest(self, event: Event, came: float) -> bool:
        """Return True if `event` is a letter typed right after a word that chose an option, e.g. the `d` of `watched`.

        Such a letter must not act as a key. `ignore_rest` was called when the word had chosen.

        Args:
            came: The time at which the event arrived, in seconds of the monotonic clock.
        """
        if self._rest is None:
            return False
        prefix, words = self._rest
        in_time = came - self._answered <= PAUSE  # time that the previous key took does not count
        if isinstance(event, Key) and in_time and prefix.goes_on(event.character, 0.0, words):
            prefix.type(event.character or "", 0.0, words)
            self._answered = max(came, self._answered)
            return True
        self._rest = None
        return False

    async def _until_answered(self, way: Sequence[MessagePump]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                for part in way:  # a key bubbles up, and each widget has its own message queue
                    await _reached(part)
                for _ in range(TURNS):
                    await asyncio.sleep(0)
                while self.busy:
                    await asyncio.sleep(0.005)
                await _reached(self.screen)
        except TimeoutError:
            pass
        self._answered = time.monotonic()
        self.call_later(self._answer)


async def _reached(part: MessagePump) -> None:
    """Wait until a message pump (a widget, screen or app) has processed all messages that are now in its queue."""
    answered = asyncio.Event()
    if part.call_later(answered.set):
        await answered.wait()
