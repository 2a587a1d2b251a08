"""Actions that change how the list is shown, open help and dialogs, or leave the program."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from watchlist.domain.text import join_lines
from watchlist.keymap import help_rows
from watchlist.sanitize import inert, safe
from watchlist.store.library import Change
from watchlist.tui.actions.run_change import show_changes
from watchlist.tui.actions.selection import current_show
from watchlist.tui.actions.show_from_dialog import visit
from watchlist.tui.themes import names

if TYPE_CHECKING:
    from watchlist.tui.actions.host import Host


def show_view(host: Host, number: int) -> None:
    """Show the view with this number, counted from 1."""
    if number <= len(host.listing.tabs):
        host.show(host.listing.with_view(number - 1))
    else:
        host.say(f"There are {len(host.listing.tabs)} views", tone="info")


def mark(host: Host) -> None:
    """Mark the show under the cursor, or remove its mark, and move the cursor down."""
    if (show := host.rows.current) is not None:
        host.mark(host.listing.marked ^ {show.id})
        host.rows.action_cursor_down()


async def sort(host: Host) -> None:
    """Ask for a field, and sort the list by this field."""
    from watchlist.tui.dialogs.sort import choose_sort

    current = host.listing.shown_sort
    name = await host.app.push_screen_wait(
        choose_sort((current[0].name, current[1]) if current else None, host.listing.style)
    )
    if name is not None:
        sort_by(host, name)


async def theme(host: Host) -> None:
    """Ask for a theme, with a preview on the screen; esc restores the previous theme."""
    from watchlist.tui.dialogs.theme import choose_theme

    if host.app.no_color:
        host.say("Colors are off", tone="info")
        return
    before = host.app.theme
    name = await host.app.push_screen_wait(choose_theme(names(), before, partial(_set_theme, host)))
    if name is None:
        _set_theme(host, before)
    else:
        set_theme(host, name)


def _set_theme(host: Host, name: str) -> None:
    host.app.theme = name


def set_theme(host: Host, name: str) -> None:
    """Switch to a theme and store the choice. Do nothing if colors are off."""
    if host.app.no_color:
        return
    if name != host.app.theme:
        _set_theme(host, name)
    host.memory = host.memory.with_choice("theme", name)


async def palette(host: Host) -> None:
    """Open the command palette, and run the chosen action."""
    from watchlist.tui.dialogs.command_palette import palette

    tabs = [tab.name for tab in host.listing.tabs]
    action = await host.app.push_screen_wait(palette(tabs, names(), host.config.keys))
    if action is not None:
        await host.run_action(action)


async def doctor(host: Host, cursor: int = 0) -> None:
    """Open the doctor dialog with the cursor on a finding (index from 0). Each fix is drawn in the list at once."""
    from watchlist.tui.dialogs.doctor import DoctorDialog

    def changed(change: Change) -> None:
        show_changes(host, (change,), f"{host.key('undo')} undo")

    dialog = DoctorDialog(host.library, host.today(), changed, host.config.style, cursor=cursor)
    id = await host.app.push_screen_wait(dialog)
    if id is not None:
        visit(host, host.listing.showing(id), partial(doctor, host, dialog.cursor), id)


async def help(host: Host) -> None:
    """Open the help dialog, which lists all keys."""
    from watchlist.tui.dialogs.help import HelpDialog

    await host.app.push_screen_wait(HelpDialog(help_rows(host.config.keys)))


def copy(host: Host) -> None:
    """Copy the title of the show under the cursor to the clipboard."""
    show = current_show(host)
    if show is not None:
        host.app.copy_to_clipboard(join_lines(inert(show.title)))
        host.say(f"Copied {safe(show.title)}", tone="info")


def open_url(host: Host) -> None:
    """Open the web page of the show under the cursor in the browser."""
    show = current_show(host)
    if show is not None and show.url:
        host.app.open_url(show.url)
        host.say(f"Opened {safe(show.url)}", tone="info")
    elif show is not None:
        host.say(f"{safe(show.title)} has no url", f"{host.key('edit')} edits it", "warning")


def suspend(host: Host) -> None:
    """Suspend the program, like ctrl+z in a shell."""
    host.app.action_suspend_process()


def quit(host: Host) -> None:
    """Quit the program with exit code 0."""
    host.app.exit(0)


def sort_by(host: Host, name: str) -> None:
    """Sort the list by a field and store the choice. If the field is the sort field already, reverse the order."""
    listing = host.listing.with_sort(name)
    ((field, down),) = listing.sort
    host.show(listing)
    host.call_after_refresh(_remember_sort, host, field.name + "-" * down)


def _remember_sort(host: Host, sort: str) -> None:
    host.memory = host.memory.with_choice("sort", sort)
