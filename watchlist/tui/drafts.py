"""What was typed into a form when the program had to end, to be offered again when that form is opened next."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from watchlist.errors import StoreError
from watchlist.store import files
from watchlist.values import Value

WAIT = 2.0  # seconds for another window that ends at the same moment


class Draft(NamedTuple):
    """What one form held. `texts` are by field, and only of those in which something was typed."""

    form: str
    time: datetime
    texts: Mapping[str, str]


class Drafts(Value):
    """The drafts of one list, in a file that only its owner can read. One that is damaged is forgotten."""

    path: Path

    def of(self, form: str) -> Draft | None:
        """The latest of this form."""
        return next((draft for draft in reversed(self._all()) if draft.form == form), None)

    def keep(self, draft: Draft, instead: Draft | None = None) -> None:
        """Add one, in place of the one that it began as. Where that fails, nobody is left to tell."""
        if draft.texts:
            self._write(lambda there: [*(one for one in there if one != instead), draft])

    def drop(self, draft: Draft | None) -> None:
        """Forget one: what was in it is stored, or nobody wants it."""
        if draft is not None:
            self._write(lambda there: [one for one in there if one != draft])

    def _all(self) -> list[Draft]:
        with contextlib.suppress(StoreError, ValueError, RecursionError):
            rows: Any = json.loads(files.read(self.path) or b"[]")
            return [draft for row in rows if (draft := _draft(row))] if isinstance(rows, list) else []
        return []

    def _write(self, change: Callable[[list[Draft]], list[Draft]]) -> None:
        with contextlib.suppress(StoreError), files.locked(self.path.with_suffix(".lock"), WAIT):
            rows = [(draft.form, draft.time.isoformat(), dict(draft.texts)) for draft in change(self._all())]
            files.replace(self.path, json.dumps(rows).encode("ascii") + b"\n")


def _draft(row: object) -> Draft | None:
    match row:
        case [str(form), str(time), dict(texts)] if all(isinstance(text, str) for text in texts.values()):
            with contextlib.suppress(ValueError):
                return Draft(form, datetime.fromisoformat(time), texts)
    return None
