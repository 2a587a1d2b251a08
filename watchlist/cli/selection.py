"""Selects shows, fields and episodes that the user names, and makes commands to paste, for hints."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from watchlist.cli.context import Context
from watchlist.domain.episodes import Name, parse_names
from watchlist.domain.fields import BY_NAME, FIELDS, Field
from watchlist.domain.model import Show
from watchlist.domain.show_table import ShowSelection
from watchlist.domain.text import counted
from watchlist.errors import NotFound, StoreError, UsageError, did_you_mean
from watchlist.query import own_keys, parse, parse_sort, parse_words, select
from watchlist.query.find_show import find
from watchlist.query.own_key_fields import own_field
from watchlist.sanitize import safe, shell_word


def find_shows(context: Context, names: Sequence[str]) -> list[Show]:
    """Return the shows with these ids or titles, each once. Raise NotFound if a name is unknown or ambiguous.

    If shows may be missing because the file is damaged or has lost some, an unknown name raises StoreError instead.
    """
    while True:
        try:
            shows = [find(context.list.shows, name) for name in names]
        except NotFound as error:
            if not context.reload():
                context.check()
                if context.library.list.damage is not None:
                    raise StoreError(f"{error.message} in what can be read of the file") from error
                raise
            shows = [find(context.list.shows, name) for name in names]
        unique = list({show.id: show for show in shows}.values())
        if context.library.confirm(unique):
            return unique


def select_shows(context: Context, words: Sequence[str], *, sort: str | None = None, bulk: bool = False) -> list[Show]:
    """Return the shows that match the query `words`, sorted by `sort`, else by the query's order, else by the config's.

    Args:
        bulk: True if the shows will be changed. Then, the list is checked for completeness, and an empty query raises
            UsageError, like an invalid one, because it would select the whole list.
    """
    shows = context.list.shows
    keys = own_keys(shows)
    query = parse_words(words, own_keys=keys, style=context.style, services=context.services)
    if bulk and query.empty:
        raise UsageError("--where needs a query", "title:any is every show; see `watchlist help queries`")
    if bulk and not context.library.confirm(select(shows, query)):
        return select_shows(context, words, sort=sort, bulk=True)
    default, articles = parse_sort(context.config.sort), context.config.sort_articles
    if sort is not None:
        order = parse_sort(sort, own_keys=keys)
        matches = select(shows, query, default_sort=default, articles=articles)
        return select(matches, parse(""), default_sort=order, articles=articles)
    return select(shows, query, default_sort=default, articles=articles)


def matching_shows(context: Context, words: Sequence[str]) -> ShowSelection:
    """Return the shows that match the query `words`, in the order of the list file. Raise UsageError if it is invalid."""
    shows = context.list.shows
    query = parse_words(words, own_keys=own_keys(shows), style=context.style, services=context.services)
    return ShowSelection(shows, query.rows(shows))


def match_count(context: Context, query: str) -> int:
    """Return the number of shows that match a saved query. Raise UsageError if the query is invalid."""
    shows = context.list.shows
    return sum(
        map(parse(query, own_keys=own_keys(shows), style=context.style, services=context.services).matches, shows)
    )


def field_named(context: Context, name: str) -> Field:
    """Return the field, or the user's own key, with the name `name`. Raise UsageError, with a hint, if there is none."""
    if name in BY_NAME:
        return BY_NAME[name]
    keys = own_keys(context.list.shows)
    if name not in keys:
        hint = did_you_mean(name, [*FIELDS, *keys]) or "see `watchlist fields`"
        raise UsageError(f'there is no field "{safe(name)}"', hint)
    return own_field(name)


def named_episodes(text: str, hint: str) -> tuple[Name, ...]:
    """Parse the names of episodes and seasons in `text`. Raise UsageError, with `hint`, if it contains anything else."""
    try:
        return parse_names(text)
    except ValueError as error:
        raise UsageError(str(error), hint) from error


def same_list(context: Context) -> list[str]:
    """Return the flags `--config` and `--file` as this run got them, quoted for a shell, for commands on the same list."""
    values = ((flag, context.request.word(flag)) for flag in ("--config", "--file"))
    return [f"{flag} {shell_word(path)}" for flag, path in values if path]


def command(context: Context, *words: str) -> str:
    """Return a command to paste: the verb of this run with the same show or query and the same list, and with `words`.

    E.g. `watchlist watch heat S01E03 --file films.toml` for the word `S01E03`, if this run is of `watch heat`.
    """
    request = context.request
    bulk = request.on("--where")
    show = [] if bulk else [shell_word(request.word("SHOW") or "SHOW")]
    query = ["--where", *map(shell_word, request.words("--where"))] if bulk else []
    return " ".join(["watchlist", request.verb, *show, *map(shell_word, words), *query, *same_list(context)])


def example(context: Context, *words: str) -> str:
    """Return a hint with an example command, e.g. `e.g. watchlist watch heat S01E03`. `words` are its last arguments."""
    return f"e.g. {command(context, *words)}"


def matches_alone(context: Context, words: Sequence[str]) -> str:
    """Return a hint for a query without matches: how many shows each of its words matches alone."""
    if len(words) < 2:
        return "`watchlist list` prints all shows"
    keys, shows = own_keys(context.list.shows), context.list.shows
    counts = []
    for word in words:
        with suppress(UsageError):
            query = parse_words([word], own_keys=keys, style=context.style, services=context.services)
            if not query.empty:
                counts.append(f"{shell_word(word)} {counted(len(query.rows(shows)), 'show')}")
    return f"alone they match: {', '.join(counts)}" if counts else "`watchlist list` prints all shows"
