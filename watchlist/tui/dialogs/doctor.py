"""The doctor dialog: lists the problems found in the list, shows details of the selected problem, and applies fixes."""

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
from watchlist.domain.glyphs import glyphs
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.text import counted
from watchlist.errors import WatchlistError
from watchlist.sanitize import safe
from watchlist.store.library import Change, Library
from watchlist.tui.dialogs.dialog import Dialog, Hint, Hints
from watchlist.tui.widgets.line_widget import LineStatic
from watchlist.tui.widgets.option_rows import Option, OptionRows

TITLE = 18  # cells of a title at most, because the message beside the title matters more
TONES = {Severity.DAMAGE: "$text-error", Severity.WRONG: "$text-warning", Severity.ODD: "$foreground-muted"}
CLOSE: Hint = ("esc", "close", "cancel")


class Findings(OptionRows[Finding]):
    """A list of findings, i.e. problems found in the list of shows, one per line."""

    def fill(self, found: Sequence[Finding], style: DisplayStyle, cursor: int) -> None:
        """Show these findings. The cursor goes to the index `cursor` (from 0), or to the last finding if there are fewer."""
        options = [_option(finding, style) for finding in found]
        self._measure(options)
        self._widest = self._labels
        self.show(options, cursor)

    def _line(self, option: Option[Finding], here: bool, width: int) -> LineStatic:
        self._labels = min(self._widest, TITLE, max(1, width // 4))  # rows of one show differ after the title
        return super()._line(option, here, width)


class DoctorDialog(Dialog[str]):
    """The dialog that lists problems of the list. Its answer is the id of a show to go to, or None.

    `changed` is called in the event loop with each change that a fix has made. `cursor` is the index (from 0) of the
    finding under the cursor at first.
    """

    BINDINGS = [
        Binding("f", "fix", show=False),
        Binding("F", "fix_all", show=False),
        Binding("q,D", "cancel", show=False),
    ]
    DEFAULT_CSS = """
    DoctorDialog > #box { width: 100%; max-width: 112; }
    DoctorDialog #about { width: 100%; height: 5; margin-top: 1; }
    DoctorDialog.-short #about { margin-top: 0; }
    DoctorDialog.-well > #box { width: auto; }
    DoctorDialog.-well #about { width: auto; height: auto; margin-top: 0; }
    """

    def __init__(
        self,
        library: Library,
        today: date,
        changed: Callable[[Change], object],
        style: DisplayStyle = STARS,
        *,
        cursor: int = 0,
    ) -> None:
        super().__init__("Doctor")
        self._start = cursor
        self._library, self._today, self._style, self._changed = library, today, style, changed
        self._mending = False
        self._said = ""  # the label of the last change, until it is shown

    def body(self) -> Iterable[Widget]:
        self._rows = Findings([], id="scrolls")
        yield self._rows
        yield Static(Content(f"Looking through {counted(len(self._library.list.shows), 'show')}"), id="about")
        self._hints = Hints(CLOSE)
        yield self._hints

    def on_mount(self) -> None:
        self._rows.add_class("hidden")
        self.add_class("-well")  # until a problem is found

    def opened(self) -> None:
        self._look(self._start)

    @work(exclusive=True)
    async def _look(self, cursor: int = 0) -> None:
        """Examine the list in a thread, and show the findings with the cursor on the index `cursor` (from 0)."""
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
    def cursor(self) -> int:
        """The index of the finding under the cursor, counted from 0."""
        return self._rows.cursor

    @property
    def _found(self) -> list[Finding]:
        return [option.value for option in self._rows.options]

    @property
    def _current(self) -> Finding | None:
        """The finding under the cursor; None if there are no findings."""
        return self._rows.current.value if self._rows.current is not None else None

    def on_option_rows_moved(self) -> None:
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
        self._about(_about(finding) if finding is not None else Content("No problems found"))

    def _about(self, said: Content) -> None:
        """Show `said` below the findings. After a fix, show the label of the change above it, once."""
        done, self._said = Content.styled(self._said, "$text-success"), ""
        self.query_one("#about", Static).update(Content("\n").join(line for line in (done, said) if line.plain))

    def on_option_rows_chosen(self) -> None:
        self.action_accept()

    def action_accept(self) -> None:
        if self._current is not None and self._current.number is not None and not self._mending:
            self.dismiss(self._current.id)

    def action_fix(self) -> None:
        if self._current is not None:
            self._begin([self._current])

    def action_fix_all(self) -> None:
        self._begin(self._found)

    def _begin(self, findings: Sequence[Finding]) -> None:
        """Start to apply the fixes of these findings, unless another fix is running or none of them has a fix."""
        if not self._mending and any(finding.fix is not None for finding in findings):
            self._mending = True
            self._mend(findings)

    @work(group="mend")
    async def _mend(self, findings: Sequence[Finding]) -> None:
        """Apply the fixes of these findings as one change, then examine the list again: new problems may appear."""
        try:
            change = (await asyncio.to_thread(doctor.apply_fixes, self._library, findings)).change
        except WatchlistError as error:
            self._about(Content.styled(safe(error.message), "$text-error"))
        else:
            self._said = change.label
            self._changed(change)
            self._look(self._rows.cursor)
        finally:
            self._mending = False

    def action_cancel(self) -> None:
        if not self._mending:  # stay open until the result of a running fix is shown
            self.dismiss(None)


def _option(finding: Finding, style: DisplayStyle) -> Option[Finding]:
    signs = glyphs(style)
    glyph = {Severity.DAMAGE: signs.times, Severity.WRONG: signs.wrong, Severity.ODD: "?"}[finding.severity]
    label = finding.title or finding.file.name
    return Option(finding, label, glyph=glyph, detail=finding.message, tone=TONES[finding.severity])


def _about(finding: Finding) -> Content:
    """Return the details of a finding: place, problem, the damaged line of the file, and how to fix it."""
    place = f"line {finding.line}, column {finding.column}" if finding.line else f"in {finding.file.parent}"
    lines = [Content.assemble((f"{finding.title or finding.file.name}  ", "bold"), (place, "$foreground-muted"))]
    lines.append(Content(finding.message))
    if finding.text:
        lines += [Content(safe(finding.text, marks=True)), Content.styled(finding.caret, "bold $text-error")]
    return Content("\n").join([*lines, *(Content.styled(line, "$text-accent") for line in doctor.advice(finding))])
