"""The user's editor, over a text that is checked before it replaces anything."""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from watchlist.errors import Refused, UsageError, WatchlistError
from watchlist.safe import safe

T = TypeVar("T")
NOTE = "# watchlist: "  # starts the lines that say what is wrong; they are left out again
_USUAL = ("sensible-editor", "nano", "vi", "notepad")


def run_editor(path: Path, environ: Mapping[str, str]) -> None:
    """Open a file in $VISUAL or $EDITOR, words and all but without a shell, and wait.

    UsageError where there is no such editor, Refused where it ended with an error.
    """
    line = environ.get("VISUAL") or environ.get("EDITOR") or next(filter(shutil.which, _USUAL), "")
    try:
        words = shlex.split(line, posix=os.name != "nt")
    except ValueError as error:
        raise UsageError(f"the editor {safe(line)} can't be started: {error}", "mend VISUAL or EDITOR") from error
    if not words:
        raise UsageError("there is no editor", "set VISUAL or EDITOR to one")
    try:
        done = subprocess.run([*words, str(path)], check=False)
    except OSError as error:
        why = f"the editor {safe(words[0])} can't be started: {error.strerror}"
        raise UsageError(why, "set VISUAL or EDITOR to one that is there") from error
    if done.returncode:
        raise Refused(f"the editor {safe(words[0])} ended with {done.returncode}, so nothing was changed")


def edit_text(text: str, save: Callable[[str], T], environ: Mapping[str, str], *, again: bool) -> T | None:
    """Let the user edit `text` and give it to `save`; None where it was left as it was.

    What `save` refuses with a UsageError is opened `again`, with the error on top, until it is right or left as it is.
    Whatever is not saved in the end stays in a file that the error names.
    """
    descriptor, name = tempfile.mkstemp(prefix="watchlist-", suffix=".toml")  # only its owner can read it
    os.close(descriptor)
    path = Path(name)
    shown = text
    worth = False  # whether there is something in the file that is nowhere else
    try:
        while True:
            path.write_bytes(shown.encode())
            run_editor(path, environ)
            raw = path.read_bytes()
            worth = True
            try:
                edited = _without_notes(raw.decode())
                saved = save(edited) if edited != text else None
                worth = False
                return saved
            except UnicodeDecodeError as error:
                raise UsageError("the text is not valid UTF-8, so nothing was changed") from error
            except UsageError as error:
                if not again or raw == shown.encode():
                    raise
                shown = _note(error) + edited
    except WatchlistError as error:
        if worth:
            error.hint = f"{error.hint}; what you wrote is in {name}".removeprefix("; ")
        raise
    finally:
        if not worth:
            with contextlib.suppress(OSError):
                path.unlink()


def _note(problem: WatchlistError) -> str:
    lines = [safe(problem.message), *([safe(problem.hint)] if problem.hint else [])]
    return "".join(f"{NOTE}{line}\n" for line in [*lines, "left as it is, nothing is changed; lines count from here"])


def _without_notes(text: str) -> str:
    while text.startswith(NOTE):
        text = text.partition("\n")[2]
    return text
