"""Actions that change the list: each asks what it has to, and carries it out."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

from watchlist import edits, facts
from watchlist.errors import WatchlistError
from watchlist.fields import FIELDS
from watchlist.model import Show, Viewing
from watchlist.store.library import Change
from watchlist.text import counted, split_list
from watchlist.watching import Episode, next_episode, parse_episodes, season_of

if TYPE_CHECKING:
    from watchlist.tui.screens.main import MainScreen


async def undo(screen: MainScreen) -> None:
    """Not only where the list is whole: what mended a file, or broke it, can be taken back too."""
    if screen.is_barred():
        return
    await screen.carry_out(screen.library.undo, f"{screen.key('redo')} redoes")


async def redo(screen: MainScreen) -> None:
    if screen.is_barred():
        return
    await screen.carry_out(screen.library.redo)


async def add(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    if not screen.writable():
        return
    form = dialogs.ShowForm(None, screen.config.style, screen.listing.known, partial(_duplicate, screen))
    await screen.fill_in(
        "add", form, lambda values: edits.add(edits.new_show(values["title"], values, today=screen.today()))
    )


def _duplicate(screen: MainScreen, show: Show) -> Show | None:
    return edits.duplicate_of(show, screen.library.list)


async def edit(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    show = screen.one()
    if show is None or not screen.writable():
        return
    form = dialogs.ShowForm(show, screen.config.style, screen.listing.known, partial(_duplicate, screen))
    await screen.fill_in(f"edit {show.id}", form, lambda values: edits.update(show.id, values) if values else None)


async def rate(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    if (show := screen.rows.current) is not None and screen.episode is not None:
        await _rate_episode(screen, show, screen.episode)
        return
    shows = screen.chosen()
    if not shows:
        return
    same = shows[0].rating if len({show.rating for show in shows}) == 1 else None
    rated = await screen.app.push_screen_wait(dialogs.RatePrompt(_named(shows), same, screen.config.style))
    if rated is not None:
        ids = [show.id for show in shows]
        screen.change(edits.rate(ids, rated.stars, auto_status=screen.config.auto_status))


async def _rate_episode(screen: MainScreen, show: Show, episode: Episode) -> None:
    from watchlist.tui.screens import dialogs

    season = season_of(show, episode.season)
    if season is None or not screen.writable():
        return
    prompt = dialogs.RatePrompt(
        facts.episode(season, episode.number), season.ratings.get(episode.number), screen.config.style
    )
    rated = await screen.app.push_screen_wait(prompt)
    if rated is not None:
        screen.change(edits.rate_episodes([show.id], [episode], rated.stars))


async def status(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    shows = screen.chosen()
    if not shows:
        return
    same = shows[0].status if len({show.status for show in shows}) == 1 else None
    chosen = await screen.app.push_screen_wait(dialogs.choose_status(_named(shows), same, screen.config.style))
    if chosen is not None:
        screen.change(edits.set_status([show.id for show in shows], chosen))


def watch(screen: MainScreen) -> None:
    """The next episode of each, or a viewing of a film, today; the episode under the cursor where they are walked."""
    auto, show, episode = screen.config.auto_status, screen.rows.current, screen.episode
    if show is not None and episode is not None:
        season = season_of(show, episode.season)
        seen = season is not None and episode.number in season.watched
        viewing = None if seen else Viewing(screen.today())
        if screen.writable():
            screen.change(edits.set_watched(show.id, episode, viewing, auto_status=auto))
    elif shows := screen.chosen():
        ids = [show.id for show in shows]
        screen.change(edits.watch(ids, Viewing(screen.today()), auto_status=auto))


def take_back(screen: MainScreen) -> None:
    if shows := screen.chosen():
        screen.change(edits.take_back([show.id for show in shows], auto_status=screen.config.auto_status))


async def watched_up_to(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    if (show := screen.rows.current) is not None and screen.episode is not None:
        if screen.writable():
            through, auto = screen.episode, screen.config.auto_status
            screen.change(edits.watch([show.id], Viewing(), through=through, auto_status=auto))
        return
    shows = screen.chosen()
    if not shows:
        return
    ids, coming = [show.id for show in shows], next_episode(shows[0])
    prompt = dialogs.Prompt(f"{_named(shows)}: watched up to", str(coming or ""), "as in S01E05", _no_episode)
    await screen.fill_in(
        f"watched {' '.join(ids)}",
        prompt,
        lambda typed: edits.watch(
            ids, Viewing(), through=parse_episodes(typed)[-1], auto_status=screen.config.auto_status
        ),
    )


async def tag(screen: MainScreen) -> None:
    """One show: its tags as they should be. Several: tags to add, and `-tag` to take away."""
    from watchlist.tui.screens import dialogs

    shows = screen.chosen()
    if not shows:
        return
    ids, tags = [show.id for show in shows], FIELDS["tags"]
    value = tags.type.format(shows[0].tags) if len(shows) == 1 else ""
    hint = "separated by commas" if len(shows) == 1 else "added to each; -tag takes one away"
    prompt = dialogs.Prompt(f"Tags of {_named(shows)}", value, hint, known=screen.listing.known["tags"], several=True)

    def edit_of(typed: str) -> edits.Edit:
        if len(ids) == 1:
            return edits.assign(ids, [edits.Assignment("tags", "=", tags.type.parse(typed))])
        items = split_list(typed)
        add = [item.removeprefix("+") for item in items if not item.startswith("-")]
        return edits.tag(ids, add, [item[1:] for item in items if item.startswith("-")])

    await screen.fill_in(f"tag {' '.join(ids)}", prompt, edit_of)


async def note(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    show = screen.one()
    if show is None or not screen.writable():
        return
    prompt = dialogs.TextPrompt(f"Notes on {show.title}", show.notes, "Markdown works")
    await screen.fill_in(f"note {show.id}", prompt, lambda notes: edits.update(show.id, {"notes": notes}))


def remove(screen: MainScreen) -> None:
    shows = screen.chosen()
    if shows:
        screen.change(edits.remove([show.id for show in shows]))


def edit_toml(screen: MainScreen) -> None:
    """The show's text in the user's editor; where the file is damaged, all of it."""
    if screen.is_barred():
        return
    try:
        if screen.library.list.damage is not None:
            text = screen.library.text()
            _in_editor(screen, text, lambda edited: screen.library.replace_text(edited, was=text))
        elif (show := screen.one()) is not None:
            id, block = show.id, screen.library.block(show.id)
            _in_editor(screen, block, lambda edited: screen.library.replace_block(id, edited, was=block))
    except WatchlistError as error:
        screen.say(error.message, error.hint, "error")


def _in_editor(screen: MainScreen, text: str, save: Callable[[str], Change]) -> None:
    from watchlist.editor import edit_text

    try:
        with screen.app.suspend():
            change = edit_text(text, save, os.environ, again=True)
    except SuspendNotSupported:
        screen.say("An editor can't be opened from this terminal", tone="error")
    else:
        if change is None:
            screen.say("Left as it was", tone="info")
        else:
            screen.show_changes((change,), f"{screen.key('undo')} undoes")


def _named(shows: Sequence[Show]) -> str:
    return shows[0].title if len(shows) == 1 else counted(len(shows), "show")


def _no_episode(text: str) -> str | None:
    """What is wrong with the name of an episode."""
    try:
        return None if parse_episodes(text) else "name an episode, as in S01E05"
    except ValueError as error:
        return str(error)
