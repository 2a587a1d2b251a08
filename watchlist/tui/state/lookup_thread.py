"""LookupThread: the thread in which sources are asked, so that a slow network or a large answer never delays a key."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Mapping
from typing import TypeVar

from watchlist.domain.model import Show
from watchlist.lookups import LookupSession, Matches
from watchlist.paths import Paths
from watchlist.sources.lookup.daemon_threads import DaemonThreads
from watchlist.sources.lookup.source import Candidate

T = TypeVar("T")
CLOSE_SECONDS = 1.0  # longest time to wait for the end of the thread


class LookupThread:
    """A thread with an event loop and a look-up session, which keeps the limits of all sources.

    All methods are called in the event loop of the interface. Canceling a future that they return closes its connection.
    """

    def __init__(self, settings: Mapping[str, str], environ: Mapping[str, str], paths: Paths) -> None:
        self._session = LookupSession(settings, environ, paths)
        self._loop = asyncio.new_event_loop()
        self._loop.set_default_executor(DaemonThreads())  # the end of the program waits for no look-up of a name
        self._thread = threading.Thread(target=self._run, name="lookup", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    def search(self, show: Show, asking: Callable[[str], object]) -> asyncio.Future[Matches]:
        """Start `LookupSession.search`. `asking` is called in the other thread."""
        return asyncio.wrap_future(
            asyncio.run_coroutine_threadsafe(self._session.search(show, asking=asking), self._loop)
        )

    def fetch(self, candidate: Candidate) -> asyncio.Future[Show]:
        """Start `LookupSession.fetch`."""
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(self._session.fetch(candidate), self._loop))

    def close(self) -> None:
        """Stop what is running, close all connections, and end the thread."""
        if not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._end(), self._loop)
            self._thread.join(CLOSE_SECONDS)

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._session.close()
        self._loop.stop()
