"""Help on the command line: the overview, the arguments of each verb, and the manual's topics."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from watchlist import manual
from watchlist.cli.parser import EVERYWHERE, arguments, field_flags, flag_words, usage
from watchlist.command_table import VERBS, Command, Group, Word
from watchlist.errors import NotFound, did_you_mean
from watchlist.help_texts import EXAMPLES
from watchlist.sanitize import safe

WIDTH = 96  # maximum length of a line, in cells
OPTIONS = "options"  # the topic of the global options, which is no page of the manual
HEADING = re.compile(r"^(?:Usage:|\S[^\n]*(?=\n  ))", re.MULTILINE)  # matches the headings in a help text


def topic_of(word: str | None) -> str | None:
    """Return the name of the manual's topic, e.g. `queries`, for its name or alias `word`; None if there is none."""
    name = manual.ALIASES.get(word or "", word)
    return name if name in manual.TOPICS else None


def help_on(verb: str | None) -> str:
    """Return the help text for a verb; for `options`, the options of every verb; for None, the overview of all verbs.

    The manual's topics have no help text: the caller shows their pages instead (see `topic_of`).

    Raises:
        NotFound: `verb` is neither a verb nor `options`. The hint names the most similar verb or topic.
    """
    if verb is None:
        return _overview()
    if verb in VERBS:
        return _verb(VERBS[verb])
    if verb == OPTIONS:
        return "Options of every verb\n" + pairs(map(_flag_row, EVERYWHERE))
    names = [*VERBS, OPTIONS, *manual.TOPICS, *manual.ALIASES]
    hint = did_you_mean(verb, names) or f"topics: {', '.join(manual.TOPICS)}; `watchlist help` lists the verbs"
    raise NotFound(f'no help on "{safe(verb)}"', hint)


def _overview() -> str:
    """Return the overview of verbs, global flags and manual topics."""
    parts = [
        "A watchlist of shows and films, in one file that stays yours.\n",
        "  watchlist               open the interface\n  watchlist VERB ...      do one thing and print it\n",
    ]
    for group in Group:
        verbs = [command for command in VERBS.values() if command.group is group]
        if verbs:
            parts.append(f"{group}\n" + pairs((_signature(command), command.help) for command in verbs))
    parts.append("Options of every verb\n" + pairs(map(_flag_row, EVERYWHERE)))
    parts.append("The manual: watchlist help TOPIC\n" + pairs(manual.TOPICS.items()))
    parts.append(
        "SHOW is an id, or any part of a title that only one show has.\n"
        "More about a verb: watchlist VERB --help, e.g. watchlist rate --help."
    )
    return "\n".join(parts)


def _verb(command: Command) -> str:
    """Return the help for one verb: usage, arguments and flags."""
    bulk = any(word.name == "--where" for word in command.words or ())
    lines = ["Usage: " + usage(command) + " [OPTIONS]"]
    if bulk:
        lines.append("   or: " + usage(command, bulk=True) + " [OPTIONS]")
    parts = ["\n".join(lines) + "\n", textwrap.fill(sentence(command.help), WIDTH) + "\n"]
    words = arguments(command)
    own = [word for word in flag_words(command) if word not in EVERYWHERE and word not in field_flags()]
    if words:
        parts.append("Arguments\n" + pairs((word.name, word.help) for word in words))
    if own:
        parts.append("Options\n" + pairs(map(_flag_row, own)))
    if command.name == "add":
        parts.append("Fields\n" + pairs(map(_flag_row, field_flags())))
    if bulk:
        parts.append(
            textwrap.fill(
                "--where takes every word up to the next flag, so put other words before it or after another flag. "
                "A confirmation is needed, unless --yes is given.",
                WIDTH,
            )
            + "\n"
        )
    parts.append("Examples\n" + "".join(f"  watchlist {example}\n" for example in EXAMPLES[command.name]))
    parts.append("Global options, e.g. --json and --file: watchlist help options")
    if command.name in manual.TOPICS:
        parts.append(f"The manual: watchlist help {command.name}")
    return "\n".join(parts)


def pairs(rows: Iterable[tuple[str, str]]) -> str:
    """Return (name, text) rows as two columns, with long texts on several lines. A long name is on a line of its own."""
    name_width = 26
    lines = []
    for name, text in rows:
        wrapped = textwrap.wrap(text, WIDTH - name_width - 2) or [""]
        if len(name) + 2 > name_width:
            lines.append(f"  {name}")
        else:
            lines.append(f"  {name:<{name_width - 2}}  {wrapped.pop(0)}".rstrip())
        lines += [" " * (name_width + 2) + line for line in wrapped]
    return "\n".join(lines) + "\n"


def _signature(command: Command) -> str:
    """Return the usage of a verb without the name of the program, e.g. `rate SHOW RATING`."""
    return usage(command).removeprefix("watchlist ")


def _flag_row(word: Word) -> tuple[str, str]:
    """Return (spellings of a flag with its value, its help text): `("-o, --output FILE", "write here instead of stdout")`."""
    return flag_spelling(word), word.help


def flag_spelling(word: Word) -> str:
    """Return the names of a flag with its value, e.g. `-o, --output FILE`."""
    names = f"{word.short}, {word.name}" if word.short else word.name
    return names + (f" {word.metavar}" + "..." * word.many if word.metavar else "")


def sentence(text: str) -> str:
    """Return a help text as a sentence, with a capital letter and a full stop."""
    return text[0].upper() + text[1:] + "."
