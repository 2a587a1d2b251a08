"""A page of statistics as lines of text: `watchlist stats` prints them, the interface moves a cursor over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.text import Text

from watchlist.glyphs import glyphs
from watchlist.panels.ink import Ink
from watchlist.ratings import Style
from watchlist.safe import safe
from watchlist.sections import HOT, Heat, Line, Page, Section
from watchlist.text import counted, month_name

MARGIN = 2  # cells left of a column, where the cursor stands
GAP = 2
COLUMN = 48  # cells that a column wants at least, where there is room for several
MOST_COLUMNS = 3
MOST_BAR, LEAST_BAR = 28, 4
LEAST_DETAIL = 10
LABEL = 22  # cells of a label before it gives way to the rest of its line
WEEKDAYS = ("Mo", "", "We", "", "Fr", "", "")


class Spot(NamedTuple):
    """Where a number stands on the page, in cells from its corner."""

    column: int
    x: int
    y: int
    width: int
    section: int
    line: Line


class Drawing(NamedTuple):
    """Lines as wide as asked for at most, and where the numbers are in them, section by section."""

    lines: list[Text]
    spots: list[Spot]


def printed(page: Page, ink: Ink, style: Style, width: int) -> RenderableType:
    """The page under its heading."""
    heading = Text.assemble(" " * MARGIN, (safe(page.title), f"bold {ink.accent}"), "  ", (safe(page.scope), ink.dim))
    heading.truncate(width, overflow="ellipsis")
    return Group(heading, Text(""), *draw(page.sections, ink, style, width).lines)


def draw(sections: Sequence[Section], ink: Ink, style: Style, width: int) -> Drawing:
    """The sections, each in the column that is shortest so far."""
    count = max(1, min(MOST_COLUMNS, width // COLUMN))
    pitch = width // count
    room = max(1, pitch - MARGIN - (count > 1))
    columns: list[list[Text]] = [[] for _ in range(count)]
    spots = []
    for number, section in enumerate(sections):
        at = min(range(count), key=lambda column: (len(columns[column]), column))
        for text, line in _Drawn(section, ink, style, room):
            if line is not None:
                spots.append(Spot(at, at * pitch, len(columns[at]), pitch - (count > 1), number, line))
            columns[at].append(text)
        columns[at].append(Text(""))
    return Drawing([_beside(columns, y, pitch) for y in range(max(map(len, columns)) - 1)] if sections else [], spots)


def _beside(columns: Sequence[list[Text]], y: int, pitch: int) -> Text:
    """One line of the page: those of all columns at this height."""
    whole = Text(no_wrap=True)
    for at, column in enumerate(columns):
        if y < len(column) and column[y].plain:
            whole.append(" " * (at * pitch + MARGIN - whole.cell_len)).append_text(column[y])
    return whole


class _Drawn:
    """The lines of one section, each with the number that it is about."""

    def __init__(self, section: Section, ink: Ink, style: Style, room: int) -> None:
        self.section, self.ink, self.style, self.room = section, ink, style, room
        lines = section.lines
        self.top = max((line.weight or 0 for line in lines), default=0)
        self.text = max(cell_len(line.text) for line in lines)
        self.detail = max(cell_len(safe(line.detail)) for line in lines)
        label = max(cell_len(safe(line.label)) for line in lines)
        bars = any(line.weight is not None for line in lines)
        least = (LEAST_BAR + GAP) * bars
        self.label = min(label, max(LABEL, room - GAP - self.text - least - GAP - self.detail))
        rest = room - self.label - GAP - self.text
        self.bar = min(MOST_BAR, rest - GAP - (GAP + self.detail) * bool(self.detail)) if bars else 0
        if self.bar < LEAST_BAR and bars:  # the bar says more than what stands behind it
            self.detail, self.bar = 0, min(MOST_BAR, rest - GAP)
        self.bar = self.bar if self.bar >= LEAST_BAR else 0

    def __iter__(self) -> Iterator[tuple[Text, Line | None]]:
        yield Text(self.section.title, f"bold {self.ink.primary}"), None
        if self.section.heat is not None:
            for text in heat_lines(self.section.heat, self.ink, self.style, self.room):
                yield text, None
        for line in self.section.lines:
            yield self._line(line), line
        if self.section.more:
            yield Text(f"and {self.section.more:,} more", self.ink.dim), None

    def _line(self, line: Line) -> Text:
        text = Text(safe(line.label), self.ink.foreground)
        text.truncate(self.label, overflow="ellipsis", pad=True)
        if self.bar:
            text.append(" " * GAP).append_text(self._bar(line.weight))
        text.append(" " * GAP + line.text.rjust(self.text), f"bold {self.ink.foreground}")
        if self.detail and line.detail and self.room - text.cell_len - GAP >= min(LEAST_DETAIL, cell_len(line.detail)):
            text.append(" " * GAP + safe(line.detail), self.ink.dim)
        text.truncate(self.room, overflow="ellipsis")
        return text

    def _bar(self, weight: int | None) -> Text:
        signs = glyphs(self.style)
        full = (weight or 0) * self.bar / self.top if self.top else 0
        done = max(int(full + 0.5), int(full > 0))
        bar = Text(signs.full * done, self.ink.accent)
        return bar.append(" " * (self.bar - done))


def heat_lines(heat: Heat, ink: Ink, style: Style, room: int) -> Iterator[Text]:
    """A column a week and a line a weekday, in as many blocks as the room asks for; a sign and a colour for each shade."""
    weeks, shade, signs = list(heat.weeks()), heat.shades(), glyphs(style).heat
    label = max(map(len, WEEKDAYS)) + 1 if room > LABEL else 0
    fit = max(1, room - label)
    blocks = -(-len(weeks) // fit)
    size = -(-len(weeks) // blocks)
    styles = [ink.dim, ink.primary, ink.accent, ink.accent, f"bold {ink.accent}"]
    for start in range(0, len(weeks), size):
        block = weeks[start : start + size]
        yield Text(" " * label + _months(block, heat), ink.dim)
        for weekday, name in enumerate(WEEKDAYS):
            line = Text(name.ljust(label)[:label], ink.dim)
            for week in block:
                found = shade(week[weekday])
                line.append(" " if found is None else signs[found], styles[found or 0])
            yield line
    legend = Text(" " * label + "less ", ink.dim)
    for at in range(HOT + 1):
        legend.append(signs[at], styles[at])
    yield legend.append(" more   " + counted(len(heat.days), "day"), ink.dim)


def _months(weeks: Sequence[Sequence[date]], heat: Heat) -> str:
    """The names of the months over the weeks that they begin in."""
    line = ""
    for at, week in enumerate(weeks):
        first = next((on for on in week if on.day == 1 and heat.first <= on <= heat.last), None)
        name = month_name(first.month)[:3] if first is not None else ""
        if name and len(line) <= at <= len(weeks) - len(name):  # a part of a name is none
            line = line.ljust(at) + name + " "
    return line.rstrip()
