"""Drafts: unsaved texts of forms, which are shown again when the form is next opened."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from watchlist.domain.frozen import Frozen
from watchlist.errors import StoreError
from watchlist.store.disk import file_io, file_lock

WAIT = 2.0  # seconds to wait for the lock, e.g. if another window ends at the same moment


class Draft(NamedTuple):
    """The unsaved texts of the form named `form`. `texts` maps field names to texts, for the edited fields only."""

    form: str
    time: datetime
    texts: Mapping[str, str]


class Drafts(Frozen):
    """The drafts of one list, stored in a file that only its owner can read. Damaged drafts are ignored."""

    path: Path

    def of(self, form: str) -> Draft | None:
        """Return the latest draft of the form with this name; None if no draft is stored."""
        return next((draft for draft in reversed(self._all()) if draft.form == form), None)

    def keep(self, draft: Draft, instead: Draft | None = None) -> None:
        """Store `draft` in place of `instead`, the draft that filled the form. Errors are ignored.

        If `draft` has no texts, e.g. because the user has put back the initial texts, only delete `instead`.
        """
        if draft.texts:
            self._write(lambda there: [*(one for one in there if one != instead), draft])
        else:
            self.drop(instead)

    def drop(self, draft: Draft | None) -> None:
        """Delete a draft, because its text was saved to the list or discarded by the user. None is ignored."""
        if draft is not None:
            self._write(lambda there: [one for one in there if one != draft])

    def _all(self) -> list[Draft]:
        with contextlib.suppress(StoreError, ValueError, RecursionError):
            rows: Any = json.loads(file_io.read(self.path, own=True) or b"[]")
            return [draft for row in rows if (draft := _draft(row))] if isinstance(rows, list) else []
        return []

    def _write(self, change: Callable[[list[Draft]], list[Draft]]) -> None:
        with contextlib.suppress(StoreError), file_lock.locked(self.path.with_suffix(".lock"), WAIT):
            rows = [(draft.form, draft.time.isoformat(), dict(draft.texts)) for draft in change(self._all())]
            file_io.replace_own(self.path, json.dumps(rows).encode("ascii") + b"\n")


def _draft(row: object) -> Draft | None:
    match row:
        case [str(form), str(time), dict(texts)] if all(isinstance(text, str) for text in texts.values()):
            with contextlib.suppress(ValueError):
                return Draft(form, datetime.fromisoformat(time), texts)
    return None
