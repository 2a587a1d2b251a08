"""Converts tables read from TOML or JSON to shows and problems."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from watchlist.domain.frozen import replace
from watchlist.domain.model import Show, Status
from watchlist.domain.show_toml import from_table
from watchlist.formats.format import Imported, RowProblem, is_unicode


def imported(rows: Iterable[tuple[str, Any]]) -> Imported:
    """Return the shows and problems in `rows`, which are (place in the file as text, table) pairs.

    A table without a title is skipped and reported.
    """
    shows: list[Show] = []
    problems: list[RowProblem] = []
    planned = set[int]()
    skipped = 0
    for where, table in rows:
        reason = _no_show(table)
        if reason:
            problems.append(RowProblem(where, "", reason))
            skipped += 1
            continue
        show = from_table(table)
        if table.get("status") == Status.PLANNED:
            planned.add(len(shows))
        problems += [RowProblem(where, problem.key, problem.message) for problem in show.problems]
        shows.append(replace(show, problems=()) if show.problems else show)
    return Imported(tuple(shows), tuple(problems), skipped, frozenset(planned))


def _no_show(table: Any) -> str:
    """Return the reason why `table` can't become a show; empty if it can."""
    if not isinstance(table, dict):
        return "this is not a show"
    title = table.get("title")
    if not isinstance(title, str) or not title.strip():
        return "every show needs a title"
    return "" if _is_unicode(table) else "this holds text that is not valid Unicode"


def _is_unicode(value: Any) -> bool:
    """Return True if all texts in a value are valid Unicode."""
    if isinstance(value, str):
        return value.isascii() or is_unicode(value)
    if isinstance(value, dict):
        return all(_is_unicode(key) and _is_unicode(item) for key, item in value.items())
    return all(map(_is_unicode, value)) if isinstance(value, list) else True
