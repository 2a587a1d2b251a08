"""Answers in the shapes of the services, written by hand about made-up shows: what each of them sends to which request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Query = Mapping[str, list[str]]

MAZE_SHOW: dict[str, Any] = {
    "id": 7001,
    "url": "https://www.tvmaze.com/shows/7001/harbour-lights",
    "name": "Harbour Lights",
    "type": "Scripted",
    "language": "English",
    "genres": ["Drama", "Crime"],
    "status": "Running",
    "runtime": None,
    "averageRuntime": 47,
    "premiered": "2021-03-04",
    "ended": None,
    "officialSite": None,
    "schedule": {"time": "", "days": []},
    "rating": {"average": None},
    "weight": 71,
    "network": None,
    "webChannel": {"id": 1, "name": "Streamline", "country": None, "officialSite": None},
    "dvdCountry": None,
    "externals": {"tvrage": None, "thetvdb": 390001, "imdb": "tt7000001"},
    "image": None,
    "summary": "<p><b>Harbour Lights</b> follows Mara &amp; her crew.</p><p>They <i>never</i> sleep.</p>",
    "updated": 1700000000,
    "_links": {"self": {"href": "https://api.tvmaze.com/shows/7001"}},
}
MAZE_OTHER: dict[str, Any] = MAZE_SHOW | {
    "id": 7002,
    "url": "https://www.tvmaze.com/shows/7002/harbour-lights",
    "premiered": "1999-01-01",
    "network": {"id": 2, "name": "Channel 9", "country": {"name": "Australia", "code": "AU", "timezone": "x"}},
    "webChannel": None,
    "externals": {"tvrage": None, "thetvdb": None, "imdb": None},
    "summary": None,
}
MAZE_EMBEDDED: dict[str, Any] = {
    "cast": [
        {
            "person": {"id": 1, "name": "Ada Quill", "country": None, "birthday": None, "image": None},
            "character": {"id": 11, "name": "Mara Finn", "image": None},
            "self": False,
            "voice": False,
        },
        {"person": {"id": 2, "name": "Ben Roe"}, "character": {"id": 12, "name": "Gull"}, "self": False, "voice": True},
        {
            "person": {"id": 3, "name": "Cy Dunn"},
            "character": {"id": 13, "name": "Cy Dunn"},
            "self": True,
            "voice": False,
        },
        {"person": {"id": 1, "name": "Ada Quill"}, "character": {"id": 14, "name": "Nora Finn"}, "self": False},
    ],
    "crew": [
        {"type": "Creator", "person": {"id": 4, "name": "Dee Marsh"}},
        {"type": "Executive Producer", "person": {"id": 4, "name": "Dee Marsh"}},
        {"type": "Producer", "person": {"id": 4, "name": "Dee Marsh"}},
    ],
    "akas": [{"name": "Hafenlichter", "country": {"name": "Germany"}}, {"name": "Harbour Lights", "country": None}],
    "seasons": [
        {"id": 1, "number": 1, "name": "", "episodeOrder": 3, "premiereDate": "2021-03-04", "endDate": "2021-03-18"},
        {"id": 2, "number": 2, "name": "", "episodeOrder": 8, "premiereDate": "2026-12-01", "endDate": None},
        {"id": 3, "number": 3, "name": "", "episodeOrder": None, "premiereDate": None, "endDate": None},
    ],
    "episodes": [
        {"id": 1, "name": "Low Tide", "season": 1, "number": 1, "type": "regular", "airdate": "2021-03-04"},
        {"id": 2, "name": "TBA", "season": 1, "number": 2, "type": "regular", "airdate": "2021-03-11"},
        {"id": 3, "name": "High Water", "season": 1, "number": 3, "type": "regular", "airdate": ""},
        {
            "id": 4,
            "name": "Back",
            "season": 2,
            "number": 1,
            "type": "regular",
            "airdate": "2026-12-01",
            "airstamp": None,
        },
        {"id": 5, "name": "Making of", "season": 2, "number": None, "type": "insignificant_special", "airdate": ""},
    ],
}


def tvmaze(path: str, query: Query, body: Any) -> Any:
    """What TVmaze sends; None stands for 404, as for all functions here."""
    if path == "/search/shows":
        return [{"score": 0.9, "show": MAZE_OTHER}, {"score": 0.8, "show": MAZE_SHOW}]
    if path == "/lookup/shows":
        known = query.get("imdb") == ["tt7000001"] or query.get("thetvdb") == ["390001"]
        return MAZE_SHOW if known else None
    if path == "/shows/7001":
        return MAZE_SHOW | ({"_embedded": MAZE_EMBEDDED} if query else {})
    return None


def claim(value: Any, rank: str = "normal", **qualifiers: Any) -> dict[str, Any]:
    row: dict[str, Any] = {"mainsnak": {"snaktype": "value", "datavalue": {"value": value}}, "rank": rank}
    if qualifiers:
        row["qualifiers"] = {name: [{"snaktype": "value", "datavalue": {"value": v}}] for name, v in qualifiers.items()}
    return row


def item(id: str) -> dict[str, Any]:
    return {"entity-type": "item", "numeric-id": int(id[1:]), "id": id}


def time(text: str, precision: int) -> dict[str, Any]:
    return {
        "time": text,
        "timezone": 0,
        "precision": precision,
        "calendarmodel": "http://www.wikidata.org/entity/Q1985727",
    }


def label(id: str, text: str, language: str = "en") -> dict[str, Any]:
    return {"type": "item", "id": id, "labels": {language: {"language": language, "value": text}}}


UNKNOWN = {"mainsnak": {"snaktype": "somevalue", "property": "P161"}, "rank": "normal"}
DATA_FILM: dict[str, Any] = {
    "type": "item",
    "id": "Q900001",
    "labels": {"en": {"language": "en", "value": "Cold Harbour"}},
    "aliases": {"en": [{"language": "en", "value": "The Harbour"}, {"language": "en", "value": "Cold Harbour"}]},
    "sitelinks": {"enwiki": {"site": "enwiki", "title": "Cold Harbour (film)", "badges": []}},
    "claims": {
        "P31": [claim(item("Q11424"))],
        "P345": [claim("tt9000001"), claim("nm0000001")],
        "P4947": [claim("90001")],
        "P6127": [claim("cold-harbour")],
        "P577": [claim(time("+1995-12-15T00:00:00Z", 11)), claim(time("+1995-00-00T00:00:00Z", 9))],
        "P2047": [claim({"amount": "+170", "unit": "http://www.wikidata.org/entity/Q7727"})],
        "P57": [claim(item("Q1001"))],
        "P58": [claim(item("Q1001")), claim(item("Q1002"))],
        "P161": [
            claim(item("Q1003"), P453=item("Q1004")),
            claim(item("Q1005"), rank="preferred", P4633="The Stranger"),
            UNKNOWN,
            claim(item("Q1006"), rank="deprecated"),
        ],
        "P136": [claim(item("Q1007"))],
        "P364": [claim(item("Q1008"))],
        "P144": [claim(item("Q1009"))],
    },
}
DATA_SERIES: dict[str, Any] = {
    "type": "item",
    "id": "Q900002",
    "labels": {"mul": {"language": "mul", "value": "Cold Harbour"}},
    "aliases": {},
    "sitelinks": {},
    "claims": {
        "P31": [claim(item("Q1259759"))],
        "P8600": [claim("7003")],
        "P4983": [claim("90002")],
        "P580": [claim(time("+2004-05-00T00:00:00Z", 10))],
        "P2437": [claim({"amount": "+1", "unit": "1"})],
        "P1113": [claim({"amount": "+6", "unit": "1"})],
        "P170": [claim(item("Q1001"))],
        "P449": [claim(item("Q1010"))],
    },
}
DATA_LABELS = {
    "Q1001": label("Q1001", "Erin Vale"),
    "Q1002": label("Q1002", "Finn Ash", "mul"),
    "Q1003": label("Q1003", "Gus Hale"),
    "Q1004": label("Q1004", "Captain Moor"),
    "Q1005": label("Q1005", "Hedda Lund"),
    "Q1007": label("Q1007", "crime film"),
    "Q1008": label("Q1008", "English"),
    "Q1009": label("Q1009", "Cold Harbour (novel)"),
    "Q1010": label("Q1010", "Channel 9"),
}


def wikidata(path: str, query: Query, body: Any) -> Any:
    """What the MediaWiki API of Wikidata sends."""
    if query.get("action") == ["query"]:
        search = query["srsearch"][0]
        ids = search.startswith("haswbstatement:P") and "P31" not in search
        known = "P345=tt9000001" in search or "P4947=90001" in search
        titles = (["Q900001"] if known else []) if ids else ["Q900002", "Q900001"]
        return {"batchcomplete": "", "query": {"search": [{"ns": 0, "title": title, "pageid": 1} for title in titles]}}
    if query.get("action") == ["wbgetentities"]:
        known_items = {"Q900001": DATA_FILM, "Q900002": DATA_SERIES, **DATA_LABELS}
        ids = query["ids"][0].split("|")
        assert len(ids) <= 50
        return {"entities": {id: known_items.get(id, {"id": id, "missing": ""}) for id in ids}, "success": 1}
    return {"error": {"code": "badvalue", "info": "Unrecognized value"}}


def wikipedia(path: str, query: Query, body: Any) -> Any:
    """What the REST API of Wikipedia sends."""
    if path != "/page/summary/Cold_Harbour_(film)":
        return None
    extract = "Cold Harbour is a 1995 film by Erin Vale.\nIt is about <nothing>."
    return {"type": "standard", "title": "Cold Harbour (film)", "extract": extract, "lang": "en"}


TMDB_FILM: dict[str, Any] = {
    "adult": False,
    "id": 90001,
    "title": "Cold Harbour",
    "original_title": "Koud Haven",
    "original_language": "nl",
    "overview": "A film about a harbour.",
    "release_date": "1995-12-15",
    "genre_ids": [80],
}
TMDB_SERIES: dict[str, Any] = {
    "id": 90002,
    "name": "Harbour Lights",
    "original_name": "Harbour Lights",
    "original_language": "en",
    "overview": "",
    "first_air_date": "",
    "origin_country": ["GB"],
}
TMDB_FILM_MORE: dict[str, Any] = {
    "runtime": 170,
    "imdb_id": "tt9000001",
    "genres": [{"id": 80, "name": "Crime"}],
    "credits": {
        "cast": [{"id": 1, "name": "Gus Hale", "character": "Captain Moor", "order": 0}, {"name": "Hedda Lund"}],
        "crew": [
            {"id": 2, "name": "Erin Vale", "job": "Director", "department": "Directing"},
            {"id": 3, "name": "Finn Ash", "job": "Boom Operator", "department": "Sound"},
            {"id": 2, "name": "Erin Vale", "job": "Screenplay", "department": "Writing"},
        ],
    },
    "external_ids": {"imdb_id": "tt9000001", "wikidata_id": "Q900001"},
    "alternative_titles": {"titles": [{"iso_3166_1": "US", "title": "The Harbour", "type": ""}]},
}
TMDB_SERIES_MORE: dict[str, Any] = {
    "episode_run_time": [],
    "genres": [{"id": 18, "name": "Drama"}],
    "networks": [{"id": 1, "name": "Streamline"}],
    "created_by": [{"id": 4, "name": "Dee Marsh"}],
    "number_of_seasons": 21,
    "seasons": [{"season_number": n, "episode_count": 2, "air_date": None, "name": f"Season {n}"} for n in range(22)],
    "aggregate_credits": {
        "cast": [{"name": "Ada Quill", "roles": [{"character": "", "episode_count": 1}, {"character": "Mara Finn"}]}],
        "crew": [{"name": "Erin Vale", "jobs": [{"job": "Director", "episode_count": 2}, {"job": "Catering"}]}],
    },
    "external_ids": {"imdb_id": "tt7000001", "tvdb_id": 390001},
    "alternative_titles": {"results": [{"iso_3166_1": "DE", "title": "Hafenlichter", "type": ""}]},
}


def tmdb(path: str, query: Query, body: Any) -> Any:
    """What TMDB sends."""
    appended = query.get("append_to_response", [""])[0].split(",")
    assert len(appended) <= 20
    if path == "/search/movie":
        return {"page": 1, "results": [TMDB_FILM], "total_results": 1}
    if path == "/search/tv":
        return {"page": 1, "results": [TMDB_SERIES], "total_results": 1}
    if path == "/find/tt9000001":
        return {"movie_results": [TMDB_FILM], "tv_results": [], "person_results": []}
    if path == "/movie/90001":
        return TMDB_FILM | TMDB_FILM_MORE
    if path == "/tv/90002":
        rows = [{"episode_number": 1, "name": "One", "air_date": "2021-03-04"}, {"episode_number": 2, "name": ""}]
        seasons = {part: {"episodes": rows} for part in appended if part.startswith("season/")}
        return TMDB_SERIES | TMDB_SERIES_MORE | seasons
    return None


OMDB_SERIES: dict[str, Any] = {
    "Title": "Harbour Lights",
    "Year": "2021–",
    "Rated": "N/A",
    "Released": "04 Mar 2021",
    "Runtime": "1 h 2 min",
    "Genre": "Crime, Drama",
    "Director": "N/A",
    "Writer": "Dee Marsh, Erin Vale (creator)",
    "Actors": "Ada Quill, Ben Roe",
    "Plot": "Mara and her crew never sleep.",
    "Language": "English, Irish",
    "Poster": "N/A",
    "imdbID": "tt7000001",
    "Type": "series",
    "totalSeasons": "2",
    "Response": "True",
}


def omdb(path: str, query: Query, body: Any) -> Any:
    """What OMDb sends."""
    if "s" in query:
        hit = {name: OMDB_SERIES[name] for name in ("Title", "Year", "imdbID", "Type", "Poster")}
        game = {"Title": "Harbour Lights", "Year": "2001", "imdbID": "tt7000009", "Type": "game"}
        return {"Search": [game, hit], "totalResults": "2", "Response": "True"}
    if query.get("i") != ["tt7000001"]:
        return {"Response": "False", "Error": "Incorrect IMDb ID."}
    if "Season" in query:
        rows = [
            {"Title": "Low Tide", "Released": "2021-03-04", "Episode": "1", "imdbRating": "7.9", "imdbID": "tt7000002"},
            {"Title": "Episode #1.2", "Released": "N/A", "Episode": "2", "imdbRating": "N/A", "imdbID": "tt7000003"},
        ]
        return {"Title": "Harbour Lights", "Season": query["Season"][0], "Episodes": rows, "Response": "True"}
    return OMDB_SERIES


LIST_MEDIA: dict[str, Any] = {
    "id": 5001,
    "idMal": 6001,
    "format": "TV",
    "siteUrl": "https://anilist.co/anime/5001",
    "episodes": 26,
    "duration": 24,
    "countryOfOrigin": "JP",
    "source": "MANGA",
    "title": {"romaji": "Minato no Akari", "english": None, "native": "港の灯"},
    "synonyms": ["Harbour Lights"],
    "startDate": {"year": 1998, "month": 4, "day": None},
    "genres": ["Drama"],
    "description": "A port at night.<br><br>\n<i>(Source: a magazine)</i>",
    "studios": {"nodes": [{"name": "Studio Pier"}]},
    "characters": {
        "edges": [
            {"node": {"name": {"full": "Umi"}}, "voiceActors": [{"name": {"full": "Aoi Kaze"}}]},
            {"node": {"name": {"full": "Nami"}}, "voiceActors": []},
        ]
    },
    "staff": {
        "edges": [
            {"role": "Director", "node": {"name": {"full": "Ren Hama"}}},
            {"role": "Original Creator", "node": {"name": {"full": "Sora Kishi"}}},
        ]
    },
}


def anilist(path: str, query: Query, body: Any) -> Any:
    """What AniList sends."""
    if "Page(" in body["query"]:
        return {"data": {"Page": {"media": [LIST_MEDIA]}}}
    return {"data": {"Media": LIST_MEDIA}} if body["variables"]["id"] in (5001, 6001) else None


SERVICES = {
    "tvmaze": tvmaze,
    "wikidata": wikidata,
    "wikipedia": wikipedia,
    "tmdb": tmdb,
    "omdb": omdb,
    "anilist": anilist,
}
