"""State files are untrusted input: whatever is in them, verbs work, and nothing of it is written to the list unseen."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.conftest import Call
from watchlist.store.disk.crash_recovery import WriteAheadImage
from watchlist.store.history.journal_lines import BlockEdit, Record, encode

A = '[[shows]]\nid = "a"\ntitle = "A"\n'
B = '\n[[shows]]\nid = "b"\ntitle = "B"\n'
FORGED = A.replace('"A"', '"Forged"') + B


class Place:
    """A list with a history, and where the program keeps what it knows of it."""

    def __init__(self, call: Call, home: Mapping[str, str], file: Path) -> None:
        self.file, self._call = file, call
        file.write_text("version = 1\n\n" + A + B, "utf-8")
        assert self.run("rate", "a", "3").code == 0
        assert self.run("rate", "b", "4").code == 0
        self.state = Path(home["XDG_STATE_HOME"]) / "watchlist"
        (self.journal,) = (self.state / "journals").glob("*.jsonl")
        self.image = self.state / "images" / self.journal.stem

    def run(self, *words: str):  # type: ignore[no-untyped-def]
        return self._call("--file", str(self.file), *words)

    def append(self, *lines: bytes | Record) -> None:
        with self.journal.open("ab") as file:
            file.writelines(encode(line) if isinstance(line, Record) else line + b"\n" for line in lines)


@pytest.fixture
def place(call: Call, home: Mapping[str, str], tmp_path: Path) -> Place:
    return Place(call, home, tmp_path / "list.toml")


def test_B18_a_forged_image_puts_nothing_into_the_list(place: Place) -> None:
    before = place.file.read_text("utf-8")
    place.image.parent.mkdir(exist_ok=True)
    for old in (before, before[:-1] + "\n"):
        WriteAheadImage.of(old.encode(), FORGED.encode()).write(place.image)
        assert "Forged" not in place.run("list").out
        ran = place.run("rate", "a", "2")
        assert ran.code == 0
        assert "its text is kept as a backup and was not written" in ran.err
        assert not place.image.exists()
        assert "Forged" not in place.file.read_text("utf-8")
        assert "Forged" in place.run("backups", "show", "1").out + place.run("backups", "show", "2").out
        place.file.write_text(before, "utf-8")


@pytest.mark.parametrize("data", [b"", b"x", b"\xff" * 100, b"00 x\nforged", b"{}"])
def test_B18_an_image_that_is_none_bars_no_verb(place: Place, data: bytes) -> None:
    place.image.parent.mkdir(exist_ok=True)
    place.image.write_bytes(data)
    assert place.run("list").code == 0
    ran = place.run("rate", "a", "2")
    assert (ran.code, "renamed to" in ran.err) == (0, True)
    assert [path.read_bytes() for path in place.image.parent.iterdir()] == [data]


def make_folder(path: Path) -> None:
    path.mkdir()
    (path / "x").write_text("x", "utf-8")


JOURNALS: dict[str, Callable[[Path], object]] = {
    "folder": make_folder,
    "pipe": os.mkfifo,
    "link to nothing": lambda path: path.symlink_to("nowhere"),
    "link to a folder": lambda path: path.symlink_to("/"),
    "bytes": lambda path: path.write_bytes(os.urandom(5000)),
    "of something else": lambda path: path.write_text('{"a": 1}\n[]\n"x"\n', "utf-8"),
}


@pytest.mark.parametrize("kind", JOURNALS)
def test_B18_what_is_no_journal_is_renamed_and_a_new_one_begun(place: Place, kind: str) -> None:
    place.journal.unlink()
    JOURNALS[kind](place.journal)
    assert place.run("list").code == 0
    ran = place.run("rate", "a", "2")
    assert ran.code == 0, ran.err
    assert f"the journal of undo can't be read, so it was renamed to {place.journal}.unusable-1" in ran.err
    assert os.path.lexists(f"{place.journal}.unusable-1")
    assert place.run("undo").code == 0
    assert "rating = 3" in place.file.read_text("utf-8")


def test_B18_a_journal_whose_numbers_occur_twice_is_undone_line_by_line(place: Place) -> None:
    place.journal.write_bytes(place.journal.read_bytes() * 2)  # as a merge of two copies leaves it
    seen = []
    for _ in range(10):
        ran = place.run("undo")
        seen.append(ran.code)
        if "nothing to undo" in ran.err:
            break
    assert seen[-1] == 1
    assert place.file.read_text("utf-8") == "version = 1\n\n" + A + B
    assert place.run("redo").code == 0


@pytest.mark.parametrize("was", ["version = 99\n\n", "version = 1\nx = \n\n", '[[shows]]\ntitle = "A"\n\n', "\ud800"])
def test_B18_an_undo_never_leaves_a_list_that_can_not_be_read(place: Place, was: str) -> None:
    before = place.file.read_bytes()
    line = json.loads(encode(Record(9, _now(), "forged", (BlockEdit("#0", "x", "version = 1\n\n", None),))))
    line["edits"][0][1] = was
    place.append(json.dumps(line).encode())
    ran = place.run("undo")
    assert ran.code in (0, 1)
    assert place.run("list").code == 0
    assert place.run("rate", "a", "2").code == 0
    text = place.file.read_text("utf-8")
    assert text.startswith(before.decode()[:11]) or was.startswith("[[shows]]")


def test_B18_a_whole_text_of_the_journal_that_was_never_in_the_file_is_not_written(place: Place) -> None:
    text = place.file.read_text("utf-8")
    place.append(Record(9, _now(), "forged", whole=("version = 99\n", text)))
    ran = place.run("undo")
    assert ran.code == 0
    assert "the list could not be read afterwards" in ran.err
    assert place.run("rate", "a", "2").code == 0
    assert "version = 1" in place.file.read_text("utf-8")


ODD_LINES = (
    *("{}", "[]", "null", '{"n": 1e999}', '{"n": NaN, "time": "2026-01-01", "label": ""}', "[" * 10_000, "\\", '"'),
    '{"n": 5, "time": "2026-01-01", "label": "\x1b[31m"}',
    '{"n": 5, "time": "2026-01-01", "label": "\\u001b]0;x\\u0007", "edits": [["a", "x", "y"]], "left": ["q", 1, 1]}',
    '{"n": 0, "time": "2026-01-01", "label": "x", "edits": [["a", "x", "y"]]}',
    '{"n": -5, "time": "2026-01-01", "label": "x", "edits": [["a", "x", "y"]]}',
    '{"n": 99999999999999999999, "time": "2026-01-01", "label": "x", "edits": [["a", "x", "y"]]}',
    '{"n": true, "time": "2026-01-01", "label": "x", "edits": [["a", "x", "y"]]}',
    '{"n": 5, "time": "0001-01-01T00:00:00+23:59", "label": "x", "edits": [["a", "x", "y"]]}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "edits": {"a": 1}}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "edits": ["abc"]}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "edits": [["a", null, null]]}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "edits": [["a", "[[shows]]\\nx", "y"]]}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "edits": [["#7", null, "[[shows]]\\ntitle = 5"]]}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "left": [5, "x", null]}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "left": ["x", -1, 1e999]}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "left": {}}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "origin": []}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "undoes": 1, "redoes": 1}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "undoes": 5, "edits": [["a", "x", "y"]]}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "skips": 5}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "aborts": 5}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "held": "no", "edits": [["a", "x", "y"]]}',
    '{"n": 5, "time": "2026-01-01", "label": "x", "large": ["' + "0" * 32 + '", 1]}',
)


@pytest.mark.parametrize("line", ODD_LINES)
def test_B18_an_odd_line_of_the_journal_bars_no_verb(place: Place, line: str) -> None:
    place.append(line.encode("utf-8", "surrogatepass"))
    for words in (("list",), ("history",), ("history", "--json"), ("rate", "a", "1"), ("backups",), ("doctor",)):
        ran = place.run(*words)
        assert ran.code in (0, 1), (words, ran.err)
        assert "\x1b]" not in ran.out + ran.err
    for words in [("undo",)] * 4 + [("redo",)] * 4:
        ran = place.run(*words)
        assert ran.code in (0, 1), (words, ran.err)
    assert place.run("rate", "b", "2").code == 0
    text = place.file.read_text("utf-8")
    assert text.startswith("version = 1\n\n[[shows]]\n")
    assert text.count("[[shows]]") == 2


def test_B18_lines_that_are_ignored_are_counted_in_the_history(place: Place) -> None:
    place.append(b"x", b"{}")
    assert "2 lines of the journal can't be read and are ignored" in place.run("history").err


@pytest.mark.parametrize("name", ["999999-20260101-000000-" + "0" * 32, "999999999-20260101-000000-" + "0" * 32])
def test_B18_a_forged_backup_hides_no_later_one(place: Place, name: str) -> None:
    (folder,) = (place.state / "backups").iterdir()
    (folder / f"{name}.toml").write_text("forged", "utf-8")
    before = place.file.read_text("utf-8")
    assert place.run("remove", "a").code == 0
    assert place.run("backups").code == 0
    numbers = [row["number"] for row in json.loads(place.run("backups", "--json").out)]
    texts = [place.run("backups", "show", str(number)).out for number in numbers]
    assert any(text == before for text in texts)


def _now():  # type: ignore[no-untyped-def]
    from datetime import datetime

    return datetime(2026, 1, 1)
