"""What a verb is about: shows that are named, or that a query finds, and episodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from watchlist.cli.context import Context
from watchlist.errors import NotFound, UsageError, did_you_mean
from watchlist.fields import BY_NAME, FIELDS, Field
from watchlist.model import Chosen, Show
from watchlist.query import own_keys, parse, parse_sort, parse_words, select
from watchlist.query.find import find
from watchlist.query.own import own_field
from watchlist.safe import safe

if TYPE_CHECKING:
    from watchlist.watching import Episode


def find_shows(context: Context, names: Sequence[str]) -> list[Show]:
    """The shows of these ids or titles, each once. NotFound where one is not there, or is more than one."""
    try:
        shows = [find(context.list.shows, name) for name in names]
    except NotFound:
        context.check()
        raise
    return list({show.id: show for show in shows}.values())


def select_shows(context: Context, words: Sequence[str], *, sort: str | None = None, bulk: bool = False) -> list[Show]:
    """What these words find, ordered by `sort`, else by the query, else by the config.

    With `bulk`, UsageError for a query that asks for nothing: it would be the whole list.
    """
    shows = context.list.shows
    keys = own_keys(shows)
    query = parse_words(words, own_keys=keys, style=context.style, services=context.services)
    if bulk and query.empty:
        raise UsageError("--where wants something to look for", "title:any is every show; see `watchlist help query`")
    default = parse_sort(context.config.sort)
    if sort is not None:
        asked = parse_sort(sort, own_keys=keys)
        found = select(shows, query, default_sort=default)
        return select(found, parse(""), default_sort=asked)
    return select(shows, query, default_sort=default)


def chosen(context: Context, words: Sequence[str]) -> Chosen:
    """What these words find, in the order of the list."""
    shows = context.list.shows
    query = parse_words(words, own_keys=own_keys(shows), style=context.style, services=context.services)
    return Chosen(shows, query.rows(shows))


def count_of(context: Context, query: str) -> int:
    """How many shows a saved query finds."""
    shows = context.list.shows
    return sum(
        map(parse(query, own_keys=own_keys(shows), style=context.style, services=context.services).matches, shows)
    )


def field_named(context: Context, name: str) -> Field:
    """The field, or the key of the user's own, of this name. UsageError with the nearest name where there is none."""
    if name in BY_NAME:
        return BY_NAME[name]
    own = own_keys(context.list.shows)
    if name not in own:
        hint = did_you_mean(name, [*FIELDS, *own]) or "see `watchlist fields`"
        raise UsageError(f'there is no field "{safe(name)}"', hint)
    return own_field(name)


def named_episodes(text: str) -> tuple[Episode, ...]:
    """The episodes that are named on the command line."""
    from watchlist.watching import parse_episodes  # what only looks at shows does not wait for it

    try:
        return parse_episodes(text)
    except ValueError as error:
        raise UsageError(str(error), "as in watchlist watch ballard S01E03") from error
