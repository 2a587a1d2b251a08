"""The help: an overview of the verbs, each verb, and a few topics, projected from the tables."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from watchlist import topics
from watchlist.cli.parser import EVERYWHERE, arguments, field_flags, flag_words, usage
from watchlist.commands import VERBS, Command, Group, Word
from watchlist.errors import NotFound, did_you_mean
from watchlist.safe import safe

WIDTH = 96
TOPICS = ("query", "file", "config")


def help_on(topic: str | None) -> str:
    """The text for a verb or a topic, or the overview. NotFound, with the nearest name, for anything else."""
    if topic is None:
        return _overview()
    if topic in VERBS:
        return _verb(VERBS[topic])
    if topic not in TOPICS:
        hint = did_you_mean(topic, [*VERBS, *TOPICS]) or f"there are: {', '.join([*VERBS, *TOPICS])}"
        raise NotFound(f'there is no help on "{safe(topic)}"', hint)
    return {"query": _query, "file": lambda: topics.FILE, "config": _config}[topic]()


def _overview() -> str:
    parts = [
        "A watchlist of shows and films, in one file that stays yours.\n",
        "  watchlist               open the interface\n  watchlist VERB ...      do one thing and print it\n",
    ]
    for group in Group:
        verbs = [command for command in VERBS.values() if command.group is group]
        if verbs:
            parts.append(f"{group}\n" + pairs((_signature(command), command.help) for command in verbs))
    parts.append("With every verb\n" + pairs(map(_flag_row, EVERYWHERE)))
    parts.append(
        "SHOW is an id, or any part of a title that only one show has.\n"
        "More: watchlist help VERB, or help query, help file, help config."
    )
    return "\n".join(parts)


def _verb(command: Command) -> str:
    bulk = any(word.name == "--where" for word in command.words or ())
    lines = ["Usage: " + usage(command) + " [FLAGS]"]
    if bulk:
        lines.append("   or: " + usage(command, bulk=True) + " [FLAGS]")
    parts = ["\n".join(lines) + "\n", textwrap.fill(_sentence(command.help), WIDTH) + "\n"]
    words = arguments(command)
    own = [word for word in flag_words(command) if word not in EVERYWHERE and word not in field_flags()]
    if words:
        parts.append("Words\n" + pairs((word.name, word.help) for word in words))
    if own:
        parts.append("Flags\n" + pairs(map(_flag_row, own)))
    if command.name == "add":
        parts.append("Fields\n" + pairs(map(_flag_row, field_flags())))
    if bulk:
        parts.append(
            textwrap.fill(
                "--where takes every word up to the next flag, so what else there is stands before it or after "
                "another flag. It asks before it changes anything, unless --yes is given.",
                WIDTH,
            )
            + "\n"
        )
    parts.append("With every verb\n" + pairs(_flag_row(word) for word in flag_words(command) if word in EVERYWHERE))
    return "\n".join(parts)


def _query() -> str:
    return (
        "What to look for, in `list`, `export` and --where, in the filter line and in saved views.\n\n"
        + pairs(topics.QUERY)
        + "\n"
        + topics.QUERY_END
    )


def _config() -> str:
    from watchlist.config import SETTINGS, as_toml

    rows = [
        (f"[{s.name}]" if s.table else f"{s.name} = {as_toml(s.default)}", f"{s.help} ({s.takes})")
        for s in SETTINGS.values()
    ]
    return (
        "A TOML file; `watchlist paths` says where, `watchlist config edit` opens it.\n"
        "A flag counts before a variable (WATCHLIST_THEME and so on), a variable before the config.\n\n"
        + pairs(rows)
        + '\n[keys] takes the names of `watchlist keys`:  rate = "R"   or   rate = ["r", "ctrl+r"]'
    )


def pairs(rows: Iterable[tuple[str, str]]) -> str:
    """Two columns, the right one wrapped; a long entry on the left has its line to itself."""
    left = 26
    lines = []
    for name, text in rows:
        wrapped = textwrap.wrap(text, WIDTH - left - 2) or [""]
        if len(name) + 2 > left:
            lines.append(f"  {name}")
        else:
            lines.append(f"  {name:<{left - 2}}  {wrapped.pop(0)}".rstrip())
        lines += [" " * (left + 2) + line for line in wrapped]
    return "\n".join(lines) + "\n"


def _signature(command: Command) -> str:
    return usage(command).removeprefix("watchlist ")


def _flag_row(word: Word) -> tuple[str, str]:
    names = f"{word.short}, {word.name}" if word.short else word.name
    takes = f" {word.metavar}" + "..." * word.many if word.metavar else ""
    return names + takes, word.help


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
