"""PastedTable: what each pasted line becomes, with the question about a line below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.binding import Binding
from textual.events import Click, Key, MouseScrollDown, MouseScrollUp
from textual.message import Message

from watchlist.domain.frozen import replace
from watchlist.domain.glyphs import glyphs
from watchlist.domain.model import Kind
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.show_text import dotted
from watchlist.domain.text import counted, minutes
from watchlist.tui.state.pasted_shows import PastedLine, State
from watchlist.tui.widgets.line_widget import LineStatic, LineWidget
from watchlist.tui.widgets.list_columns import fit, steady

if TYPE_CHECKING:
    from watchlist.sources.catalogue.title import CatalogueTitle

START, YEAR, KIND = 4, 4, 6
LEAST_FACTS = 12  # cells; with less, what tells a title is left out
_TONES = {
    State.FOUND: "success",
    State.LISTED: "dim",
    State.ASKED: "key",
    State.BARE: "dim",
    State.LEFT_OUT: "dim",
}


def facts_of(title: CatalogueTitle, style: DisplayStyle) -> str:
    """Return what tells a title from others: `2 h 35 min · Denis Villeneuve`, `4 seasons, 30 ep`."""
    if title.kind is Kind.FILM:
        extent = minutes(title.runtime) if title.runtime else ""
    else:
        parts = [counted(title.seasons, "season")] if title.seasons else []
        extent = ", ".join([*parts, f"{title.episodes} ep"] if title.episodes else parts)
    return dotted((extent, *title.people[:2]), style)


class PastedTable(LineWidget, can_focus=True):
    """The table of pasted lines with a cursor. Digits choose, space leaves a line out, tab goes to the next question."""

    DEFAULT_CSS = "PastedTable { background: $background; height: 1fr; }"
    GROUND = "background"
    BINDINGS = [
        Binding("up,k", "move(-1)", show=False),
        Binding("down,j", "move(1)", show=False),
        Binding("pageup", "move(-10)", show=False),
        Binding("pagedown", "move(10)", show=False),
        Binding("space", "leave_out", show=False),
        Binding("tab", "next_question", show=False),
        Binding("enter", "screen.accept", show=False),
    ]
    LOOKS = {
        "heading": ("text-primary", False, ""),
        "dim": ("text-muted", False, ""),
        "key": ("text-accent", True, ""),
        "success": ("text-success", True, ""),
        "arrow": ("text-primary", False, ""),
        "here": ("foreground", False, "panel"),
        "here-bold": ("foreground", True, "panel"),
        "here-dim": ("text-muted", False, "panel"),
        "here-key": ("text-accent", True, "panel"),
        "here-success": ("text-success", True, "panel"),
        "here-arrow": ("text-primary", False, "panel"),
        "here-bar": ("primary", True, "panel"),
    }

    class Changed(Message):
        """Posted when the user has decided about a line, or the cursor was moved."""

    def __init__(self, style: DisplayStyle = STARS) -> None:
        super().__init__()
        self._style = style
        self.lines: Sequence[PastedLine] = ()
        self.cursor = 0
        self._top = self._version = 0  # the version counts the changes of `lines`

    def show(self, lines: Sequence[PastedLine]) -> None:
        """Replace the lines. The first question has the cursor."""
        self.lines = list(lines)
        self._version += 1
        self.cursor = next((at for at, line in enumerate(lines) if line.state is State.ASKED), 0)
        self.refresh()

    @property
    def current(self) -> PastedLine | None:
        """The line under the cursor."""
        return self.lines[self.cursor] if self.cursor < len(self.lines) else None

    def action_move(self, by: int) -> None:
        self.cursor = max(0, min(self.cursor + by, len(self.lines) - 1))
        self._changed()

    def action_leave_out(self) -> None:
        if (line := self.current) is not None:
            self._set(replace(line, left_out=not line.left_out))

    def action_next_question(self) -> None:
        order = [*range(self.cursor + 1, len(self.lines)), *range(self.cursor + 1)]
        self.cursor = next((at for at in order if self.lines[at].state is State.ASKED), self.cursor)
        self._changed()

    def on_key(self, event: Key) -> None:
        if (line := self.current) is not None and event.character is not None and event.character in "0123456789":
            event.stop()
            if line.candidates and int(event.character) <= len(line.candidates):
                self._set(line.choose(int(event.character)))
                if line.state is State.ASKED:
                    self.action_next_question()

    def on_click(self, event: Click) -> None:
        rows = self._rows()
        place = self._top + event.y - 1
        if event.y and place < len(rows):
            index, number = rows[place]
            if number is not None and index == self.cursor:
                self._set(self.lines[index].choose(number))
            else:
                self.cursor = index
                self._changed()

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        event.stop()
        self.action_move(1)

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        event.stop()
        self.action_move(-1)

    def _set(self, line: PastedLine) -> None:
        lines = list(self.lines)
        lines[self.cursor] = line
        self.lines = lines
        self._version += 1
        self._changed()

    def _changed(self) -> None:
        self.refresh()
        self.post_message(self.Changed())

    def _rows(self) -> list[tuple[int, int | None]]:
        """Return the lines of the table: (index of the pasted line, None or the number of a candidate below it)."""
        rows: list[tuple[int, int | None]] = []
        for index, line in enumerate(self.lines):
            rows.append((index, None))
            if index == self.cursor and line.own is None and len(line.candidates) > 1 and not line.left_out:
                rows += [(index, number) for number in (*range(1, len(line.candidates) + 1), 0)]
        return rows

    def draw(self) -> Sequence[LineStatic]:
        return self.drawn_once((self._version, self.cursor), self._all_lines)

    def _all_lines(self) -> list[LineStatic]:
        rows, height = self._rows(), max(1, self.size.height - 1)
        first = rows.index((self.cursor, None)) if rows else 0
        last = max((at for at, (index, _) in enumerate(rows) if index == self.cursor), default=0)
        self._top = min(max(self._top, last - height + 1), first)
        return [self._head(), *(self._line(*row) for row in rows[self._top : self._top + height])]

    @property
    def _columns(self) -> tuple[int, int, int]:
        """The start of the column "Becomes", its width, and the width of what tells a title; 0 if there is no room."""
        width = self.size.width - START - 1
        fixed = 2 + YEAR + 2 + KIND
        facts = width * 30 // 100 if width >= 70 else 0
        names = width - fixed - (facts + 2 if facts else 0) - 3
        line = max(8, names * 55 // 100)
        return START + line + 3, max(8, names - line), facts

    def _head(self) -> LineStatic:
        start, width, _ = self._columns
        line = self.line()
        for column, name in (
            (START, "Line"),
            (start, "Becomes"),
            (start + width + 2, "Year"),
            (start + width + 8, "Kind"),
        ):
            line.blank_to(column)
            line.say(name, self.look("heading"))
        return line

    def _line(self, index: int, number: int | None) -> LineStatic:
        here = index == self.cursor
        prefix = "here-" if here else ""
        line = LineStatic(self.look("here") if here else self.look())
        line.add(glyphs(self._style).cursor if here else " ", self.look("here-bar") if here else self.look())
        start, *_ = self._columns
        pasted = self.lines[index]
        if number is not None:
            line.blank_to(max(START, start - 2))
            line.say(f"{number} ", self.look("here-key"))
            if number:
                self._title(line, pasted.candidates[number - 1], here)
            else:
                line.say("none of these: add the bare title", self.look("here"))
            return line
        state = pasted.state
        line.say(self._sign(state), self.look(prefix + _TONES[state]))
        line.blank_to(START)
        text = fit(steady(pasted.read.text), start - 3 - START, self._style).rstrip()
        line.say(text, self.look("here-bold") if here else self.look("dim"))
        line.blank_to(start - 2)
        line.say(">" if self._style.ascii else "→", self.look(f"{prefix}arrow"))
        line.blank_to(start)
        if state is State.FOUND and pasted.title is not None:
            self._title(line, pasted.title, here)
        elif state is State.LISTED and pasted.own is not None:
            own = pasted.own
            self._facts(line, own.title, str(own.year or ""), str(own.kind or ""), str(state), here)
        elif state is State.ASKED:
            line.say(counted(len(pasted.candidates), "candidate"), self.look(f"{prefix}key"))
        elif state is State.LEFT_OUT:
            line.say(str(state), self.look(f"{prefix}dim"))
        else:
            title, year = pasted.read.title, pasted.read.year
            self._facts(line, title, str(year or ""), str(pasted.read.kind or ""), "bare title", here)
        return line

    def _sign(self, state: State) -> str:
        signs = glyphs(self._style)
        unsigned = {State.LISTED: "=", State.ASKED: "?", State.LEFT_OUT: "-"}
        return unsigned.get(state, signs.marked if state is State.FOUND else signs.dot)

    def _title(self, line: LineStatic, title: CatalogueTitle, here: bool) -> None:
        facts = facts_of(title, self._style)
        self._facts(line, title.title, str(title.year or ""), str(title.kind), facts, here)

    def _facts(self, line: LineStatic, title: str, year: str, kind: str, facts: str, here: bool) -> None:
        start, width, room = self._columns
        dim = self.look("here-dim" if here else "dim")
        line.blank_to(start)
        line.say(fit(steady(title), width, self._style).rstrip(), self.look("here") if here else self.look())
        for column, text in ((start + width + 2, year), (start + width + 8, kind)):
            line.blank_to(column)
            line.say(text, dim)
        if room >= LEAST_FACTS:
            line.blank_to(start + width + 8 + KIND + 2)
            line.say(fit(steady(facts), room, self._style).rstrip(), dim)
