"""What the schema says about a list, and what the program says: the same, but for the table of differences in the manual.

Each mutated list has one value that may be wrong. check-jsonschema runs in this process; Taplo and Tombi are given all lists
in one call.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from math import inf, isnan
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from check_jsonschema.cli import main as check_jsonschema
from click.testing import CliRunner

from tests.trust.conftest import Figure, Many
from watchlist.cli.verbs.schema import schema_file
from watchlist.doctor import Severity, examine
from watchlist.domain.field_types import (
    ChoiceType,
    Date,
    DateList,
    EpisodeRatings,
    FieldType,
    Ids,
    Integer,
    Ranges,
    Rating,
    StringList,
    TextType,
    Url,
)
from watchlist.domain.fields import STORED
from watchlist.domain.named_dates import NamedDates
from watchlist.domain.record_fields import Records
from watchlist.domain.watchlist import SCHEMA_COMMENT, SCHEMA_FILE
from watchlist.paths import Paths
from watchlist.store.library import Library
from watchlist.store.toml.parser import parse

MANUAL = Path(__file__).parents[2] / "watchlist" / "manual" / "file.md"
BIN = Path(sys.executable).parent
TOOLS = ("watchlist", "check-jsonschema", "Taplo", "Tombi")

SOUND = """
[[shows]]
id = "sound"
title = "Sound"
kind = "series"
year = 1995
rating = 4.35
premiered = 1995-12-15
added = "2026-11"
url = "https://example.org/ä?b=c"
ids = { imdb = "tt0113277", tmdb = 949 }
cast = [{ actor = "A", role = "B", mine = 2026-11-20 }]
mine = { deep = [1, "a", { b = 21:30:00 }] }

[[shows.seasons]]
number = 1
episodes = 10
watched = "1-3, 5"
ratings = { 1 = 4.35, 3 = 5 }

[[shows.viewings]]
date = 2026-11-20T21:30:00
with = ["Ada"]

[mine]
key = 1
"""
# TOML values that are put in place of any value.
ANY = r"""
"x" | "" | " " | "two\nlines" | '1' | true | 0 | -1 | 3 | 2.0 | 2.5 | nan | inf | -inf | 1e9 | 0x10 | 1_000 | 9999999999
2026-11-20 | 2026-11-20T21:30:00 | 2026-11-20 21:30:00.25 | 2026-11-20T21:30:00Z | 2026-11-20T21:30:00+02:00 | 21:30:00
[] | ["a", "b"] | [1] | [2026-11-20] | [21:30:00] | ["a", ["b"]] | {} | { a = 1 } | { a = 2026-11-20 } | [{}] | [[]]
"""
# TOML values that are put in place of a value of a type, because they are at or past a limit of that type.
LIMITS: Mapping[type[FieldType[Any]], str] = {
    Url: r'"https://a.b" | "http://a.b/ä" | "https://a b" | "ftp://a" | "https://a\n" | "https://a\u200b"',
    TextType: r'"\u0000" | "ä"',
    Integer: "LOW | HIGH | BELOW | ABOVE | LOW.0 | HIGH.0 | 'LOW'",
    Rating: '0.01 | 4.35 | 5 | 5.0 | 5.01 | 4.345 | 0.001 | "4.5" | -0.5 | 11',
    Date: '"2026" | "2026-11" | "2026-13" | "0000" | "2026-11-20" | "2026-11-20T21:30:00" | "yesterday"',
    DateList: """
        [2025-07-09, ""] | ["2025-08", "2025", 2025-07-09] | [2025-07-09T21:30:00] | ["2025-13"] | [" "] | ["soon"] | [0]
    """,
    ChoiceType: '"series" | "film" | "watched" | "dropped" | "Film" | "WATCHED" | "watched "',
    StringList: '["a", 1] | [""] | ["a", true] | "a, b"',
    Ranges: r"""
        "1-3, 5" | "1 – 3" | " , 2 ," | "20000" | "1,\n2"
        "3-1" | "0" | "20001" | "1 2" | "1-" | "E1" | "1234567"
    """,
    EpisodeRatings: """
        { 1 = 4.5 } | { x = 1 } | { 12345 = 1 } | { 123456 = 1 } | { 1 = 6 } | { 1 = 4, 01 = 3 } | { 1 = 4.345 }
        { 1 = nan } | { 1 = "4" } | { '-1' = 4 }
    """,
    Ids: '{ imdb = "tt1", tmdb = 1 } | { a = 1.5 } | { a = 1.0 } | { a = true } | { a = [] } | { a = 21:30:00 }',
    NamedDates: """
        { tvmaze = 2026-11-29, a = "2026" } | { a = "2026-11" } | { a = "yesterday" } | { a = 5 } | { a = "2026-13" } | {}
    """,
    Records: '[5] | ["a"] | [{}, {}] | [{ other = 1 }] | { other = 1 }',
}
# Lines above all shows; `;` stands for a line break, here and below.
ABOVE = r"""
version = "1" | version = 1 | version = 2 | version = 1.0 | version = true | version = 0 | version = 2026-11-20 | = 5
views = 5 | views = [] | views = [5] | views = {} | views = { name = "a" } | views = "a" | mine = 5 | mine = nan
mine = | mine = "a | mine = 1;mine = 2 | mine = 2026-02-30 | [mine | mine = [1 | mine = 01 | mine = 'a' 'b'
[a];[a] | mine = {a = 1;b = 2} | mine = "\q" | mine = 2026-11-20T25:00:00
"""
# Lines below all shows.
BELOW = """
[views];name = "a";query = "b" | [[views]];name = "a" | [[views]];query = "b" | [[views]];name = 5
[[views]];name = "a";query = 5 | [[views]];name = 2026-11-20 | [[views]];name = "a";query = 21:30:00
[[views]];name = "a";mine = 5 | [[shows]];id = "a" | [[shows]] | [[show]];title = "a" | [[films]];title = "a"
[[shows]];id = "sound";title = "a"
[[shows]];title = "a";[[shows.seasons]];number = 1;number = 2
[mine.table];x = nan | [[shows]];title = "a";[shows.mine];x = 1
"""
# Whole lists.
ALONE = """
shows = 5 | shows = "a" | shows = [5] | shows = [] | shows = {} | shows = [{ title = "a" }] | version = 1 | # nothing
"""


# Values of the columns that every row needs.
NEEDED = {"actor": '"a"', "name": '"a"', "number": "1"}


class Mutated(NamedTuple):
    """A list: its text, and the type and the TOML value of what was mutated; None if that is in no field of a show."""

    text: str
    type: FieldType[Any] | None = None
    value: Any = None


def mutated_lists() -> Iterator[Mutated]:
    """Yield every list with one mutation."""
    for field in STORED:
        title = "" if field.name == "title" else 'title = "Mutated"\n'
        for literal in _literals(field.type):
            yield _mutated(f"[[shows]]\n{title}{field.name} = {literal}\n", field.type, literal)
        for column in field.type.columns if isinstance(field.type, Records) else ():
            needed = field.type.required
            row = "" if needed in ("", column.key) else f"{needed} = {NEEDED[needed]}\n"
            for literal in _literals(column.type):
                text = f"[[shows]]\n{title}[[shows.{field.name}]]\n{row}{column.key} = {literal}\n"
                yield _mutated(text, column.type, literal)
    yield from (Mutated(f"{SCHEMA_COMMENT}\n{lines}\n{SOUND}") for lines in _split(ABOVE))
    yield from (Mutated(f"{SCHEMA_COMMENT}\n{SOUND}\n{lines}\n") for lines in _split(BELOW))
    yield from (Mutated(f"{SCHEMA_COMMENT}\n{lines}\n") for lines in _split(ALONE))


def _split(texts: str) -> list[str]:
    return [text.strip().replace(";", "\n") for text in re.split(r"\||\n", texts) if text.strip()]


def _literals(type: FieldType[Any]) -> Iterable[str]:
    limits = next(limits for kind, limits in LIMITS.items() if isinstance(type, kind))
    if isinstance(type, Integer):
        limits = limits.replace("BELOW", str(type.low - 1)).replace("ABOVE", str(type.high + 1))
        limits = limits.replace("LOW", str(type.low)).replace("HIGH", str(type.high))
    return dict.fromkeys(_split(limits) + _split(ANY))


def _mutated(block: str, type: FieldType[Any], literal: str) -> Mutated:
    return Mutated(f"{SCHEMA_COMMENT}\nversion = 1\n{SOUND}\n{block}", type, parse(f"v = {literal}")["v"])


def _times(value: Any) -> bool:
    """Return True for a date, a datetime or a time."""
    return isinstance(value, (date, time))


def _is_text_in(type: FieldType[Any] | None, value: Any, test: Callable[[Any], bool]) -> bool:
    """Return True if all that stands where text is due passes, and something does that is not text."""
    if isinstance(type, StringList) and isinstance(value, list):
        parts = value
    elif isinstance(type, Ids) and isinstance(value, dict):
        parts = [part for part in value.values() if not isinstance(part, int)]
    else:
        parts = [value] if isinstance(type, TextType) and not isinstance(type, Url) else []
    odd = [part for part in parts if not isinstance(part, str)]
    return bool(odd) and all(map(test, odd))


# By the first cell of a row of the manual: whether a list is meant by that row.
ROWS: Mapping[str, Callable[[Mutated], bool]] = {
    "a rating with three decimals": lambda m: any(
        isinstance(n, float) and 0 < n < 5 and round(n, 2) != n for n in _ratings(m)
    ),
    "episodes in the wrong order or out of range": lambda m: (
        isinstance(m.type, Ranges) and m.value in ("3-1", "0", "20001")
    ),
    "an episode rated twice": lambda m: isinstance(m.type, EpisodeRatings) and m.value == {"1": 4, "01": 3},
    "an id that another show has": lambda m: 'id = "sound"\ntitle = "a"' in m.text,
    "a misspelled `[[shows]]`": lambda m: "[[show]]" in m.text,
    "an invisible character in an address": lambda m: isinstance(m.type, Url) and m.value == "https://a\u200b",
    "a date or time without quotes in place of text": lambda m: (
        _is_text_in(m.type, m.value, _times)
        or (m.type is None and re.search(r"(name|query) = [0-9]+[:-]", m.text) is not None)
    ),
    "a date in quotes in place of a date": lambda m: (
        isinstance(m.type, Date)
        and m.value in (("2026-11-20", "2026-11-20T21:30:00") if m.type.time else ("2026-11-20",))
    ),
    "a time in UTC in place of a local time": lambda m: isinstance(m.type, Date) and m.type.time and _is_utc(m.value),
    "a whole number with a decimal point": lambda m: (
        "version = 1.0" in m.text
        or any(isinstance(n, float) and n.is_integer() and low <= n <= high for n, low, high in _whole(m))
    ),
    "`nan` as a rating": lambda m: any(isinstance(n, float) and isnan(n) for n in _ratings(m)),
    "a key twice in a row of `[[shows.seasons]]`": lambda m: "number = 1\nnumber = 2" in m.text,
    "`true` as the version": lambda m: "version = true" in m.text,
    "a view as `[views]`": lambda m: "[views]\n" in m.text or "views = { name" in m.text,
    "`shows` that are no tables": lambda m: re.search(r"^shows = ([5\"{]|\[5)", m.text, re.MULTILINE) is not None,
}


def _ratings(m: Mutated) -> Iterable[Any]:
    if isinstance(m.type, EpisodeRatings):
        return m.value.values() if isinstance(m.value, dict) and all(map(str.isdigit, m.value)) else ()
    return [m.value] if isinstance(m.type, Rating) else ()


def _whole(m: Mutated) -> Iterable[tuple[Any, float, float]]:
    if isinstance(m.type, Ids):
        return [(n, -inf, inf) for n in m.value.values()] if isinstance(m.value, dict) else ()
    return [(m.value, m.type.low, m.type.high)] if isinstance(m.type, Integer) else ()


def _is_utc(value: Any) -> bool:
    return isinstance(value, datetime) and value.utcoffset() == timedelta()


def documented() -> dict[str, tuple[bool, ...]]:
    """Return the table of the manual: by the beginning of each first cell, whether each of TOOLS accepts the list."""
    table = re.search(r"^\| in the file \|.*?\n\n", MANUAL.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    assert table is not None
    head, _, *rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table[0].splitlines() if line]
    assert tuple(cell.strip("`") for cell in head[1:]) == TOOLS
    return {re.split(r", (?:e\.g\.|not) ", row[0])[0]: tuple(cell == "accepted" for cell in row[1:]) for row in rows}


def accepted_by_program(text: str, folder: Path) -> bool:
    """Return True if the doctor says of no value that it is wrong. The folder must hold no other lists."""
    file = folder / "list.toml"
    file.write_text(text, "utf-8")
    library = Library.open(file, Paths(folder / "c.toml", file, folder / "state", folder / "cache"))
    return all(found.severity is Severity.ODD for found in examine(library, date(2027, 1, 1)))


def refused_by_check_jsonschema(files: list[str]) -> set[str]:
    ran = CliRunner().invoke(check_jsonschema, ["-o", "json", "--schemafile", SCHEMA_FILE, *files])
    found = json.loads(ran.stdout)
    return {error["filename"] for error in (*found["errors"], *found["parse_errors"])}


def refused_by_taplo(files: list[str]) -> set[str]:
    """Taplo names each file twice: above what is wrong in it, and at the end, but sometimes ends before it says the last."""
    named = re.findall(r'┌─ ([^:\n]+):|invalid file .*?path="([^"]+)"', _lint("taplo", files))
    return {Path(above or after).name for above, after in named}


def refused_by_tombi(files: list[str]) -> set[str]:
    return set(re.findall(r"Error: .*\n +at ([^:\n]+):", _lint("tombi", files, "--offline", "--no-cache")))


def _lint(tool: str, files: list[str], *flags: str) -> str:
    ran = subprocess.run([BIN / tool, "lint", *flags, *files], capture_output=True, text=True, check=False)
    return re.sub(r"\x1b\[[0-9;]*m", "", ran.stdout + ran.stderr)


def test_the_schema_and_the_program_agree_but_for_the_differences_of_the_manual(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: Many, figure: Figure
) -> None:
    lists = Random(1).sample(list(mutated_lists()), many(60, 1000))
    folder = tmp_path / "lists"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Path(SCHEMA_FILE).write_bytes(schema_file())
    files = {f"{number:04}.toml": mutated for number, mutated in enumerate(lists)}
    for name, mutated in files.items():
        Path(name).write_text(mutated.text, "utf-8")
    names = list(files)
    refused = (refused_by_check_jsonschema(names), refused_by_taplo(names), refused_by_tombi(names))
    differences, different, wrong = documented(), 0, []
    for name, mutated in files.items():
        program = accepted_by_program(mutated.text, tmp_path)
        said = (program, *(name not in by_tool for by_tool in refused))
        rows = [row for row, means in ROWS.items() if means(mutated)]
        different += bool(rows)
        if said != (differences[rows[0]] if rows else (program,) * len(TOOLS)):
            wrong.append((mutated.text.removeprefix(SCHEMA_COMMENT).replace(SOUND, "..."), rows, said))
    assert not wrong, "\n".join(map(str, wrong))
    assert 0 < len(refused[0]) < len(files)
    figure("lists that schema and program judge alike", lists=len(files), documented_differences=different)


def test_every_difference_of_the_manual_is_tried() -> None:
    lists = list(mutated_lists())
    assert list(documented()) == list(ROWS)
    assert [row for row, means in ROWS.items() if not any(map(means, lists))] == []
