"""The grammar of queries: parses text to terms and back. What a term means is decided by the module `compiler`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from watchlist.domain.frozen import Frozen
from watchlist.domain.text import without_invisible
from watchlist.errors import UsageError
from watchlist.sanitize import safe

_KEY = re.compile(r'(?:(\w[\w.-]*)|"((?:[^"]|"")+)"):(?!//)([:=]?)')
_BARE_KEY = re.compile(r"\w[\w.-]*")
_QUOTED = re.compile(r'"((?:[^"]|"")*)(?:"|$)')
_PLAIN = re.compile(r"[^\s,]+")
_PATTERN = re.compile(r"\S+")
_COMMAS = re.compile(r",+")


class TermValue(NamedTuple):
    """A value in a term. A quoted value is plain text: `"none"` is not the word `none`."""

    text: str
    quoted: bool = False

    def __str__(self) -> str:
        return quoted(self.text) if self.quoted else self.text


class Term(Frozen):
    """One term of a query: `key:value,value` or, if `key` is empty, a word. `negated` is True after a `-` or `^`.

    `sign` follows the colon: "" (contains), "=" (equals) or ":" (matches a pattern).
    """

    key: str
    sign: str
    values: tuple[TermValue, ...]
    negated: bool = False

    def __str__(self) -> str:
        key = self.key if _BARE_KEY.fullmatch(self.key) else quoted(self.key)
        start = "-" * self.negated + (f"{key}:{self.sign}" if self.key else "")
        return start + ",".join(map(str, self.values))


def quoted(text: str) -> str:
    """Return `text` in double quotes, doubling the quotes inside."""
    return '"' + text.replace('"', '""') + '"'


class Piece(NamedTuple):
    """A term or an OR comma in the text of a query, from index `start` to `end` (exclusive). Indexes count from 0.

    `term` is None for OR. A term that is still being typed may have no values.
    """

    term: Term | None
    start: int
    end: int


def scan(text: str, is_key: Callable[[str], bool]) -> Iterator[Piece]:
    """Yield a query's terms and OR commas in order; the last may be unfinished. `is_key` returns True for known keys."""
    position, end = 0, len(text)
    while position < end:
        if text[position].isspace() or not without_invisible(text[position]):
            position += 1
        elif text[position] == ",":
            yield Piece(None, position, position + 1)
            position += 1
        else:
            piece = _scan_term(text, position, is_key)
            yield piece
            position = piece.end


def read(text: str, is_key: Callable[[str], bool]) -> Iterator[Term | None]:
    """Yield the terms of a query in order, with None for OR. `is_key` returns True for known keys, e.g. for `title`.

    Raises:
        UsageError: Nothing follows a known key, or a `-` or `^`.
    """
    for term, start, end in scan(text, is_key):
        if term is None or term.values:
            yield term
        elif term.key or term.negated:
            raise UsageError(f'nothing follows "{safe(text[start:end])}"', "in quotes it would be plain text")


def _scan_term(text: str, start: int, is_key: Callable[[str], bool]) -> Piece:
    negated = text[start] in "-^"
    position = start + negated
    key = sign = ""
    if match := match_key(text, position, is_key):
        key, sign, position = match
    values, position = _read_values(text, position, _PATTERN if sign == ":" else _PLAIN)
    quoted_sort = key.lower() == "sort" and values and values[-1].quoted
    if quoted_sort and text[position : position + 1] == "-" and _ends(text, position + 1):  # sort:"lent to"-
        values, position = (*values[:-1], TermValue(f"{values[-1].text}-", True)), position + 1
    return Piece(Term(key, sign, values, negated), start, position)


class Key(NamedTuple):
    """The key of a term, its sign ("", "=" or ":"), and the index (from 0) in the query at which the values begin."""

    name: str
    sign: str
    end: int


def match_key(text: str, position: int, is_key: Callable[[str], bool]) -> Key | None:
    """Return the key `key:`, `key:=` or `key::` at the index `position` (from 0); None for text such as `2001:` or `http://`.

    A key that is not a single word is in quotes: `"lent to":bob`. `is_key` returns True for existing keys.
    """
    match = _KEY.match(text, position)
    if match is None:
        return None
    key = Key(match[1] or match[2].replace('""', '"'), match[3], match.end())
    return None if not is_key(key.name) and (key.name[0].isdigit() or _ends(text, key.end)) else key


def _ends(text: str, position: int) -> bool:
    """Return True if a word of the query ends at the index `position` (from 0)."""
    return position == len(text) or text[position].isspace() or text[position] == ","


def _read_values(text: str, position: int, plain: re.Pattern[str]) -> tuple[tuple[TermValue, ...], int]:
    """Return (values of a term, index after them). The values begin at the index `position` and end at the next blank.

    Trailing commas are not included. Indexes count from 0.

    Args:
        plain: The pattern of a value without quotes.
    """
    values = []
    while match := _QUOTED.match(text, position) or plain.match(text, position):
        value = TermValue(match[1].replace('""', '"'), True) if match.re is _QUOTED else TermValue(match[0])
        if value.text.strip():
            values.append(value)
        position = match.end()
        commas = _COMMAS.match(text, position)
        if not commas or _ends(text, commas.end()):
            break
        position = commas.end()
    return tuple(values), position
