"""ScrollPane: the base class of scrolling panes: the list, the details, the statistics and the manual."""

from __future__ import annotations

from textual.scroll_view import ScrollView


class ScrollPane(ScrollView, can_focus=True, inherit_bindings=False):
    """A pane of lines with a scroll bar that is always visible.

    This class has no key bindings: subclasses bind keys, or the screen does and calls the actions of the focused pane.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    ScrollPane { overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; }
    """
