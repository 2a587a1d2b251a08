"""The pages of the manual as they are drawn: all words of a page, at any width, and no line is too long."""

from __future__ import annotations

import io
import re

import pytest
from rich.cells import cell_len
from rich.console import Console

from watchlist import manual
from watchlist.panels import ANSI, PLAIN, Styles
from watchlist.panels.manual_page import WIDTH, manual_page


def drawn(text: str, width: int, ink: Styles = PLAIN) -> str:
    out = io.StringIO()
    colors = ink is not PLAIN
    Console(
        file=out, width=width, force_terminal=colors, no_color=not colors, highlight=False, markup=False, emoji=False
    ).print(manual_page(text, ink))
    return out.getvalue()


def letters(text: str) -> str:
    """All letters and digits, whatever the lines are."""
    return re.sub(r"[\W_]", "", text)


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("topic", manual.TOPICS)
def test_a_page_is_drawn_whole_at_any_width(topic: str, width: int) -> None:
    page = manual.page(topic)
    lines = drawn(page, width).splitlines()
    assert max(map(cell_len, lines)) <= min(width, WIDTH)
    said = letters("".join(lines))
    plain = re.sub(r"```\w*\n|```|^\|[ |:-]+\|$", "", page, flags=re.MULTILINE)
    for paragraph in re.split(r"\n\n", plain):
        if not paragraph.startswith("|"):  # the cells of a table are drawn side by side
            assert letters(paragraph) in said, paragraph


def test_a_table_is_drawn_row_by_row_if_its_columns_would_be_narrow() -> None:
    table = (
        "| verb | does | flags |\n| --- | --- | --- |\n| `add TITLE` | add a show to the list of shows | `--force` |\n"
    )
    assert [line.rstrip() for line in drawn(table, 40).strip().splitlines()] == [
        "`add TITLE`",
        "  add a show to the list of shows",
        "  `--force`",
    ]
    assert len(drawn(table, 100).strip().splitlines()) == 2


def test_markup_and_control_characters_of_a_page_are_only_text() -> None:
    text = drawn("# [red]x[/oops]\n\n`[REC]` \x1b]0;x\x07 [b]y\n", 80, ANSI)
    assert "[red]x[/oops]" in text
    assert "[REC]" in text
    assert "\x1b]" not in text
    assert "\x07" not in text


def test_a_link_to_a_page_names_its_command() -> None:
    assert "Queries (`watchlist help queries`)" in manual.page("file")
