"""A personal watchlist of shows and films, stored in one TOML file."""

__version__ = "0.2.0"
