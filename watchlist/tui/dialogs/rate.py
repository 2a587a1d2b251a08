"""The rating dialog: five big stars, set with the arrow keys, digits or the mouse."""

from __future__ import annotations

import math
from collections.abc import Iterable

from textual.binding import Binding
from textual.content import Content
from textual.events import Key, MouseDown, MouseEvent, MouseMove, MouseUp, Paste
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from watchlist.domain.frozen import Frozen
from watchlist.domain.ratings import STARS, DisplayStyle, format_rating, parse_rating
from watchlist.tui.dialogs.dialog import CANCEL, Dialog, Hints

FULL = ("⠀⠀⠀⣤⠀⠀⠀", "⢤⣤⣴⣿⣦⣤⡤", "⠀⢉⣿⣿⣿⡉⠀", "⠀⠜⠋⠀⠙⠣⠀")
EMPTY = ("⠀⠀⠀⣤⠀⠀⠀", "⢤⠤⠔⠉⠢⠤⡤", "⠀⢉⠆⣀⠰⡉⠀", "⠀⠜⠊⠀⠑⠣⠀")
WIDTH, HEIGHT = 7, 4  # cells and lines of a star
LEFT, RIGHT = 0x47, 0xB8  # bits of the dots in the left and in the right half of a braille character
TYPED = frozenset("0123456789.,/★☆½*+-")  # characters that a typed rating may contain


class Rated(Frozen):
    """The answer of the rating dialog: a rating in stars, or None to clear the rating."""

    stars: float | None


class BigStars(Widget):
    """Five big stars, filled up to the rating in steps of half a cell. The mouse can set the rating."""

    DEFAULT_CSS = "BigStars { height: 4; width: 100%; }"
    rating: reactive[float | None] = reactive(None)

    class Pointed(Message):
        """Posted when a rating is clicked, or pointed at with a mouse button held. `stars` is a multiple of 0.5."""

        def __init__(self, stars: float) -> None:
            super().__init__()
            self.stars = stars

    def __init__(self, style: DisplayStyle) -> None:
        super().__init__()
        self._ascii = style.ascii
        self._held = False

    @property
    def pitch(self) -> int:
        """The distance in cells between the left edges of two neighboring stars."""
        return max(WIDTH, min(WIDTH + 2, self.size.width // 5))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        return HEIGHT

    def render(self) -> Content:
        shares = [min(1.0, max(0.0, (self.rating or 0) - star)) for star in range(5)]
        gap = " " * (self.pitch - WIDTH)
        margin = " " * self._margin
        draw = _ascii_star if self._ascii else _star
        rows = [Content(gap).join(draw(share, row) for share in shares) for row in range(HEIGHT)]
        return Content("\n").join(Content(margin) + row for row in rows)

    @property
    def _margin(self) -> int:
        return max(0, (self.size.width - self.pitch * 5 + self.pitch - WIDTH) // 2)

    def on_mouse_down(self, event: MouseDown) -> None:
        self._held = True
        self.capture_mouse()
        self._point(event)

    def on_mouse_move(self, event: MouseMove) -> None:
        if self._held:
            self._point(event)

    def on_mouse_up(self, event: MouseUp) -> None:
        self._held = False
        self.release_mouse()

    def _point(self, event: MouseEvent) -> None:
        star, cell = divmod(event.x - self._margin, self.pitch)
        stars = star + (0.5 if cell < WIDTH // 2 else 1)
        self.post_message(self.Pointed(max(0.5, min(5.0, stars))))


def _star(share: float, row: int) -> Content:
    """Return line `row` (from 0) of a star. The left part, a fraction `share` of its width, is gold; the rest is outline."""
    dots = round(share * WIDTH * 2)
    full, half = divmod(dots, 2)
    cells = FULL[row][:full]
    if half:
        cells += chr(0x2800 | (ord(FULL[row][full]) & LEFT) | (ord(EMPTY[row][full]) & RIGHT))
    return Content.assemble((cells, "$accent"), (EMPTY[row][full + half :], "$foreground-muted"))


def _ascii_star(share: float, row: int) -> Content:
    art = ("   .   ", "'-.|.-'" if not share else "'*****'", "  |_|  " if not share else "  ***  ", " '   ' ")[row]
    return Content.styled(art, "$accent" if share else "$foreground-muted")


class RatePrompt(Dialog[Rated]):
    """The dialog that asks for a rating. Its answer is None if the user has cancelled or changed nothing."""

    BINDINGS = [
        Binding("left,h", "step(-1)", show=False),
        Binding("right,l", "step(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(5)", show=False),
        Binding("backspace", "rub_out", show=False),
        Binding("enter", "accept", show=False),
    ]
    DEFAULT_CSS = """
    RatePrompt > #box { width: 49; }
    RatePrompt #number { width: 100%; text-align: center; height: 1; margin-top: 1; }
    RatePrompt.-short #number { margin-top: 0; }
    RatePrompt .error { width: 100%; text-align: center; min-height: 1; }
    """

    def __init__(self, title: str, rating: float | None, style: DisplayStyle = STARS) -> None:
        super().__init__(f"Rate {title}")
        self._style = style
        self._was = self._rating = rating
        self._typed = ""
        self._touched = False
        self._error = ""

    def body(self) -> Iterable[Widget]:
        yield BigStars(self._style)
        yield Static(id="number")
        yield Static(classes="error")
        yield Hints(("←→", "step", "step(1)"), ("0", "clear", "edge(0)"), ("enter", "rate", "accept"), CANCEL)

    def on_mount(self) -> None:
        self._show()

    def on_key(self, event: Key) -> None:
        if event.character is not None and event.character in TYPED:
            event.stop()
            self._type(self._typed + event.character)

    def on_paste(self, event: Paste) -> None:
        self._type(self._typed + "".join(c for c in event.text if c in TYPED))

    def action_rub_out(self) -> None:
        self._type(self._typed[:-1])

    def action_step(self, by: int) -> None:
        """Change the rating to the next half star above (`by` 1) or below (`by` -1), e.g. from 4.35 to 4.5 or to 4."""
        halves = (self._rating or 0) * 2
        nearest = math.floor(halves) if by > 0 else math.ceil(halves)
        self._choose((nearest + by) / 2)

    def action_edge(self, stars: int) -> None:
        self._choose(stars)

    def on_big_stars_pointed(self, message: BigStars.Pointed) -> None:
        self._choose(message.stars)

    def action_accept(self) -> None:
        self._error = _parsed(self._typed, self._style)[1]
        if self._error:
            self._show()
        else:
            self.dismiss(Rated(self._rating) if self._touched else None)

    def _choose(self, stars: float) -> None:
        self._typed, self._error, self._touched = "", "", True
        self._rating = min(5.0, stars) if stars > 0 else None
        self._show()

    def _type(self, text: str) -> None:
        self._typed = text[:12]
        self._touched = True
        rating, wrong = _parsed(self._typed, self._style)
        self._error = "" if not wrong or _unfinished(self._typed, self._style) else wrong
        if not wrong:
            self._rating = rating
        self._show()

    def _show(self) -> None:
        self.query_one(BigStars).rating = self._rating
        self.query_one("#number", Static).update(self._number())
        self.query_one(".error", Static).update(Content(self._error))

    def _number(self) -> Content:
        top = f" of {self._style.top}"
        if self._typed:
            number = Content.assemble((self._typed, "bold $text-accent"), ("▏", "$accent"))
        else:
            number = Content.styled(format_rating(self._rating, self._style), "bold $text-accent")
        if self._rating is None and (not self._typed or set(self._typed) <= set("0.,-")):
            number = Content.assemble(number, " " * bool(self._typed), ("not rated", "$foreground-muted"))
        elif "/" not in self._typed and not self._error:
            number = Content.assemble(number, (top, "$foreground-muted"))
        if self._touched and self._was is not None and self._was != self._rating:
            number = Content.assemble(number, (f"   was {format_rating(self._was, self._style)}", "$foreground-muted"))
        return number


def _parsed(text: str, style: DisplayStyle) -> tuple[float | None, str]:
    """Return (rating in stars, "") or, for an invalid text, (None, error message). No rating, e.g. `0`, gives (None, "")."""
    try:
        return parse_rating(text, style), ""
    except ValueError as error:
        return None, str(error)


def _unfinished(text: str, style: DisplayStyle) -> bool:
    """Return True if a text can become a valid rating with one or two more characters, e.g. `9/`."""
    if not text.endswith(("/", "/1", "/10", ".", ",")):
        return False
    return any(not _parsed(text + more, style)[1] for more in ("5", "10", "0", "00"))
