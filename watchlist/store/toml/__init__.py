"""The TOML text of a list: the boundaries of its tables, and changes of single values that keep all other bytes."""
