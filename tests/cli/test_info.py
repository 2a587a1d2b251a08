"""Verbs about the program, and the editor: what is there, what is wrong with it, and texts that are checked first."""

from __future__ import annotations

import json
import re
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import pexpect
import pytest

from tests.conftest import SHOWS, Call
from watchlist.sources.lookup.answer_cache import AnswerCache
from watchlist.sources.lookup.tvmaze import API


@pytest.fixture(autouse=True)
def _named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


def editor(tmp_path: Path, code: str) -> str:
    """An editor that runs `code` with `path` and its `text`; a word of its own and a blank in its name are no trouble."""
    script = tmp_path / "my editor.py"
    script.write_text(
        "import pathlib, sys\nassert sys.argv[1] == '--wait'\npath = pathlib.Path(sys.argv[2])\n"
        f"text = path.read_bytes().decode()\n{code}\n"
    )
    return f"{sys.executable} '{script}' --wait"


def test_config_shows_every_value_and_where_it_is_from(call: Call, config: Path, file: Path) -> None:
    config.write_text('scale = "10"\n')
    found = json.loads(call("config", "--json").out)
    assert found["path"] == str(config)
    assert (found["settings"]["scale"], found["sources"]["scale"]) == ("10", f"{config} line 1")
    assert (found["settings"]["file"], found["sources"]["file"]) == (str(file), "WATCHLIST_FILE")
    assert (found["settings"]["mouse"], found["sources"]["mouse"]) == (True, "default")
    assert call("config").out == call("config", "show").out
    assert re.search(r'^scale +"10" ', call("config").out, re.MULTILINE)


def test_config_check_names_all_that_is_wrong(call: Call, config: Path) -> None:
    assert call("config", "check").code == 0
    config.write_text('scale = "7"\nmuose = true\ntheme = "balard"\n')
    ran = call("config", "check")
    assert ran.code == 2
    assert [line.partition(": ")[0].rpartition(" ")[2] for line in ran.out.splitlines()] == ["1", "2", "3"]
    assert 'did you mean "ballard"?' in ran.out
    assert len(json.loads(call("config", "check", "--json").out)["problems"]) == 3
    assert call("config", "chekc").err.endswith('did you mean "check"?\n')


def test_a_broken_config_stops_neither_help_nor_paths_nor_its_own_repair(
    call: Call, config: Path, tmp_path: Path
) -> None:
    config.write_text("scale = \n")
    assert call("list").code == 2
    for words in (["help"], ["paths"], ["completions", "bash"], ["themes"]):
        assert call(*words).code == 0
    ran = call("config", "edit", env={"EDITOR": editor(tmp_path, "path.write_text('scale = \"10\"\\n')")})
    assert (ran.code, config.read_text()) == (0, 'scale = "10"\n')
    assert call("list").code == 0


def test_config_edit_starts_from_every_default_as_a_comment(call: Call, tmp_path: Path, config: Path) -> None:
    config.parent.rmdir()
    ran = call("config", "edit", env={"VISUAL": editor(tmp_path, "path.write_text(text + 'backups = 0\\n')")})
    assert ran.code == 2
    assert "backups: expected a whole number from 1 to 1000" in ran.err
    assert '#theme = "ballard"' in config.read_text()


def test_paths_are_named_without_creating_anything(call: Call, tmp_path: Path, file: Path) -> None:
    before = sorted(tmp_path.rglob("*"))
    found = json.loads(call("paths", "--json").out)
    assert found["list"] == str(file)
    assert found["config"] == str(tmp_path / "config" / "watchlist" / "config.toml")
    assert {"journal", "backups", "state", "cache", "catalogue"} <= found.keys()
    assert call("paths").out.splitlines()[1] == f"list       {file}"
    assert sorted(tmp_path.rglob("*")) == before


def test_paths_and_doctor_tell_what_is_cached(call: Call, home: Mapping[str, str], file: Path) -> None:
    file.write_text(SHOWS.replace("rating = 11", "rating = 1.1"))
    folder = Path(home["XDG_CACHE_HOME"]) / "watchlist" / "answers"
    for verb in ("paths", "doctor"):
        assert json.loads(call(verb, "--json").out)["cached"] == []
        assert "cached" not in call(verb).err
    for number in range(3):
        AnswerCache(folder).put(API, str(number), b"x" * 50_000)
    size = sum(path.stat().st_size for path in folder.iterdir())
    for verb in ("paths", "doctor"):
        assert json.loads(call(verb, "--json").out)["cached"] == [{"path": str(folder), "size": size, "answers": 3}]
        assert call(verb).err.endswith("cached: 3 answers to look-ups, 0.2 MB\n")


def test_themes_are_the_ones_of_the_interface(call: Call) -> None:
    names = json.loads(call("themes", "--json").out)
    assert {"ballard", "ballard-light", "nord"} <= set(names)
    assert call("themes").out.splitlines() == names


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_printed(call: Call, shell: str) -> None:
    assert "watchlist" in call("completions", shell).out
    assert json.loads(call("completions", shell, "--json").out)["shell"] == shell


# edit


def test_edit_changes_one_block_and_leaves_the_rest(call: Call, file: Path, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    code = f"pathlib.Path({str(seen)!r}).write_text(f'{{path.suffix}} {{path.stat().st_mode:o}}\\n' + text)\n"
    code += "path.write_text(text.replace('4.5 # of 5', '3 # of 5, again'))"
    ran = call("edit", "heat", env={"EDITOR": editor(tmp_path, code)})
    assert (ran.code, ran.err) == (0, "Rated Heat 3, was 4.5   undo: watchlist undo\n")
    first, _, text = seen.read_text().partition("\n")
    assert first == f".toml {stat.S_IFREG | 0o600:o}"
    assert 'title = "Heat"' in text
    assert "Slow" not in text
    assert file.read_text("utf-8") == SHOWS.replace("4.5 # of 5", "3 # of 5, again")
    call("undo")
    assert file.read_text("utf-8") == SHOWS


def test_edit_without_a_show_is_the_whole_file(call: Call, file: Path, tmp_path: Path) -> None:
    ran = call("edit", env={"EDITOR": editor(tmp_path, "path.write_text('# mine\\n' + text)")})
    assert ran.code == 0
    assert file.read_text("utf-8") == "# mine\n" + SHOWS


def test_edit_mends_a_damaged_file(call: Call, file: Path, tmp_path: Path) -> None:
    file.write_text(SHOWS + "x = = 3\n")
    assert call("list").code == 3
    ran = call("edit", env={"EDITOR": editor(tmp_path, "path.write_text(text.replace('x = = 3\\n', ''))")})
    assert ran.code == 0, ran.err
    assert file.read_text("utf-8") == SHOWS


@pytest.mark.parametrize(
    ("code", "exit_code", "said"),
    [
        ("", 0, "Nothing changed"),
        ("path.write_text(text.replace('4.5', '= 4'))", 2, "what you wrote is in "),
        ("path.write_bytes(b'title = \"\\xff\"')", 2, "not valid UTF-8"),
        ("sys.exit(3)", 1, "ended with 3, so nothing was changed"),
        ("path.write_text('x'); sys.exit(1)", 1, "ended with 1, so nothing was changed"),
    ],
)
def test_I10_what_is_wrong_or_given_up_changes_nothing(
    call: Call, file: Path, tmp_path: Path, code: str, exit_code: int, said: str
) -> None:
    ran = call("edit", "heat", env={"EDITOR": editor(tmp_path, code)})
    assert ran.code == exit_code
    assert said in ran.err
    assert file.read_text("utf-8") == SHOWS
    if "what you wrote is in " in ran.err:
        kept = Path(ran.err.split("what you wrote is in ")[1].strip())
        assert kept.stat().st_size > 0
        kept.unlink()


@pytest.mark.parametrize(
    ("line", "said"), [("/none/editor --x", "can't be started"), ("'", "can't be started"), (" ", "no editor found")]
)
def test_I10_an_editor_that_is_not_there_is_named(call: Call, file: Path, line: str, said: str) -> None:
    ran = call("edit", "heat", env={"VISUAL": line, "PATH": ""})
    assert ran.code == 2
    assert said in ran.err
    assert "VISUAL" in ran.err
    assert file.read_text("utf-8") == SHOWS


def test_a_change_made_meanwhile_is_not_overwritten_and_the_text_is_kept(
    call: Call, file: Path, tmp_path: Path
) -> None:
    code = f"pathlib.Path({str(file)!r}).write_text({SHOWS.replace('4.5 # of 5', '2')!r})\n"
    code += "path.write_text(text + 'own = 1\\n')"
    ran = call("edit", "heat", env={"EDITOR": editor(tmp_path, code)})
    assert ran.code == 1
    assert "changed elsewhere" in ran.err
    kept = Path(ran.err.split("what you wrote is in ")[1].strip())
    assert "own = 1" in kept.read_text()
    kept.unlink()
    assert file.read_text("utf-8") == SHOWS.replace("4.5 # of 5", "2")


def test_on_a_terminal_a_wrong_text_comes_back_with_the_error_on_top(
    home: dict[str, str], file: Path, tmp_path: Path
) -> None:
    """The first time it is made wrong, the second time right; the note on top is not saved."""
    code = (
        "right = text.startswith('# watchlist: ')\n"
        f"pathlib.Path({str(tmp_path / 'seen')!r}).write_text(text)\n"
        "path.write_text(text.replace('rating = = 3', 'rating = 3') if right else text.replace('= 4.5', '= = 3'))"
    )
    env = home | {"WATCHLIST_FILE": str(file), "EDITOR": editor(tmp_path, code)}
    child = pexpect.spawn(sys.executable, ["-m", "watchlist", "edit", "heat"], env=env, encoding="utf-8", timeout=20)
    child.expect_exact("Open the editor again? [Y/n] ")
    child.sendline("")
    child.expect_exact("Rated Heat 3, was 4.5")
    child.expect(pexpect.EOF)
    note = (tmp_path / "seen").read_text().splitlines()[0]
    assert "line" in note
    assert file.read_text("utf-8") == SHOWS.replace("= 4.5 # of 5", "= 3 # of 5")


def test_B19_a_changed_id_is_reported_as_a_rename_and_names_the_show_from_then_on(
    call: Call, file: Path, tmp_path: Path
) -> None:
    rename = editor(tmp_path, "path.write_text(text.replace('\"heat\"', '\"heat-1995\"'))")
    ran = call("edit", "heat", env={"EDITOR": rename})
    assert ran.err == "Changed the id of Heat from heat to heat-1995   undo: watchlist undo\n"
    assert file.read_text("utf-8") == SHOWS.replace('"heat"', '"heat-1995"')
    assert call("rate", "heat-1995", "3").code == 0
    assert call("undo", "2").err.splitlines()[1].startswith("Undone: Changed the id of Heat")
    assert file.read_text("utf-8") == SHOWS
    done = json.loads(call("edit", "heat", "--json", env={"EDITOR": rename}).out)
    assert (done["renamed"], done["removed"], [s["id"] for s in done["shows"]]) == (
        {"heat": "heat-1995"},
        [],
        ["heat-1995"],
    )


def test_B19_an_id_that_another_show_has_is_refused_and_the_text_is_kept(
    call: Call, file: Path, tmp_path: Path
) -> None:
    ran = call("edit", "heat", env={"EDITOR": editor(tmp_path, "path.write_text(text.replace('\"heat\"', '\"rec\"'))")})
    assert ran.code == 2
    assert 'has the id "rec" already' in ran.err
    kept = Path(ran.err.split("what you wrote is in ")[1].strip())
    assert 'id = "rec"' in kept.read_text()
    kept.unlink()
    assert file.read_text("utf-8") == SHOWS
    code = "path.write_text(text.replace('\"amelie\"', '\"heat\"'))"
    ran = call("edit", env={"EDITOR": editor(tmp_path, code)})
    assert ran.code == 2
    line = SHOWS.splitlines().index('id = "amelie"') + 1
    assert f'line {line}: Amélie has the id "heat"; Heat has the same id' in ran.err
    Path(ran.err.split("what you wrote is in ")[1].strip()).unlink()
    assert file.read_text("utf-8") == SHOWS


def test_B15_tables_of_the_config_are_shown_as_json_too(call: Call, tmp_path: Path) -> None:
    config = tmp_path / "other.toml"
    config.write_text("lookup = { tvmaze = 'https://mirror.example' }\nservices = { MUBI = { until = 2027-03-01 } }\n")
    ran = call("--config", str(config), "config", "show", "--json")
    assert ran.code == 0, ran.err
    settings = json.loads(ran.out)["settings"]
    assert settings["services"] == {"MUBI": {"until": "2027-03-01"}}
    assert settings["lookup"] == {"tvmaze": "https://mirror.example"}
    assert call("--config", str(config), "config", "show").code == 0


def test_config_hides_the_keys_of_look_ups(call: Call, config: Path) -> None:
    config.write_text('[lookup]\ntmdb_key = "s3cret"\nomdb_key = "s3cret two"\n')
    for words in (("show",), ("show", "--json"), ("check",), ("check", "--json")):
        ran = call("config", *words)
        assert "s3cret" not in ran.out + ran.err, words
    assert "omdb_key needs a key in quotes, without spaces" in call("config", "check").out
    config.write_text('[lookup]\ntmdb_key = "s3cret"\n')
    ran = call("config", "show")
    assert "(hidden)" in ran.out
    assert "s3cret" not in ran.out + ran.err
