"""ChooseDialog: the dialog to choose one of several options.

Typed letters choose an option as soon as only one option begins with them. The remaining letters of the word are
ignored, so that none of them becomes a command of the main screen. A long list has a search line instead.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from typing import TypeVar

from textual.binding import Binding
from textual.content import Content
from textual.events import Key
from textual.widget import Widget
from textual.widgets import Input, Static

from watchlist.domain.text import fold
from watchlist.tui.compat.key_queue import KeyQueueApp
from watchlist.tui.dialogs.dialog import CANCEL, Dialog, Hints
from watchlist.tui.state.type_ahead import Prefix, starting_with
from watchlist.tui.widgets.line_input import LineInput
from watchlist.tui.widgets.option_rows import Option, OptionRows

T = TypeVar("T")
MOVES = frozenset("jkgG")  # letters that move the cursor, so they choose no option


class ChooseDialog(Dialog[T]):
    """The dialog that lets the user choose an option, and returns its value; None if the user cancels.

    Args:
        title: The heading of the box.
        options: The options, in display order.
        current: The value of the option under the cursor at first; None for the first option.
        narrow: If True, an input line narrows the options to those that contain the typed words. Otherwise, typed letters
            choose an option.
        preview: Called with the value under the cursor when it moves, and with `current` if the user cancels.
        hint: A line of text below the options.
    """

    BINDINGS = [
        Binding("up,ctrl+p", "move(-1)", show=False, priority=True),
        Binding("down,ctrl+n", "move(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
    ]
    DEFAULT_CSS = """
    ChooseDialog Input { margin-bottom: 1; }
    ChooseDialog.-short Input { margin-bottom: 0; }
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
        self._prefix = Prefix()

    def body(self) -> Iterable[Widget]:
        start = next((i for i, option in enumerate(self._options) if option.value == self._current), 0)
        if self._narrow:
            yield LineInput(placeholder="type to narrow", id="narrow")
        self._rows: OptionRows[T] = OptionRows(self._options, start, id="scrolls")
        yield self._rows
        if self._narrow:
            self._rows.can_focus = False
            yield Static(Content("nothing like that"), classes="muted hidden", id="none")
        if self._hint:
            yield Static(Content(self._hint), classes="muted")
        yield Hints(("↑↓", "move", "move(1)"), ("enter", "choose", "accept"), CANCEL)

    def on_mount(self) -> None:
        rows = self._rows
        wanted = max(rows.wide, 34, len(self._heading) + 4) + 1  # plus one cell for a scroll bar
        self.query_one("#box").styles.width = wanted + self.query_one("#box").gutter.width

    def on_key(self, event: Key) -> None:
        if self._narrow or event.character is None:
            return
        labels = [option.label for option in self._options]
        typed = event.character
        place = None if self._prefix.open(event.time) else self._place_of_key(typed)
        if place is None and (
            self._prefix.goes_on(typed, event.time, labels) or (typed.isalnum() and typed not in MOVES)
        ):
            found = self._prefix.type(typed, event.time, labels, self._rows.cursor)
            if found is not None:
                self._rows.cursor = found
                typed = self._prefix.text
                place = found if len(starting_with(labels, typed)) == 1 else None
        elif place is None:
            self._prefix.reset()
            return
        event.stop()
        event.prevent_default()
        if place is not None:
            self.dismiss(self._options[place].value)
            if isinstance(self.app, KeyQueueApp):
                self.app.ignore_rest(typed, labels)

    def _place_of_key(self, key: str) -> int | None:
        """Return the index of the option whose shortcut is `key`; None if none has it, or another label begins with it."""
        place = next((place for place, option in enumerate(self._options) if option.key and option.key == key), None)
        begun = starting_with([option.label for option in self._options], key)
        return place if set(begun) <= {place} else None

    def on_input_changed(self, event: Input.Changed) -> None:
        found = narrowed(self._options, event.value)
        self._rows.show(found)
        self._rows.set_class(not found, "hidden")
        self.query_one("#none").set_class(bool(found), "hidden")

    def on_input_submitted(self) -> None:
        self.action_accept()

    def on_option_rows_moved(self) -> None:
        if self._preview is not None and self._rows.current is not None:
            self._preview(self._rows.current.value)

    def on_option_rows_chosen(self) -> None:
        self.action_accept()

    def action_move(self, by: int) -> None:
        self._prefix.reset()
        self._rows.action_move(by)

    def action_page(self, by: int) -> None:
        self._prefix.reset()
        self._rows.action_page(by)

    def action_accept(self) -> None:
        if self._rows.current is not None:
            self.dismiss(self._rows.current.value)

    def action_cancel(self) -> None:
        if self._preview is not None and self._current is not None:
            self._preview(self._current)
        self.dismiss(None)


def narrowed(options: Sequence[Option[T]], text: str) -> list[Option[T]]:
    """Return the options whose label or detail contains every word of `text`, best matches first.

    The best match is a label that begins with `text`; the second best, a label with a word that begins with `text`.
    """
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
    """Return a shortcut for each label: one of its letters that is not a shortcut or the first letter of another label.

    `Rating` and `Runtime` get `a` and `u`, because both begin with r. The shortcut is "" if no letter is left.
    """
    taken = set(MOVES)
    chosen = []
    for label in labels:
        chosen.append(_free_letter(label, taken))
        taken.add(chosen[-1])
    for place, (label, letter) in enumerate(zip(labels, chosen, strict=True)):
        if letter and starting_with(labels, letter) not in ([], [place]):
            begin_others = {fold(other)[:1] for at, other in enumerate(labels) if at != place}
            chosen[place] = _free_letter(label, taken | begin_others)
            taken.add(chosen[place])
    return chosen


def _free_letter(label: str, taken: Container[str]) -> str:
    """Return the first ASCII letter of `label` that is not in `taken`; "" if there is none."""
    return next((c for c in label.lower() if c.isascii() and c.isalpha() and c not in taken), "")
