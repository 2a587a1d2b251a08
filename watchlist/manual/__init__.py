"""The manual: a Markdown page for each topic of `watchlist help TOPIC`, shipped inside the package."""

from __future__ import annotations

import re

TOPICS = {
    "keys": "the keys of the interface, episodes, what to watch",
    "verbs": "verbs, flags, exit codes, completion",
    "queries": "the query language, the fields, dates",
    "file": "the list file: keys, seasons, viewings, saved views",
    "promises": "what is guaranteed, and what the tests counted",
    "speed": "how fast it is, and how that was measured",
    "config": "every setting, keys of your own, services",
    "formats": "import and export",
    "lookup": "look up details online: what is taken, what is sent where",
    "catalogue": "the offline catalogue of titles: how to build it, terms",
    "players": "video files by name, mpv",
    "troubleshooting": "what to do if something is wrong",
    "contributing": "how to add a field, a format, a verb, a panel",
}
ALIASES = {"query": "queries", "dates": "queries"}

# Not compiled here, because the overview of the help needs only the topics.
_COMMENT = r"(?s)<!--.*?-->\n*"
_PICTURE = r"(?m)^!\[.*\]\(.*\)\n*"
_PAGE_LINK = r"\[([^\]]+)\]\((\w+)\.md\)"
_UPWARDS = r"\]\((?:\.\./)+"


def page(topic: str) -> str:
    """Return the page on `topic`, a key of TOPICS, as Markdown for reading it outside the repository.

    Comments and pictures are removed. A link to another page becomes the command that shows that page; a link to a file
    of the repository becomes relative to the repository.
    """
    from importlib.resources import files  # slow to import (20 ms), and only needed for a page

    text = files(__name__).joinpath(f"{topic}.md").read_text("utf-8")
    text = re.sub(_PICTURE, "", re.sub(_COMMENT, "", text))
    return re.sub(_UPWARDS, "](", re.sub(_PAGE_LINK, r"\1 (`watchlist help \2`)", text))
