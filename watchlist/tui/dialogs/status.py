"""The dialog that asks for a status."""

from __future__ import annotations

from watchlist.domain.glyphs import status_glyph
from watchlist.domain.model import Status
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.tui.dialogs.choose import ChooseDialog, letters
from watchlist.tui.widgets.option_rows import Option

TONES = {status: "$foreground-muted" if status.color == "dim" else f"$text-{status.color}" for status in Status}


def choose_status(title: str, current: Status | None, style: DisplayStyle = STARS) -> ChooseDialog[Status]:
    """Return the dialog that asks for a status of `title`, e.g. `Heat` or `3 shows`. `current` is None if theirs differ."""
    keys = letters(list(Status))
    options = [
        Option(status, status, key, status_glyph(status, style), tone=TONES[status])
        for status, key in zip(Status, keys, strict=True)
    ]
    return ChooseDialog(f"Status of {title}", options, current)
