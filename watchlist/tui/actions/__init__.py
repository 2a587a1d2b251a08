"""What can be asked of the main screen beside moving in it: a function each, imported when its key is first pressed.

The first frame waits for none of them. Those that wait for an answer are coroutines, and run beside the keys.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from watchlist.tui.screens.main import MainScreen

# The names of commands, by the module that has the function of that name.
MODULES = {
    "changing": (
        *("add", "edit", "edit_toml", "rate", "status", "watch", "watched_up_to", "take_back", "tag", "note", "remove"),
        *("undo", "redo"),
    ),
    "marking": ("episodes",),
    "looking": ("order", "theme", "set_theme", "palette", "doctor", "help", "copy", "open_url", "suspend", "quit"),
    "arranging": ("columns", "group"),
    "picking": ("pick",),
    "counting": ("stats",),
    "exporting": ("export",),
    "restoring": ("backups",),
}


def action(module: str, name: str) -> Callable[..., None]:
    """The method of the main screen that does this."""

    def act(screen: MainScreen, *words: Any) -> None:
        asked = getattr(import_module(f"{__name__}.{module}"), name)(screen, *words)
        if inspect.iscoroutine(asked):
            screen.run_worker(asked, name)

    return act
