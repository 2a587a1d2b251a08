"""LookupState: what the main screen knows of look-ups that are under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from watchlist.domain.lookup_edits import Taken
    from watchlist.tui.state.lookup_thread import LookupThread  # loads what look-ups need


class LookupState:
    """The thread that asks the sources, which the first look-up starts, and the answer that a look-up waits for.

    `unstored` are choices of the user that could not be stored, e.g. because the list was locked.
    """

    running = False  # True from the key to the end of a look-up
    thread: LookupThread | None = None
    waiting: asyncio.Future[Any] | None = None
    unstored: Sequence[Taken] = ()

    def stop(self) -> bool:
        """Stop the look-up that waits for an answer. Return False if none waits."""
        return self.waiting is not None and self.waiting.cancel()
