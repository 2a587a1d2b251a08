"""Textual bindings and keymap, made from the table of actions."""

from __future__ import annotations

from textual.binding import Binding

from watchlist.command_table import ACTIONS
from watchlist.keymap import NO_CHANGES, Keymap, keys_of, view_keys

NO_KEY = "no-key"  # a key name that no terminal sends


def bindings(keymap: Keymap = NO_CHANGES) -> list[Binding]:
    """Return a binding for each action that has keys and for each view with a key. `keymap` holds the configured keys."""
    actions = [
        Binding(",".join(keys), name, command.title, show=bool(command.footer), id=name)
        for name, command in ACTIONS.items()
        if (keys := keys_of(command, keymap))
    ]
    views = [Binding(key, f"view({n})", f"View {n}", show=False, id=f"view_{n}") for n, key in view_keys(keymap)]
    return [*actions, *views]


def keymap_of(keymap: Keymap) -> dict[str, str]:
    """Return, for `App.set_keymap`, the comma-separated keys of each action whose keys the config changes, by its name."""
    remapped = {name: keys_of(name, keymap) for name in ACTIONS}
    # Textual keeps the default keys of an action if the new keys are empty, hence NO_KEY.
    return {name: ",".join(keys) or NO_KEY for name, keys in remapped.items() if keys != ACTIONS[name].keys}
