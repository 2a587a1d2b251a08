"""The verb `backups`, what the command line says of a list in doubt, and that reading leaves everything alone."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import SHOWS, Call, Cli
from watchlist.cli.completion import candidates
from watchlist.command_table import VERBS
from watchlist.domain.show_table import ShowTable


@pytest.fixture(autouse=True)
def _named(call: Call, home: dict[str, str], file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home["WATCHLIST_FILE"] = str(file)
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


def folder(tmp_path: Path) -> Path:
    (found,) = (tmp_path / "state" / "watchlist" / "backups").iterdir()
    return found


def test_a_table_of_the_copies_the_latest_first(call: Call, file: Path, tmp_path: Path) -> None:
    ran = call("backups")
    assert (ran.code, ran.out) == (0, "")
    assert "no backups yet" in ran.err
    assert call("backups", "--json").out == "[]\n"
    call("rate", "heat", "3")
    call("remove", "amelie", "rec")
    lines = call("backups").out.splitlines()
    assert lines[0].split() == ["Backup", "When", "Shows", "Size"]
    assert re.fullmatch(rf" +2  \d{{4}}-\d\d-\d\d \d\d:\d\d +4  {len(SHOWS.encode())} B", lines[1])
    assert re.fullmatch(rf" +1  \d{{4}}-\d\d-\d\d \d\d:\d\d +4  {len(SHOWS.encode())} B", lines[2])
    rows = json.loads(call("backups", "--json").out)
    assert [(row["number"], row["shows"], row["size"]) for row in rows] == [
        (2, 4, len(SHOWS.encode())),
        (1, 4, len(SHOWS.encode())),
    ]
    assert Path(rows[1]["path"]).read_text("utf-8") == SHOWS
    Path(rows[0]["path"]).write_text("x", "utf-8")
    assert call("backups").out.splitlines()[1].split()[3] == "damaged"
    assert json.loads(call("backups", "--json").out)[0]["shows"] is None
    assert folder(tmp_path) == Path(rows[0]["path"]).parent


def test_a_copy_is_printed_and_nothing_in_it_acts(call: Call, file: Path) -> None:
    file.write_text(SHOWS + "# \x9b31m\n", "utf-8")
    call("rate", "heat", "3")
    shown = call("backups", "show", "1").out
    assert "# the one with the diner" in shown
    assert "\x9b" not in shown
    value = json.loads(call("backups", "show", "1", "--json").out)
    assert (value["number"], value["text"]) == (1, SHOWS + "# \x9b31m\n")


@pytest.mark.parametrize("by", ["number", "name"])
def test_a_copy_is_put_back_as_one_step_of_undo(call: Call, file: Path, by: str) -> None:
    call("rate", "heat", "3")
    changed = file.read_bytes()
    value: str = str(json.loads(call("backups", "--json").out)[0][by])
    ran = call("backups", "restore", value)
    assert (ran.code, ran.out) == (0, "")
    assert re.fullmatch(r"Restored backup 1-\d{4}-\d\d-\d\d   undo: watchlist undo\n", ran.err)
    assert file.read_text("utf-8") == SHOWS
    assert call("backups", "restore", value).err == "Nothing changed\n"
    assert call("undo").code == 0
    assert file.read_bytes() == changed
    assert json.loads(call("backups", "restore", "1", "--json").out)["label"].startswith("Restored backup 1")


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["restor"], 2, 'did you mean "restore"?'),
        (["3"], 2, "use one of show, restore, accept"),
        (["restore"], 2, "backups restore: missing N"),
        (["show"], 2, "backups show: missing N"),
        (["accept", "3"], 2, "backups accept takes no N"),
        (["restore", "1", "2"], 2, '"2"'),
        (["restore", "9"], 1, 'there is no backup "9"'),
        (["restore", "\x1b[1m"], 1, "`watchlist backups` lists them"),
        (["show", "0"], 1, 'there is no backup "0"'),
    ],
)
def test_what_cant_be_done_says_why_and_changes_nothing(
    call: Call, file: Path, words: list[str], code: int, said: str
) -> None:
    call("rate", "heat", "3")
    before = file.read_bytes()
    ran = call("backups", *words)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert "\x1b" not in ran.err
    assert file.read_bytes() == before


def test_F24_F25_a_list_in_doubt_is_said_kept_back_and_settled_by_a_copy_or_as_it_is(
    call: Call, cli: Cli, file: Path
) -> None:
    call("rate", "heat", "3")
    call("tag", "amelie", "+paris")
    was = file.read_bytes()
    file.write_bytes(b"")
    ran = call("list")
    assert ran.code == 3
    assert "was emptied by another program" in ran.err
    assert "`watchlist backups restore 2` restores the list as watchlist last knew it (4 shows)" in ran.err
    for words in (("add", "Dune"), ("rate", "heat", "4"), ("undo",)):
        ran = call(*words)
        assert (ran.code, ran.out) == (3, "")
        assert "was emptied by another program" in ran.err
        assert ("`watchlist redo` then does this" in ran.err) is (words[0] != "undo")
    assert file.read_bytes() == b""
    ran = call("backups")
    assert "emptied" in ran.err
    newest = ran.out.splitlines()[1].split()
    assert (newest[0], newest[3]) == ("2", "4")  # the state after both changes, though only that before them was copied
    assert cli("backups", "restore", "2").returncode == 0
    assert file.read_bytes() == was
    redone = cli("redo", "2").stderr
    assert "Redone: Rated Heat 4" in redone
    assert "Redone: Added Dune" in redone
    assert call("undo", "2").code == 0
    assert file.read_bytes() == was
    file.write_text("version = 1\n", "utf-8")
    ran = call("backups", "accept", "--json")
    assert json.loads(ran.out) == {"accepted": True, "shows": 0}
    assert ran.err == f"from now on the list is what is in {file}: 0 shows\n"
    assert call("backups", "accept").err == f"nothing seems to be lost from {file}: 0 shows\n"
    assert call("list").code == 0
    assert call("add", "Heat").code == 0
    file.unlink()
    assert call("list").code == 3
    assert json.loads(call("backups", "accept", "--json").out) == {"accepted": True, "shows": 0}
    assert "Ballard" in call("list").out
    ran = call("backups", "accept")
    assert (ran.code, f"there is no {file} to accept" in ran.err) == (1, True)


def test_A1_accept_is_offered_only_where_it_helps_and_says_what_is_still_wrong(call: Call, file: Path) -> None:
    call("rate", "heat", "3")
    good = file.read_bytes()
    for data, offered in ((None, False), (b"", True), (good[:-10], False), (b"x = = 3\n", False)):
        file.unlink() if data is None else file.write_bytes(data)
        for words in (("list",), ("rate", "heat", "4"), ("backups",)):
            ran = call(*words)
            assert ("backups accept" in ran.err) is offered, (data, words)
            assert "`watchlist backups restore" in ran.err
            assert ("put the file back, or name its new place with --file" in ran.err) is (data is None)
    ran = call("backups", "accept")
    assert ran.code == 0
    assert "it can't be read as a whole" in ran.err
    assert "`watchlist edit` opens the file there; `watchlist backups restore" in ran.err


def test_A7_a_list_that_is_cut_short_is_said_to_be_so_by_what_only_reads(call: Call, file: Path) -> None:
    call("rate", "heat", "3")
    data = file.read_bytes()
    file.write_bytes(data[: data.index(b"rating = 4.35") + 8])
    for words in (("list",), ("show", "heat"), ("stats",), ("views",), ("export",), ("list", "--json")):
        ran = call(*words)
        assert (ran.code, bool(ran.out)) == (3, True)
        assert ran.err.splitlines()[0].endswith("bytes are missing at its end")
        assert ran.err.splitlines()[1].startswith("  line 23, column 9: ")
        assert "`watchlist backups restore 2` restores the list as watchlist last knew it (4 shows)" in ran.err


@pytest.mark.parametrize("known", [True, False])
def test_A7_a_file_of_which_nothing_can_be_read_is_not_called_empty(call: Call, file: Path, known: bool) -> None:
    if known:
        call("rate", "heat", "3")
    file.write_text("x = = 3\n", "utf-8")
    verbs = [("list",), ("list", "dune"), ("stats",), ("stats", "dune"), ("pick",), ("show", "heat"), ("note", "heat")]
    for words in verbs:
        ran = call(*words)
        assert ran.code == 3, words
        assert "is empty" not in ran.err
        assert "no show in the file can be read" in ran.err or 'no show "heat" in what can be read' in ran.err
        assert "line 1, column 5: Invalid value" in ran.err.splitlines()[0]
        assert ("`watchlist backups restore 2` restores the list as watchlist last knew it" in ran.err) is known


def test_F25_a_show_that_is_not_found_may_be_one_that_was_lost(call: Call, file: Path) -> None:
    blocks = "".join(f'\n[[shows]]\nid = "s{n}"\ntitle = "Show {n}"\n' for n in range(20))
    file.write_text("version = 1\n" + blocks, "utf-8")
    call("rate", "s1", "4")
    file.write_text("version = 1\n" + blocks[: blocks.index('\n[[shows]]\nid = "s9"')], "utf-8")
    ran = call("rate", "s15", "4")
    assert ran.code == 3
    assert "has 9 of 20 shows left" in ran.err
    assert call("rate", "s2", "4").code == 3
    assert call("backups", "accept").code == 0
    assert call("rate", "s15", "4").code == 1
    assert "Redone: Rated Show 2 4" in call("redo").err


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("backups ", ["show", "restore", "accept"]),
        ("backups re", ["restore"]),
        ("backups restore ", ["2", "1"]),
        ("backups show 1", ["1"]),
    ],
)
def test_actions_and_numbers_are_offered(line: str, found: list[str]) -> None:
    *words, prefix = line.split(" ")
    assert list(candidates(words, prefix, ShowTable, lambda: {"2": "today", "1": "today"})) == found


def test_the_numbers_that_are_offered_are_those_of_the_list(cli: Cli, file: Path) -> None:
    cli("rate", "heat", "3")
    line = "watchlist backups restore "
    asked = {"_ARGCOMPLETE": "1", "_ARGCOMPLETE_IFS": "\n", "COMP_LINE": line, "COMP_POINT": str(len(line))}
    with_stdout = {"_ARGCOMPLETE_STDOUT_FILENAME": str(file.with_name("offered"))}
    cli(env={**asked, **with_stdout})
    assert file.with_name("offered").read_text("utf-8").split() == ["1"]


# What reading leaves alone

READING = (
    *(
        ("list",),
        ("list", "--json", "heat"),
        ("pick",),
        ("stats",),
        ("show", "heat"),
        ("note", "heat"),
        ("history",),
        ("views",),
        ("fields",),
    ),
    *(("export",), ("export", "--list"), ("backups",), ("backups", "show", "1"), ("doctor",), ("help",), ("keys",)),
    *(("themes",), ("schema",), ("config",), ("config", "check"), ("paths",), ("completions", "bash"), ("catalogue",)),
    *(("rate", "heat", "2", "--dry-run"), ("import", "shows.toml", "--dry-run")),
)
WRITES = re.compile(r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
CALL = re.compile(r'(?P<name>\w+)\((?:AT_FDCWD, |\d+, )?"(?P<path>[^"]*)"(?P<rest>.*)')


def test_every_verb_that_reads_is_looked_at() -> None:
    assert {name for name, command in VERBS.items() if not command.changes} <= {words[0] for words in READING}


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_P05_verbs_that_read_write_nothing_but_the_cache(home: dict[str, str], file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-B", "-m", "watchlist"]
    blocks = "".join(f'\n[[shows]]\nid = "s{n}"\ntitle = "Show {n}"\n# {"x" * 200}\n' for n in range(300))
    file.write_text(SHOWS + blocks, "utf-8")  # long enough for an index
    env = home | {"PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([*command, "rate", "heat", "3"], env=env, check=True, capture_output=True)
    shutil.rmtree(tmp_path / "cache", ignore_errors=True)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    log = tmp_path / "calls"
    kept = set[str]()
    for words in READING:
        calls = "trace=open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,truncate,link,symlink,chmod"
        traced = ["strace", "-f", "-qq", "-e", calls, "-o", str(log), *command, *words]
        ran = subprocess.run(traced, env=env, check=False, capture_output=True, cwd=tmp_path, timeout=60)
        assert ran.returncode in (0, 1), (words, ran.stderr)
        for line in log.read_text("utf-8", "replace").splitlines():
            made = CALL.search(line)
            if made is None or (made["name"] in ("open", "openat") and not WRITES.search(made["rest"])):
                continue
            if made["path"] == "/dev/null" or made["rest"].rstrip().endswith("(File exists)"):
                continue
            assert Path(made["path"]).is_relative_to(tmp_path / "cache"), (words, line)
            kept.add(words[0])
        log.unlink()
    assert "list" in kept  # it writes the cache: what is looked for can be seen
    after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path: data for path, data in after.items() if not path.is_relative_to(tmp_path / "cache")} == before


@pytest.mark.parametrize(
    "variables",
    [{"XDG_STATE_HOME": "state"}, {"XDG_STATE_HOME": "../state"}, {"XDG_STATE_HOME": ""}, {"HOME": ""}, {"HOME": None}],
    ids=str,
)
def test_P03_only_absolute_folders_count_and_all_that_is_made_is_private(
    home: dict[str, str], file: Path, tmp_path: Path, variables: dict[str, str | None]
) -> None:
    work = tmp_path / "work"
    work.mkdir()
    env = {name: value for name, value in (home | variables).items() if value is not None}
    ran = subprocess.run(
        [sys.executable, "-m", "watchlist", "rate", "heat", "3"], env=env, cwd=work, check=False, capture_output=True
    )
    assert ran.returncode == 0, ran.stderr
    assert list(work.iterdir()) == []
    for made in [path for path in tmp_path.rglob("*") if "watchlist" in path.parts[len(tmp_path.parts) :]]:
        assert made.stat().st_mode & 0o077 == 0, made


def test_P03_a_state_folder_behind_a_link_is_used_and_stays_one(
    call: Call, home: dict[str, str], tmp_path: Path
) -> None:
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    (tmp_path / "state").symlink_to(real)
    assert call("rate", "heat", "3").code == 0
    assert (tmp_path / "state").is_symlink()
    assert (real / "watchlist" / "journals").is_dir()
    assert call("undo").code == 0
