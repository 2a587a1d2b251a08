"""The command line on Python 3.14, which Pyodide brings: its npm package is in the folder that $WATCHLIST_PYODIDE names."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.conftest import ROOT

HERE = Path(__file__).parent
PYODIDE = os.environ.get("WATCHLIST_PYODIDE", "")
on_pyodide = pytest.mark.skipif(
    not (PYODIDE and shutil.which("node")), reason="no node, or no Pyodide named by WATCHLIST_PYODIDE"
)


def ended(words: list[str], env: Mapping[str, str]) -> str:
    """Return what a program prints on stdout and stderr; it has to end with exit code 0."""
    ran = subprocess.run(words, env=dict(env), capture_output=True, text=True, check=False, timeout=300)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def test_every_verb_works_on_this_python(home: Mapping[str, str]) -> None:
    printed = ended([sys.executable, str(HERE / "story.py")], home)
    assert printed.endswith("all done\n")


@on_pyodide
def test_every_verb_works_on_python_3_14() -> None:
    packages = sysconfig.get_path("purelib")
    printed = ended(["node", str(HERE / "run.mjs"), PYODIDE, str(ROOT), packages, "tests/pyodide/story.py"], os.environ)
    assert printed.startswith("Python 3.14.")
    assert printed.endswith("all done\n")
