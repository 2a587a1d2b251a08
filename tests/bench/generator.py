"""Lists to measure with: made up from a seed, the same on every machine and in every run."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Literal

from watchlist.domain.toml_values import render_block

Style = Literal["rich", "imported", "watched"]
# The first in the order of titles, so it is on the first screen; it stands in the middle of the file.
LANDMARK = "Abacus"
# The words that the filter is tried with are among these.
WORDS = (
    "winter", "ghost", "river", "murder", "harbour", "lantern", "city", "story", "cold", "house", "night", "summer",
    "road", "detective", "family", "light", "secret", "garden", "island", "mirror", "empire", "paper", "silver",
    "storm", "border", "copper", "letter", "orchard", "signal", "tunnel", "velvet", "window", "bridge",
)  # fmt: skip
ACCENTED = ("Élan", "Señora", "Über", "Ålesund", "Čas", "Ναός", "夜の", "東京", "서울", "Дом")
SYLLABLES = tuple(a + b for a in "bcdfghjklmnprstvwxyz" for b in "aeiou")
NAMES = ("Maren", "Idris", "Tova", "Priya", "Anton", "Lucía", "Kofi", "Ines", "Bram", "Yuki", "Odile", "Ravi", "Nadia")
GENRES = ("Crime", "Drama", "Comedy", "Thriller", "Mystery", "Romance", "Documentary", "Horror")
TAGS = ("noir", "cosy", "cold-case", "slow", "rewatch", "friends")
PLATFORMS = ("Netflix", "HBO", "BBC", "Arte", "Prime Video")
STATUSES = ("planned", "watching", "watched", "paused", "dropped")
RATINGS = (
    "Const", "Your Rating", "Date Rated", "Title", "Original Title", "URL", "Title Type", "IMDb Rating", "Runtime (mins)",
    "Year", "Genres", "Num Votes", "Release Date", "Directors",
)  # fmt: skip

Table = dict[str, Any]


def write_list(file: Path, shows: int, style: Style = "rich") -> None:
    """A list of so many shows, about 0.9 kB each where they are rich."""
    with file.open("w", encoding="utf-8", newline="\n") as out:
        out.write("version = 1\n")
        out.writelines(f"\n{render_block(table)}" for table in tables(shows, style))


def tables(shows: int, style: Style = "rich") -> Iterator[Table]:
    """Each show as the table that stands for it in the file, its id and its title unlike all others."""
    chance = random.Random(f"{style} {shows}")
    make = {"rich": _rich, "imported": _imported, "watched": _watched}[style]
    for number in range(shows):
        title = LANDMARK if number == shows // 2 else _title(chance, number)
        yield {"id": f"show-{number}", "title": title, **make(chance, number)}


def write_imdb(file: Path, rows: int) -> None:
    """An export of ratings as IMDb writes it, of the generation since 2024."""
    chance = random.Random(f"imdb {rows}")
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(RATINGS)
        for number in range(rows):
            title, const = _title(chance, number), f"tt{9_000_000 + number}"
            released = _day(chance)
            writer.writerow((
                const, chance.randint(1, 10), _day(chance), title, title, f"https://www.imdb.com/title/{const}",
                chance.choice(("Movie", "TV Series")), chance.randint(10, 99) / 10, chance.randint(20, 180),
                released.year, ", ".join(chance.sample(GENRES, 2)), chance.randint(5, 900_000), released,
                f"{chance.choice(NAMES)} {_name(chance)}",
            ))  # fmt: skip


def _rich(chance: random.Random, number: int) -> Table:
    """Synopsis of 60 words, six of the cast, notes, tags, genres and what else a well-kept show has."""
    series = chance.random() < 0.6
    table: Table = {
        "kind": "series" if series else "film",
        "year": chance.randint(1950, 2026),
        "status": chance.choice(STATUSES),
        "rating": chance.randint(1, 10) / 2,
        "platform": chance.choice(PLATFORMS),
        "added": _day(chance),
        "genres": chance.sample(GENRES, 2),
        "tags": chance.sample(TAGS, 2),
        "synopsis": _sentence(chance, 60),
        "notes": _sentence(chance, 10),
        "cast": [{"actor": f"{chance.choice(NAMES)} {_name(chance)}", "role": _name(chance)} for _ in range(6)],
    }
    if series:
        table["seasons"] = [{"number": 1, "episodes": 10, "watched": f"1-{chance.randint(2, 10)}"}]
    return table


def _watched(chance: random.Random, number: int) -> Table:
    """A rich show with a runtime, a creator and three viewings, of which some are undated."""
    table = _rich(chance, number)
    table["runtime"] = chance.randint(20, 180)
    table["creators"] = [f"{chance.choice(NAMES)} {_name(chance)}"]
    viewings = []
    for episode in range(1, 4):
        viewing: Table = {"date": _day(chance)} if chance.random() < 0.9 else {}
        viewings.append(viewing | ({"episodes": f"S01E{episode:02}"} if "seasons" in table else {}))
    return table | {"viewings": viewings}


def _imported(chance: random.Random, number: int) -> Table:
    """What an export of another service holds."""
    rating = chance.randint(1, 10) / 2
    return {
        "year": chance.randint(1950, 2026),
        "rating": rating,
        "genres": chance.sample(GENRES, 2),
        "ids": {"imdb": f"tt{9_000_000 + number}"},
        "viewings": [{"date": _day(chance), "rating": rating}],
    }


def _title(chance: random.Random, number: int) -> str:
    """Two or three words and a number that makes it one of a kind; one in ten is not plain ASCII."""
    words = chance.choices(WORDS, k=chance.randint(1, 2))
    words.insert(0, chance.choice(ACCENTED) if chance.random() < 0.1 else chance.choice(WORDS).capitalize())
    return f"{' '.join(words)} {number}"


def _sentence(chance: random.Random, words: int) -> str:
    made_up = ("".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) for _ in range(words - words // 20))
    return " ".join([*made_up, *chance.choices(WORDS, k=words // 20)]).capitalize() + "."


def _name(chance: random.Random) -> str:
    return "".join(chance.choices(SYLLABLES, k=3)).capitalize()


def _day(chance: random.Random) -> date:
    return date(1990, 1, 1) + timedelta(days=chance.randrange(13_000))
