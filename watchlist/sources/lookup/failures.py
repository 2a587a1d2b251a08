"""The sentences for failed look-ups: one for each way in which a service can fail to answer."""

from __future__ import annotations

import math
import socket
import ssl
from collections.abc import Iterator

import httpx

from watchlist.errors import LookupFailed
from watchlist.sources.lookup.api import Api

LOGIN_PAGE = "Got a web page, not data: is this network asking for a login?"
BAD_REDIRECT = "redirects to an invalid address"
KEY_HINT = "check the key in [lookup] of the config, or in the variable WATCHLIST_{}_KEY"


def no_answer(api: Api, seconds: float) -> LookupFailed:
    """Return the error for a service that did not answer within `seconds`."""
    return LookupFailed(f"{api.title} did not answer within {seconds:g} s")


def too_many_requests(api: Api, seconds: float | None) -> LookupFailed:
    """Return the error for a service that asks to wait for `seconds`; None if it does not say how long."""
    wait = _duration(seconds) if seconds is not None else "a while"
    return LookupFailed(f"Too many requests: {api.title} asks to wait {wait}")


def bad_answer(api: Api, problem: str) -> LookupFailed:
    """Return the error for an answer that can't be used. `problem` continues a sentence about it: `was cut off`."""
    return LookupFailed(f"The answer of {api.title} {problem}")


def failed_status(api: Api, status: int) -> LookupFailed | None:
    """Return the error for the status code of an answer; None if the code means success."""
    if 200 <= status < 300:
        return None
    if status == 401:
        limit = ", or its requests for today are used up" if api.name == "omdb" else ""
        return LookupFailed(f"{api.title} does not accept the key{limit} (401)", KEY_HINT.format(api.name.upper()))
    if status == 511:  # Network Authentication Required, RFC 6585
        return LookupFailed(LOGIN_PAGE)
    if status == 407:
        return LookupFailed(f"The proxy asks for a password before it lets {api.title} be reached (407)")
    reasons = {
        403: f"{api.title} refuses to answer (403)",
        404: f"{api.title} does not know this show (404)",
        410: f"{api.title} has no such page any more (410)",
    }
    if status in reasons:
        return LookupFailed(reasons[status])
    if status >= 500:
        return LookupFailed(f"{api.title} has a server error ({status}); try again later")
    return LookupFailed(f"{api.title} rejected the request ({status})")


def broken_connection(api: Api, error: Exception, seconds: float) -> LookupFailed:
    """Return the error for a connection that could not be opened or that broke.

    Args:
        api: The service that was asked.
        error: The error of the HTTP library.
        seconds: How long each step of the request could take.
    """
    if isinstance(error, (httpx.TimeoutException, TimeoutError)):
        return no_answer(api, seconds)
    if isinstance(error, httpx.RemoteProtocolError) and "location header" in str(error):
        return bad_answer(api, BAD_REDIRECT)  # the library looks at the address before we can
    if isinstance(error, httpx.ProxyError):
        return LookupFailed(f"The proxy does not let {api.title} be reached", "check the variable HTTPS_PROXY")
    causes = list(_causes(error))
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return LookupFailed(f"The certificate of {api.title} is not valid: is this network asking for a login?")
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return LookupFailed(f"No secure connection to {api.title} is possible from this network")
    if any(isinstance(cause, (socket.gaierror, UnicodeError)) for cause in causes):
        return LookupFailed(f"{api.title} can't be found: is this computer offline?")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return LookupFailed(f"{api.title} refuses connections")
    if isinstance(error, (httpx.ConnectError, OSError)):
        return LookupFailed(f"{api.title} can't be reached: is this computer offline?")
    return LookupFailed(f"The connection to {api.title} broke")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and all errors that led to it, also those within groups."""
    todo, seen = [error], set[int]()
    while todo:
        cause = todo.pop()
        if id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        todo += cause.exceptions if isinstance(cause, BaseExceptionGroup) else ()
        todo += [next_cause for next_cause in (cause.__cause__, cause.__context__) if next_cause is not None]


def _duration(seconds: float) -> str:
    """Return a time to wait as text: `8 s`, `5 min`, `2 h`, rounded up."""
    if seconds < 120:
        return f"{math.ceil(seconds)} s"
    return f"{math.ceil(seconds / 60)} min" if seconds < 7200 else f"{math.ceil(seconds / 3600)} h"
