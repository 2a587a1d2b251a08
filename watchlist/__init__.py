"""A personal watchlist of shows and films, kept in one TOML file."""

__version__ = "0.1.0"
