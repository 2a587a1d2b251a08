"""What opens over the main screen, to be imported when the first of it is opened: the list comes first."""

from __future__ import annotations

from watchlist.tui.screens.choose import choose_group, choose_order, choose_status, choose_theme
from watchlist.tui.screens.columns import Columns
from watchlist.tui.screens.doctor import Doctor
from watchlist.tui.screens.form import ShowForm
from watchlist.tui.screens.help import Help
from watchlist.tui.screens.palette import palette
from watchlist.tui.screens.prompt import Prompt, TextPrompt
from watchlist.tui.screens.rate import RatePrompt

__all__ = [
    "Columns",
    "Doctor",
    "Help",
    "Prompt",
    "RatePrompt",
    "ShowForm",
    "TextPrompt",
    "choose_group",
    "choose_order",
    "choose_status",
    "choose_theme",
    "palette",
]
