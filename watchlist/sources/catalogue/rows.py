"""Rows of the catalogue's table of titles as records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from watchlist.sources.catalogue.title import TYPES, CatalogueTitle, title_id

COLUMNS = (
    "rank, id, title, original, year, end_year, type, runtime, genres, votes, rating, seasons, episodes, people, akas"
)
SEPARATOR = "\n"  # between the people of a title, and between its titles in other languages


def title_of(row: Sequence[Any], known_as: str = "") -> CatalogueTitle:
    """Return the title in a row with COLUMNS. Raise ValueError or TypeError if the row is damaged."""
    _, id, title, original, year, end_year, type, runtime, genres, votes, rating, seasons, episodes, people, _ = row
    if not isinstance(title, str) or not 0 <= type < len(TYPES):
        raise ValueError("no title")
    return CatalogueTitle(
        title_id(_number(id) or 0),
        title,
        _text(original),
        _number(year),
        _number(end_year),
        TYPES[type].kind,
        TYPES[type].word,
        _number(runtime),
        tuple(_text(genres).split(",")) if genres else (),
        _number(votes) or 0,
        rating / 10 if rating else None,
        _number(seasons),
        _number(episodes),
        tuple(_text(people).split(SEPARATOR)) if people else (),
        known_as,
    )


def _text(value: object) -> str:
    """Return a text from the file; empty for NULL. Raise ValueError for other values."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("no text")
    return value


def _number(value: object) -> int | None:
    """Return a number from the file; None for NULL. Raise ValueError for other values."""
    if value is not None and not isinstance(value, int):
        raise ValueError("no number")
    return value
