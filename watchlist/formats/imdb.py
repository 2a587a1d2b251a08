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
from itertools import compress
from operator import itemgetter
from typing import Any, Literal

from watchlist.errors import UsageError
from watchlist.fields import FIELDS
from watchlist.formats.csv import rows
from watchlist.formats.format import Imported, RowProblem, decode, first_line
from watchlist.model import Kind, Show, Status, Viewing
from watchlist.ratings import Style, parse_rating
from watchlist.safe import safe
from watchlist.text import counted
from watchlist.values import Value, many, replace

Reader = tuple[str, str, Callable[[str], Any]]  # what a cell is to a show, its column, how it is read

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
    names = _columns(head)
    if "title" not in names:
        raise UsageError("there is no column named Title", "a list of titles that IMDb exports has one")
    whole = _Table.of(names, found)
    readers = _readers(whole)
    types = whole.column("title type")
    kinds = [
        None if id.startswith("nm") else _kind(type) for id, type in zip(whole.column("const"), types, strict=True)
    ]
    left_out = Counter(type.strip() or "people" for type, kind in zip(types, kinds, strict=True) if kind is None)
    table = whole.only([kind is not None for kind in kinds]) if left_out else whole
    values, wrong = _values(readers, table)
    values["kind"] = [kind or None for kind in kinds if kind is not None]
    made = _shows(len(table.lines), values)
    wrong += [(at, RowProblem("", "", "every show needs a title")) for at, show in enumerate(made) if not show.title]
    problems = [replace(problem, row=f"line {table.lines[at]}") for at, problem in sorted(wrong, key=itemgetter(0))]
    shows = [show for show in made if show.title]
    types = table.column("title type")
    unknown = Counter(type.strip() for type, show in zip(types, made, strict=True) if show.title and not show.kind)
    return Imported(tuple(shows), (*_said(left_out, unknown), *problems), len(whole.lines) - len(shows))


class _Table(Value):
    """The rows of a file by their columns, each with the line it starts in."""

    lines: Sequence[int]
    columns: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, names: Sequence[str], found: Iterable[tuple[int, list[str]]]) -> _Table:
        """Of rows that may have more cells or fewer than there are names; of columns with one name, the first."""
        lines, table = list[int](), list[list[str]]()
        for line, cells in found:
            lines.append(line)
            table.append(cells if len(cells) == len(names) else [*cells, *[""] * len(names)][: len(names)])
        columns = list(zip(*table, strict=True)) if table else [()] * len(names)
        return cls(lines, dict(zip(reversed(names), reversed(columns), strict=True)))

    def column(self, name: str) -> Sequence[str]:
        """The cells of a column; empty ones where there is none of this name."""
        return self.columns[name] if name in self.columns else [""] * len(self.lines)

    def only(self, which: Sequence[bool]) -> _Table:
        """Some of the rows."""
        columns = {name: list(compress(cells, which)) for name, cells in self.columns.items()}
        return _Table(list(compress(self.lines, which)), columns)


class _Cells(dict[str, Any]):
    """What the cells of a column say, each text read once; `wrong` has what is wrong with some of them."""

    def __init__(self, read: Callable[[str], Any], nothing: Any) -> None:
        super().__init__()
        self.read, self.nothing, self.wrong = read, nothing, dict[str, str]()

    def __missing__(self, cell: str) -> Any:
        self[cell] = value = self._value(cell)
        return value

    def _value(self, cell: str) -> Any:
        try:
            return self.read(text) if (text := cell.strip()) else self.nothing
        except ValueError as error:
            self.wrong[cell] = str(error)
            return self.nothing


def _columns(head: Iterable[str]) -> list[str]:
    names = (name.strip().lower() for name in head)
    return [RENAMED.get(name, name) for name in names]


@cache
def _kind(type: str) -> Kind | Literal[""] | None:
    """What a type of title is; None: no show, empty: not known."""
    return KINDS.get(re.sub(r"[\s-]", "", type.lower()), "")


def _readers(table: _Table) -> Sequence[Reader]:
    """How the cells of this file are read."""
    dates = [text for name in DATES for text in table.columns.get(name, ())]
    # Where a spreadsheet saved the file, they may have become 4/18/2026, or elsewhere 18/4/2026.
    day = partial(_day, day_first=any(_day_first(text) for text in dates if text[4:5] != "-"))
    # Once there was no column for the day of a rating: a file in which all is rated was made by rating.
    by_rating = "date rated" not in table.columns and all(table.column("your rating"))
    return [
        ("title", "title", _line),
        ("ids", "const", _ids),
        ("aka", "original title", lambda cell: (_line(cell),)),
        ("year", "year", lambda cell: FIELDS["year"].type.parse(re.split("[-–]", cell)[0])),
        ("rating", "your rating", lambda cell: parse_rating(cell, TEN)),
        ("viewed", "created" if by_rating else "date rated", day),
        # A year alone, or a month, is no date.
        ("premiered", "release date", lambda cell: day(cell) if len(cell) > len("2026-04") else None),
        ("added", "created", day),
        ("runtime", "runtime (mins)", FIELDS["runtime"].type.parse),
        ("creators", "directors", _names),
        ("genres", "genres", _names),
        ("notes", "description", str),
    ]


def _values(readers: Sequence[Reader], table: _Table) -> tuple[dict[str, list[Any]], list[tuple[int, RowProblem]]]:
    """What the columns say, by field; and what is wrong with cells, by the place of the row."""
    values: dict[str, list[Any]] = {}
    wrong = []
    for name, column, read in readers:
        cells = table.column(column)
        known = _Cells(read, Show.blank.get(name))
        values[name] = list(map(known.__getitem__, cells))
        if known.wrong:
            found = ((at, known.wrong[cell]) for at, cell in enumerate(cells) if cell in known.wrong)
            wrong += [(at, RowProblem("", column, message)) for at, message in found]
    return values, wrong


def _shows(count: int, values: dict[str, list[Any]]) -> list[Show]:
    """Shows with these values of their fields, and with what follows from them."""
    viewed = zip(values.pop("viewed"), values["rating"], strict=True)
    return many(
        Show,
        count,
        values
        | {
            "id": [""] * count,
            "aka": [() if aka == (title,) else aka for title, aka in zip(values["title"], values["aka"], strict=True)],
            # The files spell it in different ways.
            "url": [f"https://www.imdb.com/title/{ids['imdb']}/" if ids else "" for ids in values["ids"]],
            "status": [Status.WATCHED if rating else Status.PLANNED for rating in values["rating"]],
            "viewings": [(Viewing(day, rating),) if day and rating else () for day, rating in viewed],
        },
    )


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
