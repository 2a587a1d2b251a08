"""Decides what the name of a file means on a list: a viewing, a doubt to ask about, or nothing to log."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum

from watchlist.domain.episode_lookup import unlisted
from watchlist.domain.episodes import Episode, format_episodes
from watchlist.domain.frozen import Frozen, replace
from watchlist.domain.model import Kind, Show
from watchlist.release_names.guessit_reader import with_guesses
from watchlist.release_names.match import Candidate, Match, find_match
from watchlist.release_names.parser import parse
from watchlist.release_names.release_name import ReleaseName
from watchlist.release_names.viewed import viewed


class Outcome(StrEnum):
    """What is done about a file."""

    VIEWING = "watched"
    DOUBT = "unsure"  # one or several shows may be meant, or the episode is not certain
    NO_VIEWING = "skipped"  # a trailer, a whole season, a file that is no video
    UNKNOWN = "unknown"  # no show on the list is meant


class Decision(Frozen):
    """What the name of a file means. `file` is the name as given, `title` the title in it, which may be empty.

    For a viewing, and for a doubt about one show, `show` is set, and `episodes` unless it is a film or the episode is
    not known. `candidates` are the shows to choose from in a doubt about several. `why` is a sentence without a full
    stop for all outcomes but a viewing.
    """

    file: str
    outcome: Outcome
    title: str = ""
    show: Show | None = None
    episodes: tuple[Episode, ...] = ()
    is_film: bool = False
    why: str = ""
    candidates: tuple[Candidate, ...] = ()
    is_confirmed: bool = False  # True if the user said yes, also to episodes that are not on the list

    @property
    def subject(self) -> str:
        """The show with its episodes, e.g. `S02E03 of Slow Horses`."""
        title = self.show.title if self.show is not None else self.title
        return f"{format_episodes(self.episodes)} of {title}" if self.episodes else title


def decide(
    files: Sequence[str],
    shows: Sequence[Show],
    names: Sequence[Sequence[str]],
    guess: Callable[[Sequence[ReleaseName]], Sequence[ReleaseName]] = with_guesses,
) -> list[Decision]:
    """Return what the paths or names `files` mean.

    Args:
        names: All titles of each show, as for `find_match`.
        guess: Adds readings to names without a code that mean no show for certain.
    """
    releases = [parse(file) for file in files]
    matches = [find_match(release, shows, names) for release in releases]
    unread = [
        index
        for index, (release, match) in enumerate(zip(releases, matches, strict=True))
        if match.sure is None and release.readings and not release.has_code and not release.not_watched
    ]
    for index, guessed in zip(unread, guess([releases[index] for index in unread]), strict=True):
        if guessed is not releases[index]:
            matches[index] = find_match(guessed, shows, names)
    return [_of_match(file, release, match) for file, release, match in zip(files, releases, matches, strict=True)]


def _of_match(file: str, release: ReleaseName, match: Match) -> Decision:
    """Return what a file means, given the shows that its name may mean."""
    if release.not_watched:
        return Decision(file, Outcome.NO_VIEWING, release.title, why=f"it is {release.not_watched}")
    if match.sure is not None:
        return of_candidate(file, match.sure)
    if len(match.candidates) == 1:
        decision = of_candidate(file, match.candidates[0])
        if decision.outcome is Outcome.NO_VIEWING:
            return decision
        why = decision.why or "its name may mean another show"
        return replace(decision, outcome=Outcome.DOUBT, why=why, candidates=match.candidates)
    if match.candidates:
        why = f"{len(match.candidates)} shows may be meant"
        return Decision(file, Outcome.DOUBT, release.title, why=why, candidates=match.candidates)
    why = "no show on the list has this title" if release.readings else "its name says nothing about a show"
    return Decision(file, Outcome.UNKNOWN, release.title, why=why)


def of_candidate(file: str, candidate: Candidate) -> Decision:
    """Return what a file means if it is of the show `candidate`."""
    show, reading = candidate
    meant = viewed(show, reading)
    is_film = reading.kind is None and meant.is_viewing
    outcome = Outcome.NO_VIEWING if not meant.is_viewing else Outcome.VIEWING if meant.sure else Outcome.DOUBT
    why = meant.why or ("" if meant.sure else "the number may be a part of the title")
    if outcome is Outcome.VIEWING and show.kind is not Kind.FILM and (missing := unlisted(show, meant.episodes)):
        outcome, why = Outcome.DOUBT, missing
    return Decision(file, outcome, reading.title, show, meant.episodes, is_film, why)
