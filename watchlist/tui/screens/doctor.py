"""What is wrong with the list: a line a finding, all about the one under the cursor below, and keys that put it right."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from textual import work
from textual.binding import Binding
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from watchlist import doctor
from watchlist.doctor import Finding, Severity
from watchlist.errors import WatchlistError
from watchlist.glyphs import glyphs
from watchlist.ratings import STARS, Style
from watchlist.safe import safe
from watchlist.store.library import Change, Library
from watchlist.text import counted
from watchlist.tui.screens.dialog import Dialog, Hint, Hints
from watchlist.tui.screens.rows import Option, Rows

TITLE = 18  # cells that the title of a show gets at most: what is wrong with it says more
TONES = {Severity.DAMAGE: "$text-error", Severity.WRONG: "$text-warning", Severity.ODD: "$foreground-muted"}
CLOSE: Hint = ("esc", "close", "cancel")


class Findings(Rows[Finding]):
    """One line for each of them."""

    def fill(self, found: Sequence[Finding], style: Style, cursor: int) -> None:
        """Show these, the cursor on the one at a place, or the last."""
        options = [_option(finding, style) for finding in found]
        self._measure(options)
        self._labels = min(self._labels, TITLE)
        self.show(options, cursor)


class Doctor(Dialog[str]):
    """Looks through the list in a thread. Returns the id of the show to go to.

    `changed` is called, on the loop that draws, with each change that was made.
    """

    BINDINGS = [
        Binding("f", "fix", show=False),
        Binding("F", "fix_all", show=False),
        Binding("q,D", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    Doctor > #box { width: 100%; max-width: 112; }
    Doctor #about { width: 100%; height: 5; margin-top: 1; }
    Doctor.-short #about { margin-top: 0; }
    Doctor.-well > #box { width: auto; }
    Doctor.-well #about { width: auto; height: auto; margin-top: 0; }
    """

    def __init__(
        self, library: Library, today: date, changed: Callable[[Change], object], style: Style = STARS
    ) -> None:
        super().__init__("Doctor")
        self._library, self._today, self._style, self._changed = library, today, style, changed
        self._mending = False
        self._said = ""  # what was done last

    def body(self) -> Iterable[Widget]:
        self._rows = Findings([], id="scrolls")
        yield self._rows
        yield Static(Content(f"Looking through {counted(len(self._library.list.shows), 'show')}"), id="about")
        self._hints = Hints(CLOSE)
        yield self._hints

    def on_mount(self) -> None:
        self._rows.add_class("hidden")
        self.add_class("-well")  # until something is found
        self._look()

    @work(exclusive=True)
    async def _look(self, cursor: int = 0) -> None:
        """Find what is wrong, off the loop that draws."""
        try:
            found = await asyncio.to_thread(doctor.examine, self._library, self._today, self._style)
        except WatchlistError as error:
            self._about(Content.styled(safe(error.message), "$text-error"))
            return
        self._rows.set_class(not found, "hidden")
        self.set_class(not found, "-well")
        self._rows.fill(found, self._style, cursor)
        self.query_one("#box").border_subtitle = Content(counted(len(found), "finding") if found else "")
        if found:
            self._rows.focus()

    @property
    def _found(self) -> list[Finding]:
        return [option.value for option in self._rows.options]

    @property
    def _current(self) -> Finding | None:
        """The finding under the cursor."""
        return self._rows.current.value if self._rows.current is not None else None

    def on_rows_moved(self) -> None:
        finding = self._current
        fixable = sum(finding.fix is not None for finding in self._found)
        hints: list[Hint] = []
        if finding is not None and finding.number is not None:
            hints.append(("enter", "go to it", "accept"))
        if finding is not None and finding.fix is not None:
            hints.append(("f", "fix", "fix"))
        if fixable:
            hints.append(("F", f"fix all {fixable}" if fixable > 1 else "fix all", "fix_all"))
        self._hints.show(*hints, CLOSE)
        self.call_after_refresh(self.fit)
        self._about(_about(finding) if finding is not None else Content("Nothing is wrong"))

    def _about(self, said: Content) -> None:
        """Say this, after what was done last, which is said once."""
        done, self._said = Content.styled(self._said, "$text-success"), ""
        self.query_one("#about", Static).update(Content("\n").join(line for line in (done, said) if line.plain))

    def on_rows_chosen(self) -> None:
        self.action_accept()

    def action_accept(self) -> None:
        if self._current is not None and self._current.number is not None and not self._mending:
            self.dismiss(self._current.id)

    def action_fix(self) -> None:
        if self._current is not None and self._current.fix is not None:
            self._mend([self._current])

    def action_fix_all(self) -> None:
        if any(finding.fix is not None for finding in self._found):
            self._mend(self._found)

    @work(exclusive=True, group="mend")
    async def _mend(self, findings: Sequence[Finding]) -> None:
        """Put right what can be, as one change, then look again: other things may come to light."""
        self._mending = True
        try:
            change = (await asyncio.to_thread(doctor.mend, self._library, findings)).change
        except WatchlistError as error:
            self._about(Content.styled(safe(error.message), "$text-error"))
        else:
            self._said = change.label
            self._changed(change)
            self._look(self._rows.cursor)
        finally:
            self._mending = False

    def action_cancel(self) -> None:
        if not self._mending:  # what comes of it is to be seen
            self.dismiss(None)


def _option(finding: Finding, style: Style) -> Option[Finding]:
    signs = glyphs(style)
    glyph = {Severity.DAMAGE: signs.times, Severity.WRONG: signs.wrong, Severity.ODD: "?"}[finding.severity]
    label = finding.title or finding.file.name
    return Option(finding, label, glyph=glyph, detail=finding.message, tone=TONES[finding.severity])


def _about(finding: Finding) -> Content:
    """All there is to say: what is wrong, and where; the line of a damaged file; what would be right."""
    place = f"line {finding.line}, column {finding.column}" if finding.line else f"in {finding.file.parent}"
    lines = [Content.assemble((f"{finding.title or finding.file.name}  ", "bold"), (place, "$foreground-muted"))]
    lines.append(Content(finding.message))
    if finding.text:
        lines += [Content(finding.text), Content.styled(finding.caret, "bold $text-error")]
    return Content("\n").join([*lines, *(Content.styled(line, "$text-accent") for line in doctor.advice(finding))])
