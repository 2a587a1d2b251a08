"""Checks for valid values that are probably mistakes.

Examples are impossible dates, more watched episodes than a season has, and shows that are on the list twice.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from watchlist.doctor.finding import Finding, FindingKind, Fix, Severity, Where, place_words
from watchlist.domain.dates import FIRST_YEAR, LAST_YEAR, PartialDate, day, first_day, without_time
from watchlist.domain.model import Kind as ShowKind
from watchlist.domain.model import Season, Show
from watchlist.domain.text import fold, format_ranges
from watchlist.sanitize import shell_word

_ARTICLE = re.compile(r"(?:the|an?|der|die|das|ein|eine|le|la|les|un|une|el|los|las|il|lo|gli|de|het|o|os) (?=.)")
_WORD = re.compile(r"[^\W_]+")
# Cyrillic and Greek letters -> the Latin letters that they look like.
_LOOKALIKES = str.maketrans("авсеһіјкмнорԛѕтхуԝαβεικνορτυχ", "abcehijkmhopqstxywabeiknoptux")


def check_show(show: Show, today: date) -> Iterator[Finding]:
    """Yield findings for values of one show that are probably mistakes."""
    if show.premiered is not None and not FIRST_YEAR <= show.premiered.year <= LAST_YEAR:
        yield _date_finding(("premiered",), show.premiered, f"years go from {FIRST_YEAR} to {LAST_YEAR}")
    if show.added is not None:
        yield from _check_past_date(("added",), show.added, today, "a show was added")
    if show.viewings:
        yield from _check_viewings(show, today)
    if show.seasons:
        yield from _check_seasons(show.seasons)
        if show.kind is ShowKind.FILM:
            yield _film_with_seasons(show.seasons)
    if "finished" in show.other:
        yield from _check_finished((), show.other)


def _check_viewings(show: Show, today: date) -> Iterator[Finding]:
    """Yield findings for viewings with an implausible date."""
    years = [year for year in (show.year, show.premiered.year if show.premiered else None) if year]
    for index, viewing in enumerate(show.viewings):
        where: Where = ("viewings", index, "date")
        if "finished" in viewing.other:
            yield from _check_finished(where[:2], viewing.other)
        if viewing.date is None:
            continue
        watched_on = without_time(viewing.date)
        yield from _check_past_date(where, watched_on, today, "it was watched")
        if years and FIRST_YEAR <= watched_on.year < min(years) - 1:  # festivals may show a film a year earlier
            yield _date_finding(where, watched_on, f"it came out in {min(years)}")


def _check_past_date(where: Where, value: date | PartialDate, today: date, what: str) -> Iterator[Finding]:
    """Yield a finding if `value`, a date that must be in the past, is before 1870 or after today.

    Args:
        where: The path of the date.
        what: The beginning of the message about a future date, e.g. `it was watched`.
    """
    if value.year < FIRST_YEAR:
        yield _date_finding(where, value, f"years go from {FIRST_YEAR} to {LAST_YEAR}")
    elif first_day(value) > today:
        yield _date_finding(where, value, f"{what} on a day that is still to come")


def _date_finding(where: Where, value: date | PartialDate, why: str) -> Finding:
    """Return the finding for an implausible date at the path `where`. `why` is the message."""
    message = f"{place_words(where)} = {value.isoformat()}: {why}"
    return Finding(Severity.ODD, FindingKind.DATE, message, where=where, value=value)


def _check_finished(where: Where, other: Any) -> Iterator[Finding]:
    """Yield a finding if a show or viewing has a key `finished` before its key `started`.

    These keys are the user's own. `other` has all such keys of the show or viewing, `where` is its path.
    """
    started, finished = other.get("started"), other.get("finished")
    if isinstance(started, date) and isinstance(finished, date) and day(finished) < day(started):
        yield _date_finding((*where, "finished"), day(finished), f"it was started on {day(started).isoformat()}")


def _check_seasons(seasons: Sequence[Season]) -> Iterator[Finding]:
    """Yield findings for repeated season numbers and for episodes that a season does not have."""
    numbers: set[int] = set()
    continued = _continued_seasons(seasons)
    for index, season in enumerate(seasons):
        where: Where = ("seasons", index)
        if season.number in numbers:
            message = f"{place_words(where)}: season {season.number} is there already"
            yield Finding(Severity.ODD, FindingKind.PROGRESS, message, where=(*where, "number"), value=season.number)
        numbers.add(season.number)
        if index in continued:
            yield _continued_finding(where, season, *continued[index])
        elif season.numbers is not None:
            yield from _check_beyond(where, season, season.numbers)


def _continued_seasons(seasons: Sequence[Season]) -> dict[int, tuple[int, bool]]:
    """Find the seasons whose episode numbers seem to continue those of the previous season.

    The result maps the index of such a season (from 0) to (number of its first episode, True if no other number is
    possible). The previous season may itself continue an earlier season or start at 1; both cases are tried.
    """
    result = {}
    last, sum_before = 0, 0  # the last episode number, and the number of episodes so far; -1 if unknown
    for index, season in sorted(enumerate(seasons), key=lambda entry: entry[1].number):
        if season.number == 0:
            continue
        if season.episodes is None:
            last = sum_before = -1
            continue
        starts = {before + 1 for before in (last, sum_before) if before > 0}
        numbers = {*season.watched, *season.skipped, *season.ratings}
        fitting = [start for start in starts if numbers and numbers <= {*range(start, start + season.episodes)}]
        start = season.start
        if season.first is None and fitting and min(numbers) > season.episodes:
            start = fitting[0]
            result[index] = start, len(fitting) == 1 and min(numbers) == start
        last = start + season.episodes - 1
        sum_before = sum_before + season.episodes if sum_before >= 0 else -1
    return result


def _continued_finding(where: Where, season: Season, start: int, clear: bool) -> Finding:
    """Return the finding for a season that seems to continue the numbers of the previous season, from `start` on.

    The fix sets `first` to `start`. If `clear` is False, other numbers are possible, and a hint replaces the fix.
    """
    numbers = format_ranges(sorted({*season.watched, *season.skipped, *season.ratings}))
    message = (
        f"{place_words(where)} has episode {numbers}; season {season.number} has {season.episodes}. "
        f"They continue the season before if the first one is {start}"
    )
    return Finding(
        Severity.ODD,
        FindingKind.PROGRESS,
        message,
        where=(*where, "first"),
        allowed="the number of its first episode",
        nearest=start,
        fix=Fix(start) if clear else None,
        hint="" if clear else f"set first = {start} in that season if so",
    )


def _check_beyond(where: Where, season: Season, existing: range) -> Iterator[Finding]:
    """Yield findings if a season has data for episode numbers outside `existing`, or more titles or air dates than episodes.

    Args:
        where: The path of the season.
        existing: The numbers of the episodes of the season.
    """
    has = f"{len(existing)}" if season.start == 1 else f"{len(existing)}, numbered from {season.start}"
    for key, numbers in (("watched", season.watched), ("skipped", season.skipped), ("ratings", tuple(season.ratings))):
        beyond = sorted(number for number in numbers if number not in existing) if numbers else []
        if beyond:
            message = (
                f"{place_words((*where, key))} has episode {format_ranges(beyond)}; season {season.number} has {has}"
            )
            place = (*where, key)
            yield Finding(Severity.ODD, FindingKind.PROGRESS, message, where=place, value=format_ranges(numbers))
    if len(season.titles) > len(existing):
        message = f"{place_words(where)} has {len(season.titles)} titles of episodes; season {season.number} has {has}"
        yield Finding(Severity.ODD, FindingKind.PROGRESS, message, where=(*where, "titles"), value=list(season.titles))
    if len(season.aired) > len(existing):
        message = f"{place_words(where)} has {len(season.aired)} air dates; season {season.number} has {has}"
        dates = ["" if day is None else day.isoformat() for day in season.aired]
        yield Finding(Severity.ODD, FindingKind.PROGRESS, message, where=(*where, "aired"), value=dates)


def _film_with_seasons(seasons: Sequence[Season]) -> Finding:
    """Return the finding for a film that has seasons."""
    message = "a film has no seasons, so these are ignored"
    value = [season.number for season in seasons]
    return Finding(
        Severity.ODD,
        FindingKind.PROGRESS,
        message,
        where=("seasons",),
        value=value,
        hint='kind = "series" makes them count',
    )


def find_duplicates(shows: Sequence[Show]) -> Iterator[Finding]:
    """Yield findings for shows that have the title, or an id at another service, of an earlier show.

    Shows with the same title but different known years or kinds are not duplicates.
    """
    by_id: dict[tuple[str, str], int] = {}
    by_title: dict[str, list[int]] = {}
    for number, show in enumerate(shows):
        ids = [(service, str(id)) for service, id in show.ids.items() if id != ""] if show.ids else []
        same_id = next(((key, by_id[key]) for key in ids if key in by_id), None)
        namesakes = by_title.setdefault(title_key(show.title), [])
        if same_id is not None:
            (service, id), other = same_id
            yield _duplicate_finding(shows, number, other, f"both have {service} {id}", ("ids", service))
        elif (namesake := next((other for other in namesakes if _can_be_same(show, shows[other])), None)) is not None:
            yield _duplicate_finding(shows, number, namesake, "the titles are alike", ("title",))
        for key in ids:
            by_id.setdefault(key, number)
        if not any((shows[other].year, shows[other].kind) == (show.year, show.kind) for other in namesakes):
            namesakes.append(number)


def _can_be_same(show: Show, other: Show) -> bool:
    """Return True if two shows with the same title may be the same show: their known kinds and known years are equal."""
    kinds = {show.kind, other.kind} - {None}
    return len(kinds) < 2 and (show.year == other.year or show.year is None or other.year is None)


def _duplicate_finding(shows: Sequence[Show], number: int, first: int, why: str, where: Where) -> Finding:
    """Return the finding for a show that seems to be the same as an earlier show.

    Args:
        number: The index of the show, from 0.
        first: The index of the earlier show, from 0.
        why: The end of the message, which is the reason.
        where: The path of the value that both shows share.
    """
    other = shows[first]
    year = f" ({other.year})" if other.year else ""
    message = f"may be on the list twice: show {first + 1} of the file is {other.title}{year}, and {why}"
    hint = f"compare `watchlist show {shell_word(other.id)}`; keep both, or move what is missing and remove one"
    return Finding(
        Severity.ODD, FindingKind.DUPLICATE, message, number, where=where, value=shows[number].title, hint=hint
    )


def title_key(title: str) -> str:
    """Return a title for comparison, without case, accents, punctuation and leading article, and with look-alikes unified."""
    folded = fold(title)
    plain = " ".join(_WORD.findall(folded if folded.isascii() else folded.translate(_LOOKALIKES)))
    return _ARTICLE.sub("", plain, count=1) if _ARTICLE.match(plain) else plain or folded


def check_id(show: Show, number: int) -> Iterator[Finding]:
    """Yield a finding if the id of the show at the index `number` is taken. The fix is the id that the program uses."""
    for problem in show.problems:
        if problem.key == "id" and problem.value is not None and str(problem.value) != show.id:
            message = f'id = "{problem.value}": {problem.message}, so this one is known as {show.id}'
            yield Finding(
                Severity.WRONG,
                FindingKind.ID,
                message,
                number,
                where=("id",),
                value=problem.value,
                allowed="an id that no other show has",
                nearest=show.id,
                fix=Fix(show.id),
            )
