"""The verb `config`: what counts and where it comes from, the file in the editor, and what is wrong in it."""

from __future__ import annotations

from pathlib import Path

from watchlist.cli.context import Context
from watchlist.cli.output import Column
from watchlist.config import SETTINGS, as_toml, template
from watchlist.editor import run_editor
from watchlist.errors import UsageError, did_you_mean
from watchlist.safe import safe
from watchlist.store import files
from watchlist.text import counted

ACTIONS = ("show", "edit", "check")


def config_(context: Context) -> None:
    action = context.request.word("ACTION") or "show"
    if action not in ACTIONS:
        hint = did_you_mean(action, ACTIONS) or f"one of {', '.join(ACTIONS)}"
        raise UsageError(f'config does not know "{safe(action)}"', hint)
    {"show": _show_config, "edit": _edit_config, "check": _check_config}[action](context)


def _show_config(context: Context) -> None:
    """Every setting as it counts now, and where it comes from."""
    config, loaded = context.config, context.loaded
    values = {name: getattr(config, name) for name in SETTINGS}
    values["file"] = context.file
    if context.out.json:
        context.out.document(
            {
                "path": str(context.config_path),
                "settings": {n: str(v) if isinstance(v, Path) else v for n, v in values.items()},
                "sources": dict(loaded.sources),
            }
        )
        return
    rows = [(name, as_toml(value), loaded.sources[name]) for name, value in values.items()]
    context.out.table([Column("Setting"), Column("Value"), Column("From", style="dim")], rows)


def _check_config(context: Context) -> None:
    """All that is wrong, on stdout; exit code 2 where something is."""
    problems = [str(problem) for problem in context.loaded.problems]
    theme = context.loaded.config.theme
    if theme not in context.themes():
        hint = did_you_mean(theme, context.themes())
        source = context.loaded.sources["theme"]
        problems.append(f'{source}: there is no theme "{safe(theme)}"' + (f"; {hint}" if hint else ""))
    if context.out.json:
        context.out.document({"path": str(context.config_path), "problems": problems})
    for problem in problems if not context.out.json else ():
        context.out.line(problem)
    if problems:
        context.exit_code = UsageError.exit_code
    elif context.config_path.exists():
        context.out.say(f"{context.config_path}: nothing is wrong")
    else:
        context.out.say(f"there is no {context.config_path}, so every setting has its default")


def _edit_config(context: Context) -> None:
    """The config in the editor, begun with every default as a comment; then looked over."""
    path = context.config_path
    if not path.exists():
        files.replace(files.resolve(path), template().encode())
    run_editor(path, context.environ)
    problems = [str(problem) for problem in context.loaded.problems]
    if context.out.json:
        context.out.document({"path": str(path), "problems": problems})
    for problem in problems:
        context.out.say(f"watchlist: {problem}")
    if problems:
        context.exit_code = UsageError.exit_code
        context.out.say(f"{counted(len(problems), 'thing')} to mend: watchlist config edit")
