"""Help that no table provides: examples of queries and command lines, and short texts for manual and man page."""

from __future__ import annotations

# (query, description of its matches).
QUERY: tuple[tuple[str, str], ...] = (
    ("dune", "the word in title, other titles, cast, crew, creators, tags, genres, platform, synopsis, notes"),
    ('"slow horses"', "quotes for text with spaces"),
    ("title:dune", "part of a field; any field of `watchlist fields`, and your own keys"),
    ("title:=Dune", "the whole field"),
    ("title::^the", "a regular expression"),
    ("status:planned,watching", "one of several values"),
    ("rating:4..  rating:..3  rating:>=4", "a range; also of year, runtime and left, the episodes to go"),
    ("added:2026-01..  watched:2025", "dates, by year, month or day"),
    ("added:-30d..", "dates counted back from today: d, w, m or y"),
    ("rating:none  rating:any", "empty; not empty"),
    ("is:started", "also rated, unrated, finished, rewatched, broken"),
    ("is:available", "available on one of your services ([services] in the config)"),
    ("-status:watched  ^kind:film", "everything that does not match the term"),
    ("dune , heat", "OR: a comma with spaces around it"),
    ("sort:rating-  sort:title", "the order; - for descending; several allowed"),
)
QUERY_END = "All words must match. Case and accents never matter. In a shell, quote what has spaces, > or *."

# Command lines by verb, without the name of the program.
EXAMPLES: dict[str, tuple[str, ...]] = {
    "help": ("help rate", "help queries", "help --man"),
    "list": (
        "list status:watching",
        "list 'rating:>=4' -genre:comedy sort:rating-",
        "list --columns title,left --sort left",
    ),
    "show": ("show ballard", "show 'slow horses' --json"),
    "pick": ("pick", "pick --time 2h kind:film"),
    "stats": ("stats", "stats --year 2025", "stats --year 2025 -o year.html"),
    "add": (
        "add 'Heat (1995)'",
        "add tt0113277",
        "add Dune kind=film status=watched rating=4.5",
        "add Bear --seasons '8, 10'",
    ),
    "rate": ("rate heat 4.5", "rate wire 9/10 --episode S01E03", "rate 3 --where tag:noir"),
    "status": ("status heat watched", "status paused --where platform:hbo"),
    "watch": ("watch wire", "watch wire S01E03 --date yesterday", "watch wire --through S01E05"),
    "seen": ("seen slow.horses.s02e03.1080p.mkv", "seen *.mkv --date yesterday --dry-run"),
    "edit": ("edit heat", "edit"),
    "set": (
        "set heat year=1995 platform=Netflix",
        "set heat genres+=Crime",
        "set heat own:lent_to=Ada",
        "set wire seasons='13, 12'",
    ),
    "lookup": ("lookup 'dark winds'", "lookup heat --source wikidata --yes", "lookup --all genre:none --yes"),
    "tag": ("tag heat noir,heist", "tag heat +noir -slow"),
    "note": ("note heat 'The diner scene.'", "note heat"),
    "remove": ("remove heat", "remove --where status:dropped --dry-run"),
    "undo": ("undo", "undo 3"),
    "redo": ("redo", "redo 2"),
    "history": ("history", "history --json"),
    "export": ("export -o list.csv", "export status:watched --format markdown"),
    "import": ("import ratings.csv --dry-run", "import ratings.csv --on-conflict theirs"),
    "backups": ("backups", "backups show 1", "backups restore 1"),
    "doctor": ("doctor", "doctor --fix", "doctor --fix --schema"),
    "init": ("init", "init --empty", "init --schema"),
    "catalogue": (
        "catalogue build --download",
        "catalogue build title.*.tsv.gz",
        "catalogue",
        "catalogue remove",
    ),
    "views": ("views",),
    "fields": ("fields",),
    "keys": ("keys",),
    "themes": ("themes",),
    "config": ("config", "config edit", "config check"),
    "schema": ("schema", "schema config"),
    "paths": ("paths", "paths --json"),
    "completions": ("completions bash",),
}

SUMMARY = "a terminal watchlist: shows and films in one TOML file"
DESCRIPTION = (
    "`watchlist` keeps shows and films in one TOML file that you may also edit by hand: what you plan to watch, watch and "
    "have watched, with seasons, episodes, ratings, tags and notes. Every change can be undone, even after a restart.",
    "Without a command, `watchlist` opens the interface; `?` lists its keys. A command does one thing and prints the "
    "result: data to stdout, messages to stderr. With `--json`, data is one JSON document.",
    "SHOW is an id, or any part of a title that only one show has. `--where QUERY` takes every word up to the next flag "
    "and replaces SHOW by every show that matches; QUERY is explained by `watchlist help queries`.",
)

# (path by default on Linux, what it is); `watchlist paths` prints the paths in use.
FILES: tuple[tuple[str, str], ...] = (
    (
        "~/.local/share/watchlist/watchlist.toml",
        "the list, unless `--file`, WATCHLIST_FILE or the config names another",
    ),
    ("~/.config/watchlist/config.toml", "the config; `watchlist config edit` starts one"),
    (
        "~/.local/state/watchlist",
        "changes to undo, backups, locks and drafts; `watchlist paths` prints the path of each",
    ),
    (
        "~/.cache/watchlist",
        "what was read from lists, to open them faster, and the offline catalogue; may be deleted",
    ),
)

# (name, meaning) of the variables that set no setting of the config.
ENVIRONMENT: tuple[tuple[str, str], ...] = (
    ("WATCHLIST_CONFIG", "the config to read, as with `--config`"),
    ("WATCHLIST_DEBUG", "if set, print the full traceback of an error"),
    ("VISUAL, EDITOR", "the editor for `edit` and `config edit`; VISUAL comes first"),
    ("NO_COLOR", "if set and not empty, no colors"),
    ("TERM", "no colors if its value is dumb"),
    ("XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME, XDG_CACHE_HOME", "the folders in which those of the program are"),
)

# (exit code, meaning).
EXIT_CODES: tuple[tuple[int, str], ...] = (
    (0, "done"),
    (1, "expected failure, e.g. no such show, or nothing to undo; also a bug in the program"),
    (2, "wrong usage, or a wrong config"),
    (3, "the list is damaged, missing, locked or not writable"),
    (130, "interrupted"),
)
