"""The floors of the house, looked at from outside: what each part pulls in when it alone is imported."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "watchlist"
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in PACKAGE.rglob("*.py")
)
RICH = ("watchlist.panels", "watchlist.cli.output", "watchlist.tui")
HEAVY = ("textual", "rich", "asyncio", "filelock", "argcomplete", "tomli_w")
# What reading a list needs; a shell completes titles with no more than this.
LIGHT = {
    "watchlist": (),
    "watchlist.errors": (),
    "watchlist.paths": (),
    "watchlist.sanitize": (),
    "watchlist.domain.model": (),
    "watchlist.domain.fields": (),
    "watchlist.query": (),
    "watchlist.domain.edits": (),
    "watchlist.commands": (),
    "watchlist.config": (),
    "watchlist.formats": ("tomli_w",),
    "watchlist.store.library": ("tomli_w",),
    "watchlist.cli.parser": ("tomli_w",),
    "watchlist.__main__": (),
}


@pytest.mark.parametrize(("module", "allowed"), LIGHT.items(), ids=LIGHT)
def test_a_module_of_the_core_pulls_in_nothing_heavy(module: str, allowed: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*[name for name in {HEAVY} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert set(result.stdout.split()) <= set(allowed)


@pytest.mark.parametrize("module", MODULES)
def test_only_the_interface_imports_textual_and_only_faces_import_rich(module: str) -> None:
    path = ROOT / Path(*module.split("."))
    source = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    names = set()
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    if not module.startswith("watchlist.tui"):
        assert "textual" not in names
    if not module.startswith(RICH):
        assert "rich" not in names
    assert not names & {"socket", "http", "pickle", "yaml", "requests"}


@pytest.mark.parametrize("module", MODULES)
def test_every_file_says_what_it_is_for_and_keeps_to_a_size(module: str) -> None:
    path = ROOT / Path(*module.split("."))
    source = path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py"
    text = source.read_text("utf-8")
    assert ast.get_docstring(ast.parse(text)), f"{module} has no docstring"
    assert text.count("\n") <= 420, f"{module} has {text.count(chr(10))} lines: look for the seam"


def test_no_module_runs_code_from_data() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                assert node.func.id not in ("eval", "exec", "__import__"), path
            if isinstance(node, ast.keyword) and node.arg == "shell" and isinstance(node.value, ast.Constant):
                raise AssertionError(f"{path} starts a shell")


def test_the_import_contract_is_kept() -> None:
    pytest.importorskip("importlinter", reason="comes with the lint extra; .ci/run checks the contract with it")
    result = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert result.returncode == 0, result.stdout
