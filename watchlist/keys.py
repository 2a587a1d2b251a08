"""Which key does what, once the config has had its say: what bindings, footer, palette, help and `watchlist keys` show."""

from __future__ import annotations

from collections.abc import Mapping

from watchlist.commands import ACTIONS, VIEW_KEYS, Command, Group, key_text
from watchlist.values import Value

Keymap = Mapping[str, str | tuple[str, ...]]  # command name -> the keys that take the place of its own
NO_CHANGES: Keymap = {}


class KeyRow(Value):
    """One line of the help. `keys` are signs that people know, `?` rather than `question_mark`."""

    group: Group
    name: str  # of the command; empty for the row of the views
    title: str
    help: str
    keys: tuple[str, ...]


def keys_of(command: Command | str, keymap: Keymap = NO_CHANGES) -> tuple[str, ...]:
    """The keys of an action, the one to show first. A key that the config gives to another action is not its own any more."""
    name = command if isinstance(command, str) else command.name
    if name in keymap:
        return _many(keymap[name])
    taken = {sign for other in keymap if other in ACTIONS for sign in map(key_text, _many(keymap[other]))}
    return tuple(key for key in ACTIONS[name].keys if key_text(key) not in taken)


def key_label(command: Command | str, keymap: Keymap = NO_CHANGES) -> str:
    """The first key of an action as people know it; empty where the config left it none."""
    return next(map(key_text, keys_of(command, keymap)), "")


def view_keys(keymap: Keymap = NO_CHANGES) -> tuple[tuple[int, str], ...]:
    """Position and key of the views that have one: 1 to 9, but for digits that the config gives to an action."""
    taken = {key for name in ACTIONS for key in keys_of(name, keymap)}
    return tuple((position, key) for position, key in enumerate(VIEW_KEYS, 1) if key not in taken)


def footer(keymap: Keymap = NO_CHANGES, *, walking: bool = False) -> tuple[tuple[str, str, str], ...]:
    """Key, word and action of what the footer shows, the help first: a narrow footer is cut on its right.

    `walking` from episode to episode, other keys matter.
    """
    words = [(command, command.walk if walking else command.footer) for command in ACTIONS.values()]
    shown = [(command, word) for command, word in words if word and keys_of(command, keymap)]
    shown.sort(key=lambda row: row[0].name != "help")
    return tuple((key_label(command, keymap), word, command.name) for command, word in shown)


def help_rows(keymap: Keymap = NO_CHANGES) -> tuple[KeyRow, ...]:
    """A row for every action that a key does, in the order of COMMANDS, and one for the views."""
    rows = [
        KeyRow(
            c.group,
            c.name,
            c.title,
            c.help.partition("; on the command line")[0],
            tuple(map(key_text, keys_of(c, keymap))),
        )
        for c in ACTIONS.values()
        if keys_of(c, keymap)
    ]
    views = [key for _, key in view_keys(keymap)]
    if views:
        keys = (f"{views[0]}-{views[-1]}",) if len(views) == len(VIEW_KEYS) else tuple(views)
        row = KeyRow(Group.LOOK, "", "Views", "the view at that place on the top line", keys)
        rows.insert(next((i for i, r in enumerate(rows) if r.name == "next_view"), len(rows)), row)
    order = list(Group)
    return tuple(sorted(rows, key=lambda row: order.index(row.group)))


def _many(keys: str | tuple[str, ...]) -> tuple[str, ...]:
    return tuple("comma" if key == "," else key for key in ((keys,) if isinstance(keys, str) else keys))
