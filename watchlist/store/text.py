"""The TOML text as parts: one block a show, and everything else. Cut, look into a block, join; nothing is re-rendered.

A block is a `[[shows]]` table with its sub-tables and the comment lines right above it. Parts joined are the text
again, byte for byte, so what a change does not touch can't change.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from watchlist.model import Damage
from watchlist.store.syntax import Header, Path, Unreadable, header_at, scan
from watchlist.toml_text import check_limits

BOM = "\ufeff"
_CANDIDATE = re.compile(r"""^[ \t]*\[\[?[ \t]*[\w"'-]""", re.MULTILINE)
_COMMENT = re.compile(r"[ \t]*#")
_WHERE = re.compile(r" ?\(at (?:line (\d+), column (\d+)|(end of document))\)")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the text: the block of one show, or whatever stands between blocks (the head too)."""

    text: str
    show: bool


@dataclass(frozen=True)
class Document:
    """A text that was read: its parts, and the table of each show in it."""

    parts: tuple[Part, ...]
    bom: bool = False
    # Where the cuts and what tomllib says do not agree (`shows = [{...}]`), shows can be read and not changed.
    uncut: tuple[dict[str, Any], ...] | None = None

    @property
    def text(self) -> str:
        return (BOM if self.bom else "") + "".join(part.text for part in self.parts)

    @property
    def newline(self) -> str:
        """The line end of this text, as its first line has it."""
        for part in self.parts:
            at = part.text.find("\n")
            if at >= 0:
                return "\r\n" if part.text[at - 1 : at] == "\r" else "\n"
        return "\n"

    @property
    def blocks(self) -> Iterator[int]:
        """The positions of the show blocks among the parts."""
        return (position for position, part in enumerate(self.parts) if part.show)

    @property
    def rest(self) -> dict[str, Any]:
        """What is in the text beside shows."""
        return parse("".join(part.text for part in self.parts if not part.show))


class NotToml(Exception):
    """The text does not parse: where, and what could be read all the same."""

    def __init__(self, damage: Damage, document: Document, tables: list[dict[str, Any] | None]) -> None:
        super().__init__(damage.message)
        self.damage = damage
        self.document = document
        self.tables = tables


def read(text: str, known: Iterable[str] = ()) -> tuple[Document, list[dict[str, Any] | None]]:
    """The document in `text`, and the table of each block; None for a block that is among the `known` texts.

    Cuts are made at lines that look like headers. Were one of them inside a string or an array, the part before it
    would not parse by itself; then the text is cut again by its syntax. Raises NotToml.
    """
    bom = text.startswith(BOM)
    body = text.removeprefix(BOM)
    tables = _Tables(known)
    quick = cut(body, _quick_headers(body))
    try:
        return _checked(Document(quick, bom), tables)
    except (ValueError, RecursionError):
        pass
    try:
        return _checked(Document(cut(body, _exact_headers(body)), bom), tables)
    except (ValueError, RecursionError, Unreadable):
        pass
    try:
        return _whole(body, bom)
    except (ValueError, RecursionError) as error:
        parts = tuple(Part(part.text, part.show and tables.has(part.text)) for part in quick)
        found = [tables[part.text] for part in parts if part.show]
        raise NotToml(damage(body, error), Document(parts, bom), found) from error


class _Tables(dict[str, "dict[str, Any] | None"]):
    """The table in each block, parsed once however often the text is cut; None for what is known."""

    def __init__(self, known: Iterable[str]) -> None:
        super().__init__(dict.fromkeys(known))

    def __missing__(self, block: str) -> dict[str, Any] | None:
        self[block] = table = table_of(block)
        return table

    def has(self, block: str) -> bool:
        """Whether this is a block."""
        try:
            self[block]
        except (ValueError, RecursionError):
            return False
        return True


def _checked(document: Document, tables: _Tables) -> tuple[Document, list[dict[str, Any] | None]]:
    """The document with its tables. ValueError where its parts are not TOML by themselves."""
    found = [tables[part.text] for part in document.parts if part.show]
    for part in document.parts:
        if not part.show:
            parse(part.text)
    if "shows" in document.rest:
        raise ValueError("not all shows are blocks")
    return document, found


def _whole(body: str, bom: bool) -> tuple[Document, list[dict[str, Any] | None]]:
    whole = parse(body)
    shows = whole.get("shows", [])
    rows = tuple(row for row in shows if isinstance(row, dict)) if isinstance(shows, list) else ()
    return Document((Part(body, show=False),), bom, uncut=rows if "shows" in whole else None), list(rows)


def parse(text: str) -> dict[str, Any]:
    """What `tomllib` makes of a text. ValueError where it is not TOML, or beyond the limits of what is read at all."""
    check_limits(text)
    return tomllib.loads(text)


def table_of(block: str) -> dict[str, Any]:
    """The one show in a block. ValueError where it does not hold exactly one."""
    shows = parse(block).get("shows")
    if not isinstance(shows, list) or len(shows) != 1 or not isinstance(shows[0], dict):
        raise ValueError("not the block of one show")
    table: dict[str, Any] = shows[0]
    return table


def cut(body: str, headers: Iterable[tuple[int, Path, bool, int]]) -> tuple[Part, ...]:
    """The text cut at the starts of its show blocks and of what follows them.

    With each header comes where the statement before it ends: a line above that may look like a comment and be none.
    A sub-table of a show that comes after a foreign table draws that table into the show's block.
    """
    starts: list[tuple[int, bool]] = [(0, False)]
    last_show = -1  # the index in `starts` of the latest block
    for start, path, array, above in headers:
        if path == ("shows",) and array:
            starts.append((with_comments(body, start, max(above, starts[-1][0])), True))
            last_show = len(starts) - 1
        elif path[0] == "shows" and last_show >= 0:
            del starts[last_show + 1 :]
        elif starts[-1][1]:
            starts.append((with_comments(body, start, max(above, starts[-1][0])), False))
    ends = [start for start, _ in starts[1:]] + [len(body)]
    return tuple(
        Part(body[start:end], show) for (start, show), end in zip(starts, ends, strict=True) if end > start or show
    )


def _quick_headers(body: str) -> Iterator[tuple[int, Path, bool, int]]:
    """Lines that look like headers, wherever they stand."""
    for match in _CANDIDATE.finditer(body):
        start = match.start()
        if body.startswith("[[shows]]\n", start):
            yield start, ("shows",), True, 0
        elif found := header_at(body, start):
            yield start, *found, 0


def _exact_headers(body: str) -> Iterator[tuple[int, Path, bool, int]]:
    """The headers, by syntax."""
    end = 0
    for item in scan(body):
        if isinstance(item, Header):
            yield item.start, item.path, item.array, end
        end = item.end


def ends_in_comment(text: str) -> bool:
    """Whether comment lines at the end of this part would go to what followed it."""
    start = with_comments(text, len(text), 0)
    return start < len(text) and with_comments(
        text, len(text), max((item.end for item in scan(text)), default=0)
    ) < len(text)


def with_comments(body: str, start: int, floor: int) -> int:
    """The start of the comment lines right above the line at `start`, but not before `floor`."""
    while start > floor:
        above = body.rfind("\n", 0, start - 1) + 1
        if above < floor or not _COMMENT.match(body, above, start):
            break
        start = above
    return start


def damage(body: str, error: BaseException) -> Damage:
    """What tomllib said, with its place; the message has no place in it."""
    message = str(error) or "nested too deeply"
    found = _WHERE.search(message)
    lines = body.split("\n")
    if found is None:
        line, column = 1, 1
    elif found[1]:
        line, column = int(found[1]), int(found[2])
    else:
        line = next((n for n in range(len(lines), 0, -1) if lines[n - 1].strip()), 1)
        column = len(lines[line - 1].rstrip()) + 1
    text = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    return Damage(_WHERE.sub("", message), line, column, text)
