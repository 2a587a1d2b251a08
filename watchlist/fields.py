"""FIELDS: one row for everything known about a show. File, forms, flags, queries, columns and exports project it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import attrgetter
from typing import Any, NamedTuple

from watchlist.fieldtypes import Choice, EpisodeRatings, FieldType, Ids, Moment, Names, Ranges, Rating, Text, Url, Whole
from watchlist.model import Credit, Kind, Problem, Role, Season, Show, Status, Viewing
from watchlist.ratings import STARS, Style
from watchlist.records import Column, Records
from watchlist.values import replace

CAST = Records(Role, (Column("actor", "actor", Text()), Column("role", "role", Text())), required="actor", pair=True)
CREW = Records(Credit, (Column("name", "name", Text()), Column("job", "job", Text())), required="name", pair=True)
SEASONS = Records(
    Season,
    (
        Column("number", "number", Whole(0, 10_000, "a season number")),
        Column("episodes", "episodes", Whole(0, 20_000, "a number of episodes")),
        Column("titles", "titles", Names()),
        Column("watched", "watched", Ranges()),
        Column("skipped", "skipped", Ranges()),
        Column("ratings", "ratings", EpisodeRatings()),
    ),
    required="number",
)
VIEWINGS = Records(
    Viewing,
    (
        Column("date", "date", Moment(time=True)),
        Column("rating", "rating", Rating()),
        Column("episodes", "episodes", Text()),
        Column("with", "people", Names()),
        Column("review", "review", Text(long=True)),
        Column("rewatch", "rewatch", Whole(1, 10_000, "the number of a rewatch")),
    ),
    required="",
)


class Field(NamedTuple):
    """One field of a show.

    `name` is the key in the file, in queries, in `set` and in columns; `aliases` are other names that queries take.
    `width` is the cells a list column wants; 0 means all there is. A `derived` field is worked out by `get`, and can be
    queried, ordered by and shown, not set.
    """

    name: str
    label: str
    type: FieldType[Any]
    hint: str
    width: int = 16
    aliases: tuple[str, ...] = ()
    derived: bool = False
    form: bool = True  # stands in the add and edit forms
    searched: bool = False  # a bare word of a query is looked for here
    getter: Callable[[Show], Any] | None = None

    def get(self, show: Show) -> Any:
        """The value of this field, typed; `type.empty` where there is none."""
        if self.getter is None:
            return getattr(show, self.name)
        try:
            return show.remembered(self.name)
        except LookupError:
            return self.getter(show)

    def has(self, show: Show) -> bool:
        """Whether the show has a value here."""
        return bool(self.get(show) != self.type.empty)

    def show_as(self, show: Show, style: Style = STARS) -> str:
        """The value as text; empty where there is none."""
        return self.type.format(self.get(show), style)


class Progress(Text):
    """Episodes watched of all, as in `3/10`; ordered by the part that was watched."""

    def key(self, value: str) -> Any:
        seen, _, episodes = value.partition("/")
        return int(seen) / int(episodes)


def _progress(show: Show) -> str:
    episodes = show.episodes
    return f"{show.seen}/{episodes}" if episodes else ""


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("title", "Title", Text(required=True), "Heat (1995) splits off the year", 0, searched=True),
        Field("id", "Id", Text(), "made from the title, never changes", form=False),
        Field("kind", "Kind", Choice(Kind), "series or film", 6),
        Field("year", "Year", Whole(1870, 2200, "a year"), "as in 2025", 4),
        Field("status", "Status", Choice(Status, Status.PLANNED), ", ".join(Status), 8),
        Field("rating", "Rating", Rating(), "4.5, 9/10, 90/100 or ★★★★½", 10),
        Field("platform", "Platform", Text(), "where it can be watched", 14, searched=True),
        Field("premiered", "Premiered", Moment(), "a date, as in 2025-07-09", 10),
        Field("added", "Added", Moment(), "a date, as in 2026-11-22", 10),
        Field("runtime", "Runtime", Whole(1, 10_000, "minutes"), "minutes, of a film or of one episode", 7),
        Field("language", "Language", Text(), "as in English", 10),
        Field("creators", "Creators", Names(), "names, separated by commas", 20, ("creator",), searched=True),
        Field("genres", "Genres", Names(), "separated by commas", 20, ("genre",), searched=True),
        Field("tags", "Tags", Names(), "your own, separated by commas", 16, ("tag",), searched=True),
        Field("aka", "Also known as", Names(), "other titles, separated by commas", 20, searched=True),
        Field("related", "Related", Names(), "titles, separated by commas", 20),
        Field("based_on", "Based on", Text(), "as in novels by Michael Connelly", 20),
        Field("url", "Url", Url(), "opened in the browser with b", 24),
        Field("synopsis", "Synopsis", Text(long=True), "what it is about", 30, searched=True),
        Field("notes", "Notes", Text(long=True), "your own words; Markdown works", 30, ("note",), searched=True),
        Field("ids", "Ids", Ids(), "imdb=tt0113277, tmdb=949", 20),
        Field("cast", "Cast", CAST, "Maggie Q: Renée Ballard; one a line or after ;", 20, ("actor",), searched=True),
        Field("crew", "Crew", CREW, "Cliff Martinez: Music; one a line or after ;", 20, searched=True),
        Field("seasons", "Seasons", SEASONS, "rows as JSON; easier with the editor", 7, form=False),
        Field("viewings", "Viewings", VIEWINGS, "rows as JSON; easier with the editor", 8, form=False),
        Field(
            "progress",
            "Progress",
            Progress(),
            "episodes watched of all",
            13,
            derived=True,
            form=False,
            getter=_progress,
        ),
        Field(
            "left",
            "Left",
            Whole(0, 10**6, "episodes"),
            "episodes still to watch",
            5,
            derived=True,
            form=False,
            getter=lambda show: show.left,
        ),
        Field(
            "minutes_left",
            "Minutes left",
            Whole(0, 10**10, "minutes"),
            "how long what is left takes; a film until it was watched",
            12,
            ("time_left",),
            derived=True,
            form=False,
            getter=lambda show: show.minutes_left,
        ),
        Field(
            "watched",
            "Watched",
            Moment(),
            "the day of the latest viewing; queries look at all of them",
            10,
            derived=True,
            form=False,
            getter=lambda show: show.last_viewed,
        ),
        Field(
            "role",
            "Roles",
            Names(),
            "the roles of the cast",
            20,
            ("roles",),
            derived=True,
            form=False,
            getter=lambda show: tuple(row.role for row in show.cast if row.role),
        ),
    )
}

STORED = tuple(field for field in FIELDS.values() if not field.derived)
_READERS = {field.name: field.type.read for field in STORED}
_ALWAYS = object()  # equal to no value: a field that is written whatever it is
WRITTEN = (
    tuple(  # the name, the value that is left out, and the type of what stands in the file, in the order it stands in
        (f.name, _ALWAYS if f.name in ("id", "status") else f.type.empty, f.type)
        for f in sorted(STORED, key=lambda field: field.name != "id")
    )
)
_WRITERS = tuple((name, empty, type.write) for name, empty, type in WRITTEN)
ORDER = tuple(name for name, *_ in WRITTEN)
values_of = attrgetter(*ORDER)
BY_NAME = {name: field for field in FIELDS.values() for name in (field.name, *field.aliases)}


def from_table(table: Mapping[str, Any]) -> Show:
    """A TOML table as a show. Wrong values are left out and said in `problems`; unknown keys are kept in `other`.

    The id may come out empty where the table has none: who holds the whole list gives it one.
    """
    values: dict[str, Any] = {}
    problems = []
    other = {}
    for key, raw in table.items():
        read = _READERS.get(key)
        if read is None:
            other[key] = raw
            continue
        try:
            values[key] = read(raw)
        except ValueError as error:
            message = str(error)
            path, text = message.split(": ", 1) if message.startswith("[") and ": " in message else ("", message)
            problems.append(Problem(key + path, text, raw))
    if "title" not in values:
        if "title" not in table:
            problems.append(Problem("title", "every show needs a title", None))
        values["title"] = str(table.get("title") or table.get("id") or "(no title)")
    values["id"] = values.get("id") or str(table.get("id", ""))  # a number by mistake is told from others all the same
    if other:
        values["other"] = other
    if problems:
        values["problems"] = tuple(problems)
    return Show(**values)


def to_table(show: Show) -> dict[str, Any]:
    """A show as TOML values: `id` first, then in the order of FIELDS; what is empty is absent, own keys come last."""
    table: dict[str, Any] = {}
    for (name, empty, write), value in zip(_WRITERS, values_of(show), strict=True):
        if value is not empty and value != empty:
            table[name] = write(value)
    return {**table, **show.other} if show.other else table


def changed_fields(old: Show, new: Show) -> tuple[str, ...]:
    """Names of the fields that differ, and of those whose wrong value in the file is to go."""
    mended = set(map(_field_of, old.problems)) - set(map(_field_of, new.problems))
    return tuple(
        field.name for field in STORED if field.name in mended or getattr(old, field.name) != getattr(new, field.name)
    )


def _field_of(problem: Problem) -> str:
    """The field that a problem is in: `seasons` of `seasons[0].watched`."""
    return problem.key.split(".")[0].split("[")[0]


def problem_of(show: Show, name: str) -> Problem | None:
    """What is wrong with a field in the file."""
    return next((problem for problem in show.problems if _field_of(problem) == name), None)


def changed_table(table: Mapping[str, Any], old: Show, new: Show) -> dict[str, Any]:
    """`table`, which `old` was read from, with what differs between `old` and `new` brought in, and nothing else."""
    result = dict(table)
    for field in map(FIELDS.__getitem__, changed_fields(old, new)):
        before, after = getattr(old, field.name), getattr(new, field.name)
        if after == field.type.empty and field.name != "status":
            result.pop(field.name, None)
        elif isinstance(field.type, Records):
            result[field.name] = _changed_rows(field.type, table.get(field.name), before, after)
        else:
            result[field.name] = field.type.write(after)
    if old.other != new.other:
        for key in old.other.keys() - new.other.keys():
            result.pop(key, None)
        result |= new.other
    return result if result.get("id", "") != "" else {"id": new.id} | result | {"id": new.id}


def _changed_rows(type: Records, raw: Any, before: tuple[Any, ...], after: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Rows that stayed keep their spelling; a row changed in place keeps the spelling of what did not change in it."""
    if not isinstance(raw, list) or len(raw) != len(before):
        return [type.write_row(row) for row in after]
    spelled = list(zip(before, raw, strict=True))
    rows = []
    for index, row in enumerate(after):
        same = next((table for old, table in spelled if old == row), None)
        if same is None and len(before) == len(after):
            old, table = spelled[index]
            written, previous = type.write_row(row), type.write_row(old)
            kept = {key: value for key, value in table.items() if key not in previous or key in written}
            same = kept | {key: value for key, value in written.items() if previous.get(key) != value}
        rows.append(dict(same) if same is not None else type.write_row(row))
    return rows


def with_value(show: Show, name: str, value: Any) -> Show:
    """The show with one field set; problems of that field are gone with its wrong value."""
    left = tuple(problem for problem in show.problems if _field_of(problem) != name)
    return replace(show, **{name: value}, problems=left)
