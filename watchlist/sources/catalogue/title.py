"""CatalogueTitle: a film or series of the catalogue, and the title types that the catalogue contains."""

from __future__ import annotations

from typing import NamedTuple

from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Kind


class TitleType(NamedTuple):
    """A title type of IMDb: its name in the files, the kind of show, and the word for users."""

    name: str
    kind: Kind
    word: str
    needs_votes: bool = False  # True for a type whose titles are left out unless they were rated


# The catalogue stores the index of a type in this tuple. Append new types, and raise `database.VERSION`.
TYPES = (
    TitleType("movie", Kind.FILM, "film"),
    TitleType("tvMovie", Kind.FILM, "TV film"),
    TitleType("tvSeries", Kind.SERIES, "series"),
    TitleType("tvMiniSeries", Kind.SERIES, "miniseries"),
    TitleType("tvSpecial", Kind.FILM, "TV special"),
    TitleType("short", Kind.FILM, "short", needs_votes=True),
    TitleType("tvShort", Kind.FILM, "TV short", needs_votes=True),
    TitleType("video", Kind.FILM, "video", needs_votes=True),
)


class CatalogueTitle(Frozen):
    """A film or series of the catalogue. None and empty values mean unknown."""

    id: str  # of IMDb, e.g. "tt0113277"
    title: str
    original_title: str = ""  # empty if it is the same as `title`
    year: int | None = None
    end_year: int | None = None  # of a series that has ended
    kind: Kind = Kind.FILM
    type: str = "film"  # a word for users, see TYPES, e.g. "TV film"
    runtime: int | None = None  # in minutes; of one episode for a series
    genres: tuple[str, ...] = ()
    votes: int = 0
    rating: float | None = None  # IMDb's, from 1 to 10, for display only: it must not be written to the list
    seasons: int | None = None  # how many, without specials
    episodes: int | None = None  # how many in all seasons
    people: tuple[str, ...] = ()  # names of directors or creators, then of actors
    known_as: str = ""  # the title in another language that the search found; empty if `title` was found


def title_id(number: int) -> str:
    """Return the id of the title with this number: `tt0113277` for 113277."""
    return f"tt{number:07}"


def title_number(id: str) -> int | None:
    """Return the number in the id of a title: 113277 for `tt0113277`; None if `id` has another form."""
    digits = id[2:]
    return int(digits) if id.startswith("tt") and digits.isascii() and digits.isdigit() and len(digits) < 10 else None
