"""The TOML text of a list: finds the boundaries of its tables, and changes single values without touching other bytes."""
