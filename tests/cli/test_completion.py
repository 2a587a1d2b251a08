"""Completion, as people meet it: in real shells on a real terminal; and what could come next, from the tables."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pexpect
import pytest

from tests.conftest import Call, Cli
from watchlist.cli.complete import candidates
from watchlist.commands import VERBS
from watchlist.fields import FIELDS
from watchlist.model import Role, Show, Shows, Status
from watchlist.store.index import Index, remember
from watchlist.store.snapshot import look

SHOWS = Shows(
    (
        Show(
            "heat", "Heat", year=1995, tags=("heist", "to own"), platform="Netflix", cast=(Role("Al Pacino", "Hanna"),)
        ),
        Show("slow-horses", "Slow Horses", tags=("heist",), platform="Apple TV+"),
        Show("amelie", "Amélie"),
    )
)
START = {
    "bash": ["--norc", "--noprofile", "-i"],
    "zsh": ["-f", "-i"],
    "fish": ["--no-config", "--interactive"],
}
SOURCE = {
    "bash": 'PS1="> "; source <(watchlist completions bash)',
    "zsh": 'PS1="> "; bindkey -e; autoload -Uz compinit; compinit -u -D; source <(watchlist completions zsh)',
    "fish": "function fish_prompt; echo '> '; end; watchlist completions fish | source",
}


class Shell:
    """An interactive shell that knows how to complete `watchlist`."""

    def __init__(self, name: str, env: Mapping[str, str]) -> None:
        self._number = 0
        self._process = pexpect.spawn(
            name, START[name], env=dict(env), encoding="utf-8", timeout=30, dimensions=(40, 160), echo=True
        )
        self._run(SOURCE[name])

    def _run(self, line: str) -> str:
        """Type a line and enter; what was printed between two marks that the typed line does not show."""
        self._number += 1
        self._process.send(f"{line}; printf 'en''d-%s\\n' {self._number}\r")
        self._process.expect(f"end-{self._number}\r?\n")
        return str(self._process.before)

    def complete(self, typed: str) -> list[str]:
        """The words of the line after `typed` and a tab, as the shell then takes them."""
        self._process.send(typed + "\t\x05")  # and to the end of the line
        self._number += 1
        self._process.send("\x01printf '<%s>\\n' sta''rt \x05 en''d" + f"-{self._number}\r")
        self._process.expect(f"<end-{self._number}>\r?\n")
        words = str(self._process.before).rpartition("<start>")[2]
        return [line.strip()[1:-1] for line in words.splitlines() if line.strip()]

    def close(self) -> None:
        self._process.close(force=True)


@pytest.fixture(scope="module")
def bin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `watchlist` in it, which runs these sources."""
    folder = tmp_path_factory.mktemp("bin")
    program = folder / "watchlist"
    program.write_text(f"#!{sys.executable}\nimport sys\nfrom watchlist.__main__ import main\nsys.exit(main())\n")
    program.chmod(0o755)
    return folder


@pytest.fixture(params=sorted(START))
def shell(request: pytest.FixtureRequest, home: dict[str, str], bin: Path, file: Path) -> Iterator[Shell]:
    name: str = request.param
    if shutil.which(name) is None:
        pytest.skip(f"{name} is not installed")
    env = home | {"PATH": f"{bin}:{home['PATH']}", "WATCHLIST_FILE": str(file)}
    opened = Shell(name, env)
    yield opened
    opened.close()


def test_a_real_shell_completes_verbs_flags_values_ids_and_titles(shell: Shell) -> None:
    typed = {
        "watchlist undo --qui": ["watchlist", "undo", "--quiet"],
        "watchlist hist": ["watchlist", "history"],
        "watchlist show slo": ["watchlist", "show", "slow-horses"],
        "watchlist show Slow\\ Ho": ["watchlist", "show", "Slow Horses"],
        'watchlist show "Slow Ho': ["watchlist", "show", "Slow Horses"],
        "watchlist status heat pau": ["watchlist", "status", "heat", "paused"],
        "watchlist list status:planned,watchi": ["watchlist", "list", "status:planned,watching"],
        "watchlist list platform:App": ["watchlist", "list", "platform:Apple TV+"],
        "watchlist list -status:drop": ["watchlist", "list", "-status:dropped"],
        "watchlist set heat status=pau": ["watchlist", "set", "heat", "status=paused"],
        "watchlist add Dune --kin": ["watchlist", "add", "Dune", "--kind"],
        "watchlist add Dune --kind=fi": ["watchlist", "add", "Dune", "--kind=film"],
        "watchlist tag heat -hei": ["watchlist", "tag", "heat", "-heist"],
        "watchlist show Amé": ["watchlist", "show", "Amélie"],
    }
    assert {line: shell.complete(line) for line in typed} == typed


def answer(cli: Cli, tmp_path: Path, line: str, list: Path) -> str:
    """What a shell is told that asks after `line`."""
    told = tmp_path / "told"
    cli(
        env={
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_SHELL": "zsh",
            "WATCHLIST_FILE": str(list),
            "_ARGCOMPLETE_STDOUT_FILENAME": str(told),
        }
    )
    return told.read_text("utf-8")


def test_nothing_in_a_title_acts_on_the_terminal_of_the_shell_that_asks(cli: Cli, file: Path, tmp_path: Path) -> None:
    ids = answer(cli, tmp_path, "watchlist show ", file)
    assert "heat:Heat" in ids
    assert "␛" in ids  # the title beside its id
    assert "\x1b" not in ids
    assert answer(cli, tmp_path, "watchlist show [R", file) == ""


def test_completing_a_list_that_cant_be_read_is_silent(cli: Cli, tmp_path: Path) -> None:
    assert answer(cli, tmp_path, "watchlist show ", tmp_path).startswith("--plain:")


def offered(line: str) -> list[str]:
    """What is offered at the end of a line; the last blank parts what is said from what is begun."""
    *words, prefix = line.split(" ")
    return list(candidates(words, prefix, lambda: SHOWS))


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("sho", ["show"]),
        ("--fil", ["--file"]),
        ("--file x li", ["list"]),
        ("show ", ["heat", "slow-horses", "amelie"]),
        ("show ame", ["amelie"]),
        ("show Ame", ["Amélie"]),
        ("show slow-horses --pl", ["--plain"]),
        ("remove heat slo", ["slow-horses"]),
        ("rate heat 4", ["4", "4.5"]),
        ("status heat ", list(Status)),
        ("status p", []),
        ("status --where kind:fi", ["kind:film"]),
        ("status --where kind:film --yes dr", ["dropped"]),
        ("tag heat +", ["+heist", "+to own"]),
        ("list platf", ["platform:"]),
        ("list platform:net", ["platform:Netflix"]),
        ("list role:ha", ["role:Hanna"]),
        ("list cast:al", []),
        ("list ^tags:heist,to", ["^tags:heist,to own"]),
        ("list is:bro", ["is:broken"]),
        ("list sort:rat", ["sort:rating", "sort:rating-"]),
        ("list rating:an", ["rating:any"]),
        ("list nothing:an", []),
        ("list --sort rat", ["rating", "rating-"]),
        ("list --columns title,plat", ["title,platform"]),
        ("list --limit ", []),
        ("set heat tags", ["tags=", "tags+=", "tags-="]),
        ("set heat kind=f", ["kind=film"]),
        ("set heat tags+=to", ["tags+=to own"]),
        ("add Dune --status pa", ["paused"]),
        ("add Dune --status=pa", ["--status=paused"]),
        ("import x --on-conflict k", ["keep"]),
        ("completions z", ["zsh"]),
        ("config ", ["show", "edit", "check"]),
        ("help que", ["query"]),
        ("nonsense ", []),
    ],
)
def test_what_could_come_next(line: str, found: list[str]) -> None:
    assert offered(line) == found


def test_every_verb_and_every_field_is_offered() -> None:
    assert offered("") == list(VERBS)
    assert {f"{name}:" for name in FIELDS} <= set(offered("list "))
    assert set(FIELDS) <= set(offered("list --columns "))


def test_a_long_list_is_completed_from_its_index_and_no_show_is_read_for_it(tmp_path: Path) -> None:
    titles = [f"{'Élan' if n % 2 else 'Window'} {n}" for n in range(200)]
    rows = (f'[[shows]]\nid = "s{n}"\ntitle = "{title}"\nyear = 1999\ntags = ["t{n % 3}"]\nnotes = "{"n" * 80}"\n'
            for n, title in enumerate(titles))  # fmt: skip
    data = "\n".join(rows).encode()
    cold = look(data)
    remember(cold, tmp_path / "index")
    index = Index.open(tmp_path / "index")
    warm = index.snapshot(data) if index is not None else None
    assert warm is not None
    for line in ("show ela", "show window 1", "show s1", "show ", "tag s1 +", "list tags:t", "list platform:"):
        *words, prefix = line.split(" ") if line != "show window 1" else ["show", "window 1"]
        found = candidates(words, prefix, lambda: warm.list.shows)
        assert found == candidates(words, prefix, lambda: cold.list.shows)
        assert found or prefix == "platform:"
    for show in warm.list.shows:
        with pytest.raises(AttributeError):
            object.__getattribute__(show, "notes")


def test_files_are_offered_from_what_was_typed(tmp_path: Path) -> None:
    (tmp_path / "one.csv").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / ".hidden").touch()
    assert offered(f"import {tmp_path}/") == [f"{tmp_path}/folder/", f"{tmp_path}/one.csv"]
    assert offered(f"export --output {tmp_path}/o") == [f"{tmp_path}/one.csv"]
    assert offered(f"--file {tmp_path}/.h") == [f"{tmp_path}/.hidden"]


def test_a_shell_that_there_are_no_completions_for_is_named(call: Call) -> None:
    assert call("completions", "zhs").err == 'watchlist: there are no completions for "zhs"\n  did you mean "zsh"?\n'
