"""An app with nothing but a ground to open one dialog on, as the real one opens it."""

from __future__ import annotations

from typing import Any

from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widgets import Static

from watchlist.tui.compat.output_filter import ControlFilter
from watchlist.tui.themes import NO_COLOR, OWN

# As it is shown: controls as glyphs, markup as it stands.
HOSTILE = {
    "[REC] x [/oops]": "[REC] x [/oops]",
    "[@click=app.quit]x[/] $accent :smile:": "[@click=app.quit]x[/] $acc",
    "\x1b[31mred\x1b]52;c;aGk=\x07": "␛[31mred␛]52",
    "two\nlines\ttab \u202egnp.exe": "two",
    "千と千尋の神隠し" * 6: "千と千尋",
    "A" * 300: "A" * 20,
}
NOTHING = object()


class Host(App[None]):
    """Opens dialogs; `answer` is what the last one was closed with, NOTHING while it is open."""

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *, ascii: bool = False, no_color: bool = False) -> None:
        super().__init__(ansi_color=True if no_color else None)
        for theme in OWN:
            self.register_theme(theme)
        self.theme = NO_COLOR if no_color else OWN[0].name
        self.set_class(ascii, "-ascii")
        self.answer: Any = NOTHING

    def get_line_filters(self) -> list[LineFilter]:
        return [*super().get_line_filters(), ControlFilter()]

    def compose(self) -> ComposeResult:
        yield Static("the list")

    async def ask(self, pilot: Pilot[None], dialog: ModalScreen[Any], *keys: str) -> Any:
        """Open a dialog, press keys, and give the answer."""
        self.answer = NOTHING

        def answered(answer: Any) -> None:
            self.answer = answer

        await self.push_screen(dialog, answered)
        await pilot.pause()
        if keys:
            await pilot.press(*keys)
            await pilot.pause()
        return self.answer
