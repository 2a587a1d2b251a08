"""Client: asks services over HTTP, within their limits and ours, and keeps their answers.

It imports the HTTP library, so it is only imported where a look-up begins.
"""

from __future__ import annotations

import asyncio
import functools
import json
import logging
import math
import os
import ssl
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, Self

import httpx

from watchlist import __version__
from watchlist.domain.frozen import Frozen
from watchlist.errors import LookupFailed
from watchlist.sources.lookup.answer_body import MAX_BYTES, BadBody, BodyReader, is_web_page, parse_body
from watchlist.sources.lookup.answer_cache import AnswerCache
from watchlist.sources.lookup.api import Api
from watchlist.sources.lookup.failures import (
    BAD_REDIRECT,
    KEY_HINT,
    LOGIN_PAGE,
    bad_answer,
    broken_connection,
    failed_status,
    no_answer,
    too_many_requests,
)
from watchlist.sources.lookup.options import LookupOptions
from watchlist.sources.lookup.rate_limit import RateLimit

USER_AGENT = f"watchlist-tui/{__version__} (personal watchlist for the terminal; one person's requests)"
TIMEOUT = 10.0  # seconds for each step: to connect, and between two parts of an answer
MAX_STEPS = 3  # a whole answer may take this many times as long
MAX_REDIRECTS = 5
MAX_ATTEMPTS = 4  # of one request, if the service asks to wait or the connection breaks
MAX_CONNECTIONS = 4
PATIENCE = 5.0  # seconds that a request waits altogether if the service asks to wait
# What the HTTP library raises for odd addresses and networks, besides its own errors.
_LIBRARY_ERRORS = (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError, OverflowError, ExceptionGroup)
_PORTS = range(1, 1 << 16)
Query = Sequence[tuple[str, str]]


class _Request(Frozen):
    """A request. `missing_ok` says that 404 is an answer; `secret` contains parameters that are never shown or stored."""

    api: Api
    url: httpx.URL
    missing_ok: bool = False
    post: str | None = None
    secret: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return f"_Request({self.api.name}, {self.url})"  # never with a key


class _Answer(Frozen):
    """The end of an answer: its status code and headers and, unless it is an error or a redirect, its body."""

    status: int
    headers: httpx.Headers
    body: bytes = b""


class Client:
    """Asks services for JSON. Use it as an asynchronous context manager.

    Canceling the task that waits for an answer closes the connection at once.
    """

    def __init__(
        self,
        options: LookupOptions,
        cache_folder: Path | None = None,
        *,
        timeout: float = TIMEOUT,
        patience: float = PATIENCE,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        """Create a client.

        Args:
            options: The user's addresses and keys.
            cache_folder: Where answers are kept; None keeps none.
            timeout: Seconds for each step of a request.
            patience: Seconds that a request waits altogether if a service asks to wait.
            now: The clock of the limits, in seconds.
            sleep: Waits for a number of seconds.
        """
        self.options = options
        self._cache = AnswerCache(cache_folder) if cache_folder is not None else None
        self._timeout, self._patience = timeout, patience
        self._now, self._sleep = now, sleep
        self._limits: dict[str, RateLimit] = {}
        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)
        self._http: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        # The library logs each address, and with it the keys of services that take them there.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        try:
            self._http = httpx.AsyncClient(
                headers={"User-Agent": USER_AGENT, "Accept": "application/json", "Accept-Encoding": "gzip"},
                timeout=self._timeout,
                verify=_tls(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
                limits=httpx.Limits(max_connections=MAX_CONNECTIONS),
                follow_redirects=False,
            )
        except (ImportError, ValueError, OSError) as error:  # wrong values of HTTPS_PROXY or SSL_CERT_FILE
            hint = "check the variables HTTPS_PROXY, ALL_PROXY and SSL_CERT_FILE"
            raise LookupFailed("Invalid proxy or certificate settings", hint) from error
        if self._cache is not None:
            self._cache.prune()
        return self

    async def __aexit__(self, *exception: object) -> None:
        if self._http is not None:
            await self._http.aclose()

    def key(self, api: Api) -> str:
        """Return the user's key for a service. Raise LookupFailed if there is none."""
        if key := self.options.keys.get(api.name):
            return key
        raise LookupFailed(f"{api.title} needs a key of your own", KEY_HINT.format(api.name.upper()))

    async def get(
        self,
        api: Api,
        path: str,
        query: Query = (),
        *,
        missing_ok: bool = False,
        secret: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Return the JSON at a path of a service; None for a status of 404 if `missing_ok`.

        Args:
            api: The service to ask.
            path: The path below the service's address, e.g. "/shows/1", already quoted.
            query: Parameters for the address.
            missing_ok: True if the path may not exist.
            secret: More parameters, such as a key. They are not part of what is kept or shown.
            headers: More headers, which are not kept or shown either.

        Raises:
            LookupFailed: The service can't be asked, or its answer can't be used.
        """
        request = _Request(api, self._url(api, path, query), missing_ok, None, secret or {}, headers or {})
        return await self._ask(request)

    async def post(self, api: Api, document: Mapping[str, Any], *, missing_ok: bool = False) -> Any:
        """Send a JSON document to the address of a service. Otherwise like `get`."""
        return await self._ask(_Request(api, self._url(api, "", ()), missing_ok, json.dumps(document, sort_keys=True)))

    def _url(self, api: Api, path: str, query: Query) -> httpx.URL:
        base = self.options.addresses.get(api.name, api.base).rstrip("/")
        try:
            url = httpx.URL(base + path).copy_merge_params(list(query))
            if _is_web_address(url):
                return url
        except (httpx.InvalidURL, ValueError):  # also of IDNA
            pass
        raise LookupFailed(f"The address of {api.title} is not valid", f"change {api.name} in [lookup] of the config")

    async def _ask(self, request: _Request) -> Any:
        """Return the JSON that answers a request, from the cache if possible."""
        name = f"{request.url}\n{request.post or ''}"
        body = self._cache.get(request.api, name) if self._cache is not None else None
        if body is not None:
            try:
                return parse_body(body)
            except BadBody:
                pass
        answer = await self._answer(request)
        if answer is None:
            return None
        try:
            value = parse_body(answer)
        except BadBody as error:
            raise bad_answer(request.api, str(error)) from None
        if self._cache is not None:
            self._cache.put(request.api, name, answer)
        return value

    async def _answer(self, request: _Request) -> bytes | None:
        """Return the body that answers a request, after waiting as the service asks; None for 404 if that is allowed."""
        patience, is_retry = self._patience, False
        for attempt in range(MAX_ATTEMPTS):
            try:
                answer = await self._follow(request)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError) as error:
                # A connection that was kept open may be closed by the service at any time. A new one is tried once.
                if is_retry or attempt == MAX_ATTEMPTS - 1:
                    raise broken_connection(request.api, error, self._timeout) from error
                is_retry = True
                continue
            asked = _retry_after(answer.headers)
            if answer.status != 429 and (answer.status != 503 or asked is None):
                return self._checked(request, answer)
            wait = max(asked, 0.5) if asked is not None else 2.0**attempt
            if wait > patience or attempt == MAX_ATTEMPTS - 1:
                if answer.status == 503:
                    return self._checked(request, answer)
                raise too_many_requests(request.api, asked)
            self._limit(request.api).pause(wait)
            patience -= wait
        raise AssertionError("the last attempt returns or raises")

    def _checked(self, request: _Request, answer: _Answer) -> bytes | None:
        """Return the body of an answer; None for 404 if that is allowed. Raise LookupFailed for other errors."""
        if answer.status == 404 and request.missing_ok:
            return None
        if (error := failed_status(request.api, answer.status)) is not None:
            raise error
        if is_web_page(answer.headers.get("content-type", ""), answer.body):
            raise LookupFailed(LOGIN_PAGE)
        return answer.body

    async def _follow(self, request: _Request) -> _Answer:
        """Return the answer to a request after at most `MAX_REDIRECTS` redirects within the same site."""
        url, secret = request.url, request.secret
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._send(request, url.copy_merge_params(dict(secret)) if secret else url)
            if answer.status not in (301, 302, 303, 307, 308):
                return answer
            location = answer.headers.get("location", "")
            url = _redirected(request.api, url, location)
        raise LookupFailed(f"{request.api.title} redirects too many times")

    async def _send(self, request: _Request, url: httpx.URL) -> _Answer:
        """Return the answer to one request at an address. Raise LookupFailed, or an error of a broken connection."""
        assert self._http is not None, "the client is used as a context manager"
        content = request.post.encode() if request.post is not None else None
        headers = {**request.headers, **({"Content-Type": "application/json"} if content is not None else {})}
        try:
            http_request = self._http.build_request("POST" if content else "GET", url, content=content, headers=headers)
            async with self._slots:  # a request that counts as sent must not wait for a connection
                await self._limit(request.api).wait()
                async with asyncio.timeout(self._timeout * MAX_STEPS):
                    return await self._receive(request.api, http_request)
        except TimeoutError as error:
            raise no_answer(request.api, self._timeout * MAX_STEPS) from error
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            raise
        except _LIBRARY_ERRORS as error:
            raise broken_connection(request.api, error, self._timeout) from error

    async def _receive(self, api: Api, request: httpx.Request) -> _Answer:
        """Return the answer to a request, with its body if the status is one of success."""
        assert self._http is not None
        response = await self._http.send(request, stream=True)
        try:
            if not 200 <= response.status_code < 300:
                return _Answer(response.status_code, response.headers)
            if is_web_page(response.headers.get("content-type", ""), b""):
                raise LookupFailed(LOGIN_PAGE)
            reader = BodyReader(response.headers.get("content-encoding", "").strip().lower())
            length = response.headers.get("content-length", "")
            if length.isascii() and length.isdigit() and (len(length) > 18 or int(length) > MAX_BYTES):
                raise BadBody(f"is larger than {MAX_BYTES >> 20} MiB")
            try:
                async for chunk in response.aiter_raw():
                    reader.feed(chunk)
            except httpx.RemoteProtocolError:
                raise BadBody("was cut off") from None
            return _Answer(response.status_code, response.headers, reader.finish())
        except BadBody as error:
            raise bad_answer(api, str(error)) from None
        finally:
            await response.aclose()

    def _limit(self, api: Api) -> RateLimit:
        if api.name not in self._limits:
            self._limits[api.name] = RateLimit(api.calls, api.seconds, self._now, self._sleep)
        return self._limits[api.name]


@functools.lru_cache(4)
def _tls(file: str | None, folder: str | None) -> ssl.SSLContext:
    """Return the settings of encrypted connections. The parameters are the variables from which the library reads them.

    Loading all certificates takes longer than most requests.
    """
    return httpx.create_ssl_context()


def _redirected(api: Api, origin: httpx.URL, location: str) -> httpx.URL:
    """Return the address to which `location` redirects from the address `origin`.

    Networks that ask for a login redirect to their own page, and nobody else should learn what is looked up. So
    LookupFailed is raised if a redirect leaves the site of a service, or gives up encryption.
    """
    try:
        target = origin.join(location)
        valid = bool(location) and _is_web_address(target)
    except (httpx.InvalidURL, ValueError):  # also of IDNA
        valid = False
    if not valid:
        raise bad_answer(api, BAD_REDIRECT)
    if target.host != origin.host and _site(target.host) != _site(origin.host):
        raise LookupFailed(f"{api.title} redirects to another site: is this network asking for a login?")
    if origin.scheme == "https" and target.scheme == "http":
        raise LookupFailed(f"{api.title} redirects to an address without encryption")
    return target


def _is_web_address(url: httpx.URL) -> bool:
    """Return True if a connection to an address can be tried. Raise ValueError if its name breaks the rules of IDNA."""
    return url.scheme in ("http", "https") and bool(url.host) and (url.port is None or url.port in _PORTS)


def _site(host: str) -> str:
    """Return the last two parts of a name, e.g. `tvmaze.com`; for an IP address, the whole address."""
    parts = host.rsplit(".", 2)
    return ".".join(parts[-2:]) if not parts[-1].isdigit() and ":" not in host else host


def _retry_after(headers: httpx.Headers) -> float | None:
    """Return the seconds in the header `Retry-After`, a number or an HTTP date (RFC 9110, 10.2.3); None if it has none."""
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        seconds = (moment.replace(tzinfo=moment.tzinfo or UTC) - datetime.now(UTC)).total_seconds()
    except (OverflowError, ValueError):
        return None
    return max(seconds, 0.0) if math.isfinite(seconds) else None
