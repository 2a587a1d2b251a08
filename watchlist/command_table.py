"""COMMANDS: the table of all actions of the program, one row per action.

Keys, footer, palette, help, verbs, completion and manual are derived from this table. A row with keys is an action of
the interface, implemented as `action_NAME`; a row with words is a verb of the command line. A row with both does the
same in both places.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Group(StrEnum):
    """Groups of commands, used as headings in the help."""

    MOVE = "Move"
    LOOK = "Look"
    CHANGE = "Change"
    LIST = "The list"
    PROGRAM = "Program"


class Values(StrEnum):
    """The kinds of values that an argument can have. Completion offers candidates by this kind."""

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
    BACKUP = "backup"  # the number of a backup


class Word(NamedTuple):
    """An argument or flag of a verb.

    The name of a flag starts with a dash. `metavar` is the word for the value in help texts; empty for a flag without a
    value.
    """

    name: str
    help: str
    values: Values = Values.NONE
    many: bool = False
    optional: bool = False
    metavar: str = ""
    short: str = ""  # the short form of a flag
    number: bool = False
    repeated: bool = False  # True for a flag that may be given several times, with one value each

    @property
    def flag(self) -> bool:
        """True for a flag, which starts with a dash."""
        return self.name.startswith("-")


class Command(NamedTuple):
    """An action of the interface, a verb of the command line, or both.

    `title` has at most four words, for palette, footer and headings; `help` is one sentence without a full stop. `keys`
    are Textual key names, of which the interface shows the first; the config can replace them by `name`. `words` are
    the arguments and flags of the verb; None for an action without a verb.
    """

    name: str
    title: str
    help: str
    group: Group
    keys: tuple[str, ...] = ()
    footer: str = ""  # label in the footer; empty if not in the footer
    words: tuple[Word, ...] | None = None
    changes: bool = False  # True for a change of the list, which needs a writable file
    field: str = ""  # the field that is set
    walk: str = ""  # label in the footer while the cursor is on episodes; empty if not in that footer


SHOW = Word("SHOW", "an id, or part of a title", Values.SHOW)
QUERY = Word("QUERY", "what to look for; see `watchlist help queries`", Values.QUERY, many=True, optional=True)
WHERE = (
    Word("--where", "every show that matches, in place of SHOW", Values.QUERY, many=True, metavar="QUERY"),
    Word("--yes", "do it without asking"),
    Word("--dry-run", "only print what would change"),
)
OF_EPISODES = (WHERE[0], Word("--yes", "do it without asking, and for episodes that are not on the list"), WHERE[2])

SOURCE_NAMES = "tvmaze,tmdb,wikidata,anilist,omdb"  # of look-ups

COMMANDS: dict[str, Command] = {
    command.name: command
    for command in (
        # Move
        Command("cursor_down", "Down", "to the next show", Group.MOVE, ("j", "down")),
        Command("cursor_up", "Up", "to the previous show", Group.MOVE, ("k", "up")),
        Command("top", "Top", "to the first show", Group.MOVE, ("g", "home")),
        Command("bottom", "Bottom", "to the last show", Group.MOVE, ("G", "end")),
        Command("half_down", "Half a page down", "half a page down", Group.MOVE, ("ctrl+d",)),
        Command("half_up", "Half a page up", "half a page up", Group.MOVE, ("ctrl+u",)),
        Command("page_down", "Page down", "a page down", Group.MOVE, ("pagedown",)),
        Command("page_up", "Page up", "a page up", Group.MOVE, ("pageup",)),
        Command("next_episode", "Next episode", "to the next episode", Group.MOVE, ("l", "right"), walk="Next"),
        Command("previous_episode", "Previous episode", "to the previous episode", Group.MOVE, ("h", "left"),
                walk="Before"),
        Command("next_view", "Next view", "the next view", Group.MOVE, ("right_square_bracket",)),
        Command("previous_view", "Previous view", "the previous view", Group.MOVE, ("left_square_bracket",)),
        # Look
        Command("help", "Help", "show the keys, or help on a verb or topic", Group.LOOK, ("question_mark", "f1"), "Help", (
            Word("TOPIC", "a verb or a topic, e.g. queries", Values.VERB, optional=True),
            Word("--man", "print the man page of the program, for `man -l -`"),
        ), walk="Help"),
        Command("details", "Details", "the details, and back to the list", Group.LOOK, ("enter",)),
        Command("filter", "Filter", "filter the list; enter keeps the filter, esc clears it", Group.LOOK,
                ("slash",), "Filter"),
        Command("sort", "Sort", "sort by a field; choose it again to reverse", Group.LOOK, ("o",)),
        Command("columns", "Columns", "choose the columns and their widths", Group.LOOK, ("c",)),
        Command("group", "Group", "group by status, platform, year or none", Group.LOOK, ("z",)),
        Command("list", "List", "print a table of shows", Group.LOOK, words=(
            QUERY,
            Word("--columns", "fields to print, separated by commas", Values.COLUMNS, metavar="A,B"),
            Word("--sort", "sort by this field; FIELD- in descending order", Values.FIELD, metavar="FIELD"),
            Word("--limit", "print N shows at most", metavar="N", short="-n", number=True),
            Word("--jsonl", "one JSON object per line"),
            Word("--plain", "separated by tabs, never cut, no header"),
            Word("--format", "one line per show, e.g. '{title} {rating}'", metavar="TEXT", short="-f"),
            Word("-0", "end lines with NUL, for xargs -0; alone, print ids"),
        )),
        Command("show", "Show", "print everything about one show", Group.LOOK, words=(
            SHOW, Word("--plain", "one `key: value` per line"),
        )),
        Command("pick", "Pick for tonight", "pick something for tonight, with reasons", Group.LOOK, ("p",), words=(
            QUERY,
            Word("--time", "the available time: 100m, 1h40 or 1:40", metavar="TIME"),
            Word("--seed", "pick the same again", metavar="N", number=True),
            Word("--count", "pick N shows; else 3", metavar="N", short="-n", number=True),
        )),
        Command("stats", "Statistics", "show statistics for the list, or for one year", Group.LOOK, ("S",), words=(
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
            Word("TITLE", "a title, e.g. Heat (1995), or an id or address, e.g. of IMDb"),
            Word("FIELD=VALUE", "as for set, including own:KEY=VALUE", Values.ASSIGNMENT, many=True, optional=True),
            Word("--lookup", "look up its details online first"),
            Word("--source", "with --lookup, ask only this source", metavar=SOURCE_NAMES),
            Word("--yes", "with --lookup, fill all empty fields without asking"),
            Word("--force", "add it even if it seems to be on the list, or the file is marked read-only"),
        ), changes=True),
        Command("rate", "Rate", "rate in stars, half stars too; 0 clears", Group.CHANGE, ("r",), "Rate", (
            SHOW,
            Word("RATING", "4.5, 9/10, 90/100 or ★★★★½; - clears", Values.RATING),
            Word("--episode", "rate episodes, not the show: S01E03, S01E03-E05, S01", Values.EPISODE, metavar="EPISODE"),
            *OF_EPISODES,
        ), changes=True, field="rating", walk="Rate"),
        Command("status", "Status", "set the status (planned, watching, …)", Group.CHANGE, ("s",), "Status", (
            SHOW, Word("STATUS", "planned, watching, watched, paused or dropped", Values.STATUS), *WHERE,
        ), changes=True, field="status"),
        Command("watch", "Watched", "mark the next episode (or the film) as watched", Group.CHANGE, ("w",), "Watch", (
            SHOW,
            Word("EPISODE", "S01E03, S01E03-E05, S01 (the season), 1x03; else the next one", Values.EPISODE, many=True,
                 optional=True),
            Word("--through", "all unwatched episodes up to this one", Values.EPISODE, metavar="EPISODE"),
            Word("--kind", "film or series, for a show without a kind", metavar="film,series"),
            Word("--date", "2026-11-20, 2026-11, 2026, yesterday, -3d, unknown; else today, with --through undated",
                 metavar="DATE"),
            Word("--rating", "of this viewing", Values.RATING, metavar="RATING"),
            Word("--with", "who watched with you", metavar="NAME", repeated=True),
            Word("--review", "your review", metavar="TEXT"),
            Word("--skip", "skip them on purpose: neither watched nor left"),
            Word("--undo", "undo these viewings; else the last one, or a film's last viewing"),
            *OF_EPISODES,
        ), changes=True, field="viewings", walk="Watched"),
        Command("seen", "Seen", "log viewings by the names of video files", Group.CHANGE, words=(
            Word("FILE", "names or paths of video files, e.g. slow.horses.s02e03.1080p.mkv", Values.FILE, many=True,
                 optional=True),
            Word("--date", "2026-11-20, 2026-11, 2026, yesterday, -3d, unknown; else today", metavar="DATE"),
            Word("--yes", "do not ask if only one show can be meant; also for episodes and shows that are not on the list"),
            Word("--dry-run", "only print what would change"),
            Word("--mpv-hook", "print the script for mpv that logs what was played"),
        ), changes=True),
        Command("watched_up_to", "Watched up to", "mark everything up to an episode as watched", Group.CHANGE,
                ("m",), changes=True, field="seasons", walk="Up to here"),
        Command("unwatch", "Unwatch", "undo the last watched episode", Group.CHANGE, ("minus",),
                changes=True, field="seasons"),
        Command("episodes", "Episodes", "open the episode grid: mark, skip, rate", Group.CHANGE, ("W",), changes=True,
                walk="All"),
        Command("edit", "Edit", "edit a show in a form; on the command line, in your editor", Group.CHANGE, ("e",), "Edit", (
            Word("SHOW", "an id, or part of a title; without it the whole file", Values.SHOW, optional=True),
            Word("--discard", "discard the text that an earlier edit could not store, without opening the editor"),
            Word("--yes", "remove any number of shows without asking"),
        ), changes=True),
        Command("edit_toml", "Edit as TOML", "edit the show's TOML in $VISUAL or $EDITOR", Group.CHANGE, ("E",),
                changes=True),
        Command("set", "Set fields", "set any field: FIELD=VALUE; FIELD= clears, FIELD+=V and FIELD-=V for lists",
                Group.CHANGE, words=(
            SHOW,
            Word("FIELD=VALUE", "what to set; own:KEY=VALUE is a key of your own", Values.ASSIGNMENT, many=True),
            *WHERE,
        ), changes=True),
        Command("lookup", "Look up", "look up details online, and choose what to take", Group.CHANGE, ("L",), "Look up", (
            SHOW,
            Word("--source", "ask only this source", metavar=SOURCE_NAMES),
            Word("--where", "every show that matches, in place of SHOW", Values.QUERY, many=True, metavar="QUERY",
                 short="--all"),
            Word("--yes", "fill all empty fields without asking"),
            Word("--dry-run", "only print what would change"),
        ), changes=True),
        Command("tag", "Tags", "add and remove tags", Group.CHANGE, ("t",), words=(
            SHOW, Word("TAGS", "+a adds, -b removes, a alone adds", Values.TAG, many=True), *WHERE,
        ), changes=True, field="tags"),
        Command("note", "Notes", "write notes; on the command line without TEXT, print them", Group.CHANGE, ("n",), words=(
            SHOW, Word("TEXT", "the notes; - reads them from stdin; `set SHOW notes=` clears", optional=True), *WHERE,
        ), changes=True, field="notes"),
        Command("remove", "Remove", "remove shows; undo brings them back", Group.CHANGE, ("d",), words=(
            Word("SHOW", "ids, or parts of titles", Values.SHOW, many=True), *WHERE,
        ), changes=True),
        Command("mark", "Mark", "mark or unmark the show", Group.CHANGE, ("space",)),
        Command("mark_all", "Mark all", "mark all shown shows", Group.CHANGE, ("V",)),
        Command("back", "Back", "close, clear marks, then the filter", Group.CHANGE, ("escape",), walk="List"),
        Command("undo", "Undo", "undo the last change, even after a restart", Group.CHANGE, ("u",), "Undo", (
            Word("N", "how many changes", optional=True, number=True),
        ), changes=True),
        Command("redo", "Redo", "redo the last undone change", Group.CHANGE, ("U", "ctrl+r"), words=(
            Word("N", "how many changes", optional=True, number=True),
        ), changes=True),
        Command("history", "History", "list the changes, newest first", Group.CHANGE, words=(
            Word("--limit", "print N changes at most", metavar="N", short="-n", number=True),
        )),
        # The list
        Command("export", "Export", "write shows to a file or to stdout", Group.LIST, ("x",), "Export", (
            QUERY,
            Word("--format", "the format; else by the file's ending, or toml", Values.FORMAT, metavar="FORMAT", short="-f"),
            Word("--output", "write here instead of stdout", Values.FILE, metavar="FILE", short="-o"),
            Word("--force", "replace a file that exists"),
            Word("--raw", "csv and tsv: do not escape cells that a spreadsheet would run"),
            Word("--list", "list the formats"),
        )),
        Command("import", "Import", "import shows from files", Group.LIST, words=(
            Word("FILE", "files to read", Values.FILE, many=True),
            Word("--from", "the format; else by the file's content or ending", Values.FORMAT, metavar="FORMAT"),
            Word("--dry-run", "only print what would change"),
            Word("--on-conflict", "if both sides have a value: keep yours, or use theirs", metavar="keep,theirs"),
        ), changes=True),
        Command("backups", "Backups", "view or restore backups", Group.LIST, ("B",), words=(
            Word("ACTION", "show, restore or accept; without it a table", Values.BACKUPS, optional=True),
            Word("N", "the number or the name of a backup", Values.BACKUP, optional=True),
        )),
        Command("doctor", "Doctor", "find and fix problems in the file", Group.LIST, ("D",), words=(
            Word("--fix", "apply the unambiguous fixes (undo reverts them)"),
            Word("--schema", "also ask for the schema; with --fix, write it beside the list and name it in the list"),
        ), changes=True),
        Command("init", "Create the file", "create the list's file", Group.LIST, words=(
            Word("--empty", "without the example show"),
            Word("--schema", "with a schema beside the list, for editors"),
        ), changes=True),
        Command("catalogue", "Catalogue", "build, show or remove the offline catalogue of titles", Group.LIST, words=(
            Word("ACTION", "build or remove; without it what the catalogue contains", optional=True,
                 metavar="build,remove"),
            Word("FILE", "IMDb's dataset files, in any order, at least title.basics and title.ratings", Values.FILE,
                 many=True, optional=True),
            Word("--download", "download the files that are not named, after asking"),
            Word("--akas", "with --download: titles in other languages too"),
            Word("--cast", "with --download: actors, roles and directors too"),
            Word("--yes", "download without asking"),
        )),
        Command("views", "Views", "list the views with their numbers of shows", Group.LIST, words=()),
        Command("fields", "Fields", "list the fields of a show", Group.LIST, words=()),
        # Program
        Command("palette", "Command palette", "find any command by name", Group.PROGRAM, ("ctrl+p", "colon")),
        Command("theme", "Theme", "choose a theme", Group.PROGRAM, ("ctrl+t",)),
        Command("keys", "Keys", "list the keys of the interface", Group.PROGRAM, words=()),
        Command("themes", "Themes", "list the themes", Group.PROGRAM, words=()),
        Command("config", "Config", "print, edit or check the config", Group.PROGRAM, words=(
            Word("ACTION", "show, edit or check", Values.CONFIG, optional=True),
        )),
        Command("schema", "Schema", "print the JSON Schema of the list or the config", Group.PROGRAM, words=(
            Word("SUBJECT", "list or config; else list", optional=True, metavar="list,config"),
        )),
        Command("paths", "Paths", "print the paths of all files", Group.PROGRAM, words=()),
        Command("completions", "Completions", "print the completion script of a shell", Group.PROGRAM, words=(
            Word("SHELL", "bash, zsh or fish", Values.SHELL),
        )),
        Command("suspend", "Suspend", "back to the shell; fg returns", Group.PROGRAM, ("ctrl+z",)),
        Command("quit", "Quit", "quit (changes are already saved)", Group.PROGRAM, ("q",)),
    )
}  # fmt: skip

VERBS = {command.name: command for command in COMMANDS.values() if command.words is not None}
ACTIONS = {command.name: command for command in COMMANDS.values() if command.keys}
# Keys of the views by position; nine bindings, but one row in the help.
VIEW_KEYS = tuple("123456789")

GLOBAL_FLAGS = (
    Word("--file", "the list to work on", Values.FILE, metavar="FILE"),
    Word("--config", "the config to read", Values.FILE, metavar="FILE"),
    Word("--no-color", "no colors"),
    Word("--json", "print one JSON document"),
    Word("--quiet", "do not print messages about changes", short="-q"),
    Word("--force", "write even if the file is read-only"),
    Word("--no-backup", "write even if no backup can be made"),
)

_KEY_SYMBOLS = {
    "escape": "esc", "pagedown": "pgdn", "pageup": "pgup", "delete": "del", "down": "↓", "up": "↑", "left": "←",
    "right": "→", "slash": "/", "backslash": "\\", "minus": "-", "plus": "+", "at": "@", "underscore": "_",
}  # fmt: skip


def key_text(key: str) -> str:
    """Return a Textual key name as written by users: `?` for `question_mark`, `pgdn` for `pagedown`."""
    modifiers, plus, name = key.rpartition("+") if len(key) > 1 else ("", "", key)
    return modifiers + plus + (_KEY_SYMBOLS.get(name) or _character(name))


def _character(name: str) -> str:
    """Return the character with the Unicode name `name`: `[` for `left_square_bracket`. Return `name` if there is none."""
    import unicodedata  # only the interface and `watchlist keys` need it

    try:
        character = unicodedata.lookup(name.replace("_", " "))
    except KeyError:
        return name
    return character if character.isprintable() and not character.isspace() and len(name) > 1 else name
