"""The action that looks up details online: it asks in the background, and lets the user choose what to take."""

from __future__ import annotations

import asyncio
import os
import time
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from textual.widgets import Input

from watchlist.domain.text import counted
from watchlist.errors import LookupFailed, NotFound, StoreError, WatchlistError
from watchlist.sanitize import safe
from watchlist.store.history.loss_detection import SuspectedLossError
from watchlist.tui.actions.run_change import execute
from watchlist.tui.actions.selection import shows_to_change
from watchlist.tui.compat.key_queue import KeyQueueApp

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from watchlist.domain.lookup_edits import Taken
    from watchlist.domain.model import Show
    from watchlist.store.library import Change, Progress
    from watchlist.tui.actions.host import Host
    from watchlist.tui.state.lookup_thread import LookupThread
    from watchlist.tui.widgets.message_bar import Tone

T = TypeVar("T")
STEP = 0.1  # seconds between two looks at what is going on
TONES: tuple[Tone, ...] = ("info", "warning", "error")  # of messages at the end, the strongest last
PAUSE = 0.5  # seconds without a key after which a dialog may open by itself


class Stopped(Exception):
    """Raised if the user ends a look-up."""


class Note(NamedTuple):
    """A sentence for the message at the end of a look-up, with a hint for the user and the tone of the message."""

    text: str
    hint: str = ""
    tone: Tone = "info"


async def look_up(host: Host) -> None:
    """Look up the marked shows, or else the show under the cursor. What is taken of all of them is one change.

    If what was chosen before could not be stored, this is tried again instead.
    """
    if host.lookups.running:
        host.say("A look-up is waiting for an answer", "esc stop", "info")
    elif host.lookups.unstored:
        await _apply(host, host.lookups.unstored, ())
    elif shows := shows_to_change(host):
        host.lookups.running = True
        try:
            await asyncio.to_thread(_load)
            await _look_up(host, shows)
        finally:
            host.lookups.running = False


async def _look_up(host: Host, shows: Sequence[Show]) -> None:
    from watchlist.lookups import FailuresInRow  # not at the top: see `_load`

    choices: list[Taken] = []
    notes: list[Note] = []
    failures, done = FailuresInRow(), 0
    try:
        for number, show in enumerate(shows, 1):
            error: WatchlistError | None = None
            try:
                choices += await _ask_about(host, show, (number, len(shows)), notes)
            except WatchlistError as caught:
                error, title = caught, safe(show.title)
                name = f"{title}: " * (len(shows) > 1 and title not in error.message)
                tone: Tone = "error" if isinstance(error, LookupFailed) else "warning"
                notes.append(Note(name + error.message, error.hint, tone))
            done = number
            if failures.are_too_many(error):
                break
    except Stopped:
        pass
    if (left := len(shows) - done) and len(shows) > 1:
        notes.append(Note(f"{counted(left, 'show')} not looked up"))
    await _apply(host, choices, notes)


async def _ask_about(host: Host, show: Show, place: tuple[int, int], notes: list[Note]) -> list[Taken]:
    """Ask the sources about a show, and the user what to take. Return the choice, or nothing; append to `notes` why.

    Args:
        host: The main screen.
        show: The show.
        place: The number of the show among those that are looked up, from 1, and how many those are.
        notes: Sentences for the message at the end.

    Raises:
        Stopped: The user has ended the look-up.
        LookupFailed: No source answered.
        NotFound: No source knows the show, or the show was removed meanwhile.
    """
    from watchlist.lookups import answer_of
    from watchlist.tui.dialogs.lookup_candidates import CandidatesDialog
    from watchlist.tui.dialogs.lookup_fields import FieldsDialog

    thread, asked = _thread(host), [""]

    def asking(title: str) -> None:
        asked[0] = title

    def text() -> str:
        return f"Asking {asked[0]} …" if asked[0] else "Asking …"

    found = await _answered(host, thread.search(show, asking), text)
    candidate = found.by_id
    if candidate is None:
        await _until_idle(host, asked[0])
        dialog = CandidatesDialog(found, place, style=host.config.style)
        chosen = await host.app.push_screen_wait(dialog)
        if chosen is None:
            raise Stopped
        if isinstance(chosen, str):  # skipped
            return []
        candidate = chosen
    theirs = await _answered(host, thread.fetch(candidate), text)
    now = host.listing.library.find(show.id)
    if now is None:
        raise NotFound(f"{safe(show.title)} is no longer on the list")
    answer = await asyncio.to_thread(partial(answer_of, host.library, now, candidate, theirs))
    notes += [Note(failure.message, failure.hint, "warning") for failure in found.failures]
    if not answer.rows:
        notes.append(Note(f"Nothing new from {answer.source.title}" + f" for {safe(show.title)}" * (place[1] > 1)))
        return []
    await _until_idle(host, answer.source.title)
    keys = await host.app.push_screen_wait(FieldsDialog(answer, place, style=host.config.style))
    if keys is None:
        raise Stopped
    return [answer.taken(keys, host.today())] if keys else []


def _thread(host: Host) -> LookupThread:
    """Return the thread that asks the sources. The first look-up starts it."""
    if host.lookups.thread is None:
        from watchlist.tui.state.lookup_thread import LookupThread

        host.lookups.thread = LookupThread(host.config.lookup, os.environ, host.library.paths)
        host.run_worker(_close_at_end(host.lookups.thread), "lookup thread")
    return host.lookups.thread


async def _close_at_end(thread: LookupThread) -> None:
    """Close a thread when the main screen ends, which cancels this coroutine."""
    try:
        await asyncio.Event().wait()
    finally:
        thread.close()


def _load() -> None:
    """Import the network code, in another thread, because this takes longer than a key may take."""
    import watchlist.sources.lookup.client
    import watchlist.tui.state.lookup_thread  # noqa: F401


async def _answered(host: Host, answer: asyncio.Future[T], text: Callable[[], str]) -> T:
    """Wait for an answer, and say so with `text`, which may change. esc stops waiting.

    Raises:
        Stopped: The user does not want to wait.
    """
    host.lookups.waiting, said = answer, ""
    try:
        while not answer.done():
            if (now := text()) != said or not host.message_bar.text:
                host.say(now, "esc stop", "info")
                said = now
            await asyncio.wait([answer], timeout=STEP)
    finally:
        host.lookups.waiting = None
        answer.cancel()
        if said and host.message_bar.text == said:
            host.message_bar.clear()
    if answer.cancelled():
        raise Stopped
    return answer.result()


async def _until_idle(host: Host, title: str) -> None:
    """Wait until a dialog may open by itself: the user neither types a text, nor reads a dialog, nor presses keys.

    `title` is that of the source, whose answer waits for the user. Raises Stopped if the user does not want it.
    """
    began = time.monotonic()
    if _is_idle(host, began):
        return

    async def idle() -> None:
        while not _is_idle(host, began):
            await asyncio.sleep(STEP)

    await _answered(host, asyncio.ensure_future(idle()), lambda: f"{title} has answered")


def _is_idle(host: Host, began: float) -> bool:
    """Return True unless the user is busy. Keys before `began`, a second of the monotonic clock, do not count."""
    busy = len(host.app.screen_stack) > 1 or isinstance(host.app.focused, Input)
    pressed = host.app.last_key if isinstance(host.app, KeyQueueApp) else 0.0
    return not busy and (pressed < began or time.monotonic() - pressed > PAUSE)


async def _apply(host: Host, choices: Sequence[Taken], notes: Sequence[Note]) -> None:
    """Apply the choices as one change, and show it together with `notes`. If they can't be stored, keep them."""
    from watchlist.lookups import apply_choices

    text = "; ".join(dict.fromkeys(note.text for note in notes))
    if not choices:
        if text:
            tone = max((note.tone for note in notes), key=TONES.index)
            host.say(text, notes[0].hint if len(notes) == 1 else "", tone)
        return
    changes: list[Change] = []
    failures: list[WatchlistError] = []

    def act(reach: Progress) -> Sequence[Change]:
        try:
            changes.append(apply_choices(host.library, choices, style=host.config.style, progress=reach))
        except WatchlistError as error:
            failures.append(error)
            raise
        return changes

    host.lookups.unstored = ()
    if await execute(host, act):
        if text:
            host.say(f"{changes[-1].label}; {text}", f"{host.key('undo')} undo", "warning")
    elif failures and isinstance(failures[0], StoreError) and not isinstance(failures[0], SuspectedLossError):
        host.lookups.unstored = choices
        host.say(failures[0].message, f"{host.key('lookup')} stores what you chose", "error")
