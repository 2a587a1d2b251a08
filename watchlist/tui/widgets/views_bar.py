"""ViewsBar: the top line, with a tab for each view and its number of shows."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive

from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.tui.state.list_state import ListState
from watchlist.tui.widgets.line_widget import LineStatic, LineWidget, Words
from watchlist.tui.widgets.list_columns import fit, steady


class ViewsBar(LineWidget):
    """A line of tabs. If there is little space, counts are omitted first, then tabs far from the current one."""

    NAME = "watchlist"
    DEFAULT_CSS = "ViewsBar { height: 1; background: $panel; }"
    GROUND = "panel"
    LOOKS = {
        "active": ("text", True, "primary"),
        "active-count": ("text", False, "primary"),
        "count": ("text-muted", False, ""),
        "wrong": ("text-warning", True, ""),
        "dim": ("text-muted", False, ""),
    }

    class Chosen(Message):
        """Posted when a tab is clicked. `index` is the index of the view, counted from 0."""

        def __init__(self, index: int) -> None:
            super().__init__()
            self.index = index

    listing: reactive[ListState | None] = reactive(None, repaint=False, init=False, always_update=True)

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._tabs: Sequence[tuple[str, int | None]] = ()
        self._active = 0
        self._style = STARS
        self._spots: list[tuple[range, int]] = []  # (columns of a tab, index of its view), for clicks

    def watch_listing(self, listing: ListState) -> None:
        tabs = [(tab.name, None if tab.wrong else tab.count) for tab in listing.tabs]
        self.show_views(tabs, listing.view, style=listing.style)

    def show_views(self, tabs: Sequence[tuple[str, int | None]], active: int, *, style: DisplayStyle = STARS) -> None:
        """Show a tab for each (name, count); a count of None marks an invalid query. `active` is the current tab's index."""
        if (tabs, active, style) != (self._tabs, self._active, self._style):
            self._tabs, self._active, self._style = tabs, active, style
            self.refresh()

    def on_click(self, event: events.Click) -> None:
        for cells, index in self._spots:
            if event.x in cells:
                self.post_message(self.Chosen(index))

    def draw(self) -> list[LineStatic]:
        self._spots = []
        width, every = self.size.width, range(len(self._tabs))
        for counts in (True, False):
            if 1 + self._width(every, counts=counts) <= width:
                line = self.line()
                line.add(" ", self.look())
                self._add(line, every, width, counts=counts)
                if width >= 80 and width - line.cells - len(self.NAME) - 1 >= 3:
                    line.add(" " * (width - len(self.NAME) - 1 - line.cells), self.look())
                    line.add(self.NAME, self.look("dim"))
                return [line]
        return [self._around_active(width)]

    def _width(self, tabs: range, *, counts: bool) -> int:
        """Return the width in cells of the tabs at these indexes.

        With `counts`, all of them show their number of shows; otherwise, only the current tab does.
        """
        words = (words for tab in tabs for words, _ in self._tab(tab, counts=counts))
        return sum(map(cell_len, words)) + len(tabs) - 1

    def _add(self, line: LineStatic, tabs: range, end: int, *, counts: bool) -> None:
        """Append the tabs at these indexes to a line. What would go beyond the column `end` is cut.

        With `counts`, all of them show their number of shows; otherwise, only the current tab does.
        """
        for tab in tabs:
            line.add(" " * (tab != tabs[0]), self.look())
            start = line.cells
            for words, part in self._tab(tab, counts=counts):
                room = end - line.cells
                line.say(words if cell_len(words) <= room else fit(words, room, self._style), self.look(part))
            self._spots.append((range(start, line.cells), tab))

    def _tab(self, index: int, *, counts: bool) -> Words:
        """Return the words of a tab as (text, style name) pairs. The current tab shows its count even without `counts`."""
        name, count = self._tabs[index]
        active = "active" * (index == self._active)
        words = [(f" {steady(name[:200])}", active)]
        if count is None:
            words.append((" !", active or "wrong"))
        elif counts or active:
            words.append((f" {count:,}", "active-count" if active else "count"))
        return [*words, (" ", active)]

    def _around_active(self, width: int) -> LineStatic:
        """Return a line with the current tab and those around it that fit. Arrows show where tabs are omitted."""
        last, room = len(self._tabs) - 1, max(1, width - 2)
        first = next(
            start
            for start in range(self._active + 1)
            if start == self._active or self._width(range(start, min(self._active + 1, last) + 1), counts=False) < room
        )
        end = self._active
        while end < last and self._width(range(first, end + 2), counts=False) < room:
            end += 1
        before, after = "<>" if self._style.ascii else "‹›"
        line = self.line()
        line.add(before if first else " ", self.look("dim"))
        self._add(line, range(first, end + 1), 1 + room, counts=False)
        line.add(" " * (1 + room - line.cells), self.look())
        line.add(after if end < last else " ", self.look("dim"))
        return line
