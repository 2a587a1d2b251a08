"""What was read at one moment: the bytes, the document cut from them, and the list in it."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import count
from typing import Any

from watchlist.edits import wanted_id
from watchlist.errors import nearest
from watchlist.fields import from_table
from watchlist.model import Damage, Problem, Show, View, Watchlist
from watchlist.store.text import Document, NotToml, Part, read, table_of

VERSION = 1
_TOP = ("version", "shows", "views")


@dataclass(frozen=True)
class Snapshot:
    """`data` is None where the file does not exist and the seeded list stands in for it.

    `names` has one name for each part of the document: `name_of` a show, or `#0`, `#1` ... for what stands between.
    """

    data: bytes | None
    document: Document
    list: Watchlist
    names: tuple[str, ...]
    known: Mapping[str, Show]  # the show in each block's text, its id as written: what need not be read again

    def position(self, name: str) -> int | None:
        """Where the part of this name stands."""
        return self._positions.get(name)

    @property
    def _positions(self) -> Mapping[str, int]:
        positions = self.__dict__.get("positions")
        if positions is None:
            positions = self.__dict__["positions"] = {name: at for at, name in enumerate(self.names)}
        return positions


def seed() -> str:
    """The text of the list that a new user sees."""
    return files("watchlist").joinpath("ballard.toml").read_text("utf-8")


def look(data: bytes | None, previous: Snapshot | None = None) -> Snapshot:
    """The list in these bytes; blocks that `previous` knows are not read again. Never fails: damage is in the list."""
    collects = gc.isenabled()
    gc.disable()  # so many new values and no garbage: looking for some takes a tenth of the time
    try:
        return _look(data, previous)
    finally:
        if collects:
            gc.enable()


def _look(data: bytes | None, previous: Snapshot | None) -> Snapshot:
    known = previous.known if previous else {}
    try:
        text = seed() if data is None else data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Snapshot(data, Document(()), Watchlist(damage=_not_utf8(data or b"", error)), (), {})
    try:
        document, tables = read(text, known)
    except NotToml as error:
        snapshot = assemble(error.document, data, {**known, **shows_in(error.document, error.tables)})
        return replace(snapshot, list=replace(snapshot.list, damage=_said_better(error.damage)))
    return assemble(document, data, {**known, **shows_in(document, tables)})


def shows_in(document: Document, tables: Iterable[dict[str, Any] | None]) -> dict[str, Show]:
    """The show in each block whose table was read."""
    blocks = (part.text for part in document.parts if part.show)
    return {text: from_table(table) for text, table in zip(blocks, tables, strict=False) if table is not None}


def assemble(document: Document, data: bytes | None, known: Mapping[str, Show]) -> Snapshot:
    """The snapshot of a document that is cut already."""
    shows: list[Show] = []
    found: dict[str, Show] = {}
    for part in document.parts:
        if part.show:
            show = known.get(part.text)
            if show is None:
                show = _from_block(part.text)
            found[part.text] = show
            shows.append(show)
    shows += [from_table(table) for table in document.uncut or ()]
    named = _with_ids(shows)
    rest = _rest(document)
    views, problems = _views(rest.get("views"))
    version = rest.get("version", VERSION)
    library = Watchlist(
        tuple(named),
        views,
        {key: value for key, value in rest.items() if key not in _TOP},
        (*problems, *_misspelled(rest)),
        None if isinstance(version, int) and version <= VERSION else _newer(document, version),
    )
    return Snapshot(data, document, library, _names(document.parts, named), found)


def _from_block(text: str) -> Show:
    return from_table(table_of(text))


def _with_ids(shows: list[Show]) -> list[Show]:
    """Every show with an id of its own: made where there is none, told apart where it is taken."""
    taken = {show.id: 2 for show in shows if show.id}  # each with the number that its next namesake may get
    first: set[str] = set()
    named = []
    for show in shows:
        if not show.id:
            show = replace(show, id=_unused(wanted_id(show, taken), taken))
        elif show.id in first:
            problem = Problem("id", "another show has this id", show.id)
            show = replace(show, id=_unused(show.id, taken), problems=(*show.problems, problem))
        first.add(show.id)
        named.append(show)
    return named


def _unused(wanted: str, taken: dict[str, int]) -> str:
    """`unused`, from the number where the last namesake stopped counting: there may be thousands of them."""
    name, number = wanted, taken.get(wanted, 2)
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    taken |= {name: 2, wanted: number}
    return name


def _names(parts: Iterable[Part], shows: list[Show]) -> tuple[str, ...]:
    ids = (name_of(show.id) for show in shows)
    others = (f"#{number}" for number in count())
    return tuple(next(ids) if part.show else next(others) for part in parts)


def name_of(id: str) -> str:
    """The name of a show's block: its id, and never a name that a part between shows could have."""
    return f"#{id}" if id.startswith("#") else id


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
    message = f"this list has version {version}, and this program knows version {VERSION}; a newer one is needed"
    return Damage(message, line, 1, lines[line - 1].rstrip("\r"))


def _said_better(damage: Damage) -> Damage:
    if damage.text.startswith(("<<<<<<<", "=======", ">>>>>>>", "|||||||")):
        return replace(damage, message="a merge left its conflict markers here; keep one side and take them out")
    return damage


def _not_utf8(data: bytes, error: UnicodeDecodeError) -> Damage:
    before = data[: error.start]
    start = before.rfind(b"\n") + 1
    line = data[start:].split(b"\n", 1)[0].decode("utf-8", "replace").rstrip("\r")
    column = len(before[start:].decode("utf-8", "replace")) + 1
    message = f"byte {error.start} (0x{data[error.start]:02x}) is not UTF-8"
    return Damage(message, before.count(b"\n") + 1, column, line)
