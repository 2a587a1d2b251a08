"""`python -m tests.bench.catalogue`: builds a catalogue of full size from made-up files, and searches in it.

It prints the time and memory of the build, the size of the catalogue, and how long a search takes, in seconds on the clock
and of the processor: on a busy machine, the two differ. The files take a minute to make, and are kept.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench.bench import Bench, Place, Series, in_turn
from tests.bench.catalogue_files import FULL, write_files
from tests.bench.floors import output, python
from tests.bench.generator import LANDMARK
from tests.bench.interface import STARTS
from tests.bench.terminal import first_with
from tests.e2e.terminal import environment
from tests.sources.catalogue.datasets import MEMORY
from watchlist.paths import APP
from watchlist.sources.catalogue.database import Catalogue
from watchlist.sources.catalogue.title import title_id

MAX_SECONDS, MAX_MIB = 300, 150
MAX_SEARCH = 0.01  # seconds, 95 of 100 searches
SMALL = 20_000  # titles of the catalogue that a start must not be slowed down by


@dataclass(frozen=True)
class Build:
    """What a build took: seconds on the clock and of the processor, and the peak of the memory in MiB."""

    seconds: float
    processor: float
    memory: float


def build(files: Sequence[Path], env: Mapping[str, str]) -> Build:
    """Build a catalogue in a process of its own."""
    begun = time.perf_counter()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    peak = output(python(MEMORY, "catalogue", "build", "--quiet", *map(str, files)), env)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Build(time.perf_counter() - begun, processor, int(peak) / 2**20)


def _with_typo(chance: random.Random, text: str) -> str:
    place = chance.randrange(len(text))
    wrong = chance.choice(("x", "", text[place] * 2, text[place + 1 : place + 2] + text[place]))
    return text[:place] + wrong + text[place + 1 + (len(wrong) == 2 and wrong[1:] == text[place]) :]


# What a user has typed when a search begins, made from the title that is meant.
QUERIES: Mapping[str, Callable[[random.Random, str], str]] = {
    "1 letter": lambda chance, title: title[:1],
    "2 letters": lambda chance, title: title[:2],
    "3 letters": lambda chance, title: title[:3],
    "4 letters": lambda chance, title: title[:4],
    "5 letters": lambda chance, title: title[:5],
    "8 letters": lambda chance, title: title[:8],
    "whole title": lambda chance, title: title,
    "a typo": _with_typo,
    "two typos": lambda chance, title: _with_typo(chance, _with_typo(chance, title)),
    "word and year": lambda chance, title: f"{title.split()[0]} {chance.randint(1970, 2026)}",
    "word and decade": lambda chance, title: f"{title.split()[0]} {chance.choice((19, 20, 199, 201))}",
}


@dataclass(frozen=True)
class Searches:
    """How long searches of one kind took, in seconds, and the part of them that found the title that was meant."""

    clock: Sequence[float]
    processor: Sequence[float]
    found: float

    @staticmethod
    def p95(values: Sequence[float]) -> float:
        return statistics.quantiles(values, n=20, method="inclusive")[18]


def search(path: Path, count: int) -> dict[str, Searches]:
    """Search `count` times for each kind of text. Known titles are searched more often, as by people."""
    catalogue = Catalogue.open(path)
    assert catalogue is not None
    with catalogue:
        chance = random.Random(1)
        titles = [catalogue.title(id) for id in _ids(path, chance, count)]
        return {
            name: _searches(catalogue, chance, [t.title for t in titles if t], make) for name, make in QUERIES.items()
        }


def _ids(path: Path, chance: random.Random, count: int) -> list[str]:
    """Return ids of titles from the best known on, fewer from those that few know."""
    connection = sqlite3.connect(path)
    (size,) = connection.execute("SELECT count(*) FROM titles").fetchone()
    ranks = [1 + int(size * chance.random() ** 3) for _ in range(count)]
    rows = [connection.execute("SELECT id FROM titles WHERE rank = ?", (rank,)).fetchone() for rank in ranks]
    connection.close()
    return [title_id(id) for (id,) in rows]


def _searches(
    catalogue: Catalogue, chance: random.Random, titles: Sequence[str], make: Callable[[random.Random, str], str]
) -> Searches:
    clock, processor, found = [], [], 0
    for title in titles:
        text = make(chance, title)
        begun, used = time.perf_counter(), time.thread_time()
        hits = catalogue.search(text)
        processor.append(time.thread_time() - used)
        clock.append(time.perf_counter() - begun)
        found += any(hit.title == title for hit in hits)
    return Searches(clock, processor, found / len(titles))


def start_with_one(bench: Bench) -> tuple[Series, ...]:
    """Until the first rows stand on the screen, with a catalogue and without."""
    with bench.place() as place:
        build(write_files(bench.folder / "datasets", SMALL * 16), place.env)
        there, away = _catalogue(place), _catalogue(place).with_suffix(".away")

        def begin(source: Path, target: Path) -> float:
            if source.exists():
                source.rename(target)
            with place.open() as program:
                return first_with(program.settle(LANDMARK), LANDMARK) - program.started

        pairs = 2 * STARTS * bench.pairs  # the difference is small
        return (in_turn(pairs, lambda: begin(away, there), lambda: begin(there, away)),)


def _catalogue(place: Place) -> Path:
    return Path(place.env["XDG_CACHE_HOME"]) / APP / "catalogue.sqlite"


def main(words: Sequence[str] | None = None) -> int:
    """0 where every bar holds, 1 where one does not. Bars are given for full size only."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.catalogue", description=__doc__, allow_abbrev=False)
    parser.add_argument("--rows", type=int, default=FULL, metavar="N", help=f"rows of title.basics ({FULL:,})")
    parser.add_argument("--searches", type=int, default=400, metavar="N", help="searches of each kind (400)")
    parser.add_argument(
        "--folder", type=Path, default=Path(tempfile.gettempdir()) / "watchlist-datasets", metavar="FOLDER"
    )
    options = parser.parse_args(words)
    files = write_files(options.folder, options.rows)
    with tempfile.TemporaryDirectory(prefix="watchlist-bench-", dir=options.folder) as home:
        env = environment(Path(home))
        path = Path(env["XDG_CACHE_HOME"]) / APP / "catalogue.sqlite"
        took = build(files, env)
        load = os.getloadavg()[0]
        catalogue = Catalogue.open(path)
        assert catalogue is not None
        with catalogue:
            contents = catalogue.contents()
        print(f"{options.rows:,} rows, {contents.films + contents.series:,} titles, {contents.episodes:,} episodes")
        print(f"build: {took.seconds:.1f} s (processor {took.processor:.1f} s), {took.memory:.0f} MiB, load {load:.1f}")
        print(f"size: {path.stat().st_size / 1e6:.1f} MB\n")
        print(
            "| search | median ms | p95 ms | max ms | processor p95 ms | found |\n| --- | --: | --: | --: | --: | --: |"
        )
        results = search(path, options.searches)
    for name, row in results.items():
        times = (statistics.median(row.clock), row.p95(row.clock), max(row.clock), row.p95(row.processor))
        print(f"| {name} | {' | '.join(f'{1000 * value:.1f}' for value in times)} | {row.found:.0%} |")
    if options.rows < FULL:
        return 0
    fast = all(row.p95(row.clock) <= MAX_SEARCH for row in results.values())
    return 0 if fast and took.seconds <= MAX_SECONDS and took.memory <= MAX_MIB else 1


if __name__ == "__main__":
    sys.exit(main())
