"""The verb `pick`: a few shows for tonight, and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from random import SystemRandom

from watchlist.cli.choosing import select_shows
from watchlist.cli.context import Context
from watchlist.errors import NotFound, UsageError
from watchlist.pick import Pick, parse_minutes, pick
from watchlist.safe import safe

SEEDS = 10_000  # a number that is easily typed again


def pick_(context: Context) -> None:
    """Picks on stdout; the seed that draws them again on stderr. NotFound where there is nothing to pick."""
    request = context.request
    seed, count = request.number("--seed"), request.number("--count")
    if seed is None:
        seed = SystemRandom().randrange(1, SEEDS)
    minutes = _minutes(request.word("--time"))
    words = request.words("QUERY")
    shows = context.list.shows
    wanted = {show.id for show in select_shows(context, words)}
    # The others are not picked, but what they are rated tells what the user likes.
    unwanted = [show.id for show in shows if show.id not in wanted]
    picks = pick(
        shows,
        today=date.today(),
        minutes=minutes,
        count=count or 3,
        seed=seed,
        exclude=unwanted,
        style=context.style,
        services=context.config.services,
    )
    if not picks:
        context.check()
        raise NotFound(*_nothing(bool(shows), bool(words), minutes))
    if context.out.json:
        context.out.document([_as_table(one) for one in picks])
    else:
        _print(context, picks)
    context.out.say(f"--seed {seed} picks the same again")


def _minutes(text: str | None) -> int | None:
    try:
        return None if text is None else parse_minutes(text)
    except ValueError as error:
        raise UsageError(f"--time: {error}", "as in --time 100m") from error


def _nothing(listed: bool, asked: bool, minutes: int | None) -> tuple[str, str]:
    """What to say where there is nothing to pick, and what to do next."""
    if not listed:
        return "there is nothing to pick: the list is empty", "`watchlist add TITLE` adds a show"
    where = " of what matches" if asked else ""
    if minutes is not None:
        return f"nothing{where} is left to watch in {minutes} minutes", "take more --time, or leave it out"
    if asked:
        return "nothing of what matches is left to watch", "`watchlist pick` takes the whole list"
    return "nothing is left to watch", "`watchlist add TITLE` adds a show"


def _as_table(one: Pick) -> dict[str, object]:
    return {"id": one.show.id, "title": one.show.title, "score": round(one.score, 2), "reasons": list(one.reasons)}


def _print(context: Context, picks: Sequence[Pick]) -> None:
    """A title a paragraph, its reasons below it."""
    bold = "\033[1m{}\033[0m" if context.out.color else "{}"
    for at, one in enumerate(picks):
        year = f" ({one.show.year})" if one.show.year else ""
        context.out.raw("\n" * bool(at) + bold.format(safe(one.show.title + year)) + "\n")
        for reason in one.reasons or ("still to watch",):
            context.out.line(f"  {reason}")
