"""Verbs about the program itself: help, keys, themes, paths, completions."""

from __future__ import annotations

from watchlist.cli.context import Context
from watchlist.cli.help import help_on
from watchlist.cli.output import Column
from watchlist.errors import UsageError, did_you_mean
from watchlist.safe import safe

SHELLS = ("bash", "zsh", "fish")
# While a quote is open, zsh keeps it out of $BUFFER, and a title with spaces would be taken apart.
_ZSH_LINE = {
    "local completions\n": 'local completions line="${(j: :)words[1,CURRENT-1]} $QIPREFIX$IPREFIX$PREFIX"\n',
    'COMP_LINE="$BUFFER"': 'COMP_LINE="$line"',
    'COMP_POINT="$CURSOR"': 'COMP_POINT="${#line}"',
}


def help_(context: Context) -> None:
    print_help(context, context.request.word("TOPIC"))


def print_help(context: Context, topic: str | None) -> None:
    text = help_on(topic)
    if context.out.json:
        context.out.document({"topic": topic or "", "text": text})
    else:
        context.out.lines(text)


def keys_(context: Context) -> None:
    """The keys of the interface, with those of the config in place of our own."""
    from watchlist.keys import help_rows

    rows = help_rows(context.config.keys)
    if context.out.json:
        context.out.document(
            [{"command": r.name, "keys": r.keys, "title": r.title, "help": r.help, "group": r.group} for r in rows]
        )
        return
    columns = [Column("Key", style="yellow"), Column("Command"), Column("Does"), Column("Group", style="dim")]
    context.out.table(columns, [(" ".join(row.keys), row.name, row.help, row.group) for row in rows])


def themes_(context: Context) -> None:
    names = context.themes()
    if context.out.json:
        context.out.document(list(names))
        return
    for name in names:
        context.out.line(name)


def paths_(context: Context) -> None:
    paths = context.paths
    file = context.loaded.config.file or paths.data
    rows = {
        "list": file,
        "config": context.config_path,
        "journal": paths.journal(file),
        "backups": paths.backups(file),
        "lock": paths.lock(file),
        "state": paths.state,
        "cache": paths.cache,
    }
    if context.out.json:
        context.out.document({name: str(path) for name, path in rows.items()})
    else:
        context.out.table([Column("What"), Column("Where")], [(name, str(path)) for name, path in rows.items()])


def completions_(context: Context) -> None:
    """The script that teaches a shell to ask this program for completions."""
    shell = context.request.word("SHELL") or ""
    if shell not in SHELLS:
        hint = did_you_mean(shell, SHELLS) or f"one of {', '.join(SHELLS)}"
        raise UsageError(f'there are no completions for "{safe(shell)}"', hint)
    from argcomplete.shell_integration import shellcode

    script = shellcode(["watchlist"], shell=shell)
    for theirs, ours in _ZSH_LINE.items() if shell == "zsh" else ():
        script = script.replace(theirs, ours)
    if context.out.json:
        context.out.document({"shell": shell, "script": script})
    else:
        context.out.lines(script)
