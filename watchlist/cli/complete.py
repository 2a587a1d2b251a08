"""Completion in bash, zsh and fish: argcomplete speaks with the shell, the tables say what could come next.

Nothing here writes, asks or fails aloud: where the list can't be read, only its values are missing.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from argcomplete.finders import CompletionFinder
from argcomplete.lexers import split_line

from watchlist.cli.parser import EVERYWHERE, arguments, field_flags, field_of, flag_words, spellings, verb_index
from watchlist.commands import VERBS, Command, Values, Word
from watchlist.errors import WatchlistError
from watchlist.fields import BY_NAME, FIELDS, STORED, Field
from watchlist.fieldtypes import Choice, Rating
from watchlist.model import Shows, Status
from watchlist.paths import Paths
from watchlist.records import Records
from watchlist.safe import safe
from watchlist.text import fold

Found = dict[str, str]  # what could stand there, and a word about it
Listed = Callable[[], Shows]  # the shows of the list, which is opened only where they are asked for

STARS = tuple(f"{number / 2:g}" for number in range(1, 11))
MOST = 200  # values of one field that are offered


def complete(environ: Mapping[str, str]) -> int:
    """Answer the shell that asks; argcomplete ends the process."""
    _Finder()(argparse.ArgumentParser(add_help=False))
    return 0


class _Finder(CompletionFinder):
    """argcomplete with our candidates; the quoting and the talking are still its own."""

    def collect_completions(self, active_parsers: Any, parsed_args: Any, cword_prefix: str) -> list[str]:
        _, _, _, words, _ = split_line(os.environ["COMP_LINE"], int(os.environ["COMP_POINT"]))
        found = candidates(
            words[1:], cword_prefix, lambda: _shows(words, os.environ), lambda: _copies(words, os.environ)
        )
        fit = {text: safe(about) for text, about in found.items() if safe(text) == text}  # shells print them raw
        self.get_display_completions().update(fit)
        return list(fit)

    def filter_completions(self, completions: list[str]) -> list[str]:
        """No two are alike, and to compare each with all others takes a second where there are ten thousand."""
        return completions


def _shows(words: Sequence[str], environ: Mapping[str, str]) -> Shows:
    """The shows of the list that the words before are about; none where it can't be read."""
    from watchlist.store.library import Library

    try:
        return Library.open(*_file(words, environ)).list.shows
    except (WatchlistError, OSError):
        return Shows()


def _copies(words: Sequence[str], environ: Mapping[str, str]) -> Found:
    """The numbers of the backups of that list, and when they were made."""
    from watchlist.store.library import Library

    try:
        copies = Library(*_file(words, environ)).backups()
    except (WatchlistError, OSError):
        return {}
    return {str(copy.number): copy.time.isoformat(" ", "minutes") for copy in copies}


def _file(words: Sequence[str], environ: Mapping[str, str]) -> tuple[Path, Paths]:
    """The list that these words are about. WatchlistError where a config says nothing that can be used."""
    from watchlist.config import check

    named = {flag: words[at + 1] for at, flag in enumerate(words[:-1]) if flag in ("--file", "--config")}
    paths = Paths.of_user()
    config_path = Path(named.get("--config") or environ.get("WATCHLIST_CONFIG") or paths.config)
    flags = {"file": named["--file"]} if "--file" in named else {}
    return check(config_path, environ, flags).config.file or paths.data, paths


def candidates(words: Sequence[str], prefix: str, shows: Listed, copies: Callable[[], Found] = dict) -> Found:
    """What could stand where `prefix` was begun, after these words; `copies` are the numbers of the backups."""
    at = verb_index(words)
    command = None if at is None else VERBS.get(words[at])
    rest = [word for index, word in enumerate(words) if index != at]
    if at is not None and command is None:
        return {}
    flags = spellings(EVERYWHERE if command is None else flag_words(command))
    wanting, said = _walk(rest, flags)
    name, sign, value = prefix.partition("=")
    if sign and name in flags and flags[name].metavar:
        return {f"{name}={text}": about for text, about in _values(flags[name], value, shows).items()}
    if wanting is not None and not (wanting.many and prefix.startswith("--")):
        return _values(wanting, prefix, shows)
    if command is None:
        found = _that_begin(prefix, {name: verb.help for name, verb in VERBS.items()})
    elif (word := _argument(command, said, bulk="--where" in rest)) is None:
        found = {}
    else:
        found = _that_begin(prefix, copies()) if word.values is Values.BACKUP else _values(word, prefix, shows)
    if prefix.startswith("-") or not found:
        found |= {text: word.help for text, word in flags.items() if text.startswith(prefix) and "_" not in text}
    return found


def _walk(words: Iterable[str], flags: Mapping[str, Word]) -> tuple[Word | None, int]:
    """The flag that wants the next word, if one does, and how many words were arguments."""
    wanting: Word | None = None
    said = 0
    for token in words:
        if wanting is not None and not wanting.many:
            wanting = None
        elif token in flags:
            wanting = flags[token] if flags[token].metavar else None
        elif token.startswith("--"):
            wanting = None
        elif wanting is None:
            said += 1
    return wanting, said


def _argument(command: Command, said: int, *, bulk: bool) -> Word | None:
    """The argument that comes after so many words; None where the verb takes no more."""
    expected = arguments(command, bulk=bulk)
    if said < len(expected):
        return expected[said]
    return expected[-1] if expected and expected[-1].many else None


def _values(word: Word, prefix: str, shows: Listed) -> Found:
    """What this word of a verb takes."""
    if word in field_flags():
        return _that_begin(prefix, _field_values(FIELDS[field_of(word)], shows))
    match word.values:
        case Values.SHOW:
            return _show_names(prefix, shows())
        case Values.QUERY:
            return _query(prefix, shows)
        case Values.ASSIGNMENT:
            return _assignment(prefix, shows)
        case Values.TAG:
            sign = prefix[:1] if prefix[:1] in ("+", "-") else ""
            return _that_begin(prefix, _prefixed(sign, _field_values(FIELDS["tags"], shows)))
        case Values.COLUMNS:
            start = prefix[: prefix.rfind(",") + 1]
            return _that_begin(prefix, _prefixed(start, {name: field.label for name, field in FIELDS.items()}))
        case Values.FIELD:
            names = {name: field.label for name, field in FIELDS.items()}
            return _that_begin(prefix, names | {f"{name}-": f"{label}, from the top" for name, label in names.items()})
        case Values.FILE:
            return _files(prefix)
        case _:
            return _that_begin(prefix, dict.fromkeys(_words_of(word), ""))


def _words_of(word: Word) -> Iterable[str]:
    """The words of the program itself; what has them is imported where it is asked about, as is the list."""
    match word.values:
        case Values.STATUS:
            return list(Status)
        case Values.RATING:
            return (*STARS, "-")
        case Values.SHELL:
            from watchlist.cli.program import SHELLS

            return SHELLS
        case Values.CONFIG:
            from watchlist.cli.configuring import ACTIONS

            return ACTIONS
        case Values.BACKUPS:
            from watchlist.cli.keeping import ACTIONS

            return ACTIONS
        case Values.VERB:
            from watchlist.cli.help import TOPICS

            return (*VERBS, *TOPICS)
        case Values.FORMAT:
            from watchlist.formats import FORMATS

            return list(FORMATS)
        case _:
            return word.metavar.split(",") if word.metavar.islower() else ()


def _show_names(prefix: str, shows: Shows) -> Found:
    """Ids; titles where no id begins like that."""
    found: Found = {}
    wanted = fold(prefix)
    years = _column("year", shows)
    for at, (show, title) in enumerate(zip(shows, _column("title", shows), strict=True)):
        if show.id.startswith(prefix):
            found[show.id] = title
        elif fold(title).startswith(wanted):
            found[title] = str(years[at] or "")
    return found


def _column(name: str, shows: Shows) -> Sequence[Any]:
    """A field of all shows at once; the rest of them is not read for it."""
    from watchlist.query.columns import COLUMNS

    return shows.column(name, COLUMNS.get(name, FIELDS[name].get))


def _query(prefix: str, shows: Listed) -> Found:
    """Names of fields, or after the colon the values that are in the list."""
    negated = prefix[:1] if prefix[:1] in ("-", "^") else ""
    name, colon, text = prefix[len(negated) :].partition(":")
    if not colon:
        names = {f"{name}:": field.label for name, field in BY_NAME.items()}
        return _that_begin(prefix, _prefixed(negated, names | {"is:": "a state", "sort:": "the order"}))
    start = f"{negated}{name}:" + text[: text.rfind(",") + 1]
    if name == "is":
        from watchlist.query.columns import IS

        values = dict.fromkeys(IS, "")
    elif name == "sort":
        values = {f"{field}{down}": "" for field in FIELDS for down in ("", "-")}
    elif name in BY_NAME:
        values = _field_values(BY_NAME[name], shows) | {"none": "nothing there", "any": "something there"}
    else:
        values = {}
    return _that_begin(prefix, _prefixed(start, {text: about for text, about in values.items() if "," not in text}))


def _assignment(prefix: str, shows: Listed) -> Found:
    name, sign, _ = prefix.partition("=")
    field = FIELDS.get(name.rstrip("+-"))
    if sign and field is not None:
        return _that_begin(prefix, _prefixed(f"{name}=", _field_values(field, shows)))
    found: Found = {}
    for field in STORED:
        if field.name != "id":
            signs = ("=", "+=", "-=") if field.type.multiple else ("=",)
            found |= {f"{field.name}{sign}": field.hint for sign in signs}
    return _that_begin(prefix, found)


def _field_values(field: Field, shows: Listed) -> Found:
    """What a field can hold, or what the shows of the list hold there, the most frequent first."""
    if isinstance(field.type, Choice):
        return {str(choice): "" for choice in field.type.choices}
    if isinstance(field.type, Rating):
        return dict.fromkeys(STARS, "")
    if isinstance(field.type, Records) or field.type.long:
        return {}
    there = (value for value in _column(field.name, shows()) if value != field.type.empty)
    counts = Counter(text for value in there for text in field.type.texts(value))
    return {text: "" for text, _ in counts.most_common(MOST) if text and '"' not in text}


def _files(prefix: str) -> Found:
    """Files and folders, spelled on from what was typed."""
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


def _prefixed(start: str, found: Mapping[str, str]) -> Found:
    return {start + text: about for text, about in found.items()}


def _that_begin(prefix: str, found: Mapping[str, str]) -> Found:
    """Those that begin with `prefix`; case and accents count only where that leaves any."""
    exact = {text: about for text, about in found.items() if text.startswith(prefix)}
    wanted = fold(prefix)
    return exact or {text: about for text, about in found.items() if fold(text).startswith(wanted)}
