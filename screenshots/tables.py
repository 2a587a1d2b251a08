"""The tables of README, made from those of the code: keys, verbs, flags, queries, fields, config; and what was counted."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from watchlist.commands import GLOBAL_FLAGS, VERBS, Word
from watchlist.config import SETTINGS, as_toml
from watchlist.fields import FIELDS
from watchlist.keys import help_rows
from watchlist.pick import WEIGHTS
from watchlist.store.snapshot import seed
from watchlist.topics import QUERY, QUERY_END

FIGURES = Path(__file__).parent.parent / "tests" / "trust" / "figures.json"


def filled(readme: str) -> str:
    """The README with every marked part made anew."""
    for name, make in PARTS.items():
        pattern = re.compile(rf"(<!-- {name}:begin -->\n).*?(<!-- {name}:end -->)", re.DOTALL)
        readme, count = pattern.subn(lambda match, make=make: f"{match[1]}\n{make()}\n{match[2]}", readme)
        if count != 1:
            raise ValueError(f"the README has {count} places for {name}")
    return readme


def keys() -> str:
    rows = [(" ".join(f"`{key}`" for key in row.keys), row.help) for row in help_rows()]
    return _table(("key", "does"), rows)


def verbs() -> str:
    rows = []
    for command in VERBS.values():
        words = [word for word in command.words or () if not word.flag]
        flags = [word for word in command.words or () if word.flag]
        usage = " ".join([command.name, *map(_argument, words)])
        rows.append((f"`{usage}`", command.help, " ".join(f"`{_flag(word)}`" for word in flags)))
    return _table(("verb", "does", "flags"), rows)


def flags() -> str:
    return _table(("flag", "does"), [(f"`{_flag(word)}`", word.help) for word in GLOBAL_FLAGS])


def query() -> str:
    rows = [(" ".join(f"`{part}`" for part in typed.split("  ")), found) for typed, found in QUERY]
    return f"{_table(('typed', 'finds'), rows)}\n{QUERY_END}\n"


def fields() -> str:
    rows = []
    for field in FIELDS.values():
        names = " ".join(f"`{name}`" for name in (field.name, *field.aliases))
        rows.append((names, field.type.name, field.hint))
    return _table(("field", "holds", ""), rows)


def config() -> str:
    rows = [
        (
            f"`{s.name}`",
            s.takes,
            f"`{as_toml(s.default)}`" if s.default else "",
            s.help,
            f"`{s.variable}`" * bool(s.variable),
        )
        for s in SETTINGS.values()
    ]
    return _table(("key", "takes", "default", "is", "variable"), rows)


def figures() -> str:
    """What the long run of tests/trust wrote down."""
    counted = json.loads(FIGURES.read_text("utf-8"))
    rows = [
        (
            claim,
            ", ".join(f"{name.replace('_', ' ')} **{count:,}**" for name, count in row.items() if name != "seconds"),
        )
        for claim, row in counted.items()
    ]
    return _table(("claim", "counted"), rows)


def the_seed() -> str:
    return f"```toml\n{seed()}```\n"


def _argument(word: Word) -> str:
    name = word.name + ("..." if word.many else "")
    return f"[{name}]" if word.optional else name


def _flag(word: Word) -> str:
    names = f"{word.short}, {word.name}" if word.short else word.name
    return f"{names} {word.metavar}" if word.metavar else names


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def weights() -> str:
    points = {name: f"{row.points:g}" for name, row in WEIGHTS.items()}
    return _table(("", "points", "for"), [(name, points[name], row.meaning) for name, row in WEIGHTS.items()])


PARTS: dict[str, Callable[[], str]] = {
    "keys": keys,
    "verbs": verbs,
    "flags": flags,
    "query": query,
    "fields": fields,
    "config": config,
    "seed": the_seed,
    "weights": weights,
    "figures": figures,
}
