"""Both of our themes can be read on all their grounds, and every theme can colour the parts that we draw."""

from __future__ import annotations

import pytest
from rich.style import Style as RichStyle
from textual.app import App, ComposeResult
from textual.color import Color
from textual.theme import BUILTIN_THEMES

from watchlist.domain.model import Show, Status
from watchlist.domain.theme_colors import PALETTES, contrast
from watchlist.tui import themes
from watchlist.tui.widgets.filter_bar import FilterBar
from watchlist.tui.widgets.footer import KeyFooter
from watchlist.tui.widgets.message_bar import MessageBar
from watchlist.tui.widgets.show_list import ShowList
from watchlist.tui.widgets.views_bar import ViewsBar

GROUNDS = ("background", "surface", "panel")
INKS = (
    *("foreground", "text-muted", "foreground-muted", "text-primary", "text-accent"),
    *("text-success", "text-warning", "text-error"),
)


class Parts(App[None]):
    """The parts whose colours come from the theme alone."""

    def __init__(self, theme: str) -> None:
        super().__init__()
        for own in themes.OWN:
            self.register_theme(own)
        self.theme = theme

    def compose(self) -> ComposeResult:
        yield ViewsBar()
        yield FilterBar()
        yield ShowList()
        yield MessageBar()
        yield KeyFooter([("?", "Help", "help")])

    def on_mount(self) -> None:
        self.query_one(ViewsBar).show_views([("All", 5), ("Planned", 1)], 0)
        shows = [Show(status, status, status=status, rating=3) for status in Status]
        self.query_one(ShowList).set_rows(shows, marked=frozenset({"planned"}))
        self.query_one(MessageBar).say("Rated", "u undoes")


def test_every_theme_is_named_once_ours_first() -> None:
    names = themes.names()
    assert names[:2] == ("ballard", "ballard-light")
    assert len(set(names)) == len(names) == 2 + len(BUILTIN_THEMES)
    assert themes.DEFAULT in names
    assert themes.NO_COLOR in names


@pytest.mark.parametrize("theme", themes.OWN, ids=lambda theme: theme.name)
def test_text_and_dim_text_can_be_read_on_every_ground(theme: themes.Theme) -> None:
    variables = {**theme.to_color_system().generate(), **theme.variables}
    for ground in GROUNDS:
        behind = Color.parse(variables[ground])
        for ink in INKS:
            ratio = contrast((behind + Color.parse(variables[ink])).hex6, behind.hex6)
            assert ratio >= 4.5, f"{ink} on {ground}: {ratio:.2f}"


@pytest.mark.parametrize("theme", themes.OWN, ids=lambda theme: theme.name)
async def test_what_is_drawn_can_be_read(theme: themes.Theme) -> None:
    """The styles as they reach the screen, the active view and the cursor's row among them."""
    app = Parts(theme.name)
    async with app.run_test(size=(80, 12)):
        for strip in app.screen._compositor.render_strips():
            for text, style, _ in strip:
                if text.strip(" ▌▁▂▃▄▅▆▇") and style and style.color and style.bgcolor:
                    one, other = (Color.from_rich_color(c).hex6 for c in (style.color, style.bgcolor))
                    assert contrast(one, other) >= 4.5, text


def test_a_theme_has_the_colours_of_its_palette() -> None:
    for theme in themes.OWN:
        palette = PALETTES[theme.name]
        variables = {**theme.to_color_system().generate(), **theme.variables}
        assert Color.parse(variables["background"]) == Color.parse(palette.background)
        assert Color.parse(variables["text-accent"]) == Color.parse(palette.accent)
        assert Color.parse(variables["text-muted"]) == Color.parse(palette.dim)
        assert theme.dark is palette.dark


@pytest.mark.parametrize("name", themes.names())
async def test_every_theme_draws_the_parts_and_gives_ink(name: str) -> None:
    app = Parts(name)
    async with app.run_test(size=(60, 10)) as pilot:
        ink = themes.ink_of(app)
        for role in ("foreground", "dim", "primary", "border", "accent", "success", "warning", "error"):
            RichStyle.parse(getattr(ink, role) or "none")
        await pilot.pause()
        drawn = app.screen._compositor.render_strips()
        text = "\n".join(strip.text for strip in drawn)
        assert "All 5" in text
        if name.startswith("ansi"):  # the terminal's own colours, and no ground that looks like something on another
            bars = [segment.style for strip in (drawn[0], drawn[1], *drawn[-2:]) for segment in strip if segment.style]
            assert {style.bgcolor.name for style in bars if style.bgcolor} == {"default"}
        assert "▌" in text
