"""LookupOptions: the addresses and keys that the user set for look-ups."""

from __future__ import annotations

from collections.abc import Mapping

from watchlist.domain.frozen import Frozen

# The services that need a key, which the user gets from them.
KEYED = ("tmdb", "omdb")


class LookupOptions(Frozen):
    """The addresses that replace the default ones, and the user's keys, both by the name of the service."""

    addresses: Mapping[str, str] = {}
    keys: Mapping[str, str] = {}

    def __repr__(self) -> str:
        return (
            f"LookupOptions(addresses={dict(self.addresses)!r}, keys={sorted(self.keys)})"  # never the keys themselves
        )

    @classmethod
    def of(cls, settings: Mapping[str, str], environ: Mapping[str, str]) -> LookupOptions:
        """Return the options from the config table `[lookup]` and from `WATCHLIST_TMDB_KEY` and `WATCHLIST_OMDB_KEY`.

        A variable overrides the config.
        """
        keys = {name: environ.get(f"WATCHLIST_{name.upper()}_KEY") or settings.get(f"{name}_key", "") for name in KEYED}
        return cls(
            {name: address for name, address in settings.items() if not name.endswith("_key")},
            {name: key.strip() for name, key in keys.items() if key.strip()},
        )
