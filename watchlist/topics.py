"""The help that no table gives: what can be asked for, and what the file looks like. Both faces show it."""

from __future__ import annotations

# What is typed, and what it finds.
QUERY: tuple[tuple[str, str], ...] = (
    ("dune", "the word in title, other titles, cast, crew, creators, tags, genres, platform, synopsis, notes"),
    ('"slow horses"', "quotes hold spaces"),
    ("title:dune", "part of a field; any field of `watchlist fields`, and your own keys"),
    ("title:=Dune", "the whole field"),
    ("title::^the", "a regular expression"),
    ("status:planned,watching", "one of several values"),
    ("rating:4..  rating:..3  rating:>=4", "a range; also of year, runtime and left, the episodes to go"),
    ("added:2026-01..  watched:2025", "dates, by year, month or day"),
    ("added:-30d..", "dates counted back from today: d, w, m or y"),
    ("rating:none  rating:any", "nothing there, something there"),
    ("is:started", "also rated, unrated, finished, rewatched, broken"),
    ("is:available", "on one of your services that runs today; the config names them"),
    ("-status:watched  ^kind:film", "what the term does not find"),
    ("dune , heat", "either of the two: a comma that stands alone"),
    ("sort:rating-  sort:title", "the order; - from the top down; several allowed"),
)
QUERY_END = "All words must match. Case and accents never matter. In a shell, quote what has spaces, > or *."

FILE = """\
One TOML file, yours to read, edit and sync. What a change does not touch stays as you wrote it:
comments, order, blank lines, and keys that watchlist does not know.

  [[shows]]
  title = "Heat"            # all that a show needs; its id is made from it
  year = 1995
  kind = "film"             # series or film
  status = "planned"        # planned, watching, watched, paused or dropped
  rating = 4.5              # stars, more than 0 and at most 5
  tags = ["heist"]

  [[shows.seasons]]         # of a series; season 0 holds specials
  number = 1
  episodes = 10
  watched = "1-3, 5"

  [[shows.viewings]]        # one each time you watched it
  date = 2026-11-20
  with = ["Ada"]

  [[views]]                 # a saved query, beside the built-in views
  name = "Tonight"
  query = "status:planned runtime:..60"

`watchlist fields` lists every key. A wrong value is shown with a warning sign and left as it is.
Where the file is: `watchlist paths`. Another one: --file, WATCHLIST_FILE, or `file` in the config.
"""
