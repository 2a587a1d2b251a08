"""The TOML text as parts: one block a show, and everything else. Cut, look into a block, join; nothing is re-rendered.

A block is a `[[shows]]` table with its sub-tables and the comment lines right above it. Parts joined are the text
again, byte for byte, so what a change does not touch can't change.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import threading
from array import array
from bisect import bisect_right
from codecs import getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Any, AnyStr, NamedTuple

from watchlist.model import NOTHING, Damage

BOM = "\ufeff".encode()
BETWEEN, SHOW = 0, 1
DIGEST = 32  # hex digits
_SLICE = 1 << 20
_CANDIDATE = re.compile(rb"\n[ \t]*\[")
_FOREIGN = re.compile(rb"\n[ \t]*\[(?!\[?shows[\].])")
_COMMENT = re.compile(r"[ \t]*#")
_COMMENT_BYTES = re.compile(rb"[ \t]*#")
_WHERE = r" ?\(at (?:line (\d+), column (\d+)|(end of document))\)"
Table = dict[str, Any]
Path = tuple[str, ...]


class Part(NamedTuple):
    """A piece of the text: the block of one show, or whatever stands between blocks (the head too)."""

    data: bytes
    show: bool

    @property
    def text(self) -> str:
        return self.data.decode("utf-8")


class Document:
    """A text that was cut: all of its bytes, where each part starts, and which parts are blocks of a show.

    Parts are cut out when they are looked at: of ten thousand, a change touches a few.
    """

    def __init__(
        self,
        data: bytes,
        starts: array[int],
        kinds: bytes,
        uncut: tuple[Table, ...] | None = None,
        hashing: Hashing | None = None,
    ) -> None:
        self.data = data
        self.starts = starts
        self.kinds = kinds  # SHOW or BETWEEN, a byte a part
        # Where the cuts and what tomllib says do not agree (`shows = [{...}]`), shows can be read and not changed.
        self.uncut = uncut
        self.hashing = hashing  # of all the bytes, where their digest is on its way

    @classmethod
    def of(
        cls, data: bytes, starts: Iterable[tuple[int, bool]] = (), uncut: tuple[Table, ...] | None = None
    ) -> Document:
        """`starts` are those of all parts but of one that begins where the text does."""
        begin = len(BOM) if data.startswith(BOM) else 0
        found = [(begin, False), *starts]
        ends = [start for start, _ in found[1:]] + [len(data)]
        kept = [(start, show) for (start, show), end in zip(found, ends, strict=True) if end > start]
        return cls(data, array("q", [start for start, _ in kept]), bytes([show for _, show in kept]), uncut)

    def __len__(self) -> int:
        return len(self.kinds)

    def piece(self, at: int) -> bytes:
        """The bytes of the part at a place."""
        return self.data[self.starts[at] : self.end(at)]

    def end(self, at: int) -> int:
        """Where the part at a place ends."""
        return self.starts[at + 1] if at + 1 < len(self.starts) else len(self.data)

    def part(self, at: int) -> Part:
        return Part(self.piece(at), self.kinds[at] == SHOW)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(self.part(at) for at in range(len(self)))

    @property
    def blocks(self) -> Iterator[bytes]:
        """The blocks of the shows, in their order."""
        return (self.piece(at) for at, kind in enumerate(self.kinds) if kind == SHOW)

    def place(self, number: int) -> int:
        """Where the block of the show of this number stands among the parts."""
        return self._first + number if self._unbroken else self._places[number]

    def number(self, at: int) -> int:
        """How many shows stand before the part at a place."""
        return min(max(0, at - self._first), self._shows) if self._unbroken else self.kinds.count(SHOW, 0, at)

    @cached_property
    def _shows(self) -> int:
        return self.kinds.count(SHOW)

    @cached_property
    def _first(self) -> int:
        return self.kinds.find(SHOW)

    @cached_property
    def _unbroken(self) -> bool:
        """Whether nothing stands between the shows: so it is in nearly every list."""
        return self._first >= 0 and self.kinds.find(BETWEEN, self._first, self.kinds.rfind(SHOW)) < 0

    @cached_property
    def _places(self) -> list[int]:
        return [at for at, kind in enumerate(self.kinds) if kind == SHOW]

    @property
    def between(self) -> Iterator[int]:
        """The places of the parts that are no block of a show."""
        return _all(self.kinds, BETWEEN)

    @cached_property
    def mixed(self) -> bool:
        """Whether tables of others seem to stand inside blocks of shows: no part by itself tells then what is there twice."""
        places = (bisect_right(self.starts, header.end()) - 1 for header in _FOREIGN.finditer(self.data))
        return any(self.kinds[at] == SHOW for at in places)

    @property
    def bom(self) -> bool:
        return self.data.startswith(BOM)

    @property
    def text(self) -> str:
        return self.data.decode("utf-8")

    @property
    def newline(self) -> str:
        """The line end of this text, as its first line has it."""
        at = self.data.find(b"\n")
        return "\r\n" if at > 0 and self.data[at - 1] == ord("\r") else "\n"

    @cached_property
    def digest(self) -> str:
        """What these bytes are known by."""
        return self.hashing.result() if self.hashing is not None else digest(self.data)

    @cached_property
    def rest(self) -> Table:
        """What is in the text beside shows."""
        return parse(b"".join(map(self.piece, self.between)).decode("utf-8"))


class Hashing(threading.Thread):
    """The digest of some pieces of a text one behind the other, on its way beside what is done meanwhile.

    Long pieces are hashed without Python, which is free for other threads then.
    """

    def __init__(self, pieces: Iterable[bytes | memoryview]) -> None:
        super().__init__()
        self._pieces, self._hash = pieces, hashlib.sha256()
        with contextlib.suppress(RuntimeError):  # there is no thread to be had
            self.start()

    def run(self) -> None:
        for piece in self._pieces:
            self._hash.update(piece)

    def result(self) -> str:
        """The digest, once it is there."""
        if self.ident is None:
            self.run()
            self._pieces = ()
        else:
            self.join()
        return self._hash.hexdigest()[:DIGEST]


def digest(data: bytes) -> str:
    """What bytes are known by: half of their sha256, in hex digits."""
    return hashlib.sha256(data).hexdigest()[:DIGEST]


def _all(kinds: bytes, kind: int) -> Iterator[int]:
    at = kinds.find(kind)
    while at >= 0:
        yield at
        at = kinds.find(kind, at + 1)


class NotToml(Exception):
    """The text does not parse: where, and what could be read all the same."""

    def __init__(self, damage: Damage, document: Document, tables: list[Any]) -> None:
        super().__init__(damage.message)
        self.damage = damage
        self.document = document
        self.tables = tables


def read(data: bytes, known: Mapping[bytes, Any] = NOTHING) -> tuple[Document, list[Any]]:
    """The document in a UTF-8 text, and the table of each block, or in place of it what the block is `known` as.

    Cuts are made at lines that look like headers. Were one of them inside a string or an array, the part before it
    would not parse by itself; then the text is cut again by its syntax. Raises NotToml.
    """
    tables = _Tables(known)
    quick = quick_cut(data)
    try:
        return quick, _checked(quick, tables)
    except (ValueError, RecursionError):
        pass
    body = data.removeprefix(BOM).decode("utf-8")
    try:
        exact = _exact_cut(data, body)
        return exact, _checked(exact, tables)
    except (ValueError, RecursionError):
        pass
    try:
        return _whole(data, body)
    except (ValueError, RecursionError) as error:
        kinds = bytes(kind and tables.has(quick.piece(at)) for at, kind in enumerate(quick.kinds))
        document = Document(data, quick.starts, kinds)
        found = [tables[block] for block in document.blocks]
        raise NotToml(damage(body, error), document, found) from error


class _Tables(dict[bytes, Any]):
    """The table in each block that is not known, parsed once however often the text is cut."""

    def __missing__(self, block: bytes) -> Table:
        self[block] = table = table_of(block.decode("utf-8"))
        return table

    def has(self, block: bytes) -> bool:
        """Whether this is a block."""
        try:
            self[block]
        except (ValueError, RecursionError):
            return False
        return True


def _checked(document: Document, tables: _Tables) -> list[Any]:
    """The tables of a document. ValueError where its parts are not TOML by themselves."""
    found = [tables[block] for block in document.blocks]
    check_between(document)
    return found


def check_between(document: Document) -> None:
    """ValueError where what stands between the shows is not TOML, part by part and as a whole, or holds shows too; or
    where it is there once more inside a show."""
    for at in document.between:
        parse(document.piece(at).decode("utf-8"))
    if "shows" in document.rest:
        raise ValueError("not all shows are blocks")
    if document.mixed:
        parse(document.text.removeprefix("\ufeff"))


def check_utf8(data: bytes) -> None:
    """UnicodeDecodeError where these bytes are no text; a slice at a time, as decoded they may be four times as many."""
    if not data.isascii():
        decode = getincrementaldecoder("utf-8")().decode
        try:
            for at in range(0, len(data), _SLICE):
                decode(data[at : at + _SLICE], at + _SLICE >= len(data))
        except UnicodeDecodeError:
            data.decode("utf-8")  # fails too, and says where, counted from the start


def _whole(data: bytes, body: str) -> tuple[Document, list[Any]]:
    whole = parse(body)
    shows = whole.get("shows", [])
    rows = tuple(row for row in shows if isinstance(row, dict)) if isinstance(shows, list) else ()
    return Document.of(data, uncut=rows if "shows" in whole else None), list(rows)


def parse(text: str) -> Table:
    """What `tomllib` makes of a text. ValueError where it is not TOML, or beyond the limits of what is read at all."""
    import tomllib  # not above, nor the syntax: a text that is known is looked into without either

    from watchlist.toml_text import check_limits

    check_limits(text)
    return tomllib.loads(text)


def table_of(block: str) -> Table:
    """The one show in a block. ValueError where it does not hold exactly one."""
    from watchlist.store.plain import table_of as plain_table

    if (plain := plain_table(block)) is not None:
        return plain
    shows = parse(block).get("shows")
    if not isinstance(shows, list) or len(shows) != 1 or not isinstance(shows[0], dict):
        raise ValueError("not the block of one show")
    table: Table = shows[0]
    return table


def cut(body: AnyStr, begin: int, headers: Iterable[tuple[int, Path, bool, int]]) -> list[tuple[int, bool]]:
    """Where the show blocks of a text start, and what follows them; whether each is one.

    With each header comes where the statement before it ends: a line above that may look like a comment and be none.
    A sub-table of a show that comes after a foreign table draws that table into the show's block.
    """
    starts: list[tuple[int, bool]] = [(begin, False)]
    last_show = -1  # the index in `starts` of the latest block
    for start, path, many, above in headers:
        if path == ("shows",) and many:
            starts.append((with_comments(body, start, max(above, starts[-1][0])), True))
            last_show = len(starts) - 1
        elif path[0] == "shows" and last_show >= 0:
            del starts[last_show + 1 :]
        elif starts[-1][1]:
            starts.append((with_comments(body, start, max(above, starts[-1][0])), False))
    return starts[1:]


def quick_cut(data: bytes) -> Document:
    """The text cut at all lines that look like headers, wherever they stand."""
    begin = len(BOM) if data.startswith(BOM) else 0
    return Document.of(data, cut(data, begin, _quick_headers(data, begin)))


def _quick_headers(data: bytes, begin: int) -> Iterator[tuple[int, Path, bool, int]]:
    from watchlist.store.syntax import header_of

    first = [begin] if data[begin : begin + 100].lstrip(b" \t").startswith(b"[") else []
    for start in (*first, *(match.start() + 1 for match in _CANDIDATE.finditer(data, begin))):
        if data.startswith(b"[[shows]]\n", start):
            yield start, ("shows",), True, 0
        elif data.startswith(b"[[shows.", start):
            yield start, ("shows", ""), True, 0
        else:
            end = data.find(b"\n", start)
            line = data[start : end if end >= 0 else len(data)]
            if b"]" in line and (found := header_of(line.decode("utf-8"))):
                yield start, *found, 0


def _exact_cut(data: bytes, body: str) -> Document:
    """The text cut at its headers, by syntax."""
    starts = cut(body, 0, _exact_headers(body))
    edges = [0, *(start for start, _ in starts)]
    sizes = (len(body[a:b].encode("utf-8")) for a, b in pairwise(edges))
    places = accumulate(sizes, initial=len(BOM) if data.startswith(BOM) else 0)
    return Document.of(data, list(zip(list(places)[1:], (show for _, show in starts), strict=True)))


def _exact_headers(body: str) -> Iterator[tuple[int, Path, bool, int]]:
    from watchlist.store.syntax import Header, scan

    end = 0
    for item in scan(body):
        if isinstance(item, Header):
            yield item.start, item.path, item.array, end
        end = item.end


def ends_in_comment(text: str) -> bool:
    """Whether comment lines at the end of this part would go to what followed it."""
    from watchlist.store.syntax import scan

    start = with_comments(text, len(text), 0)
    return start < len(text) and with_comments(
        text, len(text), max((item.end for item in scan(text)), default=0)
    ) < len(text)


def with_comments(body: AnyStr, start: int, floor: int) -> int:
    """The start of the comment lines right above the line at `start`, but not before the line at `floor`."""
    newline, comment = ("\n", _COMMENT) if isinstance(body, str) else (b"\n", _COMMENT_BYTES)
    if body[start - 2 : start] == newline * 2:
        return start  # below a blank line, as nearly all are
    while start > floor:
        above = max(body.rfind(newline, 0, start - 1) + 1, floor)  # the first line may begin behind a mark
        if not comment.match(body, above, start):
            break
        start = above
    return start


def damage(body: str, error: BaseException) -> Damage:
    """What tomllib said, with its place; the message has no place in it."""
    message = str(error) or "nested too deeply"
    found = re.search(_WHERE, message)
    lines = body.split("\n")
    if found is None:
        line, column = 1, 1
    elif found[1]:
        line, column = int(found[1]), int(found[2])
    else:
        line = next((n for n in range(len(lines), 0, -1) if lines[n - 1].strip()), 1)
        column = len(lines[line - 1].rstrip()) + 1
    text = lines[line - 1].rstrip("\r") if line <= len(lines) else ""
    return Damage(re.sub(_WHERE, "", message), line, column, text)
