"""FIELDS: the table of all fields of a show, one row per field.

The keys in the list file, forms, command line flags, queries, list columns and exports are derived from this table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from operator import attrgetter
from typing import Any, NamedTuple

from watchlist.domain.dates import FIRST_YEAR, LAST_YEAR
from watchlist.domain.field_types import (
    ChoiceType,
    Date,
    DateList,
    EpisodeRatings,
    FieldType,
    Ids,
    Integer,
    Ranges,
    Rating,
    StringList,
    TextType,
    Url,
)
from watchlist.domain.frozen import replace, same
from watchlist.domain.model import Credit, Kind, Problem, Role, Season, Show, Status, Viewing
from watchlist.domain.named_dates import NamedDates
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.record_fields import RecordColumn, Records
from watchlist.domain.season_lengths import MAX_SEASON, Seasons
from watchlist.domain.text import MAX_EPISODES
from watchlist.domain.watch_progress import minutes_left, progress_of
from watchlist.errors import WrongValue
from watchlist.sanitize import safe, shell_word

CAST = Records(
    Role,
    (
        RecordColumn("actor", "actor", TextType(), "the name of the actor"),
        RecordColumn("role", "role", TextType(), "whom they play"),
    ),
    required="actor",
    pair=True,
)
CREW = Records(
    Credit,
    (
        RecordColumn("name", "name", TextType(), "the name of the person"),
        RecordColumn("job", "job", TextType(), "e.g. Music"),
    ),
    required="name",
    pair=True,
)
SEASONS = Seasons(
    Season,
    (
        RecordColumn("number", "number", Integer(0, MAX_SEASON, "a season number"), "0 for specials"),
        RecordColumn(
            "first",
            "first",
            Integer(1, MAX_EPISODES, "the number of its first episode"),
            "else 1",
        ),
        RecordColumn(
            "episodes",
            "episodes",
            Integer(0, MAX_EPISODES, "a number of episodes"),
            "else unknown",
        ),
        RecordColumn("titles", "titles", StringList(), 'one for each episode, "" if unknown'),
        RecordColumn("aired", "aired", DateList(), 'the air date of each episode, "" if unknown'),
        RecordColumn("watched", "watched", Ranges(), "the episodes that you watched"),
        RecordColumn("skipped", "skipped", Ranges(), "skipped on purpose: neither watched nor left"),
        RecordColumn("ratings", "ratings", EpisodeRatings(), "stars by episode number"),
    ),
    required="number",
    unique=True,
)
VIEWINGS = Records(
    Viewing,
    (
        RecordColumn("date", "date", Date(time=True, past=True, required=True), "a day or a local time"),
        RecordColumn("rating", "rating", Rating(), "stars of this viewing; the show has its own"),
        RecordColumn("episodes", "episodes", TextType(), "e.g. S01E01-E03; else all of it"),
        RecordColumn("with", "people", StringList(), "who watched with you"),
        RecordColumn("review", "review", TextType(long=True), "your own words; Markdown works"),
        RecordColumn("rewatch", "rewatch", Integer(1, 10_000, "the number of a rewatch"), "1 for the first"),
    ),
    required="",
)


class FormGroup(StrEnum):
    """A part of the forms that add or edit shows, in their order. MAIN is always open; the others are folded at first."""

    MAIN = "Main"
    WHERE = "Where and when"
    EPISODES = "Episodes"
    PEOPLE = "People"
    LABELS = "Labels"
    TEXT = "Text"
    LINKS = "Links"


class Field(NamedTuple):
    """A field of a show.

    `name` is the key in the file, in queries, in `watchlist set` and in columns; queries also accept `aliases`. `hint`
    is a short help text for the user, and the placeholder of an empty input. `width` is the width of the list column in
    cells; 0 means all remaining cells. The value of a `derived` field is computed by `getter`: it can be queried, sorted
    by and shown, but not set.
    """

    name: str
    label: str
    type: FieldType[Any]
    hint: str
    width: int = 16
    aliases: tuple[str, ...] = ()
    group: FormGroup | None = FormGroup.WHERE  # the part of the forms that has the field; None: not in the forms
    derived: bool = False
    searched: bool = False  # True if plain words of a query are searched in this field
    getter: Callable[[Show], Any] | None = None

    def get(self, show: Show) -> Any:
        """Return the value of this field for a show, or `type.empty` if the show has none."""
        if self.getter is None:
            return getattr(show, self.name)
        try:
            return show.remembered(self.name)
        except LookupError:
            return self.getter(show)

    def has(self, show: Show) -> bool:
        """Return True if the value of this field for the show is not empty."""
        return bool(self.get(show) != self.type.empty)

    def show_as(self, show: Show, style: DisplayStyle = STARS) -> str:
        """Return the value as text; empty if the show has none."""
        return self.type.format(self.get(show), style)

    def brief(self, show: Show, style: DisplayStyle = STARS) -> str:
        """Return the value as a short text for tables and forms; empty if the show has none."""
        return self.type.brief(self.get(show), style)


class ProgressType(TextType):
    """The number of watched and of all episodes as text: `3/10`, or `3/?` if the total is unknown.

    The sort key is the watched share of the episodes; an unknown share counts as 0.
    """

    def key(self, value: str) -> Any:
        seen, _, total = value.partition("/")
        return (int(seen) / int(total) if total != "?" else 0.0, int(seen))


MAIN, EPISODES, PEOPLE, LABELS, TEXT, LINKS = (
    FormGroup.MAIN,
    FormGroup.EPISODES,
    FormGroup.PEOPLE,
    FormGroup.LABELS,
    FormGroup.TEXT,
    FormGroup.LINKS,
)
NAMES = StringList()
FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        Field("title", "Title", TextType(required=True), "e.g. Heat (1995)", 0, group=MAIN, searched=True),
        Field("id", "ID", TextType(), "made from the title; never changes", group=None),
        Field("kind", "Kind", ChoiceType(Kind), "series or film", 6, group=MAIN),
        Field("year", "Year", Integer(FIRST_YEAR, LAST_YEAR, "a year"), "e.g. 2025", 4, group=MAIN),
        Field("status", "Status", ChoiceType(Status, Status.PLANNED), ", ".join(Status), 8, group=MAIN),
        Field("rating", "Rating", Rating(), "e.g. 4.5, 9/10, 90/100 or ★★★★½", 10, group=MAIN),
        Field("platform", "Platform", TextType(), "e.g. Prime Video", 14, searched=True),
        Field("premiered", "Premiered", Date(), "e.g. 2025-07-09, 2025-07, -1d, unknown", 10),
        Field("added", "Added", Date(past=True), "e.g. 2026-11-22, 2026-11, -1d, unknown", 10),
        Field("runtime", "Runtime", Integer(1, 10_000, "minutes"), "e.g. 46; minutes, of a film or of one episode", 7),
        Field("language", "Language", TextType(), "e.g. English", 10),
        Field(
            "creators", "Creators", NAMES, "e.g. Michael Mann; comma-separated", 20, ("creator",), PEOPLE, searched=True
        ),
        Field("genres", "Genres", NAMES, "e.g. Crime, Drama", 20, ("genre",), LABELS, searched=True),
        Field(
            "tags", "Tags", NAMES, "e.g. noir, to own; your own, comma-separated", 16, ("tag",), LABELS, searched=True
        ),
        Field("aka", "Other titles", NAMES, "e.g. Dune: Part One; comma-separated", 20, group=LABELS, searched=True),
        Field("related", "Related", NAMES, "e.g. Bosch, The Wire; titles, comma-separated", 20, group=LINKS),
        Field("based_on", "Based on", TextType(), "e.g. a play, novels by Michael Connelly", 20, group=LINKS),
        Field("url", "URL", Url(), "e.g. https://...; b opens it in the browser", 24, group=LINKS),
        Field("synopsis", "Synopsis", TextType(long=True), "what it is about", 30, group=TEXT, searched=True),
        Field(
            "notes", "Notes", TextType(long=True), "your own words; Markdown works", 30, ("note",), TEXT, searched=True
        ),
        Field("ids", "IDs", Ids(), "e.g. imdb=tt0113277, tmdb=949", 20, group=LINKS),
        Field(
            "cast", "Cast", CAST, "Actor: Role, one per line or separated by ;", 20, ("actor",), PEOPLE, searched=True
        ),
        Field("crew", "Crew", CREW, "Name: Job, one per line or separated by ;", 20, group=PEOPLE, searched=True),
        Field(
            "sources",
            "Sources",
            NamedDates(),
            "look-ups that filled fields, e.g. tvmaze=2026-11-29",
            20,
            ("source",),
            group=None,
        ),
        Field("seasons", "Seasons", SEASONS, "e.g. 10, 8, 8 or S1 10, S2 8, S0 2", 12, group=EPISODES),
        Field("viewings", "Viewings", VIEWINGS, "rows as JSON; easier in the editor", 8, group=None),
        Field(
            "progress",
            "Progress",
            ProgressType(),
            "episodes watched of all",
            13,
            derived=True,
            group=None,
            getter=lambda show: progress_of(show).text,
        ),
        Field(
            "left",
            "Left",
            Integer(0, 10**6, "episodes"),
            "episodes still to watch",
            5,
            derived=True,
            group=None,
            getter=lambda show: progress_of(show).left,
        ),
        Field(
            "minutes_left",
            "Minutes left",
            Integer(0, 10**10, "minutes"),
            "time left, in minutes; a film counts until watched",
            12,
            ("time_left",),
            derived=True,
            group=None,
            getter=minutes_left,
        ),
        Field(
            "watched",
            "Watched",
            Date(),
            "the day of the latest viewing; queries search all viewings",
            10,
            derived=True,
            group=None,
            getter=lambda show: show.last_viewed,
        ),
        Field(
            "role",
            "Roles",
            StringList(),
            "the roles of the cast",
            20,
            ("roles",),
            derived=True,
            group=None,
            getter=lambda show: tuple(row.role for row in show.cast if row.role),
        ),
    )
}

STORED = tuple(field for field in FIELDS.values() if not field.derived)
_READERS = {field.name: field.type.read for field in STORED}
_ALWAYS = object()  # not equal to any value, so that the field is always written
# (name, value that is not written, type) of each field of the file, in writing order.
WRITTEN = tuple(
    (f.name, _ALWAYS if f.name in ("id", "status") else f.type.empty, f.type)
    for f in sorted(STORED, key=lambda field: field.name != "id")
)
_WRITERS = tuple((name, empty, type.write) for name, empty, type in WRITTEN)
ORDER = tuple(name for name, *_ in WRITTEN)
values_of = attrgetter(*ORDER)  # returns the values of a show in ORDER
BY_NAME = {name: field for field in FIELDS.values() for name in (field.name, *field.aliases)}


def changed_fields(old: Show, new: Show) -> tuple[str, ...]:
    """Return the names of the fields that differ between two versions of a show.

    A field with an invalid value in the file counts as changed, too, if it has a valid value in `new`.
    """
    fixed = set(map(_field_of, old.problems)) - set(map(_field_of, new.problems))
    return tuple(
        field.name
        for field in STORED
        if field.name in fixed or not same(getattr(old, field.name), getattr(new, field.name))
    )


def _field_of(problem: Problem) -> str:
    """Return the name of the field to which a problem belongs: `seasons` for the key `seasons[0].watched`."""
    return problem.key.split(".")[0].split("[")[0]


def problem_of(show: Show, name: str) -> Problem | None:
    """Return the problem of the field `name`, an invalid value in the file; None if the value is valid."""
    return next((problem for problem in show.problems if _field_of(problem) == name), None)


def check_readable(show: Show, name: str) -> None:
    """Raise WrongValue if the value of the field `name` in the file is invalid, because a new value would destroy it."""
    if show.problems and (problem := problem_of(show, name)):
        raise WrongValue(
            f"{safe(problem.key)} of {safe(show.title)} is wrong in the file: {safe(problem.message)}",
            f"fix the value in the editor, or replace it with {name}=VALUE"
            if FIELDS[name].group and name != "seasons"  # lengths alone do not replace what is wrong
            else f"`watchlist edit {shell_word(show.id)}` opens it in your editor",
        )


def _origins(type: Records, before: tuple[Any, ...], after: tuple[Any, ...]) -> Mapping[int, int]:
    """Match old and new rows: return the index of the old row by the index of the new row, both from 0.

    Args:
        type: The type of the field that contains the rows.
        before: The old rows.
        after: The new rows. If their number is unchanged, rows with the same index match. Otherwise, two rows match if
            no other row has the same value in the required column; without a required column, none match.
    """
    if len(before) == len(after):
        return {index: index for index in range(len(after))}
    if not type.required:
        return {}
    key = next(column.attribute for column in type.columns if column.key == type.required)
    old, new = ([getattr(row, key) for row in rows] for rows in (before, after))
    return {index: old.index(name) for index, name in enumerate(new) if old.count(name) == new.count(name) == 1}


def _changed_row(type: Records, old: Any, table: Mapping[str, Any], row: Any) -> dict[str, Any]:
    """Return the TOML table of a changed row, keeping the spelling of unchanged values.

    Args:
        type: The type of the field that contains the row.
        old: The row before the change.
        table: The TOML table from which `old` was read.
        row: The row after the change.
    """
    written, previous = type.write_row(row), type.write_row(old)
    types = {column.key: (column.type, column.attribute) for column in type.columns}
    kept = {key: value for key, value in table.items() if key not in previous or key in written}
    for key, value in written.items():
        if key in previous and same(previous[key], value):
            continue
        if key in types and key in table:
            column, attribute = types[key]
            kept[key] = column.rewrite(getattr(row, attribute), table[key])
        else:
            kept[key] = value
    return kept


def with_value(show: Show, name: str, value: Any) -> Show:
    """Return the show with the field `name` set to `value`. Raise WrongValue if the old value is invalid in the file."""
    check_readable(show, name)
    return replace(show, **{name: value})


def overwrite(show: Show, name: str, value: Any) -> Show:
    """Return the show with the field `name` set to `value`, even if the old value is invalid in the file."""
    problems = tuple(problem for problem in show.problems if _field_of(problem) != name)
    return replace(show, **{name: value}, problems=problems)
