"""Runs the user's editor, and edits a text that is validated before it is stored."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from watchlist.editor_files import NOTE, EditFile, edit_file, without_notes
from watchlist.errors import Refused, UsageError, WatchlistError
from watchlist.sanitize import safe

T = TypeVar("T")
_COMMON_EDITORS = ("sensible-editor", "nano", "vi", "notepad")
QUICK_RETURN_SECONDS = 1.0  # an editor that ends sooner has probably not waited for its window
POLL_SECONDS = 0.1  # between two checks for a signal while the editor runs
EDITOR_EXIT_SECONDS = 3.0  # how long to wait for the editor after a signal that ends the program
BOM = "\ufeff"
EMPTY = "the text is empty, so nothing was changed"
# Flags that make graphical editors wait until the text is closed, and their programs. Those below "" have no flag.
_WAIT_FLAGS = {
    "--wait": "code code-insiders codium vscodium cursor windsurf positron subl sublime_text zed zeditor atom pulsar"
    " lapce fleet gedit pluma xed mate nova bbedit edit cot idea pycharm webstorm clion goland rider rubymine phpstorm",
    "--nofork": "gvim mvim nvim-qt",
    "--no-fork": "neovide",
    "--block": "kate",
    "--new-instance": "geany",
    "--disable-server": "mousepad",
    "--standalone": "gnome-text-editor",
    "-multiInst": "notepad++",
    "-W": "open",
    "": "xdg-open kde-open gio-open",
}
_WAIT_FLAG_BY_PROGRAM = {program: flag for flag, programs in _WAIT_FLAGS.items() for program in programs.split()}
_WAIT_FLAG_ALIASES = {
    "--wait": {"-w"},
    "--nofork": {"-f", "-g"},
    "--block": {"-b"},
    "-W": {"-nW", "-Wn"},
    "--new-instance": {"-i"},
}
# Turns off the modes that a killed editor may leave on: alternate screen, mouse, bracketed paste, hidden cursor.
_RESET = "\x1b[?1049l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[0m"

Ask = Callable[[UsageError, Path], bool]  # shows the problem and the file; True to open the editor again


class Ended(WatchlistError):
    """Raised if a signal to end the program arrived while an editor was running."""

    def __init__(self, number: int) -> None:
        super().__init__(f"ended by {signal.Signals(number).name} while the editor was open")
        self.number = number
        self.exit_code = 128 + number


class Edited(NamedTuple, Generic[T]):
    """The result of an edit. `saved` is what the `save` of `edit_text` returned; None if nothing was stored.

    `hint` is a message for the user, or empty. `kept` is a file with an earlier text that is still not stored, or None.
    """

    saved: T | None
    hint: str = ""
    kept: Path | None = None  # the file with a text of an earlier edit that was not stored, if it was left unchanged


def command(environ: Mapping[str, str]) -> list[str]:
    """Return the editor command as words, from $VISUAL or $EDITOR or, if both are unset, for an installed editor.

    In each word, `~` and variables are expanded. Raises UsageError if no editor is found or the words can't be split.
    """
    values = (environ.get(name, "").strip() for name in ("VISUAL", "EDITOR"))
    line = next(filter(None, values), "") or next(filter(shutil.which, _COMMON_EDITORS), "")
    try:
        words = shlex.split(line, posix=os.name != "nt")
    except ValueError as error:
        raise UsageError(f"the editor {safe(line)} can't be started: {error}", "fix VISUAL or EDITOR") from error
    if not words:
        raise UsageError("no editor found", "set VISUAL or EDITOR to one")
    if os.name == "nt":  # `posix=False` keeps backslashes, but also quotes
        words = [word[1:-1] if word[:1] == word[-1:] == '"' and len(word) > 1 else word for word in words]
    return [os.path.expanduser(os.path.expandvars(word)) for word in words]  # noqa: PTH111


def run_editor(path: Path, environ: Mapping[str, str]) -> float:
    r"""Open a file in the user's editor, without a shell, and wait for the editor. Return how long it ran, in seconds.

    ctrl+c and ctrl+\ affect only the editor. Raises UsageError if the editor can't be started, and Refused if it fails.
    A signal that asks the program to end is passed on to the editor; then, Ended is raised.
    """
    words = command(environ)
    # `sensible-editor` and similar scripts read these variables too.
    env = {name: text for name, text in environ.items() if text.strip() or name not in ("VISUAL", "EDITOR")}
    start = time.monotonic()
    with _restored_terminal(), _hold_signals() as signals:
        try:
            process = subprocess.Popen([*words, str(path)], env=env)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UsageError(
                f"the editor {safe(words[0])} can't be started: {reason}", "set VISUAL or EDITOR to an installed editor"
            ) from error
        code = _wait(process, signals)
    if code < 0:
        _reset_screen()
    if signals.number:
        raise Ended(signals.number)
    if code < 0:
        raise Refused(f"the editor {safe(words[0])} was ended by {_signal_name(-code)}, so nothing was changed")
    if code:
        raise Refused(f"the editor {safe(words[0])} ended with {code}, so nothing was changed")
    return time.monotonic() - start


class _EndSignal:
    """A signal handler. `number` is the first signal that it has received; 0 if there was none."""

    number = 0

    def __call__(self, number: int, _: object) -> None:
        self.number = self.number or number


def _wait(process: subprocess.Popen[bytes], signals: _EndSignal) -> int:
    """Wait for the editor and return its exit code, which is negative if a signal ended it.

    A signal in `signals` that asks the program to end is passed on to the editor. If the editor then runs for more than
    EDITOR_EXIT_SECONDS, it is left running, and the result is 0.
    """
    # The handler of a signal runs between two steps of Python only. A wait without end would go on if the signal came just
    # before it, or to another thread.
    while not signals.number:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return process.wait(POLL_SECONDS)
    with contextlib.suppress(OSError):
        process.send_signal(signals.number)
    with contextlib.suppress(subprocess.TimeoutExpired):
        return process.wait(EDITOR_EXIT_SECONDS)
    process.returncode = 0  # avoids a ResourceWarning: the process is not waited for
    return 0


@contextlib.contextmanager
def _hold_signals() -> Iterator[_EndSignal]:
    """Yield a handler that stores SIGTERM and SIGHUP for later. SIGINT and SIGQUIT have no effect on this program.

    Even signals without effect need a handler, because an ignored signal would be ignored by the editor too. Within the
    block, asyncio does not receive the signals.
    """
    end_signal = _EndSignal()
    handlers: dict[str, Callable[[int, Any], None]] = {
        **dict.fromkeys(("SIGINT", "SIGQUIT"), lambda number, frame: None),
        **dict.fromkeys(("SIGTERM", "SIGHUP"), end_signal),
    }
    old_handlers = {}
    wakeup_descriptor = None
    # The new handlers are set before asyncio stops receiving signals, and removed after it receives them again: a signal
    # that arrives in between reaches one of the two.
    try:
        with contextlib.suppress(ValueError):  # not the main thread, which gets no signals
            for name, handler in handlers.items():
                number = getattr(signal, name, None)
                if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # ignored e.g. by `nohup`
                    old_handlers[number] = signal.signal(number, handler)
            wakeup_descriptor = signal.set_wakeup_fd(-1)
        yield end_signal
    finally:
        if wakeup_descriptor is not None:
            signal.set_wakeup_fd(wakeup_descriptor)
        for number, old_handler in old_handlers.items():
            signal.signal(number, old_handler if old_handler is not None else signal.SIG_DFL)


@contextlib.contextmanager
def _restored_terminal() -> Iterator[None]:
    """Restore the terminal modes after the `with` block, because a killed editor leaves its own modes behind."""
    try:
        import termios  # not on Windows
    except ImportError:  # Windows
        yield
        return
    modes, descriptor = None, 0
    with contextlib.suppress(OSError, ValueError, AttributeError, termios.error):
        descriptor = sys.__stdin__.fileno()  # type: ignore[union-attr]
        modes = termios.tcgetattr(descriptor)
    try:
        yield
    finally:
        with contextlib.suppress(OSError, termios.error):
            # A background process that changes the terminal is stopped.
            if modes is not None and os.tcgetpgrp(descriptor) == os.getpgrp():
                termios.tcsetattr(descriptor, termios.TCSADRAIN, modes)


def _reset_screen() -> None:
    """Turn off screen modes that a killed editor may leave on."""
    if sys.__stderr__ is not None and sys.__stderr__.isatty():
        with contextlib.suppress(OSError):
            sys.__stderr__.write(_RESET)
            sys.__stderr__.flush()


def _signal_name(number: int) -> str:
    """Return the name of a signal, or its number if it has none."""
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def edit_text(
    text: str,
    save: Callable[[str], T],
    environ: Mapping[str, str],
    *,
    ask: Ask | None,
    folder: Path,
    name: str,
    schema: bytes | None = None,
) -> Edited[T]:
    """Let the user edit `text`, call `save` with the edited text, and return the result.

    If `save` raises UsageError and `ask` returns True, the editor is opened again with the problem above the text; if
    `ask` is None or returns False, the error is raised. A text that is not saved is kept in a file in `folder`. The
    error names this file, and the next edit with the same `name` begins with this text. An emptied text is never saved;
    it discards the text of an earlier edit. `schema`, if given, is written beside the file, where the editor finds it.
    """
    with edit_file(folder, name, text) as file:
        if schema is not None:
            file.put_schema(schema)
        notes, has_draft, refused = _kept_note(file), file.kept is not None, None
        while True:
            if notes:
                file.write(notes + without_notes(file.read()))
            before, shown = file.state, file.read()
            try:
                seconds = run_editor(file.path, environ)
                raw, saved_by_editor = file.read(), file.state != before
            except WatchlistError as error:
                if has_draft and file.is_blank:  # the editor failed, so the user has not chosen to discard the text
                    file.restore(shown)
                file.in_use = file.in_use or isinstance(error, Ended)
                raise
            if has_draft and not saved_by_editor:
                if refused is not None:
                    raise refused
                return Edited(None, "what you wrote before is kept", file.path)
            if has_draft and file.is_blank:
                file.done = True
                return Edited(None, f"{EMPTY}, and what you wrote before was dropped")
            try:
                edited = aligned(without_notes(raw).decode(), text)
            except UnicodeDecodeError as error:
                raise UsageError("the text is not valid UTF-8, so nothing was changed") from error
            if edited == text:
                hint = "" if saved_by_editor or has_draft else _returned_at_once(environ, seconds)
                file.done, file.in_use = not hint, bool(hint)
                return Edited(None, hint or "that is what the list holds, so nothing else is kept" * has_draft)
            if file.is_blank:
                raise Refused(EMPTY)
            try:
                saved = save(edited)
                file.done = True
                return Edited(saved)
            except (UsageError, Refused) as error:
                file.refuse(_sentence(error))
                if ask is None or not isinstance(error, UsageError) or not ask(error, file.path):
                    raise
                notes, has_draft, refused = _refused_note(_sentence(error)), True, error


def _returned_at_once(environ: Mapping[str, str], seconds: float) -> str:
    """Return a hint if the editor probably ended its process while its window is still open; else an empty text.

    Args:
        seconds: How long the editor ran.
    """
    words = command(environ)
    program = re.split(r"[/\\]", words[0])[-1].removesuffix(".exe").lower()
    flag = _WAIT_FLAG_BY_PROGRAM.get(program)
    if flag is None:
        return (
            ""
            if seconds > QUICK_RETURN_SECONDS
            else "if its window is still open, give VISUAL or EDITOR the flag that makes it wait"
        )
    if flag == "":
        return f"{safe(program)} does not wait; set VISUAL or EDITOR to an editor that does"
    if not {flag, *_WAIT_FLAG_ALIASES.get(flag, ())}.isdisjoint(words[1:]):
        return ""
    return f'{safe(program)} does not wait for its window; set VISUAL or EDITOR to "{safe(program)} {flag}"'


def _sentence(error: WatchlistError) -> str:
    """Return the message and the hint of an error as one line."""
    return f"{error.message}; {error.hint}" if error.hint else error.message


def _note(*lines: str) -> bytes:
    """Return `lines` as a note, which this program writes above an edited text. Empty lines are left out."""
    return "".join(f"{NOTE}{safe(line)}\n" for line in lines if line).encode("utf-8", "backslashreplace")


def _refused_note(problem: str) -> bytes:
    """Return the note above a text that was refused because of `problem`."""
    return _note(
        f"{problem} (lines count from below these)",
        "save to try again, close without saving to keep it for later, delete all of it to drop it",
    )


def _kept_note(file: EditFile) -> bytes:
    """Return the note above a text that an earlier edit left; empty for a new edit."""
    if file.kept is None:
        return b""
    return _note(
        f"what you wrote on {file.kept:%Y-%m-%d at %H:%M} and what was not stored then",
        f"{problem} (lines count from below these)" if (problem := file.problem) else "",
        "the list holds another text since: saving this replaces that" if file.outdated else "",
        "save to store it, close without saving to keep it for later, delete all of it to drop it",
    )


_LINE = re.compile(r"[^\n]*\n|[^\n]+")


def aligned(edited: str, text: str) -> str:
    """Return `edited` with the byte order mark and the line ends of the original, `text`.

    Unchanged lines keep their line ends, and new lines get the most frequent line end, so that only changed lines
    differ from the original.
    """
    edited = (BOM if text.startswith(BOM) else "") + edited.removeprefix(BOM)
    if "\r\n" not in edited and "\r\n" not in text and edited.endswith("\n") == text.endswith("\n"):
        return edited
    line_ends: defaultdict[str, deque[str]] = defaultdict(deque)
    for line in _LINE.findall(text):
        line_ends[_bare(line)].append(line[len(_bare(line)) :])
    usual_end = "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"
    lines = _LINE.findall(edited)
    result = []
    for number, line in enumerate(lines, 1):
        content = _bare(line)
        end = line_ends[content].popleft() if line_ends[content] else usual_end if line != content else ""
        result.append(content + (end or usual_end * (number < len(lines))))
    return "".join(result)


def _bare(line: str) -> str:
    """Return a line without its line end."""
    return line.removesuffix("\n").removesuffix("\r")
