"""The file and everything around it. `library.Library` is the one door for change."""
