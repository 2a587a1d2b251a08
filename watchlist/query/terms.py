"""The grammar of queries: text to terms and back, without knowing what a term means."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from watchlist.errors import UsageError
from watchlist.safe import safe
from watchlist.values import Value

_KEY = re.compile(r"(\w[\w.-]*):(?!//)([:=]?)")
_QUOTED = re.compile(r'"((?:[^"]|"")*)(?:"|$)')
_PLAIN = re.compile(r"[^\s,]+")
_PATTERN = re.compile(r"\S+")
_COMMAS = re.compile(r",+")


class TermValue(NamedTuple):
    """One value of a term. A quoted one is text and nothing else, never `none` or `any`."""

    text: str
    quoted: bool = False

    def __str__(self) -> str:
        return quoted(self.text) if self.quoted else self.text


class Term(Value):
    """`key:value,value`, or a bare word where `key` is empty. `sign` is "" (part), "=" (whole) or ":" (pattern)."""

    key: str
    sign: str
    values: tuple[TermValue, ...]
    negated: bool = False

    def __str__(self) -> str:
        start = "-" * self.negated + (f"{self.key}:{self.sign}" if self.key else "")
        return start + ",".join(map(str, self.values))


def quoted(text: str) -> str:
    """`text` in quotes, as the grammar wants it."""
    return '"' + text.replace('"', '""') + '"'


def read(text: str, known: Callable[[str], bool]) -> Iterator[Term | None]:
    """The terms of a query in their order; None stands for OR. `known` says whether a key is one.

    UsageError for a sign or a known key with nothing after it.
    """
    at, end = 0, len(text)
    while at < end:
        if text[at].isspace():
            at += 1
        elif text[at] == ",":
            at += 1
            yield None
        else:
            term, at = _read_term(text, at, known)
            if term.values:
                yield term


def _read_term(text: str, at: int, known: Callable[[str], bool]) -> tuple[Term, int]:
    start, negated = at, text[at] in "-^"
    at += negated
    key = sign = ""
    if match := match_key(text, at, known):
        key, sign, at = match[1], match[2], match.end()
    values, at = _read_values(text, at, _PATTERN if sign == ":" else _PLAIN)
    if not values and (key or negated):
        raise UsageError(f'nothing follows "{safe(text[start:at])}"', "in quotes it would be plain text")
    return Term(key, sign, values, negated), at


def match_key(text: str, at: int, known: Callable[[str], bool]) -> re.Match[str] | None:
    """`key:`, `key:=` or `key::` at this place, unless it is plain text, as in `2001:`, `Bosch: Legacy` or `http://`."""
    match = _KEY.match(text, at)
    if match is None or known(match[1]):
        return match
    return None if match[1][0].isdigit() or _ends(text, match.end()) else match


def _ends(text: str, at: int) -> bool:
    """Whether a word ends here."""
    return at == len(text) or text[at].isspace() or text[at] == ","


def _read_values(text: str, at: int, plain: re.Pattern[str]) -> tuple[tuple[TermValue, ...], int]:
    """Values up to a blank; commas that end the word are left for the caller."""
    values = []
    while match := _QUOTED.match(text, at) or plain.match(text, at):
        value = TermValue(match[1].replace('""', '"'), True) if match.re is _QUOTED else TermValue(match[0])
        if value.text.strip():
            values.append(value)
        at = match.end()
        commas = _COMMAS.match(text, at)
        if not commas or _ends(text, commas.end()):
            break
        at = commas.end()
    return tuple(values), at
