"""How many different values there are in a window, and which came most often."""

from typing import ClassVar

from tailorbird.know.statistics.statistic import FAR, Key, Statistic
from tailorbird.know.statistics.tally import CAP, most_frequent


class WindowDistinct(Statistic):
    """How many different values: for each the latest granule in which it came.

    >>> from tailorbird.know.statistics.statistic import of
    >>> seen = of(WindowDistinct, granule=10, span=3)()
    >>> [seen.update(at, value) for at, value in ((5, "tea"), (12, "jam"), (25, "tea"))], seen.get(29)
    ([True, True, True], 2)
    >>> seen.get(40), seen.get(50)
    (1, 0)
    """

    timed: ClassVar[bool] = True
    capped: ClassVar[bool] = True
    granule: ClassVar[int] = 1
    span: ClassVar[int] = 1

    until: int = FAR  # not later than the oldest value leaves; a value that came again may make it too early
    latest: dict[Key, int] = {}
    approximate: bool = False

    def update(self, at: int, value: Key) -> bool:
        if at >= self.until:
            self.roll(at)
        self._see(at // self.granule, value)
        return True

    def _see(self, bucket: int, value: Key) -> None:
        latest, edge = self.latest, (bucket + self.span) * self.granule
        if bucket > latest.get(value, -1):
            latest[value] = bucket
        if edge < self.until:
            self.until = edge
        if len(latest) > CAP:
            self.approximate = True
            del self.latest[min(self.latest, key=lambda known: (self.latest[known], known))]

    def __iadd__(self, other: "WindowDistinct") -> "WindowDistinct":
        for value, bucket in other.latest.items():
            self._see(bucket, value)
        self.approximate |= other.approximate
        return self

    def roll(self, now: int) -> None:
        """Let what has left the window go."""
        edge = now // self.granule - self.span
        if self.latest and min(self.latest.values()) <= edge:
            self.latest = {value: bucket for value, bucket in self.latest.items() if bucket > edge}
            self.approximate &= len(self.latest) > CAP // 2
        self.until = (min(self.latest.values()) + self.span) * self.granule if self.latest else FAR

    def get(self, now: int) -> int:
        if now >= self.until:
            self.roll(now)
        return len(self.latest)


class WindowTally(Statistic):
    """Which value came most often: how often each came in all granules, and in each of them.

    >>> from tailorbird.know.statistics.statistic import of
    >>> seen = of(WindowTally, granule=10, span=3)()
    >>> [seen.update(at, value) for at, value in ((5, "tea"), (6, "tea"), (12, "jam"))], seen.get(29)
    ([True, True, True], 'tea')
    >>> seen.get(30), seen.get(40)
    ('jam', None)
    """

    timed: ClassVar[bool] = True
    capped: ClassVar[bool] = True
    granule: ClassVar[int] = 1
    span: ClassVar[int] = 1

    until: int = FAR
    here: int = -1
    best: Key | None = None
    times: dict[Key, int] = {}
    by_granule: dict[int, dict[Key, int]] | None = None  # None while there is but one, `here`: it is in `times`
    approximate: bool = False

    def update(self, at: int, value: Key) -> bool:
        if at >= self.until:
            self.roll(at)
        times, bucket = self.times, at // self.granule
        known = times.get(value, 0)
        if not known and len(times) >= CAP:
            self.approximate = True
            return True
        granule = times if self.by_granule is None else self.by_granule.get(bucket)
        if granule is None or bucket != self.here:
            self._count(bucket, value, 1)
        else:
            granule[value] = granule.get(value, 0) + 1
            times[value] = known + 1
        if value != self.best and (self.best is None or (-known - 1, value) < (-self.times[self.best], self.best)):
            self.best = value
        return True

    def _count(self, bucket: int, value: Key, times: int) -> None:
        if self.by_granule is None:
            self.by_granule = {self.here: dict(self.times)} if self.times else {}
        granule = self.by_granule.get(bucket)
        if granule is None:
            granule = self.by_granule[bucket] = {}
            self.here = max(self.here, bucket)
            self.until = min(self.until, (bucket + self.span) * self.granule)
        granule[value] = granule.get(value, 0) + times
        self.times[value] = self.times.get(value, 0) + times

    def _granules(self) -> dict[int, dict[Key, int]]:
        if self.by_granule is None:
            return {self.here: self.times} if self.times else {}
        return self.by_granule

    def _keep(self, granules: dict[int, dict[Key, int]]) -> None:
        self.by_granule, self.times = granules if len(granules) > 1 else None, {}
        for granule in granules.values():
            for value, times in granule.items():
                self.times[value] = self.times.get(value, 0) + times
        self.best = most_frequent(self.times)
        self.here = max(granules, default=-1)
        self.until = (min(granules) + self.span) * self.granule if granules else FAR

    def revert(self, at: int, value: Key) -> bool:
        granules = self._granules()
        granule = granules.get(at // self.granule, {})
        if self.approximate:
            return False
        if value in granule:
            granule[value] -= 1
            left = {bucket: {key: n for key, n in some.items() if n} for bucket, some in granules.items()}
            self._keep({bucket: some for bucket, some in left.items() if some})
        return True

    def __iadd__(self, other: "WindowTally") -> "WindowTally":
        granules = {bucket: dict(granule) for bucket, granule in self._granules().items()}
        for bucket, granule in other._granules().items():
            mine = granules.setdefault(bucket, {})
            for value, times in granule.items():
                mine[value] = mine.get(value, 0) + times
        self._keep(granules)
        self.approximate |= other.approximate
        return self

    def roll(self, now: int) -> None:
        """Let what has left the window go."""
        edge = now // self.granule - self.span
        self._keep({bucket: values for bucket, values in self._granules().items() if bucket > edge})
        self.approximate &= len(self.times) > CAP // 2

    def get(self, now: int) -> Key | None:
        if now >= self.until:
            self.roll(now)
        return self.best
