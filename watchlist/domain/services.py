"""The user's streaming services as configured: the periods for which they are paid, and their prices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from watchlist.domain.frozen import Frozen, WrongRows
from watchlist.domain.text import fold
from watchlist.errors import did_you_mean
from watchlist.sanitize import safe

EXAMPLE = "Netflix = 12.99, or Netflix = { price = 12.99, until = 2027-03-01 }"


class Service(Frozen):
    """A streaming service. Shows refer to it by name in `platform`."""

    name: str
    price: float | None = None  # per month, in any currency: prices are only added and divided
    until: date | None = None  # the last paid day; None if the service has no end

    def runs(self, today: date) -> bool:
        """Return True if the service is paid for on the day `today`."""
        return self.until is None or today <= self.until

    def paid(self, today: date) -> float | None:
        """Return the cost of all months of this year up to `today` or the last paid day; None if the price is unknown."""
        if self.price is None:
            return None
        end = min(today, self.until or today)
        return round(self.price * (end.month if end.year == today.year else 0), 2)

    def as_table(self) -> dict[str, Any]:
        """Return the price and the last day (as an ISO date) as a table, as in the config, without unknown values."""
        values = {"price": self.price, "until": self.until and self.until.isoformat()}
        return {key: value for key, value in values.items() if value is not None}


class Spent(NamedTuple):
    """The use of a service this year: viewings, minutes, and the cost so far (`paid`, None if the price is unknown).

    `query` finds the shows watched on the service.
    """

    label: str
    viewings: int
    minutes: int
    paid: float | None
    query: str

    @property
    def an_hour(self) -> float | None:
        """The cost per watched hour; None if the price is unknown or nothing was watched."""
        return self.paid * 60 / self.minutes if self.paid is not None and self.minutes else None


def read_services(raw: Mapping[str, Any]) -> dict[str, Service]:
    """Parse `raw`, the config table `[services]`. Return the services by name. Raise WrongRows for invalid entries."""
    services, errors = {}, []
    for name, value in raw.items():
        try:
            services[name] = _read(name, value if isinstance(value, dict) else {"price": value})
        except ValueError as error:
            errors.append((name, str(error)))
    if errors:
        raise WrongRows(errors)
    return services


def _read(name: str, row: Mapping[str, Any]) -> Service:
    price, until = row.get("price"), row.get("until")
    for key in row:
        if key not in ("price", "until"):
            hint = did_you_mean(key, ("price", "until")) or EXAMPLE
            raise ValueError(f'{safe(name)}: unknown setting "{safe(key)}"; {hint}')
    if price is not None and (isinstance(price, bool) or not isinstance(price, (int, float)) or not 0 <= price < 1e6):
        raise ValueError(f"{safe(name)}: expected a price per month, e.g. {EXAMPLE}")
    if until is not None and type(until) is not date:
        raise ValueError(f"{safe(name)}: until must be a day, e.g. {EXAMPLE}")
    return Service(name, None if price is None else float(price), until)


def key_of(platform: str) -> str:
    """Return the key by which platform names are compared: without case, accents and repeated blanks, as in queries."""
    return " ".join(fold(platform).split())


def running(services: Mapping[str, Service], today: date) -> frozenset[str] | None:
    """Return the keys of the services paid for on the day `today`, made by `key_of`. None if `services` is empty."""
    return frozenset(key_of(service.name) for service in services.values() if service.runs(today)) if services else None
