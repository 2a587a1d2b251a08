"""AniList: anime, series and films, through GraphQL. It needs no key for reading.

30 requests a minute are in force since 2025, whatever its headers say, and the service is sometimes switched off with a
status of 403 (https://docs.anilist.co).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from watchlist.domain.dates import PartialDate
from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind, Season, Show
from watchlist.domain.source_credits import credit_of
from watchlist.domain.text import MAX_EPISODES
from watchlist.errors import LookupFailed
from watchlist.sources.lookup import values
from watchlist.sources.lookup.api import Api
from watchlist.sources.lookup.source import Candidate
from watchlist.sources.lookup.values import line, rows, table

if TYPE_CHECKING:
    from watchlist.sources.lookup.client import Client  # loads the HTTP library

API = Api("anilist", "https://graphql.anilist.co", calls=30, seconds=60.5)
MAX_HITS = 10
_SITE = "https://anilist.co/"
_HIT = """
id idMal format siteUrl episodes duration countryOfOrigin source
title { romaji english native } synonyms startDate { year month day } genres
description(asHtml: false) studios(isMain: true) { nodes { name } }
"""
_MORE = """
characters(sort: [ROLE, RELEVANCE, ID], perPage: 25) {
  edges { node { name { full } } voiceActors(language: JAPANESE) { name { full } } }
}
staff(sort: [RELEVANCE, ID], perPage: 25) { edges { role node { name { full } } } }
"""
_SEARCH = (
    f"query ($search: String) {{ Page(perPage: {MAX_HITS}) {{ media(search: $search, type: ANIME) {{ {_HIT} }} }} }}"
)
_BY_ID = f"query ($id: Int) {{ Media(id: $id, type: ANIME) {{ {_HIT} }} }}"
_BY_MAL = f"query ($id: Int) {{ Media(idMal: $id, type: ANIME) {{ {_HIT} }} }}"
_FETCH = f"query ($id: Int) {{ Media(id: $id, type: ANIME) {{ {_HIT} {_MORE} }} }}"
_LANGUAGES = {"JP": "Japanese", "KR": "Korean", "CN": "Chinese", "TW": "Chinese"}
_SOURCES = {"MANGA": "manga", "LIGHT_NOVEL": "light novel", "NOVEL": "novel", "VIDEO_GAME": "video game"}


class AniList:
    """The source AniList."""

    name, title = API.name, API.title
    credit = credit_of(API.name).line
    kinds = frozenset(Kind)

    async def search(self, show: Show, client: Client) -> Sequence[Candidate]:
        """Return the anime of AniList that may be `show`. See Source."""
        for service, query in (("anilist", _BY_ID), ("mal", _BY_MAL)):
            if number := values.id_number(show.ids.get(service)):
                media = table(await _ask(client, query, id=number), "Media")
                if _is_show(media):
                    return [_candidate(media)]
        page = table(await _ask(client, _SEARCH, search=show.title), "Page")
        if not isinstance(page.get("media"), list):
            raise _unexpected()
        return [_candidate(media) for media in rows(page["media"], MAX_HITS) if _is_show(media)]

    async def fetch(self, candidate: Candidate, client: Client) -> Show:
        """Return everything that AniList knows of a candidate. See Source."""
        media = table(await _ask(client, _FETCH, id=values.id_number(candidate.id)), "Media")
        if not _is_show(media):
            raise _unexpected()
        staff = rows(table(media, "staff").get("edges"))
        return replace(
            _facts(media),
            cast=values.cast(_roles(media)),
            crew=values.crew((_name(table(row, "node")), line(row.get("role"))) for row in staff),
            creators=values.names(_creators(media)),
        )


async def _ask(client: Client, query: str, **variables: Any) -> Mapping[str, Any]:
    """Return the data of an answer; an empty table if there is no such anime."""
    answer = await client.post(API, {"query": query, "variables": variables}, missing_ok=True)
    if answer is None:
        return {}
    data = table(answer, "data")
    if not data:
        raise _unexpected()
    return data


def _unexpected() -> LookupFailed:
    return LookupFailed("AniList sent an unexpected answer")


def _title(media: Mapping[str, Any]) -> str:
    title = table(media, "title")
    return line(title.get("english")) or line(title.get("romaji")) or line(title.get("native"))


def _is_show(media: Mapping[str, Any]) -> bool:
    return bool(values.id_number(media.get("id")) and _title(media))


def _candidate(media: Mapping[str, Any]) -> Candidate:
    facts = _facts(media)
    return Candidate(API.name, str(facts.ids["anilist"]), facts.title, facts.year, facts.kind, facts, facts.url)


def _facts(media: Mapping[str, Any]) -> Show:
    """Return what a hit of a search tells."""
    title, names, number = _title(media), table(media, "title"), values.id_number(media.get("id"))
    kind = Kind.FILM if media.get("format") == "MOVIE" else Kind.SERIES
    synonyms = values.texts(media.get("synonyms"))
    aka = values.names((names.get("english"), names.get("romaji"), names.get("native"), *synonyms))
    episodes = values.whole(media.get("episodes"), 1, MAX_EPISODES) if kind is Kind.SERIES else None
    source = media.get("source")
    return values.show(
        title,
        kind=kind,
        premiered=_moment(table(media, "startDate")),
        runtime=values.minutes(media.get("duration")),
        language=_LANGUAGES.get(str(media.get("countryOfOrigin")), ""),
        genres=values.names(values.texts(media.get("genres"))),
        synopsis=values.html_paragraphs(media.get("description")),
        based_on=_SOURCES.get(source, "") if isinstance(source, str) else "",
        aka=tuple(name for name in aka if name != title),
        url=values.address(media.get("siteUrl"), _SITE) or f"{_SITE}anime/{number}",
        seasons=(Season(1, episodes=episodes),) if episodes else (),
        ids=values.ids(anilist=number, mal=values.id_number(media.get("idMal"))),
    )


def _name(person: Mapping[str, Any]) -> str:
    return line(table(person, "name").get("full"))


def _creators(media: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of those who had the idea: the authors of the story."""
    for row in rows(table(media, "staff").get("edges")):
        if line(row.get("role")).startswith(("Original Creator", "Original Story", "Story & Art")):
            yield _name(table(row, "node"))


def _roles(media: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (voice actor, character)."""
    for row in rows(table(media, "characters").get("edges")):
        for person in rows(row.get("voiceActors"), 1):
            yield _name(person), _name(table(row, "node"))


def _moment(value: Mapping[str, Any]) -> date | PartialDate | None:
    """Return a date such as `{"year": 1998, "month": 4, "day": 3}`, of which the end may be missing."""
    parts = [
        values.year(value.get("year")),
        values.whole(value.get("month"), 1, 12),
        values.whole(value.get("day"), 1, 31),
    ]
    known = parts[: parts.index(None)] if None in parts else parts
    return values.day_or_part("-".join(f"{part:02}" for part in known))
