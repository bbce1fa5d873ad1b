"""When a session starts: a contact more than thirty minutes behind the one before it."""

from typing import ClassVar

from tailorbird.know.sessions import GAP_MS
from tailorbird.know.statistics.statistic import LONG_AGO, Statistic


class Visits(Statistic):
    """The present session. Contacts must come in order, but for those within it.

    >>> visits = Visits()
    >>> [visits.contact(minute * 60_000) for minute in (0, 20, 10, 51, 40)]
    [1, 0, 0, 1, -1]
    """

    joins: ClassVar[bool] = False

    start: int = LONG_AGO
    last: int = LONG_AGO

    def contact(self, at: int) -> int:
        """1: a session starts; 0: it goes on; -1: too late to tell."""
        if at > self.last:
            new = at - self.last > GAP_MS
            self.last = at
            if new:
                self.start = at
            return int(new)
        return 0 if at >= self.start else -1

    def update(self, at: int, value: object = None) -> bool:
        return self.contact(at) >= 0

    def get(self, now: int) -> int:
        return self.start
