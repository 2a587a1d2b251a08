"""OptionRows: a short list of options, with key, glyph, label and detail in columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, TypeVar

from rich.cells import cell_len
from rich.style import Style as RichStyle
from textual.binding import Binding
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from watchlist.domain.frozen import Frozen
from watchlist.domain.glyphs import glyphs
from watchlist.domain.ratings import DisplayStyle
from watchlist.tui.widgets.line_widget import LineStatic, is_ascii, look, toned
from watchlist.tui.widgets.list_columns import fit

T = TypeVar("T")
DETAIL = 12  # cells; if their column were narrower, details are omitted


class Option(Frozen, Generic[T]):
    """An option in a list. `key` is a shortcut shown in front; `tone` is the style of the glyph, e.g. `$success`."""

    value: T
    label: str
    key: str = ""
    glyph: str = ""
    detail: str = ""
    tone: str = ""


class OptionRows(ScrollView, Generic[T], can_focus=True):
    """A list of options with a cursor, one option per line."""

    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,g", "edge(0)", show=False),
        Binding("end,G", "edge(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]
    ALLOW_SELECT = False
    COMPONENT_CLASSES = {"rows--cursor"}
    DEFAULT_CSS = """
    OptionRows {
        height: auto;
        background: transparent;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .rows--cursor { background: $panel; color: $foreground; text-style: bold; }
        &:ansi > .rows--cursor { background: ansi_default; }
        &:nocolor > .rows--cursor { text-style: bold reverse; }
    }
    """
    cursor: reactive[int] = reactive(0)

    class Moved(Message):
        """Posted when the cursor moves to another option."""

    class Chosen(Message):
        """Posted when the option under the cursor is chosen with enter or a click."""

    def __init__(self, options: Sequence[Option[T]], cursor: int = 0, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._looks: dict[tuple[str, bool], RichStyle] = {}
        self.options: Sequence[Option[T]] = options
        self._measure(options)
        self.set_reactive(OptionRows.cursor, max(0, min(cursor, len(options) - 1)))

    @property
    def current(self) -> Option[T] | None:
        """The option under the cursor; None if the list is empty."""
        return self.options[self.cursor] if 0 <= self.cursor < len(self.options) else None

    def show(self, options: Sequence[Option[T]], cursor: int = 0) -> None:
        """Replace the options; the cursor goes to the index `cursor`. Columns keep their widths, to not jump while typing."""
        self.options = options
        self.set_reactive(OptionRows.cursor, max(0, min(cursor, len(options) - 1)))
        self._resized()
        self.scroll_to(0, 0, animate=False)
        self._reveal()
        self.refresh(layout=True)
        self.post_message(self.Moved())

    def _measure(self, options: Sequence[Option[T]]) -> None:
        """Compute the widths in cells of the columns and of the whole list."""
        self._keys = max((cell_len(option.key) for option in options), default=0)
        self._glyphs = max((cell_len(option.glyph) for option in options), default=0)
        self._labels = max((min(cell_len(option.label), 36) for option in options), default=0)
        details = max((cell_len(option.detail) for option in options), default=0)
        parts = [width for width in (self._keys, self._glyphs, self._labels, details) if width]
        self.wide = 2 + sum(parts) + 2 * (len(parts) - 1) + 2 - bool(self._glyphs)

    @property
    def _bar(self) -> str:
        return glyphs(DisplayStyle(ascii=is_ascii(self))).cursor

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return self.wide

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return max(1, len(self.options))

    def on_mount(self) -> None:
        self._resized()
        self.call_after_refresh(self._reveal)

    def on_resize(self, event: Resize) -> None:
        self._resized()
        self._reveal()

    def _resized(self) -> None:
        self.virtual_size = Size(self.size.width, len(self.options))

    def _reveal(self) -> None:
        self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def watch_cursor(self) -> None:
        self._reveal()
        self.post_message(self.Moved())

    def action_move(self, by: int) -> None:
        """Move the cursor down by `by` options, or up if `by` is negative. At an end, it goes on at the other end."""
        if self.options:
            self.cursor = (self.cursor + by) % len(self.options)

    def action_page(self, by: int) -> None:
        self.cursor = max(0, min(len(self.options) - 1, self.cursor + by * max(1, self.size.height - 1)))

    def action_edge(self, index: int) -> None:
        self.cursor = len(self.options) - 1 if index < 0 else index

    def action_choose(self) -> None:
        if self.options:
            self.post_message(self.Chosen())

    def on_click(self, event: Click) -> None:
        index = event.y + self.scroll_offset.y
        if 0 <= index < len(self.options):
            self.cursor = index
            self.post_message(self.Chosen())

    def render_line(self, y: int) -> Strip:
        index = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if width < 1 or not 0 <= index < len(self.options):
            return Strip.blank(width, self.rich_style)
        return self._line(self.options[index], index == self.cursor, width).strip(width)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()

    def _look(self, tone: str, here: bool) -> RichStyle:
        """Return the style for text of a `tone`, e.g. `$success`, in the line under the cursor if `here` is True."""
        if (tone, here) not in self._looks:
            ground = look(self, "rows--cursor") if here else self.visual_style
            self._looks[tone, here] = toned(ground, tone)
        return self._looks[tone, here]

    def _line(self, option: Option[T], here: bool, width: int) -> LineStatic:
        """Return the line of an option, at most `width` cells wide."""
        style = DisplayStyle(ascii=is_ascii(self))
        line = LineStatic(self._look("", here))

        def cell(text: str, room: int, tone: str = "") -> None:
            line.say(
                fit(" ".join(text.split("\n")), max(0, min(room, width - line.cells)), style), self._look(tone, here)
            )

        cell(self._bar if here else " ", 1, "$primary")
        line.blank_to(2)
        if self._keys:
            cell(option.key, self._keys, "bold $text-accent")
            line.blank_to(line.cells + 2)
        if self._glyphs:
            cell(option.glyph, self._glyphs, option.tone)
            line.blank_to(line.cells + 1)
        shown = bool(option.detail) and width - line.cells - self._labels - 2 >= DETAIL
        cell(option.label, self._labels if shown else width)
        if shown:
            line.blank_to(line.cells + 2)
            cell(option.detail, width, "not bold $foreground-muted")
        return line
