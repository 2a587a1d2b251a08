"""What is said while the file can't be read as a whole: what is wrong, where, and which key mends it."""

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


class DamageBanner(Widget):
    """Stands above the list while it is read-only; takes no room while there is no damage. A click asks for the editor."""

    DEFAULT_CSS = """
    DamageBanner { width: 100%; height: auto; padding: 0 1; background: $panel; color: $foreground; display: none; }
    DamageBanner.-shown { display: block; }
    DamageBanner:ansi { background: ansi_default; }
    """

    class Pressed(Message):
        """The user wants to mend the file."""

    def __init__(self, key: str = "") -> None:
        """`key` opens the editor; else the one in COMMANDS."""
        super().__init__()
        self._key = key or key_label("edit_toml")
        self._damage: Damage | None = None
        self._more = ""

    def show_damage(self, damage: Damage | None, more: str = "") -> None:
        """Say this damage, or nothing. `more` is a sentence to end with, as of the newest good backup."""
        if (damage, more) == (self._damage, self._more):
            return
        self._damage, self._more = damage, more
        self.set_class(damage is not None, "-shown")
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return len(self._lines(width))

    def render(self) -> Content:
        return Content("\n").join(self._lines(self.size.width))

    def on_click(self, event: Click) -> None:
        self.post_message(self.Pressed())

    def _lines(self, width: int) -> list[Content]:
        if self._damage is None or width < 1:
            return []
        damage = self._damage
        sign = glyphs(Style(ascii=is_ascii(self))).wrong
        said = f"{sign} Line {damage.line}, column {damage.column}: {safe(damage.message)}"
        text, caret = _around(safe(damage.text), damage.column - 1, width - 2)
        key = Content.assemble("Read-only until it is mended.  ", (self._key, "bold $text-accent"), " opens the editor")
        end = Content.assemble(key, "  ", safe(self._more)) if self._more else key
        return [
            *Content.styled(said, "bold $text-error").wrap(width),
            *([Content("  " + text), Content.styled("  " + caret, "bold $text-error")] if text.strip() else []),
            *end.wrap(width),
        ]


def _around(text: str, place: int, width: int) -> tuple[str, str]:
    """The part of a line around one of its places that fits, and a line below it with a caret under the place."""
    start = max(0, min(place - width // 2, len(text) - width))
    shown = text[start : start + max(1, width)]
    while cell_len(shown) > max(1, width):
        shown = shown[:-1]
    before = cell_len(shown[: place - start])
    return shown, " " * min(before, max(0, width - 1)) + "^"
