"""The client: limits on requests, waiting as services ask, redirects, kept answers, connections that die."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import os
import stat
from pathlib import Path

import pytest

from tests.sources.answers import MAZE_SHOW
from tests.sources.clock import Clock
from tests.sources.replay import KEYS, Replay, Reply
from watchlist.errors import LookupFailed
from watchlist.sources.lookup import answer_cache, omdb, tmdb
from watchlist.sources.lookup.answer_body import MAX_BYTES, MAX_DEPTH, BadBody, parse_body
from watchlist.sources.lookup.answer_cache import AnswerCache
from watchlist.sources.lookup.api import DAY, HOUR
from watchlist.sources.lookup.choose import SOURCES
from watchlist.sources.lookup.client import Client
from watchlist.sources.lookup.rate_limit import RateLimit
from watchlist.sources.lookup.tvmaze import API

GOOD = json.dumps(MAZE_SHOW).encode()
PATH = "/shows/7001"


def wait_for(seconds: str) -> Reply:
    return Reply(429, headers=(("Retry-After", seconds),))


async def test_at_most_20_calls_in_10_seconds_arrive(replay: Replay) -> None:
    clock = Clock()
    replay.now = clock.now
    async with Client(replay.options(), now=clock.now, sleep=clock.sleep) as client:
        for n in range(90):
            await client.get(API, PATH, [("n", str(n))])
    moments = sorted(request.moment for request in replay.requests)
    assert len(moments) == 90
    assert all(later - earlier > 10 for earlier, later in zip(moments, moments[20:], strict=False))
    assert moments[-1] - moments[0] < 50, "it waits no longer than it must"


async def test_a_redirect_is_a_call_too(replay: Replay) -> None:
    clock = Clock()
    replay.now = clock.now
    async with Client(replay.options(), now=clock.now, sleep=clock.sleep) as client:
        for n in range(15):
            replay.faults = [Reply(301, headers=(("Location", f"/tvmaze{PATH}"),))]
            await client.get(API, PATH, [("n", str(n))])
    moments = [request.moment for request in replay.requests]
    assert len(moments) == 30
    assert all(later - earlier > 10 for earlier, later in zip(moments, moments[20:], strict=False))


async def test_requests_of_many_tasks_keep_to_one_limit() -> None:
    clock, moments = Clock(), list[float]()
    limit = RateLimit(20, 10.5, clock.now, clock.sleep)

    async def ask() -> None:
        await limit.wait()
        moments.append(clock.time)

    await asyncio.gather(*(ask() for _ in range(90)))
    assert len(moments) == 90
    assert all(later - earlier > 10 for earlier, later in zip(moments, moments[20:], strict=False))


async def test_a_pause_holds_back_all_requests() -> None:
    clock = Clock()
    limit = RateLimit(5, 10, clock.now, clock.sleep)
    limit.pause(3)
    limit.pause(1)
    await limit.wait()
    assert clock.time == 1003


@pytest.mark.parametrize(
    ("faults", "waited"),
    [
        ([wait_for("2")], 2),
        ([wait_for("2"), wait_for("3")], 5),
        ([wait_for("0")], 0.5),
        ([Reply(429), Reply(429)], 3),
        ([Reply(503, headers=(("Retry-After", "1"),))], 1),
        ([wait_for("Fri, 31 Dec 1999 23:59:59 GMT")], 0.5),
    ],
)
async def test_a_short_wait_is_waited_for(replay: Replay, faults: list[Reply], waited: float) -> None:
    clock = Clock()
    replay.faults = list(faults)
    async with Client(replay.options(), now=clock.now, sleep=clock.sleep) as client:
        assert (await client.get(API, PATH))["id"] == 7001
    assert clock.time == pytest.approx(1000 + waited)
    assert len(replay.requests) == len(faults) + 1


@pytest.mark.parametrize(("status", "message"), [(429, "asks to wait 8 s"), (503, "has a server error")])
async def test_a_long_wait_is_not_waited_for(replay: Replay, status: int, message: str) -> None:
    clock = Clock()
    replay.fault = Reply(status, headers=(("Retry-After", "8"),))
    async with Client(replay.options(), now=clock.now, sleep=clock.sleep) as client:
        with pytest.raises(LookupFailed, match=message):
            await client.get(API, PATH)
    assert clock.time == 1000
    assert len(replay.requests) == 1


async def test_a_longer_patience_waits_longer(replay: Replay) -> None:
    clock = Clock()
    replay.faults = [wait_for("8")]
    async with Client(replay.options(), patience=60, now=clock.now, sleep=clock.sleep) as client:
        assert (await client.get(API, PATH))["id"] == 7001
    assert clock.time == 1008


async def test_waiting_has_an_end(replay: Replay) -> None:
    clock = Clock()
    replay.fault = wait_for("1")
    async with Client(replay.options(), patience=1000, now=clock.now, sleep=clock.sleep) as client:
        with pytest.raises(LookupFailed, match="Too many requests: TVmaze asks to wait 1 s"):
            await client.get(API, PATH)
    assert len(replay.requests) == 4


async def test_a_connection_that_breaks_after_waiting_is_said_to_be_broken(replay: Replay) -> None:
    clock = Clock()
    replay.faults = [*[wait_for("1")] * 3, Reply(raw=b"")]
    async with Client(replay.options(), now=clock.now, sleep=clock.sleep) as client:
        with pytest.raises(LookupFailed, match="The connection to TVmaze broke"):
            await client.get(API, PATH)


async def test_a_connection_that_died_is_opened_again_once(replay: Replay) -> None:
    async with Client(replay.options()) as client:
        await client.get(API, PATH)
        replay.faults = [Reply(raw=b"")]
        assert (await client.get(API, PATH, [("n", "2")]))["id"] == 7001
        replay.faults = [Reply(raw=b""), Reply(raw=b"")]
        with pytest.raises(LookupFailed, match="The connection to TVmaze broke"):
            await client.get(API, PATH, [("n", "3")])


async def test_redirects_within_the_site_are_followed(replay: Replay) -> None:
    locations = ((301, "7001?a=1"), (308, "{address}/tvmaze/shows/7001"))
    replay.faults = [Reply(status, headers=(("Location", location),)) for status, location in locations]
    async with Client(replay.options()) as client:
        assert (await client.get(API, PATH))["id"] == 7001
    assert [request.path for request in replay.requests] == [PATH] * 3


async def test_a_key_does_not_follow_a_redirect_to_another_site(replay: Replay) -> None:
    replay.faults = [Reply(302, headers=(("Location", "http://localhost:9/"),))]
    async with Client(replay.options()) as client:
        with pytest.raises(LookupFailed, match="redirects to another site"):
            await client.get(tmdb.API, "/movie/1", secret={"api_key": KEYS["tmdb"]})


async def test_a_compressed_answer_is_read(replay: Replay) -> None:
    replay.fault = Reply(200, gzip.compress(GOOD), (("Content-Encoding", "gzip"),))
    async with Client(replay.options()) as client:
        assert await client.get(API, PATH) == MAZE_SHOW


async def test_an_answer_is_asked_for_once_an_hour(replay: Replay, tmp_path: Path) -> None:
    folder = tmp_path / "a" / "lookups"
    for _ in range(2):
        async with Client(replay.options(), folder) as client:
            assert (await client.get(API, PATH))["id"] == 7001
            assert await client.get(API, "/shows/1", missing_ok=True) is None
    assert [request.path for request in replay.requests] == [PATH, "/shows/1", "/shows/1"]  # 404 is not kept
    [kept] = folder.iterdir()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert "7001" not in kept.name
    assert AnswerCache(folder).summary() == (1, kept.stat().st_size)
    cache = AnswerCache(folder, now=lambda: kept.stat().st_mtime + HOUR + 5)
    cache.prune()
    assert not list(folder.iterdir())


async def test_no_key_is_kept_or_logged(replay: Replay, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with Client(replay.options(), tmp_path) as client:
        await client.get(omdb.API, "/", [("i", "tt7000001")], secret={"apikey": KEYS["omdb"]})
    [kept] = tmp_path.iterdir()
    assert KEYS["omdb"].encode() not in kept.read_bytes() + os.fsencode(kept)
    assert KEYS["omdb"] in replay.requests[0].target
    assert KEYS["omdb"] not in caplog.text
    async with Client(replay.options(), tmp_path) as client:  # another key gets the same answer
        await client.get(omdb.API, "/", [("i", "tt7000001")], secret={"apikey": "another"})
    assert len(replay.requests) == 1


@pytest.mark.parametrize("name", ["tvmaze", "wikidata", "tmdb", "omdb", "anilist"])
async def test_two_mirrors_do_not_share_answers(name: str, replay: Replay, tmp_path: Path) -> None:
    source = SOURCES[name]
    cache = AnswerCache(tmp_path)
    cache.put(API, "https://a.example/shows/1", b"1")
    assert cache.get(API, "https://b.example/shows/1") is None
    assert cache.get(tmdb.API, "https://a.example/shows/1") is None
    assert source.name == name


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:10],
        lambda data: data[:-1],
        lambda data: data.replace(b"7001", b"7002"),
        lambda data: b"\0" * len(data),
        lambda data: data.replace(b"watchlist-answer-1", b"watchlist-answer-2"),
        lambda data: b"watchlist-answer-1 nan " + data.split(b" ", 2)[2],
        lambda data: b"watchlist-answer-1 inf " + data.split(b" ", 2)[2],
        lambda data: b"watchlist-answer-1 99999999999 " + data.split(b" ", 2)[2],
        lambda data: b"watchlist-answer-1 soon " + data.split(b" ", 2)[2],
        lambda data: b"x" * (MAX_BYTES + 500),
    ],
)
def test_a_damaged_answer_is_no_answer(damage: object, tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path)
    cache.put(API, "a", GOOD)
    assert cache.get(API, "a") == GOOD
    [kept] = tmp_path.iterdir()
    kept.write_bytes(damage(kept.read_bytes()))  # type: ignore[operator]
    assert cache.get(API, "a") is None
    cache.put(API, "a", GOOD)
    assert cache.get(API, "a") == GOOD


def test_an_answer_is_kept_no_longer_than_its_service_allows(tmp_path: Path) -> None:
    clock = Clock()
    cache = AnswerCache(tmp_path, clock.now)
    for api in (API, tmdb.API):
        cache.put(api, "a", GOOD)
    clock.time += HOUR - 1
    assert cache.get(API, "a") == GOOD
    clock.time += 2
    assert cache.get(API, "a") is None
    assert cache.get(tmdb.API, "a") == GOOD
    clock.time -= 2 * HOUR  # a clock that was put back
    assert cache.get(API, "a") is None
    assert tmdb.API.lifetime <= 180 * DAY
    clock.time += 8 * DAY
    cache.prune()
    assert cache.summary() == (0, 0)


def test_the_oldest_answers_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_cache, "MAX_CACHE_FILES", 5)
    cache = AnswerCache(tmp_path)
    for n in range(9):
        cache.put(API, str(n), GOOD)
        [path] = [path for path in tmp_path.iterdir() if path.stat().st_mtime > 10_000_000]
        os.utime(path, (n, n))
    other = tmp_path / "notes.txt"
    other.write_text("mine")
    cache.prune()
    assert [cache.get(API, str(n)) is not None for n in range(9)] == [False] * 4 + [True] * 5
    monkeypatch.setattr(answer_cache, "MAX_CACHE_BYTES", 2 * len(GOOD) + 500)
    cache.prune()
    assert [cache.get(API, str(n)) is not None for n in range(9)] == [False] * 7 + [True] * 2
    assert other.read_text() == "mine"


def test_a_folder_that_is_none_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "lookups").write_text("a file")
    cache = AnswerCache(tmp_path / "lookups")
    cache.put(API, "a", GOOD)
    cache.prune()
    assert cache.get(API, "a") is None
    assert cache.summary() == (0, 0)
    missing = AnswerCache(tmp_path / "missing")
    missing.prune()
    assert missing.summary() == (0, 0)


def test_a_link_in_the_cache_is_not_followed(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "lookups")
    cache.put(API, "a", GOOD)
    [kept] = cache.folder.iterdir()
    moved = tmp_path / "elsewhere"
    kept.rename(moved)
    kept.symlink_to(moved)
    assert cache.get(API, "a") is None
    cache.put(API, "a", GOOD)
    assert not kept.is_symlink()
    assert moved.exists()


def test_json_is_read_within_limits() -> None:
    assert parse_body(b'{"a": NaN, "b": 1e999, "c": 99999999999999999999, "d": "\\ud800"}') == {
        "a": None,
        "b": None,
        "c": None,
        "d": "\ud800",
    }
    depth = MAX_DEPTH - 1
    parse_body(b"[" * depth + b"1" + b"]" * depth)
    with pytest.raises(BadBody):
        parse_body(b"[" * (depth + 1) + b"1" + b"]" * (depth + 1))
