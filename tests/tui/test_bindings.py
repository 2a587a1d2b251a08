"""Keys, as the table of actions and the config have them, and as Textual then does them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App
from textual.screen import Screen

from watchlist.command_table import ACTIONS, VIEW_KEYS, key_text
from watchlist.keymap import footer, help_rows, key_label, keys_of, view_keys
from watchlist.tui.bindings import bindings, keymap_of

KEYS = [*"abcdefgxyz129?/:", "ctrl+e", "f5", "space", "comma", "question_mark", "down"]


@st.composite
def keymaps(draw: st.DrawFn) -> dict[str, tuple[str, ...]]:
    """What a config can say, each key given to one action."""
    names = draw(st.lists(st.sampled_from(sorted(ACTIONS)), unique=True, max_size=4))
    signs = draw(st.permutations(sorted({key_text(key): key for key in KEYS}.values())))
    return {name: tuple(signs[place * 2 : place * 2 + 2]) for place, name in enumerate(names)}


class TestKeys:
    def test_without_a_config_they_are_those_of_the_table(self) -> None:
        assert {name: keys_of(name) for name in ACTIONS} == {name: c.keys for name, c in ACTIONS.items()}
        assert [key for _, key in view_keys()] == list(VIEW_KEYS)

    @given(keymaps())
    def test_no_key_does_two_things(self, keymap: dict[str, tuple[str, ...]]) -> None:
        keys = [key_text(key) for name in ACTIONS for key in keys_of(name, keymap)]
        keys += [key for _, key in view_keys(keymap)]
        assert len(set(keys)) == len(keys)
        assert all(keys_of(name, keymap) == given for name, given in keymap.items())

    @given(keymaps())
    def test_footer_and_help_say_the_keys_that_are(self, keymap: dict[str, tuple[str, ...]]) -> None:
        for key, _, name in footer(keymap):
            assert key == key_label(name, keymap)
        said = {row.name: row.keys for row in help_rows(keymap) if row.name}
        assert said == {n: tuple(map(key_text, k)) for n in ACTIONS if (k := keys_of(n, keymap))}

    def test_the_footer_starts_with_the_help(self) -> None:
        assert footer()[0] == ("?", "Help", "help")
        assert footer({"help": "f2"})[0] == ("f2", "Help", "help")

    @pytest.mark.parametrize(
        ("key", "text"),
        [
            ("question_mark", "?"),
            ("slash", "/"),
            ("left_square_bracket", "["),
            ("ctrl+right_square_bracket", "ctrl+]"),
            ("down", "↓"),
            ("space", "space"),
            ("pagedown", "pgdn"),
            ("escape", "esc"),
            ("ctrl+d", "ctrl+d"),
            ("+", "+"),
            ("f1", "f1"),
            ("G", "G"),
            ("tab", "tab"),
        ],
    )
    def test_are_said_as_people_know_them(self, key: str, text: str) -> None:
        assert key_text(key) == text


class Recorder(Screen[None]):
    """Notes which action a key does."""

    BINDINGS = bindings()

    def __init__(self) -> None:
        super().__init__()
        self.done: list[str] = []

    def action_view(self, number: int) -> None:
        self.done.append(f"view({number})")


for _name in ACTIONS:
    setattr(Recorder, f"action_{_name}", lambda self, name=_name: self.done.append(name))


class Keyed(App[None]):
    ENABLE_COMMAND_PALETTE = False

    def get_default_screen(self) -> Screen[None]:
        return Recorder()


@pytest.mark.parametrize(
    "keymap",
    [
        {},
        {"rate": ("e",)},  # a key of another action
        {"rate": ("f5", "ctrl+e"), "edit": ("r",)},  # swapped
        {"add": ("1", "?"), "quit": ("a",)},  # a view's key, and one of two keys of the help
        {"mark": (",",), "filter": ("space",)},
        {"cursor_down": ("n",), "note": ("N",)},
    ],
)
async def test_a_pressed_key_does_what_keys_of_says(keymap: dict[str, tuple[str, ...]]) -> None:
    app = Keyed()
    app.set_keymap(keymap_of(keymap))
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, Recorder)
        for name in ACTIONS:
            for key in keys_of(name, keymap):
                screen.done.clear()
                await pilot.press(key)
                assert screen.done == [name], key
        for number, key in view_keys(keymap):
            screen.done.clear()
            await pilot.press(key)
            assert screen.done == [f"view({number})"]
