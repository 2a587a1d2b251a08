"""Host: the protocol through which actions see the main screen, so that they import no screen."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from textual.app import App

if TYPE_CHECKING:
    from watchlist.domain.episodes import Episode
    from watchlist.settings import Config
    from watchlist.store.library import Library
    from watchlist.tui.dialogs.draft_dialog import DraftDialog
    from watchlist.tui.dialogs.episodes import EpisodesDialog
    from watchlist.tui.state.add_finder import CatalogueFile
    from watchlist.tui.state.list_state import ListState
    from watchlist.tui.state.lookup_state import LookupState
    from watchlist.tui.state.preferences import Preferences
    from watchlist.tui.widgets.message_bar import MessageBar, Tone
    from watchlist.tui.widgets.show_list import ShowList


class Origin(NamedTuple):
    """How to go back from a "visit", i.e. from shows in the list to the dialog that led to them, when esc is pressed."""

    listing: ListState  # the list before the visit
    show: str | None  # the id of the show under the cursor before the visit
    reopen: Callable[[], Coroutine[Any, Any, None]]  # reopens the dialog in the state in which it was left
    place: tuple[int, str]  # the index of the view and the filter text of the visit; any change ends the visit
    goal: str | None  # the id of the visited show; None for a visit to several shows
    before: Origin | None  # the origin of `listing`, if that was a visit too


class FileState(Protocol):
    """The list file as actions see it: whether it can be changed, and how to check it again."""

    @property
    def read_only_reason(self) -> str:
        """Why the file can't be changed, as a phrase that follows "The file"; empty if the file can be changed."""

    def report_doubt(self) -> None:
        """Show at once why the content of the file is not accepted as the list, e.g. because most shows are missing."""

    def read(self, *, at_once: bool) -> None:
        """Start to reload the file if it was changed elsewhere. If `at_once`, the next frame waits for that briefly."""


class Host(Protocol):
    """The main screen: the state and widgets that actions read, change and draw."""

    library: Library
    config: Config
    memory: Preferences
    today: Callable[[], date]
    listing: ListState
    catalogue: CatalogueFile
    held: bool  # True while a change waits in the journal until the user decides about a doubtful file
    keys_held_until: float  # new keys wait until this time (seconds, monotonic clock); 0 for no wait
    open_forms: dict[str, DraftDialog[Any]]  # open or not yet stored, by the names of their drafts
    origin: Origin | None  # the origin of the current visit
    minutes_available: int | None  # the time for a pick, once the user has entered it
    episodes_dialog: EpisodesDialog | None  # set while the dialog is open
    lookups: LookupState

    @property
    def app(self) -> App[Any]: ...

    @property
    def message_bar(self) -> MessageBar:
        """The widget that shows messages."""

    @property
    def rows(self) -> ShowList:
        """The widget that lists the shows."""

    @property
    def episode(self) -> Episode | None:
        """The episode under the cursor of the details pane; None if no episode is under that cursor."""

    @property
    def file(self) -> FileState:
        """The state of the list file."""

    def key(self, name: str) -> str:
        """Return the label of the key for the action `name`; `:name` if the action has no key."""

    def say(self, text: str, hint: str = "", tone: Tone = "done") -> None:
        """Show a message below the list, followed by `hint`, what the user can do next. `tone` sets color and duration."""

    def show(self, listing: ListState) -> None:
        """Replace the state of the list on the screen, and draw it."""

    def mark(self, ids: frozenset[str]) -> None:
        """Mark the shows with these ids, and no others."""

    async def run_action(self, action: str) -> None:
        """Run an action by its name, e.g. `view(1)`."""

    def call_after_refresh(self, callback: Callable[..., Any], *args: Any) -> object:
        """Call a function after the screen is drawn the next time."""

    def run_worker(
        self, work: Coroutine[Any, Any, Any], name: str | None = "", group: str = "default", *, exclusive: bool = False
    ) -> object:
        """Start a coroutine that is cancelled with the screen. An `exclusive` one cancels the others of its group."""
