"""Words of a command line to requests: flags anywhere, dashes that are no flags, and hints for what does not fit."""

from __future__ import annotations

import contextlib
import shlex
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.cli.dispatch import VERB_MODULES, verb
from watchlist.cli.parser import Request, arguments, field_flags, field_of, flag_words, parse, spellings
from watchlist.command_table import VERBS
from watchlist.domain.fields import STORED
from watchlist.errors import UsageError
from watchlist.help_texts import EXAMPLES


def said(line: str) -> dict[str, Any]:
    """What was said in a line, with what was left out gone."""
    return {name: value for name, value in parse(shlex.split(line)).values.items() if value}


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("list -status:watched --limit 3", {"QUERY": ["-status:watched"], "--limit": 3}),
        ("list -n 3 -n:x", {"QUERY": ["-n:x"], "--limit": 3}),
        ("list dune --json crime -f '{title}'", {"QUERY": ["dune", "crime"], "--json": True, "--format": "{title}"}),
        ("--file a.toml --json list", {"--file": "a.toml", "--json": True}),
        ("list --file=a.toml", {"--file": "a.toml"}),
        ("list -- --json -n", {"QUERY": ["--json", "-n"]}),
        ("list -0 ^kind:film", {"-0": True, "QUERY": ["^kind:film"]}),
        ("add Heat --notes=--x --notes=-y", {"TITLE": "Heat", "--notes": "-y"}),
        ("add Heat --notes --x", {"TITLE": "Heat", "--notes": "--x"}),
        ("rate 4 --where a --where b --yes", {"RATING": "4", "--where": ["a", "b"], "--yes": True}),
        ("list --format -x", {"--format": "-x"}),
        ("tag ballard +a -b", {"SHOW": "ballard", "TAGS": ["+a", "-b"]}),
        ("tag ballard -q -b", {"SHOW": "ballard", "TAGS": ["-b"], "--quiet": True}),
        ("rate ballard -", {"SHOW": "ballard", "RATING": "-"}),
        ("set heat notes=-x tags-=a", {"SHOW": "heat", "FIELD=VALUE": ["notes=-x", "tags-=a"]}),
        ("undo 3", {"N": 3}),
        ("add Heat --rating 4 --tags a --tags b", {"TITLE": "Heat", "--rating": "4", "--tags": ["a", "b"]}),
        ("add Heat --based_on x", {"TITLE": "Heat", "--based-on": "x"}),
        (
            "status paused --where -kind:film x --yes",
            {"STATUS": "paused", "--where": ["-kind:film", "x"], "--yes": True},
        ),
        ("status --where a b --yes paused", {"STATUS": "paused", "--where": ["a", "b"], "--yes": True}),
        ("remove --where is:broken", {"--where": ["is:broken"]}),
        ("remove a b", {"SHOW": ["a", "b"]}),
        ("tag --where a --yes +x -y", {"--where": ["a"], "--yes": True, "TAGS": ["+x", "-y"]}),
        ("edit", {}),
    ],
)
def test_words_become_values(line: str, values: dict[str, Any]) -> None:
    assert said(line) == values


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("lst", 'no verb "lst"', 'did you mean "list"?'),
        ("list --limt 3", "no flag --limt", 'did you mean "--limit"?'),
        ("--jsn list", "no flag --jsn", 'did you mean "--json"?'),
        ("--lim 3", "no flag --lim", ""),
        ("add Heat --ratng 3", "no flag --ratng", 'did you mean "--rating"?'),
        ("list --lim 3", "no flag --lim", ""),
        ("list --limit", "--limit needs N", "--help"),
        ("list --limit --json", "--limit needs N", "--help"),
        ("list --where", "no flag --where", ""),
        ("rate 4 --where --yes", "--where needs QUERY", ""),
        ("list --limit x", '"x" is not a whole number', ""),
        ("list --limit 0", '"0" is not a whole number', ""),
        ("list --limit ²", "is not a whole number", ""),
        *(
            (line.format("0" * zeros + "12345678901"), "is not a whole number from 1 to 999999999", "")
            for line in (
                "undo {}",
                "redo {}",
                "list -n {}",
                "list --limit={}",
                "history -n {}",
                "pick --seed {}",
                "pick -n {}",
            )
            for zeros in (0, 10, 5000)
        ),
        ("undo 0000000000", "is not a whole number", ""),
        ("undo two", '"two" is not a whole number', "watchlist undo [N]"),
        ("rate ballard", "rate: missing RATING", "watchlist rate SHOW RATING"),
        ("rate", "rate: missing SHOW", "watchlist rate SHOW RATING"),
        ("remove", "remove: missing SHOW", "watchlist remove SHOW..."),
        ("show slow horses", '"horses"', "quotes"),
        ("undo 1 2", '"2"', "watchlist undo [N]"),
        ("status --where a paused", "status: missing STATUS", "up to the next flag"),
        ("list --json=1", "--json takes no value", ""),
        ("'' list", 'no verb ""', "--help"),
    ],
)
def test_what_does_not_fit_is_said_with_a_hint(line: str, message: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(shlex.split(line))
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_C5_zeros_before_a_number_count_for_nothing() -> None:
    assert parse(["undo", "007"]).number("N") == 7


@given(st.lists(st.text(st.characters(exclude_characters="\0"), max_size=8), max_size=5))
def test_any_words_are_a_request_or_a_usage_error(words: list[str]) -> None:
    for argv in (words, ["list", *words], ["tag", *words]):
        with contextlib.suppress(UsageError):
            assert isinstance(parse(argv), Request)


@given(st.lists(st.text(st.characters(exclude_characters="\0"), max_size=8), max_size=5))
def test_after_two_dashes_every_word_arrives_as_it_was(words: list[str]) -> None:
    assert parse(["list", "--", *words]).words("QUERY") == words


def test_global_flags_mean_the_same_before_and_after_the_verb() -> None:
    for flags in (["--file", "x"], ["--json"], ["--quiet"], ["-q"], ["--config", "y"], ["--no-color"]):
        assert parse([*flags, "list", "a"]) == parse(["list", "a", *flags])


def test_every_field_that_can_be_set_is_a_flag_of_add() -> None:
    assert {field_of(flag) for flag in field_flags()} == {field.name for field in STORED} - {"id", "title"}


def test_no_verb_has_two_flags_of_one_spelling_and_only_its_last_argument_takes_several() -> None:
    for command in VERBS.values():
        flags = flag_words(command)
        names = [name for word in flags for name in (word.name, word.short) if name]
        assert len(names) == len(set(names)), command.name
        assert {word.name for word in spellings(flags).values()} == {word.name for word in flags}
        assert not any(word.many for word in arguments(command)[:-1]), command.name


def test_every_verb_has_its_function_and_no_function_is_left_over() -> None:
    assert sorted(name for names in VERB_MODULES.values() for name in names) == sorted(VERBS)
    for name in VERBS:
        assert callable(verb(name))


def test_what_force_does_for_a_verb_is_what_its_help_says() -> None:
    """It writes a file that is marked read-only for every verb that changes the list."""
    for command in VERBS.values():
        force = spellings(flag_words(command))["--force"].help
        assert not command.changes or "read-only" in force, command.name


@pytest.mark.parametrize("verb", VERBS)
def test_the_examples_of_a_verb_are_command_lines_of_it(verb: str) -> None:
    for example in EXAMPLES[verb]:
        assert parse(shlex.split(example)).verb == verb


def test_no_other_verb_has_examples() -> None:
    assert list(EXAMPLES) == [name for name in EXAMPLES if name in VERBS]
