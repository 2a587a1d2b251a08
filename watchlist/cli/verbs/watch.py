"""The verb `watch`: log viewings with date, rating, company and review; skip episodes; revert viewings and skips."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from watchlist.cli.context import Context
from watchlist.cli.questions import choose
from watchlist.cli.selection import command, example, find_shows, named_episodes
from watchlist.cli.verbs.change_shows import make_change
from watchlist.domain import edits
from watchlist.domain.dates import parse_date
from watchlist.domain.episodes import Episode, Name, spell_names
from watchlist.domain.fields import VIEWINGS
from watchlist.domain.model import Kind, Show, Viewing
from watchlist.domain.per_show_edits import PerShowEdit, in_turn
from watchlist.domain.rewatches import after_end
from watchlist.errors import Refused, UsageError, WatchlistError, did_you_mean
from watchlist.sanitize import safe

VIEWING_FLAGS = ("--date", "--rating", "--with", "--review")


def watch_(context: Context) -> None:
    """Run `watchlist watch`: log the next episode, the named episodes, all episodes up to one, or a viewing of a film.

    `--skip` marks episodes as skipped on purpose; `--undo` reverts viewings or skips.
    """
    request, auto_status = context.request, context.config.auto_status
    words, through = request.words("EPISODE"), request.word("--through")
    undo, skip = request.on("--undo"), request.on("--skip")
    if words and through is not None:
        raise UsageError("name episodes, or --through one of them", example(context, "--through", "S01E05"))
    of_viewing = [flag for flag in ("--through", *VIEWING_FLAGS) if flag in request.values]
    if (undo or skip) and of_viewing:
        flag = "--skip" if skip else "--undo"
        names = " and ".join(of_viewing)
        raise UsageError(
            f"{flag} logs no viewing, so {names} {'does' if len(of_viewing) == 1 else 'do'} not go with it",
            f"leave out {names}: {command(context, *words, flag)}",
        )
    episodes = named_episodes(" ".join(words), _no_episode(context, words)) if words else None
    if undo and skip and episodes is None:
        raise UsageError("--skip --undo needs the episodes", example(context, "S01E03", "--skip", "--undo"))
    last = _single_name(context, through) if through is not None else None
    viewing, kind, confirmed = _viewing(context, dated=last is None), _kind(context), request.on("--yes")

    def edit(ids: Sequence[str]) -> PerShowEdit:
        if skip:
            return edits.skip(ids, episodes, skipped=not undo, auto_status=auto_status, sure=confirmed)
        if undo:
            return edits.undo_watch(ids, episodes, auto_status=auto_status)
        if episodes is None and last is None and (chosen := _after_end(context, ids)) is not None:
            return edits.watch(ids, viewing, [chosen], auto_status=auto_status, sure=True)
        return edits.watch(ids, viewing, episodes, through=last, auto_status=auto_status, sure=confirmed)

    def why(shows: Sequence[Show]) -> str:
        """Return the reason why nothing changed."""
        episode_text = spell_names(episodes) if episodes is not None else "the next episode"
        if skip:
            return f"{episode_text} is {'not skipped' if undo else 'skipped or watched already'}"
        if undo:
            return f"{episode_text} was not watched"
        return f"{spell_names([last]) if last is not None else episode_text} and all before is watched already"

    make_change(
        context,
        edit if kind is None else lambda ids: in_turn(edits.set_kind(ids, kind), edit(ids)),
        why=why,
    )


def _after_end(context: Context, ids: Sequence[str]) -> Episode | None:
    """If the last known episode of the only show was watched, ask what was watched now. Return an episode that is not listed.

    Returns None if an episode is left, for a rewatch, and without asking with `--yes` or `--where`.

    Raises:
        Refused: There is no terminal to ask on, or the answer is none of the choices.
    """
    request = context.request
    if request.on("--yes") or request.on("--where") or (show := context.library.list.find(ids[0])) is None:
        return None
    if (end := after_end(show)) is None:
        return None
    ended = f"season {end.last.season} of {safe(show.title)} ended with {end.last}" if end.last else ""
    message = ended or f"{safe(show.title)} has no episodes"
    choices = [
        *([(end.new, f"add season {end.new.season}", f"{end.new}, in a new season")] if end.new else []),
        *(
            [(end.more, "one more episode", f"{end.more}, one more episode of season {end.more.season}")]
            if end.more
            else []
        ),
        *([(None, "rewatch", f"{end.again} again, a rewatch")] if end.again else []),
    ]
    if not context.asks or request.on("--dry-run"):
        ways = [
            f"{what}: {command(context, *([str(episode)] if episode else []), '--yes')}" for episode, what, _ in choices
        ]
        raise Refused(f"{message}, and no episode is left", "; ".join(ways))
    print(f"{message[0].upper()}{message[1:]}. Watched:", file=sys.stderr)
    for number, (_, _, text) in enumerate(choices, 1):
        print(f"  {number}  {text}", file=sys.stderr)
    if (chosen := choose("Which?", len(choices))) is None:
        raise Refused("nothing was changed")
    return choices[chosen - 1][0]


def _kind(context: Context) -> Kind | None:
    """Return the value of `--kind`, for shows without a kind; None if it was not given. Raise UsageError if it is invalid."""
    text = context.request.word("--kind")
    if text is None:
        return None
    if any(context.request.on(flag) for flag in ("--undo", "--skip")):
        raise UsageError("--kind goes with a viewing", example(context, "--kind", "film"))
    try:
        return Kind(text.strip().lower())
    except ValueError:
        raise UsageError(f'--kind: "{safe(text)}" is neither film nor series', did_you_mean(text, Kind)) from None


def _viewing(context: Context, *, dated: bool) -> Viewing:
    """Return the viewing that the flags describe. Raise UsageError for an invalid value.

    Without `--date`, its date is today if `dated` is True, else None (unknown).
    """
    request = context.request
    values: dict[str, Any] = {"date": date.today() if dated else None}
    for column in VIEWINGS.columns:
        if (text := request.values.get(f"--{column.key}")) is None:
            continue
        try:
            values[column.attribute] = column.type.parse(
                ", ".join(text) if isinstance(text, list) else text, context.style
            )
        except ValueError as error:
            hint = "e.g. --date yesterday, or --date unknown" if column.key == "date" else ""
            raise UsageError(f"--{column.key}: {error}", hint) from error
    return Viewing(**values)


def _single_name(context: Context, text: str) -> Name:
    """Return the episode or season in `text`, the value of `--through`. Raise UsageError if there are several."""
    names = named_episodes(text, example(context, "--through", "S01E05"))
    if len(names) != 1:
        hint = f"{example(context, '--through', 'S01E05')}, or S01 for the whole season"
        raise UsageError(f'--through needs one episode, not "{safe(text)}"', hint)
    return names[0]


def _no_episode(context: Context, words: Sequence[str]) -> str:
    """Return a hint for words that name no episode: how to give a date, to log a film, or to name an episode."""
    text = " ".join(words)
    with suppress(ValueError):
        parse_date(text, date.today())
        return f"a day goes with --date: {command(context, '--date', text)}"
    with suppress(WatchlistError):
        if not context.request.on("--where") and _is_film(context):
            return f"a film has no episodes: {command(context)}"
    return example(context, "S01E03")


def _is_film(context: Context) -> bool:
    """Return True if the named show is a film. Raises NotFound if there is no such show."""
    (show,) = find_shows(context, [context.request.word("SHOW") or ""])
    return show.kind is Kind.FILM
