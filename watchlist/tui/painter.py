"""What of a screen is drawn anew: the widgets that changed and those in front of them, and nothing beside them.

Textual puts together all that lies within the smallest rectangle around everything that changed, and visits every widget
in it. On a screen of a few large widgets that is nearly all of it, at every key.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from rich.console import Console
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip


class Painter(Compositor):
    """A compositor whose partial updates are whole widgets, painted from the back to the front."""

    def render_partial_update(self) -> Any:
        """What changed: the frontmost widget that holds all of a place, and those before it. Else as Textual does it."""
        places = [
            (widget, region, region.intersection(clip)) for widget, (region, clip) in self.visible_widgets.items()
        ]
        changed = {
            next((widget for widget, _, seen in places if seen.contains_region(place)), self.root)
            for place in self._dirty_regions
        }
        if self.root in changed:
            return super().render_partial_update()
        self._dirty_regions.clear()
        painted, strips = list[Region](), list[tuple[int, int, Strip]]()
        for widget, region, seen in reversed(places):
            if widget in changed or any(seen.overlaps(other) for other in painted):
                painted.append(seen)
                lines = widget.render_lines(seen.translate(-region.offset))
                strips += [(seen.x, y, line) for y, line in zip(seen.line_range, lines, strict=True)]
        return Painting(strips) if strips else None


class Painting(CompositorUpdate):
    """Strips, each with the cell that it begins at."""

    def __init__(self, strips: list[tuple[int, int, Strip]]) -> None:
        self._strips = strips

    def render_segments(self, console: Console) -> str:
        """All of it as it goes to the terminal."""
        return "".join([_to(x, y) + strip.render(console) for x, y, strip in self._strips])


@cache
def _to(x: int, y: int) -> str:
    """What puts the terminal's cursor there."""
    return f"\x1b[{y + 1};{x + 1}H"
