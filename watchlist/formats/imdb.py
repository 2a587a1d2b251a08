"""IMDb: the CSV files of its ratings, its watchlist and its lists, in every layout they have had.

A title with a rating was watched, on the day it was rated: no other day is known. IMDb's own rating and its votes are not
the user's, and stay out. A type that is not known (they come in the language of the account) costs a show its kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import Any, Literal

from watchlist.errors import UsageError
from watchlist.fields import FIELDS
from watchlist.formats.csv import rows
from watchlist.formats.format import Imported, RowProblem, decode, first_line
from watchlist.model import Kind, Show, Status, Viewing
from watchlist.ratings import Style, parse_rating
from watchlist.safe import safe
from watchlist.text import counted

Reader = tuple[str, int, Callable[[str], Any]]  # what a cell is to a show, the place of its column, how it is read

RENAMED = {  # columns that had another name once
    "you rated": "your rating",
    "date added": "date rated",
    "release date (month/day/year)": "release date",
}
DATES = ("date rated", "created", "release date")
KINDS: Mapping[str, Kind | None] = {  # types without blanks and hyphens; None: no show
    **dict.fromkeys(("movie", "featurefilm", "tvmovie", "tvspecial", "tvshort", "short", "video"), Kind.FILM),
    **dict.fromkeys(("film", "corto", "specialetv"), Kind.FILM),
    **dict.fromkeys(("tvseries", "tvminiseries", "miniseries", "serietv", "miniserietv"), Kind.SERIES),
    **dict.fromkeys(("tvepisode", "episodiotv", "videogame", "musicvideo", "podcastseries", "podcastepisode")),
}
TEN = Style("10")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TITLE = re.compile(r"tt\d+", re.ASCII)
_NUMBERS = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})", re.ASCII)  # as a spreadsheet saves a date
_WORDS = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) [\d:]{8} (\d{4})", re.ASCII)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def recognises(data: bytes) -> bool:
    """Whether the first line names the columns of titles that IMDb exports."""
    try:
        _, head = next(rows(first_line(data)), (0, []))
    except UsageError:
        return False
    return {"const", "title", "title type"} <= set(_columns(head))


def read(data: bytes) -> Imported:
    """A row a title. Rows of what is no show, as episodes and people, are left out, counted and said.

    UsageError where a quote is not closed, or there is no column for titles.
    """
    found = rows(decode(data))
    _, head = next(found, (0, []))
    columns = _columns(head)
    if "title" not in columns:
        raise UsageError("there is no column named Title", "a list of titles that IMDb exports has one")
    table = [(line, _as_wide(cells, len(columns))) for line, cells in found]
    readers = _readers(columns, [cells for _, cells in table])
    const, title_type = _at(columns, "const"), _at(columns, "title type")
    shows: list[Show] = []
    problems: list[RowProblem] = []
    left_out: Counter[str] = Counter()
    unknown: Counter[str] = Counter()
    for line, cells in table:
        type = cells[title_type].strip()
        kind = _kind(type)
        if kind is None or cells[const].startswith("nm"):
            left_out[type or "people"] += 1
            continue
        values, wrong = _values(readers, cells)
        problems += [RowProblem(f"line {line}", columns[at], message) for at, message in wrong]
        if "title" not in values:
            problems.append(RowProblem(f"line {line}", "", "every show needs a title"))
            continue
        unknown[type] += not kind
        shows.append(_show(values, kind or None))
    return Imported(tuple(shows), (*_said(left_out, unknown), *problems), len(table) - len(shows))


def _columns(head: Iterable[str]) -> list[str]:
    names = (name.strip().lower() for name in head)
    return [RENAMED.get(name, name) for name in names]


def _as_wide(cells: list[str], width: int) -> list[str]:
    """A row of so many cells, and an empty one at its end that stands for columns which are not there."""
    return [*cells, ""] if len(cells) == width else [*cells[:width], *[""] * (width + 1 - len(cells[:width]))]


def _at(columns: list[str], name: str) -> int:
    return columns.index(name) if name in columns else -1


@cache
def _kind(type: str) -> Kind | Literal[""] | None:
    """What a type of title is; None: no show, empty: not known."""
    return KINDS.get(re.sub(r"[\s-]", "", type.lower()), "")


def _readers(columns: list[str], table: Sequence[Sequence[str]]) -> Sequence[Reader]:
    """How the cells of this file are read. What is remembered of the values in it is gone with the file."""
    dates = [cells[at] for name in DATES if (at := _at(columns, name)) >= 0 for cells in table]
    # Where a spreadsheet saved the file, they may have become 4/18/2026, or elsewhere 18/4/2026.
    day = cache(partial(_day, day_first=any(_day_first(text) for text in dates if text[4:5] != "-")))
    # Once there was no column for the day of a rating: a file in which all is rated was made by rating.
    all_rated = all(cells[_at(columns, "your rating")] for cells in table)
    return [
        (name, columns.index(column), read)
        for name, column, read in (
            ("title", "title", _line),
            ("ids", "const", _ids),
            ("aka", "original title", lambda cell: (_line(cell),)),
            ("year", "year", cache(lambda cell: FIELDS["year"].type.parse(re.split("[-–]", cell)[0]))),
            ("rating", "your rating", cache(lambda cell: parse_rating(cell, TEN))),
            ("viewed", "created" if all_rated and "date rated" not in columns else "date rated", day),
            # A year alone, or a month, is no date.
            ("premiered", "release date", lambda cell: day(cell) if len(cell) > len("2026-04") else None),
            ("added", "created", day),
            ("runtime", "runtime (mins)", cache(FIELDS["runtime"].type.parse)),
            ("creators", "directors", _names),
            ("genres", "genres", cache(_names)),
            ("notes", "description", str),
        )
        if column in columns
    ]


def _values(readers: Sequence[Reader], cells: Sequence[str]) -> tuple[dict[str, Any], list[tuple[int, str]]]:
    """What a row says, and what is wrong with it by the place of the column."""
    values: dict[str, Any] = {}
    wrong = []
    for name, at, read in readers:
        if cell := cells[at].strip():
            try:
                values[name] = read(cell)
            except ValueError as error:
                wrong.append((at, str(error)))
    return values, wrong


def _show(values: dict[str, Any], kind: Kind | None) -> Show:
    viewed = values.pop("viewed", None)
    if values.get("aka") == (values["title"],):
        del values["aka"]
    if ids := values.get("ids"):
        values["url"] = f"https://www.imdb.com/title/{ids['imdb']}/"  # the files spell it in different ways
    if rating := values.get("rating"):
        values["status"] = Status.WATCHED
        values["viewings"] = (Viewing(viewed, rating),) if viewed else ()
    return Show(id="", kind=kind, **values)


def _line(cell: str) -> str:
    return " ".join(cell.split())


def _ids(cell: str) -> Mapping[str, str]:
    if not _TITLE.fullmatch(cell):
        raise ValueError(f'"{safe(cell[:40])}" is not an id of a title, as tt0113277 is')
    return {"imdb": cell}


def _names(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for part in cell.split(",") if (name := part.strip())))


def _day_first(day: str) -> bool:
    """Whether this date can only be one that begins with its day."""
    found = _NUMBERS.fullmatch(day)
    return found is not None and (found[2] == "." or int(found[1]) > 12)


def _day(text: str, *, day_first: bool) -> date:
    """`2026-04-18`, `4/18/2026` or `Sat Apr 18 00:00:00 2026` as a date. ValueError where it is none of them."""
    try:
        if _ISO.match(text):
            return date.fromisoformat(text[:10])
        if found := _NUMBERS.fullmatch(text):
            month, day = (found[3], found[1]) if day_first else (found[1], found[3])
            return date(int(found[4]), int(month), int(day))
        if found := _WORDS.fullmatch(text):
            return date(int(found[3]), _MONTHS.index(found[1]) + 1, int(found[2]))
    except ValueError:
        pass
    raise ValueError(f'"{safe(text[:40])}" is not a date like 2026-11-20')


def _said(left_out: Mapping[str, int], unknown: Mapping[str, int]) -> Iterator[RowProblem]:
    for type, number in left_out.items():
        yield RowProblem("", "", f"{counted(number, 'row')} left out, no shows: {safe(type[:40])}")
    for type, number in unknown.items():
        if type and number:
            what = f'"{safe(type[:40])}" is no type that is known, so {counted(number, "show")} came without a kind'
            yield RowProblem("", "title type", what)
