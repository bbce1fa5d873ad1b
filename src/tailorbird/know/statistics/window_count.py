"""How often in the last so many granules; several windows share one store of granules."""

from bisect import bisect_left, bisect_right
from typing import ClassVar

from tailorbird.know.statistics.statistic import FAR, Statistic


class WindowCount(Statistic):
    """Of events, by granule, as running sums: a window's count is a difference of two of them, whatever its length.

    `cells` are pairs of a granule and the count of all before it; None while there is but one granule, `here`, as with
    most people. The count of the longest window is `total`, that of a shorter one `total - before[i]`. So one more in
    the latest granule is one more in `total`, and nothing else.

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
    cells: list[int] | None = None
    before: list[int] | None = None  # of all windows but the longest, if there are such

    def update(self, at: int, value: object = None) -> bool:
        bucket = at // self.granule
        if bucket == self.here:
            self.total += 1
            return True
        if at >= self.until:
            self.roll(at)
        if bucket > self.here:
            if self.cells is not None:
                self.cells += (bucket, self.total)
            elif self.here >= 0:
                self.cells = [self.here, 0, bucket, self.total]
            self.here = bucket
            self.total += 1
        else:
            self._add(bucket, 1)
        edge = (bucket + self.spans[0]) * self.granule
        # Of a granule that some window has left already this is past, so that the next `roll` sorts it out.
        if edge < self.until:
            self.until = edge
        if self.before is None and len(self.spans) > 1:
            self.before = [0] * (len(self.spans) - 1)
        return True

    def _add(self, bucket: int, count: int) -> None:
        keys, starts = self._granules()
        place = bisect_left(keys, bucket)
        if place == len(keys) or keys[place] != bucket:
            starts.insert(place, starts[place] if place < len(keys) else self.total)
            keys.insert(place, bucket)
        starts[place + 1 :] = [start + count for start in starts[place + 1 :]]
        self.total += count
        self._keep(keys, starts)

    def _granules(self) -> tuple[list[int], list[int]]:
        if self.cells is None:
            return ([], []) if self.here < 0 else ([self.here], [0])
        return self.cells[::2], self.cells[1::2]

    def _keep(self, keys: list[int], starts: list[int]) -> None:
        self.here = keys[-1] if keys else -1
        self.cells = [cell for pair in zip(keys, starts, strict=True) for cell in pair] if len(keys) > 1 else None

    def revert(self, at: int, value: object = None) -> bool:
        if at // self.granule in self._granules()[0]:
            self._add(at // self.granule, -1)
            self.until = -1
        return True

    def __iadd__(self, other: "WindowCount") -> "WindowCount":
        keys, starts = other._granules()
        for bucket, start, end in zip(keys, starts, [*starts, other.total][1:], strict=True):
            self._add(bucket, end - start)
        self.until = -1 if self.total else FAR
        return self

    def roll(self, now: int) -> None:
        """Let what has left the windows go."""
        present = now // self.granule
        if self.here <= present - self.spans[-1]:
            self.until, self.here, self.total, self.cells = FAR, -1, 0, None
            # Not `or None`: Cython takes a repeated list for as long as it was before.
            self.before = [0] * (len(self.spans) - 1) if len(self.spans) > 1 else None
            return
        keys, starts = self._granules()
        sums = [*starts, self.total]
        gone = bisect_right(keys, present - self.spans[-1])
        # Sums start at zero again: the longest window has all that is left.
        base, keys = sums[gone], keys[gone:]
        sums = [total - base for total in sums[gone:]]
        self.total = sums[-1]
        self._keep(keys, sums[:-1])
        firsts = [bisect_right(keys, present - span) for span in self.spans]
        self.before = [sums[first] for first in firsts[:-1]] or None
        leaving = [keys[first] + span for first, span in zip(firsts, self.spans, strict=True) if first < len(keys)]
        self.until = min(leaving) * self.granule if leaving else FAR

    def get(self, now: int) -> tuple[int, ...]:
        if now >= self.until:
            self.roll(now)
        before = self.before or [0] * (len(self.spans) - 1)
        return (*(self.total - gone for gone in before), self.total)
