"""Private names of Textual and Rich are used in `tui/compat` alone."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import watchlist.tui

LIBRARIES = ("textual", "rich")
FOLDER = Path(watchlist.tui.__file__).parent
MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages([str(FOLDER)], "watchlist.tui.")
    if not module.name.startswith("watchlist.tui.compat")
)


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def private_names(source: str) -> set[str]:
    """Return the private names that a class or module defines: functions, class variables, and attributes that it sets."""
    tree, names = ast.parse(textwrap.dedent(source)), set[str]()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names.add(node.name)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            names.add(node.attr)
        elif isinstance(node, ast.ClassDef):
            targets = [
                target for item in node.body for target in getattr(item, "targets", [getattr(item, "target", None)])
            ]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return set(filter(is_private, names))


@cache
def names_of(cls: type) -> set[str]:
    return private_names(inspect.getsource(cls))


def library_names(cls: type) -> set[str]:
    """Return the private names that a class inherits from Textual or Rich."""
    bases = [base for base in cls.__mro__ if base.__module__.split(".")[0] in LIBRARIES]
    return {name for base in bases for name in names_of(base)}


def uses(module_name: str) -> Iterator[str]:
    """Yield each use of a private name of Textual or Rich in a module."""
    module = importlib.import_module(module_name)
    tree = ast.parse(inspect.getsource(module))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in LIBRARIES:
            names = [*node.module.split("."), *(alias.name for alias in node.names)]
            yield from (f"{node.module}: {name}" for name in names if is_private(name))
        elif isinstance(node, ast.ClassDef) and hasattr(module, node.name):
            inherited = library_names(getattr(module, node.name))
            defined = {item.name for item in node.body if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef))}
            attributes = {item.attr for item in ast.walk(node) if isinstance(item, ast.Attribute)}
            yield from (f"{node.name}.{name}" for name in sorted(inherited & (defined | attributes)))
        elif isinstance(node, ast.Attribute) and is_private(node.attr) and not is_own(node):
            yield f"line {node.lineno}: {ast.unparse(node)}"


def is_own(node: ast.Attribute) -> bool:
    """Return whether an attribute is one of `self` or `cls`, or has a name that a class of ours defines."""
    return (isinstance(node.value, ast.Name) and node.value.id in ("self", "cls")) or node.attr in OURS


PUBLIC = {"_replace", "_exit"}  # of named tuples, of `os`
OURS = {name for path in FOLDER.parent.rglob("*.py") for name in private_names(path.read_text("utf-8"))} | PUBLIC


@pytest.mark.parametrize("module", MODULES)
def test_no_private_name_is_used_outside_of_compat(module: str) -> None:
    assert list(uses(module)) == []


def test_the_modules_of_the_interface_are_all_looked_at() -> None:
    assert len(MODULES) > 50
    assert "_xterm_parser" in str(list(uses("watchlist.tui.compat.terminal_input")))
    assert "_exception_event" in (FOLDER / "compat" / "app_lifecycle.py").read_text("utf-8")
