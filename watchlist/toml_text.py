"""Values as TOML text, laid out for people: what the store writes for a changed value or a new show, and the TOML export.

Scalars are spelled by `tomli_w`; the layout is ours: short lists on one line, one row of the cast a line, long text with
real line breaks, seasons and viewings as sections of their own. What is rendered parses to exactly what was given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

import tomli_w

from watchlist.fields import STORED
from watchlist.records import Records

NESTING = 64  # of values within values, in what is read
LINE = 1 << 20  # characters, in what is read
DIGITS = 40  # of a number: so many are too many
WIDTH = 100  # longer lists take one line an item
SECTIONS = frozenset(f.name for f in STORED if isinstance(f.type, Records) and not f.type.pair)  # seasons, viewings
INLINE = frozenset(f.name for f in STORED) - SECTIONS
HIDDEN = "\x80-\x9f\u2028-\u202e\u2066-\u2069\ufeff"  # signs that are allowed, but an editor would act on them
BARE = frozenset((int, float, date, time))  # what `str` spells as TOML does

_ESCAPED = re.compile(r'["\\\x00-\x08\x0a-\x1f\x7f]')  # a basic string can't hold these as they are
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")  # nor can a multi-line one
_CLOSING = re.compile(r'(?<="")"|"\Z')  # quotes that would end a multi-line string
_HIDDEN = re.compile(f"[{HIDDEN}]")
_NONE, _MINUTE = timedelta(), timedelta(minutes=1)
# What takes forever to parse, or can't be written again. Strings and comments are taken out before it is looked for.
_QUOTED = re.compile(
    r'"""(?:[^"\\]++|\\.|"{1,2}+(?!"))*+"{3,5}+'
    r"|'''(?:[^']++|'{1,2}+(?!'))*+'{3,5}+"
    r'|"(?:[^"\\\n]++|\\.)*+"'
    r"|'[^'\n]*+'|#[^\n]*+",
    re.DOTALL,
)
_DOTTED = re.compile(r"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){16}")
_DIGITS = re.compile(rf"0[xob][\w]{{{DIGITS}}}|\d[\d_]{{{DIGITS - 1}}}")
_BRACKET = re.compile(r"[\[\]{}]")
_VISIBLE = re.compile(r"[^\n]+")
_LONG = re.compile(rf"[^\n]{{{LINE}}}")
_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def check_limits(text: str) -> None:
    """ValueError where a TOML text holds what would hang the parser, or could not be written again; it says where."""
    if not _suspicious(text):
        return
    if len(text) > LINE and (found := _LONG.search(text)):
        raise ValueError(f"a line is longer than {LINE >> 20} MiB{_place(text, found.start())}")
    bare = _QUOTED.sub(lambda quoted: _VISIBLE.sub(lambda line: "q" * len(line[0]), quoted[0]), text)
    for pattern, what in ((_DOTTED, "a key has too many parts"), (_DIGITS, "a number has too many digits")):
        if found := pattern.search(bare):
            raise ValueError(f"{what}{_place(text, found.start())}")
    depth = 0
    for bracket in _BRACKET.finditer(bare):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > NESTING:
            raise ValueError(f"values are nested too deeply{_place(text, bracket.start())}")


def _suspicious(text: str) -> bool:
    """Whether a closer look is worth its time: few texts are so long, have so many dots or brackets, or hex numbers."""
    many = len(text) > 4000 or text.count(".") >= 16 or text.count("[") + text.count("{") > NESTING
    return many or any(prefix in text for prefix in ("0x", "0o", "0b"))


def _place(text: str, at: int) -> str:
    """The place in a text, said as `tomllib` says it."""
    return f" (at line {text.count(chr(10), 0, at) + 1}, column {at - text.rfind(chr(10), 0, at)})"


@lru_cache(1024)  # nearly all are keys of fields
def render_key(key: str) -> str:
    """A key, in quotes where it needs them. ValueError where it can't be written as UTF-8."""
    return key if _BARE.fullmatch(key) else _line(key)


def render_value(value: Any, newline: str = "\n") -> str:
    """A TOML value as the text right of `key = `, over several lines where that reads better.

    ValueError where it can't be stored: lone surrogates, UTC offsets with seconds, numbers beyond what is read back.
    """
    return _render(value, "", newline)


def plain_value(value: Any) -> str | None:
    """The text of a value that needs no escapes and one line, so that it is sure to read back; None for any other.

    Nearly all are such values.
    """
    kind = type(value)
    if kind is str:
        return f'"{value}"' if _needs_nothing(value) else None
    if kind in BARE:
        return text if len(text := str(value)) < DIGITS else None
    if kind is list:
        return _plain_list(value)
    if kind is dict and value:
        pairs = [f'{render_key(k)} = "{v}"' for k, v in value.items() if type(v) is str and _needs_nothing(v)]
        return f"{{ {', '.join(pairs)} }}" if len(pairs) == len(value) else None
    return None


def _plain_list(values: list[Any]) -> str | None:
    """The same of a list, which has texts only and fits into a line."""
    try:
        texts = "".join(values)
    except TypeError:
        return None
    line = '", "'.join(values)
    return f'["{line}"]' if values and _needs_nothing(texts) and len(line) + len('[""]') <= WIDTH else None


def render_block(table: Mapping[str, Any], newline: str = "\n") -> str:
    """A show's table as a `[[shows]]` block that ends with a line break; plain keys first, then sections, in their order."""
    return newline.join(("[[shows]]", *_lines(table, newline))) + newline


def render_section(key: str, row: Mapping[str, Any], newline: str = "\n", *, array: bool) -> str:
    """A table of a show as `[shows.key]`, a row of an array of them as `[[shows.key]]`; ends with a line break."""
    return newline.join(_section(key, row, newline, array)) + newline


def _lines(table: Mapping[str, Any], newline: str) -> list[str]:
    lines, sections = [], []
    for key, value in table.items():
        if type(value) is str and _needs_nothing(value):
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
    """Whether a key of a show is laid out as `[shows.key]` or `[[shows.key]]`: nested rows, and the user's own tables."""
    if key in INLINE:
        return False
    if isinstance(value, (dict, Mapping)):  # `dict` is in front of what takes long to tell
        return True
    return _are_rows(value) and (
        key in SECTIONS or any(isinstance(item, (list, Mapping)) for row in value for item in row.values())
    )


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, (dict, Mapping)) for row in value)


def _needs_nothing(text: str) -> bool:
    return text.isascii() and text.isprintable() and '"' not in text and "\\" not in text


def _render(value: Any, indent: str, newline: str) -> str:
    if isinstance(value, str):
        return _paragraphs(value, newline) if "\n" in value and not _CONTROL.search(value) else _line(value)
    if not isinstance(value, (list, tuple)):
        return _inline(value)
    line = _inline(value)
    if len(indent) + len(line) <= WIDTH and not (len(value) > 1 and isinstance(value[0], Mapping)):
        return line
    deeper = indent + "    "
    items = (_render(v, deeper, newline) if isinstance(v, (list, tuple)) else _inline(v) for v in value)
    return newline.join(("[", *(f"{deeper}{item}," for item in items), f"{indent}]"))


def _inline(value: Any) -> str:
    """A value on one line."""
    if isinstance(value, str):
        return _line(value)
    if type(value) in BARE:
        return str(value)
    if isinstance(value, (list, tuple)):
        return f"[{', '.join([_inline(item) for item in value])}]"
    if isinstance(value, (dict, Mapping)):
        pairs = ", ".join([f"{render_key(key)} = {_inline(item)}" for key, item in value.items()])
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, datetime) and (value.utcoffset() or _NONE) % _MINUTE:
        raise ValueError("an offset from UTC with seconds can't be written")
    return str(value) if type(value) is datetime else _spelled(value)


def _line(text: str) -> str:
    if _needs_nothing(text):
        return f'"{text}"'
    return _encodable(_spelled(text) if _ESCAPED.search(text) else f'"{text}"')


def _paragraphs(text: str, newline: str) -> str:
    body = _CLOSING.sub(r'\\"', text.replace("\\", "\\\\"))
    return _encodable('"""\n' + body + '"""').replace("\n", newline)


def _spelled(value: Any) -> str:
    return tomli_w.dumps({"v": value})[len("v = ") : -1]


def _encodable(text: str) -> str:
    """`text` with what an editor would hide or act on escaped. ValueError where it is not Unicode."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("this text is not valid Unicode, so it can't be written") from error
    return _HIDDEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
