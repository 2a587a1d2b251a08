"""Shows whose fields are loaded from a row source when first needed."""

from __future__ import annotations

from typing import Any, ClassVar, Protocol


class RowSource(Protocol):
    """A source of shows by index, e.g. the cache file that belongs to a list file."""

    def value(self, index: int, /, name: str) -> Any:
        """Return the field `name` of the show at an index (from 0). Raise LookupError if only the whole show can be read."""

    def show(self, index: int, /) -> Any:
        """Return the whole show at an index (from 0), with its id as written in the file."""


class LazyShow:
    """The base class of shows. Until a field is used, a show has only its id and its index in a RowSource, e.g. a cache."""

    __slots__ = ("_index", "_rows")
    _index: int  # index in the row source, from 0
    _rows: RowSource
    names: ClassVar[tuple[str, ...]]  # the names of all fields

    def __getattr__(self, name: str) -> Any:
        """Load and return a field that is not set yet. If the row source can't read it alone, all fields are loaded."""
        names = type(self).names
        if name not in names:
            raise AttributeError(f"a show has no {name}")
        try:
            value = self._rows.value(self._index, name)
        except LookupError:
            whole = self._rows.show(self._index)
            for field_name in names:
                try:  # keep loaded values: callers hold them and compare them by identity
                    object.__getattribute__(self, field_name)
                except AttributeError:
                    object.__setattr__(self, field_name, getattr(whole, field_name))
            return getattr(whole, name)
        object.__setattr__(self, name, value)
        return value

    def remembered(self, name: str) -> Any:
        """Return the value of the derived field `name` as cached in the row source; raise LookupError if it is not."""
        try:
            rows = object.__getattribute__(self, "_rows")
        except AttributeError:
            raise LookupError(name) from None
        return rows.value(self._index, name)
