"""Keys are answered one after the other, each by what the one before it left on the screen.

Textual hands a key to what has the focus when it arrives, which may be long before the keys ahead of it have been
answered: of `/dune` typed in one go the `d` would still reach the list, and remove a show.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Sequence
from typing import TypeVar

from textual.app import App
from textual.events import Event, Key, Paste
from textual.message_pump import MessagePump

T = TypeVar("T")
PATIENCE = 2.0  # seconds that a key waits for the one before it at most: a part that never answers must not hold up all
TURNS = 8  # of the loop, until what a key has begun has come to its dialog or its change


class TypeAhead(App[T]):
    """An app that keeps what is typed ahead until its turn comes."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._typed: deque[Event] = deque()
        self._answering: asyncio.Task[None] | None = None  # the wait for the answer to the last key

    @property
    def busy(self) -> bool:
        """Whether something is under way that the next key should see the end of."""
        return False

    async def on_event(self, event: Event) -> None:
        if not isinstance(event, (Key, Paste)) or event.is_forwarded:
            await super().on_event(event)
            return
        self._typed.append(event)
        if self._answering is None:
            await self._answer()

    async def _answer(self) -> None:
        """Hand on the next key, and the one after it when this one is answered."""
        if not self._typed:
            self._answering = None
            return
        event, way = self._typed.popleft(), (self.focused or self.screen).ancestors_with_self
        self._answering = asyncio.create_task(self._until_answered(way))
        await super().on_event(event)

    async def _until_answered(self, way: Sequence[MessagePump]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                for part in way:  # a key goes up from part to part, and each has a queue of its own
                    await _reached(part)
                for _ in range(TURNS):
                    await asyncio.sleep(0)
                while self.busy:
                    await asyncio.sleep(0.005)
                await _reached(self.screen)
        except TimeoutError:
            pass
        self.call_later(self._answer)


async def _reached(part: MessagePump) -> None:
    """Returns when this part has answered all that was sent to it so far."""
    answered = asyncio.Event()
    if part.call_later(answered.set):
        await answered.wait()
