"""Dialogs that open over the main screen, one subject in each file."""
