"""The manual in the interface: a dialog to choose a topic, and one that shows the page of a topic."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget

from watchlist.manual import TOPICS
from watchlist.tui.dialogs.choose import ChooseDialog
from watchlist.tui.dialogs.dialog import Hint, Hints
from watchlist.tui.dialogs.page_dialog import PageDialog
from watchlist.tui.widgets.manual_view import ManualView
from watchlist.tui.widgets.option_rows import Option

KEYS = "1234567890"  # of the topics, in their order
SCROLL: Hint = ("↑↓", "move", "page(1)")
READING: tuple[Hint, ...] = (SCROLL, ("/", "find", "search"), ("[ ]", "topic", "topic(1)"), ("esc", "back", "cancel"))
SEARCHING: tuple[Hint, ...] = (
    ("n", "next", "step(1)"),
    ("N", "previous", "step(-1)"),
    ("/", "find", "search"),
    ("esc", "clear", "cancel"),
)
TYPING: tuple[Hint, ...] = (("↑↓", "match", "step(1)"), ("enter", "keep", "keep"), ("esc", "clear", "cancel"))


def choose_topic(current: str | None) -> ChooseDialog[str]:
    """Return the dialog that asks for a topic of the manual; `current` is under the cursor at first (None: the first one)."""
    options = [
        Option(name, name, KEYS[place : place + 1], detail=about) for place, (name, about) in enumerate(TOPICS.items())
    ]
    return ChooseDialog("Manual", options, current, hint="in a shell: watchlist help TOPIC")


class ManualDialog(PageDialog):
    """The dialog with the page of a topic. / searches, n and N go from match to match, [ and ] to other topics."""

    BINDINGS = [
        Binding("n", "step(1)", show=False),
        Binding("N", "step(-1)", show=False),
        Binding("right_square_bracket", "topic(1)", show=False),
        Binding("left_square_bracket", "topic(-1)", show=False),
        Binding("b,shift+space", "page(-1)", show=False),
    ]
    DEFAULT_CSS = """
    ManualDialog > #box, ManualDialog.-short > #box { width: 120; height: 100%; padding: 0 1 0 2; }
    ManualDialog.-wide > #box { padding: 0 1 0 8; }
    ManualDialog.-narrow > #box { padding: 0 0 0 1; }
    ManualDialog Hints { margin-top: 0; }
    """

    def __init__(self, topic: str) -> None:
        """Create the dialog for `topic`, a key of `manual.TOPICS`."""
        super().__init__(topic.capitalize())
        self._topic = topic

    @property
    def topic(self) -> str:
        """The topic whose page is shown."""
        return self._topic

    def body(self) -> Iterable[Widget]:
        yield self.input_line("type to search")
        self._page = ManualView(self._topic, id="scrolls")
        yield self._page
        yield Hints(*READING)

    def fit(self) -> None:
        """Do nothing: the page fills the box, whose height is that of the screen."""

    def action_topic(self, by: int) -> None:
        """Show the next topic (`by` 1) or the previous one (-1); after the last topic comes the first."""
        names = list(TOPICS)
        self._topic = names[(names.index(self._topic) + by) % len(names)]
        self.query_one("#box").border_title = Content(self._topic.capitalize())
        self._page.show(self._topic)

    # Searching

    def action_search(self) -> None:
        self._page.begin_search()
        super().action_search()
        self._show_hints()

    def typed(self, text: str) -> None:
        self._page.search(text)

    def on_input_submitted(self) -> None:
        """Leave the input line; without a text in it, end the search."""
        if self._page.wanted.strip():
            super().on_input_submitted()
            self._show_hints()
        else:
            self.action_cancel()

    def action_keep(self) -> None:
        """Do what enter does in the input line."""
        self.on_input_submitted()

    def action_cancel(self) -> None:
        super().action_cancel()
        self._show_hints()

    def action_step(self, by: int) -> None:
        """Go to the next match (`by` 1) or the previous one (-1)."""
        self._page.step(by)

    def action_scroll(self, by: int) -> None:
        """Scroll down by `by` lines, or up if negative. In the input line, go to the next or previous match instead."""
        if self.focused is self.line:
            self._page.step(by)
        else:
            super().action_scroll(by)

    def on_manual_view_searched(self) -> None:
        current, count = self._page.found
        if count:
            self.tell(f"{current} of {count}")
        else:
            self.tell("nothing like that" if self._page.wanted.strip() else "")

    def _show_hints(self) -> None:
        shown = TYPING if self.focused is self.line else READING if self.line.has_class("hidden") else SEARCHING
        self.query_one(Hints).show(*shown)
