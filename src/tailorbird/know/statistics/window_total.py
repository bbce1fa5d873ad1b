"""The sum and mean of numbers in the last so many granules; several windows share one store of granules."""

from bisect import bisect_left, bisect_right
from typing import ClassVar

from tailorbird.know.statistics.statistic import FAR, Statistic

Cell = float  # a granule, the sum of its numbers, how many: three in a row


class WindowTotal(Statistic):
    """Sums by granule. The longest window has `sum + here_sum` of `count + here_count` numbers, a shorter one `rest`.

    The latest granule (`here`) stands apart until another one begins, so that one more number in it is one addition
    for all windows. What leaves is not subtracted, the others are added up anew: one huge number must not leave its
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
    sum: float = 0.0
    count: int = 0
    cells: list[Cell] | None = None  # of all granules but the latest
    rest: list[float] | None = None  # of all windows but the longest, without the latest granule: sum, count, sum, ...

    def update(self, at: int, value: float) -> bool:
        bucket = at // self.granule
        if bucket == self.here:
            self.here_sum += value
            self.here_count += 1
            return True
        if at >= self.until:
            self.roll(at)
        if bucket > self.here and not (self.cells and bucket <= self.cells[-3]):
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
        if self.rest is None and len(self.spans) > 1:
            self.rest = [0.0] * 2 * (len(self.spans) - 1)
        self.here, self.here_sum, self.here_count = -1, 0.0, 0

    def _insert(self, bucket: int, value: float, count: int) -> None:
        cells = self.cells = self.cells or []
        place = 3 * bisect_left(cells[::3], bucket)
        if place == len(cells) or cells[place] != bucket:
            cells[place:place] = [bucket, 0.0, 0]
        cells[place + 1] += value
        cells[place + 2] += count
        self.sum += value
        self.count += count
        if len(self.spans) > 1:
            rest = self.rest or [0.0] * 2 * (len(self.spans) - 1)
            self.rest = [known + (count if odd % 2 else value) for odd, known in enumerate(rest)]

    def revert(self, at: int, value: float) -> bool:
        self._close()
        if at // self.granule in (self.cells or ())[::3]:
            self._insert(at // self.granule, -value, -1)
        self.until = -1
        return True

    def __iadd__(self, other: "WindowTotal") -> "WindowTotal":
        self._close()
        other._close()
        cells = other.cells or []
        for bucket, value, count in zip(cells[::3], cells[1::3], cells[2::3], strict=True):
            self._insert(int(bucket), value, int(count))
        self.until = -1 if self.cells else FAR
        return self

    def roll(self, now: int) -> None:
        """Let what has left the windows go."""
        present = now // self.granule
        if self.here < present:
            self._close()
        cells = self.cells or []
        del cells[: 3 * bisect_right(cells[::3], present - self.spans[-1])]
        keys = cells[::3]
        firsts = [bisect_right(keys, present - span) for span in self.spans]
        self.sum, self.count = sum(cells[1::3]), int(sum(cells[2::3]))
        shorter = [3 * first for first in firsts[:-1]]
        self.rest = [float(sum(cells[first + part :: 3])) for first in shorter for part in (1, 2)] or None
        self.cells = cells or None
        if self.here_count:
            keys.append(self.here)
        leaving = [keys[first] + span for first, span in zip(firsts, self.spans, strict=True) if first < len(keys)]
        self.until = int(min(leaving)) * self.granule if leaving else FAR

    def get(self, now: int) -> tuple[float | None, ...]:
        if now >= self.until:
            self.roll(now)
        rest = [*(self.rest or [0.0] * 2 * (len(self.spans) - 1)), self.sum, self.count]
        found = zip(rest[::2], rest[1::2], strict=True)
        return tuple(value + self.here_sum if count + self.here_count else None for value, count in found)
