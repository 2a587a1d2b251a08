"""Full-text search: finds words in all texts of a show."""

from __future__ import annotations

from collections.abc import Sequence

from watchlist.domain.show_table import ShowTable
from watchlist.query.column_types import values
from watchlist.query.columns import part_of
from watchlist.query.row_filter import Test


def mentions(needle: str) -> Test:
    """Return the test that shows pass if their searched texts contain `needle`, a text without case and accents.

    If the same rows were searched before for the first letters of `needle`, only shows that contain these are searched.
    """

    def test(shows: ShowTable, rows: Sequence[int]) -> Sequence[int]:
        for end in range(len(needle), 0, -1):
            searched, matches = shows.results.get(needle[:end], (None, ()))
            if searched is rows:
                break
        else:
            end, matches = 0, rows
        if end < len(needle):
            texts = values(shows, "searched", matches)
            matches = [row for row in matches if needle in texts[row]]
            shows.remember(needle, rows, matches)
        return matches

    return test


def in_part(name: str, needle: str, *, whole: bool) -> Test:
    """Return the test that shows pass if a text of their field `name` contains or, if `whole` is True, equals `needle`."""
    mentioned = mentions(needle)

    def test(shows: ShowTable, rows: Sequence[int]) -> Sequence[int]:
        candidates = mentioned(shows, rows)
        texts = values(shows, "searched", candidates)
        if whole:
            return [row for row in candidates if needle in part_of(texts[row], name).split("\n")]
        return [row for row in candidates if needle in part_of(texts[row], name)]

    return test
