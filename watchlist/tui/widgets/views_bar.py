"""The top line: the views with their counts, and which one is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style as VisualStyle
from textual.widget import Widget

from watchlist.ratings import STARS, Style
from watchlist.tui.widgets.columns import steady
from watchlist.tui.widgets.looks import look


class ViewsBar(Widget):
    """One line of tabs. Where they do not all fit, counts go first, then the tabs far from the active one."""

    ALLOW_SELECT = False
    NAME = "watchlist"
    COMPONENT_CLASSES = {"views-bar--active", "views-bar--count", "views-bar--wrong", "views-bar--dim"}
    DEFAULT_CSS = """
    ViewsBar {
        height: 1;
        background: $panel;
        color: $foreground;

        & > .views-bar--active { background: $primary; color: $text; text-style: bold; }
        & > .views-bar--count { color: $text-muted; }
        & > .views-bar--wrong { color: $text-warning; text-style: bold; }
        & > .views-bar--dim { color: $text-muted; }
        &:ansi > .views-bar--active { background: ansi_default; color: ansi_default; text-style: bold reverse; }
        &:nocolor > .views-bar--active { text-style: bold reverse; }
    }
    """

    class Chosen(Message):
        """A tab was clicked. `index` counts from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._tabs: Sequence[tuple[str, int | None]] = ()
        self._active = 0
        self._style = STARS

    def show_views(self, tabs: Sequence[tuple[str, int | None]], active: int, *, style: Style = STARS) -> None:
        """Shows names with counts; a count of None is a view whose query is wrong."""
        if (tabs, active, style) != (self._tabs, self._active, self._style):
            self._tabs, self._active, self._style = tabs, active, style
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        index = event.style.meta.get("view")
        if isinstance(index, int):
            self.post_message(self.Chosen(index))

    def render(self) -> Content:
        width, every = self.size.width, range(len(self._tabs))
        for counts in (True, False):
            line = self._line(every, counts=counts)
            if line.cell_length <= width:
                return self._with_name(line, width)
        return self._around_active(width)

    def _line(self, tabs: range, *, counts: bool) -> Content:
        parts = [self._tab(index, counts=counts or index == self._active) for index in tabs]
        return Content(" ") + Content(" ").join(parts)

    def _tab(self, index: int, *, counts: bool) -> Content:
        name, count = self._tabs[index]
        active = index == self._active
        ground = look(self, "views-bar--active") if active else look(self)
        quiet = ground + VisualStyle(bold=False) if active else look(self, "views-bar--count")
        text = Content.assemble((f" {steady(name[:200])}", ground))
        if count is None:
            text += Content.styled(" !", ground if active else look(self, "views-bar--wrong"))
        elif counts:
            text += Content.styled(f" {count}", quiet)
        return (text + Content.styled(" ", ground)).stylize(VisualStyle.from_meta({"view": index}))

    def _with_name(self, line: Content, width: int) -> Content:
        room = width - line.cell_length - len(self.NAME) - 1
        if width < 80 or room < 3:
            return line
        return Content.assemble(line, " " * room, (self.NAME, look(self, "views-bar--dim")))

    def _around_active(self, width: int) -> Content:
        """As many tabs as fit, the active one and the one after it among them, with signs where some are left out."""
        last = len(self._tabs) - 1
        first = next(
            start
            for start in range(self._active + 1)
            if start == self._active
            or self._line(range(start, min(self._active + 1, last) + 1), counts=False).cell_length <= width - 2
        )
        end = self._active
        while end < last and self._line(range(first, end + 2), counts=False).cell_length <= width - 2:
            end += 1
        before, after = "<>" if self._style.ascii else "‹›"
        dim = look(self, "views-bar--dim")
        line = self._line(range(first, end + 1), counts=False)
        start = Content.styled(before if first else " ", dim)
        room = max(0, width - 2)
        body = line[1:].truncate(max(1, room), ellipsis=not self._style.ascii)
        end_sign = Content.styled(after if end < last else " ", dim)
        return Content.assemble(start, body, " " * max(0, room - body.cell_length), end_sign)
