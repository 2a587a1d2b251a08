"""The list file and everything about it. All changes go through `library.Library`."""
