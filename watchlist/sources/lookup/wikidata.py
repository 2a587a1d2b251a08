"""Wikidata: films and series, with people, dates and ids. It needs no key. The synopsis is from Wikipedia.

The facts are in the public domain (CC0). They are asked for through the MediaWiki API: the query service (SPARQL) allows
a minute of computing a minute for everybody behind one address, and often times out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from watchlist.domain.dates import PartialDate
from watchlist.domain.frozen import replace
from watchlist.domain.model import Kind, Season, Show
from watchlist.domain.source_credits import credit_of
from watchlist.domain.text import MAX_EPISODES
from watchlist.errors import LookupFailed
from watchlist.sources.lookup import values, wikipedia
from watchlist.sources.lookup.api import Api
from watchlist.sources.lookup.source import Candidate
from watchlist.sources.lookup.values import line, rows, table

if TYPE_CHECKING:
    from watchlist.sources.lookup.client import Client  # loads the HTTP library

# There is no fixed limit; the etiquette of the API asks for requests one after the other.
API = Api("wikidata", "https://www.wikidata.org/w/api.php", calls=10, seconds=5)
MAX_HITS = 8
BATCH = 50  # the most items that one request may name
MAX_SEARCH = 300  # characters; a longer search is refused
# Classes of films: film; TV, animated, short and documentary film; feature, animated feature and anime film.
_FILMS = ("Q11424", "Q506240", "Q202866", "Q24862", "Q93204", "Q24869", "Q29168811", "Q20650540")
# Classes of series: TV series, miniseries, animated series; anime and animated TV series; TV program, web series.
_SERIES = ("Q5398426", "Q1259759", "Q581714", "Q63952888", "Q117467246", "Q15416", "Q526877")
_PARTS = frozenset(("Q21191270", "Q3464665"))  # an episode or a season, which are no shows of their own
_TITLES = {Kind.FILM: _FILMS, Kind.SERIES: _SERIES}
_MINUTE, _SECOND, _HOUR = "Q7727", "Q11574", "Q25235"
_MINUTES = {_MINUTE: 1.0, _HOUR: 60.0, _SECOND: 1 / 60}
# The property with the id at a service, for a kind of show; None for both kinds.
_IDS: tuple[tuple[str, Kind | None, str], ...] = (
    ("imdb", None, "P345"),
    ("tmdb", Kind.FILM, "P4947"),
    ("tmdb", Kind.SERIES, "P4983"),
    ("tvdb", Kind.FILM, "P12196"),
    ("tvdb", Kind.SERIES, "P4835"),
    ("tvmaze", Kind.SERIES, "P8600"),
    ("mal", None, "P4086"),
    ("anilist", None, "P8729"),
    ("letterboxd", Kind.FILM, "P6127"),
)
_TEXT_IDS = ("imdb", "letterboxd")
_CREW = (("P57", "Director"), ("P58", "Writer"), ("P86", "Music"), ("P344", "Photography"), ("P1040", "Editor"))
_LANGUAGES = "en|mul"
_FIRST_SHOWN, _BEGAN = "P577", "P580"
_CAST, _CHARACTER, _CHARACTER_NAME = "P161", "P453", "P4633"
_CREATOR, _GENRE, _LANGUAGE, _BROADCASTER, _BASED_ON = "P170", "P136", "P364", "P449", "P144"
_DURATION, _SEASONS, _EPISODES, _INSTANCE_OF = "P2047", "P2437", "P1113", "P31"


class Wikidata:
    """The source Wikidata, with the synopsis of Wikipedia."""

    name, title = API.name, API.title
    credit = credit_of(API.name).line
    kinds = frozenset(Kind)

    async def search(self, show: Show, client: Client) -> Sequence[Candidate]:
        """Return the items of Wikidata that may be `show`. See Source."""
        if (item := await _by_id(show, client)) is not None:
            return [_candidate(item)]
        kinds = (show.kind,) if show.kind is not None else tuple(Kind)
        classes = "|".join(f"{_INSTANCE_OF}={item}" for kind in kinds for item in _TITLES[kind])
        search = f"haswbstatement:{classes} {_words(show.title)}"[:MAX_SEARCH]
        items = await _items(await _hits(search, client, MAX_HITS), client)
        return [_candidate(item) for item in items if _is_show(item)]

    async def fetch(self, candidate: Candidate, client: Client) -> Show:
        """Return everything that Wikidata knows of a candidate, and the summary of Wikipedia. See Source."""
        items = await _items([candidate.id], client)
        if not items or not _is_show(items[0]):
            raise _unexpected()
        facts, claims = _facts(items[0]), _Claims(items[0])
        labels = await _labels(_named_items(claims), client)
        article = line(table(items[0], "sitelinks", "enwiki").get("title"))
        synopsis = await wikipedia.summary(article, client) if article else ""
        crew = [(name, job) for property, job in _CREW for name in claims.labels(property, labels)]
        return replace(
            facts,
            synopsis=synopsis,
            cast=values.cast(_roles(claims, labels)),
            crew=values.crew(crew),
            creators=values.names(claims.labels(_CREATOR, labels)),
            genres=values.names(_genre(name) for name in claims.labels(_GENRE, labels)),
            language=next(iter(claims.labels(_LANGUAGE, labels)), ""),
            platform=next(iter(claims.labels(_BROADCASTER, labels)), ""),
            based_on=next(iter(claims.labels(_BASED_ON, labels)), ""),
            seasons=_seasons(claims, facts.kind),
        )


class _Claims:
    """The statements of an item. Those that are deprecated are left out; preferred ones come first."""

    def __init__(self, item: Mapping[str, Any]) -> None:
        self._claims = table(item, "claims")

    def rows(self, property: str) -> list[Mapping[str, Any]]:
        """Return the statements with a property and a value."""
        known = [
            row
            for row in rows(self._claims.get(property), 500)
            if row.get("rank") != "deprecated" and table(row, "mainsnak", "datavalue").get("value") is not None
        ]
        return sorted(known, key=lambda row: row.get("rank") != "preferred")

    def values(self, property: str) -> list[Any]:
        """Return the values of a property."""
        return [table(row, "mainsnak", "datavalue")["value"] for row in self.rows(property)]

    def items(self, property: str) -> list[str]:
        """Return the ids of the items that are values of a property."""
        return [id for value in self.values(property) if (id := _item_id(table(value).get("id")))]

    def labels(self, property: str, labels: Mapping[str, str]) -> list[str]:
        """Return the names of the items that are values of a property, as far as they are in `labels`."""
        return [labels[id] for id in self.items(property) if id in labels]

    def number(self, property: str, high: int) -> int | None:
        """Return the first value of a property as a whole number from 1 to `high`; None if there is none."""
        amounts = [amount for value in self.values(property) if (amount := _amount(value)) is not None]
        return next((number for number in map(round, amounts) if 1 <= number <= high), None)

    def earliest(self, *properties: str) -> date | PartialDate | None:
        """Return the earliest date among the values of the properties; None if there is none.

        An exact date is preferred to a month or year in which it lies.
        """
        moments = [moment for name in properties for value in self.values(name) if (moment := _moment(value))]
        return min(
            moments, key=lambda moment: (moment.year, len(moment.isoformat()) < 10, moment.isoformat()), default=None
        )


def _unexpected() -> LookupFailed:
    return LookupFailed("Wikidata sent an unexpected answer")


async def _by_id(show: Show, client: Client) -> Mapping[str, Any] | None:
    """Return the item with one of the ids of `show`; None if Wikidata knows none of them."""
    if own := _item_id(show.ids.get(API.name)):
        return next(filter(_is_show, await _items([own], client)), None)
    ids = [(service, property, id) for service, property, id in _known_ids(show)]
    if not ids:
        return None
    statement = "haswbstatement:" + "|".join(f"{property}={id}" for _, property, id in ids)
    items = [item for item in await _items(await _hits(statement, client, MAX_HITS), client) if _is_show(item)]
    # An id may be that of something else, e.g. of a part of a series. The first id that an item has decides.
    by_id = [item for service, _, id in ids for item in items if str(_facts(item).ids.get(service)) == id]
    return next(iter(by_id), None)


def _known_ids(show: Show) -> Iterator[tuple[str, str, str]]:
    """Yield (service, property, id) for each id of the show that Wikidata may know."""
    for service, kind, property in _IDS:
        id = show.ids.get(service)
        text = values.imdb_id(id) if service == "imdb" else _word(id)
        if text and (kind is None or show.kind in (kind, None)):
            yield service, property, text


def _word(id: Any) -> str:
    """Return an id if it can be part of a search, else an empty text."""
    text = str(id) if isinstance(id, (str, int)) else ""
    return text if text.isascii() and text.replace("-", "").replace("_", "").isalnum() else ""


def _words(title: str) -> str:
    """Return the words of a title without signs that the search would take for its own."""
    # In capitals, AND, OR and NOT would be operators.
    return " ".join("".join(char if char.isalnum() or char in "'’" else " " for char in title.lower()).split()) or "?"


async def _hits(search: str, client: Client, limit: int) -> list[str]:
    """Return the ids of the items that a search finds."""
    query = [("action", "query"), ("list", "search"), ("srsearch", search), ("srlimit", str(limit)), ("format", "json")]
    answer = await client.get(API, "", query)
    _check(answer, "query")
    hits = rows(table(answer, "query").get("search"), limit)
    return [id for hit in hits if (id := _item_id(hit.get("title")))]


async def _items(ids: Sequence[str], client: Client) -> list[Mapping[str, Any]]:
    """Return the items with these ids, in this order. Missing ones are left out."""
    if not ids:
        return []
    query = [
        ("action", "wbgetentities"),
        ("ids", "|".join(ids[:BATCH])),
        ("props", "labels|aliases|claims|sitelinks"),
        ("languages", _LANGUAGES),
        ("languagefallback", "1"),
        ("sitefilter", "enwiki"),
        ("format", "json"),
    ]
    answer = await client.get(API, "", query)
    _check(answer, "entities")
    entities = table(answer, "entities")
    return [item for id in ids if (item := table(entities.get(id))) and "missing" not in item]


async def _labels(ids: Iterable[str], client: Client) -> dict[str, str]:
    """Return the names of items by their ids."""
    wanted, labels = list(dict.fromkeys(ids)), dict[str, str]()
    for start in range(0, len(wanted), BATCH):
        query = [
            ("action", "wbgetentities"),
            ("ids", "|".join(wanted[start : start + BATCH])),
            ("props", "labels"),
            ("languages", _LANGUAGES),
            ("languagefallback", "1"),
            ("format", "json"),
        ]
        answer = await client.get(API, "", query)
        _check(answer, "entities")
        for id, item in table(answer, "entities").items():
            if name := _label(table(item)):
                labels[id] = name
    return labels


def _check(answer: Any, key: str) -> None:
    """Raise LookupFailed if an answer reports an error, or if it lacks the object `key`."""
    if code := line(table(answer, "error").get("code")):
        if code in ("maxlag", "ratelimited"):
            raise LookupFailed("Too many requests: Wikidata asks to wait a while")
        raise LookupFailed(f"Wikidata rejected the request ({code})")
    if not isinstance(table(answer).get(key), dict):
        raise _unexpected()


def _item_id(value: Any) -> str:
    """Return the id of an item such as `Q42`; empty for other values."""
    ok = isinstance(value, str) and value[:1] == "Q" and value[1:].isascii() and value[1:].isdigit() and len(value) < 15
    return value if ok else ""


def _label(item: Mapping[str, Any]) -> str:
    labels = table(item, "labels")
    return line(table(labels, "en").get("value")) or line(table(labels, "mul").get("value"))


def _is_show(item: Mapping[str, Any]) -> bool:
    return bool(_item_id(item.get("id")) and _label(item)) and _PARTS.isdisjoint(_Claims(item).items(_INSTANCE_OF))


def _candidate(item: Mapping[str, Any]) -> Candidate:
    facts = _facts(item)
    return Candidate(API.name, str(item["id"]), facts.title, facts.year, facts.kind, facts, facts.url)


def _facts(item: Mapping[str, Any]) -> Show:
    """Return what an item tells without asking for the names of other items."""
    claims = _Claims(item)
    classes = set(claims.items(_INSTANCE_OF))
    kind = Kind.SERIES if classes.intersection(_SERIES) or claims.rows("P4983") or claims.rows(_SEASONS) else Kind.FILM
    title = _label(item)
    aliases = (row.get("value") for row in rows(table(item, "aliases").get("en")))
    return values.show(
        title,
        kind=kind,
        premiered=claims.earliest(_FIRST_SHOWN, _BEGAN) if kind is Kind.FILM else claims.earliest(_BEGAN, _FIRST_SHOWN),
        runtime=next((m for value in claims.values(_DURATION) if (m := _duration(value)) is not None), None),
        aka=tuple(name for name in values.names(aliases) if name != title),
        url=f"https://www.wikidata.org/wiki/{item['id']}",
        ids={**_ids(claims, kind), API.name: str(item["id"])},
    )


def _ids(claims: _Claims, kind: Kind) -> Mapping[str, str | int]:
    """Return the ids of an item at other services."""
    ids: dict[str, str | int] = {}
    for service, of_kind, property in _IDS:
        if of_kind not in (kind, None):
            continue
        for value in claims.values(property):
            id = values.imdb_id(value) if service == "imdb" else _word(value) if service in _TEXT_IDS else None
            number = values.id_number(value) if service not in _TEXT_IDS else None
            if id or number:
                ids.setdefault(service, id or number or 0)
    return ids


def _named_items(claims: _Claims) -> Iterator[str]:
    """Yield the ids of all items of which the names are needed."""
    for property in (_CREATOR, _GENRE, _LANGUAGE, _BROADCASTER, _BASED_ON, *(property for property, _ in _CREW)):
        yield from claims.items(property)[: values.MAX_CREW]
    for row in claims.rows(_CAST)[: values.MAX_CAST]:
        yield from filter(None, (_item_id(table(row, "mainsnak", "datavalue", "value").get("id")), _character(row)))


def _character(row: Mapping[str, Any]) -> str:
    """Return the id of the character in a row of the cast; empty if there is none."""
    qualifiers = rows(table(row, "qualifiers").get(_CHARACTER), 1)
    return next((_item_id(table(value, "datavalue", "value").get("id")) for value in qualifiers), "")


def _roles(claims: _Claims, labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield (actor, role) for each row of the cast."""
    for row in claims.rows(_CAST)[: values.MAX_CAST]:
        actor = labels.get(_item_id(table(row, "mainsnak", "datavalue", "value").get("id")), "")
        named = rows(table(row, "qualifiers").get(_CHARACTER_NAME), 1)
        name = next((line(table(value, "datavalue").get("value")) for value in named), "")
        yield actor, labels.get(_character(row), name)


def _genre(name: str) -> str:
    """Return a genre as people write it: `Crime` for `crime film`."""
    word = name.removesuffix(" television series").removesuffix(" television program").removesuffix(" series")
    word = word.removesuffix(" film").removesuffix(" fiction") or name
    return word[:1].upper() + word[1:]


def _seasons(claims: _Claims, kind: Kind | None) -> tuple[Season, ...]:
    """Return the season of a series with a single one; otherwise, Wikidata does not tell how long the seasons are."""
    episodes = claims.number(_EPISODES, MAX_EPISODES)
    single = kind is Kind.SERIES and claims.number(_SEASONS, values.MAX_SEASON_NUMBER) == 1
    return (Season(1, episodes=episodes),) if single and episodes else ()


def _amount(value: Any) -> float | None:
    """Return a quantity such as `{"amount": "+1.5"}` as a positive number; None for other values."""
    amount = table(value).get("amount")
    try:
        number = float(amount) if isinstance(amount, str) and len(amount) < 20 else 0.0
    except ValueError:
        return None
    return number if 0 < number < 10**9 else None


def _duration(value: Any) -> int | None:
    """Return a quantity of time as minutes; None for other values."""
    unit = str(table(value).get("unit")).rsplit("/", 1)[-1]
    amount = _amount(value)
    return values.minutes(round(amount * _MINUTES[unit])) if amount is not None and unit in _MINUTES else None


def _moment(value: Any) -> date | PartialDate | None:
    """Return a time such as `{"time": "+1995-12-15T00:00:00Z", "precision": 11}` as a day, month or year."""
    text, precision = table(value).get("time"), table(value).get("precision")
    if not isinstance(text, str) or not text.startswith("+") or precision not in (9, 10, 11):
        return None
    return values.day_or_part(text[1 : {9: 5, 10: 8, 11: 11}[precision]])
