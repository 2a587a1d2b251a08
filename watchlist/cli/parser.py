"""The command line parser. It turns words into a `Request`, based on the tables COMMANDS and FIELDS.

Flags may stand anywhere, and global flags also before the verb. A word with one dash is a flag only if it is exactly a
flag of the verb, or a flag with its number (`-n3`); any other such word is a query term or a tag (`-status:watched`,
`-b`). argparse can't be configured this way. Completion uses the same functions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from watchlist.command_table import GLOBAL_FLAGS, VERBS, Command, Values, Word
from watchlist.domain.frozen import Frozen
from watchlist.errors import UsageError, did_you_mean
from watchlist.sanitize import safe

OWN_FLAGS = (Word("--help", "about this verb", short="-h"), Word("--version", "print the version"))
MAX_QUOTED_CHARACTERS = 80  # maximum length of a wrong word that is repeated in a message
EVERYWHERE = (*GLOBAL_FLAGS, *OWN_FLAGS)


class Request(Frozen):
    """A parsed command line. `values` maps names of arguments and flags to values. If no verb is given, `verb` is empty."""

    verb: str
    values: Mapping[str, Any]

    def word(self, name: str) -> str | None:
        """Return the text of the argument or flag `name`; None if it was not given."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def words(self, name: str) -> list[str]:
        """Return the values of the argument or flag `name`, which takes several values; an empty list if it was not given."""
        return list(self.values.get(name) or ())

    def number(self, name: str) -> int | None:
        """Return the number given for the argument or flag `name`; None if it was not given."""
        value = self.values.get(name)
        return None if value is None else int(value)

    def on(self, name: str) -> bool:
        """Return True if the flag or argument `name` was given."""
        return bool(self.values.get(name))

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The flags of `add` that set fields, e.g. `--year 1995`, as (field name, text) pairs."""
        flags = [(flag, self.values[flag.name]) for flag in field_flags() if flag.name in self.values]
        return [(field_of(flag), text) for flag, value in flags for text in (value if flag.repeated else [value])]


@cache
def field_flags() -> tuple[Word, ...]:
    """Return the flags of `add` that set fields, e.g. `--year`: one for each stored field but id and title."""
    from watchlist.domain.fields import STORED  # only `add` and completion need the fields

    fields = [field for field in STORED if field.name not in ("id", "title")]
    return tuple(
        Word("--" + f.name.replace("_", "-"), f.hint, metavar=f.name.upper(), repeated=f.type.multiple) for f in fields
    )


def field_of(flag: Word) -> str:
    """Return the name of the field that `flag`, a flag of `add`, sets: `based_on` for `--based-on`."""
    return flag.name[2:].replace("-", "_")


def parse(argv: Sequence[str]) -> Request:
    """Parse the words of a command line. Raise UsageError, with a hint, if the command line is invalid."""
    index = verb_index(argv)
    before = argv if index is None else argv[:index]
    verb = "" if index is None else argv[index]
    everywhere = spellings(EVERYWHERE)
    if index is None:
        values, rest = _read_flags(everywhere, argv)
        if rest:
            raise _unknown_flag(rest[0], everywhere)
        return Request("", values)
    for token in before:
        if token.startswith("--") and token.partition("=")[0] not in everywhere:
            raise _unknown_flag(token, everywhere)
    command = VERBS.get(verb)
    if command is None:
        raise UsageError(f'there is no verb "{safe(verb)}"', did_you_mean(verb, VERBS) or "see `watchlist --help`")
    values, rest = _read_flags(spellings(flag_words(command)), [*before, *argv[index + 1 :]], command)
    if "--help" in values:
        return Request(verb, values)
    return Request(verb, values | _assign_arguments(command, rest, bulk="--where" in values))


def verb_index(argv: Sequence[str]) -> int | None:
    """Return the index of the verb: the first word that is neither a flag nor a flag's value; None without a verb."""
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
    """Return all flags of a verb: its own flags, for `add` also those that set fields, then the global flags."""
    own = tuple(word for word in command.words or () if word.flag)
    names = {word.name for word in own}  # `add --force` replaces the global flag, with a help text of its own
    fields = field_flags() if command.name == "add" else ()
    return (*own, *fields, *(word for word in EVERYWHERE if word.name not in names))


def arguments(command: Command, *, bulk: bool = False) -> tuple[Word, ...]:
    """Return the positional arguments of a verb, in order. With `bulk`, SHOW is omitted, because `--where` replaces it."""
    return tuple(w for w in command.words or () if not w.flag and not (bulk and w.values is Values.SHOW))


def spellings(flags: Iterable[Word]) -> dict[str, Word]:
    """Return the flags by each of their spellings: long name, short name, and the long name with `_` instead of `-`."""
    spelled: dict[str, Word] = {}
    for word in flags:
        names = (word.name, word.short, "--" + word.name[2:].replace("-", "_") if word.name.startswith("--") else "")
        spelled |= {name: word for name in names if name}
    return spelled


def read_unfinished(argv: Sequence[str]) -> Request:
    """Parse the verb and the flags of a command line that is still being typed. Invalid flags and verbs are ignored."""
    index = verb_index(argv)
    command = None if index is None else VERBS.get(argv[index])
    flags = spellings(EVERYWHERE if command is None else flag_words(command))
    values, _ = _read_flags(flags, [word for place, word in enumerate(argv) if place != index], unfinished=True)
    return Request("" if command is None else command.name, values)


def _read_flags(
    flags: Mapping[str, Word], argv: Sequence[str], command: Command | None = None, *, unfinished: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """Return (values of the flags by name, remaining words) of a command line. After `--`, no word is a flag.

    Raises UsageError for an unknown flag or a wrong value. If `unfinished` is True, they are skipped instead.

    Args:
        flags: All flags by spelling.
        command: The verb, for hints; None if it is not known yet.
    """
    values: dict[str, Any] = {}
    rest: list[str] = []
    index = 0
    while index < len(argv):
        token = argv[index]
        index += 1
        if token == "--":
            return values, [*rest, *argv[index:]]
        try:
            name, equals, value = token.partition("=") if token.startswith("--") else _short(token, flags)
            word = flags.get(name)
            if word is None:
                if token.startswith("--"):
                    raise _unknown_flag(token, flags, command)
                rest.append(token)
            elif not word.metavar:
                if equals:
                    raise UsageError(f"{name} takes no value", f"{name} alone")
                values[word.name] = True
            else:
                texts = [value] if equals else _values(word, flags, argv, index)
                index += 0 if equals else len(texts)
                _store_flag(values, word, name, texts)
        except UsageError:
            if not unfinished:
                raise
    return values, rest


def _short(token: str, flags: Mapping[str, Word]) -> tuple[str, str, str]:
    """Split a word with one dash into (name, equals sign, value): `-n3` and `-n=3` into `("-n", "=", "3")`.

    A word that is no flag with its number gives `(word, "", "")`.
    """
    word, value = flags.get(token[:2]), token[2:].removeprefix("=")
    if word is not None and word.number and value.isascii() and value.isdigit():
        return token[:2], "=", value
    return token, "", ""


def _values(word: Word, flags: Mapping[str, Word], argv: Sequence[str], start: int) -> list[str]:
    """Return the values of the flag `word`: the words from the index `start` to the next flag, at most one unless `many`."""
    end = start
    while end < len(argv) and argv[end] not in flags and not (word.many and argv[end].startswith("--")):
        end += 1
        if not word.many:
            break
    return list(argv[start:end])


def _store_flag(values: dict[str, Any], word: Word, name: str, texts: list[str]) -> None:
    """Store `texts`, the values of the flag `word`, in `values`. A flag that takes several values keeps its earlier ones.

    Raises UsageError if there is no value, or if it is blank or an invalid number. `name` is the flag as typed.
    """
    if not texts:
        raise UsageError(f"{name} needs {word.metavar}: {word.help}", "see `watchlist --help`")
    for text in texts:
        _refuse_blank(word, name, text)
    if word.many or word.repeated:
        values[word.name] = [*values.get(word.name, ()), *texts]
    else:
        values[word.name] = _number(name, texts[0]) if word.number else texts[0]


def _refuse_blank(word: Word, name: str, text: str) -> None:
    """Raise UsageError if `text`, the value of an argument or flag, is blank: it may come from an unset shell variable.

    `name` begins the message. The words of a query may be blank. A blank show is no show, which `find` says.
    """
    if not text.strip() and word.values not in (Values.QUERY, Values.SHOW):
        raise UsageError(f"{name} is empty", f"{word.metavar or word.name}: {word.help}")


def whole_number(text: str) -> int | None:
    """Parse a number of one to nine ASCII digits; return None for any other text."""
    return int(text) if len(text) < 10 and text.isascii() and text.isdigit() else None


def _number(name: str, text: str, hint: str = "") -> int:
    """Parse `text`, the value of `name`, as a number from 1 to 999999999. Raise UsageError, with `hint`, for other texts."""
    number = whole_number(text)
    if not number:
        raise UsageError(
            f'{name}: "{safe(text[:MAX_QUOTED_CHARACTERS])}" is not a whole number from 1 to 999999999', hint
        )
    return number


def _assign_arguments(command: Command, words: list[str], *, bulk: bool) -> dict[str, Any]:
    """Return the values of a verb's arguments by name. Raise UsageError if a word is missing, blank or superfluous.

    With `bulk`, `--where` replaces the argument SHOW.
    """
    values: dict[str, Any] = {}
    remaining = list(words)
    for word in arguments(command, bulk=bulk):
        if not remaining and not word.optional:
            message = f"{command.name}: missing {word.name} ({word.help})"
            raise UsageError(message, _usage_hint(command, bulk=bulk))
        for text in remaining if word.many else remaining[:1]:
            _refuse_blank(word, f"{command.name}: {word.name}", text)
        if word.many:
            values[word.name], remaining = remaining, []
        elif remaining:
            text = remaining.pop(0)
            values[word.name] = _number(word.name, text, _usage_hint(command)) if word.number else text
    if remaining:
        has_title = any(word.values is Values.SHOW for word in arguments(command)) and not bulk
        hint = "put quotes around a title with spaces" if has_title else _usage_hint(command, bulk=bulk)
        raise UsageError(f'{command.name} does not know what to do with "{safe(remaining[0])}"', hint)
    return values


def usage(command: Command, *, bulk: bool = False) -> str:
    """Return the usage of a verb on one line: `watchlist rate SHOW RATING`. With `bulk`, `--where` replaces SHOW."""
    parts = []
    for word in arguments(command, bulk=bulk):
        name = word.name + "..." * word.many
        parts.append(f"[{name}]" if word.optional else name)
    return " ".join(["watchlist", command.name, *parts, *["--where QUERY..."] * bulk])


def _usage_hint(command: Command, *, bulk: bool = False) -> str:
    """Return a hint with the usage of a verb. With `bulk`, the hint also explains `--where`."""
    hint = usage(command, bulk=bulk)
    return f"{hint}; --where takes every word up to the next flag" if bulk else hint


def _unknown_flag(token: str, flags: Iterable[str], command: Command | None = None) -> UsageError:
    """Return the error for the unknown flag `token`. Its hint is the most similar of `flags`, or lists the verb's flags.

    `command` is the verb; None if it is not known, so that the hint lists the global flags.
    """
    name = token.partition("=")[0]
    long = [flag for flag in flags if flag.startswith("--") and "_" not in flag]
    return UsageError(f"there is no flag {safe(name)} here", did_you_mean(name, long) or _all_flags(name, command))


def _all_flags(name: str, command: Command | None) -> str:
    """Return a hint about the unknown flag `name`: the flags of a verb or, if `command` is None, the global flags.

    If `name` is the name of an argument of the verb, e.g. `--rating` for RATING, the hint is the verb's usage instead.
    """
    if command is None:
        return f"the flags are: {', '.join(word.name for word in EVERYWHERE)}"
    if any(word.name.lower() == name.strip("-").lower() for word in arguments(command)):
        return f"{name.strip('-').upper()} is given without a flag: {usage(command)}"
    own = [word.name for word in flag_words(command) if word not in EVERYWHERE]
    listed = f"{command.name} has {', '.join(own)}" if own else f"{command.name} has none of its own"
    return f"{listed}; see `watchlist help {command.name}`; put -- before a word that starts with --"
