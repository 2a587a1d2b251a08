"""Checks of a show's table in the file: invalid values and misspelled keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from watchlist.doctor.finding import Finding, FindingKind, Fix, Severity, Where, place_words
from watchlist.doctor.messages import spelled
from watchlist.doctor.suggestions import is_sure, nearest_key, nearest_value
from watchlist.domain.field_types import ChoiceType, FieldType, Rating
from watchlist.domain.fields import BY_NAME, FIELDS, STORED
from watchlist.domain.list_json_schema import takes
from watchlist.domain.model import Problem, Show
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.record_fields import Records
from watchlist.domain.watchlist import Watchlist

Table = Mapping[str, Any]
TOP_KEYS = ("version", "shows", "views")
FIELD_KEYS = {name: field.name for name, field in BY_NAME.items() if not field.derived}
RECORD_TYPES = {field.name: field.type for field in STORED if isinstance(field.type, Records)}


def is_clean(show: Show) -> bool:
    """Return True if a show has neither problems nor unknown keys, so that its table need not be checked."""
    if show.problems or show.other:
        return False
    return not any(row.other for name in RECORD_TYPES for row in getattr(show, name))


def check_table(table: Table, style: DisplayStyle) -> Iterator[Finding]:
    """Yield findings for a show's table in the file: invalid values and misspelled keys. `style` is the rating scale."""
    misspelled = _misspelled_keys((), table, FIELD_KEYS, style)
    yield from misspelled
    for field in STORED:
        if field.name not in table:
            continue
        value = table[field.name]
        if isinstance(field.type, Records) and isinstance(value, list) and all(isinstance(row, dict) for row in value):
            for index, row in enumerate(value):
                yield from _check_row((field.name, index), row, field.type, style)
        elif message := _fault(field.type, value):
            yield _value_finding((field.name,), field.type, value, message, style)
    if "title" not in table and "title" not in [finding.fix.name for finding in misspelled if finding.fix]:
        yield Finding(
            Severity.WRONG, FindingKind.VALUE, "there is no title, and every show needs one", where=("title",)
        )


def _check_row(where: Where, row: Table, type: Records, style: DisplayStyle) -> Iterator[Finding]:
    """Yield findings for `row`, one row of cast, crew, seasons or viewings, which is at the path `where`."""
    types = {column.key: column.type for column in type.columns}
    yield from _misspelled_keys(where, row, {name: name for name in types}, style, types)
    for key, value in row.items():
        if key in types and (message := _fault(types[key], value)):
            yield _value_finding((*where, key), types[key], value, message, style)
    if type.required and type.required not in row:
        message = f'{place_words(where)} has no "{type.required}"'
        yield Finding(Severity.WRONG, FindingKind.VALUE, message, where=where, value=dict(row), allowed=type.required)


def _fault(type: FieldType[Any], raw: Any) -> str:
    """Return the reason why `raw` is not valid for a type; empty if it is valid."""
    try:
        type.read(raw)
    except ValueError as error:
        return str(error)
    return ""


def _value_finding(where: Where, type: FieldType[Any], raw: Any, message: str, style: DisplayStyle) -> Finding:
    """Return the finding for `raw`, a TOML value at the path `where` that is not valid for its type; `message` says why."""
    nearest, sure = nearest_value(type, raw, style)
    message = f"{place_words(where)} = {spelled(raw)}: {message}"
    finding = Finding(
        Severity.WRONG, FindingKind.VALUE, message, where=where, value=raw, allowed=takes(type), nearest=nearest
    )
    return finding._replace(fix=Fix(nearest)) if sure else finding


def _misspelled_keys(
    where: Where, table: Table, names: Mapping[str, str], style: DisplayStyle, types: Mapping[str, Any] | None = None
) -> list[Finding]:
    """Return the findings for the misspelled keys of a table. Keys with the same correct name have no fix.

    The arguments are those of `_misspelled`.
    """
    known = FIELDS if types is None else types
    keys = [key for key in table if key not in known]
    findings = [finding for key in keys if (finding := _misspelled(where, key, table, names, style, types))]
    fixes = Counter(finding.fix.name for finding in findings if finding.fix)
    return [
        finding._replace(fix=None, hint=f"several keys may mean {finding.fix.name}; decide which of them is right")
        if finding.fix and fixes[finding.fix.name] > 1
        else finding
        for finding in findings
    ]


def _misspelled(
    where: Where,
    key: str,
    table: Table,
    names: Mapping[str, str],
    style: DisplayStyle,
    types: Mapping[str, Any] | None = None,
) -> Finding | None:
    """Return the finding for an unknown key that resembles a known key and has a valid value for it; else None.

    The finding has a fix only if the key is certainly misspelled, because users may add keys of their own.

    Args:
        where: The path of the table that contains the key.
        table: The table that contains the key.
        names: The correct name for each known spelling of a key.
        types: The types of values by name; None for the types of a show's fields.
    """
    name, raw = names.get(key) or _like(key, tuple(dict.fromkeys(names.values()))), table[key]
    if name is None or name == "id":
        return None
    type = types[name] if types is not None else FIELDS[name].type
    value, sure = (nearest_value(type, raw, style)) if _fault(type, raw) else (raw, True)
    if not sure and not (isinstance(type, Rating) and value is not None):
        return None
    message = f'{place_words((*where, key))} is not a known key here; did you mean "{name}"?'
    exists = name in table
    is_plausible = isinstance(type, ChoiceType) or not _fault(type, raw)
    fix = Fix(value, name) if sure and is_plausible and not exists and (key in names or is_sure(key, name)) else None
    return Finding(
        Severity.ODD,
        FindingKind.KEY,
        message,
        where=(*where, key),
        value=raw,
        allowed=name,
        nearest=name,
        fix=fix,
        hint=f"{name} exists too; decide which of the two is right" if exists else "",
    )


@lru_cache(1024)  # most of the user's own keys are used by many shows
def _like(key: str, names: tuple[str, ...]) -> str | None:
    """Return the one of `names` that is similar to `key`; None if none or several are. Results are cached."""
    return nearest_key(key, names)


def check_top_level(library: Watchlist) -> Iterator[Finding]:
    """Yield findings for the keys at the top level of the file, other than its shows: misspelled keys and invalid views."""
    problems = {problem.key: problem for problem in library.problems}
    for key, raw in library.other.items():
        problem, name = problems.pop(key, None), nearest_key(key, TOP_KEYS)
        rows = isinstance(raw, list) and bool(raw) and all(isinstance(row, dict) for row in raw)
        shows = rows and all("title" in row for row in raw)
        if (name == "shows" and shows) or (name == "views" and rows) or name == "version" or problem is not None:
            name = name or "shows"
            fix = Fix(raw, name) if (shows if name == "shows" else rows or name == "version") else None
            message = f'{key} is not a known key here; did you mean "{name}"?'
            severity = Severity.WRONG if name == "shows" else Severity.ODD
            yield Finding(
                severity, FindingKind.KEY, message, where=(key,), value=raw, allowed=name, nearest=name, fix=fix
            )
    yield from (_file_finding(problem) for problem in problems.values())


def _file_finding(problem: Problem) -> Finding:
    """Return the finding for a problem of a top-level key."""
    name, _, index = problem.key.rstrip("]").partition("[")
    where: Where = (name, int(index)) if index else (name,)
    message = f"{place_words(where)} = {spelled(problem.value)}: {problem.message}"
    return Finding(
        Severity.WRONG, FindingKind.VALUE, message, where=where, value=problem.value, allowed=problem.message
    )
