"""Details of one show as Rich panels, for `watchlist show` and the details pane of the interface.

All user text passes through `safe` into `Text`: it is never parsed as markup, and control characters are visible.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.constrain import Constrain
from rich.padding import Padding
from rich.panel import Panel
from rich.style import Style as RichStyle
from rich.text import Text

from watchlist.domain import show_text
from watchlist.domain.episodes import Episode, seasons_of
from watchlist.domain.fields import STORED
from watchlist.domain.frozen import replace
from watchlist.domain.glyphs import glyphs, status_glyph
from watchlist.domain.json_values import to_json
from watchlist.domain.model import Credit, Role, Season, Show, Viewing
from watchlist.domain.ratings import DisplayStyle, show_rating, stars
from watchlist.domain.record_fields import Records
from watchlist.domain.rewatches import rewatch_numbers
from watchlist.domain.text import counted, long_date
from watchlist.domain.watch_progress import progress_of, season_progress
from watchlist.panels.episode_grid import EpisodeGrid
from watchlist.panels.layout import HeatGrid, KeyValueLines, ProgressBar
from watchlist.panels.styles import Styles
from watchlist.sanitize import safe

# One line of prose in which nothing is Markdown.
_PROSE = re.compile(r"[^\W\d_](?:[^\W_]|[ ,.;:?!'\"()…–’“”])*")
MAX_GRID_EPISODES = 60  # columns of a heat grid; with more episodes, only rated ones get a column


def card(
    show: Show,
    ink: Styles,
    style: DisplayStyle,
    *,
    width: int | None = None,
    limit: int | None = None,
    today: date | None = None,
    cursor: Episode | None = None,
) -> RenderableType:
    """Return the heading and all panels of a show as one renderable.

    `width` is the maximum width in cells; None for that of the console. Texts are cut after `limit` characters; None
    for no limit. `today` is used to say when the show may be finished; None to omit this. `cursor` is the episode under
    the cursor; None for no cursor.
    """
    return Group(*panels(show, ink, style, width=width, limit=limit, today=today, cursor=cursor))


def panels(
    show: Show,
    ink: Styles,
    style: DisplayStyle,
    *,
    width: int | None = None,
    limit: int | None = None,
    today: date | None = None,
    cursor: Episode | None = None,
) -> list[RenderableType]:
    """Return the heading of a show and its panels from top to bottom. Empty panels are omitted.

    Args:
        show: The show.
        ink: The styles to draw with.
        style: The scale of ratings, and whether only ASCII symbols are drawn.
        width: The maximum width in cells; None for the width of the console.
        limit: The number of characters after which a text is cut, with a note; None for no limit.
        today: The current day, used to say when the show may be finished; None to omit this.
        cursor: The episode under the cursor; None for no cursor.
    """
    parts = _Parts(show, ink, style, limit, today, cursor)
    drawn: list[RenderableType] = [parts.heading()]
    for title, content in parts.contents():
        is_problem = title == "Problems"
        drawn.append(
            Panel(
                content,
                title=Text(title, ink.error if is_problem else ink.primary),
                title_align="left",
                border_style=(ink.error if is_problem else ink.border) or "none",
                box=box.ASCII if style.ascii else box.ROUNDED,
                padding=(0, 1),
            )
        )
    return [Constrain(part, width) for part in drawn] if width is not None else drawn


class _Parts:
    """Builds the contents of the panels of one show: a title and a renderable for each panel."""

    def __init__(
        self,
        show: Show,
        ink: Styles,
        style: DisplayStyle,
        limit: int | None,
        today: date | None,
        cursor: Episode | None,
    ) -> None:
        self.show, self.ink, self.style, self.limit, self.today, self.cursor = show, ink, style, limit, today, cursor
        self.signs = glyphs(style)

    def contents(self) -> Iterator[tuple[str, RenderableType]]:
        """Yield (title, content) of each panel that is not empty."""
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
        if (grid := EpisodeGrid(show, self.style, self.ink, self.cursor)).seasons:
            yield "Progress", Group(*self.progress(), self.episodes(grid))
        if show.viewings:
            yield "Viewings", self.viewings()
        if show.notes.strip():
            yield "Notes", self.notes(self.cut(show.notes))
        if own := list(_own_values(show)):
            yield "Other", self.pairs(own)

    def cut(self, text: str) -> str:
        """Return a text, cut if it is longer than the limit, with a note on how many characters are omitted."""
        if self.limit is None or len(text) <= self.limit:
            return text
        return f"{text[: self.limit]}\n\n({len(text) - self.limit:,} more characters)"

    def text(self, value: str, role: str) -> Text:
        """Return user text as one line in the Rich style `role`, cut to the limit."""
        return Text(safe(self.cut(value).replace("\n", " ")), role)

    def notes(self, text: str) -> RenderableType:
        """Return the user's notes as rendered Markdown."""
        if _PROSE.fullmatch(prose := text.strip()):
            return Text(safe(prose), self.ink.foreground)
        from watchlist.panels.markdown_notes import notes  # saves a slow import and 2 MiB for notes without Markdown

        return notes(text, self.ink, self.style)

    def prose(self, value: str, role: str) -> Text:
        """Return user text as paragraphs in the Rich style `role`, cut to the limit."""
        return Text("\n\n".join(map(safe, show_text.paragraphs(self.cut(value)))), role)

    def pairs(self, rows: Iterable[tuple[str, str]]) -> KeyValueLines:
        """Return (name, text) rows as two aligned columns."""
        return KeyValueLines([(self.text(a, self.ink.foreground), self.text(b, self.ink.dim)) for a, b in rows])

    def heading(self) -> RenderableType:
        """Return title, status and basic facts. They are indented like the text of the panels."""
        show, ink, style = self.show, self.ink, self.style
        title = Text().append_text(self.text(show.title, f"bold {ink.accent}"))
        status = Text().append(f"{status_glyph(show.status, style)} {show.status}", ink.status(show.status))
        for line, detail, role in (
            (title, show_text.origin(show, style), ink.foreground),
            (status, show_text.extent(show, style), ink.dim),
        ):
            if detail:
                line.append("  ").append_text(self.text(detail, role))
        ids = show_text.dotted((f"{key} {id}" for key, id in show.ids.items()), style)
        added = f"added {long_date(show.added)}" if show.added else ""
        facts = [*show_text.lines(show, style), show.url, ids, added]
        return Padding(Text("\n").join([title, status, *(self.text(line, ink.dim) for line in facts if line)]), (0, 1))

    def rating(self) -> RenderableType:
        """Return the rating as stars and number. Below, if any episodes are rated, is a grid of their ratings.

        The style of each star has the metadata `star` with its number (from 1), so that clicks can be handled.
        """
        show, ink = self.show, self.ink
        line = Text(stars(show.rating, self.style), ink.accent if show.rating else ink.dim)
        for star in range(1, len(line) + 1):
            line.stylize(RichStyle(meta={"star": star}), star - 1, star)
        line.append("  " + (show_rating(show.rating, self.style) or "not rated"), f"bold {ink.foreground}")
        rated = [season for season in seasons_of(show) if season.ratings]
        if not rated:
            return line
        count = sum(len(season.ratings) for season in rated)
        best = max(rated, key=lambda season: max(season.ratings.values()))
        episode = show_text.episode(best, max(best.ratings, key=lambda number: best.ratings[number]))
        total = progress_of(show).total
        total_text = f"{count:,} of " * (total is not None)
        details = (f"{total_text}{counted(max(count, total or 0), 'episode')} rated", f"best: {episode}")
        line.append("   ").append_text(self.text(show_text.dotted(details, self.style), ink.dim))
        first = min(min(season.start, *season.ratings) for season in rated)
        last = max(max(season.start - 1 + (season.episodes or 0), *season.ratings) for season in rated)
        fits = last - first < MAX_GRID_EPISODES
        numbers = list(range(first, last + 1)) if fits else sorted({n for s in rated for n in s.ratings})
        return Group(line, HeatGrid([(f"S{s.number}", s.ratings) for s in rated], numbers, ink, self.style))

    def progress(self) -> list[RenderableType]:
        """Return a bar for each season, a line with what is left and when it may be done, and one with the next episode."""
        seasons = [
            progress
            for progress in map(season_progress, seasons_of(self.show))
            if progress.total or progress.season.watched
        ]
        label = max((len(f"S{progress.season.number}") for progress in seasons), default=0)
        room = max((len(progress.text) for progress in seasons), default=0)
        drawn: list[RenderableType] = [
            ProgressBar(
                f"{f'S{progress.season.number}':<{label}}",
                progress.seen,
                progress.total,
                progress.text,
                room,
                self.ink,
                self.style,
            )
            for progress in seasons
        ]
        summary = show_text.left(self.show, self.today), show_text.coming(self.show, self.today)
        return [*drawn, *(self.text(line, self.ink.dim) for line in summary if line)]

    def episodes(self, grid: EpisodeGrid) -> RenderableType:
        """Return `grid`; if an episode is under the cursor, with the details of that episode below its line."""
        season = grid.seasons.get(self.cursor.season) if self.cursor is not None else None
        if season is None or self.cursor is None:
            return grid
        title = self.text(show_text.episode(season, self.cursor.number), f"bold {self.ink.foreground}")
        about = show_text.about_episode(self.show, season, self.cursor.number, self.style, self.today)
        details = self.text(about, self.ink.dim)
        return replace(grid, details=Group(title, details))

    def viewings(self) -> RenderableType:
        """Return the viewings, newest first. Viewings without a date come last."""
        numbered = zip(self.show.viewings, rewatch_numbers(self.show), strict=True)
        rows = sorted(numbered, key=lambda pair: pair[0].date.isoformat() if pair[0].date else "")
        return Group(*(part for row, rewatch in reversed(rows) for part in self.viewing(row, rewatch)))

    def viewing(self, row: Viewing, rewatch: int) -> Iterator[RenderableType]:
        """Yield the line of a viewing, then its review. `rewatch` is the number of the rewatch; 0 for the first time."""
        ink = self.ink
        line = Text(show_text.moment(row) if row.date else "undated", ink.foreground)
        if row.rating:
            line.append(f"  {stars(row.rating, self.style)} ", ink.accent).append(show_rating(row.rating, self.style))
        people = f"with {', '.join(row.people)}" if row.people else ""
        rewatch_text = f"rewatch {rewatch}" if rewatch else ""
        if details := show_text.dotted((row.episodes, rewatch_text, people), self.style):
            line.append("  ").append_text(self.text(details, ink.dim))
        yield line
        if row.review.strip():
            yield Padding(self.prose(row.review, ink.dim), (0, 0, 0, 2))

    def problems(self) -> RenderableType:
        """Return the invalid values of the show in the file, with the reasons."""
        lines = []
        for problem in self.show.problems:
            value = "" if problem.value is None else f" = {_value(problem.value)}"
            lines.append(self.text(f"{self.signs.wrong} {problem.key}{value}", self.ink.error))
            lines.append(self.text(f"  {problem.message}", self.ink.foreground))
        return Text("\n").join(lines)


def _own_values(show: Show) -> Iterator[tuple[str, str]]:
    """Yield (key, value as text) for each of the user's own keys. A key in a row is named with the row: `viewings[0].key`."""
    for key, value in show.other.items():
        yield key, _value(value)
    for field in STORED:
        if isinstance(field.type, Records):
            rows: Iterable[Role | Credit | Season | Viewing] = field.get(show)
            for index, row in enumerate(rows):
                for key, value in row.other.items():
                    yield f"{field.name}[{index}].{key}", _value(value)


def _value(value: Any) -> str:
    """Return a TOML value as one line of text."""
    plain = to_json(value)
    return plain if isinstance(plain, str) else json.dumps(plain, ensure_ascii=False)
