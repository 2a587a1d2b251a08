"""ROWS: what is measured, against what, and how many times as long it may take. The one table of the benchmark."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench import commands, interface
from tests.bench.bench import Bench, Series, highest

SMALL, LARGE = 10_000, 100_000  # shows: the sizes that bars are given for


@dataclass(frozen=True)
class Bar:
    """One line of the table. `limits` has the highest ratio allowed by number of shows; empty: only told, not held to."""

    number: str
    what: str
    floor: str
    limits: Mapping[int, float] = field(default_factory=dict)
    middle: Callable[[Sequence[float]], float] = statistics.median
    unit: str = "ms"


@dataclass(frozen=True)
class Row:
    """What is measured in one go: a series for each of its bars."""

    bars: tuple[Bar, ...]
    measure: Callable[[Bench], tuple[Series, ...]]

    @property
    def number(self) -> str:
        return self.bars[0].number.rstrip("ab")


def _bar(number: str, what: str, floor: str, small: float | None = None, large: float | None = None) -> Bar:
    limits = {shows: limit for shows, limit in ((SMALL, small), (LARGE, large)) if limit is not None}
    return Bar(number, what, floor, limits)


EMPTY = "a Textual app with one Static, one Footer"
IMPORTS = 'python -c "import argparse, json"'
REPLACE = "write, fsync, rename of the same bytes"

ROWS: tuple[Row, ...] = (
    Row((_bar("1", "watchlist to the first rows, warm", EMPTY, 1.4, 2.5),), interface.first_rows),
    Row((_bar("2", "the same with 100 shows", EMPTY, 1.2),), interface.first_rows_of_100),
    Row(
        (
            _bar("3", "first start ever, until all is there", "tomllib.loads of the file", 1.3, 1.3),
            _bar("3b", "first start ever, to the first rows", "tomllib.loads of the file"),
        ),
        interface.first_start,
    ),
    Row((_bar("4", "list status:watching --limit 20, warm", IMPORTS, 4, 15),), commands.list_some),
    Row(
        (
            _bar("5a", "--version", IMPORTS, 2.2),
            _bar("5b", "completions bash", IMPORTS, 2.2),
            _bar("5c", "help", IMPORTS, 2.2),
        ),
        commands.about_itself,
    ),
    Row((_bar("6", "rate a show, to exit, on disk", f"bare Python: {REPLACE}", 6, 6),), commands.rate),
    Row((_bar("7", "in the interface: rate, to stored", REPLACE, 2, 2),), interface.rate_key),
    Row(
        (
            _bar("8", "key in the filter line, median", "the same key in an app with one Input", 1.5, 3),
            Bar(
                "8b",
                "key in the filter line, p99",
                "the same key in an app with one Input",
                {SMALL: 2, LARGE: 5},
                highest,
            ),
        ),
        interface.filter_keys,
    ),
    Row(
        (
            _bar("9", "cursor key", "OptionList of 100 rows", 1.1, 1.1),
            _bar("9b", "cursor key, to the details", "OptionList of 100 rows"),
        ),
        interface.cursor_keys,
    ),
    Row((_bar("10", "order by another field", "key in the empty app", 3, 10),), interface.order_keys),
    Row((Bar("11", "peak memory of 1", EMPTY, {SMALL: 2, LARGE: 8}, unit="MiB"),), interface.memory),
    Row((_bar("12", "import of as many IMDb rows", "csv.DictReader, tomli_w.dumps", 1.5),), commands.import_imdb),
    Row(
        (
            _bar("13", "change from outside, back at the terminal", "read and hash of the file", 3),
            _bar("13b", "change from outside, in front of it", "read and hash of the file"),
        ),
        interface.change_from_outside,
    ),
    Row((_bar("14", "stats, three viewings a show", "json.loads of as many JSON rows", 4),), commands.stats),
    Row((_bar("15", "pick, of the same shows", "json.loads of as many JSON rows", 4),), commands.pick),
)
