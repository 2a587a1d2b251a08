"""`watchlist lookup` and `add --lookup`: what is printed, what is stored, and what happens if a source fails."""

from __future__ import annotations

import json
import time
import tomllib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Call
from tests.e2e.terminal import Terminal, environment
from tests.lookup.conftest import SHOWS, settings_of
from tests.sources.replay import Replay, Reply

ONE = ("lookup", "harbour-lights")
PAGE = Reply(200, b"<!doctype html><title>Log in</title>", (("Content-Type", "text/html"),))


def show_in(file: Path, id: str) -> dict[str, Any]:
    return next(show for show in tomllib.loads(file.read_text("utf-8"))["shows"] if show["id"] == id)


@pytest.fixture
def run(call: Call, shows: Path) -> Call:
    return lambda *words, **more: call("--file", str(shows), *words, **more)


def test_empty_fields_are_filled_and_nothing_else_changes(run: Call, shows: Path) -> None:
    ran = run(*ONE, "--yes")
    assert (ran.code, ran.out) == (0, "")
    assert "Looked up Harbour Lights: platform, premiered, language and " in ran.err
    assert " from TVmaze   undo: watchlist undo --file" in ran.err
    assert "Data: TVmaze, CC BY-SA 4.0" in ran.err
    show = show_in(shows, "harbour-lights")
    assert show["synopsis"].startswith("Harbour Lights follows Mara & her crew.")
    assert show["cast"][0] == {"actor": "Ada Quill", "role": "Mara Finn / Nora Finn"}
    assert show["ids"] == {"imdb": "tt7000001", "tvdb": 390001, "tvmaze": 7001}
    assert show["sources"] == {"tvmaze": date.today()}
    assert (show["runtime"], show["rating"], show["status"], show["mood"]) == (45, 4.5, "watching", "blue")
    first, *others = show["seasons"]
    assert (first["watched"], first["ratings"], first["titles"]) == ("1-2", {"1": 4.0}, ["Low Tide", "", "High Water"])
    assert first["aired"][:2] == [date(2021, 3, 4), date(2021, 3, 11)]
    assert [(season["number"], season.get("episodes")) for season in others] == [(2, 8)]
    lines = iter(shows.read_text("utf-8").splitlines())
    assert all(line in lines for line in SHOWS.splitlines()), "no line is changed, moved or lost"
    assert run("undo").code == 0
    assert shows.read_text("utf-8") == SHOWS


def test_without_a_terminal_and_yes_nothing_changes(run: Call, shows: Path) -> None:
    ran = run(*ONE)
    assert ran.code == 1
    assert "≠  Runtime" in ran.out
    assert "Data: TVmaze, CC BY-SA 4.0" in ran.out
    assert "nothing was changed: there is no terminal to ask" in ran.err
    assert "--yes takes all that is empty" in ran.err
    ran = run(*ONE, "--dry-run")
    assert (ran.code, "1 show would change; nothing was written" in ran.err) == (0, True)
    assert shows.read_text("utf-8") == SHOWS


@pytest.mark.parametrize(("flags", "code"), [(("--yes",), 0), (("--dry-run",), 0), ((), 1)])
def test_json_has_every_row(run: Call, shows: Path, flags: tuple[str, ...], code: int) -> None:
    ran = run(*ONE, "--json", *flags)
    document = json.loads(ran.out)
    (lookup,) = document["lookups"]
    rows = {row["field"]: row for row in lookup["rows"]}
    assert ran.code == code
    assert (lookup["id"], lookup["source"], lookup["credit"]) == (
        "harbour-lights",
        "tvmaze",
        "Data: TVmaze, CC BY-SA 4.0",
    )
    assert rows["runtime"] == {"field": "runtime", "sign": "≠", "yours": "45", "theirs": "47", "taken": False}
    assert (rows["synopsis"]["sign"], rows["synopsis"]["taken"]) == ("+", True)
    assert bool(document["changes"]) == ("--yes" in flags)
    assert document.get("dry_run", False) == ("--yes" not in flags)
    assert (shows.read_text("utf-8") == SHOWS) == ("--yes" not in flags)


def test_a_later_look_up_refreshes_what_came_from_there(
    run: Call, shows: Path, server: Replay, forget: Callable[[], None]
) -> None:
    run(*ONE, "--yes")
    run("set", "harbour-lights", "synopsis=My own words.", "genres=Crime")
    ran = run(*ONE, "--yes")
    assert "Nothing to fill from TVmaze for Harbour Lights; 3 rows differ" in ran.err

    def changed(service: str, answer: Any) -> Any:
        if isinstance(answer, dict) and "_embedded" in answer:
            answer = answer | {"summary": "<p>New.</p>", "genres": ["Drama"], "language": "Irish"}
            episodes = answer["_embedded"]["episodes"]
            answer["_embedded"] = answer["_embedded"] | {"episodes": [episodes[0] | {"name": "Ebb"}, *episodes[1:]]}
        return answer

    server.change = changed
    forget()
    ran = run(*ONE, "--yes")
    show = show_in(shows, "harbour-lights")
    assert "Changed language and seasons of Harbour Lights" in ran.err
    assert (show["synopsis"], show["genres"], show["language"]) == ("My own words.", ["Crime"], "Irish")
    assert show["seasons"][0]["titles"] == ["Ebb", "", "High Water"]
    assert show["seasons"][0]["watched"] == "1-2"


@pytest.mark.parametrize("forgotten", ["undo", "sources", "removed"])
def test_values_are_the_users_once_the_look_up_that_wrote_them_is_gone(
    run: Call, shows: Path, server: Replay, forget: Callable[[], None], forgotten: str
) -> None:
    run(*ONE, "--yes")
    language = show_in(shows, "harbour-lights")["language"]
    if forgotten == "undo":
        run("undo")
        run("set", "harbour-lights", f"language={language}")
    elif forgotten == "sources":
        run("set", "harbour-lights", "sources=", "synopsis=")
    else:
        run("remove", "harbour-lights")
        run("add", "Harbour Lights", "--kind", "series", "--year", "2021", "--language", language)
    server.change = lambda service, answer: answer | {"language": "Irish"} if isinstance(answer, dict) else answer
    for _ in range(2):  # the first one fills what is empty, and writes `sources` again
        forget()
        run(*ONE, "--yes")
    assert show_in(shows, "harbour-lights")["sources"]
    assert show_in(shows, "harbour-lights")["language"] == language


def test_an_id_that_the_source_corrects_is_no_doubt(
    run: Call, shows: Path, server: Replay, forget: Callable[[], None]
) -> None:
    run(*ONE, "--yes")
    ids = show_in(shows, "harbour-lights")["ids"]
    other = {"tvrage": None, "thetvdb": 5, "imdb": None}
    server.change = lambda service, answer: (
        answer | {"externals": other, "language": "Irish"} if isinstance(answer, dict) else answer
    )
    forget()
    ran = run(*ONE, "--yes")
    assert ran.code == 0, ran.err
    assert show_in(shows, "harbour-lights")["ids"] == ids | {"tvdb": 5}  # an earlier look-up wrote it
    assert show_in(shows, "harbour-lights")["language"] == "Irish"


def test_what_an_earlier_look_up_wrote_is_the_users_without_the_record_or_the_key(
    run: Call, shows: Path, server: Replay, forget: Callable[[], None], home: dict[str, str]
) -> None:
    run(*ONE, "--yes")
    record = next((Path(home["XDG_STATE_HOME"]) / "watchlist" / "lookups").glob("*.json"))
    assert record.stat().st_mode & 0o077 == 0
    good = record.read_bytes()
    server.change = lambda service, answer: answer | {"language": "Irish"} if isinstance(answer, dict) else answer
    forget()
    for broken in (b"", b"{", b"[]", b'{"harbour-lights": 5}', b'{"harbour-lights": {"tvmaze": [1]}}', b"\xff" * 100):
        record.write_bytes(broken)
        rows = {r["field"]: r["sign"] for r in json.loads(run(*ONE, "--dry-run", "--json").out)["lookups"][0]["rows"]}
        assert rows["language"] == "≠", broken
    record.write_bytes(good)
    rows = {r["field"]: r["sign"] for r in json.loads(run(*ONE, "--dry-run", "--json").out)["lookups"][0]["rows"]}
    assert rows["language"] == "~"
    run("set", "harbour-lights", "sources=")
    rows = {r["field"]: r["sign"] for r in json.loads(run(*ONE, "--dry-run", "--json").out)["lookups"][0]["rows"]}
    assert rows["language"] == "≠"


FAILURES = {
    "a login page": (PAGE, "Got a web page, not data"),
    "too many requests": (Reply(429, b"", (("Retry-After", "80"),)), "Too many requests: TVmaze asks to wait 80 s"),
    "a fault of the server": (Reply(500), "TVmaze"),
    "no JSON": (Reply(200, b'{"id": '), "TVmaze"),
    "a closed connection": (Reply(raw=b""), "The connection to TVmaze broke"),
}


@pytest.mark.parametrize("fault", FAILURES)
def test_a_failure_is_one_clear_message_and_no_change(run: Call, shows: Path, server: Replay, fault: str) -> None:
    server.fault, said = FAILURES[fault]
    for words in ((*ONE, "--yes", "--source", "tvmaze"), ("add", "New one", "--lookup", "--yes", "--source", "tvmaze")):
        ran = run(*words)
        assert (ran.code, ran.out) == (1, "")
        assert said in ran.err
        assert "Traceback" not in ran.err
        assert shows.read_text("utf-8") == SHOWS


def test_nobody_answers_at_the_address(run: Call, shows: Path, config: Path) -> None:
    config.write_text('[lookup]\ntvmaze = "http://127.0.0.1:9"\n', "utf-8")
    ran = run(*ONE, "--yes", "--source", "tvmaze")
    assert (ran.code, "TVmaze refuses connections" in ran.err) == (1, True)


def test_several_shows_are_one_change(run: Call, shows: Path) -> None:
    ran = run("lookup", "--all", "title:harbour", "--yes")
    assert (ran.code, "Looked up 3 shows" in ran.err) == (0, True)
    assert show_in(shows, "cold-harbour")["sources"] == {"wikidata": date.today()}
    assert show_in(shows, "cold-harbour")["notes"] == "mine"
    assert "Wikipedia, CC BY-SA 4.0" in ran.err
    assert show_in(shows, "lights")["ids"]["tvmaze"] == 7001
    assert run("undo").code == 0
    assert shows.read_text("utf-8") == SHOWS
    ran = run("lookup", "--where", "title:harbour", "--yes", "--json")
    assert [row["id"] for row in json.loads(ran.out)["lookups"]] == ["cold-harbour", "harbour-lights", "lights"]


def test_what_was_accepted_before_a_failure_is_kept_and_the_rest_is_named(
    run: Call, shows: Path, server: Replay
) -> None:
    def broken(service: str, answer: Any) -> Any:
        return {} if service in ("wikidata", "wikipedia") else answer

    server.change = broken
    ran = run("lookup", "--all", "title:harbour", "--yes")
    assert ran.code == 1
    assert "Looked up 2 shows" in ran.err
    assert "1 show could not be looked up" in ran.err
    assert "sources" not in show_in(shows, "cold-harbour")
    assert "sources" in show_in(shows, "lights")


def test_after_three_failures_nothing_more_is_asked(run: Call, shows: Path, server: Replay) -> None:
    shows.write_text("".join(f'[[shows]]\nid = "a{n}"\ntitle = "A{n}"\nkind = "series"\n' for n in range(9)), "utf-8")
    server.fault = PAGE
    ran = run("lookup", "--all", "kind:series", "--yes", "--source", "tvmaze")
    assert (ran.code, len(server.requests)) == (1, 3)
    assert "9 shows could not be looked up; 6 of them were not tried after 3 failures" in ran.err


def test_a_title_that_may_be_several_shows_is_not_guessed(run: Call, shows: Path) -> None:
    shows.write_text('[[shows]]\nid = "x"\ntitle = "Harbour Lights"\n', "utf-8")
    before = shows.read_text("utf-8")
    ran = run("lookup", "x", "--yes")
    assert ran.code == 1
    assert "tvmaze=7001" in ran.out
    assert ran.err.count("not certain which one is meant") == 1
    assert "name the right one by its ID, e.g. watchlist set x ids+=tvmaze=7002 kind=series" in ran.err
    assert shows.read_text("utf-8") == before
    ran = run("add", "Harbour Lights", "--lookup", "--yes", "--force")
    assert (ran.code, "watchlist add 'Harbour Lights' ids+=tvmaze=7002 kind=series --lookup" in ran.err) == (1, True)
    assert shows.read_text("utf-8") == before
    assert run("set", "x", "ids+=tvmaze=7001").code == 0
    assert run("lookup", "x", "--yes").code == 0
    assert show_in(shows, "x")["year"] == 2021


def test_a_title_that_no_source_knows(run: Call, shows: Path, server: Replay) -> None:
    server.change = lambda service, answer: []
    ran = run(*ONE, "--yes", "--source", "tvmaze")
    assert (ran.code, 'TVmaze knows nothing like "Harbour Lights"' in ran.err) == (1, True)


def test_a_wrong_value_that_would_keep_the_answer_from_being_stored_is_said_before_anybody_is_asked(
    run: Call, shows: Path, server: Replay
) -> None:
    shows.write_text(SHOWS.replace('id = "harbour-lights"\n', 'id = "harbour-lights"\nsources = 5\n'), "utf-8")
    ran = run(*ONE, "--yes")
    assert (ran.code, "sources of Harbour Lights is wrong in the file" in ran.err) == (1, True)
    assert not server.requests
    ran = run("lookup", "--all", "title:harbour", "--yes")
    assert (ran.code, "Looked up 2 shows" in ran.err) == (1, True)
    assert "sources of Harbour Lights is wrong in the file" in ran.err


def test_a_source_can_be_named(run: Call, server: Replay) -> None:
    ran = run(*ONE, "--source", "tvmace", "--yes")
    assert (ran.code, 'did you mean "tvmaze"' in ran.err) == (2, True)
    run(*ONE, "--source", "wikidata")
    assert {request.service for request in server.requests} == {"wikidata"}


def test_add_looks_up_before_it_adds_and_is_one_change(
    run: Call, shows: Path, server: Replay, forget: Callable[[], None]
) -> None:
    ran = run("add", "Harbour Lights (2021)", "rating=3", "--lookup", "--yes", "--force")
    assert (ran.code, ran.out) == (0, "harbour-lights-2021\n")
    show = show_in(shows, "harbour-lights-2021")
    assert (show["rating"], show["kind"], len(show["seasons"]), show["added"]) == (3.0, "series", 2, date.today())
    server.change = lambda service, answer: answer | {"language": "Irish"} if isinstance(answer, dict) else answer
    forget()
    ran = run("lookup", "harbour-lights-2021", "--yes")
    assert show_in(shows, "harbour-lights-2021")["language"] == "Irish", "it is known what the look-up wrote"
    run("undo", "2")
    assert shows.read_text("utf-8") == SHOWS
    ran = run("add", "Harbour Lights (2021)", "--lookup")
    assert (ran.code, "nothing was changed" in ran.err) == (1, True)
    ran = run("add", "Harbour Lights (2021)", "kind=series", "--lookup", "--yes")
    assert (ran.code, "is on the list already" in ran.err) == (1, True)
    assert shows.read_text("utf-8") == SHOWS


@pytest.fixture
def terminal(shows: Path, server: Replay, tmp_path: Path) -> Callable[..., Terminal]:
    """Runs the program with these words in a terminal."""
    config = tmp_path / "c.toml"
    config.write_text(settings_of(server), "utf-8")
    env = environment(tmp_path, WATCHLIST_FILE=str(shows), WATCHLIST_CONFIG=str(config))
    return lambda *words: Terminal(*words, env=env, cwd=tmp_path)


def ended(terminal: Terminal) -> int | None:
    end = time.monotonic() + 15
    while terminal.process.isalive() and time.monotonic() < end:
        terminal.read()
    terminal.process.close()
    code: int | None = terminal.process.exitstatus
    return code


def test_on_a_terminal_it_asks_which_and_what(terminal: Callable[..., Terminal], shows: Path) -> None:
    with terminal("lookup", "harbour-lights") as program:
        screen = program.wait("Which one? (1-2, n = none) [1]")
        assert "Asking TVmaze …" in screen
        assert "≠ 1999" in screen
        program.press("3", "enter")
        program.wait("choose 1-2, or n for none")
        program.press("enter")
        screen = program.wait("Take which?")
        number = next(line.split()[0] for line in screen.splitlines() if "Runtime" in line)
        for times, (typed, said) in enumerate(
            ((",", "choose rows by number, e.g. 1,3-5"), (f"99,{number}", "choose numbers from 1 to "), ("foo", ""))
        ):
            program.press(typed, "enter")
            screen = program.wait(lambda text, times=times: text.count("Take which?") == times + 2)
            assert said in screen
        assert screen.count("choose rows by number") == 2
        program.press(number, "enter")
        assert ended(program) == 0
    show = show_in(shows, "harbour-lights")
    assert (show["runtime"], show["sources"]) == (47, {"tvmaze": date.today()})
    assert "synopsis" not in show


def test_nothing_is_taken_if_the_user_says_none(terminal: Callable[..., Terminal], shows: Path) -> None:
    with terminal("lookup", "harbour-lights") as program:
        program.wait("Which one?")
        program.press("n", "enter")
        assert ended(program) == 1
    assert shows.read_text("utf-8") == SHOWS


def test_ctrl_c_says_that_choices_before_are_not_applied(terminal: Callable[..., Terminal], shows: Path) -> None:
    with terminal("lookup", "--all", "title:harbour") as program:
        program.wait("Which one?")
        program.press("enter")
        program.wait("Take which?")
        program.press("enter")
        program.wait(lambda text: text.count("Which one?") == 2)
        program.press("ctrl+c")
        assert ended(program) == 130
        assert "interrupted; nothing was changed" in program.screen
        assert "what was chosen for 1 show before is not applied" in program.screen
    assert shows.read_text("utf-8") == SHOWS


@pytest.mark.parametrize("waits", ["for the user", "for the source"])
def test_ctrl_c_ends_it_at_once_and_changes_nothing(
    terminal: Callable[..., Terminal], shows: Path, server: Replay, waits: str
) -> None:
    if waits == "for the source":
        server.fault = Reply(delay=30)
    with terminal("lookup", "harbour-lights") as program:
        program.wait("Which one?" if waits == "for the user" else "Asking TVmaze")
        program.press("ctrl+c")
        assert ended(program) == 130
        assert "Traceback" not in program.screen
    assert shows.read_text("utf-8") == SHOWS


def test_the_interface_in_a_terminal_looks_up_and_leaves_at_once(
    terminal: Callable[..., Terminal], shows: Path
) -> None:
    with terminal() as program:
        program.wait("Cold Harbour")
        program.press("j", "L")
        program.wait("2 candidates from TVmaze")
        program.press("enter")
        program.wait("Harbour Lights from TVmaze")
        program.press("enter")
        program.wait("Looked up Harbour Lights")
        assert show_in(shows, "harbour-lights")["sources"] == {"tvmaze": date.today()}
        program.press("u")
        program.wait("Undone: Looked up")
        assert shows.read_text("utf-8") == SHOWS
        assert program.quit() == 0
        assert not program.crash_reports
