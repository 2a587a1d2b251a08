"""The schema of the config: generated from the table of settings, valid itself, and true of what the program reads."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path

import pytest
from check_jsonschema.parsers.toml import load
from jsonschema import Draft202012Validator

from watchlist.config import as_toml, check
from watchlist.config_json_schema import config_schema
from watchlist.settings import SETTINGS, Setting


def is_valid(text: str) -> bool:
    validator = Draft202012Validator(config_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    return bool(validator.is_valid(load(io.BytesIO(text.encode()))))


def test_every_setting_is_there_with_its_help_and_default() -> None:
    schema = config_schema()
    Draft202012Validator.check_schema(schema)
    assert list(schema["properties"]) == list(SETTINGS)
    for name, setting in SETTINGS.items():
        row = schema["properties"][name]
        assert row["description"] == f"{setting.help} ({setting.takes})"
        if setting.default not in (None, {}):
            assert row["default"] == tomllib.loads(f"v = {as_toml(setting.default)}")["v"]
            Draft202012Validator(row).validate(row["default"])
        assert "type" in row, "a reader without a schema"


@pytest.mark.parametrize(
    "text",
    [
        "",
        'file = "a.toml"\ntheme = "nord"\nscale = "10"\nascii = true\nbackups = 1000',
        'columns = ["title", "tag"]\nsort = "rating-,title"\nsort_articles = []',
        'columns = "title,year"\nsort_articles = "the, a"',
        '[keys]\nrate = "ctrl+s"\nundo = ["u", "z"]\n[services]\nNetflix = 12.99\nMubi = { price = 3, until = 2027-03-01 }',
        '[lookup]\ntvmaze = "http://127.0.0.1:8000/a"\nomdb_key = "abc123"\ntmdb_key = ""',
        "[lookup]\nanything = 1",
        '[lookup]\ntvmaze = "ftp://mirror.example"',
        '[lookup]\ntvmaze = "https://"',
        '[lookup]\ntvmaze = "https://me:secret@mirror.example/x"',
        '[lookup]\ntvmaze = "https://mirror.example/x?key=1"',
        '[lookup]\nwikidata = "https://mirror.example/x y"',
        "[lookup]\ntvmaze = 1",
        '[lookup]\ntmdb_key = "a b"',
        "[lookup]\nomdb_key = 5",
        'scale = "7"',
        "scale = 10",
        "backups = 0",
        "backups = 1001",
        "mouse = 1",
        "theme = 5",
        "columns = []",
        'columns = ["titel"]',
        "sort = 1",
        "sort_articles = [1]",
        "[keys]\nrate = 5",
        '[keys]\nrate = [""]',
        '[keys]\nrat = "x"',
        'services = "Netflix"',
        '[services]\nNetflix = "12"',
        "[services]\nNetflix = { price = -1 }",
        "[services]\nNetflix = { until = 2027 }",
        "[services]\nNetflix = { prize = 3 }",
        "muose = true",
        "lookup = 1",
    ],
)
def test_schema_and_program_agree(text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    assert is_valid(text) == (not check(path, {}).problems)


def test_a_new_setting_is_there_from_its_row_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    spoilers = Setting("spoilers", True, "true or false", "whether titles are covered", SETTINGS["mouse"].read)
    depth = Setting("depth", 3, "a number", "how deep", lambda raw: raw)
    monkeypatch.setitem(SETTINGS, "spoilers", spoilers)
    monkeypatch.setitem(SETTINGS, "depth", depth)
    rows = config_schema()["properties"]
    assert rows["spoilers"] == {
        "title": "Spoilers",
        "description": "whether titles are covered (true or false)",
        "type": "boolean",
        "default": True,
    }
    assert (rows["depth"]["type"], rows["depth"]["default"]) == ("integer", 3)
