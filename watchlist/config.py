"""The config: the user's settings, validated, with line numbers of invalid values.

The program reads the config file and never writes to it. A value comes from a flag, else from the variable
`WATCHLIST_NAME`, else from the config file, else from its default.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, time
from itertools import islice
from pathlib import Path
from typing import Any

from watchlist.checked_open import descriptor_of, read_file, read_pipe
from watchlist.domain.frozen import Frozen, WrongRows
from watchlist.errors import StoreError, UsageError, did_you_mean
from watchlist.keymap import key_notes, key_problems, usable_keys
from watchlist.sanitize import safe
from watchlist.settings import LOOKUP_ADDRESSES, LOOKUP_KEYS, SETTINGS, Config

MAX_BYTES = 1 << 20  # larger files are refused, because they would only stall the parser
MAX_LISTED = 20  # maximum number of problems of one kind that are listed one by one
EDIT_HINT = "`watchlist config edit` opens the config"
CHECKED_CHARACTERS = 4000  # longer texts are checked first for values that take long to parse


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
    problems.extend(_unknown_names(table, SETTINGS, text, path))
    lookup = table.get("lookup")
    if isinstance(lookup, dict):
        problems.extend(_unknown_names(lookup, (*LOOKUP_ADDRESSES, *LOOKUP_KEYS), text, path, "lookup"))
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
    except UnicodeDecodeError as error:
        line_number = error.object.count(b"\n", 0, error.start) + 1
        problem = ConfigProblem(f"{name} line {line_number}: not UTF-8 text", EDIT_HINT, fatal=True, line=line_number)
    except (ValueError, RecursionError) as error:
        problem = ConfigProblem(f"{name} can't be read: {safe(str(error))}", fatal=True)
    problems.append(problem)
    return "", {}


def _unknown_names(
    names: Iterable[str], known: Collection[str], text: str, path: Path, table: str = ""
) -> Iterator[ConfigProblem]:
    """Yield warnings of names that are not `known`, at most MAX_LISTED, with their lines in `text`, the text of the config.

    `table` is the table that contains the names, or empty.
    """
    unknown = [name for name in names if name not in known]
    for name in unknown[:MAX_LISTED]:
        line_number = line_of(text, name, table)
        place = f"{safe(str(path))} line {line_number}" + (f": {table}" if table else "")
        yield ConfigProblem(f'{place}: there is no setting "{safe(name)}"', did_you_mean(name, known), line=line_number)
    if len(unknown) > MAX_LISTED:
        yield ConfigProblem(f"{safe(str(path))}: {len(unknown)} unknown settings")


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
    """Return remarks about key bindings that are valid but perhaps unintended, e.g. a key taken from another command.

    `path` is the config; each remark names it and a line.
    """
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
    """Convert a value for which JSON has no type: a service to a table, a date or a time to ISO text."""
    return value.isoformat() if isinstance(value, (date, time)) else value.as_table()
