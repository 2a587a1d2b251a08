"""The details of one show as Rich panels: what `watchlist show` prints and what the details pane holds.

All text of the user's goes into `Text` and through `safe`: it is never markup, and nothing in it reaches a terminal raw.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from watchlist import facts
from watchlist.fields import STORED
from watchlist.glyphs import glyphs, status_glyph
from watchlist.model import Credit, Role, Season, Show, Viewing
from watchlist.panels.episodes import EpisodeGrid
from watchlist.panels.ink import ANSI, BALLARD, BALLARD_LIGHT, PLAIN, Ink
from watchlist.panels.layout import Bar, HeatGrid, Pairs
from watchlist.panels.notes import notes
from watchlist.ratings import Style, show_rating, stars
from watchlist.records import Records, to_json
from watchlist.safe import safe
from watchlist.text import long_date
from watchlist.watching import Episode

__all__ = ["ANSI", "BALLARD", "BALLARD_LIGHT", "PLAIN", "Ink", "card", "panels"]

GRID_MOST = 60  # episodes in a heat grid; of a longer season only the rated ones get a column


def card(
    show: Show,
    ink: Ink,
    style: Style,
    *,
    width: int | None = None,
    limit: int | None = None,
    today: date | None = None,
    at: Episode | None = None,
) -> RenderableType:
    """All there is to see of a show, heading first; see `panels`."""
    return Group(*panels(show, ink, style, width=width, limit=limit, today=today, at=at))


def panels(
    show: Show,
    ink: Ink,
    style: Style,
    *,
    width: int | None = None,
    limit: int | None = None,
    today: date | None = None,
    at: Episode | None = None,
) -> list[RenderableType]:
    """The heading and a panel for every part that is not empty, top to bottom.

    They take the room they are given, at most `width` cells. Text longer than `limit` characters is cut, and says so.
    Where it is known what day it is, `today`, they say when a show may be done. `at` is the episode under a cursor.
    """
    parts = _Parts(show, ink, style, limit, today, at)
    drawn: list[RenderableType] = [parts.heading()]
    for title, content in parts.contents():
        wrong = title == "Problems"
        drawn.append(
            Panel(
                content,
                title=Text(title, ink.error if wrong else ink.primary),
                title_align="left",
                border_style=(ink.error if wrong else ink.border) or "none",
                box=box.ASCII if style.ascii else box.ROUNDED,
                padding=(0, 1),
            )
        )
    return [Constrain(part, width) for part in drawn] if width is not None else drawn


class _Parts:
    """The parts of one card; each method draws one of them from the show alone."""

    def __init__(
        self, show: Show, ink: Ink, style: Style, limit: int | None, today: date | None, at: Episode | None
    ) -> None:
        self.show, self.ink, self.style, self.limit, self.today, self.at = show, ink, style, limit, today, at
        self.signs = glyphs(style)

    def contents(self) -> Iterator[tuple[str, RenderableType]]:
        show = self.show
        if show.problems:
            yield "Problems", self.problems()
        yield "Rating", self.rating()
        if show.synopsis.strip():
            yield "Synopsis", self.prose(show.synopsis, self.ink.foreground)
        if show.cast:
            yield "Cast", self.pairs((row.actor, row.role) for row in show.cast)
        if show.crew:
            yield "Crew", self.pairs((row.name, row.job) for row in show.crew)
        if (grid := EpisodeGrid(show, self.style, self.ink, self.at)).seasons:
            yield "Progress", Group(*self.progress(), self.episodes(grid))
        if show.viewings:
            yield "Viewings", self.viewings()
        if show.notes.strip():
            yield "Notes", notes(self.cut(show.notes), self.ink, self.style)
        if own := list(_own(show)):
            yield "Other", self.pairs(own)

    def cut(self, text: str) -> str:
        if self.limit is None or len(text) <= self.limit:
            return text
        return f"{text[: self.limit]}\n\n({len(text) - self.limit:,} more characters)"

    def text(self, value: str, role: str) -> Text:
        """A text that is one line of the user's."""
        return Text(safe(self.cut(value).replace("\n", " ")), role)

    def prose(self, value: str, role: str) -> Text:
        return Text("\n\n".join(map(safe, facts.paragraphs(self.cut(value)))), role)

    def pairs(self, rows: Iterable[tuple[str, str]]) -> Pairs:
        return Pairs([(self.text(a, self.ink.foreground), self.text(b, self.ink.dim)) for a, b in rows])

    def heading(self) -> RenderableType:
        """Title and facts in a few calm lines, indented as the text in the panels is."""
        show, ink, style = self.show, self.ink, self.style
        title = Text().append_text(self.text(show.title, f"bold {ink.accent}"))
        status = Text().append(f"{status_glyph(show.status, style)} {show.status}", ink.status(show.status))
        for line, behind, role in (
            (title, facts.origin(show, style), ink.foreground),
            (status, facts.extent(show, style), ink.dim),
        ):
            if behind:
                line.append("  ").append_text(self.text(behind, role))
        ids = facts.dotted((f"{key} {id}" for key, id in show.ids.items()), style)
        added = f"added {long_date(show.added)}" if show.added else ""
        below = [*facts.lines(show, style), show.url, ids, added]
        return Padding(Text("\n").join([title, status, *(self.text(line, ink.dim) for line in below if line)]), (0, 1))

    def rating(self) -> RenderableType:
        """Stars and the exact number; below them the episodes, where any is rated."""
        show, ink = self.show, self.ink
        line = Text(stars(show.rating, self.style), ink.accent if show.rating else ink.dim)
        line.append("  " + (show_rating(show.rating, self.style) or "not rated"), f"bold {ink.foreground}")
        rated = [season for season in show.seasons if season.ratings]
        if not rated:
            return line
        count = sum(len(season.ratings) for season in rated)
        best = max(rated, key=lambda season: max(season.ratings.values()))
        episode = facts.episode(best, max(best.ratings, key=lambda number: best.ratings[number]))
        said = (f"{count} of {max(count, show.episodes or 0)} episodes rated", f"best: {episode}")
        line.append("   ").append_text(self.text(facts.dotted(said, self.style), ink.dim))
        last = max(max(season.episodes or 0, *season.ratings) for season in rated)
        numbers = list(range(1, last + 1)) if last <= GRID_MOST else sorted({n for s in rated for n in s.ratings})
        return Group(line, HeatGrid([(f"S{s.number}", s.ratings) for s in rated], numbers, ink, self.style))

    def progress(self) -> list[RenderableType]:
        """A bar a season, then how long the rest takes, what is next, and when all of it may be done."""
        seasons = [season for season in self.show.seasons if season.episodes or season.watched]
        words = [facts.progress(season) for season in seasons]
        label = max((len(f"S{season.number}") for season in seasons), default=0)
        room = max(map(len, words), default=0)
        drawn: list[RenderableType] = [
            Bar(f"{f'S{s.number}':<{label}}", s.seen, facts.due(s), text, room, self.ink, self.style)
            for s, text in zip(seasons, words, strict=True)
        ]
        rest = facts.left(self.show, self.today), facts.coming(self.show)
        return [*drawn, *(self.text(line, self.ink.dim) for line in rest if line)]

    def episodes(self, grid: EpisodeGrid) -> RenderableType:
        """A line a season, and what there is to say of the episode under the cursor."""
        season = grid.seasons.get(self.at.season) if self.at is not None else None
        if season is None or self.at is None:
            return grid
        title = self.text(facts.episode(season, self.at.number), f"bold {self.ink.foreground}")
        said = self.text(facts.about_episode(self.show, season, self.at.number, self.style), self.ink.dim)
        return replace(grid, said=Group(title, said))

    def viewings(self) -> RenderableType:
        """Newest first, the undated ones at the end."""
        rows = sorted(self.show.viewings, key=lambda row: row.date.isoformat() if row.date else "")
        return Group(*(part for row in reversed(rows) for part in self.viewing(row)))

    def viewing(self, row: Viewing) -> Iterator[RenderableType]:
        ink = self.ink
        line = Text(facts.moment(row) if row.date else "undated", ink.foreground)
        if row.rating:
            line.append(f"  {stars(row.rating, self.style)} ", ink.accent).append(show_rating(row.rating, self.style))
        people = f"with {', '.join(row.people)}" if row.people else ""
        again = f"rewatch {row.rewatch}" if row.rewatch else ""
        if said := facts.dotted((row.episodes, again, people), self.style):
            line.append("  ").append_text(self.text(said, ink.dim))
        yield line
        if row.review.strip():
            yield Padding(self.prose(row.review, ink.dim), (0, 0, 0, 2))

    def problems(self) -> RenderableType:
        """What the file holds that its field does not take; it stays there as it is."""
        lines = []
        for problem in self.show.problems:
            value = "" if problem.value is None else f" = {_value(problem.value)}"
            lines.append(self.text(f"{self.signs.wrong} {problem.key}{value}", self.ink.error))
            lines.append(self.text(f"  {problem.message}", self.ink.foreground))
        return Text("\n").join(lines)


def _own(show: Show) -> Iterator[tuple[str, str]]:
    """The user's own keys and what they hold, those within rows too."""
    for key, value in show.other.items():
        yield key, _value(value)
    for field in STORED:
        if isinstance(field.type, Records):
            rows: Iterable[Role | Credit | Season | Viewing] = field.get(show)
            for index, row in enumerate(rows):
                for key, value in row.other.items():
                    yield f"{field.name}[{index}].{key}", _value(value)


def _value(value: Any) -> str:
    """A TOML value on one line."""
    plain = to_json(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
