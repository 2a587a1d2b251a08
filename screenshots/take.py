"""Generates the pictures, and the tables of README and manual: `python screenshots/take.py [NAME ...]`.

The tests call the same functions and compare, so what is committed is what the program shows.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from rich.console import Console  # noqa: E402
from rich.terminal_theme import TerminalTheme  # noqa: E402
from rich.text import Text  # noqa: E402
from textual.pilot import Pilot  # noqa: E402

from screenshots import animation, tables  # noqa: E402
from screenshots.scenes import COLUMNS, COMMANDS, SCENES, SESSION, TODAY, Scene  # noqa: E402
from watchlist.domain.theme_colors import BALLARD  # noqa: E402
from watchlist.paths import Paths  # noqa: E402
from watchlist.settings import Config  # noqa: E402
from watchlist.store.library import Library  # noqa: E402
from watchlist.store.snapshot import seed  # noqa: E402
from watchlist.tui.app import WatchlistApp  # noqa: E402
from watchlist.tui.widgets.show_list import ShowList  # noqa: E402

HERE = ROOT / "screenshots"
PROGRAM = str(Path(sys.executable).with_name("watchlist"))
CLI = "command-line"
NAMES = (*(scene.name for scene in SCENES), CLI)
ANIMATION = "animation"  # not compared by the tests: it shows the day on which it was recorded


def the_list() -> str:
    """The made-up list of the pictures, with the seeded show in front."""
    head, _, rest = (HERE / "list.toml").read_text("utf-8").partition("\n[[shows]]\n")
    _, _, ballard = seed().partition("\n[[shows]]\n")
    return f"{head}\n[[shows]]\n{ballard}\n[[shows]]\n{rest}"


async def picture(scene: Scene) -> str:
    """The SVG of one scene."""
    with _home() as folder:
        paths = _paths(folder)
        app = WatchlistApp(Library.open(paths.data, paths), Config(theme=scene.theme), paths, today=lambda: TODAY)
        async with app.run_test(size=scene.size) as pilot:
            app.screen.query_one(ShowList).go_to("ballard")
            for key in scene.keys:
                if key == "wait":
                    await pilot.pause(0.3)
                    continue
                for part in key.removeprefix("text:") if key.startswith("text:") else [key]:
                    await pilot.press({" ": "space"}.get(part, part) if len(part) == 1 else part)
            return _without_fonts(await _settled(pilot))


async def _settled(pilot: Pilot[None]) -> str:
    """Return the picture of the app once it no longer changes: the same twice, 0.3 seconds apart."""
    before = ""
    while True:
        await pilot.pause(0.3)
        now = pilot.app.export_screenshot(title="watchlist")
        if now == before:
            return now
        before = now


def command_line() -> str:
    """The SVG of some verbs, run in a real terminal."""
    import pexpect

    console = Console(record=True, width=COLUMNS, file=io.StringIO(), legacy_windows=False, color_system="truecolor")
    with _home() as folder:
        env = _environment(folder)
        for command in COMMANDS:
            words = shlex.split(command)[1:]
            raw, _ = pexpect.run(shlex.join([PROGRAM, *words]), env=env, withexitstatus=True, dimensions=(50, COLUMNS))
            console.print(Text.assemble(("$ ", BALLARD.dim), (command, f"bold {BALLARD.foreground}")))
            console.print(Text.from_ansi(raw.decode("utf-8").replace("\r\n", "\n").rstrip("\n")))
            console.print()
    return _without_fonts(console.export_svg(title="watchlist", theme=_terminal_theme()))


def session() -> str:
    """The animated SVG of a session in a real terminal."""
    with _home() as folder:
        frames = animation.record(PROGRAM, _environment(folder), SESSION)
    return animation.svg(frames, foreground=BALLARD.foreground, background=BALLARD.background)


def _environment(folder: Path) -> dict[str, str]:
    """The environment of the installed program with a made-up list in `folder`."""
    home = str(folder)
    return {
        "HOME": home,
        "XDG_STATE_HOME": home,
        "XDG_CONFIG_HOME": home,
        "XDG_CACHE_HOME": home,
        "TERM": "xterm-256color",
        "PATH": os.environ["PATH"],
        "LANG": "C.UTF-8",
        "COLORTERM": "truecolor",
        "WATCHLIST_FILE": str(_paths(folder).data),
    }


@contextlib.contextmanager
def _home() -> Iterator[Path]:
    """A home folder for one picture, so that no path of this machine stands in it."""
    before, here = os.environ.get("HOME"), Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.environ["HOME"] = folder
        os.chdir(folder)
        try:
            yield Path(folder)
        finally:
            os.chdir(here)
            os.environ["HOME"] = before or ""


def _paths(folder: Path) -> Paths:
    file = folder / "watchlist.toml"
    file.write_text(the_list(), "utf-8")
    return Paths(folder / "config.toml", file, folder / "state", folder / "cache")


def _without_fonts(svg: str) -> str:
    """No font from elsewhere: whoever looks has one of fixed width."""
    svg = re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL)
    return re.sub(r"font-family: ?(?:Fira Code|\"Fira Code\")", "font-family: DejaVu Sans Mono, Menlo, Consolas", svg)


def _terminal_theme() -> TerminalTheme:
    def rgb(color: str) -> tuple[int, int, int]:
        return int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16)

    p = BALLARD
    normal = [p.panel, p.error, p.success, p.accent, p.primary, p.warning, p.primary, p.foreground]
    bright = [p.dim, *normal[1:]]
    colors = ([rgb(color) for color in some] for some in (normal, bright))
    return TerminalTheme(rgb(p.background), rgb(p.foreground), *colors)


def take(name: str) -> str:
    """The picture of this name."""
    if name == CLI:
        return command_line()
    if name == ANIMATION:
        return session()
    return asyncio.run(picture(next(scene for scene in SCENES if scene.name == name)))


def main(names: list[str]) -> None:
    for name in names or (*NAMES, ANIMATION):
        (HERE / f"{name}.svg").write_text(take(name), "utf-8")
    tables.write()


if __name__ == "__main__":
    main(sys.argv[1:])
