"""The tables of the catalogue's SQLite file, and how lists are packed into its columns.

Rows of `titles` are numbered by fame: the title with the most votes has rank 1. So the first rows that a search finds are
the best known, without sorting.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

APPLICATION_ID = 0x574C6361  # "WLca", in the header of the file
VERSION = 1  # of the tables and of the words in the index; a catalogue of another version has to be built again

# The text of both indexes is words joined by blanks, as made by `words.index_words`. The tokenizer `ascii` leaves
# such words alone. Only ranks are stored (detail=none), and short beginnings have an index of their own (prefix).
_INDEX = "USING fts5(words, content='', detail=none, columnsize=0, prefix='1 2 3 4 5 6', tokenize='ascii')"
SCHEMA = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID;
CREATE TABLE titles (
    rank INTEGER PRIMARY KEY, id INTEGER, title TEXT, original TEXT, year INTEGER, end_year INTEGER, type INTEGER,
    runtime INTEGER, genres TEXT, votes INTEGER, rating INTEGER, seasons INTEGER, episodes INTEGER, people TEXT, akas TEXT
);
CREATE TABLE seasons (rank INTEGER PRIMARY KEY, pack BLOB);
CREATE TABLE casts (rank INTEGER PRIMARY KEY, pack BLOB);
CREATE TABLE episode_ids (first INTEGER PRIMARY KEY, pack BLOB);
CREATE TABLE whole_titles (key INTEGER, rank INTEGER, PRIMARY KEY (key, rank)) WITHOUT ROWID;
CREATE TABLE terms (number INTEGER PRIMARY KEY, word TEXT);
CREATE TABLE typos (key INTEGER PRIMARY KEY, terms BLOB);
CREATE VIRTUAL TABLE title_words {_INDEX};
CREATE VIRTUAL TABLE aka_words {_INDEX};
"""
TABLES = frozenset(("meta", "titles", "seasons", "casts", "episode_ids", "whole_titles", "terms", "typos")) | {
    "title_words",
    "aka_words",
}
MAX_PACK_BYTES = 1 << 24  # an unpacked list is never longer; a damaged one could claim to be


class EpisodeId(NamedTuple):
    """An episode by the number of its id, with the rank of its series."""

    id: int
    series: int
    season: int
    number: int


class PackedSeason(NamedTuple):
    """A season of the catalogue. `first` is the number of its first episode; titles are "" if unknown."""

    number: int
    first: int
    titles: Sequence[str]


def pack(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows of numbers, texts and lists as compressed JSON."""
    return zlib.compress(json.dumps(list(rows), ensure_ascii=False, separators=(",", ":")).encode(), 6)


def unpack(data: bytes) -> list[list[object]]:
    """Return the rows of `pack`. Raise ValueError if `data` is damaged."""
    rows = json.loads(_decompressed(data))
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ValueError("no rows")
    return rows


def pack_seasons(seasons: Iterable[PackedSeason]) -> bytes:
    """Return seasons as bytes for the column `seasons.pack`."""
    return pack(seasons)


def unpack_seasons(data: bytes) -> list[PackedSeason]:
    """Return the seasons in the column `seasons.pack`. Raise ValueError if the data is damaged."""
    seasons = []
    for row in unpack(data):
        number, first, titles = row
        if not isinstance(number, int) or not isinstance(first, int) or not isinstance(titles, list):
            raise ValueError("no season")
        seasons.append(PackedSeason(number, first, [str(title) for title in titles]))
    return seasons


def pack_ids(episodes: Iterable[tuple[int, int, int, int]]) -> bytes:
    """Return (id, rank of the series, season, number) rows, sorted by id, as bytes for the column `episode_ids.pack`.

    The columns are stored one after another, as differences to the row before, which compresses them best.
    """
    columns = []
    for column in zip(*episodes, strict=True):
        differences = (value - before & 0xFFFFFFFF for before, value in zip((0, *column), column, strict=False))
        columns.append(struct.pack(f"<{len(column)}I", *differences))
    return zlib.compress(b"".join(columns), 6)


def find_id(data: bytes, id: int) -> EpisodeId | None:
    """Return the episode with the number `id` in the data of `pack_ids`; None if it is not there. Raises ValueError."""
    numbers = _decompressed(data)
    count, rest = divmod(len(numbers), 16)
    if rest:
        raise ValueError("no ids")
    values = struct.unpack(f"<{4 * count}I", numbers)
    row, place = 0, -1
    for index in range(count):
        row = row + values[index] & 0xFFFFFFFF
        if row == id:
            place = index
            break
    if place < 0:
        return None
    series, season, number = (
        sum(values[count * column : count * column + place + 1]) & 0xFFFFFFFF for column in (1, 2, 3)
    )
    return EpisodeId(id, series, season, number)


def _decompressed(data: bytes) -> bytes:
    """Return the decompressed bytes of a column. Raise ValueError if they are damaged or too many."""
    if not isinstance(data, bytes):
        raise ValueError("not packed")
    unpacker = zlib.decompressobj()
    try:
        result = unpacker.decompress(data, MAX_PACK_BYTES)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if not unpacker.eof:
        raise ValueError("cut")
    return result
