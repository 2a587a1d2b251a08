"""ManualView: the widget that shows a page of the manual, with a search in the drawn text."""

from __future__ import annotations

from rich.segment import Segment
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from watchlist import manual
from watchlist.tui.state.text_search import Match, TextSearch
from watchlist.tui.themes import ink_of
from watchlist.tui.widgets.line_widget import is_ascii, look
from watchlist.tui.widgets.scroll_pane import ScrollPane

ABOVE = 3  # lines above a match that is scrolled into view


class ManualView(ScrollPane, can_focus=False):
    """The scrollable page of a topic. The matches of the searched text are marked, one of them as the current one."""

    COMPONENT_CLASSES = {"manual--match", "manual--current"}
    DEFAULT_CSS = """
    ManualView {
        height: 1fr;
        background: transparent;
        & > .manual--match { color: $text-accent; text-style: bold underline; }
        & > .manual--current { color: $background; background: $text-accent; text-style: bold; }
        &:ansi > .manual--match { color: ansi_yellow; }
        &:ansi > .manual--current { color: ansi_yellow; background: ansi_default; text-style: bold reverse; }
        &:nocolor > .manual--match { text-style: bold underline; }
        &:nocolor > .manual--current { text-style: bold reverse; }
    }
    """

    class Searched(Message):
        """Posted when the matches change, or another match is the current one."""

    def __init__(self, topic: str, *, id: str | None = None) -> None:
        """Create the widget for `topic`, a key of `manual.TOPICS`."""
        super().__init__(id=id)
        self.topic = topic
        self._strips: list[Strip] = []
        self._index = TextSearch(())
        self._wanted = ""
        self._origin = 0  # the line from which a search looks for the first match
        self._matches: list[Match] = []
        self._current = 0

    def show(self, topic: str) -> None:
        """Show the page of another topic from its top. The searched text remains."""
        self.topic = topic
        self._origin = self._current = 0
        self._lay_out()
        self.scroll_to(y=0, animate=False, force=True)
        if self._matches:
            self._reveal()

    # Searching

    @property
    def wanted(self) -> str:
        """The searched text; empty without a search."""
        return self._wanted

    @property
    def found(self) -> tuple[int, int]:
        """The number of the current match, from 1, and the number of matches; (0, 0) if nothing matches."""
        return (self._current + 1, len(self._matches)) if self._matches else (0, 0)

    def begin_search(self) -> None:
        """Remember the first visible line: the next searches look for their first match from there."""
        self._origin = self.scroll_offset.y

    def search(self, text: str) -> None:
        """Mark all matches of a text, and scroll to the first match from the line where the search began."""
        self._wanted = text
        self._find()
        below = (place for place, match in enumerate(self._matches) if match[0][0] >= self._origin)
        self._current = next(below, 0)
        if self._matches:
            self._reveal()
        elif text:
            self.scroll_to(y=self._origin, animate=False, force=True)

    def step(self, by: int) -> None:
        """Go to the next match (`by` 1) or the previous one (-1); after the last match comes the first."""
        if self._matches:
            self._current = (self._current + by) % len(self._matches)
            self._reveal()
            self.refresh()
            self.post_message(self.Searched())

    def _find(self) -> None:
        self._matches = self._index.find(self._wanted)
        self._current = min(self._current, max(0, len(self._matches) - 1))
        self.refresh()
        self.post_message(self.Searched())

    def _reveal(self) -> None:
        """Scroll to the current match, unless all of its lines are visible."""
        match = self._matches[self._current]
        first, last = match[0][0], match[-1][0]
        top = self.scroll_offset.y
        if not top <= first <= last < top + self.size.height:
            self.scroll_to(y=max(0, first - min(ABOVE, self.size.height // 3)), animate=False, force=True)

    # Drawing

    def on_resize(self, event: Resize) -> None:
        self._lay_out()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        if self._strips:
            self._lay_out()

    def _lay_out(self) -> None:
        """Draw the page in the width of the widget, and search its lines again."""
        from watchlist.panels.manual_page import manual_page  # slow to import, and not needed for the first frame

        width = self.line_width
        drawing = manual_page(manual.page(self.topic), ink_of(self.app), ascii=is_ascii(self))
        options = self.app.console_options.update(width=max(1, width), height=None, highlight=False)
        lines = self.app.console.render_lines(drawing, options, style=self.rich_style) if width else []
        self._strips = [Strip(Segment.simplify(line)).adjust_cell_length(width, self.rich_style) for line in lines]
        while self._strips and not self._strips[-1].text.strip():
            self._strips.pop()
        self._index = TextSearch([strip.text for strip in self._strips])
        self.virtual_size = Size(width, len(self._strips))
        self._find()

    def draw_line(self, y: int) -> Strip:
        line = y + self.scroll_offset.y
        if line >= len(self._strips):
            return Strip.blank(self.line_width, self.rich_style)
        strip = self._strips[line]
        for place, match in enumerate(self._matches):
            for span_line, start, end in match:
                if span_line == line:
                    strip = self._marked(strip, start, end, current=place == self._current)
        return strip

    def _marked(self, strip: Strip, start: int, end: int, *, current: bool) -> Strip:
        """Return a line with the cells from `start` to `end` styled as a match: as the current one if `current` is True."""
        style = look(self, "manual--current" if current else "manual--match").rich_style
        marked = Strip(Segment.apply_style(strip.crop(start, end), post_style=style))
        return Strip.join([strip.crop(0, start), marked, strip.crop(end)])
