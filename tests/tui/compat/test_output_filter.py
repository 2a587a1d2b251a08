"""Nothing that a title, a note or a link holds can act on the terminal."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color

from watchlist.tui.compat.output_filter import ControlFilter

GROUND = Color(0, 0, 0)
ATTACKS = {
    "colour": "\x1b[31mred\x1b[0m",
    "clipboard": "\x1b]52;c;SEVMTE8=\x07",
    "title": "\x1b]0;owned\x1b\\",
    "c1": "\x9b31mred\x9d0;owned\x9c",
    "nul": "a\0b",
    "del": "a\x7fb",
    "bidi": "\u202egnp.exe\u202c \u2066x\u2069",
    "lines": "one\ntwo\rthree\ttab\x0bvt\x0cff\x85nel\u2028ls",
    "tags": "a\U000e0041\U000e0042b",
}
FOREIGN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029\U000e0000-\U000e0fff]")


def _length(segments: list[Segment]) -> int:
    return sum(cell_len(segment.text) for segment in segments)


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS)
def test_controls_are_seen_and_the_line_keeps_its_width(attack: str) -> None:
    line = [Segment(attack), Segment(" " * 40), Segment("│")]
    drawn = ControlFilter().apply(line, GROUND)
    text = "".join(segment.text for segment in drawn)
    assert not FOREIGN.search(text)
    assert _length(drawn) == _length(line)
    assert text.endswith("│")
    assert any(sign in text for sign in "�␛␀␡␊")


@given(st.lists(st.tuples(st.text(), st.integers(0, 5)), max_size=6))
def test_any_line_keeps_its_width_and_holds_no_control(parts: list[tuple[str, int]]) -> None:
    line = [Segment(text + " " * blanks) for text, blanks in parts]
    drawn = ControlFilter().apply(line, GROUND)
    assert _length(drawn) == _length(line)
    assert not FOREIGN.search("".join(segment.text for segment in drawn))


def test_a_harmless_line_is_passed_on_as_it_is() -> None:
    line = [Segment("Amélie 千と千尋 👨‍👩‍👧", RichStyle(bold=True)), Segment(" ")]
    assert "".join(s.text for s in ControlFilter().apply(line, GROUND)) == "".join(s.text for s in line)
    plain = [Segment("plain")]
    assert ControlFilter().apply(plain, GROUND) is plain


def test_a_link_that_would_break_out_of_its_sequence_is_dropped() -> None:
    good, bad = RichStyle(link="https://example.org"), RichStyle(link="x\x1b\\\x1b]52;c;SEVMTE8=\x07", bold=True)
    kept, dropped = ControlFilter().apply([Segment("a", good), Segment("b", bad)], GROUND)
    assert kept.style is not None
    assert kept.style.link == "https://example.org"
    assert dropped.style is not None
    assert dropped.style.link is None
    assert dropped.style.bold


PROGRAM = """
from textual.app import App
from textual.content import Content
from textual.widgets import Input, Static
from watchlist.domain.model import Problem, Show, Viewing
from watchlist.tui.compat.output_filter import ControlFilter
from watchlist.tui.themes import OWN
from watchlist.tui.widgets.details import Details
from watchlist.tui.widgets.filter_bar import FilterBar
from watchlist.tui.widgets.footer import KeyFooter
from watchlist.tui.widgets.message_bar import MessageBar
from watchlist.tui.widgets.show_list import ShowList
from watchlist.tui.widgets.views_bar import ViewsBar

attack = {attack!r}
show = Show(
    "x", attack, platform=attack, synopsis=attack, notes=attack + " [a](http://" + attack + ")", tags=(attack,),
    viewings=(Viewing(review=attack, people=(attack,)),), problems=(Problem("year", attack, attack),),
    other={{attack: attack}},
)

class Attacked(App):
    CSS = "ShowList, Details {{ height: 8 }}"
    controls = ControlFilter()
    def get_line_filters(self):
        return [*super().get_line_filters(), self.controls]
    def compose(self):
        yield ViewsBar(); yield FilterBar(); yield ShowList(); yield Details(); yield MessageBar()
        yield Static(Content(attack)); yield Input(attack)
        yield KeyFooter([(attack, attack, "help")])
    def on_mount(self):
        self.query_one(ViewsBar).show_views([(attack, 1)], 0)
        self.query_one(ShowList).set_rows([show])
        self.query_one(Details).show_details(show)
        self.query_one(FilterBar).text = attack
        self.query_one(FilterBar).report(1, 1, wrong=attack)
        self.query_one(MessageBar).say(attack, attack, "error")
        self.set_timer(0.3, self.exit)

Attacked().run()
print("ENDED")
"""
# What Textual itself sends: modes, cursor, colours, and the questions it asks of the terminal.
OURS = re.compile(rb"\x1b(?:\[[?<>=]?[\d;:]*[ $]?[A-Za-z]|\]22;[a-z-]+\x07|P=\d+s\x1b\\)|[\r\n]")


def _in_a_terminal(program: str) -> bytes:
    """All bytes that a Python program writes to a terminal of 80 by 40."""
    pexpect = pytest.importorskip("pexpect")
    env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "PYTHONPATH": str(Path.cwd())}
    env.pop("NO_COLOR", None)
    child = pexpect.spawn(sys.executable, ["-c", program], env=env, dimensions=(40, 80), timeout=30)
    output = child.read()
    child.close()
    return bytes(output)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
def test_no_foreign_control_reaches_a_real_terminal() -> None:
    output = _in_a_terminal(PROGRAM.format(attack=" ".join(ATTACKS.values())))
    assert b"ENDED" in output, output[-2000:]
    assert "␛[31mred".encode() in output  # it was drawn, and can be seen
    left = OURS.sub(b"", output).decode("utf-8")
    assert not FOREIGN.search(left), FOREIGN.search(left)
    for code in (b"SEVMTE8=\x07", b"\x1b]52", b"\x1b]0", b"\x1b[31mred"):
        assert code not in output
