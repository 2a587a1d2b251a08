"""FileWatch: reloads the list file when another program changes it, and reports problems of the file."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Protocol

from watchlist.domain.watchlist import Damage
from watchlist.errors import WatchlistError
from watchlist.tui.actions.host import Host
from watchlist.tui.actions.run_change import NOT_STORED
from watchlist.tui.state.store_thread import run_in_store

if TYPE_CHECKING:
    from watchlist.tui.widgets.file_banner import FileBanner
    from watchlist.tui.widgets.message_bar import Tone

POLL_SECONDS = 1.0  # between two checks of the file
# Seconds that a text must be in doubt before the banner is shown: another program may still be writing the file.
DOUBT_SECONDS = 2 * POLL_SECONDS - 0.1


class BannerHost(Host, Protocol):
    """A host that can also show the banner about the file, and messages about lasting problems."""

    def file_banner(self) -> FileBanner:
        """Return the banner above the list, which the first call adds to the screen."""

    def say_standing(self, subject: str, text: str, hint: str = "", tone: Tone = "error") -> None:
        """Show `text` about a lasting problem, unless it was shown already. `subject` names the kind of problem.

        An empty text means that the problem is solved. `hint` says what the user can do; `tone` sets the color.
        """


class FileWatch:
    """Watches the list file: reloads and draws a changed list, and shows a banner while the file has a problem.

    A text is "in doubt" while the library does not accept it as the list, e.g. because most shows are missing.
    """

    def __init__(self, host: BannerHost) -> None:
        self._host = host
        library = host.library
        self._doubt = library.doubt  # why the text is in doubt, as a phrase that follows "The file"; empty if it is not
        self._doubted = -DOUBT_SECONDS  # second of the monotonic clock at which the doubt began
        self._read_only_reason = library.list_file.read_only_reason  # as of the last check; see the property
        self._polls = 0  # checks that are running
        self._shown: tuple[Damage | None, str, str] = None, "", ""  # damage, doubt and read-only reason in the banner

    def poll(self) -> None:
        """Start a check of the file, unless one is running: a new one would cancel it, on a slow disk again and again."""
        if not self._polls:
            self.read(at_once=False)

    def read(self, *, at_once: bool) -> None:
        """Start to check the file in the background, and to reload the list if it changed.

        With `at_once`, the next frame is delayed briefly, so that it can already show the result.
        """
        self._host.run_worker(self._read(at_once=at_once), group="poll", exclusive=True)

    async def _read(self, *, at_once: bool) -> None:
        self._polls += 1
        try:
            await (run_in_store if at_once else asyncio.to_thread)(self._reload)
        except WatchlistError as error:
            self._host.say_standing("file", error.message, error.hint)
        else:
            await self._show()
        finally:
            self._polls -= 1

    def _reload(self) -> None:
        self._read_only_reason = self._host.library.list_file.read_only_reason
        self._host.library.reload()

    async def _show(self) -> None:
        """Draw the list if another program has changed it, and report new and solved problems."""
        host, library = self._host, self._host.library
        host.say_standing("file", "")
        before, now = host.listing.library, library.list
        # Compare with the drawn list: a cancelled check may have reloaded the file. Our own changes are drawn already.
        if now is not before and library.list_file.reading is None and not host.keys_held_until:
            host.show(host.listing.with_library(now))
            from watchlist.domain.change_messages import describe  # only needed if another program changes the list
            from watchlist.domain.edits import deltas

            if (changes := deltas(before, now)) and not host.message_bar.is_error:
                host.say(f"Elsewhere: {describe(changes, host.listing.style)}", tone="info")
            await asyncio.to_thread(library.check)
        if library.doubt != self._doubt:
            if host.held and not library.doubt and host.message_bar.text in ("", NOT_STORED):
                host.say("The list is whole again", f"{host.key('redo')} does what waited for it", "warning")
            self._doubt, self._doubted = library.doubt, time.monotonic()
        self.update_banner()

    @property
    def read_only_reason(self) -> str:
        """Why the file can't be changed, as a phrase that follows "The file"; empty if the file can be changed."""
        if self._read_only_reason:
            # Permissions may have changed since the last check.
            self._read_only_reason = self._host.library.list_file.read_only_reason
        return self._read_only_reason

    def report_doubt(self) -> None:
        """Show at once why the file is not accepted as the list. A change of the user waits until they decide about it."""
        self._doubt, self._doubted = self._host.library.doubt, -DOUBT_SECONDS
        self.update_banner()

    def update_banner(self) -> None:
        """Update the banner if the problems of the file have changed."""
        host = self._host
        doubt = self._doubt if time.monotonic() - self._doubted >= DOUBT_SECONDS else ""
        state = host.listing.library.damage, doubt, self._read_only_reason
        if state != self._shown:
            self._shown = state
            banner = host.file_banner()
            banner.show_damage(state[0], doubt, barred=self._read_only_reason)
            if state[0] or doubt:
                host.run_worker(self._name_newest_backup(banner), group="backups", exclusive=True)

    async def _name_newest_backup(self, banner: FileBanner) -> None:
        """Add a sentence about the newest good backup to the banner. Skipped if the problems of the file change meanwhile."""
        from watchlist.tui.dialogs.backups import name_last_state  # only needed if the file has a problem

        state = self._shown
        backup = await asyncio.to_thread(name_last_state, self._host.library)
        if self._shown == state:
            banner.show_damage(state[0], state[1], backup, barred=state[2])
