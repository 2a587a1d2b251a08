"""The front door: a verb of the command line, or the interface. What goes wrong becomes one line and an exit code.

0 done; 1 an expected failure, or a fault of this program; 2 wrong usage or config; 3 the list is damaged, locked or can't be
written, or stdout can't; 130 interrupted.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import TYPE_CHECKING, TextIO

from watchlist import __version__
from watchlist.errors import UsageError, WatchlistError
from watchlist.safe import safe

if TYPE_CHECKING:
    from watchlist.cli.context import Context


def main(argv: list[str] | None = None) -> int:
    """Run with these words, or with those of the process; gives the exit code."""
    _mend_streams()
    gc.disable()  # a verb is done before there is garbage worth looking for
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return code
    except BaseException as error:
        return _failed(error)
    finally:
        gc.freeze()  # nor is there when it ends
        gc.enable()


def _run(words: list[str]) -> int:
    if "_ARGCOMPLETE" in os.environ:
        from watchlist.cli.complete import complete

        return complete(os.environ)
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise UsageError(f'"{safe(word)}" is not valid UTF-8') from None
    if words == ["--version"]:
        return _version()
    from watchlist.cli.context import Context
    from watchlist.cli.parser import parse

    request = parse(words)
    if request.on("--version"):
        return _version()
    context = Context(request, os.environ, _themes)
    if request.verb or request.on("--help"):
        from watchlist.cli.verbs import run

        return run(context)
    return _interface(context)


def _version() -> int:
    sys.stdout.write(f"watchlist {__version__}\n")
    return 0


def _interface(context: Context) -> int:
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream.isatty() for stream in streams) or os.environ.get("TERM", "") in ("", "dumb"):
        hint = "`watchlist list` prints the list, `watchlist --help` names all verbs"
        raise UsageError("the interface needs a terminal", hint)
    if os.environ.get("NO_COLOR") == "":
        del os.environ["NO_COLOR"]  # empty means unset; Textual takes it for set
    from importlib import import_module
    from threading import Thread

    # Said here if they can't be read, before the screen is taken. Much of it is waiting for the disk and for hashes. Python
    # waits for the thread when it ends: one that it ended in the middle of an import would crash it.
    Thread(target=import_module, args=("watchlist.tui.app",)).start()
    config, library = context.config, context.open(wait=False)
    from watchlist.tui.app import run

    if context.request.on("--no-color"):
        os.environ["NO_COLOR"] = "1"  # Textual looks there, and so do editors
    return run(library, config, context.paths, no_color="NO_COLOR" in os.environ)


def _themes() -> tuple[str, ...]:
    from watchlist.tui.themes import names

    return names()


def _mend_streams() -> None:
    """Closed standard streams become empty ones, and no text is too odd to be printed."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            descriptor = os.open(os.devnull, os.O_RDWR)  # takes the number that is free, so that no file of ours does
            setattr(sys, name, os.fdopen(descriptor, "w" if number else "r", encoding="utf-8"))
        elif number and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _failed(error: BaseException) -> int:
    """Say what went wrong, and give the exit code for it."""
    if isinstance(error, SystemExit):
        raise error
    if os.environ.get("WATCHLIST_DEBUG"):
        import traceback

        traceback.print_exception(error)
    if isinstance(error, BrokenPipeError):  # whoever read our output had enough
        _to_nowhere(sys.stdout)
        return 0
    if isinstance(error, KeyboardInterrupt):
        _say("interrupted")
        return 130
    if isinstance(error, WatchlistError):
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        _say(error.message, error.hint)
        return error.exit_code
    if isinstance(error, OSError):
        _to_nowhere(sys.stdout)
        _say(f"{error.filename or 'stdout'}: {error.strerror or error}")
        return 3
    _say(f"a fault in watchlist itself: {type(error).__name__}; {_reported(error)}")
    return 1


def _reported(error: BaseException) -> str:
    """Where it is written down what went wrong, or how to see it."""
    from watchlist.crash import report
    from watchlist.paths import Paths

    try:
        return f"report: {report(error, Paths.of_user())}"
    except Exception:  # whatever it is, it is not what the user should hear of
        return "WATCHLIST_DEBUG=1 shows where"


def _say(message: str, hint: str = "") -> None:
    with contextlib.suppress(OSError):
        print(f"watchlist: {safe(message)}", file=sys.stderr)
        if hint:
            print(f"  {safe(hint)}", file=sys.stderr)


def _to_nowhere(stream: TextIO) -> None:
    """What could not be printed is not tried again when Python ends."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
