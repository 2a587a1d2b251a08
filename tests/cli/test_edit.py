"""The verb `edit`: whatever the editor does, the list is whole, and what was written is stored or kept."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pytest

from tests.conftest import SHOWS, Call
from watchlist.editor import Ended, aligned, command, run_editor
from watchlist.editor_files import edit_file
from watchlist.errors import Refused, StoreError

EDIT = [sys.executable, "-m", "watchlist", "edit", "heat"]
NEW = SHOWS.replace("4.5 # of 5", "3.5 # of 5")


@pytest.fixture(autouse=True)
def _here(file: Path, monkeypatch: pytest.MonkeyPatch, call: Call) -> None:
    monkeypatch.setenv("WATCHLIST_FILE", str(file))


@pytest.fixture
def folder(home: dict[str, str]) -> Path:
    """Where files for an editor are."""
    return Path(home["XDG_STATE_HOME"]) / "watchlist" / "drafts"


def script(tmp_path: Path, code: str, name: str = "ed.py") -> str:
    """A command that runs `code` as the editor; `path` is the file, `text` what is in it."""
    file = tmp_path / name
    head = (
        "import os, pathlib, signal, sys, time\npath = pathlib.Path(sys.argv[-1])\ntext = path.read_bytes().decode()\n"
    )
    file.write_text(head + code + "\n", "utf-8")
    return f"{sys.executable} {file}"


def left(folder: Path) -> list[Path]:
    """The files that an editor had and that are still there."""
    return sorted(folder.glob("*/*/*.toml")) if folder.exists() else []


def until(condition: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


# What an editor can do to its file

RATE = "path.write_text(text.replace('4.5 #', '3.5 #'))\n"


@pytest.mark.parametrize(
    ("code", "said", "kept"),
    [
        ("sys.exit(1)", "ended with 1", False),
        (RATE + "sys.exit(1)", "ended with 1", True),
        ("os.kill(os.getpid(), signal.SIGKILL)", "was ended by SIGKILL", False),
        (RATE + "os.kill(os.getpid(), signal.SIGKILL)", "was ended by SIGKILL", True),
        (RATE + "os.kill(os.getpid(), signal.SIGINT)", "was ended by SIGINT", True),
        ("path.unlink()", "removed the file", False),
        ("path.unlink(); path.mkdir()", "put a folder in place", True),
        ("path.unlink(); os.mkfifo(path)", "put no regular file in place", True),
        ("path.unlink(); path.symlink_to(path.parent / 'before')", "put a link in place", True),
        ("path.unlink(); path.symlink_to('/dev/zero')", "put a link in place", True),
        ("os.truncate(path, 300_000_000)", "is larger than 16 MiB", True),
        ("path.write_bytes(b'title = \"\\xff\"')", "not valid UTF-8", True),
        ("path.write_bytes(text.encode('utf-16'))", "not valid UTF-8", True),
        ("path.write_text('')", "the text is empty, so nothing was changed", False),
        ("path.write_bytes(b'\\xef\\xbb\\xbf \\r\\n')", "the text is empty, so nothing was changed", False),
        ("path.write_text(text + '\\0')", "line 15, column 1: Invalid", True),
        ("path.parent.joinpath('.heat.toml.swp').write_text('mine'); sys.exit(1)", "ended with 1", True),
    ],
)
def test_B1_whatever_the_editor_leaves_the_list_is_whole_and_the_text_is_kept(
    call: Call, file: Path, tmp_path: Path, folder: Path, code: str, said: str, kept: bool
) -> None:
    ran = call("edit", "heat", env={"EDITOR": script(tmp_path, code)})
    assert ran.code in (1, 2)
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert file.read_text("utf-8") == SHOWS
    where = ran.err.partition("what you wrote is in ")[2].strip()
    assert bool(where) is kept
    assert os.path.lexists(where) is kept
    assert kept or not left(folder)


def test_B12_what_was_left_is_offered_by_the_next_edit_of_that_show_alone(
    call: Call, file: Path, tmp_path: Path, folder: Path
) -> None:
    call("edit", "heat", env={"EDITOR": script(tmp_path, RATE + "sys.exit(1)")})
    seen = tmp_path / "seen"
    look = f"pathlib.Path({str(seen)!r}).write_text(text)\n"
    ran = call("edit", "slow", env={"EDITOR": script(tmp_path, look + "time.sleep(0)")})
    assert "3.5 #" not in seen.read_text()
    ran = call("edit", "heat", env={"EDITOR": script(tmp_path, look)})
    assert "rating = 3.5 #" in seen.read_text()
    assert seen.read_text().startswith("# watchlist: what you wrote on ")
    assert (ran.code, file.read_text("utf-8")) == (0, SHOWS)
    assert "what you wrote before is kept: `watchlist edit heat` opens" in ran.err
    assert ran.err.endswith(f"`watchlist edit heat --discard` drops it; what you wrote is in {left(folder)[0]}\n")
    ran = call("edit", "heat", env={"EDITOR": script(tmp_path, "path.write_text(text)")})
    assert "Rated Heat 3.5" in ran.err
    assert file.read_text("utf-8") == NEW
    assert not [path for path in left(folder) if path.name == "heat.toml"]
    call("edit", "heat", env={"EDITOR": script(tmp_path, look)})
    assert "# watchlist" not in seen.read_text()


def test_B12_what_was_left_is_dropped_by_deleting_it(call: Call, file: Path, tmp_path: Path, folder: Path) -> None:
    call("edit", "heat", env={"EDITOR": script(tmp_path, RATE + "sys.exit(1)")})
    ran = call("edit", "heat", env={"EDITOR": script(tmp_path, "path.write_text('')")})
    assert ran.code == 0
    assert "the text is empty, so nothing was changed, and what you wrote before was dropped" in ran.err
    assert not left(folder)
    assert file.read_text("utf-8") == SHOWS


def test_B12_who_takes_up_a_text_is_told_that_the_show_has_changed_since(
    call: Call, file: Path, tmp_path: Path, folder: Path
) -> None:
    call("edit", "heat", env={"EDITOR": script(tmp_path, RATE + "sys.exit(1)")})
    call("rate", "heat", "1")
    seen = tmp_path / "seen"
    code = f"pathlib.Path({str(seen)!r}).write_text(text); path.write_text(text)"
    ran = call("edit", "heat", env={"EDITOR": script(tmp_path, code)})
    assert "another text since" in seen.read_text()
    assert "Rated Heat 3.5, was 1" in ran.err


def test_B12_two_editors_of_one_show_do_not_get_into_each_others_way(
    call: Call, home: dict[str, str], file: Path, tmp_path: Path, folder: Path
) -> None:
    slow = script(
        tmp_path, RATE + "pathlib.Path(sys.argv[-1]).parent.joinpath('on').touch()\ntime.sleep(60)", "slow.py"
    )
    first = subprocess.Popen(EDIT, env=home | {"WATCHLIST_FILE": str(file), "EDITOR": slow}, stderr=subprocess.PIPE)
    until(lambda: list(folder.glob("*/*/on")))
    seen = tmp_path / "seen"
    call("edit", "heat", env={"EDITOR": script(tmp_path, f"pathlib.Path({str(seen)!r}).write_text(text)")})
    assert "3.5 #" not in seen.read_text()
    first.terminate()
    first.wait(20)
    first.stderr.close()  # type: ignore[union-attr]
    call("edit", "heat", env={"EDITOR": script(tmp_path, f"pathlib.Path({str(seen)!r}).write_text(text)")})
    assert "3.5 #" in seen.read_text()


# Signals

WAIT = "sys.stdout.write('editing\\n'); sys.stdout.flush()\nwhile True: time.sleep(0.05)"
DEAF = "signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)])
@pytest.mark.parametrize("deaf", [False, True], ids=["", "deaf"])
def test_B12_a_signal_that_ends_the_program_never_removes_an_edited_text(
    call: Call, home: dict[str, str], file: Path, tmp_path: Path, folder: Path, number: int, code: int, deaf: bool
) -> None:
    """Also if the editor takes no notice of it, or if the program has no time to say anything."""
    lone = "pathlib.Path(sys.argv[-1]).parent.joinpath('pid').write_text(str(os.getpid()))\n"
    editor = script(tmp_path, (DEAF if deaf else "") + lone + RATE + WAIT)
    env = home | {"WATCHLIST_FILE": str(file), "EDITOR": editor}
    child = pexpect.spawn(EDIT[0], EDIT[1:], env=env, encoding="utf-8", timeout=20)
    child.expect_exact("editing")
    pid = int(next(folder.glob("*/*/pid")).read_text())
    child.kill(number)
    if number != signal.SIGKILL:
        child.expect_exact("what you wrote is in")
    if deaf or number == signal.SIGKILL:
        os.kill(pid, signal.SIGKILL)  # It holds the terminal open.
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus if child.exitstatus is not None else -(child.signalstatus or 0)) == code
    assert "3.5 #" in left(folder)[0].read_text()
    assert file.read_text("utf-8") == SHOWS
    ran = call("edit", "heat", env={"EDITOR": script(tmp_path, "path.write_text(text)")})
    assert "Rated Heat 3.5" in ran.err
    assert file.read_text("utf-8") == NEW


def test_B12_ctrl_c_and_ctrl_backslash_are_the_editors_own(
    home: dict[str, str], file: Path, tmp_path: Path, folder: Path
) -> None:
    code = (
        "got = []\n"
        "for n in (signal.SIGINT, signal.SIGQUIT): signal.signal(n, lambda number, _: got.append(number))\n"
        "sys.stdout.write('editing\\n'); sys.stdout.flush()\n"
        "while len(got) < 3: time.sleep(0.02)\n" + RATE
    )
    env = home | {"WATCHLIST_FILE": str(file), "EDITOR": script(tmp_path, code)}
    child = pexpect.spawn(EDIT[0], EDIT[1:], env=env, encoding="utf-8", timeout=20)
    child.expect_exact("editing")
    for key in ("\x03", "\x1c", "\x03"):
        child.send(key)
        time.sleep(0.2)
    child.expect_exact("Rated Heat 3.5")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert not left(folder)
    assert file.read_text("utf-8") == NEW


def test_B12_an_editor_that_ctrl_c_ends_leaves_the_program_to_say_so(
    home: dict[str, str], file: Path, tmp_path: Path, folder: Path
) -> None:
    """The signals reach it as usual: none is ignored from the start."""
    code = "signal.signal(signal.SIGINT, signal.SIG_DFL)\n" + RATE + WAIT
    env = home | {"WATCHLIST_FILE": str(file), "EDITOR": script(tmp_path, code)}
    child = pexpect.spawn(EDIT[0], EDIT[1:], env=env, encoding="utf-8", timeout=20)
    child.expect_exact("editing")
    child.send("\x03")
    child.expect_exact("was ended by SIGINT")
    child.expect_exact("what you wrote is in")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
    assert left(folder)


def test_B12_an_editor_is_stopped_and_continued_by_the_shell(home: dict[str, str], file: Path, tmp_path: Path) -> None:
    go = tmp_path / "go"
    wait = f"while not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)\n"
    code = f"sys.stdout.write('editing\\n'); sys.stdout.flush()\n{wait}"
    env = home | {"WATCHLIST_FILE": str(file), "EDITOR": script(tmp_path, code + RATE), "PS1": "prompt> "}
    child = pexpect.spawn("bash", ["--norc", "--noprofile", "-i"], env=env, encoding="utf-8", timeout=20)
    child.expect_exact("prompt> ")
    child.sendline(" ".join(EDIT))
    child.expect_exact("editing\r\n")
    child.send("\x1a")
    child.expect_exact("Stopped")
    child.expect_exact("prompt> ")
    child.sendline("fg")
    child.expect_exact("watchlist edit heat\r\n")
    go.touch()
    child.expect_exact("Rated Heat 3.5")
    child.expect_exact("prompt> ")
    child.close(force=True)
    assert file.read_text("utf-8") == NEW


# Which editor, and what it makes of a text


@pytest.mark.parametrize("blank", ["", " ", "\t  "])
def test_E1_a_blank_visual_falls_back_to_editor(call: Call, file: Path, tmp_path: Path, blank: str) -> None:
    ran = call("edit", "heat", env={"VISUAL": blank, "EDITOR": script(tmp_path, RATE)})
    assert "Rated Heat 3.5" in ran.err


@pytest.mark.parametrize(
    "line", ["~/bin/my-editor", "$HOME/bin/my-editor", "${HOME}/bin/my-editor -x", '"$HOME/bin/my-editor" -x']
)
def test_E1_home_and_variables_in_the_editor_are_replaced(call: Call, file: Path, tmp_path: Path, line: str) -> None:
    script(tmp_path, RATE)
    program = tmp_path / "bin" / "my-editor"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {sys.executable} {tmp_path / "ed.py"} "$@"\n')
    program.chmod(0o755)
    ran = call("edit", "heat", env={"EDITOR": line})
    assert "Rated Heat 3.5" in ran.err


@pytest.mark.parametrize("line", ["$WATCHLIST_NOPE/vim", "~nobody-of-this-name/vim"])
def test_E1_what_can_not_be_replaced_is_named(call: Call, file: Path, line: str) -> None:
    ran = call("edit", "heat", env={"EDITOR": line})
    assert ran.code == 2
    assert f"the editor {line} can't be started" in ran.err


def test_E1_the_words_of_an_editor(monkeypatch: pytest.MonkeyPatch) -> None:
    assert command({"EDITOR": "code --wait 'a b'"}) == ["code", "--wait", "a b"]
    assert command({"VISUAL": " vi ", "EDITOR": "ed"}) == ["vi"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("code", '"code --wait"'),
        ("code --new-window", '"code --wait"'),
        ("subl", '"subl --wait"'),
        ("gvim", '"gvim --nofork"'),
        ("kate", '"kate --block"'),
        ("xdg-open", "an editor that does"),
        ("code --wait", ""),
        ("subl -w", ""),
        ("gvim -f", ""),
        ("of-no-name", "the flag that makes it wait"),
    ],
)
def test_E1_an_editor_that_returns_at_once_gets_a_hint_and_its_text_is_not_lost(
    call: Call, file: Path, tmp_path: Path, folder: Path, line: str, said: str
) -> None:
    program = tmp_path / "bin" / line.split()[0]
    program.parent.mkdir()
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    ran = call("edit", "heat", env={"EDITOR": f"{program.parent}/{line}"})
    assert (ran.code, file.read_text("utf-8")) == (0, SHOWS)
    assert said in ran.err
    assert bool(said) is bool(left(folder)) is ("\n  " in ran.err)
    if said:  # the window is still open, and only now the text is saved
        (path,) = left(folder)
        path.write_text(path.read_text().replace("4.5 #", "3.5 #"))
        call("edit", "heat", env={"EDITOR": script(tmp_path, "path.write_text(text)")})
        assert file.read_text("utf-8") == NEW
        assert not left(folder)


@pytest.mark.parametrize("words", [["edit", "heat"], ["edit"]])
@pytest.mark.parametrize("mark", [True, False], ids=["BOM", ""])
@pytest.mark.parametrize("ends", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("to", ["\n", "\r\n"], ids=["to-LF", "to-CRLF"])
def test_E1_byte_order_mark_and_line_ends_of_an_editor_change_no_line(
    call: Call, file: Path, tmp_path: Path, words: list[str], mark: bool, ends: str, to: str
) -> None:
    before = SHOWS.replace("\n", ends).encode()
    file.write_bytes(before)
    convert = f"text = text.replace('\\r\\n', '\\n').replace('\\n', {to!r})\n"
    save = f"path.write_bytes({mark} * b'\\xef\\xbb\\xbf' + text.encode())"
    ran = call(*words, env={"EDITOR": script(tmp_path, convert + save)})
    assert ran.err.startswith("Nothing changed")
    assert file.read_bytes() == before
    change = "text = text.replace('4.5 # of 5', '3.5 # of 5\\nown = 1')\n"
    ran = call(*words, env={"EDITOR": script(tmp_path, change + convert + save)})
    assert ran.code == 0, ran.err
    assert file.read_bytes() == SHOWS.replace("4.5 # of 5", "3.5 # of 5\nown = 1").replace("\n", ends).encode()


@pytest.mark.parametrize("mark", ["\ufeff", ""], ids=["BOM", ""])
def test_E1_a_byte_order_mark_of_the_file_stays(call: Call, file: Path, tmp_path: Path, mark: str) -> None:
    file.write_text("\ufeff" + SHOWS, "utf-8")
    code = f"text = text.removeprefix('\\ufeff')\npath.write_text({mark!r} + text.replace('4.5 #', '3.5 #'))"
    call("edit", env={"EDITOR": script(tmp_path, code)})
    assert file.read_text("utf-8") == "\ufeff" + NEW


@pytest.mark.parametrize(
    ("text", "edited", "result"),
    [
        ("a\nb\r\nc\n", "a\r\nb\r\nc\r\n", "a\nb\r\nc\n"),
        ("a\nb\r\nc\n", "a\nb\nx\nc\n", "a\nb\r\nx\nc\n"),
        ("a\r\nb", "a\nb\n", "a\r\nb"),
        ("a\r\nb", "a\nb\nc\n", "a\r\nb\r\nc\r\n"),
        ("a\n", "a", "a\n"),
        ("a\n\n\nb\n", "a\r\n\r\n\r\nb\r\n", "a\n\n\nb\n"),
        ("", "a\r\n", "a\n"),
    ],
)
def test_E1_each_line_keeps_the_end_it_had(text: str, edited: str, result: str) -> None:
    assert aligned(edited, text) == result


# Files for an editor


def test_B12_where_no_file_for_an_editor_can_be_made_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "state").touch()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "none"))
    with pytest.raises(StoreError) as caught, edit_file(tmp_path / "state" / "drafts", "show:heat", "text"):
        pass
    assert "can't create a file for the editor" in caught.value.message
    assert "ENOENT" in caught.value.message
    assert "TMPDIR" in caught.value.hint
    monkeypatch.setattr("tempfile.tempdir", None)
    with edit_file(tmp_path / "state" / "drafts", "show:heat", "text") as file:
        assert file.read() == b"text"


@pytest.mark.parametrize("times", [1, 3])
def test_B12_what_was_left_is_found_beside_entries_that_are_gone(tmp_path: Path, times: int) -> None:
    with contextlib.suppress(Refused), edit_file(tmp_path, "show:heat", "before") as file:
        file.path.write_text("mine")
        raise Refused("no")
    prefix = file.path.parent.name.rpartition(".")[0]
    for number in range(times):
        (tmp_path / f"{prefix}.{number}").symlink_to(tmp_path / "none")
    with edit_file(tmp_path, "show:heat", "before") as again:
        assert again.kept is not None
        assert again.read() == b"mine"


def test_B12_a_file_whose_folder_is_gone_is_said(tmp_path: Path) -> None:
    with edit_file(tmp_path, "show:heat", "before") as file:
        shutil.rmtree(file.path.parent)
        file.path.parent.touch()
        with pytest.raises(StoreError, match="can't read"):
            file.read()


# What is asked, and what an editor that never stops being wrong comes to

BAD = "path.write_text(text + 'rating = [oops\\n')\n" + "path.parent.joinpath('ran').open('a').write('x')\n"
MANY = "".join(f'[[shows]]\nid = "s{n}"\ntitle = "Show {n}"\n\n' for n in range(40))


def spawn(home: dict[str, str], file: Path, editor: str, *words: str) -> pexpect.spawn[str]:
    env = home | {"WATCHLIST_FILE": str(file), "EDITOR": editor}
    return pexpect.spawn(EDIT[0], [*EDIT[1:3], "edit", *words], env=env, encoding="utf-8", timeout=20, echo=False)


def ended(child: pexpect.spawn[str]) -> tuple[int | None, str]:
    """The exit code of a program that ends, and what it said since it was asked last."""
    child.expect(pexpect.EOF)
    child.close()
    return child.exitstatus, child.before or ""


@pytest.mark.parametrize(("key", "code"), [("n\r", 2), ("later\r", 2), ("\x04", 2), ("\x03", 130)])
def test_B1_an_editor_that_always_leaves_wrong_text_is_not_opened_again_unasked(
    home: dict[str, str], file: Path, tmp_path: Path, folder: Path, key: str, code: int
) -> None:
    child = spawn(home, file, script(tmp_path, BAD), "heat")
    child.expect_exact("Open the editor again? [Y/n] ")
    asked = child.before or ""
    assert "watchlist: line 15, column 11: " in asked
    assert f"what you wrote is in {left(folder)[0]}" in asked
    child.sendline("")
    child.expect_exact("Open the editor again? [Y/n] ")
    child.send(key)
    exit_code, said = ended(child)
    assert exit_code == code
    assert "nothing was changed" in said
    assert "`watchlist edit heat` opens your text again, `watchlist edit heat --discard` drops it" in said
    assert str(left(folder)[0]) in said
    assert next(folder.glob("*/*/ran")).read_text() == "xx"
    assert file.read_text("utf-8") == SHOWS


def test_B1_closed_without_saving_the_wrong_text_is_kept_and_not_asked_about(
    home: dict[str, str], file: Path, tmp_path: Path, folder: Path
) -> None:
    code = "if 'oops' not in text:\n    path.write_text(text + 'rating = [oops\\n')\n"
    child = spawn(home, file, script(tmp_path, code), "heat")
    child.expect_exact("Open the editor again? [Y/n] ")
    child.sendline("y")
    exit_code, said = ended(child)
    assert (exit_code, "[Y/n]" in said) == (2, False)
    assert "watchlist edit heat --discard" in said
    assert "oops" in left(folder)[0].read_text()


def test_B1_with_nobody_to_ask_the_wrong_text_is_kept_and_the_way_on_is_named(
    call: Call, file: Path, tmp_path: Path, folder: Path
) -> None:
    ran = call("edit", "heat", env={"EDITOR": script(tmp_path, BAD)})
    assert ran.code == 2
    assert "Open the editor" not in ran.err
    (path,) = left(folder)
    assert ran.err.splitlines()[1] == (
        "  `watchlist edit heat` opens your text again, `watchlist edit heat --discard` drops it;"
        f" what you wrote is in {path}"
    )
    seen = tmp_path / "seen"
    call("edit", "heat", env={"EDITOR": script(tmp_path, f"pathlib.Path({str(seen)!r}).write_text(text)")})
    assert ran.err.splitlines()[0].removeprefix("watchlist: ") in seen.read_text().splitlines()[1]


def test_B12_the_line_that_is_named_is_that_line_of_the_kept_text(
    home: dict[str, str], file: Path, tmp_path: Path, folder: Path
) -> None:
    """Also the second time, when there are notes above the text."""
    child = spawn(home, file, script(tmp_path, "path.write_text(text + 'rating = [oops\\n')"), "heat")
    for answer in ("", "n"):
        child.expect_exact("Open the editor again? [Y/n] ")
        line = int((child.before or "").partition("line ")[2].partition(",")[0])
        assert left(folder)[0].read_text().splitlines()[line - 1].endswith("[oops")
        child.sendline(answer)
    assert ended(child)[0] == 2


def test_B12_a_kept_text_is_dropped_by_a_flag_and_the_next_edit_begins_anew(
    call: Call, file: Path, tmp_path: Path, folder: Path
) -> None:
    call("edit", "slow", env={"EDITOR": script(tmp_path, BAD)})
    call("edit", env={"EDITOR": script(tmp_path, BAD)})
    assert json.loads(call("paths", "--json").out)["kept"] == [str(path) for path in left(folder)]
    assert all(re.search(rf"^kept +{re.escape(str(path))}$", call("paths").out, re.MULTILINE) for path in left(folder))
    editor = script(tmp_path, "sys.exit('not opened')")
    assert call("edit", "slow", "--discard", env={"EDITOR": editor}).err == "Dropped 1 text that an earlier edit kept\n"
    assert call("edit", "slow", "--discard").err == "No text of an earlier edit is kept\n"
    assert len(left(folder)) == 1
    ran = call("edit", "slow", env={"EDITOR": script(tmp_path, "path.write_text(text.replace('2022', '2023'))")})
    assert ran.err.startswith("Set year of Slow Horses to 2023, was 2022")
    assert json.loads(call("edit", "--discard", "--json").out) == {"dropped": 1}
    assert not left(folder)


def test_B12_the_text_of_a_show_that_is_gone_can_be_dropped_by_its_id(
    call: Call, file: Path, tmp_path: Path, folder: Path
) -> None:
    call("edit", "heat", env={"EDITOR": script(tmp_path, BAD)})
    call("remove", "heat")
    assert call("edit", "heat", "--discard").err.startswith("Dropped 1 text")
    assert call("edit", "heat", "--discard").code == 1
    assert not left(folder)


def test_B12_what_another_editor_has_open_is_not_dropped(
    call: Call, home: dict[str, str], file: Path, tmp_path: Path, folder: Path
) -> None:
    child = spawn(home, file, script(tmp_path, RATE + WAIT), "heat")
    child.expect_exact("editing")
    ran = call("edit", "heat", "--discard")
    assert ran.code == 1
    assert "an editor has" in ran.err
    child.kill(signal.SIGTERM)
    child.expect(pexpect.EOF)
    child.close()
    assert "3.5 #" in left(folder)[0].read_text()


@pytest.mark.parametrize("code", ["path.write_text(''); sys.exit(1)", "path.unlink()", "os.remove(path); sys.exit(1)"])
def test_B12_an_editor_that_fails_over_a_kept_text_does_not_lose_it(
    call: Call, file: Path, tmp_path: Path, folder: Path, code: str
) -> None:
    call("edit", "heat", env={"EDITOR": script(tmp_path, RATE + "sys.exit(1)")})
    ran = call("edit", "heat", env={"EDITOR": script(tmp_path, code)})
    assert ran.code == 1
    assert str(left(folder)[0]) in ran.err
    assert "3.5 #" in left(folder)[0].read_text()


# Texts that lost something


@pytest.mark.parametrize("words", [["edit"], ["edit", "heat"], ["edit", "--yes"]])
@pytest.mark.parametrize("code", ["path.write_text('')", "path.write_text(' \\n\\n')", "path.write_bytes(b'\\r\\n')"])
def test_B1_an_emptied_text_changes_nothing(
    call: Call, file: Path, tmp_path: Path, folder: Path, words: list[str], code: str
) -> None:
    ran = call(*words, env={"EDITOR": script(tmp_path, code)})
    assert (ran.code, ran.err) == (1, "watchlist: the text is empty, so nothing was changed\n")
    assert file.read_text("utf-8") == SHOWS
    assert not left(folder)


CUTS = {
    "cut short inside a show": ("text[:text.index('title = \"Show 36\"')]", 3),
    "no shows": ("'version = 1\\n'", 40),
    "more than a tenth": ("text[text.index('[[shows]]\\nid = \"s6\"'):]", 6),
}


@pytest.mark.parametrize(("new", "gone"), CUTS.values(), ids=CUTS)
def test_B1_an_edit_that_removes_many_shows_is_asked_about(
    call: Call, home: dict[str, str], file: Path, tmp_path: Path, folder: Path, new: str, gone: int
) -> None:
    file.write_text(MANY)
    editor = script(tmp_path, f"path.write_text({new})")
    ran = call("edit", env={"EDITOR": editor})
    assert ran.code == 1
    assert f"this text would remove {gone} of 40 shows; confirmation needs a terminal" in ran.err
    assert "--yes removes them" in ran.err
    assert file.read_text() == MANY
    assert len(left(folder)) == 1
    call("edit", "--discard")
    for answer in ("n", "", "\x03"):
        child = spawn(home, file, editor)
        child.expect_exact(f"Remove {gone} shows? [y/N] ")
        child.send(answer + "\r" * (answer != "\x03"))
        exit_code, said = ended(child)
        assert exit_code == (130 if answer == "\x03" else 1)
        assert "nothing was changed" in said
        assert str(left(folder)[0]) in said
        call("edit", "--discard")
    child = spawn(home, file, editor)
    child.expect_exact(f"Remove {gone} shows? [y/N] ")
    child.sendline("y")
    assert "Removed" in ended(child)[1]
    assert not left(folder)
    call("undo")
    assert file.read_text() == MANY
    assert call("edit", "--yes", env={"EDITOR": editor}).err.startswith("Removed")


@pytest.mark.parametrize("last", ["", "\\n"])
def test_B1_an_edit_that_takes_out_a_few_whole_shows_is_stored(
    call: Call, file: Path, tmp_path: Path, last: str
) -> None:
    file.write_text(MANY)
    code = f"path.write_text(text[:text.index('[[shows]]\\nid = \"s36\"')].rstrip() + '\\n{last}')"
    assert call("edit", env={"EDITOR": script(tmp_path, code)}).err.startswith("Removed 4 shows")


# What is stored though it can't be read


def test_E1_values_that_can_not_be_read_are_stored_and_named(call: Call, file: Path, tmp_path: Path) -> None:
    code = "path.write_text(text.replace('1995', '\"soon\"').replace('\"watched\"', '\"wat\"'))"
    for words in (["edit", "heat"], ["edit"]):
        ran = call(*words, "--quiet", env={"EDITOR": script(tmp_path, code)})
        assert ran.code == 0
        assert ran.err.splitlines() == [
            "watchlist: stored as you wrote it, with values that can't be read:",
            '  line 8: Heat: year = "soon": expected a whole number: a year',
            '  line 9: Heat: status = "wat": expected one of watching, planned, watched, paused, dropped',
            "  `watchlist doctor` lists what is wrong, `watchlist undo` undoes the change",
        ]
        assert 'year = "soon"' in file.read_text("utf-8")
        call("undo")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "Heat"\n', "", "line 4: heat: there is no title"),
        ("runtime = 170", "runtme = 170", "line 14: Heat: runtme is not a known key here; did you mean"),
        ("runtime = 170", "[[shows.seasons]]\nnumber = 1\nwatched = 'x'", 'line 16: Heat: season row 1, watched = "x"'),
    ],
)
def test_E1_missing_titles_misspelled_keys_and_rows_are_named_too(
    call: Call, file: Path, tmp_path: Path, old: str, new: str, said: str
) -> None:
    code = f"path.write_text(text.replace({old!r}, {new!r}))"
    ran = call("edit", "heat", env={"EDITOR": script(tmp_path, code)})
    assert ran.code == 0
    assert said in ran.err


def test_E1_what_was_wrong_before_is_not_named_again(call: Call, file: Path, tmp_path: Path) -> None:
    rows = 'runtme = 7\n[[shows.seasons]]\nnumber = 1\nwatched = "x"\nepisods = 3\n'
    file.write_text(SHOWS.replace('title = "Amélie"\n', "").replace("rating = 11\n", f"rating = 11\n{rows}"), "utf-8")
    ran = call("edit", "amelie", env={"EDITOR": script(tmp_path, "path.write_text(text.replace('2001', '2002'))")})
    assert ran.err == "Set year of amelie to 2002, was 2001   undo: watchlist undo\n"


# What is no block of one show

BLOCKS = {
    "two shows": ("text + text", "the text has 2 shows, the second from line 16 on", "keep one"),
    "comments": ("'# nothing\\n'", "the text has only comments and no show", "`watchlist remove`"),
    "no header": ("text.replace('[[shows]]', '')", "line 3: [[shows]] is missing above the keys", "put [[shows]] back"),
    "one bracket": ("text.replace('[[shows]]', '[shows]')", "line 2: a show begins with [[shows]]", ""),
    "inline": ("'shows = [{title = \"A\"}]\\n'", "line 1: a show begins with [[shows]]", ""),
    "another value": ("'shows = 5\\n'", "line 1: a show begins with [[shows]]", ""),
    "text above": ("'a = 1\\n' + text", "line 1: the text above [[shows]] would", "move that text below [[shows]]"),
    "no TOML": ("text + '= 1\\n'", "line 15, column 1: Invalid statement", ""),
}


@pytest.mark.parametrize(("new", "said", "step"), BLOCKS.values(), ids=BLOCKS)
def test_B1_what_is_wrong_with_the_text_of_a_show_is_said_and_what_to_do(
    call: Call, file: Path, tmp_path: Path, folder: Path, new: str, said: str, step: str
) -> None:
    ran = call("edit", "heat", env={"EDITOR": script(tmp_path, f"path.write_text({new})")})
    assert (ran.code, file.read_text("utf-8")) == (2, SHOWS)
    assert said in ran.err.splitlines()[0]
    assert ran.err.splitlines()[1].startswith(f"  {step}")
    assert left(folder)


@pytest.mark.parametrize("moment", range(10))  # before each call that changes handlers: four signals and asyncio, twice
def test_B12_no_signal_is_lost_while_its_handlers_change(
    moment: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls, received = [], []

    def tripped(change: Callable[..., Any]) -> Callable[..., Any]:
        def call(*words: Any) -> Any:
            if len(calls) == moment:
                os.kill(os.getpid(), signal.SIGTERM)
            calls.append(words)
            return change(*words)

        return call

    async def edit() -> None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, received.append, signal.SIGTERM)
        with monkeypatch.context() as patch:
            patch.setattr(signal, "signal", tripped(signal.signal))
            patch.setattr(signal, "set_wakeup_fd", tripped(signal.set_wakeup_fd))
            try:
                run_editor(tmp_path / "x", {"EDITOR": "true"})
            except Ended as ended:
                received.append(ended.number)
        await asyncio.sleep(0.05)

    asyncio.run(edit())
    assert len(calls) > moment
    assert received
