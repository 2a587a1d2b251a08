"""Reads what a user types or pastes to add a show: a title, perhaps with a year, or an id or an address at a service.

Addresses: IMDb `/title/tt0113277/`, TMDB `/movie/949-heat` and `/tv/...`, TVmaze `/shows/66/the-big-bang-theory`,
Letterboxd `/film/heat-1995/` and the short `boxd.it/...`. Nothing is fetched: an address gives an id and, if it has the
title in words, a title to search for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from watchlist.domain.dates import FIRST_YEAR
from watchlist.domain.frozen import Frozen
from watchlist.domain.model import NOTHING, Kind

LAST_YEAR_OF_SLUG = 2035  # a higher number at the end of a slug is part of the title, as in `blade-runner-2049`

_IMDB = re.compile(r"tt\d{5,10}", re.ASCII)
_NUMBERED = re.compile(r"(\d{1,12})(?:-(.*))?", re.ASCII)
_ID = re.compile(
    r"(imdb|tmdb|tvdb|tvmaze|trakt|mal|anilist|simkl|letterboxd)\s*[=:]\s*([\w.-]+)", re.ASCII | re.IGNORECASE
)
_ADDRESS = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,6}/\S*", re.IGNORECASE)
_YEAR_AT_END = re.compile(r"(.*\S)\s*(?:\(\s*(\d{4})\s*(?:[-–]\s*(?:\d{4})?\s*)?\)|,\s*(\d{4}))", re.ASCII)
_YEAR_WORD = re.compile(r"(.*\S)\s+'?(\d{4}|\d{2})", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z]{2})?", re.IGNORECASE)


class TitleText(Frozen):
    """What a typed text stands for. `title` is what to call the show if nothing more is found out about it."""

    text: str  # as typed, on one line
    title: str
    year: int | None = None
    kind: Kind | None = None
    ids: Mapping[str, str | int] = NOTHING
    url: str = ""
    is_named: bool = True  # False if the text has no title, so that `title` is a makeshift, e.g. the id

    @property
    def search(self) -> str:
        """The text to search for in a catalogue; empty if only an id is known."""
        if not self.is_named:
            return ""
        return _with_year(self.title, self.year) if self.ids else self.text

    @property
    def values(self) -> dict[str, object]:
        """The known values of a show by field name."""
        values = {"title": self.title, "year": self.year, "kind": self.kind, "ids": self.ids, "url": self.url}
        return {name: value for name, value in values.items() if value}

    def readings(self) -> list[tuple[str, int | None]]:
        """Return the titles that the text may mean, each with its year if the text has one: `heat 95` has two readings."""
        readings = [(self.title, self.year)]
        if not self.ids and self.year is None and (match := _YEAR_WORD.fullmatch(self.text)):
            number = match[2]
            years = [int(number)] if len(number) == 4 else [1900 + int(number), 2000 + int(number)]
            readings += [(match[1].rstrip(","), year) for year in years]
        return readings


def read_title(text: str) -> TitleText:
    """Return what `text` stands for. Text that is no id and no address is a title; a year in parentheses is split off."""
    text = " ".join(text.split())
    if _IMDB.fullmatch(text.lower()):
        return _imdb(text, text.lower())
    if match := _ID.fullmatch(text):
        return _by_id(text, match[1].lower(), match[2])
    if _ADDRESS.fullmatch(text) and (found := _read_address(text)) is not None:
        return found
    if match := _YEAR_AT_END.fullmatch(text):
        return TitleText(text, match[1].rstrip(","), int(match[2] or match[3]))
    return TitleText(text, text)


def _read_address(text: str) -> TitleText | None:
    """Return what an address stands for; None if it is not that of a show at a known service."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return None
    host = (parts.hostname or "").lower().removeprefix("www.")
    path = [unquote(part) for part in parts.path.split("/") if part]
    if host in ("imdb.com", "m.imdb.com"):
        return _imdb_address(text, path)
    if host == "themoviedb.org":
        return _tmdb(text, path)
    if host == "tvmaze.com":
        return _tvmaze(text, path)
    if host == "letterboxd.com":
        return _letterboxd(text, path)
    if host == "boxd.it" and len(path) == 1:
        return TitleText(text, f"boxd.it/{path[0]}", kind=Kind.FILM, url=f"https://boxd.it/{path[0]}", is_named=False)
    return None


def _imdb(text: str, id: str) -> TitleText:
    return TitleText(text, id, ids={"imdb": id}, url=f"https://www.imdb.com/title/{id}/", is_named=False)


def _by_id(text: str, service: str, id: str) -> TitleText:
    if service == "imdb":
        return _imdb(text, id.lower()) if _IMDB.fullmatch(id.lower()) else TitleText(text, text)
    if service == "letterboxd":
        return _slug(text, id)
    if not id.isdigit():
        return TitleText(text, text)
    return TitleText(text, f"{service} {id}", ids={service: int(id)}, is_named=False)


def _imdb_address(text: str, path: list[str]) -> TitleText | None:
    if path and path[0] != "title" and _LANGUAGE.fullmatch(path[0]):
        path = path[1:]
    if len(path) >= 2 and path[0] == "title" and _IMDB.fullmatch(path[1].lower()):
        return _imdb(text, path[1].lower())
    return None


def _tmdb(text: str, path: list[str]) -> TitleText | None:
    kinds = {"movie": Kind.FILM, "tv": Kind.SERIES}
    if len(path) < 2 or path[0] not in kinds or not (match := _NUMBERED.fullmatch(path[1])):
        return None
    number, words = match.groups()
    title = _words(words) if words else f"tmdb {number}"
    url = f"https://www.themoviedb.org/{path[0]}/{number}"
    return TitleText(text, title, kind=kinds[path[0]], ids={"tmdb": int(number)}, url=url, is_named=bool(words))


def _tvmaze(text: str, path: list[str]) -> TitleText | None:
    if len(path) < 2 or path[0] != "shows" or not (match := _NUMBERED.fullmatch(path[1])) or match[2]:
        return None
    title = _words(path[2]) if len(path) > 2 else f"tvmaze {match[1]}"
    url = f"https://www.tvmaze.com/shows/{match[1]}"
    return TitleText(text, title, kind=Kind.SERIES, ids={"tvmaze": int(match[1])}, url=url, is_named=len(path) > 2)


def _letterboxd(text: str, path: list[str]) -> TitleText | None:
    if len(path) > 2 and path[1] == "film":  # below the name of a member
        path = path[1:]
    return _slug(text, path[1]) if len(path) >= 2 and path[0] == "film" else None


def _slug(text: str, slug: str) -> TitleText:
    """Return the film that a slug of Letterboxd names: `heat-1995` is Heat, from 1995."""
    words, _, last = slug.rpartition("-")
    is_year = bool(words) and len(last) == 4 and last.isdigit() and FIRST_YEAR <= int(last) <= LAST_YEAR_OF_SLUG
    title, year = (words, int(last)) if is_year else (slug, None)
    url = f"https://letterboxd.com/film/{slug}/"
    return TitleText(text, _words(title), year, Kind.FILM, {"letterboxd": slug}, url)


def _words(slug: str) -> str:
    """Return a slug as a title: `the-big-bang-theory` is The Big Bang Theory."""
    return " ".join(word[:1].upper() + word[1:] for word in slug.replace("_", "-").split("-") if word) or slug


def _with_year(title: str, year: int | None) -> str:
    return f"{title} ({year})" if year is not None else title
