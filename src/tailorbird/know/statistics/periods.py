"""In how many of the last so many periods something happened."""

from bisect import bisect_left, bisect_right
from typing import ClassVar

from tailorbird.know.statistics.statistic import FAR, Statistic


class Periods(Statistic):
    """The periods with an event among the last `span` ones of `granule` ms, the present one included.

    >>> from tailorbird.know.statistics.statistic import of
    >>> weeks = of(Periods, granule=10, span=3)()
    >>> [weeks.update(at) for at in (1, 2, 15)], weeks.get(29), weeks.get(30), weeks.until
    ([True, True, True], 2, 1, 40)
    """

    timed: ClassVar[bool] = True
    granule: ClassVar[int] = 1
    span: ClassVar[int] = 1

    until: int = FAR
    here: int = -1  # the latest of `keys`
    keys: list[int] = []

    def update(self, at: int, value: object = None) -> bool:
        period = at // self.granule
        if period == self.here:
            return True
        if at >= self.until:
            self.roll(at)
        place = bisect_left(self.keys, period)
        if place == len(self.keys) or self.keys[place] != period:
            self.keys.insert(place, period)
            self.here = self.keys[-1]
            self.until = (self.keys[0] + self.span) * self.granule
        return True

    def revert(self, at: int, value: object = None) -> bool:
        return at // self.granule not in self.keys  # whether something else happened in it is not known

    def __iadd__(self, other: "Periods") -> "Periods":
        self.keys = sorted({*self.keys, *other.keys})
        self.here = max(self.here, other.here)
        self.until = (self.keys[0] + self.span) * self.granule if self.keys else FAR
        return self

    def roll(self, now: int) -> None:
        """Let the periods go that are too long ago."""
        del self.keys[: bisect_right(self.keys, now // self.granule - self.span)]
        self.here = self.keys[-1] if self.keys else -1
        self.until = (self.keys[0] + self.span) * self.granule if self.keys else FAR

    def get(self, now: int) -> int:
        if now >= self.until:
            self.roll(now)
        return len(self.keys)
