"""Where things stand in a TOML text: headers, statements and values as spans. Reads positions, never values.

Only enough of TOML to find the edges of what is known to parse: a text is given to `tomllib` before and after every
change, so a mistake here can refuse a change and can't corrupt one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

Path = tuple[str, ...]

# Possessive quantifiers: no backtracking, whatever the text.
_STRING = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"{3,5}+'
    r"|'''(?:[^']++|'{1,2}+(?!'))*+'{3,5}+"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
_SPACE = re.compile(r"[ \t]*+")
_GAP = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")  # blanks, line ends, comments
_REST = re.compile(r"[ \t]*+(?:#[^\n]*+)?\r?(?:\n|$)")  # from the end of a value to the next line
_BARE = re.compile(r"[^,\]}#\r\n]++")


class Unreadable(ValueError):
    """This text is not laid out in a way that is understood here."""


class Value(NamedTuple):
    """The span of a value. Arrays have `items`; inline tables `items` and `keys`, neither where a key is dotted."""

    start: int
    end: int
    items: tuple[Value, ...] = ()
    keys: tuple[str, ...] | None = None
    array: bool = False


class Statement(NamedTuple):
    """`key.path = value`: `start` is the start of its line, `end` just after its line end."""

    path: Path
    start: int
    end: int
    value: Value


class Header(NamedTuple):
    """`[path]` or `[[path]]`: `start` and `end` as of a statement."""

    path: Path
    array: bool
    start: int
    end: int


def scan(text: str) -> Iterator[Header | Statement]:
    """All headers and statements, in order. Unreadable where the text is not TOML."""
    at = 0
    while (at := _match(_GAP, text, at).end()) < len(text):
        start = text.rfind("\n", 0, at) + 1
        if text[at] == "[":
            array = text.startswith("[[", at)
            path, at = _keys(text, at + 1 + array)
            if not text.startswith("]]" if array else "]", at):
                raise Unreadable
            at = _match(_REST, text, at + 1 + array).end()
            yield Header(path, array, start, at)
        else:
            path, at = _keys(text, at)
            if not text.startswith("=", at):
                raise Unreadable
            value = _value(text, _match(_SPACE, text, at + 1).end())
            at = _match(_REST, text, value.end).end()
            yield Statement(path, start, at, value)


def header_of(line: str) -> tuple[Path, bool] | None:
    """The path of the header that a line is, and whether it is of an array; None where it is none."""
    at = _match(_SPACE, line, 0).end()
    array = line.startswith("[[", at)
    try:
        path, at = _keys(line, at + 1 + array)
    except Unreadable:
        return None
    if not line.startswith("]]" if array else "]", at):
        return None
    rest = line[at + 1 + array :].strip()
    return (path, array) if not rest or rest.startswith("#") else None


def _match(pattern: re.Pattern[str], text: str, at: int) -> re.Match[str]:
    found = pattern.match(text, at)
    if found is None:
        raise Unreadable
    return found


def _keys(text: str, at: int) -> tuple[Path, int]:
    """A dotted key from `at`; the end is after the blanks behind it."""
    path: list[str] = []
    while True:
        found = _match(_KEY, text, _match(_SPACE, text, at).end())
        path.append(_name(found[0]))
        at = _match(_SPACE, text, found.end()).end()
        if not text.startswith(".", at):
            return tuple(path), at
        at += 1


def _name(key: str) -> str:
    if key[0] == "'":
        return key[1:-1]
    if key[0] != '"':
        return key
    try:
        return next(iter(tomllib.loads(f"{key} = 0")))
    except ValueError as error:  # it looks like a string and is none
        raise Unreadable from error


def _value(text: str, at: int) -> Value:
    match text[at : at + 1]:
        case '"' | "'":
            return Value(at, _match(_STRING, text, at).end())
        case "[":
            return _array(text, at)
        case "{":
            return _inline_table(text, at)
    bare = _match(_BARE, text, at)
    return Value(at, at + len(bare[0].rstrip()))


def _array(text: str, start: int) -> Value:
    items: list[Value] = []
    at = _match(_GAP, text, start + 1).end()
    while not text.startswith("]", at):
        items.append(_value(text, at))
        at = _match(_GAP, text, items[-1].end).end()
        if text.startswith(",", at):
            at = _match(_GAP, text, at + 1).end()
        elif not text.startswith("]", at):
            raise Unreadable
    return Value(start, at + 1, tuple(items), array=True)


def _inline_table(text: str, start: int) -> Value:
    items: list[Value] = []
    keys: list[str] = []
    dotted = False
    at = _match(_GAP, text, start + 1).end()
    while not text.startswith("}", at):
        path, at = _keys(text, at)
        if not text.startswith("=", at):
            raise Unreadable
        dotted |= len(path) > 1
        keys.append(path[0])
        items.append(_value(text, _match(_SPACE, text, at + 1).end()))
        at = _match(_GAP, text, items[-1].end).end()
        if text.startswith(",", at):
            at = _match(_GAP, text, at + 1).end()
        elif not text.startswith("}", at):
            raise Unreadable
    return Value(start, at + 1, () if dotted else tuple(items), None if dotted else tuple(keys))
