"""Looks for the shows of files in the offline catalogue, if they are not on the list. Nothing is added here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from watchlist.cli.context import Context
from watchlist.domain import edits
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show
from watchlist.domain.text import unused
from watchlist.errors import CatalogueError
from watchlist.release_names.decision import Decision, Outcome, of_candidate
from watchlist.release_names.match import Candidate, Match
from watchlist.release_names.parser import parse
from watchlist.release_names.release_name import ReleaseName
from watchlist.release_names.well_known import KnownTitle, find_well_known
from watchlist.sanitize import safe
from watchlist.sources.catalogue.files import catalogue_size

if TYPE_CHECKING:
    from watchlist.sources.catalogue.database import Catalogue
    from watchlist.sources.catalogue.title import CatalogueTitle

MAX_TITLES = 100  # of one search
MAX_CANDIDATES = 9  # titles to choose from
MAX_SEARCHES = 12  # for one name: for each of its readings, with and without the year


def with_catalogue(context: Context, decisions: Sequence[Decision]) -> list[Decision]:
    """Return the decisions, with those about unknown files replaced by what the catalogue knows.

    A show that is not on the list has its IMDb id in place of an id, and today as the day on which it was added. If the
    catalogue can't be read, a warning is printed, and the decisions are returned as they are.
    """
    is_unknown = any(decision.outcome is Outcome.UNKNOWN for decision in decisions)
    if not is_unknown:
        return list(decisions)
    try:
        if catalogue_size(context.paths.catalogue) is None:
            return list(decisions)
        from watchlist.sources.catalogue.database import Catalogue  # imports sqlite3

        catalogue = Catalogue.open(context.paths.catalogue)
        if catalogue is None:
            return list(decisions)
        with catalogue:
            finder = _Finder(context, catalogue)
            return [finder.decide(d) if d.outcome is Outcome.UNKNOWN else d for d in decisions]
    except CatalogueError as error:
        context.out.warn(error.message)
        return list(decisions)


def described(show: Show) -> str:
    """Return a show with year and kind, safe to print: `Heat (1995, film)`."""
    details = ", ".join(filter(None, [str(show.year or ""), str(show.kind or "")]))
    return safe(f"{show.title} ({details})" if details else show.title)


class _Finder:
    """Finds the shows of files in an open catalogue. Its methods raise CatalogueError if the catalogue is damaged."""

    def __init__(self, context: Context, catalogue: Catalogue) -> None:
        self._list, self._catalogue = context.list, catalogue
        self._shows: dict[str, Show] = {}  # with everything that is known, by the id of the title

    def decide(self, unknown: Decision) -> Decision:
        """Return what a file means according to the catalogue; `unknown` itself if it means no title in it."""
        release = parse(unknown.file)
        found: dict[str, list[CatalogueTitle]] = {}
        for title in self._titles(release):
            found.setdefault(title.id, []).append(title)
        match = find_well_known(release, [_known_title(titles) for titles in found.values()])
        if not match.candidates:
            return unknown
        by_id: dict[str, Candidate] = {}
        for candidate in match.candidates[:MAX_CANDIDATES]:
            show = self._show(found[candidate.show.id][0])
            by_id.setdefault(show.id, Candidate(show, candidate.reading))
        candidates = tuple(by_id.values())
        if len(candidates) == 1 or match.sure is not None:
            return self._of_one(unknown, match, candidates[0])
        why = f"{len(candidates)} shows may be meant: {'; '.join(described(show) for show, _ in candidates)}"
        return replace(unknown, outcome=Outcome.DOUBT, why=why, candidates=candidates)

    def _of_one(self, unknown: Decision, match: Match, candidate: Candidate) -> Decision:
        """Return what a file means if only one show can be meant, or if it is certain (`match.sure`)."""
        decision = of_candidate(unknown.file, candidate)
        show = candidate.show
        is_listed = self._list.find(show.id) is not None
        if match.sure is not None and (not is_listed or show.ids.get("imdb") == match.sure.show.id):
            return decision
        if decision.outcome is Outcome.NO_VIEWING:
            return unknown
        where = "" if is_listed else ", which is not on the list"
        why = f"it may be {described(show)}{where}" + (f"; {decision.why}" if decision.why else "")
        candidates = (candidate,) if is_listed else ()
        return replace(decision, outcome=Outcome.DOUBT, why=why, candidates=candidates)

    def _titles(self, release: ReleaseName) -> Iterator[CatalogueTitle]:
        """Yield the titles that a name may mean, and others that are like them."""
        for ids in (release.ids, release.folder_ids):
            if "imdb" in ids and (title := self._catalogue.title(ids["imdb"])) is not None:
                yield title
        texts: dict[str, None] = {}
        for reading in release.readings:
            if reading.year is not None:
                texts[f"{reading.title} ({reading.year})"] = None
            texts[reading.title] = None
        for text in list(texts)[:MAX_SEARCHES]:
            yield from self._catalogue.search(text, MAX_TITLES)

    def _show(self, title: CatalogueTitle) -> Show:
        """Return a title as a show to add or, if it seems to be on the list already, the show on the list."""
        if title.id not in self._shows:
            show = self._catalogue.show(title)
            listed = edits.duplicate_of(show, self._list)
            id = unused(title.id, self._list.shows.places)
            self._shows[title.id] = listed or replace(show, id=id, added=date.today())
        return self._shows[title.id]


def _known_title(hits: Sequence[CatalogueTitle]) -> KnownTitle:
    """Return a title for the search, given the hits for it, which may differ in the translation that was found."""
    title = hits[0]
    names = tuple(filter(None, (title.title, title.original_title)))
    aka = (*names[1:], *(hit.known_as for hit in hits if hit.known_as))
    show = Show(title.id, title.title, kind=title.kind, year=title.year, aka=aka, ids={"imdb": title.id})
    return KnownTitle(show, title.votes, names)
