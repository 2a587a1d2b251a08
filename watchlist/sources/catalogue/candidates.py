"""Which titles of the catalogue a line of text means: a title with a year, an id or an address, without further letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from watchlist.domain.text import fold
from watchlist.domain.title_text import TitleText
from watchlist.sources.catalogue.database import Catalogue
from watchlist.sources.catalogue.title import CatalogueTitle

MAX_CANDIDATES = 5
SEARCHED = 20  # titles that are compared
CLEAR = 20  # a title with so many times the votes of the next one is meant


class Candidates(NamedTuple):
    """The titles that a text may mean, best known first. `meant` is the one that is meant; None if that is not clear."""

    titles: tuple[CatalogueTitle, ...]
    meant: CatalogueTitle | None


def titles_of(read: TitleText, catalogue: Catalogue, limit: int) -> Sequence[CatalogueTitle]:
    """Return the titles that are found for a text, best known first. Raises CatalogueError if the file is damaged."""
    if (imdb := read.ids.get("imdb")) is not None:
        title = catalogue.title(str(imdb))
        return [title] if title is not None else []
    titles = catalogue.search(read.search, limit) if read.search else []
    return [title for title in titles if read.kind is None or title.kind is read.kind] if read.ids else titles


def candidates(read: TitleText, catalogue: Catalogue) -> Candidates:
    """Return the titles that a text may mean. Titles that are the same as the text come without any others.

    Raises CatalogueError if the file is damaged.
    """
    titles = titles_of(read, catalogue, SEARCHED)
    readings = [(_plain(name), year) for name, year in read.readings()]
    same = [title for title in titles if any(_is_named(title, *reading) for reading in readings)]
    if "imdb" in read.ids:
        same = list(titles)
    found = tuple((same or titles)[:MAX_CANDIDATES])
    is_clear = len(found) == 1 or (bool(same) and len(found) > 1 and found[0].votes >= CLEAR * max(1, found[1].votes))
    return Candidates(found, found[0] if is_clear else None)


def _is_named(title: CatalogueTitle, name: str, year: int | None) -> bool:
    names = map(_plain, (title.title, title.original_title, title.known_as))
    return name in names and year in (None, title.year)


def _plain(text: str) -> str:
    return " ".join(fold(text).split())
