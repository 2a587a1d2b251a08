"""The verb `pick`: print a few shows to watch tonight, with reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import SystemRandom

from watchlist.cli.context import Context
from watchlist.cli.selection import select_shows
from watchlist.domain.text import counted
from watchlist.errors import NotFound, StoreError, UsageError
from watchlist.pick import Pick, parse_minutes, pick
from watchlist.sanitize import safe, shell_word

MAX_SEED = 10_000  # exclusive; small, so that a seed is easy to type again


def pick_(context: Context) -> None:
    """Run `watchlist pick`: print the picks on stdout, and on stderr the seed that repeats them.

    Raises NotFound if there is no candidate.
    """
    request = context.request
    seed, count = request.number("--seed"), request.number("--count")
    if seed is None:
        seed = SystemRandom().randrange(1, MAX_SEED)
    minutes = _minutes(request.word("--time"))
    words = request.words("QUERY")
    shows = context.list.shows
    matching = {show.id for show in select_shows(context, words)}
    # The other shows can't be picked, but their ratings tell what the user likes.
    unwanted = [show.id for show in shows if show.id not in matching]
    today = date.today()
    picks = pick(
        shows,
        today=today,
        minutes=minutes,
        count=count or 3,
        seed=seed,
        exclude=unwanted,
        style=context.style,
        services=context.config.services,
    )
    if not picks:
        context.check()
        if minutes is not None and (longer := pick(shows, today=today, count=0, exclude=unwanted).candidates):
            message = f"none of {counted(longer, 'candidate')} fits into {minutes} minutes"
            raise NotFound(message, "use a longer --time, or leave it out")
        if not shows and context.list.damage is not None:
            raise StoreError(f"there is nothing to pick: {context.why_empty}")
        raise NotFound(*_nothing(bool(shows), bool(words), bool(matching)))
    if context.out.json:
        context.out.document(
            {"candidates": picks.candidates, "seed": seed, "picks": [_as_table(picked) for picked in picks]}
        )
    else:
        _print(context, picks)
    count_text = f"{len(picks):,} of {counted(picks.candidates, 'candidate')}"
    context.out.say(f"{count_text}; {_repeat_flags(context, seed)} picks the same again")


def _repeat_flags(context: Context, seed: int) -> str:
    """Return the flags that repeat a pick: query, time and count as the user typed them, and the seed."""
    request = context.request
    flags = [f"{name} {shell_word(text)}" for name in ("--time",) if (text := request.word(name))]
    count = [f"-n {number}"] if (number := request.number("--count")) else []
    return " ".join([*map(shell_word, request.words("QUERY")), *flags, *count, f"--seed {seed}"])


def _minutes(text: str | None) -> int | None:
    """Return the value of `--time` in minutes; None if it was not given. Raise UsageError if it is invalid."""
    try:
        return None if text is None else parse_minutes(text)
    except ValueError as error:
        raise UsageError(f"--time: {error}", "e.g. --time 100m") from error


def _nothing(has_shows: bool, has_query: bool, has_matches: bool) -> tuple[str, str]:
    """Return (message, hint) for a pick without candidates. The message depends on the list and on the user's query.

    Args:
        has_shows: True if the list has shows.
        has_query: True if the user gave a query.
        has_matches: True if shows match the query.
    """
    if not has_shows:
        return "there is nothing to pick: the list is empty", "`watchlist add TITLE` adds a show"
    if has_query:
        message = (
            "no candidates: nothing that matches is left to watch" if has_matches else "no candidates: no show matches"
        )
        return message, "`watchlist pick` uses the whole list"
    return "no candidates: nothing is left to watch", "`watchlist add TITLE` adds a show"


def _as_table(picked: Pick) -> dict[str, object]:
    """Return a pick as a JSON object."""
    return {
        "id": picked.show.id,
        "title": picked.show.title,
        "score": round(picked.score, 2),
        "reasons": list(picked.reasons),
    }


def _print(context: Context, picks: Sequence[Pick]) -> None:
    """Print each pick as a paragraph: the title, with its reasons below."""
    bold = "\033[1m{}\033[0m" if context.out.color else "{}"
    for index, picked in enumerate(picks):
        year = f" ({picked.show.year})" if picked.show.year else ""
        context.out.raw("\n" * bool(index) + bold.format(safe(picked.show.title + year)) + "\n")
        for reason in picked.reasons or ("still to watch",):
            context.out.line(f"  {reason}")
