"""AddFinder: what the add line offers for a text: shows of the list, then titles of the offline catalogue.

The methods of AddFinder may take some milliseconds, and are called in a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from watchlist.domain.frozen import Frozen
from watchlist.domain.matching import find_same
from watchlist.domain.model import Show
from watchlist.domain.show_table import ShowTable
from watchlist.domain.title_text import TitleText, read_title
from watchlist.errors import CatalogueError
from watchlist.query.columns import COLUMNS, flat

if TYPE_CHECKING:
    from watchlist.sources.catalogue.database import Catalogue
    from watchlist.sources.catalogue.title import CatalogueTitle

MAX_OWN, MAX_HITS = 5, 50


class CatalogueFile:
    """The catalogue file, opened when it is first needed, and again after it was rebuilt."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._opened: tuple[tuple[int, int], Catalogue] | None = None  # with the identity of the file
        self._lock = threading.Lock()

    def open(self) -> Catalogue | None:
        """Return the open catalogue; None if there is none. Raises CatalogueError if the file is damaged."""
        with self._lock:
            try:
                status = self.path.stat()
            except OSError:
                return None
            identity = status.st_ino, status.st_mtime_ns
            if self._opened is None or self._opened[0] != identity:
                from watchlist.sources.catalogue.database import Catalogue  # imports sqlite3

                catalogue = Catalogue.open(self.path)
                if catalogue is None:
                    return None
                self._opened = identity, catalogue  # the one before is closed when nothing refers to it any more
            return self._opened[1]


class Hits(Frozen):
    """What was found for a text. `problem` says why the catalogue can't be used; empty if it can, or if there is none."""

    text: str = ""
    own: tuple[Show, ...] = ()
    titles: tuple[CatalogueTitle, ...] = ()
    has_catalogue: bool = True
    problem: str = ""


class AddFinder:
    """Finds shows of a list and titles of the catalogue.

    Args:
        shows: The shows of the list.
        file: The catalogue.
    """

    def __init__(self, shows: ShowTable, file: CatalogueFile) -> None:
        self._shows, self._file = shows, file

    @property
    def has_catalogue(self) -> bool:
        """True if there is a catalogue, which may be damaged."""
        return self._file.path.exists()

    @cached_property
    def _names(self) -> Sequence[Sequence[str]]:
        """The titles of each show in order, without case and accents."""
        titles, others = (self._shows.column(name, COLUMNS[name]) for name in ("title", "aka"))
        return [(flat(title), *map(flat, aka)) for title, aka in zip(titles, others, strict=True)]

    @cached_property
    def _texts(self) -> Sequence[str]:
        """The titles of each show as one text, with a blank before each word: 10,000 are searched in a millisecond."""
        return ["".join(f" {title}\n" for title in titles) for titles in self._names]

    @cached_property
    def _by_imdb(self) -> frozenset[str]:
        ids = self._shows.column("ids", COLUMNS["ids"]) if "ids" in COLUMNS else (show.ids for show in self._shows)
        return frozenset(str(row["imdb"]) for row in ids if "imdb" in row)

    def find(self, text: str) -> Hits:
        """Return what is found for a typed text."""
        read = read_title(text)
        own = tuple(self.own(read)) if read.text else ()
        try:
            catalogue = self._file.open()
            if catalogue is None:
                return Hits(text, own, has_catalogue=False)
            from watchlist.sources.catalogue.candidates import titles_of  # imports sqlite3

            titles = titles_of(read, catalogue, MAX_HITS) if read.text else ()
        except CatalogueError as error:
            return Hits(text, own, problem=error.message)
        return Hits(text, own, tuple(title for title in titles if not self._is_listed(title, own)))

    def catalogue(self) -> Catalogue | None:
        """Return the open catalogue; None if there is none. Raises CatalogueError if the file is damaged."""
        return self._file.open()

    def own(self, read: TitleText) -> list[Show]:
        """Return at most MAX_OWN shows of the list that a text may mean: with a common id, or with all words of the text."""
        if read.ids:
            same = find_same(Show("", **read.values), self._shows)  # type: ignore[arg-type]
            return [same] if same is not None else []
        ranked: dict[int, int] = {}
        for name, year in read.readings():
            wanted = flat(name)
            first = f" {wanted.split(maxsplit=1)[0]}" if wanted.strip() else wanted
            for place in [place for place, text in enumerate(self._texts) if first in text]:
                rank = min((_rank(title, wanted) for title in self._names[place]), default=3)
                if rank < 3 and (year is None or self._shows[place].year == year):
                    ranked[place] = min(rank, ranked.get(place, 3))
        return [self._shows[place] for place in sorted(ranked, key=lambda place: (ranked[place], place))[:MAX_OWN]]

    def _is_listed(self, title: CatalogueTitle, own: Sequence[Show]) -> bool:
        """Return True if a title is on the list already."""
        if title.id in self._by_imdb:
            return True
        names = {flat(title.title), flat(title.original_title)}
        others = (
            show for show in own if "imdb" not in show.ids and not names.isdisjoint(map(flat, (show.title, *show.aka)))
        )
        return any(show.year in (title.year, None) and show.kind in (title.kind, None) for show in others)

    def show(self, title: CatalogueTitle) -> Show:
        """Return a show with all that the catalogue knows about a title. Raises CatalogueError if that can't be read."""
        catalogue = self._file.open()
        if catalogue is None:
            raise CatalogueError("the catalogue has been removed")
        return catalogue.show(title)


def _rank(title: str, wanted: str) -> int:
    """Return how well a title matches: 0 for the same, 1 for its beginning, 2 for beginnings of its words, 3 for not."""
    if title == wanted:
        return 0
    if title.startswith(wanted):
        return 1
    padded = f" {title}"
    return 2 if all(f" {word}" in padded for word in wanted.split()) else 3
