"""The pick for tonight: a random draw from the shows that are left to watch, in which suitable shows are more likely.

The chance of a show is proportional to its points. The table WEIGHTS lists the properties that give points.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from heapq import nsmallest
from random import Random
from typing import Final, NamedTuple

from watchlist.domain.dates import PartialDate, first_day, last_day
from watchlist.domain.fields import FIELDS
from watchlist.domain.model import NOTHING, Show, Status
from watchlist.domain.ratings import STARS, DisplayStyle, show_rating
from watchlist.domain.services import Service, key_of
from watchlist.domain.text import counted, fold, long_date
from watchlist.query.columns import actors
from watchlist.sanitize import safe

# The cache of a long list contains the columns of these fields, so the shows themselves need not be read.
LEFT, PROGRESS, WATCHED = (FIELDS[name] for name in ("left", "progress", "watched"))


class Weight(NamedTuple):
    """The points that a property gives a show, and its `meaning` as a text for the manual.

    `points` is the maximum; for creators, genres and cast, it is the number per star above the user's mean rating.
    """

    points: float
    meaning: str


WEIGHTS: Final[Mapping[str, Weight]] = {
    "chance": Weight(1.0, "every planned, watching or paused show"),
    "unfinished": Weight(3.0, "started: half the points after the first episode, nearly all before the last"),
    "waiting": Weight(1.5, "planned: more each day since it was added, all points after a year"),
    "paused": Weight(1.0, "paused: more each day since the last viewing, all points after half a year"),
    "creators": Weight(3.0, "per star by which you rate its best-rated creator above your average"),
    "genres": Weight(2.0, "per star by which you rate its best-rated genre above your average"),
    "cast": Weight(1.5, "per star by which you rate its best-rated actor above your average"),
    "available": Weight(0.5, "available on one of your services ([services] in the config)"),
    "ending": Weight(2.0, "the service ends within 30 days: more each day, all points on the last day"),
    "fits": Weight(1.0, "one episode, or the film, fits into the available time"),
}
MIN_SCORE: Final = 0.1  # minimum points of a show, even if its creators, genres and cast are rated badly
MIN_REASON_POINTS: Final = 0.05  # minimum points of a reason that is shown
ENDING_DAYS: Final = 30  # in this number of days before a service ends, the end is a reason
PRIOR_RATINGS: Final = 3  # the number of average ratings added to the ratings of each name; see `Liking.over`

# Fields from which the user's taste is learned, with the text of their reason.
LIKED: Final[Mapping[str, str]] = {
    "creators": "you rate {name} {mean}",
    "genres": "you rate {name} {mean} on average",
    "cast": "you rate shows with {name} {mean}",
}


def parse_minutes(text: str) -> int:
    """Parse `100`, `100m`, `1h40`, `1h 40m`, `2h` or `1:40` as minutes. Raise ValueError for other texts and for zero."""
    match = re.fullmatch(r"(?:(\d{1,3})\s*(?:h|:))?\s*(?:(\d{1,4})\s*(?:m|min)?)?", text.strip().lower(), re.ASCII)
    minutes = 60 * int(match[1] or 0) + int(match[2] or 0) if match else 0
    if match and match[1] and int(match[2] or 0) >= 60:
        raise ValueError(f'"{safe(text)}" is not a time: an hour has 60 minutes')
    if not minutes or text.strip().endswith(":"):
        raise ValueError(f'"{safe(text)}" is not a time; use e.g. 100m, 1h40 or 1:40')
    return minutes


class Pick(NamedTuple):
    """A show with its points (`score`) and the reasons for having them, the strongest reason first."""

    show: Show
    score: float
    reasons: tuple[str, ...]


class Draw(tuple[Pick, ...]):
    """The drawn shows. `candidates` is the number of shows that are left to watch, have premiered and fit into the time."""

    candidates: int

    def __new__(cls, picks: Iterable[Pick] = (), candidates: int = 0) -> Draw:
        draw = super().__new__(cls, picks)
        draw.candidates = candidates
        return draw


class Liking(NamedTuple):
    """The ratings of shows with one creator, genre or actor: their sum in hundredths of a star, and their number."""

    hundredths: int = 0
    ratings: int = 0

    @property
    def mean(self) -> float:
        """The mean rating in stars, to two decimals."""
        return round(self.hundredths / self.ratings) / 100

    def over(self, overall: Liking) -> float:
        """Return by how many stars the mean rating exceeds the overall mean.

        The difference is computed as if PRIOR_RATINGS more ratings equal to the overall mean existed, so that few
        ratings count less: with an overall mean of 3, one rating of 5 gives half a star, ten give more than 1.5 stars.
        """
        return (
            (self.hundredths - self.ratings * overall.hundredths / overall.ratings)
            / (self.ratings + PRIOR_RATINGS)
            / 100
        )


class Taste(NamedTuple):
    """The user's taste, learned from ratings: of all rated shows, and of those with a certain creator, genre or actor.

    `names` maps the fields `creators`, `genres` and `cast` to likings by name, without case and accents.
    """

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
    drawn: Iterable[str] = (),
    style: DisplayStyle = STARS,
    services: Mapping[str, Service] = NOTHING,
) -> Draw:
    """Return up to `count` different shows, drawn at random with chances proportional to their points.

    The same seed draws the same shows from the same list in any order.

    Args:
        shows: All shows of the list.
        today: The date of today.
        minutes: The available time in minutes; longer shows are excluded. None for any time.
        count: The number of shows to draw.
        seed: The seed of the draw; None for a random one.
        exclude: Ids of shows that are not candidates.
        drawn: Ids of candidates that were drawn before, and are not drawn again.
        style: How ratings are shown in reasons.
        services: The user's streaming services, by name.
    """
    all_shows = tuple(shows)
    excluded, earlier = frozenset(exclude), frozenset(drawn)
    candidates = [show for show in all_shows if show.id not in excluded and _can_be_watched(show, today, minutes)]
    eligible = [show for show in candidates if show.id not in earlier]
    learned = learn(all_shows)
    random = Random(seed)
    running = {key_of(entry.name): entry for entry in services.values() if entry.runs(today)}
    picks = [
        weighed(show, learned, today, minutes, style, running) for show in sorted(eligible, key=lambda show: show.id)
    ]
    # The order of exponential waiting times with these rates is a weighted draw without replacement.
    order = nsmallest(max(count, 0), ((random.expovariate(entry.score), index) for index, entry in enumerate(picks)))
    return Draw((picks[index] for _, index in order), len(candidates))


def _can_be_watched(show: Show, today: date, minutes: int | None) -> bool:
    """Return True for a planned, watching or paused show with something left that has premiered and fits into `minutes`."""
    if show.status not in (Status.PLANNED, Status.WATCHING, Status.PAUSED):
        return False
    if minutes is not None and show.runtime is not None and show.runtime > minutes:
        return False
    if show.premiered is not None and first_day(show.premiered) > today:
        return False
    return LEFT.get(show) != 0 or not PROGRESS.get(show)  # a show without any episode is not finished


def learn(shows: Iterable[Show]) -> Taste:
    """Return the user's taste for creators, genres and cast, from the rated ones of `shows`. A name counts once per show."""
    overall = [0, 0]
    sums: dict[str, dict[str, list[int]]] = {name: defaultdict(lambda: [0, 0]) for name in LIKED}
    for show in shows:
        if show.rating is None:
            continue
        hundredths = round(show.rating * 100)  # whole numbers, so that the sum does not depend on the order
        tallies = [sums[field][key] for field in LIKED for key in set(map(fold, _names(show, field)))]
        for tally in (overall, *tallies):
            tally[0] += hundredths
            tally[1] += 1
    likings = {field: {key: Liking(*tally) for key, tally in by_name.items()} for field, by_name in sums.items()}
    return Taste(Liking(*overall), likings)


def _names(show: Show, field: str) -> list[str]:
    """Return the names in the field `field` (creators, genres or cast) of a show, without blank ones."""
    names: Iterable[str] = actors(show) if field == "cast" else getattr(show, field)
    return [name for name in names if fold(name).strip()]


def weighed(
    show: Show,
    taste: Taste,
    today: date,
    minutes: int | None = None,
    style: DisplayStyle = STARS,
    services: Mapping[str, Service] = NOTHING,
) -> Pick:
    """Return a show with its points and the reasons for them.

    Args:
        minutes: The available time in minutes; None for any time.
        services: The services paid for on the day `today`, by their names without case and accents (see `key_of`).
    """
    parts = [*_progress_parts(show), *_waiting_parts(show, today), *_liking_parts(show, taste, style)]
    if minutes is not None and show.runtime is not None:
        parts.append(("fits", 1.0, f"fits {minutes} minutes: {show.runtime} min"))
    if services and (service := services.get(key_of(show.platform))) is not None:
        parts += _service_parts(service, today)
    weighted = [(WEIGHTS[name].points * part, reason) for name, part, reason in parts]
    score = WEIGHTS["chance"].points + sum(points for points, _ in weighted)
    shown = sorted((pair for pair in weighted if pair[0] >= MIN_REASON_POINTS), key=lambda pair: -pair[0])
    return Pick(show, max(score, MIN_SCORE), tuple(reason for _, reason in shown))


Part = tuple[str, float, str]  # (name in WEIGHTS; factor for its points, 1 for all points or one star; reason)


def _service_parts(service: Service, today: date) -> Iterator[Part]:
    """Yield (name in WEIGHTS, share from 0 to 1 of the points of that name, reason) for a show that is on `service`.

    The user pays for the service on `today`; the points depend on how soon that ends.
    """
    days = None if service.until is None else (service.until - today).days
    yield "available", 1.0, f"on {service.name}"
    if days is not None and days <= ENDING_DAYS:
        when = "today" if not days else f"in {counted(days, 'day')}"
        yield "ending", (1 + ENDING_DAYS - days) / (1 + ENDING_DAYS), f"{service.name} ends {when}"


def _progress_parts(show: Show) -> Iterator[Part]:
    """Yield (name in WEIGHTS, share of its points from 0 to 1, reason) for a started show; nothing for other shows."""
    remaining, progress = LEFT.get(show), PROGRESS.get(show)
    count, _, total = progress.partition("/")
    seen, episodes = int(count or 0), int(total) if total.isdigit() else 0
    if seen and remaining and episodes:
        yield (
            "unfinished",
            (1 + (episodes - remaining) / episodes) / 2,
            f"unfinished: {remaining:,} of {counted(episodes, 'episode')} left",
        )
    elif seen:
        yield "unfinished", 0.5, f"begun: {counted(seen, 'episode')} watched"
    elif show.status is Status.WATCHING:
        yield "unfinished", 0.5, "you are watching it"


def _waiting_parts(show: Show, today: date) -> Iterator[Part]:
    """Yield (name in WEIGHTS, share of its points from 0 to 1, reason) for the time a planned or paused show has waited."""
    if show.status is Status.PLANNED and show.added is not None and (days := (today - last_day(show.added)).days) > 0:
        is_partial = isinstance(show.added, PartialDate)
        duration = f"since {long_date(show.added)}" if is_partial else counted(days, "day")
        yield "waiting", min(days / 365, 1), f"waiting {duration}"
    if show.status is Status.PAUSED:
        last = WATCHED.get(show)
        if last is None or last_day(last) > today:
            yield "paused", 0.5, "paused"
        else:
            yield "paused", min((today - last_day(last)).days / 182, 1), f"paused since {long_date(last)}"


def _liking_parts(show: Show, taste: Taste, style: DisplayStyle) -> Iterator[Part]:
    """Yield (field, stars above the user's mean, reason) for creators, genres and cast of a show.

    A field is left out if none of its names is rated. Otherwise, the name with the best ratings counts.
    """
    for field, template in LIKED.items():
        rated = [(name, liking) for name in _names(show, field) if (liking := taste.names[field].get(fold(name)))]
        if rated:
            name, liking = max(rated, key=lambda pair: pair[1].over(taste.overall))
            reason = template.format(
                name=name.lower() if field == "genres" else name, mean=show_rating(liking.mean, style)
            )
            yield field, liking.over(taste.overall), reason
