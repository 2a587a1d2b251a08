"""Texts of lists for hypothesis, as people and programs leave them; and what happens to such a text elsewhere."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import strategies as st

from tests.strategies import shows
from watchlist.domain.model import Show
from watchlist.domain.show_toml import to_table
from watchlist.domain.toml_values import render_block

HEADS = ("", "version = 1\n", "# mine\n\nversion = 1 # one\n", 'mine = "x"\n\n[own]\nx = 1\n\n', "\n\n")
# Tables between shows: views, the user's own, and sub-tables that belong to the show before all of them.
FOREIGN = (
    '[[views]]\nname = "Tonight"\nquery = "status:planned"\n',
    "[[views]]\nname = 3\n",
    "# of a plugin\n[plugin]\nx = [\n  1,\n]\n",
    '[other."a.b"]\ny = 2\n\n\n',
    "[shows.late]\nz = 1\n",
)
# Shows as no program writes them.
ODD = (
    '[[shows]]\ntitle = "A"\n',
    '[[shows]]\nid = "a"\ntitle = "A"\nrating = 11\nyear = "no"\nseasons = [{watched = "x"}]\n',
    '# above\n\n# right above\n[[shows]]\nid = "a" # twice\ntitle = "A"\nmood = "blue"\n[shows.mine]\ndeep = [1, 2]\n',
    '[[shows]]\nid = "c"\ntitle = "C"\nnotes = """\n[[shows]]\n# not a comment\n[other]"""\n# after\n',
    '[[shows]]\ntitle = "D"\nseasons = [\n  [\n],\n]\n',
    '[[shows]]\nid = "e"\n[[shows.seasons]]\nnumber = 1\nwatched = "1-3"\nmine = 1\n[[shows.viewings]]\ndate = 2025-01-02\n',
    '[[shows]]\nid = "g"\ntitle = """\n[[shows]]\n# G"""\n',
    "[[ shows ]] # spelled apart\ntitle = 'F'\n\n\n",
    "[[shows]]\nid = 7\n",
    "[[shows]]\n",
)
# What a hand or another program puts in.
SNIPPETS = (
    *(
        "",
        "# c\n",
        "\n",
        "\n\n",
        '"""\n',
        'notes = """\n',
        "notes = '''\n",
        "'''\n",
        "x = 1\n",
        'id = "a"\n',
        'title = "New"\n',
    ),
    *("rating = 4.5\n", 'status = "watched"\n', 'tags = ["é", "noir"]\n', "[[shows]]\n", "[shows.mine]\nq = 1\n"),
    *("version = 2\n", "version = 1\n", "[late]\nx = 1\n", "[shows]\n", "]\n", 'shows = [{title = "S"}]\n'),
    *("[[shows]]\ntitle = 'Z'\n", "[[shows.seasons]]\nnumber = 3\n", "\ufeff", "\r\n", "é", "title = 3\n"),
    *FOREIGN,
    *ODD,
)


class Rewrite(NamedTuple):
    """Lines taken out at one place and others put there, all counted in lines, round and round."""

    at: int
    gone: int
    snippet: str
    copied: int  # lines from `source` that come after the snippet
    source: int

    def __call__(self, text: str) -> str:
        lines = text.splitlines(keepends=True) if "\r" not in text else text.split("\n")
        if "\r" in text:
            lines = [line + "\n" for line in lines[:-1]] + lines[-1:]
        at, source = self.at % (len(lines) + 1), self.source % (len(lines) + 1)
        put = [self.snippet, *lines[source : source + self.copied]]
        return "".join([*lines[:at], *put, *lines[at + self.gone :]])


def rewrites() -> st.SearchStrategy[Rewrite]:
    return st.builds(
        Rewrite,
        at=st.integers(0, 200),
        gone=st.sampled_from([0, 0, 1, 1, 2, 6]),
        snippet=st.sampled_from(SNIPPETS),
        copied=st.sampled_from([0, 0, 0, 1, 5]),
        source=st.integers(0, 200),
    )


def list_texts() -> st.SearchStrategy[str]:
    """Whole texts: shows with and without ids, ids that meet, problems, own tables, views; CRLF and a BOM at times."""
    return st.builds(
        _text,
        st.sampled_from(HEADS),
        st.lists(_blocks() | st.sampled_from(ODD) | st.sampled_from(FOREIGN), max_size=6),
        newline=st.sampled_from(["\n", "\n", "\r\n"]),
        bom=st.sampled_from([False, False, True]),
        ended=st.booleans(),
    )


def _blocks() -> st.SearchStrategy[str]:
    """The blocks of shows as the program writes them; of some of them somebody took the id away."""
    return st.builds(_block, shows(wild=True), st.sampled_from([True, True, True, False]))


def _block(show: Show, named: bool) -> str:
    table = to_table(show)
    return render_block(table if named else {name: value for name, value in table.items() if name != "id"}) + "\n"


def _text(head: str, blocks: list[str], *, newline: str, bom: bool, ended: bool) -> str:
    text = head + "".join(blocks)
    text = text if ended else text.rstrip("\n")
    return "\ufeff" * bom + (text if newline == "\n" else text.replace("\n", newline))
