"""The command line: one verb a run, over the same library, commands and fields as the interface."""
