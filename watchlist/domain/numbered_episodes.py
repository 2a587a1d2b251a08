"""Finds out which episodes a season has from the numbers of those that a source knows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

MAX_GAPS: Final = 4  # a season has at most 4 episodes for each known one
MAX_EXTRA: Final = 100  # and 100 more


def episode_range(numbers: Collection[int], before: int, length: int | None = None) -> range:
    """Return the numbers of a season's episodes, from the first to the last known one; empty if none is plausible.

    A season begins with episode 1, even if that one is unknown. Only numbers that continue those of the season before, or
    that are as many as the season is long, begin with a higher one. A number far above the number of known episodes is a
    mistake, e.g. a date, and left out.

    Args:
        numbers: The numbers of the known episodes.
        before: The last number of the season before; 0 if unknown.
        length: The planned number of episodes; None if unknown.
    """
    if not numbers:
        return range(0)
    lowest, highest = min(numbers), max(numbers)
    fills = length == highest - lowest + 1
    beyond = length is None or highest > length
    first = lowest if lowest > 1 and beyond and (lowest == before + 1 or fills) else 1
    limit = first + max(MAX_GAPS * len(numbers) + MAX_EXTRA, (length or 0) - 1)
    last = max((number for number in numbers if first <= number <= limit), default=first - 1)
    return range(first, last + 1)
