"""Finds the code of an episode in a name: `S01E02`, `1x02`, `Season 1 Episode 2`, a date, ` - 12` and their relatives.

All patterns take time in proportion to the length of the name, which the parser limits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from watchlist.release_names.words import CHINESE, END, EPISODE, MONTHS, ORDINALS, SEASON, START

MAX_RANGE = 200  # maximum number of episodes in one range; a longer range is no range
MAX_SEASONS = 99
MAX_CODES = 6  # a name with more codes or years says nothing
_CODE_OR_YEAR = rf"{START}(?:s\d{{1,4}}[ ._-]?e\d|\d{{1,4}}x\d|e\d{{1,4}}{END}|(?:19|20)\d\d{END})"


class Code(NamedTuple):
    """A code in a name: its place, and the seasons, episodes or dates that it gives. `certain` as in `Reading`."""

    start: int
    end: int
    seasons: tuple[int, ...] = ()
    episodes: tuple[int, ...] = ()
    aired: tuple[date, ...] = ()
    certain: bool = True


def is_overloaded(text: str) -> bool:
    """Return True if a name has more codes and years than names of files have."""
    codes = re.finditer(_CODE_OR_YEAR, text, re.IGNORECASE)
    return sum(1 for _ in codes) > MAX_CODES


def find_code(text: str) -> Code | None:
    """Return the code in a name; None if there is none. Codes that name season and episode win over weaker ones."""
    dated = _first(_dates(text))
    for find in _FINDERS:
        if (code := _first(find(text))) is not None:
            if dated is not None and dated.start != code.start and not code.end > dated.start >= code.start:
                code = code._replace(start=min(code.start, dated.start), end=max(code.end, dated.end))
                return code._replace(aired=dated.aired)
            return code
    return dated or _first(_dashed(text)) or _first(_packs(text))


def find_weak_code(text: str) -> Code | None:
    """Return a code that may as well be part of a title, such as `102` and the last number of a name; None without one."""
    for find in (_of_three_digits, _last_number, _unnumbered_special):
        if (code := _first(find(text))) is not None:
            return code._replace(certain=False)
    return None


def _first(codes: Iterator[Code]) -> Code | None:
    return next(codes, None)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _range(first: int, last: int) -> tuple[int, ...]:
    """Return the numbers from `first` to `last`; only `first` if that is no sensible range."""
    return tuple(range(first, last + 1)) if first < last < first + MAX_RANGE else (first,)


_SE = (
    rf"{START}(?:se?|t(?=\d{{1,2}}e))(\d{{1,4}})(?:[ ._x-]{{0,3}}|[ ._]-[ ._])e(?:p(?:isode)?)?[ ._]?(\d{{1,4}})(?!\d)"
    rf"((?:[ ._]?[-–&+~]?[ ._]?(?:s\d{{1,4}}[ ._]?)?e(?:p)?\d{{1,4}}(?!\d)|[-–~]\d{{1,4}}(?![\d\w]))*)([a-d]{END})?"
)
_BY_X = (
    rf"{START}(\d{{1,2}}|(?!1920x|2048x)(?:19|20)\d\d)[x×](\d{{1,3}})(?![\dpi])"
    rf"((?:[x×]\d{{1,3}}{END}|[ ]?[-–&+][ ]?(?:\d{{1,2}}x)?\d{{2,3}}{END}|[ ._]\d{{1,2}}x\d{{2,3}}{END})*){END}"
)


def _season_episode(text: str) -> Iterator[Code]:
    """Yield codes such as `S01E02`, `S01E01E02`, `S01E01-E03`, `S01E01-03`, `S01E05a`."""
    for match in _compiled(_SE).finditer(text):
        yield _chained(match, re.split(r"[-–~]", match[3]))


def _by_x(text: str) -> Iterator[Code]:
    """Yield codes such as `1x02`, `01x02x03`, `1x01-1x02`, `2019x110`."""
    for match in _compiled(_BY_X).finditer(text):
        yield _chained(match, re.split(r"[-–]", match[3]))


def _chained(match: re.Match[str], parts: list[str]) -> Code:
    """Return the code of a match of (season, episode, more episodes). A dash in `parts` is a range, all else a sum."""
    first = int(match[2])
    episodes, certain = {first}, True
    for index, part in enumerate(parts):
        seasons = r"s\d+[ ._]?(?=e)|(?<![x\d])\d{1,2}x(?=\d)"
        numbers = [int(number) for number in re.findall(r"\d+", re.sub(seasons, "", part.lower()))]
        if index and numbers and numbers[0] > max(episodes):
            episodes.update(_range(max(episodes), numbers[0]))
        certain = certain and all(number < first + MAX_RANGE for number in numbers)
        episodes.update(number for number in numbers if first < number < first + MAX_RANGE)
    return Code(match.start(), match.end(), (int(match[1]),), tuple(sorted(episodes)), certain=certain)


_WORDS = (
    rf"{START}{SEASON}[ ._]*(\d{{1,4}}){END}(?:[ ._,-]*{EPISODE}[ ._#]*(\d{{1,4}}){END}"
    rf"|[ ._]+[-–][ ._]+(\d{{1,4}})(?:v\d)?{END}(?!p))"
)
_ORDINAL = (
    rf"{START}(?:(\d{{1,2}})(?:st|nd|rd|th|ª|º|ème|e|a|\.|-?й)?|({'|'.join(ORDINALS)}))[ ._-]+{SEASON}{END}"
    rf"(?:[ ._,-]*(?:{EPISODE}[ ._#]*)?(\d{{1,4}})(?:v\d)?(?!p|bit|[^\W_])(?:[ ._-]*{EPISODE}{END})?)?"
)
_ASIAN = r"第 ?(\d{1,3}|[一二三四五六七八九十])[季期部]"
_ASIAN_EPISODE = r"(?:第 ?(\d{1,4}) ?[集話话回]|(?<!\d)(\d{1,4}) ?(?:話|화|회))"
_S_DASH = rf"{START}s(\d{{1,2}})[ ._]+[-–][ ._]+(\d{{1,4}})(?:v\d)?{END}"


def _in_words(text: str) -> Iterator[Code]:
    """Yield codes such as `Season 1 Episode 2`, `Season 2 - 03`, `2nd Season - 03`, `S2 - 03`, `第1季 第2集`."""
    for match in _compiled(_WORDS).finditer(text):
        yield Code(match.start(), match.end(), (int(match[1]),), (int(match[2] or match[3]),))
    for match in _compiled(_S_DASH).finditer(text):
        yield Code(match.start(), match.end(), (int(match[1]),), (int(match[2]),))
    for match in _compiled(_ORDINAL).finditer(text):
        season = int(match[1]) if match[1] else ORDINALS[match[2].lower()]
        yield Code(match.start(), match.end(), (season,), (int(match[3]),) if match[3] else ())
    for match in _compiled(r"시즌 ?(\d{1,2})(?:[ ._]+(?:에피소드 ?)?(\d{1,4})(?:화|회)?)?").finditer(text):
        yield Code(match.start(), match.end(), (int(match[1]),), (int(match[2]),) if match[2] else ())
    season_match = _compiled(_ASIAN).search(text)
    for match in _compiled(_ASIAN_EPISODE).finditer(text):
        seasons = (_number(season_match[1]),) if season_match else ()
        start = min(match.start(), season_match.start() if season_match else match.start())
        yield Code(start, match.end(), seasons, (int(match[1] or match[2]),))
    if season_match:
        yield Code(season_match.start(), season_match.end(), (_number(season_match[1]),))


def _number(text: str) -> int:
    return CHINESE.get(text) or int(text)


_SPECIAL = rf"{START}(?:sp|ova|oad|specials?|especial|spécial|спешл)[ ._-]*(\d{{1,3}})(?:v\d)?{END}(?![ ._]?-?edition)"


def _specials(text: str) -> Iterator[Code]:
    """Yield codes such as `SP01`, `OVA 2`, `OVA - 02`, `Special 1`: episodes of season 0."""
    for match in _compiled(_SPECIAL).finditer(text):
        if match.start():
            yield Code(match.start(), match.end(), (0,), (int(match[1]),))


def _of_count(text: str) -> Iterator[Code]:
    """Yield codes such as `1of6`, `Part 2 of 3`."""
    pattern = rf"{START}(?:(?:part|pt|{EPISODE})[ ._]*)?(\d{{1,3}})[ ._]*of[ ._]*(\d{{1,3}}){END}"
    for match in _compiled(pattern).finditer(text):
        if match.start() and 1 <= int(match[1]) <= int(match[2]):
            yield Code(match.start(), match.end(), (), (int(match[1]),))


_EPISODE = (
    rf"{START}(?:e(?=\d\d)|{EPISODE}[ ._#-]*)(\d{{1,4}})((?:[ ._]?[-–&+]?[ ._]?e\d{{1,4}}|[-–]\d{{1,4}}(?![\d\w]))*)"
    rf"(?:v\d)?(?!p|[^\W_]|[ ._]*of[ ._]*\d)"
)


def _episodes(text: str) -> Iterator[Code]:
    """Yield codes without a season, such as `E02`, `Episode 2`, `Folge 12`, and `Cap.305` for S03E05."""
    for match in _compiled(_EPISODE).finditer(text):
        number, start = int(match[1]), match.start()
        pack = next((code for code in _packs(text[:start]) if len(code.seasons) == 1), None)
        seasons = pack.seasons if pack is not None else ()
        if match[0].lower().startswith("cap") and len(match[1]) >= 3:
            seasons, number = (number // 100,), number % 100
        last = [int(digits) for digits in re.findall(r"\d+", match[2])]
        episodes = _range(number, max(last)) if last else (number,)
        yield Code(min(start, pack.start if pack is not None else start), match.end(), seasons, episodes)
    pattern = rf"{START}(\d{{1,4}})[ ._-]*(?:серия|серии|odcinek|bölüm|jakso|rész|díl){END}"
    for match in _compiled(pattern).finditer(text):
        pack = next((code for code in _packs(text[: match.start()]) if len(code.seasons) == 1), None)
        start = pack.start if pack is not None else match.start()
        yield Code(start, match.end(), pack.seasons if pack is not None else (), (int(match[1]),))


_YEAR = r"((?:19|20)\d\d)"
_DATES: tuple[tuple[str, Callable[[re.Match[str]], tuple[int, int, int]]], ...] = (
    (
        rf"{START}{_YEAR}([ ._-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01]){END}",
        lambda match: (int(match[1]), int(match[3]), int(match[4])),
    ),
    (
        rf"{START}((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]){END}",
        lambda match: (int(match[1]), int(match[2]), int(match[3])),
    ),
    (
        rf"{START}(\d\d?)([ ._-])(\d\d?)\2{_YEAR}{END}",
        lambda match: (int(match[4]), int(match[3]), int(match[1])),
    ),
    (
        rf"{START}({'|'.join(MONTHS)})[a-z]*[ ._]+(\d\d?)(?:st|nd|rd|th)?,?[ ._]+{_YEAR}{END}",
        lambda match: (int(match[3]), MONTHS[match[1].lower()], int(match[2])),
    ),
    (
        rf"{START}(\d\d?)(?:st|nd|rd|th)?[ ._]+({'|'.join(MONTHS)})[a-z]*,?[ ._]+{_YEAR}{END}",
        lambda match: (int(match[3]), MONTHS[match[2].lower()], int(match[1])),
    ),
)


def _dates(text: str) -> Iterator[Code]:
    """Yield dates. A date such as `06.05.2024` is two, the first of them with the day first."""
    for index, (pattern, parts) in enumerate(_DATES):
        for match in _compiled(pattern).finditer(text):
            year, month, day = parts(match)
            if month > 12 and index == 2:
                month, day = day, month
            try:
                aired = date(year, month, day)
            except ValueError:
                continue
            if match.start():
                is_clear = index != 2 or day > 12 or day == month
                days = (aired,) if is_clear else (aired, date(year, day, month))
                yield Code(match.start(), match.end(), aired=days)


_DASH = (
    r"[ ._]+[-–][ ._]+(\d{1,4})(?:([.]5)|[-–~](\d{1,4}))?(?:v\d)?(?:[ ._]+(?:end|fin|final))?"
    r"(?=[ ._]*(?:$|[\[(【]|[-–][ ._]))"
)


def _dashed(text: str) -> Iterator[Code]:
    """Yield numbers between dashes, such as ` - 12` and ` - 01-12`, also `(01-12)`, as names of anime have them.

    Without a group in brackets before the title, only numbers of two or three digits are certain.
    """
    has_group = text.startswith(("[", "【"))
    for match in _compiled(_DASH).finditer(text):
        number = int(match[1])
        if not match.start():
            continue
        if match[2]:  # 5.5: a recap, which has no number of its own
            yield Code(match.start(), match.end(), (0,), (), certain=False)
            continue
        episodes = _range(number, int(match[3])) if match[3] else (number,)
        yield Code(match.start(), match.end(), (), episodes, certain=has_group or len(match[1]) in (2, 3))
    for match in _compiled(r"[ ._]+\((\d{1,3})[-–~](\d{1,3})\)").finditer(text):
        yield Code(match.start(), match.end(), (), _range(int(match[1]), int(match[2])))


def _packs(text: str) -> Iterator[Code]:
    """Yield seasons without an episode, such as `S01`, `S01-S03`, `Seasons 1-3`, and `Complete Series` without seasons."""
    pattern = rf"{START}(?:s|{SEASON}[ ._]*)(\d{{1,4}})(?:[ ._]*[-–][ ._]*s?(\d{{1,2}}))?{END}"
    for match in _compiled(pattern).finditer(text):
        first, last = int(match[1]), int(match[2] or match[1])
        if match.start() and first <= last <= first + MAX_SEASONS:
            yield Code(match.start(), match.end(), tuple(range(first, last + 1)))
    pattern = rf"{START}(?:the[ ._]+)?complete[ ._]+(?:series|seasons?|collection){END}"
    for match in _compiled(pattern).finditer(text):
        if match.start():
            yield Code(match.start(), match.end(), (-1,))


def _of_three_digits(text: str) -> Iterator[Code]:
    """Yield numbers such as `102` for S01E02, in names with dots or underscores and something behind the number."""
    for match in _compiled(r"(?<=[._])(\d{1,2})([0-9]\d)(?=[._]+[^\W\d])").finditer(text):
        if int(match[2]) and not 1900 <= int(match[0]) < 2100:
            yield Code(match.start(), match.end(), (int(match[1]),), (int(match[2]),))


def _last_number(text: str) -> Iterator[Code]:
    """Yield the last number of a name if it may be an episode, as in `Sky Pirates 12` and `[Group] Sky Pirates 12 [720p]`."""
    for match in _compiled(r"[ ._](\d{1,3})(?:v\d)?(?=[ ._]*(?:$|[\[(]))").finditer(text):
        if match.start() and int(match[1]):
            yield Code(match.start(), match.end(), (), (int(match[1]),))


def _unnumbered_special(text: str) -> Iterator[Code]:
    """Yield specials without a number, such as `Christmas Special`."""
    pattern = rf"{START}(?:(?:christmas|holiday|halloween|easter|new[ ._]year'?s?)[ ._]+)?special{END}(?![ ._]edition)"
    for match in _compiled(pattern).finditer(text):
        if match.start():
            yield Code(match.start(), match.end(), (0,))


_FINDERS = (_season_episode, _by_x, _in_words, _specials, _of_count, _episodes)
