"""The dialog that asks for the field to sort by."""

from __future__ import annotations

from watchlist.domain.fields import FIELDS
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.tui.dialogs.choose import ChooseDialog, letters
from watchlist.tui.widgets.list_columns import arrows
from watchlist.tui.widgets.option_rows import Option


def choose_sort(sort: tuple[str, bool] | None, style: DisplayStyle = STARS) -> ChooseDialog[str]:
    """Return the dialog that asks for the field to sort by. Its result is the name of the field; None if cancelled.

    Args:
        sort: The current order as (name of the field, True if descending); None if the list is unsorted.
        style: Determines whether the arrow beside the current field is drawn in ASCII.
    """
    fields = [f for f in FIELDS.values() if f.name != "id" and f.width <= 14 and not (f.type.long or f.type.multiple)]
    now, down = sort or ("", False)
    order = f"{arrows(style)[down]} {'descending' if down else 'ascending'}"
    options = [
        Option(f.name, f.label, key, detail=order if f.name == now else "")
        for f, key in zip(fields, letters([f.label for f in fields]), strict=True)
    ]
    return ChooseDialog("Sort by", options, now or "title", hint="Choose it again to reverse." if now else "")
