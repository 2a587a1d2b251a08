"""ROWS: what is measured, against what, and how many times as long it may take. The one table of the benchmark."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench import add_line, catalogue, commands, interface
from tests.bench.bench import Bench, Series, highest
from tests.bench.interface import PAGES, PROMPTS

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
        return "".join(itertools.takewhile(str.isdigit, self.bars[0].number))


def _bar(number: str, what: str, floor: str, small: float | None = None, large: float | None = None) -> Bar:
    limits = {shows: limit for shows, limit in ((SMALL, small), (LARGE, large)) if limit is not None}
    return Bar(number, what, floor, limits)


def _dialog_bars(row: str, key: bytes, name: str, small: float, large: float) -> tuple[Bar, Bar]:
    """The bar of the first frame with the dialog, and a line that tells when all of its contents are there."""
    number, what = f"{row}{key.decode()}", f"{key.decode()}: {name}"
    first = _bar(number, f"{what}, the first frame with its heading", MODAL, small, large)
    return first, _bar(f"{number} whole", f"{what}, until all of its contents are there", MODAL)


EMPTY = "a Textual app with one Static, one Footer"
IMPORTS = 'python -c "import argparse, json"'
REWRITE = "tomllib.load and tomli_w.dump of the file, fsync"
STORE = "read, hash, write, fsync, rename of the same bytes"
MODAL = "a modal with one Label, one Input"

ROWS: tuple[Row, ...] = (
    Row((_bar("1", "watchlist to the first rows, warm", EMPTY, 1.4, 2.5),), interface.first_rows),
    Row((_bar("2", "the same with 100 shows", EMPTY, 1.3),), interface.first_rows_of_100),
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
    Row((_bar("6", "rate a show, to exit, on disk", f"bare Python: {STORE}", 4, 5),), commands.rate),
    Row((_bar("7", "in the interface: rate, to stored", STORE, 2, 2),), interface.rate_key),
    Row(
        (
            _bar("8", "key in the filter line, median", "the same key in an app with one Input", 5, 20),
            Bar(
                "8b",
                "key in the filter line, p99",
                "the same key in an app with one Input",
                {SMALL: 8, LARGE: 40},
                highest,
            ),
        ),
        interface.filter_keys,
    ),
    Row(
        (
            _bar("9", "cursor key", "OptionList of 100 rows", 1.1, 1.1),
            _bar("9b", "cursor key, to the details", "OptionList of 100 rows", 12, 12),
        ),
        interface.cursor_keys,
    ),
    Row((_bar("10", "order by another field", "key in the empty app", 6, 20),), interface.order_keys),
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
    Row(
        tuple(bar for key, name in PROMPTS.items() for bar in _dialog_bars("16", key, name, 1.5, 1.5)),
        interface.prompt_keys,
    ),
    Row(
        tuple(
            bar
            for key, name in PAGES.items()
            for bar in _dialog_bars("17", key, name, 2, 8 if key in (b"S", b"p") else 2)
        ),
        interface.page_keys,
    ),
    Row((_bar("18", "esc from a dialog", f"esc from {MODAL}", 1.3, 1.3),), interface.escape_key),
    Row(
        (
            _bar("21", "a tag for every show, on disk", REWRITE, 4, 4),
            _bar("21b", "its undo", REWRITE, 4, 4),
            Bar("21c", "peak memory of 21", "the size of the file", {LARGE: 4.5}, unit="MiB"),
        ),
        commands.tag_all,
    ),
    Row(
        (_bar("22", "watchlist to the first rows, with a catalogue", "the same without a catalogue", 1.02),),
        catalogue.start_with_one,
    ),
    Row(
        (
            Bar(
                "23",
                "key in the add line to the frame with hits, p95",
                "the same key in an app with one Input",
                {SMALL: 8},
                add_line.p95,
            ),
        ),
        add_line.add_line_keys,
    ),
    Row(
        (_bar("24", "lookup, to exit, answers from this machine", "the same requests by the bare client", 2),),
        commands.lookup,
    ),
)
