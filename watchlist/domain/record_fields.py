"""Fields that contain rows: cast, crew, seasons, viewings. Rows are typed as JSON or as `name: role` pairs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from watchlist.domain.field_types import FieldType
from watchlist.domain.frozen import Frozen, same
from watchlist.domain.json_values import from_json, to_json
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.text import fold, join_list, split_list


class RecordColumn(Frozen):
    """A column of a field's rows: its key in the file, its attribute in the model, its type, and a short help text."""

    key: str
    attribute: str
    type: FieldType[Any]
    hint: str


class Records(FieldType[tuple[Any, ...]]):
    """The type of fields that contain rows of one record class, e.g. `cast`. Unknown keys of a row are stored in `other`.

    Rows are typed as JSON. If `pair` is set, rows with values only in the first two columns can also be typed as
    `first: second; first: second`. `required` is the key that every row must have, or empty; if `unique`, typed rows must
    differ in it.
    """

    name, empty, multiple = "rows", (), True

    def __init__(
        self,
        record: Callable[..., Any],
        columns: tuple[RecordColumn, ...],
        *,
        required: str,
        pair: bool = False,
        unique: bool = False,
    ) -> None:
        self.record, self.columns, self.required, self.pair, self.unique = record, columns, required, pair, unique
        self._readers = tuple((column.key, column.attribute, column.type.read) for column in columns)
        self._column_keys = frozenset(column.key for column in columns)

    def read(self, raw: object) -> tuple[Any, ...]:
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            raise ValueError("expected a list of tables")
        rows = []
        for index, row in enumerate(raw):
            try:
                rows.append(self._read_row(row))
            except ValueError as error:
                raise ValueError(f"[{index}]{error}") from error
        return tuple(rows)

    def _read_row(self, row: Mapping[str, Any]) -> Any:
        values = {}
        for key, attribute, read in self._readers:
            if key in row:
                try:
                    values[attribute] = read(row[key])
                except ValueError as error:
                    raise ValueError(f".{key}: {error}") from error
        if self.required and self.required not in row:
            raise ValueError(f' has no "{self.required}"')
        if len(values) < len(row):
            values["other"] = {key: value for key, value in row.items() if key not in self._column_keys}
        return self.record(**values)

    def write(self, value: tuple[Any, ...]) -> Any:
        return [self.write_row(row) for row in value]

    def write_row(self, row: Any) -> dict[str, Any]:
        """Return a row as a TOML table without empty values."""
        table = {}
        for column in self.columns:
            item = getattr(row, column.attribute)
            if item != column.type.empty:
                table[column.key] = column.type.write(item)
        return table | dict(row.other)

    def parse(self, text: str, style: DisplayStyle = STARS) -> tuple[Any, ...]:
        if not text.strip():
            return ()
        if text.lstrip().startswith("["):
            from json import JSONDecodeError  # saves loading json at every start: rows are rarely typed

            from watchlist.domain.json_parser import parse_json  # loads json, too

            try:
                return self._without_repeats(self.read(from_json(parse_json(text))))
            except (JSONDecodeError, RecursionError):
                if not self.pair:
                    raise ValueError("this is not JSON") from None
        if not self.pair:
            raise ValueError("rows are typed as JSON, e.g. " + '[{"date": "2026-11-20"}]')
        pairs = [[part.strip() for part in item.partition(":")] for item in split_list(text, ";\n")]
        if nameless := [second for first, _, second in pairs if not first]:
            raise ValueError(f'"{f": {nameless[0]}".rstrip()}" has no {self.required}')
        first, second = self.columns[0].attribute, self.columns[1].attribute
        return tuple(self.record(**{first: a, second: b}) for a, _, b in pairs)

    def _without_repeats(self, rows: tuple[Any, ...]) -> tuple[Any, ...]:
        """Return `rows`. If `self.unique`, raise ValueError for two rows with the same value of `self.required`."""
        seen = set()
        for index, row in enumerate(rows if self.unique else ()):
            if (value := getattr(row, self.required)) in seen:
                raise ValueError(f"[{index}].{self.required}: {value} is there already")
            seen.add(value)
        return rows

    def format(self, value: tuple[Any, ...], style: DisplayStyle = STARS) -> str:
        if not value:
            return ""
        rows = self.write(value)
        if self.pair and all(self._plain(row) for row in rows):
            first, second = self.columns[0].key, self.columns[1].key
            return join_list((f"{r[first]}: {r[second]}" if r.get(second) else r[first] for r in rows), ";\n")
        import json  # saves 2 ms at every start: rows are rarely shown as JSON

        return json.dumps(to_json(rows), ensure_ascii=False)

    def _plain(self, row: Mapping[str, Any]) -> bool:
        """Return True if a row, given as values by key, can be written as `first: second` and read back."""
        first, second = row.get(self.columns[0].key, ""), row.get(self.columns[1].key, "")
        extra = set(row) - {column.key for column in self.columns}
        trimmed = first == first.strip() and second == second.strip()
        return bool(first) and not extra and trimmed and ":" not in first and first[0] not in '["'

    def texts(self, value: tuple[Any, ...]) -> tuple[str, ...]:
        return tuple(
            text
            for row in value
            for column in self.columns
            for text in column.type.texts(getattr(row, column.attribute))
        )

    def with_items(self, value: tuple[Any, ...], items: tuple[Any, ...]) -> tuple[Any, ...]:
        return self._without_repeats((*value, *(row for row in items if not any(same(row, old) for old in value))))

    def means(self, typed: Any, item: Any) -> bool:
        if not self.pair:
            return same(typed, item)
        typed_first, typed_second = (fold(getattr(typed, column.attribute)) for column in self.columns)
        item_first, item_second = (fold(getattr(item, column.attribute)) for column in self.columns)
        # If the second column is not typed, every row with the same first column is meant.
        return typed_first == item_first and typed_second in ("", item_second)

    def key(self, value: tuple[Any, ...]) -> Any:
        return len(value)
