"""Changes values in a show's block, and leaves every other byte unchanged.

`patch` compares two tables and writes the difference into the text: a changed value is replaced in place, a new key
gets a line, a removed key is removed with its line, and a row of an array of tables is a section. Comments beside
removed text are kept on lines of their own. The result must parse to exactly the wanted table.

A section is a header with its statements. The path of a value consists of its keys below the show, and of the index
(from 0) of each row of an array of tables: `("viewings", 1, "date")`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from watchlist.domain.frozen import same
from watchlist.domain.toml_values import is_section, render_key, render_section, render_value
from watchlist.store.toml.block_tables import BLANK, TableSpan, Where, sections_of
from watchlist.store.toml.document import with_comments
from watchlist.store.toml.parser import table_of
from watchlist.store.toml.scanner import Statement, TomlSpan, comments
from watchlist.store.toml.spelling import is_rows, respelled


class CannotPatch(Exception):
    """Raised if a change would require to change other text too, because of the layout of the text."""


def patch(block: str, wanted: Mapping[str, Any], *, order: Sequence[str] = (), newline: str = "\n") -> str:
    """Return `block` with the table of its show changed to `wanted`.

    Args:
        block: The block of a show.
        wanted: The table of the result.
        order: Keys in their writing order. A new key is inserted below the last key of the block that precedes it in
            this order.
        newline: The line end of new lines.

    Raises:
        CannotPatch: The layout of the block does not allow this change.
        ValueError: `block` is not the block of one show.
    """
    table = table_of(block)
    if same(table, wanted):
        return block
    try:
        patcher = _Patcher(block, tuple(order), newline)
        patcher.tables((), table, wanted)
        result = patcher.result()
        good = same(table_of(result), wanted)
    except (ValueError, RecursionError) as error:
        raise CannotPatch(str(error)) from error
    if not good:
        raise CannotPatch("the changed text would not read back as intended")
    return result


class _Patcher:
    """Collects the edits of one block, which are (start offset, end offset, new text), and applies them."""

    def __init__(self, block: str, order: tuple[str, ...], newline: str) -> None:
        self.block, self.order, self.newline = block, order, newline
        self.edits: list[tuple[int, int, str]] = []
        self.removed_ends: set[int] = set()  # the offsets after removed sections
        self.sections = list(sections_of(block))
        # The statements by the path of their key below the show, each with its section.
        self.leaves: dict[Where, tuple[TableSpan, Statement]] = {
            (*section.where, *statement.path): (section, statement)
            for section in self.sections
            if section.where is not None
            for statement in section.statements
        }

    def result(self) -> str:
        """Return the block with all edits applied.

        Insertions at the same offset keep their order, and precede a replacement at that offset. Blank lines above a
        removed section are removed too, if other blank lines or nothing follow.
        """
        text, position, end_of_block = "", 0, len(self.block)
        for start, end, new in [*sorted(self.edits, key=_edit_order), (end_of_block, end_of_block, "")]:
            if start < position:
                raise CannotPatch("two changes in one place")
            piece = self.block[position:start] + new
            if position in self.removed_ends and (piece or self.block[position:])[:1] in "\r\n":
                while text.endswith(BLANK):
                    text = text[: text.rindex("\n", 0, -1) + 1]
            text += piece
            position = end
        return text

    # Differences between the tables

    def tables(self, where: Where, old: Mapping[str, Any], new: Mapping[str, Any]) -> None:
        """Add the edits that change the table at the path `where`, e.g. `("viewings", 1)`, from `old` to `new`."""
        for key in old:
            if key not in new:
                self.delete((*where, key))
        for key, value in new.items():
            if key not in old:
                self.insert(where, key, value)
            elif not same(old[key], value):
                self.change((*where, key), old[key], value)

    def change(self, where: Where, old: Any, new: Any) -> None:
        """Add the edits that change the value at the path `where`, e.g. `("viewings", 1, "date")`, from `old` to `new`."""
        if where in self.leaves:
            self.value(self.leaves[where][1].value, old, new)
        elif isinstance(old, dict) and isinstance(new, Mapping):
            self.tables(where, old, new)
        elif isinstance(old, list) and is_rows(new):
            self.rows(where, old, new)
        else:
            self.delete(where)
            self.insert(where[:-1], str(where[-1]), new)

    def rows(self, where: Where, old: list[Any], new: list[Any]) -> None:
        """Add the edits that change an array of tables from `old` to `new`. Each row is a section with a header."""
        head, tail = _common(old, new)
        paired = min(len(old), len(new)) - tail
        for index in range(head, paired):
            self.tables((*where, index), old[index], new[index])
        for index in range(paired, len(old) - tail):
            self.delete((*where, index))
        position = self._row_end(where, paired)
        for index in range(paired, len(new) - tail):
            self.section(position, where, new[index])

    def _row_end(self, where: Where, index: int) -> int:
        """Return the offset at which to insert the row `index` into the array at the path `where`.

        This is the end of the previous row or, for the first row, the start of the array.
        """
        rows = [(n, s) for n, s in enumerate(self.sections) if s.where is not None and _within(s.where, where)]
        ends = [section.end for _, section in rows if _row(section, where) < index]
        return max(ends) if ends else self._start(rows[0][0])

    def value(self, span: TomlSpan, old: Any, new: Any) -> None:
        """Add the edits that change the value at `span` from `old` to `new`.

        Items of an inline table, or of an array on several lines, are changed in place. Other values are replaced as a
        whole.
        """
        if span.keys is not None and isinstance(new, Mapping) and new.keys() == old.keys():
            for key, item in zip(span.keys, span.items, strict=True):
                if not same(old[key], new[key]):
                    self.value(item, old[key], new[key])
        elif span.array and span.items and isinstance(new, list) and "\n" in self.block[span.start : span.end]:
            self.items(span, old, new)
        elif (text := respelled(self.block, span, old, new)) is not None:
            self.replace(span.start, span.end, text)
        else:
            self.whole(span, new)

    def whole(self, span: TomlSpan, new: Any) -> None:
        """Add the edits that replace the whole text of the value at `span` by the value `new`.

        Comments inside the old text are moved to lines of their own above the statement.
        """
        self.replace(span.start, span.end, render_value(new))
        if displaced := comments(self.block[span.start : span.end]):
            statements = (statement for section in self.sections for statement in section.statements)
            start = next(s.start for s in statements if s.start <= span.start < s.end)
            self.replace(start, start, self._on_lines(displaced, start))

    def _on_lines(self, comment_texts: list[str], position: int) -> str:
        """Return comments as lines, one for each, with the indentation of the line at the offset `position`."""
        indent = _indent(self.block, position)
        return "".join(f"{indent}{comment}\n" for comment in comment_texts)

    def items(self, span: TomlSpan, old: list[Any], new: list[Any]) -> None:
        """Add the edits that change an array on several lines from `old` to `new`. Equal items keep lines and comments."""
        before = list(self.edits)
        try:
            self._items(span, old, new)
        except CannotPatch:
            self.edits = before
            self.whole(span, new)

    def _items(self, span: TomlSpan, old: list[Any], new: list[Any]) -> None:
        """Add the edits that change single items of an array. Raise CannotPatch if the layout of the items prevents that."""
        head, tail = _common(old, new)
        paired = min(len(old), len(new)) - tail
        for index in range(head, paired):
            self.value(span.items[index], old[index], new[index])
        if not new:
            self.whole(span, [])
            return
        removed = range(paired, len(old) - tail)
        for index in removed:
            self._remove_item(span, index, removed)
        added = [render_value(item) for item in new[paired : len(new) - tail]]
        if added:
            self._add_items(span, paired, added)

    def _add_items(self, span: TomlSpan, index: int, added: list[str]) -> None:
        """Add the edits that insert the rendered items `added` before the item `index` of the array at `span`.

        The new items get lines of their own if the neighboring item has a line of its own.
        """
        model = span.items[min(index, len(span.items) - 1)]
        line = self.block.rfind("\n", 0, model.start) + 1
        indent = self.block[line : model.start]
        own_line = not indent.strip()
        glue = f",\n{indent}" if own_line else ", "
        if index < len(span.items):
            self.replace(model.start, model.start, glue.join(added) + glue)
            return
        position, comma = self._after_item(span, model)
        if not comma:
            self.replace(model.end, model.end, ",")
        end = self._line_end(position)
        if own_line and end < span.end:
            self.replace(end, end, f"\n{indent}" + glue.join(added) + ("," if comma else ""))
        else:
            self.replace(position, position, " " + ", ".join(added) + ("," if comma else ""))

    def _remove_item(self, span: TomlSpan, index: int, removed: range) -> None:
        """Add the edits that remove the item `index` of an array, and its line if that line has no other item.

        Comments are kept. `removed` is the range of the indexes of all removed items.

        Raises:
            CannotPatch: The layout of the array does not allow that.
        """
        item = span.items[index]
        after, comma = self._after_item(span, item)
        line, end = self.block.rfind("\n", 0, item.start) + 1, self._line_end(after)
        neighbors = [neighbor for i, neighbor in enumerate(span.items) if i != index]
        has_own_line = not any(line < neighbor.end and neighbor.start < end for neighbor in neighbors)
        if has_own_line and line > span.start and end < span.end - 1:
            self.replace(line, self.block.index("\n", end) + 1, self._on_lines(comments(self.block[line:end]), line))
        elif comma and index + 1 < len(span.items):
            follower = span.items[index + 1].start
            if index and line < span.items[index - 1].end and "\n" in self.block[after:follower]:
                # A comment at the end of the line may also be about the items that remain on the line.
                start = item.start if index - 1 in removed else self._after_item(span, span.items[index - 1])[0]
                self.replace(start, after, "")
            else:
                self.replace(item.start, after if comments(self.block[after:follower]) else follower, "")
        elif index + 1 == len(span.items) and self._commented(span):
            self.replace(item.start, after, "")
        else:
            raise CannotPatch("an item in a layout of its own")

    def _commented(self, span: TomlSpan) -> bool:
        """Return True if an array has comments before, between or after its items."""
        ends = [span.start, *(item.end for item in span.items)]
        starts = [*(item.start for item in span.items), span.end]
        return any("#" in self.block[end:start] for end, start in zip(ends, starts, strict=True))

    def _after_item(self, span: TomlSpan, item: TomlSpan) -> tuple[int, bool]:
        """Return (offset after an item and the comma behind it, True if there is such a comma on the line of the item)."""
        position = item.end
        while self.block[position] in " \t":
            position += 1
        return (position + 1, True) if self.block[position] == "," else (item.end, False)

    def _line_end(self, position: int) -> int:
        """Return the offset of the end of the line that contains the offset `position`."""
        end = self.block.find("\n", position)
        end = len(self.block) if end < 0 else end
        return end - 1 if self.block[end - 1 : end] == "\r" and end > position else end

    # Edits of the text

    def replace(self, start: int, end: int, new: str) -> None:
        """Add an edit that replaces the text from offset `start` to `end` (exclusive) by `new`."""
        self.edits.append((start, end, new if self.newline == "\n" else new.replace("\n", self.newline)))

    def delete(self, where: Where) -> None:
        """Add the edits that remove the key or table at the path `where`.

        The line of a key is removed, but comments on that line are kept. A table is removed with its sub-tables. Raises
        CannotPatch if the key or table is inside a value.
        """
        is_found = False
        for leaf, (_, statement) in self.leaves.items():
            if _within(leaf, where):
                self.replace(statement.start, statement.end, self._comments_of(statement))
                is_found = True
        for index, section in enumerate(self.sections):
            if section.where is not None and _within(section.where, where):
                start, end = self._start(index), section.end
                self.edits = [edit for edit in self.edits if edit[1] <= start or edit[0] >= end]
                self.replace(start, end, "")
                self.removed_ends.add(end)
                is_found = True
        if not is_found:
            raise CannotPatch("a table inside a value")

    def _comments_of(self, statement: Statement) -> str:
        """Return the comments of a removed statement as lines of their own.

        If a header follows, a blank line is added, so that the comments do not seem to belong to that header.
        """
        text = self._on_lines(comments(self.block[statement.start : statement.end]), statement.start)
        if text and any(self._start(index) == statement.end for index in range(len(self.sections))):
            return f"{text}\n"
        return text if self.block[statement.end - 1] == "\n" else text.removesuffix("\n")

    def _start(self, index: int) -> int:
        """Return the offset at which the section `index` starts. Comment lines directly above its header belong to it."""
        floor = self.sections[index - 1].end if index else 0
        return with_comments(self.block, self.sections[index].header.start, floor)

    def insert(self, where: Where, key: str, value: Any) -> None:
        """Add the edits that insert `key` with `value` into the table at the path `where`.

        In the show's own table, the path of which is `()`, the key is inserted below the last key that precedes it in
        `self.order`, the keys in their writing order; without such a key, and in any other table, below the last key. A
        table or an array of tables in the show's own table is inserted as sections at the end of the show.
        """
        if not where and is_section(key, value):
            for row in value if isinstance(value, list) else [value]:
                self.section(self._end(), (key,), row, array=isinstance(value, list))
            return
        section, prefix, siblings = self._home(where)
        name = ".".join([*(render_key(str(step)) for step in prefix), render_key(key)])
        line = f"{name} = {render_value(value)}"
        neighbor = self._neighbor(siblings, key) if not where else (siblings[-1] if siblings else None)
        position = neighbor.end if neighbor else section.header.end
        model_start = neighbor.start if neighbor else section.header.start
        indent = _indent(self.block, model_start)
        self.replace(
            position, position, f"{indent}{line}\n" if self.block[position - 1] == "\n" else f"\n{indent}{line}"
        )

    def _home(self, where: Where) -> tuple[TableSpan, Where, list[Statement]]:
        """Return where to insert a new key of the table at the path `where`.

        Returns:
            The section (header with statements) for the key, the keys to write before it with dots, e.g. `("ids",)` for
            `ids.imdb = ...`, and the statements of the table in this section.
        """
        for section in self.sections:
            if section.where == where:
                return section, (), section.statements
        for section in self.sections:
            if section.where is not None and _within(where, section.where):
                prefix = where[len(section.where) :]
                siblings = [s for s in section.statements if s.path[: len(prefix)] == prefix]
                if siblings:
                    return section, prefix, siblings
        raise CannotPatch("a table that is spread out")

    def _neighbor(self, siblings: list[Statement], key: str) -> Statement | None:
        """Return the statement in `siblings`, those of a table, below which to insert `key`; None if there are none."""
        if key in self.order:
            preceding_keys = set(self.order[: self.order.index(key)])
            preceding = [statement for statement in siblings if statement.path[0] in preceding_keys]
            if preceding:
                return preceding[-1]
        return siblings[-1] if siblings else None

    def section(self, position: int, where: Where, row: Mapping[str, Any], *, array: bool = True) -> None:
        """Add the edit that inserts a table as a section or, if `array` is True, a row of an array of tables.

        `position` is the offset, `where` the path of the table or array, `row` the values.
        """
        if len(where) != 1:
            raise CannotPatch("a table within a table")
        text = render_section(str(where[0]), row, array=array)
        spaced = f"\n{text}" if self.block[position - 1] == "\n" else f"\n\n{text.rstrip()}"
        self.replace(position, position, f"{text}\n" if self.block.endswith(BLANK, 0, position) else spaced)

    def _end(self) -> int:
        """Return the offset after the last statement of the show. Trailing blank lines and comments come after it."""
        return max(section.end for section in self.sections if section.where is not None)


def _edit_order(edit: tuple[int, int, str]) -> tuple[int, int]:
    """Return the key by which to sort edits: (offset, 0 for a new key, 1 for a new section or 2 for a replacement)."""
    start, end, new = edit
    return start, 2 if end > start else 1 if new.lstrip("\r\n").startswith("[") else 0


def _indent(block: str, position: int) -> str:
    """Return the spaces and tabs at the offset `position`. At the start of a line, they are its indentation."""
    return block[position : position + len(block[position:]) - len(block[position:].lstrip(" \t"))]


def _within(where: Where, outer: Where) -> bool:
    """Return True if the path `where` equals the path `outer` or is below it."""
    return where[: len(outer)] == outer


def _row(section: TableSpan, where: Where) -> int:
    """Return the row index (from 0) of a section in the array at the path `where`; 0 if the section is not in a row."""
    step = section.where[len(where)] if section.where and len(section.where) > len(where) else 0
    return step if isinstance(step, int) else 0


def _common(old: list[Any], new: list[Any]) -> tuple[int, int]:
    """Return (number of equal items at the start of two lists, number of equal items at the end of the rest)."""
    length = min(len(old), len(new))
    head = 0
    while head < length and same(old[head], new[head]):
        head += 1
    tail = 0
    while tail < length - head and same(old[-1 - tail], new[-1 - tail]):
        tail += 1
    return head, tail
