"""Frozen: immutable records with slots, like a frozen dataclass.

Importing `dataclasses` would add about 10 ms to every start of the program.
"""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import repeat
from typing import Any, TypeVar, dataclass_transform

V = TypeVar("V", bound="Frozen")
_SIMPLE = frozenset((str, int, bool, date))  # types for which `same` is `==`


class _Slotted(type):
    """The metaclass of Frozen. It turns the annotated names of a class into slots, and collects their defaults."""

    names: tuple[str, ...]
    required: frozenset[str]  # the names without a default
    defaults: dict[str, Any]  # by name, in the order of `names`; None for required names
    setters: dict[str, Any]  # the setter of each slot, by name

    def __new__(meta, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> _Slotted:
        names = _annotated(namespace)
        defaults = {name: namespace.pop(name) for name in names if name in namespace}
        slots = (*names, *namespace.get("__slots__", ()))
        record = super().__new__(meta, name, bases, {**namespace, "__slots__": slots})
        record.names, record.required = names, frozenset(names) - defaults.keys()
        record.defaults = dict.fromkeys(names) | defaults
        if names:
            record.setters = {name: getattr(record, name).__set__ for name in names}
        return record


def _annotated(namespace: dict[str, Any]) -> tuple[str, ...]:
    """Return the names annotated in a class body, in order.

    From Python 3.14 on, a class body stores a function instead of the annotations (PEP 649), unless its module has
    `from __future__ import annotations`.
    """
    if "__annotations__" in namespace or sys.version_info < (3, 14):
        return tuple(namespace.get("__annotations__", ()))
    import annotationlib  # type: ignore[import-not-found, unused-ignore]  # slow to import, rarely needed

    annotate = annotationlib.get_annotate_from_class_namespace(namespace)
    if annotate is None:
        return ()
    return tuple(annotationlib.call_annotate_function(annotate, annotationlib.Format.FORWARDREF))


@dataclass_transform(frozen_default=True)
class Frozen(metaclass=_Slotted):
    """Base class of immutable records. The values of a record are the annotated names of its class.

    Two records of one class are equal if all their values are equal by the function `same`. Defaults are shared by all
    records, so they must be immutable.
    """

    def __init__(self, *values: Any, **named: Any) -> None:
        cls = type(self)
        positional = dict(zip(cls.setters, values, strict=False)) if values else {}
        slots = {**cls.defaults, **positional, **named}
        if (
            len(slots) > len(cls.names)
            or len(values) > len(cls.names)
            or (positional and not positional.keys().isdisjoint(named))
        ):
            raise TypeError(f"{cls.__name__} takes {', '.join(cls.names)}, each once")
        if missing := cls.required.difference(positional, named):
            raise TypeError(f"{cls.__name__} needs {', '.join(sorted(missing))}")
        for set_slot, value in zip(cls.setters.values(), slots.values(), strict=True):
            set_slot(self, value)
        self.__post_init__()

    def __post_init__(self) -> None:
        """Validate or convert the values. Called after all slots are set."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} can't be changed")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not type(self):
            return NotImplemented
        pairs = ((getattr(self, name), getattr(other, name)) for name in type(self).names)
        return all(a is b or same(a, b) for a, b in pairs)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in type(self).names))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in type(self).names)})"


def same(a: Any, b: Any) -> bool:
    """Return True if two values are equal and have the same TOML type, also inside lists and tables.

    Unlike `==`: nan equals nan; 1, 1.0 and true are three values; one instant with two UTC offsets is two values. As
    with `==`: -0.0 equals 0.0, the order of keys does not matter, and a member of a StrEnum equals its text.
    """
    if a is b:
        return True
    kind = type(a)
    if kind is not type(b):
        if isinstance(a, Mapping):
            return isinstance(b, Mapping) and _same_items(a, b)
        return isinstance(a, str) and isinstance(b, str) and str(a) == str(b)
    if kind in _SIMPLE:
        return bool(a == b)
    if kind is float:
        return bool(a == b or (a != a and b != b))
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if kind is datetime:
        return bool(a == b and a.utcoffset() == b.utcoffset())
    return _same_items(a, b) if kind is dict or isinstance(a, Mapping) else bool(a == b)


def _same_items(a: Mapping[Any, Any], b: Mapping[Any, Any]) -> bool:
    return a.keys() == b.keys() and all(same(value, b[key]) for key, value in a.items())


def replace(value: V, **changes: Any) -> V:
    """Return a copy of a record with some values changed. Raise TypeError for a name that the record does not have."""
    cls = type(value)
    if not cls.defaults.keys() >= changes.keys():
        raise TypeError(f"{cls.__name__} has no {', '.join(changes.keys() - cls.defaults.keys())}")
    changed: V = object.__new__(cls)
    for name, set_slot in cls.setters.items():
        set_slot(changed, changes[name] if name in changes else getattr(value, name))
    changed.__post_init__()
    return changed


def build_many(kind: type[V], count: int, columns: Mapping[str, Iterable[Any]]) -> list[V]:
    """Return `count` records of the class `kind`. Record i gets the i-th value of each column, under the column's name.

    Names without a column get their default; TypeError is raised for a name that has neither. `__post_init__` is not
    called.

    The loops run in C, which takes a third of the time of building the records one by one.
    """
    if missing := kind.required - columns.keys():
        raise TypeError(f"{kind.__name__} needs {', '.join(sorted(missing))}")
    records: list[V] = list(map(object.__new__, repeat(kind, count)))
    for name, set_slot in kind.setters.items():
        set_slots(set_slot, records, columns[name] if name in columns else repeat(kind.defaults[name]))
    return records


def set_slots(set_slot: Any, records: Iterable[V], values: Iterable[Any]) -> None:
    """Set a slot of each record to the value at the same index in `values`. `set_slot` is the `__set__` of the slot."""
    deque(map(set_slot, records, values), maxlen=0)


class WrongRows(ValueError):
    """Raised if rows of a table in the config are invalid. `rows` are (key, sentence) pairs."""

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(message for _, message in rows))
        self.rows = tuple(rows)
