"""The base class of dialogs to read in: a text that scrolls, and an input line that / opens."""

from __future__ import annotations

from textual.binding import Binding
from textual.widget import Widget
from textual.widgets import Input

from watchlist.tui.dialogs.dialog import Dialog
from watchlist.tui.widgets.line_input import LineInput


class PageDialog(Dialog[None]):
    """A dialog without a cursor: keys scroll the widget with the id `scrolls`, and / opens an input line.

    Subclasses put `input_line` into their body, and implement `typed`, which is called with every text of that line. esc
    clears and hides the line first, and then closes the dialog.
    """

    BINDINGS = [
        Binding("q,question_mark,f1", "dismiss", show=False),
        Binding("slash", "search", show=False),
        # Letters are typed if the input line has the focus, so only the other keys that move have priority.
        Binding("j", "scroll(1)", show=False),
        Binding("k", "scroll(-1)", show=False),
        Binding("space", "page(1)", show=False),
        Binding("g,home", "edge(0)", show=False),
        Binding("G,end", "edge(1)", show=False),
        Binding("down", "scroll(1)", show=False, priority=True),
        Binding("up", "scroll(-1)", show=False, priority=True),
        Binding("ctrl+d,pagedown", "page(1)", show=False, priority=True),
        Binding("ctrl+u,pageup", "page(-1)", show=False, priority=True),
    ]
    AUTO_FOCUS = ""

    def input_line(self, placeholder: str) -> LineInput:
        """Create the input line, which is hidden until / opens it. `placeholder` is shown while it is empty."""
        return LineInput(placeholder=placeholder, id="line", classes="hidden")

    def typed(self, text: str) -> None:
        """A hook that is called after each change of `text`, the text in the input line."""
        raise NotImplementedError

    @property
    def area(self) -> Widget:
        """The widget that scrolls."""
        return self.query_one("#scrolls")

    @property
    def line(self) -> Input:
        """The input line."""
        return self.query_one("#line", Input)

    def action_search(self) -> None:
        """Open the input line, or go back to that line."""
        self.line.remove_class("hidden")
        self.line.focus()
        self.call_after_refresh(self.fit)

    def on_input_changed(self, event: Input.Changed) -> None:
        self.typed(event.value)

    def on_input_submitted(self) -> None:
        """Leave the input line and keep its text, so that letters are keys again."""
        self.set_focus(None)

    def action_cancel(self) -> None:
        """Clear and hide the input line, or close the dialog if the line is hidden."""
        if self.line.has_class("hidden"):
            self.dismiss(None)
            return
        self.line.value = ""
        self.line.add_class("hidden")
        self.set_focus(None)
        self.call_after_refresh(self.fit)

    def action_scroll(self, by: int) -> None:
        self.area.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        self.area.scroll_relative(y=by * max(1, self.area.size.height - 2), animate=False)

    def action_edge(self, end: int) -> None:
        self.area.scroll_to(y=self.area.max_scroll_y if end else 0, animate=False)
