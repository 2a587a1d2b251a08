"""The tables of README and manual, and the files of `watchlist/share`: `python -m screenshots.tables` writes them.

All are generated from the tables of the code. A page has a table between `<!-- NAME:begin -->` and `<!-- NAME:end -->`,
where NAME is one of PARTS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

from watchlist.cli.man_page import man_page
from watchlist.cli.verbs.info import SHELLS, completion_script
from watchlist.command_table import GLOBAL_FLAGS, VERBS, Word
from watchlist.config import as_toml
from watchlist.domain.fields import FIELDS
from watchlist.formats import FORMATS
from watchlist.help_texts import EXIT_CODES, QUERY, QUERY_END, SUMMARY
from watchlist.keymap import help_rows
from watchlist.pick import WEIGHTS
from watchlist.settings import SETTINGS
from watchlist.store.snapshot import seed

ROOT = Path(__file__).parent.parent
FIGURES = ROOT / "tests" / "trust" / "figures.json"
PAGES = (ROOT / "README.md", *sorted((ROOT / "watchlist" / "manual").glob("*.md")))
SHARE = ROOT / "watchlist" / "share"
COMPLETIONS = {"bash": "watchlist.bash", "zsh": "_watchlist", "fish": "watchlist.fish"}  # file names by shell
MAIN = (
    "kill -9 at random moments of a save",
    "failing calls: save",
    "two of our own writers",
    "bytes outside the edited value",
    "markup in titles",
)
_PART = re.compile(r"(<!-- (\w+):begin -->\n).*?(<!-- (\w+):end -->)", re.DOTALL)


def filled(page: str) -> str:
    """Return the text of a page with every marked part generated again.

    Raises:
        ValueError: A mark has no part of its name, or its end is the end of another.
    """

    def fill(match: re.Match[str]) -> str:
        if match[2] != match[4] or match[2] not in PARTS:
            raise ValueError(f"no part {match[2]} that ends in {match[4]}")
        return f"{match[1]}\n{PARTS[match[2]]()}\n{match[3]}"

    return _PART.sub(fill, page)


def write() -> None:
    """Generate the parts of all pages, and the files that are installed beside the program."""
    for page in PAGES:
        page.write_text(filled(page.read_text("utf-8")), "utf-8")
    SHARE.mkdir(exist_ok=True)
    for name, text in shared().items():
        (SHARE / name).write_bytes(text.encode())


def shared() -> dict[str, str]:
    """Return the texts of the files in `watchlist/share`, by name. The wheel installs them under share/ of the prefix."""
    scripts = {COMPLETIONS[shell]: f"{completion_script(shell).strip()}\n{_made_with()}\n" for shell in SHELLS}
    return {"watchlist.1": man_page(), "watchlist.desktop": desktop_entry(), **scripts}


def _made_with() -> str:
    """Return the last line of a completion script. Another version of argcomplete may write another script."""
    return f"# argcomplete {version('argcomplete')}"


def desktop_entry() -> str:
    """Return the entry for the menu of a desktop (Desktop Entry Specification), which opens the interface."""
    rows = {
        "Type": "Application",
        "Name": "Watchlist",
        "GenericName": "Watchlist of shows and films",
        "Comment": SUMMARY[0].upper() + SUMMARY[1:],
        "Exec": "watchlist",
        "TryExec": "watchlist",
        "Icon": "applications-multimedia",  # an icon of every theme (Icon Naming Specification)
        "Terminal": "true",
        "Categories": "AudioVideo;Video;ConsoleOnly;",
        "Keywords": "watchlist;films;movies;series;shows;",
    }
    return "[Desktop Entry]\n" + "".join(f"{key}={value}\n" for key, value in rows.items())


def keys() -> str:
    rows = [(" ".join(f"`{key}`" for key in row.keys), row.help) for row in help_rows()]
    return _table(("key", "does"), rows)


def verbs() -> str:
    rows = []
    for command in VERBS.values():
        words = [word for word in command.words or () if not word.flag]
        flags = [word for word in command.words or () if word.flag]
        usage = " ".join([command.name, *map(_argument, words)])
        rows.append((f"`{usage}`", command.help, " ".join(f"`{_flag(word)}`" for word in flags)))
    return _table(("verb", "does", "flags"), rows)


def flags() -> str:
    return _table(("flag", "does"), [(f"`{_flag(word)}`", word.help) for word in GLOBAL_FLAGS])


def query() -> str:
    rows = [(" ".join(f"`{part}`" for part in typed.split("  ")), found) for typed, found in QUERY]
    return f"{_table(('typed', 'finds'), rows)}\n{QUERY_END}\n"


def fields() -> str:
    rows = []
    for field in FIELDS.values():
        names = " ".join(f"`{name}`" for name in (field.name, *field.aliases))
        rows.append((names, field.type.name, field.hint))
    return _table(("field", "holds", ""), rows)


def config() -> str:
    rows = [
        (
            f"`{s.name}`",
            s.takes,
            f"`{as_toml(s.default)}`" if s.default else "",
            s.help,
            f"`{s.variable}`" * bool(s.variable),
        )
        for s in SETTINGS.values()
    ]
    return _table(("key", "takes", "default", "is", "variable"), rows)


def figures() -> str:
    """Return what the long run of tests/trust counted, a row for each claim."""
    return _table(("claim", "counted"), [(claim, _counts(row)) for claim, row in _figures().items()])


def main_figures() -> str:
    """Return the rows of `figures` that stand for the promises of README."""
    rows = _figures()
    return _table(("claim", "counted"), [(claim, _counts(rows[claim])) for claim in MAIN])


def _figures() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(FIGURES.read_text("utf-8"))
    return found


def _counts(row: dict[str, float]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} **{count:,}**" for name, count in row.items() if name != "seconds")


def formats() -> str:
    """Return a row for each format, with its endings and what can be done with it."""
    ways = {(True, True): "import, export", (True, False): "export", (False, True): "import"}
    rows = [
        (
            f"`{format.name}`",
            " ".join(f"`{ending}`" for ending in format.endings),
            ways[format.write is not None, format.read is not None],
            format.help,
        )
        for format in FORMATS.values()
    ]
    return _table(("format", "endings", "for", "is"), rows)


def the_seed() -> str:
    return f"```toml\n{seed()}```\n"


def _argument(word: Word) -> str:
    name = word.name + ("..." if word.many else "")
    return f"[{name}]" if word.optional else name


def _flag(word: Word) -> str:
    names = f"{word.short}, {word.name}" if word.short else word.name
    return f"{names} {word.metavar}" if word.metavar else names


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def weights() -> str:
    points = {name: f"{row.points:g}" for name, row in WEIGHTS.items()}
    return _table(("", "points", "for"), [(name, points[name], row.meaning) for name, row in WEIGHTS.items()])


def exit_codes() -> str:
    return _table(("exit code", "means"), [(str(code), meaning) for code, meaning in EXIT_CODES])


PARTS: dict[str, Callable[[], str]] = {
    "keys": keys,
    "verbs": verbs,
    "flags": flags,
    "query": query,
    "fields": fields,
    "config": config,
    "seed": the_seed,
    "weights": weights,
    "figures": figures,
    "main_figures": main_figures,
    "formats": formats,
    "exit_codes": exit_codes,
}

if __name__ == "__main__":
    write()
