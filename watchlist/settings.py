"""SETTINGS: the table of all settings of the config, each with its default and the function that reads its value.

The output of `config show`, the template of `config edit` and the manual are made from this table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watchlist.checked_open import path_of
from watchlist.domain.fields import BY_NAME
from watchlist.domain.frozen import Frozen, WrongRows
from watchlist.domain.ratings import SCALES, DisplayStyle
from watchlist.domain.text import fold
from watchlist.errors import UsageError, did_you_mean
from watchlist.sanitize import safe

if TYPE_CHECKING:
    from watchlist.domain.services import Service

_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


# Readers of settings: each converts a TOML value, or the text of an environment variable. They raise ValueError with
# a message for a wrong value.


def read_text(raw: object) -> str:
    """Return `raw`, the value of a text setting. Raise ValueError if it is not a text."""
    if not isinstance(raw, str):
        raise ValueError("expected text in quotes")
    return raw


def read_switch(raw: object) -> bool:
    """Return `raw`, true, false or a text such as `yes`, `on`, `1` or `0`, as a boolean. Raise ValueError for others."""
    if isinstance(raw, str) and raw.lower() in _BOOLEANS:
        return _BOOLEANS[raw.lower()]
    if not isinstance(raw, bool):
        raise ValueError("expected true or false")
    return raw


def read_count(raw: object) -> int:
    """Return `raw`, a number or text of digits, as an integer. Raise ValueError unless it is whole and from 1 to 1000."""
    number = int(raw) if isinstance(raw, str) and re.fullmatch(r"\d{1,4}", raw, re.ASCII) else raw
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 1000:
        raise ValueError("expected a whole number from 1 to 1000")
    return number


def read_scale(raw: object) -> str:
    """Return `raw`, the name of a rating scale: `stars`, `10` or `100`. Raise ValueError for other values."""
    if not isinstance(raw, str) or raw not in SCALES:
        hint = did_you_mean(raw, SCALES) if isinstance(raw, str) else ""
        raise ValueError(f"expected one of {', '.join(SCALES)} in quotes" + (f"; {hint}" if hint else ""))
    return raw


def read_path(raw: object) -> Path:
    """Return the path in the text `raw`; `-` means /dev/stdin. Raise ValueError if `raw` is not text or not a valid path."""
    if not isinstance(raw, str):
        raise ValueError("expected a path in quotes")
    if raw == "-":
        return Path("/dev/stdin")
    try:
        return path_of(raw, variables=True)
    except UsageError as error:
        raise ValueError(f"{error.message}; {error.hint}") from error


def read_columns(raw: object) -> tuple[str, ...]:
    """Return the fields named in `raw`, a list or comma-separated text, each once. Raise ValueError if one is unknown."""
    names = [name.strip() for name in raw.split(",")] if isinstance(raw, str) else raw
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise ValueError('expected a list of fields, e.g. ["title", "year"]')
    return tuple(dict.fromkeys(_field(name) for name in names))


def read_sort(raw: object) -> str:
    """Return the sort order `raw`, e.g. `rating-,title`, where `-` means descending. Raise ValueError if it is invalid."""
    words = [word.strip() for word in read_text(raw).split(",") if word.strip()]
    return ",".join(_field(word.removesuffix("-")) + "-" * word.endswith("-") for word in words)


def read_articles(raw: object) -> tuple[str, ...]:
    """Return the articles in `raw` that sorting ignores, e.g. `the`, case-folded. Raise ValueError unless each is a word."""
    words = [word.strip() for word in raw.split(",") if word.strip()] if isinstance(raw, str) else raw
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise ValueError('expected a list of words, e.g. ["the", "a"]')
    for word in words:
        if not re.fullmatch(r"[^\W\d_]+'?", fold(word)):
            raise ValueError(f'"{safe(word)}" is not one word, e.g. "the" or "l\'"')
    return tuple(dict.fromkeys(map(fold, words)))


def _field(name: str) -> str:
    """Return the name of the field with the name or alias `name`. Raise ValueError if there is none."""
    if name not in BY_NAME:
        hint = did_you_mean(name, BY_NAME)
        raise ValueError(f'there is no field "{safe(name)}"' + (f"; {hint}" if hint else ""))
    return BY_NAME[name].name


def read_table(raw: object) -> Mapping[str, Any]:
    """Return `raw`, a TOML table. Raise ValueError for other values."""
    if not isinstance(raw, dict):
        raise ValueError("expected a table")
    return raw


def read_keys(raw: object) -> Mapping[str, tuple[str, ...]]:
    """Return the configured keys by command name. Raise ValueError if `raw` is not a table, WrongRows for invalid entries."""
    keys, problems = {}, []
    for name, value in read_table(raw).items():
        key_list = [value] if isinstance(value, str) else value
        if isinstance(key_list, list) and all(isinstance(key, str) and key for key in key_list):
            keys[name] = tuple(key_list)
        else:
            problems.append((name, f'{safe(name)} needs a key, e.g. "ctrl+s", or a list of keys'))
    if problems:
        raise WrongRows(problems)
    return keys


def read_services(raw: object) -> Mapping[str, Service]:
    """Return the streaming services by name. Raise ValueError if `raw` is not a table, WrongRows for invalid services."""
    from watchlist.domain.services import read_services  # most configs name no service

    return read_services(read_table(raw))


LOOKUP_ADDRESS = re.compile(
    "https?://[!$-.0->A-~]+(/[!$-.0->A-~]*)*"
)  # no user, query or fragment; ASCII as in JSON Schema
LOOKUP_KEY = re.compile("[!-~]{0,2000}")
LOOKUP_ADDRESSES = ("tvmaze", "wikidata", "wikipedia", "tmdb", "omdb", "anilist", "imdb_datasets")
LOOKUP_KEYS = ("tmdb_key", "omdb_key")


def read_lookup(raw: object) -> Mapping[str, str]:
    """Return the addresses and keys for look-ups by name; other names are left out. No message contains a key.

    Raises:
        ValueError: `raw` is not a table.
        WrongRows: Some entries are invalid.
    """
    values, problems = {}, []
    for name, value in read_table(raw).items():
        text = value if isinstance(value, str) else "\n"  # matches neither
        if name in LOOKUP_ADDRESSES and not LOOKUP_ADDRESS.fullmatch(text):
            problems.append((name, f"{name} needs an address in quotes, e.g. https://mirror.example/{name}"))
        elif name in LOOKUP_KEYS and not LOOKUP_KEY.fullmatch(text):
            problems.append((name, f"{name} needs a key in quotes, without spaces"))
        elif name in (*LOOKUP_ADDRESSES, *LOOKUP_KEYS):
            values[name] = text
    if problems:
        raise WrongRows(problems)
    return values


class Setting(Frozen):
    """A row of the table of settings. `takes` describes the valid values."""

    name: str
    default: Any
    takes: str
    help: str
    read: Callable[[object], Any]  # converts a TOML value or the text of a variable; raises ValueError with a message

    @property
    def table(self) -> bool:
        """True if the value is a TOML table."""
        return isinstance(self.default, dict)

    @property
    def variable(self) -> str:
        """The environment variable that sets this setting; empty if the value is a table."""
        return "" if self.table else f"WATCHLIST_{self.name.upper()}"


_COLUMNS = ("title", "year", "status", "rating", "platform")
_SERVICES = (
    "your streaming services, with their prices per month: Netflix = 12.99, or { price = 12.99, until = 2027-03-01 }"
)

SETTINGS: dict[str, Setting] = {
    setting.name: setting
    for setting in (
        Setting("file", None, "a path", "the list; ~ and $NAMES are expanded", read_path),
        Setting("theme", "ballard", "a name", "the theme until you choose another; see `watchlist themes`", read_text),
        Setting("scale", "stars", "stars, 10 or 100", "how ratings are typed and shown; kept in stars", read_scale),
        Setting("ascii", False, "true or false", "only ASCII for stars and marks", read_switch),
        Setting("mouse", True, "true or false", "whether the interface uses the mouse", read_switch),
        Setting("columns", _COLUMNS, "fields", "the columns of the list", read_columns),
        Setting("sort", "title", "fields", "the order of the list; rating- is descending", read_sort),
        Setting(
            "sort_articles",
            ("the", "a", "an"),
            "words",
            "what sorting skips at the beginning of a title; [] skips nothing",
            read_articles,
        ),
        Setting("backups", 20, "1 to 1000", "how many of the newest backups are kept", read_count),
        Setting(
            "auto_status",
            True,
            "true or false",
            "rating or finishing a show also changes its status, with a message",
            read_switch,
        ),
        Setting("keys", {}, "a table", "command = key, or a list of keys", read_keys),
        Setting("services", {}, "a table", _SERVICES, read_services),
        Setting(
            "lookup", {}, "a table", "addresses of services and your keys for looking up details online", read_lookup
        ),
    )
}


class Config(Frozen):
    """A valid value for each setting. Settings that are not given have their default from SETTINGS."""

    file: Path | None
    theme: str
    scale: str
    ascii: bool
    mouse: bool
    columns: tuple[str, ...]
    sort: str
    sort_articles: tuple[str, ...]  # folded, see `watchlist.domain.text.fold`
    backups: int
    auto_status: bool
    keys: Mapping[str, tuple[str, ...]]  # by command name; they replace the default keys
    services: Mapping[str, Service]
    lookup: Mapping[str, str]  # addresses and keys by name, see `read_lookup`

    def __init__(self, **values: Any) -> None:
        super().__init__(**{name: setting.default for name, setting in SETTINGS.items()} | values)

    @property
    def style(self) -> DisplayStyle:
        """How values are read and shown: the rating scale, and whether only ASCII is used."""
        return DisplayStyle(self.scale, self.ascii)
