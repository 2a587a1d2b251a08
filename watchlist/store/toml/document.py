"""Document: a TOML text split into parts: one block for each show, and the texts between blocks.

A block is a `[[shows]]` table with its sub-tables and the comment lines directly above it. The concatenated parts are
the text, byte for byte, and unchanged parts are never rendered, so that changing one part can't alter another one.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, AnyStr, NamedTuple

from watchlist.domain.model import NOTHING
from watchlist.domain.watchlist import Damage
from watchlist.store.digest import DigestThread, digest
from watchlist.store.toml.parser import Table, damage, parse, table_of

BOM = "\ufeff".encode()
BETWEEN, SHOW = 0, 1  # the kinds of parts
_CANDIDATE = re.compile(rb"\n[ \t]*\[")  # a line that may be a header
_OTHER_HEADER = re.compile(rb"\n[ \t]*\[(?!\[?shows[\].])")
# A comment that names the schema of the file, as Taplo and Tombi read it, is never about the show below.
_COMMENT = re.compile(r"[ \t]*#(?!:schema )")
_COMMENT_BYTES = re.compile(rb"[ \t]*#(?!:schema )")
Path = tuple[str, ...]


class Part(NamedTuple):
    """A part of the text: the block of one show, or the text before, between or after blocks."""

    data: bytes
    show: bool

    @property
    def text(self) -> str:
        """The part as text."""
        return self.data.decode("utf-8")


class Document:
    """A text split into parts: all its bytes, the offset of each part, and which parts are blocks of shows.

    Methods take the index of a part or the number of a show, both from 0. The bytes of a part are sliced on demand,
    because a change needs only a few of thousands of parts.
    """

    def __init__(
        self,
        data: bytes,
        starts: array[int],
        kinds: bytes,
        inline_shows: tuple[Table, ...] | None = None,
        hashing: DigestThread | None = None,
    ) -> None:
        self.data = data
        self.starts = starts  # the byte offset of each part
        self.kinds = kinds  # one byte for each part: SHOW or BETWEEN
        # The tables of shows written as one value (`shows = [{...}]`), which can be read but not changed.
        self.inline_shows = inline_shows
        self.hashing = hashing  # computes the digest of `data`, if it was started

    @classmethod
    def of(
        cls, data: bytes, starts: Iterable[tuple[int, bool]] = (), inline_shows: tuple[Table, ...] | None = None
    ) -> Document:
        """Create the document of a text that is split at these offsets.

        Args:
            data: The whole text. A byte order mark does not belong to any part.
            starts: For each part except the first, (byte offset, True if it is the block of a show).
            inline_shows: The tables of the shows if they are written as one value; None if they are written as blocks.
        """
        begin = len(BOM) if data.startswith(BOM) else 0
        parts = [(begin, False), *starts]
        ends = [start for start, _ in parts[1:]] + [len(data)]
        nonempty = [(start, show) for (start, show), end in zip(parts, ends, strict=True) if end > start]
        return cls(
            data, array("q", [start for start, _ in nonempty]), bytes([show for _, show in nonempty]), inline_shows
        )

    def __len__(self) -> int:
        return len(self.kinds)

    def piece(self, index: int) -> bytes:
        """Return the bytes of the part (show block, or text between blocks) at an index."""
        return self.data[self.starts[index] : self.end(index)]

    def end(self, index: int) -> int:
        """Return the byte offset at which the part (show block, or text between blocks) at an index ends."""
        return self.starts[index + 1] if index + 1 < len(self.starts) else len(self.data)

    def part(self, index: int) -> Part:
        """Return the part (show block, or text between blocks) at an index."""
        return Part(self.piece(index), self.kinds[index] == SHOW)

    @property
    def parts(self) -> tuple[Part, ...]:
        """All parts (show blocks, and texts between blocks), in the order of the text."""
        return tuple(self.part(index) for index in range(len(self)))

    @property
    def blocks(self) -> Iterator[bytes]:
        """The bytes of the blocks of the shows, in the order of the text."""
        return (self.piece(index) for index, kind in enumerate(self.kinds) if kind == SHOW)

    def place(self, number: int) -> int:
        """Return the index, among all parts of the text, of the block of the show `number`. Both count from 0."""
        return self._first + number if self._unbroken else self._places[number]

    def number(self, index: int) -> int:
        """Return the number of show blocks before the part (block or other text) at an index."""
        return min(max(0, index - self._first), self._shows) if self._unbroken else self.kinds.count(SHOW, 0, index)

    @cached_property
    def _shows(self) -> int:
        """The number of shows."""
        return self.kinds.count(SHOW)

    @cached_property
    def _first(self) -> int:
        """The index of the first show block among all parts of the text; -1 if there is none."""
        return self.kinds.find(SHOW)

    @cached_property
    def _unbroken(self) -> bool:
        """True if no other text is between the first and the last show block, as in nearly every list."""
        return self._first >= 0 and self.kinds.find(BETWEEN, self._first, self.kinds.rfind(SHOW)) < 0

    @cached_property
    def _places(self) -> list[int]:
        """For each show, the index of its block among all parts of the text."""
        return [index for index, kind in enumerate(self.kinds) if kind == SHOW]

    @property
    def between(self) -> Iterator[int]:
        """The indexes of the texts between blocks, among all parts."""
        return _all(self.kinds, BETWEEN)

    @cached_property
    def interleaved(self) -> bool:
        """True if a show's block seems to contain another table, e.g. `[settings]` before one of its `[[shows.viewings]]`.

        Then a duplicate key in a table is found only by parsing the whole text.
        """
        indexes = (bisect_right(self.starts, header.end()) - 1 for header in _OTHER_HEADER.finditer(self.data))
        return any(self.kinds[at] == SHOW for at in indexes)

    @property
    def bom(self) -> bool:
        """True if the text begins with a byte order mark."""
        return self.data.startswith(BOM)

    @property
    def text(self) -> str:
        """The whole text, including a byte order mark."""
        return self.data.decode("utf-8")

    @property
    def newline(self) -> str:
        """The line end of the first line of the text: "\\n" or "\\r\\n"."""
        end = self.data.find(b"\n")
        return "\r\n" if end > 0 and self.data[end - 1] == ord("\r") else "\n"

    @cached_property
    def digest(self) -> str:
        """The digest of the whole text."""
        return self.hashing.result() if self.hashing is not None else digest(self.data)

    @cached_property
    def rest(self) -> Table:
        """The table of everything in the text except the shows. Raises ValueError if that is not valid TOML."""
        return parse(b"".join(map(self.piece, self.between)).decode("utf-8"))


def _all(kinds: bytes, kind: int) -> Iterator[int]:
    """Yield each index of `kinds` at which the byte is `kind`."""
    index = kinds.find(kind)
    while index >= 0:
        yield index
        index = kinds.find(kind, index + 1)


class NotToml(Exception):
    """Raised if a text is not valid TOML.

    `damage` is the place and the reason; `document` is the text split at lines that look like headers; `tables` are the
    tables of the shows that can still be read.
    """

    def __init__(self, damage: Damage, document: Document, tables: list[Any]) -> None:
        super().__init__(damage.message)
        self.damage = damage
        self.document = document
        self.tables = tables


def read(data: bytes, known: Mapping[bytes, Any] = NOTHING) -> tuple[Document, list[Any]]:
    """Return (document of a text, tables of its shows). A document is a text split into blocks of shows, and other parts.

    The text is split at lines that look like headers. If such a line is inside a string or an array, the part before it
    is not valid TOML by itself; then the text is split again by its syntax.

    Args:
        data: The text.
        known: Values by the bytes of blocks. Such a block is not parsed: its value is returned instead of a table.

    Raises:
        NotToml: The text is not valid TOML.
        UnicodeDecodeError: The text is not valid UTF-8.
    """
    tables = _Tables(known)
    fast_document = quick_cut(data)
    try:
        return fast_document, _checked(fast_document, tables)
    except (ValueError, RecursionError):
        pass
    body = data.removeprefix(BOM).decode("utf-8")
    try:
        exact_document = _exact_cut(data, body)
        return exact_document, _checked(exact_document, tables)
    except (ValueError, RecursionError):
        pass
    try:
        return _unsplit(data, body)
    except (ValueError, RecursionError) as error:
        kinds = bytes(
            kind and tables.is_block(fast_document.piece(index)) for index, kind in enumerate(fast_document.kinds)
        )
        document = Document(data, fast_document.starts, kinds)
        shows = [tables[block] for block in document.blocks]
        raise NotToml(damage(body, error), document, shows) from error


class _Tables(dict[bytes, Any]):
    """A cache of tables by the bytes of their blocks, so that each block is parsed once even if the text is split again."""

    def __missing__(self, block: bytes) -> Table:
        self[block] = table = table_of(block.decode("utf-8"))
        return table

    def is_block(self, block: bytes) -> bool:
        """Return True if `block` is the valid TOML block of one show."""
        try:
            self[block]
        except (ValueError, RecursionError):
            return False
        return True


def _checked(document: Document, tables: _Tables) -> list[Any]:
    """Return the tables of the show blocks. Raise ValueError if a block, or text between, is not valid TOML by itself."""
    shows = [tables[block] for block in document.blocks]
    check_between(document)
    return shows


def check_between(document: Document) -> None:
    """Raise ValueError if the texts between the blocks of shows are not valid TOML, each by itself and all joined.

    They must not contain shows either, nor repeat a table that is inside a block.
    """
    for index in document.between:
        parse(document.piece(index).decode("utf-8"))
    if "shows" in document.rest:
        raise ValueError("not all shows are blocks")
    if document.interleaved:
        parse(document.text.removeprefix("\ufeff"))


def _unsplit(data: bytes, body: str) -> tuple[Document, list[Any]]:
    """Return (document, tables of the shows) of a text whose shows are not written as blocks.

    `body` is the text in `data` without its byte order mark. Raises ValueError if it is not TOML.
    """
    whole = parse(body)
    shows = whole.get("shows", [])
    rows = tuple(row for row in shows if isinstance(row, dict)) if isinstance(shows, list) else ()
    return Document.of(data, inline_shows=rows if "shows" in whole else None), list(rows)


def cut(body: AnyStr, begin: int, headers: Iterable[tuple[int, Path, bool, int]]) -> list[tuple[int, bool]]:
    """Return where to split a text into parts: at the block of each show, and where other text follows a block.

    If a sub-table of a show comes after an unrelated table, that table becomes part of the block of the show.

    Args:
        body: The text. All offsets are in its units: characters for str, bytes for bytes.
        begin: The offset of the first part: 0, or the length of a byte order mark.
        headers: For each header: its offset, its path, True for an array of tables, and the offset after the previous
            statement. Lines above that offset are never comments, even if they look like comments.

    Returns:
        For each part except the first, (offset, True if it is the block of a show).
    """
    starts: list[tuple[int, bool]] = [(begin, False)]
    last_show = -1  # the index in `starts` of the last block of a show; -1 if there is none
    for start, path, is_array, floor in headers:
        if path == ("shows",) and is_array:
            starts.append((with_comments(body, start, max(floor, starts[-1][0])), True))
            last_show = len(starts) - 1
        elif path[0] == "shows" and last_show >= 0:
            del starts[last_show + 1 :]
        elif starts[-1][1]:
            starts.append((with_comments(body, start, max(floor, starts[-1][0])), False))
    return starts[1:]


def quick_cut(data: bytes) -> Document:
    """Return the document of a UTF-8 text that is split at all lines that look like headers, even inside strings."""
    begin = len(BOM) if data.startswith(BOM) else 0
    return Document.of(data, cut(data, begin, _quick_headers(data, begin)))


def _quick_headers(data: bytes, begin: int) -> Iterator[tuple[int, Path, bool, int]]:
    """Yield (byte offset, path, True for an array of tables, 0) for each line that looks like a header.

    The tuples are the `headers` of `cut`. Their 0 stands for the offset after the previous statement, which is not
    determined. The search begins at the byte offset `begin`. For `[[shows.KEY]]`, the path is `("shows", "")`.
    """
    from watchlist.store.toml.scanner import header_of  # not needed for lists with an index

    first = [begin] if data[begin : begin + 100].lstrip(b" \t").startswith(b"[") else []
    for start in (*first, *(match.start() + 1 for match in _CANDIDATE.finditer(data, begin))):
        if data.startswith(b"[[shows]]\n", start):
            yield start, ("shows",), True, 0
        elif data.startswith(b"[[shows.", start):
            yield start, ("shows", ""), True, 0
        else:
            end = data.find(b"\n", start)
            line = data[start : end if end >= 0 else len(data)]
            if b"]" in line and (header := header_of(line.decode("utf-8"))):
                yield start, *header, 0


def _exact_cut(data: bytes, body: str) -> Document:
    """Return the document of a text that is split at its headers, which are found by the syntax of TOML.

    `body` is the text in `data` without its byte order mark. Raises ValueError if it is not TOML.
    """
    starts = cut(body, 0, _exact_headers(body))
    edges = [0, *(start for start, _ in starts)]
    sizes = (len(body[a:b].encode("utf-8")) for a, b in pairwise(edges))
    places = accumulate(sizes, initial=len(BOM) if data.startswith(BOM) else 0)
    return Document.of(data, list(zip(list(places)[1:], (show for _, show in starts), strict=True)))


def _exact_headers(body: str) -> Iterator[tuple[int, Path, bool, int]]:
    """Yield (offset, path, True for an array of tables, offset after the previous statement) for each header of a text.

    The headers are found by the syntax of TOML. Offsets count characters. Raises ValueError if the text is not TOML.
    """
    from watchlist.store.toml.scanner import Header, scan  # not needed for lists with an index

    end = 0
    for item in scan(body):
        if isinstance(item, Header):
            yield item.start, item.path, item.array, end
        end = item.end


def ends_in_comment(text: str) -> bool:
    """Return True if a text ends in comment lines. They would be taken for part of a block inserted below."""
    from watchlist.store.toml.scanner import scan  # only changes need it

    start = with_comments(text, len(text), 0)
    return start < len(text) and with_comments(
        text, len(text), max((item.end for item in scan(text)), default=0)
    ) < len(text)


def with_comments(body: AnyStr, start: int, floor: int) -> int:
    """Return the offset of the first comment line directly above the line at offset `start`; without one, `start`.

    Lines above the offset `floor` are not comments.
    """
    newline, comment = ("\n", _COMMENT) if isinstance(body, str) else (b"\n", _COMMENT_BYTES)
    if body[start - 2 : start] == newline * 2:
        return start  # the common case: the line above is blank
    while start > floor:
        above = max(body.rfind(newline, 0, start - 1) + 1, floor)  # the first line may begin after a byte order mark
        if not comment.match(body, above, start):
            break
        start = above
    return start
