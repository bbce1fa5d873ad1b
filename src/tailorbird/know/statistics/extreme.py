"""The smallest and the largest value, over all time or in a window."""

from bisect import bisect_left, bisect_right
from typing import Any, ClassVar

from tailorbird.know.statistics.statistic import FAR, Statistic


class Largest(Statistic):
    """Over all time; None for none. `sign` -1 makes it the smallest.

    >>> dearest = Largest()
    >>> [dearest.update(at, value) for at, value in ((1, 4.0), (2, 3.0))], dearest.get(3)
    ([True, True], 4.0)
    """

    smallest: ClassVar[bool] = False

    value: Any = None

    def update(self, at: int, value: Any) -> bool:
        if self.value is None or (value < self.value if self.smallest else value > self.value):
            self.value = value
        return True

    def revert(self, at: int, value: Any) -> bool:
        return bool(value != self.value)  # the next largest is not known

    def __iadd__(self, other: "Largest") -> "Largest":
        if other.value is not None:
            self.update(0, other.value)
        return self

    def get(self, now: int) -> Any:
        return self.value


class WindowLargest(Statistic):
    """In a window, by granule; `smallest` turns it round.

    Only what can still become the answer is kept: a granule behind which a larger value came cannot.

    >>> from tailorbird.know.statistics.statistic import of
    >>> dearest = of(WindowLargest, granule=10, span=3)()
    >>> [dearest.update(at, value) for at, value in ((5, 9.0), (12, 2.0), (15, 4.0), (25, 1.0))], dearest.keys
    ([True, True, True, True], [0, 1, 2])
    >>> dearest.get(29), dearest.get(30), dearest.get(40), dearest.get(50)
    (9.0, 4.0, 1.0, None)
    """

    timed: ClassVar[bool] = True
    granule: ClassVar[int] = 1
    span: ClassVar[int] = 1
    smallest: ClassVar[bool] = False

    until: int = FAR
    keys: list[int] = []
    values: list[Any] = []

    def update(self, at: int, value: Any) -> bool:
        if at >= self.until:
            self.roll(at)
        self._add(at // self.granule, value)
        self.until = (self.keys[0] + self.span) * self.granule
        return True

    def _add(self, bucket: int, value: Any) -> None:
        keys, values = self.keys, self.values
        place = bisect_left(keys, bucket)
        if place < len(keys) and not self._beats(value, values[place]):
            return  # one as large stands in this granule or behind it
        if place < len(keys) and keys[place] == bucket:
            values[place] = value
        else:
            keys.insert(place, bucket)
            values.insert(place, value)
        # Granules before it with no larger value leave the window first, so they can never be the answer again.
        start = place
        while start and not self._beats(values[start - 1], value):
            start -= 1
        del keys[start:place], values[start:place]

    def _beats(self, value: Any, other: Any) -> bool:
        return bool(value < other if self.smallest else value > other)

    def __iadd__(self, other: "WindowLargest") -> "WindowLargest":
        for bucket, value in zip(other.keys, other.values, strict=True):
            self._add(bucket, value)
        self.until = (self.keys[0] + self.span) * self.granule if self.keys else FAR
        return self

    def roll(self, now: int) -> None:
        """Let what has left the window go."""
        gone = bisect_right(self.keys, now // self.granule - self.span)
        del self.keys[:gone], self.values[:gone]
        self.until = (self.keys[0] + self.span) * self.granule if self.keys else FAR

    def get(self, now: int) -> Any:
        if now >= self.until:
            self.roll(now)
        return self.values[0] if self.values else None
