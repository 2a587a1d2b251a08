"""The temporary database of a build: rows of the dataset files that are kept, before they are joined and sorted."""

from __future__ import annotations

STAGE_SCHEMA = """
CREATE TABLE stage.ratings (id INTEGER PRIMARY KEY, rating INTEGER, votes INTEGER);
CREATE TABLE stage.titles (
    id INTEGER PRIMARY KEY, type INTEGER, title TEXT, original TEXT, year INTEGER, end_year INTEGER, runtime INTEGER,
    genres TEXT
);
CREATE TABLE stage.episodes (id INTEGER, place INTEGER, title TEXT);
CREATE TABLE stage.late_names (id INTEGER PRIMARY KEY, title TEXT);
CREATE TABLE stage.late_links (id INTEGER PRIMARY KEY, place INTEGER);
CREATE TABLE stage.akas (id INTEGER, akas TEXT);
CREATE TABLE stage.credits (id INTEGER, credits TEXT);
CREATE TABLE stage.whole_titles (pair INTEGER);
CREATE TABLE stage.typos (pair INTEGER);
CREATE TABLE stage.people (id INTEGER PRIMARY KEY, name TEXT);
"""
MAX_NUMBER = 1 << 27  # of ids: IMDb's titles have numbers up to 40 million, and people up to 20 million


class Bits:
    """A set of numbers below MAX_NUMBER that takes an eighth of a byte for each possible number."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, number: int) -> None:
        """Add a number."""
        place = number >> 3
        if place >= len(self._bytes):
            self._bytes.extend(bytes(place + 1 - len(self._bytes) + 4096))
        self._bytes[place] |= 1 << (number & 7)

    def __bool__(self) -> bool:
        return bool(self._bytes)

    def __contains__(self, number: int) -> bool:
        place = number >> 3
        return place < len(self._bytes) and bool(self._bytes[place] & 1 << (number & 7))


def place_of(series: int, season: int, number: int) -> int:
    """Return an episode's place as one number, which sorts by series, season and episode."""
    return series << 32 | season << 16 | number


def parts_of(place: int) -> tuple[int, int, int]:
    """Return (number of the series, season, number) of an episode's place."""
    return place >> 32, place >> 16 & 0xFFFF, place & 0xFFFF
