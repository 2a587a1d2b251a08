"""The program in a real terminal: what a person sees, what other programs see of it, and what it leaves behind."""

from __future__ import annotations

import re
import signal
import sys
import time
import tomllib
from pathlib import Path

import pexpect
import pytest

from tests.e2e.terminal import LIST, Terminal, environment
from watchlist.store.snapshot import seed

BALLARD = tomllib.loads(seed())["shows"][0]
SIZES = [(120, 36), (80, 24), (60, 20), (40, 12)]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return environment(tmp_path)


@pytest.fixture
def file(tmp_path: Path, env: dict[str, str]) -> Path:
    path = tmp_path / "list.toml"
    path.write_text(LIST, "utf-8")
    env["WATCHLIST_FILE"] = str(path)
    return path


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("look", ["ballard", "ballard-light", "NO_COLOR"])
def test_the_seeded_show_is_there_whole_at_every_size(env: dict[str, str], size: tuple[int, int], look: str) -> None:
    env |= {"NO_COLOR": "1"} if look == "NO_COLOR" else {"WATCHLIST_THEME": look}
    with Terminal(env=env, size=size) as terminal:
        terminal.wait("Ballard")
        assert terminal.lines[-2].endswith(("first change", "watchlist.toml"))  # said whole
        if size[0] < 100:
            terminal.press("enter")
        seen = terminal.wait("premiered")
        for _ in range(40):
            terminal.press("enter" if size[0] >= 100 and "▌" in terminal.screen and _ == 0 else "ctrl+d")
            seen += "\n" + terminal.screen
            if "Cliff Martinez" in terminal.screen:
                break
        words = set(re.findall(r"[\w'’.-]+", seen))
        for text in (BALLARD["synopsis"], *(f"{row['actor']} {row['role']}" for row in BALLARD["cast"]), "4.5"):
            assert set(re.findall(r"[\w'’.-]+", text)) <= words
        assert "★★★★½" in seen
        assert "Traceback" not in seen
        assert terminal.quit() == 0


@pytest.mark.parametrize("how", ["variable", "flag"])
def test_T08_no_color_means_no_colour_and_the_cursor_is_seen(env: dict[str, str], file: Path, how: str) -> None:
    words, extra = (["--no-color"], {}) if how == "flag" else ([], {"NO_COLOR": "1"})
    with Terminal(*words, env=env | extra) as terminal:
        terminal.wait("Heat")
        terminal.read(0.3)
        assert not {code for code in _codes(terminal.raw) if 30 <= code <= 38 or 40 <= code <= 48 or code >= 90}
        row = next(y for y, line in enumerate(terminal.lines) if "▌" in line)
        assert any(terminal._screen.buffer[row][x].reverse for x in range(40))


def _codes(raw: bytes) -> set[int]:
    """The numbers in all sequences that set how text looks."""
    found = re.findall(rb"\x1b\[([\d;:]*)m", raw)
    return {int(number) for codes in found for number in re.split(rb"[;:]", codes) if number}


def test_what_another_program_writes_appears_and_cursor_and_marks_stay(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("space")
        terminal.wait("✓")
        terminal.press("j")
        file.write_text(file.read_text("utf-8") + '\n[[shows]]\ntitle = "Alien"\n', "utf-8")
        begun = time.monotonic()
        terminal.wait("Added Alien")
        assert time.monotonic() - begun < 3
        heat = next(line for line in terminal.lines if "Heat" in line)
        assert "✓" in heat
        assert next(line for line in terminal.lines if "▌" in line).count("Zodiac") == 1


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_T02_a_signal_leaves_the_terminal_as_it_was(env: dict[str, str], file: Path, number: int, code: int) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Heat")
        terminal.process.kill(number)
        terminal.process.expect(pexpect.EOF)
        terminal.raw += terminal.process.before or b""
        terminal.process.close()
        assert terminal.process.exitstatus == code
        assert b"\x1b[?1049l" in terminal.raw
        assert b"\x1b[?1003l" in terminal.raw


def test_T01_a_resize_keeps_the_cursor_and_nothing_is_drawn_wrong(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("j")
        for rows, columns in ((1, 1), (2, 3), (12, 40), (24, 80), (5, 200), (36, 120)):
            terminal.process.setwinsize(rows, columns)
            terminal._screen.resize(rows, columns)
            terminal.read(0.3)
            assert terminal.process.isalive()
        terminal.wait(lambda screen: any("▌" in line and "Slow Horses" in line for line in screen.split("\n")))
        assert terminal.quit() == 0


def test_damage_is_shown_with_its_place_and_nothing_is_written(env: dict[str, str], file: Path) -> None:
    text = LIST.replace("1995", "19x95")
    file.write_text(text, "utf-8")
    with Terminal(env=env) as terminal:
        screen = terminal.wait("Line 3, column 10")
        assert "^" in screen
        assert "Slow Horses" in screen
        terminal.press("r")
        terminal.wait("Read-only until line 3 is fixed")
        assert terminal.quit() == 0
    assert file.read_text("utf-8") == text


def test_keys_of_the_config_are_used_and_shown(env: dict[str, str], file: Path, tmp_path: Path) -> None:
    config = tmp_path / "config" / "watchlist" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('[keys]\nrate = "z"\nremove = ["D", "delete"]\n', "utf-8")
    with Terminal(env=env) as terminal:
        terminal.wait("z Rate")
        terminal.press("z")
        terminal.wait("Rate Heat")
        terminal.press("escape")
        terminal.press("d")
        terminal.press("r")
        assert "Removed" not in terminal.screen
        terminal.press("D")
        terminal.wait("Removed Heat")


def test_the_mouse_moves_orders_and_rates(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")

        def click(text: str, offset: int = 0) -> None:
            row = next(y for y, line in enumerate(terminal.lines) if text in line)
            column = terminal.lines[row].index(text) + offset
            for final in "Mm":
                terminal.process.send(f"\x1b[<0;{column + 1};{row + 1}{final}")
            terminal.read(0.3)

        click("Zodiac")
        terminal.wait(lambda screen: any("▌" in line and "Zodiac" in line for line in screen.split("\n")))
        click("Year")
        terminal.wait("by year")
        click("Planned")
        terminal.wait("No shows in Planned" if "Planned 0" in terminal.screen else "Planned 3")
        click("·····", 2)  # selects the row
        assert "rating" not in file.read_text("utf-8").partition("Slow Horses")[0]
        click("·····", 3)
        terminal.wait("Rated")
        assert "rating = 4.0" in file.read_text("utf-8")


def test_the_editor_changes_the_shows_text_and_a_mistake_is_opened_again(
    env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    editor = tmp_path / "editor.py"
    editor.write_text(
        "import sys, pathlib\n"
        "path = pathlib.Path(sys.argv[1]); text = path.read_text('utf-8')\n"
        "seen = pathlib.Path(__file__).with_name('seen'); again = seen.exists()\n"
        "seen.write_text(text, 'utf-8')\n"
        "path.write_text(text.replace('199x', '1996 # mine') if again else text.replace('1995', '199x'), 'utf-8')\n",
        "utf-8",
    )
    env["VISUAL"] = f"{sys.executable} {editor}"
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("E")
        terminal.wait("your text is kept, E opens it again")
        terminal.press("E")
        terminal.wait("Set year of Heat")
        assert "1996 # mine" in file.read_text("utf-8")
        assert "# watchlist: " in (tmp_path / "seen").read_text("utf-8")
        terminal.press("u")
        terminal.wait("Undone")
        assert file.read_text("utf-8") == LIST
        assert terminal.quit() == 0


def test_T03_suspended_and_back_the_screen_and_the_list_are_fresh(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("ctrl+z")
        stat = Path(f"/proc/{terminal.process.pid}/stat")
        if not stat.exists():
            pytest.skip("the state of a process is looked up in /proc")
        end = time.monotonic() + 5
        while stat.read_text().split(")")[1].split()[0] != "T" and time.monotonic() < end:
            terminal.read(0.1)
        assert stat.read_text().split(")")[1].split()[0] == "T"
        terminal.read()  # what it wrote before it stopped may still be on its way
        assert b"\x1b[?1049l" in terminal.raw
        terminal._screen.reset()  # as the terminal's other screen is when it is taken again: empty
        terminal.process.kill(signal.SIGCONT)
        assert "? Help" in terminal.wait("Zodiac")
        file.write_text(LIST + '\n[[shows]]\ntitle = "Alien"\n', "utf-8")
        terminal.wait("Alien")
        assert terminal.quit() == 0


def test_theme_and_order_are_kept_and_the_config_is_not_written(
    env: dict[str, str], file: Path, tmp_path: Path
) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("ctrl+t", "nord", "enter")
        terminal.press(":", "sort", "enter")
        terminal.wait("Sort by")
        terminal.press("n")
        terminal.wait("by rating")
        assert terminal.quit() == 0
    assert not (tmp_path / "config").exists()
    with Terminal(env=env) as terminal:
        terminal.wait("by rating")
        assert b"46;52;64" in terminal.raw  # nord's background
        titles = [line for line in terminal.lines if "Slow Horses" in line or "Heat" in line]
        assert "Slow Horses" in titles[0]


def test_notes_and_tags_are_written_and_shown(env: dict[str, str], file: Path) -> None:
    with Terminal(env=env) as terminal:
        terminal.wait("Zodiac")
        terminal.press("n", "The **diner** scene", "ctrl+s")
        terminal.wait("Changed notes of Heat")
        terminal.wait("The diner scene")
        terminal.press("t", "heist, la", "enter")
        terminal.wait("Tagged Heat +heist +la")
        assert 'notes = "The **diner** scene"' in file.read_text("utf-8")
        assert 'tags = ["heist", "la"]' in file.read_text("utf-8")
        terminal.press("n", " again", "escape")
        terminal.wait("keep")  # what was typed is not thrown away unasked
        terminal.press("n", "ctrl+s")
        terminal.wait("Changed notes of Heat")
        assert "scene again" in file.read_text("utf-8")


@pytest.mark.parametrize("size", [(120, 36), (80, 24), (40, 12)], ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize(
    ("key", "heading", "last"), [(":", "Commands", "cancel"), ("c", "Columns", "cancel"), ("?", "Keys", "manual")]
)
def test_a_long_dialog_is_drawn_with_its_last_line_at_once(
    env: dict[str, str], file: Path, size: tuple[int, int], key: str, heading: str, last: str
) -> None:
    """Each frame begins with the heading: the hints follow before the heading comes again."""
    with Terminal(env=env, size=size) as terminal:
        terminal.wait("Zodiac")
        terminal.raw = b""
        terminal.press(key, pause=0)
        terminal.wait(last)
        first_frame = terminal.raw.split(f" {heading} ".encode())[1]
        assert last.encode() in first_frame
        terminal.press("escape", *"?q")  # a key typed ahead closes what the key before has opened
        assert terminal.quit() == 0
