"""How the parts of a widget look: its component classes as styles, and lines that are put together from them."""

from __future__ import annotations

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget


def look(widget: Widget, *components: str) -> Style:
    """The style of component classes laid over the widget's own, `text-style: reverse` included."""
    style = widget.get_visual_style(*components)
    if any(widget.get_component_styles(name).text_style.reverse for name in components):
        style += Style(reverse=True)
    return style


def is_ascii(widget: Widget) -> bool:
    """Whether the terminal has ASCII only: the app has the class `-ascii` then."""
    return widget.app.has_class("-ascii")


class Line:
    """A line being put together from the left, on one ground."""

    def __init__(self, ground: RichStyle) -> None:
        self.ground = ground
        self.segments: list[Segment] = []
        self.cells = 0

    def add(self, text: str, style: RichStyle) -> None:
        """Adds text, whose cells are counted as its characters: who adds wider ones sets `cells` after."""
        self.segments.append(Segment(text, style))
        self.cells += len(text)

    def blank_to(self, column: int) -> None:
        """Blanks have no colour of their own: they go with what stands before them, so that a line has few parts."""
        if column > self.cells and self.segments:
            last = self.segments[-1]
            self.segments[-1] = Segment(last.text + " " * (column - self.cells), last.style)
            self.cells = column
        elif column > self.cells:
            self.add(" " * (column - self.cells), self.ground)

    def strip(self, width: int) -> Strip:
        return Strip(self.segments).adjust_cell_length(width, self.ground)
