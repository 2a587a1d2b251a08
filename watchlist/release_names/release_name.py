"""ReleaseName: what the name of a file may stand for, without looking at the list."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from watchlist.domain.frozen import Frozen
from watchlist.domain.model import NOTHING, Kind


class Reading(Frozen):
    """One way to read a name: a title with the year, the country and the episodes beside it.

    `seasons` without `episodes` is a season pack, `(0,)` alone a special without a number. `episodes` without `seasons`
    are counted from the first season on. If `kind` is None, the name has no code: a film, or a whole series. `certain`
    is False if the number or the title is only a guess, e.g. for `Apollo 13`, which may be episode 13.
    """

    title: str
    year: int | None = None
    country: str = ""  # in lower case, e.g. "us"; "gb" also for UK
    seasons: tuple[int, ...] = ()
    episodes: tuple[int, ...] = ()
    aired: tuple[date, ...] = ()  # two if day and month may be the other way round
    part: int | None = None  # a part or volume, which may be an episode of a mini-series
    kind: Kind | None = None
    certain: bool = True


class ReleaseName(Frozen):
    """A file or folder name with all its readings, the most likely first. No readings: nothing can be read from it.

    `ids` are the ids at services in the name, `folder_ids` those in the names of the folders. `not_watched` says why the
    file is no viewing, e.g. "a trailer". `folder` is the title in the name of the folder.
    """

    name: str
    readings: tuple[Reading, ...] = ()
    ids: Mapping[str, str] = NOTHING
    not_watched: str = ""
    folder: str = ""
    folder_ids: Mapping[str, str] = NOTHING

    @property
    def title(self) -> str:
        """The most likely title; empty if there is none."""
        return self.readings[0].title if self.readings else ""

    @property
    def has_code(self) -> bool:
        """True if the name has episodes, a season or a date for certain, or a year."""
        return any(reading.certain and (reading.kind or reading.year) for reading in self.readings)
