"""Tests that rows of a ShowTable pass or fail, and combinations of tests: all of them, any of them, none of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import filterfalse
from operator import itemgetter
from typing import Any

from watchlist.domain.show_table import ShowTable
from watchlist.query.column_types import LazyColumn

# Takes a table and rows (indexes from 0); returns the rows that pass.
Test = Callable[[ShowTable, Sequence[int]], Sequence[int]]
Read = Callable[[ShowTable, Sequence[int]], "Sequence[Any] | LazyColumn"]  # returns values by row


def everything(shows: ShowTable, rows: Sequence[int]) -> Sequence[int]:
    """Return all `rows`. This is a test that every show passes."""
    return rows


def _none_of(test: Test) -> Test:
    def negated(shows: ShowTable, rows: Sequence[int]) -> Sequence[int]:
        matches = test(shows, rows)
        return list(filterfalse(set(matches).__contains__, rows)) if len(matches) < len(rows) else []

    return negated


def _any(tests: list[Test]) -> Test:
    def test(shows: ShowTable, rows: Sequence[int]) -> Sequence[int]:
        hits = {row for single_test in tests for row in single_test(shows, rows)}
        return list(filter(hits.__contains__, rows))

    return tests[0] if len(tests) == 1 else test


def _both(first: Test, second: Test) -> Test:
    return lambda shows, rows: second(shows, first(shows, rows))


def _all(tests: list[tuple[int, Test]]) -> Test:
    """Return the test that rows pass if they pass all of `tests`, which are (cost, test) pairs.

    Tests with a low cost run first, so that the expensive tests run on fewer rows.
    """
    in_order = [test for _, test in sorted(tests, key=itemgetter(0))]

    def test(shows: ShowTable, rows: Sequence[int]) -> Sequence[int]:
        for single_test in in_order:  # a loop, because nested calls for thousands of pasted words exceed the limit
            rows = single_test(shows, rows)
        return rows

    return in_order[0] if len(in_order) == 1 else test
