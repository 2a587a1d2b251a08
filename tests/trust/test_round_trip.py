"""Any value that TOML can hold comes back from the file as it was put in, and from every format that loses nothing."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Callable
from datetime import date, datetime
from random import Random
from typing import Any

from tests.trust.conftest import Figure, Many
from tests.trust.work import spread
from watchlist.domain import edits
from watchlist.domain.frozen import same
from watchlist.domain.model import Credit, Kind, Role, Season, Show, Status, Viewing
from watchlist.domain.show_toml import to_table
from watchlist.formats import FORMATS, WriteOptions
from watchlist.store.apply_changes import draft_deltas
from watchlist.store.snapshot import parse_snapshot

PIECES = (
    *("\x00", "\x07", "\x1b[31m", "\x7f", "\x80", "\x9b", "\u202e", "\u2028", "\u200b", "\ufeff", "\U000e0041"),
    *("\r\n", "\r", "\n", "\t", "\n\n", " \n", "\\", "\\n", "\\u0041", '"', '""', '"""', "'", "'''", "#", "# x\n"),
    *(
        "👩‍👩‍👧‍👦",
        "🏳️‍🌈",
        "e\u0301",
        "é",
        "三体",
        "العربية",
        "\U0010ffff",
        "\ufffd",
        "\ue000",
        "[[shows]]\n",
        "a = 1\n",
        "=",
        ",",
    ),
    *("]", "}", "word", " ", "  ", "-1", "=1+1", "@x", "C:\\temp"),
)
HEADS = ("", "version = 1\n\n", '[[shows]]\nid = "zzz"\ntitle = "Before"\n', "\ufeffversion = 1\r\n")


def text(chance: Random, most: int = 7) -> str:
    return "".join(chance.choice(PIECES) for _ in range(chance.randrange(most)))


def line(chance: Random) -> str:
    """As a field of one line holds it: blanks are runs of one, and none are at its ends; controls stay."""
    return " ".join(text(chance).split()) or "x"


def names(chance: Random) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line(chance) for _ in range(chance.randrange(3))))


FIELDS: dict[str, Callable[[Random], Any]] = {
    "kind": lambda c: c.choice(list(Kind)),
    "year": lambda c: c.randint(1870, 2200),
    "status": lambda c: c.choice(list(Status)),
    "rating": lambda c: c.randint(1, 500) / 100,
    "platform": line,
    "added": lambda c: date.fromordinal(c.randint(693_596, 760_000)),
    "runtime": lambda c: c.randint(1, 10_000),
    "synopsis": text,
    "notes": text,
    "tags": names,
    "genres": names,
    "aka": names,
    "ids": lambda c: {"imdb": line(c), "tmdb": c.randint(1, 10**7)},
    "cast": lambda c: tuple(Role(line(c), text(c)) for _ in range(c.randrange(3))),
    "crew": lambda c: tuple(Credit(line(c), text(c)) for _ in range(c.randrange(2))),
    "seasons": lambda c: (Season(1, 10, (text(c), text(c)), watched=(1, 2, 5), ratings={1: 4.5}),),
    "viewings": lambda c: (Viewing(datetime(2024, 2, 29, 20, 15), 4.0, people=names(c), review=text(c)),),
    "other": lambda c: {line(c): text(c), "deep": {"a b": [text(c), c.randint(-99, 99)], "on": c.random() < 0.5}},
}


def show(chance: Random) -> Show:
    chosen = chance.sample(sorted(FIELDS), chance.randint(2, 9))
    return Show("it", line(chance), **{name: FIELDS[name](chance) for name in chosen})


def _differs(seed: int) -> bool:
    """Put a show into a list, read the bytes again; whether anything is not as it was."""
    chance = Random(seed)
    made, before = show(chance), parse_snapshot(chance.choice(HEADS).encode())
    added = edits.add(made)(before.list)
    made = added.shows[-1]
    data = draft_deltas(before, edits.deltas(before.list, added)).snapshot.document.data
    table = next(
        row for row in tomllib.loads(data.decode("utf-8").removeprefix("\ufeff"))["shows"] if row["id"] == made.id
    )
    read = parse_snapshot(data).list.find(made.id)
    crlf = data.startswith("\ufeff".encode())
    if crlf and read is not None:  # what a list has as its line ends, a text of several lines has too
        return _plain(to_table(read)) != _plain(to_table(made)) or _plain(table) != _plain(to_table(made))
    return read != made or not same(table, to_table(made))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value).replace("\r\n", "\n") if isinstance(value, str) else value


def _work(start: int, end: int) -> int:
    return sum(map(_differs, range(start, end)))


def test_X03_any_value_comes_back_from_the_file(many: Many, figure: Figure) -> None:
    count = many(1000, 100_000)
    differences = sum(spread(_work, count))
    figure("values that come back from the file", documents=count, differences=differences)
    assert differences == 0


LOSSLESS = [format for format in FORMATS.values() if format.lossless]


def _through_formats(start: int, end: int) -> int:
    wrong = 0
    for seed in range(start, end):
        made = show(Random(seed))
        for format in LOSSLESS:
            assert format.write is not None
            assert format.read is not None
            out = io.StringIO(newline="")
            format.write([made], out, WriteOptions())
            found = format.read(out.getvalue().encode())
            if found.shows != (made,) and not _lost_nothing(format.name, made, found.shows):
                wrong += 1
                print(seed, format.name, made, found)
    return wrong


def _lost_nothing(name: str, made: Show, found: tuple[Show, ...]) -> bool:
    """A table of cells has no place for the user's own keys."""
    from watchlist.domain.frozen import replace

    return name in ("csv", "tsv") and found == (replace(made, other={}),)


def test_I01_any_value_comes_back_from_every_format_that_loses_nothing(many: Many, figure: Figure) -> None:
    count = many(300, 20_000)
    differences = sum(spread(_through_formats, count))
    figure("values that come back from an export", shows=count, formats=len(LOSSLESS), differences=differences)
    assert differences == 0
