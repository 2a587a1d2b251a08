"""The command palette: every action by name with its key, the views and the themes. Returns the action to run."""

from __future__ import annotations

from collections.abc import Sequence

from watchlist.commands import ACTIONS, Group
from watchlist.keys import NO_CHANGES, Keymap, help_rows, key_label, view_keys
from watchlist.tui.screens.choose import Choose
from watchlist.tui.screens.rows import Option


def palette(views: Sequence[str], themes: Sequence[str], keymap: Keymap = NO_CHANGES) -> Choose[str]:
    """Ask for an action; `views` are the names on the top line, in their order.

    Answers `add`, `view(3)` or `set_theme('nord')`: what `run_action` takes.
    """
    sentences = {row.name: row.help for row in help_rows(keymap)}
    commands = sorted(ACTIONS.values(), key=lambda c: (c.group is Group.MOVE, c.name == "palette"))
    digits = dict(view_keys(keymap))
    options = [
        *(Option(c.name, c.title, key_label(c, keymap), detail=sentences.get(c.name, c.help)) for c in commands),
        *(Option(f"view({n})", f"View: {name}", digits.get(n, "")) for n, name in enumerate(views, 1)),
        *(Option(f"set_theme('{name}')", f"Theme: {name}") for name in themes),
    ]
    return Choose("Commands", options, narrow=True)
