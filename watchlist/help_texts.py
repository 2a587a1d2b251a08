"""Examples for the help: queries, for the manual and the interface; and command lines of each verb, for its `--help`."""

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
    "help": ("help rate", "help queries"),
    "list": (
        "list status:watching",
        "list 'rating:>=4' -genre:comedy sort:rating-",
        "list --columns title,left --sort left",
    ),
    "show": ("show ballard", "show 'slow horses' --json"),
    "pick": ("pick", "pick --time 2h kind:film"),
    "stats": ("stats", "stats --year 2025", "stats --year 2025 -o year.html"),
    "add": ("add 'Heat (1995)'", "add Dune kind=film status=watched rating=4.5"),
    "rate": ("rate heat 4.5", "rate wire 9/10 --episode S01E03", "rate 3 --where tag:noir"),
    "status": ("status heat watched", "status paused --where platform:hbo"),
    "watch": ("watch wire", "watch wire S01E03 --date yesterday", "watch wire --through S01E05"),
    "edit": ("edit heat", "edit"),
    "set": ("set heat year=1995 platform=Netflix", "set heat genres+=Crime", "set heat own:lent_to=Ada"),
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
    "views": ("views",),
    "fields": ("fields",),
    "keys": ("keys",),
    "themes": ("themes",),
    "config": ("config", "config edit", "config check"),
    "schema": ("schema", "schema config"),
    "paths": ("paths", "paths --json"),
    "completions": ("completions bash",),
}
