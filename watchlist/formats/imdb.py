"""IMDb: CSV exports of ratings, of the watchlist and of other lists, in all layouts used so far.

A rated title counts as watched on the day of the rating, the only date in the file. IMDb's average rating and its votes
are not imported. The title type is in the language of the account; a show of an unknown type is imported without a
kind.
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

from watchlist.domain.fields import FIELDS
from watchlist.domain.frozen import Frozen, build_many, replace
from watchlist.domain.model import Kind, Show, Status, Viewing
from watchlist.domain.ratings import DisplayStyle, parse_rating
from watchlist.domain.text import counted
from watchlist.errors import UsageError
from watchlist.formats.csv import rows
from watchlist.formats.format import Imported, RowProblem, decode, first_line
from watchlist.sanitize import safe

CellReader = tuple[str, str, Callable[[str], Any]]  # field of the show, name of the column, parser of a cell

RENAMED = {  # old name of a column -> current name
    "you rated": "your rating",
    "date added": "date rated",
    "release date (month/day/year)": "release date",
}
DATES = ("date rated", "created", "release date")
KINDS: Mapping[str, Kind | None] = {  # title types without spaces and hyphens; None: not a show
    **dict.fromkeys(("movie", "featurefilm", "tvmovie", "tvspecial", "tvshort", "short", "video"), Kind.FILM),
    **dict.fromkeys(("film", "corto", "specialetv"), Kind.FILM),
    **dict.fromkeys(("tvseries", "tvminiseries", "miniseries", "serietv", "miniserietv"), Kind.SERIES),
    **dict.fromkeys(("tvepisode", "episodiotv", "videogame", "musicvideo", "podcastseries", "podcastepisode")),
}
TEN = DisplayStyle("10")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TITLE = re.compile(r"tt\d+", re.ASCII)
# 4/18/2026 or 18.4.2026: the form in which spreadsheets save dates.
_NUMBERS = re.compile(r"(\d{1,2})([/.])(\d{1,2})\2(\d{4})", re.ASCII)
_WORDS = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) [\d:]{8} (\d{4})", re.ASCII)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def recognizes(data: bytes) -> bool:
    """Return True if the first line contains the column names of an IMDb export."""
    try:
        _, head = next(rows(first_line(data)), (0, []))
    except UsageError:
        return False
    return {"const", "title", "title type"} <= set(_columns(head))


def read(data: bytes) -> Imported:
    """Read one show per row. Rows of other types, e.g. episodes, are skipped and reported once for each type.

    Raises UsageError for an unclosed quote or a missing title column.
    """
    lines = rows(decode(data))
    _, head = next(lines, (0, []))
    names = _columns(head)
    if "title" not in names:
        raise UsageError("there is no column named Title", "a list of titles that IMDb exports has one")
    all_rows = _Table.of(names, lines)
    readers = _readers(all_rows)
    types = all_rows.column("title type")
    kinds = [
        None if id.startswith("nm") else _kind(type) for id, type in zip(all_rows.column("const"), types, strict=True)
    ]
    left_out = Counter(type.strip() or "people" for type, kind in zip(types, kinds, strict=True) if kind is None)
    table = all_rows.only([kind is not None for kind in kinds]) if left_out else all_rows
    values, faults = _values(readers, table)
    values["kind"] = [kind or None for kind in kinds if kind is not None]
    shows_by_row = _shows(len(table.lines), values)
    faults += [
        (index, RowProblem("", "", "every show needs a title"))
        for index, show in enumerate(shows_by_row)
        if not show.title
    ]
    problems = [
        replace(problem, row=f"line {table.lines[index]}") for index, problem in sorted(faults, key=itemgetter(0))
    ]
    shows = [show for show in shows_by_row if show.title]
    types = table.column("title type")
    unknown = Counter(
        type.strip() for type, show in zip(types, shows_by_row, strict=True) if show.title and not show.kind
    )
    return Imported(tuple(shows), (*_type_problems(left_out, unknown), *problems), len(all_rows.lines) - len(shows))


class _Table(Frozen):
    """The cells of a file by column. `lines` has the number of the first line of each row."""

    lines: Sequence[int]
    columns: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, names: Sequence[str], rows: Iterable[tuple[int, list[str]]]) -> _Table:
        """Return the table of `rows`, (line number, cells) pairs. `names` are the names of the columns.

        Missing cells are blank, and superfluous ones are left out. Of columns with the same name, the first is used.
        """
        lines, table = list[int](), list[list[str]]()
        for line, cells in rows:
            lines.append(line)
            table.append(cells if len(cells) == len(names) else [*cells, *[""] * len(names)][: len(names)])
        columns = list(zip(*table, strict=True)) if table else [()] * len(names)
        return cls(lines, dict(zip(reversed(names), reversed(columns), strict=True)))

    def column(self, name: str) -> Sequence[str]:
        """Return the cells of the column `name`. If there is no such column, return a blank cell for each row."""
        return self.columns[name] if name in self.columns else [""] * len(self.lines)

    def only(self, selected: Sequence[bool]) -> _Table:
        """Return the rows at whose index `selected` is True, as a table."""
        columns = {name: list(compress(cells, selected)) for name, cells in self.columns.items()}
        return _Table(list(compress(self.lines, selected)), columns)


class _Cells(dict[str, Any]):
    """A cache of parsed cells, by text, so that equal cells are parsed once. `wrong` maps invalid cells to error messages."""

    def __init__(self, read: Callable[[str], Any], empty: Any) -> None:
        super().__init__()
        self.read, self.empty, self.wrong = read, empty, dict[str, str]()

    def __missing__(self, cell: str) -> Any:
        self[cell] = value = self._value(cell)
        return value

    def _value(self, cell: str) -> Any:
        """Return the value of a cell; `empty` if the cell is blank or invalid."""
        try:
            return self.read(text) if (text := cell.strip()) else self.empty
        except ValueError as error:
            self.wrong[cell] = str(error)
            return self.empty


def _columns(head: Iterable[str]) -> list[str]:
    """Return the names of the columns in `head`, in lower case. Names of older layouts become the current names."""
    names = (name.strip().lower() for name in head)
    return [RENAMED.get(name, name) for name in names]


@cache
def _kind(type: str) -> Kind | Literal[""] | None:
    """Return the kind for an IMDb title type; None if the type is not a show (e.g. an episode), "" if the type is unknown."""
    return KINDS.get(re.sub(r"[\s-]", "", type.lower()), "")


def _readers(table: _Table) -> Sequence[CellReader]:
    """Return (field name, column, function that parses a cell) triples, depending on the file's date format and layout."""
    dates = [text for name in DATES for text in table.columns.get(name, ())]
    # A spreadsheet saves dates as 4/18/2026 or 18/4/2026, depending on its language.
    day = partial(_day, day_first=any(_day_first(text) for text in dates if text[4:5] != "-"))
    # Old exports of ratings have no column `Date Rated`: if all rows are rated, `created` is that date.
    by_rating = "date rated" not in table.columns and all(table.column("your rating"))
    return [
        ("title", "title", _line),
        ("ids", "const", _ids),
        ("aka", "original title", lambda cell: (_line(cell),)),
        ("year", "year", lambda cell: FIELDS["year"].type.parse(re.split("[-–]", cell)[0])),
        ("rating", "your rating", lambda cell: parse_rating(cell, TEN)),
        ("viewed", "created" if by_rating else "date rated", partial(_past, day)),
        # A year alone, or a year and month, is not a date.
        ("premiered", "release date", lambda cell: day(cell) if len(cell) > len("2026-04") else None),
        ("added", "created", partial(_past, day)),
        ("runtime", "runtime (mins)", FIELDS["runtime"].type.parse),
        ("creators", "directors", _names),
        ("genres", "genres", _names),
        ("notes", "description", str),
    ]


def _values(readers: Sequence[CellReader], table: _Table) -> tuple[dict[str, list[Any]], list[tuple[int, RowProblem]]]:
    """Return (lists of values by field name, problems). A problem is (index of the row from 0, RowProblem of a cell)."""
    values: dict[str, list[Any]] = {}
    faults = []
    for name, column, read in readers:
        cells = table.column(column)
        parsed = _Cells(read, Show.defaults.get(name))
        values[name] = list(map(parsed.__getitem__, cells))
        if parsed.wrong:
            invalid = ((index, parsed.wrong[cell]) for index, cell in enumerate(cells) if cell in parsed.wrong)
            faults += [(index, RowProblem("", column, message)) for index, message in invalid]
    return values, faults


def _shows(count: int, values: dict[str, list[Any]]) -> list[Show]:
    """Return `count` shows with `values` (a list by field name), and the url, status and viewings that follow from them."""
    viewed = zip(values.pop("viewed"), values["rating"], strict=True)
    return build_many(
        Show,
        count,
        values
        | {
            "id": [""] * count,
            "aka": [() if aka == (title,) else aka for title, aka in zip(values["title"], values["aka"], strict=True)],
            # The exports spell the address in different ways.
            "url": [f"https://www.imdb.com/title/{ids['imdb']}/" if ids else "" for ids in values["ids"]],
            "status": [Status.WATCHED if rating else Status.PLANNED for rating in values["rating"]],
            "viewings": [(Viewing(day, rating),) if day and rating else () for day, rating in viewed],
        },
    )


def _line(cell: str) -> str:
    """Return the text of a cell as one line."""
    return " ".join(cell.split())


def _ids(cell: str) -> Mapping[str, str]:
    """Return the ids of a title: `{"imdb": "tt0113277"}`. Raise ValueError if `cell` does not have the form tt0113277."""
    if not _TITLE.fullmatch(cell):
        raise ValueError(f'"{safe(cell[:40])}" is not the id of a title, e.g. tt0113277')
    return {"imdb": cell}


def _names(cell: str) -> tuple[str, ...]:
    """Return the names in a comma-separated cell, without duplicates."""
    return tuple(dict.fromkeys(name for part in cell.split(",") if (name := part.strip())))


def _day_first(day: str) -> bool:
    """Return True if a date is only valid if its first number is the day: 18/4/2026, 18.4.2026."""
    match = _NUMBERS.fullmatch(day)
    return match is not None and (match[2] == "." or int(match[1]) > 12)


def _day(text: str, *, day_first: bool) -> date:
    """Parse `2026-04-18`, `4/18/2026` or `Sat Apr 18 00:00:00 2026`. Raise ValueError for other texts.

    With `day_first`, dates with slashes begin with the day: `18/4/2026`.
    """
    try:
        if _ISO.match(text):
            return date.fromisoformat(text[:10])
        if match := _NUMBERS.fullmatch(text):
            month, day = (match[3], match[1]) if day_first else (match[1], match[3])
            return date(int(match[4]), int(month), int(day))
        if match := _WORDS.fullmatch(text):
            return date(int(match[3]), _MONTHS.index(match[1]) + 1, int(match[2]))
    except ValueError:
        pass
    raise ValueError(f'"{safe(text[:40])}" is not a date like 2026-11-20')


def _past(day: Callable[[str], date], text: str) -> date:
    """Parse a date with `day`. Raise ValueError if it is after today, on which nothing can have been rated or added."""
    parsed_day = day(text)
    if parsed_day > date.today():
        raise ValueError(f"{parsed_day} is still to come")
    return parsed_day


def _type_problems(left_out: Mapping[str, int], unknown: Mapping[str, int]) -> Iterator[RowProblem]:
    """Yield one problem for each title type. The arguments map types to numbers of rows.

    `left_out` has the types that are not shows, e.g. episodes; `unknown` those that this program does not know.
    """
    for type, number in left_out.items():
        yield RowProblem("", "", f"{counted(number, 'row')} left out, not shows: {safe(type[:40])}")
    for type, number in unknown.items():
        if type and number:
            message = f'"{safe(type[:40])}" is an unknown type, so {counted(number, "show")} came without a kind'
            yield RowProblem("", "title type", message)
