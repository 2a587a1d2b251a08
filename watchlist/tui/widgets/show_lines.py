"""How a line of the list is put together: the header, and a show with and without the cursor on it."""

from __future__ import annotations

from collections.abc import Set

from rich.cells import cell_len
from rich.style import Style as RichStyle
from textual.widget import Widget

from watchlist.glyphs import glyphs
from watchlist.model import Show, Status
from watchlist.ratings import Style
from watchlist.tui.grouping import Heading
from watchlist.tui.themes import colour
from watchlist.tui.widgets.columns import STARS, Column, arrows, cell, drawn_progress, fit
from watchlist.tui.widgets.looks import Line, painted, plain
from watchlist.values import Value

Sort = tuple[str, bool]  # a field's name, and whether it runs from the top down

# A colour of the theme, and whether the text is bold. Not rules of a stylesheet: twenty of them would be read, sorted and
# matched before the first frame.
_LOOKS = {
    "header": ("text-primary", False),
    "sorted": ("text-primary", True),
    "bar": ("text-muted", False),
    "mark": ("text-accent", True),
    "dim": ("text-muted", False),
    "stars": ("text-accent", False),
    "wrong": ("text-warning", True),
    Status.PLANNED: ("text-primary", False),
    Status.WATCHING: ("text-accent", False),
    Status.WATCHED: ("text-success", False),
    Status.PAUSED: ("foreground", False),
    Status.DROPPED: ("text-error", False),
    "title": ("foreground", False),
    "cursor-title": ("foreground", True),
}


class Pencil:
    """Knows how the parts of a line look in a widget, as long as its colours and its focus stay the same."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._known: dict[tuple[str, bool], RichStyle] = {}

    def forget(self) -> None:
        self._known.clear()

    def __call__(self, part: str = "", here: bool = False) -> RichStyle:
        """How a part looks, of the ground where none is named; `here` is the line under the cursor."""
        if (part, here) not in self._known:
            self._known[part, here] = self._style(part, here)
        return self._known[part, here]

    def _style(self, part: str, here: bool) -> RichStyle:
        app, focused, colourless = self._widget.app, self._widget.has_focus, plain(self._widget)
        block = here and colourless and focused  # the cursor's line is one block then: a patchwork can't be read
        if block and part != "bar":
            part = ""
        name, bold = _LOOKS.get(part, ("foreground", False))
        if part == "bar" and focused:
            name = "primary"
        bold = block or (bold and (part != "cursor-title" or colourless or focused))
        ground = colour(app, "background")
        if here and not (block and part):
            ground = colour(app, "panel", ground)
        return painted(self._widget, name, ground, bold=bold, reverse=block and not part)


class Drawing(Value):
    """What all lines of a list have in common."""

    columns: tuple[Column, ...]
    style: Style
    sort: Sort | None
    marked: Set[str]  # ids

    def header(self, look: Pencil) -> Line:
        line = Line(look())
        for column in self.columns:
            label = column.label[: column.width]
            line.blank_to(column.end - len(label) if column.right else column.start)
            if self.sort is not None and self.sort[0] == column.field:
                line.add(label + arrows(self.style)[self.sort[1]], look("sorted"))
            else:
                line.add(label, look("header"))
        return line

    def heading(self, heading: Heading, look: Pencil) -> Line:
        """The line above a group: `Watching · 12`."""
        line, width = Line(look()), self.columns[-1].end
        line.blank_to(1)
        count = f" {glyphs(self.style).dot} {heading.size:,}"
        label = fit(heading.label, max(1, width - len(count) - 1), self.style).rstrip()
        line.add(label, look("sorted"))
        line.cells = 1 + cell_len(label)
        line.add(count, look("dim"))
        return line

    def row(self, show: Show, look: Pencil, here: bool) -> Line:
        """The line of a show; `here` says that the cursor is on it."""
        signs, style, dim = glyphs(self.style), self.style, look("dim", here)
        line = Line(look("", here))
        line.add(signs.cursor if here else " ", look("bar", here))
        line.add(signs.status[show.status], look(show.status, here))
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
