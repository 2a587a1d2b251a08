"""Previews of what the add line would add: in the panels of the details or, on a narrow screen, in a few lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Group
from rich.panel import Panel
from rich.text import Text
from textual.strip import Strip

from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.show_text import dotted, length
from watchlist.sanitize import safe
from watchlist.sources.catalogue.credit import CREDIT
from watchlist.tui.themes import ink_of
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.line_widget import LineStatic, LineWidget
from watchlist.tui.widgets.list_columns import fit, steady

if TYPE_CHECKING:
    from watchlist.sources.catalogue.title import CatalogueTitle

MISSING = "Synopsis and air dates.", " looks them up once it is added."


def rating_line(title: CatalogueTitle) -> str:
    """Return IMDb's rating of a title, which is shown but never stored: `IMDb 8.3 from 780,000 votes`."""
    return f"IMDb {title.rating:.1f} from {title.votes:,} votes" if title.rating is not None else ""


def credit_line(width: int) -> str:
    """Return the credit of the catalogue, without the address if it has more than `width` cells."""
    return CREDIT if len(CREDIT) <= width else re.sub(r" \(.*?\)", "", CREDIT)


class AddPreview(Details, can_focus=False):
    """The details pane with a show that is not on the list yet. The credit of the catalogue is in its last line."""

    def __init__(self, look_up: str = "") -> None:
        """Create the preview. `look_up` is the key that looks up more once a show is added; empty if there is none."""
        super().__init__()
        self._title: CatalogueTitle | None = None
        self._look_up = look_up

    def preview(self, show: Show | None, title: CatalogueTitle | None, style: DisplayStyle) -> None:
        """Show what is known of a title of the catalogue or, if `title` is None, a show of the list."""
        self._title = title
        self.show_details(show, style=style)

    def _lay_out(self, width: int) -> list[Strip]:
        if self._title is None or self.shown is None:
            return super()._lay_out(width)
        from watchlist.panels.show_panels import panels  # slow to import, and not needed for the first frame

        ink = ink_of(self.app)
        heading, *rest = panels(self.shown, ink, self._rating_style)
        rating = rating_line(self._title)
        parts = [heading, *([Text(f" {rating}", ink.dim)] if rating else []), *rest]
        if self._look_up:
            border = box.ASCII if self._rating_style.ascii else box.ROUNDED
            text = Text.assemble((MISSING[0] + " ", ink.dim), (self._look_up, ink.accent), (MISSING[1], ink.dim))
            title = Text("Not in the catalogue", ink.primary)
            parts.append(
                Panel(
                    text, title=title, title_align="left", border_style=ink.border or "none", box=border, padding=(0, 1)
                )
            )
        return self.strips_of(Group(*parts), width)

    def draw_line(self, y: int) -> Strip:
        if self._title is not None and y == self.size.height - 1:
            return self.strips_of(Text(f" {credit_line(self.line_width - 2)}", ink_of(self.app).dim), self.line_width)[
                0
            ]
        return super().draw_line(y)


class ShortPreview(LineWidget):
    """The preview on a narrow screen: title and facts, a line for each season, and the people."""

    DEFAULT_CSS = "ShortPreview { background: $surface; }"
    GROUND = "surface"
    LOOKS = {"title": ("text-accent", True, ""), "dim": ("text-muted", False, ""), "bold": ("foreground", True, "")}

    def __init__(self) -> None:
        super().__init__()
        self._show: Show | None = None
        self._title: CatalogueTitle | None = None
        self._style = STARS
        self._version = 0  # counts the previews

    def preview(self, show: Show | None, title: CatalogueTitle | None, style: DisplayStyle) -> None:
        """Show what is known of a title of the catalogue or, if `title` is None, a show of the list."""
        self._show, self._title, self._style = show, title, style
        self._version += 1
        self.refresh()

    def draw(self) -> Sequence[LineStatic]:
        return self.drawn_once(self._version, self._all_lines)

    def _all_lines(self) -> list[LineStatic]:
        show, height, width = self._show, self.size.height, self.size.width - 2
        if show is None or height < 1:
            return []
        lines = [self._cut(line, width) for line in self._lines(show, width)]
        if self._title is None:
            return lines[:height]
        blank = [self.line()] * max(0, height - 1 - len(lines))
        return [*lines[: height - 1], *blank, self.line(((f" {fit(credit_line(width), width, self._style)}", "dim"),))]

    def _cut(self, words: list[tuple[str, str]], width: int) -> LineStatic:
        line = self.line(((" ", ""),))
        for text, part in words:
            room = width - line.cells + 1
            if room > 0:
                line.say(
                    fit(steady(text), room, self._style).rstrip(" ") if len(text) > room else text, self.look(part)
                )
        return line

    def _lines(self, show: Show, width: int) -> Iterable[list[tuple[str, str]]]:
        facts = dotted(
            (str(show.year or ""), str(show.kind or ""), length(show, self._style), ", ".join(show.genres)), self._style
        )
        yield [(safe(show.title), "title"), (f"  {safe(facts)}", "")]
        if self._title is not None and (rating := rating_line(self._title)):
            yield [(rating, "dim")]
        for season in show.seasons:
            titles = ", ".join(filter(None, season.titles)) or "titles not known"
            count = f" {season.episodes} ep  " if season.episodes is not None else "  "
            yield [(f"S{season.number}", "bold"), (count, "dim"), (safe(titles), "dim")]
        people = [*show.creators, *(role.actor for role in show.cast)]
        if people:
            yield [(safe(", ".join(people)), "")]
