"""The services the user watches on, as the config names them: which of them run on a day, and what an hour on them cost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from watchlist.errors import did_you_mean
from watchlist.safe import safe
from watchlist.text import fold
from watchlist.values import Value

SHOWN = "Netflix = 12.99, or Netflix = { price = 12.99, until = 2027-03-01 }"


class Service(Value):
    """A place to watch at, named as `platform` of a show names it."""

    name: str
    price: float | None = None  # a month, in whatever currency: it is only ever added up and divided
    until: date | None = None  # the last day that is paid

    def runs(self, today: date) -> bool:
        return self.until is None or today <= self.until

    def paid(self, today: date) -> float | None:
        """What it cost from January on, this month included; None where the price is not known."""
        if self.price is None:
            return None
        end = min(today, self.until or today)
        return round(self.price * (end.month if end.year == today.year else 0), 2)

    def as_table(self) -> dict[str, Any]:
        """What the config says of it."""
        found = {"price": self.price, "until": self.until and self.until.isoformat()}
        return {key: value for key, value in found.items() if value is not None}


class Spent(NamedTuple):
    """What was watched on a service this year, and what it cost till now; None where its price is not known."""

    label: str
    viewings: int
    minutes: int
    paid: float | None
    query: str

    @property
    def an_hour(self) -> float | None:
        return self.paid * 60 / self.minutes if self.paid is not None and self.minutes else None


def read_services(raw: Mapping[str, Any]) -> dict[str, Service]:
    """The table `[services]` of the config. ValueError says which of them is wrong, and what belongs there."""
    return {name: _read(name, value if isinstance(value, dict) else {"price": value}) for name, value in raw.items()}


def _read(name: str, row: Mapping[str, Any]) -> Service:
    price, until = row.get("price"), row.get("until")
    for key in row:
        if key not in ("price", "until"):
            hint = did_you_mean(key, ("price", "until")) or SHOWN
            raise ValueError(f'{safe(name)}: a service has no "{safe(key)}"; {hint}')
    if price is not None and (isinstance(price, bool) or not isinstance(price, (int, float)) or not 0 <= price < 1e6):
        raise ValueError(f"{safe(name)}: the price of a month belongs there, as in {SHOWN}")
    if until is not None and type(until) is not date:
        raise ValueError(f"{safe(name)}: until wants a day, as in {SHOWN}")
    return Service(name, None if price is None else float(price), until)


def key_of(platform: str) -> str:
    """What a platform goes by: case, accents and runs of blanks ignored, as in queries."""
    return " ".join(fold(platform).split())


def running(services: Mapping[str, Service], today: date) -> frozenset[str] | None:
    """The keys of those that can be watched on today; None where the config names none at all."""
    return frozenset(key_of(one.name) for one in services.values() if one.runs(today)) if services else None
