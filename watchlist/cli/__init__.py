"""Command line: one verb per run, over the same library, commands and fields as the interface."""
