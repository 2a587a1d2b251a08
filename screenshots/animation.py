"""The animated picture of the README: a session in a real terminal, as one SVG that needs no script.

Each line of the screen is drawn once for each time span in which it stays the same, and CSS shows it for that span.
"""

from __future__ import annotations

import html
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from string import hexdigits

import pexpect
import pyte

COLUMNS, ROWS = 100, 26
CELL_WIDTH, LINE_HEIGHT, FONT_SIZE = 8.43, 18, 14  # pixels
MARGIN = 10  # pixels
QUIET_SECONDS = 0.4  # without output, after which the screen shows the answer to a key

Row = tuple[pyte.screens.Char, ...]


@dataclass(frozen=True)
class Frame:
    """A screen, and how long it is shown."""

    rows: tuple[Row, ...]
    seconds: float


def record(program: str, env: Mapping[str, str], session: Sequence[tuple[str, float]]) -> list[Frame]:
    """Run a program in a terminal and return a frame for each step of a session.

    Args:
        program: Path of the program.
        env: Its environment.
        session: Pairs of keys, as a terminal sends them, and the seconds for which their result is shown.
    """
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.ByteStream(screen)
    process = pexpect.spawn(program, env=dict(env), dimensions=(ROWS, COLUMNS), timeout=20)
    frames = []
    for keys, seconds in session:
        process.send(keys)
        quiet = time.monotonic() + QUIET_SECONDS
        while time.monotonic() < quiet:
            try:
                stream.feed(process.read_nonblocking(1 << 16, timeout=0.05))
                quiet = time.monotonic() + QUIET_SECONDS
            except pexpect.TIMEOUT:
                pass
        rows = tuple(tuple(screen.buffer[y][x] for x in range(COLUMNS)) for y in range(ROWS))
        frames.append(Frame(rows, seconds))
    process.close(force=True)
    return frames


def svg(frames: Sequence[Frame], *, foreground: str, background: str) -> str:
    """Return the frames as an SVG that repeats them for ever; the last one for those who want no motion."""
    total = sum(frame.seconds for frame in frames)
    shares = [100 * sum(frame.seconds for frame in frames[:number]) / total for number in range(len(frames))]
    shown: dict[tuple[int, Row], set[int]] = {}  # by line and content: the numbers of the frames
    for number, frame in enumerate(frames):
        for y, row in enumerate(frame.rows):
            shown.setdefault((y, row), set()).add(number)
    groups: dict[frozenset[int], list[tuple[int, Row]]] = {}
    for line, numbers in shown.items():
        groups.setdefault(frozenset(numbers), []).append(line)
    inks = _Inks(foreground, background)
    css, body = [], []
    for name, (numbers, lines) in enumerate(groups.items()):
        drawn = "".join(_line(row, y, inks) for y, row in lines)
        if len(numbers) == len(frames):
            body.append(drawn)
            continue
        steps = [(share, number in numbers) for number, share in enumerate(shares)]
        changes = [step for at, step in enumerate(steps) if not at or step[1] is not steps[at - 1][1]]
        rules = "".join(f"{share:.4g}%{{opacity:{int(visible)}}}" for share, visible in changes)
        css.append(f"@keyframes k{name}{{{rules}}}.k{name}{{animation:k{name} {total:.4g}s step-end infinite}}")
        if len(frames) - 1 not in numbers:
            css.append(f"@media(prefers-reduced-motion){{.k{name}{{opacity:0}}}}")
        body.append(f'<g class="k{name}">{drawn}</g>')
    css += ["@media(prefers-reduced-motion){g{animation:none!important}}", *inks.css()]
    width, height = round(COLUMNS * CELL_WIDTH + 2 * MARGIN), ROWS * LINE_HEIGHT + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">\n'
        f"<style>text{{font:{FONT_SIZE}px DejaVu Sans Mono,Menlo,Consolas,monospace;white-space:pre}}"
        f".b{{font-weight:bold}}{''.join(css)}</style>\n"
        f'<rect width="100%" height="100%" rx="8" fill="{background}"/>\n' + "\n".join(body) + "\n</svg>\n"
    )


class _Inks:
    """The colors of a picture, each with a short name for its CSS class."""

    def __init__(self, foreground: str, background: str) -> None:
        self.foreground, self.background = foreground, background
        self._names: dict[str, str] = {}

    def name(self, color: str) -> str:
        return self._names.setdefault(color, f"c{len(self._names)}")

    def css(self) -> list[str]:
        return [f".{name}{{fill:{color}}}" for color, name in self._names.items()]


def _line(row: Row, y: int, inks: _Inks) -> str:
    """Return a line of the screen as SVG: a rectangle for each ground, a text for each run of one style."""
    parts, x, top = list[str](), 0, MARGIN + y * LINE_HEIGHT
    for (ink, ground, bold), group in groupby(row, key=lambda cell: _style(cell, inks)):
        cells = list(group)
        left, width = MARGIN + x * CELL_WIDTH, len(cells) * CELL_WIDTH
        if ground != inks.background:
            size = f'width="{width + 0.4:.1f}" height="{LINE_HEIGHT}"'
            parts.append(f'<rect x="{left:.1f}" y="{top}" {size} class="{inks.name(ground)}"/>')
        if text := "".join(cell.data for cell in cells).rstrip():
            words = text.lstrip()
            begin, length = left + (len(text) - len(words)) * CELL_WIDTH, len(words) * CELL_WIDTH
            looks = inks.name(ink) + " b" * bold
            fitted = f' textLength="{length:.1f}"' if len(words) > 1 else ""
            words = html.escape(words, quote=False)
            parts.append(f'<text x="{begin:.1f}" y="{top + FONT_SIZE}" class="{looks}"{fitted}>{words}</text>')
        x += len(cells)
    return "".join(parts)


def _style(cell: pyte.screens.Char, inks: _Inks) -> tuple[str, str, bool]:
    """Return ink, ground and whether a cell is bold. The ink of a blank does not matter."""
    ink, ground = _color(cell.fg, inks.foreground), _color(cell.bg, inks.background)
    if cell.reverse:
        ink, ground = ground, ink
    return ink, ground, cell.bold


def _color(name: str, default: str) -> str:
    """Return a color of pyte, which is a name or six hexadecimal digits, as CSS."""
    if name == "default":
        return default
    return f"#{name}" if len(name) == 6 and set(name) <= set(hexdigits) else name
