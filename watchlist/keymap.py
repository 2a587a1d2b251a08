"""The keys of all actions, including those configured by the user, for bindings, footer, palette and help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from watchlist.command_table import ACTIONS, VIEW_KEYS, Command, Group, key_text
from watchlist.domain.frozen import Frozen
from watchlist.errors import did_you_mean
from watchlist.sanitize import safe

Keymap = Mapping[str, str | tuple[str, ...]]  # command name -> keys that replace the default keys
NO_CHANGES: Keymap = {}
LEAVE = "ctrl+q"  # always quits; the config can't change this key
MAX_KEYS = 20  # maximum number of keys per command
_MAX_KEY_CHARACTERS = 40  # no key has a longer name
_MODIFIERS = {"ctrl", "shift", "alt", "meta", "super", "hyper"}
_KEY_NAMES = {
    *(
        "up",
        "down",
        "left",
        "right",
        "home",
        "end",
        "pageup",
        "pagedown",
        "insert",
        "delete",
        "backspace",
        "tab",
        "enter",
    ),
    *("escape", "space", "slash", "backslash", "at", "minus", "plus", "underscore"),
    *(f"f{number}" for number in range(1, 25)),
}
# With ctrl, terminals send the same bytes for these keys as for another key.
_SAME_AS = {"i": "tab", "m": "enter", "h": "backspace", "[": "escape", "left_square_bracket": "escape"}


class KeyRow(Frozen):
    """A row of the help about keys: one action, or the keys 1-9 of the views. `keys` are written as by users, e.g. `?`."""

    group: Group
    name: str  # name of the command; empty for the row of the views
    title: str
    help: str
    keys: tuple[str, ...]


def keys_of(command: Command | str, keymap: Keymap = NO_CHANGES) -> tuple[str, ...]:
    """Return the keys of an action as Textual names. The first key is the one to show.

    `keymap` has the configured keys by action name. Default keys that the config gives to another action are omitted.
    """
    name = command if isinstance(command, str) else command.name
    if name in keymap:
        return _many(keymap[name])
    taken = {sign for other in keymap if other in ACTIONS for sign in map(key_text, _many(keymap[other]))}
    return tuple(key for key in ACTIONS[name].keys if key_text(key) not in taken)


def key_label(command: Command | str, keymap: Keymap = NO_CHANGES) -> str:
    """Return the first key of an action as users write it: `?`, not `question_mark`. Empty if the action has no key."""
    return next(map(key_text, keys_of(command, keymap)), "")


def view_keys(keymap: Keymap = NO_CHANGES) -> tuple[tuple[int, str], ...]:
    """Return (position of a view from 1, key) pairs for the keys 1-9. Keys that the config gives to actions are left out."""
    taken = {key for name in ACTIONS for key in keys_of(name, keymap)}
    return tuple((position, key) for position, key in enumerate(VIEW_KEYS, 1) if key not in taken)


def footer(keymap: Keymap = NO_CHANGES, *, walking: bool = False) -> tuple[tuple[str, str, str], ...]:
    """Return (key, label, action name) for the footer. Help is first, because a narrow footer is cut at the right.

    Args:
        walking: If True, return the footer shown while the cursor is on episodes.
    """
    words = [(command, command.walk if walking else command.footer) for command in ACTIONS.values()]
    shown = [(command, word) for command, word in words if word and keys_of(command, keymap)]
    shown.sort(key=lambda row: row[0].name != "help")
    return tuple((key_label(command, keymap), word, command.name) for command, word in shown)


def help_rows(keymap: Keymap = NO_CHANGES) -> tuple[KeyRow, ...]:
    """Return a row for each action that has a key, and one for the views. Rows are sorted by group, then as in COMMANDS."""
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
    """Return one or several key names as a tuple. The key `,` becomes `comma`, its name in Textual."""
    return tuple("comma" if key == "," else key for key in ((keys,) if isinstance(keys, str) else keys))


def key_problem(key: str) -> str:
    """Return the reason why a configured key can't be used, e.g. because terminals don't send it; empty if it can be used."""
    shown = safe(key if len(key) <= _MAX_KEY_CHARACTERS else key[:_MAX_KEY_CHARACTERS] + "...")
    *modifiers, name = _split(key)
    if len(key) <= _MAX_KEY_CHARACTERS and _MODIFIERS.issuperset(modifiers) and len(set(modifiers)) == len(modifiers):
        if key == LEAVE:
            return f"{LEAVE} always quits"
        if modifiers == ["ctrl"] and name in _SAME_AS:
            return f"{shown} sends {_SAME_AS[name]} in a terminal"
        if modifiers == ["shift"] and len(name) == 1 and name.upper() != name.lower():
            return f"{shown} is typed as {safe(name.upper())}"
        if _is_named(name) or (
            len(name) == 1 and name.isprintable() and name != " " and not _is_capital(name, modifiers)
        ):
            return ""
    if "," in key and len(key) > 1:
        return f'there is no key {shown}; several keys go in a list, e.g. ["a", "b"]'
    similar = "space" if key == " " else next((known_key for known_key in _KEY_NAMES if known_key == key.lower()), "")
    hint = (
        f'did you mean "{similar}"?'
        if similar
        else did_you_mean(key, _KEY_NAMES)
        if 2 < len(key) <= _MAX_KEY_CHARACTERS
        else ""
    )
    return f"there is no key {shown}" + (f"; {hint}" if hint else "")


def _split(key: str) -> list[str]:
    """Split a key into its modifiers and, as the last item, its name: `ctrl+s` into `["ctrl", "s"]`, `+` into `["+"]`."""
    if key.endswith("+") and (len(key) == 1 or key.endswith("++")):
        return [*key[:-2].split("+"), "+"] if len(key) > 1 else ["+"]
    return key.split("+")


def _is_capital(name: str, modifiers: list[str]) -> bool:
    """Return True if a key is ctrl with a capital letter. Terminals send it like ctrl with the small letter."""
    return "ctrl" in modifiers and name.lower() != name


def _is_named(name: str) -> bool:
    """Return True if `name` is the name of a key such as `escape`, or the Unicode name of a symbol."""
    if name in _KEY_NAMES:
        return True
    character = key_text(name)
    return character != name and len(character) == 1 and not character.isalnum()


def usable_keys(keys: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return those of `keys`, the configured keys by command name, that can be used.

    If none of the keys configured for a command is usable, the command is omitted, so that it keeps its default keys. A
    command with an empty list is included, so that it has no keys.
    """
    usable = {}
    for name, config_keys in keys.items():
        if name in ACTIONS:
            good = tuple(key for key in dict.fromkeys(config_keys[:MAX_KEYS]) if not key_problem(key))
            if good or not config_keys:
                usable[name] = good
    return usable


def key_problems(keys: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str, str]]:
    """Yield (command name, problem, hint) for each configured key that can't be used or is given to two commands.

    Unknown commands and commands with more than MAX_KEYS keys are problems too. `keys` are the keys by command name.
    """
    taken: dict[str, str] = {}
    for name, config_keys in keys.items():
        if name not in ACTIONS:
            yield (
                name,
                f'there is no command "{safe(name[:_MAX_KEY_CHARACTERS])}" to give a key to',
                did_you_mean(name[:_MAX_KEY_CHARACTERS], ACTIONS),
            )
            continue
        if len(config_keys) > MAX_KEYS:
            yield name, f"{name} has {len(config_keys)} keys: all but the first {MAX_KEYS} are left out", ""
        for key in config_keys[:MAX_KEYS]:
            if problem := key_problem(key):
                yield name, f"{name}: {problem}", ""
                continue
            other = taken.setdefault(key_text(key), name)
            if other != name:
                yield name, f"the key {safe(key)} is taken by {other} already", "give one of them another key"


def key_notes(keys: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, str]]:
    """Yield (command name, note) for each configured key that is valid but may be unintended. `keys` are by command name.

    Such a key is repeated, or is taken from another command or a view. A command that is left without keys has a note
    too.
    """
    views = {key: number for number, key in enumerate(VIEW_KEYS, 1)}
    for name, good_keys in usable_keys(keys).items():
        if not good_keys:
            yield name, f"{name} has no key; the palette still has it"
        for key in sorted({key for key in keys[name][:MAX_KEYS] if keys[name].count(key) > 1}):
            yield name, f"the key {safe(key)} is repeated"
        for key in good_keys:
            if key in views:
                yield name, f"the key {key} is taken from view {views[key]}"
            for other, command in ACTIONS.items():
                if other not in keys and key_text(key) in map(key_text, command.keys):
                    remaining = " ".join(map(key_text, keys_of(other, keys)))
                    yield (
                        name,
                        f"the key {safe(key)} is taken from {other}, which "
                        + (f"keeps {remaining}" if remaining else "has no key left; the palette still has it"),
                    )
