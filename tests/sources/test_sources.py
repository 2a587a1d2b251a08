"""What each source makes of good answers: candidates, and shows with every field that the service knows."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.sources.replay import KEYS, Replay
from watchlist import manual
from watchlist.domain.dates import PartialDate
from watchlist.domain.model import Credit, Kind, Role, Season, Show
from watchlist.errors import LookupFailed
from watchlist.settings import LOOKUP_ADDRESSES, LOOKUP_KEYS
from watchlist.sources.lookup import anilist, omdb, tmdb, tvmaze, wikidata, wikipedia
from watchlist.sources.lookup.api import DAY, HOUR, Api
from watchlist.sources.lookup.choose import SOURCES, find, sources_for
from watchlist.sources.lookup.client import Client
from watchlist.sources.lookup.options import KEYED, LookupOptions

APIS = (tvmaze.API, wikidata.API, wikipedia.API, tmdb.API, omdb.API, anilist.API)
SERIES = Show("", "Harbour lights", Kind.SERIES)
FILM = Show("", "Cold Harbour", Kind.FILM, 1995)


@pytest_asyncio.fixture
async def client(replay: Replay) -> AsyncIterator[Client]:
    async with Client(replay.options()) as client:
        yield client


async def fetched(name: str, wanted: Show, client: Client) -> Show:
    source = SOURCES[name]
    candidates, _ = await find(wanted, client, [source])
    return await source.fetch(candidates[0], client)


async def test_tvmaze_knows_series_with_cast_seasons_and_air_dates(client: Client) -> None:
    show = await fetched("tvmaze", Show("", "Harbour Lights", Kind.SERIES, 2021), client)
    assert show == Show(
        "",
        "Harbour Lights",
        Kind.SERIES,
        2021,
        platform="Streamline",
        premiered=date(2021, 3, 4),
        runtime=47,
        language="English",
        creators=("Dee Marsh",),
        genres=("Drama", "Crime"),
        aka=("Hafenlichter",),
        url="https://www.tvmaze.com/shows/7001/harbour-lights",
        synopsis="Harbour Lights follows Mara & her crew.\n\nThey never sleep.",
        ids={"imdb": "tt7000001", "tvdb": 390001, "tvmaze": 7001},
        cast=(Role("Ada Quill", "Mara Finn / Nora Finn"), Role("Ben Roe", "Gull (voice)"), Role("Cy Dunn", "Self")),
        crew=(Credit("Dee Marsh", "Executive Producer / Producer"),),
        seasons=(
            Season(
                1,
                episodes=3,
                titles=("Low Tide", "", "High Water"),
                aired=(date(2021, 3, 4), date(2021, 3, 11), None),
            ),
            Season(2, episodes=8, titles=("Back",), aired=(date(2026, 12, 1),)),
        ),
    )


async def test_the_year_tells_two_series_apart(client: Client) -> None:
    wanted = [Show("", "harbour lights", year=year) for year in (2021, 1999, 2020, 1998)]
    found = [(await find(show, client, [SOURCES["tvmaze"]]))[0] for show in wanted]
    years = [[candidate.year for candidate in candidates] for candidates in found]
    assert years == [[2021, 1999], [1999, 2021]] * 2, "also if the years are near"


@pytest.mark.parametrize("ids", [{"tvmaze": 7001}, {"imdb": "tt7000001"}, {"tvdb": 390001}, {"tvdb": "390001"}])
async def test_a_shared_id_gives_exactly_one_candidate(
    client: Client, ids: dict[str, str | int], replay: Replay
) -> None:
    [candidate] = await SOURCES["tvmaze"].search(Show("", "something else", ids=ids), client)
    assert (candidate.id, candidate.title) == ("7001", "Harbour Lights")
    assert len(replay.requests) == 1


async def test_an_id_that_tvmaze_does_not_know_is_followed_by_a_search(client: Client, replay: Replay) -> None:
    candidates = await SOURCES["tvmaze"].search(Show("", "Harbour Lights", ids={"imdb": "tt7777777"}), client)
    assert len(candidates) == 2
    assert [request.path for request in replay.requests] == ["/lookup/shows", "/search/shows"]


@pytest.mark.parametrize(
    "url", [None, "https://evil.example/", "javascript:alert(1)", "https://www.tvmaze.com/a b", "\x1b[2J"]
)
async def test_an_address_of_another_site_is_not_taken(client: Client, replay: Replay, url: object) -> None:
    replay.change = lambda _, answer: answer | {"url": url}
    [candidate] = await SOURCES["tvmaze"].search(Show("", "x", ids={"tvmaze": 7001}), client)
    assert candidate.url == candidate.facts.url == "https://www.tvmaze.com/shows/7001"


async def test_wikidata_knows_films_with_people_and_wikipedia_tells_what_they_are_about(client: Client) -> None:
    show = await fetched("wikidata", FILM, client)
    assert show == Show(
        "",
        "Cold Harbour",
        Kind.FILM,
        1995,
        premiered=date(1995, 12, 15),
        runtime=170,
        language="English",
        genres=("Crime",),
        aka=("The Harbour",),
        based_on="Cold Harbour (novel)",
        url="https://www.wikidata.org/wiki/Q900001",
        synopsis="Cold Harbour is a 1995 film by Erin Vale.\n\nIt is about <nothing>.",
        ids={"imdb": "tt9000001", "tmdb": 90001, "letterboxd": "cold-harbour", "wikidata": "Q900001"},
        cast=(Role("Hedda Lund", "The Stranger"), Role("Gus Hale", "Captain Moor")),
        crew=(Credit("Erin Vale", "Director / Writer"), Credit("Finn Ash", "Writer")),
    )


async def test_wikidata_knows_a_series_of_one_season(client: Client) -> None:
    show = await fetched("wikidata", Show("", "Cold Harbour", Kind.SERIES), client)
    assert (show.kind, show.year, show.premiered) == (Kind.SERIES, 2004, PartialDate(2004, 5))
    assert show.ids == {"tmdb": 90002, "tvmaze": 7003, "wikidata": "Q900002"}
    assert (show.creators, show.platform, show.seasons) == (("Erin Vale",), "Channel 9", (Season(1, episodes=6),))


async def test_a_runtime_in_hours_has_minutes(client: Client, replay: Replay) -> None:
    hours = {"amount": "+1.5", "unit": "http://www.wikidata.org/entity/Q25235"}
    replay.change = lambda _, answer: json.loads(
        json.dumps(answer).replace(
            '{"amount": "+170", "unit": "http://www.wikidata.org/entity/Q7727"}', json.dumps(hours)
        )
    )
    assert (await fetched("wikidata", FILM, client)).runtime == 90


@pytest.mark.parametrize("ids", [{"imdb": "tt9000001"}, {"tmdb": 90001}, {"wikidata": "Q900001"}])
async def test_an_id_finds_the_item_of_wikidata(client: Client, ids: dict[str, str | int], replay: Replay) -> None:
    [candidate] = await SOURCES["wikidata"].search(Show("", "x", Kind.FILM, ids=ids), client)
    assert candidate.id == "Q900001"
    assert len(replay.requests) == 2 - ("wikidata" in ids)


async def test_signs_of_a_title_are_no_commands_of_the_search(client: Client, replay: Replay) -> None:
    await SOURCES["wikidata"].search(Show("", 'NOT: "a" -b | haswbstatement:P31=Q5 OR l\'été', Kind.FILM), client)
    assert replay.requests[0].query["srsearch"][0].endswith(" not a b haswbstatement p31 q5 or l'été")


async def test_a_long_title_is_searched_for_as_far_as_wikidata_allows(client: Client, replay: Replay) -> None:
    await SOURCES["wikidata"].search(Show("", "Harbour " * 100), client)
    assert len(replay.requests[0].query["srsearch"][0]) == 300


@pytest.mark.parametrize("part", ["Q21191270", "Q3464665"])
async def test_an_episode_or_a_season_is_no_show(client: Client, replay: Replay, part: str) -> None:
    def change(service: str, answer: Any) -> Any:
        text = json.dumps(answer).replace('"id": "Q11424"', f'"id": "{part}"')
        return json.loads(text)

    replay.change = change
    wanted = Show("", "Cold Harbour", Kind.FILM, ids={"imdb": "tt9000001"})
    assert [hit.id for hit in await SOURCES["wikidata"].search(wanted, client)] == ["Q900002"]


async def test_tmdb_knows_films(client: Client) -> None:
    show = await fetched("tmdb", FILM, client)
    assert show == Show(
        "",
        "Cold Harbour",
        Kind.FILM,
        1995,
        premiered=date(1995, 12, 15),
        runtime=170,
        language="Dutch",
        genres=("Crime",),
        aka=("Koud Haven", "The Harbour"),
        url="https://www.themoviedb.org/movie/90001",
        synopsis="A film about a harbour.",
        ids={"imdb": "tt9000001", "tmdb": 90001},
        cast=(Role("Gus Hale", "Captain Moor"), Role("Hedda Lund")),
        crew=(Credit("Erin Vale", "Director / Writer"),),
    )


async def test_tmdb_knows_series_of_more_seasons_than_one_request_may_ask_for(client: Client, replay: Replay) -> None:
    show = await fetched("tmdb", SERIES, client)
    assert len(replay.requests) == 4  # the search, the series, seasons 0 to 19, seasons 20 and 21
    assert [season.number for season in show.seasons] == list(range(22))
    assert show.seasons[21] == Season(21, episodes=2, titles=("One", ""), aired=(date(2021, 3, 4), None))
    assert (show.platform, show.creators) == ("Streamline", ("Dee Marsh",))
    assert show.cast == (Role("Ada Quill", "Mara Finn"),)
    assert show.ids == {"imdb": "tt7000001", "tmdb": 90002, "tvdb": 390001}


@pytest.mark.parametrize("ids", [{"tmdb": 90001}, {"imdb": "tt9000001"}])
async def test_an_id_finds_the_film_of_tmdb(client: Client, ids: dict[str, str | int]) -> None:
    [candidate] = await SOURCES["tmdb"].search(Show("", "x", Kind.FILM, ids=ids), client)
    assert candidate.id == "90001"
    assert candidate.facts.ids == {"tmdb": 90001, **ids}


async def test_omdb_knows_what_imdb_knows(client: Client) -> None:
    show = await fetched("omdb", SERIES, client)
    season = Season(1, episodes=2, titles=("Low Tide", ""), aired=(date(2021, 3, 4), None))
    assert show == Show(
        "",
        "Harbour Lights",
        Kind.SERIES,
        2021,
        premiered=date(2021, 3, 4),
        runtime=62,
        language="English",
        genres=("Crime", "Drama"),
        url="https://www.imdb.com/title/tt7000001/",
        synopsis="Mara and her crew never sleep.",
        ids={"imdb": "tt7000001"},
        cast=(Role("Ada Quill"), Role("Ben Roe")),
        crew=(Credit("Dee Marsh", "Writer"), Credit("Erin Vale", "Writer")),
        seasons=(season, season._replace(number=2)),
    )


async def test_omdb_leaves_games_out_and_knows_ids(client: Client) -> None:
    assert len(await SOURCES["omdb"].search(SERIES, client)) == 1
    [candidate] = await SOURCES["omdb"].search(Show("", "x", ids={"imdb": "tt7000001"}), client)
    assert candidate.title == "Harbour Lights"


async def test_anilist_knows_anime(client: Client) -> None:
    show = await fetched("anilist", Show("", "minato"), client)
    assert show == Show(
        "",
        "Minato no Akari",
        Kind.SERIES,
        1998,
        premiered=PartialDate(1998, 4),
        runtime=24,
        language="Japanese",
        creators=("Sora Kishi",),
        genres=("Drama",),
        aka=("港の灯", "Harbour Lights"),
        based_on="manga",
        url="https://anilist.co/anime/5001",
        synopsis="A port at night.\n\n(Source: a magazine)",
        ids={"anilist": 5001, "mal": 6001},
        cast=(Role("Aoi Kaze", "Umi"),),
        crew=(Credit("Ren Hama", "Director"), Credit("Sora Kishi", "Original Creator")),
        seasons=(Season(1, episodes=26),),
    )


@pytest.mark.parametrize("ids", [{"anilist": 5001}, {"mal": 6001}, {"anilist": 1, "mal": 6001}])
async def test_an_id_finds_the_anime(client: Client, ids: dict[str, str | int]) -> None:
    [candidate] = await SOURCES["anilist"].search(Show("", "x", ids=ids), client)
    assert candidate.id == "5001"


async def test_every_request_says_who_asks_and_no_key_is_in_an_address_of_its_own(
    client: Client, replay: Replay
) -> None:
    for name in SOURCES:
        await fetched(name, Show("", "Harbour Lights", Kind.SERIES, 2021), client)
    assert {request.service for request in replay.requests} >= set(SOURCES)
    assert all(request.headers["user-agent"].startswith("watchlist-tui/") for request in replay.requests)
    assert all(request.headers["accept-encoding"] == "gzip" for request in replay.requests)
    for request in replay.requests:
        assert [key in request.target for key in KEYS.values()] == [request.service == name for name in KEYS]


async def test_a_token_of_tmdb_is_sent_as_a_header(replay: Replay) -> None:
    options = LookupOptions(replay.options().addresses, {"tmdb": "eyJ.t0ken"})
    async with Client(options) as client:
        await SOURCES["tmdb"].search(FILM, client)
    assert replay.requests[0].headers["authorization"] == "Bearer eyJ.t0ken"
    assert "t0ken" not in replay.requests[0].target


@pytest.mark.parametrize("name", ["tmdb", "omdb"])
async def test_without_a_key_nothing_is_asked(replay: Replay, name: str) -> None:
    async with Client(LookupOptions(replay.options().addresses)) as client:
        with pytest.raises(LookupFailed, match="needs a key of your own") as raised:
            await SOURCES[name].search(FILM, client)
    assert f"WATCHLIST_{name.upper()}_KEY" in raised.value.hint
    assert not replay.requests


def test_keys_are_from_the_config_or_from_a_variable_and_are_never_shown() -> None:
    settings = {"tmdb_key": "one", "omdb_key": "two", "tvmaze": "https://mirror.example"}
    options = LookupOptions.of(settings, {"WATCHLIST_OMDB_KEY": " three "})
    assert options.keys == {"tmdb": "one", "omdb": "three"}
    assert options.addresses == {"tvmaze": "https://mirror.example"}
    assert "one" not in repr(options)
    assert "three" not in repr(options)


def test_every_source_has_its_credit() -> None:
    credits = {name: source.credit for name, source in SOURCES.items()}
    assert credits["tvmaze"] == "Data: TVmaze, CC BY-SA 4.0"
    assert credits["wikidata"] == "Data: Wikidata, CC0; synopsis: Wikipedia, CC BY-SA 4.0"
    assert "not endorsed or certified by TMDB" in credits["tmdb"]
    assert all(credits.values())


@pytest.mark.parametrize(
    ("show", "keys", "names"),
    [
        (SERIES, {}, ["tvmaze", "wikidata"]),
        (FILM, {}, ["wikidata"]),
        (Show("", "x"), {}, ["tvmaze", "wikidata"]),
        (FILM, KEYS, ["tmdb", "wikidata", "omdb"]),
        (SERIES, KEYS, ["tvmaze", "tmdb", "wikidata", "omdb"]),
        (Show("", "x", Kind.FILM, ids={"mal": 1}), {}, ["anilist", "wikidata"]),
        (Show("", "x", tags=("Anime",)), {}, ["anilist", "tvmaze", "wikidata"]),
        (Show("", "x", Kind.SERIES, language="Japanese", genres=("Animation",)), {}, ["anilist", "tvmaze", "wikidata"]),
    ],
)
def test_the_best_source_for_a_show_is_asked_first(show: Show, keys: dict[str, str], names: list[str]) -> None:
    assert [source.name for source in sources_for(show, LookupOptions({}, keys))] == names


async def test_the_search_ends_with_the_first_source_that_knows_the_show(client: Client, replay: Replay) -> None:
    candidates, _ = await find(Show("", "Harbour Lights", Kind.SERIES, 1999), client)
    assert [(hit.source, hit.year) for hit in candidates] == [("tvmaze", 1999), ("tvmaze", 2021)]
    assert {request.service for request in replay.requests} == {"tvmaze"}


async def test_a_source_that_does_not_know_the_show_is_followed_by_the_next(client: Client) -> None:
    wanted = Show("", "Cold Harbour", Kind.SERIES)
    candidates, _ = await find(wanted, client, [SOURCES["tvmaze"], SOURCES["wikidata"]])
    assert [(hit.source, hit.title, hit.kind) for hit in candidates] == [
        ("wikidata", "Cold Harbour", Kind.SERIES),
        ("wikidata", "Cold Harbour", Kind.FILM),
        ("tvmaze", "Harbour Lights", Kind.SERIES),
        ("tvmaze", "Harbour Lights", Kind.SERIES),
    ]


async def test_a_show_that_two_sources_know_by_the_same_id_is_there_once(client: Client) -> None:
    candidates, _ = await find(Show("", "Nothing"), client, [SOURCES["tvmaze"], SOURCES["omdb"]])
    assert [hit.source for hit in candidates] == ["tvmaze", "tvmaze"]


async def test_a_source_that_fails_does_not_hide_the_next(replay: Replay) -> None:
    addresses = {**replay.options().addresses, "tvmaze": "http://127.0.0.1:9"}
    async with Client(LookupOptions(addresses)) as client:
        candidates, failures = await find(Show("", "Cold Harbour", Kind.SERIES), client)
        assert [hit.source for hit in candidates] == ["wikidata", "wikidata"]
        assert [error.message for error in failures] == ["TVmaze refuses connections"]
        with pytest.raises(LookupFailed, match="TVmaze refuses connections"):
            await find(SERIES, client, [SOURCES["tvmaze"]])


@pytest.mark.parametrize("api", APIS, ids=lambda api: api.name)
def test_the_manual_says_what_is_sent_where(api: Api) -> None:
    [row] = [line for line in manual.page("lookup").splitlines() if line.startswith(f"| {api.title}, ")]
    assert f"`{httpx.URL(api.base).host}`" in row
    assert f"| {api.calls} requests in {int(api.seconds)} s |" in row
    kept = "1 hour" if api.lifetime == HOUR else f"{api.lifetime / DAY:.0f} day"
    assert f"| {kept}" in row
    source = SOURCES.get(api.name)
    credit = re.search(r"CC BY[-A-Z]* 4\.0|CC0", source.credit) if source is not None else None
    assert credit is None or credit[0] in row
    if source is not None and not credit:
        assert source.credit.removeprefix("Data: TMDB. ").removeprefix("Data: ") in manual.page("lookup")


def test_the_manual_says_which_settings_there_are() -> None:
    assert all(f"`{api.name}`" in manual.page("lookup") for api in APIS)
    assert {api.name for api in APIS} == set(LOOKUP_ADDRESSES) - {"imdb_datasets"}  # for the catalogue
    assert {f"{name}_key" for name in KEYED} == set(LOOKUP_KEYS)
