"""Something for tonight: a draw among what is still to watch, where what suits the user best has the best chance."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from heapq import nsmallest
from random import Random
from typing import Final, NamedTuple

from watchlist.fields import FIELDS
from watchlist.model import NOTHING, Show, Status
from watchlist.query.columns import actors
from watchlist.ratings import STARS, Style, show_rating
from watchlist.safe import safe
from watchlist.services import Service, key_of
from watchlist.text import counted, fold, long_date
from watchlist.watching import next_episode

# Of a long list these are remembered: reading all its shows as a whole would take longer than all the rest.
LEFT, PROGRESS, WATCHED = (FIELDS[name] for name in ("left", "progress", "watched"))


class Weight(NamedTuple):
    """How many points something is worth at most, or for each star, and what it means."""

    points: float
    meaning: str


WEIGHTS: Final[Mapping[str, Weight]] = {
    "chance": Weight(1.0, "what every planned, watching or paused show starts with"),
    "unfinished": Weight(3.0, "begun: half of it after the first episode, nearly all of it before the last"),
    "waiting": Weight(1.5, "planned: more each day since it was added, all of it after a year"),
    "paused": Weight(1.0, "paused: more each day since the last viewing, all of it after half a year"),
    "creators": Weight(3.0, "for each star that you rate the best liked of its creators over your average"),
    "genres": Weight(2.0, "for each star that you rate the best liked of its genres over your average"),
    "cast": Weight(1.5, "for each star that you rate the best liked of its cast over your average"),
    "available": Weight(0.5, "on one of your services, as the config names them, that runs today"),
    "ending": Weight(2.0, "on one that ends within 30 days: more each day, all of it on the last one"),
    "fits": Weight(1.0, "one episode, or the film, is known to be no longer than the time there is"),
}
LEAST: Final = 0.1  # points that a show keeps, however little its people are liked
TOLD: Final = 0.05  # points from which on a reason is told
ENDING: Final = 30  # days before the last of a service from which on it is said that it ends
PRIOR: Final = 3  # shows rated like all others, which every name is taken to have besides its own

LIKED: Final[Mapping[str, str]] = {
    "creators": "you rate {name} {mean}",
    "genres": "you rate {name} {mean} on average",
    "cast": "you rate shows with {name} {mean}",
}


def parse_minutes(text: str) -> int:
    """The minutes of `100`, `100m`, `1h40`, `1h 40m`, `2h` or `1:40`. ValueError for anything else, and for none."""
    match = re.fullmatch(r"(?:(\d{1,3})\s*(?:h|:))?\s*(?:(\d{1,4})\s*(?:m|min)?)?", text.strip().lower(), re.ASCII)
    minutes = 60 * int(match[1] or 0) + int(match[2] or 0) if match else 0
    if not minutes or text.strip().endswith(":"):
        raise ValueError(f'"{safe(text)}" is no time; 100m is, and 1h40 and 1:40')
    return minutes


class Pick(NamedTuple):
    """A show, its points, and why: the strongest reason first. Names in reasons are as the user wrote them."""

    show: Show
    score: float
    reasons: tuple[str, ...]


class Liking(NamedTuple):
    """What the user thinks of a name: the hundredths of a star of all ratings together, and how many these are."""

    hundredths: int = 0
    ratings: int = 0

    @property
    def mean(self) -> float:
        """Stars, to two decimals: the mean of the ratings as they are."""
        return round(self.hundredths / self.ratings) / 100

    def over(self, overall: Liking) -> float:
        """Stars over the overall mean, shrunk: as if PRIOR more shows had been rated with the overall mean.

        So one rating of 5 among many of 3 counts for half a star, ten of them for more than a star and a half.
        """
        return (self.hundredths - self.ratings * overall.hundredths / overall.ratings) / (self.ratings + PRIOR) / 100


class Taste(NamedTuple):
    """What is learned from the user's own ratings: of all shows, and by folded name of each of LIKED."""

    overall: Liking
    names: Mapping[str, Mapping[str, Liking]]


def pick(
    shows: Iterable[Show],
    *,
    today: date,
    minutes: int | None = None,
    count: int = 3,
    seed: int | None = None,
    exclude: Iterable[str] = (),
    style: Style = STARS,
    services: Mapping[str, Service] = NOTHING,
) -> tuple[Pick, ...]:
    """Up to `count` shows for tonight, drawn with chances proportional to their points, each once.

    `minutes` is the time there is: what is known to be longer is left out. `exclude` has ids that are not wanted, as
    those that were drawn before. The same seed draws the same from the same shows, in whatever order they come; without
    one, each draw is anew. Ratings in reasons are on the style's scale.
    """
    listed = tuple(shows)
    unwanted = frozenset(exclude)
    able = [show for show in listed if show.id not in unwanted and _can_be_watched(show, today, minutes)]
    taste = learn(listed)
    draw = Random(seed)
    paid = {key_of(one.name): one for one in services.values() if one.runs(today)}
    picks = [weighed(show, taste, today, minutes, style, paid) for show in sorted(able, key=lambda show: show.id)]
    # Times that run out at rates proportional to the points: which is first, second, third is the draw that is wanted.
    drawn = nsmallest(max(count, 0), ((draw.expovariate(one.score), at) for at, one in enumerate(picks)))
    return tuple(picks[at] for _, at in drawn)


def _can_be_watched(show: Show, today: date, minutes: int | None) -> bool:
    """Whether something of it is left to watch that is out and is not known to be too long."""
    if show.status not in (Status.PLANNED, Status.WATCHING, Status.PAUSED):
        return False
    if minutes is not None and show.runtime is not None and show.runtime > minutes:
        return False
    if show.premiered is not None and show.premiered > today:
        return False
    left = LEFT.get(show)
    return left is None or left > 0 or not show.episodes or next_episode(show) is not None


def learn(shows: Iterable[Show]) -> Taste:
    """What the user's ratings say of creators, genres and cast. A name counts once a show."""
    total = [0, 0]
    sums: dict[str, dict[str, list[int]]] = {name: defaultdict(lambda: [0, 0]) for name in LIKED}
    for show in shows:
        if show.rating is None:
            continue
        hundredths = round(show.rating * 100)  # whole numbers: their sum is the same in any order
        tallies = [sums[field][key] for field in LIKED for key in set(map(fold, _names(show, field)))]
        for tally in (total, *tallies):
            tally[0] += hundredths
            tally[1] += 1
    liked = {field: {key: Liking(*tally) for key, tally in named.items()} for field, named in sums.items()}
    return Taste(Liking(*total), liked)


def _names(show: Show, field: str) -> list[str]:
    names: Iterable[str] = actors(show) if field == "cast" else getattr(show, field)
    return [name for name in names if fold(name).strip()]


def weighed(
    show: Show,
    taste: Taste,
    today: date,
    minutes: int | None = None,
    style: Style = STARS,
    services: Mapping[str, Service] = NOTHING,
) -> Pick:
    """The points of a show, and the reasons that gave it enough of them to be told. `services` run today, by key."""
    parts = [*_progress(show), *_time(show, today), *_likings(show, taste, style)]
    if minutes is not None and show.runtime is not None:
        parts.append(("fits", 1.0, f"fits {minutes} minutes: {show.runtime} min"))
    if services and (service := services.get(key_of(show.platform))) is not None:
        parts += _on(service, today)
    given = [(WEIGHTS[name].points * part, reason) for name, part, reason in parts]
    score = WEIGHTS["chance"].points + sum(points for points, _ in given)
    told = sorted((one for one in given if one[0] >= TOLD), key=lambda one: -one[0])
    return Pick(show, max(score, LEAST), tuple(reason for _, reason in told))


Part = tuple[str, float, str]  # a name of WEIGHTS, how much of it (1: all of it, or a star), and the reason


def _on(service: Service, today: date) -> Iterator[Part]:
    days = None if service.until is None else (service.until - today).days
    yield "available", 1.0, f"on {service.name}"
    if days is not None and days <= ENDING:
        when = "today" if not days else f"in {counted(days, 'day')}"
        yield "ending", (1 + ENDING - days) / (1 + ENDING), f"{service.name} ends {when}"


def _progress(show: Show) -> Iterator[Part]:
    left, progress = LEFT.get(show) or 0, PROGRESS.get(show)
    seen, episodes = map(int, progress.split("/")) if progress else (show.seen, 0)
    if seen and 0 < left < episodes:
        yield (
            "unfinished",
            (1 + (episodes - left) / episodes) / 2,
            f"unfinished: {left} of {counted(episodes, 'episode')} left",
        )
    elif seen:
        yield "unfinished", 0.5, f"begun: {counted(seen, 'episode')} watched"
    elif show.status is Status.WATCHING:
        yield "unfinished", 0.5, "you are watching it"


def _time(show: Show, today: date) -> Iterator[Part]:
    if show.status is Status.PLANNED and show.added is not None and (days := (today - show.added).days) > 0:
        yield "waiting", min(days / 365, 1), f"waiting {counted(days, 'day')}"
    if show.status is Status.PAUSED:
        last = WATCHED.get(show)
        if last is None or last > today:
            yield "paused", 0.5, "paused"
        else:
            yield "paused", min((today - last).days / 182, 1), f"paused since {long_date(last)}"


def _likings(show: Show, taste: Taste, style: Style) -> Iterator[Part]:
    """Of each field of LIKED the name that is liked best, if any was rated."""
    for field, words in LIKED.items():
        known = [(name, liking) for name in _names(show, field) if (liking := taste.names[field].get(fold(name)))]
        if known:
            name, liking = max(known, key=lambda pair: pair[1].over(taste.overall))
            said = words.format(name=name.lower() if field == "genres" else name, mean=show_rating(liking.mean, style))
            yield field, liking.over(taste.overall), said
