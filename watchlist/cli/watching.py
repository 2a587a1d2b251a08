"""The verb `watch`: log what was watched, with its day, its rating and who was there; leave out; or take back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from watchlist import edits
from watchlist.cli.changing import make_change
from watchlist.cli.choosing import named_episodes
from watchlist.cli.context import Context
from watchlist.edits import Edit
from watchlist.errors import UsageError
from watchlist.fields import VIEWINGS
from watchlist.model import Viewing
from watchlist.watching import Episode

OF_A_VIEWING = ("--date", "--rating", "--with", "--review")


def watch_(context: Context) -> None:
    """The next episode, those that are named, all up to one; or a viewing of a film."""
    request, automatic = context.request, context.config.auto_status
    words, through = request.words("EPISODE"), request.word("--through")
    undone, skipped = request.on("--undo"), request.on("--skip")
    if words and through is not None:
        raise UsageError("name episodes, or --through one of them", "as in watchlist watch ballard --through S01E05")
    if (undone or skipped) and (through or any(request.on(flag) for flag in OF_A_VIEWING)):
        flag = "--skip" if skipped else "--undo"
        raise UsageError(f"{flag} logs no viewing", f"name the episodes, as in watchlist watch ballard S01E03 {flag}")
    episodes = named_episodes(" ".join(words)) if words else None
    if undone and skipped and episodes is None:
        raise UsageError("--skip --undo wants the episodes", "as in watchlist watch ballard S01E03 --skip --undo")
    last = _one(through) if through is not None else None
    viewing = _viewing(context, dated=last is None)

    def edit(ids: Sequence[str]) -> Edit:
        if skipped:
            return edits.skip(ids, episodes, skipped=not undone, auto_status=automatic)
        if undone:
            return edits.take_back(ids, episodes, auto_status=automatic)
        return edits.watch(ids, viewing, episodes, through=last, auto_status=automatic)

    make_change(context, edit)


def _viewing(context: Context, *, dated: bool) -> Viewing:
    """What the flags say. The day is today, unless it is of all that was watched till now."""
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
            raise UsageError(f"--{column.key}: {error}") from error
    return Viewing(**values)


def _one(text: str) -> Episode:
    episodes = named_episodes(text)
    if len(episodes) != 1:
        raise UsageError(f'--through wants one episode, not "{text}"', "as in S01E05")
    return episodes[0]
