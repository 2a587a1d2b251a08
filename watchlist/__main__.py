"""The entry point: runs a verb or the interface, and turns errors into one line and an exit code.

Exit codes: 0 success; 1 expected failure, or a bug of this program; 2 wrong usage or config; 3 the list is damaged or
locked, or the list or stdout can't be written; 130 interrupted.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from typing import TYPE_CHECKING, TextIO

from watchlist import __version__
from watchlist.errors import UsageError, WatchlistError
from watchlist.sanitize import safe

if TYPE_CHECKING:
    from watchlist.cli.context import Context


def main(argv: list[str] | None = None) -> int:
    """Run the program and return the exit code. `argv` are the arguments; None means those of the process."""
    _fix_streams()
    gc.disable()  # a verb ends before a collection would free anything worth its time
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return code
    except BaseException as error:
        return _failed(error)
    finally:
        gc.freeze()  # saves the collection at exit
        gc.enable()


def _run(words: list[str]) -> int:
    """Do what the command-line arguments `words` ask for and return the exit code. Without a verb, run the interface."""
    if "_ARGCOMPLETE" in os.environ:
        from watchlist.cli.completion import complete  # slow to import

        return complete(os.environ)
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise UsageError(f'"{safe(word)}" is not valid UTF-8') from None
    if words == ["--version"]:
        return _version()
    from watchlist.cli.context import Context  # not needed for `--version`, and completion has its own
    from watchlist.cli.parser import parse

    request = parse(words)
    if request.on("--version"):
        return _version()
    context = Context(request, os.environ, _themes)
    if request.verb or request.on("--help"):
        from watchlist.cli.dispatch import run  # the interface needs no verbs

        return run(context)
    return _interface(context)


def _version() -> int:
    """Print the version and return exit code 0."""
    sys.stdout.write(f"watchlist {__version__}\n")
    return 0


def _interface(context: Context) -> int:
    """Run the interface and return its exit code. Raises UsageError unless all standard streams are terminals."""
    streams = (sys.stdin, sys.stdout, sys.stderr)
    if not all(stream.isatty() for stream in streams) or os.environ.get("TERM", "") in ("", "dumb"):
        hint = "`watchlist list` prints the list, `watchlist --help` names all verbs"
        raise UsageError("the interface needs a terminal", hint)
    if os.environ.get("NO_COLOR") == "":
        del os.environ["NO_COLOR"]  # empty means unset (no-color.org), but Textual treats it as set
    config = context.config
    library = context.open(wait=False)  # here, so that its errors are printed before the interface takes the screen
    from watchlist.tui.app import run  # slow to import, not needed by verbs

    if context.request.on("--no-color"):
        os.environ["NO_COLOR"] = "1"  # read by Textual and by editors
    return run(library, config, context.paths, no_color="NO_COLOR" in os.environ)


def _themes() -> tuple[str, ...]:
    """Return the names of the color themes."""
    from watchlist.tui.themes import names  # only two verbs need the themes

    return names()


def _fix_streams() -> None:
    """Replace closed standard streams by empty ones. Make stdout and stderr escape text that they can't encode."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        stream = getattr(sys, name)
        if stream is None:
            descriptor = os.open(os.devnull, os.O_RDWR)  # gets the free number, so that no other file does
            setattr(sys, name, os.fdopen(descriptor, "w" if number else "r", encoding="utf-8"))
        elif number and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def _failed(error: BaseException) -> int:
    """Print an error and return its exit code, which is 0 if the reader of the output ended. Raise a SystemExit again."""
    if isinstance(error, SystemExit):
        raise error
    if os.environ.get("WATCHLIST_DEBUG"):
        import traceback  # only for debugging

        traceback.print_exception(error)
    if isinstance(error, BrokenPipeError):  # the reader of our output has ended, e.g. `head`
        _discard_output(sys.stdout)
        return 0
    if isinstance(error, KeyboardInterrupt):
        _print_error("interrupted")
        return 130
    if isinstance(error, WatchlistError):
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        _print_error(error.message, error.hint)
        return error.exit_code
    if isinstance(error, OSError):
        _discard_output(sys.stdout)
        _print_error(f"{error.filename or 'stdout'}: {error.strerror or error}")
        return 3
    _print_error(f"a fault in watchlist itself: {type(error).__name__}; {_report_crash(error)}")
    return 1


def _report_crash(error: BaseException) -> str:
    """Write a crash report. Return a hint with its path or, if writing failed, with the way to see the traceback."""
    from watchlist.crash_report import report  # only faults need it
    from watchlist.paths import Paths

    try:
        return f"report: {report(error, Paths.of_user())}"
    except Exception:  # a failure of the report must not hide the fault
        return "WATCHLIST_DEBUG=1 shows where"


def _print_error(message: str, hint: str = "") -> None:
    """Print a message and a hint to stderr."""
    with contextlib.suppress(OSError):
        print(f"watchlist: {safe(message)}", file=sys.stderr)
        if hint:
            print(f"  {safe(hint)}", file=sys.stderr)


def _discard_output(stream: TextIO) -> None:
    """Redirect a stream to /dev/null, so that Python does not try to write its buffer at exit."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


if __name__ == "__main__":
    sys.exit(main())
