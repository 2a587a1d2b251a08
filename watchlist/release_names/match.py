"""Finds the show that a file's name means: one for certain, several candidates, or none.

A show matches only if its whole title, or another title of it, is the whole title in the name. A year in the name must
be that of the show, one year more or less. If only one of both names a country, the match is a candidate to ask about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Kind, Show
from watchlist.domain.watch_progress import kind_of
from watchlist.release_names.release_name import Reading, ReleaseName
from watchlist.release_names.title_keys import initial, keys, marks

YEARS_APART = 1  # services differ by a year about when a film came out


class Candidate(NamedTuple):
    """A show that a name may mean, and the reading by which it was found."""

    show: Show
    reading: Reading


class Match(Frozen):
    """The result of a search. `sure` is the show that is meant; None if unsure. `candidates` are those to ask about."""

    sure: Candidate | None = None
    candidates: tuple[Candidate, ...] = ()


class _Fit(NamedTuple):
    """How well a show fits a reading; the greatest fit is best."""

    certain: bool
    same_year: bool
    alike_kind: bool  # a film for a name without a code
    position: int  # of the reading, from 0 downwards


def find_match(release: ReleaseName, shows: Sequence[Show], names: Iterable[Sequence[str]] | None = None) -> Match:
    """Return the show of `shows` that a name means.

    Args:
        names: All titles of each show; None to take them from the shows, which is slower for a long list.
    """
    for ids, is_sure in ((release.ids, True), (release.folder_ids, _is_named_like_folder(release))):
        if ids and (by_id := [show for show in shows if show.ids and _shares_id(ids, release, show)]):
            reading = next((reading for reading in release.readings if reading.certain), Reading(release.title))
            found = tuple(Candidate(show, reading) for show in by_id)
            is_sure = is_sure or not keys(release.title).isdisjoint(keys(by_id[0].title))
            return Match(found[0] if len(found) == 1 and is_sure else None, found)
    wanted: dict[str, list[int]] = {}
    for index, reading in enumerate(release.readings):
        for key in keys(reading.title):
            wanted.setdefault(key, []).append(index)
    if not wanted:
        return Match()
    folders = keys(release.folder) if release.folder else frozenset[str]()
    initials = {key[0] for key in (*wanted, *folders)} | {""}
    fits: dict[str, tuple[_Fit, Candidate]] = {}
    in_folder: set[str] = set()
    titles = names if names is not None else ((show.title, *show.aka) for show in shows)
    for show, all_titles in zip(shows, titles, strict=True):
        for title in all_titles:
            if initial(title) not in initials:
                continue
            if folders and not folders.isdisjoint(keys(title)):
                in_folder.add(show.id)
            for fit, candidate in _fits(release, show, title, wanted):
                if show.id not in fits or fit > fits[show.id][0]:
                    fits[show.id] = fit, candidate
    return _best(list(fits.values()), in_folder)


def _fits(
    release: ReleaseName, show: Show, title: str, wanted: Mapping[str, Sequence[int]]
) -> Iterable[tuple[_Fit, Candidate]]:
    """Yield how a show fits the readings by one of its titles. `wanted` are the indexes of readings by key."""
    base, title_year, country = marks(title) if title.endswith(")") else (title, None, "")
    for text, is_base in ((title, False), (base, True)):
        if is_base and base == title:
            return
        for index in dict.fromkeys(index for key in keys(text) for index in wanted.get(key, ())):
            reading = release.readings[index]
            if (is_base and title_year and reading.year is None) or not _agrees(release, reading, show, title_year):
                continue
            same_year = reading.year is not None and reading.year == (show.year or title_year)
            same_country = reading.country == (country if is_base else "") or (not reading.country and same_year)
            certain = reading.certain and same_country
            film_for_film = reading.kind is None and show.kind is Kind.FILM
            yield _Fit(certain, same_year, film_for_film, -index), Candidate(show, reading)


def _agrees(release: ReleaseName, reading: Reading, show: Show, title_year: int | None) -> bool:
    """Return False if year, kind or an id say that a show is not meant."""
    year = show.year or title_year
    if reading.year is not None and year is not None and abs(reading.year - year) > YEARS_APART:
        return False
    if reading.kind is Kind.SERIES and show.kind is Kind.FILM:
        return False
    return not any(service in show.ids for service in release.ids)


def _is_named_like_folder(release: ReleaseName) -> bool:
    """Return True if the file has the title of its folder, or no title: then an id of the folder is that of the file."""
    return not keys(release.title) or not keys(release.folder).isdisjoint(keys(release.title))


def _shares_id(ids: Mapping[str, str], release: ReleaseName, show: Show) -> bool:
    """Return True if one of `ids` is an id of the show. Services but IMDb number films and series separately."""
    has_code = any(reading.kind is Kind.SERIES and reading.certain for reading in release.readings)
    other_kind = Kind.FILM if has_code else Kind.SERIES
    return any(
        str(show.ids.get(service, "")).lower() == id and (service == "imdb" or kind_of(show) is not other_kind)
        for service, id in ids.items()
    )


def _best(fits: Sequence[tuple[_Fit, Candidate]], in_folder: set[str]) -> Match:
    """Return the best of the fitting shows if it is the only one that fits as well. `in_folder`: shows the folder names."""
    ranked = sorted(fits, key=lambda row: row[0], reverse=True)
    candidates = tuple(candidate for _, candidate in ranked)
    if not ranked or not ranked[0][0].certain:
        return Match(None, candidates)
    best, candidate = ranked[0]
    rivals = [other for fit, other in ranked[1:] if fit[:3] == best[:3]]
    is_named_alone = candidate.reading.kind is None and candidate.reading.year is None
    if rivals or (is_named_alone and in_folder and candidate.show.id not in in_folder):
        return Match(None, candidates)
    return Match(candidate, candidates)
