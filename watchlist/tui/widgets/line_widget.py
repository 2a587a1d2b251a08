"""LineWidget: the base class of widgets that draw their own lines, and helpers for styles and lines."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from watchlist.tui.themes import theme_color, uses_terminal_colors


def look(widget: Widget, *components: str) -> Style:
    """Return the style of a widget combined with those of its component classes `components`, including reverse video."""
    style = widget.get_visual_style(*components)
    if any(widget.get_component_styles(name).text_style.reverse for name in components):
        style += Style(reverse=True)
    return style


def toned(ground: Style, tone: str) -> RichStyle:
    """Return the Rich style for text of a `tone`, e.g. `bold $text-accent`, on the style `ground`."""
    return (ground + Style.parse(tone)).rich_style if tone else ground.rich_style


def is_ascii(widget: Widget) -> bool:
    """Return True if the app may draw only ASCII characters."""
    return widget.app.has_class("-ascii")


def plain(widget: Widget) -> bool:
    """Return True if background colors can't be used in a widget: colors are off, or the terminal's palette is used."""
    return uses_terminal_colors(widget.app) or widget.app.no_color


def painted(widget: Widget, ink: str, ground: Color, *, bold: bool = False, reverse: bool = False) -> RichStyle:
    """Return a Rich style with the theme color `ink` on the background color `ground`."""
    color = theme_color(widget.app, ink, ground).rich_color
    return RichStyle(color=color, bgcolor=ground.rich_color, bold=bold or None, reverse=reverse or None)


Words = Sequence[tuple[str, str]]  # pairs of (text, name of its style in LOOKS)
# An empty background means the background of the widget.
StyleTable = Mapping[str, tuple[str, bool, str]]  # by part: (theme color of text, bold, theme color of background)


class LineWidget(Widget):
    """The base class of widgets that draw their own lines. Drawing is fast, because each start and key waits for it.

    LOOKS is a table of the styles. A stylesheet would be slower, because it is parsed before the first frame.
    """

    ALLOW_SELECT = False
    GROUND: ClassVar[str]  # theme color of the background
    LOOKS: ClassVar[StyleTable]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        self._looks: dict[str, RichStyle] = {}
        self._drawn: tuple[Hashable, Sequence[LineStatic]] | None = None  # the lines of `drawn_once`, for their state
        super().__init__(id=id, classes=classes)

    def draw(self) -> Sequence[LineStatic]:
        """Return the lines from top to bottom, each one created by `line`."""
        raise NotImplementedError

    def drawn_once(self, state: Hashable, draw: Callable[[], Sequence[LineStatic]]) -> Sequence[LineStatic]:
        """Return `draw()`, or what it returned before, for the same `state` and size. For widgets of many lines."""
        key = (state, self.size)
        if self._drawn is None or self._drawn[0] != key:
            self._drawn = key, draw()
        return self._drawn[1]

    def line(self, words: Words = ()) -> LineStatic:
        """Return a new line with `words`, pairs of (text, name of its style in LOOKS)."""
        line = LineStatic(self.look())
        for said, part in words:
            line.say(said, self.look(part))
        return line

    def look(self, part: str = "") -> RichStyle:
        """Return the style of `part`, a key of LOOKS. Without a part, return the style of the background."""
        if part not in self._looks:
            ink, bold, ground = self.LOOKS.get(part, ("foreground", False, ""))
            reverse = bool(ground) and plain(self)  # another background would not be visible then
            if reverse:
                ink, ground = "foreground", ""
            self._looks[part] = painted(
                self, ink, theme_color(self.app, ground or self.GROUND), bold=bold, reverse=reverse
            )
        return self._looks[part]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()
        self._drawn = None

    def render_line(self, y: int) -> Strip:
        lines = self.draw()
        return (lines[y] if y < len(lines) else self.line()).strip(self.size.width)


class LineStatic:
    """A line that is built from left to right on a background style. `cells` is its current width."""

    def __init__(self, ground: RichStyle) -> None:
        self.ground = ground
        self.cells = 0
        self._texts: list[str] = []
        self._styles: list[RichStyle | None] = []

    def add(self, text: str, style: RichStyle | None) -> None:
        """Append text in which each character is one cell wide. For other text, use `say`, or correct `cells` afterwards."""
        self._texts.append(text)
        self._styles.append(style)
        self.cells += len(text)

    def say(self, text: str, style: RichStyle | None) -> None:
        """Append text whose characters may have any width."""
        before = self.cells
        self.add(text, style)
        self.cells = before + cell_len(text)

    def blank_to(self, column: int) -> None:
        """Append blanks up to a column (from 0), in the style of the text before them, so that the line has few segments."""
        if (blank := column - self.cells) > 0:
            if not self._texts:
                self.add("", self.ground)
            self._texts[-1] += " " * blank
            self.cells = column

    def strip(self, width: int) -> Strip:
        """Return the line as a Strip, padded or cut to `width` cells."""
        if self.cells < width:
            self.add(" " * (width - self.cells), self.ground)
        segments = list(map(Segment, self._texts, self._styles))
        return Strip(segments if self.cells == width else Segment.adjust_line_length(segments, width), width)
