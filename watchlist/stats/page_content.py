"""The content of the statistics page, section by section, without layout.

The verb `stats`, the interface and all exports are made from the table SECTIONS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from watchlist.domain.dates import without_time
from watchlist.domain.frozen import Frozen
from watchlist.domain.model import Show
from watchlist.domain.ratings import DisplayStyle, format_rating, show_rating, stars
from watchlist.domain.text import counted, hours, long_date, month_name
from watchlist.stats.backlog import Backlog
from watchlist.stats.statistics import TOP_ROWS, CountRow, Seen, Statistics, query_of
from watchlist.stats.viewing_calendar import DAY, Amount, Streak

MAX_SHADE: Final = 4  # the darkest shade of a day; days with viewings have at least 1, other days 0
NONE: Final = "there are none"  # why a line without shows has no query
BUSIEST_DAYS: Final = 5  # the number of days listed below the calendar
_KIND_LABELS: Final = {"film": "Films"}  # the plural of series is series
_LAST_DAY: Final = date.max.toordinal()


class PageLine(NamedTuple):
    """A line of a section: a label, a number as `text`, and a detail.

    `query` finds the counted shows. If no query can find them, `query` is None and `why` is the reason.
    """

    label: str
    text: str
    detail: str = ""
    weight: int | None = None  # length of the bar, relative to other lines of the section; None for no bar
    query: str | None = None
    why: str = ""


class Heat(NamedTuple):
    """A calendar from `first` to `last`. `days` has the minutes watched on each day with viewings; 0 means unknown."""

    first: date
    last: date
    days: Mapping[date, int]

    @classmethod
    def of(cls, first: date, last: date, days: Mapping[date, int]) -> Heat:
        """Return the calendar from `first` to `last` with the minutes of `days`; days outside the calendar are left out."""
        return cls(first, last, {day: minutes for day, minutes in days.items() if first <= day <= last})

    def weeks(self) -> Iterator[tuple[date, ...]]:
        """Yield each week of the calendar as its seven days, from Monday on.

        The first week may begin before `first`, and the last may end after `last`. Days after `date.max`, the last day
        that Python can represent, are replaced by `date.min`.
        """
        first, last = self.first.toordinal() - self.first.weekday(), self.last.toordinal()
        for monday in range(first, last + 1, 7):
            yield tuple(date.fromordinal(day if day <= _LAST_DAY else 1) for day in range(monday, monday + 7))

    def shades(self) -> Callable[[date], int | None]:
        """Return a function that returns the shade of a day, from 0 to MAX_SHADE; None for a day outside the calendar."""
        most = max(self.days.values(), default=0) or 1

        def shade(day: date) -> int | None:
            if not self.first <= day <= self.last:
                return None
            return max(1, -(-self.days[day] * MAX_SHADE // most)) if day in self.days else 0

        return shade


class PageSection(NamedTuple):
    """A section of the page. `more` is the number of omitted lines; `heat` is the section's calendar, or None."""

    title: str
    lines: tuple[PageLine, ...]
    more: int = 0
    heat: Heat | None = None


class Page(Frozen):
    """The statistics page: its title, a description of which shows are counted, and its sections, without empty ones."""

    title: str
    scope: str  # description of the counted shows
    sections: tuple[PageSection, ...]


def page(stats: Statistics, style: DisplayStyle, scope: str = "") -> Page:
    """Return the page for these statistics. `scope` describes the counted shows; by default, it is their number."""
    title = "Statistics" if stats.year is None else f"{stats.year} in review"
    sections = (make(stats, style) for make in SECTIONS)
    return Page(title, scope or counted(stats.shows.number, "show"), tuple(s for s in sections if s and s.lines))


# Lines for rows, amounts and shows


def _mean(row: CountRow, style: DisplayStyle) -> str:
    """Return the mean rating of the shows in a row, with a star sign and two decimals; empty if none of them is rated."""
    sign = "*" if style.ascii else "★"
    return f"{sign} {format_rating(round(row.mean, 2), style)}" if row.mean is not None else ""


def _row(row: CountRow, style: DisplayStyle, label: str = "", *, bar: bool = True) -> PageLine:
    query, why = (row.query, "") if row.number else (None, NONE)
    return PageLine(label or row.label, f"{row.number:,}", _mean(row, style), row.number if bar else None, query, why)


def _rows(title: str, rows: Sequence[CountRow], style: DisplayStyle) -> PageSection:
    return PageSection(title, tuple(_row(row, style) for row in rows[:TOP_ROWS]), max(0, len(rows) - TOP_ROWS))


def _times(title: str, amounts: Sequence[Amount], labels: Iterable[str] = (), why: str = "") -> PageSection | None:
    """Return a section with one line and bar per amount: its hours or, if no hours are known, its number of viewings.

    Returns None if there are no viewings.

    Args:
        labels: The labels of the lines; by default, those of the amounts.
        why: The reason why no query can find the shows of an amount; empty if a query can.
    """
    if not any(amount.viewings for amount in amounts):
        return None
    timed = any(amount.minutes for amount in amounts)
    shown = tuple(
        PageLine(
            label,
            hours(amount.minutes) if timed else f"{amount.viewings:,}",
            counted(amount.viewings, "viewing") if timed else "",
            amount.minutes if timed else amount.viewings,
            amount.query if amount.viewings else None,
            why if amount.viewings else NONE,
        )
        for label, amount in zip(labels or [amount.label for amount in amounts], amounts, strict=True)
    )
    return PageSection(title, shown)


def _show(show: Show, text: str, detail: str, weight: int | None = None) -> PageLine:
    return PageLine(show.title, text, detail, weight, query_of(show))


# The sections


def _shows(stats: Statistics, style: DisplayStyle) -> PageSection:
    added = "Added" if stats.year is None else f"Added in {stats.year}"
    watched = "Shows" if stats.year is None else "Shows watched"
    rows = [(watched, stats.shows), ("Rated", stats.rated), ("Not rated", stats.unrated), (added, stats.added)]
    kinds = [(_KIND_LABELS.get(row.label, row.label.capitalize()), row) for row in stats.kinds]
    lines = [_row(row, style, label, bar=False) for label, row in (*rows, *kinds)]
    return PageSection("Shows", (*lines, *_left(stats.left)))


def _left(left: Backlog) -> Iterator[PageLine]:
    """Yield a line with the number of episodes left and a line with the time left. A line is left out if its number is 0."""
    for label, text, (number, shows, query) in (
        ("Episodes left", f"{left.episodes.number:,}", left.episodes),
        ("Time left", hours(left.minutes.number), left.minutes),
    ):
        if number:
            yield PageLine(label, text, f"in {counted(shows, 'show')}", None, query)


def _viewings(stats: Statistics, style: DisplayStyle) -> PageSection:
    viewings = stats.viewings
    lines = [_amount("Viewings", viewings.total)]
    if viewings.undated.viewings:
        lines.append(_amount("Undated", viewings.undated, "no query asks for viewings without a day"))
        if stats.year is not None:
            lines[-1] = lines[-1]._replace(detail="not counted")
    if viewings.rewatches.viewings:
        lines.append(_amount("Rewatches", viewings.rewatches, "no query asks for the rewatches of one year"))
    for label, amount in (
        ("Without a runtime", viewings.without_runtime),
        ("Of no known length", viewings.without_episodes),
    ):
        if amount.viewings:
            lines.append(PageLine(label, f"{amount.viewings:,}", "", None, amount.query, "no query asks for these"))
    lines += [_seen(label, seen) for label, seen in (("First", viewings.first), ("Last", viewings.last)) if seen]
    lines += _streaks(viewings.longest, viewings.current)
    return PageSection("Viewings", tuple(lines))


def _amount(label: str, amount: Amount, why: str = "") -> PageLine:
    detail = hours(amount.minutes) if amount.minutes else ""
    query, why = (amount.query, why) if amount.viewings else (None, NONE)
    return PageLine(label, f"{amount.viewings:,}", detail, None, query, why)


def _seen(label: str, seen: Seen) -> PageLine:
    day = seen.viewing.date
    return PageLine(label, without_time(day).isoformat() if day else "", seen.show.title, None, query_of(seen.show))


def _streaks(longest: Streak, current: Streak) -> Iterator[PageLine]:
    for label, streak in (("Longest streak", longest), ("Current streak", current)):
        if streak.days > 1 or (streak.days and label.startswith("Longest")):
            yield PageLine(label, counted(streak.days, "day"), f"until {streak.last}", None, streak.query)


def _status(stats: Statistics, style: DisplayStyle) -> PageSection:
    return PageSection("Status", tuple(_row(row, style, row.label.capitalize()) for row in stats.status))


def _ratings(stats: Statistics, style: DisplayStyle) -> PageSection | None:
    """Return the section with the number of shows for each rating, best first, and of shows without a rating.

    Returns None if no show is rated.
    """
    if not stats.rated.number:
        return None
    labels = [f"{stars(float(row.label), style)} {show_rating(float(row.label), style)}" for row in stats.ratings]
    rows = zip(reversed(labels), reversed(stats.ratings), strict=True)
    lines = [_row(row, style, label)._replace(detail="") for label, row in rows]
    none = f"{stars(None, style)} not rated"
    return PageSection("Ratings", (*lines, _row(stats.unrated, style, none)))


def _months(stats: Statistics, style: DisplayStyle) -> PageSection | None:
    months = stats.viewings.months
    names = [month_name(int(month.label[-2:])) for month in months]
    if stats.year is None:
        names = [f"{name[:3]} {month.label[:4]}" for name, month in zip(names, months, strict=True)]
    return _times("Months", months, names)


def _weekdays(stats: Statistics, style: DisplayStyle) -> PageSection | None:
    return _times("Weekdays", stats.viewings.weekdays, why="no query asks for a weekday")


def _years(stats: Statistics, style: DisplayStyle) -> PageSection | None:
    return _times("Years", stats.viewings.years) if stats.year is None else None


def _calendar(stats: Statistics, style: DisplayStyle) -> PageSection | None:
    """Return the section with the calendar of twelve months, and a line for each of the days with the most hours."""
    start, end = (stats.viewings.months[index].label for index in (0, -1))
    year, month = divmod(int(end[:4]) * 12 + int(end[5:]), 12)
    first = date.fromisoformat(f"{start}-01")
    last = date(year, month + 1, 1) - DAY if year <= date.max.year else date.max
    heat = Heat.of(first, last, stats.viewings.days)
    busiest = sorted(heat.days, key=lambda day: (-heat.days[day], day))[:BUSIEST_DAYS]
    lines = tuple(
        PageLine(long_date(day), hours(heat.days[day]) if heat.days[day] else "no runtime", "", None, f"watched:{day}")
        for day in busiest
    )
    return PageSection("Calendar", lines, heat=heat)


def _most(stats: Statistics, style: DisplayStyle) -> PageSection:
    timed = any(most.minutes for most in stats.viewings.most)
    return PageSection(
        "Most watched",
        tuple(
            _show(
                most.show,
                hours(most.minutes) if timed else f"{most.viewings:,}",
                counted(most.viewings, "viewing") if timed else "",
                most.minutes if timed else most.viewings,
            )
            for most in stats.viewings.most
        ),
    )


def _best(stats: Statistics, style: DisplayStyle) -> PageSection:
    return PageSection(
        "Best rated",
        tuple(_show(show, show_rating(show.rating, style), stars(show.rating, style)) for show in stats.best),
    )


def _decades(stats: Statistics, style: DisplayStyle) -> PageSection:
    decades = sorted(stats.decades, key=lambda row: row.label, reverse=True)
    return _rows("Decades", decades, style)


def _group(title: str, get: Callable[[Statistics], Sequence[CountRow]]) -> Make:
    def make(stats: Statistics, style: DisplayStyle) -> PageSection:
        return _rows(title, get(stats), style)

    return make


def _services(stats: Statistics, style: DisplayStyle) -> PageSection:
    """Return the section with the hours watched on each service this year and its cost, per hour if any were watched."""
    lines = []
    for spent in stats.services:
        cost = "" if spent.paid is None else f"{spent.paid:.2f} paid"
        if spent.an_hour is not None:
            cost = f"{spent.an_hour:.2f} an hour"
        why = "nothing was watched there this year"
        query = spent.query if spent.viewings else None
        lines.append(PageLine(spent.label, hours(spent.minutes), cost, spent.minutes, query, "" if query else why))
    return PageSection("Services this year", tuple(lines))


Make = Callable[[Statistics, DisplayStyle], PageSection | None]
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
    _group("Genres", lambda stats: stats.genres),
    _group("Platforms", lambda stats: stats.platforms),
    _services,
    _group("Creators", lambda stats: stats.creators),
    _group("Cast", lambda stats: stats.cast),
    _decades,
    _group("Years of release", lambda stats: stats.years),
)
