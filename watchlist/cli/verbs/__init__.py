"""The verbs of the command line, one module per subject. `cli/dispatch.py` maps verbs to modules."""
