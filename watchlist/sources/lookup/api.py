"""Api: the address and the limits of one service that the client asks."""

from __future__ import annotations

from watchlist.domain.frozen import Frozen
from watchlist.domain.source_credits import credit_of

HOUR = 3600.0
DAY = 24 * HOUR


class Api(Frozen):
    """A service that answers requests in JSON.

    At most `calls` requests are sent in `seconds`, as the service asks. An answer is kept for `lifetime` seconds, which is
    at most what the service's terms allow.
    """

    name: str  # the key of the address in the config
    base: str  # the default address, without a slash at its end
    calls: int
    seconds: float
    lifetime: float = DAY

    @property
    def title(self) -> str:
        """The name for users, e.g. "TVmaze"."""
        return credit_of(self.name).title
