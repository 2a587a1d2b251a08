"""SECTIONS: what a page of statistics shows, part by part: the verb, the interface and all exports walk this table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple

from watchlist.days import DAY, Amount, Streak
from watchlist.model import Show, day
from watchlist.ratings import Style, format_rating, show_rating, stars
from watchlist.remaining import Left
from watchlist.stats import TOP, Row, Seen, Statistics, query_of
from watchlist.text import counted, hours, long_date, month_name
from watchlist.values import Value

HOT: Final = 4  # shades of a day with a viewing; 0 is a day without
NONE: Final = "there are none"
BUSIEST: Final = 5  # days that the calendar names


class Line(NamedTuple):
    """One number. `query` opens its shows; where it is None, `why` says why nothing does."""

    label: str
    text: str
    detail: str = ""
    weight: int | None = None  # how long its bar is beside those of the same section; None: it has none
    query: str | None = None
    why: str = ""


class Heat(NamedTuple):
    """The days from one to another, with the minutes of those with a viewing, 0 where they are not known."""

    first: date
    last: date
    days: Mapping[date, int]

    @classmethod
    def of(cls, first: date, last: date, days: Mapping[date, int]) -> Heat:
        """The heat of those of these days that lie between."""
        return cls(first, last, {on: minutes for on, minutes in days.items() if first <= on <= last})

    def weeks(self) -> Iterator[tuple[date, ...]]:
        """The seven days of each week, from Monday on; the first and the last may have days beyond the ends."""
        monday = self.first - self.first.weekday() * DAY
        while monday <= self.last:
            yield tuple(monday + at * DAY for at in range(7))
            monday += timedelta(7)

    def shades(self) -> Callable[[date], int | None]:
        """How much was watched on a day, from 0 to HOT; None beyond the ends."""
        most = max(self.days.values(), default=0) or 1

        def shade(on: date) -> int | None:
            if not self.first <= on <= self.last:
                return None
            return max(1, -(-self.days[on] * HOT // most)) if on in self.days else 0

        return shade


class Section(NamedTuple):
    """Numbers that belong together. `more` of their kind are not named."""

    title: str
    lines: tuple[Line, ...]
    more: int = 0
    heat: Heat | None = None


class Page(Value):
    """All there is to show: what it is about, and the sections that have something to say."""

    title: str
    scope: str  # which shows were counted
    sections: tuple[Section, ...]


def page(found: Statistics, style: Style, scope: str = "") -> Page:
    """The page of these statistics. Without `scope` it is said how many shows were counted."""
    title = "Statistics" if found.year is None else f"{found.year} in review"
    sections = (make(found, style) for make in SECTIONS)
    return Page(title, scope or counted(found.shows.number, "show"), tuple(s for s in sections if s and s.lines))


# The lines of rows, amounts and shows


def _mean(row: Row, style: Style) -> str:
    """The mean of the ratings, to two decimals."""
    sign = "*" if style.ascii else "★"
    return f"{sign} {format_rating(round(row.mean, 2), style)}" if row.mean is not None else ""


def _row(row: Row, style: Style, label: str = "", *, bar: bool = True) -> Line:
    query, why = (row.query, "") if row.number else (None, NONE)
    return Line(label or row.label, f"{row.number:,}", _mean(row, style), row.number if bar else None, query, why)


def _rows(title: str, rows: Sequence[Row], style: Style) -> Section:
    return Section(title, tuple(_row(row, style) for row in rows[:TOP]), max(0, len(rows) - TOP))


def _times(title: str, amounts: Sequence[Amount], labels: Iterable[str] = (), why: str = "") -> Section | None:
    """Bars as long as the hours; where none are known, as the viewings. Nothing where there are none."""
    if not any(amount.viewings for amount in amounts):
        return None
    timed = any(amount.minutes for amount in amounts)
    shown = tuple(
        Line(
            label,
            hours(amount.minutes) if timed else f"{amount.viewings:,}",
            counted(amount.viewings, "viewing") if timed else "",
            amount.minutes if timed else amount.viewings,
            amount.query if amount.viewings else None,
            why if amount.viewings else NONE,
        )
        for label, amount in zip(labels or [amount.label for amount in amounts], amounts, strict=True)
    )
    return Section(title, shown)


def _show(show: Show, text: str, detail: str, weight: int | None = None) -> Line:
    return Line(show.title, text, detail, weight, query_of(show))


# The sections


def _shows(found: Statistics, style: Style) -> Section:
    added = "Added" if found.year is None else f"Added in {found.year}"
    watched = "Shows" if found.year is None else "Shows watched"
    rows = [(watched, found.shows), ("Rated", found.rated), ("Not rated", found.unrated), (added, found.added)]
    kinds = [(row.label.capitalize(), row) for row in found.kinds]
    lines = [_row(row, style, label, bar=False) for label, row in (*rows, *kinds)]
    return Section("Shows", (*lines, *_left(found.left)))


def _left(left: Left) -> Iterator[Line]:
    """What is still to watch, where there is something."""
    for label, text, (number, shows, query) in (
        ("Episodes left", f"{left.episodes.number:,}", left.episodes),
        ("Time left", hours(left.minutes.number), left.minutes),
    ):
        if number:
            yield Line(label, text, f"in {counted(shows, 'show')}", None, query)


def _viewings(found: Statistics, style: Style) -> Section:
    viewings = found.viewings
    lines = [_amount("Viewings", viewings.total)]
    if viewings.undated.viewings:
        lines.append(_amount("Undated", viewings.undated, "no query asks for viewings without a day"))
        if found.year is not None:
            lines[-1] = lines[-1]._replace(detail="of no year")
    if viewings.rewatches.viewings:
        lines.append(_amount("Rewatches", viewings.rewatches, "no query asks for the rewatches of one year"))
    for label, amount in (
        ("Without a runtime", viewings.without_runtime),
        ("Of no known length", viewings.without_episodes),
    ):
        if amount.viewings:
            lines.append(Line(label, f"{amount.viewings:,}", "", None, amount.query, "no query asks for these"))
    lines += [_seen(label, seen) for label, seen in (("First", viewings.first), ("Last", viewings.last)) if seen]
    lines += _streaks(viewings.longest, viewings.current)
    return Section("Viewings", tuple(lines))


def _amount(label: str, amount: Amount, why: str = "") -> Line:
    detail = hours(amount.minutes) if amount.minutes else ""
    query, why = (amount.query, why) if amount.viewings else (None, NONE)
    return Line(label, f"{amount.viewings:,}", detail, None, query, why)


def _seen(label: str, seen: Seen) -> Line:
    when = seen.viewing.date
    return Line(label, day(when).isoformat() if when else "", seen.show.title, None, query_of(seen.show))


def _streaks(longest: Streak, current: Streak) -> Iterator[Line]:
    for label, streak in (("Longest streak", longest), ("Current streak", current)):
        if streak.days > 1 or (streak.days and label.startswith("Longest")):
            yield Line(label, counted(streak.days, "day"), f"until {streak.last}", None, streak.query)


def _status(found: Statistics, style: Style) -> Section:
    return Section("Status", tuple(_row(row, style, row.label.capitalize()) for row in found.status))


def _ratings(found: Statistics, style: Style) -> Section | None:
    """Best first; those that are not rated beside them."""
    if not found.rated.number:
        return None
    labels = [f"{stars(float(row.label), style)} {show_rating(float(row.label), style)}" for row in found.ratings]
    rows = zip(reversed(labels), reversed(found.ratings), strict=True)
    lines = [_row(row, style, label)._replace(detail="") for label, row in rows]
    none = f"{stars(None, style)} not rated"
    return Section("Ratings", (*lines, _row(found.unrated, style, none)))


def _months(found: Statistics, style: Style) -> Section | None:
    months = found.viewings.months
    names = [month_name(int(month.label[-2:])) for month in months]
    if found.year is None:
        names = [f"{name[:3]} {month.label[:4]}" for name, month in zip(names, months, strict=True)]
    return _times("Months", months, names)


def _weekdays(found: Statistics, style: Style) -> Section | None:
    return _times("Weekdays", found.viewings.weekdays, why="no query asks for a weekday")


def _years(found: Statistics, style: Style) -> Section | None:
    return _times("Years", found.viewings.years) if found.year is None else None


def _calendar(found: Statistics, style: Style) -> Section | None:
    """A year of days by their heat, and those with the most hours."""
    start, end = (found.viewings.months[at].label for at in (0, -1))
    year, month = divmod(int(end[:4]) * 12 + int(end[5:]), 12)
    first = date.fromisoformat(f"{start}-01")
    last = date(year, month + 1, 1) - DAY if year <= date.max.year else date.max
    heat = Heat.of(first, last, found.viewings.days)
    busiest = sorted(heat.days, key=lambda on: (-heat.days[on], on))[:BUSIEST]
    lines = tuple(
        Line(long_date(on), hours(heat.days[on]) if heat.days[on] else "no runtime", "", None, f"watched:{on}")
        for on in busiest
    )
    return Section("Calendar", lines, heat=heat)


def _most(found: Statistics, style: Style) -> Section:
    timed = any(most.minutes for most in found.viewings.most)
    return Section(
        "Most watched",
        tuple(
            _show(
                most.show,
                hours(most.minutes) if timed else f"{most.viewings:,}",
                counted(most.viewings, "viewing") if timed else "",
                most.minutes if timed else most.viewings,
            )
            for most in found.viewings.most
        ),
    )


def _best(found: Statistics, style: Style) -> Section:
    return Section(
        "Best rated",
        tuple(_show(show, show_rating(show.rating, style), stars(show.rating, style)) for show in found.best),
    )


def _decades(found: Statistics, style: Style) -> Section:
    decades = sorted(found.decades, key=lambda row: row.label, reverse=True)
    return _rows("Decades", decades, style)


def _group(title: str, get: Callable[[Statistics], Sequence[Row]]) -> Make:
    def make(found: Statistics, style: Style) -> Section:
        return _rows(title, get(found), style)

    return make


def _services(found: Statistics, style: Style) -> Section:
    """Hours of this year on each service, and what one of them cost."""
    lines = []
    for spent in found.services:
        cost = "" if spent.paid is None else f"{spent.paid:.2f} paid"
        if spent.an_hour is not None:
            cost = f"{spent.an_hour:.2f} an hour"
        why = "nothing of it was watched this year"
        query = spent.query if spent.viewings else None
        lines.append(Line(spent.label, hours(spent.minutes), cost, spent.minutes, query, "" if query else why))
    return Section("Services this year", tuple(lines))


Make = Callable[[Statistics, Style], Section | None]
SECTIONS: Final[tuple[Make, ...]] = (
    _shows,
    _viewings,
    _calendar,
    _status,
    _ratings,
    _months,
    _weekdays,
    _years,
    _most,
    _best,
    _group("Genres", lambda found: found.genres),
    _group("Platforms", lambda found: found.platforms),
    _services,
    _group("Creators", lambda found: found.creators),
    _group("Cast", lambda found: found.cast),
    _decades,
    _group("Years of release", lambda found: found.years),
)
