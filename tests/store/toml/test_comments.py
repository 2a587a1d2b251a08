"""Comments stay where a show, a table or a value goes, unless they are about it; and undo gives back the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.store.conftest import Opened, again
from watchlist.domain import edits
from watchlist.domain.edits import Assignment, Edit
from watchlist.domain.frozen import replace
from watchlist.domain.model import Show

HEAD = "version = 1\n\n"
A, B, C = (f'[[shows]]\nid = "{id}"\ntitle = "{id.upper()}"\n' for id in "abc")
FILMS = "# ==== FILMS ====\n"
VIM = "# vim: set ft=toml:"
PLUGIN = "[plugin]\nx = 1\n"


def removed(*ids: str) -> Edit:
    return edits.remove(ids)


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("text", "gone", "expected"),
    [
        # A heading between two shows, which is about neither
        (f"{A}\n{FILMS}\n{B}", "a", f"{FILMS}\n{B}"),
        (f"{A}\n{FILMS}\n{B}", "b", f"{A}\n{FILMS}\n"),
        (f"{A}\n{FILMS}\n{B}", "ab", f"{FILMS}\n"),
        (f"{HEAD}{A}\n{FILMS}\n{B}", "a", f"{HEAD}{FILMS}\n{B}"),
        (f"{C}\n{A}\n{FILMS}\n{B}", "a", f"{C}\n{FILMS}\n{B}"),
        (f"{C}\n{A}\n{FILMS}\n{B}", "ca", f"{FILMS}\n{B}"),
        (f"{C}{A}\n{FILMS}\n{B}", "a", f"{C}\n{FILMS}\n{B}"),
        (f"{C}\n{A}\n\n{FILMS}\n\n{B}", "a", f"{C}\n{FILMS}\n\n{B}"),
        (f"{C}\n# of c\n\n{A}\n{FILMS}\n# more\n\n{B}", "a", f"{C}\n# of c\n\n{FILMS}\n# more\n\n{B}"),
        (f"{C}\n{A}{FILMS}\n{B}", "a", f"{C}\n{FILMS}\n{B}"),
        (f"{A}\n  # indented\n\n{B}", "a", f"  # indented\n\n{B}"),
        # The last line of a file
        (f"{A}\n{B}{VIM}", "b", f"{A}\n{VIM}"),
        (f"{A}\n{B}\n{VIM}\n", "b", f"{A}\n{VIM}\n"),
        (f"{A}\n{B}\n\n{VIM}\n", "b", f"{A}\n{VIM}\n"),
        (f"{A}{VIM}\n", "a", f"{VIM}\n"),
        (f"{A}\n{B}\n{VIM}\n", "ab", f"{VIM}\n"),
        # What is right above a header or between the lines of a show is about it
        (f"# of a\n{A}\n{B}", "a", B),
        (f"{C}\n# of a\n# more\n{A}\n{B}", "a", f"{C}\n{B}"),
        (f"{A}# between\nyear = 1 # so\n\n{B}", "a", B),
        (f"{A}\n# between\n\n[[shows.seasons]]\nnumber = 1\n\n{B}", "a", B),
        (f'{A}notes = """\n# no comment"""\n\n{B}', "a", B),
        (f'{A}notes = """\n\n# no comment\n"""\n\n{B}', "a", B),
        # but not what is meant for an editor
        (f"{VIM}\n{A}\n{B}", "a", f"{VIM}\n\n{B}"),
        (f"#:schema ./list.json\n# of a\n{A}\n{B}", "a", f"#:schema ./list.json\n{B}"),
        (f"# -*- mode: toml -*-\n{A}", "a", "# -*- mode: toml -*-\n\n"),
        # Tables of others, with what stands around them
        (f"{A}\n# gap\n\n# of it\n{PLUGIN}\n{B}", "a", f"# gap\n\n# of it\n{PLUGIN}\n{B}"),
        (f"{A}\n# gap\n\n{PLUGIN}\n[shows.ids]\nimdb = 't'\n\n# end\n", "a", f"# gap\n\n{PLUGIN}\n# end\n"),
        (f"{C}\n{A}\n# gap\n\n{PLUGIN}\n[shows.ids]\nimdb = 't'\n", "a", f"{C}\n# gap\n\n{PLUGIN}\n"),
    ],
)
def test_A6_comments_around_a_show_that_is_removed_stay(
    opened: Opened, text: str, gone: str, expected: str, newline: str
) -> None:
    text, expected = text.replace("\n", newline), expected.replace("\n", newline)
    library = opened(text)
    library.apply(removed(*gone))
    assert library.file.read_bytes().decode() == expected
    assert again(library).list == library.list
    again(library).undo()
    assert library.file.read_bytes().decode() == text
    again(library).redo()
    assert library.file.read_bytes().decode() == expected


def set_to(assignment: str) -> Edit:
    return edits.assign(["a"], [Assignment.parse(assignment)])


def other(change: Callable[[dict[str, Any]], dict[str, Any]]) -> Edit:
    def changed(show: Show) -> Show:
        return replace(show, other=change(dict(show.other)))

    return edits.each(["a"], changed)


SEASONS = "[[shows.seasons]]\nnumber = 1\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize(
    ("text", "edit", "expected"),
    [
        # The line of a value that is cleared
        (f"{A}rating = 3.5  # ★ keep\n", edits.rate(["a"], None), f"{A}# ★ keep\n"),
        (f"{A}rating = 3.5  # ★ keep", edits.rate(["a"], None), f"{A}# ★ keep"),
        (f"{A}  rating = 3.5\t# ★\nyear = 1999\n", edits.rate(["a"], None), f"{A}  # ★\nyear = 1999\n"),
        (f"{A}rating = 3.5 # ★\n\n{B}", edits.rate(["a"], None), f"{A}# ★\n\n{B}"),
        (f"{A}rating = 3.5 # ★\n{B}", edits.rate(["a"], None), f"{A}# ★\n\n{B}"),
        (f"{A}rating = 3.5 # ★\n# of b\n{B}", edits.rate(["a"], None), f"{A}# ★\n\n# of b\n{B}"),
        (f"{A}rating = 3.5 # ★\n{SEASONS}", edits.rate(["a"], None), f"{A}# ★\n\n{SEASONS}"),
        (f"{A}rating = 3.5 # ★\n# s\n{SEASONS}", edits.rate(["a"], None), f"{A}# ★\n\n# s\n{SEASONS}"),
        (f'{A}notes = """\n# no""" # yes\n', set_to("notes="), f"{A}# yes\n"),
        (f"{A}notes = '# no'\n", set_to("notes="), A),
        (
            f"{A}tags = [ # one\n  'x', # two\n  # three\n] # four\n",
            set_to("tags="),
            f"{A}# one\n# two\n# three\n# four\n",
        ),
        (f"{A}ids = {{ imdb = 't' }} # i\n", set_to("ids="), f"{A}# i\n"),
        (f"{A}ids.imdb = 't' # i\nids.tmdb = 1 # j\n", set_to("ids="), f"{A}# i\n# j\n"),
        (f"{A}mood = 'blue' # so\n", other(lambda own: {}), f"{A}# so\n"),
        # A value that is replaced
        (f"{A}rating = 3.5  # ★\n", edits.rate(["a"], 4.0), f"{A}rating = 4.0  # ★\n"),
        (f'{A}notes = """\nx""" # yes\n', set_to("notes=y"), f'{A}notes = "y" # yes\n'),
        (f"{A}x = [ # one\n  1, # two\n] # three\n", other(lambda own: {"x": 2}), f"{A}# one\n# two\nx = 2 # three\n"),
        (f"{A}x = [ # one\n  1, # two\n]\n", other(lambda own: {"x": []}), f"{A}# one\n# two\nx = []\n"),
        (
            f"{A}  x = {{ a = [ # one\n    1,\n  ] }} # two\n",
            other(lambda own: {"x": {"b": 2}}),
            f"{A}  # one\n  x = {{ b = 2 }} # two\n",
        ),
        # Items of a list
        (
            f"{A}tags = [\n  'x', # one\n  'y', # two\n]\n",
            set_to("tags-=x"),
            f"{A}tags = [\n  # one\n  'y', # two\n]\n",
        ),
        (f"{A}tags = [\n  'x', # one\n  'y' # two\n]\n", set_to("tags-=y"), f"{A}tags = [\n  'x', # one\n  # two\n]\n"),
        (f"{A}tags = ['x', # one\n  'y'] # two\n", set_to("tags-=x"), f"{A}tags = [ # one\n  'y'] # two\n"),
        (f"{A}tags = ['x' # one\n  , 'y'] # two\n", set_to("tags-=x"), f'{A}# one\ntags = ["y"] # two\n'),
        # Rows with a header of their own: a comment right above it, or in them, is about them
        (
            f"{A}\n# all\n\n# first\n{SEASONS}episodes = 2 # two\n\n# below\n\n[[shows.seasons]]\nnumber = 2\n",
            edits.each(["a"], lambda show: replace(show, seasons=show.seasons[1:])),
            f"{A}\n# all\n\n# below\n\n[[shows.seasons]]\nnumber = 2\n",
        ),
        (
            f"{A}\n{SEASONS}\n# below\n\n{B}",
            edits.each(["a"], lambda show: replace(show, seasons=())),
            f"{A}\n# below\n\n{B}",
        ),
    ],
)
def test_A6_comments_on_a_value_that_is_cleared_or_replaced_stay(
    opened: Opened, text: str, edit: Edit, expected: str, newline: str
) -> None:
    text, expected = text.replace("\n", newline), expected.replace("\n", newline)
    library = opened(text)
    library.apply(edit)
    assert library.file.read_bytes().decode() == expected
    assert again(library).list == library.list
    again(library).undo()
    assert library.file.read_bytes().decode() == text
    again(library).redo()
    assert library.file.read_bytes().decode() == expected


def elsewhere(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def test_A6_a_comment_that_passed_to_the_show_above_passes_back_though_that_was_changed(opened: Opened) -> None:
    library = opened(f"{A}\n{B}\n{VIM}\n")
    library.apply(removed("b"))
    library.file.write_text(elsewhere(library.file.read_text(), '"A"\n', '"A"\nyear = 1999\n'))
    again(library).undo()
    assert library.file.read_text() == f"{A}year = 1999\n\n{B}\n{VIM}\n"
    again(library).redo()
    assert library.file.read_text() == f"{A}year = 1999\n\n{VIM}\n"


def test_A6_a_comment_that_was_changed_since_is_not_taken_away(opened: Opened) -> None:
    library = opened(f"{A}\n{B}\n{VIM}\n")
    library.apply(removed("b"))
    library.file.write_text(elsewhere(library.file.read_text(), VIM, "# mine"))
    again(library).undo()
    text = library.file.read_text()
    assert "# mine" in text
    assert text.endswith(f"{B}\n{VIM}\n")


def test_A6_shows_come_and_go_around_a_comment_and_undo_leads_back_step_by_step(opened: Opened) -> None:
    library = opened(f"{A}\n{FILMS}\n{B}\n{C}\n{VIM}\n")
    texts = [library.file.read_text()]
    steps = (
        removed("a"),
        edits.rate(["b"], 4.0),
        removed("c"),
        edits.add(Show("", "New")),
        removed("b"),
        removed("new"),
    )
    for step in steps:
        again(library).apply(step)
        texts.append(library.file.read_text())
        assert FILMS in texts[-1]
        assert VIM in texts[-1]
    for text in texts[-2::-1]:
        again(library).undo()
        assert library.file.read_text() == text
    for text in texts[1:]:
        again(library).redo()
        assert library.file.read_text() == text


def test_A6_a_comment_that_an_editor_put_below_a_show_can_be_undone(opened: Opened) -> None:
    library = opened(f"{A}\n{B}")
    library.replace_block("a", f"{A}# so\n\n")
    again(library).undo()
    assert library.file.read_text() == f"{A}\n{B}"
