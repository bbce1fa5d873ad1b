"""The sum and mean of numbers in the last so many granules; several windows share one store of granules."""

from bisect import bisect_left, bisect_right
from typing import ClassVar

from tailorbird.know.statistics.statistic import FAR, Statistic


class WindowTotal(Statistic):
    """Sums by granule. Window i has `sum[i]` of `count[i]` numbers.

    Added up anew whenever a granule leaves, not subtracted: one huge number must not leave its rounding behind.

    >>> from tailorbird.know.statistics.statistic import of
    >>> spent = of(WindowTotal, granule=10, spans=(1, 3))()
    >>> [spent.update(at, value) for at, value in ((5, 1.5), (12, 2.0), (15, 1.0))], spent.get(19)
    ([True, True, True], (3.0, 4.5))
    >>> spent.get(20), spent.get(40)
    ((None, 4.5), (None, None))
    """

    timed: ClassVar[bool] = True
    granule: ClassVar[int] = 1
    spans: ClassVar[tuple[int, ...]] = (1,)

    until: int = FAR
    keys: list[int] = []
    sums: list[float] = []
    counts: list[int] = []
    sum: list[float] = []
    count: list[int] = []

    def update(self, at: int, value: float) -> bool:
        if at >= self.until:
            self.roll(at)
        bucket, keys = at // self.granule, self.keys
        if keys and keys[-1] == bucket:
            self.sums[-1] += value
            self.counts[-1] += 1
        else:
            self._insert(bucket, value, 1)
            self.until = min(self.until, (bucket + self.spans[0]) * self.granule)
        if self.count:
            self.sum = [known + value for known in self.sum]
            self.count = [known + 1 for known in self.count]
        else:
            self.sum, self.count = [value] * len(self.spans), [1] * len(self.spans)
        return True

    def _insert(self, bucket: int, value: float, count: int) -> None:
        place = bisect_left(self.keys, bucket)
        if place == len(self.keys) or self.keys[place] != bucket:
            self.keys.insert(place, bucket)
            self.sums.insert(place, 0.0)
            self.counts.insert(place, 0)
        self.sums[place] += value
        self.counts[place] += count

    def revert(self, at: int, value: float) -> bool:
        if at // self.granule in self.keys:
            self._insert(at // self.granule, -value, -1)
            self.until = -1
        return True

    def __iadd__(self, other: "WindowTotal") -> "WindowTotal":
        for bucket, value, count in zip(other.keys, other.sums, other.counts, strict=True):
            self._insert(bucket, value, count)
        self.until = -1 if self.keys else FAR
        return self

    def roll(self, now: int) -> None:
        """Let what has left the windows go."""
        here = now // self.granule
        gone = bisect_right(self.keys, here - self.spans[-1])
        del self.keys[:gone], self.sums[:gone], self.counts[:gone]
        starts = [bisect_right(self.keys, here - span) for span in self.spans]
        self.sum = [sum(self.sums[start:]) for start in starts]
        self.count = [sum(self.counts[start:]) for start in starts]
        edges = [
            self.keys[start] + span for start, span in zip(starts, self.spans, strict=True) if start < len(self.keys)
        ]
        self.until = min(edges) * self.granule if edges else FAR

    def get(self, now: int) -> tuple[float | None, ...]:
        if now >= self.until:
            self.roll(now)
        found = zip(self.sum, self.count, strict=True)
        return tuple(value if count else None for value, count in found) or (None,) * len(self.spans)
