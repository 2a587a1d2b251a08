"""The table of all sources, and which of them are asked about a show, in which order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from watchlist.domain.matching import likeness
from watchlist.domain.model import Kind, Show
from watchlist.domain.text import fold
from watchlist.errors import LookupFailed
from watchlist.sources.lookup.anilist import AniList
from watchlist.sources.lookup.omdb import Omdb
from watchlist.sources.lookup.options import KEYED, LookupOptions
from watchlist.sources.lookup.source import Candidate, Source
from watchlist.sources.lookup.tmdb import Tmdb
from watchlist.sources.lookup.tvmaze import TVmaze
from watchlist.sources.lookup.wikidata import Wikidata

if TYPE_CHECKING:
    from watchlist.sources.lookup.client import Client  # loads the HTTP library

SOURCES: dict[str, Source] = {source.name: source for source in (TVmaze(), Tmdb(), Wikidata(), AniList(), Omdb())}
_FILMS_FIRST = ("tmdb", "wikidata", "omdb", "anilist")
_SERIES_FIRST = ("tvmaze", "tmdb", "wikidata", "omdb", "anilist")
_ANIME_FIRST = ("anilist", "tvmaze", "tmdb", "wikidata", "omdb")
_ANIME_IDS = ("anilist", "mal")
FAR = 10_000  # years between two shows of which one has no year


def sources_for(show: Show, options: LookupOptions) -> tuple[Source, ...]:
    """Return the sources to ask about a show, the best first.

    Sources that need a key are left out without one, and AniList unless the show may be anime.
    """
    anime = is_anime(show)
    names = _ANIME_FIRST if anime else _FILMS_FIRST if show.kind is Kind.FILM else _SERIES_FIRST
    return tuple(
        SOURCES[name]
        for name in names
        if (show.kind is None or show.kind in SOURCES[name].kinds)
        and (name not in KEYED or name in options.keys)
        and (name != "anilist" or anime)
    )


def is_anime(show: Show) -> bool:
    """Return True if a show is or may be anime, by its ids, genres or tags, or as an animated show in Japanese."""
    words = {fold(word) for word in (*show.genres, *show.tags)}
    animated = bool(words & {"animation", "animated"}) and fold(show.language) == "japanese"
    return animated or "anime" in words or any(name in show.ids for name in _ANIME_IDS)


async def find(
    show: Show,
    client: Client,
    sources: Sequence[Source] | None = None,
    asking: Callable[[str], object] = lambda title: None,
) -> tuple[tuple[Candidate, ...], tuple[LookupFailed, ...]]:
    """Ask one source after the other until one knows the show.

    Returns (all candidates so far, the most likely first; the failures of sources that could not be asked).

    Args:
        show: The show on the list, or one made from a title.
        client: The client.
        sources: The sources to ask, the best first; None for those of `sources_for`.
        asking: Called with the title of each source before that source is asked.

    Raises:
        LookupFailed: No source has candidates, and the first one that could not be asked failed for this reason.
    """
    rank = likeness(show)
    candidates: list[Candidate] = []
    failures: list[LookupFailed] = []
    for source in sources if sources is not None else sources_for(show, client.options):
        asking(source.title)
        try:
            hits = await source.search(show, client)
        except LookupFailed as error:
            failures.append(error)
            continue
        candidates += hits
        if any(rank(hit.facts) is not None for hit in hits):
            break
    if failures and not candidates:
        raise failures[0]
    return tuple(_once(sorted(candidates, key=_unlikeness(show)))), tuple(failures)


def _unlikeness(show: Show) -> Callable[[Candidate], tuple[object, ...]]:
    """Return a key for sorting candidates: first those that match the show, then by equal titles and near years."""
    rank, titles = likeness(show), {fold(name) for name in (show.title, *show.aka)}

    def key(candidate: Candidate) -> tuple[object, ...]:
        if (value := rank(candidate.facts)) is not None:
            return False, value
        known = show.year is not None and candidate.year is not None
        years = abs((show.year or 0) - (candidate.year or 0)) if known else FAR
        return True, fold(candidate.title) not in titles, years

    return key


def shares_id(show: Show, other: Show) -> bool:
    """Return True if two shows are the same by an id at some service, and have no different one at another."""
    value = likeness(show)(other)
    return value is not None and not value.by_title


def _once(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return the candidates without those that an earlier one from another source is, too, by a shared id."""
    kept: list[Candidate] = []
    for candidate in candidates:
        if not any(hit.source != candidate.source and shares_id(hit.facts, candidate.facts) for hit in kept):
            kept.append(candidate)
    return kept
