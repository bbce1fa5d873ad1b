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
            if len(latest) > CAP:
                self.approximate = True
                # The one that would leave the window first.
                del latest[min(latest, key=lambda known: (latest[known], known))]
        if edge < self.until:
            self.until = edge

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
    """Which value came most often: how often each came in all granules, and in each but the latest of them.

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
    here: int = -1  # the latest granule: in it is what is in none of the earlier
    best: Key | None = None
    times: dict[Key, int] = {}
    earlier: dict[int, dict[Key, int]] | None = None
    approximate: bool = False

    def update(self, at: int, value: Key) -> bool:
        if at >= self.until:
            self.roll(at)
        bucket = at // self.granule
        if value not in self.times and len(self.times) >= CAP:
            self.approximate = True
            return True
        if bucket > self.here:
            self._begin(bucket)
        elif bucket < self.here:
            earlier = self.earlier = self.earlier or {}
            granule = earlier.setdefault(bucket, {})
            granule[value] = granule.get(value, 0) + 1
            self.until = min(self.until, (bucket + self.span) * self.granule)
        self.times[value] = self.times.get(value, 0) + 1
        if value != self.best:
            self.vie(value)
        return True

    def vie(self, value: Key) -> None:
        """The value came once more: is it the best now?"""
        times, best = self.times, self.best
        if best is None or times[value] > times[best] or (times[value] == times[best] and value < best):  # type: ignore[operator]
            self.best = value

    def _begin(self, bucket: int) -> None:
        """A new granule is the latest."""
        if self.times:
            self.earlier = self._granules()
        self.here = bucket
        self.until = min(self.until, (bucket + self.span) * self.granule)

    def _granules(self) -> dict[int, dict[Key, int]]:
        """What came in each granule."""
        latest = dict(self.times)
        for granule in (self.earlier or {}).values():
            for value, times in granule.items():
                latest[value] -= times
        latest = {value: times for value, times in latest.items() if times}
        return {**(self.earlier or {}), self.here: latest} if latest else dict(self.earlier or {})

    def _keep(self, granules: dict[int, dict[Key, int]]) -> None:
        self.times = {}
        for granule in granules.values():
            for value, times in granule.items():
                self.times[value] = self.times.get(value, 0) + times
        self.best = most_frequent(self.times)
        self.here = max(granules, default=-1)
        self.until = (min(granules) + self.span) * self.granule if granules else FAR
        self.earlier = {bucket: some for bucket, some in granules.items() if bucket != self.here} or None

    def revert(self, at: int, value: Key) -> bool:
        if self.approximate:
            return False
        granules = self._granules()
        granule = granules.get(at // self.granule, {})
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
