"""Finds the title that a file's name means among the many of a catalogue, by the rules of `match` and stricter ones.

A list has the shows of one person, a catalogue has several titles of almost every name. So a name means a title for
certain only if its year is that of the title, or if nothing else of this name is known nearly as well. A name that could
be that of a home video, without a year, a code or a technical part, is never certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from watchlist.domain.model import Kind, Show
from watchlist.release_names.match import Candidate, Match, find_match
from watchlist.release_names.release_name import ReleaseName
from watchlist.release_names.title_keys import keys
from watchlist.release_names.words import tags

KNOWN_VOTES = 1000  # a title with fewer is not known well enough to be meant by its name alone
TIMES_AS_KNOWN = 100  # how many times the votes of any other title of this name, for a name without a year


class KnownTitle(NamedTuple):
    """A title of a catalogue as a show, whose id only has to be unique, with what tells how well it is known."""

    show: Show
    votes: int  # how many people have rated it
    main_names: tuple[str, ...]  # the names of the show without those that only translations have


def find_well_known(release: ReleaseName, titles: Sequence[KnownTitle]) -> Match:
    """Return the title that a name means. The candidates are sorted: the most likely first, the others by votes."""
    match = find_match(release, [title.show for title in titles])
    if _is_by_id(release, match):
        return match if all(_can_be(candidate) for candidate in match.candidates) else Match()
    by_id = {title.show.id: title for title in titles}
    found = sorted(match.candidates, key=lambda candidate: -by_id[candidate.show.id].votes)
    if not found:
        return match
    best = next(filter(_is_of_that_year, found), found[0])
    others = [candidate for candidate in found if candidate is not best]
    known = by_id[best.show.id]
    is_sure = (
        _is_clear(release, best, known)
        and not any(_is_rival(other, by_id[other.show.id].votes, best, known.votes) for other in others)
        and find_match(release, [best.show]).sure == best
    )
    return Match(best if is_sure else None, (best, *others))


def _is_by_id(release: ReleaseName, match: Match) -> bool:
    """Return True if the candidates were found by an id in the name, not by title."""
    ids = {*release.ids.items(), *release.folder_ids.items()}
    return any(not ids.isdisjoint(candidate.show.ids.items()) for candidate in match.candidates)


def _can_be(candidate: Candidate) -> bool:
    """Return False for a film if the name has an episode."""
    return candidate.reading.kind is not Kind.SERIES or candidate.show.kind is not Kind.FILM


def _is_of_that_year(candidate: Candidate) -> bool:
    """Return True if the year in the name is exactly that of the title."""
    return candidate.reading.year is not None and candidate.reading.year == candidate.show.year


def _is_clear(release: ReleaseName, candidate: Candidate, title: KnownTitle) -> bool:
    """Return True if the name says enough to mean this title, if there is no other."""
    reading = candidate.reading
    is_known = title.votes >= KNOWN_VOTES
    has_tags = tags().search(release.name.rpartition(".")[0], 1) is not None
    if reading.year is not None:
        return _is_of_that_year(candidate) and (reading.kind is Kind.SERIES or has_tags or is_known)
    if reading.kind is None and (not has_tags or not _is_in_own_folder(release)):
        return False
    return is_known and any(not keys(name).isdisjoint(keys(reading.title)) for name in title.main_names)


def _is_in_own_folder(release: ReleaseName) -> bool:
    return not release.folder or not keys(release.folder).isdisjoint(keys(release.title))


def _is_rival(other: Candidate, votes: int, best: Candidate, best_votes: int) -> bool:
    """Return True if another title, which has `votes`, may be meant instead of the best one."""
    if _is_of_that_year(best) and not _is_of_that_year(other):
        return votes > best_votes
    return votes >= KNOWN_VOTES or votes * TIMES_AS_KNOWN > best_votes
