"""Rows of a show as one field: the cast, seasons, viewings; and TOML values as JSON values, which is how rows are typed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from watchlist.fieldtypes import FieldType
from watchlist.ratings import STARS, Style
from watchlist.text import fold, join_list, parse_moment, split_list
from watchlist.values import Value


class Column(Value):
    """One key of a record: its name in the file, its attribute in the model, its type."""

    key: str
    attribute: str
    type: FieldType[Any]


class Records(FieldType[tuple[Any, ...]]):
    """Rows of one record class, as in `cast` or `seasons`; unknown keys of a row are kept in its `other`.

    Typed as JSON, or where `pair` is set as `first: second; first: second`, which covers all there is to say.
    """

    name, empty, multiple = "rows", (), True

    def __init__(
        self, record: Callable[..., Any], columns: tuple[Column, ...], *, required: str, pair: bool = False
    ) -> None:
        self.record, self.columns, self.required, self.pair = record, columns, required, pair
        self._readers = tuple((column.key, column.attribute, column.type.read) for column in columns)
        self._known = frozenset(column.key for column in columns)

    def read(self, raw: object) -> tuple[Any, ...]:
        if not isinstance(raw, list) or not all(isinstance(row, dict) for row in raw):
            raise ValueError("a list of tables belongs here")
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
            values["other"] = {key: value for key, value in row.items() if key not in self._known}
        return self.record(**values)

    def write(self, value: tuple[Any, ...]) -> Any:
        return [self.write_row(row) for row in value]

    def write_row(self, row: Any) -> dict[str, Any]:
        written = {}
        for column in self.columns:
            item = getattr(row, column.attribute)
            if item != column.type.empty:
                written[column.key] = column.type.write(item)
        return written | dict(row.other)

    def parse(self, text: str, style: Style = STARS) -> tuple[Any, ...]:
        if not text.strip():
            return ()
        if text.lstrip().startswith("["):
            import json  # rows are seldom typed, and what only looks at them does not wait for it

            try:
                return self.read(from_json(json.loads(text)))
            except (json.JSONDecodeError, RecursionError):
                if not self.pair:
                    raise ValueError("this is not JSON") from None
        if not self.pair:
            raise ValueError("rows are typed as JSON, as in " + '[{"number": 1, "episodes": 10}]')
        pairs = [item.partition(":") for item in split_list(text, ";\n")]
        first, second = self.columns[0].attribute, self.columns[1].attribute
        return tuple(self.record(**{first: a.strip(), second: b.strip()}) for a, _, b in pairs if a.strip())

    def format(self, value: tuple[Any, ...], style: Style = STARS) -> str:
        if not value:
            return ""
        rows = self.write(value)
        if self.pair and all(self._plain(row) for row in rows):
            first, second = self.columns[0].key, self.columns[1].key
            return join_list((f"{r[first]}: {r[second]}" if r.get(second) else r[first] for r in rows), ";\n")
        import json

        return json.dumps(to_json(rows), ensure_ascii=False)

    def _plain(self, row: Mapping[str, Any]) -> bool:
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

    def means(self, typed: Any, item: Any) -> bool:
        if not self.pair:
            return bool(typed == item)
        first, second = (fold(getattr(typed, column.attribute)) for column in self.columns)
        names, told = (fold(getattr(item, column.attribute)) for column in self.columns)
        return first == names and second in ("", told)  # the first alone is enough

    def key(self, value: tuple[Any, ...]) -> Any:
        return len(value)


def to_json(value: Any) -> Any:
    """TOML values as JSON values: dates as ISO strings, what JSON has no number for (nan, inf) as text."""
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    return value.isoformat()


def from_json(value: Any) -> Any:
    """The inverse of `to_json` for what the known fields hold: under the keys of dates, ISO strings are dates again."""
    if isinstance(value, list):
        return [from_json(item) for item in value]
    if isinstance(value, dict):
        return {
            key: _moment(item) if key in DATE_KEYS else from_json(item)
            for key, item in value.items()
            if item is not None
        }
    return value


DATE_KEYS = frozenset(["premiered", "added", "date"])


def _moment(value: Any) -> Any:
    try:
        return parse_moment(value)
    except (TypeError, ValueError):
        return value  # the field says what is wrong with it
