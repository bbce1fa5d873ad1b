"""How often in the last so many granules; several windows share one store of granules."""

from bisect import bisect_left, bisect_right
from typing import ClassVar

from tailorbird.know.statistics.statistic import FAR, Statistic


class WindowCount(Statistic):
    """Of events, by granule, as running sums: a window's count is a difference of two of them, whatever its length.

    `starts[i]` counts all before granule `keys[i]`; the count of window i is `total - before[i]`. So one more in the
    latest granule (`here`) is one more in `total`, and nothing else.

    >>> from tailorbird.know.statistics.statistic import of
    >>> seen = of(WindowCount, granule=10, spans=(1, 3))()
    >>> [seen.update(at) for at in (5, 12, 15)], seen.get(19), seen.until
    ([True, True, True], (2, 3), 20)
    >>> seen.get(20), seen.get(40)
    ((0, 3), (0, 0))
    """

    timed: ClassVar[bool] = True
    granule: ClassVar[int] = 1
    spans: ClassVar[tuple[int, ...]] = (1,)  # lengths in granules, ascending

    until: int = FAR
    here: int = -1
    total: int = 0
    keys: list[int] = []
    starts: list[int] = []
    before: list[int] = []

    def update(self, at: int, value: object = None) -> bool:
        bucket = at // self.granule
        if bucket == self.here:
            self.total += 1
            return True
        if at >= self.until:
            self.roll(at)
        self._add(bucket, 1)
        # Of a granule that some window has left already this is past, so that the next `roll` sorts it out.
        self.until = min(self.until, (bucket + self.spans[0]) * self.granule)
        if not self.before:
            self.before = [0] * len(self.spans)
        return True

    def _add(self, bucket: int, count: int) -> None:
        place = len(self.keys) if bucket > self.here else bisect_left(self.keys, bucket)
        if place == len(self.keys) or self.keys[place] != bucket:
            self.starts.insert(place, self.starts[place] if place < len(self.keys) else self.total)
            self.keys.insert(place, bucket)
        for later in range(place + 1, len(self.keys)):
            self.starts[later] += count
        self.total += count
        self.here = self.keys[-1]

    def revert(self, at: int, value: object = None) -> bool:
        if at // self.granule in self.keys:
            self._add(at // self.granule, -1)
            self.until = -1
        return True

    def __iadd__(self, other: "WindowCount") -> "WindowCount":
        ends = [*other.starts, other.total][1:]
        for bucket, start, end in zip(other.keys, other.starts, ends, strict=True):
            self._add(bucket, end - start)
        self.until = -1 if self.keys else FAR
        return self

    def roll(self, now: int) -> None:
        """Let what has left the windows go."""
        present, keys = now // self.granule, self.keys
        sums = [*self.starts, self.total]
        gone = bisect_right(keys, present - self.spans[-1])
        # Sums start at zero again, so that they stay small.
        base = sums[gone]
        keys = self.keys = keys[gone:]
        sums = [total - base for total in sums[gone:]]
        self.starts, self.total, self.here = sums[:-1], sums[-1], keys[-1] if keys else -1
        firsts = [bisect_right(keys, present - span) for span in self.spans]
        self.before = [sums[first] for first in firsts]
        leaving = [keys[first] + span for first, span in zip(firsts, self.spans, strict=True) if first < len(keys)]
        self.until = min(leaving) * self.granule if leaving else FAR

    def get(self, now: int) -> tuple[int, ...]:
        if now >= self.until:
            self.roll(now)
        return tuple(self.total - before for before in self.before) or (0,) * len(self.spans)
