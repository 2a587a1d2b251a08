"""The command line interface: one verb per run, on the same library, commands and fields as the terminal interface."""
