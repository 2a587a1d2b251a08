"""COMMANDS: one row for every action. Keys, footer, palette, help, verbs, completion and README project it.

A row may have a key (then it is an action of the interface, `action_NAME`), words (then it is a verb of the command line), or
both: the two faces do the same thing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Group(StrEnum):
    """The headings of the help."""

    MOVE = "Move"
    LOOK = "Look"
    CHANGE = "Change"
    LIST = "The list"
    PROGRAM = "Program"


class Values(StrEnum):
    """What an argument takes: completion offers these."""

    NONE = ""
    SHOW = "show"
    QUERY = "query"
    FIELD = "field"
    COLUMNS = "columns"
    EPISODE = "episode"  # S01E03
    ASSIGNMENT = "assignment"  # FIELD=VALUE
    STATUS = "status"
    RATING = "rating"
    TAG = "tag"
    FORMAT = "format"
    FILE = "file"
    SHELL = "shell"
    VERB = "verb"
    CONFIG = "config"  # show, edit, check
    BACKUPS = "backups"  # show, restore, accept
    BACKUP = "backup"  # its number


class Word(NamedTuple):
    """One argument of a verb. `name` starts with `--` or `-` for a flag (then `metavar` is what it takes, if anything)."""

    name: str
    help: str
    values: Values = Values.NONE
    many: bool = False
    optional: bool = False
    metavar: str = ""
    short: str = ""  # a second spelling of a flag
    number: bool = False
    repeated: bool = False  # a flag that can be given several times, a value each

    @property
    def flag(self) -> bool:
        return self.name.startswith("-")


class Command(NamedTuple):
    """One action.

    `title` is three words at most (palette, footer, headings); `help` one plain sentence without a full stop. `keys` are
    Textual key names, the first one shown; the config remaps them by `name`. `words` is None where there is no verb.
    """

    name: str
    title: str
    help: str
    group: Group
    keys: tuple[str, ...] = ()
    footer: str = ""  # the word in the footer; empty: not shown there
    words: tuple[Word, ...] | None = None
    changes: bool = False  # changes the list: needs a file that can be written
    field: str = ""  # the field it sets
    walk: str = ""  # the word in the footer while episodes are walked; empty: not shown there then


SHOW = Word("SHOW", "an id, or part of a title", Values.SHOW)
QUERY = Word("QUERY", "what to look for; see `watchlist help query`", Values.QUERY, many=True, optional=True)
WHERE = (
    Word("--where", "every show that matches, in place of SHOW", Values.QUERY, many=True, metavar="QUERY"),
    Word("--yes", "do it without asking"),
    Word("--dry-run", "only say what would change"),
)

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        # Move
        Command("cursor_down", "Down", "to the next show", Group.MOVE, ("j", "down")),
        Command("cursor_up", "Up", "to the show before", Group.MOVE, ("k", "up")),
        Command("top", "Top", "to the first show", Group.MOVE, ("g", "home")),
        Command("bottom", "Bottom", "to the last show", Group.MOVE, ("G", "end")),
        Command("half_down", "Half a page down", "half a page down", Group.MOVE, ("ctrl+d",)),
        Command("half_up", "Half a page up", "half a page up", Group.MOVE, ("ctrl+u",)),
        Command("page_down", "Page down", "a page down", Group.MOVE, ("pagedown",)),
        Command("page_up", "Page up", "a page up", Group.MOVE, ("pageup",)),
        Command("next_episode", "Next episode", "to the next episode", Group.MOVE, ("l", "right"), walk="Next"),
        Command("previous_episode", "Previous episode", "to the one before", Group.MOVE, ("h", "left"),
                walk="Before"),
        Command("next_view", "Next view", "the next view", Group.MOVE, ("right_square_bracket",)),
        Command("previous_view", "Previous view", "the view before", Group.MOVE, ("left_square_bracket",)),
        # Look
        Command("help", "Help", "all keys, or about a verb or a topic", Group.LOOK, ("question_mark", "f1"), "Help", (
            Word("TOPIC", "a verb, or query, file, config", Values.VERB, optional=True),
        ), walk="Help"),
        Command("details", "Details", "the details, and back to the list", Group.LOOK, ("enter",)),
        Command("filter", "Filter", "show what matches; enter keeps, esc clears", Group.LOOK,
                ("slash",), "Filter"),
        Command("order", "Order", "order by a field; again reverses", Group.LOOK, ("o",)),
        Command("columns", "Columns", "choose the columns and their widths", Group.LOOK, ("c",)),
        Command("group", "Group", "group by status, platform, year or none", Group.LOOK, ("z",)),
        Command("list", "List", "print a table of shows", Group.LOOK, words=(
            QUERY,
            Word("--columns", "fields to print, separated by commas", Values.COLUMNS, metavar="A,B"),
            Word("--sort", "order by this field; FIELD- from the top down", Values.FIELD, metavar="FIELD"),
            Word("--limit", "print N shows at most", metavar="N", short="-n", number=True),
            Word("--jsonl", "one JSON object a line"),
            Word("--plain", "separated by tabs, never cut, no header"),
            Word("--format", "a line a show, as in '{title} {rating}'", metavar="TEXT", short="-f"),
            Word("-0", "end lines with NUL, for xargs -0; alone, print ids"),
        )),
        Command("show", "Show", "print everything about one show", Group.LOOK, words=(
            SHOW, Word("--plain", "one `key: value` a line"),
        )),
        Command("pick", "Pick for tonight", "pick something for tonight, with reasons", Group.LOOK, ("p",), words=(
            QUERY,
            Word("--time", "the time there is: 100m, 1h40 or 1:40", metavar="TIME"),
            Word("--seed", "pick the same again", metavar="N", number=True),
            Word("--count", "pick N shows; else 3", metavar="N", short="-n", number=True),
        )),
        Command("stats", "Statistics", "what the list, or a year of it, adds up to", Group.LOOK, ("S",), words=(
            QUERY,
            Word("--year", "a year in review", metavar="YEAR"),
            Word("--format", "as a document; else by the file's ending", metavar="markdown,html,svg", short="-f"),
            Word("--output", "write here instead of stdout", Values.FILE, metavar="FILE", short="-o"),
            Word("--force", "replace a file that exists"),
        )),
        Command("copy", "Copy title", "copy the title to the clipboard", Group.LOOK, ("y",)),
        Command("open_url", "Open in browser", "open the show's address in the browser", Group.LOOK, ("b",)),
        # Change
        Command("add", "Add", "add a show", Group.CHANGE, ("a",), "Add", (
            Word("TITLE", "the title; Heat (1995) splits off the year"),
            Word("--force", "add it even if it seems to be on the list already"),
        ), changes=True),
        Command("rate", "Rate", "rate in stars, half stars too; 0 clears", Group.CHANGE, ("r",), "Rate", (
            SHOW,
            Word("RATING", "4.5, 9/10, 90/100 or ★★★★½; - clears", Values.RATING),
            Word("--episode", "of it, and not the show: S01E03, S01E03-E05", Values.EPISODE, metavar="EPISODE"),
            *WHERE,
        ), changes=True, field="rating", walk="Rate"),
        Command("status", "Status", "set how far you are", Group.CHANGE, ("s",), "Status", (
            SHOW, Word("STATUS", "planned, watching, watched, paused or dropped", Values.STATUS), *WHERE,
        ), changes=True, field="status"),
        Command("watch", "Watched", "log the next episode, or a viewing of a film", Group.CHANGE, ("w",), "Watch", (
            SHOW,
            Word("EPISODE", "S01E03, S01E03-E05 or 1x03; else what comes next", Values.EPISODE, many=True, optional=True),
            Word("--through", "all that is left up to this one", Values.EPISODE, metavar="EPISODE"),
            Word("--date", "the day; without it today, and none with --through", metavar="DATE"),
            Word("--rating", "of this viewing", Values.RATING, metavar="RATING"),
            Word("--with", "who watched too", metavar="NAME", repeated=True),
            Word("--review", "what you say of it", metavar="TEXT"),
            Word("--skip", "leave them out on purpose: neither watched nor left"),
            Word("--undo", "take them back; else the last one, or a film's last viewing"),
            *WHERE,
        ), changes=True, field="viewings", walk="Watched"),
        Command("watched_up_to", "Watched up to", "everything watched up to an episode", Group.CHANGE,
                ("m",), changes=True, field="seasons", walk="Up to here"),
        Command("take_back", "Take back", "take the last episode back", Group.CHANGE, ("minus",),
                changes=True, field="seasons"),
        Command("episodes", "Episodes", "episodes, viewings: see, mark, rate each", Group.CHANGE, ("W",), changes=True,
                walk="All"),
        Command("edit", "Edit", "edit a show in a form; on the command line, in your editor", Group.CHANGE, ("e",), "Edit", (
            Word("SHOW", "an id, or part of a title; without it the whole file", Values.SHOW, optional=True),
        ), changes=True),
        Command("edit_toml", "Edit as TOML", "edit the show's TOML in $VISUAL or $EDITOR", Group.CHANGE, ("E",),
                changes=True),
        Command("set", "Set fields", "set any field: FIELD=VALUE; FIELD= clears, FIELD+=V and FIELD-=V for lists",
                Group.CHANGE, words=(
            SHOW, Word("FIELD=VALUE", "what to set", Values.ASSIGNMENT, many=True), *WHERE,
        ), changes=True),
        Command("tag", "Tags", "add and take away tags", Group.CHANGE, ("t",), words=(
            SHOW, Word("TAGS", "+a adds, -b takes away, a alone adds", Values.TAG, many=True), *WHERE,
        ), changes=True, field="tags"),
        Command("note", "Notes", "write notes; on the command line without TEXT, print them", Group.CHANGE, ("n",), words=(
            SHOW, Word("TEXT", "the notes; - reads them from stdin", optional=True), *WHERE,
        ), changes=True, field="notes"),
        Command("remove", "Remove", "remove shows; undo brings them back", Group.CHANGE, ("d",), words=(
            Word("SHOW", "ids, or parts of titles", Values.SHOW, many=True), *WHERE,
        ), changes=True),
        Command("mark", "Mark", "mark the show, or take the mark away", Group.CHANGE, ("space",)),
        Command("mark_all", "Mark all", "mark all that is shown", Group.CHANGE, ("V",)),
        Command("back", "Back", "close, clear marks, then the filter", Group.CHANGE, ("escape",), walk="List"),
        Command("undo", "Undo", "take the last change back, across restarts", Group.CHANGE, ("u",), "Undo", (
            Word("N", "how many changes", optional=True, number=True),
        ), changes=True),
        Command("redo", "Redo", "do again what was undone", Group.CHANGE, ("U", "ctrl+r"), words=(
            Word("N", "how many changes", optional=True, number=True),
        ), changes=True),
        Command("history", "History", "list what was changed, newest first", Group.CHANGE, words=(
            Word("--limit", "print N changes at most", metavar="N", short="-n", number=True),
        )),
        # The list
        Command("export", "Export", "write shows to a file or to stdout", Group.LIST, ("x",), "Export", (
            QUERY,
            Word("--format", "the format; else by the file's ending, or toml", Values.FORMAT, metavar="FORMAT", short="-f"),
            Word("--output", "write here instead of stdout", Values.FILE, metavar="FILE", short="-o"),
            Word("--force", "replace a file that exists"),
            Word("--raw", "csv and tsv: leave cells that a spreadsheet would run as they are"),
            Word("--list", "name the formats"),
        )),
        Command("import", "Import", "bring shows in from files", Group.LIST, words=(
            Word("FILE", "files to read", Values.FILE, many=True),
            Word("--from", "the format; else by what the file says, or its ending", Values.FORMAT, metavar="FORMAT"),
            Word("--dry-run", "only say what would change"),
            Word("--on-conflict", "where both sides have a value: keep yours, or take theirs", metavar="keep,theirs"),
        ), changes=True),
        Command("backups", "Backups", "copies of the file, to see and to take back", Group.LIST, ("B",), words=(
            Word("ACTION", "show, restore or accept; without it a table", Values.BACKUPS, optional=True),
            Word("N", "the number or the name of a backup", Values.BACKUP, optional=True),
        )),
        Command("doctor", "Doctor", "find and mend what is wrong in the file", Group.LIST, ("D",), words=(
            Word("--fix", "put right what is clear; one undo takes it back"),
        ), changes=True),
        Command("init", "Create the file", "create the list's file", Group.LIST, words=(
            Word("--empty", "without the seeded show"),
        ), changes=True),
        Command("views", "Views", "list the views and what they hold", Group.LIST, words=()),
        Command("fields", "Fields", "list the fields of a show", Group.LIST, words=()),
        # Program
        Command("palette", "Command palette", "find any command by name", Group.PROGRAM, ("ctrl+p", "colon")),
        Command("theme", "Theme", "choose colours", Group.PROGRAM, ("ctrl+t",)),
        Command("keys", "Keys", "list the keys of the interface", Group.PROGRAM, words=()),
        Command("themes", "Themes", "list the themes", Group.PROGRAM, words=()),
        Command("config", "Config", "print, edit or check the config", Group.PROGRAM, words=(
            Word("ACTION", "show, edit or check", Values.CONFIG, optional=True),
        )),
        Command("paths", "Paths", "print where everything is", Group.PROGRAM, words=()),
        Command("completions", "Completions", "print the completion script of a shell", Group.PROGRAM, words=(
            Word("SHELL", "bash, zsh or fish", Values.SHELL),
        )),
        Command("suspend", "Suspend", "back to the shell; fg returns", Group.PROGRAM, ("ctrl+z",)),
        Command("quit", "Quit", "leave; everything is saved already", Group.PROGRAM, ("q",)),
    )
}  # fmt: skip

VERBS = {command.name: command for command in COMMANDS.values() if command.words is not None}
ACTIONS = {command.name: command for command in COMMANDS.values() if command.keys}
# Views are chosen by position: 1 to 9. One row in the help, nine bindings.
VIEW_KEYS = tuple("123456789")

GLOBAL_FLAGS = (
    Word("--file", "the list to work on", Values.FILE, metavar="FILE"),
    Word("--config", "the config to read", Values.FILE, metavar="FILE"),
    Word("--no-color", "no colours"),
    Word("--json", "print one JSON document"),
    Word("--quiet", "do not say what was changed", short="-q"),
    Word("--force", "change the list though its file is marked read-only"),
    Word("--no-backup", "change it though no backup can be made"),
)

_KEY_SIGNS = {
    "escape": "esc", "pagedown": "pgdn", "pageup": "pgup", "delete": "del", "down": "↓", "up": "↑", "left": "←",
    "right": "→", "slash": "/", "backslash": "\\", "minus": "-", "plus": "+", "at": "@", "underscore": "_",
}  # fmt: skip


def key_text(key: str) -> str:
    """A Textual key name as people know it: `question_mark` as `?`, `pagedown` as `pgdn`, `ctrl+slash` as `ctrl+/`."""
    modifiers, plus, name = key.rpartition("+") if len(key) > 1 else ("", "", key)
    return modifiers + plus + (_KEY_SIGNS.get(name) or _character(name))


def _character(name: str) -> str:
    """The character that a key is named for after Unicode (`left_square_bracket`), or the name itself."""
    import unicodedata  # no verb waits for it

    try:
        sign = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return name
    return sign if sign.isprintable() and not sign.isspace() and len(name) > 1 else name
