"""The dialog that asks for a theme, and previews it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from watchlist.tui.dialogs.choose import ChooseDialog
from watchlist.tui.widgets.option_rows import Option


def choose_theme(names: Sequence[str], current: str, preview: Callable[[str], object]) -> ChooseDialog[str]:
    """Return the dialog that asks for one of the themes `names`. `preview` is called with the theme under the cursor."""
    return ChooseDialog("Theme", [Option(name, name) for name in names], current, narrow=True, preview=preview)
