"""Questions on the terminal. They are printed to stderr, answers are lines of stdin."""

from __future__ import annotations

import sys

YES = ("y", "yes")


def ask(question: str, enter: str = "") -> str:
    """Print a question and return the user's answer in lower case, without blanks around it; empty at the end of the input.

    What is printed next begins on a new line, also after the end of the input or Ctrl+C.

    Args:
        enter: The answer that an empty line means.
    """
    print(question, end="", file=sys.stderr, flush=True)
    line = ""
    try:
        line = sys.stdin.readline()
    finally:
        if not line.endswith("\n"):
            print(file=sys.stderr)
    return line.strip().lower() or (enter if line else "")


def confirm(question: str, *, default: bool = False) -> bool:
    """Ask a question that is answered by yes or no. Any other answer, and the end of the input, is no.

    Args:
        question: The question, without the keys.
        default: What an empty line means.
    """
    return ask(f"{question} [{'Y/n' if default else 'y/N'}] ", enter="y" if default else "") in YES


def choose(question: str, count: int, default: int = 1) -> int | None:
    """Ask for a number from 1 to `count`. Return it; None for any other answer, and at the end of the input.

    Args:
        question: The question, without the keys.
        default: The number that an empty line means.
    """
    answer = ask(f"{question} [{default}] ", enter=str(default))
    return int(answer) if answer in map(str, range(1, count + 1)) else None
