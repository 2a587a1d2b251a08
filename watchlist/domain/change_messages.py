"""Describes changes of a list in sentences, for the message line, the history and the command line."""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date

from watchlist.domain.dates import PartialDate, without_time
from watchlist.domain.edits import Delta
from watchlist.domain.episodes import Episode, format_episodes
from watchlist.domain.fields import FIELDS, problem_of
from watchlist.domain.frozen import replace, same
from watchlist.domain.model import Show
from watchlist.domain.ratings import STARS, DisplayStyle, show_rating
from watchlist.domain.record_fields import Records
from watchlist.domain.source_credits import credit_of
from watchlist.domain.text import counted, long_date
from watchlist.domain.watch_edits import describe_watch_change
from watchlist.domain.watch_progress import watched
from watchlist.sanitize import safe

NAMED_KEYS_MAX = 3  # maximum number of changed keys that are named in a message
VALUE_MAX_CHARS = 40  # longer values are cut in messages
LOGGED = frozenset({"kind", "seasons", "viewings", "status"})  # the fields that logging a viewing can change


def describe(changes: tuple[Delta, ...], style: DisplayStyle = STARS) -> str:
    """Return one line that describes the changes, safe to print on a terminal: `Nothing changed` if there are none.

    Examples: `Rated Ballard 4.5, was 4`, `Changed status of 2 shows`.
    """
    if not changes:
        return "Nothing changed"
    return _describe_many(changes) if len(changes) > 1 else _describe_one(changes[0], style)


def foresee(changes: tuple[Delta, ...], style: DisplayStyle = STARS) -> str:
    """Return one line that describes changes that were not made yet: `Would rate Ballard 4.5, was 4`."""
    if not changes:
        return "Nothing would change"
    message = describe(changes, style)
    for done, would in _WOULD.items():
        if message.startswith(f"{done} "):
            return f"Would {would}{message.removeprefix(done)}"
    return f"Then {message}"


_WOULD = {
    "Added": "add",
    "Changed": "change",
    "Cleared": "clear",
    "Looked up": "look up",
    "Rated": "rate",
    "Removed": "remove",
    "Set": "set",
    "Skipped": "skip",
    "Tagged": "tag",
    "Unwatched": "unwatch",
    "Watched": "watch",
}


def _describe_one(delta: Delta, style: DisplayStyle) -> str:
    title = safe(delta.show.title)
    if delta.before is None:
        return f"Added {title}" + _logged_viewings(delta.show)
    if delta.after is None:
        return f"Removed {title}"
    before, after, names = delta.before, delta.after, delta.fields
    if any(problem_of(after, name) for name in names):  # the new value is invalid
        return f"Changed {_labels(before, after, names)} of {title}"
    if set(names) <= {"rating", "status"} and "rating" in names:
        was = show_rating(before.rating, style) or "not rated"
        rated = (
            f"Rated {title} {show_rating(after.rating, style)}" if after.rating else f"Cleared the rating of {title}"
        )
        return f"{rated}, was {was}" + (f"; status: {after.status}" if "status" in names else "")
    if _is_look_up(names):
        fields = [name for name in names if name != "sources"]
        rest = len(fields) - NAMED_KEYS_MAX
        labels = _labels(before, after, fields) if rest <= 0 else _few_labels(before, after, fields)
        return f"Looked up {title}: {labels} from {_changed_sources(before, after)}"
    logged = set(names) <= LOGGED and not {"seasons", "viewings"}.isdisjoint(names)
    if logged and (after.kind or "kind" not in names) and (message := describe_watch_change(before, after)):
        kind = [f"kind: {after.kind}"] if "kind" in names else []
        details = [*kind, *([f"status: {after.status}"] if "status" in names else [])]
        day = _new_viewing_day(before, after) if message.startswith("Watched") else ""
        return message + day + (f"; {', '.join(details)}" if details else "")
    if names == ("seasons",) and (message := _describe_episode_rating(before, after, style)):
        return message
    if names == ("status",):
        return f"Set status of {title} to {after.status}, was {before.status}"
    if names == ("id",):
        return f"Changed the id of {title} from {safe(before.id)} to {safe(after.id)}"
    if names == ("tags",):
        marks = [f"+{safe(t)}" for t in after.tags if t not in before.tags]
        marks += [f"-{safe(t)}" for t in before.tags if t not in after.tags]
        return f"Tagged {title} {' '.join(marks)}".rstrip()
    if len(names) == 1 and (message := _describe_value(before, after, names[0], style)):
        return message
    return f"Changed {_labels(before, after, names)} of {title}"


def _logged_viewings(added: Show) -> str:
    """Return what was watched of an added show: `; watched: S01E03, status: watching`. Empty if it has no viewings."""
    if not added.viewings:
        return ""
    day = _new_viewing_day(replace(added, viewings=()), added)
    episodes = _short(format_episodes(watched(added)))
    what = f"{episodes}{day}" if episodes else day.removeprefix(",").removeprefix(" on").strip()
    return "; " + ", ".join([*([f"watched: {what}"] if what else []), f"status: {added.status}"])


def _is_look_up(names: Sequence[str]) -> bool:
    """Return True if the changed fields `names` are those of a look-up, which records its source beside other fields."""
    return "sources" in names and len(names) > 1


def _changed_sources(before: Show, after: Show) -> str:
    """Return the titles of the sources whose day was added or changed."""
    names = [name for name, day in after.sources.items() if before.sources.get(name) != day]
    return _join_words([safe(credit_of(name).title) for name in names])


def _few_labels(before: Show, after: Show, names: Sequence[str]) -> str:
    """Return the labels of the first NAMED_KEYS_MAX fields and the number of the others: `year, genres, cast and 2 more`."""
    shown = [_labels(before, after, [name]) for name in names[:NAMED_KEYS_MAX]]
    return f"{', '.join(shown)} and {len(names) - NAMED_KEYS_MAX} more"


def _labels(before: Show, after: Show, names: Sequence[str]) -> str:
    """Return the labels of the fields `names` as text: `year and status`. For `other`, this is the user's changed keys."""
    labels = [FIELDS[name].label.lower() if name in FIELDS else _own_key_labels(before, after) for name in names]
    return _join_words(labels)


def _new_viewing_day(before: Show, after: Show) -> str:
    """Return the day of the added viewings as text: ` on 9 July 2025` or `, undated`; empty for today and several days."""
    new = [row for row in after.viewings if row not in before.viewings]
    days = {without_time(row.date) for row in new if row.date is not None}
    if new and not days:
        return ", undated"
    if len(days) != 1 or len(after.viewings) < len(before.viewings) or (day := days.pop()) == date.today():
        return ""
    return f" {'in' if isinstance(day, PartialDate) else 'on'} {long_date(day)}"


def _describe_value(before: Show, after: Show, name: str, style: DisplayStyle) -> str:
    """Return a sentence about the change of one field: `Set year of Heat to 1995, was 1996`.

    Returns an empty text for rows, long texts, several of the user's own keys, and an old value that is invalid in the
    file.
    """
    if name == "other":
        keys = _changed_keys(before, after)
        if len(keys) != 1:
            return ""
        from watchlist.domain.own_keys import format_value  # saves loading tomllib and tomli_w

        label = safe(keys[0])
        was, now = (
            _short(format_value(show.other[keys[0]])) if keys[0] in show.other else "" for show in (before, after)
        )
    else:
        field = FIELDS[name]
        is_rows = isinstance(field.type, Records) and name != "seasons"
        if field.type.long or is_rows or problem_of(before, name):
            return ""
        label = field.label if field.label.isupper() else field.label.lower()
        was, now = (_short(field.brief(show, style)) for show in (before, after))
    if was == now:
        return ""
    title = safe(before.title)
    message = f"Set {label} of {title} to {now}" if now else f"Cleared {label} of {title}"
    return f"{message}, was {was}" if was else message


def describe_conflict(name: str, title: str) -> str:
    """Return why undo keeps a field, or own key, that was changed since: `tags of Heat were changed since, so they stay`."""
    field = FIELDS.get(name)
    label = safe(name) if field is None else field.label.lower()
    is_plural = field is not None and label.endswith("s") and (field.type.multiple or name == "notes")
    return f"{label} of {title} {'were changed since, so they stay' if is_plural else 'was changed since, so it stays'}"


def _short(text: str) -> str:
    """Return a value as one line of text, cut to at most VALUE_MAX_CHARS characters."""
    text = safe(" ".join(text.split()))
    return text if len(text) <= VALUE_MAX_CHARS else text[: VALUE_MAX_CHARS - 1] + "…"


def _changed_keys(before: Show, after: Show) -> list[str]:
    """Return the user's own keys whose values differ."""
    return [key for key in {**before.other, **after.other} if not _same_key(key, before, after)]


def _own_key_labels(before: Show, after: Show) -> str:
    """Return the names of the user's own keys that differ as text; if they are more than NAMED_KEYS_MAX, `own keys`."""
    keys = _changed_keys(before, after)
    return ", ".join(map(safe, keys)) if len(keys) <= NAMED_KEYS_MAX else "own keys"


def _same_key(key: str, before: Show, after: Show) -> bool:
    return key in before.other and key in after.other and same(before.other[key], after.other[key])


def _describe_episode_rating(before: Show, after: Show, style: DisplayStyle) -> str:
    """Return a sentence about changed episode ratings: `Rated S01E02 of The Wire 4.5, was 4`.

    Returns an empty text unless all changed episodes have the same new rating.
    """
    was, now = (
        {Episode(season.number, number): stars for season in show.seasons for number, stars in season.ratings.items()}
        for show in (before, after)
    )
    changed = [episode for episode in was.keys() | now.keys() if was.get(episode) != now.get(episode)]
    if len(new_ratings := {now.get(episode) for episode in changed}) != 1:
        return ""
    episodes, rating = f"{format_episodes(changed)} of {safe(after.title)}", show_rating(new_ratings.pop(), style)
    message = f"Rated {episodes} {rating}" if rating else f"Cleared the rating of {episodes}"
    return message + (f", was {show_rating(was.get(changed[0]), style) or 'not rated'}" if len(changed) == 1 else "")


def _describe_many(changes: tuple[Delta, ...]) -> str:
    if message := _describe_many_logged(changes):
        return message
    if all(_is_look_up(delta.fields) for delta in changes):
        return f"Looked up {counted(len(changes), 'show')}"
    parts = []
    for verb, deltas in (
        ("added", [delta for delta in changes if delta.before is None]),
        ("removed", [delta for delta in changes if delta.after is None]),
        ("changed", [delta for delta in changes if delta.before is not None and delta.after is not None]),
    ):
        if deltas:
            parts.append(_count_changed(verb, len(deltas), {name for delta in deltas for name in delta.fields}))
    return _join_words(parts).capitalize()


def _describe_many_logged(changes: tuple[Delta, ...]) -> str:
    directions = set()
    for delta in changes:
        if delta.before is None or delta.after is None:
            return ""
        directions.add(watch_direction(delta.before, delta.after, set(delta.fields)))
    return describe_logged(len(changes), directions)


def watch_direction(before: Show, after: Show, names: Set[str]) -> int:
    """Return 1 if `after` has more viewings or watched episodes than `before`, -1 if it has fewer, else 0.

    Args:
        names: The names of all fields that differ. If one of them can't change by logging a viewing, the result is 0.
    """
    if not names <= LOGGED:
        return 0
    was, now = ((len(show.viewings), sum(len(season.watched) for season in show.seasons)) for show in (before, after))
    if was == now:
        return 0
    steps = [b - a for a, b in zip(was, now, strict=True)]
    return 1 if min(steps) >= 0 else -1 if max(steps) <= 0 else 0


def describe_logged(count: int, directions: Set[int]) -> str:
    """Return `Watched 2 shows` if all directions are 1, `Removed the last viewing of 2 shows` if all are -1; else "".

    Args:
        directions: The results of `watch_direction` (1, -1 or 0) for the `count` changed shows.
    """
    shows = counted(count, "show")
    return {frozenset({1}): f"Watched {shows}", frozenset({-1}): f"Removed the last viewing of {shows}"}.get(
        frozenset(directions), ""
    )


def describe_changed(count: int, names: Set[str]) -> str:
    """Return e.g. `Changed status of 2 shows` for a `count` of 2, or `Changed 2 shows` if `names` has several fields."""
    return _count_changed("changed", count, names).capitalize()


def _count_changed(verb: str, count: int, names: Set[str]) -> str:
    field = f"{FIELDS[next(iter(names))].label.lower()} of " if len(names) == 1 and names <= FIELDS.keys() else ""
    return f"{verb} {field}{counted(count, 'show')}"


def _join_words(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "nothing"
