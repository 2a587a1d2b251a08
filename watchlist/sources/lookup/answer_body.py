"""Reads the body of an answer within limits: bytes, compressed or not, then JSON.

An answer can be cut off, huge, a small file that expands to a huge one, or nested without end. Nothing here trusts it.
"""

from __future__ import annotations

import json
import zlib
from typing import Any

MAX_BYTES = 8 << 20  # of an answer, before and after decompression; the longest series of TVmaze take 5 MB
MAX_DEPTH = 32  # of nested values; the services nest about 10 deep
MAX_VALUES = 500_000  # in one answer
MAX_DIGITS = 18  # of a whole number; longer ones are no id, year or number of minutes
_GZIP = 16 + zlib.MAX_WBITS


class BadBody(ValueError):
    """Raised if a body can't be used. The message continues a sentence about the answer: "is larger than 8 MiB"."""


class BodyReader:
    """Collects the chunks of a body and decompresses them, up to `MAX_BYTES`."""

    def __init__(self, encoding: str) -> None:
        if encoding not in ("", "identity", "gzip", "x-gzip"):
            raise BadBody("is compressed in an unknown way")
        self._gzip = zlib.decompressobj(_GZIP) if "gzip" in encoding else None
        self._data = bytearray()
        self._received = 0

    def feed(self, chunk: bytes) -> None:
        """Add a chunk as it was received. Raise BadBody if it is damaged, or if the body becomes too large."""
        self._received += len(chunk)
        if self._gzip is None:
            self._data += chunk
        else:
            try:
                self._data += self._gzip.decompress(chunk, MAX_BYTES + 1 - len(self._data))
            except zlib.error:
                raise BadBody("is damaged") from None
        if max(self._received, len(self._data)) > MAX_BYTES:
            raise BadBody(f"is larger than {MAX_BYTES >> 20} MiB")

    def finish(self) -> bytes:
        """Return the whole body. Raise BadBody if a compressed body was cut off."""
        if self._gzip is not None and not self._gzip.eof and self._received:
            raise BadBody("was cut off")
        return bytes(self._data)


def is_web_page(content_type: str, body: bytes) -> bool:
    """Return True if an answer is a web page, such as the login page of a hotel's network."""
    start = body[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    return "html" in content_type.lower() or start.startswith(b"<")


def parse_body(body: bytes) -> Any:
    """Parse the JSON of an answer. Numbers that are not finite or have too many digits become None.

    Raises BadBody if it is no JSON in UTF-8, or nested too deeply, or if it has too many values.
    """
    try:
        value = json.loads(
            body.decode("utf-8-sig"), parse_int=_whole, parse_float=_finite, parse_constant=lambda _: None
        )
    except RecursionError:
        raise BadBody("is nested too deeply") from None
    except ValueError:
        raise BadBody("is not valid JSON") from None
    _check_size(value)
    return value


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= MAX_DIGITS else None


def _finite(digits: str) -> float | None:
    number = float(digits)
    return number if abs(number) < float("inf") else None


def _check_size(value: Any) -> None:
    """Raise BadBody if a JSON value is nested deeper than `MAX_DEPTH` or contains more than `MAX_VALUES` values."""
    level, count = [value], 1
    for _ in range(MAX_DEPTH):
        level = [
            item
            for parent in level
            if isinstance(parent, (list, dict))
            for item in (parent.values() if isinstance(parent, dict) else parent)
        ]
        count += len(level)
        if count > MAX_VALUES:
            raise BadBody(f"has more than {MAX_VALUES:,} values")
        if not level:
            return
    raise BadBody("is nested too deeply")
