"""LineRenderer: builds the lines of the list of shows: header, group headings and shows."""

from __future__ import annotations

from collections.abc import Set

from rich.cells import cell_len
from rich.style import Style as RichStyle
from textual.widget import Widget

from watchlist.domain.frozen import Frozen
from watchlist.domain.glyphs import glyphs, status_glyph
from watchlist.domain.model import Show, Status
from watchlist.domain.ratings import DisplayStyle
from watchlist.tui.state.groups import Heading
from watchlist.tui.themes import theme_color
from watchlist.tui.widgets.line_widget import LineStatic, painted, plain
from watchlist.tui.widgets.list_columns import STARS, ListColumn, arrows, cell, drawn_progress, fit

Sort = tuple[str, bool]  # (name of the field, True if descending)

# By part of a line: (theme color of the text, bold). Rules of a stylesheet would be parsed and matched before the
# first frame, and delay it.
_LOOKS: dict[str, tuple[str, bool]] = {
    "header": ("text-primary", False),
    "sorted": ("text-primary", True),
    "bar": ("text-muted", False),
    "mark": ("text-accent", True),
    "dim": ("text-muted", False),
    "stars": ("text-accent", False),
    "wrong": ("text-warning", True),
    **{status: ("text-muted" if status.color == "dim" else f"text-{status.color}", False) for status in Status},
    "title": ("foreground", False),
    "cursor-title": ("foreground", True),
}


class LineStyles:
    """The styles of the parts of a line. They are cached until `forget` is called, e.g. after a change of theme or focus."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._known: dict[tuple[str, bool], RichStyle] = {}

    def forget(self) -> None:
        """Clear the cache."""
        self._known.clear()

    def __call__(self, part: str = "", here: bool = False) -> RichStyle:
        """Return the style of `part` or, without a part, of the background. `here` is True for the line under the cursor."""
        if (part, here) not in self._known:
            self._known[part, here] = self._style(part, here)
        return self._known[part, here]

    def _style(self, part: str, here: bool) -> RichStyle:
        app, focused, colorless = self._widget.app, self._widget.has_focus, plain(self._widget)
        block = here and colorless and focused  # the whole line is reversed: easier to read than several styles
        if block and part != "bar":
            part = ""
        name, bold = _LOOKS.get(part, ("foreground", False))
        if part == "bar" and focused:
            name = "primary"
        bold = block or (bold and (part != "cursor-title" or colorless or focused))
        ground = theme_color(app, "background")
        if here and not (block and part):
            ground = theme_color(app, "panel", ground)
        return painted(self._widget, name, ground, bold=bold, reverse=block and not part)


class LineRenderer(Frozen):
    """Draws the lines of a list. Its attributes are the settings that all lines share."""

    columns: tuple[ListColumn, ...]
    style: DisplayStyle
    sort: Sort | None
    marked: Set[str]  # ids of shows

    def header(self, look: LineStyles) -> LineStatic:
        """Return the line of column headings, with an arrow next to the sort column."""
        line = LineStatic(look())
        for column in self.columns:
            label = column.label[: column.width]
            line.blank_to(column.end - len(label) if column.right else column.start)
            if self.sort is not None and self.sort[0] == column.field:
                line.add(label + arrows(self.style)[self.sort[1]], look("sorted"))
            else:
                line.add(label, look("header"))
        return line

    def heading(self, heading: Heading, look: LineStyles) -> LineStatic:
        """Return the heading line of a group, e.g. `Watching · 12`."""
        line, width = LineStatic(look()), self.columns[-1].end
        line.blank_to(1)
        count = f" {glyphs(self.style).dot} {heading.size:,}"
        label = fit(heading.label, max(1, width - len(count) - 1), self.style).rstrip()
        line.add(label, look("sorted"))
        line.cells = 1 + cell_len(label)
        line.add(count, look("dim"))
        return line

    def row(self, show: Show, look: LineStyles, here: bool) -> LineStatic:
        """Return the line of a show. `here` is True if the show is under the cursor."""
        signs, style, dim = glyphs(self.style), self.style, look("dim", here)
        line = LineStatic(look("", here))
        line.add(signs.cursor if here else " ", look("bar", here))
        line.add(status_glyph(show.status, style), look(show.status, here))
        line.add(signs.marked if show.id in self.marked else " ", look("mark", here))
        for column in self.columns:
            line.blank_to(column.start)
            if column.field == "title":
                room = column.width
                if show.problems and room > 4:
                    line.add(signs.wrong + " ", look("wrong", here))
                    room -= 2
                line.add(fit(show.title, room, style), look("cursor-title" if here else "title", here))
            elif column.field == "rating" and show.rating is not None:
                text = cell(show, column, style)
                line.add(text[:STARS], look("stars", here))
                line.add(text[STARS:], dim)
            elif column.field == "progress" and (done := drawn_progress(show, column, style)):
                line.add(done[0], look("stars", here))
                line.add(done[1], dim)
            else:
                line.add(cell(show, column, style), dim)
            line.cells = column.end
        return line
