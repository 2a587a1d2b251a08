"""What was read at one moment: the bytes, the document cut from them, and the list in it."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Any

from watchlist.errors import nearest
from watchlist.fields import from_table
from watchlist.model import Damage, Problem, Show, Shows, View, Watchlist
from watchlist.store.text import SHOW, Document, NotToml, check_between, check_utf8, quick_cut, read, table_of
from watchlist.values import Value, replace

VERSION = 1
_TOP = ("version", "shows", "views")
_TAKEN = "another show has this id"


class Snapshot(Value):
    """`data` is None where the file does not exist and the seeded list stands in for it.

    `written` has the ids as they stand in the file of those shows, by their number, that are known by another one.
    """

    data: bytes | None
    document: Document
    list: Watchlist
    written: Mapping[int, str]

    def name(self, at: int) -> str:
        """The name of a part: `name_of` a show, or `#0`, `#1` ... for what stands between."""
        return next(self.names_of_parts(at, at + 1))

    def names_of_parts(self, start: int, end: int) -> Iterator[str]:
        """The names of the parts from one to another."""
        number = self.document.number(start)
        for at in range(start, end):
            if self.document.kinds[at] == SHOW:
                yield name_of(self.list.shows[number].id)
                number += 1
            else:
                yield f"#{at - number}"

    def position(self, name: str) -> int | None:
        """Where the part of this name stands."""
        if name.startswith("#") and not name.startswith("##"):
            return next((at for n, at in enumerate(self.document.between) if f"#{n}" == name), None)
        number = self.list.shows.places.get(name.removeprefix("#"))
        return self.document.place(number) if number is not None and self.document.uncut is None else None

    def part(self, name: str) -> str | None:
        """The text of the part of this name."""
        at = self.position(name)
        return self.document.part(at).text if at is not None else None

    def known(self, start: int = 0, end: int | None = None) -> dict[bytes, Show]:
        """The shows in the blocks between two parts, but for those whose id is another one in the file."""
        document = self.document
        number = document.number(start)
        known = {}
        for at in range(start, len(document) if end is None else end):
            if document.kinds[at] == SHOW:
                if number not in self.written:
                    known[document.piece(at)] = self.list.shows[number]
                number += 1
        return known


def name_of(id: str) -> str:
    """The name of a show's block: its id, and never a name that a part between shows could have."""
    return f"#{id}" if id.startswith("#") else id


def seed() -> str:
    """The text of the list that a new user sees."""
    from importlib.resources import files

    return files("watchlist").joinpath("ballard.toml").read_text("utf-8")


@contextmanager
def collector_paused() -> Iterator[None]:
    """So many new values and no garbage: looking for some takes a tenth of the time."""
    collects = gc.isenabled()
    if collects:  # else who paused it, in another thread perhaps, lets it go on: it must not be paused again after that
        gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def look(data: bytes | None, previous: Snapshot | None = None) -> Snapshot:
    """The list in these bytes; blocks that `previous` knows are not read again. Never fails: damage is in the list."""
    with collector_paused():
        reading = Reading(data, previous.known() if previous is not None else {})
        reading.read_on()
        return reading.snapshot()


class Reading:
    """A text on its way to a list, a block at a time, so that whoever waits can be shown how far it is."""

    def __init__(self, data: bytes | None, known: Mapping[bytes, Show]) -> None:
        self._data = data
        self._text = seed().encode() if data is None else data
        self._known, self._shows = known, dict[bytes, Show]()
        self._damage = _not_utf8(self._text)
        self._document = Document.of(b"") if self._damage else quick_cut(self._text)
        self._blocks = iter(list(self._document.blocks))
        self._odd = False  # a block that does not parse by itself
        self.read: list[Show] = []  # in their order, ids as written
        self.total = self._document.kinds.count(SHOW)

    def read_on(self, seconds: float = 1e9) -> bool:
        """Read for about so long; whether all is read."""
        end = monotonic() + seconds
        try:
            for block in self._blocks:
                self.read.append(self._show(block))
                if monotonic() > end:
                    return False
        except (ValueError, RecursionError):
            self._odd = True
        return True

    def _show(self, block: bytes) -> Show:
        show = self._shows.get(block)
        if show is None:
            show = self._known.get(block) or from_table(table_of(block.decode("utf-8")))
            self._shows[block] = show
        return show

    def so_far(self) -> Watchlist:
        """The first shows, as a list of their own."""
        return Watchlist(named(self.read)[0])

    def snapshot(self) -> Snapshot:
        """What it came to, once all is read."""
        if self._damage is not None:
            return Snapshot(self._data, self._document, Watchlist(damage=self._damage), {})
        if not self._odd:
            try:
                check_between(self._document)
                return _whole(self._data, self._document, self.read)
            except (ValueError, RecursionError):
                pass
        try:
            document, tables = read(self._text, self._shows)
        except NotToml as error:
            snapshot = _whole(self._data, error.document, _shows(error.tables))
            return replace(snapshot, list=replace(snapshot.list, damage=_said_better(error.damage)))
        return _whole(self._data, document, _shows(tables))


def _shows(tables: Sequence[Any]) -> list[Show]:
    return [table if isinstance(table, Show) else from_table(table) for table in tables]


def _whole(data: bytes | None, document: Document, found: Sequence[Show]) -> Snapshot:
    shows, written = named(found)
    return Snapshot(data, document, list_of(document, shows), written)


def list_of(document: Document, shows: Shows) -> Watchlist:
    """A list with these shows, and all else from the text."""
    rest = _rest(document)
    views, problems = _views(rest.get("views"))
    version = rest.get("version", VERSION)
    return Watchlist(
        shows,
        views,
        {key: value for key, value in rest.items() if key not in _TOP},
        (*problems, *_misspelled(rest)),
        None if isinstance(version, int) and version <= VERSION else _newer(document, version),
    )


def named(shows: Sequence[Show], written: Mapping[int, str] | None = None) -> tuple[Shows, dict[int, str]]:
    """Every show with an id of its own: made where there is none, told apart where it is taken.

    `written` has the ids that shows have in the file where that is not what they come with. What is given back has the
    shows as they are known from now on, and the ids in the file of those, by number, that have another one there.
    """
    ids = [show.id for show in shows]
    written = written or {}
    if not written and "" not in ids and len(set(ids)) == len(ids):
        return shows if isinstance(shows, Shows) else Shows(shows), {}
    from watchlist.edits import wanted_id

    for number, id in written.items():
        ids[number] = id
    taken = dict.fromkeys(ids, 2)  # each with the number that its next namesake may get
    first: set[str] = set()
    others: dict[int, str] = {}
    result = []
    for number, (show, id) in enumerate(zip(shows, ids, strict=True)):
        wanted = id
        if not id:
            wanted = _unused(wanted_id(show, taken), taken)
        elif id in first:
            wanted = _unused(id, taken)
        first.add(wanted)
        if wanted != id:
            others[number] = id
        if wanted != id or number in written:
            show = named_as(show, wanted, id)
        result.append(show)
    return Shows(result), others


def named_as(show: Show, id: str, written: str) -> Show:
    """The show known by this id, which is a problem where it is taken from another one."""
    problems = tuple(problem for problem in show.problems if problem.message != _TAKEN)
    if written and id != written:
        problems = (*problems, Problem("id", _TAKEN, written))
    return show if (show.id, show.problems) == (id, problems) else replace(show, id=id, problems=problems)


def _unused(wanted: str, taken: dict[str, int]) -> str:
    """`unused`, from the number where the last namesake stopped counting: there may be thousands of them."""
    name, number = wanted, taken.get(wanted, 2)
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken |= {name: 2, wanted: number}
    return name


def _rest(document: Document) -> dict[str, Any]:
    try:
        return document.rest
    except (ValueError, RecursionError):
        return {}  # of a damaged text


def _views(raw: object) -> tuple[tuple[View, ...], tuple[Problem, ...]]:
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
    """Shows that nobody would see because their table is named a little wrong."""
    return tuple(
        Problem(key, 'did you mean "shows"?', value)
        for key, value in rest.items()
        if key not in _TOP and isinstance(value, list) and nearest(key, ["shows"])
    )


def _newer(document: Document, version: object) -> Damage:
    lines = document.text.split("\n")
    line = next((n for n, text in enumerate(lines, 1) if text.lstrip("\ufeff ").startswith("version")), 1)
    message = (
        f"this list has version {str(version)[:40]}, and this program knows version {VERSION}; a newer one is needed"
    )
    return Damage(message, line, 1, lines[line - 1].rstrip("\r"))


def _said_better(damage: Damage) -> Damage:
    if damage.text.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
        return replace(damage, message="a merge left its conflict markers here; keep one side and take them out")
    return damage


def _not_utf8(data: bytes) -> Damage | None:
    """Where these bytes are no text, if they are none."""
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
