"""The dialog that asks for the field to group by."""

from __future__ import annotations

from collections.abc import Callable

from watchlist.domain.fields import FIELDS
from watchlist.tui.dialogs.choose import ChooseDialog, letters
from watchlist.tui.state.groups import GROUPS
from watchlist.tui.widgets.option_rows import Option


def choose_group(current: str, preview: Callable[[str], object]) -> ChooseDialog[str]:
    """Return the dialog that asks for the field to group by. Its answer is a name, or "" for no groups.

    The cursor starts on `current`. When it moves, `preview` is called with the name under it.
    """
    names = ["", *GROUPS]
    labels = ["None", *(FIELDS[name].label for name in GROUPS)]
    options = [Option(*row) for row in zip(names, labels, letters(labels), strict=True)]
    return ChooseDialog("Group by", options, current, preview=preview)
