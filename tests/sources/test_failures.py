"""Everything that can go wrong with an answer is one LookupFailed with one clear sentence, whichever source is asked."""

from __future__ import annotations

import asyncio
import gzip
import json
import re
import socket
import time
import zlib
from pathlib import Path

import pytest

from tests.sources.clock import Clock
from tests.sources.replay import KEYS, Replay, Reply
from watchlist.domain.model import Kind, Show
from watchlist.errors import LookupFailed
from watchlist.sources.lookup.choose import SOURCES
from watchlist.sources.lookup.client import Client
from watchlist.sources.lookup.options import LookupOptions
from watchlist.sources.lookup.source import Candidate
from watchlist.sources.lookup.tvmaze import API

SHOW = Show("", "Harbour Lights", Kind.SERIES)
IDS = {"tvmaze": "7001", "wikidata": "Q900001", "tmdb": "90002", "omdb": "tt7000001", "anilist": "5001"}
LOGIN = b"<!DOCTYPE html><html><head><title>Welcome</title></head><body>Log in to the network</body></html>"
HTML = (("Content-Type", "text/html; charset=utf-8"),)
GZIP = (("Content-Encoding", "gzip"),)
PAGE = "Got a web page, not data: is this network asking for a login?"
BROKEN = "The connection to {} broke"
CUT = "The answer of {} was cut off"
JSON = "The answer of {} is not valid JSON"
DEEP = "The answer of {} is nested too deeply"
LARGE = "The answer of {} is larger than 8 MiB"
OTHER = "{} sent an unexpected answer"
CIRCLE = "{} redirects too many times"
ELSEWHERE = "{} redirects to another site: is this network asking for a login?"
NOWHERE = "The answer of {} redirects to an invalid address"
OWN = "{{}} has a server error ({}); try again later"


def redirect(location: str, status: int = 302) -> Reply:
    return Reply(status, headers=(("Location", location),))


def head(*lines: str, status: str = "200 OK") -> bytes:
    return "\r\n".join((f"HTTP/1.1 {status}", *lines, "", "")).encode()


FAULTS: dict[str, tuple[Reply, str]] = {
    "400": (Reply(400), "{} rejected the request (400)"),
    "403": (Reply(403, b"forbidden"), "{} refuses to answer (403)"),
    "403 as a page": (Reply(403, LOGIN, HTML), "{} refuses to answer (403)"),
    "407": (Reply(407), "The proxy asks for a password before it lets {} be reached (407)"),
    "410": (Reply(410), "{} has no such page any more (410)"),
    "418": (Reply(418), "{} rejected the request (418)"),
    "429": (Reply(429), "Too many requests: {} asks to wait a while"),
    "429 for 8 s": (Reply(429, headers=(("Retry-After", "8"),)), "Too many requests: {} asks to wait 8 s"),
    "429 for an hour": (Reply(429, headers=(("Retry-After", "3600"),)), "Too many requests: {} asks to wait 60 min"),
    "429 for ever": (Reply(429, headers=(("Retry-After", "9" * 400),)), "Too many requests: {} asks to wait 277778 h"),
    "429 until": (
        Reply(429, headers=(("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT"),)),
        r"/Too many requests: {} asks to wait \d+ h",
    ),
    "429 for nonsense": (Reply(429, headers=(("Retry-After", "soon"),)), "Too many requests: {} asks to wait a while"),
    "429 again and again": (Reply(429, headers=(("Retry-After", "1"),)), "Too many requests: {} asks to wait 1 s"),
    "500": (Reply(500, b'{"error": 1}'), OWN.format(500)),
    "502 as a page": (Reply(502, LOGIN, HTML), OWN.format(502)),
    "503": (Reply(503), OWN.format(503)),
    "503 for an hour": (Reply(503, headers=(("Retry-After", "3600"),)), OWN.format(503)),
    "599": (Reply(599), OWN.format(599)),
    "511": (Reply(511, LOGIN, HTML), PAGE),
    "login page": (Reply(200, LOGIN, HTML), PAGE),
    "login page that says it is data": (Reply(200, b"\xef\xbb\xbf\n " + LOGIN), PAGE),
    "XML": (Reply(200, b'<?xml version="1.0"?><a/>'), PAGE),
    "204": (Reply(raw=head(status="204 No Content")), JSON),
    "redirect to itself": (redirect("?again=1"), CIRCLE),
    "redirect for good to itself": (redirect("?again=1", 308), CIRCLE),
    "redirect to another site": (redirect("https://login.hotel.example/?a=b"), ELSEWHERE),
    "redirect to a name of this machine": (redirect("http://localhost:1/"), ELSEWHERE),
    "redirect to nowhere": (Reply(301), NOWHERE),
    "redirect to a file": (redirect("file:///etc/passwd"), NOWHERE),
    "redirect to nonsense": (redirect("http://[::1"), NOWHERE),
    "redirect to a port that is none": (redirect("http://127.0.0.1:99999999/"), NOWHERE),
    "empty": (Reply(200), JSON),
    "half of a document": (Reply(200, b'[{"show": {"id": 1, "na'), JSON),
    "two documents": (Reply(200, b"{}{}"), JSON),
    "not text": (Reply(200, bytes(range(128, 256))), JSON),
    "UTF-16": (Reply(200, '{"a": 1}'.encode("utf-16")), JSON),
    "a number without end": (Reply(200, b"9" * 100_000), OTHER),
    "NaN": (Reply(200, b"NaN"), OTHER),
    "infinite": (Reply(200, b"[1e999, -Infinity]"), OTHER),
    "nested lists": (Reply(200, b"[" * 100_000 + b"]" * 100_000), DEEP),
    "nested objects": (Reply(200, b'{"a":' * 40 + b"1" + b"}" * 40), DEEP),
    "wide": (
        Reply(200, b"[" + b"0," * 500_000 + b"0]"),
        "The answer of {} has more than 500,000 values",
    ),
    "null": (Reply(200, b"null"), OTHER),
    "true": (Reply(200, b"true"), OTHER),
    "text": (Reply(200, b'"a"'), OTHER),
    "list of lists": (Reply(200, b"[[]]"), OTHER),
    "list of other objects": (Reply(200, b'[{"show": {"id": "x"}}, {"show": 5}]'), OTHER),
    "empty object": (Reply(200, b"{}"), OTHER),
    "other object": (Reply(200, b'{"id": 5, "name": ["a"], "query": [], "entities": 5, "data": {"Media": 1}}'), OTHER),
    "huge": (Reply(200, b"[" + b" " * (8 << 20) + b"]"), LARGE),
    "said to be huge": (Reply(raw=head("Content-Length: 999999999999999")), LARGE),
    "gzip bomb": (Reply(200, gzip.compress(b"[" + b" " * (40 << 20) + b"]"), GZIP), LARGE),
    "gzip that is none": (Reply(200, b"{}", GZIP), "The answer of {} is damaged"),
    "half of gzip": (Reply(200, gzip.compress(b"[" + b"1, " * 999 + b"1]")[:-20], GZIP), CUT),
    "unknown compression": (
        Reply(200, zlib.compress(b"{}"), (("Content-Encoding", "br"),)),
        "The answer of {} is compressed in an unknown way",
    ),
    "twice compressed": (
        Reply(200, b"{}", (("Content-Encoding", "gzip, gzip"),)),
        "The answer of {} is compressed in an unknown way",
    ),
    "shorter than said": (Reply(raw=head("Content-Length: 500") + b'{"id": 1'), CUT),
    "chunks that end early": (Reply(raw=head("Transfer-Encoding: chunked") + b"ff\r\n{"), CUT),
    "chunks that are none": (Reply(raw=head("Transfer-Encoding: chunked") + b"zz\r\n{}\r\n"), CUT),
    "longer than said": (Reply(200, b'{"a": "bc"}', (("Content-Length", "5"),)), JSON),
    "closed at once": (Reply(raw=b""), BROKEN),
    "closed after the first line": (Reply(raw=b"HTTP/1.1 200 OK\r\n"), BROKEN),
    "not HTTP": (Reply(raw=b"SSH-2.0-OpenSSH_9.6\r\n"), BROKEN),
    "header without end": (Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000), BROKEN),
    "header with a control character": (Reply(raw=head("X: a\x00b", "Content-Length: 2") + b"{}"), BROKEN),
    "status that is none": (Reply(raw=head(status="20 OK")), BROKEN),
}


def said(pattern: str, title: str, message: str) -> bool:
    if pattern.startswith("/"):
        return re.fullmatch(pattern[1:].replace("{}", title), message) is not None
    return pattern.format(title) == message


async def failures(client: Client, names: tuple[str, ...] = tuple(SOURCES)) -> list[tuple[str, LookupFailed]]:
    """Search for a show and fetch one at each source. Return (title of the source, what went wrong)."""
    errors = []
    for name in names:
        source = SOURCES[name]
        with pytest.raises(LookupFailed) as searched:
            await source.search(SHOW, client)
        candidate = Candidate(name, IDS[name], "x", kind=Kind.SERIES)
        with pytest.raises(LookupFailed) as fetched:
            await source.fetch(candidate, client)
        errors += [(source.title, searched.value), (source.title, fetched.value)]
    return errors


@pytest.mark.parametrize("fault", FAULTS, ids=FAULTS)
async def test_a_bad_answer_is_one_sentence_from_every_source(fault: str, replay: Replay, tmp_path: Path) -> None:
    reply, pattern = FAULTS[fault]
    replay.fault = reply
    clock = Clock()
    async with Client(replay.options(), tmp_path, now=clock.now, sleep=clock.sleep) as client:
        for title, error in await failures(client):
            assert said(pattern, title, error.message), (title, error.message)
            assert error.exit_code == 1
            assert not any(key in error.message + error.hint + str(error.__cause__) for key in KEYS.values())
    assert len(replay.requests) >= 2 * len(SOURCES)
    assert fault in SHAPES or not list(tmp_path.iterdir()), "an answer that can't be used was kept"


# Answers that are JSON are kept: they are as good for the next hour as they were now.
SHAPES = {fault for fault, (_, message) in FAULTS.items() if message == OTHER}


def test_at_least_200_bad_answers_are_replayed() -> None:
    assert len(FAULTS) * 2 * len(SOURCES) >= 200


async def test_404_is_said_where_a_show_should_be(replay: Replay) -> None:
    replay.fault = Reply(404)
    async with Client(replay.options()) as client:
        for name, id in IDS.items():
            with pytest.raises(LookupFailed) as raised:
                await SOURCES[name].fetch(Candidate(name, id, "x", kind=Kind.SERIES), client)
            title = SOURCES[name].title
            expected = OTHER.format(title) if name == "anilist" else f"{title} does not know this show (404)"
            assert raised.value.message == expected


@pytest.mark.parametrize("name", ["tmdb", "omdb"])
async def test_a_wrong_key_is_said_and_not_shown(replay: Replay, name: str) -> None:
    replay.fault = Reply(401, b'{"status_message": "Invalid API key"}')
    async with Client(replay.options()) as client:
        for title, error in await failures(client, (name,)):
            assert error.message.startswith(f"{title} does not accept the key")
            assert f"WATCHLIST_{name.upper()}_KEY" in error.hint
            assert KEYS[name] not in error.message + error.hint


@pytest.mark.parametrize(
    ("error", "message"),
    [
        ("Request limit reached!", "OMDb reports an error: Request limit reached!"),
        ("Too many results.", "OMDb finds too many shows with this title"),
        ("\x1b]0;x\x07\u202e[red]", "OMDb reports an error: ]0;x[red]"),
        (["a"], "OMDb reports an error"),
    ],
)
async def test_an_error_that_omdb_reports_with_status_200(replay: Replay, error: object, message: str) -> None:
    replay.fault = Reply(200, json.dumps({"Response": "False", "Error": error}).encode())
    async with Client(replay.options()) as client:
        with pytest.raises(LookupFailed) as raised:
            await SOURCES["omdb"].search(SHOW, client)
    assert raised.value.message == message


@pytest.mark.parametrize(
    ("code", "message"), [("maxlag", "Too many requests: Wikidata"), ("x", "Wikidata rejected the request")]
)
async def test_an_error_that_wikidata_reports_with_status_200(replay: Replay, code: str, message: str) -> None:
    replay.fault = Reply(200, json.dumps({"error": {"code": code, "info": "x"}}).encode())
    async with Client(replay.options()) as client:
        with pytest.raises(LookupFailed, match=message):
            await SOURCES["wikidata"].search(SHOW, client)


async def test_no_answer_in_time(replay: Replay) -> None:
    replay.fault = Reply(delay=30)
    async with Client(replay.options(), timeout=0.1) as client:
        for title, error in await failures(client, ("tvmaze", "anilist")):
            assert error.message == f"{title} did not answer within 0.1 s"


async def test_an_answer_that_drips_ends_too(replay: Replay) -> None:
    replay.fault = Reply(raw=head("Content-Length: 500") + b"{" + b" " * 499, drip=0.05)
    started = time.monotonic()
    async with Client(replay.options(), timeout=0.1) as client:
        with pytest.raises(LookupFailed) as raised:
            await SOURCES["tvmaze"].search(SHOW, client)
    assert raised.value.message == "TVmaze did not answer within 0.3 s"
    assert time.monotonic() - started < 5


async def test_canceling_closes_the_connection(replay: Replay) -> None:
    replay.fault = Reply(delay=30)
    async with Client(replay.options()) as client:
        task = asyncio.create_task(client.get(API, "/shows/7001"))
        while not replay.requests:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        replay.fault = None
        assert (await client.get(API, "/shows/7001"))["id"] == 7001


async def test_nobody_listens(replay: Replay) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, but nothing listens
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
        async with Client(LookupOptions(dict.fromkeys(replay.options().addresses, address), KEYS)) as client:
            for title, error in await failures(client):
                assert error.message == f"{title} refuses connections"


@pytest.mark.parametrize("host", ["nothing.invalid", "a" * 64 + ".invalid"])
async def test_a_name_that_does_not_exist(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", offline)  # what a computer without a network does
    async with Client(LookupOptions({"tvmaze": f"http://{host}"})) as client:
        with pytest.raises(LookupFailed, match=r"^TVmaze can't be found: is this computer offline\?$"):
            await SOURCES["tvmaze"].search(SHOW, client)


async def test_a_certificate_that_is_not_valid(replay: Replay) -> None:
    async with Client(LookupOptions({"tvmaze": replay.address.replace("http:", "https:")})) as client:
        with pytest.raises(LookupFailed, match="No secure connection to TVmaze is possible"):
            await SOURCES["tvmaze"].search(SHOW, client)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "SSL_CERT_FILE"])
async def test_wrong_variables_of_the_network(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, "nonsense://nowhere")
    with pytest.raises(LookupFailed, match="Invalid proxy or certificate settings") as raised:
        async with Client(LookupOptions()):
            pass
    assert name in raised.value.hint


async def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{closed.getsockname()[1]}")
        async with Client(LookupOptions({"tvmaze": "https://api.tvmaze.invalid"})) as client:
            with pytest.raises(LookupFailed, match="TVmaze"):
                await SOURCES["tvmaze"].search(SHOW, client)


@pytest.mark.parametrize(
    "address",
    [
        *("nonsense", "file:///etc/passwd", "ftp://mirror.example", "http://", "http://a:b"),
        *("http://127.0.0.1:99999999", "http://127.0.0.1:0", "http://xn--a.example"),
    ],
)
async def test_an_address_that_is_none(address: str) -> None:
    async with Client(LookupOptions({"tvmaze": address})) as client:
        with pytest.raises(LookupFailed) as raised:
            await SOURCES["tvmaze"].search(SHOW, client)
    assert raised.value.message == "The address of TVmaze is not valid"
    assert raised.value.hint == "change tvmaze in [lookup] of the config"
