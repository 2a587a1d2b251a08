"""The faults that are thought of, and the tests that show each: `python -m tests.trust.test_matrix` writes tests/MATRIX.md.

A test whose name has the id of a fault in it (`test_F01_...`) is found by that; others are named here.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

TESTS = Path(__file__).parent.parent
MATRIX = TESTS / "MATRIX.md"
_ID = re.compile(r"[FXTIP]\d\d|[ABCDE]\d{1,2}")
LATER = "there is nothing of the kind in the program yet"


class Fault(NamedTuple):
    """What can happen; tests that show it and have no id in their names; why it is not shown, or what is not shown of it."""

    id: str
    what: str
    tests: str = ""
    why: str = ""


FAULTS = (
    Fault("F01", "killed with -9 anywhere in a save"),
    Fault("F02", "a call of the operating system fails"),
    Fault("F03", "the power goes", "", "on a disk that is played: a kernel would have to be stopped for a real one"),
    Fault("F04", "the disk or the quota is full"),
    Fault(
        "F05",
        "a write takes fewer bytes than it was given",
        "",
    ),
    Fault("F06", "the file is a link, as in a folder of dotfiles"),
    Fault("F07", "links that lead to links, into another file system"),
    Fault("F08", "a link to nothing"),
    Fault("F09", "links in a circle"),
    Fault("F10", "the folder is a link"),
    Fault("F11", "the file has two names"),
    Fault("F12", "the file is a mount of its own"),
    Fault(
        "F13",
        "permissions of the file",
        "",
    ),
    Fault(
        "F14",
        "what the program makes is private",
        "test_the_first_change_creates_the_file_privately_with_the_seed_in_it",
    ),
    Fault("F15", "owner, group, access lists, attributes"),
    Fault("F16", "a file that may be written in a folder that may not"),
    Fault("F17", "a file system that may not be written"),
    Fault("F18", "a folder, a pipe, a socket or a device in its place"),
    Fault("F19", "the file goes away"),
    Fault("F20", "something else is in its place"),
    Fault("F21", "two windows of this program"),
    Fault(
        "F22",
        "another program renames its own file there",
        "test_what_another_program_writes_at_the_last_moment_is_kept",
    ),
    Fault(
        "F23", "another program writes into the file", "test_a_list_that_is_being_written_all_the_time_is_left_alone"
    ),
    Fault("F24", "the file is emptied", "test_what_was_emptied_elsewhere_is_still_shown_and_never_written_over"),
    Fault("F25", "many shows are gone at once"),
    Fault("F26", "who had the lock was killed"),
    Fault("F27", "who has the lock hangs"),
    Fault("F28", "locks do not work there"),
    Fault("F29", "two computers at one shared file", "", "one machine has one lock; with two state folders it is F22"),
    Fault(
        "F30",
        "another text of the same size and time",
        "test_what_is_written_right_after_a_change_is_seen_by_the_next_reload",
    ),
    Fault("F31", "clocks that are wrong"),
    Fault("F32", "a copy that a synchroniser made of a conflict", "", f"no merge of such files: {LATER}"),
    Fault("F33", "a temporary file that a kill left"),
    Fault("F34", "conflict markers of git"),
    Fault("F35", "backups can't be made"),
    Fault("F36", "which backups are kept"),
    Fault("F37", "undo after others changed the list"),
    Fault("F38", "undo after a restart, over a torn journal"),
    Fault("F39", "a file name as long as can be"),
    Fault(
        "F40",
        "somebody has the file open on Windows",
        "",
        "on Linux a file that is open can be replaced; needs Windows",
    ),
    Fault("X01", "text that would act, in any field"),
    Fault(
        "X02",
        "the same, pasted, as an argument, in the config, in a file's name",
        "test_a_file_name_that_would_act_is_shown",
    ),
    Fault(
        "X03",
        "one field of an odd show is edited",
        "",
    ),
    Fault("X04", "markup in a title", "test_text_in_it_is_shown_as_it_is_and_never_acts"),
    Fault("X05", "arguments that are no text"),
    Fault("X06", "files that are no text"),
    Fault(
        "X07",
        "marks and line ends",
        "test_fifty_random_edits_touch_nothing_else_and_undo_to_the_same_bytes test_crlf_stays_crlf",
    ),
    Fault(
        "X08",
        "comments, blanks, order, odd spellings",
        "test_any_change_is_made_and_every_other_statement_is_as_it_was",
    ),
    Fault("X09", "tables in every layout"),
    Fault("X10", "files that take for ever to read", "test_what_would_hang_the_parser_is_damage_with_its_place"),
    Fault("X11", "numbers that are none", "test_a_wrong_value_costs_that_value_only"),
    Fault("X12", "days at the ends of time", "test_any_toml_value_is_a_value_or_a_value_error"),
    Fault("X13", "values of another type", "test_any_toml_value_is_a_value_or_a_value_error"),
    Fault("X14", "a list of a newer version"),
    Fault("X15", "ids and titles that are there twice", "test_shows_with_one_id_are_told_apart"),
    Fault("X16", "very long texts", "test_a_huge_cell_is_read"),
    Fault("X17", "signs of odd widths", "test_rows_line_up_whatever_the_titles"),
    Fault("X18", "no show, one, ten thousand, sixty thousand", "", "measured by `python -m tests.bench`"),
    Fault("X19", "a value that can't be written"),
    Fault("T01", "sizes", "test_is_drawn_at_any_size test_survives_a_storm_of_sizes"),
    Fault("T02", "signals and closed windows"),
    Fault("T03", "suspended, edited, resumed"),
    Fault("T04", "interrupted", "test_an_interrupt_ends_in_130"),
    Fault(
        "T05",
        "no terminal",
        "test_without_a_terminal_there_is_no_interface_but_a_hint test_on_a_dumb_terminal_there_is_a_hint_too",
    ),
    Fault("T06", "pipes that close, devices that are full"),
    Fault("T07", "locales"),
    Fault(
        "T08",
        "no colours",
        "test_no_color_and_dumb_terminals_get_none test_json_is_never_coloured_and_titles_never_act",
    ),
    Fault("T09", "a fault of the program itself", "test_a_fault_of_our_own_is_one_line_without_values"),
    Fault("T10", "what a terminal answers, taken for keys"),
    Fault(
        "I01",
        "cells that a spreadsheet would run",
        "test_no_cell_of_a_csv_is_run test_signs_before_cells_are_taken_off_where_we_put_them",
    ),
    Fault("I02", "tables that are broken"),
    Fault("I03", "archives", "", f"no zip is read: {LATER}"),
    Fault("I04", "XML", "", f"no XML is read: {LATER}"),
    Fault("I05", "JSON that means harm"),
    Fault("I06", "a page with a title that is HTML"),
    Fault("I07", "Markdown with a title that is Markdown"),
    Fault("I08", "an export over something"),
    Fault("I09", "an import twice, or broken off"),
    Fault("I10", "editors that are odd, or leave an odd text"),
    Fault("I11", "addresses that are not of the web"),
    Fault("P01", "the network"),
    Fault("P02", "data that is run"),
    Fault("P03", "folders of others", "test_every_folder_is_where_platformdirs_says"),
    Fault("P04", "a temporary name that is guessed"),
    Fault("P05", "reading writes nothing", "test_a_missing_list_is_the_seeded_one_and_reading_it_writes_nothing"),
    Fault(
        "P06",
        "out of memory, interrupted, nested too deeply, in a save",
        "",
    ),
    Fault("P07", "how Python is started"),
    Fault("A1", "a list that is known of is missing"),
    Fault("A2", "an export or a report onto the list or the program's own files"),
    Fault("A3", "one file under two names: hard link, bind mount"),
    Fault("A4", "an undo step that can no longer be undone"),
    Fault("A5", "a clock far in the future, dates at the ends of the calendar"),
    Fault("A6", "comments around a show or a value that is removed"),
    Fault("A7", "the file is empty or half written while a change is made"),
    Fault("A8", "undo of a change that is too large for the journal"),
    Fault("A9", "values that are not equal to themselves: nan, -0.0, dates with offsets"),
    Fault("A10", "several lines pasted into one field"),
    Fault("B1", "an editor that fails, is missing or leaves invalid text"),
    Fault("B2", "terminal input that is not UTF-8, cut or malformed"),
    Fault("B3", "letters typed on a choice"),
    Fault("B4", "a click on the stars of a row that is not selected"),
    Fault("B5", "watching a show whose kind is unknown"),
    Fault("B6", "an episode beyond the known seasons"),
    Fault("B7", "an unfinished word in the filter line"),
    Fault("B8", "two keys in one read, suspending in a dialog, a huge paste"),
    Fault("B9", "typing into a short field that holds a value"),
    Fault("B10", "esc after a number of the statistics was opened"),
    Fault("B11", "the number of candidates that pick reports"),
    Fault("B12", "signals while an editor runs"),
    Fault("B13", "replies of a terminal: CSI, DCS, OSC, APC, PM"),
    Fault("B14", "a dialog that is dismissed twice"),
    Fault("B15", "an error in the config at the start of the interface"),
    Fault("B16", "paths that cannot be expanded; the config or the state folder named as the list"),
    Fault("B17", "pipes, devices and links in place of the program's own files"),
    Fault("B18", "forged or damaged state files"),
    Fault("B19", "an id that is changed in the editor"),
    Fault("B20", "keys remapped away, taken twice, or too many"),
    Fault("B21", "a change of a hundred thousand shows at once"),
    Fault("C1", "progress where the length of a season is unknown"),
    Fault("C2", "seasons whose episode numbers continue from the one before"),
    Fault("C3", "rewatches written by hand"),
    Fault("C4", "seasons of more than 99 episodes"),
    Fault("C5", "own keys with spaces; ranges with a typing error"),
    Fault("C6", "sorting: leading articles, numbers, invisible marks"),
    Fault("C7", "undoing the episode that was logged last"),
    Fault("C8", "an index that is forged, of other code, or damaged"),
    Fault("C9", "pipes as list, as import and as output"),
    Fault("D1", "a title that is copied to the clipboard"),
    Fault("D2", "titles that a shell would interpret, in completion"),
    Fault("D3", "hints that name a file, a lock holder or the next command"),
    Fault("E1", "editors that return at once, byte order marks, expansion in VISUAL and EDITOR"),
    Fault("E2", "dates as people write them, as precise as they are given"),
    Fault("E3", "own keys set from the command line"),
)


@cache
def places() -> dict[str, list[str]]:
    """The files that each test is in, by its name."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                found.setdefault(node.name, []).append(str(path.relative_to(TESTS)))
    return found


def ids(test: str) -> list[str]:
    """The faults that a test is named for: `test_F22_F23_...`."""
    words = test.split("_")[1:]
    return [word for at, word in enumerate(words) if _ID.fullmatch(word) and all(map(_ID.fullmatch, words[:at]))]


def shown(fault: Fault) -> list[str]:
    return [*(test for test in sorted(places()) if fault.id in ids(test)), *fault.tests.split()]


def table() -> str:
    lines = ["| id | what happens | shown by |", "|---|---|---|"]
    for fault in FAULTS:
        tests = [f"`{places()[test][0]}` {test.removeprefix('test_')}" for test in shown(fault) if test in places()]
        lines.append(
            f"| {fault.id} | {fault.what} | {'<br>'.join([*tests, *filter(None, [fault.why])]) or 'not yet'} |"
        )
    return "\n".join(lines)


def text() -> str:
    return (
        "# What can go wrong, and the test that shows what happens then\n\n"
        "F: the file. X: what is in it. T: the terminal. I: import and export. P: the process.\n"
        "A: data loss. B: the interface. C: wrong results. D: security and shells. E: editors, dates, own keys.\n\n"
        f"Written by `python -m tests.trust.test_matrix`.\n\n{table()}\n"
    )


def unknown() -> Iterator[str]:
    known = {fault.id for fault in FAULTS}
    return (test for test in places() if set(ids(test)) - known)


def test_the_matrix_names_every_test_of_a_fault() -> None:
    assert not list(unknown())
    assert MATRIX.read_text("utf-8") == text(), "run `python -m tests.trust.test_matrix`"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.id)
def test_every_named_test_is_there(fault: Fault) -> None:
    assert not [test for test in fault.tests.split() if test not in places()]
    assert shown(fault) or fault.why, f"{fault.id} is shown by nothing"


if __name__ == "__main__":
    MATRIX.write_text(text(), "utf-8")
    print("shown by nothing yet:", *(fault.id for fault in FAULTS if not shown(fault) and not fault.why))
