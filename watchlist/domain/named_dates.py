"""NamedDates: the type of a field with dates by name, e.g. the day of the last look-up by source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from watchlist.domain.dates import PartialDate, without_time
from watchlist.domain.field_types import Date, FieldType
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.sort_keys import sort_key
from watchlist.domain.text import join_list, split_list


class NamedDates(FieldType[Mapping[str, date | PartialDate]]):
    """Dates by name, written as `tvmaze=2026-11-29, wikidata=2026-11`. Any name is valid."""

    name, empty, multiple = "dates by name", {}, True
    _date = Date(past=True, required=True)

    def read(self, raw: object) -> Mapping[str, date | PartialDate]:
        if not isinstance(raw, dict):
            raise ValueError("expected a table of dates, e.g. { tvmaze = 2026-11-29 }")
        dates: dict[str, date | PartialDate] = {}
        for key, value in raw.items():
            try:
                dates[key] = without_time(self._date.read(value))
            except ValueError as error:
                raise ValueError(f"{key}: {error}") from error
        return dates

    def write(self, value: Mapping[str, date | PartialDate]) -> Any:
        return {key: self._date.write(day) for key, day in value.items()}

    def parse(self, text: str, style: DisplayStyle = STARS) -> Mapping[str, date | PartialDate]:
        dates: dict[str, date | PartialDate] = {}
        for item in split_list(text):
            key, sign, value = item.partition("=")
            if not sign or not key.strip() or not value.strip():
                raise ValueError(f'"{item}" is not a source and a day, e.g. tvmaze=2026-11-29')
            typed = self._date.parse(value, style)
            if typed is None:
                raise ValueError(f'"{item}" names no day')
            dates[key.strip().lower()] = without_time(typed)
        return dates

    def with_items(self, value: Any, items: Any) -> Any:
        return {**value, **items}

    def without_items(self, value: Any, items: Any) -> Any:
        return {key: day for key, day in value.items() if items.get(key) != day}

    def format(self, value: Mapping[str, date | PartialDate], style: DisplayStyle = STARS) -> str:
        return join_list(f"{key}={day.isoformat()}" for key, day in value.items())

    def texts(self, value: Mapping[str, date | PartialDate]) -> tuple[str, ...]:
        return tuple(text for key, day in value.items() for text in (key, f"{key}={day.isoformat()}"))

    def key(self, value: Mapping[str, date | PartialDate]) -> Any:
        return sorted((day.isoformat(), sort_key(key)) for key, day in value.items())[::-1]
