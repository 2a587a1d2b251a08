"""Detects whether a file that another program wrote has lost data: it was emptied, truncated, or lacks many shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from watchlist.domain.text import counted
from watchlist.errors import Refused, StoreError

# A loss is suspected if the number of missing shows is above both of these limits.
LOSS_MIN_SHOWS = 5
LOSS_MIN_SHARE = 0.1  # relative to the previous number of shows


class Loss(Refused):
    """Raised if an edited text would remove many shows without confirmation.

    `titles` are the titles of these shows, `had` is the number of all shows before.
    """

    def __init__(self, titles: Sequence[str], had: int) -> None:
        message = f"this text would remove {len(titles):,} of {counted(had, 'show')}"
        super().__init__(message, "`watchlist edit --yes` removes them")
        self.titles = tuple(titles)


class FileFingerprint(NamedTuple):
    """The state of a file after a change: digest of its bytes (empty for no file), size in bytes, and number of shows."""

    digest: str
    size: int
    shows: int


def suspicion(known: bytes | None, had: int, data: bytes, has: int | None) -> str:
    """Return why bytes written by another program look like a loss; empty if they do not.

    The result is a phrase that follows the name of the file, e.g. "was emptied by another program".

    Args:
        known: The previous bytes; None if they are not available.
        had: The previous number of shows.
        data: The current bytes of the file.
        has: The number of shows in `data`; None if `data` is not a valid list.
    """
    if had and (not data or data.isspace()):
        return "was emptied by another program"
    missing = known[len(data) :].strip() if known is not None and known.startswith(data) else b""
    # A person who removes the last lines in an editor leaves complete lines, and readable shows.
    if missing and (has is None or has < had or not data.endswith(b"\n")):
        return f"was cut short by another program: {len(missing):,} bytes are missing at its end"
    if has is not None and has_shrunk(had, has):
        return f"has {has:,} of {counted(had, 'show')} left"
    return ""


def has_shrunk(had: int, has: int) -> bool:
    """Return True if so many shows are missing that a mistake is likely: all (two or more), or over 5 and over 10 %.

    `had` and `has` are the previous and the current number of shows.
    """
    gone = had - has
    return gone > 1 and (has == 0 or (gone > LOSS_MIN_SHOWS and gone > LOSS_MIN_SHARE * had))


class SuspectedLossError(StoreError):
    """Raised if the file seems to have lost shows. `hint` says what the user can do."""
