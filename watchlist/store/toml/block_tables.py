"""The tables in a show's block, and the text of the block that remains when the show is removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from watchlist.store.toml.document import with_comments
from watchlist.store.toml.scanner import Header, Statement, Unreadable, comments, scan

Step = str | int
Where = tuple[Step, ...]
BLANK = ("\n\n", "\n\r\n")  # the end of a text whose last line is blank
_EDITOR_LINE = re.compile(r"\b(?:vim?|ex):|-\*-")  # modelines (Vim, Emacs)


class TableSpan:
    """A section of a block: a header with the statements below it.

    `where` is the path of the table below the show, with the index (from 0) of each row of an array of tables:
    `("viewings", 1)`. The path is `()` for the show's own table, and None for a table that does not belong to the show.
    """

    def __init__(self, where: Where | None, header: Header, end: int) -> None:
        self.where = where
        self.header = header
        self.end = end  # the offset (in characters) after the last statement
        self.statements: list[Statement] = []


def sections_of(block: str) -> Iterator[TableSpan]:
    """Yield the sections (header with statements) of a block in order. The first one is the show's own table.

    Raises:
        Unreadable: The block is not TOML, or does not begin with a header.
    """
    section: TableSpan | None = None
    rows: dict[Where, int] = {}
    for item in scan(block):
        if isinstance(item, Statement):
            if section is None:
                raise Unreadable
            section.statements.append(item)
            section.end = item.end
            continue
        if section is not None:
            yield section
        where = _path_of(item, rows) if item.path[0] == "shows" else None
        section = TableSpan(where, item, item.end)
    if section is not None:
        yield section


def _path_of(header: Header, rows: dict[Where, int]) -> Where:
    """Return the path of a header's table below the show, with row indexes (from 0), e.g. `("viewings", 1)`.

    `rows` maps the path of each array to the index of its last row so far. The header of a new row increases that
    index.
    """
    where: Where = ()
    steps = header.path[1:]
    for position, step in enumerate(steps):
        where = (*where, step)
        if header.array and position == len(steps) - 1:
            rows[where] = rows.get(where, -1) + 1
        if where in rows:
            where = (*where, rows[where])
    return where


def remains(block: str) -> tuple[str, str]:
    """Return what remains in the text when the show in a block is removed: (comments, tables that are not the show's).

    Comments from directly above the header down to the last line of the show belong to the show and are removed.
    Comments below that, and lines for editors such as modelines, remain.
    """
    above = _comments_above(block)
    last = block.rstrip().rpartition("\n")[2]
    loose = "".join(line for line in above if _EDITOR_LINE.search(line))
    if block.count("[") < 4 and not loose and not last.lstrip(" \t").startswith("#"):
        return "", ""  # the common case
    loose, tables = loose + loose[len(loose.rstrip()) :], ""  # with the blank line below these lines
    sections = list(sections_of(block))
    starts = [with_comments(block, section.header.start, above.end) for above, section in pairwise(sections)]
    for section, follower, start, end in zip(
        sections, [*sections[1:], None], [0, *starts], [*starts, len(block)], strict=True
    ):
        if section.where is None:
            tables += block[start:end]
        elif (follower is None or follower.where is None) and comments(below := block[section.end : end]):
            loose, tables = (loose, spaced(tables, below)) if tables else (spaced(loose, below), "")
    return loose, tables


def spaced(text: str, more: str) -> str:
    """Return `text` followed by `more`, without the blank lines at the start of `more` if `text` ends in one."""
    return text + (more.lstrip("\r\n") if text.endswith(BLANK) else more)


def removes_new_comment(block: str, old: str) -> bool:
    """Return True if removing the show of `block` would remove a comment that `old`, its earlier text, does not have."""
    new = set(comments(block)) - set(comments(old))
    return not new <= set(comments("\n".join(remains(block))))


def _comments_above(block: str) -> list[str]:
    """Return the comment lines at the start of a block."""
    return list(takewhile(lambda line: line.lstrip(" \t").startswith("#"), block.splitlines(keepends=True)))
