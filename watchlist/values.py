"""Frozen values: what a frozen dataclass with slots is, where every start of the program would wait for `dataclasses`."""

from __future__ import annotations

from itertools import islice
from typing import Any, TypeVar, dataclass_transform

V = TypeVar("V", bound="Value")


class _Slotted(type):
    """Makes a slot of each name that a class annotates, and keeps the defaults aside."""

    names: tuple[str, ...]
    defaults: dict[str, Any]
    setters: dict[str, Any]

    def __new__(meta, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> _Slotted:
        names = tuple(namespace.get("__annotations__", ()))
        defaults = {name: namespace.pop(name) for name in names if name in namespace}
        made = super().__new__(meta, name, bases, {**namespace, "__slots__": names})
        made.names, made.defaults = names, defaults
        if names:
            made.setters = {name: getattr(made, name).__set__ for name in names}
        return made


@dataclass_transform(frozen_default=True)
class Value(metaclass=_Slotted):
    """Made, compared and shown by what it was annotated with. A default is shared, so it is never one that can change."""

    def __init__(self, *values: Any, **named: Any) -> None:
        made = type(self)
        for put, value in zip(made.setters.values(), values, strict=False):
            put(self, value)
        missing = made.defaults
        for name, put in islice(made.setters.items(), len(values), None):
            if name in named:
                put(self, named.pop(name))
            elif name in missing:
                put(self, missing[name])
            else:
                raise TypeError(f"{made.__name__} wants {name}")
        if named or len(values) > len(made.setters):
            raise TypeError(f"{made.__name__} takes {', '.join(made.names)}, each once")
        self.__post_init__()

    def __post_init__(self) -> None:
        """Called when all is set."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} can't be changed")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).names)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in type(self).names))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in type(self).names)})"


def replace(value: V, **changes: Any) -> V:
    """The value with some of it changed."""
    made: V = object.__new__(type(value))
    for name, put in type(value).setters.items():
        put(made, changes.pop(name) if name in changes else getattr(value, name))
    if changes:
        raise TypeError(f"{type(value).__name__} has no {', '.join(changes)}")
    made.__post_init__()
    return made
