"""The add and edit form, projected from FIELDS: every field that stands in forms, checked by the parser of its type."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from textual import on, work
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static, TextArea

from watchlist.edits import new_show, split_title
from watchlist.fields import FIELDS, Field, problem_of
from watchlist.fieldtypes import Choice
from watchlist.glyphs import glyphs
from watchlist.model import Show
from watchlist.ratings import STARS, Style
from watchlist.records import Records, to_json
from watchlist.tui.screens.confirm import Confirm, Keeping
from watchlist.tui.screens.dialog import CANCEL, Hint, Hints, Scrolls
from watchlist.tui.screens.entry import Editor, Known, OneOf, Row, Text

T = TypeVar("T")
FORM = tuple(field for field in FIELDS.values() if field.form)
FIRST_LONG = next(place for place, field in enumerate(FORM) if field.type.long)
SAVE: Hint = ("ctrl+s", "save", "save")
NEXT: Hint = ("tab", "next", "next")


class FieldRow(Row):
    """A field of the form: its label, what it is typed into, and below that what is wrong with it."""

    def __init__(
        self, field: Field, text: str, problem: str, style: Style, known: Sequence[str], draft: str | None = None
    ) -> None:
        """`text` is what stands there at first, `draft` what was typed over it."""
        super().__init__(field.label)
        self.field, self.before, self._draft = field, text, draft
        self._problem, self._style, self._known = problem, style, known
        self.error = problem
        self.set_class(field.type.long or isinstance(field.type, Records), "-long")

    def make_editor(self) -> Editor:
        type, hint = self.field.type, self.field.hint
        if isinstance(type, Choice):
            words = ([""] if type.empty is None else []) + [str(choice) for choice in type.choices]
            signs = {str(status): sign for status, sign in glyphs(self._style).status.items()}
            return OneOf(words, self.before, signs, hint)
        if self.has_class("-long"):
            return Text(self.before, placeholder=Content(hint), highlight_cursor_line=False)
        suggester = Known(self._known, several=type.multiple) if self._known else None
        return Input(self.before, placeholder=hint, suggester=suggester, select_on_focus=False)

    def on_mount(self) -> None:
        self.before = self.text  # an editor may read line ends in its own way: that is no change
        if self._draft is None:
            self.say(self.error)
        else:
            self.text = self._draft
            self.check()

    @property
    def changed(self) -> bool:
        """Whether something else stands there than at first."""
        return self.text != self.before

    def value(self) -> Any:
        """The typed value; ValueError says what is wrong."""
        return self.field.type.parse(self.text, self._style)

    def check(self, *, asked: bool = False) -> None:
        """Say what is wrong with the text as it is now; as it was at first it is read only where that is `asked` for."""
        self.error = self._problem
        if self.changed or asked:
            try:
                self.value()
                self.error = ""
            except ValueError as error:
                self.error = str(error)
        self.say(self.error)


class Form(Keeping[T]):
    """Rows of fields that are checked while they are typed; enter or ctrl+s saves, where nothing is wrong."""

    BINDINGS = [
        Binding("ctrl+s", "save", show=False, priority=True),
        Binding("up", "previous", show=False),
        Binding("down", "next", show=False),
    ]

    def row(self, name: str) -> FieldRow:
        """The row of one field."""
        return next(row for row in self.query(FieldRow) if row.field.name == name)

    @property
    def changed(self) -> tuple[FieldRow, ...]:
        return tuple(row for row in self.query(FieldRow) if row.changed)

    @property
    def typed(self) -> Mapping[str, str]:
        return {row.field.name: row.text for row in self.changed}

    @on(Input.Changed)
    @on(TextArea.Changed)
    @on(OneOf.Changed)
    def _typed(self, event: Input.Changed | TextArea.Changed | OneOf.Changed) -> None:
        control = event.control
        row = next((node for node in control.ancestors if isinstance(node, FieldRow)), None)
        if row is not None and row.is_mounted:
            row.check()
            self.checked(row)

    def checked(self, row: FieldRow) -> None:
        """What else there is to say of what was typed into a row."""

    def on_descendant_focus(self) -> None:
        """In a text of several lines enter is a new line."""
        lines = isinstance(self.focused, TextArea)
        self.query_one(Hints).show(SAVE if lines else ("enter", "save", "save"), NEXT, CANCEL)

    def on_one_of_accepted(self) -> None:
        self.action_save()

    def on_input_submitted(self) -> None:
        self.action_save()

    def action_next(self) -> None:
        self.focus_next()

    def action_previous(self) -> None:
        self.focus_previous()

    def action_save(self) -> object:
        """Close with what was typed, or go to the first row that is wrong."""
        raise NotImplementedError


class ShowForm(Form[Mapping[str, Any]]):
    """Add a show (`show` is None) or edit one. Returns the typed values of the fields that were changed.

    `known` are texts to complete from, by field name. `duplicate` finds the show that a new one is on the list as.
    """

    DEFAULT_CSS = """
    ShowForm > #box { width: 72; }
    ShowForm.-wide > #box { width: 116; }
    ShowForm #scrolls { height: auto; scrollbar-size-vertical: 1; }
    ShowForm #columns { height: auto; }
    ShowForm.-wide #columns { layout: horizontal; }
    ShowForm .column { height: auto; width: 100%; }
    ShowForm.-wide .column { width: 1fr; }
    ShowForm.-wide #right { margin-left: 3; }
    ShowForm.-wide #right FieldRow > * { margin-left: 9; }
    ShowForm.-wide #right .note { margin-left: 10; }
    ShowForm.-wide FieldRow > Text { height: 4; }
    ShowForm #top { margin: 0 0 1 16; }
    ShowForm.-narrow #top { margin: 0; }
    """

    def __init__(
        self,
        show: Show | None,
        style: Style = STARS,
        known: Mapping[str, Sequence[str]] | None = None,
        duplicate: Callable[[Show], Show | None] = lambda show: None,
    ) -> None:
        super().__init__(f"Edit {show.title}" if show else "Add a show")
        self._show, self._style = show, style
        self._known, self._duplicate = known or {}, duplicate
        self._same: Show | None = None

    def body(self) -> Iterable[Widget]:
        rows = [self._row(field) for field in FORM]
        yield Static(classes="warning hidden", id="top")
        left = Container(*rows[:FIRST_LONG], classes="column")
        right = Container(*rows[FIRST_LONG:], classes="column", id="right")
        yield Scrolls(Container(left, right, id="columns"))
        yield Hints(("enter", "save", "save"), NEXT, CANCEL)

    def _row(self, field: Field) -> FieldRow:
        problem = problem_of(self._show, field.name) if self._show else None
        text = _raw(problem.value) if problem else _shown(field, self._show or Show("", ""), self._style)
        draft = self.draft.texts.get(field.name) if self.draft else None
        known = self._known.get(field.name, ())
        return FieldRow(field, text, problem.message if problem else "", self._style, known, draft)

    def checked(self, row: FieldRow) -> None:
        if self._show is None and row.field.name in ("title", "year", "ids", "aka"):
            self._look_at_title()

    def _look_at_title(self) -> None:
        """Say what the title is split into, and whether the show is on the list already."""
        title, year = self._title()
        row = self.row("title")
        if not row.error:
            row.say(f"{title}, from {year}" if title != " ".join(row.text.split()) else "", "muted")
        try:
            self._same = self._duplicate(self._new()) if title else None
        except ValueError:
            return  # said under its field
        top = self.query_one("#top", Static)
        top.update(Content(f"{_named(self._same)} is on the list already" if self._same else ""))
        top.set_class(self._same is None, "hidden")
        self.call_after_refresh(self.fit)

    def _title(self) -> tuple[str, int | None]:
        """Title and year: `Heat (1995)` is split, but where another year is typed into its own field."""
        text, own = self.row("title").text, self.row("year").text.strip()
        title, year = split_title(text)
        return (title, year) if not own or own == str(year) else (text, None)

    def _new(self) -> Show:
        return new_show(self._title()[0], self._values(), today=date.today())

    def _values(self) -> dict[str, Any]:
        values = {row.field.name: row.value() for row in self.changed}
        if self._show is None:
            title, year = self._title()
            values["title"] = title
            if year is not None:
                values["year"] = year
        return values

    @work(exclusive=True)
    async def action_save(self) -> None:
        if self._show is None:
            self.row("title").check(asked=True)
        asked = (*self.changed, *([self.row("title")] if self._show is None else []))
        wrong = [row for row in asked if row.error]
        if wrong:
            wrong[0].editor.focus()
            return
        values = self._values() if self.changed else None
        if self._same is not None and values is not None:
            question = f"{_named(self._same)} is on the list already. Add it once more?"
            if not await self.app.push_screen_wait(Confirm(question, "add", "keep editing")):
                return
        self.dismiss(values)


def _named(show: Show) -> str:
    return f"{show.title} ({show.year})" if show.year else show.title


def _raw(value: object) -> str:
    """A wrong value of the file as text to mend."""
    return value if isinstance(value, str) else "" if value is None else json.dumps(to_json(value), ensure_ascii=False)


def _shown(field: Field, show: Show, style: Style) -> str:
    """The value as it is typed; rows one a line where they can be read back from that."""
    value = field.get(show)
    if isinstance(field.type, Records):
        lines = "\n".join(field.type.format((row,), style) for row in value)
        try:
            if field.type.parse(lines, style) == value:
                return lines
        except ValueError:
            pass
    return field.type.format(value, style)
