"""The manual in the interface: every page at every size, and a search that finds what is drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from tests.tui.drawn import lines, seen
from tests.tui.host import Host
from watchlist.domain.text import fold
from watchlist.manual import TOPICS
from watchlist.tui.dialogs.choose import ChooseDialog
from watchlist.tui.dialogs.help import HelpDialog
from watchlist.tui.dialogs.manual import ManualDialog
from watchlist.tui.state.text_search import TextSearch
from watchlist.tui.widgets.manual_view import ManualView

SIZES = [(200, 60), (120, 36), (80, 24), (60, 20), (40, 12)]


def text(app: Host) -> str:
    return "\n".join(lines(app))


def marked(app: Host, style: str) -> Iterator[str]:
    """Yield the drawn texts whose cells have a style, e.g. `underline`."""
    for strip in app.screen._compositor.render_strips():
        for segment in strip:
            if segment.style is not None and getattr(segment.style, style) and segment.text.strip():
                yield segment.text


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("topic", TOPICS)
async def test_every_page_is_read_from_top_to_end_at_every_size(topic: str, size: tuple[int, int]) -> None:
    app = Host()
    async with app.run_test(size=size) as pilot:
        await app.ask(pilot, ManualDialog(topic))
        view = app.screen.query_one(ManualView)
        assert view.max_scroll_x == 0
        assert all(strip.cell_length == view.line_width for strip in view._strips)
        assert "esc back" in text(app)
        await pilot.press("end")
        await pilot.pause()
        assert view._strips[-1].text.strip() in text(app)
        assert max(len(strip.text.rstrip()) for strip in view._strips) <= 100, "longer lines are hard to read"


async def test_m_in_the_help_leads_to_the_topics_and_back() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.ask(pilot, HelpDialog(), "m")
        assert isinstance(app.screen, ChooseDialog)
        assert all(topic in text(app) for topic in TOPICS)
        await pilot.press("2")
        await seen(app, "help [TOPIC]")
        assert isinstance(app.screen, ManualDialog)
        await pilot.press("right_square_bracket")
        await seen(app, "─ Queries ─")
        await pilot.press("left_square_bracket", "left_square_bracket")
        await seen(app, "─ Keys ─")
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.screen, ChooseDialog)
        current = app.screen._rows.current
        assert current is not None
        assert current.value == "keys"
        await pilot.press("escape", "escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def finding(pilot: Pilot[None], app: Host, typed: str) -> ManualView:
    await app.ask(pilot, ManualDialog("verbs"), "slash", *typed)
    return app.screen.query_one(ManualView)


@pytest.mark.parametrize("look", ["colour", "no_color", "ascii"])
async def test_a_search_goes_from_match_to_match_and_marks_them(look: str) -> None:
    app = Host(no_color=look == "no_color", ascii=look == "ascii")
    async with app.run_test(size=(80, 24)) as pilot:
        view = await finding(pilot, app, "undo")
        first, count = view.found
        assert first == 1
        assert count > 2
        await seen(app, f"1 of {count}")
        assert "undo" in list(marked(app, "reverse" if look == "no_color" else "bold"))
        await pilot.press("enter", "n")
        await seen(app, f"2 of {count}")
        await pilot.press("N", "N")
        await seen(app, f"{count} of {count}")
        await pilot.press("n")
        await seen(app, f"1 of {count}")
        await pilot.press("escape")
        await pilot.pause()
        assert view.found == (0, 0)
        assert isinstance(app.screen, ManualDialog), "the first esc ends the search"
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_what_is_typed_is_text_and_nothing_like_it_is_said() -> None:
    app = Host()
    async with app.run_test(size=(80, 24)) as pilot:
        await finding(pilot, app, "nqzx")
        await seen(app, "nothing like that")
        await pilot.press("enter")
        assert isinstance(app.screen, ManualDialog)
        await pilot.press("slash", "ctrl+u")
        app.screen.query_one("#line").value = ""  # type: ignore[attr-defined]
        await pilot.press("enter")
        await seen(app, "[ ] topic")


async def test_a_search_stays_when_the_screen_or_the_topic_changes() -> None:
    app = Host()
    async with app.run_test(size=(120, 36)) as pilot:
        view = await finding(pilot, app, "watchlist list")
        await pilot.press("enter")
        await pilot.resize_terminal(60, 20)
        await pilot.pause()
        current, count = view.found
        assert count > 0
        await seen(app, f"{current} of {count}")
        await pilot.press("right_square_bracket")
        await pilot.pause()
        assert view.wanted == "watchlist list"


WORDS = st.text(st.sampled_from("aäb千 .-"), max_size=6)


@given(st.lists(WORDS, max_size=6), st.text(st.sampled_from("aäb千 "), max_size=4))
def test_a_text_is_found_as_often_as_it_is_drawn(drawn: list[str], wanted: str) -> None:
    """Case, accents, blanks and line ends do not count; the spans of a match have the found characters."""
    matches = TextSearch(drawn).find(wanted)
    words = " ".join(fold(wanted).split())
    assert len(matches) == (" ".join(fold(" \n ".join(drawn)).split()).count(words) if words else 0)
    cells = {y: "".join(c * 2 if c == "千" else c for c in line) for y, line in enumerate(drawn)}
    for match in matches:
        found = " ".join(cells[y][start:end] for y, start, end in match).replace("千千", "千")
        assert "".join(fold(found).split()) == words.replace(" ", "")
