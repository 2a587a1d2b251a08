"""What is on the screen of a running app, for tests to read."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
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


async def until(ready: Callable[[], bool], app: App[Any], *, seconds: float = 30) -> None:
    """Wait for what other threads and timers bring about: however slow the machine is, that long at most."""
    end = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < end, "waited in vain; the screen is\n" + "\n".join(lines(app))
        await asyncio.sleep(0.01)


async def seen(app: App[Any], text: str, *, gone: bool = False) -> None:
    """Wait until the text stands on the screen, or no longer stands there."""
    await until(lambda: (text in "\n".join(lines(app))) is not gone, app)


def style_at(app: App[Any], x: int, y: int) -> Style:
    """How the cell is drawn."""
    (segment,) = list(app.screen._compositor.render_strips()[y].crop(x, x + 1))
    return segment.style or Style()
