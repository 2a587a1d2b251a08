"""Cached results of parsing a list, so that unchanged text is not parsed again. They can be deleted at any time."""
