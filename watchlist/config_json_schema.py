"""The JSON Schema (2020-12) of the config, generated from the table SETTINGS, for editors and validators of TOML.

Unlike a list, a config has no keys of the user's own: the program warns of an unknown setting, and so does the schema.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from watchlist import settings
from watchlist.command_table import ACTIONS
from watchlist.config import as_toml
from watchlist.domain.fields import BY_NAME
from watchlist.domain.list_json_schema import DIALECT, Schema
from watchlist.domain.ratings import SCALES
from watchlist.settings import SETTINGS, Setting

# The schemas of values by the function that reads them. They leave out what is meant for environment variables.
_BY_READER: Mapping[Callable[[object], Any], Callable[[], Schema]] = {
    settings.read_switch: lambda: {"type": "boolean"},
    settings.read_text: lambda: {"type": "string"},
    settings.read_path: lambda: {"type": "string"},
    settings.read_count: lambda: {"type": "integer", "minimum": 1, "maximum": 1000},
    settings.read_scale: lambda: {"type": "string", "enum": list(SCALES)},
    settings.read_columns: lambda: _words({"type": "string", "enum": list(BY_NAME)}) | {"minItems": 1},
    settings.read_sort: lambda: {"type": "string", "examples": ["rating-,title"]},
    settings.read_articles: lambda: _words({"type": "string"}),
    settings.read_keys: lambda: _keys(),
    settings.read_services: lambda: _services(),
    settings.read_lookup: lambda: _lookup(),
}
# The schemas of other values, by the type of their default.
_BY_DEFAULT: tuple[tuple[type, Schema], ...] = (
    (bool, {"type": "boolean"}),
    (int, {"type": "integer"}),
    (str, {"type": "string"}),
    (tuple, {"type": "array", "items": {"type": "string"}}),
    (dict, {"type": "object", "additionalProperties": True}),
)


def config_schema() -> Schema:
    """Return the JSON Schema of the config."""
    return {
        "$schema": DIALECT,
        "title": "Config of watchlist",
        "description": "every setting is optional; `watchlist config` prints the values that are used",
        "type": "object",
        "properties": {setting.name: _property(setting) for setting in SETTINGS.values()},
        "additionalProperties": False,
    }


def _property(setting: Setting) -> Schema:
    """Return the schema of one setting. It contains the default of the setting unless that is empty."""
    label = setting.name.replace("_", " ").capitalize()
    schema = {"title": label, "description": f"{setting.help} ({setting.takes})", **_value_schema(setting)}
    return schema if setting.default in (None, {}) else schema | {"default": json.loads(as_toml(setting.default))}


def _value_schema(setting: Setting) -> Schema:
    """Return the schema of the values of a setting."""
    if setting.read in _BY_READER:
        return _BY_READER[setting.read]()
    return next((schema for kind, schema in _BY_DEFAULT if isinstance(setting.default, kind)), {})


def _words(word: Schema) -> Schema:
    """Return the schema of a list of words or a comma-separated text. `word` is the schema of each word in the list."""
    return {"type": ["array", "string"], "items": word}


def _keys() -> Schema:
    """Return the schema of the setting `keys`: a table with a key, or a list of keys, for each command."""
    key = {"type": "string", "minLength": 1}
    properties = {
        command.name: {
            "title": command.title,
            "description": command.help,
            "anyOf": [key, {"type": "array", "items": key}],
        }
        for command in ACTIONS.values()
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _services() -> Schema:
    """Return the schema of the setting `services`: a price per month for each service, or a table of price and last day."""
    price = {"type": "number", "minimum": 0, "exclusiveMaximum": 10**6}
    table = {
        "type": "object",
        "properties": {
            "price": {"title": "Price", "description": "per month, in any currency", **price},
            "until": {"title": "Until", "description": "the last paid day", "type": "string", "format": "date"},
        },
        "additionalProperties": False,
    }
    return {"type": "object", "additionalProperties": {"anyOf": [price, table]}, "examples": [{"Netflix": 12.99}]}


def _lookup() -> Schema:
    """Return the schema of the setting `lookup`: an address for each service, and the user's keys."""
    address, key = (
        {"type": "string", "pattern": f"^{pattern.pattern}$"}
        for pattern in (settings.LOOKUP_ADDRESS, settings.LOOKUP_KEY)
    )
    properties = {
        **{name: address | {"title": f"Address of {name}"} for name in settings.LOOKUP_ADDRESSES},
        **{name: key | {"title": f"Key of {name.removesuffix('_key')}"} for name in settings.LOOKUP_KEYS},
    }
    return {"type": "object", "properties": properties, "additionalProperties": False}
