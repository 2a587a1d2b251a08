"""Parses the path or name of a video file to a ReleaseName. Pure: no file is opened, and the list is not consulted.

A title is always all of the text before the first code, year or technical tag. A shorter part of it is never tried, so
that `Star Trek Discovery S01E02` can't become an episode of `Star Trek`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from urllib.parse import unquote, urlsplit

from watchlist.domain.model import Kind
from watchlist.domain.text import without_invisible
from watchlist.release_names.episode_codes import Code, find_code, find_weak_code, is_overloaded
from watchlist.release_names.release_name import Reading, ReleaseName
from watchlist.release_names.words import (
    COUNTRIES,
    END,
    OTHER_ENDINGS,
    SEASON,
    START,
    VIDEO_ENDINGS,
    extra_folders,
    extras,
    tags,
)

MAX_BYTES = 255  # of one name: no file system in common use has longer ones
MAX_FOLDERS = 2  # how many folders above the file are read
_YEAR = r"(1[89]\d\d|20[0-4]\d)"
_TITLE_EDGES = " .,-–—_([{【:~"


def parse(path: str) -> ReleaseName:
    """Return what the path or name of a video file may stand for. A folder is read like a file without an ending."""
    *folders, name = _components(path) or [""]
    stem, ending = _split_ending(name)
    text, ids = _without_ids(stem)
    folder_ids: dict[str, str] = {}
    for folder in folders:
        folder_ids |= _without_ids(folder)[1]
    if ending in OTHER_ENDINGS:
        return ReleaseName(name, ids=ids, not_watched="no video")
    folder_title, folder_year, season = _of_folders(folders)
    if is_overloaded(text):
        return ReleaseName(name)
    readings = tuple(_readings(text, folder_title, folder_year, season))
    why = "an extra" if folders and _is_extra_folder(folders[-1], readings) else _extra(text)
    return ReleaseName(name, readings, ids, why, folder_title, folder_ids)


def last_part(path: str) -> str:
    """Return the name at the end of a path, or the path itself if there is none."""
    return (_components(path) or [path])[-1]


def clean(text: str) -> str:
    """Return a part of a name as a title: dots and underscores become blanks, dashes and brackets at the ends go."""
    words = re.sub(r"[._]+", " ", text)
    title = " ".join(words.split()).rstrip(_TITLE_EDGES).lstrip(" .,-–—_)]}】:~")
    if title.endswith((")", "]")) and not re.search(r"[(\[]", title):
        title = title[:-1].rstrip()
    return title


def _components(path: str) -> list[str]:
    """Return the last parts of a path, each cut to MAX_BYTES, without control and invisible characters."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+://", path):
        try:
            path = unquote(urlsplit(path).path)
        except ValueError:
            return []
    separators = r"[/\\]" if "/" not in path or re.match(r"[A-Za-z]:[/\\]", path) else "/"
    if "\\" in path and "/" not in path and not re.search(r"\\[^\\]*[A-Za-z0-9]", path):
        separators = "/"
    parts = [
        part for part in re.split(separators, path[-4 * MAX_BYTES * (MAX_FOLDERS + 1) :]) if part not in ("", ".", "..")
    ]
    return [_plain(part) for part in parts[-(MAX_FOLDERS + 1) :]]


_FULL_WIDTH = {
    code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)
}  # ！ to ～, as Chinese and Japanese names have them


def _plain(part: str) -> str:
    stem, ending = _split_ending(part)
    cut = stem.encode("utf-8", "surrogatepass")[:MAX_BYTES].decode("utf-8", "ignore")
    text = unicodedata.normalize("NFC", cut + (f".{ending}" if ending else "")).translate(_FULL_WIDTH)
    return without_invisible("".join(" " if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Zs") else c for c in text))


def _split_ending(name: str) -> tuple[str, str]:
    """Split a name into (name without its ending, ending in lower case). The ending of no known kind of file is kept."""
    stem, dot, ending = name.rpartition(".")
    if dot and stem and ending.strip().lower() in VIDEO_ENDINGS | OTHER_ENDINGS:
        return stem, ending.strip().lower()
    return name, ""


_IDS = (
    ("imdb", r"[\[{(]imdb(?:id)?[-= ](tt\d{7,9})[\]})]"),
    ("imdb", rf"{START}(tt\d{{7,9}}){END}"),
    ("tmdb", r"[\[{(]tmdb(?:id)?[-= ](\d{1,9})[\]})]"),
    ("tvdb", r"[\[{(]tvdb(?:id)?[-= ](\d{1,9})[\]})]"),
)


def _without_ids(text: str) -> tuple[str, dict[str, str]]:
    """Return (a name without ids at services, these ids), e.g. of `Heat (1995) {imdb-tt0113277}`."""
    ids: dict[str, str] = {}
    for service, pattern in _IDS:
        for match in re.finditer(pattern, text, re.IGNORECASE):
            ids.setdefault(service, match[1].lower())
        text = re.sub(pattern, " ", text, flags=re.IGNORECASE)
    return text, ids


_SITE = (
    r"^\s*(?:\[\s*www\.[^\]]*\]|【[^】]*(?:www|\.com|\.net|\.org)[^】]*】|www\.[\w-]+(?:\.[\w-]+)*?\.(?:com|net|org|to|io|tv|me|cc|info|ru)"
    r"(?=[ ._]*-|[ ._]))[ ._-]*"
)  # fmt: skip
_GROUP = r"^\s*(?:\[([^\]]*)\]|【([^】]*)】|\{([^}]*)\})[ ._-]*"
_CHECKSUM = r"[ ._]*[\[(][0-9a-f]{8}[\])]\s*$"


def _readings(text: str, folder: str, folder_year: int | None, season: int | None) -> Iterator[Reading]:
    """Yield the readings of a name without its ending, the most likely first.

    Args:
        text: The name.
        folder: The title that the folder gives, for a name without a title.
        folder_year: The year that the folder gives.
        season: The season that the folder gives.
    """
    text = re.sub(_CHECKSUM, "", re.sub(_SITE, "", text.replace("_", " "), flags=re.IGNORECASE), flags=re.IGNORECASE)
    code = find_code(text)
    titles = titles_before(text[: code.start]) if code is not None else []
    if code is not None and not titles:
        yield from _in_folder(code, folder, folder_year, season)
        if folder:
            return
    if season is not None and code is None:  # the title of an episode must not be taken for that of a film
        number = re.match(r"(\d{1,3})(?:v\d)?(?=[ ._-]|$)", text.strip())
        code = Code(0, 0, (season,), (int(number[1]),) if number else (), certain=bool(number))
        yield from _in_folder(code, folder, folder_year, season)
        return
    if code is not None and titles:
        if not code.seasons and code.episodes and season is not None:
            code = code._replace(seasons=(season,))
        for title, year, country in titles:
            yield _of_code(code, title, year, country)
        if code.seasons and code.seasons != (0,) and (code.episodes or code.aired):
            return
    yield from _of_film(text, code)


def _of_code(code: Code, title: str, year: int | None = None, country: str = "") -> Reading:
    return Reading(title, year, country, code.seasons, code.episodes, code.aired, None, Kind.SERIES, code.certain)


def _in_folder(code: Code, folder: str, year: int | None, season: int | None) -> Iterator[Reading]:
    """Yield the reading of a name that begins with a code: the folder has the title."""
    if folder:
        yield _of_code(code if code.seasons or season is None else code._replace(seasons=(season,)), folder, year)


def titles_before(text: str) -> list[tuple[str, int | None, str]]:
    """Return the (title, year, country) readings of the text before a code, without and with a group in front."""
    readings: dict[tuple[str, int | None, str], None] = {}
    for part in dict.fromkeys((re.sub(_GROUP, "", text), text)):
        title = clean(part)
        if not re.search(r"\w", title):
            continue
        match = re.search(rf"^(.*\w.*?)[ ._,-]*[(\[]?{_YEAR}[)\]]?$", title)
        years = [(title, None), (clean(match[1]), int(match[2]))] if match else [(title, None)]
        for name, year in reversed(years):
            readings[name, year, ""] = None
            country = re.search(
                rf"^(.*\w.*?)[ ._,-]*[(\[]?{START}({'|'.join(COUNTRIES)}){END}[)\]]?$", name, re.IGNORECASE
            )
            if country:
                readings[clean(country[1]), year, COUNTRIES[country[2].lower()]] = None
                if year is None and (both := re.search(rf"^(.*\w.*?)[ ._,-]*[(\[]?{_YEAR}[)\]]?$", clean(country[1]))):
                    readings[clean(both[1]), int(both[2]), COUNTRIES[country[2].lower()]] = None
    return list(readings)


def _of_film(text: str, code: Code | None) -> Iterator[Reading]:
    """Yield the readings of a name as a film; then those of a code that may as well be a part of its title."""
    for part in dict.fromkeys((re.sub(_GROUP, "", text), text)):
        yield from _film_titles(part, certain=code is None or not code.certain)
    if code is None and (weak := find_weak_code(text)) is not None:
        for title, year, country in titles_before(text[: weak.start]):
            yield _of_code(weak, title, year, country)


def _film_titles(text: str, *, certain: bool) -> Iterator[Reading]:
    """Yield the readings of a name, without a group in front, as a film: with its year, then without it."""
    tag = next((match.start() for match in tags().finditer(text) if re.search(r"\w", text[: match.start()])), len(text))
    head = re.sub(rf"[ ._-]*{START}(?:cd|disc|disk|dvd)[ ._-]?\d{END}.*$", "", text[:tag], flags=re.IGNORECASE)
    if not re.search(r"\w", head):
        return
    if re.fullmatch(rf"[ ._]*[(\[]{_YEAR}[)\]].*", head):  # the title is in the brackets before, as of [REC] (2007)
        return
    years = [match for match in re.finditer(rf"{START}{_YEAR}{END}", head) if re.search(r"\w", text[: match.start()])]
    bracketed = [match for match in years if text[match.start() - 1] in "(["]
    if years:
        year = (bracketed or years)[-1]
        yield from _with_parts(clean(head[: year.start()]), int(year[1]), certain=certain)
        if re.search(r"\w", head[year.end() :]) or bracketed:
            return
    elif after := re.search(rf"{START}{_YEAR}{END}", text[tag:]):
        yield from _with_parts(clean(head), int(after[1]), certain=certain)
        return
    bare = re.fullmatch(r"\d{1,3}", clean(head)) is not None  # 300.mkv may be episode 300 of whatever the folder is
    yield from _with_parts(clean(head), None, certain=certain and not bare)


_PART = (
    rf"^(.*\w.*?)[ ._,-]*{START}(?:part|pt|vol(?:ume)?|chapter)[ ._-]*(\d{{1,2}}|[ivx]{{1,4}}|{{words}}){END}[ ._-]*$"
)


@cache
def _part_pattern() -> re.Pattern[str]:
    return re.compile(_PART.replace("{words}", "|".join(NUMBER_WORDS)), re.IGNORECASE)


_IN_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
NUMBER_WORDS = {word: number for words in (_IN_WORDS, _ROMAN) for number, word in enumerate(words, 1)}


def _with_parts(title: str, year: int | None, *, certain: bool) -> Iterator[Reading]:
    """Yield a film's title; if it ends with a part, e.g. `Part 2`, also the part of a mini-series with this title."""
    if not re.search(r"\w", title):
        return
    yield Reading(title, year, certain=certain)
    if match := _part_pattern().search(title):
        number = int(match[2]) if match[2].isdigit() else NUMBER_WORDS.get(match[2].lower())
        yield Reading(clean(match[1]), year, part=number, kind=Kind.SERIES, certain=False)


_SEASON_FOLDER = (
    rf"^(.*?)[ ._-]*(?:{START}(?:{SEASON}[ ._]*|s)(\d{{1,4}})|{START}(specials?|ova|oad|sonderfolgen|especiales))"
    rf"(?:[ ._-]+(?:complete|{START}part[ ._]\d+))?[ ._-]*$"
)


def _of_folders(folders: list[str]) -> tuple[str, int | None, int | None]:
    """Return the (title, year, season) that folders give, from the last one upwards."""
    season = None
    for folder in reversed(folders):
        text = _without_ids(folder)[0].replace("_", " ")
        if re.fullmatch(r"[A-Za-z]:", text.strip()) or extra_folders().fullmatch(text.strip()):
            continue
        match = re.search(_SEASON_FOLDER, text, re.IGNORECASE)
        if match and season is None:
            season = int(match[2]) if match[2] else 0
            if not re.search(r"\w", match[1]):
                continue
            text = match[1]
        elif match and not re.search(r"\w", match[1]):
            continue
        code = find_code(text)
        if code is not None:
            if season is None and len(code.seasons) == 1 and code.seasons[0] >= 0:
                season = code.seasons[0]
            text = text[: code.start]
        readings = [*_film_titles(re.sub(_GROUP, "", text), certain=True)]
        if readings:
            return readings[0].title, readings[0].year, season
    return "", None, season


def _is_extra_folder(folder: str, readings: Sequence[Reading]) -> bool:
    """Return True for a folder such as `Trailers`, but not for the folder of a series with such a title, e.g. `Extras`."""
    name = folder.strip()
    is_title = any(reading.title.lower() == name.lower() for reading in readings)
    return extra_folders().fullmatch(name) is not None and not is_title


def _extra(text: str) -> str:
    """Return what a file is that was not watched by playing it, e.g. "a trailer"; empty for a film or an episode.

    Words such as *trailer* count as the whole of what follows the code or year, or as the last part of the name.
    """
    text = text.replace("_", " ")
    ends = [code.end] if (code := find_code(text)) is not None else []
    ends += [match.end() for match in re.finditer(rf"{START}{_YEAR}{END}", text) if match.start()]
    parts = [text[end:] for end in ends]
    parts += [text[match.end() :] for match in re.finditer(r"[ ._]+-[ ._]+|-(?=[^-]*$)|[ ._]\((?=[^()]*\)\s*$)", text)]
    parts += [re.split(r"[.]", text)[-1]] if "." in text and code is not None else []
    has_tags = tags().search(text) is not None
    for part in parts:
        tag = next((match.start() for match in tags().finditer(part)), len(part))
        word = part[:tag].strip(" ._-()[]")
        for pattern, what in extras():
            if pattern.fullmatch(word) or pattern.fullmatch(re.sub(r"[ ._]*\d+$", "", word)):
                return (
                    "" if what == "an extra" and has_tags and re.search(rf"-{word}$", text) else what
                )  # a group's name
    return ""
