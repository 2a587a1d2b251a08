"""The source code: what each part imports, and what no part does: reach for the network, or run what it reads."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "watchlist"
TREES = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
}
LONGEST = 420  # lines of a file
RICH = ("panels/", "cli/output.py", "tui/")
NETWORK = {
    "socket",
    "ssl",
    "http",
    "ftplib",
    "smtplib",
    "imaplib",
    "poplib",
    "telnetlib",
    "xmlrpc",
    "requests",
    "httpx",
}
CODE = {"pickle", "marshal", "shelve", "yaml", "code", "codeop", "runpy", "jinja2", "mako"}
RUN = {"eval", "exec", "compile", "__import__", "input"}
STARTERS = {"system", "popen", "startfile", "fork", "forkpty", "posix_spawn", "posix_spawnp"}
STARTS = {  # the modules that start another program, and how
    "editor.py": {"Popen", "TimeoutExpired"},
    "release_names/guessit_reader.py": {"run", "TimeoutExpired"},  # Python, for names of files
}
HEAVY = ("textual", "rich", "httpx", "sqlite3", "guessit", "asyncio", "filelock", "argcomplete", "tomli_w")
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
    "watchlist.command_table": (),
    "watchlist.config": (),
    "watchlist.formats": ("tomli_w",),
    "watchlist.store.library": ("tomli_w",),
    "watchlist.cli.parser": ("tomli_w",),
    "watchlist.sources.lookup.choose": (),
    "watchlist.sources.lookup.answer_cache": (),
    "watchlist.__main__": (),
}


@pytest.mark.parametrize(("module", "allowed"), LIGHT.items(), ids=LIGHT)
def test_a_module_of_the_core_pulls_in_nothing_heavy(module: str, allowed: tuple[str, ...]) -> None:
    code = f"import sys, {module}; print(*[name for name in {HEAVY} if name in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert set(result.stdout.split()) <= set(allowed)


def imported(tree: ast.AST) -> set[str]:
    """The names of all modules that a module imports, and of what it imports from them."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def packages(tree: ast.AST) -> set[str]:
    return {name.split(".")[0] for name in imported(tree)}


def test_only_the_interface_imports_textual_and_only_faces_import_rich() -> None:
    assert not [path for path, tree in TREES.items() if "textual" in packages(tree) and not path.startswith("tui/")]
    assert not [path for path, tree in TREES.items() if "rich" in packages(tree) and not path.startswith(RICH)]


def test_every_file_says_what_it_is_for_and_keeps_to_a_size() -> None:
    assert not [path for path, tree in TREES.items() if not ast.get_docstring(tree)]
    lines = {path: (PACKAGE / path).read_text("utf-8").count("\n") for path in TREES}
    assert not {path: count for path, count in lines.items() if count > LONGEST}, "look for the seam"


def test_P01_only_sources_import_the_network() -> None:
    assert not [path for path, tree in TREES.items() if packages(tree) & NETWORK and not path.startswith("sources/")]
    for path, tree in TREES.items():
        assert not [name for name in imported(tree) if name.startswith(("urllib.request", "asyncio.streams"))], path


@pytest.mark.parametrize("path", TREES)
def test_P02_nothing_that_is_read_is_run(path: str) -> None:
    assert not packages(TREES[path]) & CODE
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in RUN, f"line {node.lineno}"
        if isinstance(node, ast.keyword) and node.arg == "shell" and isinstance(node.value, ast.Constant):
            assert not node.value.value, "a shell is started"
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name, starts = f"{node.value.id}.{node.attr}", node.attr.startswith(("exec", "spawn"))
            assert not (node.value.id == "os" and (node.attr in STARTERS or starts)), name
            assert node.value.id != "subprocess" or node.attr in STARTS.get(path, set()), name
            assert name not in ("asyncio.create_subprocess_shell", "asyncio.create_subprocess_exec")


def test_the_import_contract_is_kept() -> None:
    pytest.importorskip("importlinter", reason="comes with the lint extra; .ci/run checks the contract with it")
    result = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert result.returncode == 0, result.stdout
