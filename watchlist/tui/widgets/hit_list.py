"""HitList: what the add line has found: shows of the list, then titles of the catalogue, each on one line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.events import Click, MouseScrollDown, MouseScrollUp
from textual.message import Message

from watchlist.domain.glyphs import glyphs, status_glyph
from watchlist.domain.model import Kind, Show, Status
from watchlist.domain.ratings import STARS, DisplayStyle
from watchlist.domain.text import fold, minutes
from watchlist.domain.title_text import read_title
from watchlist.domain.watch_progress import progress_of
from watchlist.tui.state.add_finder import Hits
from watchlist.tui.widgets.line_widget import LineStatic, LineWidget
from watchlist.tui.widgets.list_columns import fit, steady

if TYPE_CHECKING:
    from watchlist.sources.catalogue.title import CatalogueTitle

START = 4  # the cell at which titles begin
YEAR, KIND, SIZE = 4, 6, 8  # cells of the columns
LEAST_TITLE, MOST_TITLE = 16, 30  # cells of a title; beyond the most, people have the rest
PEOPLE_FROM = 70  # cells of the line from which on people are shown
LEAST_PEOPLE = 12
LEAST_FOR_HELP = 64  # cells of the line that are needed for whole sentences
NOTHING_TYPED = Hits()
_WORD = re.compile(r"[^\W_]+")


def size_of(title: CatalogueTitle, style: DisplayStyle) -> str:
    """Return how long a title is, in short: `84 min`, `5 × 6` for seasons and their episodes, `30 ep`."""
    if title.kind is Kind.FILM:
        return f"{title.runtime} min" if title.runtime else ""
    if title.seasons and title.episodes and title.episodes % title.seasons == 0:
        return f"{title.seasons} {glyphs(style).times} {title.episodes // title.seasons}"
    return f"{title.episodes} ep" if title.episodes else ""


def marks(title: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """Return the parts of a title in order, each with True if it matches: the beginnings of words that were typed."""
    parts: list[tuple[str, bool]] = []
    end = 0
    for match in _WORD.finditer(title):
        word = match[0]
        typed = max((len(other) for other in words if fold(word).startswith(other)), default=0)
        if typed:
            start = match.start()
            parts += [(title[end:start], False), (word[:typed], True)]
            end = start + min(typed, len(word))
    return [*parts, (title[end:], False)]


class HitList(LineWidget):
    """A list with a cursor, which the add line moves. The cursor is an index into the shows, then the titles."""

    DEFAULT_CSS = "HitList { background: $background; }"
    GROUND = "background"
    LOOKS = {
        "heading": ("text-primary", True, ""),
        "dim": ("text-muted", False, ""),
        "match": ("text-accent", True, ""),
        "key": ("text-accent", True, ""),
        "bold": ("foreground", True, ""),
        "warning": ("text-warning", False, ""),
        "here": ("foreground", True, "panel"),
        "here-dim": ("text-muted", False, "panel"),
        "here-match": ("text-accent", True, "panel"),
        "here-bar": ("primary", True, "panel"),
        **{status: ("text-muted" if status.color == "dim" else f"text-{status.color}", False, "") for status in Status},
        **{
            f"here-{status}": ("text-muted" if status.color == "dim" else f"text-{status.color}", False, "panel")
            for status in Status
        },
    }

    class Chosen(Message):
        """Posted when a line is clicked. `index` is its cursor position; `again` is True if the cursor was there already."""

        def __init__(self, index: int, *, again: bool) -> None:
            super().__init__()
            self.index, self.again = index, again

    class Scrolled(Message):
        """Posted when the wheel is turned; `by` is 1 or -1."""

        def __init__(self, by: int) -> None:
            super().__init__()
            self.by = by

    def __init__(self, style: DisplayStyle = STARS, hits: Hits = NOTHING_TYPED) -> None:
        super().__init__()
        self._hits, self._style = hits, style
        self._words: Sequence[str] = ()
        self._top = self._version = 0  # the version counts the hits that were shown
        self.cursor = 0

    @property
    def count(self) -> int:
        """The number of lines that the cursor can go to."""
        return len(self._hits.own) + len(self._hits.titles)

    @property
    def current(self) -> Show | CatalogueTitle | None:
        """The show or title under the cursor; None if there is none."""
        rows: Sequence[Show | CatalogueTitle] = (*self._hits.own, *self._hits.titles)
        return rows[self.cursor] if self.cursor < len(rows) else None

    @property
    def lines_wanted(self) -> int:
        """The number of lines that show everything."""
        return len(self._rows())

    def show(self, hits: Hits, cursor: int) -> None:
        """Replace what is listed; the cursor goes to the index `cursor`."""
        self._hits, self._top = hits, 0
        self._version += 1
        self.cursor = max(0, min(cursor, self.count - 1))
        read = read_title(hits.text)
        self._words = _WORD.findall(fold(read.search or read.text))
        self.refresh()

    def move(self, by: int) -> None:
        """Move the cursor by this number of lines."""
        self.cursor = max(0, min(self.cursor + by, self.count - 1))
        self.refresh()

    def on_click(self, event: Click) -> None:
        rows = self._rows()
        place = self._top + event.y
        if place < len(rows) and isinstance(rows[place], int):
            index = rows[place]
            assert isinstance(index, int)
            self.post_message(self.Chosen(index, again=index == self.cursor))

    def on_mouse_scroll_down(self, event: MouseScrollDown) -> None:
        event.stop()
        self.post_message(self.Scrolled(1))

    def on_mouse_scroll_up(self, event: MouseScrollUp) -> None:
        event.stop()
        self.post_message(self.Scrolled(-1))

    def _rows(self) -> list[int | str]:
        """Return the lines in order: the cursor position of a show or title, or the name of another line."""
        own, titles = len(self._hits.own), len(self._hits.titles)
        rows: list[int | str] = ["own", *range(own)] if own else []
        rows += ["catalogue", *range(own, own + titles)] if titles else []
        if self._hits.problem:
            rows += ["problem"]
        elif not self._hits.has_catalogue:
            rows += [""] * bool(rows) + (["none"] if self.size.width >= LEAST_FOR_HELP else ["none", "how"])
        return rows

    def draw(self) -> Sequence[LineStatic]:
        return self.drawn_once((self._version, self.cursor), self._all_lines)

    def _all_lines(self) -> list[LineStatic]:
        if not self._hits.text.strip():
            return self._help()
        rows, height = self._rows(), max(1, self.size.height)
        here = rows.index(self.cursor) if self.cursor in rows else 0
        self._top = max(min(self._top, here - (here < 2) * here), here - height + 1, 0)
        return [self._line(row) for row in rows[self._top : self._top + height]]

    def _line(self, row: int | str) -> LineStatic:
        if isinstance(row, int):
            return self._hit(row)
        if row == "own":
            return self._heading("On your list", len(self._hits.own), "")
        if row == "catalogue":
            return self._heading("Catalogue", len(self._hits.titles), "best known first")
        if row == "problem":
            return self.line(((f" {glyphs(self._style).wrong} {steady(self._hits.problem)}", "warning"),))
        how = (("watchlist catalogue", "bold"), (" tells how.", "dim"))
        if row == "none":
            beside = how if self.size.width >= LEAST_FOR_HELP else ()
            return self.line(((" Titles can complete themselves: ", "dim"), *beside))
        if row == "how":
            return self.line(((" ", ""), *how))
        return self.line()

    def _help(self) -> list[LineStatic]:
        """Return what is shown before anything is typed."""
        wide = self.size.width >= LEAST_FOR_HELP
        rows = (
            ("heat 95", "a title, perhaps with its year" if wide else "a title, with its year"),
            ("tt0113277", "an id, or an address" + " at IMDb, TMDB, TVmaze or Letterboxd" * (self.size.width >= 80)),
            ("paste", "several lines, with a show on each" if wide else "a show on each line"),
        )
        lines = [self.line(), self.line((("    Type a few letters.", "bold"),)), self.line()]
        lines += [self.line(((f"    {key:11}", "key"), (f" {words}", "dim"))) for key, words in rows]
        if self._hits.has_catalogue:
            return lines
        return [*lines, self.line(), self._line("none"), *([] if wide else [self._line("how")])]

    def _heading(self, name: str, count: int, note: str) -> LineStatic:
        line = self.line(((f" {name}", "heading"), (f" {count} ", "dim")))
        note = f" {note} " if note and self.size.width >= line.cells + len(note) + 8 else " "
        rule = glyphs(self._style).bar_rest * max(0, self.size.width - line.cells - len(note))
        line.say(rule, self.look("dim"))
        line.say(note, self.look("dim"))
        return line

    def _hit(self, index: int) -> LineStatic:
        here = index == self.cursor
        prefix = "here-" if here else ""
        ground = self.look("here") if here else self.look()
        line = LineStatic(ground)
        line.add(glyphs(self._style).cursor if here else " ", self.look("here-bar") if here else ground)
        own = self._hits.own
        if index < len(own):
            show = own[index]
            line.add(status_glyph(show.status, self._style), self.look(f"{prefix}{show.status}"))
            title, year, kind = show.title, show.year, str(show.kind or "")
            size, people = (
                (progress_of(show).text if show.seasons else minutes(show.runtime) if show.runtime else ""),
                "",
            )
        else:
            hit = self._hits.titles[index - len(own)]
            title, year, kind = hit.title, hit.year, str(hit.kind)
            if hit.known_as and hit.known_as != title:
                title = f"{title} ({hit.known_as})"
            size, people = size_of(hit, self._style), ", ".join(hit.people)
        self._columns(line, here, steady(title), (str(year or ""), kind, size, steady(people)))
        return line

    def _columns(self, line: LineStatic, here: bool, title: str, facts: tuple[str, str, str, str]) -> None:
        """Append the columns of a hit. What has no room gives way: people, size, kind. The year never does."""
        year, kind, size, people = facts
        width, prefix = self.size.width - 1, "here-" if here else ""
        rest = width - START - 2 - YEAR
        has_kind = rest - 2 - KIND >= LEAST_TITLE
        rest -= (2 + KIND) * has_kind
        has_size = has_kind and rest - 2 - SIZE >= LEAST_TITLE
        rest -= (2 + SIZE) * has_size
        names = 0
        if has_size and self.size.width >= PEOPLE_FROM and rest - 2 - LEAST_PEOPLE >= LEAST_TITLE:
            names = rest - 2 - min(MOST_TITLE, max(LEAST_TITLE, rest - 2 - LEAST_PEOPLE))
            rest -= 2 + names
        line.blank_to(START)
        shown = fit(title, rest, self._style).rstrip()
        for text, matches in marks(shown, self._words):
            line.say(text, self.look(f"{prefix}match" if matches else "here") if matches or here else self.look())
        dim, end = self.look(f"{prefix}dim"), START + rest
        line.blank_to(end + 2)
        line.say(year.rjust(YEAR), dim)
        if has_kind:
            line.blank_to(end + 2 + YEAR + 2)
            line.say(kind, dim)
        if has_size:
            right = end + 2 + YEAR + 2 + KIND + 2 + SIZE
            line.blank_to(right - cell_len(size))
            line.say(size, dim)
            if names:
                line.blank_to(right + 2)
                line.say(fit(people, names, self._style).rstrip(), dim)
