"""Looks at the table of one show, as it is in the file: values that are not taken, and keys a slip away from known ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from watchlist.doctor.finding import Finding, Fix, Kind, Severity, Where, key_text
from watchlist.doctor.nearest import nearest_key, nearest_value, takes
from watchlist.doctor.words import spelled
from watchlist.fields import BY_NAME, FIELDS, STORED
from watchlist.fieldtypes import FieldType, Rating
from watchlist.model import Problem, Show, Watchlist
from watchlist.ratings import Style
from watchlist.records import Records

Table = Mapping[str, Any]
TOP = ("version", "shows", "views")
OWN = {name: field.name for name, field in BY_NAME.items() if not field.derived}
ROWS = {field.name: field.type for field in STORED if isinstance(field.type, Records)}


def is_clean(show: Show) -> bool:
    """Whether there is nothing to look for in the table: no value that is not taken, no key that is not known."""
    if show.problems or show.other:
        return False
    return not any(row.other for name in ROWS for row in getattr(show, name))


def in_table(table: Table, style: Style) -> Iterator[Finding]:
    """What is wrong in the table of a show."""
    keys = {key: found for key in table if key not in FIELDS and (found := _misspelled((), key, table, OWN, style))}
    yield from keys.values()
    for field in STORED:
        if field.name not in table:
            continue
        raw = table[field.name]
        if isinstance(field.type, Records) and isinstance(raw, list) and all(isinstance(row, dict) for row in raw):
            for index, row in enumerate(raw):
                yield from _in_row((field.name, index), row, field.type, style)
        elif message := _fault(field.type, raw):
            yield _wrong((field.name,), field.type, raw, message, style)
    if "title" not in table and "title" not in [key.fix.name for key in keys.values() if key.fix]:
        yield Finding(Severity.WRONG, Kind.VALUE, "there is no title, and every show needs one", where=("title",))


def _in_row(where: Where, row: Table, type: Records, style: Style) -> Iterator[Finding]:
    """What is wrong in one row of the cast, of the seasons ..."""
    types = {column.key: column.type for column in type.columns}
    for key, raw in row.items():
        if key not in types:
            if found := _misspelled(where, key, row, {name: name for name in types}, style, types):
                yield found
        elif message := _fault(types[key], raw):
            yield _wrong((*where, key), types[key], raw, message, style)
    if type.required and type.required not in row:
        message = f'{key_text(where)} has no "{type.required}"'
        yield Finding(Severity.WRONG, Kind.VALUE, message, where=where, value=dict(row), allowed=type.required)


def _fault(type: FieldType[Any], raw: Any) -> str:
    """Why this type does not take a value; empty where it does."""
    try:
        type.read(raw)
    except ValueError as error:
        return str(error)
    return ""


def _wrong(where: Where, type: FieldType[Any], raw: Any, message: str, style: Style) -> Finding:
    nearest, sure = nearest_value(type, raw, style)
    said = f"{key_text(where)} = {spelled(raw)}: {message}"
    found = Finding(Severity.WRONG, Kind.VALUE, said, where=where, value=raw, allowed=takes(type), nearest=nearest)
    return found._replace(fix=Fix(nearest)) if sure else found


def _misspelled(
    where: Where, key: str, table: Table, names: Mapping[str, str], style: Style, types: Mapping[str, Any] | None = None
) -> Finding | None:
    """A key of the user's own that is nearly a known one, with a value that would fit there."""
    name, raw = names.get(key) or _like(key, tuple(dict.fromkeys(names.values()))), table[key]
    if name is None:
        return None
    type = types[name] if types is not None else FIELDS[name].type
    value, sure = (nearest_value(type, raw, style)) if _fault(type, raw) else (raw, True)
    if not sure and not (isinstance(type, Rating) and value is not None):
        return None
    said = f'{key_text((*where, key))} is not a key that is known here; did you mean "{name}"?'
    there = name in table
    fix = Fix(value, name) if sure and not there else None
    return Finding(
        Severity.ODD,
        Kind.KEY,
        said,
        where=(*where, key),
        value=raw,
        allowed=name,
        nearest=name,
        fix=fix,
        hint=f"{name} is there too, so it is yours to say which counts" if there else "",
    )


@lru_cache(1024)  # an own key is seldom in one show alone
def _like(key: str, names: tuple[str, ...]) -> str | None:
    return nearest_key(key, names)


def at_the_top(library: Watchlist) -> Iterator[Finding]:
    """What is wrong beside the shows: views that are none, and tables named a little wrong."""
    said = {problem.key: problem for problem in library.problems}
    for key, raw in library.other.items():
        problem, name = said.pop(key, None), nearest_key(key, TOP)
        rows = isinstance(raw, list) and bool(raw) and all(isinstance(row, dict) for row in raw)
        shows = rows and all("title" in row for row in raw)
        if (name == "shows" and shows) or (name == "views" and rows) or name == "version" or problem is not None:
            name = name or "shows"
            fix = Fix(raw, name) if (shows if name == "shows" else rows or name == "version") else None
            message = f'{key} is not a key that is known here; did you mean "{name}"?'
            severity = Severity.WRONG if name == "shows" else Severity.ODD
            yield Finding(severity, Kind.KEY, message, where=(key,), value=raw, allowed=name, nearest=name, fix=fix)
    yield from (_of_the_file(problem) for problem in said.values())


def _of_the_file(problem: Problem) -> Finding:
    name, _, index = problem.key.rstrip("]").partition("[")
    where: Where = (name, int(index)) if index else (name,)
    message = f"{problem.key} = {spelled(problem.value)}: {problem.message}"
    return Finding(Severity.WRONG, Kind.VALUE, message, where=where, value=problem.value, allowed=problem.message)
