"""How often in the last so many granules; several windows share one store of granules."""

from bisect import bisect_left, bisect_right
from typing import ClassVar

import msgspec

from tailorbird.know.statistics.statistic import FAR, Statistic


class WindowCount(Statistic):
    """Of events, by granule, as running sums: a window's count is a difference of two of them, whatever its length.

    `upto[i + 1]` counts all granules up to `keys[i]`; the count of window i is `upto[-1] - before[i]`.

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
    keys: list[int] = []
    upto: list[int] = msgspec.field(default_factory=lambda: [0])
    before: list[int] = []

    def update(self, at: int, value: object = None) -> bool:
        if at >= self.until:
            self.roll(at)
        bucket, keys = at // self.granule, self.keys
        if keys and keys[-1] == bucket:
            self.upto[-1] += 1
            return True
        if not keys or bucket > keys[-1]:
            keys.append(bucket)
            self.upto.append(self.upto[-1] + 1)
        else:
            self._insert(bucket, 1)
        # Of a granule that some window has left already this is past, so that the next `roll` sorts it out.
        self.until = min(self.until, (bucket + self.spans[0]) * self.granule)
        if not self.before:
            self.before = [0] * len(self.spans)
        return True

    def _insert(self, bucket: int, count: int) -> None:
        place = bisect_left(self.keys, bucket)
        if place == len(self.keys) or self.keys[place] != bucket:
            self.keys.insert(place, bucket)
            self.upto.insert(place + 1, self.upto[place])
        for later in range(place + 1, len(self.upto)):
            self.upto[later] += count

    def revert(self, at: int, value: object = None) -> bool:
        if at // self.granule in self.keys:
            self._insert(at // self.granule, -1)
            self.until = -1
        return True

    def __iadd__(self, other: "WindowCount") -> "WindowCount":
        for place, bucket in enumerate(other.keys):
            self._insert(bucket, other.upto[place + 1] - other.upto[place])
        self.until = -1 if self.keys else FAR
        return self

    def roll(self, now: int) -> None:
        """Let what has left the windows go."""
        here, keys, upto = now // self.granule, self.keys, self.upto
        gone = bisect_right(keys, here - self.spans[-1])
        # Sums start at zero again, so that they stay small.
        base = upto[gone]
        keys = self.keys = keys[gone:]
        upto = self.upto = [total - base for total in upto[gone:]]
        starts = [bisect_right(keys, here - span) for span in self.spans]
        self.before = [upto[start] for start in starts]
        leaving = [(keys[start] + span) for start, span in zip(starts, self.spans, strict=True) if start < len(keys)]
        self.until = min(leaving) * self.granule if leaving else FAR

    def get(self, now: int) -> tuple[int, ...]:
        if now >= self.until:
            self.roll(now)
        return tuple(self.upto[-1] - before for before in self.before) or (0,) * len(self.spans)
