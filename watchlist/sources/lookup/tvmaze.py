"""TVmaze: series, with cast, seasons, episode titles and air dates. It needs no key.

Its facts are licensed under CC BY-SA 4.0; at least 20 calls in 10 s are allowed, and answers may be kept for an hour
(https://www.tvmaze.com/api).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind, Season, Show
from watchlist.domain.source_credits import credit_of
from watchlist.domain.text import MAX_EPISODES
from watchlist.errors import LookupFailed
from watchlist.sources.lookup import values
from watchlist.sources.lookup.api import HOUR, Api
from watchlist.sources.lookup.source import Candidate
from watchlist.sources.lookup.values import line, rows, table

if TYPE_CHECKING:
    from watchlist.sources.lookup.client import Client, Query  # loads the HTTP library

# Half a second more than TVmaze asks for: requests may arrive closer together than they were sent.
API = Api("tvmaze", "https://api.tvmaze.com", calls=20, seconds=10.5, lifetime=HOUR)
MAX_HITS = 10
_SITE = "https://www.tvmaze.com/"
_EMBEDDED = ("cast", "crew", "episodes", "seasons", "akas")
_CREATOR = "Creator"
_UNKNOWN_TITLES = ("TBA", "TBD")


class TVmaze:
    """The source TVmaze."""

    name, title = API.name, API.title
    credit = credit_of(API.name).line
    kinds = frozenset({Kind.SERIES})

    async def search(self, show: Show, client: Client) -> Sequence[Candidate]:
        """Return the series of TVmaze that may be `show`. See Source."""
        if (answer := await _by_id(show, client)) is not None:
            return [_candidate(answer)]
        hits = await client.get(API, "/search/shows", [("q", show.title)])
        if not isinstance(hits, list):
            raise _unexpected()
        found = [_candidate(table(hit, "show")) for hit in rows(hits, MAX_HITS) if _is_show(table(hit, "show"))]
        if hits and not found:
            raise _unexpected()
        return found

    async def fetch(self, candidate: Candidate, client: Client) -> Show:
        """Return everything that TVmaze knows of a candidate. See Source."""
        query = [("embed[]", part) for part in _EMBEDDED]
        answer = await client.get(API, f"/shows/{candidate.id}", query)
        if not _is_show(answer):
            raise _unexpected()
        return _with_embedded(_facts(answer), table(answer, "_embedded"))


async def _by_id(show: Show, client: Client) -> Mapping[str, Any] | None:
    """Return the answer about the show with one of the ids of `show`; None if TVmaze knows none of them."""
    paths: list[tuple[str, Query]] = []
    if number := values.id_number(show.ids.get("tvmaze")):
        paths.append((f"/shows/{number}", ()))
    if imdb := values.imdb_id(show.ids.get("imdb")):
        paths.append(("/lookup/shows", [("imdb", imdb)]))
    if tvdb := values.id_number(show.ids.get("tvdb")):
        paths.append(("/lookup/shows", [("thetvdb", str(tvdb))]))
    for path, query in paths:
        answer = await client.get(API, path, query, missing_ok=True)
        if answer is None:
            continue
        if not _is_show(answer):
            raise _unexpected()
        return table(answer)
    return None


def _is_show(answer: Any) -> bool:
    return bool(values.id_number(table(answer).get("id")) and line(table(answer).get("name")))


def _unexpected() -> LookupFailed:
    return LookupFailed("TVmaze sent an unexpected answer")


def _candidate(answer: Mapping[str, Any]) -> Candidate:
    facts = _facts(answer)
    id = str(values.id_number(answer.get("id")))
    return Candidate(API.name, id, facts.title, facts.year, Kind.SERIES, facts, facts.url)


def _facts(answer: Mapping[str, Any]) -> Show:
    """Return what an object of the type `show` tells."""
    network = line(table(answer, "network").get("name")) or line(table(answer, "webChannel").get("name"))
    externals, number = table(answer, "externals"), values.id_number(answer.get("id"))
    return values.show(
        line(answer.get("name")),
        kind=Kind.SERIES,
        premiered=values.day(answer.get("premiered")),
        runtime=values.minutes(answer.get("runtime")) or values.minutes(answer.get("averageRuntime")),
        platform=network,
        language=line(answer.get("language")),
        genres=values.names(values.texts(answer.get("genres"))),
        synopsis=values.html_paragraphs(answer.get("summary")),
        url=values.address(answer.get("url"), _SITE) or f"{_SITE}shows/{number}",
        ids=values.ids(
            imdb=values.imdb_id(externals.get("imdb")),
            tvdb=values.id_number(externals.get("thetvdb")),
            tvmaze=number,
        ),
    )


def _with_embedded(facts: Show, embedded: Mapping[str, Any]) -> Show:
    """Return the show with the people, seasons and other titles that were sent along with it."""
    crew = [(line(table(row, "person").get("name")), line(row.get("type"))) for row in rows(embedded.get("crew"))]
    aka = (row.get("name") for row in rows(embedded.get("akas")))
    return replace(
        facts,
        cast=values.cast(map(_role, rows(embedded.get("cast")))),
        creators=values.names(name for name, job in crew if job == _CREATOR),
        crew=values.crew((name, job) for name, job in crew if job != _CREATOR),
        aka=tuple(name for name in values.names(aka) if name != facts.title),
        seasons=_seasons(embedded),
    )


def _role(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return (actor, role) of a row of the cast."""
    role = "Self" if row.get("self") is True else line(table(row, "character").get("name"))
    return line(table(row, "person").get("name")), f"{role} (voice)" if role and row.get("voice") is True else role


def _seasons(embedded: Mapping[str, Any]) -> tuple[Season, ...]:
    """Return the seasons. Specials are left out, because TVmaze does not number them."""
    lengths = {
        number: values.whole(row.get("episodeOrder"), 1, MAX_EPISODES)
        for row in rows(embedded.get("seasons"))
        if (number := values.whole(row.get("number"), 1, values.MAX_SEASON_NUMBER)) is not None
    }
    episodes: dict[int, dict[int, tuple[str, date | None]]] = {number: {} for number in lengths}
    for row in rows(embedded.get("episodes"), values.MAX_TITLES):
        number = values.whole(row.get("season"), 1, values.MAX_SEASON_NUMBER)
        episode = values.whole(row.get("number"), 1, MAX_EPISODES)
        if number is not None and episode is not None:
            title = line(row.get("name"))
            known = "" if title in _UNKNOWN_TITLES else title
            episodes.setdefault(number, {})[episode] = known, values.day(row.get("airdate"))
    return values.seasons(episodes, lengths)
