"""Change values in the block of a show and leave every other byte of it alone.

`patch` compares two tables and writes the difference into the text: a value in its place, a new key after its neighbours,
a removed key with its line, a row of an array of tables with its section. What came out must parse to exactly the wanted
table.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

from watchlist.store.syntax import Header, Statement, Unreadable, Value, scan
from watchlist.store.text import table_of, with_comments
from watchlist.toml_text import is_section, render_key, render_section, render_value

Step = str | int
Where = tuple[Step, ...]
_BLANK = ("\n\n", "\n\r\n")  # what a text ends with where its last line is blank


class CannotSplice(Exception):
    """The text is laid out so that this change can't be made without touching something else."""


def patch(block: str, wanted: Mapping[str, Any], *, order: Sequence[str] = (), newline: str = "\n") -> str:
    """`block` with the table of its show made `wanted`. Raises CannotSplice.

    `order` says after which keys a new key goes: the nearest of those before it that the block has.
    """
    table = table_of(block)
    if same(table, wanted):
        return block
    try:
        splicer = _Splicer(block, tuple(order), newline)
        splicer.tables((), table, wanted)
        result = splicer.result()
        good = same(table_of(result), wanted)
    except (ValueError, RecursionError) as error:
        raise CannotSplice(str(error)) from error
    if not good:
        raise CannotSplice("the changed text would not read as what was meant")
    return result


def same(a: Any, b: Any) -> bool:
    """Whether two TOML values are the same value of the same type; nan is itself, the order of keys does not count."""
    if type(a) is dict and type(b) is dict:
        return a.keys() == b.keys() and all(_same_leaf(value, b[key]) for key, value in a.items())
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(same(value, b[key]) for key, value in a.items())
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, str) and isinstance(b, str):
        return str(a) == str(b)  # members of string enums are written as their text
    if type(a) is not type(b):
        return False
    return bool(a == b) or (isinstance(a, float) and math.isnan(a) and math.isnan(b))


def _same_leaf(a: Any, b: Any) -> bool:
    """`same`, with what most values are decided at once."""
    return a == b if type(a) is str and isinstance(b, str) else same(a, b)


class _Section:
    """A header of the show with the statements below it. `where` has the index of each row of arrays on the way."""

    def __init__(self, where: Where | None, header: Header, end: int) -> None:
        self.where = where  # None: not a table of this show
        self.header = header
        self.end = end  # after its last statement
        self.statements: list[Statement] = []


class _Splicer:
    """One pass over one block: collects replacements, then makes them from the end backwards."""

    def __init__(self, block: str, order: tuple[str, ...], newline: str) -> None:
        self.block, self.order, self.newline = block, order, newline
        self.edits: list[tuple[int, int, str]] = []
        self.gone: set[int] = set()  # where the sections ended that are taken out
        self.sections = list(_sections(block))
        self.leaves: dict[Where, tuple[_Section, Statement]] = {
            (*section.where, *statement.path): (section, statement)
            for section in self.sections
            if section.where is not None
            for statement in section.statements
        }

    def result(self) -> str:
        """The block with all edits made. Insertions at one place keep their order, and come before a replacement.

        The blank lines above a section that went go with it where others follow, or nothing.
        """
        text, at, end_of_block = "", 0, len(self.block)
        for start, end, new in [*sorted(self.edits, key=_turn), (end_of_block, end_of_block, "")]:
            if start < at:
                raise CannotSplice("two changes in one place")
            more = self.block[at:start] + new
            if at in self.gone and (more or self.block[at:])[:1] in "\r\n":
                while text.endswith(_BLANK):
                    text = text[: text.rindex("\n", 0, -1) + 1]
            text += more
            at = end
        return text

    # What differs

    def tables(self, where: Where, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        for key in old:
            if key not in new:
                self.delete((*where, key))
        for key, value in new.items():
            if key not in old:
                self.insert(where, key, value)
            elif not same(old[key], value):
                self.change((*where, key), old[key], value)

    def change(self, where: Where, old: Any, new: Any) -> None:
        if where in self.leaves:
            self.value(self.leaves[where][1].value, old, new)
        elif isinstance(old, dict) and isinstance(new, Mapping):
            self.tables(where, old, new)
        elif isinstance(old, list) and _is_rows(new):
            self.rows(where, old, new)
        else:
            self.delete(where)
            self.insert(where[:-1], str(where[-1]), new)

    def rows(self, where: Where, old: list[Any], new: list[Any]) -> None:
        """Rows of an array of tables, each with a header of its own."""
        head, tail = _common(old, new)
        paired = min(len(old), len(new)) - tail
        for index in range(head, paired):
            self.tables((*where, index), old[index], new[index])
        for index in range(paired, len(old) - tail):
            self.delete((*where, index))
        at = self._row_end(where, paired)
        for index in range(paired, len(new) - tail):
            self.section(at, where, new[index])

    def _row_end(self, where: Where, index: int) -> int:
        """Where a row that comes before row `index` ends, else where the first one starts."""
        rows = [(n, s) for n, s in enumerate(self.sections) if s.where is not None and _within(s.where, where)]
        ends = [section.end for _, section in rows if _row(section, where) < index]
        return max(ends) if ends else self._start(rows[0][0])

    def value(self, span: Value, old: Any, new: Any) -> None:
        """One value: items of an inline table or of an array over several lines in their places, else all of it."""
        if span.keys is not None and isinstance(new, Mapping) and new.keys() == old.keys():
            for key, item in zip(span.keys, span.items, strict=True):
                if not same(old[key], new[key]):
                    self.value(item, old[key], new[key])
        elif span.array and span.items and isinstance(new, list) and "\n" in self.block[span.start : span.end]:
            self.items(span, old, new)
        else:
            self.replace(span.start, span.end, render_value(new))

    def items(self, span: Value, old: list[Any], new: list[Any]) -> None:
        """An array over several lines: lines of items that stay are left alone, with their comments."""
        before = list(self.edits)
        try:
            self._items(span, old, new)
        except CannotSplice:
            if self._commented(span):
                raise  # a comment would go with the layout
            self.edits = before
            self.replace(span.start, span.end, render_value(new))

    def _items(self, span: Value, old: list[Any], new: list[Any]) -> None:
        head, tail = _common(old, new)
        paired = min(len(old), len(new)) - tail
        for index in range(head, paired):
            self.value(span.items[index], old[index], new[index])
        if not new:
            self.replace(span.start, span.end, "[]")
            return
        gone = range(paired, len(old) - tail)
        for index in gone:
            self._remove_item(span, index, gone)
        added = [render_value(item) for item in new[paired : len(new) - tail]]
        if added:
            self._add_items(span, paired, added)

    def _add_items(self, span: Value, index: int, added: list[str]) -> None:
        """Put rendered items before item `index`, on lines of their own where the items there stand so."""
        model = span.items[min(index, len(span.items) - 1)]
        line = self.block.rfind("\n", 0, model.start) + 1
        indent = self.block[line : model.start]
        own_line = not indent.strip()
        glue = f",\n{indent}" if own_line else ", "
        if index < len(span.items):
            self.replace(model.start, model.start, glue.join(added) + glue)
            return
        after, comma = self._after_item(span, model)
        if not comma:
            self.replace(model.end, model.end, ",")
        end = self._line_end(after)
        if own_line and end < span.end:
            self.replace(end, end, f"\n{indent}" + glue.join(added) + ("," if comma else ""))
        else:
            self.replace(after, after, " " + ", ".join(added) + ("," if comma else ""))

    def _remove_item(self, span: Value, index: int, gone: range) -> None:
        """Take an item out, with its line where it stands alone there; `gone` are all that go."""
        item = span.items[index]
        after, comma = self._after_item(span, item)
        line, end = self.block.rfind("\n", 0, item.start) + 1, self._line_end(after)
        others = [other for i, other in enumerate(span.items) if i != index]
        alone = not any(line < other.end and other.start < end for other in others)
        if alone and line > span.start and end < span.end - 1:
            self.replace(line, self.block.index("\n", end) + 1, "")
        elif comma and index + 1 < len(span.items):
            follower = span.items[index + 1].start
            if index and line < span.items[index - 1].end and "\n" in self.block[after:follower]:
                # What is right of it on its line, a comment perhaps, is about those left of it too.
                start = item.start if index - 1 in gone else self._after_item(span, span.items[index - 1])[0]
                self.replace(start, after, "")
            else:
                self.replace(item.start, follower, "")
        elif index + 1 == len(span.items) and self._commented(span):
            self.replace(item.start, after, "")
        else:
            raise CannotSplice("an item in a layout of its own")

    def _commented(self, span: Value) -> bool:
        """Whether there are comments between the items of an array."""
        ends = [span.start, *(item.end for item in span.items)]
        starts = [*(item.start for item in span.items), span.end]
        return any("#" in self.block[end:start] for end, start in zip(ends, starts, strict=True))

    def _after_item(self, span: Value, item: Value) -> tuple[int, bool]:
        """The end of an item with its comma, and whether there is one on its line."""
        at = item.end
        while self.block[at] in " \t":
            at += 1
        return (at + 1, True) if self.block[at] == "," else (item.end, False)

    def _line_end(self, at: int) -> int:
        """The end of the line, its line end not included."""
        end = self.block.find("\n", at)
        end = len(self.block) if end < 0 else end
        return end - 1 if self.block[end - 1 : end] == "\r" and end > at else end

    # What is written

    def replace(self, start: int, end: int, new: str) -> None:
        self.edits.append((start, end, new if self.newline == "\n" else new.replace("\n", self.newline)))

    def delete(self, where: Where) -> None:
        """A key with its line, or a table with all that is below it."""
        found = False
        for leaf, (_, statement) in self.leaves.items():
            if _within(leaf, where):
                self.replace(statement.start, statement.end, "")
                found = True
        for index, section in enumerate(self.sections):
            if section.where is not None and _within(section.where, where):
                start, end = self._start(index), section.end
                self.edits = [edit for edit in self.edits if edit[1] <= start or edit[0] >= end]
                self.replace(start, end, "")
                self.gone.add(end)
                found = True
        if not found:
            raise CannotSplice("a table inside a value")

    def _start(self, index: int) -> int:
        """Where a section starts, the comment lines right above its header included."""
        floor = self.sections[index - 1].end if index else 0
        return with_comments(self.block, self.sections[index].header.start, floor)

    def insert(self, where: Where, key: str, value: Any) -> None:
        """A new key: after the nearest key that `order` puts before it, else after the last of its table."""
        if not where and is_section(key, value):
            for row in value if isinstance(value, list) else [value]:
                self.section(self._end(), (key,), row, array=isinstance(value, list))
            return
        section, prefix, siblings = self._home(where)
        name = ".".join([*(render_key(str(step)) for step in prefix), render_key(key)])
        line = f"{name} = {render_value(value)}"
        neighbour = self._neighbour(siblings, key) if not where else (siblings[-1] if siblings else None)
        at = neighbour.end if neighbour else section.header.end
        model = neighbour.start if neighbour else section.header.start
        indent = self.block[model : model + len(self.block[model:]) - len(self.block[model:].lstrip(" \t"))]
        self.replace(at, at, f"{indent}{line}\n" if self.block[at - 1] == "\n" else f"\n{indent}{line}")

    def _home(self, where: Where) -> tuple[_Section, Where, list[Statement]]:
        """The section that a new key of this table goes to, the dotted prefix it needs there, and its neighbours."""
        for section in self.sections:
            if section.where == where:
                return section, (), section.statements
        for section in self.sections:
            if section.where is not None and _within(where, section.where):
                prefix = where[len(section.where) :]
                siblings = [s for s in section.statements if s.path[: len(prefix)] == prefix]
                if siblings:
                    return section, prefix, siblings
        raise CannotSplice("a table that is spread out")

    def _neighbour(self, siblings: list[Statement], key: str) -> Statement | None:
        if key in self.order:
            before = set(self.order[: self.order.index(key)])
            near = [statement for statement in siblings if statement.path[0] in before]
            if near:
                return near[-1]
        return siblings[-1] if siblings else None

    def section(self, at: int, where: Where, row: Mapping[str, Any], *, array: bool = True) -> None:
        """A table, or a row of an array of tables, as a section of its own."""
        if len(where) != 1:
            raise CannotSplice("a table within a table")
        text = render_section(str(where[0]), row, array=array)
        spaced = f"\n{text}" if self.block[at - 1] == "\n" else f"\n\n{text.rstrip()}"
        self.replace(at, at, f"{text}\n" if self.block.endswith(_BLANK, 0, at) else spaced)

    def _end(self) -> int:
        """After the last statement of the show: blank lines and comments at the end of the block stay at its end."""
        return max(section.end for section in self.sections if section.where is not None)


def _turn(edit: tuple[int, int, str]) -> tuple[int, int]:
    """Edits in the order of the text; at one place new keys come before new sections, and both before what is replaced."""
    start, end, new = edit
    return start, 2 if end > start else 1 if new.lstrip("\r\n").startswith("[") else 0


def _sections(block: str) -> Iterator[_Section]:
    """The headers of a block with their statements. The first is the show's own."""
    section: _Section | None = None
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
        where = _place(item, rows) if item.path[0] == "shows" else None
        section = _Section(where, item, item.end)
    if section is not None:
        yield section


def _place(header: Header, rows: dict[Where, int]) -> Where:
    """The path of a header below its show, with the row each array on the way is at; counts a new row."""
    where: Where = ()
    steps = header.path[1:]
    for position, step in enumerate(steps):
        where = (*where, step)
        if header.array and position == len(steps) - 1:
            rows[where] = rows.get(where, -1) + 1
        if where in rows:
            where = (*where, rows[where])
    return where


def foreign(block: str) -> str:
    """The tables in a block that are not its show's: what stays when the show goes."""
    if block.count("[") < 4:
        return ""
    sections = list(_sections(block))
    starts = [with_comments(block, section.header.start, above.end) for above, section in pairwise(sections)]
    return "".join(
        block[start:end]
        for section, start, end in zip(sections, [0, *starts], [*starts, len(block)], strict=True)
        if section.where is None
    )


def _within(where: Where, outer: Where) -> bool:
    return where[: len(outer)] == outer


def _row(section: _Section, where: Where) -> int:
    step = section.where[len(where)] if section.where and len(section.where) > len(where) else 0
    return step if isinstance(step, int) else 0


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _common(old: list[Any], new: list[Any]) -> tuple[int, int]:
    """How many items the lists share at their start, and then at their end."""
    short = min(len(old), len(new))
    head = 0
    while head < short and same(old[head], new[head]):
        head += 1
    tail = 0
    while tail < short - head and same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    return head, tail
