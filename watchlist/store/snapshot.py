"""Snapshot: the bytes of the file, the document (its text split into parts), and the list parsed from the document.

A part is the block of one show, or the text between blocks. Each part has a name, which does not change when other
parts are added or removed.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from watchlist.domain.frozen import Frozen, replace
from watchlist.domain.model import Problem, Show
from watchlist.domain.show_table import ShowTable
from watchlist.domain.show_toml import from_table
from watchlist.domain.watchlist import SCHEMA_COMMENT, VERSION, Damage, View, Watchlist
from watchlist.errors import nearest
from watchlist.store.toml.document import SHOW, Document, NotToml, check_between, quick_cut, read
from watchlist.store.toml.parser import check_utf8, table_of

BARE = b"version = 1\n"  # the file of an empty list
_TOP_KEYS = ("version", "shows", "views")
_TAKEN = "another show has this id"


class Snapshot(Frozen):
    """The bytes of a file and the list in them.

    `data` is None if the file does not exist; then the list is the example list for new users. If the id of a show in
    the file is empty or a duplicate, its id in the list differs, and `file_ids` maps its number (from 0) to the id in
    the file.
    """

    data: bytes | None
    document: Document
    list: Watchlist
    file_ids: Mapping[int, str]

    def name(self, index: int) -> str:
        """Return the name of the part at an index (from 0): the show's id for a block; `#0`, `#1`, ... for texts between."""
        return next(self.names_of_parts(index, index + 1))

    def names_of_parts(self, start: int, end: int) -> Iterator[str]:
        """Yield the names of the parts (show blocks, and texts between them) from index `start` to `end` (exclusive)."""
        number = self.document.number(start)
        for index in range(start, end):
            if self.document.kinds[index] == SHOW:
                yield name_of(self.list.shows[number].id)
                number += 1
            else:
                yield f"#{index - number}"

    def position(self, name: str) -> int | None:
        """Return the index (from 0) of the part (show block, or text between) with this name; None if there is none."""
        if name.startswith("#") and not name.startswith("##"):
            return next((index for n, index in enumerate(self.document.between) if f"#{n}" == name), None)
        number = self.list.shows.places.get(name.removeprefix("#"))
        return self.document.place(number) if number is not None and self.document.inline_shows is None else None

    def part(self, name: str) -> str | None:
        """Return the text of the part (show block, or text between) with this name; None if there is none."""
        index = self.position(name)
        return self.document.part(index).text if index is not None else None

    def shows_by_block(self, start: int = 0, end: int | None = None) -> dict[bytes, Show]:
        """Return the shows in the parts from index `start` to `end` (exclusive; None for all), by the bytes of their blocks.

        Shows whose id in the file differs from that in the list are omitted.
        """
        document = self.document
        number = document.number(start)
        shows = {}
        for index in range(start, len(document) if end is None else end):
            if document.kinds[index] == SHOW:
                if number not in self.file_ids:
                    shows[document.piece(index)] = self.list.shows[number]
                number += 1
        return shows


def name_of(id: str) -> str:
    """Return the name of the block of the show `id`: the id itself, with another `#` in front if it begins with `#`."""
    return f"#{id}" if id.startswith("#") else id


def seed() -> str:
    """Return the text of the example list for new users."""
    from importlib.resources import files  # slow to import, and needed only if no list exists

    return files("watchlist").joinpath("ballard.toml").read_text("utf-8")


def first_text(*, empty: bool, schema: bool) -> bytes:
    """Return the text of a new list: the example list or, with `empty`, no shows.

    With `schema`, the comment that tells editors the schema comes first.
    """
    return f"{SCHEMA_COMMENT}\n".encode() * schema + (BARE if empty else seed().encode())


@contextmanager
def collector_paused() -> Iterator[None]:
    """In the `with` block, pause the garbage collector. This saves a tenth of the time of creating many objects."""
    collects = gc.isenabled()
    if collects:  # otherwise, another thread may have paused the collector, and will resume it
        gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def parse_snapshot(data: bytes | None, previous: Snapshot | None = None) -> Snapshot:
    """Parse the bytes of a file. For None, a missing file, return the example list.

    An invalid text raises no error: `list.damage` says what is wrong. Blocks that also occur in `previous`, an earlier
    snapshot, are not parsed again.
    """
    with collector_paused():
        loader = SnapshotLoader(data, previous.shows_by_block() if previous is not None else {})
        loader.read_on()
        return loader.snapshot()


class SnapshotLoader:
    """Parses a text one block at a time, so that the interface can show the first shows early.

    `known` maps blocks to shows that need not be parsed. `read` has the shows parsed so far, with their ids in the
    file; `total` is the number of all blocks.
    """

    def __init__(self, data: bytes | None, known: Mapping[bytes, Show]) -> None:
        self._data = data
        self._text = seed().encode() if data is None else data
        self._known, self._shows = known, dict[bytes, Show]()
        self._damage = _not_utf8(self._text)
        self._document = Document.of(b"") if self._damage else quick_cut(self._text)
        self._blocks = iter(list(self._document.blocks))
        self._unparsable = False  # True if a block can't be parsed by itself
        self.read: list[Show] = []
        self.total = self._document.kinds.count(SHOW)

    def read_on(self, seconds: float = 1e9) -> bool:
        """Parse blocks for about `seconds`. Return True when all blocks are parsed, or if one is not valid by itself."""
        deadline = monotonic() + seconds
        try:
            for block in self._blocks:
                self.read.append(self._show(block))
                if monotonic() > deadline:
                    return False
        except (ValueError, RecursionError):
            self._unparsable = True
        return True

    def _show(self, block: bytes) -> Show:
        """Return the show in `block`. A known block is not parsed. Raise ValueError or RecursionError if it is not valid."""
        show = self._shows.get(block)
        if show is None:
            show = self._known.get(block) or from_table(table_of(block.decode("utf-8")))
            self._shows[block] = show
        return show

    def so_far(self) -> Watchlist:
        """Return the list of the shows parsed so far."""
        return Watchlist(named(self.read)[0])

    def snapshot(self) -> Snapshot:
        """Return the complete snapshot. Call this only after `read_on` returned True. An invalid text raises no error."""
        if self._damage is not None:
            return Snapshot(self._data, self._document, Watchlist(damage=self._damage), {})
        if not self._unparsable:
            try:
                check_between(self._document)
                return _snapshot_of(self._data, self._document, self.read)
            except (ValueError, RecursionError):
                pass
        try:
            document, tables = read(self._text, self._shows)
        except NotToml as error:
            snapshot = _snapshot_of(self._data, error.document, _shows(error.tables))
            return replace(snapshot, list=replace(snapshot.list, damage=_with_clear_message(error.damage)))
        return _snapshot_of(self._data, document, _shows(tables))


def _shows(tables: Sequence[Any]) -> list[Show]:
    """Return the items of `tables` as shows. Tables are converted; items that are shows already are returned unchanged."""
    return [table if isinstance(table, Show) else from_table(table) for table in tables]


def _snapshot_of(data: bytes | None, document: Document, shows_read: Sequence[Show]) -> Snapshot:
    """Return the snapshot of a document.

    Args:
        data: The bytes of the file; None if it is missing.
        document: The document in these bytes.
        shows_read: The shows in the blocks of the document, with their ids as written, which may be missing or repeated.
    """
    shows, file_ids = named(shows_read)
    return Snapshot(data, document, list_of(document, shows), file_ids)


def list_of(document: Document, shows: ShowTable) -> Watchlist:
    """Return the list with these shows. Its views, other tables and problems are read from the rest of the document."""
    rest = _rest(document)
    views, problems = _views(rest.get("views"))
    version = rest.get("version", VERSION)
    return Watchlist(
        shows,
        views,
        {key: value for key, value in rest.items() if key not in _TOP_KEYS},
        (*problems, *_misspelled(rest)),
        None if isinstance(version, int) and version <= VERSION else _newer(document, version),
    )


def named(shows: Sequence[Show], file_ids: Mapping[int, str] | None = None) -> tuple[ShowTable, dict[int, str]]:
    """Return the shows with unique ids: missing ids are generated, duplicate ids get a number as suffix.

    Args:
        shows: The shows.
        file_ids: The ids in the file of those `shows` that already have a different id, by show number (from 0).

    Returns:
        The shows with unique ids, and the ids in the file of those that now have a different id, by show number.
    """
    ids = [show.id for show in shows]
    file_ids = file_ids or {}
    if not file_ids and "" not in ids and len(set(ids)) == len(ids):
        return shows if isinstance(shows, ShowTable) else ShowTable(shows), {}
    from watchlist.domain.edits import wanted_id  # needed only for lists with missing or duplicate ids

    for number, id in file_ids.items():
        ids[number] = id
    taken = dict.fromkeys(ids, 2)  # the next suffix for a duplicate, by id
    used: set[str] = set()
    other_ids: dict[int, str] = {}
    named_shows = []
    for number, (show, id) in enumerate(zip(shows, ids, strict=True)):
        wanted = id
        if not id:
            wanted = _unused(wanted_id(show, taken), taken)
        elif id in used:
            wanted = _unused(id, taken)
        used.add(wanted)
        if wanted != id:
            other_ids[number] = id
        if wanted != id or number in file_ids:
            show = named_as(show, wanted, id)
        named_shows.append(show)
    return ShowTable(named_shows), other_ids


def named_as(show: Show, id: str, file_id: str) -> Show:
    """Return the show with the id `id`. If another show has `file_id`, the show's id in the file, add a problem."""
    problems = tuple(problem for problem in show.problems if problem.message != _TAKEN)
    if file_id and id != file_id:
        problems = (*problems, Problem("id", _TAKEN, file_id))
    return show if (show.id, show.problems) == (id, problems) else replace(show, id=id, problems=problems)


def _unused(wanted: str, taken: dict[str, int]) -> str:
    """Return `wanted` or, if it is taken, `wanted` with a suffix such as `-2`. Mark the result as taken.

    `taken` maps ids to the next suffix to try, because a list may have thousands of duplicates.
    """
    name, number = wanted, taken.get(wanted, 2)
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken |= {name: 2, wanted: number}
    return name


def _rest(document: Document) -> dict[str, Any]:
    """Return the table of everything in the text except the shows; empty if the text is invalid."""
    try:
        return document.rest
    except (ValueError, RecursionError):
        return {}  # the text is damaged


def _views(raw: object) -> tuple[tuple[View, ...], tuple[Problem, ...]]:
    """Return (valid views, problems) of `raw`, the value of `views` in the file. There is a problem for each invalid view."""
    if raw is None:
        return (), ()
    rows = raw if isinstance(raw, list) else [raw]
    views, problems = [], []
    for index, row in enumerate(rows):
        name, query = (row.get("name"), row.get("query", "")) if isinstance(row, dict) else (None, None)
        if isinstance(name, str) and isinstance(query, str):
            views.append(View(name, query))
        else:
            problems.append(Problem(f"views[{index}]", "a view has a name and a query, both in quotes", row))
    return tuple(views), tuple(problems)


def _misspelled(rest: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return a problem for each array in the file whose key resembles `shows`: the shows in it are not in the list."""
    return tuple(
        Problem(key, 'did you mean "shows"?', value)
        for key, value in rest.items()
        if key not in _TOP_KEYS and isinstance(value, list) and nearest(key, ["shows"])
    )


def _newer(document: Document, version: object) -> Damage:
    """Return the error for a file with the format version `version`, which this program does not know."""
    lines = document.text.split("\n")
    line = next((n for n, text in enumerate(lines, 1) if text.lstrip("\ufeff ").startswith("version")), 1)
    message = (
        f"this list has version {str(version)[:40]}, and this program knows version {VERSION}; a newer one is needed"
    )
    return Damage(message, line, 1, lines[line - 1].rstrip("\r"))


def _with_clear_message(damage: Damage) -> Damage:
    """Return `damage`. If its line is a conflict marker of a merge, the message says so."""
    if damage.text.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
        return replace(damage, message="a merge left its conflict markers here; keep one side and remove the markers")
    return damage


def _not_utf8(data: bytes) -> Damage | None:
    """Return a Damage that locates the first byte of `data` that is not UTF-8; None if all bytes are UTF-8."""
    try:
        check_utf8(data)
    except UnicodeDecodeError as error:
        before = data[: error.start]
        start = before.rfind(b"\n") + 1
        line = data[start:].partition(b"\n")[0].decode("utf-8", "replace").rstrip("\r")
        column = len(before[start:].decode("utf-8")) + 1
        message = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
        return Damage(message, before.count(b"\n") + 1, column, line)
    return None
