"""The command palette: a dialog that lists all actions with their keys, all views and all themes."""

from __future__ import annotations

from collections.abc import Sequence

from watchlist.command_table import ACTIONS, Group
from watchlist.keymap import NO_CHANGES, Keymap, help_rows, key_label, view_keys
from watchlist.tui.dialogs.choose import ChooseDialog
from watchlist.tui.widgets.option_rows import Option


def palette(views: Sequence[str], themes: Sequence[str], keymap: Keymap = NO_CHANGES) -> ChooseDialog[str]:
    """Return the dialog that asks for an action. Its answer is the action as text: `add`, `view(3)`, `set_theme('nord')`.

    `views` are the names of the views in their order in the top line, `themes` those of the themes. `keymap` holds the
    keys that the config changes.
    """
    sentences = {row.name: row.help for row in help_rows(keymap)}
    commands = sorted(ACTIONS.values(), key=lambda c: (c.group is Group.MOVE, c.name == "palette"))
    digits = dict(view_keys(keymap))
    options = [
        *(Option(c.name, c.title, key_label(c, keymap), detail=sentences.get(c.name, c.help)) for c in commands),
        *(Option(f"view({n})", f"View: {name}", digits.get(n, "")) for n, name in enumerate(views, 1)),
        *(Option(f"set_theme('{name}')", f"Theme: {name}") for name in themes),
    ]
    return ChooseDialog("Commands", options, narrow=True)
