"""A personal watchlist of shows and films, stored in one TOML file."""

__version__ = "0.2.0"
RELEASED = "2026-11-30"  # the day of this version, for the man page
