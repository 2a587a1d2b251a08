"""Widgets of the main screen and the dialogs. They display the data they are given, and post messages."""
