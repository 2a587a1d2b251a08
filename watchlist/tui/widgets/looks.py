"""How the parts of a widget look: its component classes as styles, and lines that are put together from them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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


def filtered(segments: list[Segment], widget: Widget) -> list[Segment]:
    """What the filters of the app leave of a part of this widget: no colours, colours that the terminal has."""
    for line_filter in widget.get_line_filters():
        segments = line_filter.apply(segments, widget.background_colors[1])
    return segments


class Ready(Strip):
    """A strip that is most often written as it is: what Textual keeps beside one is made when it is cut or joined."""

    __slots__ = ()

    def __init__(self, segments: list[Segment], cells: int) -> None:
        self._segments, self._cell_length = segments, cells
        self._render_cache = None

    def __getattr__(self, name: str) -> object:
        # Only asked for slots that are not set yet.
        super().__init__(self._segments, self._cell_length)
        return object.__getattribute__(self, name)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        cuts = list(cuts)
        return [self] if cuts[:1] == [self._cell_length] else super().divide(cuts)


class Line:
    """A line being put together from the left, on one ground."""

    def __init__(self, ground: RichStyle) -> None:
        self.ground = ground
        self.cells = 0
        self._texts: list[str] = []
        self._styles: list[RichStyle | None] = []

    def add(self, text: str, style: RichStyle | None) -> None:
        """Adds text, whose cells are counted as its characters: who adds wider ones sets `cells` after."""
        self._texts.append(text)
        self._styles.append(style)
        self.cells += len(text)

    def blank_to(self, column: int) -> None:
        """Blanks have no colour of their own: they go with what stands before them, so that a line has few parts."""
        if (blank := column - self.cells) > 0:
            if not self._texts:
                self.add("", self.ground)
            self._texts[-1] += " " * blank
            self.cells = column

    def strip(self, width: int) -> Strip:
        """The line in `width` cells."""
        if self.cells < width:
            self.add(" " * (width - self.cells), self.ground)
        segments = list(map(Segment, self._texts, self._styles))
        return Ready(segments if self.cells == width else Segment.adjust_line_length(segments, width), width)
