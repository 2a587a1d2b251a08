"""Measurements of the add line: a key until the frame with the hits for it, with a catalogue of full size."""

from __future__ import annotations

import random
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.bench import Bench, Place, Series
from tests.bench.catalogue import build
from tests.bench.catalogue_files import FULL, write_files
from tests.bench.interface import BACKSPACE, ESCAPE, _side_by_side
from tests.bench.terminal import COLUMNS, beside
from watchlist.paths import APP
from watchlist.sources.catalogue.database import Catalogue

ROWS = FULL  # of the dataset: 800,000 of them are titles of the catalogue
# The part of the screen with the line and the hits: the preview comes later on purpose.
HITS = beside(COLUMNS * 45 // 100)
LETTERS = 8  # that are typed of each title


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[18] if len(values) > 1 else values[0]


def add_line_keys(bench: Bench) -> tuple[Series, ...]:
    """Beginnings of titles typed letter by letter and taken away again; each key until nothing changes any more."""
    a: list[float] = []
    b: list[float] = []
    with _side_by_side(bench, "input") as (place, ours, floor):
        titles = _put_catalogue(place)
        ours.press(b"a", "a title, an id or an address")
        while len(a) < bench.keys:
            title = next(titles)
            left = ""
            for letter in title:
                left += letter
                a.append(ours.answer(letter.encode(), HITS, f"+ {left}"))
                b.append(floor.answer(letter.encode(), expected=left))
            for _ in title:
                left = left[:-1]
                if not left:
                    ours.press(BACKSPACE, "Type a few letters")
                    floor.press(BACKSPACE)
                else:
                    a.append(ours.answer(BACKSPACE, HITS, f"+ {left}"))
                    b.append(floor.answer(BACKSPACE, expected=left))
        ours.press(ESCAPE)
    return (Series(a, b),)


def _put_catalogue(place: Place) -> Iterator[str]:
    """Put the catalogue where the program finds it, and return beginnings of its titles, those that are known well first."""
    folder = Path(tempfile.gettempdir()) / "watchlist-datasets"
    kept = folder / f"catalogue-{ROWS}.sqlite"
    target = Path(place.env["XDG_CACHE_HOME"]) / APP / "catalogue.sqlite"
    if not kept.exists():
        build(write_files(folder, ROWS), place.env)
        shutil.copyfile(target, kept)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(kept, target)
    catalogue = Catalogue.open(target)
    assert catalogue is not None
    chance = random.Random(1)
    with catalogue:
        hits = [hit for letter in "abcdefghijklmnoprstuw" for hit in catalogue.search(letter, 20)]
    titles = [hit.title.lower()[:LETTERS] for hit in hits]
    titles = [title for title in titles if title.isascii() and title.isalpha()]
    chance.shuffle(titles)
    return iter(titles * 20)
