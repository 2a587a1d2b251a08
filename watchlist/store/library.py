"""Library: the entry point for reading and changing a list.

Reading never writes. A change is a function that runs on the current list, under a lock.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Self

from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.watchlist import Watchlist
from watchlist.errors import NotFound
from watchlist.paths import Paths
from watchlist.sanitize import safe
from watchlist.store.change_result import Change as Change
from watchlist.store.change_result import Entry as Entry
from watchlist.store.change_result import Progress as Progress
from watchlist.store.change_result import no_progress as no_progress
from watchlist.store.file_guard import FileGuard
from watchlist.store.list_file import NEWEST_BACKUPS, ListFile
from watchlist.store.snapshot import Snapshot, name_of

if TYPE_CHECKING:  # imported lazily: commands that only read must not wait for the write path
    from watchlist.domain.edits import Edit
    from watchlist.store.history.backups import Backup

NO_TEXT = "the file was not valid text: undo can't restore it, `watchlist backups` lists its backup"


class Library:
    """A list that can be changed. All methods may be called from any thread.

    Attributes:
        file: The file, as named by the user.
        paths: The paths of the program's own files, e.g. the journal.
        list_file: What is known of the file, e.g. whether it exists and can be changed.
        guard: The protection of the file: what to do after a loss, and how to accept or create the file.
    """

    def __init__(self, list_file: ListFile) -> None:
        self.list_file = list_file
        self.guard = FileGuard(list_file)
        self.file, self.paths = list_file.file, list_file.paths

    @classmethod
    def open(cls, file: Path, paths: Paths, *, wait: bool = True, backups: int = NEWEST_BACKUPS) -> Self:
        """Open the list in a file. The parameters and errors are those of `ListFile.open`."""
        return cls(ListFile.open(file, paths, wait=wait, backups=backups))

    @property
    def list(self) -> Watchlist:
        """The list as last read or written by this process; during parsing, the shows parsed so far."""
        return self.list_file.list

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot of the file as last read or written by this process. Reading this property completes the parsing."""
        return self.list_file.snapshot

    @property
    def doubt(self) -> str:
        """Why the file seems to have lost shows, as a phrase that follows its name, e.g. "is gone"; else empty."""
        return self.list_file.doubt

    def text(self) -> str:
        """Return the whole text of the list. Raise StoreError if the file is not valid UTF-8."""
        return self.list_file.text()

    def reload(self) -> bool:
        """Read the file again if needed, and return True if the list has changed; see `ListFile.reload`."""
        return self.list_file.reload()

    def check(self) -> None:
        """Set `doubt` if the file has lost many shows since the last change in the journal; see `ListFile.check`."""
        self.list_file.check()

    def backups(self) -> tuple[Backup, ...]:
        """Return the backups of the file, newest first. Raise StoreError if their folder can't be read."""
        return self.list_file.backups()

    def block(self, id: str) -> str:
        """Return the text of the block (`[[shows]]` table) of the show with this id.

        Raises:
            NotFound: No show has this id.
        """
        show = self.snapshot.list.find(id)
        self.confirm([show] if show is not None else [], missing=show is None)
        text = self.snapshot.part(name_of(id))
        if text is None:
            raise NotFound(f'there is no show "{safe(id)}"')
        return text

    def confirm(self, shows: Iterable[Show], *, missing: bool = False) -> bool:
        """Return True if these shows agree with the text of the file; if not, parse the text again without the index.

        The index (see `cache.show_index`) may have been written by any program. A caller that is about to change shows
        must therefore select them again if the result is False.

        Args:
            shows: The selected shows.
            missing: True if the caller did not find a show, which the index alone can't confirm.
        """
        from watchlist.store.verify import is_from_index, shows_agree  # the write path: reading does not need it

        with self.list_file.mutex:
            snapshot = self.snapshot
            if not is_from_index(snapshot) or (not missing and shows_agree(snapshot, shows)):
                return True
            self.list_file.read_without_index()
            return False

    def apply(self, edit: Edit, *, style: DisplayStyle = STARS, progress: Progress = no_progress) -> Change:
        """Apply an edit to the current list, and return when the result is on disk.

        If an edit of several shows would overwrite an invalid value, that show is not changed and is named in `skipped`
        of the result. After any error, the file is unchanged.

        Args:
            edit: The edit.
            style: The rating scale in the label of the change.
            progress: Called during changes of many shows. If it raises an exception, the change ends before anything is
                written.

        Raises:
            Refused: The change would have to alter other text of the user.
            StoreError: The file is invalid or locked, or can't be written.
            WatchlistError: Any error raised by the edit.
        """
        from watchlist.store import (  # the write path: commands that only read must not wait for it
            change_kinds,
            transaction,
        )

        return transaction.Transaction(self.guard, change_kinds.of_edit(edit, style, progress)).run()

    def replace_block(self, id: str, text: str, *, was: str | None = None, style: DisplayStyle = STARS) -> Change:
        """Replace the block of one show by an edited text.

        Args:
            id: The id of the show.
            text: The new block.
            was: The block before the user edited it; None for the current block.
            style: The rating scale in the label of the change.

        Raises:
            UsageError: The text is not valid. The message names the line.
            Refused: The block in the file differs from `was`.
        """
        from watchlist.store import change_kinds, transaction  # the write path

        return transaction.Transaction(self.guard, change_kinds.of_block(id, text, was, self.block, style)).run()

    def replace_text(
        self, text: str, *, was: str | None = None, style: DisplayStyle = STARS, label: str = "", sure: bool = True
    ) -> Change:
        """Replace the whole text by an edited text.

        Args:
            text: The new text.
            was: The text before the user edited it; None for the current text.
            style: The rating scale in the label of the change.
            label: The label of the change; empty for a description of what changed.
            sure: True if the user has confirmed that shows may be removed.

        Raises:
            Loss: Many shows would be removed, and `sure` is False.
            UsageError: The text is not valid. The message names the line.
            Refused: The text in the file differs from `was`.
        """
        from watchlist.store import change_kinds, transaction  # the write path

        draft = change_kinds.of_text(text, self.text() if was is None else was, style, label, sure=sure)
        return transaction.Transaction(self.guard, draft, damaged=True).run()

    def undo(self, count: int = 1, *, progress: Progress = no_progress) -> tuple[Change, ...]:
        """Undo the last `count` changes. Return the changes that this makes, in order.

        Later changes by other programs are preserved. A change that can't be undone at all is skipped: `history` shows
        the reason, and the previous change is undone instead. For large changes, `progress` is called with (number of
        processed shows, number of shows to process).

        Raises:
            NotFound: There is no change to undo.
            Refused: None of the changes can be undone.
            WatchlistError: Any other failure. `changes` of the error are the completed steps; `skipped` has messages
                about skipped changes.
        """
        from watchlist.store.undo import undo_or_redo  # the write path

        return undo_or_redo(self.guard, count, progress, undo=True)

    def redo(self, count: int = 1, *, progress: Progress = no_progress) -> tuple[Change, ...]:
        """Redo the last `count` changes that were undone or held. Return the changes that this makes, in order.

        A held change was requested while the file seemed to have lost shows, and was not made. A change that can't be
        redone at all is skipped. Raises NotFound if there is no change to redo, and Refused if none can be redone.
        """
        from watchlist.store.undo import undo_or_redo  # the write path

        return undo_or_redo(self.guard, count, progress, undo=False)

    def history(self) -> tuple[Entry, ...]:
        """Return all changes in the journal, newest first, also undone ones. Raise StoreError if it can't be read."""
        self.list_file.read_on()
        done, undone, skipped = self.list_file.history.journal().stacks(on_disk=self.list_file.digest)
        rows = [
            *(Entry(r.number, r.label, r.time, False) for r in done),
            *(Entry(r.number, r.label, r.time, not r.held, r.held) for r in undone),
            *(Entry(r.number, r.label, r.time, False, False, why) for r, why in skipped),
        ]
        return tuple(sorted(rows, key=lambda entry: entry.number, reverse=True))

    def unreadable_lines(self) -> int:
        """Return the number of invalid lines of the journal, which are ignored."""
        return self.list_file.history.journal().unreadable

    def restore(self, name: str) -> Change:
        """Replace the content of the file, even if it is invalid, by the backup with the number or name `name`.

        The user can undo this like any change. If the file was missing, undo restores the last known list, unless the
        backup has the same content.

        Raises:
            NotFound: No backup has this number or name.
            StoreError: The backup is damaged or not text.
        """
        from watchlist.store import change_kinds, transaction  # the write path

        guard, backup = self.guard, self.list_file.backup(name)
        text = backup.text()
        with guard.locked(apart=True), guard.advising():
            last = guard.last_known()
            guard.accept_disk()
            current = self.snapshot
            guard.note(NO_TEXT if current.data is not None and current.document.data != current.data else "")
            draft = change_kinds.of_backup(backup, text, last)
            return transaction.Transaction(guard, draft, damaged=True, whatever=True).commit()
