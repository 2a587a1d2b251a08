"""RateLimit: delays requests, so that a service gets no more of them than it allows."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable


class RateLimit:
    """Allows at most `calls` requests in any `seconds`, and none before a pause has ended."""

    def __init__(
        self,
        calls: int,
        seconds: float,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._seconds, self._now, self._sleep = seconds, now, sleep
        self._times: deque[float] = deque(maxlen=calls)  # the times of the latest requests
        self._resume = float("-inf")  # the time at which the pause ends
        self._turn = asyncio.Lock()  # requests are sent in the order in which they came

    async def wait(self) -> None:
        """Wait until one more request may be sent. The request counts as sent when this returns."""
        async with self._turn:
            while (delay := self._delay()) > 0:
                await self._sleep(delay)
            self._times.append(self._now())

    def pause(self, seconds: float) -> None:
        """Let no request through in the next `seconds`."""
        self._resume = max(self._resume, self._now() + seconds)

    def _delay(self) -> float:
        """Return the seconds until a request may be sent; 0 or less if one may be sent now."""
        full = len(self._times) == self._times.maxlen
        return max(self._resume, self._times[0] + self._seconds if full else self._resume) - self._now()
