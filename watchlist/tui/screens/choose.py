"""Choose one of a few: status, order, theme. Letters choose at once; where a list is long, typing narrows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from textual.binding import Binding
from textual.content import Content
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, Static

from watchlist.fields import FIELDS
from watchlist.glyphs import status_glyph
from watchlist.model import Status
from watchlist.ratings import STARS, Style
from watchlist.text import fold
from watchlist.tui.grouping import GROUPS
from watchlist.tui.screens.dialog import CANCEL, Dialog, Hints
from watchlist.tui.screens.rows import Option, Rows

T = TypeVar("T")
TONES = {
    Status.WATCHING: "$text-accent",
    Status.PLANNED: "$text-primary",
    Status.WATCHED: "$text-success",
    Status.PAUSED: "$foreground-muted",
    Status.DROPPED: "$text-error",
}
MOVES = frozenset("jkgG")  # letters that move the cursor and choose nothing


class Choose(Dialog[T]):
    """A list and a cursor. Returns the value of the option chosen.

    `narrow` puts a line to type in above it. `preview` is called with the value under the cursor as it moves, and with
    `current` again where nothing is chosen.
    """

    BINDINGS = [
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    Choose Input { margin-bottom: 1; }
    Choose.-short Input { margin-bottom: 0; }
    """

    def __init__(
        self,
        title: str,
        options: Sequence[Option[T]],
        current: T | None = None,
        *,
        narrow: bool = False,
        preview: Callable[[T], object] | None = None,
        hint: str = "",
    ) -> None:
        super().__init__(title)
        self._options = options
        self._current = current
        self._narrow = narrow
        self._preview = preview
        self._hint = hint

    def body(self) -> Iterable[Widget]:
        start = next((i for i, option in enumerate(self._options) if option.value == self._current), 0)
        if self._narrow:
            yield Input(placeholder="type to narrow", id="narrow")
        self._rows: Rows[T] = Rows(self._options, start, id="scrolls")
        yield self._rows
        if self._narrow:
            self._rows.can_focus = False
            yield Static(Content("nothing like that"), classes="muted hidden", id="none")
        if self._hint:
            yield Static(Content(self._hint), classes="muted")
        yield Hints(("↑↓", "move", "move(1)"), ("enter", "choose", "accept"), CANCEL)

    def on_mount(self) -> None:
        rows = self._rows
        wanted = max(rows.wide, 34, len(self._heading) + 4) + 1  # one for a scroll bar
        self.query_one("#box").styles.width = wanted + self.query_one("#box").gutter.width

    def on_key(self, event: Key) -> None:
        if not self._narrow:
            option = next((o for o in self._options if o.key and o.key == event.character), None)
            if option is not None:
                event.stop()
                self.dismiss(option.value)

    def on_input_changed(self, event: Input.Changed) -> None:
        found = narrowed(self._options, event.value)
        self._rows.show(found)
        self._rows.set_class(not found, "hidden")
        self.query_one("#none").set_class(bool(found), "hidden")

    def on_input_submitted(self) -> None:
        self.action_accept()

    def on_rows_moved(self) -> None:
        if self._preview is not None and self._rows.current is not None:
            self._preview(self._rows.current.value)

    def on_rows_chosen(self) -> None:
        self.action_accept()

    def action_move(self, by: int) -> None:
        self._rows.action_move(by)

    def action_page(self, by: int) -> None:
        self._rows.action_page(by)

    def action_accept(self) -> None:
        if self._rows.current is not None:
            self.dismiss(self._rows.current.value)

    def action_cancel(self) -> None:
        if self._preview is not None and self._current is not None:
            self._preview(self._current)
        self.dismiss(None)


def narrowed(options: Sequence[Option[T]], text: str) -> list[Option[T]]:
    """The options that hold every word of `text`, those whose label begins with it first."""
    words = fold(text).split()
    found = []
    for place, option in enumerate(options):
        label = fold(option.label)
        if all(word in f"{label} {fold(option.detail)}" for word in words):
            start = " ".join(words)
            rank = 0 if label.startswith(start) else 1 if f" {start}" in label else 2 if start in label else 3
            found.append((rank, place, option))
    return [option for _, _, option in sorted(found, key=lambda row: row[:2])]


def letters(labels: Sequence[str]) -> list[str]:
    """A letter of each label that chooses it: the first one free, none where all are taken."""
    taken = set(MOVES)
    chosen = []
    for label in labels:
        letter = next((c for c in label.lower() if c.isascii() and c.isalpha() and c not in taken), "")
        taken.add(letter)
        chosen.append(letter)
    return chosen


def choose_status(title: str, current: Status | None, style: Style = STARS) -> Choose[Status]:
    """Which status; `title` is the show's, or `3 shows`."""
    keys = letters(list(Status))
    options = [
        Option(status, status, key, status_glyph(status, style), tone=TONES[status])
        for status, key in zip(Status, keys, strict=True)
    ]
    return Choose(f"Status of {title}", options, current)


def choose_order(sort: tuple[str, bool] | None) -> Choose[str]:
    """Which field to order by; `sort` is the field now and whether it goes from the top down."""
    fields = [f for f in FIELDS.values() if f.name != "id" and f.width <= 14 and not (f.type.long or f.type.multiple)]
    now, down = sort or ("", False)
    options = [
        Option(f.name, f.label, key, detail=f"now {'down' if down else 'up'}; again reverses" if f.name == now else "")
        for f, key in zip(fields, letters([f.label for f in fields]), strict=True)
    ]
    return Choose("Order by", options, now or "title")


def choose_group(current: str, preview: Callable[[str], object]) -> Choose[str]:
    """What the list is grouped by; each is shown while the cursor is on it."""
    names = ["", *GROUPS]
    labels = ["None", *(FIELDS[name].label for name in GROUPS)]
    options = [Option(*row) for row in zip(names, labels, letters(labels), strict=True)]
    return Choose("Group by", options, current, preview=preview)


def choose_theme(names: Sequence[str], current: str, preview: Callable[[str], object]) -> Choose[str]:
    """Which theme; each is shown while the cursor is on it."""
    return Choose("Theme", [Option(name, name) for name in names], current, narrow=True, preview=preview)
