"""The main screen and its helpers. Dialogs are in `watchlist.tui.dialogs`."""
