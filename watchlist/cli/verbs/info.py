"""Verbs about the program itself: help, keys, themes, paths, completions."""

from __future__ import annotations

import sys
from datetime import date

from watchlist import manual
from watchlist.cli.context import Context
from watchlist.cli.help import HEADING, help_on, topic_of
from watchlist.cli.output import TableColumn
from watchlist.errors import UsageError, did_you_mean
from watchlist.keymap import help_rows
from watchlist.sanitize import safe

SHELLS = ("bash", "zsh", "fish")
# zsh does not put an open quote into $BUFFER, so argcomplete's script would split a title with spaces.
# Pairs of argcomplete's text and its replacement.
_ZSH_LINE = {
    "local completions\n": 'local completions line="${(j: :)words[1,CURRENT-1]} $QIPREFIX$IPREFIX$PREFIX"\n',
    'COMP_LINE="$BUFFER"': 'COMP_LINE="$line"',
    'COMP_POINT="$CURSOR"': 'COMP_POINT="${#line}"',
}


def help_(context: Context) -> None:
    """Run `watchlist help`: print a manual topic, the help for a verb, the man page or the overview."""
    word = context.request.word("TOPIC")
    if context.request.on("--man"):
        _print_man_page(context, word)
        return
    topic = topic_of(word)
    if topic is None:
        print_help(context, word)
    else:
        _print_page(context, topic)


def print_help(context: Context, verb: str | None) -> None:
    """Print the help for a verb. For None, print the overview. Raises NotFound if there is no such verb."""
    text = help_on(verb)
    if context.out.json or not context.out.color:
        _print_text(context, verb or "", text)
    else:
        context.out.with_headings(text, HEADING)


def _print_page(context: Context, topic: str) -> None:
    """Print a page of the manual, rendered on a terminal and as Markdown in a pipe."""
    text = manual.page(topic)
    if context.out.json or not sys.stdout.isatty():
        _print_text(context, topic, text)
        return
    from watchlist.panels import ANSI, PLAIN  # saves importing Rich for a page that is piped
    from watchlist.panels.manual_page import manual_page

    ink = ANSI if context.out.color else PLAIN
    context.out.panels(manual_page(text, ink, ascii=context.loaded.config.ascii))


def _print_man_page(context: Context, word: str | None) -> None:
    """Print the man page. Raises UsageError if a topic is given too, because there is one man page for all verbs."""
    if word is not None:
        raise UsageError("help --man takes no topic", "`watchlist help --man` prints one page about all verbs")
    from watchlist.cli.man_page import man_page  # imports the settings, which no other help needs

    _print_text(context, "man", man_page())


def _print_text(context: Context, topic: str, text: str) -> None:
    """Print a text or, with `--json`, a document with the topic and the text."""
    if context.out.json:
        context.out.document({"topic": topic, "text": text})
    else:
        context.out.lines(text)


def keys_(context: Context) -> None:
    """Run `watchlist keys`: print the keys of the interface, including changes made by the config."""
    rows = help_rows(context.config.keys)
    if context.out.json:
        context.out.document(
            [{"command": r.name, "keys": r.keys, "title": r.title, "help": r.help, "group": r.group} for r in rows]
        )
        return
    columns = [
        TableColumn("Key", style="yellow"),
        TableColumn("Command"),
        TableColumn("Does"),
        TableColumn("Group", style="dim"),
    ]
    context.out.table(columns, [(" ".join(row.keys), row.name, row.help, row.group) for row in rows])


def themes_(context: Context) -> None:
    """Run `watchlist themes`: print the names of the themes."""
    names = context.themes()
    if context.out.json:
        context.out.document(list(names))
        return
    for name in names:
        context.out.line(name)


def paths_(context: Context) -> None:
    """Run `watchlist paths`: print the paths of all files, including edited texts that were not stored."""
    paths = context.paths
    file = context.loaded.config.file or paths.data
    rows = {
        "list": file,
        "config": context.config_path,
        "journal": paths.journal(file),
        "backups": paths.backups(file),
        "lock": paths.lock(file),
        "drafts": paths.edits(file),
        "lookups": paths.lookups(file),
        "state": paths.state,
        "cache": paths.cache,
        "catalogue": paths.catalogue,
        "answers": paths.answers,
    }
    from watchlist.editor_files import kept_files  # the other verbs here need no files
    from watchlist.sources.cached import cached_files, cached_texts

    kept = [str(path) for path in kept_files(rows["drafts"])]
    if context.out.json:
        cached = cached_files(paths)
        context.out.document({name: str(path) for name, path in rows.items()} | {"kept": kept, "cached": cached})
    else:
        named = [(name, str(path)) for name, path in rows.items()]
        context.out.table([TableColumn("What"), TableColumn("Where")], [*named, *(("kept", path) for path in kept)])
        for text in cached_texts(paths, date.today()):
            context.out.say(f"cached: {text}")


def completions_(context: Context) -> None:
    """Run `watchlist completions`: print the script that enables completion in a shell."""
    shell = context.request.word("SHELL") or ""
    if shell not in SHELLS:
        hint = did_you_mean(shell, SHELLS) or f"use one of {', '.join(SHELLS)}"
        raise UsageError(f'there are no completions for "{safe(shell)}"', hint)
    script = completion_script(shell)
    if context.out.json:
        context.out.document({"shell": shell, "script": script})
    else:
        context.out.lines(script)


def completion_script(shell: str) -> str:
    """Return the script that enables completion in one of `SHELLS`.

    A shell may run the script at its start, or load it by itself from its folder of completions.
    """
    from argcomplete.shell_integration import shellcode  # slow to import

    script: str = shellcode(["watchlist"], shell=shell)
    for theirs, ours in _ZSH_LINE.items() if shell == "zsh" else ():
        script = script.replace(theirs, ours)
    return script
