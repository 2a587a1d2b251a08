"""Completion, as people meet it: in real shells on a real terminal; and what could come next, from the tables."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pexpect
import pytest

from tests.conftest import Call, Cli
from watchlist.cli.completion import can_be_inserted, candidates
from watchlist.command_table import VERBS
from watchlist.domain.fields import FIELDS
from watchlist.domain.model import Role, Show, Status
from watchlist.domain.show_table import ShowTable
from watchlist.domain.toml_values import render_value
from watchlist.store.cache.show_index import ShowIndex, remember
from watchlist.store.snapshot import parse_snapshot

SHOWS = ShowTable(
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
        self.name = name
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


def answer(
    cli: Cli, tmp_path: Path, line: str, list: Path | None, shell: str = "zsh", env: Mapping[str, str] | None = None
) -> str:
    """What a shell is told that asks after `line`."""
    told = tmp_path / "told"
    cli(
        env={
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_SHELL": shell,
            "_ARGCOMPLETE_SUPPRESS_SPACE": "1",  # the scripts say so
            "_ARGCOMPLETE_COMP_WORDBREAKS": " \t\n\"'><=;|&(:",
            "_ARGCOMPLETE_STDOUT_FILENAME": str(told),
            **({"WATCHLIST_FILE": str(list)} if list is not None else {}),
            **(env or {}),
        }
    )
    return told.read_text("utf-8")


def test_nothing_in_a_title_acts_on_the_terminal_of_the_shell_that_asks(cli: Cli, file: Path, tmp_path: Path) -> None:
    ids = answer(cli, tmp_path, "watchlist show ", file)
    assert "heat:Heat" in ids
    assert "␛" in ids  # the title beside its id
    assert "\x1b" not in ids
    assert answer(cli, tmp_path, "watchlist show [R", file).startswith("rec:[REC] ␛")
    assert "\x1b" not in answer(cli, tmp_path, "watchlist show [R", file)


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
        ("help que", ["queries"]),
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
    cold = parse_snapshot(data)
    remember(cold, tmp_path / "index")
    index = ShowIndex.open(tmp_path / "index")
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
    assert offered(f"seen one.mkv {tmp_path}/o") == [f"{tmp_path}/one.csv"]
    assert offered(f"export --output {tmp_path}/o") == [f"{tmp_path}/one.csv"]
    assert offered(f"--file {tmp_path}/.h") == [f"{tmp_path}/.hidden"]


def test_a_shell_that_there_are_no_completions_for_is_named(call: Call) -> None:
    assert call("completions", "zhs").err == 'watchlist: there are no completions for "zhs"\n  did you mean "zsh"?\n'


OWN = ShowTable(
    (
        Show("a", "A", other={"prio": 1, "lent to": "Bob", "xs": ["1", "noir"], 'q"': 1}),
        Show("b", "B", other={"prio": 2, "lent to": "Ann Lee"}),
        Show("c", "C", other={"prio": 2}),
    )
)


@pytest.mark.parametrize(
    ("words", "prefix", "found"),
    [
        (["set", "a"], "own:pr", ["own:prio="]),
        (["set", "a"], "own:l", ["own:lent to="]),
        (["set", "a"], "ow", ["own:lent to=", "own:prio=", "own:xs=", "own:"]),
        (["set", "a"], "own:prio=", ["own:prio=2", "own:prio=1"]),
        (["set", "a"], "own:lent to=b", ["own:lent to=Bob"]),
        (["set", "a"], "own:xs+=", ['own:xs+="1"', "own:xs+=noir"]),
        (["add", "New"], "own:pr", ["own:prio="]),
        (["list"], "pri", ["prio:"]),
        (["list"], "prio:", ["prio:2", "prio:1", "prio:none", "prio:any"]),
        (["list"], "-lent", ["-lent to:"]),
        (["list"], "lent to:A", ["lent to:Ann Lee"]),
        (["list"], "sort:lent", ["sort:lent to", "sort:lent to-"]),
        (["list", "--sort"], "pri", ["prio", "prio-"]),
        (["list", "--columns"], "title,le", ["title,left", "title,lent to"]),
    ],
)
def test_E3_C5_own_keys_and_their_values_are_offered(words: list[str], prefix: str, found: list[str]) -> None:
    assert sorted(candidates(words, prefix, lambda: OWN)) == sorted(found)


# By id, so that no id begins like a title.
HOSTILE = {
    "z00": "#Alive",
    "z01": "Airplane!",
    "z02": "Mother! Rescue",
    "z03": '"Airplane\\!"',
    "z04": "$HOME sweet",
    "z05": "$(touch pwned)",
    "z06": "`touch pwned`",
    "z07": "It's here",
    "z08": 'Say "yes" now',
    "z09": "C:\\dir",
    "z10": "~root",
    "z11": "-dash",
    "z12": "--quiet",
    "z13": "a*b",
    "z14": "[REC] 2",
    "z15": "{x,y}",
    "z16": ";rm -rf",
    "z17": "Fish & Chips",
    "z18": "Pipe | more",
    "z19": "100% Wolf",
    "z20": "k=v w",
    "z21": "Mission: Impossible",
    "z22": "(500) Days",
    "z23": "<tag> text",
    "z24": "back\\nslash",
    "z25": "wörld héllo",
    "z26": "🎬 Film",
    "z27": "?what else",
    "z28": "^caret",
    "z29": "tab\there",
    "z30": "new\nline",
    "z31": "rtl\u202e mark",
    "z32": "esc\x1b[31m red",
    "z33": "two  blanks",
    "z34": "ends with \\",
    "z35": "!bang",
    "z36": "%1 job",
    "z37": "+plus",
    "z38": "@at home",
    "z39": "=ls",
    "z40": "QQQ'\"`$\\!",
}


def begun(title: str, quote: str) -> str:
    """Return the first three characters of a title, typed as they have to be."""
    start = title[:3]
    if quote == "'":
        return quote + start
    if quote:
        return quote + re.sub(r'(["$`\\])', r"\\\1", start)
    return re.sub(r"(\W)", r"\\\1", start)


def test_D2_what_is_inserted_for_a_hostile_title_is_just_that_title_or_its_id(
    shell: Shell, file: Path, tmp_path: Path
) -> None:
    rows = (f'[[shows]]\nid = "{id}"\ntitle = {render_value(title)}\n' for id, title in HOSTILE.items())
    file.write_text("\n".join(rows), "utf-8")
    wrong, titles = {}, 0
    for id, title in HOSTILE.items():
        for quote in ("", "'", '"'):
            typed = begun(title, quote)
            # A quote in a quote, and what begins with a control character, can't be typed so; and what a shell is not to
            # be asked about in double quotes, since it would run or replace it: nothing is inserted then.
            if (quote and quote in title[:3]) or (quote == '"' and set("$`!\\") & set(title)):
                continue
            if not can_be_inserted(title, shell.name, quote) or title[0] in "-~":
                continue  # bash gets the id: see the next test; zsh and fish insert nothing that is not begun
            words = shell.complete(f"watchlist show {typed}")
            titles += words == ["watchlist", "show", title]
            if words not in (["watchlist", "show", title], ["watchlist", "show", id]):
                wrong[typed] = words
    assert wrong == {}
    assert titles > 60
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    ("shell", "typed", "inserted"),
    [
        ("bash", "watchlist show Airpl", r"Airplane\!"),
        ("bash", 'watchlist show "Airpl', "z01"),
        ("bash", "watchlist show 'Airpl", "Airplane!"),
        ("bash", "watchlist show \\#Al", r"\#Alive"),
        ("bash", "watchlist show \\~ro", "z10"),
        ("bash", "watchlist show tab", "z29"),
        ("bash", "watchlist show new", "z30"),
        ("bash", "watchlist show rtl", "z31"),
        ("bash", "watchlist show esc", "z32"),
        ("bash", "watchlist show It", r"It\'s\ here"),
        ("bash", "watchlist show 'It", r"It'\''s here"),
        ("bash", 'watchlist show "It', "It's here"),
        ("bash", 'watchlist show "C:', r"C:\\dir"),
        ("zsh", "watchlist show C", "z09:C:\\dir"),
        ("zsh", "watchlist show ends", "z34:ends with \\"),
        ("fish", "watchlist show C", "C:\\dir"),
    ],
)
def test_D2_what_a_shell_is_told_to_insert(
    cli: Cli, file: Path, tmp_path: Path, shell: str, typed: str, inserted: str
) -> None:
    rows = (f'[[shows]]\nid = "{id}"\ntitle = {render_value(title)}\n' for id, title in HOSTILE.items())
    file.write_text("\n".join(rows), "utf-8")
    assert answer(cli, tmp_path, typed, file, shell) == inserted


def test_D2_other_values_and_files_are_quoted_too(cli: Cli, file: Path, tmp_path: Path) -> None:
    file.write_text('[[shows]]\ntitle = "X"\nplatform = "#1 $TV"\ntags = ["a\\u001bb", "~x"]\n', "utf-8")
    assert answer(cli, tmp_path, "watchlist add Y --platform \\#", file, "bash") == r"\#1\ \$TV"
    assert answer(cli, tmp_path, "watchlist tag x +a", file, "bash") == ""
    assert answer(cli, tmp_path, "watchlist tag x +\\~", file, "bash") == r"+\~x"
    (tmp_path / "#a b.csv").touch()
    assert answer(cli, tmp_path, f"watchlist import {tmp_path}/\\#", file, "bash") == rf"{tmp_path}/\#a\ b.csv"
    assert answer(cli, tmp_path, "watchlist import \\~/\\#", file, "bash") == r"~/\#a\ b.csv"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("watchlist --file=~/other.toml show ", "o1"),
        ("watchlist --file ~/other.toml show ", "o1"),
        ("watchlist --file '$DIR/other.toml' show ", "o1"),
        ("watchlist show --file={home}/other.toml ", "o1"),
        ("watchlist --config=~/config.toml show ", "c1"),
        ("watchlist --config ~/config.toml show ", "c1"),
        ("watchlist --config '$DIR/config.toml' show ", "c1"),
        ("watchlist --config={home}/config.toml show ", "c1"),
        ("watchlist --config ~/config.toml --file ~/other.toml show ", "o1"),
        ("watchlist --json --quiet --file=~/other.toml show ", "o1"),
        ("watchlist --no-such --file=~/other.toml show ", "o1"),  # it may be mended yet
        ("watchlist show --no-such --file=~/other.toml ", "o1"),
        ("watchlist list -n x --file=~/other.toml id:", "o1"),
        ("watchlist --config ~/missing.toml show ", ""),
        ("watchlist --config ~/wrong.toml show ", ""),
        ("watchlist --file '$NOT_SET/x' show ", ""),
        ("watchlist show -- --file=~/other.toml ", ""),  # SHOW is taken
        ("watchlist list --where --file=~/other.toml id:", "o1"),
    ],
)
def test_D1_titles_are_those_of_the_list_that_the_line_names(
    cli: Cli, tmp_path: Path, line: str, expected: str
) -> None:
    mine = tmp_path / "data" / "watchlist"
    mine.mkdir(parents=True)
    (mine / "watchlist.toml").write_text('[[shows]]\nid = "mine"\ntitle = "Mine"\n', "utf-8")
    (tmp_path / "other.toml").write_text('[[shows]]\nid = "o1"\ntitle = "Other"\n', "utf-8")
    (tmp_path / "configured.toml").write_text('[[shows]]\nid = "c1"\ntitle = "Configured"\n', "utf-8")
    (tmp_path / "config.toml").write_text('file = "configured.toml"\n', "utf-8")
    (tmp_path / "wrong.toml").write_text('file = "configured.toml"\nscale = "7"\n', "utf-8")
    found = answer(cli, tmp_path, line.format(home=tmp_path), None, "fish", {"DIR": str(tmp_path)})
    words = [word.partition("\t")[0] for word in re.split(r"[\n\v]", found)]
    assert [word for word in words if word in ("mine", "o1", "c1")] == [expected] * bool(expected)
