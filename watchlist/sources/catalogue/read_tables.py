"""Reads the dataset files into the tables of the temporary database, and leaves out what the catalogue does not need."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import groupby

from watchlist.errors import DamagedDataset
from watchlist.sources.catalogue.imdb_files import MISSING, Block, DataFile, FileKind, blocks
from watchlist.sources.catalogue.stage import MAX_NUMBER, Bits, place_of
from watchlist.sources.catalogue.title import TYPES
from watchlist.sources.catalogue.words import joined

MAX_TITLE_CHARACTERS = 1000
MAX_AKAS = 60  # titles in other languages for each title
MAX_ACTORS, MAX_MAKERS = 10, 3  # for each title
_MAX_PENDING = 100_000  # episodes that wait for their row in the other file
_FIRST_YEAR, _LAST_YEAR = 1800, 2200
_MAX_RUNTIME = 60_000  # minutes; the longest film takes 51,420
_MAX_VOTES = 1 << 31
_MAX_SEASON, _MAX_EPISODE = 9999, 20_000
_TYPE_NUMBERS = {type.name: number for number, type in enumerate(TYPES)}
_ACTORS = frozenset(("actor", "actress"))
_GENERIC = re.compile(r"Episode (#|dated )")  # IMDb's name of an episode without a title

Report = Callable[[FileKind, Block], None]  # called after each block that is read; may raise to stop
DataFiles = Mapping[FileKind, DataFile]


class Reader:
    """Reads the files in turn. `rated` and `kept` are the numbers of rated titles and of titles in the catalogue."""

    def __init__(self, connection: sqlite3.Connection, files: DataFiles, this_year: int, report: Report) -> None:
        self._connection = connection
        self._files = files
        self._this_year = this_year
        self._report = report
        self._rated, self._kept, self._people = Bits(), Bits(), Bits()
        self.left_out: dict[FileKind, int] = {}  # lines that can't be read, by file

    def read_all(self) -> None:
        """Read all files. Raise DamagedDataset if one is damaged, or has no usable row."""
        self._ratings()
        self._titles()
        if FileKind.AKAS in self._files:
            self._akas()
        if FileKind.PRINCIPALS in self._files and FileKind.NAMES in self._files:
            self._credits()
            self._names()

    def _blocks(self, kind: FileKind) -> Iterator[Sequence[Sequence[str]]]:
        """Yield the rows of a file in blocks. Raise DamagedDataset if most lines can't be read."""
        file = self._files[kind]
        rows = left_out = 0
        for block in blocks(file):
            yield block.rows
            rows, left_out = rows + len(block.rows), left_out + block.left_out
            if left_out > max(1000, rows):
                break
            self._report(kind, block)
        self.left_out[kind] = left_out
        if left_out > rows or not rows:
            what = "has no rows" if not left_out else "has hardly a line that can be read"
            raise DamagedDataset(file.path, f"{file.path} {what}")

    def _ratings(self) -> None:
        """Read `title.ratings`."""
        for rows in self._blocks(FileKind.RATINGS):
            self._connection.executemany(
                "INSERT OR REPLACE INTO stage.ratings VALUES (?, ?, ?)", self._rating_rows(rows)
            )
        if not self._rated:
            path = self._files[FileKind.RATINGS].path
            raise DamagedDataset(path, f"{path} has no rating that can be read")

    def _rating_rows(self, rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, int, int]]:
        """Yield (number of the title, rating in tenths, votes)."""
        for id, rating, votes, *_ in rows:
            number, count, tenths = _id(id), _whole(votes, 1, _MAX_VOTES), _tenths(rating)
            if number and count and tenths:
                self._rated.add(number)
                yield number, tenths, count

    def _titles(self) -> None:
        """Read `title.basics` and `title.episode` side by side, because each has a part of every episode."""
        episodes = _Episodes(self._connection)
        links = self._links() if FileKind.EPISODES in self._files else iter(())
        for rows in self._blocks(FileKind.BASICS):
            names: dict[int, str] = {}
            self._connection.executemany(
                "INSERT OR IGNORE INTO stage.titles VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._title_rows(rows, names)
            )
            episodes.add_names(names)
            while episodes.needs_links and (more := next(links, None)) is not None:
                episodes.add_links(more)
        for more in links:
            episodes.add_links(more)
        episodes.finish()

    def _title_rows(self, rows: Iterable[Sequence[str]], names: dict[int, str]) -> Iterator[tuple[object, ...]]:
        """Yield the rows of kept titles, and add the names of episodes to `names`."""
        rated, kept, this_year = self._rated, self._kept, self._this_year
        with_episodes = FileKind.EPISODES in self._files
        for id, type, title, original, is_adult, start, end, runtime, genres, *_ in rows:
            if type == "tvEpisode":
                if with_episodes and (number := _id(id)):
                    names[number] = "" if _GENERIC.match(title) or title == MISSING else title[:MAX_TITLE_CHARACTERS]
                continue
            kind = _TYPE_NUMBERS.get(type)
            if kind is None or is_adult == "1":
                continue
            number = _id(id)
            title = title.strip()
            if not number or not title or title == MISSING or len(title) > MAX_TITLE_CHARACTERS:
                continue
            year = _whole(start, _FIRST_YEAR, _LAST_YEAR)
            if number not in rated and (TYPES[kind].needs_votes or year is None or year < this_year):
                continue
            kept.add(number)
            other = original.strip()[:MAX_TITLE_CHARACTERS]
            yield (
                number,
                kind,
                title,
                other if other not in (title, MISSING, "") else None,
                year,
                _whole(end, _FIRST_YEAR, _LAST_YEAR),
                _whole(runtime, 1, _MAX_RUNTIME),
                genres[:100] if genres != MISSING else None,
            )

    def _links(self) -> Iterator[dict[int, int]]:
        """Yield the places of episodes by their numbers, in blocks. Episodes of series that nobody rated are left out."""
        rated = self._rated
        for rows in self._blocks(FileKind.EPISODES):
            links: dict[int, int] = {}
            for id, parent, season_text, number_text, *_ in rows:
                series = _id(parent)
                if series in rated:
                    season = _whole(season_text, 0, _MAX_SEASON)
                    episode = _whole(number_text, 1, _MAX_EPISODE)
                    number = _id(id)
                    if number and season is not None and episode is not None:
                        links[number] = place_of(series, season, episode)
            yield links

    def _akas(self) -> None:
        """Read `title.akas`: the titles of kept titles in other languages."""
        for rows in self._blocks(FileKind.AKAS):
            self._connection.executemany("INSERT INTO stage.akas VALUES (?, ?)", self._aka_rows(rows))

    def _aka_rows(self, rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str]]:
        """Yield (number of a title, titles separated by newlines)."""
        for id, group in groupby(rows, key=_first):
            number = _id(id)
            if number in self._kept:
                titles = {
                    joined(row[1]): row[1] for row in group if len(row[1]) < MAX_TITLE_CHARACTERS and row[1] != MISSING
                }
                yield number, "\n".join(list(titles.values())[:MAX_AKAS])

    def _credits(self) -> None:
        """Read `title.principals`: the first actors with their roles, and the directors or creators."""
        for rows in self._blocks(FileKind.PRINCIPALS):
            self._connection.executemany("INSERT INTO stage.credits VALUES (?, ?)", self._credit_rows(rows))

    def _credit_rows(self, rows: Iterable[Sequence[str]]) -> Iterator[tuple[int, str]]:
        """Yield (number of a title, JSON list of [number of a person, role; None for a director or creator])."""
        for id, group in groupby(rows, key=_first):
            number = _id(id)
            if number not in self._kept:
                continue
            actors: list[tuple[int, str | None]] = []
            makers: list[tuple[int, str | None]] = []
            for _, person_id, category, job, characters, *_ in group:
                person = _id(person_id, "nm")
                if not person:
                    continue
                if category in _ACTORS and len(actors) < MAX_ACTORS:
                    actors.append((person, _role(characters)))
                elif (category == "director" or "creat" in job) and len(makers) < MAX_MAKERS:
                    makers.append((person, None))
            for person, _ in (*makers, *actors):
                self._people.add(person)
            if makers or actors:
                yield number, json.dumps([*makers, *actors], ensure_ascii=False, separators=(",", ":"))

    def _names(self) -> None:
        """Read `name.basics`: the names of the people in the credits."""
        people = self._people
        for rows in self._blocks(FileKind.NAMES):
            self._connection.executemany(
                "INSERT OR IGNORE INTO stage.people VALUES (?, ?)",
                (
                    (number, name[:MAX_TITLE_CHARACTERS])
                    for id, name, *_ in rows
                    if (number := _id(id, "nm")) in people and name != MISSING
                ),
            )


class _Episodes:
    """Joins the names and the places of episodes, which come from two files.

    Both files are sorted in the same way, so that few episodes have to wait for their other half. If they are not, the
    waiting ones are moved to tables and joined at the end.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._names: dict[int, str] = {}
        self._links: dict[int, int] = {}
        self._is_late = False  # True if something was moved to the tables

    @property
    def needs_links(self) -> bool:
        """True if more names than places are waiting."""
        return len(self._links) <= len(self._names)

    def add_names(self, names: Mapping[int, str]) -> None:
        """Add names of episodes by number."""
        self._names.update(names)
        self._join()

    def add_links(self, links: Mapping[int, int]) -> None:
        """Add places of episodes by number."""
        self._links.update(links)
        self._join()

    def _join(self) -> None:
        """Store the episodes of which both halves are there."""
        names, links = self._names, self._links
        rows = [(number, links.pop(number), names.pop(number)) for number in names.keys() & links.keys()]
        self._connection.executemany("INSERT INTO stage.episodes VALUES (?, ?, ?)", rows)
        if len(names) > _MAX_PENDING:
            self._connection.executemany("INSERT OR IGNORE INTO stage.late_names VALUES (?, ?)", names.items())
            names.clear()
            self._is_late = True
        if len(links) > _MAX_PENDING:
            self._connection.executemany("INSERT OR IGNORE INTO stage.late_links VALUES (?, ?)", links.items())
            links.clear()
            self._is_late = True

    def finish(self) -> None:
        """Store the rest: the late episodes, and those that have a place but no name."""
        if self._is_late:
            self._connection.executemany("INSERT OR IGNORE INTO stage.late_names VALUES (?, ?)", self._names.items())
            self._connection.executemany("INSERT OR IGNORE INTO stage.late_links VALUES (?, ?)", self._links.items())
            self._connection.execute(
                "INSERT INTO stage.episodes SELECT id, place, coalesce(title, '')"
                " FROM stage.late_links LEFT JOIN stage.late_names USING (id)"
            )
        else:
            rows = ((number, place, "") for number, place in self._links.items())
            self._connection.executemany("INSERT INTO stage.episodes VALUES (?, ?, ?)", rows)


def _first(row: Sequence[str]) -> str:
    """Return the first value of a row."""
    return row[0]


def _id(text: str, prefix: str = "tt") -> int:
    """Return the number in an id such as `tt0113277`; 0 if the text is none."""
    digits = text[2:]
    if len(digits) < 10 and digits.isdecimal() and digits.isascii() and text.startswith(prefix):
        number = int(digits)
        return number if number < MAX_NUMBER else 0
    return 0


@lru_cache(1 << 15)
def _whole(text: str, lowest: int, highest: int) -> int | None:
    """Return a whole number from `lowest` to `highest`; None for another text."""
    if len(text) > 10 or not (text.isdecimal() and text.isascii()):
        return None
    return number if lowest <= (number := int(text)) <= highest else None


@lru_cache(128)
def _tenths(text: str) -> int:
    """Return a rating from 1.0 to 10.0 in tenths; 0 for another text."""
    if not re.fullmatch(r"\d{1,2}(\.\d)?", text, re.ASCII):
        return 0
    tenths = round(float(text) * 10)
    return tenths if 10 <= tenths <= 100 else 0


def _role(characters: str) -> str:
    """Return the role in a JSON list of names: `["Neil McCauley"]`; several are joined by ` / `. Empty if unknown."""
    if characters == MISSING:
        return ""
    try:
        names = json.loads(characters)
    except (ValueError, RecursionError):
        return ""
    return " / ".join(str(name) for name in names)[:MAX_TITLE_CHARACTERS] if isinstance(names, list) else ""
