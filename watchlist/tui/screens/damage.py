"""What is said while the file can't be read as a whole, be trusted or be changed: why, where, and which key mends it."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from watchlist.glyphs import glyphs
from watchlist.keys import key_label
from watchlist.model import Damage
from watchlist.ratings import Style
from watchlist.safe import safe
from watchlist.tui.widgets.looks import is_ascii

SHORT = 18  # lines of a screen that has no room for more than what is wrong and which key helps


class DamageBanner(Widget):
    """Stands above the list while it is read-only; takes no room while nothing is wrong. A click does what its key does."""

    DEFAULT_CSS = """
    DamageBanner { width: 100%; height: auto; padding: 0 1; background: $panel; color: $foreground; display: none; }
    DamageBanner.-shown { display: block; }
    DamageBanner:ansi { background: ansi_default; }
    """

    class Pressed(Message):
        """The user wants to mend the file: to do `action`."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, key: str = "", backups: str = "") -> None:
        """`key` opens the editor and `backups` the copies; else those in COMMANDS."""
        super().__init__()
        self._key = key or key_label("edit_toml")
        self._backups = backups or key_label("backups")
        self._damage: Damage | None = None
        self._doubt = self._more = self._barred = ""

    def show_damage(self, damage: Damage | None, doubt: str = "", more: str = "", *, barred: str = "") -> None:
        """Say this damage, or why what is in the file is not taken for the list, or why it can't be changed, or nothing.

        `doubt` and `barred` are as they go on after "The file". `more` is a sentence to end with, about the newest good
        backup.
        """
        if (damage, doubt, more, barred) == (self._damage, self._doubt, self._more, self._barred):
            return
        self._damage, self._doubt, self._more, self._barred = damage, doubt, more, barred
        self.set_class(bool(damage or doubt or barred), "-shown")
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def on_click(self, event: Click) -> None:
        if self._doubt or self._damage is not None:
            self.post_message(self.Pressed("backups" if self._doubt else "edit_toml"))

    def _lines(self, width: int) -> list[Content]:
        if width < 1:
            return []
        more = self._more
        keys = [(self._backups, " shows backups")] if more or self._doubt else []
        if self._doubt:
            first, end = (
                self._said(f"The file {safe(self._doubt)}", width),
                "Changes wait until you say what the list is.",
            )
            if self.app.size.height < SHORT:
                first, end, more = first[:2], "Changes wait.", ""
        elif self._damage is not None:
            first = self._place(self._damage, width)
            end = "Read-only until it is mended."
            keys = [(self._key, " opens the editor"), *keys]
        elif self._barred:
            first, end = self._said(f"The file {self._barred}", width), "It can be looked at, and not changed."
        else:
            return []
        hints = Content(",  ").join(Content.assemble((key, "bold $text-accent"), word) for key, word in keys)
        rest = Content.assemble(end, "  ", hints)
        last = [rest] if rest.cell_length <= width else [*Content(end).wrap(width), *hints.wrap(width)]
        return [*first, *(Content(safe(more)).wrap(width) if more else []), *last]

    def _said(self, text: str, width: int) -> list[Content]:
        sign = glyphs(Style(ascii=is_ascii(self))).wrong
        return list(Content.styled(f"{sign} {text}", "bold $text-error").wrap(width))

    def _place(self, damage: Damage, width: int) -> list[Content]:
        """What is wrong, and below it the line of the file with a caret under the place."""
        said = self._said(f"Line {damage.line}, column {damage.column}: {safe(damage.message)}", width)
        text, caret = _around(safe(damage.text), damage.column - 1, width - 2)
        if text.strip():
            said += [Content("  " + text), Content.styled("  " + caret, "bold $text-error")]
        return said


def _around(text: str, place: int, width: int) -> tuple[str, str]:
    """The part of a line around one of its places that fits, and a line below it with a caret under the place."""
    start = max(0, min(place - width // 2, len(text) - width))
    shown = text[start : start + max(1, width)]
    while cell_len(shown) > max(1, width):
        shown = shown[:-1]
    before = cell_len(shown[: place - start])
    return shown, " " * min(before, max(0, width - 1)) + "^"
