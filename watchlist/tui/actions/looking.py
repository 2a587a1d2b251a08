"""Actions that look at the list in another way, or at the program."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchlist.keys import help_rows
from watchlist.safe import safe
from watchlist.store.library import Change
from watchlist.tui.themes import names

if TYPE_CHECKING:
    from watchlist.tui.screens.main import MainScreen


async def order(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    sort = screen.listing.shown_sort
    name = await screen.app.push_screen_wait(dialogs.choose_order((sort[0].name, sort[1]) if sort else None))
    if name is not None:
        screen.order_by(name)


async def theme(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    if screen.app.no_color:
        screen.say("Colours are off", tone="info")
        return
    before = screen.app.theme
    name = await screen.app.push_screen_wait(dialogs.choose_theme(names(), before, partial(_set_theme, screen)))
    if name is None:
        _set_theme(screen, before)
    else:
        set_theme(screen, name)


def _set_theme(screen: MainScreen, name: str) -> None:
    screen.app.theme = name


def set_theme(screen: MainScreen, name: str) -> None:
    """Change the colours, and remember it."""
    if screen.app.no_color:
        return
    if name != screen.app.theme:
        _set_theme(screen, name)
    screen.memory = screen.memory.with_choice("theme", name)


async def palette(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    tabs = [tab.name for tab in screen.listing.tabs]
    action = await screen.app.push_screen_wait(dialogs.palette(tabs, names(), screen.config.keys))
    if action is not None:
        await screen.run_action(action)


async def doctor(screen: MainScreen) -> None:
    """What is wrong with the list; what is put right there is seen here at once."""
    from watchlist.tui.screens import dialogs

    def changed(change: Change) -> None:
        screen.show_changes((change,), f"{screen.key('undo')} undoes")

    dialog = dialogs.Doctor(screen.library, screen.today(), changed, screen.config.style)
    id = await screen.app.push_screen_wait(dialog)
    if id is not None:
        screen.show(screen.listing.showing(id))
        screen.rows.go_to(id)


async def help(screen: MainScreen) -> None:
    from watchlist.tui.screens import dialogs

    await screen.app.push_screen_wait(dialogs.Help(help_rows(screen.config.keys)))


def copy(screen: MainScreen) -> None:
    show = screen.one()
    if show is not None:
        screen.app.copy_to_clipboard(show.title)
        screen.say(f"Copied {safe(show.title)}", tone="info")


def open_url(screen: MainScreen) -> None:
    show = screen.one()
    if show is not None and show.url:
        screen.app.open_url(show.url)
        screen.say(f"Opened {safe(show.url)}", tone="info")
    elif show is not None:
        screen.say(f"{safe(show.title)} has no url", f"{screen.key('edit')} edits it", "warning")


def suspend(screen: MainScreen) -> None:
    screen.app.action_suspend_process()


def quit(screen: MainScreen) -> None:
    screen.app.exit(0)
