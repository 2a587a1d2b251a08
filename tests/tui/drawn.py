"""What is on the screen of a running app, for tests to read."""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual.app import App
from textual.widget import Widget


def lines(app: App[Any], widget: Widget | None = None) -> list[str]:
    """The text of each line of the screen, or of the lines and cells that a widget covers."""
    strips = app.screen._compositor.render_strips()
    if widget is None:
        return [strip.text for strip in strips]
    region = widget.region
    return [strip.crop(region.x, region.right).text for strip in strips[region.y : region.bottom]]


def style_at(app: App[Any], x: int, y: int) -> Style:
    """How the cell is drawn."""
    (segment,) = list(app.screen._compositor.render_strips()[y].crop(x, x + 1))
    return segment.style or Style()
