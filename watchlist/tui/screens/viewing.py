"""The form of a viewing: when, how good it was, with whom, and of which episodes; as the flags of `watch` take it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from textual.widget import Widget

from watchlist.commands import COMMANDS
from watchlist.fields import VIEWINGS, Field
from watchlist.fieldtypes import FieldType
from watchlist.model import Viewing
from watchlist.ratings import STARS, Style
from watchlist.tui.screens.dialog import CANCEL, Hints, Scrolls
from watchlist.tui.screens.form import NEXT, FieldRow, Form
from watchlist.watching import Episode, format_episodes, parse_episodes


class Viewed(NamedTuple):
    """What was typed: a viewing, and the episodes it is of; None is what comes next, or all of a film."""

    viewing: Viewing
    episodes: tuple[Episode, ...] | None


class Named(FieldType[tuple[Episode, ...]]):
    """Episodes by their names; none is what comes next."""

    name, empty = "episodes", ()

    def parse(self, text: str, style: Style = STARS) -> tuple[Episode, ...]:
        return parse_episodes(text.strip())

    def format(self, value: tuple[Episode, ...], style: Style = STARS) -> str:
        return format_episodes(value)


# What the verb takes is what the form asks for, with the same words and the same parsers.
_HINTS = {word.name.removeprefix("--"): word.help for word in COMMANDS["watch"].words or ()}
EPISODES = Field("episodes", "Episodes", Named(), _HINTS["EPISODE"])
ROWS = {
    column.attribute: Field(column.key, column.key.capitalize(), column.type, _HINTS[column.key])
    for column in VIEWINGS.columns
    if column.key in _HINTS
}


class ViewingForm(Form[Viewed]):
    """Log a viewing. `first` is what stands there to begin with; `episodes` is None where there are none to name."""

    DEFAULT_CSS = """
    ViewingForm > #box { width: 72; }
    ViewingForm #scrolls { height: auto; scrollbar-size-vertical: 1; }
    """

    def __init__(
        self, title: str, first: Viewing, episodes: tuple[Episode, ...] | None = None, style: Style = STARS
    ) -> None:
        super().__init__(f"A viewing of {title}")
        self._first, self._episodes, self._style = first, episodes, style

    def body(self) -> Iterable[Widget]:
        rows = [self._row(field, getattr(self._first, attribute)) for attribute, field in ROWS.items()]
        if self._episodes is not None:
            rows.insert(0, self._row(EPISODES, self._episodes))
        yield Scrolls(*rows)
        yield Hints(("enter", "save", "save"), NEXT, CANCEL)

    def on_mount(self) -> None:
        self.row("date").editor.focus()

    def _row(self, field: Field, value: Any) -> FieldRow:
        draft = self.draft.texts.get(field.name) if self.draft else None
        return FieldRow(field, field.type.format(value, self._style), "", self._style, (), draft)

    def action_save(self) -> None:
        for row in self.query(FieldRow):
            row.check(asked=True)
            if row.error:
                row.editor.focus()
                return
        values = {attribute: self.row(field.name).value() for attribute, field in ROWS.items()}
        episodes = self.row("episodes").value() or None if self._episodes is not None else None
        self.dismiss(Viewed(Viewing(**values), episodes))
