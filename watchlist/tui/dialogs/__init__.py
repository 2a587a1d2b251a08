"""Dialogs that open over the main screen, one subject per file."""
