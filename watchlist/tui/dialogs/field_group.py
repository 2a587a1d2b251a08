"""FieldGroup: a part of a form that is folded to one line at first, and mounts its rows when it is opened."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.widget import Widget

from watchlist.domain.field_types import Ids, StringList, TextType, Url
from watchlist.domain.fields import Field, FormGroup
from watchlist.domain.glyphs import glyphs
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.record_fields import Records
from watchlist.tui.dialogs.form import FieldRow
from watchlist.tui.widgets.list_columns import fit, steady

CONTENT_COLUMN = 18  # the cell at which the content of a folded group begins
_SAYS_ITSELF = (TextType, StringList, Ids, Url)  # values of these types need no label before them
Values = Sequence[tuple[Field, Any]]  # the fields of a group, each with its value


def summary(values: Values, room: int, style: DisplayStyle) -> str:
    """Return what is in a group as text of at most `room` cells; the names of its fields if all of them are empty.

    What has no room is left out as a whole, or counted, as in `3 tags`. Only a single long value is cut.
    """
    names = [_name(field) for field, _ in values]
    given = [(field, value) for field, value in values if value != field.type.empty]
    if not given:
        return _joined(names, ", ", room)
    text = ""
    for field, value in given:
        parts = (_part(field, value, style), f"{len(value)} {_name(field)}" if isinstance(value, tuple) else "")
        for part in filter(None, parts):
            if cell_len(longer := f"{text}; {part}" if text else part) <= room:
                text = longer
                break
    if not text:
        return fit(_part(*given[0], style), room, style).rstrip()
    missing = _joined([f"no {_name(field)}" for field, value in values if value == field.type.empty], ", ", room)
    return f"{text}; {missing}" if missing and cell_len(text) + 2 + len(missing) <= room else text


def head(group: FormGroup, content: Content, width: int, style: DisplayStyle, *, opened: bool = False) -> Content:
    """Return the first line of a group of the width `width`: its name and, unless it is `opened`, its content."""
    signs = glyphs(style)
    parts = (f"{signs.open if opened else signs.folded} ", "$text-accent"), (str(group), "bold $text-primary")
    title = Content.assemble(*parts)
    if opened:
        return Content.assemble(title, " ", (signs.bar_rest * max(0, width - title.cell_length - 1), "$text-muted"))
    gap = " " * max(2, CONTENT_COLUMN - title.cell_length)
    return Content.assemble(title, gap, content)


def room_beside(group: FormGroup, width: int) -> int:
    """Return the number of cells for the content of a folded group on a line of `width` cells."""
    return max(0, width - max(CONTENT_COLUMN, len(group) + 4))


def _part(field: Field, value: Any, style: DisplayStyle) -> str:
    if isinstance(field.type, Records):
        return f"{len(value)} {_name(field)}"
    if field.type.long:
        return _name(field)
    text = steady(field.type.format(value, style))
    return text if isinstance(field.type, _SAYS_ITSELF) else f"{_name(field)} {text}"


def _name(field: Field) -> str:
    """Return the label of a field within a sentence: `platform`, but `IDs`."""
    return field.label if any(letter.isupper() for letter in field.label[1:]) else field.label.lower()


def _joined(names: Sequence[str], separator: str, room: int) -> str:
    """Return as many names as there is room for."""
    text = ""
    for name in names:
        if len(longer := f"{text}{separator}{name}" if text else name) > room:
            break
        text = longer
    return text


class FieldGroup(Widget, can_focus=True):
    """A group of fields: a heading that can have the focus and, while it is open, the rows of the fields below it."""

    BINDINGS = [
        Binding("space", "turn", show=False),
        Binding("right", "turn(True)", show=False),
        Binding("left", "turn(False)", show=False),
        Binding("enter", "screen.save", show=False),
    ]
    DEFAULT_CSS = """
    FieldGroup {
        height: 1;
        &.-open { height: auto; margin-bottom: 1; }
        & > .-first { margin-top: 1; }
    }
    """

    class Turned(Message):
        """Posted when the user opens or folds `group`."""

        def __init__(self, group: FieldGroup) -> None:
            super().__init__()
            self.group = group

        @property
        def control(self) -> FieldGroup:
            return self.group

    def __init__(
        self,
        group: FormGroup,
        fields: Sequence[Field],
        row_of: Callable[[Field], FieldRow],
        value_of: Callable[[Field], Any],
        error_of: Callable[[Field], str],
        style: DisplayStyle,
    ) -> None:
        """Create the group, folded.

        Args:
            group: Its name.
            fields: Its fields in their order.
            row_of: Creates the row of a field. It is called when the group is opened for the first time.
            value_of: Returns the present value of a field; its empty value if the text is invalid.
            error_of: Returns the error of a field's text or of its value in the file; empty if there is none.
            style: How values are shown.
        """
        super().__init__()
        self.group, self.fields = group, fields
        self._row_of, self._value_of, self._error_of, self._style = row_of, value_of, error_of, style
        self.rows: Sequence[FieldRow] = ()

    @property
    def is_open(self) -> bool:
        """True while the rows are shown."""
        return self.has_class("-open")

    def render(self) -> Content:
        width = self.size.width
        line = head(self.group, self._content(room_beside(self.group, width)), width, self._style, opened=self.is_open)
        if self.has_focus:
            line = Content.assemble(line, " " * max(0, width - line.cell_length))
            line = line.stylize("reverse" if self.app.no_color else "bold on $panel")
        return line

    def _content(self, room: int) -> Content:
        """Return what is in the group, or the first error in it, as text of at most `room` cells."""
        wrong = next(((field, error) for field in self.fields if (error := self._error_of(field))), None)
        if wrong is not None:
            text = f"{glyphs(self._style).wrong} {wrong[0].label}: {wrong[1]}"
            return Content.styled(fit(text, room, self._style).rstrip(), "$text-warning")
        values = [(field, self._value_of(field)) for field in self.fields]
        return Content.styled(summary(values, room, self._style), "$text-muted")

    def add_rows(self, *, opened: bool) -> None:
        """Create the rows before the group is mounted, and show them if `opened` is True."""
        self.rows = [self._row_of(field) for field in self.fields]
        self.rows[0].add_class("-first")
        self._show_rows(opened)

    def compose(self) -> ComposeResult:
        yield from self.rows

    async def open(self) -> None:
        """Show the rows."""
        if not self.rows:
            self.add_rows(opened=False)
            await self.mount_all(self.rows)
        self._show_rows(True)
        self.refresh(layout=True)

    def fold(self) -> None:
        """Hide the rows. Their texts stay as they are."""
        if self.is_open:
            self._show_rows(False)
            self.refresh(layout=True)

    def _show_rows(self, opened: bool) -> None:
        self.set_class(opened, "-open")
        for row in self.rows:  # not by a rule of the stylesheet, which would take effect after the focus has moved
            row.display = opened

    def action_turn(self, opened: bool | None = None) -> None:
        if opened is None or opened is not self.is_open:
            self.post_message(self.Turned(self))

    def on_click(self, event: Click) -> None:
        if event.widget is self:
            event.stop()
            self.post_message(self.Turned(self))

    def watch_has_focus(self, focus: bool) -> None:
        super().watch_has_focus(focus)
        self.refresh()
