"""In how many of the last so many periods something happened."""

from bisect import bisect_right
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
    here: int = -1  # the latest period
    count: int = 0
    keys: list[int] | None = None  # all periods, if there is more than the latest

    def update(self, at: int, value: object = None) -> bool:
        period = at // self.granule
        if period == self.here:
            return True
        if at >= self.until:
            self.roll(at)
        self._keep(sorted({*self._known(), period}))
        return True

    def _known(self) -> list[int]:
        return self.keys or ([self.here] if self.here >= 0 else [])

    def _keep(self, keys: list[int]) -> None:
        self.count, self.here = len(keys), keys[-1] if keys else -1
        self.keys = keys if len(keys) > 1 else None
        self.until = (keys[0] + self.span) * self.granule if keys else FAR

    def revert(self, at: int, value: object = None) -> bool:
        # Whether something else happened in it is not known.
        return at // self.granule not in self._known()

    def __iadd__(self, other: "Periods") -> "Periods":
        self._keep(sorted({*self._known(), *other._known()}))
        return self

    def roll(self, now: int) -> None:
        """Let the periods go that are too long ago."""
        known = self._known()
        self._keep(known[bisect_right(known, now // self.granule - self.span) :])

    def get(self, now: int) -> int:
        if now >= self.until:
            self.roll(now)
        return self.count
