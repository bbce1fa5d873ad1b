"""The sum and mean of numbers in the last so many granules; several windows share one store of granules."""

from bisect import bisect_left, bisect_right
from typing import ClassVar

from tailorbird.know.statistics.statistic import FAR, Statistic


class WindowTotal(Statistic):
    """Sums by granule. Window i has `sum[i] + here_sum` of `count[i] + here_count` numbers.

    The latest granule (`here`) stands apart until another one begins, so that one more number in it is one addition
    for all windows. What leaves is not subtracted, the rest is added up anew: one huge number must not leave its
    rounding behind.

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
    here: int = -1
    here_sum: float = 0.0
    here_count: int = 0
    keys: list[int] = []
    sums: list[float] = []
    counts: list[int] = []
    sum: list[float] = []
    count: list[int] = []

    def update(self, at: int, value: float) -> bool:
        bucket = at // self.granule
        if bucket == self.here:
            self.here_sum += value
            self.here_count += 1
            return True
        if at >= self.until:
            self.roll(at)
        if bucket > self.here and not (self.keys and bucket <= self.keys[-1]):
            self._close()
            self.here, self.here_sum, self.here_count = bucket, value, 1
        else:
            self._insert(bucket, value, 1)
        # Of a granule that some window has left already this is past, so that the next `roll` sorts it out.
        self.until = min(self.until, (bucket + self.spans[0]) * self.granule)
        return True

    def _close(self) -> None:
        """Put the latest granule to the others."""
        if self.here_count:
            self._insert(self.here, self.here_sum, self.here_count)
        elif not self.count:
            self.sum, self.count = [0.0] * len(self.spans), [0] * len(self.spans)
        self.here, self.here_sum, self.here_count = -1, 0.0, 0

    def _insert(self, bucket: int, value: float, count: int) -> None:
        place = bisect_left(self.keys, bucket)
        if place == len(self.keys) or self.keys[place] != bucket:
            self.keys.insert(place, bucket)
            self.sums.insert(place, 0.0)
            self.counts.insert(place, 0)
        self.sums[place] += value
        self.counts[place] += count
        self.sum = [known + value for known in self.sum] or [value] * len(self.spans)
        self.count = [known + count for known in self.count] or [count] * len(self.spans)

    def revert(self, at: int, value: float) -> bool:
        self._close()
        if at // self.granule in self.keys:
            self._insert(at // self.granule, -value, -1)
        self.until = -1
        return True

    def __iadd__(self, other: "WindowTotal") -> "WindowTotal":
        self._close()
        other._close()
        for bucket, value, count in zip(other.keys, other.sums, other.counts, strict=True):
            self._insert(bucket, value, count)
        self.until = -1 if self.keys else FAR
        return self

    def roll(self, now: int) -> None:
        """Let what has left the windows go."""
        present = now // self.granule
        if self.here < present:
            self._close()
        gone = bisect_right(self.keys, present - self.spans[-1])
        del self.keys[:gone], self.sums[:gone], self.counts[:gone]
        firsts = [bisect_right(self.keys, present - span) for span in self.spans]
        self.sum = [sum(self.sums[first:]) for first in firsts]
        self.count = [sum(self.counts[first:]) for first in firsts]
        keys = [*self.keys, self.here] if self.here_count else self.keys
        leaving = [keys[first] + span for first, span in zip(firsts, self.spans, strict=True) if first < len(keys)]
        self.until = min(leaving) * self.granule if leaving else FAR

    def get(self, now: int) -> tuple[float | None, ...]:
        if now >= self.until:
            self.roll(now)
        found = zip(self.sum, self.count, strict=True)
        return tuple(value + self.here_sum if count + self.here_count else None for value, count in found) or (
            None,
        ) * len(self.spans)
