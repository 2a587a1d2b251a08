"""Keys from the config: which of them work, what is said of those that don't, and that there is always a way out."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.conftest import Call
from watchlist.command_table import ACTIONS
from watchlist.config import load
from watchlist.keymap import MAX_KEYS, key_problem, keys_of, view_keys


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


@pytest.mark.parametrize("command", ACTIONS.values(), ids=ACTIONS)
def test_B20_every_key_of_our_own_can_be_given_to_a_command(command: object) -> None:
    for key in ACTIONS[command.name].keys:  # type: ignore[attr-defined]
        assert key_problem(key) == ""


@pytest.mark.parametrize(
    "key",
    [
        *"aZ9?/,;ß映+-",
        *("ctrl+s", "ctrl+1", "alt+x", "ctrl+shift+a", "ctrl+/", "ctrl++", "shift+tab", "ctrl+home", "alt+enter"),
        *("f1", "f24", "space", "pageup", "delete", "question_mark", "left_square_bracket", "comma", "plus", "ctrl+z"),
    ],
)
def test_B20_keys_that_a_terminal_sends(key: str) -> None:
    assert key_problem(key) == ""


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("ctrl+q", "always quits"),
        ("ctrl+i", "sends tab"),
        ("ctrl+m", "sends enter"),
        ("ctrl+h", "sends backspace"),
        ("ctrl+[", "sends escape"),
        ("ctrl+left_square_bracket", "sends escape"),
        ("shift+a", "is typed as A"),
        ("ctrl+A", "there is no key"),
        ("Enter", 'did you mean "enter"?'),
        ("entr", 'did you mean "enter"?'),
        ("gg", "there is no key"),
        ("a,b", "in a list"),
        ("control+a", "there is no key"),
        ("ctrl+", "there is no key"),
        ("+a", "there is no key"),
        ("", "there is no key"),
        (" ", 'did you mean "space"?'),
        ("\t", "there is no key"),
        ("\x1b", "there is no key"),
        ("f25", "there is no key"),
        ("latin_small_letter_a", "there is no key"),
        ("a" * 10_000, "there is no key"),
    ],
)
def test_B20_keys_that_never_come_or_are_taken_for_good(key: str, said: str) -> None:
    assert said in key_problem(key)
    assert len(key_problem(key)) < 200


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('quit = "j"', "line 2: the key j is taken from cursor_down, which keeps ↓"),
        ('quit = "d"', "line 2: the key d is taken from remove, which has no key left; the palette still has it"),
        ('rate = "?"', "line 2: the key ? is taken from help"),
        ('rate = "1"', "line 2: the key 1 is taken from view 1"),
        ('rate = "R"\nstatus = "R"', "line 3: the key R is taken by rate already"),
        ('rate = "?"\nundo = "question_mark"', "line 3: the key question_mark is taken by rate already"),
        ("rate = []", "line 2: rate has no key; the palette still has it"),
        ('rate = "ctrl+i"', "line 2: rate: ctrl+i sends tab"),
        ('rate = ["x", "x"]', "line 2: the key x is repeated"),
        ('rate = "ratee"', "line 2: rate: there is no key ratee"),
        ('raet = "x"', 'line 2: there is no command "raet"'),
        ('init = "x"', 'line 2: there is no command "init"'),
    ],
)
def test_B20_config_check_reports_what_keys_come_into_each_others_way(
    call: Call, config: Path, text: str, said: str
) -> None:
    config.write_text(f"[keys]\n{text}\n", "utf-8")
    ran = call("config", "check")
    assert ran.code == 2
    assert said in ran.out
    assert "no problems found" not in ran.out + ran.err


def test_B20_keys_that_harm_nothing_are_not_reported(call: Call, config: Path) -> None:
    config.write_text('[keys]\nrate = ["r", "R"]\nundo = ["z", "u"]\ngroup = "Z"\n', "utf-8")
    assert "no problems found" in call("config", "check").err


def test_B20_what_is_wrong_with_a_key_costs_that_key_alone(path: Path) -> None:
    path.write_text('[keys]\nrate = ["ctrl+i", "R", "nokey", "ctrl+q"]\nundo = "gg"\n', "utf-8")
    config, warnings = load(path, {})
    assert keys_of("rate", config.keys) == ("R",)
    assert keys_of("undo", config.keys) == ("u",)  # none of those given works
    assert len(warnings) == 4


def test_B20_a_command_or_a_view_can_lose_all_its_keys(path: Path) -> None:
    path.write_text('[keys]\nrate = []\nstatus = ["1", "d"]\n', "utf-8")
    config, warnings = load(path, {})
    assert [keys_of(name, config.keys) for name in ("rate", "remove", "status")] == [(), (), ("1", "d")]
    assert [position for position, _ in view_keys(config.keys)] == [2, 3, 4, 5, 6, 7, 8, 9]
    assert warnings == []


@pytest.mark.parametrize(
    "text",
    [
        "rate = [" + ", ".join(f'"ctrl+f{n}"' for n in range(20_000)) + "]",
        "rate = [" + ", ".join(['"x"'] * 20_000) + "]",
        "".join(f'command{n} = "x"\n' for n in range(20_000)),
        "".join(f"{name} = {[chr(0x4E00 + n) for n in range(400)]}\n" for name in ACTIONS),
    ],
    ids=["many keys", "one key many times", "many commands", "many of each"],
)
def test_B20_absurd_lists_are_cut_and_said_so_in_a_few_lines(path: Path, text: str) -> None:
    path.write_text("[keys]\n" + text, "utf-8")
    begun = time.process_time()
    config, warnings = load(path, {})
    assert time.process_time() - begun < 2  # it takes a twentieth; the work grew with the square of the lines
    assert 1 <= len(warnings) <= 2 * len(ACTIONS) + 25
    assert sum(map(len, warnings)) < 50_000
    assert all(len(keys) <= MAX_KEYS for keys in config.keys.values())
    assert config.keys.keys() <= ACTIONS.keys()


def test_B20_a_config_of_another_program_is_said_so_in_a_few_lines(path: Path) -> None:
    path.write_text("".join(f"setting{n} = 1\n" for n in range(20_000)) + 'scale = "10"\n', "utf-8")
    config, warnings = load(path, {})
    assert config.scale == "10"
    assert len(warnings) < 25
    assert "20000 unknown settings" in warnings[-1]
