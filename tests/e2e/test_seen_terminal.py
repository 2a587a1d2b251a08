"""The questions of `seen` on a real terminal."""

from __future__ import annotations

from pathlib import Path

import pexpect
import pytest

from tests.cli.test_seen import LIST
from tests.e2e.terminal import PROGRAM, environment
from tests.sources.catalogue.datasets import NOW, texts
from watchlist.sources.catalogue.build import build


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.toml"
    path.write_text(LIST, "utf-8")
    return path


def answered(file: Path, *steps: str, names: tuple[str, ...]) -> tuple[int, str]:
    """Run `seen` in a terminal; `steps` are what is waited for and what is typed then, in turn. Return code and output."""
    env = environment(file.parent, WATCHLIST_FILE=str(file))
    program = pexpect.spawn(PROGRAM, ["seen", *names], env=env, encoding="utf-8", timeout=20, dimensions=(30, 160))
    said = ""
    for question, answer in zip(steps[::2], steps[1::2], strict=True):
        program.expect_exact(question)
        said += (program.before or "") + question
        program.sendline(answer)
    program.expect(pexpect.EOF)
    program.close()
    return int(program.exitstatus or 0), said + (program.before or "")


def test_a_yes_logs_an_episode_that_the_list_does_not_have(file: Path) -> None:
    code, said = answered(file, "Log S02E07 of Slow Horses? [y/N] ", "y", names=("Slow.Horses.S02E07.mkv",))
    assert code == 0
    assert "season 2 of Slow Horses has 6 episodes" in said
    assert "Watched S02E07 of Slow Horses" in said
    assert "episodes = 7" in file.read_text("utf-8")


def test_anything_but_yes_logs_nothing(file: Path) -> None:
    code, said = answered(file, "[y/N] ", "", names=("Slow.Horses.S02E07.mkv",))
    assert (code, file.read_text("utf-8")) == (1, LIST)
    assert "Traceback" not in said


def test_one_of_several_shows_is_chosen_by_number(file: Path) -> None:
    code, said = answered(file, "1-2, enter skips: ", "5", "1-2, enter skips: ", "2", names=("The Thing.mkv",))
    assert code == 0
    assert "1  The Thing (1982, film)  thing" in said
    shows = file.read_text("utf-8").split("[[shows]]")
    assert [shows[number].count("[[shows.viewings]]") for number in (3, 4)] == [0, 1]


def test_the_show_and_the_episode_are_named(file: Path) -> None:
    steps = ("Which show is it?", "nothing", "Which show is it?", "slow", "Which episode of Slow Horses", "S01E03")
    code, said = answered(file, *steps, names=("sh.the.third.one.mkv",))
    assert code == 0
    assert 'there is no show "nothing"' in said
    assert "Watched S01E03 of Slow Horses" in said


def test_a_file_that_is_skipped_does_not_stop_the_others(file: Path) -> None:
    code, said = answered(file, "1-2, enter skips: ", "", names=("The Thing.mkv", "slow.horses.s01e01.mkv"))
    assert code == 0
    assert "The Thing.mkv: not logged, skipped" in said
    assert "Watched S01E01 of Slow Horses" in said


@pytest.fixture
def catalogue(file: Path) -> None:
    """The catalogue of the user of `file`: it knows two shows that may be `The Bureau`, and Heat."""
    folder = file.parent / "cache" / "watchlist"
    titles = "tt9600001|2005|70000", "tt9600002|2001|60000"
    rows = [line.split("|") for line in titles]
    basics = [[id, "tvSeries", "The Bureau", "The Bureau", "0", year, "\\N", "30", "Drama"] for id, year, _ in rows]
    files = []
    for name, more in (
        ("title.basics", basics),
        ("title.ratings", [[id, "8.0", votes] for id, _, votes in rows]),
    ):
        files.append(file.parent / f"{name}.tsv")
        files[-1].write_text(texts()[name] + "".join("\t".join(row) + "\n" for row in more), "utf-8")
    folder.mkdir(parents=True)
    build(files, folder / "catalogue.sqlite", NOW, lambda *_: None)


@pytest.mark.usefixtures("catalogue")
def test_one_of_several_shows_of_the_catalogue_is_chosen_and_added(file: Path) -> None:
    code, said = answered(file, "1-2, enter skips: ", "2", names=("The.Bureau.S01E02.mkv",))
    assert code == 0
    assert "1  The Bureau (2005, series)  tt9600001" in said
    assert "Added The Bureau; watched: S01E02, status: watching" in said
    text = file.read_text("utf-8")
    assert (text.startswith(LIST), 'imdb = "tt9600002"' in text, "tt9600001" in text) == (True, True, False)


@pytest.mark.usefixtures("catalogue")
def test_a_show_is_added_only_after_a_yes(file: Path) -> None:
    question = "Add Breaking Bad (2008, series) to the list and log S01E01? [y/N] "
    for answer, is_added in (("", False), ("y", True)):
        code, said = answered(file, question, answer, names=("Breaking.Bad.2009.S01E01.mkv",))
        assert (code, 'title = "Breaking Bad"' in file.read_text("utf-8")) == (int(not is_added), is_added)
        assert "it may be Breaking Bad (2008, series), which is not on the list" in said


def test_ctrl_c_at_a_question_changes_nothing(file: Path) -> None:
    env = environment(file.parent, WATCHLIST_FILE=str(file))
    program = pexpect.spawn(PROGRAM, ["seen", "The Thing.mkv"], env=env, encoding="utf-8", timeout=20)
    program.expect_exact("enter skips: ")
    program.sendintr()
    program.expect(pexpect.EOF)
    program.close()
    assert program.exitstatus == 130
    assert "Traceback" not in (program.before or "")
    assert file.read_text("utf-8") == LIST
