"""The config: one table of settings, who wins, and what is said about what is wrong."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from watchlist.config import as_toml, check, load, template
from watchlist.errors import UsageError
from watchlist.settings import SETTINGS, Config


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def test_without_a_config_everything_has_its_default(path: Path) -> None:
    assert load(path, {}) == (Config(), [])


def test_every_setting_is_read_from_its_own_default(path: Path) -> None:
    """What `config show` prints could be pasted into the config."""
    lines = [f"{name} = {as_toml(s.default)}" for name, s in SETTINGS.items() if not s.table and name != "file"]
    path.write_text("\n".join(lines))
    assert load(path, {}) == (Config(), [])
    assert set(check(path, {}).sources.values()) == {"default"} | {f"{path} line {n + 1}" for n in range(len(lines))}


def test_a_flag_counts_before_a_variable_and_a_variable_before_the_config(path: Path) -> None:
    path.write_text('file = "a.toml"\ntheme = "nord"\nascii = false\n')
    config, _ = load(path, {"WATCHLIST_FILE": "/b.toml", "WATCHLIST_ASCII": "yes"}, {"file": "/c.toml"})
    assert (config.file, config.theme, config.ascii) == (Path("/c.toml"), "nord", True)
    config, _ = load(path, {"WATCHLIST_FILE": "/b.toml"})
    assert config.file == Path("/b.toml")
    config, _ = load(path, {"WATCHLIST_FILE": ""})
    assert config.file == path.parent / "a.toml"


def test_a_home_and_variables_in_a_path_are_expanded(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("SYNCED", "/sync")
    path.write_text('file = "~/shows.toml"')
    assert load(path, {})[0].file == Path("/home/ada/shows.toml")
    path.write_text('file = "$SYNCED/shows.toml"')
    assert load(path, {})[0].file == Path("/sync/shows.toml")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('scale = "star"', 'did you mean "stars"?'),
        ("scale = 10", "in quotes"),
        ('ascii = "maybe"', "true or false"),
        ("backups = 0", "from 1 to 1000"),
        ("backups = true", "from 1 to 1000"),
        ('columns = ["title", "ratng"]', 'did you mean "rating"?'),
        ("columns = []", "a list of fields"),
        ('sort = "yaer-"', 'did you mean "year"?'),
        ("file = 3", "a path in quotes"),
        ("theme = 3", "text in quotes"),
        ("keys = 3", "a table"),
        ("keys.rate = 3", "rate needs a key"),
    ],
)
def test_a_wrong_value_names_its_line_and_what_belongs_there(path: Path, line: str, said: str) -> None:
    path.write_text(f"# mine\n\n{line}\n")
    with pytest.raises(UsageError) as caught:
        load(path, {})
    assert f"{path} line 3: {line.split()[0].split('.')[0]}: " in caught.value.message
    assert said in caught.value.message
    assert check(path, {}).config == Config()


@pytest.mark.parametrize(
    "text",
    ['keys = { rate = "ctrl+q" }', 'keys.undo = "z"\n"keys" . \'rate\' = "ctrl+q"', '[keys]\nrate = "ctrl+q"'],
)
def test_a_wrong_key_names_its_line_however_the_table_is_written(path: Path, text: str) -> None:
    path.write_text(f"# mine\n{text}\n")
    (said,) = load(path, {})[1]
    assert said.startswith(f"{path} line {2 + text.count(chr(10))}: rate: ")


TOML_VALUES = [
    *('"text"', '""', '"a\\u0000b"', '"~nobody/x"', '"$NOT_SET"', '"x/"', "'1'", '"title,,year"', '"-"'),
    *("5", "-1", "0", "99999999999999999999", "0xff", "1.5", "nan", "-inf", "1e300", "true", "false"),
    *("[]", "[1]", "[true]", "[[]]", "[{}]", '["title"]', '["x", 1]', '[""]', "[nan]", "[2026-01-02]"),
    *("{}", "{ a = 1 }", "{ a = [] }", "{ a = [[]] }", "{ a = { b = 1 } }", '{ a = "x" }', "{ rate = [1] }"),
    *("{ a = nan }", "{ a = 2026-01-02 }", "{ a = { price = nan } }", "{ a = { until = 1 } }", "{ a = true }"),
    *("2026-01-02", "21:30:00", "2026-01-02T21:30:00", "2026-01-02T21:30:00Z"),
]


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("value", TOML_VALUES)
def test_B15_B16_any_value_of_a_setting_is_one_of_its_own_or_a_problem_with_its_line(
    path: Path, name: str, value: str
) -> None:
    path.write_text(f"# mine\n\n{name} = {value}\n")
    loaded = check(path, {})
    for problem in loaded.problems:
        assert problem.message.startswith(f"{path} line 3: "), problem
    if any(problem.fatal for problem in loaded.problems):
        assert loaded.config == Config()
    for one in SETTINGS:  # and what counts then can be shown
        assert json.loads(as_toml(getattr(loaded.config, one))) is not None


def test_a_wrong_variable_is_named(path: Path) -> None:
    with pytest.raises(UsageError, match="WATCHLIST_SCALE: scale: expected one of stars, 10, 100"):
        load(path, {"WATCHLIST_SCALE": "7"})


def test_an_unknown_setting_is_a_warning_with_line_and_nearest_name(path: Path) -> None:
    path.write_text('theme = "nord"\nscael = "10"\n\n[looukp]\n')
    config, warnings = load(path, {})
    assert config == Config(theme="nord")
    assert warnings == [
        f'{path} line 2: there is no setting "scael"; did you mean "scale"?',
        f'{path} line 4: there is no setting "looukp"; did you mean "lookup"?',
    ]


def test_an_unknown_setting_of_look_ups_is_a_warning_and_a_wrong_one_is_an_error(path: Path) -> None:
    path.write_text('[lookup]\ntvmaze = "https://mirror.example/tv"\ntvmase = "https://a.example"\n')
    config, warnings = load(path, {})
    assert config.lookup == {"tvmaze": "https://mirror.example/tv"}
    assert warnings == [f'{path} line 3: lookup: there is no setting "tvmase"; did you mean "tvmaze"?']
    path.write_text('[lookup]\nomdb = "mirror.example"\n')
    with pytest.raises(UsageError, match="line 2: lookup: omdb needs an address in quotes"):
        load(path, {})


def test_keys_are_kept_by_command_and_typos_are_warned_of(path: Path) -> None:
    path.write_text('[keys]\nrate = "R"\nundo = ["z", "ctrl+z"]\nrmeove = "D"\nstatus = "R"\n')
    config, warnings = load(path, {})
    assert config.keys["rate"] == ("R",)
    assert config.keys["undo"] == ("z", "ctrl+z")
    assert warnings == [
        f'{path} line 4: there is no command "rmeove" to give a key to; did you mean "remove"?',
        f"{path} line 5: the key R is taken by rate already; give one of them another key",
    ]


def test_a_syntax_error_says_line_and_column(path: Path) -> None:
    path.write_text('theme = "nord"\nscale = = 3\n')
    with pytest.raises(UsageError, match="line 2, column 9"):
        load(path, {})


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_config_that_is_not_utf_8_names_the_line(path: Path, mark: bytes) -> None:
    path.write_bytes(mark + b'ascii = true\n# caf\xe9\ntheme = "nord"\n')
    with pytest.raises(UsageError, match="line 2: not UTF-8 text") as caught:
        load(path, {})
    assert "watchlist config edit" in caught.value.hint


@pytest.mark.parametrize("raw", [b"theme = \xff", b"a = " + b"[" * 100_000, b"#" * (2 << 20), b"a = " + b"9" * 5000])
def test_a_hostile_config_is_one_error(path: Path, raw: bytes) -> None:
    path.write_bytes(raw)
    with pytest.raises(UsageError):
        load(path, {})


def test_a_folder_in_its_place_is_one_error(path: Path) -> None:
    path.mkdir()
    with pytest.raises(UsageError, match="not a regular file but a folder"):
        load(path, {})


def test_a_byte_order_mark_is_no_error(path: Path) -> None:
    path.write_bytes(b'\xef\xbb\xbftheme = "nord"\r\n')
    assert load(path, {})[0].theme == "nord"


def test_columns_and_order_take_aliases_and_come_out_by_their_names(path: Path) -> None:
    path.write_text('columns = ["title", "tag", "tags"]\nsort = "genre-, title"')
    config, _ = load(path, {})
    assert (config.columns, config.sort) == (("title", "tags"), "genres-,title")
    assert load(path, {"WATCHLIST_COLUMNS": "year, title"})[0].columns == ("year", "title")


def test_the_template_names_every_setting_and_changes_nothing(path: Path) -> None:
    text = template()
    path.write_text(text)
    assert load(path, {}) == (Config(), [])
    bare = "\n".join(line[1:] for line in text.splitlines() if line.startswith("#") and line[1] != " ")
    assert tomllib.loads(bare).keys() == SETTINGS.keys()


def test_every_setting_has_words_for_people() -> None:
    assert [s.name for s in SETTINGS.values()] == list(Config.names)
    assert all(getattr(Config(), s.name) == s.default for s in SETTINGS.values())
    assert all(s.help and s.takes and not s.help.endswith(".") for s in SETTINGS.values())
