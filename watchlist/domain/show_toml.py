"""Converts shows to TOML tables and back, and updates the table of a changed show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from watchlist.domain.fields import (
    _READERS,
    _WRITERS,
    FIELDS,
    _changed_row,
    _origins,
    changed_fields,
    check_readable,
    values_of,
)
from watchlist.domain.frozen import same
from watchlist.domain.model import Problem, Show
from watchlist.domain.record_fields import Records


def from_table(table: Mapping[str, Any]) -> Show:
    """Return the show in a TOML table.

    Invalid values are omitted and listed in `problems`; unknown keys are stored in `other`. If the table has no id, the
    show's id is empty and the caller must choose one.
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
    values["id"] = values.get("id") or str(table.get("id", ""))  # a number instead of a text still identifies the show
    if other:
        values["other"] = other
    if problems:
        values["problems"] = tuple(problems)
    return Show(**values)


def to_table(show: Show) -> dict[str, Any]:
    """Return a show as a TOML table: `id`, then the other non-empty fields, then the user's own keys."""
    table: dict[str, Any] = {}
    for (name, empty, write), value in zip(_WRITERS, values_of(show), strict=True):
        if value is not empty and value != empty:
            table[name] = write(value)
    return {**table, **show.other} if show.other else table


def changed_table(table: Mapping[str, Any], old: Show, new: Show) -> dict[str, Any]:
    """Return a copy of `table` that contains `new` instead of `old`, the show read from it. Equal values keep their spelling.

    Raises:
        WrongValue: `new` differs from `old` in a field that is still invalid in the file.
    """
    result = dict(table)
    for field in map(FIELDS.__getitem__, changed_fields(old, new)):
        check_readable(new, field.name)
        before, after = getattr(old, field.name), getattr(new, field.name)
        if after == field.type.empty and field.name != "status":
            result.pop(field.name, None)
        elif isinstance(field.type, Records):
            result[field.name] = _changed_rows(field.type, table.get(field.name), before, after)
        else:
            result[field.name] = field.type.write(after)
    if not same(old.other, new.other):
        for key in old.other.keys() - new.other.keys():
            result.pop(key, None)
        result |= new.other
    return result if result.get("id", "") != "" else {"id": new.id} | result | {"id": new.id}


def _changed_rows(type: Records, raw: Any, before: tuple[Any, ...], after: tuple[Any, ...]) -> list[dict[str, Any]]:
    """Return the rows `after` as TOML tables. What is equal in `before` keeps its spelling in `raw`, the old tables."""
    if not isinstance(raw, list) or len(raw) != len(before):
        return [type.write_row(row) for row in after]
    spelled = list(zip(before, raw, strict=True))
    untouched = {id(old): table for old, table in spelled}  # nearly all rows; saves comparing each with all others
    origins = _origins(type, before, after)
    rows = []
    for index, row in enumerate(after):
        unchanged = untouched.get(id(row)) or next((table for old, table in spelled if same(old, row)), None)
        if unchanged is not None:
            rows.append(dict(unchanged))
        else:
            origin = origins.get(index)
            rows.append(type.write_row(row) if origin is None else _changed_row(type, *spelled[origin], row))
    return rows
