"""How the parts of a widget look, and lines that are put together from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import ClassVar

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import Console
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.geometry import Region
from textual.strip import Strip
from textual.style import Style
from textual.widget import Widget

from watchlist.tui.themes import colour


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


def plain(widget: Widget) -> bool:
    """Whether a part can't be told from the others by its colours: without any, or with those of the terminal."""
    return widget.app.native_ansi_color or widget.app.no_color


def painted(widget: Widget, ink: str, ground: Color, *, bold: bool = False, reverse: bool = False) -> RichStyle:
    """A colour of the theme on a ground, as it goes to the terminal."""
    color = colour(widget.app, ink, ground).rich_color
    style = RichStyle(color=color, bgcolor=ground.rich_color, bold=bold or None, reverse=reverse or None)
    return filtered([Segment("", style)], widget)[0].style or style


Words = Sequence[tuple[str, str]]  # each with what part of a widget it is
Looks = Mapping[str, tuple[str, bool, str]]  # by part: a colour of the theme, if bold, and the ground or ""


class Drawn(Widget):
    """Draws its lines itself, as they go to the terminal: every start and every key waits for them.

    Its parts look as LOOKS says. Those are no rules of a stylesheet: they would be read, sorted and matched before the
    first frame.
    """

    ALLOW_SELECT = False
    GROUND: ClassVar[str]  # a colour of the theme
    LOOKS: ClassVar[Looks]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        self._looks: dict[str, RichStyle] = {}
        super().__init__(id=id, classes=classes)

    def draw(self) -> Sequence[Line]:
        """The lines from the top, each begun with `line`."""
        raise NotImplementedError

    def line(self, words: Words = ()) -> Line:
        """A line that begins with these words."""
        line = Line(self.look())
        line.blank_to(self.gutter.left)
        for said, part in words:
            line.say(said, self.look(part))
        return line

    def look(self, part: str = "") -> RichStyle:
        """How a part looks; the ground where none is named."""
        if part not in self._looks:
            ink, bold, ground = self.LOOKS.get(part, ("foreground", False, ""))
            reverse = bool(ground) and plain(self)  # a ground of its own can't be told from the others then
            if reverse:
                ink, ground = "foreground", ""
            self._looks[part] = painted(self, ink, colour(self.app, ground or self.GROUND), bold=bold, reverse=reverse)
        return self._looks[part]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        width = self.outer_size.width
        strips = [line.strip(width).crop(*crop.column_span) for line in self.draw()]
        strips += [Line(self.look()).strip(crop.width)] * (crop.bottom - len(strips))
        return strips[crop.y : crop.bottom]


class Ready(Strip):
    """A strip that is most often written as it is: what Textual keeps beside one is made when it is cut or joined.

    To the terminal it says only what changes from one part to the next: half the bytes are there sooner.
    """

    __slots__ = ()

    def __init__(self, segments: list[Segment], cells: int) -> None:
        self._segments, self._cell_length = segments, cells
        self._render_cache = None

    def __getattr__(self, name: str) -> object:
        # Only asked for slots that are not set yet.
        super().__init__(self._segments, self._cell_length)
        return object.__getattribute__(self, name)

    def render(self, console: Console) -> str:
        if self._render_cache is None:
            system, before, parts = console._color_system or ColorSystem.TRUECOLOR, _PLAIN, list[str]()
            for text, style, _ in self._segments:
                if text:
                    parts += _step(before, style or _PLAIN, system), text
                    before = style or _PLAIN
            self._render_cache = "".join([*parts, _step(before, _PLAIN, system)])
        return self._render_cache

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        cuts = list(cuts)
        return [self] if cuts[:1] == [self._cell_length] else super().divide(cuts)


_PLAIN = RichStyle()


@cache
def _step(before: RichStyle, style: RichStyle, system: ColorSystem) -> str:
    """What has a terminal that writes in one style write in another."""
    if style == before:
        return ""
    has, had = _attributes(style), _attributes(before)
    if had & ~has or (before.color and not style.color) or (before.bgcolor and not style.bgcolor):
        return f"\x1b[{';'.join(filter(None, ('0', Strip.render_ansi(style, system))))}m"
    new = RichStyle.from_color(
        style.color if style.color != before.color else None, style.bgcolor if style.bgcolor != before.bgcolor else None
    )
    codes = Strip.render_ansi(new if has == had else style.without_color + new, system)
    return f"\x1b[{codes}m" if codes else ""  # no codes would be all of them undone


def _attributes(style: RichStyle) -> int:
    """Bold, dim and the like, a bit each."""
    return style._attributes & style._set_attributes


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

    def say(self, text: str, style: RichStyle | None) -> None:
        """Adds text of any signs."""
        before = self.cells
        self.add(text, style)
        self.cells = before + cell_len(text)

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
