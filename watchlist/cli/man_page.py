"""The man page watchlist(1), in roff with the macros of man(7), generated from the tables of the program.

The text is ASCII, because formatters disagree about the encoding of their input: other characters are written as
`\\[uXXXX]`, which groff and mandoc both read. It does not depend on the day or the machine.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable

from watchlist import RELEASED, __version__, manual
from watchlist.cli.help import flag_spelling, sentence
from watchlist.cli.parser import EVERYWHERE, arguments, flag_words
from watchlist.command_table import VERBS, Command, Group, Word
from watchlist.help_texts import DESCRIPTION, ENVIRONMENT, EXAMPLES, EXIT_CODES, FILES, SUMMARY
from watchlist.settings import SETTINGS

WIDTH = 79  # maximum length of a line of roff, in bytes, unless a single word is longer
# Characters that roff replaces or interprets, with the escape that prints them as they are (groff_char(7)).
_ESCAPES = {"\\": r"\e", "-": r"\-", "'": r"\[aq]", "`": r"\[ga]", "^": r"\[ha]", "~": r"\[ti]", '"': r"\[dq]"}


def man_page() -> str:
    """Return the man page of the program."""
    # The date is not escaped: formatters parse it.
    title = f'.TH WATCHLIST 1 {RELEASED} "watchlist {__version__}" "User Commands"\n'
    return title + "".join(
        (
            _section("NAME", f"watchlist \\- {escape(SUMMARY)}\n"),
            _section("SYNOPSIS", _synopsis()),
            _section("DESCRIPTION", ".PP\n".join(map(fill, DESCRIPTION))),
            _section("COMMANDS", _commands()),
            _section(
                "OPTIONS", "These options work with every command, before or after its name.\n", _options(EVERYWHERE)
            ),
            _section("FILES", *(_item(f"\\fI{escape(path)}\\fR", about) for path, about in FILES)),
            _section("ENVIRONMENT", *(_item(_bold(name), about) for name, about in _variables())),
            _section("EXIT STATUS", *(_item(_bold(str(code)), about) for code, about in EXIT_CODES)),
            _section("EXAMPLES", _examples()),
            _section("SEE ALSO", "The manual in the program:\n", *map(_topic, manual.TOPICS)),
        )
    )


def escape(text: str) -> str:
    """Return roff that prints one line of text unchanged, at any place of a line, also within a macro's arguments."""
    escaped = "".join(_ESCAPES.get(char) or (char if char.isascii() else f"\\[u{ord(char):04X}]") for char in text)
    return f"\\&{escaped}" if escaped.startswith(".") else escaped


def _section(name: str, *parts: str) -> str:
    """Return roff for a section with a heading. `parts` are the lines of roff below the heading."""
    return f".SH {name}\n{''.join(parts)}"


def fill(text: str) -> str:
    """Return a text as lines of roff of at most `WIDTH` bytes. Text in backticks is set in bold."""
    parts = re.split(r"`([^`]+)`", text)
    marked = "".join(_bold(part) if index % 2 else escape(part).removeprefix("\\&") for index, part in enumerate(parts))
    lines = textwrap.wrap(marked, WIDTH - len("\\&"), break_long_words=False, break_on_hyphens=False)
    return "".join(f"\\&{line}\n" if line.startswith(".") else f"{line}\n" for line in lines)


def _item(tag: str, text: str) -> str:
    """Return roff for an item of a list: `tag`, which is roff, and beside or below it `text`, indented."""
    return f".TP\n{tag}\n{fill(text)}"


def _bold(text: str) -> str:
    """Return roff that prints a text in bold."""
    return f"\\fB{escape(text)}\\fR"


def _italic(text: str) -> str:
    """Return roff that prints a text in italics, which marks what the user replaces."""
    return f"\\fI{escape(text)}\\fR"


def _synopsis() -> str:
    """Return roff for the two ways to call the program: with and without a verb."""
    name, options = _bold("watchlist"), f"[{_italic('OPTIONS')}]"
    return f"{name} {options}\n.br\n{name} {_italic('COMMAND')} [{_italic('ARGUMENTS')}] {options}\n"


def _commands() -> str:
    """Return roff for all verbs with their arguments and flags, with a subsection for each group."""
    parts = []
    for group in Group:
        commands = [command for command in VERBS.values() if command.group is group]
        if commands:
            parts += [f".SS {escape(group)}\n", *map(_command, commands)]
    return "".join(parts)


def _command(command: Command) -> str:
    """Return roff for a verb with its help, its arguments and, indented, its own flags."""
    words = arguments(command)
    names = [_italic(word.name) + "..." * word.many for word in words]
    tag = [
        _bold(command.name),
        *(f"[{name}]" if word.optional else name for word, name in zip(words, names, strict=True)),
    ]
    rows = [_item(_italic(word.name), word.help) for word in words]
    own = [word for word in flag_words(command) if word in (command.words or ())]
    rows += [_option(word) for word in own]
    if command.name == "add":
        about = "a flag for each field of `watchlist fields`, e.g. `--year 1995`; repeat it for lists, e.g. `--tags`"
        rows.append(_item(f"{_bold('--FIELD')} {_italic('VALUE')}", about))
    return _item(" ".join(tag), sentence(command.help)) + (f".RS\n{''.join(rows)}.RE\n" if rows else "")


def _options(words: Iterable[Word]) -> str:
    """Return roff for a list of flags."""
    return "".join(map(_option, words))


def _option(word: Word) -> str:
    """Return roff for a flag with all its spellings, its value and its help."""
    names, _, value = flag_spelling(word).rpartition(word.name)
    tag = ", ".join(_bold(name) for name in (*names.split(", ")[:-1], word.name))
    return _item(tag + (f" {_italic(value.strip())}" if value else ""), word.help)


def _variables() -> list[tuple[str, str]]:
    """Return (name, meaning) of every environment variable: those of settings, then the others."""
    return [(s.variable, s.help) for s in SETTINGS.values() if s.variable] + list(ENVIRONMENT)


def _examples() -> str:
    """Return roff for the examples in the help of all verbs. An example that is only a verb, e.g. `undo`, is left out."""
    examples = (example for examples in EXAMPLES.values() for example in examples if example not in VERBS)
    lines = [escape(f"watchlist {example}") for example in examples]
    return ".EX\n" + "".join(f"{line}\n" for line in lines) + ".EE\n"


def _topic(name: str) -> str:
    """Return roff for a topic of the manual with the command that shows it."""
    return _item(_bold(f"watchlist help {name}"), manual.TOPICS[name])
