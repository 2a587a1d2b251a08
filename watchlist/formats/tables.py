"""From tables, as TOML and JSON hold them, to shows and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from watchlist.fields import from_table
from watchlist.formats.format import Imported, RowProblem, is_unicode
from watchlist.model import Show
from watchlist.values import replace


def imported(rows: Iterable[tuple[str, Any]]) -> Imported:
    """Shows from tables, each with where it stands in the file. What is no table with a title is skipped, and said."""
    shows: list[Show] = []
    problems: list[RowProblem] = []
    skipped = 0
    for where, table in rows:
        reason = _no_show(table)
        if reason:
            problems.append(RowProblem(where, "", reason))
            skipped += 1
            continue
        show = from_table(table)
        problems += [RowProblem(where, problem.key, problem.message) for problem in show.problems]
        shows.append(replace(show, problems=()) if show.problems else show)
    return Imported(tuple(shows), tuple(problems), skipped)


def _no_show(table: Any) -> str:
    if not isinstance(table, dict):
        return "this is not a show"
    title = table.get("title")
    if not isinstance(title, str) or not title.strip():
        return "every show needs a title"
    return "" if _clean(table) else "this holds text that is not valid Unicode"


def _clean(value: Any) -> bool:
    if isinstance(value, str):
        return value.isascii() or is_unicode(value)
    if isinstance(value, dict):
        return all(_clean(key) and _clean(item) for key, item in value.items())
    return all(map(_clean, value)) if isinstance(value, list) else True
