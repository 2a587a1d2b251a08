"""FileBanner: says why the list file is damaged, not accepted or read-only, and which key helps."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.events import Click
from textual.geometry import Size
from textual.message import Message
from textual.widget import Widget

from watchlist.domain.glyphs import glyphs
from watchlist.domain.ratings import DisplayStyle
from watchlist.domain.watchlist import Damage
from watchlist.keymap import key_label
from watchlist.sanitize import safe
from watchlist.tui.widgets.line_widget import is_ascii

SHORT = 18  # lines; on a lower screen, a banner about a text in doubt is shortened


class FileBanner(Widget):
    """The banner above the list, visible only if the file has a problem. A click acts like the first key in its text."""

    DEFAULT_CSS = """
    FileBanner { width: 100%; height: auto; padding: 0 1; background: $panel; color: $foreground; display: none; }
    FileBanner.-shown { display: block; }
    FileBanner:ansi { background: ansi_default; }
    """

    class Pressed(Message):
        """Posted when the banner is clicked. `action` is the name of the action to run."""

        def __init__(self, action: str) -> None:
            super().__init__()
            self.action = action

    def __init__(self, key: str = "", backups: str = "") -> None:
        """Create the banner. `key` and `backups` are the keys that open editor and backups; empty for the default keys."""
        super().__init__()
        self._key = key or key_label("edit_toml")
        self._backups = backups or key_label("backups")
        self._damage: Damage | None = None
        self._doubt = self._more = self._barred = ""

    def show_damage(self, damage: Damage | None, doubt: str = "", more: str = "", *, barred: str = "") -> None:
        """Show the first of `doubt`, `damage` and `barred` that is set; if none is set, hide the banner.

        Args:
            damage: The position and kind of an error in the file; None without an error.
            doubt: Why the text is not accepted as the list, as a phrase that follows "The file".
            more: A sentence about the newest good backup; may be empty.
            barred: Why the file can't be changed, as a phrase that follows "The file".
        """
        if (damage, doubt, more, barred) == (self._damage, self._doubt, self._more, self._barred):
            return
        self._damage, self._doubt, self._more, self._barred = damage, doubt, more, barred
        self.set_class(bool(damage or doubt or barred), "-shown")
        self.refresh(layout=True)

    def on_mount(self) -> None:
        # Textual keeps the height of a widget that changes while it is being mounted, so a new last line would be cut.
        self.call_after_refresh(self.refresh, layout=True)

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
            end = "Read-only until it is fixed."
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
        sign = glyphs(DisplayStyle(ascii=is_ascii(self))).wrong
        return list(Content.styled(f"{sign} {text}", "bold $text-error").wrap(width))

    def _place(self, damage: Damage, width: int) -> list[Content]:
        """Return the lines that show damage: its message, the damaged line of the file, and a caret below the column."""
        said = self._said(f"Line {damage.line}, column {damage.column}: {safe(damage.message)}", width)
        text, caret = _around(safe(damage.text, marks=True), damage.column - 1, width - 2)
        if text.strip():
            said += [Content("  " + text), Content.styled("  " + caret, "bold $text-error")]
        return said


def _around(text: str, place: int, width: int) -> tuple[str, str]:
    """Return the part of `text` around index `place` that fits in `width` cells, and a line with a caret below `place`."""
    start = max(0, min(place - width // 2, len(text) - width))
    shown = text[start : start + max(1, width)]
    while cell_len(shown) > max(1, width):
        shown = shown[:-1]
    before = cell_len(shown[: place - start])
    return shown, " " * min(before, max(0, width - 1)) + "^"
