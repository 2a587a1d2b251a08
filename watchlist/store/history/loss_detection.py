"""Detection of data loss in a file that another program wrote: emptied, truncated, or without many of its shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from watchlist.domain.text import counted
from watchlist.errors import Refused, StoreError

# A loss is suspected if the number of missing shows is above both of these limits.
LOSS_MIN_SHOWS = 5
LOSS_MIN_SHARE = 0.1  # as a share of all shows before


class Loss(Refused):
    """The error for an edited text that would remove many shows without confirmation: `titles`, of `had` shows."""

    def __init__(self, titles: Sequence[str], had: int) -> None:
        message = f"this text would remove {len(titles)} of {counted(had, 'show')}"
        super().__init__(message, "`watchlist edit --yes` removes them")
        self.titles = tuple(titles)


class FileFingerprint(NamedTuple):
    """The state of a file after a change: the digest of its bytes, its size in bytes, and its number of shows."""

    digest: str
    size: int
    shows: int


def suspicion(known: bytes | None, had: int, data: bytes, has: int | None) -> str:
    """Return why bytes that another program wrote look like a loss, or an empty text if they do not.

    The words follow the name of the file: "was emptied by another program".

    Args:
        known: The bytes before; None if they are not available.
        had: The number of shows before.
        data: The bytes that are in the file now.
        has: The number of shows in `data`; None if these bytes are not a valid list.
    """
    if had and (not data or data.isspace()):
        return "was emptied by another program"
    missing = known[len(data) :].strip() if known is not None and known.startswith(data) else b""
    # A person who removes the last lines in an editor leaves complete lines, and readable shows.
    if missing and (has is None or has < had or not data.endswith(b"\n")):
        return f"was cut short by another program: {len(missing)} bytes are missing at its end"
    if has is not None and has_shrunk(had, has):
        return f"has {has} of {counted(had, 'show')} left"
    return ""


def has_shrunk(had: int, has: int) -> bool:
    """Return whether so many shows are missing that a mistake is likely: all of several, or more than the limits.

    `had` and `has` are the numbers of shows before and now.
    """
    gone = had - has
    return gone > 1 and (has == 0 or (gone > LOSS_MIN_SHOWS and gone > LOSS_MIN_SHARE * had))


class SuspectedLossError(StoreError):
    """The error for a file that looks like a loss which the user has not accepted; `hint` has the next steps."""
