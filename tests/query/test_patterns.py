"""Regular expressions: what `re` would find is found, and nothing takes longer than the text is long."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchlist.query import patterns
from watchlist.query.patterns import compile_pattern

ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\w", r"\S", r"\b", r"\B", "^", "$", r"\Z", "x", "-", "É", "(?s:.)"]
)
REPEATS = st.sampled_from(["*", "+", "?", "{2}", "{1,3}", "*?", "{0,2}", "{,3}", "{2,}"])
PATTERNS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda items: f"({'|'.join(items)})"),
        st.tuples(inner, REPEATS).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    ),
    max_leaves=12,
)


@given(pattern=PATTERNS, text=st.text("abABé x\n-1", max_size=9))
def test_B7_the_automaton_finds_what_re_finds(pattern: str, text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patterns, "MAX_WAYS", 0)
        try:
            found = compile_pattern(pattern)
        except ValueError:
            return  # too long, or of `re` alone
    assert found(text) == (re.search(pattern, text, re.IGNORECASE) is not None)


@pytest.mark.parametrize("pattern", [r"(a)\1", "^(?!the)", "(?<=a)b", "(?i:A)b", "(?s).", "(?>ab)"])
def test_what_only_re_understands_is_found_where_it_has_few_ways(pattern: str) -> None:
    assert compile_pattern(pattern)("aab\n") == (re.search(pattern, "aab\n", re.IGNORECASE) is not None)


@pytest.mark.parametrize(
    "pattern", [r"(a*)\1b", "(?=.*a).*b", "a{300}" * 3 + "b*", "(a|b){1000}", "((a{300}){300}){300}"]
)
def test_what_could_take_for_ever_and_is_no_automaton_is_refused(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"forever|too long"):
        compile_pattern(pattern)


SLOW = [
    "a*b",
    "a*a*a*a*a*a*b",
    ".*.*.*.*.*.*%",
    "(a+)+$",
    "(a|a)*$",
    "((a*))*$",
    "(?:a?a?)+$",
    "([a-z]+)*$",
    "a*" * 30 + "b",
    r"(\w+\s?)+$",
    "a?" * 66 + "x",
    "(a|a)" * 38 + "b",
    "(a|aa)+$",
    ".*a.{180}b",
    "(a|b)*a(a|b){100}c",
    "[ab]{300}c",
    "[ab]{0,299}c",
    "a{0,16}a{0,17}b",
    "(ab){300}c",
    "(?:a|b|ab){0,3}c",
]
TIMED = """
import sys, time
from watchlist.query.patterns import compile_pattern
pattern = sys.argv[1]
texts = ["a" * 100_000, "ab" * 50_000, "a b! " * 20_000, ("a" * 40 + "!") * 2400]
found = compile_pattern(pattern)
started = time.process_time()
for text in texts:
    found(text)
print(time.process_time() - started)
"""


@pytest.mark.parametrize("pattern", SLOW)
def test_B7_no_regular_expression_takes_for_ever(pattern: str) -> None:
    run = [sys.executable, "-c", TIMED, pattern]
    ran = subprocess.run(run, capture_output=True, text=True, check=True, timeout=60)
    assert float(ran.stdout) < 4  # of four texts
