"""Stored results of parsing a list, so that unchanged text need not be parsed again. They can be deleted any time."""
