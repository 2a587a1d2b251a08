"""TMDB (themoviedb.org): films and series, with a key of the user's own.

Its terms ask for a notice and allow to keep answers for at most six months; about 40 requests a second are allowed
(https://developer.themoviedb.org/docs).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind, Show
from watchlist.domain.source_credits import credit_of
from watchlist.domain.text import MAX_EPISODES
from watchlist.errors import LookupFailed
from watchlist.sources.lookup import values
from watchlist.sources.lookup.api import DAY, Api
from watchlist.sources.lookup.languages import language_name
from watchlist.sources.lookup.source import Candidate
from watchlist.sources.lookup.values import line, rows, table

if TYPE_CHECKING:
    from watchlist.sources.lookup.client import Client, Query  # loads the HTTP library

API = Api("tmdb", "https://api.themoviedb.org/3", calls=20, seconds=1, lifetime=7 * DAY)
MAX_HITS = 10
MAX_APPENDED = 20  # parts that one request may ask for
MAX_SEASONS = 100
_PATHS = {Kind.FILM: "movie", Kind.SERIES: "tv"}
_PARTS = {
    Kind.FILM: "credits,external_ids,alternative_titles",
    Kind.SERIES: "aggregate_credits,external_ids,alternative_titles",
}
_JOBS = {
    "Director": "Director",
    "Screenplay": "Writer",
    "Writer": "Writer",
    "Novel": "Novel",
    "Original Music Composer": "Music",
    "Director of Photography": "Photography",
    "Editor": "Editor",
    "Producer": "Producer",
}
_TOKEN_START = "eyJ"  # of a "read access token", the longer of the two kinds of keys


class Tmdb:
    """The source TMDB."""

    name, title = API.name, API.title
    credit = credit_of(API.name).line
    kinds = frozenset(Kind)

    async def search(self, show: Show, client: Client) -> Sequence[Candidate]:
        """Return the shows of TMDB that may be `show`. See Source."""
        if (candidate := await _by_id(show, client)) is not None:
            return [candidate]
        found: list[Candidate] = []
        for kind in (show.kind,) if show.kind is not None else tuple(Kind):
            answer = await _get(client, f"/search/{_PATHS[kind]}", [("query", show.title)])
            results = table(answer).get("results")
            if not isinstance(results, list):
                raise _unexpected()
            found += [_candidate(row, kind) for row in rows(results, MAX_HITS) if _is_show(row, kind)]
        return found

    async def fetch(self, candidate: Candidate, client: Client) -> Show:
        """Return everything that TMDB knows of a candidate. See Source."""
        kind = candidate.kind or Kind.FILM
        path = f"/{_PATHS[kind]}/{candidate.id}"
        answer = await _get(client, path, [("append_to_response", _PARTS[kind])])
        if not _is_show(answer, kind):
            raise _unexpected()
        facts = _with_details(_facts(answer, kind), answer)
        if kind is Kind.FILM:
            return facts
        lengths = _season_lengths(answer)
        episodes = await _episodes(client, path, list(lengths)[:MAX_SEASONS])
        return replace(facts, seasons=values.seasons(episodes, lengths))


async def _get(client: Client, path: str, query: Query = (), *, missing_ok: bool = False) -> Any:
    key = client.key(API)
    secret, headers = (
        ({}, {"Authorization": f"Bearer {key}"}) if key.startswith(_TOKEN_START) else ({"api_key": key}, {})
    )
    return await client.get(API, path, query, missing_ok=missing_ok, secret=secret, headers=headers)


async def _by_id(show: Show, client: Client) -> Candidate | None:
    """Return the show with one of the ids of `show`; None if TMDB knows none of them."""
    kinds = (show.kind,) if show.kind is not None else ()  # an id of TMDB means a film or a series
    if number := values.id_number(show.ids.get("tmdb")):
        for kind in kinds:
            answer = await _get(client, f"/{_PATHS[kind]}/{number}", missing_ok=True)
            if answer is not None:
                if not _is_show(answer, kind):
                    raise _unexpected()
                return _candidate(table(answer), kind)
    imdb, tvdb = values.imdb_id(show.ids.get("imdb")), values.id_number(show.ids.get("tvdb"))
    for id, service in ((imdb, "imdb_id"), (tvdb, "tvdb_id")):
        if id:
            answer = await _get(client, f"/find/{id}", [("external_source", service)], missing_ok=True)
            for kind in kinds or tuple(Kind):
                for row in rows(table(answer).get(f"{_PATHS[kind]}_results"), 1):
                    if _is_show(row, kind):
                        return _with_id(_candidate(row, kind), service.removesuffix("_id"), id)
    return None


def _with_id(candidate: Candidate, service: str, id: str | int) -> Candidate:
    """Return a candidate with the id by which it was found, which the answer does not repeat."""
    return replace(candidate, facts=replace(candidate.facts, ids={**candidate.facts.ids, service: id}))


def _unexpected() -> LookupFailed:
    return LookupFailed("TMDB sent an unexpected answer")


def _title(answer: Mapping[str, Any], kind: Kind) -> str:
    return line(answer.get("title" if kind is Kind.FILM else "name"))


def _is_show(answer: Any, kind: Kind) -> bool:
    return bool(values.id_number(table(answer).get("id")) and _title(table(answer), kind))


def _candidate(answer: Mapping[str, Any], kind: Kind) -> Candidate:
    facts = _facts(answer, kind)
    return Candidate(API.name, str(facts.ids["tmdb"]), facts.title, facts.year, kind, facts, facts.url)


def _facts(answer: Mapping[str, Any], kind: Kind) -> Show:
    """Return what a hit of a search tells."""
    number, title = values.id_number(answer.get("id")), _title(answer, kind)
    original = line(answer.get("original_title" if kind is Kind.FILM else "original_name"))
    return values.show(
        title,
        kind=kind,
        premiered=values.day(answer.get("release_date" if kind is Kind.FILM else "first_air_date")),
        language=language_name(answer.get("original_language")),
        synopsis=values.paragraphs(answer.get("overview")),
        aka=(original,) if original and original != title else (),
        url=f"https://www.themoviedb.org/{_PATHS[kind]}/{number}",
        ids=values.ids(tmdb=number),
    )


def _with_details(facts: Show, answer: Mapping[str, Any]) -> Show:
    """Return the show with what the request for a single one tells in addition."""
    film = facts.kind is Kind.FILM
    credits = table(answer, "credits" if film else "aggregate_credits")
    external = table(answer, "external_ids")
    other = table(answer, "alternative_titles")
    titles = (row.get("title") for row in rows(other.get("titles" if film else "results")))
    run_times = values.texts(answer.get("episode_run_time"))
    return replace(
        facts,
        runtime=values.minutes(answer.get("runtime")) or next(filter(None, map(values.minutes, run_times)), None),
        platform="" if film else next((line(row.get("name")) for row in rows(answer.get("networks"), 1)), ""),
        genres=values.names(row.get("name") for row in rows(answer.get("genres"))),
        creators=values.names(row.get("name") for row in rows(answer.get("created_by"))),
        aka=tuple(name for name in values.names((*facts.aka, *titles)) if name != facts.title),
        cast=values.cast((line(row.get("name")), _character(row)) for row in rows(credits.get("cast"))),
        crew=values.crew(pair for row in rows(credits.get("crew")) for pair in _jobs(row)),
        ids=values.ids(
            imdb=values.imdb_id(external.get("imdb_id")) or values.imdb_id(answer.get("imdb_id")),
            tmdb=values.id_number(answer.get("id")),
            tvdb=values.id_number(external.get("tvdb_id")),
        ),
    )


def _character(row: Mapping[str, Any]) -> str:
    """Return the role in a row of the cast, which has one (films) or several (series)."""
    return line(row.get("character")) or next(
        (text for role in rows(row.get("roles"), 3) if (text := line(role.get("character")))), ""
    )


def _jobs(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (person, job) for each job in one row of the crew of TMDB that a list keeps, e.g. Director."""
    jobs = [row.get("job"), *(job.get("job") for job in rows(row.get("jobs"), 5))]
    return [(line(row.get("name")), _JOBS[job]) for job in jobs if isinstance(job, str) and job in _JOBS]


def _season_lengths(answer: Mapping[str, Any]) -> dict[int, int | None]:
    """Return the number of episodes of each season; None if unknown. Season 0 contains specials."""
    return {
        number: values.whole(row.get("episode_count"), 1, MAX_EPISODES)
        for row in rows(answer.get("seasons"))
        if (number := values.whole(row.get("season_number"), 0, values.MAX_SEASON_NUMBER)) is not None
    }


async def _episodes(client: Client, path: str, seasons: Sequence[int]) -> dict[int, dict[int, tuple[str, date | None]]]:
    """Return (title, day of first showing) by season and number."""
    episodes: dict[int, dict[int, tuple[str, date | None]]] = {number: {} for number in seasons}
    for start in range(0, len(seasons), MAX_APPENDED):
        batch = seasons[start : start + MAX_APPENDED]
        parts = ",".join(f"season/{number}" for number in batch)
        answer = table(await _get(client, path, [("append_to_response", parts)]))
        for number in batch:
            for row in rows(table(answer, f"season/{number}").get("episodes"), values.MAX_TITLES):
                episode = values.whole(row.get("episode_number"), 1, MAX_EPISODES)
                if episode is not None:
                    episodes[number][episode] = line(row.get("name")), values.day(row.get("air_date"))
    return episodes
