"""Actions that change shows, most of them through a dialog: add, edit, rate, status, watch, tag, note, remove."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from watchlist.domain import edits, show_text
from watchlist.domain.episodes import Episode, Name, parse_names, season_of, seasons_of
from watchlist.domain.fields import FIELDS, problem_of
from watchlist.domain.frozen import same
from watchlist.domain.model import Kind, Show, Viewing
from watchlist.domain.per_show_edits import PerShowEdit, in_turn
from watchlist.domain.rewatches import AfterEnd, after_end
from watchlist.domain.season_edits import with_lengths
from watchlist.domain.season_lengths import SeasonLengths
from watchlist.domain.text import MAX_EPISODES, counted, split_list
from watchlist.domain.watch_progress import kind_of, next_episode
from watchlist.tui.actions.forms import fill_in
from watchlist.tui.actions.run_change import change
from watchlist.tui.actions.selection import current_show, has_readable, is_writable, shows_to_change
from watchlist.tui.actions.viewing_questions import (
    ask_after_end,
    ask_kind,
    ask_lengths,
    question_about,
    question_of_overwriting,
)

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host
    from watchlist.tui.dialogs.draft_dialog import DraftDialog

T = TypeVar("T")


async def edit(host: Host) -> None:
    """Open the form that edits the show under the cursor."""
    from watchlist.tui.dialogs.show_form import ShowForm

    show = current_show(host)
    if show is None or not is_writable(host):
        return
    form = ShowForm(
        show, host.config.style, host.listing.known, lambda show: edits.duplicate_of(show, host.library.list)
    )
    await _set_fields(host, f"edit {show.id}", form, show, lambda values: values)


async def _set_fields(
    host: Host, name: str, form: DraftDialog[T], show: Show, values_of: Callable[[T], Mapping[str, Any]]
) -> None:
    """Open a form, and set fields of `show` to its answer. Ask before a value that was changed elsewhere is overwritten.

    Args:
        host: The main screen.
        name: The name of the form's draft.
        form: The form.
        show: The show as the form shows it.
        values_of: Returns the new values by field name for an answer, only those that the user has changed.
    """
    form.question_of = lambda answer: question_of_overwriting(host, show, values_of(answer))
    await fill_in(host, name, form, lambda answer: edits.update(show.id, values_of(answer)))


async def rate(host: Host) -> None:
    """Ask for a rating and set it for the episode under the cursor, else the marked shows, else the show under the cursor."""
    from watchlist.tui.dialogs.rate import RatePrompt

    if (show := host.rows.current) is not None and host.episode is not None:
        await _rate_episode(host, show, host.episode)
        return
    shows = shows_to_change(host)
    if not shows or not has_readable(host, shows, "rating"):
        return
    same = shows[0].rating if len({show.rating for show in shows}) == 1 else None
    rated = await host.app.push_screen_wait(RatePrompt(_named(shows), same, host.config.style))
    if rated is not None:
        ids = [show.id for show in shows]
        change(host, edits.rate(ids, rated.stars, auto_status=host.config.auto_status, replacing=False))


def rate_by_click(host: Host, show: Show, stars: float | None) -> None:
    """Set the rating of a show whose stars were clicked. If `stars` is None, clear the rating."""
    if is_writable(host):
        change(host, edits.rate([show.id], stars, auto_status=host.config.auto_status, replacing=False))


async def _rate_episode(host: Host, show: Show, episode: Episode) -> None:
    from watchlist.tui.dialogs.rate import RatePrompt

    season = season_of(show, episode.season)
    if season is None or not is_writable(host) or not has_readable(host, [show], "seasons"):
        return
    prompt = RatePrompt(
        show_text.episode(season, episode.number), season.ratings.get(episode.number), host.config.style
    )
    rated = await host.app.push_screen_wait(prompt)
    if rated is not None:
        change(host, edits.rate_episodes([show.id], [episode], rated.stars))


async def status(host: Host) -> None:
    """Ask for a status and set it for the marked shows, or else for the show under the cursor."""
    from watchlist.tui.dialogs.status import choose_status

    shows = shows_to_change(host)
    if not shows or not has_readable(host, shows, "status"):
        return
    same = shows[0].status if len({show.status for show in shows}) == 1 else None
    chosen = await host.app.push_screen_wait(choose_status(_named(shows), same, host.config.style))
    if chosen is not None:
        change(host, edits.set_status([show.id for show in shows], chosen, replacing=False))


def watch(host: Host) -> Coroutine[Any, Any, None] | None:
    """Log a viewing today of the marked shows, or else the show under the cursor: of a film, or a series' next episode.

    If the cursor is on an episode in the details pane, log that episode, or remove its last viewing if it is watched.

    Returns:
        None if nothing is left to do. Otherwise, a coroutine to run, which asks first and then logs the viewings: whether
        shows of unknown kind are series or films, how long the seasons of a series are, or what comes after its end.
    """
    auto, show, episode = host.config.auto_status, host.rows.current, host.episode
    if show is not None and episode is not None:
        season = season_of(show, episode.season)
        seen = season is not None and episode.number in season.watched
        viewing = None if seen else Viewing(host.today())
        if is_writable(host):
            change(host, edits.set_watched(show.id, episode, viewing, auto_status=auto))
    elif shows := shows_to_change(host):
        logged = edits.watch([show.id for show in shows], Viewing(host.today()), auto_status=auto)
        if unknown := [show for show in shows if kind_of(show) is None and problem_of(show, "kind") is None]:
            return _watch_unknown(host, unknown, logged)
        if len(shows) == 1 and _is_new(shows[0]):
            return _watch_new(host, shows[0], logged)
        if len(shows) == 1 and (end := after_end(shows[0])) is not None:
            return _watch_after_end(host, shows[0], end, logged)
        change(host, logged)
    return None


async def _watch_unknown(host: Host, unknown: Sequence[Show], logged: PerShowEdit) -> None:
    answer = await ask_kind(host, unknown)
    if answer is not None:
        change(host, in_turn(edits.set_kind([show.id for show in unknown], *answer), logged))


def _is_new(show: Show) -> bool:
    """Return True if a show is known to be a series, and neither its seasons nor any of its episodes are known."""
    return show.kind is Kind.SERIES and not seasons_of(show) and problem_of(show, "seasons") is None


async def _watch_new(host: Host, show: Show, logged: PerShowEdit) -> None:
    """Ask how long the seasons of a show are, and log its first episode together with the answer."""
    lengths = await ask_lengths(host, show)
    if lengths is not None:
        change(host, in_turn(_set_lengths(show, lengths), logged) if lengths else logged)


def _set_lengths(show: Show, lengths: SeasonLengths) -> PerShowEdit:
    return edits.assign([show.id], [edits.Assignment("seasons", "=", lengths)])


async def _watch_after_end(host: Host, show: Show, end: AfterEnd, logged: PerShowEdit) -> None:
    """Ask which episode was watched after the last known one, and log it. `logged` is the edit that starts a rewatch."""
    episode = await ask_after_end(host, end)
    if episode is not None:
        auto = host.config.auto_status
        viewing = Viewing(host.today())
        more = edits.watch([show.id], viewing, [episode], auto_status=auto, sure=True)
        change(host, logged if episode == end.again else more)


def undo_watch(host: Host) -> None:
    """Remove the last logged episode or viewing of each marked show, or else of the show under the cursor."""
    if shows := shows_to_change(host):
        change(host, edits.undo_watch([show.id for show in shows], auto_status=host.config.auto_status))


async def watched_up_to(host: Host) -> None:
    """Log all episodes up to the one under the cursor of the details pane. If no episode is under it, ask for one."""
    from watchlist.tui.dialogs.prompt import Prompt

    if (show := host.rows.current) is not None and host.episode is not None:
        if is_writable(host):
            through, auto = host.episode, host.config.auto_status
            change(host, edits.watch([show.id], Viewing(), through=through, auto_status=auto))
        return
    shows = shows_to_change(host)
    if not shows or not has_readable(host, shows, "seasons", "viewings"):
        return
    if kind_of(shows[0]) is None and not has_readable(host, shows, "kind"):
        return
    settled: PerShowEdit | None = None
    if len(shows) == 1 and _is_new(shows[0]):
        if (lengths := await ask_lengths(host, shows[0])) is None:
            return
        if lengths:
            settled, shows = _set_lengths(shows[0], lengths), (with_lengths(shows[0], lengths),)
    ids, coming = [show.id for show in shows], next_episode(shows[0])
    prompt = Prompt(
        f"{_named(shows)}: watched up to", str(coming or ""), "e.g. S01E05, or S01 for all of it", _no_episode
    )

    prompt.question_of = lambda typed: question_about(shows, [_last_named(typed)])

    def edit_of(typed: str) -> edits.Edit:
        auto = host.config.auto_status
        logged = edits.watch(ids, Viewing(), through=_last_named(typed), auto_status=auto, sure=True)
        return in_turn(settled, logged) if settled is not None else logged

    await fill_in(host, f"watched {' '.join(ids)}", prompt, edit_of)


async def tag(host: Host) -> None:
    """Let the user edit the tags of one show. For several shows, ask for tags to add and, written as `-tag`, to remove."""
    from watchlist.tui.dialogs.prompt import Prompt

    shows = shows_to_change(host)
    if not shows or not has_readable(host, shows, "tags"):
        return
    ids, tags = [show.id for show in shows], FIELDS["tags"]
    value = tags.type.format(shows[0].tags) if len(shows) == 1 else ""
    hint = "separated by commas" if len(shows) == 1 else "added to each; -tag takes one away"
    prompt = Prompt(f"Tags of {_named(shows)}", value, hint, known=host.listing.known["tags"], several=True)

    if len(shows) == 1:
        show = shows[0]
        await _set_fields(
            host, f"tag {show.id}", prompt, show, lambda typed: _changed(show, "tags", tags.type.parse(typed))
        )
        return

    def edit_of(typed: str) -> edits.Edit:
        items = split_list(typed)
        add = [item.removeprefix("+") for item in items if not item.startswith("-")]
        return edits.tag(ids, add, [item[1:] for item in items if item.startswith("-")])

    await fill_in(host, f"tag {' '.join(ids)}", prompt, edit_of)


def _changed(show: Show, name: str, value: object) -> Mapping[str, Any]:
    """Return a new value by the name of its field; nothing if the show has this value already."""
    return {} if same(getattr(show, name), value) else {name: value}


async def note(host: Host) -> None:
    """Edit the notes of the show under the cursor."""
    from watchlist.tui.dialogs.prompt import TextPrompt

    show = current_show(host)
    if show is None or not is_writable(host) or not has_readable(host, [show], "notes"):
        return
    prompt = TextPrompt(f"Notes on {show.title}", show.notes, "Markdown works")
    await _set_fields(host, f"note {show.id}", prompt, show, lambda notes: _changed(show, "notes", notes))


def remove(host: Host) -> None:
    """Remove the marked shows, or else the show under the cursor."""
    shows = shows_to_change(host)
    if shows:
        change(host, edits.remove([show.id for show in shows]))


def _named(shows: Sequence[Show]) -> str:
    return shows[0].title if len(shows) == 1 else counted(len(shows), "show")


def _last_named(text: str) -> Name:
    """Return the latest episode or season that `text` names: 2 for `S02, S01E05`. Raises ValueError if it names none."""
    return max(parse_names(text), key=lambda name: name if isinstance(name, Episode) else (name, MAX_EPISODES))


def _no_episode(text: str) -> str | None:
    """Return why a text does not name an episode or season; None if it does, e.g. `S01E05`."""
    try:
        return None if parse_names(text) else "name an episode, e.g. S01E05"
    except ValueError as error:
        return str(error)
