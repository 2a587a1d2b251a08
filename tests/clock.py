"""The program on another day: `python -m tests.clock 2040-01-02T03:04:05 VERB...` runs `watchlist VERB...` by that clock."""

from __future__ import annotations

import datetime
import sys
from typing import Any


def install(now: str) -> None:
    """Make `date.today` and `datetime.now` say this moment. Only for what is imported afterwards."""
    real_date, real_datetime = datetime.date, datetime.datetime
    moment = real_datetime.fromisoformat(now)

    class Kind(type):
        """Values of the real classes are values of these too."""

        def __instancecheck__(cls, value: object) -> bool:
            return isinstance(value, real_datetime if cls.__name__ == "datetime" else real_date)

    def today(cls: Any) -> Any:
        return cls(moment.year, moment.month, moment.day)

    def now_(cls: Any, tz: Any = None) -> Any:
        return cls(*moment.timetuple()[:6], tzinfo=tz)

    datetime.date = Kind("date", (real_date,), {"today": classmethod(today)})  # type: ignore[misc]
    datetime.datetime = Kind("datetime", (real_datetime,), {"now": classmethod(now_)})  # type: ignore[misc]


if __name__ == "__main__":
    install(sys.argv[1])
    from watchlist.__main__ import main

    sys.exit(main(sys.argv[2:]))
