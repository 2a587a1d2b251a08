"""What is painted anew leaves the terminal as if all of it had been: nothing of what stood there before shines through."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import pyte
import pytest
from rich.color import ColorSystem
from rich.console import Console
from rich.style import Style
from textual.strip import Strip
from textual.widgets import Input

from tests.tui.drawn import until
from watchlist.config import Config
from watchlist.paths import Paths
from watchlist.store.library import Library
from watchlist.tui.app import WatchlistApp
from watchlist.tui.painter import Painter, Painting

TITLES = (
    "Heat",
    "Alien",
    "Zodiac",
    "Am\N{COMBINING DIAERESIS}lie 映画",
    "🎬 Ran",
    "x [/oops]",
    *map("Show {}".format, range(60)),
)
STEPS = (
    *("down", "down", "slash", "h", "e", "a", "backspace", "backspace", "backspace", "r", "a", "t", "colon", "x"),
    *("escape", "slash", *"映 zzz", "escape", "G", "g", "space", "o", "t", "2", "1", "enter", "j", "escape", "r", "4"),
    *("enter", "u", "question_mark", "escape", "slash", *"show 5", "enter", "pagedown"),
)


class Terminal:
    """What a terminal shows that was written to."""

    def __init__(self, width: int, height: int, console: Console) -> None:
        self._screen = pyte.Screen(width, height)
        self._stream = pyte.Stream(self._screen)
        self._console = console

    def write(self, update: Any) -> None:
        if update is not None:
            self._screen.cursor_position()
            self._stream.feed(update.render_segments(self._console).replace("\n", "\r\n"))

    @property
    def cells(self) -> list[list[Any]]:
        rows, columns = range(self._screen.lines), range(self._screen.columns)
        return [[self._screen.buffer[y][x] for x in columns] for y in rows]


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 12)])
async def test_a_screen_that_was_painted_bit_by_bit_is_what_it_is_drawn_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    file = tmp_path / "list.toml"
    paths = Paths(tmp_path / "config.toml", file, tmp_path / "state", tmp_path / "cache")
    file.write_text(
        "".join(f'[[shows]]\ntitle = "{title}"\nsynopsis = "{"word " * 40}"\n' for title in TITLES), "utf-8"
    )
    library = Library.open(file, paths)
    app = WatchlistApp(library, Config(), paths, today=lambda: date(2026, 11, 22))
    terminal, bits = Terminal(*size, app.console), list[Painting]()
    render = Painter.render_update

    def written(painter: Painter, full: bool = False, **words: Any) -> Any:
        update = render(painter, full, **words)
        terminal.write(update)
        bits.extend([update] if isinstance(update, Painting) else [])
        return update

    def missed() -> list[tuple[int, int, Any, Any]]:
        """The cells that are not as they would be if all was painted now: column, line, what is there, what should be."""
        compositor = app.screen._compositor
        dirty, whole = set(compositor._dirty_regions), Terminal(*size, app.console)
        whole.write(render(compositor, full=True))  # type: ignore[arg-type]
        compositor._dirty_regions |= dirty  # what is still to be painted is not taken from it by looking
        cells = zip(terminal.cells, whole.cells, strict=True)
        return [
            (x, y, a, b) for y, line in enumerate(cells) for x, (a, b) in enumerate(zip(*line, strict=True)) if a != b
        ]

    def styled(cls: type[Strip], style: Style, text: str, color_system: ColorSystem) -> str:
        return f"\x1b[{cls.render_ansi(style, color_system)}m{text}\x1b[0m"

    # A style remembers how it was rendered first, even if another test did that for a terminal of other colours.
    monkeypatch.setattr(Strip, "render_style", classmethod(styled))
    monkeypatch.setattr(Painter, "render_update", written)
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)  # a cursor that blinks is never painted for long
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.5)
        for key in STEPS:
            await pilot.press(key)
            await pilot.pause()
            if isinstance(app.screen._compositor, Painter):
                with suppress(AssertionError):
                    await until(lambda: not missed(), app)
                assert not missed(), f"after {key}"
            else:
                app.screen_stack[0].refresh()  # a dialog is drawn by Textual's own
    assert len(bits) > len(STEPS) / 2
