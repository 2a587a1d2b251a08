"""The config: what the user set, checked and with its line number where it is wrong. It is read here, never written.

A value comes from a flag, else from `WATCHLIST_NAME`, else from the config file, else from its default. The fields of
`Config` are the one table of settings: `config show`, the file that `config edit` starts from, and the README project it.
"""

import os
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from watchlist.commands import ACTIONS
from watchlist.errors import UsageError, did_you_mean
from watchlist.fields import BY_NAME
from watchlist.ratings import SCALES, Style
from watchlist.safe import safe
from watchlist.values import Value

if TYPE_CHECKING:
    from watchlist.services import Service

MAX_BYTES = 1 << 20  # nobody's config is larger; a huge one would only stall the parser
LONG = 4000  # characters; in fewer nothing can be hidden that takes long to parse
_BOOLEANS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def _text(raw: object) -> str:
    if not isinstance(raw, str):
        raise ValueError("text in quotes belongs here")
    return raw


def _switch(raw: object) -> bool:
    if isinstance(raw, str) and raw.lower() in _BOOLEANS:
        return _BOOLEANS[raw.lower()]
    if not isinstance(raw, bool):
        raise ValueError("true or false belongs here")
    return raw


def _count(raw: object) -> int:
    number = int(raw) if isinstance(raw, str) and re.fullmatch(r"\d{1,4}", raw, re.ASCII) else raw
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 1000:
        raise ValueError("a whole number from 1 to 1000 belongs here")
    return number


def _scale(raw: object) -> str:
    if raw not in SCALES:
        hint = did_you_mean(raw, SCALES) if isinstance(raw, str) else ""
        raise ValueError(f"one of {', '.join(SCALES)}, in quotes, belongs here" + (f"; {hint}" if hint else ""))
    return str(raw)


def _path(raw: object) -> Path:
    if not isinstance(raw, str) or not raw or "\0" in raw:
        raise ValueError("a path in quotes belongs here")
    return Path(os.path.expandvars(raw)).expanduser()


def _columns(raw: object) -> tuple[str, ...]:
    names = [name.strip() for name in raw.split(",")] if isinstance(raw, str) else raw
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise ValueError('a list of fields belongs here, as in ["title", "year"]')
    return tuple(dict.fromkeys(_field(name) for name in names))


def _sort(raw: object) -> str:
    words = [word.strip() for word in _text(raw).split(",") if word.strip()]
    return ",".join(_field(word.removesuffix("-")) + "-" * word.endswith("-") for word in words)


def _field(name: str) -> str:
    if name not in BY_NAME:
        hint = did_you_mean(name, BY_NAME)
        raise ValueError(f'there is no field "{safe(name)}"' + (f"; {hint}" if hint else ""))
    return BY_NAME[name].name


def _table(raw: object) -> Mapping[str, Any]:
    if not isinstance(raw, dict):
        raise ValueError("a table belongs here")
    return raw


def _keys(raw: object) -> Mapping[str, tuple[str, ...]]:
    keys = {}
    for name, value in _table(raw).items():
        many = [value] if isinstance(value, str) else value
        if not isinstance(many, list) or not all(isinstance(key, str) and key for key in many):
            raise ValueError(f'{safe(name)} wants a key, as in "ctrl+s", or a list of keys')
        keys[name] = tuple(many)
    return keys


def _services(raw: object) -> "Mapping[str, Service]":
    from watchlist.services import read_services  # most configs name none

    return read_services(_table(raw))


class Config(Value):
    """All settings, each with a valid value. `keys` maps command names to the keys that take the place of their own.

    Beside its type, a setting is annotated with what it takes, what it is for, and how it is read.
    """

    file: Annotated[Path | None, "a path", "the list; ~ and $NAMES are expanded", _path] = None
    theme: Annotated[str, "a name", "colours, until others are chosen; `watchlist themes`", _text] = "ballard"
    scale: Annotated[str, "stars, 10 or 100", "how ratings are typed and shown; kept in stars", _scale] = "stars"
    ascii: Annotated[bool, "true or false", "only ASCII for stars and marks", _switch] = False
    mouse: Annotated[bool, "true or false", "whether the interface takes the mouse", _switch] = True
    columns: Annotated[tuple[str, ...], "fields", "the columns of the list", _columns] = (
        "title", "year", "status", "rating", "platform",
    )  # fmt: skip
    sort: Annotated[str, "fields", "the order of the list; rating- is from the top down", _sort] = "title"
    backups: Annotated[int, "1 to 1000", "how many of the newest backups are kept", _count] = 20
    auto_status: Annotated[
        bool, "true or false", "rating or finishing a show also moves its status, and says so", _switch
    ] = True
    keys: Annotated[Mapping[str, tuple[str, ...]], "a table", "command = key, or a list of keys", _keys] = {}
    services: Annotated[
        Mapping[str, "Service"],
        "a table",
        "what you watch on, and its price a month: Netflix = 12.99, or { price = 12.99, until = 2027-03-01 }",
        _services,
    ] = {}
    lookup: Annotated[Mapping[str, Any], "a table", "settings of looking up details online", _table] = {}

    @property
    def style(self) -> Style:
        """How values are typed and shown."""
        return Style(self.scale, self.ascii)


class Setting(Value):
    """One row of the table of settings."""

    name: str
    default: Any
    takes: str
    help: str
    read: Callable[[object], Any]  # a TOML value or the text of a variable; ValueError says what belongs there

    @property
    def table(self) -> bool:
        return isinstance(self.default, dict)

    @property
    def variable(self) -> str:
        """The environment variable that sets it; empty for tables."""
        return "" if self.table else f"WATCHLIST_{self.name.upper()}"


SETTINGS: dict[str, Setting] = {
    name: Setting(name, default, *Config.__annotations__[name].__metadata__) for name, default in Config.blank.items()
}


class Problem(Value):
    """What is wrong with the config. `fatal`: a value that can't be used; else it is only left out."""

    message: str
    hint: str = ""
    fatal: bool = False

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message


class Loaded(Value):
    """The settings, where each of them comes from, and what was wrong on the way."""

    config: Config
    sources: Mapping[str, str]
    problems: tuple[Problem, ...] = ()

    def accepted(self) -> tuple[Config, list[str]]:
        """The settings, and warnings to be printed. UsageError for the first value that can't be used."""
        for problem in self.problems:
            if problem.fatal:
                raise UsageError(problem.message, problem.hint)
        return self.config, [str(problem) for problem in self.problems]


def load(path: Path, environ: Mapping[str, str], flags: Mapping[str, str] | None = None) -> tuple[Config, list[str]]:
    """The settings, and warnings to be printed. UsageError for what can't be used, naming the line."""
    return check(path, environ, flags).accepted()


def check(path: Path, environ: Mapping[str, str], flags: Mapping[str, str] | None = None) -> Loaded:
    """As `load`, with all problems listed and no exception: a wrong value leaves the default in its place."""
    values: dict[str, Any] = {}
    sources = dict.fromkeys(SETTINGS, "default")
    problems: list[Problem] = []

    def take(name: str, raw: object, source: str) -> None:
        try:
            values[name] = SETTINGS[name].read(raw)
            sources[name] = source
        except ValueError as error:
            problems.append(Problem(f"{source}: {name}: {error}", fatal=True))

    text, table = _read(path, problems)
    for name, raw in table.items():
        where = f"{safe(str(path))} line {line_of(text, name)}"
        if name in SETTINGS:
            take(name, raw, where)
        else:
            problems.append(Problem(f'{where}: there is no setting "{safe(name)}"', did_you_mean(name, SETTINGS)))
    if sources["file"] != "default":
        values["file"] = path.parent / values["file"]  # a relative one is beside the config, not wherever one stands
    for name, setting in SETTINGS.items():
        if setting.variable and environ.get(setting.variable):
            take(name, environ[setting.variable], setting.variable)
    for name, raw in (flags or {}).items():
        take(name, raw, f"--{name}")
    problems.extend(_key_problems(values.get("keys", {}), text, path))
    return Loaded(Config(**values), sources, tuple(problems))


def _read(path: Path, problems: list[Problem]) -> tuple[str, Mapping[str, Any]]:
    """The text and the tables of the config; nothing where there is no file or where it can't be read."""
    name = safe(str(path))
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return "", {}
    except OSError as error:
        problems.append(Problem(f"{name} can't be read: {error.strerror}", fatal=True))
        return "", {}
    import tomllib  # where there is no config, nobody waits for its parser

    try:
        if len(raw) > MAX_BYTES:
            raise ValueError("it is larger than 1 MiB")
        text = raw.decode("utf-8-sig")
        if len(text) > LONG:
            from watchlist.toml_text import check_limits  # few configs are so long, or take long to parse

            check_limits(text)
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.fullmatch(r"(.*) \(at (.*)\)", str(error).splitlines()[0])
        what, where = (match[1], match[2]) if match else (str(error), "")
        problem = Problem(f"{name} {where}: {safe(what)}", "mend it with `watchlist config edit`", fatal=True)
    except (ValueError, RecursionError) as error:
        problem = Problem(f"{name} can't be read: {safe(str(error))}", fatal=True)
    problems.append(problem)
    return "", {}


def _key_problems(keys: Mapping[str, tuple[str, ...]], text: str, path: Path) -> Iterator[Problem]:
    """Commands that there are not, and one key given to two commands."""
    taken: dict[str, str] = {}
    for name in keys:
        where = f"{safe(str(path))} line {line_of(text, name, 'keys')}"
        if name not in ACTIONS:
            yield Problem(f'{where}: there is no command "{safe(name)}" to give a key to', did_you_mean(name, ACTIONS))
            continue
        for key in keys[name]:
            if key in taken:
                yield Problem(
                    f"{where}: the key {safe(key)} is taken by {taken[key]} already", "give one of them another"
                )
            taken[key] = name


def line_of(text: str, key: str, table: str = "") -> int:
    """The line, from 1, where `key` (or the table of that name) stands in TOML text; 1 where it was not found."""
    here = ""
    spelled = re.compile(rf"""\s*["']?{re.escape(key)}["']?\s*[.=]""")
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[+\s*([^\]]*?)\s*\]", line)
        if header:
            here = header[1].strip("\"'")
            if here.split(".")[0] == key and not table:
                return number
        elif here == table and spelled.match(line):
            return number
    return 1


def template() -> str:
    """A config that changes nothing: every setting with its default, as a comment."""
    lines = ["# The config of watchlist: take the # before a setting away, and it counts.", ""]
    for setting in SETTINGS.values():
        lines.append(f"# {setting.help} ({setting.takes})")
        lines.append(f"#[{setting.name}]" if setting.table else f"#{setting.name} = {as_toml(setting.default)}")
        lines.append("")
    return "\n".join(lines)


def as_toml(value: Any) -> str:
    """A setting's value as it is written in the config; what is not set is the empty text."""
    import json  # nothing but the words about the config waits for it

    plain = (
        list(value)
        if isinstance(value, tuple)
        else str(value or "")
        if isinstance(value, (Path, type(None)))
        else value
    )
    return json.dumps(plain, ensure_ascii=False, default=lambda service: service.as_table())
