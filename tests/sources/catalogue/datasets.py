"""Small dataset files in IMDb's shapes, written by hand, and catalogues built from them. Votes and ids are made up."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from watchlist.sources.catalogue.build import build
from watchlist.sources.catalogue.database import Catalogue

NOW = datetime(2026, 12, 1, 20, 15).astimezone()
COLUMNS: Mapping[str, str] = {
    "title.basics": "tconst titleType primaryTitle originalTitle isAdult startYear endYear runtimeMinutes genres",
    "title.ratings": "tconst averageRating numVotes",
    "title.episode": "tconst parentTconst seasonNumber episodeNumber",
    "title.akas": "titleId ordering title region language types attributes isOriginalTitle",
    "title.principals": "tconst ordering nconst category job characters",
    "name.basics": "nconst primaryName birthYear deathYear primaryProfession knownForTitles",
}
# (id, type, title, original title, year, end year, runtime, genres, rating, votes); blank: unknown.
TITLES = """
tt9000001|movie|Heat|Heat|1995||170|Action,Crime,Drama|8.3|780000
tt9000002|movie|The Heat|The Heat|2013||117|Comedy,Crime|6.6|190000
tt9000003|movie|In the Heat of the Night|In the Heat of the Night|1967||110|Crime|7.9|85000
tt9000004|tvSeries|Slow Horses|Slow Horses|2022||50|Crime,Drama,Thriller|8.3|150000
tt9000005|short|Slo|Slo|1999||6|Short|6.0|40
tt9000006|movie|Amélie|Le fabuleux destin d'Amélie Poulain|2001||122|Comedy,Romance|8.3|810000
tt9000007|movie|Spirited Away|千と千尋の神隠し|2001||124|Animation|8.6|930000
tt9000008|movie|Spider-Man|Spider-Man|2002||121|Action|7.4|950000
tt9000009|movie|Blade Runner 2049|Blade Runner 2049|2017||164|Action,Drama|8.0|720000
tt9000010|movie|Ocean's Eleven|Ocean's Eleven|2001||116|Crime|7.7|650000
tt9000011|movie|L'avventura|L'avventura|1960||144|Drama|7.7|36000
tt9000012|tvSeries|Law & Order|Law & Order|1990|2010|60|Crime|7.8|50000
tt9000013|movie|1917|1917|2019||119|Drama|8.2|720000
tt9000014|movie|The Godfather|The Godfather|1972||175|Crime,Drama|9.2|2200000
tt9000015|movie|The Elephant Man|The Elephant Man|1980||124|Drama|8.2|270000
tt9000016|movie|M|M - Eine Stadt sucht einen Mörder|1931||99|Crime|8.3|180000
tt9000017|movie|The Matrix|The Matrix|1999||136|Action|8.7|2200000
tt9000018|tvMiniSeries|Chernobyl|Chernobyl|2019|2019|330|Drama|9.3|980000
tt9000019|video|Unknown Video|Unknown Video|2004||70|Drama||
tt9000020|movie|Never Rated|Never Rated|1987||80|Drama||
tt9000021|movie|Not Out Yet|Not Out Yet|2027|||Drama||
tt9000022|tvSpecial|A Night in December|A Night in December|2020||60|Comedy|6.1|900
tt9000023|tvMovie|Breaking Point|Breaking Point|1989||95|Drama|5.5|700
tt9000024|tvSeries|Breaking Bad|Breaking Bad|2008|2013|45|Crime|9.5|2400000
tt10000025|tvSeries|Anime of the Long Run|長い道|2010|||Animation|7.0|5000
tt9000026|videoGame|Heat the Game|Heat the Game|1996|||Action|7.0|5000
tt9000027|movie|Les Misérables|Les Misérables|2012||158|Drama|7.5|340000
tt9000028|movie|Łódź Noir|Łódź Noir|2005||88|Crime|6.5|2500
"""
ADULT = "tt9000090\tmovie\tHeat of an Adult Kind\tHeat\t1\t1990\t\\N\t80\tAdult\n"
# (id, series, season, episode, title).
EPISODES = """
tt9100001|tt9000004|1|1|Failure's Contagious
tt9100002|tt9000004|1|2|Work Drinks
tt9100003|tt9000004|1|3|Episode #1.3
tt9100004|tt9000004|2|1|Last Stop
tt9100005|tt9000004|2|3|Drinking Games
tt9100006|tt9000004|0|1|Behind the Scenes
tt9100007|tt9000004|||Lost Episode
tt9100008|tt9000012|1|20240101|Dated
tt9100009|tt9000012|1|1|Prescription for Death
tt9100015|tt9000012|2|20000|Of No Season
tt10100010|tt10000025|1|1|One
tt10100011|tt10000025|1|2|Two
tt10100012|tt10000025|2|3|Three
tt10100013|tt10000025|2|4|Four
tt9100014|tt9999999|1|1|Of No Known Series
"""
AKAS = """
tt9000014|Der Pate
tt9000014|Ojciec chrzestny
tt9000014|The Godfather
tt9000015|Człowiek słoń
tt9000015|Sloní muž
tt9000006|Die fabelhafte Welt der Amelie
tt9000007|Sen to Chihiro no kamikakushi
tt9000007|Unesennye prizrakami
"""
PRINCIPALS = """
tt9000001|1|nm9000001|actor||["Lt. Vincent Hanna"]
tt9000001|2|nm9000002|actor||["Neil McCauley","Neil"]
tt9000001|3|nm9000003|director||
tt9000001|4|nm9000009|producer||
tt9000004|1|nm9000002|actress||
tt9000004|2|nm9000004|writer|created by|
"""
NAMES = """
nm9000001|Ada Actor
nm9000002|Ben Actor
nm9000003|Cleo Director
nm9000004|Dora Writer
"""

# Runs a verb and prints the peak of the memory in bytes. The usage that the system reports for a process includes what
# its parent had.
MEMORY = """
import re, sys
from watchlist.__main__ import main
code = main(sys.argv[1:])
print(1024 * int(re.search(r"VmHWM:\\s+(\\d+) kB", open("/proc/self/status").read())[1]))
sys.exit(code)
"""


def _rows(text: str) -> list[list[str]]:
    return [[cell or "\\N" for cell in line.split("|")] for line in text.split("\n") if line]


def table(name: str, rows: Iterable[Sequence[str]]) -> str:
    """Return the text of a dataset file."""
    return "".join("\t".join(row) + "\n" for row in (COLUMNS[name].split(), *rows))


def texts() -> dict[str, str]:
    """Return the text of every dataset file by name."""
    titles = _rows(TITLES)
    basics = [[*row[:4], "0", *row[4:8]] for row in titles]
    basics += [[id, "tvEpisode", title, title, "0", "2022", "\\N", "45", "Drama"] for id, *_, title in _rows(EPISODES)]
    basics.sort(key=lambda row: row[0])
    return {
        "title.basics": table("title.basics", basics) + ADULT,
        "title.ratings": table("title.ratings", [[row[0], *row[8:]] for row in titles if row[8] != "\\N"])
        + "tt9000090\t5.0\t9000\n",
        "title.episode": table("title.episode", sorted(row[:4] for row in _rows(EPISODES))),
        "title.akas": table(
            "title.akas", [[id, "1", title, "DE", "\\N", "\\N", "\\N", "0"] for id, title in _rows(AKAS)]
        ),
        "title.principals": table("title.principals", _rows(PRINCIPALS)),
        "name.basics": table("name.basics", [[*row, "\\N", "\\N", "\\N", "\\N"] for row in _rows(NAMES)]),
    }


BASIC = ("title.basics", "title.ratings", "title.episode")


def write(folder: Path, names: Iterable[str] = BASIC, *, packed: bool = True) -> list[Path]:
    """Write dataset files to a folder, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in names:
        path = folder / (f"{name}.tsv.gz" if packed else f"{name}.tsv")
        data = texts()[name].encode()
        path.write_bytes(gzip.compress(data, mtime=0) if packed else data)
        paths.append(path)
    return paths


def make(folder: Path, names: Iterable[str] = BASIC) -> Path:
    """Build a catalogue in a folder, and return its path."""
    path = folder / "catalogue.sqlite"
    build(write(folder / "datasets", names), path, NOW, lambda *_: None)
    return path


def opened(path: Path) -> Catalogue:
    """Return the open catalogue at `path`."""
    catalogue = Catalogue.open(path)
    assert catalogue is not None
    return catalogue
