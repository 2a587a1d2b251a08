"""The verb `schema`, and the schema beside a list: who writes it, and that its comment stays the first line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import SHOWS, Call
from watchlist.cli.completion import candidates
from watchlist.domain.show_table import ShowTable
from watchlist.domain.watchlist import SCHEMA_COMMENT, SCHEMA_FILE
from watchlist.store.snapshot import seed

FIRST = f"{SCHEMA_COMMENT}\n"
SOUND = SHOWS.replace("rating = 11", "rating = 1.1")


@pytest.fixture(autouse=True)
def _named(call: Call, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


@pytest.fixture
def beside(file: Path) -> Path:
    return file.with_name(SCHEMA_FILE)


def test_the_schema_of_the_list_or_of_the_config_is_printed(call: Call, file: Path) -> None:
    file.unlink()  # no list is needed
    ran = call("schema")
    assert json.loads(ran.out)["properties"]["shows"]["items"]["required"] == ["title"]
    assert (ran.code, ran.err, call("schema", "list").out, call("schema", "--json").out) == (0, "", ran.out, ran.out)
    assert json.loads(call("schema", "config").out)["properties"]["mouse"]["type"] == "boolean"
    wrong = call("schema", "confg")
    assert (wrong.code, wrong.out) == (2, "")
    assert 'did you mean "config"?' in wrong.err


def test_the_subjects_are_completed() -> None:
    def offered(*words: str) -> list[str]:
        return list(candidates(list(words), "", ShowTable, dict, lambda text: True))

    assert offered("schema")[:2] == ["list", "config"]


def test_init_writes_the_schema_and_the_comment(call: Call, file: Path, beside: Path) -> None:
    for flags, text in ((["--schema"], FIRST + seed()), (["--schema", "--empty"], FIRST + "version = 1\n")):
        file.unlink()
        beside.unlink(missing_ok=True)
        ran = call("init", *flags, "--file", str(file))
        assert (ran.code, ran.err) == (0, f"Created {file}\nWrote {beside}\n")
        assert file.read_text("utf-8") == text
        assert json.loads(beside.read_text("utf-8")) == json.loads(call("schema").out)
        assert (call("doctor", "--schema").code, call("doctor").code) == (0, 0)
    assert call("init", "--schema").code == 1  # the list exists


def test_init_without_the_flag_writes_no_schema(call: Call, file: Path, beside: Path) -> None:
    file.unlink()
    assert call("init").code == 0
    assert not beside.exists()
    assert file.read_text("utf-8") == seed()


def test_a_file_of_another_kind_is_not_written_over(call: Call, file: Path, beside: Path) -> None:
    beside.write_text("mine")
    file.write_text(SOUND)
    for words in (["doctor", "--fix", "--schema"], ["init", "--schema", "--file", str(file.with_name("new.toml"))]):
        ran = call(*words)
        assert ran.code == 1
        assert f"{beside} is not a schema that this program wrote" in ran.err
    assert (beside.read_text(), file.read_text()) == ("mine", SOUND)
    assert not file.with_name("new.toml").exists()


def test_a_list_without_a_schema_is_healthy_unless_the_user_asks(call: Call, file: Path, beside: Path) -> None:
    file.write_text(SOUND)
    ran = call("doctor")
    assert (ran.code, ran.out, ran.err) == (0, "", f"{file}: no problems found\n")
    asked = call("doctor", "--schema")
    assert asked.code == 1
    assert asked.out.splitlines()[:2] == [
        f"{file}:1:1: the list does not name its schema, so editors can't check it",
        f"    fix: {SCHEMA_COMMENT}",
    ]
    assert f"{beside}: there is no schema yet" in asked.out
    assert (file.read_text(), beside.exists()) == (SOUND, False)


@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "BOM"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
def test_doctor_writes_schema_and_comment_and_undo_takes_the_comment_back(
    call: Call, file: Path, beside: Path, start: str, newline: str
) -> None:
    before = (start + SOUND.replace("\n", newline)).encode()
    file.write_bytes(before)
    ran = call("doctor", "--fix", "--schema")
    assert (ran.code, ran.out) == (0, "")
    assert file.read_bytes().decode() == start + SCHEMA_COMMENT + newline + before.decode().removeprefix(start)
    assert call("doctor", "--schema").code == 0
    again = call("doctor", "--fix", "--schema")
    assert (again.code, again.err) == (0, f"{file}: no problems found\n")
    assert call("undo").code == 0
    assert file.read_bytes() == before
    assert beside.exists()


def test_doctor_writes_an_old_or_missing_schema_again_and_leaves_the_list(call: Call, file: Path, beside: Path) -> None:
    file.write_text(f"# mine\n\n{FIRST}{SOUND}")
    assert call("doctor", "--fix", "--schema").err == f"Wrote {beside}\n{file}: no problems found\n"
    new = beside.read_text()
    beside.write_text(new.replace("2200", "2100"))
    assert f"{beside}: the schema of another version of the program" in call("doctor", "--schema").out
    assert call("doctor", "--fix", "--schema").code == 0
    assert beside.read_text() == new
    assert file.read_text() == f"# mine\n\n{FIRST}{SOUND}"
    assert "Fixed" not in call("history").out


@pytest.mark.parametrize("named", ["https://example.org/a.json", "../other.json", "/srv/own.schema.json"])
def test_a_schema_of_the_users_own_is_left_alone(call: Call, file: Path, beside: Path, named: str) -> None:
    text = f"#:schema {named}\n{SOUND}"
    file.write_text(text)
    assert call("doctor", "--schema").code == 0
    assert call("doctor", "--fix", "--schema").code == 0
    assert (file.read_text(), beside.exists()) == (text, False)


def test_a_path_that_leads_to_the_schema_counts(call: Call, file: Path, beside: Path) -> None:
    for named in (SCHEMA_FILE, str(beside), f"../{file.parent.name}/{SCHEMA_FILE}"):
        file.write_text(f"#:schema {named}\n{SOUND}")
        assert call("doctor", "--fix", "--schema").code == 0
        assert beside.exists()
        beside.unlink()


def test_the_schema_is_beside_the_file_that_a_link_leads_to(call: Call, file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "synced"
    folder.mkdir()
    file.rename(folder / "real.toml")
    file.symlink_to(folder / "real.toml")
    (folder / "real.toml").write_text(SOUND)
    assert call("doctor", "--fix", "--schema").code == 0
    assert (folder / SCHEMA_FILE).exists()
    assert not file.with_name(SCHEMA_FILE).exists()
    assert file.is_symlink()


def test_nothing_is_written_for_a_damaged_or_missing_list(call: Call, file: Path, beside: Path) -> None:
    file.write_text("[[shows]\n")
    assert call("doctor", "--fix", "--schema").code == 3
    file.unlink()
    call("doctor", "--fix", "--schema")
    assert not beside.exists()
    assert not file.exists()


def test_a_list_of_init_is_known_again_after_its_loss(call: Call, file: Path) -> None:
    """The text that `init --schema` wrote is rebuilt from the journal, as that of `init` is."""
    file.unlink()
    call("init", "--schema")
    text = file.read_text("utf-8")
    file.unlink()
    assert call("list").code == 3
    assert call("backups", "restore", "1").code == 0
    assert file.read_text("utf-8") == text


def test_the_schema_is_beside_the_text_that_is_edited(
    call: Call, file: Path, beside: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "editor.py"
    script.write_text(
        "import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n"
        f"for found in path.parent.glob('*.json'):\n    found.rename({str(tmp_path / 'seen')!r})\n"
        "path.write_text(path.read_text().replace('1995', '1996'))\n"
    )
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    file.write_text(SOUND)
    call("doctor", "--fix", "--schema")
    assert call("edit").code == 0
    assert (tmp_path / "seen").read_bytes() == beside.read_bytes()
    assert "1996" in file.read_text()
    monkeypatch.setenv("EDITOR", "false")
    assert call("edit").code == 1
    assert json.loads(call("paths", "--json").out)["kept"] == []  # the schema alone is nothing to keep
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")
    (tmp_path / "seen").unlink()
    call("undo", "2")
    assert call("edit").code == 0
    assert not (tmp_path / "seen").exists()


SHOW = '[[shows]]\nid = "{0}"\ntitle = "{1}"\n'
# Lists in which the comment stands where a change could move or remove it.
LISTS = {
    "empty": "version = 1\n",
    "nothing": "",
    "touching": SHOW.format("m", "M"),
    "sorted": "\n".join(SHOW.format(id, id.upper()) for id in "mno"),
    "about": "# about m\n" + "\n".join(SHOW.format(id, id.upper()) for id in "mno"),
    "spaced": "\n" + SHOW.format("m", "M"),
}


def changes(call: Call, tmp_path: Path) -> list[Callable[[], object]]:
    """Return one function for each kind of change, in an order in which all can be made."""
    other = tmp_path / "import.toml"
    other.write_text(f"#:schema ./other.json\n{SHOW.format('b', 'B')}\n[[shows]]\ntitle = 'Z'\n")
    return [
        lambda: call("add", "A"),
        lambda: call("add", "Middle"),
        lambda: call("rate", "a", "4"),
        lambda: call("rate", "a", "-"),
        lambda: call("import", str(other)),
        lambda: call("list", "--sort", "title-"),
        lambda: call("remove", json.loads(call("list", "--json").out)[0]["id"]),
        lambda: call("undo"),
        lambda: call("redo"),
        lambda: call("remove", *(row["id"] for row in json.loads(call("list", "--json").out))),
        lambda: call("undo"),
        lambda: call("doctor", "--fix"),
        lambda: call("undo", "3"),
        lambda: call("redo", "2"),
        lambda: call("remove", "--where", "title:a", "--yes"),
        lambda: call("add", "A0"),
        lambda: call("undo", "20"),
        lambda: call("redo", "20"),
    ]


@pytest.mark.parametrize("text", LISTS.values(), ids=LISTS)
@pytest.mark.parametrize("start", ["", "\ufeff"], ids=["plain", "BOM"])
def test_the_comment_stays_the_first_line_whatever_changes(
    call: Call, file: Path, tmp_path: Path, text: str, start: str
) -> None:
    file.write_text(start + FIRST + text, "utf-8", newline="")
    written = 0
    for change in changes(call, tmp_path):
        before = file.read_bytes()
        change()
        now = file.read_bytes().decode()
        assert now.startswith(start + FIRST), now
        assert now.count("#:schema") == 1
        written += now.encode() != before
    assert written > 10
    assert call("undo", "50").code in (0, 1)
    assert file.read_bytes().decode() == start + FIRST + text
    assert os.environ["WATCHLIST_FILE"] == str(file)
