"""Dataset files in IMDb's shapes, made up from a seed: no title of theirs is a real one. The same count gives the same files.

In full size they have the rows of late 2026: 12.7 million titles, of which three quarters are episodes, with ids of seven and
eight digits sorted as texts, and a few votes for most.
"""

from __future__ import annotations

import gzip
import itertools
import random
from array import array
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from tests.bench.generator import SYLLABLES

FULL = 12_700_000
EPISODE, SERIES, MINI_SERIES = "tvEpisode", "tvSeries", "tvMiniSeries"
# Shares of the types, and the part of each that was rated.
TYPES = {
    EPISODE: (0.765, 0.085),
    "short": (0.086, 0.16),
    "movie": (0.058, 0.47),
    "video": (0.025, 0.17),
    SERIES: (0.0225, 0.38),
    "tvMovie": (0.012, 0.37),
    MINI_SERIES: (0.0052, 0.4),
    "tvSpecial": (0.0045, 0.3),
    "videoGame": (0.0038, 0.4),
    "musicVideo": (0.0172, 0.0),
    "tvShort": (0.0008, 0.3),
}
GENRES = ("Action", "Adventure", "Animation", "Comedy", "Crime", "Documentary", "Drama", "Fantasy", "Horror", "Romance")
COMMON = (
    "the",
    "of",
    "a",
    "and",
    "in",
    "to",
    "la",
    "de",
    "le",
    "my",
    "love",
    "life",
    "man",
    "night",
    "last",
    "day",
    "one",
)
ACCENTED = ("é", "ñ", "ü", "ø", "ł", "ç", "å", "ö", "東京", "千と千尋", "Война", "любви")
COLUMNS = {
    "title.basics": "tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes genres",
    "title.ratings": "tconst averageRating numVotes",
    "title.episode": "tconst parentTconst seasonNumber episodeNumber",
}
_BATCH = 100_000


def write_files(folder: Path, rows: int = FULL) -> list[Path]:
    """Write the three files with `rows` titles to a folder, unless they are there. Return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{name}-{rows}.tsv.gz" for name in COLUMNS]
    if not all(path.exists() for path in paths):
        made = [path.with_suffix(".new") for path in paths]
        _write(made, rows)
        for new, path in zip(made, paths, strict=True):
            new.replace(path)
    return paths


def ids(rows: int) -> Iterator[str]:
    """Yield `rows` ids in the order of the files: as texts, so that tt10000000 comes between tt1000000 and tt1000001."""
    step = max(1, FULL // rows)
    count = 0
    for number in itertools.count(1, step):
        if number >= 10_000_000 or count >= rows:
            return
        yield f"tt{number:07}"
        count += 1
        if number >= 1_000_000 and number % 10 < 6 and count < rows:  # the eight-digit ids that begin like this one
            yield f"tt{number}{number % 10}"
            count += 1


def _write(paths: Sequence[Path], rows: int) -> None:
    chance = random.Random(rows)
    names = list(TYPES)
    shares = [share for share, _ in TYPES.values()]
    types = array("B")
    while len(types) < rows:
        types.extend(chance.choices(range(len(names)), shares, k=min(_BATCH, rows - len(types))))
    series = [id for id, type in zip(ids(rows), types, strict=False) if names[type] in (SERIES, MINI_SERIES)]
    words = _vocabulary(chance)
    pool = list(itertools.islice(_titles(chance, words), 50_000))
    fresh = _titles(chance, words)
    with (
        _file(paths[0], "title.basics") as basics,
        _file(paths[1], "title.ratings") as ratings,
        _file(paths[2], "title.episode") as episodes,
    ):
        parent, season, episode, left = series[0], 1, 0, 0
        places = itertools.count()
        for id, type in zip(ids(rows), types, strict=False):
            name = names[type]
            if name in (SERIES, MINI_SERIES):  # those with many episodes, which come first in `series`, are rated
                rated = next(places) < TYPES[name][1] * len(series)
            else:
                rated = chance.random() < TYPES[name][1]
            year = 2027 - int(60 * chance.random() ** 2)
            if name == EPISODE:
                if not left:
                    parent, season = series[int(len(series) * chance.random() ** 2)], int(1 + 8 * chance.random() ** 3)
                    left, episode = int(4 + 16 * chance.random()), 0
                left -= 1
                episode += 1
                title = f"Episode #{season}.{episode}" if chance.random() < 0.5 else pool[int(50_000 * chance.random())]
                numbers = f"{season}\t{episode}" if chance.random() < 0.9 else "\\N\t\\N"
                episodes.write(f"{id}\t{parent}\t{numbers}\n")
                basics.write(f"{id}\t{name}\t{title}\t{title}\t0\t{year}\t\\N\t\\N\tDrama\n")
            else:
                title = next(fresh)
                original = title if chance.random() < 0.9 else next(fresh)
                genres = ",".join(sorted({GENRES[int(10 * chance.random())] for _ in range(3)}))
                adult = int(chance.random() < 0.03)
                basics.write(
                    f"{id}\t{name}\t{title}\t{original}\t{adult}\t{year}\t\\N\t{int(40 + 120 * chance.random())}\t{genres}\n"
                )
            if rated:
                votes = int(5 * chance.paretovariate(0.6)) % 3_000_000
                ratings.write(f"{id}\t{1 + 9 * chance.random():.1f}\t{votes}\n")


@contextmanager
def _file(path: Path, name: str) -> Iterator[TextIO]:
    with gzip.open(path, "wb", 1) as packed, TextIOWrapper(packed, "utf-8", newline="\n") as stream:
        stream.write("\t".join(COLUMNS[name].split()) + "\n")
        yield stream


def _vocabulary(chance: random.Random) -> list[str]:
    """Words, the most frequent first."""
    made = {"".join(chance.choices(SYLLABLES, k=chance.randint(2, 4))): None for _ in range(400_000)}
    return [*COMMON, *(word + chance.choice(ACCENTED) if chance.random() < 0.03 else word for word in made)]


def _titles(chance: random.Random, words: Sequence[str]) -> Iterator[str]:
    """Titles of one to six words, in which a word at place n of the vocabulary is as frequent as 1/n."""
    weights = list(itertools.accumulate(1 / (number + 20) for number in range(len(words))))
    while True:
        chosen = iter(chance.choices(words, cum_weights=weights, k=_BATCH))
        for count in chance.choices((1, 2, 3, 4, 5, 6), (12, 30, 26, 17, 10, 5), k=_BATCH // 8):
            yield " ".join(itertools.islice(chosen, count)).title()
