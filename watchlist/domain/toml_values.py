"""Renders values as TOML 1.0 text in a readable layout, for changed values, new shows and the TOML export.

`tomli_w` renders scalars. The layout is our own: short lists on one line, one line per row of the cast, long text with
real line breaks, seasons and viewings as sections. The text parses to exactly the given values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import tomli_w

from watchlist.domain.fields import STORED
from watchlist.domain.record_fields import Records

MAX_NESTING = 64  # maximum number of nesting levels when reading
MAX_LINE_CHARS = 1 << 20  # maximum length of a line when reading
DIGITS_LIMIT = 40  # numbers with this many digits or more are refused
LIST_WIDTH = 100  # characters; longer lists are written with one item per line
SECTIONS = frozenset(f.name for f in STORED if isinstance(f.type, Records) and not f.type.pair)  # seasons, viewings
INLINE = frozenset(f.name for f in STORED) - SECTIONS
HIDDEN = "\x80-\x9f\u2028-\u202e\u2066-\u2069\ufeff"  # characters that TOML allows but editors hide or interpret
BARE = frozenset((int, float, date, time))  # types whose `str` is valid TOML

_ESCAPED = re.compile(r'["\\\x00-\x08\x0a-\x1f\x7f]')  # must be escaped in a basic string
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # must be escaped in a multi-line string
_CLOSING = re.compile(r'(?<="")"|"\Z')  # quotes that would end a multi-line string too early
_HIDDEN = re.compile(f"[{HIDDEN}]")
_NONE, _MINUTE = timedelta(), timedelta(minutes=1)
# Patterns of constructs that take forever to parse or can't be written back. The text of strings and comments is
# replaced before the search, because it may look like such a construct.
_QUOTED = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"{3,5}+'
    r"|'''(?:[^']++|'{1,2}+(?!'))*+'{3,5}+"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'|#[^\n]*+",
    re.DOTALL,
)
_DOTTED = re.compile(r"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){16}")
_DIGITS = re.compile(rf"0[xob][\w]{{{DIGITS_LIMIT}}}|\d[\d_]{{{DIGITS_LIMIT - 1}}}")
_BRACKET = re.compile(r"[\[\]{}]")
_VISIBLE = re.compile(r"[^\n]+")
_LONG = re.compile(rf"[^\n]{{{MAX_LINE_CHARS}}}")
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def check_limits(text: str) -> None:
    """Refuse a TOML text that would block the parser for a long time or could not be written back.

    Raises:
        ValueError: A line is too long, a key has too many parts, a number has too many digits, or values are nested too
            deeply. The message contains line and column.
    """
    if not _suspicious(text):
        return
    if len(text) > MAX_LINE_CHARS and (match := _LONG.search(text)):
        raise ValueError(f"a line is longer than {MAX_LINE_CHARS >> 20} MiB{_place(text, match.start())}")
    masked = _QUOTED.sub(lambda quoted: _VISIBLE.sub(lambda line: "q" * len(line[0]), quoted[0]), text)
    for pattern, fault in ((_DOTTED, "a key has too many parts"), (_DIGITS, "a number has too many digits")):
        if match := pattern.search(masked):
            raise ValueError(f"{fault}{_place(text, match.start())}")
    depth = 0
    for bracket in _BRACKET.finditer(masked):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_NESTING:
            raise ValueError(f"values are nested too deeply{_place(text, bracket.start())}")


def _suspicious(text: str) -> bool:
    """Return True if `text` needs the full check of limits: it is long, has many digits, dots or brackets, or hex numbers.

    Whatever `check_limits` refuses in a long text makes a short text suspicious, too, so that a text and a part of it
    get the same result.
    """
    many = len(text) > 4000 or text.count(".") >= 16 or text.count("[") + text.count("{") > MAX_NESTING
    return many or _DIGITS.search(text) is not None or any(prefix in text for prefix in ("0x", "0o", "0b"))


def _place(text: str, position: int) -> str:
    """Return the index `position` (from 0) of `text` as line and column (from 1), worded as in messages of `tomllib`."""
    return f" (at line {text.count(chr(10), 0, position) + 1}, column {position - text.rfind(chr(10), 0, position)})"


@lru_cache(1024)  # nearly all keys are names of fields
def render_key(key: str) -> str:
    """Return a key as TOML, quoted if necessary. Raise ValueError if the key can't be encoded as UTF-8."""
    return key if _BARE.fullmatch(key) else _line(key)


def render_value(value: Any, newline: str = "\n") -> str:
    """Return a TOML value as the text after `key = `, on several lines if that is more readable.

    Raises:
        ValueError: The value can't be stored, e.g. because of lone surrogates or a UTC offset with seconds.
    """
    return _render(value, "", newline)


def plain_value(value: Any) -> str | None:
    """Return a value as TOML text if it fits on one line without escapes; None for all other values.

    This is a fast path for nearly all values. Its text is sure to parse to the same value.
    """
    kind = type(value)
    if kind is str:
        return f'"{value}"' if _is_plain(value) else None
    if kind in BARE:
        return text if len(text := str(value)) < DIGITS_LIMIT else None
    if kind is list:
        return _plain_list(value)
    if kind is dict and value:
        pairs = [f'{render_key(k)} = "{v}"' for k, v in value.items() if type(v) is str and _is_plain(v)]
        return f"{{ {', '.join(pairs)} }}" if len(pairs) == len(value) else None
    return None


def _plain_list(values: list[Any]) -> str | None:
    """Return a list of strings as one line of TOML; None if it is empty, too long, has other items, or needs escapes."""
    try:
        texts = "".join(values)
    except TypeError:
        return None
    line = '", "'.join(values)
    return f'["{line}"]' if values and _is_plain(texts) and len(line) + len('[""]') <= LIST_WIDTH else None


def render_block(table: Mapping[str, Any], newline: str = "\n") -> str:
    """Return the table of a show as a `[[shows]]` block with a final line break: plain keys first, then sections."""
    return newline.join(("[[shows]]", *_lines(table, newline))) + newline


def render_section(key: str, row: Mapping[str, Any], newline: str = "\n", *, array: bool) -> str:
    """Return `row` as the section `[shows.KEY]` or, if `array` is set, `[[shows.KEY]]`, with a final line break."""
    return newline.join(_section(key, row, newline, array)) + newline


def _lines(table: Mapping[str, Any], newline: str) -> list[str]:
    lines, sections = [], []
    for key, value in table.items():
        if type(value) is str and _is_plain(value):
            lines.append(f'{render_key(key)} = "{value}"')
        elif not isinstance(value, dict) and (text := plain_value(value)) is not None:
            lines.append(f"{render_key(key)} = {text}")
        elif not is_section(key, value):
            lines.append(f"{render_key(key)} = {_render(value, '', newline)}")
        elif isinstance(value, list):
            sections += [_section(key, row, newline, array=True) for row in value]
        else:
            sections.append(_section(key, value, newline, array=False))
    for section in sections:
        lines += ("", *section)
    return lines


def _section(key: str, row: Mapping[str, Any], newline: str, array: bool) -> list[str]:
    header = f"[[shows.{render_key(key)}]]" if array else f"[shows.{render_key(key)}]"
    return [header, *[f"{render_key(name)} = {plain_value(v) or _render(v, '', newline)}" for name, v in row.items()]]


def is_section(key: str, value: Any) -> bool:
    """Return True if a key of a show is written as a section with a header, not as `key = value`.

    Sections are seasons, viewings, the user's own tables, and the user's own lists of tables with nested values.
    """
    if key in INLINE:
        return False
    if isinstance(value, (dict, Mapping)):  # the check for `dict` is faster than the one for Mapping
        return True
    return _are_rows(value) and (
        key in SECTIONS or any(isinstance(item, (list, Mapping)) for row in value for item in row.values())
    )


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, (dict, Mapping)) for row in value)


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _render(value: Any, indent: str, newline: str) -> str:
    if isinstance(value, str):
        return _paragraphs(value, newline) if "\n" in value and not _CONTROL.search(value) else _line(value)
    if not isinstance(value, (list, tuple)):
        return render_inline(value)
    line = render_inline(value)
    if len(indent) + len(line) <= LIST_WIDTH and not (len(value) > 1 and isinstance(value[0], Mapping)):
        return line
    deeper = indent + "    "
    items = (_render(v, deeper, newline) if isinstance(v, (list, tuple)) else render_inline(v) for v in value)
    return newline.join(("[", *(f"{deeper}{item}," for item in items), f"{indent}]"))


def render_inline(value: Any) -> str:
    """Return a value as TOML text on one line. Raise ValueError if the value can't be stored."""
    if isinstance(value, str):
        return _line(value)
    if type(value) in BARE:
        return str(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join([render_inline(item) for item in value])}]"
    if isinstance(value, (dict, Mapping)):
        pairs = ", ".join([f"{render_key(key)} = {render_inline(item)}" for key, item in value.items()])
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, datetime) and (value.utcoffset() or _NONE) % _MINUTE:
        raise ValueError("an offset from UTC with seconds can't be written")
    return str(value) if type(value) is datetime else _spelled(value)


def _line(text: str) -> str:
    if _is_plain(text):
        return f'"{text}"'
    return _encodable(_spelled(text) if _ESCAPED.search(text) else f'"{text}"')


def _paragraphs(text: str, newline: str) -> str:
    body = _CLOSING.sub(r'\\"', text.replace("\\", "\\\\"))
    return _encodable('"""\n' + body + '"""').replace("\n", newline)


def _spelled(value: Any) -> str:
    return tomli_w.dumps({"v": value})[len("v = ") : -1]


def _encodable(text: str) -> str:
    """Return `text` with invisible characters and direction marks escaped. Raise ValueError if UTF-8 can't encode it."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("this text is not valid Unicode, so it can't be written") from error
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
