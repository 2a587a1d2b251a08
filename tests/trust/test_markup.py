"""Titles full of signs that mean something to a renderer: every drawing function shows them as they stand."""

from __future__ import annotations

from random import Random

from rich.console import Console

from tests.trust.conftest import Figure, Many
from tests.tui.drawn import lines
from tests.tui.host import Host
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS
from watchlist.domain.watchlist import Damage
from watchlist.panels import PLAIN, panels
from watchlist.sanitize import safe
from watchlist.tui.dialogs.choose import ChooseDialog
from watchlist.tui.widgets.file_banner import FileBanner
from watchlist.tui.widgets.filter_bar import FilterBar
from watchlist.tui.widgets.list_columns import fit
from watchlist.tui.widgets.message_bar import MessageBar
from watchlist.tui.widgets.option_rows import Option
from watchlist.tui.widgets.show_list import ShowList
from watchlist.tui.widgets.views_bar import ViewsBar

PIECES = (
    *(
        "[",
        "]",
        "[/",
        "[/]",
        "[REC]",
        "[red]",
        "[/red]",
        "[b]",
        "[@click=app.quit]",
        "[link=http://x]",
        "[$accent]",
        "[[",
        "]]",
    ),
    *(
        "\\",
        "\\[",
        "\\\\",
        ":smile:",
        ":x:",
        "{",
        "}",
        "{0}",
        "%s",
        "$",
        "$primary",
        "&amp;",
        "<b>",
        "`",
        "*",
        "_",
        "|",
        "#",
    ),
    *("a", "b c", "é", "三", '"', "'", "=", ",", ".", "/", "@", "on", "not", "1"),
)
ROWS, WIDTH = 25, 100


def strings(chance: Random, count: int) -> list[str]:
    """Short ones, so that each fits where it is drawn; no blanks at the ends, which are cut there."""
    made = ["".join(chance.choice(PIECES) for _ in range(chance.randint(1, 5))).strip()[:24] for _ in range(count)]
    return [text or "[" for text in made]


async def test_X04_whatever_a_title_is_it_is_drawn_as_it_stands(many: Many, figure: Figure) -> None:
    total, chance = many(300, 200_000), Random(4)
    altered: list[str] = []
    console = Console(width=WIDTH, color_system=None, legacy_windows=False)
    app = Host()
    drawn = 0
    async with app.run_test(size=(WIDTH, 40)) as pilot:
        shown = ShowList(), ViewsBar(), FilterBar(), MessageBar(), FileBanner()
        rows, views, bar, message, banner = shown
        await app.mount(*shown)
        rows.styles.height = ROWS + 2
        while drawn < total:
            texts = strings(chance, ROWS)
            rows.set_rows([Show(f"s{n}", text, tags=(text,), notes=text) for n, text in enumerate(texts)])
            views.show_views([(text, 1) for text in texts[:2]], 0)
            bar.report(1, 1, wrong=texts[0])
            message.say(texts[1], texts[2], "error")
            banner.show_damage(Damage("wrong", 1, 1, texts[3]))
            await pilot.pause()
            seen = [rows.render_line(y).text for y in range(ROWS + 1)]
            whole = "\n".join(lines(app))
            altered += [
                text for text in texts if not any(fit(text, len(text) + 4, STARS).strip() in line for line in seen)
            ]
            altered += [text for text in (texts[1], texts[3]) if safe(text) not in whole]
            with console.capture() as captured:
                for text in texts:
                    for panel in panels(Show("x", text, platform=text, synopsis=text), PLAIN, STARS, width=WIDTH):
                        console.print(panel)
            printed = captured.get()
            altered += [text for text in texts if printed.count(text) < 2]
            if drawn % (ROWS * 40) == 0:
                dialog = ChooseDialog(texts[0], [Option(n, text) for n, text in enumerate(texts[1:12])], 0)
                await app.ask(pilot, dialog)
                whole = "\n".join(lines(app))
                altered += [text for text in texts[:12] if text not in whole]
                await app.pop_screen()
            drawn += ROWS
        assert app.is_running
    figure("markup in titles", strings=drawn, crashes=0, altered_titles=len(altered))
    assert not altered[:5]
