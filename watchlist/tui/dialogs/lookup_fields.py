"""The dialog that asks which values of a source are taken over: a row for each difference, with a tick."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.events import Click, Resize
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from watchlist.domain.glyphs import glyphs
from watchlist.domain.lookup_diff import Difference, Sign, sign_glyph, whole_texts
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.lookups import Answer
from watchlist.sanitize import safe
from watchlist.tui.dialogs.dialog import STOP, Dialog, Hint, Hints, Scrolls
from watchlist.tui.widgets.line_widget import LineStatic
from watchlist.tui.widgets.list_columns import fit
from watchlist.tui.widgets.option_rows import Option, OptionRows

TONES = {Sign.FILLS: "$text-success", Sign.DIFFERS: "$text-warning", Sign.REFRESHES: "$text-primary"}
LEAD = 6  # cells before the name of the field: cursor, tick and sign, each with a blank
LABEL, NARROW_LABEL = 14, 10  # maximum width of the name in cells
GAP = 2  # cells between columns
ABOUT = "Only empty fields are ticked; where both have a value, yours is kept unless you tick it."
ABOUT_REFRESH = "What an earlier look-up wrote (~) is ticked too. Everything else of yours is kept unless you tick it."
ABOUT_LATER = "A later look-up refreshes what came from there and nothing that you typed."
CLOSE: Hint = ("esc", "close", "cancel")


class DifferenceRows(OptionRows[Difference]):
    """The list of differences, one per line, with the ticked ones marked."""

    BINDINGS = [Binding("space,x", "tick", show=False)]
    DEFAULT_CSS = """
    DifferenceRows { width: 100%; }
    """

    class Ticked(Message):
        """Posted when the ticks have changed."""

    def __init__(self, rows: Sequence[Difference], style: DisplayStyle, *, id: str | None = None) -> None:
        super().__init__([Option(row, row.label) for row in rows], id=id)
        self._style = style
        self.ticked = {row.key for row in rows if row.wanted}

    def tick(self, keys: Iterable[str]) -> None:
        """Tick the rows with these keys, and no others."""
        self.ticked = set(keys)
        self.refresh()
        self.post_message(self.Ticked())

    def action_tick(self) -> None:
        if self.current is not None:
            self.tick(self.ticked ^ {self.current.value.key})

    def on_click(self, event: Click) -> None:
        self.call_after_refresh(self.action_tick)  # the base class moves the cursor first

    def get_content_width(self, container: Size, viewport: Size) -> int:
        return container.width

    def columns(self, width: int) -> tuple[int, int]:
        """Return the widths in cells of the columns with the name of the field and with the user's value."""
        label = min(max(len(option.label) for option in self.options), LABEL if width >= 56 else NARROW_LABEL)
        room = width - LEAD - label - 2 * GAP
        mine = max(len("Yours"), *(Content(safe(option.value.mine)).cell_length for option in self.options))
        return label, max(5, min(mine, room // 3))

    def heading(self, width: int, source: str) -> Content:
        """Return the line above the columns. `source` is the title of the source."""
        label, mine = self.columns(width)
        return Content.assemble(
            " " * LEAD, _cell("Field", label + GAP, "$text-primary"), _cell("Yours", mine + GAP, "$text-primary"),
            (source, "$text-primary"),
        )  # fmt: skip

    def _line(self, option: Option[Difference], here: bool, width: int) -> LineStatic:
        row, on, signs = option.value, option.value.key in self.ticked, glyphs(self._style)
        label, mine = self.columns(width)
        strike = " strike" if on and row.sign is not Sign.FILLS else ""
        faint = "$foreground-muted"
        line = LineStatic(self._look("", here))
        for text, room, gap, tone in (
            (self._bar if here else " ", 1, 0, "$primary"),
            (f" {signs.marked if on else signs.dot}", 2, 1, "$text-success" if on else faint),
            (sign_glyph(row.sign, self._style), 1, 1, TONES[row.sign]),
            (_flat(row.label), label, GAP, ""),
            (_flat(row.mine) or signs.none, mine, GAP, f"not bold{strike} {'' if row.mine else faint}"),
            (_flat(row.theirs), width, 0, f"not bold {'$foreground' if on else faint}"),
        ):
            line.say(fit(text, min(room, width - line.cells), self._style), self._look(tone, here))
            line.blank_to(min(line.cells + gap, width))
        return line


def _flat(text: str) -> str:
    """Return a text on one line, with control characters made visible."""
    return " ".join(safe(text).split())


def _cell(text: str, width: int, style: str = "") -> Content:
    return Content.styled(_flat(text), style).truncate(width, ellipsis=True, pad=True)


class FieldsDialog(Dialog[tuple[str, ...]]):
    """The dialog that returns the keys of the rows to take, perhaps none; None to end the look-up.

    Args:
        answer: The answer of a source.
        place: The number of the show among those that are looked up, from 1, and how many those are.
        style: Whether only ASCII symbols are drawn.
    """

    BINDINGS = [
        Binding("a", "all", show=False),
        Binding("n", "none", show=False),
        Binding("enter", "accept", show=False, priority=True),
        Binding("v", "whole", show=False),
        Binding("b", "browse", show=False),
        Binding("s", "skip", show=False),
    ]
    DEFAULT_CSS = """
    FieldsDialog > #box { width: 100%; max-width: 130; }
    FieldsDialog #heading { width: 100%; height: 1; text-wrap: nowrap; text-overflow: ellipsis; }
    FieldsDialog #about { width: 100%; height: auto; margin-top: 1; color: $text-muted; }
    FieldsDialog.-short #about { margin-top: 0; }
    """

    def __init__(self, answer: Answer, place: tuple[int, int] = (1, 1), *, style: DisplayStyle = STARS) -> None:
        number, count = place
        among = f" ({number} of {count})" * (count > 1)
        super().__init__(f"{safe(answer.show.title)} from {answer.source.title}{among}")
        self._answer, self._style, self._several = answer, style, count > 1

    def body(self) -> Iterable[Widget]:
        self._rows = DifferenceRows(self._answer.rows, self._style, id="scrolls")
        yield Static(id="heading")
        yield self._rows
        yield Static(id="about")
        self._hints = Hints(CLOSE)
        yield self._hints

    def on_mount(self) -> None:
        self._rows.focus()
        self._tell()

    def on_resize(self, event: Resize) -> None:
        super().on_resize(event)
        self._tell()

    def _draw_heading(self) -> None:
        width = self._rows.scrollable_content_region.width
        if width:
            self.query_one("#heading", Static).update(self._rows.heading(width, self._answer.source.title))

    def on_difference_rows_ticked(self) -> None:
        self._tell()

    def _tell(self) -> None:
        """Show the number of ticked rows, what the ticks mean, and the keys."""
        count, rows = len(self._rows.ticked), self._answer.rows
        self.query_one("#box").border_subtitle = Content(f"{count} of {len(rows)} taken")
        credit = f"{self._answer.source.credit}."
        meaning = ABOUT_REFRESH if any(row.sign is Sign.REFRESHES for row in rows) else ABOUT
        wide, short = self.app.size.width >= 100, self.app.size.height < 18
        about = f"{meaning}\n{credit} {ABOUT_LATER}" if wide else f"{meaning} {credit}"
        self.query_one("#about", Static).update(Content(credit if short else about))
        hints: list[Hint] = [("space", "take or leave", "tick"), ("a", "all", "all"), ("n", "none", "none")]
        hints.append(("enter", f"take {count}" if count else "take none", "accept"))
        if not short:
            hints += [("v", "whole text", "whole"), ("b", "open its page", "browse")]
        if self._several:
            hints.append(("s", "skip", "skip"))
        self._hints.show(*hints, STOP if self._several else CLOSE)
        self.call_after_refresh(self.fit)
        self.call_after_refresh(self._draw_heading)

    def action_tick(self) -> None:
        self._rows.action_tick()

    def action_all(self) -> None:
        self._rows.tick(row.key for row in self._answer.rows)

    def action_none(self) -> None:
        self._rows.tick(())

    def action_accept(self) -> None:
        self.dismiss(tuple(row.key for row in self._answer.rows if row.key in self._rows.ticked))

    def action_skip(self) -> None:
        if self._several:
            self.dismiss(())

    def action_browse(self) -> None:
        if self._answer.candidate.url:
            self.app.open_url(self._answer.candidate.url)

    @work
    async def action_whole(self) -> None:
        if (option := self._rows.current) is not None:
            await self.ask(WholeText(option.value, self._answer))


class WholeText(Dialog[None]):
    """The dialog with both values of a row of an answer, uncut."""

    BINDINGS = [
        Binding("v,q,enter", "cancel", show=False),
        Binding("down,j", "scroll(1)", show=False),
        Binding("up,k", "scroll(-1)", show=False),
        Binding("pagedown,space", "scroll(8)", show=False),
        Binding("pageup", "scroll(-8)", show=False),
    ]
    DEFAULT_CSS = """
    WholeText > #box { width: 84; }
    WholeText #scrolls { height: auto; scrollbar-size-vertical: 1; }
    WholeText Static { width: 100%; height: auto; }
    """

    def __init__(self, row: Difference, answer: Answer) -> None:
        super().__init__(row.label)
        self._row, self._answer = row, answer

    def body(self) -> Iterable[Widget]:
        yield Scrolls(Static(self._text()))
        yield Hints(("↑↓", "move", "scroll(1)"), CLOSE)

    def _text(self) -> Content:
        mine, theirs = whole_texts(self._answer.show, self._row)
        parts = [("Yours", mine), (self._answer.source.title, theirs)]
        return Content("\n\n").join(
            Content.assemble((title, "bold $text-primary"), "\n", safe(text, lines=True))
            for title, text in parts
            if text
        )

    def action_scroll(self, by: int) -> None:
        self.query_one("#scrolls").scroll_relative(y=by, animate=False)
