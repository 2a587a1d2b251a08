"""The outline of a form: what its widgets will draw, as text for the first frame, which is on screen before they exist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from watchlist.domain.field_types import ChoiceType
from watchlist.domain.fields import Field, FormGroup
from watchlist.domain.glyphs import status_glyph
from watchlist.domain.model import Status
from watchlist.domain.ratings import DisplayStyle
from watchlist.tui.dialogs.dialog import Hint, hint_lines
from watchlist.tui.dialogs.field_group import Values, head, room_beside, summary
from watchlist.tui.themes import uses_terminal_colors
from watchlist.tui.widgets.form_fields import LABEL_WIDTH
from watchlist.tui.widgets.line_input import fitted
from watchlist.tui.widgets.list_columns import fit


def outline(
    widget: Widget,
    main: Sequence[tuple[Field, str]],
    folded: Mapping[FormGroup, Values],
    hints: Sequence[Hint],
    width: int,
    style: DisplayStyle,
) -> Content:
    """Return the lines of a form below its first row.

    Args:
        widget: The widget that draws them.
        main: The fields that are not folded, each with its text.
        folded: The fields of each folded group, with their values.
        hints: The key hints.
        width: The width of the lines in cells.
        style: How values are shown.
    """
    lines = [_row(widget, field, text, width, style) for field, text in main]
    heads = [
        head(group, Content.styled(summary(values, room_beside(group, width), style), "$text-muted"), width, style)
        for group, values in folded.items()
    ]
    keys = hint_lines(hints, width, ascii=style.ascii)
    return Content("\n").join([*lines, Content(), *heads, Content(), *keys]).stylize_before("$text-muted")


def _row(widget: Widget, field: Field, text: str, width: int, style: DisplayStyle) -> Content:
    room = max(0, width - LABEL_WIDTH - 3)
    signs = (
        {str(status): status_glyph(status, style) for status in Status} if isinstance(field.type, ChoiceType) else {}
    )
    shown = f"{signs[text]} {text}" if text in signs else text
    if shown:
        value = Content.styled(fit(shown, room + 1, style), "$foreground")
    else:
        hint = fitted(field.hint, room)
        value = Content.styled(hint + " " * (room + 1 - cell_len(hint)), "italic $text-muted")
    ground = "" if uses_terminal_colors(widget.app) else "on $panel"
    label = Content.styled(field.label, "$text-muted")
    return Content.assemble(
        " " * (LABEL_WIDTH - label.cell_length), label, " ", Content.assemble(" ", value, " ").stylize(ground)
    )
