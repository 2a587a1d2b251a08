"""The verb `config`: print the settings with their sources, or edit or check the config."""

from __future__ import annotations

import json

from watchlist.cli.context import Context
from watchlist.cli.output import TableColumn
from watchlist.config import as_toml, key_remarks, template
from watchlist.domain.text import counted
from watchlist.editor import run_editor
from watchlist.errors import UsageError, did_you_mean
from watchlist.sanitize import safe
from watchlist.settings import LOOKUP_KEYS, SETTINGS
from watchlist.store.disk import file_io

HIDDEN = "(hidden)"  # in place of a key, which is as good as a password
ACTIONS = ("show", "edit", "check")


def config_(context: Context) -> None:
    """Run `watchlist config`. ACTION is show (the default), edit or check."""
    action = context.request.word("ACTION") or "show"
    if action not in ACTIONS:
        hint = did_you_mean(action, ACTIONS) or f"use one of {', '.join(ACTIONS)}"
        raise UsageError(f'config does not know "{safe(action)}"', hint)
    {"show": _show_config, "edit": _edit_config, "check": _check_config}[action](context)


def _show_config(context: Context) -> None:
    """Print each setting with its value and source: a flag, a variable, a line of the config, or the default."""
    config, loaded = context.config, context.loaded
    values = {name: getattr(config, name) for name in SETTINGS}
    values["file"] = context.file
    values["lookup"] = {name: HIDDEN if name in LOOKUP_KEYS else value for name, value in config.lookup.items()}
    if context.out.json:
        context.out.document(
            {
                "path": str(context.config_path),
                "settings": {name: json.loads(as_toml(value)) for name, value in values.items()},
                "sources": dict(loaded.sources),
            }
        )
        return
    rows = [(name, as_toml(value), loaded.sources[name]) for name, value in values.items()]
    context.out.table([TableColumn("Setting"), TableColumn("Value"), TableColumn("From", style="dim")], rows)


def _check_config(context: Context) -> None:
    """Print all problems of the config on stdout. The exit code is 2 if there are any."""
    remarks = [*context.loaded.problems, *key_remarks(context.loaded, context.config_path)]
    problems = [str(problem) for problem in sorted(remarks, key=lambda problem: (problem.line == 0, problem.line))]
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
        context.out.say(f"{context.config_path}: no problems found")
    else:
        context.out.say(f"there is no {context.config_path}, so every setting has its default")


def _edit_config(context: Context) -> None:
    """Open the config in the editor, then print its problems. A new config contains all defaults as comments."""
    path = context.config_path
    if not path.exists():
        file_io.replace(file_io.resolve(path), template().encode())
    run_editor(path, context.environ)
    problems = [str(problem) for problem in context.loaded.problems]
    if context.out.json:
        context.out.document({"path": str(path), "problems": problems})
    for problem in problems:
        context.out.say(f"watchlist: {problem}")
    if problems:
        context.exit_code = UsageError.exit_code
        context.out.say(f"{counted(len(problems), 'problem')} to fix: watchlist config edit")
