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
        if bucket > self.latest.get(value, -1):
            self.latest[value] = bucket
        self.until = min(self.until, (bucket + self.span) * self.granule)
        if len(self.latest) > CAP:
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
    """Which value came most often: by granule how often each came, and the sum of all granules.

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
    best: Key | None = None
    times: dict[Key, int] = {}
    by_granule: dict[int, dict[Key, int]] = {}
    approximate: bool = False

    def update(self, at: int, value: Key) -> bool:
        if at >= self.until:
            self.roll(at)
        if value not in self.times and len(self.times) >= CAP:
            self.approximate = True
            return True
        self._count(at // self.granule, value, 1)
        times = self.times[value]
        if self.best is None or (-times, value) < (-self.times[self.best], self.best):
            self.best = value
        return True

    def _count(self, bucket: int, value: Key, times: int) -> None:
        granule = self.by_granule.setdefault(bucket, {})
        granule[value] = granule.get(value, 0) + times
        self.times[value] = self.times.get(value, 0) + times
        self.until = min(self.until, (bucket + self.span) * self.granule)

    def revert(self, at: int, value: Key) -> bool:
        bucket = at // self.granule
        if self.approximate:
            return False
        if value in self.by_granule.get(bucket, {}):
            self.by_granule[bucket][value] -= 1
            if not self.by_granule[bucket][value]:
                del self.by_granule[bucket][value]
            self._sum_up()
        return True

    def __iadd__(self, other: "WindowTally") -> "WindowTally":
        for bucket, granule in other.by_granule.items():
            for value, times in granule.items():
                self._count(bucket, value, times)
        self.approximate |= other.approximate
        self.best = most_frequent(self.times)
        return self

    def roll(self, now: int) -> None:
        """Let what has left the window go."""
        edge = now // self.granule - self.span
        self.by_granule = {bucket: values for bucket, values in self.by_granule.items() if bucket > edge and values}
        self._sum_up()
        self.approximate &= len(self.times) > CAP // 2
        self.until = (min(self.by_granule) + self.span) * self.granule if self.by_granule else FAR

    def _sum_up(self) -> None:
        self.times = {}
        for granule in self.by_granule.values():
            for value, times in granule.items():
                self.times[value] = self.times.get(value, 0) + times
        self.best = most_frequent(self.times)

    def get(self, now: int) -> Key | None:
        if now >= self.until:
            self.roll(now)
        return self.best
