"""The config: the user's settings, validated, with line numbers of invalid values.

The program reads the config file and never writes to it.

A value comes from a flag, else from the variable `WATCHLIST_NAME`, else from the config file, else from its default.
The output of `config show`, the template of `config edit` and the manual are made from the table SETTINGS.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from watchlist.checked_open import descriptor_of, path_of, read_file, read_pipe
from watchlist.domain.fields import BY_NAME
from watchlist.domain.frozen import Frozen, WrongRows
from watchlist.domain.ratings import SCALES, DisplayStyle
from watchlist.domain.text import fold
from watchlist.errors import StoreError, UsageError, did_you_mean
from watchlist.keymap import key_notes, key_problems, usable_keys
from watchlist.sanitize import safe

if TYPE_CHECKING:
    from watchlist.domain.services import Service

MAX_BYTES = 1 << 20  # larger files are refused, because they would only stall the parser
MAX_LISTED = 20  # maximum number of problems of one kind that are listed one by one
EDIT_HINT = "`watchlist config edit` opens the config"
CHECKED_CHARACTERS = 4000  # longer texts are checked first for values that take long to parse
_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


# Readers of settings: each converts a TOML value, or the text of an environment variable. They raise ValueError with
# a message for a wrong value.


def _text(raw: object) -> str:
    """Return `raw`, the value of a text setting. Raise ValueError if it is not a text."""
    if not isinstance(raw, str):
        raise ValueError("expected text in quotes")
    return raw


def _switch(raw: object) -> bool:
    """Return `raw`, true, false or a text such as `yes`, `on`, `1` or `0`, as a boolean. Raise ValueError for others."""
    if isinstance(raw, str) and raw.lower() in _BOOLEANS:
        return _BOOLEANS[raw.lower()]
    if not isinstance(raw, bool):
        raise ValueError("expected true or false")
    return raw


def _count(raw: object) -> int:
    """Return `raw`, a number or text of digits, as an integer. Raise ValueError unless it is whole and from 1 to 1000."""
    number = int(raw) if isinstance(raw, str) and re.fullmatch(r"\d{1,4}", raw, re.ASCII) else raw
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 1000:
        raise ValueError("expected a whole number from 1 to 1000")
    return number


def _scale(raw: object) -> str:
    """Return `raw`, the name of a rating scale: `stars`, `10` or `100`. Raise ValueError for other values."""
    if not isinstance(raw, str) or raw not in SCALES:
        hint = did_you_mean(raw, SCALES) if isinstance(raw, str) else ""
        raise ValueError(f"expected one of {', '.join(SCALES)} in quotes" + (f"; {hint}" if hint else ""))
    return raw


def _path(raw: object) -> Path:
    """Return the path in the text `raw`; `-` means /dev/stdin. Raise ValueError if `raw` is not text or not a valid path."""
    if not isinstance(raw, str):
        raise ValueError("expected a path in quotes")
    if raw == "-":
        return Path("/dev/stdin")
    try:
        return path_of(raw, variables=True)
    except UsageError as error:
        raise ValueError(f"{error.message}; {error.hint}") from error


def _columns(raw: object) -> tuple[str, ...]:
    """Return the fields named in `raw`, a list or comma-separated text, each once. Raise ValueError if one is unknown."""
    names = [name.strip() for name in raw.split(",")] if isinstance(raw, str) else raw
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise ValueError('expected a list of fields, e.g. ["title", "year"]')
    return tuple(dict.fromkeys(_field(name) for name in names))


def _sort(raw: object) -> str:
    """Return the sort order `raw`, e.g. `rating-,title`, where `-` means descending. Raise ValueError if it is invalid."""
    words = [word.strip() for word in _text(raw).split(",") if word.strip()]
    return ",".join(_field(word.removesuffix("-")) + "-" * word.endswith("-") for word in words)


def _articles(raw: object) -> tuple[str, ...]:
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


def _table(raw: object) -> Mapping[str, Any]:
    """Return `raw`, a TOML table. Raise ValueError for other values."""
    if not isinstance(raw, dict):
        raise ValueError("expected a table")
    return raw


def _keys(raw: object) -> Mapping[str, tuple[str, ...]]:
    """Return the configured keys by command name. Raise ValueError if `raw` is not a table, WrongRows for invalid entries."""
    keys, problems = {}, []
    for name, value in _table(raw).items():
        key_list = [value] if isinstance(value, str) else value
        if isinstance(key_list, list) and all(isinstance(key, str) and key for key in key_list):
            keys[name] = tuple(key_list)
        else:
            problems.append((name, f'{safe(name)} needs a key, e.g. "ctrl+s", or a list of keys'))
    if problems:
        raise WrongRows(problems)
    return keys


def _services(raw: object) -> Mapping[str, Service]:
    """Return the streaming services by name. Raise ValueError if `raw` is not a table, WrongRows for invalid services."""
    from watchlist.domain.services import read_services  # most configs name no service

    return read_services(_table(raw))


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
        Setting("file", None, "a path", "the list; ~ and $NAMES are expanded", _path),
        Setting("theme", "ballard", "a name", "the theme until you choose another; see `watchlist themes`", _text),
        Setting("scale", "stars", "stars, 10 or 100", "how ratings are typed and shown; kept in stars", _scale),
        Setting("ascii", False, "true or false", "only ASCII for stars and marks", _switch),
        Setting("mouse", True, "true or false", "whether the interface uses the mouse", _switch),
        Setting("columns", _COLUMNS, "fields", "the columns of the list", _columns),
        Setting("sort", "title", "fields", "the order of the list; rating- is descending", _sort),
        Setting(
            "sort_articles",
            ("the", "a", "an"),
            "words",
            "what sorting skips at the beginning of a title; [] skips nothing",
            _articles,
        ),
        Setting("backups", 20, "1 to 1000", "how many of the newest backups are kept", _count),
        Setting(
            "auto_status",
            True,
            "true or false",
            "rating or finishing a show also changes its status, with a message",
            _switch,
        ),
        Setting("keys", {}, "a table", "command = key, or a list of keys", _keys),
        Setting("services", {}, "a table", _SERVICES, _services),
        Setting("lookup", {}, "a table", "settings of looking up details online", _table),
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
    lookup: Mapping[str, Any]

    def __init__(self, **values: Any) -> None:
        super().__init__(**{name: setting.default for name, setting in SETTINGS.items()} | values)

    @property
    def style(self) -> DisplayStyle:
        """How values are read and shown: the rating scale, and whether only ASCII is used."""
        return DisplayStyle(self.scale, self.ascii)


class ConfigProblem(Frozen):
    """A problem of the config. If `fatal`, the config is not used; otherwise, only the setting is ignored, with a warning."""

    message: str
    hint: str = ""
    fatal: bool = False
    line: int = 0  # line of the config, from 1; 0 if the problem has no line

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class Loaded(Frozen):
    """A loaded config: the settings, the source of each as text, e.g. `default` or `WATCHLIST_SORT`, and the problems."""

    config: Config
    sources: Mapping[str, str]
    problems: tuple[ConfigProblem, ...] = ()
    text: str = ""  # text of the config
    keys: Mapping[str, tuple[str, ...]] = {}  # as written in the config, including unusable ones

    def accepted(self) -> tuple[Config, list[str]]:
        """Return (config, warnings to print). Raise UsageError for the first fatal problem."""
        for problem in self.problems:
            if problem.fatal:
                raise UsageError(problem.message, problem.hint)
        return self.config, [str(problem) for problem in self.problems]


def load(path: Path, environ: Mapping[str, str], flags: Mapping[str, str] | None = None) -> tuple[Config, list[str]]:
    """Return (config, warnings to print). The parameters are those of `check`. Raise UsageError for an invalid value."""
    return check(path, environ, flags).accepted()


def check(path: Path, environ: Mapping[str, str], flags: Mapping[str, str] | None = None) -> Loaded:
    """Load the config and collect its problems. An invalid value is ignored, so that the value of another source remains.

    Variables (`environ`) override the config file (`path`). `flags` (values by setting name, or None) override both.
    """
    values: dict[str, Any] = {}
    sources = dict.fromkeys(SETTINGS, "default")
    problems: list[ConfigProblem] = []

    def set_value(name: str, raw: object, source: str, hint: str = "", line: int = 0) -> None:
        try:
            values[name] = SETTINGS[name].read(raw)
            sources[name] = source
        except WrongRows as error:
            for key, message in error.rows[:MAX_LISTED]:
                line_number = max(line, line_of(text, key, name))  # `keys.rate = 3` is not below a table header
                place = f"{safe(str(path))} line {line_number}: {name}"
                problems.append(ConfigProblem(f"{place}: {message}", hint, fatal=True, line=line_number))
        except ValueError as error:
            problems.append(ConfigProblem(f"{source}: {name}: {error}", hint, fatal=True, line=line))

    text, table = _read(path, problems)
    for name, raw in table.items():
        if name in SETTINGS:
            line_number = line_of(text, name)
            set_value(name, raw, f"{safe(str(path))} line {line_number}", EDIT_HINT, line_number)
    unknown_names = [name for name in table if name not in SETTINGS]
    for name in unknown_names[:MAX_LISTED]:
        line_number = line_of(text, name)
        place = f"{safe(str(path))} line {line_number}"
        problems.append(
            ConfigProblem(
                f'{place}: there is no setting "{safe(name)}"', did_you_mean(name, SETTINGS), line=line_number
            )
        )
    if len(unknown_names) > MAX_LISTED:
        problems.append(ConfigProblem(f"{safe(str(path))}: {len(unknown_names)} unknown settings"))
    if sources["file"] != "default":
        values["file"] = path.parent / values["file"]  # a relative path starts at the config, not at the current folder
    for name, setting in SETTINGS.items():
        if setting.variable and environ.get(setting.variable):
            set_value(
                name, environ[setting.variable], setting.variable, f"unset {setting.variable}, or set another value"
            )
    for name, raw in (flags or {}).items():
        set_value(name, raw, f"--{name}")
    own_keys = values.get("keys", {})
    if own_keys:
        problems.extend(_key_problems(own_keys, text, path))
        values["keys"] = usable_keys(own_keys)
    problems.sort(key=lambda problem: (problem.line == 0, problem.line))
    return Loaded(Config(**values), sources, tuple(problems), text, own_keys)


def _read(path: Path, problems: list[ConfigProblem]) -> tuple[str, Mapping[str, Any]]:
    """Return (text of the config, parsed values); both are empty if the file can't be read or is not valid TOML.

    Then, unless the file is missing, a fatal problem is appended to `problems`.
    """
    name = safe(str(path))
    try:
        raw = read_file(path, MAX_BYTES) if descriptor_of(path) is None else read_pipe(path, MAX_BYTES)
    except FileNotFoundError:
        return "", {}
    except (OSError, StoreError) as error:
        why = error.message if isinstance(error, StoreError) else f"{name} can't be read: {error.strerror}"
        problems.append(ConfigProblem(why, "--config names another config", fatal=True))
        return "", {}
    import tomllib  # not needed without a config

    try:
        text = raw.decode("utf-8-sig")
        if len(text) > CHECKED_CHARACTERS:
            from watchlist.domain.toml_values import check_limits  # few configs are long

            check_limits(text)
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.fullmatch(r"(.*) \(at (.*)\)", str(error).splitlines()[0])
        problem_text, place = (match[1], match[2]) if match else (str(error), "")
        problem = ConfigProblem(f"{name} {place}: {safe(problem_text)}", EDIT_HINT, fatal=True)
    except (ValueError, RecursionError) as error:
        problem = ConfigProblem(f"{name} can't be read: {safe(str(error))}", fatal=True)
    problems.append(problem)
    return "", {}


def _key_problems(keys: Mapping[str, tuple[str, ...]], text: str, path: Path) -> Iterator[ConfigProblem]:
    """Yield problems of configured keys, at most MAX_LISTED, with their lines in `text`, the text of the config."""
    for count, (name, message, hint) in enumerate(key_problems(keys)):
        if count == MAX_LISTED:
            yield ConfigProblem(
                f"{safe(str(path))}: more than {MAX_LISTED} keys are wrong", "`watchlist keys` lists those that work"
            )
            return
        line_number = line_of(text, name, "keys")
        yield ConfigProblem(f"{safe(str(path))} line {line_number}: {message}", hint, line=line_number)


def key_remarks(loaded: Loaded, path: Path) -> list[ConfigProblem]:
    """Return remarks about configured keys that are valid but may be unintended. They name `path`, the config, and a line."""
    notes = (
        (line_of(loaded.text, name, "keys"), message) for name, message in islice(key_notes(loaded.keys), MAX_LISTED)
    )
    return [
        ConfigProblem(f"{safe(str(path))} line {line_number}: {message}", line=line_number)
        for line_number, message in notes
    ]


def line_of(text: str, key: str, table: str = "") -> int:
    """Return the line number (from 1) of a key in TOML text, or of the header of the table `key`; 1 if there is none.

    `table` is the table of the key, or empty. A key without its own line, as in `keys = {undo = "z"}`, has the table's.
    """
    current_table = ""
    assignment = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
    dotted_assignment = re.compile(rf"""\s*["']?{re.escape(table)}["']?\s*\.{assignment.pattern}""") if table else None
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line)
        if header:
            current_table = header[1].strip("\"'")
            if current_table.split(".")[0] == key and not table:
                return number
        elif (current_table == table and assignment.match(line)) or (
            dotted_assignment is not None and not current_table and dotted_assignment.match(line)
        ):
            return number
    return line_of(text, table) if table else 1


def template() -> str:
    """Return the text of a config in which all settings are comments with their default values."""
    lines = ["# The config of watchlist. Uncomment a line to change a setting.", ""]
    for setting in SETTINGS.values():
        lines.append(f"# {setting.help} ({setting.takes})")
        lines.append(f"#[{setting.name}]" if setting.table else f"#{setting.name} = {as_toml(setting.default)}")
        lines.append("")
    return "\n".join(lines)


def as_toml(value: Any) -> str:
    """Return the value of a setting as TOML text; `""` for an unset path."""
    import json  # only the verb `config` and the manual need it

    plain = (
        list(value)
        if isinstance(value, tuple)
        else str(value or "")
        if isinstance(value, (Path, type(None)))
        else value
    )
    return json.dumps(plain, ensure_ascii=False, default=_as_json)


def _as_json(value: Any) -> Any:
    """Return a value that JSON lacks in a form that it has: a service as a table, a date or a time as ISO text."""
    return value.isoformat() if isinstance(value, (date, time)) else value.as_table()
