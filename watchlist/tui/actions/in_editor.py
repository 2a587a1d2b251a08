"""Editing the TOML text of a show, or of the whole list, in the user's own editor while the interface is suspended."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from textual.app import App, SuspendNotSupported

from watchlist.errors import WatchlistError
from watchlist.store.library import Change
from watchlist.tui.actions.run_change import show_changes
from watchlist.tui.actions.selection import current_show, is_read_only
from watchlist.tui.compat.app_lifecycle import CrashSafeApp

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host

T = TypeVar("T")
LEFT = "Left as it was"


def edit_toml(host: Host) -> None:
    """Open the TOML text of the show under the cursor in the user's editor. If the file is damaged, open the whole file."""
    if is_read_only(host):
        return
    library = host.library
    try:
        if library.list.damage is not None:
            text = library.text()
            _in_editor(host, "list:", text, lambda edited: library.replace_text(edited, was=text, sure=False))
        elif (show := current_show(host)) is not None:
            id, block = show.id, library.block(show.id)
            _in_editor(host, f"show:{id}", block, lambda edited: library.replace_block(id, edited, was=block))
    except SuspendNotSupported:
        host.say("An editor can't be opened from this terminal", tone="error")
    except WatchlistError as error:
        hint = error.hint
        if error.kept is not None:
            hint = _way_on(host, error.message, hint, error.kept)
        host.say(error.message, hint, "error")


def _way_on(host: Host, text: str, hint: str, kept: Path) -> str:
    """Return the text to show after a message that an edited text was not stored: how to reopen or find that text.

    Args:
        host: The main screen.
        text: The message.
        hint: Other advice to include, e.g. how to correct the text; may be empty.
        kept: The file with the edited text. In the program's own folder, its path is named only if the message bar has
            room for everything. In any other folder, the result is only the path.
    """
    again = f"{host.key('edit_toml')} opens it again"
    if not kept.is_relative_to(host.library.paths.edits(host.library.file)):
        return f"what you wrote is in {kept}"
    parts = [f"your text is kept, {again}", *[hint] * bool(hint)]
    whole = "; ".join([*parts, f"what you wrote is in {kept}"])
    return whole if host.message_bar.has_room(text, whole) else "; ".join([*parts, "`watchlist paths` says where"])


def _in_editor(host: Host, name: str, text: str, save: Callable[[str], Change]) -> None:
    """Let the user edit `text` in an editor, store the edited text with `save`, and draw the changed list.

    If the text is unchanged, only show a message. A text that is refused is kept, and opened at the next edit with the
    same `name`. Raises WatchlistError if the editor fails or the text is refused, and SuspendNotSupported if the terminal
    can't be given to an editor.
    """
    from watchlist.editor import Edited, Ended, edit_text

    folder = host.library.paths.edits(host.library.file)

    def edit() -> Edited[Change]:
        return edit_text(text, save, os.environ, ask=None, folder=folder, name=name)

    try:
        change, hint, kept = _away(host.app, edit)
    except Ended as ended:
        signal.raise_signal(ended.number)  # the signal ends the program in the usual way
        return
    if change is None:
        hint = _way_on(host, LEFT, "", kept) if kept is not None else hint
        host.say(LEFT, hint, "warning" if hint else "info")
        return
    show_changes(host, (change,), f"{host.key('undo')} undo")
    _warn_of_values(host, change)


def _warn_of_values(host: Host, change: Change) -> None:
    """Warn about the first invalid value that `change` stored, if any. The file keeps the value as the user wrote it."""
    from watchlist.doctor import sentence, unreadable

    if found := unreadable(host.library, change.deltas, host.config.style):
        more = f", and {len(found) - 1} more" if len(found) > 1 else ""
        beside = "".join(f"; {notice}" for notice in change.notices)
        said = f"{change.label}; line {found[0].line}: {sentence(found[0])}{more}{beside}"
        host.say(said, f"{host.key('doctor')} doctor, {host.key('undo')} undo", "warning")


def _away(app: App[Any], act: Callable[[], T]) -> T:
    """Suspend the app, run `act` and return its result. If `act` fails, its exception is raised after the app has resumed.

    Raises Ended without running `act` if a signal has asked the app to end.
    """
    from watchlist.editor import Ended

    failure: BaseException | None = None
    with app.suspend():
        try:
            if isinstance(app, CrashSafeApp) and app.end_signal:  # the event loop had no time for it yet
                raise Ended(app.end_signal)
            result = act()
        except BaseException as error:
            failure = error  # raised below: an error that leaves this block would freeze the screen
    if failure is not None:
        raise failure
    return result
