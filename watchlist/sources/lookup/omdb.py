"""OMDb (omdbapi.com): films and series by their title or id of IMDb, with a key of the user's own.

Its facts are licensed under CC BY-NC 4.0. A free key allows 1,000 requests a day. Unknown values are `N/A`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind, Show
from watchlist.domain.source_credits import credit_of
from watchlist.domain.text import MAX_EPISODES
from watchlist.errors import LookupFailed
from watchlist.sources.lookup import values
from watchlist.sources.lookup.api import Api
from watchlist.sources.lookup.source import Candidate
from watchlist.sources.lookup.values import line, rows

if TYPE_CHECKING:
    from watchlist.sources.lookup.client import Client, Query  # loads the HTTP library

API = Api("omdb", "https://www.omdbapi.com", calls=10, seconds=5)
MAX_HITS = 10
MAX_SEASONS = 30  # each takes a request
_TYPES = {Kind.FILM: "movie", Kind.SERIES: "series"}
_KINDS = {word: kind for kind, word in _TYPES.items()}
_UNKNOWN = "N/A"
_NOT_FOUND = ("not found", "incorrect imdb id", "error getting data")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Omdb:
    """The source OMDb."""

    name, title = API.name, API.title
    credit = credit_of(API.name).line
    kinds = frozenset(Kind)

    async def search(self, show: Show, client: Client) -> Sequence[Candidate]:
        """Return the shows of OMDb that may be `show`. See Source."""
        if imdb := values.imdb_id(show.ids.get("imdb")):
            answer = await _get(client, [("i", imdb)])
            if answer is not None and _is_show(answer):
                return [_candidate(answer)]
        kind = [("type", _TYPES[show.kind])] if show.kind is not None else []
        answer = await _get(client, [("s", show.title), *kind])
        if answer is None:
            return []
        if not isinstance(answer.get("Search"), list):
            raise _unexpected()
        return [_candidate(row) for row in rows(answer["Search"], MAX_HITS) if _is_show(row)]

    async def fetch(self, candidate: Candidate, client: Client) -> Show:
        """Return everything that OMDb knows of a candidate. See Source."""
        answer = await _get(client, [("i", candidate.id), ("plot", "full")])
        if answer is None or not _is_show(answer):
            raise _unexpected()
        facts, count = _facts(answer), values.whole(answer.get("totalSeasons"), 1, MAX_SEASONS)
        if facts.kind is not Kind.SERIES or count is None:
            return facts
        episodes: dict[int, dict[int, tuple[str, date | None]]] = {}
        for number in range(1, count + 1):
            season = await _get(client, [("i", candidate.id), ("Season", str(number))])
            episodes[number] = _episodes(season or {})
        return replace(facts, seasons=values.seasons(episodes, {}))


async def _get(client: Client, query: Query) -> Mapping[str, Any] | None:
    """Return an answer; None if OMDb says that there is no such show. Raise LookupFailed for other errors it reports."""
    answer = await client.get(API, "/", query, secret={"apikey": client.key(API)})
    if not isinstance(answer, dict):
        raise _unexpected()
    if answer.get("Response") != "False":
        return answer
    error = line(answer.get("Error"), 100)
    if any(words in error.lower() for words in _NOT_FOUND):
        return None
    if "too many results" in error.lower():
        raise LookupFailed("OMDb finds too many shows with this title", "add the IMDb id of the show")
    raise LookupFailed("OMDb reports an error" + (f": {error}" if error else ""))


def _unexpected() -> LookupFailed:
    return LookupFailed("OMDb sent an unexpected answer")


def _known(answer: Mapping[str, Any], key: str) -> str:
    """Return a text of an answer on one line; empty if it is unknown."""
    text = line(answer.get(key), values.MAX_TEXT)
    return text if text != _UNKNOWN else ""


def _is_show(answer: Mapping[str, Any]) -> bool:
    """Return True for a film or series. Games and single episodes are neither."""
    return bool(values.imdb_id(answer.get("imdbID")) and _known(answer, "Title") and _known(answer, "Type") in _KINDS)


def _candidate(answer: Mapping[str, Any]) -> Candidate:
    facts = _facts(answer)
    return Candidate(API.name, str(facts.ids["imdb"]), facts.title, facts.year, facts.kind, facts, facts.url)


def _facts(answer: Mapping[str, Any]) -> Show:
    """Return what an object about a show tells. A hit of a search has only the title, year, kind and id."""
    imdb = values.imdb_id(answer.get("imdbID"))
    years = re.match(r"[0-9]{4}", _known(answer, "Year"))
    minutes = re.match(r"(?:([0-9]{1,3}) h ?)?(?:([0-9]{1,4}) min|$)", _known(answer, "Runtime"))
    jobs = (("Director", "Director"), ("Writer", "Writer"))
    return values.show(
        line(_known(answer, "Title")),
        kind=_KINDS[_known(answer, "Type")],
        year=values.year(years[0]) if years else None,
        premiered=_day(_known(answer, "Released")),
        runtime=values.minutes(60 * int(minutes[1] or 0) + int(minutes[2] or 0)) if minutes else None,
        language=next(iter(_names(answer, "Language")), ""),
        genres=_names(answer, "Genre"),
        synopsis=values.paragraphs(_known(answer, "Plot")),
        url=f"https://www.imdb.com/title/{imdb}/",
        ids=values.ids(imdb=imdb),
        cast=values.cast((name, "") for name in _names(answer, "Actors")),
        crew=values.crew((name, job) for key, job in jobs for name in _names(answer, key)),
    )


def _names(answer: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the names in a text such as `A, B (novel)`, without what is in parentheses."""
    return values.names(re.sub(r"\([^()]*\)", "", _known(answer, key)).split(","))


def _episodes(answer: Mapping[str, Any]) -> dict[int, tuple[str, date | None]]:
    """Return (title, day of first showing) of the episodes of a season by their number."""
    episodes = {}
    for row in rows(answer.get("Episodes")):
        number = values.whole(row.get("Episode"), 1, MAX_EPISODES)
        if number is not None:
            title = line(_known(row, "Title"))
            generic = re.fullmatch(r"Episode #\d+\.\d+", title)
            episodes[number] = "" if generic else title, _day(_known(row, "Released"))
    return episodes


def _day(text: str) -> date | None:
    """Return a day written as `15 Dec 1995` or `1995-12-15`; None for other texts."""
    match = re.fullmatch(r"([0-9]{1,2}) ([A-Z][a-z]{2}) ([0-9]{4})", text)
    if match is None or match[2] not in _MONTHS:
        return values.day(text)
    return values.day(f"{match[3]}-{_MONTHS.index(match[2]) + 1:02}-{int(match[1]):02}")
