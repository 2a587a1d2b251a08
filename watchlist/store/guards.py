"""What must not be taken for a change somebody meant: a file that was emptied, cut short, or lost a lot of its shows."""

from __future__ import annotations

from typing import NamedTuple

from watchlist.text import counted

FEW, SHARE = 5, 0.1  # more shows than this, and more than this part of them, are not let go of unasked


class Left(NamedTuple):
    """What a file was left as: a digest of its bytes, how many, and how many shows were in them."""

    digest: str
    size: int
    shows: int


def suspicion(known: bytes | None, had: int, data: bytes, has: int | None) -> str:
    """Why bytes that another program wrote look like a loss, as a sentence goes on after the file's name; else empty.

    `known` are the bytes before, where they are at hand. `had` and `has` are how many shows were in the list and are now,
    None where that can't be read.
    """
    if had and (not data or data.isspace()):
        return "was emptied by another program"
    missing = known[len(data) :].strip() if known is not None and known.startswith(data) else b""
    # Whoever takes the last lines out in an editor leaves whole ones, and shows that can be read.
    if missing and (has is None or has < had or not data.endswith(b"\n")):
        return f"was cut short by another program: {len(missing)} bytes are missing at its end"
    if has is not None and _shrunk(had, has):
        return f"has {has} of {counted(had, 'show')} left that were in it"
    return ""


def _shrunk(had: int, has: int) -> bool:
    """Whether so many shows are gone that it may not have been meant: all of several, or a lot of many."""
    gone = had - has
    return gone > 1 and (has == 0 or (gone > FEW and gone > SHARE * had))
