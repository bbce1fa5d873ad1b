"""Moving 2017 into the present by whole weeks, so that weekdays and hours stay true."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache

from tailorbird.events import DAY_MS

WEEK_MS = 7 * DAY_MS
# 2018-01-01T04:01:20Z: the evening of New Year's Eve in the shop.
LAST_BASKET_MS = 1_514_779_280_000


@dataclass(frozen=True, slots=True)
class Shift:
    """How many whole weeks later the demo's year happens than the real one did."""

    weeks: int = 0

    @classmethod
    def into_week_of(cls, now: int) -> "Shift":
        """The shift that puts the last basket into the seven days before `now`, and never after it.

        >>> shift = Shift.into_week_of(LAST_BASKET_MS + 100 * WEEK_MS + 5)
        >>> shift.weeks, Shift.into_week_of(LAST_BASKET_MS + 100 * WEEK_MS - 5).weeks
        (100, 99)
        """
        return cls((now - LAST_BASKET_MS) // WEEK_MS)

    def iso(self, at: int) -> str:
        """The shifted time as the events carry it.

        >>> Shift(1).iso(0)
        '1970-01-08T00:00:00.000Z'
        """
        return f"{_minute((at + self.weeks * WEEK_MS) // 60_000)}:{at // 1000 % 60:02}.{at % 1000:03}Z"

    def original(self, at: int) -> str:
        """The time in 2017, which stays on the event as `original_timestamp`."""
        return f"{_minute(at // 60_000)}:{at // 1000 % 60:02}.{at % 1000:03}Z"


@lru_cache(maxsize=8192)  # events come in the order of time: many a minute is shared, and strftime is slow
def _minute(minutes: int) -> str:
    return datetime.fromtimestamp(minutes * 60, UTC).strftime("%Y-%m-%dT%H:%M")
