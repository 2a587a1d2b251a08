"""What the pictures show: a name, a size in cells, a theme, and the keys that lead there from the first screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

TODAY = date(2026, 11, 22)  # the pictures' clock stands still


@dataclass(frozen=True)
class Scene:
    """`keys` are Textual key names; `text:...` types a text, `wait` lets a thread finish."""

    name: str
    keys: tuple[str, ...] = ()
    size: tuple[int, int] = (120, 36)
    theme: str = "ballard"


SCENES = (
    Scene("main-dark"),
    Scene("main-light", theme="ballard-light"),
    Scene("rating", ("r", "3", ".", "5"), (100, 30)),
    Scene("add-form", ("a", "tab", "text:The Third Man (1949)", "tab", "right", "right"), (100, 34)),
    Scene("filter-and-marks", ("slash", "text:crime rating:4.. ", "enter", "j", "space", "j", "space"), (120, 30)),
    Scene("narrow", ("j", "j"), (44, 20)),
    Scene("export", ("x",), (100, 34)),
    Scene("statistics", ("S",), (120, 40)),
    Scene("year-in-review", ("S", "wait", "right_square_bracket"), (120, 40), "ballard-light"),
    Scene("tonight", ("p",), (100, 30)),
    Scene("walking", ("slash", "text:slow", "enter", "l", "wait", "k", "wait"), (120, 36)),
    Scene("episodes", ("slash", "text:slow", "enter", "W", "wait", "k"), (100, 30)),
    Scene("columns", ("c", "j", "j"), (120, 30)),
    Scene("groups", ("z", "down", "enter"), (120, 30)),
    Scene("help", ("question_mark",), (120, 40)),
)

# The command line, as typed; each line is run for real on the same list.
COMMANDS = (
    "watchlist list status:watching sort:rating- --columns title,year,rating,progress",
    "watchlist rate 'dark winds' 9/10",
    "watchlist show zodiac",
    "watchlist undo",
)
COLUMNS = 92

# The animated picture: keys as a terminal sends them, and the seconds for which their result is shown.
SESSION = (
    ("", 1.6),
    *((key, 0.25) for key in ("/", *"rating:4..")),
    ("", 1.4),
    ("\r", 0.8),
    ("j", 0.5), ("j", 0.5), ("j", 1.0),
    ("\x1b", 0.8),
    ("a", 1.0),
    *((key, 0.08) for key in "The Third Man (1949)"),
    ("\r", 2.0),
    ("r", 0.9), ("4", 0.3), (".", 0.3), ("5", 0.6), ("\r", 2.0),
    ("u", 1.8),
    ("/", 0.4), *((key, 0.15) for key in "slow"), ("\r", 0.8),
    ("w", 2.4),
)  # fmt: skip
