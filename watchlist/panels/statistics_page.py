"""The statistics page as lines of text, for `watchlist stats` and the statistics dialog of the interface."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from watchlist.domain.glyphs import glyphs
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.text import counted, month_name
from watchlist.panels.styles import Styles
from watchlist.sanitize import safe
from watchlist.stats.page_content import MAX_SHADE, Heat, Page, PageLine, PageSection

MARGIN = 2  # cells left of a column, for the cursor
GAP = 2  # cells between label, bar, number and detail
MIN_COLUMN_CELLS = 48  # minimum width of a column, if there are several
MAX_COLUMNS = 3
MAX_BAR_CELLS, MIN_BAR_CELLS = 28, 4  # width of a bar; with less space, no bar is drawn
MIN_DETAIL_CELLS = 10  # with less space, a detail is omitted unless all of it fits
LABEL_CELLS = 22  # up to this width, a label is not cut; the other parts of the line are cut first
WEEKDAYS = ("Mo", "", "We", "", "Fr", "", "")
Week = Sequence[date]  # seven days


class Spot(NamedTuple):
    """The position at which a line of the statistics is drawn on the page.

    `x`, `y` and `width` are in cells, from the upper left corner. `column` and `section` are indexes from 0.
    """

    column: int
    x: int
    y: int
    width: int
    section: int
    line: PageLine


class PageDrawing(NamedTuple):
    """A drawn page: its `lines` of text, and in `spots` the position of each line with a number, section by section."""

    lines: list[Text]
    spots: list[Spot]


def render_page(page: Page, ink: Styles, style: DisplayStyle, width: int) -> RenderableType:
    """Return a page with its heading as a Rich renderable of `width` cells."""
    heading = Text.assemble(" " * MARGIN, (safe(page.title), f"bold {ink.accent}"), "  ", (safe(page.scope), ink.dim))
    heading.truncate(width, overflow="ellipsis")
    return Group(heading, Text(""), *draw(page.sections, ink, style, width).lines)


def draw(sections: Sequence[PageSection], ink: Styles, style: DisplayStyle, width: int) -> PageDrawing:
    """Draw sections in columns of a page of `width` cells. Each section is added to the column that is shortest so far."""
    count = max(1, min(MAX_COLUMNS, width // MIN_COLUMN_CELLS))
    step = width // count
    column_width = max(1, step - MARGIN - (count > 1))
    columns: list[list[Text]] = [[] for _ in range(count)]
    spots = []
    for number, section in enumerate(sections):
        column_index = min(range(count), key=lambda column: (len(columns[column]), column))
        for text, line in _SectionLines(section, ink, style, column_width):
            if line is not None:
                spots.append(
                    Spot(
                        column_index, column_index * step, len(columns[column_index]), step - (count > 1), number, line
                    )
                )
            columns[column_index].append(text)
        columns[column_index].append(Text(""))
    return PageDrawing(
        [_join_columns(columns, y, step) for y in range(max(map(len, columns)) - 1)] if sections else [], spots
    )


def _join_columns(columns: Sequence[list[Text]], y: int, step: int) -> Text:
    """Return line `y` (from 0) of the page: line `y` of each column, where columns begin `step` cells apart."""
    line = Text(no_wrap=True)
    for index, column in enumerate(columns):
        if y < len(column) and column[y].plain:
            line.append(" " * (index * step + MARGIN - line.cell_len)).append_text(column[y])
    return line


class _SectionLines:
    """The drawn lines of one section, `room` cells wide. All widths are in cells.

    Iterating yields (drawn text, the line of the section that it shows). The second is None for a text that can't be
    selected: headings, the calendar and `and 3 more`.
    """

    def __init__(self, section: PageSection, ink: Styles, style: DisplayStyle, room: int) -> None:
        self.section, self.ink, self.style, self.room = section, ink, style, room
        lines = section.lines
        self.top = max((line.weight or 0 for line in lines), default=0)
        self.text = max(cell_len(line.text) for line in lines)
        self.detail = max(cell_len(safe(line.detail)) for line in lines)
        label = max(cell_len(safe(line.label)) for line in lines)
        bars = any(line.weight is not None for line in lines)
        least = (MIN_BAR_CELLS + GAP) * bars
        self.label = min(label, max(LABEL_CELLS, room - GAP - self.text - least - GAP - self.detail))
        rest = room - self.label - GAP - self.text
        self.bar = min(MAX_BAR_CELLS, rest - GAP - (GAP + self.detail) * bool(self.detail)) if bars else 0
        if self.bar < MIN_BAR_CELLS and bars:  # the bar is more useful than the detail
            self.detail, self.bar = 0, min(MAX_BAR_CELLS, rest - GAP)
        self.bar = self.bar if self.bar >= MIN_BAR_CELLS else 0

    def __iter__(self) -> Iterator[tuple[Text, PageLine | None]]:
        yield Text(self.section.title, f"bold {self.ink.primary}"), None
        if self.section.heat is not None:
            for text in heat_lines(self.section.heat, self.ink, self.style, self.room):
                yield text, None
        for line in self.section.lines:
            yield self._line(line), line
        if self.section.more:
            yield Text(f"and {self.section.more:,} more", self.ink.dim), None

    def _line(self, line: PageLine) -> Text:
        """Return the drawn text of a line: label, bar, number, detail."""
        text = Text(safe(line.label), self.ink.foreground)
        text.truncate(self.label, overflow="ellipsis", pad=True)
        if self.bar:
            text.append(" " * GAP).append_text(self._bar(line.weight))
        text.append(" " * GAP + line.text.rjust(self.text), f"bold {self.ink.foreground}")
        if (
            self.detail
            and line.detail
            and self.room - text.cell_len - GAP >= min(MIN_DETAIL_CELLS, cell_len(line.detail))
        ):
            text.append(" " * GAP + safe(line.detail), self.ink.dim)
        text.truncate(self.room, overflow="ellipsis")
        return text

    def _bar(self, weight: int | None) -> Text:
        """Return a bar for `weight`, padded with spaces; None for no bar. The highest weight gives a full bar."""
        signs = glyphs(self.style)
        full = (weight or 0) * self.bar / self.top if self.top else 0
        done = max(int(full + 0.5), int(full > 0))
        bar = Text(signs.full * done, self.ink.accent)
        return bar.append(" " * (self.bar - done))


def heat_lines(heat: Heat, ink: Styles, style: DisplayStyle, room: int) -> Iterator[Text]:
    """Yield the lines of a calendar with one column per week and one line per weekday.

    Args:
        room: The width in cells. If the weeks do not fit, they are drawn in several blocks, one below the other, of
            equally many months.
    """
    weeks, shade, signs = list(heat.weeks()), heat.shades(), glyphs(style).heat
    label = max(map(len, WEEKDAYS)) + 1 if room > LABEL_CELLS else 0
    styles = [ink.dim, ink.primary, ink.accent, ink.accent, f"bold {ink.accent}"]
    for block in _blocks(weeks, heat, max(1, room - label)):
        yield Text(" " * label + _months(block, heat), ink.dim)
        for weekday, name in enumerate(WEEKDAYS):
            line = Text(name.ljust(label)[:label], ink.dim)
            for week in block:
                level = shade(week[weekday])
                line.append(" " if level is None else signs[level], styles[level or 0])
            yield line
    legend = Text(" " * label + "less ", ink.dim)
    for level_index in range(MAX_SHADE + 1):
        legend.append(signs[level_index], styles[level_index])
    yield legend.append(" more   " + counted(len(heat.days), "day"), ink.dim)


def _blocks(weeks: Sequence[Week], heat: Heat, room: int) -> Iterator[Sequence[Week]]:
    """Yield the weeks in blocks of at most `room` weeks. Each begins with the first week of a month, if one month fits."""
    starts = [index for index, week in enumerate(weeks) if index == 0 or _first_of_month(week, heat)]
    for months in (12, 6, 4, 3, 2, 1):
        bounds = [*starts[::months], len(weeks)]
        if max(end - start for start, end in pairwise(bounds)) <= room:
            break
    else:
        bounds = [*range(0, len(weeks), room), len(weeks)]
    yield from (weeks[start:end] for start, end in pairwise(bounds))


def _first_of_month(week: Week, heat: Heat) -> date | None:
    """Return the day of a week on which a month of the calendar begins; None if there is none."""
    return next((day for day in week if day.day == 1 and heat.first <= day <= heat.last), None)


def _months(weeks: Sequence[Week], heat: Heat) -> str:
    """Return the line with the names of the months, each above the week in which the month begins."""
    line = ""
    for index, week in enumerate(weeks):
        first = _first_of_month(week, heat)
        name = month_name(first.month)[:3] if first is not None else ""
        if name and len(line) <= index <= len(weeks) - len(name):  # only if the whole name fits
            line = line.ljust(index) + name + " "
    return line.rstrip()
