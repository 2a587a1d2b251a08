"""The table of actions as Textual has them: bindings, the map of remapped keys, and the actions that the palette runs."""

from __future__ import annotations

from textual.binding import Binding

from watchlist.commands import ACTIONS
from watchlist.keys import NO_CHANGES, Keymap, keys_of, view_keys


def bindings(keymap: Keymap = NO_CHANGES) -> list[Binding]:
    """A binding for each action, `action_NAME` with the command's name as id, and `action_view(N)` for the views' digits."""
    actions = [
        Binding(",".join(keys), name, command.title, show=bool(command.footer), id=name)
        for name, command in ACTIONS.items()
        if (keys := keys_of(command, keymap))
    ]
    views = [Binding(key, f"view({n})", f"View {n}", show=False, id=f"view_{n}") for n, key in view_keys(keymap)]
    return [*actions, *views]


def keymap_of(keymap: Keymap) -> dict[str, str]:
    """The config's keys as `App.set_keymap` takes them: only what differs from COMMANDS."""
    remapped = {name: keys_of(name, keymap) for name in ACTIONS}
    return {name: ",".join(keys) for name, keys in remapped.items() if keys != ACTIONS[name].keys}
