"""Random changes of good answers: a source gives a valid show or LookupFailed, and never anything else."""

from __future__ import annotations

import asyncio
import copy
import tomllib
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
import tomli_w

from tests.profile import examples
from tests.sources.clock import Clock
from tests.sources.replay import Replay
from watchlist.domain.fields import STORED
from watchlist.domain.frozen import replace, same
from watchlist.domain.model import Kind, Show
from watchlist.domain.show_toml import to_table
from watchlist.errors import LookupFailed
from watchlist.sanitize import safe
from watchlist.sources.lookup.choose import SOURCES
from watchlist.sources.lookup.client import Client
from watchlist.sources.lookup.source import Candidate

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    3.5,
    1e300,
    float("nan"),
    float("inf"),
    10**17,
    10**30,
    "",
    " ",
    "\n",
    "\x1b]0;owned\x07",
    "a\x00b\x9b31m\u202egnp.exe\u2066\u2028",
    "\ud800",
    "<script>alert(1)</script>",
    "&lt;b&gt;&#0;&#x1b;&#xd800;&#1114112;",
    "[red]x[/red] [/",
    "x" * 20_000,
    "<" * 5_000,
    "0000-00-00",
    "2021-02-30",
    "-1",
    "99999999999999999999",
    "tt0",
    "javascript:alert(1)",
    "https://example.com/\n[x](y)",
    "Q1|Q2",
    "../../etc/passwd",
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": ""},
    {"id": {"id": {}}},
    ["a", 1, None, {}],
    [{"name": "\u0085"}] * 60,
)
SHOW = Show("", "Cold Harbour", Kind.FILM, 1995)
IDS = {"tvmaze": "7001", "wikidata": "Q900001", "tmdb": "90002", "omdb": "tt7000001", "anilist": "5001"}
SITES = {
    "tvmaze": "https://www.tvmaze.com/",
    "wikidata": "https://www.wikidata.org/wiki/Q",
    "tmdb": "https://www.themoviedb.org/",
    "omdb": "https://www.imdb.com/title/tt",
    "anilist": "https://anilist.co/",
}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (parent, key) of every value within a JSON value."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in pairs:
        yield value, key
        yield from places(item)


def changed(answer: Any, random: Random) -> Any:
    """Return a copy of an answer in which a few values are replaced, moved or left out."""
    answer = {"": copy.deepcopy(answer)}
    for _ in range(random.choice((1, 1, 2, 5))):
        parent, key = random.choice(list(places(answer)))
        chance = random.random()
        if chance < 0.1 and isinstance(parent, dict) and key:
            del parent[key]
        elif chance < 0.2:
            other, other_key = random.choice(list(places(answer)))
            parent[key] = copy.deepcopy(other[other_key])
        elif chance < 0.25 and isinstance(parent[key], list):
            parent[key] = parent[key] * 3
        elif chance < 0.35 and isinstance(parent[key], (int, str)):
            parent[key] = (
                str(parent[key]) if isinstance(parent[key], int) else parent[key] + random.choice("\x1b\u202e<0")
            )
        else:
            parent[key] = copy.deepcopy(random.choice(HOSTILE))
    return answer[""]


def check(show: Show) -> None:
    """Assert that a show can be stored and shown: every value is one that its field accepts, and no text is hostile."""
    assert show.title.strip()
    stored = replace(show, id="x")
    for field in STORED:
        value = field.get(stored)
        if value != field.type.empty:
            assert same(field.type.read(field.type.write(value)), value), field.name
        for text in field.type.texts(value) if value != field.type.empty else ():
            assert safe(text, lines=True) == text, field.name
            assert len(text) <= 5000
            text.encode("utf-8")
    table = to_table(stored)
    assert same(tomllib.loads(tomli_w.dumps(table)), table)
    assert len(show.cast) <= 50
    assert sum(len(season.titles) for season in show.seasons) <= 40_000


@pytest.mark.parametrize("name", SOURCES)
def test_a_changed_answer_gives_a_valid_show_or_one_failure(name: str, replay: Replay) -> None:
    clock, counts, messages = Clock(), {"shows": 0, "failures": 0}, set[str]()

    async def run() -> None:
        async with Client(replay.options(), now=clock.now, sleep=clock.sleep) as client:
            for seed in range(examples(240)):
                random = Random(f"{name}-{seed}")
                replay.change = lambda _, answer, random=random: changed(answer, random)  # type: ignore[misc]
                for ids in ({}, {"imdb": "tt9000001", "tvmaze": 7001, "anilist": 5001, "tmdb": 90001}):
                    await one(client, replace(SHOW, ids=ids), seed)

    async def one(client: Client, wanted: Show, seed: int) -> None:
        try:
            candidates = list(await SOURCES[name].search(wanted, client))
            for candidate in candidates:
                check(candidate.facts)
                assert safe(candidate.title) == candidate.title
                assert candidate.url.startswith(SITES[name])
            kind = Kind.SERIES if seed % 2 else Kind.FILM
            check(await SOURCES[name].fetch(Candidate(name, IDS[name], "x", kind=kind), client))
            counts["shows"] += 1
        except LookupFailed as error:
            messages.add(error.message)
            counts["failures"] += 1

    asyncio.run(run())
    assert all(safe(message) == message for message in messages)
    assert min(counts.values()) > 0, counts
