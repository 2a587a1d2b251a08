"""Replay: an HTTP server on this machine that plays all services, and can be told to fail in many ways."""

from __future__ import annotations

import contextlib
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.sources.answers import SERVICES
from watchlist.sources.lookup.options import LookupOptions

KEYS = {"tmdb": "tmdb-s3cret", "omdb": "omdb-s3cret"}


@dataclass(frozen=True)
class Reply:
    """An answer that is no good one. `raw` is sent as it is, and the connection is closed; `drip` waits between bytes."""

    status: int = 200
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    raw: bytes | None = None
    delay: float = 0
    drip: float = 0


@dataclass
class Request:
    """A request that the server got."""

    service: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    target: str
    moment: float


@dataclass
class Replay:
    """What the server does. By default, each service sends the good answers of `answers`.

    `faults` are sent before anything else, one for each request; then `fault`, if there is one, for every request.
    """

    port: int = 0
    scheme: str = "http"
    fault: Reply | None = None
    faults: list[Reply] = field(default_factory=list)
    change: Callable[[str, Any], Any] | None = None  # changes a good answer of a service
    now: Callable[[], float] = time.monotonic
    requests: list[Request] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def options(self) -> LookupOptions:
        """All services are here, and there are keys."""
        return LookupOptions({name: f"{self.address}/{name}" for name in SERVICES}, KEYS)


def handler_of(replay: Replay) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version, disable_nagle_algorithm = "HTTP/1.1", True

        def do_GET(self) -> None:
            self.answer(None)

        def do_POST(self) -> None:
            self.answer(json.loads(self.rfile.read(int(self.headers["content-length"]))))

        def answer(self, body: Any) -> None:
            parts = urlsplit(self.path)
            _, service, *rest = unquote(parts.path).split("/", 2)
            path, query = "/" + rest[0] if rest else "", parse_qs(parts.query)
            headers = {name.lower(): value for name, value in self.headers.items()}
            replay.requests.append(Request(service, path, query, headers, self.path, replay.now()))
            fault = replay.faults.pop(0) if replay.faults else replay.fault
            with contextlib.suppress(ConnectionError):  # the client may have given up
                if fault is not None:
                    self.fail(fault)
                    return
                answer = SERVICES[service](path, query, body)
                status = 404 if answer is None else 200
                if answer is not None and replay.change is not None:
                    answer = replay.change(service, answer)
                self.reply(status, json.dumps(answer).encode("utf-8") if answer is not None else b"")

        def fail(self, fault: Reply) -> None:
            replay.stop.wait(fault.delay)
            if fault.raw is not None:
                self.close_connection = True
                for part in range(len(fault.raw)) if fault.drip else ():
                    if replay.stop.wait(fault.drip):
                        return
                    self.wfile.write(fault.raw[part : part + 1])
                if not fault.drip:
                    self.wfile.write(fault.raw)
            else:
                self.reply(fault.status, fault.body, fault.headers)

        def reply(self, status: int, body: bytes, headers: tuple[tuple[str, str], ...] = ()) -> None:
            self.send_response(status)
            named = {name.lower() for name, _ in headers}
            if "content-type" not in named:
                self.send_header("Content-Type", "application/json; charset=UTF-8")
            if "content-length" not in named:
                self.send_header("Content-Length", str(len(body)))
            for name, value in headers:
                self.send_header(name, value.replace("{address}", replay.address))
            self.end_headers()
            self.wfile.write(body)

        def handle(self) -> None:
            with contextlib.suppress(
                ssl.SSLError, ConnectionError
            ):  # a client that refuses the certificate, or that left
                super().handle()

        def log_message(self, format: str, *values: Any) -> None:
            """Print nothing."""

    return Handler


@contextlib.contextmanager
def replaying(tls: ssl.SSLContext | None = None) -> Iterator[Replay]:
    """Run the server, encrypted if `tls` is given, until the end of the `with` block."""
    replay = Replay(scheme="https" if tls is not None else "http")
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(replay))
    server.daemon_threads, server.block_on_close = True, False
    replay.port = server.server_port
    if tls is not None:
        # The handshake is left to the thread that reads the request, so that one that fails does not end the server.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield replay
    finally:
        replay.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
