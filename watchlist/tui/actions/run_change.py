"""Changes of the list made from the interface: they run in the store thread, then the result is drawn."""

from __future__ import annotations

import contextlib
import time
from asyncio import shield, wait_for
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from watchlist.domain.renames import renamed
from watchlist.errors import WatchlistError
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.tui.state.store_thread import start_in_store
from watchlist.tui.state.task_progress import Cancelled, TaskProgress

if TYPE_CHECKING:
    from asyncio import Future

    from watchlist.domain.edits import Edit
    from watchlist.store.library import Change, Progress
    from watchlist.tui.actions.host import Host

KEY_WAIT_SECONDS = 1.0  # longest time that new keys wait for a change to be stored
PROGRESS_SECONDS = 0.5  # time that a change may take before a progress bar is shown
NOT_STORED = "Not stored yet"  # message for a change that waits until the user decides about a doubtful file


def change(host: Host, edit: Edit) -> None:
    """Start to apply an edit to the list, and return without waiting for the result."""
    style = host.config.style
    host.run_worker(execute(host, lambda reach: (host.library.apply(edit, style=style, progress=reach),)))


@contextlib.contextmanager
def holding_keys(host: Host) -> Iterator[None]:
    """Delay keys typed during the `with` block until its end, at most KEY_WAIT_SECONDS: they refer to its result."""
    host.keys_held_until = time.monotonic() + KEY_WAIT_SECONDS
    try:
        yield
    finally:
        host.keys_held_until = 0.0


async def execute(host: Host, act: Callable[[Progress], Sequence[Change]], hint: str = "", *, kept: str = "") -> bool:
    """Run `act` in the store thread, draw the result and return True. If `act` fails, show the reason and return False.

    Args:
        host: The main screen.
        act: Called with a function that reports progress. It changes the library, and returns the changes.
        hint: The hint beside the message; if it is empty, the key that undoes the change is shown.
        kept: The sentence to add to the message that a change failed, e.g. where the typed text is kept.
    """
    work = TaskProgress()
    try:
        with holding_keys(host):
            running = start_in_store(partial(act, work.reach))
            changes = running.result() if running.done() else await _with_bar(host, work, running)
    except Cancelled as cancelled:
        host.say(_with_steps(host, cancelled, cancelled.message), kept, "info")
        return False
    except SuspectedLossError as doubtful:
        message, waits_for = _with_steps(host, doubtful, NOT_STORED), "when it is settled what the list is"
        host.say(message, f"{host.key('redo')} does it {waits_for}", "warning")
        host.held = True
        host.file.report_doubt()
        return False
    except WatchlistError as error:
        host.say(_with_steps(host, error, error.message), "; ".join(filter(None, (error.hint, kept))), "error")
        return False
    show_changes(host, changes, hint or (f"{host.key('undo')} undo" if changes[-1].can_undo else ""))
    return True


def _with_steps(host: Host, error: WatchlistError, message: str) -> str:
    """Draw the changes that were made before `error`. Return their labels, the steps skipped and `message` as one text."""
    if error.changes:
        show_changes(host, error.changes, "")
    return "; ".join([*(change.label for change in error.changes), *error.skipped, message])


async def _with_bar(host: Host, work: TaskProgress, running: Future[Sequence[Change]]) -> Sequence[Change]:
    if not work.total:  # only long changes report progress
        with contextlib.suppress(TimeoutError):
            return await wait_for(shield(running), PROGRESS_SECONDS)
    from watchlist.tui.dialogs.progress import show_while  # only needed for long changes

    return await show_while(host.app, "Changing the list", work, running)


def show_changes(host: Host, changes: Sequence[Change], hint: str) -> None:
    """Draw the changed list, and show the last change's label and `hint`. If one show was added, the cursor moves to it."""
    deltas = [delta for change in changes for delta in change.deltas]
    added = [delta.show.id for delta in deltas if delta.before is None]
    new_ids, current = renamed(deltas), host.rows.current
    listing = host.listing.with_marked(frozenset(new_ids.get(id, id) for id in host.listing.marked))
    listing = listing.with_library(host.library.list)
    if len(added) == 1:
        listing = listing.showing(added[0])
    host.show(listing)
    if len(added) == 1:
        host.rows.go_to(added[0])
    elif current is not None and current.id in new_ids:
        host.rows.go_to(new_ids[current.id])
    last = changes[-1]
    if notices := (*last.skipped, *last.notices):
        host.say(f"{last.label}; {'; '.join(notices)}", hint, "warning")
    elif last.number:
        host.say(last.label, hint)
    else:
        host.say(last.label, tone="info")
