"""Frozen values: what a frozen dataclass with slots is, where every start of the program would wait for `dataclasses`."""

from __future__ import annotations

from typing import Any, TypeVar, dataclass_transform

V = TypeVar("V", bound="Value")


class _Slotted(type):
    """Makes a slot of each name that a class annotates, and keeps the defaults aside."""

    names: tuple[str, ...]
    defaults: dict[str, Any]

    def __new__(meta, name: str, bases: tuple[type, ...], namespace: dict[str, Any]) -> _Slotted:
        names = tuple(namespace.get("__annotations__", ()))
        defaults = {name: namespace.pop(name) for name in names if name in namespace}
        made = super().__new__(meta, name, bases, {**namespace, "__slots__": names})
        made.names, made.defaults = names, defaults
        return made


@dataclass_transform(frozen_default=True)
class Value(metaclass=_Slotted):
    """Made, compared and shown by what it was annotated with. A default is shared, so it is never one that can change."""

    def __init__(self, *values: Any, **named: Any) -> None:
        names, given = type(self).names, type(self).defaults | named
        given.update(zip(names, values, strict=False))
        if len(given) != len(names) or len(values) > len(names):
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)}")
        put = object.__setattr__
        for name in names:
            put(self, name, given[name])

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} can't be changed")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).names)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in type(self).names))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in type(self).names)})"


def replace(value: V, **changes: Any) -> V:
    """The value with some of it changed."""
    return type(value)(**{name: getattr(value, name) for name in type(value).names} | changes)
