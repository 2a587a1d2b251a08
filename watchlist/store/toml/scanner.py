"""Finds the positions of headers, statements and values in a TOML 1.0 text. Values are not interpreted.

The scanner knows only enough of TOML to find boundaries in a valid text. A text is parsed by `tomllib` before and after
every change, so a mistake here can prevent a change but can't corrupt a file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import NamedTuple

Path = tuple[str, ...]

# Possessive quantifiers (`++`, `*+`) avoid backtracking, which could take very long in some texts.
_STRING = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"{3,5}+'
    r"|'''(?:[^']++|'{1,2}+(?!'))*+'{3,5}+"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'",
    re.DOTALL,
)
_KEY = re.compile(r"""[A-Za-z0-9_-]++|"(?:[^"\\\n]++|\\.)*+"|'[^'\n]*+'""")
_SPACE = re.compile(r"[ \t]*+")
_GAP = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")  # blanks, line ends and comments
_REST = re.compile(r"[ \t]*+(?:#[^\n]*+)?\r?(?:\n|$)")  # from the end of a value to the next line
_BARE = re.compile(r"[^,\]}#\r\n]++")
_STRING_OR_COMMENT = re.compile(rf"{_STRING.pattern}|#[^\r\n]*+", re.DOTALL)


class Unreadable(ValueError):
    """Raised if this scanner can't read a text as TOML."""


class TomlSpan(NamedTuple):
    """The place of a value in a text, from offset `start` to `end` (exclusive), in characters.

    `items` are the places of the values in an array (`array` is True) or inline table; `starts` are the offsets at
    which the items begin: in an inline table, the offsets of the keys. `keys` are the keys of an inline table; None for
    any other value. For an inline table with a dotted key, `items` and `starts` are empty, and `keys` is None.
    """

    start: int
    end: int
    items: tuple[TomlSpan, ...] = ()
    keys: tuple[str, ...] | None = None
    array: bool = False
    starts: tuple[int, ...] = ()


class Statement(NamedTuple):
    """A statement `key.path = value`, from `start`, the start of its line, to `end`, the offset after its line end."""

    path: Path
    start: int
    end: int
    value: TomlSpan


class Header(NamedTuple):
    """A header `[path]` or, if `array` is True, `[[path]]`.

    `start` is the start of its line, `end` the offset after its line end.
    """

    path: Path
    array: bool
    start: int
    end: int


def scan(text: str) -> Iterator[Header | Statement]:
    """Yield all headers and statements of a text, in order. Raise Unreadable at the first place that is not TOML."""
    position = 0
    while (position := _match(_GAP, text, position).end()) < len(text):
        start = text.rfind("\n", 0, position) + 1
        if text[position] == "[":
            array = text.startswith("[[", position)
            path, position = _keys(text, position + 1 + array)
            if not text.startswith("]]" if array else "]", position):
                raise Unreadable
            position = _match(_REST, text, position + 1 + array).end()
            yield Header(path, array, start, position)
        else:
            path, position = _keys(text, position)
            if not text.startswith("=", position):
                raise Unreadable
            value = _value(text, _match(_SPACE, text, position + 1).end())
            position = _match(_REST, text, value.end).end()
            yield Statement(path, start, position, value)


def comments(text: str) -> list[str]:
    """Return the comments in a piece of TOML, each from its `#` to the end of its line.

    The piece must not begin inside a string.
    """
    return [match[0] for match in _STRING_OR_COMMENT.finditer(text) if match[0][0] == "#"]


def header_of(line: str) -> tuple[Path, bool] | None:
    """Return (path of a header, True for an array of tables), e.g. `(("shows",), True)`; None for any other line."""
    position = _match(_SPACE, line, 0).end()
    array = line.startswith("[[", position)
    try:
        path, position = _keys(line, position + 1 + array)
    except Unreadable:
        return None
    if not line.startswith("]]" if array else "]", position):
        return None
    rest = line[position + 1 + array :].strip()
    return (path, array) if not rest or rest.startswith("#") else None


def _match(pattern: re.Pattern[str], text: str, position: int) -> re.Match[str]:
    """Return the match of a pattern at the offset `position`. Raise Unreadable if the pattern does not match there."""
    match = pattern.match(text, position)
    if match is None:
        raise Unreadable
    return match


def _keys(text: str, position: int) -> tuple[Path, int]:
    """Return (path of the dotted key at the offset `position`, offset after it and blanks). Raise Unreadable if none."""
    path: list[str] = []
    while True:
        match = _match(_KEY, text, _match(_SPACE, text, position).end())
        path.append(_name(match[0]))
        position = _match(_SPACE, text, match.end()).end()
        if not text.startswith(".", position):
            return tuple(path), position
        position += 1


def _name(key: str) -> str:
    """Return a key without its quotes, with escapes decoded. Raise Unreadable if it is not valid."""
    if key[0] == "'":
        return key[1:-1]
    if key[0] != '"':
        return key
    try:
        return next(iter(tomllib.loads(f"{key} = 0")))
    except ValueError as error:  # the key looks like a string but is not valid
        raise Unreadable from error


def _value(text: str, position: int) -> TomlSpan:
    """Return the place of the value at the offset `position`. Raise Unreadable if there is none."""
    match text[position : position + 1]:
        case '"' | "'":
            return TomlSpan(position, _match(_STRING, text, position).end())
        case "[":
            return _array(text, position)
        case "{":
            return _inline_table(text, position)
    bare = _match(_BARE, text, position)
    return TomlSpan(position, position + len(bare[0].rstrip()))


def _array(text: str, start: int) -> TomlSpan:
    """Return the place of the array whose `[` is at the offset `start`. Raise Unreadable if it is not valid."""
    items: list[TomlSpan] = []
    position = _match(_GAP, text, start + 1).end()
    while not text.startswith("]", position):
        items.append(_value(text, position))
        position = _match(_GAP, text, items[-1].end).end()
        if text.startswith(",", position):
            position = _match(_GAP, text, position + 1).end()
        elif not text.startswith("]", position):
            raise Unreadable
    return TomlSpan(start, position + 1, tuple(items), array=True, starts=tuple(item.start for item in items))


def _inline_table(text: str, start: int) -> TomlSpan:
    """Return the place of the inline table whose `{` is at the offset `start`. Raise Unreadable if it is not valid."""
    items: list[TomlSpan] = []
    keys: list[str] = []
    starts: list[int] = []
    dotted = False
    position = _match(_GAP, text, start + 1).end()
    while not text.startswith("}", position):
        starts.append(position)
        path, position = _keys(text, position)
        if not text.startswith("=", position):
            raise Unreadable
        dotted |= len(path) > 1
        keys.append(path[0])
        items.append(_value(text, _match(_SPACE, text, position + 1).end()))
        position = _match(_GAP, text, items[-1].end).end()
        if text.startswith(",", position):
            position = _match(_GAP, text, position + 1).end()
        elif not text.startswith("}", position):
            raise Unreadable
    if dotted:
        return TomlSpan(start, position + 1)
    return TomlSpan(start, position + 1, tuple(items), tuple(keys), starts=tuple(starts))
