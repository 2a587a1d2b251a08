"""The form that adds or edits a show: a row for each field of FIELDS, the less important ones in groups that are folded."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from textual import on, work
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.widget import Widget

from watchlist.domain.edits import new_show, split_title
from watchlist.domain.fields import FIELDS, Field, FormGroup, problem_of
from watchlist.domain.frozen import replace
from watchlist.domain.glyphs import glyphs
from watchlist.domain.json_values import to_json
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.record_fields import Records
from watchlist.domain.season_edits import check_typed
from watchlist.domain.text import counted, short_date
from watchlist.errors import WatchlistError
from watchlist.tui.dialogs.confirm import ConfirmDialog
from watchlist.tui.dialogs.dialog import CANCEL, Hint, Hints, Scrolls
from watchlist.tui.dialogs.field_group import FieldGroup
from watchlist.tui.dialogs.form import NEXT, FieldRow, Form
from watchlist.tui.dialogs.form_outline import outline
from watchlist.tui.widgets.line_input import LineInput

FORM = tuple(field for group in FormGroup for field in FIELDS.values() if field.group is group)
PARTS = {group: [field for field in FORM if field.group is group] for group in FormGroup}
MAIN = PARTS.pop(FormGroup.MAIN)
FOLDED = {group: fields for group, fields in PARTS.items() if fields}
WIDTH, EDGES = 66, 6  # cells of the box, and of these the border and the padding
ONE_OPEN = 30  # lines; on a lower screen, opening a group folds the others


class TitleRow(FieldRow):
    """The first row. In the first frame, it draws all that is below it, so that the form is seen before it is complete."""

    outline: Callable[[], Content] | None = None  # draws the rest of the form

    def render(self) -> Content:
        label = super().render()
        return label if self.outline is None else Content.assemble(label, "\n", self.outline())


class ShowForm(Form[Mapping[str, Any]]):
    """The form that adds or edits a show. Its answer is the values of the changed fields by field name; None without any.

    If several titles were pasted, the answer has the key `titles` with a sequence of texts instead of `title`. The rows
    of a group are mounted when the group is first opened; until then, they are not in `rows`.

    Args:
        show: The show to edit; None to add a show.
        style: How ratings are shown and read.
        known: Completion candidates by field name.
        duplicate: Returns the show of the list that is the same as a new show; None if there is none.
        new_ones: Returns those of several new shows that are not on the list.
        start: The initial values of a show to add.
    """

    rows: dict[str, FieldRow]

    BINDINGS = [Binding("ctrl+o", "turn_group", show=False, priority=True)]
    DEFAULT_CSS = f"""
    ShowForm > #box {{ width: {WIDTH}; }}
    ShowForm #scrolls {{ height: auto; scrollbar-size-vertical: 1; }}
    ShowForm #heads {{ height: auto; }}
    ShowForm.-tall #heads {{ margin-top: 1; }}
    """

    def __init__(
        self,
        show: Show | None,
        style: DisplayStyle = STARS,
        known: Mapping[str, Sequence[str]] | None = None,
        duplicate: Callable[[Show], Show | None] = lambda show: None,
        new_ones: Callable[[Sequence[Show]], Sequence[Show]] = lambda shows: shows,
        start: Show | None = None,
    ) -> None:
        super().__init__(f"Edit {show.title}" if show else "Add a show")
        self._start = show or start or Show("", "")
        self._show, self._style = show, style
        self._known, self._duplicate, self._new_ones = known or {}, duplicate, new_ones
        self._same: Show | None = None
        self._groups: Sequence[FieldGroup] = ()
        self._is_complete = False
        self._completing = asyncio.Lock()

    def body(self) -> Iterable[Widget]:
        title = TitleRow(*self._parts_of_row(MAIN[0]))
        self.rows = {title.field.name: title}
        lines = self._outline(min(WIDTH, self.app.size.width) - EDGES).plain.count("\n") + 2
        problems = self._show is not None and self._show.problems
        if self.draft or problems or self.app.size.width < 60 or self.app.size.height < lines + 4:
            yield Scrolls(title, *self._rest())
            yield Hints(*self.hints)
            self._is_complete = True
        else:
            title.outline = lambda: self._outline(title.size.width)
            title.styles.height = lines
            yield Scrolls(title)

    def _outline(self, width: int) -> Content:
        """Return what `complete` will mount, as text of this width."""
        main = [(field, self._text(field)) for field in MAIN[1:]]
        folded = {group: [(field, self._value(field)) for field in fields] for group, fields in FOLDED.items()}
        return outline(self, main, folded, self.hints, width, self._style)

    def _rest(self) -> Sequence[Widget]:
        """Create the widgets below the title."""
        rows = [self._row(field) for field in MAIN[1:]]
        drafted = self.draft.texts if self.draft else {}
        self._groups = [
            FieldGroup(group, fields, self._row, self._value, self._error, self._style)
            for group, fields in FOLDED.items()
        ]
        filled = [group for group in self._groups if any(field.name in drafted for field in group.fields)]
        for group in filled:
            group.add_rows(opened=group is filled[0] or self.app.size.height >= ONE_OPEN)
        return [*rows, Container(*self._groups, id="heads")]

    async def complete(self) -> None:
        """Mount the widgets below the title, which are only drawn in the first frame."""
        async with self._completing:
            if self._is_complete or not self.is_open:
                return
            self._is_complete = True
            title = self.query_one(TitleRow)
            with self.app.batch_update():
                await self.query_one(Scrolls).mount_all(self._rest())
                await self.query_one("#box").mount(Hints(*self.hints))
                title.outline = None
                title.styles.height = "auto"
            self.call_after_refresh(self.fit)

    def on_mount(self) -> None:
        self.call_after_refresh(self.complete)

    def _row(self, field: Field) -> FieldRow:
        self.rows[field.name] = row = FieldRow(*self._parts_of_row(field))
        return row

    def _parts_of_row(self, field: Field) -> tuple[Field, str, str, DisplayStyle, Sequence[str], str | None]:
        problem = problem_of(self._show, field.name) if self._show else None
        draft = self.draft.texts.get(field.name) if self.draft else None
        known = self._known.get(field.name, ())
        return field, self._text(field), problem.message if problem else "", self._style, known, draft

    def _text(self, field: Field) -> str:
        """Return the initial text of a field."""
        problem = problem_of(self._show, field.name) if self._show else None
        return _raw(problem.value) if problem else _shown(field, self._start, self._style)

    def _value(self, field: Field) -> Any:
        """Return the present value of a field; its empty value if the text is not valid."""
        if (row := self.rows.get(field.name)) is None:
            return field.get(self._start)
        try:
            return row.value()
        except ValueError:
            return field.type.empty

    def _error(self, field: Field) -> str:
        """Return the error of a field's text, or of its value in the file; empty if there is none."""
        if (row := self.rows.get(field.name)) is not None:
            return row.error
        problem = problem_of(self._show, field.name) if self._show else None
        return problem.message if problem else ""

    @property
    def typed(self) -> Mapping[str, str]:
        changed = super().typed
        given = {} if self._show or not changed else {field.name: self._text(field) for field in FORM}
        return {name: text for name, text in given.items() if text and name != "status"} | dict(changed)

    async def reveal(self, name: str) -> FieldRow:
        """Open the group that has the field `name`, if any, and return the row of the field."""
        await self.complete()
        for group in self._groups:
            if any(field.name == name for field in group.fields):
                await self._open(group)
        return self.rows[name]

    async def _open(self, group: FieldGroup) -> None:
        if not group.is_open:
            if self.size.height < ONE_OPEN:
                for other in self._groups:
                    other.fold()
            await group.open()
            self.call_after_refresh(self.fit)

    @on(FieldGroup.Turned)
    async def _turned(self, message: FieldGroup.Turned) -> None:
        await self._turn(message.group)

    async def action_turn_group(self) -> None:
        """Fold the group that has the focus, and open it if it is folded. Without such a group, open the first folded one."""
        await self.complete()
        focused = self.focused.ancestors_with_self if self.focused is not None else ()
        here = next((node for node in focused if isinstance(node, FieldGroup)), None)
        group = here or next((group for group in self._groups if not group.is_open), None)
        if group is not None:
            await self._turn(group)

    async def _turn(self, group: FieldGroup) -> None:
        """Open a folded group and go to its first row, or fold an open one and go to its heading."""
        if group.is_open:
            group.fold()
            group.focus()
            self.call_after_refresh(self.fit)
        else:
            await self._open(group)
            group.rows[0].editor.focus()
            self.call_after_refresh(group.scroll_visible, animate=False)

    @property
    def hints(self) -> tuple[Hint, ...]:
        key, word, action = super().hints[0]
        groups = [node for node in (self.focused.ancestors_with_self if self.focused else ()) if node in self._groups]
        opened = bool(groups) and isinstance(groups[0], FieldGroup) and groups[0].is_open
        word = word if self._show else "add"
        return (key, word, action), NEXT, ("ctrl+o", "fold" if opened else "open a group", "turn_group"), CANCEL

    def checked(self, row: FieldRow) -> None:
        if self._show is None and row.field.name in ("title", "year", "ids", "aka"):
            self._look_at_title()
        if self._show is not None and row.field.name == "seasons" and not row.error:
            self._check_seasons(row, self._show)
        if isinstance(row.parent, FieldGroup):
            row.parent.refresh()  # its heading may show the error

    def _check_seasons(self, row: FieldRow, show: Show) -> None:
        """Show an error if the typed lengths of the seasons would lose anything that was watched."""
        try:
            check_typed(show, row.value())
        except WatchlistError as error:
            row.error = "; ".join(filter(None, [error.message, error.hint]))
            row.say(row.error)

    def _look_at_title(self) -> None:
        """Say how the title is split into title and year or, with a warning, that the show is on the list already."""
        title, year = self._title()
        try:
            self._same = self._duplicate(self._new()) if title else None
        except ValueError:
            return  # the row with the wrong value shows the error
        row = self.row("title")
        if row.error:
            return
        if self._same is not None:
            since = f" since {short_date(self._same.added)}" if self._same.added else ""
            self._warn(f"{_named(self._same)} is on your list{since}")
        else:
            row.say(f"{title}, from {year}" if title != " ".join(row.text.split()) else "", "muted")

    def _title(self) -> tuple[str, int | None]:
        """Return (title, year or None). The title `Heat (1995)` is split, unless the year field contains another year."""
        text, year_row = self.row("title").text, self.rows.get("year")
        own = year_row.text.strip() if year_row is not None else ""
        title, year = split_title(text)
        return (title, year) if not own or own == str(year) else (text, None)

    def _new(self) -> Show:
        return replace(self._start, **({"added": date.today()} | self._values()))

    def _values(self) -> dict[str, Any]:
        values = {row.field.name: row.value() for row in self.changed}
        if self._show is None:
            title, year = self._title()
            values["title"] = title
            if year is not None:
                values["year"] = year
        return values

    @work
    async def action_save(self) -> None:
        if self._show is None:
            self.row("title").check(asked=True)
        asked = (*self.changed, *([self.row("title")] if self._show is None else []))
        wrong = [row for row in asked if row.error]
        if wrong:
            (await self.reveal(wrong[0].field.name)).editor.focus()
            return
        if self._show is not None and not self.changed:
            self.dismiss(None)
            return
        if self._same is not None:
            question = f"{_named(self._same)} is on your list already. Add it once more?"
            if not await self.ask(ConfirmDialog(question, "add", "keep editing")):
                return
        self.answer(self._values())

    @on(LineInput.Pasted)
    def _several_pasted(self, message: LineInput.Pasted) -> None:
        if self._show is None and message.line is self.row("title").editor:
            self._offer(message.lines)

    @work(exclusive=True)
    async def _offer(self, titles: Sequence[str]) -> None:
        """Ask whether to add each pasted line as a show. If not, the lines remain one title."""
        shows = [new_show(title, {}, today=date.today()) for title in titles]
        new, known = len(self._new_ones(shows)), len(set(map(_named, shows)))
        wrong = [row for row in self.changed if row.error and row.field.name != "title"]
        if not new:
            self._warn(f"All {known} titles are on your list already")
            return
        there = f" {counted(known - new, 'title')} of those pasted {'is' if known - new == 1 else 'are'} there already."
        question = f"Add {counted(new, 'show')}, one per line?" + there * (known > new)
        if not await self.ask(ConfirmDialog(question, "add", "make it one title")):
            return
        if wrong:
            (await self.reveal(wrong[0].field.name)).editor.focus()
            return
        values = {row.field.name: row.value() for row in self.changed if row.field.name != "title"}
        self.dismiss(values | {"titles": titles})

    def _warn(self, text: str) -> None:
        """Show a warning below the title."""
        self.row("title").say(f"{glyphs(self._style).wrong} {text}", "warning")


def _named(show: Show) -> str:
    return f"{show.title} ({show.year})" if show.year else show.title


def _raw(value: object) -> str:
    """Return an invalid value of the list file as editable text."""
    return value if isinstance(value, str) else "" if value is None else json.dumps(to_json(value), ensure_ascii=False)


def _shown(field: Field, show: Show, style: DisplayStyle) -> str:
    """Return the value of a field as editable text. Records, e.g. viewings, get one line each if that parses back."""
    value = field.get(show)
    if isinstance(field.type, Records) and field.type.pair:
        lines = "\n".join(field.type.format((row,), style) for row in value)
        try:
            if field.type.parse(lines, style) == value:
                return lines
        except ValueError:
            pass
    return field.type.brief(value, style)
