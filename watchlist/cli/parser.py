"""From the words of a command line to a `Request`, projected from COMMANDS and FIELDS.

Flags stand anywhere, global ones before the verb too. A word that starts with one dash is a flag only where it is exactly
one of the verb's; else it is a term or a tag (`-status:watched`, `-b`). argparse can't be taught that, and costs a
third of the time that `watchlist help` takes, so the few rules there are stand here; completion goes by the same tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from watchlist.commands import GLOBAL_FLAGS, VERBS, Command, Values, Word
from watchlist.errors import UsageError, did_you_mean
from watchlist.safe import safe
from watchlist.values import Value

OWN_FLAGS = (Word("--help", "about this verb", short="-h"), Word("--version", "print the version"))
EVERYWHERE = (*GLOBAL_FLAGS, *OWN_FLAGS)


class Request(Value):
    """What was asked for. `verb` is empty where none was named; values are kept by the name of their word."""

    verb: str
    values: Mapping[str, Any]

    def word(self, name: str) -> str | None:
        """The value of an argument, or of a flag that takes one."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def words(self, name: str) -> list[str]:
        """The values of an argument that takes several."""
        return list(self.values.get(name) or ())

    def number(self, name: str) -> int | None:
        value = self.values.get(name)
        return None if value is None else int(value)

    def on(self, name: str) -> bool:
        """Whether a flag was given."""
        return bool(self.values.get(name))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The field flags of `add`, as name and text."""
        given = [(flag, self.values[flag.name]) for flag in field_flags() if flag.name in self.values]
        return [(field_of(flag), text) for flag, value in given for text in (value if flag.repeated else [value])]


@cache
def field_flags() -> tuple[Word, ...]:
    """The flags of `add`: one for each field that can be set."""
    from watchlist.fields import STORED  # no other verb waits for it

    fields = [field for field in STORED if field.name not in ("id", "title")]
    return tuple(
        Word("--" + f.name.replace("_", "-"), f.hint, metavar=f.name.upper(), repeated=f.type.multiple) for f in fields
    )


def field_of(flag: Word) -> str:
    """The field that a flag of `add` sets."""
    return flag.name[2:].replace("-", "_")


def parse(argv: Sequence[str]) -> Request:
    """The request that these words make. UsageError, with a hint, for whatever does not fit."""
    index = verb_index(argv)
    before = argv if index is None else argv[:index]
    verb = "" if index is None else argv[index]
    everywhere = spellings(EVERYWHERE)
    if index is None:
        values, rest = _read_flags(everywhere, argv)
        if rest:
            raise _no_flag(rest[0], everywhere)
        return Request("", values)
    for token in before:
        if token.startswith("--") and token.partition("=")[0] not in everywhere:
            raise _no_flag(token, everywhere)
    command = VERBS.get(verb)
    if command is None:
        raise UsageError(f'there is no verb "{safe(verb)}"', did_you_mean(verb, VERBS) or "see `watchlist --help`")
    values, rest = _read_flags(spellings(flag_words(command)), [*before, *argv[index + 1 :]])
    if "--help" in values:
        return Request(verb, values)
    return Request(verb, values | _deal(command, rest, bulk="--where" in values))


def verb_index(argv: Sequence[str]) -> int | None:
    """Where the verb stands: the first word that is neither a flag nor the value of one."""
    with_value = {spelling for spelling, word in spellings(EVERYWHERE).items() if word.metavar}
    skip = False
    for index, token in enumerate(argv):
        if skip:
            skip = False
        elif token in with_value:
            skip = True
        elif not token.startswith("-"):
            return index
    return None


def flag_words(command: Command) -> tuple[Word, ...]:
    """All flags that this verb takes, its own first."""
    own = tuple(word for word in command.words or () if word.flag)
    names = {word.name for word in own}  # `add --force` says more by that than other verbs do
    fields = field_flags() if command.name == "add" else ()
    return (*own, *fields, *(word for word in EVERYWHERE if word.name not in names))


def arguments(command: Command, *, bulk: bool = False) -> tuple[Word, ...]:
    """What the verb takes besides flags, in order; with `bulk`, `--where` stands in place of SHOW."""
    return tuple(w for w in command.words or () if not w.flag and not (bulk and w.values is Values.SHOW))


def spellings(flags: Iterable[Word]) -> dict[str, Word]:
    """Every way to write these flags; `_` is as good as `-` inside a name."""
    spelled: dict[str, Word] = {}
    for word in flags:
        names = (word.name, word.short, "--" + word.name[2:].replace("-", "_") if word.name.startswith("--") else "")
        spelled |= {name: word for name in names if name}
    return spelled


def _read_flags(flags: Mapping[str, Word], argv: Sequence[str]) -> tuple[dict[str, Any], list[str]]:
    """The values of the flags by name, and the words that are left. After `--` nothing is a flag."""
    values: dict[str, Any] = {}
    rest: list[str] = []
    at = 0
    while at < len(argv):
        token = argv[at]
        at += 1
        if token == "--":
            return values, [*rest, *argv[at:]]
        name, sign, value = token.partition("=") if token.startswith("--") else (token, "", "")
        word = flags.get(name)
        if word is None:
            if token.startswith("--"):
                raise _no_flag(token, flags)
            rest.append(token)
        elif not word.metavar:
            if sign:
                raise UsageError(f"{name} takes no value", f"{name} alone")
            values[word.name] = True
        else:
            taken = [value] if sign else _values(word, flags, argv, at)
            at += 0 if sign else len(taken)
            _keep(values, word, name, taken)
    return values, rest


def _values(word: Word, flags: Mapping[str, Word], argv: Sequence[str], at: int) -> list[str]:
    """The words from `at` on that a flag takes: up to the next flag, or just one."""
    end = at
    while end < len(argv) and argv[end] not in flags and not (word.many and argv[end].startswith("--")):
        end += 1
        if not word.many:
            break
    return list(argv[at:end])


def _keep(values: dict[str, Any], word: Word, name: str, taken: list[str]) -> None:
    """Put down what a flag was given: all of it where it can be given several times, else the last."""
    if not taken:
        raise UsageError(f"{name} wants {word.metavar}: {word.help}", "see `watchlist --help`")
    if word.many or word.repeated:
        values[word.name] = [*values.get(word.name, ()), *taken]
    else:
        values[word.name] = _number(name, taken[0]) if word.number else taken[0]


def _number(name: str, text: str, hint: str = "") -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text[:10]) < 10**9):
        raise UsageError(f'{name}: "{safe(text)}" is not a whole number from 1 up', hint)
    return int(text)


def _deal(command: Command, words: list[str], *, bulk: bool) -> dict[str, Any]:
    """The words, dealt out to the verb's arguments."""
    values: dict[str, Any] = {}
    left = list(words)
    for word in arguments(command, bulk=bulk):
        if not left and not word.optional:
            raise UsageError(f"{command.name} wants {word.name}: {word.help}", _usage_hint(command, bulk=bulk))
        if word.many:
            values[word.name], left = left, []
        elif left:
            text = left.pop(0)
            values[word.name] = _number(word.name, text, _usage_hint(command)) if word.number else text
    if left:
        titled = any(word.values is Values.SHOW for word in arguments(command)) and not bulk
        hint = "put quotes around a title with spaces" if titled else _usage_hint(command, bulk=bulk)
        raise UsageError(f'{command.name} does not know what to do with "{safe(left[0])}"', hint)
    return values


def usage(command: Command, *, bulk: bool = False) -> str:
    """The verb with its arguments on one line, as in `watchlist rate SHOW RATING`."""
    parts = []
    for word in arguments(command, bulk=bulk):
        name = word.name + "..." * word.many
        parts.append(f"[{name}]" if word.optional else name)
    return " ".join(["watchlist", command.name, *parts, *["--where QUERY..."] * bulk])


def _usage_hint(command: Command, *, bulk: bool = False) -> str:
    hint = usage(command, bulk=bulk)
    return f"{hint}; --where takes every word up to the next flag" if bulk else hint


def _no_flag(token: str, flags: Iterable[str]) -> UsageError:
    name = token.partition("=")[0]
    long = [flag for flag in flags if flag.startswith("--")]
    return UsageError(
        f"there is no flag {safe(name)} here", did_you_mean(name, long) or "-- before a word that starts with --"
    )
