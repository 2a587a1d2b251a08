"""Completion of command lines in bash, zsh and fish.

argcomplete communicates with the shell; the candidates come from COMMANDS, FIELDS and the list. Completion never writes
a file, asks a question or prints an error: if the list can't be read, its values are not offered.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from argcomplete.finders import CompletionFinder
from argcomplete.lexers import split_line

from watchlist.cli.context import Context
from watchlist.cli.parser import (
    EVERYWHERE,
    arguments,
    field_flags,
    field_of,
    flag_words,
    read_unfinished,
    spellings,
    verb_index,
)
from watchlist.command_table import VERBS, Command, Values, Word
from watchlist.domain.field_types import ChoiceType, Rating
from watchlist.domain.fields import BY_NAME, FIELDS, STORED, Field
from watchlist.domain.model import Status
from watchlist.domain.record_fields import Records
from watchlist.domain.show_table import ShowTable
from watchlist.domain.text import fold
from watchlist.errors import WatchlistError
from watchlist.paths import Paths
from watchlist.query.columns import COLUMNS
from watchlist.query.is_words import IS
from watchlist.query.own_key_fields import own_field
from watchlist.query.query import own_keys
from watchlist.sanitize import safe

Candidates = dict[str, str]  # a short description, which may be empty, by text to insert
Fits = Callable[[str], bool]  # returns True if the shell can insert this text at the cursor
ShowLoader = Callable[[], ShowTable]  # opens the list when called, so that flags and verbs complete without it

STARS = tuple(f"{number / 2:g}" for number in range(1, 11))
OWN_KEY = "a key of your own"  # description of a user-defined key
EMPTINESS = {"none": "empty", "any": "not empty"}
MAX_VALUES = 200  # maximum number of values offered for a field


def complete(environ: Mapping[str, str]) -> int:
    """Answer a shell's completion request, which is in environment variables. argcomplete ends the process afterwards."""
    _Finder()(argparse.ArgumentParser(add_help=False))
    return 0


class _Finder(CompletionFinder):
    """An argcomplete finder whose candidates and quoting come from this module, not from an argparse parser."""

    def collect_completions(self, active_parsers: Any, parsed_args: Any, cword_prefix: str) -> list[str]:
        """Return the candidates for the word at the cursor, and give their descriptions to argcomplete."""
        quote, _, _, words, _ = split_line(os.environ["COMP_LINE"], int(os.environ["COMP_POINT"]))
        shell = os.environ.get("_ARGCOMPLETE_SHELL", "bash")
        descriptions = candidates(
            words[1:],
            cword_prefix,
            lambda: _shows(words, os.environ),
            lambda: _backups(words, os.environ),
            lambda text: can_be_inserted(text, shell, quote),
        )
        insertable = {text: safe(about) for text, about in descriptions.items() if can_be_inserted(text, shell, quote)}
        self.get_display_completions().update(insertable)
        return list(insertable)

    def quote_completions(
        self, completions: list[str], cword_prequote: str, last_wordbreak_pos: int | None
    ) -> list[str]:
        """Return the candidates quoted for the shell. Only bash needs this: zsh and fish quote candidates by themselves."""
        if os.environ.get("_ARGCOMPLETE_SHELL", "bash") != "bash":
            quoted: list[str] = super().quote_completions(completions, cword_prequote, last_wordbreak_pos)
            return quoted
        # bash keeps the text up to a word break, e.g. a colon.
        if not cword_prequote and last_wordbreak_pos is not None:
            completions = [text[last_wordbreak_pos + 1 :] for text in completions]
        quoted = [in_bash(text, cword_prequote) for text in completions]
        if self.append_space and len(quoted) == 1 and not cword_prequote and not quoted[0].endswith(("=", "/", ":")):
            quoted[0] += " "
        return quoted

    def filter_completions(self, completions: list[str]) -> list[str]:
        """Return the candidates unchanged.

        They contain no duplicates. argcomplete would search for duplicates by comparing all pairs, which takes a second
        for ten thousand titles.
        """
        return completions


def can_be_inserted(text: str, shell: str, quote: str) -> bool:
    """Return True if a shell reads back exactly `text` when `text` is inserted at the cursor, after the open quote `quote`.

    Texts with control characters are refused, because shells print candidates unchanged.
    """
    if safe(text) != text:
        return False
    if shell == "bash":
        return quote != '"' or "!" not in text  # history expansion can't be escaped within double quotes
    return shell != "zsh" or "\\" not in text  # zsh drops backslashes in some contexts


def in_bash(text: str, quote: str) -> str:
    """Return `text` escaped for insertion in bash. `quote` is the open quote at the cursor; empty if there is none."""
    if quote == "'":
        return text.replace("'", r"'\''")
    if quote:
        return re.sub(r'(["$`\\])', r"\\\1", text)
    start = "~/" if text.startswith("~/") else ""  # a file name: titles that begin with ~ are not offered
    return start + re.sub(r"([^\w@%+=:,./-])", r"\\\1", text.removeprefix(start))


def _shows(words: Sequence[str], environ: Mapping[str, str]) -> ShowTable:
    """Return the shows of the list that the command line `words` uses; none if the list can't be read."""
    from watchlist.store.library import Library  # only values of the list need it

    try:
        return Library.open(*_file(words, environ)).list.shows
    except (WatchlistError, OSError):
        return ShowTable()


def _backups(words: Sequence[str], environ: Mapping[str, str]) -> Candidates:
    """Return the numbers of the backups of the list, with the time of each as its description."""
    from watchlist.store.list_file import ListFile  # only values of the list need it

    try:
        backups = ListFile(*_file(words, environ)).backups()
    except (WatchlistError, OSError):
        return {}
    return {str(copy.number): copy.time.isoformat(" ", "minutes") for copy in backups}


def _file(words: Sequence[str], environ: Mapping[str, str]) -> tuple[Path, Paths]:
    """Return (list file, paths of the user) for a command line, considering `--file`, `--config` and the config.

    Raises WatchlistError if the config is invalid.
    """
    context = Context(read_unfinished(words[1:]), environ, tuple)
    config, _ = context.accepted()
    return config.file or context.paths.data, context.paths


def candidates(
    words: Sequence[str],
    prefix: str,
    shows: ShowLoader,
    copies: Callable[[], Candidates] = dict,
    fits: Fits = bool,
) -> Candidates:
    """Return the candidates that complete a word of a command line, each with its description. An unknown verb has none.

    Args:
        words: The words before the cursor, without the name of the program.
        prefix: The beginning of the word at the cursor.
        shows: Loads the shows of the list; only called if needed.
        copies: Returns the numbers of the backups; only called if needed.
        fits: Returns True if the shell can insert a title; otherwise the show's id is offered instead.
    """
    index = verb_index(words)
    command = None if index is None else VERBS.get(words[index])
    others = [word for place, word in enumerate(words) if place != index]
    if index is not None and command is None:
        return {}
    flags = spellings(EVERYWHERE if command is None else flag_words(command))
    pending, count = _walk(others, flags)
    name, equals, value = prefix.partition("=")
    if equals and name in flags and flags[name].metavar:
        return {f"{name}={text}": about for text, about in _values(flags[name], value, shows, fits).items()}
    if pending is not None and not (pending.many and prefix.startswith("--")):
        return _values(pending, prefix, shows, fits)
    if command is None:
        result = _matching(prefix, {name: verb.help for name, verb in VERBS.items()})
    elif (word := _argument(command, count, bulk="--where" in others)) is None:
        result = {}
    else:
        result = _matching(prefix, copies()) if word.values is Values.BACKUP else _values(word, prefix, shows, fits)
    if prefix.startswith("-") or not result:
        result |= {text: word.help for text, word in flags.items() if text.startswith(prefix) and "_" not in text}
    return result


def _walk(words: Iterable[str], flags: Mapping[str, Word]) -> tuple[Word | None, int]:
    """Return (flag whose value is missing at the end of `words`, or None; number of arguments in `words`)."""
    pending: Word | None = None
    count, ended = 0, False  # after `--`, no word is a flag
    for token in words:
        if ended:
            count += 1
        elif pending is not None and not pending.many:
            pending = None
        elif token in flags:
            pending = flags[token] if flags[token].metavar else None
        elif token.startswith("--"):
            pending, ended = None, token == "--"
        elif pending is None:
            count += 1
    return pending, count


def _argument(command: Command, count: int, *, bulk: bool) -> Word | None:
    """Return the argument of a verb that follows `count` arguments; None if the verb takes no more arguments.

    With `bulk`, `--where` replaces the argument SHOW.
    """
    expected = arguments(command, bulk=bulk)
    if count < len(expected):
        return expected[count]
    return expected[-1] if expected and expected[-1].many else None


def _values(word: Word, prefix: str, shows: ShowLoader, fits: Fits) -> Candidates:
    """Return the candidates for the value of `word`, an argument or a flag, that begin with `prefix`."""
    if word in field_flags():
        return _matching(prefix, _field_values(FIELDS[field_of(word)], shows))
    match word.values:
        case Values.SHOW:
            return _show_names(prefix, shows(), fits)
        case Values.QUERY:
            return _query(prefix, shows)
        case Values.ASSIGNMENT:
            return _assignment(prefix, shows)
        case Values.TAG:
            sign = prefix[:1] if prefix[:1] in ("+", "-") else ""
            return _matching(prefix, _prefixed(sign, _field_values(FIELDS["tags"], shows)))
        case Values.COLUMNS:
            start = prefix[: prefix.rfind(",") + 1]
            return _matching(prefix, _prefixed(start, _field_names(shows)))
        case Values.FIELD:
            names = _field_names(shows)
            return _matching(prefix, names | {f"{name}-": f"{label}, from the top" for name, label in names.items()})
        case Values.FILE:
            return _files(prefix)
        case _:
            return _matching(prefix, dict.fromkeys(_words_of(word), ""))


def _words_of(word: Word) -> Iterable[str]:
    """Return the possible values of an argument whose values do not depend on the list, e.g. statuses, shells, formats."""
    match word.values:
        case Values.STATUS:
            return list(Status)
        case Values.RATING:
            return (*STARS, "-")
        case Values.SHELL:
            from watchlist.cli.verbs.info import SHELLS  # imported for this argument only

            return SHELLS
        case Values.CONFIG:
            from watchlist.cli.verbs.config import ACTIONS  # imported for this argument only

            return ACTIONS
        case Values.BACKUPS:
            from watchlist.cli.verbs.backups import ACTIONS  # imported for this argument only

            return ACTIONS
        case Values.VERB:
            from watchlist.manual import TOPICS  # imported for this argument only

            return tuple(dict.fromkeys((*VERBS, "options", *TOPICS)))
        case Values.FORMAT:
            from watchlist.formats import FORMATS  # imported for this argument only

            return list(FORMATS)
        case _:
            return word.metavar.split(",") if word.metavar.islower() else ()


def _show_names(prefix: str, shows: ShowTable, fits: Fits) -> Candidates:
    """Return the ids that begin with `prefix`, described by title, and titles of other shows that do, described by year.

    If a title can't be typed in the shell, the id of its show is offered instead.
    """
    result: Candidates = {}
    folded = fold(prefix)
    years = _column("year", shows)
    for index, (show, title) in enumerate(zip(shows, _column("title", shows), strict=True)):
        if show.id.startswith(prefix):
            result[show.id] = title
        elif fold(title).startswith(folded):
            # A title that begins with - would be read as a flag, with ~ as a home folder.
            typable = fits(title) and title[:1] not in ("-", "~")
            result[title if typable else show.id] = str(years[index] or "") if typable else title
    return result


def _column(name: str, shows: ShowTable) -> Sequence[Any]:
    """Return the values of the field `name` for all shows, without loading their other fields."""
    return shows.column(name, COLUMNS.get(name, FIELDS[name].get))


def _query(prefix: str, shows: ShowLoader) -> Candidates:
    """Return the candidates for a query term: field names or, after a colon, the values of the field."""
    negated = prefix[:1] if prefix[:1] in ("-", "^") else ""
    name, colon, text = prefix[len(negated) :].partition(":")
    if not colon:
        names = {f"{name}:": field.label for name, field in BY_NAME.items()}
        own_names = {f"{key}:": OWN_KEY for key in _own_keys(shows)}
        return _matching(prefix, _prefixed(negated, own_names | names | {"is:": "a state", "sort:": "the order"}))
    start = f"{negated}{name}:" + text[: text.rfind(",") + 1]
    if name == "is":
        values = dict.fromkeys(IS, "")
    elif name == "sort":
        values = {f"{field}{direction}": "" for field in _field_names(shows) for direction in ("", "-")}
    elif name in BY_NAME:
        values = _field_values(BY_NAME[name], shows) | EMPTINESS
    elif name in _own_keys(shows):
        values = {
            text: "" for value in _own_values(name, shows) for text in own_field(name).type.texts(value)
        } | EMPTINESS
    else:
        values = {}
    return _matching(prefix, _prefixed(start, {text: about for text, about in values.items() if "," not in text}))


def _field_names(shows: ShowLoader) -> Candidates:
    """Return the names of all fields, and the user's own keys in the list. Labels of the fields are the descriptions."""
    return {name: field.label for name, field in FIELDS.items()} | dict.fromkeys(_own_keys(shows), OWN_KEY)


def _own_keys(shows: ShowLoader) -> list[str]:
    """Return the user's own keys in the list, sorted. Keys that need quotes in a query are left out."""
    return sorted(key for key in own_keys(shows()) if key not in BY_NAME and not set(key) & set('",:=\n'))


def _own_values(key: str, shows: ShowLoader) -> list[Any]:
    """Return the values of the user's own key `key` in the list, most frequent first, at most MAX_VALUES."""
    from watchlist.domain.toml_values import render_value  # only the user's own keys need it

    table = shows()
    values = [
        show.other[key] for show, keys in zip(table, table.column("keys", COLUMNS["keys"]), strict=True) if key in keys
    ]
    counts = Counter(map(render_value, values))
    return sorted({render_value(value): value for value in values}.values(), key=lambda v: -counts[render_value(v)])[
        :MAX_VALUES
    ]


def _own_assignment(prefix: str, shows: ShowLoader) -> Candidates:
    """Return the candidates for `own:KEY=VALUE`: the user's own keys or, after the `=`, the values of the key in the list."""
    from watchlist.domain.own_keys import format_value  # only the user's own keys need it

    key, equals, _ = prefix.removeprefix("own:").partition("=")
    if equals:
        name = key.rstrip("+-")
        values = (
            item for value in _own_values(name, shows) for item in (value if isinstance(value, list) else [value])
        )
        return _matching(prefix, _prefixed(f"own:{key}=", {format_value(value): "" for value in values}))
    return _matching(prefix, {f"own:{key}=": OWN_KEY for key in _own_keys(shows)} | {"own:": OWN_KEY})


def _assignment(prefix: str, shows: ShowLoader) -> Candidates:
    """Return the candidates for FIELD=VALUE: fields with their operators or, after the `=`, the values of the field."""
    if prefix.startswith("own:"):
        return _own_assignment(prefix, shows)
    name, equals, _ = prefix.partition("=")
    field = FIELDS.get(name.rstrip("+-"))
    if equals and field is not None:
        return _matching(prefix, _prefixed(f"{name}=", _field_values(field, shows)))
    result: Candidates = {}
    for field in STORED:
        if field.name != "id":
            operators = ("=", "+=", "-=") if field.type.multiple else ("=",)
            result |= {f"{field.name}{operator}": field.hint for operator in operators}
    return _matching(prefix, result | _own_assignment("own:", shows))


def _field_values(field: Field, shows: ShowLoader) -> Candidates:
    """Return values to offer for a field: the possible ones or, if any text is valid, those in use, most frequent first."""
    if isinstance(field.type, ChoiceType):
        return {str(choice): "" for choice in field.type.choices}
    if isinstance(field.type, Rating):
        return dict.fromkeys(STARS, "")
    if isinstance(field.type, Records) or field.type.long:
        return {}
    values = (value for value in _column(field.name, shows()) if value != field.type.empty)
    counts = Counter(text for value in values for text in field.type.texts(value))
    return {text: "" for text, _ in counts.most_common(MAX_VALUES) if text and '"' not in text}


def _files(prefix: str) -> Candidates:
    """Return the files and folders whose path begins with `prefix`. Hidden ones are offered only after a typed dot."""
    folder, slash, name = prefix.rpartition("/")
    try:
        entries = sorted(Path(folder + slash or ".").expanduser().iterdir())
    except (OSError, RuntimeError):
        return {}
    return {
        folder + slash + entry.name + "/" * entry.is_dir(): ""
        for entry in entries
        if entry.name.startswith(name) and (name or not entry.name.startswith("."))
    }


def _prefixed(start: str, candidates: Mapping[str, str]) -> Candidates:
    """Return the candidates with `start` inserted before each of them."""
    return {start + text: about for text, about in candidates.items()}


def _matching(prefix: str, candidates: Mapping[str, str]) -> Candidates:
    """Return the candidates that begin with `prefix`. If there are none, ignore case and accents."""
    exact = {text: about for text, about in candidates.items() if text.startswith(prefix)}
    folded = fold(prefix)
    return exact or {text: about for text, about in candidates.items() if fold(text).startswith(folded)}
