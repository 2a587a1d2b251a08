"""The list file and everything around it; all changes go through `library.Library`."""
