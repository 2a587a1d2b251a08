"""Look-ups from end to end: a list, the program, and a server on this machine that plays the sources."""
