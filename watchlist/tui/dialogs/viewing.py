"""The form that logs a viewing. Its rows are the arguments of the `watch` command."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from textual.widget import Widget

from watchlist.command_table import COMMANDS
from watchlist.domain.episodes import Name, parse_names, spell_names
from watchlist.domain.field_types import FieldType
from watchlist.domain.fields import VIEWINGS, Field
from watchlist.domain.model import Viewing
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.tui.dialogs.dialog import CANCEL, Hints, Scrolls
from watchlist.tui.dialogs.form import NEXT, FieldRow, Form


class Viewed(NamedTuple):
    """The answer of the form. `episodes` has the episodes or seasons viewed; None for the next episode, or for a film."""

    viewing: Viewing
    episodes: tuple[Name, ...] | None


class Named(FieldType[tuple[Name, ...]]):
    """The field type for names of episodes and seasons, e.g. `S01E05, S02`; an empty tuple means the next episode."""

    name, empty = "episodes", ()

    def parse(self, text: str, style: DisplayStyle = STARS) -> tuple[Name, ...]:
        return parse_names(text.strip())

    def format(self, value: tuple[Name, ...], style: DisplayStyle = STARS) -> str:
        return spell_names(value)


# The rows have the same help texts and parsers as the arguments of the `watch` command.
_HINTS = {word.name.removeprefix("--"): word.help for word in COMMANDS["watch"].words or ()}
EPISODES = Field("episodes", "Episodes", Named(), _HINTS["EPISODE"])
ROWS = {
    column.attribute: Field(column.key, column.key.capitalize(), column.type, _HINTS[column.key])
    for column in VIEWINGS.columns
    if column.key in _HINTS
}


class ViewingForm(Form[Viewed]):
    """The form that logs a viewing.

    Args:
        title: What is viewed: the title of a show, preceded by the name of the episode if there is only one.
        first: The initial values of the rows.
        episodes: The initial episodes; None, e.g. for a film, to show no row for episodes.
        style: How ratings are shown and read.
    """

    DEFAULT_CSS = """
    ViewingForm > #box { width: 72; }
    ViewingForm #scrolls { height: auto; scrollbar-size-vertical: 1; }
    """

    def __init__(
        self, title: str, first: Viewing, episodes: tuple[Name, ...] | None = None, style: DisplayStyle = STARS
    ) -> None:
        super().__init__(f"A viewing of {title}")
        self._first, self._episodes, self._style = first, episodes, style

    def body(self) -> Iterable[Widget]:
        values = {field: getattr(self._first, attribute) for attribute, field in ROWS.items()}
        if self._episodes is not None:
            values = {EPISODES: self._episodes, **values}
        self.rows = {field.name: self._row(field, value) for field, value in values.items()}
        yield Scrolls(*self.rows.values())
        yield Hints(("enter", "save", "save"), NEXT, CANCEL)

    def on_mount(self) -> None:
        self.row("date").editor.focus()

    def _row(self, field: Field, value: Any) -> FieldRow:
        draft = self.draft.texts.get(field.name) if self.draft else None
        return FieldRow(field, field.type.format(value, self._style), "", self._style, (), draft)

    def action_save(self) -> None:
        for row in self.rows.values():
            row.check(asked=True)
            if row.error:
                row.editor.focus()
                return
        values = {attribute: self.row(field.name).value() for attribute, field in ROWS.items()}
        episodes = self.row("episodes").value() or None if self._episodes is not None else None
        self.answer(Viewed(Viewing(**values), episodes))
