"""The index is untrusted input: forged, of other code or damaged, it makes nothing fail and nothing of it is written."""

from __future__ import annotations

import ast
import json
import os
import shutil
import subprocess
import sys
from array import array
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random
from types import NoneType
from typing import Any

import pytest

import watchlist
from tests import profile
from tests.conftest import Call
from watchlist.domain import edits
from watchlist.domain.dates import PartialDate
from watchlist.domain.edits import Assignment
from watchlist.domain.fields import FIELDS
from watchlist.domain.model import Show
from watchlist.domain.show_toml import from_table
from watchlist.paths import Paths
from watchlist.query import parse, select
from watchlist.query.columns import COLUMNS
from watchlist.store.cache import show_index
from watchlist.store.cache.index_sections import INVALID_SECTION, decoded
from watchlist.store.cache.show_index import CODE, ShowIndex
from watchlist.store.library import Library
from watchlist.store.toml.parser import table_of
from watchlist.store.verify import is_from_index

PACKAGE = Path(watchlist.__file__).parent
MANY = 120
HEAD = "version = 1\nmine = 5\n\n"
BLOCK = """[[shows]]
id = "s{0:03}"
title = "Show {0:03}"
kind = "series"
year = {1}
status = "planned"
rating = 3.5
platform = "Arte"
added = 2026-01-02
tags = ["a", "b"]
synopsis = "{2}"

[[shows.viewings]]
date = 2026-01-03

"""
TEXT = HEAD + "".join(BLOCK.format(number, 1900 + number, "word " * 30) for number in range(MANY))
Sections = dict[str, bytes]
Forge = Callable[[Sections], object]


@pytest.fixture
def place(tmp_path: Path) -> Paths:
    (tmp_path / "list.toml").write_text(TEXT, "utf-8")
    return Paths(tmp_path / "config.toml", tmp_path / "list.toml", tmp_path / "state", tmp_path / "cache")


def opened(paths: Paths) -> Library:
    return Library.open(paths.data, paths)


def remembered(paths: Paths) -> Path:
    """The index of the list, with an order."""
    library = opened(paths)
    select(library.list.shows, parse("sort:title"))
    library.list_file.remember()
    path = paths.index(paths.data)
    assert path.is_file()
    assert is_from_index(opened(paths).snapshot)
    return path


def forge(path: Path, change: Forge, head_change: Callable[[dict[str, Any]], object] = lambda head: None) -> None:
    """Change the sections of an index, and make all hashes right again."""
    head, _, body = path.read_bytes().partition(b" ")[2].partition(b"\n")
    row = json.loads(head)
    sections = {name: body[start : start + size] for name, (start, size, _) in row["sections"].items()}
    change(sections)
    places, at = {}, 0
    for name, raw in sections.items():
        places[name] = [at, len(raw), show_index._hash(raw).hex()]
        at += len(raw)
    row["sections"] = places
    head_change(row)
    head = json.dumps(row).encode()
    path.write_bytes(show_index._hash(head).hex().encode() + b" " + head + b"\n" + b"".join(sections.values()))


def column(name: str, change: Callable[[Any], Any]) -> Forge:
    def act(sections: Sections) -> None:
        sections[name] = json.dumps(change(json.loads(sections[name]))).encode()

    return act


def every(value: object) -> Callable[[Any], Any]:
    return lambda values: [value] * len(values)


def swapped(values: list[Any]) -> list[Any]:
    return [values[1], values[0], *values[2:]]


def numbers(change: Callable[[list[int]], list[int]], name: str = "@starts", kind: str = "q") -> Forge:
    def act(sections: Sections) -> None:
        sections[name] = array(kind, change(array(kind, sections[name]).tolist())).tobytes()

    return act


def raw(name: str, data: bytes) -> Forge:
    return lambda sections: sections.update({name: data})


FALSE: dict[str, Forge] = {
    "titles": column("title", every("Forged")),
    "tags": column("tags", every(["Forged"])),
    "kinds": column("kind", every("film")),
    "statuses": column("status", every("watching")),
    "ratings": column("rating", every(1.5)),
    "platforms": column("platform", every("Forged")),
    "no viewings": column("has:viewings", every(False)),
    "no synopsis": column("has:synopsis", every(False)),
    "own keys": column("keys", every(["forged"])),
    "ids that changed places": column("@ids", swapped),
    "other ids": column("@ids", lambda ids: [f"forged-{id}" for id in ids]),
    "no id is s005": column("@ids", lambda ids: [id.replace("s005", "forged") for id in ids]),
    "ids in the file": column("@written", lambda _: {"5": "forged"}),
    "another version": raw("@rest", b'{"version": 99}'),
    "starts one line later": numbers(lambda starts: [starts[0], *(at + 10 for at in starts[1:])]),
    "starts in the midst of shows": numbers(lambda starts: [starts[0], *(at + 70 for at in starts[1:])]),
    "starts that are all one": numbers(lambda starts: [starts[0]] + [starts[1]] * (len(starts) - 1)),
    "a show less": lambda sections: [
        numbers(lambda starts: starts[:-1])(sections),
        sections.update({"@kinds": sections["@kinds"][:-1]}),
        column("@ids", lambda ids: ids[:-1])(sections),
    ],
}
ACTS: dict[str, Callable[[Library], object]] = {
    "rate": lambda library: library.apply(edits.rate(["s005"], 4.0)),
    "tag": lambda library: library.apply(edits.tag(["s005"], ["new"])),
    "set": lambda library: library.apply(
        edits.assign(["s005"], [Assignment.parse("tags-=a"), Assignment.parse("year=1999")])
    ),
    "remove": lambda library: library.apply(edits.remove(["s005"])),
    "add": lambda library: library.apply(edits.add(Show("", "S005"))),
    "many": lambda library: library.apply(edits.rate([f"s{n:03}" for n in range(MANY)], 4.0)),
    "block": lambda library: library.replace_block("s005", BLOCK.format(5, 1, "x")),
    "text": lambda library: library.replace_text(TEXT.replace("Arte", "ARTE")),
    "undo": lambda library: library.undo(),
}


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("false", FALSE)
def test_C8_what_is_written_comes_from_the_text_alone(place: Paths, false: str, act: str) -> None:
    if act == "undo":
        opened(place).apply(edits.rate(["s005"], 2.0))
    before = place.data.read_bytes()
    ACTS[act](opened(place))
    opened(place).apply(edits.rate(["s000", "s001"], 1.0))
    wanted = place.data.read_bytes()
    shutil.rmtree(place.state)
    place.data.write_text(TEXT, "utf-8")
    if act == "undo":
        opened(place).apply(edits.rate(["s005"], 2.0))
    assert place.data.read_bytes() == before
    forge(remembered(place), FALSE[false])
    ACTS[act](opened(place))
    opened(place).apply(edits.rate(["s000", "s001"], 1.0))  # the index is of another text by now
    assert place.data.read_bytes() == wanted
    assert b"orged" not in wanted


GARBAGE: tuple[bytes, ...] = (
    *(
        b"",
        b"x",
        b"null",
        b"[]",
        b"{}",
        b"5",
        b'"x"',
        b"[5]",
        b"[null]",
        b"[[5]]",
        b'[{"a": [1]}]',
        b"\xff" * 64,
        b"\0" * 9,
    ),
    json.dumps([5] * MANY).encode(),
    json.dumps([None] * MANY).encode(),
    json.dumps(["x"] * MANY).encode(),
    json.dumps([[5]] * MANY).encode(),
    json.dumps([["x"]] * MANY).encode(),
    json.dumps([[["x", 1, 1]]] * MANY).encode(),
    json.dumps([True] * MANY).encode(),
    json.dumps([{}] * MANY).encode(),
    b"[" + b",".join([b"NaN"] * MANY) + b"]",
    b"[" * 5000,
    json.dumps([f"x{n}" for n in range(MANY)]).encode(),
    b'{"x": 5}',
    b'{"5": 5}',
    b'{"99999": "x"}',
    array("q", range(MANY + 1)).tobytes(),
    array("q", range(MANY + 1, 0, -1)).tobytes(),
    array("q", [-1] * (MANY + 1)).tobytes(),
    array("q", [1 << 60] * (MANY + 1)).tobytes(),
    array("I", range(1, MANY + 1)).tobytes(),
    array("I", [0] * MANY).tobytes(),
    b"\1" * (MANY + 1),
    b"\7" * (MANY + 1),
)


def look_at_everything(library: Library) -> list[object]:
    shows = library.list.shows
    found: list[object] = [show.title for show in select(shows, parse("sort:title"))]
    for query in (
        "show",
        "is:broken",
        "tag:a",
        "watched:2026",
        "cast:x",
        "notes:x",
        "mine:any",
        "left:any",
        "rating:3..",
    ):
        found.append([show.id for show in select(shows, parse(query, own_keys=["mine"]))])
    found += [(show.synopsis, show.cast, show.viewings, show.problems) for show in shows]
    from watchlist.stats.statistics import Statistics

    found.append(Statistics)
    return found


def test_C8_no_section_of_any_shape_makes_anything_fail(place: Paths, request: pytest.FixtureRequest) -> None:
    """Each section gets a part of the garbage, so that all of it is tried; with `--long`, each gets all of it."""
    step = 1 if request.config.getoption("--long") else 4 if profile.FULL else 16
    path = remembered(place)
    whole = path.read_bytes()
    names = list(json.loads(whole.partition(b" ")[2].partition(b"\n")[0])["sections"])
    for number, name in enumerate(names):
        for data in GARBAGE[number % step :: step]:
            path.write_bytes(whole)
            forge(path, raw(name, data))
            library = opened(place)
            look_at_everything(library)
            library.apply(edits.rate(["s005"], 4.0))
            assert b"rating = 4.0" in place.data.read_bytes()
            place.data.write_text(TEXT, "utf-8")
        assert number < 100


@pytest.mark.parametrize(
    "change",
    [
        *({"sections": {}}, {"sections": []}, {"sections": {"title": [0]}}, {"sections": {"title": [-5, 10, "x"]}}),
        *(
            {"sections": {"@ids": [0, 1 << 70, ""]}},
            {"sections": {"@ids": [1 << 70, 5, ""]}},
            {"of": "00"},
            {"of": None},
        ),
        *(
            {"maker": ""},
            {"maker": None},
            {"sections": {"@ids": ["0", "5", ""]}},
            {"sections": {"@ids": [0.5, 1e300, ""]}},
        ),
    ],
)
def test_C8_a_head_of_any_shape_is_no_index(place: Paths, change: dict[str, Any]) -> None:
    path = remembered(place)
    forge(path, lambda sections: None, lambda head: head.update(change))
    library = opened(place)
    assert [show.id for show in library.list.shows] == [f"s{n:03}" for n in range(MANY)]
    library.apply(edits.rate(["s005"], 4.0))


def test_C8_a_byte_that_flips_anywhere_changes_no_result(place: Paths) -> None:
    path = remembered(place)
    whole, chance = path.read_bytes(), Random(8)
    wanted = look_at_everything(opened(place))
    for _ in range(profile.examples(300)):
        at = chance.randrange(len(whole)) if chance.random() < 0.7 else chance.randrange(3000)
        data = bytearray(whole)
        data[at] ^= 1 << chance.randrange(8)
        path.write_bytes(data if chance.random() < 0.8 else data[:at])
        assert look_at_everything(opened(place)) == wanted


def test_C8_a_title_that_only_the_index_has_leads_to_no_show(call: Call, tmp_path: Path, home: dict[str, str]) -> None:
    file = tmp_path / "list.toml"
    file.write_text(TEXT, "utf-8")
    call("--file", str(file), "list")
    paths = Paths(tmp_path, file, tmp_path, Path(home["XDG_CACHE_HOME"]) / "watchlist")
    forge(paths.index(file), column("title", lambda titles: [*titles[:5], "Forged", *titles[6:]]))
    assert "Forged" in call("--file", str(file), "list").out  # shown, as far as that goes
    forge(paths.index(file), lambda sections: None)
    ran = call("--file", str(file), "rate", "Forged", "4")
    assert (ran.code, "Forged" in ran.err) == (1, True)
    assert file.read_text("utf-8") == TEXT
    forge(paths.index(file), column("rating", lambda ratings: [5.0, *ratings[1:]]))
    ran = call("--file", str(file), "tag", "--where", "rating:5", "--yes", "+x")
    assert ran.code != 0
    assert file.read_text("utf-8") == TEXT


@pytest.mark.parametrize("name", ["unicodedata.unidata_version", "sys.version_info"])
def test_C8_an_index_of_another_python_is_not_used(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Titles are folded and sorted by the Unicode tables of Python."""
    before = show_index.code_digest()
    monkeypatch.setattr(name, {"unicodedata.unidata_version": "1.1.5", "sys.version_info": (9, 9, 9)}[name])
    show_index.code_digest.cache_clear()
    try:
        assert before != show_index.code_digest() != ""
    finally:
        show_index.code_digest.cache_clear()


def test_C8_an_index_of_other_code_is_not_used(place: Paths, tmp_path: Path) -> None:
    """A build of the same version, its files of the same size and time, in which a column is worked out differently."""
    copy = tmp_path / "other" / "watchlist"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    states = copy / "query" / "is_words.py"
    status = states.stat()
    text = states.read_text("utf-8")
    assert '"rated": lambda show: show.rating is not None' in text
    states.write_text(
        text.replace('"rated": lambda show: show.rating is not None', '"rated": lambda show: show.rating is     None'),
        "utf-8",
    )
    os.utime(states, ns=(status.st_atime_ns, status.st_mtime_ns))
    remembered(place)

    def rated(folder: Path) -> int:
        code = (
            "from pathlib import Path; from watchlist.paths import Paths; from watchlist.store.library import Library;"
            "from watchlist.query import parse, select; import sys;"
            f"paths = Paths(*map(Path, {[str(place.config), str(place.data), str(place.state), str(place.cache)]!r}));"
            "library = Library.open(paths.data, paths);"
            "print(len(list(select(library.list.shows, parse('is:rated'))))); library.list_file.remember()"
        )
        environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
        ran = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True, cwd=tmp_path
        )
        return int(ran.stdout)

    assert rated(PACKAGE.parent) == MANY
    assert rated(copy.parent) == 0
    assert rated(PACKAGE.parent) == MANY


def test_C8_where_the_code_can_not_be_read_no_index_is_used(place: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    path = remembered(place)
    monkeypatch.setattr(show_index, "CODE", (*CODE, "nothing"))
    show_index.code_digest.cache_clear()
    try:
        assert show_index.code_digest() == ""
        assert ShowIndex.open(path) is None
        path.unlink()
        opened(place).list_file.remember()
        assert not path.exists()
    finally:
        show_index.code_digest.cache_clear()


def test_C8_the_digest_covers_all_modules_that_decide_what_is_in_an_index() -> None:
    found: set[Path] = set()
    todo = [PACKAGE / "store" / "cache" / "show_index.py"]
    while todo:
        path = todo.pop()
        if path not in found:
            found.add(path)
            todo += _imported(path)
    names = {str(path.relative_to(PACKAGE).with_suffix("")) for path in found}
    assert {name for name in names if not name.endswith("__init__")} == set(CODE)


def _imported(path: Path) -> list[Path]:
    """The modules of the package that one imports, wherever, but for types alone."""
    names: list[str] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("watchlist"):
            names.extend([node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)])
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text("utf-8")))
    paths = [PACKAGE.joinpath(*name.split(".")[1:]).with_suffix(".py") for name in names if "." in name]
    return [path for path in paths if path.is_file()]


def test_C8_an_index_of_every_kind_of_value_is_used(place: Paths) -> None:
    odd = """premiered = "2019-05"
rating = 4
year = 2000
ids = { imdb = "tt1", tmdb = 5 }
sources = { tvmaze = 2026-11-29, "my own" = "2026-11" }
kind = "film"
cast = [{ actor = "A", role = "B" }]
mine = nan

[[shows.viewings]]
date = 2026-01-03T20:00:00

[[shows.viewings]]
date = "2019"

[[shows.viewings]]
"""
    place.data.write_text(TEXT + '\n[[shows]]\nid = "odd"\ntitle = "Odd"\n' + odd, "utf-8")
    found = ShowIndex.open(remembered(place))
    assert found is not None
    assert found.snapshot(place.data.read_bytes()) is not None
    assert [name for name in (*COLUMNS, *found.orders) if found(name) is None] == []
    assert not found.damaged
    before = place.data.read_bytes()
    library = opened(place)
    assert library.confirm(library.list.shows)
    assert is_from_index(library.snapshot)
    library.apply(edits.rate(["odd"], 3.0))
    assert is_from_index(library.snapshot)
    assert place.data.read_bytes() != before


VALUES: tuple[str, ...] = (
    *("0", "1", "-1", "5.5", "7", '""', "false", "true", "null", "[]", "{}", '"x"', '["x"]', "[0]", "[null]", "[[]]"),
    *("1e999", "1" + "0" * 30, "1" + "0" * 5000, "0.001", "6", "5.0", "3000", '"\\ud800"', '["\\udfff"]'),
    *('"0/0"', '"1/0"', '"/"', '"1/2/3"', '"²/3"', '"-1/2"', '"1/?"', '"3/10"', '"1"', '"99999999999/1"'),
    *('"2026-01-03"', '"2026-1-3"', '"20260103"', '"2026-W01-1"', '"2026-02-30"', '"0000"', '"2026-13"', '"2026"'),
    *(
        '["2026-01-03"]',
        '["20260103"]',
        '[""]',
        '{"2026-01-03": 1}',
        '"20"',
        "[false]",
        '{"imdb": 5}',
        '{"imdb": true}',
    ),
    *(
        '{"imdb": null}',
        '{"imdb": 9223372036854775808}',
        '{"imdb": [5]}',
        '"javascript:x"',
        '"https://x"',
        '"film"',
        '"planned"',
    ),
    *('[["", null, false]]', '[["2026-01-03T20:00:00", 5, true]]', "[[0, 5, true]]", "[[false, 5, true]]", '["abc"]'),
    *(
        '[["2026-01-03x", 5, true]]',
        '[["", -5, true]]',
        '[["", true, true]]',
        '[["", 5, 1]]',
        '[["", 5]]',
        "[[[], 5, true]]",
    ),
)


def types_of(name: str) -> set[type]:
    """The types of values that a column has of shows that have everything, or nothing."""
    shows = [from_table(table_of(block)) for block in (FULL, '[[shows]]\nid = "x"\ntitle = "X"\n')]
    types = {type(COLUMNS[name](show)) for show in shows}
    return types | {date, PartialDate} if types & {date, PartialDate} else types


FULL = """[[shows]]
id = "x"
title = "X"
kind = "series"
year = 2000
rating = 3.5
premiered = 2026-01-03
added = "2026-01"
runtime = 50
tags = ["a"]
aka = ["a"]
genres = ["a"]
creators = ["a"]
related = ["a"]
ids = { imdb = "tt1", tmdb = 5 }
sources = { tvmaze = 2026-11-29 }
cast = [{ actor = "A", role = "B" }]
mine = 5

[[shows.seasons]]
number = 1
episodes = 3
watched = "1"

[[shows.viewings]]
date = 2026-01-03T20:00:00

[[shows.viewings]]
date = 2026-01

[[shows.viewings]]
""".replace("date = 2026-01\n", 'date = "2026-01"\n')


@pytest.mark.parametrize("name", COLUMNS)
def test_C8_a_value_that_a_column_never_has_makes_it_no_column(name: str) -> None:
    types, read = types_of(name), 0
    for value in VALUES:
        try:
            found, _ = decoded(name, f"[{value},{value}]".encode(), 2)
        except INVALID_SECTION:
            continue
        read += 1
        assert type(found) in types, value
        if name in FIELDS and found != (field := FIELDS[name].type).empty:
            field.key(found)
            "".join((field.format(found), *field.texts(found))).encode()
        if name == "viewed":
            assert all(list(map(type, row)) in ([str, int, bool], [str, NoneType, bool]) for row in found)
    assert read or name in ("searched", "id"), "what it has is read"


@pytest.mark.parametrize("value", ['""', "0", "false", '"0/0"', '"x"', "[[0, 5, true]]", "[0]", "1e999"])
def test_C8_whatever_every_column_says_lists_and_statistics_are_those_of_the_text(
    call: Call, tmp_path: Path, home: dict[str, str], value: str
) -> None:
    file = tmp_path / "list.toml"
    file.write_text(TEXT, "utf-8")
    acts = [
        ["list", "-0", f"sort:{field}"]
        for field in ("progress", "added", "premiered", "watched", "left", "rating", "title", "ids", "tags", "year")
    ]
    acts += [
        ["stats", "--json"],
        ["list", "watched:2026", "--json"],
        ["show", "s005"],
        ["pick", "-n", "3", "--seed", "1", "--json"],
    ]
    acts = acts if value == '"x"' else acts[:4] + acts[-4:]
    wanted = [call("--file", str(file), *act) for act in acts]
    path = Paths(tmp_path, file, tmp_path, Path(home["XDG_CACHE_HOME"]) / "watchlist").index(file)
    whole = path.read_bytes()
    names = [name for name in COLUMNS if not name.startswith(("has:", "is:")) and (value[0] != '"' or name in DATED)]
    for act, ran in zip(acts, wanted, strict=True):
        path.write_bytes(whole)
        forge(path, lambda sections: [raw(name, f"[{','.join([value] * MANY)}]".encode())(sections) for name in names])
        again = call("--file", str(file), *act)
        assert (again.code, again.err) == (ran.code, ran.err)
        assert again.out == ran.out


DATED = ("premiered", "added", "watched", "days", "viewed", "progress", "left", "minutes_left", "year", "rating", "ids")
