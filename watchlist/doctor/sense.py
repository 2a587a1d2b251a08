"""Looks at what the shows say: days that can't be, more episodes watched than there are, and what is there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from watchlist.doctor.finding import Finding, Fix, Kind, Severity, Where, key_text
from watchlist.model import Season, Show, day
from watchlist.text import fold, format_ranges

FIRST, LAST = 1870, 2200  # years: what `year` takes
_ARTICLE = re.compile(r"(?:the|an?|der|die|das|ein|eine|le|la|les|un|une|el|los|las|il|lo|gli|de|het|o|os) (?=.)")
_WORD = re.compile(r"[^\W_]+")
# Letters of other scripts that look like Latin ones.
_ALIKE = str.maketrans("авсеһіјкмнорԛѕтхуԝαβεικνορτυχ", "abcehijkmhopqstxywabeiknoptux")


def of_show(show: Show, today: date) -> Iterator[Finding]:
    """What can hardly be meant in one show."""
    if show.premiered is not None and not FIRST <= show.premiered.year <= LAST:
        yield _odd_day(("premiered",), show.premiered, f"years go from {FIRST} to {LAST}")
    if show.added is not None:
        yield from _a_past_day(("added",), show.added, today, "a show was added")
    if show.viewings:
        yield from _viewings(show, today)
    if show.seasons:
        yield from _seasons(show.seasons)
    if "finished" in show.other:
        yield from _finished((), show.other)


def _viewings(show: Show, today: date) -> Iterator[Finding]:
    years = [year for year in (show.year, show.premiered.year if show.premiered else None) if year]
    for index, viewing in enumerate(show.viewings):
        where: Where = ("viewings", index, "date")
        if "finished" in viewing.other:
            yield from _finished(where[:2], viewing.other)
        if viewing.date is None:
            continue
        seen = day(viewing.date)
        yield from _a_past_day(where, seen, today, "it was watched")
        if years and FIRST <= seen.year < min(years) - 1:  # festivals and previews come first
            yield _odd_day(where, seen, f"it came out in {min(years)}")


def _a_past_day(where: Where, value: date, today: date, what: str) -> Iterator[Finding]:
    """A day on which something was done: neither before there was anything to watch nor after today."""
    if value.year < FIRST:
        yield _odd_day(where, value, f"years go from {FIRST} to {LAST}")
    elif value > today:
        yield _odd_day(where, value, f"{what} on a day that is still to come")


def _odd_day(where: Where, value: date, why: str) -> Finding:
    said = f"{key_text(where)} = {value.isoformat()}: {why}"
    return Finding(Severity.ODD, Kind.DATE, said, where=where, value=value)


def _finished(where: Where, other: Any) -> Iterator[Finding]:
    """Days of the user's own that say when something was begun and done."""
    begun, done = other.get("started"), other.get("finished")
    if isinstance(begun, date) and isinstance(done, date) and day(done) < day(begun):
        yield _odd_day((*where, "finished"), day(done), f"it was started on {day(begun).isoformat()}")


def _seasons(seasons: Sequence[Season]) -> Iterator[Finding]:
    numbers: set[int] = set()
    for index, season in enumerate(seasons):
        where: Where = ("seasons", index)
        if season.number in numbers:
            said = f"{key_text(where)}: season {season.number} is there already"
            yield Finding(Severity.ODD, Kind.PROGRESS, said, where=(*where, "number"), value=season.number)
        numbers.add(season.number)
        if season.episodes is not None:
            yield from _beyond(where, season, season.episodes)


def _beyond(where: Where, season: Season, episodes: int) -> Iterator[Finding]:
    """Episodes that the season does not have."""
    for key, numbers in (("watched", season.watched), ("skipped", season.skipped), ("ratings", tuple(season.ratings))):
        beyond = sorted(number for number in numbers if number > episodes) if numbers else []
        if beyond:
            said = (
                f"{key_text((*where, key))} has episode {format_ranges(beyond)}; season {season.number} has {episodes}"
            )
            place = (*where, key)
            yield Finding(Severity.ODD, Kind.PROGRESS, said, where=place, value=format_ranges(numbers))
    if len(season.titles) > episodes:
        said = f"{key_text(where)} has {len(season.titles)} titles of episodes; season {season.number} has {episodes}"
        yield Finding(Severity.ODD, Kind.PROGRESS, said, where=(*where, "titles"), value=list(season.titles))


def twice(shows: Sequence[Show]) -> Iterator[Finding]:
    """Shows that are on the list twice: a show of the same id elsewhere, or the same title in the same year or in none."""
    by_id: dict[tuple[str, str], Show] = {}
    by_title: dict[str, list[Show]] = {}
    for number, show in enumerate(shows):
        ids = [(service, str(id)) for service, id in show.ids.items() if id != ""] if show.ids else []
        same = next(((key, by_id[key]) for key in ids if key in by_id), None)
        namesakes = by_title.setdefault(title_key(show.title), [])
        if same is not None:
            (service, id), other = same
            yield _twice(number, show, other, f"both have {service} {id}", ("ids", service))
        elif namesakes and (like := next((other for other in namesakes if _alike(show, other)), None)):
            yield _twice(number, show, like, "the titles are alike", ("title",))
        for key in ids:
            by_id.setdefault(key, show)
        if not any((other.year, other.kind) == (show.year, show.kind) for other in namesakes):
            namesakes.append(show)


def _alike(show: Show, other: Show) -> bool:
    kinds = {show.kind, other.kind} - {None}
    return len(kinds) < 2 and (show.year == other.year or show.year is None or other.year is None)


def _twice(number: int, show: Show, other: Show, why: str, where: Where) -> Finding:
    year = f" ({other.year})" if other.year else ""
    said = f"may be on the list twice: {other.title}{year} is there as {other.id}, and {why}"
    hint = "keep both, or bring what you want to keep into one of them and remove the other"
    return Finding(Severity.ODD, Kind.DUPLICATE, said, number, where=where, value=show.title, hint=hint)


def title_key(title: str) -> str:
    """A title for comparing: case, accents, punctuation, a leading article and look-alike letters are ignored."""
    folded = fold(title)
    plain = " ".join(_WORD.findall(folded if folded.isascii() else folded.translate(_ALIKE)))
    return _ARTICLE.sub("", plain, count=1) if _ARTICLE.match(plain) else plain or folded


def taken_id(show: Show, number: int) -> Iterator[Finding]:
    """An id that another show has: this one is known by an id of its own already, and can be given it for good."""
    for problem in show.problems:
        if problem.key == "id" and problem.value is not None and str(problem.value) != show.id:
            said = f'id = "{problem.value}": {problem.message}, so this one is known as {show.id}'
            yield Finding(
                Severity.WRONG,
                Kind.ID,
                said,
                number,
                where=("id",),
                value=problem.value,
                allowed="an id that no other show has",
                nearest=show.id,
                fix=Fix(show.id),
            )
